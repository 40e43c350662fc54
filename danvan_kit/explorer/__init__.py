"""A view with its choices on controls: change one, and picture, table and reading follow."""

from danvan_kit.explorer._explorer import Explorer, explore

__all__ = ["Explorer", "explore"]

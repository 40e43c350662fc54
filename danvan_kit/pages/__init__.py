"""Notebooks to pages that open offline."""

from danvan_kit.pages.site import Published, PublishError, publish

__all__ = ["PublishError", "Published", "publish"]

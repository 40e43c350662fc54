"""Notebooks to pages that open offline."""

from danvan_kit.publish.site import Published, PublishError, publish

__all__ = ["PublishError", "Published", "publish"]

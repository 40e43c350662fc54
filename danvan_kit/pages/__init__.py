"""Notebooks to pages that open offline."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from danvan_kit.pages.files import PublishError
    from danvan_kit.pages.site import Published, publish

__all__ = ["PublishError", "Published", "publish"]


def __getattr__(name: str) -> object:
    """Load `publish` when it is first named: a kernel that only needs `warm` starts without it."""
    if name in __all__:
        return getattr(import_module("danvan_kit.pages.site"), name)
    raise AttributeError(f"module 'danvan_kit.pages' has no attribute {name!r}; it has: {', '.join(__all__)}")

"""Notebooks checked as a reader would: every figure, visible or hidden, and a sentence for each that moved."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from danvan_kit.regression.verdict import Verdict, VerifyError, diff, verify

__all__ = ["Verdict", "VerifyError", "diff", "verify"]


def __getattr__(name: str) -> object:
    """Load pytest and the rest when they are needed: kernels that keep tables whole need neither."""
    if name in __all__:
        return getattr(import_module("danvan_kit.regression.verdict"), name)
    raise AttributeError(f"module 'danvan_kit.regression' has no attribute {name!r}")

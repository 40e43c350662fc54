"""danvan_kit: a Jupyter review toolkit for the ten-year programme of mass-mobilization work in Hanoi.

>>> import danvan_kit as dk
>>> review = dk.load("data")
>>> dk.check(review)
>>> dk.explore(dk.views.trend, review, indicator="cuoc_giam_sat", area="001")

Importing the kit reads no file and starts nothing: each part loads when it is first named. In a notebook's kernel it
asks IPython to keep whole what a notebook shows cut short, so that a later check can compare it.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from danvan_kit import findings, reconcile, views
    from danvan_kit.checks import check
    from danvan_kit.claims import verify_claims
    from danvan_kit.cube import rollup
    from danvan_kit.disclosure import load, with_reports
    from danvan_kit.errors import DanvanError
    from danvan_kit.explorer import Explorer, explore
    from danvan_kit.forms.panel import FormsPanel
    from danvan_kit.forms.read import read_forms
    from danvan_kit.forms.results import Forms
    from danvan_kit.names import match
    from danvan_kit.pages import publish
    from danvan_kit.regression import diff, verify
    from danvan_kit.review import Review
    from danvan_kit.views import View

__version__ = "0.1.0"
__all__ = [
    "DanvanError",
    "Explorer",
    "Forms",
    "FormsPanel",
    "Review",
    "View",
    "check",
    "diff",
    "explore",
    "findings",
    "load",
    "match",
    "publish",
    "read_forms",
    "reconcile",
    "rollup",
    "verify",
    "verify_claims",
    "views",
    "with_reports",
]

_HOME = {
    "DanvanError": "errors",
    "Explorer": "explorer",
    "Forms": "forms.results",
    "FormsPanel": "forms.panel",
    "Review": "review",
    "View": "views",
    "check": "checks",
    "diff": "regression",
    "explore": "explorer",
    "load": "disclosure",
    "with_reports": "disclosure",
    "match": "names",
    "publish": "pages",
    "read_forms": "forms.read",
    "rollup": "cube",
    "verify": "regression",
    "verify_claims": "claims",
}


def __getattr__(name: str) -> object:
    """Load a part of the kit when it is first named."""
    if name in {"findings", "reconcile", "views"}:
        return import_module(f"danvan_kit.{name}")
    if name in _HOME:
        return getattr(import_module(f"danvan_kit.{_HOME[name]}"), name)
    raise AttributeError(f"module 'danvan_kit' has no attribute {name!r}; it has: {', '.join(__all__)}")


def __dir__() -> list[str]:
    """List the public names."""
    return [*__all__, "__version__"]


if "IPython" in sys.modules:
    import_module("danvan_kit.regression.kept").install()

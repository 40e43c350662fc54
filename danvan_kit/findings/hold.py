"""Which findings still hold: each one's view is asked again on the present data."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from danvan_kit import views
from danvan_kit.errors import DanvanError
from danvan_kit.findings.digests import data_digest, shown, table_digest
from danvan_kit.findings.finding import Finding, Shown
from danvan_kit.findings.made import VIEWS
from danvan_kit.review import Review
from danvan_kit.views import View
from danvan_kit.views._common import say

COLUMNS = ("finding", "statement", "author", "state", "what", "old", "new")
STATES = ("holds", "same_value_other_data", "changed", "gone")
FALLEN = frozenset({"changed", "gone"})
"""States of a finding that no longer holds."""


def check(findings: Iterable[Finding], review: Review) -> pd.DataFrame:
    """Ask each finding's view again, with its choices, on the present data.

    Parameters
    ----------
    findings
        Latest versions (`findings.read`); withdrawn ones are left out.
    review
        The present data. Of a protected review the figures behind it are compared, and no value is shown.

    Returns
    -------
    DataFrame
        ``finding, statement, author, state, what, old, new``. One row a finding, or one for each value that moved.
        ``state``: ``holds``; ``same_value_other_data`` (the view shows the same, other data has changed);
        ``changed`` (the view shows something else); ``gone`` (the view refuses: `what` says why). A value that appears
        or disappears has no `old` or no `new` (None).
    """
    full = review.hidden.full if review.hidden else review
    rows = []
    for finding in findings:
        if finding.status == "withdrawn":
            continue
        head = (finding.finding, finding.statement, finding.author)
        for state, what, old, new in _judged(finding, full):
            values = (None, None) if review.hidden else (old, new)
            rows.append((*head, state, what, *values))
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype({"old": object, "new": object})


def _judged(finding: Finding, review: Review) -> list[tuple[str, str, Any, Any]]:
    """Return a state, and where it no longer holds a line for each value that moved."""
    view = _asked(finding, review)
    if isinstance(view, str):
        return [("gone", view, None, None)]
    if table_digest(view) == finding.table_digest:
        same = data_digest(review) == finding.data_digest
        return [("holds" if same else "same_value_other_data", "", None, None)]
    area = str(finding.choices.get("area") or finding.area)
    moved = _moved(finding.shown, shown(view, area, finding.lang))
    if not moved:  # a cell of a large table that the finding kept as a digest only
        moved = [(say(finding.lang, "số liệu khác trong bảng", "other figures of the table"), None, None)]
    return [("changed", *line) for line in moved]


def _moved(old: Shown, new: Shown) -> list[tuple[str, Any, Any]]:
    """Return the cells whose value differs, and those on one side only, by label."""
    before, after = dict(old), dict(new)
    labels = dict.fromkeys([*before, *after])
    absent = object()
    return [
        (label, before.get(label), after.get(label))
        for label in labels
        if before.get(label, absent) != after.get(label, absent)
    ]


def _asked(finding: Finding, review: Review) -> View | str:
    """Return what a finding's view shows now, or why it shows nothing."""
    if finding.view not in VIEWS:
        return say(finding.lang, f"không có khung nhìn {finding.view!r}", f"there is no view {finding.view!r}")
    try:
        found: View = getattr(views, finding.view)(review, lang=finding.lang, **finding.choices)
    except DanvanError as refusal:
        return str(getattr(refusal, finding.lang))
    except Exception as err:  # noqa: BLE001 - choices come from a file; one finding must not stop the others
        return f"{type(err).__name__}: {err}"
    return found

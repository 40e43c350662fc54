"""Findings made: from a view as it stands, and a new version of one that there is."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from danvan_kit import views
from danvan_kit.findings.digests import data_digest, shown, table_digest
from danvan_kit.findings.evidence import evidence
from danvan_kit.findings.finding import Finding, FindingError, checked, new_id, now
from danvan_kit.findings.lines import hashable
from danvan_kit.review import Review
from danvan_kit.views import View

VIEWS = tuple(name for name in views.__all__ if name != "View")
WRITTEN = frozenset({"statement", "kind", "recommendation", "area", "due", "status"})
"""What an edit may change; what a view showed stays as it was shown."""


def name_of(view: Callable[..., View]) -> str:
    """Return the name by which a view is found again (`FindingError` for one that is not the kit's own)."""
    name = getattr(view, "__name__", "")
    if name not in VIEWS or getattr(views, name) is not view:
        raise FindingError(
            f"khung nhìn {name!r} không thuộc danvan_kit.views nên sau này không tính lại được; được dùng: "
            f"{', '.join(VIEWS)}",
            f"view {name!r} is not in danvan_kit.views, so it could not be asked again; allowed: {', '.join(VIEWS)}",
        )
    return name


def from_view(  # noqa: PLR0913 - what a delegation states, each by its name
    view: Callable[..., View],
    review: Review,
    choices: Mapping[str, Any],
    *,
    statement: str,
    kind: str,
    author: str,
    recommendation: str = "",
    area: str | None = None,
    due: dt.date | None = None,
    status: str = "draft",
    lang: str = "vi",
    finding: str = "",
) -> Finding:
    """Make a finding on what a view shows; nothing is written yet (`write`).

    Parameters
    ----------
    view
        A view of `danvan_kit.views`.
    review
        The review, with all its figures.
    choices
        The view's choices.
    statement, kind, author, recommendation, due, status
        As in `Finding`.
    area
        Whom it concerns; None: the view's `area`; empty: the whole review.
    lang
        Language of the view.
    finding
        An id from `new_id`, to record the same finding again after an error; empty: a new one.

    Raises
    ------
    FindingError
        If the view is not the kit's own, the review hides figures, or the words are not allowed.
    DanvanError
        If the view refuses the choices, or the area is unknown.
    """
    if review.hidden:
        raise FindingError(
            "phát hiện phải dựa trên đủ số liệu; được dùng: dữ liệu chưa ẩn số nhỏ (mở sổ tay trong JupyterLab)",
            "a finding stands on all figures; allowed: a review that hides nothing (open the notebook in JupyterLab)",
        )
    name, kept = name_of(view), hashable(dict(choices))
    found = view(review, lang=lang, **kept)
    own = str(kept.get("area") or "")
    concerned = own if area is None else area
    if concerned:
        review.areas.row(concerned)
    sources, total = evidence(review, kept)
    made = Finding(
        finding=finding or new_id(),
        version=1,
        statement=statement,
        kind=kind,
        recommendation=recommendation,
        area=concerned,
        due=due,
        status=status,
        author=author,
        time=now(),
        view=name,
        choices=kept,
        lang=lang,
        title=found.title,
        reading=found.reading,
        shown=shown(found, own or concerned, lang),
        table_digest=table_digest(found),
        data_digest=data_digest(review),
        evidence=sources,
        evidence_total=total,
        simulated=review.simulated,
    )
    return checked(made)


def edit(finding: Finding, *, author: str, **changes: Any) -> Finding:  # noqa: ANN401 - each field has its own type
    """Return the next version of a finding; nothing is written yet (`write`), and the former version stays.

    Parameters
    ----------
    finding
        The latest version.
    author
        Who edits.
    **changes
        New ``statement, kind, recommendation, area, due, status``.

    Raises
    ------
    FindingError
        If a field cannot be changed, or its new words are not allowed.
    """
    if unknown := sorted(changes.keys() - WRITTEN):
        raise FindingError(
            f"không sửa được {unknown[0]!r} của một phát hiện; được dùng: {', '.join(sorted(WRITTEN))}",
            f"{unknown[0]!r} of a finding cannot be edited; allowed: {', '.join(sorted(WRITTEN))}",
        )
    new = dataclasses.replace(finding, version=finding.version + 1, author=author, time=now(), **changes)
    return checked(new)

"""One finding: a statement, the view and the figures that it rests on, and what they rest on."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, TypeAlias

Shown: TypeAlias = tuple[tuple[str, float | str | None], ...]


@dataclass(frozen=True)
class Finding:
    """A statement of a delegation, with the view, the choices and the values that it rests on.

    Attributes
    ----------
    finding
        Its id, unique without coordination; ids sort by the time at which they were made.
    version
        1, 2, …: an edit appends a new version, and the last one counts.
    statement
        What is stated, such as "Quận X chưa tổ chức đối thoại định kỳ năm 2015–2016".
    kind
        ``strength, weakness, cause, question``.
    recommendation
        What should be done; may be empty.
    area
        Whom it concerns; empty: the whole review.
    due
        Until when; None: no date.
    status
        ``draft, agreed, done, withdrawn``.
    author, time
        Who wrote this version, and when (ISO with zone).
    view, choices, lang
        The view's name in `danvan_kit.views`, its choices as JSON holds them, its language.
    title, reading
        As the view showed them.
    shown
        The values that the view showed: label and value, numbers to 9 significant digits; all cells of a small table,
        the rows of `area` of a large one.
    table_digest
        Over the view's whole table (9 significant digits).
    data_digest
        Over the review's data.
    evidence, evidence_total
        Sources and records behind the values (``file#sheet!cell``, ``records#r00001``), the first 200, and how many
        there are.
    simulated
        Whether the figures are simulated.
    """

    finding: str
    version: int
    statement: str
    kind: str
    recommendation: str
    area: str
    due: dt.date | None
    status: str
    author: str
    time: str
    view: str
    choices: dict[str, Any]
    lang: str
    title: str
    reading: str
    shown: Shown
    table_digest: str
    data_digest: str
    evidence: tuple[str, ...]
    evidence_total: int
    simulated: bool

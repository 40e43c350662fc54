"""What a document says: which findings hold, and what their views show where small counts are hidden."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from danvan_kit import disclosure, views, words
from danvan_kit.documents.layout import Lang
from danvan_kit.errors import DanvanError
from danvan_kit.findings import hold
from danvan_kit.findings.finding import Finding
from danvan_kit.review import Review
from danvan_kit.views import View
from danvan_kit.views._common import say
from danvan_kit.views._shown import table_of

KINDS = {
    "strength": ("Ưu điểm", "Strengths"),
    "weakness": ("Hạn chế", "Weaknesses"),
    "cause": ("Nguyên nhân", "Causes"),
    "question": ("Nội dung cần làm rõ", "Points to be clarified"),
}
"""Kinds of findings, in the order in which a document has them."""
MOVED = 3
"""Values that are told of a finding that holds no longer."""
ROWS = 12
"""Rows of a table that stand in the text; the rest stand in the appendix."""


@dataclass(frozen=True, eq=False)
class Item:
    """A finding that holds, and what its view shows now.

    Attributes
    ----------
    number
        Its number in the document.
    finding
        As the delegation wrote it.
    view
        Its view on the data as shown here: small counts of persons are hidden.
    veiled
        Whether something of the view is hidden, so that what the delegation wrote may tell more than is shown.
    """

    number: int
    finding: Finding
    view: View
    veiled: bool

    def table(self, lang: Lang) -> dict[str, Any]:
        """Return the view's table as written, all rows."""
        return table_of(self.view, lang)

    @cached_property
    def place(self) -> int | None:
        """The row of the table on the finding's own area, or None."""
        table = self.view.table
        if "area" not in table or not self.finding.area:
            return None
        found = (table["area"].astype("str") == self.finding.area).to_numpy().nonzero()[0]
        return int(found[0]) if len(found) else None


@dataclass(frozen=True, eq=False)
class Stale:
    """A finding that is told and never used: it holds no longer, or all that its view shows is hidden.

    Attributes
    ----------
    finding
        As it was recorded.
    why
        What is the matter, in the document's language.
    """

    finding: Finding
    why: str


@dataclass(frozen=True, eq=False)
class Content:
    """All that a document says, before it is laid out.

    Attributes
    ----------
    review
        The review as shown here, protected unless the threshold is 0.
    published
        The published statements beside what the data give.
    items
        The findings that hold, in the order of `KINDS`.
    stale
        Those that do not.
    withdrawn
        How many were withdrawn; they are left out.
    lang
        The language.
    """

    review: Review
    published: View
    items: tuple[Item, ...]
    stale: tuple[Stale, ...]
    withdrawn: int
    lang: Lang

    def of(self, kind: str) -> tuple[Item, ...]:
        """Return the findings of a kind."""
        return tuple(item for item in self.items if item.finding.kind == kind)

    def area(self, finding: Finding) -> str:
        """Return the name of the area that a finding concerns."""
        if not finding.area:
            return say(self.lang, "toàn bộ phạm vi kiểm tra", "the whole review")
        known = self.review.areas
        return known.name(finding.area) if finding.area in known.ids else finding.area  # gone since it was recorded

    @property
    def shields(self) -> str:
        """One line on small counts of persons: hidden, or shown on purpose; empty where none are in the catalogue."""
        few = self.review.threshold
        if not (self.review.indicators["persons"] == "yes").any():
            return ""
        if not few:
            return say(
                self.lang,
                "Văn bản này hiện đầy đủ các số nhỏ về ý kiến, đơn thư (đã tắt ngưỡng ẩn); không phổ biến rộng rãi.",
                "Small counts of opinions and petitions are shown in full on purpose (no threshold): not to be spread.",
            )
        return say(
            self.lang,
            f"Số dưới {few} về ý kiến, đơn thư được ẩn để bảo vệ người dân, cùng những số có thể suy ra các số ấy; "
            "số 0 vẫn ghi.",
            f"Counts of opinions and petitions below {few} are hidden to protect citizens, with those from which they "
            "could be worked out; a zero is shown.",
        )

    @property
    def veiled(self) -> tuple[int, ...]:
        """Numbers of the findings whose view has hidden figures: their words are for the delegation to look at."""
        return tuple(item.number for item in self.items if item.veiled)


def gather(review: Review, findings: Sequence[Finding], *, threshold: int | None = None, lang: Lang = "vi") -> Content:
    """Return what a document says of findings on the present data.

    Whether a finding holds is asked of all figures; what is shown of it comes from the protected review.

    Parameters
    ----------
    review
        The review.
    findings
        The latest versions.
    threshold
        Counts of persons below it are hidden; None: as the review asks; 0: none, on purpose.
    lang
        The language.

    Raises
    ------
    DisclosureError
        If the threshold is none.
    """
    full = review.hidden.full if review.hidden else review
    shown = disclosure.protect(full, review.threshold if review.hidden and threshold is None else threshold)
    kept = [finding for finding in findings if finding.status != "withdrawn"]
    moved = _moved(hold.check(kept, full))
    order = list(KINDS)
    kept.sort(key=lambda f: (order.index(f.kind), f.time, f.finding))
    items: list[Item] = []
    stale = []
    for finding in kept:
        rows = moved.get(finding.finding)
        view = _asked(shown, finding, lang) if rows is None else None
        if view is None:
            stale.append(Stale(finding, _why(finding, rows, shown, lang)))
            continue
        whole = view if shown is full else _asked(full, finding, lang)
        veiled = whole is None or table_of(whole, lang)["rows"] != table_of(view, lang)["rows"]
        items.append(Item(len(items) + 1, finding, view, veiled))
    withdrawn = len(findings) - len(kept)
    return Content(shown, views.headline(shown, lang=lang), tuple(items), tuple(stale), withdrawn, lang)


def _moved(found: pd.DataFrame) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of `hold.check` on findings that hold no longer, by finding."""
    out: dict[str, list[dict[str, Any]]] = {}
    for row in found.to_dict("records"):
        if row["state"] in hold.FALLEN:
            out.setdefault(str(row["finding"]), []).append({str(key): part for key, part in row.items()})
    return out


def _asked(review: Review, finding: Finding, lang: Lang) -> View | None:
    """Return what a finding's view shows, or None where it refuses."""
    function = getattr(views, finding.view, None) if finding.view in views.__all__ else None
    if function is None or finding.view == "View":
        return None
    try:
        found: View = function(review, lang=lang, **finding.choices)
    except (DanvanError, TypeError):  # an area or indicator that is gone; a choice that the view lost
        return None
    return found


def _why(finding: Finding, rows: list[dict[str, Any]] | None, shown: Review, lang: Lang) -> str:
    """Say why a finding is not used; values only where they cannot tell of few persons."""
    if rows is None:
        return say(lang, "số liệu của phát hiện này được ẩn", "its figures are hidden")
    if any(row["state"] == "gone" for row in rows):
        return say(lang, "không xem được số liệu này nữa", "it cannot be looked at any more") + f" ({rows[0]['what']})"
    open_to_all = not shown.threshold or _of_nobody(finding, shown)
    told = []
    for row in rows[:MOVED]:
        old, new = _value(row["old"], lang), _value(row["new"], lang)
        values = say(lang, f": cũ {old}, mới {new}", f": old {old}, new {new}") if open_to_all else ""
        told.append(f"{row['what']}{values}")
    if left := len(rows) - len(told):
        told.append(say(lang, f"và {left} số khác", f"and {left} more"))
    return say(lang, "số liệu đã đổi", "the data have changed") + f" ({'; '.join(told)})"


def _of_nobody(finding: Finding, review: Review) -> bool:
    """Tell whether a finding is on one indicator that counts no persons."""
    name = str(finding.choices.get("indicator", ""))
    return name in review.indicators.index and str(review.indicators["persons"][name]) != "yes"


def _value(value: object, lang: Lang) -> str:
    if isinstance(value, float | int) and not isinstance(value, bool):
        return words.number(value, lang=lang)
    return words.DASH if value is None or value is pd.NA else str(value)


def made(content: Content, date: dt.date | None) -> dt.datetime:
    """Return the time that a document's properties name: its date, the latest finding's, or the review's last day."""
    stamps = [finding.time[:19] for finding in [i.finding for i in content.items] + [s.finding for s in content.stale]]
    if date is None and stamps:
        return dt.datetime.fromisoformat(max(stamps)).replace(tzinfo=None)
    day = date or content.review.closing
    return dt.datetime(day.year, day.month, day.day)  # noqa: DTZ001 - the file format knows no zone

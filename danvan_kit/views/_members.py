"""Over what a sum is spread: the areas below an area, or the topics of its activities."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from danvan_kit import breadth, cube, theme, words
from danvan_kit.areas import Level
from danvan_kit.cube import Floats
from danvan_kit.indicators import IndicatorError
from danvan_kit.review import Review
from danvan_kit.views._common import About, about, provenance, require_kept, say
from danvan_kit.views._tree import company, name_of, rows_below, tree

By: TypeAlias = Literal["area", "topic"]
KINDS = {
    "district": (("quận, huyện, thị xã", "districts"), ("quận, huyện, thị xã", "district")),
    "commune": (("xã, phường, thị trấn", "communes"), ("xã, phường, thị trấn", "commune")),
    "topic": (("lĩnh vực", "topics"), ("lĩnh vực", "topic")),
}
"""What the members are called, many and one."""


@dataclass(frozen=True, eq=False)
class Members:
    """The members of an area and what each did, year by year.

    Attributes
    ----------
    review, this, lang
        The review, the indicator, the language.
    top
        The area whose parts or topics they are.
    kind
        A level, or ``topic``.
    keys, names
        Ids (of areas; empty for topics) and names.
    amounts
        What each did; NaN where nothing is known. Shape ``(member, year)``.
    stands, complete
        Which members there were, and where nothing is missing in `amounts`.
    hidden
        How many figures a protected review does not show in each year.
    """

    review: Review
    this: About
    lang: str
    top: str
    kind: str
    keys: list[str]
    names: list[str]
    amounts: Floats
    stands: NDArray[np.bool_]
    complete: NDArray[np.bool_]
    hidden: NDArray[np.int64]

    def say(self, vi: str, en: str) -> str:
        """Return the text in the reader's language."""
        return say(self.lang, vi, en)

    @cached_property
    def many(self) -> str:
        """What the members are called."""
        return self.say(*KINDS[self.kind][0])

    @cached_property
    def within(self) -> str:
        """The members and where they are, for a title."""
        return f"{self.many} {self.say('của', 'of')} {name_of(self.review, self.top)}"

    def count(self, members: int) -> str:
        """Return a number of members in words."""
        number = words.number(members, lang=self.lang)
        return f"{number} {self.say(*KINDS[self.kind][members == 1])}"

    def lost(self, unknown: int, place: int) -> list[str]:
        """Say of a year how many members have no figure: hidden in a protected review, or not reported."""
        veiled = min(unknown, int(self.hidden[place]))
        parts = []
        if missing := unknown - veiled:
            parts.append(self.say(f"{missing} chưa báo cáo, không phải là không có",
                                  f"{missing} did not report, which is not none"))  # fmt: skip
        if veiled:
            parts.append(self.say(f"{veiled} được ẩn để bảo vệ người dân", f"{veiled} hidden to protect citizens"))
        return parts

    def layout(self, click: str | None, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - the theme's own choices
        """Return the base layout with mark and provenance."""
        line = provenance(self.review, self.this, self.lang)
        return theme.layout(self.lang, simulated=self.review.simulated, provenance=line, click=click, **more)


def members(review: Review, indicator: str, area: str, level: Level | None, by: By, lang: str) -> Members:  # noqa: PLR0913, PLR0917
    """Return the members that a view compares.

    Parameters
    ----------
    review, indicator, lang
        The review, an indicator that adds up over areas, the language.
    area, level
        By area: the areas of a level below it (None: the next; one with nothing below it: its neighbours). By topic:
        the area itself with everything below it; a level then makes no sense.
    by
        ``area`` or ``topic``.

    Raises
    ------
    IndicatorError, AreaError
        If a choice is unknown, the indicator does not add up or is not kept there, or has no topics.
    """
    this = about(review, indicator, lang)
    require_sum(this)
    if by == "topic":
        return _topics(review, this, area or review.areas.root, lang)
    top = company(review, area, level)
    rows = rows_below(review, top, level, None)
    require_kept(review, this, rows)
    ids = [review.areas.ids[i] for i in rows.tolist()]
    cells, known = cube.of(review), tree(review)
    i = cells.index(this.key)
    return Members(
        review=review,
        this=this,
        lang=lang,
        top=top,
        kind=str(known.level[rows[0]]),
        keys=ids,
        names=labels(review, top, rows),
        amounts=cells.total[i, rows],
        stands=known.valid[rows] & _begun(review, this),
        complete=cells.expected[i, rows] == cells.present[i, rows],
        hidden=cells.hidden(this.key, ids).sum(axis=0),
    )


def labels(review: Review, top: str, rows: NDArray[np.intp]) -> list[str]:
    """Return names for an axis: districts without their kind; communes of several districts with theirs."""
    known, above = tree(review), review.areas.row(top)
    out = []
    for n in rows.tolist():
        if known.level[n] == "district":
            out.append(known.shorts[n])
        elif known.level[n] == "city" or known.parent[n] == above:
            out.append(known.names[n])
        else:
            out.append(f"{known.shorts[n]} ({known.shorts[known.parent[n]]})")
    return out


def full_name(review: Review, top: str, area: str) -> str:
    """Return an area's full name for a sentence, with its district where `top` is above that."""
    row, known = review.areas.row(area), tree(review)
    parent = int(known.parent[row])
    far = known.level[row] == "commune" and parent != review.areas.row(top)
    return f"{known.names[row]}, {known.names[parent]}" if far else known.names[row]


def _topics(review: Review, this: About, area: str, lang: str) -> Members:
    topics, counts = breadth.by_topic(review, this.key)
    row = review.areas.row(area)
    values = counts[:, row].astype(np.float64)
    there = np.broadcast_to((tree(review).valid[row] | (values.sum(axis=0) > 0)) & _begun(review, this), values.shape)
    every = np.ones_like(there)
    none = np.zeros(len(review.years), dtype=np.int64)
    return Members(review, this, lang, area, "topic", [], topics, values, there, every, none)


def _begun(review: Review, this: About) -> NDArray[np.bool_]:
    return np.array(review.years) >= this.first_year


def require_sum(this: About) -> None:
    """Refuse what does not add up over areas (`IndicatorError`)."""
    if this.aggregation in {"sum", "last"}:
        return
    why = {
        "ratio": ("là tỷ lệ, không cộng được", "is a ratio and does not add up"),
        "none": ("không phải số liệu cộng dồn giữa các cấp", "is not added over levels"),
    }[this.aggregation]
    raise IndicatorError(
        f"chỉ tiêu {this.quoted} {why[0]}; được dùng: chỉ tiêu cộng được (số lượng), không phải tỷ lệ",
        f"indicator {this.quoted} {why[1]}; allowed: aggregation sum or last",
    )

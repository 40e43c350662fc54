"""How often each office did something in a year, and which never did."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from danvan_kit import breadth, cube, measures, theme, words
from danvan_kit.cube import Floats
from danvan_kit.indicators import IndicatorError
from danvan_kit.review import Review
from danvan_kit.views._common import About, about, in_words, indicator_sources, provenance, say, year_ticks
from danvan_kit.views._members import KINDS, full_name, require_sum
from danvan_kit.views._tree import company, name_of, rows_below, tree
from danvan_kit.views._view import View

INDICATOR = "doi_thoai_dinh_ky"
"""What is shown before anybody chose; a review without it shows its first sum of the group ``dialogue``."""
MOST = 3
SHADES = ("#f2e3d5", "#c3daee", "#7fb2d9", "#0b3c6b", theme.MISSING)
"""Of none, one, two, three or more, unknown."""
ORDER = (3, 2, 1, 0, 4)
"""The classes from the bottom: the most often first, so that "at least" can be read from the axis."""
ROOM = 6
"""Per cent of a column that a written number needs."""
NAMED = 5
"""How many offices that never did anything the reading names; of more it only says how many."""


@dataclass(frozen=True, eq=False)
class _Often:
    """Own figures of the offices of one level.

    Attributes
    ----------
    review, this, lang
        The review, the indicator, the language.
    top, rows
        Whose offices, and their rows.
    amounts
        NaN where not known or where there was no such office. Shape ``(office, year)``.
    stands
        Which offices there were in the years from the indicator's first.
    """

    review: Review
    this: About
    lang: str
    top: str
    rows: NDArray[np.intp]
    amounts: Floats
    stands: NDArray[np.bool_]

    def say(self, vi: str, en: str) -> str:
        """Return the text in the reader's language."""
        return say(self.lang, vi, en)

    @cached_property
    def kind(self) -> str:
        """The level of the offices."""
        return str(tree(self.review).level[self.rows[0]])

    @cached_property
    def counts(self) -> NDArray[np.int64]:
        """Offices with none, one, two, three or more, and unknown. Shape ``(5, year)``."""
        places = range(len(self.review.years))
        years = [breadth.how_often(self.amounts[self.stands[:, n], n : n + 1], MOST) for n in places]
        return np.concatenate(years, axis=1)

    @cached_property
    def last(self) -> int:
        """Place of the last full year with offices, or of the last one."""
        partial = measures.partial_year(self.review)
        there: list[int] = np.flatnonzero(np.any(self.stands, axis=0)).tolist()
        return ([n for n in there if self.review.years[n] != partial] or there)[-1]

    @cached_property
    def standing(self) -> NDArray[np.bool_]:
        """Which offices there are at the end of the review."""
        return self.stands[:, -1]

    @cached_property
    def never(self) -> NDArray[np.bool_]:
        """Offices there are at the end of the review, all of whose years are known to be zero."""
        known = np.where(self.stands, self.amounts == 0, True)
        found: NDArray[np.bool_] = self.standing & known.all(axis=1)
        return found

    def count(self, offices: int) -> str:
        """Return a number of offices in words."""
        return f"{words.number(offices, lang=self.lang)} {self.say(*KINDS[self.kind][offices == 1])}"


def frequency(
    review: Review,
    *,
    indicator: str = INDICATOR,
    area: str = "",
    level: Literal["district", "commune"] | None = None,
    lang: str = "vi",
) -> View:
    """Show the share of offices that did none, one, two, three or more in each year, and which never did any.

    What an office did itself is counted, not what lies below it. No norm is applied: the picture shows how often it
    was done, not how often it should have been.

    Parameters
    ----------
    review
        The review.
    indicator
        A count that the offices keep.
    area
        Empty: the top area. One with nothing below it is shown among its neighbours.
    level
        Which level below it; None: the next.
    lang
        Language.

    Returns
    -------
    View
        Table: an office a row, those that never did any first. A click sets the year.

    Raises
    ------
    IndicatorError, AreaError
        If a choice is unknown, or the offices do not keep such a count.
    """
    found = _found(review, indicator, area, level, lang)
    title = say(lang, "mỗi đơn vị làm mấy lần một năm?", "how often a year did each office?")
    many, of = KINDS[found.kind][0][lang == "en"], say(lang, "của", "of")
    return View(
        title=f"{found.this.label}: {title} {many[:1].upper()}{many[1:]} {of} {name_of(review, found.top)}, "
        f"{in_words(review, None, lang)}",
        table=_table(found),
        figure=_figure(found),
        reading=_reading(found),
        sources=indicator_sources(
            review,
            found.this,
            lang,
            say(
                lang,
                "Chỉ đếm việc của chính đơn vị, không gồm cấp dưới; không áp định mức nào",
                "The offices' own work only, nothing from below; no norm is applied",
            ),
        ),
    )


def _default(review: Review, indicator: str) -> str:
    known = review.indicators
    if indicator != INDICATOR or indicator in known.index:
        return indicator
    dialogues = known.index[(known["group"] == "dialogue") & (known["aggregation"] == "sum")]
    return str(dialogues[0]) if len(dialogues) else indicator


def _require_count(review: Review, this: About) -> None:
    """Refuse what is not done a number of times (`IndicatorError`)."""
    require_sum(this)
    row = review.indicators.loc[this.key]
    if row["nature"] == "flow" and row["persons"] != "yes":
        return
    raise IndicatorError(
        f"chỉ tiêu {this.quoted} không phải là số lần làm; được dùng: số cuộc, số hội nghị trong năm",
        f"indicator {this.quoted} is not how often something was done; allowed: rounds or conferences in a year",
    )


def _found(
    review: Review, indicator: str, area: str, level: Literal["district", "commune"] | None, lang: str
) -> _Often:
    this, top = about(review, _default(review, indicator), lang), company(review, area, level)
    _require_count(review, this)
    rows = rows_below(review, top, level, None)
    at = str(tree(review).level[rows[0]])
    if at not in this.levels:
        vi, en = (", ".join(words.label(kept, tongue) for kept in this.levels) for tongue in ("vi", "en"))
        raise IndicatorError(
            f"cấp {words.label(at)!r} không tự làm {this.quoted}; chỉ có ở: {vi}",
            f"offices at level {at!r} do not keep {this.quoted}; kept at: {en}",
        )
    cells = cube.of(review)
    stands = tree(review).valid[rows] & (np.array(review.years) >= this.first_year)
    values = np.where(stands, cells.own[cells.index(this.key), rows], np.nan)
    there = stands.any(axis=1)
    return _Often(review, this, lang, top, rows[there], values[there], stands[there])


def _table(found: _Often) -> pd.DataFrame:
    known = tree(found.review)
    years = found.stands.sum(axis=1)
    some = (found.amounts > 0).sum(axis=1)
    total = cube.nansum(found.amounts, axis=1)
    gone = (found.stands & np.isnan(found.amounts)).sum(axis=1)
    last = [max([y for y, v in zip(found.review.years, row, strict=True) if v > 0], default=0) for row in
            found.amounts.tolist()]  # fmt: skip
    order = np.lexsort((known.order[found.rows], np.nan_to_num(total), some, ~found.never))
    ids = [found.review.areas.ids[n] for n in found.rows[order].tolist()]
    above = [found.review.areas.name(found.review.areas.ancestors(area)[0]) for area in ids]
    columns: dict[str, Any] = {
        "area": ids,
        "name": [found.review.areas.name(area) for area in ids],
        found.say("Trực thuộc", "Part of"): above,
        found.say("Tổng số", "In all"): total[order],
        found.say("Số năm có", "Years with any"): some[order],
        found.say("Số năm tính", "Years counted"): years[order],
        found.say("Số năm chưa biết", "Years unknown"): gone[order],
        found.say("Lần gần nhất", "Last year with any"): [str(last[n]) if last[n] else words.DASH for n in order],
    }
    return pd.DataFrame(columns)


# --- words ------------------------------------------------------------------------------------------------------------


def _reading(found: _Often) -> str:
    """Say how many did at least one and at least two in the last full year; then who never did."""
    n, year = found.last, found.review.years[found.last]
    none, one, two, more, gone = found.counts[:, n].tolist()
    known = none + one + two + more
    first = found.review.years[int(np.argmax(found.stands.any(axis=0)))]
    if not known:
        return found.say(f"Năm {year} chưa có số liệu.", f"There is no figure in {year}.")
    some, twice = (words.percent(x / known, lang=found.lang) for x in (one + two + more, two + more))
    parts = [
        found.say(
            f"Năm {year}: {one + two + more}/{found.count(known)} có ít nhất một lần ({some}), {two + more} có từ hai "
            f"lần ({twice})",
            f"In {year}: {one + two + more} of {found.count(known)} did at least one ({some}), {two + more} two or "
            f"more ({twice})",
        )
    ]
    if gone:
        parts.append(
            found.say(f"{gone} chưa báo cáo, không phải là không làm", f"{gone} did not report, which is not none")
        )
    parts.append(_never(found, first))
    parts.append(
        found.say(
            "chỉ cho thấy đã làm mấy lần, không so với định mức nào; một lần cũng có thể thực chất",
            "this shows how often it was done, against no norm; a single one may have had substance",
        )
    )
    return "; ".join(parts) + "."


def _never(found: _Often, first: int) -> str:
    places = np.flatnonzero(found.never).tolist()
    total = found.count(int(found.standing.sum()))
    if not places:
        return found.say(f"trong {total} hiện có, không nơi nào chưa làm lần nào từ {first}",
                         f"of the {total} there are now, none has never done any since {first}")  # fmt: skip
    named = ""
    if len(places) <= NAMED:
        ids = [found.review.areas.ids[found.rows[n]] for n in places]
        named = f" ({'; '.join(full_name(found.review, found.top, area) for area in ids)})"
    number = words.number(len(places), lang=found.lang)
    return found.say(f"{number}/{total} hiện có chưa làm lần nào từ {first}{named}",
                     f"{number} of the {total} there are now have done none since {first}{named}")  # fmt: skip


def _classes(found: _Often) -> list[str]:
    return [
        found.say("không", "none"),
        found.say("1 lần", "once"),
        found.say("2 lần", "twice"),
        found.say("từ 3 lần", "3 or more"),
        found.say("chưa báo cáo", "not reported"),
    ]


# --- the picture ------------------------------------------------------------------------------------------------------


def _figure(found: _Often) -> dict[str, Any]:
    years = list(found.review.years)
    total = found.counts.sum(axis=0)
    share: Floats = 100 * found.counts / np.where(total > 0, total, 1)
    data, below = [], np.zeros(len(years))
    for k in ORDER:
        if found.counts[k].any():
            data += _class(found, k, share[k], below)
        below = below + share[k]
    layout = theme.layout(
        found.lang,
        simulated=found.review.simulated,
        provenance=provenance(found.review, found.this, found.lang),
        click="year",
        bottom=92,
    )
    layout["xaxis"] = theme.years_axis(years, year_ticks(found.review, found.lang))
    title = found.say("% số đơn vị", "% of offices")
    layout["yaxis"] = theme.axis(range=[0, 100], tickvals=[0, 25, 50, 75, 100], title={"text": title, "standoff": 4})
    key = {"orientation": "h", "x": 0, "y": -0.1, "yanchor": "top", "traceorder": "normal", "font": {"size": 11}}
    layout |= {"showlegend": True, "legend": key | {"itemclick": False, "itemdoubleclick": False}}
    layout |= {"barmode": "stack", "hovermode": "closest", "bargap": 0.18}
    return {"data": data, "layout": layout}


def _class(found: _Often, k: int, share: Floats, below: Floats) -> list[dict[str, Any]]:
    """Return the bars of a class, and the number of offices in each that has room for it."""
    years, counts, name = list(found.review.years), found.counts[k].tolist(), _classes(found)[k]
    hover = [f"<b>{year}</b>, {name}: {found.count(count)}" for year, count in zip(years, counts, strict=True)]
    bar = {"type": "bar", "x": years, "y": share.tolist(), "name": name, "marker": {"color": SHADES[k]}}
    bar |= {"customdata": years, "hovertext": hover, "hoverinfo": "text"}
    text = [str(count) if part >= ROOM else "" for count, part in zip(counts, share.tolist(), strict=True)]
    inside = {"type": "scatter", "mode": "text", "x": years, "y": (below + share / 2).tolist(), "text": text}
    font = {"size": 10, "color": "#ffffff" if k == MOST else theme.INK}
    return [bar, inside | {"hoverinfo": "skip", "showlegend": False, "textfont": font}]

"""Who carries how much: the members of an area, largest first, with what they hold together."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from danvan_kit import breadth as spreads
from danvan_kit import cube, theme, words
from danvan_kit.cube import Floats
from danvan_kit.indicators import IndicatorError
from danvan_kit.review import Review
from danvan_kit.views._common import (
    INDICATOR,
    LAST_FULL_YEAR,
    chosen_year,
    in_words,
    indicator_sources,
    say,
    texts,
)
from danvan_kit.views._members import By, Members, full_name, members
from danvan_kit.views._view import View

SHOWN = 20
"""Members that the picture names; the table has all."""


@dataclass(frozen=True, eq=False)
class _Carriers:
    """Members with a figure, largest first.

    Attributes
    ----------
    of, year
        Whose members, and when.
    order
        Their places among all members: those with a figure first, those without last.
    amounts
        Their figures in that order.
    doubtful
        Where reports lack below.
    """

    of: Members
    year: int
    order: list[int]
    amounts: Floats
    doubtful: NDArray[np.bool_]

    @cached_property
    def known(self) -> Floats:
        """The figures there are."""
        return self.amounts[~np.isnan(self.amounts)]

    @cached_property
    def parts(self) -> Floats:
        """Each one's part of the whole in per cent; NaN where there is no whole."""
        whole = self.known.sum()
        return 100 * self.amounts / (whole or np.nan)

    @cached_property
    def names(self) -> list[str]:
        """Their names."""
        return [self.of.names[n] for n in self.order]


def carriers(  # noqa: PLR0913 - one argument a control
    review: Review,
    *,
    indicator: str = INDICATOR,
    area: str = "",
    level: Literal["district", "commune"] | None = None,
    by: By = "area",
    year: int = LAST_FULL_YEAR,
    lang: str = "vi",
) -> View:
    """Show who holds how much of a sum in a year, largest first, and what they hold together.

    An area's figure is its total, with everything below it. What was not reported has no part: it is listed, and the
    parts are of the known sum.

    Parameters
    ----------
    review, indicator, area, level, by, lang
        As for `breadth`.
    year
        0: the last full year.

    Returns
    -------
    View
        Table: a row a member (``area, name``; for topics their names), ``value``, part and running part in per cent.
        A click sets the area.

    Raises
    ------
    IndicatorError, AreaError
        If a choice is unknown, or the indicator does not add up, is not kept below, has no topics or had not begun.
    """
    when = chosen_year(review, year)
    found = _found(members(review, indicator, area, level, by, lang), when)
    of = found.of
    title = say(lang, "ai làm nhiều nhất?", "who carries the load?")
    return View(
        title=f"{of.this.label}: {title} {of.within[:1].upper()}{of.within[1:]}, {in_words(review, when, lang)}",
        table=_table(found),
        figure=_figure(found),
        reading=_reading(found),
        sources=indicator_sources(review, of.this, lang),
    )


def _found(of: Members, when: int) -> _Carriers:
    place = cube.of(of.review).year(when)
    there = np.flatnonzero(of.stands[:, place])
    if not len(there):
        raise IndicatorError(
            f"năm {when} chưa có {of.many} nào có chỉ tiêu {of.this.quoted}; được dùng: từ năm {of.this.first_year}",
            f"no {of.many} keep {of.this.quoted} in {when}; allowed: from {of.this.first_year}",
        )
    values = of.amounts[there, place]
    keys = [words.collate(of.names[n]) for n in there.tolist()]
    amounts = np.nan_to_num(values, nan=-1).tolist()
    rank = np.array(sorted(range(len(keys)), key=lambda n: (-amounts[n], keys[n])), dtype=np.intp)
    order = there[rank]
    return _Carriers(of, when, order.tolist(), values[rank], ~of.complete[order, place])


def _table(found: _Carriers) -> pd.DataFrame:
    of = found.of
    if of.kind == "topic":
        columns: dict[str, Any] = {of.say("Lĩnh vực", "Topic"): found.names}
    else:
        ids = [of.keys[n] for n in found.order]
        columns = {"area": ids, "name": [of.review.areas.name(area) for area in ids]}
    columns |= {
        "value": found.amounts,
        of.say("Phần trong tổng (%)", "Part of the whole (%)"): found.parts,
        of.say("Cộng dồn (%)", "Running part (%)"): np.cumsum(found.parts),
    }
    if found.doubtful.any():
        lack = of.say("chưa đủ báo cáo", "reports lack")
        columns[of.say("Ghi chú", "Note")] = [lack if x else "" for x in found.doubtful.tolist()]
    return pd.DataFrame(columns)


# --- words ------------------------------------------------------------------------------------------------------------


def _reading(found: _Carriers) -> str:
    """Say who is first, how few hold half, who has none; then what must not be concluded."""
    of, whole = found.of, float(found.known.sum())
    if not whole:
        return of.say(f"Năm {found.year} chưa có {of.this.unit} nào.", f"There were no {of.this.unit} in {found.year}.")
    half = spreads.half_way(found.known)
    total = words.number(whole, lang=of.lang)
    parts = [
        of.say(
            f"Năm {found.year} có {total} {of.this.unit}: {of.count(half)} nhiều nhất đã chiếm một nửa, "
            f"đứng đầu là {_first(found)}",
            f"{total} {of.this.unit} in {found.year}: the top {of.count(half)} hold half, {_first(found)} the most",
        )
    ]
    if none := int(((found.amounts == 0) & ~found.doubtful).sum()):
        parts.append(of.say(f"{of.count(none)} không có", f"{of.count(none)} had none"))
    parts += of.lost(int(np.isnan(found.amounts).sum()), cube.of(of.review).year(found.year))
    end = of.say(
        "số nhiều chưa phải là làm tốt: chưa tính quy mô và nhu cầu từng nơi",
        "more is not better: size and need are not taken into account",
    )
    return "; ".join([*parts, end]) + "."


def _first(found: _Carriers) -> str:
    top, ties = found.amounts[0], int((found.amounts == found.amounts[0]).sum()) - 1
    part = words.number(found.parts[0], lang=found.of.lang, digits=1)
    others = found.of.say(f" và {ties} nơi khác, mỗi nơi", f" and {ties} others, each") if ties else ""
    number = words.number(top, lang=found.of.lang)
    of = found.of
    name = found.names[0] if of.kind == "topic" else full_name(of.review, of.top, of.keys[found.order[0]])
    return f"{name}{others} ({number}, {part}{of.say(' %', '%')})"


# --- the picture ------------------------------------------------------------------------------------------------------


def _figure(found: _Carriers) -> dict[str, Any]:
    of, shown = found.of, min(SHOWN, len(found.known))
    rest = len(found.known) - shown
    places, names = list(range(shown)), found.names[:shown]
    values = found.amounts[:shown].tolist()
    running = np.cumsum(found.parts)[:shown].tolist()
    written, sums = texts(values, 0, of.lang), texts(running, 0, of.lang)
    per = of.say(" %", "%")
    marks = ["*" if x else "" for x in found.doubtful[:shown].tolist()]
    hover = [
        of.say(f"<b>{n}</b>: {v} {of.this.unit}<br>cùng các nơi trên: {s}{per}",
               f"<b>{n}</b>: {v} {of.this.unit}<br>with those above: {s}{per}")
        for n, v, s in zip(names, written, sums, strict=True)
    ]  # fmt: skip
    few = spreads.half_way(found.known)
    colors = [theme.BLUE if n < few else theme.SKY for n in places]
    bars = {"type": "bar", "orientation": "h", "x": values, "y": places, "marker": {"color": colors}}
    bars |= {"hovertext": hover, "hoverinfo": "text"}
    if of.kind != "topic":
        bars["customdata"] = [of.keys[n] for n in found.order[:shown]]
    told = [f"{v}{m} · {s}{per}" for v, m, s in zip(written, marks, sums, strict=True)]
    click = None if of.kind == "topic" else "area"
    layout = of.layout(click, height=max(300, 20 * shown + 164), bottom=102)
    high = max([1.0, *values])
    layout["xaxis"] = theme.axis(
        range=[0, high * 1.34],
        tickformat=theme.TICKS,
        nticks=5,
        title={"text": _legend(found, rest), "standoff": 4, "font": {"size": 11, "color": theme.PALE_INK}},
    )
    layout["yaxis"] = theme.names_axis(names)
    return {"data": [bars, theme.labels(values, places, told, "middle right")], "layout": layout}


def _legend(found: _Carriers, rest: int) -> str:
    of = found.of
    text = of.say(
        "số liệu · cộng dồn từ trên<br>đậm: làm nên một nửa",
        "figure · running part<br>dark: they make up half",
    )
    if found.doubtful.any():
        text += of.say("<br>*: chưa đủ báo cáo", "<br>*: reports lack")
    if rest:
        more = words.number(rest, lang=of.lang)
        text += of.say(f"<br>còn {more} nơi khác trong bảng", f"<br>{more} more in the table")
    return text

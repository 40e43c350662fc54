"""Which of the areas below has how much."""

from __future__ import annotations

import math
import statistics
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from danvan_kit import cube, measures, theme, words
from danvan_kit.cube import Floats
from danvan_kit.review import Review
from danvan_kit.views._common import (
    INDICATOR,
    NO_BASE,
    About,
    Per,
    about,
    chosen_year,
    hidden_count,
    in_words,
    indicator_sources,
    may_rise,
    plain,
    say,
    span,
    top_of,
    with_others,
)
from danvan_kit.views._figures import Figures, figures, population_source, scattered, ticks
from danvan_kit.views._tree import company, name_of, rows_below, tree
from danvan_kit.views._view import View

SHOWN = 40
"""Bars that can be read; of more areas the picture shows the largest and the smallest, the table all."""


@dataclass(frozen=True, eq=False)
class _Compared(Figures):
    """Sorted figures.

    Attributes
    ----------
    gaps
        Reports missing below each area. Shape ``(area,)``.
    whole
        Whether an area stood over the whole time, so that it may be compared. Shape ``(area,)``.
    chosen
        The area to point out.
    """

    gaps: NDArray[np.int64]
    whole: NDArray[np.bool_]
    chosen: str

    @cached_property
    def median(self) -> float:
        """The median of the areas that may be compared; NaN when none has a figure."""
        known = self.amounts[~np.isnan(self.amounts) & self.whole].tolist()
        return statistics.median(known) if known else math.nan


def compare(  # noqa: PLR0913 - the review and its choices
    review: Review,
    *,
    indicator: str = INDICATOR,
    area: str = "",
    level: Literal["district", "commune"] | None = None,
    year: int | None = None,
    per: Per = "count",
    lang: str = "vi",
) -> View:
    """Compare the areas below an area, largest first.

    Parameters
    ----------
    review
        The review.
    indicator
        What to show.
    area
        Empty: the top area. One with nothing below it is shown among its neighbours.
    level
        Which level below it; None: the next.
    year
        None: the whole review; flows add up, stocks are the last known.
    per
        ``population``: per 10.000 inhabitants, for a year in which the population is known.
    lang
        Language.

    Returns
    -------
    View
        Table ``area, name, value``, rank and reports given. A click sets the area.

    Raises
    ------
    IndicatorError, AreaError, MeasureError
        If a choice is unknown, the indicator is not kept below, or no population is known.
    """
    this, top = about(review, indicator, lang), company(review, area, level)
    when = year if year is None else chosen_year(review, year)
    rows = rows_below(review, top, level, when)
    values = figures(review, this, rows, when, per=per)
    order = np.lexsort((tree(review).order[rows], np.where(np.isnan(values), np.inf, -values)))
    rows, values = rows[order], values[order]
    given, owed = _reports(review, this, rows, when)
    whole = np.logical_and.reduce(tree(review).valid[rows], axis=1) | (when is not None)
    found = _Compared(review, this, lang, rows, values, when, per, owed - given, whole, area)
    return View(
        title=f"{found.heading}: {say(lang, 'so sánh trong', 'compared within')} {name_of(review, top)}, "
        f"{in_words(review, when, lang)}{_last_known(found)}",
        table=found.table(_columns(found, given, owed)),
        figure=_figure(found),
        reading=_reading(found),
        sources=indicator_sources(review, this, lang, *population_source(found)),
    )


def _last_known(found: _Compared) -> str:
    """Say in a title that a stock over the whole period is the last known figure, not a sum."""
    if found.year is not None or found.this.aggregation != "last":
        return ""
    return found.say("; số hiện có, năm gần nhất có số liệu", "; the stock in the latest year that has a figure")


def _reports(
    review: Review, this: About, rows: NDArray[np.intp], year: int | None
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return how many reports came in and how many are owed; what is computed or counted nobody reports."""
    if this.aggregation == "ratio" or this.counted:
        return np.zeros(len(rows), dtype=np.int64), np.zeros(len(rows), dtype=np.int64)
    return cube.of(review).coverage(this.key, rows, span(review, year))


def _columns(found: _Compared, given: NDArray[np.int64], owed: NDArray[np.int64]) -> dict[str, Any]:
    known, columns = tree(found.review), dict[str, Any]()
    if scattered(found):
        columns[found.say("Trực thuộc", "Part of")] = [known.names[i] for i in known.parent[found.rows]]
    columns["value"] = found.column
    columns[found.say("Thứ hạng", "Rank")] = measures.ranks(
        np.where(found.whole, found.amounts, np.nan), found.this.polarity
    )
    if owed.any():
        columns[found.say("Số báo cáo đã có", "Reports given")] = given
        columns[found.say("Số báo cáo phải có", "Reports owed")] = owed
    return columns


def _picked(found: _Compared) -> _Compared:
    """Return what the picture shows: all, or the two ends of what is known."""
    total = len(found.rows)
    if total <= SHOWN:
        return found
    known, half = int((~np.isnan(found.amounts)).sum()), SHOWN // 2
    keep = np.r_[0:half, known - half : known] if known > SHOWN else np.arange(SHOWN)
    return replace(
        found,
        rows=found.rows[keep],
        amounts=found.amounts[keep],
        gaps=found.gaps[keep],
        whole=found.whole[keep],
    )


def _figure(found: _Compared) -> dict[str, Any]:
    part, total = _picked(found), len(found.rows)
    places, cut = list(range(len(part.rows))), len(part.rows) < total
    shown, hover = part.shown, _hover(part)
    bars = {
        "type": "bar",
        "orientation": "h",
        "x": plain(part.amounts),
        "y": places,
        "customdata": part.ids,
        "hovertext": hover,
        "hoverinfo": "text",
        "marker": {"color": [theme.CHOSEN if area == part.chosen else theme.BLUE for area in part.ids]},
    }
    stars = [f"{text} *" if gap else text for text, gap in zip(shown, part.gaps.tolist(), strict=True)]
    there = np.flatnonzero(~np.isnan(part.amounts)).tolist()
    data = [bars, theme.labels(part.amounts[there].tolist(), there, [stars[n] for n in there], "middle right")]
    if lost := np.flatnonzero(np.isnan(part.amounts)).tolist():
        data.append(_lost(part, lost, hover))
    layout = found.layout(
        "area",
        height=max(theme.HEIGHT, 17 * len(places) + (140 if cut else 118)),
        bottom=84 if cut else 66,
    )
    layout["xaxis"] = theme.axis(
        range=[0, top_of(part.amounts) * 1.17],
        title={"text": _caption(found, len(places)), "standoff": 4, "font": {"size": 11}},
        nticks=6,
        tickformat=theme.TICKS,
    )
    layout["yaxis"] = theme.names_axis(ticks(part, part.whole), 0.45)
    layout |= {"bargap": 0.25, "hovermode": "y"}  # a click anywhere in its row finds a short bar
    _median(layout, found)
    if cut:
        line = {"type": "line", "x0": 0, "x1": 1, "xref": "paper", "line": {"color": theme.PALE_INK, "dash": "dash"}}
        layout["shapes"].append(line | {"y0": SHOWN // 2 - 0.5, "y1": SHOWN // 2 - 0.5})
    return {"data": data, "layout": layout}


def _hover(found: _Compared) -> list[str]:
    out = []
    for name, figure, gap in zip(found.names, found.told, found.gaps.tolist(), strict=True):
        late = found.say(f"<br>thiếu {gap} báo cáo", f"<br>{gap} reports missing") if gap else ""
        out.append(f"<b>{name}</b><br>{figure}{late}")
    return out


def _caption(found: _Compared, drawn: int) -> str:
    text = found.unit
    if found.gaps.any():
        text += found.say(" · * chưa đủ báo cáo", " · * not all reports in")
    if drawn < (total := len(found.rows)):
        half = drawn // 2
        text += found.say(
            f"<br>{half} cao nhất, {drawn - half} thấp nhất trong {total}",
            f"<br>{half} highest, {drawn - half} lowest of {total}",
        )
    return text


def _lost(found: _Compared, places: list[int], hover: list[str]) -> dict[str, Any]:
    """Return a mark where a figure is missing: a zero would be a bar's foot with the label 0."""
    return {
        "type": "scatter",
        "mode": "markers+text",
        "x": [0] * len(places),
        "y": places,
        "customdata": [found.ids[n] for n in places],
        "marker": {"symbol": "square", "size": 9, "color": theme.MISSING, "line": {"width": 1, "color": "#8a8a8a"}},
        "text": [f"{'⊘' if found.veil[n] else '–'} {found.lost[n]}" for n in places],
        "textposition": "middle right",
        "textfont": {"size": 11, "color": theme.PALE_INK},
        "cliponaxis": False,
        "hovertext": [hover[n] for n in places],
        "hoverinfo": "text",
    }


def _median(layout: dict[str, Any], found: _Compared) -> None:
    """Draw the median of all areas, not only of those in the picture."""
    middle = found.median
    if math.isnan(middle) or len(found.rows) < 3:
        return
    line = {"color": theme.INK, "width": 1.5, "dash": "dot"}
    shape = {"type": "line", "x0": middle, "x1": middle, "y0": 0, "y1": 1, "yref": "paper", "layer": "below"}
    layout["shapes"].append(shape | {"line": line})
    written = found.write([middle], found.digits)[0]
    at = {"xref": "x", "yanchor": "bottom", "xshift": 4, "yshift": 4, "bgcolor": "#ffffff"}
    text = found.say(f"trung vị {written}", f"median {written}")
    layout["annotations"].append(theme.note(text, x=middle, y=0, place=at))


def _reading(found: _Compared) -> str:
    """Name the highest and the lowest with the median; for a sum the share of the top tenth; then the gaps."""
    known = np.flatnonzero(~np.isnan(found.amounts) & found.whole)
    if not len(known):
        return "; ".join([_nothing(found), *_cautions(found)]) + "."
    return "; ".join([_ends(found, known), *_tenth(found, found.amounts[known]), *_cautions(found)]) + "."


def _ends(found: _Compared, known: NDArray[np.intp]) -> str:
    """Name the highest and the lowest, with whoever shares their place, and the median."""
    high, low, shown, ranked = int(known[0]), int(known[-1]), found.shown, found.amounts[known]
    if len(known) > 1 and ranked[0] == ranked[-1]:
        return found.say(
            f"Cả {len(known)} đơn vị bằng nhau ({shown[high]} {found.unit})",
            f"All {len(known)} areas are equal ({shown[high]} {found.unit})",
        )
    most, least = (
        with_others(found.names[n], int((ranked == found.amounts[n]).sum()) - 1, found.lang) for n in (high, low)
    )
    middle = found.write([found.median], found.digits)[0]
    of_shown = found.say(" trong các số được nêu", " of those shown") if found.veil.any() else ""
    return found.say(
        f"Cao nhất là {most} ({shown[high]} {found.unit}), thấp nhất{of_shown} là {least} ({shown[low]}), "
        f"trung vị {middle}",
        f"Highest: {most} ({shown[high]} {found.unit}), lowest{of_shown}: {least} ({shown[low]}), median {middle}",
    )


def _tenth(found: _Compared, ranked: Floats) -> list[str]:
    """Say how much the top tenth of the ranked areas holds, where figures add up."""
    part, total = measures.top_share(ranked), len(ranked)
    if found.this.aggregation != "sum" or found.per != "count" or total < 10 or np.isnan(part):
        return []
    count, held = -(-total // 10), words.percent(part, lang=found.lang)
    return [
        found.say(
            f"một phần mười số đơn vị ({count}/{total} đơn vị) giữ {held} tổng số của {total} đơn vị này",
            f"a tenth of the areas ({count} of {total}) holds {held} of what these {total} have",
        )
    ]


def _nothing(found: _Compared) -> str:
    """Say why nothing is ranked: no figure at all, or none over the whole time."""
    if np.isnan(found.amounts).all():
        return found.say("Chưa đơn vị nào có số liệu", "No area has a figure")
    if found.whole.any():
        return found.say(
            "Chưa đơn vị nào tồn tại suốt cả kỳ có số liệu nên không xếp hạng",
            "No area that stood for the whole period has a figure, so none is ranked",
        )
    return found.say(
        "Không đơn vị nào tồn tại suốt cả kỳ nên không xếp hạng",
        "No area stood for the whole period, so none is ranked",
    )


def _cautions(found: _Compared) -> list[str]:
    parts = []
    if (short := int((~found.whole).sum())) and found.whole.any():
        parts.append(
            found.say(
                f"{short} đơn vị chỉ có trong một số năm nên không xếp hạng",
                f"{short} areas stood for some years only and are not ranked",
            )
        )
    if bare := int(found.empty.sum()):
        parts.append(found.say(f"{bare} đơn vị có {NO_BASE[0]}", f"in {bare} areas the {NO_BASE[1]}"))
    parts += hidden_count(veiled := int(found.veil.sum()), found.lang)
    if nothing := int(np.isnan(found.amounts).sum()) - bare - veiled:
        parts.append(
            found.say(
                f"{nothing} đơn vị chưa có số liệu, không phải bằng 0",
                f"{nothing} areas have no figure, which is not zero",
            )
        )
    late = int(((found.gaps > 0) & ~np.isnan(found.amounts)).sum())
    return [*parts, *may_rise(late, len(found.rows), found.lang)]

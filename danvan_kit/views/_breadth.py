"""How many take part, and how much of it a few carry, year by year."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
import pandas as pd

from danvan_kit import breadth as spreads
from danvan_kit import measures, theme, words
from danvan_kit.review import Review
from danvan_kit.views._common import INDICATOR, frame, in_words, indicator_sources, plain, say, year_ticks
from danvan_kit.views._members import By, Members, members
from danvan_kit.views._view import View

CORNERS = {
    "wide_even": ("rộng và khá đều", "wide and fairly even"),
    "wide_focused": ("rộng nhưng dồn vào một số nơi", "wide but focused on some"),
    "narrow_even": ("hẹp nhưng khá đều", "narrow but fairly even"),
    "narrow_focused": ("hẹp và dồn vào một số nơi", "narrow and focused on some"),
}
UPPER, LOWER = [0.56, 0.94], [0.0, 0.4]
"""Where the two panels stand."""


@dataclass(frozen=True, eq=False)
class _Spreads:
    """What was found, year by year."""

    of: Members
    years: list[spreads.Spread]

    @cached_property
    def evenest(self) -> list[tuple[float, float]]:
        """The widest breadth and the smallest top share that each year's sum could have."""
        return [spreads.evenest(year.amount, year.total - year.unknown) for year in self.years]

    @cached_property
    def read(self) -> list[int]:
        """Places of the years that are read: those with a figure, a partial one only where it is alone."""
        known = [n for n, year in enumerate(self.years) if year.amount == year.amount and year.total]
        partial = measures.partial_year(self.of.review)
        return [n for n in known if self.of.review.years[n] != partial] or known


def breadth(  # noqa: PLR0913 - one argument a control
    review: Review,
    *,
    indicator: str = INDICATOR,
    area: str = "",
    level: Literal["district", "commune"] | None = None,
    by: By = "area",
    lang: str = "vi",
) -> View:
    """Show over the years how many areas (or topics) had any of it, and what share the top tenth held.

    Above: the share of members with at least one, of those of which it is known; a band shows how far it could move if
    the unknown ones reported. Below: the share of the sum that the top tenth hold. A pale line in each panel is the
    most even division that the sum allows: with fewer units than members nothing can be wide. An area's figure is its
    total, with everything below it.

    Parameters
    ----------
    review
        The review.
    indicator
        What to show; one that adds up.
    area
        Empty: the top area. One with nothing below it is shown among its neighbours.
    level
        Which level below it; None: the next.
    by
        ``area``, or ``topic`` for what is counted from the log: the topics of the area and everything below it.
    lang
        Language.

    Returns
    -------
    View
        Table: a row a year. A click sets the year.

    Raises
    ------
    IndicatorError, AreaError
        If a choice is unknown, or the indicator does not add up, is not kept below, or has no topics.
    """
    of = members(review, indicator, area, level, by, lang)
    found = _Spreads(of, spreads.spread(of.amounts, of.stands, of.complete))
    title = say(lang, "diện và điểm", "breadth and focus")
    return View(
        title=f"{of.this.label}: {title}, {of.within}, {in_words(review, None, lang)}",
        table=_table(found),
        figure=_figure(found),
        reading=_reading(found),
        sources=indicator_sources(review, of.this, lang, _rule(of)),
    )


def _table(found: _Spreads) -> pd.DataFrame:
    of, years = found.of, found.years
    return frame(
        {
            "year": list(of.review.years),
            of.say("Tổng số", "Members"): [year.total for year in years],
            of.say("Có ít nhất một", "With at least one"): [year.active for year in years],
            of.say("Không có", "None"): [year.inactive for year in years],
            of.say("Chưa biết", "Unknown"): [year.unknown for year in years],
            of.say("Diện (%)", "Breadth (%)"): [100 * year.breadth for year in years],
            of.say("Diện rộng nhất có thể (%)", "Widest possible (%)"): [100 * even for even, _ in found.evenest],
            "value": [year.amount for year in years],
            of.say("Số nhiều nhất (một phần mười)", "The top tenth, how many"): [year.few for year in years],
            of.say("Phần của một phần mười nhiều nhất (%)", "Share of the top tenth (%)"): [
                100 * year.top for year in years
            ],
            of.say("Hệ số Gini", "Gini coefficient"): [round(year.gini, 3) for year in years],
        }
    )


def _rule(of: Members) -> str:
    return of.say(
        f"Diện: tỷ lệ {of.many} có ít nhất một, trong số đã biết; điểm: phần mà một phần mười {of.many} nhiều nhất nắm "
        "giữ. Gọi là rộng khi diện từ 50 %, là dồn khi một phần mười giữ từ một phần ba",
        f"Breadth: share of {of.many} with at least one, of those known; focus: share that the top tenth hold. Wide: "
        "breadth of 50% or more; focused: the top tenth hold a third or more",
    )


# --- words ------------------------------------------------------------------------------------------------------------


def _reading(found: _Spreads) -> str:
    """Say where the last full year stands and how far the breadth moved; then what must not be concluded."""
    of = found.of
    if not found.read:
        return of.say(
            "Chưa có số liệu nào để tính diện và điểm.", "There is no figure to measure breadth and focus of."
        )
    last = found.read[-1]
    parts = [_where(found, last), *_moved(found), *of.lost(found.years[last].unknown, last)]
    return "; ".join([*parts, _ceiling(found, last) or _caution(of)]) + "."


def _caution(of: Members) -> str:
    if of.kind == "topic":
        return of.say(
            "lĩnh vực là do đơn vị tự ghi, và làm nhiều về một lĩnh vực chưa có nghĩa là việc ở đó đã được giải quyết",
            "topics are as the offices wrote them, and much activity on one does not mean that its problems are solved",
        )
    return of.say(
        "diện rộng chưa nói lên chất lượng, và nơi đông dân, nhiều việc thì tự nhiên có nhiều hơn",
        "breadth is not quality, and populous places naturally have more",
    )


def _where(found: _Spreads, n: int) -> str:
    """Say breadth, focus and corner of a year."""
    of, year, when = found.of, found.years[n], found.of.review.years[n]
    known = year.active + year.inactive
    has = of.say(
        f"Năm {when}: {year.active}/{of.count(known)} có ít nhất một ({_per(year.breadth, of)})",
        f"In {when}: {year.active} of {of.count(known)} had at least one ({_per(year.breadth, of)})",
    )
    if year.corner is None:
        return has
    corner = of.say(*CORNERS[year.corner])
    return of.say(
        f"{has}, {year.few} nơi nhiều nhất giữ {_per(year.top, of)}: {corner}",
        f"{has}, the top {year.few} hold {_per(year.top, of)}: {corner}",
    ) if of.kind != "topic" else of.say(
        f"{has}, {year.few} lĩnh vực nhiều nhất chiếm {_per(year.top, of)}",
        f"{has}, the top {of.count(year.few)} make up {_per(year.top, of)}",
    )  # fmt: skip


def _moved(found: _Spreads) -> list[str]:
    first, last = found.read[0], found.read[-1]
    old, new = (round(100 * found.years[n].breadth, 1) for n in (first, last))
    of, when = found.of, found.of.review.years[first]
    if first == last or np.isnan(new - old):
        return []
    if new == old:
        return [of.say(f"diện như năm {when}", f"breadth as in {when}")]
    points = words.number(abs(new - old), lang=of.lang, digits=1)
    way = of.say(*(("tăng", "up") if new > old else ("giảm", "down")))
    return [of.say(f"diện {way} {points} điểm phần trăm so với {when}", f"breadth {way} {points} points on {when}")]


def _ceiling(found: _Spreads, n: int) -> str:
    """Say so where there are fewer units than members."""
    of, (widest, _) = found.of, found.evenest[n]
    if not widest < 1:
        return ""
    amount = words.number(found.years[n].amount, lang=of.lang)
    return of.say(
        f"nhưng cả năm chỉ có {amount} {of.this.unit}, chia đều nhất cũng chỉ tới {_per(widest, of)}, nên hẹp và dồn "
        "một phần là do số lượng ít",
        f"but there were {amount} {of.this.unit} in all, which reach {_per(widest, of)} at most, so part of it is mere "
        "scarcity",
    )


def _per(share: float, of: Members) -> str:
    return words.percent(share, lang=of.lang)


def _hover(found: _Spreads) -> list[str]:
    of, out = found.of, []
    for when, year, (widest, least) in zip(of.review.years, found.years, found.evenest, strict=True):
        lines = [f"<b>{when}</b>: {words.number(year.amount, lang=of.lang)} {of.this.unit}"]
        wide, top, most, even = (_per(x, of) for x in (year.breadth, year.top, widest, least))
        said = (
            (f"có: {year.active}, không có: {year.inactive}, chưa biết: {year.unknown}",
             f"some: {year.active}, none: {year.inactive}, unknown: {year.unknown}"),
            (f"diện {wide} (rộng nhất có thể {most})", f"breadth {wide} (at most {most})"),
            (f"{year.few} nhiều nhất giữ {top} (đều nhất là {even})",
             f"the top {year.few} hold {top} (most even: {even})"),
        )  # fmt: skip
        lines += [of.say(*pair) for pair in said]
        lines.append(f"Gini {words.number(year.gini, lang=of.lang, digits=2)}")
        out.append("<br>".join(lines))
    return out


# --- the picture ------------------------------------------------------------------------------------------------------


def _figure(found: _Spreads) -> dict[str, Any]:
    of, hover = found.of, _hover(found)
    wide = 100 * np.array([year.breadth for year in found.years])
    top = 100 * np.array([year.top for year in found.years])
    widest, least = (100 * np.array(column) for column in zip(*found.evenest, strict=True))
    data = [_line(found, wide, "y", theme.BLUE, hover), _line(found, top, "y2", theme.VERMILION, hover)]
    data += [_even(found, widest, "y"), _even(found, least, "y2")]
    if _doubtful(found):
        data += _band(found)
    data += [_amounts(found, wide, "y", "bottom center"), _amounts(found, top, "y2", "top center")]
    layout = of.layout("year", height=500, bottom=96)
    title = {"text": _legend(found), "standoff": 4, "font": {"size": 11, "color": theme.PALE_INK}}
    layout["xaxis"] = theme.years_axis(list(of.review.years), year_ticks(of.review, of.lang), anchor="y2", title=title)
    for name, domain, color in (("yaxis", UPPER, theme.BLUE), ("yaxis2", LOWER, theme.VERMILION)):
        layout[name] = theme.axis(
            range=[0, 112], domain=domain, tickvals=[0, 25, 50, 75, 100], tickfont={"color": color}
        )
    layout["hovermode"] = "x"
    heads = (
        of.say(f"<b>DIỆN</b>: % {of.many} có ít nhất một", f"<b>BREADTH</b>: % of {of.many} with at least one"),
        of.say("<b>ĐIỂM</b>: % do một phần mười nhiều nhất nắm giữ", "<b>FOCUS</b>: % held by the top tenth"),
    )
    for text, domain, color in zip(heads, (UPPER, LOWER), (theme.BLUE, theme.VERMILION), strict=True):
        at = {"yanchor": "bottom", "yshift": 3}
        layout["annotations"].append(theme.note(text, x=0, y=domain[1], size=13, color=color, place=at))
    return {"data": data, "layout": layout}


def _legend(found: _Spreads) -> str:
    of = found.of
    text = of.say("nét chấm: nếu chia đều nhất có thể", "dotted: the most even division there could be")
    if _doubtful(found):
        text += of.say("<br>dải: nếu biết hết các nơi chưa rõ", "<br>band: if all that is unknown were known")
    return text


def _doubtful(found: _Spreads) -> bool:
    return any(year.unknown and year.active for year in found.years)


def _line(found: _Spreads, values: Any, axis: str, color: str, hover: list[str]) -> dict[str, Any]:  # noqa: ANN401
    years = list(found.of.review.years)
    partial = measures.partial_year(found.of.review)
    fill = ["#ffffff" if year == partial else color for year in years]
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": years,
        "y": plain(values),
        "yaxis": axis,
        "customdata": years,
        "line": {"color": color, "width": 2.5},
        "marker": {"size": 9, "color": fill, "line": {"width": 2, "color": color}},
        "hovertext": hover,
        "hoverinfo": "text",
    }


def _even(found: _Spreads, values: Any, axis: str) -> dict[str, Any]:  # noqa: ANN401
    dash = {"color": "#9aa5ad", "width": 1.5, "dash": "dot"}
    years = list(found.of.review.years)
    line = {"type": "scatter", "mode": "lines", "x": years, "y": plain(values), "yaxis": axis, "line": dash}
    return line | {"hoverinfo": "skip"}


def _band(found: _Spreads) -> list[dict[str, Any]]:
    """Return how far the breadth could move if all that is unknown were known."""
    there = [(year, s) for year, s in zip(found.of.review.years, found.years, strict=True) if s.active]
    base = {"type": "scatter", "mode": "lines", "x": [y for y, _ in there], "line": {"width": 0}, "hoverinfo": "skip"}
    low, high = ([100 * getattr(s, name) for _, s in there] for name in ("least", "most"))
    return [base | {"y": low}, base | {"y": high, "fill": "tonexty", "fillcolor": "rgba(0, 114, 178, 0.18)"}]


def _amounts(found: _Spreads, values: Any, axis: str, where: str) -> dict[str, Any]:  # noqa: ANN401
    years = list(found.of.review.years)
    texts = [words.number(v, lang=found.of.lang, digits=0) if v == v else "" for v in values.tolist()]  # noqa: PLR0124
    return theme.labels(years, plain(values), texts, where) | {"yaxis": axis}

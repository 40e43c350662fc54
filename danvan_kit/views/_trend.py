"""How one figure of one area moved over the years."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from danvan_kit import cube, measures, theme, words
from danvan_kit.areas import Basis
from danvan_kit.cube import Floats
from danvan_kit.review import Review
from danvan_kit.views._common import (
    HIDDEN,
    INDICATOR,
    NO_BASE,
    about,
    hidden_count,
    indicator_sources,
    lower,
    plain,
    say,
    top_of,
    veiled,
    with_others,
    year_ticks,
)
from danvan_kit.views._turns import turns
from danvan_kit.views._view import View, later
from danvan_kit.views._years import Years, gaps_of, offices, states_of


def trend(
    review: Review, *, indicator: str = INDICATOR, area: str = "", basis: Basis = "as_was", lang: str = "vi"
) -> View:
    """Show an area's total of one indicator, year by year.

    Parameters
    ----------
    review
        The review.
    indicator
        What to show.
    area
        Empty: the top area.
    basis
        ``constant`` shows the smallest group of areas that no change crosses, over all years.
    lang
        Language.

    Returns
    -------
    View
        Table ``year, value`` and what is known of each year. A click sets the year.

    Raises
    ------
    IndicatorError, AreaError
        If either is unknown.
    """
    area = area or review.areas.root
    this = about(review, indicator, lang)
    members = review.areas.group(area) if basis == "constant" else (area,)
    values = cube.of(review).series(this.key, area, basis)
    bare = Years(review, this, lang, review.areas.rows(members), values, [], [], [], turns(review, members, lang))
    given, owed = offices(bare)
    found = replace(bare, given=given, owed=owed, states=states_of(bare, owed))
    columns = {
        "year": found.years,
        "value": veiled(values, _veil(found), lang),
        _change_label(found): _growth(found),
        say(lang, "Đơn vị đã báo cáo", "Offices that reported"): given,
        say(lang, "Đơn vị phải báo cáo", "Offices that owe it"): owed,
        say(lang, "Ghi chú", "Note"): found.states,
    }
    if this.counted:  # nobody reports it
        columns = {name: column for name, column in columns.items() if column is not given and column is not owed}
    return View(
        title=f"{this.label}: {' + '.join(found.names)}",
        table=later(columns),
        figure=_figure(found),
        reading=_reading(found),
        sources=indicator_sources(review, this, lang, *(turn.text for turn in found.changes)),
    )


def _veil(found: Years) -> NDArray[np.bool_]:
    """Tell in which years the figure is known and not shown."""
    return np.array([state == found.say(*HIDDEN) for state in found.states], dtype=np.bool_)


def _change_label(found: Years) -> str:
    """Return the heading of the changes: those of a ratio are differences, for its figures are per cent already."""
    unit = found.say("điểm %", "percentage points") if found.this.aggregation == "ratio" else "%"
    return found.say(f"Thay đổi so với năm trước ({unit})", f"Change on the year before ({unit})")


def _growth(found: Years) -> Floats:
    """Return per cent, of a ratio points, over the year before; of a partial year only a stock is whole."""
    if found.this.aggregation == "ratio":
        # From the figures as written, so that the reader's own subtraction agrees.
        points = np.diff(np.round(found.amounts, found.this.digits), prepend=np.nan)
        points[np.array(found.years) == found.partial] = np.nan
        return np.round(points, found.this.digits)
    partial = [found.partial] if found.partial and found.flow else []
    return 100 * np.array(measures.growths(found.years, found.amounts, partial=partial))


def _figure(found: Years) -> dict[str, Any]:
    years, gaps = found.years, gaps_of(found)
    written = found.write(found.amounts)
    hover, labels = [], []
    for year, text, gap, given, owed in zip(years, written, gaps, found.given, found.owed, strict=True):
        hover.append(f"<b>{year}</b>: {text} {found.this.unit}")
        if owed:
            hover[-1] += found.say(f"<br>{given}/{owed} đơn vị đã báo cáo", f"<br>{given} of {owed} offices reported")
        lacking = found.say(f"thiếu<br>{gap}/{owed}", f"{gap}/{owed}<br>missing") if gap else ""
        labels.append(f"{text}<br><i>{lacking}</i>" if gap else text)
    bars = found.this.aggregation in {"sum", "none"}
    trace = _bars(found, gaps) if bars else _line(found)
    trace |= {"x": years, "y": plain(found.amounts), "customdata": years, "hovertext": hover, "hoverinfo": "text"}
    layout = found.layout("year", bottom=74)
    layout["xaxis"] = theme.years_axis(years, year_ticks(found.review, found.lang))
    layout["yaxis"] = theme.axis(
        range=[0, top_of(found.amounts) * (1.28 if any(gaps) else 1.16)],
        title={"text": found.this.unit, "standoff": 6},
        tickformat=theme.TICKS,
        nticks=6,
        automargin=False,  # seven digits and the unit fit beside it; measuring them each time doubles a redraw
    )
    layout["margin"]["l"] = 80
    layout["hovermode"] = "x"  # a click anywhere in its column finds a low bar
    _blanks(layout, found)
    _lines(layout, found)
    return {"data": [trace, _labels(found, labels, bars=bars)], "layout": layout}


def _bars(found: Years, gaps: list[int]) -> dict[str, Any]:
    """Return bars: the partial year of a flow hatched, a year that lacks reports with an orange border."""
    hatched = [year == found.partial and found.flow for year in found.years]
    return {
        "type": "bar",
        "marker": {
            "color": [theme.SKY if half else theme.BLUE for half in hatched],
            "pattern": {"shape": ["/" if half else "" for half in hatched], "fgcolor": "#ffffff", "solidity": 0.35},
            "line": {"width": [2 if gap else 0 for gap in gaps], "color": theme.ORANGE},
        },
    }


def _line(found: Years) -> dict[str, Any]:
    """Return a line with a point a year, the partial one hollow."""
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "line": {"color": theme.BLUE, "width": 2.5},
        "marker": {
            "size": 10,
            "color": ["#ffffff" if year == found.partial else theme.BLUE for year in found.years],
            "line": {"color": theme.BLUE, "width": 2},
        },
        "cliponaxis": False,
    }


def _labels(found: Years, labels: list[str], *, bars: bool) -> dict[str, Any]:
    """Return the written figures; at the foot of a valley, where the line would run through them, below it."""
    values = found.amounts.tolist()
    known = [n for n, value in enumerate(values) if not math.isnan(value)]
    around = [-math.inf, *(-math.inf if math.isnan(value) else value for value in values), -math.inf]
    valley = [not bars and values[n] < min(around[n], around[n + 2]) for n in known]
    places = ["bottom center" if low else "top center" for low in valley]
    years, heights = [found.years[n] for n in known], [values[n] for n in known]
    return theme.labels(years, heights, [labels[n] for n in known], places)


def _blanks(layout: dict[str, Any], found: Years) -> None:
    """Shade the years without a figure and say why, so that nobody takes them for zero."""
    gone = np.isnan(found.amounts).tolist()
    blank = [state if lost else "" for lost, state in zip(gone, found.states, strict=True)]
    for why, run in itertools.groupby(range(len(blank)), key=blank.__getitem__):
        if not why:
            continue
        places = list(run)
        first, last = found.years[places[0]] - 0.45, found.years[places[-1]] + 0.45
        shape = {"type": "rect", "x0": first, "x1": last, "y0": 0, "y1": 1, "yref": "paper", "layer": "below"}
        layout["shapes"].append(shape | {"fillcolor": "#f1f2f3", "line": {"width": 0}})
        at = {"xref": "x", "xanchor": "center", "yanchor": "middle", "textangle": -90}
        layout["annotations"].append(theme.note(why, x=(first + last) / 2, y=0.5, color=theme.PALE_INK, place=at))


def _lines(layout: dict[str, Any], found: Years) -> None:
    """Draw a line where a change of areas falls."""
    line = {"color": theme.VERMILION, "width": 1.5, "dash": "dash"}
    for place, together in itertools.groupby(found.changes, key=lambda turn: turn.place):
        listed = list(together)
        shape = {"type": "line", "x0": place, "x1": place, "y0": 0, "y1": 1, "yref": "paper", "line": line}
        layout["shapes"].append(shape)
        short = f"{listed[0].day}<br>{', '.join(dict.fromkeys(turn.kind for turn in listed))}"
        late = place > found.years[-1] - 1  # at the right edge the words stand to the left of their line
        at = {"xref": "x", "xanchor": "right" if late else "left", "yanchor": "top", "xshift": -3 if late else 3}
        at |= {"hovertext": "<br>".join(turn.text for turn in listed)}
        layout["annotations"].append(theme.note(short, x=place, y=1, size=10, color=theme.VERMILION, place=at))


def _reading(found: Years) -> str:
    """From the first to the last full year with a figure; the peak; then what must not be concluded."""
    skipped = found.partial if found.flow else None
    pairs = zip(found.years, found.amounts.tolist(), strict=True)
    known = [(year, value) for year, value in pairs if not math.isnan(value) and year != skipped]
    if known:
        parts = [_movement(found, known[0], known[-1])]
        parts += _peak(found, known)
    else:
        parts = [found.say("Không có năm trọn vẹn nào có số liệu", "No full year has a figure")]
    if skipped and not np.isnan(found.amounts[-1]):
        parts.append(
            found.say(f"năm {skipped} chưa trọn năm, không so sánh", f"{skipped} is no full year, not compared")
        )
    if found.changes:
        days = ", ".join(dict.fromkeys(turn.day for turn in found.changes))
        parts.append(found.say(f"có thay đổi địa giới ({days})", f"boundaries changed ({days})"))
    parts += hidden_count(int(_veil(found).sum()), found.lang)
    if empty := [str(year) for year, state in zip(found.years, found.states, strict=True) if state in NO_BASE]:
        parts.append(f"{found.say(*NO_BASE)}: {', '.join(empty)}")
    late = [year for year, given, owed in zip(found.years, found.given, found.owed, strict=True) if given < owed]
    if late:
        years = ", ".join(map(str, late))
        parts.append(found.say(f"chưa đủ đơn vị báo cáo: {years}", f"not all offices reported: {years}"))
    return "; ".join(parts) + "."


def _peak(found: Years, known: list[tuple[int, float]]) -> list[str]:
    """Name the highest year between the first and the last, and how many share its figure."""
    peak = max(known, key=lambda pair: pair[1])
    ties = sum(value == peak[1] for _, value in known)
    if len(known) < 3:
        return []
    if ties == len(known):
        return [found.say(f"cả {ties} năm bằng nhau", f"all {ties} years are equal")]
    if peak[0] in (known[0][0], known[-1][0]):
        return []
    high = found.write([peak[1]])[0]
    years = with_others(str(peak[0]), ties - 1, found.lang, ("năm", "year", "years"))
    return [found.say(f"cao nhất năm {years} ({high})", f"the peak was {years} ({high})")]


def _movement(found: Years, first: tuple[int, float], last: tuple[int, float]) -> str:
    """Say what the last full year had, and how that stands to the first."""
    label, unit = lower(found.this.label), found.this.unit
    one, other = found.write([first[1], last[1]])
    if first[0] == last[0]:
        return found.say(f"Năm {last[0]}, {label}: {other} {unit}", f"{found.this.label}: {other} {unit} in {last[0]}")
    if found.this.aggregation == "ratio":
        # From the figures as written, so that the reader's own subtraction agrees.
        change = round(last[1], 1) - round(first[1], 1)
        size = words.number(abs(change), lang=found.lang, digits=1)
        size += found.say(" điểm phần trăm", " percentage points")
    else:
        change = last[1] - first[1]
        size = (
            words.percent(abs(change) / first[1], lang=found.lang)
            if first[1]
            else words.number(change, lang=found.lang)
        )
    move = found.say("tăng" if change > 0 else "giảm", "up" if change > 0 else "down") + f" {size}"
    if not change:
        move = found.say("không đổi", "unchanged")
    return found.say(
        f"Năm {last[0]}, {label}: {other} {unit}, {move} so với {first[0]} ({one})",
        f"{found.this.label}: {other} {unit} in {last[0]}, {move} on {first[0]} ({one})",
    )

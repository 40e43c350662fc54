"""Where an area stands among areas of its own kind, in every figure that it keeps."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from danvan_kit import theme, words
from danvan_kit.review import Review
from danvan_kit.views._alike import Alike, alike
from danvan_kit.views._common import (
    HIDDEN,
    LAST_FULL_YEAR,
    NO_BASE,
    About,
    chosen_year,
    closed,
    hidden_count,
    in_words,
    sources,
    texts,
    veiled,
)
from danvan_kit.views._tree import require_standing
from danvan_kit.views._view import View

EDGE, END = 1.04, 1.46
"""Where the written figures begin and where a row ends, when the lowest figure is at 0 and the highest at 1."""
LONG = 66
"""Letters of a heading that still fit on a telephone; a longer one goes without its unit, which the rest tells."""
CUTS = (
    ("Thấp nhất", "Lowest"),
    ("Tứ phân vị dưới", "Lower quartile"),
    ("Trung vị", "Median"),
    ("Tứ phân vị trên", "Upper quartile"),
    ("Cao nhất", "Highest"),
)


def peers(review: Review, *, area: str = "", year: int = LAST_FULL_YEAR, lang: str = "vi") -> View:
    """Set an area's figures beside those of the areas of its own kind, one row an indicator.

    The figures are totals over the area and everything below it, of the indicators that its level keeps. Peers are all
    areas of the same kind that report for `year`, the area among them; where they are fewer than three, all areas of
    the level, which the reading says. The top area has none: its figures stand alone. Quartiles are interpolated
    between neighbours, as spreadsheets do. A figure is in the top quarter when it is better than the quartile, so
    that a tie puts nobody there; of fewer than four known figures there are no quarters.

    Parameters
    ----------
    review
        The review.
    area
        Empty: the top area.
    year
        0: the last full year.
    lang
        Language.

    Returns
    -------
    View
        Table: indicator, unit, ``value``, lowest, quartiles, highest, position, areas with a figure, note. A click sets
        the indicator of the views that are linked to this one.

    Raises
    ------
    IndicatorError, AreaError
        If a choice is unknown or the area does not report for the year.
    """
    area, when = area or review.areas.root, chosen_year(review, year)
    require_standing(review, area, when)
    found, place = alike(review, area, when, lang)
    notes = _notes(found, place)
    name, period = review.areas.name(area), in_words(review, when, lang)
    beside = "" if found.alone else f" {found.say('trong', 'among')} {found.named}"
    return View(
        title=f"{name}{beside}, {period}" if beside else f"{name}: {found.say('các chỉ tiêu', 'indicators')}, {period}",
        table=_table(found, place, notes),
        figure=_figure(found, place, notes, name),
        reading=_reading(found, place, period),
        sources=_sources(found),
    )


# --- words ------------------------------------------------------------------------------------------------------------


def _notes(found: Alike, place: int) -> list[str]:
    """Say of each indicator why the area has no figure, or how far it can be trusted; empty when all is well."""
    out, total = [], len(found.rows)
    arrays = (found.amounts, found.late, found.bare, found.shared, found.veil)
    columns = (column[:, place].tolist() for column in arrays)
    for this, value, late, bare, shared, veil in zip(found.kept, *columns, strict=True):
        note = ("", "")
        if veil:
            note = HIDDEN
        elif bare:
            note = NO_BASE
        elif np.isnan(value) and found.year < this.first_year:
            note = (f"bắt đầu từ {this.first_year}", f"begins in {this.first_year}")
        elif np.isnan(value):
            note = ("chưa có báo cáo", "no report")
        elif late:
            note = (f"còn thiếu {late} báo cáo nên có thể còn tăng", f"{late} reports missing, so it may rise")
        elif shared == total > 1:
            note = (f"cả {total} đơn vị bằng nhau", f"all {total} areas are equal")
        out.append(found.say(*note))
    return out


def _position(found: Alike, n: int, place: int) -> str:
    """Return the place among those that have a figure, such as ``12/29``."""
    rank = found.ranks[n][place]
    return words.DASH if rank is None or found.alone else f"{rank}/{found.known[n]}"


def _table(found: Alike, place: int, notes: list[str]) -> pd.DataFrame:
    """Return the rows; a column holds figures of many units, so each keeps its own decimals (dtype object)."""
    columns: dict[str, Any] = {
        found.say("Chỉ tiêu", "Indicator"): [this.label for this in found.kept],
        found.say("Đơn vị tính", "Unit"): [this.unit for this in found.kept],
        "value": veiled(found.amounts[:, place], found.veil[:, place], found.lang).astype(object),
    }
    columns |= {found.say(*cut): found.cuts[:, n].astype(object) for n, cut in enumerate(CUTS)}
    columns |= {
        found.say("Vị trí", "Position"): [_position(found, n, place) for n in range(len(found.kept))],
        found.say("Số đơn vị có số liệu", "Areas with a figure"): found.known,
        found.say("Ghi chú", "Note"): notes,
    }
    return pd.DataFrame(columns)


def _reading(found: Alike, place: int, period: str) -> str:
    """Count the top and the bottom quarters and what has no figure; then say what must not be concluded."""
    total, when = len(found.kept), period[:1].upper() + period[1:]
    if found.alone:
        parts = [
            found.say(
                f"{when}: không có đơn vị nào cùng cấp để so sánh, chỉ ghi {total} chỉ tiêu của chính đơn vị",
                f"{when}: no other area of this level to compare with, only its own {total} indicators",
            )
        ]
        return "; ".join([*parts, *_gaps(found, place)]) + "."
    quarter = found.quarters[:, place]
    top, bottom = int((quarter > 0).sum()), int((quarter < 0).sum())
    parts = [
        found.say(
            f"{when}, trong {found.named}: {top}/{total} chỉ tiêu ở một phần tư đứng đầu, {bottom} ở một phần tư "
            "đứng cuối",
            f"{when}, among {found.named}: {top} of {total} indicators in the top quarter, {bottom} in the bottom one",
        )
    ]
    if not found.alike:
        parts.append(found.say("cùng loại quá ít nên so với cả cấp", "too few of its kind, so with the whole level"))
    end = found.say(
        "đơn vị lớn thường có số lớn hơn, nên vị trí chưa nói lên làm tốt hay kém",
        "a large area has larger counts, so a position is no verdict on its work",
    )
    return "; ".join([*parts, *_gaps(found, place), end]) + "."


def _gaps(found: Alike, place: int) -> list[str]:
    """Count the indicators without a figure, and those that may rise."""
    gone = len(_owed(found, place))
    late = int(((found.late[:, place] > 0) & ~np.isnan(found.amounts[:, place])).sum())
    parts = hidden_count(int(found.veil[:, place].sum()), found.lang)
    if gone:
        parts.append(found.say(f"{gone} chưa có số liệu, không phải bằng 0", f"{gone} have no figure, which is not 0"))
    if late:
        parts.append(found.say(f"{late} chưa đủ báo cáo nên có thể còn tăng", f"{late} lack reports and may rise"))
    return parts


def _owed(found: Alike, place: int) -> list[int]:
    """Return the rows of the indicators that have begun and have no figure, though there is something to divide by."""
    begun = np.array([found.year >= this.first_year for this in found.kept], dtype=np.bool_)
    told = found.bare[:, place] | found.veil[:, place]
    gone: list[int] = np.flatnonzero(np.isnan(found.amounts[:, place]) & ~told & begun).tolist()
    return gone


def _sources(found: Alike) -> tuple[str, ...]:
    backing = found.say(
        "Đếm từ nhật ký hoạt động (bảng records) hoặc do đơn vị báo cáo (bảng observations), gồm cả cấp dưới",
        "Counted from the log of activities (table records) or reported by the offices (table observations), with "
        "everything below",
    )
    rule = found.say(
        "Vị trí 1 là tốt nhất, với chỉ tiêu không có chiều tốt xấu là lớn nhất; bằng nhau thì cùng vị trí; một phần tư "
        "đứng đầu: tốt hơn tứ phân vị",
        "Position 1 is best, or largest where nothing is better or worse; ties share one; the top quarter is what is "
        "better than the quartile",
    )
    return sources(found.review, backing, found.lang, *([] if found.alone else [rule]))


# --- the picture ------------------------------------------------------------------------------------------------------


def _figure(found: Alike, place: int, notes: list[str], name: str) -> dict[str, Any]:
    keys, listed = [this.key for this in found.kept], list(range(len(found.kept)))
    hover, spots = _hover(found, place, notes, name), found.spots(found.amounts[:, [place]])[:, 0]
    # First, so that the arrow keys walk the rows: nothing to see, but a row tells everything wherever it is touched.
    rows = _bars([0.0] * len(listed), [END] * len(listed), listed, 0.96, "rgba(0, 0, 0, 0)")
    data = [rows | {"customdata": keys, "hovertext": hover, "hoverinfo": "text"}]
    if not found.alone:
        data += _others(found, keys)
    there = np.flatnonzero(~np.isnan(spots)).tolist()
    mark = {"size": 13, "color": theme.CHOSEN, "line": {"width": 1.5, "color": "#ffffff"}}
    told = {"customdata": [keys[n] for n in there], "hovertext": [hover[n] for n in there], "hoverinfo": "text"}
    data.append({"type": "scatter", "mode": "markers", "x": spots[there].tolist(), "y": there, "marker": mark} | told)
    above = [n - 0.42 for n in listed]
    data += [_written([0.0] * len(listed), above, [_head(this) for this in found.kept])]
    return {"data": data + _amounts(found, place, notes), "layout": _layout(found)}


def _others(found: Alike, keys: list[str]) -> list[dict[str, Any]]:
    """Return the line of each row, the middle half, the median and a dot for each figure of a peer."""
    there = np.flatnonzero(found.known).tolist()
    first, middle, third = (found.spots(found.cuts)[there, n].tolist() for n in (1, 2, 3))
    line: dict[str, Any] = {"type": "scatter", "mode": "lines", "line": {"color": "#b9c2c9", "width": 1}}
    line |= {"x": [0, 1, None] * len(there), "y": [n for n in there for _ in range(3)], "hoverinfo": "skip"}
    wide = [high - low for low, high in zip(first, third, strict=True)]
    tick = {"symbol": "line-ns", "size": 11, "line": {"width": 2, "color": theme.INK}}
    median = {"type": "scatter", "mode": "markers", "x": middle, "y": there, "marker": tick, "hoverinfo": "skip"}
    dots = {
        "type": "scatter",
        "mode": "markers",
        "x": [dot.spot for dot in found.dots],
        "y": [dot.row for dot in found.dots],
        "customdata": [keys[dot.row] for dot in found.dots],
        "marker": {"size": [dot.size for dot in found.dots], "color": theme.BLUE, "opacity": 0.55},
        "hovertext": [dot.text for dot in found.dots],
        "hoverinfo": "text",
    }
    return [_bars(first, wide, there, 0.3, "#c3daee") | {"hoverinfo": "skip"}, line, median, dots]


def _bars(start: list[float], wide: list[float], rows: list[int], high: float, color: str) -> dict[str, Any]:
    bars = {"type": "bar", "orientation": "h", "base": start, "x": wide, "y": rows, "width": high}
    return bars | {"marker": {"color": color, "line": {"width": 0}}}


def _written(x: list[float], y: list[Any], text: list[str], color: str = theme.INK) -> dict[str, Any]:
    return theme.labels(x, y, text, "middle right", color=color)


def _head(this: About) -> str:
    """Return an indicator's heading: label, unit, and a mark where less is better."""
    less = " ↓" if this.polarity == "lower" else ""
    return f"{this.named}{less}" if len(this.named) <= LONG else f"{this.label}{less}"


def _amounts(found: Alike, place: int, notes: list[str]) -> list[dict[str, Any]]:
    """Return the written figures at the right; where there is none, why, and a grey square if it is owed."""
    values = found.amounts[:, place]
    there, gone = (np.flatnonzero(mask).tolist() for mask in (~np.isnan(values), np.isnan(values)))
    shown = []
    for n in there:
        star = "*" if found.late[n, place] else ""
        rank = "" if found.alone else f" · {_position(found, n, place)}"
        shown.append(f"<b>{texts(values[n : n + 1], found.kept[n].digits, found.lang)[0]}</b>{star}{rank}")
    edge = 0.0 if found.alone else EDGE  # with nobody beside it the row is empty: the figure stands there
    data = [_written([edge] * len(there), there, shown)]
    if gone:
        lost = _owed(found, place)
        owed = [1 if n in lost else 0 for n in gone]
        square = {"symbol": "square", "size": 9, "color": theme.MISSING, "line": {"width": 1, "color": "#8a8a8a"}}
        short = f"⊘ {words.label('hidden', found.lang)}"  # the hover says why, at length
        texts_of = [short if found.veil[n, place] else notes[n] for n in gone]
        why = _written([edge + 0.02] * len(gone), gone, texts_of, theme.PALE_INK)
        data.append(why | {"marker": square | {"opacity": owed}})
    return data


def _hover(found: Alike, place: int, notes: list[str], name: str) -> list[str]:
    """Say everything of a row in words."""
    out = []
    for n, this in enumerate(found.kept):
        value = texts(found.amounts[n, place : place + 1], this.digits, found.lang)[0]
        lines = [f"<b>{this.label}</b>", f"{name}: {notes[n] if value == words.DASH else f'{value} {this.unit}'}"]
        if (at := _position(found, n, place)) != words.DASH:
            more = int(found.shared[n, place]) - 1
            ties = found.say(f", cùng với {more} đơn vị khác", f", shared with {more} others") if more else ""
            lines.append(f"{found.say('vị trí', 'position')} {at}{ties}")
        lines += found.told[n]
        out.append("<br>".join([*lines, *([notes[n]] if notes[n] and value != words.DASH else [])]))
    return out


def _layout(found: Alike) -> dict[str, Any]:
    total, source = len(found.kept), found.say("nhật ký và báo cáo", "log and reports")
    layout = theme.layout(
        found.lang,
        simulated=found.review.simulated,
        provenance=f"{found.say('Nguồn', 'Source')}: {source} · {closed(found.review, found.lang)}",
        click="indicator",
        height=34 * total + 160,
        bottom=96,
    )
    legend = found.say(
        "chấm to: đơn vị này · chấm nhỏ: các đơn vị khác<br>dải: nửa ở giữa · vạch: trung vị · *: chưa đủ báo cáo",
        "large dot: this area · small dots: the others<br>band: the middle half · line: median · *: reports lack",
    )
    ends = [] if found.alone else [found.say("thấp nhất", "lowest"), found.say("cao nhất", "highest")]
    legend = legend.rpartition(" · ")[2] if found.alone else legend
    title = {"text": legend, "standoff": 4, "font": {"size": 11, "color": theme.PALE_INK}}
    layout["xaxis"] = theme.axis(
        range=[-0.03, END],
        tickvals=[0, 1][: len(ends)],
        ticktext=ends,
        tickfont={"size": 11},
        showgrid=False,
        title=title,
    )
    layout["yaxis"] = theme.axis(range=[total - 0.6, -0.95], showgrid=False, tickvals=[], automargin=False)
    layout |= {"barmode": "overlay", "hovermode": "closest"}
    if not found.alone:
        at = {"xref": "x", "yanchor": "bottom", "yshift": 2}
        heading = found.say("số liệu · vị trí", "figure · position")
        layout["annotations"].append(theme.note(heading, x=EDGE, y=1, color=theme.PALE_INK, place=at))
    return layout

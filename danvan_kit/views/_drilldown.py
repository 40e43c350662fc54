"""What is a total made of? City, districts, communes, and each office's own work."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from danvan_kit import cube, theme, words
from danvan_kit.cube import Floats
from danvan_kit.indicators import IndicatorError
from danvan_kit.review import Review
from danvan_kit.views._common import (
    INDICATOR,
    About,
    about,
    chosen_year,
    frame,
    in_words,
    indicator_sources,
    provenance,
    require_kept,
    say,
    span,
    texts,
    tree,
)
from danvan_kit.views._view import View

OWN = "/own"
"""Ends the id of the leaf that holds an office's own work."""
# Urban and rural by hue, levels by shade; an office's own work stands out from what is below it.
COLORS = {
    ("city", True): "#dfe5ea",
    ("city", False): "#dfe5ea",
    ("district", True): "#8fc1e3",
    ("district", False): "#8fd1b8",
    ("commune", True): "#cfe3f3",
    ("commune", False): "#cdeadf",
}
OWN_COLOR = "#f2cf85"
READABLE = 0.0045
"""The share of the whole from which a sector can hold a label."""


def drilldown(
    review: Review, *, indicator: str = INDICATOR, year: int | None = None, area: str = "", lang: str = "vi"
) -> View:
    """Take a total apart: the areas below, and what the office did itself.

    Parameters
    ----------
    review
        The review.
    indicator
        One that adds up.
    year
        None: the whole review (flows only; of a stock the last full year).
    area
        Empty: the top area.
    lang
        Language.

    Returns
    -------
    View
        Table ``area, name``, total, own work and the share of the whole. A click sets the area.

    Raises
    ------
    IndicatorError
        If the figures do not add up over areas.
    """
    area = area or review.areas.root
    this = about(review, indicator, lang)
    _require_sum(this)
    when = None if year is None else chosen_year(review, year)
    if when is None and this.aggregation == "last":
        when = chosen_year(review, 0)
    branch = review.areas.branch(area)
    rows = np.arange(branch.start, branch.stop)
    require_kept(review, this, rows[:1])
    total, own = _values(review, this, rows, when)
    whole = total[0]
    shown = ~np.isnan(total)
    columns = {
        say(lang, "Cấp", "Level"): [words.label(str(x), lang) for x in tree(review).level[rows[shown]]],
        "value": total[shown],
        say(lang, "Tự tổ chức", "Own work"): own[shown],
        say(lang, "Phần trong tổng (%)", "Part of the whole (%)"): 100 * total[shown] / (whole or np.nan),
    }
    return View(
        title=f"{this.label}: {say(lang, 'cơ cấu của', 'what makes up')} {review.areas.name(area)}, "
        f"{in_words(review, when, lang)}",
        table=frame(review, rows[shown], columns),
        figure=_figure(review, this, rows, total, own, lang),
        reading=_reading(review, this, rows, total, own, lang),
        sources=indicator_sources(review, this, lang),
    )


def _require_sum(this: About) -> None:
    if this.aggregation in {"sum", "last"}:
        return
    why = {
        "ratio": ("là tỷ lệ, không cộng được", "is a ratio and does not add up"),
        "none": ("không phải số liệu cộng dồn giữa các cấp", "is not added over levels"),
    }[this.aggregation]
    raise IndicatorError(
        f"chỉ tiêu {this.key!r} {why[0]}; được dùng: chỉ tiêu có cách tổng hợp sum hoặc last",
        f"indicator {this.key!r} {why[1]}; allowed: aggregation sum or last",
    )


def _values(review: Review, this: About, rows: NDArray[np.intp], when: int | None) -> tuple[Floats, Floats]:
    """Return totals and own figures of a branch. Shape ``(area,)`` each."""
    found = cube.of(review)
    i = found.index(this.key)
    if when is not None:
        n = found.year(when)
        return found.total[i, rows, n], found.own[i, rows, n]
    first, last = span(review, None)  # type: ignore[misc]
    years = slice(found.year(first), found.year(last) + 1)
    return cube.nansum(found.total[i, rows, years], axis=1), cube.nansum(found.own[i, rows, years], axis=1)


def _figure(  # noqa: PLR0913 - one value a layer of the picture
    review: Review, this: About, rows: NDArray[np.intp], total: Floats, own: Floats, lang: str
) -> dict[str, Any]:
    known, areas = tree(review), review.areas
    urban = review.areas.table["urban"].to_numpy()
    ids, parents, labels, values, colors, keys, tips = [], [], [], [], [], [], []
    mine = say(lang, "tự tổ chức", "own work")
    own_digits = this.digits
    for n, row in enumerate(rows.tolist()):
        value = total[n]
        if not value > 0:  # nothing and not known have no size; the table tells them apart
            continue
        area, level, leaf = areas.ids[row], known.level[row], areas.end[row] == row + 1
        written = texts([value], own_digits, lang)[0]
        name = known.names[row] if level == "city" else known.shorts[row]
        ids.append(area)
        parents.append(areas.ids[known.parent[row]] if n else "")
        labels.append(_label(name, written, value / total[0], leaf=leaf))
        values.append(value)
        colors.append(COLORS.get((level, bool(urban[row])), COLORS["commune", True]))
        keys.append(area)
        tips.append(f"<b>{known.names[row]}</b><br>{written} {this.unit}")
        if not leaf and own[n] > 0:
            written = texts([own[n]], own_digits, lang)[0]
            ids.append(area + OWN)
            parents.append(area)
            labels.append(_label(mine, written, own[n] / total[0], leaf=True))
            values.append(own[n])
            colors.append(OWN_COLOR)
            keys.append(area)
            tips.append(f"<b>{known.names[row]}</b>, {mine}<br>{written} {this.unit}")
    trace = {
        "type": "treemap",
        "branchvalues": "total",
        "ids": ids,
        "parents": parents,
        "labels": labels,
        "values": values,
        "customdata": keys,
        "hovertext": tips,
        "hoverinfo": "text",
        "texttemplate": "%{label}",
        "textposition": "middle center",
        "marker": {
            "colors": colors,
            "line": {"width": 1, "color": "#ffffff"},
            "pad": {"t": 18, "l": 2, "r": 2, "b": 2},
        },
        "tiling": {"pad": 1, "squarifyratio": 1.4},
        "pathbar": {"visible": False},
        "sort": True,
    }
    layout = theme.layout(
        lang, simulated=review.simulated, provenance=provenance(review, this, lang), click="area", bottom=52, height=520
    )
    legend = say(
        lang,
        "xanh dương: đô thị · xanh lục: nông thôn · vàng: cơ quan tự tổ chức",
        "blue: urban · green: rural · yellow: the office's own work",
    )
    layout["annotations"].append(theme.note(legend, x=0, y=0, yanchor="top", yshift=-6, size=11, color=theme.PALE_INK))
    return {"data": [trace], "layout": layout}


def _label(name: str, written: str, part: float, *, leaf: bool) -> str:
    """Return a sector's label: on one line in a heading, on two in a leaf, none where it could not be read."""
    if not leaf:
        return f"{name} <b>{written}</b>"
    return f"{name}<br><b>{written}</b>" if part >= READABLE else ""


def _reading(  # noqa: PLR0913 - the rule looks at all that is known
    review: Review, this: About, rows: NDArray[np.intp], total: Floats, own: Floats, lang: str
) -> str:
    """Split the total by level; name the largest part directly below."""
    if not total[0] > 0:
        return say(lang, "Không có số liệu để phân tích.", "There is no figure to take apart.")
    known = tree(review)
    level = known.level[rows]
    parts = []
    for key, vi, en in (
        ("city", "Thành phố tự tổ chức", "the city itself"),
        ("district", "cấp quận, huyện", "districts"),
        ("commune", "cấp xã, phường", "communes"),
    ):
        held = float(np.nansum(own[level == key]))
        if held > 0:
            written = words.percent(held / total[0], lang=lang)
            parts.append(f"{say(lang, vi, en)} {texts([held], this.digits, lang)[0]} ({written})")
    whole = texts([total[0]], this.digits, lang)[0]
    text = say(lang, f"Tổng {whole} {this.unit}: ", f"Total {whole} {this.unit}: ") + ", ".join(parts)
    below = np.flatnonzero((known.parent[rows] == rows[0]) & (total > 0))
    if len(below):
        most = below[int(np.argmax(total[below]))]
        part = words.percent(total[most] / total[0], lang=lang)
        name = known.names[rows[most]]
        text += say(
            lang, f"; phần lớn nhất bên dưới là {name} ({part})", f"; the largest part below is {name} ({part})"
        )
    return text + "."

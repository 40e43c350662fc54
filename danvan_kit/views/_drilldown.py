"""What a total is made of: city, districts, communes, and each office's own work."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from danvan_kit import cube, theme, words
from danvan_kit.areas import rank
from danvan_kit.cube import Floats
from danvan_kit.review import Review
from danvan_kit.views._common import (
    HIDDEN,
    INDICATOR,
    About,
    Found,
    about,
    chosen_year,
    hidden_count,
    in_words,
    indicator_sources,
    lacking,
    last_full_year,
    require_kept,
    say,
    span,
    veiled,
)
from danvan_kit.views._members import require_sum
from danvan_kit.views._tree import company, name_of, require_standing, tree
from danvan_kit.views._view import View

OWN = "/own"
"""Ends the id of the leaf that holds an office's own work."""
# Urban and rural by hue, levels by shade; an office's own work stands out from what is below it.
COLORS = {
    ("country", False): "#eef1f4",
    ("city", True): "#dfe5ea",
    ("city", False): "#dfe5ea",
    ("district", True): "#8fc1e3",
    ("district", False): "#8fd1b8",
    ("commune", True): "#cfe3f3",
    ("commune", False): "#cdeadf",
}
OWN_COLOR = "#f2cf85"
MOST = 2_000
"""Areas that a picture and its table hold; of more, the lowest levels are left to the areas above them."""
READABLE = 0.0045
"""The share of the whole from which a sector can hold a label."""
PARTS = {
    "city": ("Thành phố tự tổ chức", "the city itself"),
    "province": ("cấp tỉnh", "provinces"),
    "district": ("cấp quận, huyện", "districts"),
    "commune": ("cấp xã, phường", "communes"),
}


@dataclass(frozen=True, eq=False)
class _Branch(Found):
    """A branch in pre-order: ``amounts`` are totals, ``own`` what each office did itself. Shape ``(area,)``.

    ``gaps`` counts the reports that lack below, ``gone`` the totals that are hidden; own figures are hidden where
    ``veil_own``. ``cut`` is the depth below which no area is drawn; -1: all are.
    """

    own: Floats
    chosen: str
    gaps: int
    veil_own: NDArray[np.bool_]
    gone: int
    cut: int = -1

    @property
    def whole(self) -> float:
        """The total of the branch; NaN when nothing is known."""
        return float(self.amounts[0])


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
        None: the whole review for a flow, the last full year for a stock.
    area
        Empty: the top area. One with nothing below it is pointed out within the area above it.
    lang
        Language.

    Returns
    -------
    View
        Table ``area, name``, total, own work and the share of the whole. A click sets the area.

    Raises
    ------
    IndicatorError
        If the figures do not add up over areas, or are not kept there.
    """
    this, top = about(review, indicator, lang), company(review, area, None)
    require_sum(this)
    when = None if year is None else chosen_year(review, year)
    if when is None and this.aggregation == "last":
        when = last_full_year(review)
    require_standing(review, top, when)
    branch = review.areas.branch(top)
    rows = np.arange(branch.start, branch.stop)
    require_kept(review, this, rows[:1])
    total, own = _values(review, this, rows, when)
    veil, veil_own = _veils(review, this, rows, when)
    shown = ~np.isnan(total) | veil
    shown[0] = True  # the top stays, figure or not
    gone = int(veil.sum())
    gaps = _gaps(review, this, rows, when)
    found = _Branch(review, this, lang, rows[shown], total[shown], own[shown], area, gaps, veil_own[shown], gone)
    named = {level: words.label(key, lang) for level, key in review.areas.levels.items()}
    drawn, kept = _drawn(found)
    columns = {
        say(lang, "Cấp", "Level"): [named[level] for level in tree(review).level[drawn.rows].tolist()],
        "value": veiled(drawn.amounts, veil[shown][kept], lang),
        say(lang, "Tự tổ chức", "Own work"): veiled(drawn.own, veil_own[shown][kept], lang),
        say(lang, "Phần trong tổng (%)", "Part of the whole (%)"): 100 * drawn.amounts / (drawn.whole or np.nan),
    }
    return View(
        title=f"{this.label}: {say(lang, 'cơ cấu của', 'what makes up')} {name_of(review, top)}, "
        f"{in_words(review, when, lang)}",
        table=drawn.table(columns),
        figure=_figure(drawn),
        reading=_reading(found) + _left_out(found, drawn),
        sources=indicator_sources(review, this, lang),
    )


def _drawn(found: _Branch) -> tuple[_Branch, NDArray[np.bool_]]:
    """Return what is drawn, and which rows that is: whole levels from the top, as `MOST` lets in; two at least."""
    depth = tree(found.review).depth[found.rows]
    if len(depth) <= MOST:
        return found, np.ones(len(depth), dtype=np.bool_)
    below = np.cumsum(np.bincount(depth - depth[0]))
    cut = int(depth[0]) + max(1, int((below <= MOST).sum()) - 1)
    kept = depth <= cut
    return replace(found, rows=found.rows[kept], amounts=found.amounts[kept], own=found.own[kept], cut=cut), kept


def _left_out(found: _Branch, drawn: _Branch) -> str:
    """Say how many areas are not drawn, and how to see them."""
    if not (left := len(found.rows) - len(drawn.rows)):
        return ""
    count = words.number(left, lang=found.lang)
    return found.say(
        f" Hình và bảng chưa vẽ {count} đơn vị cấp dưới; bấm vào một đơn vị để xem bên trong.",
        f" {count} areas further below are not drawn; click an area to see inside it.",
    )


def _values(review: Review, this: About, rows: NDArray[np.intp], when: int | None) -> tuple[Floats, Floats]:
    """Return totals and own figures of a branch. Shape ``(area,)`` each."""
    found, period = cube.of(review), span(review, when)
    return found.column(this.key, rows, period), found.column(this.key, rows, period, scope="own")


def _veils(
    review: Review, this: About, rows: NDArray[np.intp], when: int | None
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Tell where a branch's totals and own figures are known and not shown. Shape ``(area,)`` each."""
    found, period = cube.of(review), span(review, when)
    return found.hidden(this.key, rows, period), found.hidden(this.key, rows, period, scope="own")


def _gaps(review: Review, this: About, rows: NDArray[np.intp], when: int | None) -> int:
    """Return how many reports lack in a branch."""
    gaps = lacking(review, this, rows[:1])[0]
    return int(gaps.sum() if when is None else gaps[cube.of(review).year(when)])


def _figure(found: _Branch) -> dict[str, Any]:
    sectors = _sectors(found)
    pointed = found.chosen if found.chosen != found.ids[0] else ""
    trace = {
        "type": "treemap",
        "branchvalues": "total",
        **{key: [sector[key] for sector in sectors] for key in ("ids", "parents", "labels", "values", "text")},
        "customdata": [sector["area"] for sector in sectors],
        "hovertext": [sector["tip"] for sector in sectors],
        "hoverinfo": "text",
        "textinfo": "text",
        "textposition": "middle center",
        "marker": {
            "colors": [sector["color"] for sector in sectors],
            "line": {
                "width": [4 if sector["ids"] == pointed else 1 for sector in sectors],
                "color": [theme.CHOSEN if sector["ids"] == pointed else "#ffffff" for sector in sectors],
            },
            "pad": {"t": 18, "l": 2, "r": 2, "b": 2},
        },
        "tiling": {"pad": 1, "squarifyratio": 1.4},
        "pathbar": {"visible": False},
    }
    layout = found.layout("area", bottom=68 if found.gone else 52, height=520)
    legend = found.say(
        "xanh dương: đô thị · xanh lục: nông thôn · vàng: cơ quan tự tổ chức",
        "blue: urban · green: rural · yellow: the office's own work",
    )
    if found.gone:  # the rest of the whole, which no sector names
        legend += found.say(f"<br>⊘ chỗ không tên: {HIDDEN[0]}", f"<br>⊘ unnamed space: {HIDDEN[1]}")
    at = {"yanchor": "top", "yshift": -6}
    layout["annotations"].append(theme.note(legend, x=0, y=0, color=theme.PALE_INK, place=at))
    return {"data": [trace], "layout": layout}


def _sectors(found: _Branch) -> list[dict[str, Any]]:
    """Return the sectors. Nothing and not known have no size and are left out; the table tells them apart."""
    known, areas, this, whole = tree(found.review), found.review.areas, found.this, found.whole
    mine = found.say("tự tổ chức", "own work")
    written, own_written = found.write(found.amounts), found.write(found.own)
    values, own, rows = found.amounts.tolist(), found.own.tolist(), found.rows.tolist()
    leaves = ((areas.end[found.rows] == found.rows + 1) | (known.depth[found.rows] == found.cut)).tolist()
    levels = known.level[found.rows].tolist()
    out = []
    for n in np.flatnonzero(found.amounts > 0).tolist():
        row, area, leaf, level, name = rows[n], found.ids[n], leaves[n], levels[n], found.names[n]
        shown = known.shorts[row] if rank(level) > 0 else name
        out.append(
            {
                "ids": area,
                "parents": areas.ids[known.parent[row]] if n else "",
                "labels": name if leaf else f"{shown} <b>{written[n]}</b>",  # a heading shows its label only
                "text": _label(shown, written[n], values[n] / whole),
                "values": values[n],
                "color": COLORS.get((level, known.urban[row]), COLORS["commune", True]),
                "area": area,
                "tip": f"<b>{name}</b><br>{written[n]} {this.unit}",
            }
        )
        if not leaf and own[n] > 0:
            out.append(
                {
                    "ids": area + OWN,
                    "parents": area,
                    "labels": f"{name}, {mine}",
                    "text": _label(mine, own_written[n], own[n] / whole),
                    "values": own[n],
                    "color": OWN_COLOR,
                    "area": area,
                    "tip": f"<b>{name}</b>, {mine}<br>{own_written[n]} {this.unit}",
                }
            )
    return out


def _label(name: str, written: str, part: float) -> str:
    """Return a leaf's text; none where it could not be read."""
    return f"{name}<br><b>{written}</b>" if part >= READABLE else ""


def _reading(found: _Branch) -> str:
    """Split the total by level; name the largest part directly below."""
    whole = found.whole
    if not whole > 0:
        return found.say("Không có số liệu để phân tích.", "There is no figure to take apart.")
    known = tree(found.review)
    level, own, parts = known.level[found.rows], np.where(np.isnan(found.own), 0, found.own), []
    called = found.review.areas.levels
    veiled_levels = {key for key in called if found.veil_own[level == key].any()}
    for key, (vi, en) in ((key, PARTS[name]) for key, name in called.items() if name in PARTS):
        held = float(own[level == key].sum())
        if veiled_levels == {key}:  # what is hidden here is in the total: the rest of it
            held = whole - float(own[level != key].sum())
        elif key in veiled_levels:
            continue
        if held > 0:
            share = words.percent(held / whole, lang=found.lang)
            parts.append(f"{found.say(vi, en)} {found.write([held])[0]} ({share})")
    total = found.write([whole])[0]
    text = found.say(f"Tổng {total} {found.this.unit}: ", f"Total {total} {found.this.unit}: ") + ", ".join(parts)
    below = np.flatnonzero((known.parent[found.rows] == found.rows[0]) & (found.amounts > 0))
    if len(below):
        most = int(below[int(np.argmax(found.amounts[below]))])
        share, name = words.percent(found.amounts[most] / whole, lang=found.lang), found.names[most]
        text += found.say(
            f"; phần lớn nhất bên dưới là {name} ({share})", f"; the largest part below is {name} ({share})"
        )
    text += "".join(f"; {part}" for part in hidden_count(found.gone, found.lang))
    if found.gaps:
        gaps = words.number(found.gaps, lang=found.lang)
        text += found.say(
            f"; còn thiếu {gaps} báo cáo nên tổng có thể còn tăng", f"; {gaps} reports lack, so the total may rise"
        )
    return text + "."

"""Where in the city how much is: a tile a district, neighbours beside neighbours."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from danvan_kit import cube, theme
from danvan_kit.review import Review
from danvan_kit.theme import Cell
from danvan_kit.views._common import (
    INDICATOR,
    LAST_FULL_YEAR,
    NO_BASE,
    Per,
    about,
    chosen_year,
    hidden_count,
    in_words,
    indicator_sources,
    lacking,
    may_rise,
    say,
    top_of,
    with_others,
)
from danvan_kit.views._figures import Figures, figures, population_source
from danvan_kit.views._tree import rows_below, tree
from danvan_kit.views._view import View

FLOOR = -1.0
"""Stands on the map for what is missing."""
_wrapped = lru_cache(maxsize=1024)(theme.wrap)


def tilemap(  # noqa: PLR0913 - the review and its choices
    review: Review,
    *,
    indicator: str = INDICATOR,
    year: int = LAST_FULL_YEAR,
    area: str = "",
    per: Per = "count",
    lang: str = "vi",
) -> View:
    """Map the districts as they were that year, one tile each.

    Parameters
    ----------
    review
        The review.
    indicator
        What to show.
    year
        0: the last full year.
    area
        Framed on the map; a commune frames its district.
    per
        ``population``: per 10.000 inhabitants, for a year in which the population is known.
    lang
        Language.

    Returns
    -------
    View
        Table ``area, name, value``. A click sets the area.

    Raises
    ------
    IndicatorError, AreaError, MeasureError
        If a choice is unknown, the indicator is not kept below the city, or no population is known.
    """
    this, when = about(review, indicator, lang), chosen_year(review, year)
    rows = rows_below(review, review.areas.root, None, when)
    rows = rows[np.argsort(tree(review).order[rows])]
    found = Figures(review, this, lang, rows, figures(review, this, rows, when, per=per), when, per)
    chosen = {area, *review.areas.ancestors(area)} if area else set()
    return View(
        title=f"{found.heading}, {in_words(review, when, lang)}: "
        f"{say(lang, 'bản đồ ô các quận, huyện', 'tile map of the districts')}",
        table=found.table({"value": found.column}),
        figure=_figure(found, chosen),
        reading=_reading(found, chosen),
        sources=indicator_sources(review, this, lang, *population_source(found)),
    )


@dataclass(frozen=True)
class _Mosaic:
    """Where the tiles of some areas lie; by area, in their order.

    Attributes
    ----------
    size
        Rows and columns of tiles.
    bricks
        Places in the grid of half bricks, as (row, column).
    paths
        The borders around the tiles.
    middles
        (x, y) of each area's last tile.
    """

    size: tuple[int, int]
    bricks: tuple[tuple[Cell, ...], ...]
    paths: tuple[str, ...]
    middles: tuple[tuple[float, float], ...]


@lru_cache(maxsize=64)
def _mosaic(ids: tuple[str, ...]) -> _Mosaic:
    """Lay the tiles of some areas; the same in all figures of a year."""
    cells = list(theme.tiles(ids).values())
    places = [place for own in cells for place in own]
    last = [own[-1] for own in cells]
    return _Mosaic(
        size=(1 + max(r for r, _ in places), 1 + max(c for _, c in places)),
        bricks=tuple(tuple((r, 2 * c + _shift(r) + half) for r, c in own for half in (0, 1)) for own in cells),
        paths=tuple(map(_path, cells)),
        middles=tuple((c + 0.5 + _shift(r) / 2, r + 0.5) for r, c in last),
    )


def _shift(row: int) -> int:
    """Return by how many half tiles a row stands to the right."""
    return (row + 1) % 2


def _path(cells: tuple[Cell, ...]) -> str:
    """Return the border around an area's tiles, of which the second, if any, stands below the first."""
    corners = []
    for r, c in cells:  # down the right side
        right = c + 1 + _shift(r) / 2
        corners += [(right, r), (right, r + 1)]
    for r, c in reversed(cells):  # and up the left
        corners += [(c + _shift(r) / 2, r + 1), (c + _shift(r) / 2, r)]
    return "M" + " L".join(f"{x},{y}" for x, y in corners) + " Z"


def _figure(found: Figures, chosen: set[str]) -> dict[str, Any]:
    mosaic = _mosaic(tuple(found.ids))
    depth, width = mosaic.size
    layout = found.layout("area", bottom=34)
    layout["annotations"] = layout["annotations"][:2]  # no mark across the tiles: each carries its figure
    layout["xaxis"] = {"visible": False, "fixedrange": True, "range": [-0.05, width + 0.55]}
    layout["yaxis"] = {"visible": False, "fixedrange": True, "range": [depth + 0.02, -0.02]}
    framed = [area in chosen for area in found.ids]
    layout["shapes"] = [_outline(path, framed=frame) for path, frame in zip(mosaic.paths, framed, strict=True)]
    layout["shapes"].sort(key=lambda shape: shape["line"]["width"])  # the frame lies on top
    at = {"xanchor": "right", "yanchor": "bottom", "yshift": 10}
    unit = f"{found.unit} · {found.say('đậm: nhiều hơn', 'dark: more')}"
    layout["annotations"].append(theme.note(unit, x=1, y=1, color=theme.PALE_INK, place=at))
    return {"data": [_grid(found, mosaic), _names(found, mosaic)], "layout": layout}


def _grid(found: Figures, mosaic: _Mosaic) -> dict[str, Any]:
    """Return the tiles as a grid of half bricks: a heat map answers hover and click all over a tile."""
    depth, width = mosaic.size
    grid: list[list[list[Any]]] = [[[None] * (2 * width + 1) for _ in range(depth)] for _ in range(3)]
    values, areas, tips = grid
    heights = np.where(np.isnan(found.amounts), FLOOR, found.amounts).tolist()
    for bricks, area, name, value, told in zip(mosaic.bricks, found.ids, found.names, heights, found.told, strict=True):
        tip = f"<b>{name}</b><br>{told}"
        for row, column in bricks:
            values[row][column], areas[row][column], tips[row][column] = value, area, tip
    return {
        "type": "heatmap",
        "x0": 0.25,
        "dx": 0.5,
        "y0": 0.5,
        "dy": 1,
        "z": values,
        "customdata": areas,
        "text": tips,
        "hoverinfo": "text",
        "hoverongaps": False,
        "showscale": False,
    } | _colors(top_of(found.amounts))


def _names(found: Figures, mosaic: _Mosaic) -> dict[str, Any]:
    """Return the labels: name and figure in the middle of an area's last tile, clear of its border's corners."""
    shares = found.amounts / top_of(found.amounts)
    return {
        "type": "scatter",
        "mode": "text",
        "x": [x for x, _ in mosaic.middles],
        "y": [y for _, y in mosaic.middles],
        "text": [f"{_wrapped(a)}<br><b>{b}</b>" for a, b in zip(found.labels, found.shown, strict=True)],
        "textfont": {"size": 11, "color": [theme.contrast(s) for s in shares.tolist()]},
        "hoverinfo": "skip",
        "cliponaxis": False,
    }


def _outline(path: str, *, framed: bool) -> dict[str, Any]:
    """Return the border of an area."""
    line = {"color": theme.CHOSEN, "width": 4} if framed else {"color": "#ffffff", "width": 3}
    return {"type": "path", "path": path, "line": line, "layer": "above"}


def _colors(high: float) -> dict[str, Any]:
    """Return the scale: from zero, so that a shade means an amount; grey for what is missing, a value below zero."""
    edge = -FLOOR / (high - FLOOR)
    scale: list[list[Any]] = [[0.0, theme.MISSING], [edge * 0.999, theme.MISSING]]
    scale += [[edge + (1 - edge) * at, color] for at, color in theme.SEQUENTIAL]
    return {"colorscale": scale, "zmin": FLOOR, "zmax": high, "zauto": False}


def _reading(found: Figures, chosen: set[str]) -> str:
    """Name the three highest and the lowest, then the chosen one's place; then what must not be concluded."""
    known = np.flatnonzero(~np.isnan(found.amounts))
    if not len(known):
        return found.say("Chưa đơn vị nào có số liệu.", "No area has a figure.")
    order = known[np.argsort(-found.amounts[known], kind="stable")].tolist()
    shown = found.shown
    parts = [_ends(found, order)]
    for n in order:
        if found.ids[n] in chosen:
            place = 1 + int((found.amounts[known] > found.amounts[n]).sum())
            text = f"{found.names[n]} ({shown[n]}): {place}/{len(order)}"
            parts.append(found.say(f"vị trí của {text}", f"place of {text}"))
    if found.per == "count" and found.this.aggregation == "sum":
        parts.append(
            found.say("số tuyệt đối, chưa tính đến quy mô dân số", "absolute figures, regardless of population")
        )
    if bare := int(found.empty.sum()):
        parts.append(found.say(f"{bare} đơn vị có {NO_BASE[0]}", f"in {bare} areas the {NO_BASE[1]}"))
    parts += hidden_count(veiled := int(found.veil.sum()), found.lang)
    if nothing := len(found.rows) - len(known) - bare - veiled:
        parts.append(found.say(f"{nothing} đơn vị chưa có số liệu", f"{nothing} areas have no figure"))
    gaps = lacking(found.review, found.this, found.rows)[:, cube.of(found.review).year(found.year or 0)]
    late = int(((gaps > 0) & ~np.isnan(found.amounts)).sum())
    return "; ".join([*parts, *may_rise(late, len(found.rows), found.lang)]) + "."


def _ends(found: Figures, order: list[int]) -> str:
    """Name the three highest and the lowest, with whoever shares the last named place."""
    values, shown = found.amounts[order], found.shown
    if len(order) > 1 and values[0] == values[-1]:
        text = f"{shown[order[0]]} {found.unit}"
        return found.say(f"Cả {len(order)} đơn vị bằng nhau ({text})", f"All {len(order)} areas are equal ({text})")
    named = [f"{found.names[n]} ({shown[n]})" for n in order]
    top = [text for text, value in zip(named[:3], values[:3], strict=True) if value > values[-1]] or named[:1]
    top[-1] = with_others(top[-1], int((values[len(top) :] == values[len(top) - 1]).sum()), found.lang)
    low = with_others(named[-1], int((values[:-1] == values[-1]).sum()), found.lang)
    of_shown = found.say(" trong các số được nêu", " of those shown") if found.veil.any() else ""
    return found.say(
        f"Cao nhất: {', '.join(top)}; thấp nhất{of_shown}: {low}", f"Highest: {', '.join(top)}; lowest{of_shown}: {low}"
    )

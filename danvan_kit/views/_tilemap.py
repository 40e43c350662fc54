"""Where in the city how much is: a tile a district, neighbours beside neighbours."""

from __future__ import annotations

from typing import Any

import numpy as np

from danvan_kit import cube, theme, words
from danvan_kit.cube import Floats
from danvan_kit.review import Review
from danvan_kit.theme import Cell
from danvan_kit.views._common import (
    INDICATOR,
    LAST_FULL_YEAR,
    NO_BASE,
    Per,
    about,
    chosen_year,
    in_words,
    indicator_sources,
    lacking,
    may_rise,
    say,
    with_others,
)
from danvan_kit.views._figures import Figures, figures, population_source
from danvan_kit.views._tree import rows_below, tree
from danvan_kit.views._view import View


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
        table=found.table({"value": found.amounts}),
        figure=_figure(found, chosen),
        reading=_reading(found, chosen),
        sources=indicator_sources(review, this, lang, *population_source(found)),
    )


def _figure(found: Figures, chosen: set[str]) -> dict[str, Any]:
    cells = theme.tiles(found.ids)
    places = [place for own in cells.values() for place in own]
    depth, width = 1 + max(r for r, _ in places), 1 + max(c for _, c in places)
    layout = found.layout("area", bottom=34)
    layout["annotations"] = layout["annotations"][:2]  # no mark across the tiles: each carries its figure
    layout["xaxis"] = {"visible": False, "fixedrange": True, "range": [-0.05, width + 0.55]}
    layout["yaxis"] = {"visible": False, "fixedrange": True, "range": [depth + 0.02, -0.02]}
    layout["shapes"] = [_outline(cells[area], theme.CHOSEN if area in chosen else "#ffffff") for area in found.ids]
    layout["shapes"].sort(key=lambda shape: shape["line"]["width"])  # the frame lies on top
    at = {"xanchor": "right", "yanchor": "bottom", "yshift": 10}
    unit = f"{found.unit} · {found.say('đậm: nhiều hơn', 'dark: more')}"
    layout["annotations"].append(theme.note(unit, x=1, y=1, color=theme.PALE_INK, place=at))
    return {"data": [_grid(found, cells, depth, width), _names(found, cells)], "layout": layout}


def _grid(found: Figures, cells: dict[str, tuple[Cell, ...]], depth: int, width: int) -> dict[str, Any]:
    """Return the tiles as a grid of half bricks: a heat map answers hover and click all over a tile."""
    low, high = _range(found.amounts)
    grid: list[list[list[Any]]] = [[[None] * (2 * width + 1) for _ in range(depth)] for _ in range(3)]
    tiles = zip(found.ids, found.names, found.amounts.tolist(), found.shown, found.lost, strict=True)
    for area, name, value, text, why in tiles:
        there = text != words.DASH
        tip = f"{text} {found.unit}" if there else why
        for r, c in cells[area]:
            for column in (2 * c + _shift(r), 2 * c + _shift(r) + 1):
                for part, content in zip(
                    grid, (value if there else low - 1, area, f"<b>{name}</b><br>{tip}"), strict=True
                ):
                    part[r][column] = content
    return {
        "type": "heatmap",
        "x0": 0.25,
        "dx": 0.5,
        "y0": 0.5,
        "dy": 1,
        "z": grid[0],
        "customdata": grid[1],
        "text": grid[2],
        "hoverinfo": "text",
        "hoverongaps": False,
        "showscale": False,
    } | _colors(low, high)


def _names(found: Figures, cells: dict[str, tuple[Cell, ...]]) -> dict[str, Any]:
    """Return the labels: name and figure in the middle of an area's last tile, clear of its border's corners."""
    low, high = _range(found.amounts)
    last = [cells[area][-1] for area in found.ids]
    shares = (found.amounts - low) / (high - low)
    return {
        "type": "scatter",
        "mode": "text",
        "x": [c + 0.5 + _shift(r) / 2 for r, c in last],
        "y": [r + 0.5 for r, _ in last],
        "text": [f"{theme.wrap(a)}<br><b>{b}</b>" for a, b in zip(found.labels, found.shown, strict=True)],
        "textfont": {"size": 11, "color": [theme.contrast(s) for s in shares.tolist()]},
        "hoverinfo": "skip",
        "cliponaxis": False,
    }


def _shift(row: int) -> int:
    """Return by how many half tiles a row stands to the right."""
    return (row + 1) % 2


def _outline(cells: tuple[Cell, ...], color: str) -> dict[str, Any]:
    """Return the border around an area's tiles, of which the second, if any, stands below the first."""
    corners = []
    for r, c in cells:  # down the right side
        right = c + 1 + _shift(r) / 2
        corners += [(right, r), (right, r + 1)]
    for r, c in reversed(cells):  # and up the left
        corners += [(c + _shift(r) / 2, r + 1), (c + _shift(r) / 2, r)]
    path = "M" + " L".join(f"{x},{y}" for x, y in corners) + " Z"
    line = {"color": color, "width": 4 if color == theme.CHOSEN else 3}
    return {"type": "path", "path": path, "line": line, "layer": "above"}


def _range(values: Floats) -> tuple[float, float]:
    """Return the ends of the colour scale: from zero, so that a shade means an amount."""
    return 0.0, 1.0 if np.isnan(values).all() else float(np.nanmax(values)) or 1.0


def _colors(low: float, high: float) -> dict[str, Any]:
    """Return the scale, with grey for what is missing: a value below the lowest one."""
    floor = low - 1
    edge = (low - floor) / (high - floor)
    scale: list[list[Any]] = [[0.0, theme.MISSING], [edge * 0.999, theme.MISSING]]
    scale += [[edge + (1 - edge) * at, color] for at, color in theme.SEQUENTIAL]
    return {"colorscale": scale, "zmin": floor, "zmax": high, "zauto": False}


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
    if nothing := len(found.rows) - len(known) - bare:
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
    return found.say(f"Cao nhất: {', '.join(top)}; thấp nhất: {low}", f"Highest: {', '.join(top)}; lowest: {low}")

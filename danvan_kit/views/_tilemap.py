"""Where in the city is how much? A tile a district, neighbours beside neighbours."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from danvan_kit import theme, words
from danvan_kit.cube import Floats
from danvan_kit.review import Review
from danvan_kit.theme import Cell
from danvan_kit.views._common import (
    INDICATOR,
    LAST_FULL_YEAR,
    About,
    Per,
    about,
    chosen_year,
    frame,
    ids_of,
    in_words,
    indicator_sources,
    provenance,
    require_kept,
    rows_below,
    say,
    texts,
    tree,
)
from danvan_kit.views._compare import figures, population_source
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
    this = about(review, indicator, lang)
    when = chosen_year(review, year)
    rows = rows_below(review, review.areas.root, None, when)
    require_kept(review, this, rows)
    values, unit = figures(review, this, rows, when, per, lang)
    rows_sorted = np.argsort(tree(review).order[rows])
    rows, values = rows[rows_sorted], values[rows_sorted]
    ids = ids_of(review.areas, rows)
    chosen = {area, *review.areas.ancestors(area)} if area else set()
    return View(
        title=f"{this.label}{say(lang, ' trên 10.000 dân', ' per 10,000 inhabitants') if per == 'population' else ''}, "
        f"{in_words(review, when, lang)}: {say(lang, 'bản đồ ô các quận, huyện', 'tile map of the districts')}",
        table=frame(review, rows, {"value": values}),
        figure=_figure(review, this, rows, values, unit, chosen, lang),
        reading=_reading(review, this, rows, values, unit, lang),
        sources=indicator_sources(review, this, lang, *population_source(review, ids, when, per)),
    )


def _figure(  # noqa: PLR0913 - one value a layer of the picture
    review: Review,
    this: About,
    rows: NDArray[np.intp],
    values: Floats,
    unit: str,
    chosen: set[str],
    lang: str,
) -> dict[str, Any]:
    ids, known = ids_of(review.areas, rows), tree(review)
    cells = theme.tiles(ids)
    digits = this.digits if unit == this.unit else 1
    shown = texts(values, digits, lang)
    low, high = _range(values)
    layout = theme.layout(
        lang, simulated=review.simulated, provenance=provenance(review, this, lang), click="area", bottom=34
    )
    layout["annotations"] = [n for n in layout["annotations"] if "textangle" not in n]  # a tile hides nothing
    span = 1 + max(c for places in cells.values() for _, c in places)
    depth = 1 + max(r for places in cells.values() for r, _ in places)
    hidden = {"visible": False, "fixedrange": True}
    layout["xaxis"] = hidden | {"range": [-0.05, span + 0.55]}
    layout["yaxis"] = hidden | {"range": [depth + 0.02, -0.02]}
    # Half a brick a column: the plain grid of a heat map answers hover and click all over a tile.
    grid: list[list[Any]] = [[None] * (2 * span + 1) for _ in range(depth)]
    keys: list[list[Any]] = [[None] * (2 * span + 1) for _ in range(depth)]
    hover: list[list[str]] = [[""] * (2 * span + 1) for _ in range(depth)]
    marks: dict[str, list[Any]] = {"x": [], "y": [], "text": [], "color": []}
    for n, area in enumerate(ids):
        there = shown[n] != words.DASH
        tip = f"<b>{known.names[rows[n]]}</b><br>" + (
            f"{shown[n]} {unit}" if there else say(lang, "chưa có số liệu", "no figure")
        )
        for r, c in cells[area]:
            for half in range(2):
                column = 2 * c + _shift(r) + half
                grid[r][column] = float(values[n]) if there else low - 1
                keys[r][column], hover[r][column] = area, tip
        layout["shapes"] += _outline(cells[area], there, area in chosen)
        x, y = _middle(cells[area])
        marks["x"].append(x)
        marks["y"].append(y)
        marks["text"].append(f"{theme.wrap(known.shorts[rows[n]])}<br><b>{shown[n]}</b>")
        marks["color"].append(theme.contrast((values[n] - low) / (high - low)) if there else theme.INK)
    layout["shapes"].sort(key=lambda shape: shape["line"]["color"] == theme.CHOSEN)  # the frame lies on top
    colors = _colors(low, high)
    tiles = {
        "type": "heatmap",
        "x0": 0.25,
        "dx": 0.5,
        "y0": 0.5,
        "dy": 1,
        "z": grid,
        "customdata": keys,
        "text": hover,
        "hoverinfo": "text",
        "hoverongaps": False,
        "showscale": False,
    }
    labels = {
        "type": "scatter",
        "mode": "text",
        "x": marks["x"],
        "y": marks["y"],
        "text": marks["text"],
        "textfont": {"size": 11, "color": marks["color"]},
        "hoverinfo": "skip",
        "cliponaxis": False,
    }
    layout["annotations"].append(
        theme.note(
            f"{unit} · {say(lang, 'đậm: nhiều hơn', 'dark: more')}",
            x=1,
            y=1,
            xanchor="right",
            yanchor="bottom",
            yshift=10,
            color=theme.PALE_INK,
        )
    )
    return {"data": [tiles | colors, labels], "layout": layout}


def _shift(row: int) -> int:
    """Return by how many half tiles a row stands to the right."""
    return (row + 1) % 2


def _middle(cells: tuple[Cell, ...]) -> tuple[float, float]:
    """Return where an area's label stands: the middle of its last tile, clear of the border's corners."""
    r, c = cells[-1]
    return c + 0.5 + _shift(r) / 2, r + 0.5


def _outline(cells: tuple[Cell, ...], there: bool, chosen: bool) -> list[dict[str, Any]]:
    """Return the border around an area's tiles; none between two tiles of one area."""
    color, width = (theme.CHOSEN, 4) if chosen else ("#ffffff", 3)
    style = {"type": "path", "line": {"color": color, "width": width}, "layer": "above"}
    if not there and not chosen:
        style["line"] = {"color": "#ffffff", "width": 3}
    if len(cells) == 1:
        ((r, c),) = cells
        x = c + _shift(r) / 2
        return [style | {"path": f"M{x},{r} L{x + 1},{r} L{x + 1},{r + 1} L{x},{r + 1} Z"}]
    (r, c), (_, below) = sorted(cells)[:2]
    x, u = c + _shift(r) / 2, below + _shift(r + 1) / 2
    path = (
        f"M{x},{r} L{x + 1},{r} L{x + 1},{r + 1} L{u + 1},{r + 1} L{u + 1},{r + 2} L{u},{r + 2} L{u},{r + 1} "
        f"L{x},{r + 1} Z"
    )
    return [style | {"path": path}]


def _range(values: Floats) -> tuple[float, float]:
    """Return the ends of the colour scale: from zero, so that a shade means an amount."""
    if np.isnan(values).all():
        return 0.0, 1.0
    return min(0.0, float(np.nanmin(values))), float(np.nanmax(values)) or 1.0


def _colors(low: float, high: float) -> dict[str, Any]:
    """Return the scale, with grey for what is missing: a value below the lowest one."""
    floor = low - 1
    edge = (low - floor) / (high - floor)
    scale = [[0.0, theme.MISSING], [edge * 0.999, theme.MISSING]]
    scale += [[edge + (1 - edge) * float(at), str(color)] for at, color in theme.SEQUENTIAL]
    return {"colorscale": scale, "zmin": floor, "zmax": high, "zauto": False}


def _reading(  # noqa: PLR0913 - the rule looks at all that is known
    review: Review, this: About, rows: NDArray[np.intp], values: Floats, unit: str, lang: str
) -> str:
    """Name the three highest and the lowest, with how many times as much; then what is missing."""
    names = tree(review).names
    known = np.flatnonzero(~np.isnan(values))
    if not len(known):
        return say(lang, "Chưa đơn vị nào có số liệu.", "No area has a figure.")
    order = known[np.argsort(-values[known], kind="stable")]
    digits = this.digits if unit == this.unit else 1
    shown = texts(values, digits, lang)
    best = ", ".join(f"{names[rows[i]]} ({shown[i]})" for i in order[:3])
    last = order[-1]
    parts = [
        say(
            lang,
            f"Cao nhất: {best}; thấp nhất: {names[rows[last]]} ({shown[last]})",
            f"Highest: {best}; lowest: {names[rows[last]]} ({shown[last]})",
        )
    ]
    if unit == this.unit and this.aggregation == "sum":
        parts.append(say(lang, "số tuyệt đối, chưa tính đến quy mô dân số",
                         "absolute figures, regardless of population"))  # fmt: skip
    if nothing := len(values) - len(known):
        parts.append(say(lang, f"{nothing} đơn vị chưa có số liệu", f"{nothing} areas have no figure"))
    return "; ".join(parts) + "."

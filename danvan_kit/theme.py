"""How every picture looks: colours, the base layout, the mark on simulated data, and the tile map of the districts."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, TypeAlias

Cell: TypeAlias = tuple[int, int]
"""Row and column of a tile, from the top left."""

# Okabe and Ito's palette: told apart with every common colour blindness.
BLUE, SKY, GREEN = "#0072B2", "#56B4E9", "#009E73"
ORANGE, VERMILION, PURPLE = "#E69F00", "#D55E00", "#CC79A7"
INK, PALE_INK, GRID = "#1f2933", "#5b6770", "#e3e7ea"
MISSING = "#d3d3d3"
"""Where a figure is owed and was not given; never the colour of a zero."""
CHOSEN = VERMILION

# From light to dark in even steps of luminance, so that it survives a photocopier.
SEQUENTIAL: list[list[Any]] = [
    [0.0, "#f2f7fc"],
    [0.25, "#c3daee"],
    [0.5, "#7fb2d9"],
    [0.75, "#3a7fb5"],
    [1.0, "#0b3c6b"],
]

FONT = '"Noto Sans", "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif'
"""Faces of the common systems that hold all Vietnamese letters; nothing is fetched."""

SEPARATORS = {"vi": ",.", "en": ".,"}
"""Plotly's decimal and thousands separators."""

COUNT, DECIMAL, TICKS = ",.0f", ",.1f", ",.2~f"
"""d3 formats of counts, of rates and per cents, and of the numbers along an axis."""

HEIGHT = 460
"""Pixels of a picture whose rows do not ask for more."""

SIMULATED = {"vi": "SỐ LIỆU MÔ PHỎNG", "en": "SIMULATED DATA"}

# Buttons that upload the data, or select points where nothing answers to a selection.
REMOVED = ["sendDataToCloud", "select2d", "lasso2d", "autoScale2d", "zoomIn2d", "zoomOut2d"]


def layout(  # noqa: PLR0913 - one choice a line of the picture
    lang: str,
    *,
    simulated: bool,
    provenance: str,
    click: str | None = None,
    height: int = HEIGHT,
    bottom: int = 62,
) -> dict[str, Any]:
    """Return a fresh layout for a figure.

    Parameters
    ----------
    lang
        ``"vi"`` or ``"en"``.
    simulated
        Whether the figures are simulated: draws the mark above the picture and a pale one across it.
    provenance
        The line beneath the picture.
    click
        The choice that a click sets.
    height
        Pixels.
    bottom
        Pixels below the plot, the last 20 of which belong to the line of provenance.

    Returns
    -------
    dict
        ``annotations`` and ``shapes`` are lists to extend.
    """
    # From the right: long names of areas take the left.
    at = {"xanchor": "right", "yanchor": "top", "yshift": -(bottom - 20)}
    annotations = [note(provenance, x=1, y=0, size=10, color=PALE_INK, place=at)]
    if simulated:
        annotations += _marks(lang)
    return {
        "font": {"family": FONT, "size": 12, "color": INK},
        "separators": SEPARATORS[lang],
        "margin": {"l": 12, "r": 16, "t": 40, "b": bottom},
        "height": height,
        "paper_bgcolor": "#ffffff",
        "plot_bgcolor": "#ffffff",
        "showlegend": False,
        "hoverlabel": {"font": {"family": FONT, "size": 12}, "align": "left"},
        "modebar": {"remove": list(REMOVED)},
        "dragmode": False,
        "annotations": annotations,
        "shapes": [],
        "meta": {"click": click},
    }


def _marks(lang: str) -> list[dict[str, Any]]:
    """Return the mark above the picture, and the pale one that stays when somebody cuts the picture out."""
    text = SIMULATED[lang]
    above = {"yanchor": "bottom", "xshift": 4, "yshift": 10, "bgcolor": "#b3261e", "borderpad": 4}
    centre = {"xanchor": "center", "yanchor": "middle", "textangle": -18}
    return [
        note(f"<b>{text}</b>", x=0, y=1, size=13, color="#ffffff", place=above),
        note(text, x=0.5, y=0.5, size=34, color="rgba(120, 30, 20, 0.10)", place=centre),
    ]


def note(  # noqa: PLR0913 - what, where, how
    text: str, *, x: float, y: float, size: int = 11, color: str = INK, place: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Return a text without an arrow, at parts of the plot (0 to 1) unless `place` (plotly's keys) says otherwise."""
    base = {"text": text, "x": x, "y": y, "xref": "paper", "yref": "paper", "xanchor": "left", "showarrow": False}
    return base | {"font": {"size": size, "color": color}, "align": "left"} | (place or {})


def labels(x: list[Any], y: list[Any], text: list[str], position: str | list[str], **font: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return written figures as a trace of their own, a little off their points.

    Not as the text of bars: plotly.js gives a bar that had no value before a redraw its text never back.
    """
    return {
        "type": "scatter",
        "mode": "markers+text",
        "x": x,
        "y": y,
        "text": text,
        "textposition": position,
        "textfont": {"size": 11} | font,
        "marker": {"size": 7, "opacity": 0},
        "cliponaxis": False,
        "hoverinfo": "skip",
    }


def axis(**more: Any) -> dict[str, Any]:  # noqa: ANN401 - plotly's own keys
    """Return a plain axis: no zero line, a pale grid, nobody zooms into it by mistake."""
    # Labels may stick out: without that word plotly measures each of them, half the time of a redraw.
    plain = {"zeroline": False, "gridcolor": GRID, "fixedrange": True, "ticks": "", "ticklabeloverflow": "allow"}
    return plain | {"automargin": True} | more


def years_axis(years: list[int], ticks: list[str], **more: Any) -> dict[str, Any]:  # noqa: ANN401 - plotly's own keys
    """Return the axis of a grid's years, each written upright."""
    ends = [years[0] - 0.5, years[-1] + 0.5]
    return axis(tickvals=years, ticktext=ticks, tickangle=0, tickfont={"size": 10}, showgrid=False, range=ends, **more)


def names_axis(names: list[str], room: float = 0.5) -> dict[str, Any]:
    """Return the axis of the areas' names, from the top; places are numbers, for names repeat."""
    places = list(range(len(names)))
    ends = [len(names) - room, -0.5 - (0.5 - room)]
    return axis(tickvals=places, ticktext=names, range=ends, showgrid=False, tickfont={"size": 11})


def contrast(share: float) -> str:
    """Return a text colour that can be read on `SEQUENTIAL` at `share` (0 to 1)."""
    return "#ffffff" if share > 0.7 else INK


def short(name: str, kind: str) -> str:
    """Return a name without its kind: ``Quận Ba Đình`` becomes ``Ba Đình``; ``Quận 1`` stays, a number is no name."""
    bare = name[len(kind) + 1 :] if name.lower().startswith(kind.lower() + " ") else name
    return name if bare.isdigit() else bare


def wrap(text: str) -> str:
    """Break a name in two lines at the space nearest its middle."""
    spaces = [i for i, c in enumerate(text) if c == " "]
    if not spaces:
        return text
    i = min(spaces, key=lambda at: abs(at - len(text) / 2))
    return f"{text[:i]}<br>{text[i + 1 :]}"


# --- the tile map -----------------------------------------------------------------------------------------------------

# Bricks: every second row stands half a tile to the right, so that a tile has six neighbours. 57 of the 72 pairs of
# districts that share a border do so here (7 pairs touch only here); where both did not fit, the direction on the
# ground went before a border. Before 28-12-2013 one district fills two tiles.
TILES: dict[str, tuple[Cell, ...]] = {
    "016": ((0, 3),),  # Huyện Sóc Sơn
    "250": ((1, 3),),  # Huyện Mê Linh
    "017": ((1, 4),),  # Huyện Đông Anh
    "271": ((2, 0),),  # Huyện Ba Vì
    "269": ((2, 1),),  # Thị xã Sơn Tây
    "273": ((2, 2),),  # Huyện Đan Phượng
    "003": ((2, 3),),  # Quận Tây Hồ
    "001": ((2, 4),),  # Quận Ba Đình
    "002": ((2, 5),),  # Quận Hoàn Kiếm
    "004": ((2, 6),),  # Quận Long Biên
    "276": ((3, 1),),  # Huyện Thạch Thất
    "272": ((3, 2),),  # Huyện Phúc Thọ
    "021": ((3, 3),),  # Quận Bắc Từ Liêm
    "005": ((3, 4),),  # Quận Cầu Giấy
    "006": ((3, 5),),  # Quận Đống Đa
    "007": ((3, 6),),  # Quận Hai Bà Trưng
    "018": ((3, 7),),  # Huyện Gia Lâm
    "275": ((4, 1),),  # Huyện Quốc Oai
    "274": ((4, 2),),  # Huyện Hoài Đức
    "019a": ((3, 3), (4, 3)),  # Huyện Từ Liêm, until 27-12-2013
    "019b": ((4, 3),),  # Quận Nam Từ Liêm
    "009": ((4, 4),),  # Quận Thanh Xuân
    "008": ((4, 5),),  # Quận Hoàng Mai
    "268": ((5, 4),),  # Quận Hà Đông
    "020": ((5, 5),),  # Huyện Thanh Trì
    "277": ((6, 3),),  # Huyện Chương Mỹ
    "278": ((6, 4),),  # Huyện Thanh Oai
    "279": ((6, 5),),  # Huyện Thường Tín
    "282": ((7, 3),),  # Huyện Mỹ Đức
    "281": ((7, 4),),  # Huyện Ứng Hòa
    "280": ((7, 5),),  # Huyện Phú Xuyên
}


def tiles(areas: Iterable[str]) -> dict[str, tuple[Cell, ...]]:
    """Return the tiles of each area.

    Parameters
    ----------
    areas
        Ids. Unless all of them are districts of Hanoi they stand in reading order, in a block as wide as high.

    Returns
    -------
    dict
        Area id to its cells.
    """
    wanted = list(areas)
    if all(area in TILES for area in wanted):
        return {area: TILES[area] for area in wanted}
    width = max(1, math.isqrt(len(wanted) - 1) + 1) if wanted else 1
    return {area: ((i // width, i % width),) for i, area in enumerate(wanted)}

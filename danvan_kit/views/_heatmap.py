"""Where and when did a figure rise, fall, or fail to come in?"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from danvan_kit import cube, theme, words
from danvan_kit.cube import Floats
from danvan_kit.review import Review
from danvan_kit.views._common import (
    INDICATOR,
    About,
    about,
    frame,
    ids_of,
    in_words,
    indicator_sources,
    plain,
    provenance,
    require_kept,
    rows_below,
    say,
    texts,
    tree,
    year_ticks,
)
from danvan_kit.views._view import View

SHOWN = 45
"""Rows that can be read; of more areas the picture shows the largest, the table all."""


def heatmap(
    review: Review,
    *,
    indicator: str = INDICATOR,
    area: str = "",
    level: Literal["district", "commune"] | None = None,
    lang: str = "vi",
) -> View:
    """Show the areas below an area by the years, largest first.

    A zero has the lightest shade, a figure that was owed and not given is grey with a dot, and a year in which the area
    did not exist or the indicator had not begun is blank.

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
    lang
        Language.

    Returns
    -------
    View
        Table ``area, name`` and a column a year. A click sets the area.

    Raises
    ------
    IndicatorError, AreaError
        If a choice is unknown or the indicator is not kept below.
    """
    area = area or review.areas.root
    this = about(review, indicator, lang)
    rows = rows_below(review, area, level, None)
    require_kept(review, this, rows)
    values = cube.of(review).matrix(this.key, ids_of(review.areas, rows))
    sums = np.where(np.isnan(values), 0, values).sum(axis=1)
    # What exists for some years only must not sink to the end for that.
    means = sums / np.maximum((~np.isnan(values)).sum(axis=1), 1)
    order = np.lexsort((tree(review).order[rows], -means))
    rows, values = rows[order], values[order]
    owed = tree(review).valid[rows] & (np.array(review.years) >= this.first_year)
    columns = {str(y): values[:, n] for n, y in enumerate(review.years)}
    return View(
        title=f"{this.label}: {say(lang, 'các đơn vị trong', 'areas of')} {review.areas.name(area)} "
        f"{say(lang, 'qua các năm', 'over the years')}, {in_words(review, None, lang)}",
        table=frame(review, rows, columns),
        figure=_figure(review, this, rows[:SHOWN], values[:SHOWN], owed[:SHOWN], len(rows), lang),
        reading=_reading(review, this, rows, values, owed, lang),
        sources=indicator_sources(review, this, lang),
    )


def _figure(  # noqa: PLR0913 - one value a layer of the picture
    review: Review,
    this: About,
    rows: NDArray[np.intp],
    values: Floats,
    owed: NDArray[np.bool_],
    total: int,
    lang: str,
) -> dict[str, Any]:
    known, ids, years = tree(review), ids_of(review.areas, rows), list(review.years)
    district = known.level[rows[0]] == "district"
    names = [known.shorts[i] if district else known.names[i] for i in rows.tolist()]
    lost = owed & np.isnan(values)
    more = total - len(rows)
    layout = theme.layout(
        lang,
        simulated=review.simulated,
        provenance=provenance(review, this, lang),
        click="area",
        height=max(theme.HEIGHT, 17 * len(rows) + 126),
        bottom=76,
    )
    places = list(range(len(rows)))
    layout["xaxis"] = theme.axis(
        tickvals=years,
        ticktext=year_ticks(review, lang),
        tickangle=0,
        showgrid=False,
        range=[years[0] - 0.5, years[-1] + 0.5],
        title={"text": _legend(lang, more, total), "standoff": 4, "font": {"size": 11, "color": theme.PALE_INK}},
    )
    layout["yaxis"] = theme.axis(
        tickvals=places, ticktext=names, range=[len(rows) - 0.5, -0.5], showgrid=False, tickfont={"size": 11}
    )
    hover = [[f"<b>{known.names[i]}</b>, {y}<br>" for y in years] for i in rows.tolist()]
    top = float(np.nanmax(values)) if not np.isnan(values).all() else 1.0
    base = {"type": "heatmap", "x": years, "y": places, "xgap": 1, "ygap": 1, "hoverongaps": False}
    keys = [[a] * len(years) for a in ids]
    unit = f" {this.unit}"
    cells = {
        "z": plain(values),
        "customdata": keys,
        "text": hover,
        "hovertemplate": f"%{{text}}%{{z:{this.format}}}{unit}<extra></extra>",
        "colorscale": theme.SEQUENTIAL,
        "zmin": 0,
        "zmax": top or 1.0,
        "colorbar": _bar(this, lang),
    }
    data = [base | cells]
    if lost.any():
        gone = say(lang, "chưa có báo cáo", "not reported")
        grey = {
            "z": [[0 if x else None for x in line] for line in lost.tolist()],
            "customdata": keys,
            "text": hover,
            "hovertemplate": f"%{{text}}{gone}<extra></extra>",
            "colorscale": [[0, theme.MISSING], [1, theme.MISSING]],
            "showscale": False,
        }
        data.append(base | grey)
        r, c = np.nonzero(lost)
        dots = {"type": "scatter", "mode": "text", "x": [years[i] for i in c.tolist()], "y": r.tolist()}
        data.append(dots | {"text": ["·"] * len(r), "hoverinfo": "skip", "textfont": {"size": 16}})
    return {"data": data, "layout": layout}


def _legend(lang: str, more: int, total: int) -> str:
    text = say(lang, "xám ·: chưa báo cáo · trống: chưa có đơn vị hoặc chỉ tiêu",
               "grey ·: not reported · blank: no such area or indicator yet")  # fmt: skip
    if more:
        text += say(lang, f"<br>{total - more} đơn vị cao nhất trong {total}; bảng có đủ",
                    f"<br>the {total - more} highest of {total}; the table has all")  # fmt: skip
    return text


def _bar(this: About, lang: str) -> dict[str, Any]:
    return {
        "thickness": 10,
        "outlinewidth": 0,
        "tickformat": this.format,
        "nticks": 6,
        "title": {"text": this.unit, "side": "top", "font": {"size": 11}},
        "tickfont": {"size": 10},
    }


def _reading(  # noqa: PLR0913 - the rule looks at all that is known
    review: Review, this: About, rows: NDArray[np.intp], values: Floats, owed: NDArray[np.bool_], lang: str
) -> str:
    """Name the highest cell; then count true zeros and gaps apart."""
    if np.isnan(values).all():
        return say(lang, "Chưa đơn vị nào có số liệu.", "No area has a figure.")
    r, c = np.unravel_index(int(np.nanargmax(values)), values.shape)
    name, year = tree(review).names[rows[r]], review.years[c]
    high = texts([values[r, c]], this.digits, lang)[0]
    zeros, lost = int((values == 0).sum()), int((owed & np.isnan(values)).sum())
    parts = [
        say(
            lang,
            f"Cao nhất là {name} năm {year} ({high} {this.unit})",
            f"{name} in {year} is highest ({high} {this.unit})",
        )
    ]
    if zeros:
        n = words.number(zeros, lang=lang)
        parts.append(say(lang, f"{n} ô bằng 0", f"{n} cells are zero"))
    n = words.number(lost, lang=lang)
    if lost:
        parts.append(
            say(lang, f"{n} ô chưa có báo cáo, không phải bằng 0", f"{n} cells were not reported, which is not zero")
        )
    return "; ".join(parts) + "."

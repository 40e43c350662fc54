"""Where and when a figure rose, fell, or did not come in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from danvan_kit import cube, theme, words
from danvan_kit.review import Review
from danvan_kit.views._common import (
    HIDDEN,
    INDICATOR,
    NO_BASE,
    About,
    Found,
    about,
    hidden,
    hidden_count,
    in_words,
    indicator_sources,
    lacking,
    may_rise,
    no_base,
    over_years,
    plain,
    require_kept,
    say,
    top_of,
    veiled,
    with_others,
    year_ticks,
)
from danvan_kit.views._tree import company, name_of, rows_below, tree
from danvan_kit.views._view import View

SHOWN = 45
"""Rows that can be read; of more areas the picture shows the largest, the table all."""


@dataclass(frozen=True, eq=False)
class _Heat(Found):
    """Figures by area and year.

    Attributes
    ----------
    owed
        Where one had to come in.
    empty
        Where a ratio has no value because its denominator is 0.
    veil
        Where a figure is known and not shown.
    total
        How many areas there are, drawn or not.
    """

    owed: NDArray[np.bool_]
    empty: NDArray[np.bool_]
    veil: NDArray[np.bool_]
    total: int

    @cached_property
    def lost(self) -> NDArray[np.bool_]:
        """Where a figure is missing."""
        return self.owed & np.isnan(self.amounts) & ~self.empty & ~self.veil


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
    this, top = about(review, indicator, lang), company(review, area, level)
    rows = rows_below(review, top, level, None)
    require_kept(review, this, rows)
    values = cube.of(review).matrix(this.key, rows)
    # By the mean, not the sum: what existed for some years only must not sink to the end for that.
    known = ~np.isnan(values)
    means = np.where(known, values, 0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    order = np.lexsort((tree(review).order[rows], -means))
    rows, values = rows[order], values[order]
    owed = tree(review).valid[rows] & (np.array(review.years) >= this.first_year)
    empty = owed & no_base(review, this, rows)
    veil = hidden(review, this, rows)
    found = _Heat(review, this, lang, rows, values, owed, empty, veil, len(rows))
    drawn = found
    if len(rows) > SHOWN:
        drawn = replace(
            found, rows=rows[:SHOWN], amounts=values[:SHOWN], owed=owed[:SHOWN], empty=empty[:SHOWN], veil=veil[:SHOWN]
        )
    column = veiled(values, veil, lang)
    return View(
        title=f"{this.label}: {say(lang, 'các đơn vị trong', 'areas of')} {name_of(review, top)} "
        f"{say(lang, 'qua các năm', 'over the years')}, {in_words(review, None, lang)}",
        table=found.table({str(y): column[:, n] for n, y in enumerate(review.years)}),
        figure=_figure(drawn),
        reading=_reading(found),
        sources=indicator_sources(review, this, lang),
    )


def _figure(found: _Heat) -> dict[str, Any]:
    years, places = list(found.review.years), list(range(len(found.rows)))
    layout = found.layout("area", height=max(theme.HEIGHT, 17 * len(places) + 126), bottom=76)
    legend = {"text": _legend(found), "standoff": 4, "font": {"size": 11, "color": theme.PALE_INK}}
    layout["xaxis"] = theme.years_axis(years, year_ticks(found.review, found.lang), title=legend)
    layout["yaxis"] = theme.names_axis(found.labels)
    base = {
        "type": "heatmap",
        "x": years,
        "y": places,
        "xgap": 1,
        "ygap": 1,
        "hoverongaps": False,
        "customdata": [[area] * len(years) for area in found.ids],
        "text": over_years(found.names, years),
    }
    data = [base | _cells(found)]
    if found.lost.any():
        data += [
            base | _gaps(found.lost, found.say("chưa có báo cáo", "not reported"), theme.MISSING),
            _dots(years, found.lost, "·"),
        ]
    if found.empty.any():
        data += [base | _gaps(found.empty, found.say(*NO_BASE), "#f1f2f3"), _dots(years, found.empty, "–")]
    if found.veil.any():
        data += [base | _gaps(found.veil, found.say(*HIDDEN), "#dcd3e6"), _dots(years, found.veil, "⊘", 11)]
    return {"data": data, "layout": layout}


def _cells(found: _Heat) -> dict[str, Any]:
    this = found.this
    return {
        "z": plain(found.amounts),
        "hovertemplate": f"%{{text}}<br>%{{z:{this.format}}} {this.unit}<extra></extra>",
        "colorscale": theme.SEQUENTIAL,
        "zmin": 0,
        "zmax": top_of(found.amounts),
        "colorbar": _bar(this),
    }


def _bar(this: About) -> dict[str, Any]:
    return {
        "thickness": 10,
        "outlinewidth": 0,
        "tickformat": theme.TICKS,
        "nticks": 6,
        "title": {"text": this.unit, "side": "top", "font": {"size": 11}},
        "tickfont": {"size": 10},
    }


def _gaps(lost: NDArray[np.bool_], why: str, color: str) -> dict[str, Any]:
    """Return the grey cells of what has no figure, and why."""
    return {
        "z": [[0 if x else None for x in line] for line in lost.tolist()],
        "hovertemplate": f"%{{text}}<br>{why}<extra></extra>",
        "colorscale": [[0, color], [1, color]],
        "showscale": False,
    }


def _dots(years: list[int], lost: NDArray[np.bool_], mark: str, size: int = 16) -> dict[str, Any]:
    rows, columns = (places.tolist() for places in np.nonzero(lost))
    return {
        "type": "scatter",
        "mode": "text",
        "x": [years[n] for n in columns],
        "y": rows,
        "text": [mark] * len(rows),
        "textfont": {"size": size},
        "hoverinfo": "skip",
    }


def _legend(found: _Heat) -> str:
    shown, total = len(found.rows), found.total
    text = found.say(
        "xám ·: chưa báo cáo · trống: chưa có đơn vị hoặc chỉ tiêu",
        "grey ·: not reported · blank: no such area or indicator yet",
    )
    if found.empty.any():
        text += f" · –: {found.say(*NO_BASE)}"
    if found.veil.any():
        text += f"<br>⊘: {found.say(*HIDDEN)}"
    if shown < total:
        text += found.say(f"<br>{shown} đơn vị cao nhất trong {total}", f"<br>the {shown} highest of {total}")
    return text


def _reading(found: _Heat) -> str:
    """Name the highest cell; then count true zeros and gaps apart."""
    values = found.amounts
    if np.isnan(values).all():
        return found.say("Chưa đơn vị nào có số liệu.", "No area has a figure.")
    parts = [_highest(found)]
    zeros, lost, empty = (
        words.number(int(mask.sum()), lang=found.lang) for mask in (values == 0, found.lost, found.empty)
    )
    if zeros != "0":
        parts.append(found.say(f"{zeros} ô bằng 0", f"{zeros} cells are zero"))
    if lost != "0":
        parts.append(
            found.say(
                f"{lost} ô chưa có báo cáo, không phải bằng 0", f"{lost} cells were not reported, which is not zero"
            )
        )
    if empty != "0":
        parts.append(found.say(f"{empty} ô có {NO_BASE[0]}", f"in {empty} cells the {NO_BASE[1]}"))
    parts += hidden_count(int(found.veil.sum()), found.lang)
    gaps = (lacking(found.review, found.this, found.rows) > 0) & ~np.isnan(values)
    return "; ".join([*parts, *may_rise(int(gaps.any(axis=1).sum()), len(found.rows), found.lang)]) + "."


def _highest(found: _Heat) -> str:
    """Name the highest cell and how many share its figure."""
    values, unit = found.amounts, found.this.unit
    row, column = divmod(int(np.argmax(np.where(np.isnan(values), -np.inf, values))), values.shape[1])
    year, high = found.review.years[column], found.write([values[row, column]])[0]
    known, ties = int((~np.isnan(values)).sum()), int((values == values[row, column]).sum())
    if known == ties > 1:
        return found.say(f"Cả {known} ô bằng nhau ({high} {unit})", f"All {known} cells are equal ({high} {unit})")
    name = found.say(f"{found.names[row]} năm {year}", f"{found.names[row]} in {year}")
    name = with_others(name, ties - 1, found.lang, ("ô", "cell", "cells"))
    return found.say(f"Cao nhất là {name} ({high} {unit})", f"Highest: {name} ({high} {unit})")

"""Who reported, and who did not."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from danvan_kit import theme, words
from danvan_kit.cube import Floats
from danvan_kit.review import Review
from danvan_kit.views import _filed
from danvan_kit.views._common import (
    LAST_FULL_YEAR,
    chosen_year,
    closed,
    frame,
    in_words,
    over_years,
    plain,
    say,
    sources,
    year_ticks,
)
from danvan_kit.views._tree import name_of, require_standing, rows_below, tree
from danvan_kit.views._view import View, later

SCALE: list[list[Any]] = [[0.0, "#eef4f1"], [0.001, "#fbe3c4"], [0.5, theme.ORANGE], [1.0, "#8f3a00"]]
"""From nothing lacking (a pale green of its own) to much."""


def completeness(review: Review, *, area: str = "", year: int = LAST_FULL_YEAR, lang: str = "vi") -> View:
    """Show which share of the figures that offices owe came in, by area and year.

    Parameters
    ----------
    review
        The review.
    area
        Empty: the top area. The picture shows its own office and the areas below it.
    year
        The year whose missing offices the table lists; 0: the last full year.
    lang
        Language.

    Returns
    -------
    View
        Table ``area, name`` of every office that lacks figures in `year`. A click sets the area.

    Raises
    ------
    IndicatorError, AreaError
        If a choice is unknown.
    """
    area, when = area or review.areas.root, chosen_year(review, year)
    require_standing(review, area, when)
    filed = _filed.of(review)
    rows = _rows(review, area)
    lacking = _lacking(review, area, when, lang)
    late = len(lacking["area"])
    count = words.number(filed.rows, lang=lang)
    first = say(
        lang,
        f"Đơn vị báo cáo (bảng observations): {count} dòng",
        f"Reported by the offices (table observations): {count} rows",
    )
    return View(
        title=f"{say(lang, 'Mức độ đầy đủ của báo cáo', 'Completeness of the reports')}: {name_of(review, area)}, "
        f"{in_words(review, when, lang)}",
        table=later(lacking) if late else frame(lacking),  # of no rows nobody could tell text from figures
        figure=_figure(review, rows, when, lang),
        reading=_reading(review, area, when, late, lang),
        sources=sources(review, first, lang, persons=False),
    )


def _rows(review: Review, area: str) -> NDArray[np.intp]:
    """Return the areas to show: the office itself, then those below in the order of their names."""
    top = review.areas.row(area)
    if review.areas.end[top] == top + 1:
        return np.array([top])
    below = rows_below(review, area, None, None)
    return np.concatenate([[top], below[np.argsort(tree(review).order[below])]])


def _shares(review: Review, rows: NDArray[np.intp]) -> Floats:
    """Return the share of owed figures that came in: of the first row's own office, of the others' branches."""
    filed = _filed.of(review)
    due, given = filed.due_below[rows], filed.given_below[rows]
    due[0], given[0] = filed.due[rows[0]], filed.given[rows[0]]
    return np.where(due > 0, given / np.maximum(due, 1), np.nan)


def _lacking(review: Review, area: str, year: int, lang: str) -> dict[str, Any]:
    """Return as columns the offices that lack figures in a year, worst first."""
    filed, known = _filed.of(review), tree(review)
    n, branch = review.years.index(year), review.areas.branch(area)
    rows = branch.start + np.flatnonzero(filed.given[branch, n] < filed.due[branch, n])
    rows = rows[np.lexsort((known.order[rows], filed.given[rows, n] - filed.due[rows, n]))]
    due, given = filed.due[rows, n], filed.given[rows, n]
    nothing, some = say(lang, "không có báo cáo", "no report"), say(lang, "thiếu một phần", "in part")
    listed = rows.tolist()
    return {
        "area": [review.areas.ids[i] for i in listed],
        "name": [known.names[i] for i in listed],
        say(lang, "Trực thuộc", "Part of"): [known.names[known.parent[i]] if i else "" for i in listed],
        "year": [year] * len(listed),
        say(lang, "Số liệu còn thiếu", "Figures missing"): due - given,
        say(lang, "Số liệu phải có", "Figures owed"): due,
        say(lang, "Tình trạng", "State"): [some if g else nothing for g in given.tolist()],
    }


def _figure(review: Review, rows: NDArray[np.intp], year: int, lang: str) -> dict[str, Any]:
    years, shares = list(review.years), _shares(review, rows)
    source = say(lang, "Nguồn: báo cáo của các đơn vị", "Source: reports of the offices")
    layout = theme.layout(
        lang,
        simulated=review.simulated,
        provenance=f"{source} · {closed(review, lang)}",
        click="area",
        height=max(theme.HEIGHT if len(rows) > 5 else 300, 17 * len(rows) + 126),
        bottom=76,
    )
    legend = say(lang, "số trong ô: % đã có · đậm: còn thiếu", "numbers: % given · dark: lacking")
    title = {"text": legend, "standoff": 4, "font": {"size": 11, "color": theme.PALE_INK}}
    layout["xaxis"] = theme.years_axis(years, year_ticks(review, lang), title=title)
    layout["yaxis"] = theme.names_axis(_names(review, rows, lang))
    frame = {"type": "rect", "x0": year - 0.5, "x1": year + 0.5, "y0": -0.5, "y1": len(rows) - 0.5}
    layout["shapes"].append(frame | {"line": {"color": theme.CHOSEN, "width": 2}})
    return {"data": _traces(review, rows, shares, lang), "layout": layout}


def _names(review: Review, rows: NDArray[np.intp], lang: str) -> list[str]:
    known = tree(review)
    names = [known.shorts[i] if known.level[i] == "district" else known.names[i] for i in rows.tolist()]
    if len(rows) > 1:
        names[0] = f"<i>{known.shorts[rows[0]]} {say(lang, '(cơ quan cấp này)', '(its own office)')}</i>"
    return names


def _traces(review: Review, rows: NDArray[np.intp], shares: Floats, lang: str) -> list[dict[str, Any]]:
    """Return the cells, and the percentage in each that is not full, rounded down so that it never reads 100."""
    known, years = tree(review), list(review.years)
    lacking = 100 - 100 * shares
    most = max(10.0, float(np.nanmax(lacking))) if not np.isnan(lacking).all() else 10.0
    cells = {
        "type": "heatmap",
        "x": years,
        "y": list(range(len(rows))),
        "z": plain(lacking),
        "customdata": [[review.areas.ids[i]] * len(years) for i in rows.tolist()],
        "text": over_years([known.names[i] for i in rows.tolist()], years),
        "hovertemplate": f"%{{text}}<br>{say(lang, 'còn thiếu', 'lacking')} %{{z:{theme.DECIMAL}}} %<extra></extra>",
        "hoverongaps": False,
        "colorscale": SCALE,
        "zmin": 0,
        "zmax": most,
        "showscale": False,
        "xgap": 1,
        "ygap": 1,
    }
    r, c = np.nonzero(lacking > 0)
    dark = (lacking[r, c] / most > 0.7).tolist()
    texts = {
        "type": "scatter",
        "mode": "text",
        "x": [years[n] for n in c.tolist()],
        "y": r.tolist(),
        "text": [str(int(100 - gone)) for gone in lacking[r, c].tolist()],
        "textfont": {"size": 10, "color": ["#ffffff" if d else theme.INK for d in dark]},
        "hoverinfo": "skip",
    }
    return [cells, texts]


def _reading(review: Review, area: str, year: int, late: int, lang: str) -> str:
    filed, n, branch = _filed.of(review), review.years.index(year), review.areas.branch(area)
    due, given = filed.due[branch, n], int(filed.given[branch, n].sum())
    offices = int((due > 0).sum())
    when = in_words(review, year, lang)
    when = when[:1].upper() + when[1:]
    if not late:
        return say(
            lang, f"{when}: cả {offices} đơn vị đã báo cáo đủ.", f"{when}: all {offices} offices reported in full."
        )
    part = given / int(due.sum())
    written = words.percent(part, 2 if part > 0.99 else 1, lang=lang)
    return say(
        lang,
        f"{when}: {late}/{offices} đơn vị còn thiếu số liệu; đã có {written} số liệu phải có; tổng cộng của cấp trên "
        "các đơn vị này là mức tối thiểu.",
        f"{when}: {late} of {offices} offices lack figures; {written} of what is owed came in; the totals above them "
        "are minimums.",
    )

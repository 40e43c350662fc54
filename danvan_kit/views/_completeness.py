"""Who reported, and who did not?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from danvan_kit import theme, words
from danvan_kit.cube import Floats
from danvan_kit.review import Review
from danvan_kit.views import _filed
from danvan_kit.views._common import (
    LAST_FULL_YEAR,
    chosen_year,
    closed,
    ids_of,
    in_words,
    plain,
    rows_below,
    say,
    sources,
    tree,
    year_ticks,
)
from danvan_kit.views._view import View


def completeness(review: Review, *, area: str = "", year: int = LAST_FULL_YEAR, lang: str = "vi") -> View:
    """Show which share of the figures that offices owe came in, by area and year.

    Parameters
    ----------
    review
        The review.
    area
        Empty: the top area. The picture shows the areas below it.
    year
        The year whose missing offices the table lists; 0: the last full year.
    lang
        Language.

    Returns
    -------
    View
        Table ``area, name`` of every office that lacks figures in `year`. A click sets the area.
    """
    area = area or review.areas.root
    when = chosen_year(review, year)
    filed = _filed.of(review)
    given, owed = filed.given, filed.due
    rows = _rows(review, area)
    shares = _shares(review, rows, given, owed)
    table, offices = _lacking(review, area, when, given, owed, lang)
    n = review.years.index(when)
    branch = review.areas.branch(area)
    part = float(given[branch, n].sum() / max(owed[branch, n].sum(), 1))
    first = say(
        lang,
        f"Đơn vị báo cáo (bảng observations): {words.number(filed.rows, lang=lang)} dòng",
        f"Reported by the offices (table observations): {words.number(filed.rows, lang=lang)} rows",
    )
    return View(
        title=f"{say(lang, 'Mức độ đầy đủ của báo cáo', 'Completeness of the reports')}: {review.areas.name(area)}, "
        f"{in_words(review, when, lang)}",
        table=table,
        figure=_figure(review, rows, shares, when, lang),
        reading=_reading(review, when, part, len(table), offices, lang),
        sources=sources(review, first, lang),
    )


def _rows(review: Review, area: str) -> NDArray[np.intp]:
    """Return the areas to show: those below, the office itself first."""
    top = review.areas.row(area)
    if review.areas.end[top] == top + 1:
        return np.array([top])
    rows = rows_below(review, area, None, None)
    return np.r_[top, rows[np.argsort(tree(review).order[rows])]]


def _shares(review: Review, rows: NDArray[np.intp], given: NDArray[np.int64], owed: NDArray[np.int64]) -> Floats:
    """Return the share of owed figures that came in: of the first row's own office, of the others' branches."""
    out = np.full((len(rows), len(review.years)), np.nan)
    for n, row in enumerate(rows.tolist()):
        branch = slice(row, row + 1 if n == 0 else int(review.areas.end[row]))
        due = owed[branch].sum(axis=0)
        out[n] = np.where(due > 0, given[branch].sum(axis=0) / np.maximum(due, 1), np.nan)
    return out


def _lacking(  # noqa: PLR0913 - the two counts and where to look
    review: Review, area: str, year: int, given: NDArray[np.int64], owed: NDArray[np.int64], lang: str
) -> tuple[pd.DataFrame, int]:
    """Return the offices that lack figures in a year, worst first, and how many offices there are."""
    n, branch = review.years.index(year), review.areas.branch(area)
    due, got = owed[branch, n], given[branch, n]
    rows = branch.start + np.flatnonzero(got < due)
    known = tree(review)
    lacking = owed[rows, n] - given[rows, n]
    rows = rows[np.lexsort((known.order[rows], -lacking))]
    above = ["" if known.parent[i] < 0 else known.names[known.parent[i]] for i in rows.tolist()]
    table = pd.DataFrame(
        {
            "area": ids_of(review.areas, rows),
            "name": [known.names[i] for i in rows.tolist()],
            say(lang, "Trực thuộc", "Part of"): above,
            "year": [year] * len(rows),
            say(lang, "Số liệu còn thiếu", "Figures missing"): owed[rows, n] - given[rows, n],
            say(lang, "Số liệu phải có", "Figures owed"): owed[rows, n],
            say(lang, "Tình trạng", "State"): [
                say(lang, "không có báo cáo", "no report") if g == 0 else say(lang, "thiếu một phần", "in part")
                for g in given[rows, n].tolist()
            ],
        }
    )
    return table, int((due > 0).sum())


def _figure(review: Review, rows: NDArray[np.intp], shares: Floats, year: int, lang: str) -> dict[str, Any]:
    known, years = tree(review), list(review.years)
    itself = say(lang, "(cơ quan cấp này)", "(its own office)")
    names = [known.shorts[i] if known.level[i] == "district" else known.names[i] for i in rows.tolist()]
    names[0] = f"<i>{known.shorts[rows[0]]} {itself}</i>" if len(rows) > 1 else names[0]
    places = list(range(len(rows)))
    source = say(lang, "Nguồn: báo cáo của các đơn vị", "Source: reports of the offices")
    layout = theme.layout(
        lang,
        simulated=review.simulated,
        provenance=f"{source} · {closed(review, lang)}",
        click="area",
        height=max(theme.HEIGHT if len(rows) > 5 else 300, 17 * len(rows) + 126),
        bottom=76,
    )
    low = max(0.0, min(0.9, float(np.nanmin(shares)) if not np.isnan(shares).all() else 0.9))
    legend = say(lang, "% số liệu đã có; đậm: còn thiếu", "% of figures given; dark: lacking")
    layout["xaxis"] = theme.axis(
        tickvals=years, ticktext=year_ticks(review, lang), tickangle=0, showgrid=False, range=[years[0] - 0.5, years[-1] + 0.5],
        title={"text": legend, "standoff": 4, "font": {"size": 11, "color": theme.PALE_INK}},
    )  # fmt: skip
    layout["yaxis"] = theme.axis(
        tickvals=places, ticktext=names, range=[len(rows) - 0.5, -0.5], showgrid=False, tickfont={"size": 11}
    )
    frame = {"type": "rect", "x0": year - 0.5, "x1": year + 0.5, "y0": -0.5, "y1": len(rows) - 0.5}
    layout["shapes"].append(frame | {"line": {"color": theme.CHOSEN, "width": 2}})
    percents = shares * 100
    lacking = 100 - percents
    r, c = np.nonzero(percents < 100)
    texts = {
        "type": "scatter",
        "mode": "text",
        "x": [years[i] for i in c.tolist()],
        "y": r.tolist(),
        "text": [_rounded_down(v, lang) for v in percents[r, c].tolist()],
        "textfont": {
            "size": 10,
            "color": [theme.contrast(v / (100 - 100 * low)) for v in lacking[r, c].tolist()],
        },
        "hoverinfo": "skip",
    }
    cells = {
        "type": "heatmap",
        "x": years,
        "y": places,
        "z": plain(lacking),
        "customdata": [[a] * len(years) for a in ids_of(review.areas, rows)],
        "text": [[f"<b>{known.names[i]}</b>, {y}" for y in years] for i in rows.tolist()],
        "hovertemplate": f"%{{text}}<br>{say(lang, 'còn thiếu', 'lacking')} %{{z:{theme.DECIMAL}}} %<extra></extra>",
        "hoverongaps": False,
        "colorscale": [[0.0, "#eef4f1"], [0.001, "#fbe3c4"], [0.5, theme.ORANGE], [1.0, "#8f3a00"]],
        "zmin": 0,
        "zmax": 100 - 100 * low,
        "showscale": False,
        "xgap": 1,
        "ygap": 1,
    }
    return {"data": [cells, texts], "layout": layout}


def _rounded_down(percent: float, lang: str) -> str:
    """Write a percentage below 100 so that it never reads 100."""
    whole = int(percent)
    return words.number(whole, lang=lang)


def _reading(review: Review, year: int, part: float, late: int, offices: int, lang: str) -> str:  # noqa: PLR0913
    written = words.percent(part, 2 if part > 0.99 else 1, lang=lang)
    when = in_words(review, year, lang)
    if not late:
        return say(
            lang,
            f"{when.capitalize()}: cả {offices} đơn vị đã báo cáo đủ.",
            f"{when}: all {offices} offices reported in full.",
        )
    return say(
        lang,
        f"{when.capitalize()}: {late}/{offices} đơn vị còn thiếu số liệu; đã có {written} số liệu phải có; "
        "tổng cộng của các đơn vị này là mức tối thiểu.",
        f"{when}: {late} of {offices} offices lack figures; {written} of what is owed came in; "
        "the totals above them are minimums.",
    )

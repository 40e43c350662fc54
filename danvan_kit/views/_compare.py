"""Which of the areas below has how much?"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from danvan_kit import cube, measures, theme, words
from danvan_kit.cube import Floats
from danvan_kit.measures import MeasureError
from danvan_kit.review import Review
from danvan_kit.views._common import (
    INDICATOR,
    About,
    Per,
    about,
    chosen_year,
    frame,
    ids_of,
    in_words,
    indicator_sources,
    plain,
    provenance,
    require_kept,
    rows_below,
    say,
    span,
    texts,
    tree,
)
from danvan_kit.views._view import View

SHOWN = 40
"""Bars that can be read; of more areas the picture shows the largest and the smallest, the table all."""


def compare(  # noqa: PLR0913 - the review and its choices
    review: Review,
    *,
    indicator: str = INDICATOR,
    area: str = "",
    level: Literal["district", "commune"] | None = None,
    year: int | None = None,
    per: Per = "count",
    lang: str = "vi",
) -> View:
    """Compare the areas below an area, largest first.

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
    year
        None: the whole review; flows add up, stocks are the last known.
    per
        ``population``: per 10.000 inhabitants, for a year in which the population is known.
    lang
        Language.

    Returns
    -------
    View
        Table ``area, name, value``, rank and coverage. A click sets the area.

    Raises
    ------
    IndicatorError, AreaError, MeasureError
        If a choice is unknown, the indicator is not kept below, or no population is known.
    """
    area = area or review.areas.root
    this = about(review, indicator, lang)
    when = year if year is None else chosen_year(review, year)
    rows = rows_below(review, area, level, when)
    require_kept(review, this, rows)
    values, unit = figures(review, this, rows, when, per, lang)
    order = np.lexsort((tree(review).order[rows], np.where(np.isnan(values), np.inf, -values)))
    rows, values = rows[order], values[order]
    whole = tree(review).valid[rows].all(axis=1) if when is None else np.ones(len(rows), dtype=np.bool_)
    ids = ids_of(review.areas, rows)
    given, owed = cube.of(review).coverage(this.key, ids, span(review, when))
    columns = {
        "value": values,
        say(lang, "Thứ hạng", "Rank"): _ranks(np.where(whole, values, np.nan), this.polarity),
        say(lang, "Số báo cáo đã có", "Reports given"): given,
        say(lang, "Số báo cáo phải có", "Reports owed"): owed,
    }
    if this.aggregation == "ratio":
        columns = dict(list(columns.items())[:2])
        given = owed = np.zeros(len(rows), dtype=np.int64)
    if _far(review, rows):
        known = tree(review)
        columns = {say(lang, "Trực thuộc", "Part of"): [known.names[i] for i in known.parent[rows]]} | columns
    top = review.areas.name(area)
    return View(
        title=f"{this.label}{say(lang, ' trên 10.000 dân', ' per 10,000 inhabitants') if per == 'population' else ''}: "
        f"{say(lang, 'so sánh trong', 'compared within')} {top}, {in_words(review, when, lang)}",
        table=frame(review, rows, columns),
        figure=_figure(review, this, rows, values, owed - given, whole, unit, area, lang),
        reading=_reading(review, this, rows, values, owed - given, whole, unit, lang),
        sources=indicator_sources(review, this, lang, *population_source(review, ids, when, per)),
    )


def figures(  # noqa: PLR0913 - what, where, when and per what
    review: Review, this: About, rows: NDArray[np.intp], year: int | None, per: Per, lang: str
) -> tuple[Floats, str]:
    """Return the figures of areas, or their rates per 10.000 inhabitants, and the unit of measure.

    Raises
    ------
    MeasureError
        If a rate is asked for where no population is known, or of a figure that is a rate already.
    """
    ids = ids_of(review.areas, rows)
    values = cube.of(review).column(this.key, ids, span(review, year))
    if per == "count":
        return values, this.unit
    if this.aggregation == "ratio":
        raise MeasureError(
            f"{this.key!r} đã là tỷ lệ, không chia cho dân số; được dùng: per='count'",
            f"{this.key!r} is a ratio already; allowed: per='count'",
        )
    known = measures.populations(review)
    people = np.array([known.get((a, year or 0), np.nan) for a in ids])
    if np.isnan(people).all():
        years = ", ".join(map(str, measures.population_years(review, ids)))
        raise MeasureError(
            f"chưa có dân số đã kiểm chứng của các đơn vị này cho {in_words(review, year, 'vi')}; "
            f"được dùng: {f'năm {years}' if years else 'per=count'}",
            f"no verified population of these areas for {in_words(review, year, 'en')}; allowed: {years or 'count'}",
        )
    return measures.PER * values / people, say(lang, f"{this.unit}/10.000 dân", f"{this.unit} per 10,000 inhabitants")


def population_source(review: Review, ids: list[str], year: int | None, per: Per) -> list[str]:
    """Return where the populations come from, when they are used."""
    if per == "count":
        return []
    table = review.population
    used = table[(table["year"] == year) & table["area"].isin(ids) & (table["status"] == "known")]
    return [f"Dân số {year}: {source}" for source in dict.fromkeys(used["source"])]


def _ranks(values: Floats, polarity: measures.Polarity) -> list[int | None]:
    """Return ranks as `measures.rank` gives them: 1 is best, ties share, what is missing has none."""
    known = np.sort(values[~np.isnan(values)] * (1 if polarity == "lower" else -1))
    sign = 1 if polarity == "lower" else -1
    return [None if v != v else int(np.searchsorted(known, sign * v)) + 1 for v in values.tolist()]  # noqa: PLR0124


def _figure(  # noqa: PLR0913 - one value a layer of the picture
    review: Review,
    this: About,
    rows: NDArray[np.intp],
    values: Floats,
    gaps: NDArray[np.int64],
    whole: NDArray[np.bool_],
    unit: str,
    area: str,
    lang: str,
) -> dict[str, Any]:
    keep = np.arange(len(rows))
    if len(rows) > SHOWN:
        known = int((~np.isnan(values)).sum())
        half = SHOWN // 2
        keep = np.r_[0 : min(half, known), max(known - half, half) : known] if known > SHOWN else keep[:SHOWN]
    names, values_all = tree(review), values
    rows, values, gaps = rows[keep], values[keep], gaps[keep]
    ids = ids_of(review.areas, rows)
    digits = 2 if unit != this.unit else this.digits
    shown = texts(values, digits, lang)
    labels = [f"{v} *" if gap and v != words.DASH else v for v, gap in zip(shown, gaps.tolist(), strict=True)]
    places = list(range(len(rows)))
    hover = [
        f"<b>{names.names[i]}</b><br>{v if v != words.DASH else say(lang, 'chưa có số liệu', 'no figure')}"
        f"{f' {unit}' if v != words.DASH else ''}"
        f"{say(lang, f'<br>thiếu {gap} báo cáo', f'<br>{gap} reports missing') if gap else ''}"
        for i, v, gap in zip(rows.tolist(), shown, gaps.tolist(), strict=True)
    ]
    bars = {
        "type": "bar",
        "orientation": "h",
        "x": plain(values),
        "y": places,
        "customdata": ids,
        "hovertext": hover,
        "hoverinfo": "text",
        "marker": {"color": [theme.CHOSEN if a == area else theme.BLUE for a in ids]},
    }
    there = np.flatnonzero(~np.isnan(values)).tolist()
    data: list[dict[str, Any]] = [
        bars,
        theme.labels(values[there].tolist(), there, [labels[n] for n in there], "middle right"),
    ]
    if lost := np.flatnonzero(np.isnan(values)).tolist():
        data.append(_lost(lost, [ids[i] for i in lost], [hover[i] for i in lost], lang))
    cut = len(rows) < len(values_all)
    height = max(theme.HEIGHT, 17 * len(rows) + (140 if cut else 118))
    layout = theme.layout(
        lang,
        simulated=review.simulated,
        provenance=provenance(review, this, lang),
        click="area",
        height=height,
        bottom=84 if cut else 66,
    )
    top = float(np.nanmax(values)) if not np.isnan(values).all() else 1.0
    star = say(lang, " · * chưa đủ báo cáo", " · * not all reports in") if gaps.any() else ""
    if cut:
        half = len(rows) // 2
        star += say(lang, f"<br>{half} cao nhất, {len(rows) - half} thấp nhất trong {len(values_all)}",
                    f"<br>{half} highest, {len(rows) - half} lowest of {len(values_all)}")  # fmt: skip
    layout["xaxis"] = theme.axis(
        range=[0, (top or 1) * 1.17],
        title={"text": unit + star, "standoff": 4, "font": {"size": 11}},
        nticks=6,
        tickformat=theme.TICKS,
    )
    layout["yaxis"] = theme.axis(
        tickvals=places,
        ticktext=_ticks(review, rows, bool(whole.all())),
        range=[len(rows) - 0.4, -0.6],
        showgrid=False,
        tickfont={"size": 11},
        title={"text": ""},
    )
    layout["bargap"] = 0.25
    _median(layout, values_all[whole], digits, lang)
    if cut:
        line = {"type": "line", "x0": 0, "x1": 1, "xref": "paper", "line": {"color": theme.PALE_INK, "dash": "dash"}}
        layout["shapes"].append(line | {"y0": len(rows) // 2 - 0.5, "y1": len(rows) // 2 - 0.5})
    return {"data": data, "layout": layout}


def _far(review: Review, rows: NDArray[np.intp]) -> bool:
    """Tell whether the rows stand below different areas, so that a name alone is not enough."""
    return bool((tree(review).parent[rows] != tree(review).parent[rows[0]]).any())


def _ticks(review: Review, rows: NDArray[np.intp], lasting: bool) -> list[str]:
    """Return short names: of communes of several districts with the district, of a shorter life with its years."""
    names = tree(review)
    if _far(review, rows):
        return [f"{names.shorts[i]} ({names.shorts[names.parent[i]]})" for i in rows.tolist()]
    shown = [names.shorts[i] if names.level[i] == "district" else names.names[i] for i in rows.tolist()]
    if lasting:
        return shown
    years = np.array(review.years)
    out = []
    for name, valid in zip(shown, names.valid[rows], strict=True):
        stood = years[valid]
        out.append(name if valid.all() else f"{name} ({stood[0]}–{stood[-1]})")
    return out


def _lost(places: list[int], ids: list[str], hover: list[str], lang: str) -> dict[str, Any]:
    """Return a mark where a figure is missing: a zero would be a bar's foot with the label 0."""
    return {
        "type": "scatter",
        "mode": "markers+text",
        "x": [0] * len(places),
        "y": places,
        "customdata": ids,
        "marker": {"symbol": "square", "size": 9, "color": theme.MISSING, "line": {"width": 1, "color": "#8a8a8a"}},
        "text": [say(lang, "– chưa có số liệu", "– no figure")] * len(places),
        "textposition": "middle right",
        "textfont": {"size": 11, "color": theme.PALE_INK},
        "cliponaxis": False,
        "hovertext": hover,
        "hoverinfo": "text",
    }


def _median(layout: dict[str, Any], values: Floats, digits: int, lang: str) -> None:
    """Draw the median of all areas, not only of those in the picture."""
    if np.isnan(values).all() or len(values) < 3:
        return
    middle = float(np.nanmedian(values))
    line = {"color": theme.INK, "width": 1.5, "dash": "dot"}
    layout["shapes"].append(
        {"type": "line", "x0": middle, "x1": middle, "y0": 0, "y1": 1, "yref": "paper", "line": line, "layer": "below"}
    )
    written = theme.written(middle, lang, digits if middle != round(middle) and digits else None)
    text = say(lang, f"trung vị {written}", f"median {written}")
    at = {"xref": "x", "xanchor": "left", "yanchor": "bottom", "xshift": 4, "yshift": 4, "bgcolor": "#ffffff"}
    layout["annotations"].append(theme.note(text, x=middle, y=0, **at))


def _reading(  # noqa: PLR0913 - the rule looks at all that is known
    review: Review,
    this: About,
    rows: NDArray[np.intp],
    values: Floats,
    gaps: NDArray[np.int64],
    whole: NDArray[np.bool_],
    unit: str,
    lang: str,
) -> str:
    """Name the highest and the lowest with the median; for a sum the share of the top tenth; then the gaps."""
    names = tree(review).names
    known = np.flatnonzero(~np.isnan(values) & whole)
    if not len(known):
        return say(lang, "Chưa đơn vị nào có số liệu.", "No area has a figure.")
    digits = 2 if unit != this.unit else this.digits
    high, low = int(known[0]), int(known[-1])
    top, bottom, middle = texts([values[high], values[low], float(np.median(values[known]))], digits, lang)
    parts = [
        say(
            lang,
            f"Cao nhất là {names[rows[high]]} ({top} {unit}), thấp nhất là {names[rows[low]]} ({bottom}), "
            f"trung vị {middle}",
            f"{names[rows[high]]} has most ({top} {unit}), {names[rows[low]]} least ({bottom}), the median is {middle}",
        )
    ]
    part = measures.top_share(values)
    if this.aggregation == "sum" and unit == this.unit and len(known) >= 10 and not np.isnan(part):
        written = words.percent(part, lang=lang)
        parts.append(
            say(lang, f"một phần mười số đơn vị giữ {written} tổng số", f"a tenth of the areas holds {written}")
        )
    if short := int((~whole).sum()):
        parts.append(say(lang, f"{short} đơn vị chỉ có trong một số năm nên không xếp hạng",
                         f"{short} areas stood for some years only and are not ranked"))  # fmt: skip
    if nothing := int(np.isnan(values).sum()):
        parts.append(say(lang, f"{nothing} đơn vị chưa có số liệu, không phải bằng 0",
                         f"{nothing} areas have no figure, which is not zero"))  # fmt: skip
    if late := int((gaps > 0).sum()):
        parts.append(say(lang, f"{late}/{len(rows)} đơn vị chưa đủ báo cáo bên dưới nên có thể còn tăng",
                         f"{late} of {len(rows)} areas lack reports from below and may rise"))  # fmt: skip
    return "; ".join(parts) + "."

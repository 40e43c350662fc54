"""The dialogues of each level as series of their own, beside what was published."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from danvan_kit import cube, measures, theme, words
from danvan_kit.areas import LEVELS
from danvan_kit.cube import Floats
from danvan_kit.indicators import IndicatorError
from danvan_kit.review import Review
from danvan_kit.views._common import About, about, closed, frame, in_words, plain, say, sources, texts, year_ticks
from danvan_kit.views._tree import tree
from danvan_kit.views._view import View

GROUP = "dialogue"
COLORS = (theme.BLUE, theme.GREEN, theme.ORANGE)


@dataclass(frozen=True)
class _Series:
    """The dialogues that the offices of one level held themselves.

    Attributes
    ----------
    this
        The indicator.
    level
        The level.
    amounts
        Shape ``(year,)``; NaN before the first year.
    published
        The published figure; None where there is none.
    """

    this: About
    level: str
    amounts: Floats
    published: float | None

    @property
    def total(self) -> float:
        """The sum over the years."""
        return float(np.nansum(self.amounts))


def dialogues(review: Review, *, lang: str = "vi") -> View:
    """Show the dialogues of the city, the districts and the communes as separate series, beside the published figures.

    They are not added up: the city's contact and dialogue conferences and the periodic dialogues below are different
    activities of different bodies, and the published figures are given one by one.

    Parameters
    ----------
    review
        The review.
    lang
        Language.

    Returns
    -------
    View
        Table: a row a year, a column a series. A click sets the year.

    Raises
    ------
    IndicatorError
        If the catalogue has no dialogue that is counted.
    """
    found = _found(review, lang)
    columns: dict[str, Any] = {"year": list(review.years)}
    columns |= {_named(one, lang): one.amounts for one in found}
    return View(
        title=say(lang, "Đối thoại của ba cấp, tính riêng từng loại, ", "Dialogues of each level, kept apart, ")
        + in_words(review, None, lang),
        table=frame(columns),
        figure=_figure(review, found, lang),
        reading=_reading(found, lang),
        sources=sources(review, *_sources(review, found, lang)),
    )


def _found(review: Review, lang: str) -> list[_Series]:
    cells, level = cube.of(review), tree(review).level
    known = review.indicators
    out = []
    for key in known.index[(known["group"] == GROUP) & (known["aggregation"] != "ratio")]:
        this = about(review, str(key), lang)
        for at in (name for name in LEVELS if name in this.levels):
            own = cells.own[cells.index(this.key), level == at]
            out.append(_Series(this, at, cube.nansum(own, axis=0), _published(review, this.key, at)))
    if not out:
        raise IndicatorError(
            f"danh mục không có chỉ tiêu nhóm {words.label(GROUP)!r}; được dùng: chỉ tiêu có group = {GROUP}",
            f"the catalogue has no indicator of group {GROUP!r}; allowed: one with group = {GROUP}",
        )
    return sorted(out, key=lambda one: LEVELS.index(one.level))


def _published(review: Review, key: str, level: str) -> float | None:
    rows: pd.DataFrame = review.statements
    rows = rows[(rows["indicator"] == key) & (rows["levels"] == level)]
    return float(rows["value"].iloc[0]) if len(rows) else None


def _named(one: _Series, lang: str) -> str:
    level = words.label(one.level, lang)
    return f"{one.this.label}: {level.lower()}"


def _reading(found: list[_Series], lang: str) -> str:
    """Give each sum beside what was published, and why they are not added."""
    parts = []
    for one in found:
        said = f"{words.label(one.level, lang)}: {words.number(one.total, lang=lang)}"
        if one.published is not None:
            agrees = one.published == one.total
            published = words.number(one.published, lang=lang)
            said += say(lang, " (khớp số công bố)" if agrees else f" (số công bố {published}, không khớp)",
                        " (as published)" if agrees else f" (published: {published}, which differs)")  # fmt: skip
        parts.append(said)
    end = say(
        lang,
        "không cộng các số này: tiếp xúc, đối thoại của Thành phố và đối thoại định kỳ của quận, huyện, xã, phường là "
        "những việc khác nhau, do cơ quan khác nhau chủ trì",
        "these are not added: the city's contact conferences and the periodic dialogues below are different "
        "activities of different bodies",
    )
    return "; ".join([*parts, end]) + "."


def _sources(review: Review, found: list[_Series], lang: str) -> tuple[str, ...]:
    backing = say(
        lang,
        "Đếm số của riêng đơn vị từng cấp (bảng records, observations)",
        "Counted from the own figures of the offices of each level (tables records, observations)",
    )
    keys = {one.this.key for one in found}
    rows = review.statements[review.statements["indicator"].isin(keys)]
    cited = dict.fromkeys(str(source) for source in rows["source"])
    return (backing, lang, *(say(lang, f"Số công bố: {c}", f"Published: {c}") for c in cited))


def _figure(review: Review, found: list[_Series], lang: str) -> dict[str, Any]:
    years, total, partial = list(review.years), len(found), measures.partial_year(review)
    layout = theme.layout(
        lang,
        simulated=review.simulated,
        provenance=say(lang, "Nguồn: nhật ký hoạt động", "Source: log of activities") + f" · {closed(review, lang)}",
        click="year",
        height=150 * total + 130,
        bottom=72,
    )
    layout["xaxis"] = theme.years_axis(years, year_ticks(review, lang), anchor=_axis(total - 1))
    data = []
    for n, one in enumerate(found):
        low, high = (total - 1 - n) / total, (total - n - 0.34) / total
        top = float(np.nanmax([*one.amounts, 1.0]))
        layout[f"yaxis{n + 1 if n else ''}"] = theme.axis(
            domain=[low, high], range=[0, top * 1.25], tickformat=theme.TICKS, nticks=3
        )
        color = COLORS[n % len(COLORS)]
        layout["annotations"].append(
            theme.note(
                _head(one, lang), x=0, y=high, size=12, color=theme.INK, place={"yanchor": "bottom", "yshift": 2}
            )
        )
        written = texts(one.amounts, 0, lang)
        hover = [f"<b>{y}</b>: {w} {one.this.unit}" for y, w in zip(years, written, strict=True)]
        base = {"x": years, "y": plain(one.amounts), "yaxis": _axis(n)}
        hatch = {"shape": ["/" if y == partial else "" for y in years], "fgcolor": "#ffffff", "solidity": 0.35}
        bars = {
            "type": "bar",
            "marker": {"color": [color] * len(years), "pattern": hatch},
            "customdata": years,
            "hovertext": hover,
            "hoverinfo": "text",
        }
        shown = [w if v == v else "" for v, w in zip(one.amounts.tolist(), written, strict=True)]  # noqa: PLR0124
        data += [bars | base, theme.labels(years, plain(one.amounts), shown, "top center") | {"yaxis": _axis(n)}]
    layout["hovermode"] = "x"
    return {"data": data, "layout": layout}


def _axis(n: int) -> str:
    return f"y{n + 1 if n else ''}"


def _head(one: _Series, lang: str) -> str:
    number = words.number(one.total, lang=lang)
    level = words.label(one.level, lang)
    if one.published is None:
        return f"<b>{level}: {number}</b> {one.this.unit}"
    published = words.number(one.published, lang=lang)
    mark = "✓" if one.published == one.total else "✗"
    return f"<b>{level}: {number}</b> {say(lang, f'(công bố {published} {mark})', f'(published {published} {mark})')}"

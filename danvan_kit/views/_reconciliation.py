"""Does what an office consolidated equal its own figure and those below?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from danvan_kit import theme, words
from danvan_kit.areas import LEVELS
from danvan_kit.cube import Floats
from danvan_kit.indicators import IndicatorError
from danvan_kit.review import Review
from danvan_kit.views import _filed
from danvan_kit.views._common import (
    LAST_FULL_YEAR,
    About,
    about,
    chosen_year,
    closed,
    ids_of,
    in_words,
    say,
    sources,
    tree,
)
from danvan_kit.views._view import View

INDICATOR = "don_thu_tiep_nhan"
"""What is shown before anybody chose: a figure that only the offices know."""
STATES = ("equal", "differs", "incomplete", "none")
WORDS = {
    "equal": ("Khớp", "Equal"),
    "differs": ("Không khớp", "Differs"),
    "incomplete": ("Chưa đủ báo cáo cấp dưới", "Reports below incomplete"),
    "none": ("Chưa có số tổng hợp", "No consolidated figure"),
}
COLORS = {"equal": theme.BLUE, "differs": theme.VERMILION, "incomplete": "#9aa3aa", "none": "#c8ced3"}
MARKS = {"equal": "✓", "differs": "✗", "incomplete": "…", "none": "–"}


def reconciliation(
    review: Review, *, indicator: str = INDICATOR, year: int = LAST_FULL_YEAR, area: str = "", lang: str = "vi"
) -> View:
    """Compare each consolidated figure with the sum of the own figures of its branch, as reported.

    Where offices below have not reported, nothing is decided, unless what they did report already exceeds the
    consolidated figure: that is wrong whatever comes in later.

    Parameters
    ----------
    review
        The review.
    indicator
        One that adds up.
    year
        0: the last full year.
    area
        Empty: the top area. Shown are it and the areas right below that have offices below themselves.
    lang
        Language.

    Returns
    -------
    View
        Table ``area, name``: consolidated, sum, difference, missing offices, answer. A click sets the area.

    Raises
    ------
    IndicatorError
        If the figures do not add up, or nobody consolidates them.
    """
    this = about(review, indicator if indicator in review.indicators.index else _first(review, indicator), lang)
    if this.aggregation not in {"sum", "last"}:
        raise IndicatorError(
            f"chỉ tiêu {this.key!r} không cộng được nên không có số tổng hợp để đối chiếu; "
            "được dùng: chỉ tiêu có cách tổng hợp sum hoặc last",
            f"indicator {this.key!r} does not add up; allowed: aggregation sum or last",
        )
    area, when = area or review.areas.root, chosen_year(review, year)
    rows = _rows(review, this, area, when)
    claimed, summed, lacking = _figures(review, this, rows, when)
    states = answers(claimed, summed, lacking)
    known = tree(review)
    table = pd.DataFrame(
        {
            "area": ids_of(review.areas, rows),
            "name": [known.names[i] for i in rows.tolist()],
            say(lang, "Số tổng hợp đã báo cáo", "Consolidated as reported"): claimed,
            say(lang, "Cộng từ các đơn vị", "Sum of the offices"): summed,
            say(lang, "Chênh lệch", "Difference"): claimed - summed,
            say(lang, "Đơn vị chưa báo cáo", "Offices missing"): lacking,
            say(lang, "Kết luận", "Answer"): [say(lang, *WORDS[s]) for s in states],
        }
    )
    first = say(
        lang,
        "Đơn vị báo cáo (bảng observations): số tổng hợp của cấp trên so với số của riêng từng đơn vị",
        "Reported by the offices (table observations): consolidated figures against the own figures below",
    )
    return View(
        title=f"{this.label}: {say(lang, 'đối chiếu số tổng hợp,', 'consolidated against summed,')} "
        f"{review.areas.name(area)}, {in_words(review, when, lang)}",
        table=table,
        figure=_figure(review, this, rows, claimed - summed, states, lacking, lang),
        reading=_reading(review, this, rows, claimed - summed, states, lang),
        sources=sources(review, first, lang),
    )


def answers(claimed: Floats, summed: Floats, lacking: NDArray[np.int64]) -> list[str]:
    """Return ``equal``, ``differs``, ``incomplete`` or ``none`` for each consolidated figure.

    Parameters
    ----------
    claimed
        Consolidated figures as reported, NaN where none. Shape ``(area,)``.
    summed
        The sum of what the branch reported itself. Shape ``(area,)``.
    lacking
        How many offices of the branch have not reported. Shape ``(area,)``.
    """
    found = []
    for said, added, gap in zip(claimed.tolist(), np.nan_to_num(summed).tolist(), lacking.tolist(), strict=True):
        if np.isnan(said):
            found.append("none")
        elif gap:
            found.append("differs" if added > said else "incomplete")
        else:
            found.append("equal" if added == said else "differs")
    return found


def _first(review: Review, asked: str) -> str:
    """Return the first indicator that adds up when nobody asked for a certain one; else what was asked."""
    sums = review.indicators.index[review.indicators["aggregation"] == "sum"]
    return str(sums[0]) if asked == INDICATOR and len(sums) else asked


def _rows(review: Review, this: About, area: str, year: int) -> NDArray[np.intp]:
    """Return the area and those right below it that consolidate (`IndicatorError` when none does)."""
    known, top, n = tree(review), review.areas.row(area), review.years.index(year)
    branch = np.arange(top, review.areas.end[top])
    close = (branch == top) | (known.parent[branch] == top)
    above = LEVELS[: max(LEVELS.index(level) for level in this.levels)]
    rows: NDArray[np.intp] = branch[close & np.isin(known.level[branch], above) & known.valid[branch, n]]
    if not len(rows):
        raise IndicatorError(
            f"{review.areas.name(area)} không tổng hợp chỉ tiêu {this.key!r} từ cấp dưới; được dùng: đơn vị cấp trên",
            f"{area!r} does not consolidate {this.key!r}; allowed: an area above the offices that keep it",
        )
    return np.r_[rows[:1], rows[1:][np.argsort(known.order[rows[1:]])]]


def _figures(
    review: Review, this: About, rows: NDArray[np.intp], year: int
) -> tuple[Floats, Floats, NDArray[np.int64]]:
    """Return consolidated figures, sums of own figures, and how many offices have not reported."""
    filed, i, n = _filed.of(review), review.indicators.index.get_loc(this.key), review.years.index(year)
    own, owed = filed.own[i, :, n], filed.owed[i, :, n]
    known = ~np.isnan(own)
    sums = np.r_[0.0, np.cumsum(np.where(known & tree(review).valid[:, n], own, 0.0))]
    gaps = np.r_[0, np.cumsum(owed & ~known)]
    end = review.areas.end[rows]
    return filed.consolidated[i, rows, n], sums[end] - sums[rows], gaps[end] - gaps[rows]


def _figure(  # noqa: PLR0913 - one value a layer of the picture
    review: Review,
    this: About,
    rows: NDArray[np.intp],
    gaps: Floats,
    states: list[str],
    lacking: NDArray[np.int64],
    lang: str,
) -> dict[str, Any]:
    known, places = tree(review), list(range(len(rows)))
    ids = ids_of(review.areas, rows)
    signed = [_signed(v, lang) for v in gaps.tolist()]
    labels = [_label(state, text, gap, lang) for state, text, gap in zip(states, signed, lacking.tolist(), strict=True)]
    wide = float(np.nanmax(np.abs(gaps))) if not np.isnan(gaps).all() else 0.0
    wide = wide or 1.0
    bars = {
        "type": "bar",
        "orientation": "h",
        "x": [0 if np.isnan(v) else v for v in gaps.tolist()],
        "y": places,
        "customdata": ids,
        "marker": {
            "color": [COLORS[s] for s in states],
            "pattern": {"shape": ["/" if s == "incomplete" else "" for s in states], "fgcolor": "#ffffff"},
        },
        "hovertext": [
            f"<b>{known.names[i]}</b><br>{say(lang, *WORDS[s])}<br>{say(lang, 'chênh lệch', 'difference')} {text}"
            for i, s, text in zip(rows.tolist(), states, signed, strict=True)
        ],
        "hoverinfo": "text",
    }
    inks = [theme.PALE_INK if s in {"none", "incomplete"} else COLORS[s] for s in states]
    marks = theme.labels(np.fmax(gaps, 0.0).tolist(), places, labels, "middle right", color=inks)
    source = say(lang, "Nguồn: báo cáo của các đơn vị", "Source: reports of the offices")
    layout = theme.layout(
        lang,
        simulated=review.simulated,
        provenance=f"{source} · {closed(review, lang)}",
        click="area",
        height=max(theme.HEIGHT if len(rows) > 5 else 300, 17 * len(rows) + 122),
    )
    low = min(0.0, float(np.nanmin(gaps)) if not np.isnan(gaps).all() else 0.0)
    layout["xaxis"] = theme.axis(
        range=[low * 1.08 - wide * 0.02, max(0.0, float(np.nanmax(np.r_[gaps, 0.0]))) + wide * 0.9],
        title={"text": say(lang, f"số tổng hợp trừ tổng các đơn vị ({this.unit})",
                           f"consolidated less the sum of the offices ({this.unit})"), "standoff": 4},
        nticks=6, tickformat=theme.TICKS, zeroline=True, zerolinecolor=theme.INK, zerolinewidth=1,
    )  # fmt: skip
    names = [known.shorts[i] if known.level[i] == "district" else known.names[i] for i in rows.tolist()]
    names[0] = f"<b>{names[0]}</b>"
    layout["yaxis"] = theme.axis(
        tickvals=places, ticktext=names, range=[len(rows) - 0.4, -0.6], showgrid=False, tickfont={"size": 11}
    )
    return {"data": [bars, marks], "layout": layout}


def _signed(value: float, lang: str) -> str:
    written = words.number(value, lang=lang, digits=0)
    return f"+{written}" if value > 0 else written


def _label(state: str, signed: str, lacking: int, lang: str) -> str:
    if state == "equal":
        return f"{MARKS[state]} {say(lang, *WORDS[state])}"
    if state == "none":
        return f"{MARKS[state]} {say(lang, *WORDS[state]).lower()}"
    if state == "incomplete":
        return say(lang, f"… {signed}, thiếu {lacking} báo cáo", f"… {signed}, {lacking} reports missing")
    return f"{MARKS[state]} <b>{signed}</b>"


def _reading(  # noqa: PLR0913 - the rule looks at all that is known
    review: Review, this: About, rows: NDArray[np.intp], gaps: Floats, states: list[str], lang: str
) -> str:
    """Count the three answers; name the largest difference that is proved."""
    count = {s: states.count(s) for s in STATES}
    total = len(states)
    parts = [
        say(lang, f"{count['equal']}/{total} số tổng hợp khớp với tổng các đơn vị",
            f"{count['equal']} of {total} consolidated figures equal the sum of the offices")
    ]  # fmt: skip
    if count["differs"]:
        wrong = [n for n, s in enumerate(states) if s == "differs"]
        worst = max(wrong, key=lambda n: abs(gaps[n]))
        name, written = tree(review).names[rows[worst]], _signed(float(gaps[worst]), lang)
        parts.append(say(lang, f"{count['differs']} số sai, lớn nhất ở {name} ({written} {this.unit})",
                         f"{count['differs']} are wrong, most at {name} ({written} {this.unit})"))  # fmt: skip
    if count["incomplete"]:
        parts.append(say(lang, f"{count['incomplete']} số chưa kết luận được vì cấp dưới chưa báo cáo đủ",
                         f"{count['incomplete']} cannot be decided, reports below are missing"))  # fmt: skip
    if count["none"]:
        parts.append(say(lang, f"{count['none']} đơn vị chưa có số tổng hợp", f"{count['none']} gave no such figure"))
    return "; ".join(parts) + "."

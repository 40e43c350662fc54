"""Whether what an office consolidated equals its own figure and those below."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from danvan_kit import cube, theme, words
from danvan_kit.areas import rank
from danvan_kit.cube import Floats
from danvan_kit.indicators import IndicatorError, place
from danvan_kit.review import Review
from danvan_kit.views import _filed
from danvan_kit.views._common import (
    LAST_FULL_YEAR,
    About,
    Found,
    about,
    chosen_year,
    closed,
    hidden_count,
    in_words,
    say,
    sources,
    veiled,
)
from danvan_kit.views._tree import name_of, require_standing, tree
from danvan_kit.views._view import View

INDICATOR = "don_thu_tiep_nhan"
"""What is shown before anybody chose: a figure that only the offices know."""
WORDS = {
    "equal": ("Khớp", "Equal"),
    "differs": ("Không khớp", "Differs"),
    "incomplete": ("Chưa đủ báo cáo cấp dưới", "Reports below incomplete"),
    "none": ("Chưa có số tổng hợp", "No consolidated figure"),
    "hidden": ("Ẩn để bảo vệ người dân", "Hidden to protect citizens"),
}
COLORS = {"equal": theme.BLUE, "differs": theme.VERMILION, "incomplete": "#9aa3aa", "none": "#c8ced3"}
COLORS["hidden"] = "#8e7ba6"


@dataclass(frozen=True, eq=False)
class _Reconciled(Found):
    """Consolidated figures: ``amounts`` are as reported.

    Attributes
    ----------
    summed
        What the offices of each branch reported themselves. Shape ``(area,)``.
    lacking
        How many of them have not reported. Shape ``(area,)``.
    states
        The answers.
    """

    summed: Floats
    lacking: NDArray[np.int64]
    states: list[str]

    @cached_property
    def gaps(self) -> Floats:
        """Consolidated less summed."""
        return self.amounts - self.summed


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
    this = about(review, _known(review, indicator), lang)
    _require_sum(this)
    area, when = area or review.areas.root, chosen_year(review, year)
    require_standing(review, area, when)
    rows = _rows(review, this, area, when)
    claimed, summed, lacking = _figures(review, this, rows, when)
    veil, veil_sum = _veils(review, this, rows, when)
    states = [
        "hidden" if gone else answer
        for gone, answer in zip((veil | veil_sum).tolist(), answers(claimed, summed, lacking), strict=True)
    ]
    found = _Reconciled(review, this, lang, rows, claimed, summed, lacking, states)
    columns = {
        say(lang, "Kết luận", "Answer"): [say(lang, *WORDS[s]) for s in found.states],
        say(lang, "Số tổng hợp đã báo cáo", "Consolidated as reported"): veiled(claimed, veil, lang),
        say(lang, "Cộng từ các đơn vị", "Sum of the offices"): veiled(summed, veil_sum, lang),
        say(lang, "Chênh lệch", "Difference"): veiled(found.gaps, veil | veil_sum, lang),
        say(lang, "Đơn vị chưa báo cáo", "Offices missing"): lacking,
    }
    first = say(
        lang,
        "Đơn vị báo cáo (bảng observations): số tổng hợp của cấp trên so với số của riêng từng đơn vị",
        "Reported by the offices (table observations): consolidated figures against the own figures below",
    )
    return View(
        title=f"{this.label}: {say(lang, 'đối chiếu số tổng hợp,', 'consolidated against summed,')} "
        f"{name_of(review, area)}, {in_words(review, when, lang)}",
        table=found.table(columns),
        figure=_figure(found),
        reading=_reading(found),
        sources=sources(review, first, lang, persons=this.persons),
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
    for said, added, gap in zip(claimed.tolist(), summed.tolist(), lacking.tolist(), strict=True):
        if np.isnan(said):
            found.append("none")
        elif gap:
            found.append("differs" if added > said else "incomplete")
        else:
            found.append("equal" if added == said else "differs")
    return found


def _known(review: Review, asked: str) -> str:
    """Return what was asked; for the default where it does not exist the first indicator that adds up."""
    if asked != INDICATOR or asked in review.indicators.index:
        return asked
    sums = review.indicators.index[review.indicators["aggregation"] == "sum"]
    return str(sums[0]) if len(sums) else asked


def _require_sum(this: About) -> None:
    if this.aggregation not in {"sum", "last"}:
        raise IndicatorError(
            f"chỉ tiêu {this.quoted} không cộng được nên không có số tổng hợp để đối chiếu; "
            "được dùng: chỉ tiêu cộng được (số lượng), không phải tỷ lệ",
            f"indicator {this.quoted} does not add up; allowed: aggregation sum or last",
        )


def _rows(review: Review, this: About, area: str, year: int) -> NDArray[np.intp]:
    """Return the area and those right below it that consolidate (`IndicatorError` when none does)."""
    known, top, n = tree(review), review.areas.row(area), review.years.index(year)
    branch = np.arange(top, review.areas.end[top])
    close = (branch == top) | (known.parent[branch] == top)
    lowest = max(map(rank, this.levels))
    above = [level for level in review.areas.levels if 0 <= rank(level) < lowest]
    rows = branch[close & np.isin(known.level[branch], above) & known.valid[branch, n]]
    if not len(rows):
        raise IndicatorError(
            f"{name_of(review, area)} năm {year} không tổng hợp chỉ tiêu {this.quoted} từ cấp dưới; "
            "được dùng: đơn vị cấp trên",
            f"{area!r} does not consolidate {this.quoted} in {year}; allowed: an area above the offices that keep it",
        )
    return np.concatenate([rows[:1], rows[1:][np.argsort(known.order[rows[1:]])]])


def _figures(
    review: Review, this: About, rows: NDArray[np.intp], year: int
) -> tuple[Floats, Floats, NDArray[np.int64]]:
    """Return consolidated figures, sums of own figures, and how many offices have not reported."""
    full = review.hidden.full if review.hidden else review
    shown, filed, i = _filed.of(review), _filed.of(full), place(review.indicators, this.key)
    n = review.years.index(year)
    own, owed = filed.own[i, :, n], filed.owed[i, :, n]
    known = ~np.isnan(own)
    # What comes from an office that does not stand that year is a problem for the checks, not a figure.
    sums = np.concatenate([[0.0], np.cumsum(np.where(known & tree(review).valid[:, n], own, 0.0))])
    gaps = np.concatenate([[0], np.cumsum(owed & ~known)])
    end = review.areas.end[rows]
    summed = np.where(_veils(review, this, rows, year)[1], np.nan, sums[end] - sums[rows])
    return shown.consolidated[i, rows, n], summed, gaps[end] - gaps[rows]


def _veils(
    review: Review, this: About, rows: NDArray[np.intp], year: int
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Tell which consolidated figures, and which sums, are known and not shown. Shape ``(area,)`` each.

    A sum of reports on persons is shown where it is the total that all other views show: it tells nothing new.
    """
    none = np.zeros(len(rows), dtype=np.bool_)
    if review.hidden is None or not this.persons:
        return none, none
    i, n = place(review.indicators, this.key), review.years.index(year)
    claimed, known = (_filed.of(one).consolidated[i, rows, n] for one in (review.hidden.full, review))
    full = _figures(review.hidden.full, this, rows, year)[1]
    shown = cube.of(review).total[i, rows, n]
    return ~np.isnan(claimed) & np.isnan(known), full != shown


def _figure(found: _Reconciled) -> dict[str, Any]:
    gaps, places = found.gaps, list(range(len(found.rows)))
    source = found.say("Nguồn: báo cáo của các đơn vị", "Source: reports of the offices")
    layout = found.layout(
        "area",
        provenance=f"{source} · {closed(found.review, found.lang)}",
        height=max(theme.HEIGHT if len(places) > 5 else 300, 17 * len(places) + 122),
    )
    low, high = float(np.nanmin(np.append(gaps, 0.0))), float(np.nanmax(np.append(gaps, 0.0)))
    room = max(high - low, 10.0)
    text = found.say(
        f"số tổng hợp trừ tổng các đơn vị ({found.this.unit})",
        f"consolidated less the sum of the offices ({found.this.unit})",
    )
    layout["xaxis"] = theme.axis(
        range=[low - 0.03 * room, high + 0.7 * room],
        title={"text": text, "standoff": 4, "font": {"size": 11}},
        nticks=6,
        tickformat=theme.TICKS,
    ) | {"zeroline": True, "zerolinecolor": theme.INK, "zerolinewidth": 1}
    layout["hovermode"] = "y"  # most rows have no bar to click on
    layout["yaxis"] = theme.names_axis([f"<b>{found.labels[0]}</b>", *found.labels[1:]], 0.45)
    inks = [COLORS[s] if s in {"equal", "differs"} else theme.PALE_INK for s in found.states]
    starts = np.fmax(np.nan_to_num(gaps), 0.0).tolist()
    marks = theme.labels(starts, places, _labels(found), "middle right", color=inks)
    return {"data": [_bars(found, places), marks], "layout": layout}


def _bars(found: _Reconciled, places: list[int]) -> dict[str, Any]:
    difference = found.say("chênh lệch", "difference")
    return {
        "type": "bar",
        "orientation": "h",
        "x": np.nan_to_num(found.gaps).tolist(),
        "y": places,
        "customdata": found.ids,
        "marker": {
            "color": [COLORS[s] for s in found.states],
            "pattern": {"shape": ["/" if s == "incomplete" else "" for s in found.states], "fgcolor": "#ffffff"},
        },
        "hovertext": [
            f"<b>{name}</b><br>{found.say(*WORDS[state])}"
            + ("" if state == "hidden" else f"<br>{difference} {_signed(gap, found.lang)}")
            for name, state, gap in zip(found.names, found.states, found.gaps.tolist(), strict=True)
        ],
        "hoverinfo": "text",
    }


def _signed(value: float, lang: str) -> str:
    written = words.number(value, lang=lang, digits=0)
    return f"+{written}" if value > 0 else written


def _labels(found: _Reconciled) -> list[str]:
    out = []
    for state, gap, lost in zip(found.states, found.gaps.tolist(), found.lacking.tolist(), strict=True):
        signed = _signed(gap, found.lang)
        out.append(
            {
                "equal": f"✓ {found.say(*WORDS['equal'])}",
                "differs": f"✗ <b>{signed}</b>",
                "incomplete": f"… {signed}, " + found.say(f"thiếu {lost} báo cáo", f"{lost} reports missing"),
                "hidden": f"⊘ {found.say(*WORDS['hidden']).lower()}",
                "none": f"– {found.say(*WORDS['none']).lower()}",
            }[state]
        )
    return out


def _reading(found: _Reconciled) -> str:
    """Count the three answers; name the largest difference that is proved."""
    count = {state: found.states.count(state) for state in WORDS}
    equal, total = count["equal"], len(found.states)
    parts = [
        found.say(
            f"{equal}/{total} số tổng hợp khớp với tổng các đơn vị",
            f"{equal} of {total} consolidated figures equal the sum of the offices",
        )
    ]
    wrong = [n for n, state in enumerate(found.states) if state == "differs"]
    if wrong:
        worst = max(wrong, key=lambda n: abs(found.gaps[n]))
        most = f"{found.names[worst]} ({_signed(float(found.gaps[worst]), found.lang)} {found.this.unit})"
        parts.append(found.say(f"{len(wrong)} số sai, lớn nhất ở {most}", f"{len(wrong)} are wrong, most at {most}"))
    if late := count["incomplete"]:
        parts.append(
            found.say(
                f"{late} số chưa kết luận được vì cấp dưới chưa báo cáo đủ",
                f"{late} cannot be decided, reports below are missing",
            )
        )
    parts += hidden_count(count["hidden"], found.lang)
    if none := count["none"]:
        parts.append(found.say(f"{none} đơn vị chưa có số tổng hợp", f"{none} gave no such figure"))
    return "; ".join(parts) + "."

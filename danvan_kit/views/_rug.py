"""All areas of a place by all their figures: one look at where who differs from its peers beyond chance."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from danvan_kit import theme
from danvan_kit.indicators import at_level
from danvan_kit.judging import CODE, JUDGED, STATES, Judged, judged
from danvan_kit.likeness import peers
from danvan_kit.limits import TRENDS
from danvan_kit.review import Review
from danvan_kit.views import _judged as shared
from danvan_kit.views._common import (
    HIDDEN,
    About,
    about,
    chosen_year,
    closed,
    hidden_count,
    in_words,
    say,
    sources,
    texts,
)
from danvan_kit.views._tree import company, name_of, rows_below, tree
from danvan_kit.views._view import View, later

SHOWN = {
    "better": ("tốt hơn mức chung", "better than the group"),
    "worse": ("kém hơn mức chung", "worse than the group"),
    "higher": ("cao hơn (không tốt xấu)", "higher (neither good nor bad)"),
    "lower": ("thấp hơn (không tốt xấu)", "lower (neither good nor bad)"),
    "similar": ("ngang mức chung", "like the group"),
    "missing": ("· chưa có, chưa đủ báo cáo", "· reports lack"),
    "few": ("? quá ít để đánh giá", "? too few to judge"),
    "no_base": ("– mẫu số bằng 0", "– denominator is 0"),
    "hidden": (f"⊘ {HIDDEN[0]}", f"⊘ {HIDDEN[1]}"),
    "": ("↑↓ xu hướng 5 năm", "↑↓ 5-year trend"),
}
"""The legend."""
MARKS = {"few": "?", "missing": "·", "late": "·", "no_base": "–", "hidden": "⊘", "over": "!"}
ROW, TOP, END = 17, 6.4, 6.6
"""Pixels of half a row; half rows above for the names of the areas, and below for the legend."""
NAMED = 3
"""Areas that the reading names."""


@dataclass(frozen=True, eq=False)
class _Rug:
    """The areas of a place, each judged among its own peers.

    Attributes
    ----------
    review, area, year, lang
        What was asked; `area` is the place.
    rows
        Rows of the areas, by kind, then by name.
    of
        For each area everything of its group, and its place in it.
    dropped
        How many areas below did not stand throughout the review.
    """

    review: Review
    area: str
    year: int | None
    lang: str
    rows: NDArray[np.intp]
    of: list[tuple[Judged, int]]
    dropped: int

    def say(self, vi: str, en: str) -> str:
        """Return the text in the reader's language."""
        return say(self.lang, vi, en)

    @cached_property
    def keys(self) -> list[str]:
        """The indicators of the level but for stocks and numerators of ratios; those with a good side first."""
        known, level = self.review.indicators, str(tree(self.review).level[self.rows[0]])
        left = set(known["numerator"]) | set(known.index[known["aggregation"] == "last"])
        shown = [key for key in at_level(known, level) if key not in left]
        return sorted(shown, key=lambda key: about(self.review, key, "vi").polarity == "neutral")

    @cached_property
    def places(self) -> list[int]:
        """Where the indicators stand in their groups."""
        listed = self.of[0][0].keys
        return [listed.index(key) for key in self.keys]

    @cached_property
    def kept(self) -> list[About]:
        """The indicators, in words."""
        return [about(self.review, key, self.lang) for key in self.keys]

    @cached_property
    def states(self) -> list[list[str]]:
        """What can be said: a line an indicator, a cell an area."""
        return [[STATES[group.state[n, at]] for group, at in self.of] for n in self.places]

    @cached_property
    def names(self) -> list[str]:
        """Full names of the areas."""
        return [tree(self.review).names[i] for i in self.rows.tolist()]


def rug(review: Review, *, area: str = "", year: int | None = None, lang: str = "vi") -> View:
    """Lay out the areas below an area by their figures, coloured by how each stands among its peers.

    A "tartan rug": a row an indicator, a column an area. Each area is judged among areas of its own kind (of communes:
    all of the kind in the city), by the rules of `judging`; stocks, and parts of ratios that are judged themselves,
    are left out.

    Parameters
    ----------
    review
        The review.
    area
        Empty: the top area. One with nothing below it is shown among its neighbours.
    year
        None: the whole review; areas that did not stand throughout are left out, and counted.
    lang
        Language.

    Returns
    -------
    View
        Table: ``area, name``, how many figures are better and worse, and a column an indicator. A click sets the area.

    Raises
    ------
    IndicatorError, AreaError
        If a choice is unknown, or nothing below the area stood throughout the review.
    """
    top = company(review, area, None)
    when = year if year is None else chosen_year(review, year)
    found = _found(review, top, when, lang)
    return View(
        title=f"{say(lang, 'Các đơn vị trong', 'The areas of')} {name_of(review, top)} "
        f"{say(lang, 'so với đơn vị cùng loại', 'beside areas of their kind')}, {in_words(review, when, lang)}",
        table=_table(found),
        figure=_figure(found),
        reading=_reading(found),
        sources=_sources(found),
    )


@lru_cache(maxsize=64)
def _found(review: Review, top: str, when: int | None, lang: str) -> _Rug:
    known, rows = tree(review), rows_below(review, top, None, when)
    whole = rows[known.valid[rows].all(axis=1)] if when is None else rows
    dropped = len(rows) - len(whole)
    if not len(whole):  # everything below began or ended in between
        shared.company_of(review, review.areas.ids[rows[0]], when)
    rows = whole
    kinds = review.areas.table["kind"].to_numpy(dtype=object)[rows]
    order = np.lexsort((known.order[rows], np.array([shared.KINDS.index(kind) for kind in kinds])))
    rows = rows[order]
    groups = [peers(review, review.areas.ids[i], when) for i in rows.tolist()]
    of = [(judged(group), int(np.searchsorted(group.rows, row))) for group, row in zip(groups, rows, strict=True)]
    return _Rug(review, top, when, lang, rows, of, dropped)


# --- words ------------------------------------------------------------------------------------------------------------


def _table(found: _Rug) -> pd.DataFrame:
    return later({name: list(column) for name, column in _columns(found).items()})


@lru_cache(maxsize=64)
def _columns(found: _Rug) -> dict[str, Any]:
    ids = [found.review.areas.ids[i] for i in found.rows.tolist()]
    columns: dict[str, Any] = {"area": ids, "name": found.names}
    for key, words in (
        ("better", ("Số chỉ tiêu tốt hơn", "Better in")),
        ("worse", ("Số chỉ tiêu kém hơn", "Worse in")),
    ):
        columns[found.say(*words)] = [sum(line[n] == key for line in found.states) for n in range(len(ids))]
    for n, this in enumerate(found.kept):
        words_of = [shared.state_word(state, found.lang) for state in found.states[n]]
        arrows = [shared.arrow(group, found.places[n], at) for group, at in found.of]
        columns[this.label] = [f"{word} {turn}".rstrip() for word, turn in zip(words_of, arrows, strict=True)]
    return columns


@lru_cache(maxsize=64)
def _reading(found: _Rug) -> str:
    """Count what is better and worse; name who has most of each; say what is open and what must not be concluded."""
    count = Counter(state for line in found.states for state in line)
    total, neutral = sum(count[state] for state in STATES[:JUDGED]), count["higher"] + count["lower"]
    parts = [
        found.say(
            f"{total} số liệu của {len(found.rows)} đơn vị đánh giá được: {count['better']} tốt hơn, {count['worse']} "
            "kém hơn mức chung của đơn vị cùng loại",
            f"{total} figures of {len(found.rows)} areas can be judged: {count['better']} better and {count['worse']} "
            "worse than areas of their kind together",
        )
    ]
    if neutral:
        parts[0] += found.say(
            f" ({neutral} cao hoặc thấp hơn mà không phải tốt hay kém)",
            f" ({neutral} higher or lower, which is neither good nor bad)",
        )
    parts += [text for state in ("better", "worse") if (text := _most(found, state))]
    for state, words in (
        ("few", ("{} quá ít để đánh giá", "{} are too few to judge")),
        ("missing", ("{} chưa có báo cáo, không phải bằng 0", "{} not reported, which is not 0")),
        ("late", ("{} còn thiếu báo cáo bên dưới nên không đánh giá", "{} lack reports from below and are not judged")),
    ):
        if count[state]:
            parts.append(found.say(*words).format(count[state]))
    parts += hidden_count(count["hidden"], found.lang)
    if found.dropped:
        parts.append(
            found.say(
                f"{found.dropped} đơn vị chỉ có trong một số năm nên không xét",
                f"{found.dropped} areas stood in some years only and are left out",
            )
        )
    groups = dict.fromkeys(group for group, _ in found.of)
    parts.append(shared.wide_words([float(group.spread[n]) for group in groups for n in found.places], found.lang))
    by_chance = round(total / 20)  # at 95 %
    parts.append(
        found.say(
            f"dù mọi đơn vị như nhau, ngẫu nhiên cũng tô màu khoảng {by_chance} ô, nên một ô lẻ chưa nói lên gì",
            f"were all areas alike, chance would still colour some {by_chance} cells, so a single one says little",
        )
    )
    parts.append(
        found.say("màu là để hỏi vì sao, không phải để xếp loại đơn vị", "colours are for asking why, not for grading")
    )
    return "; ".join(part for part in parts if part) + "."


def _most(found: _Rug, state: str) -> str:
    """Name the areas with the most better, or worse, figures; nothing when they are more than a few."""
    sums = [sum(line[n] == state for line in found.states) for n in range(len(found.rows))]
    top = max(sums)
    names = [name for name, n in zip(found.names, sums, strict=True) if n == top]
    if not top or len(names) > NAMED:
        return ""
    who = ", ".join(names)
    if state == "better":
        return found.say(f"nhiều ô tốt hơn nhất: {who} ({top})", f"most better: {who} ({top})")
    return found.say(f"nhiều ô kém hơn nhất: {who} ({top})", f"most worse: {who} ({top})")


def _sources(found: _Rug) -> tuple[str, ...]:
    backing = found.say(
        "Đếm từ nhật ký hoạt động (bảng records) hoặc do đơn vị báo cáo (bảng observations), gồm cả cấp dưới",
        "Counted from the log of activities (table records) or reported by the offices (table observations), with "
        "everything below",
    )
    groups = list(dict.fromkeys(shared.group_source(group.peers, found.lang) for group, _ in found.of))
    by_people = any(bool(group.by_people.any()) for group, _ in found.of)
    left = found.say(
        "Không đưa vào: số hiện có (không phải số lượt trong năm) và tử số của tỷ lệ đã có trong bảng",
        "Left out: stocks (which are no counts of events) and numerators of ratios that are shown",
    )
    rules = [*groups, *shared.rule_sources(found.lang, by_people=by_people), left, shared.trend_source(found.lang)]
    return sources(found.review, backing, found.lang, *rules)


# --- the picture ------------------------------------------------------------------------------------------------------


def _figure(found: _Rug) -> dict[str, Any]:
    columns, total = list(range(len(found.rows))), len(found.keys)
    ids = [found.review.areas.ids[i] for i in found.rows.tolist()]
    steps = len(STATES)
    scale = [
        [edge / steps, shared.COLORS.get(state, "#ffffff")] for n, state in enumerate(STATES) for edge in (n, n + 1)
    ]
    # The gap between two rows of cells is as high as they are: there stands the name of the indicator.
    grid: dict[str, Any] = {
        "type": "heatmap", "x": columns, "y": [2 * n + 1 for n in range(total)], "zmin": -0.5, "zmax": steps - 0.5,
        "colorscale": scale, "showscale": False, "xgap": 1, "ygap": ROW, "hovertemplate": "%{text}<extra></extra>",
        "z": [[CODE[state] for state in states] for states in found.states], "text": _hover(found),
        "customdata": [ids] * total,
    }  # fmt: skip
    heads = [f"{this.label} ({this.unit})" if len(this.named) <= 52 else this.label for this in found.kept]
    names = theme.labels([-0.5] * total, [2 * n + 0.1 for n in range(total)], heads, "middle right")
    words = [(found.say(*SHOWN[state]), shared.COLORS.get(state, "#ffffff")) for state in SHOWN]
    data = [grid, names, _marks(found), _borders(found), shared.legend(words, 2 * total + 0.9, 1.1)]
    return {"data": data, "layout": _layout(found)}


def _borders(found: _Rug) -> dict[str, Any]:
    """Return lines between areas of different kinds, which are judged apart."""
    kinds = found.review.areas.table["kind"].to_numpy(dtype=object)[found.rows].tolist()
    at = [n - 0.5 for n in range(1, len(kinds)) if kinds[n] != kinds[n - 1]]
    total = len(found.keys)
    x = [v for edge in at for _ in range(total) for v in (edge, edge, None)]
    y = [v for _ in at for n in range(total) for v in (2 * n + 0.5, 2 * n + 1.5, None)]
    line = {"color": theme.INK, "width": 3}
    return {"type": "scatter", "mode": "lines", "x": x, "y": y, "line": line, "hoverinfo": "skip"}


@lru_cache(maxsize=64)
def _marks(found: _Rug) -> dict[str, Any]:
    """Return the arrows, and a mark where a figure is too few or missing, so that none hangs on colour alone."""
    at: list[tuple[int, int, str, str]] = []
    for n, states in enumerate(found.states):
        for column, state in enumerate(states):
            group, place = found.of[column]
            text = MARKS.get(state, shared.arrow(group, found.places[n], place))
            if text:
                at.append((column, 2 * n + 1, text, "#ffffff" if state in shared.DARK else theme.INK))
    x, y, written, color = (list(part) for part in zip(*at, strict=True)) if at else ([], [], [], [])
    font = {"size": 11, "color": color or theme.INK}
    return {"type": "scatter", "mode": "text", "x": x, "y": y, "text": written, "textfont": font, "hoverinfo": "skip"}


@lru_cache(maxsize=64)
def _hover(found: _Rug) -> list[list[str]]:
    """Say of each cell in words what it is; its interval stands in the `spine` of the area."""
    out, said = [], {state: shared.state_word(state, found.lang) for state in STATES}
    turns = {turn: found.say(*shared.TREND_WORDS[turn]) for turn in shared.ARROWS}
    for n, this in enumerate(found.kept):
        place, line = found.places[n], []
        values = texts([float(group.value[place, at]) for group, at in found.of], this.digits, found.lang)
        compared = texts([float(group.compared[place, at]) for group, at in found.of], this.digits, found.lang)
        for column, (group, at) in enumerate(found.of):
            state, turn = found.states[n][column], TRENDS[group.trend[place, at]]
            lines = [f"<b>{found.names[column]}</b>", f"{this.label}: {values[column]} {this.unit}", said[state]]
            if CODE[state] < JUDGED:
                level = texts(group.target[[place]], this.digits, found.lang)[0]
                lines[2] += found.say(
                    f" ({compared[column]}, mức chung {level})", f" ({compared[column]}, group {level})"
                )
            line.append("<br>".join([*lines, *([turns[turn]] if turn in turns else [])]))
        out.append(line)
    return out


def _layout(found: _Rug) -> dict[str, Any]:
    total, columns = len(found.keys), len(found.rows)
    known = tree(found.review)
    shorts = [known.shorts[i] for i in found.rows.tolist()]
    layout = theme.layout(
        found.lang,
        simulated=found.review.simulated,
        provenance=f"{found.say('Nguồn: nhật ký và báo cáo', 'Source: log and reports')} · "
        f"{closed(found.review, found.lang)}",
        click="area",
        height=round(ROW * (2 * total + TOP + END)) + 84,
        bottom=44,
    )
    layout["margin"] |= {"l": 8, "r": 8}
    # Names are notes and no tick labels: those would stand where the mark of simulated data does.
    at = {"xref": "x", "yref": "y", "xanchor": "center", "yanchor": "bottom", "textangle": -90}
    layout["annotations"] += [theme.note(name, x=n, y=-0.6, size=10, place=at) for n, name in enumerate(shorts)]
    layout["xaxis"] = theme.axis(tickvals=[], showgrid=False, range=[-0.5, columns - 0.5])
    layout["xaxis2"] = shared.legend_axis()
    layout["yaxis"] = theme.axis(range=[2 * total + END, -TOP], showgrid=False, tickvals=[], automargin=False)
    return layout

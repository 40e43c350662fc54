"""A figure from the top down: each step, and what stands between two steps, bar by bar."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from danvan_kit import theme, words
from danvan_kit.reconcile import STEPS, Chain, Part, chain
from danvan_kit.reconcile.told import short, told
from danvan_kit.review import Review
from danvan_kit.views._common import INDICATOR, About, about, closed, in_words, lower, say, sources
from danvan_kit.views._tree import require_standing, tree
from danvan_kit.views._view import View, later

MOST_BARS = 5
"""So many parts of a step have a bar of their own; the others share one."""
MOST_TEXTS = 3
"""So many explanations of one row are written out."""
LABELS = {
    "published": ("Đã công bố", "Published"),
    "reported": ("Số tổng hợp", "Consolidated"),
    "below": ("Cộng cấp dưới", "Sum from below"),
    "offices": ("Cộng từng đơn vị", "Sum of own"),
    "records": ("Nhật ký", "Log"),
}
"""The steps as they stand beside the picture."""
MORE, LESS, LATE = theme.VERMILION, theme.BLUE, "#9aa3aa"


@dataclass(frozen=True, eq=False)
class _Row:
    """One line of the picture: a step (`amount` None) or a part of the gap below it.

    Attributes
    ----------
    step, area, label
        The step, the area that a click chooses, what stands at the left.
    start, amount
        Where the bar begins, and what leads from the figure above to the one below it.
    parts
        The parts behind it.
    """

    step: str
    area: str
    label: str
    start: float
    amount: float | None
    parts: tuple[Part, ...] = ()

    @property
    def late(self) -> bool:
        """Whether only reports that lack stand behind it."""
        return all(part.causes[0].kind == "not_reported" for part in self.parts)


def waterfall(
    review: Review, *, indicator: str = INDICATOR, area: str = "", year: int | None = None, lang: str = "vi"
) -> View:
    """Lead a figure from the top down to what it is made of, and say which office each difference comes from.

    Parameters
    ----------
    review
        The review.
    indicator
        One that adds up.
    area
        Empty: the top area. It has offices below it.
    year
        None: the whole review (of a stock its last year).
    lang
        Language.

    Returns
    -------
    View
        Table ``area, name``: what leads from the upper figure to the lower one, why, whom to ask, between which steps.
        A click sets the area.

    Raises
    ------
    IndicatorError
        If the figures do not add up, or nothing below the area reports them (`reconcile.chain`).
    """
    this = about(review, indicator, lang)
    area = area or review.areas.root
    require_standing(review, area, year)
    found = _Shown(chain(review, this.key, area, year, lang=lang), this)
    first = say(
        lang,
        "Số công bố, số tổng hợp và số của riêng đơn vị (bảng statements, observations), nhật ký (bảng records)",
        "Published, consolidated and own figures (tables statements, observations), log (table records)",
    )
    span = found.chain.years
    when = span[0] if span[0] == span[1] else None
    period = in_words(review, when, lang)
    if when is None and span != (review.years[0], review.years[-1]):
        period = period.replace(str(review.years[0]), str(span[0]), 1)
    return View(
        title=f"{this.label}: {say(lang, 'từ số trên cùng xuống từng đơn vị,', 'from the top figure down,')} "
        f"{review.areas.name(area)}, {period}",
        table=later(found.table()),
        figure=_figure(found),
        reading=_reading(found),
        sources=sources(review, first, lang),
    )


@dataclass(frozen=True, eq=False)
class _Shown:
    """A chain as lines of a picture."""

    chain: Chain
    this: About

    def say(self, vi: str, en: str) -> str:
        """Return the text in the reader's language."""
        return say(self.chain.lang, vi, en)

    def write(self, value: float) -> str:
        """Write a figure."""
        whole = value == int(value) if value == value else True  # noqa: PLR0124 - NaN
        return words.number(value, lang=self.chain.lang, digits=0 if whole else None)

    def signed(self, value: float) -> str:
        """Write a difference."""
        return f"+{self.write(value)}" if value > 0 else self.write(value)

    @cached_property
    def groups(self) -> dict[str, list[tuple[int, tuple[Part, ...]]]]:
        """By step the parts of each area, the largest first."""
        found: dict[str, dict[int, list[Part]]] = {}
        for part in self.chain.found:
            found.setdefault(part.step, {}).setdefault(part.child, []).append(part)
        return {
            step: sorted(((c, tuple(parts)) for c, parts in some.items()), key=lambda pair: _weight(pair[1]))
            for step, some in found.items()
        }

    @cached_property
    def rows(self) -> list[_Row]:
        """The lines from the top down."""
        chain, known, rows = self.chain, tree(self.chain.review), list[_Row]()
        top = chain.review.areas.row(chain.area)
        for step, value in chain.figures.items():
            rows.append(_Row(step, chain.area, LABELS[step][chain.lang == "en"], value, None))
            at = 0.0 if np.isnan(value) else value
            groups = self.groups.get(step, [])
            shown = groups if len(groups) <= MOST_BARS + 1 else groups[:MOST_BARS]
            for child, parts in shown:
                name = known.shorts[child] if known.level[child] == "district" else known.names[child]
                label = self.say("Chính đơn vị này", "This office itself") if child == top else name
                rows.append(_Row(step, chain.review.areas.ids[child], label, at, -_sum(parts), parts))
                at -= _sum(parts)
            if rest := groups[len(shown) :]:
                parts = tuple(part for _, some in rest for part in some)
                label = self.say(f"{len(rest)} đơn vị khác", f"{len(rest)} others")
                rows.append(_Row(step, chain.area, label, at, -_sum(parts), parts))
        return rows

    def explained(self, parts: tuple[Part, ...], most: int = MOST_TEXTS) -> list[str]:
        """Return the explanations of some parts, the largest first."""
        some = sorted(parts, key=lambda part: -abs(part.amount))
        chain = self.chain
        out = []
        for part in some[:most]:
            when = f"{part.year}: " if part.year and chain.years[0] != chain.years[1] else ""
            out.append(f"{when}{told(chain.review, part.causes, chain.lang)}")
        if rest := len(some) - most:
            out += [self.say(f"và {rest} điểm khác", f"and {rest} more")] if rest > 0 else []
        return out

    def table(self) -> dict[str, list[Any]]:
        """Return the parts of all steps as columns."""
        chain, names = self.chain, list(STEPS)
        lines = [(step, child, parts) for step in names for child, parts in self.groups.get(step, [])]
        areas, steps = chain.review.areas, dict(zip(self.chain.figures, list(self.chain.figures)[1:], strict=False))
        lang = chain.lang == "en"
        columns: dict[str, list[Any]] = {
            "area": [areas.ids[child] for _, child, _ in lines],
            "name": [areas.name(areas.ids[child]) for _, child, _ in lines],
            self.say("Chênh lệch", "Difference"): [-_sum(parts) for *_, parts in lines],
            self.say("Vì sao", "Why"): ["; ".join(self.explained(parts, 1)) for *_, parts in lines],
            self.say("Nơi cần hỏi", "Whom to ask"): [_to_ask(chain, parts) for *_, parts in lines],
            self.say("Bước", "Step"): [f"{LABELS[s][lang]} → {lower(LABELS[steps[s]][lang])}" for s, _, _ in lines],
        }
        return columns


def _to_ask(chain: Chain, parts: tuple[Part, ...]) -> str:
    """Return the names of the offices with the cells, the largest difference first."""
    some = sorted(parts, key=lambda part: -abs(part.amount))
    names = list(dict.fromkeys(chain.review.areas.name(chain.review.areas.ids[part.place]) for part in some))
    rest = len(names) - MOST_TEXTS
    return ", ".join(names[:MOST_TEXTS]) + (f" +{rest}" if rest > 0 else "")


def _sum(parts: tuple[Part, ...]) -> float:
    return float(sum(part.amount for part in parts))


def _weight(parts: tuple[Part, ...]) -> tuple[float, float]:
    """Return a key that puts the largest first; of those that cancel out the one with more in it."""
    return -abs(_sum(parts)), -float(sum(abs(part.amount) for part in parts))


# --- the picture ------------------------------------------------------------------------------------------------------


def _figure(found: _Shown) -> dict[str, Any]:
    rows, chain = found.rows, found.chain
    source = found.say("Nguồn: báo cáo và nhật ký", "Source: reports and log")
    layout = theme.layout(
        chain.lang,
        simulated=chain.review.simulated,
        provenance=f"{source} · {closed(chain.review, chain.lang)}",
        click="area",
        height=max(320, 23 * len(rows) + 130),
        bottom=78,
    )
    ends = [value for row in rows for value in (row.start, row.start + (row.amount or 0.0)) if not np.isnan(value)]
    low, high = min(ends), max(ends)
    room = max(high - low, 10.0)
    legend = found.say(
        "● số ở từng bước · cam: dưới nhiều hơn<br>xanh: dưới ít hơn · gạch chéo: chưa báo cáo",
        "● figure at each step · orange: more below<br>blue: less below · hatched: not reported",
    )
    layout["xaxis"] = theme.axis(
        range=[low - 0.08 * room, high + 1.15 * room],
        title={"text": legend, "standoff": 4, "font": {"size": 11, "color": theme.PALE_INK}},
        tickvals=_ticks(low, high),
        tickformat=theme.TICKS,
        tickfont={"size": 10},
    )
    layout["yaxis"] = theme.names_axis([f"<b>{r.label}</b>" if r.amount is None else r.label for r in rows])
    layout |= {"hovermode": "closest", "barmode": "overlay"}
    return {"data": [_bars(found), _steps(found), _labels(found)], "layout": layout}


def _ticks(low: float, high: float) -> list[float]:
    """Return the ends of what is shown: between them only the bars matter."""
    return [low, high] if high > low else [low]


def _bars(found: _Shown) -> dict[str, Any]:
    parts = [(n, row) for n, row in enumerate(found.rows) if row.amount is not None]
    amounts = [row.amount or 0.0 for _, row in parts]
    return {
        "type": "bar",
        "orientation": "h",
        "base": [row.start for _, row in parts],
        "x": amounts,
        "y": [n for n, _ in parts],
        "width": 0.72,
        "customdata": [row.area for _, row in parts],
        "marker": {
            "color": [
                LATE if row.late else MORE if a > 0 else LESS for a, (_, row) in zip(amounts, parts, strict=True)
            ],
            "pattern": {"shape": ["/" if row.late else "" for _, row in parts], "fgcolor": "#ffffff"},
        },
        "hovertext": [
            "<br>".join([f"<b>{row.label}</b>: {found.signed(row.amount or 0.0)}", *_lines(found, row)])
            for _, row in parts
        ],
        "hoverinfo": "text",
    }


def _lines(found: _Shown, row: _Row) -> list[str]:
    """Return the explanations of a row in lines that a hover text holds."""
    out = []
    for text in found.explained(row.parts):
        line = ""
        for word in text.split(" "):
            if len(line) + len(word) > 60:
                out.append(line)
                line = "  "
            line += word + " "
        out.append(line)
    return out


def _steps(found: _Shown) -> dict[str, Any]:
    steps = [(n, row) for n, row in enumerate(found.rows) if row.amount is None and not np.isnan(row.start)]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [row.start for _, row in steps],
        "y": [n for n, _ in steps],
        "customdata": [row.area for _, row in steps],
        "marker": {"size": 11, "color": theme.INK},
        "hovertext": [f"<b>{row.label}</b>: {found.write(row.start)}" for _, row in steps],
        "hoverinfo": "text",
    }


def _labels(found: _Shown) -> dict[str, Any]:
    x, text, inks = [], [], []
    before: _Row | None = None
    for row in found.rows:
        if row.amount is None:
            x.append(0.0 if np.isnan(row.start) else row.start)
            text.append("  " + _step_label(found, row, before))
            inks.append(theme.INK)
        else:
            x.append(max(row.start, row.start + row.amount))
            text.append(f"<b>{found.signed(row.amount)}</b> {_why(found, row)}")
            inks.append(theme.INK)
        before = row
    return theme.labels(x, list(range(len(x))), text, "middle right", color=inks)


def _step_label(found: _Shown, row: _Row, before: _Row | None) -> str:
    """Write a step's figure: whether it equals the one above, and how many reports lack."""
    if np.isnan(row.start):
        return words.DASH + " " + found.say("chưa có số tổng hợp", "not filed")
    same = before is not None and before.amount is None and before.start == row.start
    lost = found.chain.missing[row.step]
    late = found.say(f" · thiếu {lost} báo cáo", f" · {lost} reports lack") if lost else ""
    return f"<b>{found.write(row.start)}</b>{' ✓' if same else ''}{late}"


def _why(found: _Shown, row: _Row) -> str:
    """Return the cause that weighs most, and a mark when there are others."""
    weight: dict[str, float] = {}
    for part in row.parts:
        kind = part.causes[0].kind
        weight[kind] = weight.get(kind, 0.0) + abs(part.amount)
    kinds = sorted(weight, key=lambda kind: -weight[kind])
    return short(kinds[0], found.chain.lang) + (" …" if len(kinds) > 1 else "")


def _reading(found: _Shown) -> str:
    """Say whether all is equal; else where the most stands between two steps and why; then what not to conclude."""
    chain = found.chain
    known = [value for value in chain.figures.values() if not np.isnan(value)]
    lost = chain.missing["offices"]
    late = found.say(f"{lost} số liệu của đơn vị chưa báo cáo", f"{lost} own figures are not reported") if lost else ""
    parts = [row for row in found.rows if row.amount is not None]
    if not parts:
        same = found.say("Các bước khớp nhau từ trên xuống", "All steps are equal from the top down")
        return f"{same}; {late}." if late else f"{same}."
    rows = [row for row in parts if row.area != chain.area or len({p.child for p in row.parts}) == 1] or parts
    most = min(rows, key=lambda row: _weight(row.parts))
    step = lower(STEPS[most.step][chain.lang == "en"])
    why = found.explained(most.parts, 1)[0]
    alone = len({part.child for part in most.parts}) == 1
    name = chain.review.areas.name(most.area) if alone else most.label
    out = [
        found.say(
            f"Lệch nhiều nhất dưới bước “{step}” là {name} ({found.signed(most.amount or 0.0)}): {why}",
            f"The most below “{step}” comes from {name} ({found.signed(most.amount or 0.0)}): {why}",
        )
    ]
    if late:
        out.append(late)
    even = len(known) > 1 and known[0] == known[-1]
    caution = (
        "số đầu và số cuối bằng nhau không có nghĩa là các bước ở giữa đúng",
        "that the first equals the last does not mean that the steps between are right",
    )
    question = ("mỗi giải thích là câu hỏi cần xác nhận", "each explanation is a question to be confirmed")
    out.append(found.say(*(caution if even else question)))
    return "; ".join(out) + "."

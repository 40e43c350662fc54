"""On which side of its peers' common level an area lies in each figure, as far as chance allows to say."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import pandas as pd

from danvan_kit import theme
from danvan_kit.cube import Floats
from danvan_kit.judging import CODE, JUDGED, Judged, judged
from danvan_kit.limits import TRENDS
from danvan_kit.review import Review
from danvan_kit.views import _judged as shared
from danvan_kit.views._common import About, about, chosen_year, closed, hidden_count, in_words, say, sources, texts
from danvan_kit.views._view import View

EDGE, END = 1.08, 2.22
"""Where the written figures begin and where a row ends; the peers lie from -1 to 1."""
LONG = 52
"""Letters that a phone shows in one line; a longer name stands without its unit, and smaller if need be."""
HIGH = 34
"""Pixels of a row."""


@dataclass(frozen=True, eq=False)
class _Spine:
    """An area among its peers.

    Attributes
    ----------
    review, area, year, lang
        What was asked.
    of
        Everything of the group.
    """

    review: Review
    area: str
    year: int | None
    lang: str
    of: Judged

    def say(self, vi: str, en: str) -> str:
        """Return the text in the reader's language."""
        return say(self.lang, vi, en)

    @cached_property
    def place(self) -> int:
        """The area's place in its group."""
        return self.of.peers.place(self.area)

    @cached_property
    def kept(self) -> list[About]:
        """The indicators."""
        return [about(self.review, key, self.lang) for key in self.of.keys]

    @cached_property
    def alone(self) -> bool:
        """Whether there is nobody to compare with."""
        return len(self.of.peers.rows) == 1

    @cached_property
    def states(self) -> list[str]:
        """What can be said of each figure."""
        return [shared.state_of(self.of, n, self.place) for n in range(len(self.kept))]

    @cached_property
    def ranks(self) -> list[str]:
        """Ranks with their uncertainty, in words; empty where nothing is judged."""
        ends = _ranks(self.of)
        return [
            shared.rank_words(ends[n], self.place, self.lang) if CODE[state] < JUDGED else ""
            for n, state in enumerate(self.states)
        ]


def spine(review: Review, *, area: str = "", year: int | None = None, lang: str = "vi") -> View:
    """Show for each figure on which side of its peers' common level an area lies, and whether that is beyond chance.

    The middle line is what all peers have together: of a ratio their pooled ratio, of a count what is expected of the
    area from the offices (or inhabitants) that stand behind it. The left end is the lowest peer, the right end the
    highest; where less is better they change sides, so that better is on the right. Rules: `judging`, `limits`.

    Parameters
    ----------
    review
        The review.
    area
        Empty: the top area, which has no peers: its figures stand alone.
    year
        None: the whole review.
    lang
        Language.

    Returns
    -------
    View
        Table: indicator, unit, ``value``, what is compared with its interval, judgement, rank from-to, trend, norm. A
        click sets the indicator of linked views.

    Raises
    ------
    IndicatorError, AreaError
        If a choice is unknown, or the area does not report for the year, or not throughout the review.
    """
    area = area or review.areas.root
    when = year if year is None else chosen_year(review, year)
    found = _Spine(review, area, when, lang, judged(shared.company_of(review, area, when)))
    group = shared.group_words(found.of.peers, lang)
    beside = say(lang, "các chỉ tiêu", "indicators") if found.alone else say(lang, f"so với {group}", f"beside {group}")
    return View(
        title=f"{review.areas.name(area)}: {beside}, {in_words(review, when, lang)}",
        table=_table(found),
        figure=_figure(found),
        reading=_reading(found),
        sources=_sources(found),
    )


@lru_cache(maxsize=64)
def _ranks(of: Judged) -> list[tuple[Any, Any, Any]]:
    return [of.ranks(n) for n in range(len(of.keys))]


# --- words ------------------------------------------------------------------------------------------------------------


def _table(found: _Spine) -> pd.DataFrame:
    of, at = found.of, found.place
    columns: dict[str, Any] = {
        found.say("Chỉ tiêu", "Indicator"): [this.label for this in found.kept],
        found.say("Đơn vị tính", "Unit"): [this.unit for this in found.kept],
        "value": of.value[:, at].astype(object),
        found.say("Số so sánh (mức chung 100, tỷ lệ: %)", "Compared (group 100, ratios: %)"): of.compared[:, at].round(
            2
        ),
        found.say("Mức chung của nhóm", "Group level"): of.target.round(2),
        found.say("Khoảng tin cậy 95 % từ", "95% interval from"): of.low[:, at].round(2),
        found.say("đến", "to"): of.high[:, at].round(2),
        found.say("Đánh giá", "Judgement"): [shared.state_word(state, found.lang) for state in found.states],
        found.say("Hạng có thể", "Possible rank"): found.ranks,
        found.say("Xu hướng", "Trend"): [found.say(*shared.TREND_WORDS[TRENDS[code]]) for code in of.trend[:, at]],
        found.say("Định mức", "Norm"): shared.norm_words(found.of, found.place, found.lang),
    }
    return pd.DataFrame(columns)


def _reading(found: _Spine) -> str:
    """Count what is better and worse beyond chance; then what is not judged, and what must not be concluded."""
    count = {state: found.states.count(state) for state in CODE}
    if found.alone:
        text = found.say(
            f"Không có đơn vị nào cùng cấp để so sánh, chỉ ghi {len(found.states)} chỉ tiêu của chính đơn vị",
            f"No other area of this level to compare with, only its own {len(found.states)} indicators",
        )
        return text + _trend_words(found) + "."
    way = [
        n for n, this in enumerate(found.kept) if this.polarity != "neutral" and found.of.state[n, found.place] < JUDGED
    ]
    parts = [
        found.say(
            f"Trong {len(way)} chỉ tiêu đánh giá được tốt hay kém: {count['better']} tốt hơn, {count['worse']} kém hơn "
            f"mức chung của {shared.group_words(found.of.peers, found.lang)}",
            f"Of {len(way)} indicators that can be judged good or bad: {count['better']} better and {count['worse']} "
            f"worse than {shared.group_words(found.of.peers, found.lang)} together",
        )
        + _trend_words(found)
    ]
    if few := count["few"]:
        parts.append(found.say(f"{few} chỉ tiêu quá ít để đánh giá", f"{few} are too few to judge"))
    if gone := count["missing"]:
        parts.append(found.say(f"{gone} chưa có báo cáo, không phải bằng 0", f"{gone} not reported, which is not 0"))
    if late := count["late"]:
        parts.append(found.say(f"{late} còn thiếu báo cáo bên dưới", f"{late} lack reports from below"))
    parts += hidden_count(count["hidden"], found.lang)
    parts.append(shared.wide_words([float(found.of.spread[n]) for n in way], found.lang))
    end = found.say(
        "màu chỉ nói chênh lệch có vượt mức ngẫu nhiên hay không, chưa nói vì sao",
        "colour says whether a difference is beyond chance, not why",
    )
    return "; ".join(part for part in [*parts, end] if part) + "."


def _trend_words(found: _Spine) -> str:
    up, down = (
        int((found.of.trend[:, found.place] == TRENDS.index(way)).sum()) for way in ("increasing", "decreasing")
    )
    return found.say(f"; {up} đang tăng, {down} đang giảm", f"; {up} rising, {down} falling") if up or down else ""


def _sources(found: _Spine) -> tuple[str, ...]:
    backing = found.say(
        "Đếm từ nhật ký hoạt động (bảng records) hoặc do đơn vị báo cáo (bảng observations), gồm cả cấp dưới",
        "Counted from the log of activities (table records) or reported by the offices (table observations), with "
        "everything below",
    )
    by_people = bool(found.of.by_people.any())
    rules = [shared.group_source(found.of.peers, found.lang), *shared.rule_sources(found.lang, by_people=by_people)]
    return sources(found.review, backing, found.lang, *([] if found.alone else rules), shared.trend_source(found.lang))


# --- the picture ------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=64)
def _scaled(of: Judged) -> tuple[Floats, Floats, Floats]:
    """Return what places figures on the spine: lowest, highest and direction of each row. Shape ``(indicator, 1)``."""
    known = ~np.isnan(of.compared)
    lowest = np.where(known, of.compared, np.inf).min(axis=1)
    highest = np.where(known, of.compared, -np.inf).max(axis=1)
    less = [about(of.peers.review, key, "vi").polarity == "lower" for key in of.keys]
    return lowest[:, None], highest[:, None], np.where(less, -1.0, 1.0)[:, None]


def _spots(of: Judged, values: Floats) -> Floats:
    """Return where values lie: the group's level at 0, the lowest peer at -1, the highest at 1."""
    lowest, highest, way = _scaled(of)
    target = of.target[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        spots = np.where(values < target, (values - target) / (target - lowest), (values - target) / (highest - target))
    # A thousandth is less than a pixel, and all states of a page weigh half.
    found: Floats = np.round(way * np.clip(np.where(values == target, 0.0, spots), -1, 1), 3)
    return found


@lru_cache(maxsize=64)
def _band(of: Judged) -> tuple[list[int], list[float], list[float], list[float]]:
    """Return the rows that have a spine, and where the quartiles and the median lie."""
    rows, cuts = [], np.full((len(of.keys), 3), np.nan)
    for n, values in enumerate(of.compared):
        if (~np.isnan(values)).sum() > 1:
            cuts[n] = np.quantile(values[~np.isnan(values)], [0.25, 0.5, 0.75])
            rows.append(n)
    spots = _spots(of, cuts)[rows]
    return rows, spots[:, [0, 2]].min(axis=1).tolist(), spots[:, 1].tolist(), spots[:, [0, 2]].max(axis=1).tolist()


def _figure(found: _Spine) -> dict[str, Any]:
    of, at, listed = found.of, found.place, list(range(len(found.kept)))
    hover, keys = _hover(found), list(of.keys)
    bars: dict[str, Any] = {
        "type": "bar",
        "orientation": "h",
        "base": [-1.06] * len(listed),
        "x": [END + 1.06] * len(listed),
    }
    bars |= {"y": listed, "width": 0.96, "marker": {"color": "rgba(0, 0, 0, 0)", "line": {"width": 0}}}
    data = [bars | {"customdata": keys, "hovertext": hover, "hoverinfo": "text"}]
    if not found.alone:
        data += _drawn(found)
    above = [n - 0.42 for n in listed]
    heads = [this.named if len(this.named) <= LONG else this.label for this in found.kept]
    sizes = [11 if len(head) <= LONG else 10 for head in heads]
    data.append(theme.labels([-1.06] * len(listed), above, heads, "middle right", size=sizes))
    edge = -1.06 if found.alone else EDGE
    figures = [_written(found, n) for n in listed]
    pale = [theme.PALE_INK if np.isnan(of.value[n, at]) else theme.INK for n in listed]
    data.append(theme.labels([edge] * len(listed), listed, figures, "middle right", color=pale))
    if not found.alone:
        words = [(shared.state_word(state, found.lang), shared.COLORS[state]) for state in _SHOWN]
        words.append((found.say("không đánh giá", "not judged"), "#ffffff"))
        ends = found.say("kém, thấp|mức chung|tốt, cao", "worse, lower|group|better, higher")
        where = ["middle right", "middle center", "middle left"]
        data.append(theme.labels([-1.06, 0, 1.06], [-0.95] * 3, ends.split("|"), where, color=theme.PALE_INK))
        data.append(shared.legend(words, len(listed) - 0.1, 0.6))
    return {"data": data, "layout": _layout(found)}


_SHOWN = ("better", "worse", "higher", "lower", "similar")


def _drawn(found: _Spine) -> list[dict[str, Any]]:
    """Return each row's line and band, the median, the interval and the area's own mark."""
    of, at = found.of, found.place
    rows, first, middle, third = _band(of)
    line: dict[str, Any] = {"type": "scatter", "mode": "lines", "line": {"color": "#b9c2c9", "width": 1}}
    line |= {"x": [-1, 1, None] * len(rows), "y": [n for n in rows for _ in range(3)], "hoverinfo": "skip"}
    band: dict[str, Any] = {
        "type": "bar",
        "orientation": "h",
        "base": first,
        "y": rows,
        "width": 0.34,
        "hoverinfo": "skip",
    }
    band |= {
        "x": [round(b - a, 3) for a, b in zip(first, third, strict=True)],
        "marker": {"color": "#d5dde3", "line": {"width": 0}},
    }
    tick = {"symbol": "line-ns", "size": 11, "line": {"width": 2, "color": "#7b8790"}}
    median = {"type": "scatter", "mode": "markers", "x": middle, "y": rows, "marker": tick, "hoverinfo": "skip"}
    ends = [_spots(of, part)[:, at] for part in (of.low, of.high)]
    spots = _spots(of, of.compared)[:, at]
    there = np.flatnonzero(~np.isnan(spots)).tolist()
    sure = [n for n in there if found.of.state[n, at] < JUDGED]
    reach: dict[str, Any] = {
        "type": "scatter",
        "mode": "lines",
        "line": {"color": theme.INK, "width": 2},
        "hoverinfo": "skip",
    }
    reach |= {"x": [v for n in sure for v in (float(ends[0][n]), float(ends[1][n]), None)]}
    reach |= {"y": [n for n in sure for _ in range(3)]}
    colors = [shared.COLORS.get(found.states[n], "#ffffff") for n in there]
    sizes = [14 if found.of.state[n, at] < JUDGED else 10 for n in there]
    mark = {"size": sizes, "opacity": 1, "color": colors, "line": {"width": 1.5, "color": theme.INK}}
    own = {"type": "scatter", "mode": "markers", "x": spots[there].tolist(), "y": there, "hoverinfo": "skip"}
    return [band, line, median, reach, own | {"marker": mark}]


def _written(found: _Spine, n: int) -> str:
    """Return what stands at the right of a row: figure, arrow, rank or why there is none."""
    of, at, state = found.of, found.place, found.states[n]
    if np.isnan(of.value[n, at]):
        return shared.state_word(state, found.lang)
    figure = (
        f"<b>{texts(of.value[n, [at]], found.kept[n].digits, found.lang)[0]}</b> {shared.arrow(of, n, at)}".rstrip()
    )
    if found.alone:
        return figure
    vague = found.say("không xếp hạng", "not ranked")
    if rank := found.ranks[n]:
        said = found.say("hạng ?", "rank ?") if rank == vague else rank
    else:
        none = {"few": found.say("quá ít", "too few"), "stock": "", "part": ""}
        said = none.get(state, shared.state_word(state, found.lang))
    return f"{figure} · {said}" if said else figure


def _hover(found: _Spine) -> list[str]:
    """Say everything of a row in words."""
    of, at, out, norms = found.of, found.place, [], shared.norm_words(found.of, found.place, found.lang)
    name = found.review.areas.name(found.area)
    for n, this in enumerate(found.kept):
        value = texts(of.value[n, [at]], this.digits, found.lang)[0]
        lines = [f"<b>{this.label}</b>", f"{name}: {value} {this.unit}", shared.state_word(found.states[n], found.lang)]
        if not np.isnan(of.compared[n, at]) and not found.alone:
            lines.append(_compared(found, n))
        lines += [found.ranks[n], found.say(*shared.TREND_WORDS[TRENDS[of.trend[n, at]]]), norms[n]]
        out.append("<br>".join(line for line in lines if line))
    return out


def _compared(found: _Spine, n: int) -> str:
    """Say with what a figure is compared."""
    of, at, this = found.of, found.place, found.kept[n]
    reach = shared.interval_words(of, n, at, this.digits, found.lang)
    if this.digits:
        target = texts(of.target[[n]], 1, found.lang)[0]
        text = found.say(f"mức chung của nhóm {target} %", f"group {target}%")
    else:
        due, part = texts(of.base[n, [at]], 0, found.lang)[0], texts(of.compared[n, [at]], 0, found.lang)[0]
        text = found.say(f"trông đợi {due}, bằng {part} % mức chung", f"expected {due}: {part}% of the group level")
    return f"{text} ({reach})"


def _layout(found: _Spine) -> dict[str, Any]:
    total = len(found.kept)
    layout = theme.layout(
        found.lang,
        simulated=found.review.simulated,
        provenance=f"{found.say('Nguồn: nhật ký và báo cáo', 'Source: log and reports')} · "
        f"{closed(found.review, found.lang)}",
        click="indicator",
        height=HIGH * (total + (0 if found.alone else 2)) + (96 if found.alone else 168),
        bottom=44 if found.alone else 104,
    )
    legend = found.say(
        "chấm: đơn vị này, màu là đánh giá · gạch đậm: khoảng tin cậy 95 %<br>"
        "dải: nửa ở giữa của nhóm · vạch: trung vị<br>↑↓: xu hướng 5 năm · hạng ?: không xếp được",
        "dot: this area, coloured by judgement · bold line: 95% interval<br>"
        "band: the middle half of the group · tick: median<br>↑↓: 5-year trend · rank ?: cannot be ranked",
    )
    title = {"text": "" if found.alone else legend, "standoff": 4, "font": {"size": 11, "color": theme.PALE_INK}}
    layout["xaxis"] = theme.axis(range=[-1.08, END], tickvals=[], showgrid=False, title=title)
    layout["xaxis2"] = shared.legend_axis()
    layout["yaxis"] = theme.axis(
        range=[total + (-0.6 if found.alone else 1.4), -0.95 if found.alone else -1.35],
        showgrid=False,
        tickvals=[],
        automargin=False,
    )
    layout |= {"barmode": "overlay", "hovermode": "closest"}
    if not found.alone:
        middle = {"type": "line", "xref": "x", "yref": "y", "x0": 0, "x1": 0, "y0": -0.6, "y1": total - 0.5}
        layout["shapes"].append(middle | {"line": {"color": theme.INK, "width": 1, "dash": "dot"}, "layer": "below"})
        at = {"xref": "x", "yref": "y", "yanchor": "middle"}
        heading = found.say("số liệu · hạng", "figure · rank")
        layout["annotations"].append(theme.note(heading, x=EDGE, y=-0.95, color=theme.PALE_INK, place=at))
    return layout

"""Which areas lie further from their common level than chance alone would put areas of their size."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from danvan_kit import limits, theme
from danvan_kit.cube import Floats
from danvan_kit.judging import CODE, JUDGED, STATES
from danvan_kit.review import Review
from danvan_kit.views import _judged as shared
from danvan_kit.views._common import (
    INDICATOR,
    about,
    chosen_year,
    hidden_count,
    in_words,
    indicator_sources,
    say,
    texts,
)
from danvan_kit.views._outside import BEYOND, INSIDE, WARN, Funnel, found_for
from danvan_kit.views._view import View

POINTS = 48
"""Sizes at which the limits are drawn."""
NAMED, LABELLED = 3, 6
"""Areas that the reading names, and that the picture labels."""
PLACES = {
    INSIDE: ("trong giới hạn 95 %", "within the 95% limits"),
    WARN: ("ngoài giới hạn 95 %, trong 99,8 %", "beyond the 95% limits, within 99.8%"),
    BEYOND: ("ngoài giới hạn 99,8 %", "beyond the 99.8% limits"),
}


def funnel(
    review: Review, *, indicator: str = INDICATOR, area: str = "", year: int | None = None, lang: str = "vi"
) -> View:
    """Set each area's figure against its size, between the limits within which chance alone would keep it.

    Ratios stand against their denominator, with exact binomial limits around the ratio of all together. Counts stand
    as per cent of what is expected of the area (from the offices that reported, or the inhabitants where known), with
    exact Poisson limits around 100. Inner limits 95 %, outer 99.8 % (Spiegelhalter, Stat. Med. 24, 2005). Limits are
    not widened for overdispersion: the reading says how much wider than chance the areas lie.

    Parameters
    ----------
    review
        The review.
    indicator
        A ratio or a count of events; no stock.
    area
        Empty or the top area: all areas of the next level. Another one: itself among its peers.
    year
        None: the whole review; areas that did not stand throughout are left out.
    lang
        Language.

    Returns
    -------
    View
        Table: ``area, name, value``, size, what is compared, the limits, where it lies, rank from-to. A click sets
        the area.

    Raises
    ------
    IndicatorError, AreaError
        If a choice is unknown, the indicator is a stock or not kept at the level, or all sizes are the same.
    """
    this, when = about(review, indicator, lang), year if year is None else chosen_year(review, year)
    found = found_for(review, this.key, _top(review, area), when, lang)
    chosen = -1 if review.areas.row(area or review.areas.root) == 0 else found.of.peers.place(area)
    group = shared.group_words(found.of.peers, lang)
    return View(
        title=f"{this.label}: {say(lang, f'{group}, có vượt mức ngẫu nhiên không', f'{group}, beyond chance or not')}, "
        f"{in_words(review, when, lang)}",
        table=found.table(_columns(found)),
        figure=_figure(found, chosen),
        reading=_reading(found, chosen),
        sources=_sources(found),
    )


def _top(review: Review, area: str) -> str:
    """Return the area, or nothing for the top one."""
    return "" if review.areas.row(area or review.areas.root) == 0 else area


# --- words ------------------------------------------------------------------------------------------------------------


def _where(found: Funnel) -> list[str]:
    """Say where each area lies."""
    out = []
    for n, place in enumerate(found.places.tolist()):
        state = found.of.state[found.n, n]
        judge = not np.isnan(found.base[n]) and not found.few[n]
        word = found.say(*PLACES[abs(place)]) if judge else shared.state_word(STATES[state], found.lang)
        side = found.say("phía trên: ", "above: ") if place > 0 else found.say("phía dưới: ", "below: ")
        out.append(f"{side if place else ''}{word}")
    return out


def _columns(found: Funnel) -> dict[str, Any]:
    size = found.say("Mẫu số", "Denominator") if found.ratio else found.say("Số trông đợi", "Expected")
    unit = "%" if found.ratio else found.say("% so với trông đợi", "% of expected")
    columns: dict[str, Any] = {"value": found.amounts.copy(), size: np.round(found.base, 1)}
    columns[found.say(f"Số so sánh ({unit})", f"Compared ({unit})")] = np.round(found.spots, 2)
    for tail, percent in ((limits.TAIL95, "95"), (limits.TAIL998, "99,8")):
        ends = _around(found, tail)
        shown = percent if found.lang == "vi" else percent.replace(",", ".")
        columns[found.say(f"Giới hạn {shown} % dưới", f"Lower {shown}% limit")] = np.round(ends[0], 2)
        columns[found.say(f"Giới hạn {shown} % trên", f"Upper {shown}% limit")] = np.round(ends[1], 2)
    return columns | {
        found.say("Vị trí", "Where"): _where(found),
        found.say("Hạng có thể", "Possible rank"): _ranks(found),
    }


@lru_cache(maxsize=512)
def _around(found: Funnel, tail: float) -> tuple[Floats, Floats]:
    """Return the limits at each area's own size."""
    known, low, high = ~np.isnan(found.base), *np.full((2, len(found.base)), np.nan)
    if known.any():
        low[known], high[known] = found.within(found.base[known], tail)
    return low, high


@lru_cache(maxsize=512)
def _ranks(found: Funnel) -> list[str]:
    ends = found.of.ranks(found.n)
    judge = found.of.state[found.n] < JUDGED
    return [shared.rank_words(ends, n, found.lang) if judge[n] else "" for n in range(len(judge))]


def _reading(found: Funnel, chosen: int) -> str:
    """Count what lies beyond the outer limits; then the chosen area; then what must not be concluded."""
    known = ~(np.isnan(found.base) | found.few)
    total, out = int(known.sum()), np.flatnonzero(np.abs(found.places) == BEYOND)
    parts = []
    if chosen >= 0:
        parts.append(f"{found.names[chosen]}: {_where(found)[chosen]}")
    order = out[np.argsort(-np.abs(found.spots[out] - found.target), kind="stable")]
    names = ", ".join(found.names[n] for n in order[:NAMED].tolist())
    who = f" ({names})" if 0 < len(out) <= NAMED else ""
    who = found.say(f" (xa nhất: {names})", f" (furthest: {names})") if len(out) > NAMED else who
    parts.append(
        found.say(
            f"{len(out)}/{total} đơn vị nằm ngoài giới hạn 99,8 %{who}",
            f"{len(out)} of {total} areas lie beyond the 99.8% limits{who}",
        )
    )
    if few := int(found.few.sum()):
        parts.append(found.say(f"{few} đơn vị quá ít để đánh giá", f"{few} areas are too few to judge"))
    if gone := int((found.of.state[found.n] == CODE["missing"]).sum()):
        parts.append(found.say(f"{gone} chưa có báo cáo, không phải bằng 0", f"{gone} not reported, which is not 0"))
    parts += hidden_count(int((found.of.state[found.n] == CODE["hidden"]).sum()), found.lang)
    parts.append(shared.wide_words([float(found.of.spread[found.n])], found.lang))
    if found.this.polarity == "neutral":
        parts.append(
            found.say("chỉ tiêu này cao hay thấp không phải là tốt hay kém", "high or low is neither good nor bad")
        )
    parts.append(
        found.say("nằm ngoài là để hỏi vì sao, chưa phải để kết luận", "outside is a reason to ask, no verdict")
    )
    text = "; ".join(part for part in parts if part) + "."
    return text[:1].upper() + text[1:]


def _sources(found: Funnel) -> tuple[str, ...]:
    rule = found.say(
        "Giới hạn: nhị thức chính xác với tỷ lệ, Poisson chính xác với số đếm; 95 % và 99,8 % (Spiegelhalter 2005), "
        "không nới rộng theo độ phân tán",
        "Limits: exact binomial for ratios, exact Poisson for counts; 95% and 99.8% (Spiegelhalter 2005), not widened "
        "for overdispersion",
    )
    by_people = bool(found.of.by_people[found.n])
    more = shared.rule_sources(found.lang, by_people=by_people)[1:]
    return indicator_sources(
        found.review, found.this, found.lang, shared.group_source(found.of.peers, found.lang), rule, *more
    )


# --- the picture ------------------------------------------------------------------------------------------------------


def _colors(found: Funnel) -> list[str]:
    good, bad = (theme.BLUE, theme.ORANGE) if found.this.polarity != "lower" else (theme.ORANGE, theme.BLUE)
    if found.this.polarity == "neutral":
        good, bad = shared.COLORS["higher"], shared.COLORS["lower"]
    shade = {2: good, 1: good, 0: shared.COLORS["similar"], -1: bad, -2: bad}
    return [
        "#ffffff" if few else shade[place] for few, place in zip(found.few.tolist(), found.places.tolist(), strict=True)
    ]


@lru_cache(maxsize=512)
def _curves(found: Funnel) -> tuple[Floats, list[tuple[Floats, Floats]]]:
    """Return sizes, and the inner and outer limits there."""
    known = found.base[~np.isnan(found.base)]
    if not len(known):
        return np.zeros(0), []
    low, high = float(known.min()) * 0.9, float(known.max()) * 1.04
    sizes = np.geomspace(max(low, 1.0 if found.ratio else 0.5), max(high, 2.0), POINTS)
    sizes = np.unique(np.round(sizes)) if found.ratio else sizes
    return sizes, [found.within(sizes, tail) for tail in (limits.TAIL95, limits.TAIL998)]


def _figure(found: Funnel, chosen: int) -> dict[str, Any]:
    sizes, ends = _curves(found)
    data: list[dict[str, Any]] = []
    there = np.flatnonzero(~np.isnan(found.spots)).tolist()
    colors, hover = _colors(found), _hover(found)
    big = [15 if n == chosen else 9 if abs(found.places[n]) == BEYOND else 7 for n in there]
    edges = [theme.CHOSEN if n == chosen else theme.INK for n in there]
    line = {"width": [3 if n == chosen else 1 for n in there], "color": edges}
    mark = {"size": big, "color": [colors[n] for n in there], "opacity": 1, "line": line}
    dots = {"type": "scatter", "mode": "markers", "marker": mark, "customdata": [found.ids[n] for n in there]}
    dots |= {"x": found.base[there].tolist(), "y": found.spots[there].tolist()}
    dots |= {"hovertext": [hover[n] for n in there], "hoverinfo": "text"}
    data = [dots]
    for (low, high), dash in zip(ends, ("dash", "solid"), strict=False):
        for side in (low, high):
            curve = {"type": "scatter", "mode": "lines", "x": sizes.tolist(), "y": side.tolist(), "hoverinfo": "skip"}
            data.append(curve | {"line": {"color": "#7b8790", "width": 1.3, "dash": dash}})
    far = _named(found, chosen, there)
    right = float(sizes.max()) if len(sizes) else 1.0
    sides = ["middle left" if found.base[n] > 0.7 * right else "middle right" for n in far]
    pad = "\u00a0\u00a0"
    data.append(
        theme.labels(
            found.base[far].tolist(), found.spots[far].tolist(), [f"{pad}{found.labels[n]}{pad}" for n in far], sides
        )
    )
    return {"data": data, "layout": _layout(found, right)}


def _named(found: Funnel, chosen: int, there: list[int]) -> list[int]:
    """Return the areas that bear their names: the chosen one and those furthest out, none upon another."""
    far = [n for n in there if abs(found.places[n]) == BEYOND or n == chosen]
    far.sort(key=lambda n: (n != chosen, -abs(found.spots[n] - found.target)))
    if not far:
        return []
    wide, high = (float(np.nanmax(part) - np.nanmin(part)) or 1.0 for part in (found.base, found.spots))
    kept: list[int] = []
    for n in far:
        near = (
            abs(found.base[n] - found.base[k]) < 0.25 * wide and abs(found.spots[n] - found.spots[k]) < 0.05 * high
            for k in kept
        )
        if len(kept) < LABELLED and not any(near):
            kept.append(n)
    return kept


@lru_cache(maxsize=512)
def _hover(found: Funnel) -> list[str]:
    out, where, ranks = [], _where(found), _ranks(found)
    values, bases, spots = (
        found.write(found.amounts),
        texts(np.round(found.base), 0, found.lang),
        texts(np.round(found.spots, 1), 1, found.lang),
    )
    for n, name in enumerate(found.names):
        size = found.say(f"mẫu số {bases[n]}", f"of {bases[n]}")
        if not found.ratio:
            size = found.say(f"trông đợi {bases[n]}: {spots[n]} %", f"expected {bases[n]}: {spots[n]}%")
        lines = [f"<b>{name}</b>", f"{values[n]} {found.this.unit}, {size}", where[n], ranks[n]]
        out.append("<br>".join(line for line in lines if line))
    return out


def _left(found: Funnel, right: float) -> float:
    """Return where the axis of sizes begins: at 0, or near the smallest where that is far from it."""
    known = found.base[~np.isnan(found.base)]
    least = float(known.min()) if len(known) else 0.0
    return 0.8 * least if least > 0.2 * right else 0.0


def _shades(found: Funnel) -> str:
    """Say what the two colours mean."""
    if found.this.polarity == "neutral":
        return found.say("tím: cao hơn · hồng: thấp hơn", "plum: higher · pink: lower")
    return found.say("xanh: tốt hơn · cam: kém hơn", "blue: better · orange: worse")


def _layout(found: Funnel, right: float) -> dict[str, Any]:
    layout = found.layout("area", height=540, bottom=112)
    size = (
        found.say("mẫu số", "denominator")
        if found.ratio
        else found.say("số trông đợi theo số đơn vị báo cáo", "expected")
    )
    legend = found.say(
        "liền: giới hạn 99,8 % · đứt: 95 % · ngang: mức chung<br>"
        f"vàng nhạt: trong giới hạn · {_shades(found)}<br>trắng: quá ít để đánh giá",
        "solid: 99.8% limits · dashed: 95% · horizontal: all together<br>"
        f"pale yellow: within · {_shades(found)}<br>white: too few to judge",
    )
    title = {"text": f"{size} →<br>{legend}", "standoff": 6, "font": {"size": 11, "color": theme.PALE_INK}}
    layout["xaxis"] = theme.axis(
        title=title, range=[_left(found, right), right * 1.02], tickformat=theme.TICKS, nticks=6
    )
    known = found.spots[~np.isnan(found.spots)]
    low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 100.0)
    room = max((high - low) * 0.12, 2.0)
    top = min(high + room, 103.0) if found.ratio else high + room
    words_of = found.say("% so với số trông đợi", "% of what is expected") if not found.ratio else "%"
    layout["yaxis"] = theme.axis(range=[max(low - room, -3.0), top], tickformat=theme.TICKS, nticks=7)
    if not np.isnan(found.target):
        level = {"type": "line", "xref": "paper", "yref": "y", "x0": 0, "x1": 1, "y0": found.target, "y1": found.target}
        layout["shapes"].append(level | {"line": {"color": theme.INK, "width": 1}, "layer": "below"})
    at = {"xanchor": "right", "yanchor": "bottom", "yshift": 10}
    layout["annotations"].append(theme.note(words_of, x=1, y=1, color=theme.PALE_INK, place=at))
    layout["hovermode"] = "closest"
    return layout

"""What may be said of each figure of areas that are compared: better, worse, no difference beyond chance, too few."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from danvan_kit import cube, indicators, limits, measures
from danvan_kit.cube import Cube, Floats, nansum
from danvan_kit.likeness import Peers, met
from danvan_kit.review import Review

STATES = (
    "better", "worse", "higher", "lower", "similar", "few", "stock", "part", "over", "late", "hidden", "alone",
    "missing", "no_base", "unborn",
)  # fmt: skip
"""What can be said of a figure.

The first two of an indicator in which more (or less) is better, the next two of a neutral one, ``similar`` of both:
no difference beyond chance. ``few``: too few to judge. Not judged: a ``stock`` (what is there is no count of events),
a ``part`` of a ratio that is judged itself, a numerator ``over`` its denominator, reports that are ``late`` where the
measure is inhabitants, ``hidden`` counts of persons, an area that is ``alone``. No figure: ``missing``, ``no_base``
(denominator 0), ``unborn`` (the indicator had not begun).
"""
CODE = {state: n for n, state in enumerate(STATES)}
JUDGED = 5
"""So many states, the first ones, are a judgement."""


@dataclass(frozen=True, eq=False)
class Judged:
    """Figures of areas that are compared, and what may be said of them.

    Arrays have the shape ``(indicator, area)``; `target`, `spread` and `by_people` ``(indicator,)``.

    Attributes
    ----------
    peers, keys
        The areas; the indicators that their level keeps.
    value
        The figure: a total over the area and everything below it.
    events, base
        What is judged: a ratio's two parts; of a count the count, and what is expected of the area.
    compared, target
        What is compared: a ratio's per cent with that of all peers together; a count with what is expected, which
        is 100. NaN of a figure that is not known, and of a stock.
    low, high
        95 % interval of `compared`: Wilson's of a ratio, Byar's (exact below 10) of a count; NaN of a stock.
    state
        Places in `STATES`.
    trend
        Places in `limits.TRENDS`, over the last five whole years up to the asked one; of a stock 0.
    met
        1 where an office's own figure meets the norm, 0 where it does not, NaN where there is none or it is open.
    spread
        How many times chance the areas differ.
    by_people
        Whether a count is expected in proportion to inhabitants; else to the offices that reported.
    """

    peers: Peers
    keys: tuple[str, ...]
    value: Floats
    events: Floats
    base: Floats
    compared: Floats
    target: Floats
    low: Floats
    high: Floats
    state: NDArray[np.int64]
    trend: NDArray[np.int64]
    met: Floats
    spread: Floats
    by_people: NDArray[np.bool_]

    def ranks(self, n: int) -> tuple[Floats, Floats, NDArray[np.bool_]]:
        """Return an indicator's ranks, from and to, and where they may not be told: 1 is best, or highest.

        What is too few to judge has none, and neither has what could stand on more than half of all ranks.
        """
        known = self.state[n] < JUDGED
        low, high = (np.where(known, ends[n], np.nan) for ends in (self.low, self.high))
        less = self.peers.review.indicators.at[self.keys[n], "polarity"] == "lower"
        first, last = limits.rank_range(low, high, best="low" if less else "high")
        return first, last, ~known | limits.too_wide(first, last, int(known.sum()))


@lru_cache(maxsize=256)
def judged(group: Peers) -> Judged:
    """Judge all figures of areas that are compared; computed once for each group.

    A difference is told only where the whole 95 % interval lies on one side of what all peers have together, which
    allows each figure a false alarm in twenty. A count is compared with what is expected of the area: in each year the
    peers' mean an office (of its own level, and below it), times its offices that reported; or per inhabitant, where
    the populations of all peers are known for all asked years. A ratio of fewer than 20, and a count of which fewer
    than 5 are seen and expected, are too few.
    """
    keys = _kept(group.review, group.level)
    columns = zip(*(_one(_Asked(group, key)) for key in keys), strict=True)
    return Judged(group, keys, *(np.array(column) for column in columns))


@dataclass(frozen=True, eq=False)
class _Yearly:
    """One indicator's events and base in every year. Shapes ``(area, year)``."""

    events: Floats
    base: Floats
    by_people: bool = False


class _Asked:
    """One indicator of the areas that are compared."""

    def __init__(self, group: Peers, key: str) -> None:
        self.group, self.key, self.review = group, key, group.review
        self.cells: Cube = cube.of(group.review)
        self.i = self.cells.index(key)
        self.ratio = self.i in self.cells.parts
        self.stock, self.polarity, self.begins = _traits(group.review)[key]
        self.value = self.cells.column(key, group.ids, group.asked)
        self.hidden = self.cells.hidden(key, group.ids) if group.review.hidden else None


# A row of a frame costs more than all statistics of a figure: the catalogue is read once a review.
@lru_cache(maxsize=32)
def _kept(review: Review, level: str) -> tuple[str, ...]:
    return tuple(indicators.at_level(review.indicators, level))


@lru_cache(maxsize=8)
def _traits(review: Review) -> dict[str, tuple[bool, str, int]]:
    """Return of each indicator whether it is a stock, its polarity and its first year."""
    columns = (review.indicators[name].tolist() for name in ("aggregation", "polarity", "first_year"))
    rows = zip(review.indicators.index, *columns, strict=True)
    return {key: (added == "last", str(side), int(first)) for key, added, side, first in rows}


def _one(asked: _Asked) -> tuple[object, ...]:
    """Return a row of each array of `Judged`."""
    yearly = _ratio_years(asked) if asked.ratio else _count_years(asked)
    events, base = _sums(asked, yearly)
    compared, target, low, high = _ratio(events, base) if asked.ratio else _count(events, base)
    due = base * target / 100
    spread = limits.dispersion(events, due, due * (1 - target / 100) if asked.ratio else due)
    trend = _trends(asked, yearly)
    if asked.stock:
        compared, low, high = (np.full(len(low), np.nan) for _ in range(3))
        spread = float("nan")
    state = _states(asked, (events, base), (low, high), target)
    compared = np.where(np.isnan(asked.value), np.nan, compared)
    done = met(asked.group, asked.key)
    return (
        asked.value, events, base, compared, target, low, high, state, trend, done, spread, yearly.by_people,
    )  # fmt: skip


def _sums(asked: _Asked, yearly: _Yearly) -> tuple[Floats, Floats]:
    """Add events and base up over the asked years.

    Of a protected review the parts of a ratio over the whole period are figures that are shown or hidden themselves,
    whatever is hidden of single years.
    """
    full, group = asked.cells.full, asked.group
    if full is None or not asked.ratio or group.year is not None:
        return nansum(yearly.events[:, group.span], axis=1), nansum(yearly.base[:, group.span], axis=1)
    up, down = (nansum(part[group.rows], axis=1) for part in full.parts[asked.i][2:])
    gone = _hidden(asked)
    return np.where(gone, np.nan, up), np.where(gone, np.nan, down)


def _ratio(up: Floats, down: Floats) -> tuple[Floats, float, Floats, Floats]:
    whole = float(np.nansum(down))
    target = 100 * float(np.nansum(up)) / whole if whole else np.nan
    low, high = limits.wilson(up, down)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(down > 0, 100 * up / down, np.nan), target, 100 * low, 100 * high


def _count(seen: Floats, due: Floats) -> tuple[Floats, float, Floats, Floats]:
    due = np.where(due > 0, due, np.nan)
    low, high = limits.poisson(seen)
    return 100 * seen / due, 100.0, 100 * low / due, 100 * high / due


def _ratio_years(asked: _Asked) -> _Yearly:
    _, _, up, down = asked.cells.parts[asked.i]
    return _Yearly(up[asked.group.rows], down[asked.group.rows])


def _count_years(asked: _Asked) -> _Yearly:
    rows, i, cells = asked.group.rows, asked.i, asked.cells
    total, own = cells.total[i, rows], cells.own[i, rows]
    if asked.group.people is not None:
        return _Yearly(total, _shared(total, asked.group.people), by_people=True)
    mine = ~np.isnan(own)
    low = np.maximum(cells.present[i, rows] - mine, 0)
    below = np.where(low > 0, np.nan_to_num(total) - np.nan_to_num(own), 0.0)
    due = _shared(np.nan_to_num(own), mine.astype(np.float64)) + _shared(below, low.astype(np.float64))
    return _Yearly(total, np.where(np.isnan(total), np.nan, due))


def _shared(counts: Floats, sizes: Floats) -> Floats:
    """Share each year's sum out by size, over the areas whose count is known."""
    known = ~(np.isnan(counts) | np.isnan(sizes))
    size = np.where(known, sizes, 0.0)
    whole = size.sum(axis=0)
    found: Floats = size * (np.where(known, counts, 0.0).sum(axis=0) / np.where(whole > 0, whole, 1.0))
    return np.where(known, found, np.nan)


def _states(
    asked: _Asked, parts: tuple[Floats, Floats], ends: tuple[Floats, Floats], target: float
) -> NDArray[np.int64]:
    """Return what can be said of each figure; the first rule that holds counts."""
    (events, base), (low, high), group = parts, ends, asked.group
    gone, every = np.isnan(asked.value), np.ones(len(asked.value), dtype=np.bool_)
    up, down = {"higher": ("better", "worse"), "lower": ("worse", "better")}.get(asked.polarity, ("higher", "lower"))
    given, owed = asked.cells.coverage(asked.key, group.ids, group.asked)
    few = base < limits.FEW_OUT_OF if asked.ratio else np.maximum(events, base) < limits.FEW_EVENTS
    born = asked.begins <= (asked.review.years[-1] if group.year is None else group.year)
    rules = [
        (_hidden(asked), "hidden"),
        (gone & (not born), "unborn"),
        (gone & asked.ratio & (base == 0), "no_base"),
        (gone, "missing"),
        (every & asked.stock, "stock"),
        (every & (asked.key in _numerators(asked.review)), "part"),
        (every & (len(every) == 1), "alone"),
        ((events > base) & asked.ratio, "over"),
        ((given < owed) & (group.people is not None and not asked.ratio), "late"),
        (few | np.isnan(low), "few"),
        (low > target, up),
        (high < target, down),
        (every, "similar"),
    ]
    return np.select([rule for rule, _ in rules], [CODE[state] for _, state in rules]).astype(np.int64)


def _hidden(asked: _Asked) -> NDArray[np.bool_]:
    """Tell which areas have a figure that is not shown; of a count also where one of the asked years is not."""
    if asked.hidden is None:
        return np.zeros(len(asked.value), dtype=np.bool_)
    group = asked.group
    whole = asked.cells.hidden(asked.key, group.ids, group.asked)
    return whole if asked.ratio else whole | np.logical_or.reduce(asked.hidden[:, group.span], axis=1)


@lru_cache(maxsize=8)
def _numerators(review: Review) -> frozenset[str]:
    return frozenset(review.indicators["numerator"]) - {""}


def _trends(asked: _Asked, yearly: _Yearly) -> NDArray[np.int64]:
    """Test the areas' own series, up to the asked year and without the partial one."""
    review, group = asked.review, asked.group
    if asked.stock:
        return np.zeros(len(group.rows), dtype=np.int64)
    partial, last = measures.partial_year(review), group.year or review.years[-1]
    kept = [n for n, year in enumerate(review.years) if year != partial and asked.begins <= year <= last]
    values = yearly.events[:, kept]
    if asked.hidden is not None:
        values = np.where(asked.hidden[:, kept], np.nan, values)
    if asked.ratio:
        return limits.trend_codes(limits.trend_scores(values, yearly.base[:, kept]))
    offices = asked.cells.present[asked.i, group.rows][:, kept].astype(np.float64)
    return limits.trend_codes(limits.trend_scores(values, exposures=offices))

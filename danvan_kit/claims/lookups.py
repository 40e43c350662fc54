"""What each kind of statement looks up in the review: a sum, a growth, a share, how many offices."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from danvan_kit import words
from danvan_kit.claims import values
from danvan_kit.claims.allowed import fits
from danvan_kit.claims.binding import Binding
from danvan_kit.claims.places import ROOT, Scope, resolve
from danvan_kit.claims.reading import Figure
from danvan_kit.claims.spans import Period
from danvan_kit.claims.values import Value, Where
from danvan_kit.review import Review


@dataclass(frozen=True)
class Asked:
    """One reading of a figure: what is written, what it counts, and what is looked up for it."""

    figure: Figure
    binding: Binding
    review: Review
    indicator: str
    where: Where
    years: tuple[int, int]


def years(period: Period | None, review: Review, indicator: str) -> tuple[int, int] | str:  # noqa: PLR0911 - one return a rule
    """Return first and last year, or why there are none; of a stock the last year, where a span ends on it."""
    begin, end = review.years[0], review.years[-1]
    stock = bool(review.indicators.loc[indicator, "aggregation"] == "last")
    if period is None or period.kind == "whole":
        return (end, end) if stock else (begin, end)
    if period.kind == "bad":
        return "bad_period"
    if period.kind == "half":
        whole = values.partial(review, period.first, period.first) and review.closing.month == 6
        return (period.first, period.first) if whole else "bad_period"
    first, last = period.first or begin, period.last or end
    if period.kind == "to_june" and not (last == end and review.closing.month == 6):
        return "bad_period"
    if period.kind == "through" and not stock and last != end:
        return "bad_period"
    if period.kind in {"until", "through"} and stock:
        first = last
    elif period.kind == "until" and period.last:
        return "bad_period"  # "up to 2018": that year, or all until then
    if first < begin or last > end or first > last:
        return "outside"
    return first, last


def where(scope: Scope | None, review: Review, span: tuple[int, int]) -> Where | str:
    """Return the areas meant, or the name that means none or more than one in these years."""
    if scope is None:
        return Where((review.areas.root,))
    found: list[str] = []
    for name in scope.names or (ROOT,):
        first, last = (resolve(name, review.areas, year) for year in span)
        if len(first) != 1 or first != last:
            return name[1]
        found.append(first[0])
    areas = tuple(dict.fromkeys(found))
    if scope.how == "own" and not scope.levels:
        return Where(areas, frozenset(str(review.areas.get(area)["level"]) for area in areas))
    return Where(areas, scope.levels, scope.kinds)


def listed(found: set[float]) -> str:
    """Write a few figures in a row."""
    return "; ".join(words.number(one) for one in sorted(found)[:4])


def _count(asked: Asked) -> Value:
    return values.value(asked.review, asked.indicator, asked.where, *asked.years)


def _pair(asked: Asked) -> tuple[float, float] | Value:
    """Return a figure and that of the years compared with, or why they cannot be compared."""
    base = years(asked.binding.base, asked.review, asked.indicator) if asked.binding.base is not None else "base"
    if isinstance(base, str):
        return Value(math.nan, base)
    if values.partial(asked.review, *asked.years) or values.partial(asked.review, *base):
        return Value(math.nan, "partial")
    if base == asked.years or asked.years[1] - asked.years[0] != base[1] - base[0]:
        return Value(math.nan, "base" if base == asked.years else "lengths")
    now, was = _count(asked), values.value(asked.review, asked.indicator, asked.where, *base)
    return Value(math.nan, now.why or was.why) if now.why or was.why else (now.found, was.found)


def _growth(asked: Asked) -> Value:
    if asked.review.indicators.loc[asked.indicator, "aggregation"] == "ratio":
        return Value(math.nan, "ratio")
    pair = _pair(asked)
    if isinstance(pair, Value):
        return pair
    sign = -1 if asked.binding.falls else 1
    return Value(sign * 100 * (pair[0] / pair[1] - 1)) if pair[1] else Value(math.nan, "zero")


def _change(asked: Asked) -> Value:
    pair = _pair(asked)
    return pair if isinstance(pair, Value) else Value((-1 if asked.binding.falls else 1) * (pair[0] - pair[1]))


def _multiple(asked: Asked) -> Value:
    pair = _pair(asked)
    if isinstance(pair, Value):
        return pair
    return Value(pair[0] / pair[1]) if pair[1] else Value(math.nan, "zero")


def _share(asked: Asked) -> Value:
    around = where(asked.binding.whole, asked.review, asked.years)
    if isinstance(around, str):
        return Value(math.nan, f"area:{around}")
    part, whole = _count(asked), values.value(asked.review, asked.indicator, around, *asked.years)
    if part.why or whole.why:
        return Value(math.nan, part.why or whole.why)
    return Value(100 * part.found / whole.found) if whole.found else Value(math.nan, "zero")


def _offices(asked: Asked) -> tuple[Value, int]:
    kept = frozenset(str(asked.review.indicators.loc[asked.indicator, "levels"]).split())
    place = asked.where if asked.where.levels else replace(asked.where, levels=kept)
    return values.holders(asked.review, asked.indicator, place, *asked.years)


def _of_total(asked: Asked) -> Value:
    found, of = _offices(asked)
    if not found.why and asked.figure.of is not None and of != asked.figure.of:
        return Value(math.nan, f"total_of:{of}")
    return found


def _per_cent_of_offices(asked: Asked) -> Value:
    found, of = _offices(asked)
    return found if found.why else Value(100 * found.found / of) if of else Value(math.nan, "zero")


def _average(asked: Asked) -> Value:
    if values.partial(asked.review, *asked.years):
        return Value(math.nan, "partial")
    found = _count(asked)
    return found if found.why else Value(found.found / (asked.years[1] - asked.years[0] + 1))


def _each_year(asked: Asked) -> Value:
    """Return the average, where "every year so many" is true or false of each year and of the average alike."""
    if values.partial(asked.review, *asked.years):
        return Value(math.nan, "partial")
    single = range(asked.years[0], asked.years[1] + 1)
    found = [values.value(asked.review, asked.indicator, asked.where, y, y) for y in single]
    if why := next((one.why for one in found if one.why), ""):
        return Value(math.nan, why)
    mean = sum(one.found for one in found) / len(found)
    each = {fits(asked.figure, one.found) for one in found} | {fits(asked.figure, mean)}
    return Value(mean) if len(each) == 1 else Value(math.nan, f"differ:{listed({one.found for one in found})}")


MEANINGS: dict[str, Callable[[Asked], Value]] = {
    "count": _count,
    "percent": _count,
    "growth": _growth,
    "change": _change,
    "points": _change,
    "multiple": _multiple,
    "share": _share,
    "of_total": _of_total,
    "offices": _per_cent_of_offices,
    "average": _average,
    "each_year": _each_year,
}
"""How the figure of each kind of statement is looked up."""

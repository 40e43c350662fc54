"""The review's figure for what a text names: over areas, levels and years; or why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from danvan_kit import cube, measures
from danvan_kit.review import Review


@dataclass(frozen=True)
class Where:
    """Areas with all that lies below them, or some of their offices only.

    Attributes
    ----------
    areas
        Ids; none lies below another.
    levels
        Only offices of these levels; empty: all.
    kinds
        Only offices of these kinds; empty: all.
    """

    areas: tuple[str, ...]
    levels: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Value:
    """A figure (NaN: none) and why there is none."""

    found: float
    why: str = ""


def rows(review: Review, where: Where) -> NDArray[np.intp]:
    """Return the rows of all offices that are meant."""
    table = review.areas.table
    keep = np.zeros(len(table), dtype=np.bool_)
    for area in where.areas:
        keep[review.areas.branch(area)] = True
    if where.levels:
        keep &= table["level"].isin(where.levels).to_numpy()
    if where.kinds:
        keep &= table["kind"].isin(where.kinds).to_numpy()
    return np.flatnonzero(keep)


@lru_cache(maxsize=4)
def _owed(review: Review) -> NDArray[np.bool_]:
    return cube.owed(review, review.areas.valid(review.years))


@lru_cache(maxsize=8192)
def value(review: Review, indicator: str, where: Where, first: int, last: int) -> Value:  # noqa: PLR0911 - one return a rule
    """Return a figure over a period: flows add up, a stock must be asked for one year, a ratio is made of its parts.

    Parameters
    ----------
    review
        The review.
    indicator, where
        What and where.
    first, last
        Years of the review.

    Returns
    -------
    Value
        ``why``: ``not_kept`` (no office of these keeps it), ``before`` (not counted in these years), ``missing`` (a
        report is missing), ``hidden``, ``not_additive``, ``stock`` (over years), ``zero`` (a ratio of nothing).
    """
    about = review.indicators.loc[indicator]
    if about["aggregation"] == "ratio":
        up, down = (value(review, str(about[part]), where, first, last) for part in ("numerator", "denominator"))
        if up.why or down.why:
            return Value(np.nan, up.why or down.why)
        return Value(100 * up.found / down.found) if down.found else Value(np.nan, "zero")
    chosen = rows(review, where)
    kept = np.isin(review.areas.table["level"].to_numpy()[chosen], str(about["levels"]).split())
    if not kept.any() or (where.levels and not where.levels <= set(str(about["levels"]).split())):
        return Value(np.nan, "not_kept")
    if last < int(str(about["first_year"])) or (first == last and first < int(str(about["first_year"]))):
        return Value(np.nan, "before")
    if about["aggregation"] == "last" and first < last:
        return Value(np.nan, "stock")
    if about["aggregation"] == "none" and kept.sum() > 1:
        return Value(np.nan, "not_additive")
    return _sum(review, indicator, chosen, first, last)


def _sum(review: Review, indicator: str, chosen: NDArray[np.intp], first: int, last: int) -> Value:
    cells = cube.of(review)
    i, years = cells.index(indicator), slice(cells.year(first), cells.year(last) + 1)
    own = cells.own[i, chosen, years]
    blank = np.isnan(own)
    if (blank & _owed(review)[i, chosen, years]).any():
        veiled = review.hidden is not None and (blank & review.hidden.own[i, chosen, years]).any()
        return Value(np.nan, "hidden" if veiled else "missing")
    if blank.all():
        return Value(np.nan, "not_standing")
    return Value(float(np.nan_to_num(own).sum()))


@lru_cache(maxsize=2048)
def holders(review: Review, indicator: str, where: Where, first: int, last: int) -> tuple[Value, int]:
    """Return how many offices had at least one of their own, and how many offices owe a figure.

    An office that stood or owed the figure in some year of the period is counted once.
    """
    about = review.indicators.loc[indicator]
    if not where.levels <= set(str(about["levels"]).split()) or last < int(str(about["first_year"])):
        return Value(np.nan, "not_kept"), 0
    if about["aggregation"] in {"ratio", "last"} and first < last:
        return Value(np.nan, "stock"), 0
    cells, chosen = cube.of(review), rows(review, where)
    i, years = cells.index(indicator), slice(cells.year(first), cells.year(last) + 1)
    due, own = _owed(review)[i, chosen, years], cells.own[i, chosen, years]
    owes, has = due.any(axis=1), (own > 0).any(axis=1)
    unsure = owes & ~has & (due & np.isnan(own)).any(axis=1)
    if unsure.any():
        return Value(np.nan, "missing"), int(owes.sum())
    return Value(float((owes & has).sum())), int(owes.sum())


def standing(review: Review, where: Where, year: int) -> int:
    """Return how many offices stand on 30 June of a year."""
    valid = review.areas.valid([year])[:, 0]
    return int(valid[rows(review, where)].sum())


def partial(review: Review, first: int, last: int) -> bool:
    """Tell whether a period holds a year that is not whole."""
    half = measures.partial_year(review)
    return half is not None and first <= half <= last


def statement(review: Review, indicator: str, where: Where, first: int, last: int) -> Any | None:  # noqa: ANN401 - a row
    """Return the published statement on exactly this, if there is one."""
    if where.areas != (review.areas.root,) or where.kinds or indicator not in review.indicators.index:
        return None
    about = review.indicators.loc[indicator]
    asked = set(where.levels) or set(str(about["levels"]).split())
    begun = int(str(about["first_year"]))
    for _, said in review.statements[review.statements["indicator"] == indicator].iterrows():
        years = (int(said["year_from"]), int(said["year_to"]))
        same = (max(first, begun), last) == (max(years[0], begun), years[1])
        if same and set(str(said["levels"]).split()) == asked:
            return said
    return None

"""Small numbers: intervals, funnel limits, ranks with their uncertainty, and a test for trend.

Nothing here knows of areas or indicators: numbers in, numbers out.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats: TypeAlias = NDArray[np.float64]
Trend: TypeAlias = Literal["increasing", "decreasing", "no significant change", "cannot be calculated"]

Z95 = 1.959963984540054
"""Standard normal quantile of a two-sided 95 % interval."""
TAIL95, TAIL998 = 0.025, 0.001
"""Probability beyond each of the two lines of a funnel."""
EXACT_BELOW = 10
"""Counts below this get the exact Poisson interval, others Byar's (APHO Technical Briefing 3, 2008)."""
POINTS = 5
"""Years that a trend is tested over, the last ones (as Public Health England's Fingertips does)."""
FEW_OUT_OF, FEW_EVENTS = 20, 5
"""A share of fewer than 20, or a count of which fewer than 5 are seen and expected, is too few to judge."""
TRENDS: tuple[Trend, ...] = ("cannot be calculated", "decreasing", "no significant change", "increasing")


# --- intervals --------------------------------------------------------------------------------------------------------


def wilson(events: ArrayLike, out_of: ArrayLike, z: float = Z95) -> tuple[Floats, Floats]:
    """Return the score interval of a proportion (E. B. Wilson, JASA 22, 1927; Newcombe 1998, method 3).

    Parameters
    ----------
    events, out_of
        Numerator and denominator. Any shape.
    z
        Standard normal quantile.

    Returns
    -------
    low, high
        Parts of 1. NaN where the denominator is 0 or unknown, or the numerator is below 0 or larger than it.
    """
    e, n = (np.asarray(part, dtype=np.float64) for part in (events, out_of))
    sound = (n > 0) & (e >= 0) & (e <= n)
    n = np.where(sound, n, 1.0)
    p = np.where(sound, e, 0.0) / n
    middle, reach = p + z * z / (2 * n), z * np.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    low, high = (middle - reach) / (1 + z * z / n), (middle + reach) / (1 + z * z / n)
    low, high = np.where(p == 0, 0.0, low), np.where(p == 1, 1.0, high)  # free of rounding at the ends
    return np.where(sound, low, np.nan), np.where(sound, high, np.nan)


def byar(events: ArrayLike, z: float = Z95) -> tuple[Floats, Floats]:
    """Return Byar's approximation to the exact Poisson interval of a count (Breslow & Day 1987).

    Parameters
    ----------
    events
        Counts, any shape. A lower limit of 0 for a count of 0.
    z
        Standard normal quantile.

    Returns
    -------
    low, high
        In counts. NaN where the count is unknown or below 0.
    """
    o = np.asarray(events, dtype=np.float64)
    o = np.where(o >= 0, o, np.nan)
    one = np.where(o == 0, 1.0, o)
    low = np.where(o == 0, 0.0, o * (1 - 1 / (9 * one) - z / (3 * np.sqrt(one))) ** 3)
    high = (o + 1) * (1 - 1 / (9 * (o + 1)) + z / (3 * np.sqrt(o + 1))) ** 3
    return np.maximum(low, 0.0), high


def poisson(events: ArrayLike) -> tuple[Floats, Floats]:
    """Return the 95 % interval of a count: exact below 10, Byar's from there on (APHO Technical Briefing 3).

    Parameters
    ----------
    events
        Whole counts, any shape.

    Returns
    -------
    low, high
        In counts. NaN where the count is unknown or below 0.
    """
    o = np.asarray(events, dtype=np.float64)
    low, high = byar(o)
    small = (o >= 0) & (o < EXACT_BELOW)
    at = np.where(small, o, 0).astype(np.intp)
    exact = _exact()
    return np.where(small, exact[0][at], low), np.where(small, exact[1][at], high)


@lru_cache(maxsize=1)
def _exact() -> tuple[Floats, Floats]:
    """Return the exact 95 % Poisson limits of 0..9: the means whose tail at the count is 2.5 % (Garwood 1936)."""
    high = np.array([_mean_with_tail(n, TAIL95) for n in range(EXACT_BELOW)])
    low = np.array([0.0, *(_mean_with_tail(n - 1, 1 - TAIL95) for n in range(1, EXACT_BELOW))])
    return low, high


def _mean_with_tail(count: int, tail: float) -> float:
    """Return the Poisson mean under which at most `count` has the probability `tail`, by halving."""
    low, high = 0.0, 60.0
    terms = np.arange(count + 1)
    for _ in range(80):
        mean = (low + high) / 2
        below = float(np.exp(terms * np.log(mean) - mean - _log_factorial(terms)).sum())
        low, high = (mean, high) if below > tail else (low, mean)
    return (low + high) / 2


# --- funnels ----------------------------------------------------------------------------------------------------------


def binomial_limits(out_of: ArrayLike, share: float, tail: float = TAIL95) -> tuple[Floats, Floats]:
    """Return between which shares chance alone leaves an area of each size, when all have the same true share.

    Exact binomial limits, interpolated between neighbouring counts as Spiegelhalter does (Stat. Med. 24, 2005), the
    upper one as the mirror of the lower: a share lies beyond a limit if and only if a share at least so extreme has a
    probability below `tail`.

    Parameters
    ----------
    out_of
        Whole denominators above 0. Shape ``(size,)``.
    share
        The true share, between 0 and 1.
    tail
        Probability beyond each limit.

    Returns
    -------
    low, high
        Parts of 1. Shape ``(size,)``.
    """
    n = np.asarray(out_of, dtype=np.float64)
    if not len(n) or not 0 < share < 1:  # all or nothing leaves chance no room
        return np.full(n.shape, share), np.full(n.shape, share)
    start, k = _window(n * share, np.sqrt(n * share * (1 - share)))
    inside = k <= n[:, None]
    k = np.where(inside, k, 0.0)
    logs = _log_factorial(n)[:, None] - _log_factorial(k) - _log_factorial(n[:, None] - k)
    logs += k * np.log(share) + (n[:, None] - k) * np.log1p(-share)
    low, high = _ends(np.where(inside, np.exp(logs), 0.0), start, tail)
    return np.maximum(low, 0.0) / n, np.minimum(high, n) / n


def poisson_limits(expected: ArrayLike, tail: float = TAIL95) -> tuple[Floats, Floats]:
    """Return between which counts chance alone leaves an area of which so many events are expected.

    Exact Poisson limits, interpolated as those of `binomial_limits`.

    Parameters
    ----------
    expected
        Expected counts above 0. Shape ``(size,)``.
    tail
        Probability beyond each limit.

    Returns
    -------
    low, high
        In counts. Shape ``(size,)``.
    """
    mean = np.asarray(expected, dtype=np.float64)
    if not len(mean):
        return mean, mean
    start, k = _window(mean, np.sqrt(mean))
    chances = np.exp(k * np.log(mean)[:, None] - mean[:, None] - _log_factorial(k))
    low, high = _ends(chances, start, tail)
    return np.maximum(low, 0.0), high


def _window(mean: Floats, spread: Floats) -> tuple[Floats, Floats]:
    """Return where counts with any chance begin, and those counts. Shapes ``(size,)`` and ``(size, count)``."""
    start = np.maximum(np.floor(mean - 10 * spread - 10), 0.0)
    width = int(np.ceil((20 * spread + 30).max()))
    return start, start[:, None] + np.arange(width)


def _ends(chances: Floats, start: Floats, tail: float) -> tuple[Floats, Floats]:
    """Return the two interpolated counts beyond which a count has a probability below `tail`."""
    upto = np.cumsum(chances, axis=1)
    over = np.cumsum(chances[:, ::-1], axis=1)[:, ::-1]
    first = np.argmax(upto >= tail, axis=1)
    last = upto.shape[1] - 1 - np.argmax(over[:, ::-1] >= tail, axis=1)
    row = np.arange(len(start))
    below = (upto[row, first] - tail) / chances[row, first]
    above = (over[row, last] - tail) / chances[row, last]
    return start + first - below, start + last + above


def _log_factorial(k: ArrayLike) -> Floats:
    whole = np.asarray(k).astype(np.intp)
    size = 1 << int(whole.max(initial=1) + 1).bit_length()
    found: Floats = _log_factorials(size)[whole]
    return found


@lru_cache(maxsize=32)
def _log_factorials(size: int) -> Floats:
    return np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, size)))])


def dispersion(observed: ArrayLike, expected: ArrayLike, variance: ArrayLike) -> float:
    """Return how many times chance the areas differ: the mean squared standard score, 1 if by chance alone.

    Parameters
    ----------
    observed, expected, variance
        Of each area; areas without a variance above 0 are left out.

    Returns
    -------
    float
        NaN of fewer than two areas.
    """
    o, e, v = (np.asarray(part, dtype=np.float64) for part in (observed, expected, variance))
    known = (v > 0) & ~np.isnan(o) & ~np.isnan(e)
    if known.sum() < 2:
        return float("nan")
    return float(((o - e)[known] ** 2 / v[known]).sum() / (known.sum() - 1))


# --- ranks ------------------------------------------------------------------------------------------------------------


def rank_range(low: ArrayLike, high: ArrayLike, *, best: Literal["high", "low"] = "high") -> tuple[Floats, Floats]:
    """Return between which ranks each area lies, as far as its interval tells: 1 is best.

    An area surely stands behind another only where their intervals do not meet.

    Parameters
    ----------
    low, high
        Intervals. Shape ``(area,)``; NaN: no interval, no rank, and nobody stands before or behind it.
    best
        Whether the highest or the lowest is best.

    Returns
    -------
    first, last
        Shape ``(area,)``. NaN where there is no interval.
    """
    a, b = np.asarray(low, dtype=np.float64), np.asarray(high, dtype=np.float64)
    known = ~(np.isnan(a) | np.isnan(b))
    total = int(known.sum())
    above = total - np.searchsorted(np.sort(a[known]), b, side="right")  # wholly above
    below = np.searchsorted(np.sort(b[known]), a, side="left")  # wholly below
    ahead, behind = (above, below) if best == "high" else (below, above)
    return np.where(known, 1.0 + ahead, np.nan), np.where(known, 1.0 * total - behind, np.nan)


def too_wide(first: ArrayLike, last: ArrayLike, total: int) -> NDArray[np.bool_]:
    """Tell which areas are not to be ranked: their ranks span more than half of all."""
    span = np.asarray(last, dtype=np.float64) - np.asarray(first, dtype=np.float64) + 1
    wide: NDArray[np.bool_] = span > total / 2
    return wide


# --- trends -----------------------------------------------------------------------------------------------------------


def trend_scores(
    values: ArrayLike, denominators: ArrayLike | None = None, exposures: ArrayLike | None = None
) -> Floats:
    """Return the standard score of the trend over the last five years; its square is chi-squared with one degree.

    Shares: the chi-squared test for trend in proportions (Cochran 1954, Armitage 1955). Counts: the score test for a
    log-linear trend of Poisson counts, conditional on their sum.

    Parameters
    ----------
    values
        Counts a year. Shape ``(..., year)``; whole years only, the partial one left out by the caller.
    denominators
        What the values are shares of.
    exposures
        What counts are expected in proportion to, such as the offices that reported; none: equal in all years.

    Returns
    -------
    ndarray
        Shape ``(...)``. Above 0: rising. NaN where it cannot be calculated: fewer than five years, one of the last
        five not known or without denominator, a value larger than it, no event at all or nothing but events.
    """
    y = np.asarray(values, dtype=np.float64)[..., -POINTS:]
    given = exposures if denominators is None else denominators
    n = np.ones_like(y) if given is None else np.asarray(given, dtype=np.float64)[..., -POINTS:]
    if y.shape[-1] < POINTS:
        return np.full(y.shape[:-1], np.nan)
    within = np.ones(y.shape, dtype=np.bool_) if denominators is None else np.less_equal(y, n)
    sound = np.logical_and.reduce(np.greater_equal(y, 0) & np.greater(n, 0) & within, axis=-1)
    y, n = np.where(sound[..., None], y, 0.0), np.where(sound[..., None], n, 1.0)
    t = np.arange(POINTS) - (POINTS - 1) / 2
    events, whole = y.sum(axis=-1), n.sum(axis=-1)
    lean = (t * (y - n * (events / whole)[..., None])).sum(axis=-1)
    spread = (n * t * t).sum(axis=-1) - (n * t).sum(axis=-1) ** 2 / whole
    room = events / whole * (1.0 if denominators is None else 1 - events / whole) * spread
    sound &= room > 0
    return np.where(sound, lean / np.sqrt(np.where(sound, room, 1.0)), np.nan)


def trend_test(
    values: ArrayLike, denominators: ArrayLike | None = None, *, exposures: ArrayLike | None = None
) -> Trend:
    """Say whether one series rises or falls over its last five years (p < 0.05, two-sided).

    Parameters
    ----------
    values, denominators, exposures
        As for `trend_scores`. Shape ``(year,)``.

    Returns
    -------
    str
        ``increasing``, ``decreasing``, ``no significant change`` or ``cannot be calculated``.
    """
    return TRENDS[int(trend_codes(trend_scores(values, denominators, exposures)))]


def trend_codes(scores: ArrayLike) -> NDArray[np.int64]:
    """Return the place in `TRENDS` of each score."""
    z = np.asarray(scores, dtype=np.float64)
    turned = np.sign(z) * np.greater(np.abs(z), Z95)
    return np.where(np.isnan(z), 0, 2 + np.nan_to_num(turned)).astype(np.int64)

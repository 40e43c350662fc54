"""What each consolidated figure is made of, as dense arrays: built once a review, then every chain is a slice.

A consolidated figure less the sum of all own figures of its branch is the sum of the *additions* of the offices of that
branch: what each of them filed less what came to it. So every gap is taken apart without a rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from danvan_kit import cube
from danvan_kit.checks import problems
from danvan_kit.checks.problems import Mask
from danvan_kit.checks.rules import standing
from danvan_kit.cube import Floats
from danvan_kit.review import Review


@dataclass(frozen=True, eq=False)
class Sums:
    """Reported figures and what they are made of; arrays ``(indicator, area, year)``.

    Attributes
    ----------
    due
        Whether an office owes its own figure; False where it answered that it does not apply.
    heads
        Whether an office owes a consolidated figure.
    own
        Its own figure as reported; NaN where none is owed or none was given.
    reported
        Its consolidated figure; NaN where none is owed or none was given.
    below
        Own plus what came from directly below, as far as known.
    passed
        What an office passes upwards: `reported`; where that is missing or not owed, `below`.
    offices
        The sum of all known own figures of the branch.
    log
        The counts of the log, without NaN. None of them is compared where an indicator is not counted from the log.
    addition
        What an office passes upwards less what it is made of: 0 where it adds up.
    gap
        What an office passes upwards less the own figures of its branch.
    lacking
        Whether an own figure is owed and not given.
    silent
        Whether a consolidated figure is owed and not given.
    stands
        Which area reports in which year. Shape ``(area, year)``.
    counted
        Which indicators are counted from the log. Shape ``(indicator,)``.
    """

    due: Mask
    heads: Mask
    own: Floats
    reported: Floats
    below: Floats
    passed: Floats
    offices: Floats
    log: Floats
    addition: Floats
    gap: Floats
    lacking: Mask
    silent: Mask
    stands: Mask
    counted: Mask


@lru_cache(maxsize=4)
def of(review: Review) -> Sums:
    """Return the sums of a review."""
    filed, areas = problems.filed(review), review.areas
    due = problems.owed(review)
    row = filed["own"].row
    answered = row >= 0
    due[answered] &= review.observations["status"].to_numpy()[row[answered]] != "not_applicable"
    adds = review.indicators["aggregation"].isin(["sum", "last"]).to_numpy()[:, None, None]
    heads = problems.below(review, problems.owed(review) & adds) & areas.valid(review.years)
    heads &= (~np.isnan(filed["consolidated"].value)).any(axis=(1, 2), keepdims=True)  # the form asks for it
    own = np.where(due, filed["own"].value, np.nan)
    reported = np.where(heads, filed["consolidated"].value, np.nan)
    below = np.nan_to_num(own)
    passed = np.zeros_like(below)
    for a in range(len(areas.ids) - 1, -1, -1):  # from the bottom up
        passed[:, a] = np.where(np.isnan(reported[:, a]), below[:, a], reported[:, a])
        if a:
            below[:, areas.parent_row[a]] += passed[:, a]
    offices = np.moveaxis(cube.branch_sums(np.moveaxis(np.nan_to_num(own), 1, 0), areas), 0, 1)
    return Sums(
        due=due,
        heads=heads,
        own=own,
        reported=reported,
        below=below,
        passed=passed,
        offices=offices,
        log=np.nan_to_num(cube.of(review).own),
        addition=passed - below,
        gap=passed - offices,
        lacking=due & np.isnan(own),
        silent=heads & np.isnan(reported),
        stands=areas.valid(review.years),
        counted=(review.indicators["record_activity"] != "").to_numpy(),
    )


@dataclass(frozen=True)
class Before:
    """A figure that a later report changed: the value before, and the day on which the later one came in."""

    value: float
    changed: pd.Timestamp


@lru_cache(maxsize=4)
def earlier(review: Review) -> dict[tuple[str, int, str, str], list[Before]]:
    """Return, for each figure that a later report changed, what it was before, oldest first.

    Returns
    -------
    dict
        ``(area, year, indicator, scope)`` to values other than the one that counts.
    """
    key = ["area", "year", "indicator", "scope"]
    seen = review.observations
    seen = seen[(seen["status"] == "reported") & seen.duplicated(key, keep=False)]
    seen = seen.sort_values("received", kind="stable", na_position="first")
    found: dict[tuple[str, int, str, str], list[Before]] = {}
    for area, year, indicator, scope, value, day in zip(
        *(seen[c].tolist() for c in (*key, "value", "received")), strict=True
    ):
        found.setdefault((str(area), int(year), str(indicator), str(scope)), []).append(Before(float(value), day))
    older = {
        k: [Before(v, several[-1].changed) for v in dict.fromkeys(b.value for b in several) if v != several[-1].value]
        for k, several in found.items()
    }
    return {k: values for k, values in older.items() if values}


@dataclass(frozen=True)
class Stray:
    """An own figure filed by an area that does not stand that year; `heirs` are those that continue it."""

    area: str
    value: float
    heirs: tuple[str, ...]


@lru_cache(maxsize=4)
def strays(review: Review) -> dict[tuple[str, int], list[Stray]]:
    """Return the own figures that count nowhere because their area does not stand, by indicator and year."""
    value = problems.filed(review)["own"].value
    gone = ~review.areas.valid(review.years)[None] & ~np.isnan(value) & (value != 0)
    heirs: dict[tuple[str, int], tuple[str, ...]] = {}
    found: dict[tuple[str, int], list[Stray]] = {}
    for (i, a, y), (area, year, indicator) in problems.cells(review, gone):
        if (area, year or 0) not in heirs:
            heirs[area, year or 0] = tuple(standing(review, area, year or 0))
        found.setdefault((indicator, year or 0), []).append(Stray(area, float(value[i, a, y]), heirs[area, year or 0]))
    return found


@lru_cache(maxsize=4)
def moves(review: Review) -> dict[int, list[tuple[str, str, str]]]:
    """Return, by year, the areas that came under another parent since the reporting day of the year before.

    Returns
    -------
    dict
        Year to ``(area, old parent, new parent)``; only areas that stand that year.
    """
    areas, changes = review.areas, review.areas.changes
    found: dict[int, list[tuple[str, str, str]]] = {}
    for n, year in enumerate(review.years):
        begin, end = pd.Timestamp(year - 1, 7, 1), pd.Timestamp(year, 12, 31)
        recent = changes[(changes["date"] >= begin) & (changes["date"] <= end)]
        stands = areas.valid(review.years)[:, n]
        for old, new in zip(recent["from_area"], recent["to_area"], strict=True):
            before, after = str(areas.get(old)["parent"]), str(areas.get(new)["parent"])
            moved = (str(new), before, after)
            if before != after and stands[areas.row(new)] and moved not in found.setdefault(year, []):
                found[year].append(moved)
    return found


@lru_cache(maxsize=4)
def wholes(review: Review) -> dict[str, list[tuple[str, int]]]:
    """Return, for each indicator that is a part in a ratio, the wholes that it cannot exceed, and their places."""
    ratios = review.indicators[review.indicators["aggregation"] == "ratio"]
    ids, found = list(review.indicators.index), dict[str, list[tuple[str, int]]]()
    for part, whole in dict.fromkeys(zip(ratios["numerator"], ratios["denominator"], strict=True)):
        found.setdefault(str(part), []).append((str(whole), ids.index(whole)))
    return found


@lru_cache(maxsize=4)
def usual(review: Review) -> Floats:
    """Return the median of each office's other years; NaN with fewer than three. Shape ``(indicator, area, year)``."""
    own = of(review).own
    found = np.full(own.shape, np.nan)
    for y in range(own.shape[2]):
        rest = np.delete(own, y, axis=2)
        enough = (~np.isnan(rest)).sum(axis=2) >= 3
        found[enough, y] = np.nanmedian(rest[enough], axis=1)
    return found

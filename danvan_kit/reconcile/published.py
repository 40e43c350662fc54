"""Published statements at the top of a chain: what was said against what the offices' own figures give."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from danvan_kit import cube, qualifiers
from danvan_kit.checks.problems import owed
from danvan_kit.cube import Floats
from danvan_kit.indicators import get, levels
from danvan_kit.reconcile.causes import Cause
from danvan_kit.reconcile.told import told
from danvan_kit.review import Review

COLUMNS = [
    "statement",
    "text",
    "levels",
    "first",
    "last",
    "qualifier",
    "value",
    "computed",
    "missing",
    "fits",
    "causes",
]


def yearly(review: Review, indicator: str, at: list[str]) -> tuple[Floats, int]:
    """Return the sums of own figures over the offices of some levels by year, and how many figures are missing."""
    cells, i = cube.of(review), review.indicators.index.get_loc(indicator)
    rows = np.flatnonzero(review.areas.table["level"].isin(at))
    own = cells.own[i, rows]
    return np.nan_to_num(own).sum(axis=0), int((owed(review)[i, rows] & np.isnan(own)).sum())


def fits(value: float, computed: float, qualifier: str) -> bool:
    """Tell whether a statement holds: exactly, or as its qualifier allows (`danvan_kit.qualifiers`)."""
    return qualifiers.fits(qualifier, value, computed)


def causes(review: Review, said: pd.Series[Any], sums: Floats, first: int, last: int) -> tuple[Cause, ...]:
    """Return which other period gives the published figure exactly, the nearest first; or that it is rounded."""
    whole = (review.closing.month, review.closing.day) == (12, 31)
    cut_short = None if whole else review.closing.year
    value, years, root = float(said["value"]), list(review.years), (review.areas.root,)
    computed = float(sums[years.index(first) : years.index(last) + 1].sum())
    amount = value - computed
    if said["qualifier"] == "nearly" and fits(value, computed, "nearly"):
        return (Cause("rounded", root, amount, True, qualifiers.bounds("nearly", value)),)
    found = []
    for a, begin in enumerate(years):
        for b, end in enumerate(years[a:], a):
            if (begin, end) != (first, last) and float(sums[a : b + 1].sum()) == value and sums[a] and sums[b]:
                partial = begin == first and last == cut_short and end == last - 1
                kind = "partial_year" if partial else "start_year"
                period = f"{begin}–{end}" if begin < end else str(begin)
                off = abs(begin - first) + abs(end - last)
                found.append((off, Cause(kind, root, amount, False, (), period)))
    return tuple(cause for _, cause in sorted(found, key=lambda pair: pair[0])) if amount else ()


def statements(review: Review, indicator: str, lang: str = "vi") -> pd.DataFrame:
    """Compare the published statements on one indicator with the own figures of their levels and years.

    Parameters
    ----------
    review, indicator
        The review; an indicator that adds up.
    lang
        Language of the texts and causes.

    Returns
    -------
    DataFrame
        ``statement, text, levels, first, last, qualifier, value, computed, missing, fits, causes``: a row a statement;
        `missing` counts own figures that are owed and not known, `levels` are those that the statement covers.
    """
    rows = []
    stock = review.indicators.loc[indicator, "aggregation"] == "last"
    for _, said in review.statements[review.statements["indicator"] == indicator].iterrows():
        last = int(said["year_to"])
        first = last if stock else int(said["year_from"])
        sums, missing = yearly(review, indicator, str(said["levels"]).split())
        computed = float(sums[review.years.index(first) : review.years.index(last) + 1].sum())
        why = causes(review, said, sums, first, last)
        row = [said["statement"], said[f"text_{lang}"], said["levels"], first, last, said["qualifier"]]
        holds = fits(float(said["value"]), computed, str(said["qualifier"]))
        rows.append([*row, float(said["value"]), computed, missing, holds, told(review, why, lang)])
    return pd.DataFrame(rows, columns=COLUMNS)


def top(review: Review, indicator: str, years: tuple[int, int]) -> pd.Series[Any] | None:
    """Return the statement that stands on top of a chain: of the same period, over all levels of the indicator."""
    begun = max(years[0], int(get(review.indicators, indicator)["first_year"]))
    for _, said in review.statements[review.statements["indicator"] == indicator].iterrows():
        same = set(str(said["levels"]).split()) == set(levels(review.indicators, indicator))
        if same and (int(said["year_from"]), int(said["year_to"])) in {(begun, years[1]), years}:
            return said
    return None

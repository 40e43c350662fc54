"""Measures: a table in, the same table plus a column out.

A measure that cannot be known is missing and says why; nothing is estimated.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import Literal, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from danvan_kit import cube
from danvan_kit.errors import DanvanError
from danvan_kit.review import Review

Polarity: TypeAlias = Literal["higher", "lower", "neutral"]
PER = 10_000
"""Inhabitants that a rate refers to."""
NO_POPULATION = {"vi": "chưa có dân số đã kiểm chứng", "en": "no verified population"}
NO_VALUE = {"vi": "chưa có số liệu", "en": "no figure"}


class MeasureError(DanvanError):
    """A measure asked for over something that it cannot be taken over."""


@lru_cache(maxsize=8)
def populations(review: Review) -> dict[tuple[str, int], int]:
    """Return the verified populations by area and year; what is not known is not there."""
    table = review.population
    if not len(table):
        return {}
    known = table[(table["status"] == "known") & table["population"].notna()]
    keys = zip(known["area"], known["year"].astype(int), strict=True)
    return dict(zip(keys, known["population"].astype(int).tolist(), strict=True))


def population_years(review: Review, areas: Collection[str]) -> list[int]:
    """Return the years for which the population of any of `areas` is known."""
    wanted = set(areas)
    return sorted({year for area, year in populations(review) if area in wanted})


def partial_year(review: Review) -> int | None:
    """Return the last year when the review closes before its end, else None."""
    closing = review.closing
    return None if (closing.month, closing.day) == (12, 31) else closing.year


def rate(
    table: pd.DataFrame, review: Review, *, year: int | None = None, value: str = "value", lang: str = "vi"
) -> pd.DataFrame:
    """Add the rate per 10.000 inhabitants, and the reason where there is none.

    Parameters
    ----------
    table
        Columns ``area``, `value`, and ``year`` unless `year` is given.
    review
        Gives the population of the same area in the same year; another year's is never used.
    year
        One year for all rows.
    value
        The column to divide.
    lang
        Language of the reasons.

    Returns
    -------
    DataFrame
        Plus ``rate`` (NaN where the population or the figure is not known) and ``rate_note`` (why; else empty).
    """
    known = populations(review)
    years = [year] * len(table) if year is not None else table["year"].tolist()
    people = np.array([known.get(key, np.nan) for key in zip(table["area"], years, strict=True)], dtype=np.float64)
    values = table[value].to_numpy(dtype=np.float64)
    people[people == 0] = np.nan
    notes = np.where(np.isnan(people), NO_POPULATION[lang], np.where(np.isnan(values), NO_VALUE[lang], ""))
    return table.assign(rate=PER * values / people, rate_note=notes)


def share(table: pd.DataFrame, *, total: float | None = None, value: str = "value") -> pd.DataFrame:
    """Add ``share``: each row's part of `total`, or of the column's sum (1 is the whole; NaN when that is zero)."""
    values = table[value].to_numpy(dtype=np.float64)
    whole = float(np.nansum(values)) if total is None else total
    return table.assign(share=values / whole if whole else np.nan)


def growth(table: pd.DataFrame, *, partial: Collection[int] = (), value: str = "value") -> pd.DataFrame:
    """Add ``growth`` over the year before: 0.25 is a quarter more.

    Parameters
    ----------
    table
        Columns ``year``, `value`, and ``area`` when there are several.
    partial
        Years that are not whole. They are compared with nothing and nothing with them: a half year doubled would be a
        guess, for work gathers towards the year's end.
    value
        The column to compare.

    Returns
    -------
    DataFrame
        In the given order. NaN for a first year, after a gap, over zero, and for partial years.
    """
    values = table[value].to_numpy(dtype=np.float64)
    areas = table["area"].tolist() if "area" in table.columns else None
    out = growths(table["year"].tolist(), values, partial=partial, areas=areas)
    return table.assign(growth=out)


def index(table: pd.DataFrame, base: int, *, value: str = "value") -> pd.DataFrame:
    """Add ``index``: the base year is 100.

    Parameters
    ----------
    table
        Columns ``year``, `value`, and ``area`` when there are several.
    base
        The base year.
    value
        The column to index.

    Raises
    ------
    MeasureError
        If no row is of the base year.
    """
    of_base = table[table["year"] == base]
    if not len(of_base):
        years = sorted(table["year"].unique().tolist())
        raise MeasureError(f"năm gốc {base} không có trong bảng; được dùng: {years}", f"no base year {base}: {years}")
    if "area" in table.columns:
        bases = table["area"].map(of_base.drop_duplicates("area").set_index("area")[value]).to_numpy(dtype=np.float64)
    else:
        bases = np.full(len(table), float(of_base[value].iloc[0]))
    bases = np.where(bases == 0, np.nan, bases)
    return table.assign(index=100 * table[value].to_numpy(dtype=np.float64) / bases)


def rank(table: pd.DataFrame, polarity: Polarity = "higher", *, value: str = "value") -> pd.DataFrame:
    """Add ``rank``: 1 is best, equal figures share a rank, what is missing has none.

    Parameters
    ----------
    table
        The rows to rank.
    polarity
        ``lower``: the smallest is best. ``neutral`` has no best; the largest comes first.
    value
        The column to rank by.
    """
    return table.assign(rank=pd.array(ranks(table[value].to_numpy(dtype=np.float64), polarity), dtype="Int64"))


def coverage(table: pd.DataFrame, review: Review, indicator: str, *, year: cube.Period) -> pd.DataFrame:
    """Add ``coverage``: the share of offices of each branch that gave the figure (NaN where none owes it).

    Parameters
    ----------
    table
        Has the column ``area``.
    review, indicator, year
        What was owed, and when; over a period office-years are counted.
    """
    present, expected = cube.of(review).coverage(indicator, table["area"].tolist(), year)
    owed = np.where(expected > 0, expected, np.nan)
    return table.assign(coverage=present / owed)


def concentration(table: pd.DataFrame, *, by: Sequence[str] = (), value: str = "value") -> pd.DataFrame:
    """Add ``gini`` and ``top_tenth`` of the whole column, or of each group `by`.

    Parameters
    ----------
    table
        The rows over which a sum is spread.
    by
        Columns whose values make groups.
    value
        The column that is spread.
    """
    if not by:
        values = table[value].to_numpy(dtype=np.float64)
        return table.assign(gini=gini(values), top_tenth=top_share(values))
    grouped = table.groupby(list(by), sort=False)[value]
    return table.assign(gini=grouped.transform(gini), top_tenth=grouped.transform(top_share))


def growths(
    years: Sequence[int],
    values: NDArray[np.float64],
    *,
    partial: Collection[int] = (),
    areas: Sequence[str] | None = None,
) -> list[float]:
    """Return growth over the year before as `growth` gives it; without `areas` all figures are of one area."""
    keys = list(zip([""] * len(years) if areas is None else areas, years, strict=True))
    listed = values.tolist()
    found, out = dict(zip(keys, listed, strict=True)), []
    for (area, year), now in zip(keys, listed, strict=True):
        before = found.get((area, year - 1), np.nan)
        comparable = year not in partial and year - 1 not in partial and before > 0
        out.append(now / before - 1 if comparable else np.nan)
    return out


def ranks(values: NDArray[np.float64], polarity: Polarity = "higher") -> list[int | None]:
    """Return ranks as `rank` gives them: 1 is best, ties share, what is missing has none."""
    sign = 1 if polarity == "lower" else -1
    places = np.searchsorted(np.sort(sign * values[~np.isnan(values)]), sign * values) + 1
    return [None if gone else place for place, gone in zip(places.tolist(), np.isnan(values).tolist(), strict=True)]


def gini(values: ArrayLike) -> float:
    """Return the Gini coefficient: 0 when all are equal, towards 1 when one has everything.

    Missing values are left out; NaN when nothing is left or the sum is zero.
    """
    known = _known(values)
    if not known.size or known.sum() == 0:
        return float("nan")
    n = known.size
    return float((2 * np.arange(1, n + 1) - n - 1) @ known / (n * known.sum()))


def top_share(values: ArrayLike, part: float = 0.1) -> float:
    """Return the share of the sum held by the largest `part` of the rows (rounded up to whole rows)."""
    known = _known(values)
    if not known.size or known.sum() == 0:
        return float("nan")
    # Rounding before rounding up: a tenth of 30 is 3.0000000000000004 rows.
    return float(known[-int(np.ceil(round(known.size * part, 9))) :].sum() / known.sum())


def _known(values: ArrayLike) -> NDArray[np.float64]:
    """Return what is known, smallest first."""
    array = np.asarray(values, dtype=np.float64)
    return np.sort(array[~np.isnan(array)])

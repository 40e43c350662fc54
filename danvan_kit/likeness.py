"""Whom an area is fairly compared with, and what a norm asks of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from danvan_kit import cube, indicators, measures
from danvan_kit.cube import Floats
from danvan_kit.review import Review

FEW = 3
"""Of fewer areas of one kind nothing can be said: the whole level stands in for them."""
NEAREST = 15
"""So many areas of nearest population are the peers, the area among them, where populations are known."""


@dataclass(frozen=True, eq=False)
class Peers:
    """Areas that are compared with each other.

    Attributes
    ----------
    review
        The review.
    year
        The year; None: the whole review.
    level, kind
        Their level, and their kind when they are all of one.
    rows
        Rows of the areas in the tree's order. Shape ``(area,)``.
    nearest
        Whether they are those of nearest population.
    unknown
        How many of the kind have no verified population for the year.
    """

    review: Review
    year: int | None
    level: str
    kind: str | None
    rows: NDArray[np.intp]
    nearest: bool
    unknown: int

    @cached_property
    def ids(self) -> list[str]:
        """Their ids."""
        return [self.review.areas.ids[i] for i in self.rows.tolist()]

    @property
    def asked(self) -> cube.Period:
        """The year, or the review's first and last."""
        return (self.review.years[0], self.review.years[-1]) if self.year is None else self.year

    @property
    def span(self) -> slice:
        """The places of the asked years."""
        n = 0 if self.year is None else cube.of(self.review).year(self.year)
        return slice(n, len(self.review.years) if self.year is None else n + 1)

    @cached_property
    def people(self) -> Floats | None:
        """Inhabitants by area and year; None when any of the asked years is not known. Shape ``(area, year)``."""
        known = measures.populations(self.review)
        if not known:
            return None
        people = np.array([[known.get((area, year), np.nan) for year in self.review.years] for area in self.ids])
        return None if np.isnan(people[:, self.span]).any() else people

    def place(self, area: str) -> int:
        """Return an area's place among them; it must be one of them."""
        return int(np.searchsorted(self.rows, self.review.areas.row(area)))


def peers(review: Review, area: str, year: int | None) -> Peers:
    """Return whom an area is compared with, itself among them.

    All areas of its kind (which also says whether they are urban) that report for `year`, or throughout the review;
    where these are fewer than `FEW`, all of its level. Where the populations of the kind are known for that year (of
    the whole review: for its last whole year), only the `NEAREST` whose population is nearest by ratio; of an area
    whose population is not known, or beside fewer than `FEW` known ones, all of the kind: nothing is estimated.

    Parameters
    ----------
    review
        The review.
    area
        An area that reports for `year`, or in all years.
    year
        None: the whole review.
    """
    row, table = review.areas.row(area), review.areas.table
    level, kind = str(table["level"].iat[row]), str(table["kind"].iat[row])
    full = [y for y in review.years if y != measures.partial_year(review)] or list(review.years)
    known, when = measures.populations(review), full[-1] if year is None else year
    near: str | None = area if (area, when) in known else None
    return _peers(review, (level, kind), year, near, when)


@lru_cache(maxsize=64)
def level_peers(review: Review, level: str, year: int | None) -> Peers:
    """Return all areas of a level that report for `year`, or throughout the review."""
    valid = review.areas.valid(review.years)
    stands = valid.all(axis=1) if year is None else valid[:, cube.of(review).year(year)]
    rows = np.flatnonzero(stands & (review.areas.table["level"] == level).to_numpy())
    return Peers(review, year, level, None, rows, nearest=False, unknown=0)


@lru_cache(maxsize=512)
def _peers(review: Review, of: tuple[str, str], year: int | None, near: str | None, when: int) -> Peers:
    (level, kind), table, valid = of, review.areas.table, review.areas.valid(review.years)
    stands = valid.all(axis=1) if year is None else valid[:, cube.of(review).year(year)]
    there = stands & (table["level"] == level).to_numpy()
    same = there & (table["kind"] == kind).to_numpy()
    enough = int(same.sum()) >= FEW
    rows = np.flatnonzero(same if enough else there)
    known = measures.populations(review)
    people = np.array([known.get((review.areas.ids[i], when), np.nan) for i in rows.tolist()])
    unknown = int(np.isnan(people).sum())
    nearest = near is not None and enough and len(rows) - unknown >= FEW
    if nearest and near is not None:
        ratio = np.abs(np.log(people / known[near, when]))
        rows = np.sort(rows[np.argsort(ratio, kind="stable")[: min(NEAREST, len(rows) - unknown)]])
    return Peers(review, year, level, kind if enough else None, rows, nearest, unknown)


@dataclass(frozen=True)
class Norm:
    """How often a level owes an activity, and which document says so."""

    per_year: float
    document: str


def norm(review: Review, key: str, level: str) -> Norm | None:
    """Return the norm of an indicator at a level; None where the review has none."""
    table = review.norms
    if not len(table):
        return None
    found = table[(table["indicator"] == key) & (table["level"] == level)]
    return Norm(float(found["per_year"].iloc[0]), str(found["document"].iloc[0])) if len(found) else None


def met(group: Peers, key: str) -> Floats:
    """Compare the offices' own figures with the norm, over the asked whole years in which they owed one.

    Parameters
    ----------
    group
        The areas.
    key
        The indicator.

    Returns
    -------
    ndarray
        Shape ``(area,)``: 1 where the norm is met, 0 where it is not, NaN where there is none, where no whole year
        was asked for, or where a missing report leaves it open.
    """
    review, rule = group.review, norm(group.review, key, group.level)
    if rule is None:
        return np.full(len(group.rows), np.nan)
    whole = np.array([year != measures.partial_year(review) for year in review.years])
    asked = np.zeros(len(whole), dtype=np.bool_)
    asked[group.span] = True
    asked &= whole & (np.array(review.years) >= int(indicators.get(review.indicators, key)["first_year"]))
    if not asked.any():
        return np.full(len(group.rows), np.nan)
    cells = cube.of(review)
    own = cells.own[cells.index(key), group.rows][:, asked]
    done, needed = np.nan_to_num(own).sum(axis=1), rule.per_year * int(asked.sum())
    return np.where(done >= needed, 1.0, np.where(np.isnan(own).any(axis=1), np.nan, 0.0))

"""One figure a year of one area, and what is known of each year."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from danvan_kit import cube, measures, words
from danvan_kit.views._common import HIDDEN, NO_BASE, Found, hidden, no_base
from danvan_kit.views._tree import tree
from danvan_kit.views._turns import Turn


@dataclass(frozen=True, eq=False)
class Years(Found):
    """One figure a year: ``amounts`` has the shape (year,).

    Attributes
    ----------
    given, owed
        Offices that gave the figure, and that owe it, by year.
    states
        Why a year has no figure, or how far it can be trusted; empty when all is well.
    changes
        What happened to the areas.
    """

    given: list[int]
    owed: list[int]
    states: list[str]
    changes: list[Turn]

    @cached_property
    def years(self) -> list[int]:
        """The reporting years."""
        return list(self.review.years)

    @cached_property
    def partial(self) -> int | None:
        """The year that the review does not cover to its end."""
        return measures.partial_year(self.review)

    @property
    def flow(self) -> bool:
        """Whether the figure grows over a year, or is made of such ones, so that half a year is not comparable."""
        return self.this.aggregation != "last"


def offices(found: Years) -> tuple[list[int], list[int]]:
    """Return how many offices gave the figure and how many owe it, each year; nobody reports what is counted."""
    cells, this = cube.of(found.review), found.this
    if this.counted:
        return [0] * len(found.years), [0] * len(found.years)
    i, rows = cells.index(this.key), found.rows
    if i in cells.parts:  # a ratio is owed by whoever owes its parts
        parts = [cells.index(part) for part in this.parts]
        given = cells.present[parts][:, rows].sum(axis=1).min(axis=0)
        return given.tolist(), cells.expected[parts[1], rows].sum(axis=0).tolist()
    if this.aggregation == "none":  # never added up: only the offices themselves count
        known = tree(found.review)
        kept = np.isin(known.level[rows], list(this.levels))[:, None] & known.valid[rows]
        kept &= np.array(found.years) >= this.first_year
        return (~np.isnan(cells.own[i, rows])).sum(axis=0).tolist(), kept.sum(axis=0).tolist()
    return cells.present[i, rows].sum(axis=0).tolist(), cells.expected[i, rows].sum(axis=0).tolist()


def states_of(found: Years, owed: list[int]) -> list[str]:
    """Say in words why a year has no figure, or how far it can be trusted."""
    valid, first, out = tree(found.review).valid[found.rows], found.this.first_year, []
    stands = np.logical_or.reduce(valid, axis=0).tolist()
    veil = np.logical_or.reduce(hidden(found.review, found.this, found.rows), axis=0).tolist()
    base = np.logical_and.reduce(no_base(found.review, found.this, found.rows) | ~valid, axis=0).tolist()
    day = words.date(found.review.closing, found.lang)
    for n, (year, value) in enumerate(zip(found.years, found.amounts.tolist(), strict=True)):
        state = ("", "")
        if not stands[n]:
            ended = any(stands[:n])
            state = ("đơn vị không còn", "the area had ended") if ended else ("chưa có đơn vị", "not yet there")
        elif year < first:
            state = (f"bắt đầu từ {first}", f"begins in {first}")
        elif math.isnan(value) and veil[n]:
            state = HIDDEN
        elif math.isnan(value) and base[n]:
            state = NO_BASE
        elif math.isnan(value):
            state = ("chưa có báo cáo", "no report") if owed[n] else ("không thuộc cấp này", "not kept here")
        elif year == found.partial:
            state = (f"mới tính đến {day}", f"only up to {day}")
        out.append(found.say(*state))
    return out


def gaps_of(found: Years) -> list[int]:
    """Return how many offices lack in the years that have a figure."""
    known = (~np.isnan(found.amounts)).tolist()
    return [owed - given if there else 0 for there, given, owed in zip(known, found.given, found.owed, strict=True)]

"""What the offices filed, as dense arrays: built once a review, then every question is a slice."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from danvan_kit import cube
from danvan_kit.checks import problems
from danvan_kit.cube import Floats
from danvan_kit.review import Review


@dataclass(frozen=True, eq=False)
class Filed:
    """The reports as they came in; of several for one figure the last received.

    Attributes
    ----------
    own, consolidated
        Reported values, NaN where none. Shape ``(indicator, area, year)``.
    owed
        Whether an office owes its own figure. Shape ``(indicator, area, year)``; False where it answered that the
        figure does not apply.
    due, given
        How many figures each office owes, and how many of them it gave. Shape ``(area, year)``.
    due_below, given_below
        The same of each office and all below it. Shape ``(area, year)``.
    rows
        How many rows were filed.
    """

    own: Floats
    consolidated: Floats
    owed: NDArray[np.bool_]
    due: NDArray[np.int64]
    given: NDArray[np.int64]
    due_below: NDArray[np.int64]
    given_below: NDArray[np.int64]
    rows: int


@lru_cache(maxsize=4)
def of(review: Review) -> Filed:
    """Return what was filed in a review; of a protected one without the values that are hidden."""
    if review.hidden is not None:
        full, last = of(review.hidden.full), problems.filed(review)
        return replace(full, own=last["own"].value, consolidated=last["consolidated"].value)
    last = {scope: problems.filed(review)[scope] for scope in problems.SCOPES}
    status = review.observations["status"].to_numpy()
    row = last["own"].row
    owed = problems.owed(review)
    answered = row >= 0
    owed[answered] &= status[row[answered]] != "not_applicable"  # who answers so owes nothing
    own, consolidated = last["own"].value, last["consolidated"].value
    due, given = owed.sum(axis=0), (owed & ~np.isnan(own)).sum(axis=0)
    below = (cube.branch_sums(due, review.areas), cube.branch_sums(given, review.areas))
    return Filed(own, consolidated, owed, due, given, *below, len(review.observations))

"""What the offices filed, as dense arrays: built once a review, then every question is a slice."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from danvan_kit import cube
from danvan_kit import indicators as catalogue
from danvan_kit.cube import Floats
from danvan_kit.review import Review
from danvan_kit.views._tree import tree


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
    rows
        How many rows were filed.
    """

    own: Floats
    consolidated: Floats
    owed: NDArray[np.bool_]
    due: NDArray[np.int64]
    given: NDArray[np.int64]
    rows: int


@lru_cache(maxsize=4)
def of(review: Review) -> Filed:
    """Return what was filed in a review."""
    seen = cube.latest(review.observations)
    shape = (len(review.indicators), len(review.areas.ids), len(review.years))
    places = (
        review.indicators.index.get_indexer(pd.Index(seen["indicator"].astype("str"))),
        pd.Index(review.areas.ids).get_indexer(pd.Index(seen["area"].astype("str"))),
        seen["year"].to_numpy(dtype=np.intp) - review.years[0],
    )
    arrays = {}
    for scope in ("own", "consolidated"):
        arrays[scope] = np.full(shape, np.nan)
        mine = ((seen["scope"] == scope) & (seen["status"] == "reported")).to_numpy()
        arrays[scope][tuple(p[mine] for p in places)] = seen["value"].to_numpy(dtype=np.float64)[mine]
    owed = _owed(review)
    excused = ((seen["scope"] == "own") & (seen["status"] == "not_applicable")).to_numpy()
    owed[tuple(p[excused] for p in places)] = False
    given = (owed & ~np.isnan(arrays["own"])).sum(axis=0)
    return Filed(arrays["own"], arrays["consolidated"], owed, owed.sum(axis=0), given, len(review.observations))


def _owed(review: Review) -> NDArray[np.bool_]:
    """Tell which office owes which figure; a ratio is computed, nobody owes it."""
    level = tree(review).level
    known = review.indicators
    kept = np.stack([np.isin(level, catalogue.levels(known, i)) for i in known.index])
    kept &= (known["aggregation"] != "ratio").to_numpy()[:, None]
    begun = known["first_year"].to_numpy()[:, None] <= np.array(review.years)[None, :]
    owed: NDArray[np.bool_] = kept[:, :, None] & begun[:, None, :] & tree(review).valid[None, :, :]
    return owed

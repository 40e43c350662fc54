"""The simulated review, any size, from a seed: a log whose totals are the published ones, and the offices' reports.

No unit-level data has been published. What this module makes is called simulated in every row (``origin``), and adds up
to the published statements exactly, by level and period.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from danvan_kit import tables
from danvan_kit.areas import Areas
from danvan_kit.simulate.activities import ACTIVITIES, allot, log
from danvan_kit.simulate.country import YEARS, country, country_review
from danvan_kit.simulate.faults import PLANTED, plant
from danvan_kit.simulate.reports import report
from danvan_kit.simulate.world import Ints, SimulateError, World, stream, world

__all__ = ["FILES", "YEARS", "SimulateError", "Simulated", "country", "country_review", "simulate", "write"]

FILES = {"observations": "observations.csv.gz", "records": "records.csv.gz", "planted": "planted.csv"}


@dataclass(frozen=True, eq=False)
class Simulated:
    """A simulated review.

    Attributes
    ----------
    observations, records
        The tables of a review, in the shapes of ``docs/design.md``.
    planted
        The answer key: one row a fault planted in `observations`; the records stay clean.
    """

    observations: pd.DataFrame
    records: pd.DataFrame
    planted: pd.DataFrame


def simulate(  # noqa: PLR0913 - four tables and three choices
    areas: Areas,
    indicators: pd.DataFrame,
    statements: pd.DataFrame,
    population: pd.DataFrame,
    *,
    years: Sequence[int] = YEARS,
    seed: int = 290,
    faults: bool = True,
) -> Simulated:
    """Simulate a review whose records add up to the published statements exactly.

    Parameters
    ----------
    areas
        The areas in time.
    indicators
        The catalogue, indexed by id.
    statements
        The published statements; each is met on its own levels and years. One that says "nearly" gets a seeded figure
        of up to 2,5 % less.
    population
        ``area, population``: makes large districts busier; may be empty.
    years
        Reporting years, one after the other, within 2010–2020.
    seed
        Same seed, same rows.
    faults
        Whether to plant faults in the offices' reports.

    Raises
    ------
    SimulateError
        If the years lie outside 2010–2020, or nobody could have done what a statement counts.
    """
    w = world(areas, population, _checked(years), stream(seed, "world"))
    rng = stream(seed, "records")
    records = log(w, _counts(w, statements, rng), rng)
    # Ids as wide as the longest sort as text the way they were given.
    records["record"] = "r" + records["record"].astype("str").str.zfill(len(str(len(records))))
    observations = report(w, indicators, records, stream(seed, "observations"))
    planted = pd.DataFrame(columns=list(PLANTED)).astype(PLANTED)
    if faults:
        observations, planted = plant(observations, areas, indicators, stream(seed, "planted"))
    return Simulated(observations, records, planted)


def _checked(years: Sequence[int]) -> tuple[int, ...]:
    years = tuple(years)
    if not years or years[0] not in YEARS or years[-1] not in YEARS or years != tuple(range(years[0], years[-1] + 1)):
        raise SimulateError(
            f"years = {list(years)}: được dùng các năm liền nhau trong {YEARS[0]}–{YEARS[-1]}",
            f"allowed: consecutive years within {YEARS[0]}–{YEARS[-1]}",
        )
    return years


def write(simulated: Simulated, folder: Path | str) -> None:
    """Write the three tables into `folder`; same rows, same bytes."""
    for name, file in FILES.items():
        tables.write(getattr(simulated, name), Path(folder) / file)


def _counts(w: World, statements: pd.DataFrame, rng: np.random.Generator) -> dict[str, Ints]:
    """Share every published figure out: activity to an array ``(area, year)``."""
    counts: dict[str, Ints] = {}
    s: Any
    for s in statements.itertuples():
        if s.indicator not in ACTIVITIES:
            raise SimulateError(
                f"số liệu {s.statement!r}: nhật ký không có hoạt động {s.indicator!r}; "
                f"được dùng: {', '.join(ACTIVITIES)}",
                f"the log knows no activity {s.indicator!r}",
            )
        total = int(s.value)
        if s.qualifier == "nearly":
            total = int(rng.integers(total - max(1, total // 40), total))
        cells = w.cells(s.levels.split(), range(s.year_from, s.year_to + 1))
        got = allot(w, s.indicator, total, cells, rng)
        counts[s.indicator] = counts[s.indicator] + got if s.indicator in counts else got
    return counts

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
from danvan_kit.simulate.activities import ACTIVITIES, allot, largest_remainder, log
from danvan_kit.simulate.faults import PLANTED, plant
from danvan_kit.simulate.reports import report
from danvan_kit.simulate.world import Ints, SimulateError, World, stream, world

YEARS = range(2010, 2021)
FILES = {"observations": "observations.csv.gz", "records": "records.csv.gz", "planted": "planted.csv"}
# How the records of a whole country divide up, much as Hanoi's do.
COUNTRY = {
    "van_ban_chi_dao": 0.515,
    "cuoc_giam_sat": 0.36,
    "hoi_nghi_phan_bien": 0.09,
    "tiep_xuc_doi_thoai": 0.005,
    "doi_thoai_dinh_ky": 0.03,
}
PROVINCES, DISTRICTS = 63, 705


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


def country(
    seed: int = 290, *, communes: int = 11_000, records: int = 1_000_000, years: Sequence[int] = YEARS
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Simulate a log at the scale of the whole country, for benchmarks.

    Parameters
    ----------
    seed
        Same seed, same rows.
    communes
        How many; 63 provinces and 705 districts above them are generated too.
    records
        Rows of the log, exactly.
    years
        Reporting years.

    Returns
    -------
    areas, records : DataFrame
        In the shapes of a review; ``record`` is a plain number here, ten million texts would be slow to make.
    """
    table = _generated(communes, stream(seed, "areas"))
    w = world(Areas(table, _no_changes()), pd.DataFrame(), years, stream(seed, "world"))
    rng = stream(seed, "records")
    totals = largest_remainder(records, list(COUNTRY.values()))
    counts = {a: allot(w, a, int(n), w.valid, rng) for a, n in zip(COUNTRY, totals, strict=True)}
    return table, log(w, counts, rng)


def _no_changes() -> pd.DataFrame:
    return pd.DataFrame(columns=["change", "date", "kind", "from_area", "to_area", "part", "resolution", "note"])


def _generated(communes: int, rng: np.random.Generator) -> pd.DataFrame:
    """Return a country's areas, made up, in pre-order."""
    below = np.sort(np.concatenate([np.arange(PROVINCES), rng.integers(0, PROVINCES, DISTRICTS - PROVINCES)]))
    home = np.sort(np.concatenate([np.arange(DISTRICTS), rng.integers(0, DISTRICTS, max(0, communes - DISTRICTS))]))
    urban, wards = rng.random(DISTRICTS) < 0.2, rng.random(len(home)) < 0.06
    rows = [("VN", "Việt Nam", "cả nước", "country", "")]
    rows += [(f"P{p:02}", f"Tỉnh {p + 1}", "tỉnh", "city", "VN") for p in range(PROVINCES)]
    for d, p in enumerate(below):
        kind = "quận" if urban[d] else "huyện"
        rows.append((f"D{d:03}", f"{kind.capitalize()} {d + 1}", kind, "district", f"P{p:02}"))
    for c, d in enumerate(home[:communes]):
        kind = "phường" if urban[d] else "thị trấn" if wards[c] else "xã"
        rows.append((f"C{c:05}", f"{kind.capitalize()} {c + 1}", kind, "commune", f"D{d:03}"))
    table = pd.DataFrame(rows, columns=["area", "name", "kind", "level", "parent"])
    dates = pd.Series(pd.NaT, index=table.index, dtype="datetime64[s]")
    table = table.assign(code=table["area"], valid_from=dates, valid_to=dates, km2=np.nan)
    columns = ["area", "code", "name", "kind", "level", "parent", "valid_from", "valid_to", "km2"]
    return Areas(table[columns], _no_changes()).table[columns]

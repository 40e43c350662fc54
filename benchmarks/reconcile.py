"""How many planted faults `reconcile` finds at the right office, year and indicator, and for the right cause.

Run it as ``python benchmarks/reconcile.py [SEED ...]``: the shipped review, and fresh simulated ones for each seed.
"""

from __future__ import annotations

import dataclasses
import sys
import time
from pathlib import Path

import pandas as pd

from danvan_kit import reconcile, review, simulate, tables

DATA = Path(__file__).parents[1] / "data"
RIGHT = {
    "missing_report": {"not_reported"},
    "old_name": {"area_change"},
    "factor_ten": {"digit_slip"},
    "swapped_columns": {"swapped_columns"},
    "resolved_above_received": {"above_whole"},
    "late_change": {"superseded"},
    "consolidated_mismatch": {"wrong_sum"},
}
"""The faults that make a sum differ, and what `reconcile` calls them. A form filed twice changes no sum here."""


def parts_of(seen: review.Review) -> pd.DataFrame:
    """Return the parts of all chains of the city, year by year."""
    adds = seen.indicators[seen.indicators["aggregation"].isin(["sum", "last"])]
    found = [
        reconcile.chain(seen, indicator, years=year).parts.assign(indicator=indicator)
        for indicator, first in zip(adds.index, adds["first_year"], strict=True)
        for year in seen.years
        if year >= first
    ]
    return pd.concat(found, ignore_index=True)


def judge(seen: review.Review, planted: pd.DataFrame) -> pd.DataFrame:
    """Return for each kind of fault how many there are, are located, and are named right: among the causes, first."""
    parts = parts_of(seen)
    truth = planted[planted["rule"].isin(RIGHT)]
    rows = []
    for fault in truth.itertuples():
        here = (parts["place"] == fault.area) & (parts["year"] == fault.year)
        if fault.indicator:
            here &= parts["indicator"] == fault.indicator
        kinds = parts.loc[here, "kinds"]
        among = any(RIGHT[fault.rule] & set(some) for some in kinds)
        rows.append((fault.rule, bool(here.any()), among, any(some[0] in RIGHT[fault.rule] for some in kinds)))
    judged = pd.DataFrame(rows, columns=["fault", "located", "named", "first"])
    group = judged.groupby("fault")
    table = group[["located", "named", "first"]].sum()
    table.insert(0, "planted", group.size())
    known = set(zip(planted["area"], planted["year"], strict=True))
    where = list(zip(parts["place"], parts["year"], strict=True))
    other = sum(place not in known for place in where)
    print(f"{len(parts)} parts, {other} of them at an office and year without a planted fault")
    return table


def main() -> None:
    """Judge the shipped review, and one for each seed."""
    shipped = review.load(DATA)
    began = time.perf_counter()
    print(judge(shipped, tables.read(DATA / "simulated" / "planted.csv", "planted")).to_string())
    print(f"{time.perf_counter() - began:.1f} s for all chains of all years")
    for seed in map(int, sys.argv[1:]):
        facts = (shipped.areas, shipped.indicators, shipped.statements, shipped.population)
        made = simulate.simulate(*facts, seed=seed)
        again = dataclasses.replace(shipped, observations=made.observations, records=made.records)
        print(f"seed {seed}\n{judge(again, made.planted).to_string()}")
        sound = simulate.simulate(*facts, seed=seed, faults=False)
        clean = dataclasses.replace(shipped, observations=sound.observations, records=sound.records)
        print(f"{len(parts_of(clean))} parts without faults")


if __name__ == "__main__":
    main()

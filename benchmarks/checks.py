"""How well the checks find planted faults: recall, precision, rows on clean data, seconds.

Run ``python benchmarks/checks.py [SEED …]``. The shipped review comes first, then fresh simulations; each of those is
checked a second time without faults.
"""

from __future__ import annotations

import dataclasses
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

from danvan_kit import checks, cube, tables
from danvan_kit import review as reviews
from danvan_kit.checks import problems
from danvan_kit.review import Review
from danvan_kit.simulate import simulate

DATA = Path(__file__).parents[1] / "data"
SEEDS = (1, 2, 3)


def linked(review: Review, area: str) -> set[str]:
    """Return an area and those that a change links it to."""
    links = review.areas.lineage(area)
    return {area, *links["from_area"], *links["to_area"]}


def pairs(review: Review, planted: pd.DataFrame, found: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Tell which rows of `found` each planted fault explains, and which of those name it. Shapes ``(fault, row)``.

    A row is explained when the year matches, its area is the fault's, one above it or one linked to it by a change, and
    its cell is the fault's; a fault in a whole report explains only rows on whole reports. A fault in two cells
    (swapped columns, a part above its whole) also explains rows on its other cell. A row names the fault when, besides,
    it stands at the fault's own area (or the one linked to it) and is more than "cannot be decided": a fault counts as
    found only then.
    """
    other = {}
    for ratio in review.indicators[review.indicators["aggregation"] == "ratio"].to_dict("records"):
        other[ratio["numerator"]], other[ratio["denominator"]] = ratio["denominator"], ratio["numerator"]
    explains = np.zeros((len(planted), len(found)), dtype=bool)
    names = explains.copy()
    for n, fault in enumerate(planted.to_dict("records")):
        cells = {fault["indicator"]}
        if fault["rule"] == "swapped_columns":  # the note ends with the other column
            cells.add(fault["note"].split()[-1])
        column = found["indicator"].isin(cells)
        if fault["indicator"] in other:
            column |= (found["rule"] == "impossible") & (found["indicator"] == other[fault["indicator"]])
        here = column & (found["year"] == fault["year"]).fillna(value=False).astype(bool)
        near = linked(review, fault["area"])
        above = {up for area in near for up in review.areas.ancestors(area)}
        explains[n] = here & found["area"].isin(near | above)
        names[n] = here & found["area"].isin(near) & (found["severity"] != "info")
    return explains, names


def simulated(review: Review, seed: int, *, faults: bool) -> tuple[Review, pd.DataFrame]:
    """Return the shipped review with its reports and records drawn anew, and the answer key."""
    made = simulate(review.areas, review.indicators, review.statements, review.population, seed=seed, faults=faults)
    fresh = dataclasses.replace(review, observations=made.observations, records=made.records)
    return fresh, made.planted


def timed(review: Review) -> tuple[pd.DataFrame, float]:
    """Check a review and return the problems and the seconds, nothing cached from before."""
    cube.of.cache_clear()
    problems.filed.cache_clear()
    start = time.perf_counter()
    found = checks.check(review)
    return found, time.perf_counter() - start


def show(name: str, review: Review, planted: pd.DataFrame) -> None:
    """Print one review's table."""
    found, seconds = timed(review)
    explained, named = pairs(review, planted, found)
    by_kind = pd.DataFrame({"kind": planted["rule"], "found": named.any(axis=1)}).groupby("kind")["found"]
    by_rule = pd.DataFrame({"rule": found["rule"], "true": explained.any(axis=0)}).groupby("rule")["true"]
    print(f"\n{name}: {len(review.observations)} observations, {len(review.records)} records, {seconds:.2f} s")
    for kind, part in by_kind:
        print(f"  fault {kind:24} found     {part.sum():4} / {len(part):4}")
    for rule, part in by_rule:
        print(f"  rule  {rule:24} explained {part.sum():4} / {len(part):4}")
    print(f"  recall {named.any(axis=1).mean():.1%}, precision {explained.any(axis=0).mean():.1%}")


def main(seeds: list[int]) -> None:
    shipped = reviews.load(DATA)
    show("shipped", shipped, tables.read(DATA / "simulated" / "planted.csv", "planted"))
    for seed in seeds:
        show(f"seed {seed}", *simulated(shipped, seed, faults=True))
        clean, seconds = timed(simulated(shipped, seed, faults=False)[0])
        print(f"  clean: {len(clean)} rows, {seconds:.2f} s")


if __name__ == "__main__":
    main([int(seed) for seed in sys.argv[1:]] or list(SEEDS))

"""Whether hidden counts of the shipped review can be worked out: ``python benchmarks/disclosure.py [indicator ...]``.

Linear programmes bound each hidden figure from all that is shown, knowing the threshold and which figures are small;
for a ratio, its two parts at once, knowing also that a part is not above its whole. That views show nothing but these
figures is tested in ``tests/test_disclosure_twin.py``. Naming ``don_thu_tiep_nhan`` only, it takes a few seconds.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from audit import audit, audit_parts  # noqa: E402

from danvan_kit import cube, disclosure, review  # noqa: E402


def main(wanted: list[str]) -> None:
    """Print a line an indicator: hidden figures, and how many are worked out without and with secondary suppression."""
    found = review.load(ROOT / "data")
    full, table = cube.of(found), found.indicators
    start = time.perf_counter()
    kept = disclosure.protect(found).hidden
    print(f"protect: {time.perf_counter() - start:.2f} s, threshold {kept.threshold}")
    print("indicator | known | small | hidden further | worked out: small alone | with further | narrowed | s")
    counts = table.index[(table["persons"] == "yes") & (table["aggregation"] != "ratio")]
    for key in wanted or counts:
        start = time.perf_counter()
        own, total, *hidden = figures = one(full, kept, key)
        with_sums = [np.hstack([x, cube.nansum(x, axis=1)[:, None]]) for x in (own, total)]
        small = [(x > 0) & (x < kept.threshold) for x in with_sums]
        bare = audit(own, total, found.areas, *small, kept.threshold)
        after = audit(*figures[:2], found.areas, *hidden, kept.threshold)
        known = sum(int((~np.isnan(x)).sum()) for x in with_sums)
        line = (key, known, after.primary, after.hidden - after.primary, bare.recovered, after.recovered)
        print(*line, after.narrowed, f"{time.perf_counter() - start:.1f}", sep=" | ", flush=True)
    print("part and whole | small | hidden further | worked out | narrowed | s")
    for _, ratio in table[(table["persons"] == "yes") & (table["aggregation"] == "ratio")].iterrows():
        start, pair = time.perf_counter(), (ratio["numerator"], ratio["denominator"])
        after = audit_parts(*(one(full, kept, key) for key in pair), found.areas, kept.threshold)
        line = (" / ".join(pair), after.primary, after.hidden - after.primary, after.recovered, after.narrowed)
        print(*line, f"{time.perf_counter() - start:.1f}", sep=" | ", flush=True)


def one(full: cube.Cube, kept: review.Hidden, key: str) -> tuple[NDArray[Any], ...]:
    """Return own figures and totals of an indicator, and where they are hidden, sums over the years last."""
    i = full.index(key)
    ends = ((kept.own, kept.own_period), (kept.total, kept.total_period))
    return full.own[i], full.total[i], *(np.hstack([a[i], b[i][:, None]]) for a, b in ends)


if __name__ == "__main__":
    main(sys.argv[1:])

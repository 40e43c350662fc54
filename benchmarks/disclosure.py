"""Whether hidden counts of the shipped review can be worked out: ``python benchmarks/disclosure.py [indicator ...]``.

A linear programme bounds each hidden figure from all that is shown, knowing the threshold and which figures are small.
It takes some minutes; naming ``don_thu_tiep_nhan`` only, a few seconds.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from audit import audit  # noqa: E402

from danvan_kit import cube, disclosure, review  # noqa: E402


def main(wanted: list[str]) -> None:
    """Print a line an indicator: hidden figures, and how many are worked out without and with secondary suppression."""
    found = review.load(ROOT / "data")
    full = cube.of(found)
    start = time.perf_counter()
    kept = disclosure.protect(found).hidden
    print(f"protect: {time.perf_counter() - start:.2f} s, threshold {kept.threshold}")
    print("indicator | known | small | hidden further | worked out: small alone | with further | narrowed | s")
    table = found.indicators
    for key in wanted or table.index[(table["persons"] == "yes") & (table["aggregation"] != "ratio")]:
        start, i = time.perf_counter(), full.index(key)
        own, total = full.own[i], full.total[i]
        with_sums = [np.hstack([x, cube.nansum(x, axis=1)[:, None]]) for x in (own, total)]
        small = [(x > 0) & (x < kept.threshold) for x in with_sums]
        hidden = [
            np.hstack([a[i], b[i][:, None]]) for a, b in ((kept.own, kept.own_period), (kept.total, kept.total_period))
        ]
        bare = audit(own, total, found.areas, *small, kept.threshold)
        after = audit(own, total, found.areas, *hidden, kept.threshold)
        known = sum(int((~np.isnan(x)).sum()) for x in with_sums)
        line = (
            key,
            known,
            after.primary,
            after.hidden - after.primary,
            bare.recovered,
            after.recovered,
            after.narrowed,
        )
        print(*line, f"{time.perf_counter() - start:.1f}", sep=" | ", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])

"""Import time of the kit against that of pandas and plotly, whole processes in turn."""

from __future__ import annotations

import subprocess
import sys
import time

import numpy as np
from budget import Line

WAYS = {
    "import pandas, plotly": "import pandas, plotly",
    "import danvan_kit": "import danvan_kit",
    "import danvan_kit; dk.load, dk.views, dk.check named": (
        "import danvan_kit as dk; dk.load; dk.views; dk.check; dk.rollup"
    ),
    "the same and dk.explore": "import danvan_kit as dk; dk.load; dk.views; dk.check; dk.explore",
}


FLOOR, NAMED = "import pandas, plotly", "import danvan_kit; dk.load, dk.views, dk.check named"


def measured(rounds=11):
    """Return the seconds of each round and way, the ways in turn, the first round left out."""
    found = {name: [] for name in WAYS}
    for _ in range(rounds):
        for name, code in WAYS.items():
            start = time.perf_counter()
            subprocess.run([sys.executable, "-c", code], check=True)
            found[name].append(time.perf_counter() - start)
    return {name: times[1:] for name, times in found.items()}


def compared():
    """Yield the lines of the table of all comparisons."""
    found = {name: float(np.median(times)) for name, times in measured().items()}
    yield Line("import danvan_kit", found["import danvan_kit"], "s", FLOOR, found[FLOOR])
    yield Line("import of all that a notebook begins with", found[NAMED], "s", FLOOR, found[FLOOR])


def main():
    """Print one table."""
    found = measured()
    floor = found[FLOOR]
    print("| what | median s | ratio to pandas and plotly (median of pairs) |\n|---|---|---|")
    for name, times in found.items():
        ratio = np.median(np.array(times) / np.array(floor))
        print(f"| {name} | {np.median(times):.2f} | {ratio:.2f} |")


if __name__ == "__main__":
    main()

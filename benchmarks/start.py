"""Import time of the kit against that of pandas and plotly, whole processes in turn."""

from __future__ import annotations

import subprocess
import sys
import time

import numpy as np

WAYS = {
    "import pandas, plotly": "import pandas, plotly",
    "import danvan_kit": "import danvan_kit",
    "import danvan_kit; dk.load, dk.views, dk.check named": (
        "import danvan_kit as dk; dk.load; dk.views; dk.check; dk.rollup"
    ),
    "the same and dk.explore": "import danvan_kit as dk; dk.load; dk.views; dk.check; dk.explore",
}


def main(rounds=11):
    """Print one table."""
    found = {name: [] for name in WAYS}
    for _ in range(rounds):
        for name, code in WAYS.items():
            start = time.perf_counter()
            subprocess.run([sys.executable, "-c", code], check=True)
            found[name].append(time.perf_counter() - start)
    floor = found["import pandas, plotly"]
    print("| what | median s | ratio to pandas and plotly (median of pairs) |\n|---|---|---|")
    for name, times in found.items():
        ratio = np.median(np.array(times[1:]) / np.array(floor[1:]))
        print(f"| {name} | {np.median(times[1:]):.2f} | {ratio:.2f} |")


if __name__ == "__main__":
    main()

"""What checking costs: ``danvan verify`` against a plain nbclient run of the same notebooks, in turn, medians.

Run as ``python benchmarks/verify.py [--rounds N] [NOTEBOOK ...]`` (default: the shipped notebooks).
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
NBCLIENT = """
import sys, pathlib, nbformat
from nbclient import NotebookClient
for path in map(pathlib.Path, sys.argv[1:]):
    NotebookClient(nbformat.read(path, 4), resources={"metadata": {"path": str(path.parent)}}, timeout=600).execute()
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("notebooks", nargs="*", type=Path, default=sorted((ROOT / "notebooks").glob("*.ipynb")))
    options = parser.parse_args()
    paths = [str(path.resolve()) for path in options.notebooks]
    verify = [sys.executable, "-m", "danvan_kit", "verify", *paths]
    ways = {
        "nbclient": [sys.executable, "-c", NBCLIENT, *paths],
        "danvan verify --jobs 1": [*verify, "--jobs", "1"],
        "danvan verify": verify,
    }
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(options.rounds):
        for name, command in ways.items():
            start = time.perf_counter()
            subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
            taken[name].append(time.perf_counter() - start)
    floor = statistics.median(taken["nbclient"])
    print(f"| {len(paths)} notebooks, {options.rounds} rounds | s | times nbclient |\n|---|---|---|")
    for name, seconds in taken.items():
        median = statistics.median(seconds)
        print(f"| {name} | {median:.1f} | {median / floor:.2f} |")


if __name__ == "__main__":
    main()

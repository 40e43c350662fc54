"""What checking costs: ``danvan verify`` against nbclient and nbval on the same notebooks, in turn, medians.

Run as ``python benchmarks/verify.py [--rounds N] [NOTEBOOK ...]`` (default: the shipped notebooks).
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from budget import Line

ROOT = Path(__file__).parents[1]
NBCLIENT = """
import sys, pathlib, nbformat
from nbclient import NotebookClient
for path in map(pathlib.Path, sys.argv[1:]):
    NotebookClient(nbformat.read(path, 4), resources={"metadata": {"path": str(path.parent)}}, timeout=600).execute()
"""


WAYS = ("nbclient", "nbval", "danvan verify --jobs 1", "danvan verify")


def measured(paths: list[str], rounds: int, ways: tuple[str, ...] = WAYS) -> dict[str, float]:
    """Return the median seconds of each way."""
    verify = [sys.executable, "-m", "danvan_kit", "verify", *paths]
    commands = {
        "nbclient": [sys.executable, "-c", NBCLIENT, *paths],
        "nbval": [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-n0", "--nbval",
                  "--nbval-cell-timeout=300", *paths],
        "danvan verify --jobs 1": [*verify, "--jobs", "1"],
        "danvan verify": verify,
    }  # fmt: skip
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name in ways:
            start = time.perf_counter()
            subprocess.run(commands[name], check=True, capture_output=True, cwd=ROOT)
            taken[name].append(time.perf_counter() - start)
    return {name: statistics.median(seconds) for name, seconds in taken.items()}


def compared() -> Iterator[Line]:
    """Yield the lines of the table of all comparisons: three notebooks, nothing differs."""
    paths = [str(ROOT / "notebooks" / f"{name}.ipynb") for name in ("02_dialogue", "03_area_profile", "05_reconcile")]
    found = measured(paths, 3)
    for name in ("nbclient", "nbval"):
        yield Line("check of three notebooks", found["danvan verify"], "s", name, found[name])
        yield Line("the same on one core", found["danvan verify --jobs 1"], "s", name, found[name])


def main() -> None:
    """Print one table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("notebooks", nargs="*", type=Path, default=sorted((ROOT / "notebooks").glob("*.ipynb")))
    options = parser.parse_args()
    paths = [str(path.resolve()) for path in options.notebooks]
    found = measured(paths, options.rounds)
    print(f"| {len(paths)} notebooks, {options.rounds} rounds | s | times nbclient |\n|---|---|---|")
    for name, median in found.items():
        print(f"| {name} | {median:.1f} | {median / found['nbclient']:.2f} |")


if __name__ == "__main__":
    main()

"""One page for each district: `danvan publish --each district` against papermill and nbconvert, one notebook each.

Both make a page of the same notebook for the same areas, in one run, one after the other; then the kit makes a page for
each of the districts and communes in one go, and its memory is watched. Needs `benchmarks/requirements.txt`.

    python benchmarks/profiles.py [NUMBER OF DISTRICTS FOR PAPERMILL]
"""

from __future__ import annotations

import contextlib
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import nbformat
import papermill
import psutil
from budget import Line
from nbconvert import HTMLExporter

from danvan_kit.pages import publish
from danvan_kit.review import load

ROOT = Path(__file__).parents[1]
BOOK = ROOT / "notebooks" / "03_area_profile.ipynb"


def theirs(areas: list[str], out: Path) -> float:
    """Run and convert the notebook for each area, as papermill's and nbconvert's manuals say; return seconds."""
    start = time.perf_counter()
    for area in areas:
        ran = out / f"{area}.ipynb"
        papermill.execute_notebook(
            str(BOOK), str(ran), parameters={"area": area}, cwd=str(BOOK.parent), progress_bar=False
        )
        text, _ = HTMLExporter().from_notebook_node(nbformat.read(ran, 4))
        (out / f"{area}.html").write_text(text, encoding="utf-8")
    return time.perf_counter() - start


def ours(levels: list[str], out: Path) -> tuple[float, int]:
    """Publish the pages of all areas of some levels; return seconds and how many."""
    start = time.perf_counter()
    publish([BOOK], to=out, each=levels, data=ROOT / "data")
    return time.perf_counter() - start, len(list((out / "don-vi").rglob("*.html")))


def watched(out: Path) -> tuple[float, int, float, float]:
    """Publish the pages of all districts and communes; return seconds, how many, MB after a tenth and at the end."""
    seen: list[tuple[int, float]] = []
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.5):
            whole = 0.0
            for process in [psutil.Process(), *psutil.Process().children(recursive=True)]:
                with contextlib.suppress(psutil.Error):
                    whole += process.memory_info().rss / 1e6
            seen.append((len(list(out.rglob("*.html"))), whole))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        took, count = ours(["district", "commune"], out)
    finally:
        done.set()
        watcher.join()
    at = [(n, whole) for n, whole in seen if n < count]  # at the end the kernels are gone
    early = statistics.median(whole for n, whole in at if 0.05 * count < n <= 0.15 * count)
    return took, count, early, statistics.median(whole for n, whole in at if n > 0.9 * count)


def districts() -> list[str]:
    review = load(ROOT / "data")
    return list(review.areas.at(str(review.closing), level="district")["area"])


def compared() -> Iterator[Line]:
    """Yield the lines of the table of all comparisons."""
    with tempfile.TemporaryDirectory() as home:
        mine, other = Path(home) / "ours", Path(home) / "theirs"
        other.mkdir()
        seconds, count = ours(["district"], mine)
        slow = theirs(districts(), other)
        yield Line(f"{count} pages of one notebook", seconds, "s", "papermill + nbconvert", slow, 1 / 20)
        took, many, early, late = watched(Path(home) / "all")
        yield Line(
            f"{many} pages in one go, each", 1000 * took / many, "ms", "each of the first 30", 1000 * seconds / count
        )
        yield Line(f"memory at the end of {many} pages", late, "MB", "after a tenth of them", early, 1.1)


def size(folder: Path, pattern: str) -> float:
    return sum(path.stat().st_size for path in folder.rglob(pattern) if path.is_file()) / 1e6


def main() -> None:
    few = districts()[: int(sys.argv[1]) if len(sys.argv) > 1 else None]
    with tempfile.TemporaryDirectory() as home:
        mine, other = Path(home) / "ours", Path(home) / "theirs"
        other.mkdir()
        seconds, count = ours(["district"], mine)
        slow = theirs(few, other)
        print("| way | areas | s | s an area | MB in all |\n|---|---|---|---|---|")
        for name, n, took, big in (
            ("`danvan publish --each district`", count, seconds, size(mine, "*")),
            ("papermill + nbconvert", len(few), slow, size(other, "*.html")),
        ):
            print(f"| {name} | {n} | {took:.1f} | {took / n:.2f} | {big:.1f} |")
        print(f"| **ratio a page** | | | **{slow / len(few) / (seconds / count):.1f}** | |")


if __name__ == "__main__":
    main()

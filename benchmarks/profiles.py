"""One page for each district: `danvan publish --each district` against papermill and nbconvert, one notebook each.

Both make a page of the same notebook for the same areas, in one run, one after the other. Needs papermill (not a
dependency): `pip install papermill`.

    python benchmarks/profiles.py [NUMBER OF DISTRICTS FOR PAPERMILL]
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import nbformat
import papermill
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


def ours(level: str, out: Path) -> tuple[float, int]:
    """Publish the pages of all areas of a level; return seconds and how many."""
    start = time.perf_counter()
    done = publish([BOOK], to=out, each=[level], data=ROOT / "data")
    return time.perf_counter() - start, len(done.files) - 1


def size(folder: Path, pattern: str) -> float:
    return sum(path.stat().st_size for path in folder.rglob(pattern) if path.is_file()) / 1e6


def main() -> None:
    review = load(ROOT / "data")
    districts = review.areas.at(str(review.closing), level="district")["area"].tolist()
    few = districts[: int(sys.argv[1]) if len(sys.argv) > 1 else len(districts)]
    with tempfile.TemporaryDirectory() as home:
        mine, other = Path(home) / "ours", Path(home) / "theirs"
        other.mkdir()
        seconds, count = ours("district", mine)
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

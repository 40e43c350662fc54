"""The shipped notebooks come out as saved, and a changed datum makes them fail."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest
from regression import changed as rewritten
from regression import shipped, told

from danvan_kit.pages import publish

ROOT = Path(__file__).parents[1]
BOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.fixture(scope="module")
def changed(tmp_path_factory):
    """Run copies of all notebooks, to their ends: one record of each activity less, the country from another seed."""
    home = tmp_path_factory.mktemp("changed")
    books = shipped(home)
    file = home / "data" / "simulated" / "records.csv.gz"
    lines = gzip.decompress(file.read_bytes()).decode().splitlines(keepends=True)
    column, seen = lines[0].strip().split(",").index("activity"), set()
    kept = [line for line in lines[1:] if (name := line.split(",")[column]) in seen or seen.add(name)]
    file.write_bytes(gzip.compress("".join([lines[0], *kept]).encode()))
    country = home / "notebooks" / "08_country.ipynb"  # its figures are in no file: another seed is its other data
    rewritten(country, "seed=290", "seed=291")
    assert publish(books, to=home / "site", in_place=True).failed == ()
    rewritten(country, "seed=291", "seed=290")  # so that it is the figures that differ, not the code
    return home


# That they come out as saved where nothing changed is checked where they are run anyway: see test_published.
@pytest.mark.parametrize("book", BOOKS, ids=lambda p: p.stem)
def test_one_record_less_is_told_of_each_notebook(changed, book):
    assert "differs" in {line.kind for line in told(book.stem, changed)}


@pytest.mark.parametrize("book", BOOKS, ids=lambda p: p.stem)
def test_a_notebook_hides_its_code_and_speaks_both_languages(book):
    cells = json.loads(book.read_text(encoding="utf-8"))["cells"]
    assert all(c["metadata"].get("jupyter", {}).get("source_hidden") for c in cells if c["cell_type"] == "code")
    text = "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")
    assert re.search(r"[ăâđêôơưạảấầ]", text)
    assert re.search(r"\b(the|and)\b", text)


@pytest.mark.parametrize("book", BOOKS, ids=lambda p: p.stem)
def test_a_notebook_keeps_a_picture_a_table_and_a_digest_for_who_has_not_run_it(book):
    cells = json.loads(book.read_text(encoding="utf-8"))["cells"]
    kept = [
        o["data"] for c in cells for o in c.get("outputs", []) if "application/vnd.plotly.v1+json" in o.get("data", {})
    ]
    assert kept
    for data in kept:
        assert "<table" in "".join(data["text/html"])
        assert re.search(r"sha256: [0-9a-f]{16}$", "".join(data["text/plain"]))
        assert "MÔ PHỎNG" in "".join(data["text/plain"]).upper()

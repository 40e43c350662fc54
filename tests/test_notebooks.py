"""The shipped notebooks come out as saved, and a changed datum makes them fail."""

from __future__ import annotations

import gzip
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def _nbval(folder, *books):
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--nbval", "--nbval-cell-timeout=300"]
    return subprocess.run(
        [*command, *map(str, books)], cwd=folder, capture_output=True, text=True, check=False, timeout=900
    )


@pytest.fixture
def copy(tmp_path):
    shutil.copytree(ROOT / "notebooks", tmp_path / "notebooks", ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    shutil.copytree(ROOT / "data", tmp_path / "data")
    return tmp_path


@pytest.mark.parametrize("book", BOOKS, ids=lambda p: p.stem)
def test_one_record_less_makes_the_notebook_fail(copy, book):
    file = copy / "data" / "simulated" / "records.csv.gz"
    lines = gzip.decompress(file.read_bytes()).decode().splitlines(keepends=True)
    gone = next(n for n, line in enumerate(lines) if ",cuoc_giam_sat," in line)
    file.write_bytes(gzip.compress("".join(lines[:gone] + lines[gone + 1 :]).encode()))
    done = _nbval(copy, "-x", copy / "notebooks" / book.name)
    assert done.returncode == 1, done.stdout[-2000:]
    assert re.search(r"\d+ failed|stopping after 1 failures", done.stdout)


def test_the_untouched_notebooks_pass(copy):
    done = _nbval(copy, copy / "notebooks")
    assert done.returncode == 0, done.stdout[-4000:]


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

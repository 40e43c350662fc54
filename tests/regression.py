"""Notebooks for the tests: made in memory and run in a real kernel, or copies of those that are shipped."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import nbformat

import danvan_kit as dk
from danvan_kit.regression.run import Kernel, run

TESTS = Path(__file__).parent
ROOT = TESTS.parent


def book(*sources, **metadata):
    """Return a notebook with these code cells; a source that begins with ``md:`` is text."""
    cells = [
        nbformat.v4.new_markdown_cell(source.removeprefix("md:"), id=f"c{n}")
        if source.startswith("md:")
        else nbformat.v4.new_code_cell(source, id=f"c{n}")
        for n, source in enumerate(sources)
    ]
    spec = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return nbformat.v4.new_notebook(cells=cells, metadata=spec | metadata)


def ran(what, folder, *, seed=0, options=None, limit=60):
    """Run a notebook in a kernel that finds the tests' own modules."""
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = str(TESTS)
    try:
        kernel = Kernel("python3", Path(folder), seed=seed)
    finally:
        os.environ.pop("PYTHONPATH") if before is None else os.environ.update(PYTHONPATH=before)
    try:
        return run(what, kernel, options or {}, limit=limit)
    finally:
        kernel.stop()


def saved(path, *sources, **metadata):
    """Run a notebook and save it."""
    nbformat.write(ran(book(*sources, **metadata), path.parent).book, path)
    return path


def changed(path, old, new):
    """Change the code of a saved notebook; its outputs stay."""
    found = nbformat.read(path, 4)
    assert any(old in cell.source for cell in found.cells)
    for cell in found.cells:
        cell.source = cell.source.replace(old, new)
    nbformat.write(found, path)
    return path


def shipped(home):
    """Copy the project's notebooks and their data; return the notebooks."""
    ignored = shutil.ignore_patterns(".ipynb_checkpoints")
    books = Path(shutil.copytree(ROOT / "notebooks", home / "notebooks", ignore=ignored))
    shutil.copytree(ROOT / "data", home / "data")
    return sorted(books.glob("*.ipynb"))


def told(name, home):
    """Return what differs between a shipped notebook and its copy that was run in its place, as lines of `diff`.

    A panel's widgets are no part of a page, so their contents are not written in place; they are left out.
    """
    pair = []
    for folder in (ROOT, home):
        found = nbformat.read(folder / "notebooks" / f"{name}.ipynb", 4)
        found.cells = [cell for cell in found.cells if "only-lab" not in cell.metadata.get("tags", [])]
        pair.append(home / f"{name}-{len(pair)}.ipynb")
        nbformat.write(found, pair[-1])
    return [line for line in dk.diff(*pair).lines if line.kind != "note"]

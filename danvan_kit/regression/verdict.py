"""Check notebooks without knowing pytest; renew them on purpose; compare two that are saved."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from danvan_kit.errors import DanvanError
from danvan_kit.pages.files import light, read, write
from danvan_kit.regression import differ
from danvan_kit.regression.book import Checked
from danvan_kit.regression.compare import compare
from danvan_kit.regression.run import LIMIT
from danvan_kit.regression.told import Line, lines, ordered

PLUGINS = ("danvan_kit.regression.plugin", "nbval.plugin")  # ours first: it spares nbformat a second
_MOST = 4  # kernels at once: each takes a processor and some 300 MB


class VerifyError(DanvanError):
    """What cannot be checked at all: no such notebook, none named."""


@dataclass(frozen=True)
class Verdict:
    """What `verify` or `diff` found.

    Attributes
    ----------
    books
        What was found in each notebook.
    renewed
        Notebooks whose outputs were written anew.
    """

    books: tuple[Checked, ...]
    renewed: tuple[Path, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether all came out as saved."""
        return all(book.ok for book in self.books)

    @property
    def lines(self) -> list[Line]:
        """All sentences: what could not run, what is empty, what differs (the largest first), notes."""
        return ordered(line for book in self.books for line in book.lines)


def verify(
    notebooks: Sequence[Path | str] = (),
    *,
    accept: bool = False,
    timeout: float = LIMIT,
    jobs: int | None = None,
    told: Callable[[int, int], None] | None = None,
) -> Verdict:
    """Run notebooks and say which of the figures that a reader could see are not as saved.

    Parameters
    ----------
    notebooks
        The notebooks, or folders of them; none: the folder ``notebooks``.
    accept
        Write the outputs of this run to the notebooks that differ; each must be named, and must run to its end.
    timeout
        Seconds that one cell may take.
    jobs
        Notebooks at once; None: one a processor, at most 4.
    told
        Hears how many of how many notebooks are done.

    Returns
    -------
    Verdict
        ``ok`` when nothing moved. A run that is interrupted (Ctrl + C) could not run: it is told with its cell.

    Raises
    ------
    VerifyError, PublishError
        If there is no such notebook, or none is named to be renewed.
    """
    if accept and not notebooks:
        raise VerifyError(
            "--accept cần nêu tên từng sổ tay được ghi lại", "--accept needs the names of the notebooks to renew"
        )
    if timeout <= 0:
        raise VerifyError(
            f"timeout = {timeout!r}; được dùng: trên 0 giây", f"timeout = {timeout!r}; allowed: above 0 s"
        )
    if jobs is not None and jobs < 1:
        raise VerifyError(f"jobs = {jobs!r}; được dùng: từ 1 trở lên", f"jobs = {jobs!r}; allowed: 1 or more")
    named = [Path(one).resolve() for one in notebooks or ["notebooks"]]
    paths = [path for one in named for path in (sorted(one.glob("*.ipynb")) if one.is_dir() else [one])]
    paths = list(dict.fromkeys(paths)) if notebooks or named[0].is_dir() else []
    if not paths:
        folder = str(notebooks[0] if notebooks else "notebooks")
        raise VerifyError(f"không có sổ tay nào trong thư mục {folder!r}", f"no notebook in the folder {folder!r}")
    for path in paths:
        read(path)  # says in one line what is no notebook
    with tempfile.TemporaryDirectory(prefix="danvan-") as home:
        books = _checked(paths, Path(home), timeout, jobs, told)
        renewed = [path for path in paths if accept and _renew(path, books[path], Path(home) / "kept")]
    for path in renewed:  # what was empty no longer is
        books[path].lines = [line for line in books[path].lines if line.kind != "empty"]
    return Verdict(tuple(books[path] for path in paths), tuple(renewed))


def _checked(
    paths: list[Path], home: Path, timeout: float, jobs: int | None, told: Callable[[int, int], None] | None
) -> dict[Path, Checked]:
    """Let pytest run the notebooks in a process of its own, without the settings of the project that it stands in."""
    (home / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    kept = home / "kept"
    kept.mkdir()
    workers = min(jobs or min(os.cpu_count() or 1, _MOST), len(paths))
    root = Path(os.path.commonpath([path.parent for path in paths]))
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-c",
        str(home / "pytest.ini"),
        f"--rootdir={root}",
        "--noconftest",
    ]
    command += ["-p", "no:cacheprovider", *(part for name in PLUGINS for part in ("-p", name))]
    command += ["-p", "xdist", "-n", str(workers)] if workers > 1 else []
    command += ["--nbval", f"--nbval-cell-timeout={timeout}", f"--nbval-keep={kept}", *map(str, paths)]
    clean = {key: value for key, value in os.environ.items() if key not in {"PYTEST_ADDOPTS", "PYTEST_PLUGINS"}}
    running = subprocess.Popen(  # noqa: S603 - this Python, and the notebooks that were named
        command,
        cwd=root,
        env=clean | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
    )
    said = _waited(running, kept, len(paths), told)
    return {path: _result(path, root, kept, said) for path in paths}


def _waited(running: subprocess.Popen[str], kept: Path, total: int, told: Callable[[int, int], None] | None) -> str:
    while True:
        try:
            said, _ = running.communicate(timeout=0.3)
        except subprocess.TimeoutExpired:
            if told:
                told(len(list(kept.rglob("*.json"))), total)
        except KeyboardInterrupt:  # pytest hears it as well: let it end its kernels and write what it has
            said, _ = running.communicate(timeout=20)
            return said
        else:
            return said


def _result(path: Path, root: Path, kept: Path, said: str) -> Checked:
    file = kept / path.relative_to(root).with_suffix(".json")
    if file.exists():
        return Checked.read(file.read_text(encoding="utf-8"))
    errors = [line for line in said.splitlines() if "Error" in line]
    last = next((line for line in reversed(errors) if line.startswith("E ")), errors[-1] if errors else "pytest")
    last = last.removeprefix("E ").strip()
    line = Line("failed", path.stem, ("", ""), (f"không chạy được: {last}", f"could not run: {last}"))
    return Checked(str(path), path.stem, [line])


def _renew(path: Path, found: Checked, kept: Path) -> bool:
    """Write a run's outputs to its notebook, if it came to its end and anything is to be written."""
    if any(line.kind == "failed" for line in found.lines):
        return False
    if found.ok and not found.lines:
        return False
    root = next(folder for folder in path.parents if (kept / path.relative_to(folder)).exists())
    write(path, light(read(kept / path.relative_to(root))))
    return True


# --- two saved notebooks ----------------------------------------------------------------------------------------------


def diff(old: Path | str, new: Path | str) -> Verdict:
    """Say what a reader of one saved notebook sees otherwise in another; nothing is run.

    Parameters
    ----------
    old, new
        The notebooks. One that is no file with content (as ``/dev/null`` for git) counts as empty.

    Returns
    -------
    Verdict
        ``ok`` when a reader sees the same. Code that changed is noted: nobody sees it in the outputs.

    Raises
    ------
    PublishError
        If one of them is no notebook.
    """
    before, after = _saved(Path(old)), _saved(Path(new))
    pairs = differ.aligned(before, after)
    found = Checked(str(new), Path(new if Path(new).is_file() else old).stem)
    was = NotebookNode(
        {**before, "cells": [before.cells[a] if a is not None else _blank(after.cells[b]) for a, b in pairs]}
    )  # type: ignore[no-untyped-call]
    now = NotebookNode(
        {**after, "cells": [after.cells[b] if b is not None else _blank(before.cells[a]) for a, b in pairs]}
    )  # type: ignore[no-untyped-call]
    differences = {one.cell: one for one in differ.differences(was, now)}
    for number, (old_cell, new_cell) in enumerate(zip(was.cells, now.cells, strict=True)):
        if number in differences:
            found.lines += (told := lines(found.name, differences[number]))
            found.pairs += [(told[0].text("vi"), told[0].text("en"), *pair) for pair in differences[number].pairs]
        elif "markdown" in {old_cell.cell_type, new_cell.cell_type}:
            moves = list(compare(old_cell.source or None, new_cell.source or None))
            found.lines += lines(found.name, differ.Difference(number, 0, moves=moves))
        if new_cell.cell_type == "code" and old_cell.source != new_cell.source:
            first = (new_cell.source or old_cell.source).strip().split("\n")[0][:60]
            found.lines.append(Line("code", found.name, ("", ""), (repr(first), repr(first))))
    found.lines = ordered(found.lines)
    return Verdict((found,))


def _saved(path: Path) -> NotebookNode:
    if path.exists() and (not path.is_file() or path.stat().st_size == 0):
        return nbformat.v4.new_notebook()  # type: ignore[no-untyped-call, no-any-return]
    return read(path)


def _blank(cell: NotebookNode) -> NotebookNode:
    """Return the same cell with nothing in it, to compare one that has no counterpart with."""
    if cell.cell_type == "code":
        return nbformat.v4.new_code_cell("")  # type: ignore[no-untyped-call, no-any-return]
    return nbformat.v4.new_markdown_cell("")  # type: ignore[no-untyped-call, no-any-return]

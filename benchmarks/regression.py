"""What tools that compare a notebook's outputs see of the changes in `tests/changes.py`, and where they cry wolf.

A baseline is run and saved; then the sources change, the saved outputs stay, and each tool is asked. Tools that judge
cell by cell get all cells in one notebook, the others one notebook for each case. To see a change counts for little
where the same cell is reported when nothing changes: such cells are counted too.

The rivals are not dependencies: install `nbval`, `pytest-notebook` and `nbmake` anywhere, beside the kit and what the
cases display (matplotlib, itables, ipydatagrid), and name that interpreter. A tool that is not there is skipped.
`--names` lists what was missed and what was reported for nothing. One notebook for each case takes minutes.

    python benchmarks/regression.py [--python PATH] [--only TOOL] [--names]
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections import Counter
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode, v4

import danvan_kit

TESTS = Path(__file__).parents[1] / "tests"
sys.path.insert(0, str(TESTS))
import changes  # noqa: E402 - it stands beside the tests

VIEW, STATE = "application/vnd.jupyter.widget-view+json", "application/vnd.jupyter.widget-state+json"
PYTHON = {"display_name": "Python 3", "language": "python", "name": "python3"}
RULES = r"""
[addresses]
regex: 0x[0-9a-fA-F]{6,}
replace: ADDRESS
[uuids]
regex: [0-9a-f]{8}[-_]?[0-9a-f]{4}[-_]?[0-9a-f]{4}[-_]?[0-9a-f]{4}[-_]?[0-9a-f]{12}
replace: UUID
[ids of styled tables]
regex: T_[0-9a-f]{5}
replace: T_ID
[timings]
regex: \d+(\.\d+)? ?(s|ms|μs|µs|us|ns)\b
replace: TIMING
[dates]
regex: \d{4}-\d{2}-\d{2}
replace: DATE
[times]
regex: \d{2}:\d{2}:\d{2}([.,]\d+)?(\+\d{2}:\d{2})?
replace: TIME
[temporary paths]
regex: (/tmp|/var/folders)/[^\s'":]+
replace: PATH
"""
"""Rules for `nbval --nbval-sanitize-with`, after the examples in its manual."""


@dataclass(frozen=True)
class Tool:
    """A pytest plugin, how it is told to compare, and whether it judges cells or whole notebooks."""

    plugin: str
    options: tuple[str, ...]
    by_cell: bool
    ours: bool = False


NBVAL = ("--nbval", "--nbval-current-env", "--nbval-cell-timeout=60")
TOOLS = {
    "danvan verify": Tool("danvan", NBVAL, by_cell=True, ours=True),
    "nbval": Tool("nbval", ("-p", "no:danvan", *NBVAL), by_cell=True),
    "nbval with rules": Tool("nbval", ("-p", "no:danvan", *NBVAL, "--nbval-sanitize-with=rules.cfg"), by_cell=True),
    "pytest-notebook": Tool("nb_regression", ("-p", "no:danvan", "--nb-test-files"), by_cell=False),
    "nbmake": Tool("nbmake", ("-p", "no:danvan", "--nbmake"), by_cell=False),
}


def saved(book: NotebookNode) -> NotebookNode:
    """Run a notebook and return it as its author saves it: by ``danvan verify --accept``, for all tools alike."""
    with tempfile.TemporaryDirectory() as home:
        path = Path(home) / "book.ipynb"
        nbformat.write(book, path)
        found = danvan_kit.verify([path], accept=True, timeout=300)
        if not found.renewed:
            raise RuntimeError(found.lines[0].text("en"))
        return nbformat.read(path, 4)


def apart(book: NotebookNode) -> list[NotebookNode]:
    """Return each cell as a notebook of its own, run first, with the state of its widgets only."""
    models = book.metadata.get("widgets", {}).get(STATE, {}).get("state", {})
    books = []
    for cell in book.cells:
        cell.execution_count = 1
        for out in cell.outputs:
            if "execution_count" in out:
                out.execution_count = 1
        kept, wanted = {}, [out["data"][VIEW]["model_id"] for out in cell.outputs if VIEW in out.get("data", {})]
        while wanted:
            key = wanted.pop()
            if key in models and key not in kept:
                kept[key] = models[key]
                wanted += re.findall(r"(?:IPY_MODEL_|\"model_id\": \")(\w+)", json.dumps(models[key]))
        metadata = {"kernelspec": PYTHON, "language_info": book.metadata["language_info"]}
        if kept:
            metadata["widgets"] = {STATE: {"state": kept, "version_major": 2, "version_minor": 0}}
        books.append(v4.new_notebook(cells=[cell], metadata=metadata))
    return books


def reported(tool: Tool, python: str, books: dict[int, NotebookNode]) -> tuple[set[int], float]:
    """Let a tool judge notebooks; return the numbers of the cases that it reports, and seconds."""
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home)
        (folder / "rules.cfg").write_text(RULES, encoding="utf-8")
        (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
        for n, book in books.items():
            nbformat.write(book, folder / f"case_{n:03}.ipynb")
        command = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tool.options, "--junitxml=found.xml", "."]
        start = time.perf_counter()
        paths = os.pathsep.join(filter(None, [str(TESTS), os.environ.get("PYTHONPATH")]))
        run = subprocess.run(
            command, cwd=folder, env={**os.environ, "PYTHONPATH": paths}, capture_output=True, text=True, check=False
        )
        seconds = time.perf_counter() - start
        found = folder / "found.xml"
        cases = list(ET.parse(found).iter("testcase")) if found.exists() else []  # noqa: S314 - pytest wrote it
    if not cases:
        raise RuntimeError((run.stdout + run.stderr).strip().splitlines()[-1])
    pattern = re.compile(r"Cell (\d+)" if tool.by_cell else r"case_(\d+)")
    named = [(pattern.search(" ".join(case.attrib.values())), case) for case in cases]  # ours has an item for the whole
    wrong = [(name, case) for name, case in named if case.find("failure") is not None or case.find("error") is not None]
    return {int(name[1]) for name, _ in wrong if name}, seconds


def judged(tool: Tool, python: str, sources: dict[int, str], baseline: NotebookNode) -> tuple[set[int], float]:
    """Put other sources into a baseline, keep its outputs, and ask a tool; without a source a cell stays as it is."""
    book = v4.new_notebook(metadata=baseline.metadata)
    book.cells = [deepcopy(cell) | {"source": sources.get(n, cell.source)} for n, cell in enumerate(baseline.cells)]
    book = nbformat.from_dict(book)
    if tool.by_cell:
        return reported(tool, python, {0: book})
    return reported(tool, python, {n: part for n, part in enumerate(apart(book)) if n in sources})


def there(tool: Tool, python: str) -> bool:
    """Tell whether an interpreter has a tool."""
    ask = f"from importlib.metadata import entry_points as e; assert e(group='pytest11', name='{tool.plugin}')"
    return not subprocess.run([python, "-c", ask], capture_output=True, check=False).returncode


def row(name: str, tool: Tool, python: str, baselines: list[NotebookNode], *, names: bool) -> list[str]:
    """Ask a tool about everything and return a row of the table."""
    cells = len(changes.KINDS) + 4
    if not there(tool, python):
        return ["not installed, skipped", *[""] * (cells - 1)]
    try:
        seen, one = judged(tool, python, {n: case.after for n, case in enumerate(changes.SEEN)}, baselines[0])
        alarms, two = judged(tool, python, {n: case.after for n, case in enumerate(changes.SILENT)}, baselines[1])
        still, _ = judged(tool, python, {n: changes.SEEN[n].before for n in seen}, baselines[0]) if seen else (seen, 0)
    except RuntimeError as error:
        return [f"cannot run: {error}", *[""] * (cells - 1)]
    if names:
        for what, cases, found in (
            ("missed", changes.SEEN, set(range(len(changes.SEEN))) - seen),
            ("reported unchanged", changes.SEEN, still & seen),
            ("false alarm", changes.SILENT, alarms),
        ):
            for n in sorted(found):
                print(f"{name} | {what} | {cases[n].kind} | {cases[n].name}", file=sys.stderr)
    caught = Counter(changes.SEEN[n].kind for n in seen)
    counts = [*(caught[kind] for kind in changes.KINDS), len(seen), len(still & seen), len(alarms), round(one + two)]
    return [str(count) for count in counts]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--python", default=sys.executable, help="the interpreter that has the rivals")
    parser.add_argument("--only", choices=TOOLS, action="append", help="ask this tool only; may be given again")
    parser.add_argument("--names", action="store_true", help="list what was missed and what was reported for nothing")
    asked = parser.parse_args()
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(TESTS), os.environ.get("PYTHONPATH")]))
    baselines = []
    for cases in (changes.SEEN, changes.SILENT):
        cells = [v4.new_code_cell(case.before) for case in cases]
        baselines.append(saved(v4.new_notebook(cells=cells, metadata={"kernelspec": PYTHON})))
    kinds = Counter(case.kind for case in changes.SEEN)
    heads = ["tool", *(f"{kind} ({kinds[kind]})" for kind in changes.KINDS), f"seen of {len(changes.SEEN)}"]
    heads += ["of these, reported unchanged too", f"false alarms of {len(changes.SILENT)}", "s"]
    print("|", " | ".join(heads), "|")
    print("|---" * len(heads) + "|", flush=True)
    for name in asked.only or TOOLS:
        python = sys.executable if TOOLS[name].ours else asked.python
        cells = row(name, TOOLS[name], python, baselines, names=asked.names)
        print(f"| {name} |", " | ".join(cells), "|", flush=True)


if __name__ == "__main__":
    main()

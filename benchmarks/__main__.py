"""All comparisons with budgets in one table, side by side in one run.

    pip install -r benchmarks/requirements.txt -c constraints.txt
    python -m benchmarks [PART ...]

Each part is a module here with a function ``compared()`` that yields `budget.Line`; it runs in a process of its own, so
that no part finds the memory or the warm caches of another. A part that fails is said and the others go on.
"""

from __future__ import annotations

import importlib
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import budget  # noqa: E402

PARTS = ("start", "rollup", "explorer", "sharing", "profiles", "verify", "forms", "memory")
MARK = "\x1e"
"""Begins each line that a part tells."""


def told(part: str) -> None:
    """Print the lines of one part for the process that asked."""
    for line in importlib.import_module(part).compared():
        print(MARK + budget.packed(line), flush=True)


def main(parts: list[str]) -> int:
    """Print one table; return 1 if a part failed or a budget is not held."""
    print(budget.HEAD, flush=True)
    failed, took = [], []
    for part in parts:
        start = time.perf_counter()
        command = [sys.executable, str(HERE / "__main__.py"), "--part", part]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
            for text in child.stdout or ():
                if text.startswith(MARK):
                    row = budget.written(budget.unpacked(text[len(MARK) :]))
                    print(row, flush=True)
                    failed += [part] * ("**no**" in row)
            why = (child.stderr.read() if child.stderr else "").strip().splitlines()
        if child.returncode:
            failed.append(part)
            print(f"| {part}: failed | {why[-1] if why else child.returncode} | | | | | **no** |", flush=True)
        took.append(f"{part} {time.perf_counter() - start:.0f} s")
    print("\nTaken: " + ", ".join(took))
    return int(bool(failed))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--part"]:
        told(sys.argv[2])
    else:
        raise SystemExit(main(sys.argv[1:] or list(PARTS)))

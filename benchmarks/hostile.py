"""Every hostile form and thousands of mutants through the isolated reader: what it says, and what it costs.

Run with a number of mutants (2400 by default): ``python benchmarks/hostile.py 10000``.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import hostile_forms

from danvan_kit.forms.isolated import Reader
from danvan_kit.forms.trouble import FormError


@dataclass
class Tally:
    """What came of one group of files."""

    codes: Counter[str] = field(default_factory=Counter)
    slowest: tuple[float, str] = (0.0, "")
    seconds: float = 0.0
    right: int = 0

    def add(self, name: str, code: str, seconds: float, *, right: bool) -> None:
        """Count one file."""
        self.codes[code] += 1
        self.slowest = max(self.slowest, (seconds, name))
        self.seconds += seconds
        self.right += right


def code_of(reader: Reader, path: Path) -> tuple[str, float]:
    """Return what comes of a file, ``ok`` or a code, and in how many seconds."""
    start = time.perf_counter()
    try:
        reader.read(path)
        code = "ok"
    except FormError as err:
        code = err.code
    return code, time.perf_counter() - start


def hand_made(folder: Path) -> Iterator[tuple[hostile_forms.Case, Path]]:
    """Write the hand-made ones, one at a time."""
    for n, case in enumerate(hostile_forms.cases()):
        path = folder / str(n) / case.file
        path.parent.mkdir()
        case.make(path)
        yield case, path
        if path.is_file() and not path.is_symlink():
            path.unlink()


def main() -> None:
    """Print one table, and the hand-made ones with another code than theirs."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2400
    made, mutated, wrong = Tally(), Tally(), []
    with tempfile.TemporaryDirectory() as name, Reader() as reader:
        folder = Path(name)
        for case, path in hand_made(folder):
            code, seconds = code_of(reader, path)
            made.add(case.name, code, seconds, right=code in case.codes)
            if code not in case.codes:
                wrong.append(f"{case.name}: {code}, not {' or '.join(case.codes)}")
        died_of_made = reader.deaths
        for number, (file, data) in enumerate(hostile_forms.mutants(count)):
            path = folder / file
            path.write_bytes(data)
            code, seconds = code_of(reader, path)
            mutated.add(file, code, seconds, right=True)
            path.unlink()
            if number % 500 == 499:
                print(f"{number + 1} mutants", file=sys.stderr)
        reader.close()
        deaths = (died_of_made, reader.deaths - died_of_made)
    codes = sorted({*made.codes, *mutated.codes} - {"ok"})
    print("| | files | read |", " | ".join(codes), "| deaths of the host | of the child | slowest |")
    print("|---|---|---|" + "---|" * (len(codes) + 3))
    for title, tally, died in (("hand-made", made, deaths[0]), ("mutants", mutated, deaths[1])):
        row = [title, tally.codes.total(), tally.codes["ok"], *(tally.codes[code] for code in codes), 0, died]
        print("|", " | ".join(map(str, row)), f"| {tally.slowest[0]:.2f} s: {tally.slowest[1]} |")
    print(f"\nRight cause: {made.right} of {made.codes.total()} hand-made. Child's peak: {reader.peak / 1e6:.0f} MB.")
    print("\n".join(wrong))


if __name__ == "__main__":
    main()

"""A notebook and its cells as pytest's items: nbval's own, which run and compare in our way."""

from __future__ import annotations

import copy
import json
import os
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import nbformat
import pytest
from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
from nbformat import NotebookNode
from nbval.cover import setup_coverage
from nbval.kernel import CURRENT_ENV_KERNEL_NAME
from nbval.plugin import IPyNbCell, IPyNbFile

from danvan_kit.regression import differ
from danvan_kit.regression.bound import unproved
from danvan_kit.regression.run import Kernel, Ran, run
from danvan_kit.regression.sound import first_line, unsound
from danvan_kit.regression.told import Line, lines, ordered

PROPERTY = "danvan"
SEEDS = range(1, 13)
"""Of Python's hashes in further runs, where what differs may be noise. Two see every clock and random name; a set of
two comes out in its other order from every second seed, so that many are needed to call an order a list's own."""
PATIENCE = 30.0
"""Seconds that further runs for an order may take together."""
PASSING = ("note", "code")
"""Kinds of sentences that fail nothing."""
QUICK = 20.0
"""Seconds: a notebook that ran within these and differs runs again, to tell what comes out otherwise each time."""
_PAIRS = 12
"""Pictures of one notebook that a report shows side by side."""


@dataclass
class Checked:
    """What the check of one notebook found; plain JSON, so that it can come from another process.

    Attributes
    ----------
    path, name
        The file, and what to call it.
    lines
        Sentences, in order.
    pairs
        Pictures as they were and are, with the sentence they belong to: ``(vi, en, old bundle, new bundle)``.
    """

    path: str
    name: str
    lines: list[Line] = field(default_factory=list)
    pairs: list[tuple[str, str, dict[str, Any], dict[str, Any]]] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether the notebook came out as saved."""
        return all(line.kind in PASSING for line in self.lines)

    def write(self) -> str:
        """Return it as text."""
        return json.dumps(asdict(self))

    @classmethod
    def read(cls, text: str) -> Checked:
        """Return what `write` wrote."""
        known = json.loads(text)
        pairs = ("place", "said", "more")
        found = [Line(**line | {key: tuple(line[key]) for key in pairs}) for line in known["lines"]]
        return cls(**known | {"lines": found})


class FoundError(Exception):
    """What an item fails with: sentences, not a traceback."""


class Book(IPyNbFile):  # type: ignore[misc] # nbval has no types
    """A notebook. It runs once, when the first of its items is asked."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - pytest's own
        super().__init__(*args, **kwargs)
        self.checked: Checked | None = None
        self.whole: list[Line] = []
        self.by_cell: dict[int, list[Line]] = {}
        self.ran: Ran | None = None
        self.running: int | None = None
        self.seconds = 0.0
        self.foreign = ""
        self._options: dict[int, Mapping[str, Any]] = {}

    def collect(self) -> Iterator[pytest.Item]:
        """Return an item for each code cell, named as nbval names it, and one for the notebook as a whole."""
        items = list(super().collect())
        numbers = [n for n, cell in enumerate(self.nb.cells) if cell.cell_type == "code"]
        for number, item in zip(numbers, items, strict=True):
            self._options[number] = item.options
            yield Cell.from_parent(
                self, name=item.name, cell_num=item.cell_num, cell=item.cell, options=item.options, number=number
            )
        yield Whole.from_parent(self, name="notebook")

    def setup(self) -> None:
        """Read nbval's rules. The kernel starts when the first item is asked, so that its failure has a sentence."""
        self.setup_sanitize_files()

    def _foreign(self) -> str:
        """Return the notebook's Python kernel when this computer has none of that name; then this Python runs it."""
        option, spec = self.config.option, self.nb.metadata.get("kernelspec", {})
        if option.nbval_kernel_name or option.nbval_current_env or spec.get("language", "python") != "python":
            return ""
        name = str(spec.get("name", "python3"))
        return "" if name in KernelSpecManager().find_kernel_specs() else name

    def _kernel(self, seed: int) -> Kernel:
        option = self.config.option
        name = CURRENT_ENV_KERNEL_NAME if option.nbval_current_env or self.foreign else option.nbval_kernel_name
        name = name or self.nb.metadata.get("kernelspec", {}).get("name", "python3")
        outputs = [output for cell in self.nb.cells for output in cell.get("outputs", [])]
        own = [output.get("metadata", {}).get("danvan") for output in outputs]
        watched = any(isinstance(one, dict) and one.get("whole") for one in own)  # so it comes out as it was saved
        return Kernel(name, self.path.parent, option.nbval_kernel_startup_timeout, seed, watched=watched)

    def check(self) -> Checked:
        """Run the notebook, once, and compare."""
        if self.checked is None:
            self.checked = Checked(str(self.path), self.path.stem)
            self._check(self.checked)
        return self.checked

    def _check(self, found: Checked) -> None:
        self.whole += [Line("empty", found.name, ("", ""), reason) for reason in unsound(self.nb, self._options)]
        self.whole += unproved(self.nb, found.name, self.path.parent)
        try:
            self._run_first(found)
            if self.ran is not None:
                self._compare(found, self.ran)
        except KeyboardInterrupt:
            self.whole.append(self._failed(found.name, self.running or 0, "bị ngắt giữa chừng", "interrupted"))
            if self.kernel is not None:
                self.kernel.stop()
            raise
        except Exception as err:  # a mistake of our own; whoever reads this must not take it for a pass
            said = f"{type(err).__name__}: {err}"
            self.whole.append(Line("failed", found.name, ("", ""), (f"phép kiểm bị lỗi: {said}", f"the check: {said}")))
            raise
        finally:
            found.lines = ordered([*self.whole, *(line for several in self.by_cell.values() for line in several)])
            if self.config.option.nbval_keep:
                self._keep(found)

    def _run_first(self, found: Checked) -> None:
        """Start the kernel and run the notebook; say so where no kernel of its kind can be had."""
        self.foreign = self._foreign()
        try:
            self.kernel = self._kernel(0)
        except (RuntimeError, OSError, NoSuchKernel) as err:
            last = (str(err) or type(err).__name__).strip().splitlines()[-1]
            said = (f"kernel không khởi động được: {last}", f"the kernel does not start: {last}")
            self.whole.append(Line("failed", found.name, ("", ""), said))
            return
        if self.foreign:
            said = (
                f"không có kernel {self.foreign!r} ở máy này, đã chạy bằng Python đang dùng",
                f"there is no kernel {self.foreign!r} here, this very Python ran it",
            )
            self.whole.append(Line("note", found.name, ("", ""), said))
        if getattr(self.config.option, "cov_source", None):
            setup_coverage(self.config, self.kernel, getattr(self, "fspath", None))
        start = time.monotonic()
        self.ran = self._run(self.kernel)
        self.seconds = time.monotonic() - start

    def _compare(self, found: Checked, ran: Ran) -> None:
        for number, (vi, en) in ran.failed.items():
            self.by_cell.setdefault(number, []).append(self._failed(found.name, number, vi, en))
        for difference in self._differences():
            self.by_cell.setdefault(difference.cell, []).extend(told := lines(found.name, difference))
            if told and len(found.pairs) < _PAIRS:
                found.pairs += [(told[0].text("vi"), told[0].text("en"), *pair) for pair in difference.pairs]

    def _keep(self, found: Checked) -> None:
        """Write the notebook as it came out, and beside it what was found."""
        place = Path(self.config.option.nbval_keep) / os.path.relpath(self.path, self.config.rootpath)
        place.parent.mkdir(parents=True, exist_ok=True)
        if self.ran is not None:
            nbformat.write(self.ran.book, place)  # type: ignore[no-untyped-call]
        place.with_suffix(".json").write_text(found.write(), encoding="utf-8")

    def _run(self, kernel: Kernel) -> Ran:
        return run(self.nb, kernel, self._options, limit=self.config.option.nbval_cell_timeout, told=self._now)

    def _now(self, number: int) -> None:
        self.running = number

    def _failed(self, book: str, number: int, vi: str, en: str) -> Line:
        count = sum(_runs(cell) for cell in self.nb.cells[: number + 1])
        name = f"[{count}] {first_line(self.nb.cells[number])!r}"
        return Line("failed", book, (f"ô lệnh {name}", f"code cell {name}"), (vi, en))

    def _differences(self) -> list[differ.Difference]:
        """Compare the cells that ran; where what moved may be noise, run again and see what stays."""
        assert self.ran is not None  # noqa: S101
        last = len(self.nb.cells) if self.ran.dead is None else self.ran.dead
        cells = [n for n in range(last) if self._compared(n)]
        found = differ.differences(self._sanitized(self.nb), self._sanitized(self.ran.book), cells)
        start = time.monotonic()
        for seed in SEEDS:
            if seed > 2:
                needed = differ.doubts(found, "order") and time.monotonic() - start < PATIENCE
            else:
                first = seed == 1 and self.seconds < QUICK and any(one.moves for one in found)
                needed = first or differ.doubts(found)
            if not needed:
                break
            kernel = self._kernel(seed)
            try:
                again = self._run(kernel)
            finally:
                kernel.stop()
            between = differ.differences(self._sanitized(self.ran.book), self._sanitized(again.book), cells)
            found = differ.settled(found, between)
        return found

    def _sanitized(self, book: NotebookNode) -> NotebookNode:
        """Apply the rules that somebody asked nbval for on purpose (``--nbval-sanitize-with``)."""
        if not self.sanitize_patterns:
            return book
        book = copy.deepcopy(book)
        outputs = [output for cell in book.cells for output in cell.get("outputs", [])]
        for holder in [*outputs, *(output.get("data", {}) for output in outputs)]:
            for key in [
                key for key in holder if (key == "text" or key.startswith("text/")) and isinstance(holder[key], str)
            ]:
                for rule, instead in self.sanitize_patterns.items():
                    holder[key] = re.sub(rule, instead, holder[key])
        return book

    def _compared(self, number: int) -> bool:
        own = self._options.get(number, {})
        saved = self.nb.cells[number]
        ran = saved.get("execution_count") is not None or bool(saved.get("outputs"))
        return (
            bool(own.get("check")) and not own.get("skip") and ran and number not in (self.ran or Ran(self.nb)).failed
        )


class Cell(IPyNbCell):  # type: ignore[misc]
    """A code cell: fails with what moved below it."""

    def __init__(self, name: str, parent: Book, number: int, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(name, parent, **kwargs)
        self.number = number

    def setup(self) -> None:
        """Do nothing: nbval expects failures below a cell that took too long, here those cells do not run."""

    def runtest(self) -> None:
        """Fail with what was found in this cell."""
        if self.options["skip"]:
            pytest.skip("nbval-skip")
        self.parent.check()
        ran = self.parent.ran
        if ran is None:
            pytest.skip("the notebook did not run")
        if ran.dead is not None and self.number > ran.dead:
            pytest.skip("the notebook stopped above")
        found = [line for line in self.parent.by_cell.get(self.number, []) if line.kind not in PASSING]
        if found:
            raise FoundError(_said(self, found) + ran.tracebacks.get(self.number, ""))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *args: Any) -> Any:  # noqa: ANN401
        """Return the sentences."""
        return _failure(excinfo) or super().repr_failure(excinfo, *args)


class Whole(pytest.Item):
    """The notebook as a whole: was it run, is there anything to check."""

    def runtest(self) -> None:
        """Fail with why it cannot be checked."""
        found = self.parent.check()  # type: ignore[union-attr]
        self.user_properties.append((PROPERTY, found.write()))
        whole = [line for line in self.parent.whole if line.kind not in PASSING]  # type: ignore[union-attr]
        if whole:
            raise FoundError(_said(self, whole))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *args: Any) -> Any:  # noqa: ANN401
        """Return the sentences."""
        return _failure(excinfo) or super().repr_failure(excinfo, *args)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Name the item."""
        return self.path, 0, f"{self.path.name}::{self.name}"


def _runs(cell: Mapping[str, Any]) -> bool:
    return cell["cell_type"] == "code" and bool(cell["source"].strip())


def _said(item: pytest.Item, found: list[Line]) -> str:
    return "\n".join(line.text(item.config.option.nbval_lang) for line in found) + "\n"


def _failure(excinfo: pytest.ExceptionInfo[BaseException]) -> str | None:
    return str(excinfo.value) if isinstance(excinfo.value, FoundError) else None

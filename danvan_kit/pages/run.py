"""Run notebooks: one from start to end, or one for many areas in kernels that stay warm from one area to the next."""

from __future__ import annotations

import asyncio
import atexit
import copy
import keyword
import math
import numbers
import os
import re
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from itertools import islice
from pathlib import Path
from typing import Any, Self

from danvan_kit.pages.kernel import Job, Kernel, RunError, code, tags

from nbformat import NotebookNode, v4  # isort: skip - the kernels' module first spares it a second

__all__ = ["RunError", "run", "run_each"]

PARAMETERS, INJECTED = "parameters", "injected-parameters"  # papermill's tags


def run(
    book: NotebookNode,
    folder: Path,
    *,
    parameters: dict[str, Any] | None = None,
    timeout: int = 600,
    told: Callable[[int, int], None] | None = None,
) -> NotebookNode:
    """Run a notebook from start to end in a fresh kernel.

    Parameters
    ----------
    book
        The notebook, format 4; it is not changed.
    folder
        Where the kernel works: the notebook's own folder.
    parameters
        Values for the names in the cell tagged ``parameters``, as papermill gives them: in a cell of their own below.
        None leaves the notebook as it is.
    timeout
        Seconds that one cell may take.
    told
        Called after each code cell with the number done and the number of all, from the thread that runs them.

    Returns
    -------
    NotebookNode
        A copy with outputs and execution counts.

    Raises
    ------
    RunError
        If a cell raises or takes too long, the kernel dies, or the notebook cannot take the parameters.
    """
    with _Crew(_job(_injected(book, parameters), folder, timeout, fresh=True), 1, told) as crew:
        found: NotebookNode | RunError = _first_done([crew.submit(None)]).pop().result()
    if isinstance(found, RunError):
        raise found
    return found


def run_each(  # noqa: PLR0913
    book: NotebookNode,
    folder: Path,
    many: Iterable[dict[str, Any]],
    *,
    kernels: int | None = None,
    timeout: int = 600,
    fresh: bool = False,
) -> Iterator[tuple[dict[str, Any], NotebookNode | RunError]]:
    """Run a notebook for many sets of parameters; each comes out as if it had run in a fresh kernel.

    The cells above the one tagged ``parameters`` run once in a kernel, the others once a set. Between two sets a kernel
    is put back to where the upper cells left it (`danvan_kit.pages.warm`). What cannot be put back: tables and other
    foreign objects of the upper cells that lower cells change in place, and options of libraries.

    Parameters
    ----------
    book, folder, timeout
        As for `run`.
    many
        The sets, asked for in the caller's thread, a few ahead of the results.
    kernels
        How many sets run at once; None: one a processor, at most 4.
    fresh
        Take a fresh kernel for each set: slow, to compare with.

    Returns
    -------
    Iterator
        Each set with its notebook, or with what went wrong with it, in the order in which they are done. To close it
        ends the kernels.

    Raises
    ------
    RunError
        If the notebook has no cell tagged ``parameters``, or its upper cells fail, so that no set can be run.
    """
    count = min(os.cpu_count() or 1, 4) if kernels is None else kernels
    if count < 1:
        raise RunError(f"kernels = {count!r}; được dùng: từ 1 trở lên", f"kernels = {count!r}; allowed: 1 or more")
    bare = _injected(book, {})
    return _results(_job(bare, folder, timeout, fresh=fresh, first=_place(bare)), iter(many), count)


def _results(
    job: Job, many: Iterator[dict[str, Any]], kernels: int
) -> Iterator[tuple[dict[str, Any], NotebookNode | RunError]]:
    with _Crew(job, kernels) as crew:
        ahead = {crew.submit(given): given for given in islice(many, kernels + 1)}  # so few notebooks are alive at once
        while ahead:
            for done in _first_done(ahead):
                given = ahead.pop(done)
                ahead |= {crew.submit(following): following for following in islice(many, 1)}
                yield given, done.result()


def _first_done(futures: Iterable[Future[Any]]) -> set[Future[Any]]:
    """Wait for one of the futures; in short steps, so that Ctrl + C comes through on Windows too."""
    while not (done := wait(futures, timeout=0.5, return_when=FIRST_COMPLETED).done):
        pass
    return done


class _Crew:
    """Kernels at work on one job, in an event loop of their own in a thread of their own."""

    def __init__(self, job: Job, kernels: int, told: Callable[[int, int], None] | None = None) -> None:
        self._job, self._told = job, told
        self._runner = asyncio.Runner(loop_factory=asyncio.SelectorEventLoop)  # zmq needs this one on Windows
        self._loop = self._runner.get_loop()
        self._thread = threading.Thread(target=self._live, name="danvan-kernels", daemon=True)
        self._places, self._over, self._now = asyncio.Semaphore(kernels), asyncio.Event(), True
        self._kernels: set[Kernel] = set()
        self._idle: list[Kernel] = []
        self._proved = False  # whether a kernel came through the upper cells

    def __enter__(self) -> Self:
        atexit.register(self.close)  # for a generator that nobody closed
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self.close(now=kind is not None)

    def close(self, *, now: bool = True) -> None:
        """End all kernels: at once, or after their own last duties."""
        atexit.unregister(self.close)
        if self._thread.is_alive():
            self._now = now
            self._loop.call_soon_threadsafe(self._over.set)
            self._thread.join()

    def submit(self, given: dict[str, Any] | None) -> Future[NotebookNode | RunError]:
        """Run the lower cells with these parameters as soon as a kernel is free."""
        return asyncio.run_coroutine_threadsafe(self._one(given), self._loop)

    def _live(self) -> None:
        with self._runner:
            self._runner.run(self._until_over())

    async def _until_over(self) -> None:
        await self._over.wait()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
        await asyncio.gather(*(kernel.end(now=self._now) for kernel in self._kernels), return_exceptions=True)

    async def _one(self, given: dict[str, Any] | None) -> NotebookNode | RunError:
        try:
            _assignments(given or {})
        except RunError as mistake:
            return mistake
        async with self._places:
            try:
                kernel = await self._kernel()
            except RunError as failure:
                if not self._proved:  # no set can be run
                    raise
                return failure
            try:
                return await kernel.run(_injected(kernel.book, given), self._told)
            except RunError as failure:
                return failure
            finally:
                await self._take_back(kernel)

    async def _kernel(self) -> Kernel:
        """Return a kernel that stands below the upper cells."""
        while self._idle:
            kernel = self._idle.pop()
            if await kernel.restored():
                return kernel
            await self._take_back(kernel)
        kernel = Kernel(self._job)
        self._kernels.add(kernel)
        try:
            await kernel.start()
        except RunError:
            await self._take_back(kernel)
            raise
        self._proved = True
        return kernel

    async def _take_back(self, kernel: Kernel) -> None:
        """Keep a kernel for a further set, or end it."""
        if self._over.is_set():  # then all of them end
            return
        if kernel.warm and not kernel.broken:
            self._idle.append(kernel)
        else:
            await kernel.end(now=kernel.broken)
            self._kernels.discard(kernel)


# --- parameters -------------------------------------------------------------------------------------------------------


def _job(book: NotebookNode, folder: Path, timeout: int, *, fresh: bool, first: int = 0) -> Job:
    """Check what was asked for; `book` loses its former outputs."""
    if timeout < 1:
        raise RunError(
            f"timeout = {timeout!r}; được dùng: từ 1 giây trở lên", f"timeout = {timeout!r}; allowed: 1 s or more"
        )
    if not folder.is_dir():
        raise RunError(f"không có thư mục {str(folder)!r}", f"there is no folder {str(folder)!r}")
    heads = [re.search(r"^# +(.+)", cell.source, re.MULTILINE) for cell in book.cells if cell.cell_type == "markdown"]
    name = next((head[1].strip() for head in heads if head), folder.resolve().name)
    for cell in code(book):
        cell.outputs = []
    return Job(book, name, folder, timeout, first, fresh)


def _injected(book: NotebookNode, given: dict[str, Any] | None) -> NotebookNode:
    """Return a copy with the parameters in a cell below their defaults; such a cell of a former run goes."""
    book = copy.deepcopy(book)
    if given is None:
        return book
    book.cells = [cell for cell in book.cells if INJECTED not in tags(cell)]
    if given:
        cell = v4.new_code_cell(  # type: ignore[no-untyped-call]
            _assignments(given), id=INJECTED, metadata={"tags": [INJECTED]}
        )
        if (book.nbformat, book.nbformat_minor) < (4, 5):  # cells had no id then
            del cell["id"]
        book.cells.insert(_place(book) + 1, cell)
    return book


def _place(book: NotebookNode) -> int:
    """Return the number of the cell tagged ``parameters``, from 0."""
    for number, cell in enumerate(book.cells):
        if PARAMETERS in tags(cell):
            return number
    raise RunError(
        f"sổ tay không có ô nào mang thẻ {PARAMETERS!r} để nhận tham số; hãy gắn thẻ đó cho ô đặt giá trị ban đầu",
        f"the notebook has no cell tagged {PARAMETERS!r} to take parameters; tag the one that sets their defaults",
    )


def _assignments(given: dict[str, Any]) -> str:
    for name in given:
        if not isinstance(name, str) or not name.isidentifier() or keyword.iskeyword(name):
            raise RunError(f"tham số {name!r} không phải tên biến", f"parameter {name!r} is no name of a variable")
    return "\n".join(["# Parameters", *(f"{name} = {_literal(value, name)}" for name, value in given.items())])


def _literal(value: Any, name: str) -> str:  # noqa: ANN401
    if value is None or isinstance(value, bool):
        return repr(value)
    if isinstance(value, str):
        return str.__repr__(value)
    if isinstance(value, numbers.Integral):
        return repr(int(value))
    if isinstance(value, float):
        return float.__repr__(value) if math.isfinite(value) else f'float("{float(value)}")'
    if isinstance(value, list):
        return "[" + ", ".join(_literal(part, name) for part in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_literal(key, name)}: {_literal(part, name)}" for key, part in value.items()) + "}"
    kinds = "str, int, float, bool, None, list, dict"
    raise RunError(
        f"tham số {name} có giá trị {value!r}; được dùng: {kinds}", f"parameter {name} has {value!r}; allowed: {kinds}"
    )

"""A notebook run in one of nbval's kernels, with everything that it shows at its end.

nbval's own loop reads printed text, results and errors. Here the messages go to nbclient's, which also knows
``clear_output``, displays that are updated later, output widgets, and the states of all widgets.
"""

from __future__ import annotations

import contextlib
import copy
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty
from typing import Any

from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionComplete
from nbformat import NotebookNode
from nbval.kernel import RunningKernel, start_new_kernel

STARTED = (
    '__import__("sys").modules.setdefault("rfc3987_syntax", None)\n'  # a grammar that no notebook needs, a second
    '__import__("importlib").import_module("danvan_kit.regression.kept").install()'
)
SETTLED = '__import__("importlib").import_module("danvan_kit.regression.kept").settle()'
LIMIT = 45.0
"""Seconds that a cell may take unless told otherwise: a hanging one is named within a minute."""
FLOOD = 50_000_000
"""Bytes that one cell may put out: above that it floods."""
STARTS = 3
"""Times that a kernel which dies while it starts is started."""
GRACE = 3.0
"""Seconds that a kernel gets to answer when it is interrupted, and that its last words get to arrive."""


@dataclass
class Ran:
    """A notebook that was run.

    Attributes
    ----------
    book
        A copy of the notebook with its outputs and execution counts.
    failed
        What went wrong in a cell, by its number among all cells (Vietnamese, English); no later cell ran where
        `dead`.
    tracebacks
        Python's own words, by the same number.
    dead
        The number of the cell in which the kernel died, hung or flooded.
    """

    book: NotebookNode
    failed: dict[int, tuple[str, str]] = field(default_factory=dict)
    tracebacks: dict[int, str] = field(default_factory=dict)
    dead: int | None = None


class Kernel(RunningKernel):  # type: ignore[misc] # nbval has no types
    """One of nbval's kernels, alone with its notebook: nobody looks on, nothing is written to a history.

    Parameters
    ----------
    name
        A kernelspec's name, or nbval's name for this very Python.
    folder
        Where it works.
    patience
        Seconds that it may take to start.
    seed
        Of Python's hashes, on which the order of a set depends.
    watched
        As if somebody looked on: with the figures that are hidden where they are shared (`danvan_kit.disclosure`).
    """

    def __init__(self, name: str, folder: Path, patience: float = 60, seed: int = 0, *, watched: bool = False) -> None:
        # JPY_SESSION_NAME tells a notebook that somebody looks on while it runs: here nobody does
        environment = {key: value for key, value in os.environ.items() if key != "JPY_SESSION_NAME"}
        environment |= {"DANVAN_THRESHOLD": "live"} if watched else {}
        for left in reversed(range(STARTS)):
            try:
                self.km, self.kc = start_new_kernel(
                    startup_timeout=patience,
                    kernel_name=name,
                    stderr=subprocess.DEVNULL,
                    cwd=str(folder),
                    env=environment | {"PYTHONHASHSEED": str(seed)},
                    extra_arguments=["--HistoryManager.enabled=False"],
                )
                break
            except RuntimeError as err:
                # between drawing its ports and binding them another program may take one: then it dies at once
                if not left or "died" not in str(err):
                    raise
        self._ensure_iopub_up()
        reply = self.kc.execute(STARTED, silent=True)
        with contextlib.suppress(Empty):
            self.await_reply(reply, timeout=patience)

    @property
    def language_info(self) -> dict[str, Any]:
        """What a notebook says of its language, for who colours its code."""
        asked = self.kc.kernel_info()
        while True:
            reply = self.kc.get_shell_msg(timeout=60)
            if reply["parent_header"].get("msg_id") == asked:
                return dict(reply["content"]["language_info"])

    def stop(self) -> None:
        """End the kernel at once; a second time is no error."""
        if hasattr(self, "km"):
            super().stop()


def run(
    book: NotebookNode,
    kernel: Kernel,
    options: Mapping[int, Mapping[str, Any]],
    *,
    limit: float = LIMIT,
    told: Callable[[int], None] | None = None,
) -> Ran:
    """Run a notebook from start to end; a cell that fails does not stop those below.

    Parameters
    ----------
    book
        The notebook; it is not changed.
    kernel
        A fresh kernel.
    options
        nbval's options of a cell by its number among all cells: ``skip``, ``check_exception``.
    limit
        Seconds that one cell may take.
    told
        Called with the number of each cell before it runs.
    """
    ran = Ran(copy.deepcopy(book))
    ran.book.metadata.pop("widgets", None)
    client = NotebookClient(ran.book, kernel.km, store_widget_state=True, record_timing=False)
    client.reset_execution_trackers()
    client.kc = kernel.kc
    ran.book.metadata.setdefault("language_info", kernel.language_info)
    for number, cell in enumerate(ran.book.cells):
        if cell.cell_type != "code" or not cell.source.strip():
            continue
        own = options.get(number, {})
        if own.get("skip"):
            continue
        cell.outputs, cell.execution_count = [], None
        if told:
            told(number)
        failure = _cell(client, kernel, number, limit)
        if failure:
            ran.failed[number], ran.dead = failure, number
            kernel.stop()
            break
        error = next((output for output in cell.outputs if output.output_type == "error"), None)
        if error is not None and not own.get("check_exception"):
            said = " ".join(str(error.evalue).strip().splitlines()[-1:])
            what = f"{error.ename}: {said}" if said else error.ename
            if error.ename == "KeyboardInterrupt":
                ran.failed[number] = ("bị ngắt giữa chừng", "interrupted")
            else:
                ran.failed[number] = (what, what)
            ran.tracebacks[number] = "\n".join(error.traceback)
    if ran.dead is None and any("_widget_data" in state for state in client.widget_state.values()):
        _settle(client, kernel)
    client.set_widgets_metadata()
    return ran


def _settle(client: NotebookClient, kernel: Kernel) -> None:
    """Ask for the final state of plotly's widgets."""
    asked, end = kernel.kc.execute(SETTLED, silent=True), time.monotonic() + LIMIT
    while time.monotonic() < end and kernel.is_alive():
        with contextlib.suppress(Empty):
            message = kernel.kc.get_iopub_msg(timeout=0.5)
            if message["parent_header"].get("msg_id") != asked:
                continue
            if message["msg_type"] == "comm_msg":
                client.handle_comm_msg([], message, 0)
            elif message["content"].get("execution_state") == "idle":
                return


def _cell(client: NotebookClient, kernel: Kernel, number: int, limit: float) -> tuple[str, str] | None:
    """Run one cell; return why it did not come to its end."""
    cell = client.nb.cells[number]
    asked = kernel.kc.execute(cell.source, store_history=True, allow_stdin=False, stop_on_error=False)
    client.clear_before_next_output = False
    end, size, late = time.monotonic() + limit, 0, False
    while True:
        left = end - time.monotonic()
        if left <= 0:
            if late:
                return _late(limit)
            kernel.interrupt()
            end, late = time.monotonic() + GRACE, True
            continue
        try:
            message = kernel.kc.get_iopub_msg(timeout=min(0.5, left))
        except Empty:
            if not kernel.is_alive():
                return _death(kernel)
            continue
        if message["parent_header"].get("msg_id") != asked:
            continue
        size += _size(message)
        if size > FLOOD:
            return _flood()
        try:
            client.process_message(message, cell, number)
        except CellExecutionComplete:
            break
    if late:
        return _late(limit)
    return None if _replied(kernel, asked) else _death(kernel)


def _replied(kernel: Kernel, asked: str) -> bool:
    """Take the kernel's reply, which follows its last output."""
    end = time.monotonic() + LIMIT
    while time.monotonic() < end:
        try:
            reply = kernel.kc.get_shell_msg(timeout=0.5)
        except Empty:
            if not kernel.is_alive():
                return False
            continue
        if reply["parent_header"].get("msg_id") == asked:
            return True
    return False


def _size(message: Mapping[str, Any]) -> int:
    content = message["content"]
    if message["msg_type"] == "stream":
        return len(content["text"])
    return sum(len(str(part)) for part in content.get("data", {}).values()) if "data" in content else 0


def _late(limit: float) -> tuple[str, str]:
    return (
        f"chạy quá {limit:g} giây (cho thêm giờ: --timeout, với pytest: --nbval-cell-timeout)",
        f"took more than {limit:g} s (allow more: --timeout, with pytest: --nbval-cell-timeout)",
    )


def _flood() -> tuple[str, str]:
    size = FLOOD // 1_000_000
    return f"in ra quá {size} MB", f"put out more than {size} MB"


def _death(kernel: Kernel) -> tuple[str, str]:
    process = getattr(getattr(kernel.km, "provisioner", None), "process", None)
    code = process.poll() if process is not None else None
    if code == -getattr(signal, "SIGKILL", 9):
        return (
            "kernel bị hệ thống dừng, thường do hết bộ nhớ",
            "the system killed the kernel, mostly for lack of memory",
        )
    return f"kernel dừng đột ngột (mã {code})", f"the kernel died (code {code})"

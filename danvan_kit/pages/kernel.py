"""One kernel that runs a notebook's cells: how it starts, fails in one line, stays warm, and ends."""

from __future__ import annotations

import asyncio
import contextlib
import copy
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from danvan_kit.errors import DanvanError

# The format's checker builds a grammar for a second or more, for a kind of address that no notebook has.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

import zmq  # noqa: E402
from jupyter_client.kernelspec import KernelSpecManager  # noqa: E402
from jupyter_client.manager import AsyncKernelManager  # noqa: E402
from nbclient import NotebookClient  # noqa: E402
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError  # noqa: E402
from nbformat import NotebookNode  # noqa: E402

NO_GRAMMAR = '__import__("sys").modules.setdefault("rfc3987_syntax", None)'
WARM = '__import__("importlib").import_module("danvan_kit.pages.warm")'
# ipykernel's own way out may wait 10 s for a flush of streams that it has closed already
NO_FLUSH = '__import__("sys").stdout.flush_timeout = __import__("sys").stderr.flush_timeout = 0.1'
LONGEST_ADDRESS = 90  # bytes of a socket's path; systems allow 104 or more
PATIENCE = 60  # seconds for a kernel to start
SKIPPED = "skip-execution"  # nbclient's tag


class RunError(DanvanError):
    """A notebook that did not run to its end, or that cannot take the parameters, told in one line."""


@dataclass(frozen=True)
class Job:
    """A notebook to run.

    Attributes
    ----------
    book
        The notebook, format 4.
    name
        What to call it in messages.
    folder
        Where the kernel works.
    timeout
        Seconds that one cell may take.
    first
        The number of the first cell that runs for each set of parameters; those above run once a kernel.
    fresh
        Whether a kernel takes one set only.
    """

    book: NotebookNode
    name: str
    folder: Path
    timeout: int
    first: int
    fresh: bool


def tags(cell: NotebookNode) -> list[str]:
    """Return a cell's tags."""
    return list(cell.metadata.get("tags", []))


def code(book: NotebookNode) -> list[NotebookNode]:
    """Return the cells that run."""
    cells = [cell for cell in book.cells if cell.cell_type == "code" and cell.source.strip()]
    return [cell for cell in cells if SKIPPED not in tags(cell)]


class Kernel:
    """A kernel of this very Python; `book` is the notebook as it stands below the cells that run once.

    Parameters
    ----------
    job
        What it is for.

    Attributes
    ----------
    warm
        Whether it may take a further set.
    broken
        Whether it died or hangs.
    """

    def __init__(self, job: Job) -> None:
        self.book, self.warm, self.broken = copy.deepcopy(job.book), False, False
        self._job = job
        self._home = Path(tempfile.mkdtemp(prefix="danvan-"))  # nobody else can look into it
        address = str(self._home / "k")
        local = os.name == "posix" and len(os.fsencode(address)) < LONGEST_ADDRESS
        secret = "auto" if zmq.has("curve") else "disabled"
        self._manager = AsyncKernelManager(
            kernel_name="python3",
            kernel_spec_manager=KernelSpecManager(kernel_dirs=[]),  # whatever is installed, ipykernel's own
            connection_file=str(self._home / "kernel.json"),
            **({"transport": "ipc", "ip": address} if local else {"transport_encryption": secret}),
        )
        self._upper = self._client(self.book)

    async def start(self) -> None:
        """Start the kernel and run the upper cells.

        Raises
        ------
        RunError
            If it does not start, or one of the cells fails.
        """
        try:
            await self._launch()
        except (OSError, RuntimeError) as err:
            self.broken = True
            said = (self._home / "errors.txt").read_text(encoding="utf-8", errors="replace").strip()
            last = (said or str(err) or type(err).__name__).splitlines()[-1]
            raise RunError(
                f"sổ tay {self._job.name!r}: kernel không khởi động được: {last}",
                f"notebook {self._job.name!r}: the kernel does not start: {last}",
            ) from err
        await self._cells(self._upper, range(self._job.first))
        self.warm = not self._job.fresh and await self._quietly(f"{WARM}.keep()")

    async def run(self, book: NotebookNode, told: Callable[[int, int], None] | None = None) -> NotebookNode:
        """Run the lower cells.

        Parameters
        ----------
        book
            A copy of `book`, with the parameters in it.
        told
            Called after each code cell with the number done and the number of all.

        Returns
        -------
        NotebookNode
            The same notebook, with outputs.

        Raises
        ------
        RunError
            If a cell fails or the kernel dies.
        """
        client, upper = self._client(book), self._upper
        client.kc, client.code_cells_executed = upper.kc, upper.code_cells_executed
        client._display_id_map = copy.deepcopy(upper._display_id_map)  # noqa: SLF001 - displays that lower cells update
        await self._cells(client, range(self._job.first, len(book.cells)), told)
        return _finished(book)

    async def restored(self) -> bool:
        """Put the kernel back to where it stood below the upper cells, and tell whether that went well."""
        self.warm = await self._quietly(f"{WARM}.restore()")
        return self.warm

    async def end(self, *, now: bool) -> None:
        """End the kernel: at once, or after its own last duties."""
        try:
            if not now and await self._manager.is_alive():
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._quietly(NO_FLUSH), 5)
                await self._manager.request_shutdown()
                await self._manager.finish_shutdown()
            await self._manager.shutdown_kernel(now=True)
        finally:
            if self._upper.kc is not None:
                self._upper.kc.stop_channels()
            shutil.rmtree(self._home, ignore_errors=True)

    def _client(self, book: NotebookNode) -> NotebookClient:
        patience = {"timeout": self._job.timeout, "iopub_timeout": self._job.timeout, "shell_timeout_interval": 1}
        kept = {"store_widget_state": False, "record_timing": False}
        client = NotebookClient(book, self._manager, raise_on_iopub_timeout=True, **patience, **kept)
        # What goes into an output widget stands below its cell, where a page shows it. nbclient would keep it in the
        # widget's state, and the messages by which it does so may swallow the kernel's reply.
        client.widget_registry = {}
        return client

    async def _launch(self) -> None:
        # JPY_SESSION_NAME tells a notebook that somebody looks on while it runs: here nobody does
        environment = {name: value for name, value in os.environ.items() if name != "JPY_SESSION_NAME"}
        with (self._home / "errors.txt").open("wb") as errors:
            await self._manager.start_kernel(
                extra_arguments=["--HistoryManager.enabled=False"],
                cwd=str(self._job.folder),
                env=environment,
                stdout=subprocess.DEVNULL,
                stderr=errors,
            )
        self._upper.kc = self._channels = self._manager.client()
        self._channels.start_channels(stdin=False, hb=False, control=False)
        await self._channels.wait_for_ready(timeout=PATIENCE)
        await self._quietly(NO_GRAMMAR)
        info = await self._upper.async_wait_for_reply(self._channels.kernel_info())
        self.book.metadata["language_info"] = info["content"]["language_info"] if info else {}

    async def _quietly(self, statement: str) -> bool:
        """Run a statement that leaves no trace in the notebook, and tell whether it went well."""
        cell = NotebookNode(source=statement)  # type: ignore[no-untyped-call]
        status = "aborted"
        try:
            while status == "aborted":  # so a kernel answers that is just getting over an error
                reply = await self._upper.async_wait_for_reply(self._channels.execute(statement, silent=True), cell)
                status = reply["content"]["status"] if reply else "none"
        except (CellTimeoutError, DeadKernelError):
            self.broken = True
        return status == "ok"

    async def _cells(
        self, client: NotebookClient, numbers: range, told: Callable[[int, int], None] | None = None
    ) -> None:
        total = len(code(client.nb))
        for number in numbers:
            done = client.code_cells_executed
            cell = client.nb.cells[number]
            try:
                await client.async_execute_cell(cell, number, execution_count=done + 1)
            except CellExecutionError as err:
                last = " ".join(str(err.evalue).strip().splitlines()[-1:])
                what = f"{err.ename}: {last}" if last else err.ename
                raise self._failure(cell, done + 1, what, what) from None
            except CellTimeoutError:
                self.broken = True
                limit = self._job.timeout
                raise self._failure(cell, done + 1, f"chạy quá {limit} giây", f"took more than {limit} s") from None
            except DeadKernelError:
                self.broken = True
                raise self._failure(cell, done + 1, *await self._death()) from None
            if told and client.code_cells_executed > done:
                told(client.code_cells_executed, total)

    def _failure(self, cell: NotebookNode, number: int, vi: str, en: str) -> RunError:
        lines = [line.strip() for line in cell.source.splitlines()]
        first = next((line for line in lines if line and not line.startswith("#")), "")
        shown = first if len(first) <= 60 else first[:59] + "…"
        return RunError(
            f"sổ tay {self._job.name!r}, ô lệnh [{number}] {shown!r}: {vi}",
            f"notebook {self._job.name!r}, code cell [{number}] {shown!r}: {en}",
        )

    async def _death(self) -> tuple[str, str]:
        """Return how the kernel died, in both languages."""
        code = await self._manager.provisioner.poll() if self._manager.provisioner else None
        if code == -getattr(signal, "SIGKILL", 9):
            return (
                "kernel bị hệ thống dừng, thường do hết bộ nhớ",
                "the system killed the kernel, mostly for lack of memory",
            )
        return f"kernel dừng đột ngột (mã {code})", f"the kernel died (code {code})"


def _finished(book: NotebookNode) -> NotebookNode:
    """Join text that was printed in one go but came in pieces, and drop the widgets of a former run."""
    book.metadata.pop("widgets", None)
    for cell in code(book):
        joined: list[Any] = []
        for output in cell.outputs:
            if output.output_type == "stream" and joined and joined[-1].get("name") == output.name:
                joined[-1].text += output.text
            else:
                joined.append(output)
        cell.outputs = joined
    return book

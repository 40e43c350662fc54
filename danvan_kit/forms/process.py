"""One child process: started, fed with paths, watched for time and memory, ended."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import IO, Literal

import psutil  # type: ignore[import-untyped]

# Between two looks at the child's memory, in seconds.
PAUSE = 0.02
ROOT = str(Path(__file__).parents[2])
MOST_MESSAGE = 80_000_000
COMMAND = "import sys; sys.path.append(sys.argv.pop()); from danvan_kit.forms.child import main; main()"
# How a process ends for want of memory, where nobody ended it: a failed allocation aborts, the system kills.
ABORTED = {-6, 3, 0xC0000409, 0xC0000017}
KILLED = {-int(getattr(signal, name, 0)) for name in ("SIGKILL", "SIGTERM", "SIGHUP", "SIGINT")} - {0}

Reason = Literal["time", "memory", "killed", "fault"]


class Child:
    """One process, a thread that takes its messages, and a thread that watches its time and memory.

    Parameters
    ----------
    seconds, memory
        The limits for one file.
    wall
        Whether the process sets itself a hard limit of memory too, where the system has one.
    """

    def __init__(self, seconds: float, memory: int, *, wall: bool) -> None:
        self.process = subprocess.Popen(  # noqa: S603 - our own program; no text of a user
            # -P: a module in the folder of a notebook must not stand in for one of the library.
            [sys.executable, "-P", "-c", COMMAND, str(memory if wall else 0), str(seconds), ROOT],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            creationflags=_quietly(),
        )
        self.seconds, self.memory = seconds, memory
        self.peak = 0
        self._messages: SimpleQueue[bytes | None] = SimpleQueue()
        self._turn = threading.Condition()
        self._busy, self._since = 0, 0.0  # files on their way; since when the first of them
        self._reason: Reason | None = None
        for work in (self._take, self._watch):
            threading.Thread(target=work, name=f"forms{work.__name__}", daemon=True).start()

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self.process.poll() is None

    def send(self, path: Path) -> None:
        """Ask for one file; a dead process is told by the end of its messages."""
        line = json.dumps(os.fspath(path.absolute())).encode() + b"\n"
        with self._turn:
            if not self._busy:
                self._since = time.monotonic()
            self._busy += 1
            self._turn.notify()
        with contextlib.suppress(OSError, ValueError):
            if self.process.stdin is not None:
                self.process.stdin.write(line)
                self.process.stdin.flush()

    def take(self) -> bytes | None:
        """Return the next message; None when the process is dead."""
        while True:
            with contextlib.suppress(Empty):
                # In short spells: on Windows an interrupt does not end a wait for a lock.
                return self._messages.get(timeout=0.2)

    def reason(self) -> Reason:
        """Tell of what the process died."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(2)
        died = self.process.returncode
        if self._reason is not None:
            return self._reason
        if died is None or died in ABORTED or died & 0xFFFFFFFF in ABORTED:
            return "memory"
        return "killed" if died in KILLED else "fault"

    def end(self) -> None:
        """End the process and wait for it."""
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            with contextlib.suppress(OSError, ValueError):
                if pipe is not None:
                    pipe.close()
        with self._turn:
            self._turn.notify()

    def _take(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            while self.process.stdout is not None and (message := _message(self.process.stdout)):
                with self._turn:
                    self._busy -= 1
                    self._since = time.monotonic()
                self._messages.put(message)
        self._messages.put(None)

    def _watch(self) -> None:
        try:
            told = psutil.Process(self.process.pid)
        except psutil.Error:  # it is dead already
            return
        while self.process.poll() is None:
            with self._turn:
                if not self._busy:
                    self._turn.wait(1)
                    continue
                late = time.monotonic() - self._since > self.seconds
            with contextlib.suppress(psutil.Error):
                self.peak = max(self.peak, used := told.memory_info().rss)
                if used > self.memory:
                    self._reason = "memory"
            if late and self._reason is None:
                self._reason = "time"
            if self._reason is not None:
                self.process.kill()
                return
            time.sleep(PAUSE)


def _message(source: IO[bytes]) -> bytes:
    """Return the next message; nothing at the end, or when what comes is no message."""
    head = source.read(4)
    if len(head) < 4:
        return b""
    (size,) = struct.unpack("<I", head)
    if not 0 < size <= MOST_MESSAGE:
        return b""
    message = source.read(size)
    return message if len(message) == size else b""


def _quietly() -> int:
    """Return how to start a process on Windows without a window and out of reach of an interrupt."""
    names = ("CREATE_NO_WINDOW", "CREATE_NEW_PROCESS_GROUP")
    return sum(getattr(subprocess, name, 0) for name in names)

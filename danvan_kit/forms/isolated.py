"""Reading forms in a process of their own: a hostile file costs that process, never the notebook."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import stat
import struct
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Any, BinaryIO, Self

import psutil

from danvan_kit.forms import preflight
from danvan_kit.forms.raw import Book, Sheet
from danvan_kit.forms.trouble import FormError, Trouble, codes

# So many files are sent before the first is asked for: the child reads on while the caller works.
AHEAD = 8
# Between two looks at the child's memory, in seconds.
PAUSE = 0.02
ROOT = str(Path(__file__).parents[2])
MOST_MESSAGE = 80_000_000
# How Windows says that a process reached into foreign memory, or ran out of stack.
WINDOWS_FAULTS = {0xC0000005, 0xC00000FD}

Answer = dict[str, Any] | bytes


class _Request:
    """One file on its way through the child."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.answer: Book | FormError | None = None
        self.wanted = True

    def refuse(self, code: str, vi: str, en: str, *, sheet: str = "", cell: str = "") -> None:
        self.answer = FormError(Trouble(code, self.path.name, sheet, cell, (vi, en)))


class _Child:
    """One process, a thread that takes its messages, and a thread that watches its time and memory."""

    def __init__(self, seconds: float, memory: int, *, wall: bool) -> None:
        command = "import sys; sys.path.append(sys.argv.pop()); from danvan_kit.forms.child import main; main()"
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-c", command, str(memory if wall else 0), str(seconds), ROOT],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            creationflags=_quietly(),
        )
        self.messages: SimpleQueue[bytes | None] = SimpleQueue()
        self.seconds, self.memory = seconds, memory
        self.busy = 0
        self.since = 0.0
        self.reason = ""
        self.peak = 0
        self.waiting = threading.Condition()
        for work in (self._take, self._watch):
            threading.Thread(target=work, name=f"forms{work.__name__}", daemon=True).start()

    def send(self, path: Path) -> None:
        line = json.dumps(os.fspath(path.absolute())).encode() + b"\n"
        with self.waiting:
            if not self.busy:
                self.since = time.monotonic()
            self.busy += 1
            self.waiting.notify()
        assert self.process.stdin is not None
        with contextlib.suppress(OSError, ValueError):  # a dead child is told by the end of its messages
            self.process.stdin.write(line)
            self.process.stdin.flush()

    def take(self) -> bytes | None:
        """Return the next message; None when the child is dead."""
        while True:
            with contextlib.suppress(Empty):
                # In short spells: on Windows an interrupt does not end a wait for a lock.
                return self.messages.get(timeout=0.2)

    def end(self, reason: str = "") -> None:
        self.reason = self.reason or reason
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            with contextlib.suppress(OSError, ValueError):
                if pipe is not None:
                    pipe.close()
        with self.waiting:
            self.busy = -1
            self.waiting.notify()

    def _take(self) -> None:
        source = self.process.stdout
        assert source is not None
        with contextlib.suppress(OSError, ValueError, struct.error):
            while message := _message(source):
                with self.waiting:
                    self.busy -= 1
                    self.since = time.monotonic()
                self.messages.put(message)
        self.messages.put(None)

    def _watch(self) -> None:
        with contextlib.suppress(psutil.Error):
            told = psutil.Process(self.process.pid)
            while self.process.poll() is None and self.busy >= 0:
                with self.waiting:
                    if not self.busy:
                        self.waiting.wait()
                        continue
                    late = time.monotonic() - self.since > self.seconds
                used = told.memory_info().rss
                self.peak = max(self.peak, used)
                if used > self.memory or late:
                    self.reason = "time" if late else "memory"
                    self.process.kill()
                    return
                time.sleep(PAUSE)


class Reader:
    """Reads forms, each file's bytes only in a child process that is watched and replaced when it dies.

    Use it as a context, or close it. One reader serves one thread at a time.

    Parameters
    ----------
    seconds
        The longest time for one file.
    memory
        The most memory for the child, in bytes.
    """

    def __init__(self, *, seconds: float = 20.0, memory: int = 2 * 1024**3) -> None:
        self.seconds, self.memory = seconds, memory
        self.deaths = 0
        self.peak = 0
        self._wall = True
        self._child: _Child | None = None
        self._sent: deque[_Request] = deque()
        self._turn = threading.RLock()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the child."""
        self.close()

    def close(self) -> None:
        """End the child; the reader stays usable and starts another when asked."""
        with self._turn:
            self._drop()
            self._sent.clear()

    def read(self, path: Path) -> Book:
        """Read one file.

        Raises
        ------
        FormError
            When the file cannot be read; its trouble tells why.
        """
        request = self._send(Path(path))
        answer = self._wait(request)
        if isinstance(answer, FormError):
            raise answer
        return answer

    def books(self, paths: Iterable[Path]) -> Iterator[Book | FormError]:
        """Read many files in order; what cannot be read comes as its error."""
        ahead: deque[_Request] = deque()
        coming = iter(paths)
        try:
            while True:
                while len(ahead) < AHEAD and (path := next(coming, None)) is not None:
                    ahead.append(self._send(Path(path)))
                if not ahead:
                    return
                answer = self._wait(ahead[0])
                ahead.popleft()
                yield answer
        finally:
            if ahead:  # the caller has left early
                self._forget(ahead)

    def _send(self, path: Path) -> _Request:
        request = _Request(path)
        _look(request)
        if request.answer is None:
            with self._turn:
                if self._child is None:
                    self._start()
                assert self._child is not None
                self._sent.append(request)
                self._child.send(path)
        return request

    def _wait(self, request: _Request) -> Book | FormError:
        try:
            while request.answer is None:
                with self._turn:
                    self._step()
        except BaseException:  # an interrupt: whatever the child is at, nobody waits for it any more
            self._forget([request])
            raise
        return request.answer

    def _step(self) -> None:
        """Take one message and give it to the request it answers; a dead child answers with its death."""
        if self._child is None:
            self._start()
        assert self._child is not None
        message = self._child.take()
        first = self._sent.popleft()
        if message is None:
            self._bury(first)
        else:
            _open(first, message)

    def _bury(self, request: _Request) -> None:
        """Tell of what the child died; the others are read by the next one."""
        assert self._child is not None
        child = self._child
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.process.wait(2)
        died = child.process.returncode
        self._drop()
        self.deaths += 1
        if child.reason == "time":
            request.refuse("F06", f"hơn {self.seconds:g} giây", f"more than {self.seconds:g} seconds")
        elif child.reason == "memory" or died is None or _was_memory(died):
            size = f"{self.memory / 1024**3:g} GB"
            request.refuse("F06", f"cần hơn {size} bộ nhớ", f"it needs more than {size} of memory")
        else:
            request.refuse("F05", "làm hỏng chương trình đọc", "it breaks the program that reads it")

    def _start(self) -> None:
        self._child = _Child(self.seconds, self.memory, wall=self._wall)
        for request in self._sent:
            self._child.send(request.path)

    def _drop(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.end()
            self.peak = max(self.peak, child.peak)

    def _forget(self, requests: Iterable[_Request]) -> None:
        """Take back requests that nobody waits for; a new child gets the others."""
        with self._turn:
            gone = {id(request) for request in requests}
            self._drop()
            self._sent = deque(request for request in self._sent if id(request) not in gone)


def _look(request: _Request) -> None:
    """Refuse what is no regular file or has a foreign ending, without opening it."""
    try:
        mode = os.stat(request.path).st_mode  # noqa: PTH116 - Path.stat is the same
        if stat.S_ISDIR(mode):
            request.refuse("F01", "một thư mục", "a folder")
        elif not stat.S_ISREG(mode):
            request.refuse("F01", "không phải tệp thường", "no regular file")
        else:
            preflight.ending(request.path.name)
    except FileNotFoundError:
        request.refuse("F01", "không có tệp này", "no such file")
    except (OSError, ValueError) as err:
        told = getattr(err, "strerror", None) or str(err)
        request.refuse("F01", f"không mở được: {told}", f"it cannot be opened: {told}")
    except preflight.Refused as refused:
        request.refuse(refused.code, *refused.found)


def _message(source: BinaryIO) -> bytes:
    """Return the next message, nothing at the end or when what comes is no message."""
    head = source.read(4)
    if len(head) < 4:
        return b""
    (size,) = struct.unpack("<I", head)
    if not 0 < size <= MOST_MESSAGE:
        return b""
    message = source.read(size)
    return message if len(message) == size else b""


def _open(request: _Request, message: bytes) -> None:
    """Make a book, or a trouble, of a message; one of another shape comes from a child that lost its way."""
    try:
        told = json.loads(message, object_hook=_dated)
        if "code" in told:
            code, (vi, en) = told["code"], told["found"]
            if code not in codes():
                raise ValueError(code)  # noqa: TRY301
            request.refuse(code, str(vi), str(en), sheet=str(told["sheet"]), cell=str(told["cell"]))
        else:
            sheets = tuple(map(_sheet, told["sheets"]))
            request.answer = Book(str(told["kind"]), str(told["digest"]), sheets, tuple(map(str, told["notes"])))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        request.refuse("F05", "làm rối chương trình đọc", "it confuses the program that reads it")


def _sheet(told: dict[str, Any]) -> Sheet:
    return Sheet(
        name=str(told["name"]),
        rows=tuple(map(tuple, told["rows"])),
        merged=tuple((int(a), int(b), int(c), int(d)) for a, b, c, d in told.get("merged", ())),
        hidden=bool(told["hidden"]),
        hidden_rows=frozenset(map(int, told.get("hidden_rows", ()))),
        hidden_columns=frozenset(map(int, told.get("hidden_columns", ()))),
        marks={(int(row), int(column)): str(text) for row, column, text in told.get("marks", ())},
        formats={(int(row), int(column)): str(text) for row, column, text in told.get("formats", ())},
    )


def _dated(found: dict[str, Any]) -> Any:  # noqa: ANN401 - whatever stood there
    if len(found) != 1 or "d" not in found:
        return found
    text = found["d"]
    return dt.datetime.fromisoformat(text) if "T" in text else dt.date.fromisoformat(text)


def _was_memory(died: int) -> bool:
    """Tell whether a process ended for want of memory: a failed allocation aborts, the system kills."""
    faults = {-code for code in (getattr(__import__("signal"), name, 0) for name in ("SIGSEGV", "SIGBUS", "SIGILL"))}
    return died not in faults and died & 0xFFFFFFFF not in WINDOWS_FAULTS and died != 1


def _quietly() -> int:
    """Return how to start a process on Windows without a window and out of reach of an interrupt."""
    names = ("CREATE_NO_WINDOW", "CREATE_NEW_PROCESS_GROUP")
    return sum(getattr(subprocess, name, 0) for name in names)

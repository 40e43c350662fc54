"""Reading forms in a process of their own: a hostile file costs that process, never the notebook."""

from __future__ import annotations

import os
import stat
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from danvan_kit.forms import messages, preflight
from danvan_kit.forms.process import Child
from danvan_kit.forms.raw import Book
from danvan_kit.forms.trouble import FormError

# So many files are sent before the first is asked for: the child reads on while the caller works.
AHEAD = 8


class _Request:
    """One file on its way through the child."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.answer: Book | FormError | None = None
        self.again = False

    def refuse(self, code: str, vi: str, en: str) -> None:
        self.answer = messages.refused(self.path.name, code, vi, en)


class Reader:
    """Reads forms, each file's bytes only in a child process that is watched, and replaced when it dies.

    Use it as a context, or close it; it stays usable afterwards and starts another child when asked.

    Parameters
    ----------
    seconds
        The longest time for one file.
    memory
        The most memory for the child, in bytes.

    Attributes
    ----------
    deaths
        How many children died.
    peak
        The most memory a child has had, in bytes, told when it ends.
    """

    def __init__(self, *, seconds: float = 20.0, memory: int = 2 * 1024**3) -> None:
        self.seconds, self.memory = seconds, memory
        self.deaths = 0
        self.peak = 0
        self._wall = True
        self._child: Child | None = None
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

    def __del__(self) -> None:
        """End the child of a reader that nobody closed."""
        if getattr(self, "_child", None) is not None:
            self._drop()

    def close(self) -> None:
        """End the child."""
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
        answer = self._wait(self._send(Path(path)))
        if isinstance(answer, FormError):
            raise answer
        return answer

    def books(self, paths: Iterable[Path]) -> Iterator[Book | FormError]:
        """Read many files in order; one that cannot be read comes as its error."""
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
                self._sent.append(request)
                if self._child is None or (len(self._sent) == 1 and not self._child.alive):
                    self._start()
                else:
                    self._child.send(path)
        return request

    def _wait(self, request: _Request) -> Book | FormError:
        try:
            while request.answer is None:
                with self._turn:
                    self._step(request)
        except BaseException:  # an interrupt: whatever the child is at, nobody waits for it any more
            self._forget([request])
            raise
        return request.answer

    def _step(self, request: _Request) -> None:
        """Take one message and give it to the file it is about; a dead child's silence is about the first."""
        if request not in self._sent:  # somebody closed the reader meanwhile
            self._sent.append(request)
            self._drop()
        child = self._child or self._start()
        message = child.take()
        first = self._sent[0]
        if message is None:
            self._bury(first, child)
        else:
            first.answer = messages.opened(message, first.path.name)
        if first.answer is not None:
            self._sent.popleft()

    def _bury(self, request: _Request, child: Child) -> None:
        """Tell of what the child died; the files sent ahead are read by the next one."""
        reason = child.reason()
        self._drop()
        self.deaths += 1
        if reason == "killed" and not request.again:
            request.again = True  # somebody from outside: perhaps not on account of this file
        elif reason == "time":
            request.refuse("F06", f"hơn {self.seconds:g} giây", f"more than {self.seconds:g} seconds")
        elif reason == "fault":
            request.refuse("F05", "làm hỏng chương trình đọc", "it breaks the program that reads it")
        else:
            size = f"{self.memory / 1024**3:g} GB"
            request.refuse("F06", f"cần hơn {size} bộ nhớ", f"it needs more than {size} of memory")

    def _start(self) -> Child:
        """Start a child and send it all that waits."""
        self._drop()
        self._child = Child(self.seconds, self.memory, wall=self._wall)
        for request in self._sent:
            self._child.send(request.path)
        return self._child

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
    except preflight.Refused as refused:
        request.refuse(refused.code, *refused.found)
    except (OSError, ValueError) as err:  # a name that no file can have, a ring of links
        told = getattr(err, "strerror", None) or str(err)
        request.refuse("F01", f"không mở được: {told}", f"it cannot be opened: {told}")

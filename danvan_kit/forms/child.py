"""The program of the isolated process: one file after another from paths on stdin to messages on stdout.

Only here are the bytes of a form touched. Whatever a hostile file does, it does to this process, which holds nothing
but that file. It imports little, so that it starts fast, and ends when its stdin ends.
"""

from __future__ import annotations

import faulthandler
import gc
import json
import os
import re
import signal
import struct
import sys
from hashlib import sha256
from typing import Any, BinaryIO

from danvan_kit.forms.preflight import MOST_BYTES, Refused, ending, kind_of
from danvan_kit.forms.workbooks import plain, read_workbook

# A message longer than this does not come from a form.
MOST_MESSAGE = 64_000_000
# How a panic tells that memory was wanted.
WANT_OF_MEMORY = re.compile("capacity overflow|pointer is null|memory", re.IGNORECASE)
# So many seconds after the parent should have ended it, the process ends itself: its parent is gone.
GRACE = 10


def main() -> None:
    """Answer requests until stdin ends. Arguments: bytes of memory (0: no limit of its own), seconds a file."""
    memory, seconds = int(sys.argv[1]), float(sys.argv[2])
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what an interrupt means
    source, sink = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)  # a book is many small lists that live shortly
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)  # a library that prints must not disturb the messages
    _limit(memory)
    with open(os.devnull, "w", encoding="utf-8") as silence:  # noqa: PTH123 - pathlib is not loaded here
        while request := _request(source):
            faulthandler.dump_traceback_later(seconds + GRACE, exit=True, file=silence)
            reply = answer(request)
            faulthandler.cancel_dump_traceback_later()
            sink.write(struct.pack("<I", len(reply)))
            sink.write(reply)
            sink.flush()


def answer(path: str) -> bytes:
    """Return the message on one file: its book, or what is wrong with it."""
    try:
        return _message(path)
    except Refused as refused:
        return _refusal(refused)
    except MemoryError:
        return _refusal(Refused("F06", ("cần quá nhiều bộ nhớ", "it needs too much memory")))
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as err:  # noqa: BLE001 - a panic of the library in Rust is no Exception
        code = "F06" if WANT_OF_MEMORY.search(str(err)) else "F05"
        told = " ".join(str(err).split())[:100]
        return _refusal(Refused(code, (f"không đọc được: {told}", f"it cannot be read: {told}")))


def _message(path: str) -> bytes:
    suffix = ending(path)
    data = _content(path)
    kind = kind_of(data, suffix)
    if kind == "text":
        from danvan_kit.forms.texts import read_text  # noqa: PLC0415 - few files need it

        book = read_text(path, data, suffix)
    else:
        book = read_workbook(data, kind)
    book["digest"] = sha256(data).hexdigest()
    written = json.dumps(book, separators=(",", ":"), default=plain)
    # Empty cells come as empty texts. Inside a text a quote is never bare, so these are whole cells.
    found = written.replace('[""', "[null").replace(',""', ",null").encode()
    if len(found) > MOST_MESSAGE:
        raise Refused("F06", ("quá nhiều chữ trong tệp", "too much text in the file"))
    return found


def _content(path: str) -> bytes:
    """Return the bytes of a regular file, however it may have been changed since the parent looked at it."""
    try:
        with open(os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)), "rb") as file:  # noqa: PTH123
            size = os.fstat(file.fileno()).st_size
            if size > MOST_BYTES:
                raise Refused("F06", (f"tệp lớn {size / 1e6:.0f} MB", f"a file of {size / 1e6:.0f} MB"))
            return file.read(MOST_BYTES)
    except OSError as err:
        told = err.strerror or type(err).__name__
        raise Refused("F01", (f"không mở được: {told}", f"it cannot be opened: {told}")) from err


def _refusal(refused: Refused) -> bytes:
    told = {"code": refused.code, "found": refused.found, "sheet": refused.sheet, "cell": refused.cell}
    return json.dumps(told).encode()


def _request(source: BinaryIO) -> str:
    line = source.readline()
    return str(json.loads(line)) if line else ""


def _limit(memory: int) -> None:
    """Set hard walls where the system has them; elsewhere the parent watches alone."""
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return
    walls: list[tuple[Any, int]] = [(resource.RLIMIT_CORE, 0)]
    if memory and sys.platform.startswith("linux"):
        walls.append((resource.RLIMIT_AS, memory))
    for what, most in walls:
        try:
            resource.setrlimit(what, (most, most))
        except (ValueError, OSError):  # a lower limit stands already
            continue


if __name__ == "__main__":
    main()

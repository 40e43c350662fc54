"""Findings in a shared folder: each writer appends to a file of its own, readers merge all of them.

No two processes ever write one file, so nothing is locked, on network folders either. A record is one `write` of a
whole line, then `fsync`; what has returned is on the disk. A line that a crash or a full disk cut short is told apart
by its digest, and the next one starts on a line of its own.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
import secrets
import threading
from dataclasses import dataclass
from pathlib import Path

from danvan_kit import words
from danvan_kit.findings.finding import Finding, FindingError
from danvan_kit.findings.lines import from_line, to_line

_ONE_AT_A_TIME = threading.Lock()
_WRITERS: dict[int, str] = {}
_FULL = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}


@dataclass(frozen=True)
class Damaged:
    """A line that is no whole finding: cut by a crash, altered, or of something else.

    Attributes
    ----------
    place
        File and line, or table and row.
    why
        In Vietnamese and English.
    text
        What is left of it.
    """

    place: str
    why: tuple[str, str]
    text: str


def writer() -> str:
    """Return this process's own id: two sessions of one person never share a file, nor does a forked child."""
    return _WRITERS.setdefault(os.getpid(), secrets.token_hex(6))


def file_name(author: str) -> str:
    """Return the name of an author's file in this process: letters and digits only, whatever the author is called."""
    slug = re.sub(r"[^a-z0-9]+", "-", words.fold(author))[:32].strip("-") or "x"
    return f"{slug}-{hashlib.sha256(author.encode()).hexdigest()[:8]}-{writer()}.jsonl"


def append(finding: Finding, folder: Path) -> None:
    """Append a finding to this writer's file; when this returns, it is on the disk.

    Raises
    ------
    FindingError
        If the folder cannot be written or the disk is full. The finding is then not recorded.
    """
    line = to_line(finding).encode("utf-8") + b"\n"
    path = folder / file_name(finding.author)
    try:
        with _ONE_AT_A_TIME:
            folder.mkdir(parents=True, exist_ok=True)
            _append(path, line)
    except OSError as err:
        full = err.errno in _FULL
        vi, en = ("hết chỗ trên đĩa", "the disk is full") if full else (f"{err.strerror}",) * 2
        raise FindingError(
            f"chưa ghi được phát hiện vào thư mục {str(folder)!r}: {vi}; cần một thư mục còn chỗ và được phép ghi",
            f"the finding is not recorded in {str(folder)!r}: {en}; needed: a folder with room that may be written",
        ) from err


def _append(path: Path, line: bytes) -> None:
    flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
    new = not path.exists()
    handle = os.open(path, flags, 0o666)
    try:
        size = os.fstat(handle).st_size
        if size:
            os.lseek(handle, size - 1, os.SEEK_SET)
            line = line if os.read(handle, 1) == b"\n" else b"\n" + line
        try:
            _write(handle, line)
        except OSError:
            with contextlib.suppress(OSError):  # what nobody was told is kept goes; else its cut line is told apart
                os.ftruncate(handle, size)
            raise
    finally:
        os.close(handle)
    if new:
        _settle(path.parent)


def _write(handle: int, line: bytes) -> None:
    if os.write(handle, line) != len(line):  # a disk takes what still fits
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    os.fsync(handle)


def _settle(folder: Path) -> None:
    """Bring the name of a new file to the disk, where the system can."""
    with contextlib.suppress(OSError, AttributeError):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def gather(folder: Path) -> tuple[list[Finding], list[Damaged]]:
    """Return all versions of all findings of a folder, and the lines that are none. A folder not there yet has none.

    Raises
    ------
    FindingError
        If the folder or a file cannot be read.
    """
    found: list[Finding] = []
    damaged: list[Damaged] = []
    try:
        for path in sorted(folder.glob("*.jsonl")):
            for n, raw in enumerate(path.read_bytes().split(b"\n"), 1):
                if not raw:
                    continue
                text = raw.decode("utf-8", "replace")  # a letter that was cut in two fails the digest
                try:
                    found.append(from_line(text))
                except FindingError as err:
                    damaged.append(Damaged(f"{path.name}, dòng / line {n}", (err.vi, err.en), text))
    except OSError as err:
        raise FindingError(
            f"không đọc được {err.filename!r}: {err.strerror}; cần một thư mục phát hiện được phép đọc",
            f"{err.filename!r} cannot be read: {err.strerror}; needed: a folder of findings that may be read",
        ) from err
    return found, damaged

"""ZIP files taken apart and put together anew, so that a library meets only entries that were unpacked and counted.

Two readers of one crafted ZIP can see two different archives. Here the central directory alone counts, every entry is
unpacked within its declared size and checked, and what a library gets is a plain archive made of the results.
"""

from __future__ import annotations

import re
import struct
import zlib
from dataclasses import dataclass
from itertools import pairwise

from danvan_kit.forms.preflight import Refused

MOST_ENTRIES = 10_000
MOST_UNPACKED = 300_000_000
# Text of a sheet seldom packs better than 1:60; an entry of some size beyond this is made to fill the memory.
MOST_RATIO, RATIO_FROM = 200, 4_000_000

END, END64, LOCATOR64 = b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07"
ENTRY = struct.Struct("<4s4B4HL2L5H2L")
LOCAL = struct.Struct("<4s2B4HL2L2H")
FOREIGN = re.compile(r"^[/\\]|^[A-Za-z]:|(?:^|[/\\])\.\.(?:[/\\]|$)|[\x00-\x1f]")


@dataclass(frozen=True)
class Entry:
    """One file of an archive, as the central directory tells it."""

    name: str
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    offset: int


def unpack(data: bytes, idle: re.Pattern[str] | None = None) -> dict[str, bytes]:
    """Return the files of an archive by name, all of them within the limits; refuse it as a whole otherwise.

    Parameters
    ----------
    data
        The archive.
    idle
        Files with such names are not unpacked: they come empty.
    """
    found = entries(data)
    _check(found)
    return {
        entry.name: b"" if idle and idle.search(entry.name) else _bytes(data, entry)
        for entry in found
        if not entry.name.endswith("/")
    }


def entries(data: bytes) -> list[Entry]:
    """Return what the central directory lists.

    Raises
    ------
    Refused
        When it cannot be read as it is meant to be.
    """
    try:
        count, size, start, stop = _end(data)
        if count > MOST_ENTRIES:
            raise Refused("F06", (f"{count} mục trong tệp nén", f"{count} entries in the archive"))
        shift = stop - size - start  # bytes set before the archive
        if shift < 0 or start < 0:
            raise _broken()
        found = []
        place = start + shift
        while place < stop:
            entry, place = _entry(data, place, shift)
            found.append(entry)
            if len(found) > MOST_ENTRIES:
                raise Refused("F06", ("quá nhiều mục trong tệp nén", "too many entries in the archive"))
    except (struct.error, IndexError, UnicodeDecodeError) as err:
        raise _broken() from err
    if count != len(found):
        raise _broken()
    return found


def pack(parts: dict[str, bytes]) -> bytes:
    """Return a plain archive of some files, not compressed."""
    chunks, directory, place = [], [], 0
    for name, data in parts.items():
        written = name.encode()
        about = (0, 0x800, 0, 0, 33, zlib.crc32(data), len(data), len(data), len(written), 0)
        local = LOCAL.pack(b"PK\x03\x04", 20, *about) + written
        directory.append(ENTRY.pack(b"PK\x01\x02", 20, 0, 20, *about, 0, 0, 0, 0, place) + written)
        chunks += [local, data]
        place += len(local) + len(data)
    index = b"".join(directory)
    end = END + struct.pack("<4H2LH", 0, 0, len(parts), len(parts), len(index), place, 0)
    return b"".join([*chunks, index, end])


def _end(data: bytes) -> tuple[int, int, int, int]:
    """Return number of entries, size and start of the central directory, and where it stops."""
    place = data.rfind(END, max(0, len(data) - 65_600))
    if place < 0:
        raise Refused("F05", ("tệp bị cắt ngắn", "the file is cut short"))
    disk, first, here, count, size, start = struct.unpack_from("<4H2L", data, place + 4)
    stop = place
    locator = place - 20
    if locator >= 0 and data.startswith(LOCATOR64, locator):
        (offset,) = struct.unpack_from("<Q", data, locator + 8)
        stop = offset if data.startswith(END64, offset) else data.rfind(END64, 0, locator)
        if stop < 0:
            raise _broken()
        disk, first, here, count, size, start = struct.unpack_from("<2L4Q", data, stop + 16)
    if disk or first or here != count:
        raise _broken()
    return count, size, start, stop


def _entry(data: bytes, place: int, shift: int) -> tuple[Entry, int]:
    found = ENTRY.unpack_from(data, place)
    if found[0] != b"PK\x01\x02":
        raise _broken()
    flags, method, crc, packed, size, names, extra, comment, offset = (*found[5:7], *found[9:15], found[18])
    stop = place + ENTRY.size + names
    name = data[place + ENTRY.size : stop].decode("utf-8" if flags & 0x800 else "cp437")
    if 0xFFFFFFFF in {packed, size, offset}:
        size, packed, offset = _wide(data[stop : stop + extra], size, packed, offset)
    return Entry(name, flags, method, crc, packed, size, offset + shift), stop + extra + comment


def _wide(extra: bytes, *values: int) -> list[int]:
    """Return size, packed size and offset with those put right that stand in the extra field of 64 bits."""
    place = 0
    while place + 4 <= len(extra):
        tag, size = struct.unpack_from("<2H", extra, place)
        if tag == 1:
            numbers = iter(struct.unpack_from(f"<{size // 8}Q", extra, place + 4))
            return [next(numbers, 0) if value == 0xFFFFFFFF else value for value in values]
        place += 4 + size
    raise _broken()


def _check(found: list[Entry]) -> None:
    if any(entry.flags & 0x41 for entry in found):
        raise Refused("F04", ("mục nén có mật khẩu", "an encrypted entry"))
    seen: set[str] = set()
    for entry in found:
        name = entry.name.replace("\\", "/").lower()
        if name in seen or FOREIGN.search(entry.name):
            shown = entry.name[:60]
            raise Refused("F07", (f"mục nén “{shown}”", f"the entry “{shown}” of the archive"))
        seen.add(name)
        if entry.size > RATIO_FROM and entry.size > MOST_RATIO * entry.packed:
            raise Refused("F07", (f"“{entry.name}” nén quá mức", f"“{entry.name}” is packed beyond measure"))
    total = sum(entry.size for entry in found)
    if total > MOST_UNPACKED:
        size = f"{total / 1e6:.0f} MB"
        raise Refused("F06", (f"{size} sau khi giải nén", f"{size} unpacked"))
    ordered = sorted(found, key=lambda entry: entry.offset)
    for one, after in pairwise(ordered):
        if one.offset + LOCAL.size + len(one.name) + one.packed > after.offset:
            raise Refused("F07", ("các mục nén chồng lên nhau", "entries of the archive overlap"))


def _bytes(data: bytes, entry: Entry) -> bytes:
    """Unpack one file, never beyond its declared size, and check its sum."""
    try:
        head = LOCAL.unpack_from(data, entry.offset)
    except struct.error as err:
        raise _broken(entry.name) from err
    start = entry.offset + LOCAL.size + head[-2] + head[-1]
    packed = data[start : start + entry.packed]
    if head[0] != b"PK\x03\x04" or len(packed) != entry.packed or entry.method not in {0, 8}:
        raise _broken(entry.name)
    if entry.method == 8:
        packed = _inflated(packed, entry)
    if len(packed) != entry.size or zlib.crc32(packed) != entry.crc:
        raise _broken(entry.name)
    return packed


def _inflated(packed: bytes, entry: Entry) -> bytes:
    worker = zlib.decompressobj(-15)
    try:
        found = worker.decompress(packed, entry.size + 1)
    except zlib.error as err:
        raise _broken(entry.name) from err
    if len(found) > entry.size:
        shown = entry.name[:60]
        raise Refused("F07", (f"“{shown}” lớn hơn nó khai", f"“{shown}” unpacks to more than it says"))
    return found


def _broken(name: str = "") -> Refused:
    if name:
        return Refused("F05", (f"mục “{name[:60]}” hỏng", f"the entry “{name[:60]}” is damaged"))
    return Refused("F05", ("mục lục của tệp nén hỏng", "the directory of the archive is damaged"))

"""Pictures without what was hidden in them: who made them, where, with what, and on which computer.

Each format is rebuilt from the parts that draw the picture; every other part is left out, known or not. Nothing is
decoded: pixels stay as they are.
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import Literal

LIMIT = 2 * 1024 * 1024
"""Bytes of the largest picture that is taken from a file or an attachment."""

_PNG = b"\x89PNG\r\n\x1a\n"
# APNG's three parts included. No iCCP: a profile names its screen and its owner.
_PNG_DRAWS = frozenset({
    b"IHDR", b"PLTE", b"IDAT", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"bKGD", b"pHYs", b"acTL", b"fcTL",
    b"fdAT",
})  # fmt: skip
_PNG_END = b"\0\0\0\0IEND\xaeB`\x82"

# Tables, frames and scans; C4 and CC are tables among the frames' codes, C8 is reserved.
_JPEG_DRAWS = frozenset({*range(0xC0, 0xD0), 0xDA, 0xDB, 0xDC, 0xDD} - {0xC8})
_JPEG_END = b"\xff\xd9"
_SCAN_END = re.compile(rb"\xff+[^\x00\xff\xd0-\xd7]", re.DOTALL)
_ORIENTATION = 0x0112

_WEBP_DRAWS = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ANIM", b"ANMF", b"ALPH"})
_WEBP_PRIVATE = 0x20 | 0x08 | 0x04
"""Flags of VP8X that announce a colour profile, EXIF and XMP."""


def decoded(text: str) -> bytes:
    """Return the bytes of base64 text, which may be broken into lines; nothing when it is not base64."""
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return b""


def uri(raw: bytes, claimed: str = "") -> str:
    """Return a picture as a ``data:`` address that carries only the picture.

    Parameters
    ----------
    raw
        The bytes of a PNG, JPEG, GIF or WebP file.
    claimed
        The MIME type that it is said to be; empty accepts each of the four.

    Returns
    -------
    str
        Empty when the bytes are none of the four, are broken, or are not what was claimed.
    """
    for mime, opening, rebuild in (
        ("image/png", _PNG, _png),
        ("image/jpeg", b"\xff\xd8\xff", _jpeg),
        ("image/gif", b"GIF8", _gif),
        ("image/webp", b"RIFF", _webp),
    ):
        if raw.startswith(opening) and claimed in {"", mime}:
            try:
                kept = rebuild(raw)
            except IndexError:  # cut short
                kept = b""
            return f"data:{mime};base64,{base64.b64encode(kept).decode('ascii')}" if kept else ""
    return ""


def _number(raw: bytes, order: Literal["big", "little"] = "big") -> int:
    return int.from_bytes(raw, order)


# --- PNG --------------------------------------------------------------------------------------------------------------


def _png(raw: bytes) -> bytes:
    """Keep the chunks that draw; text, EXIF, times and what follows the end are gone."""
    kept, at = [_PNG], len(_PNG)
    while at + 12 <= len(raw):
        end = at + 12 + _number(raw[at : at + 4])
        name = raw[at + 4 : at + 8]
        if name == b"IEND":
            return b"".join([*kept, _PNG_END]) if len(kept) > 1 else b""
        if end > len(raw):
            return b""
        if name in _PNG_DRAWS:
            kept.append(raw[at:end])
        at = end
    return b""


# --- JPEG -------------------------------------------------------------------------------------------------------------


def _jpeg(raw: bytes) -> bytes:
    """Keep tables, frames and scans; of EXIF only which way is up. Thumbnails and second pictures are gone."""
    kept, at = [b"\xff\xd8"], 2
    while at + 2 <= len(raw):
        code = raw[at + 1]
        if raw[at] != 0xFF:
            return b""
        if code == 0xD9:
            return b"".join([*kept, _JPEG_END])
        if code == 0xFF:  # filling between segments
            at += 1
            continue
        end = at + 2 + _number(raw[at + 2 : at + 4])
        if end < at + 4 or end > len(raw):
            return b""
        kept.append(_segment(code, raw[at:end]))
        if code == 0xDA:
            found = _SCAN_END.search(raw, end)
            if found is None:
                return b""
            kept.append(raw[end : found.start()])
            end = found.start()
        at = end
    return b""


def _segment(code: int, segment: bytes) -> bytes:
    body = segment[4:]
    if code in _JPEG_DRAWS:
        return segment
    if code == 0xE0 and body.startswith(b"JFIF\0"):
        return b"\xff\xe0\0\x10" + body[:12].ljust(12, b"\0") + b"\0\0"  # without its thumbnail
    if code == 0xEE and body.startswith(b"Adobe"):  # says how the colours are stored
        return b"\xff\xee\0\x0e" + body[:12].ljust(12, b"\0")
    if code == 0xE1 and body.startswith(b"Exif\0\0"):
        return _upright(body[6:])
    return b""


def _upright(tiff: bytes) -> bytes:
    """Return an EXIF segment that holds the orientation alone; nothing when the picture is not turned."""
    order: Literal["big", "little"] = "little" if tiff.startswith(b"II") else "big"
    first = _number(tiff[4:8], order)
    for i in range(_number(tiff[first : first + 2], order)):
        entry = tiff[first + 2 + 12 * i :][:12]
        turn = _number(entry[8:10], order)
        if len(entry) < 12:
            break
        if _number(entry[:2], order) == _ORIENTATION and 2 <= turn <= 8:
            field = b"\x01\x12\0\x03\0\0\0\x01" + turn.to_bytes(2, "big") + b"\0\0"
            return b"\xff\xe1\0\x22Exif\0\0MM\0*\0\0\0\x08\0\x01" + field + b"\0\0\0\0"
    return b""


# --- GIF --------------------------------------------------------------------------------------------------------------


def _gif(raw: bytes) -> bytes:
    """Keep the images, their timing and whether they repeat; comments and XMP are gone."""
    at = 13 + _colours(raw[10])
    kept = [raw[:at]]
    while raw[at] != 0x3B:
        if raw[at] == 0x2C:
            end = _after_blocks(raw, at + 11 + _colours(raw[at + 9]))
            kept.append(raw[at:end])
        elif raw[at] == 0x21:
            end = _after_blocks(raw, at + 2)
            if raw[at + 1] == 0xF9 or raw[at + 1 : at + 14] == b"\xff\x0bNETSCAPE2.0":
                kept.append(raw[at:end])
        else:
            return b""
        at = end
    return b"".join([*kept, b";"])


def _colours(flags: int) -> int:
    """Return the bytes of a table of colours."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _after_blocks(raw: bytes, at: int) -> int:
    while raw[at]:
        at += 1 + raw[at]
    return at + 1


# --- WebP -------------------------------------------------------------------------------------------------------------


def _webp(raw: bytes) -> bytes:
    """Keep the chunks that draw; EXIF, XMP, colour profiles and unknown ones are gone."""
    kept = _chunks(raw[12 : 8 + _number(raw[4:8], "little")])
    if raw[8:12] != b"WEBP" or not kept:
        return b""
    return b"RIFF" + (len(kept) + 4).to_bytes(4, "little") + b"WEBP" + kept


def _chunks(raw: bytes) -> bytes:
    kept, at = b"", 0
    while at + 8 <= len(raw):
        name, size = raw[at : at + 4], _number(raw[at + 4 : at + 8], "little")
        body = raw[at + 8 : at + 8 + size]
        if len(body) < size:
            return b""
        if name == b"VP8X":
            body = bytes([body[0] & ~_WEBP_PRIVATE]) + body[1:]
        if name == b"ANMF":  # 16 bytes of place and time, then chunks of its own
            body = body[:16] + _chunks(body[16:])
        if name in _WEBP_DRAWS:
            kept += name + len(body).to_bytes(4, "little") + body + b"\0" * (len(body) % 2)
        at += 8 + size + size % 2
    return kept

"""XML parts looked through before anything parses them, and one small way of walking through them."""

from __future__ import annotations

import re
from collections.abc import Callable
from xml.parsers import expat

from danvan_kit.forms.preflight import Refused

Start = Callable[[str, dict[str, str]], object]
End = Callable[[str], object]
Data = Callable[[str], object]

DECLARED = re.compile(rb"^\s*<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)", re.IGNORECASE)
# Encodings in which every character of markup is the byte of ASCII, so that a search of bytes sees it.
SAFE_ENCODINGS = re.compile(rb"utf-?8|us-ascii|ascii|iso-8859-\d+|windows-125\d|cp125\d|latin-?1", re.IGNORECASE)
# `<!` opens a comment, a piece of plain data, or what no workbook has: a document type or an entity.
DANGEROUS = re.compile(rb"<!(?!--|\[CDATA\[)")


def checked(name: str, data: bytes) -> bytes:
    """Return a part of XML in UTF-8, or refuse one that declares a document type or entities in whatever encoding."""
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"} or b"\0" in data[:4]:
        data = _narrowed(name, data)
    if b"<!" in data and DANGEROUS.search(data):
        raise Refused("F07", (f"DOCTYPE trong “{name[:60]}”", f"a DOCTYPE in “{name[:60]}”"))
    if (declared := DECLARED.match(data[:200].removeprefix(b"\xef\xbb\xbf"))) and not SAFE_ENCODINGS.fullmatch(
        declared[1]
    ):
        shown = declared[1].decode("ascii")[:30]
        raise Refused("F07", (f"bảng mã {shown} trong “{name[:60]}”", f"the encoding {shown} in “{name[:60]}”"))
    return data


def _narrowed(name: str, data: bytes) -> bytes:
    """Return UTF-16 as UTF-8 without its declaration, which would no longer be true."""
    codec = "utf-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-16-le" if data[1:2] == b"\0" else "utf-16-be"
    try:
        text = data.decode(codec)
    except UnicodeDecodeError as err:
        raise Refused("F05", (f"“{name[:60]}” hỏng", f"“{name[:60]}” is damaged")) from err
    return re.sub(r"^\s*<\?xml[^>]*\?>", "", text).encode("utf-8", "replace")


def walk(data: bytes, start: Start, end: End | None = None, text: Data | None = None) -> None:
    """Call functions on every element, by its name without prefix.

    Raises
    ------
    Refused
        When it is no well-formed XML.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    locals_: dict[str, str] = {}

    def opened(name: str, attributes: dict[str, str]) -> None:
        local = locals_.get(name)
        if local is None:
            local = locals_[name] = name.rpartition(":")[2]
        start(local, attributes)

    parser.StartElementHandler = opened
    if end is not None:
        parser.EndElementHandler = lambda name: end(locals_[name])
    if text is not None:
        parser.CharacterDataHandler = text
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, UnicodeError, LookupError) as err:
        raise Refused("F05", (f"XML hỏng: {err}", f"damaged XML: {err}")) from err


def truth(text: str | None) -> bool:
    """Tell whether an attribute says yes."""
    return text is not None and text.strip().lower() in {"1", "true", "on"}

"""The parts of a zipped workbook: what kind they make, and that none of them is dangerous."""

from __future__ import annotations

import re

from danvan_kit.forms.markup import checked
from danvan_kit.forms.preflight import DOCUMENTS, SLIDES, Refused

ARCHIVE = ("tệp nén ZIP", "a ZIP archive")
# Parts that no reader of cells needs.
IDLE = re.compile(
    r"^(?:docProps|customXml|Thumbnails|Pictures|Configurations2|Basic|Scripts|xl/(?:media|embeddings|drawings|charts"
    r"|printerSettings|activeX|ctrlProps|diagrams|externalLinks|vbaProject\.bin|calcChain\.xml|theme)"
    r")(?:/|$)|\.(?:png|jpe?g|gif|emf|wmf|bmp|tiff?|vml)$",
    re.IGNORECASE,
)
NEW_ERROR = re.compile(
    rb"(\bt\s*=\s*[\"']e[\"'][^<>]*>\s*(?:<(?:\w+:)?f\b[^<>]*(?:/>|>[^<]*</(?:\w+:)?f\s*>)\s*)?<(?:\w+:)?v\b[^<>]*>)"
    rb"\s*#(?!N/A|DIV/0!|NAME\?|NULL!|NUM!|REF!|VALUE!)[^<]*(</)"
)
# What may stand before the first "<": marks of an encoding, and blanks.
BEFORE_MARKUP = b"\xef\xbb\xbf\xff\xfe\0 \t\r\n"
KINDS: tuple[tuple[bytes, str], ...] = (
    (b"sheet.binary.macroEnabled", "xlsb"),
    (b"sheet.macroEnabled", "xlsm"),
    (b"template.macroEnabled", "xlsm"),
)


def kind_of(parts: dict[str, bytes]) -> tuple[str, list[str]]:
    """Return the kind of workbook that some parts make, and what is to be known about it."""
    names = {name.replace("\\", "/").lower() for name in parts}
    if b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
        raise Refused("F04", ("tệp đã mã hóa", "an encrypted file"))
    notes = []
    if any(name.endswith("vbaproject.bin") or name.startswith("basic/") for name in names):
        notes.append("macros")
    if any(name.startswith("xl/externallinks/") for name in names):
        notes.append("external links")
    return _open_document(parts, names) or _office(parts.get("[Content_Types].xml", b""), names), notes


def _open_document(parts: dict[str, bytes], names: set[str]) -> str:
    mimetype = parts.get("mimetype", b"")
    if b"opendocument" not in mimetype and ("content.xml" not in names or "xl/workbook.xml" in names):
        return ""
    if mimetype and b"opendocument.spreadsheet" not in mimetype:
        raise Refused("F03", DOCUMENTS if b"text" in mimetype else SLIDES)
    return "ods"


def _office(types: bytes, names: set[str]) -> str:
    if "xl/workbook.bin" in names:
        return "xlsb"
    for mark, kind in KINDS:
        if mark in types:
            return kind
    if b"spreadsheetml" in types or any(name.startswith("xl/") for name in names):
        return "xlsx"
    for folder, what in (("word/", DOCUMENTS), ("ppt/", SLIDES)):
        if any(name.startswith(folder) for name in names):
            raise Refused("F03", what)
    raise Refused("F03", ARCHIVE)


def safe(parts: dict[str, bytes], kind: str) -> dict[str, bytes]:
    """Return the parts that a reader needs under plain names, or refuse what could read or multiply foreign things."""
    found = {}
    for name, data in parts.items():
        plain = name.replace("\\", "/")
        if IDLE.search(plain):
            continue
        if data.lstrip(BEFORE_MARKUP).startswith(b"<"):
            data = checked(name, data)  # noqa: PLW2901 - the same part in another encoding
            if b"\0" in data:
                raise Refused("F05", (f"byte NUL trong “{name[:60]}”", f"NUL bytes in “{name[:60]}”"))
        found[plain.lower() if kind in {"xlsx", "xlsm"} else plain] = data
    return found


def with_known_errors(parts: dict[str, bytes]) -> dict[str, bytes]:
    """Return sheets in which errors younger than the library (``#SPILL!``) are written as one that it knows."""
    return {name: NEW_ERROR.sub(rb"\1#N/A\2", data) if b"sheetData" in data else data for name, data in parts.items()}

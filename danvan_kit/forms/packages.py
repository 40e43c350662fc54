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
KINDS: tuple[tuple[bytes, str], ...] = (
    (b"sheet.binary.macroEnabled", "xlsb"),
    (b"sheet.macroEnabled", "xlsm"),
    (b"template.macroEnabled", "xlsm"),
)


def kind_of(parts: dict[str, bytes]) -> tuple[str, list[str]]:
    """Return the kind of workbook that some parts make, and what is to be known about it."""
    names = {name.replace("\\", "/").lower() for name in parts}
    notes = []
    if any(name.endswith("vbaproject.bin") for name in names) or any(n.startswith("basic/") for n in names):
        notes.append("macros")
    if any(name.startswith("xl/externallinks/") for name in names):
        notes.append("external links")
    if b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
        raise Refused("F04", ("tệp đã mã hóa", "an encrypted file"))
    mimetype = parts.get("mimetype", b"")
    if b"opendocument" in mimetype or ("content.xml" in names and "xl/workbook.xml" not in names):
        if b"opendocument.spreadsheet" not in mimetype and mimetype:
            raise Refused("F03", DOCUMENTS if b"text" in mimetype else SLIDES)
        return "ods", notes
    types = parts.get("[Content_Types].xml", b"")
    if "xl/workbook.bin" in names:
        return "xlsb", notes
    for mark, kind in KINDS:
        if mark in types:
            return kind, notes
    if any(name.startswith("xl/") for name in names) or b"spreadsheetml" in types:
        return "xlsx", notes
    if any(name.startswith("word/") for name in names):
        raise Refused("F03", DOCUMENTS)
    if any(name.startswith("ppt/") for name in names):
        raise Refused("F03", SLIDES)
    raise Refused("F03", ARCHIVE)


def safe(parts: dict[str, bytes], kind: str) -> dict[str, bytes]:
    """Return the parts that a reader needs under plain names, or refuse what could read or multiply foreign things."""
    found = {}
    for name, data in parts.items():
        plain = name.replace("\\", "/")
        if IDLE.search(plain):
            continue
        if data[:64].lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n").startswith(b"<"):
            data = checked(name, data)  # noqa: PLW2901 - the same part in another encoding
            if b"\0" in data:
                raise Refused("F05", (f"byte NUL trong “{name[:60]}”", f"NUL bytes in “{name[:60]}”"))
        found[plain if kind == "ods" else plain.lower()] = data
    return found


def with_known_errors(parts: dict[str, bytes]) -> dict[str, bytes]:
    """Return sheets in which errors younger than the library (``#SPILL!``) are written as one that it knows."""
    return {name: NEW_ERROR.sub(rb"\1#N/A\2", data) if b"sheetData" in data else data for name, data in parts.items()}

"""Text files: the encoding, the mark between the columns, and cells that all stay text."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from pathlib import PurePath
from typing import Any

from danvan_kit.forms import encodings
from danvan_kit.forms.extent import check_size
from danvan_kit.forms.preflight import MOST_CELLS, Refused

MARKS = (";", ",", "\t", "|")
# So many rows tell the mark, and this share of those that have it at all must agree on the number of columns.
SAMPLE, STEADY = 500, 0.6
NUL = ("có byte NUL trong văn bản", "NUL bytes in the text")
UTF7 = re.compile(r"\+[A-Za-z0-9+/]{3,}-")


def read_text(path: str, data: bytes, suffix: str) -> dict[str, Any]:
    """Return the message on a text file."""
    text, encoding = _decoded(data)
    name = PurePath(path).stem
    text, mark = _announced(text)
    mark = mark or _mark(text, suffix)
    rows = _rows(text, mark)
    while rows and not any(cell.strip() for cell in rows[-1]):
        rows.pop()
    if not rows:
        raise Refused("F02", ("không có ô nào có giá trị", "no cell has a value"))
    width = max(map(len, rows))
    check_size(len(rows), width, MOST_CELLS, name)
    notes = [] if encoding.startswith("utf") or encoding == "ascii" else [f"encoding {encoding}"]
    return {"kind": "csv", "notes": notes, "sheets": [{"name": name, "hidden": False, "rows": rows}]}


def _decoded(data: bytes) -> tuple[str, str]:
    try:
        text, encoding = encodings.decode(data)
    except ValueError as err:
        if 0 < 4 * data.count(0) < len(data):  # too few for UTF-16
            raise Refused("F05", NUL) from err
        vi, _, en = str(err).partition(" / ")
        raise Refused("F08", (vi, en or vi)) from err
    if "\0" in text:
        raise Refused("F05", NUL)
    if encoding == "ascii" and UTF7.search(text) and not _utf7(data).isascii():
        raise Refused("F08", ("có thể là UTF-7", "it may be UTF-7"))
    return text.removeprefix("\ufeff"), encoding


def _utf7(data: bytes) -> str:
    try:
        return data.decode("utf-7")
    except UnicodeDecodeError:
        return ""


def _announced(text: str) -> tuple[str, str]:
    """Return the text without a first line ``sep=;``, which Excel takes as the mark and hides; and that mark."""
    found = re.match(r"sep=([^\w\s\"]|\t)\r?\n?", text, re.IGNORECASE)
    return (text[found.end() :], found[1]) if found else (text, "")


def _mark(text: str, suffix: str) -> str:
    """Return the mark that gives most rows the same number of columns."""
    steady = {}
    lines = _sample(text)
    for mark in MARKS:
        counts = Counter(len(row) for row in _tried(lines, mark) if len(row) > 1)
        if counts:
            columns, rows = max(counts.items(), key=lambda pair: (pair[1], pair[0]))
            if rows >= STEADY * counts.total():
                steady[mark] = (rows, columns)
            else:
                steady[mark] = (0, columns)
    if not steady:
        return "\t" if suffix == ".tsv" else ","
    most = max(rows for rows, _ in steady.values())
    if not most:
        raise Refused("F05", ("không rõ dấu ngăn các cột", "unclear which mark divides the columns"))
    close = [mark for mark, (rows, _) in steady.items() if rows >= 0.8 * most]
    if "," in close and len(close) > 1 and _decimal(lines):
        close.remove(",")
    return max(close, key=lambda mark: (steady[mark][1], suffix == ".tsv" and mark == "\t", steady[mark][0]))


def _sample(text: str) -> list[str]:
    lines = text[:200_000].splitlines(keepends=True)
    return lines[:SAMPLE]


def _tried(lines: list[str], mark: str) -> list[list[str]]:
    try:
        return list(csv.reader(lines, delimiter=mark))
    except csv.Error:
        return []


def _decimal(lines: list[str]) -> bool:
    """Tell whether most commas stand between two digits, as in ``1,5``."""
    text = "".join(lines)
    return 2 * len(re.findall(r"(?<=\d),(?=\d)", text)) > text.count(",")


def _rows(text: str, mark: str) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    try:
        return list(reader)
    except csv.Error as err:
        line = reader.line_num
        if "field limit" in str(err):
            raise Refused("F06", (f"dòng {line}: ô quá dài", f"line {line}: a cell that is too long")) from err
        told = (f"dòng {line}: dấu ngoặc kép không khớp", f"line {line}: quotation marks do not match")
        raise Refused("F05", told) from err

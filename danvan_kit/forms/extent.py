"""How far the filled part of a sheet reaches; cells that are only formatted may stand anywhere."""

from __future__ import annotations

import re
from functools import lru_cache

from danvan_kit.forms.markup import walk
from danvan_kit.forms.preflight import MOST_CELLS, MOST_COLUMNS, MOST_ROWS, Refused
from danvan_kit.forms.raw import address

# The address of a cell far out, as nearly all programs write it; one written otherwise meets the wall of memory.
FAR = re.compile(rb' r="(?:[A-Z]{3}|[A-Z]{0,3}(?:[2-9][0-9]{4}|[0-9]{6}))')
REFERENCE = re.compile(r"\s*([A-Za-z]{1,7})([0-9]{1,9})\s*")


def place(reference: str) -> tuple[int, int] | None:
    """Return row and column, counted from 0, of an address such as ``C5``."""
    found = REFERENCE.fullmatch(reference)
    return (int(found[2]) - 1, column_number(found[1].upper())) if found else None


@lru_cache(maxsize=20_000)
def column_number(letters: str) -> int:
    """Return the number, counted from 0, of a column such as ``AB``."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def refuse_far(sheet: str, row: int, column: int) -> None:
    """Refuse a sheet for the place of one of its cells."""
    cell = address(row, column)
    raise Refused("F06", (f"có giá trị ở ô {cell}", f"a value in cell {cell}"), sheet=sheet, cell=cell)


def check_size(height: int, width: int, left: int, sheet: str) -> None:
    """Refuse a sheet whose filled part is larger than any form, naming its last cell."""
    if height > MOST_ROWS or width > MOST_COLUMNS or height * width > left:
        refuse_far(sheet, height - 1, width - 1)


def too_far(name: str, data: bytes) -> None:
    """Refuse a sheet of .xlsx with a value beyond the limits."""
    if FAR.search(data):
        extent = _Extent(name)
        walk(data, extent.start, extent.end, extent.text)


class _Extent:
    """Follows the values of a sheet."""

    def __init__(self, sheet: str) -> None:
        self.sheet = sheet
        self.row = self.column = -1
        self.height = self.width = 0
        self.inside = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "row":
            row = attributes.get("r", "")
            self.row = int(row) - 1 if row.isdecimal() and len(row) < 10 else self.row + 1
            self.column = -1
        elif tag == "c":
            found = place(attributes["r"]) if "r" in attributes else (self.row, self.column + 1)
            self.row, self.column = found or (self.row, MOST_COLUMNS)
        elif tag in {"v", "is", "f"}:
            self.inside = tag

    def end(self, tag: str) -> None:
        if tag == self.inside:
            self.inside = ""

    def text(self, data: str) -> None:
        if self.inside and not data.isspace():
            self.height, self.width = max(self.height, self.row + 1), max(self.width, self.column + 1)
            if self.height > MOST_ROWS or self.width > MOST_COLUMNS or self.height * self.width > MOST_CELLS:
                refuse_far(self.sheet, self.row, self.column)

"""What calamine leaves out of .xlsx: hidden rows and columns, errors, formulas without results, number formats.

Only a sheet whose bytes hold a sign of any of these is walked through a second time; a plain form is not.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from danvan_kit.forms.extent import column_number, place
from danvan_kit.forms.markup import truth, walk
from danvan_kit.forms.preflight import MOST_SHEETS, Refused

Details = dict[str, Any]

UNSEEN = "hidden parts cannot be seen"
# Any of these in a sheet's bytes calls for the second look; so does markup that is not written the usual way.
SIGNS = (b"hidden", b"<f", b'"e"', b"'e'", b' ht="0', b' width="0')
# `[1]Sheet1!A1`, `'[1]Sheet 1'!A1`; not `Table1[2014]`.
EXTERNAL = re.compile(r"(?<![\w\[\]:.\\])\[\d+\][^\[\]!\"]*!|WEBSERVICE\s*\(|\bfile:", re.IGNORECASE)


@lru_cache(maxsize=32)  # forms of one pattern have the same
def sheet_parts(workbook: bytes, relations: bytes) -> tuple[list[tuple[str, str]], bool]:
    """Return name and part of each sheet in order, and whether the file asks for all formulas to be computed anew."""
    targets: dict[str, str] = {}
    found: list[tuple[str, str]] = []
    fresh = [False]

    def related(name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship":
            path = posixpath.normpath(posixpath.join("/xl", attributes.get("Target", "").replace("\\", "/")))
            targets[attributes.get("Id", "")] = path.lstrip("/").lower()

    def listed(name: str, attributes: dict[str, str]) -> None:
        if name == "sheet":
            key = next((v for k, v in attributes.items() if k.endswith(":id")), "")
            found.append((attributes.get("name", ""), targets.get(key, "")))
            if len(found) > MOST_SHEETS:
                raise Refused("F06", (f"hơn {MOST_SHEETS} trang", f"more than {MOST_SHEETS} sheets"))
        elif name == "calcPr":
            fresh[0] = truth(attributes.get("fullCalcOnLoad"))

    walk(relations, related)
    walk(workbook, listed)
    return found, fresh[0]


def look(data: bytes, formats: dict[str, str], *, fresh: bool) -> Details:
    """Return what one sheet holds beside its values, as far as its bytes hold a sign of it.

    Parameters
    ----------
    data
        The sheet's part.
    formats
        Telling number formats, of `number_formats.of_styles`.
    fresh
        Whether the file asks for all formulas to be computed anew, so that a result of 0 may be none.
    """
    styled = _styled(formats, data)
    if not styled and b'<c r="' in data and not any(sign in data for sign in SIGNS):
        return {}
    sheet = Gathered(formats, fresh=fresh)
    if not (_usual(data) and _short(data, sheet, styled=styled)):
        sheet = Gathered(formats, fresh=fresh)
        walker = _Walker(sheet)
        walk(data, walker.start, walker.end, walker.text)
    return sheet.details()


def _styled(formats: dict[str, str], data: bytes) -> bool:
    return bool(formats) and bool(re.search(rb"\bs=[\"'](?:" + "|".join(formats).encode() + rb")[\"']", data))


@dataclass
class Cell:
    """One cell as written: type, style, formula with the key of those it shares, value; None: no such element."""

    row: int
    column: int
    kind: str
    style: str
    formula: str | None = None
    shared: str = ""
    value: str | None = None


class Gathered:
    """Gathers details of one sheet."""

    def __init__(self, formats: dict[str, str], *, fresh: bool) -> None:
        self.formats, self.fresh = formats, fresh
        self.hidden_rows: list[int] = []
        self.hidden_columns: list[tuple[int, int]] = []
        self.marks: list[tuple[int, int, str]] = []
        self.shown: list[tuple[int, int, str]] = []
        self.outside: set[str] = set()

    def take(self, cell: Cell) -> None:
        """Note what is to be known about a cell."""
        here = (cell.row, cell.column)
        if cell.kind == "e":
            self.marks.append((*here, (cell.value or "").strip() or "#VALUE!"))
        elif cell.formula is not None and (mark := self._formula(cell, cell.formula)):
            self.marks.append((*here, mark))
        if cell.kind == "n" and cell.value and (code := self.formats.get(cell.style)):
            self.shown.append((*here, code))

    def hide_columns(self, first: str, last: str) -> None:
        """Note that columns, counted from 1, are hidden."""
        if first.isdecimal() and last.isdecimal():
            self.hidden_columns.append((int(first) - 1, min(int(last), 16_384) - 1))

    def details(self) -> Details:
        """Return what belongs into the message."""
        found: Details = {"hidden_rows": self.hidden_rows, "hidden_columns": self.hidden_columns}
        return {**found, "marks": self.marks, "formats": self.shown}

    def _formula(self, cell: Cell, formula: str) -> str:
        """Return what is wrong with a formula."""
        value = (cell.value or "").strip()
        if not value and not (cell.kind == "str" and cell.value is not None):
            return "uncached"
        if self.fresh and cell.kind == "n" and value == "0":
            return "uncached"  # written by a program that computes nothing and puts a 0 in place of each result
        outside = bool(EXTERNAL.search(formula.replace("&quot;", '"'))) or (not formula and cell.shared in self.outside)
        if outside and cell.shared:
            self.outside.add(cell.shared)
        return "external" if outside else ""


# --- the short way, for sheets as Excel, LibreOffice and the usual libraries write them ------------------------------

_REFERENCE = rb'<c r="([A-Z]{1,3})([0-9]{1,7})"'
_VALUE = rb"((?:<v>[^<]*</v>|<v ?/>)?)</c>"
_WITH_FORMULA = re.compile(_REFERENCE + rb"([^<>]*)><f([^<>]*?)(?:/>|>([^<]*)</f>)" + _VALUE)
_WITH_ERROR = re.compile(_REFERENCE + rb'([^<>]*\bt="e"[^<>]*)>' + _VALUE)
_ATTRIBUTE = re.compile(rb' (t|s|si|hidden|ht|min|max|width)="([^"<>]*)"')


def _usual(data: bytes) -> bool:
    """Tell whether every cell and row is named and nothing stands there that would deceive a search of bytes."""
    if b"<!" in data or b"<sheetData" not in data or b"<c>" in data or b"<row>" in data:
        return False
    if data.count(b"hidden") != data.count(b'hidden="') or b"'e'" in data or data.count(b'"e"') != data.count(b't="e"'):
        return False
    return data.count(b"<c ") == data.count(b'<c r="') and data.count(b"<row ") == data.count(b'<row r="')


def _short(data: bytes, sheet: Gathered, *, styled: bool) -> bool:
    """Gather what searches of bytes find; return False when they do not find all that is there."""
    formulas = _WITH_FORMULA.findall(data)
    if len(formulas) != sum(map(data.count, (b"<f>", b"<f ", b"<f/"))):
        return False
    errors = _WITH_ERROR.findall(data) if b't="e"' in data else []
    if len(errors) + sum(b't="e"' in cell[2] for cell in formulas) != data.count(b't="e"'):
        return False
    numbers = []
    if styled:
        any_of = "|".join(sheet.formats).encode()
        numbers = re.findall(_REFERENCE + rb'([^<>]*\bs="(?:' + any_of + rb')"[^<>]*)>' + _VALUE, data)
    for column, row, about, more, formula, value in formulas:
        key = dict(_ATTRIBUTE.findall(more)).get(b"si", b"") if more else b""
        sheet.take(_cell((column, row, about), value, formula.decode("utf-8", "replace"), key.decode()))
    for column, row, about, value in [*errors, *(cell for cell in numbers if b't="e"' not in cell[2])]:
        sheet.take(_cell((column, row, about), value))
    _hidden(data, sheet)
    return True


def _cell(found: tuple[bytes, bytes, bytes], value: bytes, formula: str | None = None, shared: str = "") -> Cell:
    """Return a cell of what a search found: letters of the column, number of the row, other attributes."""
    column, row, about = found
    told = _told(about)
    text = value[3:-4].decode("utf-8", "replace") if value.startswith(b"<v>") else "" if value else None
    at = (int(row) - 1, column_number(column.decode()))
    return Cell(*at, told.get("t", "n"), told.get("s", "0"), formula, shared, text)


def _hidden(data: bytes, sheet: Gathered) -> None:
    if b"hidden=" in data or b' ht="0' in data:
        for row, about in re.findall(rb'<row r="([0-9]{1,9})"([^<>]*)>', data):
            told = _told(about)
            if truth(told.get("hidden")) or _zero(told.get("ht")):
                sheet.hidden_rows.append(int(row) - 1)
    if b"hidden=" in data or b' width="0' in data:
        for about in re.findall(rb"<col( [^<>]*)>", data):
            told = _told(about)
            if truth(told.get("hidden")) or _zero(told.get("width")):
                sheet.hide_columns(told.get("min", ""), told.get("max", ""))


def _told(about: bytes) -> dict[str, str]:
    return {key.decode(): value.decode("utf-8", "replace") for key, value in _ATTRIBUTE.findall(about)}


# --- the long way, for all others ------------------------------------------------------------------------------------


class _Walker:
    """Goes through a sheet element by element."""

    def __init__(self, sheet: Gathered) -> None:
        self.sheet = sheet
        self.cell = Cell(-1, -1, "n", "0")
        self.taking = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        cell = self.cell
        if name == "c":
            found = place(attributes["r"]) if "r" in attributes else None
            row, column = found or (cell.row, cell.column + 1)
            self.cell = Cell(row, column, attributes.get("t", "n"), attributes.get("s", "0"))
        elif name == "v":
            cell.value, self.taking = "", "v"
        elif name == "f":
            cell.formula, self.taking = "", "f"
            cell.shared = attributes.get("si", "")
        elif name == "row":
            told = attributes.get("r", "").strip()
            row = int(told) - 1 if told.isdecimal() and len(told) < 10 else cell.row + 1
            self.cell = Cell(row, -1, "n", "0")
            if truth(attributes.get("hidden")) or _zero(attributes.get("ht")):
                self.sheet.hidden_rows.append(row)
        elif name == "col" and (truth(attributes.get("hidden")) or _zero(attributes.get("width"))):
            self.sheet.hide_columns(attributes.get("min", ""), attributes.get("max", ""))

    def text(self, data: str) -> None:
        if self.taking == "v":
            self.cell.value = (self.cell.value or "") + data
        elif self.taking == "f":
            self.cell.formula = (self.cell.formula or "") + data

    def end(self, name: str) -> None:
        if name == "c":
            self.sheet.take(self.cell)
        elif name in {"v", "f"}:
            self.taking = ""


def _zero(text: str | None) -> bool:
    try:
        return text is not None and float(text) == 0
    except ValueError:
        return False

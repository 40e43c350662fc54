"""A workbook's bytes to the plain message that the parent makes a `raw.Book` of; runs in the isolated process."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from itertools import zip_longest
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from danvan_kit.forms import extent, number_formats, packages, second_look, second_ods, second_xls, zips
from danvan_kit.forms.preflight import MOST_CELLS, MOST_SHEETS, Refused

Message = dict[str, Any]
LARGEST_MERGED = 100_000


class UnknownError(Exception):
    """An error value in a cell that the library does not know."""


def read_workbook(data: bytes, kind: str) -> Message:
    """Return the message on a workbook.

    Parameters
    ----------
    data
        The file.
    kind
        What its first bytes say: ``zip`` or ``xls``.
    """
    if kind == "xls":
        sheets = _sheets(data)
        details, notes = second_xls.look(data)
        for sheet in sheets:
            _add(sheet, details.get(sheet["name"], {}))
        notes += ["macros"] if "_VBA_PROJECT_CUR".encode("utf-16-le") in data else []
    else:
        kind, notes, sheets = _zipped(data)
    if not any(sheet["rows"] for sheet in sheets):
        raise Refused("F02", ("không có ô nào có giá trị", "no cell has a value"))
    return {"kind": kind, "notes": notes, "sheets": sheets}


def _zipped(data: bytes) -> tuple[str, list[str], list[Message]]:
    parts = zips.unpack(data, packages.IDLE)
    kind, notes = packages.kind_of(parts)
    parts = packages.safe(parts, kind)
    if kind == "ods":
        tables = second_ods.look(parts.get("content.xml", b"<none/>"), parts.get("styles.xml", b""))
        sheets = _sheets(zips.pack(parts))
        found = {table.name: table.details() for table in tables}
        details = [found.get(sheet["name"]) for sheet in sheets]
    elif kind == "xlsb":
        sheets = _sheets(zips.pack(parts))
        details = [None]
    else:
        sheets, details = _xlsx(parts)
    for sheet, more in zip(sheets, details, strict=False):
        _add(sheet, more or {})
    return kind, [*notes, *([second_look.UNSEEN] if None in details else [])], sheets


def _xlsx(parts: dict[str, bytes]) -> tuple[list[Message], list[Message | None]]:
    known, fresh = second_look.sheet_parts(
        parts.get("xl/workbook.xml", b"<none/>"), parts.get("xl/_rels/workbook.xml.rels", b"<none/>")
    )
    names = {part: name for name, part in known}
    for part, data in parts.items():
        if b"sheetData" in data:
            extent.too_far(names.get(part, part), data)
    try:
        sheets = _sheets(zips.pack(parts))
    except UnknownError:
        sheets = _sheets(zips.pack(packages.with_known_errors(parts)))
    formats = number_formats.of_styles(parts.get("xl/styles.xml", b"<none/>"))
    details: list[Message | None] = []
    for sheet, (name, part) in zip_longest(sheets, known, fillvalue=("", "")):
        same = isinstance(sheet, dict) and sheet["name"] == name and part in parts
        details.append(second_look.look(parts[part], formats, fresh=fresh) if same else None)
    return sheets, details


def _sheets(data: bytes) -> list[Message]:
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            known = book.sheets_metadata
            if not known:
                raise Refused("F05", ("không có trang nào", "no sheet at all"))
            if len(known) > MOST_SHEETS:
                raise Refused("F06", (f"{len(known)} trang", f"{len(known)} sheets"))
            left = MOST_CELLS
            found = []
            for index, about in enumerate(known):
                sheet = _sheet(book, index, about, left)
                left -= sum(map(len, sheet["rows"]))
                found.append(sheet)
            return found
    except PasswordError as err:
        raise Refused("F04", ("tệp đã mã hóa", "an encrypted file")) from err
    except CalamineError as err:
        if "Unsupported cell error value" in str(err):
            raise UnknownError from err
        told = " ".join(str(err).split())[:100]
        raise Refused("F05", (f"không đọc được: {told}", f"it cannot be read: {told}")) from err


def _sheet(book: CalamineWorkbook, index: int, about: Any, left: int) -> Message:  # noqa: ANN401 - a class of the library
    found: Message = {"name": about.name, "hidden": about.visible != SheetVisibleEnum.Visible, "rows": []}
    if about.typ != SheetTypeEnum.WorkSheet:
        return found  # a chart or a sheet of macros has no cells to read
    sheet = book.get_sheet_by_index(index)
    if sheet.end is not None:
        extent.check_size(sheet.end[0] + 1, sheet.end[1] + 1, left, about.name)
    found["rows"] = sheet.to_python(skip_empty_area=False)
    found["merged"] = [[*first, *last] for first, last in sheet.merged_cell_ranges or ()]
    return found


def _add(sheet: Message, details: Message) -> None:
    """Put what the second look saw into the message on a sheet."""
    rows = sheet["rows"]
    for row, column, mark in details.get("marks", ()):
        while len(rows) <= row:
            rows.append([])
        cells = rows[row]
        cells.extend([""] * (column + 1 - len(cells)))
        if mark != "external":  # an error in words is no figure; what was never computed is nothing
            cells[column] = "" if mark == "uncached" else mark
    height, width = len(rows), max(map(len, rows), default=0)
    sheet.update(details)
    sheet["hidden_rows"] = [row for row in details.get("hidden_rows", ()) if row < height]
    ranges = details.get("hidden_columns", ())
    sheet["hidden_columns"] = sorted({n for first, last in ranges for n in range(first, min(last + 1, width))})
    sheet["merged"] = [_within(each, height, width) for each in sheet.get("merged", ())]


def _within(merged: Sequence[int], height: int, width: int) -> Sequence[int]:
    """Return a merged range; one over a whole sheet is cut to the part that has values."""
    top, left, bottom, right = merged
    if (bottom - top + 1) * (right - left + 1) <= LARGEST_MERGED:
        return merged
    return (top, left, max(top, min(bottom, height - 1)), max(left, min(right, width - 1)))


def plain(value: object) -> object:
    """Return what JSON has no word for: dates as such, times of day and spans of time as texts."""
    if isinstance(value, dt.date):
        return {"d": value.isoformat()}
    return str(value)

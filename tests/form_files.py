"""Sheets as offices lay them out, written as .xlsx (two ways), .ods and .csv."""

from __future__ import annotations

import csv
import datetime as dt
import io
import unicodedata
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import openpyxl
import xlsxwriter

MADE = dt.datetime(2010, 2, 25)  # noqa: DTZ001 - the file formats know no zone


@dataclass
class Written:
    """A cell: what stands there, its number format, and the formula behind it (with its result as the value)."""

    value: str | float | None
    format: str = ""
    formula: str = ""


@dataclass
class Page:
    """A sheet before it is a file."""

    name: str
    cells: dict[tuple[int, int], Written] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden: bool = False
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)

    def put(self, row, column, value, format="", formula=""):  # noqa: A002 - the word of the trade
        """Write a cell."""
        self.cells[row, column] = Written(value, format, formula)

    def merge(self, row, column, last_row, last_column):
        """Merge a range; one cell stays as it is."""
        if (row, column) != (last_row, last_column):
            self.merged.append((row, column, last_row, last_column))

    def shown(self):
        """Return the rows as texts."""
        height, width = (1 + max(place[i] for place in self.cells) for i in (0, 1))
        rows = [[""] * width for _ in range(height)]
        for (row, column), cell in self.cells.items():
            whole = isinstance(cell.value, float) and cell.value.is_integer()
            rows[row][column] = "" if cell.value is None else str(int(cell.value) if whole else cell.value)
        return rows


# --- xlsx -------------------------------------------------------------------------------------------------------------


def xlsx(path: Path, pages: list[Page]) -> None:
    """Write with xlsxwriter: formulas keep their results."""
    book = xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True})
    book.set_properties({"created": MADE})
    looks = {"": book.add_format({"border": 1, "text_wrap": True})}
    for page in pages:
        sheet = book.add_worksheet(page.name)
        for r1, c1, r2, c2 in page.merged:
            sheet.merge_range(r1, c1, r2, c2, "", looks[""])
        for (row, column), cell in sorted(page.cells.items()):
            look = looks.setdefault(cell.format, book.add_format({"num_format": cell.format, "border": 1}))
            if cell.formula:
                sheet.write_formula(row, column, cell.formula, look, cell.value)
            elif cell.value is None:
                sheet.write_blank(row, column, None, look)
            elif isinstance(cell.value, str):
                sheet.write_string(row, column, cell.value, look)
            else:
                sheet.write_number(row, column, cell.value, look)
        for row in sorted(page.hidden_rows):
            sheet.set_row(row, None, None, {"hidden": True})
        for column in sorted(page.hidden_columns):
            sheet.set_column(column, column, None, None, {"hidden": True})
        if page.hidden:
            sheet.hide()
    book.close()


def xlsx_bare(path: Path, pages: list[Page]) -> None:
    """Write with openpyxl: formulas have no results."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for page in pages:
        sheet = book.create_sheet(page.name)
        for (row, column), cell in sorted(page.cells.items()):
            made = sheet.cell(row + 1, column + 1, cell.formula or cell.value)
            made.number_format = cell.format or "General"
            if cell.value is None and not cell.formula:
                made.font = openpyxl.styles.Font(bold=True)  # an empty cell with a look
        for r1, c1, r2, c2 in page.merged:
            sheet.merge_cells(start_row=r1 + 1, start_column=c1 + 1, end_row=r2 + 1, end_column=c2 + 1)
        for row in page.hidden_rows:
            sheet.row_dimensions[row + 1].hidden = True
        for column in page.hidden_columns:
            sheet.column_dimensions[openpyxl.utils.get_column_letter(column + 1)].hidden = True
        sheet.sheet_state = "hidden" if page.hidden else "visible"
    book.save(path)


# --- ods --------------------------------------------------------------------------------------------------------------

_SPACES = {name: f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0" for name in ("office", "table", "text")}
_SPACES["of"] = "urn:oasis:names:tc:opendocument:xmlns:of:1.2"  # formulas
_ODS = "application/vnd.oasis.opendocument.spreadsheet"


def ods(path: Path, pages: list[Page]) -> None:
    """Write the least that is an OpenDocument spreadsheet."""
    spaces = " ".join(f'xmlns:{name}="{uri}"' for name, uri in _SPACES.items())
    tables = "".join(map(_table, pages))
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces} office:version="1.2"><office:body>'
        f"<office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="{kind}"/>'
        for name, kind in (("/", _ODS), ("content.xml", "text/xml"))
    )
    manifest = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">{entries}'
        "</manifest:manifest>"
    )
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in (("mimetype", _ODS), ("content.xml", content), ("META-INF/manifest.xml", manifest)):
            packed = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name), text, packed)


def _table(page):
    width = 1 + max(column for _, column in page.cells)
    spans = {(r1, c1): (r2 - r1 + 1, c2 - c1 + 1) for r1, c1, r2, c2 in page.merged}
    covered = {(r, c) for r1, c1, r2, c2 in page.merged for r in range(r1, r2 + 1) for c in range(c1, c2 + 1)}
    columns = "".join(
        f"<table:table-column{_hidden(column in page.hidden_columns)}/>" for column in range(width)
    )  # fmt: skip
    rows = []
    for row in range(1 + max(row for row, _ in page.cells)):
        cells = [_cell(page.cells.get((row, c)), spans.get((row, c)), (row, c) in covered) for c in range(width)]
        rows.append(f"<table:table-row{_hidden(row in page.hidden_rows)}>{''.join(cells)}</table:table-row>")
    return f"<table:table table:name={quoteattr(page.name)}>{columns}{''.join(rows)}</table:table>"


def _hidden(is_hidden):
    return ' table:visibility="collapse"' if is_hidden else ""


def _cell(cell, span, covered):
    if covered and not span:
        return "<table:covered-table-cell/>"
    told = f' table:number-rows-spanned="{span[0]}" table:number-columns-spanned="{span[1]}"' if span else ""
    if cell is None or cell.value is None:
        return f"<table:table-cell{told}/>"
    if cell.formula:
        told += f" table:formula={quoteattr('of:' + cell.formula)}"
    if isinstance(cell.value, str):
        lines = "".join(f"<text:p>{escape(line)}</text:p>" for line in cell.value.split("\n"))
        return f'<table:table-cell office:value-type="string"{told}>{lines}</table:table-cell>'
    shown = f'office:value-type="float" office:value="{cell.value!r}"'
    return f"<table:table-cell {shown}{told}><text:p>{cell.value}</text:p></table:table-cell>"


# --- csv --------------------------------------------------------------------------------------------------------------


def text(path: Path, page: Page, delimiter: str, encoding: str) -> None:
    """Write one sheet as text."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows(page.shown())
    path.write_bytes(cp1258(out.getvalue()) if encoding == "cp1258" else out.getvalue().encode(encoding))


def cp1258(written: str) -> bytes:
    """Encode as old Windows did: letters that have no byte of their own as a base letter and a tone mark."""
    return b"".join(_bytes(letter) for letter in unicodedata.normalize("NFC", written))


def _bytes(letter):
    try:
        return letter.encode("cp1258")
    except UnicodeEncodeError:
        marks = unicodedata.normalize("NFD", letter)
        tone = next(mark for mark in marks if mark in "\u0300\u0301\u0303\u0309\u0323")
        base = unicodedata.normalize("NFC", marks.replace(tone, ""))
        return base.encode("cp1258") + tone.encode("cp1258")

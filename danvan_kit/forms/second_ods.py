"""What calamine leaves out of .ods: the true extent, merged ranges, hidden parts, errors, formulas, number formats."""

from __future__ import annotations

import re
from typing import Any

from danvan_kit.forms.extent import refuse_far
from danvan_kit.forms.markup import walk
from danvan_kit.forms.number_formats import telling
from danvan_kit.forms.preflight import MOST_CELLS, MOST_COLUMNS, MOST_ROWS

DATA_STYLES = {"number-style", "percentage-style", "currency-style"}
ERROR = re.compile(r"\s*(#[A-Z][A-Z0-9/]*[!?]?|Err:\d+)\s*")
EXTERNAL = re.compile(r"'file:|\bfile:/|\bhttps?:", re.IGNORECASE)


class Table:
    """One sheet as its markup tells it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.row = self.column = 0
        self.height = self.width = 0
        self.repeated = 1
        self.columns: list[tuple[int, int, str]] = []
        self.hidden_rows: list[int] = []
        self.hidden_columns: list[tuple[int, int]] = []
        self.merged: list[tuple[int, int, int, int]] = []
        self.marks: list[tuple[int, int, str]] = []
        self.formats: list[tuple[int, int, str]] = []

    def details(self) -> dict[str, Any]:
        """Return what belongs into the message."""
        names = ("merged", "hidden_rows", "hidden_columns", "marks", "formats")
        return {name: getattr(self, name) for name in names}


def look(content: bytes, styles: bytes) -> list[Table]:
    """Return every sheet of a document, refusing one whose values reach beyond the limits."""
    looker = _Looker()
    if styles:
        walk(styles, looker.start, looker.end, looker.text)
        looker.tables.clear()
    walk(content, looker.start, looker.end, looker.text)
    return looker.tables


class _Looker:
    """Gathers sheets while a document is walked through."""

    def __init__(self) -> None:
        self.tables: list[Table] = []
        self.codes: dict[str, str] = {}
        self.cell_styles: dict[str, tuple[str, str]] = {}
        self.data_style = ""
        self.depth = 0
        self.cell: dict[str, str] | None = None
        self.written: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "table":
            self.depth += 1
            if self.depth == 1:
                self.tables.append(Table(_of(attributes, "name")))
        elif self.depth == 1:
            self._inside(name, attributes)
        elif not self.depth:
            self._style(name, attributes)

    def end(self, name: str) -> None:
        if name == "table":
            self.depth -= 1
        elif name in DATA_STYLES:
            self.data_style = ""
        elif self.depth == 1 and self.cell is not None and name in {"table-cell", "covered-table-cell"}:
            self._close(self.tables[-1], self.cell)
        elif self.depth == 1 and name == "table-row":
            table = self.tables[-1]
            table.row += table.repeated

    def text(self, data: str) -> None:
        if self.cell is not None and len(self.written) < 20:
            self.written.append(data)

    def _style(self, name: str, attributes: dict[str, str]) -> None:
        if name in DATA_STYLES:
            self.data_style = _of(attributes, "name")
            self.codes[self.data_style] = "0%" if name == "percentage-style" else "0"
        elif name == "number" and self.data_style:
            self._code(attributes)
        elif name in {"scientific-number", "fraction"} and self.data_style:
            self.codes[self.data_style] = "0.00E+00" if name == "scientific-number" else "# ?/?"
        elif name == "style" and _of(attributes, "family") == "table-cell":
            told = (_of(attributes, "data-style-name"), _of(attributes, "parent-style-name"))
            self.cell_styles[_of(attributes, "name")] = told

    def _code(self, attributes: dict[str, str]) -> None:
        """Write a number style as a format code."""
        tail = "%" if self.codes.get(self.data_style, "").endswith("%") else ""
        code = "#,##0" if _of(attributes, "grouping") == "true" else "0"
        if places := _count(attributes, "decimal-places", 0):
            code += "." + "0" * min(places, 20)
        factor = _of(attributes, "display-factor")
        code += "," * (len(factor.split(".")[0]) // 3 if factor and factor != "1" else 0)
        self.codes[self.data_style] = code + tail

    def _inside(self, name: str, attributes: dict[str, str]) -> None:
        table = self.tables[-1]
        if name == "table-column":
            many = _count(attributes, "number-columns-repeated", 1)
            first = table.columns[-1][1] + 1 if table.columns else 0
            table.columns.append((first, first + many - 1, _of(attributes, "default-cell-style-name")))
            if _of(attributes, "visibility") in {"collapse", "filter"}:
                table.hidden_columns.append((first, min(first + many - 1, 16_383)))
        elif name == "table-row":
            table.column = 0
            table.repeated = _count(attributes, "number-rows-repeated", 1)
            if _of(attributes, "visibility") in {"collapse", "filter"}:
                last = min(table.row + table.repeated, MOST_ROWS)
                table.hidden_rows.extend(range(table.row, last))
        elif name in {"table-cell", "covered-table-cell"}:
            self.cell, self.written = attributes, []
        elif name == "p" and self.cell is not None and self.written:
            self.written.append("\n")

    def _close(self, table: Table, cell: dict[str, str]) -> None:
        many, self.cell = _count(cell, "number-columns-repeated", 1), None
        first, table.column = table.column, table.column + many
        down, right = _count(cell, "number-rows-spanned", 1), _count(cell, "number-columns-spanned", 1)
        if down * right > 1:
            table.merged.append((table.row, first, table.row + down - 1, first + right - 1))
        kind, text = _of(cell, "value-type"), "".join(self.written)
        formula = _of(cell, "formula")
        if not kind and not text and not formula:
            return
        table.height = max(table.height, table.row + table.repeated)
        table.width = max(table.width, first + many)
        if table.height > MOST_ROWS or table.width > MOST_COLUMNS or table.height * table.width > MOST_CELLS:
            refuse_far(table.name, table.row + table.repeated - 1, first + many - 1)
        mark = self._mark(cell, kind, text, formula)
        code = self._format(table, cell, first) if kind in {"float", "percentage", "currency"} else ""
        for row in range(table.row, table.row + table.repeated if mark or code else 0):
            table.marks += [(row, column, mark) for column in range(first, first + many) if mark]
            table.formats += [(row, column, code) for column in range(first, first + many) if code]

    @staticmethod
    def _mark(cell: dict[str, str], kind: str, text: str, formula: str) -> str:
        if "calcext:value-type" in cell and cell["calcext:value-type"] == "error":
            return text.strip() or "#VALUE!"
        if formula:
            if ERROR.fullmatch(text):
                return text.strip()
            if not kind and not text:
                return "uncached"
            if EXTERNAL.search(formula):
                return "external"
        return ""

    def _format(self, table: Table, cell: dict[str, str], column: int) -> str:
        style = _of(cell, "style-name")
        if not style:
            style = next((s for first, last, s in table.columns if first <= column <= last), "")
        for _ in range(10):  # styles lean on others; a ring of them must not hold us
            data, parent = self.cell_styles.get(style, ("", ""))
            if data or not parent:
                code = self.codes.get(data, "")
                return code if telling(code) else ""
            style = parent
        return ""


def _of(attributes: dict[str, str], local: str) -> str:
    """Return an attribute by its name without prefix; that of the standard before that of an extension."""
    for prefix in ("table:", "office:", "style:", "number:"):
        if prefix + local in attributes:
            return attributes[prefix + local]
    return next((value for name, value in attributes.items() if name.rpartition(":")[2] == local), "")


def _count(attributes: dict[str, str], local: str, default: int) -> int:
    text = _of(attributes, local).strip()
    return min(int(text[:12]), 10**9) if text.isdecimal() else default

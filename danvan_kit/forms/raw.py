"""What a file holds before anybody decides what it means: sheets of cells, as typed, each at its own address."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TypeAlias

Cell: TypeAlias = str | int | float | bool | dt.date | None
"""Text as written, a typed number (`float`, `int` where the file says so), a truth value, a date, or nothing."""

Place: TypeAlias = tuple[int, int]
"""Row and column, counted from 0."""


@dataclass(frozen=True)
class Sheet:
    """One sheet.

    Attributes
    ----------
    name
        Its name; of a text file its stem.
    rows
        Cells from A1 on, row by row; rows may differ in length. Empty cells are None.
    merged
        Merged ranges: first row, first column, last row, last column.
    hidden
        Whether the whole sheet is hidden.
    hidden_rows, hidden_columns
        Which rows and columns are.
    marks
        What is wrong with a cell's value: ``"uncached"`` (a formula without its result), ``"external"`` (a formula that
        reads another workbook), or an error such as ``"#DIV/0!"``.
    formats
        The number format of typed numbers whose format changes how they look: decimals, percent, scaling.
    """

    name: str
    rows: tuple[tuple[Cell, ...], ...]
    merged: tuple[tuple[int, int, int, int], ...] = ()
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    marks: dict[Place, str] = field(default_factory=dict)
    formats: dict[Place, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Book:
    """One file.

    Attributes
    ----------
    kind
        What its bytes are: ``xlsx, xlsm, xlsb, xls, ods, csv``.
    digest
        SHA-256 of its bytes, hexadecimal.
    sheets
        Its sheets, in order.
    notes
        What a reader should know, each ``"macros"``, ``"external links"``, ``"hidden parts cannot be seen"`` or
        ``"encoding tcvn3"`` and its like.
    """

    kind: str
    digest: str
    sheets: tuple[Sheet, ...]
    notes: tuple[str, ...] = ()


def source(file: str, sheet: str, cell: str) -> str:
    """Return where a figure stands, as observations say it: ``file#sheet!cell``; a ``#`` in the file's name as %23."""
    return f"{file.replace('#', '%23')}#{sheet}!{cell}"


def stands(source: str) -> tuple[str, str, str]:
    """Return file, sheet and cell of a `source`."""
    file, _, place = source.partition("#")
    sheet, _, cell = place.rpartition("!")
    return file.replace("%23", "#"), sheet, cell


def address(row: int, column: int) -> str:
    """Return the address of a cell counted from 0: ``address(4, 2)`` is ``"C5"``."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"

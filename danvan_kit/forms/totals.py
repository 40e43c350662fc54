"""Whether a form adds up: the arithmetic of its column numbers in each row, each column against its totals."""

from __future__ import annotations

from typing import cast

from danvan_kit.forms import numbers, sums
from danvan_kit.forms.grid import Column, Row, blank
from danvan_kit.forms.trouble import shown
from danvan_kit.forms.work import Work


def read_sums(w: Work, column: Column) -> None:
    """Read a column that is only checked."""
    rows = [r for r in w.data if (r, column.index) not in w.lost and not blank(w.cell(r, column.index))]
    for row, reading in zip(rows, numbers.decide([w.cell(r, column.index) for r in rows]), strict=True):
        w.readings[row, column.index] = reading


def number(w: Work, row: int, column: int) -> float | None:
    """Return what is surely known of a cell of the total rows or the checked columns; blanks are nothing."""
    if (row, column) in w.readings:
        reading = w.readings[row, column]
        return None if not reading.status else reading.value or 0.0
    if (row, column) in w.lost:
        return None
    (reading,) = numbers.decide([w.cell(row, column)])
    return None if not reading.status else reading.value or 0.0


def add_up(w: Work) -> None:
    """Check the arithmetic of column numbers in each row, and each column against its totals."""
    stated = [c for c in w.table.columns if c.code and c.code.terms and c.role in {"figure", "sum"}]
    by_number = {c.code.number: c.index for c in w.table.columns if c.code}
    for row in w.table.rows:
        if row.role in {"data", "total", "subtotal"}:
            for column in stated:
                check_row(w, row, column, by_number)
    if w.by_area:
        for column in (*w.figures, *w.table.of("sum")):
            check_column(w, column)


def check_row(w: Work, row: Row, column: Column, by_number: dict[int, int]) -> None:
    """Check one cell against the arithmetic of its column."""
    code = column.code
    if code is None or blank(w.cell(row.index, column.index)):
        return
    used = {n for _, n in code.terms if n in by_number}
    known = {n: number(w, row.index, by_number[n]) for n in used}
    have = number(w, row.index, column.index)
    if have is None or None in known.values():
        return
    want = sums.value(code.terms, cast("dict[int, float]", known))
    gap = 0.0 if want is None else abs(want - have)
    if want is not None and gap > (1e-9 if sums.exact(code.terms) else max(0.06, abs(want) * 0.001)):
        place = (row.index, column.index)
        is_, should = shown(have), shown(want)
        found = (f"{is_[0]}, nhưng {code.text} cho {should[0]}", f"{is_[1]}, but {code.text} gives {should[1]}")
        w.tell("C06", place, found)


def check_column(w: Work, column: Column) -> None:
    """Check totals and subtotals of a column, unless some of its figures are in doubt."""
    group: list[float | None] = []
    everything: list[float | None] = []
    totals: list[int] = []
    open_group: int | None = None
    pending: list[tuple[int, list[float | None]]] = []
    for row in w.table.rows:
        if row.role == "data":
            value = number(w, row.index, column.index)
            group.append(value)
            everything.append(value)
        elif row.role in {"group", "subtotal"}:
            if open_group is not None:
                pending.append((open_group, group))
            open_group, group = (row.index if row.role == "subtotal" else None), []
        elif row.role == "total":
            totals.append(row.index)
    if open_group is not None:
        pending.append((open_group, group))
    pending += [(row, everything) for row in totals]
    for row_index, parts in pending:
        have = number(w, row_index, column.index)
        if have is None or blank(w.cell(row_index, column.index)) or None in parts or not parts:
            continue
        want = sum(p for p in parts if p is not None)
        if have != want:
            place = (row_index, column.index)
            is_, should = shown(have), shown(want)
            found = (f"{is_[0]}, các dòng cộng lại là {should[0]}", f"{is_[1]}, the rows add up to {should[1]}")
            w.tell("C06", place, found)

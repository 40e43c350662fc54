"""Sheets written as one looks at them: rows are lines, cells stand between bars; digits alone are typed numbers."""

from __future__ import annotations

import re
from types import SimpleNamespace

from danvan_kit.forms import grid, layouts
from danvan_kit.forms.above import read_above
from danvan_kit.forms.batch import Batch
from danvan_kit.forms.filled import read_table
from danvan_kit.forms.known import Known
from danvan_kit.forms.raw import Book, Sheet, address

TITLE = """
Biểu số 1
Đơn vị báo cáo: | Phường Phúc Xá, Quận Ba Đình
Năm báo cáo: | 2014
"""
DISTRICT = """
Biểu số 2
Đơn vị báo cáo: | Quận Ba Đình
Số liệu tính từ ngày 01/01/2014 đến ngày 31/12/2014
"""


def cell(text):
    text = text.strip()
    if re.fullmatch(r"-?\d{1,15}|-?\d+\.\d+f", text):
        return float(text.rstrip("f"))
    return text.strip("'").replace("\\n", "\n") or None


def sheet(text, name="Biểu", **more):
    """Make a sheet; ``27.739f`` is a typed fraction, ``'5'`` text."""
    rows = tuple(tuple(cell(c) for c in line.split("|")) for line in text.strip("\n").split("\n"))
    return Sheet(name, rows, **more)


def known(review, own=None):
    return Known(review, layouts.layouts(review.indicators, own))


def table_of(review, one):
    """Find the first table of a sheet."""
    return grid.tables(one, known(review).layouts["*"])[0]


def filled(review, one):
    """Read the first table of a sheet: figures by address, troubles as (code, cell), counts by row as Excel counts."""
    all_known = known(review)
    layout = all_known.layouts["*"]
    table = grid.tables(one, layout)[0]
    above = read_above(one, table, all_known, "t.xlsx")
    out = read_table(one, table, above, all_known, layout=layout, file="t.xlsx")
    return SimpleNamespace(
        figures={address(f.row, f.column): f for f in out.figures},
        values={address(f.row, f.column): f.value for f in out.figures if f.status == "reported"},
        troubles=[(t.code, t.cell) for t in (*above.troubles, *out.troubles)],
        messages=[t.message("vi") for t in (*above.troubles, *out.troubles)],
        counts={row + 1: c for row, c in out.counts.items()},
        above=above,
        table=table,
    )


def batch(review, *sheets, name="t.xlsx"):
    """Read sheets as one file."""
    one = Batch(known(review))
    one.add(name, name, Book("xlsx", "d" * 64, sheets))
    return one.result("vi")

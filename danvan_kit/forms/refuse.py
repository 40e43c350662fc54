"""Reasons why a cell may not be read, whatever it says: an unknown column, hidden, merged, an error, there twice."""

from __future__ import annotations

from collections import defaultdict

from danvan_kit.forms.above import scaled
from danvan_kit.forms.grid import blank, text
from danvan_kit.forms.raw import address
from danvan_kit.forms.trouble import quoted
from danvan_kit.forms.whose import Named
from danvan_kit.forms.work import Work, span

LEAST_LIKE = 0.6
"""Less like than this, known words say nothing about an unknown header."""


def unknown_columns(w: Work) -> None:
    """Ask about columns whose header nobody knows; say which are left out on purpose."""
    for column in w.table.columns:
        filled = [p for p in w.column_cells(column) if not blank(w.cell(*p))]
        if column.role == "unknown" and filled:
            near = column.meaning
            found = quoted(column.text)
            allowed = None
            if near.score >= LEAST_LIKE:
                score = f"{near.score:.2f}".replace(".", ",")
                allowed = (
                    f"tiêu đề đã biết, gần nhất là “{near.nearest}” (giống {score})",
                    f"a known header; the nearest is “{near.nearest}” (likeness {near.score:.2f})",
                )
            w.tell("Q01", column.place, found, allowed=allowed)
            w.lose(filled, "Q01")
        elif column.role == "other" and filled:
            w.tell("N01", column.place, (f"cột {quoted(column.text)} không phải số thực hiện, không đọc",
                                            f"column {quoted(column.text)} is no result and was not read"))  # fmt: skip
    numeric = [p for c in w.ratios for p in w.column_cells(c) if isinstance(w.cell(*p), int | float)]
    if numeric:
        w.tell("N01", numeric[0], ("tỷ lệ được tính lại từ tử số và mẫu số, không lấy số trong biểu",
                                      "ratios are recomputed from their parts, not taken from the form"))  # fmt: skip


def hidden(w: Work) -> None:
    """Refuse figures in hidden rows and columns."""
    figures = [*w.figures, *w.table.of("unknown")]
    for row in sorted(w.sheet.hidden_rows & set(w.data)):
        if gone := w.lose([(row, c.index) for c in figures], "C01"):
            w.tell("C01", span(gone), w.named_cell(row))
        w.lose_all((row, c.index) for c in figures)  # a blank that nobody sees is no missing figure
    for column in figures:
        if column.index in w.sheet.hidden_columns:
            if gone := w.lose(w.column_cells(column), "C01"):
                w.tell("C01", span(gone), quoted(column.text))
            w.lose_all(w.column_cells(column))


def merged(w: Work) -> None:
    """Refuse a merged cell that covers several figures."""
    columns = {c.index for c in (*w.figures, *w.table.of("unknown"))}
    rows = set(w.data)
    for first, left, last, right in w.sheet.merged:
        if right - left > 1000 or last - first > 20000:
            continue
        cells = [(r, c) for c in range(left, right + 1) if c in columns for r in range(first, last + 1) if r in rows]
        if len(cells) > 1 and not blank(w.cell(first, left)):
            w.lost |= {p: "problem" for p in cells if p not in w.lost}
            w.tell("C02", f"{address(first, left)}:{address(last, right)}", quoted(w.cell(first, left)))


def marked(w: Work) -> None:
    """Refuse cells whose value is an error, was never worked out, or comes from another workbook."""
    columns = {c.index for c in (*w.figures, *w.table.of("unknown", "sum"))}
    rows = {row.index for row in w.table.rows if row.role != "code"}
    words = {
        "uncached": ("công thức chưa có kết quả", "a formula without its result"),
        "external": ("công thức lấy số từ tệp khác", "a formula that reads another workbook"),
    }
    for place, mark in sorted(w.sheet.marks.items()):
        if place[0] in rows and place[1] in columns and place not in w.lost:
            w.lost[place] = "problem"
            w.tell("C03", place, words.get(mark, (quoted(mark), quoted(mark))))


def twice(w: Work, named: dict[int, Named]) -> None:
    """Refuse columns and rows that say the same thing twice."""
    columns = defaultdict(list)
    for column in w.figures:
        columns[column.indicator, column.scope, column.year].append(column)
    for same in columns.values():
        for column in same if len(same) > 1 else ():
            others = ", ".join(address(*c.place) for c in same if c is not column)
            w.tell("C04", column.place, (f"cột {quoted(column.text)}, cũng ở {others}",
                                            f"column {quoted(column.text)}, also at {others}"))  # fmt: skip
            w.lose_all(w.column_cells(column))
    rows = defaultdict(list)
    for row, name in named.items():
        if not name.lost:
            rows[name.area, name.indicator, name.year, name.scope].append(row)
    for again in rows.values():
        for row in again if len(again) > 1 else ():
            place = w.label_place(row)
            others = ", ".join(address(*w.label_place(r)) for r in again if r != row)
            w.tell("C04", place, (f"{w.named_cell(row)}, cũng ở {others}",
                                     f"{w.named_cell(row)}, also at {others}"))  # fmt: skip
            w.lose_all((row, c.index) for c in w.figures)


def outside(w: Work) -> None:
    """Report values that stand in no column, and figures below the table."""
    known = {c.index for c in w.table.columns}
    for row in w.data:
        for column, cell in enumerate(w.sheet.rows[row]):
            if column not in known and not blank(cell):
                w.tell("C05", (row, column), quoted(text(cell)))
    figures = {c.index for c in w.figures}
    for row in w.table.below:
        for column, cell in enumerate(w.sheet.rows[row]):
            number = isinstance(cell, int | float) and not isinstance(cell, bool)
            written = isinstance(cell, str) and cell.strip().replace(".", "").replace(" ", "").isdigit()
            if number or (written and column in figures):
                w.tell("C05", (row, column), quoted(text(cell)))


def scaled_units(w: Work, named: dict[int, Named]) -> None:
    """Ask about figures that are counted in thousands or parts."""
    if w.above.scaled:
        gone = w.lose([(r, c.index) for c in w.figures for r in w.data], "Q05")
        if gone:
            w.tell("Q05", span(gone), (f"đơn vị tính {quoted(w.above.scaled)}",
                                            f"unit {quoted(w.above.scaled)}"))  # fmt: skip
    for column in w.labels["unit"]:
        for row, whom in named.items():
            unit = text(w.cell(row, column.index))
            ratio = whom.indicator and w.known.is_ratio(whom.indicator)
            gone = w.lose([(row, c.index) for c in w.figures], "Q05") if scaled(unit) and not ratio else []
            if gone:
                w.tell("Q05", span(gone), (f"đơn vị tính {quoted(unit)}", f"unit {quoted(unit)}"))

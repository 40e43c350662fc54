"""Reasons why a cell may not be read, whatever it says: an unknown column, hidden, merged, an error, there twice."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable
from itertools import groupby

from danvan_kit.forms.above import scaled
from danvan_kit.forms.grid import blank, text
from danvan_kit.forms.raw import Cell, address
from danvan_kit.forms.trouble import quoted
from danvan_kit.forms.whose import Named
from danvan_kit.forms.work import Work, span

MOST_OTHERS = 5
"""Places named in one message; there may be thousands."""
MOST_MERGED = 100_000
"""Cells of a table that merged ranges may cover."""
LEAST_LIKE = 0.6
"""Less like than this, known words say nothing about an unknown header."""


def unknown_columns(w: Work) -> None:
    """Ask about columns whose header nobody knows; say which are left out on purpose."""
    for column in w.table.of("unknown", "other"):
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
    columns = [c.index for c in (*w.figures, *w.table.of("unknown"))]
    left_to_look_at = MOST_MERGED
    for first, left, last, right in w.sheet.merged:
        if blank(w.cell(first, left)) or not w.data or first > w.data[-1] or last < w.data[0]:
            continue
        rows = w.data[bisect_left(w.data, first) : bisect_right(w.data, last)]
        cells = [(r, c) for c in columns if left <= c <= right for r in rows[:left_to_look_at]]
        if len(cells) > 1:
            w.lose_all(cells)
            w.tell("C02", f"{address(first, left)}:{address(last, right)}", quoted(w.cell(first, left)))
        left_to_look_at -= len(cells)
        if left_to_look_at < 0:  # cells merged over each other: nobody can say what stands where
            w.lose_all((r, c) for c in columns for r in w.data)
            return


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
            others = _few(address(*c.place) for c in same[: MOST_OTHERS + 1] if c is not column)
            vi, en = f"cột {quoted(column.text)}, cũng ở {others}", f"column {quoted(column.text)}, also at {others}"
            w.tell("C04", column.place, (vi, en))
            w.lose_all(w.column_cells(column))
    rows = defaultdict(list)
    for row, whom in named.items():
        if not whom.lost:
            rows[whom.area, whom.indicator, whom.year, whom.scope].append(row)
    for again in rows.values():
        _twice_in_rows(w, again)


def _twice_in_rows(w: Work, again: list[int]) -> None:
    """Refuse rows of one name; of rows without any figure the first speaks for all."""
    if all(blank(w.cell(row, c.index)) for row in again for c in w.figures):
        w.lose_all((row, c.index) for row in again[1:] for c in w.figures)
        return
    for row in again if len(again) > 1 else ():
        name = w.named_cell(row)
        others = _few(address(*w.label_place(r)) for r in again[: MOST_OTHERS + 1] if r != row)
        w.tell("C04", w.label_place(row), (f"{name}, cũng ở {others}", f"{name}, also at {others}"))
        w.lose_all((row, c.index) for c in w.figures)


def _few(places: Iterable[str]) -> str:
    """Return the first few of many places."""
    few = list(places)
    return ", ".join(few[:MOST_OTHERS]) + (", …" if len(few) > MOST_OTHERS else "")


def outside(w: Work) -> None:
    """Report values that stand in no column, and figures below the table: one line for neighbours in a row."""
    known = {c.index for c in w.table.columns}
    for row in w.data:
        _outside(w, row, [i for i, cell in enumerate(w.sheet.rows[row]) if i not in known and not blank(cell)])
    figures = {c.index for c in w.figures}
    for row in w.table.below:
        cells = enumerate(w.sheet.rows[row])
        _outside(w, row, [i for i, cell in cells if _number(cell) or (i in figures and _digits(cell))])


def _outside(w: Work, row: int, columns: list[int]) -> None:
    for _, run in groupby(enumerate(columns), key=lambda pair: pair[1] - pair[0]):
        places = [(row, column) for _, column in run]
        shown = "; ".join(text(w.sheet.rows[row][c]) for _, c in places[:MOST_OTHERS])
        w.tell("C05", span(places), quoted(shown))


def _number(cell: Cell) -> bool:
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def _digits(cell: Cell) -> bool:
    return isinstance(cell, str) and cell.strip().replace(".", "").replace(" ", "").isdigit()


def scaled_units(w: Work, named: dict[int, Named]) -> None:
    """Ask about figures that are counted in thousands or parts."""
    if w.above.scaled:
        gone = w.lose([(r, c.index) for c in w.figures for r in w.data], "Q05")
        unit = quoted(w.above.scaled)
        if gone:
            w.tell("Q05", span(gone), (f"đơn vị tính {unit}", f"unit {unit}"))
    for column in w.labels["unit"]:
        for row, whom in named.items():
            unit = text(w.cell(row, column.index))
            ratio = whom.indicator and w.known.is_ratio(whom.indicator)
            gone = w.lose([(row, c.index) for c in w.figures], "Q05") if scaled(unit) and not ratio else []
            if gone:
                w.tell("Q05", span(gone), (f"đơn vị tính {quoted(unit)}", f"unit {quoted(unit)}"))

"""One filled table to figures: whose each cell is, and what it says, asked about or refused where that is not sure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from danvan_kit.forms import numbers, refuse, totals, whose
from danvan_kit.forms.above import Above
from danvan_kit.forms.grid import Column, Table, blank, text
from danvan_kit.forms.known import Known
from danvan_kit.forms.layouts import Layout
from danvan_kit.forms.numbers import Reading
from danvan_kit.forms.raw import Cell, Place, Sheet
from danvan_kit.forms.trouble import LANGUAGES, quoted
from danvan_kit.forms.whose import Named
from danvan_kit.forms.work import Figure, Filled, Work, span
from danvan_kit.words import label


def read_table(  # noqa: PLR0913 - a table, what is known of it, whose words it uses
    sheet: Sheet, table: Table, above: Above, known: Known, *, layout: Layout, file: str
) -> Filled:
    """Read one table.

    Parameters
    ----------
    sheet, table
        The sheet, and where the table is.
    above
        What the lines around it say.
    known, layout
        The review, and the words of this form.
    file
        The name that sources and troubles give.
    """
    w = Work(sheet, table, above, known, layout=layout, file=file)
    named = {row: whose.name(w, row) for row in w.data}
    refuse.unknown_columns(w)
    refuse.hidden(w)
    refuse.merged(w)
    refuse.marked(w)
    refuse.twice(w, named)
    refuse.outside(w)
    refuse.scaled_units(w, named)
    for row, whom in named.items():
        if whom.lost:
            w.lose([(row, c.index) for c in w.figures], whom.lost)
    for column in w.figures:
        _read_column(w, column, named)
    for column in w.table.of("sum"):
        totals.read_sums(w, column)
    w.tell_notes()
    totals.add_up(w)
    _count(w)
    return w.out


@dataclass(frozen=True)
class _Key:
    """What the cell of one row in a column is a figure of; `scopes` has more than one where nothing says which."""

    area: str
    year: int | None
    indicator: str
    scopes: tuple[str, ...]


def _key(w: Work, column: Column, whom: Named) -> _Key:
    indicator = column.indicator or whom.indicator
    scope = column.scope or whom.scope
    year = column.year if column.year is not None else whom.year
    scopes: tuple[str, ...] = (scope,) if scope else ()
    if indicator and not scope:
        scopes = tuple(w.known.scopes(indicator, w.known.level_of[whom.area])) or ("own",)
    return _Key(whom.area, year, indicator, scopes)


def _read_column(w: Work, column: Column, named: dict[int, Named]) -> None:
    """Decide one column's figures together and give each its name."""
    keys = {row: _key(w, column, whom) for row, whom in named.items() if not whom.lost}
    keys = _without_unclear(w, column, keys)
    if w.lose(((row, column.index) for row, key in keys.items() if not key.indicator), "Q03"):
        w.tell("Q03", column.place, quoted(column.text))
    keys = {row: key for row, key in keys.items() if key.indicator and (row, column.index) not in w.lost}
    yearless = w.lose(((row, column.index) for row, key in keys.items() if key.year is None), "Q04")
    if yearless and not w.above.troubles:
        w.tell("Q04", span(yearless), ("biểu không ghi năm", "the form states no year"))
    keys = {row: key for row, key in keys.items() if key.year is not None}
    for row, reading in zip(keys, _decided(w, column, keys), strict=True):
        w.readings[row, column.index] = reading
        _figure(w, (row, column.index), reading, keys[row])


def _without_unclear(w: Work, column: Column, keys: dict[int, _Key]) -> dict[int, _Key]:
    """Ask where nothing says whether a figure is an office's own; return the others.

    A column of one office's form speaks of one scope; in a list of areas only those with offices below are unclear.
    """
    unclear = [row for row, key in keys.items() if len(key.scopes) > 1]
    asked = unclear if w.by_area else w.data if unclear else []
    if w.lose([(row, column.index) for row in asked], "Q01"):
        place = column.place if len(asked) == len(w.data) else (unclear[0], column.index)
        allowed = ("tiêu đề “Của riêng đơn vị” hoặc “Tổng hợp cả cấp dưới”", "a header that says own or consolidated")
        vi, en = "chưa rõ là của riêng đơn vị hay tổng hợp cả cấp dưới", "own or consolidated?"
        w.tell("Q01", place, (f"{quoted(column.text)}: {vi}", f"{quoted(column.text)}: {en}"), allowed=allowed)
    gone = set(asked)
    return {row: key for row, key in keys.items() if row not in gone}


def _decided(w: Work, column: Column, keys: dict[int, _Key]) -> list[Reading]:
    """Decide what a column's figures are, with all evidence that there is."""
    rows = list(keys)
    formats = {i: f for i, row in enumerate(rows) if (f := w.sheet.formats.get((row, column.index)))}
    usual = {}
    for i, key in enumerate(keys.values()):
        median = w.known.usual.get((key.area, key.indicator, key.scopes[0]))
        if median is not None:
            usual[i] = median
    cells = [w.cell(row, column.index) for row in rows]
    return numbers.decide(cells, formats=formats, total=_total(w, column, rows), usual=usual)


def _total(w: Work, column: Column, rows: list[int]) -> Cell:
    """Return the figure of the one total row, when nothing of the column is left out of it."""
    totals = [row.index for row in w.table.rows if row.role == "total"]
    place = (totals[0], column.index) if len(totals) == 1 else None
    if place is None or not w.by_area or place in w.lost:
        return None
    left = [r for r in w.data if r not in rows and not blank(w.cell(r, column.index))]
    return None if left else w.cell(*place)


def _figure(w: Work, place: Place, reading: Reading, key: _Key) -> None:
    """Make a figure of a reading, or say why it is none."""
    (scope,), year = key.scopes, cast("int", key.year)
    about: dict[str, Any] = {"area": key.area, "year": year, "indicator": key.indicator, "scope": scope}
    if w.known.is_ratio(key.indicator):
        return
    owed = w.known.owed(key.indicator, w.known.level_of[key.area], scope)
    first = w.known.row_of[key.indicator].first_year
    if owed and year >= first:
        if reading.code:
            w.lose([place], reading.code)
            w.tell(reading.code, place, reading.found, **about)
            return
        if reading.note[0]:
            w.notes.setdefault(reading.note, []).append(place)
        w.out.figures.append(Figure(**about, value=reading.value, status=reading.status, row=place[0], column=place[1]))
    elif reading.status == "reported" or reading.code:
        w.lose([place], "C07")
        allowed = ("x hoặc để trống: cấp này không có chỉ tiêu này", "x or empty: this level does not keep it")
        if owed:
            allowed = (f"x hoặc để trống: chỉ tiêu có từ năm {first}", f"x or empty: kept since {first}")
        value = quoted(text(w.cell(*place)))
        vi, en = (label(scope, lang).lower() for lang in LANGUAGES)
        w.tell("C07", place, (f"{value}, {vi}", f"{value}, {en}"), allowed=allowed, **about)
    elif owed and reading.status == "not_applicable":
        w.out.figures.append(Figure(**about, value=None, status="not_applicable", row=place[0], column=place[1]))


def _count(w: Work) -> None:
    """Count for each row what became of what was filled in."""
    columns = [*w.figures, *w.table.of("unknown")]
    read = {(f.row, f.column) for f in w.out.figures}
    for row in w.data:
        count = w.out.counts[row]
        for column in columns:
            place = (row, column.index)
            if blank(w.cell(*place)):
                continue
            kind = w.lost.get(place)
            if kind is None and place not in read:
                continue  # "x" where nothing is owed, a ratio
            count.filled += 1
            count.read += kind is None
            count.asked += kind == "question"
            count.refused += kind == "problem"

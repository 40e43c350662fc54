"""Where the tables of a sheet are: the lines above, the header's columns, the rows, and where it ends."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import islice

from danvan_kit.forms import sums
from danvan_kit.forms.layouts import LABELLED, SCOPES, Layout, Meaning, bare
from danvan_kit.forms.raw import Cell, Place, Sheet

DEEPEST = 6
"""Rows of a header at most."""

YEAR = re.compile(r"(?:nam )?((?:19|20)[0-9]{2})")
_YEARS = re.compile(r"(?:\b(?:trong )?nam )?\b((?:19|20)[0-9]{2})\b")
_END = re.compile(
    r"(?:bieu (?:so|mau)|phu luc|(?:ma )?don vi bao cao|so lieu tinh tu|(?:nam|ki) bao cao|ghi chu|luu y|chu thich"
    r"|nguoi lap|thu truong|noi nhan|t ?m |k ?t |ki ten|ngay nhan|xac nhan|nguon"
    r"|(?:[a-z ]{0,30} )?ngay \d{1,2} thang \d{1,2} nam|nguoi tong hop|can bo tong hop|bi thu|pho truong ban)"
)
_ROMAN = re.compile(r"(?:[IVX]{1,5}|[A-HĐ])[.)]?")


@dataclass(frozen=True)
class Column:
    """One column under a header.

    Attributes
    ----------
    index
        Its place in the sheet, from 0.
    role
        A role of `layouts`; ``figure``, ``ratio`` (recomputed, never read), ``sum`` (only checked), or ``unknown``.
    text, place
        Its header's words from top to bottom, and where the lowest stands.
    indicator, scope, year
        What the header says of its figures, as far as it does.
    meaning
        Of an unknown one, the nearest known words and their score.
    code
        Its number in the row of column numbers, with its arithmetic.
    """

    index: int
    role: str
    text: str
    place: Place
    indicator: str = ""
    scope: str = ""
    year: int | None = None
    meaning: Meaning = field(default_factory=lambda: Meaning(""))
    summed: bool = False
    code: sums.Code | None = None


@dataclass(frozen=True)
class Row:
    """One row under a header: ``data``, ``total``, ``subtotal`` (a group's row with figures), ``group`` or ``code``."""

    index: int
    role: str


@dataclass(frozen=True)
class Table:
    """One table: its columns, its rows, the rows above it that say what it is, and those below that say who signed."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    above: range
    header: range
    below: range
    spread: dict[Place, Cell] = field(default_factory=dict)

    @property
    def by_area(self) -> bool:
        """Whether each row names its own area."""
        return bool(self.of("area", "code"))

    def of(self, *roles: str) -> list[Column]:
        """Return the columns of some roles."""
        return [column for column in self.columns if column.role in roles]


def text(cell: Cell) -> str:
    """Return what a cell says, as text; a year typed as a number as its digits."""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return "" if cell is None else str(cell)


def blank(cell: Cell) -> bool:
    """Tell whether nothing can be seen in a cell."""
    return cell is None or (isinstance(cell, str) and not cell.strip("\u200b\ufeff\u00ad \t\r\n\u00a0"))


def tables(sheet: Sheet, layout: Layout) -> list[Table]:
    """Find every table of a sheet, from top to bottom; none when no row looks like a header."""
    found: list[Table] = []
    start = 0
    while (top := _header(sheet, layout, start)) is not None:
        bottom = _bottom(sheet, layout, top)
        columns = _columns(sheet, layout, top, bottom)
        first, columns = _codes(sheet, _units(sheet, layout, columns, bottom + 1), bottom + 1)
        following = _header(sheet, layout, first, fuzzy=False)
        last = len(sheet.rows) if following is None else following
        stop = _end(sheet, columns, first, last)
        if following is not None:
            stop = _before_title(sheet, columns, first, stop)
        rows = tuple(_rows(sheet, layout, columns, range(first, stop)))
        if first > bottom + 1:
            rows = (Row(first - 1, "code"), *rows)
        found.append(
            Table(
                tuple(columns),
                rows,
                range(start, top),
                range(top, bottom + 1),
                range(stop, last),
                _labels(sheet, columns),
            )
        )
        start = stop
    return found


def _header(sheet: Sheet, layout: Layout, start: int, *, fuzzy: bool = True) -> int | None:
    """Return the first row that begins a header: two columns known by their words, one of which names the rows."""
    for look in (layout.exact, lambda t: layout.means(t).means)[: 2 if fuzzy else 1]:
        for row in range(start, len(sheet.rows) if look == layout.exact else min(len(sheet.rows), start + 40)):
            words = [c for c in sheet.rows[row] if isinstance(c, str) and len(c) < 200 and ":" not in c and c.strip()]
            if len(words) < 2:
                continue
            means = [m for m in map(look, words) if m]
            known = {m for m in means if m in layout.indicators}
            if (LABELLED & set(means) and len(means) >= 2) or len(known) >= 2:
                return row
    return None


def _bottom(sheet: Sheet, layout: Layout, top: int) -> int:
    """Return the last row of a header: as deep as its merged cells, or as long as rows below say no more than words."""
    deep = [last for first, _, last, _ in sheet.merged if first == top and first < last < top + DEEPEST]
    bottom = min(max(deep, default=top), len(sheet.rows) - 1)
    labels = [i for i, cell in enumerate(sheet.rows[top]) if isinstance(cell, str) and layout.exact(cell) in LABELLED]
    while bottom + 1 < min(len(sheet.rows), top + DEEPEST):
        row = sheet.rows[bottom + 1]
        written = [(i, text(cell)) for i, cell in enumerate(row) if not blank(cell)]
        if not written or any(i in labels for i, _ in written):
            break
        if not all(YEAR.fullmatch(bare(t)) or (sums.code(t) is None and not _figure(t)) for _, t in written):
            break
        if not any(layout.exact(t) or YEAR.fullmatch(bare(t)) or len(t) > 3 for _, t in written):
            break
        bottom += 1
    return bottom


def _figure(written: str) -> bool:
    return bool(re.fullmatch(r"[-–+(]?[0-9][0-9.,  ]*\)?|[xX–—-]|\.{3}|…", written))


def _columns(sheet: Sheet, layout: Layout, top: int, bottom: int) -> list[Column]:
    """Return the columns that a header names."""
    levels = [_level(sheet, row, bottom) for row in range(top, bottom + 1)]
    columns = []
    for index in range(max((len(level) for level in levels), default=0)):
        heads = [level[index] for level in levels if index < len(level) and level[index][0]]
        heads = [head for i, head in enumerate(heads) if i == 0 or head != heads[i - 1]]
        if heads:
            columns.append(_column(layout, index, [h for h, _ in heads], heads[-1][1]))
    split = {(c.indicator, c.year) for c in columns if c.scope}
    figures = any(c.role == "figure" for c in columns)
    for i, column in enumerate(columns):
        if column.summed and column.indicator and (column.indicator, column.year) in split:
            columns[i] = replace(column, role="sum")
        elif column.role == "sum" and not figures and not column.indicator:
            columns[i] = replace(column, role="figure")
    if any(c.role == "area" for c in columns) is False:
        columns = [replace(c, role="area") if c.role == "parent" else c for c in columns]
    return columns


def _units(sheet: Sheet, layout: Layout, columns: list[Column], first: int) -> list[Column]:
    """Tell "Đơn vị" that means the unit of measure from the one that means an office, by what stands below it."""
    if not any(c.role == "indicator" for c in columns):
        return columns
    told = []
    for column in columns:
        if column.role != "area":
            told.append(column)
            continue
        below = (text(_cell(sheet, row, column.index)) for row in range(first, len(sheet.rows)))
        words = [bare(t) for t in islice((t for t in below if t and not sums.is_letter(t) and not sums.code(t)), 20)]
        unit = words and all(word in layout.units for word in words)
        told.append(replace(column, role="unit") if unit else column)
    return told


def _level(sheet: Sheet, row: int, bottom: int) -> list[tuple[str, Place]]:
    """Return what one row of a header says of each column: merged cells speak for all that they cover."""
    width = max(len(sheet.rows[r]) for r in range(row, bottom + 1))
    said: list[tuple[str, Place]] = [("", (row, i)) for i in range(width)]
    covered = set()
    for first, left, last, right in sheet.merged:
        if first <= row <= last:
            head = _cell(sheet, first, left)
            for i in range(left, min(right + 1, width)):
                covered.add(i)
                said[i] = (text(head), (first, left if first < row or left != i else i))
    for i, cell in enumerate(sheet.rows[row]):
        if i not in covered and not blank(cell):
            said[i] = (text(cell), (row, i))
    for i in range(1, width):  # without merged cells a title stands over its first column only
        lower = any(not blank(_cell(sheet, r, i)) for r in range(row + 1, bottom + 1))
        parent = any(not blank(_cell(sheet, r, i - 1)) for r in range(row + 1, bottom + 1))
        if not said[i][0] and i not in covered and i - 1 not in covered and lower and parent:
            said[i] = said[i - 1]
    return said


def _column(layout: Layout, index: int, heads: list[str], place: Place) -> Column:
    """Say what a header's words, from top to bottom, make of a column."""
    told = [_told(layout, head) for head in heads]
    column = Column(index, "unknown", " › ".join(" ".join(h.split()) for h in heads), place)
    if any(means.means == "other" for means, _ in told):
        return replace(column, role="other")
    year = next((y for _, y in reversed(told) if y), None)
    scopes = [m.means for m, _ in told if m.means in SCOPES]
    summed = any(m.means == "sum" for m, _ in told)
    plain = [i for i, (m, y) in enumerate(told) if not y and m.means not in {*SCOPES, "sum", "value", "year"}]
    at, indicator = _indicator(layout, heads, told, plain)
    column = replace(column, year=year, scope=scopes[-1] if scopes else "", summed=summed, indicator=indicator)
    lost = [i for i in plain if i > at or (i < at and not _above(layout, heads[i], told[i][0]))]
    if len(set(scopes)) > 1 or (lost and (indicator or scopes or year or summed)):
        where = told[lost[-1]][0] if lost else Meaning("")
        return replace(column, indicator="", meaning=where)
    if indicator:
        return replace(column, role="figure")
    if not plain:
        if summed and not scopes and not year:
            return replace(column, role="sum")
        role = "year" if [m.means for m, _ in told] == ["year"] else "figure"
        return replace(column, role=role)
    last = told[plain[-1]][0]
    return replace(column, role=last.means or "unknown", meaning=last)


def _told(layout: Layout, head: str) -> tuple[Meaning, int | None]:
    """Return what one level of a header means, and the year that it names: "2014", "Thực hiện năm 2014"."""
    words = bare(head)
    if year := YEAR.fullmatch(words):
        return Meaning(""), int(year[1])
    meaning = layout.means(head)
    years = _YEARS.findall(words)
    if meaning.means or not years:
        return meaning, None
    rest = layout.means(_YEARS.sub(" ", words).strip())
    if rest.means == "other":
        return rest, None
    if len(years) == 1 and rest.means in {"value", *SCOPES}:
        return rest, int(years[0])
    return meaning, None


def _indicator(
    layout: Layout, heads: list[str], told: list[tuple[Meaning, int | None]], plain: list[int]
) -> tuple[int, str]:
    """Return the lowest level that an indicator is known by, and the indicator; the lowest of two levels if joined."""
    if plain and told[plain[-1]][0].means in layout.indicators:
        return plain[-1], told[plain[-1]][0].means
    for i in range(len(plain) - 1):  # "Đơn thư" over "Tiếp nhận"
        words = [heads[j] for j in plain[i:]]
        for joined in (" ".join(words), " ".join(reversed(words))):
            if (means := layout.exact(joined)) in layout.indicators:
                return plain[-1], means
    for i in reversed(plain[:-1]):
        if told[i][0].means in layout.indicators:
            return i, told[i][0].means
    return -1, ""


def _above(layout: Layout, head: str, meaning: Meaning) -> bool:
    """Tell whether words above an indicator only say which group it is of."""
    return meaning.means in layout.indicators or bare(head) in layout.groups or layout.is_group(head)


def _codes(sheet: Sheet, columns: list[Column], row: int) -> tuple[int, list[Column]]:
    """Read the row of column numbers, if there is one; return where the rows begin."""
    while row < len(sheet.rows) and all(blank(c) for c in sheet.rows[row]):
        row += 1
    if row >= len(sheet.rows):
        return row, columns
    cells = {i: text(c) for i, c in enumerate(sheet.rows[row]) if not blank(c)}
    codes = {i: sums.code(t) for i, t in cells.items()}
    wrong = [i for i, t in cells.items() if codes[i] is None and not sums.is_letter(t) and "=" not in t]
    named = [c.index for c in columns if c.role in {"area", "indicator"}]
    numbers = [c.number for c in codes.values() if c]
    if wrong or len(cells) < 2 or not set(named) & set(cells) or numbers != sorted(set(numbers)):
        return row, columns
    return row + 1, [replace(c, code=codes.get(c.index), role=_summed(c.role, codes.get(c.index))) for c in columns]


def _summed(role: str, code: sums.Code | None) -> str:
    """Return the role of a column whose arithmetic is stated: what nobody knows by its words is then a sum."""
    return "sum" if role == "unknown" and code is not None and code.terms else role


def _end(sheet: Sheet, columns: list[Column], first: int, last: int) -> int:
    """Return the row at which notes or signatures begin."""
    figures = [c.index for c in columns if c.role in {"figure", "sum"}]
    for row in range(first, last):
        cells = sheet.rows[row]
        if any(not blank(_cell(sheet, row, i)) and _figure(text(_cell(sheet, row, i))) for i in figures):
            continue
        if any(isinstance(c, str) and c.strip() and _END.match(bare(c) + " ") for c in cells):
            return row
    while last > first and all(blank(c) for c in sheet.rows[last - 1]):
        last -= 1
    return last


def _before_title(sheet: Sheet, columns: list[Column], first: int, last: int) -> int:
    """Return the row at which the title of the next table begins: behind the last figure and an empty row."""
    figures = [c.index for c in columns if c.role in {"figure", "sum", "unknown"}]
    row = last
    while row > first and not any(_figure(text(_cell(sheet, row - 1, i))) for i in figures):
        row -= 1
    return next((r for r in range(row, last) if all(blank(c) for c in sheet.rows[r])), last)


def _rows(sheet: Sheet, layout: Layout, columns: list[Column], body: range) -> Iterator[Row]:
    """Say what each row under a header is; rows with nothing in them are left out."""
    names = [c.index for c in columns if c.role in {"area", "indicator", "code"}]
    order = next((c.index for c in columns if c.role == "order"), None)
    periods = [c.index for c in columns if c.role == "year"]
    figures = [c.index for c in columns if c.role in {"figure", "sum"}]
    by_area = any(c.role in {"area", "code"} for c in columns)
    said = {row: [text(_cell(sheet, row, i)) for i in names] for row in body}
    meant = Counter(means for told in said.values() for t in told if (means := layout.exact(t)) in layout.indicators)
    for row, told in said.items():
        if all(blank(c) for c in sheet.rows[row]):
            continue
        number = "" if order is None else text(_cell(sheet, row, order))
        filled = any(not blank(_cell(sheet, row, i)) for i in figures)
        if any(_total(layout, t) for t in (number, *told, *(text(_cell(sheet, row, i)) for i in periods)) if t):
            yield Row(row, "total")
        elif _ROMAN.fullmatch(number) and _grouped(layout, told, meant, filled=filled, by_area=by_area):
            yield Row(row, "subtotal" if filled else "group")
        elif not filled and not by_area and not any(layout.means(t).means in layout.indicators for t in told):
            yield Row(row, "group")
        else:
            yield Row(row, "data")


def _total(layout: Layout, written: str) -> bool:
    return bare(written) in layout.totals or bare(written, brackets=False) in layout.totals


def _grouped(layout: Layout, names: list[str], meant: Counter[str], *, filled: bool, by_area: bool) -> bool:
    """Tell whether a row with a Roman number is a group's: its figures would be one more sum of areas.

    A group may bear the name of an indicator that stands in it; the indicator's row is then another one.
    """
    if by_area:
        return any(bare(name) in layout.groups or layout.is_group(name) for name in names if name)
    known = [means for name in names if (means := layout.exact(name)) in layout.indicators]
    return not filled and all(meant[indicator] > 1 for indicator in known)


def _labels(sheet: Sheet, columns: list[Column]) -> dict[Place, Cell]:
    """Return the names that merged cells give to the rows below their first."""
    labels = {c.index for c in columns if c.role in {"area", "indicator", "code", "parent", "year", "scope", "unit"}}
    spread: dict[Place, Cell] = {}
    for first, left, last, right in sheet.merged:
        if left == right and left in labels and last > first:
            head = _cell(sheet, first, left)
            spread |= {(row, left): head for row in range(first + 1, min(last + 1, len(sheet.rows)))}
    return spread


def _cell(sheet: Sheet, row: int, column: int) -> Cell:
    cells = sheet.rows[row] if row < len(sheet.rows) else ()
    return cells[column] if column < len(cells) else None

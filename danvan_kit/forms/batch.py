"""Many files to one result: each sheet's tables, what two of them say twice, what a later form replaces."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from danvan_kit import tables
from danvan_kit.forms import grid
from danvan_kit.forms.above import Above, read_above
from danvan_kit.forms.filled import read_table
from danvan_kit.forms.grid import Table
from danvan_kit.forms.known import Known
from danvan_kit.forms.layouts import Layout, bare
from danvan_kit.forms.letters import in_unicode
from danvan_kit.forms.raw import Book, Cell, Sheet, address, source, stands
from danvan_kit.forms.results import FILES, OBSERVATIONS, ROWS, Forms, observations, problems
from danvan_kit.forms.trouble import FormError, Trouble, quoted, shown
from danvan_kit.forms.work import Figure

_NOTES = {
    "macros": ("tệp có macro; không chạy, chỉ đọc số", "the file has macros; they were not run"),
    "external links": (
        "tệp có liên kết tới tệp khác; không lấy số từ đó",
        "the file links to other files; nothing was taken from them",
    ),
    "hidden parts cannot be seen": (
        "tệp .xlsb: không xem được dòng, cột nào bị ẩn; nên lưu lại dạng .xlsx",
        ".xlsb: hidden rows and columns cannot be seen; better save it as .xlsx",
    ),
}


class Batch:
    """What is read in one call."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self.columns: dict[str, list[Any]] = {name: [] for name in OBSERVATIONS}
        self.troubles: list[Trouble] = []
        self.rows: list[tuple[str, str, int, str, int, int, int, int]] = []
        self.files: list[dict[str, Any]] = []
        self.digests: dict[str, str] = {}

    def add(self, path: Path, name: str, book: Book | FormError) -> None:
        """Add one file."""
        before, told = len(self.columns["area"]), len(self.troubles)
        line: dict[str, Any] = {
            "file": name,
            "path": str(path),
            "digest": "",
            "area": "",
            "year": None,
            "received": None,
        }
        if isinstance(book, FormError):
            trouble = book.trouble
            self.troubles.append(
                Trouble(trouble.code, name, trouble.sheet, trouble.cell, trouble.found, trouble.allowed)
            )
        elif book.digest in self.digests:
            line["digest"] = book.digest
            first = quoted(self.digests[book.digest])
            found = (f"cùng nội dung với {first}, không đọc lại", f"the same content as {first}, not read again")
            self.troubles.append(Trouble("N01", name, found=found))
        else:
            self.digests[book.digest] = name
            line |= {"digest": book.digest} | self.guarded(book, name)
        kinds = [t.kind for t in self.troubles[told:]]
        counts = {f"{kind}s": kinds.count(kind) for kind in ("problem", "question", "note")}
        self.files.append(line | {"observations": len(self.columns["area"]) - before} | counts)

    def guarded(self, book: Book, name: str) -> dict[str, Any]:
        """Read a file; should the kit itself fail on it, the file is one problem and stops no other."""
        told, rows = len(self.troubles), len(self.rows)
        try:
            return self.book(book, name)
        except Exception as err:  # noqa: BLE001 - whatever it is, the other forms are still to be read
            del self.troubles[told:], self.rows[rows:]
            why = quoted(f"{type(err).__name__}: {err}")
            found = (f"bộ công cụ không đọc được nội dung này: {why}", f"the kit cannot read this content: {why}")
            self.troubles.append(Trouble("F05", name, found=found))
            return {}

    def book(self, book: Book, name: str) -> dict[str, Any]:
        """Read a file's sheets; return whose form it is."""
        for note in book.notes:
            words = _NOTES.get(note, (f"chữ theo bảng mã {note.partition(' ')[2]}", note))
            self.troubles.append(Trouble("N01", name, found=words))
        figures: list[tuple[Sheet, Above, Figure]] = []
        before: Above | None = None
        first: Above | None = None
        tables = 0
        for typed in book.sheets:
            try:
                sheet, font = in_unicode(typed)
            except ValueError as err:
                self.troubles.append(Trouble("F08", name, typed.name, found=_two(err)))
                self.unread(typed, name, "refused")
                continue
            if font:
                told = (f"chữ kiểu {font.upper()}, đã đổi sang Unicode", f"typed in {font.upper()}, changed to Unicode")
                self.troubles.append(Trouble("N01", name, sheet.name, found=told))
            layout = self.layout(sheet)
            found = grid.tables(sheet, layout)
            tables += len(found)
            if not found:
                self.no_table(sheet, name)
            for table in found:
                above = read_above(sheet, table, self.known, name, before)
                before, first = above, first or above
                if sheet.hidden:
                    self.hidden(sheet, table, name)
                    continue
                figures += [(sheet, above, f) for f in self.table(sheet, table, above, layout, name)]
        if not tables and all(grid.blank(c) for sheet in book.sheets for row in sheet.rows for c in row):
            self.troubles.append(Trouble("F02", name))
        self.keep(self.once(figures, name), name)
        about = first or Above()
        return {"area": about.area, "year": about.year, "received": about.received}

    def layout(self, sheet: Sheet) -> Layout:
        """Return the layout that a sheet's title asks for."""
        if self.known.titles:
            for row in sheet.rows[:20]:
                for cell in row:
                    if isinstance(cell, str) and (name := self.known.titles.get(bare(cell))):
                        return self.known.layouts[name]
        return self.known.layouts["*"]

    def no_table(self, sheet: Sheet, name: str) -> None:
        """Ask about a sheet whose figures stand under no header; say nothing of notes and lists without figures."""
        first, many = self.unread(sheet, name, "refused" if sheet.hidden else "asked")
        if sheet.hidden and many:
            found = (f"trang bị ẩn, có {many} số", f"a hidden sheet with {many} numbers")
            self.troubles.append(Trouble("C01", name, sheet.name, first, found))
        elif many:
            found = ("không thấy dòng tiêu đề nào của bảng", "no row looks like the header of a table")
            self.troubles.append(Trouble("Q01", name, sheet.name, first, found))

    def unread(self, sheet: Sheet, name: str, fate: str) -> tuple[str, int]:
        """Count the numbers of a sheet that is not read; return where the first stands, and how many there are."""
        places = [(r, c) for r, row in enumerate(sheet.rows) for c, cell in enumerate(row) if _is_number(cell)]
        asked = fate == "asked"
        self.rows += [
            (name, sheet.name, r + 1, "unread", n, 0, n * asked, n * (not asked)) for r, n in _per_row(places)
        ]
        return (address(*places[0]) if places else ""), len(places)

    def hidden(self, sheet: Sheet, table: Table, name: str) -> None:
        """Refuse a hidden sheet as a whole."""
        places = [
            (row.index, c.index) for row in table.rows if row.role == "data" for c in table.of("figure", "unknown")
            if c.index < len(sheet.rows[row.index]) and not grid.blank(sheet.rows[row.index][c.index])
        ]  # fmt: skip
        self.rows += [(name, sheet.name, r + 1, "data", n, 0, 0, n) for r, n in _per_row(places)]
        found = (f"trang bị ẩn, có {len(places)} số liệu", f"a hidden sheet with {len(places)} figures")
        self.troubles.append(Trouble("C01", name, sheet.name, found=found))

    def table(self, sheet: Sheet, table: Table, above: Above, layout: Layout, name: str) -> list[Figure]:
        """Read one table."""
        out = read_table(sheet, table, above, self.known, layout=layout, file=name)
        filled = any(c.filled for c in out.counts.values())
        if not table.of("figure", "sum", "unknown"):
            return []
        self.troubles += [*(above.troubles if filled or out.figures else []), *out.troubles]
        if not table.by_area and not above.area and filled and not above.troubles:
            found = ("biểu không ghi đơn vị nào", "the form names no office")
            self.troubles.append(Trouble("Q02", name, sheet.name, "", found))
        for row, count in out.counts.items():
            line = (name, sheet.name, row + 1, count.role, count.filled, count.read, count.asked, count.refused)
            self.rows.append(line)
        return out.figures

    def once(self, figures: list[tuple[Sheet, Above, Figure]], name: str) -> list[tuple[Sheet, Above, Figure]]:
        """Refuse figures that two tables of one file give; the same value twice is one figure."""
        places = defaultdict(list)
        for item in figures:
            places[item[2].key].append(item)
        if len(places) == len(figures):
            return figures
        kept, refused = [], []
        for same in places.values():
            told = [item for item in same if item[2].status != "missing"] or same
            if len({(f.value, f.status) for _, _, f in told}) == 1:
                kept.append(told[0])
                continue
            for sheet, _, f in told:
                also = [(f"{s.name}!{address(g.row, g.column)}", _shown(g)) for s, _, g in told[:6] if g is not f]
                vi, en = (", ".join(f"{place} = {value[i]}" for place, value in also) for i in (0, 1))
                found = (f"{_shown(f)[0]}; cũng ở {vi}", f"{_shown(f)[1]}; also at {en}")
                self.troubles.append(Trouble("C04", name, sheet.name, address(f.row, f.column), found, None, *f.key))
                refused.append((name, sheet.name, f.row + 1))
        self.recount(Counter(refused))
        return kept

    def recount(self, refused: Counter[tuple[str, str, int]]) -> None:
        """Count figures as refused that were counted as read."""
        for i, (file, sheet, row, role, filled, read, asked, lost) in enumerate(self.rows):
            many = refused[file, sheet, row]
            self.rows[i] = (file, sheet, row, role, filled, read - many, asked, lost + many)

    def keep(self, figures: list[tuple[Sheet, Above, Figure]], name: str) -> None:
        """Add figures to the observations; say when an area did not stand that year."""
        c, known = self.columns, self.known
        gone = set()
        for sheet, above, f in figures:
            c["area"].append(f.area)
            c["year"].append(f.year)
            c["indicator"].append(f.indicator)
            c["scope"].append(f.scope)
            c["value"].append(f.value)
            c["unit"].append(known.row_of[f.indicator].unit_vi)
            c["status"].append(f.status)
            c["origin"].append("simulated" if above.simulated else "reported")
            c["source"].append(source(name, sheet.name, address(f.row, f.column)))
            c["received"].append(above.received)
            if not known.stood(f.area, f.year) and (f.area, f.year) not in gone:
                gone.add((f.area, f.year))
                office = known.name_of[f.area]
                found = (
                    f"{office} ({f.area}) không báo cáo cho năm {f.year} dưới tên này; xem thay đổi địa giới",
                    f"{office} ({f.area}) does not report for {f.year} under this name; see the changes of areas",
                )
                self.troubles.append(
                    Trouble("N01", name, sheet.name, address(f.row, f.column), found, None, f.area, f.year)
                )

    def superseded(self, columns: dict[str, list[Any]]) -> None:
        """Say which figure of a form another form of this call replaces: the last received counts."""
        seen: dict[tuple[Any, ...], int] = {}
        keys = zip(columns["area"], columns["year"], columns["indicator"], columns["scope"], strict=True)
        for i, key in enumerate(keys):
            j = seen.setdefault(key, i)
            if j == i:
                continue
            said = {k: (columns["status"][k] != "missing", columns["received"][k] or dt.date.min, k) for k in (i, j)}
            old, new = sorted(said, key=said.__getitem__)  # a blank never replaces a figure
            seen[key] = new
            before, after = (shown(columns["value"][k], columns["status"][k]) for k in (old, new))
            if before != after and columns["status"][old] != "missing":
                was = columns["source"][old]
                found = (f"{before[0]} ({was}) thành {after[0]}", f"{before[1]} ({was}) becomes {after[1]}")
                self.troubles.append(Trouble("C08", *stands(columns["source"][new]), found, None, *key))

    def result(self, lang: str) -> Forms:
        """Return all that was read."""
        self.superseded(self.columns)
        # A path stays as this computer has it, whatever its bytes: the original is found by it.
        paths = pd.Series([line["path"] for line in self.files], dtype=object)
        lines = [[line[name] for name in FILES] for line in self.files]
        files = tables.framed(lines, FILES).astype({"year": "Int64"}).assign(path=paths)
        return Forms(
            observations=observations(self.columns),
            problems=problems(self.troubles, lang),
            rows=tables.framed(self.rows, ROWS),
            files=files,
            troubles=tuple(self.troubles),
        )


def _per_row(places: Sequence[tuple[int, int]]) -> Iterable[tuple[int, int]]:
    rows: dict[int, int] = defaultdict(int)
    for row, _ in places:
        rows[row] += 1
    return rows.items()


def _is_number(cell: Cell) -> bool:
    return isinstance(cell, int | float) or (isinstance(cell, str) and cell.strip().isdigit())


def _two(err: ValueError) -> tuple[str, str]:
    """Return what an error says in Vietnamese and in English."""
    vi, _, en = str(err).partition(" / ")
    return vi, en or vi


def _shown(figure: Figure) -> tuple[str, str]:
    return shown(figure.value, figure.status)

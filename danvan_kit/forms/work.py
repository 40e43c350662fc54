"""One table on the desk: its cells, what its columns and rows are, what was read, what was lost and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from danvan_kit.forms.above import Above
from danvan_kit.forms.grid import Column, Table, blank, text
from danvan_kit.forms.known import Known
from danvan_kit.forms.layouts import Layout
from danvan_kit.forms.numbers import Reading
from danvan_kit.forms.raw import Cell, Place, Sheet, address
from danvan_kit.forms.trouble import Trouble, codes, quoted


@dataclass(frozen=True)
class Figure:
    """One figure as reported: what, of whom, when, and where it stands."""

    area: str
    year: int
    indicator: str
    scope: str
    value: float | None
    status: str
    row: int
    column: int

    @property
    def key(self) -> tuple[str, int, str, str]:
        """Return what it is a figure of."""
        return self.area, self.year, self.indicator, self.scope


@dataclass
class Count:
    """What became of the figures of one row: read, asked about, refused; the three add up to what was filled in."""

    role: str
    filled: int = 0
    read: int = 0
    asked: int = 0
    refused: int = 0


@dataclass
class Filled:
    """What one table says."""

    figures: list[Figure] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    counts: dict[int, Count] = field(default_factory=dict)


class Work:
    """One table while it is read."""

    def __init__(  # noqa: PLR0913 - a table, what is known of it, whose words it uses
        self, sheet: Sheet, table: Table, above: Above, known: Known, *, layout: Layout, file: str
    ) -> None:
        self.sheet, self.table, self.above = sheet, table, above
        self.known, self.layout, self.file = known, layout, file
        self.out = Filled(counts={row.index: Count(row.role) for row in table.rows})
        self.data = [row.index for row in table.rows if row.role == "data"]
        self.lost: dict[Place, str] = {}  # figure cells that are not read, with the kind of trouble
        self.readings: dict[Place, Reading] = {}
        self.notes: dict[tuple[str, str], list[Place]] = {}  # what is to be known, and of which cells
        self.labels = {
            role: table.of(role) for role in ("area", "code", "parent", "indicator", "year", "scope", "unit")
        }
        self.by_area = table.by_area
        self.figures = [self._named_column(c) for c in table.of("figure") if not self._ratio(c)]
        self.ratios = [c for c in table.of("figure") if self._ratio(c)]

    def _ratio(self, column: Column) -> bool:
        return bool(column.indicator) and self.known.is_ratio(column.indicator)

    def _named_column(self, column: Column) -> Column:
        """Give a column the one indicator that the title names, where neither header nor rows name any."""
        if column.indicator or self.labels["indicator"] or not self.above.indicator:
            return column
        return replace(column, indicator=self.above.indicator)

    def cell(self, row: int, column: int) -> Cell:
        """Return a cell, or the name that a merged cell gives to it."""
        if (row, column) in self.table.spread:
            return self.table.spread[row, column]
        cells = self.sheet.rows[row] if row < len(self.sheet.rows) else ()
        return cells[column] if column < len(cells) else None

    def tell(self, code: str, place: Place | str, found: str | tuple[str, str] = "", **more: object) -> None:
        """Note a trouble of this table."""
        cell = place if isinstance(place, str) else address(*place)
        self.out.troubles.append(Trouble(code, self.file, self.sheet.name, cell, found, **more))  # type: ignore[arg-type]

    def tell_notes(self) -> None:
        """Tell what is to be known, each once for all cells that it is true of."""
        for (vi, en), places in self.notes.items():
            few = ", ".join(address(*p) for p in places[:20]) + (", …" if len(places) > 20 else "")
            more = f" ({len(places)} ô: {few})", f" ({len(places)} cells: {few})"
            self.tell("N01", places[0], (vi + more[0], en + more[1]) if len(places) > 1 else (vi, en))

    def lose(self, places: Iterable[Place], code: str) -> list[Place]:
        """Mark filled figure cells as asked about or refused; return those that were not lost before."""
        kind = str(codes()[code]["kind"])
        fresh = [p for p in places if p not in self.lost and not blank(self.cell(*p))]
        self.lost |= dict.fromkeys(fresh, kind)
        return fresh

    def lose_all(self, places: Iterable[Place]) -> None:
        """Refuse cells, the blank ones too: a blank beside a figure of the same name is no missing figure."""
        self.lost |= {p: "problem" for p in places if p not in self.lost}

    def column_cells(self, column: Column) -> list[Place]:
        """Return the places of a column's figures."""
        return [(row, column.index) for row in self.data]

    def label_place(self, row: int) -> Place:
        """Return where a row's name stands."""
        labels = [*self.labels["area"], *self.labels["code"], *self.labels["indicator"]]
        if self.labels["area"] and self.labels["indicator"]:
            labels = self.labels["indicator"]
        return row, next((c.index for c in labels if not blank(self.cell(row, c.index))), 0)

    def named_cell(self, row: int) -> str:
        """Return the name in a row, quoted."""
        labels = [*self.labels["area"], *self.labels["indicator"]]
        return quoted(" ".join(text(self.cell(row, c.index)) for c in labels))


def span(places: list[Place]) -> str:
    """Return the range that cells span."""
    first = address(min(r for r, _ in places), min(c for _, c in places))
    last = address(max(r for r, _ in places), max(c for _, c in places))
    return first if first == last else f"{first}:{last}"

"""What the lines around a table say of it: whose form, of which year, received when, in which unit."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from danvan_kit.forms import dates
from danvan_kit.forms.grid import Table, blank, text
from danvan_kit.forms.known import Known
from danvan_kit.forms.layouts import bare
from danvan_kit.forms.raw import Cell, Place, Sheet, address
from danvan_kit.forms.trouble import Trouble, quoted
from danvan_kit.names import Match
from danvan_kit.words import DateError

_OFFICE = re.compile(
    r"(?:ten )?(?:don vi|co quan|dia phuong|dang bo|phuong|xa|thi tran|quan|huyen|thi xa)"
    r"(?: (?:gui )?bao cao| lap bieu)?"
)
_CODE = re.compile(r"ma(?: so)?(?: don vi| dvhc| don vi hanh chinh| dia phuong| xa| phuong)?(?: bao cao)?")
# Letterheads name the office without saying so.
_LETTERHEAD = re.compile(
    r"\b(?:phuong|xa|thi tran|quan|huyen|thi xa|thanh pho|(?:thanh|quan|huyen|thi|dang) uy|ubnd|mttq|ban dan van)\b",
)
_NOT_OFFICE = re.compile(
    r"\b(?:ngay|bieu|so lieu|quyet dinh|ket qua|cong hoa|dang cong san|doc lap|tong hop|bao cao)\b"
)
_SCALED = re.compile(r"\b(?:nghin|ngan|tram|trieu|ti|chuc)\b|%")


@dataclass
class Above:
    """What is known of a table before its header is read.

    Attributes
    ----------
    area, year
        Whose figures, of which year; empty and None where the lines do not say.
    received
        The day on which the form came in, or was signed.
    simulated
        Whether the form says that its figures are simulated.
    indicator
        The one indicator that a title names.
    scaled
        A unit such as "nghìn lượt" that makes every figure of the table another one.
    layout
        Which layout its title asks for.
    troubles
        What could not be read.
    """

    area: str = ""
    year: int | None = None
    received: dt.date | None = None
    simulated: bool = False
    indicator: str = ""
    scaled: str = ""
    spans: bool = False
    troubles: list[Trouble] = field(default_factory=list)


def read_above(sheet: Sheet, table: Table, known: Known, file: str, before: Above | None = None) -> Above:
    """Read the lines above a table, and those below it for the day; what they leave open is as `before`."""
    lines = [(place, cell) for place, cell in _cells(sheet, table.above)]
    found = Above()
    period(found, sheet, [cell for _, cell in lines], known, file)
    found.area = _area(found, sheet, lines, known, file)
    if not found.area and not found.troubles:
        found.area = _named_sheet(found, sheet, known, file, by_area=table.by_area)
    words = [bare(cell) for _, cell in lines if isinstance(cell, str)]
    found.simulated = any("mo phong" in line for line in words)
    units = [line.partition("tinh")[2] for line in words if re.match(r"(?:don vi tinh|dvt)\b", line)]
    found.scaled = next((unit.strip() for unit in units if _SCALED.search(unit)), "")
    found.indicator = _indicator(lines, known)
    below = [cell for _, cell in _cells(sheet, table.below)]
    found.received = received([*below, *(cell for _, cell in lines)])
    if before is not None:
        if not found.troubles:
            found.area = found.area or before.area
            found.year = found.year if found.year is not None or found.spans else before.year
        found.received = found.received or before.received
        found.simulated = found.simulated or before.simulated
    return found


def scaled(unit: str) -> bool:
    """Tell whether a written unit counts thousands or parts of something."""
    return _SCALED.search(bare(unit)) is not None


def _cells(sheet: Sheet, rows: range) -> Iterator[tuple[Place, Cell]]:
    for row in rows:
        for column, cell in enumerate(sheet.rows[row]):
            if not blank(cell):
                yield (row, column), cell


def period(found: Above, sheet: Sheet, cells: list[Cell], known: Known, file: str) -> None:
    """Read the year that a form is of; a period that is not one of the review's years is asked about."""
    try:
        told = dates.period(cells)
    except dates.PeriodError as err:
        found.troubles.append(Trouble("Q04", file, sheet.name, "", (err.vi, err.en)))
        return
    if told is None:
        named = re.fullmatch(r"(?:nam )?((?:19|20)[0-9]{2})", bare(sheet.name))
        found.year = int(named[1]) if named else None
        return
    year, closing = told.last.year, known.review.closing
    last = closing if year == closing.year else dt.date(year, 12, 31)
    whole = told.last in {last, dt.date(year, 12, 31)}
    if told.first == dt.date(year, 1, 1) and whole and year in known.review.years:
        found.year = year
    elif told.first.year < year and (told.first.month, told.first.day) == (1, 1) and whole:
        found.spans = True  # each figure must say its own year
    else:
        vi, en = (f"từ ngày {told.first:%d-%m-%Y} đến ngày {told.last:%d-%m-%Y}", f"from {told.first} to {told.last}")
        found.troubles.append(Trouble("Q04", file, sheet.name, "", (vi, en)))


def received(cells: list[Cell]) -> dt.date | None:
    """Return the day on which a form came in; else that of its signature."""
    signed = None
    for i, cell in enumerate(cells):
        if not isinstance(cell, str):
            continue
        line = bare(cell)
        if re.match(r"ngay (?:nhan|den)\b", line):
            for part in (cell.partition(":")[2], *cells[i + 1 : i + 2]):
                if part and (day := _day(part)):
                    return day
        elif signed is None and re.search(r"\bngay \d{1,2} thang \d{1,2} nam \d{4}", line) and len(line) < 80:
            signed = _day(cell)
    return signed


def _day(cell: Cell) -> dt.date | None:
    """Return a day; None where a line has none, or none that can be."""
    try:
        return dates.day(cell)
    except DateError:
        return None


def _area(found: Above, sheet: Sheet, lines: list[tuple[Place, Cell]], known: Known, file: str) -> str:
    """Return the one office that the lines name."""
    named: dict[str, tuple[Place, str, Match]] = {}
    for i, (place, cell) in enumerate(lines):
        if not isinstance(cell, str) or ":" not in cell:
            continue
        for part in re.split(r"[\n;]", cell):
            label, _, told = part.partition(":")
            what = "code" if _CODE.fullmatch(bare(label)) else "name" if _OFFICE.fullmatch(bare(label)) else ""
            following = lines[i + 1][1] if i + 1 < len(lines) and lines[i + 1][0][0] == place[0] else None
            told = told.strip() or ("" if following is None else text(following))
            if what and told:
                named.setdefault(what, (place, told, known.match(told, None, found.year)))
    if not named:
        return _letterhead(found, sheet, lines, known, file)
    areas = {match.area for _, _, match in named.values() if match.area}
    unread = [(place, told, match) for place, told, match in named.values() if not match.area]
    code = named.get("code")
    if len(areas) == 1 and not (unread and code and code in unread):
        (area,) = areas
        if all(area in match.candidates or match.area for _, _, match in named.values()):
            return str(area)
    place, told, match = unread[0] if unread else named["name"]
    if len(areas) > 1 and code:
        told = f"{told} / {code[1]}"
    found.troubles.append(ask_area(Trouble("Q02", file, sheet.name, address(*place)), told, match, known))
    return ""


def _named_sheet(found: Above, sheet: Sheet, known: Known, file: str, *, by_area: bool) -> str:
    """Return the office that a sheet is named after; a name of several is asked about where rows name no areas."""
    match = known.match(sheet.name, None, found.year)
    if match.score == 1 and not match.area and not by_area:
        found.troubles.append(ask_area(Trouble("Q02", file, sheet.name), sheet.name, match, known))
    return match.area if match.area and match.score == 1 else ""


def ask_area(trouble: Trouble, told: str, match: Match, known: Known) -> Trouble:
    """Ask which area a name means, with those that it may mean."""
    near = [f"{known.name_of[a]}, {known.name_of.get(known.parent_of[a], '')} ({a})" for a in match.candidates[:5]]
    allowed = None
    if near:
        allowed = ("một trong: " + "; ".join(near), "one of: " + "; ".join(near))
    return Trouble(trouble.code, trouble.file, trouble.sheet, trouble.cell, quoted(told), allowed, year=trouble.year)


def _letterhead(found: Above, sheet: Sheet, lines: list[tuple[Place, Cell]], known: Known, file: str) -> str:
    """Return the office of a letterhead: the lowest, when each other one named is above it."""
    areas: dict[str, Place] = {}
    for place, cell in lines:
        if not isinstance(cell, str) or len(cell) > 200:
            continue
        for line in re.split(r"[\n\r;]", cell):
            words = bare(line)
            if _LETTERHEAD.search(words) and not _NOT_OFFICE.search(words):
                match = known.match(line, None, found.year)
                if match.area and match.score == 1:
                    areas.setdefault(match.area, place)
    for area in areas:
        if set(areas) <= {area, *known.areas.ancestors(area)}:
            return area
    if areas:
        places = ", ".join(known.name_of[a] for a in areas)
        cell = address(*next(iter(areas.values())))
        found.troubles.append(Trouble("Q02", file, sheet.name, cell, quoted(places)))
    return ""


def _indicator(lines: list[tuple[Place, Cell]], known: Known) -> str:
    """Return the one indicator that a title names as its subject."""
    layout = known.layouts["*"]
    told = set()
    for _, cell in lines:
        if isinstance(cell, str) and len(cell) < 200:
            for part in (cell, cell.partition(":")[2], cell.partition(". ")[2]):
                if part and (means := layout.exact(part)) in layout.indicators:
                    told.add(means)
    return told.pop() if len(told) == 1 else ""

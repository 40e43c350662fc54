"""610 filled forms in the shapes that offices send, with honest noise, planted faults, and the key to both.

The key says what a perfect reader returns: `observations` has every figure that can be read, `faults` every cell that
must be reported. Each file has its own random stream, so that a few files are the same as in the whole world.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import form_files
import pandas as pd
from form_draft import Draft, truth
from form_shapes import MEETINGS, long, office, wide, years

from danvan_kit import words
from danvan_kit.forms.raw import address
from danvan_kit.names import match
from danvan_kit.review import Review

YEARS = range(2014, 2020)
COMMUNES = 579

# --- what is planted, and how often -----------------------------------------------------------------------------------

CELL_FAULTS = {
    "Q05 comma": 3, "Q05 point": 3, "Q05 typed": 3, "Q05 format": 3, "Q05 words": 3,
    "C07 negative": 5, "C07 brackets": 5, "C07 fraction": 5,
    "C01 row": 6, "C01 sheet": 5, "C02": 13, "C03 error": 5, "C03 uncached": 5, "C03 external": 5,
    "C04 indicator": 8, "C05 right": 8, "C05 below": 7, "Q01 column": 9, "Q02 unknown": 6, "Q02 ambiguous": 6,
    "Q03": 15, "Q04 none": 8, "Q04 straddle": 7,
}  # fmt: skip
"""In the office forms of communes."""
WIDE_FAULTS = {"C06": 5, "C04 area": 3, "C04 header": 2, "Q01 column": 3, "Q02 unknown": 3, "C01 column": 2}
YEAR_FAULTS = {"C04 header": 3, "C01 column": 3, "Q01 column": 1}
OFFICE_DISTRICT_FAULTS = {"C01 column": 2, "Q01 unnamed": 2}
DISTRICTS = {"wide": 22, "office": 5, "long": 1, "years": 2}


@dataclass
class Key:
    """What a perfect reader finds.

    `files` are ``{path, area, year, shape, fault}``; `totals` has each total that stands in a file, with the cells that
    it adds up and whether it does.
    """

    files: list[dict[str, Any]]
    observations: pd.DataFrame
    faults: pd.DataFrame
    names: list[tuple[str, str, str, str]]
    totals: pd.DataFrame


# --- faults of single cells -------------------------------------------------------------------------------------------


def spoil(d: Draft) -> None:
    """Plant the faults that need a finished sheet."""
    sheet = d.sheets[0]
    kind = d.fault.split(" ")[0]
    if d.fault.startswith("Q04") or (d.fault.startswith("Q02") and d.shape == "office"):
        d.drop(sheet, list(sheet.figures))
    elif kind in ("Q05", "C07", "C03"):
        spoil_cell(d, sheet)
    elif d.fault == "C01 sheet":
        hidden = office(d, d.year - 1, "nháp")
        hidden.page.hidden = True
        d.drop(hidden, list(hidden.figures))
        d.names.pop()
        d.plant(hidden, None, "C01", "a hidden sheet with figures")
    elif kind == "C01":
        hide(d, sheet)
    elif kind == "C02":
        merge(d, sheet)
    elif d.fault == "C05 right":
        rows = sorted({row for row, _ in d.reported(sheet)})
        for row in d.rng.sample(rows, 1 + d.luck(0.4)):
            place = (row, sheet.last[1] + d.one((1, 2)))
            sheet.page.put(*place, float(d.rng.randint(20, 900)))
            d.plant(sheet, place, "C05", "a value right of the table")
    elif d.fault == "C06":
        wrong_totals(d)


def spoil_cell(d, sheet):
    place = d.one(d.reported(sheet))
    number = d.rng.randint(3, 60)
    value, form, formula = {
        "Q05 comma": (f"{number},{d.rng.randint(100, 999)}", "", ""),
        "Q05 point": (f"{number}.{d.rng.randint(1, 9)}", "", ""),
        "Q05 typed": (number + (10 * d.rng.randint(10, 99) + d.rng.randint(1, 9)) / 1000, "", ""),
        "Q05 format": (float(number), d.one(("0.000", "#,##0.000")), ""),
        "Q05 words": (d.one((f"khoảng {number}", f"{number} cuộc", f"{number}-{number + 2}", "chưa thống kê")), "", ""),
        "C07 negative": (float(-number), "", ""),
        "C07 brackets": (f"({number})", "", ""),
        "C07 fraction": (f"{number},5", "", ""),
        "C03 error": (d.one(("#DIV/0!", "#REF!", "#N/A")), "", "=1/0"),
        "C03 uncached": (None, "", "=3+4"),
        "C03 external": (float(number), "", f"='[1]Tong hop'!{address(*place)}"),
    }[d.fault]
    sheet.page.put(*place, value, form, formula)
    d.plant(sheet, place, d.fault[:3], f"{d.fault[4:]}: {formula or value}")
    d.drop(sheet, [place])


def hide(d, sheet):
    row, column = d.one(d.reported(sheet))
    if d.fault == "C01 row":
        sheet.page.hidden_rows.add(row)
        hidden = [place for place in sheet.figures if place[0] == row]
        d.plant(sheet, (row, column), "C01", "a hidden row with figures")
    else:
        sheet.page.hidden_columns.add(column)
        hidden = [place for place in sheet.figures if place[1] == column]
        d.plant(sheet, sheet.headers.get(column, (row, column)), "C01", "a hidden column with figures")
    d.drop(sheet, hidden)


def merge(d, sheet):
    row, column = d.one([(r, c) for r, c in d.reported(sheet) if (r + 1, c) in sheet.figures])
    sheet.page.merge(row, column, row + 1, column)
    del sheet.page.cells[row + 1, column]
    d.drop(sheet, [(row, column), (row + 1, column)])
    d.plant(sheet, (row, column), "C02", f"{address(row, column)}:{address(row + 1, column)} merged")


def wrong_totals(d):
    """Make three totals wrong, no two of which check one another."""
    long_sums = [t for t in d.totals if len(t["parts"].split()) != len(MEETINGS) and not t["of_meetings"]]
    told = d.rng.sample(long_sums, 2)
    rows = [t for t in d.totals if len(t["parts"].split()) == len(MEETINGS)]
    told += [d.one(rows[:-1])] if rows else []
    for total in told:
        total["right"] = False
        sheet = next(s for s in d.sheets if s.page.name == total["sheet"])
        place = next(p for p in sheet.page.cells if address(*p) == total["cell"])
        sheet.page.put(*place, sheet.page.cells[place].value + d.rng.randint(1, 9))
        d.plant(sheet, place, "C06", f"a total of {total['parts']}")


# --- the whole world --------------------------------------------------------------------------------------------------


def plan(review: Review, seed: int) -> list[tuple[str, str, int, str]]:
    """Return (area, shape, year, fault) of each file: the same for every subset of files."""
    rng, areas = random.Random(seed), review.areas  # noqa: S311 - no secret
    districts = areas.of_year(2014, "district")["area"].tolist()
    shapes = dict(zip(rng.sample(districts, len(districts)), spread(DISTRICTS), strict=True))
    year = {area: rng.choice(YEARS) for area in districts}
    faults = {}
    for shape, planted in (("wide", WIDE_FAULTS), ("office", OFFICE_DISTRICT_FAULTS)):
        kinds = spread(planted) + [""] * (DISTRICTS[shape] - sum(planted.values()))
        faults[shape] = rng.sample(kinds, len(kinds))
    files = [(areas.root, "years", YEARS[-1], "")]
    files += [(a, shapes[a], year[a], faults[shapes[a]].pop() if shapes[a] in faults else "") for a in districts]
    communes = areas.of_year(2014, "commune")["area"].tolist()[:COMMUNES]
    above = {a: areas.ancestors(a)[0] for a in communes}
    # A form with all years would say again what the district's sheet says.
    free = [a for a in communes if shapes[above[a]] in ("office", "years")]
    by_years = set(rng.sample(free, min(35, len(free))))
    long_ones = set(rng.sample([a for a in communes if a not in by_years], 50))
    spoiled = [a for a in communes if a not in by_years | long_ones]
    ambiguous = [a for a in spoiled if namesakes(review, a)]
    kinds = spread(CELL_FAULTS)
    fault: dict[str, str] = dict(
        zip(rng.sample(ambiguous, kinds.count("Q02 ambiguous")), ["Q02 ambiguous"] * 9, strict=False)
    )
    rest = [kind for kind in kinds if kind not in ("Q02 ambiguous", "Q03")] + ["Q03"] * 10
    fault |= dict(zip(rng.sample([a for a in spoiled if a not in fault], len(rest)), rest, strict=True))
    fault |= dict(zip(sorted(by_years), spread(YEAR_FAULTS), strict=False))
    fault |= dict.fromkeys(sorted(long_ones)[:5], "Q03")
    for area in communes:
        shape = "years" if area in by_years else "long" if area in long_ones else "office"
        other = [y for y in YEARS if shapes[above[area]] not in ("wide", "long") or y != year[above[area]]]
        files.append((area, shape, rng.choice(other), fault.get(area, "")))
    return files


def spread(counts):
    return [kind for kind, many in counts.items() for _ in range(many)]


def namesakes(review, area):
    """Tell whether an area's name alone may mean another one in every year that a form may be of."""
    return all(match(review.areas.name(area), review.areas, at=f"{y}-06-30").area is None for y in YEARS)


def world(review: Review, folder: Path, seed: int = 290, *, only: Iterable[str] | None = None) -> Key:
    """Write the files of all offices, or only those of some, into a folder; return what a perfect reader finds."""
    known, wanted = truth(review, seed), None if only is None else set(only)
    folder.mkdir(parents=True, exist_ok=True)
    key = Key([], pd.DataFrame(), pd.DataFrame(), [], pd.DataFrame())
    found, faults, totals = [], [], []
    for number, (area, shape, year, fault) in enumerate(plan(review, seed)):
        if wanted is not None and area not in wanted:
            continue
        d = Draft(known, area, shape, year, fault, seed)
        make(d)
        path = save(d, folder, number)
        file = path.relative_to(folder).as_posix()
        key.files.append({"path": path, "area": area, "year": None if shape == "years" else year, "shape": shape,
                          "fault": fault})  # fmt: skip
        name = {s.page.name: path.stem if path.suffix == ".csv" else s.page.name for s in d.sheets}
        faults += [(file, name[sheet], cell or "", code, what) for sheet, cell, code, what in d.faults]
        key.names += [(file, *told) for told in d.names]
        totals += [{"file": file, **total} for total in d.totals]
        for sheet in d.sheets:
            place = (file, name[sheet.page.name])
            found += [(f.area, f.year, f.indicator, f.scope, f.value, f.status, *place, address(*at))
                      for at, f in sheet.figures.items() if f.status]  # fmt: skip
    columns = ["area", "year", "indicator", "scope", "value", "status", "file", "sheet", "cell"]
    key.observations = pd.DataFrame(found, columns=columns)
    key.faults = pd.DataFrame(faults, columns=["file", "sheet", "cell", "code", "what"])
    key.totals = pd.DataFrame(totals, columns=["file", "sheet", "cell", "parts", "right"])
    return key


def make(d: Draft) -> None:
    """Lay the file out, spoil it, and add what means nothing."""
    {"office": lambda: office(d, d.year), "years": lambda: years(d), "long": lambda: long(d), "wide": lambda: wide(d)}[
        d.shape
    ]()
    spoil(d)
    page = d.sheets[0].page
    if d.format in ("xlsx", "bare") and d.luck(0.1):
        page.put(d.rng.randint(300, 4000), d.rng.randint(30, 60), None, "0.00")  # an empty cell with a format
    if d.format != "csv" and d.luck(0.05):
        page.hidden_rows.add(max(row for row, _ in page.cells) + 3)  # nothing stands there
    if d.format != "csv" and d.luck(0.08):
        guide = d.sheet("Hướng dẫn")
        guide.page.put(0, 0, "Hướng dẫn điền biểu")
        guide.page.put(1, 0, "Mỗi ô ghi một số nguyên; không áp dụng thì ghi x.")
        guide.page.hidden = d.luck(0.3)


def save(d: Draft, folder: Path, number: int) -> Path:
    """Write the file in its format; return its path."""
    pages = [sheet.page for sheet in d.sheets]
    if d.format == "csv" and len(pages) > 1:
        d.format = "xlsx"
    ending = {"bare": "xlsx"}.get(d.format, d.format)
    slug = words.fold(d.areas.name(d.area)).replace(" ", "-")
    path = folder / f"{number:03}_{slug}.{ending}"
    if d.format == "csv":
        encoding = d.one(("utf-8", "utf-8-sig", "utf-16", "cp1258"))
        form_files.text(path, pages[0], d.one((",", ";", ";", "\t")), encoding)
    else:
        {"xlsx": form_files.xlsx, "bare": form_files.xlsx_bare, "ods": form_files.ods}[d.format](path, pages)
    return path

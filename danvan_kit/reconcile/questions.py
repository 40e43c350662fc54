"""What to ask each office: a row a question, and the workbooks that go out with room for the answers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from danvan_kit import words
from danvan_kit.checks import problems
from danvan_kit.forms import export
from danvan_kit.forms.export import ExportError
from danvan_kit.indicators import get, persons
from danvan_kit.reconcile import Chain, Part, chain
from danvan_kit.reconcile.sums import of, strays
from danvan_kit.reconcile.told import name, told
from danvan_kit.review import Review

COLUMNS: dict[str, tuple[str, str, float]] = {
    "name": ("Đơn vị", "Office", 20),
    "body": ("Nơi trả lời", "Who answers", 16),
    "indicator": ("Chỉ tiêu", "Indicator", 20),
    "year": ("Năm", "Year", 7),
    "reported": ("Đã báo cáo", "Reported", 11),
    "expected": ("Số khớp", "What would fit", 11),
    "difference": ("Chênh lệch", "Difference", 11),
    "causes": ("Có thể do", "Likely causes", 16),
    "question": ("Câu hỏi", "Question", 46),
    "source": ("Ô số liệu", "Cells", 20),
}
"""What is written of each question: its column in Vietnamese and English, and how wide it is."""
OF_A_PART = {
    "superseded",
    "swapped_columns",
    "digit_slip",
    "thousand_slip",
    "swapped_digits",
    "log_differs",
    "above_whole",
}
"""Causes whose figures are those of one cell, not of a sum."""
NAMED = 3
"""Missing figures of one report that are named one by one; more are counted."""


def questions(
    review: Review,
    indicator: str | None = None,
    area: str = "",
    years: tuple[int, int] | int | None = None,
    *,
    lang: str = "vi",
) -> pd.DataFrame:
    """List what to ask the offices of a branch: one row for each difference, one for each report that lacks.

    Parameters
    ----------
    review
        The review.
    indicator
        One that adds up; None: all that add up (without counts of persons where small ones are hidden).
    area, years
        As `chain`; of stocks each year is looked at.
    lang
        Language of names and explanations; the questions themselves are Vietnamese in ``vi``, else English.

    Returns
    -------
    DataFrame
        ``office, name, body, indicator, year, reported, expected, difference, causes, question, source``: by district,
        in pre-order, then by year. `reported` is NaN where nothing was; `expected` where nobody can know.

    Raises
    ------
    IndicatorError, AreaError
        As `chain`.
    """
    found: list[dict[str, Any]] = []
    for key in [indicator] if indicator else _adding(review):
        for span in _spans(review, key, years):
            one = chain(review, key, area, span, lang=lang)
            found += [*_differences(one), *_lacking(one)]
    table = pd.DataFrame(_joined(found, lang), columns=["office", *COLUMNS])
    order = review.areas.rows(table["office"])
    return table.assign(_a=order).sort_values(["_a", "year"], kind="stable", ignore_index=True)[["office", *COLUMNS]]


def _adding(review: Review) -> list[str]:
    adds = review.indicators[review.indicators["aggregation"].isin(["sum", "last"])].index
    return [str(i) for i in adds if review.hidden is None or not persons(review.indicators, str(i))]


def _spans(review: Review, indicator: str, years: tuple[int, int] | int | None) -> list[tuple[int, int]]:
    """Return the periods to look at: one, or of a stock each year."""
    first, last = (
        (review.years[0], review.years[-1]) if years is None else (years, years) if isinstance(years, int) else years
    )
    if review.indicators.loc[indicator, "aggregation"] != "last":
        return [(first, last)]
    return [(y, y) for y in range(max(first, int(get(review.indicators, indicator)["first_year"])), last + 1)]


def _differences(found: Chain) -> Iterator[dict[str, Any]]:
    """Walk the differences; what the office above only noticed, or the log says again, is asked once."""
    asked = set[tuple[int, int | None]]()
    for part in found.found:
        kind = part.causes[0].kind
        if kind in {"not_reported", "own_sum_used", "rounded", "not_owed"} or part.step == "published":
            continue
        if (part.place, part.year) not in asked:
            asked.add((part.place, part.year))
            yield _difference(found, part)


def _difference(found: Chain, part: Part) -> dict[str, Any]:
    review, first = found.review, part.causes[0]
    sums, i = of(review), int(review.indicators.index.get_loc(found.indicator))  # type: ignore[arg-type]
    y = review.years.index(part.year or review.years[0])
    own = float(sums.own[i, part.place, y])
    if first.kind == "superseded":
        expected, reported = first.figures
    elif part.step == "offices":
        reported, expected = own, float(sums.log[i, part.place, y])
    elif first.kind in OF_A_PART and first.figures and first.other != "total":
        reported, expected = first.figures[0], first.figures[0] + part.amount
    elif sums.heads[i, part.place, y]:
        reported = float(sums.reported[i, part.place, y])
        expected = reported - part.amount
    else:
        reported, expected = own, (0.0 if np.isnan(own) else own) + part.amount
    why = told(review, part.causes, found.lang)
    return _row(found, part.place, part.year, (reported, expected), [c.kind for c in part.causes], why)


def _lacking(found: Chain) -> Iterator[dict[str, Any]]:
    """Walk the figures that are owed and not given, own and consolidated; not those filed under an old area."""
    review, sums = found.review, of(found.review)
    i = int(review.indicators.index.get_loc(found.indicator))  # type: ignore[arg-type]
    branch = review.areas.branch(found.area)
    for year in range(found.years[0], found.years[1] + 1):
        y = review.years.index(year)
        moved = {heir for stray in strays(review).get((found.indicator, year), []) for heir in stray.heirs}
        gone = sums.lacking[i, branch, y] | sums.silent[i, branch, y]
        for place in (branch.start + np.flatnonzero(gone)).tolist():
            if review.areas.ids[place] not in moved:
                counted = sums.counted[i] and sums.lacking[i, place, y]
                logged = float(sums.log[i, place, y]) if counted else float("nan")
                yield _row(found, place, year, (float("nan"), logged), ["not_reported"], "")


def _row(  # noqa: PLR0913, PLR0917 - a question has many sides
    found: Chain, place: int, year: int | None, figures: tuple[float, float], kinds: list[str], why: str
) -> dict[str, Any]:
    review, lang = found.review, found.lang
    i, area = int(review.indicators.index.get_loc(found.indicator)), review.areas.ids[place]  # type: ignore[arg-type]
    about, filed = review.indicators.iloc[i], problems.filed(review)
    y = review.years.index(year or review.years[0])
    head = place if of(review).heads[i, place, y] else int(review.areas.parent_row[place])
    rows = [filed["own"].row[i, place, y], filed["consolidated"].row[i, head, y]]
    label, office = str(about[f"label_{lang}"]), problems.office(review, area)
    reported, expected = figures
    row: dict[str, Any] = {
        "office": area,
        "name": office,
        "body": str(about[f"body_{lang}"]),
        "indicator": label,
        "year": year,
    }
    row |= {"reported": reported, "expected": expected, "difference": reported - expected}
    row |= {"causes": "; ".join(dict.fromkeys(name(k, lang) for k in kinds)), "source": problems.sources(review, rows)}
    return row | {"question": _question(row, why, lang)}


def _question(row: dict[str, Any], why: str, lang: str) -> str:
    """Return one polite sentence."""
    office, label, year = row["name"], row["indicator"], row["year"]
    a, b = (words.number(row[c], lang=lang) for c in ("reported", "expected"))
    if np.isnan(row["reported"]) and why:
        said = (
            f"Kính đề nghị {office} xác nhận “{label}” năm {year}: {why}.",
            f"{office} is kindly asked to confirm “{label}” of {year}: {why}.",
        )
    elif np.isnan(row["reported"]):
        end = (
            f" (nhật ký hoạt động có {b})" if not np.isnan(row["expected"]) else "; nếu không phát sinh, đề nghị ghi 0",
            f" (the log has {b})" if not np.isnan(row["expected"]) else "; if there was none, please write 0",
        )
        said = (f"Kính đề nghị {office} gửi bổ sung số liệu “{label}” năm {year}{end[0]}.",
                f"{office} is kindly asked for “{label}” of {year}{end[1]}.")  # fmt: skip
    else:
        said = (
            f"Kính đề nghị {office} kiểm tra “{label}” năm {year}: đã báo cáo {a}, số khớp là {b}; {why}.",
            f"{office} is kindly asked to check “{label}” of {year}: {a} was reported, {b} would fit; {why}.",
        )
    return said[lang == "en"]


def _joined(rows: list[dict[str, Any]], lang: str) -> Iterable[dict[str, Any]]:
    """Put many figures that one report lacks, or that all stand under an old area, into one row."""
    groups: dict[tuple[str, int, str], list[dict[str, Any]]] = {}
    for n, row in enumerate(rows):
        kind = row["causes"].partition(";")[0] if np.isnan(row["reported"]) else str(n)
        groups.setdefault((row["office"], row["year"], kind), []).append(row)
    for (*_, kind), some in groups.items():
        if len(some) <= NAMED:
            yield from some
            continue
        first, count = some[0], len(some)
        office, year = first["name"], first["year"]
        said = (
            f"Kính đề nghị {office} gửi bổ sung báo cáo năm {year} ({count} số liệu còn thiếu).",
            f"{office} is kindly asked for the report of {year} ({count} figures lack).",
        )
        if kind == name("area_change", lang):
            said = (
                f"Kính đề nghị {office} xác nhận báo cáo năm {year} nộp dưới đơn vị cũ ({count} số liệu) là của mình.",
                f"{office} is kindly asked to confirm the report of {year} filed under its old name ({count} figures).",
            )
        label = f"{count} figures" if lang == "en" else f"{count} chỉ tiêu"
        nothing = {"expected": float("nan"), "difference": float("nan")}
        yield first | nothing | {"indicator": label, "causes": kind, "question": said[lang == "en"]}


# --- workbooks --------------------------------------------------------------------------------------------------------


def write_questions(table: pd.DataFrame, review: Review, to: Path | str) -> list[Path]:
    """Write the questions: no text becomes a formula; same questions, same bytes.

    Parameters
    ----------
    table
        What `questions` returns, or some of its rows.
    review
        Says which district an office belongs to.
    to
        A file ``.xlsx``: one workbook with a sheet for each district and one for the city. A folder: one workbook for
        each office that is asked, its name without accents.

    Returns
    -------
    list of Path
        The files, all of them or (after an error) none of a half.

    Raises
    ------
    ExportError
        If nothing can be written there, or there is nothing to ask.
    """
    to = Path(to)
    if not len(table):
        raise ExportError("không có câu hỏi nào để ghi", "there is nothing to ask")
    lines = [dict(zip(table.columns, line, strict=True)) for line in table.itertuples(index=False)]
    if to.suffix.lower() == ".xlsx":
        return [_write(to, _by(lines, lambda area: _title(review, _district(review, area))))]
    files = _by(lines, lambda area: f"{area}_{words.fold(review.areas.name(area)).replace(' ', '_')}.xlsx")
    return [_write(to / file, {"Câu hỏi": some}) for file, some in files.items()]


def _by(lines: list[dict[str, Any]], key: Any) -> dict[str, list[dict[str, Any]]]:  # noqa: ANN401 - a function of an id
    found: dict[str, list[dict[str, Any]]] = {}
    for line in lines:
        found.setdefault(key(line["office"]), []).append(line)
    return found


def _district(review: Review, area: str) -> str:
    """Return the area directly below the top in whose branch an office stands; the top itself for the top."""
    above = [area, *review.areas.ancestors(area)]
    return above[-2] if len(above) > 1 else above[0]


def _title(review: Review, area: str) -> str:
    """Return a sheet's name: what a spreadsheet allows, and one of its own."""
    bare = "".join(c for c in review.areas.name(area) if c not in "[]:*?/\\'")
    return f"{bare[:20].strip()} ({area})"[:31]


def _write(path: Path, sheets: dict[str, list[dict[str, Any]]]) -> Path:
    with export.replacing(path) as draft, export.opened(draft, "Câu hỏi đối chiếu") as book:
        numbers = {"figure": "#,##0.##", "year": "0", "whole": "#,##0"}
        box = {"border": 1, "valign": "top", "text_wrap": True}
        looks = export.formats(book) | {k: book.add_format(box | {"num_format": f}) for k, f in numbers.items()}
        for title, lines in sheets.items():
            _sheet(book.add_worksheet(title), lines, looks)
    return path


def _sheet(sheet: Any, lines: list[dict[str, Any]], looks: dict[str, Any]) -> None:  # noqa: ANN401 - no types there
    export.lay_out(sheet, [*COLUMNS.values(), export.ANSWER], len(lines), looks)
    for n, line in enumerate(lines, 2):
        for at, column in enumerate(COLUMNS):
            value = line[column]
            if isinstance(value, str):
                export.write_text(sheet, n, at, export.clean(value), looks)
            elif pd.isna(value):
                sheet.write_blank(n, at, None, looks["text"])
            else:
                kind = "year" if column == "year" else "whole" if value == int(value) else "figure"
                sheet.write_number(n, at, value, looks[kind])
        sheet.write_blank(n, len(COLUMNS), None, looks["answer"])
        # Not all programs fit a row to its text when they open a file.
        texts = [
            (str(line[column]), width) for column, (_, _, width) in COLUMNS.items() if isinstance(line[column], str)
        ]
        sheet.set_row(n, 15 * max(1, *(math.ceil(1.15 * len(text) / width) for text, width in texts)))

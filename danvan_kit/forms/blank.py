"""Forms out: "Biểu số 1" of one office, empty or filled, locked but for the figures, on one A4 page."""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pandas as pd
import xlsxwriter  # type: ignore[import-untyped]

from danvan_kit import words
from danvan_kit.areas import Level
from danvan_kit.forms.office import Form
from danvan_kit.review import Review

SHEET = "Bieu1"
HEADER_ROW, FIRST_ROW = 4, 5
"""Rows of the header and of the catalogue's first indicator, counted from 1; ratios keep their row too."""
TITLE = "Biểu số 1. Kết quả công tác dân vận theo Quyết định 290-QĐ/TW"
SIMULATED = "SỐ LIỆU MÔ PHỎNG / SIMULATED"
HEADERS = {"own": "Của riêng đơn vị", "consolidated": "Tổng hợp cả cấp dưới"}
NOTES = (
    "Ghi chú: mỗi ô ghi một số nguyên từ 0 trở lên, ví dụ 27739; không ghi kèm chữ, không ghi khoảng.",
    "0: có theo dõi, trong kỳ không phát sinh.   x: chỉ tiêu không áp dụng cho đơn vị.",
    "– hoặc để trống: chưa có số liệu.   Ô màu xám không phải điền.",
)
ALLOWED = "Chỉ ghi số nguyên từ 0 trở lên (ví dụ 27739), x (không áp dụng) hoặc – (chưa có số liệu)."
# A fixed day, so that the same form has the same bytes whenever it is written.
MADE = dt.datetime(2010, 2, 25)  # noqa: DTZ001 - the file format knows no zone
LABEL_WIDTH = 60

Told: TypeAlias = Callable[[str, int, int], None]
"""What is being written, how many forms are done, and of how many."""


def write_form(  # noqa: PLR0913 - one office, one year, and what is known of it
    path: Path,
    review: Review,
    area: str,
    year: int | None = None,
    *,
    figures: pd.DataFrame | None = None,
    received: dt.date | None = None,
    simulated: bool = False,
    partial: bool = False,
) -> None:
    """Write "Biểu số 1" of one office as .xlsx: all of it or nothing; same input, same bytes.

    Parameters
    ----------
    path
        The file; its folder is made.
    review
        The review: its areas, catalogue, years.
    area
        Id of the office.
    year
        The reporting year; without it the office chooses from a list.
    figures
        ``area, year, indicator, scope, value, status`` of that office and year, each figure once: a reported figure
        becomes a number, one that is not applicable ``x``, a missing one an empty cell.
    received
        The day on which the report came in.
    simulated
        Whether to mark the form as simulated.
    partial
        Whether to leave out the rows (and the column) that `figures` does not name: a correction then says nothing
        about the others.

    Raises
    ------
    AreaError, IndicatorError
        If the office or an indicator is unknown.
    DanvanError
        If the year is none of the review's, a figure is another office's, stands twice, has no cell on this form, or
        if a partial form would have to leave a single cell of a row unsaid.
    """
    form = Form(review, area, year, figures, partial=partial)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.draft")
    with xlsxwriter.Workbook(
        draft, {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    ) as book:
        book.set_properties({"title": TITLE, "comments": SIMULATED if simulated else "", "created": MADE})
        _Page(book, form).write(received, simulated=simulated)
    os.replace(draft, path)  # noqa: PTH105 - documented as atomic


def write_blanks(  # noqa: PLR0913 - which offices, and which year
    folder: Path,
    review: Review,
    *,
    level: Level | None = None,
    area: str | None = None,
    year: int | None = None,
    told: Told | None = None,
) -> list[Path]:
    """Write the empty forms of many offices, one folder a district.

    Parameters
    ----------
    folder
        Where to.
    review
        The review.
    level
        Only offices of this level.
    area
        Only this office and those below it.
    year
        Only offices that report for this year, which is filled in; without it those of the review's last day.
    told
        Called before each form and at the end.

    Returns
    -------
    list of Path
        The files, in the order of the areas.
    """
    table = review.areas.at(review.closing, level) if year is None else review.areas.of_year(year, level)
    below = set(review.areas.ids if area is None else review.areas.ids[review.areas.branch(area)])
    chosen = [a for a in table["area"].tolist() if a in below]
    paths = [folder / _place(review, a, year) for a in chosen]
    for done, (office, path) in enumerate(zip(chosen, paths, strict=True)):
        if told:
            told(review.areas.name(office), done, len(paths))
        write_form(path, review, office, year)
    if told:
        told("", len(paths), len(paths))
    return paths


def _place(review: Review, area: str, year: int | None) -> Path:
    """Return where an office's form goes: named by code and bare letters, which every file system takes."""

    def named(one: str) -> str:
        plain = (re.sub(r"[^0-9A-Za-z]+", "-", text).strip("-") for text in (one, words.fold(review.areas.name(one))))
        return "_".join(plain)

    district = [a for a in [area, *review.areas.ancestors(area)] if review.areas.get(a)["level"] == "district"]
    file = f"{named(area)}.xlsx" if year is None else f"{named(area)}_{year}.xlsx"
    return Path(named(district[0]), file) if district else Path(file)


_BOX: dict[str, Any] = {"border": 1, "valign": "vcenter"}
LOOKS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 14, "center_across": True, "valign": "vcenter"},
    "label": {"align": "right", "indent": 1},
    "value": {"bold": True, "align": "left"},
    "choice": {"bold": True, "align": "left", "locked": False, "bg_color": "#FFF9DB", "border": 1},
    "small": {"italic": True, "font_size": 10},
    "header": {**_BOX, "bold": True, "align": "center", "text_wrap": True, "bg_color": "#DCE6F1"},
    "cell": {**_BOX, "text_wrap": True, "indent": 1},
    "middle": {**_BOX, "align": "center"},
    "note": {**_BOX, "text_wrap": True, "indent": 1, "locked": False, "font_size": 11},
    "figure": {**_BOX, "align": "right", "indent": 1, "num_format": "#,##0", "locked": False, "bg_color": "#FFF9DB"},
    "grey": {**_BOX, "align": "center", "bg_color": "#D9D9D9", "font_color": "#595959"},
    "date": {"num_format": "dd-mm-yyyy", "align": "left", "locked": False, "border": 1, "bg_color": "#FFF9DB"},
    "sign": {"bold": True, "align": "center"},
    "hint": {"italic": True, "align": "center", "font_size": 10},
}


class _Page:
    """The form on its sheet."""

    def __init__(self, book: xlsxwriter.Workbook, form: Form) -> None:
        self.form = form
        self.sheet = book.add_worksheet(SHEET)
        self.looks = {name: book.add_format({"font_name": "Times New Roman", "font_size": 12, **look})
                      for name, look in LOOKS.items()}  # fmt: skip
        self.unit = 2 + len(form.scopes)  # the column behind the last figure
        self.last = max(self.unit + 1, 5)

    def write(self, received: dt.date | None, *, simulated: bool) -> None:
        self._head(simulated=simulated)
        for place, row in self.form.rows():
            self._row(FIRST_ROW - 1 + place, place, row)
        bottom = self._below(FIRST_ROW + len(self.form.review.indicators), received)
        self._setting(bottom, simulated=simulated)

    def text(self, row: int, column: int, text: object, look: str) -> None:
        self.sheet.write_string(row, column, str(text), self.looks[look])

    def _head(self, *, simulated: bool) -> None:
        form, sheet = self.form, self.sheet
        self.text(0, 0, f"{TITLE} – {SIMULATED}" if simulated else TITLE, "title")
        for column in range(1, self.last + 1):
            sheet.write_blank(0, column, None, self.looks["title"])
        self.text(1, 1, "Đơn vị báo cáo:", "label")
        self.text(1, 2, form.name, "value")
        self.text(1, self.last - 1, "Mã đơn vị:", "label")
        self.text(1, self.last, form.area, "value")
        self.text(2, 1, "Năm báo cáo:", "label")
        if form.year is None:
            sheet.write_blank(2, 2, None, self.looks["choice"])
            message = "Chọn một năm trong danh sách."
            choice = {"validate": "list", "source": list(form.review.years), "input_title": "Năm báo cáo"}
            sheet.data_validation(2, 2, 2, 2, {**choice, "input_message": message, **_error(message)})
        else:
            sheet.write_number(2, 2, form.year, self.looks["value"])
            self.text(2, 3, form.period, "small")
        headers = ["STT", "Chỉ tiêu", *(HEADERS[s] for s in form.scopes), "Đơn vị tính", "Ghi chú"]
        for column, header in enumerate(headers):
            self.text(HEADER_ROW - 1, column, header, "header")

    def _row(self, at: int, place: int, row: Any) -> None:  # noqa: ANN401 - a row of the catalogue
        form, sheet = self.form, self.sheet
        sheet.write_number(at, 0, place + 1, self.looks["middle"])
        self.text(at, 1, row["label_vi"], "cell")
        for column, scope in enumerate(form.scopes, 2):
            self._figure(at, column, form.figures.get((row["indicator"], scope)), owed=form.owed(row, scope))
        self.text(at, self.unit, row["unit_vi"], "middle")
        if remark := form.remark(row):
            self.text(at, self.unit + 1, remark, "cell")
        else:
            sheet.write_blank(at, self.unit + 1, None, self.looks["note"])
        sheet.set_row(at, 20 * max(1, -(-len(row["label_vi"]) // LABEL_WIDTH)))

    def _figure(self, row: int, column: int, value: float | str | None, *, owed: bool) -> None:
        if not owed and value in (None, "", "x"):
            self.text(row, column, "x", "grey")
            return
        look = self.looks["figure"]
        if value is None or value == "":
            self.sheet.write_blank(row, column, None, look)
        elif isinstance(value, str):
            self.sheet.write_string(row, column, value, look)
        else:
            self.sheet.write_number(row, column, value, look)
        cell = f"{chr(65 + column)}{row + 1}"
        whole = f'=OR(AND(ISNUMBER({cell}),{cell}>=0,{cell}=INT({cell})),LOWER({cell})="x",{cell}="–",{cell}="-")'
        rule = {"validate": "custom", "value": whole, "input_title": "Số liệu", "input_message": ALLOWED}
        self.sheet.data_validation(row, column, row, column, {**rule, **_error(ALLOWED)})

    def _below(self, row: int, received: dt.date | None) -> int:
        """Write what stands under the table; return the last row."""
        sheet = self.sheet
        for i, line in enumerate(NOTES):
            self.text(row + i, 1, line, "small")
        row += len(NOTES) + 1
        self.text(row, 1, "Ngày nhận báo cáo:", "label")
        if received is None:
            sheet.write_blank(row, 2, None, self.looks["date"])
        else:
            sheet.write_datetime(row, 2, dt.datetime.combine(received, dt.time()), self.looks["date"])
        message = "Ghi một ngày, ví dụ 15-01-2015."
        first = {"criteria": ">=", "value": dt.date(self.form.review.years[0], 1, 1)}
        given = {"validate": "date", **first, "input_title": "Ngày nhận", "input_message": message}
        sheet.data_validation(row, 2, row, 2, {**given, **_error(message)})
        row += 2
        for column, who, hint in (
            (1, "Người lập biểu", "(Ký, ghi rõ họ tên)"),
            (self.last - 1, "Thủ trưởng đơn vị", "(Ký, ghi rõ họ tên, đóng dấu)"),
        ):
            self.text(row, column, who, "sign")
            self.text(row + 1, column, hint, "hint")
        return row + 5  # room to sign

    def _setting(self, bottom: int, *, simulated: bool) -> None:
        sheet, labels = self.sheet, self.form.review.indicators["label_vi"]
        widths = [5.0, min(LABEL_WIDTH, max(map(len, labels), default=0)) + 1.0]
        # The office's name runs over the columns between its label and its code.
        wide = max(14.0, len(self.form.name) * 1.15 / (self.last - 3))
        widths += [wide] * len(self.form.scopes) + [wide if self.last - 1 > self.unit else 14.0, 24.0]
        widths += [9.0] * (self.last + 1 - len(widths))
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.set_row(0, 28)
        sheet.set_row(1, 20)
        sheet.set_row(2, 20)
        sheet.set_row(HEADER_ROW - 1, 34)
        sheet.freeze_panes(HEADER_ROW, 2)
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 1)
        sheet.set_margins(left=0.5, right=0.4, top=0.7, bottom=0.6)
        sheet.center_horizontally()
        sheet.repeat_rows(HEADER_ROW - 1)
        sheet.print_area(0, 0, bottom, self.last)
        sheet.set_header(f"&R{SIMULATED}" if simulated else "")
        sheet.set_footer("&RTrang &P/&N")
        sheet.protect("", {"format_columns": True, "format_rows": True})


def _error(message: str) -> dict[str, Any]:
    return {"error_title": "Chưa đúng", "error_message": message, "error_type": "stop"}

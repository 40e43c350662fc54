"""The appendix: a workbook with the findings, the table of each with a native chart, and the rows behind them."""

from __future__ import annotations

import datetime as dt
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import xlsxwriter  # type: ignore[import-untyped]

from danvan_kit import theme, words
from danvan_kit.documents import safe
from danvan_kit.documents.content import Content, Item, made
from danvan_kit.findings.finding import KINDS, STATUSES
from danvan_kit.views import View
from danvan_kit.views._common import say
from danvan_kit.views._shown import table_of

SAFE = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
FACE = {"font_name": "Times New Roman", "font_size": 12}
TOP = 4
"""Row of a sheet's header, counted from 0: title, mark, what it says and a blank stand above."""
LINE = 16.5
"""Points of a line of text."""
BESIDE = 75
"""Letters across, up to which a chart stands beside its table and not beneath."""
SCREEN = 12
"""Rows above a chart, up to which both stand on one printed page."""
BARS, CHARTED = 3, 40
"""The least bars that are worth a chart, and the most that can be told apart in one."""


@dataclass(frozen=True)
class _Book:
    """A workbook being written, with the formats of its cells."""

    book: Any
    formats: dict[str, Any]
    content: Content

    def say(self, vi: str, en: str) -> str:
        return say(self.content.lang, vi, en)


def workbook(content: Content, date: dt.date | None = None) -> bytes:
    """Return the appendix as an ``.xlsx`` file: no text is a formula or a link, every number is a number.

    Parameters
    ----------
    content
        What there is to say.
    date
        The document's date, for the file's properties.
    """
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, SAFE) as book:
        lang = content.lang
        book.set_properties(
            {
                "title": say(lang, "Phụ lục các phát hiện", "Appendix of findings"),
                "author": "danvan_kit",
                "keywords": theme.SIMULATED[lang] if content.review.simulated else "",
                "created": made(content, date),
            }
        )
        writer = _Book(book, _formats(book), content)
        _overview(writer)
        _view_sheet(writer, say(lang, "Số công bố", "Published"), content.published, None)
        for item in content.items:
            _view_sheet(writer, say(lang, f"PH {item.number}", f"F {item.number}"), item.view, item)
        _evidence(writer)
    return out.getvalue()


def _formats(book: Any) -> dict[str, Any]:  # noqa: ANN401 - xlsxwriter has no types
    box = FACE | {"border": 1, "valign": "top"}
    over = {"text_wrap": True, "valign": "top", "num_format": "@"}
    text = box | {"text_wrap": True, "num_format": "@"}
    return {
        "title": book.add_format(FACE | over | {"bold": True, "font_size": 14}),
        "mark": book.add_format(FACE | over | {"bold": True, "font_color": "#B3261E"}),
        "note": book.add_format(FACE | over | {"italic": True}),
        "head": book.add_format(text | {"bold": True, "bg_color": "#DCE6F1", "align": "center", "valign": "vcenter"}),
        "text": book.add_format(text),
        "live": book.add_format(text | {"quote_prefix": True}),
        "right": book.add_format(text | {"align": "right"}),
        "year": book.add_format(box | {"num_format": "0"}),
        "count": book.add_format(box | {"num_format": "#,##0"}),
        "one": book.add_format(box | {"num_format": "#,##0.0"}),
        "two": book.add_format(box | {"num_format": "#,##0.00"}),
    }


def _sheet(  # noqa: PLR0913, PLR0917 - what stands above a table
    writer: _Book, name: str, title: str, notes: Sequence[str], head: Sequence[str], widths: Sequence[float]
) -> Any:  # noqa: ANN401 - xlsxwriter has no types
    """Add a sheet with title, mark, notes and header; printed on A4 across, its header on each page."""
    sheet = writer.book.add_worksheet(name)
    mark = theme.SIMULATED[writer.content.lang] if writer.content.review.simulated else ""
    for row, text, look in ((0, title, "title"), (1, mark, "mark"), (2, " ".join(notes), "note")):
        _across(writer, sheet, row, text, look, widths)
    sheet.set_row(TOP, LINE * max(_lines(label, width) for label, width in zip(head, widths, strict=True)))
    for at, (label, width) in enumerate(zip(head, widths, strict=True)):
        _put(writer, sheet, TOP, at, label, "head")
        sheet.set_column(at, at, width)
    sheet.freeze_panes(TOP + 1, 0)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.set_margins(left=0.6, right=0.6, top=0.8, bottom=0.7)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(TOP)
    sheet.set_footer(f'&C&"Times New Roman"{"Trang" if writer.content.lang == "vi" else "Page"} &P/&N')
    return sheet


def _across(  # noqa: PLR0913, PLR0917
    writer: _Book,
    sheet: Any,  # noqa: ANN401
    row: int,
    text: str,
    look: str,
    widths: Sequence[float],
) -> None:
    """Write a text over all columns, on as many lines as it takes: else it widens what is printed."""
    kept = safe.cell(text)
    if len(widths) > 1:
        sheet.merge_range(row, 0, row, len(widths) - 1, "", writer.formats[look])
    sheet.write_string(row, 0, kept, writer.formats[look])
    sheet.set_row(row, LINE * _lines(kept, sum(widths)) * (1.2 if look == "title" else 1))


def _lines(text: str, width: float) -> int:
    """Return on how many lines a text stands in a column of so many letters; words are not parted."""
    return max(1, min(25, math.ceil(len(text) / max(width - 1, 1) * (1 if len(text) < width else 1.15))))


def _put(writer: _Book, sheet: Any, row: int, column: int, text: object, look: str) -> None:  # noqa: ANN401, PLR0913, PLR0917
    """Write a text that stays one, also when somebody edits its cell."""
    kept = safe.cell(text)
    if look == "text" and safe.is_live(kept):
        look = "live"
    sheet.write_string(row, column, kept, writer.formats[look])


def _overview(writer: _Book) -> None:
    """Write the findings, one a row; those that hold no longer at the end, without a sheet of their own."""
    lang, content = writer.content.lang, writer.content
    head = writer.say(
        "Số|Loại|Phát hiện|Đơn vị|Kiến nghị|Thời hạn|Trạng thái|Còn đúng|Số liệu|Người ghi|Dòng căn cứ",
        "No.|Kind|Finding|Concerns|Recommendation|Due|Status|Holds|Figures|Author|Rows of evidence",
    ).split("|")
    title = writer.say("Các phát hiện", "Findings")
    widths = [6.0, 14, 40, 20, 34, 11, 14, 12, 40, 16, 11]
    sheet = _sheet(writer, title, title, [content.shields], head, widths)
    yes, no = writer.say("còn đúng", "holds"), writer.say("không còn đúng", "holds no longer")
    rows = [(item.number, item.finding, yes, item.view.reading) for item in content.items]
    rows += [(0, old.finding, no, "") for old in content.stale]
    for n, (number, finding, state, reading) in enumerate(rows, TOP + 1):
        due = words.date(finding.due, lang) if finding.due else ""
        kind, status = KINDS[finding.kind][lang == "en"], STATUSES[finding.status][lang == "en"]
        first = [kind, finding.statement, content.area(finding), finding.recommendation, due, status, state, reading]
        if number:
            sheet.write_number(n, 0, number, writer.formats["year"])
        else:
            _put(writer, sheet, n, 0, words.DASH, "text")
        for at, text in enumerate([*first, finding.author], 1):
            _put(writer, sheet, n, at, text, "text")
        sheet.write_number(n, 10, finding.evidence_total, writer.formats["count"])
        long = zip([kind, finding.statement, "", finding.recommendation, "", "", "", reading], widths[1:9], strict=True)
        sheet.set_row(n, LINE * max(_lines(text, width) for text, width in long))
    sheet.autofilter(TOP, 0, max(TOP + 1, TOP + len(rows)), len(head) - 1)


def _view_sheet(writer: _Book, name: str, view: View, item: Item | None) -> None:
    """Write a view's table with its chart at the right."""
    lang = writer.content.lang
    written = table_of(view, lang)
    labels = [label for label, _ in written["columns"]]
    kept = [n for n, column in enumerate(view.table.columns) if not (column == "area" and "name" in view.table)]
    values = [view.table.iloc[:, n].tolist() for n in kept]
    widths = [_width(label, [row[n] for row in written["rows"]]) for n, label in enumerate(labels)]
    head = f"{writer.say('Phát hiện', 'Finding')} {item.number}. {item.finding.statement}" if item else view.title
    notes = [view.title + ".", view.reading] if item else [view.reading]
    sheet = _sheet(writer, name, head, notes, labels, widths)
    numeric = [number for _, number in written["columns"]]
    names = [str(view.table.columns[n]) for n in kept]
    looks = [_look(*column) for column in zip(names, values, numeric, strict=True)]
    for n, row in enumerate(written["rows"]):
        if (deep := max(_lines(text, width) for text, width in zip(row, widths, strict=True))) > 1:
            sheet.set_row(TOP + 1 + n, LINE * deep)
        for at, text in enumerate(row):
            value = values[at][n]
            if looks[at] and _is_number(value):
                sheet.write_number(TOP + 1 + n, at, value, writer.formats[looks[at]])
            else:
                _put(writer, sheet, TOP + 1 + n, at, text, "right" if looks[at] else "text")
    last = TOP + len(written["rows"])
    sheet.autofilter(TOP, 0, max(TOP + 1, last), len(labels) - 1)
    for n, source in enumerate(view.sources):
        _across(writer, sheet, last + 2 + n, source, "note", widths)
    mixed = {words.label(key, lang) for key in ("unit", "indicator")}
    if mixed & set(labels) or len(view.table) < BARS:
        return  # figures of many units have no common axis, and two bars say no more than two figures
    beside = sum(widths) <= BESIDE
    spot = (TOP + 1, len(labels) + 1) if beside else (last + 4 + len(view.sources), 0)
    if not beside and last > SCREEN:
        sheet.set_h_pagebreaks([spot[0] - 1])  # else the printer cuts the chart in two
    _chart(writer, sheet, spot, view.title, labels, looks, values)


def _width(label: str, texts: Sequence[str]) -> float:
    return float(min(max(9, len(label) / 1.6, *(len(text) for text in texts), 0), 46) + 2)


def _is_number(value: object) -> bool:
    number = isinstance(value, int | float | np.number) and not isinstance(value, bool | np.bool_)
    return number and math.isfinite(float(value))  # type: ignore[arg-type]


def _look(name: str, values: Sequence[Any], number: bool) -> str:
    """Return the format of a column of numbers, some of which may be hidden or missing; "" for one of texts."""
    if name == "year" or not number:
        return "year" if number else ""
    known = [float(value) for value in values if _is_number(value)]
    if all(value.is_integer() for value in known):
        return "count"
    return "two" if max(map(abs, known), default=0) < 10 else "one"


def _chart(  # noqa: PLR0913, PLR0917 - what is drawn, where, over what
    writer: _Book,
    sheet: Any,  # noqa: ANN401 - xlsxwriter has no types
    spot: tuple[int, int],
    title: str,
    labels: Sequence[str],
    looks: Sequence[str],
    values: Sequence[Sequence[Any]],
) -> None:
    """Draw the first column of numbers over the years, or else the first names; at most `CHARTED` rows."""
    years = next(
        (at for at, look in enumerate(looks) if look == "year" and len(set(values[at])) == len(values[at])), None
    )
    numbers = [at for at, look in enumerate(looks) if look in {"count", "one", "two"}]
    names = [at for at, look in enumerate(looks) if not look]
    over = years if years is not None else next(iter(names), None)
    if over is None or not numbers:
        return
    total, at, name = len(values[0]), numbers[0], sheet.get_name()
    label = safe.cell(labels[at], 200)
    end, across = TOP + min(total, CHARTED), years is not None
    chart = writer.book.add_chart({"type": "column" if across else "bar"})
    chart.add_series(
        {
            "name": [name, TOP, at],
            "categories": [name, TOP + 1, over, end, over],
            "values": [name, TOP + 1, at, end, at],
            "fill": {"color": theme.BLUE},
            "gap": 40,
        }
    )
    mark = f"{theme.SIMULATED[writer.content.lang]} · " if writer.content.review.simulated else ""
    more = writer.say(f" ({CHARTED} dòng đầu)", f" (first {CHARTED} rows)") if total > CHARTED else ""
    font = {"name": "Times New Roman", "size": 11}
    told = f"{mark}{safe.cell(title, 200)}{more}"
    chart.set_title({"name": told, "name_font": font | {"bold": True, "size": 12}, "overlay": False})
    chart.set_legend({"none": True})
    first: dict[str, Any] = {"num_font": font | {"size": 11 if across else 9}, "reverse": not across}
    first["interval_unit"] = 1  # every name is written
    second: dict[str, Any] = {
        "name": label,
        "name_font": font,
        "num_font": font,
        "num_format": "#,##0" if looks[at] == "count" else "#,##0.0",
    }
    if _spread(values[at]):
        second["log_base"] = 10
    # of a bar chart the axis of the names is the one called y
    chart.set_x_axis(first if across else second)
    chart.set_y_axis(second if across else first)
    chart.set_size({"width": 640, "height": 340 if across else min(470, max(260, 15 * (end - TOP) + 90))})
    sheet.insert_chart(*spot, chart, {"description": safe.cell(told, 250)})


def _spread(values: Sequence[Any]) -> bool:
    """Tell whether the least of the figures would be no bar at all beside the largest."""
    known = [float(value) for value in values if _is_number(value)]
    return bool(known) and min(known) > 0 and max(known) / min(known) > 500


def _evidence(writer: _Book) -> None:
    """Write the rows behind each finding, and how many more there are."""
    title = writer.say("Căn cứ", "Evidence")
    head = writer.say("Phát hiện|Dòng số liệu gốc|Ghi chú", "Finding|Row of the data|Note").split("|")
    note = writer.say(
        "Tệp#trang!ô của báo cáo, hoặc mã dòng trong nhật ký hoạt động.",
        "file#sheet!cell of a report, or a row of the log.",
    )
    sheet = _sheet(writer, title, title, [note], head, [11, 70, 40])
    row = TOP + 1
    for item in writer.content.items:
        finding = item.finding
        for source in finding.evidence:
            sheet.write_number(row, 0, item.number, writer.formats["year"])
            _put(writer, sheet, row, 1, source, "text")
            _put(writer, sheet, row, 2, "", "text")
            row += 1
        if left := finding.evidence_total - len(finding.evidence):
            sheet.write_number(row, 0, item.number, writer.formats["year"])
            _put(writer, sheet, row, 1, "…", "text")
            count = words.number(left, lang=writer.content.lang)
            _put(writer, sheet, row, 2, writer.say(f"còn {count} dòng", f"{count} more rows"), "text")
            row += 1
    sheet.autofilter(TOP, 0, max(TOP + 1, row - 1), len(head) - 1)

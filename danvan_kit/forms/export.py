"""Problems out: one row each, as a workbook or a text table that goes back to the office, with room for its answer."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from pathlib import Path
from typing import Literal, TypeAlias

import pandas as pd
import xlsxwriter  # type: ignore[import-untyped]

from danvan_kit.errors import DanvanError

Lang: TypeAlias = Literal["vi", "en"]
COLUMNS: dict[str, tuple[str, str, float]] = {
    "file": ("Tệp", "File", 30),
    "sheet": ("Trang", "Sheet", 14),
    "cell": ("Ô", "Cell", 9),
    "code": ("Mã", "Code", 6),
    "title": ("Việc", "Matter", 30),
    "found": ("Tìm thấy", "Found", 44),
    "allowed": ("Được dùng", "Allowed", 34),
    "next": ("Việc cần làm", "What to do", 36),
}
"""What is written of each problem: its column in Vietnamese and English, and how wide it is."""
ANSWER = ("Trả lời của đơn vị", "Answer of the office", 40.0)
SHEET = ("Cần trả lời", "To answer")
SUFFIXES = (".xlsx", ".csv")
MOST_ROWS, MOST_LETTERS = 1_048_576 - 2, 32_767
"""What one sheet and one cell of a workbook hold; rows without the two of the header."""
LIVE = "=+-@＝＋－＠"
"""What makes a spreadsheet take a text for a formula, in narrow and in wide letters."""
# A fixed day, so that the same problems have the same bytes whenever they are written.
MADE = dt.datetime(2010, 2, 25)  # noqa: DTZ001 - the file format knows no zone


class ExportError(DanvanError):
    """A file of problems that cannot be written: its ending, its folder, or more rows than a sheet holds."""


def write_problems(problems: pd.DataFrame, path: Path | str, lang: Lang = "vi") -> None:
    """Write a table of problems for the office: all of it or nothing; same problems, same bytes.

    No text becomes a formula. A workbook has both languages above its columns. A text table is UTF-16 with tabs: the
    one kind of ``.csv`` that Excel opens right whatever the list separator of the computer.

    Parameters
    ----------
    problems
        The `problems` of `Forms`, or some of their rows.
    path
        The file, ``.xlsx`` or ``.csv``; its folder is made.
    lang
        Language of the sheet's name, and of a text table's header: vi or en.

    Raises
    ------
    ExportError
        If the ending is another one, a sheet does not hold so many rows, or nothing can be written there.
    """
    path = Path(path)
    kind = path.suffix.lower()
    if kind not in SUFFIXES:
        raise ExportError(
            f"{path}: không ghi được tệp dạng {kind or 'không đuôi'}; được dùng: {', '.join(SUFFIXES)}",
            f"cannot write this kind of file; allowed: {', '.join(SUFFIXES)}",
        )
    if len(problems) > MOST_ROWS:
        raise ExportError(
            f"{path}: {len(problems)} dòng; một trang bảng tính chứa tối đa {MOST_ROWS} dòng",
            f"{len(problems)} rows; a sheet holds up to {MOST_ROWS}",
        )
    rows = [[_line(text) for text in row] for row in problems[list(COLUMNS)].itertuples(index=False)]
    writer: Callable[[list[list[str]], Path, Lang], None] = _workbook if kind == ".xlsx" else _table
    draft = path.with_name(f".{path.name}.draft")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        writer(rows, draft, lang)
        os.replace(draft, path)  # noqa: PTH105 - documented as atomic
    except (OSError, xlsxwriter.exceptions.FileCreateError) as err:
        draft.unlink(missing_ok=True)
        reason = getattr(err, "strerror", None) or str(err)
        raise ExportError(
            f"{path}: không ghi được ({reason}); hãy đóng tệp nếu đang mở, hoặc chọn nơi khác",
            "cannot be written there; close the file if it is open, or choose another place",
        ) from err


def _workbook(rows: list[list[str]], path: Path, lang: Lang) -> None:
    columns = [*COLUMNS.values(), ANSWER]
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    with xlsxwriter.Workbook(path, options) as book:
        book.set_properties({"title": SHEET[0], "created": MADE})
        sheet = book.add_worksheet(SHEET[lang == "en"])
        box = {"border": 1, "valign": "top", "text_wrap": True}
        head = book.add_format({**box, "bold": True, "bg_color": "#DCE6F1"})
        under = book.add_format({**box, "italic": True, "bg_color": "#DCE6F1", "font_size": 9})
        # Marked as text, a cell stays one when the office edits it.
        plain = book.add_format({**box, "num_format": "@"})
        guarded = book.add_format({**box, "num_format": "@", "quote_prefix": True})
        answer = book.add_format({**box, "num_format": "@", "bg_color": "#FFF9DB"})
        for at, (vi, en, width) in enumerate(columns):
            sheet.set_column(at, at, width)
            sheet.write_string(0, at, vi, head)
            sheet.write_string(1, at, en, under)
        for n, row in enumerate(rows, 2):
            for at, text in enumerate(row):
                sheet.write_string(n, at, text[:MOST_LETTERS], guarded if _is_live(text) else plain)
            sheet.write_blank(n, len(row), None, answer)
        sheet.freeze_panes(2, 1)
        sheet.autofilter(1, 0, max(1, len(rows) + 1), len(columns) - 1)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0, 1)
        sheet.set_footer("&RTrang &P/&N")


def _table(rows: list[list[str]], path: Path, lang: Lang) -> None:
    header = [en if lang == "en" else vi for vi, en, _ in (*COLUMNS.values(), ANSWER)]
    lines: list[list[str]] = [
        header,
        *([*(f"'{text}" if _is_live(text) else text for text in row), ""] for row in rows),
    ]
    text = "".join("\t".join(_quoted(cell) for cell in line) + "\r\n" for line in lines)
    path.write_bytes(b"\xff\xfe" + text.encode("utf-16-le"))


def _line(value: object) -> str:
    """Return a value on one line: nothing in it ends a cell, turns the writing round or breaks an encoding."""
    text = "".join(c if c.isprintable() else " " for c in str(value))
    return text.strip()


def _is_live(text: str) -> bool:
    return text.startswith(tuple(LIVE))


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'

"""Problems out: one row each, as a workbook or a text table that goes back to the office, with room for its answer."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Literal, TypeAlias

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
    rows = [[clean(text) for text in row] for row in problems[list(COLUMNS)].itertuples(index=False)]
    writer: Callable[[list[list[str]], Path, Lang], None] = _workbook if kind == ".xlsx" else _table
    with replacing(path) as draft:
        writer(rows, draft, lang)


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Write a file whole or not at all: yield a draft, which takes the file's place when the block ends.

    Raises
    ------
    ExportError
        If nothing can be written there.
    """
    draft = path.with_name(f".{path.name}.draft")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield draft
        os.replace(draft, path)  # noqa: PTH105 - documented as atomic
    except (OSError, xlsxwriter.exceptions.XlsxWriterException) as err:
        with contextlib.suppress(OSError):  # the folder may be none
            draft.unlink(missing_ok=True)
        reason = getattr(err, "strerror", None) or str(err)
        raise ExportError(
            f"{path}: không ghi được ({reason}); hãy đóng tệp nếu đang mở, hoặc chọn nơi khác",
            "cannot be written there; close the file if it is open, or choose another place",
        ) from err


def opened(draft: Path, title: str) -> xlsxwriter.Workbook:
    """Open a new workbook in which no text becomes a formula, a link or a number, and no clock is kept."""
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    book = xlsxwriter.Workbook(draft, options)
    book.set_properties({"title": title, "created": MADE})
    return book


def formats(book: xlsxwriter.Workbook) -> dict[str, Any]:
    """Make the formats of a table that an office answers: ``head, under, text, live, answer``."""
    # Marked as text, a cell stays one when the office edits it.
    box: dict[str, Any] = {"border": 1, "valign": "top", "text_wrap": True}
    text: dict[str, Any] = {"num_format": "@"}
    looks: dict[str, dict[str, Any]] = {
        "head": {"bold": True, "bg_color": "#DCE6F1"},
        "under": {"italic": True, "bg_color": "#DCE6F1", "font_size": 9},
        "text": text,
        "live": text | {"quote_prefix": True},
        "answer": text | {"bg_color": "#FFF9DB"},
    }
    return {name: book.add_format(box | look) for name, look in looks.items()}


def lay_out(sheet: Any, columns: Sequence[tuple[str, str, float]], rows: int, looks: dict[str, Any]) -> None:  # noqa: ANN401
    """Write both heads of a table and set its page: frozen, filtered, A4 across, each page with its heads.

    Parameters
    ----------
    sheet
        An empty sheet.
    columns
        Vietnamese head, English head, width.
    rows
        How many rows stand beneath.
    looks
        What `formats` made.
    """
    for at, (vi, en, width) in enumerate(columns):
        sheet.set_column(at, at, width)
        sheet.write_string(0, at, vi, looks["head"])
        sheet.write_string(1, at, en, looks["under"])
    sheet.freeze_panes(2, 1)
    sheet.autofilter(1, 0, max(1, rows + 1), len(columns) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0, 1)
    sheet.set_footer("&RTrang &P/&N")


def write_text(sheet: Any, row: int, column: int, text: str, looks: dict[str, Any]) -> None:  # noqa: ANN401
    """Write a text that is and stays a text, as far as a cell holds it."""
    sheet.write_string(row, column, text[:MOST_LETTERS], looks["live" if is_live(text) else "text"])


def _workbook(rows: list[list[str]], path: Path, lang: Lang) -> None:
    columns = [*COLUMNS.values(), ANSWER]
    with opened(path, SHEET[0]) as book:
        sheet, looks = book.add_worksheet(SHEET[lang == "en"]), formats(book)
        lay_out(sheet, columns, len(rows), looks)
        for n, row in enumerate(rows, 2):
            for at, text in enumerate(row):
                write_text(sheet, n, at, text, looks)
            sheet.write_blank(n, len(row), None, looks["answer"])


def _table(rows: list[list[str]], path: Path, lang: Lang) -> None:
    header = [en if lang == "en" else vi for vi, en, _ in (*COLUMNS.values(), ANSWER)]
    lines: list[list[str]] = [
        header,
        *([*(f"'{text}" if is_live(text) else text for text in row), ""] for row in rows),
    ]
    text = "".join("\t".join(_quoted(cell) for cell in line) + "\r\n" for line in lines)
    path.write_bytes(b"\xff\xfe" + text.encode("utf-16-le"))


def clean(value: object) -> str:
    """Return a value on one line: nothing in it ends a cell, turns the writing round or breaks an encoding."""
    text = "".join(c if c.isprintable() else " " for c in str(value))
    return text.strip()


def is_live(text: str) -> bool:
    """Tell whether a spreadsheet would run a text if somebody edited its cell."""
    return text.startswith(tuple(LIVE))


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'

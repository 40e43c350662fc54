"""What calamine leaves out of .xls: hidden rows and columns, errors, number formats, told by xlrd."""

from __future__ import annotations

import os
from typing import Any

from danvan_kit.forms.number_formats import telling
from danvan_kit.forms.second_look import UNSEEN

Details = dict[str, Any]


def look(data: bytes) -> tuple[dict[str, Details], list[str]]:
    """Return by its name what each sheet holds beside its values, and what is to be known about the file."""
    import xlrd  # type: ignore[import-untyped]  # noqa: PLC0415 - few files need it

    try:
        with open(os.devnull, "w", encoding="utf-8") as log:  # noqa: PTH123 - pathlib is not loaded here
            book = xlrd.open_workbook(file_contents=data, formatting_info=True, logfile=log)
            formats = _formats(book)
            found = {sheet.name: _sheet(sheet, formats, xlrd) for sheet in book.sheets()}
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - it stumbles over damage in many ways; the values are read already
        return {}, [UNSEEN]
    outside = 2 in getattr(book, "_supbook_types", ())
    return found, ["external links"] if outside else []


def _formats(book: Any) -> dict[int, str]:  # noqa: ANN401 - a class of a library without types
    codes = {key: told.format_str for key, told in book.format_map.items()}
    by_style = {n: codes.get(style.format_key, "") for n, style in enumerate(book.xf_list)}
    return {n: code for n, code in by_style.items() if telling(code)}


def _sheet(sheet: Any, formats: dict[int, str], xlrd: Any) -> Details:  # noqa: ANN401 - the same
    marks, shown = [], []
    for row in range(sheet.nrows):
        for column, kind in enumerate(sheet.row_types(row)):
            if kind == xlrd.XL_CELL_ERROR:
                value = sheet.cell_value(row, column)
                marks.append((row, column, xlrd.error_text_from_code.get(value, "#VALUE!")))
            elif kind == xlrd.XL_CELL_NUMBER and (code := formats.get(sheet.cell_xf_index(row, column))):
                shown.append((row, column, code))
    rows = [n for n, about in sheet.rowinfo_map.items() if about.hidden or about.height == 0]
    columns = [(n, n) for n, about in sheet.colinfo_map.items() if about.hidden or about.width == 0]
    return {"hidden_rows": rows, "hidden_columns": columns, "marks": marks, "formats": shown}

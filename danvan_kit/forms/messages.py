"""A message of the child made into a book or an error; one of another shape comes from a child that lost its way."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from danvan_kit.forms.raw import Book, Sheet
from danvan_kit.forms.trouble import FormError, Trouble, codes


def opened(message: bytes, file: str) -> Book | FormError:
    """Return what the child tells of a file."""
    try:
        told = json.loads(message, object_hook=_dated)
        if "code" in told:
            code, (vi, en) = told["code"], told["found"]
            codes()[code]
            return FormError(Trouble(code, file, str(told["sheet"]), str(told["cell"]), (str(vi), str(en))))
        sheets = tuple(map(_sheet, told["sheets"]))
        return Book(str(told["kind"]), str(told["digest"]), sheets, tuple(map(str, told["notes"])))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return refused(file, "F05", "làm rối chương trình đọc", "it confuses the program that reads it")


def refused(file: str, code: str, vi: str, en: str) -> FormError:
    """Return the error of a file that is not read."""
    return FormError(Trouble(code, file, found=(vi, en)))


def _sheet(told: dict[str, Any]) -> Sheet:
    return Sheet(
        name=str(told["name"]),
        rows=tuple(map(tuple, told["rows"])),
        merged=tuple((int(a), int(b), int(c), int(d)) for a, b, c, d in told.get("merged", ())),
        hidden=bool(told["hidden"]),
        hidden_rows=frozenset(map(int, told.get("hidden_rows", ()))),
        hidden_columns=frozenset(map(int, told.get("hidden_columns", ()))),
        marks={(int(row), int(column)): str(text) for row, column, text in told.get("marks", ())},
        formats={(int(row), int(column)): str(text) for row, column, text in told.get("formats", ())},
    )


def _dated(found: dict[str, Any]) -> Any:  # noqa: ANN401 - whatever stood there
    """Return the date for what stands for one in a message."""
    if len(found) != 1 or "d" not in found:
        return found
    text = found["d"]
    return dt.datetime.fromisoformat(text) if "T" in text else dt.date.fromisoformat(text)

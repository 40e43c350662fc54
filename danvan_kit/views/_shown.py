"""A view in the forms that a page and a saved notebook take: a JSON-safe figure, a written table, static HTML."""

from __future__ import annotations

import datetime as dt
import html
import math
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from danvan_kit import theme, words

if TYPE_CHECKING:
    from danvan_kit.views._view import View

_AS_IT_IS = frozenset({str, int, bool, type(None)})
_MARKS = frozenset(words.LABELS["hidden"])
SAVED_ROWS = 60
"""Rows of the table that a saved notebook shows: it must stay small enough to mail."""
PAGE_ROWS = 1_000
"""Rows of the table in a page; the view itself has them all."""
YES, NO = {"vi": "có", "en": "yes"}, {"vi": "không", "en": "no"}


def saved(view: View, lang: str, *, simulated: bool) -> dict[str, Any]:
    """Return what a notebook keeps of a view, by MIME type: picture, table, and the title as text."""
    config = {"displaylogo": False, "showSendToCloud": False, "plotlyServerURL": "", "locale": lang}
    return {
        "application/vnd.plotly.v1+json": plain(view.figure, digits=9) | {"config": config},
        "text/html": saved_html(view, lang, simulated=simulated),
        "text/plain": "\n".join([view.title, view.reading, *view.sources]),
    }


def _heading(key: str, lang: str) -> str:
    return words.label(key, lang) if key in words.LABELS else key


def plain(value: Any, digits: int | None = None) -> Any:  # noqa: ANN401 - JSON in, JSON out
    """Return what JSON can hold: lists for arrays, None for what is missing.

    Parameters
    ----------
    value
        A figure, or any part of one.
    digits
        Significant digits to keep. With 9, the last bits of a sum, which differ between machines, are not saved.
    """
    if isinstance(value, float):
        kept = float(value if digits is None else _short(value, digits))
        return kept if math.isfinite(kept) else None
    if isinstance(value, dict):
        return {str(key): part if type(part) in _AS_IT_IS else plain(part, digits) for key, part in value.items()}
    if isinstance(value, list | tuple):
        # Most parts are text and whole numbers, which stay as they are: asking here first saves most of the time.
        if _AS_IT_IS.issuperset(map(type, value)):
            return list(value)
        return [part if type(part) in _AS_IT_IS else plain(part, digits) for part in value]
    if isinstance(value, np.ndarray | np.generic | pd.Series | pd.Index):
        return plain(value.tolist(), digits)
    return _scalar(value)


def _short(value: float, digits: int) -> float:
    """Return a number with so many significant digits; most are counts, which have no more."""
    whole = value.is_integer() and abs(value) < 10**digits
    return value if whole else float(f"{value:.{digits}g}")


def _scalar(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, str | int) or value is None:
        return value
    if pd.isna(value):
        return None
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def table_of(view: View, lang: str, rows: int | None = None) -> dict[str, Any]:
    """Return a view's table, written out for its reader.

    Returns
    -------
    dict
        ``columns`` (label, is a number), ``rows`` (written cells), ``click`` and ``ids`` (what a click on a row
        chooses, or None), ``more`` (a line on the rows left out).
    """
    click = view.figure.get("layout", {}).get("meta", {}).get("click")
    names, dtypes, values, total = _columns(view, rows)
    dtypes = [_dtype(column, dtype) for column, dtype in zip(values, dtypes, strict=True)]
    shown = [n for n, name in enumerate(names) if not (name == "area" and "name" in names)]
    cells = [_column(values[n], names[n], dtypes[n], lang) for n in shown]
    left = total - (len(values[0]) if values else 0)
    more = {"vi": f"… còn {left} dòng nữa", "en": f"… {left} more rows"}[lang] if left else ""
    return {
        "columns": [[_heading(names[n], lang), _is_number(dtypes[n])] for n in shown],
        "rows": [list(row) for row in zip(*cells, strict=True)],
        "click": click,
        "ids": plain(values[names.index(click)]) if click in names else None,
        "more": more,
    }


def _columns(view: View, rows: int | None) -> tuple[list[str], list[Any], list[list[Any]], int]:
    """Return names, dtypes, values and length of a view's columns, without making a frame of plain ones."""
    given = view.__dict__["table"]
    if not isinstance(given, pd.DataFrame):
        arrays = [np.asarray(column) for column in given.values()]
        if all(array.dtype.kind in "ifbU" and array.ndim == 1 for array in arrays):
            total = len(arrays[0]) if arrays else 0
            return list(given), [array.dtype for array in arrays], [array[:rows].tolist() for array in arrays], total
    total, frame = len(view.table), view.table.iloc[:rows]
    # All columns at once: to take them one by one from the frame costs more than to write them.
    return frame.columns.tolist(), frame.dtypes.tolist(), frame.to_numpy(dtype=object).T.tolist(), total


def _dtype(values: list[Any], dtype: Any) -> Any:  # noqa: ANN401 - numpy's and pandas' dtypes
    """Return a column's dtype; figures of which some are hidden are numbers still."""
    if dtype.kind != "O" or not _MARKS.intersection(value for value in values if type(value) is str):
        return dtype
    plain_numbers = all(value in _MARKS if type(value) is str else type(value) is float for value in values)
    return np.dtype(np.float64) if plain_numbers else dtype


@lru_cache(maxsize=64)
def _is_number(dtype: Any) -> bool:  # noqa: ANN401 - numpy's and pandas' dtypes
    return pd.api.types.is_numeric_dtype(dtype) and not pd.api.types.is_bool_dtype(dtype)


def _column(values: list[Any], name: str, dtype: Any, lang: str) -> list[str]:  # noqa: ANN401
    """Write one column's cells."""
    if name == "year":
        return [str(year) for year in values]
    if dtype.kind != "f":
        return [value if type(value) is str else _cell(value, lang, None) for value in values]
    digits = _digits([value for value in values if type(value) is not str])  # a text is the mark of a hidden figure
    # NaN is equal to nothing, itself included, so it would never be found in the cache.
    return [_cell(value, lang, digits) if value == value else words.DASH for value in values]  # noqa: PLR0124


def _digits(values: list[float]) -> int:
    """Return the decimals of a column of numbers, the same in each row: none when all are whole."""
    known = [value for value in values if math.isfinite(value)]
    if all(value.is_integer() for value in known):
        return 0
    return 2 if max(map(abs, known)) < 10 else 1


@lru_cache(maxsize=1 << 16, typed=True)  # typed: 1, 1.0 and True are written differently
def _cell(value: Any, lang: str, digits: int | None) -> str:  # noqa: ANN401 - any cell
    # Cached: exact decimal writing costs microseconds a cell, and the same counts come back at every change.
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return YES[lang] if value else NO[lang]
    if value is None or value is pd.NA or value is pd.NaT:
        return words.DASH
    if isinstance(value, int | float):
        return words.number(value, lang=lang, digits=digits)
    return words.date(value, lang) if isinstance(value, dt.date) else str(value)


def saved_html(view: View, lang: str, *, simulated: bool) -> str:
    """Return the view's table as static HTML: escaped, without script, capped at `SAVED_ROWS` rows."""
    table = table_of(view, lang, SAVED_ROWS)
    css = [' style="text-align:right"' if number else "" for _, number in table["columns"]]
    head = "".join(
        f"<th{style}>{html.escape(label)}</th>" for (label, _), style in zip(table["columns"], css, strict=True)
    )
    body = "".join(
        f"<tr>{''.join(f'<td{style}>{html.escape(cell)}</td>' for cell, style in zip(row, css, strict=True))}</tr>"
        for row in table["rows"]
    )
    mark = f"<p><strong>{html.escape(theme.SIMULATED[lang])}</strong></p>" if simulated else ""
    more = f"<p>{table['more']}</p>" if table["more"] else ""
    sources = html.escape(" · ".join(view.sources))
    return (
        f"<div><h4>{html.escape(view.title)}</h4>{mark}<p>{html.escape(view.reading)}</p>"
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}<p><small>{sources}</small></p></div>"
    )

"""The explorer's piece of page: one thin widget, and a view in the forms that the page and the saved notebook take."""

from __future__ import annotations

import datetime as dt
import html
import json
import math
from collections.abc import Callable
from functools import cache, lru_cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anywidget
import numpy as np
import pandas as pd

from danvan_kit import words
from danvan_kit.explorer.controls import word

if TYPE_CHECKING:
    from danvan_kit.views import View

STATIC = Path(__file__).parents[1] / "static"
_AS_IT_IS = frozenset({str, int, bool, type(None)})
SAVED_ROWS = 60
"""Rows of the table that a saved notebook shows: it must stay small enough to mail."""


class Canvas(anywidget.AnyWidget):  # type: ignore[misc]
    """A widget without state: the page asks, the explorer answers with custom messages.

    Custom messages are not saved with the notebook, cost one message a change, and, unlike synced traits, come back
    with no echo and wait for no idle kernel.

    Parameters
    ----------
    describe
        Returns the controls and the present state, for a page that (re)appears.
    table
        Returns the present table, which the page asks for when the picture is drawn.
    choose
        Takes the choices that the reader set.
    """

    _esm = STATIC / "explorer.js"
    _css = STATIC / "explorer.css"

    def __init__(
        self,
        describe: Callable[[], dict[str, Any]],
        table: Callable[[], dict[str, Any] | None],
        choose: Callable[[dict[str, Any]], None],
    ) -> None:
        super().__init__()
        self._describe, self._table, self._choose = describe, table, choose
        self.pages = 0  # how many places show it now; an output that was cleared costs nothing any more
        self.on_msg(self._hear)

    def _hear(self, _: Any, message: dict[str, Any], __: Any) -> None:  # noqa: ANN401 - ipywidgets' callback
        if "set" in message:
            self._choose(message["set"])
        elif message.get("ask") == "plotly":
            self.send({"kind": "plotly", "locale": texts()["locale"]}, [plotly_js()])
        elif message.get("ask") == "table":
            if table := self._table():
                self.send({"kind": "table", "table": table})
        elif "gone" in message:
            self.pages = max(0, self.pages - 1)
        elif message.get("ask") == "state":
            self.pages += 1
            self.send({"kind": "spec", **self._describe()})


@cache
def plotly_js() -> bytes:
    """Return plotly.js as plotly itself packages it."""
    return resources.files("plotly").joinpath("package_data", "plotly.min.js").read_bytes()


@cache
def texts() -> dict[str, Any]:
    """Return the words of the page: ``vi``, ``en``, and plotly's Vietnamese ``locale``."""
    loaded: dict[str, Any] = json.loads((STATIC / "explorer_text.json").read_text(encoding="utf-8"))
    return loaded


def plain(value: Any, digits: int | None = None) -> Any:  # noqa: ANN401 - JSON in, JSON out
    """Return what JSON can hold: lists for arrays, None for what is missing.

    Parameters
    ----------
    value
        A figure, or any part of one.
    digits
        Significant digits to keep. With 9, the last bits of a sum, which differ between machines, are not saved.
    """
    if isinstance(value, dict):
        return {str(key): plain(part, digits) for key, part in value.items()}
    if isinstance(value, list | tuple):
        # Most parts are text and whole numbers, which stay as they are: asking here first halves the time.
        return [part if type(part) in _AS_IT_IS else plain(part, digits) for part in value]
    if isinstance(value, np.ndarray | np.generic | pd.Series | pd.Index):
        return plain(value.tolist(), digits)
    return _scalar(value, digits)


def _scalar(value: Any, digits: int | None) -> Any:  # noqa: ANN401
    if isinstance(value, str | bool | int) or value is None:
        return value
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        return value if digits is None else float(f"{value:.{digits}g}")
    if pd.isna(value):
        return None
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def page_view(view: View) -> dict[str, Any]:
    """Return a view as the page takes it, without its table, which follows (`table_of`)."""
    return {
        "title": view.title,
        "reading": view.reading,
        "sources": list(view.sources),
        "figure": plain(view.figure),
    }


def table_of(view: View, lang: str, rows: int | None = None) -> dict[str, Any]:
    """Return a view's table, written out for its reader.

    Returns
    -------
    dict
        ``columns`` (label, is a number), ``rows`` (written cells), ``click`` and ``ids`` (what a click on a row
        chooses, or None), ``more`` (a line on the rows left out).
    """
    table = view.table
    click = view.figure.get("layout", {}).get("meta", {}).get("click")
    shown = [c for c in table.columns if not (c == "area" and "name" in table.columns)]
    kept = table if rows is None else table.head(rows)
    numbers = [pd.api.types.is_numeric_dtype(table[c]) and not pd.api.types.is_bool_dtype(table[c]) for c in shown]
    cells = [_column(kept[c], c, lang) for c in shown]
    left = len(table) - len(kept)
    more = {"vi": f"… còn {left} dòng nữa", "en": f"… {left} more rows"}[lang] if left else ""
    return {
        "columns": [[word(c, lang), number] for c, number in zip(shown, numbers, strict=True)],
        "rows": [list(row) for row in zip(*cells, strict=True)],
        "click": click,
        "ids": plain(kept[click]) if click in table.columns else None,
        "more": more,
    }


def _column(column: pd.Series[Any], name: str, lang: str) -> list[str]:
    """Write one column's cells."""
    if name == "year":
        return [str(year) for year in column]
    digits = _digits(column)
    return [_cell(value, lang, digits) for value in column.tolist()]


def _digits(column: pd.Series[Any]) -> int | None:
    """Return the decimals of a column of numbers, the same in each row: none when all are whole."""
    if column.dtype.kind != "f":
        return None
    known = np.abs(column.to_numpy()[np.isfinite(column)])
    if not known.size or (known == np.floor(known)).all():
        return 0
    return 2 if known.max() < 10 else 1


@lru_cache(maxsize=1 << 16, typed=True)  # typed: 1, 1.0 and True are written differently
def _cell(value: Any, lang: str, digits: int | None) -> str:  # noqa: ANN401 - any cell
    # Cached: exact decimal writing costs microseconds a cell, and the same counts come back at every change.
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return word(value, lang)
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
    mark = f"<p><strong>{html.escape(texts()[lang]['simulated'])}</strong></p>" if simulated else ""
    more = f"<p>{table['more']}</p>" if table["more"] else ""
    sources = html.escape(" · ".join(view.sources))
    return (
        f"<div><h4>{html.escape(view.title)}</h4>{mark}<p>{html.escape(view.reading)}</p>"
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}<p><small>{sources}</small></p></div>"
    )

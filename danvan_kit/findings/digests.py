"""What a view showed, in cells with labels, and digests over its whole table and over a review's data."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import math
from collections import Counter
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from danvan_kit import words
from danvan_kit.findings.finding import Shown
from danvan_kit.review import Review
from danvan_kit.views import View

CELLS = 60
"""Cells of a view that a finding keeps; a larger table is kept by its area's rows, and as a digest."""
_KEYS = ("name", "year")


def plain_value(value: Any) -> float | str | None:  # noqa: ANN401 - any cell
    """Return a cell as a finding keeps it: numbers to 9 significant digits, all else as text, None for no figure."""
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, int | float | np.integer | np.floating):
        number = float(value)
        known = float(f"{number:.9g}") if math.isfinite(number) else str(number)
        return None if math.isnan(number) else known
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def table_digest(view: View) -> str:
    """Return a digest over all columns and cells of a view's table, in their order."""
    columns = [[str(name), [plain_value(v) for v in column.tolist()]] for name, column in view.table.items()]
    return hashlib.sha256(json.dumps(columns, separators=(",", ":")).encode()).hexdigest()[:16]


def shown(view: View, area: str, lang: str) -> Shown:
    """Return the cells of a view's table with labels: all of a small one, the rows of `area` of a large one.

    Where a large table has no row of the area, its first rows. A label is the row's name and year and the column's
    heading; a second cell of the same label has a number.
    """
    table = view.table
    keys = _keys(table)
    values = [str(name) for name in table.columns if name not in {*keys, "area"}]
    if len(table) * len(values) > CELLS:
        own = table[table["area"] == area] if "area" in table.columns else table.iloc[:0]
        table = (own if len(own) else table).head(max(1, CELLS // max(1, len(values))))
    heads = {name: words.label(name, lang) if name in words.LABELS else name for name in map(str, table.columns)}
    seen: Counter[str] = Counter()
    cells = []
    for row in table.to_dict("records"):
        head = ", ".join(_written(row[key]) for key in keys)
        for name in values:
            label = " · ".join(part for part in (head, heads[name]) if part)
            seen[label] += 1
            cells.append((label if seen[label] == 1 else f"{label} ({seen[label]})", plain_value(row[name])))
    return tuple(cells[:CELLS])


def _keys(table: pd.DataFrame) -> list[str]:
    """Return the columns that name a row: area and year, else the leading columns of text."""
    names = [str(name) for name in table.columns]
    if kept := [key for key in _KEYS if key in names]:
        return kept if "name" in kept or len(table) == table["year"].nunique() else [*_leading(table), *kept]
    return _leading(table) or (["area"] if "area" in names else [])


def _leading(table: pd.DataFrame) -> list[str]:
    out: list[str] = []
    for name, column in table.items():
        if name == "area":
            continue
        if pd.api.types.is_numeric_dtype(column.dtype) or len(out) == 2:
            break
        out.append(str(name))
        if not table.duplicated(out).any():
            break
    return out[:-1] if len(out) == len(table.columns) else out


def _written(value: object) -> str:
    return str(value) if value is not None and value == value else words.DASH  # noqa: PLR0124 - NaN


@lru_cache(maxsize=4)
def data_digest(review: Review) -> str:
    """Return a digest over all tables of a review, so that a change of any cell shows."""
    digest = hashlib.sha256(f"{review.years}{review.closing}{review.threshold}".encode())
    names = ("observations", "records", "indicators", "statements", "population", "norms")
    tables = {"areas": review.areas.table, "changes": review.areas.changes} | {n: getattr(review, n) for n in names}
    for name, table in tables.items():
        digest.update(f"{name}{list(table.columns)}{len(table)}".encode())
        digest.update(pd.util.hash_pandas_object(table, index=False).to_numpy().tobytes())
    return digest.hexdigest()[:16]

"""What forms say, as tables: figures, what is asked about, what became of every row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import pandas as pd

from danvan_kit import tables
from danvan_kit.forms.trouble import Trouble

OBSERVATIONS = ("area", "year", "indicator", "scope", "value", "unit", "status", "origin", "source", "received")
PROBLEMS = (
    "code",
    "kind",
    "file",
    "sheet",
    "cell",
    "title",
    "found",
    "allowed",
    "next",
    "area",
    "year",
    "indicator",
    "scope",
)
FILES = (
    *("file", "path", "digest", "area", "year", "received"),
    *("observations", "problems", "questions", "notes"),
)
ROWS = ("file", "sheet", "row", "role", "filled", "read", "asked", "refused")


@dataclass(frozen=True, eq=False, repr=False)
class Forms:
    """What forms say, and what they do not say clearly.

    Attributes
    ----------
    observations
        The figures read, in the columns of a review's observations; `source` is file, sheet and cell.
    problems
        One row a problem, question or note: ``code, kind, file, sheet, cell, title, found, allowed, next`` and, as far
        as it is known, ``area, year, indicator, scope``. `title` to `next` are in the language asked for.
    rows
        One row for each row of a table: ``file, sheet, row, role, filled, read, asked, refused``; ``filled``, how many
        figures were filled in, is the sum of the last three.
    files
        One row a file: ``file, path, digest, area, year, received, observations, problems, questions, notes``.
    troubles
        The rows of `problems` as objects, which speak both languages.
    """

    observations: pd.DataFrame
    problems: pd.DataFrame
    rows: pd.DataFrame
    files: pd.DataFrame
    troubles: tuple[Trouble, ...]

    def __repr__(self) -> str:
        """Return one line."""
        kinds = self.problems["kind"].value_counts()
        return (
            f"{len(self.files)} tệp: {len(self.observations)} số liệu, {kinds.get('question', 0)} câu hỏi, "
            f"{kinds.get('problem', 0)} lỗi, {kinds.get('note', 0)} ghi chú"
        )

    def _repr_html_(self) -> str:
        return f"<p>{escape(repr(self))}</p>"


def observations(columns: dict[str, list[Any]]) -> pd.DataFrame:
    """Return columns of figures as the table of a review."""
    columns = columns | {"source": [tables.held(each) for each in columns["source"]]}
    frame = pd.DataFrame(columns, columns=list(OBSERVATIONS))
    texts = dict.fromkeys(("area", "indicator", "scope", "unit", "status", "origin", "source"), "str")
    frame = frame.astype({**texts, "year": "int64", "value": "float64"})
    return frame.assign(received=pd.to_datetime(frame["received"]).astype("datetime64[s]"))


def problems(troubles: Sequence[Trouble], lang: str = "vi") -> pd.DataFrame:
    """Return troubles as a table, in one language."""
    rows = [
        (t.code, t.kind, t.file, t.sheet, t.cell, *(t.text(w, lang) for w in ("title", "found", "allowed", "next")),
         t.area, t.year, t.indicator, t.scope)
        for t in troubles
    ]  # fmt: skip
    frame = tables.framed(rows, PROBLEMS)
    return frame.astype(dict.fromkeys([c for c in PROBLEMS if c != "year"], "str") | {"year": "Int64"})

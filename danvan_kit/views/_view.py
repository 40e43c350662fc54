"""What a view answers with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd


@dataclass(frozen=True, eq=False)
class View:
    """The answer to a question: a picture, its table, what it says, and where the figures come from.

    Attributes
    ----------
    title
        One line.
    table
        The figures of the picture as plain numbers; labelled columns.
    figure
        A plain Plotly figure, ``{"data": [...], "layout": {...}}``.
    reading
        One sentence: what stands out, or what must not be concluded.
    sources
        Lines of provenance, the first of which says so when figures are simulated.
    """

    title: str
    table: pd.DataFrame
    figure: dict[str, Any]
    reading: str
    sources: tuple[str, ...]

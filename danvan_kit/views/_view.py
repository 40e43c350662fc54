"""What a view answers with."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from danvan_kit.views._shown import saved, table_of

SIMULATED_SOURCE = {
    "vi": "Số liệu mô phỏng, không phải số liệu báo cáo",
    "en": "Simulated data, not reported figures",
}
"""The first line of provenance of every view on simulated figures."""


WORKING = {
    "vi": "Bản làm việc: có đủ số nhỏ về người dân, không chia sẻ",
    "en": "Working copy: it has the small counts of persons, not to be shared",
}
"""What stands below a view in JupyterLab that shows what is hidden where figures are shared."""


class _Table:
    """A view's table: kept as the columns it was made of until somebody asks for a frame, which most never do."""

    def __get__(self, view: View, _: type) -> pd.DataFrame:
        kept = view.__dict__["table"]
        if not isinstance(kept, pd.DataFrame):
            kept = view.__dict__["table"] = pd.DataFrame(kept)
        return kept

    def __set__(self, view: View, table: pd.DataFrame | Mapping[str, Any]) -> None:
        view.__dict__["table"] = table


@dataclass(frozen=True, eq=False)
class View:
    """The answer to a question: a picture, its table, what it says, and where the figures come from.

    Attributes
    ----------
    title
        One line.
    table
        The figures of the picture as plain numbers; labelled columns. Given as a frame or as columns by name.
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

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:  # noqa: ANN401 - IPython's protocol
        """Return picture, table and text for a notebook's output, and what a shared page is made of."""
        lang = "en" if self.figure.get("layout", {}).get("separators") == ".," else "vi"
        simulated = self.sources[:1] == (SIMULATED_SOURCE[lang],)
        page: dict[str, Any] = {"title": self.title, "reading": self.reading, "sources": list(self.sources)}
        # the table as one text: a notebook's file has a line for each item of a list, which doubles it
        table = json.dumps(table_of(self, lang), ensure_ascii=False, separators=(",", ":"))
        if WORKING[lang] in self.sources:
            page["whole"] = True  # `pages` refuses it, and `verify` runs the notebook with all figures
        page |= {"kind": "view", "lang": lang, "simulated": simulated, "table": table}
        return saved(self, lang, simulated=simulated), {"danvan": page}


View.table = _Table()  # type: ignore[assignment] # after the class is made, else the field would have a default


def later(given: Mapping[str, Any]) -> pd.DataFrame:
    """Take columns as a view's table; a frame is made of them when somebody asks for it."""
    return given  # type: ignore[return-value]

"""What one office's form says: which rows, which cells it owes, and what is filled in; no looks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import cached_property
from typing import Any

import pandas as pd

from danvan_kit import indicators as catalogue
from danvan_kit.areas import LEVELS
from danvan_kit.errors import DanvanError
from danvan_kit.review import Review

SCOPES = {"own": "C", "consolidated": "D"}
"""The column of each scope; an office with nobody below has no second one."""


def owes(row: Any, level: str, scope: str, year: int | None = None) -> bool:  # noqa: ANN401 - a row of the catalogue
    """Tell whether an office of a level owes an indicator (a row of the catalogue) in a scope.

    Without `year` the first year of the indicator does not count.
    """
    kept = [LEVELS.index(name) for name in str(row["levels"]).split()]
    rank = LEVELS.index(level)
    if row["aggregation"] == "ratio" or (year is not None and year < row["first_year"]):
        return False
    return rank in kept if scope == "own" else row["aggregation"] != "none" and rank < max(kept)


class Form:
    """What stands on one office's form, before it has any looks."""

    def __init__(
        self, review: Review, area: str, year: int | None, figures: pd.DataFrame | None, *, partial: bool
    ) -> None:
        self.review, self.area, self.year, self.partial = review, area, year, partial
        self.office = review.areas.get(area)
        self.level = str(self.office["level"])
        if year is not None and year not in review.years:
            first, last = review.years[0], review.years[-1]
            raise DanvanError(f"không có năm {year}; được dùng: {first}–{last}", f"no year {year}: {first}–{last}")
        self.figures = self._figures(figures)
        scopes = list(SCOPES) if self.level != LEVELS[-1] else ["own"]
        self.scopes = [s for s in scopes if not partial or any(scope == s for _, scope in self.figures)]
        self.named = {indicator for indicator, _ in self.figures}
        self._refuse_gaps()

    def _figures(self, frame: pd.DataFrame | None) -> dict[tuple[str, str], float | str]:
        found: dict[tuple[str, str], float | str] = {}
        for row in [] if frame is None else frame.to_dict("records"):
            key = (str(row["indicator"]), str(row["scope"]))
            catalogue.place(self.review.indicators, key[0])
            if (row["area"], row["year"]) != (self.area, self.year):
                self._refuse(key, "của đơn vị hoặc năm khác", "belongs to another office or year")
            if key in found:
                self._refuse(key, "ghi hai lần", "stands twice")
            if key[1] not in SCOPES or (key[1] != "own" and self.level == LEVELS[-1]):
                self._refuse(key, "không có ô trên biểu này", "has no cell on this form")
            if row["status"] == "reported" and pd.isna(row["value"]):
                self._refuse(key, "không có giá trị", "has no value")
            found[key] = {"reported": row["value"], "not_applicable": "x"}.get(row["status"], "")
        return found

    def _refuse_gaps(self) -> None:
        """Refuse to leave one cell of a row empty in a correction: an empty cell says "not reported"."""
        for key in [(i, s) for i in self.named for s in self.scopes] if self.partial else []:
            if key not in self.figures and owes(self.review.indicators.loc[key[0]], self.level, key[1]):
                self._refuse(key, "thiếu trong biểu bổ sung một phần", "is missing from a partial form")

    def _refuse(self, key: tuple[str, str], vi: str, en: str) -> None:
        place = f"{self.area}, {self.year}, {key[0]}, {key[1]}"
        raise DanvanError(
            f"biểu {place}: số liệu {vi}; được dùng: mỗi số liệu của đơn vị và năm đó một lần",
            f"the figure {en}; allowed: each figure of that office and year once",
        )

    def owed(self, row: Any, scope: str) -> bool:  # noqa: ANN401 - a row of the catalogue
        """Tell whether the office owes a figure in this form's year."""
        return owes(row, self.level, scope, self.year)

    @cached_property
    def name(self) -> str:
        """The office's name, a commune's with its district."""
        above = [self.review.areas.name(self.office["parent"])] if self.level == "commune" else []
        return ", ".join([str(self.office["name"]), *above])

    @cached_property
    def period(self) -> str:
        """From which day to which, in words; empty without a year."""
        if self.year is None:
            return ""
        last = min(dt.date(self.year, 12, 31), self.review.closing)
        return f"Số liệu tính từ ngày 01-01-{self.year} đến ngày {last:%d-%m-%Y}"

    def rows(self) -> Iterator[tuple[int, Any]]:
        """Return each indicator that stands on the form, with its place in the catalogue."""
        for place, row in enumerate(self.review.indicators.to_dict("records")):
            if not self.partial or row["indicator"] in self.named:
                yield place, row

    def remark(self, row: Any) -> str:  # noqa: ANN401 - a row of the catalogue
        """Return what stands in a row's last column; empty where the office may write."""
        if row["aggregation"] == "ratio":
            return "Tự tính, không điền"
        if row["first_year"] > self.review.years[0]:
            return f"Từ năm {row['first_year']}"
        return "" if any(self.owed(row, scope) for scope in self.scopes) else "Không phải báo cáo"

"""What is known before a form is opened: the review's areas and catalogue, what each office owes, usual figures."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from danvan_kit import names
from danvan_kit.areas import Level
from danvan_kit.forms.layouts import SCOPES, Layout, titles
from danvan_kit.forms.office import owes
from danvan_kit.names import Match
from danvan_kit.review import Review

MOST_STRANGE = 400
"""Names without an area that are looked at closely in one call; further ones are asked about without candidates."""


class Known:
    """The review as forms see it; remembers what it has looked up."""

    def __init__(self, review: Review, layouts: dict[str, Layout]) -> None:
        self.review, self.areas, self.layouts = review, review.areas, layouts
        self.titles = titles(layouts)
        table = review.areas.table
        self.level_of: dict[str, str] = dict(zip(table["area"], table["level"], strict=True))
        self.name_of: dict[str, str] = dict(zip(table["area"], table["name"], strict=True))
        self.parent_of: dict[str, str] = dict(zip(table["area"], table["parent"], strict=True))
        rows: Any = review.indicators.itertuples()
        self.row_of = {str(row.Index): row for row in rows}
        self._matches: dict[tuple[str, str | None, int | None, str | None], Match] = {}
        self._owed: dict[tuple[str, str, str], bool] = {}
        self._strange = 0

    def match(self, text: str, within: str | None, year: int | None, level: Level | None = None) -> Match:
        """Find the area that a written name means; names of other times only where no area of that year has one."""
        key = (text, within, year, level)
        if key not in self._matches:
            self._matches[key] = self._match(text, within, year, level)
        return self._matches[key]

    def _match(self, text: str, within: str | None, year: int | None, level: Level | None) -> Match:
        if len(text) > 200 or self._strange > MOST_STRANGE:
            return Match(None, (), 0.0)
        found = names.match(text, self.areas, within=within, at=_middle(year), level=level)
        if found.area is None and year is not None:
            old = names.match(text, self.areas, within=within, level=level)
            found = old if old.area is not None and old.score == 1 and found.score != 1 else found
        self._strange += found.area is None
        return found

    def stood(self, area: str, year: int) -> bool:
        """Tell whether an area reports for a year."""
        return (area, year) in self._stood

    @cached_property
    def _stood(self) -> set[tuple[str, int]]:
        years = range(min(self.review.years) - 1, max(self.review.years) + 2)
        return {(str(area), year) for year in years for area in self.areas.of_year(year)["area"]}

    def owed(self, indicator: str, level: str, scope: str) -> bool:
        """Tell whether offices of a level owe an indicator in a scope (whatever its first year)."""
        key = (indicator, level, scope)
        if key not in self._owed:
            self._owed[key] = owes(self.review.indicators.loc[indicator], level, scope)
        return self._owed[key]

    def scopes(self, indicator: str, level: str) -> list[str]:
        """Return the scopes in which offices of a level owe an indicator."""
        return [scope for scope in SCOPES if self.owed(indicator, level, scope)]

    def is_ratio(self, indicator: str) -> bool:
        """Tell whether an indicator is recomputed from its parts, never read."""
        return bool(self.row_of[indicator].aggregation == "ratio")

    @cached_property
    def usual(self) -> dict[tuple[str, str, str], float]:
        """The median of what each area reported of each indicator in each scope, in the review so far."""
        told = self.review.observations
        told = told.loc[(told["status"] == "reported").to_numpy()]
        median = told.groupby(["area", "indicator", "scope"], observed=True)["value"].median()
        return dict(zip(median.index.to_list(), median.to_list(), strict=True))


def _middle(year: int | None) -> str | None:
    """Return the day on which an area must stand to report for a year."""
    return None if year is None else f"{year}-06-30"

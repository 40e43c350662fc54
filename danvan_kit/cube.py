"""Slice and drill-down: all figures of a review as dense arrays; sums over areas are rolled up by `sums`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from danvan_kit import indicators as catalogue
from danvan_kit.areas import Basis
from danvan_kit.indicators import IndicatorError
from danvan_kit.log import Log
from danvan_kit.review import Review
from danvan_kit.sums import RollupError, branch_sums, grouped, rollup

__all__ = ["Cube", "Floats", "Named", "Period", "RollupError", "Scope"]
__all__ += ["arrived", "branch_sums", "kept", "latest", "nansum", "of", "owed", "rollup"]

Floats: TypeAlias = NDArray[np.float64]
Scope: TypeAlias = Literal["total", "own"]
Period: TypeAlias = int | tuple[int, int]
Named: TypeAlias = Sequence[str] | NDArray[np.intp]
"""Some areas: their ids, or their rows where those are at hand; 11 thousand ids take milliseconds to look up."""


@dataclass(frozen=True, eq=False)
class Cube:
    """All figures of a review as dense arrays over ``(indicator, area, year)``.

    Attributes
    ----------
    own
        What each office did itself: counted from the records, or as it reported; NaN where not known.
    total
        Own plus everything below that is known; ratios in per cent, recomputed from their parts.
    expected, present
        How many offices of the branch owe the figure, and how many gave it.
    parts
        Of each ratio numerator and denominator: own, then totals.
    full
        All figures, where the review is protected: `own` and `total` are then NaN where a figure is hidden. Only for
        computing sums that may be shown.
    """

    review: Review
    own: Floats
    total: Floats
    expected: NDArray[np.int64]
    present: NDArray[np.int64]
    parts: dict[int, tuple[Floats, Floats, Floats, Floats]]
    full: Cube | None = None

    @property
    def reported(self) -> NDArray[np.bool_]:
        """Whether an office's own figure is known, shown or not. Shape ``(indicator, area, year)``."""
        return ~np.isnan(self.own if self.full is None else self.full.own)

    def hidden(
        self, indicator: str, areas: Named, year: Period | None = None, scope: Scope = "total"
    ) -> NDArray[np.bool_]:
        """Tell which figures are known and not shown (`disclosure.protect`), which is not the same as missing.

        Parameters
        ----------
        indicator, areas, scope
            As for `column`.
        year
            One year or a period: shape ``(area,)``, as `column`. None: shape ``(area, year)``, as `matrix`.
        """
        i, rows, kept = self.index(indicator), self.review.areas.rows(areas), self.review.hidden
        if kept is None:
            return np.zeros((len(rows), len(self.review.years)) if year is None else len(rows), dtype=np.bool_)
        cells = (kept.total if scope == "total" else kept.own)[i, rows]
        if year is None:
            every: NDArray[np.bool_] = cells
            return every
        if isinstance(year, int):
            one: NDArray[np.bool_] = cells[:, self.year(year)]
            return one
        first, last = self.year(year[0]), self.year(year[1])
        if last - first + 1 == len(self.review.years):  # this sum is one of the protected figures
            whole: NDArray[np.bool_] = (kept.total_period if scope == "total" else kept.own_period)[i, rows]
            return whole
        some: NDArray[np.bool_] = cells[:, first : last + 1].any(axis=1)  # any other is shown where its years are
        return some

    def index(self, indicator: str) -> int:
        """Return an indicator's place in the first axis (`IndicatorError` when unknown)."""
        return catalogue.place(self.review.indicators, indicator)

    def year(self, year: int) -> int:
        """Return a year's place in the last axis."""
        years = self.review.years
        if year not in years:
            raise IndicatorError(
                f"năm {year} ngoài kỳ tổng kết; được dùng: {years[0]}–{years[-1]}",
                f"year {year} is outside the review; allowed: {years[0]}-{years[-1]}",
            )
        return years.index(year)

    def matrix(self, indicator: str, areas: Named, scope: Scope = "total") -> Floats:
        """Return one indicator for some areas over all years. Shape ``(area, year)``."""
        values = self.total if scope == "total" else self.own
        found: Floats = values[self.index(indicator), self.review.areas.rows(areas)]
        return found

    def series(self, indicator: str, area: str, basis: Basis = "as_was", scope: Scope = "total") -> Floats:
        """Return one indicator for one area, or for its constant group, over all years. Shape ``(year,)``."""
        members = self.review.areas.group(area) if basis == "constant" else (area,)
        if len(members) == 1:
            alone: Floats = self.matrix(indicator, members, scope)[0]
            return alone
        if self.full is not None:
            veil = self.hidden(indicator, members, scope=scope).any(axis=0)
            return np.where(veil, np.nan, self.full.series(indicator, area, basis, scope))
        rows = self.review.areas.rows(members)
        return self._combine(indicator, scope, lambda part: nansum(part[rows], axis=0))

    def column(self, indicator: str, areas: Named, year: Period, scope: Scope = "total") -> Floats:
        """Return one indicator for some areas in one year or over a period ``(first, last)``. Shape ``(area,)``.

        Over a period flows add up, a stock is that of the last year for which it is known, a ratio is recomputed.
        """
        rows = self.review.areas.rows(areas)
        if self.full is not None and not isinstance(year, int):
            veil = self.hidden(indicator, areas, year, scope)
            return np.where(veil, np.nan, self.full.column(indicator, areas, year, scope))
        if isinstance(year, int):
            values = self.total if scope == "total" else self.own
            found: Floats = values[self.index(indicator), rows, self.year(year)]
            return found
        span = slice(self.year(year[0]), self.year(year[1]) + 1)
        if self.review.indicators["aggregation"].iloc[self.index(indicator)] == "last":
            return _last(self.matrix(indicator, areas, scope)[:, span])
        return self._combine(indicator, scope, lambda part: nansum(part[rows, span], axis=1))

    def coverage(self, indicator: str, areas: Named, year: Period) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return how many offices of each branch gave a figure and how many owe one (office-years over a period)."""
        rows, i = self.review.areas.rows(areas), self.index(indicator)
        first, last = (year, year) if isinstance(year, int) else year
        span = slice(self.year(first), self.year(last) + 1)
        return self.present[i, rows, span].sum(axis=1), self.expected[i, rows, span].sum(axis=1)

    def _combine(self, indicator: str, scope: Scope, add: Any) -> Floats:  # noqa: ANN401 - a small local function
        """Add up values, or the two parts of a ratio before dividing."""
        i = self.index(indicator)
        if i in self.parts:
            own_up, own_down, up, down = self.parts[i]
            return _percent(add(up if scope == "total" else own_up), add(down if scope == "total" else own_down))
        found: Floats = add((self.total if scope == "total" else self.own)[i])
        return found


@lru_cache(maxsize=8)
def of(review: Review) -> Cube:
    """Return a review's cube, built once a review."""
    if review.hidden is not None:
        return _veiled(of(review.hidden.full), review)
    own = np.stack([_own(review, i) for i in review.indicators.index])
    due = owed(review, review.areas.valid(review.years))
    # Work logged before an area ended in mid-year is a figure; a report from one that stands no more is for `checks`.
    counted = (review.indicators["record_activity"] != "").to_numpy()[:, None, None]
    logged = counted & owed(review, review.areas.stood(review.years)) & (own > 0)
    own[~due & ~logged] = np.nan
    parts = _ratio_parts(review, own)
    for i, (up, down, _, _) in parts.items():
        own[i] = _percent(up, down)
    total = np.stack([_total(review, own[i]) for i in range(len(own))])
    for i, (_, _, up, down) in parts.items():
        total[i] = _percent(up, down)
    alone = (review.indicators["aggregation"] == "none").to_numpy()
    total[alone] = own[alone]
    by_area = np.moveaxis(np.stack([due, due & ~np.isnan(own)]).astype(np.int64), 2, 0)
    expected, present = np.moveaxis(branch_sums(by_area, review.areas), 0, 2)
    return Cube(review, own, total, expected, present, parts)


def _veiled(full: Cube, review: Review) -> Cube:
    """Return the cube without the figures that a protected review does not show."""
    kept = review.hidden
    assert kept is not None  # noqa: S101 - the caller asked
    own, total = np.where(kept.own, np.nan, full.own), np.where(kept.total, np.nan, full.total)
    parts = {}
    for i, (own_up, own_down, up, down) in full.parts.items():
        mine, all_of = kept.own[i], kept.total[i]
        halves = [np.where(mine, np.nan, part) for part in (own_up, own_down)]
        parts[i] = (*halves, np.where(all_of, np.nan, up), np.where(all_of, np.nan, down))
    return Cube(review, own, total, full.expected, full.present, parts, full)  # type: ignore[arg-type]


def latest(observations: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that count: of several for one figure the last received; one without a date comes first."""
    ordered = observations.iloc[arrived(observations)]
    return ordered.drop_duplicates(["area", "year", "indicator", "scope"], keep="last").sort_index()


def arrived(observations: pd.DataFrame) -> NDArray[np.intp]:
    """Return the places of all rows in order of arrival; one without a date comes first.

    Written into an array in this order, of several reports of one figure the last received stays.
    """
    days = observations["received"].reset_index(drop=True)
    found: NDArray[np.intp] = days.sort_values(kind="stable", na_position="first").index.to_numpy()
    return found


def nansum(values: Floats, axis: int) -> Floats:
    """Sum what is known; NaN where nothing is."""
    known = ~np.isnan(values)
    return np.where(known.any(axis=axis), np.where(known, values, 0.0).sum(axis=axis), np.nan)


def kept(review: Review) -> NDArray[np.bool_]:
    """Tell which office keeps which indicator. Shape ``(indicator, area)``."""
    level = review.areas.table["level"].to_numpy()
    return np.stack([np.isin(level, catalogue.levels(review.indicators, i)) for i in review.indicators.index])


def owed(review: Review, stands: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Tell which office has which figure in which year, of those that stand. Shape ``(indicator, area, year)``."""
    begun = review.indicators["first_year"].to_numpy()[:, None] <= np.array(review.years)[None, :]
    found: NDArray[np.bool_] = kept(review)[:, :, None] & begun[:, None, :] & stands[None, :, :]
    return found


def _own(review: Review, indicator: str) -> Floats:
    about = review.indicators.loc[indicator]
    if about["aggregation"] == "ratio":
        return np.full((len(review.areas.ids), len(review.years)), np.nan)
    if activities := str(about["record_activity"]).split():
        value = str(about["record_value"])
        if isinstance(review.records, Log):
            rows_of = review.records.figures(activities, value)
        else:
            rows = review.records[review.records["activity"].isin(activities)]
            rows_of = grouped(rows, ["area", "year"], value or None)
        own = np.zeros((len(review.areas.ids), len(review.years)))  # the log is complete: no entry is a true zero
    else:
        rows_of = _own_reports(review).get(indicator, pd.DataFrame({"area": [], "year": [], "value": []}))
        own = np.full((len(review.areas.ids), len(review.years)), np.nan)
    own[review.areas.rows(rows_of["area"]), rows_of["year"].to_numpy(dtype=np.intp) - review.years[0]] = rows_of[
        "value"
    ]
    return own


@lru_cache(maxsize=2)
def _own_reports(review: Review) -> dict[str, pd.DataFrame]:
    """Return the offices' own reports by indicator, in order of arrival; NaN where one says that it has no figure."""
    seen, order = review.observations, arrived(review.observations)
    order = order[(seen["scope"] == "own").to_numpy()[order]]
    value = seen["value"].where(seen["status"] == "reported")
    own = seen[["area", "year", "indicator"]].assign(value=value).iloc[order]
    return {str(i): part for i, part in own.groupby("indicator", observed=True)}


def _ratio_parts(review: Review, own: Floats) -> dict[int, tuple[Floats, Floats, Floats, Floats]]:
    """Return each ratio's parts, own and total, over the offices that gave both."""
    place = {i: n for n, i in enumerate(review.indicators.index)}
    found = {}
    for indicator, about in review.indicators.iterrows():
        if about["aggregation"] != "ratio":
            continue
        up, down = own[place[about["numerator"]]].copy(), own[place[about["denominator"]]].copy()
        half = np.isnan(up) | np.isnan(down)
        up[half], down[half] = np.nan, np.nan
        found[place[str(indicator)]] = (up, down, _total(review, up), _total(review, down))
    return found


def _total(review: Review, own: Floats) -> Floats:
    known = branch_sums((~np.isnan(own)).astype(np.int64), review.areas)
    return np.where(known > 0, branch_sums(np.nan_to_num(own), review.areas), np.nan)


def _percent(up: Floats, down: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(down > 0, 100.0 * up / down, np.nan)


def _last(values: Floats) -> Floats:
    """Return the last known value of each row."""
    known = ~np.isnan(values)
    last = values.shape[1] - 1 - np.argmax(known[:, ::-1], axis=1)
    return np.where(known.any(axis=1), values[np.arange(len(values)), last], np.nan)

"""Roll-up, slice and drill-down: one group-by in the engine, ancestors by prefix sums, nothing counted twice.

The areas stand in pre-order, so the sum over any branch is a difference of two cumulative sums: one pass for the
whole country, whatever the depth.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, TypeAlias

import narwhals as nw
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from danvan_kit import indicators as catalogue
from danvan_kit.areas import AreaError, Areas, Basis
from danvan_kit.errors import DanvanError
from danvan_kit.indicators import IndicatorError
from danvan_kit.review import Review

Floats: TypeAlias = NDArray[np.float64]
Scope: TypeAlias = Literal["total", "own"]
Period: TypeAlias = int | tuple[int, int]


class RollupError(DanvanError):
    """A frame that cannot be rolled up: a column is missing, or an area is unknown or empty."""


def rollup(frame: Any, areas: Areas, by: Sequence[str], value: str | None = None) -> pd.DataFrame:  # noqa: ANN401
    """Count or sum rows by area and other columns, for every area and everything above it.

    Parameters
    ----------
    frame
        pandas, Polars (eager or lazy), DuckDB relation or PySpark frame. Only its group-by runs in that engine.
    areas
        The areas; ids in the frame's ``area`` column must be among them.
    by
        Columns to group by, ``"area"`` among them, such as ``["area", "year", "activity"]``.
    value
        Column to sum; without it rows are counted.

    Returns
    -------
    DataFrame
        ``[*by, "value", "reported"]``, areas in pre-order, then the other columns ascending. `value` is the sum over
        the area and everything below it (``int64``, or ``float64`` for a float column), `reported` the number of rows
        that carried a value. Combinations without any row are left out.

    Raises
    ------
    RollupError
        If a column is missing or an area is unknown.
    """
    if "area" not in by or len(set(by)) < len(by) or {"value", "reported"} & set(by):
        raise RollupError(
            f"by = {list(by)}: cần có 'area', mỗi cột một lần, không dùng 'value', 'reported'",
            f"by = {list(by)}: needs 'area', each column once, and neither 'value' nor 'reported'",
        )
    grouped = _grouped(frame, list(by), value)
    rows = _area_rows(grouped["area"], areas)
    others = [c for c in by if c != "area"]
    if others:
        keys = grouped[others].drop_duplicates().sort_values(others, ignore_index=True)
        columns = pd.MultiIndex.from_frame(keys).get_indexer(pd.MultiIndex.from_frame(grouped[others]))
    else:
        keys, columns = pd.DataFrame(index=[0]), np.zeros(len(grouped), dtype=np.intp)
    shape = (len(areas.ids), len(keys))
    sums = np.zeros(shape, dtype=np.float64 if grouped["value"].dtype.kind == "f" else np.int64)
    counts = np.zeros(shape, dtype=np.int64)
    sums[rows, columns] = grouped["value"].to_numpy()
    counts[rows, columns] = grouped["reported"].to_numpy()
    sums, counts = branch_sums(sums, areas), branch_sums(counts, areas)
    there = np.nonzero(branch_sums(_marks(shape, rows, columns), areas))
    found = keys.iloc[there[1]].reset_index(drop=True)
    found["area"] = np.array(areas.ids, dtype=object)[there[0]]
    found["area"] = found["area"].astype("str")
    found["value"], found["reported"] = sums[there], counts[there]
    return found[[*by, "value", "reported"]]


def branch_sums(own: NDArray[Any], areas: Areas) -> NDArray[Any]:
    """Return for each area the sum over itself and everything below it.

    Parameters
    ----------
    own
        Shape ``(area, ...)``, in pre-order, without NaN.
    """
    if own.dtype.kind == "f" and not ((own == np.floor(own)).all() and np.abs(own).sum() < 2**53):
        return _climb(own, areas)  # differences of prefix sums are exact for whole numbers only
    zero = np.zeros((1, *own.shape[1:]), dtype=own.dtype)
    running = np.concatenate([zero, np.cumsum(own, axis=0, dtype=own.dtype)])
    found: NDArray[Any] = running[areas.end] - running[: len(areas.ids)]
    return found


def _climb(own: NDArray[Any], areas: Areas) -> NDArray[Any]:
    """Add each area to the one above it, from the bottom up."""
    found = own.copy()
    for i in range(len(found) - 1, 0, -1):
        found[areas.parent_row[i]] += found[i]
    return found


def _marks(shape: tuple[int, int], rows: NDArray[np.intp], columns: NDArray[np.intp]) -> NDArray[np.int64]:
    marks = np.zeros(shape, dtype=np.int64)
    marks[rows, columns] = 1
    return marks


def _grouped(frame: Any, by: list[str], value: str | None) -> pd.DataFrame:  # noqa: ANN401 - any engine's frame
    """Run the one group-by in the frame's own engine: columns ``[*by, value, reported]``."""
    try:
        native = nw.from_native(frame)
    except TypeError as err:
        raise RollupError(
            f"không đọc được bảng kiểu {type(frame).__name__}; được dùng: pandas, Polars, DuckDB, PySpark",
            f"a {type(frame).__name__} is no table; allowed: pandas, Polars, DuckDB, PySpark",
        ) from err
    lazy = native.lazy() if isinstance(native, nw.DataFrame) else native
    schema = lazy.collect_schema()
    for column in [*by, *([value] if value else [])]:
        if column not in schema.names():
            raise RollupError(
                f"bảng thiếu cột {column!r}; đang có: {', '.join(schema.names())}",
                f"the frame lacks the column {column!r}; it has: {', '.join(schema.names())}",
            )
    if value is not None and not schema[value].is_numeric():
        raise RollupError(f"cột {value!r} không phải số", f"column {value!r} is no number: {schema[value]}")
    if value is None:
        found = lazy.select(*by).group_by(*by).agg(nw.len().alias("value"))
    else:
        number = nw.col(value)
        # A sum in int32 wraps round in silence in some engines; NaN is a value in some and missing in others.
        number = number.cast(nw.Int64) if schema[value].is_integer() else number.cast(nw.Float64).fill_nan(None)
        found = (
            lazy.select(*by, number.alias("value"))
            .group_by(*by)
            .agg(nw.col("value").sum(), nw.col("value").count().alias("reported"))
        )
    whole = value is None or schema[value].is_integer()
    pandas = _to_pandas(found)
    if value is None:
        pandas["reported"] = pandas["value"]
    pandas["value"] = pandas["value"].fillna(0).astype("int64" if whole else "float64")
    pandas["reported"] = pandas["reported"].astype("int64")
    for column in by:
        if pandas[column].isna().any():
            raise RollupError(f"cột {column!r} có ô trống", f"column {column!r} has an empty cell")
    return pandas.assign(**{c: _plain(pandas[c]) for c in by})


def _to_pandas(grouped: nw.LazyFrame[Any]) -> pd.DataFrame:
    """Fetch the few grouped rows; Polars would want pyarrow for it, and Spark warns of pandas 3."""
    engine = grouped.implementation
    if engine.is_polars():
        return pd.DataFrame({name: column.to_numpy() for name, column in grouped.collect().to_dict().items()})
    if engine.is_pyspark() or engine.is_pyspark_connect():
        native = grouped.to_native()
        return pd.DataFrame(native.collect(), columns=native.columns)
    found: pd.DataFrame = grouped.collect("pandas").to_native()
    return found.reset_index(drop=True)


def _plain(column: pd.Series[Any]) -> pd.Series[Any]:
    """Bring a key column to one dtype whatever engine it came from."""
    if pd.api.types.is_integer_dtype(column.dtype):
        return column.astype("int64")
    if isinstance(column.dtype, pd.CategoricalDtype) and pd.api.types.is_integer_dtype(column.cat.categories.dtype):
        return column.astype("int64")
    if isinstance(column.dtype, pd.CategoricalDtype) or column.dtype == object:
        return column.astype("str")
    return column


def _area_rows(column: pd.Series[Any], areas: Areas) -> NDArray[np.intp]:
    rows = pd.Index(areas.ids).get_indexer(pd.Index(column))
    if (rows < 0).any():
        try:
            areas.row(str(column.iloc[int((rows < 0).argmax())]))
        except AreaError as err:
            raise RollupError(f"cột 'area': {err.vi}", f"column 'area': {err.en}") from err
    return rows


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
    """

    review: Review
    own: Floats
    total: Floats
    expected: NDArray[np.int64]
    present: NDArray[np.int64]
    parts: dict[int, tuple[Floats, Floats, Floats, Floats]]

    @property
    def reported(self) -> NDArray[np.bool_]:
        """Whether an office's own figure is known. Shape ``(indicator, area, year)``."""
        return ~np.isnan(self.own)

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

    def matrix(self, indicator: str, areas: Sequence[str], scope: Scope = "total") -> Floats:
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
        rows = self.review.areas.rows(members)
        return self._combine(indicator, scope, lambda part: nansum(part[rows], axis=0))

    def column(self, indicator: str, areas: Sequence[str], year: Period, scope: Scope = "total") -> Floats:
        """Return one indicator for some areas in one year or over a period ``(first, last)``. Shape ``(area,)``.

        Over a period flows add up, a stock is that of the last year for which it is known, a ratio is recomputed.
        """
        rows = self.review.areas.rows(areas)
        if isinstance(year, int):
            values = self.total if scope == "total" else self.own
            found: Floats = values[self.index(indicator), rows, self.year(year)]
            return found
        span = slice(self.year(year[0]), self.year(year[1]) + 1)
        if catalogue.get(self.review.indicators, indicator)["aggregation"] == "last":
            return _last(self.matrix(indicator, areas, scope)[:, span])
        return self._combine(indicator, scope, lambda part: nansum(part[rows, span], axis=1))

    def coverage(
        self, indicator: str, areas: Sequence[str], year: Period
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
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


def latest(observations: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that count: of several for one figure the last received; one without a date comes first."""
    ordered = observations.sort_values("received", kind="stable", na_position="first")
    return ordered.drop_duplicates(["area", "year", "indicator", "scope"], keep="last").sort_index()


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
        rows = review.records[review.records["activity"].isin(activities)]
        grouped = _grouped(rows, ["area", "year"], str(about["record_value"]) or None)
        own = np.zeros((len(review.areas.ids), len(review.years)))  # the log is complete: no entry is a true zero
    else:
        grouped = _own_reports(review).get(indicator, pd.DataFrame({"area": [], "year": [], "value": []}))
        own = np.full((len(review.areas.ids), len(review.years)), np.nan)
    own[review.areas.rows(grouped["area"]), grouped["year"].to_numpy(dtype=np.intp) - review.years[0]] = grouped[
        "value"
    ]
    return own


@lru_cache(maxsize=2)
def _own_reports(review: Review) -> dict[str, pd.DataFrame]:
    seen = review.observations
    own = latest(seen[(seen["scope"] == "own")])
    own = own[own["status"] == "reported"]
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

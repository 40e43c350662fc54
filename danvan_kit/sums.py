"""Sums up the tree: one group-by in the frame's own engine, ancestors by prefix sums, nothing counted twice.

The areas stand in pre-order, so the sum over any branch is a difference of two cumulative sums: one pass for the
whole country, whatever the depth.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from danvan_kit import engines
from danvan_kit.areas import AreaError, Areas
from danvan_kit.errors import DanvanError


class RollupError(DanvanError):
    """A frame that cannot be rolled up: a column is missing, or an area is unknown or empty."""


def rollup(frame: Any, areas: Areas, by: Sequence[str], value: str | None = None) -> pd.DataFrame:  # noqa: ANN401
    """Count or sum rows by area and other columns, for every area and everything above it.

    Parameters
    ----------
    frame
        pandas, Polars (eager or lazy), DuckDB relation, PySpark frame (classic or Connect), ibis table, or the path of
        a Parquet file or folder, which DuckDB reads. Only its group-by runs in that engine.
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
    by_key = grouped(frame, list(by), value)
    rows = _area_rows(by_key["area"], areas)
    others = [c for c in by if c != "area"]
    if others:
        keys = by_key[others].drop_duplicates().sort_values(others, ignore_index=True)
        columns = pd.MultiIndex.from_frame(keys).get_indexer(pd.MultiIndex.from_frame(by_key[others]))
    else:
        keys, columns = pd.DataFrame(index=[0]), np.zeros(len(by_key), dtype=np.intp)
    shape = (len(areas.ids), len(keys))
    sums = np.zeros(shape, dtype=np.float64 if by_key["value"].dtype.kind == "f" else np.int64)
    counts = np.zeros(shape, dtype=np.int64)
    sums[rows, columns] = by_key["value"].to_numpy()
    counts[rows, columns] = by_key["reported"].to_numpy()
    sums, counts = branch_sums(sums, areas), branch_sums(counts, areas)
    there = np.nonzero(branch_sums(_marks(shape, rows, columns), areas))
    found = keys.iloc[there[1]].reset_index(drop=True)
    found["area"] = pd.Index(areas.ids, dtype="str").take(there[0])
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


def grouped(frame: Any, by: list[str], value: str | None) -> pd.DataFrame:  # noqa: ANN401 - any engine's frame
    """Run the one group-by in the frame's own engine: columns ``[*by, value, reported]``."""
    lazy = engines.lazy(frame, RollupError)
    called = engines.columns(lazy, [*by, *([value] if value else [])], RollupError)
    schema = lazy.collect_schema()
    keys = [nw.col(called[name]).alias(name) for name in by]
    kind = schema[called[value]] if value is not None else None
    if kind is not None and not kind.is_numeric():
        raise RollupError(f"cột {value!r} không phải số", f"column {value!r} is no number: {kind}")
    if kind is None:
        found = lazy.select(*keys).group_by(*by).agg(nw.len().alias("value"))
    else:
        number = total(called[str(value)], kind)
        found = (
            lazy.select(*keys, number.alias("value"))
            .group_by(*by)
            .agg(nw.col("value").sum(), nw.col("value").count().alias("reported"))
        )
        if kind.is_integer():  # some engines add up in a wider type, which would reach pandas as a float
            found = found.with_columns(nw.col("value").cast(nw.Int64))
    whole = kind is None or kind.is_integer()
    pandas = engines.fetch(found)
    if value is None:
        pandas["reported"] = pandas["value"]
    pandas["value"] = pandas["value"].fillna(0).astype("int64" if whole else "float64")
    pandas["reported"] = pandas["reported"].astype("int64")
    for column in by:
        if pandas[column].isna().any():
            raise RollupError(f"cột {column!r} có ô trống", f"column {column!r} has an empty cell")
    return pandas.assign(**{c: plain(pandas[c]) for c in by})


def total(column: str, kind: nw.dtypes.DType) -> nw.Expr:
    """Return a column ready to be added up, exactly and alike, in every engine."""
    # A sum in int32 wraps round in silence in some engines; NaN is a value in some and missing in others.
    number = nw.col(column)
    if kind.is_integer():
        return number.cast(nw.Int64)
    return number.fill_nan(None) if kind.is_float() else number.cast(nw.Float64)


def plain(column: pd.Series[Any]) -> pd.Series[Any]:
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

"""The log of activities, in memory or in an engine: all that the kit asks of it is a few group-bys and few rows.

One group-by by area, year and activity backs all figures. Nothing else is fetched unless somebody asks for it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cached_property
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from danvan_kit import engines, sums, tables
from danvan_kit.areas import Areas
from danvan_kit.errors import DanvanError

PEOPLE = ("opinions", "resolved")
"""Columns of the log that count what single citizens said."""
VALUES = ("participants", *PEOPLE)
MOST = 100_000
"""Rows of a log in an engine that are fetched at once; more are refused, never cut off in silence."""
CELL = ["area", "year", "activity"]


class LogError(DanvanError):
    """A question that a log in an engine does not answer, or a log that does not fit its review."""


class Log:
    """A log of activities that stays in its engine.

    Parameters
    ----------
    frame
        As for `sums.rollup`: the columns of the table ``records``.
    areas, years
        Of the review.
    hidden
        By column, where an office's year is hidden (`disclosure.protect`). Shape ``(area, year)`` each.
    """

    def __init__(
        self,
        frame: Any,  # noqa: ANN401 - any engine's frame
        areas: Areas,
        years: Sequence[int],
        hidden: dict[str, NDArray[np.bool_]] | None = None,
    ) -> None:
        query = engines.lazy(frame, LogError)
        names = [field["name"] for field in tables.schemas()["records"]["fields"]]
        called = engines.columns(query, names, LogError)
        self._query = query.select(*(nw.col(called[name]).alias(name) for name in names))
        self._areas, self._years, self._hidden = areas, tuple(years), hidden or {}
        kinds = self._query.collect_schema()
        for column in VALUES:
            if not kinds[column].is_numeric():
                raise LogError(f"nhật ký, cột {column!r}: không phải số", f"column {column!r} is no number")
        day = kinds["date"]
        if not (day == nw.Date or (isinstance(day, nw.Datetime) and day.time_zone is None)):
            raise LogError(
                f"nhật ký, cột 'date': kiểu {day}; được dùng: ngày (date) không có múi giờ",
                f"column 'date' is {day}; allowed: a date without a time zone",
            )
        self._kinds = kinds

    def hide(self, hidden: dict[str, NDArray[np.bool_]]) -> Log:
        """Return the same log without the columns of some offices' years."""
        return Log(self._query, self._areas, self._years, hidden)

    def __len__(self) -> int:
        """Return the number of entries."""
        return int(self.cells["value"].sum())

    def __repr__(self) -> str:
        """Return one line."""
        return f"Nhật ký trong {self._query.implementation.value}: {len(self)} hoạt động"

    @cached_property
    def cells(self) -> pd.DataFrame:
        """Entries, sums of each count, and entries that are simulated, by area, year and activity: one group-by."""
        value = [sums.total(c, self._kinds[c]).alias(c) for c in VALUES]
        one, none = nw.lit(1, dtype=nw.Int64), nw.lit(0, dtype=nw.Int64)
        made_up = nw.when(nw.col("origin") == "simulated").then(one).otherwise(none).alias("simulated")
        query = self._query.select(*CELL, *value, made_up).group_by(*CELL)
        found = engines.fetch(query.agg(nw.len().alias("value"), *(nw.col(c).sum() for c in (*VALUES, "simulated"))))
        for column in ("value", *VALUES, "simulated"):
            numbers = found[column].astype("float64").fillna(0)
            if (numbers != np.floor(numbers)).any():
                raise LogError(f"nhật ký, cột {column!r}: có số lẻ", f"column {column!r} has a fraction")
            found[column] = found[column].fillna(0).astype("int64")
        for column in CELL:
            if found[column].isna().any():
                raise LogError(f"nhật ký, cột {column!r}: có ô trống", f"column {column!r} has an empty cell")
        return found.assign(**{c: sums.plain(found[c]) for c in CELL}).sort_values(CELL, ignore_index=True)

    def check(self, activities: Collection[str]) -> None:
        """Refuse an area, year or activity that the review does not know.

        Raises
        ------
        LogError
            Naming the value.
        """
        for column, allowed in (("area", self._areas.ids), ("year", self._years), ("activity", list(activities))):
            odd = self.cells.loc[~self.cells[column].isin(list(allowed)), column]
            if len(odd):
                first, last, value = min(allowed), max(allowed), odd.tolist()[0]
                raise LogError(
                    f"nhật ký, cột {column!r}: không có {value!r} trong danh mục; "
                    f"được dùng: {len(allowed)} giá trị từ {first!r} đến {last!r}",
                    f"column {column!r}: {value!r} is not in the code list",
                )

    @property
    def simulated(self) -> bool:
        """Whether any entry is simulated."""
        return bool(self.cells["simulated"].any())

    def size(self, activities: Collection[str]) -> int:
        """Return the number of entries of some activities."""
        return int(self.cells["value"][self.cells["activity"].isin(list(activities))].sum())

    def figures(self, activities: Collection[str], value: str = "") -> pd.DataFrame:
        """Return entries, or the sum of a count, by area and year: columns ``area, year, value``."""
        rows = self.cells[self.cells["activity"].isin(list(activities))]
        found: pd.DataFrame = rows.assign(value=rows[value or "value"])[["area", "year", "value"]]
        return found.groupby(["area", "year"], as_index=False).sum()

    @cached_property
    def topics(self) -> list[str]:
        """All topics of the log."""
        query = self._query.filter(~nw.col("topic").is_null()).group_by("topic").agg(nw.len().alias("value"))
        return engines.fetch(query)["topic"].astype("str").tolist()

    def counts(self, by: str, activities: Collection[str] | None = None) -> pd.DataFrame:
        """Return entries by area, year and one more column such as ``topic``: columns ``[area, year, by, value]``."""
        some = self._query if activities is None else self._query.filter(self._of(activities))
        return sums.grouped(some, ["area", "year", by], None)

    def days(self, activities: Collection[str]) -> pd.DataFrame:
        """Return how often each number of days until opinions were resolved stands in the log.

        Returns
        -------
        DataFrame
            ``area, year, days`` (NaN where none, or hidden), ``due`` (not of zero opinions resolved), ``over`` (more
            resolved than raised), ``value`` (entries).
        """
        done, given, days = (sums.total(c, self._kinds[c]).cast(nw.Float64) for c in ("resolved", "opinions", "days"))
        query = self._query.filter(self._of(activities)).select(
            "area", "year", days.alias("days"), done.alias("done"), given.alias("given")
        )
        zero, more = nw.col("done") == 0, nw.col("done") > nw.col("given")
        key = ["area", "year", "days", "none", "over"]
        query = query.select("area", "year", "days", zero.alias("none"), more.alias("over"))
        found = engines.fetch(query.group_by(*key).agg(nw.len().alias("value")))
        none, over = (found[c].astype("boolean").fillna(value=False).to_numpy(dtype=np.bool_) for c in ("none", "over"))
        gone = {c: self._gone(found, c) for c in (*PEOPLE, "days")}
        return pd.DataFrame(
            {
                "area": sums.plain(found["area"]),
                "year": found["year"].astype("int64"),
                "days": found["days"].astype("float64").mask(gone["days"]),
                "due": ~none | gone["resolved"],
                "over": over & ~gone["resolved"] & ~gone["opinions"],
                "value": found["value"].astype("int64"),
            }
        )

    def exceeding(self) -> pd.DataFrame:
        """Return the entries with more opinions resolved than raised, in order of their ids."""
        rows = self._rows(self._query.filter(nw.col("resolved") > nw.col("opinions")))
        return rows[(rows["resolved"] > rows["opinions"]).fillna(value=False).astype("bool")]

    def outside(self) -> pd.DataFrame:
        """Return the entries of days on which their area did not stand: ``area, year, value, first, last`` (ids)."""
        span = self._areas.table.set_index("area")[["valid_from", "valid_to"]]
        some = span.index[span.notna().any(axis=1)]
        day = nw.col("date").cast(nw.Date)
        query = self._query.filter(nw.col("area").is_in(some.tolist())).select("area", "year", "record", day=day)
        ends = engines.fetch(query.group_by("area").agg(nw.col("day").min().alias("a"), nw.col("day").max().alias("b")))
        at = span.reindex(ends["area"].astype("str"))
        early, late = pd.to_datetime(ends["a"]).to_numpy(), pd.to_datetime(ends["b"]).to_numpy()
        off = (early < at["valid_from"].to_numpy()) | (late > at["valid_to"].to_numpy())
        columns = ["area", "year", "value", "first", "last"]
        if not off.any():
            return pd.DataFrame({c: [] for c in columns})
        days_of = query.filter(nw.col("area").is_in(ends["area"][off].tolist())).group_by("area", "year", "day")
        ids = (nw.col("record").min().alias("first"), nw.col("record").max().alias("last"))
        found = engines.fetch(days_of.agg(nw.len().alias("value"), *ids))
        at, days = span.reindex(found["area"].astype("str")), pd.to_datetime(found["day"]).to_numpy()
        found = found[(days < at["valid_from"].to_numpy()) | (days > at["valid_to"].to_numpy())]
        many = found.groupby(["area", "year"], as_index=False)
        return many.agg({"value": "sum", "first": "min", "last": "max"})[columns]

    def rows(self, areas: Collection[str], activities: Collection[str], years: tuple[int, int]) -> pd.DataFrame:
        """Return the entries behind a figure, in order of their ids, as the table ``records`` has them.

        Raises
        ------
        LogError
            If they are more than `MOST`.
        """
        return self._rows(self._behind(areas, activities, years))

    def ids(
        self, areas: Collection[str] | None, activities: Collection[str], years: tuple[int, int], most: int
    ) -> tuple[list[str], int]:
        """Return the first ids of the entries behind a figure, and how many entries those are."""
        cells = self.cells[self.cells["activity"].isin(list(activities)) & self.cells["year"].between(*years)]
        mine = cells if areas is None else cells[cells["area"].isin(list(areas))]
        query = self._behind(areas, activities, years).select("record").sort("record").head(most)
        found = engines.fetch(query)["record"].astype("str").tolist() if most > 0 and len(mine) else []
        return found, int(mine["value"].sum())

    def _behind(
        self, areas: Collection[str] | None, activities: Collection[str], years: tuple[int, int]
    ) -> nw.LazyFrame[Any]:
        first, last = years
        query = self._query.filter(self._of(activities), nw.col("year") >= first, nw.col("year") <= last)
        whole = areas is None or len(set(areas)) == len(self._areas.ids)
        return query if whole else query.filter(nw.col("area").is_in(list(areas or [])))

    @staticmethod
    def _of(activities: Collection[str]) -> nw.Expr:
        return nw.col("activity").is_in(list(activities))

    def _rows(self, query: nw.LazyFrame[Any]) -> pd.DataFrame:
        found = engines.fetch(query.sort("record").head(MOST + 1))
        if len(found) > MOST:
            raise LogError(
                f"hơn {MOST} dòng nhật ký ở {self._query.implementation.value}; hãy chọn đơn vị hoặc năm hẹp hơn",
                f"more than {MOST} rows of the log; choose fewer areas or years",
            )
        rows = tables.conform(found, "records", "records")
        gone = {c: self._gone(rows, c) for c in (*PEOPLE, "days")}
        return rows.assign(**{c: rows[c].mask(mask) for c, mask in gone.items()})

    def few(self, column: str, threshold: int) -> NDArray[np.bool_]:
        """Tell in which offices' years an entry has a count from 1 to below `threshold`. Shape ``(area, year)``."""
        small = self._query.filter(nw.col(column) > 0, nw.col(column) < threshold)
        found, veil = sums.grouped(small, ["area", "year"], None), np.zeros(self._shape, dtype=np.bool_)
        veil[self._at(found)] = True
        return veil

    def _gone(self, rows: pd.DataFrame, column: str) -> NDArray[np.bool_]:
        if column not in self._hidden:
            return np.zeros(len(rows), dtype=np.bool_)
        found: NDArray[np.bool_] = self._hidden[column][self._at(rows)]
        return found

    @property
    def _shape(self) -> tuple[int, int]:
        return len(self._areas.ids), len(self._years)

    def _at(self, rows: pd.DataFrame) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        return self._areas.rows(rows["area"].astype("str")), rows["year"].to_numpy(dtype=np.intp) - self._years[0]


def logged(records: pd.DataFrame | Log, activities: Collection[str]) -> int:
    """Return the number of entries of some activities, of a log in memory or in an engine."""
    if isinstance(records, Log):
        return records.size(activities)
    return int(records["activity"].isin(list(activities)).sum())

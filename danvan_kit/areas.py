"""Areas in time: levels, parents, validity, changes, lineage.

Each area keeps one name, kind and parent for ever (a new id begins when one of them changes), so the areas of all
years form one tree. Rows stand in pre-order: the branch below row *i* is rows ``i + 1 .. end[i] - 1``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import cached_property
from typing import Any, Literal, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from danvan_kit.errors import DanvanError

Level: TypeAlias = Literal["city", "district", "commune"]
Basis: TypeAlias = Literal["as_was", "constant"]
Date: TypeAlias = str | dt.date

LEVELS: tuple[Level, ...] = ("city", "district", "commune")
URBAN_KINDS = frozenset({"quận", "thị xã", "phường", "thị trấn"})
TOP = -1
"""The rank of a level above all of `LEVELS`, such as a whole country: it holds no office and keeps no figure itself."""
# An office reports for the year in which it stands on this day; the review itself closes on 30-6-2020.
REPORTING_DAY = "06-30"


def rank(level: str) -> int:
    """Return a level's place from the top; `TOP` for one that holds no office."""
    return LEVELS.index(level) if level in LEVELS else TOP


class AreaError(DanvanError):
    """An area that does not exist, or a table of areas that is no tree."""


class Areas:
    """All areas of a review, of all its years, as one tree in pre-order.

    Parameters
    ----------
    table
        One row an area: ``area, code, name, kind, level, parent, valid_from, valid_to`` and any further columns. Dates
        are the first and the last valid day, missing where open; ``parent`` is empty at the root only.
    changes
        One row a link from an old area to a new one: ``change, date, kind, from_area, to_area, part,
        resolution, note``.

    Raises
    ------
    AreaError
        If an id stands twice, a parent is unknown, there is not one root, or a change names an unknown area.
    """

    def __init__(self, table: pd.DataFrame, changes: pd.DataFrame) -> None:
        ids = table["area"].tolist()
        if doubled := sorted({i for i in ids if ids.count(i) > 1}) if len(set(ids)) < len(ids) else []:
            raise AreaError(
                f"mã đơn vị {doubled[0]!r} có nhiều dòng; mỗi mã chỉ một đơn vị",
                f"area {doubled[0]!r} stands more than once; an id names one area",
            )
        order = _preorder(ids, table["parent"].tolist())
        self.table = table.iloc[order].reset_index(drop=True)
        self.table["urban"] = self.table["kind"].isin(URBAN_KINDS)
        self.changes = changes.reset_index(drop=True)
        self.ids: list[str] = self.table["area"].tolist()
        self._row = {area: i for i, area in enumerate(self.ids)}
        for area in pd.concat([self.changes["from_area"], self.changes["to_area"]]):
            self.row(area)

    @cached_property
    def parent_row(self) -> NDArray[np.intp]:
        """Row of each area's parent; -1 at the root. Shape ``(area,)``."""
        return np.array([self._row[p] if p else -1 for p in self.table["parent"]], dtype=np.intp)

    @cached_property
    def end(self) -> NDArray[np.intp]:
        """One past the last row of each area's branch. Shape ``(area,)``."""
        end = np.arange(1, len(self.ids) + 1, dtype=np.intp)
        for i in range(len(self.ids) - 1, 0, -1):
            parent = self.parent_row[i]
            end[parent] = max(end[parent], end[i])
        return end

    def row(self, area: str) -> int:
        """Return the row of `area`.

        Raises
        ------
        AreaError
            If `area` is unknown; a code with two meanings lists its ids.
        """
        if area in self._row:
            return self._row[area]
        namesakes = self.table.loc[self.table["code"] == area]
        if len(namesakes):
            ways = ", ".join(f"{a} ({n})" for a, n in zip(namesakes["area"], namesakes["name"], strict=True))
            raise AreaError(
                f"mã {area!r} có nhiều nghĩa; được dùng: {ways}", f"code {area!r} has several meanings; allowed: {ways}"
            )
        raise AreaError(
            f"không có đơn vị {area!r}; được dùng: mã trong areas.csv, ví dụ {self.ids[0]!r}",
            f"area {area!r} is unknown; allowed: an id of areas.csv, such as {self.ids[0]!r}",
        )

    def rows(self, areas: Iterable[str] | NDArray[np.intp]) -> NDArray[np.intp]:
        """Rows of several areas, in their order; rows themselves stay as they are."""
        if isinstance(areas, np.ndarray) and areas.dtype.kind == "i":
            return areas
        if isinstance(areas, pd.Series):  # a long column names few areas
            codes, named = pd.factorize(areas, use_na_sentinel=False)
            return self.rows(named.tolist())[codes]
        return np.array([self.row(a) for a in areas], dtype=np.intp)

    def get(self, area: str) -> pd.Series[Any]:
        """Return one area's row of the table (`AreaError` when unknown)."""
        return self.table.iloc[self.row(area)]

    def name(self, area: str) -> str:
        """Return the full Vietnamese name, such as ``Quận Ba Đình``."""
        return str(self.table["name"].iloc[self.row(area)])

    @cached_property
    def root(self) -> str:
        """The id of the top area."""
        return self.ids[0]

    @cached_property
    def levels(self) -> dict[str, str]:
        """The levels that there are, from the top, and what each is called (`words.label`).

        Cities right below a country stand beside provinces.
        """
        there = sorted(set(self.table["level"]), key=rank)
        return {level: "province" if level == "city" and level != there[0] else level for level in there}

    @cached_property
    def _validity(self) -> tuple[NDArray[np.datetime64], NDArray[np.datetime64]]:
        start = pd.to_datetime(self.table["valid_from"]).fillna(pd.Timestamp("1900-01-01"))
        stop = pd.to_datetime(self.table["valid_to"]).fillna(pd.Timestamp("2999-12-31"))
        return start.to_numpy("datetime64[D]"), stop.to_numpy("datetime64[D]")

    def valid_on(self, date: Date) -> NDArray[np.bool_]:
        """Tell which areas are valid on `date` (ISO text or a date). Shape ``(area,)``."""
        try:
            day = np.datetime64(pd.Timestamp(date), "D")
        except ValueError as err:
            raise AreaError(
                f"{date!r} không phải ngày; được dùng: YYYY-MM-DD", f"{date!r} is no date; allowed: YYYY-MM-DD"
            ) from err
        start, stop = self._validity
        return (start <= day) & (day <= stop)

    def valid(self, years: Iterable[int]) -> NDArray[np.bool_]:
        """Tell which areas report in which years. Shape ``(area, year)``."""
        return np.stack([self.valid_on(f"{y}-{REPORTING_DAY}") for y in years], axis=1)

    def stood(self, years: Iterable[int]) -> NDArray[np.bool_]:
        """Tell which areas stood on any day of which years: work done then is theirs. Shape ``(area, year)``."""
        start, stop = self._validity
        days = [(np.datetime64(f"{y}-01-01"), np.datetime64(f"{y}-12-31")) for y in years]
        return np.stack([(start <= last) & (first <= stop) for first, last in days], axis=1)

    def at(self, date: Date, level: Level | None = None) -> pd.DataFrame:
        """Return the areas valid on `date`, of all levels or of one.

        Returns
        -------
        DataFrame
            ``area, code, name, kind, level, parent, valid_from, valid_to, ...`` in pre-order.
        """
        keep = self.valid_on(date)
        if level is not None:
            if level not in LEVELS:
                raise AreaError(
                    f"không có cấp {level!r}; được dùng: {', '.join(LEVELS)}",
                    f"level {level!r} is unknown; allowed: {', '.join(LEVELS)}",
                )
            keep = keep & (self.table["level"] == level).to_numpy()
        return self.table.loc[keep].reset_index(drop=True)

    def of_year(self, year: int, level: Level | None = None) -> pd.DataFrame:
        """Return the areas that report for `year`: those valid on its 30 June."""
        return self.at(f"{year}-{REPORTING_DAY}", level)

    def children(self, area: str, year: int | None = None) -> list[str]:
        """Return the areas directly below `area`, of all years or of one."""
        keep = self.parent_row == self.row(area)
        if year is not None:
            keep = keep & self.valid([year])[:, 0]
        return [self.ids[i] for i in np.flatnonzero(keep)]

    def ancestors(self, area: str) -> list[str]:
        """Return the areas above `area`, nearest first."""
        above, i = [], self.parent_row[self.row(area)]
        while i >= 0:
            above.append(self.ids[i])
            i = self.parent_row[i]
        return above

    def branch(self, area: str) -> slice:
        """Return the rows of `area` and everything below it."""
        i = self.row(area)
        return slice(i, int(self.end[i]))

    def lineage(self, area: str) -> pd.DataFrame:
        """Return the changes that `area` came from or went into, oldest first."""
        self.row(area)
        touched = (self.changes["from_area"] == area) | (self.changes["to_area"] == area)
        return self.changes.loc[touched].sort_values("date", kind="stable").reset_index(drop=True)

    def group(self, area: str) -> tuple[str, ...]:
        """Return the smallest group of areas around `area` that no change crosses, in pre-order."""
        return self._groups.get(area) or (self.ids[self.row(area)],)

    @cached_property
    def _groups(self) -> dict[str, tuple[str, ...]]:
        group = {a: {a} for a in pd.concat([self.changes["from_area"], self.changes["to_area"]])}
        for old, new in zip(self.changes["from_area"], self.changes["to_area"], strict=True):
            joined = group[old] | group[new]
            group.update(dict.fromkeys(joined, joined))
        return {a: tuple(sorted(g, key=self._row.__getitem__)) for a, g in group.items()}


def _preorder(ids: list[str], parents: list[str]) -> list[int]:
    """Return row numbers so that each branch stands together below its top, children in their given order."""
    children: dict[str, list[int]] = {}
    for i, parent in enumerate(parents):
        children.setdefault(parent, []).append(i)
    known = set(ids)
    for i, parent in enumerate(parents):
        if parent and parent not in known:
            raise AreaError(
                f"đơn vị {ids[i]!r} có cấp trên {parent!r} không tồn tại; được dùng: mã trong cùng bảng",
                f"area {ids[i]!r} has the unknown parent {parent!r}; allowed: an id of the same table",
            )
    if len(roots := children.get("", [])) != 1:
        raise AreaError(
            f"{len(roots)} đơn vị không có cấp trên; chỉ một đơn vị đứng đầu",
            f"{len(roots)} areas have no parent; allowed: exactly one, the top",
        )
    order, stack = [], [roots[0]]
    while stack:
        i = stack.pop()
        order.append(i)
        stack.extend(reversed(children.get(ids[i], [])))
    if len(order) < len(ids):
        lost = next(a for i, a in enumerate(ids) if i not in set(order))
        raise AreaError(
            f"đơn vị {lost!r} là cấp trên của chính mình; bảng phải là một cây",
            f"area {lost!r} is its own ancestor; allowed: a tree",
        )
    return order

"""The simulated world: who reports when, how active each office is, and when work is done.

An area that continues another keeps the same *line* of random factors, so its series hangs together across the split
of 2013 and the mergers of 2020.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias
from zlib import crc32

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from danvan_kit.areas import LEVELS, Areas, rank
from danvan_kit.errors import DanvanError

Ints: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]

# The Regulation is of 25-2-2010 and the review closes on 30-6-2020: nothing is logged outside.
FIRST_DAY, LAST_DAY = np.datetime64("2010-02-25"), np.datetime64("2020-06-30")

# Persons in an office's area where no figure is known: only the order of size matters.
SIZES = {"thành phố": 7e6, "tỉnh": 1.2e6, "quận": 260e3, "thị xã": 150e3, "huyện": 220e3}
SIZES |= {"phường": 16e3, "thị trấn": 12e3, "xã": 10e3}

# Work follows Tết, the spring, the summer lull and the rush at the end of the year.
MONTHS = np.array([0.7, 0.5, 1.0, 1.05, 1.1, 1.1, 0.95, 1.0, 1.05, 1.15, 1.2, 1.1])


class SimulateError(DanvanError):
    """A simulation that cannot be made as asked."""


def stream(seed: int, name: str) -> np.random.Generator:
    """Return the generator of one table: a new table never moves the numbers of another."""
    return np.random.default_rng([seed, crc32(name.encode())])


@dataclass(frozen=True)
class World:
    """What all draws share: the areas, the years, who reports when, and how active each office is.

    Attributes
    ----------
    level
        Rank of each area's level (`areas.rank`). Shape ``(area,)``.
    valid
        Who reports when. Shape ``(area, year)``.
    line
        The row whose random factors an area carries on. Shape ``(area,)``.
    weight
        How active an office is among those of its level, 1 on average. Shape ``(area,)``.
    """

    areas: Areas
    years: tuple[int, ...]
    level: NDArray[np.int64]
    valid: NDArray[np.bool_]
    line: NDArray[np.int64]
    weight: Floats

    @cached_property
    def days(self) -> NDArray[np.datetime64]:
        """Every day on which something can be logged."""
        first = max(FIRST_DAY, np.datetime64(f"{self.years[0]}-01-01"))
        last = min(LAST_DAY, np.datetime64(f"{self.years[-1]}-12-31"))
        return np.arange(first, last + 1)

    @cached_property
    def mass(self) -> Floats:
        """Work done before each day (and, last, in all): season times weekday. Shape ``(day + 1,)``."""
        month = self.days.astype("datetime64[M]").astype(np.int64) % 12
        weekday = (self.days.astype(np.int64) + 3) % 7  # 1-1-1970 was a Thursday
        return np.concatenate(([0.0], np.cumsum(MONTHS[month] * np.where(weekday < 5, 1.0, 0.04))))

    @cached_property
    def windows(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """First day and one past the last day of each office in each year, as positions in `days`."""
        table, days = self.areas.table, self.days
        start = pd.to_datetime(table["valid_from"]).fillna(days[0]).to_numpy("datetime64[D]")[:, None]
        stop = pd.to_datetime(table["valid_to"]).fillna(days[-1]).to_numpy("datetime64[D]")[:, None]
        first = np.array([f"{y}-01-01" for y in self.years], dtype="datetime64[D]")
        last = np.array([f"{y}-12-31" for y in self.years], dtype="datetime64[D]")
        return (
            np.searchsorted(days, np.maximum(start, first), side="left"),
            np.searchsorted(days, np.minimum(stop, last), side="right"),
        )

    @cached_property
    def season(self) -> Floats:
        """How much of a full year's work each year can hold: less in 2010, about half in 2020. Shape ``(year,)``."""
        first = np.array([f"{y}-01-01" for y in (*self.years, self.years[-1] + 1)], dtype="datetime64[D]")
        work = np.diff(self.mass[np.searchsorted(self.days, first)])
        return np.asarray(work / work.max(), dtype=np.float64)

    def cells(self, levels: Sequence[str], years: Sequence[int]) -> NDArray[np.bool_]:
        """Mark who of some levels reports in some years. Shape ``(area, year)``."""
        ranks = [LEVELS.index(v) for v in LEVELS if v in levels]
        return self.valid & np.isin(self.level, ranks)[:, None] & np.isin(self.years, list(years))

    def drift(self, rng: np.random.Generator, sigma: float) -> Floats:
        """Draw a mild AR(1) factor around 1 for each line, seen by each area. Shape ``(area, year)``."""
        shocks = rng.normal(0.0, sigma, (len(self.line), len(self.years)))
        for y in range(1, len(self.years)):
            shocks[:, y] = 0.6 * shocks[:, y - 1] + 0.8 * shocks[:, y]
        return np.asarray(np.exp(shocks)[self.line], dtype=np.float64)


def world(areas: Areas, population: pd.DataFrame, years: Sequence[int], rng: np.random.Generator) -> World:
    """Draw the lasting differences between offices."""
    table = areas.table
    level = np.array([rank(v) for v in table["level"]], dtype=np.int64)
    line = _lines(areas)
    district = np.where(level == 2, areas.parent_row, np.arange(len(level)))
    weight = _sizes(areas, population, level) ** 0.3 * np.where(table["urban"], 1.25, 1.0)
    weight *= np.exp(rng.normal(0.0, 0.35, len(level)))[line[district]]
    weight *= np.where(level == 2, np.exp(rng.normal(0.0, 0.45, len(level)))[line], 1.0)
    for one in np.unique(level):
        weight[level == one] /= weight[level == one].mean()
    return World(areas, tuple(years), level, areas.valid(years), line, weight)


def _lines(areas: Areas) -> NDArray[np.int64]:
    """Return the row whose factors each area carries on: its own, or those of the area that it continues."""
    line, done = np.arange(len(areas.ids), dtype=np.int64), set()
    changes = areas.changes.assign(partly=areas.changes["part"] != "whole")
    changes = changes.assign(date=pd.to_datetime(changes["date"])).sort_values(["date", "partly"], kind="stable")
    begins = pd.to_datetime(areas.table["valid_from"])
    for old, new, date in zip(changes["from_area"], changes["to_area"], changes["date"], strict=True):
        # An area that only took something in began before that day: it keeps its own line.
        if new not in done and begins.iloc[areas.row(new)] == date:
            line[areas.row(new)] = line[areas.row(old)]
            done.add(new)
    return line


def _sizes(areas: Areas, population: pd.DataFrame, level: NDArray[np.int64]) -> Floats:
    """Return persons per area: known, or the sum of what it became, or by kind; communes share their district's."""
    size = areas.table["kind"].map(SIZES).fillna(50e3).to_numpy(dtype=np.float64, copy=True)
    if len(population):
        heads = pd.to_numeric(population["population"], errors="coerce")
        known = heads.groupby(population["area"]).last().dropna()
        known = known[known.index.isin(areas.ids)]
        size[areas.rows(known.index)] = known.to_numpy()
        for old, new in areas.changes.groupby("from_area")["to_area"]:
            if level[areas.row(str(old))] == 1 and old not in known.index:
                size[areas.row(str(old))] = size[areas.rows(new)].sum()
    communes = np.flatnonzero(level == 2)
    parents = areas.parent_row[communes]
    size[communes] = size[parents] / np.bincount(parents)[parents]
    return np.asarray(size, dtype=np.float64)

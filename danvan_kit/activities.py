"""The simulated log of single activities: exact totals, areas right for each day, believable differences.

A published total goes to levels and years by largest remainder, then to areas by a Dirichlet-multinomial draw, so every
margin stays exact. An area that continues another keeps the same *line* of random factors, and its series hangs
together across the split of 2013 and the mergers of 2020.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias
from zlib import crc32

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from danvan_kit.areas import LEVELS, Areas
from danvan_kit.errors import DanvanError

Ints: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]

# The Regulation is of 25-2-2010 and the review closes on 30-6-2020: nothing is logged outside.
FIRST_DAY, LAST_DAY = np.datetime64("2010-02-25"), np.datetime64("2020-06-30")

# Persons in an office's area where no figure is known: only the order of size matters.
SIZES = {"thành phố": 7e6, "quận": 260e3, "thị xã": 150e3, "huyện": 220e3, "phường": 16e3, "thị trấn": 12e3, "xã": 10e3}

# Work follows Tết, the spring, the summer lull and the rush at the end of the year.
MONTHS = np.array([0.7, 0.5, 1.0, 1.05, 1.1, 1.1, 0.95, 1.0, 1.05, 1.15, 1.2, 1.1])

# topic: weight in rural areas, weight in urban areas
TOPICS = {
    "giải phóng mặt bằng": (1.2, 1.5),
    "môi trường": (1.3, 1.0),
    "trật tự đô thị": (0.2, 2.0),
    "an toàn thực phẩm": (0.8, 1.1),
    "xây dựng nông thôn mới": (2.4, 0.1),
    "cải cách hành chính": (0.8, 1.3),
    "quản lý đất đai": (1.5, 0.8),
    "an sinh xã hội": (1.1, 1.0),
    "giáo dục": (0.6, 0.8),
    "văn hóa": (0.6, 0.8),
}

# Communes have a bloc where the levels above have a commission.
COMMISSION, BLOC = "Ban Dân vận", "Khối Dân vận"


class SimulateError(DanvanError):
    """A simulation that cannot be made as asked."""


@dataclass(frozen=True)
class Activity:
    """How one activity behaves: yearly growth, shares of the levels, who leads, mean opinions a conference."""

    growth: float
    shares: tuple[float, float, float]
    bodies: Mapping[str, float]
    opinions: tuple[float, float, float] | None = None


_UNIONS = {"Hội Liên hiệp Phụ nữ": 0.1, "Hội Nông dân": 0.09, "Hội Cựu chiến binh": 0.09, "Đoàn Thanh niên": 0.07}
_HEADS = {"cấp ủy": 0.55, "UBND": 0.45}
ACTIVITIES = {
    "van_ban_chi_dao": Activity(
        0.02, (0.025, 0.215, 0.76), {"cấp ủy": 0.5, "UBND": 0.3, COMMISSION: 0.12, "MTTQ": 0.08}
    ),
    "cuoc_giam_sat": Activity(0.05, (0.015, 0.145, 0.84), {"MTTQ": 0.35, "HĐND": 0.2, COMMISSION: 0.1, **_UNIONS}),
    "hoi_nghi_phan_bien": Activity(0.08, (0.03, 0.17, 0.8), {"MTTQ": 0.65, **_UNIONS}, (20, 14, 8)),
    "tiep_xuc_doi_thoai": Activity(0.05, (1, 0, 0), _HEADS, (60, 35, 18)),
    "doi_thoai_dinh_ky": Activity(0.1, (0, 0.07, 0.93), _HEADS, (60, 35, 18)),
}


def largest_remainder(total: int, weights: Sequence[float] | Floats) -> Ints:
    """Share `total` out in whole numbers, as near to `weights` as possible.

    Parameters
    ----------
    total
        A count, zero or more.
    weights
        Not negative, not all zero unless `total` is zero.

    Returns
    -------
    ndarray of int64
        Sums to `total` exactly; nothing goes where the weight is zero.

    Raises
    ------
    SimulateError
        If `total` is negative, a weight is, or there is nobody to give to.
    """
    w = np.asarray(weights, dtype=np.float64)
    if total < 0 or (w < 0).any():
        raise SimulateError(
            f"tổng {total} hoặc một trọng số là số âm; được dùng: số không âm",
            f"total {total} or one of its weights is negative; allowed: zero or more",
        )
    if total == 0:
        return np.zeros(len(w), dtype=np.int64)
    if not (w > 0).any():
        raise SimulateError(
            f"tổng {total} không có nơi nhận: mọi trọng số đều bằng 0; cần ít nhất một trọng số dương",
            f"total {total} has no place to go: every weight is zero; allowed: one above zero",
        )
    w = w / w.max()  # tiny weights would lose all their digits in the division by the sum
    exact = total * (w / w.sum())
    out = np.floor(exact).astype(np.int64)
    by_rest = np.argsort(-np.where(w > 0, exact - out, -1.0), kind="stable")
    out[by_rest[: total - int(out.sum())]] += 1
    return out


def stream(seed: int, name: str) -> np.random.Generator:
    """Return the generator of one table: a new table never moves the numbers of another."""
    return np.random.default_rng([seed, crc32(name.encode())])


@dataclass(frozen=True)
class World:
    """What all draws share: the areas, the years, who reports when, and how active each office is.

    Attributes
    ----------
    level
        Position in `LEVELS` of each area; -1 for a level that holds no office. Shape ``(area,)``.
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

    def drift(self, rng: np.random.Generator, sigma: float) -> Floats:
        """Draw a mild AR(1) factor around 1 for each line, seen by each area. Shape ``(area, year)``."""
        shocks = rng.normal(0.0, sigma, (len(self.line), len(self.years)))
        for y in range(1, len(self.years)):
            shocks[:, y] = 0.6 * shocks[:, y - 1] + 0.8 * shocks[:, y]
        return np.asarray(np.exp(shocks)[self.line], dtype=np.float64)


def world(areas: Areas, population: pd.DataFrame, years: Sequence[int], rng: np.random.Generator) -> World:
    """Draw the lasting differences between offices."""
    table = areas.table
    level = np.array([LEVELS.index(v) if v in LEVELS else -1 for v in table["level"]], dtype=np.int64)
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
    return size


def allot(
    w: World, activity: str, total: int, levels: Sequence[str], years: Sequence[int], rng: np.random.Generator
) -> Ints:
    """Share a total out over the offices of `levels` in `years`.

    Returns
    -------
    ndarray of int64, shape (area, year)
        Sums to `total` exactly; zero where an office does not report.
    """
    kind = ACTIVITIES[activity]
    out = np.zeros(w.valid.shape, dtype=np.int64)
    open_years = np.isin(w.years, list(years))
    ranks = [LEVELS.index(v) for v in LEVELS if v in levels and (w.valid[w.level == LEVELS.index(v)]).any()]
    shares = np.array([kind.shares[r] for r in ranks])
    for rank, part in zip(ranks, largest_remainder(total, shares if shares.any() else shares + 1), strict=True):
        rows = np.flatnonzero(w.level == rank)
        chance = (w.weight * rng.gamma(4.0, 0.25, len(w.line))[w.line])[:, None] * w.drift(rng, 0.2)
        chance = chance[rows] * w.valid[rows]
        busy = w.season * (1 + kind.growth) ** np.arange(len(w.years)) * open_years * (chance.sum(axis=0) > 0)
        for y, n in enumerate(largest_remainder(int(part), busy)):
            if n:
                out[rows, y] = rng.multinomial(n, chance[:, y] / chance[:, y].sum())
    return out


def log(w: World, counts: Mapping[str, Ints], rng: np.random.Generator) -> pd.DataFrame:
    """Write the log of single activities behind `counts`, in order of date.

    Parameters
    ----------
    w
        The world.
    counts
        For each activity an array ``(area, year)``.
    rng
        The stream of this table.

    Returns
    -------
    DataFrame
        ``record, date, year, area, activity, body, topic, participants, opinions, resolved, days, origin``.
    """
    names = list(counts)
    cells = [np.repeat(np.arange(c.size), c.ravel()) for c in counts.values()]
    act = np.repeat(np.arange(len(names)), [len(c) for c in cells])
    area, year = np.divmod(np.concatenate(cells), len(w.years))
    low, high = w.mass[w.windows[0]], w.mass[w.windows[1]]
    work = low[area, year] + rng.random(len(area)) * (high - low)[area, year]
    day = np.searchsorted(w.mass, work, side="right") - 1
    order = np.argsort(day.astype(np.int16), kind="stable")  # radix: fast for millions
    area, year, act, day = area[order], year[order], act[order], day[order]
    return pd.DataFrame(
        {
            "record": np.arange(1, len(area) + 1),
            "date": w.days[day].astype("datetime64[s]"),
            "year": np.array(w.years)[year],
            "area": _text(w.areas.ids, area),
            "activity": _text(names, act),
            "body": _bodies(names, act, w.level[area] == 2, rng),
            "topic": _topics(w, area, rng),
            **_conference(w, names, (area, year, act), rng),
            "origin": _text(["simulated"], np.zeros(len(area), dtype=np.int64)),
        }
    )


def _text(labels: Sequence[str], codes: Ints) -> pd.api.extensions.ExtensionArray:
    return pd.array(list(labels), dtype="str").take(codes)


def _bodies(names: list[str], act: Ints, commune: NDArray[np.bool_], rng: np.random.Generator) -> Any:  # noqa: ANN401
    labels = sorted({b for n in names for b in ACTIVITIES[n].bodies} | {COMMISSION, BLOC})
    odds = np.array([[ACTIVITIES[n].bodies.get(b, 0.0) for b in labels] for n in names]).cumsum(axis=1)
    code = _draw(odds / odds[:, -1:], act, rng)
    code[commune & (code == labels.index(COMMISSION))] = labels.index(BLOC)
    return _text(labels, code)


def _topics(w: World, area: Ints, rng: np.random.Generator) -> Any:  # noqa: ANN401
    rural, urban = np.array(list(TOPICS.values())).T
    odds = np.stack([rural / rural.sum(), urban / urban.sum(), (rural + urban) / (rural + urban).sum()])
    setting = np.where(w.level <= 0, 2, w.areas.table["urban"].to_numpy(dtype=np.int64))  # the city is both
    return _text(list(TOPICS), _draw(odds.cumsum(axis=1), setting[area], rng))


def _draw(odds: Floats, row: Ints, rng: np.random.Generator) -> Ints:
    """Draw one column for each entry of `row`, with that row's cumulated odds."""
    u, out = rng.random(len(row)), np.zeros(len(row), dtype=np.int64)
    for column in odds.T[:-1]:
        out += u >= column[row]
    return out


def _conference(w: World, names: list[str], cell: tuple[Ints, Ints, Ints], rng: np.random.Generator) -> dict[str, Any]:
    """Draw participants, opinions, opinions resolved and days; empty where the activity is no conference."""
    area, year, act = cell
    mean = np.array([ACTIVITIES[n].opinions or (0, 0, 0) for n in names], dtype=np.float64)[act, w.level[area]]
    at = np.flatnonzero(mean)
    area, year, mean = area[at], np.array(w.years)[year[at]], mean[at]
    skill = rng.normal(0.0, 1.0, len(w.line))[w.line][area]  # a line that resolves well does so for years
    heads = 20 + np.rint(np.array([150, 90, 55])[w.level[area]] * rng.lognormal(0.0, 0.35, len(at))).astype(np.int64)
    raised = np.minimum(rng.poisson(mean * rng.gamma(5.0, 0.2, len(at))), heads)
    solved = rng.binomial(raised, np.clip(0.7 + 0.02 * (year - 2013) + 0.09 * skill, 0.3, 0.98))
    took = np.exp(np.log(32.0) - 0.05 * (year - 2013) - 0.2 * skill + rng.normal(0.0, 0.3, len(at)))
    took = np.maximum(1, np.rint(took)).astype(np.int64)
    columns = {"participants": heads, "opinions": raised, "resolved": solved, "days": took}
    return {
        name: _counts(len(act), at, values, solved > 0 if name == "days" else None) for name, values in columns.items()
    }


def _counts(size: int, at: NDArray[np.intp], values: Ints, known: NDArray[np.bool_] | None) -> Any:  # noqa: ANN401
    """Return a whole-number column that is empty outside `at`, and where not `known`."""
    full, empty = np.zeros(size, dtype=np.int64), np.ones(size, dtype=np.bool_)
    full[at] = values if known is None else np.where(known, values, 0)
    empty[at] = False if known is None else ~known
    return pd.arrays.IntegerArray(full, empty)

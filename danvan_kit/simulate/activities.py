"""The simulated log of single activities: exact totals, areas right for each day, believable differences.

A published total goes to levels and years by largest remainder, then to areas by a Dirichlet-multinomial draw, so every
margin stays exact.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from danvan_kit.areas import LEVELS
from danvan_kit.simulate.world import Floats, Ints, SimulateError, World

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
    out: Ints = np.floor(exact).astype(np.int64)
    by_rest = np.argsort(-np.where(w > 0, exact - out, -1.0), kind="stable")
    out[by_rest[: total - int(out.sum())]] += 1
    return out


def allot(w: World, activity: str, total: int, cells: NDArray[np.bool_], rng: np.random.Generator) -> Ints:
    """Share a total out over offices and years: by level and year to the nearest, by office at random.

    Parameters
    ----------
    w
        The world.
    activity
        What is counted.
    total
        How many there are.
    cells
        Who may hold one when. Shape ``(area, year)``.
    rng
        The stream of this table.

    Returns
    -------
    ndarray of int64, shape (area, year)
        Sums to `total` exactly; zero outside `cells`.
    """
    kind = ACTIVITIES[activity]
    out = np.zeros(cells.shape, dtype=np.int64)
    ranks = [r for r in range(len(LEVELS)) if cells[w.level == r].any()]
    shares = np.array([kind.shares[r] for r in ranks])
    for rank, part in zip(ranks, largest_remainder(total, shares if shares.any() else shares + 1), strict=True):
        rows = np.flatnonzero(w.level == rank)
        liking = w.weight * rng.gamma(4.0, 0.25, len(w.line))[w.line]
        chance = (liking[:, None] * w.drift(rng, 0.2))[rows] * cells[rows]
        busy = w.season * (1 + kind.growth) ** np.arange(len(w.years)) * (chance.sum(axis=0) > 0)
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

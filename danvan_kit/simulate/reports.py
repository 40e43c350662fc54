"""What every office truly reports: its own figures, and consolidated ones where offices below keep the indicator.

Figures that the log backs equal its counts. The others are drawn with mild noise, so that a truthful series never looks
like a slip: no year lies four times above or below an office's own median.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from danvan_kit.areas import LEVELS
from danvan_kit.simulate.world import LAST_DAY, Floats, Ints, World

# The column of each scope on an office's form; indicators stand from row 5 on, in the catalogue's order.
SCOPES = {"own": "C", "consolidated": "D"}
FIRST_ROW = 5
COLUMNS = ("area", "year", "indicator", "scope", "value", "unit", "status", "origin", "source", "received")


@dataclass(frozen=True)
class Figure:
    """A figure that is only reported.

    Attributes
    ----------
    means
        Mean a year for city, district and commune.
    growth
        A year.
    spread
        How far offices of one level differ: 1 as their activity does, 0 not at all.
    """

    means: tuple[float, float, float]
    growth: float = 0.0
    spread: float = 1.0


@dataclass(frozen=True)
class Part:
    """A figure that is a part of another, never above it."""

    whole: str
    rate: float


@dataclass(frozen=True)
class Result:
    """A figure that follows from another, `rate` of it a piece."""

    cause: str
    rate: float


Plan: TypeAlias = Figure | Part | Result

# Believable sizes; nothing of this has been published.
PLANS: Mapping[str, Plan] = {
    "hoi_nghi_quan_triet": Figure((4, 3, 1.6), spread=0.3),
    "hoi_nghi_giao_ban": Figure((12, 11, 9), spread=0.2),
    "lop_tap_huan": Figure((8, 4, 1), 0.02),
    "cuoc_kiem_tra": Figure((14, 8, 2), 0.03),
    "kien_nghi_sau_giam_sat": Result("cuoc_giam_sat", 1.4),
    "luot_tiep_cong_dan": Figure((900, 600, 120), 0.02),
    "don_thu_tiep_nhan": Figure((700, 400, 45), 0.02),
    "don_thu_da_giai_quyet": Part("don_thu_tiep_nhan", 0.86),
    "to_hoa_giai": Figure((0, 0, 9), spread=0.6),
    "vu_hoa_giai": Figure((0, 0, 14)),
    "hoa_giai_thanh": Part("vu_hoa_giai", 0.82),
    "mo_hinh_dan_van_kheo": Figure((0, 14, 6), 0.06),
    "mo_hinh_duoc_cong_nhan": Part("mo_hinh_dan_van_kheo", 0.35),
    "can_bo_dan_van": Figure((32, 7, 6), spread=0.3),
    "to_dan_van": Figure((0, 0, 9), spread=0.6),
}
UNPLANNED = Figure((10, 5, 2))
# Seats on the standing board, 0 or 1: the published text says that in the end all hold one.
SEATS = frozenset({"truong_bdv_uvbtv", "chu_tich_mttq_uvbtv"})


def report(w: World, indicators: pd.DataFrame, records: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return what every office reports, in order of year, area, scope and indicator.

    Parameters
    ----------
    w
        The world.
    indicators
        The catalogue, indexed by id. Ratios are recomputed from their parts, never reported.
    records
        The log.
    rng
        The stream of this table.

    Returns
    -------
    DataFrame
        ``area, year, indicator, scope, value, unit, status, origin, source, received``.
    """
    own, arrived = own_figures(w, indicators, records, rng), received(w, rng)
    blocks = []
    row: Any
    for position, row in enumerate(indicators.itertuples()):
        if row.aggregation == "ratio":
            continue
        kept = [LEVELS.index(level) for level in row.levels.split()]
        keeps = np.isin(w.level, kept)
        value = np.where(w.valid & keeps[:, None], own[row.indicator], 0)
        files = {"own": (value, keeps)}
        if row.aggregation != "none":  # what does not add up is not consolidated
            files["consolidated"] = (branches(w, value), (w.level >= 0) & (w.level < max(kept)))
        for scope, (figures, who) in files.items():
            block = _block(w, row, figures, w.valid & who[:, None])
            blocks.append(block.assign(scope=scope, source=f"{SCOPES[scope]}{position + FIRST_ROW}"))
    return _placed(w, pd.concat(blocks, ignore_index=True), arrived)


def _placed(w: World, found: pd.DataFrame, arrived: NDArray[np.datetime64]) -> pd.DataFrame:
    """Put the blocks in order, positions into words, and each figure into its cell of its office's file."""
    below = (found["scope"] != "own").to_numpy()
    order = np.lexsort((np.arange(len(found)), below, found["area"].to_numpy(), found["year"].to_numpy()))
    found = found.iloc[order].reset_index(drop=True)
    area, year = found["area"].to_numpy(), found["year"].to_numpy()
    found["received"] = arrived[area, year]
    found["area"] = pd.array(w.areas.ids, dtype="str").take(area)
    found["year"] = np.array(w.years)[year]
    found["source"] = "mo_phong/" + found["year"].astype("str") + "/" + found["area"] + ".xlsx#Bieu1!" + found["source"]
    return found[list(COLUMNS)]


def _block(w: World, row: Any, figures: Ints, files: NDArray[np.bool_]) -> pd.DataFrame:  # noqa: ANN401
    """Return one indicator in one scope; area and year still as positions."""
    area, year = np.nonzero(files)
    known = np.array(w.years)[year] >= row.first_year
    return pd.DataFrame(
        {
            "area": area,
            "year": year,
            "indicator": row.indicator,
            "value": pd.arrays.IntegerArray(np.where(known, figures[area, year], 0), ~known),
            "unit": row.unit_vi,
            "status": np.where(known, "reported", "not_applicable"),
            "origin": "simulated",
        }
    )


def branches(w: World, own: Ints) -> Ints:
    """Add up each branch, its top included: a difference of two prefix sums in pre-order. Shape ``(area, year)``."""
    sums = np.vstack([np.zeros((1, own.shape[1]), dtype=np.int64), own.cumsum(axis=0)])
    branch: Ints = sums[w.areas.end] - sums[:-1]
    return branch


def received(w: World, rng: np.random.Generator) -> NDArray[np.datetime64]:
    """Draw the day on which each report came in: communes first, the city last. Shape ``(area, year)``."""
    closing = LAST_DAY.astype("datetime64[Y]").astype(int) + 1970
    first = [f"{y}-07-05" if y == closing else f"{y + 1}-01-05" for y in w.years]
    level = np.maximum(w.level, 0)[:, None]
    wait = np.array([20, 11, 0])[level] + (rng.random(w.valid.shape) * np.array([6, 8, 10])[level]).astype(np.int64)
    day: NDArray[np.datetime64] = np.array(first, dtype="datetime64[s]") + wait.astype("timedelta64[D]")
    return day


def own_figures(w: World, indicators: pd.DataFrame, records: pd.DataFrame, rng: np.random.Generator) -> dict[str, Ints]:
    """Return each office's own figures of every indicator but ratios, each an array ``(area, year)``."""
    cell = w.areas.rows(records["area"]) * len(w.years) + (records["year"].to_numpy() - w.years[0])
    own: dict[str, Ints] = {}
    row: Any
    for row in indicators.itertuples():
        if row.aggregation == "ratio":
            continue
        if row.record_activity:
            mine = records["activity"].isin(row.record_activity.split()).to_numpy()
            worth = records[row.record_value][mine].fillna(0).to_numpy(dtype=np.int64) if row.record_value else None
            flat = np.bincount(cell[mine], worth, minlength=w.valid.size)
            own[row.indicator] = flat.astype(np.int64).reshape(w.valid.shape)
        elif row.indicator in SEATS:
            own[row.indicator] = _seats(w, rng)
        else:
            own[row.indicator] = _planned(w, indicators, row, own, rng)
    return own


def _planned(w: World, indicators: pd.DataFrame, row: Any, own: Mapping[str, Ints], rng: np.random.Generator) -> Ints:  # noqa: ANN401
    plan = PLANS.get(row.indicator, UNPLANNED)
    half = np.where([y == LAST_DAY.astype(object).year for y in w.years], 0.5, 1.0)  # half a year, half of a flow
    share = half if row.nature == "flow" else np.ones(len(w.years))
    if isinstance(plan, Part):
        # A part of a flow is already halved with its whole; a flow out of a stock is not.
        rate = plan.rate * (share if indicators.loc[plan.whole, "nature"] == "stock" else 1.0)
        skill = rng.normal(0.0, 0.05, len(w.line))[w.line]
        return rng.binomial(own[plan.whole], np.clip(rate + skill[:, None], 0.05, 0.98))
    if isinstance(plan, Result):
        return _calm(w, rng.poisson(plan.rate * own[plan.cause] * w.drift(rng, 0.1)), share)
    growth = (1 + plan.growth) ** np.arange(len(w.years))
    mean = np.array(plan.means)[np.maximum(w.level, 0)] * w.weight**plan.spread
    # What an office has changes less from year to year than what it does.
    expected = mean[:, None] * growth * w.drift(rng, 0.03 if row.nature == "stock" else 0.08) * share
    if row.nature == "stock":
        return np.maximum(1, np.rint(expected)).astype(np.int64)
    return _calm(w, rng.poisson(expected), share)


def _calm(w: World, values: Ints, share: Floats) -> Ints:
    """Pull in the years that lie far from an office's own median, once that is no small number."""
    ever = w.valid.any(axis=1, keepdims=True)
    yearly = np.where(w.valid | ~ever, values / share, np.nan)  # a median of nothing warns
    median = np.nanmedian(yearly, axis=1, keepdims=True)
    low, high = np.where(median >= 10, median / 1.6, 0.0), np.where(median >= 10, median * 1.6, np.inf)
    return np.rint(np.clip(values / share, low, high) * share).astype(np.int64)


def _seats(w: World, rng: np.random.Generator) -> Ints:
    """Draw who holds a seat: a few districts not in their first years, everybody from the middle on."""
    late = np.where(rng.random(len(w.line)) < 0.15, rng.integers(1, 1 + max(1, 2 * len(w.years) // 3), len(w.line)), 0)
    late[w.level == 0] = 0
    return (np.arange(len(w.years)) >= np.minimum(late[w.line], len(w.years) - 1)[:, None]).astype(np.int64)

"""Opinions raised at dialogues, those resolved, and how many days that took."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from danvan_kit import cube, measures
from danvan_kit import indicators as catalogue
from danvan_kit.cube import Floats
from danvan_kit.indicators import IndicatorError
from danvan_kit.log import Log
from danvan_kit.review import Review
from danvan_kit.views._common import say
from danvan_kit.views._tree import tree

HeldBy: TypeAlias = Literal["all_levels", "city", "district", "commune"]
FEW = 20
"""Of fewer opinions no share is named: one more or less would move it by more than five points."""


@dataclass(frozen=True, eq=False)
class Opinions:
    """What a review knows of opinions.

    Attributes
    ----------
    raised, resolved, ratio
        Ids of the indicators: opinions, those resolved, and the share.
    first_year
        The year in which they begin.
    activities
        The activities of the log at which they were raised.
    rows, years
        Area row and year place of each conference in the log.
    days
        Of each the median days until its opinions were resolved; NaN where not known.
    due
        Whether there was something resolved, so that there are days to know of.
    over
        Whether more were resolved than raised.
    """

    raised: str
    resolved: str
    ratio: str
    first_year: int
    activities: tuple[str, ...]
    rows: NDArray[np.intp]
    years: NDArray[np.intp]
    days: Floats
    due: NDArray[np.bool_]
    over: NDArray[np.bool_]


@lru_cache(maxsize=8)
def opinions(review: Review) -> Opinions:
    """Return what a review knows of opinions.

    Raises
    ------
    IndicatorError
        If its catalogue has no share of opinions resolved that is counted from the log.
    """
    raised, resolved, ratio = _ids(review)
    activities = tuple(str(review.indicators.loc[raised, "record_activity"]).split())
    if isinstance(review.records, Log):
        held = review.records.days(activities)
        log = held.loc[held.index.repeat(held["value"])]  # as many rows as conferences: their medians do not add up
        days, due, over = log["days"].to_numpy(), log["due"].to_numpy(), log["over"].to_numpy()
    else:
        log = review.records[review.records["activity"].isin(activities)]
        given, done, days = (_floats(log[name]) for name in ("opinions", "resolved", "days"))
        due, over = ~(done == 0), done > given
    return Opinions(
        raised=raised,
        resolved=resolved,
        ratio=ratio,
        first_year=int(catalogue.get(review.indicators, raised)["first_year"]),
        activities=activities,
        rows=review.areas.rows(log["area"]),
        years=log["year"].to_numpy(dtype=np.intp) - review.years[0],
        days=days,
        due=due,
        over=over,
    )


def _ids(review: Review) -> tuple[str, str, str]:
    known = review.indicators
    value = known["record_value"].to_dict()
    for ratio, row in known[known["aggregation"] == "ratio"].iterrows():
        up, down = str(row["numerator"]), str(row["denominator"])
        if value[up] == "resolved" and value[down] == "opinions":
            return down, up, str(ratio)
    raise IndicatorError(
        "danh mục chỉ tiêu không có tỷ lệ ý kiến được giải quyết; cần một chỉ tiêu tỷ lệ có record_value là "
        "resolved và opinions",
        "the catalogue has no share of opinions resolved; allowed: a ratio of record_value resolved and opinions",
    )


def _floats(column: pd.Series[int]) -> Floats:
    return np.asarray(column.to_numpy(dtype=np.float64, na_value=np.nan), dtype=np.float64)


def sums(review: Review, rows: NDArray[np.intp], *, own: bool = False) -> tuple[Floats, Floats]:
    """Return opinions raised and resolved of some areas. Shape ``(area, year)`` each.

    Parameters
    ----------
    review, rows
        The review, rows of areas.
    own
        What the offices themselves held; else with everything below.

    Notes
    -----
    NaN where an office does not give both, where the figure has not begun, and where a protected review hides it.
    """
    cells, ids = cube.of(review), opinions(review)
    own_up, own_down, up, down = cells.parts[cells.index(ids.ratio)]
    raised, resolved = (own_down, own_up) if own else (down, up)
    late = np.array(review.years) < ids.first_year
    hidden = cells.hidden(ids.ratio, [review.areas.ids[i] for i in rows.tolist()], scope="own" if own else "total")
    gone = late | hidden
    return np.where(gone, np.nan, raised[rows]), np.where(gone, np.nan, resolved[rows])


def conferences(review: Review, area: str, level: str | None = None) -> NDArray[np.bool_]:
    """Tell which conferences of the log an area and everything below it held, of all levels or of one."""
    found, branch = opinions(review), review.areas.branch(area)
    mine: NDArray[np.bool_] = (found.rows >= branch.start) & (found.rows < branch.stop)
    if level is not None:
        mine &= tree(review).level[found.rows] == level
    return mine


def quartiles(values: Floats) -> tuple[float, float, float]:
    """Return lower quartile, median and upper quartile of what is known; NaN where nothing is."""
    known = values[~np.isnan(values)]
    if not known.size:
        return float("nan"), float("nan"), float("nan")
    low, middle, high = np.quantile(known, [0.25, 0.5, 0.75]).tolist()
    return low, middle, high


@dataclass(frozen=True, eq=False)
class Raised:
    """Opinions of an area by year.

    Attributes
    ----------
    review, known, lang
        The review, what it knows of opinions, the language.
    area, held_by
        Whose dialogues.
    raised, resolved
        Shape ``(year,)``.
    hidden
        How many figures of offices a protected review does not show. Shape ``(year,)``.
    mine
        Which conferences of the log.
    """

    review: Review
    known: Opinions
    lang: str
    area: str
    held_by: HeldBy
    raised: Floats
    resolved: Floats
    hidden: NDArray[np.int64]
    mine: NDArray[np.bool_]

    def say(self, vi: str, en: str) -> str:
        """Return the text in the reader's language."""
        return say(self.lang, vi, en)

    @cached_property
    def ratio(self) -> Floats:
        """Resolved of raised in per cent; NaN where nothing was raised. Shape ``(year,)``."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(self.raised > 0, 100 * self.resolved / self.raised, np.nan)

    @cached_property
    def held(self) -> list[int]:
        """Conferences in each year."""
        return self._count(self.mine)

    @cached_property
    def settled(self) -> list[int]:
        """Conferences that resolved some opinions, so that there are days to know of."""
        return self._count(self.mine & self.known.due)

    @cached_property
    def timed(self) -> list[int]:
        """Conferences whose days are known."""
        return self._count(self.mine & ~np.isnan(self.known.days))

    def _count(self, kept: NDArray[np.bool_]) -> list[int]:
        found: list[int] = np.bincount(self.known.years[kept], minlength=len(self.review.years)).tolist()
        return found

    @cached_property
    def days(self) -> list[tuple[float, float, float]]:
        """Quartiles of the conferences' median days in each year."""
        of_year = (self.mine & (self.known.years == n) for n in range(len(self.review.years)))
        return [quartiles(self.known.days[rows]) for rows in of_year]

    @cached_property
    def read(self) -> list[int]:
        """Places of the years that are read: with opinions, a partial one only where it is alone."""
        there = [n for n, x in enumerate(self.raised.tolist()) if x > 0]
        partial = measures.partial_year(self.review)
        return [n for n in there if self.review.years[n] != partial] or there

"""Breadth and focus: how many take part in what is done, and how much of it a few carry.

Breadth is the share of members (areas of a level, or topics) with at least one; focus is the share of the sum that the
top tenth of them hold, and the Gini coefficient. What was not reported is unknown, never inactive.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from danvan_kit import cube, measures
from danvan_kit import indicators as catalogue
from danvan_kit.cube import Floats
from danvan_kit.indicators import IndicatorError
from danvan_kit.log import Log
from danvan_kit.review import Review

Corner: TypeAlias = Literal["wide_even", "wide_focused", "narrow_even", "narrow_focused"]
TENTH = 0.1
WIDE = 1 / 2
"""From this share of members on, what is done is called wide."""
FOCUSED = 1 / 3
"""From this share of the sum on, held by the top tenth, it is called focused."""


@dataclass(frozen=True)
class Spread:
    """How widely and how evenly something is spread over members in one year.

    Attributes
    ----------
    total
        Members that stood.
    active, inactive, unknown
        Those with at least one; those known to have none; those of which neither is known.
    amount
        The known sum over the members; NaN where none is known.
    gini
        Gini coefficient over the members with a figure (`measures.gini`).
    few
        A tenth of the members with a figure, rounded up: how many `top` is of.
    top
        The share of the sum that those hold.
    """

    total: int
    active: int
    inactive: int
    unknown: int
    amount: float
    gini: float
    few: int
    top: float

    @property
    def breadth(self) -> float:
        """The share of members with at least one, among those of which it is known; NaN where of none."""
        known = self.active + self.inactive
        return self.active / known if known else float("nan")

    @property
    def least(self) -> float:
        """The breadth if all unknown members had none."""
        return self.active / self.total if self.total else float("nan")

    @property
    def most(self) -> float:
        """The breadth if all unknown members had some."""
        return (self.active + self.unknown) / self.total if self.total else float("nan")

    @property
    def corner(self) -> Corner | None:
        """Wide from `WIDE` on, focused from `FOCUSED` on; None where nothing is known to be done."""
        if np.isnan(self.breadth) or np.isnan(self.top):
            return None
        if self.breadth >= WIDE:
            return "wide_focused" if self.top >= FOCUSED else "wide_even"
        return "narrow_focused" if self.top >= FOCUSED else "narrow_even"


def spread(values: Floats, stands: NDArray[np.bool_], complete: NDArray[np.bool_]) -> list[Spread]:
    """Measure breadth and focus in each year.

    Parameters
    ----------
    values
        What each member did; NaN where nothing is known. Shape ``(member, year)``.
    stands
        Which members there were.
    complete
        Where nothing is missing in `values`. A known part above zero proves activity even where it is not; a known
        part of zero then proves nothing.

    Returns
    -------
    list of Spread
        One a year.
    """
    return [_spread(*columns) for columns in zip(values.T, stands.T, complete.T, strict=True)]


def _spread(values: Floats, stands: NDArray[np.bool_], complete: NDArray[np.bool_]) -> Spread:
    mine, whole = values[stands], complete[stands]
    known = mine[~np.isnan(mine)]
    active, inactive = int((mine > 0).sum()), int(((mine == 0) & whole).sum())
    return Spread(
        total=len(mine),
        active=active,
        inactive=inactive,
        unknown=len(mine) - active - inactive,
        amount=float(known.sum()) if known.size else float("nan"),
        gini=measures.gini(known),
        few=fewest(len(known)),
        top=measures.top_share(known, TENTH),
    )


def fewest(members: int) -> int:
    """Return a tenth of the members, rounded up to whole ones (exactly, as `measures.top_share` does)."""
    return -(-members // 10)


def evenest(amount: float, members: int) -> tuple[float, float]:
    """Return the widest breadth and the smallest top share that a sum of whole units can have.

    Twenty rounds over a hundred areas reach at most a fifth of them, and any ten of those hold half: below one unit a
    member, narrow and focused is arithmetic, not a finding.

    Parameters
    ----------
    amount
        The sum, in whole units.
    members
        Over how many.

    Returns
    -------
    breadth, top
        Both NaN where there is nothing to spread or nobody to spread it over.
    """
    if not members or not amount > 0:
        return float("nan"), float("nan")
    each, more = divmod(int(amount), members)
    few = fewest(members)
    return min(1.0, amount / members), (few * each + min(few, more)) / amount


def half_way(values: Floats) -> int:
    """Return how many members, largest first, it takes to reach half of the sum; 0 where there is none."""
    known = np.sort(values[~np.isnan(values)])[::-1]
    if not known.size or known.sum() <= 0:
        return 0
    return int(np.argmax(2 * np.cumsum(known) >= known.sum())) + 1


@lru_cache(maxsize=64)
def by_topic(review: Review, indicator: str) -> tuple[list[str], NDArray[np.int64]]:
    """Count the entries of the log behind an indicator by topic.

    Parameters
    ----------
    review
        The review.
    indicator
        One that is counted from the log.

    Returns
    -------
    topics, counts
        All topics of the log, also those that this activity never had, and the entries in each branch. Shape
        ``(topic, area, year)``.

    Raises
    ------
    IndicatorError
        If the figure is not a count of entries: reports name no topic.
    """
    about = catalogue.get(review.indicators, indicator)
    activities = str(about["record_activity"]).split()
    if not activities or about["record_value"]:
        counted = review.indicators[(review.indicators["record_activity"] != "")]
        allowed = ", ".join(str(i) for i in counted.index[counted["record_value"] == ""])
        raise IndicatorError(
            f"chỉ tiêu {indicator!r} không có lĩnh vực vì không đếm từ nhật ký hoạt động; được dùng: {allowed}",
            f"indicator {indicator!r} has no topics, as it is not counted from the log; allowed: {allowed}",
        )
    if isinstance(review.records, Log):
        every = review.records.topics
        rows = review.records.counts("topic", activities)
    else:
        every = review.records["topic"].dropna().unique()
        rows = review.records[review.records["activity"].isin(activities)].assign(value=1)
    topics = sorted(str(topic) for topic in every)
    own = np.zeros((len(topics), len(review.areas.ids), len(review.years)), dtype=np.int64)
    place = {topic: n for n, topic in enumerate(topics)}
    at = np.array([place[topic] for topic in rows["topic"].astype("str")], dtype=np.intp)
    years = rows["year"].to_numpy(dtype=np.intp) - review.years[0]
    np.add.at(own, (at, review.areas.rows(rows["area"]), years), rows["value"].to_numpy(dtype=np.int64))
    return topics, np.stack([cube.branch_sums(part, review.areas) for part in own])


def how_often(values: Floats, most: int = 3) -> NDArray[np.int64]:
    """Count the members with 0, 1, … and with `most` or more, and those unknown.

    Parameters
    ----------
    values
        What each member did; NaN where not known. Shape ``(member, year)``.
    most
        Where the last class begins.

    Returns
    -------
    ndarray
        Shape ``(most + 2, year)``, the unknown last. A column sums to the members.
    """
    known = ~np.isnan(values)
    classes = np.minimum(np.where(known, values, 0), most)
    found = [((classes == n) & known).sum(axis=0) for n in range(most + 1)]
    return np.stack([*found, (~known).sum(axis=0)])

"""One figure of areas that are compared, and which of them lie beyond the limits of chance."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from danvan_kit import limits, words
from danvan_kit.cube import Floats
from danvan_kit.indicators import IndicatorError
from danvan_kit.judging import CODE, Judged, judged
from danvan_kit.likeness import level_peers
from danvan_kit.review import Review
from danvan_kit.views import _judged as shared
from danvan_kit.views._common import Found, about, require_kept
from danvan_kit.views._tree import rows_below, tree

INSIDE, WARN, BEYOND = 0, 1, 2
"""Within the 95 % limits, between them and the 99.8 % limits, beyond these."""


@dataclass(frozen=True, eq=False)
class Funnel(Found):
    """One figure of the areas of a group: `amounts` are the figures themselves.

    Attributes
    ----------
    of, n
        Everything of the group, and the indicator's place in it.
    year
        None: the whole review.
    """

    of: Judged
    n: int
    year: int | None

    @cached_property
    def ratio(self) -> bool:
        """Whether the figure is a ratio."""
        return self.this.aggregation == "ratio"

    @cached_property
    def base(self) -> Floats:
        """Sizes: the denominator of a ratio, what is expected of a count; NaN of what cannot be judged."""
        listed = [CODE[state] for state in ("missing", "no_base", "unborn", "over", "late", "hidden")]
        return np.where(
            np.isin(self.of.state[self.n], listed) | ~(self.of.base[self.n] > 0), np.nan, self.of.base[self.n]
        )

    @cached_property
    def spots(self) -> Floats:
        """What is compared: per cent; of a count 100 is what is expected."""
        return np.where(np.isnan(self.base), np.nan, self.of.compared[self.n])

    @cached_property
    def target(self) -> float:
        """The level of all together."""
        return float(self.of.target[self.n])

    @cached_property
    def few(self) -> NDArray[np.bool_]:
        """Which areas are too few to judge."""
        found: NDArray[np.bool_] = self.of.state[self.n] == CODE["few"]
        return found

    @cached_property
    def places(self) -> NDArray[np.int64]:
        """Where each area lies, above (1, 2) or below (-1, -2) the limits; 0 within, or not judged."""
        known = ~(np.isnan(self.base) | self.few)
        out = np.zeros(len(self.base), dtype=np.int64)
        for tail in (limits.TAIL95, limits.TAIL998):
            low, high = self.within(self.base[known], tail)
            out[known] += (self.spots[known] > high + 1e-9).astype(np.int64) - (self.spots[known] < low - 1e-9)
        return out

    def within(self, sizes: Floats, tail: float) -> tuple[Floats, Floats]:
        """Return the limits for areas of some sizes, in what is compared."""
        if self.ratio:
            low, high = limits.binomial_limits(sizes, self.target / 100, tail)
            return 100 * low, 100 * high
        low, high = limits.poisson_limits(sizes, tail)
        return 100 * low / sizes, 100 * high / sizes


@lru_cache(maxsize=1024)
def found_for(review: Review, key: str, area: str, year: int | None, lang: str) -> Funnel:
    """Return one figure of all areas of the level below the top, or (with an area) of its peers."""
    this = about(review, key, lang)
    if area:
        return _of_group(review, key, judged(shared.company_of(review, area, year)), lang)
    below = rows_below(review, review.areas.root, None, year)
    require_kept(review, this, below)
    return _of_group(review, key, judged(level_peers(review, str(tree(review).level[below[0]]), year)), lang)


@lru_cache(maxsize=512)
def _of_group(review: Review, key: str, of: Judged, lang: str) -> Funnel:
    this = about(review, key, lang)
    require_kept(review, this, of.peers.rows)
    if this.aggregation == "last":
        raise IndicatorError(
            f"chỉ tiêu {this.quoted} là số hiện có, không phải số lượt, nên không có giới hạn ngẫu nhiên; "
            "được dùng: tỷ lệ và số đếm trong năm",
            f"indicator {this.quoted} is a stock, no count of events, and has no limits of chance; allowed: ratios and "
            "counts",
        )
    if key not in of.keys or len(of.peers.rows) < 2:
        level = words.label(of.peers.level)
        raise IndicatorError(
            f"chỉ tiêu {this.quoted} không so được ở cấp {level!r}; được dùng: chỉ tiêu mà đơn vị cấp này báo cáo",
            f"indicator {this.quoted} cannot be compared at level {of.peers.level!r}; allowed: what that level keeps",
        )
    found = Funnel(
        review, this, lang, of.peers.rows, of.value[of.keys.index(key)], of, of.keys.index(key), of.peers.year
    )
    if of.peers.level == "commune" and not found.ratio and not of.by_people[found.n]:
        raise IndicatorError(
            f"chỉ tiêu {this.quoted}: chưa có dân số đã kiểm chứng nên mọi xã, phường có cùng số trông đợi; được dùng: "
            "tỷ lệ, hoặc cấp quận, huyện",
            f"indicator {this.quoted}: without verified populations the same is expected of every commune; allowed: "
            "ratios, or districts",
        )
    return found

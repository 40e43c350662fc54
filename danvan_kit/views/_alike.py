"""Areas of one kind in one year, and where each of their figures lies among the others."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from danvan_kit import cube, measures, words
from danvan_kit.cube import Floats
from danvan_kit.indicators import at_level
from danvan_kit.review import Review
from danvan_kit.views._common import About, about, hidden, lacking, no_base, say, texts
from danvan_kit.views._tree import tree

FEW = 3
"""Of fewer areas of one kind nothing can be said: the whole level stands in for them."""
QUARTERS = 4
"""So many areas must have a figure before a quarter of them is spoken of."""
STEPS = 50
"""Places between the lowest and the highest; figures that share one are drawn once."""
NAMED = 3
"""Areas that the words beside a dot name; of more it says how many."""
WORDS = {
    "quận": ("quận", "urban districts"),
    "huyện": ("huyện", "rural districts"),
    "thị xã": ("thị xã", "towns"),
    "phường": ("phường", "wards"),
    "thị trấn": ("thị trấn", "townships"),
    "xã": ("xã", "communes"),
    "district": ("quận, huyện, thị xã", "districts"),
    "commune": ("xã, phường, thị trấn", "communes, wards and townships"),
}
"""Kinds and levels in the plural."""


@dataclass(frozen=True)
class Dot:
    """A figure that some areas have.

    Attributes
    ----------
    row
        The indicator's place.
    spot
        From 0 (the lowest) to 1 (the highest).
    size
        Pixels: more of them make a larger dot.
    text
        Who has it, in words.
    """

    row: int
    spot: float
    size: float
    text: str


@dataclass(frozen=True, eq=False)
class Alike:
    """Areas that are compared in one year, and their totals.

    Attributes
    ----------
    review, year, lang
        The review, the year, the language.
    group
        Their kind, or their level when they are not of one kind.
    alike
        Whether they are of one kind.
    rows
        Rows of the areas. Shape ``(area,)``.
    kept
        The indicators.
    amounts
        Totals. Shape ``(indicator, area)``; NaN where nothing is known.
    late
        How many reports from below lack. Shape as `amounts`.
    bare
        Where a ratio has no value because its denominator is 0. Shape as `amounts`.
    veil
        Where a figure is known and not shown. Shape as `amounts`.
    """

    review: Review
    year: int
    lang: str
    group: str
    alike: bool
    rows: NDArray[np.intp]
    kept: list[About]
    amounts: Floats
    late: NDArray[np.int64]
    bare: NDArray[np.bool_]
    veil: NDArray[np.bool_]

    def say(self, vi: str, en: str) -> str:
        """Return the text in the reader's language."""
        return say(self.lang, vi, en)

    @property
    def alone(self) -> bool:
        """Whether there is nobody to stand beside."""
        return len(self.rows) == 1

    @cached_property
    def named(self) -> str:
        """Who they are, such as ``12 quận``."""
        plural = self.say(*WORDS[self.group]) if self.group in WORDS else words.label(self.group, self.lang).lower()
        return f"{len(self.rows)} {plural}"

    @cached_property
    def known(self) -> NDArray[np.int64]:
        """How many areas have a figure. Shape ``(indicator,)``."""
        counted: NDArray[np.int64] = (~np.isnan(self.amounts)).sum(axis=1)
        return counted

    @cached_property
    def cuts(self) -> Floats:
        """Lowest, quartiles and highest. Shape ``(indicator, 5)``; NaN when there is nothing to compare."""
        found = np.full((len(self.kept), 5), np.nan)
        for n, values in enumerate(self.amounts):
            if self.known[n] and not self.alone:
                found[n] = np.quantile(values[~np.isnan(values)], [0, 0.25, 0.5, 0.75, 1])
        return found

    def spots(self, values: Floats) -> Floats:
        """Return where values lie between the lowest (0) and the highest (1); 0.5 when all figures are equal.

        Parameters
        ----------
        values
            Shape ``(indicator, ...)``.
        """
        low, high = (self.cuts[:, [end]] for end in (0, -1))
        spread = np.where(high > low, high - low, 1.0)
        return np.where(high > low, (values - low) / spread, np.where(np.isnan(values + low), np.nan, 0.5))

    @cached_property
    def ranks(self) -> list[list[int | None]]:
        """Places by indicator and area: 1 is best, ties share, None where there is no figure."""
        return [measures.ranks(one, this.polarity) for one, this in zip(self.amounts, self.kept, strict=True)]

    @cached_property
    def shared(self) -> NDArray[np.int64]:
        """How many areas have the same figure, the area itself among them. Shape as `amounts`."""
        return np.array([(one[:, None] == one).sum(axis=1) for one in self.amounts])

    @cached_property
    def quarters(self) -> NDArray[np.int64]:
        """1 where a figure is better than the quartile, -1 where it is worse than the other, else 0.

        A tie with the quartile is within; of few known figures there are no quarters. Shape as `amounts`.
        """
        up = (self.amounts > self.cuts[:, [3]]).astype(np.int64) - (self.amounts < self.cuts[:, [1]])
        good = np.array([-1 if this.polarity == "lower" else 1 for this in self.kept])
        found: NDArray[np.int64] = up * (good * (self.known >= QUARTERS))[:, None]
        return found

    @cached_property
    def told(self) -> list[list[str]]:
        """What the areas have, in words: lines by indicator; none where nobody has a figure."""
        out, total = [], len(self.rows)
        for this, cuts, known in zip(self.kept, self.cuts, self.known.tolist(), strict=True):
            # The ends are figures; a quartile lies between two of them and has decimals of its own.
            low, high = texts(cuts[[0, -1]], this.digits, self.lang)
            first, middle, third = (words.number(cut, lang=self.lang, digits=this.digits or None) for cut in cuts[1:4])
            first_line = self.say(
                f"{known}/{total} đơn vị có số liệu: thấp nhất {low}, cao nhất {high} {this.unit}",
                f"{known} of {total} areas have a figure: lowest {low}, highest {high} {this.unit}",
            )
            second_line = self.say(
                f"trung vị {middle}, nửa ở giữa từ {first} đến {third}",
                f"median {middle}, the middle half from {first} to {third}",
            )
            out.append([] if np.isnan(cuts[0]) else [first_line, second_line])
        return out

    @cached_property
    def dots(self) -> list[Dot]:
        """A dot for each place that some figure has; nobody could tell hundreds of them apart."""
        steps, out = np.round(self.spots(self.amounts) * STEPS), list[Dot]()
        for n, this in enumerate(self.kept):
            there = np.flatnonzero(~np.isnan(steps[n]))
            order = there[np.lexsort((tree(self.review).order[self.rows[there]], steps[n, there]))]
            for members in np.split(order, np.flatnonzero(np.diff(steps[n, order])) + 1):
                if len(members):
                    size = min(6 + 0.8 * math.log2(len(members)), 11)
                    text = self._dot_text(n, this, members)
                    out.append(Dot(n, float(steps[n, members[0]]) / STEPS, round(size, 1), text))
        return out

    def _dot_text(self, n: int, this: About, members: NDArray[np.intp]) -> str:
        """Name the areas at a place, if they are few, and what they have."""
        known = tree(self.review)
        names = [known.names[i] for i in self.rows[members].tolist()]
        if known.level[self.rows[0]] == "commune":  # communes of two districts share names
            above = [known.shorts[known.parent[i]] for i in self.rows[members].tolist()]
            names = [f"{name} ({district})" for name, district in zip(names, above, strict=True)]
        who = ", ".join(names) if len(names) <= NAMED else self.say(f"{len(names)} đơn vị", f"{len(names)} areas")
        ends = self.amounts[n, members]
        low, high = texts([float(ends.min()), float(ends.max())], this.digits, self.lang)
        figure = low if low == high else self.say(f"từ {low} đến {high}", f"{low} to {high}")
        return f"<b>{this.label}</b><br>{who}: {figure} {this.unit}"


def alike(review: Review, area: str, year: int, lang: str) -> tuple[Alike, int]:
    """Return the areas that an area is compared with, and its own place among them.

    Those are all areas of its kind that report for `year`; where they are fewer than `FEW`, all of its level.

    Parameters
    ----------
    review
        The review.
    area
        An area that reports for `year`.
    year
        The year.
    lang
        Language.
    """
    row, table = review.areas.row(area), review.areas.table
    found = _alike(review, str(table["level"].iat[row]), str(table["kind"].iat[row]), year, lang)
    return found, int(np.searchsorted(found.rows, row))


@lru_cache(maxsize=128)
def _alike(review: Review, level: str, kind: str, year: int, lang: str) -> Alike:
    known, cells = tree(review), cube.of(review)
    n = cells.year(year)
    there = known.valid[:, n] & (known.level == level)
    same = there & (review.areas.table["kind"] == kind).to_numpy()
    enough = int(same.sum()) >= FEW
    rows = np.flatnonzero(same if enough else there)
    kept = [about(review, key, lang) for key in at_level(review.indicators, level)]
    values = np.array([cells.total[cells.index(this.key), rows, n] for this in kept])
    late = np.array([lacking(review, this, rows)[:, n] for this in kept])
    bare = np.array([no_base(review, this, rows)[:, n] for this in kept])
    veil = np.array([hidden(review, this, rows)[:, n] for this in kept])
    return Alike(review, year, lang, kind if enough else level, enough, rows, kept, values, late, bare, veil)

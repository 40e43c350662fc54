"""Figures of some areas for one year or the whole review, as counts or per inhabitants."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from danvan_kit import cube, measures, words
from danvan_kit.cube import Floats
from danvan_kit.measures import MeasureError
from danvan_kit.review import Review
from danvan_kit.views._common import (
    HIDDEN,
    NO_BASE,
    About,
    Found,
    Per,
    in_words,
    no_base,
    require_kept,
    span,
    veiled,
)
from danvan_kit.views._tree import tree


@dataclass(frozen=True, eq=False)
class Figures(Found):
    """Figures of some areas for one year or the whole review.

    Attributes
    ----------
    year
        None: the whole review.
    per
        ``population``: `amounts` are rates.
    """

    year: int | None
    per: Per

    @property
    def unit(self) -> str:
        """The unit of measure of the figures shown."""
        if self.per == "count":
            return self.this.unit
        return self.say(f"{self.this.unit}/10.000 dân", f"{self.this.unit} per 10,000 inhabitants")

    @property
    def heading(self) -> str:
        """What is shown, for a title."""
        rate = self.say(" trên 10.000 dân", " per 10,000 inhabitants") if self.per == "population" else ""
        return f"{self.this.label}{rate}"

    @cached_property
    def empty(self) -> NDArray[np.bool_]:
        """Where a ratio has no value because its denominator is 0, though everybody reported."""
        base = no_base(self.review, self.this, self.rows)
        if self.year is not None:
            return base[:, self.review.years.index(self.year)]
        begun = np.array(self.review.years) >= self.this.first_year
        other = ~tree(self.review).valid[self.rows] | ~begun
        found: NDArray[np.bool_] = np.logical_and.reduce(base | other, axis=1) & np.logical_or.reduce(base, axis=1)
        return found

    @cached_property
    def veil(self) -> NDArray[np.bool_]:
        """Where a figure is known and not shown."""
        return cube.of(self.review).hidden(self.this.key, self.rows, span(self.review, self.year))

    @cached_property
    def column(self) -> NDArray[Any]:
        """The figures for a table."""
        return veiled(self.amounts, self.veil, self.lang)

    @cached_property
    def lost(self) -> list[str]:
        """Why each area has no figure, where it has none."""
        base, report = self.say(*NO_BASE), self.say("chưa có số liệu", "no figure")
        found = [base if bare else report for bare in self.empty.tolist()]
        return [self.say(*HIDDEN) if veil else why for veil, why in zip(self.veil.tolist(), found, strict=True)]

    @cached_property
    def shown(self) -> list[str]:
        """The figures as written."""
        mark = words.label("hidden", self.lang)
        written = self.write(self.amounts, self.digits)
        return [mark if veil else text for veil, text in zip(self.veil.tolist(), written, strict=True)]

    @property
    def told(self) -> list[str]:
        """The figures with their unit, or why there is none."""
        unit = self.unit
        return [
            why if text in {words.DASH, words.label("hidden", self.lang)} else f"{text} {unit}"
            for text, why in zip(self.shown, self.lost, strict=True)
        ]

    @property
    def digits(self) -> int:
        """How many decimals the figures have."""
        return 1 if self.per == "population" else self.this.digits


def figures(review: Review, this: About, rows: NDArray[np.intp], year: int | None, *, per: Per) -> Floats:
    """Return the figures of areas, or their rates per 10.000 inhabitants.

    Raises
    ------
    IndicatorError
        If none of the areas keeps the indicator.
    MeasureError
        If a rate is asked for where no population is known, or of a figure that is a ratio already.
    """
    require_kept(review, this, rows)
    values = cube.of(review).column(this.key, rows, span(review, year))
    if per == "count":
        return values
    if this.aggregation == "ratio":
        raise MeasureError(
            f"{this.quoted} đã là tỷ lệ, không chia cho dân số; được dùng: số lượng (per='count')",
            f"{this.quoted} is a ratio already; allowed: per='count'",
        )
    known, ids = measures.populations(review), [review.areas.ids[i] for i in rows.tolist()]
    people = np.array([known.get((a, year or 0), np.nan) for a in ids])
    if np.isnan(people).all():
        years = ", ".join(map(str, measures.population_years(review, ids)))
        raise MeasureError(
            f"chưa có dân số đã kiểm chứng của các đơn vị này cho {in_words(review, year, 'vi')}; "
            f"được dùng: {f'năm {years}' if years else 'per=count'}",
            f"no verified population of these areas for {in_words(review, year, 'en')}; allowed: {years or 'count'}",
        )
    rates: Floats = measures.PER * values / people
    return rates


def population_source(found: Figures) -> list[str]:
    """Return where the populations come from, when they are used."""
    if found.per == "count":
        return []
    table = found.review.population
    used = table[(table["year"] == found.year) & table["area"].isin(found.ids) & (table["status"] == "known")]
    return [f"{words.label('population', found.lang)} {found.year}: {s}" for s in dict.fromkeys(used["source"])]


def scattered(found: Found) -> bool:
    """Tell whether the areas stand below different ones, so that a name alone is not enough."""
    above = tree(found.review).parent[found.rows]
    return bool((above != above[0]).any())


def ticks(found: Found, whole: NDArray[np.bool_]) -> list[str]:
    """Return names: of scattered communes with the district, of a shorter life (not `whole`) with the years."""
    known, rows = tree(found.review), found.rows.tolist()
    if scattered(found):
        return [f"{known.shorts[i]} ({known.shorts[known.parent[i]]})" for i in rows]
    out, years = [], np.array(found.review.years)
    for name, row, lasting in zip(found.labels, rows, whole.tolist(), strict=True):
        stood = [] if lasting else years[known.valid[row]].tolist()
        out.append(f"{name} ({stood[0]}–{stood[-1]})" if stood else name)
    return out

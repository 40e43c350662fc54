"""Why a figure differs from what it is made of: stated rules, each of which fits exactly or is not named.

A cause is a *fact* when another filed figure says so (an earlier report, the log, the office above, a report under an
old area). It is a *pattern* when only the arithmetic fits: that may be chance, and the words say so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import combinations

import numpy as np

from danvan_kit.checks import problems
from danvan_kit.reconcile.sums import earlier, moves, of, strays, usual, wholes
from danvan_kit.review import Review

SLIPS = (10, 100, 1000)
MOST_FACTS = 10
"""So many facts about one figure are tried together."""
MOST_CHANCES = 3
"""A difference that equals the figures of more areas than this says nothing about them."""
OUT_OF_LINE = 5.0
"""A slip is more than a pattern when the figure is so many times above or below the office's own median."""


@dataclass(frozen=True)
class Cause:
    """One explanation of a difference.

    Attributes
    ----------
    kind
        A key of `told.TEXTS`.
    offices
        Whom it points to; several when it fits each of them, or when all of them did not report.
    amount
        How much of the difference it explains.
    fact
        Whether another filed figure says so.
    figures
        The figures of its sentence.
    other
        Another area or indicator of its sentence.
    sure
        Whether it holds whatever else is wrong: who added up cannot have known it.
    """

    kind: str
    offices: tuple[str, ...]
    amount: float
    fact: bool = False
    figures: tuple[float, ...] = ()
    other: str = ""
    sure: bool = False


@dataclass(frozen=True)
class Cell:
    """One consolidated figure: which indicator, whose, which year, and by how much it does not add up."""

    review: Review
    indicator: str
    area: str
    year: int
    i: int
    a: int
    y: int
    amount: float

    @property
    def parts(self) -> list[int]:
        """Rows of the areas directly below that stand."""
        stands = of(self.review).stands[:, self.y]
        return [int(c) for c in np.flatnonzero((self.review.areas.parent_row == self.a) & stands)]

    def value(self, row: int) -> float:
        """Return what an area gave to this figure: the head its own, others what they passed upwards."""
        sums = of(self.review)
        return float(
            np.nan_to_num(sums.own[self.i, row, self.y]) if row == self.a else sums.passed[self.i, row, self.y]
        )


Parts = tuple[tuple[str, float, tuple[Cause, ...]], ...]
"""Parts of a difference that add up to it: the office to ask, the amount, the causes."""


@lru_cache(maxsize=1 << 14)
def addition(review: Review, i: int, a: int, y: int) -> Parts:
    """Take apart what an office passes upwards less what came to it.

    Parameters
    ----------
    review
        The review.
    i, a, y
        Places of indicator, area and year.

    Returns
    -------
    tuple
        ``(office, amount, causes)``: their amounts add up to the difference. It stands at the office itself unless
        the facts, or without any the likeliest cause, point to one other. Empty when nothing differs.
    """
    sums, ids = of(review), review.areas.ids
    here = (review, str(review.indicators.index[i]), ids[a], review.years[y], i, a, y)
    amount = float(sums.addition[i, a, y])
    if not amount:
        return ()
    cell = Cell(*here, amount)
    log = _log(cell)
    facts = [*_facts(cell), *log]
    found = [f for f in facts if f.amount == amount]
    if not found and (several := _together(facts, log, amount) or _with_missing(cell, facts)):
        return tuple((f.offices[0] if len(f.offices) == 1 else ids[a], f.amount, (f,)) for f in several)
    causes = _distinct([*found, *_weak(cell, proved=bool(found))])
    pointed = {f.offices for f in causes if f.fact} or {causes[0].offices}
    only = next(iter(pointed))
    return ((only[0] if len(pointed) == len(only) == 1 else ids[a], amount, causes),)


def _distinct(causes: list[Cause]) -> tuple[Cause, ...]:
    """Return the causes, of several of one kind for the same offices the first."""
    return tuple({(c.kind, c.offices): c for c in reversed(causes)}.values())[::-1]


def _together(facts: list[Cause], log: list[Cause], amount: float) -> tuple[Cause, ...]:
    """Return the facts that explain a difference together: all that one source says, else the one set that does."""
    for some in (log, [f for f in facts if f.kind == "own_sum_used"]):
        if len(some) > 1 and sum(f.amount for f in some) == amount:
            return tuple(some)
    few = facts[:MOST_FACTS]
    sets = [s for n in range(2, len(few) + 1) for s in combinations(few, n) if sum(f.amount for f in s) == amount]
    # Two explanations of one office would be the same difference told twice.
    apart = [s for s in sets if len({f.offices for f in s}) == len(s)]
    return apart[0] if len(apart) == 1 else ()


def _with_missing(cell: Cell, facts: list[Cause]) -> tuple[Cause, ...]:
    """Return what holds for sure, and leave the rest to the offices that did not report, when that can be."""
    known = [f for f in facts if f.sure]
    late = tuple(o for o in _late(cell) if not any(o in f.offices and f.kind == "area_change" for f in known))
    rest = cell.amount - sum(f.amount for f in known)
    if not known or not late or rest <= 0 or len({f.offices for f in known}) < len(known):
        return ()
    return (*known, Cause("not_reported", late, rest))


def _late(cell: Cell) -> tuple[str, ...]:
    """Return who did not report what this figure is made of."""
    sums, i, y = of(cell.review), cell.i, cell.y
    late = [r for r in (cell.a, *cell.parts) if sums.lacking[i, r, y] or (r != cell.a and sums.silent[i, r, y])]
    return tuple(cell.review.areas.ids[r] for r in late)


# --- facts ------------------------------------------------------------------------------------------------------------


def _facts(cell: Cell) -> Iterator[Cause]:
    """Walk the corrections that other filed figures ask for, fitting or not."""
    yield from _agrees_above(cell)
    yield from _superseded(cell)
    yield from _area_change(cell)
    yield from _swapped_columns(cell)
    yield from _own_sum_used(cell)
    yield from _above_whole(cell)


def _agrees_above(cell: Cell) -> Iterator[Cause]:
    """Find that the office above counted this one at the sum of its offices, not at what it filed."""
    sums, above = of(cell.review), int(cell.review.areas.parent_row[cell.a])
    if above < 0 or np.isnan(sums.reported[cell.i, above, cell.y]):
        return
    if sums.addition[cell.i, above, cell.y] == -cell.amount:
        reported = float(sums.reported[cell.i, cell.a, cell.y])
        yield Cause("wrong_sum", (cell.area,), cell.amount, True, (reported, reported - cell.amount), "above")


def _superseded(cell: Cell) -> Iterator[Cause]:
    """Find figures that a later report changed: this one, or one of its parts; for sure when it came in after this."""
    known, sums, ids = earlier(cell.review), of(cell.review), cell.review.areas.ids
    for was in known.get((cell.area, cell.year, cell.indicator, "consolidated"), []):
        now = float(sums.reported[cell.i, cell.a, cell.y])
        yield Cause("superseded", (cell.area,), now - was.value, True, (was.value, now))
    row = int(problems.filed(cell.review)["consolidated"].row[cell.i, cell.a, cell.y])
    added_up = cell.review.observations["received"].iloc[row]
    for part in (cell.a, *cell.parts):
        scope = "consolidated" if part != cell.a and sums.heads[cell.i, part, cell.y] else "own"
        for was in known.get((ids[part], cell.year, cell.indicator, scope), []):
            now, after = cell.value(part), bool(was.changed > added_up)
            yield Cause("superseded", (ids[part],), was.value - now, True, (was.value, now), "", after)


def _area_change(cell: Cell) -> Iterator[Cause]:
    """Find reports under areas that no longer stand, and areas that came under another parent."""
    review, sums = cell.review, of(cell.review)
    mine = {cell.area, *(review.areas.ids[c] for c in cell.parts)}
    for stray in strays(review).get((cell.indicator, cell.year), []):
        if heirs := tuple(h for h in stray.heirs if h in mine):
            lacks = bool(sums.lacking[cell.i, review.areas.row(heirs[0]), cell.y])
            yield Cause("area_change", heirs[:1], stray.value, True, (stray.value,), stray.area, lacks)
    for area, before, after in moves(review).get(cell.year, []):
        if cell.area in {before, after}:
            value = float(sums.passed[cell.i, review.areas.row(area), cell.y])
            sign = 1 if cell.area == before else -1
            if value:
                yield Cause("moved", (area,), sign * value, True, (value,), before)


def _swapped_columns(cell: Cell) -> Iterator[Cause]:
    """Find two columns of one office that are exchanged: two consolidated figures differ then, by as much each."""
    sums, review = of(cell.review), cell.review
    mirrored = np.flatnonzero(sums.addition[:, cell.a, cell.y] == -cell.amount)
    for j in mirrored.tolist():
        for row in (cell.a, *cell.parts):
            mine, other = (float(sums.own[k, row, cell.y]) for k in (cell.i, j))
            if other - mine == cell.amount:
                where = (review.areas.ids[row],)
                yield Cause("swapped_columns", where, cell.amount, True, (mine, other), str(review.indicators.index[j]))


def _own_sum_used(cell: Cell) -> Iterator[Cause]:
    """Find areas below that are counted at the sum of their offices, not at what they filed."""
    sums, ids = of(cell.review), cell.review.areas.ids
    for row in cell.parts:
        filed = sums.heads[cell.i, row, cell.y] and not np.isnan(sums.reported[cell.i, row, cell.y])
        if filed and (gap := float(sums.gap[cell.i, row, cell.y])):
            figures = (float(sums.reported[cell.i, row, cell.y]), float(sums.offices[cell.i, row, cell.y]))
            yield Cause("own_sum_used", (ids[row],), -gap, True, figures)


def _log(cell: Cell) -> list[Cause]:
    """Find offices whose log has another count than their report."""
    sums, i, y = of(cell.review), cell.i, cell.y
    if not sums.counted[i]:
        return []
    rows = [r for r in (cell.a, *cell.parts) if r == cell.a or not sums.heads[i, r, y]]
    found = [against_log(cell.review, i, r, y)[:1] for r in rows]
    return [replace(cause, amount=-cause.amount) for causes in found for cause in causes]


def _above_whole(cell: Cell) -> Iterator[Cause]:
    """Find a part above its whole that the difference would bring back below it."""
    sums = of(cell.review)
    for whole, j in wholes(cell.review).get(cell.indicator, []):
        for row in (cell.a, *cell.parts):
            mine, most = (float(sums.own[k, row, cell.y]) for k in (cell.i, j))
            if mine > most and 0 <= mine + cell.amount <= most:
                yield Cause("above_whole", (cell.review.areas.ids[row],), cell.amount, True, (mine, most), whole)


# --- patterns ---------------------------------------------------------------------------------------------------------


def _weak(cell: Cell, *, proved: bool) -> tuple[Cause, ...]:
    """Return what may explain the whole difference without another figure saying so, likeliest first.

    That a sum is wrong is listed only where nothing better is known (not `proved` by a fact).
    """
    rows, ids = (cell.a, *cell.parts), _late(cell)
    reported = float(of(cell.review).reported[cell.i, cell.a, cell.y])
    plain = Cause("wrong_sum", (cell.area,), cell.amount, False, (reported, reported - cell.amount))
    slips, chances = _slips(cell, rows), _twice(cell, rows)
    odd, guessed = [s for s in slips if s.fact], [s for s in slips if not s.fact]
    if ids and cell.amount > 0:  # what is missing can only add
        return (*odd, Cause("not_reported", ids, cell.amount), *guessed, *chances)
    return (*odd, *guessed, *(() if proved or odd else (plain,)), *chances)


def _slips(cell: Cell, rows: tuple[int, ...]) -> list[Cause]:
    """Find a digit too many or too few, and exchanged digits: in the total, or in one of its parts."""
    ids, found = cell.review.areas.ids, list[Cause]()
    reported = float(of(cell.review).reported[cell.i, cell.a, cell.y])
    for kind in (slip(reported, reported - cell.amount), digits(reported, reported - cell.amount)):
        if kind:
            found.append(Cause(kind, (cell.area,), cell.amount, False, (reported, reported - cell.amount), "total"))
    for rule in (slip, digits):
        hits = [(r, kind) for r in rows if (kind := rule(cell.value(r), cell.value(r) + cell.amount))]
        for kind in dict.fromkeys(kind for _, kind in hits):
            fit = [r for r, k in hits if k == kind]
            odd = [r for r in fit if _out_of_line(cell, r)]
            one = odd if len(odd) == 1 else fit
            if len(one) > MOST_CHANCES:
                continue
            value = cell.value(one[0])
            figures = (value, value + cell.amount) if len(one) == 1 else ()
            sure = len(odd) == 1 and rule is slip
            found.append(Cause(kind, tuple(ids[r] for r in one), cell.amount, sure, figures))
    return found


def _out_of_line(cell: Cell, row: int) -> bool:
    """Tell whether an own figure lies far from the office's other years, and the corrected one does not."""
    median, value = float(usual(cell.review)[cell.i, row, cell.y]), cell.value(row)
    if np.isnan(median) or median <= 0:
        return False

    def far(one: float) -> bool:
        return one >= OUT_OF_LINE * median or one <= median / OUT_OF_LINE

    return far(value) and not far(value + cell.amount)


def slip(written: float, right: float) -> str:
    """Return ``thousand_slip`` or ``digit_slip`` when one is the other with zeros too many, else an empty text."""
    for factor in SLIPS:
        if right > 0 and written > 0 and (written == right * factor or right == written * factor):
            return "thousand_slip" if factor == 1000 else "digit_slip"
    return ""


def digits(written: float, right: float) -> str:
    """Return ``swapped_digits`` when one has the digits of the other in another order, else an empty text."""
    whole = written == int(written) and right == int(right) and written != right
    if whole and written >= 10 and right >= 10 and sorted(str(int(written))) == sorted(str(int(right))):
        return "swapped_digits"
    return ""


def _twice(cell: Cell, rows: tuple[int, ...]) -> list[Cause]:
    """Find areas whose figure equals the difference: counted twice, or left out. More than a few such are chance."""
    kind, ids = ("duplicate" if cell.amount > 0 else "left_out"), cell.review.areas.ids
    fit = tuple(ids[r] for r in rows if cell.value(r) == abs(cell.amount))
    return [Cause(kind, fit, cell.amount, False, (abs(cell.amount),))] if 0 < len(fit) <= MOST_CHANCES else []


# --- one office against its log ---------------------------------------------------------------------------------------


@lru_cache(maxsize=1 << 14)
def against_log(review: Review, i: int, a: int, y: int) -> tuple[Cause, ...]:
    """Return why an office's own figure differs from what the log counts; empty when it does not."""
    sums, area, year = of(review), review.areas.ids[a], review.years[y]
    indicator = str(review.indicators.index[i])
    mine, logged = float(sums.own[i, a, y]), float(sums.log[i, a, y])
    amount = (0.0 if np.isnan(mine) else mine) - logged
    if not amount:
        return ()
    base = Cause("log_differs", (area,), amount, True, (mine, logged))
    found = [
        replace(base, kind="area_change", figures=(stray.value,), other=stray.area)
        for stray in strays(review).get((indicator, year), [])
        if area in stray.heirs and stray.value == -amount
    ]
    if np.isnan(mine):
        kind = "not_reported" if sums.due[i, a, y] else "not_owed"
        return (*found, replace(base, kind=kind, figures=(logged,), other="log"))
    if any(was.value == logged for was in earlier(review).get((area, year, indicator, "own"), [])):
        found.append(replace(base, kind="superseded", figures=(logged, mine)))
    found += [replace(base, kind=kind) for kind in (slip(mine, logged), digits(mine, logged)) if kind]
    for j in np.flatnonzero(sums.counted).tolist():
        if j != i and (sums.own[j, a, y], sums.log[j, a, y]) == (logged, mine):
            found.append(replace(base, kind="swapped_columns", other=str(review.indicators.index[j])))
    return tuple(found) or (base,)

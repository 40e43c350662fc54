"""Checks: a tuple of rules, each a plain function from a review to the rows that do not add up.

Here stand the rules that compare reports with what is owed, with reports from below, with the log and with published
statements; `rules` has those on single reports. To add a rule, write its function, its sentence in ``problems.json``,
and put it into `RULES`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pandas as pd

from danvan_kit import cube
from danvan_kit.checks.problems import (
    COLUMNS,
    SCOPES,
    Mask,
    Problem,
    below,
    cells,
    filed,
    office,
    owed,
    problem,
    reports,
    sources,
    table,
)
from danvan_kit.checks.rules import area_validity, duplicates, impossible, jumps, late_changes
from danvan_kit.cube import Floats
from danvan_kit.indicators import persons
from danvan_kit.qualifiers import bounds, fits
from danvan_kit.review import Review

Rule: TypeAlias = Callable[[Review], pd.DataFrame]

SEVERITIES = ("error", "warning", "info")
# So many ways in which wrong figures below can add up are tried to explain a wrong one above.
MOST_WAYS = 4096
MOST_NAMES = 3  # of missing offices in one sentence


def completeness(review: Review) -> pd.DataFrame:
    """Find figures that an office owes and did not give; a whole report, or a whole part of it, is one row.

    An office owes its own figure when it stands that year, its level keeps the indicator and the indicator has begun. A
    ratio is recomputed: nobody owes it. It owes a consolidated figure when an office below owes its own and the form
    asks for it (somebody filed one). A single blank is no gap where the log gives the figure. For a whole report
    expected is the number of figures owed.
    """
    given: dict[str, Mask] = {scope: ~np.isnan(one.value) for scope, one in filed(review).items()}
    on_form = np.any(given["consolidated"], axis=(1, 2), keepdims=True)
    asked = {"own": owed(review), "consolidated": _heads(review) & on_form}
    due = {scope: mask.sum(axis=0) for scope, mask in asked.items()}
    silent: Mask = np.any(asked["own"], axis=0) & ~np.any(given["own"] | given["consolidated"], axis=0)
    rows = []
    for (a, y), where in reports(review, silent):
        figures = (float(sum(due[scope][a, y] for scope in SCOPES)), 0.0)
        source = sources(review, filed(review)["own"].row[:, a, y])
        rows.append(problem(review, "warning", where, figures, "no_report", source=source.partition(";")[0]))
    known = {"own": given["own"] | ~np.isnan(cube.of(review).own), "consolidated": given["consolidated"]}
    for scope, names in zip(SCOPES, (("của riêng đơn vị", "own"), ("tổng hợp", "consolidated")), strict=True):
        gaps = asked[scope] & ~known[scope] & ~silent
        blank = gaps.any(axis=0) & ~given[scope].any(axis=0)
        for (a, y), where in reports(review, blank):
            figures = (float(due[scope][a, y]), 0.0)
            rows.append(problem(review, "warning", where, figures, "no_scope", scope=names))
        for place, where in cells(review, gaps & ~blank):
            source = sources(review, [filed(review)[scope].row[place]])
            rows.append(problem(review, "warning", where, (np.nan, np.nan), "no_figure", source=source, scope=names))
    return table("completeness", rows)


def _heads(review: Review) -> Mask:
    """Tell which office owes which consolidated figure: it stands, it adds up, and somebody below owes his own."""
    adds = review.indicators["aggregation"].isin(["sum", "last"]).to_numpy()[:, None, None]
    found: Mask = below(review, owed(review) & adds) & review.areas.valid(review.years)
    return found


# --- consolidated figures against what they are made of ---------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class _Parts:
    """What each consolidated figure is made of, arrays ``(indicator, area, year)``.

    Attributes
    ----------
    found
        The consolidated figure, NaN where none is owed or none was given.
    known
        Own plus what is known from directly below.
    gap
        Whether the own figure or one from directly below is owed and not given.
    absent
        Whether the area's part in the figure above it is owed and not given.
    """

    found: Floats
    known: Floats
    gap: Mask
    absent: Mask


def vertical(review: Review) -> pd.DataFrame:
    """Compare each consolidated figure with the office's own plus what the offices directly below reported.

    A district's own plus its communes' own; the city's own plus its districts' consolidated (their own where communes
    do not keep the indicator). Stocks add up over areas as flows do. Ratios are recomputed and figures that are
    never added have no consolidated form: neither is compared.

    All given: equal (no row) or different (error). Something missing: an error when what is known already exceeds the
    figure, else one row of severity info for the office and year. The city gets no second row when correcting figures
    already found wrong at its districts makes it add up.
    """
    parts = _parts(review)
    given = ~np.isnan(parts.found)
    differs = given & ~parts.gap & (parts.found != parts.known)
    too_small = given & parts.gap & (parts.known > parts.found)
    rows = []
    for place, where in cells(review, differs | too_small):
        if _explained_below(review, parts, differs, too_small, place):
            continue
        figures = (float(parts.known[place]), float(parts.found[place]))
        text = "differs" if differs[place] else "too_small"
        source = sources(review, [filed(review)[scope].row[place] for scope in ("consolidated", "own")])
        rows.append(problem(review, "error", where, figures, text, source=source))
    rows += _undecided(review, parts, given & parts.gap & ~too_small)
    return table("vertical", rows)


def _parts(review: Review) -> _Parts:
    due, heads = owed(review), _heads(review)
    own = np.where(due, filed(review)["own"].value, np.nan)
    consolidated = np.where(heads, filed(review)["consolidated"].value, np.nan)
    # What an area passes upwards: its consolidated figure where it owes one; when that is missing, at least its own and
    # what is known below it.
    passed = np.where(heads, consolidated, own)
    absent = (heads | due) & np.isnan(passed)
    least = np.nan_to_num(own) + _child_sums(review, np.nan_to_num(own))
    passed = np.where(absent & heads, least, np.nan_to_num(passed))
    known = np.nan_to_num(own) + _child_sums(review, passed)
    gap = heads & ((due & np.isnan(own)) | (_child_sums(review, absent.astype(np.float64)) > 0))
    return _Parts(consolidated, known, gap, absent)


def _child_sums(review: Review, values: Floats) -> Floats:
    """Return for each area the sum over the areas directly below it. Shape ``(indicator, area, year)``."""
    by_area = np.moveaxis(values, 1, 0)
    found = np.zeros_like(by_area)
    np.add.at(found, review.areas.parent_row[1:], by_area[1:])
    return np.moveaxis(found, 0, 1)


def _explained_below(
    review: Review, parts: _Parts, differs: Mask, too_small: Mask, place: tuple[int, int, int]
) -> bool:
    """Tell whether correcting figures found wrong directly below makes this one add up.

    A figure below that differs is right at one value; one that is too small, at a value or anywhere above it.
    """
    i, a, y = place
    children = np.flatnonzero(review.areas.parent_row == a)
    more = (parts.known - parts.found)[i, children, y]
    ways = {0.0}
    for gap in more[differs[i, children, y]]:
        if len(ways) <= MOST_WAYS:
            ways |= {way + float(gap) for way in ways}
    needed = float(parts.found[place] - parts.known[place])
    if too_small[place]:  # what is missing can only add
        return min(ways) <= needed
    open_ended = more[too_small[i, children, y]]
    least = float(open_ended.min()) if len(open_ended) else np.inf
    return needed in ways or min(ways) + least <= needed


def _undecided(review: Review, parts: _Parts, mask: Mask) -> Iterator[Problem]:
    """Tell once for each office and year how many consolidated figures wait, and for whose reports."""
    anything = np.any(mask, axis=0)
    for (a, y), where in reports(review, anything):
        waiting = mask[:, a, y]
        children = np.flatnonzero(review.areas.parent_row == a)
        lacking = children[parts.absent[waiting][:, children, y].any(axis=0)]
        names = [office(review, review.areas.ids[c]) for c in (lacking if len(lacking) else [a])]
        rest = len(names) - MOST_NAMES
        ends = (f" và {rest} đơn vị khác", f" and {rest} others") if rest > 0 else ("", "")
        missing = (", ".join(names[:MOST_NAMES]) + ends[0], ", ".join(names[:MOST_NAMES]) + ends[1])
        source = sources(review, filed(review)["consolidated"].row[waiting, a, y][:1])
        figures = (float(waiting.sum()), np.nan)
        yield problem(review, "info", where, figures, "undecided", source=source, missing=missing)


# --- records and statements -------------------------------------------------------------------------------------------


def records_against_reports(review: Review) -> pd.DataFrame:
    """Compare each own figure that the log backs with what the log has; only offices that stand, owe and report it."""
    own, counted = filed(review)["own"], cube.of(review).own
    backed = (review.indicators["record_activity"] != "").to_numpy()[:, None, None]
    mask = backed & ~np.isnan(own.value) & ~np.isnan(counted) & (own.value != counted)
    rows = []
    for place, where in cells(review, mask):
        figures, source = (float(counted[place]), float(own.value[place])), sources(review, [own.row[place]])
        rows.append(problem(review, "error", where, figures, "records", source=source))
    return table("records_against_reports", rows)


def statements(review: Review) -> pd.DataFrame:
    """Compare published statements with the sum of own figures of their levels and years (a stock: of the last year).

    Exact: equal, else an error. Nearly: as `danvan_kit.qualifiers` allows, else a question. When figures are missing
    and the sum is too small, nothing can be decided (info). The row stands at the top area and has no year: a statement
    covers a period. A published share is not compared: it does not add up.
    """
    rows = []
    for said in review.statements.to_dict("records"):
        aggregation = review.indicators.loc[said["indicator"], "aggregation"]
        if aggregation == "ratio":
            continue
        first = said["year_to"] if aggregation == "last" else said["year_from"]
        found, gaps = _sum_of_own(review, said["indicator"], said["levels"].split(), (first, said["year_to"]))
        wanted = float(said["value"])
        low, _ = bounds(said["qualifier"], wanted)
        if fits(said["qualifier"], wanted, found):
            continue
        severity = "info" if gaps and found < low else "error" if said["qualifier"] == "exact" else "warning"
        where, figures = (review.areas.root, None, said["indicator"]), (wanted, found)
        period = {"from": str(said["year_from"]), "to": str(said["year_to"])}
        words, source = (str(said["text_vi"]), str(said["text_en"])), f"statements#{said['statement']}"
        rows.append(problem(review, severity, where, figures, "statement", source=source, words=words, **period))
    return table("statements", rows)


def _sum_of_own(review: Review, indicator: str, levels: list[str], period: tuple[int, int]) -> tuple[float, bool]:
    """Return the sum over the offices of some levels in some years, and whether an owed figure is missing."""
    cubes, i = cube.of(review), review.indicators.index.get_loc(indicator)
    at = np.flatnonzero(review.areas.table["level"].isin(levels))
    span = slice(cubes.year(period[0]), cubes.year(period[1]) + 1)
    own = cubes.own[i, at, span]
    return float(np.nansum(own)), bool((owed(review)[i, at, span] & np.isnan(own)).any())


# --- all of them ------------------------------------------------------------------------------------------------------

RULES: tuple[Rule, ...] = (
    completeness,
    vertical,
    records_against_reports,
    duplicates,
    late_changes,
    impossible,
    area_validity,
    jumps,
    statements,
)


SINGLE: tuple[Rule, ...] = (impossible, jumps)
"""Rules on single figures: that one found something would tell what a figure is, at least, at most, or beside which."""


def _without_numbers(review: Review, found: pd.DataFrame) -> pd.DataFrame:
    """Leave the numbers of problems on persons out: a protected review does not show them, nor their differences."""
    rows = found.to_dict("records")
    for n, row in enumerate(rows):
        if row["indicator"] and persons(review.indicators, row["indicator"]):
            where = (row["area"], row["year"], row["indicator"])
            rows[n] = row | problem(review, row["severity"], where, (np.nan, np.nan), "withheld", source=row["source"])
    return found.iloc[:0] if not rows else pd.DataFrame(rows, columns=list(COLUMNS)).astype(COLUMNS)


def check(review: Review, rules: Sequence[Rule] = RULES, *, lang: str = "vi") -> pd.DataFrame:
    """Run rules over a review.

    Parameters
    ----------
    review
        The review.
    rules
        Which; all by default.
    lang
        Language of the messages, ``vi`` or ``en``.

    Returns
    -------
    DataFrame
        ``rule, severity, area, year, indicator, expected, found, source, message``: errors first, then warnings, then
        what cannot be decided; within each the largest difference first, then areas in pre-order and years. `year` is
        empty for a statement, `indicator` when a whole report is meant. No rows: no rule found anything.

    Notes
    -----
    In a protected review the rules on single figures (`SINGLE`) see what is shown, for a problem of a hidden figure
    would narrow it down; all others see everything, and tell no numbers of what counts persons.
    """
    full = review.hidden.full if review.hidden else review
    every = (rule(review if rule in SINGLE else full) for rule in rules)
    found = pd.concat([table("", []), *every], ignore_index=True)
    if review.hidden:
        found = _without_numbers(review, found)
    if lang == "en":
        found["message"] = found["message_en"]
    ordered = found.assign(
        _severity=found["severity"].map(SEVERITIES.index),
        _size=-(found["found"] - found["expected"]).abs().fillna(0.0),
        _area=review.areas.rows(found["area"]),
        _year=found["year"].fillna(0),
    ).sort_values(["_severity", "_size", "_area", "_year"], kind="stable", ignore_index=True)
    return ordered[[column for column in COLUMNS if column != "message_en"]]

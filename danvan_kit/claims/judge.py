"""A bound figure to a verdict: what the text allows against what the review has."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from itertools import product

from danvan_kit import words
from danvan_kit.claims import lookups, values
from danvan_kit.claims.allowed import fits
from danvan_kit.claims.binding import Binding
from danvan_kit.claims.lookups import MEANINGS, Asked
from danvan_kit.claims.places import ROOT, Scope
from danvan_kit.claims.reading import Figure
from danvan_kit.claims.spans import Period
from danvan_kit.claims.values import Where
from danvan_kit.review import Review

HOLDS, FALSE, UNDECIDED = "holds", "does_not_hold", "undecided"


@dataclass(frozen=True)
class Verdict:
    """What became of a figure.

    Attributes
    ----------
    verdict
        ``holds``, ``does_not_hold``, ``undecided``.
    key, word
        The reason, a key of ``reasons.json``, and what stands in it.
    found
        The review's figure; NaN when there is none.
    indicators, where, first, last
        What was looked up.
    published
        Id of the published statement on the same.
    """

    verdict: str
    key: str
    word: str = ""
    found: float = math.nan
    indicators: tuple[str, ...] = ()
    where: Where | None = None
    first: int | None = None
    last: int | None = None
    published: str = ""


@cache
def reasons() -> dict[str, list[str]]:
    """Return the sentences, Vietnamese and English, by key."""
    text = (resources.files("danvan_kit") / "claims" / "reasons.json").read_text(encoding="utf-8")
    found: dict[str, list[str]] = json.loads(text)
    return found


def judge(figure: Figure, binding: Binding, review: Review) -> Verdict:  # noqa: PLR0911 - one return a rule
    """Hold a bound figure against the review.

    Parameters
    ----------
    figure, binding
        What is written and what it counts.
    review
        The review.
    """
    if figure.ways:
        return Verdict(UNDECIDED, "ways", "; ".join(figure.ways), indicators=binding.indicators)
    if binding.trouble:
        return Verdict(UNDECIDED, binding.trouble, binding.word, indicators=binding.indicators)
    main = [_looked_up(figure, binding, review, indicator) for indicator in binding.indicators]
    if len(main) > 1 and not binding.joint:  # what no office of the level keeps cannot be meant
        main = [found for found in main if found.key != "not_kept"] or main
    doubt = next((found for found in main if found.verdict == UNDECIDED), None)
    if doubt is not None:
        return doubt
    false = [found for found in main if found.verdict == FALSE]
    if binding.joint:
        return replace((false or main)[0], indicators=binding.indicators)
    if not false:
        return main[0]
    if len(main) > 1:
        return replace(main[0], verdict=UNDECIDED, key="differ", word=lookups.listed({found.found for found in main}))
    return _kept_open(false[0], figure, binding, review)


def _kept_open(false: Verdict, figure: Figure, binding: Binding, review: Review) -> Verdict:
    """Return "does not hold", unless the text may be read otherwise and the figure would hold then."""
    if binding.partly:
        return replace(false, verdict=UNDECIDED, key="body", word=binding.partly)
    others = set() if binding.confirmed else {found.found for found in _others(figure, binding, review)}
    if others:
        return replace(false, verdict=UNDECIDED, key="others", word=lookups.listed(others))
    return false


def _others(figure: Figure, binding: Binding, review: Review) -> Iterator[Verdict]:
    """Return the other readings under which a figure would hold: areas, levels and years that the text leaves open."""
    scopes: list[Scope | None] = [binding.scope, *binding.scopes]
    periods: list[Period | None] = [binding.period, *binding.periods]
    if binding.period is None and binding.kind in {"count", "percent"}:
        ends = review.years
        periods += [Period(a, b, "year" if a == b else "range") for a in ends for b in ends if a <= b]
    if binding.period is not None and binding.period.kind == "until":
        last = binding.period.last or review.years[-1]
        periods += [Period(last, last, "year"), Period(0, last, "range")]
    for indicator, scope, period in product(binding.indicators, scopes, periods):
        for way in _ways(scope):
            if (way, period) == (binding.scope, binding.period):
                continue
            found = _looked_up(figure, replace(binding, scope=way, period=period), review, indicator)
            if found.verdict == HOLDS:
                yield found


def _ways(scope: Scope | None) -> list[Scope | None]:
    """Return how a place may be understood: a district and all below it, or its own office; quận for all districts."""
    if scope is None:
        return [None, Scope((ROOT,), levels=frozenset({"city"}))]
    out: list[Scope | None] = [scope]
    if not scope.levels and len(scope.names) == 1 and scope.how in {"plain", "own"}:
        out += [replace(scope, how="total"), replace(scope, how="own")]
    if scope.levels and scope.how == "plain":
        below = {"district": {"district", "commune"}, "commune": {"commune"}, "city": {"city", "district", "commune"}}
        wide = frozenset().union(*(below[level] for level in scope.levels))
        out += [replace(scope, levels=wide, kinds=frozenset()), replace(scope, kinds=frozenset())]
    if len(scope.names) > 1:
        out += [replace(scope, names=(name,)) for name in scope.names]
    return out


def _looked_up(figure: Figure, binding: Binding, review: Review, indicator: str) -> Verdict:
    """Return the verdict for one reading."""
    head = Verdict(UNDECIDED, "", indicators=(indicator,))
    years = lookups.years(binding.period, review, indicator)
    if isinstance(years, str):
        return replace(head, key=years)
    head = replace(head, first=years[0], last=years[1])
    where = lookups.where(binding.scope, review, years)
    if isinstance(where, str):
        return replace(head, key="area", word=where)
    head = replace(head, where=where)
    value = MEANINGS[binding.kind](Asked(figure, binding, review, indicator, where, years))
    if value.why:
        key, _, word = value.why.partition(":")
        return replace(head, key=key, word=word)
    said = values.statement(review, indicator, where, *years) if binding.kind == "count" else None
    head = replace(head, found=value.found, published=str(said["statement"]) if said is not None else "")
    if fits(figure, value.found):
        return replace(head, verdict=HOLDS, key="holds")
    if said is not None and float(said["value"]) == figure.said and said["qualifier"] == figure.qualifier:
        return replace(head, verdict=HOLDS, key="published", word=words.number(value.found))
    return replace(head, verdict=FALSE, key="does_not_hold", word=_shown(value.found, figure))


def _shown(found: float, figure: Figure) -> str:
    digits = max(0, round(-math.log10(figure.step))) if figure.step < 1 else 0
    if digits == 0 and found != round(found):
        digits = 1
    return words.number(found, digits=digits)

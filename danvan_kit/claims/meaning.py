"""What a figure means, put together: kind, indicator, place, years, and the first of all doubts."""

from __future__ import annotations

import re
from dataclasses import replace

from danvan_kit.claims import doubts, kinds
from danvan_kit.claims.binding import Binding
from danvan_kit.claims.lexicon import Name
from danvan_kit.claims.line import Line
from danvan_kit.claims.named import named
from danvan_kit.claims.places import Scope
from danvan_kit.claims.reading import Figure
from danvan_kit.claims.relations import related
from danvan_kit.claims.spans import Period
from danvan_kit.review import Review

_PARTED = re.compile(r"\b(?:lần lượt|tương ứng|respectively)\b")


def bind(line: Line, i: int, review: Review) -> Binding:
    """Return what figure `i` of a sentence counts.

    Parameters
    ----------
    line
        The sentence.
    i
        Place of the figure among its pieces.
    review
        Its catalogue tells which indicators have a ratio, and who keeps them.
    """
    figure: Figure = line.pieces[i].value
    kind = kinds.kind(line, i, figure)
    found = named(line, i, kind, review)
    scope, scopes = line.scope(i)
    period, periods, trouble = line.period(i)
    if period is None and (shared := _shared(line, i, found, review)) is not None:
        period, periods = shared, (Period(0, 0, "whole"), *periods)
    found = replace(found, scope=scope, scopes=scopes, period=period, periods=periods)
    found = related(line, i, found)
    strange, partly = doubts.body(line, i, found, review)
    found = replace(found, partly=partly)
    checks = (
        ("ways", "; ".join(figure.ways)) if figure.ways else ("", ""),
        ("ways", doubts.restated(line, i)) if doubts.restated(line, i) else ("", ""),
        ("places", "") if doubts.compared(line, i) and kind != "growth" else ("", ""),
        ("each", "") if kind == "average" and not kinds.yearly(line, i) else ("", ""),
        ("vague", "") if figure.qualifier == "vague" else ("", ""),
        (found.trouble, found.word),
        doubts.foreign(line, i),
        doubts.unknown(line, i, found),
        (trouble, ""),
        ("respectively", "") if _matched(line, i) else ("", ""),
        ("each", "") if (scope is not None and scope.bad == "each") or doubts.per_office(line, i) else ("", ""),
        (scope.bad, _shown(scope)) if scope is not None and scope.bad else ("", ""),
        ("body", strange) if strange else ("", ""),
        doubts.some(line, i, found, review),
        ("places", "") if line.places(i) > 1 and found.kind != "share" else ("", ""),
        ("part", "") if doubts.part_of(line, i) else ("", ""),
    )
    key, word = next(((key, word) for key, word in checks if key), ("", ""))
    return replace(found, trouble=key, word=word)


def _matched(line: Line, i: int) -> bool:
    """Tell whether the figures of this part of the sentence are matched by a word such as "lần lượt"."""
    if not line.text:
        return False
    mine = [p for k, p in enumerate(line.pieces) if not line.parted(i, k)]
    return bool(_PARTED.search(line.said(mine))) and len(line.figures) > 1


def _shared(line: Line, i: int, found: Binding, review: Review) -> Period | None:
    """Return the years at the end of a list of like figures: they may be said of all of them."""
    group = review.indicators["group"]
    mine = set(group[list(found.indicators)])
    for f, period in line.apart(i):
        other = named(line, f, kinds.kind(line, f, line.pieces[f].value), review)
        if f != i and mine & set(group[list(other.indicators)]):
            return period
    return None


def _shown(scope: Scope) -> str:
    return scope.back or (scope.names[0][1] if scope.names else "")


def carried(line: Line) -> tuple[tuple[Scope, ...], tuple[Period, ...], tuple[Name, ...]]:
    """Return the places, years and names of a sentence that the next ones may go on with."""
    scopes = tuple(s for _, _, s in line.groups() if s.names and not s.bad)
    periods = tuple(p.value for _, p in line.periods())
    names = tuple(p.value for p in line.pieces if p.kind == "indicator")
    return scopes, periods, names

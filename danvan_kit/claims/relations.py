"""What a relation compares with: other years, the whole, all offices of a level."""

from __future__ import annotations

import re
from dataclasses import replace

from danvan_kit.claims.binding import Binding
from danvan_kit.claims.line import Line
from danvan_kit.claims.places import KINDS as LEVEL_OF
from danvan_kit.claims.places import Scope
from danvan_kit.claims.small import DOWN
from danvan_kit.claims.spans import Period


def related(line: Line, i: int, found: Binding) -> Binding:  # noqa: PLR0911 - one return a rule
    """Add what a relation compares with: other years, or the whole."""
    if found.kind in {"growth", "change", "points", "multiple"}:
        near = line.near(i)
        falls = bool(near) and near[0] in DOWN
        bases = [line.pieces[k].value for k in sorted(line.bases) if i < k < _next(line, i) or k == i - 1]
        if not bases:  # "So với năm 2015, số cuộc … năm 2018 tăng 12 %, số hội nghị tăng 5 %"
            bases = [line.pieces[k].value for k in sorted(line.bases) if k < line.figures[0]]
        falls = falls or bool(re.search(r"\b(?:ít|thấp|fewer|less)\b", line.said(line.own(i))))
        if bases:
            return replace(found, base=bases[0], falls=falls)
        period = found.period
        if period is not None and period.kind == "range" and period.first and period.last and found.kind == "growth":
            first, last = (Period(y, y, "year") for y in (period.first, period.last))
            return replace(found, base=first, period=last, falls=falls)
        return replace(found, falls=falls, trouble=found.trouble or "base")
    if found.kind in {"of_total", "offices"}:
        return _of_offices(line, i, found)
    if found.kind == "share":
        after = [p.value for p in line.tail(i) if p.kind in {"area", "level"}]
        before = [s for a, b, s in line.groups() if b <= i]
        whole = next((s for s in after if s.names), None)
        if whole is None or not before:
            return replace(found, trouble=found.trouble or "share_of_what")
        part = before[-1]
        if part.back:
            part = line.back(part, [])
        if not part.names and part.levels:
            part = replace(part, names=whole.names)
        return replace(found, scope=part, scopes=(), whole=replace(whole, how="total"))
    return found


def _next(line: Line, i: int) -> int:
    """Return the place of the next figure that does not say the same in brackets: "tăng 132 cuộc (4,7 %) so với …"."""
    return next((f for f in line.figures if f > i and line.bracket(f) < 0), len(line.pieces))


def _of_offices(line: Line, i: int, found: Binding) -> Binding:
    """Take the level of the offices that are counted for the place."""
    end = line.nouns[i].end - 1
    scope = found.scope or Scope()
    if line.nouns[i].how != "areas" or end <= i:
        return found
    piece = line.pieces[end]
    if piece.kind != "level":  # "25/29 đơn vị": of which level, the like figure before says
        before = [f for f in line.figures if f < i and line.pieces[line.nouns[f].end - 1].kind == "level"]
        if not before:
            return replace(found, trouble=found.trouble or "unit", word=found.word or "đơn vị")
        piece = line.pieces[line.nouns[before[-1]].end - 1]
    counted: Scope = piece.value
    levels = counted.levels or frozenset({LEVEL_OF[counted.back]} if counted.back in LEVEL_OF else ())
    kinds = counted.kinds or (frozenset({counted.back}) if counted.back in LEVEL_OF else frozenset())
    if not levels:
        return replace(found, trouble="nothing")
    return replace(found, scope=replace(scope, levels=levels, kinds=kinds, how="own", bad="", back=""))

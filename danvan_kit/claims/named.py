"""Which indicator a figure counts: of the noun behind it, else of the name before it, else of what was said above."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from danvan_kit.claims import kinds
from danvan_kit.claims.binding import Binding
from danvan_kit.claims.lexicon import Name
from danvan_kit.claims.line import Line
from danvan_kit.claims.places import ROOT
from danvan_kit.claims.small import PART, RECEIVED, RESOLVED
from danvan_kit.review import Review


def named(line: Line, i: int, kind: str, review: Review) -> Binding:  # noqa: PLR0911 - one return a rule
    """Return which indicator is meant: of the noun behind, else of the name before, else of what was said above."""
    noun = line.nouns[i]
    if noun.how == "foreign":
        return Binding(kind, trouble="unknown", word=str(line.pieces[noun.end].value))
    if noun.how == "joint":
        posts = all(name.role == "post" for name in noun.found)
        if kind == "offices" and posts:
            meant = tuple(i for name in noun.found for i in name.indicators)
            return _needed(line, Binding(kind, meant, joint=True), noun.found)
        return Binding(kind, trouble="joint")
    if noun.how == "name":
        name = noun.found[0]
        if name.role == "unit":
            return _of_unit(line, i, kind, name, review)
        if name.role == "topic":
            return Binding(kind, trouble="unknown", word=line.said(line.pieces[noun.end - 1 : noun.end]))
        return _refined(line, i, _needed(line, Binding(kind, name.indicators), (name,)), review)
    return _before(line, i, kind, review)


def _needed(line: Line, found: Binding, names: Sequence[Name]) -> Binding:
    """Refuse a name that only counts beside another word, where that word is not said."""
    text = line.text + " " + line.above.text
    for name in names:
        if name.needs and not any(need in text for need in name.needs):
            return replace(found, trouble="needs", word=name.needs[0])
    return found


def _of_unit(line: Line, i: int, kind: str, unit: Name, review: Review) -> Binding:
    """Return the indicator of a bare unit ("35 cuộc"): the one named last before it, or next, that has this unit."""
    scope = line.scope(i)[0]
    at = set(scope.levels) if scope is not None else set()
    possible = {x for x in unit.indicators if at <= set(str(review.indicators.loc[x, "levels"]).split())}
    if len(possible) == 1 and (not unit.needs or any(n in line.text + line.above.text for n in unit.needs)):
        plain = not unit.needs and unit.indicators[0] != "van_ban_chi_dao"
        if not plain or any(possible & set(n.indicators) for n in _around(line, i)):
            return _flagged(line, i, Binding(kind, unit.indicators))
    every = set(unit.indicators)
    last = next((n for n in reversed(line.names(0, i)) if _has(n, every)), None)
    coming = _coming(line, i, every)
    near = [n for n in _parallel(line, i, last, coming) if _has(n, possible)]
    if not near and last is None and line.bracket(i) < 0:
        far = [*line.names(i + 2, len(line.pieces)), *reversed(line.above.names)]
        near = [n for n in far if _has(n, possible)][:1]
    meant = tuple(dict.fromkeys(x for n in near for x in n.indicators if x in possible))
    if len(meant) > 1 and _contrasted(
        line, i
    ):  # "thành phố 22 hội nghị, cấp huyện 144 …": the city as one of the levels
        at_city = tuple(x for x in meant if "city" in str(review.indicators.loc[x, "levels"]).split())
        meant = at_city or meant
    if meant:
        return _flagged(line, i, Binding(kind, meant, nouns=tuple(near)))
    return Binding(kind, trouble="unit", word=line.said(line.pieces[i + 1 : i + 2]))


def _contrasted(line: Line, i: int) -> bool:
    """Tell whether the city stands beside other levels that have their own figures, not above them."""
    scope, after = line.scope(i)[0], line.following(i)
    if scope is None or scope.names != (ROOT,) or scope.how != "plain" or scope.levels or after == len(line.pieces):
        return False
    other = line.scope(after)[0]
    parts = any(p.kind == "known" and p.value in PART for p in line.pieces[i:after])
    return other is not None and bool(other.levels) and "city" not in other.levels and not parts


def _has(name: Name, possible: set[str]) -> bool:
    return name.role != "unit" and bool(possible & set(name.indicators))


def _coming(line: Line, i: int, possible: set[str] | None = None) -> Name | None:
    """Return the noun that stands only behind a later, like figure, over those whose noun is no fuller.

    "cấp huyện 144 hội nghị; cấp xã 2.048 hội nghị đối thoại định kỳ", "cấp huyện 144, cấp xã 2.048 hội nghị …".
    """
    if line.bracket(i) >= 0:
        return None
    bare = line.nouns[i].how == "none"
    start = line.nouns[i].end
    for f in (f for f in line.figures if f > i):
        between = line.pieces[start:f]
        if bare and any(p.kind in {"unknown", "indicator", "foreign"} or p.value in {":", "("} for p in between):
            return None
        full = [n for n in line.nouns[f].found if n.role in {"name", "topic"}]
        if full:
            return full[0] if possible is None or _has(full[0], possible) else None
        if line.nouns[f].how not in {"none", "name"} or line.pieces[f].value.unit:
            return None
        start = line.nouns[f].end
    return None


def _parallel(line: Line, i: int, last: Name | None, coming: Name | None) -> list[Name]:
    """Return what an incomplete noun may be short for: the name before it and the one to come.

    Where a ";" parts the figure from the one and not from the other, the nearer is meant.
    """
    if last is not None and coming is not None:
        at = next(k for k in range(i - 1, -1, -1) if line.pieces[k].value is last)
        to = next(k for k in range(i + 1, len(line.pieces)) if line.pieces[k].value is coming)
        if line.parted(at, i) != line.parted(i, to):
            return [coming if line.parted(at, i) else last]
        if line.parted(at, i) and _level(line, i) and _level(line, to) and not _level(line, at):
            return [coming]  # "6.889 hội nghị phản biện; cấp huyện 144 hội nghị; cấp xã 2.048 hội nghị đối thoại …"
    return [n for n in (last, coming) if n is not None]


def _level(line: Line, k: int) -> bool:
    """Tell whether the figure that stands at piece `k`, or nearest before it, is that of some levels."""
    before = [f for f in line.figures if f <= k]
    scope = line.scope(before[-1])[0] if before else None
    return scope is not None and bool(scope.levels)


def _around(line: Line, i: int) -> list[Name]:
    return [n for n in (*line.names(0, i), *line.above.names) if n.role != "unit"]


def _before(line: Line, i: int, kind: str, review: Review) -> Binding:
    """Return the indicator that is named before a figure without a noun: "Số cuộc giám sát là 86"."""
    names = list(line.names(0, i))
    if kind in {"of_total", "offices"}:
        return _predicate(line, i, kind)
    if kind == "percent" and (ratio := _of_last(line, i, review)):
        return Binding(kind, (ratio,))
    if kind == "percent":
        names = [n for n in names if n.role == "rate"] or names
    meant = [n for n in names if n.role != "unit"]
    coming = _coming(line, i) if kind == "count" else None
    if coming is not None and (not meant or not _label(line, i)):
        return _shared(line, i, Binding(kind), _parallel(line, i, meant[-1] if meant else None, coming), review)
    meant = meant or [n for n in line.above.names if n.role != "unit"]
    if not meant:
        return Binding(kind, trouble="nothing")
    if kind == "count":
        meant = _feasible(line, i, meant, review)
    name = meant[-1]
    found = _needed(line, Binding(kind, name.indicators, nouns=(name,)), (name,))
    if kind in {"growth", "share", "multiple", "change"}:
        return found
    return _refined(line, i, found, review)


def _label(line: Line, i: int) -> bool:
    """Tell whether the name before a figure is its own: "số cuộc giám sát là 86"."""
    return any(p.kind == "indicator" and p.value.role != "unit" for p in line.own(i))


def _shared(line: Line, i: int, found: Binding, names: list[Name], review: Review) -> Binding:
    """Return the indicator of a figure without a noun that is short for one of these, as far as its offices keep it."""
    scope = line.scope(i)[0]
    at = set(scope.levels) if scope is not None else set()
    if scope is not None and scope.names == (ROOT,) and scope.how == "plain" and not at:
        at = {"city"}  # "thành phố 22, cấp huyện 144 …": one of the levels, not the whole
    meant = tuple(
        dict.fromkeys(
            x for n in names for x in n.indicators if at <= set(str(review.indicators.loc[x, "levels"]).split())
        )
    )
    if not meant:
        return replace(found, trouble="nothing")
    return _flagged(line, i, _needed(line, replace(found, indicators=meant, nouns=tuple(names)), names))


def _feasible(line: Line, i: int, names: list[Name], review: Review) -> list[Name]:
    """Return the names that offices of the level keep; where none is, that of a figure that follows."""
    scope = line.scope(i)[0]
    at = set(scope.levels) if scope is not None else set()

    def kept(name: Name) -> bool:
        return any(at <= set(str(review.indicators.loc[x, "levels"]).split()) for x in name.indicators)

    later = [n for n in line.names(i + 1, len(line.pieces)) if n.role == "name"][:1]
    return names if kept(names[-1]) else [n for n in later if kept(n)] or names


def _predicate(line: Line, i: int, kind: str) -> Binding:
    """Return what "24/30 quận, huyện" have or do: it is said behind, or of the like figure before."""
    names = [n for n in line.names(i + 1, line.following(i)) if n.role != "unit"]
    for f in reversed([f for f in line.figures if f < i]):
        if not names and line.pieces[i].value.of is not None and line.pieces[f].value.of is not None:
            names = [n for n in line.names(f + 1, line.following(f)) if n.role != "unit"]
    if not names or names[0].role == "rate":
        return Binding(kind, trouble="nothing")
    if len(names) > 1 and set(names[0].indicators) != set(names[1].indicators):
        return Binding(kind, trouble="joint")
    return _needed(line, Binding(kind, names[0].indicators), names[:1])


def _of_last(line: Line, i: int, review: Review) -> str:
    """Return the ratio whose numerator the figure before stated: "hòa giải thành 411 vụ, đạt 79,9 %"."""
    before = [f for f in line.figures if f < i]
    if not before or any(n.role == "rate" for n in line.names(before[-1], i)):
        return ""
    own = line.own(i)
    if any(p.kind not in {"known", "qualifier", "point"} for p in own) or not own:
        return ""
    last = named(line, before[-1], kinds.kind(line, before[-1], line.pieces[before[-1]].value), review)
    ratios = review.indicators[review.indicators["aggregation"] == "ratio"]
    found = ratios[ratios["numerator"].isin(last.indicators)]
    return str(found.index[0]) if len(found) == 1 and len(last.indicators) == 1 else ""


def _refined(line: Line, i: int, found: Binding, review: Review) -> Binding:
    """Tell what was received from what was resolved, and a share of it from a count."""
    found = _flagged(line, i, found)
    if found.kind != "percent" or found.trouble:
        return found
    ratios = review.indicators[review.indicators["aggregation"] == "ratio"]
    meant = [x for x in found.indicators if x in ratios.index]
    if meant:
        return replace(found, indicators=tuple(meant))
    of = ratios[ratios["numerator"].isin(found.indicators)]
    named = line.nouns[i].how == "name"
    flags = {str(p.value) for p in (*line.own(i), *line.tail(i)) if p.kind == "known"}
    whole = ratios[ratios["denominator"].isin(found.indicators)]
    if named and len(whole) == 1 and flags & RESOLVED:
        return replace(found, indicators=(str(whole.index[0]),))
    if len(of) == 1 and (not named or flags & RESOLVED) and len(found.indicators) == 1:
        return replace(found, indicators=(str(of.index[0]),))
    return replace(found, trouble="share_of_what")


def _flagged(line: Line, i: int, found: Binding) -> Binding:
    """Choose between a figure and its resolved part by the words beside it."""
    words = {str(p.value) for p in (*line.own(i), *line.tail(i)) if p.kind == "known"}
    names = [n for p in (*line.own(i), *line.tail(i)) if p.kind == "indicator" for n in (p.value,)]
    meant = set(found.indicators)
    for whole, part in (("don_thu_tiep_nhan", "don_thu_da_giai_quyet"), ("y_kien_doi_thoai", "y_kien_da_giai_quyet")):
        if not meant & {whole, part} or (found.kind == "percent" and len(meant) == 1):
            continue
        resolved, received = bool(words & RESOLVED), bool(words & RECEIVED)
        if resolved and received:
            return replace(found, trouble="both")
        exact = meant == {part} and line.nouns[i].how == "name" and line.nouns[i].found[0].role == "name"
        if resolved or exact:
            return replace(found, indicators=(part,))
        if received or whole == "y_kien_doi_thoai":
            return replace(found, indicators=(whole,))
    if "vu_hoa_giai" in meant and (_success(line, i) or any("hoa_giai_thanh" in n.indicators for n in names)):
        return replace(found, indicators=("hoa_giai_thanh",))
    if "mo_hinh_dan_van_kheo" in meant and (len(meant) > 1 or found.nouns):
        known = any("công nhận" in word for word in words)
        return replace(found, indicators=("mo_hinh_duoc_cong_nhan" if known else "mo_hinh_dan_van_kheo",))
    return found


def _success(line: Line, i: int) -> bool:
    return bool(re.search(r"hòa giải thành\b|thành công", line.said(line.own(i)) + " " + line.said(line.tail(i))))

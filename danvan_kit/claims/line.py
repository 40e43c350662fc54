"""A sentence and which of its words belong to which figure: those beside it, those before it, those above."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from danvan_kit.claims.binding import Context
from danvan_kit.claims.lexicon import Name
from danvan_kit.claims.nouns import behind, noun
from danvan_kit.claims.places import KINDS as LEVEL_OF
from danvan_kit.claims.places import NEAR, ROOT, Scope
from danvan_kit.claims.reading import Sentence
from danvan_kit.claims.small import BREAKS, COMPARED, FROM, JOINS, MOVES, THROUGH, UNTIL
from danvan_kit.claims.spans import Period, Span


class Line:
    """A sentence with its figures, and what belongs to each of them."""

    def __init__(self, sentence: Sentence, above: Context) -> None:
        self.pieces, self.above, self.text = sentence.pieces, above, sentence.text
        self.figures = [i for i, piece in enumerate(self.pieces) if piece.kind == "figure"]
        self.nouns = {i: noun(self.pieces, i) for i in self.figures}
        self.tails = {i: behind(self.pieces, self.nouns[i].end) for i in self.figures}
        self.ranges = dict(self._ranges())
        for a, b in self.ranges.items():
            self.nouns[a], self.tails[a] = self.nouns[b], self.tails[b]
        self.moves = dict(self._moves())
        self.bases = {k for k, piece in enumerate(self.pieces) if piece.kind == "period" and self._base(k)}
        self.owned = {k for i in self.figures for k in range(self.nouns[i].end, self.tails[i])}

    def _ranges(self) -> Iterator[tuple[int, int]]:
        """Return pairs of figures that are the ends of a range: "từ 20 đến 25 hội nghị"."""
        for a, b in pairwise(self.figures):
            between = [p.value for p in self.pieces[a + 1 : b]]
            before = [p.value for p in self.pieces[max(a - 2, 0) : a]]
            moved = any(p.value in MOVES for p in self.pieces[max(a - 4, 0) : a] if p.kind == "known")
            if (
                not moved
                and between in (["đến"], ["tới"], ["-"], ["to"], ["and"])
                and (between == ["-"] or {"từ", "from", "between"} & set(map(str, before)))
            ):
                yield a, b

    def _moves(self) -> Iterator[tuple[int, int]]:
        """Return pairs of figures of which one went over into the other: "giảm từ 3.100 xuống 2.900"."""
        for a, b in pairwise(self.figures):
            before = [p.value for p in self.pieces[max(a - 4, 0) : a] if p.kind == "known"]
            between = [p.value for p in self.pieces[a + 1 : b] if p.kind == "known"]
            if before[-1:] and before[-1] in FROM and set(before) & MOVES and between[-1:] and between[-1] in UNTIL:
                yield a, b

    def _moved(self, i: int) -> tuple[Period | None, tuple[Period, ...], str]:
        """Return the years of a figure that went over into another, or that another went over into."""
        named = [p.value for k, p in self.periods() if k not in self.owned]
        span = named[-1] if named else None
        first = i in self.moves
        if span is not None and span.kind in {"range", "years"} and span.first and span.last:
            year = span.first if first else span.last
            return Period(year, year, "year"), (), ""
        base = [self.pieces[k].value for k in sorted(self.bases)]
        if first:
            return (base[0], (), "") if base else (None, (), "base")
        return (span, (), "") if span is not None and span.kind == "year" else (None, (), "base")

    def _base(self, k: int) -> bool:
        """Tell whether years are those that something is compared with."""
        j = k - 1
        while j >= 0 and self.pieces[j].kind == "known" and self.pieces[j].value in {"của", "of", "that of", "số với"}:
            j -= 1
        if j < 0:
            return False
        piece = self.pieces[j]
        if piece.kind == "figure":
            return bool(piece.value.unit == "times")
        return self.said([piece]) in COMPARED

    def cut(self, i: int) -> int:
        """Return where the words before a figure begin that are its own: behind the last comma or figure."""
        k = next((a for a, b in self.ranges.items() if b == i), i)
        while k > 0:
            piece = self.pieces[k - 1]
            if (piece.kind == "point" and piece.value in BREAKS) or piece.kind == "figure":
                return k
            if k - 1 in self.owned and any(self.nouns[f].end <= k - 1 < self.tails[f] for f in self.figures if f < i):
                return k
            k -= 1
        return 0

    def own(self, i: int) -> list[Span]:
        """Return the words before a figure that are its own."""
        return list(self.pieces[self.cut(i) : i])

    def tail(self, i: int) -> list[Span]:
        """Return the words behind its noun."""
        return list(self.pieces[self.nouns[i].end : self.tails[i]])

    def said(self, pieces: Sequence[Span]) -> str:
        """Return what pieces say, in small letters."""
        if not pieces:
            return ""
        start = self.pieces[0].start
        return self.text[pieces[0].start - start : pieces[-1].end - start]

    def before(self, i: int) -> str:
        """Return the sentence before a piece."""
        return self.text[: self.pieces[i].start - self.pieces[0].start]

    def leading(self, i: int) -> str:
        """Return the sentence before a figure, back to the figure before it."""
        begin = next((a for a, b in self.ranges.items() if b == i), i)
        start = max((f + 1 for f in self.figures if f < begin), default=0)
        marks = [k + 1 for k in range(start, i) if self.pieces[k].kind == "point" and self.pieces[k].value == ";"]
        return self.said(self.pieces[max([start, *marks]) : i])

    def near(self, i: int) -> list[str]:
        """Return the small words just before a figure, the nearest first, without its qualifier."""
        out: list[str] = []
        for piece in reversed(self.pieces[max(i - 4, 0) : i]):
            if piece.kind not in {"known", "qualifier"}:
                break
            if piece.kind == "known" and piece.value not in {"được", "là", "by", "đã", "khoảng"}:
                out.append(str(piece.value))
        return out

    def names(self, first: int, last: int) -> list[Name]:
        """Return what is named between two pieces."""
        return [p.value for p in self.pieces[first:last] if p.kind == "indicator"]

    def following(self, i: int) -> int:
        """Return the place of the next figure, or the end."""
        return next((f for f in self.figures if f > i), len(self.pieces))

    # --- years

    def period(self, i: int) -> tuple[Period | None, tuple[Period, ...], str]:  # noqa: PLR0911 - one return a rule
        """Return the years of a figure, others that may be meant, and trouble."""
        mine = [p.value for k, p in self.periods() if self.nouns[i].end <= k < self.tails[i]]
        if mine:
            return mine[0], (), "" if len(set(mine)) == 1 else "periods"
        if i in self.moves or i in self.moves.values():
            return self._moved(i)
        before = [k for k, _ in self.periods() if k < i and k not in self.owned]
        if before:
            k = before[-1]
            two = len(before) > 1 and self._only_and(before[-2], k)
            period: Period = self.pieces[k].value
            moved = len(before) > 1 and set(self.near(i)) & UNTIL
            if period.kind == "until" and period.last and moved:  # "năm 2015 là 86; đến năm 2019 tăng lên 103"
                period = Period(period.last, period.last, "year")
            return period, (), "periods" if two else ""
        later = [(k, p.value) for k, p in self.periods() if k in self.owned or self._closing(i, k)]
        others = [value for k, value in later if k < i or not self.parted(i, k)]  # behind a ";": of another part
        if len(set(others)) == 1:
            return others[0], (Period(0, 0, "whole"),) if self._listed(i, later[-1][0]) else (), ""
        if others:
            return None, tuple(others), "periods"
        apart = tuple(value for _, value in self.apart(i))
        if self.above.periods:
            same = len(set(self.above.periods)) == 1
            return self.above.periods[-1], (Period(0, 0, "whole"), *apart), "" if same else "periods"
        return None, (*self.above.faint_periods, *apart), ""

    def apart(self, i: int) -> list[tuple[int, Period]]:
        """Return the years of later parts of the sentence, each with the figure that it stands behind."""
        later = [(k, p.value) for k, p in self.periods() if k in self.owned or self.figures[-1:] < [k]]
        return [(max(f for f in self.figures if f < k), p) for k, p in later if k > i and self.parted(i, k)]

    def periods(self) -> list[tuple[int, Span]]:
        """Return the years that are named and are not those compared with, with their places."""
        return [(k, p) for k, p in enumerate(self.pieces) if p.kind == "period" and k not in self.bases]

    def _closing(self, i: int, k: int) -> bool:
        """Tell whether piece `k` stands behind all figures, in the same part of the sentence as figure `i`."""
        return k > i and not self.parted(i, k) and not any(f > k for f in self.figures)

    def _listed(self, i: int, k: int) -> bool:
        """Tell whether years stand in the words of another figure of a list: they may be said of that alone."""
        return k > i and k in self.owned and any(p.value == "," for p in self.pieces[self.nouns[i].end : k])

    def parted(self, a: int, b: int) -> bool:
        """Tell whether two pieces stand in different parts of the sentence."""
        return any(p.kind == "point" and p.value == ";" for p in self.pieces[min(a, b) : max(a, b)])

    def _only_and(self, a: int, b: int) -> bool:
        between = [p.value for p in self.pieces[a + 1 : b]]
        return bool(between) and set(between) <= {"và", "and", ","} and between != [","]

    # --- places

    def scope(self, i: int) -> tuple[Scope | None, tuple[Scope, ...]]:
        """Return the place of a figure, and others that may be meant."""
        found, others = self._placed(i)
        return (None if found is None else self._near(found)), others

    def _near(self, found: Scope) -> Scope:
        """Add the district that was spoken of to a commune that is named without one."""
        districts = [n for s in self.above.scopes for n in s.names if LEVEL_OF.get(n[0]) == "district"]
        if not districts:
            return found
        names = tuple(
            (*name, NEAR, *districts[-1]) if LEVEL_OF.get(name[0]) == "commune" and len(name) == 2 else name
            for name in found.names
        )
        return replace(found, names=names)

    def _placed(self, i: int) -> tuple[Scope | None, tuple[Scope, ...]]:
        groups = self.groups()
        mine = [scope for a, b, scope in groups if self.nouns[i].end <= a and b <= self.tails[i]]
        beside = self.bracket(i)  # "cấp huyện (144)"
        before = [(a, scope) for a, b, scope in groups if b <= i and (a not in self.owned or b == beside)]
        named = [s for _, s in before if s.names]
        if mine:
            found = mine[0]
            if before and before[-1][1].kinds and not found.names:
                found = replace(found, kinds=before[-1][1].kinds, how="plain")
        elif before:
            found = before[-1][1]
            if found.how == "own" and not found.levels and self._told(before[-1][0], i):
                found = replace(found, how="plain")  # "Thành ủy cho biết, MTTQ …": the office is not who did it
        else:
            later = [scope for a, b, scope in groups if a in self.owned or self._closing(i, a)]
            through = any(p.value in THROUGH for p in self.own(i) if p.kind == "known")
            others = tuple(scope for a, _, scope in groups if a > i)
            if through and len(set(others)) == 1:
                later = list(others)
            if len({s.names for s in later}) == 1 and later[0].names and self.nouns[i].how != "areas":
                found = later[0]
            else:
                main, more = self._carried()
                return main, (*more, *others)
        if (not found.names and not found.back and not found.bad and found.how != "total") or (
            found.levels and not found.names
        ):
            return self._below(found, named), ()
        if found.back:
            return self.back(found, named), ()
        if not found.names and not found.bad:
            return self._below(found, named), ()
        return found, ()

    def _told(self, k: int, i: int) -> bool:
        """Tell whether another body stands between an office and a figure."""
        return any(p.kind == "body" for p in self.pieces[k + 1 : i])

    def places(self, i: int) -> int:
        """Return how many different areas are named beside a figure, before it and behind it."""
        first, last = self.cut(i), self.tails[i]
        return len({scope.names for a, b, scope in self.groups() if first <= a and b <= last and scope.names})

    def dated(self, i: int) -> list[Span]:
        """Return the words beside the years that a figure takes from before it, within their commas."""
        before = [k for k, _ in self.periods() if k < i and k not in self.owned]
        if not before or any(self.nouns[i].end <= k < self.tails[i] for k, _ in self.periods()):
            return []
        first = last = before[-1]
        while first > 0 and not self._stops(first - 1):
            first -= 1
        while last < i and not self._stops(last):
            last += 1
        return list(self.pieces[first:last])

    def _stops(self, k: int) -> bool:
        piece = self.pieces[k]
        return piece.kind == "figure" or (piece.kind == "point" and piece.value in BREAKS) or k in self.owned

    def _below(self, found: Scope, named: list[Scope]) -> Scope:
        """Return levels within the area that was spoken of."""
        above = named or [s for s in self.above.scopes if s.names]
        inside = [s for s in above if len(s.names) == 1]
        return replace(found, names=inside[-1].names) if inside else found

    def bracket(self, i: int) -> int:
        """Return where the bracket opens that a figure begins: "giám sát (27.739 cuộc)"; -1: none."""
        k = i - 1
        while k > 0 and self.pieces[k].kind in {"qualifier", "known"}:
            k -= 1
        return k if k > 0 and self.pieces[k].value == "(" else -1

    def back(self, found: Scope, named: list[Scope]) -> Scope:
        """Return the area that "the district" refers back to."""
        for scope in [*reversed(named), *reversed(self.above.scopes)]:
            for name in reversed(scope.names):
                alike = found.back == name[0] or found.back in {"district", "commune"}
                if alike and name[0] != "root":
                    return replace(found, names=(name,), back="")
        return replace(found, bad="back")

    def _carried(self) -> tuple[Scope | None, tuple[Scope, ...]]:
        scopes = [s for s in self.above.scopes if s.names]
        if scopes:
            last = scopes[-1]
            others = tuple(s for s in scopes if s != last)
            return replace(last, levels=last.levels), (*others, Scope((ROOT,)))
        return None, self.above.faint_scopes

    def groups(self) -> list[tuple[int, int, Scope]]:
        """Return areas and levels, those that belong together as one."""
        groups: list[tuple[int, int, Scope]] = []
        for k, piece in enumerate(self.pieces):
            if piece.kind not in {"area", "level"}:
                continue
            if any(k == self.nouns[f].end - 1 and self.nouns[f].how == "areas" for f in self.figures):
                continue  # "24/30 quận, huyện": what is counted, not where
            scope: Scope = piece.value
            before = [p.value for p in self.pieces[max(k - 2, 0) : k] if p.kind in {"known", "qualifier"}]
            if piece.kind == "area" and set(before) & {"toàn", "trên địa bàn", "địa bàn", "trên địa bàn toàn", "cả"}:
                scope = replace(scope, how="total")
            if groups and (joined := self._merge(groups[-1], k, scope)):
                groups[-1] = joined
            else:
                groups.append((k, k + 1, scope))
        return groups

    def _merge(  # noqa: C901, PLR0911 - one return a rule
        self,
        last: tuple[int, int, Scope],
        k: int,
        scope: Scope,
    ) -> tuple[int, int, Scope] | None:
        """Return two places as one where nothing but small words stands between them."""
        between = [p.value for p in self.pieces[last[1] : k]]
        if any(word not in JOINS | {",", "("} for word in between) or len(between) > 3:
            return None
        old, start = last[2], last[0]
        linked = bool(set(between) & {"và", "and", ","})
        if old.names and not old.levels and scope.names == (ROOT,) and scope.how == "plain" and "và" not in between:
            return start, k + 1, old  # "quận Ba Đình, thành phố Hà Nội"
        if old.levels and scope.names and not scope.levels and not linked:
            return start, k + 1, replace(old, names=scope.names)
        if old.back and scope.names and not linked:
            if LEVEL_OF.get(old.back) != LEVEL_OF.get(scope.names[0][0]) and scope.names != (ROOT,):
                return start, k + 1, replace(scope, bad="each")  # "có phường của quận Ba Đình"
            return start, k + 1, replace(scope, how=old.how if old.how != "plain" else scope.how)
        if linked and old.names and scope.names and not (old.levels or scope.levels):
            if old.names == scope.names:
                own = "own" if "own" in {old.how, scope.how} else scope.how
                return start, k + 1, replace(scope, how=own)
            return start, k + 1, Scope((*old.names, *scope.names), how="plain", bad=old.bad or scope.bad)
        if linked and (old.levels or old.names == (ROOT,)) and (scope.levels or scope.names == (ROOT,)):
            at = (old.levels or frozenset({"city"})) | (scope.levels or frozenset({"city"}))
            return start, k + 1, Scope(old.names or scope.names, levels=at, kinds=old.kinds | scope.kinds, how="own")
        if old.names and scope.names == old.names and not between:
            return start, k + 1, replace(scope, levels=scope.levels or old.levels)
        if not linked and old.names == (ROOT,) and scope.how == "total" and not scope.names:
            return start, k + 1, old
        return None

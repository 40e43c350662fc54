"""A written name to an area, or to candidates: it asks rather than guesses.

Evidence, in this order: the bare letters of the name, its accents, the kind of area. Only inside one known district
(or for a district said to be one) may letters differ a little, and then only when no other name comes near.
"""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache

from danvan_kit.areas import LEVELS, AreaError, Areas, Date, Level
from danvan_kit.words import clean, fold, one_slip, tone

CUTOFF = 0.80
"""The least likeness (difflib ratio of bare letters) of a name with more than one slip of the keyboard."""
MARGIN = 0.06
"""By how much it must be more like that name than like any other of the district."""
LEAST = 0.6
"""What is less like a name than this is not worth asking about."""
LAST_DAY = "2020-06-30"

# Kinds as they are abbreviated; `quận ủy` and its like are the offices of that kind.
_KINDS = {
    "phường": "phuong|p|ph|f",
    "xã": "xa|x",
    "thị trấn": "thi tran|tt|t t|ttr",
    "quận": "quan(?: uy)?|q",
    "huyện": "huyen(?: uy)?|h",
    "thị xã": "thi xa(?: uy)?|thi uy|tx|t x",
    "thành phố": "thanh pho|thanh uy|tp|t p",
}
_UPPER_KINDS = frozenset({"thành phố", "quận", "huyện", "thị xã"})
_KIND = {kind: re.compile(rf"(?:{words}) (?=.)") for kind, words in _KINDS.items()}
_OFFICE = re.compile(
    r"(?:(?:ubnd|hdnd|(?:uy ban|ub|hoi dong) (?:nhan dan|nd)|dang (?:uy|bo)|cap uy|cong an|van phong"
    r"|(?:(?:uy ban|ub) )?(?:mttq|mat tran to quoc)(?: viet nam| vn)?|ubmttq(?: viet nam| vn)?"
    r"|(?:ban|khoi|to) dan van|ban (?:chi dao|thuong vu|thuong truc|chap hanh)|bdv|bcd|btv|btt|bch|va)(?: |$))+"
)
_PARTS = re.compile(r"[,;/|()\[\]–—−-]|\bthuộc\b", re.IGNORECASE)
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}


@dataclass(frozen=True)
class Match:
    """What a written name may mean.

    Attributes
    ----------
    area
        The one area it means; None when that is not certain.
    candidates
        The areas it may mean, best first; with `area`, that area alone.
    score
        How like the best candidate's name is to what was written, 0 to 1; 1 is the same letters.
    """

    area: str | None
    candidates: tuple[str, ...]
    score: float


@dataclass(frozen=True)
class _Entry:
    area: str
    kind: str
    level: str
    bare: str
    accented: str


@dataclass(frozen=True)
class _Reading:
    """One way to read a piece of text: a name, perhaps with its kind before it."""

    kind: str | None
    bare: str
    accented: str


@lru_cache(maxsize=16)  # Areas compare by identity and do not change
def _entries(areas: Areas) -> list[_Entry]:
    """Return one entry a row of the table."""
    table = areas.table
    entries = []
    for area, name, kind, level in zip(table["area"], table["name"], table["kind"], table["level"], strict=True):
        bare, accented = _spell(name)
        words = kind.count(" ") + 1 if bare.startswith(fold(kind) + " ") else 0
        entries.append(_Entry(area, kind, level, _after(bare, words), _after(accented, words)))
    return entries


@lru_cache(maxsize=16)
def _by_name(areas: Areas) -> dict[str, list[int]]:
    """Return the rows that bear each bare name."""
    rows = defaultdict(list)
    for i, entry in enumerate(_entries(areas)):
        rows[entry.bare].append(i)
    return dict(rows)


@lru_cache(maxsize=4096)
def _spell(text: str) -> tuple[str, str]:
    """Return the words of a text twice: bare letters only, and with accents."""
    words = re.findall(r"[^\W_]+", tone(text).casefold())
    return " ".join(fold(word) for word in words), " ".join(words)


def _after(text: str, words: int) -> str:
    return text.split(" ", words)[words]


def _readings(text: str) -> list[_Reading]:
    """Return the ways to read one piece of text: whole, and with its first word taken for a kind."""
    bare, accented = _spell(text)
    if office := _OFFICE.match(bare):
        words = len(office[0].split())
        if words == bare.count(" ") + 1:
            return []
        bare, accented = _after(bare, words), _after(accented, words)
    readings = [_Reading(None, bare, accented)] if bare else []
    for kind, form in _KIND.items():
        if found := form.match(bare):
            words = len(found[0].split())
            readings.append(_Reading(kind, _after(bare, words), _after(accented, words)))
    return readings + [_arabic(reading) for reading in readings if reading.bare.split(" ")[-1] in _ROMAN]


def _arabic(reading: _Reading) -> _Reading:
    """Return the reading of Mỹ Đình II as Mỹ Đình 2: one more way, for a last letter may be missing instead."""
    head, _, last = reading.bare.rpartition(" ")
    number = _ROMAN[last]
    return _Reading(reading.kind, f"{head} {number}", f"{reading.accented.rpartition(' ')[0]} {number}")


def match(
    text: str, areas: Areas, *, within: str | None = None, at: Date | None = None, level: Level | None = None
) -> Match:
    """Find the area that a written name means, or ask.

    Parameters
    ----------
    text
        A name as people write it: "Q. Ba Đình", "quan ba dinh", "UBND phường Quang Trung, Hà Đông", or a code.
    areas
        The areas.
    within
        Look only below this area, usually a district; slips of the keyboard are then forgiven.
    at
        Look only among the areas valid on this day. Without it, old names count too.
    level
        Look only at this level.

    Returns
    -------
    Match
        With ``area=None`` when several areas, or none, fit well enough.

    Raises
    ------
    AreaError
        When `text` is no text, `within` or `level` is unknown, or `at` is no date.
    """
    if not isinstance(text, str):
        raise AreaError(f"tên đơn vị {text!r} không phải chữ", f"{text!r} is no text; allowed: a written name")
    if level is not None and level not in LEVELS:
        allowed = ", ".join(LEVELS)
        raise AreaError(f"không có cấp {level!r}; được dùng: {allowed}", f"no level {level!r}; allowed: {allowed}")
    top = 0 if within is None else areas.row(within)
    search = _search(areas, at, level, top, has_accents=fold(text) != _plain(text))
    if re.fullmatch(r"[0-9]+[a-z]?", code := clean(text).casefold()):
        return search.by_code(code)
    parts = search.parts(text)
    readings = _readings(parts[0] if len(parts) == 1 else text)
    if hits := search.exact(readings, search.pool, strict=within is None):
        return search.answer(hits)
    if len(parts) == 2:
        return search.inner_and_outer([(parts[0], parts[1]), (parts[1], parts[0])])
    if len(parts) == 1 and (split := search.split(parts[0])):
        return search.inner_and_outer([split])
    return search.with_slips(readings)


def _plain(text: str) -> str:
    return clean(text).casefold()


@lru_cache(maxsize=256)  # forms name many areas of one district and one year
def _search(areas: Areas, at: Date | None, level: str | None, top: int, *, has_accents: bool) -> _Search:
    return _Search(areas, at, level, top, has_accents=has_accents)


class _Search:
    """One query's view of the areas: the rows open to it, and how to read them."""

    def __init__(self, areas: Areas, at: Date | None, level: str | None, top: int, *, has_accents: bool) -> None:
        self.areas, self.level, self.top, self.has_accents = areas, level, top, has_accents
        self.entries = _entries(areas)
        self.current: list[bool] = areas.valid_on(LAST_DAY if at is None else at).tolist()
        self.open = self.current if at is not None else [True] * len(self.entries)
        self.districts = [i for i in self._branch(0) if self.entries[i].level == "district"]
        self.pool = self.below(top)
        if top == 0 and self.open[0] and level in (None, self.entries[0].level):
            self.pool.insert(0, 0)  # the city itself is below nothing

    def _branch(self, row: int) -> list[int]:
        return [i for i in range(row + 1, int(self.areas.end[row])) if self.open[i]]

    def below(self, row: int) -> list[int]:
        """Return the open rows of the asked level in a branch, without its top."""
        return [i for i in self._branch(row) if self.level in (None, self.entries[i].level)]

    def parts(self, text: str) -> list[str]:
        """Return the parts that say something; the city says nothing beside another part."""
        parts = [part for part in _PARTS.split(clean(text)) if _readings(part)]
        city = self.entries[0]
        inner = [p for p in parts if all((r.bare, r.kind) != (city.bare, r.kind and city.kind) for r in _readings(p))]
        return inner or parts[:1]

    def split(self, text: str) -> tuple[str, str] | None:
        """Part a commune from a district written behind it without a mark between: the longest such district."""
        words = text.split(" ")
        for i in range(1, len(words)):
            outer = " ".join(words[i:])
            if self.exact(_readings(outer), self.districts, strict=True) and _readings(inner := " ".join(words[:i])):
                return inner, outer
        return None

    def by_code(self, code: str) -> Match:
        """Match a statistics code or an id."""
        codes = self.areas.table["code"].tolist()
        return self.answer([i for i in self.pool if code in (codes[i], self.entries[i].area)])

    def exact(self, readings: list[_Reading], pool: list[int], *, strict: bool) -> list[int]:
        """Return the rows with the same letters that fit best by accent, then by kind.

        With `strict`, accents that differ speak against a name even if no other name has them.
        """
        allowed, hits = set(pool), []
        for reading in readings:
            rows = [i for i in _by_name(self.areas).get(reading.bare, []) if i in allowed]
            same = [i for i in rows if self.entries[i].accented == reading.accented]
            # Text without any accent says nothing about accents: `quang minh` may be Quảng Minh.
            if self.has_accents and (same or (strict and reading.accented != reading.bare)):
                rows = same
            hits += [i for i in rows if reading.kind in (None, self.entries[i].kind)]
        return list(dict.fromkeys(hits))

    def near(self, readings: list[_Reading], pool: list[int], *, any_kind: bool = False) -> list[tuple[float, int]]:
        """Return (likeness, row) of the rows of a written kind, or of any kind, best first."""
        kinds = [reading.kind for reading in readings if reading.kind]
        likeness: dict[int, float] = {}
        for reading in readings:
            matcher = difflib.SequenceMatcher(b=reading.bare, autojunk=False)
            for i in pool:
                entry = self.entries[i]
                if reading.kind:
                    fits = any_kind or reading.kind == entry.kind
                else:  # `phuong mia` is Phương Mai and not a ward; otherwise a written kind is no part of the name
                    fits = not kinds or any(_KIND[kind].match(entry.bare) for kind in kinds)
                # Mỹ Đình 1 is not a slip of Mỹ Đình 2.
                if fits and _digits(reading.bare) == _digits(entry.bare):
                    matcher.set_seq1(entry.bare)
                    if matcher.real_quick_ratio() >= LEAST and matcher.quick_ratio() >= LEAST:  # cheap upper bounds
                        likeness[i] = max(likeness.get(i, 0.0), matcher.ratio())
        return sorted(((s, i) for i, s in likeness.items()), key=lambda pair: (-pair[0], not self.current[pair[1]]))

    def slip(self, readings: list[_Reading], pool: list[int]) -> tuple[float, int] | None:
        """Return the row that a slip of the keyboard surely meant, if any."""
        if self.exact(readings, list(range(len(self.entries))), strict=True):
            return None  # well written, the name of another place or time
        told = {(r.bare, r.kind) for r in readings if r.kind}
        if any(self.entries[i].bare == bare and self.entries[i].kind != kind for i in pool for bare, kind in told):
            return None  # well written, with another kind
        ranked = self.near(readings, pool)
        one = [(s, i) for s, i in ranked if any(one_slip(r.bare, self.entries[i].bare) for r in readings)]
        if one:  # Phú Lma is one slip from Phú La and from Phú Lãm
            return one[0] if len(one) == 1 else None
        if not ranked or ranked[0][0] < CUTOFF or (len(ranked) > 1 and ranked[0][0] - ranked[1][0] < MARGIN):
            return None
        return ranked[0]

    def inner_and_outer(self, orders: list[tuple[str, str]]) -> Match:
        """Match a commune with its district, in any of the orders given."""
        pairs = []
        for inner, outer in orders:
            readings = _readings(outer)
            found = self.exact(readings, self.districts, strict=True)
            if not found and (near := self.slip(readings, self.districts)):
                found = [near[1]]
            open_rows = set(self.pool)
            pool = [i for row in found if self.top in (0, row) for i in self._branch(row) if i in open_rows]
            pairs.append((_readings(inner), pool))
        if hits := [i for readings, pool in pairs for i in self.exact(readings, pool, strict=False)]:
            return self.answer(hits)
        slips = [near for readings, pool in pairs if (near := self.slip(readings, pool))]
        if len(slips) == 1:
            return self.answer([slips[0][1]], slips[0][0])
        return self.ask([near for readings, pool in pairs for near in self.near(readings, pool, any_kind=True)])

    def with_slips(self, readings: list[_Reading]) -> Match:
        """Match a name that no area has letter by letter: only where one known parent keeps the choice small."""
        small = [i for i in self.pool if self.areas.parent_row[i] == self.top or i == self.top]
        if self.top == 0 and self.level != "district":  # a bare name may be that of any commune
            told = [r for r in readings if r.kind in _UPPER_KINDS]
        else:
            told = readings
        if near := self.slip(told, small):
            return self.answer([near[1]], near[0])
        return self.ask(self.near(readings, self.pool, any_kind=True))

    def answer(self, rows: list[int], score: float = 1.0) -> Match:
        """Return the one area, or ask which of several."""
        rows = sorted(set(rows), key=lambda i: (not self.current[i], i))
        ids = tuple(self.entries[i].area for i in rows)
        return Match(ids[0] if len(ids) == 1 else None, ids, score if ids else 0.0)

    def ask(self, ranked: list[tuple[float, int]]) -> Match:
        """Return the likeliest few."""
        few = sorted((pair for pair in ranked if pair[0] >= LEAST), key=lambda pair: -pair[0])[:5]
        ids = tuple(dict.fromkeys(self.entries[i].area for _, i in few))
        return Match(None, ids, few[0][0] if few else 0.0)


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isdigit())

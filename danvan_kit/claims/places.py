"""Where a figure was counted: areas by name, levels, whole branches, and words that refer back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from danvan_kit import names, words
from danvan_kit.areas import Areas
from danvan_kit.claims.spans import Span

DISTRICT, COMMUNE, CITY = "district", "commune", "city"
ROOT = ("root", "")
"""The whole that the review is about, whatever it is called."""
NEAR = "~"
KINDS = {
    "quận": DISTRICT, "huyện": DISTRICT, "thị xã": DISTRICT, "phường": COMMUNE, "xã": COMMUNE, "thị trấn": COMMUNE,
    "thành phố": CITY,
}  # fmt: skip
_SHORT = {"q": "quận", "h": "huyện", "tx": "thị xã", "p": "phường", "x": "xã", "tt": "thị trấn", "tp": "thành phố"}
_PLAIN = {"quan": "quận", "huyen": "huyện", "thi xa": "thị xã", "phuong": "phường", "xa": "xã", "thi tran": "thị trấn",
          "thanh pho": "thành phố"}  # fmt: skip
_ENGLISH = {"district": DISTRICT, "ward": COMMUNE, "commune": COMMUNE, "town": "", "township": COMMUNE, "city": CITY}
_KIND = (
    r"(?P<kind>quận|huyện|thị xã|phường|xã|thị trấn|thành phố|tỉnh|quan|huyen|thi xa|phuong|xa|thi tran"
    r"|(?:q|h|p|x|tx|tt|tp)(?:\.|\b))(?P<office> ủy| uy)?"
)
_NAME = r"[^\W\d_]+(?: [^\W\d_]+){0,3}(?: \d{1,2}\b)?"
_NAMED = re.compile(rf"(?<![\w]){_KIND} ?(?P<name>{_NAME}|\d{{1,2}}\b(?![.,/]\d| ?%| [^\W\d_]))")
_OFFICE = {"thị ủy": "thị xã"}
_TAIL = re.compile(r" ?(?:,|\(|-|thuộc|của|-)? ?(?:thuộc )?")


@dataclass(frozen=True)
class Scope:
    """Where something was counted.

    Attributes
    ----------
    names
        Kind and name of each area named, a commune with its district behind it: ``("phường", "phúc xá", "quận",
        "ba đình")``. Empty: the area that was spoken of before, of the kind `back`.
    back
        Kind of the area that is meant without a name (``quận``); empty: none.
    levels
        Whose own figures; empty: the whole branch.
    kinds
        Only offices of these kinds; empty: all.
    how
        ``total`` (the whole branch is said), ``own`` (only the office itself is said), ``plain`` (not said).
    bad
        Why this cannot be decided, by a key; empty: it can.
    """

    names: tuple[tuple[str, ...], ...] = ()
    back: str = ""
    levels: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    how: str = "plain"
    bad: str = ""


@lru_cache(maxsize=8)
def _known(areas: Areas) -> dict[str, frozenset[str]]:
    """Return the kinds of the areas that bear each bare name."""
    found: dict[str, set[str]] = {}
    for name, kind in zip(areas.table["name"], areas.table["kind"], strict=True):
        bare = words.fold(name)
        short = bare.removeprefix(words.fold(kind) + " ")
        found.setdefault(short, set()).add(kind)
    return {name: frozenset(kinds) for name, kinds in found.items()}


def named(text: str, cased: str, areas: Areas) -> Iterator[Span]:
    """Return the areas that a block names.

    Parameters
    ----------
    text, cased
        The block in small letters, and as it was written.
    areas
        All areas.
    """
    caseless = cased.isupper() or cased.islower()
    last = 0
    while found := _NAMED.search(text, last):
        one = _one(found, cased, areas, caseless=caseless)
        if one is None:
            last = found.end("kind")
            continue
        start, end, area = one
        if KINDS.get(area[0]) == COMMUNE and (outer := _outer(text, cased, end, areas, caseless=caseless)):
            end, area = outer[0], (*area, *outer[1])
        last = end
        office = found["office"] is not None
        yield Span("area", start, end, Scope((area,), how="own" if office else "plain"))
    yield from _english(text, cased, areas)


def _one(found: re.Match[str], cased: str, areas: Areas, *, caseless: bool) -> tuple[int, int, tuple[str, ...]] | None:
    """Return where an area's name begins and ends, its kind and name; a capital name that none has is unknown."""
    kind = found["kind"].rstrip(".")
    short = kind in _SHORT
    kind = _SHORT.get(kind, _PLAIN.get(kind, kind))
    if short and not (found["kind"].endswith(".") or cased[found.start()].isupper()):
        return None
    at = found.start("name")
    if found["name"][0].isdigit() and kind not in {"quận", "phường"}:
        return None
    if not caseless and not (cased[at].isupper() or cased[at].isdigit()):
        return None
    said = found["name"].split(" ")
    for count in range(len(said), 0, -1):
        name = " ".join(said[:count])
        kinds = _known(areas).get(words.fold(name), frozenset())
        if kinds and (count > 1 or kind in kinds or not caseless):
            return found.start(), at + len(name), (kind, name)
    if caseless:
        return None
    count = next((n for n, word in enumerate(_capitals(cased, at, said)) if not word), len(said))
    name = " ".join(said[: max(count, 1)])
    return found.start(), at + len(name), ("?", f"{kind} {name}")


def _capitals(cased: str, at: int, said: list[str]) -> list[bool]:
    out, place = [], at
    for word in said:
        out.append(cased[place].isupper() or cased[place].isdigit())
        place += len(word) + 1
    return out


def _outer(text: str, cased: str, end: int, areas: Areas, *, caseless: bool) -> tuple[int, tuple[str, ...]] | None:
    """Return the district that is written behind a commune."""
    gap = _TAIL.match(text, end)
    behind = _NAMED.match(text, gap.end() if gap else end)
    if behind is None:
        return None
    one = _one(behind, cased, areas, caseless=caseless)
    if one is None or KINDS.get(one[2][0]) != DISTRICT:
        return None
    close = one[1] + (1 if "(" in text[end : one[0]] and text[one[1] : one[1] + 1] == ")" else 0)
    return close, one[2]


def _english(text: str, cased: str, areas: Areas) -> Iterator[Span]:
    """Return areas named the English way: Ba Đình district, the district of Ba Đình, Phúc Xá ward."""
    forms = r"(?P<kind>district|ward|commune|township|town|city)"
    behind = re.finditer(rf"(?P<name>[^\W\d_]+(?: [^\W\d_]+){{0,3}}) {forms}\b", text)
    before = re.finditer(rf"{forms} of (?P<name>[^\W\d_]+(?: [^\W\d_]+){{0,3}})", text)
    spans: list[tuple[int, int, tuple[str, ...]]] = []
    for found, tail in [(f, True) for f in behind] + [(f, False) for f in before]:
        said = found["name"].split(" ")
        for count in range(len(said), 0, -1):
            part = said[-count:] if tail else said[:count]
            name = " ".join(part)
            at = found.end("name") - len(name) if tail else found.start("name")
            if cased[at].isupper() and words.fold(name) in _known(areas):
                first, last = (at, found.end()) if tail else (found.start(), at + len(name))
                spans.append((first, last, (found["kind"], name)))
                break
    spans.sort()
    skip = -1
    for i, (first, last, area) in enumerate(spans):
        if i == skip:
            continue
        follows = i + 1 < len(spans) and text[last : spans[i + 1][0]].strip() in {",", "in", ", in"}
        if _ENGLISH[area[0]] == COMMUNE and follows and _ENGLISH[spans[i + 1][2][0]] == DISTRICT:
            skip = i + 1
            area, last = (*area, *spans[i + 1][2]), spans[i + 1][1]  # noqa: PLW2901
        yield Span("area", first, last, Scope((area,)))


@lru_cache(maxsize=4096)
def resolve(area: tuple[str, ...], areas: Areas, year: int) -> tuple[str, ...]:  # noqa: PLR0911 - one return a rule
    """Return the areas that a written name may mean in a year; one: it is certain.

    Parameters
    ----------
    area
        Kind and name, and kind and name of the district behind them; with `NEAR` between, that district was spoken of
        before, and is meant where it has such a commune.
    areas
        All areas.
    year
        Areas that report in this year.
    """
    kind, name = area[0], area[1]
    if kind == "?":
        return ()
    if area == ROOT:
        return (areas.root,)
    if kind == "id":
        return (name,)
    day = f"{year}-06-30"
    level = KINDS.get(kind, _ENGLISH.get(kind, "")) or None
    outer = ""
    if area[2:3] == (NEAR,):
        near = resolve(area[3:], areas, year)
        inside = resolve((kind, name, *area[3:]), areas, year) if len(near) == 1 else ()
        return inside if len(inside) == 1 else resolve((kind, name), areas, year)
    if len(area) > 2:
        above = resolve(area[2:], areas, year)
        if len(above) != 1:
            return ()
        outer = above[0]
    written = name if kind in _ENGLISH or not kind else f"{kind} {name}"
    if outer:
        found = names.match(written, areas, within=outer, at=day, level=level)  # type: ignore[arg-type]
        return (found.area,) if found.area and found.score == 1.0 else ()
    found = names.match(written, areas, at=day, level=level)  # type: ignore[arg-type]
    return found.candidates if found.score == 1.0 else ()


# --- levels -----------------------------------------------------------------------------------------------------------

_ONE = r"(?:quận|huyện|thị xã|thị trấn|thị|xã|phường|thành phố|tp|tx|cơ sở)"
_LEAD = (
    r"(?P<lead>(?:riêng |chỉ |toàn bộ |tất cả |ở |tại |các cơ quan |cơ quan )*"
    r"(?:cấp|các|những|cả|toàn|mỗi|từng|một|cả các|trong|hai|ba)?) ?"
)
_LEVEL = re.compile(
    rf"(?<!\w)(?:{_LEAD})(?P<kinds>{_ONE}(?:(?: ?[,/] ?| và | hoặc | - )(?:các |cấp )?{_ONE})*)(?![\w-])"
)
_FIXED = [
    ((r"các (?:quận|huyện|thị) ủy(?:(?:,| và) (?:các )?(?:quận|huyện|thị) ủy)*"
        r"|(?:quận|huyện|thị) ủy(?:(?:,| và) (?:quận|huyện|thị) ủy)+"), Scope(levels=frozenset({DISTRICT}), how="own")),
    (r"quận ủy|huyện ủy|thị ủy", Scope(back="district", how="own")),
    ((r"(?:cả )?(?:3|ba) cấp(?: chính quyền| trong thành phố)?|các cấp(?! ủy)|từ (?:cấp )?(?:thành phố|thành ủy) "
        r"(?:đến|xuống|tới) "
     r"(?:cấp )?(?:cơ sở|xã(?:, phường(?:, thị trấn)?)?)|(?:the |all )?three levels|(?:at "
     r")?all levels"), Scope(how="total")),
    ((r"trên toàn thành phố|toàn (?:bộ )?(?:thành phố|tp\b\.?|địa bàn|thủ đô)(?: hà nội)?|(?:trên )?địa bàn "
        r"(?:toàn )?thành phố"
     r"(?: hà nội)?|cả thành phố|(?:in |across )?the whole (?:city|of hanoi)|toàn hà nội|city as a whole|toàn đảng bộ"
     r"(?: thành phố)?|citywide|city-wide"), Scope((ROOT,), how="total")),
    ((r"(?:riêng |ở |tại )*cấp (?:thành phố|tp)|city level|(?:các )?(?:cơ quan|ban,? ngành|sở, ban, ngành) thành phố"
     r"|(?:the )?city itself"), Scope((ROOT,), levels=frozenset({CITY}))),
    ((r"thành ủy(?: hà nội)?|tp\.? hà nội|thành phố hà nội|hà nội|hanoi(?: city)?|thủ đô|the city|thành phố|ha noi"
        r"|tp(?! ?hcm)"), None),
    (
        r"(?:at )?(?:the )?city and (?:the )?district levels?|(?:the )?city and (?:the |its )?districts",
        Scope(levels=frozenset({CITY, DISTRICT})),
    ),
    (r"(?:at )?(?:the )?district and (?:the )?commune levels?", Scope(levels=frozenset({DISTRICT, COMMUNE}))),
    (r"(?:the |all )?districts and (?:the |all )?communes", Scope(levels=frozenset({DISTRICT, COMMUNE}))),
    (r"(?:the |all (?:the )?)?districts|district level|(?:the )?district offices", Scope(levels=frozenset({DISTRICT}))),
    (r"(?:the |all (?:the )?)?(?:communes|wards, communes and townships|communes, wards and townships)|commune level",
     Scope(levels=frozenset({COMMUNE}))),
    (r"(?:the|this|whole) district(?: as a whole)?", Scope(back="district", how="plain")),
    (r"(?:the|this) (?:ward|commune|township)", Scope(back="commune")),
    (r"each (?:district|commune|ward|office)|(?:mỗi|từng) (?:đơn vị|cơ sở|địa phương|nơi|tổ|khối|cơ quan)",
     Scope(bad="each")),
]  # fmt: skip
FIRST = 5
_FIXES = [(re.compile(rf"(?<!\w)(?:{form})(?!\w)"), scope) for form, scope in _FIXED]


def levels(text: str) -> Iterator[Span]:
    """Return the levels, whole branches and words that refer back, by rank."""
    for found in _LEVEL.finditer(text):
        if re.search(r"[,/]| và | - ", found["kinds"]) and (span := _level(found)):
            yield span
    for form, scope in _FIXES[:FIRST]:
        for found in form.finditer(text):
            yield Span("level", found.start(), found.end(), scope)
    for found in _LEVEL.finditer(text):
        if span := _level(found):
            yield span
    for form, scope in _FIXES[FIRST:]:
        for found in form.finditer(text):
            how = "own" if "thành ủy" in found[0] else "plain"
            city = Scope((ROOT,), how=how)
            yield Span("level", found.start(), found.end(), scope or city)


def _level(found: re.Match[str]) -> Span | None:  # noqa: PLR0911 - one return a rule
    kinds = re.findall(_ONE, found["kinds"])
    lead = found["lead"].strip().split(" ")[-1] if found["lead"].strip() else ""
    start = found.start() if lead else found.start("kinds")
    own = "riêng" in found["lead"] or "chỉ" in found["lead"]
    span = ("level", start, found.end())
    kinds = ["thị xã" if k in {"thị", "tx"} else "thành phố" if k == "tp" else k for k in kinds]
    at = frozenset(COMMUNE if k == "cơ sở" else KINDS.get(k, "") for k in kinds)
    if "" in at:
        return None
    if lead in {"mỗi", "từng", "một"}:
        return Span(*span, Scope(bad="each")) if lead != "một" else None
    if kinds == ["cơ sở"] and lead != "cấp":
        return None
    if len(kinds) == 1 and lead not in {"cấp", "các", "những"}:
        if kinds == ["thành phố"] or (kinds == ["xã"] and not lead and found.string[found.end() :].startswith(" hội")):
            return None
        how = "total" if lead in {"toàn", "cả", "trong"} or _around(found) else "own" if own else "plain"
        return Span(*span, Scope(back=kinds[0], how=how))
    if (lead == "cấp" or "cấp " in found["kinds"]) and kinds not in (["quận"], ["phường"], ["thị trấn"], ["thị xã"]):
        return Span(*span, Scope(levels=at, how="own"))
    few = frozenset(kinds) if not _covers(kinds, at) else frozenset()
    return Span(*span, Scope(levels=at, kinds=few, how="plain"))


def _around(found: re.Match[str]) -> bool:
    return found.string[: found.start("kinds")].rstrip().endswith("địa bàn")


def _covers(kinds: list[str], at: frozenset[str]) -> bool:
    """Tell whether the kinds that are named stand for all of their levels."""
    pairs = {DISTRICT: {"quận", "huyện"}, COMMUNE: {"xã", "phường"}}
    return all(pairs[level] <= set(kinds) for level in at if level in pairs)

"""What forbids to decide on a figure: a word that no table knows, a plan, another body, a part of something."""

from __future__ import annotations

import re

from danvan_kit.claims import values
from danvan_kit.claims.binding import Binding
from danvan_kit.claims.line import Line
from danvan_kit.claims.places import ROOT, Scope
from danvan_kit.claims.small import COMPARED, NARROW, PART, RECOGNISED, RESOLVED
from danvan_kit.claims.spans import Span
from danvan_kit.review import Review

_PART_OF_TOPIC = {
    "doi_thoai_dinh_ky": {"y_kien_doi_thoai", "y_kien_da_giai_quyet"},
    "cuoc_giam_sat": {"kien_nghi_sau_giam_sat"},
    "vu_hoa_giai": {"hoa_giai_thanh"}, "hoa_giai_thanh": {"vu_hoa_giai"},
}  # fmt: skip
"""Activities that may be named behind what came out of them: "ý kiến tại các hội nghị đối thoại"."""
_SUBJECT = {"area", "level", "body"}
_FAMILIES = {
    "front": ("mặt trận", "front"), "organisations": ("tổ chức chính trị", "organisations"),
    "party": ("cấp ủy", "thường vụ", "thành ủy", "party"), "government": ("ubnd", "chính quyền", "people"),
    "commission": ("ban dân vận", "khối dân vận", "commission"),
}  # fmt: skip


def foreign(line: Line, i: int) -> tuple[str, str]:
    """Return a word that says that the sentence speaks of something else: a plan, another place, an exception."""
    for piece in (*line.pieces[:i], *line.tail(i)):
        if piece.kind == "foreign":
            return "foreign", str(piece.value)
    if line.text.rstrip(" ”\"'").endswith("?"):
        return "question", "?"
    return "", ""


def per_office(line: Line, i: int) -> bool:
    """Tell whether a figure is said of each single office."""
    over = line.pieces[line.tails[i] : line.tails[i] + 1]  # "86 cuộc/năm"
    each = any(p.kind == "level" and p.value.bad == "each" for p in (*line.pieces[:i], *line.tail(i)))
    return each or any(p.kind == "point" and p.value == "/" for p in over)


def compared(line: Line, i: int) -> bool:
    """Tell whether another place is what the figure is compared with."""
    for k, piece in enumerate(line.pieces[:-1]):
        near = k < i or line.nouns[i].end <= k < line.tails[i]
        if (
            near
            and line.said([piece]) in COMPARED - {"hơn", "over", "so"}
            and line.pieces[k + 1].kind in {"area", "level"}
        ):
            return True
    return False


def restated(line: Line, i: int) -> str:
    """Return two figures of which one repeats the other in words, where they differ."""
    pieces = line.pieces[i : i + 4]
    if [p.kind for p in pieces] != ["figure", "point", "figure", "point"] or pieces[1].value != "(":
        return ""
    same = pieces[0].value.said == pieces[2].value.said or pieces[2].value.unit
    return "" if same else line.said(pieces[:3]).replace("(", "; ")


def narrowed(line: Line, i: int, found: Binding) -> str:
    """Return a word of a part before the figure that narrows all that follows: "về lĩnh vực đất đai, …"."""
    start = 0
    for k in range(i):
        if line.pieces[k].kind == "point" and line.pieces[k].value in ",:;":
            part = line.pieces[start:k]
            strange = [p for p in part if p.kind == "unknown" and not _about(line, p, found)]
            if strange and line.said(part[:1]) in NARROW | {"trong", "ở", "tại", "on", "in"}:
                return str(strange[-1].value)
            start = k + 1
    return ""


def unknown(line: Line, i: int, found: Binding) -> tuple[str, str]:
    """Return a word beside the figure that no table knows: it may narrow what is counted."""
    if word := narrowed(line, i, found):
        return "word", word
    near = [*_parts(line, i), *line.dated(i), *_open(line.tail(i))]
    for piece in near:
        if piece.kind == "unknown" and not _about(line, piece, found):
            return "word", str(piece.value)
        if piece.kind == "skip" and _other_document(piece, found):
            return "word", str(piece.value)
    meant = set(found.indicators)
    other = next((p for p in line.tail(i) if p.kind == "indicator" and not meant & set(p.value.indicators)), None)
    if (
        found.kind == "count"
        and other is not None
        and not (meant & _PART_OF_TOPIC.get(other.value.indicators[0], set()))
    ):
        return "word", line.said([other])
    return "", ""


def _about(line: Line, piece: Span, found: Binding) -> bool:
    """Tell whether a word only leads to a place, or to the matter that is counted: "Về đối thoại định kỳ, …"."""
    k = line.pieces.index(piece)
    if piece.value == "thuộc" and k + 1 < len(line.pieces):  # "các cấp ủy thuộc Đảng bộ thành phố": where
        return line.pieces[k + 1].kind in {"area", "level", "body"}
    if piece.value not in {"về", "on", "regarding"} or (k and line.pieces[k - 1].kind != "point"):
        return False
    end = next((n for n in range(k, len(line.pieces)) if line.pieces[n].kind in {"point", "figure"}), k)
    part = line.pieces[k + 1 : end]
    named = [p.value for p in part if p.kind == "indicator"]
    return (
        bool(named)
        and all(p.kind in {"indicator", "known", "period", "level", "area"} for p in part)
        and any(set(n.indicators) & set(found.indicators) for n in named)
    )


def _other_document(piece: Span, found: Binding) -> bool:
    text = str(piece.value)
    return "hoi_nghi_quan_triet" in found.indicators and bool(re.search(r"\d-", text)) and "290" not in text


def _open(tail: list[Span]) -> list[Span]:
    """Return the words behind a noun; what stands in brackets only where it narrows."""
    out: list[Span] = []
    inside: list[Span] | None = None
    for piece in tail:
        if piece.kind == "point" and piece.value == "(":
            inside = []
        elif inside is not None and piece.value != ")":
            inside.append(piece)
        elif inside is not None:
            if inside and (str(inside[0].value) in NARROW or inside[0].kind == "foreign"):
                out += [p for p in inside if p.kind == "unknown"] or [
                    Span("unknown", inside[0].start, inside[0].end, str(inside[0].value))
                ]
            inside = None
        else:
            out.append(piece)
    return out


def _parts(line: Line, i: int) -> list[Span]:
    """Return the words before a figure that may narrow it: its own part, and the nearest that names who or where."""
    own = line.own(i)
    k = line.cut(i)
    label = line.nouns[i].how == "none" or line.pieces[k - 1].value in {":", "("} if k else False
    out = list(own)
    has = any(p.kind in _SUBJECT for p in own)
    while k > 0 and (not has or label):
        mark = line.pieces[k - 1]
        stop = k - 1 if mark.kind == "point" else k
        start = stop
        while start > 0 and not (line.pieces[start - 1].kind == "point" and line.pieces[start - 1].value in ",;:("):
            start -= 1
        part = list(line.pieces[start:stop])
        if any(p.kind in _SUBJECT for p in part) or label:
            keep = [p for p in part if p.kind != "figure"]
            out += [p for n, p in enumerate(keep) if not _elsewhere(line, p)]
            has = has or any(p.kind in _SUBJECT for p in part)
        label = False
        if start == k:
            break
        k = start
    return out


def _elsewhere(line: Line, piece: Span) -> bool:
    """Tell whether a word belongs to what stands behind another figure."""
    k = line.pieces.index(piece)
    return any(f < k < line.tails[f] for f in line.figures)


def body(line: Line, i: int, found: Binding, review: Review) -> tuple[str, str]:
    """Return a body that is the subject and does not keep the indicator, and one that is only one of those that do."""
    start = max((line.tails[f] for f in line.figures if f < i), default=0)
    bodies = [p for p in line.pieces[start:i] if p.kind == "body" and p.value[0] != "whole"]
    own = [p for p in line.own(i) if p.kind in _SUBJECT]
    if not bodies or not found.indicators or found.kind != "count":
        return "", ""
    if own and not any(p.kind == "body" for p in own):
        return "", ""
    named = {p.value[0] for p in bodies}
    if any(p.kind in {"area", "level"} and "ủy" in line.said([p]) for p in line.pieces[start:i]):
        named.add("party")  # "Thành ủy", "Quận ủy": where and who at once
    for indicator in found.indicators:
        about = review.indicators.loc[indicator]
        keeps = f"{about['body_vi']} {about['body_en']}".lower()
        kept = {family for family, words in _FAMILIES.items() if any(word in keeps for word in words)}
        if not named & kept:
            return line.said(bodies[:1]), ""
        if not kept <= named:
            return "", line.said(bodies[:1])
    return "", ""


def some(line: Line, i: int, found: Binding, review: Review) -> tuple[str, str]:
    """Return a number of offices that are the subject and are not all of them: "12 quận … tổ chức 186 cuộc"."""
    for f in line.figures:
        if f >= i or line.nouns[f].how != "areas" or any(p.kind == "point" for p in line.pieces[f:i]):
            continue
        counted = line.pieces[line.nouns[f].end - 1].value
        levels = counted.levels if isinstance(counted, Scope) else frozenset()
        year = (found.period.last if found.period else 0) or review.years[-1]
        whole = values.standing(review, values.Where((review.areas.root,), levels), year) if year in review.years else 0
        if (
            not levels
            or counted.kinds
            or line.pieces[f].value.said != whole
            or (found.scope and found.scope.names not in ((), (ROOT,)))
        ):
            return "word", line.said(line.pieces[f : line.nouns[f].end])
    return "", ""


def part_of(line: Line, i: int) -> bool:
    """Tell whether a figure is a part of the one before without a word that says which part."""
    start = max((f + 1 for f in line.figures if f < i), default=0)
    part = [n for n in range(start, i) if line.pieces[n].value in PART]
    if not part or line.pieces[i].value.unit or line.pieces[i].value.of is not None:
        return False
    near = (*line.pieces[part[-1] : i], *line.tail(i))
    told = any(p.kind in {"area", "level", "period"} or (p.kind == "indicator") for p in near)
    resolved = any(p.kind == "known" and p.value in RESOLVED | RECOGNISED | {"thành"} for p in near)
    last = [f for f in line.figures if f < i]
    nouns = [n.indicators for n in line.nouns[i].found if n.role != "unit"]
    other = bool(nouns) and bool(last) and nouns != [n.indicators for n in line.nouns[last[-1]].found]
    return not (told or resolved or other)

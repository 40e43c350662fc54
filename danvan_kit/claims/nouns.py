"""What is named behind a figure, and how far the words behind it belong to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from danvan_kit.claims.lexicon import Name
from danvan_kit.claims.reading import Figure
from danvan_kit.claims.small import AFTER, AND, DOES, OF
from danvan_kit.claims.spans import Span


@dataclass(frozen=True)
class Noun:
    """What stands behind a figure: its name, where that ends, and how it was found."""

    found: tuple[Name, ...]
    end: int
    how: str


def noun(pieces: Sequence[Span], i: int) -> Noun:
    """Return what is named directly behind figure `i`."""
    figure: Figure = pieces[i].value
    j = i + 1
    if _kinds(pieces, j, 3) == ["point", "figure", "point"] and pieces[j].value == "(":  # "27.739 (hai mươi …) cuộc"
        j += 3
    while j < len(pieces) and pieces[j].kind == "qualifier" and pieces[j].value[1] == "behind":
        j += 1
    chain = j
    while chain < len(pieces) and pieces[chain].kind == "known" and pieces[chain].value in OF:
        chain += 1
    loose = figure.unit or figure.of is not None or (chain > j and pieces[j].value == "là" and chain > j + 1)
    at = chain if loose else j
    if at >= len(pieces):
        return Noun((), j, "none")
    piece = pieces[at]
    if piece.kind == "indicator":
        found, end = [piece.value], at + 1
        while end < len(pieces) and piece.value.role == "unit" and pieces[end].kind == "indicator":
            piece, found, end = pieces[end], [pieces[end].value], end + 1
        while _joined(pieces, end) and piece.value.role != "unit":
            found, end = [*found, pieces[end + 1].value], end + 2
        return Noun(tuple(found), end, "joint" if len(found) > 1 else "name")
    counted = piece.kind == "level" and figure.unit != "times"  # "gấp 14 lần cấp huyện": what is compared with
    if counted and not piece.value.names and (piece.value.levels or piece.value.back):
        return Noun((), at + 1, "areas")
    if piece.kind == "known" and piece.value in {"đơn vị", "offices", "các đơn vị"}:
        return Noun((), at + 1, "areas")
    strange = piece.kind == "unknown" or (piece.kind == "known" and not figure.unit and piece.value not in AFTER)
    return Noun((), j, "foreign" if strange else "none")


def _kinds(pieces: Sequence[Span], i: int, count: int) -> list[str]:
    return [piece.kind for piece in pieces[i : i + count]]


def _joined(pieces: Sequence[Span], end: int) -> bool:
    """Tell whether another name is joined to the one before `end`, without a figure of its own."""
    if end + 1 >= len(pieces) or pieces[end + 1].kind != "indicator":
        return False
    return pieces[end].value in {"và", "and", ","} and pieces[end + 1].value.role in {"name", "topic", "post"}


def behind(pieces: Sequence[Span], start: int) -> int:
    """Return where the words end that belong to a figure whose noun ends at `start`."""
    k = start
    while k < len(pieces):
        piece = pieces[k]
        if piece.kind == "figure":
            return k
        if piece.kind == "point" and piece.value == "(":
            close = next((n for n in range(k, len(pieces)) if pieces[n].value == ")"), len(pieces) - 1)
            if any(p.kind == "figure" for p in pieces[k:close]):
                return k
            k = close + 1
            continue
        if piece.kind == "point":
            listed = any(p.kind == "body" for p in pieces[start:k])
            if piece.value == "," and listed and pieces[k + 1 : k + 2] and pieces[k + 1].kind == "body":
                k += 1  # "do cấp ủy, chính quyền cấp huyện chủ trì"
                continue
            return k
        if piece.kind == "known" and piece.value in AND and _figure_follows(pieces, k):
            return k
        if piece.kind in {"level", "area"} and _does(pieces, k + 1):
            return k
        k += 1
    return k


def _does(pieces: Sequence[Span], k: int) -> bool:
    """Tell whether what stands before piece `k` did what the next figure counts: "cấp xã tổ chức tới 2.048 …"."""
    start = k
    while k < len(pieces) and pieces[k].kind in {"known", "qualifier"}:
        k += 1
    did = any(p.kind == "known" and p.value in DOES for p in pieces[start:k])
    return did and k < len(pieces) and pieces[k].kind == "figure" and not any(p.value in AND for p in pieces[start:k])


def _figure_follows(pieces: Sequence[Span], k: int) -> bool:
    for piece in pieces[k + 1 :]:
        if piece.kind == "figure":
            return True
        if piece.kind == "point" and piece.value in ";.":
            return False
    return False

"""Two trees of what a reader sees: which figures, texts and pictures moved."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from danvan_kit.regression import noise, pictures
from danvan_kit.regression.noise import Doubt

Kind = Literal["figure", "text", "picture", "gone", "new", "order", "look"]


class Name(str):
    """A label that stands in the notebook itself, such as a column's: told as it is, never translated."""

    __slots__ = ()


@dataclass(frozen=True)
class Rows:
    """A table: cells by the label of their row and the label of their column.

    Attributes
    ----------
    keys, columns
        Labels; several rows may have the same.
    cells
        ``cells[row][column]``: texts, numbers or None.
    """

    keys: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[Any, ...], ...]


@dataclass(frozen=True)
class Picture:
    """An image's bytes."""

    content: bytes
    mime: str


@dataclass(frozen=True)
class Hidden:
    """A subtree in which what differs is a matter of looks: colours, sizes, styles, scripts."""

    content: Any


@dataclass(frozen=True)
class Move:
    """One thing that is not as it was.

    Attributes
    ----------
    where
        Labels from the output to the row and column.
    old, new
        What stood there and what stands there; None where there was or is nothing.
    kind
        What moved.
    doubt
        Why a second run must decide whether it moved at all; empty when it did.
    place, spot
        Where it is without the words that moved themselves: the same in a second run.
    derived
        Whether it follows from another figure of its table, such as a rank.
    """

    where: tuple[str, ...]
    old: Any
    new: Any
    kind: Kind = "text"
    doubt: Doubt = ""
    place: int = 0
    spot: tuple[str, ...] = ()
    derived: bool = False

    @property
    def key(self) -> tuple[tuple[str, ...], int]:
        """What names this place in another run."""
        return self.spot or self.where, self.place

    @property
    def change(self) -> float | None:
        """The relative change of a figure: -0.032 for 31 to 30; None for what is no figure or came from zero."""
        pairs = zip(_readings(self.old), _readings(self.new), strict=True)
        found = [(new - old) / abs(old) for old, new in pairs if old and new is not None]
        return min(found, key=abs, default=None)  # "1.338" is 1338 beside "338", and 1.338 beside "1.34"

    @property
    def size(self) -> float:
        """By how much it moved, to sort by: missing things first, then figures, then texts, looks last."""
        ranks = {"gone": 4e12, "new": 3e12, "order": -1.0, "look": -3.0, "picture": -0.5, "text": -2.0, "figure": 2e12}
        if self.kind != "figure":
            return ranks[self.kind]
        change = self.change
        size = 2e12 if change is None else min(abs(change), 1e12)
        return size * 1e-20 if self.derived else size


def value_of(value: Any) -> float | None:  # noqa: ANN401 - whatever a tree holds
    """Return a figure's value, written (as in Vietnamese, else as in English) or not; None for what is no figure."""
    return next((found for found in _readings(value) if found is not None), None)


def _readings(value: Any) -> tuple[float | None, float | None]:  # noqa: ANN401
    """Return a figure's value as Vietnamese and as English write numbers."""
    if isinstance(value, bool) or value is None:
        return None, None
    if isinstance(value, int | float):
        found = float(value) if abs(value) <= sys.float_info.max else None
        return found, found
    text = re.sub(r"[\u00a0\u202f]", "", value.strip()).removesuffix("%").strip() if isinstance(value, str) else ""
    return _read(text, ".", ","), _read(text, ",", ".")


def _read(text: str, group: str, point: str) -> float | None:
    """Return a number with these separators; groups have three digits."""
    if re.fullmatch(rf"[+\-−]?[1-9]\d{{0,2}}(?:{re.escape(group)}\d{{3}})+(?:{re.escape(point)}\d+)?", text):
        text = text.replace(group, "")
    return noise.number(text.replace(point, ".")) if group not in text else None


def compare(old: Any, new: Any, where: tuple[str, ...] = ()) -> Iterator[Move]:  # noqa: ANN401, C901
    """Return what moved between two trees of dicts, lists, `Rows`, `Picture`, `Hidden`, texts and numbers.

    Parameters
    ----------
    old, new
        The trees.
    where
        Labels of the place of both.
    """
    if isinstance(old, Hidden) and isinstance(new, Hidden):
        for move in compare(old.content, new.content, where):
            yield replace(move, kind="look")
    elif isinstance(old, Rows) and isinstance(new, Rows):
        yield from _rows(old, new, where)
    elif isinstance(old, Picture) and isinstance(new, Picture):
        if pictures.moved(old.content, new.content):
            yield Move(where, old, new, "picture")
    elif isinstance(old, Mapping) and isinstance(new, Mapping):
        yield from _mappings(old, new, where)
    elif _listed(old) and _listed(new):
        yield from _lists(old, new, where)
    elif isinstance(old, str) and isinstance(new, str):
        yield from _texts(old, new, where)
    elif _is_number(old) and _is_number(new):
        if isinstance(old, bool) != isinstance(new, bool) or not noise.close(old, new):
            yield Move(where, old, new, "figure", noise.doubt(old, new))
    elif old != new:
        yield Move(where, old, new, "figure" if _is_number(old) or _is_number(new) else _kind(old, new))


def _kind(old: object, new: object) -> Kind:
    return "gone" if new is None else "new" if old is None else "text"


def _is_number(value: object) -> bool:
    return isinstance(value, int | float)


def _listed(value: object) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str | bytes)


def _mappings(old: Mapping[str, Any], new: Mapping[str, Any], where: tuple[str, ...]) -> Iterator[Move]:
    for key in dict.fromkeys([*old, *new]):
        place = (*where, str(key))
        if key not in new:
            yield Move(place, _shown(old[key]), None, "gone")
        elif key not in old:
            yield Move(place, None, _shown(new[key]), "new")
        else:
            yield from compare(old[key], new[key], place)


def _shown(value: object) -> object:
    return value.content if isinstance(value, Hidden) else value


def _lists(old: Sequence[Any], new: Sequence[Any], where: tuple[str, ...]) -> Iterator[Move]:
    if len(old) == len(new):
        found = [m for n, pair in enumerate(zip(old, new, strict=True)) for m in compare(*pair, (*where, str(n + 1)))]
        if len(found) > 1 and Counter(map(repr, old)) == Counter(map(repr, new)):
            yield _ordered(where, old, new)
        else:
            yield from found
        return
    for i, j, k, m in noise.aligned([repr(one) for one in old], [repr(one) for one in new]):
        for n in range(max(j - i, m - k)):
            place = (*where, str((k if k + n < m else i) + n + 1))
            if i + n < j and k + n < m:
                yield from compare(old[i + n], new[k + n], place)
            elif i + n < j:
                yield Move(place, old[i + n], None, "gone")
            else:
                yield Move(place, None, new[k + n], "new")


def _ordered(where: tuple[str, ...], old: Sequence[Any], new: Sequence[Any]) -> Move:
    return Move(where, ", ".join(map(str, old)), ", ".join(map(str, new)), "order", "order")


def _texts(old: str, new: str, where: tuple[str, ...]) -> Iterator[Move]:
    several = "\n" in old.strip() or "\n" in new.strip()
    for turn in noise.turns(old, new):
        place = (*where, _line(turn)) if several and turn.doubt != "order" else where
        if turn.look or turn.doubt == "order":
            kind: Kind = "look" if turn.look else "order"
        else:
            figure = turn.old is not None and turn.new is not None and (_begins(turn.old) or _begins(turn.new))
            kind = "figure" if figure else _kind(turn.old, turn.new)
        yield Move(place, turn.old, turn.new, kind, turn.doubt, turn.line * 100_000 + turn.place, where)


def _begins(text: str) -> bool:
    """Tell whether a text begins with a figure."""
    first = noise.tokens(text[:100])[:1]
    return bool(first) and first[0].kind == "figure"


def _line(turn: noise.Turn) -> str:
    around = " ".join(turn.around.split())
    return Name(around if len(around) <= 70 else around[:69] + "…")


def _rows(old: Rows, new: Rows, where: tuple[str, ...]) -> Iterator[Move]:
    left, right = _numbered(old.columns), _numbered(new.columns)
    if len(left) == len(right) and set(left) != set(right):  # under other headings: cells are compared by place
        yield from _relabelled(left, right, where)
        left = right
    before, after = _numbered(old.keys), _numbered(new.keys)
    if _stayed(before, after):
        yield from _relabelled(before, after, where)
        before = after
    was, now = dict(zip(before, old.cells, strict=True)), dict(zip(after, new.cells, strict=True))
    yield from _missing(dict.fromkeys(left), dict.fromkeys(right), where)
    yield from _missing(was, now, where)
    yield from _moved(before, after, (*where, "rows"))
    yield from _moved(left, right, (*where, "columns"))
    if before == after == [str(n) for n in range(len(before))] and _shuffled(old.cells, new.cells):
        yield _ordered((*where, "rows"), *(list(map(_content, before, cells)) for cells in (old.cells, new.cells)))
        return
    at = {name: n for n, name in enumerate(left)}
    pairs = [(at[name], c, name) for c, name in enumerate(right) if name in at]
    for key in after:
        if key in was:
            yield from _cells(was[key], now[key], pairs, (*where, key))


def _stayed(before: list[str], after: list[str]) -> bool:
    """Tell whether rows stay in place under other labels: each label that differs is found nowhere else."""
    if len(before) != len(after):
        return False
    changed = sum(a != b for a, b in zip(before, after, strict=True))
    return 0 < changed == len(set(before) - set(after))


def _relabelled(before: list[str], after: list[str], where: tuple[str, ...]) -> Iterator[Move]:
    for a, b in zip(before, after, strict=True):
        if a != b:
            yield from compare(a, b, (*where, b))


def _missing(was: Mapping[str, Any], now: Mapping[str, Any], where: tuple[str, ...]) -> Iterator[Move]:
    yield from (Move((*where, key), _content(key, was[key]), None, "gone") for key in was if key not in now)
    yield from (Move((*where, key), None, _content(key, now[key]), "new") for key in now if key not in was)


def _content(key: str, cells: Sequence[Any] | None) -> str:
    """Return what stood in a row; of a column or an empty row its label."""
    return " | ".join(str(cell) for cell in cells or () if cell is not None and cell != "") or key


def _shuffled(old: Sequence[Any], new: Sequence[Any]) -> bool:
    """Tell whether rows without a name of their own are the same in another order, as from a set."""
    return old != new and Counter(map(repr, old)) == Counter(map(repr, new))


def _moved(before: list[str], after: list[str], where: tuple[str, ...]) -> Iterator[Move]:
    both = set(before) & set(after)
    was, now = ([key for key in side if key in both] for side in (before, after))
    if was != now:
        yield _ordered(where, was, now)


def _cells(
    was: Sequence[Any], now: Sequence[Any], pairs: list[tuple[int, int, str]], where: tuple[str, ...]
) -> Iterator[Move]:
    for one, other, name in pairs:
        a = was[one] if one < len(was) else None
        b = now[other] if other < len(now) else None
        if a != b or type(a) is not type(b) or isinstance(a, list | dict):  # True == 1, but it is not shown so
            yield from compare(a, b, (*where, name))


def _numbered(keys: Sequence[str]) -> list[str]:
    """Make labels unique: a second ``a`` becomes ``a (2)``, or ``a (3)`` where another label is written so."""
    taken, seen = set(keys), Counter[str]()
    out: list[str] = []
    for key in keys:
        seen[key] += 1
        name = key
        while seen[key] > 1 and (name := f"{key} ({seen[key]})") in taken:
            seen[key] += 1
        taken.add(name)
        out.append(Name(name))
    return out

"""Two trees of what a reader sees: which figures, texts and pictures moved."""

from __future__ import annotations

import difflib
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from danvan_kit.regression import noise, pictures
from danvan_kit.regression.noise import Doubt

Kind = Literal["figure", "text", "picture", "gone", "new", "order", "look"]


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
        old, new = value_of(self.old), value_of(self.new)
        return None if old is None or new is None or old == 0 else (new - old) / abs(old)

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
    """Return a figure's value, written or not; grouped digits are one number (the relative change is the same)."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return float(value) if math.isfinite(value) else None
    if not isinstance(value, str):
        return None
    text = value.strip().replace("\u00a0", "").replace("\u202f", "").removesuffix("%").strip()
    found = noise.number(text)
    if found is None and text.count(",") + text.count(".") > 1:
        last = max(text.rfind(","), text.rfind("."))
        mixed = "," in text and "." in text
        whole, rest = (text[:last], text[last + 1 :]) if mixed else (text, "")
        found = noise.number(whole.replace(",", "").replace(".", "") + ("." + rest if rest else ""))
    return found


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
        share = pictures.moved(old.content, new.content)
        if share:
            yield Move(where, old, new, "picture")
    elif isinstance(old, Mapping) and isinstance(new, Mapping):
        yield from _mappings(old, new, where)
    elif _listed(old) and _listed(new):
        yield from _lists(old, new, where)
    elif isinstance(old, str) and isinstance(new, str):
        yield from _texts(old, new, where)
    elif _is_number(old) and _is_number(new):
        if not noise.close(float(old), float(new)) or isinstance(old, bool) != isinstance(new, bool):
            yield Move(where, old, new, "figure")
    elif old != new:
        figure = any(_is_number(one) for one in (old, new))
        yield Move(where, old, new, "figure" if figure else _kind(old, new))


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
        if len(found) > 1 and (again := _reordered(old, new)):
            yield Move(where, again[0], again[1], "order", "order")
        else:
            yield from found
        return
    before, after = [repr(one) for one in old], [repr(one) for one in new]
    for kind, i, j, k, m in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        for n in range(max(j - i, m - k)):
            place = (*where, str((k if k + n < m else i) + n + 1))
            if i + n < j and k + n < m:
                yield from compare(old[i + n], new[k + n], place)
            elif i + n < j:
                yield Move(place, old[i + n], None, "gone")
            else:
                yield Move(place, None, new[k + n], "new")


def _reordered(old: Sequence[Any], new: Sequence[Any]) -> tuple[str, str] | None:
    """Return both orders as text when they hold the same things."""
    before, after = [repr(one) for one in old], [repr(one) for one in new]
    if Counter(before) != Counter(after):
        return None
    return ", ".join(map(str, old)), ", ".join(map(str, new))


def _texts(old: str, new: str, where: tuple[str, ...]) -> Iterator[Move]:
    several = "\n" in old.strip() or "\n" in new.strip()
    for turn in noise.turns(old, new):
        place = (*where, _line(turn)) if several and turn.doubt != "order" else where
        both = turn.old is not None and turn.new is not None
        figures = both and any(
            noise.tokens(t or "")[:1] and noise.tokens(t or "")[0].kind == "figure" for t in (turn.old, turn.new)
        )
        kind: Kind = "figure" if figures else _kind(turn.old, turn.new)
        if turn.look or turn.doubt == "order":
            kind = "look" if turn.look else "order"
        yield Move(place, turn.old, turn.new, kind, turn.doubt, turn.line * 100_000 + turn.place, where)


def _line(turn: noise.Turn) -> str:
    around = " ".join(turn.around.split())
    return around if len(around) <= 70 else around[:69] + "…"


def _rows(old: Rows, new: Rows, where: tuple[str, ...]) -> Iterator[Move]:
    if old == new:
        return
    before, after = _numbered(old.keys), _numbered(new.keys)
    left, right = _numbered(old.columns), _numbered(new.columns)
    renamed = len(left) == len(right) and set(left) != set(right)
    if renamed:  # the same columns under other headings: cells are compared by place
        for a, b in zip(left, right, strict=True):
            if a != b:
                yield from _headed(a, b, where)
        left = right
    yield from _missing(left, right, where)
    if sorted(before) != sorted(after) and len(before) == len(after) and (before, after) != ([], []):
        changed = [(a, b) for a, b in zip(before, after, strict=True) if a != b]
        if len(changed) == len(set(before) - set(after)):  # rows stay in place under other labels
            for a, b in changed:
                yield from _headed(a, b, where)
            before = after
    yield from _missing(
        before, after, where, dict(zip(before, old.cells, strict=True)), dict(zip(after, new.cells, strict=True))
    )
    for what, was, now in (("rows", before, after), ("columns", left, right)):
        kept = [[key for key in side if key in set(other)] for side, other in ((was, now), (now, was))]
        if kept[0] != kept[1]:
            yield Move((*where, what), ", ".join(kept[0]), ", ".join(kept[1]), "order", "order")
    known, at = {key: n for n, key in enumerate(before)}, {name: n for n, name in enumerate(left)}
    for n, key in enumerate(after):
        if key not in known:
            continue
        was, now = old.cells[known[key]], new.cells[n]
        if was == now and left == right:
            continue
        for c, name in enumerate(right):
            if name in at:
                a = was[at[name]] if at[name] < len(was) else None
                b = now[c] if c < len(now) else None
                if a != b:
                    yield from compare(a, b, (*where, key, name))


def _headed(old: str, new: str, where: tuple[str, ...]) -> Iterator[Move]:
    yield from compare(old, new, (*where, new))


def _missing(
    before: list[str],
    after: list[str],
    where: tuple[str, ...],
    was: Mapping[str, Sequence[Any]] | None = None,
    now: Mapping[str, Sequence[Any]] | None = None,
) -> Iterator[Move]:
    come, gone = set(after), set(before)
    yield from (Move((*where, key), _content(key, was), None, "gone") for key in before if key not in come)
    yield from (Move((*where, key), None, _content(key, now), "new") for key in after if key not in gone)


def _content(key: str, cells: Mapping[str, Sequence[Any]] | None) -> str:
    return key if cells is None else " | ".join(str(cell) for cell in cells[key] if cell not in {None, ""})


def _numbered(keys: Sequence[str]) -> list[str]:
    """Make labels unique: a second ``a`` becomes ``a (2)``."""
    seen: Counter[str] = Counter()
    out = []
    for key in keys:
        seen[key] += 1
        out.append(key if seen[key] == 1 else f"{key} ({seen[key]})")
    return out

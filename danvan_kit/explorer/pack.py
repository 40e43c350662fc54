"""Many states of one page in few bytes: what repeats is stored once, what can be derived is not stored at all.

A state is a flat mapping from paths to JSON values. Neighbouring states differ in a few figures, and those figures come
back in hover texts, labels and tables. So each value is taken apart: a text into what stands between its figures and
the figures; a list of texts into a list of the former and lists of the first, second, ... figures. A list that equals
an earlier one of its state (as it is, or written out with separators) is only referred to. ``frozen.js`` puts a state
together again when the reader asks for it, and so does `unpack`.
"""

from __future__ import annotations

import base64
import gzip
import json
import marshal
import re
from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Ints: TypeAlias = NDArray[np.int32]

_CAPITALS = "".join(c for c in map(chr, range(0x41, 0x1EFA)) if c.isupper())
# What differs between neighbours: proper names (words with capitals; two kinds of areas have a second, small word),
# figures, ids, and the marks of what is missing.
_NAME = rf"(?:Thị trấn |Thị xã |Thành phố )?[{_CAPITALS}]\w*(?: [{_CAPITALS}]\w*)*"
_FIGURE = re.compile(rf"({_NAME}|[−-]?\d(?:[\d.,]*\d)?[a-z]?|null|–)")
_NUMBER = re.compile(r"(-?)(\d+)(?:\.(\d+))?")
GAP = "\x01"
"""Stands in a text where a figure belongs."""
ABSENT, DERIVED, NEW, AGAIN = 0, 1, 2, 3
"""What a column says of a state: no such list; derived from the base column; the next new one; AGAIN + n: the n-th."""
WAYS = (-1, 0, 1, 2)
"""How a list is derived: equal to its base, or the base's numbers written with 0, 1 or 2 decimals."""
SEPARATORS = {"vi": ",.", "en": ".,"}
_MISSING = "–"
_JSON = json.JSONEncoder(ensure_ascii=False)


class Packer:
    """Takes states one by one; `packed` returns them all.

    Parameters
    ----------
    lang
        The language in which the states write their figures.
    """

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self.places: list[int] = []
        self._rows: dict[tuple[int, ...], int] = {}
        self._trees: dict[tuple[str, ...], int] = {}
        self._values: dict[str, int] = {}
        self._seen: dict[bytes, tuple[int, str]] = {}
        self._taken: list[tuple[int, ...]] = []  # of each value: its form and its lists
        self._forms: dict[tuple[str, int], int] = {}
        self._lists: dict[tuple[int, ...], int] = {}
        self._texts: dict[str, int] = {}
        self._split: dict[str, list[int]] = {}

    def add(self, state: Mapping[str, Any]) -> list[str]:
        """Take one state and return its values as JSON texts, of which a digest can be made."""
        row, texts = [self._trees.setdefault(tuple(state), len(self._trees))], []
        for value in state.values():
            # Most values come back in each state. They are found by their bytes, which cost a quarter of their JSON;
            # version 2 of the format writes equal values of equal types alike.
            key = marshal.dumps(value, 2)
            known = self._seen.get(key)
            if known is None:
                known = self._seen[key] = self._known(value)
            row.append(known[0])
            texts.append(known[1])
        self.places.append(self._rows.setdefault(tuple(row), len(self._rows)))
        return texts

    def _known(self, value: Any) -> tuple[int, str]:  # noqa: ANN401 - any JSON
        """Return a value's number and text."""
        text = _JSON.encode(value)
        number = self._values.get(text)
        if number is None:
            self._taken.append(self._take(text, value))
            number = self._values[text] = len(self._values)
        return number, text

    def packed(self, **more: Any) -> str:  # noqa: ANN401 - any JSON
        """Return all states as base64 of gzip: a line of JSON (with the entries `more`), then numbers."""
        contents = list(self._lists)
        written = [_written(list(self._texts), self._texts, digits, self.lang) for digits in WAYS[1:]]
        ways = [np.arange(len(contents), dtype=np.int32), *(_mapped(self._lists, w) for w in written)]
        paths, forms, columns = self._columns()
        place = {path: n for n, path in enumerate(paths)}
        described, used = [], []
        streams: list[NDArray[Any]] = [_steps(self.places), *forms]
        bases = _Bases(ways, columns)
        for n, column in enumerate(columns):
            moves = bool((column != column[0]).any())
            base, way = bases.best(column) if moves else (-1, 0)
            codes, new = _coded(column, _derived(columns[base], ways[way]) if base >= 0 else None)
            if moves:
                bases.add(n)
            described.append([base, WAYS[way]])
            streams += [codes, np.array([len(contents[i]) for i in new], dtype=np.int64)]
            used.append(np.array([t for i in new for t in contents[i]], dtype=np.int64))
        kept, ranks = _ranked(used, list(self._texts))
        streams += ranks
        head = more | {
            "lang": self.lang,
            "states": len(self.places),
            "texts": kept,
            "forms": list(self._forms),
            "trees": [[place[path] for path in tree] for tree in self._trees],
            "paths": list(paths.items()),
            "columns": described,
            "rows": len(self._rows),
        }
        short = [_trimmed(stream) for stream in streams]
        head["sizes"] = [len(stream) for stream in short]
        line = json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        return base64.b64encode(gzip.compress(line + b"".join(map(_bytes, short)), 9, mtime=0)).decode()

    def _take(self, text: str, value: Any) -> tuple[int, ...]:  # noqa: ANN401 - any JSON
        """Take a value apart: by element when it is a list (of lists) of plain values, else as one text."""
        if "\\u0001" in text:
            raise ValueError(f"a control character U+0001 in {text[:60]!r}")
        wide = len(value[0]) if isinstance(value, list) and value and isinstance(value[0], list) else 0
        flat = value
        if wide and all(isinstance(line, list) and len(line) == wide for line in value):
            flat = [part for line in value for part in line]
        if not isinstance(flat, list) or not flat or any(isinstance(part, dict | list) for part in flat):
            skeleton, *figures = self._parts(text)
            return self._form("text", 0), self._list([skeleton]), self._list(figures)
        if not all(isinstance(part, str) for part in flat):
            return self._form("json", wide), self._list(self._text(_JSON.encode(part)) for part in flat)
        split = [self._parts(part) for part in flat]
        most = max(map(len, split))  # the k-th list has the k-th figure of each text that has so many
        columns = [[parts[k] for parts in split if len(parts) > k] for k in range(most)]
        return self._form("texts", wide), *map(self._list, columns)

    def _form(self, kind: str, wide: int) -> int:
        return self._forms.setdefault((kind, wide), len(self._forms))

    def _list(self, texts: Iterable[int]) -> int:
        return self._lists.setdefault(tuple(texts), len(self._lists))

    def _text(self, text: str) -> int:
        return self._texts.setdefault(text, len(self._texts))

    def _parts(self, text: str) -> list[int]:
        """Return the numbers of what stands between a text's figures, and of each figure."""
        found = self._split.get(text)
        if found is None:
            parts = _FIGURE.split(text)
            found = self._split[text] = [self._text(GAP.join(parts[::2])), *map(self._text, parts[1::2])]
        return found

    def _columns(self) -> tuple[dict[str, int], list[Ints], list[Ints]]:
        """Return the paths with the number of their columns; each row's tree and forms; the columns of lists."""
        rows = list(self._rows)
        trees = np.array([row[0] for row in rows], dtype=np.int32)
        most = max(map(len, self._taken))
        taken = np.full((len(self._taken) + 1, most), -1, dtype=np.int32)  # the last one stands for no value
        for n, parts in enumerate(self._taken):
            taken[n, : len(parts)] = parts
        paths = dict.fromkeys((path for tree in self._trees for path in tree), 0)
        place = {path: n for n, path in enumerate(paths)}
        values = np.full((len(rows), len(paths)), -1, dtype=np.int32)
        for tree, n in self._trees.items():
            here = np.flatnonzero(trees == n)
            own = np.array([place[path] for path in tree])
            values[np.ix_(here, own)] = [rows[i][1:] for i in here.tolist()]
        forms: list[Ints] = [trees]
        lists: list[Ints] = []
        for path, n in place.items():
            found = taken[values[:, n]]
            filled = [found[:, k] for k in range(1, most) if (found[:, k] >= 0).any()]
            paths[path] = len(filled)
            forms.append(found[:, 0] + 1)
            lists += filled
        return paths, forms, lists


def _written(texts: list[str], known: Mapping[str, int], digits: int, lang: str) -> Ints:
    """Return for each text the number of the text that writes it as a figure; -1 where there is none."""
    found = [known.get(figure, -1) if (figure := write(text, digits, lang)) is not None else -1 for text in texts]
    return np.array(found, dtype=np.int32)


def write(number: str, digits: int, lang: str) -> str | None:
    """Write a JSON number with that many decimals, as the page does; None for anything else, a dash for null.

    Halves are rounded away from zero, as JavaScript's ``toFixed`` does with the exact value of a double.
    """
    if number == "null":
        return _MISSING
    if not _NUMBER.fullmatch(number):
        return None
    exact = Decimal(float(number)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    text = f"{exact:,}".replace("-", "−" if exact else "")
    return text.translate({ord(","): SEPARATORS[lang][1], ord("."): SEPARATORS[lang][0]})


def _mapped(lists: Mapping[tuple[int, ...], int], written: Ints) -> Ints:
    """Return for each list the number of the list of its written figures; -1 where there is none."""
    to = written.tolist()
    return np.array([lists.get(tuple([to[t] for t in one]), -1) for one in lists], dtype=np.int32)


class _Bases:
    """The columns so far that change from row to row, and which of them a further column can be derived from.

    Only some of the rows are compared, so that the choice costs little; any choice packs without loss.
    """

    def __init__(self, ways: list[Ints], columns: list[Ints]) -> None:
        self._ways, self._columns, self._used = ways, columns, list[int]()
        rows = len(columns[0])
        self._some = np.arange(0, rows, max(1, rows // 256))
        self._known = np.full((len(ways), len(columns), len(self._some)), -2, dtype=np.int32)

    def add(self, n: int) -> None:
        """Let the n-th column be a base."""
        for w, way in enumerate(self._ways):
            self._known[w, len(self._used)] = _derived(self._columns[n][self._some], way)
        self._used.append(n)

    def best(self, column: Ints) -> tuple[int, int]:
        """Return base and way from which most lists can be derived; -1 when hardly any can."""
        some = column[self._some]
        hits = (self._known[:, : len(self._used)] == some).sum(axis=2)
        if not hits.size or 4 * hits.max() <= (some >= 0).sum():
            return -1, 0
        way, at = np.unravel_index(int(hits.argmax()), hits.shape)
        return self._used[int(at)], int(way)


def _coded(column: Ints, from_base: Ints | None) -> tuple[Ints, list[int]]:
    """Return the codes of a column, and the lists that it is the first to need, in the order of their coming.

    `from_base` are the lists that its base gives in each row.
    """
    codes = np.where(column >= 0, AGAIN, ABSENT).astype(np.int32)
    if from_base is not None:
        codes[(column >= 0) & (from_base == column)] = DERIVED
    own = np.flatnonzero(codes == AGAIN)
    numbers, starts, inverse = np.unique(column[own], return_index=True, return_inverse=True)
    order = np.argsort(starts, kind="stable")
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    codes[own] += rank[inverse].astype(np.int32)
    codes[own[starts]] = NEW
    return codes, numbers[order].tolist()


def _derived(column: Ints, way: Ints) -> Ints:
    """Return what a column's lists become; -2 where there is none."""
    found: Ints = np.where(column >= 0, way[column], -2)
    return found


def _ranked(used: list[NDArray[np.int64]], texts: list[str]) -> tuple[list[str], list[NDArray[np.int64]]]:
    """Return the texts in use, the most frequent first, and the lists' texts by these ranks."""
    every = np.concatenate(used)
    numbers, inverse, counts = np.unique(every, return_inverse=True, return_counts=True)
    order = np.argsort(-counts, kind="stable")
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    ends = np.cumsum([len(part) for part in used])[:-1]
    return [texts[i] for i in numbers[order].tolist()], np.split(rank[inverse], ends)


def _steps(places: list[int]) -> NDArray[np.int64]:
    """Return for each state 0 when its row is the next new one, else how far back its row lies, plus one."""
    steps, seen = [], 0
    for row in places:
        steps.append(0 if row == seen else seen - row)
        seen += row == seen
    return np.array(steps, dtype=np.int64)


def _trimmed(stream: NDArray[Any]) -> NDArray[Any]:
    """Leave out the repetitions of the last number: the reader fills up with it."""
    moves = np.flatnonzero(stream[1:] != stream[:-1])
    return stream[: int(moves[-1]) + 2 if moves.size else 1]


def _bytes(numbers: NDArray[Any]) -> bytes:
    """Write whole numbers from 0: seven bits a byte, the lowest first, the high bit on all but the last."""
    left = np.asarray(numbers, dtype=np.int64)
    if not left.size or left.max() < 128:  # most streams
        return left.astype(np.uint8).tobytes()
    parts, more = [], np.ones(len(left), dtype=bool)
    while more.any():
        following = left >= 128
        parts.append(np.where(more, (left & 127) | (following << 7), -1))
        more, left = following, left >> 7
    lined = np.stack(parts, axis=1).ravel() if parts else np.zeros(0, dtype=np.int64)
    return lined[lined >= 0].astype(np.uint8).tobytes()

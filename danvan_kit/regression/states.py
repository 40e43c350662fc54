"""An explorer's states, the hidden ones too: which figures moved between two runs."""

from __future__ import annotations

import base64
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

import numpy as np
from numpy.typing import NDArray

from danvan_kit import words
from danvan_kit.explorer import figures
from danvan_kit.explorer.unpack import unpack
from danvan_kit.regression.compare import Move, Name, Rows, compare

MOST = 5_000
"""Moves that are told apart; further states are counted."""
FEW = 3
"""Values of a choice that are named; more are counted."""
_AREA, _YEAR, _INDICATOR = "area", "year", "indicator"


@dataclass
class Moved:
    """What moved in an explorer.

    Attributes
    ----------
    moves
        Each figure once, however many states show it.
    states
        How many states moved; 0 when the saved notebook does not tell.
    note
        What cannot be told, and why (Vietnamese, English).
    pair
        The pictures of the first state that moved, as they were and as they are.
    """

    moves: list[Move] = field(default_factory=list)
    states: int = 0
    note: tuple[str, str] | None = None
    pair: tuple[dict[str, Any], dict[str, Any]] | None = None


def compare_states(old: Mapping[str, Any], new: Mapping[str, Any]) -> Moved:
    """Compare all states of an explorer.

    Parameters
    ----------
    old, new
        What stands under ``danvan`` in the metadata of its output.
    """
    if old.get("live") or "digest" not in old:
        return Moved(note=("sổ tay đã lưu không kèm các trạng thái", "the saved notebook holds no states"))
    if "digest" not in new:
        return Moved([Move(("states",), old.get("states"), None, "gone")])
    packed = "packed" in old and "packed" in new
    # a saved payload is compared even where its digest is right: it is what a page shows that is made of it
    if old["digest"] == new["digest"] and not (packed and old["packed"] != new["packed"]):
        return Moved()
    if packed:
        return _states(old["packed"], new["packed"], new.get("choices", {}))
    return _figures(old, new)


# --- from state to state ----------------------------------------------------------------------------------------------


def _states(old: str, new: str, start: Mapping[str, Any]) -> Moved:
    (before, was), (after, now) = unpack(old), unpack(new)
    found, seen, count = Moved(), set(), 0
    if before["axes"] == after["axes"]:
        keys = _keys(after)
        pairs: Iterator[Any] = zip(keys, was, now, strict=True)
    else:
        known = dict(zip(map(_key, _keys(before)), was, strict=True))
        coming = dict(zip(map(_key, _keys(after)), now, strict=True))
        pairs = ((dict(key), known.get(key), coming.get(key)) for key in dict.fromkeys([*known, *coming]))
    labels = _labels(before) | _labels(after)
    fixed = {
        name: value for name, value in start.items() if name in {_AREA, _INDICATOR}
    }  # said though not to be changed
    found.moves += _controls(before, after)
    for chosen, a, b in pairs:
        if a == b:
            continue
        moves = list(_state(a, b, fixed | chosen, labels)) if count < MOST else [None]
        if not moves:
            continue  # last bits only
        found.states += 1
        found.pair = found.pair or (_picture(a), _picture(b))
        for move in moves:
            if move is not None and (said := (move.where, move.old, move.new)) not in seen:
                seen.add(said)
                found.moves.append(move)
                count += 1
    return found


def _keys(head: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the choices of each state, in the order in which they are packed."""
    keys: list[dict[str, Any]] = [{}]
    for name, values in head["axes"]:
        keys = [{**key, name: value} for key in keys for value in values]
    return keys


def _key(choices: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
    return tuple((name, tuple(value) if isinstance(value, list) else value) for name, value in choices.items())


def _labels(head: Mapping[str, Any]) -> dict[tuple[str, Any], str]:
    """Return how the controls call a choice's values."""
    out: dict[tuple[str, Any], str] = {}
    for control in head["controls"]:
        if control["kind"] == "pinned":
            out[control["name"], None] = str(control["shown"])
        rows = [row for _, group in control.get("groups", []) for row in group] or control.get("rows", [])
        for value, label, *_ in rows:
            out[control["name"], value] = str(label)
    return out


def _controls(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Move]:
    """Compare what the controls say; rows of areas by their ids."""
    said = [
        {
            c["name"]: {
                "label": c["label"],
                **{str(v): label for (n, v), label in _labels(head).items() if n == c["name"]},
            }
            for c in head["controls"]
        }
        for head in (before, after)
    ]
    return list(compare(said[0], said[1], ("controls",)))


def _state(old: Any, new: Any, chosen: Mapping[str, Any], labels: Mapping[tuple[str, Any], str]) -> Iterator[Move]:  # noqa: ANN401
    """Return what moved in one state: its table first; picture and words only where the table stands."""
    subject = {name: Name(_label(name, value, labels)) for name, value in chosen.items()}
    if old is None or new is None:
        yield Move(
            _where(subject),
            None if old is None else "…",
            None if new is None else "…",
            "new" if old is None else "gone",
        )
        return
    if "error" in old or "error" in new:
        sides = [state.get("error", state.get("title", "")) for state in (old, new)]
        if sides[0] != sides[1]:
            yield Move(_where(subject), sides[0], sides[1], "text")
        return
    found, figure = False, _figure(new)
    for move in compare(_table(old), _table(new)):
        found = True
        derived = len(move.where) > 1 and move.where[1] != figure
        yield Move(_where(subject, move.where, _first(new)), move.old, move.new, move.kind, derived=derived)
    if not found:
        rest = [
            {k: v for k, v in state.items() if not k.startswith("table/cells") and k != "table/ids"}
            for state in (old, new)
        ]
        for move in compare(rest[0], rest[1]):
            look = move.where[0].startswith("figure/layout") or move.kind == "look"
            yield Move(_where(subject, move.where), move.old, move.new, "look" if look else move.kind)


def _picture(state: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return the figure of a state as it was before it was taken apart by paths."""
    figure: dict[str, Any] = {"data": [], "layout": {}}
    for path, value in (state or {}).items():
        steps = path.split("/")
        if steps[0] == "figure":
            place: Any = figure
            for step, following in itertools.pairwise(steps[1:]):
                place = _within(place, step, [] if following.isdigit() else {})
            _put(place, steps[-1], value)
    return figure


def _within(place: Any, step: str, empty: Any) -> Any:  # noqa: ANN401
    if isinstance(place, dict):
        return place.setdefault(step, empty)
    place.extend(type(empty)() for _ in range(int(step) + 1 - len(place)))
    return place[int(step)]


def _put(place: Any, step: str, value: Any) -> None:  # noqa: ANN401
    if isinstance(place, dict):
        place[step] = value
    else:
        place.insert(int(step), value)


def _label(name: str, value: Any, labels: Mapping[tuple[str, Any], str]) -> str:  # noqa: ANN401
    if isinstance(value, list):
        return "–".join(dict.fromkeys(map(str, value)))
    said = labels.get((name, value), labels.get((name, None), str(value)))
    return said[:1].lower() + said[1:] if name == _INDICATOR else said


def _table(state: Mapping[str, Any]) -> Rows:
    columns = [label for label, _ in state["table/columns"]]
    cells = [state.get(f"table/cells/{n}", []) for n in range(len(columns))]
    rows = list(zip_longest(*cells, fillvalue=""))
    return Rows(tuple(row[0] for row in rows), tuple(columns[1:]), tuple(row[1:] for row in rows))


def _first(state: Mapping[str, Any]) -> str:
    return str(state["table/columns"][0][0])


def _figure(state: Mapping[str, Any]) -> str:
    """Return the heading of a table's first column of figures; the others mostly follow from it."""
    return next((str(label) for label, number in state["table/columns"][1:] if number), "")


def _where(subject: Mapping[str, str], inner: tuple[str, ...] = (), first: str = "") -> tuple[str, ...]:
    """Return area, year, indicator, then other choices and what is left of the place within the state.

    A row of a table by year is that year, a row of a table by name that area, and so is a column of a year.
    """
    parts, rest = dict(subject), []
    for n, label in enumerate(inner):
        if label.isdigit() and len(label) == 4:
            parts[_YEAR] = label
        elif n == 0 and first in {words.label("name", "vi"), words.label("name", "en")}:
            parts[_AREA] = label
        elif label not in {words.label("value", "vi"), words.label("value", "en")}:
            rest.append(label)
    if _YEAR in parts:
        parts.pop("years", None)
    order = [_AREA, _YEAR, "years", _INDICATOR]
    shown = [parts[name] for name in order if name in parts] + [parts[name] for name in parts if name not in order]
    return (*shown, *rest)


# --- from the figures behind them -------------------------------------------------------------------------------------


def _figures(old: Mapping[str, Any], new: Mapping[str, Any]) -> Moved:
    """Tell what moved where the saved notebook kept the figures behind its states, not the states."""
    found = Moved()
    places = _places(old, new)
    if "figures" in old and "figures" in new:
        found.moves = [move for move in _totals(old["figures"], new["figures"]) if _shown_here(move, places)]
    if not found.moves:
        where = tuple(_few(name, labels) for name, labels in places.items() if labels)
        found.moves = [Move(("states", *where), old["digest"], new["digest"])]
        found.note = (
            "số liệu gốc không đổi hoặc không được lưu: cách tính hay cách trình bày đã đổi",
            "the figures behind are the same or were not kept: how they are computed or shown has changed",
        )
    return found


def _places(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return for each choice the labels of the values whose states moved, by the marks of both runs."""
    if "packed" not in new:
        return {}
    head, _ = unpack(new["packed"])
    labels, out = _labels(head), {}
    for name, values in head["axes"]:
        marks = [_mark(one.get("marks", {}).get(name, "")) for one in (old, new)]
        if len(marks[0]) == len(marks[1]) == len(values):
            moved = np.flatnonzero(marks[0] != marks[1])
            out[name] = [_label(name, values[n], labels) for n in moved.tolist()]
    return out


def _few(name: str, labels: list[str]) -> str:
    return Name(", ".join(labels)) if len(labels) <= FEW else f"{name} ({len(labels)})"


def _mark(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(base64.b64decode(text), dtype="<u4")


def _totals(old: str, new: str) -> Iterator[Move]:
    before, after = figures.read(old), figures.read(new)
    for i, (indicator, label) in enumerate(after.indicators.items()):
        name = label[:1].lower() + label[1:]
        if indicator not in before.indicators:
            yield Move((name,), None, label, "new")
            continue
        j = list(before.indicators).index(indicator)
        if list(before.areas) == list(after.areas) and before.years == after.years:
            a, b = before.values[j], after.values[i]
            for row, column in np.argwhere(~((a == b) | (np.isnan(a) & np.isnan(b)))).tolist():
                area = list(after.areas.values())[row]
                yield from compare(
                    _number(a[row, column]), _number(b[row, column]), (area, str(after.years[column]), name)
                )
        else:
            sides = [
                {
                    f"{kept.areas[area]} ({area})": {
                        str(y): _number(v) for y, v in zip(kept.years, kept.values[n][r], strict=True)
                    }
                    for r, area in enumerate(kept.areas)
                }
                for kept, n in ((before, j), (after, i))
            ]
            for move in compare(sides[0], sides[1]):
                yield Move((*move.where, name), move.old, move.new, move.kind)
    yield from (
        Move((label,), label, None, "gone") for key, label in before.indicators.items() if key not in after.indicators
    )


def _number(value: float) -> float | int | None:
    if np.isnan(value):
        return None
    return int(value) if float(value).is_integer() else float(value)


def _shown_here(move: Move, places: Mapping[str, list[str]]) -> bool:
    """Tell whether this explorer shows a figure: no mark of its indicator or area stayed as it was."""
    indicators = places.get(_INDICATOR)
    return indicators is None or move.where[-1] in indicators

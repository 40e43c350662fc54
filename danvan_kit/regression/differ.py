"""Two notebooks cell by cell: what a reader saw, what a reader sees now."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from nbformat import NotebookNode
from nbval.plugin import coalesce_streams

from danvan_kit.regression import seen
from danvan_kit.regression.compare import Move, compare
from danvan_kit.regression.noise import Doubt

_CLOCKS = re.compile(r"\b(?:perf_counter|process_time|thread_time|monotonic|default_timer|timeit|time\.time)(?:_ns)?\b")
UNSTABLE = ("có số mỗi lần chạy ra một khác", "some of it comes out differently in each run")
_PICTURES = (seen.PLOTLY, "image/png", "image/jpeg", "image/svg+xml")


@dataclass
class Difference:
    """What moved below one cell.

    Attributes
    ----------
    cell
        Its number among all cells, from 0.
    count
        Its number among the code cells, from 1; 0 for text.
    name
        What is shown there: an explorer's name in both languages, else nothing.
    moves
        The largest first.
    states
        How many states of an explorer moved; 0 when that is not known.
    notes
        What could not be compared, and why (Vietnamese, English).
    pairs
        Pictures as they were and as they are: MIME bundles.
    """

    cell: int
    count: int
    name: tuple[str, str] = ("", "")
    moves: list[Move] = field(default_factory=list)
    states: int = 0
    notes: list[tuple[str, str]] = field(default_factory=list)
    pairs: list[tuple[dict[str, Any], dict[str, Any]]] = field(default_factory=list)


def differences(old: NotebookNode, new: NotebookNode, cells: Iterable[int] | None = None) -> list[Difference]:
    """Compare the outputs of two notebooks with the same cells.

    Parameters
    ----------
    old, new
        The notebooks: as saved, and as they came out now.
    cells
        Numbers of the cells that count; None: all.

    Returns
    -------
    list of Difference
        One for each cell where something moved or could not be compared, in the order of the notebook.
    """
    before, after = seen.states(old), seen.states(new)
    kept, (linked, joined) = _figures(old), (_groups(old), _groups(new))
    wanted = None if cells is None else set(cells)
    out, count = [], 0
    for number, (was, now) in enumerate(zip(old.cells, new.cells, strict=True)):
        if now.cell_type != "code":
            continue
        count += bool((now.source or was.source).strip())
        if wanted is None or number in wanted:
            found = _cell(was, now, before, after, kept)
            found.cell, found.count = number, count
            if _CLOCKS.search(now.source):  # a bare number may be a time that passed
                found.moves = [
                    replace(move, doubt=move.doubt or "time") if move.kind == "figure" else move for move in found.moves
                ]
            if len(linked) == len(joined) and linked.get(number) != joined.get(number):
                found.moves.append(Move(("linked",), linked.get(number), joined.get(number)))
            if found.moves or found.notes:
                out.append(found)
    return out


def _cell(
    old: NotebookNode,
    new: NotebookNode,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    kept: Mapping[str, dict[str, Any]],
) -> Difference:
    found = Difference(0, 0)
    was, now = ({"outputs": coalesce_streams([_copy(o) for o in cell.get("outputs", [])])} for cell in (old, new))
    lost = [
        o["data"][seen.WIDGET].get("model_id")
        for o in was["outputs"]
        if seen.WIDGET in o.get("data", {}) and not _own(o)
    ]
    if any(name not in before for name in lost):
        before, after = {}, {}
        found.notes.append(
            (
                "nội dung ô điều khiển không được lưu nên không so được (lưu bằng danvan verify --accept)",
                "what the widgets hold was not saved and so not compared (save it by danvan verify --accept)",
            )
        )
    if any(_own(o).get("kind") == "table" for o in now["outputs"]) and not any(
        _own(o).get("kind") == "table" for o in was["outputs"]
    ):
        for output in now["outputs"]:
            output.metadata = {k: v for k, v in output.get("metadata", {}).items() if k != seen.OURS}
        found.notes.append(
            (
                "bảng được lưu ở dạng rút gọn nên chỉ so phần hiện ra (lưu trọn bằng danvan verify --accept)",
                "saved cut short, so only what the table shows was compared (danvan verify --accept keeps it whole)",
            )
        )
    moves = list(compare(seen.outputs(was, before), seen.outputs(now, after)))
    own = [[output for output in cell["outputs"] if _own(output).get("kind") == "explorer"] for cell in (was, now)]
    live = [output for output in was["outputs"] if _own(output).get("live")]
    if live:
        found.notes.append(
            (
                "sổ tay được lưu khi đang mở nên không kèm các trạng thái ẩn",
                "saved while open, so without hidden states",
            )
        )
    hidden: list[tuple[dict[str, Any], dict[str, Any]]] = []
    for n, (a, b) in enumerate(zip(*own, strict=False)):
        from danvan_kit.regression.states import compare_states  # noqa: PLC0415 - loads what a notebook without explorers does without

        moved = compare_states(kept.get(_digest(_own(a)), {}) | dict(_own(a)), _own(b))
        if moved.moves:
            name = "view" if n == 0 else f"view ({n + 1})"
            if not moved.note:  # else what stands on screen says more
                moves = [move for move in moves if move.where[0] != name]
            moves += moved.moves
            hidden += [({seen.PLOTLY: a}, {seen.PLOTLY: b}) for a, b in [moved.pair] if a != b] if moved.pair else []
        elif _own(a).get("digest") == _own(b).get("digest") and _signed(a) != _signed(b):
            moves.append(Move(("view", "states"), _signed(a), _signed(b)))
        found.name = _name(_own(b))
        found.states += moved.states
        found.notes += [moved.note] if moved.note else []
    found.moves = sorted(moves, key=lambda move: -move.size)
    if found.moves:
        found.pairs = _pairs(was["outputs"], now["outputs"]) or hidden
    return found


def _copy(output: Mapping[str, Any]) -> NotebookNode:
    return NotebookNode(output)  # type: ignore[no-untyped-call] # shallow: what is joined later is text, which is replaced


def _own(output: Mapping[str, Any]) -> Mapping[str, Any]:
    own = (output.get("metadata") or {}).get(seen.OURS)
    return own if isinstance(own, Mapping) else {}


def _figures(book: NotebookNode) -> dict[str, dict[str, Any]]:
    """Return the figures behind a notebook's explorers, which it keeps once, by the digest of its data."""
    outputs = (output for cell in book.cells for output in cell.get("outputs", []))
    own = (_own(output) for output in outputs)
    return {_digest(one): {"figures": one["figures"]} for one in own if "figures" in one}


def _groups(book: NotebookNode) -> dict[int, str]:
    """Return for each cell with explorers which others move with them, by the numbers of those cells."""
    cells: dict[Any, list[int]] = {}
    for number, cell in enumerate(book.cells):
        for own in map(_own, cell.get("outputs", [])):
            if own.get("kind") == "explorer" and "group" in own:
                cells.setdefault(own["group"], []).append(number)
    return {n: ", ".join(str(m + 1) for m in several) for several in cells.values() for n in several}


def _digest(own: Mapping[str, Any]) -> str:
    data = own.get("data")
    return str(data.get("digest")) if isinstance(data, Mapping) else ""


def _signed(output: Mapping[str, Any]) -> str:
    """Return the line of an explorer's summary that holds the digest over its states."""
    text = output.get("data", {}).get("text/plain", "")
    return next((line for line in str(text).split("\n") if seen.SIGNED in line), "")


def _name(own: Mapping[str, Any]) -> tuple[str, str]:
    key = str(own.get("view") or own.get("kind", ""))
    return key, key


def _pairs(was: list[Any], now: list[Any]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Return the pictures of a cell that look different, old and new."""
    sides = [
        [o["data"] for o in outputs if any(mime in o.get("data", {}) for mime in _PICTURES)] for outputs in (was, now)
    ]
    return [
        ({m: a[m] for m in _PICTURES if m in a}, {m: b[m] for m in _PICTURES if m in b})
        for a, b in zip(*sides, strict=False)
        if any(a.get(mime) != b.get(mime) for mime in _PICTURES)
    ]


# --- what a second run says -------------------------------------------------------------------------------------------


def doubts(found: Iterable[Difference], kind: Doubt = "") -> bool:
    """Tell whether anything moved that may be noise (of this kind): a further run must decide."""
    return any(move.doubt and kind in {"", move.doubt} for difference in found for move in difference.moves)


def settled(found: list[Difference], again: list[Difference]) -> list[Difference]:
    """Return what is left when two runs of the same notebook were compared.

    Parameters
    ----------
    found
        What moved between the saved notebook and the first run.
    again
        What moved between the first run and a second one: such a place comes out differently each time.
    """
    loose = {(difference.cell, move.key) for difference in again for move in difference.moves}
    out = []
    for difference in found:
        kept = [move for move in difference.moves if not (move.doubt and (difference.cell, move.key) in loose)]
        unstable = [move for move in kept if (difference.cell, move.key) in loose]
        notes = [*difference.notes]
        if unstable:
            notes.append(UNSTABLE)
        if kept or difference.notes:
            out.append(replace(difference, moves=kept, notes=notes, pairs=difference.pairs if kept else []))
    return out


# --- cells that are not the same --------------------------------------------------------------------------------------


def aligned(old: NotebookNode, new: NotebookNode) -> list[tuple[int | None, int | None]]:
    """Return which cell of one notebook is which of the other: by id, else by code and text.

    Parameters
    ----------
    old, new
        Two notebooks, whichever cells they have.
    """

    def keys(book: NotebookNode) -> list[str]:
        return [str(cell.get("id") or f"{cell.cell_type} {cell.source}") for cell in book.cells]

    before, after = keys(old), keys(new)
    if len(before) == len(after) and not set(before) & set(after):
        return [(n, n) for n in range(len(before))]
    out: list[tuple[int | None, int | None]] = []
    for kind, i, j, k, m in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind in {"equal", "replace"} and j - i == m - k:
            out += zip(range(i, j), range(k, m), strict=True)
        else:
            out += [(n, None) for n in range(i, j)] + [(None, n) for n in range(k, m)]
    return out

"""Packed states back to states, as ``frozen.js`` does it in the page: for tests, comparisons and indexes."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from danvan_kit.explorer.pack import AGAIN, DERIVED, GAP, NEW, write


def unpack(packed: str) -> tuple[dict[str, Any], Iterator[dict[str, Any]]]:
    """Return the head of packed states (with the caller's own entries) and the states, one after another."""
    line, _, body = gzip.decompress(base64.b64decode(packed)).partition(b"\n")
    head: dict[str, Any] = json.loads(line)
    return head, _states(head, body)  # nothing is read of the body until somebody asks for a state


def _numbers(body: bytes) -> NDArray[np.int64]:
    """Read what `_bytes` wrote, at least one number."""
    parts = np.frombuffer(body, dtype=np.uint8)
    last = parts < 128
    start = np.concatenate([[0], np.flatnonzero(last)[:-1] + 1]).astype(np.int64)
    place = np.arange(len(parts)) - np.repeat(start, np.diff(np.append(start, len(parts))))
    found: NDArray[np.int64] = np.add.reduceat((parts & 127).astype(np.int64) << (7 * place), start)
    return found


def _states(head: dict[str, Any], body: bytes) -> Iterator[dict[str, Any]]:
    streams = np.split(_numbers(body), np.cumsum(head["sizes"])[:-1])
    rows, paths, lang = head["rows"], head["paths"], head["lang"]
    forms = [_filled(stream, rows) for stream in streams[1 : 2 + len(paths)]]
    rest = streams[2 + len(paths) :]
    columns = [
        _lists(rest[2 * n], rest[2 * n + 1], rest[len(head["columns"]) * 2 + n], rows)
        for n in range(len(head["columns"]))
    ]
    starts = np.cumsum([0, *(count for _, count in paths)]).tolist()

    def found(column: int, row: int) -> list[str] | None:
        one = columns[column][row]
        if one is not None and len(one) == 1 and one[0] == -1:
            base, way = head["columns"][column]
            whole = found(base, row) or []
            return whole if way < 0 else [write(text, way, lang) or "" for text in whole]
        return None if one is None else [head["texts"][t] for t in one]

    seen = 0
    for step in _filled(streams[0], head["states"]):
        row = seen - step
        seen += step == 0
        tree = head["trees"][forms[0][row]]
        yield {
            paths[p][0]: _value(
                head["forms"][forms[p + 1][row] - 1], [found(c, row) for c in range(starts[p], starts[p + 1])]
            )
            for p in tree
        }


def _filled(stream: NDArray[np.int64], size: int) -> list[int]:
    whole: list[int] = stream.tolist()
    return whole + whole[-1:] * (size - len(whole))


def _lists(
    codes: NDArray[np.int64], lengths: NDArray[np.int64], content: NDArray[np.int64], rows: int
) -> list[list[int] | None]:
    """Return a column's list in each row; ``[-1]`` where it is derived."""
    coded = _filled(codes, rows)
    sizes = _filled(lengths, coded.count(NEW))
    whole = _filled(content, sum(sizes))
    ends = np.cumsum(sizes).tolist()
    known = [whole[end - size : end] for end, size in zip(ends, sizes, strict=True)]
    following = iter(known)

    def one(code: int) -> list[int] | None:
        if code < NEW:
            return [-1] if code == DERIVED else None
        return next(following) if code == NEW else known[code - AGAIN]

    return [one(code) for code in coded]


def _value(form: list[Any], lists: list[list[str] | None]) -> Any:  # noqa: ANN401 - any JSON
    kind, wide = form
    there = [one for one in lists if one is not None]
    if kind == "text":
        return json.loads(_whole(there[0][0], there[1]))
    if kind == "json":
        flat = [json.loads(text) for text in there[0]]
    else:
        figures = [iter(one) for one in there[1:]]
        flat = [_whole(text, [next(one) for one in figures[: text.count(GAP)]]) for text in there[0]]
    return [flat[n : n + wide] for n in range(0, len(flat), wide)] if wide else flat


def _whole(text: str, figures: list[str]) -> str:
    """Put figures back into the gaps of a text."""
    parts = text.split(GAP)
    return parts[0] + "".join(figure + part for figure, part in zip(figures, parts[1:], strict=True))

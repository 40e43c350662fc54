"""Two texts token by token: what moved, and what only looks as if it had.

A token counts as noise for what it is (an address, a UUID, a temporary path, today's date), never for where it stands,
and only when it is so on both sides. What could be a figure as well (a duration, a random-looking name, an order) is
left in *doubt*: a second run decides, see `danvan_kit.regression.plugin`. No number is ever blanked out.
"""

from __future__ import annotations

import ast
import datetime as dt
import difflib
import math
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

Doubt = Literal["", "time", "id", "order"]
TOLERANCE = 1e-9
"""Two numbers closer than this, relatively, are one number with different last bits."""
LONGEST = 20_000
"""Tokens above which two texts of different length are compared as a whole, not aligned."""

_UNIT = r"(?:ns|[µμu]s|ms|secs?|seconds?|s|mins?|minutes?|hours?|h|mili giây|giây|phút)(?![\w%])"
_HEX = "[0-9a-fA-F]"
_TOKEN = re.compile(
    "|".join(
        f"(?P<{name}>{pattern})"
        for name, pattern in {
            "uuid": rf"{_HEX}{{8}}([-_]){_HEX}{{4}}\2{_HEX}{{4}}\2{_HEX}{{4}}\2{_HEX}{{12}}",
            "address": rf"\b0x{_HEX}{{6,}}\b",
            "path": r"(?:/(?:private/)?(?:tmp|var/folders|var/tmp)/|[A-Za-z]:\\+Users\\+[^\\\s]+\\+AppData\\+Local\\+Temp\\+)"
            r"[^\s'\",;:<>()\[\]]+",
            "hex": rf"(?!\d+[eE]\d+\b)\b(?=\w*\d)(?=\w*[a-fA-F]){_HEX}{{8,}}\b",
            "clock": r"datetime\.(?:datetime|date|time)\(\d+(?:, \d+)*\)",
            "moment": r"\b\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?(?![\w-])"
            r"|\b\d{1,2}[-/]\d{1,2}[-/]\d{4}\b|\b\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\b",
            "duration": rf"\d+(?:[.,]\d+)?(?:e-?\d+)? ?{_UNIT}",
            "figure": r"[+\-−]?\d+(?:[.,\u00a0\u202f]\d+)*(?:[eE][+-]?\d+)?",
            "word": r"[^\W\d]\w*",
            "space": r"[ \t]+",
            "mark": r".",
        }.items()
    ),
    re.DOTALL,
)
_ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_DURATIONS = rf"(?:\d[\d.,]* ?{_UNIT}[ ,]*)+"
# What IPython's own timers and progress bars print, as whole lines: made of durations by those who print them.
_TIMERS = re.compile(
    rf"\s*(?:CPU times: (?:(?:user|sys|total):? {_DURATIONS})+|Wall time: {_DURATIONS}|"
    rf"{_DURATIONS}± {_DURATIONS}per loop \(mean ± std\. dev\. of \d+ runs?, [\d,]+ loops? each\))\s*"
)
_SPEED = re.compile(r"\[(?:\d+:)?\d\d:\d\d<(?:\d+:)?(?:\d\d:\d\d|\?),\s*(?:[\d.]+|\?)\w*/\w+\]")
_TIMED = re.compile(
    r"\b(?:time|took|takes?|elapsed|duration|runtime|wall|finished in|done in|secs?|seconds?|ms|perf|timestamp|"
    r"thời gian|mất|chạy|xong trong|giây)\b",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"\b(?:pid|process|tiến trình|thread|luồng|id)\b", re.IGNORECASE)
_RANDOM = re.compile(r"(?=\w*\d)(?=\w*[A-Za-z])\w{5,}")
_TEMPORARY = re.compile(r"tmp\w*(?:\.\w+)?|ipykernel_\d+|\d+(?:\.py)?|pytest-\S*|(?=\S*\d)(?=\S*[A-Za-z])[\w.-]{6,}")
_SET = re.compile(r"(?:frozenset\()?\{[^{}:]*\}\)?")


@dataclass(frozen=True)
class Token:
    """A piece of a text and what it looks like."""

    text: str
    kind: str


@dataclass(frozen=True)
class Turn:
    """One place where two texts differ.

    Attributes
    ----------
    line, place
        The line and the token in it, from 0.
    old, new
        What stood there and what stands there; None for a line that was not or is no longer there.
    around
        The line, to say what the figure is.
    doubt
        Why a second run must decide; empty when it moved for certain.
    look
        Whether only blanks differ: columns stand otherwise.
    """

    line: int
    place: int
    old: str | None
    new: str | None
    around: str
    doubt: Doubt = ""
    look: bool = False


@lru_cache(maxsize=1 << 14)
def tokens(line: str) -> tuple[Token, ...]:
    """Return the tokens of a line; runs of blanks are one blank, for columns are padded to their longest cell."""
    found = (Token(m[0], m.lastgroup or "mark") for m in _TOKEN.finditer(line.strip(" \t")))
    return tuple(Token(" ", "space") if token.kind == "space" else token for token in found)


def turns(old: str, new: str) -> list[Turn]:
    """Return where two texts differ for a reader, in the order of the new one.

    Parameters
    ----------
    old, new
        The texts, of any length.
    """
    if old == new:
        return []
    before, after = _lines(old), _lines(new)
    if len(before) == len(after):
        found = [turn for n, pair in enumerate(zip(before, after, strict=True)) for turn in _line(n, *pair)]
    else:
        found = list(_blocks(before, after))
    if found and sorted(before) == sorted(after):  # the same lines in another order, as from a loop over a set
        return [Turn(found[0].line, 0, old, new, found[0].around, "order")]
    return found


def number(text: str) -> float | None:
    """Return the value of a written number as it stands in code or in Vietnamese; None when it is grouped or none."""
    plain = text.replace("−", "-")
    if "," in plain and "." not in plain and plain.count(",") == 1:
        plain = plain.replace(",", ".")
    try:
        found = float(plain)
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def close(old: float, new: float) -> bool:
    """Tell whether two numbers are one but for its last bits."""
    if old == new or (math.isnan(old) and math.isnan(new)):
        return True
    return math.isclose(old, new, rel_tol=TOLERANCE, abs_tol=1e-15)


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in _ANSI.sub("", text).rstrip().split("\n")]


def _blocks(before: list[str], after: list[str]) -> Iterator[Turn]:
    """Compare texts with different numbers of lines: align what is equal, pair the rest."""
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=len(before) * len(after) > 4_000_000)
    for kind, i, j, k, m in matcher.get_opcodes():
        if kind == "equal":
            continue
        for n in range(max(j - i, m - k)):
            gone = before[i + n] if i + n < j else None
            come = after[k + n] if k + n < m else None
            if gone is not None and come is not None:
                yield from _line(k + n, gone, come)
            elif (gone or come) is not None and (gone or come or "").strip():
                yield Turn(k + n, 0, gone, come, come or gone or "")


def _line(n: int, old: str, new: str) -> list[Turn]:
    if old == new or (_TIMERS.fullmatch(old) and _TIMERS.fullmatch(new)):
        return []
    old, new = _SPEED.sub("[]", old), _SPEED.sub("[]", new)
    if "{" in old and (sets := _without_order(old, new)):
        old, new = sets
    if old == new:
        return []
    before, after = tokens(old), tokens(new)
    if before == after:
        return [Turn(n, 0, old, new, new, look=True)]
    if len(before) > 3 and sorted(before, key=repr) == sorted(after, key=repr):  # as from a set
        return [Turn(n, 0, old, new, new, "order")]
    if len(before) != len(after):
        return _uneven(n, before, after, new)
    found = []
    for place, (a, b) in enumerate(zip(before, after, strict=True)):
        if a == b:
            continue
        doubt = _doubt(a, b, new)
        if doubt is not None:
            found.append(Turn(n, place, a.text, b.text, new, doubt))
    return found


def _uneven(n: int, before: tuple[Token, ...], after: tuple[Token, ...], line: str) -> list[Turn]:
    if len(before) * len(after) > LONGEST * LONGEST:
        return [Turn(n, 0, "".join(t.text for t in before), "".join(t.text for t in after), line)]
    found = []
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for kind, i, j, k, m in matcher.get_opcodes():
        if kind == "equal":
            continue
        if j - i == m - k:
            pairs = [(a, b, _doubt(a, b, line)) for a, b in zip(before[i:j], after[k:m], strict=True) if a != b]
            found += [Turn(n, k + p, a.text, b.text, line, d) for p, (a, b, d) in enumerate(pairs) if d is not None]
            continue
        gone, come = ("".join(t.text for t in side) for side in (before[i:j], after[k:m]))
        timed = any(t.kind in {"duration", "moment"} for t in (*before[i:j], *after[k:m]))
        if not gone.strip() or not come.strip():  # what came or went says little without its line
            gone, come = ("".join(t.text for t in side) for side in (before, after))
        if gone != come:
            found.append(Turn(n, k, gone, come, line, "time" if timed and _TIMED.search(line) else ""))
    return found


def _doubt(old: Token, new: Token, line: str) -> Doubt | None:
    """Return None for noise, a reason where a second run must decide, and an empty text for what has moved."""
    if old.kind == new.kind and _noise(old, new):
        return None
    kinds = {old.kind, new.kind}
    if kinds <= {"duration", "moment", "figure"}:
        if kinds & {"duration"} or _TIMED.search(line):
            return "time"
        if all(token.text.isdigit() and len(token.text) >= 9 for token in (old, new)) or _NUMBERED.search(line):
            return "id"  # as from id() and getpid()
    elif kinds <= {"word", "mark", "figure", "uuid", "hex"} and all(
        _RANDOM.fullmatch(token.text) for token in (old, new)
    ):
        return "id"
    return ""


def _noise(old: Token, new: Token) -> bool:
    if old.kind in {"uuid", "address"}:
        return True
    if old.kind == "figure":
        return _last_bits(old.text, new.text) or (_now(new.text) and _past(old.text))
    if old.kind in {"moment", "clock"}:
        return _is_now(old.text, new.text)
    return old.kind == "path" and _temporary(old.text, new.text)


def _last_bits(old: str, new: str) -> bool:
    """Tell whether two written numbers differ in their last bits only; 1 and 1.0 are equal and look different."""
    a, b = number(old), number(new)
    return a is not None and b is not None and a != b and close(a, b)


def _now(text: str) -> bool:
    """Tell whether a number is this moment, in seconds or milliseconds since 1970."""
    value = number(text) or 0.0
    return any(abs(value / unit - time.time()) < 3600 for unit in (1, 1e3, 1e6, 1e9))


def _past(text: str) -> bool:
    value = number(text) or 0.0
    return any(1.5e9 < value / unit <= time.time() + 60 for unit in (1, 1e3, 1e6, 1e9))


def _is_now(old: str, new: str) -> bool:
    """Tell whether the new text is the clock of this run and the old one the same kind of clock, earlier."""
    if new.startswith("datetime."):
        old, new = _written(old), _written(new)
    moments = [_moment(text) for text in (old, new)]
    if any(moment is None for moment in moments) or re.sub(r"\d+", "0", old) != re.sub(r"\d+", "0", new):
        return False
    then, now = (moment for moment in moments if moment)
    clock_only = ":" in new and "-" not in new
    here, utc = dt.datetime.now(), dt.datetime.now(dt.UTC).replace(tzinfo=None)  # noqa: DTZ005 - printed without a zone
    if ":" not in new:
        return now.date() in {here.date(), utc.date()} and then < now
    near = any(abs((now - clock).total_seconds()) < 1800 for clock in (here, utc))
    return near and (clock_only or then <= now)


def _written(text: str) -> str:
    """Return one of Python's own moments, as its code shows it, in the form that people read."""
    kind, parts = text[9:].split("(", maxsplit=1)[0], [int(part) for part in re.findall(r"\d+", text)]
    try:
        found = getattr(dt, kind)(*parts)
    except (ValueError, TypeError):
        return text
    return str(found.isoformat() if kind == "date" else found.isoformat(timespec="microseconds"))


def _moment(text: str) -> dt.datetime | None:
    plain = text.replace(",", ".")
    forms = ("%d-%m-%Y", "%d/%m/%Y", "%H:%M", "%H:%M:%S", "%H:%M:%S.%f")
    try:
        found = dt.datetime.fromisoformat(plain)
    except ValueError:
        for form in forms:
            try:
                found = dt.datetime.strptime(plain, form)  # noqa: DTZ007 - compared with the local clock and with UTC
            except ValueError:
                continue
            if form.startswith("%H"):
                found = dt.datetime.combine(dt.datetime.now().date(), found.time())  # noqa: DTZ005
            return found
        return None
    return found.astimezone(dt.UTC).replace(tzinfo=None) if found.tzinfo else found


def _temporary(old: str, new: str) -> bool:
    """Tell whether two paths in the system's temporary folder differ in their random parts only."""
    before, after = re.split(r"[/\\]+", old), re.split(r"[/\\]+", new)
    return len(before) == len(after) and all(
        a == b or (_TEMPORARY.fullmatch(a) and _TEMPORARY.fullmatch(b)) for a, b in zip(before, after, strict=True)
    )


def _without_order(old: str, new: str) -> tuple[str, str] | None:
    """Write the sets of two lines in one order where they hold the same elements."""
    before, after = _SET.findall(old), _SET.findall(new)
    if len(before) != len(after) or not before:
        return None
    for a, b in zip(before, after, strict=True):
        if a != b and (values := _elements(a)) is not None and values == _elements(b):
            old = old.replace(a, b, 1)
    return old, new


def _elements(text: str) -> frozenset[object] | None:
    inner = text.removeprefix("frozenset(").removesuffix(")") if text.startswith("frozenset(") else text
    try:
        found = ast.literal_eval(inner)
    except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
        parts = [part.strip() for part in inner[1:-1].split(", ")]
        return frozenset(enumerate(sorted(parts)))
    return frozenset(found) if isinstance(found, set) else None

"""Two texts token by token: what moved, and what only looks as if it had.

A token counts as noise for what it is (an address, a UUID, a temporary path, this moment), never for where it stands,
and only when it is so on both sides. What could be a figure as well (a duration, a random-looking name, an order) is
left in *doubt*: a second run decides, see `danvan_kit.regression.book`. No number is ever blanked out.
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from danvan_kit.regression import clock, packed

Doubt = Literal["", "time", "id", "order"]
TOLERANCE = 1e-9
"""Two numbers closer than this, relatively, are one number if their last bits are written out."""
WRITTEN = 10
"""Significant digits up to which a number with decimals is exact: a computation's last bits stand further right."""
AROUND = 6
"""Tokens on either side that say where something came or went."""
LONGEST = 4_000
"""Tokens above which two texts of different length are compared as a whole, not aligned."""
_AROUND = 200  # characters of a line that are kept to say where a figure stands

_UNIT = r"(?:ns|[µμu]s|ms|secs?|seconds?|s|mins?|minutes?|hours?|h|mili giây|giây|phút)(?![\w%])"
_HEX = "[0-9a-fA-F]"
# Where systems keep temporary files: Linux, macOS (a folder for each user), Windows.
_ROOT = (
    r"(?:(?:(?<![\w.~/\\-])|(?<=file://))(?:/private)?/(?:tmp|var/tmp|var/folders/[^/\s]+/[^/\s]+/T)/"
    r"|[A-Za-z]:[\\/]+Users[\\/]+[^\\/\n]{1,64}[\\/]+AppData[\\/]+Local[\\/]+Temp[\\/]+)"
)
_TOKEN = re.compile(
    "|".join(
        f"(?P<{name}>{pattern})"
        for name, pattern in {
            "uuid": rf"(?<!{_HEX}){_HEX}{{8}}([-_]){_HEX}{{4}}\2{_HEX}{{4}}\2{_HEX}{{4}}\2{_HEX}{{12}}(?!{_HEX})",
            "address": rf"\b0x{_HEX}{{6,}}\b",
            "path": rf"{_ROOT}[^\s'\",;:<>()\[\]]+",
            "hex": rf"(?!\d+[eE]\d+\b)\b(?=\w*\d)(?=\w*[a-fA-F]){_HEX}{{8,}}\b",
            "clock": r"datetime\.(?:datetime|date|time)\(\d{1,6}(?:, \d{1,6})*(?:, tzinfo=datetime\.timezone\.utc)?\)",
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
# What IPython's own timers and progress bars print: made of durations by those who print them. A line "Wall time" that
# stands alone may be anybody's.
_WALL = re.compile(r"^(CPU times: .*)\n(Wall time: )", re.MULTILINE)
_DURATIONS = rf"(?:\d[\d.,]* ?(?:d(?!\w)|{_UNIT})[ ,]*)+"
_TIMERS = re.compile(
    rf"\s*(?:CPU times: (?:(?:user|sys|total):? {_DURATIONS})+(?:Wall time: {_DURATIONS})?|"
    rf"{_DURATIONS}± {_DURATIONS}per loop \(mean ± std\. dev\. of \d+ runs?, [\d,]+ loops? each\))\s*"
)
_SPENT = r"(?:\d{1,4}:)?\d\d:\d\d"
_SPEED = re.compile(
    rf"\[{_SPENT}(?:<(?:{_SPENT}|\?),\s*(?:[\d.]{{1,12}}|\?) ?(?:[^\W\d]{{0,20}}/s|s/[^\W\d]{{1,20}})"
    r"|,\s*(?:[\d.]{1,12}|\?)(?:it/s|s/it))(?=[\],])"
)
_TIMED = re.compile(
    r"\b(?:time|took|takes?|elapsed|duration|runtime|wall|finished in|done in|secs?|seconds?|ms|perf|timestamp|"
    r"thời gian|mất|chạy|xong trong|giây)\b",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"\b(?:pid|process|tiến trình|thread|luồng|id)\b", re.IGNORECASE)
_RANDOM = re.compile(r"(?=\w*\d)(?=\w*[A-Za-z])\w{5,}")
_TOKEN_OF_URL = re.compile(r"(?=[\w-]*\d)(?=[\w-]*[a-z])(?=[\w-]*[A-Z])[\w-]{16,}")
_TEMPORARY = re.compile(r"tmp[a-z0-9_]{8}(?![a-z0-9_])(.*)")  # as Python's own `tempfile` draws names
_KERNEL = re.compile(r"ipykernel_\d+")
_ELEMENT = re.compile(r"'(?:[^'\\]|\\.)*+'|\"(?:[^\"\\]|\\.)*+\"|-?\d[\w.+-]*+|None|True|False")
_SET = re.compile(rf"\{{((?:{_ELEMENT.pattern})(?:, (?:{_ELEMENT.pattern}))*+)\}}")


class Token(NamedTuple):
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
        The line's beginning, to say what the figure is.
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


class _Line(NamedTuple):
    """What a line says about all of its tokens; read once, for a line may be very long."""

    number: int
    around: str
    timed: bool
    numbered: bool
    dated: bool


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
    before, after = _lines(packed.unpacked(old)), _lines(packed.unpacked(new))
    if len(before) != len(after):
        return list(_blocks(before, after))
    found = [turn for n, pair in enumerate(zip(before, after, strict=True)) for turn in _line(n, *pair)]
    if found and any(sorted(a) == sorted(b) for a, b in ((before, after), (_unnumbered(before), _unnumbered(after)))):
        # the same lines in another order, as from a loop over a set
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
    """Tell whether two numbers are one but for its last bits.

    Counts are exact, and so is what somebody wrote with fewer digits than a computation leaves behind.
    """
    if old == new or (old != old and new != new):  # noqa: PLR0124 - not a number, and it may be too large for one
        return True
    if isinstance(old, int) and isinstance(new, int):
        return False
    try:
        old, new = float(old), float(new)
    except OverflowError:
        return False
    if old.is_integer() and new.is_integer() and max(abs(old), abs(new)) < 2**53:
        return False
    nothing = old * new <= 0 and max(abs(old), abs(new)) < 1e-15  # two tiny figures of one sign may be probabilities
    near = nothing or math.isclose(old, new, rel_tol=TOLERANCE)
    return near and max(_digits(old), _digits(new)) > WRITTEN


def doubt(old: float, new: float) -> Doubt:
    """Return why a second run must decide about two numbers that no text stands around: both may be a clock's."""
    return "time" if all(_since_1970(value) for value in (old, new)) else ""


def aligned(before: Sequence[Any], after: Sequence[Any]) -> Iterator[tuple[int, int, int, int]]:
    """Return what differs between two sequences as ``before[i:j]`` and ``after[k:m]``.

    Parameters
    ----------
    before, after
        Hashable things; sequences too long to be aligned differ as a whole between their common ends.
    """
    head, a, b = _middles(before, after)
    if not a or not b or len(a) * len(b) > LONGEST**2:
        if a or b:
            yield head, head + len(a), head, head + len(b)
        return
    for kind, i, j, k, m in difflib.SequenceMatcher(None, a, b, autojunk=len(a) * len(b) > 250_000).get_opcodes():
        if kind != "equal":
            yield head + i, head + j, head + k, head + m


def _middles(before: Sequence[Any], after: Sequence[Any]) -> tuple[int, Sequence[Any], Sequence[Any]]:
    """Return how long two sequences begin alike, and what is left of them without their common ends."""
    shorter = min(len(before), len(after))
    head = next((n for n in range(shorter) if before[n] != after[n]), shorter)
    tail = next((n for n in range(shorter - head) if before[-1 - n] != after[-1 - n]), shorter - head)
    return head, before[head : len(before) - tail], after[head : len(after) - tail]


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in _WALL.sub(r"\1, \2", _ANSI.sub("", text).rstrip()).split("\n")]


def _unnumbered(lines: list[str]) -> list[str]:
    """Return lines without the numbers 0, 1, ... that begin the rows of a table; as they are where none do."""
    rows = [re.match(r"(\d+)\s+(\S.*)", line) for line in lines]
    if [row[1] for row in rows if row] != [str(n) for n in range(sum(map(bool, rows)))]:
        return lines
    return [
        " ".join(row[2].split()) if row else f"{n} {line}"
        for n, (row, line) in enumerate(zip(rows, lines, strict=True))
    ]


def _blocks(before: list[str], after: list[str]) -> Iterator[Turn]:
    """Compare texts with different numbers of lines: align what is equal, pair the rest."""
    for i, j, k, m in aligned(before, after):
        for n in range(max(j - i, m - k)):
            gone = before[i + n] if i + n < j else None
            come = after[k + n] if k + n < m else None
            if gone is not None and come is not None:
                yield from _line(k + n, gone, come)
            elif line := (gone or come or "").strip():
                yield Turn(k + n, 0, gone, come, line[:_AROUND], "time" if _TIMED.search(line) else "")


def _line(n: int, old: str, new: str) -> list[Turn]:
    if old == new or (_TIMERS.fullmatch(old) and _TIMERS.fullmatch(new)):
        return []
    if _SPEED.search(old) and _SPEED.search(new):
        old, new = _SPEED.sub("[", old), _SPEED.sub("[", new)
    if "{" in old:
        old, new = _SET.sub(_in_order, old), _SET.sub(_in_order, new)
    if old == new:
        return []
    around = new.strip()[:_AROUND]
    before, after = tokens(old), tokens(new)
    if before == after:
        return [Turn(n, 0, old, new, around, look=True)]
    if all(_TOKEN_OF_URL.fullmatch(side.strip()) for side in (old, new)):
        return [Turn(n, 0, old, new, around, "id")]
    if len(before) > 3 and len(before) == len(after) and sorted(before) == sorted(after):  # as from a set
        return [Turn(n, 0, old, new, around, "order")]
    dated = any(token.kind == "moment" and clock.is_today(token.text) for token in after)
    line = _Line(n, around, bool(_TIMED.search(new)), bool(_NUMBERED.search(new)), dated)
    return _paired(0, before, after, line) if len(before) == len(after) else _uneven(before, after, line)


def _in_order(found: re.Match[str]) -> str:
    """Write a set's elements in one order, each as it stands."""
    return "{" + ", ".join(sorted(_ELEMENT.findall(found[1]))) + "}"


def _paired(place: int, before: Sequence[Token], after: Sequence[Token], line: _Line) -> list[Turn]:
    pairs = enumerate(zip(before, after, strict=True), place)
    found = ((p, a, b, _doubt(a, b, line)) for p, (a, b) in pairs if a != b)
    return [Turn(line.number, p, a.text, b.text, line.around, doubt) for p, a, b, doubt in found if doubt is not None]


def _uneven(before: tuple[Token, ...], after: tuple[Token, ...], line: _Line) -> list[Turn]:
    found = []
    for i, j, k, m in aligned(before, after):
        if j - i == m - k:
            found += _paired(k, before[i:j], after[k:m], line)
            continue
        gone, come = _joined(before[i:j]), _joined(after[k:m])
        timed = line.timed and any(token.kind in {"duration", "moment"} for token in (*before[i:j], *after[k:m]))
        if not gone.strip() or not come.strip():  # what came or went says little without what stands around it
            gone, come = (
                _joined(before[max(0, i - AROUND) : j + AROUND]),
                _joined(after[max(0, k - AROUND) : m + AROUND]),
            )
        found.append(Turn(line.number, k, gone, come, line.around, "time" if timed else "", look=gone == come))
    return found


def _joined(part: Sequence[Token]) -> str:
    return "".join(token.text for token in part)


def _doubt(old: Token, new: Token, line: _Line) -> Doubt | None:
    """Return None for noise, a reason where a second run must decide, and an empty text for what has moved."""
    kinds = {old.kind, new.kind}
    if kinds == {"path"}:
        return _elsewhere(old.text, new.text)
    if len(kinds) == 1 and _noise(old, new, line):
        return None
    if kinds <= {"duration", "moment", "clock", "figure"}:
        if "duration" in kinds or line.timed or all(_passes(token) for token in (old, new)):
            return "time"
        if line.numbered or all(re.fullmatch(r"-?\d{9,}", token.text) for token in (old, new)):
            return "id"  # as from id(), hash() and getpid()
    random = kinds <= {"word", "figure", "hex"} and all(_RANDOM.fullmatch(token.text) for token in (old, new))
    return "id" if random or kinds in ({"uuid"}, {"address"}) else ""


def _noise(old: Token, new: Token, line: _Line) -> bool:
    if old.kind in {"uuid", "address"}:
        return _drawn(old) and _drawn(new)
    if old.kind in {"moment", "clock"}:
        return clock.is_now(old.text, new.text, dated=line.dated)
    return old.kind == "figure" and _last_bits(old.text, new.text)


def _drawn(token: Token) -> bool:
    """Tell whether a UUID is random or made of the time, not of a name; or whether an address can be one."""
    if token.kind == "uuid":
        return token.text[14] in "1467"
    return 2**32 <= int(token.text, 16) < 2**48  # of a 64-bit process; colours and masks are shorter, hashes longer


def _passes(token: Token) -> bool:
    """Tell whether a token is a time of day, or may be one in seconds (milliseconds, ...) since 1970."""
    if token.kind == "figure":
        return _since_1970(number(token.text) or 0.0)
    return ":" in token.text or (token.kind == "clock" and not token.text.startswith("datetime.date("))


def _since_1970(value: float) -> bool:
    return any(1.5e9 * unit < value < 2.5e9 * unit for unit in (1, 1e3, 1e6, 1e9))


def _digits(value: float) -> int:
    """Return how many significant digits it takes to write a number."""
    return sum(c.isdigit() for c in repr(value).partition("e")[0].lstrip("-0."))


def _last_bits(old: str, new: str) -> bool:
    """Tell whether two written numbers differ in their last bits only; 1 and 1.0 are equal and look different."""
    a, b = number(old), number(new)
    if a is None or b is None or a == b or any((sign in old) != (sign in new) for sign in ",+−"):
        return False
    whole = all(text.lstrip("+-−").isdigit() for text in (old, new))
    return not whole and close(a, b)


def _elsewhere(old: str, new: str) -> Doubt | None:
    """Return None where two temporary paths differ in their random parts only, and where a user's folder is."""
    before, after = (re.split(r"[/\\]+", re.sub(_ROOT, "", text)) for text in (old, new))
    if len(before) != len(after):
        return ""
    found: Doubt | None = None
    for n, (a, b) in enumerate(zip(before, after, strict=True)):
        if a == b or (_KERNEL.fullmatch(a) and _KERNEL.fullmatch(b)):
            continue
        if n and _KERNEL.fullmatch(after[n - 1]) and all(re.fullmatch(r"\d+\.py", part) for part in (a, b)):
            continue
        if not _unlike(a, b):
            return ""
        one, other = _TEMPORARY.fullmatch(a), _TEMPORARY.fullmatch(b)
        if not one or not other or one[1] != other[1]:
            found = "id"
    return found


def _unlike(old: str, new: str) -> bool:
    """Tell whether two names have as little in common as names drawn at random; 31 and 32 in a name have much."""
    _, a, b = _middles(old, new)
    return len(a) == len(b) >= 5 and sum(x == y for x, y in zip(a, b, strict=True)) * 2 < len(a)

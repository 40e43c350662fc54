"""Figures of one column, decided together, Vietnamese first: read, asked about or refused; never guessed.

A cell alone may be unclear where its column is not: other figures show whose separators were used, the total proves
which reading adds up, and an area's usual figure shows thousands that a spreadsheet took for a fraction.
"""

from __future__ import annotations

import datetime as dt
import itertools
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any, TypeAlias

from danvan_kit import words
from danvan_kit.forms.raw import Cell
from danvan_kit.forms.trouble import quoted
from danvan_kit.forms.written import Written, plain, written

Pair: TypeAlias = tuple[str, str]

MOST = 10**12
"""No office counts more of anything."""

_MOST_WAYS = 4096  # combinations of readings that are tried against a total
_NONE: Mapping[int, Any] = MappingProxyType({})


@dataclass(frozen=True)
class Reading:
    """What one cell says.

    Attributes
    ----------
    value
        The figure; None unless `status` is "reported".
    status
        "reported", "missing", "not_applicable", or "" for a question or a problem.
    code
        "" or "Q05" (no number, or more than one reading), "C07" (a number that cannot be).
    found
        What was found, with the possible readings: (vi, en).
    note
        Read, but to be known: how it was decided, (vi, en).
    """

    value: float | int | None
    status: str
    code: str = ""
    found: Pair = ("", "")
    note: Pair = ("", "")


@dataclass(frozen=True)
class _Doubt:
    """More than one reading, as long as no total proves one: the whole ones, and the one that stands there as typed."""

    whole: tuple[int, ...]
    typed: int | None
    question: Reading


def decide(
    cells: Sequence[Cell],
    *,
    whole: bool = True,
    formats: Mapping[int, str] = _NONE,
    total: Cell = None,
    usual: Mapping[int, float] = _NONE,
) -> list[Reading]:
    """Decide what the figures of one column are.

    Parameters
    ----------
    cells
        The raw cells of the data rows.
    whole
        Whether the figures are counts.
    formats
        Number formats of typed numbers, by position in `cells`.
    total
        The raw cell of the column's total row.
    usual
        The area's usual figure, by position, where it is known.

    Returns
    -------
    list of Reading
        One for each cell. No text, number or combination of them raises.
    """
    style = _style([*cells, total], whole)
    seen = [_see(cell, whole, style, formats.get(i, "")) for i, cell in enumerate(cells)]
    if whole:
        lost = any(isinstance(one, _Doubt) and _fraction(cell) for one, cell in zip(seen, cells, strict=True))
        typed = [lost and not isinstance(cell, str) for cell in cells]
        seen = [_suspect(one, usual.get(i, math.nan), typed[i]) for i, one in enumerate(seen)]
        seen = _prove(seen, _see(total, whole, style, ""))
    return [one.question if isinstance(one, _Doubt) else one for one in seen]


# --- one cell ---------------------------------------------------------------------------------------------------------


def _see(cell: Cell, whole: bool, style: str, shape: str) -> Reading | _Doubt:
    if cell is None:
        return Reading(None, "missing")
    if isinstance(cell, str):
        return _see_text(cell, whole, style)
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return _see_typed(cell, whole, shape)
    if isinstance(cell, dt.date):
        day, english = words.date(cell), words.date(cell, "en")
        return _ask(
            f"ngày {day}, không phải là số; có thể do Excel tự đổi một số như 1-2 hoặc 5.12 thành ngày",
            f"the date {english}, no number; Excel may have turned a figure such as 1-2 or 5.12 into a date",
        )
    return _ask(f"{quoted(cell)} không phải là số", f"{quoted(cell)} is no number")


def _see_text(text: str, whole: bool, style: str) -> Reading | _Doubt:
    bare, shown = plain(text), quoted(text)
    number = written(text)
    if number is not None:
        return _see_written(number, (shown, shown), whole, style)
    if bare in {"x", "X"}:
        return Reading(None, "not_applicable")
    if not bare:
        return Reading(None, "missing")
    if re.fullmatch(r"-+|\.{2,}", bare):
        note = (f"{shown} được coi là không có số liệu", f"{shown} is taken for no figure")
        return Reading(None, "missing", note=note)
    if re.fullmatch(r"0[0-9]+", bare):
        return _ask(f"{shown} giống mã số hơn là số liệu", f"{shown} looks like a code, not a figure")
    return _ask(f"{shown} không phải là số", f"{shown} is no number")


def _see_written(number: Written, shown: Pair, whole: bool, style: str) -> Reading | _Doubt:
    value, note = _choose(number, whole, style)
    if value is not None:
        return _checked(value, whole, shown, note)
    readings = {one: None for one in (number.joined if number.vi is None else number.vi, number.en) if one is not None}
    return _ask_which(shown, tuple(readings))


def _see_typed(number: float, whole: bool, shape: str) -> Reading | _Doubt:
    if not abs(number) <= MOST:
        shown = ("một số quá lớn hoặc không xác định", "a number too large, or none at all")
        return Reading(None, "", "C07", shown)
    if not shape and 0 <= number == int(number):  # most figures: no words need to be made
        return Reading(int(number), "reported")
    value = Decimal(str(number))
    pair = (f"số {_say(value)}", f"the number {_say(value, 'en')}")
    if _looks_different(shape):
        return _ask(
            f"{pair[0]}, nhưng định dạng {quoted(shape)} cho thấy khác",
            f"{pair[1]}, but the format {quoted(shape)} shows something else",
        )
    decimals = max((len(found) for found in re.findall(r"\.([0#?]+)", _bare(shape))), default=0)
    if whole and value > 0 and _whole(value) and decimals in {3, 6}:
        return _ask_which(pair, (value, value.scaleb(decimals)), typed=int(value))
    if whole and _fraction(number) and 1 < value < 1000 and _whole(value * 1000):
        return _ask_which(pair, (value * 1000, value))
    return _checked(value, whole, pair)


def _fraction(cell: Cell) -> bool:
    return isinstance(cell, float) and not cell.is_integer()


def _looks_different(shape: str) -> bool:
    """Tell whether a number format shows percent, scaled numbers, digits that are not the number's, or nothing."""
    literal = "".join(re.findall(r'"[^"]*"|\\.', shape))
    bare = _bare(shape)
    added = re.search(r"[0-9]", literal) is not None or re.search(r"[1-9]", bare) is not None
    scaled = re.search(r",(?![0#?,])", bare) is not None
    nothing = shape != "" and re.match(r"[^;]*[0#?@]|(?i:general)", bare) is None
    return "%" in shape or added or scaled or nothing


def _bare(shape: str) -> str:
    """Return a number format without literal texts, conditions, colours and room for signs."""
    return re.sub(r'"[^"]*"|\\.|\[[^\]]*\]|[_*].', "", shape)


def _checked(value: Decimal, whole: bool, shown: Pair, note: Pair = ("", "")) -> Reading:
    """Return a number that can be, or say why it cannot."""
    for wrong, vi, en in (
        (value < 0, "là số âm", "is negative"),
        (value > MOST, "quá lớn", "is too large"),
        (whole and not _whole(value), "là số lẻ, không phải số nguyên", "is no whole number"),
    ):
        if wrong:
            return Reading(None, "", "C07", (f"{shown[0]} {vi}", f"{shown[1]} {en}"))
    return Reading(int(value) if _whole(value) else float(value), "reported", note=note)


def _style(cells: Sequence[Cell], whole: bool) -> str:
    """Tell whose separators a column has: "vi" or "en" where some figures tell it and none tells the other."""
    numbers = [written(cell) for cell in cells if isinstance(cell, str)]
    told = {_tells(one, whole) for one in numbers if one is not None} - {""}
    return told.pop() if len(told) == 1 else ""


def _tells(number: Written, whole: bool) -> str:
    if number.vi is None:
        return "en" if "," in number.body else ""  # "12.5" may be a slip for 125
    if number.en is None:
        return "vi"
    return "vi" if whole and number.vi != number.en and "." in number.body else ""


def _choose(number: Written, whole: bool, style: str) -> tuple[Decimal | None, Pair]:
    """Return the one reading that a written number has in its column, and what is to be known about it."""
    vi, en = number.vi, number.en
    if vi is not None and (en is None or vi == en or (whole and "." in number.body)):
        return vi, ("", "")
    if style == "en" and en is not None:
        return en, ("đọc theo kiểu Anh, như cả cột", "read the English way, as the whole column is written")
    if style == "vi" and not whole and vi is not None:
        return vi, ("đọc theo kiểu Việt Nam, như cả cột", "read the Vietnamese way, as the whole column is written")
    return None, ("", "")


# --- the column -------------------------------------------------------------------------------------------------------


def _suspect(one: Reading | _Doubt, usual: float, lost: bool) -> Reading | _Doubt:
    """Doubt a figure about a thousand times, or a thousandth, of what is usual; and small ones beside lost thousands.

    Who types 27.739 and gets a fraction types 12.000 and gets 12: `lost` says that there is such a fraction.
    """
    if isinstance(one, _Doubt) or one.value is None:
        return one
    value = int(one.value)
    if lost and 0 < value < 1000 and not usual < value * 30:  # the figure is not the nearer of the two
        return _ask_which(_named(value), (Decimal(value), Decimal(value * 1000)), typed=value)
    for close, scale in (
        (usual >= 1000 and usual * 0.4 <= value * 1000 <= usual * 2.5, 3),
        (value >= 1000 and usual * 400 <= value <= usual * 2500, -3),
    ):
        if close:
            vi = f"{_named(value)[0]}, thường là khoảng {words.number(usual, digits=0)},"
            en = f"{_named(value)[1]}, usually about {words.number(usual, lang='en', digits=0)},"
            return _ask_which((vi, en), (Decimal(value), Decimal(value).scaleb(scale)), typed=value)
    return one


def _named(value: int) -> Pair:
    return f"số {words.number(value)}", f"the number {words.number(value, lang='en')}"


def _prove(seen: Sequence[Reading | _Doubt], total: Reading | _Doubt) -> list[Reading | _Doubt]:
    """Settle doubts where exactly one combination of readings adds up to the total and everything else is certain."""
    doubts = [one for one in seen if isinstance(one, _Doubt)]
    sure = [one for one in seen if isinstance(one, Reading)]
    if isinstance(total, _Doubt) or total.value is None or not all(one.status for one in sure):
        return list(seen)
    if math.prod(len(one.whole) for one in doubts) > _MOST_WAYS:
        return list(seen)
    rest = total.value - sum(one.value for one in sure if one.value is not None)
    fitting = [ways for ways in itertools.product(*(one.whole for one in doubts)) if sum(ways) == rest]
    # A total that adds up what stands there proves nothing: it may be a formula.
    if len(fitting) != 1 or fitting[0] == tuple(one.typed for one in doubts):
        return list(seen)
    proved = iter(fitting[0])
    return [_proved(next(proved)) if isinstance(one, _Doubt) else one for one in seen]


def _proved(value: int) -> Reading:
    vi, en = _say(Decimal(value)), _say(Decimal(value), "en")
    return Reading(value, "reported", note=(f"là {vi} theo dòng tổng cộng", f"{en}, as the total row shows"))


# --- words ------------------------------------------------------------------------------------------------------------


def _ask(vi: str, en: str) -> Reading:
    return Reading(None, "", "Q05", (vi, en))


def _ask_which(shown: Pair, readings: Sequence[Decimal], *, typed: int | None = None) -> _Doubt:
    vi = " hoặc ".join(_say(value) for value in readings)
    en = " or ".join(_say(value, "en") for value in readings)
    whole = tuple(int(value) for value in readings if _whole(value) and 0 <= value <= MOST)
    return _Doubt(whole, typed, _ask(f"{shown[0]} có thể là {vi}", f"{shown[1]} may be {en}"))


def _say(value: Decimal, lang: str = "vi") -> str:
    """Write a number with all its decimals."""
    exponent = value.normalize().as_tuple().exponent
    return words.number(value, lang=lang, digits=max(0, -int(exponent)))


def _whole(value: Decimal) -> bool:
    return value == value.to_integral_value()

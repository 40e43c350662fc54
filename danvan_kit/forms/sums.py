"""The arithmetic that a form states in the row of column numbers: ``1=2+3+…+7``, ``5=3-4``, ``7=6:5x100``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_CODE = re.compile(r"\(?\s*(?P<number>[0-9]{1,3})\s*\)?\s*(?:=\s*(?P<rest>.+))?")
_LETTER = re.compile(r"\(?[A-ZĐ]\)?", re.IGNORECASE)
_TERM = re.compile(r"\s*(?P<sign>[-–−+x×*:/])?\s*\(?\s*(?P<term>[0-9]{1,4}|…|\.{2,3})\s*\)?\s*")


@dataclass(frozen=True)
class Code:
    """A column's number, and how it follows from others: ``(sign, number)`` for each term."""

    number: int
    terms: tuple[tuple[str, int], ...] = ()
    text: str = ""


def is_letter(text: str) -> bool:
    """Tell whether a cell of that row names a column that bears no figures: A, B, (C)."""
    return _LETTER.fullmatch(text.strip()) is not None


def code(text: str) -> Code | None:
    """Read one cell of that row; None when it is none.

    >>> code("1=2+3+…+5")
    Code(number=1, terms=(('+', 2), ('+', 3), ('+', 4), ('+', 5)), text='1=2+3+…+5')
    """
    found = _CODE.fullmatch(text.strip())
    if found is None:
        return None
    if not found["rest"]:
        return Code(int(found["number"]))
    terms = _terms(found["rest"])
    return None if terms is None else Code(int(found["number"]), terms, " ".join(text.split()))


def _terms(text: str) -> tuple[tuple[str, int], ...] | None:
    terms: list[tuple[str, int]] = []
    position, gap = 0, ""
    while position < len(text):
        found = _TERM.match(text, position)
        if found is None or len(terms) > 200:
            return None
        position, sign, term = found.end(), found["sign"] or "", found["term"]
        if bool(terms or gap) != bool(sign):  # a sign before each term but the first
            return None
        sign = {"": "+", "–": "-", "−": "-", "×": "x", "*": "x", ":": "/"}.get(sign, sign)
        if not term.isdigit():
            gap = sign
            continue
        if gap and (not terms or gap != sign or int(term) <= terms[-1][1]):
            return None
        if gap:  # 2+3+…+7
            terms += [(gap, n) for n in range(terms[-1][1] + 1, min(int(term), terms[-1][1] + 200))]
            gap = ""
        terms.append((sign, int(term)))
    return None if gap or not terms else tuple(terms)


def value(terms: tuple[tuple[str, int], ...], columns: Mapping[int, float]) -> float | None:
    """Work a stated arithmetic out; None when a column is not known, or something is divided by nothing.

    Multiplication and division go before addition. A factor of 100 that is no column is the number itself.
    """
    total, product = 0.0, None
    for sign, number in terms:
        if number in columns:
            worth = columns[number]
        elif sign == "x" and number in (100, 1000):
            worth = float(number)
        else:
            return None
        if sign in "+-":
            total += product or 0.0
            product = worth if sign == "+" else -worth
        elif product is None or (sign == "/" and worth == 0):
            return None
        else:
            product = product * worth if sign == "x" else product / worth
    return total + (product or 0.0)


def exact(terms: tuple[tuple[str, int], ...]) -> bool:
    """Tell whether a stated arithmetic has no division, so that it must hold to the last unit."""
    return all(sign != "/" for sign, _ in terms)

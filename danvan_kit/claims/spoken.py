"""Numbers in words, Vietnamese and English: "hai mươi hai" is 22, "one hundred and forty-four" is 144."""

from __future__ import annotations

import re

_UNITS = {
    "không": 0, "một": 1, "mốt": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "lăm": 5, "nhăm": 5, "sáu": 6,
    "bảy": 7, "bẩy": 7, "tám": 8, "chín": 9,
}  # fmt: skip
_TENS = {"mười": 10, "mươi": 10, "chục": 10}
_SCALES = {"nghìn": 1000, "ngàn": 1000, "vạn": 10_000, "triệu": 1_000_000, "tỷ": 1_000_000_000}
_JOINTS = {"linh", "lẻ"}
_EN = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
    "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
_EN_SCALES = {"hundred": 100, "thousand": 1000, "million": 1_000_000}
_VI = "|".join([*_UNITS, *_TENS, "trăm", *_SCALES, *_JOINTS])
_ENGLISH = "|".join([*_EN, *_EN_SCALES])
SPOKEN = re.compile(
    rf"\b(?:(?:{_VI})(?: (?:{_VI}))*|(?:{_ENGLISH})(?:(?: and |[ -])(?:{_ENGLISH}))*)\b(?! ?(?:phần|lần thứ)\b)"
)
"""Runs of number words; `spoken` tells whether a run is a number."""


def spoken(text: str) -> int | None:
    """Read a number in words; None when the words are no number.

    Parameters
    ----------
    text
        Small letters, composed, such as ``"hai nghìn không trăm bốn mươi tám"``.
    """
    said = re.split(r"[ -]+", text)
    if said[0] in _EN or said[0] in _EN_SCALES:
        return _english([word for word in said if word != "and"])
    total, rest = 0, said
    for name, scale in sorted(_SCALES.items(), key=lambda pair: -pair[1]):
        if name not in rest:
            continue
        i = rest.index(name)
        head = _below_thousand(rest[:i])
        if head is None or head == 0:
            return None
        total, rest = total + head * scale, rest[i + 1 :]
    if not rest:
        return total
    tail = _below_thousand(rest)
    if tail is None or (total and len(rest) == 1 and rest[0] in _UNITS):  # "hai nghìn tư" is 2400 in speech, or 2004
        return None
    return total + tail


def _below_thousand(said: list[str]) -> int | None:
    if "trăm" in said:
        i = said.index("trăm")
        if i != 1 or said[0] not in _UNITS:
            return None
        rest = said[i + 1 :]
        if rest and rest[0] in _JOINTS:
            return None if len(rest) != 2 or rest[1] not in _UNITS else _UNITS[said[0]] * 100 + _UNITS[rest[1]]
        tail = _below_hundred(rest) if rest else 0
        short = len(rest) == 1 and rest[0] in _UNITS  # "một trăm tư" is 140 in speech
        return None if tail is None or short else _UNITS[said[0]] * 100 + tail
    return _below_hundred(said)


def _below_hundred(said: list[str]) -> int | None:  # noqa: PLR0911 - one return a rule
    if not said:
        return None
    if len(said) == 1:
        return _UNITS.get(said[0], 10 if said[0] == "mười" else None)
    if said[0] == "mười" and len(said) == 2 and said[1] in _UNITS:
        return 10 + _UNITS[said[1]]
    if said[0] in _UNITS and said[1] in ("mươi", "chục"):
        ten = 10 * _UNITS[said[0]]
        if len(said) == 2:
            return ten
        return ten + _UNITS[said[2]] if len(said) == 3 and said[2] in _UNITS else None
    if len(said) == 2 and said[0] in _UNITS and said[1] in {"mốt", "tư", "lăm"}:  # "hai mốt": 21
        return 10 * _UNITS[said[0]] + _UNITS[said[1]]
    return None


def _english(said: list[str]) -> int | None:
    total, part, seen = 0, 0, False
    for word in said:
        if word in _EN:
            value = _EN[word]
            if seen and (value >= 10 or part % 10 or part % 100 < 20) and part % 100:
                return None
            part, seen = part + value, True
        elif word == "hundred":
            if not 1 <= part <= 9:
                return None
            part, seen = part * 100, True
        else:
            if not part:
                return None
            total, part, seen = total + part * _EN_SCALES[word], 0, False
    return total + part

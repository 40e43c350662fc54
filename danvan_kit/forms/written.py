"""One written number and every number that it may mean, to a Vietnamese and to an English reader."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

_LONGEST = 60  # characters of a written figure

# Characters that look like others, or like nothing. Line ends and tabs are not among them: two lines are two figures.
_ALIKE = (
    dict.fromkeys("\u00a0\u2007\u2008\u2009\u200a\u202f\u3000\u200b", " ")
    | dict.fromkeys("\u00ad\u200c\u200d\u2060\ufeff", "")
    | dict.fromkeys("−–—‐‑－", "-")
    | {"…": "...", "．": ".", "，": ",", "＋": "+", "（": "(", "）": ")", "’": "'"}
)


def _form(thousands: str, point: str) -> re.Pattern[str]:
    whole = rf"[1-9][0-9]{{0,2}}(?:{thousands}[0-9]{{3}})+|[1-9][0-9]{{0,2}}(?: [0-9]{{3}})+|0|[1-9][0-9]*"
    return re.compile(rf"(?P<whole>{whole})(?:{point}(?P<decimals>[0-9]+))?")


_VIETNAMESE, _ENGLISH = _form(r"\.", ","), _form(",", r"\.")
_JOINED = re.compile(r"(?P<whole>[1-9][0-9]*\.[0-9]+)(?P<decimals>)")
_SIGNED = re.compile(r"'?(?:(?P<sign>[-+]?) ?(?P<body>[0-9][0-9., ]*)|\( ?(?P<inner>[0-9][0-9., ]*?) ?\))")


@dataclass(frozen=True)
class Written:
    """A written number: its digits and marks, and what it is to a Vietnamese and to an English reader.

    `joined` is what a Vietnamese reader may take it for whose full stops stand anywhere: 125 for "12.5".
    """

    body: str
    vi: Decimal | None
    en: Decimal | None
    joined: Decimal | None


def plain(text: str) -> str:
    """Write digits of other scripts, odd spaces and full-width marks the plain way."""
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else _ALIKE.get(c, c) for c in text).strip()


def written(text: str) -> Written | None:
    """Read a written number; None where it is none to either reader."""
    bare = plain(text)
    signed = _SIGNED.fullmatch(bare) if len(bare) <= _LONGEST else None
    if signed is None:
        return None
    body = signed["body"] or signed["inner"]
    sign = "-" if signed["sign"] == "-" or signed["inner"] else ""
    vi, en, joined = (_value(form, sign, body) for form in (_VIETNAMESE, _ENGLISH, _JOINED))
    return None if vi is None and en is None else Written(body, vi, en, joined)


def _value(form: re.Pattern[str], sign: str, body: str) -> Decimal | None:
    found = form.fullmatch(body)
    if found is None:
        return None
    return Decimal(sign + re.sub(r"[., ]", "", found["whole"]) + "." + (found["decimals"] or "0"))

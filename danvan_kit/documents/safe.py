"""Texts that no office program can trip over, run, or open as a link."""

from __future__ import annotations

import re
import unicodedata

from danvan_kit.forms.export import MOST_LETTERS, is_live

__all__ = ["CELL", "LOST", "cell", "is_live", "line", "paragraphs"]

LOST = "\ufffd"
"""Stands where a character was that no document can hold: half of a pair, a code that means nothing."""
CELL = MOST_LETTERS
"""UTF-16 units that one cell of a workbook holds."""
_GLUED = re.compile(r"(?<=\d) (?=[%‰])")


def line(text: object) -> str:
    """Return a text on one line, as any document can hold it.

    Controls, tabs and line breaks become a space; characters that turn the writing round or have no shape go; what no
    XML can hold becomes `LOST`. A figure is not parted from its per cent sign.

    Parameters
    ----------
    text
        Anything; None is an empty text.
    """
    raw = "" if text is None else str(text)
    return _GLUED.sub("\u00a0", " ".join("".join(_held(c) for c in raw).split()))


def paragraphs(text: object) -> list[str]:
    """Return the lines of a text that somebody typed, without empty ones; each as `line` makes it."""
    raw = "" if text is None else str(text)
    return [kept for part in re.split(r"[\r\n\v\f\x85\u2028\u2029]+", raw) if (kept := line(part))]


def _held(character: str) -> str:
    if character.isprintable():
        return character
    kind = unicodedata.category(character)
    if kind in {"Cs", "Cn", "Co"}:
        return LOST
    return "" if kind == "Cf" else " "


def cell(text: object, most: int = CELL) -> str:
    """Return a text for one cell of a workbook: `line`, cut where a cell ends, saying how much is left out.

    Parameters
    ----------
    text
        Anything.
    most
        UTF-16 units that fit.
    """
    whole = line(text)
    if _units(whole) <= most:
        return whole
    note = f"… (+{len(whole)})"
    kept = whole.encode("utf-16-le")[: 2 * (most - len(note))].decode("utf-16-le", errors="ignore")
    return f"{kept}… (+{len(whole) - len(kept)})"


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2

"""What is wrong with a form: coded, each with file, sheet, cell, what was found, what is allowed, what to do next."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal

from danvan_kit.errors import DanvanError
from danvan_kit.words import DASH, number

LANGUAGES = ("vi", "en")


@cache
def codes() -> dict[str, dict[str, Any]]:
    """Return every code: its ``kind`` (problem, question, note) and its texts ``title, allowed, next`` (vi, en)."""
    text = resources.files("danvan_kit.forms").joinpath("codes.json").read_text(encoding="utf-8")
    found: dict[str, dict[str, Any]] = json.loads(text)
    return found


@dataclass(frozen=True)
class Trouble:
    """One problem, question or note.

    Attributes
    ----------
    code
        One of `codes`.
    file, sheet, cell
        Where; `cell` is an address such as ``C5``, a range, or empty for a whole sheet or file.
    found
        What stands there, or what is wrong with it, in words: (vi, en), or one text for both.
    allowed
        What is allowed there, (vi, en); without it the code's own text.
    area, year, indicator, scope
        What the cell would have been, as far as that is known.
    """

    code: str
    file: str
    sheet: str = ""
    cell: str = ""
    found: str | tuple[str, str] = ""
    allowed: tuple[str, str] | None = None
    area: str = ""
    year: int | None = None
    indicator: str = ""
    scope: str = ""

    @property
    def kind(self) -> str:
        """Whether it is a problem, a question or a note."""
        return str(codes()[self.code]["kind"])

    def text(self, what: Literal["title", "found", "allowed", "next"], lang: str = "vi") -> str:
        """Return one part of what is to be said."""
        i = LANGUAGES.index(lang)
        if what == "found":
            return self.found if isinstance(self.found, str) else self.found[i]
        if what == "allowed" and self.allowed is not None:
            return self.allowed[i]
        return str(codes()[self.code][what][i])

    def message(self, lang: str = "vi") -> str:
        """Return the whole in one line."""
        place = self.file + (f", {self.sheet}" if self.sheet else "") + (f"!{self.cell}" if self.cell else "")
        words = {"vi": ("tìm thấy", "được dùng", "việc cần làm"), "en": ("found", "allowed", "next")}[lang]
        parts = [f"[{self.code}] {place}: {self.text('title', lang)}"]
        for word, what in zip(words, ("found", "allowed", "next"), strict=True):
            if told := self.text(what, lang):  # type: ignore[arg-type]
                parts.append(f"{word}: {told}")
        return _one_line("; ".join(parts))


class FormError(DanvanError):
    """A file that cannot be read at all; `trouble` has the code, the place and what to do next."""

    def __init__(self, trouble: Trouble) -> None:
        self.trouble = trouble
        super().__init__(trouble.message("vi"), trouble.message("en"))

    @property
    def code(self) -> str:
        """One of `codes`."""
        return self.trouble.code


def quoted(value: object, most: int = 60) -> str:
    """Return a value as it is quoted in a message: on one line, cut when long."""
    text = _one_line(value if isinstance(value, str) else str(value))
    return f"“{text if len(text) <= most else text[: most - 1] + '…'}”"


def shown(value: float | None, status: str = "reported") -> tuple[str, str]:
    """Return a figure as it is written in a message, (vi, en); a dash or an x where there is none."""
    if value is None or status != "reported":
        mark = "x" if status == "not_applicable" else DASH
        return mark, mark
    return number(value), number(value, lang="en")


def _one_line(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)

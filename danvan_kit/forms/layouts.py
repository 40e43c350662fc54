"""What the words in a form's headers and rows mean: a small table, ``layouts.csv``, and how it is looked up.

A header that the table does not know letter by letter may still differ from a known one by slips of the keyboard and by
small words; anything more is asked about, with the nearest known header and its score.
"""

from __future__ import annotations

import csv
import difflib
import io
import re
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from pathlib import Path

import pandas as pd

from danvan_kit.errors import DanvanError
from danvan_kit.words import clean, fold, label, one_slip

ROLES = frozenset(
    {"order", "code", "area", "parent", "indicator", "unit", "year", "scope", "value", "own", "consolidated"}
    | {"sum", "note", "other", "total", "group", "title"}
)
"""What a header can be besides an indicator; ``total`` and ``group`` are names of rows, ``title`` tells a form."""

SCOPES = ("own", "consolidated")
MOST_LETTERS = 400
"""No header and no name is longer; a longer text has no bare words."""

MOST_STRANGE = 2_000
"""Texts that are looked at closely in one call; further ones are known letter by letter or asked about."""

LABELLED = frozenset({"order", "code", "area", "indicator"})
"""The roles of which at least one stands in every header."""

_GROUPS = (
    *("documents", "briefing", "inspection", "supervision", "critique", "dialogue", "opinions", "reception"),
    *("mediation", "models", "organisation"),
)
# Words that change nothing when one office writes them and another does not.
_SMALL = frozenset({"so", "cac", "cua", "ve", "viec", "va", "trong", "nam", "o", "tai", "duoc", "da", "theo", "cho"})
_FILLERS = frozenset(
    re.findall(
        r"\w+",
        "cong tac hoat dong ket qua thuc hien so lieu ve viec va trong nam tong cac cua o tai chia ra theo noi dung"
        " dang uy cap co so quyet dinh 290 qd tw phan nhom muc khac xay dung bo may to chuc",
    )
)
_NOISE = re.compile(r"[^\w%]+")
_IY = re.compile(r"\b([hklmstv]|qu)y\b")  # "kỳ" and "kì", "tỷ lệ" and "tỉ lệ" are one word
_NUMBERING = re.compile(
    r"^(?:[-–+*•]+\s*|[0-9]{1,2}(?:\.[0-9]{1,2})*[.)/]+\s*|(?:[ivx]{1,4}|[a-zđ])(?:\.[0-9]{1,2})*(?:[.]+\s+|[)/]+\s*))+",
    re.IGNORECASE,
)


class LayoutError(DanvanError):
    """A table of layouts with a column, a meaning or a phrase that it may not have."""


@dataclass(frozen=True)
class Meaning:
    """What a piece of text means.

    Attributes
    ----------
    means
        A role, an indicator's id, or empty when it is not known.
    score
        1 when the words are known, less when letters differ; of the nearest known words when `means` is empty.
    nearest
        Those nearest words.
    """

    means: str
    score: float = 0.0
    nearest: str = ""


@dataclass(frozen=True, eq=False)
class Layout:
    """The words of one form.

    Attributes
    ----------
    phrases
        Bare phrase to meaning.
    indicators
        The ids that are indicators.
    vocabulary
        Bare words of which titles above indicators are made.
    totals, groups
        Bare phrases that name rows of totals and of groups.
    written
        Bare phrase to the phrase as it is written.
    units
        The catalogue's units of measure, bare.
    """

    phrases: dict[str, str]
    indicators: frozenset[str]
    vocabulary: frozenset[str]
    totals: frozenset[str]
    groups: frozenset[str]
    written: dict[str, str] = field(repr=False)
    units: frozenset[str]
    cache: dict[str, Meaning] = field(default_factory=dict, repr=False)

    def means(self, text: str) -> Meaning:
        """Look a text up."""
        found = self.cache.get(text)
        if found is None:
            found = self.cache[text] = self._look_up(text)
        return found

    def exact(self, text: str) -> str:
        """Return what known words mean, letter by letter; empty for all others. Costs next to nothing."""
        return self.phrases.get(bare(text)) or self.phrases.get(bare(text, brackets=False), "")

    def _look_up(self, text: str) -> Meaning:
        written = bare(text)
        if not written:
            return Meaning("")
        for form in dict.fromkeys((written, bare(text, brackets=False))):
            if form in self.phrases:
                return Meaning(self.phrases[form], 1.0, self.written[form])
        return self._nearest(bare(text, brackets=False) or written)

    def _nearest(self, written: str) -> Meaning:
        """Return what slips of the keyboard and small words may have changed; else nothing, with the nearest."""
        if len(self.cache) > MOST_STRANGE:
            return Meaning("")
        matcher = difflib.SequenceMatcher(b=written, autojunk=False)
        words = set(written.split())
        ranked = []
        for phrase, means in self.phrases.items():
            if not words.isdisjoint(phrase.split()):
                matcher.set_seq1(phrase)
                ranked.append((matcher.ratio(), phrase, means))
        ranked.sort(reverse=True)
        alike = [(score, phrase, means) for score, phrase, means in ranked if _same_words(written, phrase)]
        if alike and len({means for _, _, means in alike}) == 1:
            return Meaning(alike[0][2], alike[0][0], self.written[alike[0][1]])
        return Meaning("", ranked[0][0], self.written[ranked[0][1]]) if ranked else Meaning("")

    def is_group(self, text: str) -> bool:
        """Tell whether a text says no more than which group the indicators below it are of."""
        words = bare(text).split()
        return bool(words) and all(word in self.vocabulary or word in _FILLERS for word in words)


def bare(text: str, *, brackets: bool = True) -> str:
    """Return the bare words of a header or a row's name: no accents, marks, numbering; perhaps no brackets."""
    return _bare(text, brackets) if len(text) <= MOST_LETTERS else ""


@lru_cache(maxsize=20_000)  # the same few hundred words stand in every form
def _bare(text: str, brackets: bool) -> str:
    text = clean(text)
    if not brackets:
        text = re.sub(r"\([^()]*\)", " ", text)
    return _IY.sub(r"\1i", _NOISE.sub(" ", fold(_NUMBERING.sub("", text))).strip())


def layouts(indicators: pd.DataFrame, own: Path | str | None = None) -> dict[str, Layout]:
    """Return the layouts by name: ``*`` for any form, and one for each form that has a ``title``.

    Parameters
    ----------
    indicators
        The catalogue, indexed by id; its Vietnamese labels are known words.
    own
        A table of one's own (CSV, UTF-8: ``form, means, words``), added to the shipped one.

    Raises
    ------
    LayoutError
        When the table has other columns, names an unknown meaning, or gives one phrase two meanings.
    """
    shipped = resources.files("danvan_kit.forms").joinpath("layouts.csv").read_text(encoding="utf-8")
    rows = _rows("layouts.csv", shipped)
    known = frozenset(map(str, indicators.index))
    rows = [row for row in rows if row[1] in ROLES or row[1] in known]  # the shipped table serves any catalogue
    if own is not None:
        rows += _own(Path(own), known)
    names = list(dict.fromkeys(form for form, _, _, _ in rows))
    labels = {str(i): str(text) for i, text in indicators["label_vi"].items()}
    units = frozenset(bare(str(unit)) for unit in indicators["unit_vi"])
    return {name: _layout(name, rows, labels, units) for name in ("*", *(n for n in names if n != "*"))}


def titles(own: dict[str, Layout]) -> dict[str, str]:
    """Return, for each form that has a title of its own, the bare words that tell it."""
    found = {}
    for name, layout in own.items():
        for phrase, means in layout.phrases.items():
            if name != "*" and means == "title":
                found[phrase] = name
    return found


def _own(path: Path, known: frozenset[str]) -> list[tuple[str, str, str, int]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as err:
        raise LayoutError(f"không đọc được {path}; cần tệp CSV mã UTF-8", f"{path} cannot be read") from err
    rows = _rows(str(path), text)
    for _, means, _, line in rows:
        if means not in ROLES and means not in known:
            allowed = ", ".join([*sorted(ROLES), *sorted(known)])
            raise LayoutError(
                f"{path}, dòng {line}: không có nghĩa {means!r}; được dùng: {allowed}",
                f"row {line}: no meaning {means!r}",
            )
    return rows


def _rows(name: str, text: str) -> list[tuple[str, str, str, int]]:
    """Return (form, means, phrase, line) of a table of layouts."""
    reader = csv.DictReader(io.StringIO(text))
    if reader.fieldnames != ["form", "means", "words"]:
        raise LayoutError(
            f"{name}, dòng 1: có cột {reader.fieldnames}; được dùng: form, means, words",
            f"row 1 has columns {reader.fieldnames}; allowed: form, means, words",
        )
    return [
        (row["form"].strip(), row["means"].strip(), phrase.strip(), line)
        for line, row in enumerate(reader, start=2)
        for phrase in row["words"].split("|")
        if phrase.strip()
    ]


def _layout(name: str, rows: list[tuple[str, str, str, int]], labels: dict[str, str], units: frozenset[str]) -> Layout:
    phrases: dict[str, str] = {}
    totals: set[str] = set()
    groups: set[str] = set()
    written: dict[str, str] = {}
    for indicator, text in labels.items():
        phrases[bare(text)] = indicator
        phrases.setdefault(f"so {bare(text)}", indicator)
        written |= {bare(text): text, f"so {bare(text)}": f"Số {text[:1].lower()}{text[1:]}"}
    own: dict[str, str] = {}
    for form, means, phrase, line in rows:
        if form not in {"*", name}:
            continue
        key = bare(phrase)
        if means in {"total", "group"}:
            (totals if means == "total" else groups).add(key)
            continue
        if own.get(key, means) != means and form == "*":
            raise LayoutError(
                f"dòng {line}: {phrase!r} có hai nghĩa: {own[key]}, {means}",
                f"row {line}: {phrase!r} has two meanings: {own[key]}, {means}",
            )
        own[key] = means
        written[key] = phrase
    phrases |= own
    words = {word for phrase, means in phrases.items() if means in labels for word in phrase.split()}
    words |= {word for group in _GROUPS for word in bare(label(group)).split()}
    words |= {word for group in groups for word in group.split()}
    return Layout(phrases, frozenset(labels), frozenset(words), frozenset(totals), frozenset(groups), written, units)


def _same_words(written: str, phrase: str) -> bool:
    """Tell whether two phrases have the same words but for small ones and a slip in one of four letters or more."""
    one = [w for w in written.split() if w not in _SMALL]
    other = [w for w in phrase.split() if w not in _SMALL]
    if len(one) != len(other) or not one:
        return False
    slips = [(a, b) for a, b in zip(one, other, strict=True) if a != b]
    return len(slips) <= 1 and all(min(len(a), len(b)) >= 4 and one_slip(a, b) for a, b in slips)

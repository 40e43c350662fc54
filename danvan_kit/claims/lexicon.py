"""The words that a text may use: names of indicators, bodies, qualifiers, words that say nothing, words that warn.

All stand in tables beside this module; a review's own labels are added to them.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from danvan_kit import words
from danvan_kit.claims.spans import Span
from danvan_kit.qualifiers import qualifiers
from danvan_kit.review import Review

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?|[^\s\w]")
QUOTES = frozenset("“”\"'‘’«»„")
_OPTIONAL = frozenset(",-")
_NOISE = QUOTES | {"-"}


@dataclass(frozen=True)
class Name:
    """What a phrase may count.

    Attributes
    ----------
    role
        ``name`` (what is counted), ``unit`` (what single ones are called), ``topic`` (only a heading), ``rate``
        (a ratio), ``post`` (an office that somebody holds or not).
    indicators
        What it may be.
    needs
        Words one of which must stand in the sentence or above it; empty: none.
    """

    role: str
    indicators: tuple[str, ...]
    needs: tuple[str, ...] = ()


@dataclass
class Phrases:
    """Phrases by their first word, the longest first."""

    folded: bool = False
    known: dict[str, list[tuple[tuple[str, ...], str, Any]]] = field(default_factory=dict)

    def add(self, phrase: str, kind: str, value: object) -> None:
        """Add a phrase; of two that are the same the first counts."""
        spelled = tuple(WORD.findall(self.spell(words.tone(phrase.lower()))))
        if spelled:
            self.known.setdefault(spelled[0], []).append((spelled, kind, value))

    def spell(self, text: str) -> str:
        """Return a text as it is compared."""
        return words.fold(text) if self.folded else text

    def close(self) -> Phrases:
        """Sort: the longest phrase is tried first."""
        for rows in self.known.values():
            rows.sort(key=lambda row: -len(row[0]))
        return self

    def match(self, tokens: Sequence[str], i: int) -> tuple[int, str, Any] | None:
        """Return where the longest phrase at token `i` ends, its kind and value."""
        for phrase, kind, value in self.known.get(tokens[i], ()):
            if (end := _follow(phrase, tokens, i)) is not None:
                return end, kind, value
        return None


def _follow(phrase: Sequence[str], tokens: Sequence[str], i: int) -> int | None:
    """Return the token behind a phrase: its commas may be left out, quotation marks and hyphens stand anywhere."""
    for word in phrase:
        while i < len(tokens) and tokens[i] in _NOISE and word != tokens[i]:
            i += 1
        if i < len(tokens) and tokens[i] == word:
            i += 1
        elif word not in _OPTIONAL:
            return None
    return i


@cache
def _table(name: str) -> list[dict[str, str]]:
    with (resources.files("danvan_kit") / "claims" / name).open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


@cache
def listed(name: str) -> list[str]:
    """Return the phrases of a list beside this module."""
    text = (resources.files("danvan_kit") / "claims" / name).read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [phrase for line in lines for phrase in line.split("|") if phrase]


@lru_cache(maxsize=8)
def phrases(review: Review, *, folded: bool = False) -> Phrases:
    """Return all phrases that are told apart in texts about a review.

    Parameters
    ----------
    review
        Only its indicators are meant; their labels are phrases as well.
    folded
        For texts without accents.
    """
    found = Phrases(folded)
    _indicators(found, review)
    for row in _table("bodies.csv"):
        found.add(row["phrase"], "body", (row["family"], row["level"]))
    for rule in qualifiers().values():
        for place, said in (("before", rule.before), ("behind", rule.behind)):
            for phrase in said:
                found.add(phrase, "qualifier", (rule.name, place))
    for phrase in listed("foreign.txt"):
        found.add(phrase, "foreign", phrase)
    for phrase in listed("harmless.txt"):
        found.add(phrase, "known", phrase)
    return found.close()


def _indicators(found: Phrases, review: Review) -> None:
    known = set(review.indicators.index)
    for row in _table("lexicon.csv"):
        meant = tuple(i for i in row["indicators"].split() if i in known)
        if meant:
            needs = tuple(need for need in row["needs"].split("|") if need)
            found.add(row["phrase"], "indicator", Name(row["role"], meant, needs))
    for indicator, about in review.indicators.iterrows():
        role = "rate" if about["aggregation"] == "ratio" else "post" if str(indicator).endswith("_uvbtv") else "name"
        for label in (about["label_vi"], about["label_en"]):
            clear = "".join(c for c in str(label) if c not in QUOTES)
            found.add(re.sub(r"\d+-\S+", "", clear), "indicator", Name(role, (str(indicator),)))


def labelled(text: str, first: int, last: int, known: Phrases) -> Iterator[Span]:
    """Return what each run of words is; a word that no table knows is ``unknown``, a mark is ``point``."""
    found = list(WORD.finditer(text, first, last))
    said = [known.spell(token[0]) for token in found]
    i = 0
    while i < len(said):
        if hit := known.match(said, i):
            stop, kind, value = hit
            yield Span(kind, found[i].start(), found[stop - 1].end(), value)
            i = stop
            continue
        if said[i] not in QUOTES:
            kind = "unknown" if said[i][0].isalpha() else "point"
            yield Span(kind, found[i].start(), found[i].end(), said[i])
        i += 1

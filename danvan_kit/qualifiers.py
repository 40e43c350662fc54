"""What a word beside a figure allows: "gần 40 nghìn", "over 200"; one rule for the whole kit."""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True)
class Qualifier:
    """A row of ``qualifiers.csv``.

    Attributes
    ----------
    name
        Its key: ``nearly``, ``over`` …; ``exact`` without any word.
    low, high
        Bounds as multiples of what is written; None: there is none.
    low_in, high_in
        Whether the bounds themselves are allowed.
    why
        The rule and its reason, Vietnamese and English.
    before, behind
        The words that say it before a figure, and behind it.
    """

    name: str
    low: float | None
    high: float | None
    low_in: bool
    high_in: bool
    why: tuple[str, str]
    before: tuple[str, ...]
    behind: tuple[str, ...]


@cache
def qualifiers() -> dict[str, Qualifier]:
    """Return what each qualifier allows, by its key, from ``qualifiers.csv``."""
    found = {}
    with (resources.files("danvan_kit") / "qualifiers.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            low, high = (float(row[key]) if row[key] else None for key in ("low", "high"))
            inside = row["low_in"] == "1", row["high_in"] == "1"
            before, behind = (tuple(filter(None, row[key].split("|"))) for key in ("phrases", "behind"))
            why = (row["why_vi"], row["why_en"])
            found[row["qualifier"]] = Qualifier(row["qualifier"], low, high, *inside, why, before, behind)
    return found


def bounds(name: str, said: float) -> tuple[float, float]:
    """Return the least and the greatest figure that a qualified figure allows; whether they are allowed says `fits`.

    Parameters
    ----------
    name
        A key of ``qualifiers.csv``.
    said
        The figure as written.
    """
    rule = qualifiers()[name]
    low = -math.inf if rule.low is None else round(said * rule.low, 9)
    high = math.inf if rule.high is None else round(said * rule.high, 9)
    return min(low, high), max(low, high)


def fits(name: str, said: float, found: float) -> bool:
    """Tell whether a figure is one that a qualified figure allows.

    Parameters
    ----------
    name
        A key of ``qualifiers.csv``.
    said, found
        The figure as written, and what it is held against.
    """
    rule, (low, high), found = qualifiers()[name], bounds(name, said), round(found, 9)
    return (low < found or (rule.low_in and found == low)) and (found < high or (rule.high_in and found == high))

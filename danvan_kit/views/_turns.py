"""What happened to areas between two reporting years, in words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pandas as pd

from danvan_kit import words
from danvan_kit.areas import REPORTING_DAY
from danvan_kit.review import Review
from danvan_kit.views._common import say
from danvan_kit.views._tree import name_of

KINDS = {
    "split": ("chia tách", "split"),
    "merged": ("sáp nhập", "merger"),
    "renamed": ("đổi tên", "renaming"),
    "reclassified": ("chuyển loại hình", "reclassification"),
}


@dataclass(frozen=True)
class Turn:
    """A change of areas.

    Attributes
    ----------
    place
        Where it falls on an axis of years: half a year before the first year that shows it.
    day, kind, text
        The day, what it was, and the whole in words.
    """

    place: float
    day: str
    kind: str
    text: str


@lru_cache(maxsize=8)
def _links(review: Review) -> list[Any]:
    """Return the rows of the table of changes as named tuples: each view asks for some of them."""
    return list(review.areas.changes.itertuples(index=False))


def turns(review: Review, members: tuple[str, ...], lang: str) -> list[Turn]:
    """Return the changes that touch any of some areas, oldest first."""
    touched: dict[str, list[Any]] = {}
    for link in _links(review):
        if link.from_area in members or link.to_area in members:
            touched.setdefault(link.change, []).append(link)
    return sorted((_turn(review, links, lang) for links in touched.values()), key=lambda turn: turn.place)


def _turn(review: Review, links: list[Any], lang: str) -> Turn:
    first = links[0]
    date = pd.Timestamp(first.date)
    # A change after the reporting day shows first in the figures of the next year.
    place = date.year - 0.5 + (f"{date:%m-%d}" > REPORTING_DAY)
    old = ", ".join(dict.fromkeys(name_of(review, link.from_area) for link in links))
    new = ", ".join(dict.fromkeys(name_of(review, link.to_area) for link in links))
    kind = say(lang, *KINDS.get(str(first.kind), (str(first.kind),) * 2))
    day = words.date(date, lang)
    return Turn(float(place), day, kind, f"{day}: {kind} {old} → {new} ({first.resolution})")

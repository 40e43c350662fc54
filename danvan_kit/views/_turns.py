"""What happened to areas between two reporting years, in words."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from danvan_kit import words
from danvan_kit.areas import REPORTING_DAY
from danvan_kit.review import Review
from danvan_kit.views._common import say

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


def turns(review: Review, members: tuple[str, ...], lang: str) -> list[Turn]:
    """Return the changes that touch any of some areas, oldest first."""
    changes = review.areas.changes
    touched = changes[changes["from_area"].isin(members) | changes["to_area"].isin(members)]
    found = [_turn(review, links, lang) for _, links in touched.groupby("change", sort=False)]
    return sorted(found, key=lambda turn: turn.place)


def _turn(review: Review, links: pd.DataFrame, lang: str) -> Turn:
    first = links.iloc[0]
    date = pd.Timestamp(first["date"])
    # A change after the reporting day shows first in the figures of the next year.
    place = date.year - 0.5 + (f"{date:%m-%d}" > REPORTING_DAY)
    old, new = (
        ", ".join(dict.fromkeys(review.areas.name(a) for a in links[side])) for side in ("from_area", "to_area")
    )
    kind = say(lang, *KINDS.get(str(first["kind"]), (str(first["kind"]),) * 2))
    day = words.date(date, lang)
    return Turn(float(place), day, kind, f"{day}: {kind} {old} → {new} ({first['resolution']})")

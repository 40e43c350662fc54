"""Figures in a text that are bound to what they say: a link to the explorer's state that shows them.

``[27.739](#indicator=cuoc_giam_sat) cuộc giám sát`` is a figure bound to an indicator; ``area=001``, ``year=2014`` or
``years=2014-2019`` and ``scope=own`` narrow it. It is the address that a published page gives to its explorers, so a
click on the figure leads to the picture that shows it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

import numpy as np

from danvan_kit import cube, words
from danvan_kit.errors import DanvanError

if TYPE_CHECKING:
    from danvan_kit.cube import Period, Scope
    from danvan_kit.review import Review

_LINK = re.compile(r"\[(?P<said>[^\]]*\d[^\]]*)\]\(#(?P<address>[^)\s]*\bindicator=[^)\s]*)\)")
_NUMBER = re.compile(r"[−–-]?\d+(?:[ .\u00a0\u202f]\d{3})*(?:,\d+)?|[−–-]?\d+")
KNOWN = ("indicator", "area", "year", "years", "scope")


class ClaimError(DanvanError):
    """A bound figure that cannot be looked up: no number in it, an unknown choice, or no such figure."""


@dataclass(frozen=True)
class Claim:
    """A figure as it is written, and what it is bound to.

    Attributes
    ----------
    said
        The figure as written.
    indicator, area, year, scope
        What it counts: ``area`` empty for the whole review, ``year`` a year or ``(first, last)``, None for all years.
    """

    said: str
    indicator: str
    area: str
    year: Period | None
    scope: Scope

    @property
    def decimals(self) -> int:
        """How many decimals are written."""
        return len(self.said.partition(",")[2])

    def found(self, review: Review) -> float:
        """Return the figure of the review, NaN when nothing is known.

        Parameters
        ----------
        review
            The review.

        Raises
        ------
        ClaimError, AreaError, CubeError
            If the review has no such indicator, area or year.
        """
        if self.indicator not in review.indicators.index:
            raise ClaimError(
                f"[{self.said}]: không có chỉ tiêu {self.indicator!r}",
                f"[{self.said}]: there is no indicator {self.indicator!r}",
            )
        area = self.area or review.areas.root
        review.areas.get(area)
        year = self.year or (review.years[0], review.years[-1])
        return float(cube.of(review).column(self.indicator, [area], year, scope=self.scope)[0])

    def holds(self, review: Review) -> bool:
        """Tell whether the review's figure, rounded to the decimals written, is the one that is written."""
        found = self.found(review)
        return not np.isnan(found) and words.number(found, digits=self.decimals) == words.number(
            words.parse_number(self.said), digits=self.decimals
        )

    def about(self, review: Review, lang: str = "vi") -> tuple[str, ...]:
        """Return what the figure counts, for a reader: area, year, indicator."""
        area = str(review.areas.get(self.area or review.areas.root)["name"])
        first, last = self.year if isinstance(self.year, tuple) else (self.year, self.year)
        year = "" if first is None else str(first) if first == last else f"{first}–{last}"
        label = str(review.indicators.loc[self.indicator, f"label_{lang}"])
        return tuple(part for part in (area, year, label[:1].lower() + label[1:]) if part)


def bound(text: str) -> list[Claim]:
    """Return the figures of a text that are bound to an indicator, in their order.

    Parameters
    ----------
    text
        Markdown.

    Raises
    ------
    ClaimError
        If a link names an unknown choice, or holds no number that can be read one way only.
    """
    return [_claim(found["said"], found["address"]) for found in _LINK.finditer(text)]


def _claim(said: str, address: str) -> Claim:
    given = dict(parse_qsl(address, keep_blank_values=True))
    odd = [name for name in given if name not in KNOWN]
    if odd:
        raise ClaimError(
            f"[{said}](#{address}): {odd[0]!r} không dùng được; được dùng: {', '.join(KNOWN)}",
            f"[{said}](#{address}): {odd[0]!r} is not allowed; allowed: {', '.join(KNOWN)}",
        )
    numbers = _NUMBER.findall(said)
    if len(numbers) != 1:
        raise ClaimError(
            f"[{said}](#{address}): cần đúng một số trong ngoặc vuông",
            f"[{said}](#{address}): exactly one number must stand in the brackets",
        )
    words.parse_number(numbers[0])  # what has two readings is refused here
    scope: Scope = "own" if given.get("scope") == "own" else "total"
    return Claim(numbers[0], given["indicator"], given.get("area", ""), _year(given, said), scope)


def _year(given: dict[str, str], said: str) -> Period | None:
    text = given.get("year") or given.get("years")
    if not text:
        return None
    found = re.fullmatch(r"(\d{4})(?:[-–](\d{4}))?", text)
    if found is None:
        raise ClaimError(
            f"[{said}]: năm {text!r}; được dùng: dạng 2014 hoặc 2014-2019",
            f"[{said}]: year {text!r}; allowed: forms such as 2014 or 2014-2019",
        )
    return (int(found[1]), int(found[2])) if found[2] else int(found[1])

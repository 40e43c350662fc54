"""What kind of statement a figure makes, from the words beside it: how many, by how much more, what share."""

from __future__ import annotations

import re

from danvan_kit.claims.line import Line
from danvan_kit.claims.reading import Figure
from danvan_kit.claims.small import MOVES

_MEAN = re.compile(r"\b(?:bình quân|trung bình|on average|average|an average)\b")
_YEARLY = re.compile(r"\b(?:mỗi năm|hằng năm|hàng năm|per year|a year|annually|each year|every year|một năm)\b")
_MORE = re.compile(r"\b(?:nhiều|ít|cao|thấp|lớn|nhỏ) hơn $")
_SHARE = re.compile(r"(?:account\w* for|share of) $")


def kind(line: Line, i: int, figure: Figure) -> str:  # noqa: C901, PLR0911 - one return a rule
    """Return what kind of statement a figure makes, from the words beside it."""
    near = line.near(i)
    moved = near and near[0] in MOVES
    how = line.nouns[i].how
    if figure.of is not None:
        return "of_total"
    if figure.unit == "times":
        return "multiple"
    if figure.unit == "points":
        return "points"
    if figure.unit == "%":
        if moved:
            return "growth"
        if "chiếm" in near[:2] or _SHARE.search(line.before(i)):
            return "share"
        posts = any(name.role == "post" for name in line.nouns[i].found)
        return "offices" if how == "areas" or posts else "percent"
    if moved:
        return "change"
    if how == "areas":
        return "of_total"
    if i - 1 in line.bases:
        return "change"
    if _MORE.search(line.before(i)):
        return "change"
    if _beside(_MEAN, line, i):
        return "average"
    return "each_year" if yearly(line, i) else "count"


def yearly(line: Line, i: int) -> bool:
    """Tell whether a figure is said of each year."""
    return _beside(_YEARLY, line, i)


def _beside(form: re.Pattern[str], line: Line, i: int) -> bool:
    return any(form.search(text) for text in (line.said(line.own(i)), line.said(line.tail(i)), line.leading(i)))

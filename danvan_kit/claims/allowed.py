"""Which figures a figure as written allows: by its qualifier, or by the digits that are written."""

from __future__ import annotations

from danvan_kit import qualifiers
from danvan_kit.claims.reading import Figure


def allowed(figure: Figure) -> tuple[float, float, bool, bool]:
    """Return the least and greatest figure that a figure as written allows, and whether these themselves are.

    Without a qualifier a figure holds within its last written digit, halves going up: "27,7 nghìn" is from 27.650 to
    below 27.750; a count that is written in full is itself alone, as counts are whole.
    """
    if figure.qualifier == "exact":
        return figure.said - figure.step / 2, figure.said + figure.step / 2, True, False
    rule = qualifiers.qualifiers()[figure.qualifier]
    return *qualifiers.bounds(figure.qualifier, figure.said), rule.low_in, rule.high_in


def fits(figure: Figure, found: float) -> bool:
    """Tell whether a figure of the review is one that the text allows."""
    low, high, low_in, high_in = allowed(figure)
    found = round(found, 9)
    return (low < found or (low_in and found == low)) and (found < high or (high_in and found == high))

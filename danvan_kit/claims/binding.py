"""What a figure of a text counts, and what was said above it."""

from __future__ import annotations

from dataclasses import dataclass, field

from danvan_kit.claims.lexicon import Name
from danvan_kit.claims.places import Scope
from danvan_kit.claims.spans import Period


@dataclass(frozen=True)
class Context:
    """What was said above a sentence.

    Attributes
    ----------
    scopes, periods, names
        Of the nearest sentence, lead or heading that has any.
    sure
        Whether they stand in a heading, a lead or the same paragraph.
    faint_scopes, faint_periods
        Of the paragraph before: they may be meant, or not.
    text
        All of it in small letters.
    """

    scopes: tuple[Scope, ...] = ()
    periods: tuple[Period, ...] = ()
    names: tuple[Name, ...] = ()
    faint_scopes: tuple[Scope, ...] = ()
    faint_periods: tuple[Period, ...] = ()
    text: str = ""


@dataclass(frozen=True)
class Binding:
    """What a figure counts.

    Attributes
    ----------
    kind
        ``count, percent, growth, change, points, multiple, share, of_total, offices, average, each_year``.
    indicators
        What it may be; with `joint` each of them must hold.
    scope, period
        Where and when; None: not said.
    scopes, periods
        Others that may be meant where the text does not say it itself.
    base, whole
        Of a growth the years compared with; of a share the whole.
    falls
        Whether a growth is a fall.
    confirmed
        Whether a person or a link says so.
    partly
        A body that is only one of those that keep the indicator: a smaller figure may be its part.
    trouble, word
        Why it cannot be bound, and the word that says so.
    """

    kind: str = "count"
    indicators: tuple[str, ...] = ()
    joint: bool = False
    scope: Scope | None = None
    period: Period | None = None
    scopes: tuple[Scope, ...] = ()
    periods: tuple[Period, ...] = ()
    base: Period | None = None
    whole: Scope | None = None
    falls: bool = False
    confirmed: bool = False
    partly: str = ""
    trouble: str = ""
    word: str = ""
    nouns: tuple[Name, ...] = field(default=(), repr=False)

"""Texts whose every figure was judged beforehand, from the raw tables and by code that shares nothing with the kit's.

``tests/claims/*.txt`` hold the texts. A text begins with a line ``@name category flag flag``; flags say what typing and
conversion did to it (`SPOILT`). A figure stands as ``[[shown => verdict indicator key=value ...]]``: verdicts are
``H`` (holds), ``N`` (does not hold), ``U`` (undecided); ``H/U`` accepts either, ``U?`` also that no row comes.
``{expression}`` is filled in from the tables by the functions of `Truth`; ``{expression:1}`` shows one decimal, ``:en``
English separators. Keys: ``said`` (what is read, when it is not plain), ``truth`` (the figure of the tables, when
another was written), ``q`` (the qualifier before it). What is outside the marks is no claim.
"""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import pandas as pd

TEXTS = Path(__file__).with_name("claims")
VERDICTS = {"H": "holds", "N": "does_not_hold", "U": "undecided"}
SPOILT = {
    "nfd": lambda text: unicodedata.normalize("NFD", text),
    "nbsp": lambda text: text.replace(" ", "\u00a0"),
    "upper": str.upper,
    "crlf": lambda text: text.replace("\n", "\r\n"),
    "narrow": lambda text: re.sub(r"(?<=[0-9]) (?=[0-9%])", "\u202f", text),
    "zwsp": lambda text: text.replace(" ", " \u200b"),
    "wrapped": lambda text: "\n".join(re.findall(r".{1,34}(?:\s|$)", text)),
    "hyphen": lambda text: text.replace("–", "-"),
    "figure_dash": lambda text: text.replace("–", "\u2012").replace("-", "\u2011"),
    "eth": lambda text: text.replace("Đ", "\u00d0"),
    "old_tones": lambda text: text.replace("hòa", "hoà").replace("Hòa", "Hoà").replace("ủy", "uỷ"),
    "spaces": lambda text: text.replace(" ", "  ").replace(",", " ,"),
}
_MARK = re.compile(r"\[\[(?P<shown>.+?) => (?P<verdicts>[HNU](?:/[HNU])*)(?P<maybe>\??)(?P<rest>[^\]]*)\]\]", re.DOTALL)
_BLANK = re.compile(r"\{(?P<sum>[^{}]+?)(?::(?P<form>en|plain|space)?(?P<digits>[0-9])?)?\}")


class IncompleteError(ValueError):
    """A figure of a branch in which an office that owes it has not reported: nobody can say whether it holds."""


@dataclass(frozen=True)
class Figure:
    """A figure of a text and what may be said of it."""

    shown: str
    said: tuple[float, ...]
    verdicts: frozenset[str]
    indicators: tuple[str, ...]
    optional: bool
    truth: float | None
    qualifier: str

    @property
    def decided(self) -> bool:
        """Whether a verdict other than undecided is asked for."""
        return "undecided" not in self.verdicts


@dataclass(frozen=True)
class Case:
    """A text, where it stands, and its figures in order."""

    name: str
    category: str
    text: str
    figures: tuple[Figure, ...]


class Truth:
    """The figures of a review from its raw tables, by pandas alone."""

    def __init__(self, review):
        self.review = review
        self.areas = review.areas.table.set_index("area")
        self.catalogue = review.indicators
        self._levels = self.areas["level"].to_dict()

    @cached_property
    def _branches(self):
        """Each area with all that lies below it."""
        parent = self.areas["parent"].to_dict()
        found = {area: [] for area in parent}
        for area in parent:
            above = area
            while above:
                found[above].append(area)
                above = parent[above]
        return found

    @cached_property
    def _figures(self):
        """Own figures by indicator, by (area, year)."""
        seen = self.review.observations
        own = seen[seen["scope"] == "own"].sort_values("received", kind="stable", na_position="first")
        own = own.drop_duplicates(["area", "year", "indicator"], keep="last")
        own = own[own["status"] == "reported"].astype({"area": str, "indicator": str})
        return {i: part.set_index(["area", "year"])["value"].to_dict() for i, part in own.groupby("indicator")}

    @cached_property
    def _log(self):
        """Counted figures by indicator, by (area, year); what is absent is zero."""
        log = self.review.records.astype({"area": str, "activity": str})
        found = {}
        for indicator, about in self.catalogue.iterrows():
            if activities := str(about["record_activity"]).split():
                groups = log[log["activity"].isin(activities)].groupby(["area", "year"])
                value = str(about["record_value"])
                found[str(indicator)] = (groups[value].sum() if value else groups.size()).to_dict()
        return found

    def offices(self, indicator, area, year, level=None):
        """Return who owes the figure: valid on 30 June, of a level that keeps it, in a year that has it."""
        about = self.catalogue.loc[indicator]
        levels = {level} if level else set(str(about["levels"]).split())
        standing = self._standing(year) if year >= about["first_year"] else {}
        return [a for a in self._branches[area] if standing.get(a) in levels]

    @lru_cache  # noqa: B019 - one truth lives as long as its corpus
    def _standing(self, year):
        """Return the level of each area that is valid on 30 June."""
        day = pd.Timestamp(year, 6, 30)
        begun = self.areas["valid_from"].isna() | (self.areas["valid_from"] <= day)
        going = self.areas["valid_to"].isna() | (self.areas["valid_to"] >= day)
        return self.areas.loc[begun & going, "level"].to_dict()

    def total(self, indicator, area, years, level=None):
        """Add up a branch over a year or a period; `IncompleteError` when a report is missing."""
        first, last = (years, years) if isinstance(years, int) else years
        if first < last and self.catalogue.loc[indicator]["aggregation"] == "last":
            raise ValueError(f"{indicator} is a stock: it is not added over years")
        found = 0.0
        for year in range(first, last + 1):
            if indicator in self._log:
                # Work logged before an area ended in mid-year is its own, and counts: not the offices of 30 June.
                members = [a for a in self._branches[area] if level in (None, self._levels[a])]
                found += sum(self._log[indicator].get((a, year), 0) for a in members)
                continue
            known = self._figures[indicator]
            values = [known.get((a, year)) for a in self.offices(indicator, area, year, level)]
            if not values or any(v is None or pd.isna(v) for v in values):
                raise IncompleteError(f"{indicator}, {area}, {year}: a report is missing")
            found += sum(values)
        return float(found)

    def own(self, indicator, area, years):
        """Return what one office did itself."""
        return self.total(indicator, area, years, level=self._levels[area])

    def known(self, indicator, area, years):
        """Return the sum of what was reported, whoever is missing."""
        first, last = (years, years) if isinstance(years, int) else years
        cells = [(a, y) for y in range(first, last + 1) for a in self.offices(indicator, area, y)]
        return float(sum(v for v in map(self._figures[indicator].get, cells) if v is not None and not pd.isna(v)))

    def ratio(self, indicator, area, years, level=None):
        """Return a ratio in per cent, from its two parts."""
        about = self.catalogue.loc[indicator]
        up, down = (self.total(about[part], area, years, level) for part in ("numerator", "denominator"))
        return 100 * up / down

    def growth(self, indicator, area, before, after, level=None):
        """Return by how many per cent the figure of one year stands above that of another."""
        was, now = self.total(indicator, area, before, level), self.total(indicator, area, after, level)
        return 100 * (now / was - 1)

    def share(self, part, whole):
        """Return one figure in per cent of another."""
        return 100 * part / whole

    def mean(self, indicator, area, years, level=None):
        """Return the average of the years of a period."""
        return self.total(indicator, area, years, level) / (years[1] - years[0] + 1)

    def holders(self, indicator, level, year, least=1):
        """Return how many offices of a level had at least so many of their own."""
        root = next(a for a, above in self.areas["parent"].items() if not above)
        offices = self.offices(indicator, root, year, level)
        return float(sum(self.own(indicator, a, year) >= least for a in offices))

    def of_kind(self, indicator, kind, years):
        """Return what the offices of one kind (quận, huyện, xã ...) of the whole city did themselves."""
        return sum(self.own(indicator, a, years) for a in self.areas.index[self.areas["kind"] == kind])

    def fill(self, text):
        """Return the value of an expression of a text."""
        names = ("total", "own", "known", "ratio", "growth", "share", "mean", "holders", "of_kind")
        space = {name: getattr(self, name) for name in names} | {"floor": math.floor, "ceil": math.ceil}
        return float(eval(text, {"__builtins__": {}}, space))  # noqa: S307 - our own files


def cases(review):
    """Return all texts of the corpus, filled in from the review."""
    truth = Truth(review)
    return [case for path in sorted(TEXTS.glob("*.txt")) for case in read(path.read_text(encoding="utf-8"), truth)]


def read(written, truth):
    """Return the texts of one file."""
    found = []
    for block in re.split(r"(?m)^@", written)[1:]:
        head, _, body = block.partition("\n")
        name, category, *flags = head.split()
        try:
            text, figures = _parse(body.strip("\n"), truth)
        except (ValueError, KeyError, NameError, SyntaxError, TypeError, IndexError) as err:
            raise ValueError(f"text {name}: {err!r}") from err
        for flag in flags:
            text = SPOILT[flag](text)
        found.append(Case(name, category, text, figures))
    return found


def names():
    """Return the names of all texts, without filling them in."""
    return [n for path in sorted(TEXTS.glob("*.txt")) for n in re.findall(r"(?m)^@(\S+)", path.read_text("utf-8"))]


def _parse(body, truth):
    figures = []

    def show(mark):
        figure = _figure(mark, truth)
        figures.append(figure)
        return figure.shown

    text = _MARK.sub(show, body)
    return _BLANK.sub(lambda blank: _shown(blank, truth)[0], text), tuple(figures)


def _figure(mark, truth):
    values = []

    def show(blank):
        text, value = _shown(blank, truth)
        values.append(value)
        return text

    shown = _BLANK.sub(show, mark["shown"])
    plain, keys = [], {}
    for word in mark["rest"].split():
        key, sign, value = word.partition("=")
        if sign:
            keys[key] = value
        else:
            plain += key.split("/")
    verdicts = frozenset(VERDICTS[v] for v in mark["verdicts"].split("/"))
    if "said" in keys:
        said = tuple(truth.fill(s) if s != "nan" else math.nan for s in keys["said"].split("|"))
    else:
        said = (values[0],) if values else (_plain_number(shown),)
    told = truth.fill(keys["truth"]) if "truth" in keys else None
    if told is None and verdicts != {"undecided"} and not (values and "does_not_hold" not in verdicts):
        raise ValueError(f"{shown}: a verdict needs the figure of the tables (truth=...)")
    return Figure(shown, said, verdicts, tuple(plain), bool(mark["maybe"]), told, keys.get("q", "exact"))


def _shown(blank, truth):
    """Write an expression's value as the text shows it, and return what a reader then reads."""
    digits = int(blank["digits"] or 0)
    value = _halves_up(truth.fill(blank["sum"]), digits)
    text = f"{value:,.{digits}f}"
    form = blank["form"] or "vi"
    if form == "vi":
        text = text.translate(str.maketrans(",.", ".,"))
    elif form == "plain":
        text = text.replace(",", "").replace(".", ",")
    elif form == "space":
        text = text.replace(",", " ").replace(".", ",")
    return text, value


def _halves_up(value, digits):
    scaled = round(value * 10**digits, 6)  # what a sum of floats leaves behind is no half
    return math.floor(scaled + 0.5) / 10**digits


def _plain_number(shown):
    """Read a figure as plain as "27.739" or "95,3 %"."""
    found = re.search(r"[0-9][0-9. ]*(?:,[0-9]+)?", shown)
    if found is None:
        raise ValueError(f"{shown!r} needs said=")
    return float(found[0].strip(". ").replace(".", "").replace(" ", "").replace(",", "."))


def agrees(figure):
    """Tell whether the figure that is written is true by the one of the tables, under its qualifier."""
    x, truth = figure.said[0], figure.truth
    nearly, over = 0.9 * x <= truth < x, x < truth <= 1.1 * x
    about = 0.95 * x <= truth <= 1.05 * x
    rounded = figure.qualifier.startswith("digits") and _halves_up(truth, int(figure.qualifier[6:])) == x
    if figure.qualifier.startswith("unit"):  # written in thousands and the like: unit1000, unit100
        unit = float(figure.qualifier[4:])
        return _halves_up(truth / unit, 0) * unit == x
    tests = {
        "exact": x == truth,
        "nearly": nearly,
        "over": over,
        "about": about,
        "least": truth >= x,
        "most": truth <= x,
    }
    return tests.get(figure.qualifier, rounded)


def judge(case, rows):
    """Compare the rows of an answer with a text's figures.

    Returns
    -------
    list of (outcome, figure or None, row or None)
        Outcomes: ``right``, ``wrong holds``, ``wrong does_not_hold``, ``wrong binding`` (the verdict is right, by
        another indicator), ``needless undecided``, ``missed``, ``invented``.
    """
    left, out = list(rows), []
    # The strictest figures choose first; each takes the row that suits it best of those that say what it says.
    for figure in sorted(case.figures, key=lambda f: (f.optional, len(f.verdicts), len(f.said))):
        same = [row for row in left if any(_same(row["said"], s) for s in figure.said)]
        if not same:
            if not figure.optional:
                out.append(("missed", figure, None))
            continue
        row = min(same, key=lambda r: (r["verdict"] not in figure.verdicts, not _bound(figure, r)))
        left = [r for r in left if r is not row]
        out.append((_outcome(figure, row), figure, row))
    return out + [("invented", None, row) for row in left]


def _same(a, b):
    return (pd.isna(a) and math.isnan(b)) or (not pd.isna(a) and math.isclose(float(a), b, rel_tol=1e-9, abs_tol=1e-9))


def _bound(figure, row):
    return not figure.indicators or row["verdict"] == "undecided" or row["indicator"] in figure.indicators


def _outcome(figure, row):
    if row["verdict"] in figure.verdicts:
        return "right" if _bound(figure, row) else "wrong binding"
    return "needless undecided" if row["verdict"] == "undecided" else f"wrong {row['verdict']}"

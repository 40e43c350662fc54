"""What all rules share: the figures that count as dense arrays, and how a problem becomes a row with a sentence.

A rule finds its cells on whole arrays or columns; only the few cells found are put into words. The sentences stand in
``problems.json``: Vietnamese first, then English.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from danvan_kit import cube, words
from danvan_kit.cube import Floats
from danvan_kit.review import Review

Mask: TypeAlias = NDArray[np.bool_]
Problem: TypeAlias = dict[str, Any]
Where: TypeAlias = tuple[str, int | None, str]

SCOPES = ("own", "consolidated")
COLUMNS = {
    "rule": "str",
    "severity": "str",
    "area": "str",
    "year": "Int64",  # empty for a statement, which covers a period
    "indicator": "str",  # empty when the whole report is meant
    "expected": "float64",
    "found": "float64",
    "source": "str",
    "message": "str",
    "message_en": "str",
}


@dataclass(frozen=True, eq=False)
class Filed:
    """What offices reported in one scope, of several reports of one figure the last received.

    Attributes
    ----------
    value
        NaN where nothing was reported. Shape ``(indicator, area, year)``.
    row
        Row in the observations, also of a cell reported as missing; -1 where there is none. Same shape.
    """

    value: Floats
    row: NDArray[np.intp]


@lru_cache(maxsize=8)
def filed(review: Review) -> dict[str, Filed]:
    """Return what counts among the reports, by scope."""
    seen = review.observations
    shape = (len(review.indicators), len(review.areas.ids), len(review.years))
    order = cube.arrived(seen)
    which, named = pd.factorize(seen["indicator"])  # a long column names few indicators
    places = (
        review.indicators.index.get_indexer(named.astype("str"))[which],
        review.areas.rows(seen["area"]),
        seen["year"].to_numpy(dtype=np.intp) - review.years[0],
    )
    value = seen["value"].to_numpy(dtype=np.float64, na_value=np.nan)
    value = np.where(seen["status"] == "reported", value, np.nan)
    found = {}
    for scope in SCOPES:
        rows = order[(seen["scope"] == scope).to_numpy()[order]]
        one = Filed(np.full(shape, np.nan), np.full(shape, -1, dtype=np.intp))
        i, a, y = (place[rows] for place in places)
        one.value[i, a, y], one.row[i, a, y] = value[rows], rows
        found[scope] = one
    return found


def owed(review: Review) -> Mask:
    """Tell which office owes which own figure; a ratio is recomputed, so nobody owes it. Shape as `Filed.value`."""
    reported = (review.indicators["aggregation"] != "ratio").to_numpy()[:, None, None]
    found: Mask = reported & cube.owed(review, review.areas.valid(review.years))
    return found


def below(review: Review, mask: Mask) -> Mask:
    """Tell which areas have something true somewhere below them. Shape ``(indicator, area, ...)``, as `mask`."""
    by_area = np.moveaxis(mask.astype(np.int64), 1, 0)
    found: Mask = np.moveaxis(cube.branch_sums(by_area, review.areas) - by_area, 0, 1) > 0
    return found


def sources(review: Review, rows: Iterable[Any]) -> str:
    """Return the cells that some rows of the observations stand in; rows below 0 stand nowhere."""
    known = [int(r) for r in rows if r >= 0]
    return "; ".join(dict.fromkeys(review.observations["source"].iloc[known].astype("str")))


def office(review: Review, area: str) -> str:
    """Return an area's name; with its district for a commune, because communes of two districts share names."""
    about = review.areas.get(area)
    above = f" ({review.areas.name(about['parent'])})" if about["level"] == "commune" else ""
    return f"{about['name']}{above}"


@cache
def texts() -> dict[str, tuple[str, str]]:
    """Return the sentences by name, each in Vietnamese and English."""
    found: dict[str, tuple[str, str]] = json.loads(
        resources.files("danvan_kit.checks").joinpath("problems.json").read_text(encoding="utf-8")
    )
    return found


def problem(  # noqa: PLR0913 - a row has many cells
    review: Review,
    severity: str,
    where: Where,
    figures: tuple[float, float],
    text: str,
    *,
    source: str = "",
    **more: float | str | tuple[str, str],
) -> Problem:
    """Return one row of a rule's table.

    Parameters
    ----------
    review
        The review.
    severity
        ``error``, ``warning`` or ``info``.
    where
        Area, year (none for a period) and indicator (empty when the whole report is meant).
    figures
        Expected and found; NaN where there is none.
    text
        Name of the sentence in ``problems.json``: it may use ``{office}``, ``{year}``, ``{indicator}``, ``{expected}``,
        ``{found}`` and what is in `more`, where a pair is one text by language.
    source
        The cells, ``file#sheet!cell``.
    """
    area, year, indicator = where
    row: Problem = {"severity": severity, "area": area, "year": year, "indicator": indicator, "source": source}
    row["expected"], row["found"] = figures
    for column, lang, sentence in zip(("message", "message_en"), ("vi", "en"), texts()[text], strict=True):
        named = {k: v[lang == "en"] if isinstance(v, tuple) else v for k, v in more.items()}
        named |= {"expected": figures[0], "found": figures[1]}
        row[column] = sentence.format(
            office=office(review, area),
            year=year,
            indicator=review.indicators["label_" + lang].loc[indicator] if indicator else "",
            **{k: v if isinstance(v, str) else words.number(v, lang=lang) for k, v in named.items()},
        )
    return row


def table(rule: str, rows: Iterable[Problem]) -> pd.DataFrame:
    """Return a rule's rows as a table with the columns `COLUMNS`."""
    found = pd.DataFrame(list(rows), columns=list(COLUMNS))
    return found.assign(rule=rule).astype(COLUMNS)


def cells(review: Review, mask: Mask) -> Iterator[tuple[tuple[int, int, int], Where]]:
    """Walk the true cells of a mask ``(indicator, area, year)``: their place, and what stands there."""
    for i, a, y in zip(*np.nonzero(mask), strict=True):
        where = (review.areas.ids[a], review.years[y], str(review.indicators.index[i]))
        yield (int(i), int(a), int(y)), where


def reports(review: Review, mask: Mask) -> Iterator[tuple[tuple[int, int], Where]]:
    """Walk the true cells of a mask ``(area, year)``: their place, and which whole report is meant."""
    for a, y in zip(*np.nonzero(mask), strict=True):
        yield (int(a), int(y)), (review.areas.ids[a], review.years[y], "")

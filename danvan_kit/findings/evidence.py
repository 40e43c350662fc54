"""The reports and log entries behind what a view shows of an area."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from danvan_kit.areas import Areas
from danvan_kit.log import Log
from danvan_kit.review import Review

MOST = 200
"""Sources that a finding names one by one."""


def evidence(review: Review, choices: dict[str, Any]) -> tuple[tuple[str, ...], int]:
    """Return the sources behind a view's figures, the first `MOST`, and how many there are.

    They are what was filed and logged for the chosen indicator (of a ratio: for its parts), area with all below it,
    and years; a choice that a view does not have restricts nothing.

    Parameters
    ----------
    review
        The review.
    choices
        The view's choices.

    Returns
    -------
    sources, total
        ``file#sheet!cell`` as the reports name them, ``records#id`` of the log, in the order of the tables.
    """
    reported, activities = _behind(review.indicators, choices.get("indicator"))
    reports = _within(review.observations, review.areas, choices)
    reports &= review.observations["indicator"].isin(reported).to_numpy()
    reports &= (review.observations["status"] == "reported").to_numpy()
    if isinstance(review.records, Log):
        return _with_engine(review.records, review, reports, activities, choices)
    log = _within(review.records, review.areas, choices)
    log &= review.records["activity"].isin(activities).to_numpy()
    total = int(reports.sum() + log.sum())
    sources = [_source(row) for row in review.observations[reports].head(MOST).to_dict("records")]
    if len(sources) < MOST and "record" in review.records:
        ids = review.records.loc[log, "record"].head(MOST - len(sources))
        sources += [f"records#{name}" for name in ids.tolist()]
    return tuple(sources), total


def _with_engine(
    log: Log, review: Review, reports: NDArray[np.bool_], activities: set[str], choices: dict[str, Any]
) -> tuple[tuple[str, ...], int]:
    """Return sources and their number, where the log is in an engine."""
    sources = [_source(row) for row in review.observations[reports].head(MOST).to_dict("records")]
    inside = review.areas.ids[review.areas.branch(choices["area"])] if choices.get("area") else None
    year = choices.get("year")
    years = (year, year) if year else choices.get("years") or (review.years[0], review.years[-1])
    ids, total = log.ids(inside, activities, tuple(years), MOST - len(sources))
    return (*sources, *(f"records#{name}" for name in ids)), int(reports.sum()) + total


def _source(row: dict[Any, Any]) -> str:
    named = row["source"]
    return str(named) if named else f"observations#{row['area']}/{row['year']}/{row['indicator']}/{row['scope']}"


def _behind(catalogue: pd.DataFrame, indicator: str | None) -> tuple[set[str], set[str]]:
    """Return the reported indicators and the logged activities behind an indicator, or behind all of them."""
    if indicator not in catalogue.index:
        return set(catalogue.index), {name for kept in catalogue["record_activity"] for name in str(kept).split()}
    row = catalogue.loc[indicator]
    if row["aggregation"] == "ratio":
        parts = [_behind(catalogue, str(row[part])) for part in ("numerator", "denominator")]
        return parts[0][0] | parts[1][0], parts[0][1] | parts[1][1]
    activities = set(str(row["record_activity"]).split())
    return (set(), activities) if activities else ({str(indicator)}, set())


def _within(table: pd.DataFrame, areas: Areas, choices: dict[str, Any]) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Tell which rows are of the chosen area and what is below it, and of the chosen years."""
    keep = np.ones(len(table), dtype=np.bool_)
    if choices.get("area"):
        keep &= table["area"].isin(areas.ids[areas.branch(choices["area"])]).to_numpy()
    year, years = choices.get("year"), choices.get("years")
    if year:
        keep &= (table["year"] == year).to_numpy()
    elif years:
        keep &= table["year"].between(years[0], years[1]).to_numpy()
    return keep

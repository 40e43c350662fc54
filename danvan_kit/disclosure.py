"""Disclosure control: where figures are shared, no small count of persons can be read or worked out.

Behind opinions, petitions and mediation stand single citizens (``persons`` in the catalogue). In what is shared a count
of 1 to `threshold` - 1 is hidden, and so are as many further figures as it takes (`suppression`). A zero is shown: it
tells of nobody. All other figures stay as they are; nothing is rounded.

What a reader could reach a hidden count by, and what closes each way:

- the figures themselves, own and total, by area and year, and their sums over all years: hidden together, as one table;
- sums over some of the years and over groups of areas: hidden where any of their figures is;
- ratios and their parts: a ratio is shown only where it can be computed from figures that are shown;
- reports row by row (`observations`): the value is empty and the status ``hidden``; consolidated reports are shown only
  where the total is, and no report from below is missing, for what is above the sum is what the missing ones have;
- the log (`records`): a count of opinions is left out in all entries of an office's year in which one of them or
  their sum is hidden;
- rates, ranks, medians, shares, readings, hover texts, tables, digests and saved states: made of the figures shown;
- problems that the checks find: the numbers of those on persons are left out (`checks`);
- what JupyterLab saved while somebody looked on with all figures: not published (`pages`).

The reader is taken to know this rule, the threshold, which hidden figures are small, and that a part is not more than
its whole (`_between`). He is not taken to know anything of the areas from elsewhere.
"""

from __future__ import annotations

import dataclasses
import os
import sys
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from danvan_kit import cube, suppression
from danvan_kit import review as reviews
from danvan_kit.errors import DanvanError
from danvan_kit.log import PEOPLE, Log
from danvan_kit.review import Hidden, Review

DEFAULT = 5
"""Counts of persons below this are hidden unless a review says otherwise."""
LEAST = 3
"""The least threshold that hides anything: with 2, "hidden" would mean 1."""
ASKED = "DANVAN_THRESHOLD"
"""The environment variable that overrules a review's own threshold (0: show all figures), or is `WATCHED`."""
WATCHED = "live"
"""Runs a notebook as if somebody looked on: `verify` does so with one that was saved like that."""
LIVE = "JPY_SESSION_NAME"
"""What Jupyter's servers tell a kernel that somebody opened in a page; who only runs a notebook sets no such thing."""


class DisclosureError(DanvanError):
    """A threshold that hides nothing or is no number, or something that must not be shared as it is."""


def load(folder: Path | str, *, records: Any = None, observations: Any = None) -> Review:  # noqa: ANN401
    """Load a review folder: `review.load`, protected in a notebook that only runs, with nobody looking on.

    A notebook that is run to be shared or checked (`publish`, `verify`, nbconvert, papermill) sees the protected
    review. Somebody at work in JupyterLab sees all figures, and so do scripts and the command line.

    Parameters
    ----------
    folder
        The folder, such as ``"data"``.
    records, observations
        The log and the reports, where they are not in the folder: as `review.load`.

    Returns
    -------
    Review
        As `review.load`.

    Raises
    ------
    ReviewError, TableError, AreaError, IndicatorError, DisclosureError
        As `review.load`; and if the threshold is none.
    """
    found = reviews.load(folder, records=records, observations=observations)
    return protect(found) if _unattended() else found


def due(review: Review) -> int:
    """Return the threshold that a review asks for where its figures are shared; 0: nothing is to be hidden.

    That is `ASKED` in the environment, else ``threshold`` below ``[disclosure]`` in ``review.toml``, else `DEFAULT`.

    Raises
    ------
    DisclosureError
        If it is no whole number, or 1 or 2.
    """
    if not (review.indicators["persons"] == "yes").any():
        return 0
    given: Any = os.environ.get(ASKED, "").strip()
    if given and given != WATCHED:
        return _checked(int(given) if given.isdecimal() else given, ASKED)
    file = review.folder / "review.toml"
    settings = tomllib.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    return _checked(settings.get("disclosure", {}).get("threshold", DEFAULT), f"{file}: threshold")


def _checked(value: object, place: str) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and (value == 0 or value >= LEAST):
        return value
    raise DisclosureError(
        f"{place} = {value!r}; được dùng: 0 (không ẩn) hoặc số nguyên từ {LEAST}",
        f"{place} = {value!r}; allowed: 0 (hide nothing) or a whole number from {LEAST}",
    )


def exposed(review: Review) -> bool:
    """Tell whether somebody at work in JupyterLab sees figures of a review that must not be shared as they are."""
    return _watched() and not review.threshold and due(review) > 0


def _watched() -> bool:
    return LIVE in os.environ or os.environ.get(ASKED) == WATCHED


def _unattended() -> bool:
    """Tell whether this is the kernel of a notebook that only runs: nobody looks on."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return hasattr(shell, "kernel") and not _watched()


def protect(review: Review, threshold: int | None = None) -> Review:
    """Return a review that does not show small counts of persons, and nothing from which they could be worked out.

    Parameters
    ----------
    review
        The review; a protected one is returned as it is.
    threshold
        Counts from 1 to below it are hidden. None: what the review asks for (`due`); 0: the review itself.

    Returns
    -------
    Review
        Carries `threshold` and `hidden`; `cube.of` it has NaN where a figure is hidden, and says which those are.
        The same review and threshold give the same object.

    Raises
    ------
    DisclosureError
        If the threshold is 1, 2 or negative.
    """
    wanted = due(review) if threshold is None else _checked(threshold, "threshold")
    return _protected(review, wanted) if wanted and not review.hidden else review


@lru_cache(maxsize=4)
def _protected(review: Review, threshold: int) -> Review:
    hidden = _hidden(review, threshold)
    rows = (_observations(review, hidden), _records(review, hidden))
    kept = dataclasses.replace(hidden, rows=rows)
    return dataclasses.replace(review, observations=rows[0], records=rows[1], hidden=kept)


def with_reports(review: Review, observations: pd.DataFrame) -> Review:
    """Return a review with further reports, each in the place of what was there for the same figure.

    Parameters
    ----------
    review
        The review; where it is protected, so is what is returned.
    observations
        Reports as `read_forms` gives them; of several for one figure the last received counts.
    """
    full = review.hidden.full if review.hidden else review
    key = ["area", "year", "indicator", "scope"]
    ordered = observations.sort_values("received", kind="stable", na_position="first")
    came, old = ordered.drop_duplicates(key, keep="last"), full.observations
    rest = old.loc[~old.set_index(key).index.isin(came.set_index(key).index)]
    texts = old.columns[old.dtypes == "category"]
    both = pd.concat([rest.astype(dict.fromkeys(texts, "str")), came[old.columns]], ignore_index=True)
    found = dataclasses.replace(full, observations=both.astype(dict.fromkeys(texts, "category")))
    return protect(found, review.threshold)


# --- figures ----------------------------------------------------------------------------------------------------------


def _hidden(review: Review, threshold: int) -> Hidden:
    cells = cube.of(review)
    own, total = (np.zeros((*cells.own.shape[:2], len(review.years) + 1), dtype=np.bool_) for _ in range(2))
    for i in _counts(review):
        between = _between(review, cells, i)
        own[i], total[i] = suppression.hide(cells.own[i], cells.total[i], review.areas, threshold, between)
    for i in cells.parts:
        parts = [cells.index(str(review.indicators.iloc[i][part])) for part in ("numerator", "denominator")]
        own[i] = own[parts].any(axis=0)
        total[i] = total[parts].any(axis=0) | _half(review, cells, parts, own)
    return Hidden(review, threshold, own[..., :-1], total[..., :-1], own[..., -1], total[..., -1])


def _counts(review: Review) -> list[int]:
    """Return the places of the indicators that count persons."""
    table = review.indicators
    return np.flatnonzero((table["persons"] == "yes") & (table["aggregation"] != "ratio")).tolist()


def _between(review: Review, cells: cube.Cube, i: int) -> tuple[cube.Floats, cube.Floats]:
    """Return what a reader knows an office's figure to be at least and at most: a part is not more than its whole.

    The other figure is taken as it is, hidden or not, and does not bind where it is exceeded. Shape ``(area, year)``.
    """
    mine, table = cells.own[i], review.indicators
    least, most = np.zeros_like(mine), np.full_like(mine, np.inf)
    for part, whole in zip(table["numerator"], table["denominator"], strict=True):
        if part == table.index[i]:
            most = np.fmin(most, np.where(cells.own[cells.index(whole)] >= mine, cells.own[cells.index(whole)], np.inf))
        elif whole == table.index[i]:
            least = np.fmax(least, np.where(cells.own[cells.index(part)] <= mine, cells.own[cells.index(part)], 0))
    return least, most


def _half(review: Review, cells: cube.Cube, parts: list[int], own: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Tell which branches have an office that gave one part of a ratio only, and that one is hidden.

    A ratio is taken over the offices that gave both, so there it is not the one of the two totals.
    Shape ``(area, year + 1)``.
    """
    known = ~np.isnan(cells.own[parts])
    bad = (known[0] != known[1]) & own[parts][..., :-1].any(axis=0)
    bad = np.hstack([bad, bad.any(axis=1, keepdims=True)])
    found: NDArray[np.bool_] = cube.branch_sums(bad.astype(np.int64), review.areas) > 0
    return found


# --- rows -------------------------------------------------------------------------------------------------------------


def _observations(review: Review, hidden: Hidden) -> pd.DataFrame:
    """Empty the values of hidden figures; their status is ``hidden``."""
    seen, cells = review.observations, cube.of(review)
    about = np.isin(np.arange(len(review.indicators)), _counts(review))
    i = pd.Index(list(review.indicators.index)).get_indexer(pd.Index(seen["indicator"].astype("str")))
    a = review.areas.rows(seen["area"])
    y = seen["year"].to_numpy(dtype=np.intp) - review.years[0]
    value = seen["value"].to_numpy(dtype=np.float64, na_value=np.nan)
    above = (seen["scope"] == "consolidated").to_numpy()
    closed = hidden.total | (cells.present < cells.expected)
    veil = np.where(above, closed[i, a, y], hidden.own[i, a, y]) | ((value > 0) & (value < hidden.threshold))
    gone = about[i] & veil & (seen["status"] == "reported").to_numpy()
    status = seen["status"].astype("str").mask(gone, "hidden")
    long = isinstance(seen["status"].dtype, pd.CategoricalDtype)
    return seen.assign(value=seen["value"].mask(gone), status=status.astype("category") if long else status)


def _veils(log: Log, review: Review, hidden: Hidden) -> dict[str, NDArray[np.bool_]]:
    """Tell where a column of a log in an engine is hidden, as `_records` does. Shape ``(area, year)`` each."""
    table, veils = review.indicators, {}
    for column in PEOPLE:
        counts = ((table["record_value"] == column) & (table["persons"] == "yes")).to_numpy()
        veils[column] = np.logical_or.reduce(hidden.own[counts], axis=0) | log.few(column, hidden.threshold)
    return veils | {"days": np.logical_or.reduce(list(veils.values()))}


def _records(review: Review, hidden: Hidden) -> Any:  # noqa: ANN401 - the log, in memory or in an engine
    """Empty a column in all entries of an office's year in which one of them, or their sum, is hidden.

    The days until opinions were resolved go with them.
    """
    log, table = review.records, review.indicators
    if isinstance(log, Log):
        return log.hide(_veils(log, review, hidden))
    a, y = review.areas.rows(log["area"]), log["year"].to_numpy(dtype=np.intp) - review.years[0]
    gone = {}
    for column in PEOPLE:
        counts = ((table["record_value"] == column) & (table["persons"] == "yes")).to_numpy()
        veil = np.logical_or.reduce(hidden.own[counts], axis=0)
        amount = log[column].to_numpy(dtype=np.float64, na_value=np.nan)
        few = (amount > 0) & (amount < hidden.threshold)
        veil[a[few], y[few]] = True
        gone[column] = veil[a, y]
    gone["days"] = np.logical_or.reduce(list(gone.values()))
    return log.assign(**{column: log[column].mask(mask) for column, mask in gone.items()})

"""Rules on single reports: filed twice, changed late, impossible, of an area that does not stand, jumping."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from danvan_kit import cube, words
from danvan_kit.areas import REPORTING_DAY
from danvan_kit.checks.problems import Filed, Problem, below, cells, filed, office, problem, sources, table
from danvan_kit.cube import Floats
from danvan_kit.log import Log
from danvan_kit.review import Review

KEY = ["area", "year", "indicator", "scope"]
# A jump: so many times above or below the median of at least so many other years, once that median is no small number.
JUMP_TIMES, JUMP_YEARS, JUMP_MEDIAN = 5.0, 3, 20.0


# --- several sources for one figure -----------------------------------------------------------------------------------


def duplicates(review: Review) -> pd.DataFrame:
    """Find reports filed twice: one row for each office and year in which another source repeats the same figures.

    A figure is repeated when two sources give the same area, year, indicator, scope and value. The kit counts it
    once; somebody who adds up the files counts it twice. Expected is none, found the number of repeated figures.
    """
    seen = _again(review)
    seen = seen[seen["value"].notna() & seen.duplicated([*KEY, "value"], keep=False)]
    rows = []
    for _, part in seen.groupby(["area", "year"]):
        figures = (0.0, float(part.duplicated([*KEY, "value"]).sum()))
        files = part["source"].str.partition("#")[0]
        first = part["source"][~files.duplicated()]  # a whole form has many cells: the first of each file
        where = (str(part["area"].iloc[0]), int(part["year"].iloc[0]), "")
        source = "; ".join(first)
        named = ", ".join(files.unique())
        rows.append(problem(review, "warning", where, figures, "duplicate", source=source, files=named))
    return table("duplicates", rows)


def late_changes(review: Review) -> pd.DataFrame:
    """Find figures that a source received later changes or withdraws: expected is the earlier figure, found the later.

    A figure that was missing at first and came in later is no change.
    """
    seen = _again(review)
    before = seen.groupby(KEY)[["value", "received", "source"]].shift()
    changed = before["value"].notna() & (seen["value"] != before["value"])
    old, new = before[changed].to_dict("records"), seen[changed].to_dict("records")
    rows = []
    for was, now in zip(old, new, strict=True):
        more = {"early": _day(was["received"]), "late": _day(now["received"])}
        where, figures = (now["area"], now["year"], now["indicator"]), (was["value"], now["value"])
        source = f"{was['source']}; {now['source']}"
        rows.append(problem(review, "warning", where, figures, "late_change", source=source, **more))
    return table("late_changes", rows)


def _again(review: Review) -> pd.DataFrame:
    """Return figures that stand in more than one source, in order of arrival; the value is NaN unless reported."""
    seen = review.observations
    seen = seen[seen.duplicated(KEY, keep=False)].sort_values("received", kind="stable", na_position="first")
    value = seen["value"].astype("float64").where(seen["status"] == "reported")
    return seen.assign(value=value, **{c: seen[c].astype("str") for c in ("area", "indicator", "scope", "source")})


def _day(day: Any) -> tuple[str, str]:  # noqa: ANN401 - a timestamp or NaT
    known = None if pd.isna(day) else day.date()
    return words.date(known, "vi"), words.date(known, "en")


# --- impossible figures -----------------------------------------------------------------------------------------------


def impossible(review: Review) -> pd.DataFrame:
    """Find figures that cannot be: each is provably wrong on its own form.

    A part above its whole (the two parts of each ratio of the catalogue), a negative or fractional count, a figure
    other than zero for an indicator that the office's level does not keep (consolidated: that nobody below keeps), a
    value whose status says that there is none or the other way round, and a record with more opinions resolved than
    raised. A figure other than zero before the indicator's first year is only a question.
    """
    rows = [*_status(review), *_records_exceed(review)]
    keeps = cube.kept(review)
    begun = review.indicators["first_year"].to_numpy()[:, None, None] <= np.array(review.years)
    counts = (review.indicators["aggregation"] != "ratio").to_numpy()[:, None, None]
    for scope, one in filed(review).items():
        value = one.value
        nonzero = ~np.isnan(value) & (value != 0)
        may = (keeps if scope == "own" else below(review, keeps))[:, :, None]
        for mask, text, severity in (
            (value < 0, "negative", "error"),
            (counts & ~np.isnan(value) & (np.floor(value) != value), "fraction", "error"),
            (nonzero & ~may, "not_kept", "error"),
            (nonzero & may & ~begun, "too_early", "warning"),
        ):
            for place, where in cells(review, mask):
                about = review.indicators.loc[where[2]]
                unit, first = (str(about["unit_vi"]), str(about["unit_en"])), str(about["first_year"])
                figures, source = (np.nan, float(value[place])), sources(review, [one.row[place]])
                rows.append(problem(review, severity, where, figures, text, source=source, unit=unit, first=first))
        rows += _parts_exceed(review, one)
    return table("impossible", rows)


def _parts_exceed(review: Review, one: Filed) -> Iterator[Problem]:
    ratios = review.indicators[review.indicators["aggregation"] == "ratio"]
    ids = list(review.indicators.index)
    for part, whole in dict.fromkeys(zip(ratios["numerator"], ratios["denominator"], strict=True)):
        up, down = ids.index(part), ids.index(whole)
        mask = np.zeros(one.value.shape, dtype=np.bool_)
        mask[up] = one.value[up] > one.value[down]
        about = review.indicators.loc[whole]
        labels = (str(about["label_vi"]), str(about["label_en"]))
        for (i, a, y), where in cells(review, mask):
            figures = (float(one.value[down, a, y]), float(one.value[i, a, y]))
            source = sources(review, [one.row[i, a, y], one.row[down, a, y]])
            yield problem(review, "error", where, figures, "exceeds", source=source, whole=labels)


def _status(review: Review) -> Iterator[Problem]:
    seen = review.observations
    odd = seen[(seen["status"] == "reported") == seen["value"].isna()]
    for row in odd.to_dict("records"):
        where = (row["area"], row["year"], row["indicator"])
        more = {"source": row["source"], "status": (words.label(row["status"], "vi"), words.label(row["status"], "en"))}
        yield problem(review, "error", where, (np.nan, row["value"]), "status", **more)


def _records_exceed(review: Review) -> Iterator[Problem]:
    log = review.records
    engine = isinstance(log, Log)
    odd = log.exceeding() if engine else log[(log["resolved"] > log["opinions"]).fillna(value=False).astype("bool")]
    for row in odd.to_dict("records"):
        where, figures = (row["area"], row["year"], row["activity"]), (float(row["opinions"]), float(row["resolved"]))
        record = str(row["record"])
        yield problem(review, "error", where, figures, "record_exceeds", source=f"records#{record}", record=record)


# --- areas in time ----------------------------------------------------------------------------------------------------


def area_validity(review: Review) -> pd.DataFrame:
    """Find reports and records of areas that do not stand in that year: one row for each area, year and kind.

    An area reports for a year when it is valid on 30 June; a record is good on any day on which its area is valid. The
    row names the areas that came out of it and stand then
    (for a year before its first: those that it came out of). Reports count nowhere until that is settled. Found is
    their number.
    """
    stands = review.areas.valid(review.years)
    reported = review.observations[review.observations["status"] == "reported"]
    good = stands[_rows(review, reported), reported["year"].to_numpy(dtype=np.intp) - review.years[0]]
    rows = []
    for kind, off in (
        (("số liệu báo cáo", "reported figures"), _ends(reported[~good])),
        (("hồ sơ", "records"), _outside(review)),
    ):
        for part in off.to_dict("records"):
            area, year = str(part["area"]), int(part["year"])
            now = ", ".join(office(review, other) for other in standing(review, area, year)) or words.DASH
            source = "; ".join(dict.fromkeys([part["first"], part["last"]]))
            figures, where = (0.0, float(part["value"])), (area, year, "")
            rows.append(problem(review, "error", where, figures, "not_standing", source=source, kind=kind, now=now))
    return table("area_validity", rows)


def _ends(rows: pd.DataFrame) -> pd.DataFrame:
    """Return how many rows an office has in a year, and the sources of the first and the last."""
    by = rows.assign(area=rows["area"].astype("str"), source=rows["source"].astype("str")).groupby(["area", "year"])
    found: pd.DataFrame = by["source"].agg(["size", "first", "last"]).reset_index()
    return found.rename(columns={"size": "value"})


def _outside(review: Review) -> pd.DataFrame:
    """Return the entries of the log on days on which their area did not stand, as `_ends` does."""
    log = review.records
    if isinstance(log, Log):
        found = log.outside()
        return found.assign(
            first="records#" + found["first"].astype("str"), last="records#" + found["last"].astype("str")
        )
    log = log.assign(source="records#" + log["record"].astype("str"))
    days, span = log["date"].to_numpy(), review.areas.table[["valid_from", "valid_to"]].iloc[_rows(review, log)]
    return _ends(log[(days < span["valid_from"].to_numpy()) | (days > span["valid_to"].to_numpy())])


def _rows(review: Review, frame: pd.DataFrame) -> NDArray[np.intp]:
    return pd.Index(review.areas.ids).get_indexer(pd.Index(frame["area"].astype("str")))


def standing(review: Review, area: str, year: int) -> list[str]:
    """Return the areas that continue `area` in `year`, through as many changes as it takes, in pre-order.

    For a year before the area's first: those that it came out of.
    """
    areas, day = review.areas, pd.Timestamp(f"{year}-{REPORTING_DAY}")
    valid = areas.valid([year])[:, 0]
    here, there = ("from_area", "to_area") if areas.get(area)["valid_to"] < day else ("to_area", "from_area")
    found: set[str] = set()
    ahead, seen = [area], {area}
    while ahead:
        fresh = set(areas.changes.loc[areas.changes[here] == ahead.pop(), there]) - seen
        seen |= fresh
        found |= {other for other in fresh if valid[areas.row(other)]}
        ahead += sorted(fresh - found)
    return sorted(found, key=areas.row)


# --- an office's own series -------------------------------------------------------------------------------------------


def jumps(review: Review) -> pd.DataFrame:
    """Find own figures far from the office's other years: five times their median or more, or a fifth or less.

    Only figures that the log does not back (those are counted, see `records_against_reports`), only against at least
    three other years whose median is 20 or more. The last year of a flow, when the review closes before its end, is
    compared with that part of the median. Expected is that median.
    """
    kind = review.indicators
    single = ((kind["record_activity"] == "") & kind["aggregation"].isin(["sum", "last"])).to_numpy()
    one = filed(review)["own"]
    share = np.ones((len(kind), 1, len(review.years)))
    share[(kind["nature"] == "flow").to_numpy(), :, -1] = _closing_share(review)
    yearly = np.where(single[:, None, None], one.value / share, np.nan)
    median, others = _median_of_others(yearly)
    with np.errstate(invalid="ignore"):
        far = (yearly >= JUMP_TIMES * median) | (yearly <= median / JUMP_TIMES)
        mask = far & (others >= JUMP_YEARS) & (median >= JUMP_MEDIAN)
    rows = []
    for place, where in cells(review, mask):
        i, _, y = place
        figures = (round(float(median[place] * share[i, 0, y]), 1), float(one.value[place]))
        more = {"source": sources(review, [one.row[place]]), "others": str(others[place])}
        rows.append(problem(review, "warning", where, figures, "jump", **more))
    return table("jumps", rows)


def _closing_share(review: Review) -> float:
    """Return how much of its last year the review covers."""
    days = 366 if calendar.isleap(review.closing.year) else 365
    return review.closing.timetuple().tm_yday / days


def _median_of_others(values: Floats) -> tuple[Floats, NDArray[np.int64]]:
    """Return for each year the median of the other known years, and how many those are. Shapes as `values`."""
    median, count = np.full(values.shape, np.nan), np.zeros(values.shape, dtype=np.int64)
    years = values.shape[-1]
    for y in range(years if years > 1 else 0):
        rest = np.sort(np.delete(values, y, axis=-1), axis=-1)  # NaN go to the end
        n = (~np.isnan(rest)).sum(axis=-1)
        middle = [np.take_along_axis(rest, at[..., None], -1)[..., 0] for at in (np.maximum(n - 1, 0) // 2, n // 2)]
        median[..., y] = (middle[0] + middle[1]) / 2
        count[..., y] = n
    return median, count

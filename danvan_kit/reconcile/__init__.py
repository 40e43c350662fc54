"""One figure through three levels: published, consolidated by the city, by the districts, the offices' own, the log.

`chain` follows a figure downwards. Between two steps stands a gap, and each gap is taken apart into the offices that it
comes from; what they explain adds up to the gap exactly.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from danvan_kit import cube
from danvan_kit.cube import latest
from danvan_kit.indicators import IndicatorError, get, persons, place
from danvan_kit.log import Log
from danvan_kit.reconcile import published
from danvan_kit.reconcile.causes import Cause, addition, against_log
from danvan_kit.reconcile.rates import over_hundred
from danvan_kit.reconcile.sums import of
from danvan_kit.reconcile.told import UNEXPLAINED, name, told
from danvan_kit.review import Review

__all__ = ["STEPS", "Chain", "Part", "chain", "over_hundred"]

STEPS: dict[str, tuple[str, str]] = {
    "published": ("Đã công bố", "Published"),
    "reported": ("Số tổng hợp đã báo cáo", "Consolidated as reported"),
    "below": ("Cộng số tổng hợp cấp dưới", "Sum of what came from below"),
    "offices": ("Cộng số của riêng từng đơn vị", "Sum of the own figures"),
    "records": ("Đếm từ nhật ký hoạt động", "Counted from the log"),
}
"""The steps from the top down."""


class Part(NamedTuple):
    """One part of a gap: as a row of `Chain.parts`, with rows of areas in place of ids."""

    step: str
    child: int
    place: int
    year: int | None
    amount: float
    causes: tuple[Cause, ...]


@dataclass(frozen=True, eq=False)
class Chain:
    """A figure through its steps.

    Attributes
    ----------
    review, indicator, area, years
        What was followed; `years` are the first and the last that are compared.
    figures, missing
        By step from the top down: the figure, and how many reports lack. A step that does not exist here is not there;
        a value that nobody filed is NaN, and counts as nothing in the gaps.
    found
        The parts of all gaps.
    lang
        Language of the texts.
    """

    review: Review
    indicator: str
    area: str
    years: tuple[int, int]
    figures: dict[str, float]
    missing: dict[str, int]
    found: tuple[Part, ...]
    lang: str

    @cached_property
    def gaps(self) -> dict[str, float]:
        """By step: its value less that of the next one."""
        known = [0.0 if np.isnan(value) else value for value in self.figures.values()]
        return dict(zip(self.figures, [a - b for a, b in pairwise(known)] + [0.0], strict=True))

    @cached_property
    def steps(self) -> pd.DataFrame:
        """``step, name, value, gap, missing``, from the top down."""
        names = [STEPS[step][self.lang == "en"] for step in self.figures]
        columns = {"step": list(self.figures), "name": names, "value": list(self.figures.values())}
        return pd.DataFrame(columns | {"gap": list(self.gaps.values()), "missing": list(self.missing.values())})

    @cached_property
    def parts(self) -> pd.DataFrame:
        """``step, area, name, place, year, amount, kinds, causes, explanations``: what each gap comes from.

        `area` is the chain's own area or the one directly below it in whose branch `place`, the office to ask, stands.
        The amounts of a step add up to its gap. An amount of 0 tells of a report that lacks and changes no sum.
        """
        ids, names = self.review.areas.ids, self.review.areas.table["name"].tolist()
        rows = []
        for step, child, at, year, amount, causes in self.found:
            kinds, said = tuple(dict.fromkeys(c.kind for c in causes)), told(self.review, causes, self.lang)
            rows.append((step, ids[child], names[child], ids[at], year, amount, kinds, causes, said))
        columns = ["step", "area", "name", "place", "year", "amount", "kinds", "causes", "explanations"]
        return pd.DataFrame(rows, columns=columns).astype({"year": "Int64", "amount": "float64"})

    @cached_property
    def statements(self) -> pd.DataFrame:
        """What has been published on the indicator, compared (`published.statements`); empty below the top area."""
        said = published.statements(self.review, self.indicator, self.lang)
        return said.iloc[: None if self.area == self.review.areas.root else 0]

    def by_child(self, step: str | None = None) -> pd.DataFrame:
        """Sum up the parts by step and area, the largest first.

        Returns
        -------
        DataFrame
            ``step, area, name, amount, share, years, causes``: `share` of the step's gap, NaN when that is 0.
        """
        groups: dict[tuple[str, int], list[Part]] = {}
        for part in self.found:
            if step in {None, part.step}:
                groups.setdefault((part.step, part.child), []).append(part)
        rows, areas = [], self.review.areas
        for (at, child), some in groups.items():
            amount, gap = sum(part.amount for part in some), self.gaps[at]
            years = ", ".join(str(y) for y in sorted({part.year for part in some if part.year is not None}))
            kinds = "; ".join(dict.fromkeys(name(part.causes[0].kind, self.lang) for part in some))
            share = amount / gap if gap else np.nan
            rows.append((at, areas.ids[child], areas.name(areas.ids[child]), amount, share, years, kinds))
        order = list(STEPS)
        rows.sort(key=lambda row: (order.index(row[0]), -abs(row[3])))
        return pd.DataFrame(rows, columns=["step", "area", "name", "amount", "share", "years", "causes"])

    def rows(self, step: str, area: str = "") -> pd.DataFrame:
        """Return the rows that a step's value is made of, with their cells.

        Parameters
        ----------
        step
            One of `STEPS`.
        area
            Only what stands in its branch; empty: the chain's own.

        Returns
        -------
        DataFrame
            Rows of `observations` (plus ``counts``: False for an earlier report that a later one replaced), of
            `records` or of `statements`.
        """
        if step not in STEPS:
            allowed = ", ".join(STEPS)
            raise IndicatorError(f"không có bước {step!r}; được dùng: {allowed}", f"step {step!r}: {allowed}")
        return _rows(self, step, area or self.area)


def chain(
    review: Review, indicator: str, area: str = "", years: tuple[int, int] | int | None = None, *, lang: str = "vi"
) -> Chain:
    """Follow one figure from the top down, and take each difference apart.

    Parameters
    ----------
    review
        The review.
    indicator
        One that adds up; of a stock only the last year of `years` is compared.
    area
        An area that has offices below it; empty: the top one.
    years
        First and last year, or one; None: all. Years before the indicator's first are left out.
    lang
        Language of names and explanations.

    Raises
    ------
    IndicatorError
        If the figures do not add up, nobody consolidates them there, the years are outside the review, or small counts
        of persons are hidden in this review.
    AreaError
        If `area` is unknown.
    """
    i, a = place(review.indicators, indicator), review.areas.row(area or review.areas.root)
    area, span = review.areas.ids[a], _span(review, indicator, years)
    _require(review, indicator)
    places = [review.years.index(y) for y in range(span[0], span[1] + 1)]
    _require_heads(review, i, a, places, span)
    values, missing = _values(review, i, a, places)
    parts = (*_published(review, i, a, places), *_of_steps(review, i, a, places))
    return Chain(review, indicator, area, span, values, missing, parts, lang)


def _span(review: Review, indicator: str, years: tuple[int, int] | int | None) -> tuple[int, int]:
    """Return the first and last year compared."""
    first, last = (
        (review.years[0], review.years[-1]) if years is None else (years, years) if isinstance(years, int) else years
    )
    for year in (first, last):
        cube.of(review).year(year)
    about = get(review.indicators, indicator)
    if first > last or last < int(about["first_year"]):
        raise IndicatorError(
            f"chỉ tiêu {indicator!r} bắt đầu từ {about['first_year']}, không có số liệu {first}–{last}; "
            f"được dùng: {about['first_year']}–{review.years[-1]}",
            f"{indicator!r} begins in {about['first_year']}; nothing to compare in {first}-{last}",
        )
    return (last, last) if about["aggregation"] == "last" else (max(first, int(about["first_year"])), last)


def _require(review: Review, indicator: str) -> None:
    """Refuse what does not add up, and what is not shown in full."""
    about = get(review.indicators, indicator)
    quoted = f"“{about['label_vi']}” ({indicator})"
    if about["aggregation"] not in {"sum", "last"}:
        why = {
            "ratio": ("là tỷ lệ, phải tính lại từ tử số và mẫu số", "is a ratio, recomputed from its parts"),
            "none": (
                "không cộng giữa các cấp (mỗi cấp một loại việc khác nhau)",
                "is never added over levels (each level counts another kind of event)",
            ),
        }[str(about["aggregation"])]
        raise IndicatorError(
            f"chỉ tiêu {quoted} {why[0]} nên không đối chiếu được qua ba cấp; được dùng: chỉ tiêu cộng được",
            f"indicator “{about['label_en']}” ({indicator}) {why[1]}; allowed: one that adds up (sum, last)",
        )
    if review.hidden is not None and persons(review.indicators, indicator):
        raise IndicatorError(
            f"chỉ tiêu {quoted} đếm người: bản chia sẻ che các số nhỏ nên không đối chiếu từng đơn vị; "
            "được dùng: mở sổ tay trong Lab, hoặc chỉ tiêu khác",
            f"{indicator!r} counts persons; where figures are shared small ones are hidden; allowed: another indicator",
        )


def _require_heads(review: Review, i: int, a: int, places: list[int], span: tuple[int, int]) -> None:
    """Refuse an area that has no offices with this figure below it in these years."""
    sums = of(review)
    branch = slice(a + 1, int(review.areas.end[a]))
    if not (sums.stands[a, places] & sums.due[i, branch][:, places].any(axis=0)).any():
        name_vi, period = (
            review.areas.name(review.areas.ids[a]),
            f"{span[0]}–{span[1]}" if span[0] < span[1] else str(span[0]),
        )
        raise IndicatorError(
            f"{name_vi} năm {period} không có đơn vị cấp dưới báo cáo chỉ tiêu {review.indicators.index[i]!r}; "
            "được dùng: đơn vị cấp trên có đơn vị trực thuộc trong kỳ",
            f"nothing below {name_vi} reports {review.indicators.index[i]!r} in {period}; allowed: an area above",
        )


# --- steps ------------------------------------------------------------------------------------------------------------


def _values(review: Review, i: int, a: int, places: list[int]) -> tuple[dict[str, float], dict[str, int]]:
    """Return by step the figure, and how many reports lack."""
    sums, values, missing = of(review), dict[str, float](), dict[str, int]()
    inside = slice(a, int(review.areas.end[a]))
    said = _said(review, i, a, places)
    if said is not None:
        values["published"], missing["published"] = float(said["value"]), 0
    if sums.heads[i, a, places].any():
        filed = sums.reported[i, a, places]
        values["reported"] = float("nan") if np.isnan(filed).all() else float(np.nansum(filed))
        missing["reported"] = int(sums.silent[i, a, places].sum())
    if children := _heads(review, i, a, places):
        values["below"] = float(sums.below[i, a, places].sum())
        missing["below"] = int(sums.silent[i, children][:, places].sum() + sums.lacking[i, a, places].sum())
    values["offices"] = float(sums.offices[i, a, places].sum())
    missing["offices"] = int(sums.lacking[i, inside][:, places].sum())
    if sums.counted[i]:
        values["records"], missing["records"] = float(sums.log[i, inside][:, places].sum()), 0
    return values, missing


def _said(review: Review, i: int, a: int, places: list[int]) -> pd.Series[Any] | None:
    """Return the published statement on top of a chain."""
    span = (review.years[places[0]], review.years[places[-1]])
    return published.top(review, str(review.indicators.index[i]), span) if a == 0 else None


def _heads(review: Review, i: int, a: int, places: list[int]) -> list[int]:
    """Return the rows directly below that consolidate themselves."""
    rows = np.flatnonzero(review.areas.parent_row == a)
    return [int(c) for c in rows[of(review).heads[i, rows][:, places].any(axis=1)]]


def _published(review: Review, i: int, a: int, places: list[int]) -> Iterator[Part]:
    """Take apart the published figure less the reported one."""
    sums, said = of(review), _said(review, i, a, places)
    if said is None:
        return
    head = sums.heads[i, a, places].any()
    next_one = float(np.nansum(sums.reported[i, a, places]) if head else sums.offices[i, a, places].sum())
    if amount := float(said["value"]) - next_one:
        years, _ = published.yearly(review, str(review.indicators.index[i]), str(said["levels"]).split())
        span = (review.years[places[0]], review.years[places[-1]])
        why = published.causes(review, said, years, *span)
        yield Part("published", a, a, None, amount, why or (_unexplained(review, a, amount),))


def _unexplained(review: Review, a: int, amount: float) -> Cause:
    return Cause(UNEXPLAINED, (review.areas.ids[a],), amount)


def _of_steps(review: Review, i: int, a: int, places: list[int]) -> Iterator[Part]:
    """Take apart the gaps between reported figures, and between those and the log."""
    sums, end = of(review), int(review.areas.end[a])
    asked = sums.heads[i, a, places].any()
    for y in places:
        if asked:
            yield from _at_top(review, i, a, y)
        off = (sums.addition[i, a + 1 : end, y] != 0) | sums.silent[i, a + 1 : end, y]
        for h in (a + 1 + np.flatnonzero(off)).tolist():
            child, year = _child(review, a, h), review.years[y]
            for office, amount, causes in addition(review, i, h, y):
                yield Part("below", child, review.areas.row(office), year, amount, causes)
            if sums.silent[i, h, y]:
                yield Part("below", child, h, year, 0.0, (Cause("not_reported", (review.areas.ids[h],), 0.0, True),))
        if sums.counted[i]:
            more = np.nan_to_num(sums.own[i, a:end, y]) - sums.log[i, a:end, y]
            for o in np.flatnonzero(more).tolist():
                why = against_log(review, i, a + o, y)
                yield Part("offices", _child(review, a, a + o), a + o, review.years[y], float(more[o]), why)


def _at_top(review: Review, i: int, a: int, y: int) -> Iterator[Part]:
    """Take apart the chain's own consolidated figure less what came to it."""
    sums, area, year = of(review), review.areas.ids[a], review.years[y]
    if np.isnan(sums.reported[i, a, y]):
        amount = -float(sums.below[i, a, y])
        if sums.silent[i, a, y]:
            yield Part("reported", a, a, year, amount, (Cause("not_reported", (area,), amount, True),))
        elif amount:  # the office does not stand then, though some of it is reported
            yield Part("reported", a, a, year, amount, (_unexplained(review, a, amount),))
        return
    for office, amount, causes in addition(review, i, a, y):
        row = review.areas.row(office)
        yield Part("reported", _child(review, a, row), row, year, amount, causes)


def _child(review: Review, a: int, row: int) -> int:
    """Return the row directly below `a` in whose branch `row` stands; `a` itself when it stands elsewhere."""
    if not a < row < int(review.areas.end[a]):
        return a
    while int(review.areas.parent_row[row]) != a:
        row = int(review.areas.parent_row[row])
    return row


def _rows(found: Chain, step: str, area: str) -> pd.DataFrame:
    review, inside = found.review, set(found.review.areas.ids[found.review.areas.branch(area)])
    if step == "published":
        return review.statements[review.statements["indicator"] == found.indicator].reset_index(drop=True)
    if step == "records":
        activities = str(review.indicators.loc[found.indicator, "record_activity"]).split()
        log = review.records
        if isinstance(log, Log):
            return log.rows(inside, activities, found.years)
        keep = log["activity"].isin(activities) & log["area"].isin(inside) & log["year"].between(*found.years)
        behind: pd.DataFrame = log[keep].reset_index(drop=True)
        return behind
    seen = review.observations
    seen = seen[(seen["indicator"] == found.indicator) & seen["year"].between(*found.years)]
    own, above = seen["scope"] == "own", seen["scope"] == "consolidated"
    children, top = set(review.areas.children(found.area)) & inside, {found.area} & inside
    keep = {
        "reported": above & seen["area"].isin(top),
        "below": (own & seen["area"].isin(top)) | (above & seen["area"].isin(children)),
        "offices": own & seen["area"].isin(inside),
    }[step]
    some = seen[keep]
    return some.assign(counts=some.index.isin(latest(some).index)).reset_index(drop=True)

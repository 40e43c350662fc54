"""One figure through three levels: published, consolidated by the city, by the districts, the offices' own, the log.

`chain` follows a figure downwards. Between two steps stands a gap, and each gap is taken apart into the offices that it
comes from; what they explain adds up to the gap exactly.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from danvan_kit import cube
from danvan_kit.checks import problems
from danvan_kit.cube import latest
from danvan_kit.indicators import IndicatorError, get, persons, place
from danvan_kit.reconcile import published
from danvan_kit.reconcile.causes import Cause, addition, against_log
from danvan_kit.reconcile.rates import over_hundred
from danvan_kit.reconcile.sums import of
from danvan_kit.reconcile.told import UNEXPLAINED, name, sentences
from danvan_kit.review import Review

__all__ = ["STEPS", "Chain", "chain", "over_hundred"]

STEPS: dict[str, tuple[str, str]] = {
    "published": ("Đã công bố", "Published"),
    "reported": ("Số tổng hợp đã báo cáo", "Consolidated as reported"),
    "below": ("Cộng số tổng hợp cấp dưới", "Sum of what came from below"),
    "offices": ("Cộng số của riêng từng đơn vị", "Sum of the own figures"),
    "records": ("Đếm từ nhật ký hoạt động", "Counted from the log"),
}
"""The steps from the top down."""
PARTS = ["step", "area", "name", "place", "year", "amount", "kinds", "causes", "explanations"]


@dataclass(frozen=True, eq=False)
class Chain:
    """A figure through its steps.

    Attributes
    ----------
    review, indicator, area, years
        What was followed; `years` are the first and the last that are compared.
    steps
        ``step, name, value, gap, missing``: from the top down. `gap` is the value less that of the next step,
        `missing` how many reports lack. A step that does not exist here is not listed; a value that nobody filed is
        NaN, and counts as nothing in the gaps.
    parts
        ``step, area, name, place, year, amount, kinds, causes, explanations``: what each gap comes from. `area` is the
        chain's own area or the one directly below it in whose branch `place`, the office to ask, stands. The amounts of
        a step add up to its gap. An `amount` of 0 tells of a report that lacks and changes no sum.
    statements
        What has been published on the indicator, compared (`published.statements`).
    lang
        Language of the texts.
    """

    review: Review
    indicator: str
    area: str
    years: tuple[int, int]
    steps: pd.DataFrame
    parts: pd.DataFrame
    statements: pd.DataFrame
    lang: str

    def by_child(self, step: str | None = None) -> pd.DataFrame:
        """Sum up the parts by step and area, the largest first.

        Returns
        -------
        DataFrame
            ``step, area, name, amount, share, years, causes``: `share` of the step's gap, NaN when that is 0.
        """
        some = self.parts if step is None else self.parts[self.parts["step"] == step]
        rows = []
        gaps = dict(zip(self.steps["step"], self.steps["gap"], strict=True))
        for (at, area), part in some.groupby(["step", "area"], sort=False):
            amount, gap = float(part["amount"].sum()), float(gaps[at])
            years = ", ".join(str(y) for y in sorted(set(part["year"].dropna().astype(int))))
            kinds = "; ".join(dict.fromkeys(name(k, self.lang) for kinds in part["kinds"] for k in kinds[:1]))
            rows.append([at, area, part["name"].iloc[0], amount, amount / gap if gap else np.nan, years, kinds])
        table = pd.DataFrame(rows, columns=["step", "area", "name", "amount", "share", "years", "causes"])
        order = {step: n for n, step in enumerate(STEPS)}
        return table.assign(_n=table["step"].map(order), _size=-table["amount"].abs()).sort_values(
            ["_n", "_size"], kind="stable", ignore_index=True
        )[table.columns]

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
    parts = [*_published(review, i, a, places, span), *_of_steps(review, i, a, places)]
    table = _parts_table(review, a, parts, lang)
    said = published.statements(review, indicator, lang).iloc[: None if a == 0 else 0]
    return Chain(review, indicator, area, span, _steps(review, i, a, places, lang), table, said, lang)


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
    stands = review.areas.valid(review.years)[a, places]
    under = problems.below(review, of(review).due)[i, a, places]
    if not (stands & under).any():
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


def _steps(review: Review, i: int, a: int, places: list[int], lang: str) -> pd.DataFrame:
    sums, values, missing = of(review), dict[str, float](), dict[str, int]()
    inside = slice(a, int(review.areas.end[a]))
    head = sums.heads[i, a, places]
    span = (review.years[places[0]], review.years[places[-1]])
    said = published.top(review, str(review.indicators.index[i]), span) if a == 0 else None
    if said is not None:
        values["published"], missing["published"] = float(said["value"]), 0
    if head.any():
        filed = sums.reported[i, a, places]
        values["reported"] = float(np.nansum(filed)) if not np.isnan(filed).all() else float("nan")
        missing["reported"] = int((head & np.isnan(filed)).sum())
    children = [c for c in np.flatnonzero(review.areas.parent_row == a) if sums.heads[i, c][places].any()]
    if children:
        values["below"] = float(sums.below[i, a, places].sum())
        gone = sums.heads[i, children][:, places] & np.isnan(sums.reported[i, children][:, places])
        missing["below"] = int(gone.sum() + sums.lacking[i, a, places].sum())
    values["offices"] = float(sums.offices[i, a, places].sum())
    missing["offices"] = int(sums.lacking[i, inside][:, places].sum())
    if str(review.indicators["record_activity"].iloc[i]):
        values["records"], missing["records"] = float(sums.log[i, inside][:, places].sum()), 0
    names = list(values)
    known = [values[n] for n in names]
    plain = np.nan_to_num(known)
    gaps = (plain[:-1] - plain[1:]).tolist()
    table = {"step": names, "name": [STEPS[n][lang == "en"] for n in names], "value": known}
    return pd.DataFrame(table | {"gap": [*gaps, 0.0], "missing": [missing[n] for n in names]})


Row = tuple[str, int, int, int | None, float, tuple[Cause, ...]]
"""Step, row of the area directly below (or the chain's own), row of the office to ask, year, amount, causes."""


def _published(review: Review, i: int, a: int, places: list[int], span: tuple[int, int]) -> Iterator[Row]:
    """Take apart the published figure less the reported one."""
    indicator, sums = str(review.indicators.index[i]), of(review)
    said = published.top(review, indicator, span) if a == 0 else None
    if said is None:
        return
    head = sums.heads[i, a, places].any()
    next_one = float(np.nansum(sums.reported[i, a, places]) if head else sums.offices[i, a, places].sum())
    if amount := float(said["value"]) - next_one:
        years, _ = published.yearly(review, indicator, str(said["levels"]).split())
        yield "published", a, a, None, amount, published.causes(review, said, years, *span)


def _of_steps(review: Review, i: int, a: int, places: list[int]) -> Iterator[Row]:
    sums = of(review)
    children = np.flatnonzero(review.areas.parent_row == a).tolist()
    deep = any(sums.heads[i, c][places].any() for c in children)
    counted = bool(str(review.indicators["record_activity"].iloc[i]))
    for y in places:
        yield from _at_top(review, i, a, y)
        for c in children:
            branch = range(c, int(review.areas.end[c]))
            if deep:
                yield from (row for h in branch for row in _below(review, i, c, h, y))
        if counted:
            for c in [a, *children]:
                for o in [a] if c == a else range(c, int(review.areas.end[c])):
                    if causes := against_log(review, i, o, y):
                        own = sums.own[i, o, y]
                        amount = (0.0 if np.isnan(own) else float(own)) - float(sums.log[i, o, y])
                        yield "offices", c, o, y, amount, causes


def _at_top(review: Review, i: int, a: int, y: int) -> Iterator[Row]:
    """Take apart the chain's own consolidated figure less what came to it."""
    sums = of(review)
    if not sums.heads[i, a, y]:
        if sums.below[i, a, y] and sums.heads[i, a].any():  # nobody asked for a consolidated figure in that year
            yield "reported", a, a, y, -float(sums.below[i, a, y]), ()
        return
    if np.isnan(sums.reported[i, a, y]):
        missing = Cause("not_reported", (review.areas.ids[a],), -float(sums.below[i, a, y]), True)
        yield "reported", a, a, y, -float(sums.below[i, a, y]), (missing,)
        return
    for office, amount, causes in addition(review, i, a, y):
        row = review.areas.row(office)
        child = row if row == a else _child(review, a, row)
        yield "reported", child, row, y, amount, causes


def _below(review: Review, i: int, c: int, h: int, y: int) -> Iterator[Row]:
    """Take apart what an office below passes upwards less what came to it."""
    sums = of(review)
    for office, amount, causes in addition(review, i, h, y):
        yield "below", c, review.areas.row(office), y, amount, causes
    if sums.heads[i, h, y] and np.isnan(sums.reported[i, h, y]):
        yield "below", c, h, y, 0.0, (Cause("not_reported", (review.areas.ids[h],), 0.0, True),)


def _child(review: Review, a: int, row: int) -> int:
    """Return the row directly below `a` in whose branch `row` stands; `a` itself when it stands elsewhere."""
    if not a < row < int(review.areas.end[a]):
        return a
    while int(review.areas.parent_row[row]) != a:
        row = int(review.areas.parent_row[row])
    return row


def _parts_table(review: Review, a: int, rows: list[Row], lang: str) -> pd.DataFrame:
    ids, names = review.areas.ids, review.areas.table["name"].tolist()
    nothing = (Cause(UNEXPLAINED, (ids[a],), 0.0),)
    found: list[list[Any]] = []
    for step, child, office, y, amount, causes in rows:
        why = causes or nothing
        year = None if y is None else review.years[y]
        kinds = tuple(dict.fromkeys(c.kind for c in why))
        found.append(
            [step, ids[child], names[child], ids[office], year, amount, kinds, why, sentences(review, why, lang)]
        )
    return pd.DataFrame(found, columns=PARTS).astype({"year": "Int64", "amount": "float64"})


def _rows(found: Chain, step: str, area: str) -> pd.DataFrame:
    review, inside = found.review, set(found.review.areas.ids[found.review.areas.branch(area)])
    if step == "published":
        return review.statements[review.statements["indicator"] == found.indicator].reset_index(drop=True)
    if step == "records":
        activities = str(review.indicators.loc[found.indicator, "record_activity"]).split()
        log = review.records
        keep = log["activity"].isin(activities) & log["area"].isin(inside) & log["year"].between(*found.years)
        return log[keep].reset_index(drop=True)
    seen = review.observations
    seen = seen[(seen["indicator"] == found.indicator) & seen["year"].between(*found.years)]
    own, above = seen["scope"] == "own", seen["scope"] == "consolidated"
    children = set(review.areas.children(found.area)) & inside
    keep = {
        "reported": above & (seen["area"] == found.area),
        "below": (own & (seen["area"] == found.area)) | (above & seen["area"].isin(children)),
        "offices": own & seen["area"].isin(inside),
    }[step]
    some = seen[keep]
    return some.assign(counts=some.index.isin(latest(some).index)).reset_index(drop=True)

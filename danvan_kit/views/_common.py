"""What the views share: the names behind the ids, periods in words, lines of provenance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Literal, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from danvan_kit import cube, disclosure, measures, theme, words
from danvan_kit import indicators as catalogue
from danvan_kit.areas import LEVELS, Level, rank
from danvan_kit.cube import Floats
from danvan_kit.indicators import IndicatorError
from danvan_kit.log import logged
from danvan_kit.review import Review
from danvan_kit.views._tree import tree
from danvan_kit.views._view import SIMULATED_SOURCE, WORKING, later

Per: TypeAlias = Literal["count", "population"]
LAST_FULL_YEAR = 0
"""Stands for the last year that the review covers to its end."""
NO_BASE = ("mẫu số bằng 0", "denominator is 0")
"""Why a ratio has no value though everybody reported."""
HIDDEN = ("ẩn để bảo vệ người dân", "hidden to protect citizens")
"""Why a figure that is known is not shown."""
INDICATOR = "cuoc_giam_sat"
"""What a view shows before anybody chose; a review without it shows its first indicator."""


def say(lang: str, vi: str, en: str) -> str:
    """Return the text in the reader's language."""
    return en if lang == "en" else vi


@dataclass(frozen=True)
class About:
    """An indicator in one language, as the views need it."""

    key: str
    label: str
    unit: str
    levels: tuple[Level, ...]
    aggregation: str
    polarity: measures.Polarity
    first_year: int
    counted: bool
    digits: int
    parts: tuple[str, ...]
    """Numerator and denominator of a ratio."""
    persons: bool
    """Whether single citizens stand behind it, or behind a part of a ratio."""

    @property
    def quoted(self) -> str:
        """The label with the id, for an error."""
        return f"“{self.label}” ({self.key})"

    @property
    def named(self) -> str:
        """The label with its unit of measure."""
        return f"{self.label} ({self.unit})"

    @property
    def format(self) -> str:
        """The d3 format of its figures."""
        return theme.DECIMAL if self.digits else theme.COUNT


@lru_cache(maxsize=512)
def about(review: Review, indicator: str, lang: str) -> About:
    """Return what the catalogue says about an indicator (`IndicatorError` when unknown)."""
    known = review.indicators
    key = str(known.index[0]) if indicator == INDICATOR and indicator not in known.index else indicator
    row = catalogue.get(known, key)
    return About(
        key=key,
        label=str(row[f"label_{lang}"]),
        unit=str(row[f"unit_{lang}"]),
        levels=catalogue.levels(known, key),  # type: ignore[arg-type]
        aggregation=str(row["aggregation"]),
        polarity=row["polarity"],
        first_year=int(row["first_year"]),
        counted=_counted(known, row),
        digits=1 if row["aggregation"] == "ratio" else 0,
        parts=(str(row["numerator"]), str(row["denominator"])) if row["aggregation"] == "ratio" else (),
        persons=catalogue.persons(known, key),
    )


def _counted(known: pd.DataFrame, row: pd.Series[Any]) -> bool:
    """Tell whether a figure, or both parts of a ratio, are counted from the records."""
    if row["aggregation"] == "ratio":
        return all(_counted(known, known.loc[row[part]]) for part in ("numerator", "denominator"))
    return bool(str(row["record_activity"]).split())


def require_kept(review: Review, this: About, rows: NDArray[np.intp]) -> None:
    """Refuse an indicator that none of the shown areas keeps, nor anything below them (`IndicatorError`)."""
    lowest = max(LEVELS.index(level) for level in this.levels)
    highest: str = min(set(tree(review).level[rows].tolist()), key=rank)
    summed, called = this.aggregation != "none", review.areas.levels
    if rank(highest) > lowest or (not summed and highest not in this.levels):
        vi = ", ".join(words.label(called.get(level, level)) for level in this.levels)
        en = ", ".join(words.label(called.get(level, level), "en") for level in this.levels)
        raise IndicatorError(
            f"chỉ tiêu {this.quoted} không có ở cấp {words.label(called[highest])!r}; chỉ có ở: {vi}",
            f"indicator {this.quoted} is not kept at level {highest!r}; kept at: {en}",
        )


def no_base(review: Review, this: About, rows: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Tell where a ratio has no value though all its parts came in: its denominator is 0. Shape ``(area, year)``."""
    cells = cube.of(review)
    i = cells.index(this.key)
    if i not in cells.parts:
        return np.zeros((len(rows), len(review.years)), dtype=np.bool_)
    both = np.ix_(np.array([cells.index(part) for part in this.parts]), rows)
    complete = (cells.present[both] == cells.expected[both]).all(axis=0)
    found: NDArray[np.bool_] = complete & (cells.parts[i][3][rows] == 0)
    return found


def lacking(review: Review, this: About, rows: NDArray[np.intp]) -> NDArray[np.int64]:
    """Return how many reports lack in each branch; none of what is computed or counted. Shape ``(area, year)``."""
    cells = cube.of(review)
    if this.counted or this.aggregation in {"ratio", "none"}:
        return np.zeros((len(rows), len(review.years)), dtype=np.int64)
    i = cells.index(this.key)
    found: NDArray[np.int64] = cells.expected[i, rows] - cells.present[i, rows]
    return found


def hidden(review: Review, this: About, rows: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Tell where a total is known and not shown (`danvan_kit.disclosure`). Shape ``(area, year)``."""
    return cube.of(review).hidden(this.key, rows)


def veiled(values: Floats, mask: NDArray[np.bool_], lang: str) -> NDArray[Any]:
    """Return figures for a table: where one is hidden the word for it, so that it is not taken for missing."""
    if not mask.any():
        return values
    found = values.astype(object)
    found[mask] = words.label("hidden", lang)
    return found


def hidden_count(count: int, lang: str) -> list[str]:
    """Say for a reading how many figures are hidden, if any."""
    many = words.number(count, lang=lang)
    return [say(lang, f"{many} số được {HIDDEN[0]}", f"{many} figures are {HIDDEN[1]}")] if count else []


def may_rise(late: int, total: int, lang: str) -> list[str]:
    """Say how many areas lack reports from below, if any."""
    if not late:
        return []
    return [
        say(
            lang,
            f"{late}/{total} đơn vị chưa đủ báo cáo bên dưới nên có thể còn tăng",
            f"{late} of {total} areas lack reports from below and may rise",
        )
    ]


def last_full_year(review: Review) -> int:
    """Return the last year that the review covers to its end."""
    partial = measures.partial_year(review)
    full = [year for year in review.years if year != partial]
    return (full or list(review.years))[-1]


def chosen_year(review: Review, year: int) -> int:
    """Return `year`, or the last full one for `LAST_FULL_YEAR` (`IndicatorError` outside the review)."""
    if year == LAST_FULL_YEAR:
        return last_full_year(review)
    cube.of(review).year(year)
    return year


def span(review: Review, year: int | None) -> cube.Period:
    """Return one year, or the review's first and last."""
    return (review.years[0], review.years[-1]) if year is None else year


def in_words(review: Review, year: int | None, lang: str) -> str:
    """Return a year or the whole period for a title, saying so where it ends early."""
    partial = measures.partial_year(review)
    closing = words.date(review.closing, lang)
    until = say(lang, f" (đến {closing})", f" (to {closing})")
    if year is None:
        return f"{review.years[0]}–{review.years[-1]}{until if partial else ''}"
    return f"{say(lang, 'năm ', '')}{year}{until if year == partial else ''}"


def year_ticks(review: Review, lang: str) -> list[str]:
    """Return each year for an axis; the partial one says how many months it has."""
    partial, months = measures.partial_year(review), review.closing.month
    return [
        f"<b>{y}</b><br>{say(lang, f'{months} tháng', f'{months} months')}" if y == partial else str(y)
        for y in review.years
    ]


def over_years(names: list[str], years: list[int]) -> list[list[str]]:
    """Return the heads of the hover texts of a grid: a row a name, a cell a year."""
    ends = [f"</b>, {year}" for year in years]
    return [[f"<b>{name}{end}" for end in ends] for name in names]


@lru_cache(maxsize=256)
def _backing(review: Review, key: str, lang: str) -> str:
    """Return where an indicator's figures come from, and how many rows they are."""
    about_it = catalogue.get(review.indicators, key)
    if activities := str(about_it["record_activity"]).split():
        count = words.number(logged(review.records, activities), lang=lang)
        return say(
            lang,
            f"Đếm từ nhật ký hoạt động (bảng records): {count} lượt ghi",
            f"Counted from the log of activities (table records): {count} entries",
        )
    parts = [key] if about_it["aggregation"] != "ratio" else [about_it["numerator"], about_it["denominator"]]
    if about_it["aggregation"] == "ratio":
        via = [_backing(review, str(part), lang) for part in parts]
        return say(lang, "Tính lại từ tử số và mẫu số. ", "Recomputed from its parts. ") + via[0]
    found = cube.of(review)
    count = words.number(int(found.reported[found.index(key)].sum()), lang=lang)
    return say(
        lang,
        f"Đơn vị báo cáo (bảng observations, số của riêng đơn vị): {count} số liệu",
        f"Reported by the offices (table observations, own figures): {count} figures",
    )


def sources(review: Review, backing: str, lang: str, *more: str, persons: bool = True) -> tuple[str, ...]:
    """Return lines of provenance, the first of which says so when figures are simulated.

    Parameters
    ----------
    review, backing, lang, more
        The review, where the figures come from, the language, further lines.
    persons
        Whether the view may show figures behind which persons stand: then a line says that small ones are hidden, or
        must not be shared.
    """
    first = SIMULATED_SOURCE[lang]
    lines = [*more, *(_guarded(review, lang) if persons else [])]
    return (*([first] if review.simulated else []), backing, *lines, closed(review, lang))


def _guarded(review: Review, lang: str) -> list[str]:
    most = review.threshold - 1
    if review.threshold:
        return [
            say(
                lang,
                f"Số từ 1 đến {most} về ý kiến, đơn thư, hòa giải được ẩn để bảo vệ người dân; ẩn thêm một số ô để "
                "không suy ngược được; các tổng còn lại vẫn là số thật",
                f"Counts of 1 to {most} of opinions, petitions and mediation are hidden to protect citizens, and some "
                "further cells so that they cannot be worked out; all other totals are as they are",
            )
        ]
    return [WORKING[lang]] if disclosure.exposed(review) else []


def closed(review: Review, lang: str) -> str:
    """Return up to which day the review goes."""
    day = words.date(review.closing, lang)
    return say(lang, f"Số liệu đến hết ngày {day}", f"Data up to {day}")


def provenance(review: Review, this: About, lang: str) -> str:
    """Return the one line beneath a picture."""
    kind = say(lang, "Nguồn: nhật ký hoạt động", "Source: log of activities")
    if not this.counted:
        kind = say(lang, "Nguồn: báo cáo của các đơn vị", "Source: reports of the offices")
    return f"{kind} · {closed(review, lang)}"


def indicator_sources(review: Review, this: About, lang: str, *more: str) -> tuple[str, ...]:
    """Return the lines of provenance of one indicator."""
    return sources(review, _backing(review, this.key, lang), lang, *more, persons=this.persons)


def plain(values: NDArray[Any]) -> list[Any]:
    """Return an array as lists, None for NaN: what JSON can hold."""
    lists = [values.tolist()] if values.ndim == 1 else values.tolist()
    found = [[None if v != v else v for v in row] for row in lists]  # noqa: PLR0124 - only NaN differs from itself
    return found[0] if values.ndim == 1 else found


@lru_cache(maxsize=1 << 15)
def written(value: float, digits: int, lang: str) -> str:
    """Write a figure; cached, for the same counts come back at every change."""
    return words.number(value, lang=lang, digits=digits)


def texts(values: Sequence[float] | NDArray[Any], digits: int, lang: str) -> list[str]:
    """Write many figures."""
    listed = values.tolist() if isinstance(values, np.ndarray) else values
    # NaN is equal to nothing, itself included, so it would never be found in the cache.
    return [words.DASH if v != v else written(v, digits, lang) for v in listed]  # noqa: PLR0124


def frame(columns: dict[str, Any]) -> pd.DataFrame:
    """Return columns of one length as a table. They are the view's own, so they are not copied once more."""
    rows = len(next(iter(columns.values())))
    return pd.DataFrame(columns, index=pd.RangeIndex(rows), copy=False)


@dataclass(frozen=True, eq=False)
class Found:
    """What a view has found, before it draws and reads it.

    Attributes
    ----------
    review, this, lang
        The review, the indicator, the language.
    rows
        Rows of the areas shown.
    amounts
        Their figures. Shape ``(area,)`` or ``(area, year)``.
    """

    review: Review
    this: About
    lang: str
    rows: NDArray[np.intp]
    amounts: Floats

    def say(self, vi: str, en: str) -> str:
        """Return the text in the reader's language."""
        return say(self.lang, vi, en)

    def write(self, values: Sequence[float] | NDArray[Any], digits: int | None = None) -> list[str]:
        """Write figures with the indicator's decimals."""
        return texts(values, self.this.digits if digits is None else digits, self.lang)

    @cached_property
    def ids(self) -> list[str]:
        """Ids of the areas."""
        ids = self.review.areas.ids
        return [ids[i] for i in self.rows.tolist()]

    @cached_property
    def names(self) -> list[str]:
        """Full names of the areas."""
        names = tree(self.review).names
        return [names[i] for i in self.rows.tolist()]

    @cached_property
    def labels(self) -> list[str]:
        """Names for an axis: districts without their kind; communes and the city in full."""
        known = tree(self.review)
        return [known.shorts[i] if known.level[i] == "district" else known.names[i] for i in self.rows.tolist()]

    def table(self, columns: dict[str, Any]) -> pd.DataFrame:
        """Return a table with a row an area: ``area, name`` and further columns."""
        return later({"area": self.ids, "name": self.names} | columns)

    def layout(self, click: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - the theme's own choices
        """Return the base layout with mark and provenance."""
        line = provenance(self.review, self.this, self.lang)
        return theme.layout(self.lang, simulated=self.review.simulated, click=click, **({"provenance": line} | more))


def with_others(name: str, others: int, lang: str, kind: tuple[str, str, str] = ("đơn vị", "area", "areas")) -> str:
    """Return a name, and how many others have the same figure, so that a tie is not taken for the only extreme."""
    if not others:
        return name
    vi, one, many = kind
    return say(lang, f"{name} và {others} {vi} khác", f"{name} and {others} other {one if others == 1 else many}")


def top_of(values: Floats) -> float:
    """Return the largest known value, or 1 when there is none above zero."""
    known = values[~np.isnan(values)]
    return float(known.max()) or 1.0 if known.size else 1.0


def lower(text: str) -> str:
    """Return the text with a small first letter, unless the first word is a name in capitals."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]

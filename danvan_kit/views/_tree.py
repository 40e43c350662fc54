"""The areas as arrays, and which of them a view shows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from danvan_kit import cube, theme, words
from danvan_kit.areas import Level, rank
from danvan_kit.indicators import IndicatorError
from danvan_kit.review import Review


@dataclass(frozen=True, eq=False)
class Tree:
    """The areas as arrays in pre-order, so that a view touches no table row by row."""

    names: list[str]
    shorts: list[str]
    level: NDArray[np.object_]
    parent: NDArray[np.intp]
    depth: NDArray[np.int64]
    valid: NDArray[np.bool_]
    order: NDArray[np.intp]
    urban: list[bool]


@lru_cache(maxsize=8)
def tree(review: Review) -> Tree:
    """Return a review's areas as arrays; ``valid`` has the shape (area, year), ``order`` ranks the names."""
    areas, table = review.areas, review.areas.table
    names = table["name"].tolist()
    shorts = [theme.short(n, k) for n, k in zip(names, table["kind"], strict=True)]
    order = np.empty(len(names), dtype=np.intp)
    level = table["level"].to_numpy(dtype=object)
    # In the order of the names as the pictures show them: districts without their kind.
    shown = [s if at == "district" else n for s, n, at in zip(shorts, names, level, strict=True)]
    order[sorted(range(len(names)), key=lambda i: words.collate(shown[i]))] = np.arange(len(names))
    valid, urban = areas.valid(review.years), table["urban"].tolist()
    depth = np.zeros(len(names), dtype=np.int64)
    for row, above in enumerate(areas.parent_row[1:].tolist(), 1):  # in pre-order what is above comes first
        depth[row] = depth[above] + 1
    return Tree(names, shorts, level, areas.parent_row, depth, valid, order, urban)


def name_of(review: Review, area: str) -> str:
    """Return an area's full name (`AreaError` when unknown)."""
    return tree(review).names[review.areas.row(area)]


def rows_below(review: Review, area: str, level: Level | None, year: int | None) -> NDArray[np.intp]:
    """Return the rows of the areas below `area` that report in `year`, or in any year.

    Parameters
    ----------
    review
        The review.
    area
        The area.
    level
        Which level below it; None: the next.
    year
        None: the whole review.

    Raises
    ------
    IndicatorError
        If no area of that level is below.
    """
    known, top = tree(review), review.areas.row(area)
    branch = slice(top + 1, int(review.areas.end[top]))
    valid = known.valid[branch]
    stands = np.logical_or.reduce(valid, axis=1) if year is None else valid[:, cube.of(review).year(year)]
    kept = known.parent[branch] == top if level is None else known.level[branch] == level
    rows: NDArray[np.intp] = top + 1 + np.flatnonzero(kept & stands)
    if not len(rows):
        require_standing(review, area, year)
        raise _nothing_below(review, area, level, year)
    return rows


def company(review: Review, area: str, level: Level | None) -> str:
    """Return the area whose parts are shown: `area`, or the one above it when nothing is below it."""
    area = area or review.areas.root
    row = review.areas.row(area)
    alone = level is None and review.areas.end[row] == row + 1 and row > 0
    return review.areas.ids[tree(review).parent[row]] if alone else area


def require_standing(review: Review, area: str, year: int | None) -> None:
    """Refuse an area that does not report for `year`, with those that cover its ground then (`IndicatorError`)."""
    known = tree(review)
    if year is None or known.valid[review.areas.row(area), n := cube.of(review).year(year)]:
        return
    name = name_of(review, area)
    heirs = [a for a in review.areas.group(area) if known.valid[review.areas.row(a), n]]
    named = ", ".join(name_of(review, a) for a in heirs) or words.DASH
    raise IndicatorError(
        f"{name} không có trong kỳ báo cáo năm {year}; khi đó là: {named}",
        f"{name} does not stand in {year}; then it is: {named}",
    )


def _nothing_below(review: Review, area: str, level: Level | None, year: int | None) -> IndicatorError:
    name, known = name_of(review, area), tree(review)
    below, called = sorted(set(known.level[review.areas.branch(area)][1:]), key=rank), review.areas.levels
    vi = ", ".join(words.label(called[part]) for part in below) or "đơn vị có cấp dưới"
    en = ", ".join(words.label(called[part], "en") for part in below) or "an area with areas below it"
    asked = words.label(called.get(level, level)) if level else "cấp dưới"
    when = f" năm {year}" if year else ""
    return IndicatorError(
        f"{name}{when} không có đơn vị {asked!r} bên dưới; được dùng: {vi}",
        f"nothing at level {level!r} below {name} in {year}; allowed: {en}",
    )

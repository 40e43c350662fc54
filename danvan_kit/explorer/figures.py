"""All figures of a review in few bytes, so that next year's check can say which one moved, and from what.

A saved notebook must stay small enough to mail and so may lose the packed states of its explorers; their digest then
only says *that* something moved. Every state is made of these totals.
"""

from __future__ import annotations

import base64
import json
import lzma
import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from danvan_kit import cube

if TYPE_CHECKING:
    from danvan_kit.review import Review

MOST = 6
"""Decimals that are kept."""
FILTERS = [{"id": lzma.FILTER_LZMA2, "preset": 9 | lzma.PRESET_EXTREME, "pb": 0}]


@dataclass(frozen=True)
class Figures:
    """What `keep` kept.

    Attributes
    ----------
    areas, indicators
        Ids with their labels.
    years
        The years.
    values
        ``float64[indicator, area, year]``, totals over everything below an area to 6 decimals; NaN where nothing
        is known.
    """

    areas: dict[str, str]
    indicators: dict[str, str]
    years: tuple[int, ...]
    values: NDArray[np.float64]


@lru_cache(maxsize=4)
def keep(review: Review, lang: str, within: str = "") -> str:
    """Return a review's figures as text. Ratios stay out: they are made of the others.

    Parameters
    ----------
    review
        The review.
    lang
        Language of the labels.
    within
        Of this area, those below it, those above it and what stands right below these; empty: of all.
    """
    found, own = cube.of(review), review.indicators["aggregation"] != "ratio"
    rows = _near(review, within)
    table = review.areas.table.iloc[rows]
    head = {
        "areas": dict(zip(table["area"].tolist(), table["name"].tolist(), strict=True)),
        "indicators": {str(i): str(label) for i, label in review.indicators.loc[own, f"label_{lang}"].items()},
        "years": [int(year) for year in review.years],
    }
    values = np.stack([found.total[found.index(name), rows] for name in head["indicators"]])
    known = ~np.isnan(values)
    decimals = next((d for d in range(MOST) if np.array_equal(np.round(values[known], d), values[known])), MOST)
    whole = np.rint(np.where(known, values, 0) * 10**decimals).astype("<i8")
    # first all lowest bytes, then all second ones, ...: what is alike stands together and packs well
    body = np.packbits(known).tobytes() + np.ascontiguousarray(whole.reshape(-1).view("u1").reshape(-1, 8).T).tobytes()
    line = json.dumps(head | {"decimals": decimals}, ensure_ascii=False, separators=(",", ":")).encode()
    return base64.b85encode(lzma.compress(line + b"\n" + body, filters=FILTERS)).decode()


def _near(review: Review, area: str) -> NDArray[np.intp]:
    """Return the rows of an area's branch and of all that its pictures and those of the areas above it show."""
    areas = review.areas
    every = np.arange(len(areas.ids))
    if not area:
        return every
    branch, above = areas.branch(area), areas.rows(areas.ancestors(area))
    near = np.isin(areas.parent_row, above) | np.isin(every, above)
    near[branch] = True
    return every[near]


def read(kept: str) -> Figures:
    """Return what `keep` kept.

    Raises
    ------
    ValueError
        If the text is nothing that `keep` wrote.
    """
    try:
        line, _, body = lzma.decompress(base64.b85decode(kept)).partition(b"\n")
        head = json.loads(line)
        shape = (len(head["indicators"]), len(head["areas"]), len(head["years"]))
        size, bits = math.prod(shape), -(-math.prod(shape) // 8)
        known = np.unpackbits(np.frombuffer(body, "u1", bits), count=size).astype(bool)
        whole = np.ascontiguousarray(np.frombuffer(body, "u1", offset=bits).reshape(8, size).T).view("<i8").reshape(-1)
        values = np.where(known, whole / 10.0 ** head["decimals"], np.nan).reshape(shape)
        return Figures(head["areas"], head["indicators"], tuple(head["years"]), values)
    except (lzma.LZMAError, KeyError, TypeError, AttributeError) as err:
        raise ValueError(f"not the figures of a review: {err}") from err

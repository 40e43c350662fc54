"""Rates above 100 %: a part that was reported larger than its whole."""

from __future__ import annotations

import numpy as np
import pandas as pd

from danvan_kit.checks import problems
from danvan_kit.review import Review


def over_hundred(review: Review, *, lang: str = "vi") -> pd.DataFrame:
    """Find shares above 100 %: shown as they are, with the two cells behind each.

    Returns
    -------
    DataFrame
        ``area, name, year, indicator, scope, part, whole, rate, source``: `part` and `whole` as reported, `rate` in per
        cent (NaN when the whole is 0), the largest excess first.
    """
    rows, ids = [], list(review.indicators.index)
    ratios = review.indicators[review.indicators["aggregation"] == "ratio"]
    for ratio, about in ratios.iterrows():
        up, down = ids.index(about["numerator"]), ids.index(about["denominator"])
        for scope, one in problems.filed(review).items():
            for a, y in zip(*np.nonzero(one.value[up] > one.value[down]), strict=True):
                part, whole = float(one.value[up, a, y]), float(one.value[down, a, y])
                source = problems.sources(review, [one.row[up, a, y], one.row[down, a, y]])
                label = str(review.indicators.loc[str(ratio), f"label_{lang}"])
                rate = 100 * part / whole if whole else np.nan
                area = review.areas.ids[a]
                rows.append(
                    [area, problems.office(review, area), review.years[y], label, scope, part, whole, rate, source]
                )
    columns = ["area", "name", "year", "indicator", "scope", "part", "whole", "rate", "source"]
    table = pd.DataFrame(rows, columns=columns)
    order = (table["part"] - table["whole"]).astype("float64").sort_values(ascending=False, kind="stable").index
    return table.loc[order].reset_index(drop=True)

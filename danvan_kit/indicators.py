"""The catalogue: what each indicator is called, who keeps it, and how it adds up."""

from __future__ import annotations

import difflib
from typing import Any

import pandas as pd
from pandas.errors import InvalidIndexError

from danvan_kit.areas import LEVELS
from danvan_kit.errors import DanvanError


class IndicatorError(DanvanError):
    """An indicator that does not exist, or one asked for where it is not kept or does not add up."""


def catalogue(table: pd.DataFrame) -> pd.DataFrame:
    """Return the catalogue indexed by id, checked: what a ratio divides and what is counted must be known.

    Parameters
    ----------
    table
        Columns of ``indicators.csv``.

    Raises
    ------
    IndicatorError
        If a ratio lacks a known numerator or denominator, a stock is summed over years, a level is kept twice, or
        persons stand behind a figure that does not add up.
    """
    found = table.set_index("indicator", drop=False).rename_axis(None)
    if "persons" not in found.columns:
        found["persons"] = ""
    for key, row in found.to_dict("index").items():
        parts = [row["numerator"], row["denominator"]]
        nature, aggregation = row["nature"], row["aggregation"]
        if aggregation == "ratio" and not all(p in found.index for p in parts):
            raise IndicatorError(
                f"tỷ lệ {key!r} cần tử số và mẫu số có trong danh mục, đang có {parts}",
                f"ratio {key!r} needs a known numerator and denominator, found {parts}",
            )
        if (nature == "stock") != (aggregation == "last"):
            raise IndicatorError(
                f"chỉ tiêu {key!r}: {nature} không đi với cách tổng hợp {aggregation!r}; "
                "được dùng: stock với last, flow với sum, ratio, none",
                f"indicator {key!r}: {nature} does not go with {aggregation!r}",
            )
        if row.get("persons") == "yes" and aggregation not in {"sum", "ratio"}:
            raise IndicatorError(
                f"chỉ tiêu {key!r}: persons = 'yes' không đi với {aggregation!r}; được dùng: sum, ratio",
                f"indicator {key!r}: persons = 'yes' does not go with {aggregation!r}; allowed: sum, ratio",
            )
    return found


def get(indicators: pd.DataFrame, indicator: str) -> pd.Series[Any]:
    """Return one indicator's row (`IndicatorError` names the nearest ids when it is unknown)."""
    return indicators.iloc[place(indicators, indicator)]


def place(indicators: pd.DataFrame, indicator: str) -> int:
    """Return an indicator's place in the catalogue, from 0 (`IndicatorError` when it is unknown)."""
    try:
        return int(indicators.index.get_loc(indicator))  # type: ignore[arg-type] # ids stand once each
    except (KeyError, InvalidIndexError):
        known: list[str] = indicators.index.tolist()
    near = difflib.get_close_matches(indicator, known, n=3, cutoff=0.3) or known[:3]
    allowed = ", ".join(near)
    raise IndicatorError(
        f"không có chỉ tiêu {indicator!r}; gần nhất: {allowed}",
        f"indicator {indicator!r} is unknown; nearest: {allowed}",
    )


def label(indicators: pd.DataFrame, indicator: str, lang: str = "vi") -> str:
    """Return an indicator's label in Vietnamese (``vi``) or English (``en``)."""
    return str(get(indicators, indicator)[f"label_{lang}"])


def unit(indicators: pd.DataFrame, indicator: str, lang: str = "vi") -> str:
    """Return an indicator's unit of measure."""
    return str(get(indicators, indicator)[f"unit_{lang}"])


def persons(indicators: pd.DataFrame, indicator: str) -> bool:
    """Tell whether single citizens stand behind a figure, or behind a part of a ratio."""
    row = get(indicators, indicator)
    keys = [row["numerator"], row["denominator"]] if row["aggregation"] == "ratio" else [indicator]
    return any(indicators.loc[key, "persons"] == "yes" for key in keys)


def levels(indicators: pd.DataFrame, indicator: str) -> tuple[str, ...]:
    """Return the levels whose offices keep an indicator, top first."""
    kept = str(get(indicators, indicator)["levels"]).split()
    return tuple(level for level in LEVELS if level in kept)


def at_level(indicators: pd.DataFrame, level: str) -> list[str]:
    """Return the indicators that offices of one level keep, in the catalogue's order."""
    return [i for i in indicators.index if level in levels(indicators, i)]

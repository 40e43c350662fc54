"""A small world to judge in: four rural districts, two urban ones, a commune each in two of them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd

from danvan_kit import indicators as catalogue
from danvan_kit.areas import Areas
from danvan_kit.review import Review

YEARS = tuple(range(2014, 2021))
"""The last one ends in June."""
AREAS = [
    ("C", "Thành phố C", "thành phố", "city", ""),
    ("h1", "Huyện Một", "huyện", "district", "C"),
    ("x1", "Xã Một", "xã", "commune", "h1"),
    ("x2", "Xã Hai", "xã", "commune", "h1"),
    ("h2", "Huyện Hai", "huyện", "district", "C"),
    ("x3", "Xã Ba", "xã", "commune", "h2"),
    ("h3", "Huyện Ba", "huyện", "district", "C"),
    ("h4", "Huyện Bốn", "huyện", "district", "C"),
    ("q1", "Quận Một", "quận", "district", "C"),
    ("q2", "Quận Hai", "quận", "district", "C"),
]
DISTRICTS = ["h1", "h2", "h3", "h4", "q1", "q2"]
INDICATORS = [
    # indicator, levels, nature, aggregation, numerator, denominator, polarity, first year
    ("viec", "city district commune", "flow", "sum", "", "", "higher", 2014),
    ("it_hon", "district", "flow", "sum", "", "", "lower", 2014),
    ("trung", "district", "flow", "sum", "", "", "neutral", 2014),
    ("xong", "district", "flow", "sum", "", "", "higher", 2014),
    ("don", "district", "flow", "sum", "", "", "neutral", 2014),
    ("ty_le", "district", "flow", "ratio", "xong", "don", "higher", 2014),
    ("so_to", "district", "stock", "last", "", "", "higher", 2014),
    ("moi", "district", "flow", "sum", "", "", "higher", 2019),
]
# of one year (2019); every other year is the same but for what a test changes
FIGURES = {
    "viec": {"h1": 20, "h2": 20, "h3": 20, "h4": 60, "q1": 30, "q2": 30, "x1": 10, "x2": 10, "x3": 40, "C": 5},
    "it_hon": {"h1": 30, "h2": 30, "h3": 30, "h4": 90, "q1": 30, "q2": 30},
    "trung": {"h1": 30, "h2": 30, "h3": 30, "h4": 90, "q1": 2, "q2": 2},
    "xong": {"h1": 80, "h2": 50, "h3": 6, "h4": 160, "q1": 0, "q2": 12},
    "don": {"h1": 100, "h2": 100, "h3": 10, "h4": 200, "q1": 0, "q2": 10},
    "so_to": {"h1": 3, "h2": 4, "h3": 5, "h4": 60, "q1": 7, "q2": 8},
    "moi": {"h1": 1, "h2": 0, "h3": 2, "h4": 1, "q1": 1, "q2": 1},
}


def world(changed=None, people=None, norms=(), begins=None, simulated=False) -> Review:
    """Return the world; `changed` maps (indicator, area, year) to another figure, None: not reported."""
    table = pd.DataFrame(AREAS, columns=["area", "name", "kind", "level", "parent"])
    begun = [(begins or {}).get(area) for area in table["area"]]
    table = table.assign(
        code=table["area"], valid_from=pd.to_datetime(begun), valid_to=pd.to_datetime([None] * len(table))
    )
    change = ["change", "date", "kind", "from_area", "to_area", "part", "resolution", "note"]
    changes = pd.DataFrame({name: [] for name in change}).assign(date=pd.to_datetime([]))
    cells = {
        (key, area, year): value
        for key, figures in FIGURES.items()
        for area, value in figures.items()
        for year in YEARS
        if year >= (2019 if key == "moi" else 2014)
    }
    cells |= changed or {}
    rows = [(area, year, key, value) for (key, area, year), value in cells.items()]
    seen = pd.DataFrame(rows, columns=["area", "year", "indicator", "value"]).astype({"value": "float64"})
    seen = seen.assign(scope="own", status=seen["value"].isna().map({True: "missing", False: "reported"}))
    seen = seen.assign(
        unit="cuộc", origin="simulated" if simulated else "reported", received=pd.Timestamp("2020-07-01")
    )
    known = people or {}
    population = pd.DataFrame(
        [(area, year, n, "known") for area, n in known.items() for year in YEARS],
        columns=["area", "year", "population", "status"],
    ).astype({"population": "Int64"})
    log = ["record", "date", "year", "area", "activity", "body", "topic", "origin"]
    empty = {name: [] for name in [*log, "participants", "opinions", "resolved", "days"]}
    return Review(
        folder=Path("world"),
        title={"vi": "Thử", "en": "World"},
        years=YEARS,
        closing=dt.date(2020, 6, 30),
        areas=Areas(table, changes),
        indicators=_indicators(),
        observations=seen.assign(source=[f"x#{n}" for n in range(len(seen))]),
        records=pd.DataFrame(empty),
        statements=pd.DataFrame({"indicator": []}),
        population=population,
        norms=pd.DataFrame(list(norms), columns=["indicator", "level", "per_year", "document"]),
    )


def _indicators() -> pd.DataFrame:
    names = ["indicator", "levels", "nature", "aggregation", "numerator", "denominator", "polarity", "first_year"]
    table = pd.DataFrame(INDICATORS, columns=names)
    share = table["aggregation"] == "ratio"
    labels = {
        "label_vi": "Chỉ tiêu " + table["indicator"],
        "label_en": "Indicator " + table["indicator"],
        "unit_vi": share.map({True: "%", False: "cuộc"}),
        "unit_en": share.map({True: "%", False: "times"}),
    }
    more = dict.fromkeys(("record_activity", "record_value", "body_vi", "body_en"), "")
    persons = table["indicator"].isin(["xong", "don", "ty_le"]).map({True: "yes", False: "no"})
    return catalogue.catalogue(
        table.assign(persons=persons, group="reception", source_basis="bịa để kiểm thử", **labels, **more)
    )

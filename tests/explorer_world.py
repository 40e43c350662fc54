"""A small world for the explorer: one city, two districts, four communes, three years, and three kinds of view."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from typing import Literal

import pandas as pd

from danvan_kit.areas import Areas, Level
from danvan_kit.errors import DanvanError
from danvan_kit.indicators import catalogue
from danvan_kit.review import Review
from danvan_kit.views import View

AREAS = """area,code,name,kind,level,parent,valid_from,valid_to
01,01,Thành phố Hà Nội,thành phố,city,,,
001,001,Quận Đống Đa,quận,district,01,,
011,011,Phường Ô Chợ Dừa,phường,commune,001,,
012,012,Phường Ngã Tư Sở,phường,commune,001,,
019a,019,Huyện Từ Liêm,huyện,district,01,,2013-12-27
021,021,Xã Mễ Trì,xã,commune,019a,,2013-12-27
022,022,Xã Ăn Thử,xã,commune,019a,,2013-12-27
"""
INDICATORS = [
    ("giam_sat", "supervision", "Cuộc giám sát", "Supervisions", "city district commune"),
    ("phan_bien", "critique", "Hội nghị phản biện", "Critiques", "district commune"),
]
COUNTS = {"011": 3, "012": 5, "021": 1200, "022": 7}  # supervisions a year; critiques are one more


def world() -> Review:
    """Return the review: each commune holds `COUNTS` supervisions in each of 2018, 2019 and 2020."""
    areas = pd.read_csv(io.StringIO(AREAS), dtype="str", keep_default_na=False)
    areas[["valid_from", "valid_to"]] = areas[["valid_from", "valid_to"]].apply(pd.to_datetime)
    changes = pd.DataFrame(columns=["change", "date", "kind", "from_area", "to_area", "part", "resolution", "note"])
    table = pd.DataFrame(INDICATORS, columns=["indicator", "group", "label_vi", "label_en", "levels"]).assign(
        nature="flow", aggregation="sum", numerator="", denominator="", first_year=2018, record_value=""
    )
    table["record_activity"] = table["indicator"]
    rows = [
        (area, year, activity)
        for area, count in COUNTS.items()
        for year in (2018, 2019, 2020)
        for activity, times in (("giam_sat", count), ("phan_bien", count + 1))
        for _ in range(times)
    ]
    records = pd.DataFrame(rows, columns=["area", "year", "activity"]).assign(origin="simulated")
    observations = pd.DataFrame(
        columns=["area", "year", "indicator", "scope", "value", "unit", "status", "origin", "source", "received"]
    )
    return Review(
        folder=Path(),
        title={"vi": "Thử", "en": "Trial"},
        years=(2018, 2019, 2020),
        closing=dt.date(2020, 6, 30),
        areas=Areas(areas, changes),
        indicators=catalogue(table),
        observations=observations,
        records=records,
        statements=pd.DataFrame(),
        population=pd.DataFrame(),
        norms=pd.DataFrame(),
    )


def _view(title, table, trace, click, reading="Đọc: <b>thử</b>."):
    layout = {"meta": {"click": click}, "height": 300, "title": {"text": ""}}
    return View(title, table, {"data": [trace], "layout": layout}, reading, ("nguồn: thử",))


def bars(
    review: Review,
    *,
    area: str = "01",
    indicator: str = "giam_sat",
    year: int = 2019,
    level: Level = "district",
    lang: str = "vi",
):
    """Bars below an area; refuses critiques at the city's own level."""
    if indicator == "phan_bien" and level == "city":
        raise DanvanError("'phan_bien' không có ở cấp city; được dùng: district, commune", "not kept at city")
    records = review.records.query("activity == @indicator and year == @year")
    branch = review.areas.table.iloc[review.areas.branch(area)]
    wanted = branch[branch["level"] == level]
    values = [int(records["area"].isin(review.areas.ids[review.areas.branch(a)]).sum()) for a in wanted["area"]]
    table = wanted[["area", "name"]].assign(value=values).reset_index(drop=True)
    trace = {"type": "bar", "x": table["name"], "y": table["value"].to_numpy(), "customdata": table["area"]}
    return _view(f"{review.areas.name(area)}, {year}", table, trace, "area")


def trend(
    review: Review,
    *,
    area: str = "01",
    years: tuple[int, int] = (2018, 2020),
    per: Literal["count", "population"] = "count",
    lang: str = "vi",
):
    """Years of an area; a click chooses the year elsewhere."""
    inside = review.records["area"].isin(review.areas.ids[review.areas.branch(area)])
    kept = review.records[inside & review.records["year"].between(*years)]
    found = kept.groupby("year").size()
    table = found.rename("value").reset_index()
    trace = {"type": "scatter", "x": found.index.tolist(), "y": found.tolist(), "customdata": found.index.tolist()}
    return _view(f"Xu thế {review.areas.name(area)}", table, trace, "year")


def squares(review: Review, *, area: str = "01", lang: str = "vi"):
    """Squares of the children of an area."""
    ids = review.areas.children(area) or [area]
    values = [int(review.records["area"].isin(review.areas.ids[review.areas.branch(a)]).sum()) for a in ids]
    table = pd.DataFrame({"area": ids, "name": [review.areas.name(a) for a in ids], "value": values})
    trace = {"type": "treemap", "labels": table["name"].tolist(), "parents": [""] * len(ids), "values": values}
    return _view("Ô vuông", table, trace | {"customdata": ids}, "area")

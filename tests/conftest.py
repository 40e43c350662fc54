"""A tiny world that adds up by hand, and the shipped review."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import settings

from danvan_kit import indicators as catalogue
from danvan_kit import review as reviews
from danvan_kit.areas import Areas

pytest_plugins = ("pytester",)
settings.register_profile("unhurried", deadline=None)  # how long an example takes is the machine's business
settings.load_profile("unhurried")

DATA = Path(__file__).parents[1] / "data"
SLOW = (
    "test_notebooks",
    "test_run",
    "test_published",
    "test_verdict",
    "test_plugin",
    "test_pages",
    "test_browser",
    "test_engines",
)
SLOW += (
    "test_saved_in_lab",
    "test_changes",
    "test_engines",
    "test_cube",
    "test_isolated",
    "test_forms_browser",
    "test_read",
)
"""Files that begin first, so that no worker is left alone with one at the end."""


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: SLOW.index(item.path.stem) if item.path.stem in SLOW else len(SLOW))


def tiny_areas() -> Areas:
    """One city; district A with communes a1, a2; district B with b1, b2. In 2012 b2 replaces b2x (renamed)."""
    rows = [
        ("C", "C", "Thành phố C", "thành phố", "city", "", None, None),
        ("A", "A", "Quận A", "quận", "district", "C", None, None),
        ("a1", "a1", "Phường Một", "phường", "commune", "A", None, None),
        ("a2", "a2", "Phường Hai", "phường", "commune", "A", None, None),
        ("B", "B", "Huyện B", "huyện", "district", "C", None, None),
        ("b1", "b1", "Xã Một", "xã", "commune", "B", None, None),
        ("b2x", "b2", "Xã Hai Cũ", "xã", "commune", "B", None, "2011-12-31"),
        ("b2", "b2", "Xã Hai", "xã", "commune", "B", "2012-01-01", None),
    ]
    table = pd.DataFrame(rows, columns=["area", "code", "name", "kind", "level", "parent", "valid_from", "valid_to"])
    for column in ("valid_from", "valid_to"):
        table[column] = pd.to_datetime(table[column])
    changes = pd.DataFrame(
        [("x", pd.Timestamp("2012-01-01"), "renamed", "b2x", "b2", "whole", "NQ", "")],
        columns=["change", "date", "kind", "from_area", "to_area", "part", "resolution", "note"],
    )
    return Areas(table, changes)


def tiny_indicators() -> pd.DataFrame:
    """Two record-backed activities, a reported flow with its resolved part and their ratio, a stock, a lonely count."""
    rows = [
        # indicator, group, levels, nature, aggregation, up, down, first_year, activity, record_value
        ("giam_sat", "supervision", "city district commune", "flow", "sum", "", "", 2010, "giam_sat", ""),
        ("doi_thoai", "dialogue", "district commune", "flow", "sum", "", "", 2011, "doi_thoai", ""),
        ("y_kien", "opinions", "district commune", "flow", "sum", "", "", 2011, "doi_thoai", "opinions"),
        ("don", "reception", "city district commune", "flow", "sum", "", "", 2010, "", ""),
        ("don_xong", "reception", "city district commune", "flow", "sum", "", "", 2010, "", ""),
        ("ty_le", "reception", "city district commune", "flow", "ratio", "don_xong", "don", 2010, "", ""),
        ("to", "mediation", "commune", "stock", "last", "", "", 2010, "", ""),
        ("rieng", "dialogue", "city", "flow", "none", "", "", 2010, "", ""),
    ]
    names = ["indicator", "group", "levels", "nature", "aggregation", "numerator", "denominator", "first_year"]
    table = pd.DataFrame(rows, columns=[*names, "record_activity", "record_value"])
    share = table["aggregation"] == "ratio"
    return catalogue.catalogue(
        table.assign(
            label_vi="Chỉ tiêu " + table["indicator"],
            label_en="Indicator " + table["indicator"],
            unit_vi=share.map({True: "%", False: "cuộc"}),
            unit_en=share.map({True: "%", False: "times"}),
            body_vi="Ban Dân vận",
            body_en="Commission",
            polarity="higher",
            source_basis="bịa để kiểm thử",
        )
    )


# own petitions received and resolved by area and year; None: not reported
PETITIONS = {
    ("C", 2010): (10, 5), ("C", 2011): (10, 6), ("C", 2012): (10, 7),
    ("A", 2010): (20, 10), ("A", 2011): (20, 12), ("A", 2012): (20, 14),
    ("a1", 2010): (4, 1), ("a1", 2011): (4, 2), ("a1", 2012): (4, 3),
    ("a2", 2010): (6, 3), ("a2", 2011): None, ("a2", 2012): (6, 6),
    ("B", 2010): (8, 4), ("B", 2011): (8, 4), ("B", 2012): (8, 4),
    ("b1", 2010): (0, 0), ("b1", 2011): (2, 1), ("b1", 2012): (2, 2),
    ("b2x", 2010): (5, 5), ("b2x", 2011): (5, 5), ("b2", 2012): (7, 7),
}  # fmt: skip
TEAMS = {("a1", y): 3 for y in (2010, 2011, 2012)} | {("a2", y): y - 2008 for y in (2010, 2011, 2012)}
TEAMS |= {("b1", y): 1 for y in (2010, 2011, 2012)} | {("b2x", 2010): 2, ("b2x", 2011): 2, ("b2", 2012): 5}
# supervision: (area, year) -> how many; 2+1+4+0+1+2+3 = 13 in 2010
SUPERVISION = {
    ("C", 2010): 2, ("A", 2010): 1, ("a1", 2010): 4, ("B", 2010): 1, ("b1", 2010): 2, ("b2x", 2010): 3,
    ("C", 2012): 1, ("a2", 2012): 2, ("b2", 2012): 6,
}  # fmt: skip
# dialogues: (area, year) -> (opinions, resolved) of each
DIALOGUES = {("A", 2011): [(10, 9)], ("a1", 2011): [(3, 1), (2, 2)], ("b2", 2012): [(8, 4)]}


def _reports() -> pd.DataFrame:
    cells: dict[tuple[str, int, str], float | None] = {}
    for (area, year), pair in PETITIONS.items():
        cells[area, year, "don"], cells[area, year, "don_xong"] = pair or (None, None)
    cells |= {(area, year, "to"): n for (area, year), n in TEAMS.items()}
    cells |= {("C", year, "rieng"): 2 for year in (2010, 2011, 2012)}
    for (area, year), n in SUPERVISION.items():
        cells[area, year, "giam_sat"] = n
    rows = []
    for (area, year, indicator), value in cells.items():
        rows.append((area, year, indicator, "own", value, "reported" if value is not None else "missing"))
    frame = pd.DataFrame(rows, columns=["area", "year", "indicator", "scope", "value", "status"])
    return frame.assign(
        value=frame["value"].astype("float64"),
        unit="cuộc",
        origin="reported",
        source=[
            f"{a}/{y}.xlsx#B1!{i}" for a, y, i in zip(frame["area"], frame["year"], frame["indicator"], strict=True)
        ],
        received=pd.to_datetime((frame["year"] + 1).astype(str) + "-01-15"),
    )


def _records() -> pd.DataFrame:
    rows = [(a, y, "giam_sat", None, None) for (a, y), n in SUPERVISION.items() for _ in range(n)]
    rows += [(a, y, "doi_thoai", o, r) for (a, y), held in DIALOGUES.items() for o, r in held]
    frame = pd.DataFrame(rows, columns=["area", "year", "activity", "opinions", "resolved"])
    return frame.assign(
        record=[f"r{i}" for i in range(len(frame))],
        date=pd.to_datetime(frame["year"].astype(str) + "-05-05"),
        body="MTTQ",
        topic="đất đai",
        participants=pd.array([None] * len(frame), dtype="Int64"),
        opinions=frame["opinions"].astype("Int64"),
        resolved=frame["resolved"].astype("Int64"),
        days=pd.array([None] * len(frame), dtype="Int64"),
        origin="reported",
    )


def tiny_review() -> reviews.Review:
    """Return a fresh tiny review; three years, every total adds up by hand."""
    statements = pd.DataFrame(
        [("s1", "13 cuộc giám sát", "13 rounds", "giam_sat", "city district commune", 2010, 2010, "exact", 13)],
        columns=[
            "statement",
            "text_vi",
            "text_en",
            "indicator",
            "levels",
            "year_from",
            "year_to",
            "qualifier",
            "value",
        ],
    ).assign(source="Báo", source_date=pd.Timestamp("2020-07-15"))
    population = pd.DataFrame(
        [("C", 2010, 100_000, "known"), ("A", 2010, None, "unknown")], columns=["area", "year", "population", "status"]
    ).assign(basis="", source="Niên giám")
    return reviews.Review(
        folder=Path("tiny"),
        title={"vi": "Thử", "en": "Tiny"},
        years=(2010, 2011, 2012),
        closing=dt.date(2012, 12, 31),
        areas=tiny_areas(),
        indicators=tiny_indicators(),
        observations=_reports(),
        records=_records(),
        statements=statements,
        population=population.astype({"population": "Int64"}),
        norms=pd.DataFrame({"indicator": [], "level": [], "per_year": [], "document": []}),
    )


def filed_above(year, review, *rows):
    """Add consolidated reports ``(area, value)`` on petitions in a year to a review."""
    frame = pd.DataFrame(rows, columns=["area", "value"]).assign(
        year=year, indicator="don", scope="consolidated", status="reported", unit="cuộc", origin="reported",
        source="x.xlsx#B1!A1", received=pd.Timestamp(year + 1, 2, 1),
    )  # fmt: skip
    return dataclasses.replace(review, observations=pd.concat([review.observations, frame], ignore_index=True))


@pytest.fixture
def tiny() -> reviews.Review:
    return tiny_review()


@pytest.fixture(scope="session")
def shipped() -> reviews.Review:
    return reviews.load(DATA)

"""Roll-up and slices on the tiny world, by hand; the same on every engine."""

from __future__ import annotations

import dataclasses

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pytest
from conftest import DIALOGUES, PETITIONS, SUPERVISION, TEAMS, tiny_areas
from hypothesis import given
from hypothesis import strategies as st

from danvan_kit import checks, cube
from danvan_kit.areas import Areas
from danvan_kit.checks import rules
from danvan_kit.cube import RollupError
from danvan_kit.indicators import IndicatorError

BY = ["area", "year", "activity"]


def test_rollup_counts_no_commune_twice(tiny):
    total = cube.rollup(tiny.records, tiny.areas, BY).set_index(BY)["value"]
    assert total["C", 2010, "giam_sat"] == 13
    assert total["A", 2010, "giam_sat"] == 5
    assert total["B", 2010, "giam_sat"] == 6
    assert total["a1", 2010, "giam_sat"] == 4
    assert ("a2", 2010, "giam_sat") not in total.index


def test_rollup_sums_a_column_and_counts_the_rows_that_carry_it(tiny):
    found = cube.rollup(tiny.records, tiny.areas, ["area", "year"], value="opinions").set_index(["area", "year"])
    assert found.loc[("C", 2011)].tolist() == [15, 3]
    assert found.loc[("C", 2010)].tolist() == [0, 0]  # supervision rounds carry no opinions
    assert found["value"].dtype == "int64"


def test_rollup_works_on_areas_alone(tiny):
    found = cube.rollup(tiny.records, tiny.areas, ["area"]).set_index("area")["value"]
    assert found["C"] == len(tiny.records) == 26


def test_rollup_refuses_what_it_cannot_place(tiny):
    for by in (["year"], ["area", "area"], ["area", "value"]):
        with pytest.raises(RollupError, match="cần có 'area', mỗi cột một lần"):
            cube.rollup(tiny.records, tiny.areas, by)
    with pytest.raises(RollupError, match="'topic' không phải số"):
        cube.rollup(tiny.records, tiny.areas, ["area"], value="topic")
    with pytest.raises(RollupError, match="'year' có ô trống"):
        cube.rollup(tiny.records.assign(year=pd.array([pd.NA] * 26, dtype="Int64")), tiny.areas, ["area", "year"])
    with pytest.raises(RollupError, match="kiểu list; được dùng: pandas"):
        cube.rollup([1, 2], tiny.areas, ["area"])
    with pytest.raises(RollupError, match="'month'"):
        cube.rollup(tiny.records, tiny.areas, ["area", "month"])
    with pytest.raises(RollupError, match="'weight'"):
        cube.rollup(tiny.records, tiny.areas, ["area"], value="weight")
    with pytest.raises(RollupError, match="'zz'"):
        cube.rollup(tiny.records.assign(area="zz"), tiny.areas, ["area"])
    with pytest.raises(RollupError, match="trống"):
        cube.rollup(tiny.records.assign(area=None), tiny.areas, ["area"])


COLUMNS = [*BY, "opinions"]


def _polars(frame):
    counts = [None if pd.isna(v) else int(v) for v in frame["opinions"]]
    return pl.DataFrame({c: frame[c].tolist() for c in BY} | {"opinions": counts})


def _engines(frame):
    plain = frame[COLUMNS].astype({c: "object" for c in BY if c != "year"})
    yield "polars", _polars(plain)
    yield "polars lazy", _polars(plain).lazy()
    connection = duckdb.connect()
    connection.register("records", plain.astype({"opinions": "float64"}))
    yield "duckdb", connection.sql("select area, year, activity, cast(opinions as integer) as opinions from records")


@pytest.mark.parametrize("value", [None, "opinions"])
def test_every_engine_gives_the_same_rows(tiny, value):
    expected = cube.rollup(tiny.records, tiny.areas, BY, value)
    for name, frame in _engines(tiny.records):
        pd.testing.assert_frame_equal(cube.rollup(frame, tiny.areas, BY, value), expected, obj=name)


def test_one_huge_or_endless_figure_spoils_no_other_area(tiny):
    frame = pd.DataFrame({"area": ["a1", "a2", "b1"], "n": [1e17, 1.0, 2.5]})
    found = cube.rollup(frame, tiny.areas, ["area"], "n").set_index("area")["value"]
    assert (found["a2"], found["b1"], found["B"]) == (1.0, 2.5, 2.5)
    endless = cube.rollup(frame.assign(n=[np.inf, 1.0, 2.5]), tiny.areas, ["area"], "n").set_index("area")["value"]
    assert (endless["A"], endless["a2"], endless["B"]) == (np.inf, 1.0, 2.5)


def test_years_kept_as_categories_stay_numbers(tiny):
    frame = tiny.records.assign(year=tiny.records["year"].astype("category"))
    pd.testing.assert_frame_equal(cube.rollup(frame, tiny.areas, BY), cube.rollup(tiny.records, tiny.areas, BY))


def test_a_sum_beyond_32_bits_does_not_wrap():
    areas = tiny_areas()
    frame = pl.DataFrame({"area": ["a1", "a1"], "n": [2**31 - 1, 2**31 - 1]}, schema={"area": pl.String, "n": pl.Int32})
    assert cube.rollup(frame, areas, ["area"], "n").set_index("area")["value"]["C"] == 2 * (2**31 - 1)


@given(st.lists(st.tuples(st.sampled_from(tiny_areas().ids), st.integers(2010, 2012)), max_size=60))
def test_an_area_is_its_own_rows_and_its_childrens_totals(rows):
    areas = tiny_areas()
    frame = pd.DataFrame(rows, columns=["area", "year"]).astype({"area": "str", "year": "int64"})
    total = cube.rollup(frame, areas, ["area", "year"]).set_index(["area", "year"])["value"].to_dict()
    for area in areas.ids:
        for year in (2010, 2011, 2012):
            below = sum(total.get((c, year), 0) for c in areas.children(area))
            assert total.get((area, year), 0) == rows.count((area, year)) + below


def test_the_city_total_is_counted_from_the_records_by_hand(tiny):
    assert cube.of(tiny).series("giam_sat", "C").tolist() == [13, 0, 9]
    by_hand = [sum(n for (_, y), n in SUPERVISION.items() if y == year) for year in tiny.years]
    assert by_hand == [13, 0, 9]


def test_missing_is_not_zero_and_zero_is_not_missing(tiny):
    found = cube.of(tiny)
    assert np.isnan(found.series("don", "a2")[1])
    assert found.series("don", "b1")[0] == 0
    assert found.series("giam_sat", "a2")[0] == 0  # the log is complete: no entry is a true zero
    assert not found.reported[found.index("don"), tiny.areas.row("a2"), 1]


def test_a_total_adds_what_is_known_and_says_how_much_that_is(tiny):
    found = cube.of(tiny)
    known = sum(p[0] for (_, y), p in PETITIONS.items() if y == 2011 and p)
    assert found.column("don", ["C"], 2011).tolist() == [known] == [49]
    present, expected = found.coverage("don", ["C", "A", "a2"], 2011)
    assert present.tolist() == [6, 2, 0]
    assert expected.tolist() == [7, 3, 1]


def test_a_ratio_is_recomputed_never_averaged(tiny):
    up = sum(p[1] for (_, y), p in PETITIONS.items() if y == 2010 and p)
    down = sum(p[0] for (_, y), p in PETITIONS.items() if y == 2010 and p)
    assert cube.of(tiny).column("ty_le", ["C"], 2010).item() == pytest.approx(100 * up / down)
    assert cube.of(tiny).column("ty_le", ["C"], (2010, 2012)).item() == pytest.approx(100 * 101 / 159)


def test_a_ratio_over_nothing_is_unknown(tiny):
    assert np.isnan(cube.of(tiny).column("ty_le", ["b1"], 2010).item())


def test_a_ratio_uses_only_offices_that_gave_both_parts(tiny):
    seen = tiny.observations
    lost = (seen["area"] == "a1") & (seen["year"] == 2010) & (seen["indicator"] == "don_xong")
    half = dataclasses.replace(tiny, observations=seen[~lost])
    assert cube.of(half).column("ty_le", ["A"], 2010).item() == pytest.approx(100 * (10 + 3) / (20 + 6))


def test_a_stock_adds_over_areas_and_never_over_years(tiny):
    found = cube.of(tiny)
    assert found.series("to", "C").tolist() == [8, 9, 13]
    assert found.column("to", ["C", "A"], (2010, 2012)).tolist() == [13, 7]
    assert sum(n for (_, y), n in TEAMS.items() if y == 2012) == 13


def test_a_flow_adds_over_years(tiny):
    assert cube.of(tiny).column("don", ["a1", "a2"], (2010, 2012)).tolist() == [12, 12]


def test_a_lonely_count_is_never_added_over_areas(tiny):
    found = cube.of(tiny)
    assert found.series("rieng", "C").tolist() == [2, 2, 2]
    assert np.isnan(found.series("rieng", "A")).all()


def test_nothing_is_known_before_the_first_year(tiny):
    assert np.isnan(cube.of(tiny).series("doi_thoai", "C")[0])
    held = sum(len(h) for (_, y), h in DIALOGUES.items() if y == 2011)
    assert cube.of(tiny).series("doi_thoai", "C")[1] == held == 3


def test_an_area_is_silent_in_years_in_which_it_does_not_stand(tiny):
    found = cube.of(tiny)
    assert np.isnan(found.series("giam_sat", "b2x")[2])
    assert np.isnan(found.series("giam_sat", "b2")[:2]).all()


def test_a_figure_from_an_area_that_does_not_stand_is_not_counted(tiny):
    seen = tiny.observations
    old = seen["area"].where(~((seen["area"] == "b2") & (seen["year"] == 2012)), "b2x")
    changed = dataclasses.replace(tiny, observations=seen.assign(area=old))
    assert cube.of(changed).series("don", "C")[2] == 57 - 7
    assert cube.of(changed).coverage("don", ["B"], 2012)[0].item() == 2


def test_work_logged_before_an_area_ended_in_mid_year_counts(tiny):
    table = tiny.areas.table.drop(columns="urban")
    table.loc[table["area"] == "b2x", "valid_to"] = pd.Timestamp("2012-02-29")
    table.loc[table["area"] == "b2", "valid_from"] = pd.Timestamp("2012-03-01")
    last = (
        tiny.records[tiny.records["area"] == "b2x"]
        .iloc[:1]
        .assign(record="late", year=2012, date=pd.Timestamp("2012-01-10"))
    )
    merged = dataclasses.replace(
        tiny,
        areas=Areas(table, tiny.areas.changes.assign(date=pd.Timestamp("2012-03-01"))),
        records=pd.concat([tiny.records, last], ignore_index=True),
    )
    found = cube.of(merged)
    assert found.series("giam_sat", "B").tolist() == [6, 0, 7]
    assert found.series("giam_sat", "b2", "constant").tolist() == [3, 0, 7]
    assert [n.item() for n in found.coverage("giam_sat", ["B"], 2012)] == [3, 3]
    assert checks.check(merged, [rules.area_validity]).empty


def test_the_constant_basis_carries_a_series_across_a_change(tiny):
    found = cube.of(tiny)
    assert found.series("don", "b2", "constant").tolist() == [5, 5, 7]
    assert found.series("don", "b2x", "constant").tolist() == [5, 5, 7]
    assert found.series("don", "a1", "constant").tolist() == found.series("don", "a1").tolist()
    assert found.series("ty_le", "b2", "constant").tolist() == [100, 100, 100]


def test_the_last_received_report_counts(tiny):
    seen = tiny.observations
    again = seen[(seen["area"] == "a1") & (seen["year"] == 2010) & (seen["indicator"] == "don")].assign(
        value=9.0, source="late.xlsx#B1!C1", received=pd.Timestamp("2011-06-01")
    )
    changed = dataclasses.replace(tiny, observations=pd.concat([again, seen], ignore_index=True))
    assert cube.of(changed).series("don", "a1")[0] == 9


def test_a_report_without_a_date_never_beats_a_dated_one(tiny):
    seen = tiny.observations
    undated = seen[(seen["area"] == "a1") & (seen["year"] == 2010) & (seen["indicator"] == "don")].assign(
        value=99999.0, source="undated.xlsx#B1!C1", received=pd.NaT
    )
    changed = dataclasses.replace(tiny, observations=pd.concat([seen, undated], ignore_index=True))
    assert cube.of(changed).series("don", "a1")[0] == 4


def test_own_work_can_be_asked_for_apart(tiny):
    assert cube.of(tiny).series("giam_sat", "C", scope="own").tolist() == [2, 0, 1]
    assert cube.of(tiny).column("ty_le", ["C"], (2010, 2012), "own").item() == pytest.approx(100 * 18 / 30)


def test_a_year_outside_the_review_and_an_unknown_indicator_are_refused(tiny):
    with pytest.raises(IndicatorError, match="2009.*2010–2012"):
        cube.of(tiny).column("don", ["C"], 2009)
    with pytest.raises(IndicatorError, match="'dom'"):
        cube.of(tiny).series("dom", "C")


def test_the_city_in_the_shipped_review_equals_the_published_figures(shipped):
    found = cube.of(shipped)
    assert np.nansum(found.series("cuoc_giam_sat", "01")) == 27739
    assert np.nansum(found.series("hoi_nghi_phan_bien", "01")) == 6889
    assert np.nansum(found.series("tiep_xuc_doi_thoai", "01")) == 22
    assert np.nansum(found.series("doi_thoai_dinh_ky", "01")) == 144 + 2048


def test_the_city_on_constant_boundaries_is_the_city(shipped):
    found, areas = cube.of(shipped), shipped.areas
    districts = {areas.group(d)[0] for d in areas.table.loc[areas.table["level"] == "district", "area"]}
    own = found.series("cuoc_giam_sat", "01", scope="own")
    below = sum(np.nan_to_num(found.series("cuoc_giam_sat", d, "constant")) for d in districts)
    assert (own + below).tolist() == found.series("cuoc_giam_sat", "01").tolist()

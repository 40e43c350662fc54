"""The simulated review adds up to what was published, over areas that are right for each day."""

from __future__ import annotations

import gzip

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from danvan_kit import simulate as sim
from danvan_kit.areas import Areas
from danvan_kit.simulate.activities import ACTIVITIES, allot, largest_remainder
from danvan_kit.simulate.reports import PLANS, Part
from danvan_kit.simulate.world import SimulateError, stream, world


def small_areas():
    """One city; a quận with two phường, a huyện with two xã, one of which takes the place of an older one in 2014."""
    rows = [
        ("C", "Thành phố C", "thành phố", "city", "", None, None),
        ("A", "Quận A", "quận", "district", "C", None, None),
        ("a1", "Phường Một", "phường", "commune", "A", None, None),
        ("a2", "Phường Hai", "phường", "commune", "A", None, None),
        ("B", "Huyện B", "huyện", "district", "C", None, None),
        ("b1", "Xã Một", "xã", "commune", "B", None, None),
        ("b2x", "Xã Hai Cũ", "xã", "commune", "B", None, "2014-02-28"),
        ("b2", "Xã Hai", "xã", "commune", "B", "2014-03-01", None),
    ]
    table = pd.DataFrame(rows, columns=["area", "name", "kind", "level", "parent", "valid_from", "valid_to"])
    table["code"] = table["area"].str.removesuffix("x")
    changes = pd.DataFrame(
        [("x", "2014-03-01", "renamed", "b2x", "b2", "whole", "NQ", "")],
        columns=["change", "date", "kind", "from_area", "to_area", "part", "resolution", "note"],
    )
    return Areas(table, changes)


def small_statements():
    rows = [
        ("s1", "van_ban_chi_dao", "city district commune", 2012, 2015, "nearly", 400),
        ("s2", "cuoc_giam_sat", "city district commune", 2012, 2015, "exact", 277),
        ("s3", "hoi_nghi_phan_bien", "city district commune", 2012, 2015, "exact", 69),
        ("s4", "tiep_xuc_doi_thoai", "city", 2013, 2015, "exact", 5),
        ("s5", "doi_thoai_dinh_ky", "district", 2013, 2015, "exact", 7),
        ("s6", "doi_thoai_dinh_ky", "commune", 2013, 2015, "exact", 20),
    ]
    return pd.DataFrame(
        rows, columns=["statement", "indicator", "levels", "year_from", "year_to", "qualifier", "value"]
    )


def small(shipped, *, faults=False, seed=1):
    return sim.simulate(
        small_areas(),
        shipped.indicators,
        small_statements(),
        pd.DataFrame(),
        years=range(2012, 2016),
        seed=seed,
        faults=faults,
    )


@pytest.fixture(scope="module")
def clean(shipped):
    return sim.simulate(shipped.areas, shipped.indicators, shipped.statements, shipped.population, faults=False)


@pytest.fixture(scope="module")
def own(clean):
    """Clean own figures, one column an indicator."""
    kept = clean.observations[(clean.observations["scope"] == "own") & (clean.observations["status"] == "reported")]
    return kept.pivot_table(index=["area", "year"], columns="indicator", values="value", aggfunc="sum", min_count=1)


def counted(records, areas, statement):
    level = records["area"].map(dict(zip(areas.ids, areas.table["level"], strict=True)))
    return int(
        (
            (records["activity"] == statement.indicator)
            & level.isin(statement.levels.split())
            & records["year"].between(statement.year_from, statement.year_to)
        ).sum()
    )


@given(st.integers(0, 10**9), st.lists(st.floats(0, 1e6), min_size=1, max_size=60).filter(any))
def test_largest_remainder_gives_out_the_total_exactly_and_nothing_to_weight_zero(total, weights):
    given_out = largest_remainder(total, weights)
    assert given_out.sum() == total
    assert (given_out >= 0).all()
    assert (given_out[np.array(weights) == 0] == 0).all()


@given(st.integers(0, 10**6), st.lists(st.integers(1, 1000), min_size=1, max_size=60))
def test_largest_remainder_stays_within_one_of_the_exact_share(total, weights):
    exact = total * np.array(weights) / sum(weights)
    assert (np.abs(largest_remainder(total, weights) - exact) < 1 + 1e-6).all()


@given(st.integers(0, 5000), st.integers(0, 2**32), st.sampled_from(sorted(ACTIVITIES)))
def test_allot_gives_out_the_total_exactly_and_only_where_it_may(total, seed, activity):
    w = world(small_areas(), pd.DataFrame(), range(2012, 2016), stream(seed, "world"))
    cells = w.cells(["district", "commune"], range(2013, 2016))
    given_out = allot(w, activity, total, cells, stream(seed, "records"))
    assert given_out.sum() == total
    assert (given_out >= 0).all()
    assert (given_out[~cells] == 0).all()


@pytest.mark.parametrize(("total", "weights"), [(-1, [1.0]), (1, [-1.0, 2.0]), (3, [0.0, 0.0]), (3, [])])
def test_largest_remainder_refuses_what_cannot_be_given_out(total, weights):
    with pytest.raises(SimulateError, match=str(total)):
        largest_remainder(total, weights)


def test_totals_equal_every_exact_statement_by_level_and_period(shipped):
    exact = shipped.statements[shipped.statements["qualifier"] == "exact"]
    assert len(exact) == 5
    for statement in exact.itertuples():
        assert counted(shipped.records, shipped.areas, statement) == statement.value, statement.text_vi


def test_documents_come_to_nearly_forty_thousand(shipped):
    (nearly,) = shipped.statements[shipped.statements["qualifier"] == "nearly"].itertuples()
    assert 39_000 < counted(shipped.records, shipped.areas, nearly) < nearly.value == 40_000


def test_no_record_lies_outside_the_published_statements(shipped):
    total = sum(counted(shipped.records, shipped.areas, s) for s in shipped.statements.itertuples())
    assert total == len(shipped.records)


def test_same_seed_same_rows(shipped):
    first, again, other = small(shipped, faults=True), small(shipped, faults=True), small(shipped, faults=True, seed=2)
    for name in sim.FILES:
        pd.testing.assert_frame_equal(getattr(first, name), getattr(again, name))
        assert not getattr(first, name).equals(getattr(other, name))


def test_the_shipped_files_equal_a_regenerated_simulation(shipped, tmp_path):
    made = sim.simulate(shipped.areas, shipped.indicators, shipped.statements, shipped.population)
    assert len(made.records) == len(shipped.records)
    assert len(made.observations) == len(shipped.observations)
    sim.write(made, tmp_path)
    for file in sim.FILES.values():
        ours, theirs = (folder / file for folder in (tmp_path, shipped.folder / "simulated"))
        if file.endswith(".gz"):  # the rows count, not how a version of zlib packs them
            assert gzip.decompress(ours.read_bytes()) == gzip.decompress(theirs.read_bytes()), file
        else:
            assert ours.read_bytes() == theirs.read_bytes(), file


def test_writing_twice_gives_the_same_bytes(shipped, tmp_path):
    made = small(shipped)
    for folder in ("one", "two"):
        sim.write(made, tmp_path / folder)
    for file in sim.FILES.values():
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


def test_faults_leave_the_records_alone(clean, shipped):
    assert clean.records["record"].tolist() == shipped.records["record"].tolist()
    assert clean.records["area"].tolist() == shipped.records["area"].astype("str").tolist()


def test_every_record_lies_in_an_area_valid_on_its_day_that_reports_for_its_year(clean, shipped):
    records = clean.records.merge(shipped.areas.table[["area", "valid_from", "valid_to"]], on="area")
    assert len(records) == len(clean.records)
    assert (records["valid_from"].isna() | (records["valid_from"] <= records["date"])).all()
    assert (records["valid_to"].isna() | (records["valid_to"] >= records["date"])).all()
    assert (records["date"].dt.year == records["year"]).all()
    reporting = {(a, y) for y in shipped.years for a in shipped.areas.of_year(y)["area"]}
    assert set(zip(records["area"], records["year"], strict=True)) <= reporting


def test_tu_liem_ends_in_2013_and_the_merged_communes_begin_on_the_first_of_march_2020(clean):
    records = clean.records
    split = records[records["area"].isin(["019a", "019b", "021"])]
    assert split.loc[split["area"] == "019a", "date"].max() < pd.Timestamp("2013-12-28")
    assert split.loc[split["area"] != "019a", "date"].min() >= pd.Timestamp("2014-01-01")
    merged = records[records["area"].isin(["09727b", "09733b", "10282b"])]
    assert len(merged)
    assert merged["date"].min() >= pd.Timestamp("2020-03-01")
    assert records["date"].max() <= pd.Timestamp("2020-06-30")
    assert records["date"].min() >= pd.Timestamp("2010-02-25")


def test_no_conference_resolves_more_opinions_than_were_raised(clean):
    held = clean.records[clean.records["opinions"].notna()]
    assert set(held["activity"]) == {"hoi_nghi_phan_bien", "tiep_xuc_doi_thoai", "doi_thoai_dinh_ky"}
    assert (held["resolved"] <= held["opinions"]).all()
    assert (held["opinions"] <= held["participants"]).all()
    assert (held["days"].notna() == (held["resolved"] > 0)).all()
    assert (
        clean.records.loc[clean.records["opinions"].isna(), ["participants", "resolved", "days"]].isna().all(axis=None)
    )


def test_consolidated_is_own_plus_everything_below(clean, shipped):
    told = clean.observations[clean.observations["status"] == "reported"]
    own, consolidated = told[told["scope"] == "own"], told[told["scope"] == "consolidated"]
    above = pd.DataFrame([(a, up) for a in shipped.areas.ids for up in (a, *shipped.areas.ancestors(a))])
    sums = own.merge(above.set_axis(["area", "up"], axis=1), on="area")
    sums = sums.groupby(["up", "year", "indicator"])["value"].sum()
    found = consolidated.set_index(["area", "year", "indicator"])["value"]
    assert len(found) > 5000
    assert (found == sums.loc[found.index]).all()


def test_only_who_has_offices_below_files_consolidated_figures(clean, shipped):
    filed = clean.observations[clean.observations["scope"] == "consolidated"]
    level = filed["area"].map(shipped.areas.table.set_index("area")["level"])
    assert set(level) == {"city", "district"}
    assert "tiep_xuc_doi_thoai" not in set(filed["indicator"])


def test_every_office_reports_every_indicator_of_its_level_once(clean, shipped):
    key = ["area", "year", "indicator", "scope"]
    assert not clean.observations.duplicated(key).any()
    own = clean.observations[clean.observations["scope"] == "own"]
    added = shipped.indicators[shipped.indicators["aggregation"] != "ratio"]
    expected = {
        (area, year, indicator)
        for year in shipped.years
        for area, level in shipped.areas.of_year(year)[["area", "level"]].itertuples(index=False)
        for indicator, levels in zip(added["indicator"], added["levels"], strict=True)
        if level in levels.split()
    }
    assert set(own[key[:3]].itertuples(index=False, name=None)) == expected


def test_own_figures_equal_the_counts_of_the_log(clean, shipped, own):
    backed = shipped.indicators[shipped.indicators["record_activity"] != ""]
    assert len(backed) == 7
    for row in backed.itertuples():
        log = clean.records[clean.records["activity"].isin(row.record_activity.split())]
        worth = log[row.record_value].fillna(0) if row.record_value else pd.Series(1, index=log.index)
        counts = worth.groupby([log["area"], log["year"]]).sum()
        told = own[row.indicator].dropna()
        assert (told == counts.reindex(told.index, fill_value=0)).all(), row.indicator
        assert told.sum() == counts.sum()


def test_nothing_is_reported_before_an_indicator_begins(clean, shipped):
    first = clean.observations["indicator"].map(shipped.indicators["first_year"])
    early = clean.observations["year"] < first
    assert early.any()
    assert (clean.observations["status"] == np.where(early, "not_applicable", "reported")).all()
    assert (clean.observations["value"].isna() == early).all()


def test_no_part_lies_above_its_whole(own):
    parts = {part: plan.whole for part, plan in PLANS.items() if isinstance(plan, Part)}
    for part, whole in (parts | {"y_kien_da_giai_quyet": "y_kien_doi_thoai"}).items():
        both = own[[part, whole]].dropna()
        assert len(both)
        assert (both[part] <= both[whole]).all(), part


def test_a_truthful_series_never_looks_like_a_slip(own, shipped):
    told = shipped.indicators[(shipped.indicators["record_value"] == "")]
    flow = [i for i in told.index[told["nature"] == "flow"] if i in own]
    yearly = own[flow].div(np.where(own.index.get_level_values("year") == 2020, 0.5, 1.0), axis=0).astype("float64")
    median = yearly.groupby("area").transform("median")
    steady = median >= 20
    assert steady.any(axis=None)
    assert not (steady & ((yearly >= 4 * median) | (yearly <= median / 4))).any(axis=None)


def test_in_the_latest_year_all_heads_sit_on_the_standing_board(own):
    seats = own[["truong_bdv_uvbtv", "chu_tich_mttq_uvbtv"]].dropna()
    assert (seats.xs(2020, level="year") == 1).all(axis=None)
    assert (seats == 0).any().all()


def test_town_and_country_differ_and_work_grows(clean, shipped):
    records = clean.records
    urban = records["area"].map(shipped.areas.table.set_index("area")["urban"])
    share = pd.crosstab(records["topic"], urban, normalize="columns")
    assert share.loc["trật tự đô thị", True] > 3 * share.loc["trật tự đô thị", False]
    assert share.loc["xây dựng nông thôn mới", False] > 3 * share.loc["xây dựng nông thôn mới", True]
    by_year = records.groupby("year").size()
    assert by_year.loc[2011:2019].is_monotonic_increasing
    assert 0.3 < by_year[2020] / by_year[2019] < 0.6


def test_small_communes_have_years_without_a_conference(own):
    assert 0.2 < (own["hoi_nghi_phan_bien"] == 0).mean() < 0.8


def test_a_new_area_carries_on_the_line_of_the_one_it_continues(shipped):
    w = world(shipped.areas, shipped.population, shipped.years, stream(290, "world"))
    line = dict(zip(shipped.areas.ids, w.line, strict=True))
    for old, new in (("019a", "019b"), ("019a", "021"), ("00595a", "00595b"), ("09727a", "09727b")):
        assert line[old] == line[new]
    assert line["00241"] != line["00250"]  # it stood before it took the other in


def test_a_tiny_world_adds_up_too(shipped):
    made, areas = small(shipped), small_areas()
    for s in small_statements().itertuples():
        found = counted(made.records, areas, s)
        assert found == s.value if s.qualifier == "exact" else 390 <= found < 400
    assert set(made.observations["area"]) == set(areas.ids)
    assert made.records.loc[made.records["area"] == "b2x", "date"].max() < pd.Timestamp("2014-01-01")
    assert made.records.loc[made.records["area"] == "b2", "date"].min() >= pd.Timestamp("2014-03-01")


def test_everything_says_that_it_is_simulated(clean):
    assert set(clean.observations["origin"]) == set(clean.records["origin"]) == {"simulated"}


@pytest.mark.parametrize("years", [range(0), range(2009, 2012), range(2019, 2022), [2010, 2012]])
def test_years_outside_the_review_are_refused_in_one_line(shipped, years):
    with pytest.raises(SimulateError, match="2010–2020") as caught:
        sim.simulate(shipped.areas, shipped.indicators, shipped.statements, shipped.population, years=years)
    assert "\n" not in str(caught.value)


def test_a_statement_on_what_the_log_does_not_know_is_refused(shipped):
    strange = small_statements().assign(indicator="to_hoa_giai")
    with pytest.raises(SimulateError, match=r"'s1'.*'to_hoa_giai'.*cuoc_giam_sat"):
        sim.simulate(small_areas(), shipped.indicators, strange, pd.DataFrame(), years=range(2012, 2016))


def test_a_statement_that_nobody_could_have_met_is_refused(shipped):
    early = small_statements().assign(year_from=2010, year_to=2011)
    with pytest.raises(SimulateError, match="không có nơi nhận"):
        sim.simulate(small_areas(), shipped.indicators, early, pd.DataFrame(), years=range(2012, 2016))


def test_a_whole_country_has_as_many_records_as_asked_for_in_a_sound_tree():
    table, records = sim.country(7, communes=1200, records=5000)
    areas = Areas(table, pd.DataFrame({"from_area": [], "to_area": []}))
    assert areas.ids == table["area"].tolist()
    assert table["level"].value_counts().to_dict() == {"commune": 1200, "district": 705, "city": 63, "country": 1}
    assert len(records) == 5000
    assert set(records["area"]) <= set(areas.ids) - {areas.root}
    again = sim.country(7, communes=1200, records=5000)
    pd.testing.assert_frame_equal(records, again[1])
    pd.testing.assert_frame_equal(table, again[0])

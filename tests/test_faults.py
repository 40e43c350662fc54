"""Each planted fault is real, stands alone, and can be proved or at least asked about from the reports themselves."""

from __future__ import annotations

import pandas as pd
import pytest
from test_simulate import small, small_areas

from danvan_kit import simulate as sim
from danvan_kit import tables
from danvan_kit.simulate.faults import MANY, PAIRS, PLANTED

CELL = ["area", "year", "indicator", "scope"]


@pytest.fixture(scope="module")
def truth(shipped):
    made = sim.simulate(shipped.areas, shipped.indicators, shipped.statements, shipped.population, faults=False)
    return made.observations.set_index(CELL)


@pytest.fixture(scope="module")
def told(shipped):
    text = dict.fromkeys(["area", "indicator", "scope", "status", "source"], "str")
    return shipped.observations.astype(text)


@pytest.fixture(scope="module")
def key(shipped):
    return tables.read(shipped.folder / "simulated" / "planted.csv", "planted")


def of(key, rule):
    found = key[key["rule"] == rule]
    assert len(found), rule
    return found.itertuples()


def value(told, area, year, indicator, scope="own"):
    cell = told[(told["area"] == area) & (told["year"] == year) & (told["indicator"] == indicator)]
    return cell.loc[cell["scope"] == scope, "value"].item()


def test_the_answer_key_lists_each_kind_as_often_as_it_was_planted(key):
    assert key["rule"].value_counts().to_dict() == MANY | {"factor_ten": 2 * MANY["factor_ten"]}
    assert key["fault"].is_unique


def test_every_planted_figure_differs_from_the_true_one(key, truth):
    cells = key[key["planted_value"].notna()]
    assert len(cells) == 85
    for fault in cells.itertuples():
        true = truth.loc[(fault.area, fault.year, fault.indicator, fault.scope), "value"]
        assert fault.true_value == true != fault.planted_value, fault.fault


def test_every_planted_figure_stands_in_the_reports_where_the_key_says(key, told):
    there = told.set_index("source")["value"]
    for fault in key[key["planted_value"].notna()].itertuples():
        assert there[fault.source] == fault.planted_value, fault.fault


def test_nothing_but_the_planted_faults_differs_from_the_truth(key, told, truth):
    true = truth[["value", "status", "source"]].astype({"value": "float64"}).add_suffix("_true")
    both = told.join(true, on=CELL)
    same = (both["value"] == both["value_true"]) | (both["value"].isna() & both["value_true"].isna())
    same &= (both["status"] == both["status_true"]) & (both["source"] == both["source_true"])
    changed = set(both.loc[~same, ["area", "year"]].itertuples(index=False, name=None))
    planted = set(key[["area", "year"]].itertuples(index=False, name=None))
    renamed = {(f.area, f.year): (f.note.split()[-1], f.year) for f in of(key, "old_name")}
    assert changed == {renamed.get(report, report) for report in planted}


def test_no_two_faults_share_a_report(key):
    assert not key.duplicated(["area", "year"]).any()


def test_a_missing_report_is_empty_throughout_and_never_came_in(key, told):
    for fault in of(key, "missing_report"):
        report = told[(told["area"] == fault.area) & (told["year"] == fault.year)]
        assert set(report["status"]) <= {"missing", "not_applicable"}
        assert (report["status"] == "missing").sum() >= 10
        assert report[["value", "received"]].isna().all(axis=None)


def test_a_duplicate_report_repeats_every_figure_from_a_file_that_came_in_later(key, told):
    for fault in of(key, "duplicate_report"):
        report = told[(told["area"] == fault.area) & (told["year"] == fault.year)].set_index(["indicator", "scope"])
        second = report["source"].str.startswith(fault.source)
        first, again = report[~second].sort_index(), report[second].sort_index()
        pd.testing.assert_series_equal(first["value"], again["value"])
        assert (first["received"] < again["received"]).all()


def test_a_report_under_an_old_name_stands_in_an_area_that_is_no_more(key, told, shipped):
    years = set()
    for fault in of(key, "old_name"):
        old, reporting = fault.note.split()[-1], set(shipped.areas.of_year(fault.year)["area"])
        changes = shipped.areas.changes
        assert fault.area in reporting
        assert old not in reporting
        assert ((changes["from_area"] == old) & (changes["to_area"] == fault.area)).any()
        this_year = told[told["year"] == fault.year]
        assert (this_year["area"] == old).sum() >= 10
        assert not (this_year["area"] == fault.area).any()
        assert this_year.loc[this_year["area"] == old, "source"].str.startswith(fault.source).all()
        years.add(fault.year)
    assert years == {2014, 2020}


def test_ten_times_too_much_contradicts_the_log_or_stands_out_of_the_series(key, told, shipped):
    backed = shipped.indicators["record_activity"] != ""
    seen = {True: 0, False: 0}
    for fault in of(key, "factor_ten"):
        assert fault.planted_value == 10 * fault.true_value > 0
        seen[bool(backed[fault.indicator])] += 1
        if backed[fault.indicator]:  # the log counts otherwise
            log = shipped.records[shipped.records["activity"] == fault.indicator]
            assert ((log["area"] == fault.area) & (log["year"] == fault.year)).sum() == fault.true_value
        else:
            series = told[(told["area"] == fault.area) & (told["indicator"] == fault.indicator)]
            median = series.loc[series["scope"] == "own", "value"].median()
            assert median >= 20
            assert fault.planted_value >= 4 * median
    assert seen == {True: MANY["factor_ten"], False: MANY["factor_ten"]}


def test_swapped_columns_are_provable_and_undo_to_the_truth(key, told, truth):
    others = set()
    for fault in of(key, "swapped_columns"):
        other = fault.note.split()[-1]
        here, there = value(told, fault.area, fault.year, fault.indicator), value(told, fault.area, fault.year, other)
        assert here != there
        assert here == truth.loc[(fault.area, fault.year, other, "own"), "value"]
        assert there == truth.loc[(fault.area, fault.year, fault.indicator, "own"), "value"]
        assert (fault.indicator, other) not in PAIRS or here > there
        others.add(other)
    assert others == {"don_thu_tiep_nhan", "vu_hoa_giai", "hoi_nghi_phan_bien"}


def test_more_resolved_than_received_is_impossible(key, told):
    wholes = dict(PAIRS)
    for fault in of(key, "resolved_above_received"):
        assert fault.planted_value > value(told, fault.area, fault.year, wholes[fault.indicator])


def test_a_late_change_leaves_two_figures_the_last_of_which_is_wrong(key, told):
    for fault in of(key, "late_change"):
        cell = told[(told["area"] == fault.area) & (told["year"] == fault.year)]
        cell = cell[(cell["indicator"] == fault.indicator) & (cell["scope"] == "own")].sort_values("received")
        assert cell["value"].tolist() == [fault.true_value, fault.planted_value]
        assert cell["received"].diff().iloc[1] >= pd.Timedelta(days=60)


def test_a_wrong_consolidated_figure_stands_above_sound_and_complete_reports(key, told, shipped):
    faulty = set(key[["area", "year"]].itertuples(index=False, name=None))
    for fault in of(key, "consolidated_mismatch"):
        branch = [fault.area, *shipped.areas.children(fault.area, fault.year)]
        assert not {(area, fault.year) for area in branch[1:]} & faulty
        cells = told[told["area"].isin(branch) & (told["year"] == fault.year) & (told["indicator"] == fault.indicator)]
        cells = cells[cells["scope"] == "own"]
        assert (cells["status"] == "reported").all()
        assert cells["value"].sum() == fault.true_value != fault.planted_value


def test_without_faults_the_answer_key_is_empty(shipped):
    made = small(shipped, faults=False)
    assert list(made.planted.columns) == list(PLANTED)
    assert made.planted.empty
    assert set(made.observations["status"]) <= {"reported", "not_applicable"}


@pytest.mark.parametrize("seed", range(5))
def test_a_tiny_world_gets_its_share_of_faults_and_stays_mostly_sound(shipped, seed):
    made = small(shipped, faults=True, seed=seed)
    assert {"missing_report", "duplicate_report", "old_name"} <= set(made.planted["rule"])
    reports = sum(len(small_areas().of_year(year)) for year in range(2012, 2016))
    assert 3 <= len(made.planted) < reports
    assert not made.planted.duplicated(["area", "year"]).any()

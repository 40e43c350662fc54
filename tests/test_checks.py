"""Each rule finds exactly what is broken in one copy of the tiny world, and nothing in the whole one."""

from __future__ import annotations

import dataclasses
import datetime as dt
import importlib.util
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from conftest import DATA, tiny_areas, tiny_review

from danvan_kit import checks, tables
from danvan_kit.areas import Areas
from danvan_kit.checks import problems, rules

BENCHMARK = Path(__file__).parents[1] / "benchmarks" / "checks.py"
COLUMNS = ["rule", "severity", "area", "year", "indicator", "expected", "found", "source", "message"]

# own plus below: don of A in 2010 is 20 + 4 + 6 = 30, of B 8 + 0 + 5 = 13, of the city 10 + 30 + 13 = 53
CONSOLIDATED = {
    ("A", 2010, "don"): 30, ("A", 2011, "don"): 30, ("A", 2012, "don"): 30,
    ("B", 2010, "don"): 13, ("B", 2011, "don"): 15, ("B", 2012, "don"): 17,
    ("C", 2010, "don"): 53, ("C", 2011, "don"): 55, ("C", 2012, "don"): 57,
    ("A", 2010, "to"): 5, ("A", 2011, "to"): 6, ("A", 2012, "to"): 7,
    ("B", 2010, "to"): 3, ("B", 2011, "to"): 3, ("B", 2012, "to"): 6,
    ("C", 2010, "to"): 8, ("C", 2011, "to"): 9, ("C", 2012, "to"): 13,
}  # fmt: skip


def line(area, year, indicator, value, scope="own", source="", received=None, status="reported"):
    """Return one row of the observations."""
    return {
        "area": area, "year": year, "indicator": indicator, "scope": scope, "value": value, "unit": "cuộc",
        "status": status, "origin": "reported", "source": source or f"{area}/{year}.xlsx#B1!{scope[0]}.{indicator}",
        "received": pd.Timestamp(received or f"{year + 1}-01-15"),
    }  # fmt: skip


def add(review, *lines):
    """Return the review with more rows of observations."""
    more = pd.DataFrame(list(lines)).astype({"value": "float64", "received": review.observations["received"].dtype})
    return dataclasses.replace(review, observations=pd.concat([review.observations, more], ignore_index=True))


def at(review, area, year, indicator=None, scope=None):
    """Mark rows of the observations."""
    seen = review.observations
    mask = (seen["area"] == area) & (seen["year"] == year)
    if indicator:
        mask &= seen["indicator"] == indicator
    return mask & (seen["scope"] == scope) if scope else mask


def put(review, area, year, indicator, scope="own", **values):
    """Return the review with one row changed."""
    seen, mask = review.observations.copy(), at(review, area, year, indicator, scope)
    assert mask.sum() == 1
    for column, value in values.items():
        seen.loc[mask, column] = value
    return dataclasses.replace(review, observations=seen)


def drop(review, *where):
    """Return the review without some rows."""
    seen = review.observations[~at(review, *where)]
    return dataclasses.replace(review, observations=seen.reset_index(drop=True))


def found(review, rule):
    """Return what a rule finds as tuples; None where there is no figure."""
    rows = checks.check(review, [rule])
    assert set(rows["rule"]) <= {rule.__name__}
    columns = ["severity", "area", "year", "indicator", "expected", "found"]
    return [tuple(None if pd.isna(v) else v for v in row) for row in rows[columns].itertuples(index=False)]


@pytest.fixture
def whole():
    """Return the tiny world with nothing missing and with consolidated figures."""
    review = tiny_review()
    review = put(review, "a2", 2011, "don", value=6.0, status="reported")
    review = put(review, "a2", 2011, "don_xong", value=4.0, status="reported")
    return add(review, *(line(*key, value, "consolidated") for key, value in CONSOLIDATED.items()))


def test_the_whole_tiny_world_has_no_problem_under_any_rule(whole):
    rows = checks.check(whole)
    assert rows.columns.tolist() == COLUMNS
    assert rows.empty
    assert len(checks.RULES) == 9


# --- completeness


def test_a_figure_owed_and_reported_missing_is_one_row_a_figure(tiny):
    assert found(tiny, checks.completeness) == [
        ("warning", "a2", 2011, "don", None, None),
        ("warning", "a2", 2011, "don_xong", None, None),
    ]


def test_a_whole_missing_report_is_one_row(whole):
    # giam_sat, doi_thoai, y_kien, don, don_xong, to
    assert found(drop(whole, "a1", 2011), checks.completeness) == [("warning", "a1", 2011, "", 6, 0)]


def test_a_report_whose_every_figure_is_marked_missing_is_one_row_with_its_source(whole):
    seen = whole.observations.copy()
    seen.loc[at(whole, "b1", 2010), ["value", "status"]] = [np.nan, "missing"]
    rows = checks.check(dataclasses.replace(whole, observations=seen), [checks.completeness])
    assert rows[["area", "year", "indicator", "expected"]].to_numpy().tolist() == [["b1", 2010, "", 4]]
    assert rows["source"].tolist() == ["b1/2010.xlsx#B1!giam_sat"]


def test_a_blank_consolidated_figure_is_missed_only_where_the_form_asks_for_it(whole):
    broken = drop(whole, "A", 2011, "don", "consolidated")
    assert found(broken, checks.completeness) == [("warning", "A", 2011, "don", None, None)]


def test_a_blank_part_of_a_report_is_one_row(whole):
    broken = drop(drop(whole, "A", 2011, "don", "consolidated"), "A", 2011, "to", "consolidated")
    assert found(broken, checks.completeness) == [("warning", "A", 2011, "", 2, 0)]


def test_nobody_owes_what_has_not_begun_or_where_he_does_not_stand(whole):
    owed = problems.owed(whole)
    place = {i: n for n, i in enumerate(whole.indicators.index)}
    row = whole.areas.row
    assert owed[place["y_kien"], row("a1")].tolist() == [False, True, True]
    assert owed[place["don"], row("b2")].tolist() == [False, False, True]
    assert not owed[place["to"], row("A")].any()
    assert not owed[place["ty_le"]].any()


# --- vertical


def test_a_districts_wrong_total_is_one_row_there_and_none_at_the_city(whole):
    broken = put(whole, "A", 2011, "don", "consolidated", value=31.0)
    assert found(broken, checks.vertical) == [("error", "A", 2011, "don", 30, 31)]


def test_a_citys_wrong_total_is_a_row_at_the_city(whole):
    broken = put(whole, "C", 2011, "don", "consolidated", value=60.0)
    assert found(broken, checks.vertical) == [("error", "C", 2011, "don", 55, 60)]


def test_a_wrong_district_does_not_excuse_a_city_that_it_cannot_explain(whole):
    broken = put(put(whole, "A", 2011, "don", "consolidated", value=31.0), "C", 2011, "don", "consolidated", value=60.0)
    assert found(broken, checks.vertical) == [
        ("error", "C", 2011, "don", 56, 60),
        ("error", "A", 2011, "don", 30, 31),
    ]


def test_two_wrong_districts_explain_the_city_when_only_one_of_them_is_its_own_fault(whole):
    broken = put(whole, "A", 2011, "don", "consolidated", value=33.0)
    broken = put(broken, "b1", 2011, "don", value=20.0)  # B's consolidated figure stays true
    assert found(broken, checks.vertical) == [
        ("error", "B", 2011, "don", 33, 15),
        ("error", "A", 2011, "don", 30, 33),
    ]


def test_stocks_add_up_over_areas_too(whole):
    broken = put(whole, "b1", 2012, "to", value=2.0)
    assert found(broken, checks.vertical) == [("error", "B", 2012, "to", 7, 6)]


def test_a_gap_that_could_explain_the_difference_is_undecided(whole):
    broken = drop(whole, "a2", 2011)  # don and to of A wait for it; the city adds up A's consolidated figure
    assert found(broken, checks.vertical) == [("info", "A", 2011, "", 2, None)]
    message = checks.check(broken, [checks.vertical])["message"].item()
    assert message.startswith("Quận A, năm 2011: chưa đối chiếu được 2 số tổng hợp vì còn thiếu số liệu của Phường Hai")


def test_a_missing_own_figure_is_named_as_the_offices_own_gap(whole):
    broken = drop(whole, "A", 2011, "don", "own")
    assert found(broken, checks.vertical) == [("info", "A", 2011, "", 1, None)]
    assert "còn thiếu số liệu của Quận A" in checks.check(broken, [checks.vertical])["message"].item()


def test_a_total_below_what_is_already_known_is_wrong_despite_gaps(whole):
    broken = put(drop(whole, "a2", 2011, "don"), "A", 2011, "don", "consolidated", value=20.0)
    # 20 + 4 known; the city's 55 = 10 + 20 + 15 + at least 4 more that A lacks
    assert found(broken, checks.vertical) == [("error", "A", 2011, "don", 24, 20)]


def test_a_missing_district_counts_with_what_its_communes_reported(whole):
    without = drop(whole, "A", 2011, "don", "consolidated")
    assert found(without, checks.vertical) == [("info", "C", 2011, "", 1, None)]
    short = put(without, "C", 2011, "don", "consolidated", value=50.0)
    assert found(short, checks.vertical) == [("error", "C", 2011, "don", 55, 50)]


def test_a_wrong_district_explains_a_city_with_gaps(whole):
    broken = put(drop(whole, "B", 2011, "don", "consolidated"), "A", 2011, "don", "consolidated", value=60.0)
    assert found(broken, checks.vertical) == [("error", "A", 2011, "don", 30, 60)]


def test_more_wrong_districts_than_can_be_tried_leave_the_citys_row(whole, monkeypatch):
    monkeypatch.setattr(checks, "MOST_WAYS", 0)
    broken = put(whole, "A", 2011, "don", "consolidated", value=31.0)
    assert [row[1] for row in found(broken, checks.vertical)] == ["C", "A"]


def test_many_missing_offices_are_counted_not_listed():
    review = tiny_review()
    table = review.areas.table
    more = pd.concat(
        [table, *(table[table["area"] == "a2"].assign(area=f"a{n}", name=f"Phường {n}") for n in (3, 4, 5))]
    )
    review = dataclasses.replace(review, areas=Areas(more, review.areas.changes))
    review = add(review, line("A", 2010, "to", 99, "consolidated"))
    rows = checks.check(drop(review, "a2", 2010), [checks.vertical])
    assert "Phường 3 (Quận A), Phường 4 (Quận A) và 1 đơn vị khác;" in rows["message"].item()
    assert "and 1 others" in checks.check(drop(review, "a2", 2010), [checks.vertical], lang="en")["message"].item()


# --- records


def test_a_report_that_the_log_contradicts_is_one_row(whole):
    broken = put(whole, "a1", 2010, "giam_sat", value=40.0)
    assert found(broken, checks.records_against_reports) == [("error", "a1", 2010, "giam_sat", 4, 40)]


def test_a_reported_zero_agrees_with_an_empty_log_and_another_figure_does_not(whole):
    assert found(add(whole, line("B", 2012, "giam_sat", 0)), checks.records_against_reports) == []
    broken = add(whole, line("B", 2012, "giam_sat", 3))
    assert found(broken, checks.records_against_reports) == [("error", "B", 2012, "giam_sat", 0, 3)]


def test_summed_columns_of_the_log_are_compared_too(whole):
    assert found(add(whole, line("a1", 2011, "y_kien", 5)), checks.records_against_reports) == []  # 3 + 2
    broken = add(whole, line("a1", 2011, "y_kien", 2))
    assert found(broken, checks.records_against_reports) == [("error", "a1", 2011, "y_kien", 5, 2)]


# --- several sources


def test_a_report_filed_twice_is_one_row_for_the_office_and_year(whole):
    again = whole.observations[at(whole, "b1", 2011)].assign(
        source="lan2.xlsx#B1!don", received=pd.Timestamp("2012-02-01")
    )
    broken = dataclasses.replace(whole, observations=pd.concat([whole.observations, again], ignore_index=True))
    assert found(broken, rules.duplicates) == [("warning", "b1", 2011, "", 0, 3)]  # don, don_xong, to
    assert found(broken, rules.late_changes) == []
    rows = checks.check(broken, [rules.duplicates])
    assert rows["source"].item() == "b1/2011.xlsx#B1!don; lan2.xlsx#B1!don"
    assert "(b1/2011.xlsx, lan2.xlsx)" in rows["message"].item()


def test_a_later_source_with_another_figure_is_a_late_change_and_no_duplicate(whole):
    broken = add(whole, line("b1", 2011, "don", 9, source="sua.xlsx#B1!don", received="2012-07-25"))
    assert found(broken, rules.late_changes) == [("warning", "b1", 2011, "don", 2, 9)]
    assert found(broken, rules.duplicates) == []
    assert checks.check(broken, [rules.late_changes])["message"].item() == (
        "Xã Một (Huyện B), năm 2011, Chỉ tiêu don: báo cáo nhận ngày 25-7-2012 đổi 2 thành 9 (bản trước nhận ngày "
        "15-1-2012); đề nghị nêu lý do và căn cứ sửa."
    )


def test_what_counts_is_the_order_of_arrival_not_of_the_rows(whole):
    broken = add(whole, line("b1", 2011, "don", 9, source="truoc.xlsx#B1!don", received="2012-01-02"))
    assert found(broken, rules.late_changes) == [("warning", "b1", 2011, "don", 9, 2)]


def test_the_figure_that_is_checked_is_the_last_received_whatever_its_row(whole):
    broken = add(whole, line("a1", 2010, "giam_sat", 40, source="truoc.xlsx#B1!giam_sat", received="2011-01-02"))
    assert found(broken, checks.records_against_reports) == []


def test_two_forms_that_both_say_missing_repeat_no_figure(tiny):
    again = line("a2", 2011, "don", None, source="lan2.xlsx#B1!don", received="2012-02-01", status="missing")
    assert found(add(tiny, again), rules.duplicates) == []


def test_a_withdrawn_figure_is_a_late_change_and_a_late_first_one_is_not(whole, tiny):
    withdrawn = add(whole, line("b1", 2011, "don", None, source="sua#B1!don", received="2012-07-25", status="missing"))
    assert found(withdrawn, rules.late_changes) == [("warning", "b1", 2011, "don", 2, None)]
    late = add(tiny, line("a2", 2011, "don", 6, source="sau.xlsx#B1!don", received="2012-07-25"))
    assert found(late, rules.late_changes) == []


def test_a_change_without_a_date_of_arrival_is_told_with_a_dash(whole):
    undated = line("b1", 2011, "don", 9, source="sua.xlsx#B1!don") | {"received": pd.NaT}
    message = checks.check(add(whole, undated), [rules.late_changes])["message"].item()
    # One without a date counts as the earlier: it never displaces a figure whose day is known.
    assert "báo cáo nhận ngày 15-1-2012 đổi 9 thành 2 (bản trước nhận ngày –)" in message


# --- impossible


@pytest.mark.parametrize(
    ("area", "year", "indicator", "scope", "value", "expected"),
    [
        ("a1", 2010, "don_xong", "own", 9.0, ("error", "a1", 2010, "don_xong", 4, 9)),
        ("b1", 2010, "to", "own", -1.0, ("error", "b1", 2010, "to", None, -1)),
        ("b1", 2010, "to", "own", 1.5, ("error", "b1", 2010, "to", None, 1.5)),
        ("A", 2010, "to", "own", 5.0, ("error", "A", 2010, "to", None, 5)),
        ("a1", 2010, "to", "consolidated", 3.0, ("error", "a1", 2010, "to", None, 3)),
        ("A", 2010, "don_xong", "consolidated", 31.0, ("error", "A", 2010, "don_xong", 30, 31)),
        ("a1", 2010, "y_kien", "own", 4.0, ("warning", "a1", 2010, "y_kien", None, 4)),
    ],
    ids=["part above whole", "negative", "fraction", "not kept", "nobody below", "consolidated part", "too early"],
)
def test_an_impossible_figure_is_one_row(whole, area, year, indicator, scope, value, expected):
    rest = drop(whole, area, year, indicator, scope)
    assert found(add(rest, line(area, year, indicator, value, scope)), rules.impossible) == [expected]


def test_a_zero_where_nothing_is_kept_is_no_problem(whole):
    assert found(add(whole, line("A", 2010, "to", 0), line("a1", 2010, "y_kien", 0)), rules.impossible) == []


def test_a_figure_both_not_kept_and_too_early_is_one_row(whole):
    assert found(add(whole, line("C", 2010, "y_kien", 4)), rules.impossible) == [
        ("error", "C", 2010, "y_kien", None, 4)
    ]


def test_a_part_as_large_as_its_whole_is_possible(whole):
    assert found(put(whole, "a1", 2010, "don_xong", value=4.0), rules.impossible) == []


def test_a_status_that_contradicts_its_value_is_one_row(whole):
    lost = put(whole, "a1", 2010, "to", value=np.nan)
    assert found(lost, rules.impossible) == [("error", "a1", 2010, "to", None, None)]
    kept = put(whole, "a1", 2010, "to", status="missing")
    assert found(kept, rules.impossible) == [("error", "a1", 2010, "to", None, 3)]
    assert (
        "tình trạng “Chưa báo cáo” không đi với giá trị 3" in checks.check(kept, [rules.impossible])["message"].item()
    )


def test_a_record_with_more_resolved_than_raised_is_one_row_that_names_it(whole):
    log = whole.records.copy()
    last = log.index[-1]  # the dialogue of b2 in 2012: 8 raised
    log.loc[last, "resolved"] = 9
    broken = dataclasses.replace(whole, records=log)
    assert found(broken, rules.impossible) == [("error", "b2", 2012, "doi_thoai", 8, 9)]
    assert checks.check(broken, [rules.impossible])["source"].item() == f"records#{log.loc[last, 'record']}"


# --- areas in time


def test_a_report_under_an_old_name_is_one_row_that_names_the_successor(whole):
    seen = whole.observations.copy()
    seen.loc[at(whole, "b2", 2012), "area"] = "b2x"
    broken = dataclasses.replace(whole, observations=seen)
    assert found(broken, rules.area_validity) == [("error", "b2x", 2012, "", 0, 4)]
    assert "đơn vị tương ứng khi đó: Xã Hai (Huyện B);" in checks.check(broken, [rules.area_validity])["message"].item()
    assert found(broken, checks.completeness) == [("warning", "b2", 2012, "", 6, 0)]


def test_a_report_before_an_areas_first_day_names_what_it_came_out_of(whole):
    broken = add(whole, line("b2", 2010, "don", 5))
    assert found(broken, rules.area_validity) == [("error", "b2", 2010, "", 0, 1)]
    assert "Xã Hai Cũ (Huyện B)" in checks.check(broken, [rules.area_validity])["message"].item()


def test_records_of_an_area_that_does_not_stand_are_one_row(whole):
    log = whole.records.assign(area=whole.records["area"].where(whole.records["year"] != 2012, "b2x"))
    n = int((log["year"] == 2012).sum())
    broken = dataclasses.replace(whole, records=log)
    assert found(broken, rules.area_validity) == [("error", "b2x", 2012, "", 0, n)]
    assert f"có {n} hồ sơ" in checks.check(broken, [rules.area_validity])["message"].item()


def test_a_successor_is_followed_through_every_change(whole):
    table = tiny_areas().table
    third = table[table["area"] == "b2"].assign(area="b3", name="Xã Ba", valid_from=pd.Timestamp("2014-01-01"))
    table.loc[table["area"] == "b2", "valid_to"] = pd.Timestamp("2013-12-31")
    changes = tiny_areas().changes
    more = changes.assign(change="y", date=pd.Timestamp("2014-01-01"), from_area="b2", to_area="b3")
    areas = Areas(pd.concat([table, third]), pd.concat([changes, more]))
    review = dataclasses.replace(whole, areas=areas)
    assert rules.standing(review, "b2x", 2012) == ["b2"]
    assert rules.standing(review, "b2x", 2015) == ["b3"]
    assert rules.standing(review, "b3", 2010) == ["b2x"]


def test_an_area_made_from_parts_of_two_names_both(shipped):
    assert set(rules.standing(shipped, "00620", 2012)) == {"00592a", "00619a"}


# --- jumps


def series(review, values, closing=(2014, 12, 31)):
    """Return the review to 2014 with A's petitions."""
    years = tuple(range(2010, closing[0] + 1))
    review = dataclasses.replace(review, years=years, closing=dt.date(*closing))
    for year in (2010, 2011, 2012):
        review = drop(review, "A", year, "don", "own")
    return add(review, *(line("A", y, "don", v) for y, v in zip(years, values, strict=False)))


def test_a_figure_ten_times_the_offices_median_is_one_row(whole):
    jump = series(whole, [40, 400, 44, 42, 38])
    assert found(jump, rules.jumps) == [("warning", "A", 2011, "don", 41, 400)]


def test_a_figure_of_a_fifth_is_a_jump_and_of_a_quarter_is_not(whole):
    assert found(series(whole, [40, 40, 8, 40]), rules.jumps) == [("warning", "A", 2012, "don", 40, 8)]
    assert found(series(whole, [40, 40, 10, 40]), rules.jumps) == []


def test_small_medians_short_series_and_what_the_log_backs_do_not_jump(whole):
    assert found(series(whole, [19, 19, 190, 19]), rules.jumps) == []
    assert found(series(whole, [40, 400, 40]), rules.jumps) == []
    log = [line("A", y, "giam_sat", v) for y, v in zip((2010, 2011, 2012, 2013), (40, 40, 40, 400), strict=True)]
    assert found(add(drop(series(whole, [40]), "A", 2010, "giam_sat"), *log), rules.jumps) == []


def test_a_partial_last_year_is_compared_with_its_part_of_the_median(whole):
    half = (2014, 6, 30)  # 181 of 365 days
    assert found(series(whole, [100, 100, 100, 100, 12], half), rules.jumps) == []
    assert found(series(whole, [100, 100, 100, 100, 9], half), rules.jumps) == [("warning", "A", 2014, "don", 49.6, 9)]
    assert found(series(whole, [100, 100, 100, 100, 248], half), rules.jumps) == [
        ("warning", "A", 2014, "don", 49.6, 248)
    ]


def test_a_review_of_one_year_has_no_jumps(whole):
    one = dataclasses.replace(
        whole, years=(2010,), closing=dt.date(2010, 12, 31), observations=whole.observations.query("year == 2010")
    )
    assert found(one, rules.jumps) == []


# --- statements


def said(review, indicator, value, qualifier="exact", years=(2010, 2010), levels="city district commune"):
    first = review.statements.iloc[[0]].assign(
        indicator=indicator, value=value, qualifier=qualifier, year_from=years[0], year_to=years[1], levels=levels
    )
    return dataclasses.replace(review, statements=first)


def test_an_exact_statement_differs_by_one_record(whole):
    broken = dataclasses.replace(whole, records=whole.records.iloc[1:])
    assert found(broken, checks.statements) == [("error", "C", None, "giam_sat", 13, 12)]
    assert checks.check(broken, [checks.statements])["message"].item() == (
        "Thành phố C, 2010–2010, Chỉ tiêu giam_sat: đã công bố “13 cuộc giám sát”, số liệu của kỳ tổng kết cho 12; đề "
        "nghị đối chiếu với nơi công bố."
    )


@pytest.mark.parametrize(("value", "rows"), [(14, 0), (13, 1), (15, 1), (12, 1)])
def test_nearly_means_from_below_within_a_tenth(whole, value, rows):
    assert len(found(said(whole, "giam_sat", value, "nearly"), checks.statements)) == rows


def test_nearly_holds_to_the_last_of_the_tenth(tiny):
    # petitions of 2012 over all levels: 10 + 20 + 4 + 6 + 8 + 2 + 7 = 57; 90 % of 63 is 56.7, of 64 57.6
    assert found(said(tiny, "don", 63, "nearly", (2012, 2012)), checks.statements) == []
    assert found(said(tiny, "don", 64, "nearly", (2012, 2012)), checks.statements) == [
        ("warning", "C", None, "don", 64, 57)
    ]


def test_a_statement_above_an_incomplete_sum_is_undecided_and_below_it_is_wrong(tiny):
    # 2011 without a2: 10 + 20 + 4 + 8 + 2 + 5 = 49
    assert found(said(tiny, "don", 60, years=(2011, 2011)), checks.statements) == [("info", "C", None, "don", 60, 49)]
    assert found(said(tiny, "don", 40, years=(2011, 2011)), checks.statements) == [("error", "C", None, "don", 40, 49)]


def test_a_statement_counts_its_levels_only(tiny):
    assert found(said(tiny, "don", 28, years=(2010, 2010), levels="district"), checks.statements) == []


def test_a_published_stock_is_that_of_the_last_year_and_a_share_is_not_compared(tiny):
    assert found(said(tiny, "to", 13, years=(2010, 2012)), checks.statements) == []  # 3 + 4 + 1 + 5
    assert found(said(tiny, "ty_le", 1), checks.statements) == []


# --- all together


def test_errors_come_first_then_the_largest_difference(whole):
    broken = put(whole, "a1", 2010, "giam_sat", value=40.0)  # error, 36 apart
    broken = put(broken, "C", 2011, "don", "consolidated", value=60.0)  # error, 5 apart
    broken = drop(broken, "b1", 2010)  # warning; info at B
    rows = checks.check(broken)
    assert rows[["severity", "rule", "area"]].to_numpy().tolist() == [
        ["error", "records_against_reports", "a1"],
        ["error", "vertical", "C"],
        ["warning", "completeness", "b1"],
        ["info", "vertical", "B"],
    ]


def test_messages_come_in_both_languages_and_a_source_names_the_cells(whole):
    broken = put(whole, "C", 2011, "don", "consolidated", value=1060.0)
    vi, en = (checks.check(broken, [checks.vertical], lang=lang).iloc[0] for lang in ("vi", "en"))
    assert vi["message"] == (
        "Thành phố C, năm 2011, Chỉ tiêu don: số tổng hợp là 1.060, nhưng số của đơn vị cộng với các đơn vị cấp dưới "
        "là 55; đề nghị rà soát cả hai phía."
    )
    assert en["message"] == (
        "Thành phố C, 2011, Indicator don: the consolidated figure is 1,060, but own and below add up to 55; ask both "
        "sides to check."
    )
    assert vi["source"] == "C/2011.xlsx#B1!c.don; C/2011.xlsx#B1!don"


def test_a_rule_of_ones_own_can_be_checked_alone_and_no_rule_gives_no_row(whole):
    def lonely(review):
        row = problems.problem(review, "info", ("A", 2010, "don"), (1.0, 2.0), "records")
        return problems.table("lonely", [row])

    assert checks.check(whole, [lonely])["rule"].tolist() == ["lonely"]
    assert checks.check(whole, []).columns.tolist() == COLUMNS


def test_every_sentence_stands_in_both_languages_and_names_the_same_things():
    for name, (vi, en) in problems.texts().items():
        assert set(re.findall(r"{(\w+)}", vi)) == set(re.findall(r"{(\w+)}", en)), name
        assert vi != en
        assert vi.startswith("{office}")


# --- the shipped and the simulated review


@pytest.fixture(scope="module")
def benchmark():
    spec = importlib.util.spec_from_file_location("benchmark_checks", BENCHMARK)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def shipped_rows(shipped):
    return checks.check(shipped)


def test_the_rules_find_every_planted_fault_and_nothing_else(shipped, shipped_rows, benchmark):
    planted = tables.read(DATA / "simulated" / "planted.csv", "planted")
    explains, names = benchmark.pairs(shipped, planted, shipped_rows)
    assert planted["rule"].nunique() == 8
    assert planted[~names.any(axis=1)].empty, "faults that no row names at their own office"
    assert shipped_rows[~explains.any(axis=0)].empty, "rows that no fault explains"


def test_the_measure_of_recall_does_not_count_rows_elsewhere(shipped, shipped_rows, benchmark):
    planted = tables.read(DATA / "simulated" / "planted.csv", "planted")
    explains, names = benchmark.pairs(shipped, planted.assign(year=planted["year"] - 100), shipped_rows)
    assert not explains.any()
    assert not names.any()
    assert not names[:, (shipped_rows["severity"] == "info").to_numpy()].any()


def test_a_review_simulated_without_faults_has_no_problem(shipped, benchmark):
    clean, planted = benchmark.simulated(shipped, 11, faults=False)
    assert planted.empty
    assert checks.check(clean).empty


def test_every_message_names_office_year_and_figure_and_leaves_no_hole(shipped, shipped_rows):
    for row in shipped_rows.itertuples():
        assert shipped.areas.name(row.area) in row.message
        assert str(row.year) in row.message
        assert not row.indicator or shipped.indicators.loc[row.indicator, "label_vi"] in row.message
        assert not re.search(r"[{}]|nan|None", row.message)
    # Only a report that was never filed has no cell to point at.
    assert set(shipped_rows.loc[shipped_rows["source"] == "", "rule"]) == {"completeness"}

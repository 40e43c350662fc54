"""One figure through three levels: the parts add up, causes are named by their rules, and nothing is guessed."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from conftest import filed_above, tiny_review
from hypothesis import given, settings
from hypothesis import strategies as st

from danvan_kit import reconcile
from danvan_kit.disclosure import protect
from danvan_kit.indicators import IndicatorError
from danvan_kit.reconcile import causes as rules
from danvan_kit.reconcile import published
from danvan_kit.reconcile.told import NAMES, SENTENCES, SHORT, name

SOUND = {2010: (("C", 53), ("A", 30), ("B", 13)), 2012: (("C", 57), ("A", 30), ("B", 17))}
"""Consolidated petitions of the tiny world as they add up: C 10, A 20 + 4 + 6, B 8 + 0 + 5 (2012: 8 + 2 + 7)."""


def with_own(review, *rows, indicator="don", **more):
    """Replace or add own figures ``(area, year, value)``."""
    frame = pd.DataFrame(rows, columns=["area", "year", "value"]).assign(
        indicator=indicator, scope="own", status="reported", unit="cuộc", origin="reported", source="y.xlsx#B1!B2",
        received=pd.Timestamp(2010, 1, 1),
    ).assign(**more)  # fmt: skip
    seen = review.observations
    keys = set(zip(frame["area"], frame["year"], strict=True))
    listed = pd.Series([k in keys for k in zip(seen["area"], seen["year"], strict=True)], index=seen.index)
    gone = (seen["indicator"] == indicator) & listed
    kept = seen if more else seen[~gone]
    return replace(review, observations=pd.concat([kept, frame], ignore_index=True))


def parts(review, year=2010, indicator="don", area=""):
    """Return the parts of one year as ``{(step, place): (amount, kinds)}``."""
    found = reconcile.chain(review, indicator, area, year).parts
    return {
        (step, place): (amount, kinds)
        for step, place, amount, kinds in zip(*(found[c] for c in ("step", "place", "amount", "kinds")), strict=True)
    }


# --- steps -----------------------------------------------------------------------------------------------------------


def test_a_sound_year_has_equal_steps_and_no_parts(tiny):
    found = reconcile.chain(filed_above(2010, tiny, *SOUND[2010]), "don", years=2010)
    assert found.steps["step"].tolist() == ["reported", "below", "offices"]
    assert found.steps["value"].tolist() == [53, 53, 53]
    assert found.steps["gap"].tolist() == [0, 0, 0]
    assert not len(found.parts)


def test_the_log_stands_at_the_bottom_of_what_is_counted(tiny):
    found = reconcile.chain(tiny, "giam_sat", years=2010)
    assert found.figures == {"published": 13, "offices": 13, "records": 13}
    assert found.statements["fits"].tolist() == [True]


def test_a_district_has_no_step_of_consolidated_figures_below(tiny):
    found = reconcile.chain(filed_above(2010, tiny, *SOUND[2010]), "don", "A", 2010)
    assert found.figures == {"reported": 30, "offices": 30}


def test_a_period_adds_up_its_years_and_says_which_report_of_the_city_lacks(tiny):
    found = reconcile.chain(filed_above(2010, tiny, *SOUND[2010]), "don", years=(2010, 2012))
    assert found.figures["reported"] == 53
    assert found.missing["reported"] == 2
    top = found.parts[(found.parts["step"] == "reported") & (found.parts["year"] == 2012)]
    assert top["amount"].tolist() == [-57]
    assert top["kinds"].tolist() == [("not_reported",)]
    assert found.years == (2010, 2012)


def test_when_nobody_above_filed_the_value_is_missing_and_not_zero(tiny):
    found = reconcile.chain(filed_above(2010, tiny, ("A", 30)), "don", years=2010)
    assert np.isnan(found.figures["reported"])
    assert found.gaps["reported"] == -53


def test_years_before_the_first_one_are_left_out(tiny):
    assert reconcile.chain(tiny, "doi_thoai").years == (2011, 2012)


def test_of_a_stock_only_the_last_year_is_compared(tiny):
    found = reconcile.chain(tiny, "to", years=(2010, 2012))
    assert found.years == (2012, 2012)
    assert found.figures["offices"] == 3 + 4 + 1 + 5


@pytest.mark.parametrize(
    ("indicator", "area", "years", "text"),
    [
        ("ty_le", "", None, "là tỷ lệ"),
        ("rieng", "", None, "không cộng giữa các cấp"),
        ("don", "a1", 2010, "không có đơn vị cấp dưới"),
        ("don", "", 1999, "ngoài kỳ tổng kết"),
        ("doi_thoai", "", 2010, "bắt đầu từ 2011"),
        ("don", "", (2012, 2010), "không có số liệu 2012–2010"),
    ],
)
def test_what_cannot_be_followed_is_refused_with_the_reason(tiny, indicator, area, years, text):
    with pytest.raises(IndicatorError, match=text) as told:
        reconcile.chain(tiny, indicator, area, years)
    assert told.value.en != told.value.vi


def test_the_published_dialogues_of_three_levels_are_no_one_series(shipped):
    with pytest.raises(IndicatorError, match="not|không cộng giữa các cấp"):
        reconcile.chain(shipped, "tiep_xuc_doi_thoai")
    found = reconcile.chain(shipped, "doi_thoai_dinh_ky")
    assert "published" not in found.figures
    assert found.statements["value"].tolist() == [144, 2048]
    assert found.statements["fits"].all()


def test_counts_of_persons_are_not_taken_apart_where_small_ones_are_hidden(tiny):
    persons = tiny.indicators.assign(persons=["no"] * 3 + ["yes"] * 3 + ["no"] * 2)
    hidden = protect(replace(tiny, indicators=persons))
    with pytest.raises(IndicatorError, match="đếm người"):
        reconcile.chain(hidden, "don", years=2010)
    assert reconcile.chain(hidden, "giam_sat", years=2010).figures["records"] == 13


# --- causes ----------------------------------------------------------------------------------------------------------


def test_a_wrong_sum_of_a_district_is_known_by_the_city_that_used_another(tiny):
    found = parts(filed_above(2010, tiny, ("C", 53), ("A", 37), ("B", 13)))
    assert found["reported", "A"] == (-7, ("own_sum_used",))
    assert found["below", "A"] == (7, ("wrong_sum",))


def test_a_wrong_sum_of_the_city_is_its_own(tiny):
    assert parts(filed_above(2010, tiny, ("C", 60), ("A", 30), ("B", 13)))["reported", "C"] == (7, ("wrong_sum",))


def test_two_districts_that_the_city_corrected_share_its_difference(tiny):
    found = parts(filed_above(2010, tiny, ("C", 53), ("A", 37), ("B", 15)))
    assert found["reported", "A"] == (-7, ("own_sum_used",))
    assert found["reported", "B"] == (-2, ("own_sum_used",))


def test_a_commune_that_did_not_report_explains_what_the_district_has_more(tiny):
    found = parts(filed_above(2011, tiny, ("C", 52), ("A", 27), ("B", 15)), 2011)
    assert found == {("below", "a2"): (3, ("not_reported",))}


def test_what_is_missing_explains_no_figure_that_is_too_small(tiny):
    found = parts(filed_above(2011, tiny, ("C", 47), ("A", 22), ("B", 15)), 2011)
    assert found["below", "A"] == (-2, ("wrong_sum",))


def test_a_district_that_filed_nothing_changes_no_sum_and_is_named(tiny):
    found = parts(filed_above(2010, tiny, ("C", 53), ("A", 30)))
    assert found == {("below", "B"): (0, ("not_reported",))}
    assert reconcile.chain(filed_above(2010, tiny, ("C", 53), ("A", 30)), "don", years=2010).missing["below"] == 1


def test_a_figure_changed_after_it_was_added_up_is_named_with_both(tiny):
    late = with_own(filed_above(2010, tiny, *SOUND[2010]), ("a1", 2010, 9), received=pd.Timestamp(2011, 6, 1))
    found = reconcile.chain(late, "don", years=2010)
    assert found.parts["place"].tolist() == ["a1"]
    assert found.parts["kinds"].tolist()[0][0] == "superseded"
    assert "sửa 4 thành 9" in found.parts["explanations"].iloc[0]
    assert "changed 4 to 9" in reconcile.chain(late, "don", years=2010, lang="en").parts["explanations"].iloc[0]


def test_a_total_changed_later_is_told_too(tiny):
    seen = filed_above(2010, tiny, *SOUND[2010])
    changed = with_own(seen, ("A", 2010, 34), scope="consolidated", received=pd.Timestamp(2011, 6, 1))
    assert "superseded" in parts(changed)["below", "A"][1]


def test_a_later_change_and_a_missing_report_are_told_apart(tiny):
    late = with_own(filed_above(2011, tiny, ("C", 52), ("A", 27), ("B", 15)), ("a1", 2011, 9),
                    received=pd.Timestamp(2012, 6, 1))  # fmt: skip
    assert parts(late, 2011) == {("below", "a1"): (-5, ("superseded",)), ("below", "a2"): (3, ("not_reported",))}


def test_a_report_under_the_old_id_is_found_where_the_sum_lacks_it(tiny):
    seen = filed_above(2012, tiny, *SOUND[2012]).observations
    old = seen["area"].mask((seen["area"] == "b2") & (seen["year"] == 2012) & (seen["indicator"] == "don"), "b2x")
    found = reconcile.chain(filed_above(2012, replace(tiny, observations=seen.assign(area=old))), "don", years=2012)
    assert found.parts["place"].tolist() == ["b2"]
    assert found.parts["amount"].tolist() == [7]
    assert found.parts["kinds"].iloc[0][0] == "area_change"
    assert "Xã Hai Cũ" in found.parts["explanations"].iloc[0]


def test_an_old_id_and_a_missing_report_are_told_apart(tiny):
    seen = filed_above(2012, tiny, ("C", 57), ("A", 30), ("B", 17)).observations
    old = seen["area"].mask((seen["area"] == "b2") & (seen["year"] == 2012) & (seen["indicator"] == "don"), "b2x")
    gone = (seen["area"] == "b1") & (seen["year"] == 2012) & (seen["indicator"] == "don")
    found = parts(replace(tiny, observations=seen.assign(area=old)[~gone]), 2012)
    assert found == {("below", "b2"): (7, ("area_change",)), ("below", "b1"): (2, ("not_reported",))}


def moved(review):
    """Let b2 come over from A instead of from B."""
    areas = review.areas.table.drop(columns="urban")
    areas.loc[areas["area"] == "b2x", "parent"] = "A"
    return replace(review, areas=type(review.areas)(areas, review.areas.changes))


def test_a_commune_that_changed_its_district_is_found_on_both_sides(tiny):
    found = parts(filed_above(2012, moved(tiny), ("C", 57), ("A", 37), ("B", 10)), 2012)
    assert found["below", "b2"] == (-7, ("moved",)) or "moved" in found["below", "b2"][1]
    both = reconcile.chain(filed_above(2012, moved(tiny), ("C", 57), ("A", 37), ("B", 10)), "don", years=2012).parts
    assert sorted(both["amount"]) == [-7, 7]
    assert all("moved" in kinds for kinds in both["kinds"])


def test_exchanged_columns_are_seen_in_both_sums(tiny):
    swapped = with_own(with_own(tiny, ("a2", 2010, 3)), ("a2", 2010, 6), indicator="don_xong")
    seen = filed_above(2010, swapped, *SOUND[2010])
    other = filed_above(2010, tiny, ("C", 28), ("A", 14), ("B", 9)).observations.tail(3).assign(indicator="don_xong")
    both = replace(seen, observations=pd.concat([seen.observations, other], ignore_index=True))
    assert parts(both)["below", "a2"][0] == 3
    assert parts(both)["below", "a2"][1][0] == "swapped_columns"
    assert parts(both, indicator="don_xong")["below", "a2"][1][:2] == ("swapped_columns", "above_whole")


def test_a_part_above_its_whole_is_named(tiny):
    wrong = with_own(tiny, ("a2", 2010, 9), indicator="don_xong")
    above = filed_above(2010, wrong, ("C", 28), ("A", 14), ("B", 9)).observations
    above.loc[above.index[-3:], "indicator"] = "don_xong"
    assert parts(replace(wrong, observations=above), indicator="don_xong")["below", "a2"] == (-6, ("above_whole",))


def counted(review, year, *rows):
    """Add consolidated figures of supervision."""
    seen = filed_above(year, review, *rows).observations
    seen.loc[seen.index[-len(rows) :], "indicator"] = "giam_sat"
    return replace(review, observations=seen)


def test_the_log_says_which_of_two_offices_is_wrong_by_how_much(tiny):
    rows = [("a1", 2010, 40), ("b1", 2010, 2), ("a2", 2010, 1)]
    wrong = with_own(tiny, *rows, indicator="giam_sat")
    found = parts(counted(wrong, 2010, ("C", 13), ("A", 5), ("B", 6)), indicator="giam_sat")
    assert found["below", "a1"] == (-36, ("digit_slip",))
    assert found["below", "a2"] == (-1, ("log_differs",))
    assert found["offices", "a1"] == (36, ("digit_slip",))


def test_the_log_has_what_an_office_did_not_report(tiny):
    seen = tiny.observations
    gone = (seen["indicator"] == "giam_sat") & (seen["area"] == "a1") & (seen["year"] == 2010)
    found = reconcile.chain(counted(replace(tiny, observations=seen[~gone]), 2010, ("C", 13), ("A", 5), ("B", 6)),
                            "giam_sat", years=2010)  # fmt: skip
    told = found.parts.set_index(["step", "place"])
    assert told.loc[("below", "a1"), "amount"] == 4
    assert "chưa báo cáo số liệu này, nhật ký có 4" in told.loc[("below", "a1"), "explanations"]
    assert told.loc[("offices", "a1"), "amount"] == -4


def test_work_of_an_area_that_ended_within_the_year_is_not_owed(tiny):
    ended = tiny.areas.table.drop(columns="urban")
    ended.loc[ended["area"] == "b2x", "valid_to"] = pd.Timestamp("2010-06-01")
    areas = type(tiny.areas)(ended, tiny.areas.changes)
    seen = tiny.observations
    review = replace(tiny, areas=areas, observations=seen[seen["area"] != "b2x"])
    assert parts(review, indicator="giam_sat")["offices", "b2x"] == (-3, ("not_owed",))


def test_a_changed_figure_whose_first_report_agrees_with_the_log_says_so(tiny):
    late = with_own(tiny, ("a1", 2010, 5), indicator="giam_sat", received=pd.Timestamp(2011, 6, 1))
    assert parts(late, indicator="giam_sat")["offices", "a1"] == (1, ("superseded",))


def test_the_figure_of_one_area_is_named_when_the_difference_equals_it(tiny):
    assert parts(filed_above(2010, tiny, ("C", 49), ("A", 26), ("B", 13)))["below", "A"] == (
        -4, ("wrong_sum", "left_out"))  # fmt: skip
    assert parts(filed_above(2010, tiny, ("C", 57), ("A", 34), ("B", 13)))["below", "A"] == (
        4, ("wrong_sum", "duplicate"))  # fmt: skip


def test_a_slip_in_one_commune_is_named_as_a_pattern_only(tiny):
    found = reconcile.chain(filed_above(2010, with_own(tiny, ("a2", 2010, 6000)), *SOUND[2010]), "don", years=2010)
    assert found.parts["place"].tolist() == ["a2"]
    assert found.parts["kinds"].iloc[0] == ("thousand_slip", "wrong_sum")
    assert found.parts["explanations"].iloc[0].startswith("2 cách giải thích cùng khớp: có thể: ")


def test_a_slip_far_from_the_other_years_of_the_office_is_a_fact(tiny):
    tall = replace(tiny, years=(2010, 2011, 2012, 2013))
    review = filed_above(2013, with_own(tall, *((a, 2013, v) for a, v in
                         (("C", 10), ("A", 20), ("a1", 40), ("a2", 6), ("B", 8), ("b1", 2), ("b2", 7)))),
                         ("C", 57), ("A", 30), ("B", 17))  # fmt: skip
    assert parts(review, 2013)["below", "a1"] == (-36, ("digit_slip",))


def test_exchanged_digits_of_a_total_are_named(tiny):
    assert "swapped_digits" in parts(filed_above(2010, tiny, ("C", 35), ("A", 30), ("B", 13)))["reported", "C"][1]


@pytest.mark.parametrize(
    ("written", "right", "kind"),
    [(30, 3, "digit_slip"), (3, 300, "digit_slip"), (4000, 4, "thousand_slip"), (30, 4, ""), (0, 0, ""), (-30, -3, "")],
)
def test_a_slip_is_a_power_of_ten_of_something(written, right, kind):
    assert rules.slip(written, right) == kind


@given(st.integers(10, 10**6), st.integers(10, 10**6))
def test_exchanged_digits_differ_by_a_multiple_of_nine(one, other):
    if rules.digits(one, other):
        assert (one - other) % 9 == 0
        assert one != other


def test_digits_of_a_fraction_are_not_exchanged():
    assert rules.digits(12.5, 21) == ""
    assert rules.digits(1.0, 10.0) == ""


# --- published ------------------------------------------------------------------------------------------------------


def test_nearly_holds_from_nine_tenths_up_to_below():
    assert published.fits(40_000, 36_000, "nearly")
    assert published.fits(40_000, 39_999, "nearly")
    assert not published.fits(40_000, 40_000, "nearly")
    assert not published.fits(40_000, 35_999, "nearly")
    assert published.fits(13, 13, "exact")


def saying(review, value, first, last, qualifier="exact"):
    """Let a statement say another value over another period."""
    said = review.statements.assign(value=value, year_from=first, year_to=last, qualifier=qualifier)
    return replace(review, statements=said)


def test_a_statement_that_begins_in_another_year_is_found(tiny):
    found = reconcile.chain(saying(tiny, 9, 2010, 2012), "giam_sat")
    assert found.gaps["published"] == -13
    assert found.parts["kinds"].tolist()[0] == ("start_year",)
    assert "khớp nếu chỉ tính 2012" in found.parts["explanations"].iloc[0]


def test_a_statement_without_the_partial_year_is_found(tiny):
    half = replace(saying(tiny, 13, 2010, 2012), closing=tiny.closing.replace(month=6, day=30))
    assert reconcile.chain(half, "giam_sat").parts["kinds"].iloc[0][0] in {"partial_year", "start_year"}
    logged = half.records.assign(year=half.records["year"].replace(2010, 2011))
    assert reconcile.chain(replace(half, records=logged), "giam_sat").parts["kinds"].iloc[0] == ("start_year",)


def test_a_rounded_statement_fits_and_says_why(tiny):
    found = reconcile.chain(saying(tiny, 14, 2010, 2010, "nearly"), "giam_sat", years=2010)
    assert found.parts["kinds"].tolist() == [("rounded",)]
    assert found.statements["fits"].tolist() == [True]


def test_a_statement_that_nothing_explains_is_left_unexplained(tiny):
    found = reconcile.chain(saying(tiny, 12, 2010, 2010), "giam_sat", years=2010)
    assert found.parts["kinds"].tolist() == [("unexplained",)]
    assert found.statements["causes"].tolist() == [""]


def test_a_statement_of_another_period_does_not_stand_on_top(tiny):
    assert "published" not in reconcile.chain(tiny, "giam_sat", years=2012).figures
    assert not len(reconcile.chain(tiny, "giam_sat", "A", 2010).statements)


# --- rows ------------------------------------------------------------------------------------------------------------


def test_the_rows_behind_each_step_add_up_to_it(shipped):
    found = reconcile.chain(shipped, "cuoc_giam_sat", years=2015)
    for step in ("reported", "below", "offices"):
        rows = found.rows(step)
        stands = shipped.areas.valid([2015])[shipped.areas.rows(rows["area"]), 0]
        assert rows.loc[rows["counts"] & stands, "value"].sum() == found.figures[step]
        assert rows["source"].str.contains("#").all()
    assert len(found.rows("records")) == found.figures["records"]
    assert found.rows("published")["statement"].tolist() == ["giam_sat"]
    assert set(found.rows("below", "001")["area"]) == {"001"}
    with pytest.raises(IndicatorError, match="step"):
        found.rows("x")


def test_by_child_sums_up_and_puts_the_largest_first(tiny):
    found = reconcile.chain(filed_above(2010, tiny, ("C", 53), ("A", 37), ("B", 15)), "don", years=2010).by_child(
        "below"
    )
    assert found["area"].tolist() == ["A", "B"]
    assert found["amount"].tolist() == [7, 2]
    assert found["share"].tolist() == [7 / 9, 2 / 9]
    assert found["years"].tolist() == ["2010", "2010"]


def test_rates_above_a_hundred_are_listed_with_both_cells(tiny):
    found = reconcile.over_hundred(with_own(tiny, ("a2", 2010, 9), indicator="don_xong"))
    assert found["area"].tolist() == ["a2"]
    assert found["rate"].tolist() == [150]
    assert found["source"].iloc[0].count("#") == 2
    nothing = with_own(with_own(tiny, ("a2", 2010, 0)), ("a2", 2010, 1), indicator="don_xong")
    assert np.isnan(reconcile.over_hundred(nothing, lang="en")["rate"].iloc[0])


# --- whatever is filed ----------------------------------------------------------------------------------------------

FIGURE = st.one_of(st.none(), st.integers(0, 40), st.sampled_from([10, 100, 4000]))
OFFICES = ["C", "A", "a1", "a2", "B", "b1", "b2"]


@settings(max_examples=25)
@given(
    own=st.lists(FIGURE, min_size=7, max_size=7),
    above=st.lists(FIGURE, min_size=3, max_size=3),
    again=st.lists(st.tuples(st.sampled_from(OFFICES), st.integers(0, 40)), max_size=3),
    stray=st.integers(0, 9),
    indicator=st.sampled_from(["don", "giam_sat"]),
)
def test_the_parts_of_every_gap_add_up_to_it_whatever_was_filed(own, above, again, stray, indicator):
    base = tiny_review()
    seen = base.observations[(base.observations["indicator"] != indicator) | (base.observations["year"] != 2012)]
    rows = [(a, v, "own", 1) for a, v in zip(OFFICES, own, strict=True) if v is not None]
    rows += [(a, v, "consolidated", 2) for a, v in zip(["C", "A", "B"], above, strict=True) if v is not None]
    rows += [(a, v, "own", 3) for a, v in again] + ([("b2x", stray, "own", 1)] if stray else [])
    frame = pd.DataFrame(rows, columns=["area", "value", "scope", "month"]).astype({"value": "float64"})
    frame = frame.assign(
        year=2012, indicator=indicator, status="reported", unit="", origin="reported", source="z#1!A1",
        received=[pd.Timestamp(2013, m, 1) for m in frame["month"]],
    ).drop(columns="month")  # fmt: skip
    review = replace(base, observations=pd.concat([seen, frame], ignore_index=True))
    found = reconcile.chain(review, indicator, years=2012)
    for lang in ("vi", "en"):
        told = replace(found, lang=lang).parts
        assert (told["explanations"].str.len() > 0).all()
    for step, gap in found.gaps.items():
        assert found.parts.loc[found.parts["step"] == step, "amount"].sum() == gap
    tops = [0.0 if np.isnan(v) else v for v in found.figures.values()]
    assert tops[0] - tops[-1] == sum(found.gaps.values())


def test_every_cause_has_a_name_and_a_sentence_in_both_languages():
    kinds = {key.partition(":")[0] for key in SENTENCES}
    assert kinds == set(NAMES) == set(SHORT)
    assert all(name(kind, "vi") != name(kind, "en") for kind in NAMES)

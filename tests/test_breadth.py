"""Breadth and focus: figures worked out by hand, and what must hold of any spread."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from danvan_kit import breadth, cube
from danvan_kit.indicators import IndicatorError


def one(values, stands=None, complete=None):
    """Return the spread of one year."""
    column = np.array([values], dtype=float).T
    there = np.ones_like(column, dtype=bool) if stands is None else np.array([stands]).T
    whole = np.ones_like(column, dtype=bool) if complete is None else np.array([complete]).T
    return breadth.spread(column, there, whole)[0]


def test_the_breadth_is_the_share_with_at_least_one():
    found = one([3, 0, 1, 0])
    assert (found.total, found.active, found.inactive, found.unknown) == (4, 2, 2, 0)
    assert found.breadth == 0.5
    assert found.amount == 4


def test_the_top_tenth_is_rounded_up_to_whole_members():
    found = one([6, 2, 1, 1] + [0] * 7)  # a tenth of eleven is two
    assert found.few == 2
    assert found.top == pytest.approx(8 / 10)


def test_what_was_not_reported_is_unknown_and_not_inactive():
    found = one([5, 0, np.nan, np.nan])
    assert found.unknown == 2
    assert found.breadth == 0.5  # of the two that are known
    assert (found.least, found.most) == (0.25, 0.75)
    assert found.few == 1


def test_a_known_part_proves_activity_and_a_known_zero_of_a_part_proves_nothing():
    found = one([5, 0], complete=[False, False])
    assert (found.active, found.inactive, found.unknown) == (1, 0, 1)


def test_members_that_did_not_stand_count_nowhere():
    found = one([5, 7, 0], stands=[True, False, True])
    assert (found.total, found.active, found.amount) == (2, 1, 5)


def test_where_nothing_is_known_nothing_is_said():
    found = one([np.nan, np.nan])
    assert np.isnan([found.breadth, found.amount, found.gini, found.top]).all()
    assert found.corner is None
    nobody = one([1.0], stands=[False])
    assert np.isnan([nobody.least, nobody.most]).all()


def test_where_all_have_none_there_is_breadth_and_no_corner():
    found = one([0, 0])
    assert found.breadth == 0
    assert found.corner is None


@pytest.mark.parametrize(
    ("values", "corner"),
    [
        ([1] * 10, "wide_even"),
        ([4] + [1] * 8 + [0], "wide_focused"),  # 4 of 12 is a third: on the line is focused
        ([1] * 5 + [0] * 5, "wide_even"),  # half is wide
        ([1] * 4 + [0] * 6, "narrow_even"),
        ([9] + [1] * 2 + [0] * 7, "narrow_focused"),
    ],
)
def test_the_corner_follows_from_half_of_the_members_and_a_third_of_the_sum(values, corner):
    assert one(values).corner == corner


def test_the_evenest_division_reaches_as_many_as_there_are_units():
    assert breadth.evenest(20, 100) == (0.2, 0.5)  # ten of the twenty have one each
    assert breadth.evenest(25, 10) == (1.0, 3 / 25)  # two each, five have three
    assert np.isnan(breadth.evenest(0, 10)).all()
    assert np.isnan(breadth.evenest(float("nan"), 10)).all()
    assert np.isnan(breadth.evenest(5, 0)).all()


@given(st.lists(st.integers(0, 30), min_size=1, max_size=60))
def test_no_spread_is_wider_or_more_even_than_the_evenest(values):
    found = one(values)
    widest, least = breadth.evenest(found.amount, found.total)
    if found.amount:
        assert found.breadth <= widest + 1e-12
        assert found.top >= least - 1e-12


@given(st.lists(st.one_of(st.integers(0, 5), st.none()), min_size=1, max_size=40), st.data())
def test_the_members_are_active_inactive_or_unknown_and_the_breadth_lies_between_its_bounds(values, data):
    numbers = [np.nan if v is None else float(v) for v in values]
    complete = data.draw(st.lists(st.booleans(), min_size=len(values), max_size=len(values)))
    found = one(numbers, complete=complete)
    assert found.active + found.inactive + found.unknown == found.total == len(values)
    assert 0 <= found.least <= found.most <= 1
    if found.active + found.inactive:
        assert found.least - 1e-12 <= found.breadth <= found.most + 1e-12


def test_half_way_counts_the_largest_that_make_up_half():
    assert breadth.half_way(np.array([1.0, 5.0, 2.0, 2.0])) == 1
    assert breadth.half_way(np.array([1.0, 1.0, np.nan, 1.0, 1.0])) == 2
    assert breadth.half_way(np.array([np.nan])) == breadth.half_way(np.array([0.0, 0.0])) == 0


def test_offices_are_counted_by_how_often_and_the_unknown_apart():
    found = breadth.how_often(np.array([[0, 1.0], [2, 3], [7, np.nan], [np.nan, 0]]))
    assert found[:, 0].tolist() == [1, 0, 1, 1, 1]
    assert found[:, 1].tolist() == [1, 1, 0, 1, 1]


@given(st.lists(st.one_of(st.integers(0, 9), st.none()), min_size=1, max_size=30), st.integers(1, 5))
def test_the_classes_of_how_often_add_up_to_the_members(values, most):
    column = np.array([[np.nan if v is None else float(v) for v in values]]).T
    found = breadth.how_often(column, most)
    assert found.shape == (most + 2, 1)
    assert found.sum() == len(values)


def test_topics_are_counted_in_each_branch(tiny):
    topics, counts = breadth.by_topic(tiny, "giam_sat")
    assert topics == ["đất đai"]
    city, district = tiny.areas.row("C"), tiny.areas.row("A")
    assert counts[0, [city, district], 0].tolist() == [13, 5]


def test_the_topics_of_an_activity_add_up_to_its_total(shipped):
    _, counts = breadth.by_topic(shipped, "hoi_nghi_phan_bien")
    found = cube.of(shipped)
    total = found.total[found.index("hoi_nghi_phan_bien")]
    known = ~np.isnan(total)
    assert counts.sum(axis=0)[known].tolist() == total[known].tolist()
    assert counts[:, 0].sum() == 6_889


@pytest.mark.parametrize("indicator", ["don", "y_kien", "ty_le"])
def test_what_names_no_topic_is_refused_with_what_does(tiny, indicator):
    with pytest.raises(IndicatorError, match="giam_sat, doi_thoai"):
        breadth.by_topic(tiny, indicator)

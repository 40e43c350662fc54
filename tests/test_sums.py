"""The arithmetic of column numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from danvan_kit.forms import sums


@pytest.mark.parametrize(
    ("text", "number", "terms"),
    [
        ("1", 1, ()),
        ("(12)", 12, ()),
        ("1=2+3", 1, (("+", 2), ("+", 3))),
        ("1=2+3+…+7", 1, tuple(("+", n) for n in range(2, 8))),
        ("1 = 2 + ... + 4", 1, (("+", 2), ("+", 3), ("+", 4))),
        ("(5)=(3)-(4)", 5, (("+", 3), ("-", 4))),
        ("7=6:5x100", 7, (("+", 6), ("/", 5), ("x", 100))),
        ("9=8/7*100", 9, (("+", 8), ("/", 7), ("x", 100))),
    ],
)
def test_the_arithmetic_of_a_column_is_read(text, number, terms):
    found = sums.code(text)
    assert (found.number, found.terms) == (number, terms)


@pytest.mark.parametrize(
    "text", ["", "A", "1=", "1=2+", "=2", "1==2", "1=2++3", "1=2+…", "1=…+3", "1=5+…+3", "Tổng", "1,5", "1=a"]
)
def test_what_is_no_arithmetic_is_not_read_as_one(text):
    assert sums.code(text) is None


def test_letters_name_the_columns_without_figures():
    assert sums.is_letter("A")
    assert sums.is_letter("(B)")
    assert not sums.is_letter("AB")
    assert not sums.is_letter("1")


def test_multiplication_goes_before_addition_and_a_hundred_is_a_number_where_no_column_has_it():
    assert sums.value(sums.code("1=2+3x100").terms, {2: 5, 3: 2}) == 205
    assert sums.value(sums.code("1=2:3x100").terms, {2: 1, 3: 4}) == 25
    assert sums.value(sums.code("1=2-3-4").terms, {2: 10, 3: 2, 4: 3}) == 5


def test_nothing_is_worked_out_of_columns_that_are_not_there_or_by_nothing():
    assert sums.value(sums.code("1=2+3").terms, {2: 5}) is None
    assert sums.value(sums.code("1=2/3").terms, {2: 5, 3: 0}) is None


def test_a_division_need_not_hold_to_the_last_unit():
    assert sums.exact(sums.code("1=2+3").terms)
    assert not sums.exact(sums.code("1=2/3").terms)


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=12))
def test_a_stated_sum_of_any_columns_is_their_sum(values):
    columns = dict(enumerate(values, start=2))
    text = "1=" + "+".join(map(str, columns))
    assert sums.value(sums.code(text).terms, columns) == sum(values)


@given(st.text("0123456789=+-…x:/.( )AB", max_size=30))
def test_no_text_raises(text):
    found = sums.code(text)
    if found:
        sums.value(found.terms, dict.fromkeys(range(20), 1.0))

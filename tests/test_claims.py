"""A figure in a text is bound by a link to what it states, and looked up."""

from __future__ import annotations

import pytest
from explorer_world import world
from hypothesis import given
from hypothesis import strategies as st

from danvan_kit import words
from danvan_kit.claims import ClaimError, bound
from danvan_kit.errors import DanvanError

# the two communes that still stand hold 3 and 5 supervisions in each of three years
HOLDS = [
    "[24](#indicator=giam_sat) cuộc giám sát",
    "[24 cuộc](#indicator=giam_sat&area=001)",
    "[8](#indicator=giam_sat&area=001&year=2019)",
    "[16](#indicator=giam_sat&area=001&years=2018-2019)",
    "[0](#indicator=giam_sat&area=001&year=2019&scope=own)",
    "cả năm [8,0](#indicator=giam_sat&area=001&year=2019)",
]


@pytest.mark.parametrize("text", HOLDS)
def test_a_figure_that_is_in_the_review_holds(text):
    review = world()
    [claim] = bound(text)
    assert claim.holds(review), claim.found(review)


@pytest.mark.parametrize("text", ["[3.645](#indicator=giam_sat)", "[9](#indicator=giam_sat&area=001&year=2019)"])
def test_a_figure_that_is_not_does_not(text):
    [claim] = bound(text)
    assert not claim.holds(world())


def test_links_without_a_figure_or_an_indicator_are_only_links():
    assert bound("[xem Quận Ba Đình](#indicator=giam_sat) và [2019](#nam-2019), [3](x.ipynb)") == []


def test_a_claim_says_what_it_counts():
    [claim] = bound("[16](#indicator=giam_sat&area=001&years=2018-2019)")
    assert claim.about(world()) == ("Quận Đống Đa", "2018–2019", "cuộc giám sát")
    assert claim.about(world(), "en") == ("Quận Đống Đa", "2018–2019", "supervisions")
    assert bound("[1](#indicator=giam_sat)")[0].about(world()) == ("Thành phố Hà Nội", "cuộc giám sát")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[2 và 3](#indicator=giam_sat)", "[2 và 3](#indicator=giam_sat): exactly one number"),
        ("[3](#indicator=giam_sat&nam=2019)", "'nam' is not allowed; allowed: indicator, area"),
        ("[3](#indicator=giam_sat&year=19)", "[3]: year '19'; allowed: forms such as 2014"),
        ("[3](#indicator=sai)", "[3]: there is no indicator 'sai'"),
        ("[3](#indicator=giam_sat&area=sai)", "area 'sai' is unknown"),
        ("[3](#indicator=giam_sat&year=1999)", "year 1999 is outside the review"),
        ("[2,500](#indicator=giam_sat)", "'2,500' has two readings"),
    ],
)
def test_what_cannot_be_looked_up_says_why(text, said):
    with pytest.raises(DanvanError) as caught:
        bound(text)[0].found(world())
    assert said in caught.value.en


def test_a_claim_error_is_one_of_the_kits():
    assert issubclass(ClaimError, DanvanError)


@given(st.integers(0, 10**9))
def test_any_count_is_read_as_it_is_written(value):
    [claim] = bound(f"có [{words.number(value)}](#indicator=giam_sat) cuộc")
    assert words.parse_number(claim.said) == value

"""One table says what a word beside a figure allows, and all parts of the kit keep to it."""

from __future__ import annotations

import dataclasses

import pytest
from conftest import tiny_review
from hypothesis import given
from hypothesis import strategies as st

from danvan_kit import checks, qualifiers
from danvan_kit.claims.allowed import fits
from danvan_kit.claims.reading import Figure
from danvan_kit.reconcile import published
from danvan_kit.views import _headline


@pytest.mark.parametrize(
    ("name", "inside", "outside"),
    [
        ("exact", [100], [99, 101]),
        ("nearly", [90, 99], [89, 100, 101]),
        ("over", [101, 110], [100, 111]),
        ("about", [95, 105], [94, 106]),
        ("at_least", [100, 10**6], [99]),
        ("at_most", [0, 100], [101]),
        ("below", [0, 99], [100]),
    ],
)
def test_a_qualifier_allows_what_its_row_says(name, inside, outside):
    assert all(qualifiers.fits(name, 100, found) for found in inside)
    assert not any(qualifiers.fits(name, 100, found) for found in outside)


def test_each_qualifier_says_why_in_both_languages():
    assert all(all(rule.why) for rule in qualifiers.qualifiers().values())


@given(st.integers(1, 10**6).map(lambda n: 10 * n), st.sampled_from(["nearly", "over"]))
def test_the_last_figure_of_the_tenth_is_within(said, name):
    last = said * 9 // 10 if name == "nearly" else said * 11 // 10
    assert qualifiers.fits(name, said, last)
    assert not qualifiers.fits(name, said, last + (-1 if name == "nearly" else 1))


@given(st.integers(45, 60))
def test_checks_reconciliation_claims_and_views_agree_on_nearly(said):
    review = tiny_review()
    statement = review.statements.iloc[[0]].assign(
        indicator="don", value=said, qualifier="nearly", year_from=2010, year_to=2010, levels="city district commune"
    )
    # petitions of 2010 over all levels: 10 + 20 + 4 + 6 + 8 + 0 + 5 = 53
    answers = {
        checks.statements(dataclasses.replace(review, statements=statement)).empty,
        published.fits(said, 53, "nearly"),
        fits(Figure(float(said), qualifier="nearly"), 53),
        _headline.verdict("nearly", said, 53, 0) == "agrees",
    }
    assert answers == {54 <= said <= 58}

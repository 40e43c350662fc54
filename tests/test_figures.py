"""All figures of a review in few bytes, and back."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from conftest import tiny_review
from explorer_world import world
from hypothesis import given, settings
from hypothesis import strategies as st

from danvan_kit import cube
from danvan_kit.explorer import figures


@pytest.mark.parametrize("make", [world, tiny_review], ids=["small world", "tiny world"])
def test_every_total_comes_back_and_ratios_stay_out(make):
    review = make()
    kept, found = figures.read(figures.keep(review, "vi")), cube.of(review)
    ratios = review.indicators.index[review.indicators["aggregation"] == "ratio"]
    assert list(kept.indicators) == [name for name in review.indicators.index if name not in ratios]
    assert list(kept.areas) == review.areas.ids
    assert kept.years == tuple(review.years)
    for n, name in enumerate(kept.indicators):
        np.testing.assert_array_equal(kept.values[n], found.total[found.index(name)])


@settings(max_examples=30)
@given(st.lists(st.sampled_from([float("nan"), 0.0, 3.0, -2.5, 0.125, 27739.0, 1e9]), min_size=3, max_size=3))
def test_gaps_decimals_and_large_figures_come_back(values):
    review = tiny_review()
    found = cube.of(review)
    total = found.total.copy()
    total[0, 0, : len(values)] = values
    changed = dataclasses.replace(found, total=total)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(figures.cube, "of", lambda _: changed)
        kept = figures.read(figures.keep.__wrapped__(review, "vi"))
    np.testing.assert_array_equal(kept.values[0, 0, : len(values)], values)


def test_the_same_figures_give_the_same_text_and_others_another():
    assert figures.keep.__wrapped__(world(), "vi") == figures.keep.__wrapped__(world(), "vi")
    other = dataclasses.replace(world(), records=world().records.iloc[1:])
    assert figures.keep(other, "vi") != figures.keep(world(), "vi")


@pytest.mark.parametrize("text", ["", "x", "{Wp48", "AAAA"])
def test_what_is_no_such_text_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011 - lzma's, base85's or ours, all of this kind
        figures.read(text)


def test_the_shipped_figures_stay_below_100_kilobytes(shipped):
    assert len(figures.keep(shipped, "vi")) < 100_000

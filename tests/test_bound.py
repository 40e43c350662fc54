"""Figures in a notebook's text are looked up in the review that lies beside it."""

from __future__ import annotations

from pathlib import Path

import pytest
from regression import book

from danvan_kit.regression.bound import unproved

ROOT = Path(__file__).parents[1]
NOTEBOOKS = ROOT / "notebooks"


def _said(*texts, folder=NOTEBOOKS):
    return [(line.kind, line.said[1]) for line in unproved(book(*(f"md:{text}" for text in texts)), "b", folder)]


def test_the_published_figures_hold_in_the_shipped_review():
    assert _said("[27.739](#indicator=cuoc_giam_sat) và [6.889](#indicator=hoi_nghi_phan_bien)") == []


def test_one_that_does_not_hold_is_told_with_what_was_found():
    [(kind, said)] = _said("có [27.740](#indicator=cuoc_giam_sat)")
    assert (kind, said) == ("differs", "Thành phố Hà Nội, supervision rounds: 27,740 → 27,739 (−0.004 %)")


def test_each_of_several_texts_is_looked_up():
    assert len(_said("[1](#indicator=cuoc_giam_sat)", "x", "[2](#indicator=cuoc_giam_sat)")) == 2


@pytest.mark.parametrize("text", ["[27.739](#indicator=sai)", "[1 và 2](#indicator=cuoc_giam_sat)"])
def test_one_that_cannot_be_looked_up_could_not_run(text):
    [(kind, _)] = _said(text)
    assert kind == "failed"


def test_a_notebook_without_a_review_says_so_only_when_it_needs_one(tmp_path):
    assert _said("không có số", folder=tmp_path) == []
    [(kind, said)] = _said("[3](#indicator=cuoc_giam_sat)", folder=tmp_path)
    assert kind == "failed"
    assert said.startswith("no review.toml near")

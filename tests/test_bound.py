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


PROSE = [
    ("Giai đoạn 2010–2020, toàn thành phố tổ chức 27.739 cuộc giám sát.", []),
    ("Năm 2018, quận Ba Đình tổ chức 35 cuộc mít tinh.", []),
    ("Giai đoạn 2010–2020, toàn thành phố tổ chức 27.740 cuộc giám sát.", ["differs"]),
    ("Toàn thành phố có [27.739](#indicator=cuoc_giam_sat) cuộc giám sát, 6.898 hội nghị phản biện.", ["differs"]),
]


@pytest.mark.parametrize(("text", "kinds"), PROSE)
def test_plain_prose_is_told_only_where_it_surely_does_not_hold(text, kinds):
    assert [kind for kind, _ in _said(text)] == kinds


def test_what_plain_prose_counts_is_said():
    [(_, said)] = _said("Năm 2018, quận Ba Đình tổ chức 87 cuộc giám sát.")
    assert said.startswith("87 cuộc giám sát, Quận Ba Đình, 2018: 87 → 86")


def test_plain_prose_without_a_review_beside_it_is_left_alone(tmp_path):
    assert _said("Năm 2018, quận Ba Đình tổ chức 87 cuộc giám sát.", folder=tmp_path) == []


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

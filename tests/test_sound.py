"""A notebook that cannot be checked says why."""

from __future__ import annotations

import pytest
from nbformat import v4

from danvan_kit.regression.sound import first_line, unsound

ERROR = v4.new_output("error", ename="ValueError", evalue="x", traceback=[])
SHOWN = v4.new_output("stream", name="stdout", text="31")


def _book(*counts, outputs=(SHOWN,)):
    cells = [
        v4.new_code_cell(f"x = {n}", execution_count=count, outputs=list(outputs)) for n, count in enumerate(counts)
    ]
    return v4.new_notebook(cells=[v4.new_markdown_cell("# Đề"), *cells])


def _said(book, options=None):
    return [en for _, en in unsound(book, options or {})]


@pytest.mark.parametrize("counts", [(1,), (1, 2, 3), (2, 5, 9)])
def test_a_notebook_run_from_top_to_bottom_is_sound(counts):
    assert unsound(_book(*counts), {}) == []


def test_cleared_outputs_are_nothing_to_check():
    assert _said(_book(1, 2, outputs=())) == ["no cell has an output to check"]
    assert len(_said(_book(None, None, outputs=()))) == 3


def test_a_cell_that_was_never_run_is_named():
    assert _said(_book(1, None, 3)) == ["code cell [2] 'x = 1' was never run"]


@pytest.mark.parametrize(
    ("counts", "place"), [((2, 1), "[2] 'x = 1'"), ((1, 1), "[2] 'x = 1'"), ((3, 4, 2), "[3] 'x = 2'")]
)
def test_cells_run_out_of_order_or_under_one_number_are_named(counts, place):
    (said,) = _said(_book(*counts))
    assert said == f"code cell {place} was run out of order ({counts[-1]} after {max(counts[:-1])})"


def test_a_saved_error_counts_unless_it_is_meant_to_be_there():
    book = _book(1, 2, outputs=(SHOWN, ERROR))
    assert _said(book) == [f"code cell [{n + 1}] 'x = {n}' was saved with an error" for n in range(2)]
    assert _said(book, {1: {"check_exception": True}, 2: {"check_exception": True}}) == []


def test_a_notebook_in_which_no_cell_is_checked_is_told():
    assert _said(_book(1, 2), {1: {"check": False}, 2: {"check": False}}) == ["no cell has an output to check"]
    assert _said(_book(1, 2), {1: {"check": False}, 2: {"check": True}}) == []


def test_text_alone_is_nothing_to_check():
    assert _said(v4.new_notebook(cells=[v4.new_markdown_cell("31"), v4.new_code_cell("  \n")])) == [
        "no cell has an output to check"
    ]


def test_a_skipped_cell_need_not_have_run():
    assert _said(_book(1, None, 2), {2: {"skip": True}}) == []
    assert _said(_book(5, 1), {1: {"skip": True}}) == []
    assert _said(_book(1), {1: {"skip": True}}) == ["no cell has an output to check"]


def test_every_reason_is_told_in_both_languages():
    reasons = unsound(_book(None, 2, 1, outputs=(ERROR,)), {n: {"check": False} for n in (1, 2, 3)})
    assert len(reasons) == 6
    assert all(vi and en and vi != en for vi, en in reasons)


@pytest.mark.parametrize(
    ("source", "name"),
    [("x = 1", "x = 1"), ("\n# a\n%%time\n  y\nz", "y"), ("# a", ""), ("", ""), ("a" * 60, "a" * 60),
     ("a" * 61, "a" * 59 + "…")],
)  # fmt: skip
def test_a_cell_is_named_by_its_first_line_that_says_something(source, name):
    assert first_line({"source": source}) == name

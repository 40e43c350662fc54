"""What moved is said as its reader would say it, the largest first, each once."""

from __future__ import annotations

import pytest

from danvan_kit.regression.compare import Move, Picture, Rows, compare
from danvan_kit.regression.differ import Difference
from danvan_kit.regression.told import LINES, Line, lines, merged, named, ordered, sentence


@pytest.mark.parametrize(
    ("move", "vi", "en"),
    [
        (
            Move(("Ba Đình", "2014"), 31, 30, "figure"),
            "Ba Đình, 2014: 31 → 30 (−3,2 %)",
            "Ba Đình, 2014: 31 → 30 (−3.2 %)",
        ),
        (
            Move(("x",), 27739, 27738, "figure"),
            "x: 27.739 → 27.738 (−0,004 %)",
            "x: 27,739 → 27,738 (−0.004 %)",
        ),
        (
            Move(("x",), "1.338", "338", "figure"),
            "x: 1.338 → 338 (−74,7 %)",
            "x: 1.338 → 338 (−74.7 %)",
        ),
        (
            Move(("x",), 0, 5, "figure"),
            "x: 0 → 5",
            "x: 0 → 5",
        ),
        (
            Move(("x",), "1", "1.0", "figure"),
            "x: 1 → 1.0",
            "x: 1 → 1.0",
        ),
        (
            Move(("x",), 0.5, None, "figure"),
            "x: 0,5 → không có",
            "x: 0.5 → nothing",
        ),
        (
            Move(("x",), "tăng", "giảm"),
            "x: “tăng” → “giảm”",
            "x: “tăng” → “giảm”",
        ),
        (
            Move((), 1, 2, "figure"),
            "1 → 2 (+100,0 %)",
            "1 → 2 (+100.0 %)",
        ),
        (
            Move(("stdout",), "a", None, "gone"),
            "chữ in ra: mất “a”",
            "printed text: “a” is gone",
        ),
        (
            Move(("table",), None, Rows(("a",), ("b",), ((1,),)), "new"),
            "bảng: thêm cả phần này",
            "table: all of it is new",
        ),
        (
            Move(("view", "look"), "a", "b", "look"),
            "cách trình bày: trình bày khác (“a” → “b”)",
            "look: looks different (“a” → “b”)",
        ),
        (
            Move(("image",), Picture(b"", ""), Picture(b"", ""), "picture"),
            "hình: hình đã đổi",
            "image: the picture has changed",
        ),
        (
            Move(("rows",), "a, b", "b, a", "order"),
            "các hàng: đổi thứ tự (“a, b” → “b, a”)",
            "rows: another order (“a, b” → “b, a”)",
        ),
    ],
)
def test_a_move_is_one_sentence_in_each_language(move, vi, en):
    assert (sentence(move, 0), sentence(move, 1)) == (vi, en)


def test_long_texts_are_cut():
    assert len(sentence(Move(("x",), "a" * 500, "b" * 500), 0)) < 200


def test_a_numbered_place_keeps_its_number():
    assert named("table (2)", 0) == "bảng (2)"
    assert named("table 3", 1) == "table 3"
    assert named("Quận Ba Đình", 1) == "Quận Ba Đình"
    assert named("view (2)", 0) == ""  # the explorer has been named already


def test_labels_of_the_notebooks_own_are_never_translated():
    rows = [Rows(("order",), ("data",), ((value,),)) for value in (31, 30)]
    [move] = compare(*rows)
    assert sentence(move, 0) == "order, data: 31 → 30 (−3,2 %)"
    assert named("area (632)", 0) == "đơn vị (632)"


def _difference(*moves, **more):
    return Difference(3, 2, moves=list(moves), **more)


def test_an_explorer_is_named_and_its_other_states_are_counted():
    moved = Move(("Quận Ba Đình", "2014", "cuộc giám sát"), 31, 30, "figure")
    [line] = lines("01_overview", _difference(moved, name=("trend", "trend"), states=5))
    assert line.text("vi") == (
        "`01_overview`, khung nhìn Diễn biến: Quận Ba Đình, 2014, cuộc giám sát: 31 → 30 (−3,2 %); 4 trạng thái khác"
    )
    assert line.text("en") == (
        "`01_overview`, explorer Trend: Quận Ba Đình, 2014, cuộc giám sát: 31 → 30 (−3.2 %); 4 other states"
    )


def test_looks_are_told_only_where_nothing_else_moved():
    look, figure = Move(("table", "look"), "a", "b", "look"), Move(("table", "x"), 1, 2, "figure")
    assert [line.said[1] for line in lines("b", _difference(look, figure))] == ["table, x: 1 → 2 (+100.0 %)"]
    assert len(lines("b", _difference(look))) == 1
    assert len(lines("b", _difference(look, Move(("text",), "a", "b")))) == 2


def test_more_than_a_few_moves_are_counted():
    moves = [Move((str(n),), n, n + 1, "figure") for n in range(1, LINES + 4)]
    told = lines("b", _difference(*moves))
    assert len(told) == LINES
    assert told[0].text("en").endswith("; 3 other places")
    assert told[0].text("vi").endswith("; 3 chỗ khác")


def test_what_several_explorers_show_is_said_once():
    one = Line("differs", "b", ("khung nhìn A", "explorer A"), ("x: 1 → 2", "x: 1 → 2"), 1.0)
    two = Line("differs", "b", ("khung nhìn B", "explorer B"), ("x: 1 → 2", "x: 1 → 2"), 1.0)
    [line] = merged([one, two, two])
    assert line.text("en") == "`b`, explorer A and 2 more: x: 1 → 2"
    other = Line("differs", "c", two.place, two.said, 1.0)
    assert len(merged([one, other])) == 2  # another notebook


def test_what_could_not_run_comes_first_then_the_largest_change():
    kinds = [("note", 0.0), ("differs", 0.1), ("failed", 0.0), ("differs", 5.0), ("empty", 0.0), ("code", 0.0)]
    found = [Line(kind, "b", ("", ""), (f"{kind} {size}",) * 2, size) for kind, size in kinds]
    assert [line.said[0] for line in ordered(found)] == [
        "failed 0.0", "empty 0.0", "differs 5.0", "differs 0.1", "note 0.0", "code 0.0",
    ]  # fmt: skip


def test_a_line_without_a_place_names_the_notebook_only():
    assert Line("empty", "b", ("", ""), ("trống", "empty")).text("en") == "`b`: empty"

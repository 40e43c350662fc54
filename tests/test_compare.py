"""Trees of what a reader sees: whatever differs is named, whatever is equal is not."""

from __future__ import annotations

import io

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from PIL import Image

from danvan_kit.regression import compare as compared
from danvan_kit.regression.compare import Hidden, Move, Picture, Rows, compare, value_of

LABELS = st.sampled_from(["Ba Đình", "Ba Đình (2)", "019a", "2015", "Tổng", "x", "", "−3,5"])
LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), st.sampled_from(["31 %", "27.739", "x"])
)


@st.composite
def _tables(draw):
    keys, columns = draw(st.lists(LABELS, max_size=5)), draw(st.lists(LABELS, max_size=4))
    row = st.lists(LEAVES, min_size=len(columns), max_size=len(columns)).map(tuple)
    return Rows(tuple(keys), tuple(columns), tuple(draw(row) for _ in keys))


TREES = st.recursive(
    st.one_of(LEAVES, _tables()),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(LABELS, inner, max_size=4), inner.map(Hidden)),
    max_leaves=10,
)


def _moves(old, new):
    return list(compare(old, new))


@settings(max_examples=300, deadline=None)
@given(TREES)
def test_a_tree_equals_itself(tree):
    assert _moves(tree, tree) == []


@settings(max_examples=300, deadline=None)
@given(TREES, TREES)
def test_any_two_trees_can_be_compared(old, new):
    for move in compare(old, new):
        assert isinstance(move.size, float)
        assert isinstance(move.key, tuple)


@settings(max_examples=300, deadline=None)
@given(_tables(), st.data())
def test_another_number_in_any_cell_is_reported(table, data):
    assume(table.keys and table.columns)
    r = data.draw(st.integers(0, len(table.keys) - 1))
    c = data.draw(st.integers(0, len(table.columns) - 1))
    old, new = data.draw(st.lists(st.integers(-(10**6), 10**12), min_size=2, max_size=2, unique=True))
    share = data.draw(st.sampled_from([int, str, lambda n: n / 8]))
    sides = []
    for value in (share(old), share(new)):
        cells = [list(row) for row in table.cells]
        cells[r][c] = value
        sides.append(Rows(table.keys, table.columns, tuple(map(tuple, cells))))
    (move,) = compare(*sides)
    assert (move.old, move.new, move.kind) == (share(old), share(new), "figure")


@settings(max_examples=300, deadline=None)
@given(TREES, st.integers(-(10**12), 10**12), st.integers(1, 10**6), st.data())
def test_another_number_at_any_leaf_is_reported(tree, number, more, data):
    tree = {"tree": tree, "leaf": 0}
    paths = list(_leaves(tree))
    path = data.draw(st.sampled_from(paths))
    (move,) = compare(_with(tree, path, number), _with(tree, path, number + more))
    assert (move.old, move.new) == (number, number + more)


def _leaves(tree, path=()):
    if isinstance(tree, dict | list):
        for key, part in tree.items() if isinstance(tree, dict) else enumerate(tree):
            yield from _leaves(part, (*path, key))
    elif not isinstance(tree, Rows | Hidden):
        yield path


def _with(tree, path, value):
    if not path:
        return value
    copy = dict(tree) if isinstance(tree, dict) else list(tree)
    copy[path[0]] = _with(tree[path[0]], path[1:], value)
    return copy


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(), min_size=2, max_size=8, unique=True), st.data())
def test_two_items_that_changed_places_are_another_order(items, data):
    a, b = data.draw(st.lists(st.integers(0, len(items) - 1), min_size=2, max_size=2, unique=True))
    again = list(items)
    again[a], again[b] = again[b], again[a]
    (move,) = compare(items, again)
    assert (move.kind, move.doubt) == ("order", "order")
    table, other = (Rows(tuple(map(str, one)), ("n",), tuple((n,) for n in one)) for one in (items, again))
    (move,) = compare(table, other)
    assert (move.where, move.doubt) == (("rows",), "order")
    table, other = (Rows(("n",), tuple(map(str, one)), (tuple(one),)) for one in (items, again))
    (move,) = compare(table, other)
    assert (move.where, move.doubt) == (("columns",), "order")


def test_a_figure_is_named_by_its_row_and_column():
    old = Rows(("Ba Đình", "Sóc Sơn"), ("2014", "2015"), ((1, 31), (2, "5 %")))
    new = Rows(("Ba Đình", "Sóc Sơn"), ("2014", "2015"), ((1, 30), (2, "6 %")))
    first, second = compare(old, new, ("table",))
    assert (first.where, first.old, first.new) == (("table", "Ba Đình", "2015"), 31, 30)
    assert first.change == pytest.approx(-1 / 31)
    assert (second.where, second.old, second.new) == (("table", "Sóc Sơn", "2015"), "5", "6")


def test_rows_and_columns_come_and_go_by_their_labels():
    old = Rows(("a", "b"), ("x", "y"), ((1, 2), (3, 4)))
    new = Rows(("b", "c", "d"), ("y", "z", "w"), ((4, 0, 0), (5, 6, None), (7, "", [8])))
    assert [(move.where, move.old, move.new, move.kind) for move in compare(old, new)] == [
        (("x",), "x", None, "gone"),
        (("z",), None, "z", "new"),
        (("w",), None, "w", "new"),
        (("a",), "1 | 2", None, "gone"),
        (("c",), None, "5 | 6", "new"),
        (("d",), None, "7 | [8]", "new"),
    ]


def test_other_labels_at_the_same_places_are_told_once():
    old = Rows(("a", "b"), ("2014", "x"), ((1, 2), (3, 4)))
    new = Rows(("a", "c"), ("2015", "x"), ((1, 2), (3, 5)))
    assert [(move.where, move.old, move.new) for move in compare(old, new)] == [
        (("2015",), "2014", "2015"),
        (("c",), "b", "c"),
        (("c", "x"), 4, 5),
    ]


def test_labels_that_stand_twice_are_kept_apart_whatever_else_is_written_so():
    assert compared._numbered(["a", "a", "a (2)", "a"]) == ["a", "a (3)", "a (2)", "a (4)"]
    keys = ("a", "a (2)", "a", "a (3)")
    for n in range(4):
        old, new = (Rows(keys, ("x",), tuple((value if r == n else 0,) for r in range(4))) for value in (31, 30))
        assert len(_moves(old, new)) == 1


def test_rows_of_unequal_length_lose_nothing():
    old, new = Rows(("a",), ("x", "y"), ((1,),)), Rows(("a",), ("x", "y"), ((1, 2),))
    assert [(move.where, move.new) for move in compare(old, new)] == [(("a", "y"), 2)]


@pytest.mark.parametrize(
    ("old", "new"),
    [(True, 1), (False, 0), (1, "1"), (1, None), (None, ""), ("", None), ([1], 1), ({}, []), (Hidden(1), 1),
     (10**400, 1.5), (10**9, 10**9 + 1), (float("nan"), 0.0), (float("inf"), 1e308), (Rows((), (), ()), "x"),
     ([True], [1]), ({"a": 1}, {}), ([1, 2], [1]), (1e-3, -1e-3)],
)  # fmt: skip
def test_things_that_are_not_alike_are_reported_everywhere(old, new):
    for a, b in ((old, new), (new, old)):
        assert _moves(a, b)
        assert _moves([a], [b])
        assert _moves({"x": a}, {"x": b})
        assert _moves(Rows(("r",), ("c",), ((a,),)), Rows(("r",), ("c",), ((b,),)))


@pytest.mark.parametrize(("old", "new"), [(0.1 + 0.2, 0.3), (3, 3.0), (float("nan"), float("nan")), ("0.3 ", "0.3")])
def test_the_same_figure_is_equal(old, new):
    assert _moves(old, new) == []
    assert _moves(Rows(("r",), ("c",), ((old,),)), Rows(("r",), ("c",), ((new,),))) == []


def test_an_item_that_came_leaves_the_others_where_they_were():
    assert [(move.where, move.old, move.new, move.kind) for move in compare([1, 2, 3], [1, 5, 2, 4])] == [
        (("2",), None, 5, "new"),
        (("4",), 3, 4, "figure"),
    ]
    assert [(move.where, move.kind) for move in compare(["a", "b"], ["b"])] == [(("1",), "gone")]
    assert _moves({"a": Hidden("x")}, {})[0].old == "x"


def test_what_is_hidden_is_a_matter_of_looks():
    assert [(m.where, m.kind) for m in compare({"c": Hidden({"w": 3})}, {"c": Hidden({"w": 4})})] == [
        (("c", "w"), "look")
    ]


def test_a_text_is_named_by_its_line_where_there_are_several():
    (move,) = compare({"stdout": "a 1\nphường: 31 cuộc"}, {"stdout": "a 1\nphường: 30 cuộc"})
    assert (move.where, move.kind, move.key) == (("stdout", "phường: 30 cuộc"), "figure", (("stdout",), 100_003))
    (move,) = compare({"stdout": "a 1"}, {"stdout": "a 1\nb"})
    assert move.kind == "new"
    (move,) = compare("Ba Vì", "Ba Đình")
    assert (move.where, move.kind, move.old, move.new) == ((), "text", "Vì", "Đình")
    (move,) = compare("a\n" + "b " * 90 + "31", "a\n" + "b " * 90 + "30")
    assert len(move.where[0]) == 70
    assert _moves("a  1", "a 1")[0].kind == "look"
    assert _moves("a\nb", "b\na")[0].kind == "order"


def test_a_picture_moves_as_a_whole():
    def drawn(colour):
        page = io.BytesIO()
        Image.new("RGB", (8, 8), colour).save(page, "PNG")
        return Picture(page.getvalue(), "image/png")

    assert _moves(drawn("red"), drawn("red")) == []
    assert [move.kind for move in compare(drawn("red"), drawn("blue"))] == ["picture"]
    assert [move.kind for move in compare(drawn("red"), None)] == ["gone"]


@pytest.mark.parametrize(
    ("written", "value"),
    [("31", 31), ("31 %", 31), ("27\u00a0739", 27739), ("1.234.567", 1234567), ("1.234,5", 1234.5), ("1,234.5", 1234.5),
     ("1,234,567", 1234567), ("−3,5", -3.5), ("", None), ("Ba Vì", None), (True, None), (None, None), (3, 3),
     (float("nan"), None), ([3], None), ("1.2.x", None), (10**400, None)],
)  # fmt: skip
def test_the_value_of_a_figure_is_known_however_it_is_written(written, value):
    assert value_of(written) == value


def test_moves_are_sorted_by_how_much_they_are():
    kinds = [Move((), 1, None, "gone"), Move((), None, 1, "new"), Move((), 0, 5, "figure"), Move((), 31, 30, "figure"),
             Move((), 31, 30, "figure", derived=True), Move((), "a", "b", "picture"), Move((), "a", "b", "order"),
             Move((), "a", "b"), Move((), "a", "b", "look")]  # fmt: skip
    assert [move.size for move in kinds] == sorted((move.size for move in kinds), reverse=True)
    assert kinds[2].change is None
    assert kinds[7].change is None


def test_large_tables_and_lists_are_compared_in_one_go():
    cells = [tuple(range(n, n + 12)) for n in range(5000)]
    keys, columns = tuple(f"r{n}" for n in range(5000)), tuple(f"c{n}" for n in range(12))
    old = Rows(keys, columns, tuple(cells))
    cells[4000] = (-1, *cells[4000][1:])
    assert [move.where for move in compare(old, Rows(keys, columns, tuple(cells)))] == [("r4000", "c0")]
    assert len(_moves(old, Rows(keys[:-1], columns, old.cells[:-1]))) == 1
    assert len(_moves([0] * 20_000, [0] * 10_000 + [1] + [0] * 10_000)) == 1


def test_rows_without_names_in_another_order_are_an_order_and_rows_with_names_are_figures():
    old, new = ("Ba Vì",), ("Sóc Sơn",)
    [move] = _moves(Rows(("0", "1"), ("tên",), (old, new)), Rows(("0", "1"), ("tên",), (new, old)))
    assert (move.where, move.kind, move.doubt, move.old) == (("rows",), "order", "order", "Ba Vì, Sóc Sơn")
    [one, other] = _moves(Rows(("A", "B"), ("n",), ((31,), (30,))), Rows(("A", "B"), ("n",), ((30,), (31,))))
    assert {(one.where, one.old, one.new), (other.where, other.old, other.new)} == {
        (("A", "n"), 31, 30),
        (("B", "n"), 30, 31),
    }


def test_a_number_that_may_be_a_clock_is_left_to_a_second_run():
    assert [move.doubt for move in _moves({"run": 1795588820.5}, {"run": 1795588860.25})] == ["time"]
    assert [move.doubt for move in _moves({"n": 31}, {"n": 30})] == [""]

"""An output becomes what a reader sees of it, whatever form it was saved in."""

from __future__ import annotations

import base64

import ipywidgets
import nbformat
import numpy as np
import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from danvan_kit.regression import kept, seen
from danvan_kit.regression.compare import Rows, compare


def _cell(*outputs):
    return new_code_cell("x", outputs=list(outputs))


def _shown(data, metadata=None, widgets=None):
    return seen.outputs(_cell(new_output("display_data", data, metadata=metadata or {})), widgets or {})


def _packed(values, kind, **more):
    array = np.asarray(values, dtype=kind)
    return {"dtype": kind, "bdata": base64.b64encode(array.tobytes()).decode(), **more}


def test_printed_text_errors_and_displays_have_names_and_an_order():
    tree = seen.outputs(
        _cell(
            new_output("stream", name="stdout", text="in ra\n"),
            new_output("display_data", {"text/plain": "một"}),
            new_output("execute_result", {"text/plain": "hai"}, execution_count=1),
            new_output("error", ename="ValueError", evalue="sai", traceback=["mã"]),
        ),
        {},
    )
    assert {key: tree[key] for key in ("stdout", "text", "text (2)", "error")} == {
        "stdout": "in ra\n", "text": "một", "text (2)": "hai", "error": "ValueError: sai",
    }  # fmt: skip
    assert tree["order"].content == "stdout text text error"


@pytest.mark.parametrize("kind", ["f8", "f4", "i1", "u1", "i2", "u2", "i4", "u4"])
def test_packed_arrays_and_lists_are_the_same_figures(kind):
    plain = seen.figure({"data": [{"type": "bar", "x": ["a", "b"], "y": [1, 2]}]})
    packed = seen.figure({"data": [{"type": "bar", "x": ["a", "b"], "y": _packed([1, 2], kind)}]})
    assert list(compare(plain, packed)) == []
    assert packed["data"]["bar"]["points"] == Rows(("a", "b"), ("y",), ((1,), (2,)))


def test_packed_arrays_keep_their_shape_and_gaps():
    assert seen.tidy(_packed([1, 2, 3, 4], "f8", shape="2, 2")) == [[1, 2], [3, 4]]
    assert seen.tidy(_packed([1, np.nan], "f8")) == [1, None]


@pytest.mark.parametrize(
    "odd", [{"dtype": "f8", "bdata": "%"}, {"dtype": "zz", "bdata": "AAAA"}, {"dtype": "f8", "bdata": 3}]
)
def test_what_only_looks_like_an_array_is_compared_as_it_is(odd):
    assert seen.tidy(odd) == odd


def test_uids_versions_and_the_order_of_keys_are_not_seen():
    one = {"data": [{"type": "bar", "uid": "a1", "y": [1, 2], "x": [3, 4]}], "layout": {"title": {"text": "t"}}}
    two = {"layout": {"title": {"text": "t"}}, "data": [{"y": [1, 2], "x": [3, 4], "type": "bar", "uid": "b2"}]}
    assert list(compare(seen.figure(one), seen.figure(two))) == []


def test_a_bar_is_named_by_what_stands_under_it():
    old = seen.figure({"data": [{"type": "bar", "name": "Giám sát", "x": ["Ba Đình", "Đống Đa"], "y": [31, 5]}]})
    new = seen.figure({"data": [{"type": "bar", "name": "Giám sát", "x": ["Ba Đình", "Đống Đa"], "y": [30, 5]}]})
    [move] = compare(old, new)
    assert move.where == ("data", "Giám sát", "points", "Ba Đình", "y")
    assert (move.old, move.new) == (31, 30)


# --- widgets ----------------------------------------------------------------------------------------------------------


def _book(models):
    state = {name: {"model_name": state["_model_name"], "state": state} for name, state in models.items()}
    return new_notebook(metadata={"widgets": {seen.STATE: {"state": state}}})


def _view(name, widgets):
    return _shown({seen.WIDGET: {"model_id": name}, "text/plain": "IntSlider(…)"}, widgets=widgets)["widget"]


def test_a_widget_is_shown_with_all_widgets_in_it_and_whatever_their_ids():
    def box(a, b):
        return seen.states(
            _book(
                {
                    a: {"_model_name": "VBoxModel", "children": [f"IPY_MODEL_{b}"], "_view_count": 1},
                    b: {"_model_name": "IntSliderModel", "value": 3, "_model_module_version": "2.0.0"},
                }
            )
        )

    one, two = _view("a" * 32, box("a" * 32, "b" * 32)), _view("c" * 32, box("c" * 32, "d" * 32))
    assert list(compare(one, two)) == []
    assert one["VBoxModel"]["children"] == [{"IntSliderModel": {"_model_name": "IntSliderModel", "value": 3}}]


def test_a_widget_that_contains_itself_ends():
    tree = _view(
        "a", seen.states(_book({"a": {"_model_name": "BoxModel", "children": ["IPY_MODEL_a", "IPY_MODEL_z"]}}))
    )
    assert tree["BoxModel"]["children"] == ["…", "…"]


def test_what_jupyterlab_saves_of_a_widget_equals_what_a_run_saves():
    slider = ipywidgets.IntSlider(value=3, description="Năm")
    full = {key: value for key, value in slider.get_state().items() if not str(value).startswith("IPY_MODEL_")}
    sparse = {"value": 3, "description": "Năm"}  # JupyterLab leaves out what is as it was made
    book = new_notebook(
        metadata={"widgets": {seen.STATE: {"state": {"a": {"model_name": "IntSliderModel", "state": sparse}}}}}
    )
    saved, fresh = seen.states(book), seen.states(_book({"b": full}))
    assert list(compare(_view("a", saved), _view("b", fresh))) == []
    saved["a"]["value"] = 4
    assert [move.new for move in compare(_view("a", saved), _view("b", fresh))] == [3]


def test_buffers_stand_in_their_places_and_odd_paths_are_left_out():
    model = {
        "model_name": "AnyModel",
        "state": {"_model_name": "AnyModel", "body": {"deep": [None]}},
        "buffers": [
            {"path": ["body", "deep", 0], "data": "AQI=", "encoding": "base64"},
            {"path": ["body", "none", 0], "data": "AQI=", "encoding": "base64"},
        ],
    }
    book = new_notebook(metadata={"widgets": {seen.STATE: {"state": {"a": model}}}})
    assert seen.states(book)["a"]["body"] == {"deep": [{"base64": "AQI="}]}


def test_the_script_of_a_widget_of_ones_own_is_seen_and_a_librarys_is_not():
    def esm(owner, script):
        states = seen.states(_book({"a": {"_model_name": "AnyModel", "_anywidget_id": owner, "_esm": script}}))
        return _view("a", states)

    assert list(compare(esm("__main__.Own", "một"), esm("__main__.Own", "hai"))) != []
    assert list(compare(esm("plotly.Figure", "một"), esm("plotly.Figure", "hai"))) == []


# --- tables -----------------------------------------------------------------------------------------------------------


def _frame(frame):
    found = kept.whole(frame)
    return _shown({"text/plain": "cắt", "text/html": "<p>5 rows</p>"}, found[1] if found else {})


def test_a_long_table_is_seen_whole():
    one, two = pd.DataFrame({"cuộc": range(580)}), pd.DataFrame({"cuộc": [*range(300), 7, *range(301, 580)]})
    [move] = compare(_frame(one), _frame(two))
    assert (move.where, move.old, move.new) == (("html", "table", "300", "cuộc"), "300", "7")


def test_a_table_too_large_to_keep_is_seen_by_its_digest(monkeypatch):
    monkeypatch.setattr(kept, "MOST", 10)
    one, two = pd.DataFrame({"cuộc": range(580)}), pd.DataFrame({"cuộc": range(1, 581)})
    assert list(compare(_frame(one), _frame(one))) == []
    assert list(compare(_frame(one), _frame(two))) != []


def test_an_array_without_headings_is_seen_whole():
    def shown(values):
        return _shown({"text/plain": "[…]"}, kept.whole(np.array(values))[1])

    assert len(list(compare(shown(range(5000)), shown([*range(2500), 7, *range(2501, 5000)])))) == 1


def test_a_picture_is_seen_not_the_object_that_drew_it():
    tree = _shown({"image/png": "AAAA", "text/plain": "<Figure at 0x1>"})
    assert set(tree) == {"image"}


def test_two_pictures_of_one_output_are_both_seen():
    tree = _shown({"image/png": "AAAA", "image/svg+xml": "<svg><text>x</text></svg>"})["image"]
    assert len(tree) == 2


def test_a_form_that_nobody_knows_is_compared_as_text_or_json():
    assert _shown({"application/x-odd": "a"}) == {"text": "a"}
    assert _shown({"application/x-odd+json": {"b": [1]}}) == {"text": {"b": [1]}}


def test_every_form_of_the_format_can_be_read():
    assert nbformat.v4.nbformat == 4
    assert seen.outputs({"outputs": []}, {}) == {}


def test_one_dong_more_in_a_large_figure_that_names_its_own_point_is_seen():
    old, new = (seen.figure({"data": [{"y": _packed([1e12 + more, 5], "f8")}]}) for more in (0, 1))
    assert [(move.old, move.new) for move in compare(old, new)] == [("1000000000000", "1000000000001")]
    old, new = (seen.figure({"data": [{"y": _packed([0.3 + more, 5.5], "f8")}]}) for more in (0, 6e-17))
    assert list(compare(old, new)) == []

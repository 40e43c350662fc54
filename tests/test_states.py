"""Every state of an explorer, the hidden ones too, against those of another run."""

from __future__ import annotations

import dataclasses

import nbformat
from explorer_world import bars, squares, world

from danvan_kit.explorer import explore
from danvan_kit.pages.files import light
from danvan_kit.regression.states import compare_states
from danvan_kit.regression.told import sentence


def _own(view=squares, review=None, **choices):
    return explore(view, review or world(), **choices)._repr_mimebundle_()[1]["danvan"]


def _without(area, year=2019):
    review = world()
    rows = review.records.query("area == @area and year == @year and activity == 'giam_sat'").index
    return dataclasses.replace(review, records=review.records.drop(rows[0]))


def _said(found):
    return [sentence(move, 1) for move in found.moves]


def test_the_same_review_loaded_anew_has_the_same_states():
    assert compare_states(_own(), _own()).moves == []


def test_a_record_less_is_told_in_each_area_above_with_both_values():
    found = compare_states(_own(), _own(review=_without("012")))
    assert "Phường Ngã Tư Sở: 33 → 32 (−3.0 %)" in _said(found)
    assert "Quận Đống Đa: 54 → 53 (−1.9 %)" in _said(found)
    assert found.states == 3  # the commune, its district, the city
    assert found.note is None


def test_a_figure_that_many_states_show_is_told_once():
    said = _said(compare_states(_own(bars), _own(bars, review=_without("012"))))
    assert len(said) == len(set(said))


def _lighter(own):
    return {key: value for key, value in own.items() if key != "packed"}


def test_without_the_saved_states_the_figures_behind_them_say_what_moved():
    found = compare_states(_lighter(_own()), _own(review=_without("012")))
    assert sorted(_said(found)) == [
        "Phường Ngã Tư Sở, 2019, cuộc giám sát: 5 → 4 (−20.0 %)",
        "Quận Đống Đa, 2019, cuộc giám sát: 8 → 7 (−12.5 %)",
        "Thành phố Hà Nội, 2019, cuộc giám sát: 8 → 7 (−12.5 %)",
    ]


def test_without_states_a_change_of_the_view_alone_is_told_with_where_and_why():
    def squares_twice(*args, **choices):
        return dataclasses.replace(squares(*args, **choices), title="khác")

    squares_twice.__signature__ = __import__("inspect").signature(squares)
    squares_twice.__annotations__ = squares.__annotations__
    found = compare_states(_lighter(_own()), _own(squares_twice))
    assert len(found.moves) == 1
    assert found.moves[0].where[0] == "states"
    assert "computed or shown has changed" in found.note[1]


def test_a_payload_that_was_edited_is_seen_though_its_digest_is_right():
    edited = _own(review=_without("012")) | {"digest": _own()["digest"]}
    assert compare_states(edited, _own()).moves != []


def test_other_choices_and_other_controls_are_told():
    found = compare_states(_own(pin=["area"]), _own())
    assert any(move.kind == "new" for move in found.moves)


def test_the_first_state_that_moved_has_both_pictures():
    before, after = compare_states(_own(), _own(review=_without("012"))).pair
    assert before["data"][0].keys() == after["data"][0].keys()
    assert before["data"] != after["data"]
    assert before["layout"]


def test_a_notebook_saved_while_open_holds_no_states_and_says_so():
    found = compare_states({"kind": "explorer", "live": True}, _own())
    assert (found.moves, found.note[1]) == ([], "the saved notebook holds no states")


def test_states_that_went_are_told():
    own = _own()
    lost = {key: value for key, value in own.items() if key not in {"digest", "packed"}}
    [move] = compare_states(own, lost).moves
    assert move.kind == "gone"


def _book(*owns):
    cells = [
        nbformat.v4.new_code_cell(
            "x", execution_count=1, id=f"c{n}",
            outputs=[nbformat.v4.new_output("display_data", {"text/plain": "x"}, metadata={"danvan": dict(own)})],
        )
        for n, own in enumerate(owns)
    ]  # fmt: skip
    return nbformat.v4.new_notebook(cells=cells)


def test_a_light_notebook_keeps_the_figures_once_and_marks_for_each_that_lost_its_states(monkeypatch):
    own = _own()
    whole = nbformat.reads(light(_book(own, own)), 4)
    kept = [cell.outputs[0].metadata["danvan"] for cell in whole.cells]
    assert all("packed" in one and "figures" not in one and "marks" not in one for one in kept)
    monkeypatch.setattr("danvan_kit.pages.files.SAVED", 1)
    kept = [cell.outputs[0].metadata["danvan"] for cell in nbformat.reads(light(_book(own, own)), 4).cells]
    assert ["packed" in one for one in kept] == [False, False]
    assert ["figures" in one for one in kept] == [True, False]
    assert all(set(one["marks"]) == {"area"} for one in kept)

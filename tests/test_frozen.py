"""What a shared page holds of an explorer: every state as the view answers it, within stated budgets."""

from __future__ import annotations

import itertools
import json

import numpy as np
import pytest
from explorer_world import bars, squares, trend, world

from danvan_kit import views
from danvan_kit.explorer import _explorer as explorer
from danvan_kit.explorer import explore, frozen
from danvan_kit.explorer.controls import ChoiceError
from danvan_kit.explorer.unpack import unpack


@pytest.fixture(scope="module")
def review():
    return world()


def _held(explored):
    head, states = unpack(explored.frozen.packed)
    return dict(head["axes"]), head["controls"], list(states)


@pytest.mark.parametrize("view", [bars, trend, squares])
def test_every_state_is_what_the_view_answers(review, view):
    explored = explore(view, review)
    axes, _, states = _held(explored)
    combinations = [dict(zip(axes, values, strict=True)) for values in itertools.product(*axes.values())]
    assert len(states) == explored.frozen.states == len(combinations)
    for chosen, state in zip(combinations, states, strict=True):
        given = {name: tuple(value) if name == "years" else value for name, value in chosen.items()}
        assert json.dumps(state) == json.dumps(frozen.flat_state(view, review, explored.choices | given, "vi"))


def test_what_a_view_refuses_is_a_state_too(review):
    _, _, states = _held(explore(bars, review))
    refused = [state for state in states if "error" in state]
    assert refused
    assert all(list(state) == ["error"] for state in refused)
    assert "'phan_bien' không có ở cấp city" in refused[0]["error"]


def test_a_view_without_choices_is_one_state(review):
    def lonely(review, *, lang="vi"):
        return bars(review)

    axes, controls, states = _held(explore(lonely, review))
    assert (axes, controls, len(states)) == ({}, [], 1)


def test_how_a_figure_is_shown_is_held_before_the_years_and_the_page_says_why(review):
    axes, controls, _ = _held(explore(trend, review, states=42))  # 7 areas, 6 spans of years, 2 ways to show them
    assert set(axes) == {"area", "years"}
    held = next(control for control in controls if control["name"] == "per")
    assert held["kind"] == "pinned"
    assert held["shown"] == "số lượng"
    assert held["why"] == "đủ mọi lựa chọn sẽ có 84 trạng thái, trang này chứa tối đa 42"


def test_where_a_view_lists_what_is_below_communes_are_left_out_first(review):
    axes, controls, _ = _held(explore(bars, review, states=54))
    assert set(axes["area"]) == {"01", "001", "019a"}
    assert len(axes["level"]) == 3
    assert axes["year"] == [2018, 2019, 2020]
    area = next(control for control in controls if control["name"] == "area")
    assert {row[0] for row in area["rows"]} == {"01", "001", "019a"}
    assert "tối đa 54" in area["why"]


def test_a_commune_that_is_chosen_stays_in_the_page(review):
    axes, _, _ = _held(explore(bars, review, area="011", states=72))
    assert "011" in axes["area"]
    assert "012" not in axes["area"]


def test_too_many_bytes_hold_a_choice_as_well(review, monkeypatch):
    full = explore(bars, review).frozen
    monkeypatch.setattr(frozen, "SIZE", len(full.packed) - 1)
    less = explore(bars, review)
    assert len(less.frozen.packed) <= frozen.SIZE
    assert less.frozen.states < full.states
    assert any("kB" in control.get("why", "") for control in _held(less)[1])


def test_the_digest_sees_one_unit_in_a_state_that_nobody_looks_at(review):
    moved = world()
    row = moved.records.index[moved.records["area"] == "022"][0]
    moved.records.loc[row, "year"] = 2018 if moved.records.loc[row, "year"] != 2018 else 2020
    digests = [explore(bars, one, area="001").frozen.digest for one in (review, world(), moved)]
    assert digests[0] == digests[1] != digests[2]


def test_the_digest_does_not_see_the_last_bits(review):
    def shaky(noise):
        def view(review, *, year: int = 2019, lang="vi"):
            found = bars(review, year=year)
            found.figure["data"][0]["y"] = np.array([1 / 3, 2 / 3]) * (1 + noise)
            return found

        return explore(view, review).frozen.digest

    assert shaky(0) == shaky(1e-13) != shaky(1e-7)


def test_a_pinned_choice_stays_is_shown_and_does_not_follow_links(review):
    first = explore(bars, review)
    kept = explore(squares, review, link=first, area="001", pin=["area"])
    assert first.choices["area"] == "001"  # the start moved both
    first.set(area="019a")
    assert kept.choices["area"] == "001"
    with pytest.raises(ChoiceError, match="ghim"):
        kept.set(area="019a")
    axes, controls, states = _held(kept)
    assert (axes, len(states)) == ({}, 1)
    assert controls == [{"kind": "pinned", "name": "area", "label": "Đơn vị", "shown": "Quận Đống Đa"}]


def test_only_a_choice_of_the_view_can_be_pinned(review):
    with pytest.raises(ChoiceError, match="'nowhere'.*area"):
        explore(squares, review, pin=["nowhere"])


def test_a_notebook_carries_the_states_unless_somebody_looks_on(review, monkeypatch):
    data, kept = explore(bars, review)._repr_mimebundle_()
    assert kept["danvan"]["states"] == int(data["text/plain"].splitlines()[-1].split(" ")[0])
    assert kept["danvan"]["digest"] in data["text/plain"]
    assert unpack(kept["danvan"]["packed"])[0]["states"] == kept["danvan"]["states"]
    monkeypatch.setenv(explorer.LIVE, "x")
    data, kept = explore(bars, review)._repr_mimebundle_()
    assert "packed" not in kept["danvan"]
    assert kept["danvan"]["live"]
    assert "Chưa ghi các trạng thái" in data["text/plain"]


def test_provenance_names_data_day_and_digest(review):
    found = frozen.provenance(review)
    assert found["title"] == "Thử"
    assert found["closing"] == "30-6-2020"
    assert len(found["digest"]) == 16


def test_all_areas_and_indicators_of_a_trend_fit_in_a_megabyte(shipped):
    explored = explore(views.trend, shipped)
    axes = dict(unpack(explored.frozen.packed)[0]["axes"])
    assert len(axes["area"]) >= 609
    assert len(axes["indicator"]) >= 25
    assert len(explored.frozen.packed) <= 1_000_000

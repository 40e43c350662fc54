"""Whom an area is compared with, what a norm asks of it."""

import numpy as np
import pytest
from judge_world import world

from danvan_kit import likeness


def named(group):
    return group.ids


def test_peers_are_the_areas_of_the_same_kind():
    found = likeness.peers(world(), "h2", 2019)
    assert named(found) == ["h1", "h2", "h3", "h4"]
    assert (found.kind, found.level, found.nearest, found.place("h3")) == ("huyện", "district", False, 2)


def test_of_a_rare_kind_the_whole_level_stands_in():
    found = likeness.peers(world(), "q1", 2019)
    assert found.kind is None
    assert named(found) == ["h1", "h2", "h3", "h4", "q1", "q2"]


def test_who_did_not_stand_that_year_is_no_peer_and_over_all_years_only_who_always_did():
    late = world(begins={"h4": "2016-01-01"})
    assert named(likeness.peers(late, "h1", 2014)) == ["h1", "h2", "h3"]
    assert named(likeness.peers(late, "h1", 2019)) == ["h1", "h2", "h3", "h4"]
    assert named(likeness.peers(late, "h1", None)) == ["h1", "h2", "h3"]
    assert named(likeness.level_peers(late, "district", None)) == ["h1", "h2", "h3", "q1", "q2"]
    assert "h4" in named(likeness.level_peers(late, "district", 2019))


def test_where_populations_are_known_the_nearest_are_the_peers(monkeypatch):
    monkeypatch.setattr(likeness, "NEAREST", 3)
    # by ratio 100 is as far from 50 as from 200, and 220 is further
    review = world(people={"h1": 100, "h2": 190, "h3": 220, "h4": 51})
    found = likeness.peers(review, "h1", 2019)
    assert found.nearest
    assert named(found) == ["h1", "h2", "h4"]
    assert named(likeness.peers(review, "h1", None)) == ["h1", "h2", "h4"]


def test_an_area_without_population_is_compared_with_all_of_its_kind_and_never_estimated():
    review = world(people={"h1": 100, "h2": 190, "h3": 220})
    assert not likeness.peers(review, "h4", 2019).nearest
    assert named(likeness.peers(review, "h4", 2019)) == ["h1", "h2", "h3", "h4"]
    near = likeness.peers(review, "h1", 2019)
    assert named(near) == ["h1", "h2", "h3"]
    assert near.unknown == 1


def test_two_known_populations_are_no_peers():
    assert not likeness.peers(world(people={"h1": 100, "h2": 190}), "h1", 2019).nearest


def test_inhabitants_count_only_where_those_of_all_peers_are_known():
    every = dict.fromkeys(["h1", "h2", "h3", "h4"], 100)
    assert likeness.peers(world(people=every), "h1", 2019).people.shape == (4, 7)
    assert likeness.peers(world(people={"q1": 5, "h1": 3}), "q1", 2019).people is None
    assert likeness.peers(world(), "h1", 2019).people is None


# --- norms ------------------------------------------------------------------------------------------------------------

NORM = [("viec", "district", 20, "QĐ 1"), ("moi", "district", 1, "QĐ 2")]


def met(review, year, key="viec"):
    group = likeness.peers(review, "h1", year)
    return likeness.met(group, key).tolist()


def test_an_office_meets_a_norm_by_its_own_figure_not_by_that_of_its_branch():
    review = world(norms=NORM, changed={("viec", "h1", 2019): 19})
    assert met(review, 2019) == [0, 1, 1, 1]  # h1 has 20 more from its communes


def test_over_the_review_whole_years_are_asked_for_and_the_half_one_is_not():
    # six whole years, 20 each: 120
    short = world(norms=NORM, changed={("viec", "h2", 2014): 19, ("viec", "h2", 2020): 100})
    assert met(short, None) == [1, 0, 1, 1]
    assert np.isnan(met(short, 2020)).all()


def test_a_norm_asks_for_nothing_before_its_indicator_began():
    assert met(world(norms=NORM), None, "moi") == [1, 0, 1, 1]
    assert np.isnan(met(world(norms=NORM), 2018, "moi")).all()


def test_a_missing_report_leaves_a_norm_open_unless_it_is_met_already():
    gap = {("viec", area, 2014): None for area in ("h1", "h4")}
    found = met(world(norms=NORM, changed=gap), None)
    assert np.isnan(found[0])
    assert found[1:] == [1, 1, 1]


def test_without_a_norm_nothing_is_met_or_not():
    assert np.isnan(met(world(), 2019)).all()
    assert likeness.norm(world(), "viec", "district") is None
    assert likeness.norm(world(norms=NORM), "viec", "commune") is None


@pytest.mark.parametrize("level", ["district"])
def test_a_norm_names_its_document(level):
    assert likeness.norm(world(norms=NORM), "viec", level) == likeness.Norm(20, "QĐ 1")

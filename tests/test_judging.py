"""What is said of a figure among its peers."""

import numpy as np
import pytest
from judge_world import world

from danvan_kit import cube, disclosure, judging, likeness, limits


def told(review, key, area="h1", year=2019):
    """Return the states of one indicator by area, and all that was found."""
    group = likeness.peers(review, area, year)
    found = judging.judged(group)
    n = found.keys.index(key)
    return dict(zip(group.ids, [judging.STATES[s] for s in found.state[n]], strict=True)), found, n


def test_a_count_is_compared_with_what_its_offices_are_expected_to_have():
    # own of districts 20 20 20 60: 30 each; of communes 10+10, 40: 20 each, h1 has two, h2 one
    states, found, n = told(world(), "viec")
    assert found.value[n].tolist() == [40, 60, 20, 60]
    assert found.base[n].tolist() == [70, 50, 30, 30]
    assert found.compared[n].tolist() == pytest.approx([100 * 40 / 70, 120, 100 * 20 / 30, 200])
    assert states == {"h1": "worse", "h2": "similar", "h3": "similar", "h4": "better"}


def test_what_is_expected_of_all_is_what_all_have():
    for year in (2019, None):
        _, found, n = told(world(changed={("viec", "x3", 2016): None}), "viec", year=year)
        assert found.base[n].sum() == pytest.approx(found.events[n].sum())


def test_a_report_that_did_not_come_is_expected_of_nobody():
    _, found, n = told(world(changed={("viec", "x2", 2019): None}), "viec")
    # communes that reported: 10 and 40, 25 each, one in h1 and one in h2
    assert found.base[n].tolist() == [55, 55, 30, 30]


def test_where_less_is_better_the_sides_change():
    states, *_ = told(world(), "it_hon")
    assert states["h4"] == "worse"
    assert states["h1"] == "better"


def test_a_neutral_figure_is_high_or_low_and_never_good_or_bad():
    assert set(told(world(), "trung")[0].values()) == {"higher", "lower"}


def test_a_ratio_is_compared_with_the_ratio_of_all_together():
    # 80/100, 50/100, 6/10, 160/200: 296/410
    states, found, n = told(world(), "ty_le")
    assert found.target[n] == pytest.approx(100 * 296 / 410)
    assert states == {"h1": "similar", "h2": "worse", "h3": "few", "h4": "better"}
    assert found.low[n, 1] == pytest.approx(100 * float(limits.wilson(50, 100)[0]))


def test_what_makes_a_ratio_is_judged_by_the_ratio_and_a_stock_not_at_all():
    assert set(told(world(), "xong")[0].values()) == {"part"}
    states, found, n = told(world(), "so_to")
    assert set(states.values()) == {"stock"}
    assert np.isnan(found.compared[n]).all()
    assert set(found.trend[n].tolist()) == {0}


def test_each_reason_for_no_judgement_has_its_name():
    states, *_ = told(world(), "ty_le", area="q1")
    assert states["q1"] == "no_base"
    assert states["q2"] == "over"  # 12 of 10
    assert set(told(world(), "moi", year=2018)[0].values()) == {"unborn"}
    assert set(told(world(), "moi")[0].values()) == {"few"}
    assert told(world(changed={("trung", "h1", 2019): None}), "trung")[0]["h1"] == "missing"
    assert told(world(), "viec", area="C")[0] == {"C": "alone"}


def test_a_zero_of_which_many_were_expected_is_judged_and_not_called_too_few():
    states, *_ = told(world(changed={("it_hon", "h1", 2019): 0}), "it_hon")
    assert states["h1"] == "better"


def test_per_inhabitant_an_area_that_lacks_reports_is_not_judged():
    people = {"h1": 100, "h2": 100, "h3": 100, "h4": 300}
    states, found, n = told(world(people=people, changed={("viec", "x2", 2019): None}), "viec")
    assert found.by_people[n]
    assert states["h1"] == "late"
    assert found.base[n].tolist() == [pytest.approx(170 * share / 6) for share in (1, 1, 1, 3)]
    assert set(told(world(people=people), "it_hon")[0].values()) == {"similar"}


def test_a_trend_follows_the_asked_year_and_leaves_the_half_year_out():
    rising = {
        ("it_hon", "h1", year): value for year, value in zip(range(2014, 2021), (5, 5, 5, 5, 5, 60, 0), strict=True)
    }
    for year, said in ((2017, "cannot be calculated"), (2018, "no significant change"), (2019, "increasing")):
        _, found, n = told(world(changed=rising), "it_hon", year=year)
        assert limits.TRENDS[found.trend[n, 0]] == said
    _, found, n = told(world(changed=rising), "it_hon", year=None)
    assert limits.TRENDS[found.trend[n, 0]] == "increasing"


def test_ranks_leave_out_what_is_too_few_and_what_could_be_anywhere():
    _, found, n = told(world(), "ty_le")
    first, last, vague = found.ranks(n)  # 80 %, 50 %, too few, 80 %
    assert vague.tolist() == [True, False, True, True]
    assert (first[1], last[1]) == (3, 3)
    assert (first[0], last[0]) == (1, 2)


def test_where_less_is_better_the_lowest_has_the_first_rank():
    _, found, n = told(world(), "it_hon")
    first, last, vague = found.ranks(n)
    assert (first[3], last[3], vague[3]) == (4, 4, False)


def test_hidden_counts_of_persons_are_not_judged_and_tell_no_trend():
    small = {("xong", "h3", year): 3 for year in (2015, 2019)}
    review = disclosure.protect(world(changed=small), 5)
    for key in ("xong", "ty_le"):
        states, found, n = told(review, key)
        assert states["h3"] == "hidden"
        assert np.isnan(found.compared[n, 2])
        assert limits.TRENDS[found.trend[n, 2]] == "cannot be calculated"
    assert told(review, "ty_le")[0]["h2"] in {"worse", "hidden"}
    assert told(review, "it_hon")[0] == told(world(), "it_hon")[0]


def test_a_ratio_over_the_period_is_judged_where_the_period_is_shown():
    review = disclosure.protect(world(changed={("xong", "h3", 2015): 3}), 5)
    states, found, n = told(review, "ty_le", year=None)
    hidden = cube.of(review).hidden("ty_le", found.peers.ids, (2014, 2020))
    assert hidden.tolist() == [state == "hidden" for state in states.values()]
    assert not hidden.all()
    assert found.compared[n, ~hidden] == pytest.approx(found.value[n, ~hidden])
    assert 100 * found.events[n, ~hidden] / found.base[n, ~hidden] == pytest.approx(found.value[n, ~hidden])

"""Small numbers: published examples, scipy's exact answers, and what must hold for any number."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from danvan_kit import limits

FIVE = [10, 12, 15, 20, 30]


# --- intervals --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("events", "out_of", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_gives_the_intervals_that_newcombe_published(events, out_of, low, high):
    # Newcombe, Stat. Med. 17 (1998) 857-872, table I, method 3
    assert np.round(limits.wilson(events, out_of), 4).tolist() == [low, high]


@given(out_of=st.integers(1, 5000), share=st.floats(0, 1))
def test_wilson_is_the_interval_of_scipy_and_holds_the_share(out_of, share):
    events = round(share * out_of)
    low, high = (float(end) for end in limits.wilson(events, out_of))
    exact = stats.binomtest(events, out_of).proportion_ci(method="wilson")
    assert low == pytest.approx(exact.low, abs=1e-12)
    assert high == pytest.approx(exact.high, abs=1e-12)
    assert 0 <= low <= events / out_of <= high <= 1


def test_wilson_has_no_interval_where_there_is_no_share():
    low, high = limits.wilson([1, 3, -1, np.nan, 1], [0, 2, 5, 5, np.nan])
    assert np.isnan(low).all()
    assert np.isnan(high).all()


def test_byar_is_nearly_the_exact_poisson_interval_from_ten_on():
    counts = np.arange(10, 2000)
    exact = stats.chi2.ppf(0.025, 2 * counts) / 2, stats.chi2.ppf(0.975, 2 * counts + 2) / 2
    for found, true in zip(limits.byar(counts), exact, strict=True):
        assert np.abs(found / true - 1).max() < 0.0025


def test_byar_of_nothing_begins_at_zero_and_of_the_unknown_is_unknown():
    low, high = limits.byar([0, np.nan, -1])
    assert low[0] == 0
    assert high[0] == pytest.approx(3.6689, abs=0.05)  # exact: 3.689
    assert np.isnan(low[1:]).all()
    assert np.isnan(high[1:]).all()


def test_counts_below_ten_get_the_exact_interval():
    counts = np.arange(limits.EXACT_BELOW)
    low, high = limits.poisson(counts)
    assert low[0] == 0
    assert low[1:] == pytest.approx(stats.chi2.ppf(0.025, 2 * counts[1:]) / 2, abs=1e-9)
    assert high == pytest.approx(stats.chi2.ppf(0.975, 2 * counts + 2) / 2, abs=1e-9)
    assert np.round([low[5], high[5]], 4).tolist() == [1.6235, 11.6683]  # the table of exact limits


@given(count=st.integers(0, 10**6))
def test_an_interval_of_a_count_holds_it(count):
    low, high = (float(end) for end in limits.poisson(count))
    assert low <= count < high


# --- funnels ----------------------------------------------------------------------------------------------------------


@settings(max_examples=60)
@given(size=st.integers(1, 3000), share=st.floats(0.01, 0.99), tail=st.sampled_from([0.025, 0.001]))
def test_a_share_lies_beyond_a_limit_only_if_it_is_that_rare(size, share, tail):
    low, high = (float(end[0]) for end in limits.binomial_limits([size], share, tail))
    law = stats.binom(size, share)
    counts = np.arange(size + 1)
    assert 0 <= low <= high <= 1
    clear = np.abs(law.cdf(counts) - tail) > 1e-9
    assert ((counts / size < low - 1e-9) == (law.cdf(counts) < tail))[clear].all()
    clear = np.abs(law.sf(counts - 1) - tail) > 1e-9
    assert ((counts / size > high + 1e-9) == (law.sf(counts - 1) < tail))[clear].all()


@settings(max_examples=60)
@given(mean=st.floats(0.05, 3000), tail=st.sampled_from([0.025, 0.001]))
def test_a_count_lies_beyond_a_limit_only_if_it_is_that_rare(mean, tail):
    low, high = (float(end[0]) for end in limits.poisson_limits([mean], tail))
    law = stats.poisson(mean)
    counts = np.arange(int(2 * mean + 40))
    clear = np.abs(law.cdf(counts) - tail) > 1e-9
    assert ((counts < low - 1e-9) == (law.cdf(counts) < tail))[clear].all()
    clear = np.abs(law.sf(counts - 1) - tail) > 1e-9
    assert ((counts > high + 1e-9) == (law.sf(counts - 1) < tail))[clear].all()


def test_limits_narrow_with_size_and_the_outer_ones_hold_the_inner_ones():
    sizes = [20, 200, 2000]
    inner, outer = (limits.binomial_limits(sizes, 0.8, tail) for tail in (limits.TAIL95, limits.TAIL998))
    assert (np.diff(inner[1] - inner[0]) < 0).all()
    assert (outer[0] < inner[0]).all()
    assert (outer[1] > inner[1]).all()


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_where_all_or_nothing_is_expected_chance_has_no_room(share):
    low, high = limits.binomial_limits([5, 50], share)
    assert low.tolist() == high.tolist() == [share, share]


def test_limits_of_no_sizes_are_no_limits():
    assert [end.tolist() for end in limits.poisson_limits([])] == [[], []]


def test_dispersion_is_one_by_chance_and_unknown_of_a_single_area():
    draws = np.random.default_rng(1).poisson(50, 4000)
    assert limits.dispersion(draws, np.full(4000, 50), np.full(4000, 50)) == pytest.approx(1, abs=0.1)
    assert np.isnan(limits.dispersion([1, np.nan], [1, 1], [1, 1]))


# --- ranks ------------------------------------------------------------------------------------------------------------


def test_areas_whose_intervals_meet_share_their_ranks():
    first, last = limits.rank_range([8, 5, 4, 1], [10, 7, 6, 2])
    assert first.tolist() == [1, 2, 2, 4]
    assert last.tolist() == [1, 3, 3, 4]


def test_where_less_is_better_the_lowest_comes_first():
    first, last = limits.rank_range([8, 5, 4, 1], [10, 7, 6, 2], best="low")
    assert first.tolist() == [4, 2, 2, 1]
    assert last.tolist() == [4, 3, 3, 1]


def test_what_has_no_interval_has_no_rank_and_takes_none_away():
    first, last = limits.rank_range([8, np.nan, 1], [10, np.nan, 2])
    assert np.array_equal(first, [1, np.nan, 2], equal_nan=True)
    assert np.array_equal(last, [1, np.nan, 2], equal_nan=True)


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 10)), min_size=1, max_size=12))
def test_ranks_count_who_is_surely_ahead_and_behind(spans):
    low = np.array([a for a, _ in spans], dtype=float)
    high = low + [b for _, b in spans]
    first, last = limits.rank_range(low, high)
    for n in range(len(spans)):
        assert first[n] == 1 + sum(low > high[n])
        assert last[n] == len(spans) - sum(high < low[n])
        assert first[n] <= last[n]


def test_ranks_over_more_than_half_are_too_wide():
    assert limits.too_wide([1, 1], [2, 3], 4).tolist() == [False, True]


# --- trends -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "out_of", "said"),
    [
        (FIVE, None, "increasing"),
        (FIVE[::-1], None, "decreasing"),
        ([10, 12, 9, 11, 10], None, "no significant change"),
        ([50, 55, 60, 65, 70], [100] * 5, "increasing"),
        ([50, 55, 60, 65, 70], [100, 110, 120, 130, 140], "no significant change"),
        ([1, 2, 3, 4], None, "cannot be calculated"),
        ([1, 2, np.nan, 4, 5], None, "cannot be calculated"),
        ([0] * 5, None, "cannot be calculated"),
        ([3] * 5, [3] * 5, "cannot be calculated"),
        ([3, 3, 3, 3, 4], [3] * 5, "cannot be calculated"),
        ([3] * 5, [9, 9, 0, 9, 9], "cannot be calculated"),
        ([90, 90, *FIVE], None, "increasing"),
    ],
    ids=[
        "up",
        "down",
        "level",
        "share up",
        "share level",
        "four",
        "gap",
        "zeros",
        "all",
        "over",
        "no base",
        "last five",
    ],
)
def test_a_trend_is_told_by_its_rule(values, out_of, said):
    assert limits.trend_test(values, out_of) == said


def test_a_count_that_grows_as_its_offices_do_has_no_trend():
    assert limits.trend_test([10, 20, 30, 40, 50]) == "increasing"
    assert limits.trend_test([10, 20, 30, 40, 50], exposures=[1, 2, 3, 4, 5]) == "no significant change"


@given(st.lists(st.integers(0, 60), min_size=5, max_size=5).filter(any))
def test_the_trend_of_counts_is_the_score_test_of_poisson_regression(values):
    # Given the sum, counts under no trend are multinomial with equal chances: mean and variance of sum(t*y) from scipy.
    total, t = sum(values), np.arange(5)
    law = stats.multinomial(total, [0.2] * 5)
    z = (t @ values - t @ law.mean()) / np.sqrt(t @ law.cov() @ t)
    assert float(limits.trend_scores(values)) == pytest.approx(z, abs=1e-9)


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 40)), min_size=5, max_size=5))
def test_the_trend_of_shares_is_the_chi_squared_test_for_trend(pairs):
    yes, no = np.array(pairs).T
    found = float(limits.trend_scores(yes, yes + no))
    if not yes.sum():
        assert np.isnan(found)
        return
    # N r^2 of the single persons is the statistic of Cochran and Armitage
    years = np.concatenate([np.repeat(np.arange(5), yes), np.repeat(np.arange(5), no)])
    ones = np.repeat([1, 0], [yes.sum(), no.sum()])
    if len(set(years.tolist())) > 1:
        r = stats.pearsonr(years, ones).statistic
        assert found**2 == pytest.approx(len(ones) * r**2, abs=1e-7)


def test_the_level_of_a_trend_is_five_in_a_hundred():
    codes = limits.trend_codes([-1.97, -1.95, 1.95, 1.97, np.nan])
    assert [limits.TRENDS[code] for code in codes] == [
        "decreasing", "no significant change", "no significant change", "increasing", "cannot be calculated",
    ]  # fmt: skip
    assert stats.norm.sf(limits.Z95) * 2 == pytest.approx(0.05)

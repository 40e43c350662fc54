"""A printed date or time is left out only when it is the clock of this run."""

from __future__ import annotations

import datetime as dt

import pytest

from danvan_kit.regression import clock

NOW = dt.datetime.now()  # noqa: DTZ005 - as notebooks print it
YESTERDAY = NOW - dt.timedelta(days=1)


@pytest.mark.parametrize("form", ["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"])
def test_this_day_after_an_earlier_one_is_the_clock(form):
    assert clock.is_now(YESTERDAY.strftime(form), NOW.strftime(form), dated=False)
    assert not clock.is_now(NOW.strftime(form), YESTERDAY.strftime(form), dated=False)


def test_a_moment_of_this_run_is_the_clock_and_one_of_this_morning_is_not():
    assert clock.is_now(YESTERDAY.isoformat(), NOW.isoformat(), dated=False)
    assert clock.is_now(repr(YESTERDAY), repr(NOW), dated=False)
    early = (NOW - dt.timedelta(hours=2)).isoformat()
    assert not clock.is_now(YESTERDAY.isoformat(), early, dated=False)


def test_a_time_of_day_counts_only_beside_this_day():
    times = YESTERDAY.strftime("%H:%M:%S"), NOW.strftime("%H:%M:%S")
    assert clock.is_now(*times, dated=True)
    assert not clock.is_now(*times, dated=False)


def test_a_date_of_the_data_that_became_this_day_is_a_figure():
    assert not clock.is_now("2014-06-30", NOW.strftime("%Y-%m-%d"), dated=False)


@pytest.mark.parametrize(("old", "new"), [("31-6-2026", "32-6-2026"), ("x", "y"), ("2026-01-01", "1-1-2026")])
def test_what_is_no_moment_or_of_another_form_is_not(old, new):
    assert not clock.is_now(old, new, dated=True)


def test_this_day_is_known_in_each_form():
    assert clock.is_today(NOW.strftime("%d/%m/%Y"))
    assert not clock.is_today(YESTERDAY.strftime("%d/%m/%Y"))
    assert not clock.is_today("12:30")

"""What a reader sees does not depend on what is hidden: two worlds that differ in nothing else look the same.

Stronger than to look for hidden numbers in the output: ranks, medians, colours, counts, readings and the order of rows
would give a figure away as well.
"""

from __future__ import annotations

import dataclasses
import inspect
import io
import json

import numpy as np
import pandas as pd
import pytest
from conftest import tiny_review
from hypothesis import given, settings
from hypothesis import strategies as st
from twin import twin

import danvan_kit as dk
from danvan_kit import cube, disclosure, reconcile, views
from danvan_kit.claims.values import Where, holders, value
from danvan_kit.disclosure import protect
from danvan_kit.documents import Head, gather, word
from danvan_kit.documents.appendix import workbook
from danvan_kit.errors import DanvanError
from danvan_kit.explorer import figures
from danvan_kit.findings import from_view
from danvan_kit.indicators import persons
from danvan_kit.reconcile import published
from danvan_kit.views._shown import table_of

NAMES = [name for name in views.__all__ if name != "View"]
COUNTS = ("don", "don_xong", "y_kien")


@pytest.fixture(scope="module")
def pair(shipped):
    """Return the shipped review, protected, and another with other hidden figures."""
    shared = protect(shipped)
    return shared, twin(shared)


def hidden_places(shared):
    """Return indicator, area and year of all hidden figures."""
    kept, ids = shared.hidden, list(shared.indicators.index)
    at = np.argwhere(kept.own | kept.total).tolist()
    return [(ids[i], shared.areas.ids[a], shared.years[y]) for i, a, y in at]


def drawn(function, places, shared, seed):
    """Return choices of a view at hidden figures, and at the areas above them."""
    draw, taken = np.random.default_rng(seed), inspect.signature(function).parameters
    options = {
        "level": [None, "district", "commune"],
        "basis": ["as_was", "constant"],
        "per": ["count", "count", "population"],
        "held_by": ["all_levels", "city", "district", "commune"],
        "lang": ["vi", "en"],
    }
    for key, area, year in places:
        for where in (area, *shared.areas.ancestors(area)):
            whole = taken["year"].default if "year" in taken else None
            choices = {"indicator": key, "area": where, "year": year if draw.random() < 0.6 else whole}
            choices |= {name: some[draw.integers(len(some))] for name, some in options.items()}
            yield {name: choice for name, choice in choices.items() if name in taken}


def seen(function, review, choices):
    """Return all that a reader gets of a view, as one text."""
    try:
        view = function(review, **choices)
    except DanvanError as refusal:
        return f"refused: {refusal}"
    shown = [view.title, table_of(view, "vi"), view.figure, view.reading, view.sources]
    return json.dumps(shown, ensure_ascii=False, default=lambda given: np.asarray(given).tolist())


# --- the shipped review -----------------------------------------------------------------------------------------------


def test_the_two_worlds_differ_in_most_hidden_figures_and_in_no_shown_one(pair):
    one, other = (cube.of(review) for review in pair)
    for name in ("own", "total"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
    counts = [key for key in pair[0].indicators.index if persons(pair[0].indicators, key)]
    moved = hidden = 0
    for i in (one.index(key) for key in counts if one.index(key) not in one.parts):
        hidden += int(pair[0].hidden.own[i].sum())
        moved += int((one.full.own[i] != other.full.own[i])[pair[0].hidden.own[i]].sum())
    assert moved > hidden / 2 > 100
    years = (pair[0].years[0], pair[0].years[-1])
    for key in pair[0].indicators.index:
        for period in (years, (2012, 2015)):
            for scope in ("own", "total"):
                found = [cells.column(key, pair[0].areas.ids, period, scope) for cells in (one, other)]
                np.testing.assert_array_equal(*found)


@pytest.mark.parametrize("name", NAMES)
def test_a_view_shows_nothing_of_what_is_hidden(pair, name):
    function, places = getattr(views, name), hidden_places(pair[0])
    draw = np.random.default_rng(NAMES.index(name))
    some = [places[n] for n in draw.integers(len(places), size=20)]
    answered = 0
    for choices in drawn(function, some, pair[0], NAMES.index(name)):
        first, second = (seen(function, review, choices) for review in pair)
        assert first == second, (name, choices)
        answered += not first.startswith("refused")
    assert answered or name in {"frequency", "waterfall"}  # these two refuse what counts persons


def test_the_checks_tell_nothing_of_what_is_hidden(pair):
    one, other = (dk.check(review) for review in pair)
    pd.testing.assert_frame_equal(one, other)
    held = pair[1].hidden.full
    assert len(dk.check(held)) > len(other)  # what cannot be in hidden figures is not listed ...
    assert any("bản làm việc" in line for line in views.problems(pair[1]).sources)  # ... and that is said


def test_reconciling_tells_nothing_of_what_is_hidden(pair):
    keys = [key for key in pair[0].indicators.index if persons(pair[0].indicators, key)]
    pd.testing.assert_frame_equal(*(reconcile.over_hundred(review) for review in pair))
    for key in keys:
        for review in pair:
            with pytest.raises(DanvanError):
                reconcile.chain(review, key)
    adds = [key for key in keys if pair[0].indicators.loc[key, "aggregation"] == "sum"]
    for key in adds:
        pd.testing.assert_frame_equal(*(published.statements(review, key) for review in pair))


def test_what_a_text_is_held_against_tells_nothing_of_what_is_hidden(pair):
    draw, places = np.random.default_rng(3), hidden_places(pair[0])
    for key, area, year in [places[n] for n in draw.integers(len(places), size=60)]:
        for where in (area, *pair[0].areas.ancestors(area)):
            for levels in ((), ("commune",), ("district",)):
                asked = Where((where,), frozenset(levels))
                for first, last in ((year, year), (2010, 2020), (year, min(year + 2, 2020))):
                    one, other = (value(review, key, asked, first, last) for review in pair)
                    assert repr(one) == repr(other)
                    one, other = (holders(review, key, asked, first, last) for review in pair)
                    assert repr(one) == repr(other)


def test_a_text_that_names_a_hidden_figure_is_undecided_whatever_it_says(pair):
    full = cube.of(pair[0].hidden.full)
    i, commune = full.index("don_thu_tiep_nhan"), (pair[0].areas.table["level"] == "commune").to_numpy()
    a, y = np.argwhere(pair[0].hidden.own[i] & commune[:, None])[0].tolist()
    area, year = pair[0].areas.ids[a], pair[0].years[y]
    texts = [
        f"[{n}](#indicator=don_thu_tiep_nhan&area={area}&year={year})" for n in (1, 2, 3, 4, int(full.own[i, a, y]))
    ]
    for text in texts:
        one, other = (dk.verify_claims(text, review) for review in pair)
        pd.testing.assert_frame_equal(one, other)
        assert one["verdict"].tolist() == ["undecided"]
        assert "ẩn" in one["reason"].iloc[0]


def test_an_explorer_and_what_a_saved_notebook_keeps_tell_nothing_of_what_is_hidden(pair):
    places = [place for place in hidden_places(pair[0]) if place[0] == "hoa_giai_thanh"]
    area = pair[0].areas.ancestors(places[0][1])[0]
    made = [
        dk.explore(views.compare, review, indicator="hoa_giai_thanh", area=area, pin=["area", "level", "per"]).frozen
        for review in pair
    ]
    assert made[0].digest == made[1].digest
    assert made[0].states > 20
    assert json.dumps(made[0].packed) == json.dumps(made[1].packed)
    assert figures.keep(pair[0], "vi") == figures.keep(pair[1], "vi")


# --- documents --------------------------------------------------------------------------------------------------------


def test_minutes_and_their_appendix_tell_nothing_of_what_is_hidden(pair, monkeypatch):
    monkeypatch.setattr(disclosure, "protect", lambda review, _: next(r for r in pair if r.hidden.full is review))
    at = np.argwhere(pair[0].hidden.own & (pair[0].areas.table["level"] == "commune").to_numpy()[:, None])
    books = []
    for review in pair:
        asked = []
        for i, a, y in at[[0, len(at) // 2, -1]].tolist():
            key, area, year = str(review.indicators.index[i]), review.areas.ids[a], review.years[y]
            above = {"indicator": key, "area": review.areas.ancestors(area)[0], "year": year}
            asked += [(views.trend, {"indicator": key, "area": area}), (views.compare, above)]
        found = [finding(review, n, *one) for n, one in enumerate(asked)]
        said = gather(review, found)
        assert said.review.threshold == 5
        assert len(said.veiled) == len(found)
        assert any("ẩn" in str(item.view.table.to_dict()) for item in said.items)
        books.append((word(said, Head()), sheets(workbook(said))))
    assert books[0] == books[1]


def finding(review, n, view, choices):
    """Return a finding on all figures, with an id and a time that do not come from the clock."""
    made = from_view(view, review.hidden.full, choices, statement=f"Nhận định {n}", kind="weakness", author="Lan")
    number = f"01731000-0000-7000-8000-{n:012d}"
    return dataclasses.replace(made, finding=number, time="2020-06-01T08:00:00.000+07:00")


def sheets(content):
    """Return what stands in each sheet of a workbook; its bytes have a clock in them."""
    found = pd.read_excel(io.BytesIO(content), sheet_name=None, header=None, dtype=str, engine="calamine")
    return {name: sheet.to_csv() for name, sheet in found.items()}


# --- small worlds -----------------------------------------------------------------------------------------------------


def small_world(draw):
    """Return a small review in which many counts are small, some missing, some halves of ratios lacking."""
    review = tiny_review()
    table = review.indicators.assign(persons=["yes" if key in COUNTS else "no" for key in review.indicators.index])
    seen = review.observations.copy()
    about = seen["indicator"].isin(["don", "don_xong"]).to_numpy()
    seen.loc[about, "value"] = draw.choice([0, 1, 2, 3, 4, 5, 6, 9, 30, np.nan], size=int(about.sum()))
    seen["status"] = seen["value"].isna().map({True: "missing", False: "reported"})
    log = review.records.copy()
    held = (log["activity"] == "doi_thoai").to_numpy()
    log.loc[held, "opinions"] = draw.integers(0, 9, size=int(held.sum()))
    return dataclasses.replace(review, indicators=table, observations=seen, records=log)


@settings(max_examples=8)
@given(st.integers(0, 10_000))
def test_views_of_small_worlds_show_nothing_of_what_is_hidden(seed):
    draw = np.random.default_rng(seed)
    shared = protect(small_world(draw), 5)
    pair, places = (shared, twin(shared, seed)), hidden_places(shared)
    for name in NAMES:
        function = getattr(views, name)
        some = [places[n] for n in draw.integers(len(places), size=2)] if places else []
        for choices in drawn(function, some, shared, seed):
            first, second = (seen(function, review, choices) for review in pair)
            assert first == second, (name, choices)

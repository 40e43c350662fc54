"""Small counts of persons are not shown where figures are shared, and cannot be worked out."""

from __future__ import annotations

import dataclasses
import json
import re

import nbformat
import numpy as np
import pandas as pd
import pytest
from audit import audit, audit_parts
from conftest import tiny_areas, tiny_review
from hypothesis import given, settings
from hypothesis import strategies as st

import danvan_kit as dk
from danvan_kit import checks, cube, disclosure, suppression
from danvan_kit.checks import rules
from danvan_kit.disclosure import DisclosureError, protect
from danvan_kit.indicators import IndicatorError, catalogue, persons
from danvan_kit.pages.files import PublishError
from danvan_kit.pages.page import page
from danvan_kit.review import ReviewError
from danvan_kit.views._view import WORKING

COUNTS = ("don", "don_xong", "y_kien")


def peopled(review, keys=COUNTS):
    table = review.indicators.assign(persons=["yes" if key in keys else "no" for key in review.indicators.index])
    return dataclasses.replace(review, indicators=table)


@pytest.fixture(scope="module")
def world():
    return peopled(tiny_review())


@pytest.fixture(scope="module")
def guarded(world):
    return protect(world, 5)


@pytest.fixture(scope="module")
def shared(shipped):
    return protect(shipped)


# --- what is hidden ---------------------------------------------------------------------------------------------------


def test_every_count_of_persons_below_the_threshold_is_hidden_and_other_figures_are_not(world, guarded):
    full, shown = cube.of(world), cube.of(guarded)
    for key in world.indicators.index:
        i = full.index(key)
        for before, after in ((full.own[i], shown.own[i]), (full.total[i], shown.total[i])):
            if key in COUNTS:
                assert np.isnan(after[(before > 0) & (before < 5)]).all()
            elif key != "ty_le":
                np.testing.assert_array_equal(before, after)


def test_a_shown_figure_is_the_true_one(world, guarded):
    full, shown = cube.of(world), cube.of(guarded)
    for before, after in ((full.own, shown.own), (full.total, shown.total)):
        there = ~np.isnan(after)
        np.testing.assert_array_equal(after[there], before[there])


def test_a_hidden_figure_is_not_a_missing_one(guarded):
    shown = cube.of(guarded)
    assert shown.hidden("don", ["a1"], 2010).tolist() == [True]
    assert np.isnan(shown.column("don", ["a1"], 2010)).all()
    assert shown.hidden("don", ["a2"], 2011).tolist() == [False]  # nobody reported it
    assert shown.reported[shown.index("don"), guarded.areas.row("a1"), 0]
    assert not shown.reported[shown.index("don"), guarded.areas.row("a2"), 1]
    assert shown.coverage("don", ["A"], 2010)[0].tolist() == [3]


def test_a_zero_is_shown():
    assert cube.of(protect(peopled(tiny_review()), 5)).column("don", ["b1"], 2010, scope="own").tolist() == [0.0]


def test_a_review_that_is_not_protected_hides_nothing(world):
    assert not cube.of(world).hidden("don", ["a1", "a2"]).any()
    assert not cube.of(world).hidden("don", ["a1", "a2"], (2010, 2011)).any()


def test_a_ratio_is_shown_only_where_it_can_be_computed_from_shown_figures(guarded):
    shown, ids = cube.of(guarded), guarded.areas.ids
    parts = [shown.matrix(key, ids) for key in ("don_xong", "don")]
    ratio = shown.matrix("ty_le", ids)
    assert np.isnan(ratio[np.isnan(parts[0]) | np.isnan(parts[1])]).all()
    assert shown.hidden("ty_le", ["a1"], 2010).all()


def test_the_sum_over_some_years_is_hidden_where_one_of_them_is(guarded):
    shown = cube.of(guarded)
    for area in guarded.areas.ids:
        some = shown.hidden("don", [area])[0, :2].any()
        assert shown.hidden("don", [area], (2010, 2011)).tolist() == [some]
        assert not some or np.isnan(shown.column("don", [area], (2010, 2011))).all()


def test_the_sum_over_all_years_is_true_though_some_years_are_hidden(shared):
    shown, full = cube.of(shared), cube.of(shared.hidden.full)
    district = [shared.areas.ids[a] for a in np.flatnonzero(shared.areas.table["level"] == "district")]
    years = (shared.years[0], shared.years[-1])
    np.testing.assert_array_equal(
        shown.column("vu_hoa_giai", district, years), full.column("vu_hoa_giai", district, years)
    )


def test_a_group_of_areas_is_hidden_where_one_of_them_is(guarded):
    shown = cube.of(guarded)
    hidden = shown.hidden("don", ["b2x", "b2"]).any(axis=0)
    assert np.isnan(shown.series("don", "b2", basis="constant")[hidden]).all()
    full = cube.of(guarded.hidden.full).series("don", "b2", basis="constant")
    np.testing.assert_array_equal(shown.series("don", "b2", basis="constant")[~hidden], full[~hidden])


# --- nothing can be worked out ----------------------------------------------------------------------------------------


def _own(draw_values, areas, years):
    return np.array(draw_values, dtype=np.float64).reshape(len(areas.ids), years)


@settings(max_examples=60)
@given(
    st.lists(st.sampled_from([0, 0, 1, 2, 3, 4, 4, 5, 7, 12, 40, None]), min_size=24, max_size=24),
    st.sampled_from([3, 5]),
)
def test_no_hidden_figure_of_a_random_tree_can_be_worked_out(values, threshold):
    areas = tiny_areas()
    own = _own([np.nan if v is None else v for v in values], areas, 3)
    known = cube.branch_sums((~np.isnan(own)).astype(np.int64), areas)
    total = np.where(known > 0, cube.branch_sums(np.nan_to_num(own), areas), np.nan)
    hidden = suppression.hide(own, total, areas, threshold)
    found = audit(own, total, areas, *hidden, threshold)
    small = [np.hstack([x, cube.nansum(x, 1)[:, None]]) for x in (own, total)]
    for mask, figures in zip(hidden, small, strict=True):
        assert mask[(figures > 0) & (figures < threshold)].all()
        assert not mask[np.isnan(figures)].any()
    # small sums of small counts say more than each alone, and nothing that is hidden can undo it
    inner = (areas.end > np.arange(len(areas.ids)) + 1)[:, None]
    few = [(x > 0) & (x < threshold) for x in small]
    tied = few[0][:, 3].any() or few[1][:, 3].any() or (few[1] & inner).any()
    assert tied or (found.recovered, found.narrowed) == (0, 0)


def test_small_counts_alone_would_be_worked_out(world):
    full, i = cube.of(world), cube.of(world).index("don")
    own, total = full.own[i], full.total[i]
    bare = [(x > 0) & (x < 5) for x in (np.hstack([y, cube.nansum(y, 1)[:, None]]) for y in (own, total))]
    assert audit(own, total, world.areas, *bare, 5).recovered > 0
    assert audit(own, total, world.areas, *suppression.hide(own, total, world.areas, 5), 5).recovered == 0


def test_nothing_of_the_shipped_petitions_can_be_worked_out(shared):
    full, i = cube.of(shared.hidden.full), cube.of(shared).index("don_thu_tiep_nhan")
    hidden = shared.hidden
    own = np.hstack([hidden.own[i], hidden.own_period[i][:, None]])
    total = np.hstack([hidden.total[i], hidden.total_period[i][:, None]])
    found = audit(full.own[i], full.total[i], shared.areas, own, total, 5)
    assert found.primary == 8
    assert (found.recovered, found.narrowed) == (0, 0)


def test_who_knows_that_a_part_is_not_above_its_whole_works_out_nothing_either(shared):
    full, hidden, pair = cube.of(shared.hidden.full), shared.hidden, []
    for i in (full.index("don_thu_da_giai_quyet"), full.index("don_thu_tiep_nhan")):
        masks = ((hidden.own, hidden.own_period), (hidden.total, hidden.total_period))
        pair.append((full.own[i], full.total[i], *(np.hstack([a[i], b[i][:, None]]) for a, b in masks)))
    found = audit_parts(*pair, shared.areas, 5)
    assert (found.primary, found.recovered, found.narrowed) == (21, 0, 0)
    bare = []
    for own, total, *_ in pair:  # what is enough for each alone tells more of both together
        bare.append((own, total, *suppression.hide(own, total, shared.areas, 5)))
    assert audit_parts(*bare, shared.areas, 5).narrowed > 0


def test_the_same_figures_are_hidden_at_each_run(world):
    one, other = protect(world, 5), protect(peopled(tiny_review()), 5)
    np.testing.assert_array_equal(one.hidden.own, other.hidden.own)
    np.testing.assert_array_equal(one.hidden.total, other.hidden.total)


# --- rows -------------------------------------------------------------------------------------------------------------


def test_no_row_of_the_reports_tells_a_hidden_figure(shared):
    rows = shared.observations
    keys = [key for key in shared.indicators.index if persons(shared.indicators, key)]
    of_persons = rows[rows["indicator"].isin(keys)]
    small = of_persons["value"].between(1, 4)
    assert not small.any()
    hidden = rows[rows["status"] == "hidden"]
    assert hidden["value"].isna().all()
    own = hidden[hidden["scope"] == "own"]
    shown = cube.of(shared)
    for row in own.head(50).itertuples():
        assert np.isnan(shown.column(row.indicator, [row.area], row.year, scope="own")).all()
    assert len(rows) == len(shared.hidden.full.observations)


def test_a_consolidated_report_is_hidden_where_reports_below_are_missing(world):
    more = (
        world.observations[world.observations["indicator"] == "don"]
        .head(1)
        .assign(area="A", year=2011, scope="consolidated", value=60.0)
    )
    filed = dataclasses.replace(world, observations=pd.concat([world.observations, more], ignore_index=True))
    last = protect(filed, 5).observations.iloc[-1]
    assert (last["status"], np.isnan(last["value"])) == ("hidden", True)


def test_the_log_leaves_out_the_opinions_of_an_offices_year_that_is_hidden(guarded):
    held = guarded.records[guarded.records["activity"] == "doi_thoai"].set_index("area")
    assert held.loc["a1", "opinions"].isna().all()  # 3 and 2
    assert held.loc["a1", "resolved"].isna().all()


def test_problems_on_persons_tell_no_number(shared):
    found = dk.check(shared)
    full = dk.check(shared.hidden.full)
    key = ["rule", "area", "year", "indicator", "source"]
    gone = full[~full.set_index(key).index.isin(found.set_index(key).index)]
    assert gone[["rule", "indicator"]].to_numpy().tolist() == [["impossible", "hoa_giai_thanh"]]  # of a hidden figure
    assert len(found) == len(full) - 1
    about = [bool(key) and persons(shared.indicators, key) for key in found["indicator"]]
    assert any(about)
    assert found.loc[about, ["expected", "found"]].isna().all().all()
    assert not found.loc[about, "message"].str.replace(r"năm \d{4}", "", regex=True).str.contains(r": \D*\d").any()
    assert found.loc[np.logical_not(about), "found"].notna().any()


def test_a_review_without_problems_stays_without(guarded):
    assert checks.check(guarded, ()).empty


# --- when -------------------------------------------------------------------------------------------------------------


def test_the_threshold_comes_from_the_environment_then_the_review_then_the_kit(world, tmp_path, monkeypatch):
    assert disclosure.due(world) == disclosure.DEFAULT
    (tmp_path / "review.toml").write_text("[disclosure]\nthreshold = 7\n", encoding="utf-8")
    there = dataclasses.replace(world, folder=tmp_path)
    assert disclosure.due(there) == 7
    monkeypatch.setenv(disclosure.ASKED, "0")
    assert disclosure.due(there) == 0
    assert protect(there) is there
    monkeypatch.setenv(disclosure.ASKED, "live")
    assert disclosure.due(there) == 7


@pytest.mark.parametrize("wrong", ["1", "2", "-3", "vài"])
def test_a_threshold_that_hides_nothing_is_refused_in_one_line(world, monkeypatch, wrong):
    monkeypatch.setenv(disclosure.ASKED, wrong)
    with pytest.raises(DisclosureError, match=re.escape("DANVAN_THRESHOLD = ")):
        disclosure.due(world)


def test_a_review_without_persons_needs_no_protection(tiny):
    assert disclosure.due(tiny) == 0
    assert protect(tiny) is tiny


def test_protecting_twice_is_protecting_once(world, guarded):
    assert protect(guarded, 5) is guarded
    assert protect(world, 5) is guarded
    assert (guarded.threshold, world.threshold) == (5, 0)


def test_further_reports_count_in_a_protected_review_too(world, guarded):
    row = world.observations[world.observations["source"] == "A/2010.xlsx#B1!don"].assign(value=50.0)
    new = dk.with_reports(guarded, row)
    assert new.threshold == 5
    assert cube.of(new.hidden.full).column("don", ["A"], 2010, scope="own").tolist() == [50.0]
    assert cube.of(dk.with_reports(world, row)).column("don", ["C"], 2010).tolist() == [83.0]
    assert len(new.observations) == len(world.observations)


def test_rows_cannot_be_slipped_into_a_protected_review(guarded):
    with pytest.raises(ReviewError, match="with_reports"):
        dataclasses.replace(guarded, observations=guarded.observations.assign(value=1.0))


def test_persons_stand_only_behind_what_adds_up(tiny):
    table = tiny.indicators.reset_index(drop=True).assign(persons="no")
    table.loc[table["indicator"] == "to", "persons"] = "yes"
    with pytest.raises(IndicatorError, match="persons = 'yes' không đi với 'last'"):
        catalogue(table)


def test_a_script_sees_all_figures_and_a_notebook_that_only_runs_does_not(monkeypatch):
    class Shell:
        kernel = None

    import IPython  # noqa: PLC0415

    folder = "data"
    monkeypatch.delenv(disclosure.LIVE, raising=False)
    monkeypatch.setattr(disclosure.reviews, "load", lambda _, **_given: peopled(tiny_review()))
    assert dk.load(folder).threshold == 0
    monkeypatch.setattr(IPython, "get_ipython", Shell)
    assert dk.load(folder).threshold == 5
    monkeypatch.setenv(disclosure.LIVE, "book.ipynb")
    looked_on = dk.load(folder)
    assert looked_on.threshold == 0
    assert disclosure.exposed(looked_on)


# --- what a reader sees -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def somewhere(shared):
    """Return a commune, its district and a year in which its mediations are hidden."""
    shown, table = cube.of(shared), shared.areas.table
    i = shown.index("hoa_giai_thanh")
    commune = (table["level"] == "commune").to_numpy()[:, None]
    a, y = (int(n[0]) for n in np.nonzero(shared.hidden.own[i] & commune))
    return shared.areas.ids[a], shared.areas.ancestors(shared.areas.ids[a])[0], shared.years[y]


@pytest.mark.parametrize(("lang", "mark", "why"), [("vi", "ẩn", "bảo vệ"), ("en", "hidden", "protect")])
@pytest.mark.parametrize("name", ["trend", "compare", "heatmap", "drilldown", "peers"])
def test_a_hidden_figure_is_marked_in_table_picture_and_sources(shared, somewhere, name, lang, mark, why):
    commune, district, year = somewhere
    choices = {
        "trend": {"indicator": "hoa_giai_thanh", "area": commune},
        "compare": {"indicator": "hoa_giai_thanh", "area": district, "year": year},
        "heatmap": {"indicator": "hoa_giai_thanh", "area": district},
        "drilldown": {"indicator": "hoa_giai_thanh", "area": district, "year": year},
        "peers": {"area": commune, "year": year},
    }[name]
    view = getattr(dk.views, name)(shared, lang=lang, **choices)
    assert view.table.astype(str).eq(mark).any().any()
    assert why in view.reading
    assert any(why in line for line in view.sources)
    if name != "drilldown":
        assert why in json.dumps(view.figure, ensure_ascii=False)
    bundle, payload = view._repr_mimebundle_()
    assert f">{mark}<" in bundle["text/html"]
    assert "whole" not in payload["danvan"]


def test_a_level_of_which_some_offices_are_hidden_is_what_the_others_leave_of_the_total(shared, somewhere):
    _, district, year = somewhere
    choices = {"indicator": "hoa_giai_thanh", "area": district, "year": year}
    open_view = dk.views.drilldown(shared.hidden.full, **choices)
    assert open_view.reading.split(";")[0] == dk.views.drilldown(shared, **choices).reading.split(";")[0]


def test_a_consolidated_figure_that_is_hidden_is_no_missing_one(shared):
    view = dk.views.reconciliation(shared, indicator="vu_hoa_giai")
    full = dk.views.reconciliation(shared.hidden.full, indicator="vu_hoa_giai")
    assert "Ẩn để bảo vệ người dân" in view.table["Kết luận"].tolist()
    assert view.table["Đơn vị chưa báo cáo"].tolist() == full.table["Đơn vị chưa báo cáo"].tolist()
    shown = view.table["Kết luận"] != "Ẩn để bảo vệ người dân"
    assert view.table[shown].astype(str).equals(full.table[shown].astype(str))


def test_a_view_of_what_no_person_stands_behind_says_nothing_of_hiding(shared):
    assert not any("bảo vệ" in line for line in dk.views.trend(shared, indicator="cuoc_giam_sat").sources)
    assert not any("bảo vệ" in line for line in dk.views.completeness(shared).sources)


def test_completeness_counts_hidden_reports_as_given(shared):
    assert dk.views.completeness(shared).table.equals(dk.views.completeness(shared.hidden.full).table)


# --- what was saved while somebody looked on --------------------------------------------------------------------------


def test_what_shows_small_counts_is_marked_and_no_page_is_made_of_it(world, monkeypatch):
    monkeypatch.setenv(disclosure.LIVE, "book.ipynb")
    view = dk.views.trend(world, indicator="don", area="a1")
    assert WORKING["vi"] in view.sources
    data, metadata = view._repr_mimebundle_()
    assert metadata["danvan"]["whole"]
    cell = nbformat.v4.new_code_cell("1", execution_count=1)
    cell.outputs = [nbformat.v4.new_output("display_data", data, metadata=metadata)]
    with pytest.raises(PublishError, match="--as-saved"):
        page(nbformat.v4.new_notebook(cells=[cell]), name="book")
    assert dk.explore(dk.views.trend, world)._repr_mimebundle_()[1]["danvan"]["whole"]


def test_what_is_protected_is_not_marked(guarded, monkeypatch):
    monkeypatch.setenv(disclosure.LIVE, "book.ipynb")
    assert "whole" not in dk.views.trend(guarded, indicator="don", area="a1")._repr_mimebundle_()[1]["danvan"]


def test_a_problem_that_would_narrow_a_hidden_figure_down_is_not_listed(world):
    log = world.records.copy()
    log.loc[(log["area"] == "a1").to_numpy() & (log["opinions"] == 3).fillna(value=False).to_numpy(), "resolved"] = 4
    odd = dataclasses.replace(world, records=log)
    assert dk.check(odd, (rules.impossible,))["found"].tolist().count(4.0) == 1  # 4 resolved of 3 raised
    assert 4.0 not in dk.check(protect(odd, 5), (rules.impossible,))["found"].tolist()

"""A whole country: it adds up, a change is bounded work and leaves nothing, a name is found among 11 thousand."""

from __future__ import annotations

import gc
import json
import random
import sys
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from browser import browsing

import danvan_kit as dk
from danvan_kit import cube
from danvan_kit.explorer import figures
from danvan_kit.explorer.canvas import STATIC, page_view
from danvan_kit.explorer.unpack import unpack
from danvan_kit.pages import publish
from danvan_kit.pages.files import PublishError
from danvan_kit.simulate import country_review
from danvan_kit.views._shown import PAGE_ROWS, table_of

ROOT = Path(__file__).parents[1]
VIEWS = ("trend", "compare", "heatmap", "drilldown", "completeness")
LISTED = 13  # what the search shows at most: twelve areas, and how many more there are


@pytest.fixture(scope="module")
def small():
    return country_review(ROOT / "data", communes=1500, records=30_000)


@pytest.fixture(scope="module")
def land():
    """Return a country of full size with a short log."""
    return country_review(ROOT / "data", records=50_000)


# --- it adds up -------------------------------------------------------------------------------------------------------


def test_the_country_is_the_sum_of_its_provinces_for_each_kind_of_figure(small):
    found, table = cube.of(small), small.indicators
    provinces = small.areas.rows(small.areas.children(small.areas.root))
    assert len(provinces) == 63
    assert set(table["aggregation"]) == {"sum", "last", "ratio", "none"}
    for i, (name, about) in enumerate(table.iterrows()):
        country, below = found.total[i, 0], found.total[i, provinces]
        if about["aggregation"] in {"sum", "last"}:
            np.testing.assert_array_equal(country, cube.nansum(below, axis=0), err_msg=name)
        elif about["aggregation"] == "ratio":
            up, down = (cube.nansum(part[provinces], axis=0) for part in found.parts[i][2:])
            np.testing.assert_array_equal(country, np.where(down > 0, 100 * up / down, np.nan), err_msg=name)
        else:  # what is never added the country does not have
            assert np.isnan(country).all(), name


def test_the_log_of_the_country_is_in_its_totals_to_the_last_record(small):
    counted = small.indicators[(small.indicators["record_activity"] != "") & (small.indicators["record_value"] == "")]
    found, span = cube.of(small), (small.years[0], small.years[-1])
    added = counted["aggregation"] == "sum"
    held = sum(found.column(i, [small.areas.root], span)[0] for i in counted.index[added])
    held += sum(np.nansum(found.own[found.index(i)]) for i in counted.index[~added])  # never added by the cube
    assert held == len(small.records) == 30_000


def test_the_same_seed_makes_the_same_country_and_another_seed_another(small):
    again = country_review(ROOT / "data", communes=1500, records=30_000)
    np.testing.assert_array_equal(cube.of(again).total, cube.of(small).total)
    other = country_review(ROOT / "data", seed=7, communes=1500, records=30_000)
    assert not np.array_equal(cube.of(other).total, cube.of(small).total, equal_nan=True)


def test_every_name_below_the_provinces_says_that_it_is_simulated(small):
    table = small.areas.table
    low = table[table["level"].isin(["district", "commune"])]
    assert low["name"].str.contains(" mô phỏng ").all()
    assert small.simulated
    assert set(small.observations["origin"]) == {"simulated"}


def test_the_levels_are_called_what_they_are_in_a_country_and_in_a_city(small, shipped):
    assert list(small.areas.levels.values()) == ["country", "province", "district", "commune"]
    assert list(shipped.areas.levels.values()) == ["city", "district", "commune"]
    reading = dk.views.drilldown(small).reading
    assert "cấp tỉnh" in reading
    assert "Thành phố tự tổ chức" not in reading
    with pytest.raises(dk.DanvanError, match="Tỉnh, thành phố"):
        dk.views.compare(small, indicator="truong_bdv_uvbtv", level="commune")


# --- a change is bounded work -----------------------------------------------------------------------------------------


def _calls(work):
    """Return how many functions are called; the second time, for the first fills caches."""
    work()
    count = 0

    def note(_, event, __):
        nonlocal count
        count += event in {"call", "c_call"}

    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("name", VIEWS)
@pytest.mark.parametrize("area", ["VN", "P06", "D100"])
def test_a_change_in_the_country_is_bounded_work_and_a_bounded_message(land, name, area):
    view = getattr(dk.views, name)
    levels = [None, *(level for level in ("district", "commune") if "level" in view.__kwdefaults__ and area == "VN")]
    for level in levels:
        choices = {"area": area} | ({"level": level} if level else {})
        found = view(land, **choices)
        picture, table = page_view(found), table_of(found, "vi", PAGE_ROWS)
        assert len(json.dumps(picture)) < 400_000
        assert len(table["rows"]) <= PAGE_ROWS
        assert len(table["rows"]) == len(found.table) or table["more"]
        # 11 thousand communes may each be touched a few times, never once for each of the others
        assert _calls(lambda chosen=choices: page_view(view(land, **chosen))) < 12 * len(land.areas.ids)


def test_the_picture_of_a_country_leaves_its_communes_to_the_provinces_and_says_so(land, shipped):
    found = dk.views.drilldown(land)
    drawn = found.figure["data"][0]
    assert len(found.table) == 1 + 63 + 705
    assert "11.000 đơn vị" in found.reading
    tops = {p for p, area in zip(drawn["parents"], drawn["ids"], strict=True) if area.startswith("D")}
    assert len(tops) == 63
    branch = land.areas.branch("P06")
    assert len(dk.views.drilldown(land, area="P06").table) == branch.stop - branch.start
    assert "chưa vẽ" not in dk.views.drilldown(shipped).reading


def test_a_thousand_changes_leave_no_memory_behind(small):
    draw = random.Random(290)  # noqa: S311 - the same choices each time
    explorers = [dk.explore(getattr(dk.views, name), small) for name in VIEWS]

    def change(times):
        for _ in range(times):
            explorer = draw.choice(explorers)
            control = draw.choice(list(explorer.controls.values()))
            explorer.set(**{control.name: draw.choice(control.options)})
            explorer._table()

    change(300)  # fills the caches, which are bounded
    gc.collect()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        change(1000)
        gc.collect()
        left = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert left < 4_000_000


# --- a shared page holds one province ---------------------------------------------------------------------------------


def test_a_shared_page_holds_a_province_what_is_below_and_what_is_above_it(small):
    explorer = dk.explore(dk.views.trend, small, area="P06", within="P06", states=500)
    head, _ = unpack(explorer.frozen.packed)
    axes = dict(head["axes"])
    branch = set(small.areas.ids[small.areas.branch("P06")]) | {"VN"}
    assert set(axes["area"]) <= branch
    assert 27 < explorer.frozen.states <= 500
    areas = next(spec for spec in head["controls"] if spec["kind"] == "area")
    assert {row[0] for row in areas["rows"]} == set(axes["area"])
    assert areas["why"]
    whole = dk.explore(dk.views.trend, small, area="P06", within="P06", pin=["indicator", "basis"])
    head, _ = unpack(whole.frozen.packed)
    areas = next(spec for spec in head["controls"] if spec["kind"] == "area")
    assert set(dict(head["axes"])["area"]) == branch
    assert areas["why"] == "trang này chứa Tỉnh Điện Biên, các đơn vị bên dưới và bên trên"
    assert len(whole.controls["area"].options) == len(small.areas.ids)  # live it has them all


def test_the_figures_kept_for_a_province_are_those_its_page_shows(small):
    kept = figures.read(figures.keep(small, "vi", "D100"))
    province = small.areas.ancestors("D100")[0]
    assert {"VN", province, "D100", "P00", "P62"} <= set(kept.areas)
    assert set(small.areas.children("D100")) | set(small.areas.children(province)) <= set(kept.areas)
    assert not set(small.areas.children("D400")) & set(kept.areas)
    rows = small.areas.rows(list(kept.areas))
    shown = [cube.of(small).index(i) for i in kept.indicators]
    np.testing.assert_array_equal(kept.values, cube.of(small).total[shown][:, rows])


def test_an_area_that_is_not_there_cannot_limit_a_page(small):
    with pytest.raises(dk.DanvanError, match="'P99'"):
        dk.explore(dk.views.trend, small, within="P99")


def test_pages_for_provinces_are_made_of_the_notebook_of_the_country_only(small, shipped, tmp_path):
    books = ROOT / "notebooks"
    with pytest.raises(PublishError, match="--each"):
        publish([books / "08_country.ipynb"], to=tmp_path, each=["city"], data=shipped)
    with pytest.raises(PublishError, match="--each"):
        publish([books / "03_area_profile.ipynb"], to=tmp_path, each=["city"], data=small)


# --- the area picker --------------------------------------------------------------------------------------------------

# The explorer's own script, answered by a stand-in for the kernel.
PAGE = """
([script, spec]) => new Promise((done) => {
  const text = script.replace("export default", "globalThis.widget =");
  const node = document.createElement("script");
  node.textContent = `{${text}}`;
  document.head.append(node);
  const heard = [];
  globalThis.sent = [];
  const model = {
    on: (_, listener) => heard.push(listener),
    off: () => undefined,
    send: (message) => {
      globalThis.sent.push(message);
      const state = { ...spec.state, choices: { ...spec.state.choices, ...message.set } };
      if (message.ask === "state") setTimeout(() => (heard.forEach((f) => f(spec, [])), done()));
      if (message.set) setTimeout(() => heard.forEach((f) => f({ kind: "state", state }, [])));
    },
  };
  globalThis.widget.render({ model, el: document.body });
})
"""
COUNTED = "() => document.querySelectorAll('option').length"


@pytest.fixture(scope="module")
def described(land):
    return json.loads(json.dumps({"kind": "spec"} | dk.explore(dk.views.trend, land)._describe()))


@pytest.fixture(scope="module")
def picker(described):
    script = "".join((STATIC / f"{name}.js").read_text(encoding="utf-8") for name in ("finding", "explorer"))
    with browsing() as page:
        page.evaluate(PAGE, [script, described])
        yield page


def test_a_name_is_found_among_eleven_thousand_by_a_few_letters(picker, described, land):
    areas = next(spec for spec in described["controls"] if spec["kind"] == "area")
    assert len(areas["rows"]) == len(land.areas.ids) > 11_000
    assert len(json.dumps(areas, ensure_ascii=False).encode()) < 800_000
    box = picker.get_by_role("combobox", name="Tìm đơn vị")
    options = picker.locator(".dvk-found li")
    box.fill("dien bien")
    assert options.first.inner_text() == "Tỉnh Điện Biên"  # the upper level before what is below it
    assert options.count() == LISTED
    assert "hãy gõ thêm chữ" in options.last.inner_text()
    district = land.areas.children("P06")[0]
    commune = land.areas.children(district)[0]
    number = land.areas.name(commune).rpartition(" ")[2]
    box.fill(f"{number} dien bien")  # a name together with one above it
    assert options.first.inner_text().startswith(land.areas.name(commune))
    assert options.first.locator("small").inner_text().strip() == f"{land.areas.name(district)}, Tỉnh Điện Biên"
    box.press("Enter")
    assert picker.evaluate("sent.filter((m) => m.set).at(-1)") == {"set": {"area": commune}}


def test_the_lists_of_a_country_hold_only_what_is_right_below(picker, land):
    box = picker.locator(".dvk-cascade select")
    assert picker.locator(".dvk-cascade label > span:first-child").all_inner_texts()[:4] == [
        "Cả nước", "Tỉnh, thành phố", "Quận, huyện, thị xã", "Xã, phường, thị trấn",
    ]  # fmt: skip
    assert box.nth(1).locator("option").count() == 64
    box.nth(1).select_option("")
    assert box.nth(2).is_disabled()
    box.nth(1).select_option("P06")
    below = land.areas.children("P06")
    assert box.nth(2).locator("option").count() == 1 + len(below)
    assert box.nth(2).locator("option").first.inner_text() == "— toàn tỉnh, thành phố —"
    box.nth(2).select_option(below[0])
    box.nth(3).select_option(land.areas.children(below[0])[0])
    box.nth(2).select_option("")
    assert [m["set"]["area"] for m in picker.evaluate("sent.filter((m) => m.set)")][-1] == "P06"
    assert picker.evaluate(COUNTED) < 400
    box.nth(1).select_option("")
    picker.wait_for_function("sent.filter((m) => m.set).at(-1).set.area === 'VN'")
    assert box.nth(2).is_disabled()

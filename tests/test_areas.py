"""Areas in time."""

from __future__ import annotations

import pandas as pd
import pytest
from conftest import tiny_areas
from hypothesis import given
from hypothesis import strategies as st

from danvan_kit.areas import AreaError, Areas

DAYS = ["2010-06-30", "2014-06-30", "2020-06-30"]


@pytest.mark.parametrize(
    ("day", "districts", "wards", "towns", "communes"),
    [("2010-06-30", 29, 154, 22, 401), ("2013-12-27", 29, 154, 22, 401), ("2013-12-28", 30, 177, 21, 386),
     ("2014-06-30", 30, 177, 21, 386), ("2020-02-29", 30, 177, 21, 386), ("2020-03-01", 30, 175, 21, 383),
     ("2020-06-30", 30, 175, 21, 383)],
)  # fmt: skip
def test_hanoi_has_its_published_number_of_areas_on_each_day(shipped, day, districts, wards, towns, communes):
    assert len(shipped.areas.at(day, "district")) == districts
    kinds = shipped.areas.at(day, "commune")["kind"].value_counts().to_dict()
    assert kinds == {"phường": wards, "thị trấn": towns, "xã": communes}


@pytest.mark.parametrize("day", DAYS)
def test_every_valid_area_lies_below_a_valid_area(shipped, day):
    valid = shipped.areas.at(day)
    assert set(valid["parent"]) - {""} <= set(valid["area"])


@pytest.mark.parametrize("day", DAYS)
def test_a_code_names_one_area_on_any_day(shipped, day):
    assert not shipped.areas.at(day)["code"].duplicated().any()


def test_code_019_was_huyen_tu_liem_and_is_quan_nam_tu_liem(shipped):
    def named(day):
        districts = shipped.areas.at(day, "district")
        return districts.loc[districts["code"] == "019", "name"].item()

    assert named("2013-12-27") == "Huyện Từ Liêm"
    assert named("2014-01-01") == "Quận Nam Từ Liêm"


def test_a_code_with_two_meanings_is_asked_about_not_guessed(shipped):
    with pytest.raises(AreaError, match=r"019a \(Huyện Từ Liêm\), 019b \(Quận Nam Từ Liêm\)"):
        shipped.areas.get("019")


def test_an_unknown_area_is_named_in_the_error(shipped):
    with pytest.raises(AreaError, match="'99999'"):
        shipped.areas.row("99999")


def test_an_unknown_level_and_a_bad_date_are_refused(shipped):
    with pytest.raises(AreaError, match="'ward'"):
        shipped.areas.at("2014-01-01", "ward")
    with pytest.raises(AreaError, match="'yesterday'"):
        shipped.areas.at("yesterday")


def test_the_branch_of_a_district_is_itself_and_its_communes(shipped):
    areas = shipped.areas
    for district in areas.table.loc[areas.table["level"] == "district", "area"]:
        branch = areas.ids[areas.branch(district)]
        assert branch == [district, *areas.children(district)]


def test_ancestors_come_nearest_first(shipped):
    assert shipped.areas.ancestors("00001") == ["001", "01"]
    assert shipped.areas.ancestors("01") == []


def test_children_can_be_asked_for_one_year():
    areas = tiny_areas()
    assert areas.children("B") == ["b1", "b2x", "b2"]
    assert areas.children("B", 2011) == ["b1", "b2x"]
    assert areas.children("B", 2012) == ["b1", "b2"]


def test_an_area_that_ended_in_february_stood_that_year_but_does_not_report_for_it(shipped):
    areas, row = shipped.areas, shipped.areas.row("00250")
    assert areas.stood([2019, 2020, 2021])[row].tolist() == [True, True, False]
    assert areas.valid([2019, 2020, 2021])[row].tolist() == [True, False, False]


def test_the_lineage_of_a_new_district_names_its_resolution(shipped):
    lineage = shipped.areas.lineage("021")
    assert lineage["from_area"].tolist() == ["019a"]
    assert "132/NQ-CP" in lineage["resolution"].item()
    assert shipped.areas.lineage("001").empty


def test_no_change_crosses_a_constant_group(shipped):
    areas = shipped.areas
    for old, new in zip(areas.changes["from_area"], areas.changes["to_area"], strict=True):
        assert areas.group(old) == areas.group(new)
        assert {old, new} <= set(areas.group(old))


def test_the_three_districts_of_tu_liem_are_one_constant_group(shipped):
    assert shipped.areas.group("021") == ("019a", "019b", "021")
    assert shipped.areas.group("001") == ("001",)


def test_every_area_that_begins_or_ends_inside_the_review_has_a_lineage(shipped):
    table = shipped.areas.table
    moved = table.loc[table["valid_from"].notna() | table["valid_to"].notna(), "area"]
    linked = set(shipped.areas.changes["from_area"]) | set(shipped.areas.changes["to_area"])
    assert set(moved) <= linked


def test_changes_begin_on_the_first_day_of_the_new_and_end_the_old(shipped):
    table = shipped.areas.table.set_index("area")
    for row in shipped.areas.changes.itertuples():
        old, new = table.loc[row.from_area], table.loc[row.to_area]
        assert pd.isna(new["valid_from"]) or new["valid_from"] == row.date
        assert old["valid_to"] == row.date - pd.Timedelta(days=1)


def _table(parents):
    rows = [(a, a, a, "xã", "commune", p, pd.NaT, pd.NaT) for a, p in parents.items()]
    columns = ["area", "code", "name", "kind", "level", "parent", "valid_from", "valid_to"]
    return pd.DataFrame(rows, columns=columns)


NO_CHANGES = pd.DataFrame(
    columns=["change", "date", "kind", "from_area", "to_area", "part", "resolution", "note"], dtype="str"
)


@pytest.mark.parametrize(
    ("parents", "words"),
    [({"x": "", "y": "?"}, "'y'.*'\\?'"), ({"x": "", "y": ""}, "2 "), ({"x": "", "y": "z", "z": "y"}, "'[yz]'")],
)
def test_a_table_that_is_no_tree_is_refused(parents, words):
    with pytest.raises(AreaError, match=words):
        Areas(_table(parents), NO_CHANGES)


def test_an_id_that_stands_twice_is_refused():
    table = pd.concat([_table({"x": ""}), _table({"x": ""})])
    with pytest.raises(AreaError, match="'x'"):
        Areas(table, NO_CHANGES)


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=40))
def test_preorder_puts_every_descendant_inside_its_branch(choices):
    parents = {"n0": ""} | {f"n{i + 1}": f"n{c % (i + 1)}" for i, c in enumerate(choices)}
    areas = Areas(_table(parents), NO_CHANGES)
    for area in areas.ids:
        branch = set(areas.ids[areas.branch(area)])
        assert branch == {a for a in areas.ids if a == area or area in areas.ancestors(a)}

"""Files from a page stay in their own folder, whatever they are called."""

from __future__ import annotations

import gc

from hypothesis import given
from hypothesis import strategies as st

from danvan_kit.forms.uploads import Uploads, safe_names


def test_a_good_name_stays_as_it_is():
    names = ["Biểu số 1 – Quận Ba Đình (2019).xlsx", "a.b.csv"]
    assert safe_names(names) == names


def test_a_name_that_wants_out_loses_its_way():
    assert safe_names(["../../etc/passwd.xlsx", "..\\..\\x.xls", "/x.csv", "C:\\x.ods"]) == [
        "_.._etc_passwd.xlsx", "_.._x.xls", "_x.csv", "C__x.ods",
    ]  # fmt: skip


def test_names_that_a_system_keeps_for_itself_are_changed():
    assert safe_names(["CON.xlsx", "nul", "Com1.tar.csv", ".xlsx", "", "...", "~$a.xlsx"]) == [
        "_CON.xlsx", "_nul", "_Com1.tar.csv", "xlsx", "_", "_ (2)", "~$a.xlsx",
    ]  # fmt: skip


def test_the_marks_between_file_sheet_and_cell_do_not_stand_in_a_name():
    assert safe_names(["a#b!c.xlsx"]) == ["a_b_c.xlsx"]


def test_two_files_of_one_name_stay_two_also_where_capitals_do_not_count():
    assert safe_names(["a.xlsx", "A.XLSX", "a.xlsx"]) == ["a.xlsx", "A (2).XLSX", "a (3).xlsx"]


@given(st.lists(st.text(max_size=300), max_size=4))
def test_any_names_give_as_many_files_all_in_the_folder(names):
    uploads = Uploads()
    paths = uploads.take({"name": name, "content": str(n).encode()} for n, name in enumerate(names))
    assert [path.read_bytes() for path in paths] == [str(n).encode() for n in range(len(names))]
    assert {path.resolve().parent for path in paths} <= {uploads._home.resolve() / "1"}


def test_only_the_last_choice_is_kept_when_the_others_are_forgotten():
    uploads = Uploads()
    (old,) = uploads.take([{"name": "a.xlsx", "content": memoryview(b"old")}])
    (new,) = uploads.take([{"name": "a.xlsx", "content": memoryview(b"new")}])
    uploads.forget()
    assert not old.exists()
    assert new.read_bytes() == b"new"


def test_the_folder_goes_with_its_owner():
    uploads = Uploads()
    (path,) = uploads.take([{"name": "a.xlsx", "content": b"x"}])
    assert path.exists()
    del uploads
    gc.collect()
    assert not path.parents[1].exists()

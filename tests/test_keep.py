"""Forms filed in a folder."""

from __future__ import annotations

import hashlib

import pandas as pd
import pytest
from form_sheets import TITLE
from test_read import write

import danvan_kit as dk
from danvan_kit import tables
from danvan_kit.forms.keep import KeepError, keep

COMMUNE = (
    TITLE
    + "STT | Chỉ tiêu | Của riêng đơn vị\n1 | Cuộc giám sát | 5\n2 | Hội nghị phản biện | 2\n3 | Lượt tiếp công dân |"
)


def kept(folder):
    return tables.read(folder / "observations.csv", "observations")


def text(folder, name):
    return pd.read_csv(folder / name, dtype="str", keep_default_na=False)


@pytest.fixture
def form(tmp_path):
    return write(tmp_path / "a.xlsx", COMMUNE + "\nNgày nhận: 05-01-2015")


def test_a_form_is_filed_with_its_figures_its_rows_and_its_original(shipped, form, tmp_path):
    into = tmp_path / "nhan"
    told = keep(dk.read_forms(form, shipped), into)
    assert str(told) == "1 tệp mới, 3 số liệu mới, 0 số liệu được sửa"
    digest = hashlib.sha256(form.read_bytes()).hexdigest()
    place = f"{digest[:16]}/a.xlsx"
    assert (into / "originals" / place).read_bytes() == form.read_bytes()
    assert (into / "originals" / "SHA256SUMS").read_text(encoding="utf-8") == f"{digest}  {place}\n"
    figures = kept(into)
    assert figures["source"].iloc[0] == f"originals/{place}#Biểu!C5"
    assert figures["value"].tolist()[:2] == [5, 2]
    assert text(into, "rows.csv")["filled"].tolist() == ["1", "1", "0"]
    assert text(into, "forms.csv")[["file", "area", "year", "received"]].to_numpy().tolist() == [
        ["a.xlsx", "00001", "2014", "2015-01-05"]
    ]


def test_filing_the_same_form_again_changes_not_a_byte(shipped, form, tmp_path):
    into = tmp_path / "nhan"
    keep(dk.read_forms(form, shipped), into)
    before = {p: p.read_bytes() for p in into.rglob("*") if p.is_file()}
    form.rename(tmp_path / "other name.xlsx")
    told = keep(dk.read_forms(tmp_path / "other name.xlsx", shipped), into)
    assert str(told) == "0 tệp mới, 0 số liệu mới, 0 số liệu được sửa, 1 tệp đã có từ trước"
    assert {p: p.read_bytes() for p in into.rglob("*") if p.is_file()} == before


def test_a_corrected_form_supersedes_the_old_one_and_says_what_changed(shipped, form, tmp_path):
    into = tmp_path / "nhan"
    keep(dk.read_forms(form, shipped), into)
    later = write(tmp_path / "b.xlsx", COMMUNE.replace("| 5", "| 6") + "\nNgày nhận: 09-02-2015")
    told = keep(dk.read_forms(later, shipped), into)
    assert (told.files, told.added) == (1, 0)
    assert told.changed[["area", "indicator", "old", "new"]].to_numpy().tolist() == [
        ["00001", "cuoc_giam_sat", "5", "6"]
    ]
    assert kept(into)["value"].tolist()[:2] == [6, 2]
    gone = text(into, "superseded.csv")
    assert gone["value"].tolist() == ["5", "2", ""]
    assert "b.xlsx#Biểu!C5" in gone["superseded_by"].iloc[0]
    (change,) = text(into, "problems.csv").to_dict("records")
    assert change["code"] == "C08"
    assert "thành 6" in change["found"]


def test_an_earlier_form_that_comes_late_replaces_nothing(shipped, form, tmp_path):
    into = tmp_path / "nhan"
    keep(dk.read_forms(form, shipped), into)
    early = write(tmp_path / "b.xlsx", COMMUNE.replace("| 5", "| 6") + "\nNgày nhận: 01-01-2015")
    told = keep(dk.read_forms(early, shipped), into)
    assert len(told.changed) == 0
    assert kept(into)["value"].tolist()[:2] == [5, 2]
    assert text(into, "superseded.csv")["value"].tolist() == ["6", "2", ""]


def test_a_blank_in_a_later_form_never_takes_a_figure_away(shipped, form, tmp_path):
    into = tmp_path / "nhan"
    keep(dk.read_forms(form, shipped), into)
    later = write(
        tmp_path / "b.xlsx", COMMUNE.replace("| 5", "|").replace("dân |", "dân | 40") + "\nNgày nhận: 09-02-2015"
    )
    told = keep(dk.read_forms(later, shipped), into)
    assert sorted(kept(into)["value"]) == [2, 5, 40]
    assert len(told.changed) == 0  # to report what was missing changes no figure


def test_forms_filed_one_by_one_or_together_come_to_the_same(shipped, form, tmp_path):
    later = write(tmp_path / "b.xlsx", COMMUNE.replace("| 5", "| 6") + "\nNgày nhận: 09-02-2015")
    other = write(tmp_path / "c.xlsx", COMMUNE.replace("2014", "2015"))
    for path in (form, later, other):
        keep(dk.read_forms(path, shipped), tmp_path / "one")
    keep(dk.read_forms([form, later, other], shipped), tmp_path / "all")
    order = ["area", "year", "indicator", "scope"]
    one, both = (kept(tmp_path / name).sort_values(order, ignore_index=True) for name in ("one", "all"))
    pd.testing.assert_frame_equal(
        one.astype({"source": "str"}), both.astype({"source": "str"}), check_categorical=False
    )


def test_a_file_that_cannot_be_read_is_told_in_the_folder_and_filed_when_it_can(shipped, form, tmp_path):
    into = tmp_path / "nhan"
    bad = tmp_path / "bad.xlsx"
    bad.write_bytes(b"PK\x03\x04")
    keep(dk.read_forms([bad, form], shipped), into)
    keep(dk.read_forms([bad, form], shipped), into)
    assert text(into, "problems.csv")["code"].tolist() == ["F05"]
    assert text(into, "forms.csv")["file"].tolist() == ["a.xlsx"]


def test_an_original_that_changed_while_it_was_read_is_refused(shipped, form, tmp_path):
    found = dk.read_forms(form, shipped)
    write(form, COMMUNE)
    with pytest.raises(KeepError, match="đã đổi trong khi đọc"):
        keep(found, tmp_path / "nhan")
    assert not (tmp_path / "nhan" / "observations.csv").exists()


def test_a_folder_that_holds_something_else_is_refused_in_one_line(shipped, form, tmp_path):
    into = tmp_path / "nhan"
    into.mkdir()
    (into / "forms.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(KeepError, match=r"forms\.csv, dòng 1: có các cột a, b"):
        keep(dk.read_forms(form, shipped), into)


def test_filing_goes_on_where_it_was_cut_off(shipped, form, tmp_path):
    into = tmp_path / "nhan"
    keep(dk.read_forms(form, shipped), into)
    whole = kept(into)
    (into / "forms.csv").unlink()  # what is written last
    keep(dk.read_forms(form, shipped), into)
    pd.testing.assert_frame_equal(kept(into), whole)
    assert len(text(into, "superseded.csv")) == 0
    assert len(text(into, "forms.csv")) == 1


def test_a_figure_that_stood_in_two_forms_changes_once(shipped, form, tmp_path):
    again = write(tmp_path / "b.xlsx", COMMUNE + "\nNgày nhận: 06-01-2015")
    later = write(tmp_path / "c.xlsx", COMMUNE.replace("| 5", "| 6") + "\nNgày nhận: 09-02-2015")
    told = keep(dk.read_forms([form, again, later], shipped), tmp_path / "nhan")
    assert told.changed[["old", "new"]].to_numpy().tolist() == [["5", "6"]]


def test_marks_of_a_source_in_a_files_or_sheets_name_lose_no_figure(shipped, tmp_path):
    odd = write(tmp_path / "so #1 !.xlsx", COMMUNE, name="A#1!b")
    into = tmp_path / "nhan"
    found = dk.read_forms(odd, shipped)
    assert found.observations["source"].iloc[0] == "so %231 !.xlsx#A#1!b!C5"
    assert keep(found, into).added == 3
    assert kept(into)["source"].iloc[0].endswith("/so %231 !.xlsx#A#1!b!C5")

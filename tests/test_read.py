"""Files in, observations and problems out."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter
from form_sheets import DISTRICT, TITLE, batch, known, sheet
from hypothesis import given, settings
from hypothesis import strategies as st

import danvan_kit as dk
from danvan_kit.forms import grid, read
from danvan_kit.forms.batch import Batch
from danvan_kit.forms.blank import write_form
from danvan_kit.forms.keep import keep
from danvan_kit.forms.raw import Book, Sheet
from danvan_kit.tables import schemas

COMMUNE = TITLE + "STT | Chỉ tiêu | Của riêng đơn vị\n1 | Cuộc giám sát | 5\n2 | Hội nghị phản biện | 2"


def write(path, text, **more):
    """Write a sheet as it is looked at into a real workbook."""
    one = sheet(text, **more)
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet(one.name)
        for r, row in enumerate(one.rows):
            for c, value in enumerate(row):
                if value is not None:
                    page.write(r, c, value)
    return path


def test_the_published_figures_written_as_text_are_read_as_they_are_meant(shipped, tmp_path):
    lines = ["27.739", "6.889", "2.048", "144", "22"]
    kept = ["van_ban_chi_dao", "cuoc_giam_sat", "hoi_nghi_phan_bien", "hoi_nghi_giao_ban", "cuoc_kiem_tra"]
    labels = shipped.indicators["label_vi"]
    text = "Thành phố Hà Nội\nNăm 2014\nSTT | Chỉ tiêu | Tổng hợp cả cấp dưới\n"
    text += "\n".join(f"{i} | {labels[k]} | '{n}'" for i, (k, n) in enumerate(zip(kept, lines, strict=True)))
    found = dk.read_forms([write(tmp_path / "a.xlsx", text)], shipped)
    assert found.observations["value"].tolist() == [27739, 6889, 2048, 144, 22]
    assert found.observations["value"].sum() == 36842
    assert len(found.problems) == 0
    assert pd.Series(lines).astype("float").sum() != 36842  # what a plain reading makes of them


def test_observations_have_the_columns_of_a_review_and_lead_to_their_cells(shipped, tmp_path):
    found = dk.read_forms(write(tmp_path / "phuc xa.xlsx", COMMUNE), shipped)
    names = [field["name"] for field in schemas()["observations"]["fields"]]
    assert list(found.observations.columns) == names
    first = found.observations.iloc[0]
    assert (first["area"], first["year"], first["indicator"], first["scope"], first["value"], first["status"]) == (
        *("00001", 2014, "cuoc_giam_sat", "own", 5.0, "reported"),
    )
    assert (first["unit"], first["origin"], first["source"]) == ("cuộc", "reported", "phuc xa.xlsx#Biểu!C5")
    assert pd.isna(first["received"])


def test_the_forms_of_the_simulated_review_read_back_to_exactly_its_observations(shipped, tmp_path, monkeypatch):
    told = shipped.observations.astype(
        dict.fromkeys(("area", "indicator", "scope", "unit", "status", "origin", "source"), "str")
    )
    told = told.assign(file=told["source"].str.partition("#")[0])
    odd = told["file"].str.contains("_") & ~told["file"].str.contains(r"/\d+[a-z]?\.xlsx")
    offices = told["area"].isin(["01", "001", "269", "00001", "00613a", "10282a", "10282b", "09727a"]) | odd
    missing = told.loc[told["status"] == "missing", "area"].unique()[:3]
    some = told.loc[offices | told["area"].isin(missing)]
    monkeypatch.chdir(tmp_path)
    for file, figures in some.groupby("file"):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        day = figures["received"].iloc[0]
        write_form(
            tmp_path / file, shipped, figures["area"].iloc[0], int(figures["year"].iloc[0]), figures=figures,
            received=None if pd.isna(day) else day.date(), simulated=True, partial="_sua" in file,
        )  # fmt: skip
    found = dk.read_forms("mo_phong", shipped)
    assert set(found.problems["kind"]) <= {"note"}
    order = ["area", "year", "indicator", "scope", "source"]
    expected = some.drop(columns="file").sort_values(order, ignore_index=True)
    expected["value"] = expected["value"].astype("float64")
    pd.testing.assert_frame_equal(found.observations.sort_values(order, ignore_index=True), expected, check_dtype=False)
    assert len(expected) > 2500
    assert found.rows["filled"].sum() == found.rows["read"].sum()


def test_a_blank_form_filled_in_reads_back_without_a_question(shipped, tmp_path):
    import openpyxl  # noqa: PLC0415 - only here

    for area in ("01", "001", "00001"):
        path = tmp_path / f"{area}.xlsx"
        write_form(path, shipped, area)
        book = openpyxl.load_workbook(path)
        page = book["Bieu1"]
        filled = 0
        for row in page.iter_rows(min_row=5, max_row=31, min_col=3, max_col=4):
            for cell in row:
                if not cell.protection.locked:
                    filled += 1
                    cell.value = 500 + filled
        year = next(c for row in page.iter_rows(max_row=4) for c in row if not c.protection.locked)
        year.value = 2015
        book.save(path)
        found = dk.read_forms(path, shipped)
        assert sorted(found.observations["value"].dropna()) == list(range(501, 501 + filled))
        assert len(found.problems) == 0
        assert set(found.observations["year"]) == {2015}
        assert filled > 10


def test_the_same_file_twice_adds_nothing_twice(shipped, tmp_path):
    one = write(tmp_path / "a.xlsx", COMMUNE)
    two = tmp_path / "b.xlsx"
    two.write_bytes(one.read_bytes())
    found = dk.read_forms([one, two, one], shipped)
    assert len(found.observations) == 2
    assert found.problems["code"].tolist() == ["N01", "N01"]
    assert "a.xlsx" in found.problems["found"].iloc[0]


def test_a_corrected_form_says_what_it_changes(shipped, tmp_path):
    first = write(tmp_path / "a.xlsx", COMMUNE + "\nNgày nhận: 05-01-2015")
    later = write(tmp_path / "b.xlsx", COMMUNE.replace("| 5", "| 6") + "\nNgày nhận: 09-02-2015")
    for order in ([first, later], [later, first]):
        found = dk.read_forms(order, shipped)
        (change,) = found.problems.to_dict("records")
        assert (change["code"], change["file"], change["cell"]) == ("C08", "b.xlsx", "C5")
        assert "5 (a.xlsx#Biểu!C5) thành 6" in change["found"]
        assert len(found.observations) == 4


def test_one_bad_file_stops_no_other(shipped, tmp_path):
    good = write(tmp_path / "a.xlsx", COMMUNE)
    (tmp_path / "bad.xlsx").write_bytes(b"PK\x03\x04 nothing")
    (tmp_path / "empty.xlsx").write_bytes(b"")
    found = dk.read_forms([tmp_path / "bad.xlsx", good, tmp_path / "empty.xlsx", tmp_path / "none.xlsx"], shipped)
    assert len(found.observations) == 2
    assert dict(zip(found.problems["file"], found.problems["code"], strict=True)) == {
        "bad.xlsx": "F05", "empty.xlsx": "F02", "none.xlsx": "F01",
    }  # fmt: skip
    assert found.files["observations"].tolist() == [0, 2, 0, 0]


def test_a_folder_is_read_whole_and_lock_files_of_excel_are_passed_over(shipped, tmp_path):
    (tmp_path / "quan").mkdir()
    write(tmp_path / "quan" / "b.xlsx", COMMUNE)
    (tmp_path / "~$b.xlsx").write_bytes(b"x")
    (tmp_path / "ghi chu.txt").write_text("x", encoding="utf-8")
    told = []
    found = dk.read_forms(tmp_path, shipped, told=lambda *a: told.append(a))
    assert found.files["file"].tolist() == ["b.xlsx"]
    assert told == [("b.xlsx", 0, 1), ("", 1, 1)]


def test_files_of_one_name_are_told_apart_by_their_folders(tmp_path):
    paths = [tmp_path / "a" / "x.xlsx", tmp_path / "b" / "x.xlsx", tmp_path / "b" / "y.xlsx"]
    assert read._names(paths) == ["a/x.xlsx", "b/x.xlsx", "b/y.xlsx"]
    assert read._names(paths[:1]) == ["x.xlsx"]
    assert read._names([]) == []


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has file names that are no UTF-8")
def test_files_whose_names_are_no_utf_8_are_read_told_apart_and_filed(shipped, tmp_path):
    for byte in (b"\xe3", b"\xe4"):  # as a Windows computer's zip is unpacked
        path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/gui/Bi" + byte + b"u.csv"))
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"Đơn vị,Số đơn\nABC,{byte[0]}\n", encoding="utf-8")
    forms = dk.read_forms(tmp_path / "gui", shipped)
    assert forms.files["file"].tolist() == ["Bi%e3u.csv", "Bi%e4u.csv"]
    assert set(forms.problems["file"]) == set(forms.files["file"])
    assert keep(forms, tmp_path / "kept").files == 2


def test_questions_can_be_asked_in_english(shipped, tmp_path):
    path = write(tmp_path / "a.xlsx", COMMUNE.replace("| 5", "| '27,739'"))
    vi, en = (dk.read_forms(path, shipped, lang=lang).problems.iloc[0] for lang in ("vi", "en"))
    assert "có thể là" in vi["found"]
    assert "may be" in en["found"]
    assert vi["code"] == en["code"] == "Q05"


def test_two_sheets_that_contradict_each_other_are_both_refused(shipped):
    found = batch(shipped, sheet(COMMUNE, "A"), sheet(COMMUNE.replace("| 5", "| 6"), "B"))
    assert found.problems[["code", "sheet", "cell"]].to_numpy().tolist() == [["C04", "A", "C5"], ["C04", "B", "C5"]]
    assert found.observations["value"].tolist() == [2]
    assert (found.rows["filled"] == found.rows[["read", "asked", "refused"]].sum(axis=1)).all()


def test_two_sheets_that_agree_are_one(shipped):
    found = batch(shipped, sheet(COMMUNE, "A"), sheet(COMMUNE, "B"))
    assert len(found.problems) == 0
    assert found.observations["value"].tolist() == [5, 2]


def test_forms_of_two_offices_on_one_sheet_are_two_forms(shipped):
    other = COMMUNE.replace("Phúc Xá", "Trúc Bạch").replace("| 5", "| 6")
    for between in ("\n\n", "\n"):
        found = batch(shipped, sheet(COMMUNE + between + other.strip("\n"))).observations
        assert found[["area", "value"]].to_numpy().tolist() == [["00001", 5], ["00001", 2], ["00004", 6], ["00004", 2]]


def test_a_hidden_sheet_is_a_problem_and_nothing_of_it_is_read(shipped):
    found = batch(shipped, sheet(COMMUNE, "A"), sheet(COMMUNE.replace("2014", "2015"), "B", hidden=True))
    assert found.problems[["code", "sheet"]].to_numpy().tolist() == [["C01", "B"]]
    assert set(found.observations["year"]) == {2014}
    assert found.rows["refused"].sum() == 2


def test_figures_under_no_header_are_asked_about_and_a_sheet_of_words_is_not(shipped):
    found = batch(shipped, sheet(COMMUNE, "A"), sheet("Hướng dẫn\nGhi số nguyên", "B"), sheet("a | 5\nb | 6", "C"))
    assert found.problems[["code", "sheet", "cell"]].to_numpy().tolist() == [["Q01", "C", "B1"]]
    assert found.rows.loc[found.rows["sheet"] == "C", "asked"].tolist() == [1, 1]


def test_a_sheet_typed_in_an_old_font_is_read_and_told(shipped):
    from test_encodings import in_tcvn3  # noqa: PLC0415 - the table of the encoding, written down once

    typed = in_tcvn3(COMMUNE.lower())
    assert "§" in typed or "®" in typed
    found = batch(shipped, sheet(typed))
    assert found.observations["value"].tolist() == [5, 2]
    assert found.problems["code"].tolist() == ["N01"]
    assert "TCVN3" in found.problems["found"].iloc[0]


def test_a_file_with_nothing_in_it_is_a_problem(shipped):
    assert batch(shipped, sheet("", "A")).problems["code"].tolist() == ["F02"]


def test_an_old_name_is_read_and_told(shipped):
    text = COMMUNE.replace("Phường Phúc Xá, Quận Ba Đình", "Huyện Từ Liêm").replace("Của riêng", "của riêng")
    found = batch(shipped, sheet(text))
    assert set(found.observations["area"]) == {"019a"}
    assert found.problems["code"].tolist() == ["N01"]
    assert "019a" in found.problems["found"].iloc[0]


def test_a_form_without_an_office_is_asked_about_once(shipped):
    found = batch(
        shipped, sheet("Năm 2014\nSTT | Chỉ tiêu | Số liệu\n1 | Cuộc giám sát | 5\n2 | Hội nghị phản biện | 2")
    )
    assert found.problems["code"].tolist() == ["Q02"]
    assert found.rows["asked"].sum() == 2


def test_ones_own_headers_answer_a_question(shipped, tmp_path):
    text = DISTRICT + "STT | Đơn vị | Cột A\n1 | Phường Phúc Xá | 5"
    path = write(tmp_path / "a.xlsx", text)
    assert dk.read_forms(path, shipped).problems["code"].tolist() == ["Q01"]
    own = tmp_path / "tieu_de.csv"
    own.write_text("form,means,words\n*,cuoc_giam_sat,Cột A\n", encoding="utf-8")
    assert dk.read_forms(path, shipped, layout=own).observations["value"].tolist() == [5]


def test_a_result_says_what_it_holds_in_one_line(shipped):
    assert repr(batch(shipped, sheet(COMMUNE))) == "1 tệp: 2 số liệu, 0 câu hỏi, 0 lỗi, 0 ghi chú"
    assert "&lt;" not in batch(shipped, sheet(COMMUNE))._repr_html_()


def test_a_year_in_a_row_may_have_its_word_and_odd_digits_are_a_question(shipped):
    text = "Phường Phúc Xá, Ba Đình\nNăm | Cuộc giám sát | Lượt tiếp công dân\nNăm 2013 | 5 | 6\n² | 7 | 8"
    found = batch(shipped, sheet(text))
    assert found.observations[["year", "value"]].to_numpy().tolist() == [[2013, 5], [2013, 6]]
    assert found.problems[["code", "cell"]].to_numpy().tolist() == [["Q04", "A4"]]


def test_large_figures_are_written_whole_in_messages(shipped):
    text = DISTRICT + "STT | Đơn vị | Cuộc giám sát\n1 | Phường Phúc Xá | 1234567\n | Tổng cộng | 1234568"
    assert batch(shipped, sheet(text)).problems["found"].tolist() == ["1.234.568, các dòng cộng lại là 1.234.567"]


def test_a_blank_in_a_later_form_is_no_correction(shipped, tmp_path):
    first = write(tmp_path / "a.xlsx", COMMUNE + "\nNgày nhận: 05-01-2015")
    later = write(tmp_path / "b.xlsx", COMMUNE.replace("| 5", "|") + "\nNgày nhận: 09-02-2015")
    assert len(dk.read_forms([first, later], shipped).problems) == 0


def test_should_the_kit_itself_fail_on_a_file_the_others_are_read_all_the_same(shipped, monkeypatch):
    real = grid.tables
    monkeypatch.setattr(grid, "tables", lambda s, layout: 1 / 0 if s.name == "Hỏng" else real(s, layout))
    one = Batch(known(shipped))
    one.add(Path("a"), "a.xlsx", Book("xlsx", "a" * 64, (sheet(COMMUNE, "Hỏng"),)))
    one.add(Path("b"), "b.xlsx", Book("xlsx", "b" * 64, (sheet(COMMUNE),)))
    found = one.result("vi")
    assert found.observations["source"].str.startswith("b.xlsx").all()
    assert found.problems[["code", "file"]].to_numpy().tolist() == [["F05", "a.xlsx"]]
    assert "ZeroDivisionError" in found.problems["found"].iloc[0]


def test_no_forms_at_all_are_an_empty_result(shipped, tmp_path):
    found = dk.read_forms([], shipped)
    assert (len(found.observations), len(found.problems), len(found.files)) == (0, 0, 0)
    assert str(keep(found, tmp_path)) == "0 tệp mới, 0 số liệu mới, 0 số liệu được sửa"


CELLS = st.one_of(st.none(), st.text(max_size=12), st.floats(allow_nan=False), st.integers(-5, 10**6), st.booleans())


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.lists(CELLS, max_size=6), max_size=12),
    st.booleans(),
    st.lists(st.tuples(*[st.integers(0, 9)] * 2, *[st.integers(0, 3)] * 2), max_size=2),
    st.sets(st.integers(0, 9), max_size=2),
)
def test_no_sheet_whatever_stands_in_it_raises_or_loses_a_figure(shipped, rows, headed, merged, hidden):
    head = [["Quận Ba Đình"], ["Năm 2014"], ["STT", "Đơn vị", "Cuộc giám sát", "Lượt tiếp công dân"]] if headed else []
    ranges = tuple((top, left, top + deep, left + wide) for top, left, deep, wide in merged)
    one = Sheet("S", tuple(map(tuple, [*head, *rows])), merged=ranges, hidden_rows=frozenset(hidden))
    found = batch(shipped, one)
    assert not found.problems["found"].str.contains("bộ công cụ").any()
    assert (found.rows["filled"] == found.rows[["read", "asked", "refused"]].sum(axis=1)).all()
    assert found.observations["value"].ge(0).where(found.observations["value"].notna(), True).all()

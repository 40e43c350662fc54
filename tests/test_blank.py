"""Blank forms say what an office owes, take figures and nothing else, and hold what they are filled with."""

from __future__ import annotations

import dataclasses
import datetime as dt

import openpyxl
import pandas as pd
import pytest

from danvan_kit.errors import DanvanError
from danvan_kit.forms import blank, office
from danvan_kit.simulate import reports


def _opened(path):
    return openpyxl.load_workbook(path)[blank.SHEET]


def _written(tmp_path, review, area, year=None, **more):
    path = tmp_path / "forms" / "one.xlsx"
    blank.write_form(path, review, area, year, **more)
    return _opened(path)


def _column(sheet, letter, review):
    return [sheet[f"{letter}{blank.FIRST_ROW + i}"].value for i in range(len(review.indicators))]


def _figures(*rows, area="A", year=2011):
    frame = pd.DataFrame(rows, columns=["indicator", "scope", "value", "status"])
    return frame.assign(area=area, year=year)


def _validated(sheet, cell):
    return [rule for rule in sheet.data_validations.dataValidation if cell in rule.sqref]


def _renamed(review, area, name):
    table = review.areas.table.copy()
    table.loc[table["area"] == area, "name"] = name
    return dataclasses.replace(review, areas=type(review.areas)(table, review.areas.changes))


# --- where everything stands


def test_cells_stand_where_simulated_figures_say_they_do():
    assert (office.SCOPES, blank.FIRST_ROW) == (reports.SCOPES, reports.FIRST_ROW)


def test_a_commune_has_one_column_of_figures_and_the_levels_above_have_two(tmp_path, tiny):
    headers = {area: [c.value for c in _written(tmp_path, tiny, area)[blank.HEADER_ROW]] for area in ("C", "A", "a1")}
    assert headers["C"] == headers["A"]
    assert headers["A"][:5] == ["STT", "Chỉ tiêu", "Của riêng đơn vị", "Tổng hợp cả cấp dưới", "Đơn vị tính"]
    assert headers["a1"][:5] == ["STT", "Chỉ tiêu", "Của riêng đơn vị", "Đơn vị tính", "Ghi chú"]


def test_every_indicator_keeps_its_row_and_ratios_too(tmp_path, tiny):
    sheet = _written(tmp_path, tiny, "a1")
    assert _column(sheet, "B", tiny) == tiny.indicators["label_vi"].tolist()
    assert _column(sheet, "D", tiny) == tiny.indicators["unit_vi"].tolist()


def test_the_head_names_office_code_year_and_period(tmp_path, shipped):
    texts = [c.value for row in _written(tmp_path, shipped, "00001", 2014).iter_rows(max_row=3) for c in row if c.value]
    assert texts == [
        blank.TITLE, "Đơn vị báo cáo:", "Phường Phúc Xá, Quận Ba Đình", "Mã đơn vị:", "00001", "Năm báo cáo:", 2014,
        "Số liệu tính từ ngày 01-01-2014 đến ngày 31-12-2014",
    ]  # fmt: skip


def test_the_last_period_ends_when_the_review_closes(tmp_path, shipped):
    assert _written(tmp_path, shipped, "001", 2020)["D3"].value.endswith("đến ngày 30-06-2020")


def test_a_simulated_form_says_so_on_the_sheet_and_on_paper(tmp_path, tiny):
    sheet = _written(tmp_path, tiny, "A", simulated=True)
    assert blank.SIMULATED in sheet["A1"].value
    assert blank.SIMULATED in sheet.oddHeader.right.text
    assert blank.SIMULATED not in _written(tmp_path, tiny, "A")["A1"].value


def test_it_prints_on_one_page_of_a4_with_its_header_repeated(tmp_path, tiny):
    sheet = _written(tmp_path, tiny, "A")
    assert (sheet.page_setup.paperSize, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (9, None, None)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == "$4:$4"


# --- what may be filled in


@pytest.mark.parametrize(
    ("area", "letter", "owed"),
    [
        ("C", "C", "giam_sat don don_xong rieng"),
        ("C", "D", "giam_sat doi_thoai y_kien don don_xong to"),
        ("A", "C", "giam_sat doi_thoai y_kien don don_xong"),
        ("A", "D", "giam_sat doi_thoai y_kien don don_xong to"),
        ("a1", "C", "giam_sat doi_thoai y_kien don don_xong to"),
    ],
)
def test_owed_figures_are_open_and_checked_and_all_others_are_grey(tmp_path, tiny, area, letter, owed):
    sheet = _written(tmp_path, tiny, area)
    for i, indicator in enumerate(tiny.indicators.index):
        cell = sheet[f"{letter}{blank.FIRST_ROW + i}"]
        is_owed = indicator in owed.split()
        assert cell.protection.locked != is_owed
        assert (cell.value is None) == is_owed
        assert cell.value in (None, "x")
        assert len(_validated(sheet, cell.coordinate)) == is_owed


def test_before_an_indicator_begins_nothing_is_owed(tmp_path, tiny):
    assert _written(tmp_path, tiny, "a1", 2010)["C6"].value == "x"
    assert _written(tmp_path, tiny, "a1", 2011)["C6"].value is None
    assert not office.owes(tiny.indicators.loc["doi_thoai"], "commune", "own", 2010)
    assert office.owes(tiny.indicators.loc["doi_thoai"], "commune", "own")


def test_a_figure_is_a_whole_number_or_a_mark(tmp_path, tiny):
    (rule,) = _validated(_written(tmp_path, tiny, "A"), "C5")
    assert rule.type == "custom"
    assert rule.formula1 == 'OR(AND(ISNUMBER(C5),C5>=0,C5=INT(C5)),LOWER(C5)="x",C5="–",C5="-")'
    assert "số nguyên" in rule.prompt
    assert rule.error == rule.prompt
    assert rule.errorStyle in (None, "stop")


def test_without_a_year_the_office_chooses_one_and_with_one_it_cannot(tmp_path, tiny):
    open_year, given = _written(tmp_path, tiny, "A"), _written(tmp_path, tiny, "A", 2011)
    (rule,) = _validated(open_year, "C3")
    assert (open_year["C3"].value, rule.type, rule.formula1) == (None, "list", '"2010,2011,2012"')
    assert not open_year["C3"].protection.locked
    assert (given["C3"].value, given["C3"].protection.locked, _validated(given, "C3")) == (2011, True, [])


def test_the_sheet_is_protected_without_a_password_but_for_its_open_cells(tmp_path, tiny):
    sheet = _written(tmp_path, tiny, "a1")
    assert sheet.protection.sheet
    assert sheet.protection.password is None
    unlocked = {c.coordinate for row in sheet.iter_rows() for c in row if not c.protection.locked}
    figures = {f"C{row}" for row in (5, 6, 7, 8, 9, 11)}
    assert figures | {"C3"} < unlocked
    assert {c[0] for c in unlocked - figures - {"C3"}} == {"C", "E"}  # the day of receipt, and notes


# --- filled forms


def test_figures_become_numbers_marks_or_nothing(tmp_path, tiny):
    figures = _figures(
        ("giam_sat", "own", 27739, "reported"),
        ("giam_sat", "consolidated", 30000.0, "reported"),
        ("doi_thoai", "own", None, "not_applicable"),
        ("don", "own", None, "missing"),
        ("don_xong", "own", 0, "reported"),
    )
    sheet = _written(tmp_path, tiny, "A", 2011, figures=figures, received=dt.date(2012, 1, 15))
    assert _column(sheet, "C", tiny) == [27739, "x", None, None, 0, "x", "x", "x"]
    assert sheet["D5"].value == 30000
    received = [c.value for row in sheet.iter_rows(min_row=13) for c in row if c.is_date]
    assert received == [dt.datetime(2012, 1, 15)]  # noqa: DTZ001 - as the file has it


def test_a_figure_that_is_not_owed_is_written_all_the_same(tmp_path, tiny):
    sheet = _written(tmp_path, tiny, "A", 2011, figures=_figures(("to", "own", 7, "reported")))
    assert sheet["C11"].value == 7


def test_a_partial_form_leaves_out_what_is_not_named(tmp_path, tiny):
    figures = _figures(("don", "own", 8, "reported"), ("don_xong", "own", None, "missing"))
    sheet = _written(tmp_path, tiny, "A", 2011, figures=figures, partial=True)
    labels = _column(sheet, "B", tiny)
    assert [label for label in labels if label] == ["Chỉ tiêu don", "Chỉ tiêu don_xong"]
    assert (labels[3], sheet["C8"].value, sheet["D4"].value) == ("Chỉ tiêu don", 8, "Đơn vị tính")
    assert all(sheet[f"C{row}"].value is None for row in (5, 6, 7, 9, 10, 11, 12))


@pytest.mark.parametrize(
    ("figures", "more", "told"),
    [
        (_figures(("don", "own", 1, "reported"), area="B"), {}, "đơn vị hoặc năm khác"),
        (_figures(("don", "own", 1, "reported"), year=2012), {}, "đơn vị hoặc năm khác"),
        (_figures(*[("don", "own", 1, "reported")] * 2), {}, "hai lần"),
        (_figures(("don", "both", 1, "reported")), {}, "không có ô"),
        (_figures(("don", "own", None, "reported")), {}, "không có giá trị"),
        (_figures(("nope", "own", 1, "reported")), {}, "không có chỉ tiêu"),
        (
            _figures(("don", "own", 1, "reported"), ("giam_sat", "consolidated", 1, "reported")),
            {"partial": True},
            "thiếu trong biểu bổ sung",
        ),
    ],
)
def test_figures_that_have_no_sure_cell_are_refused_and_nothing_is_written(tmp_path, tiny, figures, more, told):
    with pytest.raises(DanvanError, match=told):
        _written(tmp_path, tiny, "A", 2011, figures=figures, **more)
    assert list(tmp_path.rglob("*")) == []


def test_a_commune_has_no_cell_for_consolidated_figures(tmp_path, tiny):
    figures = _figures(("don", "consolidated", 1, "reported"), area="a1")
    with pytest.raises(DanvanError, match="không có ô"):
        _written(tmp_path, tiny, "a1", 2011, figures=figures)


@pytest.mark.parametrize(("area", "year"), [("A", 2009), ("Z", 2011)])
def test_an_unknown_year_or_office_is_refused(tmp_path, tiny, area, year):
    with pytest.raises(DanvanError, match="2009" if area == "A" else "'Z'"):
        _written(tmp_path, tiny, area, year)


@pytest.mark.parametrize(
    "name", ["=cmd|' /C calc'!A0", "http://example.com", "+1", "@SUM(1)", "<b>Xã</b> & “x”", "007"]
)
def test_hostile_names_stay_text(tmp_path, tiny, name):
    sheet = _written(tmp_path, _renamed(tiny, "A", name), "A")
    assert (sheet["C2"].value, sheet["C2"].data_type, sheet["C2"].hyperlink) == (name, "s", None)


def test_a_name_like_a_formula_is_stored_as_text(tmp_path, tiny):
    import zipfile  # noqa: PLC0415 - only here the bytes matter

    _written(tmp_path, _renamed(tiny, "A", "=cmd|' /C calc'!A0"), "A")
    with zipfile.ZipFile(tmp_path / "forms" / "one.xlsx") as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
        assert b"=cmd|" in archive.read("xl/sharedStrings.xml")


def test_the_same_form_has_the_same_bytes(tmp_path, tiny):
    figures = _figures(("don", "own", 8, "reported"))
    for name in ("one", "two"):
        blank.write_form(tmp_path / f"{name}.xlsx", tiny, "A", 2011, figures=figures)
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()


# --- many forms


def test_blanks_go_to_a_folder_for_each_district_in_the_order_of_areas(tmp_path, tiny):
    paths = blank.write_blanks(tmp_path, tiny)
    assert [p.relative_to(tmp_path).as_posix() for p in paths] == [
        "C_thanh-pho-c.xlsx", "A_quan-a/A_quan-a.xlsx", "A_quan-a/a1_phuong-mot.xlsx", "A_quan-a/a2_phuong-hai.xlsx",
        "B_huyen-b/B_huyen-b.xlsx", "B_huyen-b/b1_xa-mot.xlsx", "B_huyen-b/b2_xa-hai.xlsx",
    ]  # fmt: skip
    assert all(p.is_file() for p in paths)


def test_blanks_may_be_of_one_level_one_branch_and_one_year(tmp_path, tiny):
    told = []
    paths = blank.write_blanks(
        tmp_path, tiny, level="commune", area="B", year=2011, told=lambda *what: told.append(what)
    )
    assert [p.name for p in paths] == ["b1_xa-mot_2011.xlsx", "b2x_xa-hai-cu_2011.xlsx"]
    assert _opened(paths[1])["C2"].value == "Xã Hai Cũ, Huyện B"
    assert told == [("Xã Một", 0, 2), ("Xã Hai Cũ", 1, 2), ("", 2, 2)]


def test_hostile_ids_and_names_stay_inside_the_folder(tmp_path, tiny):
    review = _renamed(tiny, "a1", "../../x:*?|\\")
    (path,) = blank.write_blanks(tmp_path, review, area="a1")
    assert path == tmp_path / "A_quan-a" / "a1_x.xlsx"

"""What the lines around a table say of it."""

from __future__ import annotations

import datetime as dt

import pytest
from form_sheets import batch, filled, known, sheet

from danvan_kit.forms import grid
from danvan_kit.forms.above import read_above, received, scaled

TABLE = "STT | Chỉ tiêu | Của riêng đơn vị\n1 | Cuộc giám sát | 5"


def above(review, lines, below="", **more):
    return filled(review, sheet(f"{lines}\n{TABLE}\n{below}", **more))


@pytest.mark.parametrize(
    ("lines", "area"),
    [
        ("Đơn vị báo cáo: Phường Phúc Xá, Quận Ba Đình", "00001"),
        ("Đơn vị báo cáo: | P. Phúc Xá - Q. Ba Đình", "00001"),
        ("Tên đơn vị: | Quận Ba Đình", "001"),
        ("Phường: Phúc Xá\nQuận: Ba Đình\nMã đơn vị: | '00001'", "00001"),
        ("Mã đơn vị: | '00001'", "00001"),
        ("Đơn vị báo cáo: Phường Quang Trung | Mã đơn vị: | '00214'", "00214"),  # three bear the name, one the code
        ("THÀNH ỦY HÀ NỘI\\nQUẬN ỦY BA ĐÌNH | ĐẢNG CỘNG SẢN VIỆT NAM", "001"),
        ("QUẬN ỦY BA ĐÌNH\nĐẢNG ỦY PHƯỜNG PHÚC XÁ | Hà Nội, ngày 5 tháng 1 năm 2015", "00001"),
        ("Đơn vị nhận báo cáo: Ban Dân vận Thành ủy\nUBND phường Phúc Xá", "00001"),
        ("Đơn vị báo cáo: Phường Không Có", None),
        ("Đơn vị báo cáo: Phường Phúc Xá | Mã đơn vị: | '00004'", None),  # name and code disagree
        ("QUẬN ỦY BA ĐÌNH\nQUẬN ỦY HOÀN KIẾM", None),
        ("Biểu số 1", None),
    ],
)
def test_the_office_is_the_one_that_the_lines_name_or_it_is_asked_for(shipped, lines, area):
    out = above(shipped, f"{lines}\nNăm 2014")
    assert out.above.area == (area or "")
    if area is None and lines != "Biểu số 1":
        assert [code for code, _ in out.troubles if code == "Q02"] == ["Q02"]
        assert out.figures == {}


def test_candidates_of_an_ambiguous_office_are_named(shipped):
    out = above(shipped, "Đơn vị báo cáo: Phường Quang Trung\nNăm 2014")
    (message,) = [m for m in out.messages if "[Q02]" in m]
    assert "Quận Đống Đa" in message
    assert "Hà Đông" in message


@pytest.mark.parametrize(
    ("lines", "year"),
    [
        ("Năm 2014", 2014),
        ("Số liệu tính từ ngày 01/01/2014 đến ngày 31/12/2014", 2014),
        ("Số liệu tính từ ngày 01-01-2020 đến ngày 30-06-2020", 2020),  # the review closes then
        ("6 tháng đầu năm 2020", 2020),
        ("Năm báo cáo: | 2014 | Số liệu tính từ ngày 01-01-2014 đến ngày 31-12-2014", 2014),
        ("Năm báo cáo: | 2020 | Số liệu tính từ ngày 01-01-2020 đến ngày 30-06-2020", 2020),
    ],
)
def test_the_year_is_the_one_that_the_lines_state(shipped, lines, year):
    out = above(shipped, f"Đơn vị báo cáo: Phường Phúc Xá\n{lines}")
    assert (out.above.year, out.troubles) == (year, [])


@pytest.mark.parametrize(
    "lines",
    [
        "Số liệu tính từ ngày 15/12/2013 đến ngày 14/12/2014",
        "6 tháng đầu năm 2014",
        "Năm 2013\nNăm 2014",
        "Năm 2009",
        "Kỳ báo cáo: quý I năm 2014",
    ],
)
def test_a_period_that_is_no_year_of_the_review_is_asked_about(shipped, lines):
    out = above(shipped, f"Đơn vị báo cáo: Phường Phúc Xá\n{lines}")
    assert "Q04" in [code for code, _ in out.troubles]
    assert out.figures == {}


def test_a_form_without_a_year_is_asked_about_unless_its_sheet_is_named_after_it(shipped):
    assert above(shipped, "Đơn vị báo cáo: Phường Phúc Xá").troubles == [("Q04", "C3")]
    assert above(shipped, "Đơn vị báo cáo: Phường Phúc Xá", name="Năm 2014").above.year == 2014


@pytest.mark.parametrize(
    ("lines", "day"),
    [
        (["Ngày nhận báo cáo: 17-01-2015", "Hà Nội, ngày 5 tháng 1 năm 2015"], dt.date(2015, 1, 17)),
        (["Ngày nhận:", dt.date(2015, 1, 17)], dt.date(2015, 1, 17)),
        (["Phúc Xá, ngày 05 tháng 01 năm 2015", "Người lập biểu"], dt.date(2015, 1, 5)),
        (["Người lập biểu"], None),
        ([], None),
    ],
)
def test_the_day_of_receipt_goes_before_that_of_the_signature(lines, day):
    assert received(lines) == day


def test_simulated_forms_say_so(shipped):
    assert above(shipped, "Biểu số 1 | SỐ LIỆU MÔ PHỎNG / SIMULATED\nPhường Phúc Xá\nNăm 2014").above.simulated
    assert not above(shipped, "Phường Phúc Xá\nNăm 2014").above.simulated


def test_what_a_later_table_leaves_open_is_as_the_table_before_says(shipped):
    one = sheet(f"Đơn vị báo cáo: Phường Phúc Xá\nNăm 2014\n{TABLE}")
    two = sheet(TABLE)
    all_known = known(shipped)
    first, second = (grid.tables(s, all_known.layouts["*"])[0] for s in (one, two))
    before = read_above(one, first, all_known, "t")
    after = read_above(two, second, all_known, "t", before)
    assert (after.area, after.year) == ("00001", 2014)


def test_a_sheet_may_be_named_after_its_office(shipped):
    text = "Năm 2014\n" + TABLE
    assert filled(shipped, sheet(text, name="Phúc Xá")).above.area == "00001"
    assert filled(shipped, sheet(text, name="Sheet1")).above.area == ""
    assert [c for c, _ in filled(shipped, sheet(text, name="Quang Trung")).troubles] == ["Q02"]
    first = sheet(f"Đơn vị báo cáo: Phường Phúc Xá\nNăm 2014\n{TABLE}", name="A")
    found = batch(shipped, first, sheet(TABLE.replace("| 5", "| 6"), name="Trúc Bạch")).observations
    assert found[["area", "value"]].to_numpy().tolist() == [["00001", 5], ["00004", 6]]


def test_a_title_may_name_the_one_indicator_of_a_table(shipped):
    text = "Biểu 3. Cuộc giám sát\nQuận Ba Đình\nSTT | Đơn vị | 2013 | 2014\n1 | Phường Phúc Xá | 5 | 6"
    out = filled(shipped, sheet(text))
    assert [(f.indicator, f.year, f.value) for f in out.figures.values()] == [
        ("cuoc_giam_sat", 2013, 5),
        ("cuoc_giam_sat", 2014, 6),
    ]


def test_units_that_count_thousands_are_told_from_others():
    assert scaled("nghìn lượt")
    assert scaled("%")
    assert not scaled("lượt")
    assert not scaled("")

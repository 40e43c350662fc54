"""What one table says, and what it does not say clearly."""

from __future__ import annotations

import pytest
from form_sheets import DISTRICT, TITLE, filled, sheet
from hypothesis import given, settings
from hypothesis import strategies as st

OFFICE = (
    TITLE
    + """STT | Chỉ tiêu | Của riêng đơn vị | Đơn vị tính | Ghi chú
1 | Cuộc giám sát | 5 | cuộc |
2 | Lượt tiếp công dân | '1.234' | lượt |
3 | Hội nghị phản biện | | hội nghị |
4 | Tổ hòa giải ở cơ sở | – | tổ |
5 | Tổ dân vận ở thôn, tổ dân phố | x | tổ |
"""
)
WIDE = (
    DISTRICT
    + """STT | Đơn vị | Cuộc giám sát | Lượt tiếp công dân
A | B | 1 | 2
1 | Phường Phúc Xá | 5 | 100
2 | P. Trúc Bạch | 6 | 200
3 | phuong vinh phuc | 7 | 300
| Tổng cộng | 18 | 600
"""
)


def test_an_office_form_gives_each_figure_with_its_status(shipped):
    out = filled(shipped, sheet(OFFICE))
    assert out.values == {"C5": 5, "C6": 1234}
    assert {a: f.status for a, f in out.figures.items()} == {
        "C5": "reported", "C6": "reported", "C7": "missing", "C8": "missing", "C9": "not_applicable",
    }  # fmt: skip
    assert {(f.area, f.year, f.scope) for f in out.figures.values()} == {("00001", 2014, "own")}
    assert out.troubles == [("N01", "C8")]  # a dash is no figure, and one is told so


def test_a_note_is_told_once_for_all_its_cells(shipped):
    out = filled(shipped, sheet(OFFICE.replace("| 5 | cuộc", "| – | cuộc")))
    assert out.troubles == [("N01", "C5")]
    assert "(2 ô: C5, C8)" in out.messages[0]


def test_a_district_lists_its_communes(shipped):
    out = filled(shipped, sheet(WIDE))
    assert {a: (f.area, f.indicator, f.value) for a, f in out.figures.items()} == {
        "C6": ("00001", "cuoc_giam_sat", 5), "D6": ("00001", "luot_tiep_cong_dan", 100),
        "C7": ("00004", "cuoc_giam_sat", 6), "D7": ("00004", "luot_tiep_cong_dan", 200),
        "C8": ("00006", "cuoc_giam_sat", 7), "D8": ("00006", "luot_tiep_cong_dan", 300),
    }  # fmt: skip
    assert out.troubles == []


def test_a_long_form_names_area_year_indicator_and_scope_in_each_row(shipped):
    out = filled(
        shipped,
        sheet(
            """
Đơn vị | Năm | Chỉ tiêu | Phạm vi | Số liệu | ĐVT
Quận Ba Đình | 2013 | Cuộc giám sát | Của riêng đơn vị | 5 | cuộc
Quận Ba Đình | 2013 | Cuộc giám sát | Tổng hợp cả cấp dưới | 50 | cuộc
Phường Phúc Xá, Ba Đình | 2014 | Lượt tiếp công dân | own | 7 | lượt
"""
        ),
    )
    found = [(f.area, f.year, f.indicator, f.scope, f.value) for f in out.figures.values()]
    assert found == [
        ("001", 2013, "cuoc_giam_sat", "own", 5),
        ("001", 2013, "cuoc_giam_sat", "consolidated", 50),
        ("00001", 2014, "luot_tiep_cong_dan", "own", 7),
    ]


def test_years_may_stand_as_columns(shipped):
    text = OFFICE.replace("Năm báo cáo: | 2014\n", "").partition("STT")[0]
    out = filled(shipped, sheet(text + "STT | Chỉ tiêu | 2013 | 2014\n1 | Cuộc giám sát | 3 | 4"))
    assert {(f.year, f.value) for f in out.figures.values()} == {(2013, 3), (2014, 4)}


def test_a_fraction_typed_for_thousands_is_asked_about_unless_the_total_proves_it(shipped):
    asked = filled(shipped, sheet(WIDE.replace("| 100", "| 27.739f").replace("| 600", "|")))
    assert ("Q05", "D6") in asked.troubles
    assert "D6" not in asked.figures
    proved = filled(shipped, sheet(WIDE.replace("| 100", "| 27.739f").replace("| 600", "| 28239")))
    assert proved.values["D6"] == 27739
    assert proved.troubles == [("N01", "D6")]


def test_a_wrong_total_is_a_problem_and_the_parts_are_still_what_was_reported(shipped):
    out = filled(shipped, sheet(WIDE.replace("| 18 |", "| 19 |")))
    assert out.troubles == [("C06", "C9")]
    assert "19, các dòng cộng lại là 18" in out.messages[0]
    assert len(out.figures) == 6


def test_subtotals_are_checked_on_their_own(shipped):
    wide = WIDE.replace("1 | Phường Phúc", "I | Khối phường | 12 | 600\n1 | Phường Phúc")
    assert filled(shipped, sheet(wide)).troubles == [("C06", "C6")]


def test_the_arithmetic_of_the_code_row_is_checked_in_each_row(shipped):
    wide = DISTRICT + (
        "STT | Đơn vị | Tổng các hội nghị | Hội nghị giao ban | Hội nghị phản biện\n"
        "A | B | 1=2+3 | 2 | 3\n1 | Phường Phúc Xá | 5 | 2 | 3\n2 | Phường Trúc Bạch | 6 | 2 | 3"
    )
    out = filled(shipped, sheet(wide))
    assert out.troubles == [("C06", "C7")]
    assert "1=2+3" in out.messages[0]
    assert out.values == {"D6": 2, "E6": 3, "D7": 2, "E7": 3}


def test_a_figure_that_the_level_does_not_keep_is_refused_and_an_x_says_nothing(shipped):
    extra = "6 | Cuộc kiểm tra việc thực hiện công tác dân vận | 3 | |\n7 | Lớp tập huấn | x | |"
    out = filled(shipped, sheet(OFFICE.rstrip("\n") + "\n" + extra))
    assert ("C07", "C10") in out.troubles
    assert "C10" not in out.figures
    assert "C11" not in out.figures


def test_a_figure_from_before_its_indicator_began_is_refused_and_a_blank_says_nothing(shipped):
    early = OFFICE.replace("2014", "2012").replace("Cuộc giám sát", "Hội nghị đối thoại định kỳ")
    assert ("C07", "C5") in filled(shipped, sheet(early)).troubles
    blank = filled(shipped, sheet(early.replace("| 5 |", "| |")))
    assert "C5" not in blank.figures
    marked = filled(shipped, sheet(early.replace("| 5 |", "| x |")))
    assert marked.figures["C5"].status == "not_applicable"


def test_a_district_form_must_say_whether_a_figure_is_its_own(shipped):
    one = DISTRICT + "STT | Chỉ tiêu | Số liệu\n1 | Cuộc giám sát | 5\n2 | Tổ hòa giải ở cơ sở | 7"
    out = filled(shipped, sheet(one))
    assert out.troubles == [("Q01", "C4")]
    assert out.figures == {}
    only = filled(shipped, sheet(one.replace("1 | Cuộc giám sát | 5\n", "")))
    assert [(f.scope, f.value) for f in only.figures.values()] == [("consolidated", 7)]


@pytest.mark.parametrize(
    ("change", "code", "cell", "lost"),
    [
        (("5 | 100", "'27,739' | 100"), "Q05", "C6", ["C6"]),
        (("5 | 100", "'khoảng 50' | 100"), "Q05", "C6", ["C6"]),
        (("5 | 100", "-5 | 100"), "C07", "C6", ["C6"]),
        (("5 | 100", "'(5)' | 100"), "C07", "C6", ["C6"]),
        (("Phường Phúc Xá", "Phường Không Có"), "Q02", "B6", ["C6", "D6"]),
        (("Phường Phúc Xá", ""), "Q02", "B6", ["C6", "D6"]),
        (("P. Trúc Bạch", "Phường Phúc Xá"), "C04", "B6", ["C6", "D6", "C7", "D7"]),
        (("| Lượt tiếp công dân", "| Cuộc giám sát"), "C04", "C4", ["C6", "D6", "C7", "D7", "C8", "D8"]),
        (("| Lượt tiếp công dân", "| Nhận xét"), "Q01", "D4", ["D6", "D7", "D8"]),
        (("01/01/2014", "15/12/2013"), "Q04", "", ["C6", "D6", "C7", "D7", "C8", "D8"]),
    ],
)
def test_what_is_not_sure_is_told_by_cell_and_nothing_else_is_lost(shipped, change, code, cell, lost):
    whole = filled(shipped, sheet(WIDE))
    out = filled(shipped, sheet(WIDE.replace(*change)))
    assert (code, cell) in out.troubles
    assert set(whole.figures) - set(out.figures) == set(lost)


@pytest.mark.parametrize(
    ("more", "code", "cell", "lost"),
    [
        ({"hidden_rows": frozenset({6})}, "C01", "C7:D7", ["C7", "D7"]),
        ({"hidden_columns": frozenset({2})}, "C01", "C6:C8", ["C6", "C7", "C8"]),
        ({"merged": ((5, 2, 6, 2),)}, "C02", "C6:C7", ["C6", "C7"]),
        ({"marks": {(5, 2): "#DIV/0!"}}, "C03", "C6", ["C6"]),
        ({"marks": {(5, 2): "uncached"}}, "C03", "C6", ["C6"]),
        ({"marks": {(5, 2): "external"}}, "C03", "C6", ["C6"]),
        ({"formats": {(5, 2): "0.000"}}, "Q05", "C6", ["C6"]),
    ],
)
def test_hidden_merged_and_broken_cells_are_told_and_not_read(shipped, more, code, cell, lost):
    whole = filled(shipped, sheet(WIDE))
    out = filled(shipped, sheet(WIDE.replace("| 18 |", "| |"), **more))
    assert (code, cell) in out.troubles
    assert set(whole.figures) - set(out.figures) == set(lost)


def test_values_outside_the_table_are_told_and_the_rest_of_the_row_stays(shipped):
    out = filled(shipped, sheet(WIDE.replace("6 | 200", "6 | 200 | 77") + "\nNgười lập biểu\n| | 99"))
    assert [t for t in out.troubles if t[0] == "C05"] == [("C05", "E7"), ("C05", "C12")]
    assert len(out.figures) == 6


def test_thousands_in_the_unit_make_every_figure_a_question(shipped):
    out = filled(shipped, sheet(OFFICE.replace("| 5 | cuộc", "| 5 | nghìn cuộc")))
    assert ("Q05", "C5") in out.troubles
    assert "C5" not in out.figures
    whole = filled(shipped, sheet(WIDE.replace("Biểu số 2", "Đơn vị tính: nghìn lượt")))
    assert whole.figures == {}
    assert [t[0] for t in whole.troubles] == ["Q05"]


def test_a_thousandth_of_the_usual_figure_is_a_question(shipped):
    usual = shipped.observations
    big = usual.loc[(usual["indicator"] == "luot_tiep_cong_dan") & (usual["scope"] == "consolidated")]
    median = int(big.loc[big["area"] == "001", "value"].median())
    assert median > 1000
    one = DISTRICT + f"STT | Chỉ tiêu | Tổng hợp cả cấp dưới\n1 | Lượt tiếp công dân | {median // 1000}"
    assert filled(shipped, sheet(one)).troubles == [("Q05", "C5")]
    fine = one.replace(f"| {median // 1000}", f"| {median}")
    assert filled(shipped, sheet(fine)).values == {"C5": median}


def test_the_office_itself_may_stand_among_those_below_it(shipped):
    one = DISTRICT + (
        "STT | Đơn vị | Cuộc giám sát |\n | | Của riêng đơn vị | Tổng hợp cả cấp dưới\n"
        "1 | Quận Ba Đình | 5 | 50\n2 | Phường Phúc Xá | 6 |"
    )
    out = filled(shipped, sheet(one))
    found = {(f.area, f.scope, f.value) for f in out.figures.values()}
    assert found == {("001", "own", 5), ("001", "consolidated", 50), ("00001", "own", 6)}


def test_a_code_and_a_name_that_disagree_are_asked_about(shipped):
    one = DISTRICT + "Mã | Đơn vị | Cuộc giám sát\n'00001' | Phường Trúc Bạch | 5\n'00004' | Trúc Bạch | 6"
    out = filled(shipped, sheet(one))
    assert out.troubles == [("Q02", "B5")]
    assert [(f.area, f.value) for f in out.figures.values()] == [("00004", 6)]


def test_a_code_typed_as_a_number_counts_only_with_the_zeros_that_its_format_shows(shipped):
    one = DISTRICT + "Mã | Đơn vị | Cuộc giám sát\n4 | Phường Phúc Xá | 5\n4 | | 6"
    out = filled(shipped, sheet(one, formats={(5, 0): "00000"}))
    assert [(f.area, f.value) for f in out.figures.values()] == [("00001", 5), ("00004", 6)]
    assert out.troubles == []
    assert filled(shipped, sheet(one)).troubles == [("Q02", "B6")]


def test_ratios_are_never_read(shipped):
    out = filled(shipped, sheet(OFFICE.rstrip("\n") + "\n6 | Tỷ lệ hòa giải thành | 85 | % |"))
    assert "C10" not in out.figures
    assert out.counts[10].filled == 0


def test_a_ratio_as_a_column_is_told_once(shipped):
    one = (
        DISTRICT
        + "STT | Đơn vị | Cuộc giám sát | Tỷ lệ hòa giải thành\n"
        + "1 | Phường Phúc Xá | 5 | 85\n2 | Phường Trúc Bạch | 6 | 90"
    )
    assert filled(shipped, sheet(one)).troubles == [("N01", "D5")]


FIGURE = st.one_of(
    st.none(),
    st.integers(0, 99999).map(str),
    st.sampled_from(["x", "–", "'27,739'", "27.739f", "'(5)'", "-3", "'abc'", "'1.234'", "'NA'", "'00001'", "…"]),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(FIGURE, FIGURE), min_size=3, max_size=3), st.sets(st.integers(5, 7), max_size=2))
def test_every_figure_filled_in_is_read_asked_about_or_refused(shipped, rows, hidden):
    text = DISTRICT + "STT | Đơn vị | Cuộc giám sát | Lượt tiếp công dân\nA | B | 1 | 2"
    for i, (one, other) in enumerate(rows):
        name = ("Phường Phúc Xá", "Trúc Bạch", "Phường Lạ")[i]
        text += f"\n{i} | {name} | {one or ''} | {other or ''}"
    out = filled(shipped, sheet(text, hidden_rows=frozenset(hidden)))
    for count in out.counts.values():
        assert count.filled == count.read + count.asked + count.refused
    for address, figure in out.figures.items():
        if figure.status == "reported":
            said = rows[int(address[1:]) - 6]["CD".index(address[0])].strip("'")
            assert figure.value == int(said.replace(".", ""))


def test_the_office_whose_list_it_is_may_stand_there_as_its_level(shipped):
    one = DISTRICT + "STT | Đơn vị | Cuộc giám sát\n1 | Cấp quận | 5\n2 | Phường Phúc Xá | 6\n | Toàn quận | 11"
    out = filled(shipped, sheet(one))
    assert [(f.area, f.scope, f.value) for f in out.figures.values()] == [("001", "own", 5), ("00001", "own", 6)]
    assert out.troubles == []


def test_among_many_areas_only_an_office_with_others_below_is_asked_for_its_scope(shipped):
    one = DISTRICT + "STT | Đơn vị | Cuộc giám sát\n1 | Quận Ba Đình | 5\n2 | Phường Phúc Xá | 6"
    out = filled(shipped, sheet(one))
    assert [(f.area, f.scope, f.value) for f in out.figures.values()] == [("00001", "own", 6)]
    assert out.troubles == [("Q01", "C5")]


def test_a_header_may_name_its_year_among_other_words(shipped):
    one = TITLE + "TT | Chỉ tiêu | Kết quả năm 2014 | Lũy kế 2010-2014 | Tỷ lệ (%)\n1 | Cuộc giám sát | 5 | 25 | 90"
    out = filled(shipped, sheet(one))
    assert out.values == {"C5": 5}
    assert {code for code, _ in out.troubles} == {"N01"}
    other = one.replace("Kết quả năm 2014", "Nhận xét năm 2014")
    assert ("Q01", "C4") in filled(shipped, sheet(other)).troubles

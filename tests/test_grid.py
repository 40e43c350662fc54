"""Where tables are, and what their columns and rows are."""

from __future__ import annotations

from form_sheets import TITLE, sheet, table_of

from danvan_kit.forms import grid, layouts


def roles(table):
    return [(c.index, c.role) for c in table.columns]


def test_the_table_is_found_below_its_titles_and_ends_before_notes_and_signatures(shipped):
    one = sheet(
        TITLE
        + """
STT | Chỉ tiêu | Của riêng đơn vị | Ghi chú
A | B | 1 | 2
I | Công tác giám sát | |
1 | Cuộc giám sát | 5 |
2 | Kiến nghị sau giám sát | 7 | lần đầu

Ghi chú: số liệu đến hết năm
| | Hà Nội, ngày 20 tháng 01 năm 2015
"""
    )
    table = table_of(shipped, one)
    assert roles(table) == [(0, "order"), (1, "indicator"), (2, "figure"), (3, "note")]
    assert [(r.index + 1, r.role) for r in table.rows] == [(6, "code"), (7, "group"), (8, "data"), (9, "data")]
    assert (table.above.start, table.header.start + 1, table.below.start + 1) == (0, 5, 11)


def test_three_levels_of_merged_headers_name_each_column(shipped):
    one = sheet(
        """
STT | Đơn vị | Giám sát, phản biện xã hội | | | Tiếp công dân |
| | Giám sát | | Phản biện | Số lượt tiếp công dân |
| | Số cuộc | Số kiến nghị | Số hội nghị | |
1 | Phường Phúc Xá | 1 | 2 | 3 | 4
""",
        merged=((0, 0, 2, 0), (0, 1, 2, 1), (0, 2, 0, 4), (1, 2, 1, 3), (1, 5, 2, 5)),
    )
    table = table_of(shipped, one)
    assert [(c.indicator, c.text) for c in table.columns[2:]] == [
        ("cuoc_giam_sat", "Giám sát, phản biện xã hội › Giám sát › Số cuộc"),
        ("kien_nghi_sau_giam_sat", "Giám sát, phản biện xã hội › Giám sát › Số kiến nghị"),
        ("hoi_nghi_phan_bien", "Giám sát, phản biện xã hội › Phản biện › Số hội nghị"),
        ("luot_tiep_cong_dan", "Tiếp công dân › Số lượt tiếp công dân"),
    ]
    assert [r.role for r in table.rows] == ["data"]


def test_headers_without_merged_cells_are_read_the_same(shipped):
    one = sheet(
        """
STT | Đơn vị | Đơn thư | | Hòa giải |
| | Tiếp nhận | Đã giải quyết | Vụ việc hòa giải | Hòa giải thành
1 | Phường Phúc Xá | 10 | 9 | 3 | 2
"""
    )
    found = [c.indicator for c in table_of(shipped, one).columns[2:]]
    assert found == ["don_thu_tiep_nhan", "don_thu_da_giai_quyet", "vu_hoa_giai", "hoa_giai_thanh"]


def test_own_and_consolidated_stand_below_their_indicator_and_a_sum_beside_them_is_only_checked(shipped):
    one = sheet(
        """
STT | Đơn vị | Cuộc giám sát | | | Lớp tập huấn
| | Tổng số | Của riêng đơn vị | Tổng hợp cả cấp dưới |
1 | Quận Ba Đình | 9 | 1 | 8 | 2
""",
        merged=((0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 0, 4), (0, 5, 1, 5)),
    )
    found = [(c.role, c.indicator, c.scope) for c in table_of(shipped, one).columns[2:]]
    assert found == [
        ("sum", "cuoc_giam_sat", ""),
        ("figure", "cuoc_giam_sat", "own"),
        ("figure", "cuoc_giam_sat", "consolidated"),
        ("figure", "lop_tap_huan", ""),
    ]


def test_a_sum_alone_under_its_indicator_is_the_indicator(shipped):
    one = sheet("STT | Đơn vị | Cuộc giám sát | \n | | Tổng số | Trong đó chuyên đề\n1 | Phường Phúc Xá | 9 | 4")
    found = [(c.role, c.indicator) for c in table_of(shipped, one).columns[2:]]
    assert found == [("figure", "cuoc_giam_sat"), ("unknown", "")]


def test_years_as_columns_are_no_figures(shipped):
    one = sheet("STT | Chỉ tiêu | 2013 | Năm 2014 | 2015\n1 | Cuộc giám sát | 1 | 2 | 3")
    table = table_of(shipped, one)
    assert [(c.role, c.year) for c in table.columns[2:]] == [("figure", 2013), ("figure", 2014), ("figure", 2015)]
    assert [r.role for r in table.rows] == ["data"]


def test_plans_and_last_years_figures_are_no_results(shipped):
    one = sheet(
        "STT | Chỉ tiêu | Kế hoạch | Thực hiện | Cùng kỳ năm trước | Nhận xét của đoàn\n"
        "1 | Cuộc giám sát | 9 | 8 | 7 | tốt"
    )
    assert [c.role for c in table_of(shipped, one).columns[2:]] == ["other", "figure", "other", "unknown"]


def test_the_arithmetic_of_the_code_row_makes_an_unknown_column_a_sum(shipped):
    one = sheet(
        """
TT | Đơn vị | Tổng các hội nghị | Hội nghị giao ban | Hội nghị phản biện
A | B | 1=2+3 | 2 | 3
1 | Phường Phúc Xá | 5 | 2 | 3
"""
    )
    table = table_of(shipped, one)
    assert [c.role for c in table.columns[2:]] == ["sum", "figure", "figure"]
    assert table.columns[2].code.terms == (("+", 2), ("+", 3))


def test_a_first_row_of_small_figures_is_no_row_of_column_numbers(shipped):
    one = sheet("STT | Đơn vị | Cuộc giám sát | Lớp tập huấn\n1 | Phường Phúc Xá | 1 | 2\n2 | Phường Trúc Bạch | 1 | 2")
    assert [r.role for r in table_of(shipped, one).rows] == ["data", "data"]


def test_totals_groups_and_subtotals_are_told_from_data(shipped):
    one = sheet(
        """
STT | Đơn vị | Cuộc giám sát
| TỔNG CỘNG | 6
I | Khối phường | 3
1 | Phường Phúc Xá | 1
2 | Phường Trúc Bạch | 2
II | Xã, thị trấn |
1 | Xã Minh Khai | 3
| Cộng | 6
"""
    )
    assert [r.role for r in table_of(shipped, one).rows] == [
        *("total", "subtotal", "data", "data", "group", "data", "total"),
    ]


def test_a_roman_number_before_an_indicator_with_a_figure_is_no_group(shipped):
    one = sheet("STT | Chỉ tiêu | Của riêng đơn vị\nI | Cuộc giám sát | 5\nII | Công tác khác | 7")
    assert [r.role for r in table_of(shipped, one).rows] == ["data", "data"]


def test_two_tables_on_one_sheet_are_two_tables(shipped):
    one = sheet(
        """
STT | Chỉ tiêu | Của riêng đơn vị
1 | Cuộc giám sát | 5

Ghi chú: không
Biểu số 2
STT | Đơn vị | Lớp tập huấn
1 | Phường Phúc Xá | 2
"""
    )
    layout = layouts.layouts(shipped.indicators)["*"]
    first, second = grid.tables(one, layout)
    assert [first.rows[0].index, second.rows[0].index] == [1, 6]
    assert list(second.above) == [2, 3, 4]


def test_a_sheet_without_a_header_has_no_table(shipped):
    layout = layouts.layouts(shipped.indicators)["*"]
    assert grid.tables(sheet("Kính gửi: Ban Dân vận\n5 | 6 | 7"), layout) == []
    assert grid.tables(sheet(""), layout) == []


def test_a_merged_name_speaks_for_all_its_rows(shipped):
    one = sheet(
        "STT | Đơn vị | Chỉ tiêu | Số liệu\n1 | Phường Phúc Xá | Cuộc giám sát | 5\n2 | | Lớp tập huấn | 2",
        merged=((1, 1, 2, 1),),
    )
    assert table_of(shipped, one).spread == {(2, 1): "Phường Phúc Xá"}


def test_a_group_may_bear_the_name_of_an_indicator_that_stands_in_it(shipped):
    one = sheet(
        "STT | Chỉ tiêu | Của riêng đơn vị\nI | VĂN BẢN LÃNH ĐẠO, CHỈ ĐẠO |\n"
        "1 | Số văn bản lãnh đạo, chỉ đạo |\nII | Cuộc giám sát |"
    )
    assert [r.role for r in table_of(shipped, one).rows] == ["group", "data", "data"]


def test_a_column_of_units_under_the_word_for_an_office_is_one_of_units(shipped):
    one = sheet(
        "STT | Chỉ tiêu | Đơn vị | Số liệu\nA | B | C | 1\n1 | Cuộc giám sát | cuộc | 5\n2 | Lớp tập huấn | lớp | 6"
    )
    assert [c.role for c in table_of(shipped, one).columns] == ["order", "indicator", "unit", "figure"]
    long = sheet("Đơn vị | Chỉ tiêu | Số liệu\nPhường Phúc Xá | Cuộc giám sát | 5")
    assert [c.role for c in table_of(shipped, long).columns] == ["area", "indicator", "figure"]


def test_merged_cells_may_reach_beyond_the_last_row_and_column(shipped):
    one = sheet("STT | Chỉ tiêu | Số liệu", merged=((0, 1, 3, 1), (0, 2, 1, 9)))
    table = table_of(shipped, one)
    assert (len(table.columns), table.rows, list(table.header)) == (3, (), [0])

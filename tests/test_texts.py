"""Text files: the mark between columns is told by the columns it makes, cells stay text, damage is said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from danvan_kit.forms import texts
from danvan_kit.forms.preflight import Refused


def rows(text, suffix=".csv"):
    data = text.encode() if isinstance(text, str) else text
    (sheet,) = texts.read_text("forms/Biểu 1" + suffix, data, suffix)["sheets"]
    assert sheet["name"] == "Biểu 1"
    return sheet["rows"]


@pytest.mark.parametrize("mark", [";", ",", "\t", "|"])
def test_each_mark_is_told_by_the_columns_it_makes(mark):
    table = [["Đơn vị", "Số cuộc", "Ghi chú"], *([f"Phường {n}", str(n), ""] for n in range(9))]
    text = "\r\n".join(mark.join(row) for row in table)
    assert rows(text) == table
    assert rows(text, ".tsv") == table


def test_a_decimal_comma_is_not_taken_for_a_mark():
    assert rows("Đơn vị;2014;2015\nA;1,5;2,5\nB;3,5;4,5\n")[1] == ["A", "1,5", "2,5"]
    assert rows("Đơn vị\t2014\nA\t1,5\nB\t3,5\n")[1] == ["A", "1,5"]


def test_commas_in_titles_and_names_do_not_outweigh_the_table():
    text = "UBND quận Ba Đình, Hà Nội\nSố liệu năm 2014\n\nĐơn vị;Số\nPhường A, quận B;5\nPhường C, quận D;6\nTổng;11\n"
    found = rows(text)
    assert found[0] == ["UBND quận Ba Đình, Hà Nội"]
    assert found[2] == []
    assert found[4] == ["Phường A, quận B", "5"]


def test_semicolons_inside_cells_do_not_outweigh_the_commas():
    assert rows("Đơn vị,Số,Chú\nA,5,x; y\nB,6,z\nC,7,\n")[1] == ["A", "5", "x; y"]


def test_excels_first_line_names_the_mark_and_is_not_a_row():
    assert rows("sep=|\na,1|b\nc,2|d\n") == [["a,1", "b"], ["c,2", "d"]]


def test_quotes_and_line_breaks_in_them_are_kept():
    assert rows('Đơn vị;Số\n"A ""x""\nB; C";" 5 "\n') == [["Đơn vị", "Số"], ['A "x"\nB; C', " 5 "]]


def test_cells_stay_text_as_written():
    assert rows("Mã;Số\n00001;27.739\nNA; 5\n") == [["Mã", "Số"], ["00001", "27.739"], ["NA", " 5"]]


def test_one_column_is_one_column():
    assert rows("Tên\nA\nB\n") == [["Tên"], ["A"], ["B"]]


def test_blank_rows_at_the_end_are_no_rows():
    assert rows("a;b\n1;2\n;;\n ; \n\n") == [["a", "b"], ["1", "2"]]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"a;b\nx\0y;2\n", "F05"), (b'a;b\n"x;2\n', "F05"), (b'a;b\n"x"y;2\n', "F05"), (b" ;\n;\n", "F02"),
        (b"a,b\n1,2,3\n1,2,3,4\n1,2,3,4,5\n1,2,3,4,5,6\n", "F05"), (b"a;" + b"x" * 200_000, "F06"),
        ("Quận Đống Đa;5\n".encode("utf-7") * 9, "F08"), (bytes(range(128, 256)) * 9, "F08"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_for_certain_is_refused(data, code):
    with pytest.raises(Refused) as caught:
        rows(data)
    assert caught.value.code == code


def test_an_old_encoding_is_read_and_noted_and_a_new_one_is_not_noted():
    text = "Đơn vị;Số\n" + "".join(f"Phường Trúc Bạch số {n};{n}\n" for n in range(20))
    for codec in ("utf-8", "utf-8-sig", "utf-16"):
        assert texts.read_text("a.csv", text.encode(codec), ".csv")["notes"] == []
        assert rows(text.encode(codec))[0] == ["Đơn vị", "Số"]


@given(st.lists(st.lists(st.text("ab1,5; \"\n'đ", max_size=5), min_size=2, max_size=4), min_size=1, max_size=6))
def test_whatever_a_text_holds_it_is_rows_or_a_refusal(table):
    text = "\n".join(";".join(row) for row in table)
    try:
        found = rows(text)
    except Refused as refused:
        found = [[refused.code]]
    assert all(isinstance(cell, str) for row in found for cell in row)

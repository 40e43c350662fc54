"""Coded errors in two languages."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from danvan_kit.errors import DanvanError
from danvan_kit.forms.raw import address
from danvan_kit.forms.trouble import FormError, Trouble, codes, quoted


def test_there_are_about_twenty_codes_each_with_all_its_words_in_both_languages():
    assert 15 <= len(codes()) <= 23
    for code, words in codes().items():
        assert words["kind"] in {"problem", "question", "note"}
        for what in ("title", "allowed", "next"):
            vi, en = words[what]
            assert (vi and en and vi != en) or (code == "N01" and what == "allowed"), (code, what)


def test_a_message_names_code_file_sheet_cell_what_was_found_what_is_allowed_and_what_to_do():
    one = Trouble("Q05", "a.xlsx", "Biểu 1", "C5", ("“12.5” có thể là 125", "“12.5” may be 125"))
    assert one.message("vi") == (
        "[Q05] a.xlsx, Biểu 1!C5: số liệu có hơn một cách đọc; tìm thấy: “12.5” có thể là 125; "
        "được dùng: số nguyên như 27739 hoặc 27.739; việc cần làm: hỏi đơn vị số đúng"
    )
    assert "found: “12.5” may be 125; allowed: a whole number" in one.message("en")
    assert one.kind == "question"


def test_what_is_allowed_may_be_said_for_the_one_cell():
    one = Trouble("C07", "a.xlsx", "", "", "5", ("x", "x only"))
    assert "được dùng: x;" in one.message("vi")
    assert "allowed: x only;" in one.message("en")


def test_a_file_that_cannot_be_read_is_an_error_of_the_kit():
    error = FormError(Trouble("F04", "a.xlsx"))
    assert isinstance(error, DanvanError)
    assert error.code == "F04"
    assert "mật khẩu" in str(error)


@given(st.text(max_size=200), st.text(max_size=50), st.text(max_size=50))
def test_every_message_is_one_line_whatever_stands_in_the_file(found, file, sheet):
    message = Trouble("Q01", file, sheet, "A1", quoted(found)).message("vi")
    assert len(message.splitlines()) == 1


def test_addresses_are_those_of_a_spreadsheet():
    assert [address(0, 0), address(4, 2), address(0, 25), address(0, 26), address(1048575, 16383)] == [
        *("A1", "C5", "Z1", "AA1", "XFD1048576"),
    ]

"""Problems go back to the office as they are: every one, readable in Excel, none of them alive."""

from __future__ import annotations

import csv
import io
import re
import zipfile

import openpyxl
import pandas as pd
import pytest

from danvan_kit.forms import export
from danvan_kit.forms.export import ExportError, write_problems
from danvan_kit.forms.results import problems
from danvan_kit.forms.trouble import Trouble

HOSTILE = ['=HYPERLINK("http://x","y")', "+1+1", "-2+3", "@SUM(A1)", "\t=1+1", "\n=1+1", "  =1+1", "＝1+1", "\u202e=1"]


def told(*found, file="a.xlsx"):
    return problems([Trouble("Q05", file, "Biểu 1", "C5", text) for text in found])


def cells(path):
    sheet = openpyxl.load_workbook(path).active
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def lines(path):
    return list(csv.reader(io.StringIO(path.read_bytes().decode("utf-16")), delimiter="\t"))


def test_a_workbook_has_one_sheet_with_both_languages_and_room_for_an_answer(tmp_path):
    write_problems(told("“27,739”"), tmp_path / "new" / "hoi.xlsx")
    assert len(openpyxl.load_workbook(tmp_path / "new" / "hoi.xlsx").sheetnames) == 1
    vi, en, row = cells(tmp_path / "new" / "hoi.xlsx")
    assert vi == ["Tệp", "Trang", "Ô", "Mã", "Việc", "Tìm thấy", "Được dùng", "Việc cần làm", "Trả lời của đơn vị"]
    assert en[0] == "File"
    assert en[-1] == "Answer of the office"
    assert row[:6] == ["a.xlsx", "Biểu 1", "C5", "Q05", "số liệu có hơn một cách đọc", "“27,739”"]
    assert row[7] == "hỏi đơn vị số đúng"
    assert row[8] is None


def test_a_text_table_is_what_excel_opens_whatever_its_list_separator(tmp_path):
    write_problems(told('“1;2,3” và "4"'), tmp_path / "hoi.csv")
    assert (tmp_path / "hoi.csv").read_bytes().startswith(b"\xff\xfe")
    header, row = lines(tmp_path / "hoi.csv")
    assert header[-1] == "Trả lời của đơn vị"
    assert row[5] == '“1;2,3” và "4"'
    assert len(header) == len(row) == 9


def test_the_text_table_speaks_english_when_asked(tmp_path):
    write_problems(problems([Trouble("Q05", "a.xlsx")], "en"), tmp_path / "ask.csv", "en")
    header, row = lines(tmp_path / "ask.csv")
    assert header[:3] == ["File", "Sheet", "Cell"]
    assert row[4] == "the figure has more than one reading"


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_becomes_a_formula_in_a_workbook(tmp_path, text):
    write_problems(told(text, file=text), tmp_path / "x.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "x.xlsx").active
    for cell in (sheet["A3"], sheet["F3"]):
        assert cell.data_type == "s"
        assert cell.hyperlink is None
        assert cell.quotePrefix == cell.value.startswith(tuple(export.LIVE))
        assert text.strip("\t\n \u202e") in cell.value
    with zipfile.ZipFile(tmp_path / "x.xlsx") as archive:
        assert not re.search(rb"<f[ >]|<hyperlink", archive.read("xl/worksheets/sheet1.xml"))


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_becomes_a_formula_in_a_text_table(tmp_path, text):
    write_problems(told(text, file=text), tmp_path / "x.csv")
    (_, row) = lines(tmp_path / "x.csv")
    assert len(row) == 9
    assert not any(cell.startswith(tuple("=+-@＝\t\r\n \u202e")) for cell in row)
    assert text.strip("\t\n \u202e") in row[5]


@pytest.mark.parametrize("storage", ["python", "pyarrow"])  # how pandas keeps texts where pyarrow is and is not there
def test_what_no_encoding_and_no_workbook_takes_is_written_as_a_space(tmp_path, storage):
    with pd.option_context("mode.string_storage", storage):
        for name in ("x.xlsx", "x.csv"):
            write_problems(told("a\x00b\x1fc\ud800d\ufffee _x0041_"), tmp_path / name)
    assert cells(tmp_path / "x.xlsx")[2][5] == lines(tmp_path / "x.csv")[1][5] == "a b c d e _x0041_"


def test_same_problems_make_the_same_bytes(tmp_path):
    for name in ("1.xlsx", "2.xlsx", "1.csv", "2.csv"):
        write_problems(told("a", "b"), tmp_path / name)
    assert (tmp_path / "1.xlsx").read_bytes() == (tmp_path / "2.xlsx").read_bytes()
    assert (tmp_path / "1.csv").read_bytes() == (tmp_path / "2.csv").read_bytes()


def test_no_problem_at_all_is_a_table_with_its_header_only(tmp_path):
    for name in ("x.xlsx", "x.csv"):
        write_problems(told(), tmp_path / name)
    assert len(cells(tmp_path / "x.xlsx")) == 2
    assert len(lines(tmp_path / "x.csv")) == 1


@pytest.mark.parametrize("name", ["hoi.pdf", "hoi"])
def test_another_ending_is_refused_with_those_that_are_allowed(tmp_path, name):
    with pytest.raises(ExportError, match=r"\.xlsx, \.csv"):
        write_problems(told("a"), tmp_path / name)


def test_more_rows_than_a_sheet_holds_are_refused_and_nothing_is_written(tmp_path, monkeypatch):
    monkeypatch.setattr(export, "MOST_ROWS", 2)
    with pytest.raises(ExportError, match="3 dòng"):
        write_problems(told("a", "b", "c"), tmp_path / "x.xlsx")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["x.xlsx", "x.csv"])
def test_a_place_that_cannot_be_written_is_told_in_one_line_and_leaves_no_draft(tmp_path, name):
    (tmp_path / name).mkdir()
    with pytest.raises(ExportError, match="không ghi được") as caught:
        write_problems(told("a"), tmp_path / name)
    assert "\n" not in str(caught.value)
    assert [p.name for p in tmp_path.iterdir()] == [name]


def test_a_row_keeps_its_place_among_many(tmp_path):
    many = told(*(f"số {n}" for n in range(700)))
    write_problems(many, tmp_path / "x.xlsx")
    assert [row[5] for row in cells(tmp_path / "x.xlsx")[2:]] == many["found"].tolist()
    assert isinstance(many, pd.DataFrame)

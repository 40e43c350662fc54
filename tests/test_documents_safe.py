"""Texts in documents: nothing runs, nothing breaks a file, what is lost is seen; same parts give the same bytes."""

from __future__ import annotations

import io
import zipfile

import docx
import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from danvan_kit.documents import parts, safe
from danvan_kit.documents.appendix import SAFE
from danvan_kit.documents.same import DocumentError, steady, write

NASTY = st.text(
    st.sampled_from("a=+-@ \t\r\n\x00\x07\x1b\ud800\udfff\ufffe\uffff\u202e\u200bĐế_x0041%5\u2028😀＝"), max_size=30
)
TEXTS = st.one_of(st.text(max_size=40), NASTY, NASTY.map(lambda t: "=" + t))


@pytest.mark.parametrize(
    ("given_text", "kept"),
    [
        ("a\x00b", "a b"),
        ("a\tb\r\nc", "a b c"),
        ("a\u202eb", "ab"),
        ("a\ud800b", "a\ufffdb"),
        ("a\uffffb", "a\ufffdb"),
        (None, ""),
        ("tăng 5 % so", "tăng 5\u00a0% so"),
        ("Đế quốc", "Đế quốc"),
        (12, "12"),
    ],
)
def test_a_line_is_what_every_document_can_hold(given_text, kept):
    assert safe.line(given_text) == kept


def test_lines_that_somebody_typed_stay_lines():
    assert safe.paragraphs("một\n\n hai\u2028ba\r\n") == ["một", "hai", "ba"]
    assert safe.paragraphs(None) == []


def test_a_cell_is_cut_where_it_ends_and_says_how_much_is_left_out():
    whole = "x" * 32_767
    assert safe.cell(whole) == whole
    cut = safe.cell(whole + "yz")
    assert len(cut) <= safe.CELL
    kept = cut.index("…")
    assert cut.endswith(f"… (+{32_769 - kept})")
    pairs = safe.cell("😀" * 40, 21)  # each is two units
    assert len(pairs.encode("utf-16-le")) // 2 <= 21
    assert pairs.startswith("😀")
    assert pairs.endswith(f"(+{40 - pairs.count('😀')})")


@given(TEXTS)
def test_any_text_comes_back_from_word_as_the_line_that_was_written(text):
    document = docx.Document()
    parts.write(document.add_paragraph(), text)
    out = io.BytesIO()
    document.save(out)
    read = docx.Document(out).paragraphs[0]
    assert read.text == safe.line(text)
    assert not read.hyperlinks


@given(TEXTS)
def test_any_text_comes_back_from_excel_as_text(text):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, SAFE) as book:
        book.add_worksheet().write_string(0, 0, safe.cell(text))
    cell = openpyxl.load_workbook(out).active["A1"]
    # an empty text is an empty cell
    assert (cell.value or "").replace("_x005F_", "_") == safe.cell(text)
    assert cell.data_type in {"s", "n"}
    assert cell.data_type == "s" or cell.value is None
    assert cell.hyperlink is None


@pytest.mark.parametrize("text", ["=1+1", "+84 24", "-5", "@SUM(A1)", "＝1"])
def test_what_a_spreadsheet_would_run_is_known(text):
    assert safe.is_live(text)
    assert not safe.is_live(f"a{text}")


def archive(names, day):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name in names:
            packed.writestr(zipfile.ZipInfo(name, (day, 1, 2, 3, 4, 6)), name * 50)
    return out.getvalue()


def test_when_a_file_was_packed_leaves_no_trace():
    assert archive("ab", 1999) != archive("ab", 2020)
    assert steady(archive("ab", 1999)) == steady(archive("ab", 2020))
    with zipfile.ZipFile(io.BytesIO(steady(archive("ab", 2020)))) as packed:
        assert packed.read("a") == b"a" * 50


def test_a_file_that_cannot_be_written_leaves_no_half_of_it(tmp_path):
    (tmp_path / "x.docx").mkdir()
    with pytest.raises(DocumentError, match=r"x\.docx: không ghi được") as caught:
        write(b"1", tmp_path / "x.docx")
    assert "\n" not in str(caught.value)
    assert [path.name for path in tmp_path.iterdir()] == ["x.docx"]

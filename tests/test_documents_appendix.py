"""The appendix: numbers are numbers, texts are texts, each finding has its table, chart and rows of evidence."""

from __future__ import annotations

import dataclasses
import io
import zipfile

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_documents import found, simulated_review

from danvan_kit.documents import gather, safe
from danvan_kit.documents.appendix import TOP, _lines, _look, _spread, workbook
from danvan_kit.documents.content import Content


@pytest.fixture(scope="module")
def review():
    return simulated_review()


@pytest.fixture(scope="module")
def said(review):
    sources = tuple(f"A/{n}.xlsx#B1!C{n}" for n in range(3))
    more = dataclasses.replace(
        found(review, n=2, author="=Lan", statement="-Ý kiến"), evidence=sources, evidence_total=1203
    )
    old = dataclasses.replace(review, records=review.records[review.records["area"] != "a1"])
    return gather(
        review,
        [
            more,
            found(
                review, "strength", "compare", n=3, choices={"indicator": "giam_sat", "year": 2010, "level": "commune"}
            ),
            found(review, "question", "peers", n=4, choices={"area": "A"}),
            found(old, n=6, statement="Cũ"),
        ],
    )


@pytest.fixture(scope="module")
def book(said):
    return openpyxl.load_workbook(io.BytesIO(workbook(said)))


def rows(sheet):
    """Return the cells of the table of a sheet, up to the first blank row."""
    out = []
    for row in sheet.iter_rows(min_row=TOP + 2, values_only=True):
        if not any(cell is not None for cell in row):
            break
        out.append(list(row))
    return out


def test_there_is_a_sheet_for_all_findings_each_finding_and_the_evidence(book):
    assert book.sheetnames == ["Các phát hiện", "Số công bố", "PH 1", "PH 2", "PH 3", "Căn cứ"]


def test_the_first_sheet_tells_which_findings_hold(book):
    table = rows(book["Các phát hiện"])
    assert [(row[0], row[7]) for row in table] == [
        (1, "còn đúng"),
        (2, "còn đúng"),
        (3, "còn đúng"),
        ("–", "không còn đúng"),
    ]
    assert table[1][9] == "=Lan"
    assert table[1][10] == 1203


def test_numbers_are_numbers_also_negative_ones_and_what_is_missing_is_no_zero(book):
    # district A and its communes: 1 and 4 rounds in 2010, none in 2011, 2 in 2012
    table = rows(book["PH 2"])
    assert [row[:2] for row in table] == [[2010, 5], [2011, 0], [2012, 2]]
    assert table[1][2] == -100
    assert table[0][2] == "–"
    assert book["PH 2"].cell(TOP + 2, 1).number_format == "0"
    assert book["PH 2"].cell(TOP + 2, 2).number_format == "#,##0"


def test_no_cell_is_a_formula_or_a_link_and_what_looks_like_one_is_quoted(book):
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type in {"s", "n"}
                assert cell.hyperlink is None
    cell = next(c for row in book["Các phát hiện"].iter_rows() for c in row if c.value == "-Ý kiến")
    assert cell.style is not None
    assert cell.quotePrefix


def test_each_sheet_prints_across_a4_with_its_header_on_each_page_and_filters(book):
    for sheet in book:
        assert sheet.freeze_panes == f"A{TOP + 2}"
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert sheet.print_title_rows == f"${TOP + 1}:${TOP + 1}"
        assert sheet.page_setup.fitToHeight == 0
        assert sheet.auto_filter.ref
        assert sheet["A2"].value == "SỐ LIỆU MÔ PHỎNG"
        assert sheet["A1"].font.name == "Times New Roman"


def test_a_chart_stands_where_figures_have_one_unit(book, said):
    charts = {sheet.title: sheet._charts for sheet in book}
    assert [name for name, there in charts.items() if there] == ["PH 1", "PH 2"]
    assert "Đơn vị tính" in said.items[2].view.table  # of many indicators
    (years,) = charts["PH 2"]
    assert years.type == "col"
    (names,) = charts["PH 1"]
    assert names.type == "bar"
    with zipfile.ZipFile(io.BytesIO(workbook(said))) as packed:
        drawn = [packed.read(name).decode() for name in packed.namelist() if name.startswith("xl/charts/chart")]
    assert all("SỐ LIỆU MÔ PHỎNG" in chart for chart in drawn)


def test_the_evidence_is_listed_and_the_rest_counted(book):
    table = rows(book["Căn cứ"])
    mine = [row for row in table if row[0] == 2]
    assert [row[1] for row in mine] == ["A/0.xlsx#B1!C0", "A/1.xlsx#B1!C1", "A/2.xlsx#B1!C2", "…"]
    assert mine[-1][2] == "còn 1.200 dòng"


def test_without_findings_there_is_still_a_workbook_that_opens(review):
    empty = openpyxl.load_workbook(io.BytesIO(workbook(gather(review, [], lang="en"))))
    assert empty.sheetnames == ["Findings", "Published", "Evidence"]


def test_a_long_table_is_charted_in_part_and_says_so(said, monkeypatch):
    monkeypatch.setattr("danvan_kit.documents.appendix.CHARTED", 2)
    monkeypatch.setattr("danvan_kit.documents.appendix.SCREEN", 1)
    monkeypatch.setattr("danvan_kit.documents.appendix.BESIDE", 1)
    with zipfile.ZipFile(io.BytesIO(workbook(said))) as packed:
        drawn = [packed.read(name).decode() for name in packed.namelist() if name.startswith("xl/charts/chart")]
        sheets = [packed.read(name).decode() for name in packed.namelist() if name.startswith("xl/worksheets/sheet")]
    assert any("(2 dòng đầu)" in chart for chart in drawn)
    assert any("<rowBreaks" in sheet for sheet in sheets)


@settings(max_examples=15)
@given(st.text(max_size=60), st.text(max_size=60))
def test_whatever_the_delegation_wrote_comes_back_as_text(statement, author):
    said = _said()
    (item, *_) = said.items
    written = dataclasses.replace(item.finding, statement=f"={statement}", author=author, recommendation=author)
    changed = dataclasses.replace(said, items=(dataclasses.replace(item, finding=written),), stale=())
    sheet = openpyxl.load_workbook(io.BytesIO(workbook(changed)))["Các phát hiện"]
    row = [cell.value for cell in sheet[TOP + 2]]
    assert row[2] == safe.cell(f"={statement}")
    assert (row[9] or "") == safe.cell(author)
    assert sheet.cell(TOP + 2, 3).data_type == "s"


KEPT: list[Content] = []


def _said() -> Content:
    """Return a small content, made once: Hypothesis does not go with fixtures of a module."""
    if not KEPT:
        review = simulated_review()
        KEPT.append(gather(review, [found(review)]))
    return KEPT[0]


def test_a_column_of_years_counts_or_shares_has_its_own_format():
    assert _look("year", [2010], True) == "year"
    assert _look("x", [1.0, "ẩn", 2500.0, float("nan")], True) == "count"
    assert _look("x", [1.5, -2.25], True) == "two"
    assert _look("x", [12.5], True) == "one"
    assert _look("x", ["a", 1.0], False) == ""
    assert _look("x", [float("nan")], True) == "count"


def test_a_logarithmic_axis_is_for_figures_far_apart_and_above_zero():
    assert _spread([22.0, 40_000.0])
    assert not _spread([0.0, 40_000.0])
    assert not _spread([22.0, 100.0])
    assert not _spread([])


def test_a_row_is_as_high_as_its_text_needs():
    assert _lines("ngắn", 20) == 1
    assert _lines("x" * 100, 21) == 6
    assert _lines("x" * 9000, 10) == 25

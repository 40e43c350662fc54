"""Hidden parts, errors, formulas without results and telling number formats are seen, however the sheet is written."""

from __future__ import annotations

import datetime as dt
import re

import hostile_forms as hostile
import openpyxl
import pytest
import xlrd
import xlsxwriter

from danvan_kit.forms import number_formats, second_look, workbooks
from danvan_kit.forms.isolated import Reader

FORMATS = {"2": "0.00"}


@pytest.fixture(scope="module")
def reader():
    with Reader() as one:
        yield one


def book_of(reader, tmp_path, data, name="a.xlsx"):
    path = tmp_path / name
    path.write_bytes(data)
    return reader.read(path)


# --- .xlsx: the short way and the long way

CELLS = (
    '<row r="1"><c r="A1" s="2"><v>12</v></c><c r="B1" s="2" t="s"><v>0</v></c><c r="C1" s="2"/></row>'
    '<row r="2" hidden="1"><c r="A2" t="e"><v>#DIV/0!</v></c><c r="B2" t="e"><f>NA()</f><v>#N/A</v></c></row>'
    '<row r="3"><c r="A3"><f>SUM(A1:A2)</f><v>12</v></c><c r="B3"><f>A1+1</f></c><c r="C3"><f>A1</f><v></v></c></row>'
    '<row r="4"><c r="A4"><f>[1]Sheet1!A1</f><v>3</v></c><c r="B4" t="str"><f>""</f><v></v></c><c r="C4" s="2"><f>1</f>'
    "<v>1</v></c></row>"
    '<row r="5" ht="0" customHeight="1"><c r="A5"><f t="shared" ref="A5:A6" si="0">\'[2]Biểu 1\'!A1*2</f><v>6</v></c>'
    '</row><row r="6"><c r="A6"><f t="shared" si="0"/><v>8</v></c><c r="D6"><f>Table1[2014]</f><v>8</v></c></row>'
)
COLUMNS = (
    '<cols><col min="1" max="1" width="9"/><col min="3" max="4" width="9" hidden="1"/><col min="6" max="9" width="0"/>'
    '<col min="10" max="16384" hidden="true"/><col min="2" max="2" hidden="0"/></cols>'
)
EXPECTED = {
    "hidden_rows": [1, 4],
    "hidden_columns": [(2, 3), (5, 8), (9, 16383)],
    "marks": {
        (1, 0): "#DIV/0!", (1, 1): "#N/A", (2, 1): "uncached", (2, 2): "uncached", (3, 0): "external",
        (4, 0): "external", (5, 0): "external",
    },
    "formats": {(0, 0): "0.00", (3, 2): "0.00"},
}  # fmt: skip


def looked(xml, **options):
    found = second_look.look(xml.encode(), FORMATS, **{"fresh": False, **options})
    return {
        **found,
        "marks": {(row, column): mark for row, column, mark in found["marks"]},
        "formats": {(row, column): code for row, column, code in found["formats"]},
    }


def prefixed(xml):
    return re.sub(r"<(/?)(?=[a-z])", r"<\1x:", xml).replace("xmlns=", "xmlns:x=")


WAYS = {
    "as usual": lambda xml: xml,
    "with prefixes": prefixed,
    "with single quotes": lambda xml: re.sub(r'="([^"<>]*)"(?=[^<]*>)', r"='\1'", xml),
    "with blanks around the signs of equality": lambda xml: re.sub(r'(\w)="', r'\1 = "', xml),
    "with comments": lambda xml: xml.replace("</row>", '<!-- <c r="Z1" t="e"><v>#N/A</v></c> --></row>'),
    "with other attributes first": lambda xml: re.sub(r'<c (r="\w+") (\w+="\w+")>', r"<c \2 \1>", xml),
    "with line breaks": lambda xml: xml.replace("><", ">\n<"),
    "with plain data": lambda xml: xml.replace("#DIV/0!", "<![CDATA[#DIV/0!]]>"),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_a_sheet_is_seen_through_however_it_is_written(way):
    xml = way(hostile.sheet_xml(CELLS, before=COLUMNS))
    assert looked(xml) == EXPECTED


def test_the_usual_sheet_is_searched_and_the_others_are_walked_through(monkeypatch):
    xml = hostile.sheet_xml(CELLS, before=COLUMNS)
    monkeypatch.setattr(second_look, "walk", None)
    assert looked(xml) == EXPECTED
    with pytest.raises(TypeError):
        looked(prefixed(xml))


def test_cells_and_rows_without_a_name_are_counted_on():
    rows = '<row r="3"><c r="B3"/><c t="e"><v>#REF!</v></c></row><row hidden="1"><c><f>A1</f></c></row>'
    found = looked(hostile.sheet_xml(rows))
    assert found["marks"] == {(2, 2): "#REF!", (3, 0): "uncached"}
    assert found["hidden_rows"] == [3]


def test_a_plain_sheet_is_not_looked_at_twice():
    assert second_look.look(hostile.sheet_xml().encode(), FORMATS, fresh=False) == {}


def test_a_zero_is_no_result_where_the_file_asks_to_compute_everything_anew():
    rows = '<row r="1"><c r="A1"><f>SUM(B1:B9)</f><v>0</v></c><c r="B1"><f>1+1</f><v>2</v></c></row>'
    assert looked(hostile.sheet_xml(rows), fresh=True)["marks"] == {(0, 0): "uncached"}
    assert looked(hostile.sheet_xml(rows))["marks"] == {}


@pytest.mark.parametrize(
    ("formula", "outside"),
    [
        ("[1]Sheet1!A1", True), ("SUM('[12]Biểu 1'!A1:A3)", True), ("1+[3]!ten", True), ("WEBSERVICE(A1)", True),
        ("Table1[2014]", False), ("Table1[[2014]:[2015]]", False), ("SUM(Biểu!A1)", False),
        ('IF(A1="[1]","!","")', False),
    ],
)  # fmt: skip
def test_formulas_that_read_another_workbook_are_told_from_those_that_read_a_column(formula, outside):
    assert bool(second_look.EXTERNAL.search(formula)) == outside


# --- whole workbooks


def test_a_workbook_by_openpyxl_gives_its_hidden_parts_formulas_and_formats(reader, tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["A1"], sheet["B2"], sheet["C3"], sheet["D4"], sheet["E5"] = 12, "=SUM(A1:A9)", 0.5, 27739, 5
    sheet["A1"].number_format, sheet["C3"].number_format, sheet["D4"].number_format = "0.000", "0%", "#,##0"
    sheet.row_dimensions[2].hidden = True
    sheet.column_dimensions["C"].hidden = True
    sheet.merge_cells("A7:B8")
    book.save(tmp_path / "a.xlsx")
    (found,) = reader.read(tmp_path / "a.xlsx").sheets
    assert found.marks == {(1, 1): "uncached"}
    assert found.rows[1][1] is None
    assert found.formats == {(0, 0): "0.000", (2, 2): "0%"}
    assert (found.hidden_rows, found.hidden_columns) == ({1}, {2})
    assert found.merged == ((6, 0, 7, 1),)


def test_results_that_nobody_computed_do_not_pass_for_zeros(reader, tmp_path):
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_column("A1", [5, 6])
        sheet.write_formula("A3", "=SUM(A1:A2)")
        sheet.write_formula("A4", "=SUM(A1:A2)", None, 11)
    (found,) = reader.read(tmp_path / "a.xlsx").sheets
    assert found.marks == {(2, 0): "uncached"}
    assert found.rows == ((5.0,), (6.0,), (None,), (11.0,))


def test_errors_stand_as_words_also_those_younger_than_the_library(reader, tmp_path):
    rows = (
        '<row r="1"><c r="A1" t="e"><f>F()</f><v>#SPILL!</v></c><c r="B1" t="e"><v>#CALC!</v></c></row>'
        '<row r="2"><c r="A2" t="str"><f>B()</f><v>#SPILL!</v></c><c r="C2" t="e"><v>#N/A</v></c></row>'
    )
    (found,) = book_of(reader, tmp_path, hostile.xlsx(sheet=hostile.sheet_xml(rows))).sheets
    assert found.rows == (("#SPILL!", "#CALC!", None), ("#SPILL!", None, "#N/A"))
    assert found.marks == {(0, 0): "#SPILL!", (0, 1): "#CALC!", (1, 2): "#N/A"}


def test_a_formula_without_result_beyond_all_values_is_not_lost(reader, tmp_path):
    rows = hostile.cell("A1") + '<row r="9"><c r="F9"><f>A1</f></c></row>'
    (found,) = book_of(reader, tmp_path, hostile.xlsx(sheet=hostile.sheet_xml(rows))).sheets
    assert found.marks == {(8, 5): "uncached"}
    assert len(found.rows) == 9
    assert found.rows[8] == (None,) * 6


def test_a_range_over_a_whole_sheet_is_cut_to_what_has_values(reader, tmp_path):
    after = '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    (found,) = book_of(reader, tmp_path, hostile.xlsx(sheet=hostile.sheet_xml(after=after))).sheets
    assert found.merged == ((0, 0, 29, 1),)


def test_a_sheet_whose_part_is_not_found_is_said_to_be_unseen(monkeypatch):
    assert second_look.UNSEEN not in workbooks.read_workbook(hostile.xlsx(), "zip")["notes"]
    monkeypatch.setattr(second_look, "sheet_parts", lambda *_: ([("Biểu 2", "xl/worksheets/sheet1.xml")], False))
    assert second_look.UNSEEN in workbooks.read_workbook(hostile.xlsx(), "zip")["notes"]


def test_an_xls_that_the_second_reader_cannot_open_is_said_to_be_unseen(monkeypatch):
    monkeypatch.setattr(xlrd, "open_workbook", lambda **_: 1 / 0)
    assert workbooks.read_workbook(hostile.xls(), "xls")["notes"] == [second_look.UNSEEN]


# --- .ods and .xls


def test_an_ods_gives_its_hidden_parts_errors_formulas_formats_and_merged_ranges(reader, tmp_path):
    styles = (
        '<number:number-style style:name="N3"><number:number number:decimal-places="3"/></number:number-style>'
        '<number:percentage-style style:name="P"><number:number number:decimal-places="0"/></number:percentage-style>'
        '<style:style style:name="c3" style:family="table-cell" style:data-style-name="N3"/>'
        '<style:style style:name="cc" style:family="table-cell" style:parent-style-name="c3"/>'
        '<style:style style:name="cp" style:family="table-cell" style:data-style-name="P"/>'
    )

    def cell(more=""):
        value = f'office:value-type="float" office:value="12" {more}'
        return f"<table:table-cell {value}><text:p>12</text:p></table:table-cell>"

    space = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"
    error = (
        f'<table:table-cell table:formula="of:=1/0" office:value-type="string" xmlns:calcext="{space}" '
        'calcext:value-type="error"><text:p>#DIV/0!</text:p></table:table-cell>'
    )
    styled = cell('table:style-name="cc" table:number-columns-repeated="2"')
    merged = cell('table:number-columns-spanned="2" table:number-rows-spanned="3"')
    outside = cell("table:formula=\"of:='file:///b.ods'#$A.A1\"")
    table = (
        '<table:table-column/><table:table-column table:visibility="collapse" table:number-columns-repeated="2"/>'
        '<table:table-column table:default-cell-style-name="cp" table:number-columns-repeated="16000"/>'
        f"<table:table-row>{styled}{cell()}{cell()}</table:table-row>"
        '<table:table-row table:visibility="filter" table:number-rows-repeated="2"><table:table-cell/>'
        f"{merged}</table:table-row>"
        f'<table:table-row>{error}<table:table-cell table:formula="of:=[.A1]"/>{outside}</table:table-row>'
    )
    found = book_of(reader, tmp_path, hostile.ods(table, styles=styles), "a.ods")
    (sheet,) = found.sheets
    assert (found.kind, sheet.rows[0]) == ("ods", (12.0, 12.0, 12.0, 12.0))
    assert sheet.formats == {(0, 0): "0.000", (0, 1): "0.000", (0, 3): "0%"}
    assert (sheet.hidden_rows, sheet.hidden_columns) == ({1, 2}, {1, 2})
    assert sheet.marks == {(3, 0): "#DIV/0!", (3, 1): "uncached", (3, 2): "external"}
    assert sheet.rows[3] == ("#DIV/0!", None, 12.0, None)
    assert (1, 1, 3, 2) in sheet.merged


def test_an_xls_gives_its_hidden_parts_errors_formats_and_merged_ranges(reader, tmp_path):
    record = hostile.record
    row = (2).to_bytes(2, "little") + b"\0\0\2\0\xff\0" + b"\0" * 4 + (0x20 | 0x100).to_bytes(4, "little")
    cells = (
        record(0x7D, b"\1\0\1\0\0\10\x0f\0\1\0\0\0") + record(0x208, row) + hostile.number(0, 0, 12, 16)
        + hostile.number(2, 0, 5) + hostile.label(0, 1, "Phường") + record(0x205, b"\3\0\0\0\x0f\0\x07\1")
        + record(0xE5, b"\1\0\4\0\5\0\0\0\1\0") + hostile.number(5, 1, 1)
    )  # fmt: skip
    found = book_of(reader, tmp_path, hostile.xls(cells), "a.xls")
    (sheet,) = found.sheets
    assert (found.kind, sheet.rows[0]) == ("xls", (12, "Phường"))
    assert sheet.formats == {(0, 0): "0.000"}
    assert (sheet.hidden_rows, sheet.hidden_columns) == ({2}, {1})
    assert sheet.marks == {(3, 0): "#DIV/0!"}
    assert sheet.merged == ((4, 0, 5, 1),)


# --- number formats


@pytest.mark.parametrize(
    "code",
    ["", "General", "0", "#,##0", "# ##0", "@", "#,##0_);(#,##0)",
     '_-* #,##0\\ _₫_-;-* #,##0\\ _₫_-;_-* "-"??\\ _₫_-;_-@_-',
     '#,##0" cuộc"', "[Red]#,##0;[Blue]-#,##0", "dd/mm/yyyy", "[h]:mm", "[$-42A]dd mmmm yyyy", "###0", "#"],
)  # fmt: skip
def test_formats_of_whole_numbers_and_dates_tell_nothing(code):
    assert not number_formats.telling(code)


@pytest.mark.parametrize(
    "code",
    ["0.000", "#,##0.00", "0%", "0.0%", "#,##0,", "0.00E+00", "# ?/?",
     '0".000"', '#,##0",000"', "0\\.000", ";;;", '"x"',
     "00000", "#,##0;-#,##0.0", "_(* #,##0.00_);_(* (#,##0.00)", "0,0"],
)  # fmt: skip
def test_formats_that_make_a_number_look_like_another_one_tell(code):
    assert number_formats.telling(code)


def test_styles_name_their_telling_formats_as_cells_do():
    styles = (
        f"<styleSheet {hostile.MAIN}><numFmts><numFmt numFmtId='164' formatCode='0.000'/><numFmt numFmtId='165' "
        "formatCode='#,##0'/></numFmts><cellStyleXfs><xf numFmtId='9'/></cellStyleXfs><cellXfs><xf/>"
        "<xf numFmtId='164'/><xf numFmtId='165'/><xf numFmtId='10'/><xf numFmtId='x'/></cellXfs></styleSheet>"
    )
    assert number_formats.of_styles(styles.encode()) == {"1": "0.000", "3": "0.00%"}


def test_dates_of_1904_are_the_same_days(reader, tmp_path):
    workbook = hostile.xlsx_parts()["xl/workbook.xml"].replace("<sheets>", '<workbookPr date1904="1"/><sheets>')
    sheet = hostile.sheet_xml(hostile.cell("A1", "<v>40358</v>", ' s="1"'))
    (found,) = book_of(reader, tmp_path, hostile.xlsx(workbook=workbook, sheet=sheet)).sheets
    assert found.rows == ((dt.date(2014, 6, 30),),)

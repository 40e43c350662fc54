"""Hostile files end as one coded line each, mutants as a book or such a line; honest files pass."""

from __future__ import annotations

import io
import zipfile

import hostile_forms as hostile
import pytest
from hypothesis import given
from hypothesis import strategies as st

from danvan_kit.forms import extent, markup, packages, preflight, zips
from danvan_kit.forms.isolated import Reader
from danvan_kit.forms.preflight import Refused
from danvan_kit.forms.trouble import FormError, codes

CASES = hostile.cases()
MUTANTS = 300


@pytest.fixture(scope="module")
def reader():
    with Reader(memory=2**30) as one:  # less than usual, so that the bombs burst earlier
        yield one


def code_of(reader, path):
    try:
        reader.read(path)
    except FormError as err:
        error = err
    else:
        return "ok"
    assert error.trouble.file == path.name
    assert all(error.trouble.text(part, lang) for part in ("title", "found", "next") for lang in ("vi", "en"))
    assert "\n" not in error.vi + error.en
    return error.code


# --- hostile files


def test_there_are_enough_hostile_files():
    assert len(CASES) >= 60
    assert len({case.name for case in CASES}) == len(CASES)
    assert {code for case in CASES for code in case.codes} == {"ok", *(f"F0{n}" for n in range(1, 9))}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_hostile_file_ends_as_the_right_code(case, reader, tmp_path):
    path = tmp_path / case.file
    case.make(path)
    assert code_of(reader, path) in case.codes


def test_a_mutant_is_a_book_or_a_code_and_honest_files_are_read(reader, tmp_path):
    found = []
    for name, data in [*hostile.seeds().items(), *hostile.mutants(MUTANTS)]:
        path = tmp_path / name
        path.write_bytes(data)
        found.append(code_of(reader, path))
        path.unlink()
    honest = len(hostile.seeds())
    assert found[:honest] == ["ok"] * honest
    assert set(found) <= {"ok", *codes()}
    assert found.count("ok") < len(found) / 2


def test_the_far_cell_is_named_with_its_sheet(reader, tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(hostile.xlsx(sheet=hostile.sheet_xml(hostile.ROWS + hostile.cell("XFD1048576"))))
    with pytest.raises(FormError, match=r"a\.xlsx, Biểu 1!XFD1048576"):
        reader.read(path)


# --- kinds and endings


@pytest.mark.parametrize("name", ["a.XLSX", "a.b.csv", "Biểu.Ods", "x.xlsm", "x.xlsb", "x.xls", "x.tsv"])
def test_the_endings_of_forms_pass_in_either_case(name):
    assert preflight.ending(name) == "." + name.rpartition(".")[2].lower()


@pytest.mark.parametrize("name", ["a", ".xlsx", "a.xlsx.exe", "a.doc", "a.xlsx "])
def test_other_endings_are_refused(name):
    with pytest.raises(Refused) as caught:
        preflight.ending(name)
    assert caught.value.code == "F01"


def test_bytes_tell_what_a_file_is():
    assert preflight.kind_of(hostile.xlsx(), ".xls") == "zip"
    assert preflight.kind_of(hostile.xls(), ".xlsx") == "xls"
    assert preflight.kind_of("Đơn vị;Số".encode("utf-16"), ".csv") == "text"
    assert preflight.kind_of(b"PKa;1\n", ".csv") == "text"


@pytest.mark.parametrize(
    ("name", "what", "kind", "note"),
    [
        ("[Content_Types].xml", "application/vnd.ms-excel.sheet.macroEnabled.main+xml", "xlsm", ()),
        ("xl/vbaProject.bin", "x", "xlsx", ("macros",)), ("xl/externalLinks/externalLink1.xml", "<a/>", "xlsx",
                                                            ("external links",)),
        ("xl/workbook.bin", "x", "xlsb", ()),
    ],
)  # fmt: skip
def test_parts_tell_what_a_workbook_is_and_has(name, what, kind, note):
    parts = {n: d if isinstance(d, bytes) else d.encode() for n, d in {**hostile.xlsx_parts(), name: what}.items()}
    assert packages.kind_of(parts) == (kind, list(note))


# --- archives


@given(st.dictionaries(st.text("abcđ/.x", min_size=1).filter(lambda n: ".." not in n and n[0] != "/"), st.binary()))
def test_what_is_packed_unpacks_the_same_for_us_and_for_others(parts):
    parts = {name: data for name, data in parts.items() if not name.endswith("/")}
    packed = zips.pack(parts)
    assert zips.unpack(packed) == parts
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == parts


@pytest.mark.parametrize("way", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_archives_of_others_are_unpacked_however_they_are_written(way):
    class Pipe(io.RawIOBase):
        """A target that cannot go back, so that sizes come after the data."""

        def __init__(self):
            self.data = b""

        def writable(self):
            return True

        def write(self, data):
            self.data += bytes(data)
            return len(data)

    out = Pipe()
    with zipfile.ZipFile(out, "w", way) as archive:
        archive.comment = b"PK\x05\x06 in a comment"[8:]
        archive.writestr("a/", "")
        with archive.open("b.xml", "w", force_zip64=True) as part:
            part.write(b"x" * 1000)
    assert zips.unpack(out.data) == {"b.xml": b"x" * 1000}
    assert zips.unpack(b"before" + out.data + b"after") == {"b.xml": b"x" * 1000}


def test_an_archive_of_64_bits_is_read_where_the_system_says_so(monkeypatch):
    monkeypatch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", 1)
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 10)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.xml", "y" * 50)
        archive.writestr("b.xml", "x" * 50)
    assert b"PK\x06\x06" in out.getvalue()
    assert zips.unpack(out.getvalue()) == {"a.xml": b"y" * 50, "b.xml": b"x" * 50}


@given(st.integers(0, 10**6), st.integers(0, 255))
def test_a_changed_archive_is_refused_or_unpacks_to_parts_that_add_up(at, byte):
    data = bytearray(hostile.xlsx())
    data[at % len(data)] = byte
    honest = {n: d if isinstance(d, bytes) else d.encode() for n, d in hostile.xlsx_parts().items()}
    try:
        parts = zips.unpack(bytes(data))
    except Refused as refused:
        parts = honest if refused.code in codes() else {}
    assert sorted(parts.values()) == sorted(honest.values())


# --- markup


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_document_type_is_refused_in_every_encoding(codec):
    plain = '<?xml version="1.0"?><!-- a --><a><![CDATA[b]]>đ</a>'
    assert "đ" in markup.checked("a", plain.encode(codec)).decode()
    for mark in ("<!DOCTYPE a>", "<!doctype a>", '<!ENTITY b "c">', "<! x>"):
        with pytest.raises(Refused, match="F07"):
            markup.checked("a", plain.replace("<a>", mark + "<a>").encode(codec))


@pytest.mark.parametrize("name", ["UTF-7", "utf-32", "IBM037", "cp500", "hz"])
def test_a_declared_encoding_that_could_hide_markup_is_refused(name):
    with pytest.raises(Refused, match="F07"):
        markup.checked("a", f"<?xml version='1.0' encoding='{name}'?><a/>".encode())
    good = b"<?xml version='1.0' encoding='windows-1258'?><a/>"
    assert markup.checked("a", good) == good


# --- extent


def refused_cell(rows):
    try:
        extent.too_far("Biểu 1", hostile.sheet_xml(rows).encode())
    except Refused as refused:
        return refused.cell
    return ""


@pytest.mark.parametrize(
    ("reference", "value", "cell"),
    [
        ("ALL2000", "<v>1</v>", ""), ("ALM1", "<v>1</v>", "ALM1"), ("A20001", "<is><t>x</t></is>", "A20001"),
        ("XFD1048576", "", ""), ("XFD1048576", "<v></v>", ""), ("A20001", "<f>1+1</f>", "A20001"),
    ],
)  # fmt: skip
def test_only_a_cell_with_something_in_it_can_stand_too_far_out(reference, value, cell):
    assert refused_cell(hostile.cell(reference, value)) == cell


def test_rows_and_cells_without_a_name_are_counted_on():
    assert refused_cell('<row r="20000"/><row><c><v>1</v></c></row>') == "A20001"
    assert refused_cell('<row r="1"><c r="ALL1" s="1"/><c><v>1</v></c></row>') == "ALM1"


def test_a_box_of_too_many_cells_is_refused_though_its_sides_are_not():
    with pytest.raises(Refused, match="F06"):
        extent.check_size(2_001, 1_000, preflight.MOST_CELLS, "")
    extent.check_size(2_000, 1_000, preflight.MOST_CELLS, "")

"""Files to tables: each mistake is one line that names file, row, column, value and what is allowed."""

from __future__ import annotations

import gzip

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from danvan_kit import tables
from danvan_kit.tables import TableError

HEADER = "indicator,level,per_year,document\n"


def _norms(tmp_path, text, name="norms.csv", encoding="utf-8"):
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


def test_a_good_file_is_read_with_its_types(tmp_path):
    frame = tables.read(_norms(tmp_path, HEADER + "doi_thoai,city,2,QĐ 1\ndoi_thoai,district,0.5,QĐ 1\n"), "norms")
    assert frame["per_year"].tolist() == [2.0, 0.5]
    assert frame["document"].tolist() == ["QĐ 1", "QĐ 1"]


def test_codes_keep_their_zeros_and_na_stays_a_text(tmp_path):
    path = _norms(tmp_path, HEADER + "00001,city,1,NA\n")
    frame = tables.read(path, "norms")
    assert (frame["indicator"].item(), frame["document"].item()) == ("00001", "NA")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "tệp rỗng"),
        ("indicator,level,per_year\n", "thiếu cột 'document'"),
        ("indicator,level,per_year,document,note\n", "cột lạ 'note'"),
        (HEADER.replace("document", "document,level"), "hai cột cùng tên 'level'"),
        (HEADER + "a,city,1,x\nb,city,1\n", "dòng 3: có 3 ô; cần đúng 4"),
        (HEADER + "a,city,1,x,y\nb,city,1,x,y\n", "dòng 2: có 5 ô; cần đúng 4"),
        (HEADER + 'a,city,1,"x, y"\nb,city\n', "dòng 3: có 2 ô; cần đúng 4"),
        (HEADER + "a,city,1,x\n\nb,city,1,x\n", "dòng 3: có 1 ô"),
        (HEADER + "a,city,1,x\nb,city,1O,x\n", "dòng 3, cột 'per_year'.*'1O'.*số"),
        (HEADER + "a,city,-1,x\n", "'-1'.*từ 0"),
        (HEADER + "a,phường,1,x\n", "cột 'level'.*'phường'.*city, district, commune"),
        (HEADER + "a,city,1,\n", "cột 'document'.*không để trống"),
        (HEADER + "a,city,1,x\nb,city,1,x\na,city,2,y\n", "dòng 4: trùng khóa.*a, city.*dòng 2"),
    ],
)
def test_a_bad_file_is_one_line_with_its_place(tmp_path, text, words):
    path = _norms(tmp_path, text)
    with pytest.raises(TableError, match=words) as caught:
        tables.read(path, "norms")
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(TableError, match="thiếu tệp .*norms.csv"):
        tables.read(tmp_path / "norms.csv", "norms")


def test_a_foreign_encoding_is_refused_with_its_row(tmp_path):
    path = _norms(tmp_path, HEADER + "a,city,1,Quyết\n".replace("ế", "é"), encoding="latin-1")
    with pytest.raises(TableError, match="dòng 2: không phải mã UTF-8"):
        tables.read(path, "norms")


def test_a_damaged_gzip_file_is_refused(tmp_path):
    path = tmp_path / "norms.csv.gz"
    path.write_bytes(gzip.compress(HEADER.encode())[:-6])
    with pytest.raises(TableError, match="gzip"):
        tables.read(path, "norms")


def test_a_bad_date_and_a_fraction_in_a_count_are_refused(tmp_path):
    path = tmp_path / "c.csv"
    head = "change,date,kind,from_area,to_area,part,resolution,note\n"
    path.write_text(head + "x,2013-02-30,split,a,b,part,NQ,\n")
    with pytest.raises(TableError, match="cột 'date'.*'2013-02-30'.*YYYY-MM-DD"):
        tables.read(path, "area_changes")
    path = tmp_path / "p.csv"
    path.write_text("area,year,population,status,basis,source\n01,2010,12.5,known,,x\n")
    with pytest.raises(TableError, match="cột 'population'.*'12.5'.*số nguyên"):
        tables.read(path, "population")


@pytest.mark.parametrize("day", ["20130228", "2013-2-28", "2013-W09-4", "0000-01-01", "2013-02-28 ", "２０１３-02-28"])
def test_a_date_is_written_in_one_way_only(tmp_path, day):
    path = tmp_path / "c.csv"
    path.write_text(f"change,date,kind,from_area,to_area,part,resolution,note\nx,{day},split,a,b,part,NQ,\n", "utf-8")
    with pytest.raises(TableError, match="cột 'date'.*YYYY-MM-DD"):
        tables.read(path, "area_changes")


def test_an_optional_count_that_is_empty_is_missing_not_zero(tmp_path):
    path = tmp_path / "p.csv"
    path.write_text("area,year,population,status,basis,source\n01,2010,,unknown,,x\n01,2011,5,known,,x\n")
    assert tables.read(path, "population")["population"].isna().tolist() == [True, False]


words = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1)


@given(st.lists(st.tuples(words, words, st.integers(0, 10**6)), max_size=8, unique_by=lambda r: r[0]))
def test_what_is_written_reads_back_the_same(tmp_path_factory, rows):
    rows = [(i.strip('"') or "x", d, n) for i, d, n in rows]
    columns = {
        "indicator": pd.Series([r[0] for r in rows], dtype="str"),
        "level": pd.Series(["city"] * len(rows), dtype="str"),
        "per_year": pd.Series([float(r[2]) for r in rows], dtype="float64"),
        "document": pd.Series([r[1] for r in rows], dtype="str"),
    }
    frame = pd.DataFrame(columns).drop_duplicates("indicator", ignore_index=True)
    path = tmp_path_factory.mktemp("t") / "norms.csv.gz"
    tables.write(frame, path)
    pd.testing.assert_frame_equal(tables.read(path, "norms"), frame)


@pytest.mark.parametrize("storage", ["python", "pyarrow"])  # how pandas keeps texts where pyarrow is and is not there
def test_half_of_a_pair_is_no_text(storage):
    with pd.option_context("mode.string_storage", storage):
        assert tables.framed([("a\ud800b", 1, None)], ["x", "y", "z"])["x"].tolist() == ["a b"]
        row = {"indicator": "don", "level": "city", "per_year": 1, "document": "\udce3"}
        frame = pd.DataFrame([row | {"document": "QĐ"}, row | {"level": "commune"}], dtype=object)
        with pytest.raises(TableError, match=r"dòng 3, cột 'document': giá trị '\\udce3' .* chữ mã UTF-8"):
            tables.conform(frame, "norms", "norms")


def test_the_same_rows_give_the_same_bytes_and_no_draft_is_left(tmp_path):
    frame = pd.DataFrame({"a": [1, 2]})
    tables.write(frame, tmp_path / "x.csv.gz")
    first = (tmp_path / "x.csv.gz").read_bytes()
    tables.write(frame, tmp_path / "x.csv.gz")
    assert (tmp_path / "x.csv.gz").read_bytes() == first
    assert [p.name for p in tmp_path.iterdir()] == ["x.csv.gz"]


def test_every_schema_describes_its_columns_in_both_languages():
    for name, schema in tables.schemas().items():
        for field in schema["fields"]:
            assert field["title"], (name, field["name"])
            assert field["description"], (name, field["name"])
        assert set(schema["primaryKey"]) <= {f["name"] for f in schema["fields"]}

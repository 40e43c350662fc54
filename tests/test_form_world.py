"""The generated forms say what their key says, in every format and shape."""

from __future__ import annotations

import csv
import re
import unicodedata
from pathlib import Path

import form_world
import pandas as pd
import pytest
from python_calamine import load_workbook

from danvan_kit.forms.trouble import codes
from danvan_kit.names import match

FORMS = Path(__file__).parent / "forms"


@pytest.fixture(scope="module")
def key(shipped, tmp_path_factory):
    return form_world.world(shipped, tmp_path_factory.mktemp("world"))


@pytest.fixture(scope="module")
def books(key):
    """Every file, read plainly: file and sheet to rows."""
    found = {}
    for file in key.files:
        path = file["path"]
        if path.suffix == ".csv":
            found[path.name, path.stem] = _text_rows(path)
            continue
        book = load_workbook(str(path))
        for name in book.sheet_names:
            found[path.name, name] = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    return found


def _text_rows(path):
    data = path.read_bytes()
    for encoding in ("utf-16", "utf-8-sig", "cp1258"):
        try:
            text = data.decode(encoding)
        except UnicodeError:
            continue
        if "Đ" in text or "ộ" in unicodedata.normalize("NFC", text):
            break
    text = unicodedata.normalize("NFC", text)
    delimiter = max(",;\t", key=text.count)
    return list(csv.reader(text.splitlines(), delimiter=delimiter))


def _at(rows, cell):
    letters, digits = re.fullmatch(r"([A-Z]+)([0-9]+)", cell).groups()
    column = 0
    for letter in letters:
        column = 26 * column + ord(letter) - 64
    row = rows[int(digits) - 1] if int(digits) <= len(rows) else []
    return row[column - 1] if column <= len(row) else ""


def _number(value):
    """Read a plain number, or one with Vietnamese thousands; None for anything else."""
    if isinstance(value, int | float):
        return float(value)
    text = re.sub(r"[\s\u00a0]", "", value)
    if re.fullmatch(r"[0-9]+|[0-9]{1,3}(\.[0-9]{3})+", text):
        return float(text.replace(".", ""))
    return None


def test_every_office_sends_one_file_in_one_of_the_shapes(key):
    files = pd.DataFrame(key.files)
    assert len(files) == files["area"].nunique() == files["path"].nunique() == 610
    assert set(files["shape"]) == {"office", "wide", "long", "years"}
    assert set(files["path"].map(lambda path: path.suffix)) == {".xlsx", ".ods", ".csv"}
    assert set(key.observations["year"]) == set(range(2010, 2021))


def test_each_kind_of_fault_is_planted_about_fifteen_times(key):
    counts = key.faults["code"].value_counts()
    assert set(counts.index) < set(codes())
    assert set(counts.index) == {*(f"Q0{i}" for i in range(1, 6)), *(f"C0{i}" for i in range(1, 8))}
    assert counts.between(12, 20).all()


def test_every_figure_of_the_key_stands_in_its_cell(key, books):
    wrong = []
    for o in key.observations.itertuples():
        written = _at(books[o.file, o.sheet], o.cell)
        if o.status == "reported":
            fits = _number(written) == o.value
        else:
            fits = str(written).strip() in {"missing": {"", "-", "–"}, "not_applicable": {"x", "X"}}[o.status]
        if not fits:
            wrong.append((o, written))
    assert wrong == []


def test_the_key_reads_each_figure_of_a_file_once_and_none_where_a_fault_stands(key):
    names = ["file", "sheet", "cell"]
    assert not key.observations.duplicated(names).any()
    assert not key.observations.duplicated(["area", "year", "indicator", "scope", "file"]).any()
    spoiled = key.faults[key.faults["code"].isin(["Q05", "C07", "C02", "C03", "C05"])]
    assert len(spoiled.merge(key.observations, on=names)) == 0


def test_two_files_never_say_the_same_figure(key):
    assert not key.observations.duplicated(["area", "year", "indicator", "scope"]).any()


def test_the_figures_of_the_key_are_what_offices_truly_report(key, shipped):
    known = form_world.truth(shipped).figures
    told = key.observations[key.observations["status"] == "reported"]
    columns = zip(*(told[c] for c in ("area", "year", "indicator", "scope", "value")), strict=True)
    assert all(known[area, year, indicator, scope] == value for area, year, indicator, scope, value in columns)


def test_totals_add_up_where_no_fault_is_planted_and_nowhere_else(key, books):
    assert (~key.totals["right"]).sum() == (key.faults["code"] == "C06").sum()
    for total in key.totals.itertuples():
        rows = books[total.file, total.sheet]
        parts = [_number(_at(rows, cell)) or 0 for cell in total.parts.split()]
        assert (_number(_at(rows, total.cell)) == sum(parts)) == total.right, total


def test_every_written_name_means_its_area(key, shipped):
    within = {f["path"].name: f["area"] for f in key.files if f["shape"] == "wide"}
    years = {f["path"].name: f["year"] for f in key.files}
    assert len(key.names) > 1000
    for file, _, written, area in key.names:
        day = f"{years[file] or 2015}-06-30"
        found = {match(written, shipped.areas, within=w, at=day).area for w in {None, within.get(file)}}
        assert area in found, (file, written)


def test_a_few_offices_get_the_same_forms_as_in_the_whole_world(key, shipped, tmp_path):
    some = [f["area"] for f in key.files[::40]]
    few = form_world.world(shipped, tmp_path, only=some)
    assert [f["area"] for f in few.files] == some
    files = {f["path"].name for f in few.files}
    for name in ("observations", "faults"):
        whole = getattr(key, name)
        pd.testing.assert_frame_equal(
            getattr(few, name), whole[whole["file"].isin(files)].reset_index(drop=True), check_dtype=False
        )


# --- the saved forms in tests/forms


@pytest.mark.parametrize("ending", ["xls", "ods", "xlsx"])
def test_the_saved_forms_hold_what_is_expected_of_them(ending):
    expected = pd.read_csv(FORMS / "expected.csv", dtype={"area": str})
    assert set(expected["status"]) == {"reported", "missing", "not_applicable"}
    for (form, sheet), rows in expected.groupby(["form", "sheet"]):
        book = load_workbook(str(FORMS / f"{form}.{ending}"))
        read = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
        told = rows[rows["status"] == "reported"]
        assert [_number(_at(read, cell)) for cell in told["cell"]] == told["value"].tolist()
        left = rows[rows["status"] != "reported"]
        assert {str(_at(read, cell)).strip() for cell in left["cell"]} <= {"", "-", "–", "x", "X"}


def test_the_saved_forms_are_small():
    sizes = [path.stat().st_size for path in FORMS.iterdir()]
    assert len(sizes) == 9
    assert max(sizes) < 21_000
    assert sum(sizes) < 150_000

"""The sample forms are what their script writes, marked as simulated, small, and each fault in them is found."""

from __future__ import annotations

import zipfile

import pytest
import sample_forms
from conftest import DATA

from danvan_kit.forms.read import read_forms

FORMS = DATA / "simulated" / "forms"


def content(path):
    """Return what a file holds; of an archive its members, which another zlib may pack in other bytes."""
    if not zipfile.is_zipfile(path):
        return path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def written(tmp_path_factory, shipped):
    return sample_forms.write(tmp_path_factory.mktemp("forms"), shipped)


@pytest.fixture(scope="module")
def forms(shipped):
    return read_forms(FORMS, shipped)


def test_the_shipped_forms_are_those_that_the_script_writes(written):
    assert [path.name for path in written] == sorted(path.name for path in FORMS.iterdir())
    for path in written:
        if path.name != "Phuong-Kim-Ma_2019.xlsx":  # cut in the middle, its bytes are those of one zlib
            assert content(path) == content(FORMS / path.name), path.name


def test_the_same_review_gives_the_same_bytes(written, tmp_path, shipped):
    again = sample_forms.write(tmp_path, shipped)
    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in written]


def test_the_forms_are_small():
    assert sum(path.stat().st_size for path in FORMS.iterdir()) < 100_000


def test_every_form_says_that_it_is_simulated(forms):
    assert set(forms.observations["origin"]) == {"simulated"}
    read = forms.files.loc[forms.files["observations"] > 0, "file"]
    assert len(read) == 6


def test_each_planted_fault_is_found_and_nothing_else(forms):
    told = forms.problems[["code", "file", "cell", "found"]].to_numpy().tolist()
    short = [(code, file.rpartition("/")[2].partition("_")[0], cell) for code, file, cell, _ in told]
    assert short == [
        ("C01", "Ba-Dinh", "C13:H13"), ("C03", "Ba-Dinh", "H17"), ("C06", "Hoan-Kiem", "E25"),
        ("F05", "Phuong-Kim-Ma", ""), ("Q02", "Phuong-Minh-Khai", "A3"), ("Q05", "Thanh-pho-Ha-Noi", "D7"),
        ("C08", "Phuc-Xa", "C10"),
    ]  # fmt: skip
    assert "27,739" in forms.problems["found"].iloc[5]


def test_what_was_read_is_what_the_review_has(forms, shipped):
    key = ["area", "year", "indicator", "scope"]
    old = shipped.observations.sort_values("received", kind="stable").drop_duplicates(key, keep="last").set_index(key)
    new = forms.observations.set_index(key)
    both = new.join(old["value"].rename("was"), how="left")
    changed = both.loc[both["value"] != both["was"]]
    assert changed["value"].to_dict() == {
        ("00001", 2019, "cuoc_giam_sat", "own"): 6.0,  # the correction
        ("09625", 2019, "luot_tiep_cong_dan", "own"): 1234.0,  # the text "1.234"
    }


def test_a_name_without_its_accents_is_read(forms):
    found = forms.observations.set_index(["area", "indicator"])["value"]
    assert (found.loc["00004"] >= 0).sum() == 6  # "P. Trúc Bach"

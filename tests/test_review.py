"""A folder becomes one review, or one line that says what is wrong."""

from __future__ import annotations

import dataclasses
import gzip
import shutil

import pytest
from conftest import DATA

from danvan_kit import review as reviews
from danvan_kit.errors import DanvanError
from danvan_kit.review import ReviewError


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(DATA, tmp_path / "data")


def _edit(path, change):
    packed = path.suffix == ".gz"
    text = gzip.decompress(path.read_bytes()).decode() if packed else path.read_text(encoding="utf-8")
    data = change(text).encode()
    path.write_bytes(gzip.compress(data) if packed else data)


def _second_line(change):
    def edit(text):
        lines = text.split("\n")
        lines[1] = change(lines[1])
        return "\n".join(lines)

    return edit


def test_the_shipped_review_covers_eleven_years_and_says_that_it_is_simulated(shipped):
    assert shipped.years == tuple(range(2010, 2021))
    assert str(shipped.closing) == "2020-06-30"
    assert shipped.simulated
    assert set(shipped.observations["origin"]) == {"simulated"}
    assert set(shipped.records["origin"]) == {"simulated"}


def test_a_review_says_in_one_line_what_it_is(shipped):
    assert repr(shipped).startswith("Tổng kết 10 năm")
    assert "76.308 hoạt động" in repr(shipped)
    assert "MÔ PHỎNG" in repr(shipped)
    assert "\n" not in repr(shipped)


def test_a_review_cannot_be_changed(tiny):
    with pytest.raises(dataclasses.FrozenInstanceError):
        tiny.years = ()
    assert not tiny.simulated


def test_a_missing_folder_and_a_missing_settings_file_are_one_line_each(tmp_path):
    with pytest.raises(ReviewError, match="không có thư mục .*nowhere"):
        reviews.load(tmp_path / "nowhere")
    with pytest.raises(ReviewError, match=r"thiếu tệp review\.toml"):
        reviews.load(tmp_path)


@pytest.mark.parametrize(
    ("toml", "words"),
    [("first_year = ", "không đọc được"), ("first_year = 'x'", "title = None"),
     ("closing = 2020-06-30\nfirst_year = 'x'\n[title]\n[files]", "first_year = 'x'")],
)  # fmt: skip
def test_bad_settings_are_named(tmp_path, toml, words):
    (tmp_path / "review.toml").write_text(toml)
    with pytest.raises(ReviewError, match=words):
        reviews.load(tmp_path)


OBSERVATIONS, RECORDS = "simulated/observations.csv.gz", "simulated/records.csv.gz"


@pytest.mark.parametrize(
    ("file", "change", "words"),
    [
        ("areas.csv", lambda _: "", "tệp rỗng"),
        ("areas.csv", lambda t: t.replace(",km2", ",size", 1), "dòng 1: thiếu cột 'km2'"),
        ("population.csv", _second_line(lambda r: r.replace("01,", "XX,", 1)), "dòng 2, cột 'area': không có 'XX'"),
        ("statements.csv", lambda t: t.replace("27739,", "27.739x,"), "dòng 3, cột 'value'.*'27.739x'.*số nguyên"),
        ("statements.csv", lambda t: t.replace("cuoc_giam_sat", "cuoc_giam_xat"), "dòng 3.*'cuoc_giam_xat'"),
        (OBSERVATIONS, _second_line(lambda r: "99999," + r.split(",", 1)[1]), "dòng 2, cột 'area': không có '99999'"),
        (OBSERVATIONS, lambda t: t + t.split("\n")[1] + "\n", "trùng khóa .* với dòng 2"),
        (RECORDS, lambda t: t + t.split("\n")[1] + "\n", "trùng khóa .* với dòng 2"),
        (RECORDS, _second_line(lambda r: r + ",x"), "dòng 2: có 13 ô; cần đúng 12"),
        ("area_changes.csv", lambda t: t.replace("019a,019b", "019a,019z"), "'019z'"),
    ],
)
def test_bad_input_is_one_line_with_its_place_and_nothing_is_half_loaded(folder, file, change, words):
    _edit(folder / file, change)
    with pytest.raises(DanvanError, match=words) as caught:
        reviews.load(folder)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("file", ["indicators.csv", OBSERVATIONS])
def test_a_missing_file_is_one_line_that_names_it(folder, file):
    (folder / file).unlink()
    with pytest.raises(DanvanError, match=f"thiếu tệp .*{file.rsplit('/', maxsplit=1)[-1]}"):
        reviews.load(folder)

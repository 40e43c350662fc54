"""A written name finds its area, or is asked about; it never finds a wrong one."""

import importlib.util
import itertools
import sys
import unicodedata
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from danvan_kit.areas import AreaError
from danvan_kit.names import match

_SPEC = importlib.util.spec_from_file_location("names_benchmark", Path(__file__).parents[1] / "benchmarks" / "names.py")
benchmark = importlib.util.module_from_spec(_SPEC)
sys.modules[_SPEC.name] = benchmark  # dataclasses look their module up
_SPEC.loader.exec_module(benchmark)

AREAS = benchmark.load()


@pytest.mark.parametrize(
    ("text", "area"),
    [
        ("Q. Ba Đình", "001"), ("quan ba dinh", "001"), ("QUẬN BA ĐÌNH, TP HÀ NỘI", "001"), ("Ðống\u00a0Ða", "006"),
        ("Phường Quang Trung, Hà Đông", "09550"), ("P.Quang Trung - Q. Hà Đông", "09550"),
        ("Quang Trung Hà Đông", "09550"), ("Phường Mỹ Đình I - Nam Từ Liêm", "00625b"),
        ("UBND phường Quang Trung quận Hà Đông", "09550"), ("Hà Đông, phường Quang Trung", "09550"),
        ("Đảng ủy, HĐND, UBND xã Kim Sơn, huyện Gia Lâm", "00562"), ("Ban Dân vận Quận ủy Ba Đình", "001"),
        ("UB MTTQ xã Tản Lĩnh", "09694"), ("TT Cầu Diễn", "00592a"), ("Tx Sơn Tây", "269"), ("Huyện Từ Liêm", "019a"),
        ("Thụy Phuơng, Bắc Từ Liêm", "00604b"), ("Phường Thuỵ Phương", "00604b"), ("Mỹ Đình II", "00626"),
        ("xã Thượng Cát", "00595a"), ("Quán Thánh", "00013"), ("quan thanh", "00013"), ("phuong mai", "00232"),
        ("00001", "00001"), ("001", "001"), ("019b", "019b"), ("Thành ủy Hà Nội", "01"), ("Huyện Thanh Trỉ", "020"),
        ("Quan Ba Dihn", "001"), ("Phường Quang Trugn, Hà Dôn", "09550"),
    ],
)  # fmt: skip
def test_names_are_found_as_people_write_them(text, area):
    for form in (text, unicodedata.normalize("NFD", text), f"  {text}\u200b"):
        found = match(form, AREAS)
        assert (found.area, found.candidates) == (area, (area,))


@pytest.mark.parametrize(
    ("text", "candidates"),
    [
        ("Phường Quang Trung", {"00214", "09550", "09583"}), ("Minh Khai", {"00295", "00613a", "00613b", "09838"}),
        ("Thượng Cát", {"00595a", "00595b"}), ("Thanh Trì", {"00301", "020"}), ("019", {"019a", "019b"}),
        ("Yên Viên, Gia Lâm", {"00526", "00532"}), ("Xã Quang Trung, Hà Đông", {"09550"}), ("", set()),
        ("99999", set()),
        ("UBND", set()),
    ],
)  # fmt: skip
def test_an_undecidable_name_is_asked_about(text, candidates):
    found = match(text, AREAS)
    assert found.area is None
    assert set(found.candidates) == candidates


def test_accents_decide_only_where_they_were_written():
    assert match("Phường Đồng Xuân", AREAS).area == "00040"
    assert match("phuong dong xuan", AREAS).area == "00040"  # the others are communes
    assert match("dong xuan", AREAS).area is None
    assert match("Phường Đông Xuân", AREAS).area is None  # accents say the commune, the kind says the ward


def test_the_district_the_day_and_the_level_decide():
    assert match("Thượng Cát", AREAS, within="021").area == "00595b"
    assert match("Thượng Cát", AREAS, within="019a").area == "00595a"
    assert match("Thượng Cát", AREAS, at="2013-06-30").area == "00595a"
    assert match("019", AREAS, at="2020-06-30").area == "019b"
    assert match("Đông Anh", AREAS, level="district").area == "017"
    assert match("Đông Anh", AREAS, within="017").area == "00454"
    assert match("Huyện Từ Liêm", AREAS, at="2015-06-30").area is None


def test_slips_are_forgiven_only_inside_a_known_district():
    assert match("Quang Trugn", AREAS, within="268").area == "09550"
    asked = match("Phường Hàng Bôg", AREAS)
    assert asked.area is None
    assert {"00076", "00199"} & set(asked.candidates)
    assert 0.6 <= asked.score < 1


def test_a_slip_that_two_names_explain_is_asked_about():
    found = match("Phường Phú Lma", AREAS, within="268")  # Phú La, Phú Lãm
    assert found.area is None
    assert {"09552", "09568"} <= set(found.candidates)


def test_a_numbered_name_is_no_slip_of_its_neighbour():
    assert match("Phường Mỹ Đình 3", AREAS, within="019b").area is None


def test_a_well_written_name_of_another_place_is_no_slip():
    assert match("Phường Phúc Tân", AREAS, within="268").area is None
    assert match("Thị trấn Phú Yên", AREAS, within="280").area is None  # a commune there; the township is Phú Xuyên


def test_a_district_in_the_text_must_agree_with_the_one_asked():
    assert match("Phường Quang Trung, Hà Đông", AREAS, within="268").area == "09550"
    assert match("Phường Quang Trung, Hà Đông", AREAS, within="006").area is None


def test_unknown_choices_are_refused():
    with pytest.raises(AreaError, match="'999'"):
        match("Ba Đình", AREAS, within="999")
    with pytest.raises(AreaError, match="'ward'.*city, district, commune"):
        match("Ba Đình", AREAS, level="ward")
    with pytest.raises(AreaError, match="'2015-13-01'"):
        match("Ba Đình", AREAS, at="2015-13-01")


@given(
    st.text()
    | st.lists(st.sampled_from(["phường", "q.", "UBND", "Hà Đông", "Hà Nội", ",", "-", "Ba", "xã"])).map(" ".join)
)
def test_any_text_gets_an_answer_in_the_shape_promised(text):
    found = match(text, AREAS)
    assert 0 <= found.score <= 1
    assert found.area is None or found.candidates == (found.area,)
    assert set(found.candidates) <= set(AREAS.ids)


def test_noise_finds_no_wrong_area_and_misses_fewer_than_one_in_a_hundred():
    counts, failures = benchmark.judge(AREAS, itertools.islice(benchmark.clear_queries(AREAS, seed=7), 0, None, 5))
    assert counts.to_numpy().sum() > 3000
    assert [failure for failure in failures if failure[1] is not None] == []
    assert counts["right"].sum() / counts.to_numpy().sum() >= 0.99
    assert set(counts.index) == {*benchmark.NOISES, "no district"}


def test_unclear_names_are_never_answered():
    counts, answered = benchmark.judge(AREAS, itertools.islice(benchmark.unclear_queries(AREAS, seed=7), 0, None, 3))
    assert answered == []
    assert isinstance(counts, pd.DataFrame)
    assert counts["right"].sum() > 400


@pytest.mark.parametrize("text", [None, float("nan"), 5])
def test_what_is_no_text_is_refused_in_one_line(shipped, text):
    with pytest.raises(AreaError, match="không phải chữ"):
        match(text, shipped.areas)

"""Words are written and read as Vietnamese readers expect; what is ambiguous is refused."""

import datetime as dt
import itertools
import math
import unicodedata

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from danvan_kit import words

LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxyàằầèềìòồờùừỳảẳẩẻểỉỏổởủửỷãẵẫẽễĩõỗỡũữỹáắấéếíóốớúứýạặậẹệịọộợụựỵ"
VIETNAMESE = st.text(st.sampled_from(LETTERS + LETTERS.upper() + "Ðð 0123456789-–.\u00a0\u200b"))


# --- letters


def test_cleaning_repairs_spaces_composition_and_icelandic_letters_but_keeps_dashes():
    broken = unicodedata.normalize("NFD", "  Quận\u00a0 Ðống\u202fÐa\u200b – Ba\u200d Vì — ðê\ufeff ")
    assert words.clean(broken) == "Quận Đống Đa – Ba Vì — đê"


def test_folding_leaves_bare_lower_case_letters():
    assert words.fold("Quận Ba Đình") == "quan ba dinh"
    assert words.fold("PHƯỜNG ÐỒNG XUÂN") == "phuong dong xuan"


@given(VIETNAMESE)
def test_folding_gives_plain_letters_and_nothing_is_left_to_fold(text):
    folded = words.fold(text)
    assert folded.replace("–", "-").isascii()
    assert words.fold(folded) == folded


@given(st.text())
def test_any_text_can_be_cleaned_toned_and_collated(text):
    assert words.clean(words.clean(text)) == words.clean(text)
    assert unicodedata.is_normalized("NFC", words.tone(text))
    assert isinstance(words.collate(text), str)


@given(VIETNAMESE)
def test_the_tone_place_changes_no_letter_and_settles_at_once(text):
    toned = words.tone(text)
    assert words.tone(toned) == toned
    assert words.fold(toned) == words.fold(text)


@pytest.mark.parametrize(
    ("new", "old"),
    [
        ("Hoà", "Hòa"), ("Thuỷ", "Thủy"), ("KHOẺ", "KHỎE"), ("Qúy", "Quý"), ("gìa", "già"), ("Tuý", "Túy"),
        ("Phuợng Hoàng", "Phuợng Hoàng"), ("Hoàn", "Hoàn"), ("Thuở", "Thuở"), ("khuỷu", "khuỷu"), ("Mía", "Mía"),
        ("Giếng", "Giếng"), ("gì", "gì"), ("Quỳnh", "Quỳnh"), ("Ngoài", "Ngoài"), ("Thụy Phương", "Thụy Phương"),
        ("café", "café"), ("Hoà-Lạc 2", "Hòa-Lạc 2"),
    ],
)  # fmt: skip
def test_tone_marks_stand_where_the_older_spelling_puts_them(new, old):
    assert words.tone(new) == old
    assert words.tone(unicodedata.normalize("NFD", new)) == old


def test_names_sort_by_letter_then_tone_and_numbers_by_size():
    ordered = ["Ba", "Bà", "Bả", "Bã", "Bá", "Bạ", "Ba Đình", "Ba Vì", "Bắc", "Bần", "Cầu", "Dịch", "Đan", "Đống", "Êm",
               "Gia", "Phường 2", "Phường 9", "Phường 10", "Quán", "Quận", "Vạn", "Xuân", "Yên"]  # fmt: skip
    assert sorted(set(ordered), key=words.collate) == ordered
    table = pd.DataFrame({"name": ordered[::-1]}).sort_values("name", key=lambda s: s.map(words.collate))
    assert table["name"].tolist() == ordered


def test_both_tone_places_sort_alike_and_lower_case_comes_first():
    assert words.collate("Hoà") == words.collate("Hòa")
    assert sorted(["Đan", "đan"], key=words.collate) == ["đan", "Đan"]


@given(st.lists(st.integers(0, 10**9)))
def test_numbered_names_sort_as_their_numbers(numbers):
    names = sorted((f"Tổ {n}" for n in numbers), key=words.collate)
    assert names == [f"Tổ {n}" for n in sorted(numbers)]


# --- numbers


@pytest.mark.parametrize(
    ("value", "vi", "en"),
    [
        (27739, "27.739", "27,739"), (1234.5, "1.234,5", "1,234.5"), (0, "0", "0"), (-5, "−5", "−5"), (5.0, "5", "5"),
        (-0.001, "0", "0"), (2.675, "2,68", "2.68"), (None, "–", "–"), (math.nan, "–", "–"), (pd.NA, "–", "–"),
        (np.int64(1000), "1.000", "1,000"), (np.float64(0.5), "0,5", "0.5"), (-math.inf, "−∞", "−∞"),
        (math.inf, "∞", "∞"), (1e22, "10.000.000.000.000.000.000.000", "10,000,000,000,000,000,000,000"),
    ],
)  # fmt: skip
def test_numbers_are_written_as_their_reader_expects(value, vi, en):
    assert words.number(value) == vi
    assert words.number(value, lang="en") == en


def test_asked_for_decimals_are_always_shown_and_halves_round_up():
    assert [words.number(v, digits=1) for v in (5, 0.25, -0.04)] == ["5,0", "0,3", "0,0"]
    assert words.number(2.5, digits=0) == "3"


def test_shares_are_written_as_percentages():
    assert words.percent(0.953) == "95,3 %"
    assert words.percent(0.953, lang="en") == "95.3%"
    assert words.percent(1, 0) == "100 %"
    assert words.percent(None) == "–"


@pytest.mark.parametrize("value", ["5", True, [1]])
def test_what_is_no_number_is_not_written(value):
    with pytest.raises(words.NumberError, match="None"):
        words.number(value)


@given(st.integers(-(10**15), 10**15))
def test_whole_numbers_read_back_as_written(n):
    read = words.parse_number(words.number(n))
    assert read == n
    assert isinstance(read, int)


@given(st.decimals(-(10**9), 10**9, places=2))
def test_numbers_with_two_decimals_read_back_as_written(n):
    assert words.parse_number(words.number(float(n))) == float(n)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("27.739", 27739), ("1.234,5", 1234.5), ("27 739", 27739), ("27\u00a0739,25", 27739.25), ("(5)", -5),
        ("-5", -5),
        ("−5", -5), ("– 1.000", -1000), ("0,739", 0.739), ("1234,567", 1234.567), ("12,5", 12.5), ("27739", 27739),
    ],
)  # fmt: skip
def test_numbers_are_read_the_vietnamese_way(text, value):
    assert words.parse_number(text) == value


@pytest.mark.parametrize(
    ("text", "readings"),
    [("12.5", ("125", "12,5")), ("27,739", ("27.739", "27,7390")), ("1234.567", ("1234567", "1234,567"))],
)
def test_a_number_with_two_readings_is_refused_with_both(text, readings):
    with pytest.raises(words.NumberError) as caught:
        words.parse_number(text)
    assert all(reading in str(caught.value) for reading in (text, *readings))
    assert {words.parse_number(reading) for reading in readings} != {words.parse_number(readings[0])}


@pytest.mark.parametrize(
    "text", ["abc", "1.23.456", "12 34", "5 %", "(-5)", "1,5,5", "0.739", "٣", "1" * 70, "1.234,5x"]
)
def test_what_is_no_number_is_refused_on_one_line(text):
    with pytest.raises(words.NumberError) as caught:
        words.parse_number(text)
    assert repr(text)[:50] in str(caught.value)
    assert "\n" not in str(caught.value)


def test_english_separators_are_refused_with_the_vietnamese_form():
    with pytest.raises(words.NumberError, match=r"1\.234,5"):
        words.parse_number("1,234.5")


@pytest.mark.parametrize("mark", sorted(words.MISSING))
def test_marks_for_no_figure_are_not_taken_for_numbers(mark):
    with pytest.raises(words.NumberError, match="không có số liệu"):
        words.parse_number(mark)


@given(st.text(st.sampled_from("0123456789.,-−–() ")) | st.text())
def test_any_text_is_a_number_or_an_error_of_the_kit(text):
    try:
        value = words.parse_number(text)
    except words.NumberError:
        return
    assert math.isfinite(value)


# --- dates


def test_dates_are_written_day_first():
    day = dt.date(2014, 6, 30)
    assert words.date(day) == "30-6-2014"
    assert words.date(pd.Timestamp(day), "en") == "30 June 2014"
    assert words.date(None) == words.date(pd.NaT) == "–"


@given(st.dates(min_value=dt.date(1000, 1, 1)))
def test_dates_read_back_in_every_form(day):
    numbered = itertools.product("-/.", ["", "02"])
    forms = [f"{day.day:{width}}{mark}{day.month:{width}}{mark}{day.year}" for mark, width in numbered]
    assert {words.parse_date(form) for form in [*forms, day.isoformat(), words.date(day)]} == {day}


@pytest.mark.parametrize(
    "text", ["", "31-2-2014", "6-2014", "30-6-14", "30-6/2014", "2014-6-30", "30 June 2014", "0-0-0000"]
)
def test_other_dates_are_refused(text):
    with pytest.raises(words.DateError, match="30-6-2014") as caught:
        words.parse_date(text)
    assert repr(text) in str(caught.value)


# --- labels


def test_every_label_has_both_languages():
    for key, pair in words.LABELS.items():
        assert all(word.strip() for word in pair)
        assert (words.label(key), words.label(key, "en")) == pair


def test_an_unknown_label_or_language_is_refused():
    with pytest.raises(words.LabelError, match="không có nhãn 'nope'"):
        words.label("nope")
    for call in (lambda: words.label("year", "fr"), lambda: words.number(1, lang="fr"), lambda: words.date(None, "fr")):
        with pytest.raises(words.LabelError, match="vi, en"):
            call()

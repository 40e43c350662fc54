"""Figures of a column are read, asked about or refused; a wrong one is never read."""

import datetime as dt
import math
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from danvan_kit.forms.numbers import MOST, Reading, decide
from danvan_kit.forms.written import plain, written

ENGLISH = ("đọc theo kiểu Anh, như cả cột", "read the English way, as the whole column is written")
VIETNAMESE = ("đọc theo kiểu Việt Nam, như cả cột", "read the Vietnamese way, as the whole column is written")


def one(cell, **known):
    (reading,) = decide([cell], **known)
    return reading


def values(cells, **known):
    return [reading.value for reading in decide(cells, **known)]


def told(reading):
    """Return the code and what was found in Vietnamese; nothing was read."""
    assert (reading.value, reading.status, reading.note) == (None, "", ("", ""))
    assert all(reading.found)
    return reading.code, reading.found[0]


# --- no figure


@pytest.mark.parametrize("cell", [None, "", "  ", "\u00a0", "\u200b", "\ufeff"])
def test_an_empty_cell_is_missing(cell):
    assert one(cell) == Reading(None, "missing")


@pytest.mark.parametrize("cell", ["x", "X", " x "])
def test_a_cross_is_not_applicable(cell):
    assert one(cell) == Reading(None, "not_applicable")


@pytest.mark.parametrize("cell", ["-", "–", "—", "--", "−", "...", "…", ".."])
def test_dashes_and_dots_are_missing_with_a_note(cell):
    note = (f"“{cell}” được coi là không có số liệu", f"“{cell}” is taken for no figure")
    assert one(cell) == Reading(None, "missing", note=note)


@pytest.mark.parametrize(
    "cell",
    ["NA", "chưa có", "12 cuộc", "khoảng 50", "10-12", "1/2", "3%", "3 %", "12\n345", "12\t345", "12  345", "1.23.456",
     "12 34", "(-5)", "1,5,5", "5²", "½", "1e3", "--5", "5-", ".", ".5", "5.", "5,", "'", "x x", "xx", "12\u202e34",
     "9" * 61, "1.234,5x", "=1+1", "(5", "5)", "+", "1 .000"],
)  # fmt: skip
def test_what_is_no_number_is_a_question(cell):
    code, found = told(one(cell))
    assert code == "Q05"
    assert found.endswith("” không phải là số")
    assert one(cell).found[1].endswith("” is no number")


def test_a_number_with_leading_zeros_is_taken_for_a_code():
    assert told(one("00012")) == ("Q05", "“00012” giống mã số hơn là số liệu")
    assert one("00012").found[1] == "“00012” looks like a code, not a figure"
    assert told(one("00"))[1] == "“00” giống mã số hơn là số liệu"


def test_truth_values_and_dates_are_no_figures():
    assert told(one(True)) == ("Q05", "“True” không phải là số")
    assert one(False).found[1] == "“False” is no number"
    for cell in (dt.date(2014, 2, 1), dt.datetime(2014, 2, 1, 3)):  # noqa: DTZ001
        code, found = told(one(cell))
        assert code == "Q05"
        assert found.startswith("ngày 1-2-2014, không phải là số; có thể do Excel")
        assert one(cell).found[1].startswith("the date 1 February 2014, no number; Excel")


# --- one written number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("27739", 27739), ("27.739", 27739), ("27 739", 27739), ("1.234.567", 1234567), ("1 234 567", 1234567),
        ("0", 0), ("-0", 0), ("+5", 5), ("+ 5", 5), ("'12", 12), ("’12", 12), ("27\u00a0739", 27739),
        ("27\u202f739", 27739), ("１２", 12), ("２７．７３９", 27739), ("٣", 3), ("2\u200d7", 27), ("\ufeff27", 27),
        ("\u200b27", 27), (" 27\n", 27), ("5,0", 5), ("1.000,00", 1000), ("999", 999), ("1.000", 1000),
        ("1000000000000", 10**12),
    ],
)  # fmt: skip
def test_a_whole_number_is_read_where_it_has_one_meaning(text, value):
    reading = one(text)
    assert reading == Reading(value, "reported")
    assert isinstance(reading.value, int)


@pytest.mark.parametrize(
    ("text", "vi", "en"),
    [
        ("27,739", "27,739 hoặc 27.739", "27.739 or 27,739"), ("12.5", "125 hoặc 12,5", "125 or 12.5"),
        ("27.73", "2.773 hoặc 27,73", "2,773 or 27.73"), ("12.50", "1.250 hoặc 12,5", "1,250 or 12.5"),
        ("0.739", "0,739", "0.739"), ("1.2345", "12.345 hoặc 1,2345", "12,345 or 1.2345"),
        ("-27,739", "−27,739 hoặc −27.739", "−27.739 or −27,739"), ("(12.5)", "−125 hoặc −12,5", "−125 or −12.5"),
        ("1234.567", "1.234.567 hoặc 1.234,567", "1,234,567 or 1,234.567"), ("1 234.5", "1.234,5", "1,234.5"),
        ("0.000", "0", "0"),
    ],
)  # fmt: skip
def test_more_than_one_reading_is_a_question_with_the_readings(text, vi, en):
    assert told(one(text)) == ("Q05", f"“{text}” có thể là {vi}")
    assert one(text).found[1] == f"“{text}” may be {en}"


@pytest.mark.parametrize(
    ("cell", "vi", "en"),
    [
        ("1.234,5", "“1.234,5” là số lẻ, không phải số nguyên", "“1.234,5” is no whole number"),
        ("12,5", "“12,5” là số lẻ, không phải số nguyên", "“12,5” is no whole number"),
        ("0,739", "“0,739” là số lẻ, không phải số nguyên", "“0,739” is no whole number"),
        ("(5)", "“(5)” là số âm", "“(5)” is negative"),
        ("( 1.000 )", "“( 1.000 )” là số âm", "“( 1.000 )” is negative"),
        ("-5", "“-5” là số âm", "“-5” is negative"), ("– 5", "“– 5” là số âm", "“– 5” is negative"),
        ("-27.739", "“-27.739” là số âm", "“-27.739” is negative"),
        ("1000000000001", "“1000000000001” quá lớn", "“1000000000001” is too large"),
        (-5, "số −5 là số âm", "the number −5 is negative"),
        (-27.739, "số −27,739 là số âm", "the number −27.739 is negative"),
        (0.5, "số 0,5 là số lẻ, không phải số nguyên", "the number 0.5 is no whole number"),
        (0.739, "số 0,739 là số lẻ, không phải số nguyên", "the number 0.739 is no whole number"),
        (33.3333, "số 33,3333 là số lẻ, không phải số nguyên", "the number 33.3333 is no whole number"),
        (1000.5, "số 1.000,5 là số lẻ, không phải số nguyên", "the number 1,000.5 is no whole number"),
        (math.nan, "một số quá lớn hoặc không xác định", "a number too large, or none at all"),
        (math.inf, "một số quá lớn hoặc không xác định", "a number too large, or none at all"),
    ],
)  # fmt: skip
def test_a_number_that_cannot_be_is_a_problem(cell, vi, en):
    assert told(one(cell)) == ("C07", vi)
    assert one(cell).found[1] == en


def test_a_number_too_long_to_be_written_is_a_problem_without_being_written():
    shown = ("một số quá lớn hoặc không xác định", "a number too large, or none at all")
    assert decide([10**5000, -(10**5000)]) == [Reading(None, "", "C07", shown)] * 2


def test_sixty_characters_are_read_and_no_more():
    assert told(one("9" * 60)) == ("C07", f"“{'9' * 60}” quá lớn")
    assert one("9" * 61).code == "Q05"


def test_odd_marks_are_written_the_plain_way():
    assert plain(" １．０００，５（＋）－−‐‑…’ ") == "1.000,5(+)----...'"
    assert plain("1\u00a02\u20073\u20084\u20095\u200a6\u202f7\u30008\u200b9") == "1 2 3 4 5 6 7 8 9"
    assert plain("1\u00ad2\u200c3\u200d4\u20605\ufeff6") == "123456"
    assert written("chữ") is None


# --- the column's separators


def test_a_column_with_english_figures_only_is_english():
    cells = ["1,234,567", "27,739", "15", None]
    readings = decide(cells)
    assert [reading.value for reading in readings] == [1234567, 27739, 15, None]
    assert [reading.note for reading in readings] == [ENGLISH, ENGLISH, ("", ""), ("", "")]
    assert told(decide(["1,234.5", "27,739"])[0]) == ("C07", "“1,234.5” là số lẻ, không phải số nguyên")
    assert told(decide(["1,234,567", "12.5"])[1])[0] == "C07"


def test_english_figures_beside_vietnamese_ones_are_questions():
    for other in ("1.234.567", "27.739", "1.234,5", "12,5"):
        readings = decide(["1,234,567", "27,739", other])
        assert [reading.code for reading in readings[:2]] == ["Q05", "Q05"]
    assert told(decide(["1,234,567", "27.739"])[0])[1] == "“1,234,567” có thể là 1.234.567"
    assert values(["1,234,567", "27.739"]) == [None, 27739]


def test_a_lone_point_or_comma_tells_nothing_of_a_column():
    assert values(["27,739", "12.5", "27,740", "7"]) == [None, None, None, 7]
    assert values(["12.5", "15.25"], whole=False) == [None, None]


def test_the_total_row_tells_the_separators_too():
    assert values(["27,739", "1,000"], total="1,234,567") == [27739, 1000]


def test_a_column_of_shares_reads_decimals():
    assert one("1.234,5", whole=False) == Reading(1234.5, "reported")
    assert one("0,5", whole=False) == Reading(0.5, "reported")
    assert one(12.25, whole=False) == Reading(12.25, "reported")
    assert one(27.739, whole=False) == Reading(27.739, "reported")
    five = one(5.0, whole=False)
    assert five == Reading(5, "reported")
    assert isinstance(five.value, int)
    assert told(one("-5,5", whole=False)) == ("C07", "“-5,5” là số âm")


def test_a_column_of_shares_asks_unless_another_figure_tells_the_separators():
    for text, readings in (
        ("12.5", "125 hoặc 12,5"),
        ("27.739", "27.739 hoặc 27,739"),
        ("27,739", "27,739 hoặc 27.739"),
    ):
        assert told(one(text, whole=False)) == ("Q05", f"“{text}” có thể là {readings}")
    vietnamese = decide(["12,5", "27,739", "27.739", "12.5"], whole=False)
    assert [reading.value for reading in vietnamese] == [12.5, 27.739, 27739, None]
    assert [reading.note for reading in vietnamese[:3]] == [("", ""), VIETNAMESE, VIETNAMESE]
    english = decide(["1,234.5", "27,739", "27.739", "12.5"], whole=False)
    assert [reading.value for reading in english] == [1234.5, 27739, 27.739, 12.5]
    assert {reading.note for reading in english} == {ENGLISH}
    assert values(["1,234.5", "12,5", "27,739"], whole=False) == [None, 12.5, None]


# --- typed numbers


def test_typed_whole_numbers_are_read():
    for cell in (27739, 27739.0, 0, -0.0, 1e12):
        reading = one(cell)
        assert reading == Reading(int(cell), "reported")
        assert isinstance(reading.value, int)


@pytest.mark.parametrize(
    ("cell", "vi", "en"),
    [
        (27.739, "27.739 hoặc 27,739", "27,739 or 27.739"), (27.7, "27.700 hoặc 27,7", "27,700 or 27.7"),
        (1.5, "1.500 hoặc 1,5", "1,500 or 1.5"), (999.999, "999.999 hoặc 999,999", "999,999 or 999.999"),
    ],
)  # fmt: skip
def test_a_typed_fraction_may_be_thousands(cell, vi, en):
    shown = vi.rpartition(" ")[2]
    assert told(one(cell)) == ("Q05", f"số {shown} có thể là {vi}")
    assert one(cell).found[1] == f"the number {en.rpartition(' ')[2]} may be {en}"


def test_small_numbers_beside_such_a_fraction_are_doubted_as_well():
    readings = decide([27.739, 12.0, 999, 1000.0, "12", 0, None])
    assert [reading.value for reading in readings] == [None, None, None, 1000, 12, 0, None]
    assert told(readings[1]) == ("Q05", "số 12 có thể là 12 hoặc 12.000")
    assert readings[2].found[1] == "the number 999 may be 999 or 999,000"
    assert told(decide([27.739, 1])[1])[0] == "Q05"


def test_a_small_number_that_is_usual_is_not_doubted_beside_a_fraction():
    assert values([27.739, 12], usual={1: 12.0}) == [None, 12]
    assert values([27.739, 10], usual={1: 50.0}) == [None, 10]
    assert values([27.739, 10], usual={1: 0.0}) == [None, 10]
    assert values([27.739, 10], usual={1: 299.0}) == [None, 10]
    assert values([27.739, 10], usual={1: 300.0}) == [None, None]  # ten thousand is as near
    assert values([27.739, 10], usual={1: 9_000.0}) == [None, None]


def test_fractions_that_cannot_be_thousands_cast_no_doubt_on_others():
    assert values([0.5, 12]) == [None, 12]
    assert values(["27,739", 12]) == [None, 12]
    assert values([12.0, 15], formats={0: "0.000"}) == [None, 15]


@pytest.mark.parametrize("shape", ["0.000", "#,##0.000", "#.##0", "0.000;-0.000", "0.???", '0.000" đơn"'])
def test_a_format_with_three_decimals_may_show_thousands(shape):
    assert told(one(12.0, formats={0: shape})) == ("Q05", "số 12 có thể là 12 hoặc 12.000")
    assert one(12.0, formats={0: shape}).found[1] == "the number 12 may be 12 or 12,000"
    assert values([12.0, 12.0], formats={1: shape}) == [12, None]


def test_a_format_with_six_decimals_may_show_millions():
    assert told(one(12.0, formats={0: "0.000000"}))[1] == "số 12 có thể là 12 hoặc 12.000.000"


@pytest.mark.parametrize(
    "shape",
    [
        "General",
        "GENERAL",
        "0",
        "0.0",
        "0.00",
        "#,##0",
        "0.0000",
        '#,##0" cuộc"',
        "_(* #,##0_)",
        "[<5]0",
        r"#\.##0",
        "@",
    ],
)
def test_other_formats_change_nothing(shape):
    assert one(12.0, formats={0: shape}) == Reading(12, "reported")


def test_a_format_with_three_decimals_is_right_for_shares_and_for_zero():
    assert one(12.0, whole=False, formats={0: "0.000"}) == Reading(12, "reported")
    assert one(0.0, formats={0: "0.000"}) == Reading(0, "reported")
    assert told(one(-5.0, formats={0: "0.000"})) == ("C07", "số −5 là số âm")


@pytest.mark.parametrize(
    "shape",
    ["0%", "0.0%", "#,##0,", "0.0,,", "#,##0,;0", '0"000"', r"0\0\0\0", '0".000"', '0"%"', ";;;", '"x"', ";0", "# ?/8"],
)
def test_a_format_that_shows_another_number_is_a_question(shape):
    for whole in (True, False):
        code, found = told(one(27.0, whole=whole, formats={0: shape}))
        assert (code, found) == ("Q05", f"số 27, nhưng định dạng “{shape}” cho thấy khác")
        assert one(27.0, formats={0: shape}).found[1] == f"the number 27, but the format “{shape}” shows something else"


# --- what is usual


@pytest.mark.parametrize(
    ("value", "usual", "doubted"),
    [
        (27, 27000.4, True), (27, 999.0, False), (1, 1000.0, True), (1, 999.0, False), (4, 10000.0, True),
        (3, 10000.0, False),
        (25, 10000.0, True), (26, 10000.0, False), (27, 27.0, False), (27, math.nan, False), (0, 1000.0, False),
        (27000, 27.0, True), (1000, 1.0, True), (999, 1.0, False), (400, 1.0, False), (40000, 100.0, True),
        (39999, 100.0, False), (250000, 100.0, True), (250001, 100.0, False), (27000, 0.0, False), (27000, -5.0, False),
        (27000, math.inf, False),
    ],
)  # fmt: skip
def test_a_thousandth_or_a_thousand_times_of_the_usual_is_a_question(value, usual, doubted):
    for cell in (value, float(value), str(value)):
        reading = one(cell, usual={0: usual})
        assert reading.code == ("Q05" if doubted else "")
        assert reading.value == (None if doubted else value)


def test_the_question_tells_what_is_usual():
    assert told(one(27, usual={0: 27000.4})) == ("Q05", "số 27, thường là khoảng 27.000, có thể là 27 hoặc 27.000")
    assert one(27, usual={0: 27000.4}).found[1] == "the number 27, usually about 27,000, may be 27 or 27,000"
    assert told(one(27000, usual={0: 27.0})) == ("Q05", "số 27.000, thường là khoảng 27, có thể là 27.000 hoặc 27")
    assert one(27000, usual={0: 27.0}).found[1] == "the number 27,000, usually about 27, may be 27,000 or 27"


def test_what_is_usual_says_nothing_of_shares_and_of_other_positions():
    assert one(27, whole=False, usual={0: 27000.0}) == Reading(27, "reported")
    assert values([27, 27], usual={1: 27000.0}) == [27, None]


# --- the total


def test_a_total_proves_the_one_reading_that_adds_up():
    readings = decide([27.739, "1.000", None, 2000, "x"], total=30739)
    assert readings[0] == Reading(
        27739, "reported", note=("là 27.739 theo dòng tổng cộng", "27,739, as the total row shows")
    )
    assert [reading.value for reading in readings] == [27739, 1000, None, 2000, None]
    assert values(["27,739", 5], total="27.744") == [27739, 5]
    assert values(["12.5", 5], total=130) == [125, 5]


def test_a_total_proves_several_readings_at_once():
    assert values([27.739, 12.0, 500.0], total=28251.0) == [27739, 12, 500]
    assert values([27.739, 12.0, 500.0], total=40239.0) == [27739, 12000, 500]
    assert values([27.739, 12.5], total=40239) == [27739, 12500]
    assert values([12.0, 15.0], formats={0: "0.000", 1: "0.000"}, total=12015) == [12000, 15]
    assert values([27000, 1], usual={0: 27.0}, total=28) == [27, 1]


def test_a_total_that_two_combinations_fit_proves_nothing():
    assert values([27.739, 12.0, 12.0], total=39751) == [None, None, None]


def test_a_total_that_adds_up_what_stands_there_may_be_a_formula_and_proves_nothing():
    assert values([12.0, 5], formats={0: "0.000"}, total=17.0) == [None, 5]
    assert values([27, 5], usual={0: 27000.0}, total=32) == [None, 5]


@pytest.mark.parametrize(
    ("cells", "total"),
    [
        ([27.739, 5000], 32740), ([27.739, "12 cuộc"], 27739), ([27.739, "-5"], 27739), ([27.739, True], 27740),
        ([27.739, 5000], None), ([27.739, 5000], "x"), ([27.739], "27,739"), ([27.739], 27.739), ([27.739], True),
        (["0.739"], 739), ([27.739], "27739 người"), ([27.739], -27739), ([27.739, 0.5], 27739),
    ],
)  # fmt: skip
def test_a_total_proves_nothing_where_it_does_not_fit_or_anything_else_is_uncertain(cells, total):
    assert decide(cells, total=total)[0].code == "Q05"


def test_a_total_proves_no_reading_that_could_not_be():
    assert values(["-27,739", 40000], total=12261) == [None, 40000]
    assert values(["-1.0", 5], total=4) == [None, 5]
    assert values(["0.000", 5], total=5) == [0, 5]
    assert values(["1000000000000.0"], total=MOST) == [MOST]


def test_no_doubt_and_a_total_that_does_not_fit_leave_the_figures_as_they_are():
    assert decide([1, "2", None], total=99) == decide([1, "2", None])
    assert values([1, "2", None], total=99) == [1, 2, None]


def test_the_search_for_a_total_is_limited():
    shapes = dict.fromkeys(range(14), "0.000")
    few, many = [float(2**i) for i in range(12)], [float(2**i) for i in range(13)]
    assert values(few, formats=shapes, total=sum(few) * 1000) == [n * 1000 for n in few]
    assert values(many, formats=shapes, total=sum(many) * 1000) == [None] * 13
    # Many cells with one reading each are one combination.
    assert values([1.5] * 40, total=60000) == [1500] * 40


# --- properties

COUNTS = st.integers(0, MOST)
WAYS = (
    str, float, lambda n: n, lambda n: f"{n:,}".replace(",", "."), lambda n: f"{n:,}".replace(",", " "),
    lambda n: f"{n:,}".replace(",", "\u00a0"), lambda n: f"{n:,}".replace(",", "\u202f"), lambda n: f"+{n}",
    lambda n: f"'{n}", lambda n: "".join(chr(0xFF10 + int(c)) for c in str(n)), lambda n: f" {n}\u200b",
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(COUNTS, st.sampled_from(WAYS))), st.booleans())
def test_counts_read_back_in_every_unambiguous_way(written_ways, with_total):
    counts = [n for n, _ in written_ways]
    total = sum(counts) if with_total else None
    assert values([way(n) for n, way in written_ways], total=total) == counts


TEXTS = st.text(st.sampled_from("0123456789.,-−–() +'x\u00a0%"), max_size=14) | st.text(max_size=8)
CELLS = TEXTS | st.floats() | st.integers() | st.booleans() | st.none() | st.dates() | st.datetimes()


def possible(cell):
    """Return every number that a cell may stand for, by its digits alone."""
    if isinstance(cell, str):
        bare = "".join(c for c in plain(cell) if c in "0123456789.,")
        found = {Decimal(bare.replace(".", "").replace(",", "") or "0")}
        for thousands, point in ((".", ","), (",", ".")):
            whole, mark, rest = bare.replace(thousands, "").partition(point)
            if whole and mark and rest and point not in rest:
                found.add(Decimal(f"{whole}.{rest}"))
        return found
    return {Decimal(str(cell)), Decimal(str(cell)) * 1000, Decimal(str(cell)) / 1000}


@settings(max_examples=200, deadline=None)
@given(st.lists(CELLS, max_size=5), st.booleans(), CELLS, st.dictionaries(st.integers(0, 4), st.floats()))
def test_whatever_is_given_a_value_is_one_of_the_readings(cells, whole, total, usual):
    readings = decide(cells, whole=whole, total=total, usual=usual)
    assert len(readings) == len(cells)
    for cell, reading in zip(cells, readings, strict=True):
        assert (reading.value is not None) == (reading.status == "reported")
        assert (reading.code != "") == (reading.status == "") == any(reading.found)
        if reading.value is not None:
            assert not whole or isinstance(reading.value, int)
            assert 0 <= reading.value <= MOST
            assert any(math.isclose(reading.value, number, abs_tol=0) for number in possible(cell))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(1000, 999_999), min_size=1, max_size=6))
def test_typed_thousands_are_asked_about_and_proved_by_a_true_total(counts):
    typed = [n / 1000 for n in counts]
    doubted = any(n % 1000 for n in counts)
    assert all(value in {None, n // 1000} for n, value in zip(counts, values(typed), strict=True))
    assert not doubted or values(typed) == [None] * len(counts)
    proved = values(typed, total=sum(counts))
    assert not doubted or proved == counts or proved == [None] * len(counts)

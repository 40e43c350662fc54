"""The period above a table and the day on a signature line are read day first, and nothing else is taken for them."""

import calendar
import contextlib
import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from danvan_kit.errors import DanvanError
from danvan_kit.forms.dates import Period, PeriodError, day, period
from danvan_kit.words import DateError

NEW_YEAR, LAST = dt.date(2014, 1, 1), dt.date(2014, 12, 31)
YEAR = Period(NEW_YEAR, LAST)


def months(first, last, year=2014):
    return Period(dt.date(year, first, 1), dt.date(year, last, calendar.monthrange(year, last)[1]))


# --- the period


@pytest.mark.parametrize(
    "text",
    [
        "Số liệu tính từ ngày 01/01/2014 đến ngày 31/12/2014", "tính từ 1-1-2014 đến hết 31-12-2014",
        "(Từ 01.01.2014 – 31.12.2014)", "từ ngày 1 tháng 1 năm 2014 đến hết ngày 31 tháng 12 năm 2014",
        "từ 1/1 đến 31/12/2014", "Từ ngày 1 tháng 1 đến ngày 31 tháng 12 năm 2014", "từ 2014-01-01 đến 2014-12-31",
        "TỪ NGÀY 01/01/2014, ĐẾN NGÀY 31/12/2014", "tu ngay 01/01/2014 den ngay 31/12/2014",
        "từ 1 / 1 / 2014 tới 31 / 12 / 2014", "Tu ngay 1 thang 1 nam 2014 den het ngay 31 thang 12 nam 2014",
        "từ 1\u00a0/ 1/2014 đến ngày 31/12/2014", "tu\u031b\u0300 1/1/2014 đê\u0301n 31/12/2014",
    ],
)  # fmt: skip
def test_from_a_day_to_a_day_is_a_period(text):
    assert period([text]) == YEAR
    assert period([None, "Biểu 1", 5.5, True, text, "Đơn vị tính: cuộc"]) == YEAR


@pytest.mark.parametrize(
    "cells",
    [
        ["Từ ngày:", dt.datetime(2014, 1, 1), None, "đến ngày:", LAST],  # noqa: DTZ001
        ["Từ ngày", "01/01/2014", "đến", "31/12/2014"],
    ],
)  # fmt: skip
def test_labels_and_days_may_stand_in_neighbouring_cells(cells):
    assert period(cells) == YEAR


@pytest.mark.parametrize(
    "cells",
    [
        ["Năm 2014"], ["NĂM 2014"], ["Năm: 2014"], ["Năm báo cáo: 2014"], ["Năm báo cáo:", 2014.0],
        ["Năm báo cáo", 2014],
        ["Năm", None, "2014"], ["Kỳ báo cáo: 2014"], ["Kỳ báo cáo", None, "", 2014.0], ["Năm số liệu 2014"],
        ["Nam 2014"],
        ["Nam bao cao: 2014"], ["So lieu nam 2014"], ["BÁO CÁO CÔNG TÁC DÂN VẬN NĂM 2014"], ["Cả năm 2014", "năm 2014"],
        ["Biểu tổng hợp", "(Kèm theo báo cáo năm 2014)"], ["Kết quả năm 2014 so với năm 2013"], ["Hà Nội - năm 2014."],
        ["Năm 2014", "từ ngày 1/1/2014 đến 31/12/2014"], ["Thực hiện Nghị quyết số 25 năm 2013\nNăm 2014"],
        ["Năm báo cáo theo Kế hoạch: chưa rõ", "Năm 2014"], ["Theo Kế hoạch số 5, năm báo cáo: 2014"],
    ],
)  # fmt: skip
def test_a_year_is_a_period(cells):
    assert period(cells) == YEAR


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("6 tháng đầu năm 2020", months(1, 6, 2020)), ("sáu tháng đầu năm 2020", months(1, 6, 2020)),
        ("9 thang dau nam 2014", months(1, 9)), ("9 tháng đầu của năm 2014", months(1, 9)),
        ("ba tháng đầu năm 2014", months(1, 3)),
        ("6 tháng cuối năm 2014", months(7, 12)), ("3 tháng cuối năm 2014", months(10, 12)),
        ("chín tháng đầu năm 2014", months(1, 9)),
        ("1 tháng đầu năm 2014", months(1, 1)), ("12 tháng cuối năm 2014", months(1, 12)),
        ("quý I năm 2014", months(1, 3)), ("Quý II năm 2014", months(4, 6)), ("QUÝ III NĂM 2014", months(7, 9)),
        ("Quý IV/2014", months(10, 12)), ("quý 1 năm 2014", months(1, 3)), ("Quý 4-2014", months(10, 12)),
        ("Tháng 6 năm 2014", months(6, 6)), ("Tháng 02/2012", months(2, 2, 2012)),
        ("Kỳ báo cáo: tháng 12/2014", months(12, 12)),
        ("từ tháng 1 đến tháng 9 năm 2014", months(1, 9)), ("từ tháng 1/2014 đến hết tháng 3/2014", months(1, 3)),
        ("từ năm 2010 đến năm 2020", Period(dt.date(2010, 1, 1), dt.date(2020, 12, 31))),
        ("từ 2010 đến hết năm 2020", Period(dt.date(2010, 1, 1), dt.date(2020, 12, 31))),
        ("từ năm 2014 - 2014", YEAR),
        ("Tháng 1 năm 2014", months(1, 1)),
        ("từ tháng 12 đến tháng 12 năm 2014", months(12, 12)),
        ("từ tháng 1 đến tháng 1 năm 2014", months(1, 1)),
        ("từ tháng 7 năm 2013 đến tháng 6 năm 2014", Period(dt.date(2013, 7, 1), dt.date(2014, 6, 30))),
        ("từ 15/12/2013 đến 14/12/2014", Period(dt.date(2013, 12, 15), dt.date(2014, 12, 14))),
        ("từ 1/2/2014 đến 3/2/2014", Period(dt.date(2014, 2, 1), dt.date(2014, 2, 3))),
        ("từ 31/12/2014 đến 31/12/2014", Period(LAST, LAST)),
    ],
)  # fmt: skip
def test_parts_of_years_and_several_years_are_periods(text, expected):
    assert period([text]) == expected


def test_the_words_of_a_part_may_stand_in_neighbouring_cells():
    assert period(["Kỳ báo cáo:", "6 tháng đầu năm", 2020.0]) == months(1, 6, 2020)
    assert period(["Quý", "II", "Năm", 2014]) == months(4, 6)


@pytest.mark.parametrize(
    "cells",
    [
        ["Thực hiện Quyết định 290-QĐ/TW ngày 25-2-2010 của Bộ Chính trị, giai đoạn 2010-2020"],
        ["Quyết định 290-QĐ/TW ngày 25 tháng 2 năm 2010"], ["Hà Nội, ngày 20 tháng 01 năm 2015"],
        ["Tổng kết 10 năm 2010-2020"], ["Giai đoạn từ năm 2010 đến năm 2020"], ["nhiệm kỳ 2010 – 2015"],
    ],
)  # fmt: skip
def test_documents_signatures_and_programmes_do_not_hide_the_year(cells):
    assert period(cells) is None
    assert period([*cells, "Năm 2014"]) == YEAR
    assert period(["Năm 2014", *cells]) == YEAR


@pytest.mark.parametrize(
    "text",
    [
        "", "Biểu số 1", "2014", "Nghị quyết số 25-NQ/TW năm 2013", "Luật Đất đai năm 2013", "Pháp lệnh năm 2007",
        "Kế hoạch tháng 6 năm 2014", "mục tiêu đến năm 2015", "tính đến năm 2014", "từ năm 2010 đến nay",
        "so với năm 2013",
        "cùng kỳ năm 2013", "đầu năm 2014", "cuối năm 2014", "9 tháng năm 2014", "ngày … tháng … năm 2015",
        "Hà Nội, ngày    tháng 01 năm 2015", "Hà Nội, tháng 12 năm 2014", "Ủy ban MTTQ Việt Nam 2014",
        "năm học 2013-2014",
        "từ 1/1/14 đến 31/12/14", "đến ngày 31/12/2014", "13 tháng đầu năm 2014", "0 tháng đầu năm 2014",
        "tháng 13 năm 2014",
        "tháng 0 năm 2014", "từ tháng 1 đến tháng 13 năm 2014", "từ tháng 0 đến tháng 3 năm 2014", "quý 5 năm 2014",
        "năm 2014-05",
        "năm 20145", "năm 1814", "Số 12014",
    ],
)  # fmt: skip
def test_what_names_no_period_is_none(text):
    assert period([text]) is None


def test_a_line_longer_than_any_heading_is_not_read():
    assert period(["Năm 2014 " + "x" * 991]) == YEAR
    assert period(["Năm 2014 " + "x" * 992]) is None


def test_a_document_with_its_own_day_leaves_the_year_to_the_table():
    assert period(["Kết quả thực hiện Quyết định 290-QĐ/TW ngày 25-2-2010 năm 2014"]) == YEAR


@pytest.mark.parametrize(
    "cells", [["Nam", 2014.0], [2014.0], ["Năm", 290], ["Năm", 2014.5], ["Năm", True], ["Năm", 20140]]
)
def test_a_number_without_its_label_is_no_year(cells):
    assert period(cells) is None
    assert period([]) is None


def test_the_year_behind_the_decision_that_all_forms_are_about_is_the_forms_unless_it_is_the_decisions_own():
    whole = Period(dt.date(2014, 1, 1), dt.date(2014, 12, 31))
    for title in ("Kết quả thực hiện Quyết định 290-QĐ/TW năm 2014", "THỰC HIỆN QUYẾT ĐỊNH SỐ 290 - QĐ/TW NĂM 2014"):
        assert period([title]) == whole
    assert period(["Thực hiện Quyết định 290-QĐ/TW năm 2010"]) is None
    assert period(["Quyết định 290-QĐ/TW ngày 25-2-2010 của Bộ Chính trị", "Năm 2014"]) == whole


def test_a_part_of_a_year_stated_beside_it_is_the_period():
    half = Period(dt.date(2020, 1, 1), dt.date(2020, 6, 30))
    assert period(["Năm báo cáo:", 2020.0, "Số liệu tính từ ngày 01-01-2020 đến ngày 30-06-2020"]) == half
    assert period(["6 tháng đầu năm 2020", "Năm 2020"]) == half


@pytest.mark.parametrize(
    ("cells", "named"),
    [
        (["Năm 2014", "Năm 2013"], ("“năm 2014”", "“năm 2013”")),
        (["Năm 2014", "quý I năm 2014", "quý II năm 2014"], ("“quý i năm 2014”", "“quý ii năm 2014”")),
        (["Kết quả năm 2014, phương hướng năm 2015"], ("“năm 2014”", "“năm 2015”")),
        (["Năm 2014", "từ ngày 1/1/2013 đến ngày 31/12/2013"], ("“1/1/2013 đến ngày 31/12/2013”", "“năm 2014”")),
        (["từ năm 2010 đến năm 2020", "Năm báo cáo: 2014"], ("“từ năm 2010 đến năm 2020”", "“năm báo cáo: 2014”")),
    ],
)  # fmt: skip
def test_two_periods_are_refused_and_both_named(cells, named):
    with pytest.raises(PeriodError) as caught:
        period(cells)
    assert isinstance(caught.value, DanvanError)
    assert caught.value.vi == f"nêu hai kỳ khác nhau: {named[0]} và {named[1]}; được dùng: một kỳ"
    assert caught.value.en == f"names two periods: {named[0]} and {named[1]}; allowed: one"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("từ 1/1/2014 đến 12/31/2014", "'12/31/2014'"), ("từ 31/2/2014 đến 31/12/2014", "'31/2/2014'"),
        ("từ 1/1/2014 đến 2014-13-01", "'2014-13-01'"), ("từ 31/12/2014 đến 1/1/2014", "kết thúc trước khi bắt đầu"),
        ("từ năm 2020 đến năm 2010", "ends before it begins"), ("từ tháng 9 đến tháng 1 năm 2014", "kết thúc trước"),
        ("Năm 2013-2014", "là hơn một năm"), ("các năm 2013, 2014", "more than one year"), ("năm 2013 và năm 2014",
        "hơn một năm"),
        ("quý I, quý II năm 2014", "chỉ là một phần"), ("tháng 1, tháng 2 năm 2014", "only a part of the period"),
        ("quý I đến quý III năm 2014", "“quý iii năm 2014”"), ("từ 32 tháng 1 đến 31/12/2014", "'32/1/2014'"),
    ],
)  # fmt: skip
def test_impossible_or_unclear_periods_are_refused(text, said):
    with pytest.raises(PeriodError) as caught:
        period([text])
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


DAYS = st.dates(dt.date(1950, 1, 1), dt.date(2099, 12, 31))
WAYS = (
    lambda d: f"{d.day}/{d.month}/{d.year}", lambda d: f"{d:%d-%m-%Y}", lambda d: f"{d:%d.%m.%Y}",
    lambda d: d.isoformat(),
    lambda d: f"ngày {d.day} tháng {d.month} năm {d.year}", lambda d: f"Ngày {d:%d} tháng {d:%m}, năm {d:%Y}",
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(DAYS, DAYS, st.sampled_from(WAYS), st.sampled_from(WAYS))
def test_a_written_period_reads_back(a, b, one, other):
    first, last = min(a, b), max(a, b)
    assert period([f"Số liệu từ {one(first)} đến {other(last)}"]) == Period(first, last)
    assert period(["Từ ngày", first, "đến ngày", last]) == Period(first, last)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.text(st.sampled_from("0123456789 /-.,:năm tháng quý từ đến ngày\x01\n"), max_size=30)
        | st.text(max_size=10)
        | st.floats()
        | st.integers()
        | st.dates()
        | st.none(),
        max_size=6,
    )
)
def test_any_cells_have_a_period_or_none_or_an_error_of_the_kit(cells):
    for read in (period, lambda cells: [day(cell) for cell in cells]):
        with contextlib.suppress(DanvanError):
            read(cells)


# --- the day


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("Hà Nội, ngày 20 tháng 01 năm 2015", dt.date(2015, 1, 20)), ("Ngày nhận: 17-01-2011", dt.date(2011, 1, 17)),
        (dt.date(2011, 1, 2), dt.date(2011, 1, 2)),
        (dt.datetime(2011, 1, 2, 3, 4), dt.date(2011, 1, 2)),  # noqa: DTZ001
        ("2014-12-31 00:00:00", LAST), ("1 / 2 / 2014", dt.date(2014, 2, 1)),
        ("Ha Noi, ngay 1 thang 2 nam 2014", dt.date(2014, 2, 1)),
        ("31.12.2014, nhận lại 31/12/2014", LAST), (None, None), (5, None), (2014.0, None), (True, None),
        ("không", None),
        ("ngày … tháng … năm 2015", None), ("1/2/14", None), ("1.2.3.2014", None), ("1/2-2014", None),
        ("1/2/20145", None), ("", None),
    ],
)  # fmt: skip
def test_a_line_or_a_cell_names_a_day_or_none(cell, expected):
    assert day(cell) == expected
    assert type(day(cell)) in {dt.date, type(None)}


@pytest.mark.parametrize("text", ["ngày 31-2-2014", "12/31/2014", "ngày 30 tháng 2 năm 2014", "0/1/2014"])
def test_a_day_that_is_not_in_the_calendar_is_refused(text):
    with pytest.raises(DateError, match="không phải là ngày"):
        day(text)


def test_two_days_on_one_line_are_refused_and_both_named():
    with pytest.raises(DateError, match="“1/1/2014” và “2/1/2014”.*names two days"):
        day("ngày 1/1/2014 và 2/1/2014")


@settings(max_examples=60, deadline=None)
@given(DAYS, st.sampled_from(WAYS))
def test_a_written_day_reads_back(one, way):
    assert day(f"Hà Nội, {way(one)}.") == one

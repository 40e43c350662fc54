"""The period that a table's heading names, and the day on a signature line: day first, never month first."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from danvan_kit import words
from danvan_kit.errors import DanvanError
from danvan_kit.forms.raw import Cell
from danvan_kit.forms.trouble import quoted


class PeriodError(DanvanError):
    """Headings that name different periods, or days that are not in the calendar."""


@dataclass(frozen=True)
class Period:
    """From the first day to the last, both included."""

    first: dt.date
    last: dt.date


def period(cells: Sequence[Cell]) -> Period | None:
    """Find the period that the text above a table names.

    Days and years of documents ("Nghị quyết số 25 năm 2013"), of signatures, of comparisons ("so với năm 2013") and of
    whole programmes ("giai đoạn 2010-2020") are not the period. What is unclear is None.

    Parameters
    ----------
    cells
        Raw cells in reading order; a label and its value may stand in neighbouring cells.

    Raises
    ------
    PeriodError
        When two statements differ (save for a year and a part of it), a period ends before it begins, or a day is not
        in the calendar.
    """
    text = "\n".join(line for cell in cells for line in _lines(cell))
    text = _PROGRAMME.sub("", text)
    text = _DATE.sub(lambda date: f"{_MARK}{_numbered(date)}{_MARK}", text)
    found: dict[Period, str] = {}
    for form, read in _FORMS:
        for stated in form.finditer(text):
            if (one := read(stated)) is not None:
                found.setdefault(one, _shown(stated))
        text = form.sub(_MARK, text)
    inner = {one: said for one, said in found.items() if not any(_within(other, one) for other in found)}
    _only_one("kỳ", "periods", list(inner.values()), PeriodError)
    return next(iter(inner), None)


def _within(one: Period, other: Period) -> bool:
    """Tell whether a period is a part of a year that is stated beside it: "Năm 2020", "từ 1-1 đến 30-6-2020"."""
    year = Period(dt.date(other.first.year, 1, 1), dt.date(other.first.year, 12, 31))
    return one != other == year and year.first <= one.first and one.last <= year.last


def day(cell: Cell) -> dt.date | None:
    """Return the day that a signature or receipt line names, or that a cell holds; None where it names none.

    Raises
    ------
    DateError
        When the line names two days, or one that is not in the calendar.
    """
    days = {words.parse_date(_numbered(date)): date[0] for line in _lines(cell) for date in _DATE.finditer(line)}
    _only_one("ngày", "days", list(days.values()), words.DateError)
    return next(iter(days), None)


def _only_one(vi: str, en: str, stated: Sequence[str], error: type[DanvanError]) -> None:
    if len(stated) > 1:
        first, second = quoted(stated[0]), quoted(stated[1])
        raise error(
            f"nêu hai {vi} khác nhau: {first} và {second}; được dùng: một {vi}",
            f"names two {en}: {first} and {second}; allowed: one",
        )


# --- text -------------------------------------------------------------------------------------------------------------

# Stands around days and for what was read, so that "năm 2014" in "ngày 1 tháng 1 năm 2014" is not read once more.
_MARK = "\x01"
_LONGEST = 1000  # characters of a line; a longer one is no heading
_YEAR = r"(?:19|20)[0-9]{2}(?![0-9]|[-/.][0-9])"
_DATE = re.compile(
    r"(?<![\d/.-])(?P<iso>[0-9]{4}-[0-9]{2}-[0-9]{2})(?!\d)"
    r"|(?<![\d/.-])(?P<day>[0-9]{1,2})(?: ?(?P<mark>[-/.]) ?(?P<month>[0-9]{1,2}) ?(?P=mark) ?"
    r"| (?:tháng|thang) (?P<named>[0-9]{1,2}),? (?:năm|nam) )(?P<year>[0-9]{4})(?!\d|[-/.]\d)"
)


def _lines(cell: Cell) -> list[str]:
    """Return a cell's lines in small letters; dates and years of typed cells as they would be written."""
    if isinstance(cell, dt.date):
        return [words.date(cell)]
    if isinstance(cell, str):
        lines = (words.clean(line.replace(_MARK, " ")).lower() for line in cell.splitlines())
        return [re.sub(r"[–—−‐‑]", "-", line) for line in lines if 0 < len(line) <= _LONGEST]
    if isinstance(cell, (int, float)) and not isinstance(cell, bool) and cell in range(10000):
        return [str(int(cell))]
    return []


def _numbered(date: re.Match[str]) -> str:
    return date["iso"] or f"{date['day']}/{date['month'] or date['named']}/{date['year']}"


def _shown(stated: re.Match[str]) -> str:
    return " ".join(stated[0].replace(_MARK, "").split())


# --- statements -------------------------------------------------------------------------------------------------------

# People write without accents too; beside digits "nam" can only be "năm".
_TO = r"\s*,?\s*(?:(?:đến|den|tới|toi)(?:\s+(?:hết|het))?|-)\s*"
_DAY = r"(?:(?:ngày|ngay)[\s:]*)?"
_IN = r"[\s/,.:-]*(?:của\s+)?(?:(?:năm|nam)[\s:]*)?"
# The decision that every form is about: a year behind it is the form's, unless it is the decision's own.
_PROGRAMME = re.compile(
    r"(?:quyết định|qđ)\s*(?:số\s*)?290\s*[-/]?\s*qđ\s*[-/]\s*tw(?![^\n]{0,80}?(?:năm|[-/.])\s*2010)"
)
_DOCUMENT = re.compile(
    r"quyết định|nghị quyết|chỉ thị|kết luận|thông tư|thông tri|nghị định|công văn|hướng dẫn|kế hoạch|đề án|quy chế"
    r"|quy định|pháp lệnh|luật|hiến pháp|thông báo|công điện|qđ|nq|ct"
)
# What stands before a year that is not the period's: "6 tháng đầu", "10 năm", "so với", "tháng … năm".
_OTHER_YEAR = re.compile(r"(?:\d|tháng|so với|cùng|cùng kỳ|từ|đến|tới|hết|đầu|cuối|giữa|trước|sau)[\s.…_]*$")
_LISTED = re.compile(r"(?:quý|tháng|\d|\b[iv]+)\s*(?:đến|tới|-|,|và|&)\s*$")


def _before(stated: re.Match[str]) -> str:
    """Return what stands before a statement on its line."""
    return stated.string[: stated.start()].rpartition("\n")[2]


def _of_document(stated: re.Match[str]) -> bool:
    """Tell whether a year may be that of a document named before it; one that has its day already needs no year."""
    named = list(_DOCUMENT.finditer(_before(stated)))
    return bool(named) and _MARK not in _before(stated)[named[-1].end() :]


def _span(stated: re.Match[str], first: tuple[int, int], last: tuple[int, int]) -> Period:
    """Return the period from the first day of one month (year, month) to the last day of another."""
    end = dt.date(*last, calendar.monthrange(*last)[1])
    return _ordered(stated, dt.date(*first, 1), end)


def _ordered(stated: re.Match[str], first: dt.date, last: dt.date) -> Period:
    if first > last:
        shown = quoted(_shown(stated))
        raise PeriodError(f"{shown} kết thúc trước khi bắt đầu", f"{shown} ends before it begins")
    return Period(first, last)


def _days(stated: re.Match[str]) -> Period:
    last = stated["last"]
    first = stated["first"] or re.sub(r"\D+", "/", stated["short"]) + "/" + last[-4:]
    try:
        return _ordered(stated, words.parse_date(first), words.parse_date(last))
    except words.DateError as error:
        raise PeriodError(error.vi, error.en) from None


def _months(stated: re.Match[str]) -> Period | None:
    first, last = int(stated["first"]), int(stated["last"])
    if not (1 <= first <= 12 and 1 <= last <= 12):
        return None
    year = int(stated["year"])
    return _span(stated, (int(stated["begun"] or year), first), (year, last))


def _years(stated: re.Match[str]) -> Period | None:
    """Read "từ năm 2010 đến năm 2020"; a programme's years ("giai đoạn", "10 năm 2010-2020") are not the period."""
    if not re.match(r"(?:từ|tu)\b", stated[0]):
        return None if stated["programme"] or not stated[0].startswith(("năm", "nam")) else _two_years(stated)
    return _span(stated, (int(stated["first"]), 1), (int(stated["last"]), 12))


def _two_years(stated: re.Match[str]) -> Period | None:
    if _OTHER_YEAR.search(_before(stated)):
        return None
    shown = quoted(_shown(stated))
    raise PeriodError(f"{shown} là hơn một năm; được dùng: một năm", f"{shown} is more than one year; allowed: one")


def _part(stated: re.Match[str]) -> Period | None:
    """Read "6 tháng đầu năm 2020"."""
    count = {"ba": 3, "sáu": 6, "chín": 9}.get(stated["count"]) or int(stated["count"])
    year = int(stated["year"])
    if not 1 <= count <= 12:
        return None
    if stated["part"] in {"đầu", "dau"}:
        return _span(stated, (year, 1), (year, count))
    return _span(stated, (year, 13 - count), (year, 12))


def _quarter(stated: re.Match[str]) -> Period | None:
    _not_listed(stated)
    last = 3 * (("i", "ii", "iii", "iv").index(stated["roman"]) + 1 if stated["roman"] else int(stated["quarter"]))
    year = int(stated["year"])
    return _span(stated, (year, last - 2), (year, last))


def _month(stated: re.Match[str]) -> Period | None:
    before = _before(stated)
    if re.search(r"(?:ngày|ngay)[\s.…_]*$", before):  # a signature whose day was left blank
        return None
    _not_listed(stated)
    month, year = int(stated["month"]), int(stated["year"])
    if not 1 <= month <= 12 or before.rstrip().endswith(",") or _of_document(stated):  # "Hà Nội, tháng 12 năm 2014"
        return None
    return _span(stated, (year, month), (year, month))


def _year(stated: re.Match[str]) -> Period | None:
    if stated["plain"] and (_OTHER_YEAR.search(_before(stated)) or _of_document(stated)):
        return None
    return _span(stated, (int(stated["year"]), 1), (int(stated["year"]), 12))


def _not_listed(stated: re.Match[str]) -> None:
    if _LISTED.search(_before(stated)):
        shown = quoted(_shown(stated))
        raise PeriodError(f"{shown} chỉ là một phần của kỳ", f"{shown} is only a part of the period")


_YEAR_LABEL = (
    r"(?:(?P<plain>năm(?!\s+học)|(?:^|(?<=so lieu )|(?<=bao cao )|(?<=trong ))nam(?= *:? *[0-9]))"
    r"|(?:năm|kỳ|kì|nam|ky) (?:báo cáo|số liệu|tổng kết|thực hiện|bao cao|so lieu))[\s:]*"
)
_DAYS = (
    rf"(?:{_MARK}(?P<first>[0-9][0-9/-]+){_MARK}"
    rf"|(?:từ|tu)\s+{_DAY}(?P<short>[0-9]{{1,2}}(?:[-/.]| (?:tháng|thang) )[0-9]{{1,2}}))"
    rf"{_TO}{_DAY}{_MARK}(?P<last>[0-9][0-9/-]+){_MARK}"
)
_MONTHS = (
    rf"(?:từ|tu)\s+(?:tháng|thang)\s+(?P<first>[0-9]{{1,2}})(?:{_IN}(?P<begun>{_YEAR}))?{_TO}"
    rf"(?:tháng|thang)\s+(?P<last>[0-9]{{1,2}}){_IN}(?P<year>{_YEAR})"
)
_YEARS = (
    r"(?P<programme>(?:giai đoạn|nhiệm kỳ|khóa|thời kỳ|giai doan|nhiem ky)[\s:(]*)?(?:(?:từ|tu)\s+)?(?:(?:năm|nam)\s+)?"
    rf"(?P<first>(?:19|20)[0-9]{{2}})\s*(?:-|đến|den)\s*(?:hết\s+)?(?:(?:năm|nam)\s+)?(?P<last>{_YEAR})"
)
_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Period | None]], ...] = tuple(
    (re.compile(form, re.MULTILINE), read)
    for form, read in (
        (_DAYS, _days),
        (_MONTHS, _months),
        (_YEARS, _years),
        (rf"(?:năm|nam)\s+(?:19|20)[0-9]{{2}}\s*(?:,|và|&)\s*(?:năm\s+)?{_YEAR}", _two_years),
        (
            rf"(?P<count>\b[0-9]{{1,2}}|ba|sáu|chín)\s+(?:tháng|thang)\s+(?P<part>đầu|dau|cuối|cuoi){_IN}(?P<year>{_YEAR})",
            _part,
        ),
        (rf"(?:quý|quí|quy)\s+(?:(?P<quarter>[1-4])|(?P<roman>iv|i{{1,3}}))\b{_IN}(?P<year>{_YEAR})", _quarter),
        (rf"(?:tháng|thang)\s+(?P<month>[0-9]{{1,2}}){_IN}(?P<year>{_YEAR})", _month),
        (rf"{_YEAR_LABEL}(?P<year>{_YEAR})", _year),
    )
)

"""Words as people write and read them: labels, numbers, dates, accents, tone marks, alphabetical order."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from functools import lru_cache
from typing import SupportsFloat

import pandas as pd

from danvan_kit.errors import DanvanError

DASH = "–"
"""What stands where a value is missing."""

MISSING = frozenset({"", "-", "–", "—", "x", "X", "...", "…"})
"""Marks for "no figure". `parse_number` refuses them: whether they mean zero or unknown is the caller's question."""


class NumberError(DanvanError):
    """A written number with no reading, or with more than one."""


class DateError(DanvanError):
    """A written date that is not one of the allowed forms, or is not in the calendar."""


class LabelError(DanvanError):
    """A word the interface does not have, or a language other than vi and en."""


# --- letters ----------------------------------------------------------------------------------------------------------

# U+00D0/U+00F0 (Icelandic) look like Đ/đ and come from old converters. U+200B marks a place between words; the other
# invisible characters stand inside words and go.
_REPAIRS = str.maketrans(
    {"\u00d0": "Đ", "\u00f0": "đ", "\u200b": " "} | dict.fromkeys("\u00ad\u200c\u200d\u2060\ufeff", "")
)
_TONES = "\u0300\u0309\u0303\u0301\u0323"  # huyền, hỏi, ngã, sắc, nặng: the order of Vietnamese dictionaries
_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"  # f j w z are guests
_SYLLABLE = re.compile(
    r"(?P<onset>ngh|gi(?=[aăâeêoôơuưy])|qu(?=[aăâeêioơuưôy])|ch|gh|kh|ng|nh|ph|th|tr|[bcdđghklmnpqrstvx])?"
    r"(?P<vowels>[aăâeêioôơuưy]{1,3})(?P<coda>ch|ng|nh|[cmnpt])?"
)


def clean(text: str) -> str:
    """Repair what typing and conversion leave behind; the words stay the same.

    Gives NFC, single plain spaces, no invisible characters, Đ/đ for their Icelandic look-alikes; dashes are kept.
    """
    return " ".join(unicodedata.normalize("NFC", text.translate(_REPAIRS)).split())


def fold(text: str) -> str:
    """Reduce to bare lower-case letters for comparing: ``"Quận Ba Đình"`` becomes ``"quan ba dinh"``."""
    letters = unicodedata.normalize("NFD", clean(text).casefold())
    bare = "".join(c for c in letters if unicodedata.category(c) != "Mn").replace("đ", "d")
    return unicodedata.normalize("NFC", bare)


def tone(text: str) -> str:
    """Put tone marks where the older spelling puts them: "Hoà" becomes "Hòa", "Thuỷ" "Thủy", "Qúy" "Quý".

    The text is cleaned (NFC). Words that are not Vietnamese syllables, or bear two tone marks, stay as they are.
    """
    return " ".join(re.sub(r"[^\W\d_]+", lambda word: _retone(word[0]), part) for part in clean(text).split(" "))


@lru_cache(1 << 12)
def _split_tones(text: str) -> tuple[str, list[str]]:
    """Return the text without tone marks, and each mark in order."""
    letters = unicodedata.normalize("NFD", text)
    bare = "".join(c for c in letters if c not in _TONES)
    return unicodedata.normalize("NFC", bare), [c for c in letters if c in _TONES]


@lru_cache(1 << 12)  # the same words come back in many names
def _retone(word: str) -> str:
    bare, marks = _split_tones(word)
    syllable = _SYLLABLE.fullmatch(bare.lower())
    if len(marks) != 1 or syllable is None:
        return word
    vowels, start = syllable["vowels"], syllable.start("vowels")
    modified = [i for i, vowel in enumerate(vowels) if vowel in "ăâêôơư"]
    if modified:  # Đường, Thiết, Thuở: the modified vowel, the last of two
        place = modified[-1]
    elif syllable["coda"]:  # Hoàn, Huỳnh: the vowel before the closing consonant
        place = len(vowels) - 1
    else:  # Hòa, Thủy, Mía: the first of two; Ngoài: the middle one of three
        place = (len(vowels) - 1) // 2
    stop = start + place + 1
    return unicodedata.normalize("NFC", bare[:stop] + marks[0] + bare[stop:])


def one_slip(written: str, name: str) -> bool:
    """Tell whether one letter too many, too few or another, or two neighbours swapped, are all the difference."""
    start = 0
    while start < min(len(written), len(name)) and written[start] == name[start]:
        start += 1
    a, b = written[start:], name[start:]
    while a and b and a[-1] == b[-1]:
        a, b = a[:-1], b[:-1]
    return max(len(a), len(b)) <= 1 or (len(a) == 2 and a == b[::-1])


def collate(text: str) -> str:
    """Return a key for Vietnamese alphabetical order; a key is for sorting, not for reading.

    Letters first (a ă â b c d đ e ê …), then tones (ngang, huyền, hỏi, ngã, sắc, nặng), then case. Numbers sort by
    size: "Phường 2" before "Phường 10". Use it as ``sorted(names, key=collate)`` or
    ``table.sort_values("name", key=lambda s: s.map(collate))``.
    """
    spelled = tone(text)
    letters, tones = [], []
    for piece in re.findall(r"[0-9]+|[^0-9]", unicodedata.normalize("NFC", spelled.lower())):
        if piece[0] in "0123456789":  # the length first, so that 9 comes before 10
            digits = piece.lstrip("0")
            letters.append("\x04" + chr(0x20 + min(len(digits), 999)) + digits)
            continue
        letter, marks = _split_tones(piece)
        tones.append(str(_TONES.index(marks[0]) + 1) if marks else "0")
        if letter == " ":  # before all else, so that the shorter first word comes first
            letters.append("\x02")
        elif letter in _ALPHABET:
            letters.append(chr(0x2000 + _ALPHABET.index(letter)))
        else:
            letters.append(("\x05" if letter.isalpha() else "\x03") + letter)
    return "\x01".join(["".join(letters), "".join(tones), spelled.swapcase()])


# --- numbers ----------------------------------------------------------------------------------------------------------

_SEPARATORS = {"vi": (".", ","), "en": (",", ".")}  # thousands, decimals
_WIDE = Context(prec=400)  # holds every float to the last digit
_WRITTEN = re.compile(
    r"(?P<whole>[1-9][0-9]{0,2}(?:\.[0-9]{3})+|[1-9][0-9]{0,2}(?: [0-9]{3})+|[0-9]+)(?:,(?P<decimals>[0-9]+))?"
)


def number(value: SupportsFloat | None, *, lang: str = "vi", digits: int | None = None) -> str:
    """Write a number as its reader expects: 27739 as "27.739" (vi) or "27,739" (en).

    Parameters
    ----------
    value
        A number; None and NaN are written as an en dash, infinity as ∞, negative numbers with a true minus sign.
    lang
        Whose separators: vi or en.
    digits
        Exactly so many decimals. Without it a whole number shows none and any other at most two. Halves round up, as
        a reader with a pencil does.

    Raises
    ------
    NumberError
        When `value` is not a number.
    LabelError
        When `lang` is unknown.
    """
    thousands, point = _SEPARATORS[_known(lang)]
    if digits == 0 and type(value) is float and value.is_integer() and abs(value) < 1e15:  # most figures: a count
        return ("−" if value < 0 else "") + f"{abs(value):,.0f}".replace(",", thousands)
    exact = _decimal(value)
    if exact is None:
        return DASH
    if exact.is_infinite():
        return "∞" if exact > 0 else "−∞"
    places = Decimal(1).scaleb(-(2 if digits is None else digits))
    rounded = exact.quantize(places, rounding=ROUND_HALF_UP, context=_WIDE)
    whole, _, decimals = f"{abs(rounded):,f}".partition(".")
    if digits is None:
        decimals = decimals.rstrip("0")
    sign = "−" if rounded < 0 else ""  # what rounds to zero has no sign
    return sign + whole.replace(",", thousands) + (point + decimals if decimals else "")


def percent(value: SupportsFloat | None, digits: int = 1, *, lang: str = "vi") -> str:
    """Write a share (1 is the whole) as a percentage: 0.953 as "95,3 %" (vi) or "95.3%" (en).

    Raises
    ------
    NumberError, LabelError
        As `number`.
    """
    exact = _decimal(value)
    if exact is None:
        return DASH
    return number(exact.scaleb(2, _WIDE), lang=lang, digits=digits) + ("%" if lang == "en" else " %")


def _decimal(value: SupportsFloat | None) -> Decimal | None:
    """Return the number as it prints (0.1, not 0.1000000000000000055), or None when there is none."""
    if value is None or _absent(value):
        return None
    try:
        # Text, truth values and lists print like nothing Decimal takes, save text itself.
        exact = Decimal("text" if isinstance(value, str) else str(value))
    except InvalidOperation:
        raise NumberError(
            f"{_quote(value)} không phải là số; được dùng: int, float hoặc None",
            f"{_quote(value)} is no number; allowed: int, float or None",
        ) from None
    return None if exact.is_nan() else exact


def parse_number(text: str) -> int | float:
    """Read a number written the Vietnamese way: "27.739" is 27739, "1.234,5" is 1234.5.

    Spaces may part thousands; a minus sign, hyphen, en dash or brackets make it negative. Vietnamese by decision:
    "27.739" is 27739. What may be either ("12.5", "27,739") or is English only ("1,234.5") is refused, never guessed.

    Raises
    ------
    NumberError
        When the text has two readings, is in `MISSING`, or is no number. The message tells the readings.
    """
    written = clean(text)
    if written in MISSING:
        raise NumberError(
            f"{_quote(text)} là ô không có số liệu, không đoán là 0 hay thiếu; được dùng: một số như 27.739",
            f"{_quote(text)} marks no figure and is not taken for 0; allowed: a number such as 27.739",
        )
    body, sign = written, 1
    if brackets := re.fullmatch(r"\( ?([^()−–-]+?) ?\)", written):
        body, sign = brackets[1], -1
    elif written[0] in "-−–":
        body, sign = written[1:].lstrip(), -1
    found = _WRITTEN.fullmatch(body)
    if found is None or len(body) > 60:
        raise _unread(text, body)
    whole, decimals = re.sub(r"[. ]", "", found["whole"]), found["decimals"]
    if decimals is None:
        return sign * int(whole)
    if len(decimals) == 3 and re.fullmatch(r"[1-9][0-9]{0,2}", found["whole"]):
        raise _two_readings(text, f"{whole}.{decimals}", f"{whole},{decimals}0")
    return sign * float(f"{whole}.{decimals}")


def _unread(text: str, body: str) -> NumberError:
    """Say why no number was read, with both readings where a full stop may be a decimal point."""
    if point := re.fullmatch(r"([0-9]{1,30})\.([0-9]{1,30})", body):
        return _two_readings(text, f"{point[1]}{point[2]}", f"{point[1]},{point[2]}")
    if len(body) <= 60 and re.fullmatch(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?", body):
        vietnamese = body.translate(str.maketrans(",.", ".,"))
        return NumberError(
            f"{_quote(text)} viết dấu ngăn cách kiểu Anh; được dùng: {vietnamese}",
            f"{_quote(text)} has English separators; allowed: {vietnamese}",
        )
    return NumberError(
        f"{_quote(text)} không đọc được thành số; được dùng: dạng 27.739 hoặc 1.234,5",
        f"{_quote(text)} is no number; allowed: forms such as 27.739 or 1.234,5",
    )


def _two_readings(text: str, whole: str, decimal: str) -> NumberError:
    return NumberError(
        f"{_quote(text)} có hai cách đọc; được dùng: {whole} (số nguyên) hoặc {decimal} (số thập phân)",
        f"{_quote(text)} has two readings; allowed: {whole} (whole) or {decimal} (with decimals)",
    )


def _absent(value: object) -> bool:
    return value is pd.NA or value is pd.NaT


def _quote(value: object) -> str:
    """Return the offending value on one line, cut when long."""
    shown = repr(value)
    return shown if len(shown) <= 60 else shown[:57] + "..."


# --- dates ------------------------------------------------------------------------------------------------------------

_MONTHS = [None, "January", "February", "March", "April", "May", "June"]
_MONTHS += ["July", "August", "September", "October", "November", "December"]
_DATE_FORMS = (
    re.compile(r"(?P<day>[0-9]{1,2})(?P<mark>[-/.])(?P<month>[0-9]{1,2})(?P=mark)(?P<year>[0-9]{4})"),
    re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})"),
)


def date(value: dt.date | None, lang: str = "vi") -> str:
    """Write a date: "30-6-2014" (vi) or "30 June 2014" (en); None and NaT as an en dash.

    Raises
    ------
    LabelError
        When `lang` is unknown.
    """
    _known(lang)
    if value is None or _absent(value):
        return DASH
    if lang == "en":
        return f"{value.day} {_MONTHS[value.month]} {value.year}"
    return f"{value.day}-{value.month}-{value.year}"


def parse_date(text: str) -> dt.date:
    """Read a date: day first ("30-6-2014", "30/6/2014", "30.6.2014"), or ISO ("2014-06-30").

    Raises
    ------
    DateError
        For any other form, and for days that are not in the calendar.
    """
    written = clean(text)
    for form in _DATE_FORMS:
        if found := form.fullmatch(written):
            try:
                return dt.date(int(found["year"]), int(found["month"]), int(found["day"]))
            except ValueError:
                break
    raise DateError(
        f"{_quote(text)} không phải là ngày; được dùng: dạng 30-6-2014, 30/6/2014, 30.6.2014 hoặc 2014-06-30",
        f"{_quote(text)} is no date; allowed: forms such as 30-6-2014, 30/6/2014, 30.6.2014 or 2014-06-30",
    )


# --- labels -----------------------------------------------------------------------------------------------------------

LABELS: dict[str, tuple[str, str]] = {
    # levels
    "country": ("Cả nước", "Country"), "province": ("Tỉnh, thành phố", "Province"),
    "city": ("Thành phố", "City"), "district": ("Quận, huyện, thị xã", "District"),
    "commune": ("Xã, phường, thị trấn", "Commune"),
    # kinds of area, under the names they have in the data
    "cả nước": ("Cả nước", "Country"), "tỉnh": ("Tỉnh", "Province"),
    "thành phố": ("Thành phố", "City"), "quận": ("Quận", "Urban district"), "huyện": ("Huyện", "Rural district"),
    "thị xã": ("Thị xã", "Town"), "phường": ("Phường", "Ward"), "thị trấn": ("Thị trấn", "Township"),
    "xã": ("Xã", "Commune"),
    # groups of indicators
    "documents": ("Văn bản", "Documents"), "briefing": ("Giao ban, quán triệt", "Briefings"),
    "inspection": ("Kiểm tra", "Inspection"), "supervision": ("Giám sát", "Supervision"),
    "critique": ("Phản biện xã hội", "Social critique"), "dialogue": ("Đối thoại", "Dialogue"),
    "opinions": ("Góp ý", "Opinions"), "reception": ("Tiếp công dân", "Reception of citizens"),
    "mediation": ("Hòa giải", "Mediation"), "models": ("Mô hình dân vận khéo", "Skilful mass-mobilization models"),
    "organisation": ("Tổ chức bộ máy", "Organisation"),
    # scope and status
    "own": ("Của riêng đơn vị", "Own"), "consolidated": ("Tổng hợp cả cấp dưới", "Consolidated"),
    "total": ("Tổng cộng", "Total"), "reported": ("Đã báo cáo", "Reported"), "hidden": ("ẩn", "hidden"),
    "missing": ("Chưa báo cáo", "Not reported"), "not_applicable": ("Không áp dụng", "Not applicable"),
    # severities and verdicts
    "error": ("Sai", "Error"), "warning": ("Cần hỏi lại", "Warning"),
    "info": ("Không xác định được", "Cannot be decided"), "agrees": ("Khớp", "Agrees"),
    "differs": ("Không khớp", "Differs"), "undecided": ("Chưa đủ căn cứ", "Undecided"),
    # marks and headings
    "simulated": ("Số liệu mô phỏng", "Simulated data"), "published": ("Số liệu đã công bố", "Published data"),
    "table": ("Bảng số liệu", "Table"), "chart": ("Biểu đồ", "Chart"), "title": ("Tiêu đề", "Title"),
    "checks": ("Kết quả kiểm tra số liệu", "Data checks"), "notes": ("Ghi chú", "Notes"),
    # columns
    "year": ("Năm", "Year"), "value": ("Giá trị", "Value"), "unit": ("Đơn vị tính", "Unit"),
    "expected": ("Giá trị đúng ra phải có", "Expected"), "found": ("Giá trị trong báo cáo", "Found"),
    "source": ("Nguồn", "Source"), "sources": ("Nguồn", "Sources"), "origin": ("Nguồn gốc số liệu", "Origin"),
    "received": ("Ngày nhận", "Received"), "message": ("Nội dung", "Message"), "rule": ("Quy tắc kiểm tra", "Rule"),
    "severity": ("Mức độ", "Severity"), "verdict": ("Kết luận", "Verdict"), "statement": ("Nhận định", "Statement"),
    "code": ("Mã", "Code"), "name": ("Tên", "Name"), "kind": ("Loại hình", "Kind"), "count": ("Số lượng", "Count"),
    "parent": ("Trực thuộc", "Part of"), "population": ("Dân số", "Population"), "rank": ("Thứ hạng", "Rank"),
    "change": ("Thay đổi", "Change"), "share": ("Tỷ lệ", "Share"),
    "coverage": ("Tỷ lệ đơn vị có báo cáo", "Share of offices that reported"), "offices": ("Số đơn vị", "Offices"),
    "date": ("Ngày", "Date"), "group": ("Nhóm chỉ tiêu", "Group"), "scope": ("Phạm vi", "Scope"),
    "status": ("Tình trạng báo cáo", "Status"), "activity": ("Hoạt động", "Activity"),
    "topic": ("Nội dung hoạt động", "Topic"), "body": ("Cơ quan", "Body"),
    "participants": ("Số người tham dự", "Participants"), "resolved": ("Đã giải quyết", "Resolved"),
    "days": ("Số ngày giải quyết", "Days to resolve"),
    # controls
    "area": ("Đơn vị", "Area"), "level": ("Cấp", "Level"), "indicator": ("Chỉ tiêu", "Indicator"),
    "years": ("Giai đoạn", "Period"), "per": ("Tính theo", "Per"), "basis": ("Cơ sở so sánh", "Basis of comparison"),
    "as_was": ("Theo địa giới từng năm", "Boundaries of each year"),
    "constant": ("Theo nhóm địa giới không đổi", "Groups with constant boundaries"),
    "by": ("Chia theo", "By"), "held_by": ("Cấp tổ chức", "Held by"), "all_levels": ("Cả ba cấp", "All levels"),
}  # fmt: skip
"""The interface's fixed words: key to (Vietnamese, English)."""


def label(key: str, lang: str = "vi") -> str:
    """Return one of the interface's fixed words, in Vietnamese or English.

    Raises
    ------
    LabelError
        When the key or the language is unknown.
    """
    if key not in LABELS:
        words = ", ".join(LABELS)
        raise LabelError(
            f"không có nhãn {_quote(key)}; được dùng: {words}", f"no label {_quote(key)}; allowed: {words}"
        )
    return LABELS[key][("vi", "en").index(_known(lang))]


def _known(lang: str) -> str:
    if lang not in _SEPARATORS:
        raise LabelError(
            f"không có ngôn ngữ {_quote(lang)}; được dùng: vi, en", f"no language {_quote(lang)}; allowed: vi, en"
        )
    return lang

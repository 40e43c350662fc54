"""What stands in a sentence, piece by piece: numbers, years, numbers that claim nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from danvan_kit.claims.spoken import SPOKEN, spoken

_Y = r"(?:19|20)\d\d"
_DATE = r"\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)?\d\d"
_COUNT = r"\d+|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười|vài|mấy|nhiều|two|three|four|five|six|seven|eight|nine|ten"


@dataclass(frozen=True)
class Span:
    """A piece of a block: what it is, where, and what it says."""

    kind: str
    start: int
    end: int
    value: Any = None


@dataclass(frozen=True)
class Period:
    """Years that a text names.

    Attributes
    ----------
    first, last
        0 for an open end: the review's first or last year.
    kind
        ``year``, ``range``, ``years`` (named one by one), ``whole`` (the ten years), ``until`` (to the end of a year,
        since when is not said), ``through`` (to the last day of June or December), ``to_june``, ``half`` (the first
        six months), ``bad`` (no whole years, or not said which).
    """

    first: int
    last: int
    kind: str


# Numbers that claim nothing: what they belong to names itself before or behind them.
_SKIPS = [
    r"https?://\S+|www\.\S+|\S+@\S+\.\w+",
    r"\d+(?:/\d{4})?[-/][a-zđ]{1,8}(?:[-/][a-zđ]+)*\b",
    (
        r"(?:quyết định|chỉ thị|nghị quyết|nghị định|thông tư|công văn|luật|decision|directive|resolution"
        r"|circular|decree)"
        r"(?: trung ương| tw| số| no\.?)* ?\d{1,4}(?![\d.,]\d|\d)(?:(?:/\d{4})?[-/][a-zđ]{1,8}(?:[-/][a-zđ]+)*)?"
        rf"(?:,? (?:ngày|dated|of) {_DATE})?"
    ),
    r"(?:báo cáo|kế hoạch|thông báo|hướng dẫn|kết luận|quy định|tờ trình|chương trình|đề án|biên bản) số \d{1,4}\b",
    r"(?:số|no\.) ?:? ?\d{1,4}[-/][a-zđ/-]+",
    (
        r"(?:trang|bảng|hình|biểu|phụ lục|chú thích|điều|khoản|mục|chương|điểm|article|clause|section|table|figure|page"
        r"|chapter|annex|footnote|item|mẫu|biểu mẫu|văn bản số|đợt|kỳ họp thứ|lần thứ|thứ|khóa|số nhà|ngõ|ngách|hẻm|cụm"
        r"|tổ dân phố(?: số)?|tổ số|thôn|xóm|khu|khu phố|lô|phòng|lớp|trung ương|phiên|câu|bước|giai đoạn|đường"
        r"|(?<!thành )phố"
        r"|khoá|q\.|p\.|f\.|(?:quận|phường)(?= ?\d{1,2}(?: ?[,.;:()]|$))) ?(?:số "
        r")?\d{1,3}(?:\.\d+)*(?:/\d+)?\b(?![.,]\d| ?%)"
    ),
    r"(?:điện thoại|đt|tel|fax|hotline|phone|số máy|liên hệ)[: .]*(?:số )?[+\d][\d. ()-]{6,}\d",
    r"\b0\d{1,3}[. ]\d{3,4}[. ]\d{3,4}\b",
    r"\d{1,2} ?(?:giờ|h)(?: ?\d{1,2}(?: phút)?)?\b|\b\d{1,2}:\d{2}\b",
    r"\b(?!(?:19|20)\d\d\b)[a-zđ]+-?\d+\w*\b",
    r"\bmột (?:trong|số|phần|lần|mặt|cách|bên|chiều|cửa|ngày|khi|ít)\b|\bone of\b",
    (
        rf"\b(?:{_COUNT}) (?:bên|mặt|khâu|đột phá|nhiệm vụ|giải pháp|nội dung|lĩnh vực|chương trình|tiêu chí|nhóm|bước"
        r"|phương châm|khối|buổi|sides|tasks)\b"
    ),
]
_SKIP = re.compile("|".join(f"(?:{skip})" for skip in _SKIPS))
_UNTIL_WORDS = r"(?:(?:lũy kế |tính |cho )*(?:đến|tới)(?: hết| cuối| thời điểm| ngày)*|by(?: the end of)?|as of|up to)"
_PERIODS = [
    ("to_month", (rf"(?:từ|kể từ)(?: đầu)? (?:năm )?(?P<a10>{_Y}) (?:đến|tới)(?: hết)? tháng (?P<month>0?6|12)"
     rf"(?:[-/.]| năm )(?P<b10>{_Y})")),
    ("to_june", (rf"(?:từ|kể từ|since|from)(?: đầu)? (?:năm )?(?P<a11>{_Y}) (?:đến|tới|to) (?:giữa năm|mid-?)"
     rf" ?(?P<b11>{_Y})")),
    ("half", rf"(?:6|sáu) tháng đầu(?: của)? năm (?P<a0>{_Y})|(?:the )?first (?:half|six months) of (?P<b0>{_Y})"),
    ("bad", (rf"(?:\d{{1,2}}|{_COUNT}) tháng (?:đầu|cuối)(?: của)? năm(?: \d{{4}})?|(?:the )?second half of "
        rf"\d{{4}}|nửa (?:đầu|cuối) năm")),
    ("bad", rf"(?:trong )?quý (?:i{{1,3}}|iv|[1-4])\b(?:[ ,/-]*(?:của )?(?:năm )?{_Y})?|q[1-4][ /-]{_Y}"),
    ("through", rf"{_UNTIL_WORDS} (?:30[-/.]0?6[-/.]|31[-/.]12[-/.])(?P<a1>{_Y})"),
    ("bad", r"(?:đến|tới|hết|trước)(?: hết)?(?: ngày)? \d{1,2}[-/](?:0?[1-9]|1[0-2])(?![-/.]?\d)"),
    ("bad", rf"(?:từ )?ngày \d{{1,2}} ?(?:-|đến|tới) ?(?:ngày )?{_DATE}\b"),
    ("bad", rf"(?:ngày )?{_DATE}\b|{_Y}-\d\d-\d\d\b|ngày \d{{1,2}}(?:[-/.]\d{{1,2}}| tháng \d{{1,2}})(?: năm {_Y})?"),
    ("bad", rf"(?:tháng|tuần|month) \d{{1,2}}(?:[-/.]| năm |, )?(?:{_Y})?\b|năm học {_Y} ?- ?{_Y}"),
    ("bad", (rf"(?:\d{{1,2}} )?(?:january|february|march|april|june|july|august|september|october|november|december)"
     rf"(?: \d{{1,2}},?)?(?: {_Y})?\b")),
    ("range", (rf"(?:từ|kể từ|since|from|between)(?: đầu)? (?:năm )?(?P<a2>{_Y}) ?(?:-|đến|tới|to|until|till|and"
        rf"|through)"
     rf"(?: hết| cuối| nay| the end of)* ?(?:năm )?(?P<b2>{_Y})")),
    ("bad", (rf"(?:từ|kể từ|since|from)(?: đầu)? (?:năm )?{_Y} (?:đến|tới|to|until) (?!nay|hiện|now|date|the present)"
     rf"(?:[^\W\d_]+ ){{1,3}}{_Y}")),
    ("range", (rf"(?:từ|kể từ|since|from)(?: sau| đầu)?(?: khi)? (?:năm )?(?P<a3>{_Y})"
     r"(?:,? ?(?:đến|tới|cho đến|to|until|-) ?(?:nay|hiện nay|now|date|the present)|,? trở lại đây| onwards?)?")),
    ("range", (rf"(?:giai đoạn|thời kỳ|nhiệm kỳ|kỳ|khoảng|các|years|the years|period|the period|in|over|during)?"
     rf" ?(?:năm )?(?P<a4>{_Y}) ?- ?(?:năm )?(?P<b4>{_Y})")),
    ("years", (r"(?<!so với )(?<!so với năm )(?:(?:các|hai|ba|bốn|2|3|4|5|những|in) )?(?:năm )?"
     rf"(?P<many>{_Y}(?: ?, ?(?:năm )?{_Y})*,? (?:và|and) (?:năm )?{_Y}|{_Y}(?: ?, ?(?:năm )?{_Y})+)")),
    ("before", rf"(?:trước|before|prior to)(?: năm)? (?P<a5>{_Y})"),
    ("after", rf"(?:sau|after)(?: năm)? (?P<a6>{_Y})"),
    ("until", rf"{_UNTIL_WORDS}(?: năm)? (?P<a7>{_Y})"),
    ("now", (r"(?:tính )?(?:đến|tới|cho đến) (?:nay|hiện nay|thời điểm hiện tại)|hiện nay|hiện có|hiện toàn|to "
        r"date|so far")),
    ("whole", (r"(?:(?:trong|qua|sau|suốt|hơn|in|over|after|during) )*(?:the (?:past |last )?|these |past )?"
     r"(?:10|mười|ten)"
     r" (?:năm|years)(?: qua| thực hiện| triển khai| of)*")),
    ("bad", rf"(?:trong )?(?:{_COUNT}|những|các|mấy) năm (?:gần đây|trở lại đây|trước|đầu|cuối|tới|sau)(?: đây)?"),
    ("bad", (r"(?:thời gian|nhiệm kỳ|giai đoạn|kỳ|năm|thời kỳ) (?:qua|vừa qua|này|trước|tới|ngoái|gần đây|sau)"
     r"|cùng kỳ(?: năm (?:trước|ngoái))?|năm (?:liền )?trước(?: đó)?|(?:in )?(?:recent|last|the past) (?:few )?years?"
     r"|(?:the )?(?:previous|preceding|last|next|following) year|(?:trong|đầu|cuối) nhiệm kỳ\b|same period")),
    ("bad", (r"(?:(?:trong|qua|sau|suốt|in|over|after) )+(?:\d{1,2}|hai|ba|bốn|năm|sáu|bảy|tám|chín|two|three"
        r"|four|five)"
     r" (?:năm|years|tháng|months|quý)(?: qua| đầu| cuối| liền| liên tục)*")),
    ("year", (rf"(?:(?:trong|cả|riêng|sang|vào|của|in|of|during|for|the year|suốt) )*(?:năm|in|year|of|for) "
        rf"(?P<a8>{_Y})")),
    ("bare", rf"(?P<a9>{_Y})"),
]  # fmt: skip
_PERIOD = [(kind, re.compile(rf"(?<![\w.,/]){form}(?![\w/]|[.,]\d)")) for kind, form in _PERIODS]
_DURATION = re.compile(
    rf"\b(?:{_COUNT}|một)(?: ?- ?\d+)? (?:năm|tháng|tuần|ngày|giờ|phút|years?|months?|weeks?|days?|hours?)\b"
)
_NUMBER = re.compile(
    r"(?<![\w.,/])(?<!\w-)(?:(?P<up>\d{1,3}) ?/ ?(?P<down>\d{1,3})(?![\d/]|[.,]\d)"
    r"|(?P<broken>\d{1,3}\. \d{3}(?:\. ?\d{3})*)(?!\d| ?/)"
    r"|(?P<plain>\d{1,3}(?:[. ]\d{3})+(?:,\d+)?(?!\d)|\d+(?:[.,]\d+)*))(?![a-zđ/_])"
)

_RARE = {"một", "năm", "không", "tư", "mốt", "lăm", "nhăm", "linh", "lẻ", "one", "zero", "chục"}
_LEVELS = re.compile(r" (?:cấp|levels)\b")
_MEASURED = re.compile(  # money, lengths, times: no figure of the programme
    r"(?: ?(?:nghìn|ngàn|triệu|tỷ|trăm|vạn|thousand|million|billion|lượt))* ?(?:đồng\b(?! chí)|vnđ|vnd|usd|đô la"
    r"|dong\b|ha\b|héc ta"
    r"|m2|m²|m³|km2|km²|km\b|kg\b|tấn\b|°c|độ c\b|mét\b|tuổi\b|ngày công|năm\b(?! (?:mươi|trăm))|tháng\b|tuần\b|ngày\b"
    r"|giờ\b|phút\b|years?\b|months?\b|days?\b|hectares?\b)"
)


def spans(text: str, *, accents: bool = True) -> list[Span]:
    """Return years, numbers and what looks like numbers and is none, in order and without overlap.

    Parameters
    ----------
    text
        A block in small letters, as `text.plain` leaves it.
    accents
        Whether the text has accents; without them no number words are read (``nam`` is a year or five).
    """
    found: list[Span] = []
    taken = bytearray(len(text))
    for span in _all(text, accents=accents):
        if not any(taken[span.start : span.end]):
            taken[span.start : span.end] = b"\1" * (span.end - span.start)
            found.append(span)
    return sorted(found, key=lambda span: span.start)


def _all(text: str, *, accents: bool) -> Iterator[Span]:  # noqa: C901 - one kind of piece after the other
    """Return the pieces by rank: the first to claim a letter has it."""
    if re.search(r"\d", text):
        for skip in _SKIP.finditer(text):
            yield Span("skip", skip.start(), skip.end(), skip[0])
    for kind, form in _PERIOD:
        for period in form.finditer(text):
            yield _period(kind, period)
    for duration in _DURATION.finditer(text):
        yield Span("skip", duration.start(), duration.end(), duration[0])
    for number in _NUMBER.finditer(text):
        if not _LEVELS.match(text, number.end()):
            kind = "skip" if _MEASURED.match(text, number.end()) else "number"
            yield Span(kind, number.start(), number.end(), number)
    if accents:
        for word in SPOKEN.finditer(text):
            if (value := _worded(word, text)) is not None:
                yield Span("spoken", word.start(), word.end(), value)


def _worded(word: re.Match[str], text: str) -> int | None:
    """Return a number in words; words that are mostly no number ("một", "năm", "không") count only beside others."""
    if word[0] in _RARE or _LEVELS.match(text, word.end()) or _MEASURED.match(text, word.end()):
        return None
    return spoken(word[0])


def _period(kind: str, found: re.Match[str]) -> Span:
    """Return the years that a piece of text names."""
    given = found.groupdict()
    years = [int(y) for key, y in given.items() if y and key not in {"many", "month"}]
    if many := given.get("many"):
        years = [int(y) for y in re.findall(_Y, many)]
        run = years == list(range(years[0], years[-1] + 1))
        return Span("period", found.start(), found.end(), Period(years[0], years[-1], "years" if run else "bad"))
    if kind == "bare":
        return Span("bare_year", found.start(), found.end(), Period(years[0], years[0], "year"))
    value = {
        "range": lambda: Period(years[0], years[1] if len(years) > 1 else 0, "range"),
        "before": lambda: Period(0, years[0] - 1, "range"),
        "after": lambda: Period(years[0] + 1, 0, "range"),
        "to_month": lambda: Period(years[0], years[1], "range" if given["month"] == "12" else "to_june"),
        "to_june": lambda: Period(years[0], years[1], "to_june"),
        "through": lambda: Period(0, years[0], "through"),
        "until": lambda: Period(0, years[0], "until"),
        "now": lambda: Period(0, 0, "until"),
        "half": lambda: Period(years[0], years[0], "half"),
        "year": lambda: Period(years[0], years[0], "year"),
        "whole": lambda: Period(0, 0, "whole"),
        "bad": lambda: Period(0, 0, "bad"),
    }[kind]()
    start = found.start() + (len(found[0]) - len(found[0].lstrip()))
    return Span("period", start, found.end(), value)

"""Causes in words: a short name and one sentence each, in Vietnamese and English."""

from __future__ import annotations

from functools import lru_cache

from danvan_kit import words
from danvan_kit.checks.problems import office
from danvan_kit.reconcile.causes import Cause
from danvan_kit.review import Review

MOST_NAMES = 3
UNEXPLAINED = "unexplained"

NAMES: dict[str, tuple[str, str]] = {
    "not_reported": ("Chưa báo cáo", "Not reported"),
    "wrong_sum": ("Cộng sai", "Wrong sum"),
    "superseded": ("Sửa số sau khi đã tổng hợp", "Changed after it was added up"),
    "own_sum_used": ("Cấp trên dùng số khác", "Counted at another figure above"),
    "area_change": ("Báo cáo dưới đơn vị cũ", "Filed under an old area"),
    "moved": ("Đổi đơn vị cấp trên", "Came under another parent"),
    "swapped_columns": ("Ghi nhầm cột", "Columns exchanged"),
    "log_differs": ("Khác nhật ký hoạt động", "Differs from the log"),
    "not_owed": ("Đơn vị đã kết thúc trong năm", "Ended within the year"),
    "above_whole": ("Lớn hơn tổng số", "Above its whole"),
    "swapped_digits": ("Đảo chữ số", "Digits exchanged"),
    "digit_slip": ("Thừa hoặc thiếu số 0", "A zero too many or too few"),
    "thousand_slip": ("Lệch 1.000 lần", "Off by 1,000 times"),
    "duplicate": ("Tính hai lần", "Counted twice"),
    "left_out": ("Bỏ sót", "Left out"),
    "start_year": ("Tính theo kỳ khác", "Another period"),
    "partial_year": ("Chưa tính năm chưa trọn", "Without the partial year"),
    "rounded": ("Số làm tròn", "Rounded"),
    UNEXPLAINED: ("Chưa rõ", "Not explained"),
}
SENTENCES: dict[str, tuple[str, str]] = {
    "not_reported": ("{offices} chưa báo cáo số liệu này", "{offices} did not report this"),
    "not_reported:log": (
        "{offices} chưa báo cáo số liệu này, nhật ký có {a}",
        "{offices} did not report this, the log has {a}",
    ),
    "wrong_sum": (
        "số tổng hợp của {offices} là {a}, cộng lại chỉ được {b}",
        "{offices} filed {a}, the parts add up to {b}",
    ),
    "wrong_sum:above": (
        "số tổng hợp của {offices} là {a}, cộng lại được {b}; cấp trên cũng dùng {b}",
        "{offices} filed {a}, the parts add up to {b}, and the office above used {b} too",
    ),
    "superseded": (
        "{offices} sửa {a} thành {b} ở báo cáo nhận sau; số tổng hợp khớp nếu dùng bản trước",
        "{offices} changed {a} to {b} in a later report; the sum fits the earlier one",
    ),
    "own_sum_used": (
        "{offices} báo tổng hợp {a}, nhưng cấp trên cộng theo {b} là tổng các đơn vị bên dưới",
        "{offices} filed {a}, but the office above used {b}, the sum of the offices below",
    ),
    "area_change": (
        "{a} nằm ở báo cáo của đơn vị cũ {other}, nay là {offices}",
        "{a} stands in a report of the former {other}, now {offices}",
    ),
    "moved": (
        "{offices} ({a}) vừa chuyển từ {other} sang; khớp nếu tính theo đơn vị cấp trên cũ",
        "{offices} ({a}) came over from {other}; the figure fits the former parent",
    ),
    "swapped_columns": (
        "{offices} ghi {a} ở đây và {b} ở “{other}”; hai tổng cùng khớp nếu đổi lại",
        "{offices} has {a} here and {b} under “{other}”; both sums fit when exchanged",
    ),
    "log_differs": (
        "{offices} báo cáo {a}, nhật ký có {b}",
        "{offices} reported {a}, the log has {b}",
    ),
    "not_owed": (
        "{offices} kết thúc trước 30-6 nên không phải báo cáo; nhật ký có {a}",
        "{offices} ended before 30 June and owes no report; the log has {a}",
    ),
    "above_whole": (
        "{offices} báo {a}, lớn hơn “{other}” là {b}",
        "{offices} reported {a}, above “{other}” at {b}",
    ),
    "swapped_digits": (
        "{a} và {b} cùng các chữ số: {offices} có thể viết đảo",
        "{a} and {b} have the same digits: {offices}",
    ),
    "swapped_digits:many": ("có thể đảo chữ số ở {offices}", "perhaps digits are exchanged at {offices}"),
    "digit_slip": ("{offices} ghi {a}; khớp nếu là {b}", "{offices} wrote {a}; it fits if {b} was meant"),
    "digit_slip:many": ("có thể thừa hoặc thiếu số 0 ở {offices}", "perhaps a zero too many or too few at {offices}"),
    "duplicate": (
        "chênh lệch đúng bằng số của {offices}: có thể tính hai lần",
        "the difference is the figure of {offices}: perhaps counted twice",
    ),
    "left_out": (
        "chênh lệch đúng bằng số của {offices}: có thể bỏ sót",
        "the difference is the figure of {offices}: perhaps left out",
    ),
    "start_year": ("khớp nếu chỉ tính {other}", "fits if only {other} is counted"),
    "partial_year": (
        "khớp nếu chỉ tính {other}, không tính năm chưa trọn",
        "fits if only {other} is counted, without the partial year",
    ),
    "rounded": ("“gần” {b} chấp nhận từ {a} đến dưới {b}", "“nearly” {b} allows from {a} to below {b}"),
    UNEXPLAINED: ("chưa có quy tắc nào giải thích được", "no rule explains it"),
}
for _kind in ("digit_slip", "digit_slip:many"):
    SENTENCES[_kind.replace("digit", "thousand")] = SENTENCES[_kind]


SHORT: dict[str, tuple[str, str]] = {
    "not_reported": ("chưa báo cáo", "not reported"),
    "wrong_sum": ("cộng sai", "wrong sum"),
    "superseded": ("sửa sau", "changed later"),
    "own_sum_used": ("trên dùng số khác", "other figure used"),
    "area_change": ("mã đơn vị cũ", "old area"),
    "moved": ("đổi cấp trên", "other parent"),
    "swapped_columns": ("nhầm cột", "columns swapped"),
    "log_differs": ("khác nhật ký", "differs from log"),
    "not_owed": ("đã kết thúc", "ended"),
    "above_whole": ("quá tổng số", "above its whole"),
    "swapped_digits": ("đảo chữ số?", "digits swapped?"),
    "digit_slip": ("thừa/thiếu số 0", "a zero slip"),
    "thousand_slip": ("lệch 1.000 lần", "off by 1,000"),
    "duplicate": ("tính hai lần?", "counted twice?"),
    "left_out": ("bỏ sót?", "left out?"),
    "start_year": ("kỳ khác?", "other period?"),
    "partial_year": ("thiếu năm cuối?", "no partial year?"),
    "rounded": ("làm tròn", "rounded"),
    UNEXPLAINED: ("chưa rõ", "not explained"),
}
"""Names that stand beside a bar."""


def short(kind: str, lang: str) -> str:
    """Return the name of a cause for a picture."""
    return SHORT[kind][lang == "en"]


def name(kind: str, lang: str) -> str:
    """Return the short name of a cause."""
    return NAMES[kind][lang == "en"]


def office_names(review: Review, areas: tuple[str, ...], lang: str) -> str:
    """Return some areas' names, the first few in full."""
    names = ", ".join(office(review, area) for area in areas[:MOST_NAMES])
    rest = len(areas) - MOST_NAMES
    return names + ((f" and {rest} others" if lang == "en" else f" và {rest} đơn vị khác") if rest > 0 else "")


def sentence(review: Review, cause: Cause, lang: str) -> str:
    """Return one cause as a sentence; what only the arithmetic says says "perhaps"."""
    form = f"{cause.kind}:{'many' if not cause.figures else cause.other}"
    template = SENTENCES.get(form) or SENTENCES[cause.kind]
    a, b = ([words.number(v, lang=lang) for v in cause.figures] + ["", ""])[:2]
    other = cause.other
    if cause.kind in {"area_change", "moved"}:
        other = review.areas.name(cause.other)
    elif cause.kind in {"swapped_columns", "above_whole"}:
        other = str(review.indicators.loc[cause.other, f"label_{lang}"])
    said = template[lang == "en"].format(offices=office_names(review, cause.offices, lang), a=a, b=b, other=other)
    sure = cause.fact or cause.kind in {"not_reported", "wrong_sum", UNEXPLAINED} or "có thể" in template[0]
    return said if sure else ("perhaps: " if lang == "en" else "có thể: ") + said


@lru_cache(maxsize=1 << 14)
def told(review: Review, causes: tuple[Cause, ...], lang: str) -> str:
    """Return all causes; several that fit are said to be several."""
    said = "; ".join(sentence(review, cause, lang) for cause in causes)
    if len(causes) < 2:
        return said
    several = f"{len(causes)} explanations fit: " if lang == "en" else f"{len(causes)} cách giải thích cùng khớp: "
    return several + said

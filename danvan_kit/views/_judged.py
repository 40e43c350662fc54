"""What the three views that judge have in common: colours, words, the group, what must not be concluded."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from typing import Any

from danvan_kit import theme, words
from danvan_kit.indicators import IndicatorError
from danvan_kit.judging import STATES, Judged
from danvan_kit.likeness import Peers, norm, peers
from danvan_kit.limits import TRENDS
from danvan_kit.review import Review
from danvan_kit.views._alike import WORDS
from danvan_kit.views._common import HIDDEN, say
from danvan_kit.views._tree import name_of, require_standing, tree

WIDE = 4.0
"""Areas that differ by more than so many times chance are said to."""

KINDS = ("thành phố", "quận", "thị xã", "huyện", "phường", "thị trấn", "xã")
"""The order of kinds in a picture: towns before the country."""

# Blue against orange is told apart with every common colour blindness, and on a photocopy: dark, light, middle.
COLORS = {
    "better": theme.BLUE,
    "worse": theme.ORANGE,
    "higher": "#8c5a7c",
    "lower": "#dcb0cb",
    "similar": "#f5ebc4",
    "few": "#ffffff",
    "missing": theme.MISSING,
    "late": theme.MISSING,
    "hidden": "#dcd3e6",
}
"""By state; what is not here is not judged and stays white."""
DARK = frozenset({"better", "higher"})
"""States on which white can be read and black cannot."""

STATE_WORDS = {
    "better": ("tốt hơn mức chung", "better than the group"),
    "worse": ("kém hơn mức chung", "worse than the group"),
    "higher": ("cao hơn mức chung", "higher than the group"),
    "lower": ("thấp hơn mức chung", "lower than the group"),
    "similar": ("ngang mức chung", "like the group"),
    "few": ("quá ít để đánh giá", "too few to judge"),
    "stock": ("số hiện có, không đánh giá", "a stock, not judged"),
    "part": ("đã đánh giá qua tỷ lệ", "judged by its ratio"),
    "over": ("tử số lớn hơn mẫu số", "numerator above denominator"),
    "late": ("thiếu báo cáo, không đánh giá", "reports lack, not judged"),
    "hidden": HIDDEN,
    "alone": ("không có đơn vị để so", "nobody to compare with"),
    "missing": ("chưa có báo cáo", "no report"),
    "no_base": ("mẫu số bằng 0", "denominator is 0"),
    "unborn": ("chỉ tiêu chưa bắt đầu", "not begun yet"),
}
TREND_WORDS = {
    "increasing": ("tăng trong 5 năm trọn vẹn gần nhất", "rising over the last 5 whole years"),
    "decreasing": ("giảm trong 5 năm trọn vẹn gần nhất", "falling over the last 5 whole years"),
    "no significant change": ("5 năm trọn vẹn gần nhất không có xu hướng rõ", "no clear trend over the last 5 years"),
    "cannot be calculated": ("chưa tính được xu hướng", "no trend can be calculated"),
}
ARROWS = {"increasing": "↑", "decreasing": "↓"}


def state_of(found: Judged, n: int, place: int) -> str:
    """Return the state of one figure."""
    return STATES[found.state[n, place]]


def state_word(state: str, lang: str) -> str:
    """Return a state in words."""
    return say(lang, *STATE_WORDS[state])


def arrow(found: Judged, n: int, place: int) -> str:
    """Return an arrow up or down, or nothing."""
    return ARROWS.get(TRENDS[found.trend[n, place]], "")


def company_of(review: Review, area: str, year: int | None) -> Peers:
    """Return an area's peers (`IndicatorError` where it does not report for the year, or in all years)."""
    require_standing(review, area, year)
    row = review.areas.row(area)
    if year is None and not tree(review).valid[row].all():
        name = name_of(review, area)
        stood = [y for y, there in zip(review.years, tree(review).valid[row].tolist(), strict=True) if there]
        raise IndicatorError(
            f"{name} không có trong cả giai đoạn nên không so được; hãy chọn một năm: {stood[0]}–{stood[-1]}",
            f"{name} does not stand throughout the review; choose one year of {stood[0]}-{stood[-1]}",
        )
    return peers(review, area, year)


def group_words(group: Peers, lang: str) -> str:
    """Say who is compared, such as ``12 quận``."""
    key = group.kind or group.level
    plural = say(lang, *WORDS[key]) if key in WORDS else words.label(key, lang).lower()
    near = say(lang, " có dân số gần nhất", " of nearest population") if group.nearest else ""
    return f"{len(group.rows)} {plural}{near}"


def group_source(group: Peers, lang: str) -> str:
    """Say by which rule these are the peers."""
    if group.nearest:
        left = say(lang, f"; {group.unknown} đơn vị chưa có dân số nên không xét", f"; {group.unknown} without one")
        return say(
            lang,
            "Nhóm so sánh: đơn vị cùng loại có dân số gần nhất",
            "Compared: areas of the same kind with the nearest population",
        ) + (left if group.unknown else "")
    if group.kind is None:
        return say(lang, "Nhóm so sánh: tất cả đơn vị cùng cấp", "Compared: all areas of the level")
    return say(
        lang,
        "Nhóm so sánh: tất cả đơn vị cùng loại; chưa có dân số đã kiểm chứng nên không chọn theo dân số",
        "Compared: all areas of the same kind; not by population, for none is verified",
    )


def rule_sources(lang: str, *, by_people: bool) -> list[str]:
    """Say by which rules figures are judged."""
    size = ("dân số", "its inhabitants") if by_people else ("số đơn vị đã báo cáo", "its offices that reported")
    return [
        say(
            lang,
            "Đánh giá: khác mức chung khi cả khoảng tin cậy 95 % nằm về một phía (tỷ lệ: Wilson 1927; số đếm: Byar, "
            "chính xác khi dưới 10; Breslow & Day 1987)",
            "Judged: differs when the whole 95% interval lies on one side (ratios: Wilson 1927; counts: Byar, exact "
            "below 10; Breslow & Day 1987)",
        ),
        say(
            lang,
            f"Mức chung: tỷ lệ gộp của cả nhóm; với số đếm là số trông đợi theo {size[0]}, bằng 100",
            f"Group level: the pooled ratio; of a count what is expected from {size[1]}, which is 100",
        ),
        say(
            lang,
            "Quá ít: tỷ lệ có mẫu số dưới 20, số đếm dưới 5 và trông đợi dưới 5; không xếp hạng khi hạng có thể trải "
            "quá nửa nhóm",
            "Too few: a ratio of fewer than 20, a count below 5 of which fewer than 5 are expected; no rank where it "
            "could lie anywhere in more than half the group",
        ),
    ]


def trend_source(lang: str) -> str:
    """Say by which rule a trend is told."""
    return say(
        lang,
        "Xu hướng: kiểm định khi bình phương cho xu hướng (Cochran–Armitage, với số đếm là Poisson), 5 năm trọn vẹn "
        "gần nhất, p < 0,05",
        "Trend: chi-squared test for trend (Cochran-Armitage; Poisson for counts), last 5 whole years, p < 0.05",
    )


def wide_words(spreads: Sequence[float], lang: str) -> str:
    """Say that areas differ by far more than chance, where they do; of several figures the median one."""
    known = [spread for spread in spreads if not math.isnan(spread)]
    middle = statistics.median(known) if known else 0.0
    if not middle > WIDE:
        return ""
    times = words.number(middle, lang=lang, digits=0)
    of = say(lang, " (trung vị các chỉ tiêu)", " (median of the indicators)") if len(known) > 1 else ""
    return say(
        lang,
        f"độ phân tán giữa các đơn vị gấp {times} lần mức ngẫu nhiên{of}, nên khác mức chung chưa phải là bất thường",
        f"the variance between areas is {times} times that of chance{of}, so a difference is nothing unusual",
    )


def interval_words(found: Judged, n: int, place: int, digits: int, lang: str) -> str:
    """Return the 95 % interval of what is compared."""
    ends = [words.number(end[n, place], lang=lang, digits=digits) for end in (found.low, found.high)]
    return say(lang, f"95 %: {ends[0]}–{ends[1]}", f"95%: {ends[0]}–{ends[1]}")


def norm_words(found: Judged, place: int, lang: str) -> list[str]:
    """Say of each indicator whether an office's own figure meets the norm; empty where there is none."""
    out, group = [], found.peers
    said = {1.0: say(lang, "đạt", "met"), 0.0: say(lang, "chưa đạt", "not met")}
    for met, key in zip(found.met[:, place].tolist(), found.keys, strict=True):
        rule = norm(group.review, key, group.level)
        times = words.number(rule.per_year, lang=lang) if rule else ""
        word = said.get(met, say(lang, "chưa xác định", "open"))
        text = say(lang, f"định mức {times}/năm: {word}", f"norm {times} a year: {word}")
        out.append(f"{text} ({rule.document})" if rule else "")
    return out


def rank_words(ends: tuple[Any, Any, Any], place: int, lang: str) -> str:
    """Return between which ranks an area lies, or that it is not ranked."""
    first, last, vague = ends
    if vague[place]:
        return say(lang, "không xếp hạng", "not ranked")
    a, b = int(first[place]), int(last[place])
    return say(lang, f"hạng {a}–{b}", f"rank {a}–{b}") if a != b else say(lang, f"hạng {a}", f"rank {a}")


def legend(
    entries: list[tuple[str, str]], start: float, step: float, *, columns: int = 2, axis: str = "x2"
) -> dict[str, Any]:
    """Return squares with words beneath a picture, `columns` a line, on an axis of their own from 0 to 1."""
    trace = theme.labels(
        [n % columns / columns + 0.02 for n in range(len(entries))],
        [start + n // columns * step for n in range(len(entries))],
        [text for text, _ in entries],
        "middle right",
        color=theme.PALE_INK,
    )
    mark = {"size": 10, "symbol": "square", "line": {"width": 1, "color": "#8a8a8a"}}
    return trace | {"xaxis": axis, "marker": mark | {"color": [color for _, color in entries]}}


def legend_axis() -> dict[str, Any]:
    """Return the axis of a legend."""
    return {"overlaying": "x", "range": [0, 1], "visible": False, "fixedrange": True}

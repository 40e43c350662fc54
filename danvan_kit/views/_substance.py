"""Whether dialogue had substance: opinions raised, resolved, and how long that took, year by year."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from danvan_kit import cube, measures, theme, words
from danvan_kit.areas import LEVELS
from danvan_kit.cube import Floats, nansum
from danvan_kit.indicators import IndicatorError
from danvan_kit.log import logged
from danvan_kit.review import Review
from danvan_kit.views._common import closed, frame, in_words, plain, say, sources, texts, year_ticks
from danvan_kit.views._opinions import FEW, HeldBy, Opinions, Raised, conferences, opinions, sums
from danvan_kit.views._tree import name_of, tree
from danvan_kit.views._view import View

FEWEST = 5
"""Of fewer conferences no middle half is drawn."""
TOP, MIDDLE, LOW = [0.68, 0.96], [0.37, 0.58], [0.0, 0.26]
"""Where the three panels stand."""


def substance(review: Review, *, area: str = "", held_by: HeldBy = "all_levels", lang: str = "vi") -> View:
    """Show opinions raised at dialogues beside those resolved, the share, and the days that took, year by year.

    The days are the median over conferences, each of which has its own median: not the median of all opinions, which
    the log does not hold. A share above 100 % is drawn and said, for it proves a wrong figure. What a protected review
    hides is left out of a sum over offices of one level, and counted.

    Parameters
    ----------
    review
        The review.
    area
        Empty: the top area. With everything below it.
    held_by
        Which level's offices held the dialogues.
    lang
        Language.

    Returns
    -------
    View
        Table: a row a year. A click sets the year.

    Raises
    ------
    IndicatorError, AreaError
        If the area is unknown or has no offices of that level, or the review knows of no opinions.
    """
    area = area or review.areas.root
    known = opinions(review)
    found = _found(review, known, area, held_by, lang)
    who = "" if held_by == "all_levels" else f", {_offices(found)}"
    return View(
        title=say(lang, "Ý kiến nêu tại đối thoại và việc giải quyết: ", "Opinions raised at dialogues, and resolved: ")
        + f"{name_of(review, area)}{who}, {in_words(review, None, lang)}",
        table=_table(found),
        figure=_figure(found),
        reading=_reading(found),
        sources=sources(review, *_sources(found)),
    )


def _found(review: Review, known: Opinions, area: str, held_by: HeldBy, lang: str) -> Raised:
    branch = review.areas.branch(area)
    rows = np.arange(branch.start, branch.stop)
    if held_by == "all_levels":
        raised, resolved = (part[0] for part in sums(review, rows[:1]))
        veiled = cube.of(review).hidden(known.ratio, [area]).sum(axis=0)
        return Raised(review, known, lang, area, held_by, raised, resolved, veiled, conferences(review, area))
    rows = rows[tree(review).level[rows] == held_by]
    if not len(rows):
        below = set(tree(review).level[branch])
        vi, en = (", ".join(words.label(x, at) for x in LEVELS if x in below) for at in ("vi", "en"))
        raise IndicatorError(
            f"{name_of(review, area)} không có đơn vị {words.label(held_by)!r}; được dùng: {vi}",
            f"{name_of(review, area)} has no office at level {held_by!r}; allowed: {en}",
        )
    up, down = sums(review, rows, own=True)
    cells, ids = cube.of(review), [review.areas.ids[n] for n in rows.tolist()]
    hidden = cells.hidden(known.ratio, ids, scope="own").sum(axis=0)
    raised, resolved = nansum(up, axis=0), nansum(down, axis=0)
    veiled = (hidden > 0) & (raised == 0)  # what is left of such a sum is no zero
    raised, resolved = (np.where(veiled, np.nan, part) for part in (raised, resolved))
    return Raised(review, known, lang, area, held_by, raised, resolved, hidden, conferences(review, area, held_by))


def _offices(found: Raised) -> str:
    level = words.label(found.held_by, found.lang).lower()
    return found.say(f"do cấp {level} tổ chức", f"held by offices at level {level}")


def _table(found: Raised) -> pd.DataFrame:
    low, middle, high = (list(column) for column in zip(*found.days, strict=True))
    return frame(
        {
            "year": list(found.review.years),
            found.say("Hội nghị", "Conferences"): found.held,
            found.say("Ý kiến nêu", "Opinions raised"): found.raised,
            found.say("Đã giải quyết", "Resolved"): found.resolved,
            found.say("Tỷ lệ giải quyết (%)", "Share resolved (%)"): found.ratio,
            found.say("Hội nghị có giải quyết", "Conferences that resolved any"): found.settled,
            found.say("Trong đó biết số ngày", "Of those, days known"): found.timed,
            found.say("Số ngày: tứ phân vị dưới", "Days: lower quartile"): low,
            found.say("Số ngày: trung vị", "Days: median"): middle,
            found.say("Số ngày: tứ phân vị trên", "Days: upper quartile"): high,
            found.say("Ghi chú", "Note"): _notes(found),
        }
    )


# --- words ------------------------------------------------------------------------------------------------------------


def _notes(found: Raised) -> list[str]:
    out = []
    for n, (year, raised, share) in enumerate(
        zip(found.review.years, found.raised.tolist(), found.ratio.tolist(), strict=True)
    ):
        note = ""
        if year < found.known.first_year:
            note = found.say("chưa tính", "not counted yet")
        elif raised != raised:  # noqa: PLR0124 - NaN
            note = found.say("không có số liệu được hiện", "no figure shown")
        elif share > 100:
            note = found.say("giải quyết nhiều hơn nêu: cần hỏi lại", "more resolved than raised: ask")
        elif over := _over(found, n):
            note = found.say(f"{over} hội nghị ghi giải quyết nhiều hơn nêu", f"{over} conferences resolved more")
        elif hidden := int(found.hidden[n]):
            note = found.say(f"không gồm {hidden} số liệu được ẩn", f"without {hidden} hidden figures")
        out.append(note)
    return out


def _over(found: Raised, n: int | None = None) -> int:
    """Count the conferences with more resolved than raised, of one year or of all."""
    rows = found.mine & found.known.over
    return int((rows if n is None else rows & (found.known.years == n)).sum())


def _reading(found: Raised) -> str:
    """Say sums and share of the whole, then how the share and the days moved; then what must not be concluded."""
    if not found.read:
        return found.say("Không có ý kiến nào để xem việc giải quyết.", "There are no opinions to follow up.")
    raised, resolved = float(np.nansum(found.raised)), float(np.nansum(found.resolved))
    up, all_of = texts([resolved, raised], 0, found.lang)
    share = words.percent(resolved / raised, lang=found.lang)
    parts = [
        found.say(f"{up}/{all_of} ý kiến được ghi là đã giải quyết ({share})",
                  f"{up} of {all_of} opinions are recorded as resolved ({share})"),
        *_moved(found),
        *_time(found),
        *_doubts(found),
    ]  # fmt: skip
    end = found.say(
        "“đã giải quyết” là do đơn vị tự ghi, chưa nói lên người dân có hài lòng; ý kiến năm gần nhất còn có thể được "
        "giải quyết sau",
        "“resolved” is what the office wrote, not whether people were content; the latest may be resolved later",
    )
    return "; ".join([*parts, end]) + "."


def _moved(found: Raised) -> list[str]:
    many = [n for n in found.read if found.raised[n] >= FEW]
    if len(many) < 2:
        return []
    first, last = many[0], many[-1]
    old, new = texts(found.ratio[[first, last]], 1, found.lang)
    then, now = found.review.years[first], found.review.years[last]
    return [found.say(f"từ {old} % năm {then} đến {new} % năm {now}", f"from {old}% in {then} to {new}% in {now}")]


def _time(found: Raised) -> list[str]:
    n = found.read[-1]
    if not found.timed[n]:
        return []
    days, year = words.number(found.days[n][1], lang=found.lang), found.review.years[n]
    known, owing = found.timed[n], found.settled[n]
    rest = ""
    if known < owing and found.review.threshold:
        rest = found.say(
            "; số còn lại không hiện vì ít ý kiến, hoặc không ghi", "; the rest too few to show, or not given"
        )
    return [
        found.say(
            f"năm {year} một nửa số hội nghị có trung vị từ {days} ngày trở xuống (biết ở {known}/{owing} hội nghị có "
            f"giải quyết{rest})",
            f"in {year} half of the conferences have a median of {days} days or less (known of {known} of the {owing} "
            f"that resolved any{rest})",
        )
    ]


def _doubts(found: Raised) -> list[str]:
    parts = []
    if over := _over(found):
        parts.append(
            found.say(
                f"{over} hội nghị ghi số giải quyết nhiều hơn số nêu, cần hỏi lại",
                f"{over} conferences recorded more resolved than raised, which is to be asked about",
            )
        )
    if hidden := int(found.hidden.sum()):
        parts.append(
            found.say(f"không gồm {hidden} số liệu được ẩn vì nhỏ", f"without {hidden} figures hidden as small")
        )
    return parts


def _sources(found: Raised) -> tuple[str, ...]:
    kept = found.known.activities
    log = logged(found.review.records, kept)
    return (
        found.say(
            f"Cộng từ nhật ký hoạt động (bảng records): {words.number(log, lang='vi')} hội nghị đối thoại",
            f"Added up from the log of activities (table records): {words.number(log, lang='en')} dialogues",
        ),
        found.lang,
        found.say(
            "Số ngày: mỗi hội nghị có một trung vị; ở đây là trung vị của các trung vị đó, không phải trung vị của mọi "
            "ý kiến; hội nghị không giải quyết ý kiến nào thì không có số ngày",
            "Days: each conference has a median; this is the median of those, not the median of all opinions; a "
            "conference that resolved none has no days",
        ),
    )


# --- the picture ------------------------------------------------------------------------------------------------------


def _figure(found: Raised) -> dict[str, Any]:
    years, hover = list(found.review.years), _hover(found)
    shared = {"x": years, "customdata": years, "hovertext": hover, "hoverinfo": "text"}
    high = float(np.nanmax([*found.raised, *found.resolved, 1.0]))
    bars = {"type": "bar", "width": 0.72, "y": plain(found.raised), "marker": {"color": "#c3daee"}}
    inner = {"type": "bar", "width": 0.42, "y": plain(found.resolved), "marker": {"color": theme.BLUE}}
    middle = np.array([day[1] for day in found.days])
    data = [bars | shared, inner | shared | {"hoverinfo": "skip"}]
    data += [_line(found, found.ratio, "y2", theme.GREEN) | shared, *_half(found)]
    data += [_line(found, middle, "y3", theme.VERMILION) | shared]
    data += [theme.labels(years, plain(found.raised), _labels(found.raised, found.lang), "top center", size=9)]
    for values, axis in ((found.ratio, "y2"), (middle, "y3")):
        data.append(theme.labels(years, plain(values), _labels(values, found.lang), "top center") | {"yaxis": axis})
    share, days = _top(found.ratio, 112.0), _top(np.array([day[2] for day in found.days]), 10.0)
    layout = theme.layout(
        found.lang,
        simulated=found.review.simulated,
        provenance=found.say("Nguồn: nhật ký hoạt động", "Source: log of activities")
        + f" · {closed(found.review, found.lang)}",
        click="year",
        height=600,
        bottom=88,
    )
    legend = found.say(
        "dải: nửa ở giữa của các hội nghị<br>trống: chưa có hoặc không hiện số liệu",
        "band: the middle half of the conferences<br>blank: no figure, or none shown",
    )
    title = {"text": legend, "standoff": 4, "font": {"size": 11, "color": theme.PALE_INK}}
    layout["xaxis"] = theme.years_axis(years, year_ticks(found.review, found.lang), anchor="y3", title=title)
    layout["yaxis"] = theme.axis(domain=TOP, range=[0, high * 1.18], tickformat=theme.TICKS, nticks=4)
    layout["yaxis2"] = theme.axis(domain=MIDDLE, range=[0, share * 1.2], tickvals=[0, 50, 100])
    layout["yaxis3"] = theme.axis(domain=LOW, range=[0, days * 1.2], nticks=4)
    layout |= {"hovermode": "x", "barmode": "overlay"}
    _heads(found, layout)
    return {"data": data, "layout": layout}


def _heads(found: Raised, layout: dict[str, Any]) -> None:
    heads = (
        found.say("<b>Ý kiến nêu</b> (nhạt) và <b>đã giải quyết</b> (đậm)", "<b>Raised</b> (pale) and <b>resolved</b>"),
        found.say("<b>Tỷ lệ đã giải quyết</b> (%)", "<b>Share resolved</b> (%)"),
        found.say("<b>Số ngày</b>: trung vị của các hội nghị", "<b>Days</b>: median over conferences"),
    )
    for text, domain, color in zip(heads, (TOP, MIDDLE, LOW), (theme.BLUE, theme.GREEN, theme.VERMILION), strict=True):
        at = {"yanchor": "bottom", "yshift": 3}
        layout["annotations"].append(theme.note(text, x=0, y=domain[1], size=12, color=color, place=at))


def _top(values: Floats, least: float) -> float:
    known = values[~np.isnan(values)]
    return max(least, float(known.max())) if known.size else least


def _labels(values: Floats, lang: str) -> list[str]:
    return [words.number(v, lang=lang, digits=0) if v == v else "" for v in values.tolist()]  # noqa: PLR0124


def _line(found: Raised, values: Floats, axis: str, color: str) -> dict[str, Any]:
    partial = measures.partial_year(found.review)
    fill = ["#ffffff" if year == partial else color for year in found.review.years]
    mark = {"size": 8, "color": fill, "line": {"width": 2, "color": color}}
    line = {"type": "scatter", "mode": "lines+markers", "y": plain(values), "yaxis": axis, "marker": mark}
    return line | {"line": {"color": color, "width": 2.5}}


def _half(found: Raised) -> list[dict[str, Any]]:
    """Return the band of the middle half, over the years with enough conferences."""
    kept = [n for n, timed in enumerate(found.timed) if timed >= FEWEST]
    if not kept:
        return []
    base: dict[str, Any] = {
        "type": "scatter",
        "mode": "lines",
        "yaxis": "y3",
        "line": {"width": 0},
        "hoverinfo": "skip",
    }
    years: list[int] = [found.review.years[n] for n in kept]
    base["x"] = years
    first, third = ([found.days[n][part] for n in kept] for part in (0, 2))
    return [base | {"y": first}, base | {"y": third, "fill": "tonexty", "fillcolor": "rgba(213, 94, 0, 0.16)"}]


def _hover(found: Raised) -> list[str]:
    out: list[str] = []
    notes = _notes(found)
    raised, resolved, share = (
        texts(values, digits, found.lang)
        for values, digits in ((found.raised, 0), (found.resolved, 0), (found.ratio, 1))
    )
    for n, year in enumerate(found.review.years):
        quarter, middle, upper = texts(found.days[n], 0, found.lang)
        known, owing = found.timed[n], found.settled[n]
        both = found.say(f"nêu {raised[n]}, giải quyết {resolved[n]}", f"raised {raised[n]}, resolved {resolved[n]}")
        lines = [f"<b>{year}</b>: {both} ({share[n]} %)"]
        lines.append(found.say(f"số ngày: trung vị {middle}", f"days: median {middle}"))
        if known >= FEWEST:
            lines[-1] += found.say(f", nửa ở giữa {quarter}–{upper}", f", middle half {quarter}–{upper}")
        lines[-1] += found.say(f" (biết ở {known}/{owing} hội nghị)", f" (known of {known} of {owing} conferences)")
        out.append("<br>".join([*lines, *([notes[n]] if notes[n] else [])]))
    return out

"""Where opinions raised at dialogues were resolved least, and where most."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
import pandas as pd

from danvan_kit import cube, theme, words
from danvan_kit.cube import Floats, nansum
from danvan_kit.indicators import IndicatorError
from danvan_kit.review import Review
from danvan_kit.views._common import closed, in_words, say, sources, texts
from danvan_kit.views._members import full_name, labels
from danvan_kit.views._opinions import FEW, opinions, sums
from danvan_kit.views._tree import company, name_of, rows_below, tree
from danvan_kit.views._view import View

SHOWN = 40
"""Areas that can be read; of more the picture shows the lowest, the table all."""


@dataclass(frozen=True, eq=False)
class _Places:
    """Areas with their opinions, the lowest share first, those with few opinions after them, those without last.

    Attributes
    ----------
    review, lang, top
        The review, the language, the area whose parts they are.
    rows
        Rows of the areas.
    raised, resolved
        NaN where not known or not shown. Shape ``(area,)``.
    veiled
        Where a protected review does not show the figure.
    brief
        Where an area stood in some of the years only.
    """

    review: Review
    lang: str
    top: str
    rows: list[int]
    raised: Floats
    resolved: Floats
    veiled: list[bool]
    brief: list[bool]

    def say(self, vi: str, en: str) -> str:
        """Return the text in the reader's language."""
        return say(self.lang, vi, en)

    @cached_property
    def share(self) -> Floats:
        """Resolved of raised in per cent; NaN where nothing was raised."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(self.raised > 0, 100 * self.resolved / self.raised, np.nan)

    @cached_property
    def many(self) -> int:
        """How many are ranked: enough opinions, and there in all years. They stand first."""
        return int(((self.raised >= FEW) & ~np.array(self.brief, dtype=np.bool_)).sum())

    @cached_property
    def few(self) -> int:
        """How many have a share of too few opinions."""
        return int(((self.raised > 0) & (self.raised < FEW)).sum())

    @cached_property
    def some(self) -> int:
        """How many have a share at all."""
        return int((~np.isnan(self.share)).sum())


def resolution(
    review: Review,
    *,
    area: str = "",
    level: Literal["district", "commune"] | None = None,
    year: int | None = None,
    lang: str = "vi",
) -> View:
    """Show the share of opinions resolved in the areas below an area, the lowest first.

    An area's figure holds everything below it. Of fewer than 20 opinions a share is pale, stands behind the others and
    is not named: one opinion would move it by more than five points. A share above 100 % is marked.

    Parameters
    ----------
    review
        The review.
    area
        Empty: the top area. One with nothing below it is shown among its neighbours.
    level
        Which level below it; None: the next.
    year
        None: the whole review.
    lang
        Language.

    Returns
    -------
    View
        Table: ``area, name``, opinions raised and resolved, share, note. A click sets the area.

    Raises
    ------
    IndicatorError, AreaError
        If a choice is unknown, nothing is below the area, or opinions were not counted in that year.
    """
    known, top = opinions(review), company(review, area, level)
    if year is not None and cube.of(review).year(year) >= 0 and year < known.first_year:
        raise IndicatorError(
            f"năm {year} chưa tính ý kiến nêu tại đối thoại; được dùng: từ năm {known.first_year}",
            f"opinions were not counted in {year}; allowed: from {known.first_year}",
        )
    found = _found(review, top, level, year, lang)
    return View(
        title=say(lang, "Ý kiến được giải quyết ở đâu ít nhất? ", "Where are opinions resolved least? ")
        + f"{name_of(review, top)}, {in_words(review, year, lang)}",
        table=_table(found),
        figure=_figure(found),
        reading=_reading(found),
        sources=sources(
            review,
            found.say(
                "Cộng từ nhật ký hoạt động (bảng records), gồm cả cấp dưới",
                "Added up from the log of activities (table records), with everything below",
            ),
            lang,
            found.say(
                f"Dưới {FEW} ý kiến thì không nêu tên: thêm bớt một ý kiến đã đổi tỷ lệ hơn 5 điểm",
                f"Of fewer than {FEW} opinions no place is named: one more or less moves the share by over 5 points",
            ),
        ),
    )


def _found(
    review: Review, top: str, level: Literal["district", "commune"] | None, year: int | None, lang: str
) -> _Places:
    rows = rows_below(review, top, level, year)
    raised, resolved = sums(review, rows)
    known, cells = opinions(review), cube.of(review)
    ids = [review.areas.ids[n] for n in rows.tolist()]
    if year is None:
        period = (review.years[0], review.years[-1])
        up, down = nansum(raised, axis=1), nansum(resolved, axis=1)
        veiled = np.logical_or(cells.hidden(known.ratio, ids, period), cells.hidden(known.ratio, ids).any(axis=1))
    else:
        place = cells.year(year)
        up, down, veiled = raised[:, place], resolved[:, place], cells.hidden(known.ratio, ids, year)
    up, down = np.where(veiled, np.nan, up), np.where(veiled, np.nan, down)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(up > 0, down / up, np.nan)
    counted = np.array(review.years) >= known.first_year
    brief = np.logical_not(np.logical_and.reduce(tree(review).valid[rows][:, counted], axis=1)) & (year is None)
    group = np.where(np.isnan(share), 2, np.where((up < FEW) | brief, 1, 0))
    order = np.lexsort((tree(review).order[rows], share, group))
    return _Places(
        review, lang, top, rows[order].tolist(), up[order], down[order], veiled[order].tolist(), brief[order].tolist()
    )


def _notes(found: _Places) -> list[str]:
    out = []
    rows = zip(found.raised.tolist(), found.share.tolist(), found.veiled, found.brief, strict=True)
    for raised, share, veiled, brief in rows:
        note = ("", "")
        if veiled:
            note = ("số nhỏ, không hiện", "small figures, not shown")
        elif raised != raised:  # noqa: PLR0124 - NaN
            note = ("chưa có số liệu", "no figure")
        elif raised == 0:
            note = ("không có ý kiến nào được ghi", "no opinion recorded")
        elif share > 100:
            note = ("giải quyết nhiều hơn nêu: cần hỏi lại", "more resolved than raised: ask")
        elif raised < FEW:
            note = ("ít ý kiến", "few opinions")
        elif brief:
            note = ("chỉ có trong một số năm", "stood in some of the years only")
        out.append(found.say(*note))
    return out


def _table(found: _Places) -> pd.DataFrame:
    ids = [found.review.areas.ids[n] for n in found.rows]
    columns: dict[str, Any] = {
        "area": ids,
        "name": [found.review.areas.name(area) for area in ids],
        found.say("Ý kiến nêu", "Opinions raised"): found.raised,
        found.say("Đã giải quyết", "Resolved"): found.resolved,
        found.say("Tỷ lệ giải quyết (%)", "Share resolved (%)"): found.share,
        found.say("Ghi chú", "Note"): _notes(found),
    }
    return pd.DataFrame(columns)


def _reading(found: _Places) -> str:
    """Name the lowest three and the highest with enough opinions; then count what is few, none or unknown."""
    share = found.share
    if not found.some:
        return found.say("Không nơi nào có ý kiến để xem việc giải quyết.", "No place has opinions to follow up.")
    parts = []
    if found.many:
        low = min(3, found.many)
        named = ", ".join(_named(found, n) for n in range(low))
        parts.append(found.say(f"Thấp nhất: {named}", f"Lowest: {named}"))
        if found.many > low:
            high = _named(found, found.many - 1)
            parts.append(found.say(f"cao nhất: {high}", f"highest: {high}"))
    if few := found.few:
        parts.append(found.say(f"{few} nơi có dưới {FEW} ý kiến, không xếp",
                               f"{few} places with fewer than {FEW} opinions are not ranked"))  # fmt: skip
    if brief := found.some - found.many - few:
        parts.append(found.say(f"{brief} đơn vị chỉ có trong một số năm, không xếp",
                               f"{brief} areas stood in some of the years only and are not ranked"))  # fmt: skip
    if none := int((found.raised == 0).sum()):
        parts.append(found.say(f"{none} nơi không có ý kiến nào được ghi", f"{none} places recorded no opinion"))
    if veiled := sum(found.veiled):
        parts.append(found.say(f"{veiled} nơi có số nhỏ, không hiện", f"{veiled} places have small figures, not shown"))
    if over := int((share > 100).sum()):
        parts.append(found.say(f"{over} nơi giải quyết nhiều hơn nêu, cần hỏi lại",
                               f"{over} places resolved more than was raised, which is to be asked about"))  # fmt: skip
    end = found.say(
        "tỷ lệ thấp có thể do ý kiến khó hoặc vượt thẩm quyền, nên là câu hỏi chứ chưa phải kết luận",
        "a low share may come of hard matters or ones beyond the office, so it is a question, no verdict",
    )
    text = "; ".join([*parts, end]) + "."
    return text[:1].upper() + text[1:]


def _named(found: _Places, n: int) -> str:
    name = full_name(found.review, found.top, found.review.areas.ids[found.rows[n]])
    raised, resolved = texts([found.raised[n], found.resolved[n]], 0, found.lang)
    return f"{name} {words.percent(found.share[n] / 100, lang=found.lang)} ({resolved}/{raised})"


def _figure(found: _Places) -> dict[str, Any]:
    shown = min(SHOWN, found.some)
    places, share = list(range(shown)), found.share[:shown].tolist()
    names = labels(found.review, found.top, np.array(found.rows[:shown], dtype=np.intp))
    raised, resolved = (texts(values[:shown], 0, found.lang) for values in (found.raised, found.resolved))
    written, notes = texts(share, 0, found.lang), _notes(found)
    colors = [_color(found, n) for n in places]
    hover = [
        f"<b>{found.review.areas.name(found.review.areas.ids[found.rows[n]])}</b>: {written[n]} %<br>"
        + found.say(f"giải quyết {resolved[n]}/{raised[n]} ý kiến", f"{resolved[n]} of {raised[n]} opinions resolved")
        + (f"<br>{notes[n]}" if notes[n] else "")
        for n in places
    ]
    bars = {"type": "bar", "orientation": "h", "x": share, "y": places, "marker": {"color": colors}}
    bars |= {"customdata": [found.review.areas.ids[n] for n in found.rows[:shown]]}
    bars |= {"hovertext": hover, "hoverinfo": "text"}
    marks = [" ⚠" if s > 100 else "" for s in share]
    told = [f"{w} %{m} · {d}/{r}" for w, m, d, r in zip(written, marks, resolved, raised, strict=True)]
    layout = theme.layout(
        found.lang,
        simulated=found.review.simulated,
        provenance=found.say("Nguồn: nhật ký hoạt động", "Source: log of activities")
        + f" · {closed(found.review, found.lang)}",
        click="area",
        height=max(320, 19 * shown + 178),
        bottom=116,
    )
    title = {"text": _legend(found, shown), "standoff": 4, "font": {"size": 11, "color": theme.PALE_INK}}
    layout["xaxis"] = theme.axis(range=[0, max([100.0, *share]) * 1.38], tickvals=[0, 25, 50, 75, 100], title=title)
    layout["yaxis"] = theme.names_axis(names)
    return {"data": [bars, theme.labels(share, places, told, "middle right")], "layout": layout}


def _color(found: _Places, n: int) -> str:
    if found.share[n] > 100:
        return theme.VERMILION
    return theme.BLUE if n < found.many else "#c3daee"


def _legend(found: _Places, shown: int) -> str:
    text = found.say("tỷ lệ · giải quyết/nêu", "share · resolved/raised")
    if found.some > found.many:
        text += found.say(
            f"<br>nhạt, không xếp: dưới {FEW} ý kiến<br>hoặc chỉ có trong một số năm",
            f"<br>pale, not ranked: under {FEW} opinions<br>or in some years only",
        )
    if (found.share > 100).any():
        text += found.say("<br>⚠: quá 100 %", "<br>⚠: above 100%")
    if found.some > shown:
        text += found.say(f"<br>{shown} nơi đầu trong {found.some}", f"<br>the first {shown} of {found.some}")
    return text

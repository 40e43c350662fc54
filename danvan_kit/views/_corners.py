"""Several activities at once in the plane of breadth and focus."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from danvan_kit import breadth as spreads
from danvan_kit import measures, theme, words
from danvan_kit.indicators import IndicatorError
from danvan_kit.review import Review
from danvan_kit.views._breadth import CORNERS
from danvan_kit.views._common import closed, in_words, say, sources
from danvan_kit.views._members import Members, members
from danvan_kit.views._view import View

CHOSEN = ("cuoc_giam_sat", "hoi_nghi_phan_bien", "doi_thoai_dinh_ky", "mo_hinh_duoc_cong_nhan")
"""What is shown where the catalogue has any of it: supervision, critique, dialogue, models recognised in the year."""
COLORS = (theme.BLUE, theme.VERMILION, theme.GREEN, theme.PURPLE)
MOST = 4


@dataclass(frozen=True, eq=False)
class _Path:
    """An indicator and its spread, in the years that are read.

    Attributes
    ----------
    of
        Its members.
    years, spread
        The full years in which there is something to measure, and what was measured.
    """

    of: Members
    years: list[int]
    spread: list[spreads.Spread]


def corners(
    review: Review,
    *,
    area: str = "",
    level: Literal["district", "commune"] | None = None,
    lang: str = "vi",
) -> View:
    """Set supervision, critique, dialogue and models in one plane: how wide, and how focused.

    To the right, the share of areas with at least one; upwards, the share of the sum that the top tenth hold. Each
    activity has a trail from its first year to the last full one. The lines between the corners stand at half of the
    areas and at a third of the sum.

    Parameters
    ----------
    review
        The review.
    area
        Empty: the top area. One with nothing below it is shown among its neighbours.
    level
        Which level below it; None: the next.
    lang
        Language.

    Returns
    -------
    View
        Table: an activity a row. A click sets the indicator.

    Raises
    ------
    IndicatorError, AreaError
        If a choice is unknown, nothing is below the area, or nothing can be measured.
    """
    found = _paths(review, area, level, lang)
    within = found[0].of.within
    return View(
        title=f"{say(lang, 'Diện và điểm của các hoạt động', 'Breadth and focus of the activities')}, {within}, "
        f"{in_words(review, None, lang)}",
        table=_table(found),
        figure=_figure(review, found, lang),
        reading=_reading(found),
        sources=sources(
            review,
            say(
                lang,
                "Đếm từ nhật ký hoạt động (bảng records) hoặc do đơn vị báo cáo (bảng observations), gồm cả cấp dưới",
                "Counted from the log (table records) or reported by the offices (table observations), with everything "
                "below",
            ),
            lang,
            say(
                lang,
                "Rộng: từ một nửa số đơn vị đã biết có ít nhất một; dồn: một phần mười đơn vị nhiều nhất giữ từ một "
                "phần ba",
                "Wide: half or more of the areas known have at least one; focused: the top tenth hold a third or more",
            ),
        ),
    )


def _paths(review: Review, area: str, level: Literal["district", "commune"] | None, lang: str) -> list[_Path]:
    known = review.indicators
    keys = [key for key in CHOSEN if key in known.index] or [
        str(key) for key in known.index[(known["nature"] == "flow") & (known["aggregation"] == "sum")][:MOST]
    ]
    partial, out = measures.partial_year(review), []
    for key in keys:
        of = members(review, key, area, level, "area", lang)
        every = spreads.spread(of.amounts, of.stands, of.complete)
        kept = [n for n, (year, s) in enumerate(zip(review.years, every, strict=True)) if year != partial and s.corner]
        if kept:
            out.append(_Path(of, [review.years[n] for n in kept], [every[n] for n in kept]))
    if not out:
        raise IndicatorError(
            "không có hoạt động nào để tính diện và điểm ở đây; được dùng: đơn vị có số liệu ở cấp dưới",
            "nothing to measure here; allowed: an area with figures below it",
        )
    return out


def _table(found: list[_Path]) -> pd.DataFrame:
    of, last = found[0].of, [path.spread[-1] for path in found]
    return pd.DataFrame(
        {
            of.say("Chỉ tiêu", "Indicator"): [path.of.this.label for path in found],
            of.say("Năm", "In the year"): [str(path.years[-1]) for path in found],
            "value": [s.amount for s in last],
            of.say("Có ít nhất một", "With at least one"): [s.active for s in last],
            of.say("Đã biết", "Known"): [s.active + s.inactive for s in last],
            of.say("Diện (%)", "Breadth (%)"): [100 * s.breadth for s in last],
            of.say("Một phần mười nhiều nhất giữ (%)", "The top tenth hold (%)"): [100 * s.top for s in last],
            of.say("Hệ số Gini", "Gini coefficient"): [round(s.gini, 3) for s in last],
            of.say("Diện năm đầu (%)", "Breadth in the first year (%)"): [100 * p.spread[0].breadth for p in found],
            of.say("Góc", "Corner"): [_corner(path) for path in found],
        }
    )


def _corner(path: _Path) -> str:
    return path.of.say(*CORNERS[path.spread[-1].corner or "wide_even"])


def _reading(found: list[_Path]) -> str:
    """Name each corner with what stands in it; then say what must not be concluded."""
    of = found[0].of
    parts: list[str] = []
    for corner, named in CORNERS.items():
        there = [path for path in found if path.spread[-1].corner == corner]
        if there:
            listed = ", ".join(f"{path.of.this.label} ({_both(path)})" for path in there)
            head = of.say(*named)
            parts.append(f"{head[:1].upper()}{head[1:]}: {listed}" if not parts else f"{head}: {listed}")
    scarce = [p for p in found if spreads.evenest(p.spread[-1].amount, p.spread[-1].total)[0] < 1]
    if scarce:
        names = ", ".join(path.of.this.label for path in scarce)
        parts.append(
            of.say(
                f"{names}: ít hơn số {of.many} nên không thể rộng khắp",
                f"{names}: fewer than there are {of.many}, so they cannot reach all",
            )
        )
    end = of.say("rộng hay dồn chưa nói lên chất lượng", "neither wide nor focused is a verdict on quality")
    return "; ".join([*parts, end]) + "."


def _both(path: _Path) -> str:
    wide, top = (words.percent(x, lang=path.of.lang) for x in (path.spread[-1].breadth, path.spread[-1].top))
    return path.of.say(f"diện {wide}, điểm {top}", f"breadth {wide}, focus {top}")


def _figure(review: Review, found: list[_Path], lang: str) -> dict[str, Any]:
    data = [_trail(path, COLORS[n]) for n, path in enumerate(found)]
    layout = theme.layout(
        lang,
        simulated=review.simulated,
        provenance=say(lang, "Nguồn: nhật ký và báo cáo", "Source: log and reports") + f" · {closed(review, lang)}",
        click="indicator",
        height=556,
        bottom=166,
    )
    high = 100 * max(s.top for path in found for s in path.spread)
    ceiling = max(60.0, high * 1.15)
    many = found[0].of.many
    axis = {"zeroline": False, "showgrid": False}
    layout["xaxis"] = theme.axis(
        range=[-4, 116], tickvals=[0, 25, 50, 75, 100], **axis,
        title={"text": say(lang, f"DIỆN: % {many} có ít nhất một →", f"BREADTH: % of {many} with at least one →"),
               "standoff": 4, "font": {"size": 11}},
    )  # fmt: skip
    layout["yaxis"] = theme.axis(
        range=[0, ceiling], nticks=5, **axis,
        title={"text": say(lang, "ĐIỂM: % do một phần mười giữ →", "FOCUS: % held by the top tenth →"),
               "standoff": 4, "font": {"size": 11}},
    )  # fmt: skip
    _corners(layout, lang, ceiling)
    key = {"orientation": "h", "x": 0, "y": -0.16, "yanchor": "top", "font": {"size": 11}}
    layout |= {"showlegend": True, "legend": key | {"itemclick": False, "itemdoubleclick": False}}
    layout["hovermode"] = "closest"
    return {"data": data, "layout": layout}


def _corners(layout: dict[str, Any], lang: str, ceiling: float) -> None:
    """Draw the two lines between the corners, and name the corners."""
    line = {"type": "line", "line": {"color": "#9aa5ad", "width": 1, "dash": "dot"}, "layer": "below"}
    wide, top = 100 * spreads.WIDE, 100 * spreads.FOCUSED
    layout["shapes"] += [
        line | {"x0": wide, "x1": wide, "y0": 0, "y1": ceiling},
        line | {"x0": -4, "x1": 116, "y0": top, "y1": top},
    ]
    names = (
        ("wide_even", "right", 0.99, 0.01, "bottom"), ("wide_focused", "right", 0.99, 0.99, "top"),
        ("narrow_even", "left", 0.01, 0.01, "bottom"), ("narrow_focused", "left", 0.01, 0.99, "top"),
    )  # fmt: skip
    for corner, side, x, y, edge in names:
        text = theme.wrap(say(lang, *CORNERS[corner]))
        place = {"xanchor": side, "yanchor": edge, "align": side}
        layout["annotations"].append(theme.note(f"<i>{text}</i>", x=x, y=y, color=theme.PALE_INK, place=place))


def _trail(path: _Path, color: str) -> dict[str, Any]:
    """Return the trail over the years, with a large dot for the last."""
    of, lang = path.of, path.of.lang
    x, y = ([100 * getattr(s, part) for s in path.spread] for part in ("breadth", "top"))
    key = [of.this.key] * len(x)
    hover = [
        f"<b>{of.this.label}</b>, {year}<br>"
        + of.say(f"diện {words.percent(s.breadth, lang=lang)}, ", f"breadth {words.percent(s.breadth, lang=lang)}, ")
        + of.say(f"{s.few} nơi nhiều nhất giữ {words.percent(s.top, lang=lang)}",
                 f"the top {s.few} hold {words.percent(s.top, lang=lang)}")
        for year, s in zip(path.years, path.spread, strict=True)
    ]  # fmt: skip
    sizes = [5.0] * (len(x) - 1) + [14.0]
    trail: dict[str, Any] = {"type": "scatter", "mode": "lines+markers", "x": x, "y": y, "customdata": key}
    trail |= {"line": {"color": color, "width": 1.5}, "marker": {"size": sizes, "color": color, "opacity": 0.85}}
    return trail | {"hovertext": hover, "hoverinfo": "text", "name": of.this.label}

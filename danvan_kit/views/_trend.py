"""How has one figure of one area moved over the years?"""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pandas as pd

from danvan_kit import cube, measures, theme, words
from danvan_kit.areas import REPORTING_DAY, Basis
from danvan_kit.cube import Floats
from danvan_kit.review import Review
from danvan_kit.views._common import (
    INDICATOR,
    About,
    about,
    indicator_sources,
    lower,
    plain,
    provenance,
    say,
    texts,
    tree,
    year_ticks,
)
from danvan_kit.views._view import View

KINDS = {
    "split": ("chia tách", "split"),
    "merged": ("sáp nhập", "merger"),
    "renamed": ("đổi tên", "renaming"),
    "reclassified": ("chuyển loại hình", "reclassification"),
}


def trend(
    review: Review, *, indicator: str = INDICATOR, area: str = "", basis: Basis = "as_was", lang: str = "vi"
) -> View:
    """Show an area's total of one indicator, year by year.

    Parameters
    ----------
    review
        The review.
    indicator
        What to show.
    area
        Empty: the top area.
    basis
        ``constant`` shows the smallest group of areas that no change crosses, over all years.
    lang
        Language.

    Returns
    -------
    View
        Table ``year, value`` and what is known of each year. A click sets the year.

    Raises
    ------
    IndicatorError, AreaError
        If either is unknown.
    """
    area = area or review.areas.root
    this = about(review, indicator, lang)
    members = review.areas.group(area) if basis == "constant" else (area,)
    values = cube.of(review).series(this.key, area, basis)
    given, owed = _offices(review, this, members)
    states = _states(review, this, members, values, owed, lang)
    turns = _turns(review, members, lang)
    name = review.areas.name(area)
    if len(members) > 1:
        name = " + ".join(review.areas.name(m) for m in members)
    table = pd.DataFrame(
        {
            "year": list(review.years),
            "value": values,
            say(lang, "Thay đổi so với năm trước (%)", "Change on the year before (%)"): _growth(review, values),
            say(lang, "Đơn vị đã báo cáo", "Offices that reported"): given,
            say(lang, "Đơn vị phải báo cáo", "Offices that owe it"): owed,
            say(lang, "Ghi chú", "Note"): states,
        }
    )
    return View(
        title=f"{this.label}: {name}",
        table=table,
        figure=_figure(review, this, values, given, owed, states, turns, lang),
        reading=_reading(review, this, values, given, owed, turns, lang),
        sources=indicator_sources(review, this, lang, *turns.values()),
    )


def _offices(review: Review, this: About, members: tuple[str, ...]) -> tuple[list[int], list[int]]:
    """Return how many offices gave the figure and how many owe it, each year."""
    found = cube.of(review)
    i, rows = found.index(this.key), review.areas.rows(members)
    if i in found.parts:  # a ratio is owed by whoever owes its parts
        row = review.indicators.loc[this.key]
        part = [found.index(str(row[p])) for p in ("numerator", "denominator")]
        return found.present[part][:, rows].sum(axis=1).min(axis=0).tolist(), found.expected[part[1], rows].sum(
            axis=0
        ).tolist()
    if this.aggregation == "none":  # never added up: only the offices themselves count
        own = found.reported[i, rows].sum(axis=0)
        kept = np.isin(tree(review).level[rows], list(this.levels))[:, None] & tree(review).valid[rows]
        kept &= np.array(review.years) >= this.first_year
        return own.tolist(), kept.sum(axis=0).tolist()
    return found.present[i, rows].sum(axis=0).tolist(), found.expected[i, rows].sum(axis=0).tolist()


def _states(  # noqa: PLR0913 - what is known of each year
    review: Review, this: About, members: tuple[str, ...], values: Floats, owed: list[int], lang: str
) -> list[str]:
    """Say in words why a year has no figure, or how far it can be trusted."""
    stands = tree(review).valid[review.areas.rows(members)].any(axis=0)
    partial, out = measures.partial_year(review), []
    for n, year in enumerate(review.years):
        if not stands[n]:
            gone = bool(stands[:n].any())
            out.append(
                say(lang, "đơn vị không còn", "the area had ended")
                if gone
                else say(lang, "chưa có đơn vị", "not yet there")
            )
        elif year < this.first_year:
            out.append(say(lang, f"bắt đầu từ {this.first_year}", f"begins in {this.first_year}"))
        elif np.isnan(values[n]):
            out.append(
                say(lang, "chưa có báo cáo", "no report")
                if owed[n]
                else say(lang, "không thuộc cấp này", "not kept here")
            )
        elif year == partial:
            day = words.date(review.closing, lang)
            out.append(say(lang, f"mới tính đến {day}", f"only up to {day}"))
        else:
            out.append("")
    return out


def _growth(review: Review, values: Floats) -> Floats:
    partial = measures.partial_year(review)
    rows = pd.DataFrame({"year": list(review.years), "value": values})
    found: Floats = (
        measures.growth(rows, partial=[partial] if partial else [])["growth"].to_numpy(dtype=np.float64) * 100
    )
    return found


def _turns(review: Review, members: tuple[str, ...], lang: str) -> dict[float, str]:
    """Return the changes that touch the areas: where they fall between two reporting years, and in words."""
    changes = review.areas.changes
    touched = changes[changes["from_area"].isin(members) | changes["to_area"].isin(members)]
    out: dict[float, list[str]] = {}
    for _, links in touched.groupby("change", sort=False):
        first = links.iloc[0]
        day = pd.Timestamp(first["date"])
        # A change after the reporting day shows first in the figures of the next year.
        place = day.year - 0.5 + (f"{day:%m-%d}" > REPORTING_DAY)
        old, new = (
            ", ".join(dict.fromkeys(review.areas.name(a) for a in links[side])) for side in ("from_area", "to_area")
        )
        kind = say(lang, *KINDS.get(str(first["kind"]), (str(first["kind"]),) * 2))
        out.setdefault(float(place), []).append(
            f"{words.date(day, lang)}: {kind} {old} → {new} ({first['resolution']})"
        )
    return {place: "; ".join(lines) for place, lines in sorted(out.items())}


def _figure(  # noqa: PLR0913 - one value a layer of the picture
    review: Review,
    this: About,
    values: Floats,
    given: list[int],
    owed: list[int],
    states: list[str],
    turns: dict[float, str],
    lang: str,
) -> dict[str, Any]:
    years, partial = list(review.years), measures.partial_year(review)
    gaps = [0 if np.isnan(v) else o - g for v, g, o in zip(values, given, owed, strict=True)]
    lacking = [
        say(lang, f"thiếu<br>{gap}/{o}", f"{gap}/{o}<br>missing") if gap else ""
        for gap, o in zip(gaps, owed, strict=True)
    ]
    labels = [f"{v}<br><i>{gap}</i>" if gap else v for v, gap in zip(texts(values, this.digits, lang), lacking)]
    hover = [
        f"<b>{y}</b>: {v} {this.unit}"
        + (say(lang, f"<br>{g}/{o} đơn vị đã báo cáo", f"<br>{g} of {o} offices reported") if o else "")
        for y, v, g, o in zip(years, texts(values, this.digits, lang), given, owed, strict=True)
    ]
    shared = {"x": years, "y": plain(values), "customdata": years, "hovertext": hover, "hoverinfo": "text"}
    trace = _bars(years, partial, gaps) if this.aggregation in {"sum", "none"} else _line(years, partial)
    top = float(np.nanmax(values)) if not np.isnan(values).all() else 1.0
    layout = theme.layout(
        lang, simulated=review.simulated, provenance=provenance(review, this, lang), click="year", bottom=74
    )
    layout["xaxis"] = theme.axis(
        tickvals=years,
        ticktext=year_ticks(review, lang),
        tickangle=0,
        range=[years[0] - 0.6, years[-1] + 0.6],
        showgrid=False,
    )
    layout["yaxis"] = theme.axis(
        range=[0, (top or 1) * (1.28 if any(gaps) else 1.16)],
        title={"text": this.unit, "standoff": 6},
        tickformat=theme.TICKS,
        nticks=6,
    )
    layout["hovermode"] = "closest"
    _blanks(layout, years, values, states)
    _lines(layout, turns, lang)
    return {"data": [trace | shared, _labels(years, values, labels, bars=trace["type"] == "bar")], "layout": layout}


def _bars(years: list[int], partial: int | None, gaps: list[int]) -> dict[str, Any]:
    """Return bars: the partial year hatched, a year that lacks reports with an orange border."""
    return {
        "type": "bar",
        "marker": {
            "color": [theme.SKY if year == partial else theme.BLUE for year in years],
            "pattern": {
                "shape": ["/" if year == partial else "" for year in years],
                "fgcolor": "#ffffff",
                "solidity": 0.35,
            },
            "line": {"width": [2 if gap else 0 for gap in gaps], "color": theme.ORANGE},
        },
    }


def _line(years: list[int], partial: int | None) -> dict[str, Any]:
    """Return a line with a point a year, the partial one hollow."""
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "line": {"color": theme.BLUE, "width": 2.5},
        "marker": {
            "size": 10,
            "color": ["#ffffff" if year == partial else theme.BLUE for year in years],
            "line": {"color": theme.BLUE, "width": 2},
        },
        "cliponaxis": False,
    }


def _labels(years: list[int], values: Floats, labels: list[str], *, bars: bool) -> dict[str, Any]:
    """Return the written figures; at the foot of a valley, where the line would run through them, below it."""
    known = [n for n, v in enumerate(values.tolist()) if not np.isnan(v)]
    around = np.pad(np.nan_to_num(values, nan=-np.inf), 1, constant_values=-np.inf)
    valley = (values < around[:-2]) & (values < around[2:])
    places = ["bottom center" if valley[n] and not bars else "top center" for n in known]
    return theme.labels([years[n] for n in known], values[known].tolist(), [labels[n] for n in known], places)


def _blanks(layout: dict[str, Any], years: list[int], values: Floats, states: list[str]) -> None:
    """Shade the years without a figure and say why, so that nobody takes them for zero."""
    blank = [state if np.isnan(v) else "" for v, state in zip(values.tolist(), states, strict=True)]
    for why, run in itertools.groupby(range(len(years)), key=blank.__getitem__):
        if not why:
            continue
        found = list(run)
        first, last = years[found[0]] - 0.45, years[found[-1]] + 0.45
        shape = {"type": "rect", "x0": first, "x1": last, "y0": 0, "y1": 1, "yref": "paper", "layer": "below"}
        layout["shapes"].append(shape | {"fillcolor": "#f1f2f3", "line": {"width": 0}})
        at = {"xref": "x", "xanchor": "center", "yanchor": "middle", "textangle": -90, "color": theme.PALE_INK}
        layout["annotations"].append(theme.note(why, x=(first + last) / 2, y=0.5, **at))


def _lines(layout: dict[str, Any], turns: dict[float, str], lang: str) -> None:
    """Draw a line where a change of areas falls."""
    for place, text in turns.items():
        line = {"color": theme.VERMILION, "width": 1.5, "dash": "dash"}
        layout["shapes"].append(
            {"type": "line", "x0": place, "x1": place, "y0": 0, "y1": 1, "yref": "paper", "line": line}
        )
        kinds = [say(lang, *both) for both in KINDS.values() if say(lang, *both) in text]
        short = f"{text.split(':')[0]}<br>{', '.join(kinds)}"
        at = {"xref": "x", "xanchor": "left", "yanchor": "top", "xshift": 3, "size": 10, "color": theme.VERMILION}
        layout["annotations"].append(theme.note(short, x=place, y=1, **at) | {"hovertext": text})


def _reading(  # noqa: PLR0913 - the rule looks at all that is known
    review: Review,
    this: About,
    values: Floats,
    given: list[int],
    owed: list[int],
    turns: dict[float, str],
    lang: str,
) -> str:
    """From the first to the last full year with a figure; the peak; then what must not be concluded."""
    partial = measures.partial_year(review)
    known = [(y, v) for y, v in zip(review.years, values.tolist(), strict=True) if not np.isnan(v) and y != partial]
    parts = []
    if not known:
        parts.append(say(lang, "Không có năm trọn vẹn nào có số liệu", "No full year has a figure"))
    else:
        parts.append(_movement(this, known[0], known[-1], lang))
        peak = max(known, key=lambda pair: pair[1])
        if len(known) > 2 and peak[0] not in (known[0][0], known[-1][0]):
            v = texts([peak[1]], this.digits, lang)[0]
            parts.append(say(lang, f"cao nhất năm {peak[0]} ({v})", f"the peak was {peak[0]} ({v})"))
    if partial and not np.isnan(values[-1]) and this.aggregation in {"sum", "none"}:
        parts.append(
            say(lang, f"năm {partial} chưa trọn năm, không so sánh", f"{partial} is no full year, not compared")
        )
    if turns:
        days = ", ".join(text.split(":")[0] for text in turns.values())
        parts.append(say(lang, f"có thay đổi địa giới ({days})", f"boundaries changed ({days})"))
    if late := [y for y, g, o in zip(review.years, given, owed, strict=True) if g < o]:
        years = ", ".join(map(str, late))
        parts.append(say(lang, f"chưa đủ đơn vị báo cáo: {years}", f"not all offices reported: {years}"))
    return "; ".join(parts) + "."


def _movement(this: About, first: tuple[int, float], last: tuple[int, float], lang: str) -> str:
    one, other = texts([first[1], last[1]], this.digits, lang)
    if first[0] == last[0]:
        return say(lang, f"Năm {last[0]}: {other} {this.unit}", f"{last[0]}: {other} {this.unit}")
    if this.aggregation == "ratio":
        # From the figures as written, so that the reader's own subtraction agrees.
        points = words.number(abs(round(last[1], 1) - round(first[1], 1)), lang=lang, digits=1)
        move = say(lang, f"{'tăng' if last[1] >= first[1] else 'giảm'} {points} điểm phần trăm",
                   f"{'up' if last[1] >= first[1] else 'down'} {points} percentage points")  # fmt: skip
    elif first[1] > 0:
        change = last[1] / first[1] - 1
        part = words.percent(abs(change), lang=lang)
        move = say(lang, f"{'tăng' if change >= 0 else 'giảm'} {part}", f"{'up' if change >= 0 else 'down'} {part}")
    else:
        move = say(lang, "tăng từ không", "up from nothing") if last[1] else say(lang, "không đổi", "unchanged")
    label = lower(this.label)
    return say(
        lang,
        f"Năm {last[0]}, {label}: {other} {this.unit}, {move} so với {first[0]} ({one})",
        f"{this.label}: {other} {this.unit} in {last[0]}, {move} on {first[0]} ({one})",
    )

"""Do the data bear out what was published?"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd

from danvan_kit import cube, theme, words
from danvan_kit.areas import LEVELS
from danvan_kit.review import Review
from danvan_kit.views._common import about, closed, say, sources, tree
from danvan_kit.views._view import View

NEARLY = 0.05
"""How far below a figure published as "nearly" the data may lie."""
COLORS = {"agrees": theme.BLUE, "differs": theme.VERMILION, "undecided": "#9aa3aa"}
MARKS = {"agrees": "✓", "differs": "✗", "undecided": "?"}


def headline(review: Review, *, lang: str = "vi") -> View:
    """Set the published statements beside what the data give.

    A statement counts the offices' own figures of its levels and years. An exact one agrees when both are equal; one
    that says "nearly" when the data lie at most 5 % below it. Where figures are missing and the known ones do not
    exceed the statement, nothing is decided.

    Parameters
    ----------
    review
        The review.
    lang
        Language.

    Returns
    -------
    View
        Table: statement, published, found, difference, verdict, source; a row a statement.
    """
    rows = [_judged(review, s, lang) for s in review.statements.to_dict("records")]
    table = pd.DataFrame(rows)
    marks = [r["_verdict"] for r in rows]
    shown = table.drop(columns=[c for c in table.columns if c.startswith("_")])
    cited = list(dict.fromkeys(str(s) for s in review.statements["source"]))
    counted = say(
        lang,
        "Đếm số của riêng đơn vị ở đúng cấp và thời gian của mỗi câu công bố (bảng records, observations)",
        "Counted from the offices' own figures of each statement's levels and years (tables records, observations)",
    )
    published = [say(lang, f"Số công bố: {c}", f"Published: {c}") for c in cited]
    return View(
        title=say(lang, "Số liệu đã công bố và số liệu của bộ dữ liệu", "Published figures and what the data give"),
        table=shown,
        figure=_figure(review, rows, lang),
        reading=_reading(marks, lang),
        sources=sources(review, counted, lang, *published),
    )


def counted(review: Review, statement: dict[str, Any]) -> tuple[float, int]:
    """Return what the data give for a statement, and how many figures it lacks.

    Parameters
    ----------
    review
        The review.
    statement
        A row of ``statements.csv``.
    """
    found = cube.of(review)
    i = found.index(str(statement["indicator"]))
    at = np.isin(tree(review).level, str(statement["levels"]).split())
    years = slice(found.year(int(statement["year_from"])), found.year(int(statement["year_to"])) + 1)
    own = found.own[i][at, years]
    begun = np.array(review.years)[years] >= int(review.indicators["first_year"].iloc[i])
    owed = tree(review).valid[at, years] & begun
    return float(np.nansum(own)), int((owed & np.isnan(own)).sum())


def verdict(qualifier: str, published: float, found: float, lacking: int = 0) -> str:
    """Return ``agrees``, ``differs`` or ``undecided``.

    Parameters
    ----------
    qualifier
        ``exact`` or ``nearly``.
    published, found
        The two figures.
    lacking
        How many figures are missing from `found`.
    """
    low = published * (1 - NEARLY) if qualifier == "nearly" else published
    if low <= found <= published and not (lacking and qualifier == "exact"):
        return "agrees"
    # What is missing can only add: with gaps, only too much is certainly wrong.
    return "undecided" if lacking and found <= published else "differs"


def _judged(review: Review, statement: dict[str, Any], lang: str) -> dict[str, Any]:
    found, lacking = counted(review, statement)
    published = float(statement["value"])
    nearly = statement["qualifier"] == "nearly"
    answer = verdict(str(statement["qualifier"]), published, found, lacking)
    levels = str(statement["levels"]).split()
    who = say(lang, "toàn thành phố", "city-wide") if len(levels) == len(LEVELS) else ", ".join(
        words.label(level, lang).lower() for level in levels
    )  # fmt: skip
    word = words.label(answer, lang)
    if nearly and answer == "agrees":
        word = say(lang, "Khớp (gần)", "Agrees (nearly)")
    return {
        say(lang, "Nội dung công bố", "Statement"): statement[f"text_{lang}"],
        say(lang, "Phạm vi", "Scope"): f"{who}, {statement['year_from']}–{statement['year_to']}",
        say(lang, "Số công bố", "Published"): published,
        say(lang, "Số của bộ dữ liệu", "In the data"): found,
        say(lang, "Chênh lệch", "Difference"): found - published,
        say(lang, "Kết luận", "Verdict"): word,
        say(lang, "Nguồn", "Source"): f"{statement['source']}",
        "_verdict": answer,
        "_published": published,
        "_found": found,
        "_text": statement[f"text_{lang}"],
        "_scope": f"{who}, {statement['year_from']}–{statement['year_to']}",
        "_label": about(review, str(statement["indicator"]), lang).label,
        "_word": word,
    }


def _figure(review: Review, rows: list[dict[str, Any]], lang: str) -> dict[str, Any]:
    """Draw a row a statement: its words, a bar of what the data give, the published figure as a mark, the verdict."""
    places = list(range(len(rows)))
    found = [r["_found"] for r in rows]
    published = [r["_published"] for r in rows]
    top = max([*published, *found, 10.0])
    bars = {
        "type": "bar",
        "orientation": "h",
        "x": [max(v, 1.0) for v in found],
        "y": places,
        "width": 0.34,
        "marker": {"color": [COLORS[r["_verdict"]] for r in rows]},
        "text": [f"<b>{words.number(r['_found'], lang=lang)}</b> {MARKS[r['_verdict']]} {r['_word']}" for r in rows],
        "textposition": "outside",
        "textangle": 0,
        "textfont": {"size": 12, "color": [COLORS[r["_verdict"]] for r in rows]},
        "cliponaxis": False,
        "hovertext": [_tip(r, lang) for r in rows],
        "hoverinfo": "text",
    }
    ticks = {
        "type": "scatter",
        "mode": "markers",
        "x": published,
        "y": places,
        "marker": {"symbol": "line-ns", "size": 22, "line": {"width": 3, "color": theme.INK}},
        "hovertext": [_tip(r, lang) for r in rows],
        "hoverinfo": "text",
    }
    line = say(lang, "Nguồn số công bố: Báo Nhân Dân 15-7-2020", "Published in: Nhân Dân, 15 July 2020")
    cited = review.statements["source"].astype(str).str.contains("Nhân Dân").all()
    layout = theme.layout(
        lang,
        simulated=review.simulated,
        provenance=f"{line} · {closed(review, lang)}" if cited else closed(review, lang),
        height=max(theme.HEIGHT, 62 * len(rows) + 90),
        bottom=56,
    )
    layout["annotations"] += [
        theme.note(f"<b>{r['_text']}</b> <span style='color:{theme.PALE_INK}'>({r['_scope']})</span>", x=0, y=n - 0.36,
                   yref="y", yanchor="middle", size=12)
        for n, r in enumerate(rows)
    ]  # fmt: skip
    # The axis is logarithmic: 22 and 40.000 stand in one picture. The verdict's words need room at the right.
    layout["xaxis"] = theme.axis(
        type="log", range=[0, math.log10(top) * 1.75], tickvals=[1, 10, 100, 1000, 10000],
        ticktext=[words.number(v, lang=lang) for v in (1, 10, 100, 1000, 10000)],
        title={"text": say(lang, "thang logarit · vạch đen: số công bố", "logarithmic · black mark: published"),
               "standoff": 2, "font": {"size": 11, "color": theme.PALE_INK}},
    )  # fmt: skip
    layout["yaxis"] = theme.axis(visible=False, range=[len(rows) - 0.65, -0.65])
    return {"data": [bars, ticks], "layout": layout}


def _tip(row: dict[str, Any], lang: str) -> str:
    published, found = (words.number(row[k], lang=lang) for k in ("_published", "_found"))
    return say(
        lang,
        f"<b>{row['_text']}</b><br>công bố {published}, bộ dữ liệu {found}<br>{row['_word']}",
        f"<b>{row['_text']}</b><br>published {published}, in the data {found}<br>{row['_word']}",
    )


def _reading(verdicts: list[str], lang: str) -> str:
    agreed, total = verdicts.count("agrees"), len(verdicts)
    open_ones = verdicts.count("undecided")
    text = say(
        lang, f"{agreed}/{total} số đã công bố khớp với bộ dữ liệu", f"{agreed} of {total} published figures agree"
    )
    if wrong := verdicts.count("differs"):
        text += say(lang, f"; {wrong} số không khớp", f"; {wrong} differ")
    if open_ones:
        text += say(lang, f"; {open_ones} số chưa đủ căn cứ", f"; {open_ones} cannot be decided")
    return text + say(
        lang,
        "; “gần” được hiểu là thấp hơn không quá 5 %.",
        "; “nearly” is taken as at most 5% below.",
    )

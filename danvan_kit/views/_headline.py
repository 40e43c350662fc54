"""Whether the data bear out what was published."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from danvan_kit import cube, qualifiers, theme, words
from danvan_kit.areas import LEVELS
from danvan_kit.review import Review
from danvan_kit.views._common import closed, say, sources
from danvan_kit.views._tree import tree
from danvan_kit.views._view import View

COLORS = {"agrees": theme.BLUE, "differs": theme.VERMILION, "undecided": "#737c84"}
MARKS = {"agrees": "✓", "differs": "✗", "undecided": "?"}


@dataclass(frozen=True)
class _Judged:
    """A published statement beside what the data give."""

    text: str
    scope: str
    published: float
    found: float
    verdict: str
    word: str
    source: str


def headline(review: Review, *, lang: str = "vi") -> View:
    """Set the published statements beside what the data give.

    A statement counts the offices' own figures of its levels and years. An exact one agrees when both are equal; one
    that says "nearly" when the data lie a tenth below it at most. Where figures are missing and the known ones do not
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
    rows = [_judge(review, {str(key): part for key, part in s.items()}, lang) for s in _statements(review)]
    table = pd.DataFrame(
        {
            say(lang, "Nội dung công bố", "Statement"): [row.text for row in rows],
            say(lang, "Phạm vi", "Scope"): [row.scope for row in rows],
            say(lang, "Số công bố", "Published"): [row.published for row in rows],
            say(lang, "Số của bộ dữ liệu", "In the data"): [row.found for row in rows],
            say(lang, "Chênh lệch", "Difference"): [row.found - row.published for row in rows],
            say(lang, "Kết luận", "Verdict"): [row.word for row in rows],
            say(lang, "Nguồn", "Source"): [row.source for row in rows],
        }
    )
    counted_how = say(
        lang,
        "Đếm số của riêng đơn vị ở đúng cấp và thời gian của mỗi câu công bố (bảng records, observations)",
        "Counted from the offices' own figures of each statement's levels and years (tables records, observations)",
    )
    cited = dict.fromkeys(row.source for row in rows)
    return View(
        title=say(lang, "Số liệu đã công bố và số liệu của bộ dữ liệu", "Published figures and what the data give"),
        table=table,
        figure=_figure(review, rows, lang),
        reading=_reading(rows, lang),
        sources=sources(review, counted_how, lang, *(say(lang, f"Số công bố: {c}", f"Published: {c}") for c in cited)),
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
    return float(np.nansum(own)), int((owed & np.isnan(own)).sum())  # hidden ones lack: nothing is decided


def verdict(qualifier: str, published: float, found: float, lacking: int = 0) -> str:
    """Return ``agrees``, ``differs`` or ``undecided``.

    Parameters
    ----------
    qualifier
        ``exact`` or ``nearly``.
    published, found
        The two figures.
    lacking
        How many figures are missing from `found`: they can only add to it, so that only too much is certainly wrong.
    """
    if lacking:
        return "undecided" if found <= published else "differs"
    return "agrees" if qualifiers.fits(qualifier, published, found) else "differs"


def _statements(review: Review) -> list[dict[Any, Any]]:
    return review.statements.to_dict("records")


def _judge(review: Review, statement: dict[str, Any], lang: str) -> _Judged:
    found, lacking = counted(review, statement)
    published, qualifier = float(statement["value"]), str(statement["qualifier"])
    answer = verdict(qualifier, published, found, lacking)
    levels = str(statement["levels"]).split()
    who = ", ".join(words.label(level, lang).lower() for level in levels)
    if len(levels) == len(LEVELS):
        who = say(lang, "toàn thành phố", "city-wide")
    nearly = qualifier == "nearly" and answer == "agrees"
    return _Judged(
        text=str(statement[f"text_{lang}"]),
        scope=f"{who}, {statement['year_from']}–{statement['year_to']}",
        published=published,
        found=found,
        verdict=answer,
        word=say(lang, "Khớp (gần)", "Agrees (nearly)") if nearly else words.label(answer, lang),
        source=str(statement["source"]),
    )


def _figure(review: Review, rows: list[_Judged], lang: str) -> dict[str, Any]:
    """Draw a row a statement: its words, a bar of what the data give, the published figure as a mark, the verdict."""
    layout = theme.layout(
        lang,
        simulated=review.simulated,
        provenance=f"{_cited(rows, lang)} · {closed(review, lang)}",
        height=max(theme.HEIGHT, 62 * len(rows) + 90),
        bottom=56,
    )
    at = {"yref": "y", "yanchor": "middle"}
    layout["annotations"] += [
        theme.note(f"<b>{row.text}</b> ({row.scope})", x=0, y=n - 0.36, place=at) for n, row in enumerate(rows)
    ]
    # Logarithmic: 22 and 40.000 stand in one picture. The verdict's words need room at the right.
    top = math.log10(max([10.0, *(row.published for row in rows), *(row.found for row in rows)]))
    powers = [10**n for n in range(int(top) + 1)]
    note = say(lang, "thang logarit · vạch đen: số công bố", "logarithmic · black mark: published")
    layout["xaxis"] = theme.axis(
        type="log",
        range=[0, top * 1.75],
        tickvals=powers,
        ticktext=[words.number(v, lang=lang) for v in powers],
        title={"text": note, "standoff": 2, "font": {"size": 11, "color": theme.PALE_INK}},
    )
    layout["yaxis"] = theme.axis(visible=False, range=[len(rows) - 0.65, -0.65])
    return {"data": _traces(rows, lang), "layout": layout}


def _cited(rows: list[_Judged], lang: str) -> str:
    """Return the first source's name and day, which stand before its first comma."""
    first = rows[0].source.split(",")[0] if rows else "–"
    return say(lang, f"Số công bố: {first}", f"Published: {first}")


def _traces(rows: list[_Judged], lang: str) -> list[dict[str, Any]]:
    places = list(range(len(rows)))
    colors = [COLORS[row.verdict] for row in rows]
    tips = []
    for row in rows:
        published, found = words.number(row.published, lang=lang), words.number(row.found, lang=lang)
        both = say(lang, f"công bố {published}, bộ dữ liệu {found}", f"published {published}, in the data {found}")
        tips.append(f"<b>{row.text}</b><br>{both}<br>{row.word}")
    length = [max(row.found, 1.0) for row in rows]
    shared = {"y": places, "hovertext": tips, "hoverinfo": "text"}
    bars = {"type": "bar", "orientation": "h", "x": length, "width": 0.34, "marker": {"color": colors}}
    line = {"symbol": "line-ns", "size": 22, "line": {"width": 3, "color": theme.INK}}
    marks = {"type": "scatter", "mode": "markers", "x": [max(row.published, 1.0) for row in rows], "marker": line}
    texts = [f"<b>{words.number(row.found, lang=lang)}</b> {MARKS[row.verdict]} {row.word}" for row in rows]
    ends = [max(row.found, row.published, 1.0) for row in rows]
    return [bars | shared, marks | shared, theme.labels(ends, places, texts, "middle right", size=12, color=colors)]


def _reading(rows: list[_Judged], lang: str) -> str:
    verdicts = [row.verdict for row in rows]
    agreed, total = verdicts.count("agrees"), len(rows)
    parts = [
        say(lang, f"{agreed}/{total} số đã công bố khớp với bộ dữ liệu", f"{agreed} of {total} published figures agree")
    ]
    if wrong := verdicts.count("differs"):
        parts.append(say(lang, f"{wrong} số không khớp", f"{wrong} differ"))
    if unknown := verdicts.count("undecided"):
        parts.append(say(lang, f"{unknown} số chưa đủ căn cứ", f"{unknown} cannot be decided"))
    parts.append(say(lang, "“gần” được hiểu là thấp hơn, không quá 10 %", "“nearly” is taken as below, by at most 10%"))
    return "; ".join(parts) + "."

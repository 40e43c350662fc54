"""Who sits on the standing board: the heads of the mass-mobilization commission and the Fatherland Front, by office."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from danvan_kit import cube, theme
from danvan_kit.cube import Floats
from danvan_kit.review import Review
from danvan_kit.views._common import (
    LAST_FULL_YEAR,
    about,
    chosen_year,
    closed,
    in_words,
    over_years,
    say,
    sources,
    year_ticks,
)
from danvan_kit.views._members import labels
from danvan_kit.views._tree import tree
from danvan_kit.views._view import View

HEAD, CHAIR = "truong_bdv_uvbtv", "chu_tich_mttq_uvbtv"
"""The two posts, each 1 (sits on the board), 0 or not reported."""
STATES = ("both", "head", "chair", "neither", "unknown")
COLORS = {"both": "#7fb2d9", "head": "#E69F00", "chair": "#CC79A7", "neither": "#D55E00", "unknown": theme.MISSING}
MARKS = {"both": "", "head": "M", "chair": "B", "neither": "✗", "unknown": "·"}
"""What a cell shows: M, the chair of the Front does not sit; B, the head of the commission (Ban Dân vận) does not."""
SENTENCE = (
    ("Báo Nhân Dân 15-7-2020 nêu: ở cấp thành phố và quận, huyện, trưởng ban Dân vận và chủ tịch Mặt trận Tổ quốc đều "
     "là ủy viên ban thường vụ"),
    ("Nhân Dân newspaper, 15 July 2020: at city and district level the head of the mass-mobilization commission and "
     "the chair of the Fatherland Front all sit on the standing board"),
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class _Board:
    """Both posts of all offices that keep them.

    Attributes
    ----------
    review, lang, year
        The review, the language, the year that is read.
    rows
        Rows of the offices, the city first.
    head, chair
        1, 0, or NaN where not reported. Shape ``(office, year)``.
    stands
        Which offices there were.
    """

    review: Review
    lang: str
    year: int
    rows: NDArray[np.intp]
    head: Floats
    chair: Floats
    stands: NDArray[np.bool_]

    def say(self, vi: str, en: str) -> str:
        """Return the text in the reader's language."""
        return say(self.lang, vi, en)


def leadership(review: Review, *, year: int = LAST_FULL_YEAR, lang: str = "vi") -> View:
    """Show by office and year whether both leaders sit on the standing board, against the published sentence.

    Parameters
    ----------
    review
        The review.
    year
        The year that is read; 0: the last full year.
    lang
        Language.

    Returns
    -------
    View
        Table: ``area, name`` and a column a year in words. A click sets the area.

    Raises
    ------
    IndicatorError
        If the year is outside the review, or its catalogue lacks one of the two posts.
    """
    when = chosen_year(review, year)
    found = _found(review, when, lang)
    return View(
        title=say(lang, "Ủy viên ban thường vụ cấp ủy: ", "On the standing board: ")
        + say(lang, "trưởng ban Dân vận và chủ tịch Mặt trận", "heads of the commission and of the Front")
        + f", {in_words(review, when, lang)}",
        table=_table(found),
        figure=_figure(found),
        reading=_reading(found),
        sources=sources(
            review,
            say(
                lang,
                "Đơn vị báo cáo (bảng observations): mỗi chức danh 1 là có, 0 là không",
                "Reported by the offices (table observations): 1 for yes, 0 for no, for each post",
            ),
            lang,
            say(lang, *SENTENCE),
        ),
    )


def _found(review: Review, when: int, lang: str) -> _Board:
    known = tree(review)
    kept = np.isin(known.level, list(about(review, HEAD, lang).levels))
    about(review, CHAIR, lang)  # both or neither
    rows = np.flatnonzero(kept & known.valid.any(axis=1))
    depth = (known.level[rows] != "city").astype(int)
    rows = rows[np.lexsort((known.order[rows], depth))]
    ids = [review.areas.ids[n] for n in rows.tolist()]
    head, chair = (cube.of(review).matrix(key, ids, "own") for key in (HEAD, CHAIR))
    return _Board(review, lang, when, rows, head, chair, known.valid[rows])


def states(head: Floats, chair: Floats, stands: NDArray[np.bool_]) -> list[list[str]]:
    """Return for each office and year one of `STATES`, or empty where there was no office.

    One post of which nothing is known makes the pair unknown unless the other is known to be off the board: then it
    is the known gap that counts.
    """
    found = np.select(
        [~stands, (head == 0) & (chair == 0), chair == 0, head == 0, (head > 0) & (chair > 0)],
        ["", "neither", "head", "chair", "both"],
        "unknown",
    )
    listed: list[list[str]] = found.tolist()
    return listed


def _words(found: _Board) -> dict[str, str]:
    return {
        "both": found.say("cả hai", "both"),
        "head": found.say("chỉ trưởng ban Dân vận", "only the head of the commission"),
        "chair": found.say("chỉ chủ tịch Mặt trận", "only the chair of the Front"),
        "neither": found.say("không ai", "neither"),
        "unknown": found.say("chưa báo cáo đủ", "not fully reported"),
        "": found.say("chưa có hoặc không còn đơn vị", "no such office"),
    }


def _table(found: _Board) -> pd.DataFrame:
    said = _words(found)
    cells = states(found.head, found.chair, found.stands)
    ids = [found.review.areas.ids[n] for n in found.rows.tolist()]
    columns: dict[str, Any] = {"area": ids, "name": [found.review.areas.name(area) for area in ids]}
    return pd.DataFrame(columns | {str(y): [said[line[n]] for line in cells] for n, y in enumerate(found.review.years)})


def _reading(found: _Board) -> str:
    """Count both posts in the year; set that beside the published sentence; then what must not be concluded."""
    n = cube.of(found.review).year(found.year)
    stands = found.stands[:, n]
    posts = np.stack([found.head[stands, n], found.chair[stands, n]])
    lack, gone = int((posts == 0).sum()), int(np.isnan(posts).sum())
    below = tree(found.review).level[found.rows[stands]] != "city"
    total, (heads, chairs) = int(below.sum()), (posts[:, below] > 0).sum(axis=1).tolist()
    top = int((posts[:, ~below] > 0).sum())
    parts = [
        found.say(
            f"Năm {found.year}: {heads}/{total} quận, huyện, thị xã có trưởng ban Dân vận, {chairs}/{total} có chủ "
            f"tịch Mặt trận là ủy viên ban thường vụ; ở thành phố là {top}/2 chức danh",
            f"In {found.year}: the head of the commission sits on the board in {heads} of {total} districts, the "
            f"chair of the Front in {chairs} of {total}; in the city {top} of 2 posts",
        )
    ]
    if gone:
        parts.append(found.say(f"{gone} chức danh chưa báo cáo, không phải là không",
                               f"{gone} posts not reported, which is not no"))  # fmt: skip
    if lack:
        parts.append(found.say(f"câu công bố nói “đều là ủy viên” không đúng với {lack} chức danh của năm này",
                               f"the published “all” does not hold for {lack} posts in this year"))  # fmt: skip
    elif gone:
        parts.append(found.say("chưa đủ căn cứ để khẳng định câu công bố", "the published “all” cannot be decided yet"))
    else:
        parts.append(found.say("khớp với câu công bố", "this agrees with the published sentence"))
    end = found.say("là ủy viên chưa nói lên hiệu quả công tác", "a seat on the board says nothing of the work done")
    return "; ".join([*parts, end]) + "."


def _figure(found: _Board) -> dict[str, Any]:
    years, said = list(found.review.years), _words(found)
    cells = states(found.head, found.chair, found.stands)
    ids = [found.review.areas.ids[n] for n in found.rows.tolist()]
    names = [found.review.areas.name(area) for area in ids]
    place = {state: n for n, state in enumerate(STATES)}
    steps = len(STATES)
    scale = [[edge / steps, COLORS[s]] for n, s in enumerate(STATES) for edge in (n, n + 1)]
    heads = over_years(names, years)
    grid = {
        "type": "heatmap",
        "x": years,
        "y": list(range(len(ids))),
        "z": [[place.get(state) for state in line] for line in cells],
        "zmin": -0.5,
        "zmax": steps - 0.5,
        "colorscale": scale,
        "showscale": False,
        "xgap": 1,
        "ygap": 1,
        "hoverongaps": False,
        "customdata": [[area] * len(years) for area in ids],
        "text": [[f"{h}<br>{said[s]}" for h, s in zip(*row, strict=True)] for row in zip(heads, cells, strict=True)],
        "hovertemplate": "%{text}<extra></extra>",
    }
    layout = theme.layout(
        found.lang,
        simulated=found.review.simulated,
        provenance=found.say("Nguồn: báo cáo của các đơn vị", "Source: reports of the offices")
        + f" · {closed(found.review, found.lang)}",
        click="area",
        height=max(320, 18 * len(ids) + 184),
        bottom=126,
    )
    title = {"text": _legend(found), "standoff": 4, "font": {"size": 11, "color": theme.PALE_INK}}
    layout["xaxis"] = theme.years_axis(years, year_ticks(found.review, found.lang), title=title)
    layout["yaxis"] = theme.names_axis(labels(found.review, found.review.areas.root, found.rows))
    frame = {"type": "rect", "xref": "x", "yref": "paper", "y0": 0, "y1": 1, "fillcolor": "rgba(0, 0, 0, 0)"}
    edge = {"x0": found.year - 0.5, "x1": found.year + 0.5, "line": {"color": theme.INK, "width": 2}}
    layout["shapes"].append(frame | edge)
    return {"data": [grid, _marks(years, cells)], "layout": layout}


def _marks(years: list[int], cells: list[list[str]]) -> dict[str, Any]:
    """Return the letters of all cells in which not both sit."""
    at = [(x, y, MARKS[s]) for y, line in enumerate(cells) for x, s in zip(years, line, strict=True) if s]
    at = [cell for cell in at if cell[2]]
    columns = [list(column) for column in zip(*at, strict=True)] or [[], [], []]
    text = {"x": columns[0], "y": columns[1], "text": columns[2], "textfont": {"size": 11, "color": theme.INK}}
    return {"type": "scatter", "mode": "text", "hoverinfo": "skip"} | text


def _legend(found: _Board) -> str:
    return found.say(
        "xanh: cả hai là ủy viên<br>B: trưởng ban Dân vận không<br>M: chủ tịch Mặt trận không · ✗: không ai<br>"
        "xám ·: chưa báo cáo đủ · trống: không có",
        "blue: both sit<br>B: the head of the commission does not<br>M: the chair of the Front does not<br>"
        "✗: neither · grey ·: not fully reported · blank: none",
    )

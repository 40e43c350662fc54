"""What does not add up in an area and below it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from danvan_kit import theme, words
from danvan_kit.checks import RULES, SEVERITIES, check
from danvan_kit.review import Review
from danvan_kit.views._common import closed, in_words, lower, say, sources, with_others, year_ticks
from danvan_kit.views._tree import tree
from danvan_kit.views._view import View

WORDS = {
    "completeness": ("Báo cáo còn thiếu", "Reports missing"),
    "vertical": ("Số tổng hợp so với cấp dưới", "Consolidated against below"),
    "records_against_reports": ("Báo cáo khác nhật ký", "Report differs from the log"),
    "duplicates": ("Nộp hai lần", "Filed twice"),
    "late_changes": ("Sửa sau khi đã nộp", "Changed after filing"),
    "impossible": ("Số không thể có", "Impossible figure"),
    "area_validity": ("Đơn vị không tồn tại năm đó", "Area did not stand that year"),
    "jumps": ("Tăng, giảm bất thường", "Sudden rise or fall"),
    "statements": ("So với số đã công bố", "Against what was published"),
}
"""The rules as their readers call them."""
COLORS = {"error": theme.VERMILION, "warning": theme.ORANGE, "info": theme.SKY}
NOTHING = ""
"""Stands for the severity of a rule that found nothing."""


@dataclass(frozen=True, eq=False)
class _Listed:
    """What the checks found in a whole review.

    Attributes
    ----------
    table
        As a reader gets it: errors first.
    rows
        Row of each problem's area. Shape ``(problem,)``.
    lines
        Rule and severity of each problem: its line in the picture.
    columns
        Its column in the picture: the year's place, or one past the last for what covers a period.
    rules
        The rules that looked, whether they found something or not.
    """

    table: pd.DataFrame
    rows: NDArray[np.intp]
    lines: list[tuple[str, str]]
    columns: list[int]
    rules: list[str]


@dataclass(frozen=True, eq=False)
class _Problems:
    """Those of one area and everything below it.

    Attributes
    ----------
    review, lang
        The review, the language.
    lines
        The lines of the picture: a rule and a severity.
    cells
        How many problems each area has (by its row), for each cell of the picture: line and column.
    """

    review: Review
    lang: str
    lines: list[tuple[str, str]]
    cells: dict[tuple[int, int], Counter[int]]

    def say(self, vi: str, en: str) -> str:
        """Return the text in the reader's language."""
        return say(self.lang, vi, en)

    def rule(self, line: int) -> str:
        """Return what the rule of a line is called; one that has no words yet shows its own name."""
        name = self.lines[line][0]
        return self.say(*WORDS.get(name, (name, name)))

    def severity(self, line: int) -> str:
        """Return what the severity of a line is called."""
        return words.label(self.lines[line][1], self.lang)

    @cached_property
    def totals(self) -> list[int]:
        """How many problems each line has."""
        out = [0] * len(self.lines)
        for (line, _), areas in self.cells.items():
            out[line] += areas.total()
        return out

    def amount(self, line: int, column: int) -> int:
        """How many problems a cell has."""
        return self.cells[line, column].total()


def problems(review: Review, *, area: str = "", lang: str = "vi") -> View:
    """List what the checks found in an area and everything below it.

    Parameters
    ----------
    review
        The review.
    area
        Empty: the top area.
    lang
        Language.

    Returns
    -------
    View
        Table ``severity, rule, area, name, year, indicator, expected, found, message, source``, errors first; `year` is
        empty for a published statement, `indicator` for a whole report. The picture counts by rule and year. A click
        sets the area: that of a cell is the one with most of them.

    Raises
    ------
    AreaError
        If the area is unknown.
    """
    area = area or review.areas.root
    branch, listed = review.areas.branch(area), _listed(review, lang)
    picked = np.flatnonzero((listed.rows >= branch.start) & (listed.rows < branch.stop))
    found = _pick(review, lang, listed, picked)
    name = review.areas.name(area)
    who = name if branch.stop == branch.start + 1 else say(lang, f"{name} và cấp dưới", f"{name} and below")
    title = say(lang, "Những điểm cần xem lại", "What does not add up")
    return View(
        title=f"{title}: {who}, {in_words(review, None, lang)}",
        table=listed.table.take(picked).reset_index(drop=True),
        figure=_figure(found),
        reading=_reading(found, who, len(listed.rules)),
        sources=_sources(review, lang),
    )


@lru_cache(maxsize=8)
def _listed(review: Review, lang: str) -> _Listed:
    """Run all rules, once for each review and language."""
    found, known = check(review, lang=lang), tree(review)
    rows = review.areas.rows(found["area"])
    labels = review.indicators[f"label_{lang}"].to_dict()
    years = [None if pd.isna(year) else int(year) for year in found["year"]]
    rules, severities = found["rule"].tolist(), found["severity"].tolist()
    columns = {
        "severity": [words.label(severity, lang) for severity in severities],
        "rule": [say(lang, *WORDS.get(rule, (rule, rule))) for rule in rules],
        "area": found["area"].tolist(),
        "name": [known.names[row] for row in rows.tolist()],
        "year": ["" if year is None else year for year in years],
        "indicator": [labels[key] if key else "" for key in found["indicator"]],
        # Figures of many units in one column: each keeps its own decimals.
        "expected": found["expected"].astype(object),
        "found": found["found"].astype(object),
        "message": found["message"].tolist(),
        "source": found["source"].tolist(),
    }
    places = [len(review.years) if year is None else review.years.index(year) for year in years]
    looked = list(dict.fromkeys([*(rule.__name__ for rule in RULES), *rules]))
    return _Listed(pd.DataFrame(columns), rows, list(zip(rules, severities, strict=True)), places, looked)


def _pick(review: Review, lang: str, listed: _Listed, picked: NDArray[np.intp]) -> _Problems:
    """Count some problems by the cells of the picture: a line a rule and severity, or a rule that found nothing."""
    found = {listed.lines[n] for n in picked.tolist()}
    lines = []
    for rule in listed.rules:
        levels = [severity for severity in SEVERITIES if (rule, severity) in found]
        lines += [(rule, severity) for severity in levels or [NOTHING]]
    places, cells = {line: n for n, line in enumerate(lines)}, dict[tuple[int, int], Counter[int]]()
    for n, row in zip(picked.tolist(), listed.rows[picked].tolist(), strict=True):
        cells.setdefault((places[listed.lines[n]], listed.columns[n]), Counter())[row] += 1
    return _Problems(review, lang, lines, dict(sorted(cells.items())))


def _sources(review: Review, lang: str) -> tuple[str, ...]:
    reports, log = (words.number(len(table), lang=lang) for table in (review.observations, review.records))
    backing = say(
        lang,
        f"Kết quả kiểm tra {reports} dòng báo cáo (bảng observations) và {log} lượt ghi nhật ký (bảng records)",
        f"Checks of {reports} rows of reports (table observations) and {log} entries of the log (table records)",
    )
    unsaid = say(
        lang,
        "Điểm cần xem lại của từng số đã ẩn không liệt kê ở đây, vì nói ra sẽ lộ số đó; xem trong bản làm việc",
        "Problems of single hidden figures are not listed, for they would give the figures away; see the working copy",
    )
    return sources(review, backing, lang, *([unsaid] if review.threshold else []))


# --- the picture ------------------------------------------------------------------------------------------------------


def _figure(found: _Problems) -> dict[str, Any]:
    review, total = found.review, len(found.lines)
    years, ticks = list(review.years), year_ticks(review, found.lang)
    if any(column == len(years) for _, column in found.cells):  # a statement covers a period
        years, ticks = [*years, years[-1] + 1], [*ticks, found.say("cả<br>kỳ", "whole<br>period")]
    source = found.say("Nguồn: kết quả kiểm tra số liệu", "Source: the data checks")
    layout = theme.layout(
        found.lang,
        simulated=review.simulated,
        provenance=f"{source} · {closed(review, found.lang)}",
        click="area",
        height=40 * total + 132,
        bottom=76,
    )
    legend = found.say("số trong ô: bao nhiêu điểm cần xem lại", "numbers: how many to look into")
    title = {"text": legend, "standoff": 4, "font": {"size": 11, "color": theme.PALE_INK}}
    layout["xaxis"] = theme.years_axis(years, ticks, title=title)
    layout["yaxis"] = theme.axis(range=[total - 0.55, -0.8], showgrid=False, tickvals=[], automargin=False)
    strip = {"type": "rect", "x0": years[0] - 0.47, "x1": years[-1] + 0.47, "layer": "below", "line": {"width": 0}}
    layout["shapes"] += [strip | {"y0": n - 0.2, "y1": n + 0.32, "fillcolor": "#f4f6f7"} for n in range(total)]
    return {"data": [_blocks(found, years), *_texts(found, years)], "layout": layout}


def _blocks(found: _Problems, years: list[int]) -> dict[str, Any]:
    """Return a block for each cell in the colour of its severity."""
    ids, most = found.review.areas.ids, [areas.most_common(1)[0][0] for areas in found.cells.values()]
    return {
        "type": "bar",
        "base": [line - 0.2 for line, _ in found.cells],
        "x": [years[column] for _, column in found.cells],
        "y": [0.52] * len(found.cells),
        "width": 0.94,
        "customdata": [ids[row] for row in most],
        "marker": {"color": [COLORS[found.lines[line][1]] for line, _ in found.cells], "line": {"width": 0}},
        "hovertext": _hover(found),
        "hoverinfo": "text",
    }


def _hover(found: _Problems) -> list[str]:
    names, years, out = tree(found.review).names, found.review.years, []
    for (line, column), areas in found.cells.items():
        row, most = areas.most_common(1)[0]
        when = found.say("cả kỳ", "the whole period")
        if column < len(years):
            when = found.say(f"năm {years[column]}", str(years[column]))
        total = areas.total()
        spread = found.say(f"{total} điểm ở {names[row]}", f"{total} in {names[row]}")
        if len(areas) > 1:
            spread = found.say(
                f"{total} điểm ở {len(areas)} đơn vị, nhiều nhất: {names[row]} ({most})",
                f"{total} in {len(areas)} areas, most in {names[row]} ({most})",
            )
        out.append(f"<b>{found.rule(line)}</b> ({lower(found.severity(line))}), {when}<br>{spread}")
    return out


def _texts(found: _Problems, years: list[int]) -> list[dict[str, Any]]:
    """Return the counts in the blocks, and the heading above each line."""
    x = [years[column] for _, column in found.cells]
    y = [line + 0.06 for line, _ in found.cells]
    counts = [f"<b>{found.amount(*cell)}</b>" for cell in found.cells]
    heads = []
    for n, total in enumerate(found.totals):
        if total:
            heads.append(f"<b>{found.severity(n)}</b> · {found.rule(n)}: {total}")
        else:
            nothing = found.say("không thấy điểm nào", "nothing found")
            heads.append(f"✓ {found.rule(n)}: {nothing}")
    left = [years[0] - 0.49] * len(heads)
    return [
        theme.labels(x, y, counts, "middle center", color=theme.INK),
        theme.labels(left, [n - 0.4 for n in range(len(heads))], heads, "middle right", color=theme.INK),
    ]


# --- the sentence -----------------------------------------------------------------------------------------------------


def _reading(found: _Problems, who: str, rules: int) -> str:
    """Count by severity, name the rule and the year with most; then say what must not be concluded."""
    total = sum(found.totals)
    if not total:
        return found.say(
            f"{rules} quy tắc kiểm tra không thấy điểm nào cần xem lại ở {who}; điều đó chưa có nghĩa là mọi số liệu "
            "đều đúng.",
            f"{rules} rules found nothing to look into at {who}; that does not prove that all figures are right.",
        )
    by = Counter[str]()
    for (_, severity), several in zip(found.lines, found.totals, strict=True):
        by[severity] += several
    kinds = [(by[s], lower(words.label(s, found.lang))) for s in SEVERITIES if by[s]]
    listed = ", ".join(found.say(f"{n} {kind}", f"{kind} {n}") for n, kind in kinds)
    offices = len({row for areas in found.cells.values() for row in areas})
    count = words.number(total, lang=found.lang)
    parts = [
        found.say(
            f"{rules} quy tắc thấy {count} điểm cần xem lại ở {offices} đơn vị: {listed}",
            f"{rules} rules found {count} points in {offices} {'area' if offices == 1 else 'areas'}: {listed}",
        )
    ]
    end = found.say(
        "mỗi điểm là một câu hỏi về số liệu, chưa phải kết luận về công việc của đơn vị",
        "each is a question on a figure, not a verdict on the work",
    )
    return "; ".join([*parts, *_most(found), end]) + "."


def _most(found: _Problems) -> list[str]:
    """Name the rule and the year with most problems, where one stands out."""
    rules, years = Counter[str](), Counter[str]()
    for (line, column), areas in found.cells.items():
        rules[f"“{found.rule(line)}”"] += areas.total()
        if column < len(found.review.years):
            year = str(found.review.years[column])
            years[found.say(f"năm {year}", year)] += areas.total()
    parts = []
    for counted, kind in ((rules, ("quy tắc", "rule", "rules")), (years, ("năm", "year", "years"))):
        (top, count), *rest = counted.most_common() or [("", 0)]
        ties = sum(other == count for _, other in rest)
        if rest and ties < len(rest):  # something stands out
            parts.append(f"{with_others(top, ties, found.lang, kind)} ({count})")
    return [found.say("nhiều nhất: ", "most: ") + ", ".join(parts)] if parts else []

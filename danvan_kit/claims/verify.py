"""`verify_claims`: each figure of a text, what it counts, and whether it holds."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from danvan_kit import words
from danvan_kit.claims import judge, kept, meaning
from danvan_kit.claims.allowed import allowed
from danvan_kit.claims.binding import Binding, Context
from danvan_kit.claims.bound import ClaimError, bound
from danvan_kit.claims.judge import Verdict
from danvan_kit.claims.line import Line
from danvan_kit.claims.reading import Figure, Sentence, english, sentences
from danvan_kit.claims.sources import Part, parts
from danvan_kit.claims.spans import Span
from danvan_kit.claims.text import Block, blocks
from danvan_kit.review import Review

COLUMNS = (
    "claim", "place", "said", "qualifier", "indicator", "level", "area", "year_from", "year_to", "kind", "expected",
    "found", "off", "verdict", "reason", "origin",
)  # fmt: skip


_DIGIT = re.compile(r"(?<![\w.,/-])\d")
COUNTED = (
    "giám sát", "phản biện", "đối thoại", "văn bản", "hội nghị", "hòa giải", "hoà giải", "mô hình", "đơn thư",
    "tập huấn", "kiểm tra", "tiếp công dân", "kiến nghị", "ý kiến", "dân vận", "supervision", "critique", "dialogue",
    "documents", "petition", "opinion", "mediation", "training",
)  # fmt: skip
"""Words without one of which no figure of the programme is stated."""


@dataclass(frozen=True)
class Read:
    """A figure that was read: where, what it says, what it counts, and what tells its sentence from others."""

    claim: str
    start: int
    figure: Figure
    binding: Binding
    context: str


def verify_claims(
    text: str | Path, review: Review, *, bindings: pd.DataFrame | None = None, lang: str = "vi"
) -> pd.DataFrame:
    """Hold each figure of a text against the review; what cannot be bound with certainty is not decided.

    Parameters
    ----------
    text
        Vietnamese or English prose or markdown, or the path of a ``.md``, ``.txt``, ``.ipynb`` or ``.docx`` file;
        bindings that were confirmed for it (``<file>.claims.csv``) are taken up.
    review
        The review.
    bindings
        Confirmed or corrected bindings: rows of an earlier answer. They go before those that are kept.
    lang
        Language of the reasons.

    Returns
    -------
    DataFrame
        A row a figure: ``claim`` (as written), ``place``, ``said`` (NaN: read in more ways than one), ``qualifier``,
        ``indicator, level, area, year_from, year_to`` (`level` empty: the whole branch), ``kind``, ``expected`` (what
        is allowed), ``found``, ``off`` (found less said), ``verdict`` (``holds, does_not_hold, undecided``),
        ``reason``, ``origin``. A binding whose words are gone has a row at the end.

    Raises
    ------
    ClaimError, AreaError
        If the file cannot be read, or a binding names what the review does not have.
    """
    rows = [row for row, _ in _answers(text, review, bindings, lang)]
    found = pd.DataFrame(rows, columns=list(COLUMNS))
    return found.astype({"said": float, "found": float, "off": float, "year_from": "Int64", "year_to": "Int64"})


def prose(text: str) -> bool:
    """Tell, without a review, whether a text may state a figure: a number and the name of something that is counted."""
    return bool(_DIGIT.search(text)) and any(name in text.lower() for name in COUNTED)


def with_context(text: str | Path, review: Review, answer: pd.DataFrame) -> pd.DataFrame:
    """Return an answer (perhaps corrected) with the column ``context`` that `kept.write` needs."""
    known = {(row[0], row[1]): context for row, context in _answers(text, review, None, "vi") if context}
    keys = zip(answer["claim"], answer["place"], strict=True)
    found = answer.assign(context=[known.get(key, "") for key in keys])
    return found[found["context"] != ""]


def confirm(text: Path, review: Review, answer: pd.DataFrame, *, by: str, on: dt.date | None = None) -> pd.DataFrame:
    """Keep the bindings of an answer, as they are or corrected, beside their text (`kept.write`)."""
    return kept.write(kept.beside(text), with_context(text, review, answer), by=by, on=on)


def _answers(
    text: str | Path, review: Review, bindings: pd.DataFrame | None, lang: str
) -> Iterator[tuple[tuple[Any, ...], str]]:
    """Return a row for each figure, and what tells its sentence."""
    stored = kept.read(kept.beside(text)) if isinstance(text, Path) else pd.DataFrame()
    by_context: dict[Any, dict[str, Any]] = {str(row["context"]): row for row in _records(stored)}
    by_place: dict[Any, dict[str, Any]] = {}
    for row in [] if bindings is None else _records(bindings):
        if str(row.get("indicator") or ""):
            by_place[str(row["claim"]), _numbers_in(str(row["place"]))] = row
    seen: set[object] = set()
    for part in parts(text):
        for read in reads(part.text, review):
            place = _place(read, part, lang)
            key = (read.claim, _numbers_in(place))
            given = by_place.get(key) or by_context.get(read.context)
            seen |= {key, read.context}
            binding = kept.applied(read.binding, given, review) if given else read.binding
            verdict = judge.judge(read.figure, binding, review)
            yield _row(read, binding, verdict, place, review, lang), read.context
    for key, row in [*by_place.items(), *by_context.items()]:
        if key not in seen:
            yield _gone(row, lang), ""


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]


def _numbers_in(place: str) -> tuple[str, ...]:
    """Return what is the same of a place in both languages."""
    return tuple(re.findall(r"\d+", place))


def reads(text: str, review: Review) -> Iterator[Read]:
    """Return the figures of a text and what each counts."""
    headings: dict[int, Context] = {}
    lead, before = Context(), Context()
    head: list[list[Span]] = []
    lang = "en" if english(text) else "vi"
    for block in blocks(text):
        above = _above(headings)
        if block.kind == "row":
            yield from _row_of_table(block, _joined(above, lead), head, review, lang)
            continue
        context = _joined(above, lead) if block.kind == "item" else above
        context = replace(context, faint_scopes=before.scopes, faint_periods=before.periods)
        here = Context()
        for sentence in sentences(block.text, review, lang):
            line = Line(sentence, _joined(context, here))
            yield from _figures(block, line, review)
            here = _after(here, line)
        if block.kind == "heading":
            headings = {depth: said for depth, said in headings.items() if depth < block.depth}
            headings[block.depth] = here
            lead, before = Context(), Context()
        elif block.kind == "text":
            lead = before = here
        elif block.text.rstrip().endswith(":"):
            lead = _joined(lead, here)


def _above(headings: dict[int, Context]) -> Context:
    out = Context()
    for depth in sorted(headings):
        out = _joined(out, headings[depth])
    return out


def _joined(above: Context, near: Context) -> Context:
    """Return what was said above, where the nearer does not say it itself."""
    return Context(
        near.scopes or above.scopes,
        near.periods or above.periods,
        (*above.names, *near.names),
        above.faint_scopes,
        above.faint_periods,
        f"{above.text} {near.text}",
    )


def _after(context: Context, line: Line) -> Context:
    """Return what is known after a sentence."""
    scopes, periods, names = meaning.carried(line)
    return Context(
        scopes or context.scopes, periods or context.periods, names or context.names, text=f"{context.text} {line.text}"
    )


def _figures(block: Block, line: Line, review: Review) -> Iterator[Read]:
    for n, i in enumerate(line.figures):
        span, noun = line.pieces[i], line.nouns[i]
        if _restated(line, i):
            continue
        if noun.how == "foreign" and block.text[line.pieces[noun.end].start].isupper() and not block.text.isupper():
            continue  # "220 Trần Hưng Đạo": an address
        figure = span.value
        if figure.qualifier == "exact" and (i in line.ranges or i in line.ranges.values()):
            figure = replace(figure, qualifier="at_least" if i in line.ranges else "at_most")
        binding = _linked(block, span, meaning.bind(line, i, review), review)
        end = max(line.pieces[noun.end - 1].end, span.end)
        claim = " ".join(block.text[span.start : end].split())
        yield Read(claim, block.starts[span.start], figure, binding, kept.context(line.text, n))


def _linked(block: Block, span: Span, binding: Binding, review: Review) -> Binding:
    """Return what a figure is bound to by a link; what the link does not allow is for `bound` to tell."""
    for first, last, address in block.links:
        if first <= span.start and span.end <= last and "indicator=" in address:
            try:
                [claim] = bound(f"[{block.text[first:last]}]({address})")
            except (ClaimError, ValueError):
                return binding
            years = claim.year if isinstance(claim.year, tuple) else (claim.year, claim.year)
            row: dict[str, Any] = {"claim": claim.said, "indicator": claim.indicator, "area": claim.area}
            row |= {"year_from": years[0] or "", "year_to": years[1] or "", "kind": "count"}
            if claim.scope == "own":
                row["level"] = str(review.areas.get(claim.area or review.areas.root)["level"])
            return kept.applied(binding, row, review)
    return binding


def _restated(line: Line, i: int) -> bool:
    """Tell whether a figure in brackets repeats the one before it in words."""
    pieces = line.pieces
    return (
        2 <= i < len(pieces) - 1
        and pieces[i - 1].value == "("
        and pieces[i + 1].value == ")"
        and pieces[i - 2].kind == "figure"
        and pieces[i - 2].value.said == pieces[i].value.said
    )


def _row_of_table(block: Block, above: Context, head: list[list[Span]], review: Review, lang: str) -> Iterator[Read]:
    """Return the figures of a row: its label and the column's head say what they count."""
    cells = []
    for first, last in block.cells:
        found = sentences(block.text[first:last], review, lang)
        cells.append([_moved(piece, first) for sentence in found for piece in sentence.pieces])
    if block.depth == 0:
        head[:] = cells
        return
    label: list[Span] = []
    for n, cell in enumerate(cells):
        column = head[n] if n < len(head) else []
        numbers = [p for p in cell if p.kind == "figure"]
        title = block.text[:0] if not column else str(column[0].value)
        if title in {"tt", "stt", "no"} or (n == 0 and not column):
            continue
        if len(numbers) != 1 or not _bare(cell) or (n == 0 and not label):
            label += [p for p in cell if p.kind != "figure"]
            continue
        point = Span("point", 0, 0, ",")
        pieces = (*_framed(head, column), point, *label, Span("point", 0, 0, ":"), *cell)
        line = Line(Sentence(pieces, "", "vi"), above)
        span, text = numbers[0], block.text
        claim, said = text[span.start : span.end], f"{text} {n}"
        binding = meaning.bind(line, len(pieces) - len(cell) + cell.index(span), review)
        if _total(label, text):
            binding = replace(binding, trouble="table_total")
        yield Read(claim, block.starts[span.start], span.value, binding, kept.context(said, n))


def _framed(head: list[list[Span]], column: list[Span]) -> list[Span]:
    """Return a column's head with what the first column's says of place and years, where it does not itself."""
    said = {piece.kind for piece in column}
    first = [p for p in (head[0] if head else []) if p.kind in {"period", "level", "area", "foreign"} - said]
    first = [p for p in first if p.value != "chỉ tiêu"]  # over names of rows: indicators, not targets
    return [*(first if column and head[0] is not column else []), *column]


def _bare(cell: list[Span]) -> bool:
    """Tell whether a cell holds a figure alone, or with its qualifier before it and its name behind: "gần 40.000"."""
    kinds = [p.kind for p in cell]
    kinds = kinds[1:] if kinds[0] == "qualifier" else kinds
    return kinds in (["figure"], ["figure", "indicator"])


def _total(label: list[Span], text: str) -> bool:
    """Tell whether a row is the sum of its table, which may hold some areas only."""
    words_in = text.lower()
    summed = any(word in words_in for word in ("tổng", "cộng", "total"))
    return summed and not any(piece.kind in {"area", "level"} for piece in label)


def _moved(piece: Span, by: int) -> Span:
    return replace(piece, start=piece.start + by, end=piece.end + by)


# --- rows ------------------------------------------------------------------------------------------------------------


def _row(  # noqa: PLR0913, PLR0917 - a row is put together of all of it
    read: Read, binding: Binding, found: Verdict, place: str, review: Review, lang: str
) -> tuple[Any, ...]:
    scope = binding.scope
    level = " ".join(sorted(found.where.levels if found.where else scope.levels if scope else ()))
    area = " ".join(found.where.areas) if found.where else ""
    return (
        read.claim, place, read.figure.said, read.figure.qualifier, " ".join(found.indicators), level, area,
        found.first, found.last, binding.kind, _expected(read.figure, lang), found.found,
        round(found.found - read.figure.said, 6), found.verdict, _reason(found.key, found.word, lang),
        _origin(found, review, lang),
    )  # fmt: skip


def _reason(key: str, word: str, lang: str) -> str:
    said = judge.reasons()[key][lang == "en"].format(word=word)
    return said[:1].upper() + said[1:]


def _gone(row: dict[str, Any], lang: str) -> tuple[Any, ...]:
    """Return the row of a confirmed binding whose words stand in the text no more."""
    years = [int(str(year)) if str(year).isdigit() else None for year in (row.get("year_from"), row.get("year_to"))]
    head = (str(row["claim"]), "", math.nan, "", str(row["indicator"]), str(row.get("level") or ""))
    tail = (str(row.get("kind") or ""), "", math.nan, math.nan, judge.UNDECIDED, _reason("gone", "", lang), "")
    return (*head, str(row.get("area") or ""), *years, *tail)


def _place(read: Read, part: Part, lang: str) -> str:
    line = part.text.count("\n", 0, read.start) + 1
    at = read.start - (part.text.rfind("\n", 0, read.start) + 1) + 1
    said = f"line {line}, character {at}" if lang == "en" else f"dòng {line}, ký tự {at}"
    return part.where[lang == "en"] + said


def _expected(figure: Figure, lang: str) -> str:
    if figure.ways or math.isnan(figure.said):
        return ""
    low, high, low_in, high_in = allowed(figure)
    if figure.qualifier == "exact" and figure.step <= 1 and not figure.unit:
        return words.number(figure.said, lang=lang)
    if math.isinf(low):
        return ("≤ " if high_in else "< ") + words.number(high, lang=lang)
    if math.isinf(high):
        return ("≥ " if low_in else "> ") + words.number(low, lang=lang)
    return f"{words.number(low, lang=lang)}–{words.number(high, lang=lang)}"


def _origin(found: Verdict, review: Review, lang: str) -> str:
    if math.isnan(found.found) or not found.indicators:
        return ""
    about = review.indicators.loc[found.indicators[0]]
    kind = "records" if about["record_activity"] else "reports"
    text = {
        "records": ("đếm từ sổ hoạt động", "counted from the records"),
        "reports": ("cộng từ báo cáo", "summed from the reports"),
    }
    said = text[kind][lang == "en"]
    if not found.published:
        return said
    return f"statement {found.published}; {said}" if lang == "en" else f"số đã công bố ({found.published}); {said}"

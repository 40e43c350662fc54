"""A block to its sentences: what each piece is, and the figures among them."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from danvan_kit import words
from danvan_kit.claims import places
from danvan_kit.claims.lexicon import labelled, phrases
from danvan_kit.claims.spans import Span, spans
from danvan_kit.review import Review

SCALES = {
    "trăm": 100, "nghìn": 1000, "ngàn": 1000, "vạn": 10_000, "triệu": 1_000_000, "tỷ": 1_000_000_000,
    "thousand": 1000, "million": 1_000_000, "billion": 1_000_000_000,
}  # fmt: skip
_TAIL = re.compile(
    r"(?P<scale> ?(?:nghìn|ngàn|vạn|triệu|tỷ|trăm|thousand|million|billion)\b(?! ?phần))?(?P<rest> \d{3}(?![\d.,]))?"
    r"(?P<half> rưỡi\b)?"
    r"(?:(?P<points> ?(?:điểm (?:phần trăm|%)|percentage points?))|(?P<percent> ?(?:%|phần trăm\b|per ?cent\b))"
    r"|(?P<times> (?:lần|times)\b))?"
)
_HALF = re.compile(r"\b(?:một )?nửa(?= (?:tổng )?số\b)|\bhalf (?=of the\b)")
_MULTIPLE = {"đôi": 2.0, "rưỡi": 1.5, "ba": 3.0, "bốn": 4.0, "năm": 5.0, "twice": 2.0}
_TIMES = re.compile(r"\bgấp (?P<by>đôi|rưỡi|ba|bốn|năm)(?: lần)?\b|\b(?P<en>twice)\b")
_VAGUE = re.compile(
    r"\b(?:hàng|nhiều) (?P<by>chục|trăm|nghìn|ngàn|vạn|triệu)\b|\b(?P<en>hundreds|thousands|dozens) of\b"
)
_VAGUE_BY = {"chục": 10.0, "dozens": 12.0, "hundreds": 100.0, "thousands": 1000.0}
_NONE = re.compile(
    r"\b(?:không|chưa) (?:hề )?(?:có|tổ chức|mở|tiến hành|ban hành|thực hiện)(?: được)?(?= [^.,;:\d]{3,90}? nào\b)"
    r"|(?<=\bheld )no\b|(?<=\bissued )no\b|(?<=\bhad )no\b|(?<=\breceived )no\b"
)
_ENGLISH = re.compile(r"\b(?:the|of|and|in|held|from|to|were|was|had|with|which|than|received|share|number)\b")
_VIETNAMESE = re.compile(r"[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]")
_ABBREVIATED = re.compile(r"(?:^|[\s(])(?:q|p|h|x|tx|tp|tt|tr|ths|ts|gs|pgs|v\.v|no|st|dr|mr|art)$")


@dataclass(frozen=True)
class Figure:
    """A figure as it is written.

    Attributes
    ----------
    said
        What it says; NaN when it may be read in more than one way.
    step
        What its last written digit stands for: 100 in "27,7 nghìn", 0.1 in "95,3 %".
    unit
        ``%``, ``points``, ``times`` or empty.
    of
        In "24/30": 30.
    qualifier
        A key of ``qualifiers.csv``.
    ways
        The readings, when there are several.
    small
        A single number word, or a number that may be a year: a figure only where a name of something follows at once.
    """

    said: float
    step: float = 1.0
    unit: str = ""
    of: float | None = None
    qualifier: str = "exact"
    ways: tuple[str, ...] = ()
    small: bool = False


@dataclass(frozen=True)
class Sentence:
    """A sentence: its pieces in order, in letters of its block; the language it is written in."""

    pieces: tuple[Span, ...]
    text: str
    lang: str


def sentences(text: str, review: Review, lang: str = "vi") -> list[Sentence]:
    """Return the sentences of a block.

    Parameters
    ----------
    text
        What a block says.
    review
        Whose indicators and areas are meant.
    lang
        How numbers are read where nothing in the block tells its language.
    """
    small = _lower(text)
    folded = not re.search(r"[^\x00-\x7f“”‘’…]", small) and not _english(small)
    known = phrases(review, folded=folded)
    lang = "en" if _english(small) else "vi" if _VIETNAMESE.search(small) else lang
    taken: list[Span] = []
    room = bytearray(len(small))
    sources: list[Callable[[], Iterable[Span]]] = [
        lambda: places.named(small, text, review.areas),
        lambda: _numbers(small, lang, accents=not folded),
        lambda: places.levels(small),
    ]
    for source in sources:
        for span in source():
            if not any(room[span.start : span.end]):
                room[span.start : span.end] = b"\1" * (span.end - span.start)
                taken.append(span)
    taken.sort(key=lambda span: span.start)
    pieces: list[Span] = []
    last = 0
    for span in [*taken, Span("end", len(small), len(small))]:
        pieces += labelled(small, last, span.start, known)
        if span.kind != "end":
            pieces.append(span)
        last = span.end
    return [_sentence(part, small, lang) for part in _split(pieces, small, text)]


def _sentence(pieces: list[Span], text: str, lang: str) -> Sentence:
    return Sentence(tuple(_qualified(pieces)), text[pieces[0].start : pieces[-1].end], lang)


def _lower(text: str) -> str:
    """Return small letters, one for each."""
    return "".join(low if len(low := c.lower()) == 1 else c for c in text)


def english(text: str) -> bool:
    """Tell whether a whole text is English."""
    return _english(_lower(text))


def _english(text: str) -> bool:
    """Tell whether a text is English: its small words are, more often than words with Vietnamese letters."""
    return len(_ENGLISH.findall(text)) > len(re.findall(r"\b(?:và|của|các|đã|năm|được|trong|tổ chức|toàn)\b", text))


def _split(pieces: list[Span], text: str, cased: str) -> Iterator[list[Span]]:
    """Part pieces at the ends of sentences."""
    now: list[Span] = []
    for piece in pieces:
        now.append(piece)
        if piece.kind == "point" and piece.value in ".!?…" and _ends(piece, text, cased):
            yield now
            now = []
    if now:
        yield now


def _ends(piece: Span, text: str, cased: str) -> bool:
    rest = cased[piece.end :].lstrip(" ”\"')»*")
    if not rest:
        return True
    if cased[piece.end] not in " ”\"')»*" or (piece.value == "." and _ABBREVIATED.search(text[: piece.start])):
        return False
    return rest[0].isupper() or rest[0].isdigit() or rest[0] in '“"‘([-'


# --- numbers ----------------------------------------------------------------------------------------------------------


def _numbers(text: str, lang: str, *, accents: bool) -> Iterator[Span]:
    """Return years, what claims nothing, and figures with what belongs to them."""
    for zero in _NONE.finditer(text):
        yield Span("figure", zero.start(), zero.end(), Figure(0.0, small=True))
    for form, make in ((_VAGUE, _vague), (_TIMES, _times), (_HALF, _half)):
        for found in form.finditer(text):
            yield Span("figure", found.start(), found.end(), make(found))
    last = 0
    for span in spans(text, accents=accents):
        if span.start < last:
            continue
        if span.kind in {"number", "spoken"}:
            figure, end = _figure(span, text, lang)
            last = end
            yield Span("figure", span.start, end, figure)
        elif span.kind == "bare_year":
            said = float(text[span.start : span.end])
            yield Span("bare_year", span.start, span.end, (Figure(said, small=True), span.value))
        else:
            yield span


def _vague(found: re.Match[str]) -> Figure:
    word = found["by"] or found["en"]
    return Figure(_VAGUE_BY.get(word) or float(SCALES[word]), qualifier="vague")


def _times(found: re.Match[str]) -> Figure:
    return Figure(_MULTIPLE[found["by"] or found["en"]], 0.1, "times", qualifier="about")


def _half(_found: re.Match[str]) -> Figure:
    return Figure(50.0, 1.0, "%", qualifier="about")


def _figure(span: Span, text: str, lang: str) -> tuple[Figure, int]:
    """Return a number with its scale, half, per cent or "times", and where it ends."""
    tail = _TAIL.match(text, span.end)
    assert tail is not None  # noqa: S101 - all its parts are optional
    unit = "points" if tail["points"] else "%" if tail["percent"] else "times" if tail["times"] else ""
    if span.kind == "spoken":
        simple = " " not in text[span.start : span.end]
        return Figure(float(span.value), unit=unit, small=simple and not unit), tail.end(
            "percent" if unit == "%" else 0
        )
    found = span.value
    if found["up"]:
        return Figure(float(found["up"]), of=float(found["down"])), span.end
    said, step, ways = _read(found[0], lang)
    if tail["scale"]:
        scale = SCALES[tail["scale"].strip()]
        said, step = said * scale, step * scale
        if tail["rest"] and scale == 1000:
            said, step = said + int(tail["rest"]), 1.0
        elif tail["rest"]:
            ways = (*ways, found[0] + tail[0])
        if tail["half"]:
            said, step = said + scale / 2, scale / 2
    elif tail["rest"] or tail["half"]:
        return Figure(said, step, "", ways=ways), span.end
    return Figure(math.nan if ways else round(said, 6), step, unit, ways=ways), tail.end()


def _read(written: str, lang: str) -> tuple[float, float, tuple[str, ...]]:
    """Return value, step and, when there are several, the readings of a number in figures."""
    if re.search(r"[.,] ", written):
        return math.nan, 1.0, (written.replace(" ", ""), written)
    vietnamese = written if lang == "vi" else written.translate(str.maketrans(",.", ".,"))
    try:
        value = words.parse_number(vietnamese)
    except words.NumberError:
        bare = re.sub(r"[.,]", "", written)
        return math.nan, 1.0, (bare, re.sub(r"[.,](?=[^.,]*$)", ",", written))
    decimals = len(vietnamese.partition(",")[2])
    return float(value), 10.0**-decimals, ()


# --- qualifiers and what is no figure ---------------------------------------------------------------------------------


def _qualified(pieces: list[Span]) -> Iterator[Span]:
    """Give figures the qualifier beside them; a small number without a name behind it is no figure."""
    kept = list(pieces)
    for i, piece in enumerate(kept):
        if piece.kind == "bare_year":
            figure, period = piece.value
            named = _counts(kept, i)
            yield replace(piece, kind="figure", value=figure) if named else replace(piece, kind="period", value=period)
        elif piece.kind != "figure":
            yield piece
        elif piece.value.small and not _counts(kept, i):
            yield replace(piece, kind="known", value="")
        else:
            name = _qualifier(kept, i, piece.value)
            yield replace(piece, value=replace(piece.value, qualifier=name))


def _counts(pieces: list[Span], i: int) -> bool:
    """Tell whether a name of something to count follows at once."""
    after = pieces[i + 1] if i + 1 < len(pieces) else None
    if after is None or after.kind != "indicator" or after.value.role not in {"name", "unit"}:
        return False
    before = pieces[i - 1] if i else None
    return after.value.role == "name" or (before is not None and before.kind in {"known", "qualifier", "level"})


def _qualifier(pieces: list[Span], i: int, figure: Figure) -> str:
    """Return the qualifier of a figure: a word before it, or one behind it or behind what it counts."""
    j = i - 1
    while j >= 0 and pieces[j].kind == "known" and pieces[j].value in {"có", "được", "số", "tổng số", "là", "của"}:
        j -= 1
    if j >= 0 and pieces[j].kind == "qualifier" and pieces[j].value[1] == "before" and j == i - 1:
        name = str(pieces[j].value[0])
        return name if figure.qualifier in {"exact", "about"} else figure.qualifier
    for k in range(i + 1, min(i + 4, len(pieces))):
        if pieces[k].kind == "qualifier" and pieces[k].value[1] == "behind":
            return str(pieces[k].value[0])
        if pieces[k].kind not in {"indicator", "known"}:
            break
    return figure.qualifier

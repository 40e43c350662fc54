"""Documents: what an inspection found, as minutes or a report in Word and as an appendix in Excel."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from danvan_kit.documents import minutes, report
from danvan_kit.documents.appendix import workbook
from danvan_kit.documents.content import Content, gather, made
from danvan_kit.documents.layout import LAYOUTS, Head, Kind, Lang
from danvan_kit.documents.letter import letter
from danvan_kit.documents.pictures import draw
from danvan_kit.documents.same import DocumentError, steady, write
from danvan_kit.documents.sections import Writer
from danvan_kit.findings.finding import Finding
from danvan_kit.review import Review
from danvan_kit.views._common import say

__all__ = ["Content", "DocumentError", "Head", "Written", "gather", "word", "write_documents"]
FILL = {"minutes": minutes.fill, "report": report.fill}


@dataclass(frozen=True)
class Written:
    """What was written.

    Attributes
    ----------
    files
        The files.
    content
        What they say.
    drawn
        How many findings have a picture; the others have a table.
    """

    files: tuple[Path, ...]
    content: Content
    drawn: int


def write_documents(  # noqa: PLR0913 - one choice a feature of the document
    review: Review,
    findings: Sequence[Finding],
    to: Path | str,
    *,
    kind: Kind = "minutes",
    layout: Literal["party", "state"] = "party",
    head: Head | None = None,
    appendix: Path | str | None = None,
    lang: Lang = "vi",
    threshold: int | None = None,
    pictures: bool = True,
) -> Written:
    """Write minutes or a report, and the appendix where one is asked for; same input, same bytes.

    Findings that hold no longer on `review` are told apart and never used. Small counts of persons are hidden.

    Parameters
    ----------
    review
        The review.
    findings
        The latest versions (`findings.read`).
    to
        The ``.docx`` file.
    kind
        ``minutes`` (biên bản) or ``report`` (báo cáo).
    layout
        ``party`` (36-HD/VPTW) or ``state`` (30/2020/NĐ-CP).
    head
        Bodies, number, place and date; what is not given is left open.
    appendix
        An ``.xlsx`` file, or None.
    lang
        ``vi`` or ``en``.
    threshold
        Counts of persons below it are hidden; None: as the review asks; 0: none, on purpose, and the document says so.
    pictures
        Whether charts are drawn where a browser is found; otherwise tables stand in their place.

    Returns
    -------
    Written
        The files, and what they say.

    Raises
    ------
    DocumentError, DisclosureError
        If a file has another ending or cannot be written; nothing half-written stays.
    """
    to, extra = Path(to), Path(appendix) if appendix else None
    for path, ending in ((to, ".docx"), (extra, ".xlsx")):
        if path and path.suffix.lower() != ending:
            raise DocumentError(
                f"{path}: không ghi được tệp dạng {path.suffix or 'không đuôi'!r}; được dùng: {ending}",
                f"{path}: cannot write a file of kind {path.suffix!r}; allowed: {ending}",
            )
    content = gather(review, findings, threshold=threshold, lang=lang)
    drawn = _drawn(content) if pictures else {}
    head = head or Head()
    write(word(content, head, kind=kind, layout=layout, pictures=drawn), to)
    if extra:
        write(steady(workbook(content, head.date)), extra)
    return Written((to, extra) if extra else (to,), content, len(drawn))


def _drawn(content: Content) -> dict[int, bytes]:
    found = draw([item.view.figure for item in content.items])
    return {item.number: png for item, png in zip(content.items, found, strict=True) if png}


def word(
    content: Content,
    head: Head,
    *,
    kind: Kind = "minutes",
    layout: Literal["party", "state"] = "party",
    pictures: dict[int, bytes] | None = None,
) -> bytes:
    """Return minutes or a report as a ``.docx`` file.

    Parameters
    ----------
    content
        What there is to say (`gather`).
    head
        Bodies, number, place and date.
    kind, layout
        As in `write_documents`.
    pictures
        A PNG by a finding's number; findings without one have a table.
    """
    look = LAYOUTS[layout]
    subject = _subject(content, head, kind)
    document = letter(
        look, kind, head, subject, content.lang, made(content, head.date), simulated=content.review.simulated
    )
    FILL[kind](Writer(document, look, content, pictures or {}), head)
    out = io.BytesIO()
    document.save(out)
    return steady(out.getvalue())


def _subject(content: Content, head: Head, kind: Kind) -> str:
    """Return what a document is about: the office that was inspected, or the whole review, and the years."""
    review, lang = content.review, content.lang
    where = head.unit or review.areas.name(review.areas.root)
    first, last = review.years[0], review.years[-1]
    if kind == "report":
        about = say(lang, "kết quả kiểm tra công tác dân vận", "results of the inspection of mass-mobilization work")
    else:
        about = say(lang, "kiểm tra công tác dân vận", "inspection of mass-mobilization work")
    return say(lang, f"{about} tại {where}\ngiai đoạn {first}–{last}", f"{about} in {where}\n{first}–{last}")

"""One finding: a statement, the view and the figures that it rests on, and what they rest on."""

from __future__ import annotations

import datetime as dt
import re
import secrets
import time
import unicodedata
import uuid
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from danvan_kit.errors import DanvanError

Shown: TypeAlias = tuple[tuple[str, float | str | None], ...]
KINDS = {
    "strength": ("Ưu điểm", "Strength"),
    "weakness": ("Hạn chế", "Weakness"),
    "cause": ("Nguyên nhân", "Cause"),
    "question": ("Điểm cần làm rõ", "Point to clarify"),
}
STATUSES = {
    "draft": ("Dự thảo", "Draft"),
    "agreed": ("Thống nhất", "Agreed"),
    "done": ("Đã thực hiện", "Done"),
    "withdrawn": ("Đã rút", "Withdrawn"),
}
LABELS = {
    "statement": ("nội dung phát hiện", "the finding"),
    "recommendation": ("kiến nghị", "the recommendation"),
    "author": ("người ghi", "who records it"),
}
MOST = {"statement": 4000, "recommendation": 4000, "author": 200}
"""Characters that each may have."""
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


@dataclass(frozen=True)
class Finding:
    """A statement of a delegation, with the view, the choices and the values that it rests on.

    Attributes
    ----------
    finding
        Its id, unique without coordination; ids sort by the time at which they were made.
    version
        1, 2, …: an edit appends a new version, and the last one counts.
    statement
        What is stated, such as "Quận X chưa tổ chức đối thoại định kỳ năm 2015–2016".
    kind
        ``strength, weakness, cause, question``.
    recommendation
        What should be done; may be empty.
    area
        Whom it concerns; empty: the whole review.
    due
        Until when; None: no date.
    status
        ``draft, agreed, done, withdrawn``.
    author, time
        Who wrote this version, and when (ISO with zone).
    view, choices, lang
        The view's name in `danvan_kit.views`, its choices as JSON holds them, its language.
    title, reading
        As the view showed them.
    shown
        The values that the view showed: label and value, numbers to 9 significant digits; all cells of a small table,
        the rows of `area` of a large one.
    table_digest
        Over the view's whole table (9 significant digits).
    data_digest
        Over the review's data.
    evidence, evidence_total
        Sources and records behind the values (``file#sheet!cell``, ``records#r00001``), the first 200, and how many
        there are.
    simulated
        Whether the figures are simulated.
    """

    finding: str
    version: int
    statement: str
    kind: str
    recommendation: str
    area: str
    due: dt.date | None
    status: str
    author: str
    time: str
    view: str
    choices: dict[str, Any]
    lang: str
    title: str
    reading: str
    shown: Shown
    table_digest: str
    data_digest: str
    evidence: tuple[str, ...]
    evidence_total: int
    simulated: bool


class FindingError(DanvanError):
    """A finding that cannot be recorded, kept or read as it is."""


def new_id() -> str:
    """Return an id that nobody else makes and that sorts by time: UUID version 7 (RFC 9562, section 5.7)."""
    number = (time.time_ns() // 1_000_000 & (1 << 48) - 1) << 80 | secrets.randbits(80)
    number = number & ~(0xF << 76) | 7 << 76  # the version
    return str(uuid.UUID(int=number & ~(0b11 << 62) | 0b10 << 62))  # the variant


def now() -> str:
    """Return this moment with its zone, to the millisecond, so that later versions sort behind earlier ones."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")


def checked(finding: Finding) -> Finding:
    """Return a finding whose words are cleaned, or refuse it.

    Raises
    ------
    FindingError
        If it states nothing, has no author, a kind or a status that there is not, too many words, or characters that
        no file can hold.
    """
    statement, author = _words("statement", finding.statement), _words("author", finding.author)
    for name, text in (("statement", statement), ("author", author)):
        if not text:
            vi, en = LABELS[name]
            raise FindingError(f"thiếu {vi}; cần ít nhất một chữ", f"{en} is missing; at least one word is needed")
    for name, allowed in (("kind", KINDS), ("status", STATUSES), ("lang", ("vi", "en"))):
        if getattr(finding, name) not in allowed:
            raise FindingError(
                f"{name} = {getattr(finding, name)!r} không có; được dùng: {', '.join(allowed)}",
                f"there is no {name} {getattr(finding, name)!r}; allowed: {', '.join(allowed)}",
            )
    more = _words("recommendation", finding.recommendation)
    return replace(finding, statement=statement, author=author, recommendation=more)


def _words(name: str, text: str) -> str:
    """Return lines without odd characters and blank edges."""
    kept = "\n".join(" ".join(_CONTROL.sub(" ", line).split()) for line in text.splitlines()).strip()
    kept = unicodedata.normalize("NFC", kept.encode("utf-8", "replace").decode("utf-8"))
    if name == "author":
        kept = " ".join(kept.split())
    if len(kept) > MOST[name]:
        vi, en = LABELS[name]
        raise FindingError(
            f"{vi} dài {len(kept)} ký tự; tối đa {MOST[name]}", f"{en} has {len(kept)} characters; at most {MOST[name]}"
        )
    return kept

"""Which findings no longer hold, in lines for the command ``danvan check``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from danvan_kit import words
from danvan_kit.findings import database
from danvan_kit.findings.finding import Finding, FindingError
from danvan_kit.findings.hold import FALLEN, check
from danvan_kit.findings.store import Damaged
from danvan_kit.review import Review
from danvan_kit.views._common import say

MOST = 3
"""Values of one finding that are told one by one."""


def places(folder: Path, given: str = "") -> list[str]:
    """Return where the findings of a review folder are: the place given, else ``findings`` in it or beside it.

    Raises
    ------
    FindingError
        If the folder given is not there.
    """
    if given:
        if not database.is_url(given) and not Path(given).is_dir():
            raise FindingError(
                f"không có thư mục phát hiện {given!r}; được dùng: một thư mục hoặc địa chỉ postgresql+pg8000://…",
                f"there is no folder of findings {given!r}; allowed: a folder, or an address postgresql+pg8000://…",
            )
        return [given]
    near = (folder / "findings", folder.resolve().parent / "findings")
    return [str(place) for place in near if any(place.glob("*.jsonl"))]


def report(
    latest: tuple[Finding, ...], damaged: tuple[Damaged, ...], review: Review, lang: str
) -> tuple[int, list[str]]:
    """Return how many findings no longer hold or cannot be read, and lines that say which, with old and new values."""
    found = check(latest, review)
    lines, fallen = [], 0
    for _, rows in found.groupby("finding", sort=False):
        first = rows.iloc[0]
        if first["state"] in FALLEN:
            fallen += 1
            lines.append(_line(first["state"], first, rows.to_dict("records"), lang))
    for line in damaged:
        vi, en = line.why
        lines.append(say(lang, f"[hỏng] {line.place}: {vi}", f"[damaged] {line.place}: {en}"))
    total = found["finding"].nunique()
    moved = found.loc[found["state"] == "same_value_other_data", "finding"].nunique()
    count = [words.number(n, lang=lang) for n in (total, total - fallen, moved, fallen, len(damaged))]
    lines.append(
        say(
            lang,
            "{} phát hiện: {} còn đúng ({} trên dữ liệu đã đổi ở chỗ khác), {} không còn đúng, {} dòng hỏng",
            "{} findings: {} hold ({} of them on data that changed elsewhere), {} no longer hold, {} damaged lines",
        ).format(*count)
    )
    return fallen + len(damaged), lines


def _line(state: str, first: Any, rows: list[dict[Any, Any]], lang: str) -> str:  # noqa: ANN401 - a row of a frame
    head = f"“{_short(first['statement'])}” ({first['author']})"
    if state == "gone":
        return say(lang, f"[không còn] {head}: ", f"[gone] {head}: ") + str(first["what"])
    told = [f"{row['what']}: {_value(row['old'], lang)} → {_value(row['new'], lang)}" for row in rows[:MOST]]
    more = len(rows) - len(told)
    rest = [say(lang, f"và {more} số khác", f"and {more} more")] if more else []
    return say(lang, f"[đã đổi] {head}: ", f"[changed] {head}: ") + "; ".join([*told, *rest])


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 100 else f"{line[:99]}…"


def _value(value: object, lang: str) -> str:
    return words.number(value, lang=lang) if isinstance(value, float) else str(value) if value else words.DASH

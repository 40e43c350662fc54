"""What moved, in sentences that its reader understands: where, from what, to what, by how much."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any

from danvan_kit import words
from danvan_kit.regression.compare import Move, Name, Picture, Rows, value_of
from danvan_kit.regression.differ import Difference

LINES = 8
"""Moves of one cell that are told one by one."""
LONGEST = 80
WORDS = {
    # what stands in a place's name; an empty word is not said
    "html": ("", ""), "data": ("", ""), "points": ("", ""), "whole": ("", ""), "view": ("", ""), "widget": ("", ""),
    "table": ("bảng", "table"), "figure": ("biểu đồ", "chart"), "layout": ("bố cục", "layout"),
    "stdout": ("chữ in ra", "printed text"), "stderr": ("lời cảnh báo", "warnings"), "error": ("lỗi", "error"),
    "text": ("chữ", "text"), "image": ("hình", "image"), "look": ("cách trình bày", "look"),
    "states": ("các trạng thái", "states"),
    "styles": ("kiểu chữ", "styles"), "scripts": ("mã kèm theo", "scripts"), "rows": ("các hàng", "rows"),
    "columns": ("các cột", "columns"), "order": ("thứ tự", "order"), "summary": ("lời tóm tắt", "summary"),
    "title": ("tên", "title"), "reading": ("lời đọc", "reading"), "sources": ("nguồn", "sources"),
    "controls": ("ô chọn", "controls"), "attributes": ("liên kết", "links"), "pictures": ("hình", "pictures"),
    "linked": ("đi theo nhau, các ô", "linked, cells"),
    "traces": ("các lớp", "traces"), "markdown": ("", ""), "drawing": ("hình vẽ", "drawing"),
    "area": ("đơn vị", "areas"), "indicator": ("chỉ tiêu", "indicators"), "year": ("năm", "years"),
    "level": ("cấp", "levels"), "per": ("cách tính", "ways of counting"), "basis": ("cơ sở so sánh", "bases"),
    # the kit's views
    "trend": ("Diễn biến", "Trend"), "compare": ("So sánh", "Comparison"), "tilemap": ("Bản đồ", "Tile map"),
    "heatmap": ("Bảng nhiệt", "Heatmap"), "drilldown": ("Cơ cấu", "Drill-down"),
    "headline": ("Số liệu chính", "Headline"),
    "completeness": ("Mức độ đầy đủ", "Completeness"), "reconciliation": ("Đối chiếu", "Reconciliation"),
    "breadth": ("Diện và điểm", "Breadth and focus"), "carriers": ("Ai làm nhiều nhất", "Who carries the load"),
    "dialogues": ("Đối thoại", "Dialogues"), "frequency": ("Mỗi đơn vị mấy lần", "How often"),
    "substance": ("Ý kiến và giải quyết", "Opinions resolved"), "resolution": ("Nơi giải quyết", "Where resolved"),
    "leadership": ("Ban thường vụ", "Standing board"), "corners": ("Bốn góc", "Four corners"),
    "peers": ("Đơn vị cùng loại", "Peers"), "problems": ("Chỗ cần hỏi lại", "Problems"),
}  # fmt: skip
_SAID = {
    "was": ("{old} → {new}{change}", "{old} → {new}{change}"),
    "gone": ("mất {old}", "{old} is gone"),
    "new": ("thêm {new}", "{new} is new"),
    "order": ("đổi thứ tự ({old} → {new})", "another order ({old} → {new})"),
    "look": ("trình bày khác ({old} → {new})", "looks different ({old} → {new})"),
    "picture": ("hình đã đổi", "the picture has changed"),
}
_EXPLORER = ("khung nhìn {0}", "explorer {0}")
_CELL = ("ô lệnh [{0}]", "code cell [{0}]")
_TEXT = ("đoạn văn", "text")
_STATES = (("{n} trạng thái khác", "{n} other states"), ("1 trạng thái khác", "1 other state"))
_MORE = (("{n} chỗ khác", "{n} other places"), ("1 chỗ khác", "1 other place"))
_OTHERS = (" và {n} chỗ nữa", " and {n} more")
_PAIR = ("vi", "en")


@dataclasses.dataclass(frozen=True)
class Line:
    """One sentence on a notebook, in Vietnamese and in English.

    Attributes
    ----------
    kind
        ``"differs"``, ``"failed"`` (could not run), ``"empty"`` (nothing to check), ``"note"`` (not
        compared) or ``"code"`` (the code changed, which no reader sees).
    book
        The notebook's name.
    place
        Which cell or explorer; empty for the notebook as a whole.
    said
        What was found there.
    size
        By how much it moved, to sort by.
    more
        How much more moved in the same place.
    others
        How many other places of the notebook show the same.
    """

    kind: str
    book: str
    place: tuple[str, str]
    said: tuple[str, str]
    size: float = 0.0
    more: tuple[str, str] = ("", "")
    others: int = 0

    def text(self, lang: str) -> str:
        """Return the sentence."""
        return f"`{self.book}`, {self.there(lang)}" if self.place[0] else f"`{self.book}`: {self.there(lang)}"

    def there(self, lang: str) -> str:
        """Return the sentence without the notebook's name."""
        n = _PAIR.index(lang)
        if not self.place[n]:
            return self.said[n]
        others = _OTHERS[n].format(n=self.others) if self.others else ""
        return f"{self.place[n]}{others}: {self.said[n]}{self.more[n]}"


def lines(book: str, difference: Difference) -> list[Line]:
    """Return sentences on what moved below one cell, the largest first.

    Parameters
    ----------
    book
        The notebook's name.
    difference
        What moved.
    """
    moved = {move.where[:1] for move in difference.moves if move.kind != "look"}  # looks follow from what moved
    moves = [move for move in difference.moves if move.kind != "look" or move.where[:1] not in moved]
    place = _place(difference, 0), _place(difference, 1)
    out = [Line("differs", book, place, (sentence(move, 0), sentence(move, 1)), move.size) for move in moves[:LINES]]
    if out:
        more = _more(difference.states - 1, len(moves) - LINES, 0), _more(difference.states - 1, len(moves) - LINES, 1)
        out[0] = dataclasses.replace(out[0], more=more)
    return out + [Line("note", book, place, note) for note in difference.notes]


def _place(difference: Difference, n: int) -> str:
    if difference.name[n]:
        return _EXPLORER[n].format(named(difference.name[n], n))
    return _CELL[n].format(difference.count) if difference.count else _TEXT[n]


def _more(states: int, places: int, n: int) -> str:
    """Return how much more moved than is told."""
    told = [
        form[count == 1][n].format(n=words.number(count, lang=_PAIR[n]))
        for form, count in ((_STATES, states), (_MORE, places))
        if count > 0
    ]
    return "".join(f"; {part}" for part in told)


def merged(found: Iterable[Line]) -> list[Line]:
    """Return each sentence once, though several explorers of a notebook show the same figure."""
    out: dict[tuple[str, str, tuple[str, str]], Line] = {}
    for line in found:
        key = line.kind, line.book, line.said
        out[key] = dataclasses.replace(out[key], others=out[key].others + 1) if key in out else line
    return list(out.values())


def named(key: str, lang: int) -> str:
    """Return a place's name in Vietnamese (0) or English (1)."""
    if isinstance(key, Name):
        return key
    key = key.removeprefix("figure/layout/").rpartition("/")[2] if key.startswith("figure/") else key
    head, _, number = key.partition(" ")
    known = WORDS.get(key) or (WORDS.get(head) if number.strip("()").isdigit() else None)
    if known is None:
        return key
    return f"{known[lang]} {number}".strip() if known[lang] else ""


def sentence(move: Move, lang: int) -> str:
    """Return a move in Vietnamese (0) or English (1)."""
    labels = [named(label, lang) for label in move.where]
    where = ", ".join(label for label in labels if label)
    form = move.kind if move.kind in _SAID else "was"
    change = ""
    if move.kind == "figure" and move.change:
        digits = 1 if abs(move.change) >= 0.0005 else 3
        change = f" ({signed(100 * move.change, digits, _PAIR[lang])} %)" if abs(move.change) < 1e6 else ""
    said = _SAID[form][lang].format(old=written(move.old, lang), new=written(move.new, lang), change=change)
    return f"{where}: {said}" if where else said


def signed(value: float, digits: int, lang: str) -> str:
    """Return a change with its sign."""
    text = words.number(value, lang=lang, digits=digits)
    return f"+{text}" if value > 0 else text


def written(value: Any, lang: int) -> str:  # noqa: ANN401 - whatever a tree holds
    """Return a value as a reader knows it, cut where it is long."""
    if value is None:
        return ("không có", "nothing")[lang]
    if isinstance(value, Picture):
        return ("hình", "picture")[lang]
    if isinstance(value, Mapping | Rows | list):
        parts = [named(str(key), lang) for key in value if key[:1] != "_"] if isinstance(value, Mapping) else []
        return _cut(", ".join(part for part in parts if part)) or ("cả phần này", "all of it")[lang]
    if isinstance(value, int | float) and not isinstance(value, bool) and value_of(value) is not None:
        return number(float(value), lang)
    text = _cut(" ".join(str(value).split()))
    return text if value_of(value) is not None and text else f"“{text}”"


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def number(value: float, lang: int) -> str:
    """Return a number with as many decimals as it has, at most nine."""
    short = f"{value:.9g}"
    if "e" in short:
        return short
    return words.number(value, lang=_PAIR[lang], digits=len(short.partition(".")[2]))


def ordered(found: Iterable[Line]) -> list[Line]:
    """Return sentences once each, the largest move first; what could not run and what is empty before all."""
    rank = {"failed": 0, "empty": 1, "differs": 2, "note": 3, "code": 4}
    return sorted(merged(found), key=lambda line: (rank[line.kind], -line.size))

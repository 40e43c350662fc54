"""Small words that tell figures apart: what joins, what compares, what was received, what was resolved."""

from __future__ import annotations


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split("|"))


BREAKS = frozenset(",;:()-")
"""Marks that part a sentence."""
AND = _set("và|còn|thì|song|trong khi|trong khi đó|trong đó|trong đó có|and|while|whereas|of which|nhưng")
"""Words after which another figure has its own subject."""
DOES = _set(
    "tổ chức|tổ chức được|đã tổ chức|mở|mở được|có|đã có|tiến hành|ban hành|thực hiện|chủ trì|được|held|issued"
    "|organised|organized|conducted|carried out|had"
)
"""Words between who did something and how many of it."""
PART = _set("trong đó|trong đó có|of which|of these|among them")
"""Words before a part of the figure before."""
JOINS = _set("của|ở|tại|thuộc|trên địa bàn|trên|và|các|trong|toàn|of|in|the|and|on")
"""Words between places that belong together."""
AFTER = _set(
    "và|là|của|tại|ở|trong|so với|lên|xuống|được|đã|đã được|đến|tới|còn|do|trên địa bàn|trong đó|trong khi|trong khi đó"
    "|từ|cho|vào|thì|với|đồng thời|tăng|giảm|trên|riêng|nhưng|and|in|of|to|from|by|at|for|during|while|whereas|was|were"
    "|compared with|than"
)
"""Words that may stand behind a figure whose noun stands before it."""
OF = _set("số|tổng số|các|của|tổng|of|the|trong|toàn bộ|all|là|có")
"""Words between a share and what it is a share of."""
RESOLVED = _set("đã giải quyết|giải quyết|giải quyết được|được giải quyết|đã được giải quyết|resolved")
RECEIVED = _set("tiếp nhận|đã tiếp nhận|nhận được|nhận|received|raised|nêu|nêu ra")
RECOGNISED = _set("được công nhận trong năm|được công nhận|công nhận")
UP = _set("tăng|tăng thêm|rose|increased|grew|up|rise")
DOWN = _set("giảm|giảm bớt|fell|decreased|dropped|down|fall")
MOVES = UP | DOWN
FROM = _set("từ|from")
UNTIL = _set("lên|xuống|còn|xuống còn|tăng lên|giảm xuống|giảm còn|đến|to")
"""Words between what was before and what came of it."""
THROUGH = _set("qua|từ|với|tại|through|after")
"""Words before a figure whose subject follows: "qua 71 cuộc giám sát, quận Ba Đình có …"."""
COMPARED = _set("so với|compared with|compared to|than|hơn|so|over")
NARROW = _set("về|chỉ|riêng|không|trừ|liên quan|đối với|thuộc|lĩnh vực|only|on|about")
"""Words that narrow what is counted, when a bracket begins with them."""

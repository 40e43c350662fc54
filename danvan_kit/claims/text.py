"""A text to its blocks: headings, paragraphs, list items, table rows; each letter knows where it stood.

Typing and conversion leave much behind that says nothing: decomposed letters, no-break spaces, five kinds of dash, line
breaks within a sentence, marks of emphasis. What is read afterwards has none of it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache

from danvan_kit import words

_SPACES = dict.fromkeys("\u00a0\u202f\u2007\u2009\u2002\u2003\u200b\t\f\v", " ")
_DASHES = dict.fromkeys("‐‑‒–—−", "-")
_GONE = dict.fromkeys("\u00ad\u200c\u200d\u2060\ufeff\r", "")
_REPAIRS = _SPACES | _DASHES | _GONE | {"Ð": "Đ", "ð": "đ", "／": "/", "％": "%"}
_MARKER = re.compile(r"(?:[-*+•▪●]|(?P<number>\d{1,2})[.)]|[a-zđ]\)|\d{1,2}(?:\.\d{1,2}){1,3}\.?)[ ]+(?=\S)")
_NUMBERED = re.compile(r"(?:[IVXL]+|\d{1,2}(?:\.\d{1,2})*|[a-zđA-Z])[.)] +")
_HEADING = re.compile(r"#{1,6}[ ]+")
_LINK = re.compile(r"(?P<image>!?)\[(?P<shown>[^\]\n]*)\]\((?P<address>[^)\s]*)(?:[ ]+\"[^\"\n]*\")?\)")
_RULE = re.compile(r"\|?[ ]*:?-{2,}:?[ ]*(\|[ ]*:?-*:?[ ]*)*")
_ENDED = re.compile(r"[.;:!?…”\"|][*_ ]*$")


@dataclass(frozen=True)
class Plain:
    """A text as it is read, and where each of its letters stood in the source."""

    text: str
    starts: list[int]


@dataclass(frozen=True)
class Block:
    """A heading, paragraph, list item or table row.

    Attributes
    ----------
    kind
        ``heading``, ``text``, ``item`` or ``row``.
    text, starts
        What it says, and where each letter stood.
    depth
        Of a heading: 1 to 6. Of a row: 0 for the head of its table.
    links
        ``(first, last, address)`` of each link, in letters of `text`.
    cells
        Of a row: first and last letter of each cell.
    """

    kind: str
    text: str
    starts: list[int]
    depth: int = 0
    links: tuple[tuple[int, int, str], ...] = ()
    cells: tuple[tuple[int, int], ...] = ()


@dataclass
class _Open:
    """The block that is being put together."""

    kind: str = ""
    depth: int = 0
    text: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    links: list[tuple[int, int, str]] = field(default_factory=list)

    def add(self, line: str, starts: list[int]) -> None:
        """Join a line to what is there, without the marks of emphasis."""
        if self.text and starts:
            self.text.append(" ")
            self.starts.append(starts[0])
        for start, stop, address in _pieces(line):
            first = len(self.text)
            for i in range(start, stop):
                if line[i] == " " and self.text and self.text[-1] == " ":
                    continue
                if line[i] not in "*`" and not (line[i] == "~" and line[i : i + 2] == "~~"):
                    self.text.append(line[i])
                    self.starts.append(starts[i])
            if address:
                self.links.append((first, len(self.text), address))

    def close(self) -> list[Block]:
        """Return the block, if there is one, and begin anew."""
        said = "".join(self.text)
        found = [Block(self.kind, said, self.starts, self.depth, tuple(self.links))] if said.strip() else []
        self.kind, self.depth, self.text, self.starts, self.links = "", 0, [], [], []
        return found


def plain(text: str) -> Plain:
    """Return a text in composed letters, with plain spaces and hyphens and tones where older spelling puts them."""
    letters: list[str] = []
    starts: list[int] = []
    i, length = 0, len(text)
    while i < length:
        stop = i + 1
        while stop < length and unicodedata.combining(text[stop]):
            stop += 1
        cluster = text[i:stop] if stop == i + 1 else unicodedata.normalize("NFC", text[i:stop])
        cluster = _REPAIRS.get(cluster, cluster)
        letters.extend(cluster)
        starts.extend([i] * len(cluster))
        i = stop
    joined = "".join(letters)
    return Plain(re.sub(r"[^\W\d_]+", lambda word: _toned(word[0]), joined), starts)


@lru_cache(maxsize=8192)
def _toned(word: str) -> str:
    found = words.tone(word)
    return found if len(found) == len(word) else word


def _pieces(line: str) -> list[tuple[int, int, str]]:
    """Return the parts of a line that a reader sees, with a link's address; addresses themselves are not read."""
    found, last = [], 0
    for link in _LINK.finditer(line):
        found.append((last, link.start(), ""))
        if not link["image"]:
            found.append((link.start("shown"), link.end("shown"), link["address"] or "#"))
        last = link.end()
    return [*found, (last, len(line), "")]


def blocks(text: str) -> list[Block]:
    """Return the blocks of a text, prose or markdown, in their order.

    Parameters
    ----------
    text
        Any text. Fenced code is left out; a line break within a paragraph is a space.
    """
    seen = plain(text)
    found: list[Block] = []
    now, start, fenced, before = _Open(), 0, False, ""
    for line in seen.text.split("\n"):
        stop = start + len(line)
        starts, start = seen.starts[start:stop], stop + 1
        body = line.strip()
        if body.startswith(("```", "~~~")):
            fenced = not fenced
        if fenced or body.startswith(("```", "~~~")):
            found += now.close()
        elif not body or _RULE.fullmatch(body):
            found += now.close() if not body else []
        else:
            found += _line(now, line, starts, before)
        before = body
    found += now.close()
    return _headed(found)


def _line(now: _Open, line: str, starts: list[int], before: str) -> list[Block]:
    """Take one line up: it goes on with the open block or begins a new one."""
    skip = len(line) - len(line.lstrip())
    body, starts = line[skip:].rstrip(), starts[skip:]
    if body.startswith("|"):
        done = now.close()
        first = not before.startswith("|")
        return [*done, _row(body, starts, first=first)]
    if mark := _HEADING.match(body):
        done = now.close()
        now.kind, now.depth = "heading", len(mark[0].strip())
        body, starts = body[mark.end() :], starts[mark.end() :]
        if number := _NUMBERED.match(body):
            body, starts = body[number.end() :], starts[number.end() :]
        now.add(body, starts)
        return done + now.close()
    while body.startswith(">"):
        cut = len(body) - len(body[1:].lstrip())
        body, starts = body[cut:], starts[cut:]
    mark = _MARKER.match(body)
    if mark and _begins(now, body[mark.end() :], before):
        done = now.close()
        now.kind = "item"
        now.add(body[mark.end() :], starts[mark.end() :])
        return done
    now.kind = now.kind or "text"
    now.add(body, starts)
    return []


def _begins(now: _Open, rest: str, before: str) -> bool:
    """Tell whether a mark at a line's start begins an item: a line may as well have been broken before it."""
    if not now.text or _ENDED.search(before):
        return True
    return now.kind == "item" and not rest.startswith("xã hội")  # "chính trị - xã hội"


def _row(body: str, starts: list[int], *, first: bool) -> Block:
    cells = []
    at = 0
    for cell in body.strip("|").split("|") if body.strip("|") else []:
        place = body.index("|", at) + 1 if at or body.startswith("|") else 0
        clear = cell.strip()
        begin = place + (len(cell) - len(cell.lstrip()))
        cells.append((begin, begin + len(clear)))
        at = place + len(cell)
    text = re.sub(r"[*`]", " ", body)
    return Block("row", text, starts[: len(text)], 0 if first else 1, (), tuple(cells))


def _headed(found: list[Block]) -> list[Block]:
    """Take short paragraphs in capitals or bold, without a full stop or a figure, for headings."""
    out = []
    for i, block in enumerate(found):
        short = block.kind == "text" and len(block.text) < 90 and not _ENDED.search(block.text)
        more = i + 1 < len(found)
        if short and more and block.text.isupper() and not re.search(r"\d{1,3}[.,]\d{3}|\d+ *[A-ZĐ]", block.text):
            block = Block("heading", block.text, block.starts, 6, block.links)  # noqa: PLW2901
        out.append(block)
    return out

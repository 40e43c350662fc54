"""HTML and SVG as a reader sees them: tables by row and column, texts, links and pictures, and how they look."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from bs4 import BeautifulSoup, Tag
from bs4.element import Comment, NavigableString

from danvan_kit.regression.compare import Hidden, Picture, Rows

# What names an element for the browser; a reader never sees it.
NAMES = {"id", "for", "headers", "name", "aria-labelledby", "aria-describedby", "aria-controls", "aria-owns", "xml:id"}
LINKS = {"href", "src"}
SEEN = {"title", "alt", "href", "src", "value", "checked", "selected", "placeholder", "open", "datetime"}
INLINE = {
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins", "kbd", "label",
    "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tspan", "tt", "u", "var",
    "wbr",
}  # fmt: skip
"""Tags within a line; every other one begins a line and ends it."""
_DATA = re.compile(r"data:(image/[\w.+-]+);base64,(.*)", re.DOTALL)


def html(text: str) -> dict[str, Any]:
    """Return a piece of HTML as a tree.

    Parameters
    ----------
    text
        Any HTML; it is parsed, never run.

    Returns
    -------
    dict
        ``table 1``, ... as `Rows`, ``text``, ``links``, ``pictures``, and hidden ``look`` and ``scripts``.
    """
    soup = BeautifulSoup(text, "html.parser")
    names = _Names(soup)
    scripts, styles = (_taken(soup, name, names) for name in ("script", "style"))
    _clear(soup)
    look, seen, images = [], [], []
    for tag in soup.find_all(True):
        drawn = [tag.name]
        for name, said in _attributes(tag):
            picture = _DATA.match(said) if name in {"src", "href", "xlink:href"} else None
            if picture:
                images.append(image(picture[2], picture[1]))
            elif name in SEEN:
                seen.append(f"{tag.name} {name}: {names.within(said) if name in LINKS else said or _text(tag)}")
                drawn.append(name)  # which of several is chosen, or has a title
            elif name not in NAMES:
                drawn.append(f"{name}={names.within(said)}")
        look.append(" ".join(drawn))
    tree: dict[str, Any] = {}
    tables = soup.find_all("table")
    for n, table in enumerate(tables, 1):
        if table.find("table") is None:
            tree[f"table {n}" if len(tables) > 1 else "table"] = _table(table)
    parts = {"text": _text(soup), "attributes": seen, "pictures": images}
    tree |= {name: part for name, part in parts.items() if part}
    hidden = {"look": look, "styles": styles, "scripts": scripts}
    return tree | {name: Hidden(part) for name, part in hidden.items() if part}


def svg(text: str) -> dict[str, Any]:
    """Return a drawing as its texts and the numbers and words of all its elements."""
    soup = BeautifulSoup(text, "html.parser")
    names = _Names(soup)
    styles = _taken(soup, "style", names)
    _taken(soup, "script", names)
    _clear(soup)
    drawn = [
        " ".join([tag.name, *(f"{name}={names.within(said)}" for name, said in _attributes(tag) if name not in NAMES)])
        for tag in soup.find_all(True)
    ]
    return {"text": _text(soup), "drawing": [*styles, *drawn]}


def image(content: str, mime: str) -> Picture | str:
    """Return a base64 image as a `Picture`; what is none stays text."""
    try:
        return Picture(base64.b64decode("".join(content.split()), validate=True), mime)
    except ValueError:
        return content


def _taken(soup: BeautifulSoup, name: str, names: _Names) -> list[str]:
    """Take all tags of a name out of a text, and return what stood in them."""
    tags = soup.find_all(name)
    said = [names.within(tag.get_text()) for tag in tags]
    for tag in tags:
        tag.decompose()
    return said


def _clear(soup: BeautifulSoup) -> None:
    """Take out what nobody sees: the date of a drawing, comments."""
    for tag in soup.find_all("metadata"):
        tag.decompose()
    for comment in soup.find_all(string=lambda found: isinstance(found, Comment)):
        comment.extract()


def _attributes(tag: Tag) -> Iterator[tuple[str, str]]:
    for name, value in sorted(tag.attrs.items()):
        yield name, " ".join(value) if isinstance(value, list) else str(value)


class _Names:
    """Names of elements, which libraries draw at random, by the place of the element they name."""

    def __init__(self, soup: BeautifulSoup) -> None:
        known: dict[str, str] = {}
        for tag in soup.find_all(True):
            name = tag.attrs.get("id")
            if isinstance(name, str) and len(name) >= 3 and not name.isdigit():
                known.setdefault(name, f"id-{len(known) + 1}")
        self._known = known
        self._pattern = re.compile(r"(?<![\w-])\w[\w-]*") if known else None

    def within(self, text: str) -> str:
        """Return the text with the names that stand in it as ``#name``, as a string or in ``url()`` replaced."""
        if self._pattern is None:
            return text
        return self._pattern.sub(lambda m: self._known.get(m[0], m[0]) if self._names(text, m) else m[0], text)

    @staticmethod
    def _names(text: str, found: re.Match[str]) -> bool:
        before = text[max(0, found.start() - 1) : found.start()]
        return before in {"#", '"', "'", "`"}


class _Cell(NamedTuple):
    """A cell; one that spans several places stands in each of them under one number."""

    text: str
    header: bool
    number: int


def _table(table: Tag) -> Rows:
    """Take the cells out of a table, spans filled in, and return them.

    A row's label is its own header cells, else its first cell. What stands outside of cells stays in the text.
    """
    grid = list(_grid(table))
    heads = 0
    while heads < len(grid) and all(cell.header for cell in grid[heads].values()):
        heads += 1
    heads = heads - 1 if heads == len(grid) > 1 else heads
    wide = max((max(row) + 1 for row in grid), default=0)
    body, lead = grid[heads:], 0
    while lead < wide and body and all(lead not in row or row[lead].header for row in body):
        lead += 1
    lead = max(lead, 1)
    over = [[row[c] for row in grid[:heads] if c in row] for c in range(wide)]
    columns = tuple(_joined(over[c]) or str(c + 1) for c in range(lead, wide))
    keys = tuple(_joined([row[c] for c in range(lead) if c in row]) or str(n + 1) for n, row in enumerate(body))
    cells = tuple(tuple(row[c].text if c in row else None for c in range(lead, wide)) for row in body)
    corner = _joined([cell for above in over[:lead] for cell in above])
    return Rows((corner, *keys), columns, (("",) * len(columns), *cells)) if corner else Rows(keys, columns, cells)


def _joined(cells: list[_Cell]) -> str:
    return " / ".join(cell.text for cell in dict.fromkeys(cells) if cell.text)


def _grid(table: Tag) -> Iterator[dict[int, _Cell]]:
    """Take out each row as ``{column: cell}``."""
    below: dict[int, tuple[int, _Cell]] = {}
    number = 0
    for tr in table.find_all("tr"):
        row: dict[int, _Cell] = {}
        column = 0
        for tag in tr.find_all(["td", "th"], recursive=False):
            while column in below:
                column = _from_above(below, row, column)
            number += 1
            cell = _Cell(_text(tag).replace("\n", " "), tag.name == "th", number)
            down = _span(tag, "rowspan")
            for _ in range(_span(tag, "colspan")):
                row[column] = cell
                if down > 1:
                    below[column] = down - 1, cell
                column += 1
            tag.clear()
        while column in below:
            column = _from_above(below, row, column)
        if row:
            yield row


def _from_above(below: dict[int, tuple[int, _Cell]], row: dict[int, _Cell], column: int) -> int:
    left, row[column] = below.pop(column)
    if left > 1:
        below[column] = left - 1, row[column]
    return column + 1


def _span(cell: Tag, name: str) -> int:
    said = str(cell.attrs.get(name, "1"))
    return min(int(said), 1000) if re.fullmatch("[0-9]{1,6}", said) and int(said) else 1


def _text(root: Tag) -> str:
    """Return a text in lines, as a browser breaks it where it has room."""
    parts: list[str] = []
    left: list[tuple[Tag | str, bool]] = [(root, False)]  # a stack: what comes from others may be nested deeply
    while left:
        node, as_is = left.pop()
        if not isinstance(node, Tag):
            parts.append(str(node) if as_is else re.sub(r"[ \t\r\n]+", " ", node))
            continue
        inner = as_is or node.name == "pre"
        if node.name not in INLINE:
            parts.append("\n")
            left.append(("\n", True))
        left += [(child, inner) for child in reversed(node.contents) if isinstance(child, Tag | NavigableString)]
    lines = (line.strip(" ") for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line)

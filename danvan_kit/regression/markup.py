"""HTML and SVG as a reader sees them: tables by row and column, texts, links and pictures, and how they look."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from typing import Any

from bs4 import BeautifulSoup, NavigableString, Tag
from bs4.element import Comment

from danvan_kit.regression.compare import Hidden, Picture, Rows

# What names an element for the browser; a reader never sees it.
NAMES = {"id", "for", "headers", "name", "aria-labelledby", "aria-describedby", "aria-controls", "aria-owns", "xml:id"}
SEEN = {"title", "alt", "href", "src", "value", "checked", "selected", "placeholder", "open", "datetime"}
BLOCKS = {
    "p",
    "div",
    "li",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "tr",
    "caption",
    "section",
    "br",
    "dt",
    "dd",
    "pre",
    "td",
    "text",
}
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
    scripts = [names.within(tag.get_text()) for tag in soup.find_all("script")]
    styles = [names.within(tag.get_text()) for tag in soup.find_all("style")]
    for tag in soup.find_all(["script", "style", "metadata"]):
        tag.decompose()
    for comment in soup.find_all(string=lambda found: isinstance(found, Comment)):
        comment.extract()
    tree: dict[str, Any] = {}
    look, seen, images = [], [], []
    for tag in soup.find_all(True):
        drawn = [tag.name]
        for name, value in sorted(tag.attrs.items()):
            said = " ".join(value) if isinstance(value, list) else str(value)
            picture = _DATA.match(said) if name in {"src", "href", "xlink:href"} else None
            if picture:
                images.append(image(picture[2], picture[1]))
            elif name in SEEN:
                seen.append(f"{tag.name} {name}: {names.within(said)}")
            elif name not in NAMES:
                drawn.append(f"{name}={names.within(said)}")
        look.append(" ".join(drawn))
    for n, table in enumerate(soup.find_all("table"), 1):
        if table.find("table") is None:
            tree[f"table {n}" if n > 1 or len(soup.find_all("table")) > 1 else "table"] = _table(table)
            caption = table.find("caption")
            table.replace_with(*([NavigableString(f"\n{caption.get_text(' ', strip=True)}\n")] if caption else []))
    said = _text(soup)
    parts = {"text": said, "attributes": seen, "pictures": images}
    tree |= {name: part for name, part in parts.items() if part}
    hidden = {"look": look, "styles": styles, "scripts": scripts}
    return tree | {name: Hidden(part) for name, part in hidden.items() if part}


def svg(text: str) -> dict[str, Any]:
    """Return a drawing as its texts and, hidden, the numbers and words of all its elements."""
    soup = BeautifulSoup(text, "html.parser")
    names = _Names(soup)
    for tag in soup.find_all(["metadata", "script"]):
        tag.decompose()
    for comment in soup.find_all(string=lambda found: isinstance(found, Comment)):
        comment.extract()
    drawn = [
        " ".join(
            [
                tag.name,
                *(
                    f"{name}={names.within(str(value))}"
                    for name, value in sorted(tag.attrs.items())
                    if name not in NAMES
                ),
            ]
        )
        for tag in soup.find_all(True)
    ]
    return {"text": _text(soup), "drawing": drawn}


def image(content: str, mime: str) -> Picture | str:
    """Return a base64 image as a `Picture`; what is none stays text."""
    if mime == "image/svg+xml":
        mime = "image/svg"
    try:
        return Picture(base64.b64decode(content, validate=False), mime)
    except (binascii.Error, ValueError):
        return content


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


def _table(table: Tag) -> Rows:
    """Return a table with spans filled in; its row labels are the row's own header cells, else the first cell."""
    grid = list(_grid(table))
    heads = 0
    while heads < len(grid) and all(header for _, header in grid[heads].values()):
        heads += 1
    heads = min(heads, max(0, len(grid) - 1)) if len(grid) == heads and len(grid) > 1 else heads
    wide = max((max(row, default=-1) + 1 for row in grid), default=0)
    lead = 0
    body = grid[heads:]
    while lead < wide and body and all(row.get(lead, ("", False))[1] for row in body):
        lead += 1
    lead = max(lead, 1)
    columns = tuple(
        _joined(grid[r].get(c, ("", True))[0] for r in range(heads)) or str(c + 1) for c in range(lead, wide)
    )
    keys = tuple(_joined(row.get(c, ("", True))[0] for c in range(lead)) or str(n + 1) for n, row in enumerate(body))
    corner = tuple(_joined(grid[r].get(c, ("", True))[0] for r in range(heads)) for c in range(lead))
    cells = tuple(tuple(row.get(c, (None, False))[0] for c in range(lead, wide)) for row in body)
    head = _joined(corner)
    return (
        Rows(keys, columns, cells) if not head else Rows((head, *keys), columns, (tuple("" for _ in columns), *cells))
    )


def _joined(parts: Iterator[str]) -> str:
    return " / ".join(dict.fromkeys(part for part in parts if part))


def _grid(table: Tag) -> Iterator[dict[int, tuple[str, bool]]]:
    """Return each row as ``{column: (text, is a header)}``, with cells that span several repeated."""
    below: dict[int, tuple[int, str, bool]] = {}
    for tr in table.find_all("tr"):
        row: dict[int, tuple[str, bool]] = {}
        column = 0
        for cell in tr.find_all(["td", "th"], recursive=False):
            while column in below:
                column = _from_above(below, row, column)
            text, header = " ".join(cell.get_text(" ", strip=True).split(" ")), cell.name == "th"
            for _ in range(_span(cell, "colspan")):
                row[column] = (text, header)
                if (down := _span(cell, "rowspan")) > 1:
                    below[column] = (down - 1, text, header)
                column += 1
        while column in below:
            column = _from_above(below, row, column)
        if row:
            yield row


def _from_above(below: dict[int, tuple[int, str, bool]], row: dict[int, tuple[str, bool]], column: int) -> int:
    left, text, header = below.pop(column)
    row[column] = (text, header)
    if left > 1:
        below[column] = (left - 1, text, header)
    return column + 1


def _span(cell: Tag, name: str) -> int:
    said = str(cell.attrs.get(name, "1"))
    return min(int(said), 1000) if said.isdigit() and int(said) else 1


def _text(soup: Tag) -> str:
    parts: list[str] = []
    for node in soup.descendants:
        if isinstance(node, NavigableString):
            parts.append(re.sub(r"[ \t\r\n]+", " ", str(node)))
        elif isinstance(node, Tag) and node.name in BLOCKS:
            parts.append("\n")
    lines = (line.strip(" ") for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line)


def plain(tree: Mapping[str, Any]) -> str:
    """Return the text of a tree made by `html`, to name a place by."""
    return str(tree.get("text", "")).split("\n", maxsplit=1)[0]

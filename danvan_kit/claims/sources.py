"""What is read of a file: markdown and plain text as they are, the texts of a notebook, a document's paragraphs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from danvan_kit.claims.bound import ClaimError
from danvan_kit.tables import held

KINDS = (".md", ".txt", ".ipynb", ".docx")


@dataclass(frozen=True)
class Part:
    """A text of a file.

    Attributes
    ----------
    text
        As markdown.
    where
        What stands before line and character in its place, Vietnamese and English; empty: nothing.
    """

    text: str
    where: tuple[str, str] = ("", "")


def parts(source: str | Path) -> list[Part]:
    """Return the texts of a file, or a text itself.

    Raises
    ------
    ClaimError
        If a file is missing, of another kind, or cannot be read.
    """
    if isinstance(source, str):
        return [Part(held(source))]
    if source.suffix.lower() not in KINDS:
        allowed = ", ".join(KINDS)
        raise ClaimError(f"{source}: không đọc loại tệp này; được dùng: {allowed}", f"{source}: allowed: {allowed}")
    if not source.is_file():
        raise ClaimError(f"không có tệp {source}", f"file {source} does not exist")
    try:
        return list(_read(source))
    except ClaimError:
        raise
    except Exception as err:  # a file from outside may fail in any way
        name = type(err).__name__
        raise ClaimError(f"{source}: không đọc được ({name})", f"{source} cannot be read ({name})") from err


def _read(source: Path) -> Iterator[Part]:
    kind = source.suffix.lower()
    if kind == ".docx":
        yield Part(_document(source))
    elif kind == ".ipynb":
        yield from notebook(json.loads(source.read_text(encoding="utf-8")))
    else:
        yield Part(source.read_text(encoding="utf-8-sig"))


def notebook(book: dict[str, Any]) -> Iterator[Part]:
    """Return the texts of a notebook, each cell by itself."""
    for n, cell in enumerate(book["cells"], 1):
        if cell["cell_type"] == "markdown":
            text = cell["source"]
            yield Part(held("".join(text)), (f"ô {n}, ", f"cell {n}, "))


def _document(source: Path) -> str:
    """Return a document as markdown, a line a paragraph: headings, list items and tables are marked."""
    from docx import Document  # noqa: PLC0415 - the package is slow to load and rarely needed
    from docx.table import Table  # noqa: PLC0415

    lines: list[str] = []
    for item in Document(str(source)).iter_inner_content():
        if isinstance(item, Table):
            rows = [[" ".join(cell.text.split()) for cell in row.cells] for row in item.rows]
            lines += ["", *("| " + " | ".join(c.replace("|", "/") for c in row) + " |" for row in rows), ""]
            continue
        text = " ".join(item.text.split())
        style = (item.style.name or "").lower() if item.style is not None else ""
        if style.startswith(("heading", "title")):
            depth = style[-1] if style[-1].isdigit() else "1"
            lines += ["", "#" * int(depth) + " " + text, ""]
        elif style.startswith("list"):
            lines.append("- " + text)
        else:
            lines += ["", text]
    return "\n".join(lines)

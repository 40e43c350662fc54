"""Looks up the figures in a notebook's text that are bound to the review."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from nbformat import NotebookNode

from danvan_kit import words
from danvan_kit.claims import Claim, bound
from danvan_kit.errors import DanvanError
from danvan_kit.regression.compare import Move
from danvan_kit.regression.told import Line, sentence
from danvan_kit.review import Review, load

_PLACE = ("đoạn văn", "text")
_NEAR = 4
"""Folders upward from the notebook in which its review is looked for."""


def claims(book: NotebookNode) -> Iterator[Claim]:
    """Return the bound figures of all texts of a notebook.

    Raises
    ------
    ClaimError
        If one of them cannot be read.
    """
    for cell in book.cells:
        if cell.cell_type == "markdown":
            yield from bound(cell.source)


def unproved(book: NotebookNode, name: str, folder: Path) -> list[Line]:
    """Return a sentence for each bound figure that does not hold, or that cannot be looked up.

    Parameters
    ----------
    book, name
        The notebook and what to call it.
    folder
        Where it lies; its review is the folder ``data`` here or above, or a folder above with a ``review.toml``.
    """
    try:
        found = list(claims(book))
        return list(_checked(found, name, folder)) if found else []
    except DanvanError as err:
        return [Line("failed", name, _PLACE, (err.vi, err.en))]


def _checked(found: list[Claim], name: str, folder: Path) -> Iterator[Line]:
    review = _review(folder)
    for claim in found:
        if not claim.holds(review):
            value = round(claim.found(review), claim.decimals)
            written = words.parse_number(claim.said)
            moves = [Move(claim.about(review, lang), written, value, "figure") for lang in ("vi", "en")]
            said = sentence(moves[0], 0), sentence(moves[1], 1)
            yield Line("differs", name, _PLACE, said, moves[0].size)


def _review(folder: Path) -> Review:
    for place in [folder, *folder.parents][:_NEAR]:
        for home in (place / "data", place):
            if (home / "review.toml").is_file():
                return load(home)
    raise DanvanError(
        f"không thấy review.toml gần {str(folder)!r} để kiểm các số trong lời văn",
        f"no review.toml near {str(folder)!r} to look up the figures in the text",
    )

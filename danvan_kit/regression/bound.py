"""Looks up the figures in a notebook's text: those bound by a link, and those of plain prose."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from nbformat import NotebookNode

from danvan_kit import words
from danvan_kit.claims import Claim, bound, prose, verify_claims
from danvan_kit.errors import DanvanError
from danvan_kit.regression.compare import Move
from danvan_kit.regression.told import Line, sentence
from danvan_kit.review import Review, load

_PLACE = ("đoạn văn", "text")
_NEAR = 4
"""Folders upward from the notebook in which its review is looked for."""
_LINKED = re.compile(r"\[[^\]]*\]\(#[^)\s]*\bindicator=[^)\s]*\)")


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
    """Return a sentence for each figure that does not hold, or that is bound and cannot be looked up.

    A figure in plain prose is told only when it is certain what it counts and it does not hold; what cannot be decided
    is no fault of a notebook.

    Parameters
    ----------
    book, name
        The notebook and what to call it.
    folder
        Where it lies; its review is the folder ``data`` here or above, or a folder above with a ``review.toml``.
    """
    try:
        found = list(claims(book))
        lines = list(_checked(found, name, _review(folder))) if found else []
    except DanvanError as err:
        return [Line("failed", name, _PLACE, (err.vi, err.en))]
    return lines + list(_prose(book, name, folder))


def _checked(found: list[Claim], name: str, review: Review) -> Iterator[Line]:
    for claim in found:
        if not claim.holds(review):
            value = round(claim.found(review), claim.decimals)
            written = words.parse_number(claim.said)
            yield _differs(name, [claim.about(review, lang) for lang in ("vi", "en")], written, value)


def _prose(book: NotebookNode, name: str, folder: Path) -> Iterator[Line]:
    texts = [cell.source for cell in book.cells if cell.cell_type == "markdown" and prose(cell.source)]
    home = _home(folder)
    if not texts or home is None:  # without a review beside it there is nothing to hold prose against
        return
    review = _loaded(home)
    for text in texts:
        for claim, said, found, about in false_figures(text, review):
            yield _differs(name, [(claim, *about[lang]) for lang in ("vi", "en")], said, found)


def false_figures(text: str, review: Review) -> Iterator[tuple[str, float, float, dict[str, tuple[str, ...]]]]:
    """Return each figure of plain prose that does not hold: as written, said, found, and what it counts."""
    answer = verify_claims(_LINKED.sub("—", text), review)
    for row in answer[answer["verdict"] == "does_not_hold"].to_dict("records"):
        years = tuple(f"{y}" for y in sorted({int(row["year_from"]), int(row["year_to"])}))
        place = str(review.areas.name(str(row["area"]).split(" ")[0]))
        yield (
            str(row["claim"]),
            float(row["said"]),
            float(row["found"]),
            dict.fromkeys(("vi", "en"), (place, "–".join(years))),
        )


def _differs(name: str, about: list[tuple[str, ...]], written: float, value: float) -> Line:
    moves = [Move(where, written, value, "figure") for where in about]
    return Line("differs", name, _PLACE, (sentence(moves[0], 0), sentence(moves[1], 1)), moves[0].size)


@lru_cache(maxsize=2)
def _loaded(home: Path) -> Review:
    return load(home)


def _home(folder: Path) -> Path | None:
    for place in [folder, *folder.parents][:_NEAR]:
        for home in (place / "data", place):
            if (home / "review.toml").is_file():
                return home
    return None


def _review(folder: Path) -> Review:
    home = _home(folder)
    if home is None:
        raise DanvanError(
            f"không thấy review.toml gần {str(folder)!r} để kiểm các số trong lời văn",
            f"no review.toml near {str(folder)!r} to look up the figures in the text",
        )
    return _loaded(home)

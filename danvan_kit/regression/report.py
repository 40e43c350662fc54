"""What the check found, for a terminal and as a page."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from danvan_kit.regression.book import Checked

TITLES = {
    "failed": ("Không chạy được", "Could not run"),
    "empty": ("Không có gì để kiểm", "Nothing to check"),
    "differs": ("Khác với bản đã lưu", "Differs from what was saved"),
    "note": ("Chưa so được", "Not compared"),
    "code": ("Mã lệnh đã đổi", "The code changed"),
}
_HEADING = ("Sổ tay đối chiếu với bản đã lưu", "Notebooks against what was saved")
_SAME = ("Mọi số liệu ra đúng như đã lưu.", "Every figure came out as saved.")
_COLUMNS = (("Sổ tay", "Notebook"), ("Điều tìm thấy", "What was found"))
_SIDES = (("Đã lưu", "As saved"), ("Chạy lại", "Now"))
_NONE = ("không có hình", "no picture")


def summary(books: Iterable[Checked], lang: str) -> list[tuple[str, list[str]]]:
    """Return headings with their sentences, the largest move first.

    Parameters
    ----------
    books
        What was found in each notebook.
    lang
        ``"vi"`` or ``"en"``.
    """
    lines = [line for book in books for line in book.lines]
    out = []
    for kind, titles in TITLES.items():
        found = sorted((line for line in lines if line.kind == kind), key=lambda line: -line.size)
        if found:
            out.append((titles[_place(lang)], [line.text(lang) for line in found]))
    return out


def write(books: Iterable[Checked], path: Path, lang: str) -> None:
    """Write a page that opens anywhere: the sentences, then pictures as they were and as they are, side by side.

    Parameters
    ----------
    books, lang
        As for `summary`.
    path
        The file.
    """
    from danvan_kit.pages import files  # noqa: PLC0415 - a plain test run needs no page
    from danvan_kit.pages.page import Blocks, Links, shell  # noqa: PLC0415

    books, n = list(books), _place(lang)
    blocks = Blocks(Links(), None)
    body = [f"<h1>{_HEADING[n]}</h1>", *_tables(books, lang)]
    for book in books:
        for vi, en, old, new in book.pairs:
            sides = zip((side[n] for side in _SIDES), (old, new), strict=True)
            pictures = "".join(
                f"<figure><figcaption>{label}</figcaption>{_picture(blocks, bundle) or _NONE[n]}</figure>"
                for label, bundle in sides
            )
            body.append(f'<h2>{html.escape((vi, en)[n].replace("`", ""))}</h2><div class="dvp-pair">{pictures}</div>')
    text = shell(
        title=_HEADING[n],
        body="\n".join(body),
        links=Links(),
        data={},
        simulated=False,
        alive=blocks.alive,
        source=", ".join(book.name for book in books),
    )
    files.write(path, text)


def _tables(books: list[Checked], lang: str) -> Iterable[str]:
    n = _place(lang)
    if not any(book.lines for book in books):
        yield f"<p>{_SAME[n]}</p>"
    head = "".join(f'<th scope="col">{column[n]}</th>' for column in _COLUMNS)
    for kind, titles in TITLES.items():
        found = sorted(
            ((line, book) for book in books for line in book.lines if line.kind == kind), key=lambda p: -p[0].size
        )
        rows = "".join(
            f"<tr><td>{html.escape(book.name)}</td><td>{html.escape(line.there(lang))}</td></tr>"
            for line, book in found
        )
        if rows:
            table = f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
            yield f'<h2>{titles[n]}</h2><div class="dvp-wide">{table}</div>'


def _picture(blocks: Any, bundle: Mapping[str, Any]) -> str:  # noqa: ANN401 - pages' own
    output = {"output_type": "display_data", "data": dict(bundle), "metadata": {}}
    return "".join(blocks.output(output)) if bundle else ""


def _place(lang: str) -> int:
    return ("vi", "en").index(lang)

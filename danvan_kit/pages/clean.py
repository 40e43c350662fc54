"""Nothing hostile in, nothing private out: a notebook's texts, tables and outputs as they may stand on a page."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal
from urllib.parse import unquote

import mistune
import nh3
from mistune.plugins import PluginRef, math
from mistune.util import striptags

from danvan_kit import words
from danvan_kit.pages import clean_images
from danvan_kit.pages.clean_figures import DRAWN, figure, undrawable
from danvan_kit.pages.clean_html import EMPTY, REL, WEB, printable, table_html

__all__ = ["DRAWN", "NO_ALT", "Shown", "figure", "markdown", "output", "slug", "table_html", "undrawable"]

NO_ALT = "Hình không có lời mô tả"
LOST = "hình không được mang theo"
_NONE: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True)
class Shown:
    """What a page shows of one output.

    Attributes
    ----------
    kind
        ``html`` (tables and formatted text), ``text`` (a ``<pre>``), ``image``, ``plotly``.
    content
        ``html`` and ``text``: safe HTML, ready to stand in a page. ``image``: a ``data:`` address.
        ``plotly``: a figure (``data`` and ``layout``), ready for JSON.
    alt
        Of an image or a figure, in plain words: **not** escaped. Else empty.
    """

    kind: Literal["plotly", "html", "text", "image"]
    content: str | dict[str, Any]
    alt: str


# --- markdown ---------------------------------------------------------------------------------------------------------

_MATH_BLOCK = (
    rf"{math.BLOCK_MATH_PATTERN}|"
    r"^ {0,3}\\begin\{(?P<math_env>[a-z]+\*?)\}[\s\S]*?\\end\{(?P=math_env)\}[ \t]*(?:\n|$)"
)
_MATH_INLINE = r"\$\$(?:[^$\\]|\\.)*?\$\$|\$(?![\s$])(?:[^$\\\n]|\\.)+?(?<!\s)\$(?!\d)"
"""Not mistune's own, which reads "$5 và $" as a formula."""

_TAGS = {
    "a", "blockquote", "br", "code", "del", "div", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "img", "li", "ol",
    "p", "pre", "span", "strong", "sup", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
# Once more over what mistune made: whatever a later mistune may let through, this does not.
_PAGE = nh3.Cleaner(
    tags=_TAGS,
    attributes={"a": {"href", "rel"}, "img": {"src", "alt"}, "ol": {"start"}}
    | {tag: {"id"} for tag in ("h1", "h2", "h3", "h4", "h5", "h6", "li", "sup")},
    allowed_classes={"span": {"dvp-lost", "dvp-math"}, "div": {"dvp-math", "dvp-notes"}, "td": {"n"}, "th": {"n"}},
    url_schemes={"http", "https", "mailto", "data"},
    link_rel=None,
    attribute_filter=lambda _, name, value: None if name == "href" and value.lower().startswith("data:") else value,
)


def slug(text: str) -> str:
    """Return the id of a heading with this text: ``"Số liệu 2020"`` becomes ``"so-lieu-2020"``."""
    return re.sub(r"[^a-z0-9]+", "-", words.fold(text)).strip("-")[:80] or "muc"


def markdown(
    text: str,
    *,
    pages: Mapping[str, str] = _NONE,
    attachments: Mapping[str, Mapping[str, str]] = _NONE,
    folder: Path | None = None,
    seen: set[str] | None = None,
) -> str:
    """Return a markdown cell as safe HTML; HTML written in it is shown as text, comments are left out.

    Parameters
    ----------
    text
        The cell's source.
    pages
        Notebook's file name to the address of its page; links to other files are left out.
    attachments
        The cell's attached pictures: name to MIME type to base64.
    folder
        Where the notebook lies; local pictures below it are taken into the page. None takes none.
    seen
        The ids that the page has so far; those of this cell are added. One set for all cells of a page.

    Returns
    -------
    str
        Formulas stay as they were written, in ``span`` or ``div`` of class ``dvp-math``.
    """
    renderer = _Renderer(pages, attachments, folder, set() if seen is None else seen)
    plugins: list[PluginRef] = ["table", "strikethrough", "footnotes", "task_lists", "url", _math]
    made = str(mistune.create_markdown(renderer=renderer, plugins=plugins)(printable(text)))
    return EMPTY.sub("<td></td>", _PAGE.clean(made)).strip()


def _math(md: mistune.Markdown) -> None:
    """Keep formulas as they are written, dollars and all."""

    def block(_: mistune.BlockParser, m: re.Match[str], state: mistune.BlockState) -> int:
        state.append_token({"type": "block_math", "raw": m.group(0).strip()})
        return m.end()

    def inline(_: mistune.InlineParser, m: re.Match[str], state: mistune.InlineState) -> int:
        state.append_token({"type": "inline_math", "raw": m.group(0)})
        return m.end()

    md.block.register("block_math", _MATH_BLOCK, block, before="list")
    md.inline.register("inline_math", _MATH_INLINE, inline, before="codespan")


class _Renderer(mistune.HTMLRenderer):
    """mistune's renderer, with every address, id and class decided here."""

    def __init__(
        self,
        pages: Mapping[str, str],
        attachments: Mapping[str, Mapping[str, str]],
        folder: Path | None,
        seen: set[str],
    ) -> None:
        super().__init__(escape=True)
        self._pages, self._attachments, self._folder, self._seen = pages, attachments, folder, seen
        self._notes: dict[int, tuple[str, str]] = {}
        self._referred: set[int] = set()

    def _unique(self, wanted: str) -> str:
        name, n = wanted, 1
        while name in self._seen:
            n += 1
            name = f"{wanted}-{n}"
        self._seen.add(name)
        return name

    # mistune's own leaves &nbsp; and the like as they are written
    def text(self, text: str) -> str:
        return mistune.safe_entity(text)

    def inline_html(self, html: str) -> str:
        return "" if html.startswith("<!--") else mistune.escape(html)

    def block_html(self, html: str) -> str:
        left = re.sub(r"<!--.*?(?:-->|\Z)", "", html, flags=re.DOTALL).strip()
        return f"<p>{mistune.escape(left)}</p>\n" if left else ""

    def block_code(self, code: str, info: str | None = None) -> str:  # noqa: ARG002 - nothing is coloured
        return f"<pre><code>{mistune.escape(code)}</code></pre>\n"

    def heading(self, text: str, level: int, **_: object) -> str:
        return f'<h{level} id="{self._unique(slug(html.unescape(striptags(text))))}">{text}</h{level}>\n'

    def link(self, text: str, url: str, title: str | None = None) -> str:  # noqa: ARG002 - nothing shows it on paper
        address = self._address(url)
        rel = f' rel="{REL}"' if WEB.fullmatch(address) else ""
        return f'<a href="{html.escape(address)}"{rel}>{text}</a>' if address else text

    def _address(self, url: str) -> str:
        """Return where a link may lead; empty when it may not."""
        if WEB.fullmatch(url):
            return url
        path, _, fragment = url.partition("#")
        # an address of explorers (`danvan_kit.claims`) stays as it is, so that a click leads to what shows the figure
        choices = re.fullmatch(r"[\w.]+=[\w.,–-]*(?:&[\w.]+=[\w.,–-]*)*", fragment)
        part = f"#{fragment if choices else slug(unquote(fragment))}" if fragment else ""
        target = self._pages.get(unquote(path).removeprefix("./"), "") if path else ""
        return target + part if target or not path else ""

    def image(self, text: str, url: str, title: str | None = None) -> str:  # noqa: ARG002
        alt = html.unescape(striptags(text)).strip()
        source = self._source(unquote(url))
        if source:
            return f'<img src="{source}" alt="{html.escape(alt or NO_ALT)}">'
        said = f"{alt} ({LOST})" if alt else LOST.capitalize()
        return f'<span class="dvp-lost">{html.escape(said)}</span>'

    def _source(self, path: str) -> str:
        """Return a picture's `data:` address: attached, or a file that truly lies below the notebook's folder."""
        if path.startswith("attachment:"):
            kinds = self._attachments.get(path.removeprefix("attachment:"), _NONE)
            found = [clean_images.decoded(base64) for kind, base64 in kinds.items() if kind in _IMAGES]
            return clean_images.uri(found[0]) if found and len(found[0]) <= clean_images.LIMIT else ""
        if self._folder is None or re.search(r"[:\\\0]|^/|(?:^|/)\.\.(?:/|$)", path):
            return ""
        base = self._folder.resolve()
        try:
            file = (base / path).resolve()
            if not (file.is_relative_to(base) and file.is_file() and file.stat().st_size <= clean_images.LIMIT):
                return ""
            return clean_images.uri(file.read_bytes())
        except (OSError, RuntimeError):  # too long a name, no right to read, links in a circle
            return ""

    def table_cell(self, text: str, align: str | None = None, *, head: bool = False) -> str:
        tag, number = "th" if head else "td", ' class="n"' if align == "right" else ""
        return f"<{tag}{number}>{text}</{tag}>\n"

    def task_list_item(self, text: str, *, checked: bool = False) -> str:
        box = "☑ " if checked else "☐ "
        return f"<li>{text.replace('<p>', '<p>' + box, 1) if text.startswith('<p>') else box + text}</li>\n"

    def block_math(self, text: str) -> str:
        return f'<div class="dvp-math">{mistune.escape(text)}</div>\n'

    def inline_math(self, text: str) -> str:
        return f'<span class="dvp-math">{mistune.escape(text)}</span>'

    def _note(self, index: int) -> tuple[str, str]:
        """Return the ids of a footnote and of the place that refers to it."""
        if index not in self._notes:
            self._notes[index] = (self._unique(f"fn-{index}"), self._unique(f"fnref-{index}"))
        return self._notes[index]

    def footnote_ref(self, key: str, index: int) -> str:  # noqa: ARG002
        note, ref = self._note(index)
        place = "" if index in self._referred else f' id="{ref}"'
        self._referred.add(index)
        return f'<sup{place}><a href="#{note}">{index}</a></sup>'

    def footnotes(self, text: str) -> str:
        return f'<div class="dvp-notes"><ol>\n{text}</ol></div>\n'

    def footnote_item(self, text: str, key: str, index: int) -> str:  # noqa: ARG002
        note, ref = self._note(index)
        return f'<li id="{note}">{text.rstrip()} <a href="#{ref}">↩</a></li>\n'


# --- outputs ----------------------------------------------------------------------------------------------------------

_IMAGES = ("image/png", "image/jpeg", "image/gif", "image/webp")
_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")
"""Colours, moves of the cursor and titles that a terminal would act on."""
_ADDRESS = re.compile(r"\bat 0x[0-9A-Fa-f]+")
_REPR = re.compile(r"<[A-Za-z][^<>]*(?:<[^<>]*>[^<>]*)*>")


def output(
    output: Mapping[str, Any], *, pages: Mapping[str, str] = _NONE, seen: set[str] | None = None
) -> Shown | None:
    """Choose what a page shows of one output of a code cell.

    Parameters
    ----------
    output
        A notebook's output, version 4.
    pages, seen
        As for `markdown`, for outputs that are markdown.

    Returns
    -------
    Shown or None
        The richest form that is safe: a figure, HTML, a picture, text. None when there is none: warnings, errors,
        scripts, widgets, SVG, mere addresses of objects.
    """
    kind, data = output.get("output_type"), output.get("data") or {}
    if kind == "stream":
        return _text(output.get("text", "")) if output.get("name") == "stdout" else None
    if kind not in {"display_data", "execute_result"}:
        return None
    # what a widget says of itself in plain text is code
    plain = "" if "application/vnd.jupyter.widget-view+json" in data else _spoken(data.get("text/plain", ""))
    return (
        _figure(data)
        or _html(table_html(data.get("text/html", "")))
        or _image(data, output.get("metadata"))
        or _html(markdown(data.get("text/markdown", ""), pages=pages, seen=seen))
        or _text(data.get("text/latex", ""))
        or _text(plain)
    )


def _html(made: str) -> Shown | None:
    return Shown("html", made, "") if made else None


def _figure(data: Mapping[str, Any]) -> Shown | None:
    fig = data.get("application/vnd.plotly.v1+json")
    drawn = figure(fig) if isinstance(fig, Mapping) else None
    if drawn is None:
        return None
    title = printable(drawn["layout"].get("title", {}).get("text") or "")
    plain = " ".join(html.unescape(re.sub(r"<[^<>]*>", " ", title)).split())
    said = plain or _spoken(data.get("text/plain", "")).partition("\n")[0]
    return Shown("plotly", drawn, said if said and not re.match(r"\w+\(", said) else NO_ALT)


def _image(data: Mapping[str, Any], metadata: object) -> Shown | None:
    for mime in _IMAGES:
        uri = clean_images.uri(clean_images.decoded(printable(data.get(mime, ""))), mime)
        if uri:
            own = metadata.get(mime) if isinstance(metadata, Mapping) else None
            said = own.get("alt") if isinstance(own, Mapping) else None
            return Shown("image", uri, (printable(said).strip() if isinstance(said, str) else "") or NO_ALT)
    return None


def _text(text: object) -> Shown | None:
    """Return terminal text as it would stand on the screen at the end: a bar of progress shows its last state."""
    plain = _ESCAPES.sub("", "".join(text) if isinstance(text, list) else str(text))
    last = "\n".join(line.rstrip("\r").rpartition("\r")[2] for line in plain.split("\n"))
    last = printable(last).strip("\n").rstrip()
    return Shown("text", f"<pre>{html.escape(last)}</pre>", "") if last else None


def _spoken(text: object) -> str:
    """Return the plain text of a value; nothing when it only names objects, and no addresses in memory."""
    plain = printable(text)
    named = re.sub(r"[\s\[\](){},]|None", "", _REPR.sub("", plain))
    return _ADDRESS.sub("", plain).replace(" >", ">") if named or not _REPR.search(plain) else ""

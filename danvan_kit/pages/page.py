"""A notebook that has run becomes one page that opens anywhere: no network, no Python, nothing that can be injected."""

from __future__ import annotations

import base64
import contextlib
import gzip
import hashlib
import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from danvan_kit import __version__, theme
from danvan_kit.explorer.canvas import STATIC, plotly_js, texts
from danvan_kit.explorer.unpack import unpack
from danvan_kit.pages import clean
from danvan_kit.pages.files import PublishError

HIDDEN = frozenset(
    {"remove-cell", "remove_cell", "hide-cell", "hide_cell", "remove-output", "remove_output", "hide-output"}
    | {"only-lab"}
)
"""Tags of cells that stay out of the page, as other tools know them; ``only-lab`` says how to use JupyterLab."""
# What plotly.js puts into the page itself: an empty sheet that it fills, and the sheet of its maps, which are not used.
PLOTLY_STYLES = ("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", "ji27qzEtxXZW+7dun6UwjHXJ18e6WAin1VvNtkzIE/o=")
START = 'document.documentElement.classList.add("js")'
"""Before anything shows: the tables that stand in for pictures are for readers without JavaScript."""


@dataclass(frozen=True)
class Links:
    """Where a page stands among others.

    Attributes
    ----------
    pages
        File name of each notebook to the address of its page.
    home
        Address of the index; empty for a page that stands alone.
    plotly
        Address of the shared plotly.js; empty packs it into the page.
    """

    pages: Mapping[str, str] = field(default_factory=dict)
    home: str = ""
    plotly: str = ""


@dataclass(frozen=True)
class Page:
    """A page.

    Attributes
    ----------
    title
        The first heading.
    summary
        The first paragraph, as plain text.
    text
        The whole file.
    areas
        ``[id, label, id of the area above]`` of all areas that the page's explorers can show.
    data
        What its foot says of the data: ``title, closing, digest``; empty without explorers.
    simulated
        Whether any figure on it is simulated.
    """

    title: str
    summary: str
    text: str
    areas: list[list[str]]
    data: dict[str, str]
    simulated: bool


def page(  # noqa: PLR0913 - a page and where it stands
    book: NotebookNode,
    *,
    name: str,
    links: Links | None = None,
    folder: Path | None = None,
    title: str = "",
    key: str = "",
) -> Page:
    """Make a page of a notebook with its outputs.

    Parameters
    ----------
    book
        The notebook, format 4.
    name
        Its file name without the ending.
    links
        Its neighbours; None makes a page that stands alone.
    folder
        Where it lies; pictures below it are taken into the page.
    title
        Follows the first heading, such as an area's name.
    key
        Stored in the page: tells a later run whether it must be made again.

    Returns
    -------
    Page
        The same notebook gives the same bytes.
    """
    links = links or Links()
    blocks = Blocks(links, folder)
    body = "\n".join(part for cell in book.cells for part in blocks.of(cell))
    heading = ": ".join(part for part in (blocks.heading, title) if part) or name
    if not blocks.heading:
        body = f"<h1>{html.escape(heading)}</h1>\n{body}"
    elif title:
        body = body.replace("</h1>", f": {html.escape(title)}</h1>", 1)
    text = shell(
        title=heading,
        body=body,
        links=links,
        data=blocks.data,
        simulated=blocks.simulated,
        alive=blocks.alive,
        key=key,
        source=name,
    )
    return Page(heading, blocks.summary, text, blocks.areas, blocks.data, blocks.simulated)


class Blocks:
    """Turns cells into pieces of the page, and remembers what the page's head and foot need.

    Parameters
    ----------
    links, folder
        See `page`.
    """

    def __init__(self, links: Links, folder: Path | None) -> None:
        self.links, self.folder = links, folder
        self.heading, self.summary, self.level = "", "", 1
        self.areas: list[list[str]] = []
        self.data: dict[str, str] = {}
        self.simulated = self.alive = False
        self._ids: set[str] = set()
        self._groups: dict[Any, int] = {}
        self._count = 0

    def of(self, cell: NotebookNode) -> Iterator[str]:
        """Return the pieces of a cell."""
        if HIDDEN & set(cell.metadata.get("tags", [])):
            return
        if cell.cell_type == "markdown":
            yield self._text(cell)
        elif cell.cell_type == "code" and not cell.metadata.get("jupyter", {}).get("outputs_hidden"):
            for output in cell.outputs:
                yield from self.output(output)

    def _text(self, cell: NotebookNode) -> str:
        made = clean.markdown(
            cell.source,
            pages=self.links.pages,
            attachments=cell.get("attachments", {}),
            folder=self.folder,
            seen=self._ids,
        )
        for level, text in re.findall(r"<h([1-6])[^>]*>(.*?)</h\1>", made, flags=re.DOTALL):
            self.level = int(level)
            if level == "1":
                self.heading = self.heading or _plain(text)
        found = re.search(r"<p>(.*?)</p>", made, flags=re.DOTALL)
        if found and not self.summary:
            self.summary = _plain(found[1])
        return f'<div class="dvp-text">{made}</div>'

    def output(self, output: Mapping[str, Any]) -> Iterator[str]:
        """Return the pieces of one output."""
        own = (output.get("metadata") or {}).get("danvan")
        if isinstance(own, dict) and own.get("whole"):
            raise PublishError(
                "sổ tay lưu khi đang mở, có số nhỏ về người dân; được dùng: danvan publish không kèm --as-saved",
                "saved while open, with small counts of persons; allowed: danvan publish without --as-saved",
            )
        if isinstance(own, dict) and own.get("kind") in {"explorer", "view"}:
            # Metadata that somebody else wrote under our name: the output is then shown as anybody's.
            with contextlib.suppress(KeyError, ValueError, TypeError, AttributeError, OSError, EOFError):
                yield self._explorer(own, output.get("data") or {})
                return
        shown = clean.output(output, pages=self.links.pages, seen=self._ids)
        if shown is None:
            return
        if shown.kind == "plotly":
            self.alive = True
            alt = html.escape(shown.alt)
            yield (
                f'<div class="dvp-block"><div class="dvp-figure live" role="group" aria-label="{alt}" '
                f'data-figure="{self._next()}"></div><p class="static">{alt}</p>{self._json(shown.content)}</div>'
            )
        elif shown.kind == "image":
            yield f'<p class="dvp-block"><img src="{shown.content}" alt="{html.escape(shown.alt)}"></p>'
        else:
            # What may be wider than the page is scrolled with the arrow keys too.
            name = texts()["vi"]["table"]
            keys = f' tabindex="0" role="group" aria-label="{name}"' if "<table" in shown.content else ""
            yield f'<div class="dvp-block dvp-wide"{keys}>{shown.content}</div>'

    def _explorer(self, own: dict[str, Any], data: Mapping[str, Any]) -> str:
        self.alive = True
        self.simulated = self.simulated or bool(own.get("simulated"))
        self.data = self.data or dict(own.get("data") or {})
        lang = "en" if own.get("lang") == "en" else "vi"
        payload = {"lang": lang, "simulated": bool(own.get("simulated")), "choices": own.get("choices", {})}
        payload["group"] = self._groups.setdefault(own.get("group", object()), len(self._groups))
        words = texts()["page"][lang]
        note = ""
        if "packed" in own:
            payload["packed"] = str(own["packed"])
            self._take_areas(payload["packed"])
        else:
            figure = data.get("application/vnd.plotly.v1+json") or {}
            shown = {key: own[key] for key in ("title", "reading", "sources")}
            payload["state"] = shown | {
                "figure": {key: figure.get(key, empty) for key, empty in (("data", []), ("layout", {}))},
                "table": json.loads(own["table"]),
            }
            note = (
                f'<p class="dvp-lost">{html.escape(words["unfrozen"])}</p>'
                if own["kind"] == "explorer" or own.get("live")
                else ""
            )
        level = min(self.level + 1, 6)
        table = re.sub(r"<(/?)h4>", rf"<\1h{level}>", clean.table_html(str(data.get("text/html", ""))))
        return (
            f'<div class="dvp-block"><div class="live" data-payload="{self._next()}" data-level="{level}"></div>'
            f'{note}<div class="static dvp-wide"><p><em>{html.escape(words["static"])}</em></p>{table}</div>'
            f"{self._json(payload)}</div>"
        )

    def _take_areas(self, packed: str) -> None:
        for control in unpack(packed)[0]["controls"]:
            if control["kind"] == "area" and len(control["rows"]) > len(self.areas):
                self.areas = control["rows"]

    def _next(self) -> str:
        self._count += 1
        return f"dvp-{self._count}"

    def _json(self, value: Any) -> str:  # noqa: ANN401 - any JSON
        return data_block(f"dvp-{self._count}", value)


def shell(  # noqa: PLR0913 - the parts of a file
    *,
    title: str,
    body: str,
    links: Links,
    data: Mapping[str, str],
    simulated: bool,
    alive: bool,
    source: str,
    key: str = "",
) -> str:
    """Return a whole file around the body of a page.

    Parameters
    ----------
    title, body
        The title as text, the body as HTML.
    links
        The page's neighbours.
    data, simulated, source
        What the foot says of provenance.
    alive
        Whether it holds pictures, so that it needs plotly.js.
    key
        See `page`.
    """
    words = texts()["page"]["vi"]
    packed = alive and not links.plotly
    blocks = [data_block("dvp-page", {"plotly": links.plotly or None, "text": page_texts()})]
    if packed:
        blocks.append(f'<script type="application/gzip;base64" id="dvp-plotly">{_packed_plotly()}</script>')
    mark = f'<p><strong class="dvp-simulated">{theme.SIMULATED["vi"]}</strong></p>' if simulated else ""
    home = f'<p><a href="{html.escape(links.home)}">{words["home"]}</a></p>' if links.home else ""
    meta = f'<meta name="danvan-key" content="{html.escape(key)}">\n' if key else ""
    return (
        "<!DOCTYPE html>\n"
        '<html lang="vi">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy(packed=packed, beside=bool(links.plotly))}">\n'
        f'{meta}<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{html.escape(title)}</title>\n<style>{_style()}</style>\n<script>{START}</script>\n</head>\n<body>\n"
        f'<a class="dvp-skip" href="#noi-dung">{words["skip"]}</a>\n'
        f'<header class="dvp-top">{home}<p>{html.escape(data.get("title", ""))}</p>{mark}</header>\n'
        f'<main id="noi-dung">\n{body}\n</main>\n{_foot(data, simulated=simulated, source=source)}\n'
        + "\n".join(blocks)
        + f'\n<script type="module">{_script()}</script>\n</body>\n</html>\n'
    )


def _foot(data: Mapping[str, str], *, simulated: bool, source: str) -> str:
    words = texts()["page"]["vi"]
    rows = [(words["data"], data.get("title", "")), (words["until"].capitalize(), data.get("closing", ""))]
    rows += [(words["digest"].capitalize(), data.get("digest", "")), ("", "")]
    rows += [(words["source"], theme.SIMULATED["vi"] if simulated else ""), (words["notebooks"], source)]
    rows += [(words["made"].capitalize(), __version__)]
    listed = "".join(f"<dt>{html.escape(k)}</dt><dd>{html.escape(v)}</dd>" for k, v in rows if v)
    return f'<footer class="dvp-foot"><dl>{listed}</dl></footer>'


def policy(*, packed: bool, beside: bool) -> str:
    """Return the Content-Security-Policy: own scripts by digest, plotly.js beside the page or in it, no more.

    Nothing may be fetched. ``data:`` and ``blob:`` pictures are heatmaps and the "save as PNG" button; the digests of
    styles are the page's own and those that plotly.js puts in.
    """
    scripts = [_digest(START), _digest(_script()), *(["blob:"] if packed else []), *(["'self'"] if beside else [])]
    styles = [_digest(_style()), *(f"'sha256-{digest}'" for digest in PLOTLY_STYLES)]
    rules = {
        "default-src": "'none'",
        "script-src": " ".join(scripts),
        "style-src-elem": " ".join(styles),
        "style-src-attr": "'unsafe-inline'",
        "img-src": "data: blob:",
        "form-action": "'none'",
        "base-uri": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def data_block(name: str, value: Any) -> str:  # noqa: ANN401 - any JSON
    """Return JSON in the page that no text in it can end or turn into markup."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)  # as notebooks are saved
    text = text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return f'<script type="application/json" id="{name}">{text}</script>'


@cache
def page_texts() -> dict[str, Any]:
    """Return the explorer's words as a page without Python says them."""
    known = texts()
    return {lang: known[lang] | known["page"][lang] for lang in ("vi", "en")} | {"locale": known["locale"]}


@cache
def _script() -> str:
    return "\n".join((STATIC / name).read_text(encoding="utf-8") for name in ("explorer.js", "frozen.js", "page.js"))


@cache
def _style() -> str:
    return "\n".join((STATIC / name).read_text(encoding="utf-8") for name in ("explorer.css", "page.css"))


@cache
def _packed_plotly() -> str:
    return base64.b64encode(gzip.compress(plotly_js(), 9, mtime=0)).decode()


def _plain(markup: str) -> str:
    """Return the text of a piece of HTML, in one line."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", markup)).split())


def merged(pages: Iterable[Page]) -> tuple[dict[str, str], bool]:
    """Return what an index of pages says of their data, and whether any of it is simulated."""
    listed = list(pages)
    return next((one.data for one in listed if one.data), {}), any(one.simulated for one in listed)

"""Someone else's HTML as it may stand on a page: its tables and its words, and nothing else."""

from __future__ import annotations

import html
import re

import nh3

from danvan_kit.pages import clean_images

REL = "noopener noreferrer"
WEB = re.compile(r"https?://[^/\s\\][^\s\\]*|mailto:[^\s\\]+", re.IGNORECASE)
"""The addresses that a link may lead to, beside those of our own pages."""


def printable(text: object) -> str:
    """Return text without control characters and halves of characters, which no page can hold."""
    joined = "".join(map(str, text)) if isinstance(text, list | tuple) else str(text)
    whole = joined.encode("utf-8", "replace").decode("utf-8")
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]", "", whole)


_TAGS = {
    "table", "thead", "tbody", "tfoot", "tr", "th", "td", "caption", "colgroup", "col", "p", "br", "hr", "h1", "h2",
    "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "strong", "em", "b", "i", "u", "s", "sub", "sup",
    "code", "pre", "blockquote", "small", "span", "div", "details", "summary", "a", "time", "img",
}  # fmt: skip
_GONE = {
    "script", "style", "iframe", "object", "embed", "svg", "math", "template", "noscript", "noembed", "noframes",
    "title", "textarea", "select", "button", "audio", "video", "canvas",
}  # fmt: skip
"""Dropped with all that stands in them."""

_COUNT = r"\d{1,4}"
_VALUES = {
    "colspan": _COUNT, "rowspan": _COUNT, "span": _COUNT, "scope": r"(?:row|col)(?:group)?", "open": r"(?:open)?",
    "lang": r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}", "datetime": r"[0-9TZPWDHMS:+\-. ]{1,40}",
    "href": WEB.pattern, "alt": r"[\s\S]*", "rel": REL,
}  # fmt: skip
"""What an attribute may hold: nothing can be hidden in it."""

_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)", re.IGNORECASE)
_TOKEN = re.compile(
    r"<!--.*?(?:-->|\Z)|<(?P<raw>script|style)\b.*?(?:</(?P=raw)\s*>|\Z)|"
    r"<(?P<closing>/?)(?P<tag>[a-z][^\s/<>]*)(?P<attributes>(?:[^\"'<>]|\"[^\"]*\"|'[^']*')*+)>",
    re.DOTALL | re.IGNORECASE,
)
"""A comment, a script or a style with all that stands in it, or a tag. Never reads a character twice."""
_PAIR = re.compile(r"""(?P<name>[^\s"'<>/=]+)(?:\s*=\s*(?P<value>"[^"]*"|'[^']*'|[^\s"'>]+))?""")
_VOID = frozenset({
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
})  # fmt: skip
_ATTRIBUTES = r'(?: [a-z]+="[^"]*")*?'
_RIGHT = re.compile(rf'<(t[dh])({_ATTRIBUTES}) style="right"({_ATTRIBUTES})>')
_IMAGE = re.compile(rf"<img({_ATTRIBUTES})>")
_WAITING = "Loading ITables"
"""What such a table says until its script has fetched the rows, which it never will here."""


def _attribute(tag: str, name: str, value: str) -> str | None:
    """Return what an attribute of someone's HTML may keep; None takes it away."""
    if name == "style":
        return "right" if re.search(r"(?:^|;)\s*text-align\s*:\s*right\b", value, re.IGNORECASE) else None
    if (tag, name) == ("img", "src"):
        found = re.fullmatch(r"\s*data:(image/\w+);base64,(.*)", value, re.DOTALL | re.IGNORECASE)
        return (found and clean_images.uri(clean_images.decoded(found[2]), found[1].lower())) or None
    allowed = _VALUES.get(name)
    return value if allowed and re.fullmatch(allowed, value, re.IGNORECASE) else None


_TABLE = nh3.Cleaner(
    tags=_TAGS,
    clean_content_tags=_GONE,
    attributes={"*": {"lang"}, "col": {"span"}, "colgroup": {"span"}, "details": {"open"}, "time": {"datetime"}}
    | {"a": {"href"}, "img": {"src", "alt"}}
    | {tag: {"colspan", "rowspan", "scope", "style"} for tag in ("td", "th")},
    url_schemes={"http", "https", "mailto", "data"},
    url_relative="deny",
    link_rel=REL,
    attribute_filter=_attribute,
)


EMPTY = re.compile(r"<th(?: [^>]*)?>\s*</th>")
"""A heading without words, such as that over pandas' row labels, heads nothing."""


def table_html(text: str) -> str:
    """Return someone else's HTML with its tables and its words, and nothing that acts, styles, tracks or hides.

    Parameters
    ----------
    text
        A ``text/html`` output of any origin.

    Returns
    -------
    str
        Cells that were aligned to the right have the class ``n``. Empty when nothing readable is left.
    """
    kept = _RIGHT.sub(r'<\1\2\3 class="n">', _TABLE.clean(_visible(printable(text))))
    kept = EMPTY.sub("<td></td>", _IMAGE.sub(_image_or_words, kept)).strip()
    bare = html.unescape(re.sub(r"<[^>]*>", "", kept)).strip()
    return kept if (bare and _WAITING not in bare) or "<img " in kept else ""


def _image_or_words(image: re.Match[str]) -> str:
    """Return a picture, or what it was said to show when its source was taken away."""
    given = dict(re.findall(r' ([a-z]+)="([^"]*)"', image[1]))
    return image[0] if given.get("src") else html.escape(html.unescape(given.get("alt", "")))


def _visible(text: str) -> str:
    """Return HTML without the elements that its author had hidden: without styles they would show."""
    kept: list[str] = []
    at, name, depth = 0, "", 0  # of the hidden element that we are in
    for token in _TOKEN.finditer(text):
        tag, closing = (token["tag"] or "").lower(), bool(token["closing"])
        if depth:
            depth += 0 if tag != name else -1 if closing else 1
            at = token.end()
        elif not tag or (not closing and _hides(token["attributes"])):
            kept.append(text[at : token.start()])
            at, name, depth = token.end(), tag, 0 if not tag or tag in _VOID else 1
    return "".join([*kept, "" if depth else text[at:]])


def _hides(attributes: str) -> bool:
    return any(
        m["name"].lower() == "hidden"
        or (m["name"].lower() == "style" and _HIDING.search(html.unescape(m["value"] or "")))
        for m in _PAIR.finditer(attributes)
    )

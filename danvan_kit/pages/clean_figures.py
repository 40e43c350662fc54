"""A plotly figure that is safe to publish: it draws offline, and carries nothing that it does not show."""

from __future__ import annotations

import copy
import html
import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from danvan_kit.pages import clean_images
from danvan_kit.pages.clean_html import printable

DRAWN = frozenset({
    "bar", "barpolar", "box", "candlestick", "carpet", "contour", "contourcarpet", "funnel", "funnelarea",
    "heatmap", "histogram", "histogram2d", "histogram2dcontour", "icicle", "image", "indicator", "ohlc", "parcats",
    "pie", "quiver", "sankey", "scatter", "scattercarpet", "scatterpolar", "scattersmith", "scatterternary",
    "sunburst", "table", "treemap", "violin", "waterfall",
})  # fmt: skip
"""Trace types that plotly.js draws as SVG, without WebGL, without compiling code in the page, without the network."""

_SAME_AS_SVG = {"scattergl": "scatter", "scatterpolargl": "scatterpolar"}

# Never drawn. `updatemenus` and `sliders` hold other data, or calls with any arguments, behind their buttons.
_DROPPED = frozenset({
    "config", "frames", "selectedpoints", "stream", "uid", "uirevision", "datarevision", "editrevision",
    "selectionrevision", "updatemenus", "sliders",
})  # fmt: skip
_ELSEWHERE = re.compile(r"(?:geo|map|mapbox|scene)\d*$")
"""Parts of a layout that only traces which are not drawn use; a mapbox part holds its owner's access token."""
_STUB = ("type", "visible", "xaxis", "yaxis", "subplot", "domain")

_WRITES_BY_MODE = frozenset({"scatter", "scattercarpet", "scatterpolar", "scattersmith", "scatterternary"})
_WRITES_BY_PLACE = frozenset({
    "bar", "funnel", "funnelarea", "histogram", "icicle", "pie", "sunburst", "treemap", "waterfall",
})  # fmt: skip

_TAG = re.compile(r"<(/?)(br|sup|sub|s|u|b|i|a|span|em)((?:\s[^<>]*)?)>", re.IGNORECASE)
"""The tags that plotly.js acts on; it writes all others out as text."""
_HREF = re.compile(r"""(?:^|[\s"'])href\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_STYLE = re.compile(r"""(?:^|[\s"'])style\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_WEB = re.compile(r"https?://[^\s\"'<>\\]+", re.IGNORECASE)
_SAFE_STYLE = re.compile(
    r"(?:color|fill|font-(?:size|weight|style|family)|text-decoration)\s*:\s*(?:[\w\s#%.,-]|rgba?\([\d\s.,%]*\))+"
)
_MENTION = re.compile(r"%\{[^}]*?\b_?(customdata|meta)(?:\[['\"]?(\w+)['\"]?\]|\.(\w+))?")


def undrawable(fig: Mapping[str, Any]) -> list[str]:
    """Return the types of the traces that keep a figure from being drawn offline, each once; none when it can be."""
    kinds = [_kind(trace) for trace in _traces(fig)]
    return sorted({kind for kind in kinds if kind not in DRAWN})


def figure(fig: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return a figure that draws offline and holds only what it shows.

    Kept are ``data`` and ``layout`` with the attributes that plotly knows. Gone are the names, points and notes that
    no label and no hover shows, traces that are switched off, menus and sliders, pictures from elsewhere, and links
    that do not lead to http(s). A WebGL scatter becomes a plain one.

    Parameters
    ----------
    fig
        The content of ``application/vnd.plotly.v1+json``; it stays as it is.

    Returns
    -------
    dict or None
        ``data`` and ``layout``, ready for JSON; None when a trace needs WebGL or the network (`undrawable` names it),
        or when this is no figure.
    """
    if not isinstance(fig.get("data"), list) or undrawable(fig):
        return None
    layout = fig.get("layout")
    layout = layout if isinstance(layout, Mapping) else {}
    traces = [_as_svg(trace) for trace in _traces(fig)]
    known = _known(traces, copy.deepcopy(dict(layout)))
    if known is None:
        return None
    meta = _mentioned(_strings(known), "meta")
    data = [_part(_trace(trace), meta) for trace in known["data"]]
    return {"data": data, "layout": _part(_layout(known["layout"]), meta)}


def _traces(fig: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    data = fig.get("data")
    return [trace for trace in data if isinstance(trace, Mapping)] if isinstance(data, list) else []


def _kind(trace: Mapping[str, Any]) -> str:
    kind = str(trace.get("type") or "scatter")
    return _SAME_AS_SVG.get(kind, kind)


def _as_svg(trace: Mapping[str, Any]) -> dict[str, Any]:
    return copy.deepcopy(dict(trace)) | {"type": _kind(trace)}


def _known(traces: list[dict[str, Any]], layout: dict[str, Any]) -> dict[str, Any] | None:
    """Return a figure without the attributes and values that plotly does not know: nothing draws them."""
    import plotly.graph_objects as go  # noqa: PLC0415 - takes its time, and only figures need it

    try:
        known = go.Figure(data=traces, layout=layout, skip_invalid=True).to_dict()
    except (ValueError, TypeError):  # not a figure at all
        return None
    if not layout.get("template"):
        known["layout"].pop("template", None)  # plotly adds its own where none was given
    return {"data": known.get("data", []), "layout": known.get("layout", {})}


# --- what is not shown ------------------------------------------------------------------------------------------------


def _trace(trace: dict[str, Any]) -> dict[str, Any]:
    """Return a trace without texts that neither a label nor a hover shows; of one switched off, a stub."""
    if trace.get("visible") is False:
        # A stub, so that the traces after it keep their colours.
        return {key: trace[key] for key in _STUB if key in trace}
    gone = set() if _writes(trace) or _hovers(trace) else {"text"}
    gone |= set() if _hovers(trace) else {"hovertext"}
    kept = _numbered({key: value for key, value in trace.items() if key not in gone})
    if kept.get("type") == "image" and "source" in kept:
        kept["source"] = _picture(kept["source"])
    return kept


def _numbered(trace: dict[str, Any]) -> dict[str, Any]:
    """Return a trace whose ids are mere numbers: a tree hangs together by its ids, and they may be anything."""
    ids, parents = _unpacked(trace.get("ids")), _unpacked(trace.get("parents"))
    said = "".join(_strings([trace.get("hovertemplate"), trace.get("texttemplate")]))
    if not isinstance(ids, list | tuple) or not isinstance(parents, list | tuple) or "%{id" in said:
        return trace
    numbers = {str(own): f"#{i}" for i, own in enumerate(ids)}
    level = {"level": numbers.get(str(trace["level"]), "")} if "level" in trace else {}
    # A parent that is no id becomes the root, under its own name.
    above = [numbers.get(str(i), str(i)) for i in parents]
    return trace | {"ids": [numbers[str(i)] for i in ids], "parents": above} | level


def _writes(trace: Mapping[str, Any]) -> bool:
    """Tell whether the picture itself shows a trace's `text`."""
    if trace.get("texttemplate"):
        return _names_text(trace["texttemplate"])
    kind = trace.get("type", "scatter")
    if kind in _WRITES_BY_MODE:
        return "text" in str(trace.get("mode", ""))
    if kind in _WRITES_BY_PLACE:
        return trace.get("textposition") != "none" and "text" in str(trace.get("textinfo", "text"))
    return False


def _hovers(trace: Mapping[str, Any]) -> bool:
    """Tell whether the note under the mouse shows a trace's `text` or `hovertext`."""
    if trace.get("hovertemplate"):
        return _names_text(trace["hovertemplate"])
    info = trace.get("hoverinfo", "all")
    return any(flag in text for text in _strings(info) for flag in ("all", "text"))


def _names_text(template: Any) -> bool:  # noqa: ANN401 - a string or a list of them
    return any(re.search(r"%\{_?(?:hover)?text\b", text) for text in _strings(template))


def _layout(layout: dict[str, Any]) -> dict[str, Any]:
    """Return a layout without maps, scenes, things switched off and pictures from elsewhere."""
    kept = {key: value for key, value in layout.items() if not _ELSEWHERE.match(key)}
    for key in ("annotations", "shapes", "images"):
        if key in kept:
            unseen = {"name", "templateitemname"} if key != "shapes" else set()  # a legend may name shapes
            shown = [item for item in kept[key] if item.get("visible") is not False]
            kept[key] = [{k: v for k, v in item.items() if k not in unseen} for item in shown]
    if "images" in kept:
        images = [item | {"source": _picture(item.get("source"))} for item in kept["images"]]
        kept["images"] = [item for item in images if item["source"]]
    template = kept.get("template")
    if isinstance(template, dict):
        data = {kind: part for kind, part in template.get("data", {}).items() if kind in DRAWN}
        kept["template"] = {"data": data, "layout": _layout(template.get("layout", {}))}
    return kept


def _picture(source: Any) -> str:  # noqa: ANN401 - whatever stood there
    found = re.fullmatch(r"data:(image/\w+);base64,(.*)", str(source), re.DOTALL)
    return clean_images.uri(clean_images.decoded(found[2]), found[1]) if found else ""


def _part(value: Any, meta: set[str] | None) -> Any:  # noqa: ANN401 - any part of a figure
    """Return a part with its hidden keys gone, its texts made safe, and numbers that JSON can hold.

    `meta` names the fields of ``meta`` that some text of the figure shows; None stands for all of them.
    """
    if isinstance(value, str):
        return text(value)
    if isinstance(value, list | tuple):
        return [_part(item, meta) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if not isinstance(value, dict):
        return value
    kept = {k: v for k, v in value.items() if k not in _DROPPED and not k.endswith("src")}
    if "parents" not in kept:
        kept.pop("ids", None)
    for key, error in kept.items():
        if key.startswith("error_") and isinstance(error, dict) and error.get("visible") is False:
            kept[key] = {"visible": False}
    if "customdata" in kept:
        said = _strings([kept.get("hovertemplate"), kept.get("texttemplate")])
        kept["customdata"] = _only(kept["customdata"], _mentioned(said, "customdata"), rows=True)
    if "meta" in kept:
        kept["meta"] = _only(kept["meta"], meta, rows=False)
    return {k: _part(v, meta) for k, v in kept.items() if not (k in {"customdata", "meta"} and v is None)}


def _strings(value: Any) -> Iterator[str]:  # noqa: ANN401 - any part of a figure
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _strings(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _strings(part)


def _mentioned(texts: Iterator[str], name: str) -> set[str] | None:
    """Return which fields of `name` the templates show: their numbers or names; None when they show it whole."""
    found = [m for line in texts for m in _MENTION.finditer(line) if m[1] == name]
    fields = {m[2] or m[3] for m in found}
    return None if None in fields else fields


def _only(value: Any, fields: set[str] | None, *, rows: bool) -> Any:  # noqa: ANN401 - any JSON
    """Return the mentioned fields, the others empty; None when nothing is mentioned."""
    if fields is None:
        return value
    if not fields:
        return None
    if rows:
        whole = _unpacked(value)
        return [_only(row, fields, rows=False) for row in whole] if isinstance(whole, list | tuple) else None
    if isinstance(value, dict):
        return {key: part for key, part in value.items() if key in fields}
    if isinstance(value, list | tuple):
        return [part if str(i) in fields else None for i, part in enumerate(value)]
    return None


def _unpacked(value: Any) -> Any:  # noqa: ANN401 - a list, or plotly's packed array
    """Return plotly's packed array (``dtype``, ``bdata``, ``shape``) as lists."""
    if not (isinstance(value, dict) and "bdata" in value):
        return value
    try:
        flat = np.frombuffer(clean_images.decoded(str(value["bdata"])), dtype=str(value.get("dtype")))
        shape = [int(n) for n in str(value.get("shape") or flat.size).split(",")]
        return flat.reshape(shape).tolist()
    except (ValueError, TypeError):
        return None


# --- texts ------------------------------------------------------------------------------------------------------------


def text(words: str) -> str:
    """Return one text of a figure without hidden attributes, foreign styles, and links that are not http(s)."""
    lost = 0

    def rewrite(tag: re.Match[str]) -> str:
        nonlocal lost
        name = tag[2].lower()
        if name != "a":
            style = "" if tag[1] or name == "br" else _style(tag[3])
            return f"<{tag[1]}{name}{style}>"
        if tag[1]:
            lost, unpaired = max(lost - 1, 0), lost > 0
            return "" if unpaired else "</a>"
        found = _HREF.search(tag[3])
        href = html.unescape(found[1] or found[2] or "").strip() if found else ""
        if _WEB.fullmatch(href):
            return f'<a href="{href}">'
        lost += 1
        return ""

    words = printable(words)
    return _TAG.sub(rewrite, words) if "<" in words else words


def _style(attributes: str) -> str:
    found = _STYLE.search(attributes)
    wanted = (found[1] or found[2] or "").split(";") if found else []
    kept = [part.strip() for part in wanted if _SAFE_STYLE.fullmatch(part.strip())]
    return f' style="{"; ".join(kept)}"' if kept else ""

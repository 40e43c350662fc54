"""A cell's outputs as what a reader sees of them: one tree an output, from the richest form that it has."""

from __future__ import annotations

import base64
import csv
import gzip
import io
import json
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from danvan_kit.regression import markup
from danvan_kit.regression.compare import Hidden, Name, Rows
from danvan_kit.regression.packed import array

PLOTLY = "application/vnd.plotly.v1+json"
WIDGET = "application/vnd.jupyter.widget-view+json"
STATE = "application/vnd.jupyter.widget-state+json"
OURS = "danvan"
SIGNED = "sha256: "
"""Stands in the line of an explorer's summary that holds the digest over its states."""
_UNSEEN = re.compile(
    r"uid|_view_count|_model_module.*|_view_module.*|_py2js_\w+|_js2py_\w+|_last_\w+_edit_id|msg_id|_anywidget_id"
)
_LABELS = ("ids", "labels", "x", "y", "hovertext", "text", "locations", "theta")
_LOOKS = ("template", "config")


def outputs(cell: Mapping[str, Any], widgets: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a reader sees below a cell.

    Parameters
    ----------
    cell
        A code cell.
    widgets
        The states of the notebook's widgets by model id, see `states`.

    Returns
    -------
    dict
        Printed text first, then one tree for each output, named by its kind and, where there are several, numbered.
    """
    found: list[tuple[str, Any]] = []
    for output in cell.get("outputs", []):
        kind = output["output_type"]
        if kind == "stream":
            found.append((output["name"], _joined(output["text"])))
        elif kind == "error":
            found.append(("error", f"{output['ename']}: {output['evalue']}"))
        else:
            found.append(_display(output, widgets))
    names = [name for name, _ in found]
    tree = {}
    for n, (name, part) in enumerate(found):
        again = names[:n].count(name)
        tree[name if not again else f"{name} ({again + 1})"] = part
    if len(names) > 1:
        tree["order"] = Hidden(" ".join(name for name in names if name != "stderr"))
    return tree


def states(book: Mapping[str, Any]) -> dict[str, Any]:
    """Return the states of a notebook's widgets by model id, buffers in their places."""
    saved = book.get("metadata", {}).get("widgets", {}).get(STATE, {}).get("state", {})
    out = {}
    for name, model in saved.items():
        state = json.loads(json.dumps(model.get("state", {})))
        if "_model_name" not in state:  # JupyterLab saves what is not as it was made
            state = _made(str(model.get("model_name"))) | state
        for buffer in model.get("buffers", []):
            _put(state, buffer["path"], buffer.get("data", ""))
        out[name] = state
    return out


@cache
def _made(name: str) -> dict[str, Any]:
    """Return how ipywidgets makes a model: what is a plain value."""
    from ipywidgets.widgets.widget import Widget, _registry  # noqa: PLC0415 - only for notebooks saved in JupyterLab

    kinds = (kind for key, kind in _registry.items() if key[2] == name)
    traits = next(kinds, Widget).class_traits(sync=True)
    plain = {key: [] if key == "_dom_classes" else trait.default_value for key, trait in traits.items()}
    plain = {key: value for key, value in plain.items() if isinstance(value, str | int | float | None | tuple | list)}
    return json.loads(json.dumps(plain)) | {"_model_name": name}  # type: ignore[no-any-return]


def _put(state: Any, path: Sequence[Any], content: Any) -> None:  # noqa: ANN401 - any JSON
    """Put a buffer where its path says; lists and dicts on the way exist, or the buffer is left out."""
    for step in path[:-1]:
        try:
            state = state[step]
        except (KeyError, IndexError, TypeError):
            return
    if isinstance(state, dict) or (isinstance(state, list) and isinstance(path[-1], int) and path[-1] < len(state)):
        state[path[-1]] = {"base64": content}


def _display(output: Mapping[str, Any], widgets: Mapping[str, Any]) -> tuple[str, Any]:
    data, own = output.get("data", {}), (output.get("metadata") or {}).get(OURS)
    if isinstance(own, Mapping) and own.get("kind") == "table":
        return _whole(data, own)
    if isinstance(own, Mapping) and own.get("kind") in {"explorer", "view"}:
        return "view", _view(data)
    if WIDGET in data and data[WIDGET].get("model_id") in widgets:
        return "widget", _widget(str(data[WIDGET]["model_id"]), widgets, frozenset())
    return _bundle(data)


def _bundle(data: Mapping[str, Any]) -> tuple[str, Any]:
    """Return every form that an output has: a reader sees the richest, another tool may show another."""
    tree: dict[str, Any] = {}
    for mime, content in sorted(data.items()):
        if mime == WIDGET:
            continue
        reader = _READERS.get(mime)
        if reader:
            name, part = reader(content)
        elif mime.startswith("image/"):
            name, part = "image", markup.image(_joined(content), mime)
        elif mime.endswith("json"):
            name, part = mime, tidy(content)
        else:
            name, part = mime, _joined(content)
        tree[name if name not in tree else mime] = part
    kinds = [name for name in ("figure", "table", "image", "html", "markdown", "latex") if name in tree]
    if kinds and "text" in tree and kinds[0] in {"figure", "image"}:
        tree.pop("text")  # a repr of the object, which nobody sees beside its picture
    elif "html" in tree and "text" in tree:
        tree["text"] = Hidden(tree["text"])
    name = kinds[0] if kinds else "text"
    return name, tree if len(tree) > 1 else next(iter(tree.values()), "")


def _view(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what stands on screen of one of the kit's views; all its states are compared in `states`."""
    text = _joined(data.get("text/plain", ""))
    lines = [line for line in text.split("\n") if SIGNED not in line]
    tree: dict[str, Any] = {}
    if "text/html" in data:
        tree |= markup.html(_joined(data["text/html"]))
    if PLOTLY in data:
        tree["figure"] = figure(data[PLOTLY])
    tree["summary"] = Hidden("\n".join(lines))
    return tree


def _whole(data: Mapping[str, Any], own: Mapping[str, Any]) -> tuple[str, Any]:
    """Return a table whose screen form is cut short, whole; its digest where it is too large to be kept."""
    name, tree = _bundle(data)
    if "packed" not in own:
        return name, {"screen": tree, "digest": str(own.get("digest"))}
    text = gzip.decompress(base64.b64decode(own["packed"])).decode()
    if own.get("form") == "text":
        return name, {"whole": text}
    rows = list(csv.reader(io.StringIO(text)))
    lead, heads = int(own.get("lead", 0)), int(own.get("heads", 0))
    body = rows[heads:]
    keys = tuple(" / ".join(row[:lead]) if lead else str(n) for n, row in enumerate(body))
    wide = max((len(row) for row in rows), default=0) - lead
    over = zip(*(row[lead:] for row in rows[:heads]), strict=False) if heads else ((str(n),) for n in range(wide))
    columns = tuple(" / ".join(dict.fromkeys(parts)) for parts in over)
    look = tree.get("html", tree) if isinstance(tree, dict) else {}
    rest = {k: v for k, v in look.items() if isinstance(v, Hidden) or k == "text"} if isinstance(look, dict) else {}
    return name, {"table": Rows(keys, columns, tuple(tuple(row[lead:]) for row in body)), **rest}


# --- figures ----------------------------------------------------------------------------------------------------------


def figure(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return a Plotly figure: each trace's arrays as a table whose rows are named by what the reader sees there."""
    content = tidy(content)
    traces: dict[str, Any] = {}
    for n, trace in enumerate(content.get("data") or [], 1):
        name = str(trace.get("name") or trace.get("type", "scatter"))
        traces[Name(name if name not in traces else f"{name} ({n})")] = _trace(trace)
    tree: dict[str, Any] = {"data": traces, "layout": _layout(content.get("layout") or {})}
    tree["traces"] = [
        f"{name}: {trace.get('type', '')}" for name, trace in zip(traces, content.get("data") or [], strict=True)
    ]
    if content.get("frames"):
        tree["frames"] = [figure(frame) | {"name": frame.get("name")} for frame in content["frames"]]
    return tree | {key: Hidden(content[key]) for key in ("config",) if content.get(key)}


def _layout(layout: Mapping[str, Any]) -> dict[str, Any]:
    return {key: Hidden(part) if key in _LOOKS else part for key, part in layout.items()}


def _trace(trace: Mapping[str, Any]) -> dict[str, Any]:
    arrays = {key: value for key, value in _flat(trace).items() if isinstance(value, list) and len(value) > 1}
    size = max((len(value) for value in arrays.values()), default=0)
    columns = sorted(key for key, value in arrays.items() if len(value) == size)
    label = next((key for key in _LABELS if key in columns and any(isinstance(v, str) for v in arrays[key])), None)
    label = label or next((key for key in _LABELS if key in columns), None)
    rest = {key: value for key, value in _flat(trace).items() if key not in columns}
    if not columns:
        return rest
    keys = tuple(_key(v) for v in arrays[label]) if label else tuple(str(n + 1) for n in range(size))
    shown = [key for key in columns if key != label]
    return rest | {
        "points": Rows(
            keys,
            tuple(shown),
            tuple(zip(*(arrays[key] for key in shown), strict=True)) if shown else tuple(() for _ in keys),
        )
    }


def _key(value: Any) -> str:  # noqa: ANN401
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def _flat(trace: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    out: dict[str, Any] = {}
    for key, value in trace.items():
        if isinstance(value, dict) and value:
            out |= _flat(value, f"{prefix}{key}.")
        else:
            out[prefix + key] = value
    return out


def tidy(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return JSON without what no reader sees (uids, versions of modules), packed arrays as lists."""
    if isinstance(value, Mapping):
        if "dtype" in value and ("bdata" in value or "value" in value or "buffer" in value):
            return array(value)
        return {str(key): tidy(part) for key, part in value.items() if not _UNSEEN.fullmatch(str(key))}
    if isinstance(value, list | tuple):
        return [tidy(part) for part in value]
    return value


# --- widgets ----------------------------------------------------------------------------------------------------------


def _widget(name: str, widgets: Mapping[str, Any], above: frozenset[str]) -> Any:  # noqa: ANN401
    """Return a widget with all widgets in it; one that contains itself is named only."""
    state = widgets.get(name)
    if state is None or name in above:
        return "…"
    within = above | {name}
    kind = str(state.get("_model_name", "widget"))
    if "_widget_data" in state:
        return {kind: figure({"data": state["_widget_data"], "layout": state.get("_widget_layout") or {}})}
    tree: dict[str, Any] = {}
    for key, value in state.items():
        if key in {"_esm", "_css"}:
            if str(state.get("_anywidget_id", "")).partition(".")[0] in {"", "__main__", "builtins"}:
                tree[key] = Hidden(value)
        elif key == "outputs" and kind == "OutputModel":
            tree |= outputs({"outputs": _coalesced(value)}, widgets)
        elif not _UNSEEN.fullmatch(key):
            tree[key] = _inner(tidy(value), widgets, within)
    looks = {key: Hidden(tree.pop(key)) for key in ("layout", "style") if key in tree}
    return {kind: tree | looks}


def _coalesced(found: Sequence[Mapping[str, Any]]) -> list[Any]:
    joined: list[Any] = []
    for output in found:
        if output["output_type"] == "stream" and joined and joined[-1].get("name") == output["name"]:
            joined[-1] = {**joined[-1], "text": _joined(joined[-1]["text"]) + _joined(output["text"])}
        else:
            joined.append(dict(output))
    return joined


def _inner(value: Any, widgets: Mapping[str, Any], above: frozenset[str]) -> Any:  # noqa: ANN401
    if isinstance(value, str):
        if value.startswith("IPY_MODEL_"):
            return _widget(value.removeprefix("IPY_MODEL_"), widgets, above)
        return markup.html(value) if "<" in value and ">" in value else value
    if isinstance(value, list):
        return [_inner(part, widgets, above) for part in value]
    if isinstance(value, dict):
        return {key: _inner(part, widgets, above) for key, part in value.items()}
    return value


def _joined(text: str | Sequence[str]) -> str:
    return text if isinstance(text, str) else "".join(text)


def _named(value: Any) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(value, dict):
        return {Name(key): _named(part) for key, part in value.items()}
    return [_named(part) for part in value] if isinstance(value, list) else value


def _html(content: Any) -> tuple[str, Any]:  # noqa: ANN401
    return "html", markup.html(_joined(content))


_READERS: dict[str, Callable[[Any], tuple[str, Any]]] = {
    PLOTLY: lambda content: ("figure", figure(content)),
    "text/html": _html,
    "text/plain": lambda content: ("text", _joined(content)),
    "text/markdown": lambda content: ("markdown", _joined(content)),
    "text/latex": lambda content: ("latex", _joined(content)),
    "image/svg+xml": lambda content: ("image", markup.svg(_joined(content))),
    "application/json": lambda content: ("json", _named(tidy(content))),
}

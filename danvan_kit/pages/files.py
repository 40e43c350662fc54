"""Notebooks and pages as files: read, kept small enough to mail, written whole."""

from __future__ import annotations

import copy
import json
import re
import sys
from pathlib import Path

sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type] # a grammar that no notebook needs, a second

import nbformat  # noqa: E402
from nbformat import NotebookNode  # noqa: E402

from danvan_kit.errors import DanvanError  # noqa: E402

SAVED = 500_000
"""Bytes of a notebook as `light` saves it."""
STATE, VIEW = "application/vnd.jupyter.widget-state+json", "application/vnd.jupyter.widget-view+json"


class PublishError(DanvanError):
    """What cannot be published: no such notebook, nothing in it yet, no parameters cell, an unknown level."""


def read(path: Path) -> NotebookNode:
    """Read a notebook (`PublishError` when it is none)."""
    try:
        book: NotebookNode = nbformat.read(path, 4)  # type: ignore[no-untyped-call]
    except (OSError, UnicodeDecodeError) as err:
        raise PublishError(f"không đọc được sổ tay {str(path)!r}", f"cannot read notebook {str(path)!r}") from err
    except Exception as err:  # nbformat raises what its parser and its schema raise
        raise PublishError(f"{str(path)!r} không phải sổ tay Jupyter", f"{str(path)!r} is no Jupyter notebook") from err
    return book


def light(book: NotebookNode) -> str:
    """Return a notebook's file, small enough to mail.

    States that do not fit in `SAVED` stay out, the largest first. Their digest stays, and once a notebook the figures
    that all states are made of, so that a later check can still say which one moved. Widgets that only the kit's own
    outputs need stay out as well: these show themselves without.
    """
    book = copy.deepcopy(book)
    _drop_widgets(book)
    outputs = [output for cell in book.cells if cell.cell_type == "code" for output in cell.outputs]
    own = [output.get("metadata", {}).get("danvan", {}) for output in outputs]
    heavy = sorted((one for one in own if "packed" in one and "choices" in one), key=lambda one: len(one["packed"]))
    left = [(one, one.pop("figures", None), one.pop("marks", None)) for one in own]
    while True:
        given = set()
        for one, figures, marks in left:
            one.pop("figures", None)
            if "choices" in one and "packed" not in one and figures is not None:
                one["marks"] = marks
                if figures not in given:
                    one["figures"] = figures
                given.add(figures)
        text: str = nbformat.writes(book) + "\n"  # type: ignore[no-untyped-call]
        if not heavy or len(text.encode()) <= SAVED:
            return text
        del heavy.pop()["packed"]


def _drop_widgets(book: NotebookNode) -> None:
    """Keep the states of those widgets only that an output of somebody else shows, and of those in them."""
    saved = book.metadata.get("widgets", {}).get(STATE, {}).get("state", {})
    outputs = [output for cell in book.cells if cell.cell_type == "code" for output in cell.outputs]
    shown = [
        output.data[VIEW]["model_id"]
        for output in outputs
        if VIEW in output.get("data", {}) and "danvan" not in output.metadata
    ]
    kept: set[str] = set()
    while shown:
        name = shown.pop()
        if name in saved and name not in kept:
            kept.add(name)
            shown += re.findall(r"IPY_MODEL_([0-9a-f-]{32,36})", json.dumps(saved[name]))
    for name in set(saved) - kept:
        del saved[name]
    if not saved:
        book.metadata.pop("widgets", None)


def write(path: Path, content: str | bytes) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.part")
    draft.write_bytes(content.encode() if isinstance(content, str) else content)
    draft.replace(path)

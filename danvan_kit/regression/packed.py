"""Numbers that Plotly, ipywidgets and anywidget pack as base64, alone or inside a text, as numbers again."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from typing import Any

import numpy as np

_KINDS = {
    "float64": "f8",
    "float32": "f4",
    "uint8": "u1",
    "int8": "i1",
    "uint16": "u2",
    "int16": "i2",
    "uint32": "u4",
    "int32": "i4",
}
_WRITTEN = re.compile(
    r'\{\s*"dtype":\s*"(?P<dtype>\w+)",\s*"bdata":\s*"(?P<bdata>[\w+/=\\]+)"'
    r'(?:,\s*"shape":\s*"(?P<shape>[\d, ]+)")?\s*\}'
)


def array(value: Mapping[str, Any]) -> Any:  # noqa: ANN401
    """Return packed numbers as lists; what cannot be read stays as it is.

    Parameters
    ----------
    value
        ``dtype``, perhaps ``shape``, and the bytes under ``bdata``, ``value`` or ``buffer``.
    """
    packed = value.get("bdata", value.get("value", value.get("buffer")))
    packed = packed.get("base64") if isinstance(packed, Mapping) else packed
    if not isinstance(packed, str):
        return dict(value) if not isinstance(packed, list) else packed
    try:
        kind = str(value["dtype"])
        found = np.frombuffer(base64.b64decode(packed, validate=True), dtype="<" + _KINDS.get(kind, kind))
        shape = value.get("shape")
        if shape is not None:
            found = found.reshape([int(n) for n in (shape.split(",") if isinstance(shape, str) else shape)])
    except (binascii.Error, ValueError, TypeError, KeyError):
        return dict(value)
    return [None if number != number else number for number in found.tolist()] if found.ndim == 1 else found.tolist()  # noqa: PLR0124


def unpacked(text: str) -> str:
    """Return a text, such as a figure written as HTML or JSON, with its packed numbers written out."""
    return _WRITTEN.sub(_written, text) if "bdata" in text else text


def _written(found: re.Match[str]) -> str:
    value = {key: part for key, part in found.groupdict().items() if part is not None}
    value["bdata"] = value["bdata"].replace(r"\u002f", "/").replace(r"\u002b", "+").replace(r"\u003d", "=")
    numbers = array(value)
    return str(numbers) if isinstance(numbers, list) else found[0]

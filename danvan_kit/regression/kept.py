"""In the kernel: what a notebook shows cut short (a table of 580 rows) is kept whole beside what it shows.

`install` adds to IPython's formatters; an output that is shown whole is left as it is. What is kept stands in the
output's metadata, where no reader sees it and no other tool looks.
"""

from __future__ import annotations

import base64
import csv
import gzip
import hashlib
import io
import re
import sys
from typing import Any

MOST = 60_000
"""Characters of packed content that an output may keep; above that its digest only."""
MANY = 300_000
"""Cells above which content is not written out, which takes a second a million: its numbers make the digest."""
_BUILTIN_CUT = 1000  # IPython's `max_seq_length`
_CATEGORICAL_CUT = 10  # pandas' own
_POLARS_CUT, _POLARS_WIDE = 8, 20  # polars' rows and columns; texts and lists are cut from 30 characters on, or sooner
_DIGITS = "%.15g"  # all that a float holds for certain: money in đồng has twelve digits before its decimals
_KINDS = {
    "pandas": ("DataFrame", "Series", "Index", "Categorical"),
    "pandas.core.frame": ("DataFrame",),
    "pandas.core.series": ("Series",),
    "pandas.core.indexes.base": ("Index",),
    "pandas.core.arrays.categorical": ("Categorical",),
    "polars.dataframe.frame": ("DataFrame",),
    "polars.series.series": ("Series",),
    "numpy": ("ndarray",),
    "builtins": ("list", "tuple", "dict", "set", "frozenset"),
}
_LONG = re.compile(r"\d+\.\d{9,}(?:e[+-]?\d+)?")


def install() -> bool:
    """Make this kernel keep whole what it shows cut short; return whether there is a kernel."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    if shell is None:
        return False
    formatter = shell.display_formatter.mimebundle_formatter
    for module, names in _KINDS.items():
        for name in names:
            formatter.for_type_by_name(module, name, whole)
    return True


def settle() -> None:
    """Let each of plotly's widgets say how it stands: of later changes the page only ever got the commands."""
    widgets, plotly = sys.modules.get("ipywidgets"), sys.modules.get("plotly.basewidget")
    if widgets is None or plotly is None:
        return
    for widget in list(widgets.Widget.widgets.values()):
        if isinstance(widget, plotly.BaseFigureWidget):
            figure = widget.to_dict()
            widget._widget_data, widget._widget_layout = figure["data"], figure["layout"]  # noqa: SLF001


def whole(shown: Any, include: Any = None, exclude: Any = None) -> tuple[dict[str, Any], dict[str, Any]] | None:  # noqa: ANN401, ARG001 - IPython's protocol
    """Return nothing more to show, and the whole content as metadata where IPython will cut it short.

    Parameters
    ----------
    shown
        A frame, series, array or built-in container.
    include, exclude
        IPython's; not used.
    """
    try:
        content = _content(shown)
    except Exception:  # noqa: BLE001 - an odd object must show itself as if we were not there
        return None
    if content is None:
        return None
    text, form = content
    if "digest" in form:
        return {}, {"danvan": {"kind": "table", **form}}
    short = _LONG.sub(lambda found: f"{float(found[0]):.12g}", text)  # last bits must not change a digest
    own: dict[str, Any] = {"kind": "table", **form, "digest": hashlib.sha256(short.encode()).hexdigest()[:16]}
    packed = base64.b64encode(gzip.compress(text.encode(), 9, mtime=0)).decode()
    return {}, {"danvan": own | ({"packed": packed} if len(packed) <= MOST else {})}


def _content(shown: Any) -> tuple[str, dict[str, Any]] | None:  # noqa: ANN401
    kinds = {"pandas": _pandas, "polars": _polars, "numpy": _array}
    modules = [kind.__module__.partition(".")[0] for kind in type(shown).__mro__]  # its own may only add to them
    return next((kinds[module] for module in modules if module in kinds), _built_in)(shown)


def _built_in(shown: Any) -> tuple[str, dict[str, Any]] | None:  # noqa: ANN401
    """Return a container line by line; a set in one order, for its own is another in each run."""
    if len(shown) > MANY:
        return None  # its elements may be anything, and of any size
    parts = list(shown.items() if isinstance(shown, dict) else shown)
    inner = [part for pair in parts for part in pair] if isinstance(shown, dict) else parts
    sized = (part for part in inner if isinstance(part, list | tuple | dict | set | frozenset))
    inside = [_cut(part) for part in inner]
    if len(parts) <= _BUILTIN_CUT and all(len(part) <= _BUILTIN_CUT for part in sized) and not any(inside):
        return None
    lines = list(map(repr, parts))
    if any(inside):  # one after the other, a dict's keys too
        lines = [text or repr(part) for part, text in zip(inner, inside, strict=True)]
    return "\n".join(sorted(lines) if isinstance(shown, set | frozenset) else lines), {"form": "text"}


def _cut(part: Any) -> str:  # noqa: ANN401
    """Return whole what stands cut short inside a container; nothing for what stands whole."""
    if type(part).__module__.partition(".")[0] not in {"pandas", "polars", "numpy"} or not getattr(part, "shape", ()):
        return ""
    text, form = _content(part) or ("", {})
    return text or str(form.get("digest", ""))


def _pandas(shown: Any) -> tuple[str, dict[str, Any]] | None:  # noqa: ANN401
    import pandas as pd  # noqa: PLC0415 - it is there already

    if isinstance(shown, pd.Index | pd.Categorical):
        most = pd.get_option("display.max_seq_items") if isinstance(shown, pd.Index) else _CATEGORICAL_CUT
        if not most or len(shown) <= most:
            return None
        return "\n".join(map(str, shown)), {"form": "text"}
    frame = shown if isinstance(shown, pd.DataFrame) else shown.to_frame()
    rows, columns, wide = (pd.get_option(f"display.{name}") for name in ("max_rows", "max_columns", "max_colwidth"))
    cut = (rows and len(frame) > rows) or (columns and frame.shape[1] > columns)
    if not cut and not (wide and _wider(frame, wide)):
        return None
    if frame.size > MANY:
        single = frame.astype(dict.fromkeys(frame.columns[frame.dtypes == "float64"], "float32"))  # last bits
        return "", _hashed(pd.util.hash_pandas_object(single).to_numpy(), list(map(str, frame.columns)))
    buffer = io.StringIO()
    frame.to_csv(buffer, float_format=_DIGITS, na_rep="NaN", lineterminator="\n")
    heads = frame.columns.nlevels + (1 if frame.columns.nlevels > 1 and any(frame.index.names) else 0)
    return buffer.getvalue(), {"form": "csv", "lead": frame.index.nlevels, "heads": heads}


def _wider(frame: Any, wide: int) -> bool:  # noqa: ANN401
    """Tell whether a cell is wider than pandas shows; columns by place, for several may have one name."""
    columns = (frame.iloc[:, n] for n in range(frame.shape[1]))
    texts = (column for column in columns if column.dtype.kind == "O" or str(column.dtype) in {"str", "string"})
    return any((column.astype(str).str.len() > wide).any() for column in texts)


def _polars(shown: Any) -> tuple[str, dict[str, Any]] | None:  # noqa: ANN401
    frame = shown.to_frame() if hasattr(shown, "to_frame") else shown
    if frame.height * frame.width > MANY:
        return "", _hashed(frame.write_csv(float_precision=9).encode())
    rows = [[_written(value) for value in row] for row in frame.rows()]
    if frame.height <= _POLARS_CUT >= frame.width and all(len(text) <= _POLARS_WIDE for row in rows for text in row):
        return None
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows([frame.columns, *rows])
    return buffer.getvalue(), {"form": "csv", "lead": 0, "heads": 1}


def _array(shown: Any) -> tuple[str, dict[str, Any]] | None:  # noqa: ANN401
    import numpy as np  # noqa: PLC0415 - it is there already

    if shown.size <= np.get_printoptions()["threshold"]:
        return None
    if shown.size > MANY:
        return "", _hashed(shown.astype("float32") if shown.dtype == "float64" else shown, str(shown.shape))
    rows = shown.reshape(len(shown), -1).tolist()
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows([_written(value) for value in row] for row in rows)
    return buffer.getvalue(), {"form": "csv", "lead": 0, "heads": 0}


def _hashed(content: Any, *more: object) -> dict[str, Any]:  # noqa: ANN401 - bytes or an array
    raw = content if isinstance(content, bytes) else content.tobytes()
    return {"digest": hashlib.sha256(raw + repr(more).encode()).hexdigest()[:16]}


def _written(value: Any) -> str:  # noqa: ANN401
    return _DIGITS % value if isinstance(value, float) else "null" if value is None else str(value)

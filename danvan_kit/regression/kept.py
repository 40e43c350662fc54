"""In the kernel: what a notebook shows cut short (a table of 580 rows) is kept whole beside what it shows.

`install` adds to IPython's formatters; an output that is shown whole is left as it is. What is kept stands in the
output's metadata, where no reader sees it and no other tool looks.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import sys
from typing import Any

MOST = 60_000
"""Characters of packed content that an output may keep; above that its digest only."""
_BUILTIN_CUT = 1000  # IPython's `max_seq_length`, numpy's `threshold`
_KINDS = {
    "pandas": ("DataFrame", "Series"),
    "pandas.core.frame": ("DataFrame",),
    "pandas.core.series": ("Series",),
    "polars.dataframe.frame": ("DataFrame",),
    "polars.series.series": ("Series",),
    "numpy": ("ndarray",),
    "builtins": ("list", "tuple", "dict", "set", "frozenset"),
}


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
    for widget in list(widgets.Widget.widgets.values()) if widgets and plotly else []:
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
    own: dict[str, Any] = {"kind": "table", **form, "digest": hashlib.sha256(text.encode()).hexdigest()[:16]}
    packed = base64.b64encode(gzip.compress(text.encode(), 9, mtime=0)).decode()
    return {}, {"danvan": own | ({"packed": packed} if len(packed) <= MOST else {})}


def _content(shown: Any) -> tuple[str, dict[str, Any]] | None:  # noqa: ANN401
    module = type(shown).__module__.partition(".")[0]
    if module == "pandas":
        return _pandas(shown)
    if module == "polars":
        return _polars(shown)
    if module == "numpy":
        return _array(shown)
    if len(shown) > _BUILTIN_CUT:
        return "\n".join(map(repr, shown.items() if isinstance(shown, dict) else shown)), {"form": "text"}
    return None


def _pandas(shown: Any) -> tuple[str, dict[str, Any]] | None:  # noqa: ANN401
    import pandas as pd  # noqa: PLC0415 - it is there already

    frame = shown if isinstance(shown, pd.DataFrame) else shown.to_frame()
    rows, columns, wide = (pd.get_option(f"display.{name}") for name in ("max_rows", "max_columns", "max_colwidth"))
    cut = (rows and len(frame) > rows) or (columns and frame.shape[1] > columns)
    if not cut and not (wide and any(_wider(frame[column], wide) for column in _texts(frame))):
        return None
    buffer = io.StringIO()
    frame.to_csv(buffer, float_format="%.9g", na_rep="NaN", lineterminator="\n")
    heads = frame.columns.nlevels + (1 if frame.columns.nlevels > 1 and any(frame.index.names) else 0)
    return buffer.getvalue(), {"form": "csv", "lead": frame.index.nlevels, "heads": heads}


def _texts(frame: Any) -> list[Any]:  # noqa: ANN401
    if not frame.columns.is_unique:
        return []
    return [column for column, dtype in frame.dtypes.items() if dtype.kind == "O" or str(dtype) in {"str", "string"}]


def _wider(column: Any, wide: int) -> bool:  # noqa: ANN401
    return bool((column.astype(str).str.len() > wide).any())


def _polars(shown: Any) -> tuple[str, dict[str, Any]] | None:  # noqa: ANN401
    frame = shown.to_frame() if hasattr(shown, "to_frame") else shown
    if frame.height <= 8 and frame.width <= 8:
        return None
    return frame.write_csv(float_precision=9, null_value="null"), {"form": "csv", "lead": 0, "heads": 1}


def _array(shown: Any) -> tuple[str, dict[str, Any]] | None:  # noqa: ANN401
    import numpy as np  # noqa: PLC0415 - it is there already

    if shown.size <= np.get_printoptions()["threshold"]:
        return None
    rows = shown.reshape(shown.shape[0] if shown.ndim > 1 else -1, -1) if shown.ndim > 1 else shown.reshape(-1, 1)
    written = "\n".join(",".join(f"{v:.9g}" if isinstance(v, float) else str(v) for v in row) for row in rows.tolist())
    return written, {"form": "csv", "lead": 0, "heads": 0}

"""Charts as pictures, where this computer has a browser to draw them; all of a document in one browser."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from typing import Any

from danvan_kit.views._shown import plain

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
"""Programs that can draw, in the order in which they are looked for."""
ASKED = "BROWSER_PATH"
"""The environment variable that names another one, as `kaleido` itself reads it; empty: none is used."""
WIDTH, SCALE = 720, 2
"""Pixels across a page, and how many of the file's make one of them."""


def browser() -> str | None:
    """Return the path of the browser that draws, or None."""
    if ASKED in os.environ:
        return os.environ[ASKED] or None
    if found := next((path for name in NAMES if (path := shutil.which(name))), None):
        return found
    from choreographer.browsers.chromium import Chromium  # noqa: PLC0415 - knows the usual places of each system

    return Chromium.find_browser(skip_local=False) or None


def draw(figures: Sequence[dict[str, Any]]) -> list[bytes | None]:
    """Return each figure as a PNG; None where there is no browser or it fails.

    Nothing is asked of the network: plotly.js comes from the installed package and no formulas are set.

    Parameters
    ----------
    figures
        Plain Plotly figures.
    """
    path = browser() if figures else None
    if path is None:
        return [None] * len(figures)
    import kaleido  # noqa: PLC0415 - the help of the command needs no browser

    try:
        kaleido.start_sync_server(path=path, mathjax=False, silence_warnings=True)
    except Exception:  # noqa: BLE001 - a browser that does not start fails in many ways; the table is shown then
        return [None] * len(figures)
    try:
        return [_drawn(kaleido, figure) for figure in figures]
    finally:
        kaleido.stop_sync_server(silence_warnings=True)


def _drawn(kaleido: Any, figure: dict[str, Any]) -> bytes | None:  # noqa: ANN401 - an untyped module
    kept = plain(figure)
    options = {"format": "png", "width": WIDTH, "height": kept["layout"].get("height", 460), "scale": SCALE}
    try:
        found: bytes = kaleido.calc_fig_sync(kept, opts=options)
    except Exception:  # noqa: BLE001 - as above
        return None
    return found

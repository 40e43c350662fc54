"""The explorer's piece of page: one thin widget, and a view in the forms that the page and the saved notebook take."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import anywidget

from danvan_kit.views import View
from danvan_kit.views._shown import plain

STATIC = Path(__file__).parents[1] / "static"


class Canvas(anywidget.AnyWidget):  # type: ignore[misc]
    """A widget without state: the page asks, the explorer answers with custom messages.

    Custom messages are not saved with the notebook, cost one message a change, and, unlike synced traits, come back
    with no echo and wait for no idle kernel.

    Parameters
    ----------
    describe
        Returns the controls and the present state, for a page that (re)appears.
    table
        Returns the present table, which the page asks for when the picture is drawn.
    choose
        Takes the choices that the reader set.
    record
        Takes a form with a finding.
    """

    # As texts: of a file anywidget tells each widget when it changes, and so keeps all widgets of a session alive.
    # The form for findings stands in front; a shared page, which has nobody to write to, does without.
    _esm = "".join((STATIC / f"{name}.js").read_text(encoding="utf-8") for name in ("finding", "explorer"))
    _css = "".join((STATIC / f"{name}.css").read_text(encoding="utf-8") for name in ("explorer", "finding"))

    def __init__(
        self,
        describe: Callable[[], dict[str, Any]],
        table: Callable[[], dict[str, Any] | None],
        choose: Callable[[dict[str, Any]], None],
        record: Callable[[dict[str, Any]], None],
    ) -> None:
        super().__init__()
        self._describe, self._table, self._choose, self._record = describe, table, choose, record
        self.pages = 0  # how many places show it now; an output that was cleared costs nothing any more
        self.on_msg(self._hear)

    def _hear(self, _: Any, message: dict[str, Any], __: Any) -> None:  # noqa: ANN401 - ipywidgets' callback
        if "set" in message:
            self._choose(message["set"])
        elif "finding" in message:
            self._record(message["finding"])
        elif message.get("ask") == "plotly":
            self.send({"kind": "plotly", "locale": texts()["locale"]}, [plotly_js()])
        elif message.get("ask") == "table":
            if table := self._table():
                self.send({"kind": "table", "table": table})
        elif "gone" in message:
            self.pages = max(0, self.pages - 1)
        elif message.get("ask") == "state":
            self.pages += 1
            self.send({"kind": "spec", **self._describe()})


@cache
def plotly_js() -> bytes:
    """Return plotly.js as plotly itself packages it."""
    return resources.files("plotly").joinpath("package_data", "plotly.min.js").read_bytes()


@cache
def texts() -> dict[str, Any]:
    """Return the words of the page: ``vi``, ``en``, and plotly's Vietnamese ``locale``."""
    loaded: dict[str, Any] = json.loads((STATIC / "explorer_text.json").read_text(encoding="utf-8"))
    return loaded


def page_view(view: View) -> dict[str, Any]:
    """Return a view as the page takes it, without its table, which follows (`table_of`)."""
    return {
        "title": view.title,
        "reading": view.reading,
        "sources": list(view.sources),
        "figure": plain(view.figure),
    }

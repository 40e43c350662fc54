"""What panels are made of: labelled boxes, lines that wrap, actions whose mistakes are one line, keys of their own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from html import escape

import anywidget
import ipywidgets as w

from danvan_kit.errors import DanvanError

PANEL = "dvf-panel"
"""The class of the widget whose keys are its own."""
WIDE, APART = {"description_width": "initial"}, "2px 16px 2px 2px"


def text(label: str, value: str, placeholder: str = "", width: str = "460px") -> w.Text:
    """Return a box for one line with its whole label."""
    layout = {"width": width, "margin": APART}
    return w.Text(value=value, description=label, placeholder=placeholder, style=WIDE, layout=layout)


def line(*parts: w.Widget) -> w.HBox:
    """Return widgets side by side, in more lines where they have no room."""
    return w.HBox(parts, layout={"flex_flow": "row wrap", "align_items": "center", "width": "100%"})


def put(widget: w.HTML, html: str) -> None:
    """Show HTML; an empty one takes no room."""
    widget.value, widget.layout.display = html, "" if html else "none"


def guarded(action: Callable[[], object], busy: threading.Lock, error: w.HTML, lang: str) -> None:
    """Do what a control asks for; what goes wrong is one line in the page.

    Parameters
    ----------
    action
        What is asked for; not done while `busy` is held: a control that an action itself moved, or a second click.
    busy
        The panel's lock.
    error
        Where the line is shown; emptied first.
    lang
        Language of the line.
    """
    if not busy.acquire(blocking=False):
        return
    try:
        put(error, "")
        action()
    except DanvanError as err:
        _tell(error, str(getattr(err, lang)))
    except Exception as err:  # noqa: BLE001 - whoever reads it cannot use a traceback
        _tell(error, f"{type(err).__name__}: {err}")
    finally:
        busy.release()


def _tell(error: w.HTML, told: str) -> None:
    put(error, f'<p role="alert" style="color:#b3261e"><b>{escape(" ".join(told.split()))}</b></p>')


class OwnKeys(anywidget.AnyWidget):  # type: ignore[misc]
    """An invisible part of a widget of class `PANEL` that keeps the notebook's one-key commands out of it.

    In JupyterLab a plain "d", "d" on a drop-down would delete the cell.

    Keys with Ctrl, Alt or Cmd, such as Ctrl + S, remain the notebook's.
    """

    # JupyterLab listens at the document; the window hears a key before it. It asks the focused element first, so the
    # mark must stand there.
    _esm = f"""
    export default {{
      render({{ el }}) {{
        const end = new AbortController();
        const own = (event) => el.closest(".{PANEL}")?.contains(event.target) && event.target.toggleAttribute(
          "data-lm-suppress-shortcuts", !(event.ctrlKey || event.metaKey || event.altKey));
        window.addEventListener("keydown", own, {{ capture: true, signal: end.signal }});
        return () => end.abort();
      }},
    }};
    """

"""Keys pressed inside a widget stay there: in JupyterLab a plain "d", "d" on a drop-down would delete the cell."""

from __future__ import annotations

import anywidget

PANEL = "dvf-panel"
"""The class of the widget whose keys are its own."""


class OwnKeys(anywidget.AnyWidget):  # type: ignore[misc]
    """An invisible part of a widget of class `PANEL` that keeps the notebook's one-key commands out of it.

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

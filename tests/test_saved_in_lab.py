"""A notebook that a person ran and saved in JupyterLab comes out as saved, with its widgets and explorers."""

from __future__ import annotations

import json
import time

import nbformat
import pytest
from browser import TOKEN, browsing, chromium, jupyter, notebook, run_all
from regression import TESTS, changed

import danvan_kit as dk

IMPORTS = """
import danvan_kit as dk, pandas as pd, ipywidgets as w, plotly.graph_objects as go
from explorer_world import squares, world
from IPython.display import display
"""
CELLS = (
    IMPORTS,
    "pd.DataFrame({'cuộc': range(580)})",
    "pd.DataFrame({'a': [1.5, 2]}).style.format(precision=2)",
    "w.VBox([w.IntSlider(3, description='Năm'), w.Dropdown(options=['một', 'hai'], value='hai'), w.Text('chữ')])",
    "out = w.Output()\nwith out:\n    print('trong khung')\nout",
    "w.interactive(lambda n: print('n =', n), n=w.IntSlider(4))",
    "go.FigureWidget(go.Bar(x=['a', 'b'], y=[31, 5]))",
    "handle = display('tạm', display_id=True); handle.update('xong')",
    "dk.explore(squares, world())",
)
SAVE_WIDGETS = "settings/@jupyter-widgets/jupyterlab-manager/plugin.jupyterlab-settings"


@pytest.mark.parametrize("widgets", [True, False], ids=["with widgets", "without widgets"])
def test_a_notebook_saved_in_jupyterlab_comes_out_as_saved(tmp_path, monkeypatch, widgets):
    chromium()
    monkeypatch.setenv("PYTHONPATH", str(TESTS))
    path = notebook(tmp_path / "book.ipynb", *CELLS)
    (tmp_path / SAVE_WIDGETS).parent.mkdir(parents=True)
    (tmp_path / SAVE_WIDGETS).write_text(json.dumps({"saveState": widgets}), encoding="utf-8")
    with jupyter("lab", tmp_path) as base, browsing() as page:
        page.goto(f"{base}/doc/tree/book.ipynb?token={TOKEN}")
        run_all(page)
        page.wait_for_function(
            "document.querySelectorAll('.jp-Notebook .js-plotly-plot .main-svg').length >= 2", timeout=90_000
        )
        for _ in range(100):
            page.evaluate("window.jupyterapp.commands.execute('docmanager:save')")
            time.sleep(0.3)
            saved = nbformat.read(path, 4)
            if all(cell.execution_count for cell in saved.cells):
                break
    assert ("widgets" in saved.metadata) is widgets
    found = dk.verify([path])
    assert "\n".join(line.text("en") for line in found.lines if line.kind != "note") == ""
    notes = " ".join(line.text("en") for line in found.lines)
    assert "saved while open, so without hidden states" in notes
    assert ("what the widgets hold was not saved" in notes) is not widgets
    changed(path, "IntSlider(3", "IntSlider(5")
    changed(path, "range(580)", "[*range(300), 7, *range(301, 580)]")
    said = [line.text("en") for line in dk.verify([path]).lines if line.kind == "differs"]
    assert any("table, 300, cuộc: 300 → 7" in text for text in said)
    assert any("3 → 5" in text for text in said)  # without its state, a widget still says its value as text

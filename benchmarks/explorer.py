"""Time from a change on a control to the new picture: the explorer beside plotly's FigureWidget.

Run ``python benchmarks/explorer.py [changes]``. Starts JupyterLab and a headless Chromium; both sides show the same
view in one notebook and take turns, so that a busy machine slows both. A change is the indicator's drop-down. The clock
runs in the page, from the control's event to plotly's ``afterplot`` and the next frame. FigureWidget gets each new
picture with one ``batch_update``; the explorer also rewrites title, sentence and, once the clock stopped, the table.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))
from browser import TOKEN, browsing, jupyter, notebook, run_all  # noqa: E402

SETUP = f"""
import danvan_kit as dk
import ipywidgets, plotly.graph_objects as go
review = dk.load({str(ROOT / "data")!r})
view = dk.views.compare
first = view(review, year=2019).figure
# FigureWidget cannot change the number of traces in a batch: only indicators whose picture has as many.
rows = review.indicators[review.indicators["levels"].str.contains("commune")].iterrows()
choices = [(row["label_vi"], i) for i, row in rows]
choices = [c for c in choices if len(view(review, indicator=c[1], year=2019).figure["data"]) == len(first["data"])][:8]
"""
OURS = "dk.explore(view, review, year=2019)"
THEIRS = """
figure = go.FigureWidget(first)
figure.update_layout(template="none", width=800)  # the same picture: no template, about as wide as the explorer's
control = ipywidgets.Dropdown(options=choices, value=view.__kwdefaults__["indicator"])
def follow(change):
    new = view(review, indicator=change["new"], year=2019).figure
    with figure.batch_update():
        for old, trace in zip(figure.data, new["data"]):
            old.update(trace)
        figure.layout.update(new["layout"])
control.observe(follow, names="value")
ipywidgets.VBox([control, figure])
"""
# Clocks one change: picks the option by its text, waits for the picture and the frame after it.
CLOCK = """
([root, text]) => new Promise((done, fail) => {
  const box = document.querySelector(root);
  const plot = box.querySelector(".js-plotly-plot");
  const option = [...box.querySelectorAll("option")].find((o) => o.text.replace(/\u00a0/g, " ") === text);
  const select = option.closest("select");
  select.value = option.value;
  setTimeout(() => fail(new Error("no picture after " + text)), 10000);
  plot.once("plotly_afterplot", () => requestAnimationFrame(() => done(performance.now() - start)));
  const start = performance.now();
  select.dispatchEvent(new Event("change", { bubbles: true }));
})
"""
CELLS = {"explorer": ".jp-Cell[data-windowed-list-index='1']", "FigureWidget": ".jp-Cell[data-windowed-list-index='2']"}


def measure(changes: int) -> dict[str, list[float]]:
    """Return milliseconds per change and side."""
    times: dict[str, list[float]] = {name: [] for name in CELLS}
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        notebook(folder / "bench.ipynb", SETUP, OURS, THEIRS)
        with jupyter("lab", folder) as base, browsing(1400, 1800) as page:
            page.goto(f"{base}/doc/tree/bench.ipynb?token={TOKEN}")
            run_all(page)
            for cell in CELLS.values():
                page.wait_for_selector(f"{cell} .js-plotly-plot .main-svg", timeout=60_000)
            page.wait_for_timeout(1500)
            options = page.locator(f"{CELLS['FigureWidget']} select option").all_inner_texts()
            options = [text.replace("\u00a0", " ") for text in options]
            for turn in range(changes + 3):
                for name, cell in CELLS.items():
                    took = page.evaluate(CLOCK, [cell, options[(turn + 1) % len(options)]])
                    page.wait_for_timeout(250)
                    if turn >= 3:  # the first turns warm both up
                        times[name].append(took)
    return times


def main() -> None:
    changes = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    times = measure(changes)
    middle = {name: statistics.median(taken) for name, taken in times.items()}
    print(f"{'':14}{'median ms':>12}{'p95 ms':>12}{'changes':>12}")
    for name, taken in times.items():
        print(f"{name:14}{middle[name]:12.0f}{statistics.quantiles(taken, n=20)[-1]:12.0f}{len(taken):12}")
    print(f"ratio of medians {middle['explorer'] / middle['FigureWidget']:.2f}")


if __name__ == "__main__":
    main()

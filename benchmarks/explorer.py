"""Time from a change on a control to the new picture, the first picture after "Run all", and the size of a notebook.

The explorer beside plotly's FigureWidget, a new figure in an Output widget, and Panel; all show the same view. They
stand in one notebook and take turns, so that a busy machine slows all; a change is the indicator's drop-down. The clock
runs in the page: from the control's event to the first frame in which the drawn picture differs. FigureWidget gets each
new picture with one ``batch_update``. The shared page (frozen) is opened from a file, with no server, after that.

Run ``python benchmarks/explorer.py [changes]``; needs ``benchmarks/requirements.txt``.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from budget import Line

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))
from browser import TOKEN, browsing, jupyter, notebook, ready, run_all  # noqa: E402

OURS, WIDGET, OUTPUT, PANEL, FIGURE = "explorer", "FigureWidget", "new figure in Output", "Panel", "plain figure"
SETUP = f"""
import danvan_kit as dk
review = dk.load({str(ROOT / "data")!r})
view = dk.views.compare
"""
# FigureWidget cannot change the number of traces in a batch: only indicators whose picture has as many.
CHOICES = """
import ipywidgets, plotly.graph_objects as go
first = view(review, year=2019).figure
start = view.__kwdefaults__["indicator"]
rows = review.indicators[review.indicators["levels"].str.contains("commune")].iterrows()
choices = [(row["label_vi"], i) for i, row in rows]
choices = [c for c in choices if len(view(review, indicator=c[1], year=2019).figure["data"]) == len(first["data"])][:8]
def plain(indicator):  # the same picture: no template, about as wide as the explorer's
    return go.Figure(view(review, indicator=indicator, year=2019).figure).update_layout(template="none", width=800)
"""
CELLS = {
    OURS: "dk.explore(view, review, year=2019)",
    WIDGET: """
figure = go.FigureWidget(first)
figure.update_layout(template="none", width=800)
control = ipywidgets.Dropdown(options=choices, value=start)
def follow(change):
    new = view(review, indicator=change["new"], year=2019).figure
    with figure.batch_update():
        for old, trace in zip(figure.data, new["data"]):
            old.update(trace)
        figure.layout.update(new["layout"])
control.observe(follow, names="value")
ipywidgets.VBox([control, figure])
""",
    OUTPUT: """
box, chosen = ipywidgets.Output(), ipywidgets.Dropdown(options=choices, value=start)
def draw(change):
    with box:
        box.clear_output(wait=True)
        display(plain(change["new"]))
chosen.observe(draw, names="value")
draw({"new": start})
ipywidgets.VBox([chosen, box])
""",
    PANEL: """
import panel as pn
pn.extension("plotly", inline=True)  # else it asks a CDN
select = pn.widgets.Select(options=dict(choices), value=start)
pn.Column(select, pn.pane.Plotly(pn.bind(plain, select)))
""",
}
# What is drawn in a box (Panel draws inside shadow roots), and the way to its drop-down.
SEEN = """
window.inside = function* (box) {
  for (const node of box.querySelectorAll("*")) {
    yield node;
    if (node.shadowRoot) yield* inside(node.shadowRoot);
  }
};
window.drawn = (box) => {
  const paths = [];
  for (const node of box ? inside(box) : []) {
    if (node.matches(".point path, g.xtick text")) paths.push(node.getAttribute("d") ?? node.textContent);
  }
  return paths.length ? paths.join() : null;
};
"""
# Clocks one change: picks the option by its text, waits for the first frame in which the picture is another one.
CLOCK = """
([root, text]) => new Promise((done, fail) => {
  const box = document.querySelector(root);
  let option;
  for (const node of inside(box)) {
    if (node.matches("option") && node.text.replace(/\\u00a0/g, " ") === text) option = node;
  }
  const select = option.closest("select"), before = drawn(box);
  const look = (now) => {
    const seen = drawn(box);
    if (seen !== null && seen !== before) return requestAnimationFrame(() => done(performance.now() - start));
    if (now - start > 10000) return fail(new Error("no new picture after " + text));
    requestAnimationFrame(look);
  };
  select.value = option.value;
  const start = performance.now();
  select.dispatchEvent(new Event("change", { bubbles: true }));
  requestAnimationFrame(look);
})
"""


def cell(n: int) -> str:
    return f".jp-Cell[data-windowed-list-index='{n}']"


def options(page: Any, root: str) -> list[str]:
    """Return the texts of the first drop-down that has as many indicators as the picture's rivals."""
    page.wait_for_function("(root) => window.drawn && drawn(document.querySelector(root))", arg=root, timeout=90_000)
    return [text.replace("\u00a0", " ") for text in page.locator(f"{root} select option").all_inner_texts()]


def turns(page: Any, roots: dict[str, str], choices: list[str], changes: int) -> dict[str, list[float]]:
    """Return milliseconds of each change; the sides take turns, the first three turns warm them up."""
    times: dict[str, list[float]] = {name: [] for name in roots}
    for turn in range(changes + 3):
        for name, root in roots.items():
            took = page.evaluate(CLOCK, [root, choices[(turn + 1) % len(choices)]])
            page.wait_for_timeout(300)
            if turn >= 3:
                times[name].append(took)
    return times


def live(changes: int) -> tuple[dict[str, list[float]], list[str]]:
    """Return milliseconds per change and side in JupyterLab, and the choices."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        notebook(folder / "bench.ipynb", SETUP + CHOICES, *CELLS.values())
        with jupyter("lab", folder) as base, browsing(1400, 5000) as page:
            page.goto(f"{base}/doc/tree/bench.ipynb?token={TOKEN}")
            run_all(page)
            page.evaluate(SEEN)
            roots = {name: cell(n + 1) for n, name in enumerate(CELLS)}
            for root in roots.values():
                options(page, root)
            page.wait_for_timeout(2000)
            choices = options(page, roots[WIDGET])
            return turns(page, roots, choices, changes), choices


def frozen(choices: list[str], changes: int) -> list[float]:
    """Return milliseconds per change on the shared page."""
    from danvan_kit.pages import publish

    with tempfile.TemporaryDirectory() as made, browsing(1400, 1800) as page:
        publish([notebook(Path(made) / "page.ipynb", SETUP, CELLS[OURS])], to=made, single_file=True)
        page.goto((Path(made) / "page.html").as_uri())
        page.evaluate(SEEN)
        options(page, ".dvk")
        return turns(page, {"frozen": ".dvk"}, choices, changes)["frozen"]


# From the order to run all to the first picture; what runs all answers only when the last cell has ended.
FIRST = """
(root) => new Promise((done, fail) => {
  const start = performance.now();
  window.jupyterapp.commands.execute("notebook:run-all-cells");
  const look = (now) => {
    if (drawn(document.querySelector(root))) return done(now - start);
    if (now - start > 60000) return fail(new Error("no first picture"));
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})
"""


def opened(sides: dict[str, str], rounds: int = 3) -> dict[str, tuple[float, float]]:
    """Return by side the median seconds from "Run all" to the first picture and the MB of the saved notebook."""
    found: dict[str, tuple[float, float]] = {}
    for name, code in sides.items():
        taken, big = [], 0.0
        for _ in range(rounds):
            with tempfile.TemporaryDirectory() as made:
                folder = Path(made)
                book = notebook(folder / "one.ipynb", SETUP + ("" if name == OURS else CHOICES), code)
                with jupyter("lab", folder) as base, browsing(1400, 1800) as page:
                    page.goto(f"{base}/doc/tree/one.ipynb?token={TOKEN}")
                    ready(page)
                    page.evaluate(SEEN)
                    taken.append(page.evaluate(FIRST, cell(1)) / 1000)
                    page.wait_for_timeout(2000)
                    page.evaluate("window.jupyterapp.commands.execute('docmanager:save')")
                    page.wait_for_timeout(1500)
                big = book.stat().st_size / 1e6
        found[name] = statistics.median(taken), big
    return found


def compared() -> Iterator[Line]:
    """Yield the lines with budgets."""
    times, choices = live(30)
    middle = {name: statistics.median(taken) for name, taken in times.items()}
    for name in (WIDGET, OUTPUT, PANEL):
        limit = 0.5 if name == WIDGET else None
        yield Line("a change, live, to the new picture", middle[OURS], "ms", name, middle[name], limit)
    shared = statistics.median(frozen(choices, 30))
    yield Line("a change on the shared page", shared, "ms", limit=50)
    yield Line("a change on the shared page", shared, "ms", WIDGET, middle[WIDGET])
    first = opened(CELLS | {FIGURE: "plain(start)"})
    for name in (WIDGET, OUTPUT, PANEL, FIGURE):
        yield Line("first picture after Run all", first[OURS][0], "s", name, first[name][0])
    for name in (PANEL, FIGURE):  # of the two others nothing can be seen in a saved notebook
        yield Line("saved notebook with one explorer", 1000 * first[OURS][1], "kB", name, 1000 * first[name][1])


def main() -> None:
    """Print one table of the live changes."""
    times, choices = live(int(sys.argv[1]) if len(sys.argv) > 1 else 30)
    times["frozen"] = frozen(choices, 30)
    print("| | median ms | p95 ms | changes |\n|---|---|---|---|")
    for name, taken in times.items():
        p95 = statistics.quantiles(taken, n=20)[-1]
        print(f"| {name} | {statistics.median(taken):.0f} | {p95:.0f} | {len(taken)} |")


if __name__ == "__main__":
    main()

"""Time from a change on a control to the new picture, the first picture after "Run all", and the size of a notebook.

The explorer beside plotly's FigureWidget, a new figure in an Output widget, and Panel; all show the same view, each in
a notebook and a page of its own. They take turns, so that a busy machine slows all; a change is the indicator's
drop-down. The clock runs in the page: from the control's event to the frame that shows another picture.
FigureWidget gets each new picture with one ``batch_update``. The shared page is opened from a file, with no server.

Run ``python benchmarks/explorer.py [changes]``; needs ``benchmarks/requirements.txt``.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from budget import Line

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))
from browser import TOKEN, browsing, jupyter, notebook, ready  # noqa: E402

CELL = ".jp-Cell[data-windowed-list-index='1']"
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
# Clocks one change: picks the option by its text, waits for another picture and the frame that shows it.
CLOCK = """
([root, text]) => new Promise((done, fail) => {
  const box = document.querySelector(root), before = drawn(box), boxes = [box];
  let option;
  for (const node of inside(box)) {
    if (node.matches("option") && node.text.replace(/\\u00a0/g, " ") === text) option = node;
    if (node.shadowRoot) boxes.push(node.shadowRoot);
  }
  const late = setTimeout(() => fail(new Error("no new picture after " + text)), 10000);
  const watch = new MutationObserver(() => {
    const seen = drawn(box);
    if (seen === null || seen === before) return;
    watch.disconnect();
    clearTimeout(late);
    requestAnimationFrame(() => done(performance.now() - start));
  });
  const all = { subtree: true, childList: true, attributes: true, characterData: true };
  for (const one of boxes) watch.observe(one, all);
  const select = option.closest("select");
  select.value = option.value;
  const start = performance.now();
  select.dispatchEvent(new Event("change", { bubbles: true }));
})
"""
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


ROUNDS = 3


@dataclass
class Session:
    """What was measured of each side: ms of the changes, s until the first picture, MB of the saved notebook."""

    changes: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    first: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    saved: dict[str, float] = field(default_factory=dict)
    choices: list[str] = field(default_factory=list)


def choices(page: Any, root: str) -> list[str]:
    """Return the texts of the drop-downs once there is a picture."""
    page.wait_for_function("(root) => window.drawn && drawn(document.querySelector(root))", arg=root, timeout=90_000)
    return [text.replace("\u00a0", " ") for text in page.locator(f"{root} select option").all_inner_texts()]


def change(page: Any, root: str, texts: list[str], turn: int) -> float:
    """Return the milliseconds of one change."""
    took = page.evaluate(CLOCK, [root, texts[(turn + 1) % len(texts)]])
    page.wait_for_timeout(250)
    return float(took)


def live(changes: int, found: Session) -> None:
    """Open each side in JupyterLab and change it; the first three turns warm up."""
    sides = CELLS | {FIGURE: "plain(start)"}
    with tempfile.TemporaryDirectory() as made, jupyter("lab", Path(made)) as base, browsing(1400, 1000) as first:
        pages = {name: first.context.browser.new_page(viewport={"width": 1400, "height": 1000}) for name in sides}
        for n, (name, page) in enumerate(pages.items()):
            notebook(Path(made) / f"{n}.ipynb", SETUP + ("" if name == OURS else CHOICES), sides[name])
            page.goto(f"{base}/doc/tree/{n}.ipynb?token={TOKEN}")
            ready(page)
            page.evaluate(SEEN)
            found.first[name].append(page.evaluate(FIRST, CELL) / 1000)
            page.wait_for_timeout(2000)
            page.evaluate("window.jupyterapp.commands.execute('docmanager:save')")
            page.wait_for_timeout(1500)
            found.saved[name] = (Path(made) / f"{n}.ipynb").stat().st_size / 1e6
        found.choices = choices(pages[WIDGET], CELL)
        for turn in range(changes + 3):
            for name in CELLS:
                took = change(pages[name], CELL, found.choices, turn)
                found.changes[name] += [took] * (turn >= 3)


def frozen(texts: list[str], changes: int) -> list[float]:
    """Return milliseconds per change on the shared page."""
    from danvan_kit.pages import publish

    with tempfile.TemporaryDirectory() as made, browsing(1400, 1000) as page:
        publish([notebook(Path(made) / "page.ipynb", SETUP, CELLS[OURS])], to=made, single_file=True)
        page.goto((Path(made) / "page.html").as_uri())
        page.evaluate(SEEN)
        choices(page, ".dvk")
        return [change(page, ".dvk", texts, turn) for turn in range(changes + 3)][3:]


def measured(changes: int) -> Session:
    """Return what several sessions gave together."""
    found = Session()
    for _ in range(ROUNDS):
        live(changes // ROUNDS, found)
    found.changes["shared page"] = frozen(found.choices, changes)
    return found


def compared() -> Iterator[Line]:
    """Yield the lines with budgets."""
    found = measured(30)
    middle = {name: statistics.median(taken) for name, taken in found.changes.items()}
    first = {name: statistics.median(taken) for name, taken in found.first.items()}
    for name in (WIDGET, OUTPUT, PANEL):
        limit = 0.5 if name == WIDGET else None
        yield Line("a change, live, to the new picture", middle[OURS], "ms", name, middle[name], limit)
    yield Line("a change on the shared page", middle["shared page"], "ms", limit=50)
    yield Line("a change on the shared page", middle["shared page"], "ms", WIDGET, middle[WIDGET])
    for name in (WIDGET, OUTPUT, PANEL, FIGURE):
        yield Line("first picture after Run all", first[OURS], "s", name, first[name])
    for name in (PANEL, FIGURE):  # of the two others nothing can be seen in a saved notebook
        yield Line("saved notebook with one explorer", 1000 * found.saved[OURS], "kB", name, 1000 * found.saved[name])


def main() -> None:
    """Print one table of the changes."""
    found = measured(int(sys.argv[1]) if len(sys.argv) > 1 else 30)
    print("| | median ms | p95 ms | changes |\n|---|---|---|---|")
    for name, taken in found.changes.items():
        p95 = statistics.quantiles(taken, n=20)[-1]
        print(f"| {name} | {statistics.median(taken):.0f} | {p95:.0f} | {len(taken)} |")


if __name__ == "__main__":
    main()

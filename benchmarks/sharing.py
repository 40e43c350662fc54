"""Three explorers shared as one file: the kit's page, nbconvert with plotly's notebook renderer, Panel's `embed`.

The same three views (trend, completeness, drill-down) with the same controls, one after the other in one run, then
opened in Chromium with the network cut. nbconvert gets ipywidgets' drop-downs beside `figure.show("notebook")`
(`interact` hangs in nbclient now and then: its issue 312); Panel embeds as many states as `STATES`; the kit's page
holds all. Needs Panel (`benchmarks/requirements.txt`).

    python benchmarks/sharing.py
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from budget import Line

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

import nbformat  # noqa: E402
import pages  # noqa: E402
from browser import browsing, notebook  # noqa: E402
from nbclient import NotebookClient  # noqa: E402
from nbconvert import HTMLExporter  # noqa: E402

from danvan_kit.pages import publish  # noqa: E402

STATES = 100
VIEWS = {
    "trend": "dict(indicator=indicators, area=areas)",
    "completeness": "dict(area=areas, year=list(review.years))",
    "drilldown": "dict(indicator=indicators, area=areas)",
}
LOAD = f"import danvan_kit as dk\nreview = dk.load({str(ROOT / 'data')!r})"
CHOICES = "indicators, areas = list(review.indicators.index), review.areas.ids"
SHOW = "go.Figure(getattr(dk.views, name)(review, **chosen).figure)"
INTERACT = """
import ipywidgets, plotly.graph_objects as go
{choices}
for name, given in {views}:
    display(ipywidgets.HBox([ipywidgets.Dropdown(options=values, description=key) for key, values in given.items()]))
    chosen = {{key: values[0] for key, values in given.items()}}
    {show}.show("notebook")
"""
PANEL = """
import panel as pn, plotly.graph_objects as go
pn.extension("plotly")
{choices}
column = pn.Column()
for name, given in {views}:
    controls = {{key: pn.widgets.Select(name=key, options=values[:10]) for key, values in given.items()}}
    def show(name=name, **chosen):
        try:
            return pn.pane.Plotly({show})
        except dk.DanvanError as refusal:
            return str(refusal)
    column.append(pn.Column(*controls.values(), pn.bind(show, name=name, **controls)))
column.save({out!r}, embed=True, max_states={states}, max_opts=10, resources="inline", progress=False)
"""
PLOTS = "document.querySelectorAll('.js-plotly-plot').length"


def listed() -> str:
    return "[" + ", ".join(f"({name!r}, {given})" for name, given in VIEWS.items()) + "]"


def with_kit(home: Path) -> Path:
    book = notebook(home / "kit.ipynb", LOAD, *(f"dk.explore(dk.views.{name}, review)" for name in VIEWS))
    publish([book], to=home, single_file=True, in_place=True)
    return home / "kit.html"


def states_of(home: Path) -> int:
    """Return how many states the kit's page holds, as its notebook says."""
    cells = json.loads((home / "kit.ipynb").read_text(encoding="utf-8"))["cells"]
    held = [output.get("metadata", {}).get("danvan", {}) for cell in cells for output in cell["outputs"]]
    return sum(shown.get("states", 0) for shown in held)


def with_nbconvert(home: Path) -> Path:
    book = notebook(home / "nb.ipynb", LOAD, INTERACT.format(choices=CHOICES, views=listed(), show=SHOW))
    ran = nbformat.read(book, 4)
    NotebookClient(ran, timeout=600, resources={"metadata": {"path": str(home)}}).execute()
    (home / "nb.html").write_text(HTMLExporter().from_notebook_node(ran)[0], encoding="utf-8")
    return home / "nb.html"


def with_panel(home: Path) -> Path:
    out = home / "panel.html"
    code = PANEL.format(choices=CHOICES, views=listed(), show=SHOW, out=str(out), states=STATES)
    exec(compile(LOAD + code, "panel", "exec"), {})  # noqa: S102 - the code above
    return out


def seen(path: Path) -> tuple[int, int, int, float]:
    """Open a page offline: outside requests, charts drawn, controls that change a picture, median ms of a change."""
    with browsing() as page:
        noticed = pages.open_offline(page, path)
        page.wait_for_timeout(12_000)
        drawn = pages.charts_drawn(page)[0]
        alive, took = 0, []
        for select in page.locator("select").all():
            if not (select.is_visible() and select.is_enabled()) or select.locator("option").count() < 2:
                continue
            before = page.evaluate("document.body.innerText + document.querySelectorAll('path').length")
            select.select_option(index=select.locator("option").count() // 2)
            page.wait_for_timeout(1500)
            after = page.evaluate("document.body.innerText + document.querySelectorAll('path').length")
            alive += before != after
        took = page.evaluate(CLOCK) if page.locator(".dvk").count() else []
        return len(noticed.abroad), drawn, alive, statistics.median(took) if took else 0.0


# 40 changes of the first explorer's indicator, from the control's event to the frame after plotly has drawn.
CLOCK = """async () => {
  const box = document.querySelector(".dvk");
  const [plot, select] = [box.querySelector(".js-plotly-plot"), box.querySelector("select")];
  const took = [];
  for (let i = 0; i < 40; i += 1) {
    await new Promise((resolve) => setTimeout(resolve, 120));
    select.value = String(i % select.options.length);
    const start = performance.now();
    await new Promise((done) => {
      plot.once("plotly_afterplot", () => requestAnimationFrame(done));
      select.dispatchEvent(new Event("change", { bubbles: true }));
    });
    took.push(performance.now() - start);
  }
  return took;
}"""


WAYS = {"danvan publish": with_kit, "nbconvert": with_nbconvert, "Panel embed": with_panel}


def compared() -> Iterator[Line]:
    """Yield the lines of the table of all comparisons."""
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        for name, make in WAYS.items():
            start = time.perf_counter()
            path = make(home)
            found[name] = time.perf_counter() - start, path.stat().st_size / 1e6
        states = states_of(home)
    ours, panel = found["danvan publish"], found["Panel embed"]
    thousands, few = states / 1000, len(VIEWS) * STATES / 1000
    yield Line("a thousand states in a page: time", ours[0] / thousands, "s", "Panel embed", panel[0] / few)
    yield Line(
        "a thousand states in a page: size", 1000 * ours[1] / thousands, "kB", "Panel embed", 1000 * panel[1] / few
    )
    yield Line(
        f"the page of three explorers ({states:,} states)", ours[1], "MB", "nbconvert, no states", found["nbconvert"][1]
    )


def main() -> None:
    heads = "way", "s", "MB", "states", "outside requests", "charts drawn of 3", "controls alive", "ms a change"
    print("| " + " | ".join(heads) + " |\n|" + "---|" * len(heads))
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        states = {"danvan publish": "all", "nbconvert": "1", "Panel embed": f"{STATES} at most each"}
        for name, make in WAYS.items():
            start = time.perf_counter()
            path = make(home)
            took = time.perf_counter() - start
            asked, drawn, alive, change = seen(path)
            cells = (
                name,
                f"{took:.0f}",
                f"{path.stat().st_size / 1e6:.1f}",
                states[name],
                asked,
                drawn,
                alive,
                f"{change:.0f}",
            )
            print("| " + " | ".join(map(str, cells)) + " |", flush=True)


if __name__ == "__main__":
    main()

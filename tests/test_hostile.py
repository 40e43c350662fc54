"""Nothing hostile runs, live in JupyterLab or in a published page; nothing private is in a page."""

from __future__ import annotations

import json
import re
import secrets

import nbformat
import pages
import pytest
from browser import TOKEN, browsing, chromium, jupyter, notebook, run_all
from hostile import CELLS, PAYLOADS

from danvan_kit.explorer.unpack import unpack
from danvan_kit.pages import publish

WATCH = "globalThis.planted = () => { globalThis.ran = (globalThis.ran ?? 0) + 1 }"


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    chromium()
    home = tmp_path_factory.mktemp("hostile")
    book = notebook(home / "book.ipynb", *CELLS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", __file__.rsplit("/", 1)[0])
        publish([book], to=home / "folder", in_place=True)
    publish([book], to=home / "single", as_saved=True, single_file=True)
    return home


def _poke(page):
    """Do what a reader does: choose each option, hover and click pictures, search, open everything."""
    for select in page.locator(".dvk select:enabled").all()[:24]:
        values = select.locator("option").all()
        if len(values) > 1:
            select.select_option(index=1)
    for box in page.locator(".dvk-search input").all():
        box.fill("quan")
        page.keyboard.press("Enter")
    for plot in page.locator(".js-plotly-plot").all():
        place = plot.bounding_box()
        if place:
            plot.scroll_into_view_if_needed()
            place = plot.bounding_box()
            for part in (0.3, 0.5, 0.7):
                page.mouse.move(place["x"] + place["width"] * part, place["y"] + place["height"] * part)
                page.wait_for_timeout(60)


@pytest.mark.parametrize("place", ["folder/book.html", "single/book.html", "folder/index.html"])
def test_no_payload_runs_or_asks_anything_in_a_page(published, place):
    with browsing() as page:
        page.context.add_init_script(WATCH)
        page.on("dialog", lambda dialog: pytest.fail(dialog.message))
        seen = pages.open_offline(page, published / place)
        if "book" in place:
            pages.wait_for(page, "document.querySelectorAll('.js-plotly-plot .main-svg').length >= 33")
        _poke(page)
        assert page.evaluate("globalThis.ran ?? 0") == 0
        assert seen.trouble == []
        assert (
            page.evaluate("document.querySelectorAll('img[src=x], iframe, [onload], [onerror], [ontoggle]').length")
            == 0
        )
        assert page.url.startswith("file:")


def test_the_payloads_are_there_to_be_read(published):
    with browsing() as page:
        pages.open_offline(page, published / "folder" / "book.html")
        pages.wait_for(page, "document.querySelectorAll('.dvk-rows tbody tr').length > 8")
        text = page.evaluate("document.body.textContent")
        assert all(payload in text for payload in PAYLOADS[:4])  # as text, in a title or a table
        assert "<img src=x onerror=planted()>" in page.locator("h1").inner_text()


def test_no_payload_runs_in_jupyterlab(tmp_path):
    live = [cell for cell in CELLS if "display" not in cell and "plotly" not in cell]
    notebook(tmp_path / "book.ipynb", *live)
    with jupyter("lab", tmp_path) as base, browsing(height=1600) as page:
        page.context.add_init_script(WATCH)
        page.goto(f"{base}/doc/tree/book.ipynb?token={TOKEN}")
        run_all(page)
        page.wait_for_function("document.querySelectorAll('.dvk .main-svg').length >= 12", timeout=120_000)
        _poke(page)
        assert page.evaluate("globalThis.ran ?? 0") == 0
        assert (
            page.evaluate("document.querySelectorAll('.dvk img, .dvk iframe, .dvk [onload], .dvk [onerror]').length")
            == 0
        )


def test_not_one_of_300_secrets_is_in_any_file(tmp_path, monkeypatch):
    made = iter(f"BIMAT{secrets.token_hex(8)}" for _ in range(300))
    planted = []

    def secret():
        planted.append(next(made))
        return planted[-1]

    deep = tmp_path / secret() / secret()
    deep.mkdir(parents=True)
    columns = ", ".join(f"c{n}={secret()!r}" for n in range(60))
    rows = ", ".join(f"{secret()!r}" for n in range(60))
    env = {f"SECRET_{n}": secret() for n in range(20)} | {"USER": secret(), "LOGNAME": secret(), "USERNAME": secret()}
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    book = notebook(
        deep / "book.ipynb",
        "# Trang công khai",
        "import sys, warnings, os, hostile\nimport danvan_kit as dk\n"
        "from conftest import tiny_review\nreview = tiny_review()\n"
        f"review = hostile.dataclasses.replace(review, observations=review.observations.assign({columns}),"
        f" records=review.records.assign(note='{secret()}', participants_list='{secret()}'))",
        "dk.explore(dk.views.trend, review)",
        "dk.explore(dk.views.completeness, review)",
        f"import ipywidgets as w\nw.Dropdown(options=[{rows}])",
        f"warnings.warn('{secret()}')\nprint('{secret()}', file=sys.stderr)",
        "import plotly.graph_objects as go\n"
        f"go.Figure(go.Bar(y=[1], customdata=[['{secret()}']], meta='{secret()}', ids=['{secret()}'], hoverinfo='y'),"
        f" {{'meta': '{secret()}'}})",
        "import pandas as pd\n"
        f"pd.DataFrame({{'a': [1]}}, index=['x']).style.set_table_attributes('data-x=\"{secret()}\"')",
        f"password = '{secret()}'  # a hidden cell\nprint(password)",
    )
    text = nbformat.read(book, 4)
    text.metadata["danvan_secret"] = {"author": secret(), "path": secret()}
    for n, cell in enumerate(text.cells):
        cell.metadata["secret"] = secret()
        cell.metadata["tags"] = ["remove-cell"] if n == len(text.cells) - 1 else [secret()]
        cell.metadata["jupyter"] = {"source_hidden": True, "note": secret()}
    nbformat.write(text, book)
    while len(planted) < 300:
        (deep / f"{secret()}.txt").write_text(secret() if len(planted) < 300 else "", encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", __file__.rsplit("/", 1)[0])
        publish([book], to=tmp_path / "out", in_place=True)
    publish([book], to=tmp_path / "single", as_saved=True, single_file=True)
    files = [path for folder in ("out", "single") for path in (tmp_path / folder).rglob("*.html")]
    assert len(files) == 3
    for path in files:
        whole = path.read_text(encoding="utf-8")
        for packed in re.findall(r'"packed":"([^"]+)"', whole):
            head, states = unpack(packed)
            whole += json.dumps([head, list(states)], ensure_ascii=False)
        assert [one for one in planted if one in whole] == []
        assert str(tmp_path) not in whole
    assert len(planted) == 300

"""The explorer and the hardened Lab in a real browser, on real servers."""

from __future__ import annotations

import contextlib
import json
import re
import subprocess
import sys
import urllib.request

import nbformat
import pytest
from browser import TOKEN, browsing, chromium, jupyter, notebook, run_all, surroundings
from nbclient import NotebookClient

SETUP = "from explorer_world import bars, squares, trend, world\nfrom danvan_kit import explore\nreview = world()"
PAGES = {"lab": "/doc/tree/book.ipynb", "notebook": "/notebooks/book.ipynb", "voila": "/voila/render/book.ipynb"}
# What a hole in the sanitizer would let an attacker do: write a file through the server's own interface.
ATTACK = """
fetch("/api/contents/planted.txt?_xsrf=" + document.cookie.match(/_xsrf=([^;]*)/)[1], {
  method: "PUT", body: JSON.stringify({type: "file", format: "text", content: "x"})})
"""
INJECTED = f"""
from IPython.display import HTML, display
display(HTML("<p class='injected'>here</p><script>" + {ATTACK!r} + "</script>"))
display(HTML("<img src='x:' onerror='window.planted = 1'>"))
"""


@pytest.fixture(scope="module", autouse=True)
def _browser_is_there():
    chromium()


def requests_abroad(page):
    """Collect addresses that the page asks outside this computer."""
    abroad = []
    home = ("http://127.0.0.1", "ws://127.0.0.1", "data:", "blob:")
    page.on("request", lambda request: None if request.url.startswith(home) else abroad.append(request.url))
    return abroad


def titles(page):
    return page.locator(".dvk h3").all_inner_texts()


def expect(page, condition: str):
    """Wait until a condition on the explorers holds, with `box(i)` for the i-th one."""
    page.wait_for_function(
        f"(() => {{ const box = (i) => document.querySelectorAll('.dvk')[i]; return {condition} }})()"
    )


@pytest.mark.parametrize("kind", ["lab", "notebook", "voila"])
def test_linked_explorers_live_in(kind, tmp_path):
    """Draw, choose, click, use keys: in JupyterLab, Notebook 7 and Voilà with nothing installed by hand."""
    notebook(
        tmp_path / "book.ipynb", SETUP, "first = explore(bars, review); first", "explore(squares, review, link=first)"
    )
    with jupyter(kind, tmp_path) as base, browsing(height=1600) as page:
        page.goto(f"{base}{PAGES[kind]}?token={TOKEN}")
        if kind != "voila":
            run_all(page)
        expect(page, "box(0)?.querySelectorAll('.bars .point').length === 2 && box(1)?.querySelector('.slice')")
        assert titles(page) == ["Thành phố Hà Nội, 2019", "Ô vuông"]
        assert page.locator(".dvk-simulated").first.inner_text() == "SỐ LIỆU MÔ PHỎNG"

        page.locator(".dvk").first.locator("select").nth(1).select_option(label="Quận Đống Đa")
        expect(page, "box(0).querySelector('h3').textContent === 'Quận Đống Đa, 2019'")
        expect(page, "box(1).querySelectorAll('select')[1].value === '001'")
        communes = page.locator(".dvk").first.locator("select").nth(2).locator("option").all_inner_texts()
        assert communes == ["— toàn quận/huyện —", "Phường Ngã Tư Sở", "Phường Ô Chợ Dừa"]

        page.locator(".dvk").first.locator("select").nth(1).focus()
        page.keyboard.press("d")
        page.keyboard.press("d")  # in a notebook's command mode this deletes a cell
        page.locator(".dvk").nth(1).locator(".dvk-canvas").focus()
        page.keyboard.press("ArrowRight")
        expect(page, "box(1).querySelector('.dvk-spoken').textContent.startsWith('Phường Ô Chợ Dừa')")
        page.keyboard.press("Enter")
        expect(page, "box(0).querySelector('h3').textContent === 'Phường Ô Chợ Dừa, 2019'")
        assert page.locator(".dvk").count() == 2


def test_clicks_on_bars_squares_and_rows_choose_an_area(tmp_path):
    notebook(
        tmp_path / "book.ipynb", SETUP, "first = explore(bars, review); first", "explore(squares, review, link=first)"
    )
    with jupyter("lab", tmp_path) as base, browsing(height=1600) as page:
        page.goto(f"{base}{PAGES['lab']}?token={TOKEN}")
        run_all(page)
        expect(page, "box(0)?.querySelectorAll('tr[data-i]').length === 2 && box(1)?.querySelectorAll('.slice')[1]")
        city = page.locator(".dvk").first.locator("select").nth(1)

        bar = page.locator(".bars .point path").nth(1)
        bar.hover(force=True)  # plotly lays its drag area above the bars
        bar.click(force=True)
        expect(page, "box(0).querySelector('h3').textContent.startsWith('Huyện Từ Liêm')")
        city.select_option("")
        expect(page, "box(1).querySelectorAll('.slice').length === 3")
        square = page.locator(".dvk").nth(1).locator(".slice path").nth(1)
        square.hover()
        page.wait_for_timeout(300)  # plotly loses a click within 100 ms of the hover
        square.click()
        expect(page, "box(0).querySelector('h3').textContent.startsWith('Huyện Từ Liêm')")
        city.select_option("")
        expect(page, "box(0).querySelectorAll('tr[data-i]').length === 2")
        page.locator(".dvk").first.locator("tr[data-i]").first.click()
        expect(page, "box(0).querySelector('h3').textContent.startsWith('Quận Đống Đa')")


def test_a_refused_choice_and_a_missing_library_leave_a_line_never_an_empty_box(tmp_path):
    broken = "import danvan_kit.explorer.canvas\ndanvan_kit.explorer.canvas.plotly_js = lambda: b'no script ('"
    notebook(tmp_path / "book.ipynb", SETUP + "\n" + broken, "explore(bars, review)")
    with jupyter("lab", tmp_path) as base, browsing() as page:
        page.goto(f"{base}{PAGES['lab']}?token={TOKEN}")
        run_all(page)
        expect(page, "box(0)?.querySelector('.dvk-note').textContent.startsWith('Chưa nhận được thư viện vẽ')")
        expect(page, "box(0).querySelectorAll('tr[data-i]').length === 2")
        page.locator("[data-choice=level] select").select_option(label="Thành phố")
        page.locator("[data-choice=indicator] select").select_option(label="Hội nghị phản biện")
        expect(page, "box(0).querySelector('.dvk-note').textContent.includes('không có ở cấp city')")


def test_a_saved_notebook_shows_its_picture_before_anybody_runs_it(tmp_path):
    path = notebook(tmp_path / "book.ipynb", SETUP, *["explore(bars, review)"] * 5)
    book = nbformat.read(path, as_version=4)
    NotebookClient(book, timeout=120, resources={"metadata": {"path": str(path.parent)}}).execute(
        env=surroundings(tmp_path)
    )
    nbformat.write(book, path)
    assert path.stat().st_size < 500_000
    with jupyter("lab", tmp_path) as base, browsing() as page:
        page.goto(f"{base}{PAGES['lab']}?token={TOKEN}")
        page.wait_for_selector(".jp-OutputArea .js-plotly-plot .bars .point", timeout=30_000)


def test_nbval_compares_a_saved_explorer_and_sees_a_moved_figure(tmp_path):
    path = notebook(tmp_path / "book.ipynb", SETUP, "explore(bars, review)")
    book = nbformat.read(path, as_version=4)
    NotebookClient(book, timeout=120).execute(env=surroundings(tmp_path))
    nbformat.write(book, path)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "--nbval",
        "--nbval-cell-timeout=120",
        "-p",
        "no:cacheprovider",
        str(path),
    ]
    run = {"cwd": tmp_path, "env": surroundings(tmp_path), "capture_output": True, "text": True}
    same = subprocess.run(command, check=False, **run)
    assert same.returncode == 0, same.stdout
    moved = path.read_text(encoding="utf-8").replace("1.207", "1.208")
    path.write_text(moved, encoding="utf-8")
    assert subprocess.run(command, check=False, **run).returncode == 1


# --- danvan lab -------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def hardened(folder):
    """Run `open_lab` as the command does; yield the address it prints."""
    code = f"from danvan_kit.lab import open_lab; open_lab({str(folder)!r}, browser=False)"
    environment = surroundings(folder) | {"PYTHONUNBUFFERED": "1"}
    with (folder / "lab.log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=log, text=True, env=environment, cwd=folder
        )
    try:
        yield re.search(r"http\S+", server.stdout.readline())[0]
    finally:
        server.terminate()
        server.wait(20)
        server.stdout.close()


def open_start(page, address):
    for _ in range(100):
        with contextlib.suppress(Exception):  # not listening yet
            page.goto(address)
            break
        page.wait_for_timeout(200)
    page.wait_for_selector(".jp-Notebook .jp-Cell")
    page.wait_for_selector("text='Python 3 (ipykernel) | Idle'", timeout=60_000)


def test_danvan_lab_speaks_vietnamese_draws_and_asks_nothing_abroad(tmp_path):
    (tmp_path / "notebooks").mkdir()
    path = notebook(
        tmp_path / "notebooks" / "00_start.ipynb", "# Đầu\n\n[Tiếp](01_next.ipynb)", SETUP, "explore(bars, review)"
    )
    book = json.loads(path.read_text(encoding="utf-8"))
    book["cells"][1]["metadata"] = {"jupyter": {"source_hidden": True}}
    path.write_text(json.dumps(book), encoding="utf-8")
    notebook(tmp_path / "notebooks" / "01_next.ipynb", "# Sau")
    with hardened(tmp_path) as address, browsing() as page:
        abroad = requests_abroad(page)
        open_start(page, address)
        page.wait_for_selector(".jp-CodeCell .jp-Placeholder")  # hidden code is a bar that opens with a click
        assert "token" not in page.url  # nobody copies it from the address bar
        page.get_by_text("Chạy tất cả").click()
        expect(page, "box(0)?.querySelectorAll('.bars .point').length === 2")
        page.wait_for_selector(".jp-Cell.jp-mod-active >> h1:has-text('Đầu')")  # back at the top
        assert "Tệp" in page.locator("#jp-MainMenu").inner_text()
        page.locator("a", has_text="Tiếp").click()
        page.wait_for_selector("h1:has-text('Sau')")
        policy = urllib.request.urlopen(address).headers["Content-Security-Policy"]  # noqa: S310 - our own server
        assert "script-src 'self' 'unsafe-eval' blob: 'sha256-" in policy
        assert "unsafe-inline" not in policy.split("style-src")[0]
        assert abroad == []


def test_script_in_displayed_html_runs_in_a_plain_lab_and_not_in_ours(tmp_path):
    plain, ours = tmp_path / "plain", tmp_path / "ours"
    for folder in (plain, ours):
        (folder / "notebooks").mkdir(parents=True)
        notebook(folder / "notebooks" / "00_start.ipynb", SETUP, INJECTED)
    with jupyter("lab", plain) as base, browsing() as page:
        page.goto(f"{base}/doc/tree/notebooks/00_start.ipynb?token={TOKEN}")
        run_all(page)
        page.wait_for_function("window.planted === 1")
        page.wait_for_timeout(1000)
    assert (plain / "planted.txt").exists(), "the attack itself must work, else this test shows nothing"
    with hardened(ours) as address, browsing() as page:
        open_start(page, address)
        page.get_by_text("Chạy tất cả").click()
        page.wait_for_selector(".injected")
        page.wait_for_timeout(1500)
        assert page.evaluate("window.planted") is None
    assert not (ours / "planted.txt").exists()

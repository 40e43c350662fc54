"""Published pages in real browsers, from a file, with the network cut: drawn, alive, accessible, printable."""

from __future__ import annotations

import axe
import nbformat
import pages
import pytest
from browser import browsing, chromium, notebook
from firefox import firefox

from danvan_kit.pages import publish

BOOK = [
    "# Báo cáo thử\n\nMở đầu: số liệu của ba đơn vị.",
    "from explorer_world import bars, squares, trend, world\nfrom danvan_kit import explore\nreview = world()",
    "# ## Ba biểu đồ nối nhau",
    "first = explore(bars, review, level='commune')\nfirst",
    "explore(trend, review, link=first)",
    "explore(squares, review, link=first)",
    "# ## Một biểu đồ đứng riêng",
    "explore(bars, review)",
    "import plotly.graph_objects as go\ngo.Figure(go.Bar(y=[3, 1, 2]), {'title': {'text': 'Hình của tác giả'}})",
    "import pandas as pd\npd.DataFrame({'Đơn vị': ['Ba Đình'], 'Số cuộc': [31]})",
]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Publish the same notebook as a folder and as a single file; return where."""
    chromium()
    home = tmp_path_factory.mktemp("Báo cáo 100% #1")
    book = notebook(home / "bao_cao.ipynb", *BOOK)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", __file__.rsplit("/", 1)[0])
        publish([book], to=home / "folder", in_place=True)
    publish([book], to=home / "single", as_saved=True, single_file=True)
    return home


PLACES = ["folder/bao_cao.html", "single/bao_cao.html"]
DRAWN = "document.querySelectorAll('.js-plotly-plot .main-svg').length >= 15"
TITLES = "[...document.querySelectorAll('.dvk-title')].map((node) => node.textContent)"


def _opened(page, path, fragment=""):
    seen = pages.open_offline(page, path, fragment)
    pages.wait_for(page, DRAWN)
    return seen


@pytest.mark.parametrize("place", PLACES)
def test_every_chart_is_drawn_without_the_network(site, place):
    with browsing() as page:
        seen = _opened(page, site / place)
        pages.wait_for(page, "document.querySelectorAll('.dvk-rows tbody tr').length > 8")
        assert pages.charts_drawn(page) == (5, 4)  # four explorers and the author's own
        assert seen.trouble == []


def test_a_view_without_choices_shows_its_table(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", __file__.rsplit("/", 1)[0])
    publish([notebook(tmp_path / "mot.ipynb", BOOK[1], "bars(review)")], to=tmp_path / "folder", in_place=True)
    with browsing() as page:
        pages.open_offline(page, tmp_path / "folder/mot.html")
        pages.wait_for(page, "document.querySelectorAll('.dvk-rows tbody tr').length === 2")


@pytest.mark.parametrize("place", PLACES)
def test_the_controls_are_alive_and_move_what_is_linked(site, place):
    with browsing() as page:
        seen = _opened(page, site / place)
        first = page.locator(".dvk").first
        first.locator("select").nth(1).select_option(label="Quận Đống Đa")
        pages.wait_for(page, f"{TITLES}[0] === 'Quận Đống Đa, 2019'")
        assert page.evaluate(TITLES) == [
            "Quận Đống Đa, 2019",
            "Xu thế Quận Đống Đa",
            "Ô vuông",
            "Thành phố Hà Nội, 2019",
        ]
        assert page.evaluate("location.hash") == "#area=001"
        assert first.locator(".dvk-rows tbody tr").all_inner_texts() == ["Phường Ô Chợ Dừa\t3", "Phường Ngã Tư Sở\t5"]

        page.locator(".dvk").nth(3).locator("input[type=range]").focus()
        page.keyboard.press("ArrowLeft")
        pages.wait_for(page, f"{TITLES}[3] === 'Thành phố Hà Nội, 2018'")
        assert page.evaluate("location.hash") == "#area=001&2.year=2018"
        assert page.evaluate(TITLES)[0] == "Quận Đống Đa, 2019"

        first.locator(".dvk-rows tbody tr").nth(1).click()
        pages.wait_for(page, f"{TITLES}[1] === 'Xu thế Phường Ngã Tư Sở'")
        assert seen.trouble == []


def test_a_click_on_a_bar_goes_there(site):
    with browsing() as page:
        _opened(page, site / PLACES[0])
        page.locator(".dvk").nth(3).locator(".dvk-plot").scroll_into_view_if_needed()
        box = page.locator(".dvk").nth(3).locator(".bars .point").nth(1).bounding_box()  # the tall one
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] - 2)
        page.wait_for_timeout(300)
        page.mouse.down()
        page.mouse.up()
        pages.wait_for(page, f"{TITLES}[3] !== 'Thành phố Hà Nội, 2019'")


def test_a_colleague_is_sent_to_one_place_by_the_address(site):
    with browsing() as page:
        _opened(page, site / PLACES[0], "area=012&2.area=001&2.year=2018&year=9999")
        pages.wait_for(page, f"{TITLES}[1] === 'Xu thế Phường Ngã Tư Sở'")
        assert page.evaluate(TITLES)[3] == "Quận Đống Đa, 2018"
        page.evaluate("location.hash = '#area=001'")
        pages.wait_for(page, f"{TITLES}[1] === 'Xu thế Quận Đống Đa'")


def test_an_area_is_found_without_its_accents(site):
    with browsing() as page:
        _opened(page, site / PLACES[0])
        box = page.locator(".dvk").first.get_by_role("combobox", name="Tìm đơn vị")
        box.fill("nga tu")
        assert page.locator(".dvk").first.get_by_role("option", name="Phường Ngã Tư Sở").is_visible()
        page.keyboard.press("Enter")
        pages.wait_for(page, f"{TITLES}[1] === 'Xu thế Phường Ngã Tư Sở'")
        box.fill("zzz")
        assert page.locator(".dvk-found:visible").inner_text() == "không có đơn vị nào"


@pytest.mark.parametrize("place", [*PLACES, "folder/index.html"])
def test_axe_finds_nothing(site, place):
    with browsing() as page:
        pages.open_offline(page, site / place)
        if "bao_cao" in place:
            pages.wait_for(page, DRAWN)
        assert axe.violations(page) == []


@pytest.mark.parametrize("place", [*PLACES, "folder/index.html"])
def test_nothing_sticks_out_on_a_phone(site, place):
    with browsing(width=380, height=800) as page:
        pages.open_offline(page, site / place)
        if "bao_cao" in place:
            pages.wait_for(page, DRAWN)
        assert page.evaluate("document.scrollingElement.scrollWidth") <= 380


def test_without_javascript_the_tables_can_be_read(site):
    chromium()
    with browsing() as page:
        bare = page.context.browser.new_context(java_script_enabled=False).new_page()
        bare.goto((site / PLACES[0]).as_uri())
        tables = bare.locator(".static table")
        assert [tables.nth(n).is_visible() for n in range(4)] == [True] * 4
        assert "1.200" in tables.nth(0).inner_text()
        assert bare.locator(".live").first.is_hidden()


def test_paper_shows_tables_and_choices_instead_of_controls(site, tmp_path):
    with browsing() as page:
        _opened(page, site / PLACES[0])
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        page.emulate_media(media="print")
        assert page.locator(".dvk-bar").first.is_hidden()
        assert "Năm: 2019" in page.locator(".dvk-chosen").first.inner_text()
        widths = page.evaluate(
            "[...document.querySelectorAll('.dvk-plot .main-svg')].map((svg) => svg.getBoundingClientRect().width)"
        )
        assert max(widths) <= 700
        assert page.locator(".dvk-rows table").first.is_visible()
        assert pages.print_pdf(page, tmp_path / "trang.pdf").stat().st_size > 20_000


def test_the_index_finds_areas_and_leads_to_them(site):
    with browsing() as page:
        seen = pages.open_offline(page, site / "folder" / "index.html")
        page.get_by_label("Tìm đơn vị").fill("o cho")
        assert page.locator("[data-find]:visible").all_inner_texts() == ["Phường Ô Chợ Dừa"]
        assert page.locator("#dvp-count").inner_text() == "1 đơn vị"
        page.get_by_role("link", name="Phường Ô Chợ Dừa").click()
        pages.wait_for(page, f"{TITLES}[1] === 'Xu thế Phường Ô Chợ Dừa'")
        page.get_by_role("link", name="Mục lục").click()
        assert page.get_by_role("heading", level=1).inner_text() == "Thử"
        assert seen.trouble == []


@pytest.mark.parametrize("place", PLACES)
def test_firefox_draws_and_answers_as_well(site, place):
    with firefox() as page:
        page.goto((site / place).as_uri())
        page.wait_for(DRAWN)
        page.wait_for(f"{TITLES}.length === 4")
        page.evaluate(
            "(() => { const select = document.querySelectorAll('.dvk')[0].querySelectorAll('select')[1];"
            " select.value = '001'; select.dispatchEvent(new Event('change')); })()"
        )
        page.wait_for(f"{TITLES}[1] === 'Xu thế Quận Đống Đa'")
        assert page.evaluate("location.hash") == "#area=001"
        assert [url for url in page.requests if url.startswith(("http", "ws"))] == []
        assert page.errors == []


@pytest.mark.parametrize("place", PLACES)
def test_a_missing_library_leaves_the_tables(site, place, tmp_path):
    text = (site / place).read_text(encoding="utf-8")
    broken = tmp_path / "alone.html"
    broken.write_text(text.replace('id="dvp-plotly">', 'id="dvp-plotly">AAAA', 1), encoding="utf-8")
    with browsing() as page:
        page.goto(broken.as_uri())  # a folder's page without its folder, or a damaged single file
        pages.wait_for(page, "!document.documentElement.classList.contains('js')")
        assert page.locator(".static table").first.is_visible()


def test_the_saved_notebook_shows_tables_where_nothing_runs(site):
    book = nbformat.read(site / "bao_cao.ipynb", 4)
    kept = [o for cell in book.cells if cell.cell_type == "code" for o in cell.outputs if "danvan" in o.metadata]
    assert len(kept) == 4
    for output in kept:
        assert "<table" in output.data["text/html"]
        assert "application/vnd.plotly.v1+json" in output.data
        assert output.data["text/plain"].splitlines()[-1].endswith(output.metadata["danvan"]["digest"])

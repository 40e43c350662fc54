"""The project's own notebooks as pages: every chart drawn, every control alive, no rule of accessibility broken."""

from __future__ import annotations

from pathlib import Path

import axe
import pages
import pytest
from browser import browsing, chromium
from firefox import firefox
from regression import shipped, told

from danvan_kit.pages import publish

ROOT = Path(__file__).parents[1]
BOOKS = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))
ALL = "[...document.querySelectorAll('.dvk')]"
READY = f"{ALL}.length && {ALL}.every((box) => box.querySelector('.main-svg') && box.querySelector('.dvk-rows table'))"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Run copies of all notebooks, once: into pages, and in their place."""
    home = tmp_path_factory.mktemp("home")
    publish(shipped(home), to=home / "site", in_place=True)
    return home


@pytest.fixture(scope="module")
def site(home):
    return home / "site"


@pytest.mark.parametrize("name", BOOKS)
def test_a_notebook_comes_out_as_saved(home, name):
    assert [line.text("en") for line in told(name, home)] == []


@pytest.mark.parametrize("name", BOOKS)
def test_a_page_draws_all_its_charts_offline(site, name):
    chromium()
    with browsing() as page:
        seen = pages.open_offline(page, site / f"{name}.html")
        pages.wait_for(page, READY)
        drawn, promised = pages.charts_drawn(page)
        assert drawn == promised == page.locator("[data-payload]").count()
        assert axe.violations(page) == []
        assert seen.trouble == []


@pytest.mark.parametrize("name", BOOKS)
def test_every_control_of_a_page_changes_what_it_shows(site, name):
    chromium()
    with browsing() as page:
        seen = pages.open_offline(page, site / f"{name}.html")
        pages.wait_for(page, READY)
        for n in range(page.locator(".dvk").count()):
            box = page.locator(".dvk").nth(n)
            for kind in ("select:enabled", "input[type=range]"):
                for control in box.locator(kind).all():
                    if kind.startswith("select") and control.locator("option").count() < 2:
                        continue
                    before = box.inner_html() + page.evaluate("location.hash")
                    if kind.startswith("select"):
                        control.select_option(index=1 if control.evaluate("(s) => s.selectedIndex") != 1 else 0)
                    else:
                        control.focus()
                        page.keyboard.press("ArrowLeft")
                    for _ in range(50):
                        if box.inner_html() + page.evaluate("location.hash") != before:
                            break
                        page.wait_for_timeout(100)
                    assert box.inner_html() + page.evaluate("location.hash") != before
        assert seen.trouble == []


@pytest.mark.parametrize("name", ["index", *BOOKS])
def test_a_page_fits_a_phone(site, name):
    chromium()
    with browsing(width=380, height=800) as page:
        pages.open_offline(page, site / f"{name}.html")
        if name != "index":
            pages.wait_for(page, READY)
        assert page.evaluate("document.scrollingElement.scrollWidth") <= 380


def test_firefox_draws_the_overview_and_goes_where_the_address_says(site):
    with firefox() as page:
        page.goto((site / "01_overview.html").as_uri() + "#area=001&indicator=hoi_nghi_phan_bien")
        page.wait_for(READY)
        page.wait_for("document.querySelector('.dvk-title').textContent.includes('Quận Ba Đình')")
        assert page.evaluate("document.querySelectorAll('.dvk .main-svg').length") >= 15
        assert [url for url in page.requests if url.startswith(("http", "ws"))] == []
        assert page.errors == []

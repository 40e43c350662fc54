"""The page of what moved opens anywhere, its pictures side by side, and nothing in it can run."""

from __future__ import annotations

import pages
import pytest
from browser import browsing, chromium
from hostile import PAYLOADS

from danvan_kit.regression.book import Checked
from danvan_kit.regression.report import summary, write
from danvan_kit.regression.told import Line

PLOTLY = "application/vnd.plotly.v1+json"


def _bar(value):
    return {
        PLOTLY: {
            "data": [{"type": "bar", "x": ["Ba Đình", "Đống Đa"], "y": [value, 5]}],
            "layout": {"title": {"text": "Giám sát"}},
        }
    }


def _line(kind, vi, en, size=0.0):
    return Line(kind, "sổ", ("ô lệnh [1]", "code cell [1]"), (vi, en), size)


@pytest.fixture
def found():
    lines = [_line("differs", "Ba Đình: 31 → 30", "Ba Đình: 31 → 30", 0.03), _line("failed", "lỗi", "error")]
    return Checked("sổ.ipynb", "sổ", lines, [("`sổ`: 31 → 30", "`sổ`: 31 → 30", _bar(31), _bar(30))])


def test_a_terminal_gets_headings_in_order_in_either_language(found):
    assert summary([found], "vi") == [
        ("Không chạy được", ["`sổ`, ô lệnh [1]: lỗi"]),
        ("Khác với bản đã lưu", ["`sổ`, ô lệnh [1]: Ba Đình: 31 → 30"]),
    ]
    assert [title for title, _ in summary([found], "en")] == ["Could not run", "Differs from what was saved"]


def test_a_notebook_that_is_as_saved_says_so_on_the_page(tmp_path):
    write([Checked("a", "a")], tmp_path / "r.html", "vi")
    assert "Mọi số liệu ra đúng như đã lưu." in (tmp_path / "r.html").read_text(encoding="utf-8")


def test_what_was_found_can_come_from_another_process(found):
    again = Checked.read(found.write())
    assert again == Checked(found.path, found.name, found.lines, [list(pair) for pair in found.pairs])


@pytest.mark.parametrize("width", [1300, 380])
def test_the_page_draws_both_pictures_offline_and_fits(found, tmp_path, width):
    chromium()
    write([found], tmp_path / "r.html", "vi")
    with browsing(width=width, height=900) as page:
        trouble = pages.open_offline(page, tmp_path / "r.html")
        pages.wait_for(page, "document.querySelectorAll('.dvp-pair .main-svg').length >= 2")
        boxes = page.evaluate(
            "[...document.querySelectorAll('.dvp-pair figure')].map((f) => f.getBoundingClientRect().left)"
        )
        assert (boxes[0] < boxes[1]) == (width > 900)  # side by side; on a phone one below the other
        assert page.evaluate("document.scrollingElement.scrollWidth") <= width
        assert trouble.trouble == []


def test_nothing_hostile_runs_on_the_page(tmp_path):
    chromium()
    lines = [_line("differs", text, text) for text in PAYLOADS]
    pairs = [(text, text, {"text/html": text}, _bar(text)) for text in PAYLOADS]
    write([Checked("x", "sổ", lines, pairs)], tmp_path / "r.html", "vi")
    with browsing() as page:
        page.context.add_init_script("window.planted = () => { window.ran = true }")
        seen = pages.open_offline(page, tmp_path / "r.html")
        pages.wait_for(page, "document.querySelector('.dvp-pair .main-svg')")
        assert page.evaluate("Boolean(window.ran)") is False
        assert seen.trouble == []

"""The form for findings in the hardened Lab and a real browser: by keyboard, refused, saved."""

from __future__ import annotations

from axe import violations
from browser import browsing, chromium, notebook
from test_browser import hardened, open_start

from danvan_kit import findings
from danvan_kit.findings.store import gather

CELLS = (
    "import danvan_kit as dk\nfrom conftest import tiny_review\nreview = tiny_review()",
    "dk.explore(dk.views.compare, review, indicator='don', area='C', year=2010, findings='../findings')",
)


def test_a_finding_is_recorded_by_keyboard_and_keys_leave_the_notebook_alone(tmp_path):
    chromium()
    (tmp_path / "notebooks").mkdir()
    notebook(tmp_path / "notebooks" / "00_start.ipynb", *CELLS)
    with hardened(tmp_path) as address, browsing(height=1400) as page:
        open_start(page, address)
        page.get_by_text("Chạy tất cả").click()
        page.wait_for_selector(".dvk-finding")
        page.get_by_role("button", name="Ghi phát hiện").focus()
        page.keyboard.press("Enter")
        page.keyboard.type("Thêm dd")  # in a notebook's command mode "dd" deletes a cell
        page.keyboard.press("Shift+Enter")  # and this would run it and take the form away
        page.keyboard.type("dòng hai")
        page.keyboard.press("Tab")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")  # sends the form, without an author
        page.wait_for_selector(".dvk-wrong:has-text('Chưa lưu: thiếu người ghi')")
        assert violations(page, ".dvk-finding") == []
        page.keyboard.type("Nguyễn Văn Ấn")
        page.keyboard.press("Enter")
        page.wait_for_selector(".dvk-told:has-text('Trong sổ hiện có 1 phát hiện')")
        assert page.evaluate("document.activeElement.textContent") == "Ghi phát hiện"
        assert page.locator(".jp-Notebook .jp-CodeCell").count() == 2
        page.keyboard.press("Enter")
        assert page.get_by_label("Người ghi").input_value() == "Nguyễn Văn Ấn"  # remembered
        assert page.get_by_label("Nội dung phát hiện").input_value() == ""
    (found,) = findings.read(tmp_path / "findings")
    assert (found.statement, found.kind, found.choices["year"]) == ("Thêm dd\ndòng hai", "strength", 2010)
    assert gather(tmp_path / "findings")[1] == []

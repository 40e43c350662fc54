"""The panel of forms in the hardened Lab and a real browser: choose, filter, export, download, file."""

from __future__ import annotations

import csv
import io
import json
import shutil
import zipfile
from pathlib import Path

import axe
import openpyxl
import pytest
from browser import browsing, chromium, notebook
from test_browser import hardened, open_start, requests_abroad

DATA = Path(__file__).parents[1] / "data"
HOSTILE = "Phường <img src=x onerror='window.planted=1'>"
SETUP = f"""
import danvan_kit as dk
panel = dk.FormsPanel(dk.load({str(DATA)!r}), folder="../forms", into="../kept")
panel
"""
ROWS = ".dvf tbody tr"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    chromium()
    folder = tmp_path_factory.mktemp("Dự án")
    (folder / "notebooks").mkdir()
    shutil.copytree(DATA / "simulated" / "forms", folder / "forms")
    rows = "".join(f"{HOSTILE} {n};2019;Cuộc giám sát;own;7\n" for n in range(60))
    (folder / "la.csv").write_text("Đơn vị;Năm;Chỉ tiêu;Phạm vi;Số liệu\n" + rows, encoding="utf-8")
    notebook(folder / "notebooks" / "00_start.ipynb", SETUP)
    return folder


@pytest.fixture(scope="module")
def page(home):
    """Open the notebook in the hardened Lab, with the panel run."""
    with hardened(home) as address, browsing(height=1400) as page:
        page.abroad = requests_abroad(page)
        open_start(page, address)
        page.get_by_text("Chạy tất cả").click()
        page.wait_for_selector("button.widget-upload")
        yield page


def choose(page, *paths):
    with page.expect_file_chooser() as chooser:
        page.locator("button.widget-upload").click()
    chooser.value.set_files([str(path) for path in paths])


def wait_for_rows(page, count):
    page.wait_for_function(f"document.querySelectorAll('{ROWS}').length === {count}")


def press(page, words):
    page.locator(".jupyter-button", has_text=words).click()


def downloaded(page):
    with page.expect_download() as download:
        page.locator("a[download]").click()
    return download.value.suggested_filename, Path(download.value.path()).read_bytes()


@pytest.fixture
def read(page):
    """Read the folder of samples, whatever was done before."""
    page.get_by_label("hoặc thư mục trên máy:").fill("")
    press(page, "Đọc thư mục")
    page.wait_for_selector("text=/không có thư mục/")
    page.get_by_label("hoặc thư mục trên máy:").fill("../forms")
    press(page, "Đọc thư mục")
    page.wait_for_selector("text=/không có thư mục/", state="detached")  # it has begun: buttons are off until it ends
    page.wait_for_timeout(500)
    page.wait_for_selector(".mod-success:not(:disabled)")
    wait_for_rows(page, 7)
    return page


def test_chosen_files_are_read_filtered_exported_and_downloaded(page, home):
    choose(page, *sorted((home / "forms").iterdir()))
    page.wait_for_selector("text='Đã đọc 8 tệp: 217 số liệu, 2 câu hỏi, 4 lỗi, 1 ghi chú.'")
    wait_for_rows(page, 7)
    page.get_by_label("Loại:").select_option(label="Câu hỏi\u00a0(2)")
    wait_for_rows(page, 2)
    page.get_by_label("Tìm:").fill("thanh pho ha noi")
    wait_for_rows(page, 1)
    assert "27,739" in page.locator(ROWS).inner_text()

    press(page, "Xuất Excel")
    name, data = downloaded(page)
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert name == "can-tra-loi.xlsx"
    assert [cell.value for cell in sheet[1]][-1] == "Trả lời của đơn vị"
    assert sheet.max_row == 3
    assert sheet["A3"].value == "Thanh-pho-Ha-Noi_2019.csv"
    assert sheet["F3"].value.startswith("“27,739”")
    press(page, "Xuất .csv")
    page.wait_for_selector("a[download$='.csv']")
    name, data = downloaded(page)
    assert len(list(csv.reader(io.StringIO(data.decode("utf-16")), delimiter="\t"))) == 2

    page.get_by_label("Tìm:").fill("")
    page.get_by_label("Loại:").select_option(label="tất\u00a0cả")
    wait_for_rows(page, 7)
    assert page.locator("a[download]").count() == 0


def test_what_was_read_is_filed_in_the_folder(read, home):
    press(read, "Lưu vào thư mục")
    read.wait_for_selector("text=/Đã lưu: 7 tệp mới, .* Không lưu 1 tệp không đọc được/")
    assert {"observations.csv", "problems.csv", "originals"} <= {path.name for path in (home / "kept").iterdir()}


def test_a_folder_is_read_and_a_wrong_one_is_one_line(read):
    read.get_by_label("hoặc thư mục trên máy:").fill("../nowhere")
    press(read, "Đọc thư mục")
    read.wait_for_selector("[role=alert] >> text=../nowhere")
    read.get_by_label("hoặc thư mục trên máy:").fill("../forms")
    press(read, "Đọc thư mục")
    read.wait_for_selector("[role=alert]", state="detached")
    wait_for_rows(read, 7)


def test_keys_in_the_controls_leave_the_notebook_alone(read):
    before = read.locator(".jp-Cell").count()
    for control in (
        read.get_by_label("Loại:"),
        read.locator(".dvf"),
        read.get_by_text("Xuất .csv"),
        read.get_by_label("Tìm:"),  # last: what is typed there takes the rows away
    ):
        control.focus()
        read.keyboard.press("d")
        read.keyboard.press("d")  # in a notebook's command mode this deletes a cell
        read.keyboard.press("b")  # and this adds one
    assert read.locator(".jp-Cell").count() == before
    read.get_by_label("Tìm:").fill("")


def test_the_panel_breaks_no_rule_of_accessibility(read):
    assert axe.violations(read, ".jp-OutputArea-output") == []


def test_hostile_texts_are_shown_page_by_page_and_do_nothing(page, home):
    choose(page, home / "la.csv")
    wait_for_rows(page, 50)
    page.wait_for_selector("text='dòng 1–50 trong 60'")
    press(page, "Trang sau")
    wait_for_rows(page, 10)
    assert HOSTILE in page.locator(ROWS).last.inner_text()
    assert page.locator(".dvf img").count() == 0
    assert page.evaluate("window.planted") is None


def test_the_saved_notebook_is_small_and_holds_no_form(read, home):
    path = home / "notebooks" / "00_start.ipynb"
    read.get_by_text("Xuất .csv").focus()
    # The server empties the file before it fills it, so it is read only once the server has said that it is saved.
    with read.expect_response(lambda r: r.request.method == "PUT" and "/api/contents/" in r.url and r.ok):
        read.keyboard.press("Control+s")  # the one-key commands stay out of the panel, this one does not
    saved = path.read_text(encoding="utf-8")
    assert json.loads(saved)["cells"][0]["outputs"]
    assert "Bảng đọc biểu mẫu" in saved
    assert len(saved) < 200_000
    assert read.abroad == []


def test_a_file_of_fifteen_megabytes_is_uploaded(page, home, tmp_path):
    large = tmp_path / "lon.xlsx"
    shutil.copy(home / "forms" / "Phuc-Xa_2019.xlsx", large)
    with zipfile.ZipFile(large, "a") as book:
        book.writestr("docProps/large.bin", bytes(range(1, 251)) * 60_000, zipfile.ZIP_STORED)
    choose(page, large)
    page.wait_for_function("document.querySelector('.dvf-said, body').innerText.includes('Đã đọc 1 tệp')")

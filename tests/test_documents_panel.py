"""The panel that writes minutes: what is chosen stands in the files, nothing is overwritten, mistakes are one line."""

from __future__ import annotations

import pytest
from conftest import tiny_review
from docx import Document

from danvan_kit import findings, views
from danvan_kit.documents import panel as module
from danvan_kit.documents.panel import MinutesPanel
from danvan_kit.findings import from_view, write


@pytest.fixture(scope="module")
def tiny():
    return tiny_review()


@pytest.fixture
def place(tiny, tmp_path):
    """Return a folder with one finding."""
    one = from_view(
        views.trend,
        tiny,
        {"area": "A", "indicator": "giam_sat"},
        statement="Quận A giám sát đều.",
        kind="strength",
        author="Lan",
    )
    write(one, tmp_path / "findings")
    return tmp_path / "findings"


@pytest.fixture(autouse=True)
def no_pictures(monkeypatch):
    monkeypatch.setenv("BROWSER_PATH", "")


def _panel(tiny, place, tmp_path, **given):
    return MinutesPanel(tiny, findings=place, into=tmp_path / "out", **given)


def test_one_button_writes_minutes_and_their_appendix(tiny, place, tmp_path):
    panel = _panel(tiny, place, tmp_path)
    panel._heads["body"].value, panel._heads["date"].value = "Đoàn số 7", "15-7-2020"
    panel._write.click()
    assert [path.name for path in panel.files] == ["bien-ban.docx", "phu-luc.xlsx"]
    document = Document(str(panel.files[0]))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    text = "\n".join([*(p.text for p in document.paragraphs), *cells])
    for part in ("BIÊN BẢN", "Quận A giám sát đều.", "ĐOÀN SỐ 7", "ngày 15 tháng 7 năm 2020"):
        assert part in text
    assert str(panel.files[0]) in panel._told.value
    assert panel._error.value == ""


def test_what_stands_in_the_folder_is_never_overwritten(tiny, place, tmp_path):
    panel = _panel(tiny, place, tmp_path)
    panel.write()
    kept = panel.files[0].read_bytes()
    (tmp_path / "out" / "bien-ban-2.docx").write_text("của đoàn")
    assert [path.name for path in panel.write()] == ["bien-ban-3.docx", "phu-luc-3.xlsx"]
    assert (tmp_path / "out" / "bien-ban.docx").read_bytes() == kept
    assert (tmp_path / "out" / "bien-ban-2.docx").read_text() == "của đoàn"


def test_a_report_in_the_layout_of_the_state_in_english(tiny, place, tmp_path):
    panel = _panel(tiny, place, tmp_path, lang="en")
    panel._kind.value, panel._layout.value = "report", "state"
    assert [path.name for path in panel.write()] == ["report.docx", "appendix.xlsx"]
    cells = [cell.text for row in Document(str(panel.files[0])).tables[0].rows for cell in row.cells]
    assert any("SOCIALIST REPUBLIC" in cell for cell in cells)
    assert "Written, open in Word" in panel._told.value


def test_nothing_recorded_yet_is_one_line_that_says_what_to_do(tiny, tmp_path):
    panel = _panel(tiny, tmp_path / "none", tmp_path)
    panel._write.click()
    assert "chưa có phát hiện nào; hãy ghi bằng nút" in panel._error.value
    assert panel._told.value == ""
    assert not (tmp_path / "out").exists()
    assert not panel._write.disabled


def test_a_date_that_is_none_is_refused_before_anything_is_written(tiny, place, tmp_path):
    panel = _panel(tiny, place, tmp_path)
    panel._heads["date"].value = "31-2-2020"
    panel._write.click()
    assert "không phải là ngày" in panel._error.value
    assert not (tmp_path / "out").exists()


def test_damaged_lines_of_findings_are_told_beside_the_files(tiny, place, tmp_path):
    (place / "khac.jsonl").write_text("không phải phát hiện\n", encoding="utf-8")
    panel = _panel(tiny, place, tmp_path)
    panel.write()
    assert findings.damaged(place)[0].why[0] in panel._told.value


def test_what_a_name_holds_stays_text_in_the_page(tiny, tmp_path):
    panel = _panel(tiny, tmp_path / "<script>", tmp_path)
    panel._write.click()
    assert "&lt;script&gt;" in panel._error.value


def test_a_folder_full_of_documents_is_said(tiny, place, tmp_path, monkeypatch):
    monkeypatch.setattr(module.Path, "exists", lambda _: True)
    with pytest.raises(module.DocumentError, match="đã có quá nhiều văn bản"):
        _panel(tiny, place, tmp_path).write()


def test_another_language_is_refused(tiny, place, tmp_path):
    with pytest.raises(Exception, match="'fr'"):
        _panel(tiny, place, tmp_path, lang="fr")


def test_it_shows_itself_as_a_widget_with_a_line_that_is_the_same_in_each_run(tiny, place, tmp_path):
    panel = _panel(tiny, place, tmp_path)
    shown = panel._repr_mimebundle_()
    assert shown["application/vnd.jupyter.widget-view+json"]["model_id"] == panel.box.model_id
    assert shown["text/plain"] == "Bảng lập văn bản: chạy ô này để dùng."

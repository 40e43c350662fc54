"""The panel without a page: what its controls do, what it tells, and what it leaves in a notebook."""

from __future__ import annotations

import base64
import datetime as dt
import io
import json
import re

import ipywidgets as w
import openpyxl
import pytest
from ipywidgets.embed import dependency_state

from danvan_kit.forms import panel as panels
from danvan_kit.forms.panel import FormsPanel
from danvan_kit.words import LabelError

DAY = dt.datetime(2020, 1, 10, tzinfo=dt.UTC)
HEAD = "Đơn vị;Năm;Chỉ tiêu;Phạm vi;Số liệu\n"
GOOD = HEAD + "Phường Một;2011;Chỉ tiêu don;own;4\n"
ASKED = HEAD + "Phường Hai;2011;Chỉ tiêu don;own;27,739\n"


def parts(panel, kind):
    """Return all widgets of a kind inside the panel, in their order."""

    def below(one):
        yield one
        for child in getattr(one, "children", ()):
            yield from below(child)

    return [one for one in below(panel.box) if type(one) is kind]


def button(panel, words):
    (found,) = [b for b in parts(panel, w.Button) if words in b.description]
    return found


def shown(panel):
    """Return all that stands in the page and is not hidden."""

    def below(one):
        if one.layout.display != "none":
            yield getattr(one, "value", "") if isinstance(one, w.HTML) else ""
            for child in getattr(one, "children", ()):
                yield from below(child)

    return " ".join(below(panel.box))


def upload(panel, **files):
    (picker,) = parts(panel, w.FileUpload)
    picker.value = [
        {"name": name, "type": "", "size": len(text), "content": memoryview(text.encode()), "last_modified": DAY}
        for name, text in files.items()
    ]
    return picker


@pytest.fixture
def folder(tmp_path):
    home = tmp_path / "biểu"
    home.mkdir()
    (home / "mot.csv").write_text(GOOD, encoding="utf-8")
    (home / "hai.csv").write_text(ASKED, encoding="utf-8")
    return home


@pytest.fixture
def read(tiny, folder, tmp_path):
    panel = FormsPanel(tiny, folder=folder, into=tmp_path / "lưu")
    button(panel, "Đọc thư mục").click()
    return panel


def many(tiny, count=120):
    """Return a panel that shows many problems."""
    panel = FormsPanel(tiny)
    rows = "".join(f"Phường {n};2011;Chỉ tiêu don;own;7\n" for n in range(3, count + 3))
    upload(panel, **{"a.csv": HEAD + rows})
    return panel


def test_a_new_panel_shows_only_what_to_choose(tiny):
    panel = FormsPanel(tiny)
    assert panel.forms is None
    assert "<table" not in shown(panel)
    assert parts(panel, w.FileUpload)[0].accept == ".xlsx,.xlsm,.xlsb,.xls,.ods,.csv,.tsv"


def test_a_folder_is_read_with_a_sentence_and_a_table(read):
    assert "Đã đọc 2 tệp: 1 số liệu, 1 câu hỏi, 0 lỗi, 0 ghi chú." in shown(read)
    assert "27,739" in shown(read)
    assert read.forms.observations["value"].tolist() == [4.0]
    assert read.shown["code"].tolist() == ["Q05"]


def test_uploaded_files_are_read_and_do_not_stay_in_the_widget(tiny):
    panel = FormsPanel(tiny)
    picker = upload(panel, **{"../../hai.csv": ASKED, "mot.csv": GOOD})
    assert picker.value == ()
    assert panel.forms.files["file"].tolist() == ["_.._hai.csv", "mot.csv"]
    assert panel.shown["file"].tolist() == ["_.._hai.csv"]


def test_a_file_of_another_kind_is_told_not_lost(tiny):
    panel = FormsPanel(tiny)
    upload(panel, **{"ảnh.png": "x"})
    assert panel.forms.files["file"].tolist() == ["ảnh.png"]
    assert panel.shown["kind"].tolist() == ["problem"]


def test_the_bar_moves_file_by_file_and_goes_when_all_are_read(read, folder):
    seen = []
    (bar,) = parts(read, w.IntProgress)
    bar.observe(lambda change: seen.append((change["new"], bar.max)), "value")
    read.read(folder)
    assert (1, 2) in seen
    assert seen[-1] == (2, 2)
    assert read._working.layout.display == "none"
    assert not any(b.disabled for b in parts(read, w.Button) if "Trang" not in b.description)


@pytest.mark.parametrize(
    ("written", "told"),
    [("", "không có thư mục"), ("/không/có", "không có thư mục hoặc tệp “/không/có”"), (None, "không có biểu mẫu nào")],
)
def test_a_folder_that_cannot_be_read_is_one_line(tiny, tmp_path, written, told):
    panel = FormsPanel(tiny, folder=tmp_path if written is None else written)
    button(panel, "Đọc thư mục").click()
    assert told in shown(panel)
    assert panel.forms is None


def test_a_mistake_of_the_kit_is_one_line_without_a_traceback(tiny, folder, monkeypatch, capsys):
    def fail(*_, **__):
        raise RuntimeError("first line <b>\nsecond")

    monkeypatch.setattr(panels, "read_forms", fail)
    panel = FormsPanel(tiny, folder=folder)
    button(panel, "Đọc thư mục").click()
    assert "RuntimeError: first line &lt;b&gt; second" in shown(panel)
    assert capsys.readouterr() == ("", "")
    assert not button(panel, "Đọc thư mục").disabled


def test_an_error_goes_with_the_next_action(read):
    read._folder.value = "nowhere"
    button(read, "Đọc thư mục").click()
    assert "nowhere" in shown(read)
    read._find.value = "27"
    assert "nowhere" not in shown(read)


def test_fifty_rows_stand_on_a_page_and_the_next_has_the_rest(tiny):
    panel = many(tiny)
    assert (len(panel.shown), panel._rows.value.count("<tr>")) == (120, 51)
    assert button(panel, "Trang trước").disabled
    for rows, where in ((51, "51–100"), (21, "101–120")):
        button(panel, "Trang sau").click()
        assert panel._rows.value.count("<tr>") == rows
        assert where in shown(panel)
    assert button(panel, "Trang sau").disabled
    panel._find.value = "phuong 77”"
    assert panel._rows.value.count("<tr>") == 2
    assert "dòng 1–1 trong 1" in shown(panel)


def test_filters_narrow_what_is_shown_and_a_new_reading_resets_them(read, folder):
    read._kind.value = "question"
    read._code.value = "Q05"
    assert len(read.shown) == 1
    read._find.value = "không có chữ này"
    assert "Không có dòng nào" in shown(read)
    read.read(folder)
    assert (read._kind.value, read._code.value, read._find.value) == ("", "", "")
    assert len(read.shown) == 1


def _file(panel):
    name, kind, data = re.search(r'<a download="([^"]+)" href="data:([^;]+);base64,([^"]+)"', shown(panel)).groups()
    return name, kind, base64.b64decode(data)


def test_the_rows_that_are_shown_are_exported_as_a_workbook(tiny):
    panel = many(tiny)
    panel._find.value = "phuong 7"
    button(panel, "Xuất Excel").click()
    name, kind, data = _file(panel)
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert (name, kind) == ("can-tra-loi.xlsx", panels.MIMES[".xlsx"])
    assert [row[5].value for row in sheet.iter_rows(min_row=3)] == panel.shown["found"].tolist()


def test_the_text_table_of_one_file_bears_its_name(read):
    read._file.value = "hai.csv"
    button(read, "Xuất .csv").click()
    name, _, data = _file(read)
    assert name == "can-tra-loi_hai.csv"
    assert "27,739" in data.decode("utf-16")


def test_a_link_goes_when_something_else_is_shown(read):
    button(read, "Xuất Excel").click()
    assert "<a download" in shown(read)
    read._find.value = "x"
    assert "<a download" not in shown(read)


def test_an_export_too_large_for_a_page_is_refused_with_a_way_out(read, monkeypatch):
    monkeypatch.setattr(panels, "MOST_LINK", 100)
    button(read, "Xuất Excel").click()
    assert "danvan read --problems" in shown(read)
    assert "<a download" not in shown(read)


def test_what_was_read_is_filed_and_filing_it_again_changes_nothing(read, tmp_path):
    button(read, "Lưu vào").click()
    assert "Đã lưu: 2 tệp mới, 1 số liệu mới" in shown(read)
    assert (tmp_path / "lưu" / "observations.csv").exists()
    button(read, "Lưu vào").click()
    assert "Đã lưu: 0 tệp mới, 0 số liệu mới, 0 số liệu được sửa, 2 tệp đã có." in shown(read)


def test_uploaded_files_are_filed_too_and_those_that_cannot_be_read_are_named(tiny, tmp_path):
    panel = FormsPanel(tiny, into=tmp_path / "lưu")
    upload(panel, **{"mot.csv": GOOD, "hỏng.xlsx": "x"})
    button(panel, "Lưu vào").click()
    assert "Đã lưu: 1 tệp mới" in shown(panel)
    assert "Không lưu 1 tệp không đọc được." in shown(panel)


def test_nothing_is_filed_without_a_folder_or_before_anything_is_read(tiny, folder):
    panel = FormsPanel(tiny, folder=folder)
    button(panel, "Lưu vào").click()
    assert "chưa đọc biểu mẫu nào" in shown(panel)
    button(panel, "Đọc thư mục").click()
    button(panel, "Lưu vào").click()
    assert "hãy ghi thư mục lưu" in shown(panel)


def test_the_panel_speaks_english_when_asked(tiny, folder):
    panel = FormsPanel(tiny, folder=folder, lang="en")
    button(panel, "Read the folder").click()
    assert "Read 2 files: 1 figures, 1 questions, 0 problems, 0 notes." in shown(panel)
    said = shown(panel) + " ".join(str(one.description) for one in parts(panel, w.Button) + parts(panel, w.Dropdown))
    assert not re.search("[ăđơưạảấầậắềệịọộớợụủứừự]", said.replace("biểu", "").lower())


def test_another_language_is_refused(tiny):
    with pytest.raises(LabelError):
        FormsPanel(tiny, lang="fr")


def test_every_control_has_a_label(read):
    for kind in (w.Dropdown, w.Text, w.Checkbox, w.Button, w.FileUpload):
        for one in parts(read, kind):
            assert one.description.strip()


def test_hostile_names_and_cells_stay_text(tiny):
    panel = FormsPanel(tiny)
    bad = "<img src=x onerror=alert(1)>"
    upload(panel, **{f"{bad}.csv": HEAD + f"{bad};2011;Chỉ tiêu don;own;4\n", "</td>.csv": "x"})
    button(panel, "Xuất Excel").click()
    assert "<img" not in shown(panel)
    assert "&lt;img" in shown(panel)


def test_a_saved_notebook_holds_little_of_the_panel(tiny):
    panel = many(tiny, 3000)
    upload(panel, **{"a.csv": HEAD + "".join(f"Phường {n};2011;Chỉ tiêu don;own;7\n" for n in range(3000))})
    state = dependency_state([panel.box])
    assert len(json.dumps(state, default=str)) < 120_000
    button(panel, "Xuất Excel").click()
    state = dependency_state([panel.box])
    assert len(json.dumps(state, default=str)) < 120_000 + panels.MOST_LINK * 4 / 3


def test_it_shows_itself_as_a_widget_with_a_line_that_is_the_same_in_each_run(tiny, read):
    fresh = [FormsPanel(tiny)._repr_mimebundle_() for _ in range(2)]
    assert fresh[0]["text/plain"] == fresh[1]["text/plain"] == "Bảng đọc biểu mẫu: chưa đọc tệp nào"
    assert fresh[0]["text/html"] == fresh[1]["text/html"]
    assert read._repr_mimebundle_()["text/plain"].startswith("Đã đọc 2 tệp")
    live = read._repr_mimebundle_()["application/vnd.jupyter.widget-view+json"]
    assert live["model_id"] == read.box.model_id

"""Minutes and reports: what they say, where it stands, what they never say."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import docx
import pandas as pd
import pytest
from conftest import tiny_review
from docx.shared import Mm, Pt
from PIL import Image

from danvan_kit import findings, views
from danvan_kit.__main__ import main
from danvan_kit.documents import Head, content, gather, word, write_documents
from danvan_kit.documents.layout import PARTY, STATE, day_line, number_line
from danvan_kit.documents.parts import widths_of
from danvan_kit.documents.safe import line
from danvan_kit.documents.same import DocumentError

HEAD = Head(parent="Thành ủy C", body="Đoàn kiểm tra", number="12-BB/ĐKT", place="C", date=dt.date(2020, 7, 5))


def png():
    """Return a picture as a browser might have drawn it."""
    out = io.BytesIO()
    Image.new("RGB", (1440, 2900), "white").save(out, "PNG")
    return out.getvalue()


def simulated_review():
    review = tiny_review()
    return dataclasses.replace(review, observations=review.observations.assign(origin="simulated"))


def found(review, kind="weakness", view="trend", n=1, **more):
    """Return a finding on a tiny review, with an id and a time that do not come from the clock."""
    choices = more.pop("choices", {"area": "A", "indicator": "giam_sat"})
    words = {"statement": f"Nhận định {n}", "author": "Lan", "status": "agreed"} | more
    made = findings.from_view(getattr(views, view), review, choices, kind=kind, **words)
    return dataclasses.replace(
        made, finding=f"01731000-0000-7000-8000-{n:012d}", time=f"2020-06-{n:02d}T08:00:00.000+07:00"
    )


@pytest.fixture(scope="module")
def review():
    return simulated_review()


@pytest.fixture(scope="module")
def some(review):
    """Return one finding of each kind, one withdrawn, one that holds no longer."""
    old = dataclasses.replace(review, records=review.records[review.records["area"] != "a1"])
    return [
        found(review, "question", n=1),
        found(review, "weakness", n=2, recommendation="=Rà soát\nlại", due=dt.date(2020, 12, 15), area="B"),
        found(review, "strength", "compare", n=3, choices={"indicator": "giam_sat", "year": 2010}, status="draft"),
        found(review, "cause", "completeness", n=4, choices={}),
        found(review, n=5, status="withdrawn"),
        found(old, n=6, statement="Nhận định cũ"),
    ]


@pytest.fixture(scope="module")
def said(review, some):
    return gather(review, some)


def opened(content_bytes):
    return docx.Document(io.BytesIO(content_bytes))


def texts(document):
    """Return all texts of a document in their order, cells of tables included."""
    return ["".join(node.text or "" for node in p.iter("{*}t")) for p in document.element.body.iter("{*}p")]


@pytest.fixture(scope="module")
def minutes(said):
    return opened(word(said, HEAD))


# --- what is said -----------------------------------------------------------------------------------------------------


def test_findings_are_numbered_by_kind_and_those_that_hold_no_longer_are_apart(said):
    assert [(item.number, item.finding.statement[-1]) for item in said.items] == [
        (1, "3"),
        (2, "2"),
        (3, "4"),
        (4, "1"),
    ]
    assert [old.finding.statement for old in said.stale] == ["Nhận định cũ"]
    assert said.withdrawn == 1


def test_a_finding_that_holds_no_longer_tells_old_and_new_value(said):
    (old,) = said.stale
    # district A in 2010: its own 1 and four of a1, which were not there when the finding was recorded
    assert old.why.startswith("số liệu đã đổi (")
    assert "cũ 1, mới 5" in old.why


def test_minutes_never_print_a_fallen_finding_among_those_that_hold(minutes):
    written = texts(minutes)
    places = [n for n, text in enumerate(written) if "Nhận định cũ" in text]
    heading = next(n for n, text in enumerate(written) if "không còn đúng với số liệu hiện có" in text)
    assert len(places) == 1
    assert places[0] > heading
    assert written[places[0]].startswith("Không dùng: ")


def test_a_withdrawn_finding_is_counted_and_not_told(minutes):
    written = texts(minutes)
    assert "Không đưa vào 1 phát hiện đã rút." in written
    assert not any("Nhận định 5" in text for text in written)


def test_a_finding_whose_view_is_gone_is_told_with_the_reason(review):
    lost = dataclasses.replace(found(review), choices={"area": "không có", "indicator": "giam_sat"})
    (old,) = gather(review, [lost], lang="en").stale
    assert old.why.startswith("it cannot be looked at any more (")
    assert "không có" in old.why


def test_minutes_leave_open_what_only_the_delegation_knows(said):
    written = texts(opened(word(said, Head())))
    assert "…………" in written
    assert "Số ……-BB/……" in written
    assert "…………, ngày …… tháng …… năm ……" in written
    assert "Trưởng đoàn: đồng chí " in written


def test_values_evidence_recommendation_and_due_date_stand_with_the_finding(minutes, said):
    written = texts(minutes)
    at = written.index("Phát hiện 2. Nhận định 2")
    assert written[at + 1] == "Đơn vị: Huyện B"
    assert written[at + 2] == f"Số liệu: {line(said.items[1].view.reading)}"
    assert any(text.startswith("Căn cứ: ") and text.endswith("liệt kê tại phụ lục.") for text in written[at:])
    table = next(t for t in minutes.tables if t.rows[0].cells[0].text == "Phát hiện")
    assert [cell.text for cell in table.rows[1].cells] == ["2", "Huyện B", "=Rà soát lại", "15-12-2020"]


def test_published_figures_stand_beside_what_the_data_give(minutes):
    table = next(t for t in minutes.tables if t.rows[0].cells[0].text == "Nội dung công bố")
    assert [cell.text for cell in table.rows[1].cells] == [
        "13 cuộc giám sát",
        "toàn thành phố, 2010–2010",
        "13",
        "13",
        "0",
        "Khớp",
    ]


def test_simulated_figures_are_called_so_on_each_page_and_beneath_each_table_and_figure(minutes, said):
    section = minutes.sections[0]
    assert "SỐ LIỆU MÔ PHỎNG" in section.header.paragraphs[0].text
    assert "SỐ LIỆU MÔ PHỎNG" in section.first_page_header.paragraphs[0].text
    beneath = [
        p.text for p in minutes.paragraphs if p.style.name == "Small" and p.text.startswith("SỐ LIỆU MÔ PHỎNG. ")
    ]
    assert len(beneath) == 1 + len(said.items)
    assert minutes.core_properties.keywords == "SỐ LIỆU MÔ PHỎNG"


def test_reported_figures_are_not_called_simulated():
    review = tiny_review()
    document = opened(word(gather(review, [found(review)]), HEAD))
    assert not any("MÔ PHỎNG" in text for text in texts(document))
    assert document.sections[0].first_page_header.paragraphs[0].text == ""


def test_a_report_counts_what_was_found(said):
    written = texts(opened(word(said, HEAD, kind="report")))
    assert "BÁO CÁO" in written
    assert (
        "Đoàn ghi nhận 4 phát hiện: 1 ưu điểm, 1 hạn chế, 1 nguyên nhân, 1 nội dung cần làm rõ; 1 còn là dự thảo; "
        "1 không còn đúng với số liệu hiện có."
    ) in written


def test_without_findings_a_document_leaves_room_for_them(review):
    nothing = gather(review, [])
    assert "Không có phát hiện." in texts(opened(word(nothing, HEAD)))
    written = texts(opened(word(nothing, HEAD, kind="report")))
    assert "Đoàn ghi nhận 0 phát hiện." in written
    assert "Kiến nghị: " in written


def test_a_long_table_is_cut_and_keeps_the_row_of_the_findings_area(review, monkeypatch):
    monkeypatch.setattr(content, "ROWS", 2)
    monkeypatch.setattr("danvan_kit.documents.sections.ROWS", 2)
    choices = {"indicator": "giam_sat", "year": 2010, "level": "commune"}
    last = views.compare(review, **choices).table["area"].iloc[-1]
    said = gather(review, [found(review, view="compare", choices=choices, area=last)])
    document = opened(word(said, HEAD))
    table = next(t for t in document.tables if t.rows[0].cells[0].text == "Tên")
    assert len(table.rows) == 3
    assert table.rows[2].cells[0].text == review.areas.name(last)
    assert "Còn 2 dòng, xem phụ lục." in texts(document)


# --- small counts of persons ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def personal():
    """Return a review in which petitions have persons behind them, and a finding on a small count."""
    review = simulated_review()
    table = review.indicators.assign(
        persons=["yes" if i in {"don", "don_xong"} else "" for i in review.indicators.index]
    )
    review = dataclasses.replace(review, indicators=table)
    return review, found(review, choices={"area": "b1", "indicator": "don"}, statement="Xã Một nhận ít đơn")


def test_small_counts_of_persons_are_hidden_and_the_document_says_so(personal):
    review, finding = personal
    said = gather(review, [finding])
    written = texts(opened(word(said, HEAD)))
    assert said.review.threshold == 5
    assert any(text.startswith("Số dưới 5 về ý kiến, đơn thư được ẩn") for text in written)
    assert said.veiled == (1,)
    (item,) = said.items
    shown = item.table("vi")["rows"]
    assert [row[1] for row in shown] != [
        row[1] for row in gather(review, [finding], threshold=0).items[0].table("vi")["rows"]
    ]
    assert finding.reading not in written


def test_the_threshold_can_be_turned_off_on_purpose_and_that_is_said(personal):
    review, finding = personal
    said = gather(review, [finding], threshold=0)
    assert said.veiled == ()
    assert "đã tắt ngưỡng ẩn" in said.shields
    assert "shown in full on purpose" in dataclasses.replace(said, lang="en").shields


def test_a_protected_review_is_asked_for_all_figures_and_shows_none_of_the_small(personal):
    review, finding = personal
    said = gather(gather(review, []).review, [finding])
    assert [item.finding for item in said.items] == [finding]
    assert said.review.threshold == 5


def test_values_that_moved_are_not_told_where_persons_stand_behind_them(personal):
    review, finding = personal
    rows = review.observations
    at = (rows["area"] == "b1") & (rows["indicator"] == "don") & (rows["year"] == 2011)
    changed = dataclasses.replace(review, observations=rows.assign(value=rows["value"].mask(at, 3.0)))
    (old,) = gather(changed, [finding]).stale
    assert "2011" in old.why
    assert "cũ" not in old.why
    (old,) = gather(changed, [finding], threshold=0, lang="en").stale
    assert "old 2, new 3" in old.why


def test_a_finding_of_which_all_is_hidden_is_not_used(personal, monkeypatch):
    review, finding = personal
    real = content._asked
    monkeypatch.setattr(content, "_asked", lambda r, f, lang: None if r.hidden else real(r, f, lang))
    (old,) = gather(review, [finding], lang="en").stale
    assert old.why == "its figures are hidden"


# --- how it looks -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("layout", ["party", "state"])
def test_the_page_is_a4_with_the_margins_of_the_rule_and_its_number_from_the_second_on(said, layout):
    document = opened(word(said, HEAD, layout=layout))
    section = document.sections[0]
    sides = [section.top_margin, section.bottom_margin, section.left_margin, section.right_margin]
    assert [round(side.mm) for side in (section.page_width, section.page_height, *sides)] == [210, 297, 20, 20, 30, 15]
    assert section.different_first_page_header_footer
    codes = [node.text.strip() for node in section.header._element.iter("{*}instrText")]
    assert codes == ["PAGE"]
    assert not list(section.first_page_header._element.iter("{*}instrText"))


def test_party_documents_have_their_head(minutes):
    left, right = minutes.tables[0].rows[0].cells
    assert [p.text for p in left.paragraphs] == ["THÀNH ỦY C", "ĐOÀN KIỂM TRA", "*", "Số 12-BB/ĐKT"]
    assert [p.text for p in right.paragraphs] == ["ĐẢNG CỘNG SẢN VIỆT NAM", "", "C, ngày 05 tháng 7 năm 2020"]
    run = right.paragraphs[0].runs[0]
    assert (run.bold, run.font.size) == (True, Pt(15))
    assert right.paragraphs[2].runs[0].italic
    assert left.paragraphs[1].runs[0].bold
    assert "-----" in [p.text for p in minutes.paragraphs]


def test_state_documents_have_theirs(said):
    document = opened(word(said, dataclasses.replace(HEAD, number=""), layout="state"))
    left, right = document.tables[0].rows[0].cells
    assert [p.text for p in left.paragraphs] == ["THÀNH ỦY C", "ĐOÀN KIỂM TRA", "", "Số: ……/BB-……"]
    assert [p.text for p in right.paragraphs][:2] == [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
    ]
    assert "I. THỜI GIAN, ĐỊA ĐIỂM, THÀNH PHẦN" in texts(document)
    assert "Trưởng đoàn: ông/bà " in texts(document)


def test_the_text_is_times_new_roman_14_in_every_script(minutes):
    normal = minutes.styles["Normal"]
    faces = normal.element.rPr.rFonts
    assert {value for key, value in faces.attrib.items()} == {"Times New Roman"}
    assert len(faces.attrib) == 4
    assert (normal.font.size, round(normal.paragraph_format.first_line_indent.mm)) == (Pt(14), 10)
    heading = minutes.styles["Heading 1"].element.rPr.rFonts
    assert not any(key.endswith(("Theme", "cstheme")) for key in heading.attrib)


def test_tables_repeat_their_header_keep_rows_whole_and_tell_what_they_are(minutes):
    for table in minutes.tables:
        if table.style.name != "Table Grid":
            continue
        assert table.rows[0]._tr.trPr.find("{*}tblHeader") is not None
        assert all(row._tr.trPr.find("{*}cantSplit") is not None for row in table.rows)
        assert table._tbl.tblPr.find("{*}tblCaption") is not None


def test_a_picture_has_a_caption_and_a_text_for_those_who_cannot_see_it(said):
    document = opened(word(said, HEAD, pictures={1: png()}))
    (shape,) = document.inline_shapes
    view = said.items[0].view
    assert shape._inline.docPr.get("descr") == f"{view.title}. {view.reading}"
    assert f"Hình 1. {view.title}" in texts(document)
    assert shape.width <= Mm(165)
    assert shape.height <= Mm(190)


def test_english_documents_are_english(review, some):
    written = texts(opened(word(gather(review, some, lang="en"), Head(), layout="state")))
    for text in ("MINUTES", "SOCIALIST REPUBLIC OF VIET NAM", "Finding 2. Nhận định 2"):
        assert text in written


@pytest.mark.parametrize(
    ("day", "lang", "shown"),
    [
        (dt.date(2020, 7, 5), "vi", "C, ngày 05 tháng 7 năm 2020"),
        (dt.date(2020, 2, 15), "vi", "C, ngày 15 tháng 02 năm 2020"),
        (dt.date(2020, 10, 15), "vi", "C, ngày 15 tháng 10 năm 2020"),
        (dt.date(2020, 7, 5), "en", "C, 5 July 2020"),
        (None, "en", "C, date …………"),
    ],
)
def test_days_are_written_as_the_rules_say(day, lang, shown):
    assert day_line(Head(place="C", date=day), lang) == shown


def test_numbers_are_written_as_the_rules_say():
    assert number_line(PARTY, "report", Head(), "vi") == "Số ……-BC/……"
    assert number_line(STATE, "minutes", Head(), "vi") == "Số: ……/BB-……"
    assert number_line(STATE, "minutes", Head(number="3/BB-X"), "en") == "No. 3/BB-X"


def test_columns_have_room_for_their_longest_word_and_fill_the_page():
    columns = [("Tên", False), ("Số lượng", True)]
    widths = widths_of(columns, [["một hai ba bốn năm sáu bảy tám chín mười", "1"]], 165)
    assert sum(widths) == pytest.approx(165)
    assert widths[0] > widths[1] > 11 * 0.2 * len("lượng")


# --- the file ---------------------------------------------------------------------------------------------------------


def test_the_files_properties_come_from_the_document_and_not_from_the_clock(said):
    core = opened(word(said, HEAD)).core_properties
    assert (core.author, core.last_modified_by) == ("Đoàn kiểm tra", "Đoàn kiểm tra")
    assert core.created == core.modified == dt.datetime(2020, 7, 5, tzinfo=dt.UTC)
    assert core.language == "vi-VN"
    assert core.title == "BIÊN BẢN kiểm tra công tác dân vận tại Thành phố C giai đoạn 2010–2012"


def test_without_a_date_the_latest_finding_dates_the_file_and_without_findings_the_review(said, review):
    assert opened(word(said, Head())).core_properties.created == dt.datetime(2020, 6, 6, 8, tzinfo=dt.UTC)
    assert opened(word(gather(review, []), Head())).core_properties.created == dt.datetime(2012, 12, 31, tzinfo=dt.UTC)


SCRIPT = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from test_documents import HEAD, found, simulated_review
from danvan_kit.documents import write_documents
review = simulated_review()
write_documents(review, [found(review), found(review, "strength", n=2)], Path(sys.argv[2]) / "a.docx", head=HEAD,
                appendix=Path(sys.argv[2]) / "a.xlsx", pictures=False)
"""


def test_two_processes_write_the_same_bytes(tmp_path):
    made = []
    for seed in ("1", "2"):
        folder = tmp_path / seed
        subprocess.run(
            [sys.executable, "-c", SCRIPT, str(Path(__file__).parent), str(folder)],
            check=True,
            env=os.environ | {"PYTHONHASHSEED": seed},
        )
        made.append([(folder / name).read_bytes() for name in ("a.docx", "a.xlsx")])
    assert made[0] == made[1]


def test_nothing_of_this_computer_stands_in_the_file(said):
    with zipfile.ZipFile(io.BytesIO(word(said, HEAD))) as packed:
        assert {part.date_time for part in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"2013" not in packed.read("docProps/core.xml")
        assert b"python-docx" not in packed.read("docProps/core.xml")


def test_another_ending_is_refused_before_anything_is_written(review, tmp_path):
    with pytest.raises(DocumentError, match=r"được dùng: \.docx"):
        write_documents(review, [], tmp_path / "a.pdf")
    with pytest.raises(DocumentError, match=r"được dùng: \.xlsx"):
        write_documents(review, [], tmp_path / "a.docx", appendix=tmp_path / "a.csv")
    assert not list(tmp_path.iterdir())


# --- the command ------------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path, review, some, monkeypatch):
    """Return a folder of findings, with the tiny review in place of any that is loaded."""
    monkeypatch.setattr("danvan_kit.review.load", lambda _: review)
    for finding in some:
        findings.write(finding, tmp_path / "findings")
    return tmp_path


def test_the_command_writes_both_files_and_tells_what_no_longer_holds(folder, capsys):
    to, extra = folder / "bb.docx", folder / "pl.xlsx"
    options = ["--findings", str(folder / "findings"), "--to", str(to), "--appendix", str(extra), "--date", "5-7-2020"]
    assert main(["minutes", "tiny", *options, "--no-pictures", "--body", "Đoàn kiểm tra"]) == 1
    told = capsys.readouterr().out.splitlines()
    assert told[:3] == [str(to), str(extra), "4 phát hiện, 0 hình"]
    assert told[-1].startswith("  Nhận định cũ – số liệu đã đổi")
    assert to.is_file()
    assert extra.is_file()


def test_the_command_says_in_english_that_no_browser_was_found(folder, capsys, monkeypatch):
    monkeypatch.setenv("BROWSER_PATH", "")
    (file,) = (folder / "findings").iterdir()
    kept = [line for line in file.read_text(encoding="utf-8").splitlines() if "Nhận định cũ" not in line]
    file.write_text("\n".join([*kept, ""]), encoding="utf-8")
    options = ["--findings", str(folder / "findings"), "--to", str(folder / "r.docx"), "--kind", "report"]
    assert main(["minutes", "tiny", *options, "--lang", "en"]) == 0
    assert "No Chromium or Chrome was found: tables stand in place of pictures" in capsys.readouterr().out


def test_a_line_of_findings_that_is_cut_is_told(folder, capsys):
    (file,) = (folder / "findings").iterdir()
    with file.open("a", encoding="utf-8") as lines:
        lines.write('{"finding": "f9')
    options = ["--findings", str(folder / "findings"), "--to", str(folder / "bb.docx"), "--no-pictures"]
    assert main(["minutes", "tiny", *options]) == 1
    assert file.name in capsys.readouterr().out.splitlines()[-1]


def test_the_command_names_findings_whose_figures_are_partly_hidden(personal, tmp_path, capsys, monkeypatch):
    review, finding = personal
    monkeypatch.setattr("danvan_kit.review.load", lambda _: review)
    findings.write(finding, tmp_path / "findings")
    options = ["--findings", str(tmp_path / "findings"), "--to", str(tmp_path / "a.docx"), "--no-pictures"]
    assert main(["minutes", "tiny", *options]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[-1].startswith("Phát hiện 1 có số được ẩn")


def test_an_area_that_is_gone_is_told_by_its_id(review, said):
    gone = dataclasses.replace(said.items[0].finding, area="Z9")
    assert said.area(gone) == "Z9"


def test_more_values_than_a_few_are_counted(review):
    old = dataclasses.replace(review, records=review.records.iloc[:0])
    choices = {"indicator": "giam_sat", "year": 2010, "level": "commune"}
    (fallen,) = gather(review, [found(old, view="compare", choices=choices)]).stale
    assert fallen.why.count("cũ") == content.MOVED
    assert " số khác)" in fallen.why


def test_pandas_missing_values_are_a_dash():
    assert content._value(pd.NA, "vi") == content._value(None, "vi") == "–"
    assert content._value("Khớp", "vi") == "Khớp"

"""Questions to offices: each difference once, politely, with its cell; workbooks in which no text is a formula."""

import zipfile
from dataclasses import replace

import numpy as np
import openpyxl
import pandas as pd
import pytest
from conftest import filed_above, tiny_review

from danvan_kit import __main__ as command
from danvan_kit.disclosure import protect
from danvan_kit.forms.export import ExportError
from danvan_kit.reconcile import questions as module
from danvan_kit.reconcile.questions import questions, write_questions


@pytest.fixture
def wrong():
    """Return petitions: A filed 37 for 30 in 2010, the city knew; in 2011 a2 reported nothing."""
    review = filed_above(2010, tiny_review(), ("C", 53), ("A", 37), ("B", 13))
    return filed_above(2011, review, ("C", 52), ("A", 27), ("B", 15))


def test_a_difference_is_asked_once_and_a_missing_report_asked_for(wrong):
    found = questions(wrong, "don", years=(2010, 2011))
    assert found["office"].tolist() == ["A", "a2"]
    assert found["reported"].tolist()[0] == 37
    assert found["expected"].tolist()[0] == 30
    assert found["difference"].tolist()[0] == 7
    assert found["question"].iloc[0].startswith("Kính đề nghị Quận A kiểm tra “Chỉ tiêu don” năm 2010: đã báo cáo 37")
    assert found["question"].iloc[1] == (
        "Kính đề nghị Phường Hai (Quận A) gửi bổ sung số liệu “Chỉ tiêu don” năm 2011; "
        "nếu không phát sinh, đề nghị ghi 0."
    )
    assert np.isnan(found["reported"].iloc[1])
    assert "x.xlsx#B1!A1" in found["source"].iloc[0]


def test_questions_speak_english(wrong):
    found = questions(wrong, "don", years=(2010, 2011), lang="en")["question"]
    assert "kindly asked to check" in found.iloc[0]
    assert "if there was none, please write 0" in found.iloc[1]


def changed(review, area, value, day, indicator="don", year=2010):
    """Add a later own figure."""
    row = pd.DataFrame([(area, year, indicator, "own", value, "reported", "cuộc", "reported", "l.xlsx#B1!C1", day)],
                       columns=["area", "year", "indicator", "scope", "value", "status", "unit", "origin", "source",
                                "received"])  # fmt: skip
    return replace(review, observations=pd.concat([review.observations, row], ignore_index=True))


def test_a_changed_figure_names_both_and_what_would_fit(tiny):
    sound = filed_above(2010, tiny, ("C", 53), ("A", 30), ("B", 13))
    found = questions(changed(sound, "a1", 9.0, pd.Timestamp(2011, 6, 1)), "don", years=2010)
    assert found[["office", "reported", "expected"]].to_numpy().tolist() == [["a1", 9, 4]]


def test_a_slip_of_one_office_asks_about_its_own_cell(tiny):
    sound = filed_above(2010, tiny, ("C", 53), ("A", 30), ("B", 13))
    found = questions(changed(sound, "a2", 6000.0, pd.Timestamp(2011, 1, 20)), "don", years=2010)
    assert found[["office", "reported", "expected"]].to_numpy().tolist() == [["a2", 6000, 6]]


def test_the_log_is_what_a_counted_figure_is_asked_against(tiny):
    found = questions(changed(tiny, "a1", 5.0, pd.Timestamp(2009, 1, 1), "giam_sat", 2012), "giam_sat", years=2012)
    assert found.loc[found["office"] == "a1", ["reported", "expected"]].to_numpy().tolist() == [[5, 0]]
    late = questions(tiny, "giam_sat", years=2011)
    assert "(nhật ký hoạt động có 0)" in late["question"].iloc[0]
    assert "(the log has 0)" in questions(tiny, "giam_sat", years=2011, lang="en")["question"].iloc[0]


def old_id(review):
    """Let b2 file its report of 2012 under the id that ended."""
    seen = review.observations
    return replace(review, observations=seen.assign(
        area=seen["area"].mask((seen["area"] == "b2") & (seen["year"] == 2012), "b2x")))  # fmt: skip


def test_a_report_under_an_old_name_is_to_be_confirmed_and_not_asked_for(tiny):
    review = filed_above(2012, old_id(tiny), ("C", 57), ("A", 30), ("B", 17))
    found = questions(review, "don", years=2012)
    assert found["office"].tolist() == ["b2"]
    assert "xác nhận" in found["question"].iloc[0]
    assert "Xã Hai Cũ" in found["question"].iloc[0]
    assert "confirm" in questions(review, "don", years=2012, lang="en")["question"].iloc[0]


def test_many_figures_of_one_report_make_one_question(tiny, monkeypatch):
    monkeypatch.setattr(module, "NAMED", 0)
    seen = tiny.observations
    review = filed_above(2011, replace(tiny, observations=seen[(seen["area"] != "a1") | (seen["year"] != 2011)]),
                         ("C", 52), ("A", 27), ("B", 15))  # fmt: skip
    found = questions(review, years=2011)
    mine = found[found["office"] == "a1"]
    assert len(mine) == 1
    assert mine["indicator"].iloc[0].endswith("chỉ tiêu")
    assert "figures lack" in questions(review, years=2011, lang="en").set_index("office").loc["a1", "question"]
    moved = filed_above(2012, old_id(tiny), ("C", 57), ("A", 30), ("B", 17))
    assert "nộp dưới đơn vị cũ" in " ".join(questions(moved, "don", years=2012)["question"])


def test_stocks_are_looked_at_year_by_year(tiny):
    seen = tiny.observations
    gone = (seen["indicator"] == "to") & (seen["area"] == "a1")
    found = questions(replace(tiny, observations=seen[~gone]), "to")
    assert found["year"].tolist() == [2010, 2011, 2012]


def test_counts_of_persons_are_left_out_of_all_where_small_ones_are_hidden(wrong):
    persons = wrong.indicators.assign(persons=["no"] * 3 + ["yes"] * 3 + ["no"] * 2)
    hidden = protect(replace(wrong, indicators=persons))
    assert "Chỉ tiêu don" not in set(questions(hidden)["indicator"])
    assert "Chỉ tiêu don" in set(questions(wrong)["indicator"])


# --- workbooks --------------------------------------------------------------------------------------------------------


def test_a_workbook_has_a_sheet_for_each_district_and_room_for_answers(wrong, tmp_path):
    made = write_questions(questions(wrong, "don", years=(2010, 2011)), wrong, tmp_path / "q.xlsx")
    book = openpyxl.load_workbook(made[0])
    assert book.sheetnames == ["Quận A (A)"]
    sheet = book["Quận A (A)"]
    assert sheet.freeze_panes == "B3"
    assert sheet.auto_filter.ref == "A2:K4"
    assert sheet["K1"].value == "Trả lời của đơn vị"
    assert sheet["E3"].value == 37
    assert sheet["E4"].value is None


def test_a_folder_gets_one_workbook_an_office_under_a_plain_name(wrong, tmp_path):
    made = write_questions(questions(wrong, "don", years=(2010, 2011)), wrong, tmp_path / "out")
    assert [path.name for path in made] == ["A_quan_a.xlsx", "a2_phuong_hai.xlsx"]


def test_the_same_questions_have_the_same_bytes(wrong, tmp_path):
    table = questions(wrong, "don", years=2010)
    one, two = (write_questions(table, wrong, tmp_path / f"{n}.xlsx")[0].read_bytes() for n in (1, 2))
    assert one == two


def test_no_text_becomes_a_formula_and_control_characters_go(wrong, tmp_path):
    table = questions(wrong, "don", years=2010).assign(source="=1+1", question="a\x07b\x00c", reported=1.5)
    book = openpyxl.load_workbook(write_questions(table, wrong, tmp_path / "q.xlsx")[0])
    row = list(book.worksheets[0][3])
    with zipfile.ZipFile(tmp_path / "q.xlsx") as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")
    assert [cell.quotePrefix for cell in row if cell.value == "=1+1"] == [True]
    assert "a b c" in [cell.value for cell in row]
    assert 1.5 in [cell.value for cell in row]


def test_a_place_that_cannot_be_written_is_told_in_one_line(wrong, tmp_path):
    table = questions(wrong, "don", years=2010)
    (tmp_path / "file").write_text("x")
    with pytest.raises(ExportError, match="không ghi được"):
        write_questions(table, wrong, tmp_path / "file" / "q.xlsx")
    with pytest.raises(ExportError, match="không có câu hỏi"):
        write_questions(table.head(0), wrong, tmp_path / "q.xlsx")


# --- the command ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("lang", "word"), [("vi", "thiếu 1 báo cáo"), ("en", "1 reports lack")])
def test_the_command_tells_the_steps_writes_questions_and_fails_on_differences(
    wrong, tmp_path, monkeypatch, capsys, lang, word
):
    monkeypatch.setattr("danvan_kit.review.load", lambda _: wrong)
    code = command.main(["reconcile", "x", "--indicator", "don", "--to", str(tmp_path / "q"), "--lang", lang])
    said = capsys.readouterr().out
    assert code == 1
    assert word in said
    assert len(list((tmp_path / "q").glob("*.xlsx"))) >= 2


def test_the_command_is_content_when_all_is_equal(monkeypatch, capsys):
    sound = tiny_review()
    keep = sound.observations["indicator"] == "to"
    monkeypatch.setattr("danvan_kit.review.load", lambda _: replace(sound, observations=sound.observations[keep]))
    assert command.main(["reconcile", "x", "--indicator", "to"]) == 0
    assert command.main(["reconcile", "x", "--indicator", "ty_le"]) == 2
    assert "là tỷ lệ" in capsys.readouterr().err

"""The rows of the panel: filtered without accents, sorted as Vietnamese readers expect, harmless in a page."""

from __future__ import annotations

from html.parser import HTMLParser

import pandas as pd
import pytest

from danvan_kit.forms import panel_rows
from danvan_kit.forms.panel_rows import KIND_WORDS, TEXTS, Choice, chosen
from danvan_kit.forms.results import Forms, problems
from danvan_kit.forms.trouble import Trouble, codes

TOLD = (
    Trouble("N01", "Đống Đa.xlsx", found="tệp có macro"),
    Trouble("Q05", "Ba Đình.xlsx", "Bieu1", "C10", "“27,739” có thể là 27,739 hoặc 27.739"),
    Trouble("C06", "Ba Đình.xlsx", "Bieu1", "C11", "cộng 9"),
    Trouble("Q02", "Cầu Giấy.csv", "x", "A3", "“Phường Mình Khai”"),
)


def made(review, told=TOLD, lang="vi", areas=()):
    names = list(dict.fromkeys(t.file for t in told))
    files = pd.DataFrame({"file": names, "area": [dict(areas).get(name, "") for name in names]})
    return panel_rows.table(
        Forms(pd.DataFrame(), problems(told, lang), pd.DataFrame(), files, tuple(told)), review, lang
    )


@pytest.fixture
def rows(tiny):
    return made(tiny, areas=[("Ba Đình.xlsx", "B")])


def codes_of(rows, **choice):
    return chosen(rows, Choice(**choice))["code"].tolist()


def test_problems_come_first_then_questions_then_notes(rows):
    assert codes_of(rows) == ["C06", "Q05", "Q02", "N01"]
    assert codes_of(rows, down=True) == ["N01", "Q02", "Q05", "C06"]


def test_the_order_of_reading_and_of_the_vietnamese_alphabet_can_be_had(rows):
    assert codes_of(rows, sort="order") == ["N01", "Q05", "C06", "Q02"]
    assert codes_of(rows, sort="file") == ["Q05", "C06", "Q02", "N01"]
    assert codes_of(rows, sort="code") == ["C06", "N01", "Q02", "Q05"]


def test_rows_are_found_by_file_kind_and_code(rows):
    assert codes_of(rows, file="Ba Đình.xlsx") == ["C06", "Q05"]
    assert codes_of(rows, kind="question") == ["Q05", "Q02"]
    assert codes_of(rows, kind="question", code="Q02") == ["Q02"]
    assert codes_of(rows, file="Ba Đình.xlsx", code="Q02") == []


@pytest.mark.parametrize("find", ["mình khai", "minh khai", "MINH  KHAI", "khai minh", "cau giay", "câu hỏi khai"])
def test_text_is_found_without_accents_and_in_any_order_of_words(rows, find):
    assert codes_of(rows, find=find) == ["Q02"]


def test_the_office_of_a_file_is_shown_and_found(rows):
    assert codes_of(rows, find="huyen") == ["C06", "Q05"]
    assert "<i>Huyện B</i>" in panel_rows.html(rows, "vi")


def test_filters_say_how_many_rows_each_of_their_choices_has(rows):
    files, kinds, codes_ = panel_rows.options(rows, "vi")
    assert files == [
        ("Ba Đình.xlsx – Huyện B (2)", "Ba Đình.xlsx"), ("Cầu Giấy.csv (1)", "Cầu Giấy.csv"),
        ("Đống Đa.xlsx (1)", "Đống Đa.xlsx"),
    ]  # fmt: skip
    assert kinds == [("Lỗi (1)", "problem"), ("Câu hỏi (2)", "question"), ("Ghi chú (1)", "note")]
    assert codes_[0] == ("C06 cộng không khớp (1)", "C06")


class _Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags = []
        self.attributes = set()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}


def test_hostile_texts_stay_texts(tiny):
    bad = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'</td></table>\x00\u202e"
    page = panel_rows.html(made(tiny, [Trouble("Q05", bad, bad, bad, bad, (bad, bad))]), "vi")
    seen = _Tags()
    seen.feed(page)
    assert not {"script", "img", "a", "iframe"} & set(seen.tags)
    assert seen.attributes <= {"class", "tabindex", "role", "aria-label", "scope", "style"}
    assert seen.tags.count("td") == 8
    assert not {"\x00", "\u202e"} & set(page)


def test_a_long_text_is_cut_in_the_page(tiny):
    page = panel_rows.html(made(tiny, [Trouble("Q05", "a.xlsx", found="số " * 50_000)]), "vi")
    assert len(page) < 5000
    assert "…" in page


def test_without_rows_the_page_says_so(rows):
    assert "Không có dòng nào." in panel_rows.html(rows.iloc[:0], "vi")
    assert panel_rows.place(0, 0, 0, "vi") == ""


def test_the_page_speaks_english_when_asked(tiny):
    rows = made(tiny, lang="en")
    page = panel_rows.html(rows, "en")
    assert '<th scope="col">What to do</th>' in page
    assert "the figure has more than one reading" in page
    assert "rows 51–100 of 1,200" in panel_rows.place(50, 100, 1200, "en")


def test_both_languages_have_the_same_words_and_every_kind_has_its_own():
    assert TEXTS["vi"].keys() == TEXTS["en"].keys()
    for key, text in TEXTS["vi"].items():
        assert text.strip()
        assert text != TEXTS["en"][key]
    assert set(KIND_WORDS) == set(panel_rows.KINDS) == {rule["kind"] for rule in codes().values()}


def test_an_export_of_one_file_bears_its_name_in_plain_letters():
    assert panel_rows.file_name("", "vi") == "can-tra-loi"
    assert panel_rows.file_name('thư mục/Quận Đống Đa (2019)".xlsx', "vi") == "can-tra-loi_quan-dong-da-2019"
    assert panel_rows.file_name("x.csv", "en") == "to-answer_x"

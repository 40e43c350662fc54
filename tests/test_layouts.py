"""What the words of a form mean."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from danvan_kit.forms import layouts
from danvan_kit.forms.layouts import LayoutError, bare


@pytest.fixture(scope="module")
def layout(shipped):
    return layouts.layouts(shipped.indicators)["*"]


def test_every_label_of_the_catalogue_is_known_by_its_words_however_it_is_written(shipped, layout):
    for indicator, text in shipped.indicators["label_vi"].items():
        for written in (text, text.upper(), f"  {text}\n", f"1.2. {text}", f"- {text}", f"Số {text.lower()}"):
            assert layout.means(written).means == indicator, written
            assert layout.exact(written) == indicator


def test_every_phrase_of_the_shipped_table_means_what_its_row_says(layout):
    rows = layouts._rows("x", (layouts.resources.files("danvan_kit.forms") / "layouts.csv").read_text(encoding="utf-8"))
    for _, means, phrase, _ in rows:
        if means not in {"total", "group"}:
            assert layout.exact(phrase) == means


@pytest.mark.parametrize(
    ("written", "means"),
    [
        ("Số cuộc\ngiám sát", "cuoc_giam_sat"),
        ("STT", "order"),
        ("Đ.V.T", "unit"),
        ("Đơn thư được tiếp nhận", "don_thu_tiep_nhan"),  # a small word more
        ("Hội nghhị phản biện", "hoi_nghi_phan_bien"),
        ("Hội nghị đối thoại định kì", "doi_thoai_dinh_ky"),
        ("Số vụ hòa giải thành (vụ)", "hoa_giai_thanh"),
        ("Tổng hợp cả cấp dưới", "consolidated"),
    ],
)
def test_a_header_is_known_through_small_words_and_one_slip(layout, written, means):
    assert layout.means(written).means == means


@pytest.mark.parametrize(
    "written",
    [
        "Đơn thư chưa giải quyết",
        "Đơn thư không giải quyết",
        "Kế hoạch năm sau",
        "Hòa giải không thành",
        "Cột A",
        "Hội nghị giao bna",  # a word of three letters may well be another
        "12345",
    ],
)
def test_a_header_that_says_something_else_is_not_taken_for_its_neighbour(layout, written):
    found = layout.means(written)
    assert found.means == ""
    assert found.score < 1


def test_an_unknown_header_comes_with_its_nearest_known_words_and_their_score(layout):
    found = layout.means("Đơn thư chưa giải quyết")
    assert found.nearest == "Đơn thư đã giải quyết"
    assert 0.85 < found.score < 0.95


def test_a_title_above_indicators_is_told_from_a_word_that_changes_them(layout):
    assert layout.is_group("Giám sát, phản biện xã hội")
    assert layout.is_group("Công tác hòa giải ở cơ sở")
    assert not layout.is_group("Kế hoạch")
    assert not layout.is_group("Dự kiến năm 2021")
    assert not layout.is_group("")


def test_ones_own_table_adds_headers_and_names_a_form(shipped, tmp_path):
    own = tmp_path / "tieu_de.csv"
    own.write_text(
        "form,means,words\n*,cuoc_giam_sat,Cột A\nb7,title,Biểu số 7\nb7,order,Cột thứ\n", encoding="utf-8-sig"
    )
    found = layouts.layouts(shipped.indicators, own)
    assert found["*"].exact("cột a") == "cuoc_giam_sat"
    assert found["*"].exact("Cột thứ") == ""
    assert found["b7"].exact("Cột thứ") == "order"
    assert found["b7"].exact("cột a") == "cuoc_giam_sat"
    assert layouts.titles(found) == {"bieu so 7": "b7"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("form,means,words\n*,cuoc_x,Cột\n", "dòng 2: không có nghĩa 'cuoc_x'"),
        ("form,means\n*,x\n", "dòng 1: có cột"),
        ("form,means,words\n*,order,STT mới\n*,unit,STT mới\n", "dòng 3: 'STT mới' có hai nghĩa"),
    ],
)
def test_a_mistake_in_ones_own_table_is_one_line_with_its_row(shipped, tmp_path, text, told):
    own = tmp_path / "tieu_de.csv"
    own.write_text(text, encoding="utf-8")
    with pytest.raises(LayoutError, match="dòng") as caught:
        layouts.layouts(shipped.indicators, own)
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_table_that_cannot_be_read_is_one_line(shipped, tmp_path):
    with pytest.raises(LayoutError, match="không đọc được"):
        layouts.layouts(shipped.indicators, tmp_path / "none.csv")


@given(st.text(max_size=500))
def test_bare_words_never_raise_and_are_stable(text):
    assert bare(bare(text)) == bare(bare(bare(text)))


def test_numbering_goes_and_names_that_look_like_it_stay():
    assert bare("2.1. Tổ hòa giải") == "to hoa giai"
    assert bare("a) Văn bản") == "van ban"
    assert bare("IV. Dân vận khéo") == "dan van kheo"
    assert bare("S.T.T") == "s t t"
    assert bare("Kỳ báo cáo") == bare("kì báo cáo")

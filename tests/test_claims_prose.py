"""Figures in plain prose are bound to what they say, or are not decided; nothing is guessed."""

from __future__ import annotations

import math
from itertools import pairwise, product

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from danvan_kit import words
from danvan_kit.claims import ClaimError, confirm, kept, prose, verify_claims
from danvan_kit.claims.allowed import allowed, fits
from danvan_kit.claims.places import resolve
from danvan_kit.claims.reading import Figure
from danvan_kit.claims.spans import spans
from danvan_kit.claims.spoken import spoken
from danvan_kit.claims.text import blocks, plain
from danvan_kit.errors import DanvanError
from danvan_kit.qualifiers import qualifiers

# The whole city 2010-2020: 27.739 supervision rounds, 6.889 critique conferences, 39.466 documents; quận Ba Đình in
# 2018: 86 rounds (own and wards), 17 critique conferences. `tests/claims_corpus.py` works such figures out by itself.
PUBLISHED = [
    (
        "Các cấp ủy đã ban hành gần 40 nghìn văn bản lãnh đạo, chỉ đạo; tổ chức 27.739 cuộc giám sát, 6.889 hội "
        "nghị phản "
        "biện; từ năm 2013 đến nay, thành phố đã tổ chức 22 hội nghị tiếp xúc, đối thoại; cấp huyện 144 hội nghị, "
        "cấp xã 2.048 "
        "hội nghị đối thoại định kỳ."
    ),
    (
        "Từ năm 2013 đến nay, Thành ủy, UBND thành phố tổ chức 22 hội nghị tiếp xúc, đối thoại, các quận, huyện, "
        "thị xã tổ chức "
        "144 hội nghị, các xã, phường, thị trấn tổ chức 2.048 hội nghị đối thoại định kỳ. Qua mười năm, Hà Nội đã "
        "có gần bốn "
        "mươi nghìn văn bản lãnh đạo, chỉ đạo, 27 739 cuộc giám sát và 6889 hội nghị phản biện xã hội."
    ),
    (
        "Over the ten years, Party committees issued nearly 40 thousand leadership and guidance documents; the "
        "Fatherland Front "
        "and the socio-political organisations held 27,739 supervision rounds and 6,889 social critique "
        "conferences; since "
        "2013 the city has held 22 contact and dialogue conferences, the districts 144 and the communes 2,048 periodic "
        "dialogue conferences."
    ),
]
POSTS = [
    "ở cấp thành phố và cấp huyện, 100 % trưởng ban dân vận và chủ tịch Mặt trận Tổ quốc là ủy viên ban thường vụ",
    "100% đồng chí Trưởng Ban Dân vận, Chủ tịch Ủy ban MTTQ cấp thành phố, cấp huyện tham gia ban thường vụ cấp ủy.",
    (
        "At city and district level, 100% of the heads of the mass-mobilization commission and chairs of the "
        "Fatherland Front "
        "sit on the standing board."
    ),
]
BASE = "Năm 2018, quận Ba Đình tổ chức 86 cuộc giám sát"
NARROWED = [
    f"{BASE} về đất đai.", f"{BASE} chuyên đề.", f"{BASE} và phản biện.", f"{BASE} (chỉ tính cấp quận).",
    f"Về lĩnh vực đất đai, {BASE[0].lower() + BASE[1:]}.", "Năm 2018, quận Ba Đình dự kiến tổ chức 86 cuộc giám sát.",
    "Năm 2018, quận Ba Đình không tổ chức 86 cuộc giám sát.", ("9 tháng đầu năm 2018, quận Ba Đình tổ chức 86 cuộc "
    "giám sát."),
    "Cuối năm 2018, quận Ba Đình tổ chức 86 cuộc giám sát.", "Tháng 5 năm 2018, quận Ba Đình tổ chức 86 cuộc giám sát.",
    ("Năm 2018, Hội Phụ nữ quận Ba Đình tổ chức 86 cuộc "
    "giám sát."), "Năm 2018, HĐND quận Ba Đình tổ chức 86 cuộc giám sát.",
    "Năm 2018, có phường của quận Ba Đình tổ chức 86 cuộc giám sát.", f"{BASE} mỗi phường.",
    ("Năm 2018, 5 phường của quận Ba Đình tổ chức 86 cuộc "
    "giám sát."), "Năm 2018, Ban Dân vận mở 86 cuộc giám sát công trình.",
    "Năm 2018, so với quận Tây Hồ, quận Ba Đình tổ chức nhiều hơn 86 cuộc giám sát.",
    "Năm 2018, quận Ba Đình tổ chức 86 (tám mươi bảy) cuộc giám sát.", f"{BASE}?",
    "Năm 2018, Thành phố tổ chức 86 cuộc giám sát tại quận Ba Đình.",
    "Năm 2018, quận Ba Đình có số cuộc giám sát cao nhất thành phố với 86 cuộc.",
    "In 2018 Ba Đình district took part in 86 supervision rounds.",
    "In 2018 each ward of Ba Đình district held 86 supervision rounds.",
]  # fmt: skip


def _told(text, review, column="verdict"):
    return verify_claims(text, review)[column].tolist()


# --- the published paragraph -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", PUBLISHED)
def test_the_published_figures_hold_in_many_wordings(shipped, text):
    found = verify_claims(text, shipped)
    assert sorted(found["said"]) == [22, 144, 2048, 6889, 27739, 40000]
    assert set(found["verdict"]) == {"holds"}


ELLIPTIC = [
    "cấp huyện 144 hội nghị, cấp xã 2.048 hội nghị đối thoại định kỳ",
    "cấp huyện 144 hội nghị; cấp xã 2.048 hội nghị đối thoại định kỳ",
    "cấp huyện 144, cấp xã 2.048 hội nghị đối thoại định kỳ",
    "cấp huyện tổ chức 144 và cấp xã tổ chức 2.048 cuộc đối thoại định kỳ",
    "cấp huyện 144 hội nghị đối thoại định kỳ, cấp xã 2.048 hội nghị",
    "cấp huyện có 144 hội nghị đối thoại định kỳ thì cấp xã tổ chức tới 2.048 hội nghị",
    "hội nghị đối thoại định kỳ: cấp huyện 144, cấp xã 2.048",
    "districts held 144 and communes 2,048 periodic dialogue conferences",
    "districts held 144 periodic dialogue conferences and communes held 2,048",
]


@pytest.mark.parametrize("text", ELLIPTIC)
@pytest.mark.parametrize(
    "before", ["", "6.889 hội nghị phản biện; ", "22 hội nghị tiếp xúc, đối thoại của thành phố; "]
)
def test_an_incomplete_noun_takes_the_name_of_its_parallel_before_or_behind(shipped, before, text):
    if "held" in text and before:
        before = "6,889 social critique conferences; "
    found = verify_claims(before + text, shipped)
    assert found["verdict"].tolist() == ["holds"] * (3 if before else 2)
    assert set(found["level"][-2:]) == {"district", "commune"}


@pytest.mark.parametrize("text", ELLIPTIC)
def test_levels_exchanged_in_an_elliptic_sentence_do_not_hold(shipped, text):
    comma = "," if "held" in text else "."
    swapped = text.replace("144", "#").replace(f"2{comma}048", "144").replace("#", f"2{comma}048")
    assert verify_claims(swapped, shipped)["verdict"].tolist() == ["does_not_hold"] * 2


def test_between_two_names_an_incomplete_noun_is_not_decided_unless_both_agree(shipped):
    text = "Cấp huyện tổ chức 1.171 hội nghị phản biện, cấp xã 2.048, cấp huyện 144 hội nghị đối thoại định kỳ"
    assert verify_claims(text, shipped)["verdict"].tolist() == ["holds", "undecided", "holds"]


def test_years_behind_one_part_of_a_list_are_not_those_of_other_matters(shipped):
    text = "Hà Nội tổ chức 27.739 cuộc giám sát; 22 hội nghị tiếp xúc, đối thoại từ năm 2013 đến nay"
    assert verify_claims(text, shipped)["verdict"].tolist() == ["holds", "holds"]
    text = "Cấp huyện tổ chức 144 hội nghị đối thoại định kỳ; cấp xã tổ chức 2.048 hội nghị kể từ năm {}"
    assert verify_claims(text.format(2013), shipped)["verdict"].tolist() == ["holds", "holds"]
    assert verify_claims(text.format(2015), shipped)["verdict"].tolist() == ["undecided", "does_not_hold"]


def test_a_figure_in_brackets_is_said_of_what_stands_before_them(shipped):
    text = "Từ năm 2013, cấp xã (2.048 hội nghị) và cấp huyện (144 hội nghị) đều duy trì đối thoại định kỳ"
    found = verify_claims(text, shipped)
    assert found["level"].where(found["verdict"] != "undecided", "").tolist() in (["commune", "district"], ["", ""])
    found = verify_claims("Qua giám sát (27.739 cuộc) và phản biện xã hội (6.889 hội nghị), …", shipped)
    assert found["verdict"].tolist() == ["holds", "holds"]


def test_a_text_that_holds_half_of_a_pair_is_read_all_the_same(shipped):
    assert verify_claims("Hơn 10 năm có 27.739 cuộc giám sát \ud800.", shipped)["verdict"].tolist() == ["holds"]


def test_the_head_of_the_names_of_rows_tells_the_years_of_a_table(shipped):
    table = "| Chỉ tiêu ({}) | Cấp huyện | Cấp xã |\n|---|---|---|\n| Hội nghị đối thoại định kỳ | 144 | 2.048 |"
    assert set(verify_claims(table.format("2013–2020"), shipped)["verdict"]) == {"holds"}
    assert set(verify_claims(table.format("2015–2020"), shipped)["verdict"]) == {"does_not_hold"}


def test_a_cell_may_hold_a_qualifier_and_the_name_of_its_figure(shipped):
    table = "| Nội dung, 2010–2020 | Số |\n|---|---|\n| Văn bản chỉ đạo | gần 40.000 |\n| Giám sát | 27.739 cuộc |"
    assert verify_claims(table, shipped)["verdict"].tolist() == ["holds", "holds"]


def test_a_figure_of_each_year_is_not_that_of_all_years(shipped):
    text = "Hà Nội ban hành gần 40 nghìn văn bản lãnh đạo, chỉ đạo{}"
    assert [verify_claims(text.format(t), shipped)["verdict"].item() for t in ("", "/năm")] == ["holds", "undecided"]


@pytest.mark.parametrize(
    "text",
    [
        "Phó Bí thư Thành ủy cho biết, trong 10 năm, MTTQ và các đoàn thể tổ chức 27.739 cuộc giám sát",
        "Sau 10 năm thực hiện Quyết định số 290-QĐ/TW ngày 25-2-2010, Hà Nội tổ chức 27.739 cuộc giám sát",
    ],
)
def test_who_reports_and_the_date_of_a_decision_do_not_narrow_a_figure(shipped, text):
    assert verify_claims(text, shipped)["verdict"].item() == "holds"


@pytest.mark.parametrize("text", POSTS)
def test_all_heads_and_chairs_sit_on_the_standing_board(shipped, text):
    [row] = verify_claims(text, shipped).to_dict("records")
    assert (row["indicator"], row["verdict"]) == ("truong_bdv_uvbtv chu_tich_mttq_uvbtv", "holds")
    assert set(row["level"].split()) <= {"city", "district"}


@pytest.mark.parametrize(
    ("right", "wrong"), [("27.739", "27.738"), ("6.889", "6.898"), ("22 hội", "24 hội"), ("144", "145")]
)
def test_one_changed_figure_is_found_and_no_other(shipped, right, wrong):
    found = verify_claims(PUBLISHED[0].replace(right, wrong), shipped)
    assert found["verdict"].tolist().count("does_not_hold") == 1
    assert found["verdict"].tolist().count("holds") == 5


def test_a_row_says_what_was_counted_what_is_allowed_and_where_the_figure_comes_from(shipped):
    first, second, *_ = verify_claims(PUBLISHED[0], shipped).to_dict("records")
    assert (first["qualifier"], first["expected"], first["found"]) == ("nearly", "36.000–40.000", 39466)
    assert (second["claim"], second["place"]) == (
        "27.739 cuộc giám sát",
        f"dòng 1, ký tự {PUBLISHED[0].index('27.739') + 1}",
    )
    assert (second["area"], second["year_from"], second["year_to"], second["off"]) == ("01", 2010, 2020, 0)
    assert second["origin"] == "số đã công bố (giam_sat); đếm từ sổ hoạt động"


# --- what is not decided ---------------------------------------------------------------------------------------------


def test_the_plain_sentence_holds(shipped):
    assert _told(BASE, shipped) == ["holds"]


@pytest.mark.parametrize("text", NARROWED)
def test_a_figure_that_the_words_narrow_is_not_decided(shipped, text):
    found = verify_claims(text, shipped)
    assert set(found.loc[found["said"].isin([86.0]), "verdict"]) <= {"undecided"}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Năm 2018 quận Ba Đình tổ chức 27,739 cuộc giám sát", "27,739"),
        ("Năm 2018 toàn thành phố tiếp nhận 43.428 đơn thư", "chưa đủ báo cáo"),
        ("Năm 2018 phường Quang Trung tổ chức 5 cuộc giám sát", "quang trung"),
        ("Năm 2022 quận Ba Đình tổ chức 5 cuộc giám sát", "ngoài kỳ"),
        ("Năm 2011 quận Ba Đình tổ chức 5 hội nghị đối thoại định kỳ", "chưa được theo dõi"),
        ("Năm 2018 phường Phúc Xá, quận Ba Đình mở 5 lớp tập huấn nghiệp vụ dân vận", "không theo dõi"),
        (("Giai đoạn 2010–2020 toàn thành phố có 323 đồng chí Trưởng ban Dân vận là ủy viên ban thường "
            "vụ cấp ủy"), "nói rõ năm"),
        ("Năm 2020 số cuộc giám sát của toàn thành phố giảm 52 % so với năm 2019", "giữa năm"),
        (("Năm 2019 tỷ lệ ý kiến đối thoại được giải quyết của toàn thành phố tăng 3 % so với "
            "năm 2018"), "điểm phần trăm"),
    ],
)  # fmt: skip
def test_an_undecided_figure_says_why(shipped, text, reason):
    [row] = verify_claims(text, shipped).to_dict("records")
    assert row["verdict"] == "undecided"
    assert reason.lower() in row["reason"].lower()


def test_reasons_come_in_english_too(shipped):
    [row] = verify_claims("Năm 2022 quận Ba Đình tổ chức 5 cuộc giám sát", shipped, lang="en").to_dict("records")
    assert (row["reason"], row["place"]) == ("The years are outside the review", "line 1, character 31")


def test_a_figure_that_would_hold_for_the_office_alone_is_not_called_false(shipped):
    [whole] = _told("Năm 2015, quận Ba Đình tổ chức 14 cuộc giám sát.", shipped, "found")
    [row] = verify_claims("Năm 2015, riêng cấp quận của quận Ba Đình tổ chức 1 cuộc giám sát.", shipped).to_dict(
        "records"
    )
    own = int(row["found"])
    assert own < whole
    assert _told(f"Năm 2015, quận Ba Đình tổ chức {own} cuộc giám sát.", shipped) == ["undecided"]


# --- qualifiers ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("figure", "inside", "outside"),
    [
        (Figure(100.0, qualifier="nearly"), [90, 99.9], [89.9, 100]),
        (Figure(100.0, qualifier="over"), [100.1, 110], [100, 110.1]),
        (Figure(100.0, qualifier="about"), [95, 105], [94.9, 105.1]),
        (Figure(100.0, qualifier="at_least"), [100, 1e9], [99]),
        (Figure(100.0, qualifier="at_most"), [0, 100], [101]),
        (Figure(100.0, qualifier="below"), [0, 99], [100]),
        (Figure(100.0), [100], [99, 101]),
        (Figure(27700.0, 100.0), [27650, 27749], [27649, 27750]),
        (Figure(95.3, 0.1, "%"), [95.25, 95.349], [95.249, 95.35]),
    ],
)
def test_each_qualifier_allows_what_its_table_says(figure, inside, outside):
    assert all(fits(figure, value) for value in inside)
    assert not any(fits(figure, value) for value in outside)


def test_each_qualifier_has_a_reason_in_both_languages():
    assert all(all(rule.why) for rule in qualifiers().values())


@given(st.integers(1, 10**7), st.sampled_from(["nearly", "over", "about", "at_least", "at_most", "exact"]))
def test_bounds_stand_in_order_and_contain_what_is_closed(said, qualifier):
    low, high, _low_in, _high_in = allowed(Figure(float(said), qualifier=qualifier))
    assert low <= high
    assert fits(Figure(float(said), qualifier=qualifier), said) == (
        qualifier in {"about", "at_least", "at_most", "exact"}
    )


# --- numbers and texts -----------------------------------------------------------------------------------------------

_DIGITS = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"]


def _in_words(n):
    """Write 1 to 999,999 in words, the way a schoolbook does."""
    if n >= 1000:
        rest = n % 1000
        tail = "" if not rest else " " + (f"không trăm {_small(rest)}" if rest < 100 else _in_words(rest))
        return f"{_in_words(n // 1000)} nghìn{tail}"
    if n >= 100:
        return f"{_DIGITS[n // 100]} trăm" + (f" {_small(n % 100)}" if n % 100 else "")
    return _small(n, alone=True)


def _small(n, *, alone=False):
    tens, ones = divmod(n, 10)
    if tens == 0:
        return _DIGITS[ones] if alone else f"linh {_DIGITS[ones]}"
    last = {1: "mốt" if tens > 1 else "một", 4: "tư" if tens > 1 else "bốn", 5: "lăm"}.get(ones, _DIGITS[ones])
    return ("mười" if tens == 1 else f"{_DIGITS[tens]} mươi") + (f" {last}" if ones else "")


@given(st.integers(1, 999_999))
def test_a_number_in_words_is_read_back(value):
    said = _in_words(value)
    assert spoken(said) == value, said


@pytest.mark.parametrize(
    "text", ["hai trăm tư", "một trăm nghìn trăm", "ba bốn", "năm sáu bảy", "twenty eleven hundred", "nghìn"]
)
def test_words_that_are_no_number_are_none(text):
    assert spoken(text) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("twenty-two", 22),
        ("one hundred and forty-four", 144),
        ("two thousand and forty-eight", 2048),
        ("forty thousand", 40000),
    ],
)
def test_english_words_are_read(text, value):
    assert spoken(text) == value


@given(st.text(max_size=200))
def test_any_text_can_be_read(text):
    for block in blocks(text):
        assert len(block.text) == len(block.starts)
        assert all(0 <= start < len(text) for start in block.starts)
        found = spans(block.text.lower()) if len(block.text.lower()) == len(block.text) else []
        assert all(a.end <= b.start for a, b in pairwise(found))


@given(
    st.lists(st.sampled_from([*"ab1,. \n-|#*“”Ba Đình", "27.739 ", "cuộc giám sát ", "năm 2015 ", "gần "]), max_size=25)
)
def test_no_text_breaks_the_reading(shipped, parts):
    found = verify_claims("".join(parts), shipped)
    assert set(found["verdict"]) <= {"holds", "does_not_hold", "undecided"}


def test_letters_in_pieces_keep_their_places():
    seen = plain("Hoa\u0300 gia\u0309i\u00a01")
    assert seen.text == "Hòa giải 1"
    assert seen.starts[2] == 2


def test_markdown_becomes_blocks():
    kinds = [
        b.kind
        for b in blocks(
            "# Quận\n\nMột dòng\ntiếp theo.\n- a\n- b\n\n> trích\n\n| x | y |\n|---|---|\n| 1 | 2 |\n```\n5\n```"
        )
    ]
    assert kinds == ["heading", "text", "item", "item", "text", "row", "row"]


def test_a_hyphen_at_the_start_of_a_broken_line_begins_no_item():
    [block] = blocks("các tổ chức chính trị\n- xã hội tổ chức\n12 cuộc")
    assert block.text == "các tổ chức chính trị - xã hội tổ chức 12 cuộc"


@pytest.mark.parametrize(
    "text", ["", "Không có số nào.", "Điều 14, khoản 2; Quyết định 217; ngày 15-7-2020; 10 năm; ba cấp", "1. Mở đầu"]
)
def test_numbers_that_claim_nothing_have_no_row(shipped, text):
    assert _told(text, shipped) == []


def test_prose_is_told_from_text_without_figures():
    assert prose("có 5 cuộc giám sát")
    assert not prose("có 5 quả cam")
    assert not prose("các cuộc giám sát, xem 01_overview".replace("01", "x"))


# --- kinds -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Năm 2018, số cuộc giám sát của toàn thành phố tăng 1 % so với năm 2015", "growth"),
        ("Năm 2019, số hội nghị phản biện của toàn thành phố gấp 3 lần năm 2010", "multiple"),
        ("Năm 2018, quận Ba Đình chiếm 11 % số cuộc giám sát của toàn thành phố", "share"),
        ("Năm 2018, có 1/30 quận, huyện, thị xã mở lớp tập huấn nghiệp vụ dân vận", "of_total"),
        ("Năm 2014, 100 % quận, huyện, thị xã có Trưởng ban Dân vận là ủy viên ban thường vụ cấp ủy", "offices"),
        ("Giai đoạn 2014–2018, bình quân mỗi năm toàn thành phố tổ chức 1 cuộc giám sát", "average"),
        ("Giai đoạn 2014–2018, mỗi năm toàn thành phố tổ chức 1 cuộc giám sát", "each_year"),
        ("Năm 2018, số cuộc giám sát của toàn thành phố tăng 1 cuộc so với năm 2015", "change"),
        ("Năm 2018, tỷ lệ đơn thư được giải quyết của huyện Ba Vì là 1 %", "percent"),
    ],
)  # fmt: skip
def test_each_kind_of_statement_is_told_and_a_false_one_found(shipped, text, kind):
    [row] = verify_claims(text, shipped).to_dict("records")
    assert (row["kind"], row["verdict"]) == (kind, "does_not_hold")
    assert not math.isnan(row["found"])


def test_none_is_a_figure(shipped):
    [row] = verify_claims("Năm 2015, quận Ba Đình không mở lớp tập huấn nghiệp vụ dân vận nào.", shipped).to_dict(
        "records"
    )
    assert (row["said"], row["indicator"], row["verdict"]) == (0, "lop_tap_huan", "does_not_hold")


def test_a_range_is_two_bounds(shipped):
    found = verify_claims(
        "Giai đoạn 2014-2018, mỗi năm toàn thành phố tổ chức từ 2.000 đến 4.000 cuộc giám sát.", shipped
    )
    assert found[["qualifier", "verdict"]].to_numpy().tolist() == [["at_least", "holds"], ["at_most", "holds"]]


# --- files and confirmed bindings ------------------------------------------------------------------------------------


@pytest.fixture
def report(tmp_path):
    path = tmp_path / "bao_cao.md"
    path.write_text("# Quận Ba Đình\n\nNăm 2018, quận tổ chức 86 cuộc giám sát theo chuyên đề.\n", encoding="utf-8")
    return path


def test_a_confirmed_binding_is_kept_beside_the_text_and_taken_up(shipped, report):
    answer = verify_claims(report, shipped)
    assert answer["verdict"].tolist() == ["undecided"]
    stated = answer.assign(indicator="cuoc_giam_sat", area="001", level="", year_from=2018, year_to=2018, kind="count")
    confirm(report, shipped, stated, by="Nguyễn Văn A")
    assert verify_claims(report, shipped)["verdict"].tolist() == ["holds"]
    kept_rows = kept.read(kept.beside(report))
    assert kept_rows["confirmed_by"].tolist() == ["Nguyễn Văn A"]
    report.write_text("Mở đầu.\n\n" + report.read_text(encoding="utf-8"), encoding="utf-8")  # the words stand elsewhere
    assert verify_claims(report, shipped)["verdict"].tolist() == ["holds"]


def test_a_binding_whose_words_are_gone_is_told(shipped, report):
    stated = verify_claims(report, shipped).assign(indicator="cuoc_giam_sat", area="001", year_from=2018, year_to=2018)
    confirm(report, shipped, stated, by="A")
    report.write_text("Năm 2018, quận Ba Đình tổ chức 86 cuộc giám sát.", encoding="utf-8")
    rows = verify_claims(report, shipped, lang="en").to_dict("records")
    assert [row["verdict"] for row in rows] == ["holds", "undecided"]
    assert rows[1]["reason"].startswith("The text has changed")


def test_bindings_may_be_given_with_the_call(shipped, report):
    stated = verify_claims(report, shipped).assign(
        indicator="hoi_nghi_phan_bien", area="001", year_from=2018, year_to=2018
    )
    [row] = verify_claims(report, shipped, bindings=stated, lang="en").to_dict("records")
    assert (row["indicator"], row["found"], row["verdict"]) == ("hoi_nghi_phan_bien", 17, "does_not_hold")


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("indicator", "sai", "'sai'"),
        ("level", "huyện", "'huyện'"),
        ("kind", "sai", "'sai'"),
        ("year_from", "x", "years"),
    ],
)
def test_a_binding_to_nothing_known_is_refused_in_one_line(shipped, report, column, value, said):
    stated = (
        verify_claims(report, shipped).astype(object).assign(indicator="cuoc_giam_sat", year_from=2018, year_to=2018)
    )
    with pytest.raises(DanvanError, match=said) as caught:
        verify_claims(report, shipped, bindings=stated.assign(**{column: value}))
    assert "\n" not in str(caught.value)


def test_who_confirms_must_be_named(shipped, report):
    with pytest.raises(ClaimError, match="name"):
        confirm(report, shipped, verify_claims(report, shipped), by=" ")


def test_a_spoilt_file_of_bindings_is_refused(shipped, report):
    kept.beside(report).write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(ClaimError, match="column 'claim'"):
        verify_claims(report, shipped)


def test_a_document_is_read_with_its_headings_and_tables(shipped, tmp_path):
    docx = pytest.importorskip("docx")
    document = docx.Document()
    document.add_heading("Quận Ba Đình, năm 2018", level=1)
    document.add_paragraph("Toàn quận tổ chức 86 cuộc giám sát.")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(
        [c for row in table.rows for c in row.cells], ["Nội dung", "Kết quả", "Hội nghị phản biện", "18"], strict=True
    ):
        cell.text = text
    path = tmp_path / "a.docx"
    document.save(path)
    assert _told(path, shipped) == ["holds", "does_not_hold"]


def test_a_notebook_is_read_cell_by_cell_and_its_links_bind(shipped, tmp_path):
    nbformat = pytest.importorskip("nbformat")
    book = nbformat.v4.new_notebook()
    book.cells = [
        nbformat.v4.new_code_cell("x = 5"),
        nbformat.v4.new_markdown_cell("Có [27.739](#indicator=cuoc_giam_sat) cuộc, "
            "[3](#indicator=cuoc_giam_sat&area=001&year=2018&scope=own)"),
    ]  # fmt: skip
    path = tmp_path / "a.ipynb"
    nbformat.write(book, path)
    found = verify_claims(path, shipped)
    assert found["place"].tolist()[0].startswith("ô 2, dòng 1")
    assert found["verdict"].tolist() == ["holds", "does_not_hold"]
    assert found["level"].tolist() == ["", "district"]


@pytest.mark.parametrize("name", ["a.pdf", "thieu.md", "hong.docx", "hong.ipynb"])
def test_a_file_that_cannot_be_read_says_so_in_one_line(shipped, tmp_path, name):
    path = tmp_path / name
    if "hong" in name:
        path.write_bytes(b"PK\x03\x04 hong")
    with pytest.raises(ClaimError) as caught:
        verify_claims(path, shipped)
    assert "\n" not in str(caught.value)


# --- areas -----------------------------------------------------------------------------------------------------------


def test_an_area_is_that_of_its_time(shipped):
    assert resolve(("huyện", "từ liêm"), shipped.areas, 2012) == ("019a",)
    assert resolve(("huyện", "từ liêm"), shipped.areas, 2015) == ()
    assert resolve(("district", "ba đình"), shipped.areas, 2015) == ("001",)


def test_the_district_of_the_heading_tells_communes_of_one_name_apart(shipped):
    texts = [
        f"# {d}\n\nNăm 2016, phường Quang Trung tổ chức 1 cuộc giám sát." for d in ("Quận Đống Đa", "Quận Hà Đông")
    ]
    assert [_told(text, shipped, "area") for text in texts] == [["00214"], ["09550"]]


# --- words -----------------------------------------------------------------------------------------------------------


def test_each_name_of_the_lexicon_finds_its_indicator_in_a_sentence(shipped):
    """Whatever the catalogue calls it, a plain sentence with that label is bound to it."""
    lost = []
    for (indicator, about), lang in product(shipped.indicators.iterrows(), ("vi", "en")):
        if about["aggregation"] == "ratio" or str(indicator).endswith("uvbtv"):
            continue
        label = str(about[f"label_{lang}"])
        label = label[0].lower() + label[1:]
        text = (
            f"Năm 2015, toàn thành phố có 999.999 {label}."
            if lang == "vi"
            else f"In 2015 the whole city had 999,999 {label}."
        )
        row = verify_claims(text, shipped).iloc[0]
        if indicator not in row["indicator"].split() and row["indicator"]:
            lost.append((indicator, lang, row["indicator"]))
    assert lost == []


def test_an_answer_without_figures_has_its_columns_and_types(shipped):
    found = verify_claims("", shipped)
    assert found["said"].dtype == float
    assert found["year_from"].dtype == "Int64"
    assert isinstance(found, pd.DataFrame)


def test_written_counts_are_read_in_both_languages(shipped):
    for lang, text in (
        ("vi", "Năm 2018 toàn thành phố tổ chức {} cuộc giám sát"),
        ("en", "In 2018 the whole city held {} supervision rounds"),
    ):
        said = words.number(3099, lang=lang)
        assert _told(text.format(said), shipped) == ["holds"]

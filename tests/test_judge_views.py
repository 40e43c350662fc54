"""The three views that judge: funnel, spine and tartan rug."""

import inspect
import json

import numpy as np
import plotly.graph_objects as go
import pytest
from judge_world import DISTRICTS, world

from danvan_kit import disclosure, likeness, limits, views
from danvan_kit.indicators import IndicatorError
from danvan_kit.views import _judged

RATIO = "ty_le_giai_quyet_don_thu"
SAMPLES = [
    ("funnel", {}),
    ("funnel", {"area": "277", "year": 2018, "indicator": RATIO}),
    ("funnel", {"area": "00001", "indicator": RATIO}),
    ("funnel", {"area": "269", "indicator": "luot_tiep_cong_dan", "year": 2020}),
    ("funnel", {"indicator": "y_kien_doi_thoai", "year": 2012}),
    ("spine", {}),
    ("spine", {"area": "277", "year": 2018}),
    ("spine", {"area": "269"}),
    ("spine", {"area": "00001", "year": 2012}),
    ("rug", {}),
    ("rug", {"year": 2018}),
    ("rug", {"area": "277", "year": 2010}),
    ("rug", {"area": "00001", "year": 2020}),
]


@pytest.fixture(scope="module")
def small():
    return world()


def by_area(found, column):
    return dict(zip(found.table["area"], found.table[column].tolist(), strict=True))


def by_indicator(found, column):
    keys = found.table["Chỉ tiêu"].str.removeprefix("Chỉ tiêu ")
    return dict(zip(keys, found.table[column].tolist(), strict=True))


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize(("name", "choices"), SAMPLES)
def test_a_view_that_judges_is_sound_and_says_what_must_not_be_concluded(shipped, name, choices, lang):
    found = getattr(views, name)(shipped, lang=lang, **choices)
    go.Figure(found.figure)  # validates each key
    json.dumps(found.figure, allow_nan=False)
    assert found.reading.endswith(".")
    assert "nan" not in found.reading + found.title + " ".join(found.sources)
    written = json.dumps([trace.get("text") for trace in found.figure["data"]], ensure_ascii=False)
    assert "nan" not in written
    own = set(found.table.columns) - {"area", "name", "value"}
    other = getattr(views, name)(shipped, lang="en" if lang == "vi" else "vi", **choices)
    assert not own & set(other.table.columns)
    assert inspect.getdoc(getattr(views, name))


# --- spine ------------------------------------------------------------------------------------------------------------


def test_the_spine_says_of_each_figure_what_chance_allows_to_say(small):
    found = views.spine(small, area="h2", year=2019)
    assert by_indicator(found, "Đánh giá") == {
        "viec": "ngang mức chung", "it_hon": "tốt hơn mức chung", "trung": "thấp hơn mức chung",
        "xong": "đã đánh giá qua tỷ lệ", "don": "ngang mức chung", "ty_le": "kém hơn mức chung",
        "so_to": "số hiện có, không đánh giá", "moi": "quá ít để đánh giá",
    }  # fmt: skip
    assert found.title == "Huyện Hai: so với 4 huyện, năm 2019"
    assert "Trong 3 chỉ tiêu đánh giá được tốt hay kém: 1 tốt hơn, 1 kém hơn mức chung của 4 huyện" in found.reading
    assert "1 chỉ tiêu quá ít để đánh giá" in found.reading
    assert "chưa nói vì sao" in found.reading


def test_better_is_on_the_right_also_where_less_is_better(small):
    found = views.spine(small, area="h4", year=2019)
    mark = found.figure["data"][5]
    at = dict(zip(mark["y"], mark["x"], strict=True))
    assert at[0] == 1  # the most work
    assert at[1] == -1  # the most of what should be few
    assert dict(zip(mark["y"], mark["marker"]["color"], strict=True))[1] == _judged.COLORS["worse"]


def test_the_middle_of_a_spine_is_what_all_peers_have_together(small):
    found = views.spine(small, area="h1", year=2019)
    mark = found.figure["data"][5]
    at = dict(zip(mark["y"], mark["x"], strict=True))
    # 80 % between 296 of 410 and the highest, 80 %
    assert at[5] == 1
    assert by_indicator(found, "Mức chung của nhóm")["ty_le"] == round(100 * 296 / 410, 2)
    assert by_indicator(found, "Khoảng tin cậy 95 % từ")["ty_le"] == round(100 * float(limits.wilson(80, 100)[0]), 2)


def test_a_spine_bears_arrows_norms_and_ranks_with_their_uncertainty():
    rising = {("it_hon", "h2", year): 10 * (year - 2013) for year in range(2014, 2020)}
    review = world(changed=rising, norms=[("viec", "district", 30, "QĐ 1"), ("it_hon", "district", 12.5, "QĐ 2")])
    found = views.spine(review, area="h2", year=2019)
    assert by_indicator(found, "Định mức")["viec"] == "định mức 30/năm: chưa đạt (QĐ 1)"
    assert by_indicator(found, "Định mức")["it_hon"] == "định mức 12,5/năm: đạt (QĐ 2)"
    assert by_indicator(found, "Hạng có thể")["ty_le"] == "hạng 3"
    assert by_indicator(found, "Hạng có thể")["moi"] == ""
    written = found.figure["data"][7]["text"]
    assert "↑" in written[1]
    assert "tăng trong 5 năm trọn vẹn gần nhất" in by_indicator(found, "Xu hướng")["it_hon"]
    assert written[6] == "<b>4</b>"
    assert written[7] == "<b>0</b> · quá ít"
    assert "1 đang tăng, 0 đang giảm" in found.reading


def test_a_norm_that_a_missing_report_leaves_open_says_so():
    review = world(changed={("viec", "h2", 2019): None}, norms=[("viec", "district", 30, "QĐ 1")])
    found = views.spine(review, area="h2", year=2019)
    assert by_indicator(found, "Định mức")["viec"] == "định mức 30/năm: chưa xác định (QĐ 1)"


def test_a_missing_figure_has_no_mark_on_the_spine_and_is_not_zero():
    review = world(changed={("trung", "h2", 2019): None})
    found = views.spine(review, area="h2", year=2019)
    assert 2 not in found.figure["data"][5]["y"]
    assert found.figure["data"][7]["text"][2] == "chưa có báo cáo"
    assert "1 chưa có báo cáo, không phải bằng 0" in found.reading
    assert np.isnan(by_indicator(found, "value")["trung"])


def test_the_top_area_has_its_figures_alone(small):
    found = views.spine(small, year=2019)
    assert "Không có đơn vị nào cùng cấp để so sánh" in found.reading
    assert "Đánh giá:" not in " ".join(found.sources)
    assert len(found.figure["data"]) == 3


def test_who_did_not_stand_throughout_is_told_which_years_to_choose():
    late = world(begins={"h4": "2016-01-01"})
    for view in (views.spine, views.funnel):
        with pytest.raises(IndicatorError, match="Huyện Bốn không có trong cả giai đoạn.*2016–2020"):
            view(late, area="h4", **({"indicator": "viec"} if view is views.funnel else {}))


def test_nearest_population_is_told_and_so_is_its_absence(small, monkeypatch):
    assert any(
        "chưa có dân số đã kiểm chứng nên không chọn theo dân số" in s for s in views.spine(small, area="h1").sources
    )
    monkeypatch.setattr(likeness, "NEAREST", 3)
    near = views.spine(world(people={"h1": 100, "h2": 90, "h3": 80}), area="h1", year=2019)
    assert "3 huyện có dân số gần nhất" in near.title
    assert any("1 đơn vị chưa có dân số nên không xét" in line for line in near.sources)
    people = world(people={"h1": 100, "h2": 90, "h3": 80}, changed={("viec", "x2", 2019): None})
    assert "1 còn thiếu báo cáo bên dưới" in views.spine(people, area="h1", year=2019).reading


# --- funnel -----------------------------------------------------------------------------------------------------------


def test_the_funnel_tells_who_lies_beyond_the_limits(small):
    found = views.funnel(small, indicator="ty_le", area="h2", year=2019)
    assert by_area(found, "Mẫu số") == {"h1": 100, "h2": 100, "h3": 10, "h4": 200}
    low, high = (100 * float(end[0]) for end in limits.binomial_limits([100], 296 / 410, limits.TAIL998))
    assert by_area(found, "Giới hạn 99,8 % dưới")["h2"] == pytest.approx(low, abs=0.01)
    assert by_area(found, "Giới hạn 99,8 % trên")["h2"] == pytest.approx(high, abs=0.01)
    assert by_area(found, "Vị trí") == {
        "h1": "trong giới hạn 95 %", "h2": "phía dưới: ngoài giới hạn 99,8 %", "h3": "quá ít để đánh giá",
        "h4": "phía trên: ngoài giới hạn 95 %, trong 99,8 %",
    }  # fmt: skip
    assert "1/3 đơn vị nằm ngoài giới hạn 99,8 % (Huyện Hai)" in found.reading
    assert "1 đơn vị quá ít để đánh giá" in found.reading
    assert found.reading.startswith("Huyện Hai: phía dưới")
    assert "chưa phải để kết luận" in found.reading


def test_without_an_area_the_funnel_holds_all_districts_and_what_cannot_be_judged_has_no_point(small):
    found = views.funnel(small, indicator="ty_le", year=2019)
    assert found.table["area"].tolist() == DISTRICTS
    assert set(found.figure["data"][0]["customdata"]) == {"h1", "h2", "h3", "h4"}  # q1 has no base, q2 12 of 10
    assert by_area(found, "Vị trí")["q2"] == "tử số lớn hơn mẫu số"
    assert np.isnan(by_area(found, "Số so sánh (%)")["q2"])


def test_counts_stand_against_what_is_expected_with_poisson_limits(small):
    found = views.funnel(small, indicator="trung", area="h4", year=2019)
    assert set(by_area(found, "Số trông đợi").values()) == {45}
    low, high = (100 * float(end[0]) / 45 for end in limits.poisson_limits([45], limits.TAIL95))
    assert by_area(found, "Giới hạn 95 % dưới")["h1"] == pytest.approx(low, abs=0.01)
    assert by_area(found, "Giới hạn 95 % trên")["h1"] == pytest.approx(high, abs=0.01)
    assert "cao hay thấp không phải là tốt hay kém" in found.reading
    assert "độ phân tán giữa các đơn vị gấp 20 lần mức ngẫu nhiên" in found.reading  # 3 * 15² + 45² over 45, over 3


def test_where_less_is_better_the_colours_change_sides(small):
    more, less = (views.funnel(small, indicator=key, area="h1", year=2019) for key in ("viec", "it_hon"))
    color = [
        dict(zip(v.figure["data"][0]["customdata"], v.figure["data"][0]["marker"]["color"], strict=True))
        for v in (more, less)
    ]
    assert color[0]["h4"] == _judged.COLORS["better"]
    assert color[1]["h4"] == _judged.COLORS["worse"]


@pytest.mark.parametrize(
    ("choices", "why"),
    [
        ({"indicator": "so_to"}, "số hiện có"),
        ({"indicator": "viec", "area": "x1"}, "chưa có dân số đã kiểm chứng"),
        ({"indicator": "trung", "area": "x1"}, "không có ở cấp"),
    ],
)
def test_a_funnel_that_would_say_nothing_is_refused_in_one_line(small, choices, why):
    with pytest.raises(IndicatorError, match=why) as refused:
        views.funnel(small, year=2019, **choices)
    assert "\n" not in str(refused.value)


def test_what_a_level_does_not_keep_is_not_compared_there(shipped):
    with pytest.raises(IndicatorError, match="“Tỷ lệ hòa giải thành”.*không so được"):
        views.funnel(shipped, indicator="ty_le_hoa_giai_thanh")


@pytest.mark.parametrize("key", ["trung", "ty_le"])
def test_a_funnel_of_what_nobody_reported_is_empty_and_says_so(key):
    gone = {(part, area, 2019): None for area in DISTRICTS for part in ("trung", "xong", "don")}
    found = views.funnel(world(changed=gone), indicator=key, year=2019)
    json.dumps(found.figure, allow_nan=False)
    assert found.figure["data"][0]["x"] == []
    assert "6 chưa có báo cáo, không phải bằng 0" in found.reading
    go.Figure(found.figure)


# --- rug --------------------------------------------------------------------------------------------------------------


def test_the_rug_judges_each_area_among_its_own_kind(small):
    found = views.rug(small, year=2019)
    assert found.table["area"].tolist() == ["q2", "q1", "h3", "h4", "h2", "h1"]  # towns first, then by name
    assert by_area(found, "Chỉ tiêu ty_le")["h2"] == "kém hơn mức chung"
    assert by_area(found, "Số chỉ tiêu kém hơn")["h4"] == 1
    assert "Chỉ tiêu so_to" not in found.table
    assert "Chỉ tiêu xong" not in found.table
    assert [c for c in found.table if c.startswith("Chỉ tiêu ")][-2:] == ["Chỉ tiêu trung", "Chỉ tiêu don"]


def test_a_cell_of_the_rug_says_by_more_than_colour_that_it_is_few_or_missing():
    found = views.rug(world(changed={("trung", "h1", 2019): None}), year=2019)
    grid, marks = found.figure["data"][0], found.figure["data"][2]
    cells = {(x, y): text for x, y, text in zip(marks["x"], marks["y"], marks["text"], strict=True)}
    keys = [c for c in found.table if c.startswith("Chỉ tiêu ")]
    column = found.table["area"].tolist().index("h1")
    assert cells[column, 2 * keys.index("Chỉ tiêu trung") + 1] == "·"
    assert cells[column, 2 * keys.index("Chỉ tiêu moi") + 1] == "?"
    assert len(grid["z"]) == len(grid["y"]) == len(keys)
    assert marks["y"][0] in grid["y"]
    assert "1 chưa có báo cáo, không phải bằng 0" in found.reading
    assert "quá ít để đánh giá" in found.reading
    assert "ngẫu nhiên cũng tô màu khoảng" in found.reading
    assert "không phải để xếp loại đơn vị" in found.reading


def test_the_rug_says_when_areas_differ_by_far_more_than_chance(small):
    reading = views.rug(small, year=2019).reading
    assert "lần mức ngẫu nhiên (trung vị các chỉ tiêu), nên khác mức chung chưa phải là bất thường" in reading
    alike = {(key, area, 2019): 30 for key in ("viec", "it_hon", "trung", "xong", "don") for area in DISTRICTS}
    below = {("viec", "x1", 2019): 0, ("viec", "x2", 2019): 0, ("viec", "x3", 2019): 0}
    assert "lần mức ngẫu nhiên" not in views.rug(world(changed=alike | below), year=2019).reading


def test_over_the_whole_review_the_rug_leaves_out_and_counts_who_came_later():
    found = views.rug(world(begins={"h4": "2016-01-01"}))
    assert "h4" not in found.table["area"].tolist()
    assert "1 đơn vị chỉ có trong một số năm nên không xét" in found.reading


def test_a_rug_of_areas_that_all_came_later_names_the_years_to_choose():
    with pytest.raises(IndicatorError, match="không có trong cả giai đoạn"):
        views.rug(world(begins={"x3": "2016-01-01"}), area="h2")


def test_the_rug_names_who_has_most_of_each(small):
    reading = views.rug(small, year=2019).reading
    assert "nhiều ô kém hơn nhất:" in reading
    assert "most better:" in views.rug(small, year=2019, lang="en").reading


def test_a_commune_shows_the_rug_of_its_district(small):
    assert views.rug(small, area="x1", year=2019).title == views.rug(small, area="h1", year=2019).title


def test_hidden_counts_are_marked_counted_and_never_shown():
    review = disclosure.protect(world(changed={("xong", "h3", 2019): 3}), 5)
    rug, spine = views.rug(review, year=2019), views.spine(review, area="h3", year=2019)
    funnel = views.funnel(review, indicator="ty_le", year=2019)
    assert by_area(rug, "Chỉ tiêu ty_le")["h3"] == "ẩn để bảo vệ người dân"
    assert "⊘" in rug.figure["data"][2]["text"]
    assert "Chỉ tiêu xong" not in rug.table
    assert by_indicator(spine, "Đánh giá")["ty_le"] == "ẩn để bảo vệ người dân"
    assert by_area(funnel, "Vị trí")["h3"] == "ẩn để bảo vệ người dân"
    assert np.isnan(by_area(funnel, "Mẫu số")["h3"])
    for found in (rug, spine, funnel):
        assert "ẩn để bảo vệ người dân" in found.reading

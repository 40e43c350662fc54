"""The views of an area's profile: beside its peers, and what does not add up."""

import json
from collections import Counter
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest
from conftest import filed_above, tiny_review
from hypothesis import given, settings
from hypothesis import strategies as st

from danvan_kit import checks, cube, theme, views
from danvan_kit.areas import AreaError
from danvan_kit.indicators import IndicatorError
from danvan_kit.views import _problems

PEERS = [
    {"area": "001"},  # a quận
    {"area": "277", "year": 2012},  # a huyện
    {"area": "269"},  # the only thị xã
    {"area": "019a", "year": 2013},
    {"area": "01"},
    {"area": "00001", "year": 2020},  # a phường
    {"area": "09727b", "year": 2020},
    {"area": "00592a", "year": 2010},
]
PROBLEMS = [{}, {"area": "001"}, {"area": "277"}, {"area": "019a"}, {"area": "00001"}, {"area": "00592a"}]
SAMPLES = [("peers", choices) for choices in PEERS] + [("problems", choices) for choices in PROBLEMS]


def by_indicator(found, column):
    """Return a column of the peers by indicator, without the tiny world's common word."""
    keys = found.table["Chỉ tiêu"].str.removeprefix("Chỉ tiêu ")
    return dict(zip(keys, found.table[column].tolist(), strict=True))


# --- peers: the tiny world, by hand -----------------------------------------------------------------------------------


def test_an_area_stands_beside_the_figures_of_its_peers(tiny):
    # petitions of 2012: a1 4, a2 6, b1 2, b2 7
    found = views.peers(tiny, area="a1", year=2012)
    ends = ["value", "Thấp nhất", "Tứ phân vị dưới", "Trung vị", "Tứ phân vị trên", "Cao nhất"]
    assert [by_indicator(found, column)["don"] for column in ends] == [4, 2, 3.5, 5, 6.25, 7]
    assert by_indicator(found, "Vị trí")["don"] == "3/4"
    assert by_indicator(found, "Số đơn vị có số liệu")["don"] == 4
    assert found.title == "Phường Một trong 4 xã, phường, thị trấn, năm 2012"


def test_peers_have_a_row_for_each_indicator_that_their_level_keeps(tiny):
    assert list(by_indicator(views.peers(tiny, area="A", year=2012), "value")) == [
        "giam_sat", "doi_thoai", "y_kien", "don", "don_xong", "ty_le",
    ]  # fmt: skip
    assert "to" in by_indicator(views.peers(tiny, area="a1", year=2012), "value")
    assert "rieng" in by_indicator(views.peers(tiny), "value")


def test_the_figures_of_a_district_hold_what_lies_below_it(tiny):
    found = views.peers(tiny, area="A", year=2012)
    values = by_indicator(found, "value")
    assert [values[key] for key in ("giam_sat", "doi_thoai", "don", "don_xong")] == [2, 0, 30, 23]
    assert values["ty_le"] == pytest.approx(100 * 23 / 30)
    assert by_indicator(found, "Thấp nhất")["don"] == 17
    assert by_indicator(found, "Vị trí")["giam_sat"] == "2/2"


@pytest.mark.parametrize(
    ("area", "top", "bottom"), [("b2", 6, 0), ("a1", 0, 1), ("b1", 0, 3)], ids=["the best", "one low", "three low"]
)
def test_the_reading_counts_what_lies_beyond_the_quartiles(tiny, area, top, bottom):
    # 2012: supervision 0 2 0 6, dialogues 0 0 0 1, opinions 0 0 0 8, petitions 4 6 2 7, resolved 3 6 2 7,
    # share 75 100 100 100, teams 3 4 1 5 (a1 a2 b1 b2)
    reading = views.peers(tiny, area=area, year=2012).reading
    assert f"{top}/7 chỉ tiêu ở một phần tư đứng đầu, {bottom} ở một phần tư đứng cuối" in reading


def test_a_large_area_is_not_called_a_good_one(tiny):
    assert "vị trí chưa nói lên làm tốt hay kém" in views.peers(tiny, area="b2", year=2012).reading
    assert "a position is no verdict" in views.peers(tiny, area="b2", year=2012, lang="en").reading


def test_ties_share_a_position_and_say_with_how_many(tiny):
    found = views.peers(tiny, area="a2", year=2012)  # three communes resolved all petitions
    assert by_indicator(found, "Vị trí")["ty_le"] == "1/4"
    assert "vị trí 1/4, cùng với 2 đơn vị khác" in found.figure["data"][0]["hovertext"][5]


def test_where_less_is_better_the_smallest_comes_first(tiny):
    known = tiny.indicators
    fewer = replace(tiny, indicators=known.assign(polarity=known["polarity"].mask(known.index == "don", "lower")))
    found = views.peers(fewer, area="b1", year=2012)
    assert by_indicator(found, "Vị trí")["don"] == "1/4"
    assert "1/7 chỉ tiêu ở một phần tư đứng đầu, 2 ở một phần tư đứng cuối" in found.reading
    assert "Chỉ tiêu don (cuộc) ↓" in found.figure["data"][-2]["text"]


def test_what_was_not_reported_is_missing_and_not_zero(tiny):
    found = views.peers(tiny, area="a2", year=2011)
    assert np.isnan(by_indicator(found, "value")["don"])
    assert by_indicator(found, "Ghi chú")["don"] == "chưa có báo cáo"
    assert by_indicator(found, "Vị trí")["don"] == "–"
    assert by_indicator(found, "Số đơn vị có số liệu")["don"] == 3
    assert "3 chưa có số liệu, không phải bằng 0" in found.reading
    assert found.figure["data"][5]["y"] == [0, 1, 2, 6]  # no mark in the rows of petitions, resolved, share
    squares = found.figure["data"][-1]
    assert squares["text"] == ["chưa có báo cáo"] * 3
    assert squares["marker"]["opacity"] == [1, 1, 1]
    assert "chưa có báo cáo" in found.figure["data"][0]["hovertext"][3]


def test_a_zero_has_its_mark_at_the_lowest_end(tiny):
    found = views.peers(tiny, area="a1", year=2012)
    mark = found.figure["data"][5]
    assert mark["y"][0] == 0
    assert mark["x"][0] == 0
    assert found.figure["data"][-1]["text"][0] == "<b>0</b> · 3/4"


def test_of_fewer_than_four_figures_there_are_no_quarters(tiny):
    # of petitions 4, 2 and 5 are known in 2011, of teams all: 3 3 1 2
    reading = views.peers(tiny, area="b2x", year=2011).reading
    assert "0/7 chỉ tiêu ở một phần tư đứng đầu, 0 ở một phần tư đứng cuối" in reading


def test_a_figure_that_lacks_reports_from_below_bears_a_star_and_says_so(tiny):
    found = views.peers(tiny, area="A", year=2011)
    assert by_indicator(found, "Ghi chú")["don"] == "còn thiếu 1 báo cáo nên có thể còn tăng"
    assert "<b>24</b>* · 1/2" in found.figure["data"][-1]["text"]
    assert "2 chưa đủ báo cáo nên có thể còn tăng" in found.reading


def test_before_its_first_year_an_indicator_is_not_missing(tiny):
    found = views.peers(tiny, area="a1", year=2010)
    assert by_indicator(found, "Ghi chú")["doi_thoai"] == "bắt đầu từ 2011"
    assert "chưa có số liệu" not in found.reading
    assert found.figure["data"][-1]["marker"]["opacity"] == [0, 0]


def test_a_ratio_over_nothing_is_not_missing(tiny):
    found = views.peers(tiny, area="b1", year=2010)
    assert by_indicator(found, "Ghi chú")["ty_le"] == "mẫu số bằng 0"
    assert "chưa có số liệu" not in found.reading


def test_figures_that_are_all_equal_lie_in_the_middle_and_say_so(tiny):
    seen = tiny.observations
    same = replace(tiny, observations=seen.assign(value=seen["value"].mask(seen["indicator"] == "to", 3.0)))
    found = views.peers(same, area="a1", year=2012)
    assert by_indicator(found, "Ghi chú")["to"] == "cả 4 đơn vị bằng nhau"
    assert found.figure["data"][5]["x"][-1] == 0.5
    assert "0/7 chỉ tiêu ở một phần tư đứng đầu" in found.reading


def test_an_area_of_a_rare_kind_is_compared_with_its_whole_level_and_told_so(tiny, shipped):
    assert "cùng loại quá ít nên so với cả cấp" in views.peers(tiny, area="A", year=2012).reading
    found = views.peers(shipped, area="269")
    assert "trong 30 quận, huyện, thị xã" in found.title
    assert "cùng loại quá ít" in found.reading
    assert "cùng loại quá ít" not in views.peers(shipped, area="001").reading


def test_the_city_has_no_peers_and_shows_its_own_figures(tiny):
    found = views.peers(tiny, year=2012)
    assert by_indicator(found, "value")["don"] == 57
    assert set(by_indicator(found, "Vị trí").values()) == {"–"}
    assert found.table["Trung vị"].isna().all()
    assert "không có đơn vị nào cùng cấp để so sánh" in found.reading
    assert "Tứ phân vị" not in " ".join(found.sources)
    assert found.figure["data"][-1]["x"] == [0.0] * 5


def test_every_known_figure_of_a_peer_has_its_dot(tiny):
    found = views.peers(tiny, area="a1", year=2012)
    dots = found.figure["data"][4]
    at = [
        (x, text)
        for x, y, text in zip(dots["x"], dots["y"], dots["hovertext"], strict=True)
        if y == 3  # petitions 2 4 6 7
    ]
    assert [x for x, _ in at] == [0, 0.4, 0.8, 1]
    assert [text.split("<br>")[1] for _, text in at] == [
        "Xã Một (B): 2 cuộc",
        "Phường Một (A): 4 cuộc",
        "Phường Hai (A): 6 cuộc",
        "Xã Hai (B): 7 cuộc",
    ]
    tied = [text for y, text in zip(dots["y"], dots["hovertext"], strict=True) if y == 1]
    assert tied[0].endswith("<br>Phường Hai (A), Phường Một (A), Xã Một (B): 0 cuộc")


FIGURES = st.lists(st.one_of(st.none(), st.integers(min_value=0, max_value=9)), min_size=4, max_size=4)


@settings(max_examples=40, deadline=None)
@given(figures=FIGURES)
def test_positions_and_quartiles_are_those_of_the_known_figures(figures):
    fresh, communes = tiny_review(), ["a1", "a2", "b1", "b2"]
    new = dict(zip(communes, figures, strict=True))
    seen = fresh.observations
    asked = (seen["indicator"] == "don") & (seen["year"] == 2012) & seen["area"].isin(communes)
    value = seen["value"].mask(asked, seen["area"].map(new).astype("float64"))
    status = seen["status"].mask(asked & value.isna(), "missing")
    changed = replace(fresh, observations=seen.assign(value=value, status=status))
    known = sorted(figure for figure in figures if figure is not None)
    for area, own in new.items():
        found = views.peers(changed, area=area, year=2012)
        assert by_indicator(found, "Số đơn vị có số liệu")["don"] == len(known)
        if own is None:
            assert by_indicator(found, "Vị trí")["don"] == "–"
        else:
            assert by_indicator(found, "Vị trí")["don"] == f"{sum(k > own for k in known) + 1}/{len(known)}"
        if known:
            third = pd.Series(known).quantile(0.75)
            assert by_indicator(found, "Tứ phân vị trên")["don"] == pytest.approx(third)


def test_a_dot_of_many_says_how_many(shipped):
    texts = views.peers(shipped, area="00001").figure["data"][4]["hovertext"]
    assert any(" đơn vị: 0 " in text for text in texts)
    assert any(" đơn vị: từ " in text for text in texts)


# --- peers: the shipped review ----------------------------------------------------------------------------------------


def test_peers_are_of_the_same_kind_and_of_that_year(shipped):
    for area, year, words in (
        ("001", 2019, "12 quận"),
        ("001", 2013, "10 quận"),
        ("277", 2019, "17 huyện"),
        ("019a", 2013, "18 huyện"),
        ("00001", 2019, "177 phường"),
        ("00001", 2020, "175 phường"),
    ):
        assert f"trong {words}, năm {year}" in views.peers(shipped, area=area, year=year).title


@pytest.mark.parametrize("indicator", ["cuoc_giam_sat", "don_thu_tiep_nhan", "ty_le_giai_quyet_don_thu"])
def test_peers_agree_with_the_comparison_of_the_districts(shipped, indicator):
    label = shipped.indicators["label_vi"].loc[indicator]
    whole = views.compare(shipped, indicator=indicator, year=2015).table.set_index("area")["value"]
    for area in shipped.areas.of_year(2015, "district").query("kind == 'quận'")["area"]:
        row = views.peers(shipped, area=area, year=2015).table.set_index("Chỉ tiêu").loc[label]
        same = whole[[a for a in whole.index if shipped.areas.get(a)["kind"] == "quận"]]
        assert row["value"] == whole[area]
        assert (row["Thấp nhất"], row["Cao nhất"]) == (same.min(), same.max())
        assert row["Trung vị"] == pytest.approx(same.median())
        assert row["Tứ phân vị trên"] == pytest.approx(same.quantile(0.75))
        assert row["Vị trí"] == f"{(same > whole[area]).sum() + 1}/{same.notna().sum()}"


@pytest.mark.parametrize("year", [2010, 2013, 2014, 2019, 2020])
def test_every_area_has_a_view_or_a_refusal_in_one_line(shipped, year):
    stands = set(shipped.areas.of_year(year)["area"])
    for area in shipped.areas.ids:
        if area in stands:
            found = views.peers(shipped, area=area, year=year)
            assert len(found.table) == {"city": 19, "district": 21, "commune": 22}[shipped.areas.get(area)["level"]]
            continue
        with pytest.raises(IndicatorError) as refusal:
            views.peers(shipped, area=area, year=year)
        assert "\n" not in str(refusal.value)
        assert shipped.areas.name(area) in refusal.value.vi


def test_an_area_that_ended_is_told_with_what_it_became(shipped):
    with pytest.raises(IndicatorError, match="Huyện Từ Liêm.*2015.*Quận Nam Từ Liêm, Quận Bắc Từ Liêm"):
        views.peers(shipped, area="019a", year=2015)


def test_peers_refuse_an_unknown_area_and_a_year_outside_the_review(shipped):
    with pytest.raises(AreaError, match="019a"):
        views.peers(shipped, area="019")
    with pytest.raises(IndicatorError, match="2010–2020"):
        views.peers(shipped, year=2009)


def test_a_click_on_a_row_chooses_its_indicator(shipped):
    data = views.peers(shipped, area="001").figure["data"]
    keys = data[0]["customdata"]
    assert set(keys) <= set(shipped.indicators.index)
    for part in data[4:6]:
        assert [keys[row] for row in part["y"]] == part["customdata"]


# --- problems: the tiny world, by hand --------------------------------------------------------------------------------


consolidated = partial(filed_above, 2012)  # reports on petitions


def test_what_is_found_below_an_area_is_listed_with_it(tiny):
    # in 2011 a2 gave neither petitions nor how many were resolved
    for area in ("", "C", "A", "a2"):
        found = views.problems(tiny, area=area)
        assert found.table["area"].tolist() == ["a2", "a2"]
        assert found.table["name"].tolist() == ["Phường Hai"] * 2
        assert found.table["year"].tolist() == [2011, 2011]
        assert found.table["severity"].tolist() == ["Cần hỏi lại"] * 2
        assert found.table["rule"].tolist() == ["Báo cáo còn thiếu"] * 2
        assert set(found.table["indicator"]) == {"Chỉ tiêu don", "Chỉ tiêu don_xong"}
        assert "9 quy tắc thấy 2 điểm cần xem lại ở 1 đơn vị: 2 cần hỏi lại" in found.reading
        assert "nhiều nhất" not in found.reading  # one rule, one year: nothing stands out


def test_errors_come_first_and_the_picture_counts_by_rule_and_year(tiny):
    # A's consolidated petitions of 2012 are 30, the city's 57
    found = views.problems(consolidated(tiny, ("A", 31.0), ("B", 17.0), ("C", 58.0)))
    assert found.table["severity"].tolist()[0] == "Sai"
    assert (found.table["expected"].iloc[0], found.table["found"].iloc[0]) == (30, 31)
    assert found.table["source"].iloc[0].startswith("x.xlsx#B1!A1")
    blocks, counts, heads = found.figure["data"]
    cells = dict(zip(zip(blocks["x"], blocks["base"], strict=True), counts["text"], strict=True))
    assert sum(int(text.strip("</b>")) for text in cells.values()) == len(found.table)
    assert "<b>Sai</b> · Số tổng hợp so với cấp dưới: 1" in heads["text"]
    row = heads["text"].index("<b>Sai</b> · Số tổng hợp so với cấp dưới: 1")
    assert cells[2012, row - 0.2] == "<b>1</b>"
    place = blocks["base"].index(row - 0.2)
    assert blocks["customdata"][place] == "A"
    assert blocks["marker"]["color"][place] == theme.VERMILION
    assert blocks["hovertext"][place] == "<b>Số tổng hợp so với cấp dưới</b> (sai), năm 2012<br>1 điểm ở Quận A"


def test_where_nothing_is_found_the_view_says_so_and_how_many_rules_looked(tiny):
    found = views.problems(tiny, area="B")
    assert len(found.table) == 0
    assert list(found.table.columns) == list(views.problems(tiny).table.columns)
    assert found.reading.startswith("9 quy tắc kiểm tra không thấy điểm nào cần xem lại ở Huyện B và cấp dưới")
    assert "chưa có nghĩa là mọi số liệu đều đúng" in found.reading
    assert len(found.figure["data"][2]["text"]) == 9
    assert all("✓" in text for text in found.figure["data"][2]["text"])


def test_a_published_statement_stands_apart_from_the_years(tiny):
    found = views.problems(replace(tiny, records=tiny.records.iloc[1:]))  # one supervision less than published
    said = found.table[found.table["rule"] == "So với số đã công bố"]
    assert said["year"].tolist() == [""]
    assert said["area"].tolist() == ["C"]
    axis = found.figure["layout"]["xaxis"]
    assert axis["ticktext"][-1] == "cả<br>kỳ"
    assert any("cả kỳ" in text for text in found.figure["data"][0]["hovertext"])
    assert "cả<br>kỳ" not in views.problems(tiny).figure["layout"]["xaxis"]["ticktext"]


def test_the_rules_run_once_for_all_areas_of_a_review(tiny, monkeypatch):
    calls = []
    monkeypatch.setattr(_problems, "check", lambda review, **more: calls.append(more) or checks.check(review, **more))
    for area in tiny.areas.ids:
        views.problems(tiny, area=area)
    assert calls == [{"lang": "vi"}]


def test_every_rule_has_words_in_both_languages():
    assert set(_problems.WORDS) == {rule.__name__ for rule in checks.RULES}
    assert len({vi for vi, _ in _problems.WORDS.values()}) == len({en for _, en in _problems.WORDS.values()}) == 9


def test_problems_refuse_an_unknown_area(shipped):
    with pytest.raises(AreaError, match="019a"):
        views.problems(shipped, area="019")


# --- problems: the shipped review -------------------------------------------------------------------------------------


def test_an_area_has_its_own_problems_and_those_of_its_parts(shipped):
    found = checks.check(shipped)
    listed = {area: Counter(views.problems(shipped, area=area).table["message"]) for area in shipped.areas.ids}
    for area, whole in listed.items():
        parts = sum((listed[a] for a in shipped.areas.children(area)), Counter())
        assert whole == parts + Counter(found["message"][found["area"] == area])


def test_the_whole_city_lists_everything_in_the_order_of_the_checks(shipped):
    found = checks.check(shipped)
    table = views.problems(shipped).table
    assert table["message"].tolist() == found["message"].tolist()
    assert table["area"].tolist() == found["area"].tolist()
    assert table["source"].tolist() == found["source"].tolist()
    assert table["year"].tolist() == found["year"].tolist()


@pytest.mark.parametrize("area", ["01", "001", "277"])
def test_the_counts_in_the_picture_are_all_problems(shipped, area):
    found = views.problems(shipped, area=area)
    counts = found.figure["data"][1]["text"]
    assert sum(int(text.removeprefix("<b>").removesuffix("</b>")) for text in counts) == len(found.table)


def test_the_reading_names_the_rule_and_the_year_with_most(shipped):
    found = views.problems(shipped)
    rules, years = (Counter(found.table[column]).most_common(1)[0] for column in ("rule", "year"))
    assert f"nhiều nhất: “{rules[0]}” ({rules[1]}), năm {years[0]} ({years[1]})" in found.reading


# --- both -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize(("name", "choices"), SAMPLES)
def test_a_profile_view_is_a_valid_figure_that_json_can_hold(shipped, name, choices, lang):
    found = getattr(views, name)(shipped, lang=lang, **choices)
    go.Figure(found.figure)
    text = json.dumps(found.figure, allow_nan=False, ensure_ascii=False)
    assert "nan" not in " ".join(found.figure["data"][0]["hovertext"])
    assert "np.float" not in text
    assert found.figure["layout"]["meta"]["click"] == {"peers": "indicator", "problems": "area"}[name]
    assert found.reading.endswith(".")
    assert "nan" not in found.reading
    assert found.figure["layout"]["separators"] == theme.SEPARATORS[lang]
    assert any(f"<b>{theme.SIMULATED[lang]}</b>" == note["text"] for note in found.figure["layout"]["annotations"])
    assert json.dumps(found._repr_mimebundle_(), allow_nan=False)


@pytest.mark.parametrize(("name", "choices"), SAMPLES)
def test_a_profile_view_speaks_both_languages(shipped, name, choices):
    vietnamese, english = (getattr(views, name)(shipped, lang=lang, **choices) for lang in ("vi", "en"))
    assert vietnamese.title != english.title
    assert vietnamese.reading != english.reading
    assert len(vietnamese.table) == len(english.table)
    assert vietnamese.sources[0] == "Số liệu mô phỏng, không phải số liệu báo cáo"
    assert english.sources[0] == "Simulated data, not reported figures"
    trace, key = {"peers": (0, "hovertext"), "problems": (2, "text")}[name]
    lines = [set(found.figure["data"][trace][key]) for found in (vietnamese, english)]
    assert not lines[0] & lines[1]


def test_the_dots_of_hundreds_of_communes_share_their_places(shipped):
    known = cube.of(shipped).total[:, shipped.areas.rows(shipped.areas.of_year(2019).query("kind == 'xã'")["area"]), 9]
    area = shipped.areas.of_year(2019).query("kind == 'xã'")["area"].iloc[0]
    dots = views.peers(shipped, area=area).figure["data"][4]
    assert len(dots["x"]) == len(set(zip(dots["x"], dots["y"], strict=True))) < (~np.isnan(known)).sum() / 5

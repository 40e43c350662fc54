"""Every view: right figures on the tiny world, sound pictures on the shipped review."""

import inspect
import json
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest
from conftest import filed_above

from danvan_kit import cube, theme, views
from danvan_kit.areas import AreaError
from danvan_kit.indicators import IndicatorError
from danvan_kit.measures import MeasureError
from danvan_kit.views import _compare, _headline, _reconciliation

NAMES = [name for name in views.__all__ if name != "View"]
CLICKS = {
    "headline": None,
    "trend": "year",
    "compare": "area",
    "tilemap": "area",
    "heatmap": "area",
    "drilldown": "area",
    "completeness": "area",
    "reconciliation": "area",
    "peers": "indicator",
    "problems": "area",
    "breadth": "year",
    "carriers": "area",
    "corners": "indicator",
    "dialogues": "year",
    "frequency": "year",
    "funnel": "area",
    "leadership": "area",
    "resolution": "area",
    "rug": "area",
    "spine": "indicator",
    "substance": "year",
    "waterfall": "area",
}
RICHER = {"leadership", "resolution", "substance"}
"""Views of figures that the tiny world does not have."""
SAMPLES = [
    ("headline", {}),
    ("trend", {}),
    ("trend", {"area": "019b"}),
    ("trend", {"area": "019a", "indicator": "to_hoa_giai"}),
    ("trend", {"area": "019b", "basis": "constant", "indicator": "ty_le_giai_quyet_don_thu"}),
    ("trend", {"area": "001", "indicator": "tiep_xuc_doi_thoai"}),
    ("trend", {"area": "01", "indicator": "tiep_xuc_doi_thoai"}),
    ("trend", {"area": "09727b", "indicator": "doi_thoai_dinh_ky"}),
    ("compare", {}),
    ("compare", {"area": "001", "year": 2015}),
    ("compare", {"area": "00001", "year": 2015}),
    ("compare", {"level": "commune", "year": 2016, "indicator": "don_thu_tiep_nhan"}),
    ("compare", {"year": 2018, "per": "population"}),
    ("compare", {"indicator": "ty_le_hoa_giai_thanh"}),
    ("compare", {"indicator": "can_bo_dan_van", "year": 2020}),
    ("tilemap", {}),
    ("tilemap", {"year": 2012, "area": "00592a"}),
    ("tilemap", {"year": 2010, "indicator": "ty_le_giai_quyet_y_kien"}),
    ("tilemap", {"year": 2018, "per": "population", "area": "277"}),
    ("heatmap", {}),
    ("heatmap", {"level": "commune"}),
    ("heatmap", {"area": "019b", "indicator": "luot_tiep_cong_dan"}),
    ("drilldown", {}),
    ("drilldown", {"area": "001", "year": 2011}),
    ("drilldown", {"indicator": "to_dan_van"}),
    ("drilldown", {"area": "00001", "year": 2010, "indicator": "hoi_nghi_phan_bien"}),
    ("completeness", {}),
    ("completeness", {"area": "277", "year": 2014}),
    ("completeness", {"area": "00001"}),
    ("reconciliation", {}),
    ("reconciliation", {"area": "021", "indicator": "can_bo_dan_van", "year": 2014}),
    ("waterfall", {}),
    ("waterfall", {"area": "277", "year": 2018}),
]


def choices_of(name):
    """Return the choices that a view takes."""
    return set(inspect.signature(getattr(views, name)).parameters)


def named(table, column):
    """Return a column by area."""
    return dict(zip(table["area"], table[column].tolist(), strict=True))


def simulated(review):
    """Return the same review, every row of which says that it is simulated."""
    return replace(
        review,
        records=review.records.assign(origin="simulated"),
        observations=review.observations.assign(origin="simulated"),
    )


# --- the tiny world: figures added up by hand ------------------------------------------------------------------------


def test_trend_gives_the_total_of_every_year(tiny):
    found = views.trend(tiny, indicator="giam_sat")
    assert found.table["year"].tolist() == [2010, 2011, 2012]
    assert found.table["value"].tolist() == [13, 0, 9]
    assert found.figure["data"][0]["y"] == [13, 0, 9]
    assert found.figure["data"][0]["customdata"] == [2010, 2011, 2012]


def test_trend_of_an_area_that_ended_is_blank_after_its_end_and_says_so(tiny):
    found = views.trend(tiny, indicator="giam_sat", area="b2x")
    assert found.figure["data"][0]["y"] == [3, 0, None]
    assert found.table["Ghi chú"].tolist() == ["", "", "đơn vị không còn"]
    texts = [note["text"] for note in found.figure["layout"]["annotations"]]
    assert "đơn vị không còn" in texts
    assert any(text.startswith("1-1-2012") and "đổi tên" in text for text in texts)
    assert "1-1-2012: đổi tên Xã Hai Cũ → Xã Hai (NQ)" in found.sources


def test_trend_before_an_area_began_is_blank_too(tiny):
    assert views.trend(tiny, indicator="giam_sat", area="b2").table["Ghi chú"].tolist()[:2] == ["chưa có đơn vị"] * 2


def test_trend_on_a_constant_basis_names_the_members_and_joins_them(tiny):
    found = views.trend(tiny, indicator="giam_sat", area="b2", basis="constant")
    assert found.table["value"].tolist() == [3, 0, 6]
    assert "Xã Hai Cũ + Xã Hai" in found.title


def test_trend_begins_with_the_first_year_of_its_indicator(tiny):
    found = views.trend(tiny, indicator="doi_thoai")
    assert found.figure["data"][0]["y"] == [None, 3, 1]
    assert found.table["Ghi chú"].iloc[0] == "bắt đầu từ 2011"


def test_trend_marks_years_in_which_an_office_did_not_report(tiny):
    found = views.trend(tiny, indicator="don", area="A")
    assert found.table["value"].tolist() == [30, 24, 30]
    assert found.figure["data"][1]["text"][1] == "24<br><i>thiếu<br>1/3</i>"
    assert "chưa đủ đơn vị báo cáo: 2011" in found.reading
    assert views.trend(tiny, indicator="ty_le", area="A").table["Đơn vị đã báo cáo"].tolist() == [3, 2, 3]


def test_what_is_counted_from_the_log_speaks_of_no_reports(tiny):
    found = views.trend(tiny, indicator="giam_sat")
    assert not any("báo cáo" in column for column in found.table.columns)
    assert "báo cáo" not in found.figure["data"][0]["hovertext"][0]
    assert not any("báo cáo" in column for column in views.compare(tiny, indicator="giam_sat").table.columns)
    assert "Đếm từ nhật ký hoạt động (bảng records): 22 lượt ghi" in found.sources


def test_what_offices_report_says_how_many_figures_it_stands_on(tiny):
    found = views.trend(tiny, indicator="don")
    assert "Đơn vị báo cáo (bảng observations, số của riêng đơn vị): 20 số liệu" in found.sources


def test_trend_of_a_ratio_is_recomputed_and_moves_in_percentage_points(tiny):
    found = views.trend(tiny, indicator="ty_le", area="b1")
    assert found.table["value"].tolist()[1:] == [50, 100]
    assert "tăng 50,0 điểm phần trăm so với 2011 (50,0)" in found.reading
    assert found.figure["data"][0]["mode"] == "lines+markers"


def test_trend_of_a_figure_that_is_not_kept_there_says_so(tiny):
    found = views.trend(tiny, indicator="rieng", area="A")
    assert set(found.table["Ghi chú"]) == {"không thuộc cấp này"}
    assert found.reading == "Không có năm trọn vẹn nào có số liệu."
    assert views.trend(tiny, indicator="rieng").table["value"].tolist() == [2, 2, 2]


def test_trend_compares_no_half_year_of_a_flow_but_does_so_for_a_stock(tiny):
    half = replace(tiny, closing=tiny.closing.replace(month=6, day=30))
    found = views.trend(half, indicator="giam_sat")
    assert "năm 2012 chưa trọn năm, không so sánh" in found.reading
    assert found.figure["layout"]["xaxis"]["ticktext"][2] == "<b>2012</b><br>6 tháng"
    assert found.figure["data"][0]["marker"]["pattern"]["shape"] == ["", "", "/"]
    assert found.table["Thay đổi so với năm trước (%)"].isna().sum() == 2
    assert "2012" in views.trend(half, indicator="to").reading.split(",")[0]


@pytest.mark.parametrize(
    ("area", "text"), [("a1", "giảm 100,0 % so với 2010 (4)"), ("a2", "tăng 2 so với 2010 (0)"), ("b1", "giảm")]
)
def test_trend_reads_the_movement_from_first_to_last(tiny, area, text):
    assert text in views.trend(tiny, indicator="giam_sat", area=area).reading


def test_compare_sorts_the_areas_below_and_ranks_them(tiny):
    found = views.compare(tiny, indicator="giam_sat", year=2012)
    assert found.table["area"].tolist() == ["B", "A"]
    assert found.table["value"].tolist() == [6, 2]
    assert found.table["Thứ hạng"].tolist() == [1, 2]
    assert found.figure["data"][0]["customdata"] == ["B", "A"]


def test_compare_over_the_whole_review_ranks_only_what_stood_throughout(tiny):
    found = views.compare(tiny, indicator="giam_sat", area="B")
    assert named(found.table, "value") == {"b1": 2, "b2x": 3, "b2": 6}
    ranks = found.table.set_index("area")["Thứ hạng"]
    assert ranks["b1"] == 1
    assert ranks[["b2", "b2x"]].isna().all()
    assert "2 đơn vị chỉ có trong một số năm" in found.reading
    assert "Xã Hai Cũ (2010–2011)" in found.figure["layout"]["yaxis"]["ticktext"]


def test_compare_keeps_missing_apart_from_zero(tiny):
    missing = views.compare(tiny, indicator="don", area="A", year=2011)
    assert missing.figure["data"][0]["x"] == [4, None]
    assert missing.figure["data"][2]["text"] == ["– chưa có số liệu"]
    assert missing.figure["data"][2]["customdata"] == ["a2"]
    assert "1 đơn vị chưa có số liệu, không phải bằng 0" in missing.reading
    zero = views.compare(tiny, indicator="don", area="B", year=2010)
    assert zero.figure["data"][0]["x"] == [5, 0]
    assert len(zero.figure["data"]) == 2


def test_compare_stars_an_area_below_which_reports_are_missing(tiny):
    found = views.compare(tiny, indicator="don", year=2011)
    assert found.figure["data"][1]["text"] == ["24 *", "15"]
    assert "1/2 đơn vị chưa đủ báo cáo" in found.reading


def test_compare_shows_an_area_without_areas_below_among_its_neighbours(tiny):
    found = views.compare(tiny, indicator="don", area="a1", year=2012)
    assert found.table["area"].tolist() == ["a2", "a1"]
    assert found.figure["data"][0]["marker"]["color"] == [theme.BLUE, theme.CHOSEN]
    assert "Quận A" in found.title


def test_compare_of_communes_across_districts_says_where_they_stand(tiny):
    found = views.compare(tiny, indicator="don", level="commune", year=2012)
    assert found.table["Trực thuộc"].tolist()[0] == "Huyện B"
    assert found.figure["layout"]["yaxis"]["ticktext"] == ["Hai (B)", "Hai (A)", "Một (A)", "Một (B)"]


def test_compare_refuses_a_level_that_is_not_below(tiny):
    with pytest.raises(IndicatorError, match="Xã, phường, thị trấn"):
        views.compare(tiny, indicator="don", area="A", level="district")


def test_compare_refuses_what_is_not_kept_below(tiny):
    with pytest.raises(IndicatorError, match="chỉ có ở: Thành phố"):
        views.compare(tiny, indicator="rieng")


def test_a_rate_without_population_is_refused_with_the_years_that_have_one(tiny, shipped):
    with pytest.raises(MeasureError, match="per=count"):
        views.compare(tiny, indicator="don", year=2010, per="population")
    with pytest.raises(MeasureError, match="năm 2018"):
        views.compare(shipped, year=2017, per="population")
    with pytest.raises(MeasureError, match="đã là tỷ lệ"):
        views.tilemap(shipped, year=2018, per="population", indicator="ty_le_hoa_giai_thanh")


def test_rates_are_per_ten_thousand_inhabitants(shipped):
    counts = named(views.compare(shipped, year=2018).table, "value")
    rates = named(views.compare(shipped, year=2018, per="population").table, "value")
    assert rates["001"] == pytest.approx(counts["001"] * 10_000 / 247_100)


def test_tilemap_puts_each_figure_on_its_tile(tiny):
    found = views.tilemap(tiny, indicator="don", year=2010, area="a1")
    assert named(found.table, "value") == {"A": 30, "B": 13}
    tiles = found.figure["data"][0]
    keyed = {key: value for keys, row in zip(tiles["customdata"], tiles["z"], strict=True)
             for key, value in zip(keys, row, strict=True) if key}  # fmt: skip
    assert keyed == {"A": 30, "B": 13}
    framed = [shape for shape in found.figure["layout"]["shapes"] if shape["line"]["color"] == theme.CHOSEN]
    assert len(framed) == 1
    assert "vị trí của Quận A (30): 1/2" in found.reading


def test_tilemap_marks_what_is_missing_with_a_dash_on_grey(tiny):
    gone = tiny.observations["area"].isin(["A", "a1", "a2"])
    found = views.tilemap(replace(tiny, observations=tiny.observations[~gone]), indicator="don", year=2010)
    assert found.figure["data"][1]["text"][0] == "A<br><b>–</b>"
    tiles = found.figure["data"][0]
    assert tiles["z"][0][1] < 0
    assert tiles["colorscale"][0][1] == theme.MISSING
    assert "1 đơn vị chưa có số liệu" in found.reading


def test_heatmap_keeps_zero_missing_and_not_yet_there_apart(tiny):
    found = views.heatmap(tiny, indicator="don", area="B")
    cells = dict(zip([keys[0] for keys in found.figure["data"][0]["customdata"]], found.figure["data"][0]["z"],
                     strict=True))  # fmt: skip
    assert cells == {"b2": [None, None, 7], "b2x": [5, 5, None], "b1": [0, 2, 2]}
    assert len(found.figure["data"]) == 1  # nothing owed is missing
    assert "1 ô bằng 0" in found.reading
    missing = views.heatmap(tiny, indicator="don", area="A")
    assert missing.figure["data"][1]["z"] == [[None, 0, None], [None, None, None]]
    assert missing.figure["data"][2]["x"] == [2011]
    assert "1 ô chưa có báo cáo, không phải bằng 0" in missing.reading
    assert missing.table["2010"].tolist() == [6, 4]


def test_drilldown_leaves_hold_the_own_work_of_offices(tiny):
    found = views.drilldown(tiny, indicator="giam_sat", year=2010)
    sizes = dict(zip(found.figure["data"][0]["ids"], found.figure["data"][0]["values"], strict=True))
    assert sizes == {"C": 13, "C/own": 2, "A": 5, "A/own": 1, "a1": 4, "B": 6, "B/own": 1, "b1": 2, "b2x": 3}
    assert found.figure["data"][0]["customdata"][1] == "C"
    assert "Tổng 13 cuộc" in found.reading


def test_drilldown_tells_zero_from_unknown_in_its_table(tiny):
    found = views.drilldown(tiny, indicator="don", year=2011)
    assert "a2" not in set(found.table["area"])
    assert named(views.drilldown(tiny, indicator="giam_sat", year=2010).table, "value")["a2"] == 0


def test_drilldown_of_a_stock_takes_the_last_full_year(tiny):
    found = views.drilldown(tiny, indicator="to")
    assert "2012" in found.title
    assert found.table["value"].iloc[0] == 3 + 4 + 1 + 5


@pytest.mark.parametrize(
    ("indicator", "why"), [("ty_le", "tỷ lệ, không cộng được"), ("rieng", "không phải số liệu cộng")]
)
def test_drilldown_refuses_what_does_not_add_up(tiny, indicator, why):
    with pytest.raises(IndicatorError, match=why):
        views.drilldown(tiny, indicator=indicator)


def test_drilldown_points_a_commune_out_within_its_district(tiny):
    found = views.drilldown(tiny, indicator="giam_sat", year=2010, area="a1")
    trace = found.figure["data"][0]
    framed = [area for area, width in zip(trace["ids"], trace["marker"]["line"]["width"], strict=True) if width > 1]
    assert framed == ["a1"]
    assert trace["ids"][0] == "A"
    assert "Quận A" in found.title


def test_drilldown_of_nothing_says_so(tiny):
    found = views.drilldown(tiny, indicator="giam_sat", year=2011)
    assert found.figure["data"][0]["ids"] == []
    assert found.reading == "Không có số liệu để phân tích."


def test_completeness_lists_the_offices_that_lack_figures(tiny):
    found = views.completeness(tiny, year=2012)
    lacking = named(found.table, "Số liệu còn thiếu")
    # a1 owes giam_sat, doi_thoai, y_kien, don, don_xong and to, and filed the last three; a2 filed giam_sat as well
    assert lacking["a1"] == 3
    assert lacking["a2"] == 2
    assert "C" not in lacking
    assert found.table["Tình trạng"].isin(["thiếu một phần", "không có báo cáo"]).all()


def test_completeness_counts_a_reported_zero_as_given(tiny):
    every = views.completeness(tiny, area="b1", year=2010)
    # b1 filed giam_sat, don (a zero), don_xong (a zero) and to: all it owes in 2010
    assert len(every.table) == 0
    assert "cả 1 đơn vị đã báo cáo đủ" in every.reading
    none = views.completeness(tiny, area="a2", year=2011)
    assert none.table["Số liệu còn thiếu"].tolist() == [5]
    assert "thiếu" in none.reading


consolidated = partial(filed_above, 2011)  # reports on petitions


def test_reconciliation_gives_three_answers(tiny):
    # own figures of 2011: C 10, A 20, a1 4, a2 missing, B 8, b1 2, b2x 5
    found = views.reconciliation(consolidated(tiny, ("A", 30.0), ("B", 15.0)), indicator="don", year=2011)
    assert named(found.table, "Kết luận") == {"C": "Chưa có số tổng hợp", "A": "Chưa đủ báo cáo cấp dưới", "B": "Khớp"}
    assert named(found.table, "Cộng từ các đơn vị") == {"C": 49, "A": 24, "B": 15}
    assert named(found.table, "Đơn vị chưa báo cáo") == {"C": 1, "A": 1, "B": 0}


def test_reconciliation_proves_a_sum_too_small_even_when_reports_are_missing(tiny):
    found = views.reconciliation(consolidated(tiny, ("A", 23.0), ("B", 16.0)), indicator="don", year=2011)
    states = named(found.table, "Kết luận")
    assert states["A"] == states["B"] == "Không khớp"
    assert "2 số sai, lớn nhất ở Quận A (−1 cuộc)" in found.reading


def test_reconciliation_takes_the_last_received_report(tiny):
    first = consolidated(tiny, ("B", 99.0))
    later = (
        consolidated(tiny, ("B", 15.0))
        .observations.tail(1)
        .assign(received=pd.Timestamp("2012-03-01"), source="y#z!A1")
    )
    both = replace(first, observations=pd.concat([later, first.observations], ignore_index=True))
    assert named(views.reconciliation(both, indicator="don", year=2011, area="B").table, "Kết luận") == {"B": "Khớp"}


def test_reconciliation_refuses_what_nobody_consolidates(tiny):
    with pytest.raises(IndicatorError, match="không tổng hợp"):
        views.reconciliation(tiny, indicator="don", area="a1")
    with pytest.raises(IndicatorError, match="không cộng được"):
        views.reconciliation(tiny, indicator="ty_le")


def test_answers_are_decided_from_claim_sum_and_gaps():
    claimed = np.array([5.0, 5.0, 5.0, 5.0, np.nan])
    found = _reconciliation.answers(claimed, np.array([5.0, 4.0, 4.0, 6.0, 1.0]), np.array([0, 0, 1, 1, 0]))
    assert found == ["equal", "differs", "incomplete", "differs", "none"]


@pytest.mark.parametrize(
    ("qualifier", "found", "lacking", "expected"),
    [
        ("exact", 100, 0, "agrees"),
        ("exact", 99, 0, "differs"),
        ("exact", 101, 0, "differs"),
        ("exact", 99, 1, "undecided"),
        ("exact", 101, 1, "differs"),
        ("nearly", 90, 0, "agrees"),
        ("nearly", 99, 0, "agrees"),
        ("nearly", 89, 0, "differs"),
        ("nearly", 100, 0, "differs"),
    ],
)
def test_a_verdict_is_computed(qualifier, found, lacking, expected):
    assert _headline.verdict(qualifier, 100, found, lacking) == expected


def test_headline_of_the_tiny_world_agrees_and_fails_without_one_record(tiny):
    assert views.headline(tiny).table["Kết luận"].tolist() == ["Khớp"]
    less = replace(tiny, records=tiny.records.iloc[1:])
    found = views.headline(less)
    assert found.table["Kết luận"].tolist() == ["Không khớp"]
    assert found.table["Chênh lệch"].tolist() == [-1]
    assert "1 số không khớp" in found.reading


def test_the_first_indicator_stands_in_where_the_usual_default_does_not_exist(tiny):
    assert "giam_sat" in views.trend(tiny).title
    assert "giam_sat" in views.reconciliation(tiny).title


# --- the shipped review ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize(("name", "choices"), SAMPLES)
def test_every_view_is_a_valid_figure_that_json_can_hold(shipped, name, choices, lang):
    found = getattr(views, name)(shipped, lang=lang, **choices)
    go.Figure(found.figure)
    text = json.dumps(found.figure, allow_nan=False, ensure_ascii=False)
    assert "np.float" not in text
    assert found.figure["layout"]["meta"]["click"] == CLICKS[name]
    assert found.reading.endswith(".")
    assert "nan" not in found.reading
    assert "template" not in found.figure["layout"]
    assert found.figure["layout"]["separators"] == theme.SEPARATORS[lang]


@pytest.mark.parametrize(("name", "choices"), SAMPLES)
def test_every_view_speaks_both_languages(shipped, name, choices):
    vietnamese, english = (getattr(views, name)(shipped, lang=lang, **choices) for lang in ("vi", "en"))
    assert vietnamese.title != english.title
    assert vietnamese.reading != english.reading
    assert len(vietnamese.table) == len(english.table)
    keys = {"area", "name", "year", "value", *map(str, shipped.years)}
    own = set(vietnamese.table.columns) - keys
    assert not own & set(english.table.columns)


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_every_view_says_that_the_data_are_simulated(shipped, name, lang):
    found = getattr(views, name)(shipped, lang=lang)
    first = {"vi": "Số liệu mô phỏng, không phải số liệu báo cáo", "en": "Simulated data, not reported figures"}[lang]
    assert found.sources[0] == first
    marks = [note["text"] for note in found.figure["layout"]["annotations"]]
    assert f"<b>{theme.SIMULATED[lang]}</b>" in marks


@pytest.mark.parametrize("name", sorted(set(NAMES) - RICHER))
def test_a_review_of_true_reports_bears_no_such_mark(tiny, name):
    found = getattr(views, name)(tiny)
    assert not any("mô phỏng" in line for line in found.sources)
    assert not any(theme.SIMULATED["vi"] in note["text"] for note in found.figure["layout"]["annotations"])
    marked = getattr(views, name)(simulated(tiny))
    assert any(theme.SIMULATED["vi"] in note["text"] for note in marked.figure["layout"]["annotations"])


@pytest.mark.parametrize("name", NAMES)
def test_every_view_says_up_to_which_day_its_figures_go(shipped, name):
    found = getattr(views, name)(shipped)
    assert "Số liệu đến hết ngày 30-6-2020" in found.sources
    assert "30-6-2020" in found.figure["layout"]["annotations"][0]["text"]


@pytest.mark.parametrize("name", [name for name in NAMES if CLICKS[name] == "area"])
def test_rows_and_clicks_name_areas(shipped, name):
    found = getattr(views, name)(shipped)
    assert set(found.table["area"]) <= set(shipped.areas.ids)
    keys = np.ravel(np.array(found.figure["data"][0]["customdata"], dtype=object))
    assert {key for key in keys if key} <= set(shipped.areas.ids)
    assert [shipped.areas.name(area) for area in found.table["area"]] == found.table["name"].tolist()


@pytest.mark.parametrize("name", [name for name in NAMES if "indicator" in choices_of(name)])
def test_an_unknown_indicator_is_refused(shipped, name):
    with pytest.raises(IndicatorError, match="cuoc_giam_sat"):
        getattr(views, name)(shipped, indicator="cuoc_giam_sar")


@pytest.mark.parametrize("name", [name for name in NAMES if "area" in choices_of(name)])
def test_an_unknown_area_is_refused(shipped, name):
    with pytest.raises(AreaError, match="019a"):
        getattr(views, name)(shipped, area="019")


@pytest.mark.parametrize("name", ["compare", "tilemap", "drilldown", "completeness", "reconciliation", "peers"])
def test_a_year_outside_the_review_is_refused(shipped, name):
    with pytest.raises(IndicatorError, match="2010–2020"):
        getattr(views, name)(shipped, year=2009)


@pytest.mark.parametrize("year", [None, 2010, 2014, 2020])
@pytest.mark.parametrize("indicator", ["cuoc_giam_sat", "don_thu_tiep_nhan", "to_dan_van"])
def test_drilldown_adds_up_in_every_branch(shipped, indicator, year):
    trace = views.drilldown(shipped, indicator=indicator, year=year).figure["data"][0]
    below = dict.fromkeys(trace["ids"], 0)
    for parent, value in zip(trace["parents"], trace["values"], strict=True):
        if parent:
            below[parent] += value
    sizes = dict(zip(trace["ids"], trace["values"], strict=True))
    assert len(sizes) == len(trace["ids"])
    assert all(below[area] in (0, size) for area, size in sizes.items())
    assert below["01"] == sizes["01"]
    assert len(trace["marker"]["colors"]) == len(sizes)


def test_drilldown_of_the_whole_review_is_the_published_total(shipped):
    assert views.drilldown(shipped).table["value"].iloc[0] == 27_739


def test_all_published_statements_hold(shipped):
    found = views.headline(shipped)
    assert len(found.table) == len(shipped.statements) == 6
    assert found.table["Kết luận"].str.startswith("Khớp").all()
    assert found.table["Số của bộ dữ liệu"].tolist()[1:] == [27_739, 6_889, 22, 144, 2_048]
    assert any("Nhân Dân" in line for line in found.sources)


@pytest.mark.parametrize("activity", ["cuoc_giam_sat", "hoi_nghi_phan_bien", "tiep_xuc_doi_thoai", "doi_thoai_dinh_ky"])
def test_one_record_less_and_a_statement_fails(shipped, activity):
    victim = shipped.records.index[shipped.records["activity"] == activity][0]
    less = replace(shipped, records=shipped.records.drop(index=victim))
    assert (views.headline(less).table["Kết luận"] == "Không khớp").sum() == 1


def test_tilemap_shows_tu_liem_as_it_was(shipped):
    before, after = (set(views.tilemap(shipped, year=y).table["area"]) for y in (2013, 2014))
    assert before - after == {"019a"}
    assert after - before == {"019b", "021"}


def test_every_cell_of_the_map_is_labelled_and_clickable(shipped):
    found = views.tilemap(shipped, year=2014)
    tiles, labels = found.figure["data"]
    cells = [key for row in tiles["customdata"] for key in row if key]
    assert sorted(cells) == sorted([*found.table["area"]] * 2)  # two half bricks each
    assert len(labels["text"]) == 30
    assert any(text.startswith("Bắc Từ<br>Liêm<br><b>") for text in labels["text"])


def test_many_communes_show_their_ends_and_the_table_has_all(shipped):
    found = views.compare(shipped, level="commune", year=2016, indicator="don_thu_tiep_nhan")
    assert len(found.table) == 584
    assert len(found.figure["data"][0]["y"]) == _compare.SHOWN
    assert None not in found.figure["data"][0]["x"]


def test_the_city_trend_is_the_sum_of_the_comparison(shipped):
    trend = views.trend(shipped).table.set_index("year")["value"]
    districts = views.compare(shipped, year=2015).table["value"].sum()
    own = cube.of(shipped).matrix("cuoc_giam_sat", ["01"], scope="own")[0, 5]
    assert trend[2015] == districts + own


def test_a_constant_basis_bridges_the_division_of_tu_liem(shipped):
    joined = views.trend(shipped, area="019b", basis="constant").table["value"]
    parts = [views.trend(shipped, area=a).table["value"].fillna(0) for a in ("019a", "019b", "021")]
    assert joined.tolist() == sum(parts).tolist()


@pytest.mark.parametrize(("lang", "mark"), [("vi", "SỐ LIỆU MÔ PHỎNG"), ("en", "SIMULATED DATA")])
def test_a_view_shows_picture_and_marked_table_by_itself_in_a_notebook(shipped, lang, mark):
    kept, _ = views.compare(shipped, area="001", lang=lang)._repr_mimebundle_()
    assert kept["application/vnd.plotly.v1+json"]["data"]
    assert f"<strong>{mark}</strong>" in kept["text/html"]
    assert "Phường Kim Mã" in kept["text/html"]


def test_a_view_on_reported_figures_bears_no_mark(tiny):
    kept, _ = views.compare(tiny, indicator="giam_sat")._repr_mimebundle_()
    assert "<strong>" not in kept["text/html"]


@pytest.mark.parametrize("name", sorted(set(NAMES) - RICHER))
def test_what_somebody_writes_into_a_table_does_not_reach_the_next_view(tiny, name):
    view = getattr(views, name)
    first = view(tiny).table
    kept = first.copy()
    for place, dtype in enumerate(first.dtypes):
        if dtype.kind in "if":
            first.iloc[:, place] = 7
    pd.testing.assert_frame_equal(view(tiny).table, kept)


def test_an_area_that_ended_is_told_with_what_it_became(shipped):
    for view in (views.compare, views.completeness, views.reconciliation, views.drilldown):
        with pytest.raises(IndicatorError, match="Huyện Từ Liêm.*2015.*Quận Nam Từ Liêm, Quận Bắc Từ Liêm"):
            view(shipped, area="019a", year=2015)


def test_a_refusal_names_the_indicator_by_its_label(shipped):
    with pytest.raises(IndicatorError, match="“Tỷ lệ hòa giải thành”"):
        views.drilldown(shipped, indicator="ty_le_hoa_giai_thanh")


@pytest.mark.parametrize("area", ["019a", "019b", "021"])
def test_compare_says_when_no_area_stood_for_the_whole_period(shipped, area):
    reading = views.compare(shipped, area=area).reading
    assert reading.startswith("Không đơn vị nào tồn tại suốt cả kỳ nên không xếp hạng")
    english = views.compare(shipped, area=area, lang="en").reading
    assert english.startswith("No area stood for the whole period, so none is ranked")


def test_a_ratio_over_nothing_is_told_apart_from_one_that_was_not_reported(tiny):
    trend = views.trend(tiny, indicator="ty_le", area="b1")
    assert trend.table["Ghi chú"].tolist() == ["mẫu số bằng 0", "", ""]
    assert "mẫu số bằng 0: 2010" in trend.reading
    assert views.trend(tiny, indicator="ty_le", area="a2").table["Ghi chú"].tolist()[1] == "chưa có báo cáo"
    heat = views.heatmap(tiny, indicator="ty_le", area="B")
    assert "1 ô có mẫu số bằng 0" in heat.reading
    assert "chưa có báo cáo" not in heat.reading
    assert "mẫu số bằng 0" in heat.figure["data"][1]["hovertemplate"]
    assert "1 ô chưa có báo cáo" in views.heatmap(tiny, indicator="ty_le", area="A").reading


def test_a_ratio_of_two_counted_figures_speaks_of_the_log_and_of_no_reports(shipped):
    found = views.trend(shipped, indicator="ty_le_giai_quyet_y_kien")
    assert not any("báo cáo" in column for column in found.table.columns)
    assert any("Nguồn: nhật ký hoạt động" in note["text"] for note in found.figure["layout"]["annotations"])
    petitions = views.trend(shipped, indicator="ty_le_giai_quyet_don_thu")
    assert "Đơn vị đã báo cáo" in petitions.table.columns


def test_the_share_of_the_top_tenth_is_taken_of_the_areas_that_are_ranked(shipped):
    found = views.compare(shipped)
    ranked = found.table[found.table["Thứ hạng"].notna()]["value"]
    total = len(ranked)
    held = f"{100 * ranked.nlargest(-(-total // 10)).sum() / ranked.sum():.1f}".replace(".", ",")
    assert total < len(found.table)
    assert f"({-(-total // 10)}/{total} đơn vị) giữ {held} %" in found.reading.replace("\N{NO-BREAK SPACE}", " ")


def test_a_median_is_written_with_the_decimals_of_its_figures(shipped):
    found = views.compare(shipped, indicator="ty_le_hoa_giai_thanh", level="commune", year=2015)
    middle = f"{found.table['value'].median():.1f}".replace(".", ",")
    assert f"trung vị {middle}." in found.reading.replace(";", ".")


def reported(review, indicator, value):
    """Return the same review, every report of one indicator with one value."""
    seen = review.observations
    return replace(review, observations=seen.assign(value=seen["value"].mask(seen["indicator"] == indicator, value)))


def test_a_tie_is_not_named_as_the_only_extreme(tiny):
    seen = tiny.observations
    tied = seen["value"].mask((seen["indicator"] == "don") & seen["area"].isin(["a1", "a2"]), 9.0)
    tied = replace(tiny, observations=seen.assign(value=tied))
    found = views.compare(tied, indicator="don", level="commune", year=2012)
    assert "Cao nhất là Phường Hai và 1 đơn vị khác (9 cuộc)" in found.reading
    assert "Phường Hai năm 2010 và 1 ô khác (6 cuộc)" in views.heatmap(tiny, indicator="don", area="A").reading
    english = views.compare(tied, indicator="don", level="commune", year=2012, lang="en").reading
    assert english.startswith("Highest: Phường Hai and 1 other area (9 times)")
    peaks = seen["value"].mask((seen["area"] == "b1") & (seen["indicator"] == "don"), 2.0)
    assert (
        "cả 3 năm bằng nhau"
        in views.trend(replace(tiny, observations=seen.assign(value=peaks)), indicator="don", area="b1").reading
    )


def test_figures_that_are_all_equal_are_told_so(tiny):
    same = reported(tiny, "don", 3.0)
    assert views.compare(same, indicator="don", area="A", year=2012).reading.startswith(
        "Cả 2 đơn vị bằng nhau (3 cuộc)"
    )
    level = reported(tiny, "don", 0.0)
    assert views.tilemap(level, indicator="don", year=2012).reading.startswith("Cả 2 đơn vị bằng nhau (0 cuộc)")
    assert views.heatmap(level, indicator="don", lang="en").reading.startswith("All 6 cells are equal (0 times)")


def test_the_tile_map_counts_who_shares_the_third_and_the_last_place(shipped):
    own = {"001": 9.0, "002": 7.0, "003": 5.0, "004": 5.0, "005": 5.0}
    seen = reported(shipped, "don_thu_tiep_nhan", 0.0).observations
    asked = (seen["indicator"] == "don_thu_tiep_nhan") & seen["area"].isin(own)
    few = replace(
        shipped, observations=seen.assign(value=seen["value"].mask(asked, seen["area"].map(own).astype(float)))
    )
    reading = views.tilemap(few, indicator="don_thu_tiep_nhan", lang="en").reading
    highest, lowest = reading.split("; ")[:2]
    assert "Quận Ba Đình (9), Quận Hoàn Kiếm (7), " in highest
    assert highest.endswith("(5) and 2 other areas")
    assert lowest.endswith("(0) and 24 other areas")


def test_the_yearly_change_of_a_ratio_is_in_percentage_points(tiny):
    found = views.trend(tiny, indicator="ty_le", area="a1")
    assert found.table["value"].tolist() == [25, 50, 75]
    assert found.table["Thay đổi so với năm trước (điểm %)"].tolist()[1:] == [25, 25]
    half = replace(tiny, closing=tiny.closing.replace(month=6, day=30))
    english = views.trend(half, indicator="ty_le", area="a1", lang="en").table
    assert english["Change on the year before (percentage points)"].isna().tolist() == [True, False, True]


def test_compare_says_that_a_stock_over_the_whole_period_is_the_last_known(tiny):
    whole = views.compare(tiny, indicator="to", area="A")
    assert named(whole.table, "value") == {"a1": 3, "a2": 4}
    assert whole.title.endswith("số hiện có, năm gần nhất có số liệu")
    assert views.compare(tiny, indicator="to", area="A", lang="en").title.endswith("latest year that has a figure")
    assert "số hiện có" not in views.compare(tiny, indicator="to", area="A", year=2012).title
    assert "số hiện có" not in views.compare(tiny, indicator="don").title


def test_every_view_of_reported_figures_says_that_what_lacks_reports_may_rise(tiny):
    late = "1/2 đơn vị chưa đủ báo cáo bên dưới nên có thể còn tăng"
    assert late in views.tilemap(tiny, indicator="don", year=2011).reading
    assert late in views.heatmap(tiny, indicator="don").reading
    assert "còn thiếu 1 báo cáo nên tổng có thể còn tăng" in views.drilldown(tiny, indicator="don", year=2011).reading
    for view in (views.tilemap, views.drilldown):
        assert "còn tăng" not in view(tiny, indicator="don", year=2012).reading
        assert "còn tăng" not in view(tiny, indicator="giam_sat", year=2011).reading


def test_compare_and_map_tell_a_ratio_over_nothing_from_a_missing_one(tiny):
    found = views.compare(tiny, indicator="ty_le", area="B", year=2010)
    assert "1 đơn vị có mẫu số bằng 0" in found.reading
    assert "chưa có số liệu" not in found.reading
    assert found.figure["data"][2]["text"] == ["– mẫu số bằng 0"]
    assert "1 đơn vị chưa có số liệu" in views.compare(tiny, indicator="ty_le", area="A", year=2011).reading
    level = reported(tiny, "don", 0.0)
    assert "2 đơn vị chưa có số liệu" not in views.compare(level, indicator="ty_le").reading
    assert (
        "2 đơn vị có mẫu số bằng 0"
        in views.compare(level, indicator="ty_le", level="commune", year=2012, area="B").reading
    )
    assert "mẫu số bằng 0" in str(views.tilemap(level, indicator="ty_le", year=2012).figure["data"][0]["text"])

"""The views of breadth and focus, dialogue and its substance, and leadership: by hand, then on the shipped review."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest
from conftest import tiny_indicators, tiny_review

from danvan_kit import disclosure, theme, views
from danvan_kit import indicators as catalogue
from danvan_kit.areas import AreaError
from danvan_kit.indicators import IndicatorError
from danvan_kit.views import _leadership, _opinions

SAMPLES = [
    ("breadth", {"level": "commune"}),
    ("breadth", {"level": "commune", "indicator": "doi_thoai_dinh_ky"}),
    ("breadth", {"area": "001", "indicator": "mo_hinh_dan_van_kheo"}),
    ("breadth", {"by": "topic", "area": "00001"}),
    ("breadth", {"area": "019a"}),
    ("carriers", {"level": "commune", "indicator": "doi_thoai_dinh_ky"}),
    ("carriers", {"by": "topic", "year": 2020}),
    ("carriers", {"level": "commune", "indicator": "don_thu_tiep_nhan"}),
    ("corners", {}),
    ("corners", {"level": "commune"}),
    ("corners", {"area": "277"}),
    ("dialogues", {}),
    ("frequency", {"level": "commune"}),
    ("frequency", {"area": "019a", "indicator": "cuoc_giam_sat"}),
    ("frequency", {"level": "commune", "indicator": "hoi_nghi_giao_ban"}),
    ("leadership", {}),
    ("leadership", {"year": 2012}),
    ("substance", {}),
    ("substance", {"area": "001", "held_by": "commune"}),
    ("substance", {"area": "00001"}),
    ("resolution", {}),
    ("resolution", {"level": "commune", "year": 2019}),
    ("resolution", {"area": "00001", "year": 2014}),
]
SEATS = {
    ("C", 2010): (1, 1),
    ("A", 2010): (1, 0),
    ("B", 2010): (None, None),
    ("A", 2011): (0, 0),
    ("B", 2011): (1, None),
}
SEATS |= {("C", 2012): (1, 1), ("A", 2012): (1, 1), ("B", 2012): (1, 1)}
DAYS = [20, 40, None, 10]  # of A, a1, a1, b2 in the order of the log


def _more(base: pd.DataFrame, **values: str) -> pd.DataFrame:
    return base[base["indicator"] == "don"].assign(**values)


def rich_review():
    """Return the tiny review with opinions resolved, days, seats on the board and a published figure on dialogues."""
    tiny, base = tiny_review(), tiny_indicators().reset_index()
    if "indicator" not in base:
        base = base.rename(columns={"index": "indicator"})
    office = {"group": "organisation", "levels": "city district", "nature": "stock", "aggregation": "last"}
    opinions = {"group": "opinions", "levels": "district commune", "record_activity": "doi_thoai", "persons": "yes"}
    ratio = {"aggregation": "ratio", "numerator": "xong", "denominator": "y_kien", "record_activity": ""}
    rows = [
        base.assign(persons=base["persons"].mask(base["indicator"] == "y_kien", "yes")),
        _more(base, indicator="xong", record_value="resolved", **opinions),
        _more(base, indicator="ty_le_xong", **(opinions | ratio)),
        _more(base, indicator=_leadership.HEAD, **office),
        _more(base, indicator=_leadership.CHAIR, **office),
    ]
    seats = [
        (area, year, key, "own", seat, "reported")
        for (area, year), pair in SEATS.items()
        for key, seat in zip((_leadership.HEAD, _leadership.CHAIR), pair, strict=True)
        if seat is not None
    ]
    frame = pd.DataFrame(seats, columns=["area", "year", "indicator", "scope", "value", "status"]).assign(
        unit="đồng chí",
        origin="reported",
        source=[f"x#{n}" for n in range(len(seats))],
        received=pd.Timestamp("2013-01-15"),
    )
    days = tiny.records["days"].copy()
    days[tiny.records["activity"] == "doi_thoai"] = DAYS
    published = tiny.statements.assign(
        statement="s2", indicator="doi_thoai", levels="commune", year_from=2011, year_to=2012, value=3
    )
    return replace(
        tiny,
        indicators=catalogue.catalogue(pd.concat(rows, ignore_index=True)),
        observations=pd.concat([tiny.observations, frame.astype({"value": "float64"})], ignore_index=True),
        records=tiny.records.assign(days=days),
        statements=pd.concat([tiny.statements, published], ignore_index=True),
    )


@pytest.fixture(scope="module")
def rich():
    return rich_review()


def held(review, *more):
    """Return the review with further dialogues ``(area, year, opinions, resolved, days)``."""
    log = review.records
    last = log[log["activity"] == "doi_thoai"].iloc[[0] * len(more)]
    columns = dict(zip(("area", "year", "opinions", "resolved", "days"), zip(*more, strict=True), strict=True))
    extra = last.assign(record=[f"x{n}" for n in range(len(more))], **columns).astype(log.dtypes.to_dict())
    return replace(review, records=pd.concat([log, extra], ignore_index=True))


# --- breadth, carriers, corners ---------------------------------------------------------------------------------------


def test_breadth_counts_the_areas_that_had_any(tiny):
    # supervision of the communes in 2010: a1 4, a2 0, b1 2, b2x 3
    found = views.breadth(tiny, indicator="giam_sat", level="commune").table
    assert found["Có ít nhất một"].tolist() == [3, 0, 2]
    assert found["Tổng số"].tolist() == [4, 4, 4]
    assert found["value"].tolist() == [9, 0, 8]
    assert found["Phần của một phần mười nhiều nhất (%)"].tolist()[0] == pytest.approx(100 * 4 / 9)


def test_an_area_that_stood_no_more_is_no_member(tiny):
    found = views.breadth(tiny, indicator="don", area="B")
    assert found.table["Tổng số"].tolist() == [2, 2, 2]  # b1 with b2x, then with b2


def test_what_was_not_reported_is_unknown_and_drawn_as_a_band(tiny):
    found = views.breadth(tiny, indicator="don", area="A")
    assert found.table["Chưa biết"].tolist() == [0, 1, 0]
    assert found.table["Diện (%)"].tolist() == [100, 100, 100]
    assert "dải" in found.figure["layout"]["xaxis"]["title"]["text"]
    bands = [trace["y"] for trace in found.figure["data"] if trace.get("line", {}).get("width") == 0]
    assert bands == [[100, 50, 100], [100, 100, 100]]
    late = replace(tiny, closing=dt.date(2012, 6, 30))
    assert "1 chưa báo cáo, không phải là không có" in views.breadth(late, indicator="don", area="A").reading


def test_breadth_reads_the_last_full_year_and_how_far_it_moved(tiny):
    reading = views.breadth(tiny, indicator="giam_sat", level="commune").reading
    assert "Năm 2012: 2/4 xã, phường, thị trấn có ít nhất một (50,0 %), 1 nơi nhiều nhất giữ 75,0 %" in reading
    assert "rộng nhưng dồn vào một số nơi" in reading
    assert "diện giảm 25,0 điểm phần trăm so với 2010" in reading
    assert "chưa nói lên chất lượng" in reading


def test_fewer_units_than_members_are_called_scarce_and_not_narrow_alone(tiny):
    reading = views.breadth(tiny, indicator="doi_thoai", level="commune").reading
    assert "cả năm chỉ có 1 cuộc, chia đều nhất cũng chỉ tới 25,0 %" in reading


def test_breadth_by_topic_says_that_topics_are_the_offices_own_words(tiny):
    found = views.breadth(tiny, indicator="giam_sat", by="topic")
    assert found.table["Tổng số"].tolist() == [1, 1, 1]
    assert "lĩnh vực là do đơn vị tự ghi" in found.reading


def test_breadth_is_not_compared_with_itself(tiny):
    once = replace(tiny, records=tiny.records[tiny.records["year"] != 2012], closing=dt.date(2012, 6, 30))
    assert "so với" not in views.breadth(once, indicator="doi_thoai", level="commune").reading


def test_breadth_of_nothing_says_so(tiny):
    none = replace(tiny, records=tiny.records.iloc[:0])
    found = views.breadth(none, indicator="doi_thoai", area="A")
    assert "Năm 2012: 0/2" in found.reading
    gone = replace(tiny, observations=tiny.observations.iloc[:0])
    assert views.breadth(gone, indicator="don").reading == "Chưa có số liệu nào để tính diện và điểm."


@pytest.mark.parametrize("view", [views.breadth, views.carriers])
@pytest.mark.parametrize(("indicator", "why"), [("ty_le", "là tỷ lệ"), ("rieng", "không phải số liệu cộng dồn")])
def test_what_does_not_add_up_has_no_breadth(tiny, view, indicator, why):
    with pytest.raises(IndicatorError, match=why):
        view(tiny, indicator=indicator)


def test_carriers_stand_largest_first_with_what_they_hold_together(tiny):
    found = views.carriers(tiny, indicator="giam_sat", level="commune", year=2010)
    assert found.table["area"].tolist() == ["a1", "b2x", "b1", "a2"]
    assert found.table["Cộng dồn (%)"].round(1).tolist() == [44.4, 77.8, 100, 100]
    assert (
        "2 xã, phường, thị trấn nhiều nhất đã chiếm một nửa, đứng đầu là Phường Một, Quận A (4, 44,4 %)"
        in found.reading
    )
    assert "1 xã, phường, thị trấn không có" in found.reading
    assert found.figure["data"][0]["customdata"] == ["a1", "b2x", "b1", "a2"]


def test_carriers_without_a_figure_are_listed_and_not_drawn(tiny):
    found = views.carriers(tiny, indicator="don", level="commune", year=2011)
    assert found.table["area"].tolist() == ["b2x", "a1", "b1", "a2"]
    assert np.isnan(found.table["value"].tolist()[-1])
    assert found.figure["data"][0]["x"] == [5, 4, 2]
    assert "1 chưa báo cáo, không phải là không có" in found.reading


def test_carriers_that_are_equal_share_the_first_place(tiny):
    found = views.carriers(tiny, indicator="to", area="A", year=2011)  # three teams each
    assert "Phường Hai và 1 nơi khác, mỗi nơi (3, 50 %)" in found.reading.replace("50,0", "50")


def test_carriers_by_topic_have_names_and_set_no_area(tiny):
    found = views.carriers(tiny, indicator="giam_sat", by="topic", year=2010)
    assert found.table["Lĩnh vực"].tolist() == ["đất đai"]
    assert found.figure["layout"]["meta"]["click"] is None
    assert "đứng đầu là đất đai (13, 100,0 %)" in found.reading


def test_carriers_of_a_year_before_the_first_are_refused(tiny):
    with pytest.raises(IndicatorError, match="từ năm 2011"):
        views.carriers(tiny, indicator="doi_thoai", year=2010)


def test_carriers_of_a_year_without_any_say_so(tiny):
    assert views.carriers(tiny, indicator="giam_sat", year=2011).reading == "Năm 2011 chưa có cuộc nào."


def test_corners_name_what_stands_in_each(tiny):
    found = views.corners(tiny, level="commune")
    table = found.table.set_index("Chỉ tiêu")
    assert table.loc["Chỉ tiêu giam_sat", "Góc"] == "rộng nhưng dồn vào một số nơi"
    assert table.loc["Chỉ tiêu doi_thoai", "Góc"] == "hẹp và dồn vào một số nơi"
    assert "Chỉ tiêu doi_thoai" in found.reading
    assert "không thể rộng khắp" in found.reading
    assert [trace["name"] for trace in found.figure["data"]] == found.table["Chỉ tiêu"].tolist()


def test_corners_of_nothing_are_refused(tiny):
    with pytest.raises(IndicatorError, match="không có hoạt động nào"):
        views.corners(replace(tiny, records=tiny.records.iloc[:0], observations=tiny.observations.iloc[:0]))


# --- dialogues, frequency ---------------------------------------------------------------------------------------------


def test_the_dialogues_of_each_level_are_series_of_their_own(rich):
    found = views.dialogues(rich).table.drop(columns="year")
    assert found["Chỉ tiêu doi_thoai: quận, huyện, thị xã"].tolist()[1:] == [1, 0]
    assert found["Chỉ tiêu doi_thoai: xã, phường, thị trấn"].tolist()[1:] == [2, 1]
    assert found["Chỉ tiêu rieng: thành phố"].tolist() == [2, 2, 2]
    assert np.isnan(found["Chỉ tiêu doi_thoai: xã, phường, thị trấn"].tolist()[0])


def test_dialogues_stand_beside_what_was_published_and_are_not_added(rich):
    reading = views.dialogues(rich).reading
    assert "Xã, phường, thị trấn: 3 (khớp số công bố)" in reading
    assert "không cộng các số này" in reading
    wrong = replace(rich, records=rich.records[rich.records["area"] != "b2"])
    assert "Xã, phường, thị trấn: 2 (số công bố 3, không khớp)" in views.dialogues(wrong).reading


def test_the_published_dialogues_hold_in_the_shipped_review(shipped):
    sums = views.dialogues(shipped).table.drop(columns="year").sum()
    assert sums.tolist() == [22, 144, 2_048]


def test_a_catalogue_without_dialogues_is_refused(tiny):
    kept = tiny.indicators[tiny.indicators["group"] != "dialogue"]
    with pytest.raises(IndicatorError, match="Đối thoại"):
        views.dialogues(replace(tiny, indicators=kept))


def test_frequency_counts_what_each_office_did_itself(tiny):
    found = views.frequency(tiny, indicator="giam_sat", level="commune")
    # 2012: a1 0, a2 2, b1 0, b2 6
    assert "Năm 2012: 2/4 xã, phường, thị trấn có ít nhất một lần (50,0 %), 2 có từ hai lần (50,0 %)" in found.reading
    bars = {trace["name"]: trace["y"] for trace in found.figure["data"] if trace["type"] == "bar"}
    assert bars == {
        "từ 3 lần": [50, 0, 25],
        "2 lần": [25, 0, 25],
        "không": [25, 100, 50],
    }


def test_offices_that_never_did_any_are_named_and_stand_first(tiny):
    found = views.frequency(tiny, level="commune")  # dialogues since 2011: a1 twice, b2 once
    assert found.table["area"].tolist()[:2] == ["a2", "b1"]
    assert (
        "2/4 xã, phường, thị trấn hiện có chưa làm lần nào từ 2011 (Phường Hai, Quận A; Xã Một, Huyện B)"
        in found.reading
    )
    assert found.table.set_index("area").loc["b2x", "Số năm tính"] == 1  # it ended with 2011


def test_an_office_with_an_unknown_year_has_not_never_done_any(tiny):
    zero = tiny.observations.assign(value=tiny.observations["value"].where(tiny.observations["area"] != "a2", 0.0))
    zero.loc[(zero["area"] == "a2") & (zero["year"] == 2011), "value"] = np.nan
    found = views.frequency(replace(tiny, observations=zero), indicator="don", area="A")
    assert "không nơi nào chưa làm lần nào từ 2010" in found.reading
    assert found.table.set_index("area").loc["a2", "Số năm chưa biết"] == 1
    assert any(trace.get("name") == "chưa báo cáo" for trace in found.figure["data"])


def test_frequency_speaks_of_no_norm(tiny):
    assert "không so với định mức nào" in views.frequency(tiny).reading


def test_frequency_where_nobody_reported_says_so(tiny):
    gone = tiny.observations[tiny.observations["indicator"] != "don"]
    found = views.frequency(replace(tiny, observations=gone), indicator="don", area="A")
    assert found.reading == "Năm 2012 chưa có số liệu."


@pytest.mark.parametrize(
    ("indicator", "why"), [("y_kien", "không phải là số lần"), ("to", "không phải là số lần"), ("ty_le", "là tỷ lệ")]
)
def test_what_is_not_done_a_number_of_times_has_no_frequency(rich, indicator, why):
    with pytest.raises(IndicatorError, match=why):
        views.frequency(rich, indicator=indicator, level="commune")


def test_frequency_is_refused_where_the_offices_keep_no_such_count(shipped):
    with pytest.raises(IndicatorError, match="không tự làm"):
        views.frequency(shipped, indicator="lop_tap_huan", level="commune")


# --- substance, resolution --------------------------------------------------------------------------------------------


def test_substance_sets_raised_beside_resolved(rich):
    found = views.substance(rich).table
    assert found["Ý kiến nêu"].tolist()[1:] == [15, 8]
    assert found["Đã giải quyết"].tolist()[1:] == [12, 4]
    assert found["Tỷ lệ giải quyết (%)"].tolist()[1:] == [80, 50]
    assert np.isnan(found["Ý kiến nêu"].tolist()[0])
    assert found["Ghi chú"].tolist() == ["chưa tính", "", ""]


def test_the_days_are_a_median_of_the_conferences_medians_and_say_so(rich):
    found = views.substance(rich)
    assert found.table["Số ngày: trung vị"].tolist()[1:] == [30, 10]  # of 20 and 40; the third conference gave none
    assert found.table["Trong đó biết số ngày"].tolist() == [0, 2, 1]
    assert found.table["Hội nghị có giải quyết"].tolist() == [0, 3, 1]
    assert any("không phải trung vị của mọi ý kiến" in line for line in found.sources)


def test_a_conference_that_resolved_nothing_owes_no_days(rich):
    found = views.substance(held(rich, ("b1", 2012, 6, 0, None)))
    assert found.table["Hội nghị"].tolist()[-1] == 2
    assert found.table["Hội nghị có giải quyết"].tolist()[-1] == 1


def test_substance_by_level_counts_what_its_offices_held(rich):
    assert views.substance(rich, held_by="commune").table["Ý kiến nêu"].tolist()[1:] == [5, 8]
    district = views.substance(rich, held_by="district")
    assert district.table["Ý kiến nêu"].tolist()[1] == 10
    assert "do cấp quận, huyện, thị xã tổ chức" in district.title
    with pytest.raises(IndicatorError, match="Xã, phường, thị trấn"):
        views.substance(rich, area="a1", held_by="district")


def test_more_resolved_than_raised_is_shown_and_flagged(rich):
    found = views.substance(held(rich, ("b1", 2012, 10, 30, 5)), area="b1")
    assert found.table["Tỷ lệ giải quyết (%)"].tolist()[-1] == 300
    assert found.table["Ghi chú"].tolist()[-1] == "giải quyết nhiều hơn nêu: cần hỏi lại"
    assert "1 hội nghị ghi số giải quyết nhiều hơn số nêu" in found.reading
    whole = views.substance(held(rich, ("b1", 2012, 10, 11, 5)), area="B")
    assert whole.table["Ghi chú"].tolist()[-1] == "1 hội nghị ghi giải quyết nhiều hơn nêu"


def test_substance_moves_are_told_between_years_with_enough_opinions(rich):
    assert "% năm" not in views.substance(rich).reading
    many = held(rich, ("a1", 2011, 25, 20, 9), ("b1", 2012, 12, 12, 9))
    assert "từ 80,0 % năm 2011 đến 80,0 % năm 2012" in views.substance(many).reading


def test_substance_without_opinions_says_so(rich):
    assert views.substance(rich, area="b1").reading == "Không có ý kiến nào để xem việc giải quyết."


def test_a_band_needs_five_conferences(rich):
    filled = [trace for trace in views.substance(rich).figure["data"] if trace.get("fill")]
    assert not filled
    more = held(rich, *[("a1", 2011, 5, 5, day) for day in (10, 20, 30)])
    band = [trace for trace in views.substance(more).figure["data"] if trace.get("fill")]
    assert [trace["y"] for trace in band] == [[30]]  # of 10 20 20 30 40 the upper quartile


def test_substance_agrees_with_the_indicators(shipped):
    found = views.substance(shipped)
    assert found.table["Ý kiến nêu"].sum() == 42_335
    assert found.table["Đã giải quyết"].sum() == 32_767
    parts = [
        views.substance(shipped, held_by=level).table["Ý kiến nêu"].sum() for level in ("city", "district", "commune")
    ]
    assert sum(parts) == 42_335


def test_a_protected_review_leaves_hidden_figures_out_and_counts_them(rich):
    full = held(rich, ("b1", 2011, 40, 30, 9), ("b1", 2012, 40, 30, 9))
    guarded = disclosure.protect(full, 5)  # a1 resolved 3 of 5 in 2011, b2 4 of 8 in 2012
    found = views.substance(guarded, held_by="commune")
    assert found.table["Ý kiến nêu"].tolist()[1] == 40
    assert np.isnan(found.table["Ý kiến nêu"].tolist()[2])  # b1 is hidden with b2: what is left is no zero
    assert found.table["Ghi chú"].tolist()[1:] == ["không gồm 1 số liệu được ẩn", "không có số liệu được hiện"]
    assert views.substance(full, held_by="commune").table["Ý kiến nêu"].tolist()[1:] == [45, 48]
    assert "không gồm 3 số liệu được ẩn vì nhỏ" in found.reading
    assert found.table["Trong đó biết số ngày"].tolist() == [0, 1, 0]
    assert "biết ở 1/3 hội nghị có giải quyết; số còn lại không hiện vì ít ý kiến" in found.reading
    places = views.resolution(guarded, level="commune", year=2011)
    noted = dict(zip(places.table["area"], places.table["Ghi chú"], strict=True))
    assert noted["a1"] == "số nhỏ, không hiện"
    assert places.table["Ý kiến nêu"].isna().tolist() == [note == "số nhỏ, không hiện" for note in noted.values()]
    assert "có số nhỏ, không hiện" in places.reading
    spread = views.breadth(guarded, indicator="xong", level="commune")
    assert "2 được ẩn để bảo vệ người dân" in spread.reading


def test_a_catalogue_without_opinions_resolved_is_refused(tiny):
    for view in (views.substance, views.resolution):
        with pytest.raises(IndicatorError, match="resolved"):
            view(tiny)


def test_places_with_few_opinions_are_not_named(rich):
    few = views.resolution(rich, level="commune", year=2012)
    assert few.table["Ghi chú"].tolist()[0] == "ít ý kiến"
    assert "Xã Hai" not in few.reading
    assert "1 nơi có dưới 20 ý kiến, không xếp" in few.reading
    assert "3 nơi không có ý kiến nào được ghi" in few.reading


def test_the_lowest_place_stands_first_and_is_named(rich):
    more = held(rich, ("a2", 2012, 40, 10, 5), ("b1", 2012, 20, 20, 5), ("a1", 2012, 30, 45, 5))
    found = views.resolution(more, level="commune", year=2012)
    assert found.table["area"].tolist() == ["a2", "b1", "a1", "b2"]
    assert "Thấp nhất: Phường Hai, Quận A 25,0 % (10/40), Xã Một, Huyện B 100,0 % (20/20), Phường Một" in found.reading
    assert "1 nơi giải quyết nhiều hơn nêu, cần hỏi lại" in found.reading
    assert found.table["Ghi chú"].tolist()[2] == "giải quyết nhiều hơn nêu: cần hỏi lại"
    assert found.figure["data"][0]["marker"]["color"][2] == theme.VERMILION
    assert "⚠" in found.figure["data"][1]["text"][2]


def test_an_area_of_some_years_is_not_ranked_over_all(rich):
    more = held(rich, ("b2x", 2011, 50, 1, 5), ("b1", 2011, 30, 20, 5))
    found = views.resolution(more, area="B")
    assert found.table["area"].tolist()[0] == "b1"
    assert "1 nơi có dưới 20 ý kiến, không xếp; 1 đơn vị chỉ có trong một số năm, không xếp" in found.reading
    assert found.table.set_index("area").loc["b2x", "Ghi chú"] == "chỉ có trong một số năm"
    assert found.table["Ý kiến nêu"].tolist()[0] == 30


def test_the_highest_is_named_beside_the_lowest_three(shipped):
    reading = views.resolution(shipped).reading
    assert reading.startswith("Thấp nhất: Quận Hoàng Mai 70,9 % (843/1.189)")
    assert "cao nhất: Thị xã Sơn Tây 82,6 % (780/944)" in reading
    assert "chưa phải kết luận" in reading


def test_resolution_is_refused_before_opinions_were_counted(rich):
    with pytest.raises(IndicatorError, match="từ năm 2011"):
        views.resolution(rich, year=2010)
    with pytest.raises(IndicatorError, match="2010–2012"):
        views.resolution(rich, year=2009)


def test_the_highest_of_the_ranked_is_named_and_an_unknown_place_has_no_share(rich):
    rows = [(area, 2012, 40, n * 8, 5) for n, area in enumerate(("a1", "a2", "b1", "b2"), 1)]
    found = views.resolution(held(rich, *rows), level="commune", year=2012)
    assert "cao nhất: Xã Hai, Huyện B 75,0 % (36/48)" in found.reading
    assert found.table["Ghi chú"].tolist() == [""] * 4


def test_resolution_where_nobody_raised_any_says_so(rich):
    found = views.resolution(rich, area="A", year=2012)
    assert found.reading == "Không nơi nào có ý kiến để xem việc giải quyết."


def test_quartiles_of_nothing_are_missing():
    assert np.isnan(_opinions.quartiles(np.array([np.nan]))).all()


# --- leadership -------------------------------------------------------------------------------------------------------


def test_each_office_and_year_says_who_sits(rich):
    found = views.leadership(rich).table.set_index("area")
    assert found.loc["C", "2010"] == "cả hai"
    assert found.loc["A"].tolist()[1:] == ["chỉ trưởng ban Dân vận", "không ai", "cả hai"]
    assert found.loc["B"].tolist()[1:] == ["chưa báo cáo đủ", "chưa báo cáo đủ", "cả hai"]


def test_a_known_absence_counts_though_the_other_post_is_unknown():
    found = _leadership.states(np.array([[0.0, 1.0]]), np.array([[np.nan, 1.0]]), np.array([[True, False]]))
    assert found == [["chair", ""]]


@pytest.mark.parametrize(
    ("year", "said"),
    [
        (2012, "2/2 quận, huyện, thị xã có trưởng ban Dân vận, 2/2 có chủ tịch Mặt trận"),
        (2012, "khớp với câu công bố"),
        (2010, "không đúng với 1 chức danh"),
        (2010, "2 chức danh chưa báo cáo, không phải là không"),
    ],
)
def test_the_published_sentence_is_judged_by_what_is_known(rich, year, said):
    assert said in views.leadership(rich, year=year).reading


def test_the_published_sentence_is_undecided_where_reports_lack(rich):
    kept = rich.observations[~((rich.observations["area"] == "B") & (rich.observations["year"] == 2012))]
    assert "chưa đủ căn cứ" in views.leadership(replace(rich, observations=kept), year=2012).reading


def test_letters_mark_the_post_that_does_not_sit(rich):
    figure = views.leadership(rich, year=2010).figure
    assert sorted(figure["data"][1]["text"]) == ["M", "·", "·", "·", "✗"]
    assert figure["layout"]["shapes"][-1]["x0"] == 2009.5


def test_all_sit_on_the_board_at_the_end_of_the_shipped_review(shipped):
    reading = views.leadership(shipped, year=2020).reading
    assert "30/30 quận, huyện, thị xã có trưởng ban Dân vận, 30/30 có chủ tịch Mặt trận" in reading


# --- all of them ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "choices"), SAMPLES)
def test_every_picture_is_valid_in_both_languages(shipped, name, choices):
    vietnamese, english = (getattr(views, name)(shipped, lang=lang, **choices) for lang in ("vi", "en"))
    go.Figure(vietnamese.figure)
    for found in (vietnamese, english):
        json.dumps(found.figure, allow_nan=False)
        assert found.reading.endswith(".")
        assert "nan" not in found.reading
        assert {trace["type"] for trace in found.figure["data"]} <= {"scatter", "bar", "heatmap"}
        assert all(not isinstance(key, np.generic) for trace in found.figure["data"] for key in trace)
    assert vietnamese.title != english.title
    assert vietnamese.reading != english.reading
    assert len(vietnamese.table) == len(english.table)
    own = set(vietnamese.table.columns) - {"area", "name", "year", "value", *map(str, shipped.years)}
    assert not own & set(english.table.columns)


@pytest.mark.parametrize("name", ["substance", "resolution", "leadership"])
def test_true_reports_bear_no_mark(rich, name):
    found = getattr(views, name)(rich)
    assert not any("mô phỏng" in line for line in found.sources)
    assert not any(theme.SIMULATED["vi"] in note["text"] for note in found.figure["layout"]["annotations"])


@pytest.mark.parametrize("name", ["breadth", "carriers", "corners", "frequency", "resolution", "substance"])
def test_nothing_below_or_unknown_is_told_in_one_line(shipped, name):
    with pytest.raises(AreaError, match="019a") as caught:
        getattr(views, name)(shipped, area="019")
    assert "\n" not in str(caught.value)

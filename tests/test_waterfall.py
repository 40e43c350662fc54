"""The waterfall: bars lead from each step to the next, and the table says whom to ask and why."""

from dataclasses import replace

import plotly.graph_objects as go
import pytest
from conftest import filed_above

from danvan_kit import views
from danvan_kit.explorer.controls import controls
from danvan_kit.indicators import IndicatorError
from danvan_kit.views import _waterfall


@pytest.fixture
def wrong(tiny):
    """Return petitions of 2010 in which district A filed 37 for 30 and the city knew better."""
    return filed_above(2010, tiny, ("C", 53), ("A", 37), ("B", 13))


def test_bars_lead_from_each_step_to_the_next(wrong):
    found = views.waterfall(wrong, indicator="don", year=2010)
    bars, steps, _ = found.figure["data"]
    assert steps["x"] == [53, 60, 53]
    assert bars["base"] == [53, 60]
    assert bars["x"] == [7, -7]
    assert bars["customdata"] == ["A", "A"]
    assert found.figure["layout"]["yaxis"]["ticktext"] == [
        "<b>Số tổng hợp</b>", "A", "<b>Cộng cấp dưới</b>", "A", "<b>Cộng từng đơn vị</b>"]  # fmt: skip


def test_the_table_says_how_much_whom_to_ask_and_why(wrong):
    table = views.waterfall(wrong, indicator="don", year=2010).table
    assert table["Chênh lệch"].tolist() == [7, -7]
    assert table["Nơi cần hỏi"].tolist() == ["Quận A", "Quận A"]
    assert table["Bước"].tolist()[0] == "Số tổng hợp → cộng cấp dưới"
    assert "cấp trên cũng dùng 30" in table["Vì sao"].tolist()[1]


def test_the_reading_warns_that_differences_which_cancel_out_are_still_there(wrong):
    assert "không có nghĩa là các bước ở giữa đúng" in views.waterfall(wrong, indicator="don", year=2010).reading
    english = views.waterfall(wrong, indicator="don", year=2010, lang="en")
    assert "does not mean that the steps between are right" in english.reading
    assert "Whom to ask" in english.table.columns


def test_steps_that_are_equal_say_so(tiny):
    sound = views.waterfall(filed_above(2010, tiny, ("C", 53), ("A", 30), ("B", 13)), indicator="don", year=2010)
    assert sound.reading == "Các bước khớp nhau từ trên xuống."
    assert not len(sound.table)
    assert sound.figure["data"][2]["text"] == ["  <b>53</b>", "  <b>53</b> ✓", "  <b>53</b> ✓"]
    late = views.waterfall(filed_above(2011, tiny, ("C", 49), ("A", 24), ("B", 15)), indicator="don", year=2011)
    assert late.reading == "Các bước khớp nhau từ trên xuống; 1 số liệu của đơn vị chưa báo cáo."
    assert late.figure["data"][2]["text"][-1] == "  <b>49</b> ✓ · thiếu 1 báo cáo"


def test_reports_that_lack_are_hatched(tiny):
    found = views.waterfall(filed_above(2011, tiny, ("C", 52), ("A", 27), ("B", 15)), indicator="don", year=2011)
    bars = found.figure["data"][0]
    assert bars["x"] == [-3]
    assert bars["marker"]["pattern"]["shape"] == ["/"]
    assert bars["marker"]["color"] == [_waterfall.LATE]
    assert "mỗi giải thích là câu hỏi" in found.reading


def test_a_figure_that_nobody_filed_is_a_dash_and_no_zero(tiny):
    found = views.waterfall(filed_above(2010, tiny, ("A", 30)), indicator="don", year=2010)
    assert len(found.figure["data"][1]["x"]) == 2
    assert found.figure["data"][2]["text"][0] == "  – chưa có số tổng hợp"
    assert "Chính đơn vị này" in found.figure["layout"]["yaxis"]["ticktext"]


def test_more_areas_than_bars_share_one(tiny, monkeypatch):
    monkeypatch.setattr(_waterfall, "MOST_BARS", 0)
    seen = filed_above(2010, tiny, ("C", 53), ("A", 37), ("B", 15))
    found = views.waterfall(seen, indicator="don", year=2010)
    bars = found.figure["data"][0]
    assert bars["x"] == [9, -9]
    assert bars["customdata"] == ["C", "C"]
    assert "2 đơn vị khác" in found.figure["layout"]["yaxis"]["ticktext"]
    assert len(found.table) == 4
    assert found.reading


def test_many_points_of_one_area_are_counted(tiny, monkeypatch):
    monkeypatch.setattr(_waterfall, "MOST_TEXTS", 1)
    found = views.waterfall(filed_above(2012, tiny, ("C", 57)), indicator="don", area="")
    assert "2010: " in found.table["Vì sao"].tolist()[0]
    assert found.table["Vì sao"].tolist()[0].endswith("và 1 điểm khác")


def test_of_many_offices_to_ask_the_first_are_named(tiny, monkeypatch):
    monkeypatch.setattr(_waterfall, "MOST_TEXTS", 1)
    seen = tiny.observations
    wrong = seen["value"].mask((seen["indicator"] == "giam_sat") & seen["area"].isin(["a1", "A"]), 7.0)
    found = views.waterfall(
        replace(tiny, observations=seen.assign(value=wrong)), indicator="giam_sat", area="C", year=2010
    )
    assert found.table["Nơi cần hỏi"].tolist() == ["Thành phố C", "Quận A +1"]


def test_the_period_says_which_years_are_compared(tiny):
    assert views.waterfall(tiny, indicator="doi_thoai").title.endswith("2011–2012")
    assert views.waterfall(tiny, indicator="to").title.endswith("năm 2012")


def test_a_picture_is_sound_in_both_languages(wrong):
    for lang in ("vi", "en"):
        figure = views.waterfall(replace(wrong), indicator="don", year=2010, lang=lang).figure
        go.Figure(figure, skip_invalid=False)
        assert figure["layout"]["meta"]["click"] == "area"


def test_what_has_no_offices_below_is_refused(tiny):
    with pytest.raises(IndicatorError, match="không có đơn vị cấp dưới"):
        views.waterfall(tiny, indicator="don", area="a1")
    with pytest.raises(IndicatorError, match="khi đó là"):
        views.waterfall(tiny, indicator="don", area="b2", year=2010)


def test_its_controls_are_indicator_area_and_year(tiny):
    assert list(controls(views.waterfall, tiny)) == ["indicator", "area", "year"]

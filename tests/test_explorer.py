"""The explorer without a browser: controls, choices, links, and what a notebook keeps."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
import pytest
from explorer_world import bars, squares, trend, world

from danvan_kit.errors import DanvanError
from danvan_kit.explorer import _explorer as explorer
from danvan_kit.explorer import canvas, explore, frozen
from danvan_kit.explorer.controls import ChoiceError, controls
from danvan_kit.views import View, _shown

if TYPE_CHECKING:
    from danvan_kit.review import Review

PLOTLY = "application/vnd.plotly.v1+json"


@pytest.fixture(scope="module")
def review() -> Review:
    return world()


@pytest.fixture
def sent(monkeypatch):
    """Collect what explorers send to their pages, newest last."""
    messages = []
    monkeypatch.setattr(canvas.Canvas, "send", lambda _, message, buffers=(): messages.append((message, buffers)))
    return messages


def shown(explored):
    """Open an explorer in a page, as a browser does."""
    explored._repr_mimebundle_()
    explored._canvas._hear(None, {"ask": "state"}, [])
    return explored._canvas


# --- controls ---------------------------------------------------------------------------------------------------------


def test_the_names_of_a_views_arguments_pick_its_controls(review):
    kinds = {name: control.spec["kind"] for name, control in controls(bars, review).items()}
    assert kinds == {"area": "area", "indicator": "select", "year": "slider", "level": "select"}


def test_a_control_bears_a_vietnamese_label_and_english_on_request(review):
    assert [c.spec["label"] for c in controls(bars, review).values()] == ["Đơn vị", "Chỉ tiêu", "Năm", "Cấp"]
    assert controls(bars, review, "en")["year"].spec["label"] == "Year"


def test_areas_stand_in_vietnamese_order_and_tell_until_when_they_were(review):
    labels = [label for _, label, above in controls(bars, review)["area"].spec["rows"] if above == "01"]
    assert labels == ["Huyện Từ Liêm (đến 27-12-2013)", "Quận Đống Đa"]
    communes = [label for _, label, above in controls(bars, review)["area"].spec["rows"] if above == "001"]
    assert communes == ["Phường Ngã Tư Sở", "Phường Ô Chợ Dừa"]


def test_the_year_that_the_review_does_not_cover_says_so(review):
    rows = controls(bars, review)["year"].spec["rows"]
    assert rows[-1] == [2020, "2020 (đến 30-6)"]
    assert rows[0] == [2018, "2018"]


def test_indicators_are_grouped_as_in_the_catalogue(review):
    groups = controls(bars, review)["indicator"].spec["groups"]
    assert groups == [
        ["Giám sát", [["giam_sat", "Cuộc giám sát"]]],
        ["Phản biện xã hội", [["phan_bien", "Hội nghị phản biện"]]],
    ]


def test_a_literal_gives_a_drop_down_and_none_says_what_it_means(review):
    def view(review, *, level: Literal["district", "commune"] | None = None, lang="vi"): ...

    rows = controls(view, review)["level"].spec["groups"]
    assert rows[0] == ["", [[None, "— cấp ngay dưới —"]]]
    assert [value for value, _ in rows[1][1]] == ["district", "commune"]


def test_a_year_that_may_be_left_open_offers_the_whole_period(review):
    def view(review, *, year: int | None = None, lang="vi"): ...

    control = controls(view, review)["year"]
    assert control.default is None
    assert control.spec["groups"][0] == ["", [[None, "— cả giai đoạn —"]]]


def test_an_argument_without_a_control_is_named(review):
    def view(review, *, colour="red", lang="vi"): ...

    with pytest.raises(ChoiceError, match=r"'colour'.*Literal"):
        controls(view, review)


# --- choices ----------------------------------------------------------------------------------------------------------


def test_a_choice_changes_the_view(review):
    explored = explore(bars, review)
    assert explored.view.table["value"].tolist() == [8, 1207]
    explored.set(area="001", level="commune")
    assert explored.view.table["value"].tolist() == [3, 5]
    assert explored.choices == {"area": "001", "indicator": "giam_sat", "year": 2019, "level": "commune"}


def test_a_choice_that_a_view_does_not_have_is_named_with_those_it_has(review):
    with pytest.raises(ChoiceError, match=r"'colour'.*area, indicator, year, level"):
        explore(bars, review).set(colour="red")


@pytest.mark.parametrize(
    ("view", "choice"),
    [
        (bars, {"year": 1999}),
        (bars, {"area": "999"}),
        (bars, {"level": "village"}),
        (trend, {"years": (2020, 2018)}),
        (trend, {"years": 2019}),
    ],
)
def test_a_value_that_is_not_allowed_changes_nothing(review, view, choice):
    explored = explore(view, review)
    before = explored.choices
    with pytest.raises(DanvanError, match=str(next(iter(choice.values()))).replace("(", r"\(").replace(")", r"\)")):
        explored.set(**choice)
    assert explored.choices == before


def test_what_a_view_refuses_is_told_in_one_line_and_the_explorer_goes_on(review, sent):
    explored = explore(bars, review, level="city", indicator="phan_bien")
    shown(explored)
    assert sent[-1][0]["state"]["error"] == "'phan_bien' không có ở cấp city; được dùng: district, commune"
    with pytest.raises(DanvanError, match="phan_bien"):
        _ = explored.view
    explored.set(level="district")
    assert sent[-1][0]["state"]["error"] is None
    assert explored.view.table["value"].tolist() == [10, 1209]


def test_a_programming_mistake_reaches_the_page_too(review, sent, monkeypatch):
    monkeypatch.setenv(explorer.LIVE, "somebody looks on")

    def broken(review, *, year: int = 2019, lang="vi"):
        if year == 2020:
            raise KeyError("gone")
        return trend(review)

    page = shown(explore(broken, review))
    with pytest.raises(KeyError):
        page._hear(None, {"set": {"year": 2020}}, [])
    assert "KeyError: 'gone'" in sent[-1][0]["state"]["error"]


# --- links ------------------------------------------------------------------------------------------------------------


def test_linked_explorers_share_what_they_have_in_common(review):
    first = explore(bars, review)
    second = explore(trend, review, link=first)
    third = explore(squares, review, link=[second])
    third.set(area="019a")
    assert [e.choices["area"] for e in (first, second, third)] == ["019a"] * 3
    first.set(year=2018)
    assert second.view.table["year"].tolist() == [2018, 2019, 2020]


def test_a_linked_explorer_starts_where_the_other_is_and_a_given_choice_moves_both(review):
    first = explore(bars, review, area="001")
    assert explore(trend, review, link=first).choices["area"] == "001"
    explore(squares, review, link=first, area="019a")
    assert first.choices["area"] == "019a"


def test_a_click_on_a_year_moves_the_linked_view_that_has_years_and_without_one_nothing(review, sent):
    first = explore(bars, review)
    linked = shown(explore(trend, review, link=first))
    linked._hear(None, {"set": {"year": 2018}}, [])
    assert first.choices["year"] == 2018
    alone = explore(trend, review)
    before = alone.choices
    shown(alone)._hear(None, {"set": {"year": 2018}}, [])
    assert alone.choices == before
    assert sent[-1][0]["state"]["error"] is None


def test_a_change_that_does_not_concern_a_linked_explorer_sends_it_nothing(review, sent):
    first = explore(bars, review)
    shown(first)
    shown(explore(squares, review, link=first))
    sent.clear()
    first.set(year=2018)
    assert [message["kind"] for message, _ in sent] == ["state"]


def test_an_explorer_that_no_page_shows_any_more_is_sent_nothing(review, sent):
    explored = explore(bars, review)
    shown(explored)._hear(None, {"gone": True}, [])
    sent.clear()
    explored.set(year=2018)
    assert sent == []
    assert explored.view.title.endswith("2018")


# --- what goes to the page --------------------------------------------------------------------------------------------


def test_one_change_is_one_message_of_plain_json(review, sent):
    page = shown(explore(bars, review))
    sent.clear()
    page._hear(None, {"set": {"area": "001", "level": "commune"}}, [])
    ((message, _),) = sent
    assert json.loads(json.dumps(message)) == message | {"state": json.loads(json.dumps(message["state"]))}
    assert message["state"]["view"]["figure"]["data"][0]["y"] == [3, 5]


def test_the_table_comes_when_the_page_asks_written_as_vietnamese_read_it(review, sent):
    shown(explore(bars, review))._hear(None, {"ask": "table"}, [])
    table = sent[-1][0]["table"]
    assert table["columns"] == [["Tên", False], ["Giá trị", True]]
    assert table["rows"] == [["Quận Đống Đa", "8"], ["Huyện Từ Liêm", "1.207"]]
    assert (table["click"], table["ids"]) == ("area", ["001", "019a"])


def test_plotly_js_comes_as_bytes_and_is_no_trait(review, sent):
    page = shown(explore(bars, review))
    page._hear(None, {"ask": "plotly"}, [])
    message, (script,) = sent[-1]
    assert message["kind"] == "plotly"
    assert script.startswith(b"/**\n* plotly.js")
    assert len(json.dumps(page.get_state(), default=str)) < 50_000  # the script and the style, no library


def test_years_are_not_written_with_a_thousands_point_nor_truth_as_a_number():
    table = pd.DataFrame({"year": [2020], "value": [1], "đúng": [True], "thiếu": [np.nan]})
    written = _shown.table_of(View("", table, {}, "", ()), "vi")
    assert written["rows"] == [["2020", "1", "có", "–"]]


def test_json_gets_lists_for_arrays_and_nothing_for_nan():
    figure = {"y": np.array([1.0, np.nan]), "x": pd.Series(["a", None]), 3: (np.int64(2), pd.Timestamp("2020-06-30"))}
    assert _shown.plain(figure) == {"y": [1.0, None], "x": ["a", None], "3": [2, "2020-06-30T00:00:00"]}
    assert _shown.plain(0.1 + 0.2, digits=9) == 0.3


# --- what a notebook keeps --------------------------------------------------------------------------------------------


def test_a_notebook_keeps_widget_picture_table_and_summary(review):
    bundle = explore(bars, review)._repr_mimebundle_()[0]
    assert set(bundle) == {"application/vnd.jupyter.widget-view+json", PLOTLY, "text/html", "text/plain"}
    assert bundle[PLOTLY]["data"][0]["y"] == [8, 1207]
    assert bundle[PLOTLY]["config"]["showSendToCloud"] is False


def test_saved_html_is_escaped_marked_and_without_script(review):
    saved = explore(bars, review)._repr_mimebundle_()[0]["text/html"]
    assert "Đọc: &lt;b&gt;thử&lt;/b&gt;." in saved
    assert "SỐ LIỆU MÔ PHỎNG" in saved
    assert "<script" not in saved


def test_a_long_table_is_cut_and_says_by_how_much():
    long = View("", pd.DataFrame({"value": range(100)}), {}, "", ())
    saved = _shown.saved_html(long, "vi", simulated=False)
    assert saved.count("<tr>") == 1 + _shown.SAVED_ROWS
    assert "… còn 40 dòng nữa" in saved


def test_two_runs_over_the_same_data_keep_the_same():
    kept = []
    for _ in range(2):
        bundle = explore(bars, world())._repr_mimebundle_()[0]
        bundle.pop("application/vnd.jupyter.widget-view+json")
        kept.append(json.dumps(bundle))
    assert kept[0] == kept[1]


def test_the_summary_sees_a_change_that_the_present_view_does_not_show():
    moved = world()
    moved.records.loc[moved.records.index[0], "year"] = 2018 if moved.records["year"].iloc[0] != 2018 else 2020
    texts = [explore(bars, review)._repr_mimebundle_()[0]["text/plain"] for review in (world(), moved)]
    assert texts[0].splitlines()[:-1] == texts[1].splitlines()[:-1]
    assert texts[0] != texts[1]


def test_the_fingerprint_ignores_the_last_bits_and_tells_a_gap_from_a_zero():
    figures = np.array([1.0, 1 / 3, np.nan, 0.0, -1 / 3])
    assert frozen._rounded(figures) == frozen._rounded(figures * (1 + 1e-13))
    assert frozen._rounded(figures) != frozen._rounded(np.nan_to_num(figures))
    assert frozen._rounded(figures) != frozen._rounded(np.abs(figures))
    assert frozen._rounded(figures) != frozen._rounded(figures * (1 + 1e-7))


def test_a_page_without_choices_left_english_reads_english(review):
    explored = explore(bars, review, lang="en")
    assert "SIMULATED DATA" in explored._repr_mimebundle_()[0]["text/html"]
    assert "1,207" in explored._repr_mimebundle_()[0]["text/html"]


@pytest.mark.parametrize(
    ("numbers", "written"),
    [([5.0, 26.19, None], ["5,0", "26,2", "–"]), ([0.5, 2.25], ["0,50", "2,25"]), ([27739.0, 3.0], ["27.739", "3"])],
)
def test_a_column_of_numbers_has_the_same_decimals_in_each_row(numbers, written):
    table = pd.DataFrame({"value": pd.Series(numbers, dtype="float64")})
    shown = _shown.table_of(View("t", table, {"data": [], "layout": {}}, "", ()), "vi")
    assert [row[0] for row in shown["rows"]] == written

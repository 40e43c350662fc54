"""The catalogue."""

from __future__ import annotations

import pytest
from conftest import tiny_indicators

from danvan_kit import indicators as catalogue
from danvan_kit.indicators import IndicatorError


def test_an_unknown_indicator_is_answered_with_the_nearest(shipped):
    with pytest.raises(IndicatorError, match="'cuoc_giamsat'.*cuoc_giam_sat"):
        catalogue.get(shipped.indicators, "cuoc_giamsat")


def test_labels_and_units_come_in_both_languages(shipped):
    assert catalogue.label(shipped.indicators, "cuoc_giam_sat") == "Cuộc giám sát"
    assert catalogue.label(shipped.indicators, "cuoc_giam_sat", "en") != "Cuộc giám sát"
    assert catalogue.unit(shipped.indicators, "cuoc_giam_sat") == "cuộc"


def test_levels_stand_top_first_and_list_who_keeps_what():
    table = tiny_indicators()
    assert catalogue.levels(table, "doi_thoai") == ("district", "commune")
    assert "rieng" in catalogue.at_level(table, "city")
    assert "rieng" not in catalogue.at_level(table, "commune")


def test_the_two_dialogue_series_start_in_2013_and_are_never_one_sum(shipped):
    city = catalogue.get(shipped.indicators, "tiep_xuc_doi_thoai")
    below = catalogue.get(shipped.indicators, "doi_thoai_dinh_ky")
    assert (city["first_year"], below["first_year"]) == (2013, 2013)
    assert (city["levels"], city["aggregation"]) == ("city", "none")
    assert below["levels"] == "district commune"


def test_a_ratio_without_its_parts_is_refused():
    table = tiny_indicators()
    table.loc["ty_le", "numerator"] = "nothing"
    with pytest.raises(IndicatorError, match="'ty_le'.*nothing"):
        catalogue.catalogue(table)


def test_a_stock_summed_over_years_is_refused():
    table = tiny_indicators()
    table.loc["to", "aggregation"] = "sum"
    with pytest.raises(IndicatorError, match="'to'.*stock"):
        catalogue.catalogue(table)

"""Known answers for each measure."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from danvan_kit import measures
from danvan_kit.measures import MeasureError


def years(*values, first=2010, area=None):
    table = pd.DataFrame({"year": range(first, first + len(values)), "value": values})
    return table if area is None else table.assign(area=area)


def same(column, expected):
    np.testing.assert_allclose(column.to_numpy(dtype=float), expected, rtol=1e-12)


def test_rate_is_per_ten_thousand_inhabitants_of_that_area_and_year(tiny):
    found = measures.rate(pd.DataFrame({"area": ["C"], "value": [13.0]}), tiny, year=2010)
    same(found["rate"], [1.3])
    assert found["rate_note"].tolist() == [""]


def test_rate_is_missing_and_says_why_where_no_population_is_known(tiny):
    table = pd.DataFrame({"area": ["A", "C", "C"], "year": [2010, 2011, 2010], "value": [5.0, 5.0, np.nan]})
    found = measures.rate(table, tiny)
    assert found["rate"].isna().all()
    assert found["rate_note"].tolist() == [
        "chưa có dân số đã kiểm chứng",
        "chưa có dân số đã kiểm chứng",
        "chưa có số liệu",
    ]
    assert measures.rate(table, tiny, lang="en")["rate_note"].iloc[0] == "no verified population"


def test_populations_of_an_empty_table_are_none(tiny):
    bare = replace(tiny, population=pd.DataFrame())
    assert measures.populations(bare) == {}
    assert measures.population_years(bare, ["C"]) == []


def test_population_years_are_those_with_a_known_figure(tiny):
    assert measures.population_years(tiny, ["C", "A"]) == [2010]
    assert measures.population_years(tiny, ["A"]) == []


def test_partial_year_is_the_last_one_only_when_the_review_closes_early(tiny, shipped):
    assert measures.partial_year(tiny) is None
    assert measures.partial_year(shipped) == 2020


def test_share_is_of_the_sum_or_of_a_given_total():
    table = pd.DataFrame({"value": [1.0, 3.0, np.nan]})
    same(measures.share(table)["share"], [0.25, 0.75, np.nan])
    same(measures.share(table, total=8)["share"], [0.125, 0.375, np.nan])


def test_share_of_nothing_is_missing():
    assert measures.share(pd.DataFrame({"value": [0.0, 0.0]}))["share"].isna().all()


def test_growth_is_over_the_year_before_and_missing_over_zero():
    same(measures.growth(years(10.0, 15.0, 0.0, 5.0))["growth"], [np.nan, 0.5, -1.0, np.nan])


def test_growth_compares_no_partial_year_and_does_not_double_it():
    same(measures.growth(years(10.0, 20.0, 10.0, 20.0), partial=[2012])["growth"], [np.nan, 1.0, np.nan, np.nan])


def test_growth_stays_within_an_area_and_skips_gaps():
    table = pd.concat([years(2.0, 3.0, area="A"), years(10.0, 40.0, area="B")]).iloc[::-1]
    same(measures.growth(table)["growth"], [3.0, np.nan, 0.5, np.nan])
    gap = years(1.0, 2.0, 3.0).drop(index=1)
    assert measures.growth(gap)["growth"].isna().all()


def test_growths_are_of_plain_figures_of_one_area_or_of_several():
    one = measures.growths([2010, 2011, 2012, 2013], np.array([10.0, 15.0, 0.0, 5.0]), partial=[2012])
    np.testing.assert_allclose(one, [np.nan, 0.5, np.nan, np.nan])
    two = measures.growths([2011, 2011, 2010, 2010], np.array([3.0, 40.0, 2.0, 10.0]), areas=["A", "B", "A", "B"])
    np.testing.assert_allclose(two, [0.5, 3.0, np.nan, np.nan])


def test_index_is_hundred_in_the_base_year():
    same(measures.index(years(4.0, 5.0, 2.0), 2010)["index"], [100, 125, 50])


def test_index_of_several_areas_has_a_base_each_and_none_over_zero():
    table = pd.concat([years(2.0, 3.0, area="A"), years(0.0, 7.0, area="B")])
    same(measures.index(table, 2010)["index"], [100, 150, np.nan, np.nan])


def test_index_without_its_base_year_is_refused():
    with pytest.raises(MeasureError, match="2009.*2010"):
        measures.index(years(1.0), 2009)


def test_rank_one_is_best_ties_share_and_the_missing_have_none():
    table = pd.DataFrame({"value": [5.0, 9.0, 5.0, np.nan, 1.0]})
    assert measures.rank(table)["rank"].tolist() == [2, 1, 2, pd.NA, 4]
    assert measures.rank(table, "lower")["rank"].tolist() == [2, 4, 2, pd.NA, 1]


def test_coverage_is_the_share_of_offices_that_reported(tiny):
    table = pd.DataFrame({"area": ["C", "A", "a2", "b2"]})
    found = measures.coverage(table, tiny, "don", year=2011)
    same(found["coverage"], [6 / 7, 2 / 3, 0, np.nan])  # b2 does not stand yet


def test_gini_is_zero_for_equals_and_near_one_when_one_has_everything():
    assert measures.gini([3, 3, 3]) == 0
    assert measures.gini([0, 0, 0, 8]) == pytest.approx(0.75)
    assert measures.gini([1, 3, np.nan]) == pytest.approx(0.25)
    assert np.isnan(measures.gini([]))
    assert np.isnan(measures.gini([0, 0]))


def test_top_share_counts_whole_rows():
    assert measures.top_share([1] * 29 + [71]) == pytest.approx(73 / 100)  # three of thirty
    assert measures.top_share([1, 1, 2], part=0.5) == pytest.approx(0.75)  # two of three
    assert np.isnan(measures.top_share([np.nan]))


def test_concentration_is_of_the_column_or_of_each_group():
    table = pd.DataFrame({"level": ["x", "x", "y", "y"], "value": [0.0, 4.0, 2.0, 2.0]})
    same(measures.concentration(table)["gini"], [0.375] * 4)
    by = measures.concentration(table, by=["level"])
    same(by["gini"], [0.5, 0.5, 0, 0])
    same(by["top_tenth"], [1, 1, 0.5, 0.5])


def test_a_measure_leaves_its_table_alone():
    table = years(1.0, 2.0)
    measures.share(measures.growth(table))
    assert table.columns.tolist() == ["year", "value"]

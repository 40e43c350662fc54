"""The shipped facts: what is published stands word for word, what is not known says so."""

from __future__ import annotations

import pandas as pd

PUBLISHED = {
    "gần 40 nghìn văn bản lãnh đạo, chỉ đạo": ("van_ban_chi_dao", "nearly", 40000, "city district commune", 2010),
    "27.739 cuộc giám sát": ("cuoc_giam_sat", "exact", 27739, "city district commune", 2010),
    "6.889 hội nghị phản biện": ("hoi_nghi_phan_bien", "exact", 6889, "city district commune", 2010),
    "22 hội nghị tiếp xúc, đối thoại": ("tiep_xuc_doi_thoai", "exact", 22, "city", 2013),
    "144 hội nghị đối thoại định kỳ": ("doi_thoai_dinh_ky", "exact", 144, "district", 2013),
    "2.048 hội nghị đối thoại định kỳ": ("doi_thoai_dinh_ky", "exact", 2048, "commune", 2013),
}


def test_the_six_published_statements_stand_word_for_word(shipped):
    table = shipped.statements.set_index("text_vi")
    columns = ["indicator", "qualifier", "value", "levels", "year_from"]
    assert {text: tuple(row) for text, row in zip(table.index, table[columns].to_numpy(), strict=True)} == PUBLISHED
    assert set(table["source_date"]) == {pd.Timestamp("2020-07-15")}
    assert table["source"].str.contains("Nhân Dân").all()


def test_no_norm_is_shipped(shipped):
    assert shipped.norms.empty


def test_known_populations_are_those_of_their_sources_and_the_others_say_unknown(shipped):
    table = shipped.population
    city = table[table["area"] == "01"].set_index("year")["population"].dropna().astype(int).to_dict()
    thousands = {2011: 6761.3, 2012: 6865.2, 2013: 6977.0, 2014: 7095.9, 2015: 7216.0, 2016: 7328.4}
    assert city == {year: round(1000 * n) for year, n in thousands.items()} | {2019: 8053663}
    districts = table[(table["area"] != "01") & table["population"].notna()]
    assert districts["year"].unique().tolist() == [2018]
    assert len(districts) == 30
    assert districts["population"].sum() == 7_739_700
    assert (table["population"].isna() == (table["status"] == "unknown")).all()
    assert table["source"].ne("").all()


def test_every_office_above_the_communes_has_a_population_row_each_year(shipped):
    for year in shipped.years:
        standing = shipped.areas.of_year(year)
        above = set(standing.loc[standing["level"] != "commune", "area"])
        assert set(shipped.population.loc[shipped.population["year"] == year, "area"]) == above


def test_the_catalogue_covers_the_groups_of_a_report_and_names_the_basis_of_each(shipped):
    table = shipped.indicators
    assert 25 <= len(table) <= 30
    assert table["group"].nunique() == 11
    wanted = ["cuoc_giam_sat", "hoi_nghi_phan_bien", "doi_thoai_dinh_ky", "y_kien_doi_thoai", "y_kien_da_giai_quyet",
              "van_ban_chi_dao", "truong_bdv_uvbtv"]  # fmt: skip
    assert set(wanted) <= set(table.index)
    for column in ("label_vi", "label_en", "unit_vi", "unit_en", "body_vi", "source_basis"):
        assert table[column].ne("").all(), column
    assert not table["label_vi"].duplicated().any()


def test_areas_in_square_kilometres_are_known_for_the_thirty_districts_of_2018(shipped):
    table = shipped.areas.table
    known = table[table["km2"].notna()]
    assert len(known) == 30
    assert set(known["level"]) == {"district"}
    assert round(known["km2"].sum()) == 3358

"""The corpus of claims adds up by hand; the kit says nothing false of it, and invents nothing."""

from __future__ import annotations

import dataclasses
from functools import cache

import claims_corpus as corpus
import pandas as pd
import pytest
from conftest import tiny_review

import danvan_kit as dk

RIGHT = 0.99
"""The share of figures that must be judged as they were beforehand."""


@pytest.fixture(scope="module")
def truth():
    return corpus.Truth(tiny_review())


@pytest.fixture(scope="module")
def texts(shipped):
    return {case.name: case for case in corpus.cases(shipped)}


@pytest.fixture(scope="module")
def judged(shipped, texts):
    @cache
    def judge(name):
        case = texts[name]
        return corpus.judge(case, dk.verify_claims(case.text, shipped).to_dict("records"))

    return judge


# --- the truth, by hand on the tiny world -----------------------------------------------------------------------------


def test_a_counted_figure_is_that_of_the_whole_branch(truth):
    assert truth.total("giam_sat", "C", 2010) == 13  # 2 + 1 + 4 + 1 + 2 + 3
    assert truth.total("giam_sat", "B", 2010) == 6
    assert truth.total("giam_sat", "C", (2010, 2012)) == 22


def test_a_level_counts_its_own_offices_only(truth):
    assert truth.total("giam_sat", "C", 2010, "commune") == 9
    assert truth.total("giam_sat", "C", 2010, "district") == 2
    assert truth.own("giam_sat", "A", 2010) == 1


def test_a_column_of_the_log_is_summed(truth):
    assert truth.total("y_kien", "A", 2011) == 15


def test_a_reported_figure_is_the_sum_of_the_own_reports(truth):
    assert truth.total("don", "C", 2010) == 53  # 10 + 20 + 4 + 6 + 8 + 0 + 5
    assert truth.total("to", "A", 2012) == 7


def test_a_missing_report_leaves_its_branch_without_a_figure(truth):
    with pytest.raises(corpus.IncompleteError, match="A, 2011"):
        truth.total("don", "A", 2011)
    assert truth.known("don", "A", 2011) == 24


def test_a_stock_is_not_added_over_years(truth):
    with pytest.raises(ValueError, match="stock"):
        truth.total("to", "A", (2010, 2012))


def test_a_ratio_is_made_of_its_parts(truth):
    assert truth.ratio("ty_le", "A", 2010) == pytest.approx(100 * 14 / 30)
    assert truth.ratio("ty_le", "A", 2010, "commune") == pytest.approx(40)


def test_growth_share_and_mean_are_those_of_the_sums(truth):
    assert truth.growth("giam_sat", "C", 2010, 2012) == pytest.approx(100 * (9 / 13 - 1))
    assert truth.share(3, 12) == 25
    assert truth.mean("giam_sat", "C", (2010, 2012)) == pytest.approx(22 / 3)


def test_offices_that_had_any_are_counted(truth):
    assert truth.holders("giam_sat", "district", 2010) == 2
    assert truth.holders("giam_sat", "commune", 2012) == 2
    assert truth.holders("giam_sat", "commune", 2012, least=3) == 1


def test_offices_of_one_kind_are_added_up(truth):
    assert truth.of_kind("giam_sat", "xã", 2010) == 5
    assert truth.of_kind("giam_sat", "quận", 2010) == 1


def test_the_last_report_received_counts(truth):
    rows = truth.review.observations
    again = rows[(rows["area"] == "A") & (rows["year"] == 2010) & (rows["indicator"] == "don")]
    earlier = again.assign(value=99.0, received=again["received"] - pd.Timedelta(days=1))
    both = dataclasses.replace(truth.review, observations=pd.concat([rows, earlier]))
    assert corpus.Truth(both).own("don", "A", 2010) == 20


# --- the corpus -------------------------------------------------------------------------------------------------------


def test_a_mark_becomes_its_text_and_a_figure(truth):
    written = '@x kind upper\nquận a: [[{total("giam_sat","C",2010)} => H giam_sat]] cuộc, [[14 => N truth=13]] cuộc'
    (case,) = corpus.read(written, truth)
    assert (case.name, case.category, case.text) == ("x", "kind", "QUẬN A: 13 CUỘC, 14 CUỘC")
    assert [f.said for f in case.figures] == [(13,), (14,)]
    assert [sorted(f.verdicts) for f in case.figures] == [["holds"], ["does_not_hold"]]


@pytest.mark.parametrize(
    ("form", "shown"),
    [("", "1.234"), (":1", "1.234,5"), (":en1", "1,234.5"), (":space", "1 234"), (":plain1", "1234,5")],
)
def test_a_figure_is_written_in_its_form(truth, form, shown):
    (case,) = corpus.read(f"@x kind\n[[{{1234.45{form}}} => H]] cuộc", truth)
    assert case.text == f"{shown} cuộc"


def test_a_verdict_without_a_figure_of_the_tables_is_refused(truth):
    with pytest.raises(ValueError, match="truth="):
        corpus.read("@x kind\n[[14 => N giam_sat]] cuộc", truth)


@pytest.mark.parametrize(
    ("rows", "outcomes"),
    [
        ([(13, "holds", "giam_sat"), (9, "undecided", "")], ["right", "right"]),
        ([(13, "holds", "don")], ["missed", "wrong binding"]),
        ([(13, "does_not_hold", "giam_sat"), (9, "holds", "don")], ["wrong does_not_hold", "wrong holds"]),
        ([(13, "undecided", ""), (9, "undecided", ""), (2010, "undecided", "")],
         ["invented", "needless undecided", "right"]),
    ],
)  # fmt: skip
def test_an_answer_is_judged_figure_by_figure(truth, rows, outcomes):
    (case,) = corpus.read('@x kind\n[[{total("giam_sat","C",2010)} => H giam_sat]] cuộc, [[9 => U]] đơn', truth)
    answer = [{"said": float(said), "verdict": verdict, "indicator": i} for said, verdict, i in rows]
    assert sorted(outcome for outcome, _, _ in corpus.judge(case, answer)) == sorted(outcomes)


def test_what_may_be_left_out_is_not_missed(truth):
    (case,) = corpus.read("@x kind\n[[9 => U?]] tỷ đồng", truth)
    assert corpus.judge(case, []) == []


def test_each_verdict_of_the_corpus_follows_from_the_tables(texts):
    """The definitions of the qualifiers are applied by code of the corpus's own."""
    wrong = [
        (case.name, figure.shown)
        for case in texts.values()
        for figure in case.figures
        if figure.truth is not None and corpus.agrees(figure) != ("holds" in figure.verdicts)
    ]
    assert wrong == []


def test_the_corpus_is_large_and_names_each_text_once(texts):
    figures = [figure for case in texts.values() for figure in case.figures]
    assert len(texts) == len(corpus.names()) >= 150
    assert sum(not figure.optional for figure in figures) >= 260
    assert {verdict for figure in figures for verdict in figure.verdicts} == set(corpus.VERDICTS.values())


def test_the_published_figures_are_those_of_the_statements(shipped, texts):
    published = set(shipped.statements["value"])
    said = {s for case in texts.values() if case.category == "published" for f in case.figures for s in f.said}
    assert published <= said


def test_a_year_with_a_missing_report_has_no_figure_of_the_city(shipped):
    raised = []
    for year in shipped.years:
        with pytest.raises(corpus.IncompleteError):
            corpus.Truth(shipped).total("don_thu_tiep_nhan", "01", year)
        raised.append(year)
    assert raised == list(shipped.years)


# --- what the kit says ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", corpus.names())
def test_nothing_false_is_said_and_nothing_invented(judged, name):
    bad = {"wrong holds", "wrong does_not_hold", "wrong binding", "invented"}
    told = [(outcome, figure and figure.shown, row) for outcome, figure, row in judged(name) if outcome in bad]
    assert told == []


def test_enough_is_judged_as_it_was_beforehand(judged):
    outcomes = [outcome for name in corpus.names() for outcome, _, _ in judged(name)]
    assert outcomes.count("right") / len(outcomes) >= RIGHT

"""Every change that a reader could see is told, and nothing is told where nothing changed."""

from __future__ import annotations

import pytest
from changes import SEEN, SILENT
from regression import book, ran

from danvan_kit.regression import told
from danvan_kit.regression.differ import differences, doubts, settled

PRINTED = "Row 300 of a printed table of 580 changes"
"""``print`` cut it before anybody could keep it: no reader ever saw that row, and no check can."""


def _moved(cases, folder):
    """Return the sentences for each case; all cells run in one notebook, once as before and once as after."""
    before, after = (
        ran(book(*(getattr(case, side) for case in cases)), folder, seed=seed)
        for side, seed in (("before", 11), ("after", 12))
    )
    assert not before.failed
    assert not after.failed
    found = differences(before.book, after.book)
    for seed in (13, 14):
        if doubts(found):
            again = ran(book(*(case.after for case in cases)), folder, seed=seed)
            found = settled(found, differences(after.book, again.book))
    return {difference.cell: told.lines("b", difference) for difference in found if difference.moves}


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    return _moved(SEEN, tmp_path_factory.mktemp("seen"))


@pytest.fixture(scope="module")
def silent(tmp_path_factory):
    return _moved(SILENT, tmp_path_factory.mktemp("silent"))


@pytest.mark.parametrize("n", [n for n, case in enumerate(SEEN) if case.name != PRINTED], ids=lambda n: SEEN[n].name)
def test_a_change_is_told(seen, n):
    assert n in seen
    line = seen[n][0]
    assert line.said[0] != ""
    assert line.said[1] != ""


@pytest.mark.parametrize("n", range(len(SILENT)), ids=lambda n: SILENT[n].name)
def test_noise_is_not_told(silent, n):
    assert [line.text("en") for line in silent.get(n, [])] == []


def test_a_figure_is_told_with_its_old_and_new_value_and_by_how_much(seen):
    case = next(n for n, one in enumerate(SEEN) if one.name == "A percentage is rounded up instead of down")
    assert seen[case][0].said[0].endswith("12,4 → 12,5 (+0,8 %)")

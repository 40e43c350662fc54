"""Two notebooks cell by cell, what a second run settles, and which cell is which."""

from __future__ import annotations

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from regression import book, ran

from danvan_kit.regression import seen
from danvan_kit.regression.differ import aligned, differences, doubts, settled


def _book(*texts, ids=True, **metadata):
    cells = [
        new_code_cell("x", outputs=[new_output("stream", name="stdout", text=text)] if text else [], id=f"c{n}")
        for n, text in enumerate(texts)
    ]
    found = new_notebook(cells=cells, metadata=metadata)
    if not ids:
        for cell in found.cells:
            del cell["id"]
    return found


def _moved(old, new, **more):
    return [(one.count, move.old, move.new) for one in differences(old, new, **more) for move in one.moves]


def test_each_cell_is_compared_with_its_own():
    assert _moved(_book("31", "5"), _book("30", "5")) == [(1, "31", "30")]


def test_only_the_cells_that_count_are_compared():
    assert _moved(_book("31", "5"), _book("30", "6"), cells=[1]) == [(2, "5", "6")]


def test_the_notebooks_are_not_changed():
    old, new = _book("a\r31"), _book("a\r30")
    before = nbformat.writes(old), nbformat.writes(new)
    differences(old, new)
    assert (nbformat.writes(old), nbformat.writes(new)) == before


def test_text_printed_in_pieces_equals_text_printed_at_once():
    pieces = new_notebook(
        cells=[new_code_cell("x", id="c0", outputs=[new_output("stream", name="stdout", text=t) for t in ("3", "1\n")])]
    )
    assert _moved(pieces, _book("31\n")) == []


def test_an_output_that_came_or_went_is_told():
    assert _moved(_book("", "5"), _book("31", "5")) == [(1, None, "31")]
    assert _moved(_book("31"), _book("")) == [(1, "31", None)]


def test_a_doubt_is_settled_by_two_runs_that_differ_and_stays_where_they_agree():
    saved, one, two = _book("xong sau 3.1 s"), _book("xong sau 3.2 s"), _book("xong sau 3.4 s")
    found = differences(saved, one)
    assert doubts(found)
    assert settled(found, differences(one, two)) == []
    assert [m.new for d in settled(found, differences(one, one)) for m in d.moves] == ["3.2 s"]


def test_a_bare_number_beside_a_clock_may_be_a_time_that_passed_and_a_figure_there_is_still_told():
    saved, one, two = _book("1.9e-05\nsố 31"), _book("2.1e-05\nsố 30"), _book("1.8e-05\nsố 30")
    for notebook in (saved, one, two):
        notebook.cells[0].source = "t = perf_counter()\nprint(perf_counter() - t)\nprint('số', n)"
    [found] = settled(differences(saved, one), differences(one, two))
    assert [(move.old, move.new) for move in found.moves] == [("31", "30")]


def test_a_figure_that_two_runs_show_otherwise_has_moved_and_is_called_unstable():
    saved, one, two = _book("số 31"), _book("số 30"), _book("số 29")
    [found] = settled(differences(saved, one), differences(one, two))
    assert [move.new for move in found.moves] == ["30"]
    assert found.notes[0][1] == "some of it comes out differently in each run"


def test_pictures_of_a_cell_that_moved_stand_side_by_side():
    def drawn(value):
        figure = {"data": [{"type": "bar", "x": ["a", "b"], "y": [value, 1]}], "layout": {}}
        output = new_output("display_data", {seen.PLOTLY: figure, "text/plain": "Figure"})
        return new_notebook(cells=[new_code_cell("x", id="c0", outputs=[output])])

    [found] = differences(drawn(31), drawn(30))
    [(old, new)] = found.pairs
    assert (old[seen.PLOTLY]["data"][0]["y"][0], new[seen.PLOTLY]["data"][0]["y"][0]) == (31, 30)


def test_the_states_of_a_saved_explorer_that_lost_them_are_found_by_the_figures_of_another(tmp_path):
    world = "import danvan_kit as dk\nfrom explorer_world import squares, world\nreview = world()"
    less = "import dataclasses\nreview = dataclasses.replace(review, records=review.records.iloc[1:])"
    show = "dk.explore(squares, review)"
    old, new = ran(book(world, "0", show, show), tmp_path).book, ran(book(world, less, show, show), tmp_path).book
    for n in (2, 3):
        del old.cells[n].outputs[0].metadata["danvan"]["packed"]
    del old.cells[3].outputs[0].metadata["danvan"]["figures"]  # a light notebook keeps them once
    said = {one.cell: [move.where for move in one.moves] for one in differences(old, new)}
    assert ("Phường Ô Chợ Dừa", "2018", "cuộc giám sát") in said[2]
    assert said[2] == said[3]


# --- which cell is which ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ids", [True, False])
def test_a_cell_more_does_not_move_the_others(ids):
    old, new = _book("1", "2", ids=ids), _book("1", "2", ids=ids)
    for n, book_ in enumerate((old, new)):
        for m, cell in enumerate(book_.cells):
            cell.source = f"x{m}"
        if n:
            extra = new_markdown_cell("mới", id="new")
            if not ids:
                del extra["id"]
            book_.cells.insert(1, extra)
    assert aligned(old, new) == [(0, 0), (None, 1), (1, 2)]
    assert aligned(new, old) == [(0, 0), (1, None), (2, 1)]


def test_notebooks_whose_cells_have_other_ids_are_compared_by_place():
    old, new = _book("1", "2"), _book("1", "3")
    for n, cell in enumerate(new.cells):
        cell["id"] = f"other{n}"
    assert aligned(old, new) == [(0, 0), (1, 1)]


def test_explorers_that_no_longer_move_together_are_told(tmp_path):
    world = "import danvan_kit as dk\nfrom explorer_world import bars, squares, world\nreview = world()"
    one, two = "first = dk.explore(bars, review); first", "dk.explore(squares, review{})"
    linked, apart = (ran(book(world, one, two.format(more)), tmp_path).book for more in (", link=first", ""))
    assert {move.where for found in differences(linked, apart) for move in found.moves} == {("linked",)}
    assert differences(linked, linked) == []

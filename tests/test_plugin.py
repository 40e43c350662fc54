"""``pytest --nbval`` in a project that has the kit: what it sees, what it says, what it leaves alone."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import nbformat
import pytest
from regression import book, changed, ran, saved

import danvan_kit.regression.book  # noqa: F401 - stays loaded from one run in this process to the next

VOLATILE = (
    "import time, uuid\nt = time.perf_counter()\nprint(object(), uuid.uuid4(), f'{time.perf_counter() - t:.9f} s')"
)


@pytest.fixture
def nbval(pytester, tmp_path, monkeypatch):
    """Run pytest in this process as a user does in their folder, apart from the settings of this project."""
    (tmp_path / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: pytester.runpytest_inprocess("-p", "no:cacheprovider", *arguments)


def test_an_unchanged_notebook_passes_and_each_of_its_cells_is_an_item(nbval, tmp_path):
    path = saved(tmp_path / "a.ipynb", "md:# Sổ", "print(31)", VOLATILE)
    done = nbval("--nbval", "-v", path.name)
    assert done.ret == 0, done.stdout.str()
    assert re.findall(r"^a::ipynb::(.+?) PASSED", done.stdout.str(), re.MULTILINE) == ["Cell 0", "Cell 1", "notebook"]


@pytest.mark.parametrize(
    ("lang", "said"), [("vi", "chữ in ra: 31 → 30 (−3,2 %)"), ("en", "printed text: 31 → 30 (−3.2 %)")]
)
def test_a_figure_that_moved_fails_its_cell_and_is_told_in_either_language(nbval, tmp_path, lang, said):
    path = changed(saved(tmp_path / "a.ipynb", "print(31)", "print('giữ')"), "31", "30")
    done = nbval("--nbval", "--nbval-lang", lang, path.name)
    assert done.ret == 1
    assert done.stdout.str().count(said) >= 2  # below the cell, and in the summary
    assert "1 failed, 2 passed" in done.stdout.str()


def test_the_largest_change_comes_first_and_what_could_not_run_stands_apart(nbval, tmp_path):
    path = saved(tmp_path / "a.ipynb", "print(1000)", "print(10)", "print(5)", "x = 1")
    changed(path, "1000", "1001")
    changed(path, "print(10)", "print(20)")
    changed(path, "print(5)", "print(5 / 0)")
    done = nbval("--nbval", "--nbval-lang", "en", path.name)
    summary = done.stdout.str()[done.stdout.str().index("Could not run") :]
    places = [summary.index(word) for word in ("ZeroDivisionError", "Differs from", "10 → 20", "1000 → 1001")]
    assert places == sorted(places)


def test_two_workers_take_a_notebook_each(nbval, tmp_path):
    for name in "abc":
        saved(tmp_path / f"{name}.ipynb", f"x = '{name}'", "print(x)", "print(x * 2)")
    done = nbval("--nbval", "-n", "2", ".")
    assert done.ret == 0, done.stdout.str()
    assert "12 passed" in done.stdout.str()
    changed(tmp_path / "b.ipynb", "x * 2", "x * 3")
    done = nbval("--nbval", "-n", "2", "--nbval-report", "r.html", ".")
    assert done.ret == 1
    assert "`b`, ô lệnh [3]: chữ in ra: “bb” → “bbb”" in done.stdout.str()
    assert "bbb" in (tmp_path / "r.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("source", "tags", "passes"),
    [
        ("print(31)", ["nbval-ignore-output"], True),
        ("# NBVAL_IGNORE_OUTPUT\nprint(31)", [], True),
        ("print(31)", ["nbval-skip"], True),
        ("raise ValueError(31)", ["raises-exception"], False),
        ("print(31)", [], False),
    ],
    ids=["ignored by tag", "ignored by comment", "skipped", "raises another", "checked"],
)
def test_nbvals_tags_and_comments_keep_their_meaning(nbval, tmp_path, source, tags, passes):
    path = tmp_path / "a.ipynb"
    what = book("print('kiểm')", source)
    what.cells[1].metadata["tags"] = tags
    options = {1: {"check_exception": "raises-exception" in tags}}
    nbformat.write(ran(what, tmp_path, options=options).book, path)
    assert nbval("--nbval", path.name).ret == 0
    changed(path, "31", "30")
    assert (nbval("--nbval", path.name).ret == 0) is passes


def test_lax_checks_marked_cells_only_and_refuses_when_none_is(nbval, tmp_path):
    path = saved(tmp_path / "a.ipynb", "print(31)", "# NBVAL_CHECK_OUTPUT\nprint(5)")
    changed(path, "31", "30")
    assert nbval("--nbval-lax", path.name).ret == 0
    changed(path, "# NBVAL_CHECK_OUTPUT\n", "")
    done = nbval("--nbval-lax", "--nbval-lang", "en", path.name)
    assert done.ret == 1
    assert "`a`: no cell has an output to check" in done.stdout.str()


def _cleared(found):
    for cell in found.cells:
        cell.outputs = []


def _unrun(found):
    _cleared(found)
    for cell in found.cells:
        cell.execution_count = None


def _backwards(found):
    found.cells[0].execution_count = 9


def _one_missing(found):
    found.cells[1].outputs = []


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_cleared, "`a`: no cell has an output to check"),
        (_unrun, "`a`: code cell [1] 'print(31)' was never run"),
        (_backwards, "`a`: code cell [2] 'print(5)' was run out of order (2 after 9)"),
        (_one_missing, "code cell [2]: printed text: 5 is new"),
    ],
    ids=["cleared", "never run", "out of order", "one output missing"],
)
def test_a_notebook_with_nothing_to_check_fails_by_name(nbval, tmp_path, spoil, said):
    path = saved(tmp_path / "a.ipynb", "print(31)", "print(5)")
    found = nbformat.read(path, 4)
    spoil(found)
    nbformat.write(found, path)
    done = nbval("--nbval", "--nbval-lang", "en", path.name)
    assert done.ret == 1
    assert said in done.stdout.str()


def test_a_kernel_that_dies_fails_its_cell_and_skips_those_below(nbval, tmp_path):
    path = saved(tmp_path / "a.ipynb", "print(1)", "print(2)", "print(3)")
    changed(path, "print(2)", "import os; os._exit(7)")
    done = nbval("--nbval", "--nbval-lang", "en", path.name)
    assert done.ret == 1
    assert "`a`, code cell [2] 'import os; os._exit(7)': the kernel died (code 7)" in done.stdout.str()
    assert "1 failed, 2 passed, 1 skipped" in done.stdout.str()


def test_a_hanging_cell_is_named_when_its_time_is_over(nbval, tmp_path):
    path = saved(tmp_path / "a.ipynb", "x = 1")
    changed(path, "x = 1", "import time; time.sleep(900)")
    done = nbval("--nbval", "--nbval-cell-timeout=2", "--nbval-lang", "en", path.name)
    assert "code cell [1] 'import time; time.sleep(900)': took more than 2 s" in done.stdout.str()


def test_a_duration_that_is_a_figure_is_not_taken_for_noise(nbval, tmp_path):
    path = changed(saved(tmp_path / "a.ipynb", "print('xử lý mất 12 giây')"), "12 giây", "13 giây")
    done = nbval("--nbval", path.name)
    assert done.ret == 1
    assert "“12 giây” → “13 giây”" in done.stdout.str()


def test_a_figure_that_comes_out_otherwise_each_time_fails_and_says_so(nbval, tmp_path):
    path = saved(tmp_path / "a.ipynb", "import random\nprint('số', random.random())")
    done = nbval("--nbval", "--nbval-lang", "en", path.name)
    assert done.ret == 1
    assert "`a`, code cell [1]: some of it comes out differently in each run" in done.stdout.str()


def test_a_bound_figure_of_the_text_is_looked_up(nbval, tmp_path):
    path = saved(tmp_path / "a.ipynb", "md:có [27.739](#indicator=cuoc_giam_sat) cuộc", "print(1)")
    done = nbval("--nbval", "--nbval-lang", "en", path.name)
    assert "no review.toml near" in done.stdout.str()


def test_each_notebook_can_be_kept_as_it_came_out(nbval, tmp_path):
    path = changed(saved(tmp_path / "a.ipynb", "print(31)"), "31", "30")
    nbval("--nbval", "--nbval-keep", "kept", path.name)
    assert nbformat.read(tmp_path / "kept" / "a.ipynb", 4).cells[0].outputs[0].text == "30\n"
    said = json.loads((tmp_path / "kept" / "a.json").read_text(encoding="utf-8"))
    assert [line["kind"] for line in said["lines"]] == ["differs"]


def test_without_nbval_the_plugin_does_nothing(nbval, tmp_path):
    saved(tmp_path / "a.ipynb", "print(31)")
    (tmp_path / "test_x.py").write_text("def test_x(): pass\n", encoding="utf-8")
    done = nbval("-v")
    assert "1 passed" in done.stdout.str()
    assert "ipynb" not in done.stdout.str()


def test_nbval_stays_itself_where_the_plugin_is_turned_off(tmp_path):
    path = saved(tmp_path / "a.ipynb", "print(31)")
    (tmp_path / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    # in a process of its own: nbval leaves a file open for each kernel
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:danvan", "--nbval", path.name]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "1 passed" in done.stdout


def test_rules_that_somebody_gave_nbval_on_purpose_are_kept(nbval, tmp_path):
    path = changed(saved(tmp_path / "a.ipynb", "print('lần', 31)", "print('giữ', 5)"), "31", "30")
    (tmp_path / "rules.cfg").write_text("regex: lần \\d+\nreplace: lần\n", encoding="utf-8")
    assert nbval("--nbval", "--nbval-sanitize-with=rules.cfg", path.name).ret == 0
    changed(path, "5", "6")
    assert nbval("--nbval", "--nbval-sanitize-with=rules.cfg", path.name).ret == 1


def test_the_order_of_even_a_small_set_is_noise_and_that_of_a_list_is_not(nbval, tmp_path):
    path = saved(tmp_path / "a.ipynb", "print(list({'một', 'hai'}))\nfor one in {'ba', 'bốn'}:\n    print(one)")
    for text in ("['một', 'hai']", "['hai', 'một']"):
        found = nbformat.read(path, 4)
        found.cells[0].outputs[0].text = f"{text}\nba\nbốn\n"
        nbformat.write(found, path)
        done = nbval("--nbval", path.name)
        assert done.ret == 0, done.stdout.str()
    path = changed(saved(tmp_path / "b.ipynb", "print(['một', 'hai'])"), "'một', 'hai'", "'hai', 'một'")
    assert nbval("--nbval", path.name).ret == 1


def test_a_mistake_of_the_check_itself_is_told_once_and_never_taken_for_a_pass(nbval, tmp_path, monkeypatch):
    path = saved(tmp_path / "a.ipynb", "print(31)", "print(5)")
    runs = []

    def broken(*_):
        runs.append(1)
        raise ZeroDivisionError("hỏng")

    monkeypatch.setattr("danvan_kit.regression.book.differ.differences", broken)
    done = nbval("--nbval", "--nbval-lang", "en", path.name)
    assert done.ret == 1
    assert "`a`: the check: ZeroDivisionError: hỏng" in done.stdout.str()
    assert len(runs) == 1  # the notebook is not run again for each cell


def test_a_figure_that_two_explorers_show_fails_their_cells_only(nbval, tmp_path):
    path = saved(tmp_path / "a.ipynb", "n = 31", "print(n)", "print(n)")
    done = nbval("--nbval", changed(path, "n = 31", "n = 30").name)
    done.assert_outcomes(failed=2, passed=2)

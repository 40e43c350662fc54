"""`danvan verify` and `danvan diff`: for who does not know pytest."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import nbformat
import pytest
from regression import TESTS, book, changed, ran, saved

import danvan_kit as dk
from danvan_kit.__main__ import main
from danvan_kit.errors import DanvanError

WORLD = "import danvan_kit as dk\nfrom explorer_world import bars, squares, world\nreview = world()"
FULL = "import pandas as pd\npd.DataFrame({'cuộc': range(580)})"


@pytest.fixture(autouse=True)
def _kernels_find_the_tests(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(TESTS))


def _said(verdict, lang="en"):
    return [line.text(lang) for line in verdict.lines]


def test_an_unchanged_notebook_is_ok_and_nothing_is_written(tmp_path):
    path = saved(tmp_path / "a.ipynb", "print(31)")
    before = path.read_bytes()
    found = dk.verify([path])
    assert (found.ok, _said(found), found.renewed) == (True, [], ())
    assert path.read_bytes() == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.ipynb"]  # nothing beside it


def test_each_notebook_is_told_by_its_name_whatever_the_project_around_says(tmp_path):
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --no-such-option\n", encoding="utf-8")
    (tmp_path / "conftest.py").write_text("raise RuntimeError\n", encoding="utf-8")
    (tmp_path / "con").mkdir()
    one = changed(saved(tmp_path / "a.ipynb", "print(31)"), "31", "30")
    two = saved(tmp_path / "con" / "a.ipynb", "print(5)")
    found = dk.verify([one, two], jobs=2)
    assert [checked.ok for checked in found.books] == [False, True]
    assert _said(found) == ["`a`, code cell [1]: printed text: 31 → 30 (−3.2 %)"]


def test_accept_writes_what_came_out_and_then_the_notebook_is_ok(tmp_path):
    path = changed(saved(tmp_path / "a.ipynb", "md:# Sổ", "print(31)"), "31", "30")
    source = [cell.source for cell in nbformat.read(path, 4).cells]
    found = dk.verify([path], accept=True)
    assert found.renewed == (path,)
    assert _said(found) == ["`a`, code cell [1]: printed text: 31 → 30 (−3.2 %)"]
    again = nbformat.read(path, 4)
    assert [cell.source for cell in again.cells] == source
    assert again.cells[1].outputs[0].text == "30\n"
    assert dk.verify([path]).ok


def test_accept_runs_a_notebook_for_the_first_time_without_a_word(tmp_path):
    path = tmp_path / "a.ipynb"
    nbformat.write(book("x = 31", "x"), path)
    assert not dk.verify([path]).ok
    found = dk.verify([path], accept=True)
    assert (found.renewed, _said(found)) == ((path,), [])
    assert dk.verify([path]).ok


def test_accept_leaves_a_notebook_that_does_not_run_to_its_end(tmp_path):
    path = changed(saved(tmp_path / "a.ipynb", "print(31)", "print(5)"), "print(5)", "1/0")
    before = path.read_bytes()
    found = dk.verify([path], accept=True)
    assert found.renewed == ()
    assert path.read_bytes() == before
    assert _said(found) == ["`a`, code cell [2] '1/0': ZeroDivisionError: division by zero"]


def test_accept_keeps_long_tables_whole_and_widgets_with_what_they_hold(tmp_path):
    path = tmp_path / "a.ipynb"
    nbformat.write(book(FULL, "import ipywidgets as w\nw.VBox([w.IntSlider(3), w.Label('x')])"), path)
    dk.verify([path], accept=True)
    assert dk.verify([path]).ok
    changed(path, "range(580)", "[*range(300), 7, *range(301, 580)]")
    changed(path, "IntSlider(3)", "IntSlider(4)")
    assert _said(dk.verify([path])) == [
        "`a`, code cell [1]: table, 300, cuộc: 300 → 7 (−97.7 %)",
        "`a`, code cell [2]: VBoxModel, children, 1, IntSliderModel, value: 3 → 4 (+33.3 %)",
    ]


def test_what_could_not_be_compared_is_said_and_fails_nothing(tmp_path):
    path = saved(tmp_path / "a.ipynb", FULL)
    found = nbformat.read(path, 4)
    found.cells[0].outputs[0].metadata = {}  # as saved by who has no kit
    found.cells.append(nbformat.v4.new_code_cell("import ipywidgets as w\nw.IntSlider(3)", id="w"))
    found = ran(found, tmp_path).book
    found.cells[0].outputs[0].metadata = {}
    del found.metadata["widgets"]
    nbformat.write(found, path)
    verdict = dk.verify([path])
    assert verdict.ok
    assert [line.kind for line in verdict.lines] == ["note", "note"]
    assert all("danvan verify --accept" in text for text in _said(verdict))


def test_a_hidden_state_of_an_explorer_is_told_with_area_year_and_both_values(tmp_path):
    path = saved(tmp_path / "a.ipynb", WORLD, "dk.explore(squares, review)")
    changed(path, "review = world()", "review = world()\nreview = dk_drop(review)")
    source = (
        "import dataclasses\ndef dk_drop(review):\n    last = review.records.query('area == \"012\"').index[0]\n"
        "    return dataclasses.replace(review, records=review.records.drop(last))\n"
    )
    changed(path, WORLD.split("\n", maxsplit=1)[0], source + WORLD.split("\n", maxsplit=1)[0])
    said = _said(dk.verify([path]), "vi")
    assert said[0].startswith("`a`, khung nhìn squares: Phường Ngã Tư Sở: 33 → 32 (−3,0 %)")
    assert "trạng thái khác" in said[0]
    assert any("Quận Đống Đa: 54 → 53" in text for text in said)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["verify", "--accept"], "--accept needs the names of the notebooks"),
        (["verify", "none.ipynb"], "cannot read notebook"),
        (["verify", "plain.ipynb"], "is no Jupyter notebook"),
        (["verify", "plain.ipynb", "--jobs", "0"], "jobs = 0; allowed: 1 or more"),
        (["verify", "plain.ipynb", "--timeout", "0"], "timeout = 0.0; allowed: above 0 s"),
        (["verify"], "no notebook in the folder"),
        (["diff", "none.ipynb", "plain.ipynb"], "cannot read notebook"),
    ],
)
def test_misuse_is_one_line_and_code_2(arguments, said, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "plain.ipynb").write_text("chữ", encoding="utf-8")
    assert main(arguments) == 2
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 1
    assert said in lines[0]


def test_the_command_says_what_moved_writes_the_page_and_exits_with_1(tmp_path, capsys):
    path = changed(saved(tmp_path / "a.ipynb", "print(31)"), "31", "30")
    assert main(["verify", str(path), "--report", str(tmp_path / "r.html")]) == 1
    out = capsys.readouterr().out
    assert "Khác với bản đã lưu:\n  `a`, ô lệnh [1]: chữ in ra: 31 → 30 (−3,2 %)" in out
    assert "31 → 30" in (tmp_path / "r.html").read_text(encoding="utf-8")
    assert main(["verify", str(path), "--accept"]) == 0
    assert f"đã ghi lại: {path}" in capsys.readouterr().out
    fresh = tmp_path / "moi.ipynb"
    nbformat.write(book("5"), fresh)
    assert main(["verify", str(fresh), "--accept"]) == 0
    assert capsys.readouterr().out == f"đã ghi lại: {fresh}\n"  # not a word on what was never saved
    assert main(["verify", str(path), "--lang", "en"]) == 0
    assert capsys.readouterr().out.strip() == "notebooks that came out as saved: 1"


def test_the_command_speaks_vietnamese_through_a_pipe_that_cannot(tmp_path):
    path = saved(tmp_path / "a.ipynb", "print(31)")
    done = subprocess.run(
        [sys.executable, "-m", "danvan_kit", "verify", str(path)],
        capture_output=True, check=False, env=os.environ | {"PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"},
    )  # fmt: skip
    assert (done.returncode, done.stdout.decode().strip()) == (0, "1 sổ tay ra đúng như đã lưu")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for a group of processes")
def test_an_interrupted_check_ends_its_kernels(tmp_path):
    path = saved(tmp_path / "a.ipynb", "print(31)")
    changed(
        path,
        "print(31)",
        f"open({str(tmp_path / 'pid')!r}, 'w').write(str(__import__('os').getpid()))\nimport time; time.sleep(600)",
    )
    command = [sys.executable, "-m", "danvan_kit", "verify", str(path), "--timeout", "600"]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)
    while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text():
        time.sleep(0.1)
        assert running.poll() is None
    os.killpg(running.pid, signal.SIGINT)
    said, _ = running.communicate(timeout=60)
    assert running.returncode == 1
    assert "bị ngắt" in said.decode()
    assert "open(" in said.decode()  # the cell that ran
    kernel = int((tmp_path / "pid").read_text())
    for _ in range(100):
        if not os.path.exists(f"/proc/{kernel}"):  # noqa: PTH110
            break
        time.sleep(0.1)
    else:
        pytest.fail("the kernel still runs")


# --- two saved notebooks ----------------------------------------------------------------------------------------------


def test_diff_compares_two_saved_notebooks_without_running_them(tmp_path):
    old = saved(tmp_path / "old.ipynb", "md:# Sổ", "print(31)", "print('giữ')")
    new = saved(tmp_path / "new.ipynb", "md:# Sổ", "print(30)", "print('giữ')")
    found = dk.diff(old, new)
    assert not found.ok
    assert _said(found) == [
        "`new`, code cell [1]: printed text: 31 → 30 (−3.2 %)",
        "`new`: 'print(30)'",
    ]
    assert dk.diff(old, old).ok


def test_diff_tells_changed_texts_and_cells_that_came_or_went(tmp_path):
    old = saved(tmp_path / "old.ipynb", "md:Có 31 cuộc.", "print(1)", "print(2)")
    book_ = nbformat.read(old, 4)
    book_.cells[0].source = "Có 30 cuộc."
    del book_.cells[2]
    book_.cells.insert(1, nbformat.v4.new_markdown_cell("Đoạn mới", id="new"))
    new = tmp_path / "new.ipynb"
    nbformat.write(book_, new)
    said = _said(dk.diff(old, new))
    assert "`new`, text: 31 → 30 (−3.2 %)" in said
    assert any("Đoạn mới" in text and "is new" in text for text in said)
    assert any("printed text: 2 is gone" in text for text in said)


def test_diff_works_as_gits_difftool_calls_it_for_new_and_removed_notebooks(tmp_path):
    path = saved(tmp_path / "a.ipynb", "print(31)")
    empty = tmp_path / "empty"
    empty.write_bytes(b"")
    for pair, word in (((os.devnull, path), "is new"), ((path, os.devnull), "is gone"), ((empty, path), "is new")):
        [line] = [line for line in dk.diff(*pair).lines if line.kind == "differs"]
        assert line.text("en").startswith("`a`, code cell [1]: ")
        assert word in line.text("en")


def test_diff_of_cells_without_ids_goes_by_their_place(tmp_path):
    old = saved(tmp_path / "old.ipynb", "print(31)", "print(5)")
    new = saved(tmp_path / "new.ipynb", "print(30)", "print(5)")
    for path in (old, new):
        found = json.loads(path.read_text(encoding="utf-8"))
        found["nbformat_minor"] = 4
        for cell in found["cells"]:
            del cell["id"]
        path.write_text(json.dumps(found), encoding="utf-8")
    assert "`new`, code cell [1]: printed text: 31 → 30 (−3.2 %)" in _said(dk.diff(old, new))


def test_an_error_of_the_check_is_one_of_the_kits(tmp_path):
    with pytest.raises(DanvanError):
        dk.verify([], accept=True)


def test_a_folder_stands_for_its_notebooks(tmp_path):
    saved(tmp_path / "sổ một.ipynb", "print(31)")
    changed(saved(tmp_path / "sổ hai.ipynb", "print(5)"), "5", "6")
    assert [(checked.name, checked.ok) for checked in dk.verify([tmp_path]).books] == [
        ("sổ hai", False),
        ("sổ một", True),
    ]


def _with_kernel(path, **spec):
    found = nbformat.read(path, 4)
    found.metadata.kernelspec.update(spec)
    nbformat.write(found, path)
    return path


def test_a_python_kernel_of_another_computer_is_replaced_and_the_check_says_so(tmp_path):
    found = dk.verify([_with_kernel(saved(tmp_path / "a.ipynb", "print(31)"), name="moi-truong-khac")])
    assert found.ok
    assert _said(found) == ["`a`: there is no kernel 'moi-truong-khac' here, this very Python ran it"]


def test_a_kernel_of_another_language_that_is_not_installed_is_told_in_one_line(tmp_path):
    path = _with_kernel(saved(tmp_path / "a.ipynb", "print(31)"), name="no-such-kernel", language="R")
    [text] = _said(dk.verify([path]))
    assert text.startswith("`a`: the kernel does not start: ")
    assert "no-such-kernel" in text

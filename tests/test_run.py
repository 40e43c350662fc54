"""Notebooks run from start to end, or for many areas in warm kernels, and come out as from a fresh kernel."""

from __future__ import annotations

import ast
import copy
import json
import math
import os
import re
import signal
import subprocess
import sys
import textwrap
import time
import warnings
from pathlib import Path

import nbformat
import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st
from IPython.core.interactiveshell import InteractiveShell
from nbformat import v4
from traitlets.config import Config

from danvan_kit.pages import kernel, warm
from danvan_kit.pages import run as runs
from danvan_kit.pages.run import RunError, run, run_each

ROOT = Path(__file__).parents[1]
SETS = [{"area": "001"}, {"area": "002"}, {"area": "003"}]


def code(*sources, tag="parameters"):
    """Return code cells; ``#!`` alone marks the one with the parameters."""
    cells = []
    for source in sources:
        marked = source.startswith("#!")
        cells.append(v4.new_code_cell(source.removeprefix("#!"), metadata={"tags": [tag]} if marked else {}))
    return cells


def book(*sources, title="Sổ thử"):
    return v4.new_notebook(cells=[v4.new_markdown_cell(f"# {title}\n\nlời dẫn"), *code(*sources)])


def shown(found):
    """Return what the code cells of a notebook printed or displayed."""
    return [
        "".join(o.get("text", "") or o.get("data", {}).get("text/plain", "") for o in c.outputs)
        for c in found.cells
        if c.cell_type == "code"
    ]


def kernels(process=None):
    """Return the kernels that a process has started."""
    return [p for p in (process or psutil.Process()).children() if "ipykernel_launcher" in " ".join(p.cmdline())]


def gone(processes, seconds=20):
    return not psutil.wait_procs(processes, timeout=seconds)[1]


@pytest.fixture(autouse=True)
def _no_orphans(tmp_path, monkeypatch):
    """No test leaves a kernel or its files behind."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    yield
    assert kernels() == []
    assert list(tmp_path.glob("danvan-*")) == []


# --- one notebook -----------------------------------------------------------------------------------------------------


def test_a_notebook_comes_back_with_outputs_and_counts_and_the_given_one_stays(tmp_path, monkeypatch):
    monkeypatch.setenv("JPY_SESSION_NAME", "somebody/looks.ipynb")
    given = book(
        "import os, sys\nprint(os.getcwd(), sys.executable)",
        "",
        "'JPY_SESSION_NAME' in os.environ",
        "import ipywidgets\nipywidgets.IntSlider()",
    )
    given.cells[1].outputs = [v4.new_output("stream", text="cũ")]
    given.metadata["widgets"] = {"application/vnd.jupyter.widget-state+json": {"state": {"cũ": {}}}}
    before, progress = copy.deepcopy(given), []
    found = run(given, tmp_path, told=lambda done, total: progress.append((done, total)))
    assert given == before
    assert shown(found)[0].split() == [str(tmp_path), sys.executable]
    assert shown(found)[2] == "False"
    assert [c.execution_count for c in found.cells[1:]] == [1, None, 2, 3]
    assert progress == [(1, 3), (2, 3), (3, 3)]
    assert "widgets" not in found.metadata
    assert found.metadata.language_info.name == "python"
    assert not any("execution" in c.metadata for c in found.cells)
    nbformat.validate(found)


def test_the_kernel_is_this_python_whatever_kernelspec_is_installed(tmp_path, monkeypatch):
    spec = tmp_path / "jupyter" / "kernels" / "python3"
    spec.mkdir(parents=True)
    (spec / "kernel.json").write_text(json.dumps({"argv": ["false"], "display_name": "x", "language": "python"}))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    assert shown(run(book("import sys; print(sys.executable)"), tmp_path)) == [sys.executable + "\n"]


CONNECTION = "import json, ipykernel; print({**json.load(open(ipykernel.get_connection_file())), 'key': ''})"


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such sockets for zmq")
def test_other_users_cannot_reach_the_kernel(tmp_path):
    (found,) = shown(run(book(f"import os\n{CONNECTION}\nprint(oct(os.stat({str(tmp_path)!r}).st_mode))"), tmp_path))
    place = ast.literal_eval(found.splitlines()[0])
    assert place["transport"] == "ipc"
    assert Path(place["ip"]).parent.parent == tmp_path
    assert Path(place["ip"]).parent.name.startswith("danvan-")


def test_where_no_path_is_short_enough_the_kernel_listens_on_this_computer_only_and_in_cipher(tmp_path, monkeypatch):
    monkeypatch.setattr(kernel, "LONGEST_ADDRESS", 0)
    place = ast.literal_eval(shown(run(book(CONNECTION), tmp_path))[0])
    assert (place["transport"], place["ip"]) == ("tcp", "127.0.0.1")
    assert place["curve_publickey"]


def test_what_is_printed_in_pieces_comes_out_joined_and_in_order(tmp_path):
    source = "import time\nfor i in range(3):\n    print(i, flush=True)\n    time.sleep(0.3)\ndisplay(9)\nprint('x')"
    (cell,) = [c for c in run(book(source), tmp_path).cells if c.cell_type == "code"]
    assert [(o.output_type, o.get("text")) for o in cell.outputs] == [
        ("stream", "0\n1\n2\n"),
        ("display_data", None),
        ("stream", "x\n"),
    ]


def test_it_runs_inside_a_running_event_loop(tmp_path):
    assert shown(run(book("import asyncio\nawait asyncio.sleep(0)\nprint(1)"), tmp_path)) == ["1\n"]


# --- parameters -------------------------------------------------------------------------------------------------------


def test_parameters_stand_in_a_cell_of_their_own_below_the_defaults():
    found = runs._injected(book("import os", "#!area = '001'", "area"), {"area": "002", "year": 2019})
    assert [c.source for c in found.cells[2:]] == ["area = '001'", "# Parameters\narea = '002'\nyear = 2019", "area"]
    assert (found.cells[3].id, found.cells[3].metadata.tags) == ("injected-parameters", ["injected-parameters"])
    nbformat.validate(found)


def test_parameters_of_a_former_run_are_replaced():
    once = runs._injected(book("#!area = '001'", "area"), {"area": "002"})
    assert runs._injected(once, {"area": "003"}).cells[2].source == "# Parameters\narea = '003'"
    assert len(runs._injected(once, {"area": "003"}).cells) == len(once.cells)
    assert len(runs._injected(once, {}).cells) == len(once.cells) - 1
    assert runs._injected(once, None) == once


def test_a_notebook_whose_cells_have_no_id_gets_a_cell_without_one():
    (cell,) = code("#!a = 1")
    del cell["id"]
    old = v4.new_notebook(cells=[cell], nbformat_minor=4)
    found = runs._injected(old, {"a": 2})
    assert "id" not in found.cells[1]
    nbformat.validate(found)


SIMPLE = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
VALUES = st.recursive(SIMPLE, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8)


def _same(one, other):
    if isinstance(one, float) and math.isnan(one):
        return isinstance(other, float) and math.isnan(other)
    if isinstance(one, list | dict):
        pairs = zip(one.values(), other.values(), strict=True) if isinstance(one, dict) else zip(one, other, strict=True)
        return list(one) == list(other) if isinstance(one, dict) and not one else all(_same(a, b) for a, b in pairs)
    return type(one) is type(other) and one == other


@given(VALUES)
def test_a_parameter_comes_through_as_it_was_given(value):
    namespace = {}
    exec(runs._assignments({"given": value}), namespace)  # noqa: S102
    assert _same(value, namespace["given"])


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"area": {1, 2}}, "area"),
        ({"area": ("001",)}, "str, int, float, bool, None, list, dict"),
        ({"2019": 1}, "'2019'"),
        ({"import": 1}, "'import'"),
        ({"a = 1; b": 1}, "a = 1; b"),
        ({7: 1}, "7"),
    ],
)
def test_a_parameter_that_python_cannot_write_down_is_named(parameters, said, tmp_path):
    with pytest.raises(RunError, match=r"^[^\n]+$") as caught:
        run(book("#!a = 1"), tmp_path, parameters=parameters)
    assert said in caught.value.vi
    assert said in caught.value.en


def test_parameters_need_a_cell_that_takes_them(tmp_path):
    with pytest.raises(RunError, match=r"không có ô nào mang thẻ 'parameters'.*no cell tagged"):
        run(book("a = 1"), tmp_path, parameters={"a": 2})
    with pytest.raises(RunError, match="no cell tagged"):
        run_each(book("a = 1"), tmp_path, [])


# --- what goes wrong --------------------------------------------------------------------------------------------------


def told(found):
    assert isinstance(found, RunError)
    assert str(found).count("\n") == 0
    assert "site-packages" not in str(found)
    assert "Traceback" not in str(found)
    return found


def test_a_cell_that_raises_is_told_in_one_line(tmp_path):
    wrong = book("1", "# lời\n\nvalue = {}['x']  # " + "y" * 80, "2", title="Hồ sơ")
    with pytest.raises(RunError) as caught:
        run(wrong, tmp_path)
    assert told(caught.value).vi == "sổ tay 'Hồ sơ', ô lệnh [2] \"value = {}['x']  # " + "y" * 40 + "…\": KeyError: 'x'"
    assert caught.value.en.startswith("notebook 'Hồ sơ', code cell [2] ")


def test_of_a_long_message_the_last_line_is_told_and_a_notebook_without_a_title_bears_its_folders_name(tmp_path):
    wrong = v4.new_notebook(cells=code("raise ValueError('một\\nhai\\n')", "raise ValueError"))
    with pytest.raises(RunError, match=f"'{tmp_path.name}'.*: ValueError: hai$"):
        run(wrong, tmp_path)
    with pytest.raises(RunError, match=r": ValueError$"):
        run(v4.new_notebook(cells=code("raise ValueError")), tmp_path)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("import time; time.sleep(600)", "took more than 1 s"),
        ("while True: pass", "chạy quá 1 giây"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "for lack of memory"),
        ("import os; os._exit(3)", r"died \(code 3\)"),
        ("input()", "StdinNotImplementedError"),
    ],
)
def test_a_kernel_that_hangs_or_dies_is_told_plainly(source, said, tmp_path):
    with pytest.raises(RunError, match=said) as caught:
        run(book(source, "1"), tmp_path, timeout=1)
    assert "[1]" in told(caught.value).vi


@pytest.mark.parametrize("python", ["/nowhere/python", "false"])
def test_a_kernel_that_does_not_start_is_told(python, tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "executable", python)
    with pytest.raises(RunError, match="kernel không khởi động được"):
        run(book("1"), tmp_path)


def test_of_a_kernel_that_does_not_start_the_last_words_are_told(tmp_path, monkeypatch):
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\necho 'No module named ipykernel_launcher' >&2\nexit 1\n")
    python.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(python))
    with pytest.raises(RunError, match="the kernel does not start: No module named ipykernel_launcher"):
        run(book("1"), tmp_path)


@pytest.mark.parametrize(
    ("options", "said"),
    [({"timeout": 0}, "timeout = 0"), ({"folder": Path("nowhere")}, "nowhere"), ({"kernels": 0}, "kernels = 0")],
)
def test_what_cannot_be_asked_for_is_refused_at_once(options, said, tmp_path):
    folder = options.pop("folder", tmp_path)
    with pytest.raises(RunError, match=said):
        run_each(book("#!a = 1"), folder, [], **options)


def test_a_listener_that_raises_ends_the_run(tmp_path):
    with pytest.raises(ZeroDivisionError):
        run(book("1", "2"), tmp_path, told=lambda done, total: done / 0)


# --- many areas -------------------------------------------------------------------------------------------------------

TRICKY = (
    # above: names, containers, displays, widgets, chance and warnings that lower cells then meddle with
    "import os, random, sys, warnings\nimport ipywidgets\nfrom IPython.display import display, clear_output\n"
    "seen, nested, total, random_state = [], {'a': [1]}, 0, random.seed(290)\n"
    "handle = display('trên', display_id='above')\nprint('trên', file=sys.stderr)",
    "slider = ipywidgets.IntSlider(3)\nout = ipywidgets.Output()\n'kết quả trên'",
    "#!area = '000'",
    "seen.append(area); nested['a'].append(area); nested['b'] = 1; total += 1; slider.value += 4\n"
    "print(seen, nested, total, slider.value, random.random(), 'created' in globals())\ncreated = area",
    "handle.update(area)\nhere = display('dưới', display_id=True)\ndisplay(area, display_id='again')",
    "here.update(f'dưới {area}'); display('hai', display_id='again')\nprint('a'); print('b', file=sys.stderr); print('c')",
    "print('mất'); clear_output(); print('còn')\nprint('đi'); clear_output(wait=True); print('ở lại')",
    "area",
    "_, __, Out[9], In[-2], len(In), sorted(n for n in globals() if n.startswith(('_i', '_oh', '_1')))",
    "warnings.warn('nhắc', stacklevel=1); warnings.simplefilter('ignore'); os.environ['AREA'] = area; os.chdir('/')\n"
    "with out:\n    print('trong')",
    "{}[area]",
    "del total, sys\nprint(os.environ.get('AREA'), os.getcwd())\nimport traceback; traceback.sys is not None",
)


@pytest.fixture
def tricky():
    made = book(*TRICKY)
    made.cells[11].metadata["tags"] = ["raises-exception"]
    return made


def neutral(found):
    """Return a notebook as text without what differs between any two kernels: process, widgets and the like."""
    text = nbformat.writes(found)
    for cell in found.cells:
        for output in cell.get("outputs", []):
            view = output.get("data", {}).get("application/vnd.jupyter.widget-view+json")
            text = text.replace(view["model_id"], "MODEL") if view else text
    return re.sub(r"ipykernel_\d+", "ipykernel", text).splitlines()


def test_warm_kernels_give_what_fresh_ones_give(tricky, tmp_path):
    warmed = [neutral(found) for _, found in run_each(tricky, tmp_path, SETS, kernels=1)]
    fresh = [neutral(found) for _, found in run_each(tricky, tmp_path, SETS, kernels=1, fresh=True)]
    for one, other in zip(warmed, fresh, strict=True):
        assert one == other
    assert warmed[1] == neutral(run(tricky, tmp_path, parameters=SETS[1]))


def test_the_tricky_notebook_is_as_tricky_as_it_should_be(tricky, tmp_path):
    found = run(tricky, tmp_path, parameters={"area": "007"})
    texts = shown(found)
    assert texts[0].startswith("'007'"), "an update from below reaches the display above"
    assert "['007'] {'a': [1, '007'], 'b': 1} 1 7" in texts[4]
    assert "'dưới 007'" in texts[5]
    assert "'hai'" in texts[5]
    assert texts[7] == "ở lại\n"
    assert "UserWarning: nhắc" in texts[10]
    assert found.cells[12].outputs[0].ename == "KeyError"
    assert texts[12] == "007 /\nTrue"

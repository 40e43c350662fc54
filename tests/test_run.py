"""Notebooks run from start to end, or for many areas in warm kernels, and come out as from a fresh kernel."""

from __future__ import annotations

import ast
import contextlib
import copy
import gc
import json
import math
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import warnings
import weakref
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
    """Return the kernels that a process has started; what ended meanwhile is none."""
    found = []
    for child in (process or psutil.Process()).children():
        with contextlib.suppress(psutil.NoSuchProcess):
            found += [child] * ("ipykernel_launcher" in " ".join(child.cmdline()))
    return found


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
def test_other_users_cannot_reach_the_kernel(tmp_path, monkeypatch):
    short = Path(tempfile.mkdtemp(prefix="d-", dir="/tmp"))  # a socket's path has room for 90 bytes
    monkeypatch.setattr("tempfile.tempdir", str(short))
    (found,) = shown(run(book(f"import os\n{CONNECTION}\nprint(oct(os.stat({str(tmp_path)!r}).st_mode))"), tmp_path))
    place = ast.literal_eval(found.splitlines()[0])
    assert place["transport"] == "ipc"
    assert Path(place["ip"]).parent.parent == short
    short.rmdir()  # nothing is left in it
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
        pairs = (
            zip(one.values(), other.values(), strict=True) if isinstance(one, dict) else zip(one, other, strict=True)
        )
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
        run(book("1", "2"), tmp_path, told=lambda *_: 1 / 0)


# --- many areas -------------------------------------------------------------------------------------------------------

TRICKY = (
    # above: names, containers, displays, widgets, chance and warnings that lower cells then meddle with
    """
import os, random, sys, warnings
import ipywidgets
from IPython.display import display, clear_output
seen, nested, total, random_state = [], {'a': [1]}, 0, random.seed(290)
handle = display('trên', display_id='above')
print('trên', file=sys.stderr)""",
    "slider = ipywidgets.IntSlider(3)\nout = ipywidgets.Output()\n'kết quả trên'",
    "#!area = '000'",
    """
seen.append(area); nested['a'].append(area); nested['b'] = 1; total += 1; slider.value += 4
print(seen, nested, total, slider.value, random.random(), 'created' in globals())
created = area""",
    "handle.update(area)\nhere = display('dưới', display_id=True)\ndisplay(area, display_id='again')",
    """
here.update(f'dưới {area}'); display('hai', display_id='again')
print('a'); print('b', file=sys.stderr); print('c')""",
    "print('mất'); clear_output(); print('còn')\nprint('đi'); clear_output(wait=True); print('ở lại')",
    "area",
    "_, __, Out[9], In[-2], len(In), sorted(n for n in globals() if n.startswith(('_i', '_oh', '_1')))",
    """
warnings.warn('nhắc', stacklevel=1); warnings.simplefilter('ignore'); os.environ['AREA'] = area; os.chdir('/')
with out:
    print('trong')""",
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


EXPLORERS = (
    """
import os
import danvan_kit as dk
os.environ['JPY_SESSION_NAME'] = 'x'  # as if somebody looked on: the states of a shared page take their time
review = dk.load(DATA)
above = dk.explore(dk.views.completeness, review, area='001', pin=['area'])
above""",
    "#!area = '000'",
    "year = 2011 + int(area) % 7\nbelow = dk.explore(dk.views.completeness, review, area=area, link=above)\nabove",
    "below.set(year=year, area=area)\nabove.choices, below.choices",
    "dk.explore(dk.views.headline, review)",
)


def test_explorers_above_forget_what_explorers_below_made_of_them(tmp_path):
    made = book(*(source.replace("DATA", repr(str(ROOT / "data"))) for source in EXPLORERS))
    warmed = [neutral(found) for _, found in run_each(made, tmp_path, SETS, kernels=1)]
    for parameters, one in zip(SETS, warmed, strict=True):
        assert one == neutral(run(made, tmp_path, parameters=parameters))


@pytest.mark.skipif(not (ROOT / "notebooks" / "03_area_profile.ipynb").exists(), reason="not written yet")
def test_an_area_profile_is_the_same_from_a_warm_kernel(tmp_path):
    profile = nbformat.read(ROOT / "notebooks" / "03_area_profile.ipynb", as_version=4)
    sets = [{"area": "001"}, {"area": "017"}, {"area": "001"}]
    first, _, again = (neutral(found) for _, found in run_each(profile, ROOT / "notebooks", sets, kernels=1))
    assert first == again
    assert first == neutral(run(profile, ROOT / "notebooks", parameters=sets[0]))


PID = "import os\nprint(os.getpid())"


def test_the_upper_cells_run_once_a_kernel_and_the_lower_ones_once_a_set(tmp_path):
    made = book("import os\nopen('ran', 'a').write('x')", "#!area = ''", PID)
    found = list(run_each(made, tmp_path, SETS * 3, kernels=2))
    pids = {shown(one)[-1] for _, one in found}
    assert len(pids) <= 2
    assert (tmp_path / "ran").read_text() == "x" * len(pids)
    assert sorted(given["area"] for given, _ in found) == sorted(given["area"] for given in SETS * 3)
    assert all(f"area = '{given['area']}'" in one.cells[3].source for given, one in found)


def test_with_fresh_kernels_each_set_has_its_own(tmp_path):
    found = list(run_each(book("#!area = ''", PID), tmp_path, SETS, fresh=True))
    assert len({shown(one)[-1] for _, one in found}) == 3


@pytest.mark.parametrize(
    "harm",
    ["{}[area]", "import os; os._exit(1)", "import time; time.sleep(600)", "raise SystemExit"],
    ids=["raises", "dies", "hangs", "exits"],
)
def test_where_one_set_fails_the_others_go_on(harm, tmp_path):
    made = book("#!area = ''", f"if area == '002':\n    {harm}", "1", "area")
    found = {given["area"]: one for given, one in run_each(made, tmp_path, SETS, kernels=1, timeout=3)}
    assert "ô lệnh [" in told(found["002"]).vi
    assert [shown(found[area])[-1] for area in ("001", "003")] == ["'001'", "'003'"]


def test_a_kernel_that_was_told_to_exit_takes_no_further_set(tmp_path):
    made = book("#!area = ''", f"exit()\n{PID}")
    found = [shown(one)[-1] for _, one in run_each(made, tmp_path, SETS, kernels=1)]
    assert len(set(found)) == 3


def test_a_set_that_cannot_be_written_down_fails_alone(tmp_path):
    sets = [{"area": object()}, {"area": "001"}]
    found = [one for _, one in sorted(run_each(book("#!area = ''", "area"), tmp_path, sets), key=str)]
    assert sorted(isinstance(one, RunError) for one in found) == [False, True]


def test_upper_cells_that_fail_end_it_all(tmp_path):
    results = run_each(book("import nowhere", "#!area = ''"), tmp_path, SETS)
    with pytest.raises(RunError, match=r"code cell \[1\] 'import nowhere': ModuleNotFoundError"):
        next(results)


def test_a_kernel_that_cannot_load_any_more_fails_its_set_only(tmp_path):
    made = book("import pathlib\npathlib.Path('there').mkdir()", "#!area = ''", "import os\nos._exit(1)")
    found = [one for _, one in run_each(made, tmp_path, SETS, kernels=1)]
    assert "died" in str(told(found[0]))
    assert all("FileExistsError" in str(told(one)) for one in found[1:])


def test_sets_are_asked_for_only_a_few_ahead(tmp_path):
    asked = []
    many = ({"area": asked.append(n) or n} for n in range(100))
    results = run_each(book("#!area = 0", "area"), tmp_path, many, kernels=2)
    assert asked == []
    for done in range(1, 6):
        next(results)
        assert len(asked) <= done + 3
    results.close()


def test_sets_that_cannot_be_had_end_it_all(tmp_path):
    def many():
        yield {"area": 1}
        raise LookupError("hết")

    with pytest.raises(LookupError, match="hết"):
        list(run_each(book("#!area = 0"), tmp_path, many(), kernels=1))


def test_no_sets_start_no_kernel(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    assert list(run_each(book("#!area = 0"), tmp_path, [])) == []


def test_a_kernel_that_has_grown_too_much_is_replaced(tmp_path):
    small = "from danvan_kit.pages import warm\nwarm.MORE = warm.MOST = 0"
    made = book(small, "#!area = ''", f"held = b'x' * (1 << 24)\nwarm.held = held\n{PID}")
    found = [shown(one)[-1] for _, one in run_each(made, tmp_path, SETS, kernels=1)]
    assert len(set(found)) == 3


# --- the end ----------------------------------------------------------------------------------------------------------


def test_closing_the_results_ends_the_kernels_in_the_middle_of_a_cell(tmp_path):
    slow = book("#!area = ''", "if area != '001':\n    import time; time.sleep(600)")
    results = run_each(slow, tmp_path, SETS, kernels=2)
    next(results)
    running = kernels()
    results.close()
    assert gone(running, 0)


SCRIPT = """
import sys
from pathlib import Path
import nbformat
from nbformat import v4
from danvan_kit.pages.run import run_each
if __name__ == "__main__":
    cells = [v4.new_code_cell("area = 0", metadata={{"tags": ["parameters"]}})]
    cells.append(v4.new_code_cell("import time; time.sleep(600 * (area > 2))"))
    results = run_each(v4.new_notebook(cells=cells), Path(), ({{"area": n}} for n in range(9)), kernels=2)
    next(results)
    print("ready", flush=True)
    {then}
"""


@pytest.fixture
def start(tmp_path):
    """Return a function that starts a script with kernels and returns it with its kernels once there is a result."""
    started = []

    def begin(then):
        environment = os.environ | {"TMPDIR": str(tmp_path)}
        command = [sys.executable, "-c", SCRIPT.format(then=then)]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        started.append(subprocess.Popen(command, env=environment, cwd=tmp_path, **pipes))
        assert started[0].stdout.readline() == "ready\n"
        return started[0], kernels(psutil.Process(started[0].pid))

    yield begin
    for process in started:
        process.kill()
        process.communicate()


@pytest.mark.skipif(os.name != "posix", reason="Windows sends Ctrl + C to all at once")
def test_ctrl_c_ends_the_kernels(start):
    process, running = start("list(results)")
    assert running
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert "KeyboardInterrupt" in said
    assert gone(running, 0)


def test_the_end_of_the_program_ends_kernels_that_nobody_closed(start):
    process, running = start("sys.stdin.read()")
    assert running
    _, said = process.communicate(timeout=30)
    assert (process.returncode, said) == (0, "")
    assert gone(running, 0)


def test_kernels_do_not_outlive_a_program_that_was_killed(start, tmp_path):
    process, running = start("list(results)")
    assert running
    process.kill()
    assert gone(running)
    for left in tmp_path.glob("danvan-*"):  # nobody was there to tidy up
        shutil.rmtree(left)


# --- inside a kernel --------------------------------------------------------------------------------------------------


@pytest.fixture
def shell(monkeypatch, tmp_path):
    """Return an IPython of its own, in this process, that leaves the process as it was."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(os, "environ", os.environ)
    config = Config({"HistoryManager": {"enabled": False}})
    return InteractiveShell(config=config, ipython_dir=str(tmp_path / "ipython"))


def ran(shell, source):
    done = shell.run_cell(source, store_history=True)
    done.raise_error()
    return done.result


def test_names_come_back_and_new_ones_go(shell):
    ran(shell, "one, gone = 1, 2")
    kept = warm.Kept(shell)
    ran(shell, "one = 7; del gone; new = 3")
    kept.restore()
    assert (shell.user_ns["one"], shell.user_ns["gone"], "new" in shell.user_ns) == (1, 2, False)


def test_plain_containers_hold_again_what_they_held_and_stay_the_same_objects(shell):
    ran(shell, "deep = [1, {2: {3}}]; pair = (deep, [4]); counted = __import__('collections').defaultdict(list)")
    kept, before = warm.Kept(shell), shell.user_ns["deep"]
    ran(shell, "deep[1][2].add(9); deep[1][5] = 6; deep.append(7); pair[1].clear(); counted['x'].append(1)")
    kept.restore()
    assert shell.user_ns["deep"] is before
    assert before == [1, {2: {3}}]
    assert shell.user_ns["pair"] == (before, [4])
    assert shell.user_ns["counted"] == {}


def test_a_list_within_itself_is_no_trap(shell):
    ran(shell, "circle = [1]; circle.append(circle)")
    kept = warm.Kept(shell)
    ran(shell, "circle.append(2)")
    kept.restore()
    assert len(shell.user_ns["circle"]) == 2


def test_inputs_outputs_and_numbers_start_again_below_the_upper_cells(shell):
    ran(shell, "'above'")
    kept = warm.Kept(shell)
    seen = []
    for area in ("001", "002"):
        ran(shell, f"'{area}'")
        ran(shell, "8")
        seen.append(ran(shell, "(len(In), sorted(Out), _, __, ___, _i, _2 == Out[2])"))
        assert shell.user_ns["Out"][2] == area
        kept.restore()
        assert shell.execution_count == 2
    assert seen[0] == (5, [1, 2, 3], 8, "001", "above", "8", True)
    assert seen[1] == (5, [1, 2, 3], 8, "002", "above", "8", True)


def test_surroundings_come_back(shell, tmp_path, monkeypatch):
    monkeypatch.setenv("DANVAN_TEST", "1")
    ran(shell, "import os, random, sys, warnings; import numpy; random.seed(290); numpy.random.seed(290)")
    with warnings.catch_warnings():
        warnings.simplefilter("default")
        kept = warm.Kept(shell)
        chance = "(random.random(), numpy.random.random())"
        first = ran(shell, chance)
        ran(shell, "os.environ.update(DANVAN_TEST='2', DANVAN_NEW='3'); os.chdir('/'); sys.path.append('/nowhere')")
        ran(shell, "warnings.simplefilter('ignore')")
        with pytest.raises(ZeroDivisionError):
            ran(shell, "1 / 0")
        kept.restore()
        assert (os.environ["DANVAN_TEST"], "DANVAN_NEW" in os.environ) == ("1", False)
        assert (Path.cwd(), "/nowhere" in sys.path) == (tmp_path, False)
        assert ran(shell, chance) == first
        assert warnings.filters[0][0] == "default"
        assert not hasattr(sys, "last_value")


def test_what_a_library_warns_of_once_is_told_to_each_set(shell, tmp_path, monkeypatch):
    once = "def {0}():\n    warnings.warn('{0}', UserWarning, stacklevel=1)\n"
    (tmp_path / "loud.py").write_text("import warnings\n" + once.format("above") + once.format("below"))
    monkeypatch.syspath_prepend(tmp_path)
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("default")
        ran(shell, "import loud; loud.above()")
        kept = warm.Kept(shell)
        for _ in range(2):
            ran(shell, "loud.above(); loud.below(); loud.below()")
            kept.restore()
    assert [str(one.message) for one in heard] == ["above", "below", "below"]


def test_widgets_and_explorers_of_lower_cells_go_and_those_above_are_put_back(shell, tiny, monkeypatch):
    from ipywidgets.widgets import widget  # noqa: PLC0415

    monkeypatch.setenv("JPY_SESSION_NAME", "x")  # the states of a shared page take their time
    shell.user_ns["tiny"] = tiny
    ran(shell, "import danvan_kit as dk, ipywidgets\nslider = ipywidgets.IntSlider(3)")
    ran(shell, "above = dk.explore(dk.views.trend, tiny, indicator='don'); above._repr_mimebundle_();")
    kept, live, above = warm.Kept(shell), len(widget._instances), shell.user_ns["above"]
    choices, born, gone = above.choices, [], []
    for area in ("A", "B"):
        ran(shell, f"slider.value += 1; below = dk.explore(dk.views.trend, tiny, link=above, area='{area}')")
        ran(shell, "ipywidgets.Text('x'); below._repr_mimebundle_();")
        born.append(shell.user_ns["below"]._born)
        gone.append(weakref.ref(shell.user_ns["below"]))
        kept.restore()
        assert (above.choices, above._linked, shell.user_ns["slider"].value) == (choices, [above], 3)
        assert len(widget._instances) == live
    assert born[0] == born[1]
    gc.collect()
    assert [below() for below in gone] == [None, None]


def test_a_kernel_is_swept_only_when_it_has_grown(shell, monkeypatch):
    sizes, swept = iter([100, 110, 200, 130, 140, 900, 900]), []
    monkeypatch.setattr(warm, "MORE", 50)
    monkeypatch.setattr(warm, "MOST", 500)
    monkeypatch.setattr(warm, "_size", lambda: next(sizes))
    monkeypatch.setattr(warm.gc, "collect", lambda: swept.append(1))
    kept = warm.Kept(shell)  # 100
    kept.restore()  # 110
    assert swept == []
    kept.restore()  # 200, swept to 130
    kept.restore()  # 140
    assert swept == [1]
    with pytest.raises(RuntimeError):
        kept.restore()  # 900, and sweeping is of no use

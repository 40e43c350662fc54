"""A notebook runs to its end as a reader would see it, or the cell that stopped it is named within seconds."""

from __future__ import annotations

import socket
import time

import nbformat
import pytest
from jupyter_client.connect import LocalPortCache
from regression import book, ran

from danvan_kit.regression import run as runs
from danvan_kit.regression import seen


def _seen(done):
    states = seen.states(done.book)
    return [seen.outputs(cell, states) for cell in done.book.cells]


def test_outputs_stand_as_they_are_at_the_end(tmp_path):
    done = ran(
        book(
            "from IPython.display import clear_output, display\nimport ipywidgets as w",
            "handle = display('một', display_id=True)",
            "print('tạm'); clear_output(); print('xong')",
            "out = w.Output()\nwith out:\n    print('trong khung')\nout",
            "slider = w.IntSlider(3)\nslider",
            "handle.update('hai'); slider.value = 7\nwith out:\n    print('thêm')",
            "1;",
        ),
        tmp_path,
    )
    assert done.failed == {}
    found = _seen(done)
    assert found[1] == {"text": "'hai'"}
    assert found[2] == {"stdout": "xong\n"}
    assert found[3]["widget"]["OutputModel"]["stdout"] == "trong khung\nthêm\n"
    assert found[4]["widget"]["IntSliderModel"]["value"] == 7
    assert found[6] == {}  # a semicolon silences, as in JupyterLab
    assert [cell.execution_count for cell in done.book.cells] == [1, 2, 3, 4, 5, 6, 7]


def test_a_plotly_widget_that_changed_after_it_was_shown_stands_as_it_is_now(tmp_path):
    done = ran(
        book("import plotly.graph_objects as go\nf = go.FigureWidget(go.Bar(y=[1, 2]))\nf", "f.data[0].y = [3, 4]"),
        tmp_path,
    )
    figure = _seen(done)[0]["widget"]["AnyModel"]
    assert figure["data"]["bar"]["points"].keys == ("3", "4")


def test_a_cell_that_fails_is_named_and_those_below_run(tmp_path):
    done = ran(book("1/0", "print(5)"), tmp_path)
    assert done.failed == {0: ("ZeroDivisionError: division by zero",) * 2}
    assert "ZeroDivisionError" in done.tracebacks[0]
    assert done.dead is None
    assert _seen(done)[1] == {"stdout": "5\n"}


def test_a_cell_that_may_fail_is_no_failure_and_a_skipped_one_does_not_run(tmp_path):
    done = ran(book("1/0", "1/0"), tmp_path, options={0: {"check_exception": True}, 1: {"skip": True}})
    assert done.failed == {}
    assert done.book.cells[0].outputs[0].ename == "ZeroDivisionError"
    assert done.book.cells[1].outputs == []


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("import time\ntime.sleep(600)", "took more than 2 s"),
        ("while True: pass", "took more than 2 s"),
        ("import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass", "took more than 2 s"),
        ("import os\nos._exit(3)", "the kernel died (code 3)"),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "the system killed the kernel"),
    ],
    ids=["sleeps", "spins", "cannot be interrupted", "exits", "is killed"],
)
def test_a_dead_or_hanging_kernel_is_named_at_once_and_nothing_below_runs(tmp_path, source, said):
    start = time.monotonic()
    done = ran(book(source, "print(1)"), tmp_path, limit=2)
    assert done.dead == 0
    assert done.failed[0][1].startswith(said)
    assert done.book.cells[1].outputs == []
    assert time.monotonic() - start < 60  # not a timing: a hang would go on for ten minutes


def test_a_flood_of_output_is_stopped(tmp_path, monkeypatch):
    monkeypatch.setattr(runs, "FLOOD", 2_000_000)
    done = ran(book("while True: print('x' * 10_000)"), tmp_path)
    assert done.failed[0][1] == "put out more than 2 MB"
    assert done.dead == 0


def test_an_interrupted_cell_says_so(tmp_path):
    done = ran(book("import os, signal, time\nos.kill(os.getpid(), signal.SIGINT)\ntime.sleep(5)"), tmp_path)
    assert done.failed[0] == ("bị ngắt giữa chừng", "interrupted")


def test_nobody_looks_on_while_a_notebook_is_checked(tmp_path, monkeypatch):
    monkeypatch.setenv("JPY_SESSION_NAME", "x.ipynb")
    done = ran(book("import os\nprint(os.environ.get('JPY_SESSION_NAME'))"), tmp_path)
    assert _seen(done)[0] == {"stdout": "None\n"}


def test_the_notebook_given_is_not_changed(tmp_path):
    given = book("print(1)", widgets={"old": 1})
    before = nbformat.writes(given)
    done = ran(given, tmp_path)
    assert nbformat.writes(given) == before
    assert "widgets" not in done.book.metadata
    assert done.book.metadata.language_info["name"] == "python"  # colours in JupyterLab


@pytest.mark.parametrize(("taken", "starts"), [(2, True), (3, False)])
def test_a_kernel_that_drew_a_taken_port_starts_again(tmp_path, monkeypatch, taken, starts):
    real, drawn = LocalPortCache.find_available_port, []

    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()

        def port(cache, ip):
            drawn.append(ip)
            first = len(drawn) % 5 == 1  # a kernel draws five
            return other.getsockname()[1] if first and len(drawn) <= 5 * taken else real(cache, ip)

        monkeypatch.setattr(LocalPortCache, "find_available_port", port)
        if starts:
            assert ran(book("print(31)"), tmp_path).book.cells[0].outputs[0].text == "31\n"
        else:
            with pytest.raises(RuntimeError, match="died"):
                ran(book("print(31)"), tmp_path)
    assert len(drawn) == 15

"""The isolated reader gives books true to the cell, survives whatever its child meets, and leaves nothing behind."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import io
import json
import os
import signal
import struct
import subprocess
import sys
import time

import hostile_forms as hostile
import openpyxl
import psutil
import pytest

from danvan_kit.forms import messages, process
from danvan_kit.forms.isolated import Reader
from danvan_kit.forms.process import Child
from danvan_kit.forms.trouble import FormError


@pytest.fixture(scope="module")
def reader():
    with Reader() as one:
        yield one


@pytest.fixture
def forms(tmp_path):
    """Return paths of twenty small forms, the seventh of which is no workbook."""
    paths = [tmp_path / f"{n:02}.xlsx" for n in range(20)]
    for n, path in enumerate(paths):
        path.write_bytes(hostile.xlsx(sheet=hostile.sheet_xml(hostile.cell("B2", f"<v>{n}</v>"))))
    paths[6].write_text(hostile.HTML)
    return paths


def told(answer):
    return answer.code if isinstance(answer, FormError) else answer.sheets[0].rows[1][1]


EXPECTED = [*range(6), "F03", *range(7, 20)]


# --- what it reads


def test_cells_come_as_written_at_their_own_address(reader, tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Biểu 1"
    cells = {
        "B2": "00001", "C2": "NA", "D2": True, "E2": dt.date(2014, 6, 30), "F2": dt.datetime(2014, 6, 30, 12, 30),  # noqa: DTZ001
        "B3": " x\ny ", "C3": 12, "D3": 27.739, "E3": dt.time(3, 4), "F3": 'say ",""," and [""',
    }  # fmt: skip
    for place, value in cells.items():
        sheet[place] = value
    book.create_sheet("ẩn").sheet_state = "veryHidden"
    book["ẩn"]["A1"] = "\\"
    book.create_sheet("rỗng")
    path = tmp_path / "Biểu mẫu.xlsx"
    book.save(path)
    found = reader.read(path)
    first, second, third = found.sheets
    assert (found.kind, found.digest) == ("xlsx", hashlib.sha256(path.read_bytes()).hexdigest())
    assert first.name == "Biểu 1"
    assert first.rows[0] == (None,) * 6
    assert first.rows[1] == (None, "00001", "NA", True, dt.date(2014, 6, 30), dt.datetime(2014, 6, 30, 12, 30))  # noqa: DTZ001
    assert first.rows[2] == (None, " x\ny ", 12.0, 27.739, "03:04:00", 'say ",""," and [""')
    assert [type(cell) for cell in first.rows[1][3:]] == [bool, dt.date, dt.datetime]
    assert (second.hidden, second.rows) == (True, (("\\",),))
    assert (third.hidden, third.rows) == (False, ())


def test_many_books_come_in_order_with_errors_in_their_place(reader, forms):
    answers = list(reader.books(forms))
    assert list(map(told, answers)) == EXPECTED
    assert answers[6].trouble.file == "06.xlsx"


def test_a_paths_letters_do_not_matter(reader, tmp_path):
    for name in ("Quận “Ba Đình”\nsố 1.xlsx", "e\u0302.xlsx", "-x.xlsx"):
        path = tmp_path / name
        path.write_bytes(hostile.xlsx())
        assert len(reader.read(path).sheets[0].rows) == 30


def test_one_bad_file_says_which_and_what_to_do(reader, tmp_path):
    (tmp_path / "a.xls").write_text(hostile.HTML)
    with pytest.raises(FormError, match=r"\[F03\] a\.xls.*trang web HTML.*lưu lại dạng \.xlsx"):
        reader.read(tmp_path / "a.xls")


# --- what its child meets


def test_files_sent_ahead_of_a_crash_are_read_by_the_next_child(forms):
    with Reader() as one:
        found = []
        for answer in one.books(forms):
            found.append(told(answer))
            if len(found) in {3, 12}:
                os.kill(one._child.process.pid, getattr(signal, "SIGKILL", signal.SIGTERM))
                one._child.process.wait()
        assert found == EXPECTED
        assert one.deaths >= 1


def test_a_file_that_breaks_the_child_is_damaged_and_the_others_are_read(forms, monkeypatch):
    real = Child.take
    taken = []

    def take(child):
        message = real(child)
        taken.append(message)
        if len(taken) == 3:
            child.process.kill()
            child.process.wait()
            monkeypatch.setattr(child, "reason", lambda: "fault")
            return None
        return message

    monkeypatch.setattr(Child, "take", take)
    with Reader() as one:
        assert list(map(told, one.books(forms))) == [0, 1, "F05", *EXPECTED[3:]]


@pytest.mark.skipif(os.name != "posix", reason="signals tell how a process died")
@pytest.mark.parametrize(("died", "reason"), [("SIGABRT", "memory"), ("SIGSEGV", "fault"), ("SIGKILL", "killed")])
def test_the_way_a_child_dies_tells_why(died, reason):
    child = Child(20, 2**31, wall=True)
    os.kill(child.process.pid, getattr(signal, died))
    assert child.take() is None
    assert child.reason() == reason
    child.end()


def test_a_child_that_somebody_kills_twice_over_one_file_is_not_started_for_ever(forms, monkeypatch):
    real = Child.send

    def send(child, path):
        child.process.kill()
        child.process.wait()
        real(child, path)

    monkeypatch.setattr(Child, "send", send)
    monkeypatch.setattr(Child, "reason", lambda _: "killed")
    with Reader() as one:
        with pytest.raises(FormError, match="F06"):
            one.read(forms[0])
        assert one.deaths == 2


def test_a_file_beyond_its_time_is_given_up(tmp_path, forms):
    path = tmp_path / "long.csv"
    path.write_bytes("Đơn vị;Số\n".encode() + b"a;1\n" * 15_000_000)
    with Reader(seconds=1) as one:
        with pytest.raises(FormError, match="F06.*hơn 1 giây"):
            one.read(path)
        one.seconds = 20
        assert told(one.read(forms[1])) == 1


@pytest.mark.parametrize("wall", [True, False])
def test_a_file_beyond_the_memory_is_given_up_with_and_without_a_wall_of_the_system(tmp_path, forms, wall):
    path = tmp_path / "large.csv"
    path.write_bytes("Đơn vị;Số\n".encode() + b"a;1\n" * 15_000_000)
    with Reader(memory=300 * 2**20) as one:
        one._wall = wall
        with pytest.raises(FormError, match="F06.*bộ nhớ"):
            one.read(path)
        assert told(one.read(forms[1])) == 1
    assert one.peak < 2**30  # it would need about twice that


# --- interrupts and ends


def test_an_interrupt_leaves_the_reader_usable(forms, monkeypatch):
    real = Child.take
    with Reader() as one:
        coming = one.books(forms)
        assert [told(next(coming)) for _ in range(3)] == [0, 1, 2]
        monkeypatch.setattr(Child, "take", lambda _: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            one.read(forms[9])
        monkeypatch.setattr(Child, "take", real)
        assert told(one.read(forms[9])) == 9
        assert list(map(told, coming)) == EXPECTED[3:]


def test_leaving_in_the_middle_and_asking_between_mixes_nothing_up(forms):
    with Reader() as one:
        coming = one.books(forms)
        assert told(next(coming)) == 0
        assert told(one.read(forms[19])) == 19
        assert told(next(coming)) == 1
        coming.close()
        assert told(one.read(forms[18])) == 18
        assert not one._sent


def test_a_closed_reader_starts_anew_and_leaves_no_process(forms):
    one = Reader()
    assert told(one.read(forms[2])) == 2
    first = one._child.process
    one.close()
    assert first.returncode is not None
    assert told(one.read(forms[3])) == 3
    second = one._child.process
    one.__del__()
    assert second.returncode is not None


def test_no_process_is_started_before_a_file_needs_one(tmp_path):
    with Reader() as one:
        with pytest.raises(FormError, match="F01"):
            one.read(tmp_path / "nothing.xlsx")
        assert one._child is None


def test_a_child_ends_with_its_parent(forms):
    code = (
        "import os, sys; from pathlib import Path; from danvan_kit.forms.isolated import Reader\n"
        "one = Reader(); one.read(Path(sys.argv[1])); print(one._child.process.pid, flush=True); os._exit(1)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(forms[0])], capture_output=True, text=True, check=False)
    pid = int(done.stdout)
    limit = time.monotonic() + 20
    with contextlib.suppress(psutil.NoSuchProcess):
        while psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
            assert time.monotonic() < limit
            time.sleep(0.02)


def test_the_child_loads_no_large_library_and_no_module_from_the_folder_it_runs_in(tmp_path, forms):
    (tmp_path / "struct.py").write_text("raise SystemExit(7)")
    code = (
        "import sys; from danvan_kit.forms import child; child.answer(sys.argv[1])\n"
        "assert not {'pandas', 'numpy', 'psutil', 'IPython', 'xlrd'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-P", "-c", code, str(forms[0])], cwd=tmp_path, check=True)
    code = "from pathlib import Path; from danvan_kit.forms.isolated import Reader\nimport sys, os\n"
    code += "os.chdir(sys.argv[1])\nwith Reader() as one: one.read(Path(sys.argv[2]))"
    subprocess.run([sys.executable, "-P", "-c", code, str(tmp_path), str(forms[0])], check=True)


# --- messages


@pytest.mark.parametrize(
    "message",
    [
        b"", b"\xff", b"[]", b"{}", b"7", b'{"code": "X99", "found": ["", ""], "sheet": "", "cell": ""}',
        b'{"code": "F05", "found": 3}', b'{"kind": "xlsx", "digest": "", "notes": [], "sheets": [1]}',
        b'{"kind": "xlsx", "digest": "", "notes": [], "sheets": [{"name": "", "hidden": 0, "rows": [[{"d": "x"}]]}]}',
        b"[" * 100_000, json.dumps({"kind": "", "digest": "", "notes": [], "sheets": None}).encode(),
    ],
)  # fmt: skip
def test_a_message_of_another_shape_is_an_error_of_the_file(message):
    answer = messages.opened(message, "a.xlsx")
    assert isinstance(answer, FormError)
    assert answer.code == "F05"


def test_a_message_that_is_cut_or_too_long_is_none():
    assert process._message(io.BytesIO(struct.pack("<I", 2) + b"ok")) == b"ok"
    for data in (b"", b"\1\0", struct.pack("<I", 5) + b"ok", struct.pack("<I", 2**32 - 1), struct.pack("<I", 0)):
        assert process._message(io.BytesIO(data)) == b""


def test_a_name_that_no_file_can_have_is_refused(reader):
    answer = next(reader.books(["a\0.xlsx"]))
    assert told(answer) == "F01"

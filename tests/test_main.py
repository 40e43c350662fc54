"""The command: exit 0 when all is fine, 1 when problems are found, 2 with one line when it is misused."""

from __future__ import annotations

import re
import subprocess
import sys

import pandas as pd
import pytest
from conftest import DATA

from danvan_kit.__main__ import main


def test_check_lists_problems_and_exits_with_1(capsys):
    assert main(["check", str(DATA)]) == 1
    out = capsys.readouterr().out.splitlines()
    assert out[0].startswith("[error] ")
    assert re.search(r"\d+ error, \d+ warning, \d+ info$", out[-1])


def test_check_writes_every_row(tmp_path, capsys):
    main(["check", str(DATA), "--to", str(tmp_path / "rows.csv"), "--lang", "en"])
    rows = pd.read_csv(tmp_path / "rows.csv")
    counted = sum(int(n) for n in re.findall(r"(\d+) (?:error|warning|info)", capsys.readouterr().out.splitlines()[-1]))
    assert len(rows) == counted > 100


def test_a_missing_folder_is_one_line_and_exit_2(capsys):
    assert main(["check", "nowhere"]) == 2
    err = capsys.readouterr().err
    assert err.startswith("danvan: không có thư mục nowhere")
    assert err.count("\n") == 1


def test_simulate_gives_the_shipped_rows_and_a_clean_review_passes_the_checks(tmp_path, capsys):
    assert main(["simulate", "--data", str(DATA), "--to", str(tmp_path)]) == 0
    for name in ("observations.csv.gz", "records.csv.gz", "planted.csv"):
        shipped = pd.read_csv(DATA / "simulated" / name, dtype=str)
        pd.testing.assert_frame_equal(pd.read_csv(tmp_path / name, dtype=str), shipped)


def test_simulate_makes_a_country(tmp_path, capsys):
    assert main(["simulate", "--data", str(DATA), "--to", str(tmp_path), "--country", "--records", "5000"]) == 0
    assert len(pd.read_csv(tmp_path / "records.csv.gz")) == 5000
    assert len(pd.read_csv(tmp_path / "areas.csv")) > 11_000


def test_an_unknown_command_is_misuse():
    with pytest.raises(SystemExit) as caught:
        main(["publsh"])
    assert caught.value.code == 2


def test_the_command_runs_as_a_module():
    done = subprocess.run([sys.executable, "-m", "danvan_kit", "--help"], capture_output=True, text=True, check=True)
    assert "danvan" in done.stdout


FORMS = DATA / "simulated" / "forms"


def test_read_says_what_is_asked_files_the_forms_and_ends_with_one(tmp_path, capsys):
    into, asked = tmp_path / "nhan", tmp_path / "hoi.xlsx"
    command = ["read", str(FORMS), "--data", str(DATA), "--into", str(into), "--problems", str(asked)]
    assert main(command) == 1
    out = capsys.readouterr().out
    assert "[Q05]" in out
    assert "27,739" in out
    assert "7 tệp mới" in out
    assert (into / "observations.csv").exists()
    assert asked.stat().st_size > 3000
    assert main(command) == 1
    assert "0 tệp mới, 0 số liệu mới, 0 số liệu được sửa, 7 tệp đã có từ trước" in capsys.readouterr().out


def test_read_speaks_english_and_ends_with_nought_when_nothing_is_asked(capsys):
    assert main(["read", str(FORMS / "Xa-Phu-Cuong_2019.ods"), "--data", str(DATA), "--lang", "en"]) == 0
    assert "6 số liệu" in capsys.readouterr().out
    assert main(["read", str(FORMS / "Thanh-pho-Ha-Noi_2019.csv"), "--data", str(DATA), "--lang", "en"]) == 1
    assert "the figure has more than one reading; found: “27,739” may be" in capsys.readouterr().out


def test_read_writes_blank_forms_that_it_reads_back_without_a_question(tmp_path, capsys):
    folder = tmp_path / "trong"
    made = ["read", "--template", "--data", str(DATA), "--into", str(folder), "--area", "001", "--year", "2015"]
    assert main(made) == 0
    forms = sorted(folder.rglob("*.xlsx"))
    assert f"{len(forms)} biểu trống" in capsys.readouterr().out
    assert len(forms) == 15  # the district and its fourteen communes
    assert main(["read", str(folder), "--data", str(DATA)]) == 0
    assert "15 tệp" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (["read"], "thiếu tệp biểu mẫu"),
        (["read", "--template"], "--template cần --into FOLDER"),
        (["read", "x.xlsx", "--layout", "none.csv"], "không đọc được none.csv"),
    ],
)
def test_read_without_what_it_needs_is_misuse_in_one_line(command, told, capsys):
    assert main([*command, "--data", str(DATA)]) == 2
    error = capsys.readouterr().err
    assert told in error
    assert len(error.strip().splitlines()) == 1

"""`danvan lab` without a browser: what it refuses, what it passes to JupyterLab, what it prints."""

from __future__ import annotations

import json
import os
import socket
import webbrowser

import pytest

from danvan_kit import lab
from danvan_kit.lab import LabError, open_lab


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "00_start.ipynb").touch()
    return tmp_path


@pytest.fixture
def launched(monkeypatch):
    """Stand in for JupyterLab: keep its arguments."""
    from jupyterlab.labapp import LabApp  # noqa: PLC0415 - only here

    given = []
    monkeypatch.setattr(LabApp, "launch_instance", lambda argv: given.append(list(argv)))
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", "mine")
    return given


def options(argv):
    return dict(argument.removeprefix("--").split("=", 1) for argument in argv)


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(LabError, match="nowhere"):
        open_lab(tmp_path / "nowhere")


def test_a_folder_without_the_first_notebook_says_which_is_missing(tmp_path):
    with pytest.raises(LabError, match=r"notebooks/00_start\.ipynb"):
        open_lab(tmp_path)


def test_a_port_in_use_is_named(folder):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(LabError, match=rf"{port}.*--port"):
            open_lab(folder, port)


def test_a_port_that_is_no_port_says_what_is_allowed(folder):
    with pytest.raises(LabError, match=r"70000.*1024"):
        open_lab(folder, 70000)


def test_without_a_browser_the_address_is_printed_and_lab_serves_on(folder, launched, monkeypatch, capsys):
    def none():
        raise webbrowser.Error("no browser")

    monkeypatch.setattr(webbrowser, "get", none)
    open_lab(folder)
    (argv,) = launched
    printed = capsys.readouterr().out
    assert printed.startswith("Hãy mở địa chỉ này")
    assert options(argv)["IdentityProvider.token"] in printed
    assert "--ServerApp.open_browser=False" in argv


def test_the_server_is_for_this_computer_only_and_has_no_terminals(folder, launched, monkeypatch, capsys):
    monkeypatch.setattr(webbrowser, "get", lambda: None)
    open_lab(folder)
    assert capsys.readouterr().out.count("\n") == 1
    given = options(launched[0])
    assert given["ServerApp.ip"] == "127.0.0.1"
    assert given["ServerApp.allow_remote_access"] == "False"
    assert given["ServerApp.terminals_enabled"] == "False"
    assert given["ServerApp.open_browser"] == "True"
    assert len(given["IdentityProvider.token"]) == 48
    assert not [name for name in given if "allow_origin" in name]


def test_every_start_has_a_token_of_its_own(folder, launched):
    open_lab(folder, browser=False)
    open_lab(folder, browser=False)
    tokens = {options(argv)["IdentityProvider.token"] for argv in launched}
    assert len(tokens) == 2


def test_the_policy_lets_no_inline_script_run_and_no_page_frame_it():
    rules = dict(rule.split(" ", 1) for rule in lab.policy(8888).split("; "))
    assert "unsafe-inline" not in rules["script-src"]
    assert rules["connect-src"] == "'self' ws://127.0.0.1:8888"
    assert rules["object-src"] == "'none'"
    assert rules["frame-ancestors"] == "'self'"


def test_the_kits_settings_stand_beside_the_users_and_write_nothing(folder, launched):
    open_lab(folder, browser=False)
    ours, users = os.environ["JUPYTER_CONFIG_PATH"].split(os.pathsep)
    assert users == "mine"
    path = lab.STATIC / "labconfig" / "default_setting_overrides.json"
    assert ours == str(lab.STATIC)
    settings = json.loads(path.read_text(encoding="utf-8"))
    assert settings["@jupyterlab/translation-extension:plugin"]["locale"] == "vi_VN"
    assert settings["@jupyterlab/apputils-extension:notification"]["fetchNews"] == "false"

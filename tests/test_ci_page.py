"""The page on CI says what the commands can do, and the files that it tells to copy do what it says."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import pytest
import yaml
from nbval import plugin as nbval_plugin

from danvan_kit.__main__ import _parser
from danvan_kit.regression import plugin, report

DOCS = Path(__file__).parents[1] / "docs"
PAGE = (DOCS / "ci.md").read_text(encoding="utf-8")
VIETNAMESE, ENGLISH = PAGE.split("\n## English\n")
COPIED = sorted((DOCS / "ci").iterdir())
TEXTS = {"ci.md": PAGE} | {path.name: path.read_text(encoding="utf-8") for path in COPIED}


class _Options:
    """A pytest parser that only remembers which options it is given."""

    def __init__(self):
        self.names = set()

    def getgroup(self, *_):
        return self

    def addoption(self, *names, **_):
        self.names |= set(names)

    _addoption = addoption


def _commands():
    """Return the command lines of the page, from its code blocks and from its sentences."""
    blocks = [line for block in re.findall(r"```sh\n(.*?)```", PAGE, flags=re.DOTALL) for line in block.splitlines()]
    spans = re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", PAGE, flags=re.DOTALL))
    hook = yaml.safe_load(TEXTS["pre-commit-config.yaml"])["repos"][0]["hooks"][0]["entry"]
    quoted = [part for line in blocks for part in re.findall(r"'(danvan [^']+)'", line)]
    return [*blocks, *spans, *quoted, hook, *_steps()]


def _steps():
    steps = yaml.safe_load(TEXTS["notebooks.yml"])["jobs"]["verify"]["steps"]
    return [step["run"] for step in steps if "run" in step]


def _danvan():
    """Return the options of each of danvan's commands."""
    commands = next(a for a in _parser()._actions if isinstance(a, argparse._SubParsersAction)).choices
    return {name: {o for a in one._actions for o in a.option_strings} for name, one in commands.items()}


def _named(command):
    return set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", command))


def _shape(text, pattern):
    return re.findall(pattern, text, flags=re.MULTILINE)


def test_the_page_names_only_commands_and_options_of_danvan_that_exist():
    known, told = _danvan(), [line.split() for line in _commands() if line.startswith("danvan ")]
    assert {words[1] for words in told} == {"verify", "diff"}
    for words in told:
        assert _named(" ".join(words)) <= known[words[1]], words


def test_an_option_named_alone_is_one_of_verify():
    alone = [line for line in _commands() if line.startswith("--")]
    assert alone
    for line in alone:
        assert _named(line) <= _danvan()["verify"], line


def test_the_page_names_only_options_of_pytest_that_exist():
    options = _Options()
    plugin.pytest_addoption(options)
    nbval_plugin.pytest_addoption(options)
    told = [line for line in _commands() if line.startswith("pytest ")]
    assert len(told) == 2
    for line in told:
        assert _named(line) <= options.names | {"-n"}, line  # xdist's


def test_the_tags_that_the_page_names_are_those_of_nbval():
    told = set(re.findall(r"`((?:nbval|raises)-[a-z-]+)`", PAGE))
    assert told == {"nbval-skip", "nbval-ignore-output", "raises-exception"}
    assert told <= set(nbval_plugin.metadata_tags)
    comments = set(re.findall(r"`# (NBVAL_\w+)`", PAGE))
    assert len(comments) == 3
    assert comments <= set(nbval_plugin.comment_markers)


def test_the_page_reads_results_under_the_headings_that_the_command_prints():
    for vietnamese, english in report.TITLES.values():
        assert f"| {vietnamese} |" in VIETNAMESE
        assert f"| {english} |" in ENGLISH


def test_the_time_limit_on_the_page_is_the_one_of_the_command():
    limit = _parser().parse_args(["verify"]).timeout
    assert f"quá {limit:g} giây" in VIETNAMESE
    assert f"after {limit:g} seconds" in ENGLISH


def test_the_workflow_runs_the_commands_of_the_page_with_few_rights_and_a_time_limit():
    flow = yaml.safe_load(TEXTS["notebooks.yml"])
    job = flow["jobs"]["verify"]
    assert flow["permissions"] == {"contents": "read"}
    assert "permissions" not in job
    assert 0 < job["timeout-minutes"] <= 30
    assert _steps() == ["pip install -r requirements.txt", "danvan verify --jobs 2 --report report.html"]
    for line in ("pip install -r requirements.txt", "danvan verify --report report.html"):
        assert line in VIETNAMESE
        assert line in ENGLISH


def test_the_workflow_hands_over_the_report_even_when_a_figure_differs():
    steps = yaml.safe_load(TEXTS["notebooks.yml"])["jobs"]["verify"]["steps"]
    upload = next(step for step in steps if step.get("uses", "").startswith("actions/upload-artifact@"))
    assert upload["if"] == "${{ !cancelled() }}"
    assert upload["with"]["path"] == "report.html"
    assert f"`{upload['with']['name']}`" in VIETNAMESE
    assert steps.index(upload) == len(steps) - 1


def test_the_hook_runs_the_installed_command_once_on_changed_notebooks_only():
    (repo,) = yaml.safe_load(TEXTS["pre-commit-config.yaml"])["repos"]
    (hook,) = repo["hooks"]
    assert repo["repo"] == "local"
    assert hook["language"] == "system"
    assert hook["entry"].startswith("danvan verify")
    assert hook["require_serial"]
    assert "pass_filenames" not in hook
    wanted = re.compile(hook["files"])
    assert wanted.search("notebooks/giam_sat.ipynb")
    assert not wanted.search("notebooks/giam_sat.csv")
    assert not wanted.search("notebooks/.ipynb_checkpoints/giam_sat-checkpoint.ipynb")


def test_the_requirements_install_one_file_that_is_no_name_on_an_index():
    lines = [line for line in TEXTS["requirements.txt"].splitlines() if line and not line.startswith("#")]
    assert lines == ["-c constraints.txt", "./danvan_kit-0.1.0-py3-none-any.whl"]
    assert TEXTS["requirements.txt"].startswith("# -*- coding: utf-8 -*-\n")  # pip on Windows reads it so


def test_both_languages_have_the_same_headings_and_code_blocks():
    for pattern in (r"^### \d\.", r"^```\w+$", r"^\|", r"\]\(ci/[\w.-]+\)"):
        assert _shape(VIETNAMESE, pattern) == _shape(ENGLISH, pattern) != []
    assert len(_shape(VIETNAMESE, r"^### ")) == 8


def test_every_file_to_copy_is_linked_from_the_page_and_says_where_it_goes():
    assert [path.name for path in COPIED] == ["notebooks.yml", "pre-commit-config.yaml", "requirements.txt"]
    for path in COPIED:
        assert f"(ci/{path.name})" in PAGE
        goes_to = re.search(r"Chép thành / copy to: (\S+)", TEXTS[path.name])[1]
        assert goes_to in PAGE


@pytest.mark.parametrize("name", TEXTS)
def test_no_network_address_and_no_path_of_one_machine_stands_in(name):
    assert not re.search(r"https?:|file:|index-url|find-links|trusted-host|pypi", TEXTS[name], flags=re.IGNORECASE)
    assert not re.search(r"/(?:home|root|tmp|work|Users)/|[A-Z]:\\", TEXTS[name])

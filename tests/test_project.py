"""The files around the code agree with each other."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import danvan_kit as kit
from danvan_kit import tables

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
WANTED = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["test"]]


def _name(requirement):
    return re.split(r"[<>=!\[; ]", requirement, maxsplit=1)[0].lower().replace("_", "-")


def _pins():
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return dict(line.lower().replace("_", "-").split("==") for line in lines if line and not line.startswith("#"))


def test_the_conda_environment_lists_what_the_project_needs():
    text = (ROOT / "environment.yml").read_text(encoding="utf-8")
    listed = re.findall(r"^      - (.+)$", text, flags=re.MULTILINE)
    assert listed == WANTED
    assert f"python{PROJECT['requires-python']}" in text


def test_every_needed_package_is_pinned_to_one_exact_version():
    assert {_name(r) for r in WANTED} <= set(_pins())


def test_the_constraints_hold_versions_and_nothing_else():
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    odd = [line for line in lines if line and not line.startswith("#") and not re.fullmatch(r"[\w.-]+==[\w.+!]+", line)]
    assert odd == []


def test_the_readme_opens_with_the_two_commands_and_their_windows_twins():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for mark, target in (("open", "danvan lab"), ("test", "pytest")):
        part = text.split(f"<!-- {mark} -->")[1].split("<!-- end -->")[0]
        lines = [line for line in part.splitlines() if line.startswith(("python3 -m venv", "py -m venv"))]
        assert len(lines) == 2
        for line in lines:
            assert line.endswith(target)
            assert "-c constraints.txt" in line


def test_the_data_package_is_the_schemas(tmp_path):
    written = json.loads((ROOT / "data" / "datapackage.json").read_text(encoding="utf-8"))
    files = {r["name"].replace("-", "_"): r["path"] for r in written["resources"]}
    assert set(files) == set(tables.schemas())
    licence = written["licenses"][0]["name"]
    assert written == tables.package(files, title=written["title"], licence=licence)


def test_the_dictionary_names_every_column():
    text = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    for name, schema in tables.schemas().items():
        part = text.split(f"### `{name}`")[1].split("###")[0]
        for field in schema["fields"]:
            assert f"| `{field['name']}` |" in part, (name, field["name"])


def test_frictionless_finds_the_data_package_valid():
    command = [sys.executable, "-m", "frictionless", "validate", "data/datapackage.json", "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    report = json.loads(done.stdout)
    problems = [e for task in report["tasks"] for e in task["errors"]] + report["errors"]
    assert problems == []
    assert report["valid"]
    assert report["stats"]["tasks"] == len(tables.schemas())


@pytest.mark.parametrize("path", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda p: p.name)
def test_a_notebook_is_small_was_run_and_defines_no_function(path):
    book = json.loads(path.read_text(encoding="utf-8"))
    code = [c for c in book["cells"] if c["cell_type"] == "code"]
    assert path.stat().st_size < 500_000
    assert all(c["execution_count"] for c in code)
    assert not any(re.search(r"^\s*(def|class|lambda)\b", "".join(c["source"]), flags=re.MULTILINE) for c in code)
    assert not any(o["output_type"] == "error" for c in code for o in c["outputs"])


def test_the_public_names_are_few_and_each_is_there_and_documented():
    assert len(kit.__all__) <= 20
    assert kit.__all__ == sorted(kit.__all__)
    assert [name for name in kit.__all__ if not getattr(kit, name).__doc__] == []

"""The river flows one way: a module imports only modules above it in `docs/design.md`."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "danvan_kit"
MODULES = sorted(p for p in PACKAGE.rglob("*.py") if p != PACKAGE / "__init__.py")


def _order():
    text = (ROOT / "docs" / "design.md").read_text(encoding="utf-8").split("## The shapes")[0]
    return re.findall(r"^\| `([a-z_]+)/?` \|", text, flags=re.MULTILINE)


def _module(path):
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def _imports(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("danvan_kit"):
            rest = node.module.split(".")[1:]
            yield from [rest[0]] if rest else [a.name for a in node.names if a.name != "__version__"]
        if isinstance(node, ast.Import):
            yield from (a.name.split(".")[1] for a in node.names if a.name.startswith("danvan_kit."))


def test_the_design_lists_every_module_and_no_other():
    assert set(_order()) == {_module(p) for p in MODULES}


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_a_module_imports_only_modules_above_it(path):
    order, own = _order(), _module(path)
    for name in _imports(path):
        assert name == own or order.index(name) < order.index(own), f"{own} imports {name}"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_no_module_outgrows_its_one_job(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


def test_importing_the_kit_reads_no_data_and_starts_nothing():
    code = (
        "import sys, builtins, subprocess, socket\n"
        "real = builtins.open\n"
        "def watch(f, *a, **k):\n"
        "    assert not str(f).endswith(('.csv', '.gz', '.toml', '.json')), f\n"
        "    return real(f, *a, **k)\n"
        "builtins.open = watch\n"
        "import danvan_kit\n"
        "assert 'jupyterlab' not in sys.modules and 'danvan_kit.lab' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)

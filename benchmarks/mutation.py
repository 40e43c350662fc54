"""How many small changes of a module its tests notice.

Run: ``python benchmarks/mutation.py [module ...]``, a module being a name of `TESTS`. Needs Linux: each changed module
is tried in a fork of this process, which has pandas and pytest loaded already.

One change at a time: a comparison, an operator or a truth value turned round, a number one more and one less, a
condition negated, a ``not`` dropped, None returned, a statement left out. Annotations and texts stay.
"""

from __future__ import annotations

import ast
import copy
import importlib.util
import multiprocessing
import os
import sys
import tempfile
import time
import types
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Change = tuple[int, str, Callable[[ast.AST], ast.AST]]  # which node, in words, and how

ROOT = Path(__file__).parents[1]
TESTS = {
    "danvan_kit.forms.numbers": "tests/test_form_numbers.py",
    "danvan_kit.forms.written": "tests/test_form_numbers.py",
    "danvan_kit.forms.dates": "tests/test_form_dates.py",
    "danvan_kit.forms.encodings": "tests/test_encodings.py",
    "danvan_kit.forms.spelling": "tests/test_encodings.py",
}
AT_ONCE, LIMIT = 2, 60.0  # processes, and seconds for each
PAIRS = [
    (ast.Lt, ast.LtE), (ast.Gt, ast.GtE), (ast.Eq, ast.NotEq), (ast.Is, ast.IsNot), (ast.In, ast.NotIn),
    (ast.Add, ast.Sub), (ast.Mult, ast.Div), (ast.And, ast.Or),
]  # fmt: skip
SWAPS = dict(PAIRS) | {b: a for a, b in PAIRS}


def swap_operator(node: ast.AST, place: int) -> ast.AST:
    if isinstance(node, ast.Compare):
        node.ops[place] = SWAPS[type(node.ops[place])]()
    else:
        node.op = SWAPS[type(node.op)]()
    return node


def operators(node: ast.AST) -> list[ast.AST]:
    return node.ops if isinstance(node, ast.Compare) else [node.op] if hasattr(node, "op") else []


def negated(node: ast.AST) -> ast.AST:
    node.test = ast.UnaryOp(ast.Not(), node.test)
    return node


def variants(node: ast.AST) -> Iterator[tuple[str, Callable[[ast.AST], ast.AST]]]:
    """Yield the changes of one node: in words, and how."""
    for place, operator in enumerate(operators(node)):
        if type(operator) in SWAPS:
            words = f"{type(operator).__name__} -> {SWAPS[type(operator)].__name__}"
            yield words, lambda n, place=place: swap_operator(n, place)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.Not, ast.USub)):
        yield f"no {type(node.op).__name__}", lambda n: n.operand
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield f"{node.value} -> {not node.value}", lambda n: ast.Constant(not n.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
        for step in (1, -1):
            yield f"{node.value} {step:+}", lambda n, step=step: ast.Constant(n.value + step)
    if isinstance(node, (ast.If, ast.IfExp, ast.While)):
        yield "condition negated", negated
    if isinstance(node, ast.Return) and node.value is not None and ast.unparse(node.value) != "None":
        yield "return None", lambda _: ast.Return(ast.Constant(None))
    if isinstance(node, (ast.Assign, ast.AugAssign, ast.Expr, ast.If, ast.Raise, ast.For)):
        yield "left out", lambda _: ast.Pass()


def judged(tree: ast.Module) -> set[int]:
    """Return which nodes, counted as `ast.walk` goes, are changed: no annotations, no docstrings, no names of types."""
    left: set[int] = set()
    for node in ast.walk(tree):
        notes = [getattr(node, field, None) for field in ("annotation", "returns")]
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            notes.append(node)
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.annotation) == "TypeAlias":
            notes.append(node)
        left |= {id(inner) for note in notes if note is not None for inner in ast.walk(note)}
    left |= {id(statement) for statement in tree.body}
    return {i for i, node in enumerate(ast.walk(tree)) if id(node) not in left}


def changes(tree: ast.Module) -> list[Change]:
    allowed = judged(tree)
    nodes = enumerate(ast.walk(tree))
    return [(i, words, how) for i, node in nodes if i in allowed for words, how in variants(node)]


def changed(tree: ast.Module, change: Change) -> ast.Module:
    mutant = copy.deepcopy(tree)
    target = list(ast.walk(mutant))[change[0]]

    class Put(ast.NodeTransformer):
        def visit(self, node: ast.AST) -> ast.AST:
            return ast.copy_location(change[2](node), node) if node is target else self.generic_visit(node)

    return ast.fix_missing_locations(Put().visit(mutant))


def attempt(name: str, tree: ast.Module, scratch: str) -> None:
    """Run the tests on a changed module, and leave the process with their verdict."""
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    os.dup2(silent, 2)
    hypothesis.settings.register_profile("mutation", derandomize=True, database=None)
    hypothesis.settings.load_profile("mutation")
    for other in [key for key in sys.modules if key.startswith("danvan_kit.forms.")]:
        del sys.modules[other]
    module = types.ModuleType(name)
    parent = importlib.import_module(name.rpartition(".")[0])
    sys.modules[name] = module
    setattr(parent, name.rpartition(".")[2], module)
    try:
        exec(compile(tree, name, "exec"), module.__dict__)  # noqa: S102
        options = ["-x", "-q", "-o", "addopts=", "-p", "no:cacheprovider", "--basetemp", scratch]
        code = int(pytest.main([*options, str(ROOT / TESTS[name])]))
    except BaseException:  # noqa: BLE001
        code = 1
    os._exit(code)


def survivors(name: str, scratch: str) -> tuple[list[Change], int, ast.Module]:
    """Return the changes that no test noticed, and how many there were."""
    tree = ast.parse(Path(importlib.util.find_spec(name).origin).read_text(encoding="utf-8"))
    fork = multiprocessing.get_context("fork")
    unchanged = fork.Process(target=attempt, args=(name, tree, f"{scratch}/unchanged"))
    unchanged.start()
    unchanged.join()
    if unchanged.exitcode:
        sys.exit(f"{name}: its tests fail without any change")
    waiting, running, alive = changes(tree)[::-1], [], []
    total = len(waiting)
    while waiting or running:
        while waiting and len(running) < AT_ONCE:
            change = waiting.pop()
            folder = f"{scratch}/{len(waiting)}"
            process = fork.Process(target=attempt, args=(name, changed(tree, change), folder))
            process.start()
            running.append((process, change, time.monotonic()))
        for one in list(running):
            process, change, began = one
            process.join(0.02)
            if process.is_alive() and time.monotonic() - began < LIMIT:
                continue
            if process.is_alive():
                process.kill()
                process.join()
            if process.exitcode == 0:
                alive.append(change)
            running.remove(one)
    return alive, total, tree


def main() -> None:
    names = [name for name in TESTS if not sys.argv[1:] or name.rpartition(".")[2] in sys.argv[1:]]
    with tempfile.TemporaryDirectory() as scratch:
        for name in names:
            began = time.monotonic()
            alive, total, tree = survivors(name, f"{scratch}/{name}")
            nodes = list(ast.walk(tree))
            for place, words, _ in alive:
                print(f"  line {nodes[place].lineno}: {words}: {ast.unparse(nodes[place]).splitlines()[0][:90]}")
            share = 100 * (total - len(alive)) / total
            print(f"{name}: {total - len(alive)} of {total} changes noticed, {share:.1f} %, "
                  f"{time.monotonic() - began:.0f} s")  # fmt: skip


if __name__ == "__main__":
    main()

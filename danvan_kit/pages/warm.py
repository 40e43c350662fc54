"""Inside a kernel: put it back to where a notebook's upper cells left it, between two sets of parameters.

`run` has a kernel call `keep` below the upper cells, and `restore` before each further set.
"""

from __future__ import annotations

import gc
import itertools
import os
import random
import sys
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterable
from importlib import import_module
from types import ModuleType
from typing import Any

import psutil  # type: ignore[import-untyped]

MORE = 64 << 20  # bytes that a kernel may grow before it is swept
MOST = 1 << 30  # bytes that a swept kernel may have grown before another takes its place
OURS = ("danvan_kit.", "ipywidgets.")  # whose objects' attributes are put back: explorers and widgets remember choices
PAST = ("input_hist_parsed", "input_hist_raw", "output_hist", "output_hist_reprs", "outputs", "exceptions", "dir_hist")
_kept: list[Kept] = []


def keep() -> None:
    """Remember what the cells so far have made."""
    from IPython import get_ipython  # noqa: PLC0415 - in a kernel it is there already

    _kept[:] = [Kept(get_ipython())]


def restore() -> None:
    """Put back what `keep` remembered.

    Raises
    ------
    RuntimeError
        If another kernel should take this one's place: it has grown too much, or a cell has told it to exit.
    """
    _kept[0].restore()


class Kept:
    """What is put back: names, contents of plain containers and of the kit's objects, IPython's past, surroundings.

    Parameters
    ----------
    shell
        IPython's shell in this kernel.
    """

    def __init__(self, shell: Any) -> None:  # noqa: ANN401
        self._shell, self._names, self._were = shell, shell.user_ns, dict(shell.user_ns)
        past, display = shell.history_manager, shell.displayhook
        attributes = {shell: ("execution_count",), past: ("_i00", "_i", "_ii", "_iii"), display: ("_", "__", "___")}
        self._attributes = [
            (owner, name, getattr(owner, name)) for owner, names in attributes.items() for name in names
        ]
        lists = [getattr(past, name, None) for name in (*PAST, "db_input_cache")]
        self._contents = _contents([*self._were.values(), *lists, shell.user_ns_hidden, sys.path])
        self._live = {id(thing): thing for thing in _live()}
        self._folder, self._environment = os.getcwd(), dict(os.environ)  # noqa: PTH109
        self._filters, self._warned = list(warnings.filters), {name: set(told) for name, told in _warned().items()}
        self._chance = [(back, now()) for now, back in _chance()]
        self._counters = [(module, name, next(counter)) for module, name, counter in _counters()]
        self._count()
        self._calm = self._first = _size()

    def restore(self) -> None:
        """Put everything back."""
        if getattr(self._shell, "exit_now", False):  # it will, in a moment
            raise RuntimeError
        for thing in _live():
            if id(thing) not in self._live:
                thing.close()
        for name in self._names.keys() - self._were.keys():
            del self._names[name]
        self._names.update(self._were)
        for owner, name, value in self._attributes:
            setattr(owner, name, value)
        for thing, content in self._contents:
            _refill(thing, content)
        self._surroundings()
        self._count()
        self._sweep()

    def _count(self) -> None:
        for module, name, following in self._counters:
            setattr(module, name, itertools.count(following))

    def _surroundings(self) -> None:
        os.chdir(self._folder)
        if self._environment != dict(os.environ):
            os.environ.clear()
            os.environ.update(self._environment)
        if self._filters != warnings.filters:
            warnings.filters[:] = self._filters  # type: ignore[index]
            with warnings.catch_warnings():  # its end makes Python look at the filters again
                pass
        for name, told in _warned().items():  # what a fresh kernel would tell is told again
            for key in told.keys() - self._warned.get(name, set()):
                del told[key]
        for back, state in self._chance:
            back(state)
        for name in ("last_type", "last_value", "last_traceback", "last_exc"):
            vars(sys).pop(name, None)

    def _sweep(self) -> None:
        """Collect what refers to itself, but not each time: it takes longer than most cells."""
        if _size() > self._calm + MORE:
            gc.collect()
            self._calm = _size()
            if self._calm > self._first + MOST:
                raise RuntimeError


def _contents(things: Iterable[Any]) -> list[tuple[Any, Any]]:
    """Return plain containers and the kit's own objects, at any depth in each other, with a copy of what they hold."""
    waiting, found = list(things), dict[int, tuple[Any, Any]]()
    while waiting:
        thing = waiting.pop()
        kind = type(thing)
        if kind is tuple:
            waiting.extend(thing)
        elif id(thing) not in found and (content := _content(thing, kind)) is not None:
            found[id(thing)] = thing, content
            waiting.extend(content.values() if isinstance(content, dict) else content)
    return list(found.values())


def _content(thing: Any, kind: type) -> Any:  # noqa: ANN401
    if kind in {list, dict, set, defaultdict}:
        return thing.copy()
    return dict(vars(thing)) if kind.__module__.startswith(OURS) and hasattr(thing, "__dict__") else None


def _refill(thing: Any, content: Any) -> None:  # noqa: ANN401
    if isinstance(thing, list):
        thing[:] = content
    elif isinstance(thing, dict | set):
        thing.clear()
        thing.update(content)
    else:  # attributes that came later stay: they are caches
        vars(thing).update(content)


def _live() -> list[Any]:
    """Return the widgets and other channels to a page; they are kept alive until they are closed."""
    widgets = getattr(sys.modules.get("ipywidgets.widgets.widget"), "_instances", {})
    channels = sys.modules["comm"].get_comm_manager().comms if "comm" in sys.modules else {}
    return [*widgets.values(), *channels.values()]


def _warned() -> dict[str, dict[Any, Any]]:
    """Return each module's list of warnings that were told once and are not told again."""
    found = {name: getattr(module, "__dict__", {}).get("__warningregistry__") for name, module in sys.modules.items()}
    return {name: told for name, told in found.items() if told}


def _chance() -> list[tuple[Callable[[], Any], Callable[[Any], None]]]:
    """Return the random generators that all share: how to ask for their state, and how to set it."""
    shared: list[tuple[Callable[[], Any], Callable[[Any], None]]] = [(random.getstate, random.setstate)]
    if chance := sys.modules.get("numpy.random"):
        shared.append((chance.get_state, chance.set_state))
    return shared


def _counters() -> list[tuple[ModuleType, str, Any]]:
    """Return the kit's counters: what is made in a notebook bears numbers, which must not depend on former areas."""
    if "danvan_kit" not in sys.modules:
        return []
    import_module("danvan_kit.explorer")  # now, so that its counter is known before its first use
    ours = [module for name, module in sys.modules.items() if name.startswith(OURS[0])]
    return [(module, name, of) for module in ours for name, of in vars(module).items() if type(of) is itertools.count]


def _size() -> int:
    """Return the memory of this process, in bytes."""
    return int(psutil.Process().memory_info().rss)

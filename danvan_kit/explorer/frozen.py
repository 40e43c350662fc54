"""An explorer without a kernel: the states that a reader can reach, computed by the view, packed."""

from __future__ import annotations

import base64
import hashlib
import json
import math
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from danvan_kit import cube, words
from danvan_kit.areas import Areas
from danvan_kit.errors import DanvanError
from danvan_kit.explorer.controls import Control
from danvan_kit.explorer.pack import Packer
from danvan_kit.views._shown import PAGE_ROWS, plain, table_of

if TYPE_CHECKING:
    from danvan_kit.review import Review
    from danvan_kit.views import View

Axes: TypeAlias = dict[str, list[Any]]
"""The choices that can be changed, each with the values it can take, in the order of the view's arguments."""

STATES = 20_000
"""How many states a shared page holds of one explorer."""
SIZE = 1_500_000
"""How many bytes its packed states may take."""
WHY = {
    "states": (
        "đủ mọi lựa chọn sẽ có {found} trạng thái, trang này chứa tối đa {most}",
        "all choices together have {found} states, this page holds up to {most}",
    ),
    "size": (
        "đủ mọi lựa chọn sẽ vượt {most} kB, mức tối đa của một biểu đồ trong trang này",
        "all choices together would pass {most} kB, the most one picture may take in this page",
    ),
    "within": (
        "trang này chứa {name}, các đơn vị bên dưới và bên trên",
        "this page holds {name}, the areas below it and above it",
    ),
}


@dataclass(frozen=True)
class Share:
    """What a shared page may hold of an explorer.

    Attributes
    ----------
    states
        At most so many states.
    within
        This area only, with those below it and above it; empty: all areas.
    """

    states: int = STATES
    within: str = ""

    def areas(self, areas: Areas) -> list[str]:
        """Return the ids of the areas that the page can be set to, in pre-order."""
        if not self.within:
            return areas.ids
        return [*reversed(areas.ancestors(self.within)), *areas.ids[areas.branch(self.within)]]


@dataclass(frozen=True)
class Frozen:
    """All states of an explorer that a shared page holds.

    Attributes
    ----------
    packed
        The controls, their axes and the states; base64.
    states
        How many.
    digest
        Of all states: choices, title, picture, table, reading, sources, figures to 9 significant digits.
    marks
        For each choice that can be changed, 4 bytes for each of its values over all states that have it, base64: two
        runs that differ in these differ in states with those values.
    """

    packed: str
    states: int
    digest: str
    marks: dict[str, str]


def freeze(  # noqa: PLR0913, PLR0917 - a view, how it stands, what to keep of it
    view: Callable[..., View],
    review: Review,
    controls: Mapping[str, Control],
    choices: Mapping[str, Any],
    lang: str,
    share: Share | None = None,
) -> Frozen:
    """Compute and pack the states of a view.

    Parameters
    ----------
    view, review
        What is asked, of what.
    controls
        The view's controls; a pinned one keeps its choice.
    choices
        The choices as they stand.
    lang
        Language.
    share
        What the page may hold; None: all, up to `STATES`.

    Returns
    -------
    Frozen
        Where all states pass their number or `SIZE`, controls are held at their choice or keep fewer options, and their
        specs say so.
    """
    share = share or Share()
    steps = _steps(controls, choices)
    full = _full(controls)
    if share.within and "area" in full:
        near = set(share.areas(review.areas)) | {choices["area"]}
        full["area"] = [area for area in full["area"] if area in near]
    axes, held = _within(full, steps, share.states), "states"
    while True:
        packer, digest = Packer(lang), hashlib.sha256()
        marks = {name: np.zeros(len(values), dtype="<u4") for name, values in axes.items()}
        for places in product(*(range(len(values)) for values in axes.values())):
            chosen = {name: values[n] for (name, values), n in zip(axes.items(), places, strict=True)}
            texts = packer.add(flat_state(view, review, {**choices, **chosen}, lang))
            state = "\x1e".join([json.dumps(chosen), *texts]).encode()
            digest.update(state)
            for mark, n in zip(marks.values(), places, strict=True):
                mark[n] = np.uint32((int(mark[n]) + zlib.crc32(state)) & 0xFFFFFFFF)
        packed = packer.packed(
            axes=[[name, values] for name, values in axes.items()],
            controls=_specs(controls, choices, full, axes, _why(full, held, share, review, lang)),
        )
        following = next((step for step in steps if step(axes) != axes), None)
        if len(packed) <= SIZE or following is None:
            written = {name: base64.b64encode(mark.tobytes()).decode() for name, mark in marks.items()}
            return Frozen(packed, len(packer.places), digest.hexdigest()[:16], written)
        axes, held = following(axes), "size"


def flat_state(view: Callable[..., View], review: Review, choices: dict[str, Any], lang: str) -> dict[str, Any]:
    """Return a state as paths and JSON values: what the page shows of a view, or why the view refuses."""
    try:
        found = view(review, lang=lang, **choices)
    except DanvanError as refusal:
        return {"error": getattr(refusal, lang)}
    table = table_of(found, lang, PAGE_ROWS)
    figure = plain(found.figure, digits=9)
    state = {"title": found.title, "reading": found.reading, "sources": list(found.sources)}
    for n, trace in enumerate(figure["data"]):
        state |= _spread(f"figure/data/{n}", trace)
    state |= _spread("figure/layout", figure["layout"])
    cells = {f"table/cells/{n}": list(column) for n, column in enumerate(zip(*table["rows"], strict=True))}
    return state | {f"table/{key}": table[key] for key in ("columns", "ids", "click", "more")} | cells


def _spread(path: str, parts: dict[str, Any]) -> dict[str, Any]:
    """Return the parts of a trace or layout by path; lists inside an axis or a marker have paths of their own."""
    out: dict[str, Any] = {}
    for key, value in parts.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            out |= {f"{path}/{key}/{n}": part for n, part in enumerate(value)}
        elif isinstance(value, dict) and any(isinstance(part, list) for part in value.values()):
            out |= {f"{path}/{key}/{inner}": part for inner, part in value.items()}
        else:
            out[f"{path}/{key}"] = value
    return out


def _full(controls: Mapping[str, Control]) -> Axes:
    return {name: list(control.options) for name, control in controls.items() if not control.pinned}


def _count(axes: Axes) -> int:
    return math.prod(map(len, axes.values()))


def _steps(controls: Mapping[str, Control], choices: Mapping[str, Any]) -> list[Callable[[Axes], Axes]]:
    """Return ways to have fewer states, the least missed first.

    How a figure is shown goes first; then the communes, whose figures stand in their district's picture as well; then
    the year, the area, the indicator. Where a view lists the areas below the chosen one (it has a `level`), a commune
    has nothing to list and goes before all.
    """

    def hold(name: str) -> Callable[[Axes], Axes]:
        return lambda axes: {key: values for key, values in axes.items() if key != name}

    def upper(axes: Axes) -> Axes:
        kept = [area for area in axes.get("area", []) if area in controls["area"].parents or area == choices["area"]]
        return axes | ({"area": kept} if kept else {})

    last = ["years", "year", "area", "indicator"]
    others = [name for name in reversed(list(controls)) if name not in last]
    first = [upper, *map(hold, others)] if "level" in controls else [*map(hold, others), upper]
    return [*first, *(hold(name) for name in last if name in controls)]


def _within(full: Axes, steps: list[Callable[[Axes], Axes]], most: int) -> Axes:
    """Take as few steps as bring the states below `most`: all needed in their order, then those not needed back."""
    taken: list[Callable[[Axes], Axes]] = []
    for step in steps:
        if _count(_after(full, taken)) <= most:
            break
        taken.append(step)
    for step in tuple(taken):
        without = [other for other in taken if other is not step]
        if _count(_after(full, without)) <= most:
            taken = without
    return _after(full, taken)


def _after(axes: Axes, steps: Iterable[Callable[[Axes], Axes]]) -> Axes:
    for step in steps:
        axes = step(axes)
    return axes


def _specs(
    controls: Mapping[str, Control],
    choices: Mapping[str, Any],
    full: Axes,
    axes: Axes,
    why: tuple[str, str],
) -> list[dict[str, Any]]:
    """Return what the page draws of each control, with the reason where it can do less than in JupyterLab.

    `why` holds two reasons: of what did not fit, and of what was not to be in the page.
    """
    out = []
    for name, control in controls.items():
        if control.pinned:
            out.append(control.held(choices[name]))
        elif name not in axes:
            out.append(control.held(choices[name]) | {"why": why[0]})
        else:
            less, asked = len(axes[name]) < len(full[name]), len(full[name]) < len(control.options)
            out.append(control.only(axes[name]) | ({"why": why[0 if less else 1]} if less or asked else {}))
    return out


def _why(full: Axes, held: str, share: Share, review: Review, lang: str) -> tuple[str, str]:
    """Return why choices are missing: they did not fit; they were not to be in the page."""
    n = 1 if lang == "en" else 0
    most = share.states if held == "states" else SIZE // 1000
    fit = WHY[held][n].format(found=words.number(_count(full), lang=lang), most=words.number(most, lang=lang))
    return fit, WHY["within"][n].format(name=review.areas.name(share.within)) if share.within else ""


def provenance(review: Review) -> dict[str, str]:
    """Return what a page's foot says of the data: title, last day, digest of all figures."""
    return {"title": review.title["vi"], "closing": words.date(review.closing), "digest": fingerprint(review)[:16]}


@lru_cache(maxsize=4)
def fingerprint(review: Review) -> str:
    """Return a digest of all figures of a review, to 9 significant digits, so that a change anywhere shows."""
    found = cube.of(review)
    digest = hashlib.sha256()
    for array in (found.own, found.total, found.reported, found.present):
        digest.update(_rounded(array))
    return digest.hexdigest()


def _rounded(array: NDArray[Any]) -> bytes:
    """Return an array's bytes, floats as mantissas and exponents of 9 significant digits."""
    if array.dtype.kind != "f":
        return array.astype("<i8").tobytes()
    known = np.isfinite(array) & (array != 0)
    size = np.where(known, np.abs(array), 1.0)
    exponent = np.floor(np.log10(size)).astype("<i8")
    mantissa = np.rint(size * 10.0 ** (8 - exponent)).astype("<i8") * np.sign(np.where(known, array, 0)).astype("<i8")
    kind = np.where(np.isnan(array), 0, 1).astype("<i8")  # a zero is not a gap
    return b"".join(part.tobytes() for part in (kind, exponent, mantissa))

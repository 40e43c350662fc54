"""A view's choices become controls: the name of an argument, or its ``Literal`` annotation, decides which."""

from __future__ import annotations

import inspect
import types
import typing
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache, partial
from itertools import combinations_with_replacement
from typing import Any, Literal

import pandas as pd

from danvan_kit import words
from danvan_kit.areas import LEVELS, Areas, Basis, Level
from danvan_kit.errors import DanvanError
from danvan_kit.review import Review

KNOWN: dict[str, Any] = {"level": Level, "basis": Basis}
NO_CHOICE = "—"
# What an option means in its choice, where one word for all choices would mislead: (Vietnamese, English).
OPTIONS: dict[tuple[str, Any], tuple[str, str]] = {
    ("level", None): ("— cấp ngay dưới —", "— the next level —"),
    ("year", None): ("— cả giai đoạn —", "— the whole period —"),
    ("per", "count"): ("số lượng", "count"),
    ("per", "population"): ("10.000 dân", "10,000 inhabitants"),
}
# What stands for a whole area above those that are listed; a page knows the words of a city.
WHOLE = {
    "country": ("— cả nước —", "— whole country —"),
    "province": ("— toàn tỉnh, thành phố —", "— whole province —"),
    "district": ("— toàn quận/huyện —", "— whole district —"),
}


class ChoiceError(DanvanError):
    """A choice that a view does not have, or a value that the choice does not take."""


@dataclass(frozen=True)
class Control:
    """One choice of a view.

    Attributes
    ----------
    name
        The argument's name.
    spec
        What the page needs to draw it: ``kind, name, label`` and the options.
    check
        Returns a value in the form the view takes; raises `DanvanError` when it is not allowed.
    default
        The value before anybody chose.
    pinned
        Whether it stays as it is: shown, not to be changed.
    """

    name: str
    spec: dict[str, Any]
    check: Callable[[Any], Any]
    default: Any
    pinned: bool = False

    @property
    def options(self) -> list[Any]:
        """All values that it can take."""
        if self.spec["kind"] == "select":
            return [value for _, rows in self.spec["groups"] for value, _ in rows]
        values = [row[0] for row in self.spec["rows"]]
        return list(combinations_with_replacement(values, 2)) if self.spec["kind"] == "range" else values

    @cached_property
    def parents(self) -> frozenset[str]:
        """The areas that have areas below them."""
        return frozenset(parent for _, _, parent in self.spec["rows"])

    def held(self, value: Any) -> dict[str, Any]:  # noqa: ANN401 - each choice has its own type
        """Return the spec of a choice that the page shows and does not change."""
        return {"kind": "pinned", "name": self.name, "label": self.spec["label"], "shown": self._written(value)}

    def only(self, values: list[Any]) -> dict[str, Any]:
        """Return the spec with these options only."""
        if "rows" not in self.spec or self.spec["kind"] == "range":
            return self.spec
        kept = set(values)
        return self.spec | {"rows": [row for row in self.spec["rows"] if row[0] in kept]}

    def _written(self, value: Any) -> str:  # noqa: ANN401
        rows = self.spec.get("rows") or [row for _, group in self.spec["groups"] for row in group]
        known = {row[0]: str(row[1]) for row in rows}
        return "–".join(known[part] for part in value) if isinstance(value, tuple) else known[value]


def controls(view: Callable[..., Any], review: Review, lang: str = "vi", pin: Iterable[str] = ()) -> dict[str, Control]:
    """Return a view's controls in the order of its arguments.

    Parameters
    ----------
    view
        A function ``view(review, *, <choices>, lang="vi")``.
    review
        Gives areas, indicators and years.
    lang
        Language of the labels.
    pin
        Names of choices that stay as they are.

    Raises
    ------
    ChoiceError
        If an argument is neither known by its name nor annotated with ``Literal`` or ``bool``, or no such name is
        there to pin.
    """
    found: dict[str, Control] = {}
    for name, parameter in inspect.signature(view).parameters.items():
        if parameter.kind is parameter.KEYWORD_ONLY and name != "lang":
            found[name] = _control(name, parameter, _hint(view, name, parameter.annotation), review, lang)
    for name in pin:
        if name not in found:
            raise ChoiceError(
                f"không ghim được {name!r}: khung nhìn này chỉ có {', '.join(found)}",
                f"{name!r} cannot be pinned: this view has {', '.join(found)}",
            )
        found[name] = replace(found[name], pinned=True)
    return found


def word(key: Any, lang: str, choice: str = "") -> str:  # noqa: ANN401 - any option of any Literal
    """Return the label of an option of a choice, of a choice or of a column; what has none shows itself."""
    if (choice, key) in OPTIONS:
        return OPTIONS[choice, key][lang == "en"]
    if key is None:
        return NO_CHOICE
    if isinstance(key, bool):
        return {"vi": ("không", "có"), "en": ("no", "yes")}[lang][key]
    return words.label(key, lang) if key in words.LABELS else str(key)


def _control(name: str, parameter: inspect.Parameter, hint: Any, review: Review, lang: str) -> Control:  # noqa: ANN401
    base = {"name": name, "label": word(name, lang)}
    given = None if parameter.default is parameter.empty else parameter.default
    optional = type(None) in typing.get_args(hint)
    if name == "area":
        spec = {"kind": "area"} | _levels(review.areas, lang) | {"rows": area_rows(review.areas, lang)}
        return Control(name, base | spec, partial(_check_area, review.areas), given or review.areas.root)
    if name == "years":
        spec = {"kind": "range", "rows": _years(review, lang)}
        whole = (review.years[0], review.years[-1])
        return Control(name, base | spec, partial(_check_years, review.years), given or whole)
    if name == "year" and not (optional and given is None):
        spec = {"kind": "slider", "rows": _years(review, lang)}
        return Control(name, base | spec, partial(_check, name, review.years), given or _last_full_year(review))
    groups = _groups(name, hint, review, lang)
    if optional:
        groups.insert(0, ["", [[None, word(None, lang, name)]]])
    values = tuple(value for _, rows in groups for value, _ in rows)
    default = given if given in values else values[0]
    return Control(name, base | {"kind": "select", "groups": groups}, partial(_check, name, values), default)


def _levels(areas: Areas, lang: str) -> dict[str, list[str]]:
    """Return what the levels are called from the top, and, other than in a city, what stands for all of one area."""
    called = list(areas.levels.values())
    names = {"levels": [word(key, lang) for key in called]}
    return names if called[0] == LEVELS[0] else names | {"whole": [WHOLE[key][lang == "en"] for key in called[:-1]]}


def _groups(name: str, hint: Any, review: Review, lang: str) -> list[list[Any]]:  # noqa: ANN401
    """Return the options of a drop-down: ``[group label, [[value, label], ...]]``."""
    if name == "indicator":
        grouped = review.indicators.groupby("group", sort=False)
        return [
            [word(group, lang), [[str(i), str(label)] for i, label in rows[f"label_{lang}"].items()]]
            for group, rows in grouped
        ]
    if name == "year":
        return [["", _years(review, lang)]]
    options = _options(hint) or _options(KNOWN.get(name))
    if not options:
        raise ChoiceError(
            f"không biết dùng ô chọn nào cho đối số {name!r}; cần area, level, indicator, year, years, per, basis "
            "hoặc chú thích kiểu Literal[...]",
            f"no control for the argument {name!r}; allowed: area, level, indicator, year, years, per, basis, "
            "or an annotation Literal[...]",
        )
    return [["", [[option, word(option, lang, name)] for option in options]]]


def _options(hint: Any) -> tuple[Any, ...]:  # noqa: ANN401
    """Return what a ``Literal`` (or ``Literal | None``) allows, without None."""
    if hint is bool:
        return (False, True)
    if typing.get_origin(hint) is Literal:
        return tuple(option for option in typing.get_args(hint) if option is not None)
    return tuple(option for part in typing.get_args(hint) for option in _options(part))


def _hint(view: Callable[..., Any], name: str, annotation: Any) -> Any:  # noqa: ANN401
    """Evaluate one annotation; one that exists for the type checker only counts as none."""
    holder = types.SimpleNamespace(__annotations__={name: annotation})
    try:
        return typing.get_type_hints(holder, globalns=getattr(view, "__globals__", {})).get(name)
    except NameError:
        return None


@lru_cache(maxsize=8)
def area_rows(areas: Areas, lang: str) -> list[list[str]]:
    """Return ``[id, label, parent]`` in Vietnamese alphabetical order, the label with the days of a shorter life."""
    table = areas.table.loc[areas.table["name"].map(words.collate).sort_values(kind="stable").index]
    columns = (table[c] for c in ("area", "name", "parent", "valid_from", "valid_to"))
    return [
        [area, name + _life(start, stop, lang), parent or ""]
        for area, name, parent, start, stop in zip(*columns, strict=True)
    ]


def _life(start: Any, stop: Any, lang: str) -> str:  # noqa: ANN401
    since, until = {"vi": ("từ", "đến"), "en": ("from", "until")}[lang]
    known = [(mark, pd.to_datetime(day)) for mark, day in ((since, start), (until, stop)) if day and not pd.isna(day)]
    shown = " ".join(f"{mark} {words.date(day, lang)}" for mark, day in known)
    return f" ({shown})" if shown else ""


def _years(review: Review, lang: str) -> list[list[Any]]:
    """Return ``[year, label]``; a year the review does not cover to its end says so."""
    closing = review.closing
    if (closing.month, closing.day) == (12, 31):
        partial_year = ""
    else:
        partial_year = f" (đến {closing.day}-{closing.month})" if lang == "vi" else f" (to {closing:%d %B})"
    return [[int(year), f"{year}{partial_year if year == closing.year else ''}"] for year in review.years]


def _last_full_year(review: Review) -> int:
    closing = review.closing
    full = [year for year in review.years if year < closing.year or (closing.month, closing.day) == (12, 31)]
    return int((full or review.years)[-1])


def _check(name: str, allowed: Iterable[Any], value: Any) -> Any:  # noqa: ANN401
    options = list(allowed)
    if value not in options:
        shown = ", ".join(map(str, options[:12])) + (", …" if len(options) > 12 else "")
        raise ChoiceError(
            f"{name} = {value!r} không chọn được; được dùng: {shown}",
            f"{name} = {value!r} cannot be chosen; allowed: {shown}",
        )
    return value


def _check_area(areas: Areas, value: Any) -> str:  # noqa: ANN401
    if not isinstance(value, str):
        raise ChoiceError(f"area = {value!r} không phải mã đơn vị", f"area = {value!r} is no id of an area")
    areas.row(value)
    return str(value)


def _check_years(years: tuple[int, ...], value: Any) -> tuple[int, int]:  # noqa: ANN401
    pair = tuple(value) if isinstance(value, list | tuple) else (value,)
    if len(pair) != 2 or pair[0] not in years or pair[1] not in years or pair[0] > pair[1]:
        raise ChoiceError(
            f"years = {value!r} không chọn được; được dùng: (năm đầu, năm cuối) trong {years[0]}–{years[-1]}",
            f"years = {value!r} cannot be chosen; allowed: (first, last) within {years[0]}–{years[-1]}",
        )
    return int(pair[0]), int(pair[1])

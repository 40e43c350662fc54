"""Bindings that a person has confirmed or corrected, kept beside the text: ``report.docx.claims.csv``.

A binding belongs to the words of its sentence, not to a place: it follows them when the text around is changed, and is
told of when they are gone.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from danvan_kit import tables, words
from danvan_kit.claims.binding import Binding
from danvan_kit.claims.bound import ClaimError
from danvan_kit.claims.lookups import MEANINGS
from danvan_kit.claims.places import Scope
from danvan_kit.claims.spans import Period
from danvan_kit.review import Review

COLUMNS = (
    "claim", "place", "context", "indicator", "level", "area", "year_from", "year_to", "kind", "confirmed_by", "on",
)  # fmt: skip


def beside(text: Path) -> Path:
    """Return the file that keeps the bindings of a text."""
    return text.with_name(text.name + ".claims.csv")


def context(sentence: str, ordinal: int) -> str:
    """Return what tells a figure by the words around it: a digest of its sentence, and which of its figures it is."""
    bare = "".join(words.fold(sentence).split())
    return f"{hashlib.sha256(bare.encode()).hexdigest()[:16]}-{ordinal}"


def read(path: Path) -> pd.DataFrame:
    """Return the bindings kept in a file; none when there is no file.

    Raises
    ------
    ClaimError
        If the file is no table with these columns.
    """
    if not path.is_file():
        return pd.DataFrame(columns=list(COLUMNS), dtype=str)
    try:
        found = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except (ValueError, OSError) as err:
        raise ClaimError(f"{path}: không đọc được ({err})", f"{path} cannot be read") from err
    if lost := [column for column in COLUMNS if column not in found.columns]:
        raise ClaimError(f"{path}: thiếu cột {lost[0]!r}", f"{path}: column {lost[0]!r} is missing")
    return found[list(COLUMNS)]


def write(path: Path, rows: pd.DataFrame, *, by: str, on: dt.date | None = None) -> pd.DataFrame:
    """Add bindings to a file; of two for the same words the later counts.

    Parameters
    ----------
    path
        The file (`beside`).
    rows
        Rows of an answer of `verify_claims` with a column ``context`` (`danvan_kit.claims.verify.with_context`).
    by, on
        Who confirms them, and on which day (today).

    Returns
    -------
    DataFrame
        What the file holds now.
    """
    if not by.strip():
        raise ClaimError("cần tên người xác nhận", "the name of who confirms is needed")
    new = rows.assign(confirmed_by=by.strip(), on=(on or dt.datetime.now(tz=dt.UTC).astimezone().date()).isoformat())
    new = new[new["indicator"].astype(str) != ""]
    text = new.reindex(columns=list(COLUMNS)).astype(object).where(lambda frame: frame.notna(), "").map(_text)
    both = pd.concat([read(path), text], ignore_index=True).drop_duplicates("context", keep="last")
    tables.write(both, path)
    return both.reset_index(drop=True)


def _text(value: object) -> str:
    return str(int(value)) if isinstance(value, float) and value == int(value) else str(value)


def applied(binding: Binding, row: dict[str, Any], review: Review) -> Binding:
    """Return a binding with what a person has stated in its place.

    Raises
    ------
    ClaimError
        If the row names an unknown indicator, level or kind, or a year that is none.
    """
    claim = str(row.get("claim", ""))
    indicators = tuple(_cell(row, "indicator").split())
    levels = frozenset(_cell(row, "level").split())
    kind = _cell(row, "kind") or binding.kind
    _refuse(claim, "indicator", indicators, list(review.indicators.index))
    _refuse(claim, "level", levels, ["city", "district", "commune"])
    _refuse(claim, "kind", (kind,), sorted(MEANINGS))
    areas = _cell(row, "area").split() or [review.areas.root]
    for area in areas:
        review.areas.get(area)
    scope = Scope(tuple(("id", area) for area in areas), levels=levels, how="total")
    joint = len(indicators) > 1
    base = "base" if binding.trouble == "base" and kind in {"growth", "change", "points", "multiple"} else ""
    return replace(
        binding, kind=kind, indicators=indicators, joint=joint, scope=scope, period=_period(claim, row), scopes=(),
        periods=(), confirmed=True, trouble=base, word="",
    )  # fmt: skip


def _cell(row: dict[str, Any], key: str) -> str:
    value = row.get(key, "")
    return "" if bool(pd.isna(value)) else str(value).strip()


def _period(claim: str, row: dict[str, Any]) -> Period | None:
    written = [_cell(row, key).removesuffix(".0") for key in ("year_from", "year_to")]
    if not any(written):
        return None
    if not all(year.isdigit() for year in written):
        raise ClaimError(
            f"{claim!r}: năm {written!r}; được dùng: hai năm", f"{claim!r}: years {written!r}; allowed: two"
        )
    first, last = int(written[0]), int(written[1])
    return Period(first, last, "year" if first == last else "range")


def _refuse(claim: str, column: str, given: Any, known: list[str]) -> None:  # noqa: ANN401 - any container of texts
    for one in given:
        if one not in known:
            allowed = ", ".join(known[:6])
            raise ClaimError(
                f"{claim!r}: {column} {one!r} không có; được dùng: {allowed}",
                f"{claim!r}: {column} {one!r} is unknown; allowed: {allowed}",
            )

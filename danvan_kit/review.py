"""One folder becomes one frozen, checked review; a folder with a mistake becomes one line that names it."""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from danvan_kit import engines, tables, words
from danvan_kit import indicators as catalogue
from danvan_kit.areas import Areas
from danvan_kit.errors import DanvanError
from danvan_kit.log import Log

FACTS = ("areas", "area_changes", "population", "indicators", "statements", "norms")
REPORTS = ("observations", "records")


class ReviewError(DanvanError):
    """A review folder that is missing, unreadable, or whose tables contradict each other."""


@dataclass(frozen=True, eq=False)
class Hidden:
    """Which figures a protected review does not show.

    Attributes
    ----------
    full
        The review with all its figures. Only for computing what is shown; never for showing.
    threshold
        Counts of persons from 1 to below this are hidden.
    own, total
        Where an office's own figure, or the total of its branch, is hidden. Shape ``(indicator, area, year)``.
    own_period, total_period
        The same for the sum over all years. Shape ``(indicator, area)``.
    rows
        The observations and records of the protected review.
    """

    full: Review
    threshold: int
    own: NDArray[np.bool_]
    total: NDArray[np.bool_]
    own_period: NDArray[np.bool_]
    total_period: NDArray[np.bool_]
    rows: tuple[Any, ...] = ()


@dataclass(frozen=True, eq=False, repr=False)
class Review:
    """Everything a delegation looks at: areas, catalogue, reports, records, published statements.

    Attributes
    ----------
    folder
        Where it was loaded from.
    title
        Its title, by language (``vi``, ``en``).
    years
        Its reporting years.
    closing
        The last day it covers; the last year is partial when that is not 31 December.
    areas, indicators, observations, records, statements, population, norms
        The tables (``data/README.md`` lists their columns); `indicators` is indexed by id. Where the log is in an
        engine, `records` is a `log.Log`.
    hidden
        Which figures a protected review does not show (`disclosure.protect`); None: it shows all.
    """

    folder: Path
    title: dict[str, str]
    years: tuple[int, ...]
    closing: dt.date
    areas: Areas
    indicators: pd.DataFrame
    observations: pd.DataFrame
    records: Any
    statements: pd.DataFrame
    population: pd.DataFrame
    norms: pd.DataFrame
    hidden: Hidden | None = None

    def __post_init__(self) -> None:
        """Refuse a protected review whose rows were exchanged: all its figures come from the full one."""
        kept = self.hidden
        if kept and (self.observations is not kept.rows[0] or self.records is not kept.rows[1]):
            raise ReviewError(
                "không thay được số liệu của bản đã ẩn số nhỏ; được dùng: dk.with_reports(review, observations)",
                "the rows of a protected review cannot be exchanged; allowed: dk.with_reports(review, observations)",
            )

    @property
    def threshold(self) -> int:
        """Counts of persons from 1 to below this are hidden; 0: all figures are there."""
        return self.hidden.threshold if self.hidden else 0

    def __repr__(self) -> str:
        """Return one line."""
        mark = " · SỐ LIỆU MÔ PHỎNG" if self.simulated else ""
        reports, log = words.number(len(self.observations)), words.number(len(self.records))
        return f"{self.title['vi']}: {reports} số liệu báo cáo, {log} hoạt động{mark}"

    @cached_property
    def simulated(self) -> bool:
        """Whether any figure of the review is simulated."""
        log = self.records
        logged = log.simulated if isinstance(log, Log) else (log["origin"] == "simulated").any()
        return bool((self.observations["origin"] == "simulated").any() or logged)


def load(folder: Path | str, *, records: Any = None, observations: Any = None) -> Review:  # noqa: ANN401
    """Load a review folder: ``review.toml`` and the tables that it names.

    Parameters
    ----------
    folder
        The folder, such as ``"data"``.
    records
        The log, where it is not in the folder: a frame of any engine or a Parquet path (`sums.rollup`). It stays there
        (`log.Log`); a pandas frame is checked as a file is.
    observations
        The reports, likewise; they are fetched as a whole, for the checks look at each.

    Returns
    -------
    Review
        Frozen and checked: every area, indicator and activity that a row names is known, every year is covered.

    Raises
    ------
    ReviewError, TableError, AreaError, IndicatorError
        One line with file, row and what is allowed. Nothing is half-loaded.
    """
    folder = Path(folder)
    settings = _settings(folder)
    paths = _paths(folder, settings)
    areas, known, frames = facts(folder)
    years = tuple(range(settings["first_year"], settings["closing"].year + 1))
    given = {"observations": observations, "records": records}
    for name in REPORTS:
        frames[name] = tables.read(paths[name], name) if given[name] is None else _fetched(given[name], name)
    log: Any = frames["records"]
    if records is not None and not isinstance(records, pd.DataFrame):
        log = Log(records, areas, years)
        log.check(known.index)
    for name, column, allowed in (
        ("observations", "area", areas.ids),
        ("records", "area", areas.ids),
        ("observations", "indicator", known.index),
        ("records", "activity", known.index),
        ("observations", "year", years),
        ("records", "year", years),
    ):
        _refuse_unknown(paths[name] if given[name] is None else Path(name), frames[name][column], allowed)
    return Review(
        folder=folder,
        title=settings["title"],
        years=years,
        closing=settings["closing"],
        areas=areas,
        indicators=known,
        observations=frames["observations"],
        records=log,
        statements=frames["statements"],
        population=frames["population"],
        norms=frames["norms"],
    )


def facts(folder: Path | str) -> tuple[Areas, pd.DataFrame, dict[str, pd.DataFrame]]:
    """Load what a review stands on before any office has reported.

    Returns
    -------
    areas, indicators, frames
        The areas, the catalogue indexed by id, and ``statements``, ``population`` and ``norms`` by name.

    Raises
    ------
    ReviewError, TableError, AreaError, IndicatorError
        As `load`.
    """
    folder = Path(folder)
    paths = _paths(folder, _settings(folder))
    frames = {name: tables.read(paths[name], name) for name in FACTS}
    areas = Areas(frames.pop("areas"), frames.pop("area_changes"))
    known = catalogue.catalogue(frames.pop("indicators"))
    _refuse_unknown(paths["population"], frames["population"]["area"], areas.ids)
    for name in ("statements", "norms"):
        _refuse_unknown(paths[name], frames[name]["indicator"], known.index)
    return areas, known, frames


def _paths(folder: Path, settings: dict[str, Any]) -> dict[str, Path]:
    return {name: folder / settings["files"].get(name, f"{name}.csv") for name in (*FACTS, *REPORTS)}


def _settings(folder: Path) -> dict[str, Any]:
    path = folder / "review.toml"
    if not folder.is_dir():
        raise ReviewError(f"không có thư mục {folder}", f"folder {folder} does not exist")
    if not path.is_file():
        raise ReviewError(f"thư mục {folder} thiếu tệp review.toml", f"folder {folder} has no review.toml")
    try:
        settings = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as err:
        raise ReviewError(f"{path}: không đọc được ({err})", f"{path} cannot be read") from err
    for key, kind in (("title", dict), ("first_year", int), ("closing", dt.date), ("files", dict)):
        if not isinstance(settings.get(key), kind):
            raise ReviewError(
                f"{path}: {key} = {settings.get(key)!r}; cần kiểu {kind.__name__}",
                f"{key} must be a {kind.__name__}",
            )
    return settings


def _fetched(frame: Any, name: str) -> pd.DataFrame:  # noqa: ANN401 - any engine's frame
    """Return a table from memory, or the reports from an engine; of a log in an engine no row."""
    columns = [field["name"] for field in tables.schemas()[name]["fields"] if not field.get("optional")]
    if not isinstance(frame, pd.DataFrame):
        query = engines.lazy(frame)
        called = engines.columns(query, columns)
        query = query.select(*(nw.col(called[c]).alias(c) for c in columns))
        if name == "records":
            return pd.DataFrame({c: [] for c in columns})
        frame = engines.fetch(query)
    return tables.conform(frame, name, name)


def _refuse_unknown(path: Path, column: pd.Series[Any], allowed: Any) -> None:  # noqa: ANN401 - any container
    unknown = ~column.isin(list(allowed))
    if not unknown.any():
        return
    row = int(unknown.to_numpy().argmax())
    first, last = min(allowed), max(allowed)
    raise ReviewError(
        f"{path}, dòng {row + 2}, cột {column.name!r}: không có {column.iloc[row]!r} trong danh mục; "
        f"được dùng: {len(allowed)} giá trị từ {first!r} đến {last!r}",
        f"row {row + 2}, column {column.name!r}: {column.iloc[row]!r} is not in the code list",
    )

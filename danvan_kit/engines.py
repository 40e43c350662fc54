"""Where big tables live: any engine's frame, or a Parquet folder, as one kind of query; its few result rows as pandas.

The kit asks each engine for group-bys and filtered rows through narwhals and computes nothing else there.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import shutil
import socket
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar
from urllib.parse import urlsplit

import narwhals as nw
import pandas as pd

from danvan_kit.errors import DanvanError

ALLOWED = "pandas, Polars, DuckDB, PySpark, ibis"
PACKAGES = {"duckdb": "duckdb", "spark": "pyspark", "ibis": "ibis"}
"""The module that tells whether an extra is installed."""
PORTS = {"spark": 7077, "sc": 15002}
"""Where Spark's master and its Connect server listen unless the address says otherwise."""
PATIENCE = 5.0
"""Seconds that a server has to answer; Spark itself would wait a minute and more."""
T = TypeVar("T")


class EngineError(DanvanError):
    """An engine that is not installed or does not answer, or a table that it cannot hand over."""


def need(extra: str) -> ModuleType:
    """Import an engine's package, or say how to install it.

    Raises
    ------
    EngineError
        If the extra is not installed.
    """
    try:
        return importlib.import_module(PACKAGES[extra])
    except ImportError as err:
        line = f"pip install 'danvan_kit[{extra}]'"
        raise EngineError(
            f"chưa cài {PACKAGES[extra]!r}; hãy chạy: {line}", f"{PACKAGES[extra]!r} is not installed; run: {line}"
        ) from err


def spark(url: str = "local[*]", **config: str) -> Any:  # noqa: ANN401 - a SparkSession, classic or Connect
    """Return a Spark session, or one line on what is missing on this computer.

    Parameters
    ----------
    url
        ``local[*]``, ``spark://host:7077``, ``yarn``, ``k8s://…``, or ``sc://host:15002`` for Spark Connect (that one
        needs no Java here).
    config
        Spark's settings, with ``__`` for each dot: ``spark__executor__memory="8g"``.

    Raises
    ------
    EngineError
        If the extra ``spark`` or Java is missing, nobody answers there, or Spark refuses.
    """
    need("spark")
    connect = url.startswith("sc://")
    if connect and not _there("grpc"):
        raise EngineError(
            "chưa cài 'grpcio' cho Spark Connect; hãy chạy: pip install 'danvan_kit[spark]'",
            "'grpcio' for Spark Connect is not installed; run: pip install 'danvan_kit[spark]'",
        )
    if not connect and not (os.environ.get("JAVA_HOME") or shutil.which("java")):
        raise EngineError(
            "Spark cần Java từ 17 trên máy này: không có lệnh 'java' và JAVA_HOME trống; "
            "hãy cài (Debian: apt-get install default-jre-headless) hoặc dùng sc://…",
            "Spark needs Java 17 or later here: there is no command 'java' and JAVA_HOME is empty; "
            "install it (Debian: apt-get install default-jre-headless) or use sc://…",
        )
    _answers(url)
    session = importlib.import_module("pyspark.sql").SparkSession.builder
    session = session.remote(url) if connect else session.master(url)
    if url.startswith("local"):  # nobody else is to reach a session that only serves this computer
        own = {"spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1", "spark.ui.enabled": "false"}
        for name, value in own.items():
            session = session.config(name, value)
    for name, value in config.items():
        session = session.config(name.replace("__", "."), value)
    return _asked(f"Spark {url!r}", session.getOrCreate)


def _there(module: str) -> bool:
    return importlib.util.find_spec(module) is not None


def _answers(url: str) -> None:
    """Refuse the address of a Spark that is none, or where nobody listens."""
    kind, _, rest = url.partition("://")
    if url.startswith(("local", "yarn", "k8s://")):
        return
    if kind not in PORTS or not rest:
        raise EngineError(
            f"Spark {url!r} không phải địa chỉ; được dùng: local[*], spark://máy:7077, yarn, k8s://…, sc://máy:15002",
            f"Spark {url!r} is no address; allowed: local[*], spark://host:7077, yarn, k8s://…, sc://host:15002",
        )
    for one in rest.partition("/")[0].split(","):  # a standby master may stand beside the first
        try:
            at = urlsplit(f"//{one}")
            socket.create_connection((at.hostname, at.port or PORTS[kind]), PATIENCE).close()
        except (OSError, ValueError) as err:
            why = getattr(err, "strerror", None) or err
        else:
            return
    raise EngineError(
        f"Spark {url!r} không trả lời ({why}); được dùng: spark://máy:{PORTS['spark']}, sc://máy:{PORTS['sc']}",
        f"Spark {url!r} does not answer ({why}); allowed: spark://host:{PORTS['spark']}, sc://host:{PORTS['sc']}",
    )


def _asked(engine: str, ask: Callable[[], T]) -> T:
    """Ask an engine; whatever it raises becomes one line, for some tell half of their machinery."""
    try:
        return ask()
    except Exception as err:  # noqa: BLE001 - each engine and each driver has errors of its own
        first = next((line.strip() for line in str(err).splitlines() if line.strip()), "")
        why = f"{type(err).__name__}: {first}"[:300]
        raise EngineError(f"{engine} báo lỗi: {why}", f"{engine} failed") from None


def parquet(path: str | Path, connection: Any = None) -> Any:  # noqa: ANN401 - DuckDB's connection and relation
    """Return a Parquet file, or all those of a folder (``column=value`` folders too), as a DuckDB relation.

    DuckDB reads only the columns that are asked for, out of core.

    Parameters
    ----------
    path
        The file or folder.
    connection
        A DuckDB connection of your own, such as one with a memory limit. None: a new one.

    Raises
    ------
    EngineError
        If DuckDB is not installed, there is no Parquet file, one is broken, or one lacks a column that others have.
    """
    duckdb, path = need("duckdb"), Path(path)
    files = [path] if path.is_file() else sorted(path.rglob("*.parquet"))
    if not files:
        raise EngineError(f"không có tệp Parquet ở {str(path)!r}", f"there is no Parquet file at {str(path)!r}")
    folder = str(path) if path.is_file() else f"{path}/**/*.parquet"
    # What a folder's name says is text unless we say otherwise: "year=2015" is a number, the code "area=01" is not.
    named = {part.partition("=")[0] for part in files[0].relative_to(path.parent).parts if "=" in part}
    types = {name: "BIGINT" if name == "year" else "VARCHAR" for name in named}
    reader = (connection or duckdb.connect()).sql
    options = f", hive_types={types}" if types else ""
    query = f"FROM read_parquet($path, union_by_name=true, hive_partitioning={bool(types)}{options})"
    found = _asked("DuckDB", lambda: reader(query, params={"path": folder}))
    if len(files) > 1:
        _refuse_gaps(reader, folder, {c.lower() for c in found.columns} - named)
    return found


def _refuse_gaps(reader: Callable[..., Any], folder: str, names: set[str]) -> None:
    """Refuse files of which one lacks a column: DuckDB would take its rows for empty there."""
    query = "SELECT file_name, list(lower(name)) FROM parquet_schema($path) GROUP BY ALL ORDER BY ALL"
    for file, there in reader(query, params={"path": folder}).fetchall():
        if gone := sorted(names.difference(there)):
            raise EngineError(
                f"{file}: thiếu cột {gone[0]!r} mà tệp khác có; mọi tệp của một thư mục cần cùng các cột",
                f"{file} lacks the column {gone[0]!r} that others have; all files of a folder need the same columns",
            )


def lazy(frame: Any, error: type[DanvanError] = EngineError) -> nw.LazyFrame[Any]:  # noqa: ANN401 - any engine's frame
    """Return a frame of any engine, or a Parquet file or folder, as one query.

    Raises
    ------
    EngineError
        Or `error`, if it is no table.
    """
    frame = parquet(frame) if isinstance(frame, str | Path) else frame
    try:
        native = nw.from_native(frame)
    except TypeError as err:
        raise error(
            f"không đọc được bảng kiểu {type(frame).__name__}; được dùng: {ALLOWED}, hoặc thư mục Parquet",
            f"a {type(frame).__name__} is no table; allowed: {ALLOWED}, or a Parquet folder",
        ) from err
    found: nw.LazyFrame[Any] = native.lazy() if isinstance(native, nw.DataFrame) else native
    return found


def columns(query: nw.LazyFrame[Any], names: Sequence[str], error: type[DanvanError] = EngineError) -> dict[str, str]:
    """Return what the engine calls each column: SQL engines do not tell capitals from small letters.

    Raises
    ------
    EngineError
        Or `error`, if a column is missing.
    """
    engine = query.implementation
    there = _asked(engine.value, lambda: query.collect_schema().names())
    sql = not (engine.is_polars() or engine.is_pandas_like())
    found = {}
    for name in names:
        same = [c for c in there if c == name] or [c for c in there if sql and c.lower() == name.lower()]
        if len(same) != 1:
            raise error(
                f"bảng thiếu cột {name!r}; đang có: {', '.join(there)}",
                f"the frame lacks the column {name!r}; it has: {', '.join(there)}",
            )
        found[name] = same[0]
    return found


def fetch(query: nw.LazyFrame[Any]) -> pd.DataFrame:
    """Fetch a query's few rows.

    Raises
    ------
    EngineError
        If the engine fails, with the first line of what it says.
    """
    return _asked(query.implementation.value, lambda: _fetched(query))


def _fetched(query: nw.LazyFrame[Any]) -> pd.DataFrame:
    """Fetch rows: Polars would want pyarrow for it, Spark warns of pandas 3."""
    engine = query.implementation
    if engine.is_polars():
        return pd.DataFrame({name: column.to_numpy() for name, column in query.collect().to_dict().items()})
    if engine.is_pyspark() or engine.is_pyspark_connect():
        native = query.to_native()
        return pd.DataFrame([tuple(row) for row in native.collect()], columns=native.columns)
    if engine.is_ibis():  # its cursor gives rows to every database; its own way needs no narwhals
        with warnings.catch_warnings():  # ibis asks pandas for an option that is going away
            warnings.filterwarnings("ignore", "The 'future.infer_string' option")
            found: pd.DataFrame = query.to_native().to_pandas()
        return found.reset_index(drop=True)
    found = query.collect("pandas").to_native()
    return found.reset_index(drop=True)

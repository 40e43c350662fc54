"""Files to tidy tables and back: one schema a table (``schemas.json``), the place of each mistake."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
import json
import os
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from danvan_kit.errors import DanvanError

# Long tables repeat few texts in many rows: as categories they load faster and take a tenth of the memory.
LONG_TABLES = frozenset({"observations", "records"})


# What a file's name or a broken text may hold and no encoding can: with pyarrow there, pandas keeps texts as UTF-8.
_HALF = re.compile(r"[\ud800-\udfff]")


class TableError(DanvanError):
    """A file that cannot be read as the table it should be: names file, row, column, value and what is allowed."""


@cache
def schemas() -> dict[str, dict[str, Any]]:
    """Return the Frictionless Table Schema of every table of a review, by table name."""
    text = resources.files("danvan_kit").joinpath("schemas.json").read_text(encoding="utf-8")
    found: dict[str, dict[str, Any]] = json.loads(text)
    return found


def held(text: str) -> str:
    """Return a text as every encoding holds it: half of a surrogate pair becomes a space."""
    return _HALF.sub(" ", text)


def framed(rows: Iterable[Sequence[object]], columns: Sequence[str]) -> pd.DataFrame:
    """Make a frame of rows whose texts come from outside: files' names, cells, what somebody typed (`held`)."""
    kept = [[held(value) if isinstance(value, str) else value for value in row] for row in rows]
    return pd.DataFrame(kept, columns=list(columns))


def read(path: Path | str, table: str) -> pd.DataFrame:
    """Read a CSV file (UTF-8, comma; ``.gz`` too) as one of the tables of a review, or refuse it as a whole.

    Parameters
    ----------
    path
        The file.
    table
        Name of the table's schema, such as ``"areas"``.

    Returns
    -------
    DataFrame
        The schema's columns in its order. Texts are ``str`` (``category`` in long tables), whole numbers ``int64``
        (``Int64`` where they may be empty), numbers ``float64``, dates ``datetime64``; the index counts
        from 0. A column that the schema calls optional is empty when the file lacks it.

    Raises
    ------
    TableError
        If the file is missing, empty, not UTF-8, lacks a column or has a foreign one, has a row with too few or too
        many cells, a value of the wrong type or outside what is allowed, or two rows for one key.
    """
    path = Path(path)
    schema, text = schemas()[table], _text(path)
    header = next(csv.reader(io.StringIO(text)))
    _check_shape(path, text, [f["name"] for f in schema["fields"] if f["name"] in header or not f.get("optional")])
    raw = pd.read_csv(
        io.StringIO(text), dtype=str, na_filter=False, keep_default_na=False, index_col=False, skip_blank_lines=False
    )
    raw = raw.assign(**{f["name"]: "" for f in schema["fields"] if f["name"] not in header})
    columns = {field["name"]: _column(path, raw[field["name"]], field, table) for field in schema["fields"]}
    frame = pd.DataFrame(columns)
    _check_key(path, frame, schema["primaryKey"])
    return frame


def conform(frame: pd.DataFrame, table: str, place: str) -> pd.DataFrame:
    """Check a frame that comes from elsewhere as `read` checks a file, and return it with the table's own dtypes.

    Parameters
    ----------
    frame
        The frame; columns that the schema does not name are left out.
    table, place
        Name of the table's schema; where the frame comes from, for the message.

    Raises
    ------
    TableError
        As `read`.
    """
    schema = schemas()[table]
    for field in schema["fields"]:
        if field["name"] not in frame and not field.get("optional"):
            raise TableError(
                f"{place}: thiếu cột {field['name']!r}; đang có: {', '.join(map(str, frame.columns))}",
                f"misses the column {field['name']!r}",
            )
    empty = pd.Series("", index=frame.index)
    texts = {f["name"]: _written(frame[f["name"]]) if f["name"] in frame else empty for f in schema["fields"]}
    found = pd.DataFrame({f["name"]: _column(Path(place), texts[f["name"]], f, table) for f in schema["fields"]})
    _check_key(Path(place), found, schema["primaryKey"])
    return found


def _written(column: pd.Series[Any]) -> pd.Series[str]:
    """Write a column as a file would have it, each distinct value once."""
    codes, distinct = pd.factorize(column)
    texts = np.array([*(_cell(value) for value in distinct), ""], dtype=object)
    return pd.Series(texts[codes], name=column.name, dtype=object)


def _cell(value: object) -> str:
    if isinstance(value, dt.date):  # a timestamp too
        return value.isoformat()[:10]
    if isinstance(value, np.datetime64):
        return str(value)[:10]
    if isinstance(value, float | np.floating | Decimal) and value == int(value):
        return str(int(value))
    return str(value)


def write(frame: pd.DataFrame, path: Path | str) -> None:
    """Write a table as CSV (gzip when the name ends in ``.gz``): all of it or nothing; same rows, same bytes."""
    path = Path(path)
    text = frame.to_csv(index=False, lineterminator="\n", date_format="%Y-%m-%d")
    data = text.encode("utf-8")
    if path.suffix == ".gz":
        data = gzip.compress(data, mtime=0)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.draft")
    draft.write_bytes(data)
    os.replace(draft, path)  # noqa: PTH105 - Path.replace is the same; this one is documented as atomic


def package(files: dict[str, str], *, title: str, licence: str) -> dict[str, Any]:
    """Describe a review's files as a Frictionless data package.

    Parameters
    ----------
    files
        Table name to path, relative to the package.
    title, licence
        Title of the package and name of its licence.
    """
    found = []
    for table, path in files.items():
        schema = dict(schemas()[table])
        about = {"title": schema.pop("title"), "description": schema.pop("description")}
        keys = [k for k in schema.get("foreignKeys", []) if k["reference"]["resource"] in {"", *files}]
        schema = {**{k: v for k, v in schema.items() if k != "foreignKeys"}, **({"foreignKeys": keys} if keys else {})}
        resource = {"name": table.replace("_", "-"), "path": path, **about, "encoding": "utf-8", "schema": schema}
        found.append(resource)
    for resource in found:
        for key in resource["schema"].get("foreignKeys", []):
            reference = key["reference"]
            key["reference"] = {**reference, "resource": reference["resource"].replace("_", "-")}
    return {"name": "danvan-review", "title": title, "licenses": [{"name": licence}], "resources": found}


def _text(path: Path) -> str:
    if not path.is_file():
        raise TableError(f"thiếu tệp {path}", f"file {path} is missing")
    try:
        data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        text = data.decode("utf-8-sig")
    except (gzip.BadGzipFile, EOFError) as err:
        raise TableError(f"{path}: không phải tệp gzip nguyên vẹn", f"{path}: not a whole gzip file") from err
    except UnicodeDecodeError as err:
        row = data[: err.start].count(b"\n") + 1
        raise TableError(
            f"{path}, dòng {row}: không phải mã UTF-8 (byte {data[err.start]:#04x}); được dùng: CSV mã UTF-8",
            f"row {row} is not UTF-8",
        ) from err
    if not text.strip():
        raise TableError(
            f"{path}: tệp rỗng; cần ít nhất dòng tiêu đề", "the file is empty; allowed: at least a header row"
        )
    return text


def _check_shape(path: Path, text: str, names: list[str]) -> None:
    """Refuse foreign headers and rows with too few or too many cells: pandas would pad or cut them in silence."""
    header = next(csv.reader(io.StringIO(text)))
    for what_vi, what_en, wrong in (
        ("thiếu cột", "misses the column", [n for n in names if n not in header]),
        ("có cột lạ", "has the foreign column", [n for n in header if n not in names]),
        ("có hai cột cùng tên", "has twice the column", [n for n in header if header.count(n) > 1]),
    ):
        if wrong:
            allowed = ", ".join(names)
            raise TableError(
                f"{path}, dòng 1: {what_vi} {wrong[0]!r}; được dùng: {allowed}", f"row 1 {what_en} {wrong[0]!r}"
            )
    want = len(names)
    if '"' not in text:
        counts = (line.count(",") + 1 for line in text.splitlines())
    else:
        counts = (len(row) for row in csv.reader(io.StringIO(text)))
    for row, count in enumerate(counts, start=1):
        if count != want:
            raise TableError(
                f"{path}, dòng {row}: có {count} ô; cần đúng {want} ô", f"row {row} has {count} cells; allowed: {want}"
            )


def _column(path: Path, raw: pd.Series[str], field: dict[str, Any], table: str) -> pd.Series[Any]:
    """Check a column on its distinct values only, then spread the converted values over the rows."""
    codes, distinct = pd.factorize(raw)
    rules = field.get("constraints", {})
    plain = field["type"] == "string" and not rules.keys() & {"enum", "pattern"} and "" not in distinct
    if plain and raw.dtype != object:  # a file's texts are whole; those of somebody's frame are looked at
        return _texts(codes, distinct, table, unique=rules.get("unique", False))
    converted = []
    for code, value in enumerate(distinct):
        try:
            converted.append(_value(value, field["type"], rules))
        except DanvanError as err:
            row = int((codes == code).argmax()) + 2
            place = f"{path}, dòng {row}, cột {field['name']!r}: "
            raise TableError(
                f"{place}giá trị {value!r} không hợp lệ; được dùng: {err.vi}",
                f"row {row}, column {field['name']!r}: {value!r}; allowed: {err.en}",
            ) from err
    kind = field["type"]
    if kind == "string":
        return _texts(codes, pd.Index(converted, dtype="str"), table, unique=rules.get("unique", False))
    gaps = not rules.get("required")
    dtype = {"integer": "Int64" if gaps else "int64", "number": "float64"}.get(kind, "datetime64[s]")
    return pd.Series(converted, dtype=dtype).take(codes).reset_index(drop=True)


def _texts(codes: NDArray[np.intp], distinct: pd.Index[str], table: str, *, unique: bool) -> pd.Series[Any]:
    if table in LONG_TABLES and not unique:
        return pd.Series(pd.Categorical.from_codes(codes, categories=distinct.astype("str")))
    return pd.Series(distinct.astype("str").take(codes))


def _value(text: str, kind: str, rules: dict[str, Any]) -> object:
    """Convert one cell; a `DanvanError` says what is allowed."""
    if not text:
        if rules.get("required"):
            raise DanvanError("không để trống", "not empty")
        return "" if kind == "string" else None
    if "enum" in rules and text not in rules["enum"]:
        allowed = ", ".join(rules["enum"])
        raise DanvanError(allowed)
    if "pattern" in rules and not re.fullmatch(rules["pattern"], text):
        raise DanvanError(f"mẫu {rules['pattern']}", f"the pattern {rules['pattern']}")
    if kind == "string":
        return _whole(text)
    if kind == "date":
        return _day(text)
    if not re.fullmatch(r"-?\d+" if kind == "integer" else r"-?\d+(\.\d+)?([eE][+-]?\d+)?", text):
        vi, en = ("số nguyên, chỉ chữ số", "a whole number") if kind == "integer" else ("số", "a number")
        raise DanvanError(vi, en)
    number = int(text) if kind == "integer" else float(text)
    if number < rules.get("minimum", number) or number > rules.get("maximum", number):
        low, high = rules.get("minimum", "-∞"), rules.get("maximum", "∞")
        raise DanvanError(f"từ {low} đến {high}", f"from {low} to {high}")
    return number


def _day(text: str) -> np.datetime64:
    """Convert a date; pandas makes an index of each, which takes ten times as long."""
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            return np.datetime64(dt.date.fromisoformat(text), "s")
    except ValueError:
        pass
    raise DanvanError("ngày dạng YYYY-MM-DD", "a date YYYY-MM-DD")


def _whole(text: str) -> str:
    if _HALF.search(text):
        raise DanvanError("chữ mã UTF-8", "text that UTF-8 holds")
    return text


def _check_key(path: Path, frame: pd.DataFrame, key: list[str]) -> None:
    again = frame.duplicated(key)
    if not again.any():
        return
    second = int(again.to_numpy().argmax())
    same = (frame[key] == frame[key].iloc[second]).all(axis=1).to_numpy()
    first = int(same.argmax())
    value = ", ".join(str(v) for v in frame[key].iloc[second])
    raise TableError(
        f"{path}, dòng {second + 2}: trùng khóa ({value}) với dòng {first + 2}; mỗi ({', '.join(key)}) chỉ một dòng",
        f"row {second + 2} repeats the key of row {first + 2}; allowed: one row a key",
    )

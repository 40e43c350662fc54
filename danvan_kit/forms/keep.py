"""A folder that forms are filed in: what counts, what was replaced, what is asked; the originals beside their hashes.

``observations.csv`` holds the figures that count, ``superseded.csv`` those that a later form replaced,
``problems.csv`` and ``rows.csv`` what became of every row, ``forms.csv`` one line a file, ``originals/`` the files as
they came, with ``SHA256SUMS`` that ``sha256sum -c`` checks. To file the same forms again changes nothing.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from danvan_kit import tables
from danvan_kit.errors import DanvanError
from danvan_kit.forms.raw import source, stands
from danvan_kit.forms.results import OBSERVATIONS, PROBLEMS, ROWS, Forms, problems
from danvan_kit.forms.trouble import Trouble, shown

KEY = ["area", "year", "indicator", "scope"]
FORMS = ("file", "digest", "area", "year", "received", "observations", "problems", "questions", "notes")
SUPERSEDED = (*OBSERVATIONS, "superseded_by")


class KeepError(DanvanError):
    """A folder that does not hold what was filed in it, or an original that changed while it was read."""


@dataclass(frozen=True)
class Kept:
    """What filing changed.

    Attributes
    ----------
    files
        Files that are new in the folder.
    added
        Figures that nobody had reported before.
    changed
        Figures that replaced others: one row each, ``area, year, indicator, scope, old, new, source, was``.
    known
        Files that were already there, letter by letter.
    """

    files: int
    added: int
    changed: pd.DataFrame
    known: int

    def __str__(self) -> str:
        """Return one line."""
        again = f", {self.known} tệp đã có từ trước" if self.known else ""
        return f"{self.files} tệp mới, {self.added} số liệu mới, {len(self.changed)} số liệu được sửa{again}"


def keep(forms: Forms, folder: Path | str) -> Kept:
    """File forms that were read.

    Parameters
    ----------
    forms
        What `read_forms` returned.
    folder
        The folder; made when it is not there.

    Returns
    -------
    Kept
        Of two figures for one area, year, indicator and scope the one received last counts; of two received on one day
        (or on days that are not known) the one filed last. A missing figure never replaces one that was reported.

    Raises
    ------
    KeepError
        When a table in the folder is not one of this module's, or a file is no longer as it was read.
    """
    folder = Path(folder)
    shelf = _read(folder / "forms.csv", FORMS)
    new = forms.files.loc[~forms.files["digest"].isin([*shelf["digest"], ""])].drop_duplicates("digest")
    fresh = set(new["file"])
    for path, digest, name in zip(new["path"], new["digest"], new["file"], strict=True):
        _store(Path(path), digest, name, folder / "originals")
    digest_of = dict(zip(forms.files["file"], forms.files["digest"], strict=True))
    old = _observations(folder / "observations.csv")
    came = _placed(forms.observations, {name: _place(digest_of[name], name) for name in fresh})
    counts, replaced, changed = _settle(old, came)
    gone = pd.concat([_read(folder / "superseded.csv", SUPERSEDED), _text(replaced)], ignore_index=True)
    _write(folder / "superseded.csv", gone.drop_duplicates())
    changes = [_change(row) for row in changed.to_dict("records")]
    told = forms.problems.loc[
        forms.problems["file"].isin([*fresh, *_unread(forms)]) & (forms.problems["code"] != "C08")
    ]
    told = pd.concat([_text(told), _text(problems(changes))], ignore_index=True)
    _write(folder / "problems.csv", _once(folder / "problems.csv", told, PROBLEMS))
    rows = forms.rows.loc[forms.rows["file"].isin(fresh)]
    rows = rows.assign(digest=rows["file"].map(digest_of).astype("str"))
    _write(folder / "rows.csv", _once(folder / "rows.csv", _text(rows[["digest", *ROWS]]), ("digest", *ROWS)))
    _write(folder / "observations.csv", _text(counts))
    # Last: a form is filed when it stands here; what was written before a power cut is written once more.
    _write(folder / "forms.csv", pd.concat([shelf, _text(new[list(FORMS)])], ignore_index=True))
    added = len(counts) - len(old)
    return Kept(len(new), added, changed, len(forms.files) - len(new) - len(_unread(forms)))


def _place(digest: str, name: str) -> str:
    """Return where an original is filed, below ``originals``: two forms of one name stand side by side."""
    return f"{digest[:16]}/{Path(name).name}"


def _placed(frame: pd.DataFrame, places: dict[str, str]) -> pd.DataFrame:
    """Return the figures of new files; their sources lead to the filed originals."""
    told = [stands(each) for each in frame["source"]]
    new = [file in places for file, _, _ in told]
    moved = [source(f"originals/{places[file]}", sheet, cell) for file, sheet, cell in told if file in places]
    return frame.loc[new].assign(source=pd.array(moved, dtype="str"))


def _settle(old: pd.DataFrame, came: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return the figures that count, those replaced with what replaced them, and what changed by it."""
    every = pd.concat([old, came], ignore_index=True) if len(old) else came.reset_index(drop=True)
    every = every.drop_duplicates([*KEY, "source", "value", "status"], ignore_index=True)
    if every.empty:
        changed = pd.DataFrame(columns=[*KEY, "old", "new", "source", "was"])
        return every, every.assign(superseded_by=""), changed
    day = every["received"].fillna(pd.Timestamp(0))
    ranked = every.assign(_told=every["status"] != "missing", _day=day, _turn=range(len(every)))
    ranked = ranked.sort_values(["_told", "_day", "_turn"], kind="stable")
    last = ranked.groupby(KEY, sort=False, observed=True)["_turn"].transform("last").reindex(every.index).to_numpy()
    counts = every.index == last
    replaced = every.loc[~counts].assign(superseded_by=every["source"].take(last[~counts]).to_numpy())
    winners = every.take(last[~counts])
    before = [shown(v, s)[0] for v, s in zip(replaced["value"], replaced["status"], strict=True)]
    after = [shown(v, s)[0] for v, s in zip(winners["value"], winners["status"], strict=True)]
    changed = replaced[KEY].assign(old=before, new=after, source=winners["source"].to_numpy(), was=replaced["source"])
    told = (changed["old"] != changed["new"]) & (replaced["status"] != "missing") & (replaced.index < last[~counts])
    # Of a figure that stood in several forms, the last one is what changed.
    changed = changed.loc[told].drop_duplicates(KEY, keep="last", ignore_index=True)
    return every.loc[counts].reset_index(drop=True), replaced, changed


def _change(row: dict[Any, Any]) -> Trouble:
    found = (f"{row['old']} ({row['was']}) thành {row['new']}", f"{row['old']} ({row['was']}) becomes {row['new']}")
    return Trouble("C08", *stands(str(row["source"])), found, None, *(row[k] for k in KEY))


def _unread(forms: Forms) -> list[str]:
    """Return the files of which nothing could be read, so that they have no digest."""
    return [str(name) for name in forms.files.loc[forms.files["digest"] == "", "file"]]


def _store(path: Path, digest: str, name: str, folder: Path) -> None:
    """Copy an original beside the others, whole or not at all, and note its hash."""
    place = _place(digest, name)
    target = folder / place
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.draft")
    try:
        shutil.copyfile(path, draft)
    except OSError as err:
        raise KeepError(f"không chép được tệp gốc {path}: {err.strerror}", f"original {path} cannot be copied") from err
    if hashlib.sha256(draft.read_bytes()).hexdigest() != digest:
        draft.unlink()
        raise KeepError(f"{path} đã đổi trong khi đọc; hãy đọc lại", f"{path} changed while it was read; read it again")
    os.replace(draft, target)  # noqa: PTH105 - documented as atomic
    sums = folder / "SHA256SUMS"
    lines = sums.read_text(encoding="utf-8").splitlines() if sums.exists() else []
    line = f"{digest}  {place}"
    if line not in lines:
        text = "\n".join([*lines, line]) + "\n"
        draft = sums.with_name(".SHA256SUMS.draft")
        draft.write_text(text, encoding="utf-8", newline="\n")
        os.replace(draft, sums)  # noqa: PTH105


def _observations(path: Path) -> pd.DataFrame:
    if not path.exists():
        return pd.DataFrame(columns=list(OBSERVATIONS))
    frame = tables.read(path, "observations")
    return frame.astype({c: "str" for c in frame.columns if frame[c].dtype == "category"})


def _read(path: Path, columns: tuple[str, ...]) -> pd.DataFrame:
    if not path.exists():
        return pd.DataFrame(columns=list(columns), dtype="str")
    frame = pd.read_csv(path, dtype="str", keep_default_na=False, na_filter=False)
    if tuple(frame.columns) != columns:
        raise KeepError(
            f"{path}, dòng 1: có các cột {', '.join(frame.columns)}; được dùng: {', '.join(columns)}",
            f"row 1 has other columns than {', '.join(columns)}",
        )
    return frame


def _once(path: Path, lines: pd.DataFrame, columns: tuple[str, ...]) -> pd.DataFrame:
    """Return a table with further lines, each once."""
    return pd.concat([_read(path, columns), lines[list(columns)]], ignore_index=True).drop_duplicates()


def _text(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table as it is written: days as ISO, whole numbers without a point."""
    out = pd.DataFrame(index=frame.index)
    for name in frame.columns:
        column = frame[name]
        if name == "received":
            out[name] = pd.to_datetime(column).dt.strftime("%Y-%m-%d").fillna("")
        elif name in {"value", "year"}:
            out[name] = ["" if pd.isna(v) else f"{v:.15g}" for v in column]
        else:
            out[name] = column.astype("str")
    return out


def _write(path: Path, frame: pd.DataFrame) -> None:
    tables.write(frame, path)

"""Faults planted in simulated reports, as reviewers meet them, each with its line in the answer key.

The records stay clean. No two faults share an office's report of a year, and a wrong consolidated figure stands only
where everything below it is sound, so each fault can be told apart from the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from danvan_kit.areas import Areas

# Columns of the answer key.
PLANTED = {
    "fault": "str",
    "rule": "str",
    "area": "str",
    "year": "int64",
    "indicator": "str",
    "scope": "str",
    "true_value": "Int64",
    "planted_value": "Int64",
    "source": "str",
    "note": "str",
}
# How many of each kind in a review of Hanoi's size; a small review gets its share, at least one.
MANY = {
    "missing_report": 40,
    "duplicate_report": 10,
    "old_name": 6,
    "factor_ten": 15,  # on figures that the log backs, and as many on others
    "swapped_columns": 10,
    "resolved_above_received": 10,
    "late_change": 15,
    "consolidated_mismatch": 20,
}
HANOI = 6_700  # reports of Hanoi's offices in all years
# A part and its whole, or two neighbouring columns that the log backs: what gets swapped.
SWAPS = (
    ("don_thu_da_giai_quyet", "don_thu_tiep_nhan"),
    ("hoa_giai_thanh", "vu_hoa_giai"),
    ("cuoc_giam_sat", "hoi_nghi_phan_bien"),
)
PAIRS = SWAPS[:2]
# Figures that a late second form changes; none has a part that could end up above it.
LATE = ("hoi_nghi_giao_ban", "luot_tiep_cong_dan", "kien_nghi_sau_giam_sat", "hoi_nghi_quan_triet")


def plant(
    observations: pd.DataFrame, areas: Areas, indicators: pd.DataFrame, rng: np.random.Generator
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Plant faults in true reports.

    Parameters
    ----------
    observations
        What every office truly reported, each figure once.
    areas, indicators
        The areas in time, and the catalogue indexed by id.
    rng
        The stream of this table.

    Returns
    -------
    observations, planted : DataFrame
        The faulty reports, and the answer key (`PLANTED`): ``true_value`` and ``planted_value`` are empty where a whole
        report is at fault.
    """
    field = Field(observations.copy(), areas, indicators, rng)
    # Whole reports first; consolidated figures last, when it is known which branches are sound.
    for rule in (_missing, _duplicate, _old_name, _factor_ten, _swapped, _above, _late, _mismatch):
        rule(field)
    return field.result()


class Field:
    """The reports while faults are planted: what is taken, what was added, and the answer key so far."""

    def __init__(self, frame: pd.DataFrame, areas: Areas, indicators: pd.DataFrame, rng: np.random.Generator) -> None:
        self.frame, self.areas, self.indicators, self.rng = frame, areas, indicators, rng
        self.level = frame["area"].map(dict(zip(areas.ids, areas.table["level"], strict=True)))
        self.reported = (frame["status"] == "reported").to_numpy()
        self.own = (frame["scope"] == "own").to_numpy()
        self.truth = frame["value"].fillna(-1).to_numpy(dtype=np.int64)
        self.taken: set[tuple[str, int]] = set()
        self.extra: list[pd.DataFrame] = []
        self.key: list[dict[str, Any]] = []

    def some(self, rule: str, mask: NDArray[np.bool_], portion: float = 1.0) -> Iterator[int]:
        """Draw rows under `mask`, from reports that hold no fault yet, as many as the rule plants."""
        reports = len(self.frame.loc[self.own, ["area", "year"]].drop_duplicates())
        wanted = max(1, round(MANY[rule] * portion * min(1.0, reports / HANOI)))
        for row in self.rng.permutation(np.flatnonzero(mask)):
            if wanted == 0:
                return
            if self.report(row) not in self.taken:
                self.taken.add(self.report(row))
                wanted -= 1
                yield int(row)

    def report(self, row: int) -> tuple[str, int]:
        """Return the area and the year of a row."""
        return str(self.frame["area"].iloc[row]), int(self.frame["year"].iloc[row])

    def put(self, row: int, column: str, value: Any) -> None:  # noqa: ANN401 - a cell
        """Change one cell."""
        self.frame.loc[row, column] = value

    def is_one_of(self, indicators: Iterable[str]) -> NDArray[np.bool_]:
        """Mark the rows of some indicators."""
        return self.frame["indicator"].isin(list(indicators)).to_numpy()

    def mates(self, one: str, other: str) -> NDArray[np.intp]:
        """Return, for each row of an own figure, the row of `other` in the same report; -1 where there is none."""
        reports = pd.MultiIndex.from_frame(self.frame[["area", "year"]])
        mine, its = (np.flatnonzero(self.own & self.is_one_of([i])) for i in (one, other))
        found = reports[its].get_indexer(reports[mine])
        mates = np.full(len(self.frame), -1, dtype=np.intp)
        mates[mine] = np.where(found >= 0, its[found], -1)
        return mates

    def rows(self, row: int) -> NDArray[np.intp]:
        """Return the rows of the whole report that `row` belongs to."""
        area, year = self.report(row)
        return np.flatnonzero((self.frame["area"] == area) & (self.frame["year"] == year))

    def note(self, rule: str, row: int, note: str, values: tuple[int, int] | None = None, source: str = "") -> None:
        """Write one line of the answer key; without `values` the whole report is at fault."""
        area, year = self.report(row)
        line = self.frame.iloc[row]
        self.key.append(
            {
                "rule": rule,
                "area": area,
                "year": year,
                "indicator": line["indicator"] if values else "",
                "scope": line["scope"] if values else "",
                "true_value": values[0] if values else None,
                "planted_value": values[1] if values else None,
                "source": source or (line["source"] if values else str(line["source"]).partition("#")[0]),
                "note": note,
            }
        )

    def result(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Return the faulty reports, additions at the end as they came in, and the answer key."""
        frame = pd.concat([self.frame, *self.extra], ignore_index=True)
        key = pd.DataFrame(self.key, columns=[c for c in PLANTED if c != "fault"])
        key.insert(0, "fault", [f"f{i:03}" for i in range(1, len(key) + 1)])
        return frame, key.astype(PLANTED)


def _missing(f: Field) -> None:
    """Empty whole reports of communes: what was owed never came."""
    for row in f.some("missing_report", f.own & (f.level == "commune").to_numpy()):
        for r in f.rows(row):
            if f.reported[r]:
                f.put(r, "status", "missing")
                f.put(r, "value", pd.NA)
            f.put(r, "received", pd.NaT)
        f.note("missing_report", row, "không nộp báo cáo của cả năm")


def _duplicate(f: Field) -> None:
    """File whole reports a second time, from another file, with the same figures."""
    for row in f.some("duplicate_report", f.own):
        again = f.frame.iloc[f.rows(row)].copy()
        again["source"] = again["source"].str.replace(".xlsx#", "_lan2.xlsx#", regex=False)
        again["received"] += pd.Timedelta(days=int(f.rng.integers(3, 30)))
        f.extra.append(again)
        file = str(again["source"].iloc[0]).partition("#")[0]
        f.note("duplicate_report", row, "nộp hai lần cùng số liệu, từ hai tệp", source=file)


def _old_name(f: Field) -> None:
    """Let communes file their first report after a change under the id of before."""
    changes = f.areas.changes.loc[f.areas.changes["part"] == "whole"]
    # Only a commune that has one name less to choose from: the same code, another id.
    code = dict(zip(f.areas.ids, f.areas.table["code"], strict=True))
    before = {
        new: old for old, new in zip(changes["from_area"], changes["to_area"], strict=True) if code[old] == code[new]
    }
    first = f.frame["area"].isin(list(before)) & (f.level == "commune") & f.own
    first &= f.frame["year"] == f.frame["year"].groupby(f.frame["area"]).transform("min")
    years = f.frame.loc[first, "year"].unique()
    for year in years:  # as many of each reform
        for row in f.some("old_name", (first & (f.frame["year"] == year)).to_numpy(), 1 / len(years)):
            own, rows = f.report(row)[0], f.rows(row)
            old = before[own]
            f.note("old_name", row, f"nộp dưới mã cũ {old}", source=f"mo_phong/{year}/{old}.xlsx")
            f.frame.loc[rows, "source"] = f.frame["source"].iloc[rows].str.replace(f"/{own}.", f"/{old}.", regex=False)
            f.frame.loc[rows, "area"] = old
            f.taken.add((old, int(year)))


def _factor_ten(f: Field) -> None:
    """Slip the decimal: ten times the figure; the consolidated one stays true."""
    known = f.indicators
    counted = known.index[(known["record_activity"] != "") & (known["record_value"] == "")]
    for row in f.some("factor_ten", f.own & f.is_one_of(counted) & (f.truth >= 3)):
        _slip(f, row)
    parts = {part for part, _ in PAIRS}
    told = known.index[(known["record_activity"] == "") & (known["nature"] == "flow") & ~known.index.isin(parts)]
    for row in f.some("factor_ten", _steady(f, f.own & f.is_one_of(told))):
        _slip(f, row)


def _steady(f: Field, kept: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Mark figures that stand out when multiplied by ten: against a median of five years or more, above 25."""
    kept = kept & (f.truth >= 0)
    series = (
        f.frame.loc[kept, ["area", "indicator"]].assign(value=f.truth[kept]).groupby(["area", "indicator"])["value"]
    )
    median, years = series.transform("median").to_numpy(), series.transform("count").to_numpy()
    mask = np.zeros(len(f.frame), dtype=np.bool_)
    mask[kept] = (f.truth[kept] >= np.maximum(20, median / 2)) & (median >= 25) & (years >= 5)
    return mask


def _slip(f: Field, row: int) -> None:
    true = int(f.truth[row])
    f.put(row, "value", true * 10)
    f.note("factor_ten", row, "gõ thừa một chữ số 0", (true, true * 10))


def _swapped(f: Field) -> None:
    """Exchange two columns of a form, where the figures differ."""
    for (one, other), portion in zip(SWAPS, (0.4, 0.3, 0.3), strict=True):
        mates = f.mates(one, other)
        for row in f.some("swapped_columns", (mates >= 0) & (f.truth >= 0) & (f.truth != f.truth[mates]), portion):
            mine, its = int(f.truth[row]), int(f.truth[mates[row]])
            f.put(row, "value", its)
            f.put(int(mates[row]), "value", mine)
            f.note("swapped_columns", row, f"đổi chỗ với {other}", (mine, its))


def _above(f: Field) -> None:
    """Report more resolved than came in."""
    for part, whole in PAIRS:
        mates = f.mates(part, whole)
        for row in f.some("resolved_above_received", (mates >= 0) & (f.truth[mates] >= 1), 1 / len(PAIRS)):
            came = int(f.truth[mates[row]])
            planted = came + int(f.rng.integers(1, 2 + came // 5))
            f.put(row, "value", planted)
            f.note("resolved_above_received", row, f"lớn hơn {whole} = {came}", (int(f.truth[row]), planted))


def _late(f: Field) -> None:
    """Send another figure months later, from another file; the first was the true one."""
    for row in f.some("late_change", f.own & f.is_one_of(LATE) & (f.truth >= 0)):
        true = int(f.truth[row])
        planted = _off(f.rng, true, 0.15, 0.4)
        again = f.frame.iloc[[row]].copy()
        again["value"] = pd.array([planted], dtype="Int64")
        again["source"] = again["source"].str.replace(".xlsx#", "_sua.xlsx#", regex=False)
        again["received"] += pd.Timedelta(days=int(f.rng.integers(60, 200)))
        f.extra.append(again)
        f.note("late_change", row, "sửa số liệu sau nhiều tháng", (true, planted), source=str(again["source"].iloc[0]))


def _mismatch(f: Field) -> None:
    """Let a district's consolidated figure differ from its own and all below, where all of that is sound."""
    parent = dict(zip(f.areas.ids, f.areas.table["parent"], strict=True))
    touched = f.taken | {(parent[area], year) for area, year in f.taken}
    sound = np.array([r not in touched for r in zip(f.frame["area"], f.frame["year"], strict=True)], dtype=np.bool_)
    wrong = ~f.own & sound & (f.level == "district").to_numpy() & (f.truth >= 10)
    for row in f.some("consolidated_mismatch", wrong):
        true = int(f.truth[row])
        planted = _off(f.rng, true, 0.03, 0.2)
        f.put(row, "value", planted)
        f.note("consolidated_mismatch", row, "không bằng tổng của đơn vị và cấp dưới", (true, planted))


def _off(rng: np.random.Generator, true: int, low: float, high: float) -> int:
    """Return a figure that differs from the true one by a share between `low` and `high`, at least by one."""
    gap = max(1, round(true * rng.uniform(low, high)))
    return true - gap if true >= gap and rng.random() < 0.5 else true + gap

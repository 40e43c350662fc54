"""Roll-up of 5, 50 and 100 million records of a country: the kit on DuckDB, hand-tuned SQL, pandas, Polars, Spark.

All read the same Parquet folder and return the same rows: every area and everything above it, by year and activity.
Each run is a process of its own (the peak of its memory is the system's count, children included), the ways in turn,
medians of the rounds; Spark runs once. The clock does not run while a library is imported or Spark starts.

Run ``python benchmarks/rollup.py [MILLIONS ...]`` (default 5, 50, 100; needs 5 GB of disk for a while).
"""

from __future__ import annotations

import contextlib
import json
import pickle
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import psutil
from budget import Line

BY = ["area", "year", "activity"]
ROUNDS = {5: 7, 50: 3, 100: 3}
"""By millions of records."""
SIZES = (5, 50, 100)
LARGEST = {"pandas": 50, "kit on Polars": 50, "kit on Spark": 50}
"""Millions of records beyond which a way is not asked."""
OURS, SQL, FLOOR, PANDAS = "kit on DuckDB", "hand-tuned SQL", "bare group-by", "pandas"
POLARS, SPARK = "kit on Polars", "kit on Spark"
MADE = """
copy (
  select 'r' || i as record, date '2010-01-01' + cast(hash(i, 1) % 4017 as int) as date,
    2010 + cast(hash(i, 1) % 11 as int) as year, communes.area, ['cuoc_giam_sat', 'doi_thoai_dinh_ky',
    'tiep_xuc_doi_thoai', 'tiep_cong_dan', 'gop_y'][1 + cast(hash(i, 2) % 5 as int)] as activity,
    'MTTQ' as body, 'chủ đề ' || hash(i, 3) % 12 as topic, cast(hash(i, 4) % 300 as int) as participants,
    cast(hash(i, 5) % 40 as int) as opinions, cast(hash(i, 5) % 30 as int) as resolved,
    cast(hash(i, 6) % 90 as int) as days, 'simulated' as origin
  from range({first}, {last}) t(i) join communes on communes.n = hash(i, 7) % {communes}
) to '{file}' (format parquet, compression zstd)
"""
# What an engineer would write who knows DuckDB: one group-by, then the few rows to all areas above at once.
TUNED = """
with own as (select area, year, activity, count(*) as n from read_parquet('{folder}/*.parquet') group by all)
select above.above as area, year, activity, cast(sum(n) as bigint) as value
from own join above using (area) group by all
"""


def make(folder: Path, millions: int) -> None:
    """Write the records, a file a 5 million, and the areas."""
    import duckdb

    from danvan_kit.areas import Areas
    from danvan_kit.simulate import country

    table, _ = country(records=1)
    areas = Areas(table, pd.DataFrame({c: [] for c in ("change", "date", "kind", "from_area", "to_area")}))
    (folder / "areas.pickle").write_bytes(pickle.dumps(areas))
    communes = areas.table.loc[areas.table["level"] == "commune", ["area"]].reset_index(drop=True)
    with duckdb.connect() as connection:
        connection.register("communes", communes.assign(n=range(len(communes))))
        for n in range(millions // 5):
            file = folder / f"{n:02}.parquet"
            spot = {"first": n * 5_000_000, "last": (n + 1) * 5_000_000, "communes": len(communes), "file": file}
            connection.execute(MADE.format(**spot))


def above(areas: Any) -> pd.DataFrame:
    """Return each area with itself and every area above it."""
    pairs = [(areas.ids[i], areas.ids[i])
             for i in range(len(areas.ids))]  # fmt: skip
    for i in range(1, len(areas.ids)):
        up = i
        while up:
            up = int(areas.parent_row[up])
            pairs.append((areas.ids[i], areas.ids[up]))
    return pd.DataFrame(pairs, columns=["area", "above"])


@contextlib.contextmanager
def way(name: str, folder: Path, areas: Any) -> Iterator[Callable[[], pd.DataFrame]]:
    """Get one way ready and yield its call."""
    if name in (SQL, FLOOR):
        import duckdb

        with duckdb.connect() as connection:
            connection.register("given", above(areas))
            connection.execute("create table above as select * from given")
            text = TUNED.format(folder=folder)
            bare = (
                f"select area, year, activity, count(*) as value from read_parquet('{folder}/*.parquet') group by all"  # noqa: S608
            )
            yield lambda: connection.execute(text if name == SQL else bare).df()
        return
    if name == PANDAS:
        pairs = above(areas)

        def plain() -> pd.DataFrame:
            own = pd.read_parquet(folder, columns=BY).groupby(BY, as_index=False).size()
            both = own.merge(pairs, on="area").drop(columns="area").rename(columns={"above": "area"})
            return both.groupby(BY, as_index=False)["size"].sum().rename(columns={"size": "value"})

        yield plain
        return
    from danvan_kit import engines, sums

    if name == OURS:
        import duckdb

        with duckdb.connect() as connection:  # what is imported at the first use is imported now
            one = connection.sql(f"select '{areas.ids[-1]}' as area, 2010 as year, 'x' as activity")
            sums.rollup(one, areas, BY)
        yield lambda: sums.rollup(engines.parquet(folder), areas, BY)
        return
    if name == POLARS:
        import polars as pl

        sums.rollup(pl.DataFrame({"area": areas.ids[-1:], "year": [2010], "activity": ["x"]}).lazy(), areas, BY)
        yield lambda: sums.rollup(pl.scan_parquet(f"{folder}/*.parquet"), areas, BY)
        return
    session = engines.spark("local[2]", spark__driver__memory="4g", spark__sql__shuffle__partitions="2")
    session.sparkContext.setLogLevel("ERROR")
    try:
        yield lambda: sums.rollup(session.read.parquet(f"{folder}/*.parquet"), areas, BY)
    finally:
        session.stop()


def peak() -> float:
    """Return the highest memory of this process and those it started, in MB, as Linux counted it."""
    own = psutil.Process()
    high = 0.0
    for process in [own, *own.children(recursive=True)]:
        with contextlib.suppress(OSError):
            _, there, after = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8").partition("VmHWM:")
            high += int(after.split()[0]) / 1000 if there else 0  # one that has just ended holds nothing
    return high


def once(name: str, folder: Path, files: Path) -> None:
    """Run one way once and print seconds, peak of memory, rows and their sum."""
    areas = pickle.loads((folder / "areas.pickle").read_bytes())  # noqa: S301 - written by `make`
    with way(name, files, areas) as call:
        start = time.perf_counter()
        found = call()
        took = time.perf_counter() - start
        print(json.dumps([took, peak(), len(found), int(found["value"].sum())]))


def measured(sizes: tuple[int, ...] = SIZES) -> dict[tuple[str, int], tuple[float, float]]:
    """Return median seconds and peak MB by way and millions of records."""
    found: dict[tuple[str, int], tuple[float, float]] = {}
    with tempfile.TemporaryDirectory(prefix="dvk-rollup-") as made:
        folder = Path(made)
        make(folder, max(sizes))
        everything = sorted(folder.glob("*.parquet"))
        for millions in sizes:
            some = folder / str(millions)
            some.mkdir()
            for file in everything[: millions // 5]:
                (some / file.name).hardlink_to(file)
            runs: dict[str, list[tuple[float, float]]] = {}
            results = set()
            for turn in range(ROUNDS.get(millions, 3)):
                for name in (OURS, SQL, FLOOR, PANDAS, POLARS, SPARK):
                    if millions > LARGEST.get(name, millions) or (turn and name == SPARK):
                        continue
                    command = [sys.executable, __file__, "--once", name, str(folder), str(some)]
                    done = subprocess.run(command, check=False, capture_output=True, text=True)
                    if done.returncode:
                        raise SystemExit(f"{name}, {millions} million: {done.stderr.strip().splitlines()[-1]}")
                    took, high, *result = json.loads(done.stdout.splitlines()[-1])
                    runs.setdefault(name, []).append((took, high))
                    results.add((name == FLOOR, *result))
            if len({r for r in results if not r[0]}) != 1:
                raise SystemExit(f"the ways do not agree: {results}")
            for name, taken in runs.items():
                found[name, millions] = statistics.median(t for t, _ in taken), max(m for _, m in taken)
    return found


def compared() -> Iterator[Line]:
    """Yield the lines with budgets."""
    found = measured()
    for millions in SIZES:
        took, high = found[OURS, millions]
        for name, limit in (
            (SQL, 1.15),
            (FLOOR, None),
            (PANDAS, 0.5 if millions == 50 else None),
            (POLARS, None),
            (SPARK, None),
        ):
            if (name, millions) in found:
                yield Line(f"roll-up of {millions} million records", took, "s", name, found[name, millions][0], limit)
        for name, limit in ((SQL, None), (PANDAS, 0.1 if millions == 50 else None), (POLARS, None), (SPARK, None)):
            if (name, millions) in found:
                yield Line(f"memory at {millions} million", high, "MB", name, found[name, millions][1], limit)
    yield Line("memory at 100 million", found[OURS, 100][1], "MB", limit=1500)
    slope = found[OURS, 100][0] / found[OURS, 5][0] / 20
    yield Line("growth of time from 5 to 100 million, linear = 1", slope, "", limit=1)


def main() -> None:
    """Print one table."""
    sizes = tuple(int(size) for size in sys.argv[1:]) or SIZES
    found = measured(sizes)
    print("| records | way | median s | peak MB |\n|---|---|---|---|")
    for (name, millions), (took, high) in sorted(found.items(), key=lambda item: item[0][1]):
        print(f"| {millions} million | {name} | {took:.2f} | {high:,.0f} |")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--once"]:
        once(sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4]))
    else:
        main()

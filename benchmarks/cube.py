"""Roll-up on each engine against the bare group-by, and the slices that widgets ask for; city and country.

Run ``python benchmarks/cube.py [RECORDS]`` (default 2,000,000; Spark needs Java). Prints two tables.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
import warnings
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from danvan_kit import cube
from danvan_kit import review as reviews
from danvan_kit.areas import Areas
from danvan_kit.simulate import country

BY = ["area", "year", "activity"]


def seconds(work, times=5):
    """Return the median of several runs, the first left out."""
    found = []
    for _ in range(times + 1):
        start = time.perf_counter()
        work()
        found.append(time.perf_counter() - start)
    return float(np.median(found[1:]))


def engines(records):
    """Give each engine's frame with the bare group-by that it would take anyway."""
    plain = records[BY].astype({"area": "str", "activity": "str", "year": "int64"})
    yield "pandas", plain, lambda: plain.groupby(BY, observed=True).size()
    import polars as pl

    polars = pl.DataFrame({c: plain[c].to_numpy() for c in BY})
    yield "Polars", polars, lambda: polars.group_by(BY).len()
    import duckdb

    connection = duckdb.connect()
    connection.register("plain", plain)
    connection.execute("create table records as select * from plain")
    counted = "select area, year, activity, count(*) from records group by all"
    yield "DuckDB", connection.table("records"), lambda: connection.sql(counted).fetchall()
    if not shutil.which("java"):
        return
    os.environ["PYSPARK_PYTHON"] = sys.executable
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    builder = builder.config("spark.driver.bindAddress", "127.0.0.1").config("spark.driver.host", "127.0.0.1")
    builder = builder.config("spark.driver.memory", "4g").config("spark.sql.shuffle.partitions", "2")
    session = builder.getOrCreate()
    file = Path(sys.argv[0]).with_suffix(".parquet")
    try:
        connection.sql(f"copy records to '{file}' (format parquet)")
        frame = session.read.parquet(str(file)).cache()
        frame.count()
        yield "PySpark (local[2])", frame, lambda: frame.groupBy(*BY).count().collect()
    finally:
        session.stop()
        file.unlink(missing_ok=True)


def rollups(areas, records):
    """Print the roll-up of each engine beside its bare group-by."""
    print(f"\n| engine, {len(records):,} records, {len(areas.ids):,} areas | group-by s | roll-up s | ratio |")
    print("|---|---|---|---|")
    for name, frame, bare in engines(records):
        floor, ours = seconds(bare), seconds(lambda frame=frame: cube.rollup(frame, areas, BY))
        print(f"| {name} | {floor:.3f} | {ours:.3f} | {ours / floor:.2f} |")
    own = np.zeros((len(areas.ids), 300), dtype=np.int64)
    alone = seconds(lambda: cube.branch_sums(own, areas))
    print(f"\nAncestors alone, {own.shape[0]:,} areas × {own.shape[1]} columns: {alone:.3f} s")


def slices(name, review):
    """Print what a widget's question costs after loading."""
    start = time.perf_counter()
    found = cube.of(review)
    built = time.perf_counter() - start
    indicator = "cuoc_giam_sat"
    communes = review.areas.of_year(2014, "commune")["area"].tolist()
    city = review.areas.root
    span = (review.years[0], review.years[-1])
    asked = {
        "series of one area": lambda: found.series(indicator, city),
        "all communes in one year": lambda: found.column(indicator, communes, 2014),
        "all communes over all years": lambda: found.column(indicator, communes, span),
        "a ratio over all years": lambda: found.column("ty_le_giai_quyet_y_kien", communes, span),
        "matrix communes × years": lambda: found.matrix(indicator, communes),
        "coverage of all communes": lambda: found.coverage(indicator, communes, span),
    }
    for question, work in asked.items():
        times = []
        for _ in range(200):
            start = time.perf_counter()
            work()
            times.append(1000 * (time.perf_counter() - start))
        print(f"| {name} | {question} | {np.median(times):.3f} | {np.percentile(times, 95):.3f} |")
    print(f"| {name} | (built once) | {1000 * built:.0f} | |")


def main():
    """Print both tables."""
    warnings.simplefilter("ignore")
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000_000
    table, records = country(records=rows)
    changes = pd.DataFrame({c: [] for c in ("change", "date", "kind", "from_area", "to_area")})
    areas = Areas(table, changes)
    rollups(areas, records)
    hanoi = reviews.load(Path(__file__).parents[1] / "data")
    land = replace(hanoi, areas=areas, records=records, observations=hanoi.observations.iloc[:0])
    print("\n| scale | question | median ms | p95 ms |\n|---|---|---|---|")
    slices("city", hanoi)
    slices("country", land)


if __name__ == "__main__":
    main()

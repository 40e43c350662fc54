"""Size and load time of the two long tables in each format that the base install could read."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from danvan_kit import tables

DATA = Path(__file__).parents[1] / "data" / "simulated"


def median_ms(work, times=7):
    """Return the median of several runs in milliseconds, the first left out."""
    found = []
    for _ in range(times + 1):
        start = time.perf_counter()
        work()
        found.append(1000 * (time.perf_counter() - start))
    return float(np.median(found[1:]))


def main():
    """Print one table."""
    print("| table | format | MB | load ms |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for name in ("observations", "records"):
            packed = DATA / f"{name}.csv.gz"
            plain, parquet = Path(folder) / f"{name}.csv", Path(folder) / f"{name}.parquet"
            plain.write_bytes(pd.read_csv(packed, dtype=str, na_filter=False).to_csv(index=False).encode())
            duckdb.sql(f"copy (select * from read_csv('{plain}')) to '{parquet}' (compression zstd)")  # noqa: S608
            ways = {
                ("CSV, pandas", plain): lambda p=plain: pd.read_csv(p),
                ("CSV.gz, pandas", packed): lambda p=packed: pd.read_csv(p),
                ("CSV.gz, `tables.read` with all checks", packed): lambda p=packed, n=name: tables.read(p, n),
                ("Parquet, DuckDB to pandas", parquet): lambda p=parquet: duckdb.sql(f"from '{p}'").df(),
            }
            for (what, path), work in ways.items():
                print(f"| {name} | {what} | {path.stat().st_size / 1e6:.2f} | {median_ms(work):.0f} |")


if __name__ == "__main__":
    main()

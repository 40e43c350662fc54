"""610 realistic forms: what is read, lost, reported; how long it takes beside pandas with openpyxl; how much memory.

Run ``python benchmarks/forms.py [--simulated]``; with ``--simulated`` every form of the simulated review is written and
read back too (6,753 files, some minutes).
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
import psutil

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from budget import Line
from form_world import world

import danvan_kit as dk
from danvan_kit.forms.blank import write_form
from danvan_kit.forms.isolated import Reader

KEY = ["area", "year", "indicator", "scope"]
ROUNDS = 3


def main():
    review = dk.load(Path(__file__).parents[1] / "data")
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        key = world(review, Path(folder))
        paths = sorted(Path(item["path"]).relative_to(folder) for item in key.files)
        right(dk.read_forms(paths, review), key)
        speed([p for p in paths if p.suffix == ".xlsx"], review)
        memory(paths)
        os.chdir(Path(__file__).parent)
    if "--simulated" in sys.argv:
        simulated(review)


def right(found, key):
    """Compare what was read with the answer key."""
    place = found.observations["source"].str.extract(r"^(?P<file>.*?)#(?P<sheet>.*)!(?P<cell>[A-Z]+\d+)$")
    got = pd.concat([found.observations, place], axis=1)
    both = key.observations.merge(got, on=KEY, how="outer", suffixes=("", "_got"), indicator=True)
    same = both.loc[both["_merge"] == "both"]
    value = (same["value"].astype("float") == same["value_got"]) | (same["value"].isna() & same["value_got"].isna())
    ok = (
        value
        & (same["status"] == same["status_got"])
        & (same["file"] == same["file_got"])
        & (same["cell"] == same["cell_got"])
    )
    told = set(zip(found.problems["file"], found.problems["code"], strict=True))
    planted = list(zip(key.faults["file"], key.faults["code"], strict=True))
    extra = found.problems.loc[found.problems["kind"] != "note"]
    false = sum((file, code) not in set(planted) for file, code in zip(extra["file"], extra["code"], strict=True))
    named = {(file, area) for file, _, _, area in key.names if area}
    read = set(zip(got["file"], got["area"], strict=True))
    whole = set(zip(key.observations["file"], key.observations["area"], strict=True))
    named &= whole  # a name beside a planted fault may have no figure left
    rows = found.rows
    print(f"forms {len(found.files)}, figures in the key {len(key.observations)}")
    print(f"| read as the key says | {ok.sum()} |")
    print(f"| wrong | {(~ok).sum()} |")
    print(f"| not returned | {(both['_merge'] == 'left_only').sum()} |")
    print(f"| returned, not in the key | {(both['_merge'] == 'right_only').sum()} |")
    print(f"| planted faults reported | {sum(p in told for p in planted)} of {len(planted)} |")
    print(f"| questions and problems where nothing was planted | {false} |")
    print(f"| names matched | {len(named & read)} of {len(named)}; wrongly: {len(read - whole)} |")
    print(f"| rows that do not add up | {(rows['filled'] != rows[['read', 'asked', 'refused']].sum(axis=1)).sum()} |")


PANDAS, READER, WHOLE = "pandas.read_excel, openpyxl", "isolated reader", "read_forms (whole)"


def measured(paths, review):
    """Return the median seconds of each way for the same workbooks, in turn."""
    dk.read_forms(paths[:1], review)
    times = {PANDAS: [], READER: [], WHOLE: []}
    with Reader() as reader:
        list(reader.books(paths[:1]))
        for _ in range(ROUNDS):
            start = time.perf_counter()
            for path in paths:
                pd.read_excel(path, sheet_name=None, header=None, engine="openpyxl")
            times[PANDAS].append(time.perf_counter() - start)
            start = time.perf_counter()
            assert len(list(reader.books(paths))) == len(paths)  # noqa: S101
            times[READER].append(time.perf_counter() - start)
            start = time.perf_counter()
            dk.read_forms(paths, review)
            times[WHOLE].append(time.perf_counter() - start)
    return {name: float(np.median(taken)) for name, taken in times.items()}


def compared():
    """Yield the lines of the table of all comparisons."""
    review = dk.load(Path(__file__).parents[1] / "data")
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        paths = sorted(Path(item["path"]).relative_to(folder) for item in world(review, Path(folder)).files)
        paths = [p for p in paths if p.suffix == ".xlsx"]
        found = measured(paths, review)
        os.chdir(Path(__file__).parent)
    yield Line(f"{len(paths)} forms, read in a process of its own", found[READER], "s", PANDAS, found[PANDAS])
    yield Line("read, understood, checked", found[WHOLE], "s", PANDAS, found[PANDAS])


def speed(paths, review):
    """Print the times of the same workbooks."""
    found = measured(paths, review)
    print(f"\n| {len(paths)} workbooks, median of {ROUNDS} | s | ms a file | times faster |\n|---|---|---|---|")
    for name, median in found.items():
        print(f"| {name} | {median:.2f} | {median / len(paths) * 1000:.2f} | {found[PANDAS] / median:.1f} |")


def memory(paths):
    """Look at the memory of both processes while all forms are read again and again."""
    own, worst = psutil.Process(), 0
    print("\n| files read | this process, MB | child, MB |\n|---|---|---|")
    with Reader() as reader:
        for turn in range(4):
            for book in reader.books(paths):
                del book
                worst = max([worst, *(c.memory_info().rss for c in own.children())])
            print(f"| {(turn + 1) * len(paths)} | {own.memory_info().rss / 1e6:.0f} | {worst / 1e6:.0f} |")


def simulated(review):
    """Write every form of the simulated review and read it back."""
    told = review.observations.astype(dict.fromkeys(["area", "indicator", "scope", "status", "source"], "str"))
    told = told.assign(file=told["source"].str.partition("#")[0])
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for file, figures in told.groupby("file"):
            Path(file).parent.mkdir(parents=True, exist_ok=True)
            day = figures["received"].iloc[0]
            write_form(
                Path(file), review, figures["area"].iloc[0], int(figures["year"].iloc[0]), figures=figures,
                received=None if pd.isna(day) else day.date(), simulated=True, partial="_sua" in file,
            )  # fmt: skip
        start = time.perf_counter()
        found = dk.read_forms("mo_phong", review)
        taken = time.perf_counter() - start
        os.chdir(Path(__file__).parent)
    both = told.merge(found.observations, on=[*KEY, "source"], how="outer", suffixes=("", "_got"), indicator=True)
    value = (both["value"] == both["value_got"]) | (both["value"].isna() & both["value_got"].isna())
    day = (both["received"] == both["received_got"]) | (both["received"].isna() & both["received_got"].isna())
    same = (
        (both["_merge"] == "both")
        & value
        & day
        & (both["status"] == both["status_got"])
        & (both["origin"] == both["origin_got"])
    )
    kinds = found.problems["kind"].value_counts().to_dict()
    print(f"\nsimulated review: {len(found.files)} forms in {taken:.0f} s; {same.sum()} of {len(told)} observations")
    print(f"exactly, {len(both) - same.sum()} others; {kinds}")


if __name__ == "__main__":
    main()

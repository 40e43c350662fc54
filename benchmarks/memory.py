"""Whether memory and time grow with use: 1,000 changes in one session, 10 notebooks opened and closed in one Lab.

Run ``python benchmarks/memory.py [changes] [rounds]`` (default 1,000 and 3). The first part makes countries of several
sizes, each in a process of its own; the second changes choices in the whole country; the third starts JupyterLab, opens
ten notebooks, runs them and closes them, several times.
"""

from __future__ import annotations

import contextlib
import gc
import io
import json
import os
import random
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil
from budget import Line

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))
from browser import TOKEN, jupyter  # noqa: E402

VIEWS = ("trend", "compare", "heatmap", "drilldown", "completeness")
CELL = f"""
import danvan_kit as dk
review = dk.load({str(ROOT / "data")!r})
explorers = [dk.explore(getattr(dk.views, name), review) for name in {VIEWS!r}]
for explorer in explorers:
    for area in ("001", "002", "003", "004", "005"):
        explorer.set(area=area)
        explorer.view
"""


def megabytes(process: psutil.Process | None = None) -> float:
    """Return the memory that a process holds."""
    return (process or psutil.Process()).memory_info().rss / 1e6


SIZES = ((1_500, 130_000), (5_500, 500_000), (11_000, 1_000_000), (22_000, 2_000_000), (44_000, 4_000_000))
"""Communes, records."""


def size(communes: int, records: int) -> None:
    """Print what a country of this size takes, once its cube is built."""
    from danvan_kit import cube
    from danvan_kit.simulate import country_review

    before = megabytes()
    review = country_review(ROOT / "data", communes=communes, records=records)
    found = cube.of(review)
    arrays = [
        found.own,
        found.total,
        found.expected,
        found.present,
        *(a for four in found.parts.values() for a in four),
    ]
    tables = sum(table.memory_usage(deep=True).sum() for table in (review.observations, review.records))
    counts = (found.total.size, len(review.observations), len(review.records))
    cells = [f"{len(review.areas.ids):,}", *(f"{n / 1e6:.2f}" for n in counts)]
    cells += [f"{n / 1e6:.0f}" for n in (sum(a.nbytes for a in arrays), tables)]
    print(f"| {' | '.join(cells)} | {megabytes() - before:,.0f} |", flush=True)


def session(changes: int) -> tuple[list[float], dict[str, tuple[list[float], list[float]]]]:
    """Print memory and time of a session over the country; return MB after each fifth, and ms by explorer."""
    import danvan_kit as dk
    from danvan_kit.explorer.canvas import page_view
    from danvan_kit.simulate import country_review
    from danvan_kit.views._shown import PAGE_ROWS, table_of

    print(f"\n| step | s | MB |\n|---|---|---|\n| imported | | {megabytes():.0f} |")
    start = time.perf_counter()
    review = country_review(ROOT / "data")
    print(f"| review made ({len(review.records):,} records) | {time.perf_counter() - start:.1f} | {megabytes():.0f} |")
    start = time.perf_counter()
    explorers = {name: dk.explore(getattr(dk.views, name), review) for name in VIEWS}
    for explorer in explorers.values():
        _ = explorer.view
    print(f"| five explorers answered | {time.perf_counter() - start:.1f} | {megabytes():.0f} |")
    draw, times = random.Random(290), {name: ([], []) for name in VIEWS}  # noqa: S311 - the same choices each time
    upper = [area for area in review.areas.ids if area[0] != "C"]
    print(f"\n| changes | MB | median ms of the last {changes // 5} |\n|---|---|---|")
    recent: list[float] = []
    held: list[float] = []
    for n in range(changes):
        name = VIEWS[n % len(VIEWS)]
        explorer = explorers[name]
        control = draw.choice(list(explorer.controls.values()))
        value = draw.choice(control.options)
        if control.name == "area" and draw.random() < 0.5:  # else nearly all would be communes
            value = draw.choice(upper)
        if draw.random() < 0.1:
            explorer.set(area=review.areas.root)
        begun = time.perf_counter()
        explorer.set(**{control.name: value})
        found = explorer._answer()  # noqa: SLF001 - what a page asks
        drawn = None if isinstance(found, dk.DanvanError) else page_view(found)
        middle = time.perf_counter()
        if drawn is not None:
            table_of(found, "vi", PAGE_ROWS)
        ended = time.perf_counter()
        recent.append(1000 * (middle - begun))
        times[name][0].append(1000 * (middle - begun))
        times[name][1].append(1000 * (ended - middle))
        if (n + 1) % (changes // 5) == 0:
            gc.collect()
            held.append(megabytes())
            print(f"| {n + 1} | {held[-1]:.0f} | {np.median(recent):.2f} |")
            recent.clear()
    print("\n| explorer | picture: median ms | p95 | max | table: median ms | p95 | max |")
    print("|---|---|---|---|---|---|---|")
    for name, parts in times.items():
        cells = [f"{f(taken):.2f}" for taken in parts for f in (np.median, lambda t: np.percentile(t, 95), np.max)]
        print(f"| {name} | {' | '.join(cells)} |")
    return held, times


def compared() -> Iterator[Line]:
    """Yield the lines of the table of all comparisons."""
    with contextlib.redirect_stdout(io.StringIO()):
        held, times = session(1000)
    for name, (pictures, _) in times.items():
        yield Line(
            f"the country, {name}: a change in the kernel, 99th of 100", np.percentile(pictures, 99), "ms", limit=50
        )
    yield Line("memory after 1,000 changes", held[-1], "MB", "after 200", held[0], 1.05)


def ask(base: str, path: str, method: str = "GET", body: object = None) -> object:
    """Ask Jupyter's server."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{base}/api/{path}?token={TOKEN}", data=data, method=method)  # noqa: S310
    request.add_header("Authorization", f"token {TOKEN}")
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
        text = answer.read()
    return json.loads(text) if text else None


def run_cell(base: str, kernel: str) -> None:
    """Run `CELL` in a kernel of the server, as a page does."""
    import websocket

    url = f"{base.replace('http', 'ws')}/api/kernels/{kernel}/channels?token={TOKEN}"
    socket = websocket.create_connection(url, timeout=120)
    try:
        header = {"msg_id": os.urandom(8).hex(), "msg_type": "execute_request", "session": "memory", "username": "", "version": "5.3"}  # fmt: skip  # noqa: E501
        content = {"code": CELL, "silent": False, "store_history": False, "user_expressions": {}, "allow_stdin": False}
        message = {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell"}
        socket.send(json.dumps(message))
        while True:
            told = json.loads(socket.recv())
            if told.get("msg_type") == "execute_reply" and told["parent_header"].get("msg_id") == header["msg_id"]:
                if told["content"]["status"] != "ok":
                    raise SystemExit(told["content"]["evalue"])
                return
    finally:
        socket.close()


def lab(rounds: int, notebooks: int = 10) -> None:
    """Print the memory of server and kernels while ten notebooks are opened, run and closed again and again."""
    print(f"\n| round | server MB | {notebooks} kernels, MB each | server MB after closing | kernels left |")
    print("|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as made, jupyter("lab", Path(made)) as base:
        server = next(
            child for child in psutil.Process().children() if any("jupyterlab" in part for part in child.cmdline())
        )
        for turn in range(rounds):
            open_now = []
            for n in range(notebooks):
                body = {"path": f"{n}.ipynb", "name": "", "type": "notebook", "kernel": {"name": "python3"}}
                open_now.append(ask(base, "sessions", "POST", body))
                run_cell(base, open_now[-1]["kernel"]["id"])
            sizes = [megabytes(child) for child in server.children()]
            busy = megabytes(server)
            for one in open_now:
                ask(base, f"sessions/{one['id']}", "DELETE")
            time.sleep(2)
            left = len(ask(base, "kernels"))
            print(f"| {turn + 1} | {busy:.0f} | {np.mean(sizes):.0f} | {megabytes(server):.0f} | {left} |")


def main() -> None:
    """Print all tables."""
    if sys.argv[1:2] == ["--session"]:
        session(int(sys.argv[2]))
        return
    if sys.argv[1:2] == ["--size"]:
        size(int(sys.argv[2]), int(sys.argv[3]))
        return
    changes = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    print("| areas | million cells | million reports | million records | cube MB | tables MB | session MB |")
    print("|---|---|---|---|---|---|---|", flush=True)
    for one in SIZES:
        subprocess.run([sys.executable, __file__, "--size", *map(str, one)], check=True)
    subprocess.run([sys.executable, __file__, "--session", str(changes)], check=True)
    lab(rounds)


if __name__ == "__main__":
    main()

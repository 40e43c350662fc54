"""Findings: none that was acknowledged is lost, none that no longer holds is missed.

Usage: ``python benchmarks/findings.py [kills] [writers] [each] [edits]`` (where processes can be forked).

1. A writer appends findings and says each id only after `write` has returned; it is killed (SIGKILL) at any moment.
2. Several writers append at once while somebody reads.
3. A cell of the shipped review is changed at random, many times; a finding must be told as changed exactly when its
   view's table differs.
"""

from __future__ import annotations

import dataclasses
import os
import random
import signal
import sys
import tempfile
import time
from pathlib import Path

from danvan_kit import findings, review, views
from danvan_kit.findings.finding import Finding, new_id


def pattern() -> Finding:
    """Return a finding of the usual size: 60 cells, 200 sources."""
    shown = tuple((f"Quận số {n} · Giá trị", n / 3) for n in range(60))
    return Finding(
        finding=new_id(), version=1, statement="x", kind="weakness", recommendation="", area="01", due=None,
        status="draft", author="A", time="2026-01-01T00:00:00.000+00:00", view="compare", choices={"year": 2019},
        lang="vi", title="T", reading="R", shown=shown, table_digest="0" * 16, data_digest="0" * 16,
        evidence=tuple(f"records#r{n:05d}" for n in range(200)), evidence_total=27739, simulated=True,
    )  # fmt: skip


def start(place: Path, each: int, author: str) -> tuple[int, int]:
    """Fork a writer that says the id of each finding that is kept; return its process and the pipe it speaks in."""
    ears, mouth = os.pipe()
    if child := os.fork():
        os.close(mouth)
        return child, ears
    made = pattern()
    for n in range(each):
        made = dataclasses.replace(made, finding=new_id(), statement=f"{n} " + "ạ" * (n % 50) * 40, author=author)
        findings.write(made, place)
        os.write(mouth, f"{made.finding}\n".encode())
    os._exit(0)


def heard(ears: int) -> set[str]:
    """Return the ids that a writer has acknowledged, and close the pipe."""
    with os.fdopen(ears, "rb") as pipe:
        return {line.decode().strip() for line in pipe.readlines()}


def killed(kills: int, place: Path, chance: random.Random) -> set[str]:
    """Kill writers at random moments; return the ids that they had acknowledged."""
    told = set[str]()
    for n in range(kills):
        child, ears = start(place, 200, f"Người {n}")
        time.sleep(chance.uniform(0, 0.1))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        told |= heard(ears)
    return told


def together(writers: int, each: int, place: Path) -> set[str]:
    """Let several processes write at once while this one reads; return the ids that they acknowledged."""
    running = [start(place, each, f"Người {n % 2}") for n in range(writers)]
    left = [child for child, _ in running]
    while left:
        findings.versions(place)
        left = [child for child in left if os.waitpid(child, os.WNOHANG)[0] == 0]
    return set[str]().union(*(heard(ears) for _, ears in running))


def edited(known: review.Review, edits: int, chance: random.Random) -> dict[str, int]:
    """Change one cell at a time; count how the judgement stands against the view's own table."""
    asked = [
        (views.trend, {"indicator": "cuoc_giam_sat", "area": "001"}),
        (views.trend, {"indicator": "don_thu_tiep_nhan", "area": "001"}),
        (views.compare, {"indicator": "don_thu_tiep_nhan", "area": "001", "level": "commune", "year": 2019}),
        (views.peers, {"area": "001", "year": 2019}),
    ]
    made = [findings.from_view(v, known, c, statement="x", kind="weakness", author="A") for v, c in asked]
    before = [v(known, **c).table for v, c in asked]
    counts = {"changed": 0, "same": 0, "wrong": 0}
    for _ in range(edits):
        new = one_cell(known, chance)
        states = findings.hold.check(made, new).groupby("finding")["state"].first()
        for finding, (view, choices), old in zip(made, asked, before, strict=True):
            moved = not old.equals(view(new, **choices).table)  # not by the digest that is under test
            right = states[finding.finding] == ("changed" if moved else "same_value_other_data")
            counts["wrong" if not right else "changed" if moved else "same"] += 1
    return counts


def one_cell(known: review.Review, chance: random.Random) -> review.Review:
    """Return the review with one figure or one log entry changed, in district 001, where the findings are."""
    branch = set(known.areas.ids[known.areas.branch("001")])
    name = chance.choice(["observations", "records"])
    table = getattr(known, name).copy()
    mine = table["area"].isin(branch)
    what = "indicator" if name == "observations" else "activity"
    if chance.random() < 0.7:  # near what the findings rest on
        mine &= (table["year"] == 2019) | table[what].isin(["cuoc_giam_sat", "don_thu_tiep_nhan"])
    row = chance.choice(table.index[mine].tolist())
    if name == "observations":
        value = table.loc[row, "value"]
        table.loc[row, "value"] = 1.0 if value != value else value + chance.choice([1, -1, 100])  # noqa: PLR0124
        table.loc[row, "status"] = "reported"
    else:
        table = table.drop(index=row)
    return dataclasses.replace(known, **{name: table})


def main() -> None:
    kills, writers, each, edits = [int(n) for n in (*sys.argv[1:], *("200", "4", "400", "200")[len(sys.argv) - 1 :])]
    chance = random.Random(290)  # noqa: S311
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "killed"
        told = killed(kills, place, chance)
        found, broken = findings.store.gather(place)
        lost = len(told - {finding.finding for finding in found})
        print(f"{kills} kills: {len(told)} acknowledged, {lost} lost, {len(broken)} cut lines told")
        place, began = Path(folder) / "together", time.perf_counter()
        told = together(writers, each, place)
        took = time.perf_counter() - began
        found, broken = findings.store.gather(place)
        lost = len(told - {finding.finding for finding in found})
        print(
            f"{writers} writers x {each}: {len(told)} acknowledged, {lost} lost, {len(broken)} cut lines, {took:.1f} s"
        )
        began = time.perf_counter()
        count = len(findings.read(place))
        print(f"reading {count}: {time.perf_counter() - began:.2f} s")
    if edits:
        print(f"{edits} edits of one cell, 4 findings: {edited(review.load('data'), edits, chance)}")


if __name__ == "__main__":
    main()

"""How the figures of texts are judged: `danvan_kit.verify_claims` on the corpus of ``tests/claims``.

Run: ``python benchmarks/claims.py [-v] [category or name ...]``; ``-v`` lists what went wrong.

The right answers were worked out beforehand from the raw tables (``tests/claims_corpus.py``). *Needless* is a figure
that could be decided and was not, *missed* one without a row, *invented* a row where nothing is claimed.
"""

from __future__ import annotations

import sys
import time
from collections import Counter, defaultdict
from pathlib import Path

HERE = Path(__file__).parents[1]
sys.path.insert(0, str(HERE / "tests"))

import claims_corpus as corpus  # noqa: E402 - it lies beside the tests

import danvan_kit as dk  # noqa: E402

OUTCOMES = (
    "right", "wrong holds", "wrong does_not_hold", "wrong binding", "needless undecided", "missed", "invented",
    "raised",
)  # fmt: skip


def answer(case, review):
    """Return the outcomes of one text; a text that raises counts once for each of its figures."""
    try:
        rows = dk.verify_claims(case.text, review).to_dict("records")
    except Exception as err:  # noqa: BLE001 - a benchmark goes on
        row = {"claim": repr(err)[:200], "verdict": "raised"}
        return [("raised", figure, row) for figure in case.figures] or [("raised", None, row)]
    return corpus.judge(case, rows)


def told(case, outcome, figure, row):
    """Return one failing figure in two lines."""
    wanted = "no row" if figure is None else f"{figure.shown!r} {'/'.join(sorted(figure.verdicts))}"
    if figure is not None and figure.truth is not None:
        wanted += f" (tables: {figure.truth:.6g})"
    if figure is not None and figure.indicators:
        wanted += f" {'/'.join(figure.indicators)}"
    line = f"{outcome:20} {case.category}/{case.name}: wanted {wanted}"
    if row is not None:
        keys = ("claim", "said", "qualifier", "indicator", "level", "area", "year_from", "year_to", "kind", "found")
        got = ", ".join(f"{key}={row.get(key)}" for key in (*keys, "verdict", "reason"))
        line += f"\n{'':20} got {got}"
    return line


def main(words):
    """Print the table, and with -v what went wrong."""
    review = dk.load(HERE / "data")
    chosen = [c for c in corpus.cases(review) if not (w := set(words) - {"-v"}) or w & {c.category, c.name}]
    counts, wrong, start = defaultdict(Counter), [], time.perf_counter()
    for case in chosen:
        for outcome, figure, row in answer(case, review):
            counts[case.category][outcome] += 1
            if outcome != "right":
                wrong.append(f"{told(case, outcome, figure, row)}\n{'':20} text: {case.text[:240]!r}")
    took = time.perf_counter() - start
    print("| category | texts | figures | " + " | ".join(OUTCOMES) + " |")
    print("|---" * (len(OUTCOMES) + 3) + "|")
    texts = Counter(case.category for case in chosen)
    for category in [*texts, "all"]:
        found = counts[category] if category != "all" else sum(counts.values(), Counter())
        n = texts[category] if category != "all" else len(chosen)
        figures = sum(found.values()) - found["invented"]
        print(f"| {category} | {n} | {figures} | " + " | ".join(str(found[o]) for o in OUTCOMES) + " |")
    print(f"\n{1000 * took / max(len(chosen), 1):.1f} ms a text")
    if "-v" in words:
        print("\n" + "\n".join(sorted(wrong)))


if __name__ == "__main__":
    main(sys.argv[1:])

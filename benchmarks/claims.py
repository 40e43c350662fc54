"""How the figures of texts are judged: `danvan_kit.verify_claims` on the corpus of ``tests/claims``.

Run: ``python benchmarks/claims.py [-v] [--careless] [category or name ...]``; ``-v`` lists what went wrong;
``--careless`` judges a reader of forty lines instead, who takes each number for the indicator whose name follows, of
the last area and the last years named before: what the corpus makes of it shows what the corpus is worth.

The right answers were worked out beforehand from the raw tables (``tests/claims_corpus.py``). *Needless* is a figure
that could be decided and was not, *missed* one without a row, *invented* a row where nothing is claimed.
"""

from __future__ import annotations

import re
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


NAMES = {
    "cuộc giám sát": "cuoc_giam_sat", "hội nghị phản biện": "hoi_nghi_phan_bien", "văn bản": "van_ban_chi_dao",
    "hội nghị tiếp xúc": "tiep_xuc_doi_thoai", "hội nghị đối thoại": "doi_thoai_dinh_ky",
    "lớp tập huấn": "lop_tap_huan",
    "cuộc kiểm tra": "cuoc_kiem_tra", "lượt": "luot_tiep_cong_dan", "đơn thư": "don_thu_tiep_nhan",
    "tổ hòa giải": "to_hoa_giai", "kiến nghị": "kien_nghi_sau_giam_sat",
}  # fmt: skip


def careless(text, truth):
    """Answer as a reader would who looks no further than the next words."""
    areas = {str(row["name"]).lower(): area for area, row in truth.areas.iterrows() if row["level"] == "district"}
    text = text.lower()
    for found in re.finditer(
        r"(gần |hơn |trên |khoảng )?(?<![\d.,/-])(\d+(?:\.\d{3})*)(?![\d/]| ?%|,\d)( nghìn)?", text
    ):
        said = float(found[2].replace(".", "")) * (1000 if found[3] else 1)
        before, after = text[: found.start()], text[found.end() : found.end() + 40]
        named = [(after.find(name), i) for name, i in NAMES.items() if name in after]
        if not named:
            continue
        place = max(((before.rfind(name), area) for name, area in areas.items() if name in before), default=(0, "01"))[
            1
        ]
        years = [int(y) for y in re.findall(r"\b20(?:1\d|20)\b", before)] or [2010, 2020]
        span = (min(years[-2:]), max(years[-2:])) if re.search(r"20\d\d ?[–-] ?20\d\d[^–]*$", before) else years[-1]
        row = {"claim": found[0], "said": said, "indicator": min(named)[1], "area": place}
        try:
            value = truth.total(row["indicator"], place, span)
        except ValueError:
            yield row | {"verdict": "undecided"}
            continue
        loose = found[1] is not None and abs(value - said) <= said / 10
        yield row | {"found": value, "verdict": "holds" if loose or value == said else "does_not_hold"}


def answer(case, review, reader=None):
    """Return the outcomes of one text; a text that raises counts once for each of its figures."""
    if reader is not None:
        return corpus.judge(case, list(careless(case.text, reader)))
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
    asked = {word for word in words if not word.startswith("-")}
    chosen = [case for case in corpus.cases(review) if not asked or asked & {case.category, case.name}]
    reader = corpus.Truth(review) if "--careless" in words else None
    counts, wrong, start = defaultdict(Counter), [], time.perf_counter()
    for case in chosen:
        for outcome, figure, row in answer(case, review, reader):
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

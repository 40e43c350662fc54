"""How often a written name finds its area: precision and recall of `names.match` on seeded noise.

Run: ``python benchmarks/names.py [samples per area, date and kind of noise] [seed]``.

The noise is put on every area valid on 30 June of 2010, 2014 and 2020. Two sorts of samples are dropped, because no
reader could decide them: a slip that turns a name into another name of the same district, and a name without its kind
where two areas of the district share it. They come back among the queries that must be asked about.
"""

from __future__ import annotations

import random
import sys
import time
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from danvan_kit.areas import Areas
from danvan_kit.names import match
from danvan_kit.words import fold, tone

if TYPE_CHECKING:
    from collections.abc import Iterator

DATA = Path(__file__).parents[1] / "data"
DATES = ("2010-06-30", "2014-06-30", "2020-06-30")
PREFIXES = {
    "phường": ("Phường ", "P. ", "P.", "Ph. ", "phường ", "UBND phường ", "Đảng ủy P. ", "F."),
    "xã": ("Xã ", "X. ", "xã ", "X.", "UBND xã ", "UB MTTQ xã ", "Ủy ban MTTQ Việt Nam xã ", "Đảng ủy xã "),
    "thị trấn": ("Thị trấn ", "TT ", "TT. ", "T.T ", "UBND thị trấn ", "Đảng bộ TT "),
    "quận": ("Quận ", "Q. ", "Q.", "quận ", "UBND quận ", "Quận ủy ", "Ban Dân vận Quận ủy "),
    "huyện": ("Huyện ", "H. ", "huyện ", "UBND huyện ", "Huyện ủy ", "UB MTTQ huyện "),
    "thị xã": ("Thị xã ", "Tx ", "TX. ", "T.X ", "Thị ủy ", "UBND thị xã "),
    "thành phố": ("Thành phố ", "TP ", "TP. ", "Tp.", "Thành ủy ", "UBND TP "),
}
NEW_TONE = {"òa": "oà", "óa": "oá", "ỏa": "oả", "ọa": "oạ", "ùy": "uỳ", "úy": "uý", "ủy": "uỷ", "ũy": "uỹ", "ụy": "uỵ"}
NOISES = ("as written", "no accents", "prefix", "no kind", "CAPITALS", "NFD", "tone place", "Ð", "spaces", "slip")


@dataclass(frozen=True)
class Sample:
    """A query and the area it means; None when it must be asked about."""

    noise: str
    text: str
    truth: str | None
    within: str | None = None
    at: str | None = None
    level: str | None = None


def load() -> Areas:
    read = {"dtype": str, "keep_default_na": False}
    return Areas(pd.read_csv(DATA / "areas.csv", **read), pd.read_csv(DATA / "area_changes.csv", **read))


def bare(row: object) -> str:
    """Return a name without its kind."""
    return row.name[len(row.kind) + 1 :] if row.name.lower().startswith(row.kind) else row.name


def slip(rng: random.Random, name: str) -> str:
    """Swap two neighbours, drop a letter or double one: one slip of the keyboard."""
    places = [i for i in range(len(name) - 1) if name[i].isalpha() and name[i + 1].isalpha() and name[i] != name[i + 1]]
    i = rng.choice(places)
    return rng.choice(
        (name[:i] + name[i + 1] + name[i] + name[i + 2 :], name[:i] + name[i + 1 :], name[: i + 1] + name[i:])
    )


def disguise(rng: random.Random, noise: str, text: str) -> str:
    """Put one kind of noise on a whole query; kinds that are put on its parts leave it alone."""
    if noise == "no accents":
        text = rng.choice((fold(text), fold(text).title()))
    elif noise == "CAPITALS":
        text = text.upper()
    elif noise == "NFD":
        text = unicodedata.normalize("NFD", text)
    elif noise == "tone place":
        for old, new in NEW_TONE.items():
            text = text.replace(old, new)
    elif noise == "Ð":
        text = text.replace("Đ", "\u00d0").replace("đ", "\u00f0")
    elif noise == "spaces":
        spaces = ("\u00a0", "  ", "\u202f", " \u200b")
        text = "".join(rng.choice(spaces) if c == " " else c for c in text) + "\ufeff"
    return text


def add_district(rng: random.Random, text: str, district: object) -> str:
    """Write the district beside the commune, in one of the ways people do."""
    form = rng.choice(("{}, {}", "{} - {}", "{} ({})", "{} {}", "{1}, {0}"))
    prefixes = PREFIXES[district.kind]
    # Behind a mark the kind may be left out.
    prefix = prefixes[0] if form in ("{} {}", "{1}, {0}") else rng.choice((*prefixes[:4], ""))
    return form.format(text, prefix + bare(district)) + rng.choice(("", "", ", Hà Nội", " - TP Hà Nội"))


def clear_queries(areas: Areas, seed: int, repeat: int = 1) -> Iterator[Sample]:
    """Yield noisy names with one right answer."""
    rng = random.Random(seed)  # noqa: S311 - the same samples every time, nothing secret
    rows = {row.area: row for row in areas.table.itertuples()}
    in_district = Counter((row.parent, fold(bare(row))) for row in rows.values())
    anywhere = Counter((fold(bare(row)), row.kind) for row in rows.values())
    for date in DATES:
        for row in areas.at(date).itertuples():
            for noise in NOISES * repeat:
                name = slip(rng, bare(row)) if noise == "slip" else bare(row)
                kind = "" if noise == "no kind" else rng.choice(PREFIXES[row.kind][: None if noise == "prefix" else 2])
                if in_district[row.parent, fold(name)] > (0 if noise == "slip" else 1 if not kind else 99):
                    continue  # nobody could decide it: see the top of this file
                text, at, within, level = kind + name, rng.choice((None, None, date)), None, None
                if row.level != "commune":
                    level = None if kind else row.level
                elif rng.random() < 0.3:
                    within = row.parent
                else:
                    text = add_district(rng, text, rows[row.parent])
                # A second noise on some, for they come together.
                second = rng.choice((*NOISES[1:2], *NOISES[4:9], *["as written"] * 6))
                yield Sample(noise, disguise(rng, second, disguise(rng, noise, text)), row.area, within, at, level)
            if row.level == "commune" and anywhere[fold(bare(row)), row.kind] == 1:
                text = disguise(rng, rng.choice(NOISES), rng.choice(PREFIXES[row.kind]) + bare(row))
                yield Sample("no district", text, row.area)


def unclear_queries(areas: Areas, seed: int) -> Iterator[Sample]:
    """Yield names that several areas bear, or that no area bears as written."""
    rng = random.Random(seed)  # noqa: S311 - as above
    rows = list(areas.table.itertuples())
    districts = [r.area for r in rows if r.level == "district"]
    names, full, of_parent = defaultdict(list), defaultdict(list), defaultdict(list)
    for row in rows:
        names[fold(bare(row))].append(row)
        full[tone(bare(row)).lower(), row.kind].append(row)
        of_parent[row.parent].append(fold(bare(row)))
    for name, namesakes in names.items():
        if len(namesakes) > 1:
            yield Sample("asked: shared name, no accents", name, None)
    for (name, kind), namesakes in full.items():
        if len(namesakes) > 1:
            yield Sample("asked: shared name and kind", rng.choice(PREFIXES[kind]) + name, None)
    for row in rows:
        if row.level != "commune":
            continue
        yield Sample("asked: slip, no district", slip(rng, bare(row)), None)
        if len(names[fold(bare(row))]) > 1:
            continue
        other = rng.choice([k for k in ("phường", "xã", "thị trấn") if k != row.kind])
        yield Sample("asked: another kind", f"{PREFIXES[other][0]}{bare(row)}", None, row.parent)
        elsewhere = rng.choice([d for d in districts if d != row.parent])
        yield Sample("asked: another district's", PREFIXES[row.kind][0] + bare(row), None, elsewhere)


def judge(areas: Areas, samples: Iterator[Sample]) -> tuple[pd.DataFrame, list[tuple[Sample, str | None]]]:
    """Match every sample; return counts by noise, and what went wrong or unanswered."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    failures = []
    for s in samples:
        found = match(s.text, areas, within=s.within, at=s.at, level=s.level).area
        verdict = "right" if found == s.truth else "asked" if found is None else "wrong"
        counts[s.noise][verdict] += 1
        if verdict != "right":
            failures.append((s, found))
    table = pd.DataFrame.from_dict(counts, orient="index", columns=["right", "asked", "wrong"]).fillna(0).astype(int)
    return table, failures


def main(repeat: int = 1, seed: int = 290) -> None:
    areas = load()
    start = time.perf_counter()
    clear, failures = judge(areas, clear_queries(areas, seed, repeat))
    unclear, answered = judge(areas, unclear_queries(areas, seed))
    seconds = time.perf_counter() - start
    clear.loc["all"] = clear.sum()
    clear["precision %"] = (100 * clear["right"] / (clear["right"] + clear["wrong"])).round(3)
    clear["recall %"] = (100 * clear["right"] / clear[["right", "asked", "wrong"]].sum(axis=1)).round(2)
    print(clear.to_string(), "\n")
    unclear = unclear.rename(columns={"right": "rightly asked", "wrong": "answered"}).drop(columns="asked")
    print(unclear.to_string(), "\n")
    total = int(clear.loc["all", ["right", "asked", "wrong"]].sum()) + int(unclear.to_numpy().sum())
    print(f"{total} queries, {1000 * seconds / total:.2f} ms each, seed {seed}\n")
    for sample, found in [*failures[:12], *answered[:12]]:
        print(f"{sample.noise}: {sample.text!r} within={sample.within} at={sample.at}: {sample.truth} -> {found}")


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:]))

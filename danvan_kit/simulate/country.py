"""A whole country, made up from a seed: the scale that the kit is planned for, not figures of any place.

The provinces bear the names of the 63 that stood in 2020; districts and communes bear numbers, and say in their names
that they are simulated. No figure of the country is stored: a review is made anew in a few seconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from danvan_kit.areas import Areas, rank
from danvan_kit.review import Review, facts
from danvan_kit.simulate.activities import allot, largest_remainder, log
from danvan_kit.simulate.reports import branches, own_figures, received
from danvan_kit.simulate.world import LAST_DAY, World, stream, world

YEARS = range(2010, 2021)
# How the records of a whole country divide up, much as Hanoi's do.
SHARES = {
    "van_ban_chi_dao": 0.515,
    "cuoc_giam_sat": 0.36,
    "hoi_nghi_phan_bien": 0.09,
    "tiep_xuc_doi_thoai": 0.005,
    "doi_thoai_dinh_ky": 0.03,
}
# Dialogues are logged since the Decisions 217 and 218-QĐ/TW of 2013.
BEGUN = {"tiep_xuc_doi_thoai": 2013, "doi_thoai_dinh_ky": 2013}
# In the order of the statistics office's codes, 01 to 96.
CITIES = frozenset({"Hà Nội", "Hải Phòng", "Đà Nẵng", "Hồ Chí Minh", "Cần Thơ"})
PLACES = (
    "Hà Nội, Hà Giang, Cao Bằng, Bắc Kạn, Tuyên Quang, Lào Cai, Điện Biên, Lai Châu, Sơn La, Yên Bái, Hòa Bình, "
    "Thái Nguyên, Lạng Sơn, Quảng Ninh, Bắc Giang, Phú Thọ, Vĩnh Phúc, Bắc Ninh, Hải Dương, Hải Phòng, Hưng Yên, "
    "Thái Bình, Hà Nam, Nam Định, Ninh Bình, Thanh Hóa, Nghệ An, Hà Tĩnh, Quảng Bình, Quảng Trị, Thừa Thiên Huế, "
    "Đà Nẵng, Quảng Nam, Quảng Ngãi, Bình Định, Phú Yên, Khánh Hòa, Ninh Thuận, Bình Thuận, Kon Tum, Gia Lai, "
    "Đắk Lắk, Đắk Nông, Lâm Đồng, Bình Phước, Tây Ninh, Bình Dương, Đồng Nai, Bà Rịa - Vũng Tàu, Hồ Chí Minh, "
    "Long An, Tiền Giang, Bến Tre, Trà Vinh, Vĩnh Long, Đồng Tháp, An Giang, Kiên Giang, Cần Thơ, Hậu Giang, "
    "Sóc Trăng, Bạc Liêu, Cà Mau"
)
NAMES = tuple(PLACES.split(", "))
PROVINCES, DISTRICTS = len(NAMES), 705
LATE = 0.02
"""The share of forms that have not come in, so that completeness has something to show."""
TITLE = {"vi": "Cả nước, số liệu mô phỏng (2010–2020)", "en": "The whole country, simulated (2010–2020)"}


def country(
    seed: int = 290, *, communes: int = 11_000, records: int = 1_000_000, years: Sequence[int] = YEARS
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Simulate a log at the scale of the whole country.

    Parameters
    ----------
    seed
        Same seed, same rows.
    communes
        How many; 63 provinces and 705 districts above them are generated too.
    records
        Rows of the log, exactly.
    years
        Reporting years.

    Returns
    -------
    areas, records : DataFrame
        In the shapes of a review; ``record`` is a plain number here, ten million texts would be slow to make.
    """
    table = _generated(communes, stream(seed, "areas"))
    w = world(Areas(table, _no_changes()), pd.DataFrame(), years, stream(seed, "world"))
    return table, _log(w, records, stream(seed, "records"))


def country_review(
    folder: Path | str = "data", *, seed: int = 290, communes: int = 11_000, records: int = 1_000_000
) -> Review:
    """Simulate a review of the whole country: a log, and what every office reports beside it.

    Parameters
    ----------
    folder
        The review whose catalogue of indicators is used, such as ``"data"``; nothing else of it is.
    seed, communes, records
        As for `country`.

    Returns
    -------
    Review
        Four levels: the country, which holds no office, provinces (level ``city``), districts, communes. A few forms
        are missing. Behind made-up figures of made-up offices stand no persons, so none are hidden where it is shared.

    Raises
    ------
    ReviewError, TableError, IndicatorError
        If the catalogue cannot be read.
    """
    _, known, empty = facts(folder)
    known = known.assign(persons="no")
    areas = Areas(_generated(communes, stream(seed, "areas")), _no_changes())
    w = world(areas, pd.DataFrame(), YEARS, stream(seed, "world"))
    made = _log(w, records, stream(seed, "records"))
    reports = _reports(w, known, made, stream(seed, "observations"))
    texts = ["area", "activity", "body", "topic", "origin"]
    return Review(
        folder=Path(folder),
        title=TITLE,
        years=tuple(YEARS),
        closing=LAST_DAY.astype(object),
        areas=areas,
        indicators=known,
        observations=reports,
        records=made.astype(dict.fromkeys(texts, "category")),
        statements=empty["statements"].iloc[:0],
        population=empty["population"].iloc[:0],
        norms=empty["norms"].iloc[:0],
    )


def _log(w: World, records: int, rng: np.random.Generator) -> pd.DataFrame:
    totals = largest_remainder(records, list(SHARES.values()))
    cells = {a: w.valid & (np.array(w.years) >= BEGUN.get(a, w.years[0])) for a in SHARES}
    counts = {a: allot(w, a, int(n), cells[a], rng) for a, n in zip(SHARES, totals, strict=True)}
    return log(w, counts, rng)


def _reports(w: World, indicators: pd.DataFrame, records: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return what each office reports, truthfully, as a long table of categories; `LATE` of the forms are missing."""
    own, arrived = own_figures(w, indicators, records, rng), received(w, rng)
    late = rng.random(w.valid.shape) < LATE
    names, blocks = list(own), list[tuple[int, int, NDArray[Any], NDArray[np.bool_]]]()
    for n, i in enumerate(names):
        about = indicators.loc[i]
        lowest = max(map(rank, about["levels"].split()))
        owes = w.cells(about["levels"].split(), w.years) & (np.array(w.years) >= about["first_year"])
        value = np.where(owes, own[i], 0)
        blocks.append((n, 0, value, owes))
        if about["aggregation"] != "none":  # what does not add up is not consolidated
            above = (w.level >= 0) & (w.level < lowest)
            begun = w.valid & (np.array(w.years) >= about["first_year"])
            blocks.append((n, 1, branches(w, value), begun & above[:, None]))
    cells = [np.nonzero(files) for *_, files in blocks]
    area, year = (np.concatenate(part) for part in zip(*cells, strict=True))
    which, scope = (np.repeat([b[k] for b in blocks], [len(rows) for rows, _ in cells]) for k in (0, 1))
    value = np.concatenate([figures[cell] for (_, _, figures, _), cell in zip(blocks, cells, strict=True)])
    gone, one = late[area, year], np.zeros(len(area), dtype=np.int8)
    units = pd.Categorical(indicators.loc[names, "unit_vi"])
    return pd.DataFrame(
        {
            "area": _texts(area, w.areas.ids),
            "year": np.array(w.years)[year],
            "indicator": _texts(which, names),
            "scope": _texts(scope, ["own", "consolidated"]),
            "value": np.where(gone, np.nan, value),
            "unit": units.take(which),
            "status": _texts(gone, ["reported", "missing"]),
            "origin": _texts(one, ["simulated"]),
            "source": _texts(one, ["mo_phong"]),
            "received": arrived[area, year],
        }
    )


def _texts(codes: NDArray[Any], texts: list[str]) -> pd.Categorical:
    return pd.Categorical.from_codes(codes.astype(np.int32), categories=pd.Index(texts, dtype="str"))


def _no_changes() -> pd.DataFrame:
    return pd.DataFrame(columns=["change", "date", "kind", "from_area", "to_area", "part", "resolution", "note"])


def _generated(communes: int, rng: np.random.Generator) -> pd.DataFrame:
    """Return a country's areas, made up below the provinces, in pre-order."""
    below = np.sort(np.concatenate([np.arange(PROVINCES), rng.integers(0, PROVINCES, DISTRICTS - PROVINCES)]))
    home = np.sort(np.concatenate([np.arange(DISTRICTS), rng.integers(0, DISTRICTS, max(0, communes - DISTRICTS))]))
    urban, wards = rng.random(DISTRICTS) < 0.2, rng.random(len(home)) < 0.06
    rows = [("VN", "Cả nước", "cả nước", "country", "")]
    for p, name in enumerate(NAMES):
        kind = "thành phố" if name in CITIES else "tỉnh"
        rows.append((f"P{p:02}", f"{kind.capitalize()} {name}", kind, "city", "VN"))
    for d, p in enumerate(below):
        kind = "quận" if urban[d] else "huyện"
        rows.append((f"D{d:03}", f"{kind.capitalize()} mô phỏng {d + 1}", kind, "district", f"P{p:02}"))
    for c, d in enumerate(home[:communes]):
        kind = "phường" if urban[d] else "thị trấn" if wards[c] else "xã"
        rows.append((f"C{c:05}", f"{kind.capitalize()} mô phỏng {c + 1}", kind, "commune", f"D{d:03}"))
    table = pd.DataFrame(rows, columns=["area", "name", "kind", "level", "parent"])
    dates = pd.Series(pd.NaT, index=table.index, dtype="datetime64[s]")
    table = table.assign(code=table["area"], valid_from=dates, valid_to=dates, km2=np.nan)
    columns = ["area", "code", "name", "kind", "level", "parent", "valid_from", "valid_to", "km2"]
    return Areas(table[columns], _no_changes()).table[columns]

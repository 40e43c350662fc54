"""The shapes in which offices send figures: their own form, years side by side, long, and a district's wide table."""

from __future__ import annotations

from form_draft import (
    BOTH,
    GROUPS,
    LABEL,
    NOTE,
    OWN,
    PLACE,
    PLAIN,
    TOTAL,
    UNIT,
    UNKNOWN_AREAS,
    UNKNOWN_COLUMNS,
    UNKNOWN_ROWS,
    Draft,
    Sheet,
)

from danvan_kit.forms.office import owes
from danvan_kit.forms.raw import address

SPAN = range(2010, 2021)
# --- shapes -----------------------------------------------------------------------------------------------------------


def office(d: Draft, year: int, name: str = "") -> Sheet:
    """Lay out an office's own form: indicators in rows, scopes in columns."""
    sheet = d.sheet(name)
    kinds = ["stt", "label", *office_scopes(d), *(["unit"] if d.luck(0.7) else []), *(["note"] if d.luck(0.7) else [])]
    if "unit" in kinds and d.luck(0.4):  # the unit before the figures
        kinds.remove("unit")
        kinds.insert(2, "unit")
    if d.fault == "Q01 column":
        kinds.insert(kinds.index("own") + 1, "unknown")
    if d.luck(0.05):
        kinds.insert(2, "blank")
    left = d.rng.choice((0, 0, 0, 1, 2))
    top = d.above(sheet, d.rng.choice((0, 0, 1, 3)), left, len(kinds), year=year)
    at = {kind: left + i for i, kind in enumerate(kinds)}
    row = office_header(d, sheet, top, at)
    row = indicator_rows(d, sheet, row, at, [(at[s], year, s) for s in ("own", "consolidated") if s in at])
    if "unnamed" in at:
        for r in sheet.rows:
            d.number(sheet.page, (r, at["unnamed"]), d.rng.randint(1, 80))
    sheet.last = (row - 1, left + len(kinds) - 1)
    end = d.below(sheet, row, left, len(kinds))
    if d.fault == "C05 below":
        place = (end + 3, at["own"])
        sheet.page.put(*place, float(d.rng.randint(20, 900)))
        d.plant(sheet, place, "C05", "a value below the signature")
    return sheet


def office_scopes(d):
    if d.fault == "Q01 unnamed":
        return ["unnamed"]
    return ["own"] if d.level == "commune" else ["own", "consolidated"]


def office_header(d, sheet, row, at):
    """Write a header of one or two levels and perhaps a row of codes; return the next row."""
    page = sheet.page
    texts = {"stt": d.one(("STT", "TT", "Số TT")), "label": d.one(LABEL), "unit": d.one(UNIT), "note": d.one(NOTE)}
    texts |= {"own": d.one(OWN), "consolidated": d.one(BOTH), "unnamed": d.one(PLAIN), "blank": None}
    if d.level == "commune" and d.luck(0.7):
        texts["own"] = d.one(PLAIN)
    texts["unknown"] = d.one(UNKNOWN_COLUMNS)
    figures = [at[s] for s in ("own", "consolidated") if s in at]
    levels = 2 if len(figures) == 2 and figures[1] == figures[0] + 1 and d.luck(0.5) else 1
    for kind, column in at.items():
        if texts[kind] is None:
            continue
        if levels == 2 and column not in figures:
            page.merge(row, column, row + 1, column)
        page.put(row + (levels - 1 if column in figures else 0), column, d.header(texts[kind]))
        sheet.headers[column] = (row, column)
        if kind in ("unknown", "unnamed"):
            d.plant(sheet, (row, column), "Q01", texts[kind])
    if levels == 2:
        page.put(row, figures[0], "Kết quả thực hiện")
        page.merge(row, figures[0], row, figures[1])
    row += levels
    if d.luck(0.35):
        letters, numbers = iter("ABCDEFGH"), iter("123456")
        for kind, column in at.items():
            if kind != "blank":
                page.put(
                    row, column, next(numbers if kind in ("own", "consolidated", "unnamed", "unknown") else letters)
                )
        row += 1
    return row


def indicator_rows(d, sheet, row, at, columns):
    """Write the rows of indicators; return the next row."""
    page, group, number, roman = (
        sheet.page,
        "",
        0,
        iter(("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI")),
    )
    grouped, gaps = d.luck(0.5), d.luck(0.15)
    rows = [i for i in d.known.review.indicators.index if stands(d, i)]
    if d.fault == "Q03":
        rows.insert(d.rng.randrange(2, len(rows)), "?")
    if d.fault == "C04 indicator":
        twice = d.one([i for i in rows if any(owes(d.known.row(i), d.level, s) for _, _, s in columns)])
        rows.insert(d.rng.randrange(rows.index(twice) + 1, len(rows) + 1), twice)
    standing: dict[str, int] = {}
    for indicator in rows:
        if indicator != "?" and grouped and d.known.row(indicator)["group"] != group:
            group = d.known.row(indicator)["group"]
            if gaps and number:
                row += 1
            page.put(row, at["stt"], next(roman, ""))
            page.put(row, at["label"], GROUPS[group].upper())
            row, number = row + 1, number if d.area[-1] in "02468" else 0
        number += 1
        page.put(row, at["stt"], float(number))
        if indicator == "?":
            unknown_row(d, sheet, row, at, columns)
        else:
            indicator_row(d, sheet, row, at, columns, indicator)
            if indicator in standing:
                d.plant(sheet, (row, at["label"]), "C04", f"{indicator} twice")
                d.drop(sheet, [(r, c) for r in (row, standing[indicator]) for c, _, _ in columns])
            standing[indicator] = row
        row += 1
    return row


def stands(d, indicator):
    """Tell whether an office lists an indicator: some leave out what they do not owe."""
    row = d.known.row(indicator)
    owed = any(owes(row, d.level, scope) for scope in ("own", "consolidated"))
    return owed or row["aggregation"] == "ratio" or d.area[-1] in "1357"


def indicator_row(d, sheet, row, at, columns, indicator):
    page, known = sheet.page, d.known.row(indicator)
    sheet.rows.append(row)
    page.put(row, at["label"], d.label(indicator))
    if "unit" in at:
        page.put(row, at["unit"], known["unit_vi"])
    if "note" in at and d.luck(0.05):
        page.put(row, at["note"], d.one(("số liệu ước tính", "tăng so với năm trước", "theo báo cáo số 15-BC/ĐU")))
    if "unknown" in at:
        page.put(row, at["unknown"], float(d.rng.randint(1, 60)))
    for column, year, scope in columns:
        if known["aggregation"] == "ratio":
            page.put(row, column, d.one(("x", None, f"{d.rng.randint(700, 990) / 10}%".replace(".", ","))))
        else:
            d.figure(sheet, (row, column), d.area, year, indicator, scope)


def unknown_row(d, sheet, row, at, columns):
    text = d.one(UNKNOWN_ROWS)
    sheet.page.put(row, at["label"], text)
    for column, _, _ in columns:
        sheet.page.put(row, column, float(d.rng.randint(1, 60)))
    d.plant(sheet, (row, at["label"]), "Q03", text)


def years(d: Draft) -> Sheet:
    """Lay out an office's form with a column for each year; the city's and districts' in two scopes."""
    sheet = d.sheet()
    page = sheet.page
    span = [y for y in SPAN if d.areas.valid([y])[d.areas.row(d.area), 0]]
    scopes = ["own"] if d.level == "commune" else ["own", "consolidated"]
    heads: list[tuple[int | str, str]] = [(y, s) for y in span for s in scopes]
    if d.fault == "C04 header":
        heads.insert(d.rng.randrange(3, len(heads)), (d.one(span), scopes[0]))
    if d.fault == "Q01 column":
        heads.append((d.one(UNKNOWN_COLUMNS), "own"))
    left, width = d.rng.choice((0, 1)), 3 + len(heads)
    row = d.above(sheet, d.rng.choice((0, 2)), left, width, title="KẾT QUẢ CÔNG TÁC DÂN VẬN QUA CÁC NĂM")
    at = {"stt": left, "label": left + 1, "unit": left + 2}
    columns = {left + 3 + i: head for i, head in enumerate(heads)}
    for kind, text in (("stt", "STT"), ("label", d.one(LABEL)), ("unit", d.one(UNIT))):
        page.put(row, at[kind], text)
        page.merge(row, at[kind], row + len(scopes) - 1, at[kind])
    written = d.one(("{}", "Năm {}", "number"))
    for column, (year, scope) in columns.items():
        second = len(scopes) == 2 and scope == "consolidated"
        if not second:
            text = year if isinstance(year, str) else float(year) if written == "number" else written.format(year)
            page.put(row, column, text)
            sheet.headers[column] = (row, column)
            page.merge(row, column, row, column + len(scopes) - 1)
        if len(scopes) == 2:
            page.put(row + 1, column, (OWN if scope == "own" else BOTH)[0])
    real = [(c, y, s) for c, (y, s) in columns.items() if isinstance(y, int)]
    first = row + len(scopes)
    row = indicator_rows(d, sheet, first, at, real)
    if d.fault == "Q01 column":
        column = max(columns)
        for r in range(first, row):
            page.put(r, column, float(d.rng.randint(1, 60)))
        d.plant(sheet, sheet.headers[column], "Q01", heads[-1][0])
    if d.fault == "C04 header":
        years_written = [y for _, y, _ in real]
        twice = next(y for y in years_written if years_written.count(y) > 1)
        both = [c for c, y, _ in real if y == twice]
        d.drop(sheet, [place for place in sheet.figures if place[1] in both])
        d.plant(sheet, sheet.headers[both[1]], "C04", f"{twice} twice")
    sheet.last = (row - 1, left + width - 1)
    d.below(sheet, row, left, width)
    return sheet


def long(d: Draft) -> Sheet:
    """Lay out one row an area, year and indicator."""
    sheet = d.sheet()
    kinds = ["area", "year", "indicator", *(["scope"] if d.level != "commune" or d.luck(0.6) else []), "figure"]
    kinds += ["unit"] if d.luck(0.7) else []
    heads = {"area": d.one(PLACE[:2]), "year": "Năm", "indicator": d.one(LABEL), "scope": "Phạm vi"}
    heads |= {"figure": "Số liệu", "unit": d.one(UNIT)}
    for column, kind in enumerate(kinds):
        sheet.page.put(0, column, heads[kind])
    at = {kind: column for column, kind in enumerate(kinds)}
    below = d.areas.children(d.area, d.year)
    row = 1
    for area in [d.area, *below]:
        written = d.name(area)
        d.names.append((address(row, 0), written, area))
        level = str(d.areas.get(area)["level"])
        wanted = [(i, s) for i in d.known.review.indicators.index for s in ("own", "consolidated")
                  if owes(d.known.row(i), level, s)]  # fmt: skip
        unknown = d.rng.randrange(len(wanted)) if d.fault == "Q03" and area == d.area else None
        for i, (indicator, scope) in enumerate(wanted):
            if i == unknown:
                row = long_unknown(d, sheet, row, at, written)
            long_row(d, sheet, row, at, (written, area, indicator, scope))
            row += 1
    sheet.last = (row - 1, len(kinds) - 1)
    return sheet


def long_row(d, sheet, row, at, what):
    written, area, indicator, scope = what
    texts = {"area": written, "year": float(d.year), "indicator": d.label(indicator),
             "scope": OWN[0] if scope == "own" else BOTH[0], "unit": d.known.row(indicator)["unit_vi"]}  # fmt: skip
    for kind, column in at.items():
        if kind != "figure":
            sheet.page.put(row, column, texts[kind])
    d.figure(sheet, (row, at["figure"]), area, d.year, indicator, scope)


def long_unknown(d, sheet, row, at, written):
    text = d.one(UNKNOWN_ROWS)
    values = {
        "area": written,
        "year": float(d.year),
        "indicator": text,
        "scope": OWN[0],
        "figure": 12.0,
        "unit": "buổi",
    }
    for kind, column in at.items():
        sheet.page.put(row, column, values[kind])
    d.plant(sheet, (row, at["indicator"]), "Q03", text)
    return row + 1


# --- the wide shape ---------------------------------------------------------------------------------------------------

MEETINGS = ("hoi_nghi_quan_triet", "hoi_nghi_giao_ban", "hoi_nghi_phan_bien")


def wide(d: Draft) -> None:
    """Lay out a district's communes in rows and indicators in columns, on one sheet or on one a group."""
    kept = [i for i in d.known.review.indicators.index if owes(d.known.row(i), "commune", "own")]
    groups: dict[str, list[str]] = {}
    for indicator in kept:
        groups.setdefault(GROUPS[d.known.row(indicator)["group"]], []).append(indicator)
    if d.fault == "C06" or (not d.fault and d.luck(0.5)):
        for members in groups.values():
            members[:] = [i for i in members if i not in MEETINGS]
        groups = {"Hội nghị": ["=", *MEETINGS]} | {g: members for g, members in groups.items() if members}
    names = list(groups)
    if d.fault in ("", "C06") and d.luck(0.4):
        for i, part in enumerate((names[: len(names) // 2], names[len(names) // 2 :])):
            wide_sheet(d, {g: groups[g] for g in part}, f"Biểu {i + 1}")
    else:
        wide_sheet(d, groups)


def wide_sheet(d, groups, name=""):
    sheet = d.sheet(name)
    columns = [(g, i) for g, members in groups.items() for i in members]
    if d.fault == "C04 header":
        columns.insert(d.rng.randrange(3, len(columns) + 1), d.one([c for c in columns[:3] if c[1] != "="]))
    if d.fault == "Q01 column":
        columns.insert(d.rng.randrange(1, len(columns) + 1), ("", d.one(UNKNOWN_COLUMNS)))
    left = d.rng.choice((0, 0, 1))
    top = d.above(sheet, d.rng.choice((0, 1)), left, 2 + len(columns), year=d.year,
                  title="TỔNG HỢP SỐ LIỆU CÁC XÃ, PHƯỜNG, THỊ TRẤN")  # fmt: skip
    at = {left + 2 + i: column for i, column in enumerate(columns)}
    row = wide_header(d, sheet, top, left, at)
    total = d.one(("first", "last", "last")) if d.fault in ("", "C06", "Q01 column", "C01 column") else ""
    first = row + (total == "first")
    row, rows = wide_rows(d, sheet, first, left, at)
    if total:
        wide_total(d, sheet, first - 1 if total == "first" else row, left, at, rows)
        row += total == "last"
    if d.fault == "C04 header":
        both = [c for c in at if list(at.values()).count(at[c]) > 1]
        d.drop(sheet, [place for place in sheet.figures if place[1] in both])
        d.plant(sheet, sheet.headers[both[1]], "C04", f"{at[both[0]][1]} twice")
    sheet.last = (row - 1, left + 1 + len(columns))
    d.below(sheet, row, left, 2 + len(columns))


def wide_header(d, sheet, row, left, at):
    """Write a header of two or three levels and the row of codes; return the next row."""
    page, levels = sheet.page, d.one((2, 2, 3))
    for column, text in ((left, "STT"), (left + 1, d.one(PLACE))):
        page.put(row, column, d.header(text))
        page.merge(row, column, row + levels - 1, column)
    labels: dict[str, str] = {}
    for column, (_, indicator) in at.items():
        known = indicator in d.known.review.indicators.index
        text = d.label(indicator) if known else "Tổng số" if indicator == "=" else indicator
        text = labels.setdefault(indicator, text)
        page.put(row + 1, column, d.header(text))
        sheet.headers[column] = (row + 1, column)
        if levels == 3 and known:
            page.put(row + 2, column, OWN[0])
        elif levels == 3:
            page.merge(row + 1, column, row + 2, column)
        if not known and indicator != "=":
            d.plant(sheet, (row + 1, column), "Q01", indicator)
    for first, last, group in runs([group for group, _ in at.values()]):
        if group:
            page.put(row, left + 2 + first, group)
            page.merge(row, left + 2 + first, row, left + 2 + last)
    row += levels
    if d.luck(0.5) or any(i == "=" for _, i in at.values()):
        page.put(row, left, "A")
        page.put(row, left + 1, "B")
        for number, (column, (_, indicator)) in enumerate(at.items(), 1):
            parts = "+".join(str(number + 1 + i) for i in range(len(MEETINGS)))
            page.put(row, column, f"{number}={parts}" if indicator == "=" else str(number))
        row += 1
    return row


def runs(texts):
    """Yield (first, last, text) of equal neighbours."""
    start = 0
    for i in range(1, len(texts) + 1):
        if i == len(texts) or texts[i] != texts[start]:
            yield start, i - 1, texts[start]
            start = i


def wide_rows(d, sheet, row, left, at):
    """Write one row a commune, perhaps under Roman groups; return the next row and the communes' rows."""
    page, rows = sheet.page, []
    communes = d.areas.children(d.area, d.year)
    rural = [a for a in communes if not d.areas.name(a).startswith("Phường")]
    groups = {"Phường": [a for a in communes if a not in rural], "Xã, thị trấn": rural}
    if not d.luck(0.5):
        groups = {"": communes}
    twice = d.one(communes) if d.fault == "C04 area" else ""
    lost = d.one(communes) if d.fault == "Q02 unknown" else ""
    standing: dict[str, int] = {}
    number = 0
    for roman, (group, members) in zip(("I", "II"), ((g, m) for g, m in groups.items() if m), strict=False):
        if group:
            page.put(row, left, roman)
            page.put(row, left + 1, group)
            row += 1
        for area in [*members, *([twice] if twice in members else [])]:
            number += 1
            page.put(row, left, float(number))
            wide_row(d, sheet, row, left, at, area, lost=area == lost)
            if area in standing:
                d.plant(sheet, (row, left + 1), "C04", f"{area} twice")
                d.drop(sheet, [(r, c) for r in (row, standing[area]) for c in at])
            standing[area] = row
            rows.append(row)
            row += 1
    return row, rows


def wide_row(d, sheet, row, left, at, area, *, lost):
    written = d.one(UNKNOWN_AREAS) if lost else d.name(area, within=d.area)
    sheet.page.put(row, left + 1, written)
    for column, (_, indicator) in at.items():
        if indicator in d.known.review.indicators.index:
            d.figure(sheet, (row, column), area, d.year, indicator, "own")
        elif indicator != "=":
            sheet.page.put(row, column, float(d.rng.randint(1, 60)))
    for column in [c for c, (_, indicator) in at.items() if indicator == "="]:
        add_up(d, sheet, (row, column), [(row, column + 1 + i) for i in range(len(MEETINGS))])
    if lost:
        d.plant(sheet, (row, left + 1), "Q02", written)
        d.drop(sheet, [(row, c) for c in at])
    else:
        d.names.append((address(row, left + 1), written, area))


def wide_total(d, sheet, row, left, at, rows):
    sheet.page.put(row, left + 1, d.one(TOTAL))
    for column, (_, indicator) in at.items():
        if indicator == "=":
            add_up(d, sheet, (row, column), [(row, column + 1 + i) for i in range(len(MEETINGS))], after=True)
        elif indicator in d.known.review.indicators.index:
            add_up(d, sheet, (row, column), [(r, column) for r in rows], meetings=indicator in MEETINGS)
        else:
            sheet.page.put(row, column, sum(sheet.page.cells[r, column].value for r in rows))


def add_up(d, sheet, place, parts, *, after=False, meetings=True):
    """Write a total, often as a formula with its result. `after`: its parts are totals that follow."""
    cells = [p for total in parts for p in below_total(sheet, total)] if after else parts
    known = [sheet.figures[p].value for p in cells if p in sheet.figures and sheet.figures[p].value is not None]
    if known or not after:
        value = float(sum(known))
        formula = "=" + "+".join(address(*p) for p in parts) if d.format == "xlsx" and d.luck(0.5) else ""
        sheet.page.put(*place, value, "", formula)
        cells_told = " ".join(address(*p) for p in parts)
        told = {"sheet": sheet.page.name, "cell": address(*place), "parts": cells_told, "right": True}
        d.totals.append({**told, "of_meetings": meetings})


def below_total(sheet, total):
    """Return the figure cells of a total's column."""
    return [place for place in sheet.figures if place[1] == total[1]]

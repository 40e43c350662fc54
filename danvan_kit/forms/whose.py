"""Whose figures a row has: its area, year, indicator and scope, as far as the row says it; the rest is asked about."""

from __future__ import annotations

from dataclasses import dataclass

from danvan_kit.forms.above import ask_area
from danvan_kit.forms.grid import YEAR, Column, blank, text
from danvan_kit.forms.layouts import SCOPES, bare
from danvan_kit.forms.raw import address
from danvan_kit.forms.trouble import Trouble, quoted
from danvan_kit.forms.work import Work
from danvan_kit.names import Match

ITSELF = {
    "city": frozenset({"cap thanh pho", "cap tinh", "co quan cap thanh pho", "khoi thanh pho"}),
    "district": frozenset(
        f"{what}cap {kind}" for what in ("", "co quan ", "khoi co quan ") for kind in ("quan", "huyen", "thi xa")
    ),
}
"""How a list of the offices below names the office whose list it is; its figures there are its own."""
OWN_ROWS = frozenset().union(*ITSELF.values())


@dataclass
class Named:
    """What a row says of its figures."""

    area: str = ""
    year: int | None = None
    indicator: str = ""
    scope: str = ""
    lost: str = ""


def name(w: Work, row: int) -> Named:
    """Say whose figures a row has, as far as the row says it."""
    found = Named(w.above.area, w.above.year)
    for column in w.labels["year"]:
        told = text(w.cell(row, column.index))
        stated = YEAR.fullmatch(bare(told))
        if stated and int(stated[1]) in w.known.review.years:
            found.year = int(stated[1])
        else:
            ask(w, found, row, column, "Q04", told=told)
    for column in w.labels["scope"]:
        found.scope = w.layout.exact(text(w.cell(row, column.index)))
        if found.scope not in SCOPES:
            ask(w, found, row, column, "Q01", told=text(w.cell(row, column.index)))
    if not found.scope and any(bare(text(w.cell(row, c.index))) in OWN_ROWS for c in w.labels["area"]):
        found.scope = "own"
    if w.labels["indicator"]:
        name_indicator(w, found, row)
    if w.by_area and not found.lost:
        name_area(w, found, row)
    if not w.by_area and not w.above.area:
        found.lost = found.lost or "Q02"
    return found


def ask(  # noqa: PLR0913 - who asks, where, what about
    w: Work, found: Named, row: int, column: Column, code: str, *, told: str
) -> None:
    """Ask about a row, if it has any figures."""
    found.lost = found.lost or code
    if any(not blank(w.cell(row, c.index)) for c in (*w.figures, *w.table.of("unknown"))):
        empty = ("(trống)", "(empty)")
        w.tell(code, (row, column.index), quoted(told) if told else empty)


def name_indicator(w: Work, found: Named, row: int) -> None:
    """Look the row's indicator up; ask about one that nobody knows."""
    column = w.labels["indicator"][0]
    told = text(w.cell(row, column.index))
    meaning = w.layout.means(told) if len(told) < 300 else w.layout.means("")
    if meaning.means in w.layout.indicators:
        found.indicator = meaning.means
        return
    found.lost = found.lost or "Q03"
    if any(not blank(w.cell(row, c.index)) for c in w.figures):
        allowed = None
        if meaning.nearest and w.layout.exact(meaning.nearest) in w.layout.indicators:
            label = w.known.row_of[w.layout.exact(meaning.nearest)].label_vi
            score = f"{meaning.score:.2f}"
            allowed = (
                f"tên một chỉ tiêu, gần nhất là “{label}” (giống {score.replace('.', ',')})",
                f"the name of an indicator; the nearest is “{label}” (likeness {score})",
            )
        w.tell("Q03", (row, column.index), quoted(told) if told else ("(trống)", "(empty)"), allowed=allowed)


def name_area(w: Work, found: Named, row: int) -> None:
    """Match the row's name and code; both must mean the same area."""
    told = [(c, _code(w, row, c.index)) for c in w.labels["code"]]
    told += [(c, text(w.cell(row, c.index))) for c in w.labels["area"]]
    told = [(c, t) for c, t in told if t]
    if not told:
        ask(w, found, row, (*w.labels["area"], *w.labels["code"])[0], "Q02", told="")
        return
    parents = [text(w.cell(row, c.index)) for c in w.labels["parent"]]
    matches = [(c, t, match(w, t, found.year, parents)) for c, t in told]
    areas = {m.area for _, _, m in matches if m.area}
    unread = [(c, t, m) for c, t, m in matches if not m.area]
    (area,) = areas if len(areas) == 1 else ("",)
    if area and all(area in m.candidates for _, _, m in unread):
        found.area = area
        return
    column, written, near = unread[0] if unread else matches[-1]
    found.lost = "Q02"
    if any(not blank(w.cell(row, c.index)) for c in w.figures):
        if len(areas) > 1:
            written = " / ".join(t for _, t in told)
        at = Trouble("Q02", w.file, w.sheet.name, address(row, column.index), year=found.year)
        w.out.troubles.append(ask_area(at, written, near, w.known))


def _code(w: Work, row: int, column: int) -> str:
    """Return a written code; of one typed as a number with the zeros that its format shows, else nothing."""
    cell = w.cell(row, column)
    if isinstance(cell, str):
        return cell.strip()
    shape = w.sheet.formats.get((row, column), "")
    return text(cell).zfill(len(shape)) if shape and not shape.strip("0") else ""


def match(w: Work, told: str, year: int | None, parents: list[str]) -> Match:
    """Match a name below the office whose form it is, or that office itself."""
    home = w.above.area
    for parent in parents:
        upper = w.known.match(parent, None, year)
        home = upper.area or home
    level = w.known.level_of.get(home, "")
    if level == "commune":
        home = w.known.parent_of[home]
    if w.above.area and bare(told) in ITSELF.get(w.known.level_of[w.above.area], ()):
        return Match(w.above.area, (w.above.area,), 1.0)
    if home and level != "city":
        below = w.known.match(told, home, year)
        if below.area:
            return below
        whole = w.known.match(told, None, year)
        if whole.area == home:
            return whole
        return below if below.candidates else whole
    return w.known.match(told, None, year)

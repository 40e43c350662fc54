"""Number formats that make a typed number look like another one: decimals, percent, scaling, added digits."""

from __future__ import annotations

import re
from functools import lru_cache

from danvan_kit.forms.markup import walk
from danvan_kit.forms.preflight import Refused

MOST_STYLES = 65_490  # Excel's own limit

# Formats without a code of their own in the file, as far as they change how a number looks.
BUILT_IN = {
    2: "0.00", 4: "#,##0.00", 7: "#,##0.00", 8: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?",
    13: "# ??/??", 39: "#,##0.00", 40: "#,##0.00", 43: "#,##0.00", 44: "#,##0.00", 48: "##0.0E+0",
}  # fmt: skip
# What stands in a format without changing the figure: colours, conditions, space as wide as a sign, filling signs.
IDLE = re.compile(r"\[[^\]]*\]|_.|\*.|\\[^0-9.,]|\"[^\"0-9.,]*\"|[()+\-$:!^&'~{}<>= \u00a0\u20ab]")
WHOLE = re.compile(r"(?:#|#[,#]*#)?[#?]*0?|General|@", re.IGNORECASE)
DATED = re.compile(r"[dmyhs]", re.IGNORECASE)


@lru_cache(maxsize=512)
def telling(code: str) -> bool:
    """Tell whether a whole number written with this format looks like another number, or like none."""
    sections = [_bare(section) for section in code.split(";")[:3]]
    if sections == ["", "", ""] or not sections[0]:
        return bool(code)
    if any(DATED.search(section) for section in sections if section.lower() != "general"):
        return False
    return not all(WHOLE.fullmatch(section) for section in sections)


def _bare(section: str) -> str:
    return IDLE.sub("", section)


@lru_cache(maxsize=32)
def of_styles(styles: bytes) -> dict[str, str]:
    """Return the telling formats of a workbook's ``styles.xml`` by the number that cells give: ``{"3": "0.00"}``."""
    codes: dict[int, str] = {}
    cells: list[int] = []
    inside: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        inside.append(name)
        if name == "numFmt" and "cellXfs" not in inside:
            codes[_number(attributes.get("numFmtId"))] = attributes.get("formatCode", "")
        elif name == "xf" and inside[-2:-1] == ["cellXfs"]:
            cells.append(_number(attributes.get("numFmtId")))
            if len(cells) > MOST_STYLES:
                raise Refused("F06", (f"hơn {MOST_STYLES} kiểu ô", f"more than {MOST_STYLES} styles of cells"))

    walk(styles, start, lambda _: inside.pop())
    known = {**BUILT_IN, **codes}
    return {str(n): known[key] for n, key in enumerate(cells) if key in known and telling(known[key])}


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() else 0

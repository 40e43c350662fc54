"""The letters of a sheet: what was typed in an old font becomes Unicode, or the sheet is asked about."""

from __future__ import annotations

from dataclasses import replace

from danvan_kit.forms.encodings import unfont
from danvan_kit.forms.raw import Sheet

MOST_REMEMBERED = 50_000
_PLAIN: set[str] = set()
"""Texts of sheets that were in Unicode as a whole: the same words stand in form after form."""


def in_unicode(sheet: Sheet) -> tuple[Sheet, str]:
    """Return a sheet whose texts are in Unicode, and the font that they were typed in: tcvn3, vni, or empty.

    Raises
    ------
    ValueError
        When some texts were typed in a font that cannot be told.
    """
    texts = [cell for row in sheet.rows for cell in row if isinstance(cell, str)]
    if _PLAIN.issuperset(texts):
        return sheet, ""
    converted, font = unfont(texts)
    if not font:
        if len(_PLAIN) > MOST_REMEMBERED:
            _PLAIN.clear()
        _PLAIN.update(text for text in texts if len(text) < 100)
        return sheet, ""
    following = iter(converted)
    rows = tuple(tuple(next(following) if isinstance(cell, str) else cell for cell in row) for row in sheet.rows)
    return replace(sheet, rows=rows), font

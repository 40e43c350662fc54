"""A document of one of the two layouts: its page and styles, its head, its signatures and recipients."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import docx
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import _Cell

from danvan_kit import theme
from danvan_kit.documents import parts
from danvan_kit.documents.layout import DOTS, Head, Kind, Lang, Layout, day_line, number_line
from danvan_kit.documents.safe import line, paragraphs
from danvan_kit.views._common import say

TITLES = {"minutes": ("BIÊN BẢN", "MINUTES"), "report": ("BÁO CÁO", "REPORT")}


def letter(  # noqa: PLR0913, PLR0917 - what the head of a document is made of
    layout: Layout, kind: Kind, head: Head, subject: str, lang: Lang, made: dt.datetime, *, simulated: bool
) -> Document:
    """Return a document with its page, styles and head; the text is still to come.

    Parameters
    ----------
    layout, kind, head, subject, lang
        How it looks, what it is, what was given for its head, what it is about, its language.
    made
        The time that its properties name; never the clock's.
    simulated
        Whether its figures are simulated: each page says so.
    """
    document = docx.Document()
    _page(document, layout)
    _styles(document, layout, lang)
    _pages(document, layout, lang, simulated=simulated)
    title = f"{TITLES[kind][lang == 'en']} {subject}"
    _properties(document, title, head.body or "danvan_kit", lang, made, simulated=simulated)
    left, right = parts.bare(document, layout.columns)
    _issuer(left, layout, number_line(layout, kind, head, lang), head)
    _state(right, layout, day_line(head, lang), lang)
    document.add_paragraph(style="Head").paragraph_format.space_after = Pt(4)
    parts.write(document.add_paragraph(style="Title"), TITLES[kind][lang == "en"])
    for text in paragraphs(subject):
        parts.write(document.add_paragraph(style="Subtitle"), text)
    if layout.dashes:
        parts.write(document.add_paragraph(style="Head"), "-----")
    else:
        _line(document, layout)
    return document


def _page(document: Document, layout: Layout) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(layout.top), Mm(layout.bottom)
    section.left_margin, section.right_margin = Mm(layout.left), Mm(layout.right)
    section.header_distance = section.footer_distance = Mm(10)
    section.different_first_page_header_footer = True


def _faces(style: Any, size: float, *, bold: bool = False, italic: bool = False) -> None:  # noqa: ANN401
    """Set a style's letters for all scripts; the template's theme would overrule the face."""
    style.font.name, style.font.size, style.font.bold, style.font.italic = parts.FACE, Pt(size), bold, italic
    style.font.color.rgb = RGBColor(0, 0, 0)
    faces = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in ("ascii", "hAnsi", "cs", "eastAsia"):
        faces.set(qn(f"w:{name}"), parts.FACE)
        faces.attrib.pop(qn(f"w:{name}Theme"), None)
    faces.attrib.pop(qn("w:cstheme"), None)


def _styles(document: Document, layout: Layout, lang: Lang) -> None:
    known = document.styles
    for name in ("Head", "Table Text", "Picture", "Small"):
        known.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = known["Normal"]
    looks = {
        "Normal": (14, False, False),
        "Head": (layout.number_size, False, False),
        "Table Text": (11, False, False),
        "Picture": (11, False, False),
        "Small": (11, False, True),
        "Caption": (12, False, True),
        "Title": (layout.title_size, True, False),
        "Subtitle": (layout.subject_size, True, False),
        "Heading 1": (14, True, False),
        "Heading 2": (14, True, False),
        "Header": (14, False, False),
    }
    for name, (size, bold, italic) in looks.items():
        style = known[name]
        _faces(style, size, bold=bold, italic=italic)
        shape = style.paragraph_format
        shape.space_before, shape.space_after, shape.first_line_indent = Pt(0), Pt(0), Mm(0)
        shape.line_spacing_rule = WD_LINE_SPACING.SINGLE
        shape.alignment = parts.CENTER
        _plain(style)
    _text(known["Normal"], layout)
    for name in ("Heading 1", "Heading 2"):
        shape = known[name].paragraph_format
        shape.alignment, shape.first_line_indent, shape.keep_with_next = parts.LEFT, Mm(10), True
        shape.space_before, shape.space_after = Pt(8), Pt(4)
    known["Header"].paragraph_format.tab_stops.clear_all()  # the template's, for another page
    for name in ("Picture", "Caption"):
        known[name].paragraph_format.keep_with_next = True
    known["Caption"].paragraph_format.space_before = Pt(4)
    known["Caption"].paragraph_format.space_after = Pt(3)
    known["Small"].paragraph_format.space_after = Pt(6)
    known["Subtitle"].paragraph_format.space_after = Pt(2)
    base = known.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    spoken = base.find(qn("w:lang"))
    spoken.set(qn("w:val"), "en-GB" if lang == "en" else "vi-VN")


def _plain(style: Any) -> None:  # noqa: ANN401 - python-docx's styles
    """Take out what the template's style draws around a paragraph and between its letters."""
    for part, name in ((style.element.pPr, "pBdr"), (style.element.rPr, "spacing"), (style.element.rPr, "kern")):
        if (found := part.find(qn(f"w:{name}"))) is not None:
            part.remove(found)


def _text(style: Any, layout: Layout) -> None:  # noqa: ANN401 - python-docx's styles
    shape = style.paragraph_format
    shape.alignment, shape.first_line_indent, shape.space_after = parts.JUSTIFY, Mm(10), Pt(6)
    if layout.exact:
        shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.AT_LEAST, Pt(layout.exact)
    else:
        shape.line_spacing = 1.15


def _pages(document: Document, layout: Layout, lang: Lang, *, simulated: bool) -> None:
    """Put the page's number above each page but the first, and the mark above all."""
    section = document.sections[0]
    mark = theme.SIMULATED[lang] if simulated else ""
    later, first = section.header.paragraphs[0], section.first_page_header.paragraphs[0]
    first.style = later.style = "Header"
    shape = later.paragraph_format
    shape.alignment, first.paragraph_format.alignment = parts.LEFT, parts.RIGHT
    shape.tab_stops.add_tab_stop(Mm(layout.width / 2), WD_TAB_ALIGNMENT.CENTER)
    shape.tab_stops.add_tab_stop(Mm(layout.width), WD_TAB_ALIGNMENT.RIGHT)
    later.add_run("\t")
    parts.field(later, "PAGE", "2")
    if mark:
        later.add_run("\t")
        for paragraph in (later, first):
            parts.write(paragraph, mark, bold=True, size=10, color=parts.RED)


def _properties(  # noqa: PLR0913 - what a file says of itself
    document: Document, title: str, author: str, lang: Lang, made: dt.datetime, *, simulated: bool
) -> None:
    core = document.core_properties
    core.title, core.subject = line(title)[:255], ""
    core.author = core.last_modified_by = line(author)[:255]
    core.comments = core.category = ""
    core.keywords = theme.SIMULATED[lang] if simulated else ""
    core.language = "en-GB" if lang == "en" else "vi-VN"
    core.created = core.modified = made
    core.revision = 1


def _issuer(cell: _Cell, layout: Layout, number: str, head: Head) -> None:
    """Write superior and issuing body, their mark, and the number."""
    parts.write(cell.paragraphs[0], (head.parent or DOTS).upper(), size=layout.body_size)
    parts.write(cell.add_paragraph(style="Head"), (head.body or DOTS).upper(), bold=True, size=layout.body_size)
    if layout.star:
        parts.write(cell.add_paragraph(style="Head"), "*", size=layout.body_size)
    else:
        parts.rule(cell, layout.columns[0] / 3, layout.columns[0])
    parts.write(cell.add_paragraph(style="Head"), number)


def _state(cell: _Cell, layout: Layout, day: str, lang: Lang) -> None:
    """Write the heading at the right, its line, and place and date."""
    for n, (text, size) in enumerate(layout.heading[lang]):
        paragraph = cell.add_paragraph(style="Head") if n else cell.paragraphs[0]
        parts.write(paragraph, text, bold=True, size=size)
    parts.rule(cell, layout.rule[lang], layout.columns[1])
    parts.write(cell.add_paragraph(style="Head"), day, italic=True, size=14)


def _line(document: Document, layout: Layout) -> None:
    (cell,) = parts.bare(document, [layout.width])
    parts.rule(cell, layout.width / 4, layout.width)
    first = cell.paragraphs[0]._p  # noqa: SLF001 - the line stands alone
    first.getparent().remove(first)


def signatures(document: Document, layout: Layout, signers: Sequence[tuple[str, str]], lang: Lang) -> None:
    """Add who signs, side by side: in whose name and as what; room for the hand, and a name to be filled in.

    Parameters
    ----------
    document, layout
        The document and its layout.
    signers
        For each column "on behalf of" (may be empty) and the office.
    lang
        The language.
    """
    gap = document.add_paragraph(style="Head")
    gap.paragraph_format.keep_with_next = True
    cells = parts.bare(document, [layout.width / len(signers)] * len(signers))
    for cell, (behalf, office) in zip(cells, signers, strict=True):
        sign(cell, layout, behalf, office, lang)


def sign(cell: _Cell, layout: Layout, behalf: str, office: str, lang: Lang) -> None:
    """Write who signs: in whose name (may be empty), as what, with room for the hand and a name to be filled in."""
    first = cell.paragraphs[0]
    if behalf:
        parts.write(first, behalf, bold=True)
        first = cell.add_paragraph(style="Head")
    parts.write(first, office, bold=not layout.star or not behalf)
    note = say(lang, "(ký, ghi rõ họ tên)", "(signature, full name)")
    parts.write(cell.add_paragraph(style="Head"), note, italic=True, size=12)
    for _ in range(3):
        cell.add_paragraph(style="Head")
    parts.write(cell.add_paragraph(style="Head"), DOTS * 2)


def recipients(cell: _Cell, layout: Layout, names: Sequence[str], lang: Lang) -> None:
    """Write to whom the document goes, at the left of the signature."""
    word, size, state = layout.recipients[0], layout.recipients[1], layout.recipients[2]
    first = cell.paragraphs[0]
    first.alignment = parts.LEFT
    text = say(lang, "Nơi nhận:", "Recipients:")
    parts.write(first, text, size=word, bold=state or None, italic=state or None, underline=not state or None)
    for n, name in enumerate(names):
        paragraph = cell.add_paragraph(style="Head")
        paragraph.alignment = parts.LEFT
        parts.write(paragraph, f"- {name}{'.' if n == len(names) - 1 else ','}", size=size)

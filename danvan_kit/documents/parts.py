"""What a Word document is built of, each as an office and a screen reader need it: texts, tables, pictures, fields."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any, TypeAlias

from docx.document import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from danvan_kit.documents.safe import line

FACE = "Times New Roman"
TWIP = 635
"""English Metric Units in a twentieth of a point, in which tab stops are measured."""
RED = RGBColor(0xB3, 0x26, 0x1E)
LEFT, CENTER, RIGHT = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
JUSTIFY = WD_ALIGN_PARAGRAPH.JUSTIFY
Row: TypeAlias = Sequence[str]


def element(parent: Any, tag: str, **attributes: str) -> Any:  # noqa: ANN401 - lxml's elements
    """Append an element of Word's own names to another and return it."""
    made = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    parent.append(made)
    return made


def write(  # noqa: PLR0913 - one choice a look
    paragraph: Paragraph,
    text: object,
    *,
    bold: bool | None = None,
    italic: bool | None = None,
    underline: bool | None = None,
    size: float | None = None,
    color: RGBColor | None = None,
) -> Run:
    """Add a text to a paragraph, made safe; what is not said stays as the paragraph's style has it."""
    run = paragraph.add_run(line(text))
    run.bold, run.italic, run.underline = bold, italic, underline
    if size:
        run.font.size = Pt(size)
    if color is not None:
        run.font.color.rgb = color
    return run


def field(paragraph: Paragraph, code: str, shown: str) -> None:
    """Add a field that Word keeps up to date (``PAGE``, ``SEQ …``) with what it shows until then."""
    for kind in ("begin", "code", "separate", "shown", "end"):
        run = paragraph.add_run(shown if kind == "shown" else "")
        if kind == "code":
            made = element(run._r, "instrText")  # noqa: SLF001 - python-docx has no fields
            made.text = f" {code} "
            made.set(qn("xml:space"), "preserve")
        elif kind != "shown":
            element(run._r, "fldChar", fldCharType=kind)  # noqa: SLF001


def blank(paragraph: Paragraph, width: float) -> None:
    """End a paragraph in a dotted line to write on, up to `width` mm."""
    stops = element(paragraph._p.get_or_add_pPr(), "tabs")  # noqa: SLF001 - python-docx adds no leader in one step
    element(stops, "tab", val="right", leader="dot", pos=str(round(Mm(width) / TWIP)))
    paragraph.alignment = LEFT
    paragraph.add_run("\t")


def rule(cell: _Cell, length: float, width: float) -> None:
    """Add a line of `length` mm in the middle of a cell of `width` mm."""
    paragraph = cell.add_paragraph(style="Head")
    shape = paragraph.paragraph_format
    shape.left_indent = shape.right_indent = Mm(max(0.0, (width - length) / 2))
    shape.line_spacing, shape.space_before = Pt(4), Pt(1)
    edges = OxmlElement("w:pBdr")
    element(edges, "top", val="single", sz="6", space="1", color="000000")
    paragraph._p.get_or_add_pPr().insert_element_before(  # noqa: SLF001
        edges, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def grid(
    document: Document, columns: Sequence[tuple[str, bool]], rows: Sequence[Row], widths: Sequence[float], about: str
) -> Table:
    """Add a table whose header repeats on each page and whose rows stay whole.

    Parameters
    ----------
    document
        The document.
    columns
        Label of each column, and whether it holds numbers.
    rows
        Written cells.
    widths
        Millimetres of each column.
    about
        What the table is about, for those who hear it.
    """
    table: Table = document.add_table(rows=0, cols=len(columns), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    look = table._tbl.tblPr  # noqa: SLF001
    element(look, "tblCaption", val=line(about)[:250])
    size = letters(columns)
    _across(table, widths)
    for n, texts in enumerate([[label for label, _ in columns], *rows]):
        row = table.add_row()  # type: ignore[no-untyped-call]
        properties = row._tr.get_or_add_trPr()  # noqa: SLF001
        element(properties, "cantSplit")
        if n == 0:
            element(properties, "tblHeader")
        for cell, text, (_, number), width in zip(row.cells, texts, columns, widths, strict=True):
            cell.width = Mm(width)
            paragraph = cell.paragraphs[0]
            paragraph.style = "Table Text"
            paragraph.alignment = CENTER if n == 0 else RIGHT if number else LEFT
            paragraph.paragraph_format.keep_with_next = n == 0
            write(paragraph, text, bold=n == 0 or None, size=size)
    return table


def bare(document: Document, widths: Sequence[float]) -> list[_Cell]:
    """Add one row of cells without borders, each with one empty paragraph in the style of the head."""
    table = document.add_table(rows=1, cols=len(widths))
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    element(table.rows[0]._tr.get_or_add_trPr(), "cantSplit")  # noqa: SLF001
    _across(table, widths)
    for cell, width in zip(table.rows[0].cells, widths, strict=True):
        cell.width = Mm(width)
        cell.paragraphs[0].style = "Head"
    return list(table.rows[0].cells)


def _across(table: Table, widths: Sequence[float]) -> None:
    """Set the columns' own widths, which some programs read instead of the cells'."""
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)


def picture(document: Document, png: bytes, about: str, width: float, most: float) -> None:
    """Add a picture with a text for those who cannot see it, at most `width` by `most` mm."""
    paragraph = document.add_paragraph(style="Picture")
    run = paragraph.add_run()
    shape = run.add_picture(io.BytesIO(png))
    share = min(Mm(width) / shape.width, Mm(most) / shape.height)
    shape.width, shape.height = int(shape.width * share), int(shape.height * share)  # type: ignore[assignment]
    told = shape._inline.docPr  # noqa: SLF001 - python-docx sets no alternative text
    told.set("descr", line(about)[:2000])
    told.set("title", line(about)[:120])


def letters(columns: Sequence[tuple[str, bool]]) -> float:
    """Return the size of a table's letters in points: the more columns, the smaller."""
    return 11 if len(columns) <= 5 else 10 if len(columns) <= 8 else 8


def widths_of(columns: Sequence[tuple[str, bool]], rows: Sequence[Row], total: float) -> list[float]:
    """Return the columns' widths in mm, together `total`: first no word is cut, then room for the usual texts."""
    room = total / (0.2 * letters(columns))  # letters in a line: a bold one is about a fifth of its points in mm
    least, more = [], []
    for n, (label, _) in enumerate(columns):
        texts = [label, *(row[n] for row in rows)]
        word = min(24, max((len(word) for text in texts for word in text.split()), default=1)) + 2.5
        usual = sorted(len(text) for text in texts)[-1 - len(texts) // 10]
        least.append(word)
        more.append(max(0.1, min(usual, 60) - word))
    left = max(0.0, room - sum(least))
    need = [word + left * part / sum(more) for word, part in zip(least, more, strict=True)]
    return [total * part / sum(need) for part in need]

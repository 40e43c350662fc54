"""The pieces that minutes and reports share: published figures, findings with picture or table, recommendations."""

from __future__ import annotations

from collections.abc import Sequence

from docx.document import Document

from danvan_kit import theme, words
from danvan_kit.documents import parts
from danvan_kit.documents.content import KINDS, ROWS, Content, Item
from danvan_kit.documents.layout import Layout
from danvan_kit.documents.safe import line, paragraphs
from danvan_kit.findings.finding import STATUSES, Finding
from danvan_kit.views._common import say
from danvan_kit.views._shown import table_of

NUMERALS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII")


class Writer:
    """Writes a document's text: counts sections, tables and figures as it goes.

    Parameters
    ----------
    document
        A `letter` whose text is still to come.
    layout
        Its layout.
    content
        What there is to say.
    pictures
        A PNG by a finding's number, where one was drawn.
    """

    def __init__(self, document: Document, layout: Layout, content: Content, pictures: dict[int, bytes]) -> None:
        self.document, self.layout, self.content, self.pictures = document, layout, content, pictures
        self._sections = self._parts = self._tables = self._figures = 0

    def say(self, vi: str, en: str) -> str:
        """Return the text in the document's language."""
        return say(self.content.lang, vi, en)

    def section(self, text: str) -> None:
        """Begin a section: ``I- …`` or ``I. …``."""
        self._parts = 0
        self._sections += 1
        numeral = NUMERALS[self._sections - 1]
        parts.write(self.document.add_paragraph(style="Heading 1"), f"{numeral}{self.layout.roman} {text.upper()}")

    def part(self, text: str) -> None:
        """Begin a part of a section: ``1- …`` or ``1. …``."""
        self._parts += 1
        parts.write(self.document.add_paragraph(style="Heading 2"), f"{self._parts}{self.layout.item} {text}")

    def text(self, text: str, lead: str = "", *, italic: bool = False) -> None:
        """Write a text that may have several lines; `lead` stands before it in bold."""
        for n, one in enumerate(paragraphs(text) or [""]):
            paragraph = self.document.add_paragraph()
            if lead and n == 0:
                parts.write(paragraph, lead, bold=True)
                paragraph.add_run(" ")
            parts.write(paragraph, one, italic=italic or None)

    def ask(self, text: str = "", lines: int = 1) -> None:
        """Leave dotted lines to be filled in by hand, the first after a text."""
        for n in range(lines):
            paragraph = self.document.add_paragraph()
            if text and n == 0:
                parts.write(paragraph, text)
                paragraph.add_run(" ")
            parts.blank(paragraph, self.layout.width)

    # --- tables and figures -------------------------------------------------------------------------------------------

    def _caption(self, word: str, count: int, title: str) -> None:
        paragraph = self.document.add_paragraph(style="Caption")
        parts.write(paragraph, word, bold=True)
        paragraph.add_run(" ")
        parts.field(paragraph, f"SEQ {word} \\* ARABIC", str(count))
        parts.write(paragraph, f". {title}")

    def _beneath(self, sources: Sequence[str]) -> None:
        """Write beneath a table or figure that it is simulated, and where its figures come from."""
        paragraph = self.document.add_paragraph(style="Small")
        if self.content.review.simulated:
            parts.write(paragraph, theme.SIMULATED[self.content.lang], bold=True, size=10, color=parts.RED)
            paragraph.add_run(". ")
        told = sources[1:] if self.content.review.simulated else sources
        parts.write(paragraph, "; ".join(line(source).rstrip(".") for source in told) + ".", size=10)

    def table(
        self,
        title: str,
        columns: Sequence[tuple[str, bool]],
        rows: Sequence[Sequence[str]],
        sources: Sequence[str] | None,
        note: str = "",
    ) -> None:
        """Write a table with its caption above; beneath it its sources, unless it has none of its own."""
        self._tables += 1
        self._caption(self.say("Bảng", "Table"), self._tables, title)
        widths = parts.widths_of(columns, rows, self.layout.width)
        parts.grid(self.document, columns, rows, widths, title)
        if note:
            parts.write(self.document.add_paragraph(style="Small"), note, size=10)
        if sources is None:
            self.document.add_paragraph(style="Small")
        else:
            self._beneath(sources)

    def published(self) -> None:
        """Write the published figures beside what the data give."""
        view = self.content.published
        self.text(
            self.say("Đối chiếu số liệu đã công bố với bộ dữ liệu: ", "Published figures and data: ") + view.reading
        )
        written = table_of(view, self.content.lang)
        columns = [(str(label), bool(number)) for label, number in written["columns"][:-1]]
        rows = [row[:-1] for row in written["rows"]]  # the last is the source, which stands beneath
        self.table(view.title, columns, rows, view.sources)

    # --- findings -----------------------------------------------------------------------------------------------------

    def findings(self, kinds: Sequence[str]) -> None:
        """Write the findings that hold, a part a kind."""
        for kind in kinds:
            self.part(KINDS[kind][self.content.lang == "en"])
            for item in self.content.of(kind):
                self._finding(item)
            if not self.content.of(kind):
                self.text(self.say("Không có phát hiện.", "No findings."), italic=True)

    def _finding(self, item: Item) -> None:
        """Write one finding: what was found, whom it concerns, what shows it, and what is recommended."""
        finding, lang = item.finding, self.content.lang
        draft = f" ({STATUSES[finding.status][lang == 'en'].lower()})" if finding.status != "agreed" else ""
        self.text(finding.statement, self.say(f"Phát hiện {item.number}{draft}.", f"Finding {item.number}{draft}."))
        self.text(self.content.area(finding), self.say("Đơn vị:", "Concerns:"))
        self.text(item.view.reading, self.say("Số liệu:", "Figures:"))
        if item.number in self.pictures:
            self._figure(item)
        else:
            self._rows(item)
        if finding.evidence_total:
            self.text(self._evidence(finding), self.say("Căn cứ:", "Evidence:"))

    def _evidence(self, finding: Finding) -> str:
        """Say on how many rows of the data a finding rests, and how many of them the appendix lists."""
        total, listed = (
            words.number(n, lang=self.content.lang) for n in (finding.evidence_total, len(finding.evidence))
        )
        rows = "row" if finding.evidence_total == 1 else "rows"
        if finding.evidence_total > len(finding.evidence):
            return self.say(
                f"{total} dòng số liệu gốc; phụ lục liệt kê {listed} dòng đầu.",
                f"{total} {rows} of the data; the appendix lists the first {listed}.",
            )
        return self.say(
            f"{total} dòng số liệu gốc, liệt kê tại phụ lục.", f"{total} {rows} of the data, listed in the appendix."
        )

    def _figure(self, item: Item) -> None:
        self._figures += 1
        view = item.view
        told = f"{view.title}. {view.reading}"
        parts.picture(self.document, self.pictures[item.number], told, self.layout.width, 190)
        self._caption(self.say("Hình", "Figure"), self._figures, view.title)
        self._beneath(view.sources)

    def _rows(self, item: Item) -> None:
        """Write the first rows of a finding's table, its own area among them."""
        table = item.table(self.content.lang)
        rows, at = table["rows"], item.place
        kept = rows[:ROWS]
        if at is not None and at >= ROWS:
            kept = [*rows[: ROWS - 1], rows[at]]
        left = len(rows) - len(kept)
        note = self.say(f"Còn {left} dòng, xem phụ lục.", f"{left} more rows in the appendix.") if left else ""
        columns = [(str(label), bool(number)) for label, number in table["columns"]]
        self.table(item.view.title, columns, kept, item.view.sources, note)

    def recommendations(self) -> None:
        """Write who is to do what until when."""
        found = [item for item in self.content.items if line(item.finding.recommendation)]
        if not found:
            self.ask(self.say("Kiến nghị:", "Recommendations:"), 3)
            return
        head = self.say("Phát hiện|Đơn vị thực hiện|Nội dung kiến nghị|Thời hạn", "Finding|By whom|What|Due").split("|")
        rows = [
            [
                str(item.number),
                self.content.area(item.finding),
                line(item.finding.recommendation),
                words.date(item.finding.due, self.content.lang) if item.finding.due else "……",
            ]
            for item in found
        ]
        title = self.say("Kiến nghị", "Recommendations")
        self.table(title, [(label, False) for label in head], rows, None)

    def stale(self) -> None:
        """Tell which findings hold no longer, so that nobody reads them as if they did."""
        for old in self.content.stale:
            lead = self.say("Không dùng:", "Not used:")
            self.text(f"{line(old.finding.statement)} – {line(old.why)}.", lead)

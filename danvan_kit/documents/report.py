"""The text of a report (báo cáo) on what an inspection found."""

from __future__ import annotations

from danvan_kit.documents import letter, minutes, parts
from danvan_kit.documents.content import KINDS
from danvan_kit.documents.layout import DOTS, Head
from danvan_kit.documents.sections import Writer


def fill(writer: Writer, head: Head) -> None:
    """Write the report into a document.

    Parameters
    ----------
    writer
        On a document whose head is written.
    head
        What the delegation gave for it.
    """
    minutes.bases(writer)
    writer.section(writer.say("Khái quát", "Overview"))
    minutes.scope(writer)
    _count(writer)
    writer.published()
    writer.section(writer.say("Kết quả kiểm tra", "Findings"))
    writer.findings([kind for kind in KINDS if kind != "question"])
    writer.section(writer.say("Kiến nghị", "Recommendations"))
    writer.recommendations()
    writer.section(writer.say("Nội dung cần làm rõ thêm", "Open points"))
    writer.findings(["question"])
    if writer.content.stale:
        writer.part(writer.say("Phát hiện không còn đúng với số liệu hiện có", "Findings that no longer hold"))
        writer.stale()
    _signed(writer, head)


def _count(writer: Writer) -> None:
    """Say in one sentence how much was found."""
    content = writer.content
    each = ", ".join(f"{len(content.of(k))} {KINDS[k][content.lang == 'en'].lower()}" for k in KINDS if content.of(k))
    total = len(content.items)
    drafts = sum(item.finding.status == "draft" for item in content.items)
    text = writer.say(f"Đoàn ghi nhận {total} phát hiện", f"The delegation recorded {total} findings")
    if each:
        text += f": {each}"
    if drafts:
        text += writer.say(f"; {drafts} còn là dự thảo", f"; {drafts} are drafts")
    if gone := len(content.stale):
        text += writer.say(f"; {gone} không còn đúng với số liệu hiện có", f"; {gone} no longer hold")
    writer.text(f"{text}.")


def _signed(writer: Writer, head: Head) -> None:
    document, layout, lang = writer.document, writer.layout, writer.content.lang
    document.add_paragraph(style="Head").paragraph_format.keep_with_next = True
    left, right = parts.bare(document, layout.columns)
    names = [head.parent or DOTS, writer.say("Thành viên đoàn kiểm tra", "Members"), writer.say("Lưu hồ sơ", "File")]
    letter.recipients(left, layout, names, lang)
    behalf = f"{layout.on_behalf} {(head.body or 'ĐOÀN KIỂM TRA').upper()}"
    behalf = writer.say(behalf, f"FOR {(head.body or 'THE DELEGATION').upper()}")
    letter.sign(right, layout, behalf, writer.say("TRƯỞNG ĐOÀN", "HEAD OF DELEGATION"), lang)

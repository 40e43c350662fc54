"""The text of minutes (biên bản): who met, what was reviewed, what was found, what the office says, what follows."""

from __future__ import annotations

from danvan_kit import words
from danvan_kit.documents import letter, parts
from danvan_kit.documents.content import KINDS
from danvan_kit.documents.layout import Head
from danvan_kit.documents.sections import Writer


def fill(writer: Writer, head: Head) -> None:
    """Write the minutes into a document.

    Nothing that only the delegation knows is made up: hours, places, names and opinions are dotted lines.

    Parameters
    ----------
    writer
        On a document whose head is written.
    head
        What the delegation gave for it.
    """
    bases(writer)
    _meeting(writer, head)
    _scope(writer)
    writer.section(writer.say("Kết quả kiểm tra", "Findings"))
    writer.findings(list(KINDS))
    if writer.content.stale:
        writer.part(writer.say("Phát hiện không còn đúng với số liệu hiện có", "Findings that no longer hold"))
        note = "Không dùng làm căn cứ kết luận; đoàn cần xem lại.", "Not used for conclusions; to be looked at again."
        writer.text(writer.say(*note), italic=True)
        writer.stale()
    writer.section(writer.say("Ý kiến của đơn vị được kiểm tra", "What the inspected office says"))
    writer.ask(lines=4)
    writer.section(writer.say("Kết luận, kiến nghị", "Conclusions and recommendations"))
    writer.ask(writer.say("Kết luận:", "Conclusions:"), 3)
    writer.recommendations()
    writer.text(
        writer.say(
            "Biên bản được lập thành …… bản, mỗi bên giữ …… bản; đã đọc lại cho những người có mặt cùng nghe, thống "
            "nhất và ký tên. Buổi làm việc kết thúc hồi …… giờ ……, ngày …… tháng …… năm ……",
            "Made in …… copies, …… for each side; read out to those present, who agreed and signed. The meeting ended "
            "at …… on ……",
        )
    )
    _signed(writer, head)


def bases(writer: Writer) -> None:
    """Write on what the inspection stands."""
    regulation = writer.say(
        "Căn cứ Quyết định số 290-QĐ/TW, ngày 25-02-2010 của Bộ Chính trị ban hành Quy chế công tác dân vận của hệ "
        "thống chính trị;",
        "Pursuant to Decision 290-QĐ/TW of the Politburo, 25 February 2010, issuing the Regulation on "
        "mass-mobilization work of the political system;",
    )
    order = writer.say(
        "Căn cứ Quyết định số ……………, ngày …… tháng …… năm …… của …………………… về việc thành lập đoàn kiểm tra,",
        "Pursuant to Decision ……………, dated ……………, of …………………… establishing the delegation,",
    )
    for text in (regulation, order):
        writer.text(f"- {text}")


def _meeting(writer: Writer, head: Head) -> None:
    """Leave room for when, where and who."""
    writer.section(writer.say("Thời gian, địa điểm, thành phần", "Time, place, participants"))
    writer.part(writer.say("Thời gian, địa điểm", "Time and place"))
    began = "Bắt đầu hồi …… giờ ……, ngày …… tháng …… năm ……, tại", "Began at …… on ……………, at"
    writer.ask(writer.say(*began))
    writer.part(writer.say("Đoàn kiểm tra", "The delegation"))
    called = "đồng chí" if writer.layout.star else "ông/bà"
    chair, clerk = (f"Trưởng đoàn: {called}", "Head:"), (f"Người ghi biên bản: {called}", "Clerk:")
    for text in (writer.say(*chair), writer.say(*clerk), writer.say("Các thành viên:", "Members:")):
        writer.ask(text)
    writer.part(writer.say("Đơn vị được kiểm tra", "The inspected office"))
    if head.unit:
        writer.text(head.unit)
    who = writer.say(f"Đại diện: {called}", "Represented by:")
    writer.ask(who, 2)


def _scope(writer: Writer) -> None:
    """Say what was reviewed, and what the data make of the published figures."""
    writer.section(writer.say("Nội dung kiểm tra", "What was reviewed"))
    writer.part(writer.say("Phạm vi", "Scope"))
    scope(writer)
    writer.part(writer.say("Số liệu đã công bố", "Published figures"))
    writer.published()


def scope(writer: Writer) -> None:
    """Say which review it is, up to which day, of how many reports and records, and what is hidden."""
    review, lang = writer.content.review, writer.content.lang
    reports, log = words.number(len(review.observations), lang=lang), words.number(len(review.records), lang=lang)
    writer.text(
        writer.say(
            f"{review.title['vi']}. Số liệu đến hết ngày {words.date(review.closing)}: {reports} số liệu báo cáo, "
            f"{log} hoạt động trong nhật ký.",
            f"{review.title['en']}. Data up to {words.date(review.closing, 'en')}: {reports} reported figures, {log} "
            "activities in the log.",
        )
    )
    if review.simulated:
        writer.text(
            writer.say(
                "Số liệu của từng đơn vị trong văn bản này là SỐ LIỆU MÔ PHỎNG, không phải báo cáo của bất kỳ đơn vị "
                "nào; chỉ các số đã công bố là số thật.",
                "The figures of single areas in this document are SIMULATED DATA and no office's reports; only the "
                "published figures are real.",
            ),
            writer.say("Lưu ý:", "Note:"),
        )
    if shields := writer.content.shields:
        writer.text(shields)
    if gone := writer.content.withdrawn:
        writer.text(writer.say(f"Không đưa vào {gone} phát hiện đã rút.", f"Left out, for it was withdrawn: {gone}."))


def _signed(writer: Writer, head: Head) -> None:
    behalf = f"{writer.layout.on_behalf} {(head.body or 'ĐOÀN KIỂM TRA').upper()}"
    behalf = writer.say(behalf, f"FOR {(head.body or 'THE DELEGATION').upper()}")
    signers = [
        ("", writer.say("NGƯỜI GHI BIÊN BẢN", "CLERK")),
        ("", writer.say("ĐẠI DIỆN ĐƠN VỊ ĐƯỢC KIỂM TRA", "FOR THE INSPECTED OFFICE")),
        (behalf, writer.say("TRƯỞNG ĐOÀN", "HEAD OF DELEGATION")),
    ]
    letter.signatures(writer.document, writer.layout, signers, writer.content.lang)
    writer.document.add_paragraph(style="Head")
    (left, _) = parts.bare(writer.document, writer.layout.columns)
    names = writer.say("Đơn vị được kiểm tra|Thành viên đoàn kiểm tra|Lưu hồ sơ", "The office|Members|File").split("|")
    letter.recipients(left, writer.layout, names, writer.content.lang)

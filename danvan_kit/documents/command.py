"""The command ``danvan minutes``: what it takes, does and says."""

from __future__ import annotations

import argparse
import warnings
from collections.abc import Sequence

from danvan_kit import findings, review, words
from danvan_kit.documents import Head, Written, write_documents
from danvan_kit.documents.layout import Lang
from danvan_kit.findings.store import Damaged


def run(options: argparse.Namespace) -> int:
    """Write the documents, print where they are and what the delegation must look at.

    Parameters
    ----------
    options
        The command's options.

    Returns
    -------
    int
        1 if a finding is not used because it holds no longer, or lines of findings cannot be read; else 0.
    """
    head = Head(
        parent=options.parent,
        body=options.body,
        number=options.number,
        place=options.place,
        date=words.parse_date(options.date) if options.date else None,
        unit=options.unit,
    )
    known = review.load(options.folder)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", findings.FindingWarning)  # told below, line by line
        found = findings.read(options.findings)
    done = write_documents(
        known,
        found,
        options.to,
        kind=options.kind,
        layout=options.layout,
        head=head,
        appendix=options.appendix,
        lang=options.lang,
        threshold=options.threshold,
        pictures=not options.no_pictures,
    )
    broken = findings.damaged(options.findings)
    for line in told(done, broken, options.lang, pictures=not options.no_pictures):
        print(line)
    return 1 if done.content.stale or broken else 0


def told(done: Written, broken: Sequence[Damaged], lang: Lang, *, pictures: bool) -> list[str]:
    """Return the lines that say what was written and what the delegation must look at.

    Parameters
    ----------
    done
        What was written.
    broken
        Lines of findings that cannot be read (`findings.damaged`).
    lang
        Language of the lines.
    pictures
        Whether pictures were asked for.
    """
    content, vi = done.content, lang == "vi"
    count, drawn, gone = len(content.items), done.drawn, len(content.stale)
    lines = [f"{path}" for path in done.files]
    lines.append(f"{count} phát hiện, {drawn} hình" if vi else f"findings: {count}, pictures: {drawn}")
    if not drawn and count and pictures:
        lines.append(
            "Không tìm thấy trình duyệt Chromium hoặc Chrome nên dùng bảng thay cho hình"
            if vi
            else "No Chromium or Chrome was found: tables stand in place of pictures"
        )
    lines += [content.shields] if content.shields else []
    if content.veiled:
        numbers = ", ".join(map(str, content.veiled))
        lines.append(
            f"Phát hiện {numbers} có số được ẩn: hãy xem lại lời văn của đoàn có nhắc số nhỏ không"
            if vi
            else f"Findings {numbers} have hidden figures: see whether the delegation's own words tell small counts"
        )
    if gone:
        lines.append(
            f"{gone} phát hiện không còn dùng được, ghi riêng trong văn bản:"
            if vi
            else f"Findings that are not used, told apart in the document: {gone}"
        )
        lines += [f"  {old.finding.statement} – {old.why}" for old in content.stale]
    return lines + [f"{line.place}: {line.why[lang == 'en']}" for line in broken]

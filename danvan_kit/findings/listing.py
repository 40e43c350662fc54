"""Findings as a table for people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import pandas as pd

from danvan_kit import words
from danvan_kit.errors import DanvanError
from danvan_kit.findings.finding import KINDS, STATUSES, Finding
from danvan_kit.review import Review
from danvan_kit.views._common import say


def table(findings: Iterable[Finding], review: Review | None = None, lang: str = "vi") -> pd.DataFrame:
    """Return findings as a table for display, a row each, in the order given.

    Parameters
    ----------
    findings
        What `read` returned.
    review
        Gives the names of the areas; without it their ids stand there.
    lang
        Language of headings and of the kit's own words; what people wrote stays as it is.
    """
    heads = say(
        lang,
        "Phát hiện|Loại|Đơn vị|Kiến nghị|Thời hạn|Tình trạng|Người ghi|Ghi ngày|Theo|Số liệu",
        "Finding|Kind|Area|Recommendation|Due|Status|Recorded by|On|View|Data",
    ).split("|")
    n = 1 if lang == "en" else 0
    rows = [
        (
            finding.statement,
            KINDS[finding.kind][n],
            _area(finding.area, review, lang),
            finding.recommendation or words.DASH,
            words.date(finding.due, lang),
            STATUSES[finding.status][n],
            finding.author,
            words.date(dt.datetime.fromisoformat(finding.time).astimezone().date(), lang),
            finding.title,
            say(lang, "mô phỏng", "simulated") if finding.simulated else say(lang, "báo cáo", "reported"),
        )
        for finding in findings
    ]
    return pd.DataFrame(rows, columns=heads)


def _area(area: str, review: Review | None, lang: str) -> str:
    if not area:
        return say(lang, "toàn bộ", "all")
    if review is None:
        return area
    try:
        return str(review.areas.name(area))
    except DanvanError:  # gone from the areas since
        return area

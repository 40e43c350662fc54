"""The two official layouts: of the Party (Hướng dẫn 36-HD/VPTW) and of the state (Nghị định 30/2020/NĐ-CP)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal, TypeAlias

from danvan_kit import words

Lang: TypeAlias = Literal["vi", "en"]
Kind: TypeAlias = Literal["minutes", "report"]
DOTS = "…………"
"""Stands for what the delegation fills in; the kit invents no name, day or number."""


@dataclass(frozen=True)
class Layout:
    """How a document looks. Lengths in millimetres, letters in points.

    Attributes
    ----------
    top, bottom, left, right
        Margins of the A4 page.
    heading
        The two (or one) lines at the top right, by language, with their sizes.
    rule
        How long the line beneath them is, by language: as long as the words.
    columns
        Widths of the two columns of the head.
    body_size, number_size
        Letters of the issuing bodies, and of number, place and date.
    star
        Whether a star stands beneath the issuing body; otherwise a line.
    title_size, subject_size
        Letters of the kind of document and of its subject.
    dashes
        Whether five dashes stand beneath the subject; otherwise a line.
    exact
        Points from line to line of the text; 0: one and a fifth of a line.
    roman, item
        What follows the number of a section and of a part.
    numbered
        How the number is written: its word, and the number with its symbol while it is open.
    on_behalf
        The words before the name of the body that is signed for.
    recipients
        Size of "Nơi nhận" and of the list; whether it is bold italic (state) or underlined (Party).
    """

    top: float
    bottom: float
    left: float
    right: float
    heading: dict[str, tuple[tuple[str, float], ...]]
    rule: dict[str, float]
    columns: tuple[float, float]
    body_size: float
    number_size: float
    star: bool
    title_size: float
    subject_size: float
    dashes: bool
    exact: float
    roman: str
    item: str
    numbered: tuple[str, str]
    on_behalf: str
    recipients: tuple[float, float, bool]

    @property
    def width(self) -> float:
        """Millimetres between the margins."""
        return 210 - self.left - self.right


PARTY = Layout(
    top=20,
    bottom=20,
    left=30,
    right=15,
    heading={"vi": (("ĐẢNG CỘNG SẢN VIỆT NAM", 15),), "en": (("COMMUNIST PARTY OF VIET NAM", 13),)},
    rule={"vi": 72, "en": 78},
    columns=(77, 88),
    body_size=14,
    number_size=14,
    star=True,
    title_size=16,
    subject_size=14,
    dashes=True,
    exact=18,
    roman="-",
    item="-",
    numbered=("Số", "……-{}/……"),
    on_behalf="T/M",
    recipients=(14, 12, False),
)
"""Văn phòng Trung ương Đảng, Hướng dẫn số 36-HD/VPTW, ngày 3-4-2018, về thể thức và kỹ thuật trình bày văn bản của
Đảng: margins 20, 20, 30, 15 mm; title 15 points with a line of its length; bodies, number, place and date 14; a star
between body and number; kind 15 to 16, subject 14 to 15, text 14 to 15."""

STATE = Layout(
    top=20,
    bottom=20,
    left=30,
    right=15,
    heading={
        "vi": (("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 12), ("Độc lập - Tự do - Hạnh phúc", 13)),
        "en": (("SOCIALIST REPUBLIC OF VIET NAM", 12), ("Independence - Freedom - Happiness", 13)),
    },
    rule={"vi": 56, "en": 72},
    columns=(69, 96),
    body_size=12,
    number_size=13,
    star=False,
    title_size=14,
    subject_size=14,
    dashes=False,
    exact=0,
    roman=".",
    item=".",
    numbered=("Số:", "……/{}-……"),
    on_behalf="TM.",
    recipients=(12, 11, True),
)
"""Nghị định số 30/2020/NĐ-CP ngày 5-3-2020 của Chính phủ về công tác văn thư, Phụ lục I: margins 20 to 25, 20 to 25,
30 to 35, 15 to 20 mm; Quốc hiệu 12 to 13 points, Tiêu ngữ 13 to 14 with a line of its length; bodies 12 to 13 with a
line of a third to half; number 13, place and date 13 to 14; text 13 to 14, paragraphs 6 points apart."""

LAYOUTS = {"party": PARTY, "state": STATE}
SYMBOLS = {"minutes": "BB", "report": "BC"}
"""Short forms of the kinds of document in their number."""


@dataclass(frozen=True)
class Head:
    """What stands around the text: given by the delegation, or left open as dots.

    Attributes
    ----------
    parent, body
        The superior and the issuing body.
    number
        The whole number with its symbol, such as ``12-BB/ĐKT``.
    place
        Where the document is issued.
    date
        Its day.
    unit
        The office that was inspected.
    """

    parent: str = ""
    body: str = ""
    number: str = ""
    place: str = ""
    date: dt.date | None = None
    unit: str = ""


def number_line(layout: Layout, kind: Kind, head: Head, lang: Lang) -> str:
    """Return the line with number and symbol; what is not given is left open.

    Parameters
    ----------
    layout, kind, head, lang
        The layout, minutes or report, what was given, the language.
    """
    word, open_number = layout.numbered
    return f"{'No.' if lang == 'en' else word} {head.number or open_number.format(SYMBOLS[kind])}"


def day_line(head: Head, lang: Lang) -> str:
    """Return place and date: "Hà Nội, ngày 15 tháng 7 năm 2020"; days below 10, January and February with a zero."""
    place, day = head.place or DOTS, head.date
    if day is None:
        return f"{place}, {'date' if lang == 'en' else 'ngày …… tháng …… năm'} {'……' if lang == 'vi' else DOTS}"
    if lang == "en":
        return f"{place}, {words.date(day, 'en')}"
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"{place}, ngày {day.day:02d} tháng {month} năm {day.year}"

"""One office's file while it is made: the words and habits of offices, and what a reader finds in each cell."""

from __future__ import annotations

import random
import re
import unicodedata
from dataclasses import dataclass, field
from typing import Any

from form_files import Page

from danvan_kit import words
from danvan_kit.forms.office import owes
from danvan_kit.forms.raw import address
from danvan_kit.names import match
from danvan_kit.review import Review
from danvan_kit.simulate import simulate

# --- words that offices use -------------------------------------------------------------------------------------------

GROUPS = {
    "documents": "Văn bản lãnh đạo, chỉ đạo", "briefing": "Giao ban, tập huấn", "inspection": "Công tác kiểm tra",
    "supervision": "Công tác giám sát", "critique": "Phản biện xã hội", "dialogue": "Tiếp xúc, đối thoại",
    "opinions": "Ý kiến tại đối thoại", "reception": "Tiếp công dân, đơn thư", "mediation": "Hòa giải ở cơ sở",
    "models": "Mô hình “Dân vận khéo”", "organisation": "Tổ chức, cán bộ",
}  # fmt: skip
OWN = ("Của riêng đơn vị", "Riêng đơn vị", "Riêng cấp báo cáo", "Số liệu riêng của đơn vị")
BOTH = ("Tổng hợp cả cấp dưới", "Tổng hợp", "Tổng hợp toàn đơn vị", "Cả cấp dưới")
PLAIN = ("Số liệu", "Kết quả", "Số lượng", "Kết quả thực hiện", "Thực hiện trong kỳ")
LABEL = ("Chỉ tiêu", "Nội dung", "Tên chỉ tiêu", "Nội dung công việc")
UNIT = ("Đơn vị tính", "ĐVT")
NOTE = ("Ghi chú", "Ghi chú, giải trình")
PLACE = ("Đơn vị", "Tên đơn vị", "Xã, phường, thị trấn")
TOTAL = ("Tổng cộng", "Cộng", "TỔNG SỐ", "Tổng cộng toàn quận, huyện")
UNKNOWN_COLUMNS = ("Kế hoạch năm sau", "Chỉ số tổng hợp khác", "Xếp loại", "Số tạm ước quý tới")
UNKNOWN_ROWS = ("Số buổi văn nghệ quần chúng", "Diện tích nhà văn hóa thôn", "Số cây xanh trồng mới")
UNKNOWN_AREAS = ("Xã Tân Lập Thượng Hạ", "Phường Kim Cương", "Thị trấn Đại Dương Xanh")
PERIODS = (
    "Số liệu tính từ ngày 01/01/{y} đến ngày 31/12/{y}", "(Từ ngày 01-01-{y} đến ngày 31-12-{y})", "Năm {y}",
    "Năm báo cáo: {y}", "Từ ngày 1 tháng 1 năm {y} đến ngày 31 tháng 12 năm {y}", "Kỳ báo cáo: Năm {y}",
)  # fmt: skip
SHEETS = ("Bieu1", "Biểu số 1", "Sheet1", "BC_danvan", "Biểu tổng hợp")
SHORT = {"Phường": ("P.", "P", "Ph."), "Xã": ("X.", "xã"), "Thị trấn": ("TT.", "TT"), "Quận": ("Q.", "Q"),
         "Huyện": ("H.", "H"), "Thị xã": ("TX.", "TX"), "Thành phố": ("TP.", "TP")}  # fmt: skip
TONES = {"òa": "oà", "óa": "oá", "ỏa": "oả", "õa": "oã", "ọa": "oạ", "úy": "uý", "ủy": "uỷ", "ùy": "uỳ", "ũy": "uỹ",
         "ụy": "uỵ", "òe": "oè", "óe": "oé"}  # fmt: skip

NEEDS_XLSX = ("typed", "format", "C01", "C02", "C03", "C05", "C06", "C04 header", "C07 negative")


@dataclass
class Figure:
    """A figure cell: what it is, and what a reader makes of it (`status` empty: no observation)."""

    area: str
    year: int
    indicator: str
    scope: str
    value: float | None
    status: str


@dataclass
class Sheet:
    """A page with what it means."""

    page: Page
    figures: dict[tuple[int, int], Figure] = field(default_factory=dict)
    last: tuple[int, int] = (0, 0)
    name_cell: tuple[int, int] | None = None
    headers: dict[int, tuple[int, int]] = field(default_factory=dict)
    rows: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Truth:
    """The review and what every office truly reported."""

    review: Review
    figures: dict[tuple[str, int, str, str], float]

    def row(self, indicator):
        """Return one row of the catalogue."""
        return self.review.indicators.loc[indicator]


def truth(review: Review, seed: int = 290) -> Truth:
    """Return what every office truly reports in a review without faults."""
    found = simulate(
        review.areas, review.indicators, review.statements, review.population, seed=seed, faults=False
    ).observations
    found = found[found["status"] == "reported"]
    columns = [found[c].tolist() for c in ("area", "year", "indicator", "scope", "value")]
    return Truth(review, {tuple(key): float(value) for *key, value in zip(*columns, strict=True)})


# --- one file ---------------------------------------------------------------------------------------------------------


class Draft:
    """One office's file while it is made."""

    def __init__(self, known: Truth, area: str, shape: str, year: int, fault: str, seed: int) -> None:
        self.known, self.area, self.shape, self.year, self.fault = known, area, shape, year, fault
        self.rng = random.Random(f"{seed} {area}")  # noqa: S311 - no secret
        self.areas = known.review.areas
        self.level = str(self.areas.get(area)["level"])
        self.sheets: list[Sheet] = []
        self.faults: list[tuple[str, str, str, str]] = []
        self.names: list[tuple[str, str, str]] = []
        self.totals: list[dict[str, Any]] = []
        self.format = self._format()
        self.habit = self.rng.choices(("typed", "text", "spaced"), (75, 15, 10))[0]
        self.empty = self.rng.choice(("x", None))  # what stands where nothing is owed
        if self.fault == "C03 uncached":
            self.habit = "typed"

    def _format(self):
        if self.fault == "C03 uncached":
            return "bare"
        if self.fault in ("C03 external", "C03 error") or (self.shape == "wide" and self.fault):
            return "xlsx"
        if any(mark in self.fault for mark in NEEDS_XLSX):
            return self.rng.choice(("xlsx", "xlsx", "bare"))
        return self.rng.choices(("xlsx", "bare", "csv", "ods"), (62, 18, 12, 8))[0]

    def one(self, choices):
        """Draw one."""
        return self.rng.choice(list(choices))

    def luck(self, chance):
        """Toss."""
        return self.rng.random() < chance

    def sheet(self, name=""):
        """Begin a sheet."""
        self.sheets.append(Sheet(Page(name or self.one(SHEETS))))
        return self.sheets[-1]

    def plant(self, sheet, place, code, what):
        """Note a fault; without a place the whole sheet is meant."""
        self.faults.append((sheet.page.name, place and address(*place), code, what))

    # --- words

    def name(self, area, *, within=None, year=None):
        """Write an area's name in one of the ways of offices that still tell which one it is."""
        full = self.areas.name(area)
        kind = next((k for k in sorted(SHORT, key=len, reverse=True) if full.startswith(k)), "")
        bare = full.removeprefix(kind).strip()
        short = f"{self.one(SHORT[kind])} {bare}" if kind else full
        ways = [full, short, words.fold(full), f"UBND {kind.lower()} {bare}", full.upper(), newer(full), f"{full}  "]
        ways += [unicodedata.normalize("NFD", full), full.replace(" ", "\u00a0"), f"Đảng ủy {kind.lower()} {bare}"]
        ways += [slip(bare, kind, self.rng)]
        above = self.areas.name(self.areas.get(area)["parent"]) if self.areas.get(area)["parent"] else ""
        day = f"{year or self.year}-06-30"
        for written in self.rng.sample(ways, len(ways)):
            outer = f", {above}" if within is None and self.areas.get(area)["level"] == "commune" else ""
            if outer and self.luck(0.5):
                outer = self.one((f" - {above}", f" ({above.replace('Quận ', 'Q. ').replace('Huyện ', 'H. ')})"))
            if match(written + outer, self.areas, within=within, at=day).area == area:
                return written + outer
        return f"{full}, {above}" if above else full

    def label(self, indicator):
        """Write an indicator's name in one of the ways of offices."""
        row = self.known.row(indicator)
        label, unit = str(row["label_vi"]), str(row["unit_vi"])
        small = label[0].lower() + label[1:]
        ways = [label, label, label, f"Số {small}", f"{label} ({unit})", label.upper(), f" {label} ", newer(label)]
        if row["aggregation"] == "ratio":
            return label
        return self.one(ways)

    def header(self, text):
        """Break a header over two lines, as narrow columns make people do."""
        if " " in text and self.luck(0.4):
            middle = text.index(" ", len(text) // 3) if " " in text[len(text) // 3 :] else text.index(" ")
            return text[:middle] + "\n" + text[middle + 1 :]
        return text

    # --- figures

    def figure(self, sheet, place, area, year, indicator, scope):
        """Write one figure, or what stands in its place, and note what a reader finds there."""
        row, level = self.known.row(indicator), str(self.areas.get(area)["level"])
        if not owes(row, level, scope):
            sheet.page.put(*place, self.empty)
            return
        key = (area, year, indicator, scope)
        value, status, written = self.known.figures.get(key), "reported", None
        chance = self.rng.random()
        if value is None:
            status, written = ("not_applicable", "x") if self.empty else ("", None)
        elif chance < 0.02:
            status, written = "missing", self.one((None, None, " "))
        elif chance < 0.03:
            status, written = "missing", self.one(("–", "-"))
        elif chance < 0.04:
            status, written = "not_applicable", self.one(("x", "X"))
        if written is None and status == "reported":
            self.number(sheet.page, place, value)
        else:
            sheet.page.put(*place, written)
        sheet.figures[place] = Figure(*key, value if status == "reported" else None, status)

    def number(self, page, place, value):
        """Write a number in this office's habit."""
        whole = int(value)
        if self.habit == "text" and self.luck(0.8):
            page.put(*place, f"{whole:,}".replace(",", "."))
        elif self.habit == "spaced" and whole >= 1000:
            page.put(*place, f"{whole:,}".replace(",", self.one((" ", "\u00a0"))))
        elif self.format in ("xlsx", "ods") and self.luck(0.03):
            page.put(*place, float(whole), "", f"={whole - whole // 3}+{whole // 3}")
        else:
            page.put(*place, float(whole), self.one(("", "", "0", "#,##0")))

    def drop(self, sheet, places):
        """Let a reader find nothing in some cells."""
        for place in places:
            if place in sheet.figures:
                sheet.figures[place].status = ""

    def reported(self, sheet):
        """Return the places of figures that a reader reports."""
        return [place for place, figure in sheet.figures.items() if figure.status == "reported"]

    # --- what stands above and below a table

    def above(self, sheet, row, left, width, *, year=None, title="KẾT QUẢ CÔNG TÁC DÂN VẬN"):
        """Write the title block; return the first free row."""
        page, area = sheet.page, self.area
        parent = self.areas.get(area)["parent"]
        page.put(row, left, "THÀNH ỦY HÀ NỘI")
        page.put(row, left + max(3, width - 2), "ĐẢNG CỘNG SẢN VIỆT NAM")
        if self.level == "commune" and self.fault != "Q02 ambiguous":
            page.put(
                row + 1, left, self.areas.name(parent).upper().replace("QUẬN", "QUẬN ỦY").replace("HUYỆN", "HUYỆN ỦY")
            )
        page.put(row + 1, left + max(3, width - 2), f"Hà Nội, ngày 15 tháng 01 năm {self.year + 1}")
        row += 3
        page.put(row, left + 1, "Biểu số 1")
        page.put(row + 1, left + 1, f"{title}\ntheo Quyết định 290-QĐ/TW ngày 25-2-2010")
        row += 2
        if year is not None:
            self.period(sheet, row, left + 1, year)
            row += 1
        written = self.whose()
        if self.luck(0.5):
            page.put(row, left, f"Đơn vị báo cáo: {written}")
            sheet.name_cell = (row, left)
        else:
            page.put(row, left, "Đơn vị báo cáo:")
            page.put(row, left + 1, written)
            sheet.name_cell = (row, left + 1)
        if self.fault.startswith("Q02") and self.shape == "office":
            self.plant(sheet, sheet.name_cell, "Q02", written)
        else:
            self.names.append((address(*sheet.name_cell), written, area))
        return row + 1 + self.rng.randint(0, 2)

    def whose(self):
        """Return the name that the title block gives: one that cannot be told where that is the fault."""
        if self.shape == "office" and self.fault == "Q02 unknown":
            return self.one(UNKNOWN_AREAS)
        if self.shape == "office" and self.fault == "Q02 ambiguous":
            return self.areas.name(self.area)
        return self.name(self.area)

    def period(self, sheet, row, column, year):
        """Write of which year the figures are."""
        if self.fault == "Q04 none":
            self.plant(sheet, None, "Q04", "no period")
        elif self.fault == "Q04 straddle":
            text = f"Số liệu tính từ ngày 15/12/{year - 1} đến ngày 14/12/{year}"
            sheet.page.put(row, column, text)
            self.plant(sheet, (row, column), "Q04", text)
        elif self.luck(0.15):
            sheet.page.put(row, column, "Năm báo cáo:")
            sheet.page.put(row, column + 1, str(year) if self.luck(0.3) else float(year))
        else:
            sheet.page.put(row, column, self.one(PERIODS).format(y=year))

    def below(self, sheet, row, left, width):
        """Write notes and signatures; return the last row."""
        page = sheet.page
        if self.luck(0.6):
            page.put(row + 1, left, "Ghi chú: x là không áp dụng; – là chưa có số liệu.")
        page.put(row + 3, left + 1, "NGƯỜI LẬP BIỂU")
        page.put(row + 3, left + width - 1, "T/M BAN THƯỜNG VỤ")
        page.put(row + 7, left + 1, "Nguyễn Văn An")
        return row + 7


def newer(text):
    """Put tone marks where the newer spelling puts them."""
    return re.sub("|".join(TONES), lambda found: TONES[found[0]], text)


def slip(bare, kind, rng):
    """Swap two neighbouring letters."""
    i = rng.randrange(1, max(2, len(bare) - 1))
    return f"{kind} {bare[:i]}{bare[i + 1 : i + 2]}{bare[i]}{bare[i + 2 :]}"

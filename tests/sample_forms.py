"""The forms of `data/simulated/forms`: the simulated review as a few offices might send it, with their faults."""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from pathlib import Path

import form_files
import pandas as pd
import xlsxwriter

from danvan_kit import words
from danvan_kit.forms.blank import MADE, SIMULATED, write_form
from danvan_kit.review import Review

YEAR = 2019
DISTRICT, CORRECTED, AMBIGUOUS = "001", "00001", "00295"
COLUMNS = {
    "van_ban_chi_dao": "Văn bản chỉ đạo",
    "hoi_nghi_giao_ban": "Hội nghị giao ban",
    "cuoc_giam_sat": "Số cuộc giám sát",
    "hoi_nghi_phan_bien": "Hội nghị phản biện xã hội",
    "luot_tiep_cong_dan": "Lượt tiếp công dân",
    "don_thu_tiep_nhan": "Đơn thư tiếp nhận",
}
PERIOD = f"Số liệu tính từ ngày 01-01-{YEAR} đến ngày 31-12-{YEAR}"


class Faults:
    """What is planted, by the file that bears it."""

    comma = "27,739"
    typo = ("Phường Trúc Bạch", "P. Trúc Bach")
    hidden = "Phường Quán Thánh"
    error = ("Phường Ngọc Khánh", "don_thu_tiep_nhan")
    total = ("002", "cuoc_giam_sat", 9)
    thousand = ("luot_tiep_cong_dan", "1.234")
    correction = ("cuoc_giam_sat", 6)


def write(folder: Path, review: Review) -> list[Path]:
    """Write all samples; same review, same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    city(folder / "Thanh-pho-Ha-Noi_2019.csv", review)
    district(folder / "Ba-Dinh_cac-phuong_2019.xlsx", review, DISTRICT)
    district(folder / "Hoan-Kiem_cac-phuong_2019.xlsx", review, "002")
    own = figures(review, CORRECTED)
    write_form(
        folder / "Phuc-Xa_2019.xlsx",
        review,
        CORRECTED,
        YEAR,
        figures=own,
        received=dt.date(2020, 1, 10),
        simulated=True,
    )
    indicator, value = Faults.correction
    later = own.loc[own["indicator"] == indicator].assign(value=float(value))
    write_form(
        folder / "Phuc-Xa_2019_bo-sung.xlsx", review, CORRECTED, YEAR, figures=later, received=dt.date(2020, 2, 14),
        simulated=True, partial=True,
    )  # fmt: skip
    nameless(folder / "Phuong-Minh-Khai_2019.xlsx", review)
    rural(folder / "Xa-Phu-Cuong_2019.ods", review)
    damaged(folder / "Phuong-Kim-Ma_2019.xlsx", review)
    return sorted(folder.iterdir())


def figures(review: Review, area: str) -> pd.DataFrame:
    """Return what an office reported for the year, the last word on each figure."""
    found = review.observations
    found = found.loc[(found["area"] == area) & (found["year"] == YEAR)].sort_values("received", kind="stable")
    return found.drop_duplicates(["indicator", "scope"], keep="last").sort_index()


def value(review: Review, area: str, indicator: str, scope: str = "own") -> float | None:
    found = figures(review, area)
    found = found.loc[(found["indicator"] == indicator) & (found["scope"] == scope), "value"]
    return None if found.empty or found.isna().all() else float(found.iloc[0])


# --- one form each ----------------------------------------------------------------------------------------------------


def city(path: Path, review: Review) -> None:
    """Write text, thousands with points as one writes them in Vietnam, and one figure with a comma."""
    lines = [
        [f"Biểu số 1. Kết quả công tác dân vận năm {YEAR} – {SIMULATED}"],
        ["Đơn vị báo cáo:", "Thành phố Hà Nội"],
        [PERIOD],
        ["STT", "Chỉ tiêu", "Của riêng đơn vị", "Tổng hợp cả cấp dưới", "Đơn vị tính"],
    ]
    for n, indicator in enumerate(("cuoc_giam_sat", "hoi_nghi_phan_bien", "luot_tiep_cong_dan", "vu_hoa_giai"), 1):
        row = review.indicators.loc[indicator]
        both = [value(review, "01", indicator, scope) for scope in ("own", "consolidated")]
        shown = ["x" if one is None else words.number(one) for one in both]
        if indicator == "luot_tiep_cong_dan":
            shown[1] = Faults.comma
        lines.append([str(n), row["label_vi"], *shown, row["unit_vi"]])
    lines += [["Hà Nội, ngày 20 tháng 01 năm 2020"]]
    text = "".join(";".join(line) + "\r\n" for line in lines)
    path.write_bytes(text.encode("utf-8-sig"))


def district(path: Path, review: Review, area: str) -> None:
    """Write a district's own sheet, one row a commune: a name mistyped, a row hidden, a wrong sum."""
    with _book(path) as book:
        sheet = book.add_worksheet("Tong hop")
        looks = _looks(book)
        sheet.write_string(0, 0, f"TỔNG HỢP KẾT QUẢ CÔNG TÁC DÂN VẬN CÁC PHƯỜNG NĂM {YEAR}", looks["title"])
        sheet.write_string(1, 0, SIMULATED, looks["mark"])
        sheet.write_string(2, 0, f"Đơn vị báo cáo: {review.areas.name(area)}")
        sheet.write_string(3, 0, PERIOD)
        for column, header in enumerate(["STT", "Tên phường", *COLUMNS.values()]):
            sheet.write_string(5, column, header, looks["header"])
        sheet.set_row(5, 48)
        communes = review.areas.children(area, YEAR)
        for n, commune in enumerate(communes):
            _commune(sheet, looks, 6 + n, review, commune)
        last = 6 + len(communes)
        sheet.write_string(last, 1, "Cộng", looks["total"])
        for column, indicator in enumerate(COLUMNS, 2):
            found = sum(value(review, commune, indicator) or 0 for commune in communes)
            wrong = Faults.total[2] if (area, indicator) == Faults.total[:2] else 0
            sheet.write_number(last, column, found + wrong, looks["total"])
        sheet.write_string(last + 2, 1, "Hà Nội, ngày 15 tháng 01 năm 2020")
        sheet.set_column(0, 0, 5)
        sheet.set_column(1, 1, 28)
        sheet.set_column(2, 7, 13)


def _commune(sheet, looks, row, review, area):
    name = review.areas.name(area)
    sheet.write_number(row, 0, row - 5, looks["cell"])
    sheet.write_string(row, 1, dict([Faults.typo]).get(name, name), looks["cell"])
    for column, indicator in enumerate(COLUMNS, 2):
        found = value(review, area, indicator)
        if (name, indicator) == Faults.error:
            sheet.write_formula(row, column, "=31/0", looks["cell"], "#DIV/0!")
        elif found is None:
            sheet.write_blank(row, column, None, looks["cell"])
        else:
            sheet.write_number(row, column, found, looks["cell"])
    if name == Faults.hidden:
        sheet.set_row(row, None, None, {"hidden": True})


def nameless(path: Path, review: Review) -> None:
    """Write a commune's form that does not say of which district it is, while two have its name."""
    with _book(path) as book:
        sheet = book.add_worksheet("BC")
        looks = _looks(book)
        sheet.write_string(0, 0, f"BÁO CÁO KẾT QUẢ CÔNG TÁC DÂN VẬN NĂM {YEAR}", looks["title"])
        sheet.write_string(1, 0, SIMULATED, looks["mark"])
        sheet.write_string(2, 0, "Đơn vị báo cáo: Phường Minh Khai")
        for column, header in enumerate(["STT", "Nội dung", "Kết quả", "Đơn vị tính"]):
            sheet.write_string(4, column, header, looks["header"])
        for n, indicator in enumerate(COLUMNS):
            row = review.indicators.loc[indicator]
            sheet.write_number(5 + n, 0, n + 1, looks["cell"])
            sheet.write_string(5 + n, 1, row["label_vi"], looks["cell"])
            sheet.write_number(5 + n, 2, value(review, AMBIGUOUS, indicator) or 0, looks["cell"])
            sheet.write_string(5 + n, 3, row["unit_vi"], looks["cell"])
        sheet.set_column(1, 1, 42)
        sheet.set_column(2, 3, 13)


def rural(path: Path, review: Review) -> None:
    """Write a form of LibreOffice; a figure is a text with a point."""
    page = form_files.Page("Biểu 1")
    page.put(0, 0, f"Biểu số 1. Kết quả công tác dân vận – {SIMULATED}")
    area = next(a for a in review.areas.children("271", YEAR) if review.areas.name(a) == "Xã Phú Cường")
    page.put(1, 0, "Đơn vị báo cáo:")
    page.put(1, 1, "Xã Phú Cường, Huyện Ba Vì")
    page.put(2, 0, PERIOD)
    for column, header in enumerate(["STT", "Chỉ tiêu", "Số liệu", "Đơn vị tính"]):
        page.put(4, column, header)
    for n, indicator in enumerate(COLUMNS):
        row = review.indicators.loc[indicator]
        text = dict([Faults.thousand]).get(indicator)
        for column, cell in enumerate(
            [float(n + 1), row["label_vi"], text or value(review, area, indicator), row["unit_vi"]]
        ):
            page.put(5 + n, column, cell)
    form_files.ods(path, [page])


def damaged(path: Path, review: Review) -> None:
    """Write a file that lost its end on the way."""
    area = next(a for a in review.areas.children(DISTRICT, YEAR) if review.areas.name(a) == "Phường Kim Mã")
    write_form(path, review, area, YEAR, figures=figures(review, area), simulated=True)
    path.write_bytes(path.read_bytes()[:4000])


def _book(path: Path) -> xlsxwriter.Workbook:
    book = xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True})
    book.set_properties({"created": MADE, "comments": SIMULATED})
    return book


def _looks(book):
    box = {"border": 1, "text_wrap": True, "valign": "vcenter"}
    made = {
        "title": {"bold": True, "font_size": 13},
        "mark": {"italic": True, "font_color": "#B00020"},
        "header": {**box, "bold": True, "align": "center", "bg_color": "#DCE6F1"},
        "cell": {**box, "num_format": "#,##0"},
        "total": {**box, "bold": True, "num_format": "#,##0"},
    }
    return {name: book.add_format(look) for name, look in made.items()}


if __name__ == "__main__":
    from danvan_kit.review import load

    root = Path(__file__).parents[1] / "data"
    with tempfile.TemporaryDirectory() as made:
        for file in write(Path(made), load(root)):
            shutil.copy(file, root / "simulated" / "forms" / file.name)

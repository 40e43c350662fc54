"""What the panel says and shows: its words, and the rows of its table, filtered, sorted, as harmless HTML."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd

from danvan_kit import words
from danvan_kit.forms.results import PROBLEMS, Forms
from danvan_kit.review import Review

KINDS = ("problem", "question", "note")
SORTS = ("kind", "order", "file", "office", "code")
MOST_LETTERS = 300
"""Letters of a cell in the page; an export has all."""
TEXTS: dict[str, dict[str, str]] = {
    "vi": {
        "choose": "Chọn tệp biểu mẫu…",
        "choose_hint": "Excel, LibreOffice hoặc CSV, một hay nhiều tệp (đến 100 MB; nhiều hơn: đọc cả thư mục)",
        "folder": "hoặc thư mục trên máy:",
        "read": "Đọc thư mục",
        "idle": "Bảng đọc biểu mẫu: chưa đọc tệp nào",
        "run": "Bảng đọc biểu mẫu: bấm ⏩ “Chạy tất cả” để dùng.",
        "all": "tất cả",
        "file": "Tệp, đơn vị:",
        "kind": "Loại:",
        "code": "Mã:",
        "sort": "Sắp xếp theo:",
        "down": "ngược lại",
        "find": "Tìm:",
        "find_hint": "gõ không dấu cũng được",
        "by_kind": "loại",
        "by_order": "thứ tự đọc",
        "by_file": "tên tệp",
        "by_office": "đơn vị",
        "by_code": "mã",
        "back": "‹ Trang trước",
        "next": "Trang sau ›",
        "export.xlsx": "Xuất Excel (.xlsx) gửi đơn vị",
        "export.csv": "Xuất .csv",
        "get": "⬇ Tải {name} ({rows} dòng)",
        "into": "Thư mục lưu:",
        "keep": "Lưu vào thư mục",
        "kept": "Đã lưu: {files} tệp mới, {added} số liệu mới, {changed} số liệu được sửa, {known} tệp đã có.",
        "not_kept": "Không lưu {0} tệp không đọc được.",
        "no_folder": "không có thư mục hoặc tệp “{0}”; hãy ghi đường dẫn có trên máy này",
        "no_forms": "thư mục “{0}” không có biểu mẫu nào (.xlsx, .xlsm, .xlsb, .xls, .ods, .csv, .tsv)",
        "no_into": "hãy ghi thư mục lưu trước khi bấm “Lưu vào thư mục”",
        "nothing_read": "chưa đọc biểu mẫu nào; hãy chọn tệp hoặc đọc một thư mục trước",
        "too_large": "{0} dòng: quá lớn để tải qua trang; hãy lọc bớt, hoặc dùng lệnh danvan read --problems TỆP.xlsx",
        "none": "Không có dòng nào.",
        "caption": "Những việc cần xem lại trong biểu mẫu",
    },
    "en": {
        "choose": "Choose forms…",
        "choose_hint": "Excel, LibreOffice or CSV, one or many (to 100 MB; for more, read a folder)",
        "folder": "or a folder on this computer:",
        "read": "Read the folder",
        "idle": "Panel of forms: nothing read yet",
        "run": "Panel of forms: press ⏩ (run all) to use it.",
        "all": "all",
        "file": "File, office:",
        "kind": "Kind:",
        "code": "Code:",
        "sort": "Sort by:",
        "down": "reversed",
        "find": "Find:",
        "find_hint": "accents may be left out",
        "by_kind": "kind",
        "by_order": "order of reading",
        "by_file": "file",
        "by_office": "office",
        "by_code": "code",
        "back": "‹ Previous page",
        "next": "Next page ›",
        "export.xlsx": "Export Excel (.xlsx) for the office",
        "export.csv": "Export .csv",
        "get": "⬇ Download {name} ({rows} rows)",
        "into": "Folder to file in:",
        "keep": "File in the folder",
        "kept": "Filed: {files} new files, {added} new figures, {changed} corrected figures, {known} known files.",
        "not_kept": "Files that cannot be read were not filed: {0}.",
        "no_folder": "there is no folder or file “{0}”; write a path of this computer",
        "no_forms": "folder “{0}” has no forms (.xlsx, .xlsm, .xlsb, .xls, .ods, .csv, .tsv)",
        "no_into": "write the folder to file in first",
        "nothing_read": "nothing read yet; choose files or read a folder first",
        "too_large": "{0} rows are too much to download through the page; filter, or use danvan read --problems F.xlsx",
        "none": "No rows.",
        "caption": "What is to be looked at in the forms",
    },
}
HEADERS = {
    "kind": ("Loại", "Kind"),
    "code": ("Mã", "Code"),
    "file": ("Tệp, đơn vị", "File, office"),
    "place": ("Trang, ô", "Sheet, cell"),
    "title": ("Việc", "Matter"),
    "found": ("Tìm thấy", "Found"),
    "allowed": ("Được dùng", "Allowed"),
    "next": ("Việc cần làm", "What to do"),
}
KIND_WORDS = {"problem": ("Lỗi", "Problem"), "question": ("Câu hỏi", "Question"), "note": ("Ghi chú", "Note")}
COLOURS = {"problem": "#b3261e", "question": "#8a5a00", "note": "#4a5258"}
STYLE = """<style>
.dvf { overflow-x: auto; margin-right: 8px; }
.dvf table { border-collapse: collapse; font-size: 13px; line-height: 1.4; width: 100%; min-width: 900px;
  background: #fff; color: #1d2125; }
.dvf caption { background: #fff; color: #1d2125; text-align: left; font-weight: 600; padding: 4px 0; }
.dvf th, .dvf td { border: 1px solid #ccd2d7; padding: 3px 7px; text-align: left; vertical-align: top; }
.dvf td { overflow-wrap: anywhere; }
.dvf th { background: #f1f3f4; color: #1d2125; white-space: nowrap; }
.dvf td:nth-child(1), .dvf td:nth-child(2) { white-space: nowrap; }
.dvf td:nth-child(3) { min-width: 180px; }
.dvf td:nth-child(4) { min-width: 110px; }
</style>"""


@dataclass(frozen=True)
class Choice:
    """Which rows are wanted, and in which order; an empty text means all."""

    file: str = ""
    kind: str = ""
    code: str = ""
    find: str = ""
    sort: str = "kind"
    down: bool = False


def both(key: str, *parts: str) -> tuple[str, str]:
    """Return a line in Vietnamese and English."""
    return TEXTS["vi"][key].format(*parts), TEXTS["en"][key].format(*parts)


def empty() -> pd.DataFrame:
    """Return the table before anything was read."""
    return pd.DataFrame(columns=[*PROBLEMS, "office", "folded"], dtype="str")


def table(forms: Forms, review: Review, lang: str) -> pd.DataFrame:
    """Return the problems of a reading, each with the office of its file and the text that a search looks into."""
    found = forms.problems.reset_index(drop=True)
    office_of = {
        str(file): review.areas.name(area) if area else ""
        for file, area in zip(forms.files.get("file", []), forms.files.get("area", []), strict=True)
    }
    office = [office_of.get(file, "") for file in found["file"]]
    kinds = [KIND_WORDS[kind][lang == "en"] for kind in found["kind"]]
    searched = ("file", "sheet", "cell", "code", "title", "found", "allowed")
    texts = zip(office, kinds, *(found[c] for c in searched), strict=True)
    return found.assign(office=office, folded=[words.fold(" ".join(map(str, row))) for row in texts])


def options(rows: pd.DataFrame, lang: str) -> tuple[list[tuple[str, str]], ...]:
    """Return what the filters for file, kind and code offer: label and value, with how many rows each."""
    offices = dict(zip(rows["file"], rows["office"], strict=True))
    titles = dict(zip(rows["code"], rows["title"], strict=True))
    kinds = {kind: names[lang == "en"] for kind, names in KIND_WORDS.items()}
    counts = {c: rows[c].value_counts() for c in ("file", "kind", "code")}

    def line(value: str, label: str, column: str) -> tuple[str, str]:
        return f"{label} ({words.number(counts[column][value], lang=lang)})", value

    files = sorted(offices, key=words.collate)
    return (
        [line(f, f"{_flat(f)} – {offices[f]}" if offices[f] else _flat(f), "file") for f in files],
        [line(kind, kinds[kind], "kind") for kind in KINDS if kind in counts["kind"]],
        [line(code, f"{code} {titles[code]}", "code") for code in sorted(titles)],
    )


def chosen(rows: pd.DataFrame, choice: Choice) -> pd.DataFrame:
    """Return the rows that a choice asks for, in its order."""
    for name in ("file", "kind", "code"):
        if wanted := getattr(choice, name):
            rows = rows.loc[rows[name] == wanted]
    for word in words.fold(choice.find).split():
        rows = rows.loc[[word in text for text in rows["folded"]]]
    if choice.sort != "order" and len(rows):
        key = rows[choice.sort].map(KINDS.index if choice.sort == "kind" else words.collate)
        rows = rows.loc[key.sort_values(kind="stable").index]
    return rows.iloc[::-1] if choice.down else rows


def html(rows: pd.DataFrame, lang: str) -> str:
    """Return rows as a table; every text is escaped."""
    text = TEXTS[lang]
    if rows.empty:
        return f"{STYLE}<p>{escape(text['none'])}</p>"
    head = "".join(f'<th scope="col">{escape(names[lang == "en"])}</th>' for names in HEADERS.values())
    body = "".join(_row(row, lang) for row in rows.to_dict("records"))
    return (
        f'{STYLE}<div class="dvf" tabindex="0" role="region" aria-label="{escape(text["caption"])}"><table>'
        f"<caption>{escape(text['caption'])}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _row(row: dict[Any, Any], lang: str) -> str:
    kind = str(row["kind"])
    place = "!".join(_flat(part) for part in (row["sheet"], row["cell"]) if part)
    office = f"<br><i>{_cell(row['office'])}</i>" if row["office"] else ""
    parts = [
        f'<b style="color:{COLOURS[kind]}">{escape(KIND_WORDS[kind][lang == "en"])}</b>',
        _cell(row["code"]),
        _cell(row["file"]) + office,
        _cell(place),
        *(_cell(row[c]) for c in ("title", "found", "allowed", "next")),
    ]
    return f"<tr>{''.join(f'<td>{part}</td>' for part in parts)}</tr>"


def place(first: int, last: int, total: int, lang: str) -> str:
    """Return which rows of how many the page shows."""
    if not total:
        return ""
    a, b, c = (words.number(n, lang=lang) for n in (first + 1, last, total))
    said = {"vi": f"dòng {a}–{b} trong {c}", "en": f"rows {a}–{b} of {c}"}[lang]
    return f'<span style="padding:0 8px">{said}</span>'


def sentence(forms: Forms, lang: str) -> str:
    """Return what was read, in one sentence."""
    counts = forms.problems["kind"].value_counts()
    numbers = (len(forms.files), len(forms.observations), *(counts.get(k, 0) for k in ("question", "problem", "note")))
    n, figures, asked, wrong, notes = (words.number(int(number), lang=lang) for number in numbers)
    if lang == "en":
        return f"Read {n} files: {figures} figures, {asked} questions, {wrong} problems, {notes} notes."
    return f"Đã đọc {n} tệp: {figures} số liệu, {asked} câu hỏi, {wrong} lỗi, {notes} ghi chú."


def file_name(file: str, lang: str) -> str:
    """Return the name of an export without its ending: of one file, or of all."""
    name = {"vi": "can-tra-loi", "en": "to-answer"}[lang]
    stem = re.sub(r"[^0-9a-z]+", "-", words.fold(Path(file).stem)).strip("-")[:60] if file else ""
    return f"{name}_{stem}" if stem else name


def _cell(value: object) -> str:
    return escape(_flat(value))


def _flat(value: object) -> str:
    """Return a text on one line, cut when long; what cannot be seen becomes a space."""
    text = "".join(c if c.isprintable() else " " for c in str(value))
    return text if len(text) <= MOST_LETTERS else f"{text[: MOST_LETTERS - 1]}…"

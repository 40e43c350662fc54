"""Files that no office should send, each with the code it must give, and mutants of honest ones; all made by code."""

# ruff: noqa: E501, S311 - a table of cases reads best with one a line; mutants are no secrets
from __future__ import annotations

import dataclasses
import io
import os
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
RELATIONS = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
ROWS = "".join(
    f'<row r="{n}"><c r="A{n}" t="inlineStr"><is><t>Phường {n}</t></is></c><c r="B{n}"><v>{n * 7}</v></c></row>'
    for n in range(1, 31)
)


@dataclasses.dataclass(frozen=True)
class Case:
    """One hostile file.

    Attributes
    ----------
    name
        What it is, in a few words.
    file
        Its name.
    make
        Writes it to a path.
    codes
        Codes that tell the right cause; ``ok``: it is read.
    """

    name: str
    file: str
    make: Callable[[Path], object]
    codes: tuple[str, ...]


# --- honest files by hand --------------------------------------------------------------------------------------------


def zipped(parts: dict[str, bytes | str], *, stored: bool = False) -> bytes:
    """Return an archive of some parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name), data, archive.compression)
    return out.getvalue()


def sheet_xml(rows: str = ROWS, *, before: str = "", after: str = "") -> str:
    return (
        f'<?xml version="1.0"?><worksheet {MAIN} {RELATIONS}>{before}<sheetData>{rows}</sheetData>{after}</worksheet>'
    )


def xlsx_parts(**changes: bytes | str | None) -> dict[str, bytes | str]:
    """Return the parts of a small workbook; `workbook`, `sheet`, `styles`, `strings`, `types` or `rels` replaced."""
    package = "http://schemas.openxmlformats.org/package/2006"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    parts: dict[str, bytes | str | None] = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="xml" ContentType='
        '"application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-'
        'officedocument.spreadsheetml.sheet.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" Type="{office}/'
        'officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {MAIN} {RELATIONS}><sheets><sheet name="Biểu 1" sheetId="1" r:id="rId1"/>'
        "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" Type='
        f'"{office}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="{office}/styles" Target='
        f'"styles.xml"/><Relationship Id="rId3" Type="{office}/sharedStrings" Target="sharedStrings.xml"/>'
        "</Relationships>",
        "xl/worksheets/sheet1.xml": sheet_xml(),
        "xl/styles.xml": f'<styleSheet {MAIN}><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="2"/>'
        "</cellXfs></styleSheet>",
    }
    names = {
        "workbook": "xl/workbook.xml", "sheet": "xl/worksheets/sheet1.xml", "styles": "xl/styles.xml",
        "strings": "xl/sharedStrings.xml", "types": "[Content_Types].xml", "rels": "xl/_rels/workbook.xml.rels",
    }  # fmt: skip
    parts |= {names[key]: value for key, value in changes.items()}
    return {name: data for name, data in parts.items() if data is not None}


def xlsx(**changes: bytes | str | None) -> bytes:
    return zipped(xlsx_parts(**changes))


ODS_SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{path}:1.0"'
    for name, path in (("office", "office"), ("table", "table"), ("text", "text"), ("style", "style"),
                       ("number", "datastyle"))
)  # fmt: skip
ODS_ROW = (
    '<table:table-row><table:table-cell office:value-type="string"><text:p>Phường</text:p></table:table-cell>'
    '<table:table-cell office:value-type="float" office:value="12"><text:p>12</text:p></table:table-cell></table:table-row>'
)


def ods(table: str = ODS_ROW * 20, *, styles: str = "", manifest: str = "", after: str = "") -> bytes:
    content = (
        f'<?xml version="1.0"?><office:document-content {ODS_SPACES}><office:automatic-styles>{styles}'
        '</office:automatic-styles><office:body><office:spreadsheet><table:table table:name="Biểu 1">'
        f"{table}</table:table>{after}</office:spreadsheet></office:body></office:document-content>"
    )
    known = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    return zipped({
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "content.xml": content,
        "META-INF/manifest.xml": known + manifest + "</manifest:manifest>",
    })  # fmt: skip


def ole(streams: dict[str, bytes]) -> bytes:
    """Return an OLE file with some streams, each padded so that none needs the short sectors."""
    padded = {name: data.ljust(4096, b"\0") + b"\0" * (-len(data.ljust(4096)) % 512) for name, data in streams.items()}
    sectors = sum(len(data) for data in padded.values()) // 512
    entries = [_entry("Root Entry", 5, 0xFFFFFFFE, 0, 1)]
    table, start = [], 0
    for n, (name, data) in enumerate(padded.items()):
        many = len(data) // 512
        entries.append(_entry(name, 2, start, len(data), 0xFFFFFFFF, n + 2 if n + 1 < len(padded) else 0xFFFFFFFF))
        table += [*range(start + 1, start + many), 0xFFFFFFFE]
        start += many
    directory = b"".join(entries).ljust(512 * (-(-len(entries) * 128 // 512)), b"\0")
    blocks = len(directory) // 512
    table += [*range(start + 1, start + blocks), 0xFFFFFFFE]
    room = -(-(sectors + blocks + 1) // 127)
    table += [0xFFFFFFFD] * room
    fat = b"".join(struct.pack("<L", each) for each in table).ljust(512 * room, b"\xff")
    first_fat = sectors + blocks
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<5H", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    head += struct.pack("<9L", 0, room, start, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    head += b"".join(struct.pack("<L", first_fat + n) for n in range(room))
    return head.ljust(512, b"\xff") + b"".join(padded.values()) + directory + fat


def _entry(name: str, kind: int, start: int, size: int, child: int, right: int = 0xFFFFFFFF) -> bytes:
    written = name.encode("utf-16-le")
    head = written.ljust(64, b"\0") + struct.pack("<HBB3L", len(written) + 2, kind, 1, 0xFFFFFFFF, right, child)
    return head.ljust(116, b"\0") + struct.pack("<LQ", start, size)


def record(number: int, data: bytes = b"") -> bytes:
    return struct.pack("<2H", number, len(data)) + data


def label(row: int, column: int, text: str) -> bytes:
    return record(0x204, struct.pack("<3HHB", row, column, 15, len(text), 1) + text.encode("utf-16-le"))


def number(row: int, column: int, value: float, style: int = 15) -> bytes:
    return record(0x203, struct.pack("<3Hd", row, column, style, value))


def xls(cells: bytes | None = None, *, before: bytes = b"") -> bytes:
    """Return a workbook of the years 1997 to 2003 with one sheet."""
    if cells is None:
        cells = b"".join(label(n, 0, f"Phường {n}") + number(n, 1, 7 * n) for n in range(30))
    font = record(0x31, struct.pack("<5HBBBBBB", 200, 0, 0x7FFF, 400, 0, 0, 0, 0, 0, 5, 0) + b"Arial")
    form = record(0x41E, struct.pack("<HHB", 164, 5, 0) + b"0.000")
    style = b"".join(record(0xE0, struct.pack("<3H", 0, 0, 0xFFF5) + b"\0" * 14) for _ in range(15))
    style += record(0xE0, struct.pack("<3H", 0, 0, 1) + b"\0" * 14)
    style += record(0xE0, struct.pack("<3H", 0, 164, 1) + b"\0" * 14)
    begin = record(0x809, struct.pack("<4H2L", 0x600, 5, 0x0DBB, 0x07CC, 0, 6))
    name = "Biểu 1"
    head = begin + before + record(0x42, struct.pack("<H", 1200)) + font * 4 + form + style
    size = len(head) + 4 + 8 + 2 * len(name) + 4
    bound = record(0x85, struct.pack("<LHBB", size, 0, len(name), 1) + name.encode("utf-16-le"))
    sheet = record(0x809, struct.pack("<4H2L", 0x600, 0x10, 0x0DBB, 0x07CC, 0, 6)) + cells + record(0x0A)
    return ole({"Workbook": head + bound + record(0x0A) + sheet})


CSV = "Đơn vị;Số cuộc\n" + "".join(f"Phường {n};{n * 7}\n" for n in range(1, 31))


# --- hostile ones ----------------------------------------------------------------------------------------------------


def raw_zip(members: list[tuple[str, bytes, dict[str, int]]]) -> bytes:
    """Return an archive whose directory may lie: each member with what to tell instead of the truth."""
    body, directory = b"", b""
    for name, data, lies in members:
        worker = zlib.compressobj(9, zlib.DEFLATED, -15)
        packed = worker.compress(data) + worker.flush()
        offset = lies.get("offset", len(body))
        about = (lies.get("flags", 0), lies.get("method", 8), 0, 33, lies.get("crc", zlib.crc32(data)),
                 lies.get("packed", len(packed)), lies.get("size", len(data)), len(name.encode()))  # fmt: skip
        body += struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, *about, 0) + name.encode() + packed
        directory += struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, *about, 0, 0, 0, 0, 0, offset) + name.encode()
    count = len(members)
    return body + directory + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, len(directory), len(body), 0)


def lying_xlsx(**lies: int) -> bytes:
    parts = {name: data if isinstance(data, bytes) else data.encode() for name, data in xlsx_parts().items()}
    return raw_zip([(n, data, lies if n.endswith("sheet1.xml") else {}) for n, data in parts.items()])


def with_part(name: str, data: bytes | str) -> bytes:
    return zipped({**xlsx_parts(), name: data})


def twice() -> bytes:
    members = [(name, data if isinstance(data, bytes) else data.encode(), {}) for name, data in xlsx_parts().items()]
    return raw_zip([*members, members[4]])


def overlapping() -> bytes:
    """Return a bomb whose entries all unpack the same bytes."""
    members = [(name, data if isinstance(data, bytes) else data.encode(), {}) for name, data in xlsx_parts().items()]
    return raw_zip([*members, *((f"xl/{n}.xml", b"<a/>" * 50, {"offset": 0}) for n in range(20))])


def cell(reference: str, value: str = "<v>1</v>", more: str = "") -> str:
    row = "".join(c for c in reference if c.isdigit())
    return f'<row r="{row}"><c r="{reference}"{more}>{value}</c></row>'


def bomb(size: int) -> bytes:
    return with_part("xl/worksheets/sheet2.xml", b"<a>" + b" " * size + b"</a>")


def doctype(text: str) -> str:
    return text.replace("<worksheet", '<!DOCTYPE x [<!ENTITY a "b"><!ENTITY c SYSTEM "file:///etc/passwd">]><worksheet')


def laughs() -> str:
    lines = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    return f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">{lines}]><worksheet {MAIN}>&l11;</worksheet>'


def sheets(count: int) -> str:
    many = "".join(f'<sheet name="T{n}" sheetId="{n}" r:id="rId1"/>' for n in range(1, count + 1))
    return f"<workbook {MAIN} {RELATIONS}><sheets>{many}</sheets></workbook>"


def strings(text: str, many: int) -> dict[str, str]:
    """Return one long shared text and a sheet in which many cells are that text."""
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, many + 1))
    return {"strings": f"<sst {MAIN}><si><t>{text}</t></si></sst>", "sheet": sheet_xml(cells)}


def zip64_lie() -> bytes:
    data = xlsx()
    place = data.rfind(b"PK\x05\x06")
    end = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 2**40, 2**40, 2**50, 2**60)
    return data[:place] + end + struct.pack("<4sLQL", b"PK\x06\x07", 0, place, 1) + data[place:]


def repeated(columns: int, rows: int) -> str:
    return (
        f'<table:table-row table:number-rows-repeated="{rows}"><table:table-cell table:number-columns-repeated='
        f'"{columns}" office:value-type="float" office:value="1"><text:p>1</text:p></table:table-cell></table:table-row>'
    )


def _write(data: bytes | str | Callable[[], bytes]) -> Callable[[Path], object]:
    def make(path: Path) -> object:
        found = data() if callable(data) else data
        return path.write_bytes(found.encode() if isinstance(found, str) else found)

    return make


HTML = "<html><body><table><tr><td>Phường</td><td>12</td></tr></table></body></html>"
XML2003 = '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook><Worksheet/></Workbook>'
FAR_FORMAT = ROWS + '<row r="1048576"><c r="XFD1048576" s="1"/></row>'
DEEP = "<a>" * 200_000 + "</a>" * 200_000


def _archives() -> Iterator[tuple[str, str, object, str]]:
    yield "a bomb of one part", "a.xlsx", lambda: bomb(200_000_000), "F07"
    yield (
        "a bomb beyond all unpacked",
        "a.xlsx",
        lambda: raw_zip([("xl/a.xml", b"1" * 1000, {"size": 400_000_000})]),
        "F06 F07",
    )
    yield "a part larger than it says", "a.xlsx", lambda: lying_xlsx(size=100), "F07"
    yield "a part smaller than it says", "a.xlsx", lambda: lying_xlsx(size=50_000), "F05"
    yield "overlapping entries", "a.xlsx", overlapping, "F07"
    yield "an entry twice", "a.xlsx", twice, "F07"
    yield "an entry above the folder", "a.xlsx", lambda: with_part("../../etc/x.xml", "<a/>"), "F07"
    yield "an entry from the root", "a.xlsx", lambda: with_part("/etc/x.xml", "<a/>"), "F07"
    yield "an entry of a drive", "a.xlsx", lambda: with_part("C:\\x.xml", "<a/>"), "F07"
    yield (
        "an archive in an archive in an archive",
        "a.xlsx",
        lambda: zipped({"b.zip": zipped({"c.zip": bomb(10**6)})}),
        "F03",
    )
    yield "a bomb set into an honest form", "a.xlsx", lambda: with_part("xl/embeddings/b.zip", bomb(10**7)), "ok"
    yield "20,000 entries", "a.xlsx", lambda: raw_zip([(f"xl/{n}", b"", {}) for n in range(20_000)]), "F06"
    yield "a wrong sum of a part", "a.xlsx", lambda: lying_xlsx(crc=1), "F05"
    yield "an encrypted part", "a.xlsx", lambda: lying_xlsx(flags=1), "F04"
    yield "an unknown way of packing", "a.xlsx", lambda: lying_xlsx(method=99), "F05"
    yield "a part outside the file", "a.xlsx", lambda: lying_xlsx(offset=2**31), "F05"
    yield "64-bit lies", "a.xlsx", zip64_lie, "F05 F06"
    yield "an empty archive", "a.xlsx", lambda: zipped({}), "F03"
    yield "any archive", "a.xlsx", lambda: zipped({"a.txt": "x"}), "F03"
    for share in (0.02, 0.3, 0.5, 0.7, 0.9, 0.99):
        yield f"cut at {share:.0%}", "a.xlsx", lambda s=share: xlsx()[: int(len(xlsx()) * s)], "F05"


def _markup() -> Iterator[tuple[str, str, object, str]]:
    yield "an outer entity", "a.xlsx", lambda: xlsx(sheet=doctype(sheet_xml())), "F07"
    yield "a billion laughs", "a.xlsx", lambda: xlsx(sheet=laughs()), "F07"
    yield "a billion laughs in UTF-16", "a.xlsx", lambda: xlsx(sheet=laughs().encode("utf-16")), "F07"
    yield "the same without its mark", "a.xlsx", lambda: xlsx(sheet=laughs().encode("utf-16-be")), "F07"
    yield "laughs in the shared texts", "a.xlsx", lambda: xlsx(strings=laughs()), "F07"
    yield (
        "laughs in .ods",
        "a.ods",
        lambda: zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": laughs()}),
        "F07",
    )
    yield "laughs after many blanks", "a.xlsx", lambda: xlsx(sheet=" " * 5000 + laughs().partition("?>")[2]), "F07"
    yield "markup in UTF-7", "a.xlsx", lambda: xlsx(sheet='<?xml version="1.0" encoding="UTF-7"?>' + sheet_xml()), "F07"
    yield "an honest sheet in UTF-16", "a.xlsx", lambda: xlsx(sheet=sheet_xml().encode("utf-16")), "ok"
    yield "deep nesting", "a.xlsx", lambda: xlsx(sheet=sheet_xml(DEEP)), "ok F02 F05 F06"
    yield "deep nesting in .ods", "a.ods", lambda: ods(ODS_ROW + DEEP), "ok F05 F06"
    yield "NUL bytes in a sheet", "a.xlsx", lambda: xlsx(sheet=sheet_xml().replace("Phường 5", "Ph\0")), "F05"
    yield "no types", "a.xlsx", lambda: xlsx(types=None), "ok"
    yield "no relations", "a.xlsx", lambda: xlsx(rels=None), "F05"
    yield "no workbook", "a.xlsx", lambda: xlsx(workbook=None), "F05"
    yield "no sheet", "a.xlsx", lambda: xlsx(sheet=None), "F05"
    yield "a sheet that is no markup", "a.xlsx", lambda: xlsx(sheet=b"\xff\xfe\x00garbage" * 50), "F05"
    yield "a sheet cut short", "a.xlsx", lambda: xlsx(sheet=sheet_xml()[:900]), "F05"
    yield (
        "a comment that looks like cells",
        "a.xlsx",
        lambda: xlsx(sheet=sheet_xml(ROWS + '<!-- <c r="XFD1048576"> -->')),
        "ok F06",
    )


def _sizes() -> Iterator[tuple[str, str, object, str]]:
    yield "a value in the last cell", "a.xlsx", lambda: xlsx(sheet=sheet_xml(ROWS + cell("XFD1048576"))), "F06"
    yield "a value beyond the last cell", "a.xlsx", lambda: xlsx(sheet=sheet_xml(ROWS + cell("ZZZ999999999"))), "F06"
    yield (
        "a value in a column without end",
        "a.xlsx",
        lambda: xlsx(sheet=sheet_xml(ROWS + cell("AAAAAAAAAA1"))),
        "F05 F06",
    )
    yield (
        "two values 20,000 rows and 1,000 columns apart",
        "a.xlsx",
        lambda: xlsx(sheet=sheet_xml(cell("A1") + cell("ALL20000"))),
        "F06",
    )
    yield "a format in the last cell", "a.xlsx", lambda: xlsx(sheet=sheet_xml(FAR_FORMAT)), "ok"
    yield (
        "a whole column formatted",
        "a.xlsx",
        lambda: xlsx(
            sheet=sheet_xml(ROWS + "".join(f'<row r="{n}"><c r="C{n}" s="1"/></row>' for n in range(31, 60_000)))
        ),
        "ok",
    )
    yield (
        "a million columns",
        "a.xlsx",
        lambda: xlsx(sheet=sheet_xml('<row r="1">' + "<c><v>1</v></c>" * 1_000_000 + "</row>")),
        "F06 F07",
    )
    yield "a lying dimension", "a.xlsx", lambda: xlsx(sheet=sheet_xml(before='<dimension ref="A1:XFD1048576"/>')), "ok"
    yield (
        "a dimension without sense",
        "a.xlsx",
        lambda: xlsx(sheet=sheet_xml(before='<dimension ref="Z9:A1"/>')),
        "ok F05",
    )
    yield (
        "a merged range over everything",
        "a.xlsx",
        lambda: xlsx(sheet=sheet_xml(after='<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>')),
        "ok",
    )
    yield (
        "a merged range without sense",
        "a.xlsx",
        lambda: xlsx(sheet=sheet_xml(after='<mergeCells><mergeCell ref="ZZZZZZZZZ1:A0"/></mergeCells>')),
        "ok F05",
    )
    yield "a million sheets", "a.xlsx", lambda: xlsx(workbook=sheets(1_000_000)), "F06 F07"
    yield "201 sheets", "a.xlsx", lambda: xlsx(workbook=sheets(201)), "F06"
    yield (
        "a million styles",
        "a.xlsx",
        lambda: xlsx(
            styles=f"<styleSheet {MAIN}><cellXfs>" + '<xf numFmtId="2"/>' * 1_000_000 + "</cellXfs></styleSheet>"
        ),
        "ok F06 F07",
    )
    yield "one text of 100,000 letters 20,000 times", "a.xlsx", lambda: xlsx(**strings("a" * 100_000, 20_000)), "F06"
    yield (
        "a text beyond the texts",
        "a.xlsx",
        lambda: xlsx(sheet=sheet_xml(cell("A1", "<v>99999999</v>", ' t="s"') + ROWS[100:0])),
        "F05 F02 ok",
    )
    yield (
        "a style beyond the styles",
        "a.xlsx",
        lambda: xlsx(sheet=sheet_xml(cell("A1", more=' s="99999999999"'))),
        "ok F05",
    )
    yield (
        "formulas nested deeply",
        "a.xlsx",
        lambda: xlsx(sheet=sheet_xml(cell("A1", f"<f>{'SUM(' * 50_000}1{')' * 50_000}</f><v>1</v>"))),
        "ok",
    )
    yield (
        "numbers without measure",
        "a.xlsx",
        lambda: xlsx(
            sheet=sheet_xml(cell("A1", "<v>1e400</v>") + cell("A2", "<v>NaN</v>") + cell("A3", f"<v>{'9' * 5000}</v>"))
        ),
        "ok F05",
    )
    yield (
        "dates without measure",
        "a.xlsx",
        lambda: xlsx(
            sheet=sheet_xml(
                "".join(
                    cell(f"A{n}", f"<v>{v}</v>", ' s="1"')
                    for n, v in enumerate(("-1", "1e9", "1e300", "NaN", "2958466"), 1)
                )
            )
        ),
        "ok F05",
    )
    yield "rows without end", "a.csv", lambda: b"a;b\n" * 30_000, "F06"
    yield "columns without end", "a.csv", lambda: b"1;" * 5_000 + b"\n", "F06"
    yield "one cell of 10 MB", "a.csv", lambda: b"a;" + b"x" * 10_000_000, "F06"
    yield "a file of 101 MB", "a.csv", lambda: b"a;b\n" * 25_300_000, "F06"
    for name, table in (
        ("columns", repeated(10**9, 1)), ("rows", repeated(1, 10**9)), ("rows and columns", repeated(1000, 20_000)),
    ):  # fmt: skip
        yield f"a value repeated over {name}", "a.ods", lambda t=table: ods(t), "F06"
    blank = '<table:table-row table:number-rows-repeated="1048550"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    yield "blanks repeated to the end", "a.ods", lambda: ods(ODS_ROW + blank), "ok"
    yield (
        "blanks repeated without end",
        "a.ods",
        lambda: ods(ODS_ROW + blank.replace("1048550", "4000000000")),
        "ok F05 F06",
    )
    yield "blanks repeated, then a value", "a.ods", lambda: ods(ODS_ROW + blank + ODS_ROW), "F06"


def _kinds() -> Iterator[tuple[str, str, object, str]]:
    yield "a page named .xls", "a.xls", HTML, "F03"
    yield "a page named .csv", "a.csv", "\n <!DOCTYPE html>" + HTML, "F03"
    yield "a page in UTF-7", "a.xls", "+ADw-html+AD4-", "F03"
    yield "XML of 2003 named .xls", "a.xls", XML2003, "F03"
    yield "text named .xlsx", "a.xlsx", CSV, "F03"
    yield "text in UTF-16 named .xlsx", "a.xlsx", lambda: CSV.encode("utf-16"), "F03"
    yield "a PDF named .xlsx", "a.xlsx", b"%PDF-1.7\n%\xe2\xe3\n", "F03"
    yield "a picture named .xlsx", "a.xlsx", b"\x89PNG\r\n\x1a\n" + b"\0" * 99, "F03"
    yield (
        "a Word document named .xlsx",
        "a.xlsx",
        lambda: zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": "<a/>"}),
        "F03",
    )
    yield "an old Word document named .xls", "a.xls", lambda: ole({"WordDocument": b"\xec\xa5"}), "F03"
    yield (
        "a presentation named .ods",
        "a.ods",
        lambda: zipped({"mimetype": "application/vnd.oasis.opendocument.presentation", "content.xml": "<a/>"}),
        "F03",
    )
    yield "a workbook named .csv", "a.csv", xlsx, "F03"
    yield "a workbook of 2007 named .xls", "a.xls", xlsx, "ok"
    yield "an old workbook named .xlsx", "a.xlsx", xls, "ok"
    yield "an .ods named .xlsx", "a.xlsx", ods, "ok"
    yield "a foreign ending", "a.docx", xlsx, "F01"
    yield "no ending", "a", xlsx, "F01"
    yield "nothing", "a.xlsx", b"", "F02"
    yield "only blanks", "a.csv", b" \r\n\t\n" * 50, "F02"
    yield "only marks", "a.csv", b";;;\n;;;\n", "F02"
    yield "an empty sheet", "a.xlsx", lambda: xlsx(sheet=sheet_xml("")), "F02"
    yield (
        "an OLE file with a password",
        "a.xlsx",
        lambda: ole({"EncryptionInfo": b"\4\0\4\0", "EncryptedPackage": b"x" * 9000}),
        "F04",
    )
    yield (
        "an old workbook with a password",
        "a.xls",
        lambda: xls(before=record(0x2F, b"\1\0\1\0\1\0" + b"x" * 48)),
        "F04",
    )
    yield (
        "an .ods with a password",
        "a.ods",
        lambda: ods(manifest="<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>"),
        "F04",
    )
    yield "only the head of an OLE file", "a.xls", lambda: xls()[:600], "F05"
    yield "an OLE file cut short", "a.xls", lambda: xls()[:3000], "F05 F03"
    yield "broken records", "a.xls", lambda: xls(record(0x203, b"\1")), "F05"
    yield "a record without end", "a.xls", lambda: xls(struct.pack("<2H", 0x203, 0xFFFF)), "F05"
    yield "a cell far out in .xls", "a.xls", lambda: xls(number(0, 0, 1) + number(65_535, 65_535, 1)), "F06"
    yield (
        "a lying dimension in .xls",
        "a.xls",
        lambda: xls(record(0x200, struct.pack("<2L3H", 0, 2**32 - 1, 0, 65_535, 0)) + number(0, 0, 1)),
        "ok F05 F06",
    )
    yield "records of random bytes", "a.xls", lambda: xls(random.Random(1).randbytes(5000)), "F05 ok F02"
    yield "a ring of sectors", "a.xls", ring, "F05"
    yield (
        "a binary workbook of garbage",
        "a.xlsb",
        lambda: zipped(
            {
                "[Content_Types].xml": "<Types/>",
                "xl/workbook.bin": random.Random(2).randbytes(3000),
                "xl/_rels/workbook.bin.rels": "<Relationships/>",
            }
        ),
        "F05 F02",
    )
    yield (
        "a text in UTF-7",
        "a.csv",
        lambda: "".join(f"Quận Đống Đa {n};{n}\n" for n in range(9)).encode("utf-7"),
        "F08",
    )
    yield "NUL bytes in a text", "a.csv", "Đơn vị;Số\nA\0B;5\n", "F05 F08"
    yield "a quotation without end", "a.csv", 'Đơn vị;Số\n"A;5\nB;6\n', "F05"
    yield "bytes of no encoding", "a.csv", random.Random(3).randbytes(4000).replace(b"\0", b"\1"), "F08 F05 F03"


def ring() -> bytes:
    """Return an OLE file whose first sector follows itself."""
    data = bytearray(xls())
    (fat,) = struct.unpack_from("<L", data, 76)
    struct.pack_into("<L", data, 512 + 512 * fat, 0)
    return bytes(data)


def _places() -> Iterator[Case]:
    def link(path: Path) -> None:
        path.symlink_to(path.name)

    yield Case("a folder", "a.xlsx", lambda p: p.mkdir(), ("F01",))
    yield Case("a missing file", "a.xlsx", lambda _: None, ("F01",))
    if os.name == "posix":
        yield Case("a queue", "a.csv", os.mkfifo, ("F01",))
        yield Case("a device", "a.xlsx", lambda p: p.symlink_to("/dev/zero"), ("F01",))
        yield Case("a link to nothing", "a.xlsx", lambda p: p.symlink_to("nothing.xlsx"), ("F01",))
        yield Case("a link to itself", "a.xlsx", link, ("F01",))
    yield Case("a name that breaks messages", "a\nb“\u202e.xlsx", _write(HTML), ("F03",))


def cases() -> list[Case]:
    """Return all hand-made ones."""
    found = [
        Case(name, file, _write(data), tuple(codes.split()))  # type: ignore[arg-type]
        for each in (_archives, _markup, _sizes, _kinds)
        for name, file, data, codes in each()
    ]
    return [*found, *_places()]


# --- mutants ---------------------------------------------------------------------------------------------------------


def seeds() -> dict[str, bytes]:
    """Return honest files by name."""
    formulas = ROWS + cell("B31", "<f>SUM(B1:B30)</f><v>3255</v>") + cell("C32", "<v>1.5</v>", ' s="2"')
    strung = strings("Quận Ba Đình", 20)
    return {
        "plain.xlsx": xlsx(), "formulas.xlsx": xlsx(sheet=sheet_xml(formulas, before='<cols><col min="3" max="3" hidden="1"/></cols>')),
        "strings.xlsx": xlsx(**strung), "old.xls": xls(), "open.ods": ods(), "text.csv": CSV.encode(),
    }  # fmt: skip


def mutants(count: int, *, seed: int = 1) -> Iterator[tuple[str, bytes]]:
    """Yield names and bytes of mutants, alike for each seed: raw bytes changed, or a part of an archive."""
    rng = random.Random(seed)
    honest = list(seeds().items())
    for n in range(count):
        name, data = honest[n % len(honest)]
        if data.startswith(b"PK") and rng.random() < 0.6:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                parts = {each: archive.read(each) for each in archive.namelist()}
            chosen = rng.choice(list(parts))
            parts[chosen] = _mutated(parts[chosen], rng)
            changed = zipped(dict(parts))
        else:
            changed = _mutated(data, rng)
        yield f"{n:05}-{name}", changed


def _mutated(data: bytes, rng: random.Random) -> bytes:
    found = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 5, 20))):
        if not found:
            break
        at, size = rng.randrange(len(found)), rng.choice((1, 2, 4, 16, 64, 512))
        way = rng.randrange(6)
        if way == 0:
            found[at] ^= 1 << rng.randrange(8)
        elif way == 1:
            found[at : at + size] = rng.randbytes(size)
        elif way == 2:
            del found[at : at + size]
        elif way == 3:
            found[at:at] = found[at : at + size] * rng.choice((1, 3, 50))
        elif way == 4:
            to = rng.randrange(len(found))
            found[to : to + size] = found[at : at + size]
        else:
            found[at : at + size] = rng.choice((b"\xff" * size, b"\0" * size, b"9" * size, b"-1", b"1e999"))
    return bytes(found)

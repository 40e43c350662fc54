"""What a file really is, told from its first bytes and its ending, before any library parses it."""

from __future__ import annotations

import re
from pathlib import PurePath

ENDINGS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".csv", ".tsv")
TEXT_ENDINGS = (".csv", ".tsv")
MOST_BYTES = 100_000_000
MOST_ROWS, MOST_COLUMNS, MOST_CELLS, MOST_SHEETS = 20_000, 1_000, 2_000_000, 200

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# First bytes of what offices send by mistake, and what to call it.
MAGIC: tuple[tuple[bytes, tuple[str, str]], ...] = (
    (b"%PDF", ("tệp PDF", "a PDF")),
    (b"\x89PNG\r\n", ("ảnh PNG", "a PNG picture")),
    (b"\xff\xd8\xff", ("ảnh JPEG", "a JPEG picture")),
    (b"GIF8", ("ảnh GIF", "a GIF picture")),
    (b"BM\x00", ("ảnh BMP", "a BMP picture")),
    (b"II*\x00", ("ảnh TIFF", "a TIFF picture")),
    (b"MM\x00*", ("ảnh TIFF", "a TIFF picture")),
    (b"{\\rtf", ("văn bản RTF", "an RTF document")),
    (b"Rar!\x1a\x07", ("tệp nén RAR", "a RAR archive")),
    (b"7z\xbc\xaf\x27\x1c", ("tệp nén 7z", "a 7z archive")),
    (b"\x1f\x8b", ("tệp nén gzip", "a gzip archive")),
    (b"PK\x05\x06", ("tệp nén ZIP rỗng", "an empty ZIP archive")),
    (b"MZ", ("chương trình Windows", "a Windows program")),
    (b"\x7fELF", ("chương trình Linux", "a Linux program")),
    (b"SQLite format 3\x00", ("cơ sở dữ liệu SQLite", "an SQLite database")),
)
HTML = ("trang web HTML", "an HTML page")
XML = ("tệp XML (có thể là bảng tính XML 2003)", "an XML file (perhaps an XML 2003 spreadsheet)")
TEXT = ("văn bản thường (có thể là CSV)", "plain text (perhaps CSV)")
UNKNOWN = ("nội dung không nhận ra được", "content that is not known")
WORKBOOK = ("bảng tính", "a workbook")
DOCUMENTS = ("văn bản Word", "a Word document")
SLIDES = ("bản trình chiếu", "a presentation")
# Streams of an OLE file that tell what it is; a workbook comes first, since a document may be set into it.
STREAMS: tuple[tuple[str, str | tuple[str, str]], ...] = (
    ("EncryptedPackage", "locked"),
    ("Workbook", "xls"),
    ("Book", "xls"),
    ("WordDocument", DOCUMENTS),
    ("PowerPoint Document", SLIDES),
)


# How the stream of a workbook begins: of 1997 and later, of 1995.
BEGINNINGS = (b"\x09\x08\x10\x00\x00\x06\x05\x00", b"\x09\x08\x08\x00\x00\x05\x05\x00")


class Refused(Exception):  # noqa: N818 - a verdict on a file rather than a mistake in the program
    """A file that is not read: the code, the place and what was found (vi, en)."""

    def __init__(self, code: str, found: tuple[str, str], *, sheet: str = "", cell: str = "") -> None:
        self.code, self.found, self.sheet, self.cell = code, found, sheet, cell
        super().__init__(code, *found)


def ending(name: str) -> str:
    """Return a file's ending, or refuse one that no form has."""
    found = PurePath(name).suffix.lower()
    if found not in ENDINGS:
        shown = found or name[-60:]
        raise Refused("F01", (f"đuôi tệp “{shown}”", f"the ending “{shown}”"))
    return found


def kind_of(data: bytes, suffix: str) -> str:
    """Return what the bytes are: ``zip``, ``xls`` or ``text``; or refuse what its ending does not promise.

    A workbook of another kind than its ending says passes: its bytes tell how to read it.
    """
    if not data.strip(b" \t\r\n\x00\xef\xbb\xbf\xff\xfe"):
        raise Refused("F02", ("tệp rỗng", "an empty file"))
    found = _told(data)
    if found in {"zip", "xls"} and suffix in TEXT_ENDINGS:
        raise Refused("F03", WORKBOOK)
    if found == "locked" or (found == "xls" and _locked(data)):
        raise Refused("F04", ("tệp đã mã hóa", "an encrypted file"))
    if found == "text" and suffix not in TEXT_ENDINGS:
        raise Refused("F03", _text_kind(data) or (TEXT if _is_text(data) else UNKNOWN))
    if found == "text" and (named := _text_kind(data)):
        raise Refused("F03", named)
    if isinstance(found, tuple):
        raise Refused("F03", found)
    return found


def _told(data: bytes) -> str | tuple[str, str]:
    if data.startswith(ZIP):
        return "zip"
    if data.startswith(OLE):
        return _ole_kind(data)
    if re.match(rb"\x09[\x00\x02\x04\x08]..[\x00-\x07]\x00[\x05\x10\x20\x40]\x00", data, re.DOTALL):
        return "xls"  # the older kinds that stand without an OLE file around them
    for magic, name in MAGIC:
        if data.startswith(magic):
            return name
    return "text"


def _ole_kind(data: bytes) -> str | tuple[str, str]:
    """Tell an OLE file by the names of its streams, each at the start of a directory entry of 128 bytes."""
    for name, found in STREAMS:
        written = name.encode("utf-16-le")
        place = data.find(written, 512)
        while place >= 0:
            size = int.from_bytes(data[place + 64 : place + 66], "little")
            if place % 128 == 0 and size == len(written) + 2:
                return found
            place = data.find(written, place + 1)
    shift, directory = int.from_bytes(data[30:32], "little"), int.from_bytes(data[48:52], "little")
    if shift not in {9, 12} or (directory + 1) << shift >= len(data):
        raise Refused("F05", ("tệp bị cắt ngắn", "the file is cut short"))
    return UNKNOWN


def _locked(data: bytes) -> bool:
    """Tell whether an old workbook begins with the record of a password."""
    for begin in BEGINNINGS:
        place = data.find(begin)
        for _ in range(8):
            if place < 0 or place + 4 > len(data):
                break
            number, size = (int.from_bytes(data[place + n : place + n + 2], "little") for n in (0, 2))
            if number == 0x2F:
                return True
            place += 4 + size
    return False


def _text_kind(data: bytes) -> tuple[str, str] | None:
    """Return what a text is that cannot be a table of plain cells: a page or XML."""
    start = data[:4096]
    if start.startswith((b"\xff\xfe", b"\xfe\xff")) or start[:4].count(b"\0"):
        start = start.replace(b"\0", b"")
    start = start.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if start.startswith(b"+adwa"):  # "<" in UTF-7
        return HTML
    if not start.startswith(b"<"):
        return None
    html = re.search(rb"<!doctype\s+html|<(?:html|head|body|table|meta|style|script)\b", start)
    if html and b"<?mso-application" not in start:
        return HTML
    return XML if re.match(rb"<[?!a-z]", start) else None


def _is_text(data: bytes) -> bool:
    start = data[:4096]
    return start.startswith((b"\xff\xfe", b"\xfe\xff")) or not re.search(rb"[\x00-\x08\x0e-\x1f]", start)

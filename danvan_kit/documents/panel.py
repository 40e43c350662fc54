"""Minutes and reports by mouse: name the bodies, press one button, open the files."""

from __future__ import annotations

import threading
import warnings
from html import escape
from pathlib import Path
from typing import Any

import ipywidgets as w

from danvan_kit import findings as store
from danvan_kit import words
from danvan_kit.documents import Head, write_documents
from danvan_kit.documents.command import told
from danvan_kit.documents.layout import Kind, Lang
from danvan_kit.documents.same import DocumentError
from danvan_kit.review import Review
from danvan_kit.widgets import APART, PANEL, WIDE, OwnKeys, guarded, line, put, text

HEADS = {
    "parent": ("Cơ quan cấp trên", "Superior body", "Thành ủy Hà Nội"),
    "body": ("Đoàn", "Delegation", "Đoàn kiểm tra số 1"),
    "number": ("Số, ký hiệu", "Number", "12-BB/ĐKT"),
    "unit": ("Đơn vị được kiểm tra", "Inspected office", "Quận ủy Ba Đình"),
    "place": ("Nơi lập", "Place", "Hà Nội"),
    "date": ("Ngày", "Date", "15-7-2020"),
}
"""What a document's head may name: its label by language, and an example. What is left empty stays open in the file."""
KINDS: dict[Kind, tuple[str, str]] = {"minutes": ("Biên bản", "Minutes"), "report": ("Báo cáo", "Report")}
LAYOUTS = {"party": ("của Đảng (36-HD/VPTW)", "the Party's"), "state": ("của Nhà nước (30/2020/NĐ-CP)", "the state's")}
FILES: dict[Kind, tuple[str, str]] = {"minutes": ("bien-ban", "minutes"), "report": ("bao-cao", "report")}
APPENDIX = ("phu-luc", "appendix")


class MinutesPanel:
    """Write minutes or a report from the recorded findings, with their appendix: all on controls.

    Parameters
    ----------
    review
        The review.
    findings
        The folder or URL with the findings.
    into
        The folder for the files. Nothing in it is overwritten: the second minutes are ``bien-ban-2.docx``.
    lang
        Language of the controls and of the documents: vi or en.

    Attributes
    ----------
    files
        What was written last.
    box
        The widget, for whoever puts the panel into a layout of their own.
    """

    def __init__(self, review: Review, *, findings: Path | str, into: Path | str, lang: Lang = "vi") -> None:
        words.number(0, lang=lang)  # refuses a language that there is not
        self.files: tuple[Path, ...] = ()
        self._error, self._told = w.HTML(), w.HTML()
        self._review, self._findings, self._into, self._lang = review, findings, Path(into), lang
        self._busy = threading.Lock()
        n = int(lang == "en")
        self._kind, self._layout = (
            w.Dropdown(
                description=label,
                options=[(names[n], key) for key, names in options.items()],
                style=WIDE,
                layout={"width": "330px", "margin": APART},
            )
            for label, options in ((("Văn bản", "Document")[n], KINDS), (("Thể thức", "Layout")[n], LAYOUTS))
        )
        self._heads = {name: text(label[n], "", placeholder=label[2], width="330px") for name, label in HEADS.items()}
        self._write = w.Button(
            description=("Lập văn bản và phụ lục", "Write document and appendix")[n],
            button_style="primary",
            layout={"width": "auto"},
        )
        self._write.on_click(lambda _: guarded(self.write, self._busy, self._error, lang))
        lines = [line(self._kind, self._layout), line(*self._heads.values()), line(self._write)]
        self.box = w.VBox([*lines, self._error, self._told, OwnKeys()])
        self.box.add_class(PANEL)
        put(self._error, "")
        put(self._told, "")

    def write(self) -> tuple[Path, ...]:
        """Write the files that the controls ask for, and show where they are and what must be looked at.

        Returns
        -------
        tuple of Path
            The document and its appendix; also in `files`.

        Raises
        ------
        DocumentError, FindingError, DateError
            If nothing has been recorded yet, the findings cannot be read, or the date is none.
        """
        vi = self._lang == "vi"
        put(self._told, escape("Đang lập, có thể mất nửa phút…" if vi else "Writing, this may take half a minute…"))
        self._write.disabled = True
        try:
            self.files = self._written()
        except Exception:
            put(self._told, "")
            raise
        finally:
            self._write.disabled = False
        return self.files

    def _written(self) -> tuple[Path, ...]:
        given = {name: box.value.strip() for name, box in self._heads.items()}
        date = words.parse_date(given.pop("date")) if given["date"] else given.pop("date") or None
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", store.FindingWarning)  # told below, line by line
            found = store.read(self._findings) if _there(self._findings) else ()
        if not found:
            raise DocumentError(
                f"{self._findings}: chưa có phát hiện nào; hãy ghi bằng nút “Ghi phát hiện” dưới một hình",
                f"{self._findings}: no findings yet; record one with the button beneath a picture",
            )
        n, kind = int(self._lang == "en"), self._kind.value
        document, appendix = _free(self._into, FILES[kind][n], APPENDIX[n])
        done = write_documents(
            self._review,
            found,
            document,
            kind=kind,
            layout=self._layout.value,
            head=Head(date=date, **given),
            appendix=appendix,
            lang=self._lang,
        )
        lines = told(done, store.damaged(self._findings), self._lang, pictures=True)
        first = "Đã ghi, mở bằng Word và Excel:" if n == 0 else "Written, open in Word and Excel:"
        items = "".join(f"<li>{escape(one)}</li>" for one in lines)
        put(self._told, f'<p role="status"><b>{first}</b></p><ul>{items}</ul>')
        return done.files

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:  # noqa: ANN401 - IPython asks
        """Return the widget, and a line for who opens the notebook without having run it."""
        texts = ("Bảng lập văn bản: chạy ô này để dùng.", "Panel that writes documents: run this cell.")
        idle = texts[self._lang == "en"]
        live = {"version_major": 2, "version_minor": 0, "model_id": self.box.model_id}
        shown = {"text/plain": idle, "text/html": f"<p>{escape(idle)}</p>"}
        return {"application/vnd.jupyter.widget-view+json": live} | shown


def _there(place: Path | str) -> bool:
    """Tell whether there can be findings: a folder that nobody has recorded in does not exist yet."""
    return "://" in str(place) or Path(place).exists()


def _free(folder: Path, document: str, appendix: str) -> tuple[Path, Path]:
    """Return two names that no file has: what a delegation has written into an earlier one is not lost."""
    folder.mkdir(parents=True, exist_ok=True)
    for count in range(1, 10_000):
        end = f"-{count}" if count > 1 else ""
        paths = folder.resolve() / f"{document}{end}.docx", folder.resolve() / f"{appendix}{end}.xlsx"
        if not any(path.exists() for path in paths):
            return paths
    raise DocumentError(f"{folder}: đã có quá nhiều văn bản", f"{folder}: too many documents")

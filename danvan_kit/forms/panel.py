"""Forms by mouse: choose files or a folder, see what is asked, send it back to the office, file what was read."""

from __future__ import annotations

import base64
import shutil
import tempfile
import threading
import weakref
from collections.abc import Callable, Iterable
from functools import partial
from html import escape
from pathlib import Path
from typing import Any

import ipywidgets as w
import pandas as pd

from danvan_kit import words
from danvan_kit.errors import DanvanError
from danvan_kit.forms import panel_rows
from danvan_kit.forms.export import Lang, write_problems
from danvan_kit.forms.keep import keep
from danvan_kit.forms.panel_rows import TEXTS, Choice
from danvan_kit.forms.read import SUFFIXES, read_forms
from danvan_kit.forms.results import Forms
from danvan_kit.review import Review

PAGE = 50
"""Rows of a page."""
MOST_LINK = 600_000
"""Bytes of a file that the page itself carries: it stands in the widget's state, which a notebook may save."""
MIMES = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".csv": "text/csv",
}
_FORBIDDEN = '<>:"/\\|?*#!'
_DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{d}{n}" for d in ("com", "lpt") for n in range(10))})


class FormsPanel:
    """Read forms, look through what is asked, export it, file what was read: all on controls.

    Parameters
    ----------
    review
        Its areas and catalogue say what forms may name.
    folder
        What stands in the box for a folder to read.
    into
        What stands in the box for the folder to file in.
    lang
        Language of the controls and of the problems: vi or en.

    Attributes
    ----------
    forms
        What was read last; None before.
    box
        The widget, for whoever puts the panel into a layout of their own.
    """

    def __init__(
        self, review: Review, *, folder: Path | str | None = None, into: Path | str | None = None, lang: Lang = "vi"
    ) -> None:
        words.number(0, lang=lang)  # refuses a language that there is not
        self.forms: Forms | None = None
        self._review, self._lang, self._text = review, lang, TEXTS[lang]
        self._table, self._page = panel_rows.empty(), 0
        self._busy = threading.Lock()
        self._uploads = Path(tempfile.mkdtemp(prefix="danvan-forms-"))
        self._count = 0
        weakref.finalize(self, shutil.rmtree, self._uploads, ignore_errors=True)
        self._make(str(folder or ""), str(into or ""))
        self._show()

    # --- what it is made of -------------------------------------------------------------------------------------------

    def _make(self, folder: str, into: str) -> None:
        t = self._text
        self._upload = w.FileUpload(accept=",".join(SUFFIXES), multiple=True, description=t["choose"])
        self._upload.layout.width = "auto"
        self._folder = _text(t["folder"], folder)
        self._progress = w.IntProgress(value=0, min=0, max=1, layout={"width": "240px"})
        self._doing = w.HTML()
        self._working = w.HBox([self._progress, self._doing], layout={"display": "none"})
        self._summary, self._error = w.HTML(), w.HTML()
        self._file, self._kind, self._code, self._sort = (
            w.Dropdown(description=t[name], style={"description_width": "initial"}, layout={"width": width})
            for name, width in (("file", "360px"), ("kind", "190px"), ("code", "330px"), ("sort", "240px"))
        )
        self._sort.options = [(t[f"by_{name}"], name) for name in panel_rows.SORTS]
        self._down = w.Checkbox(description=t["down"], indent=False, layout={"width": "auto"})
        self._find = _text(t["find"], "", placeholder=t["find_hint"], width="300px")
        self._rows = w.HTML(layout={"width": "100%"})
        self._back, self._next = (
            self._button("back", partial(self._turn, -1)),
            self._button("next", partial(self._turn, 1)),
        )
        self._where = w.HTML()
        self._link, self._filed = w.HTML(), w.HTML()
        self._into = _text(t["into"], into)
        reads, files = self._button("read", self._read_folder, "primary"), self._button("keep", self._keep, "success")
        exports = [self._button(f"export{kind}", partial(self._export, kind)) for kind in MIMES]
        self._buttons = [reads, files, *exports]
        wrap = {"flex_flow": "row wrap", "align_items": "center", "width": "100%"}
        self._found = w.VBox(
            [
                w.HBox([self._file, self._kind, self._code], layout=wrap),
                w.HBox([self._find, self._sort, self._down], layout=wrap),
                self._rows,
                w.HBox([self._back, self._where, self._next], layout=wrap),
                w.HBox([*exports, self._link], layout=wrap),
                w.HBox([self._into, files, self._filed], layout=wrap),
            ]
        )
        self.box = w.VBox(
            [
                w.HBox([self._upload, w.HTML(t["choose_hint"])], layout=wrap),
                w.HBox([self._folder, reads], layout=wrap),
                self._working,
                self._error,
                self._summary,
                self._found,
            ]
        )
        self._upload.observe(lambda _: self._guarded(self._read_uploads), "value")
        for control in (self._file, self._kind, self._code, self._sort, self._down, self._find):
            control.observe(lambda _: self._guarded(self._first_page), "value")

    def _button(self, name: str, action: Callable[[], None], style: str = "") -> w.Button:
        button = w.Button(description=self._text[name], button_style=style, layout={"width": "auto"})
        button.on_click(lambda _: self._guarded(action))
        return button

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:  # noqa: ANN401 - IPython asks
        """Return the widget, and a line for who opens the notebook without having run it."""
        line = self._text["idle"] if self.forms is None else panel_rows.sentence(self.forms, self._lang)
        live = {"version_major": 2, "version_minor": 0, "model_id": self.box.model_id}
        html = f"<p>{escape(self._text['run'])}</p>"
        return {"application/vnd.jupyter.widget-view+json": live, "text/plain": line, "text/html": html}

    # --- reading ------------------------------------------------------------------------------------------------------

    def read(self, paths: Path | str | Iterable[Path | str]) -> Forms:
        """Read forms and show what is asked.

        Parameters
        ----------
        paths
            Files or folders, as `read_forms` takes them.

        Returns
        -------
        Forms
            What was read; also in `forms`.
        """
        self._progress.value, self._doing.value = 0, ""
        self._wait(waiting=True)
        try:
            self.forms = read_forms(paths, self._review, lang=self._lang, told=self._told)
        finally:
            self._wait(waiting=False)
        self._table = panel_rows.table(self.forms, self._review, self._lang)
        self._show()
        return self.forms

    def _wait(self, *, waiting: bool) -> None:
        self._working.layout.display = "flex" if waiting else "none"
        for control in (self._upload, *self._buttons):
            control.disabled = waiting

    def _told(self, name: str, done: int, total: int) -> None:
        self._progress.max, self._progress.value = max(total, 1), done
        self._doing.value = escape(f"{done}/{total} {name}")

    def _read_folder(self) -> None:
        written = self._folder.value.strip()
        path = Path(written).expanduser()
        if not written or not path.exists():
            raise DanvanError(*panel_rows.both("no_folder", written))
        if path.is_dir() and not any(p.suffix.lower() in SUFFIXES for p in path.rglob("*")):
            raise DanvanError(*panel_rows.both("no_forms", written))
        self.read(path)

    def _read_uploads(self) -> None:
        chosen = self._upload.value
        if not chosen:
            return
        self._count += 1
        folder = self._uploads / str(self._count)
        folder.mkdir()
        paths = [folder / name for name in safe_names([str(one["name"]) for one in chosen])]
        for path, one in zip(paths, chosen, strict=True):
            path.write_bytes(one["content"])
        self._upload.value = ()  # else a notebook saved with its widgets would hold the files
        self.read(paths)
        for old in self._uploads.iterdir():
            if old != folder:  # nothing refers to it any more
                shutil.rmtree(old, ignore_errors=True)

    # --- looking through ----------------------------------------------------------------------------------------------

    @property
    def shown(self) -> pd.DataFrame:
        """The problems as they are filtered and sorted now, in the columns of `Forms.problems`."""
        choice = Choice(
            self._file.value or "", self._kind.value or "", self._code.value or "", self._find.value,
            self._sort.value, down=self._down.value,
        )  # fmt: skip
        return panel_rows.chosen(self._table, choice)

    def _show(self) -> None:
        """Show a new reading: its sentence, its filters, its first page."""
        files, kinds, codes = panel_rows.options(self._table, self._lang)
        for control, options in ((self._file, files), (self._kind, kinds), (self._code, codes)):
            control.options = [(self._text["all"], ""), *options]
            control.value = ""
        self._find.value = ""
        self._summary.value = (
            "" if self.forms is None else f"<p><b>{escape(panel_rows.sentence(self.forms, self._lang))}</b></p>"
        )
        self._found.layout.display = "none" if self.forms is None else "flex"
        self._first_page()

    def _first_page(self) -> None:
        self._page = 0
        self._turn(0)

    def _turn(self, by: int) -> None:
        shown = self.shown
        last = max(0, (len(shown) - 1) // PAGE)
        self._page = min(max(0, self._page + by), last)
        first = self._page * PAGE
        self._rows.value = panel_rows.html(shown.iloc[first : first + PAGE], self._lang)
        self._where.value = panel_rows.place(first, min(first + PAGE, len(shown)), len(shown), self._lang)
        self._back.disabled, self._next.disabled = self._page == 0, self._page == last
        self._link.value = self._filed.value = ""  # a link offers what is shown, no earlier choice

    # --- out ----------------------------------------------------------------------------------------------------------

    def _export(self, kind: str) -> None:
        shown = self.shown
        name = panel_rows.file_name(self._file.value or "", self._lang) + kind
        with tempfile.TemporaryDirectory(prefix="danvan-forms-") as made:
            path = Path(made) / f"rows{kind}"
            write_problems(shown, path, self._lang)
            data = path.read_bytes()
        if len(data) > MOST_LINK:
            raise DanvanError(*panel_rows.both("too_large", words.number(len(shown))))
        address = f"data:{MIMES[kind]};base64,{base64.b64encode(data).decode()}"
        label = self._text["get"].format(name=name, rows=words.number(len(shown), lang=self._lang))
        self._link.value = f'<a download="{escape(name)}" href="{address}">{escape(label)}</a>'

    def _keep(self) -> None:
        if self.forms is None:
            raise DanvanError(*panel_rows.both("nothing_read"))
        written = self._into.value.strip()
        if not written:
            raise DanvanError(*panel_rows.both("no_into"))
        kept = keep(self.forms, Path(written).expanduser())
        self._filed.value = escape(
            self._text["kept"].format(files=kept.files, added=kept.added, changed=len(kept.changed), known=kept.known)
        )

    def _guarded(self, action: Callable[[], None]) -> None:
        """Do what a control asks for; what goes wrong is one line in the page."""
        if not self._busy.acquire(blocking=False):
            return  # a control that was moved by the action itself, or a click while files are read
        try:
            self._error.value = ""
            action()
        except DanvanError as err:
            self._tell(getattr(err, self._lang))
        except Exception as err:  # noqa: BLE001 - whoever reads it cannot use a traceback
            self._tell(f"{type(err).__name__}: {err}")
        finally:
            self._busy.release()

    def _tell(self, line: str) -> None:
        self._error.value = f'<p role="alert" style="color:#b3261e"><b>{escape(" ".join(line.split()))}</b></p>'


def safe_names(names: Iterable[str]) -> list[str]:
    """Return names under which files from anywhere may be written into one folder, each once."""
    made: list[str] = []
    for name in names:
        plain = "".join(c if c.isprintable() and c not in _FORBIDDEN else "_" for c in name).strip(". ")
        stem, _, suffix = plain.rpartition(".") if "." in plain else (plain, "", "")
        stem = ("_" if stem.casefold() in _DEVICES else "") + (stem[:60].rstrip(". ") or "_")
        suffix = f".{suffix[:10]}" if suffix else ""
        taken = {one.casefold() for one in made}
        tries = (f"{stem}{suffix}" if n == 1 else f"{stem} ({n}){suffix}" for n in range(1, len(made) + 2))
        made.append(next(one for one in tries if one.casefold() not in taken))
    return made


def _text(label: str, value: str, placeholder: str = "", width: str = "460px") -> w.Text:
    style, layout = {"description_width": "initial"}, {"width": width}
    return w.Text(value=value, description=label, placeholder=placeholder, style=style, layout=layout)

"""Forms by mouse: choose files or a folder, see what is asked, send it back to the office, file what was read."""

from __future__ import annotations

import base64
import tempfile
import threading
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
from danvan_kit.forms.preflight import ENDINGS
from danvan_kit.forms.read import read_forms
from danvan_kit.forms.results import PROBLEMS, Forms
from danvan_kit.forms.uploads import Uploads
from danvan_kit.review import Review
from danvan_kit.widgets import APART, PANEL, WIDE, OwnKeys, guarded, line, put, text

PAGE = 50
"""Rows of a page."""
MOST_LINK = 600_000
"""Bytes of a file that the page itself carries: it stands in the widget's state, which a notebook may save."""
MIMES = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".csv": "text/csv",
}
_LINK = "color:#0b4f8a;font-weight:600;text-decoration:underline;padding:0 8px"


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
        self._uploads = Uploads()
        self._make(str(folder or ""), str(into or ""))
        self._lay_out()
        put(self._error, "")
        self._show()

    # --- what it is made of -------------------------------------------------------------------------------------------

    def _make(self, folder: str, into: str) -> None:
        """Make what one chooses and reads in."""
        t = self._text
        self._upload = w.FileUpload(
            accept=",".join(ENDINGS), multiple=True, description=t["choose"], layout={"width": "auto"}
        )
        self._folder, self._into = text(t["folder"], folder), text(t["into"], into)
        self._progress, self._doing = w.IntProgress(min=0, max=1, layout={"width": "240px"}), w.HTML()
        self._working = w.HBox([self._progress, self._doing], layout={"display": "none"})
        self._file, self._kind, self._code, self._sort = (
            w.Dropdown(description=t[name], style=WIDE, layout={"width": width, "margin": APART})
            for name, width in (("file", "360px"), ("kind", "190px"), ("code", "330px"), ("sort", "240px"))
        )
        self._sort.options = [(t[f"by_{name}"], name) for name in panel_rows.SORTS]
        self._sort.value = panel_rows.SORTS[0]
        self._down = w.Checkbox(description=t["down"], indent=False, layout={"width": "auto"})
        self._find = text(t["find"], "", placeholder=t["find_hint"], width="300px")
        self._summary, self._error, self._where, self._link, self._filed = (w.HTML() for _ in range(5))
        self._rows = w.HTML(layout={"width": "100%"})
        for control in (self._file, self._kind, self._code, self._sort, self._down, self._find):
            control.observe(lambda _: self._guarded(self._first_page), "value")
        self._upload.observe(lambda _: self._guarded(self._read_uploads), "value")

    def _lay_out(self) -> None:
        """Make the buttons and put everything in its place."""
        reads, files = self._button("read", self._read_folder, "primary"), self._button("keep", self._keep, "success")
        exports = [self._button(f"export{kind}", partial(self._export, kind)) for kind in MIMES]
        self._buttons = [reads, files, *exports]
        self._back = self._button("back", partial(self._turn, -1))
        self._next = self._button("next", partial(self._turn, 1))
        self._found = w.VBox(
            [
                line(self._file, self._kind, self._code),
                line(self._find, self._sort, self._down),
                self._rows,
                line(self._back, self._where, self._next),
                line(*exports, self._link),
                line(self._into, files, self._filed),
            ]
        )
        choose = line(self._upload, w.HTML(self._text["choose_hint"]))
        told = [self._working, self._error, self._summary]
        self.box = w.VBox([choose, line(self._folder, reads), *told, self._found, OwnKeys()])
        self.box.add_class(PANEL)

    def _button(self, name: str, action: Callable[[], None], style: str = "") -> w.Button:
        button = w.Button(description=self._text[name], button_style=style, layout={"width": "auto"})
        button.on_click(lambda _: self._guarded(action))
        return button

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:  # noqa: ANN401 - IPython asks
        """Return the widget, and a line for who opens the notebook without having run it."""
        told = self._text["idle"] if self.forms is None else panel_rows.sentence(self.forms, self._lang)
        live = {"version_major": 2, "version_minor": 0, "model_id": self.box.model_id}
        html = f"<p>{escape(self._text['run'])}</p>"
        return {"application/vnd.jupyter.widget-view+json": live, "text/plain": told, "text/html": html}

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
        if path.is_dir() and not any(p.suffix.lower() in ENDINGS for p in path.rglob("*")):
            raise DanvanError(*panel_rows.both("no_forms", written))
        self.read(path)

    def _read_uploads(self) -> None:
        chosen = self._upload.value
        if not chosen:
            return
        paths = self._uploads.take(chosen)
        self._upload.value = ()  # else a notebook saved with its widgets would hold the files
        self.read(paths)
        self._uploads.forget()

    # --- looking through ----------------------------------------------------------------------------------------------

    @property
    def shown(self) -> pd.DataFrame:
        """The problems as they are filtered and sorted now, in the columns of `Forms.problems`."""
        return self._chosen()[list(PROBLEMS)].reset_index(drop=True)

    def _chosen(self) -> pd.DataFrame:
        file, kind, code, sort = (c.value or "" for c in (self._file, self._kind, self._code, self._sort))
        choice = Choice(file, kind, code, self._find.value, sort, down=self._down.value)
        return panel_rows.chosen(self._table, choice)

    def _show(self) -> None:
        """Show a new reading: its sentence, its filters, its first page."""
        files, kinds, codes = panel_rows.options(self._table, self._lang)
        for control, options in ((self._file, files), (self._kind, kinds), (self._code, codes)):
            control.options = [(self._text["all"], ""), *options]
            control.value = ""
        self._find.value = ""
        said = "" if self.forms is None else f"<p><b>{escape(panel_rows.sentence(self.forms, self._lang))}</b></p>"
        put(self._summary, said)
        self._found.layout.display = "none" if self.forms is None else "flex"
        self._first_page()

    def _first_page(self) -> None:
        self._page = 0
        self._turn(0)

    def _turn(self, by: int) -> None:
        shown = self._chosen()
        last = max(0, (len(shown) - 1) // PAGE)
        self._page = min(max(0, self._page + by), last)
        first = self._page * PAGE
        self._rows.value = panel_rows.html(shown.iloc[first : first + PAGE], self._lang)
        self._where.value = panel_rows.place(first, min(first + PAGE, len(shown)), len(shown), self._lang)
        self._back.disabled, self._next.disabled = self._page == 0, self._page == last
        for told in (self._link, self._filed):  # a link offers what is shown, no earlier choice
            put(told, "")

    # --- out ----------------------------------------------------------------------------------------------------------

    def _export(self, kind: str) -> None:
        shown = self._chosen()
        name = panel_rows.file_name(self._file.value or "", self._lang) + kind
        with tempfile.TemporaryDirectory(prefix="danvan-forms-") as made:
            path = Path(made) / f"rows{kind}"
            write_problems(shown, path, self._lang)
            data = path.read_bytes()
        if len(data) > MOST_LINK:
            raise DanvanError(*panel_rows.both("too_large", words.number(len(shown))))
        address = f"data:{MIMES[kind]};base64,{base64.b64encode(data).decode()}"
        label = self._text["get"].format(name=name, rows=words.number(len(shown), lang=self._lang))
        put(self._link, f'<a download="{escape(name)}" href="{address}" style="{_LINK}">{escape(label)}</a>')

    def _keep(self) -> None:
        if self.forms is None:
            raise DanvanError(*panel_rows.both("nothing_read"))
        written = self._into.value.strip()
        if not written:
            raise DanvanError(*panel_rows.both("no_into"))
        kept = keep(self.forms, Path(written).expanduser())
        said = self._text["kept"].format(
            files=kept.files, added=kept.added, changed=len(kept.changed), known=kept.known
        )
        if lost := len(self.forms.files) - kept.files - kept.known:
            said = f"{said} {self._text['not_kept'].format(lost)}"
        put(self._filed, escape(said))

    def _guarded(self, action: Callable[[], None]) -> None:
        guarded(action, self._busy, self._error, self._lang)

"""A view with its arguments on controls: change one, and picture, table and reading follow."""

from __future__ import annotations

import contextlib
import hashlib
import threading
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from danvan_kit import cube
from danvan_kit.errors import DanvanError
from danvan_kit.explorer.canvas import Canvas, page_view, texts
from danvan_kit.explorer.controls import ChoiceError, controls, word
from danvan_kit.views._shown import SAVED_ROWS, plain, saved, table_of

if TYPE_CHECKING:
    from danvan_kit.review import Review
    from danvan_kit.views import View

# JupyterLab runs a widget's messages in a thread of their own, beside the cells: one change at a time.
_CHANGE = threading.RLock()
_FINGERPRINTS: WeakKeyDictionary[Review, str] = WeakKeyDictionary()


class Explorer:
    """A view whose choices the reader changes in the page; made by `explore`.

    Parameters
    ----------
    function
        A view: ``function(review, *, <choices>, lang="vi") -> View``.
    review
        The review.
    links
        Explorers whose common choices move together with this one's.
    lang
        Language of labels and view.
    choices
        Choices other than the view's own defaults.

    Raises
    ------
    ChoiceError
        If the view has no such choice or it does not take the value.
    """

    def __init__(
        self,
        function: Callable[..., View],
        review: Review,
        links: Iterable[Explorer],
        lang: str,
        choices: dict[str, Any],
    ) -> None:
        self._function, self._review, self._lang = function, review, lang
        self.controls = controls(function, review, lang)
        self._choices = {name: control.default for name, control in self.controls.items()}
        self._canvas: Canvas | None = None
        self._linked: list[Explorer] = [self]
        self._found: View | DanvanError | None = None
        given = self._checked(choices)
        with _CHANGE:
            for other in links:
                self._take(other.choices)
                self._join(other)
            self.set(**given)

    @property
    def view(self) -> View:
        """The view as it stands.

        Raises
        ------
        DanvanError
            If the view refuses the present choices; the page shows the same line.
        """
        found = self._answer()
        if isinstance(found, DanvanError):
            raise found
        return found

    @property
    def choices(self) -> dict[str, Any]:
        """The choices as they stand; a copy."""
        return dict(self._choices)

    def set(self, **choices: Any) -> None:  # noqa: ANN401 - each choice has its own type
        """Change choices here and in all linked explorers.

        Parameters
        ----------
        **choices
            Names of the view's arguments and their new values.

        Raises
        ------
        ChoiceError, AreaError
            If there is no such choice or it does not take the value; nothing has changed then.
        """
        with _CHANGE:
            checked = self._checked(choices)
            for explorer in self._linked:
                if explorer._take(checked) or explorer is self:  # noqa: SLF001 - its own class
                    explorer._show()  # noqa: SLF001

    def _checked(self, choices: dict[str, Any]) -> dict[str, Any]:
        """Check choices; one that only a linked view has is checked by that view."""
        known = {name: control for other in reversed([self, *self._linked]) for name, control in other.controls.items()}
        for name in choices:
            if name not in known:
                raise ChoiceError(
                    f"khung nhìn này không có lựa chọn {name!r}; có: {', '.join(self.controls)}",
                    f"this view has no choice {name!r}; it has: {', '.join(self.controls)}",
                )
        return {name: known[name].check(value) for name, value in choices.items()}

    def _take(self, choices: dict[str, Any]) -> bool:
        """Take over what this view can show of another's choices, and tell whether anything changed."""
        before = self.choices
        for name in choices.keys() & self.controls.keys():
            with contextlib.suppress(DanvanError):  # what this view cannot show stays as it is
                self._choices[name] = self.controls[name].check(choices[name])
        if before != self._choices:
            self._found = None
        return before != self._choices

    def _join(self, other: Explorer) -> None:
        together = list(dict.fromkeys([*other._linked, *self._linked]))
        for explorer in together:
            explorer._linked = together  # noqa: SLF001

    def _show(self) -> None:
        if self._canvas is not None and self._canvas.pages:  # what nobody looks at is computed when asked for
            self._canvas.send({"kind": "state", "state": self._state(self._answer())})

    def _table(self) -> dict[str, Any] | None:
        found = self._answer()
        return None if isinstance(found, DanvanError) else table_of(found, self._lang)

    def _answer(self) -> View | DanvanError:
        """Ask the view. What it refuses is told in the page, and the explorer goes on."""
        with _CHANGE:
            if self._found is None:
                try:
                    self._found = self._function(self._review, lang=self._lang, **self._choices)
                except DanvanError as refusal:
                    self._found = refusal
            return self._found

    def _choose(self, choices: dict[str, Any]) -> None:
        """Take choices from the page. A click may name one that only a linked view has, or none: then nothing moves."""
        known = {name for explorer in self._linked for name in explorer.controls}
        try:
            self.set(**{name: value for name, value in choices.items() if name in known})
        except DanvanError as refusal:
            self._tell(refusal)
        except Exception as mistake:  # the page must hear of it, else it waits for ever; the log gets the rest
            self._tell(DanvanError(f"{type(mistake).__name__}: {mistake}"))
            raise

    def _tell(self, error: DanvanError) -> None:
        if self._canvas is not None:
            self._canvas.send({"kind": "state", "state": self._state(error)})

    def _state(self, found: View | DanvanError) -> dict[str, Any]:
        if isinstance(found, DanvanError):
            return {"choices": self._choices, "view": None, "error": getattr(found, self._lang)}
        return {"choices": self._choices, "view": page_view(found), "error": None}

    def _describe(self) -> dict[str, Any]:
        with _CHANGE:
            return {
                "controls": [control.spec for control in self.controls.values()],
                "text": texts()[self._lang],
                "lang": self._lang,
                "simulated": self._review.simulated,
                "state": self._state(self._answer()),
            }

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:  # noqa: ANN401 - IPython's protocol
        """Return the live widget, and what a notebook keeps of it: picture, table, and a summary to compare."""
        if self._canvas is None:
            self._canvas = Canvas(self._describe, self._table, self._choose)
        live = {"version_major": 2, "version_minor": 0, "model_id": self._canvas.model_id}
        found = self._answer()
        kept = {} if isinstance(found, DanvanError) else saved(found, self._lang, simulated=self._review.simulated)
        return kept | {"application/vnd.jupyter.widget-view+json": live, "text/plain": self._summary()}

    def _summary(self) -> str:
        """Return the same text in every run over the same data: a regression run compares it."""
        chosen = [f"{word(name, self._lang)}: {value}" for name, value in self._choices.items()]
        view = self._answer()
        if isinstance(view, DanvanError):
            return "\n".join([getattr(view, self._lang), *chosen])
        table = table_of(view, self._lang, SAVED_ROWS)
        rows = ["\t".join(label for label, _ in table["columns"]), *("\t".join(row) for row in table["rows"])]
        mark = [texts()[self._lang]["simulated"]] if self._review.simulated else []
        whole = repr(plain(view.table.to_dict("list"), digits=9))
        digest = hashlib.sha256((fingerprint(self._review) + whole).encode()).hexdigest()[:16]
        more = [table["more"]] if table["more"] else []
        return "\n".join([view.title, *mark, *chosen, view.reading, *rows, *more, f"sha256: {digest}"])


def explore(
    view: Callable[..., View],
    review: Review,
    *,
    link: Explorer | Iterable[Explorer] | None = None,
    lang: str = "vi",
    **choices: Any,  # noqa: ANN401 - each choice has its own type
) -> Explorer:
    """Show a view with its choices on controls.

    Parameters
    ----------
    view
        Any function ``view(review, *, <choices>, lang="vi") -> View``; its arguments pick the controls.
    review
        The review.
    link
        One explorer or several: the choices they have in common move together. This one starts from theirs.
    lang
        ``"vi"`` or ``"en"``.
    **choices
        Where to start, such as ``area="001", year=2015``.

    Returns
    -------
    Explorer
        Its ``view`` and ``choices`` are open to the next cell; ``set(**choices)`` changes them.

    Raises
    ------
    ChoiceError, AreaError
        If the view has no such choice, or it does not take the value.
    """
    links = [link] if isinstance(link, Explorer) else list(link or [])
    return Explorer(view, review, links, lang, choices)


def fingerprint(review: Review) -> str:
    """Return a digest of all figures of a review, to 9 significant digits, so that a change anywhere shows."""
    if review not in _FINGERPRINTS:
        found = cube.of(review)
        digest = hashlib.sha256()
        for array in (found.own, found.total, found.reported, found.present):
            digest.update(_rounded(array))
        _FINGERPRINTS[review] = digest.hexdigest()
    return _FINGERPRINTS[review]


def _rounded(array: NDArray[Any]) -> bytes:
    """Return an array's bytes, floats as mantissas and exponents of 9 significant digits."""
    if array.dtype.kind != "f":
        return array.astype("<i8").tobytes()
    known = np.isfinite(array) & (array != 0)
    size = np.where(known, np.abs(array), 1.0)
    exponent = np.floor(np.log10(size)).astype("<i8")
    mantissa = np.rint(size * 10.0 ** (8 - exponent)).astype("<i8") * np.sign(np.where(known, array, 0)).astype("<i8")
    kind = np.where(np.isnan(array), 0, 1).astype("<i8")  # a zero is not a gap
    return b"".join(part.tobytes() for part in (kind, exponent, mantissa))

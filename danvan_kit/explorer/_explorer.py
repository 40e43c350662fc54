"""A view with its arguments on controls: change one, and picture, table and reading follow."""

from __future__ import annotations

import contextlib
import itertools
import os
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from danvan_kit import disclosure, words
from danvan_kit.disclosure import LIVE
from danvan_kit.errors import DanvanError
from danvan_kit.explorer import figures
from danvan_kit.explorer.canvas import Canvas, page_view, texts
from danvan_kit.explorer.controls import ChoiceError, controls, word
from danvan_kit.explorer.frozen import STATES, Frozen, Share, fingerprint, freeze, provenance
from danvan_kit.explorer.recorder import Recorder
from danvan_kit.findings import Finding, from_view
from danvan_kit.views._shown import PAGE_ROWS, SAVED_ROWS, saved, table_of

if TYPE_CHECKING:
    from danvan_kit.review import Review
    from danvan_kit.views import View

# JupyterLab runs a widget's messages in a thread of their own, beside the cells: one change at a time.
_CHANGE = threading.RLock()
_BORN = itertools.count()


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
    pin
        Names of choices that stay as they are.
    choices
        Choices other than the view's own defaults.
    recorder
        Takes findings; None: the page has no button for them.
    share
        What a shared page may hold.

    Raises
    ------
    ChoiceError
        If the view has no such choice or it does not take the value.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - called by `explore` only
        self,
        function: Callable[..., View],
        review: Review,
        links: Iterable[Explorer],
        lang: str,
        pin: Iterable[str],
        choices: dict[str, Any],
        recorder: Recorder | None = None,
        share: Share | None = None,
    ) -> None:
        self._function, self._review, self._lang, self._recorder = function, review, lang, recorder
        self._share = share or Share()
        self.controls = controls(function, review, lang)
        self._choices = {name: control.default for name, control in self.controls.items()}
        self._canvas: Canvas | None = None
        self._linked: list[Explorer] = [self]
        self._found: View | DanvanError | None = None
        self._frozen: tuple[dict[str, Any], Frozen] | None = None
        self._born = next(_BORN)
        given = self._checked(choices)
        with _CHANGE:
            for other in links:
                self._take(other.choices)
                self._join(other)
            self.set(**given)
            self.controls = controls(function, review, lang, pin)  # from now on

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
        for name, value in choices.items():
            if name not in known:
                raise ChoiceError(
                    f"khung nhìn này không có lựa chọn {name!r}; có: {', '.join(self.controls)}",
                    f"this view has no choice {name!r}; it has: {', '.join(self.controls)}",
                )
            own = self.controls.get(name)
            if own and own.pinned and own.check(value) != self._choices[name]:
                raise ChoiceError(
                    f"{name} đã ghim ở {self._choices[name]!r}, không đổi được",
                    f"{name} is pinned at {self._choices[name]!r} and cannot be changed",
                )
        return {name: known[name].check(value) for name, value in choices.items()}

    def _take(self, choices: dict[str, Any]) -> bool:
        """Take over what this view can show of another's choices, and tell whether anything changed."""
        before = self.choices
        for name in choices.keys() & self.controls.keys():
            if self.controls[name].pinned:
                continue
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
        return None if isinstance(found, DanvanError) else table_of(found, self._lang, PAGE_ROWS)

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
                "controls": [c.held(self._choices[n]) if c.pinned else c.spec for n, c in self.controls.items()],
                "text": texts()[self._lang],
                "lang": self._lang,
                "simulated": self._review.simulated,
                "state": self._state(self._answer()),
                "findings": self._recorder.spec if self._recorder else None,
            }

    def finding(self, statement: str, kind: str, **written: Any) -> Finding:  # noqa: ANN401 - each field has its own type
        """Return a finding on the view as it stands; `danvan_kit.findings.write` keeps it.

        Parameters
        ----------
        statement
            What is stated.
        kind
            ``strength, weakness, cause, question``.
        **written
            ``author`` (needed), ``recommendation, area, due, status`` (`findings.from_view`).

        Raises
        ------
        FindingError
            If the view is not the kit's own, or the words are not allowed.
        """
        written |= {"statement": statement, "kind": kind, "lang": self._lang}
        return from_view(self._function, self._review, self._choices, **written)

    def _record(self, form: dict[str, Any]) -> None:
        """Record what the page's form says, and tell the page."""
        if self._recorder is None or self._canvas is None:
            return
        with _CHANGE:
            choices = self.choices
        self._canvas.send({"kind": "finding", "key": form.get("key")} | self._recorder.record(form, choices))

    @property
    def frozen(self) -> Frozen:
        """All states that a shared page holds, starting from the choices as they stand."""
        with _CHANGE:
            if self._frozen is None or self._frozen[0] != self._choices:
                found = freeze(self._function, self._review, self.controls, self._choices, self._lang, self._share)
                self._frozen = (self.choices, found)
            return self._frozen[1]

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:  # noqa: ANN401 - IPython asks
        """Return the live widget, and what a notebook keeps: picture, table, a summary to compare, all states.

        The states are left out where somebody looks on: a picture must not wait for what only a shared page needs.
        """
        if self._canvas is None:
            self._canvas = Canvas(self._describe, self._table, self._choose, self._record)
        live = {"version_major": 2, "version_minor": 0, "model_id": self._canvas.model_id}
        found = self._answer()
        kept = {} if isinstance(found, DanvanError) else saved(found, self._lang, simulated=self._review.simulated)
        kept |= {"application/vnd.jupyter.widget-view+json": live, "text/plain": self._summary()}
        return kept, {"danvan": self._payload()} if LIVE not in os.environ else self._present(found)

    def _present(self, found: View | DanvanError) -> dict[str, Any]:
        """Return what a page can show of a notebook that was saved live: the view as it stands."""
        if isinstance(found, DanvanError):
            return {}
        own = found._repr_mimebundle_()[1]["danvan"]
        return {"danvan": own | {"live": True, "data": provenance(self._review)} | self._whole()}

    def _whole(self) -> dict[str, bool]:
        """Mark what must not be shared: it was made from figures that are hidden where they are shared."""
        return {"whole": True} if disclosure.exposed(self._review) else {}

    def _payload(self) -> dict[str, Any]:
        """Return what a living page is made of; it stands in the output's metadata, for no one else reads it."""
        found = self._answer()
        shown = {} if isinstance(found, DanvanError) else found._repr_mimebundle_()[1]["danvan"]
        return shown | {  # without its states, an output still shows its view
            "kind": "explorer",
            "view": getattr(self._function, "__name__", ""),
            "lang": self._lang,
            "simulated": self._review.simulated,
            "group": min(explorer._born for explorer in self._linked),  # noqa: SLF001 - its own class
            "choices": self._choices,
            "data": provenance(self._review),
            "states": self.frozen.states,
            "digest": self.frozen.digest,
            "marks": self.frozen.marks,
            "figures": figures.keep(self._review, self._lang, self._share.within),
            "packed": self.frozen.packed,
            **self._whole(),
        }

    def _summary(self) -> str:
        """Return the same text in every run over the same data: a regression run compares it."""
        chosen = [f"{word(name, self._lang)}: {value}" for name, value in self._choices.items()]
        view = self._answer()
        if isinstance(view, DanvanError):
            return "\n".join([getattr(view, self._lang), *chosen, self._digest()])
        table = table_of(view, self._lang, SAVED_ROWS)
        rows = ["\t".join(label for label, _ in table["columns"]), *("\t".join(row) for row in table["rows"])]
        mark = [texts()[self._lang]["simulated"]] if self._review.simulated else []
        more = [table["more"]] if table["more"] else []
        return "\n".join([view.title, *mark, *chosen, view.reading, *rows, *more, self._digest()])

    def _digest(self) -> str:
        """Return the last line of the summary: how many states there are, and a digest over all of them."""
        text = texts()[self._lang]
        if LIVE in os.environ:
            return f"{text['unfrozen']} sha256: {fingerprint(self._review)[:16]}"
        count = words.number(self.frozen.states, lang=self._lang)
        return f"{count} {text['states']}, sha256: {self.frozen.digest}"


def explore(  # noqa: PLR0913 - what is shown, and where findings go
    view: Callable[..., View],
    review: Review,
    *,
    link: Explorer | Iterable[Explorer] | None = None,
    pin: Iterable[str] = (),
    lang: str = "vi",
    findings: Path | str | None = None,
    author: str = "",
    states: int = STATES,
    within: str = "",
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
    pin
        Names of choices that stay where they start: shown, not to be changed, not moved by a link.
    lang
        ``"vi"`` or ``"en"``.
    findings
        Where findings are kept (`danvan_kit.findings`): the live page then has a button to record one.
    author
        Who records them; empty: asked in the form, which remembers it.
    states
        How many states a shared page holds at most; of more, controls are held or lose options, and say so.
    within
        A shared page holds this area, those below it and those above it; empty: all. The live page has all areas.
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
    FindingError
        If findings are to be recorded on a view that is not the kit's own.
    """
    recorder = None if findings is None else Recorder(view, review, findings, author, lang)
    links = [link] if isinstance(link, Explorer) else list(link or [])
    if within:
        review.areas.row(within)
    return Explorer(view, review, links, lang, pin, choices, recorder, Share(states, within))

"""The form for findings under a live explorer: what it offers, and what becomes of what was written in it."""

from __future__ import annotations

import datetime as dt
import json
import logging
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from danvan_kit import words
from danvan_kit.errors import DanvanError
from danvan_kit.explorer.canvas import texts
from danvan_kit.findings import FindingError, damaged, from_view, read, write
from danvan_kit.findings.finding import KINDS, new_id
from danvan_kit.findings.made import name_of

if TYPE_CHECKING:
    from danvan_kit.review import Review
    from danvan_kit.views import View


class Recorder:
    """Takes findings on one view.

    Parameters
    ----------
    view, review
        What is looked at.
    place
        A folder or the URL of a database.
    author
        What stands in the form's field for who records.
    lang
        Language of form and answers.

    Raises
    ------
    FindingError
        If the view is not the kit's own, so that it could not be asked again later.
    """

    def __init__(self, view: Callable[..., View], review: Review, place: Path | str, author: str, lang: str) -> None:
        name_of(view)
        self._view, self._review, self._place, self._author, self._lang = view, review, place, author, lang
        self._text = texts()["finding"][lang]
        self._ids: dict[str, str] = {}  # a form that is sent again, after an error or a silence, is the same finding

    @property
    def spec(self) -> dict[str, Any]:
        """What the page needs for the form."""
        n = 1 if self._lang == "en" else 0
        kinds = [["", self._text["choose"]], *([kind, names[n]] for kind, names in KINDS.items())]
        return {"text": self._text, "author": self._author, "kinds": kinds}

    def record(self, form: dict[str, Any], choices: dict[str, Any]) -> dict[str, Any]:
        """Record a form; return ``saved`` and one ``line`` for the page, whatever happens."""
        try:
            self._write(form, choices)
        except DanvanError as refusal:
            return {"saved": False, "line": f"{self._text['refused']} {getattr(refusal, self._lang)}"}
        except Exception as mistake:  # the writer's words stand in the form as long as the page hears of it
            logging.getLogger(__name__).exception("finding not recorded")
            return {"saved": False, "line": f"{self._text['refused']} {type(mistake).__name__}: {mistake}"}
        return {"saved": True, "line": self._count()}

    def _write(self, form: dict[str, Any], choices: dict[str, Any]) -> None:
        if json.loads(json.dumps(choices)) != form.get("choices"):
            raise self._refusal("moved")
        if not form.get("kind"):
            raise self._refusal("kindless")
        written = {name: str(form.get(name, "")) for name in ("statement", "author", "kind", "recommendation")}
        made = from_view(
            self._view,
            self._review,
            choices,
            **written,
            due=_day(str(form.get("due", ""))),
            lang=self._lang,
            finding=self._ids.setdefault(str(form.get("key")), new_id()),
        )
        write(made, self._place)

    @staticmethod
    def _refusal(why: str) -> FindingError:
        return FindingError(*(texts()["finding"][lang][why] for lang in ("vi", "en")))

    def _count(self) -> str:
        """Say that it is saved, and how many there are now; that the place cannot be read takes nothing back."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # damaged lines are told in the page
                count, broken = len(read(self._place)), len(damaged(self._place))
        except DanvanError as refusal:
            return f"{self._text['saved'].partition('.')[0]}. {getattr(refusal, self._lang)}"
        line = self._text["saved"].format(count=words.number(count, lang=self._lang))
        more = self._text["damaged"].format(lines=words.number(broken, lang=self._lang))
        return f"{line} {more}" if broken else str(line)


def _day(text: str) -> dt.date | None:
    return words.parse_date(text) if text.strip() else None

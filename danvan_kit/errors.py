"""The one base class of the kit's errors: one line, with the place and what is allowed."""

from __future__ import annotations


class DanvanError(ValueError):
    """A mistake in data or in a request, told in one line that names the value, the place and what is allowed.

    Parameters
    ----------
    vi
        The line in Vietnamese.
    en
        The same in English.
    """

    def __init__(self, vi: str, en: str = "") -> None:
        self.vi = vi
        self.en = en or vi
        super().__init__(f"{vi} / {en}" if en else vi)

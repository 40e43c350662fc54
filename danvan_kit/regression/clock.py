"""Printed dates and times: tells whether they are the clock of this very run."""

from __future__ import annotations

import datetime as dt
import re

FIRST = dt.datetime(2025, 1, 1)  # noqa: DTZ001 - no notebook was saved with this kit earlier: older dates are data


def _clocks() -> tuple[dt.datetime, dt.datetime]:
    """Return this moment as printed without a zone, here and in UTC."""
    return dt.datetime.now(), dt.datetime.now(dt.UTC).replace(tzinfo=None)  # noqa: DTZ005


def is_today(text: str) -> bool:
    """Tell whether a printed date is this day."""
    found = _moment(text) if "-" in text or "/" in text else None
    return found is not None and found.date() in {clock.date() for clock in _clocks()}


def is_now(old: str, new: str, *, dated: bool) -> bool:
    """Tell whether the new text is the clock of this run and the old one the same kind of clock, earlier.

    A time of day may be an appointment: it counts only beside (`dated`) the date of this day.
    """
    if new.startswith("datetime."):
        old, new = _written(old), _written(new)
    then, now = _moment(old), _moment(new)
    if then is None or now is None or re.sub(r"\d+", "0", old) != re.sub(r"\d+", "0", new):
        return False
    if ":" not in new:
        return is_today(new) and FIRST <= then < now
    near = any(abs((now - clock).total_seconds()) < 1800 for clock in _clocks())
    return near and (FIRST <= then <= now if "-" in new else dated)


def _written(text: str) -> str:
    """Return one of Python's own moments, as its code shows it, in the form that people read."""
    kind, parts = text[9:].split("(", maxsplit=1)[0], [int(part) for part in re.findall(r"\d+", text)]
    try:
        found = getattr(dt, kind)(*parts)
    except (ValueError, TypeError):
        return text
    return str(found.isoformat() if kind == "date" else found.isoformat(timespec="microseconds"))


def _moment(text: str) -> dt.datetime | None:
    plain = text.replace(",", ".")
    try:
        found = dt.datetime.fromisoformat(plain)
        return found.astimezone(dt.UTC).replace(tzinfo=None) if found.tzinfo else found
    except (ValueError, OverflowError):
        pass
    for form in ("%d-%m-%Y", "%d/%m/%Y", "%H:%M", "%H:%M:%S", "%H:%M:%S.%f"):
        try:
            found = dt.datetime.strptime(plain, form)  # noqa: DTZ007 - compared with the local clock and with UTC
        except ValueError:
            continue
        return dt.datetime.combine(_clocks()[0].date(), found.time()) if form.startswith("%H") else found
    return None

"""Findings: what a delegation states about a view, by whom, on which figures, and whether it still holds.

A place is a shared folder, or the URL of a PostgreSQL database (``postgresql+pg8000://user:password@host/name``).
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from pathlib import Path

from danvan_kit.findings import database, hold, store, told
from danvan_kit.findings.finding import Finding, FindingError, checked
from danvan_kit.findings.lines import to_line
from danvan_kit.findings.listing import table
from danvan_kit.findings.made import edit, from_view
from danvan_kit.findings.store import Damaged

__all__ = [
    "Damaged",
    "Finding",
    "FindingError",
    "FindingWarning",
    "damaged",
    "edit",
    "from_view",
    "gather",
    "hold",
    "latest",
    "read",
    "table",
    "told",
    "versions",
    "write",
]


class FindingWarning(UserWarning):
    """Lines of a place of findings that are no whole findings."""


def write(finding: Finding, place: Path | str) -> None:
    """Append a finding, or a new version of one, to a place; when this returns, it is kept.

    Raises
    ------
    FindingError
        If its words are not allowed, or the place cannot be written; it is then not recorded.
    """
    finding = checked(finding)
    if isinstance(place, str) and database.is_url(place):
        database.append(finding, place)
    else:
        store.append(finding, Path(place))


def read(place: Path | str) -> tuple[Finding, ...]:
    """Return the latest version of each finding, the oldest finding first.

    Lines that are no whole finding are told in a warning (`FindingWarning`) and listed by `damaged`.

    Raises
    ------
    FindingError
        If the place cannot be read.
    """
    found, broken = gather(place)
    if broken:
        first = broken[0]
        vi, en = first.why
        warnings.warn(
            f"{len(broken)} dòng phát hiện không đọc được, dòng đầu: {first.place}: {vi} / "
            f"{len(broken)} lines of findings cannot be read, the first: {en}",
            FindingWarning,
            stacklevel=2,
        )
    return latest(found)


def versions(place: Path | str) -> tuple[Finding, ...]:
    """Return all versions of all findings, by finding, then version, then time; the same one twice stands once."""
    return _in_order(gather(place)[0])


def damaged(place: Path | str) -> tuple[Damaged, ...]:
    """Return the lines of a place that are no whole findings: cut by a crash, altered, or of something else."""
    return tuple(gather(place)[1])


def latest(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the last version of each finding, the oldest finding first.

    Two people may have edited one version at once: the later one counts, and `versions` has both.
    """
    last = {finding.finding: finding for finding in _in_order(found)}
    return tuple(last[name] for name in sorted(last))


def _in_order(found: Iterable[Finding]) -> tuple[Finding, ...]:
    alike: dict[tuple[str, int, str, str], list[Finding]] = {}
    for finding in found:
        same = alike.setdefault((finding.finding, finding.version, finding.time, finding.author), [])
        if finding not in same:
            same.append(finding)
    return tuple(finding for key in sorted(alike) for finding in sorted(alike[key], key=to_line))


def gather(place: Path | str) -> tuple[list[Finding], list[Damaged]]:
    """Return all versions that a place holds, and its lines that are no whole findings."""
    if isinstance(place, str) and database.is_url(place):
        return database.gather(place)
    return store.gather(Path(place))

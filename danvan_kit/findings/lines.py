"""A finding as one line of JSON, with a digest that tells a whole line from a cut or altered one."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json
import re
from typing import Any

from danvan_kit.findings.finding import Finding, FindingError, checked

_TEXTS = ["statement", "kind", "recommendation", "area", "status", "author", "time", "view", "lang", "title", "reading"]
_TEXTS += ["table_digest", "data_digest"]
_HEAD = len('{"check":"0123456789abcdef",')
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def to_line(finding: Finding) -> str:
    """Return a finding as one line, without its end."""
    fields = {field.name: getattr(finding, field.name) for field in dataclasses.fields(finding)}
    fields["due"] = finding.due.isoformat() if finding.due else None
    text = json.dumps(fields, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return f"{_head(text)}{text[1:]}"


def from_line(line: str) -> Finding:
    """Read a line back.

    Raises
    ------
    FindingError
        If the line is cut short, altered, or no finding.
    """
    text = "{" + line[_HEAD:]
    if not line.startswith(_head(text)):
        raise FindingError("dòng bị cắt hoặc không còn như lúc ghi", "the line is cut short or not as it was written")
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError):
        fields = {}
    if fields.keys() != {field.name for field in dataclasses.fields(Finding)} or not _sound(fields):
        raise FindingError("dòng không phải là một phát hiện", "the line is no finding")
    due = dt.date.fromisoformat(fields["due"]) if fields["due"] else None
    shown = tuple((label, value) for label, value in fields["shown"])
    made = fields | {"due": due, "shown": shown, "evidence": tuple(fields["evidence"])}
    return checked(Finding(**made | {"choices": hashable(fields["choices"])}))


def hashable(choices: dict[str, Any]) -> dict[str, Any]:
    """Return choices as views take them: a pair of years is a tuple, which JSON has not."""
    return {name: tuple(value) if isinstance(value, list) else value for name, value in choices.items()}


def _sound(fields: dict[str, Any]) -> bool:
    """Tell whether each field is of its kind."""
    shown, evidence = fields["shown"], fields["evidence"]
    return (
        all(isinstance(fields[name], str) for name in _TEXTS)
        and isinstance(fields["finding"], str)
        and _ID.fullmatch(fields["finding"]) is not None
        and all(type(fields[name]) is int for name in ("version", "evidence_total"))
        and isinstance(fields["choices"], dict)
        and isinstance(shown, list)
        and all(isinstance(cell, list) and len(cell) == 2 and isinstance(cell[0], str) for cell in shown)
        and all(isinstance(value, str | int | float | None) for _, value in shown)
        and isinstance(evidence, list)
        and all(isinstance(source, str) for source in evidence)
        and isinstance(fields["simulated"], bool)
        and _is_day(fields["due"])
        and _is_moment(fields["time"])
    )


def _is_day(text: object) -> bool:
    try:
        return text is None or (isinstance(text, str) and bool(dt.date.fromisoformat(text)))
    except ValueError:
        return False


def _is_moment(text: str) -> bool:
    try:
        return dt.datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def _head(text: str) -> str:
    """Return how a line begins: a digest over all of the rest."""
    return f'{{"check":"{hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]}",'

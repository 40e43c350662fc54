"""Findings in PostgreSQL: the same lines in one table that only grows."""

from __future__ import annotations

import contextlib
import hashlib
from typing import TYPE_CHECKING

from danvan_kit.findings.finding import Finding, FindingError
from danvan_kit.findings.lines import from_line, to_line
from danvan_kit.findings.store import Damaged

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection, Engine, TextClause

TABLE = "danvan_findings"
_LOCK = 290_2010  # two first writers at once make one table
_MAKE = (
    f"""CREATE TABLE {TABLE} (
  row bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  finding text NOT NULL, version integer NOT NULL, author text NOT NULL,
  digest text NOT NULL UNIQUE, line text NOT NULL, stored timestamptz NOT NULL DEFAULT now())""",
    f"""CREATE FUNCTION {TABLE}_grows() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN RAISE EXCEPTION '{TABLE} only grows: an edit is a new version'; END $$""",
    f"""CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON {TABLE}
  FOR EACH STATEMENT EXECUTE FUNCTION {TABLE}_grows()""",
)
_INSERT = f"""INSERT INTO {TABLE} (finding, version, author, digest, line)
  VALUES (:finding, :version, :author, :digest, :line) ON CONFLICT (digest) DO NOTHING"""  # noqa: S608 - our own name


def is_url(place: object) -> bool:
    """Tell whether findings are kept in a database rather than in a folder."""
    return isinstance(place, str) and "://" in place


def shown(place: str) -> str:
    """Return a place as it may be printed: of a database without its password."""
    if not is_url(place):
        return place
    return _address(place).set(drivername="postgresql", query={}).render_as_string(hide_password=True)


def append(finding: Finding, url: str) -> None:
    """Insert a finding; when this returns, the server has committed it. The same version twice is kept once.

    Raises
    ------
    FindingError
        If the extra is not installed, or the server cannot be reached or refuses. The finding is then not recorded.
    """
    line = to_line(finding)
    row = {"finding": finding.finding, "version": finding.version, "author": finding.author, "line": line}
    row["digest"] = hashlib.sha256(line.encode()).hexdigest()
    engine = _engine(url)
    try:
        with engine.begin() as connection:
            _make(connection)
            connection.execute(_text(_INSERT), row)
    except Exception as err:
        raise _refusal(err, url, "chưa ghi được phát hiện", "the finding is not recorded") from err


def gather(url: str) -> tuple[list[Finding], list[Damaged]]:
    """Return all versions of all findings, and the rows that are none. A table not there yet has none.

    Raises
    ------
    FindingError
        If the extra is not installed, or the server cannot be reached or refuses.
    """
    engine = _engine(url)
    try:
        with engine.connect() as connection:
            there = _there(connection)
            rows = connection.execute(_text(f"SELECT row, line FROM {TABLE} ORDER BY row")).all() if there else []  # noqa: S608
    except Exception as err:
        raise _refusal(err, url, "không đọc được phát hiện", "findings cannot be read") from err
    found, damaged = [], []
    for number, line in rows:
        try:
            found.append(from_line(line))
        except FindingError as err:
            damaged.append(Damaged(f"{TABLE}, dòng / row {number}", (err.vi, err.en), line))
    return found, damaged


def _make(connection: Connection) -> None:
    """Make the table and what keeps anybody from changing or deleting a row, once."""
    if _there(connection):
        return
    connection.execute(_text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
    if not _there(connection):
        for statement in _MAKE:
            connection.execute(_text(statement))


def _there(connection: Connection) -> bool:
    # Not `to_regclass`: within a transaction it remembers that there was none, though another has made it since.
    found = f"SELECT 1 FROM pg_catalog.pg_class WHERE relname = '{TABLE}' AND pg_table_is_visible(oid)"  # noqa: S608
    return connection.execute(_text(found)).scalar() is not None


def _text(statement: str) -> TextClause:
    from sqlalchemy import text  # noqa: PLC0415 - an extra

    return text(statement)


def _engine(url: str) -> Engine:
    try:
        import sqlalchemy as sa  # noqa: PLC0415 - an extra

        # A connection for each act, closed after it: findings are few, and a forked process must not share one.
        return sa.create_engine(_address(url).set(drivername="postgresql+pg8000"), poolclass=sa.NullPool)
    except ImportError as err:
        raise FindingError(
            f"phát hiện trong PostgreSQL cần gói {err.name!r} chưa cài; hãy chạy: pip install 'danvan_kit[postgres]'",
            f"findings in PostgreSQL need {err.name!r}, not installed; run: pip install 'danvan_kit[postgres]'",
        ) from err


def _address(url: str) -> URL:
    import sqlalchemy as sa  # noqa: PLC0415 - an extra

    kind = url.partition("://")[0]
    with contextlib.suppress(sa.exc.ArgumentError, ValueError):  # not to be shown: it may hold a password
        if kind in {"postgresql", "postgresql+pg8000"}:
            return sa.make_url(url)
    raise FindingError(
        f"không ghi phát hiện vào địa chỉ {kind!r} này được; được dùng: postgresql+pg8000://người:mật_khẩu@máy/tên",
        f"findings cannot be kept at this address of {kind!r}; allowed: postgresql+pg8000://user:password@host/name",
    )


def _refusal(err: Exception, url: str, vi: str, en: str) -> FindingError:
    """Say in one line what the server or the way to it refused; never the password."""
    cause = getattr(err, "orig", None) or err
    told = cause.args[0] if cause.args else type(cause).__name__
    why = " ".join(str(told.get("M", told) if isinstance(told, dict) else told).split())[:200]
    return FindingError(
        f"{vi} ({shown(url)}): {why}; cần máy chủ đang chạy và được phép ghi",
        f"{en} ({shown(url)}): {why}; needed: a server that runs and lets you in",
    )

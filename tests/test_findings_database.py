"""Findings in a real PostgreSQL server: the same functions, nothing lost, nothing changed afterwards."""

from __future__ import annotations

import dataclasses
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from browser import free_port
from postgres import server
from test_findings import PATTERN

from danvan_kit import findings
from danvan_kit.findings import FindingError, database
from danvan_kit.findings.finding import new_id


@pytest.fixture(scope="module")
def url():
    with server() as address:
        yield address


def test_first_writers_at_once_make_one_table_and_nothing_is_lost(url):
    assert findings.read(url) == ()

    def several(who):
        made = [dataclasses.replace(PATTERN, finding=new_id(), author=f"Người {who}") for _ in range(10)]
        for one in made:
            findings.write(one, url)
        return made

    with ThreadPoolExecutor(4) as pool:
        written = [one for part in pool.map(several, range(4)) for one in part]
    assert findings.read(url) == tuple(sorted(written, key=lambda one: one.finding))


def test_the_same_version_twice_is_kept_once_and_an_edit_counts(url):
    first = dataclasses.replace(PATTERN, finding=new_id(), statement="Ghi bằng chữ Việt: ấ ộ Đ '; DROP TABLE x; --")
    edited = findings.edit(first, author="B", status="agreed")
    for one in (first, first, edited):
        findings.write(one, url)
    assert [one for one in findings.versions(url) if one.finding == first.finding] == [first, edited]
    kept, _ = findings.gather(url)
    assert sum(one.finding == first.finding for one in kept) == 2


@pytest.mark.parametrize("change", ["UPDATE {} SET author = 'x'", "DELETE FROM {}", "TRUNCATE {}"])
def test_a_row_can_be_neither_changed_nor_deleted(url, change):
    findings.write(PATTERN, url)
    engine = sa.create_engine(url)
    with pytest.raises(sa.exc.DBAPIError, match="only grows"), engine.begin() as connection:
        connection.execute(sa.text(change.format(database.TABLE)))
    engine.dispose()
    assert PATTERN.finding in {one.finding for one in findings.read(url)}


def test_a_row_that_is_no_finding_is_told(url):
    findings.write(PATTERN, url)
    row = {"finding": "x", "version": 1, "author": "x", "digest": "x", "line": "{"}
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.execute(sa.text(database._INSERT), row)
    engine.dispose()
    (damage,) = findings.damaged(url)
    assert damage.place.startswith("danvan_findings, dòng / row ")
    with pytest.warns(findings.FindingWarning):
        findings.read(url)


def test_a_server_that_refuses_is_one_line_without_the_password(url):
    wrong = url.replace("s3cret", "hidden-word")
    for act in (lambda: findings.write(PATTERN, wrong), lambda: findings.read(wrong)):
        with pytest.raises(FindingError, match="password authentication failed") as err:
            act()
        assert "hidden-word" not in str(err.value)
        assert "\n" not in str(err.value)
    assert "s3cret" not in database.shown(url)
    assert database.shown("findings") == "findings"


def test_no_server_is_one_line():
    nobody = f"postgresql://dvk:s3cret@127.0.0.1:{free_port()}/postgres"
    with pytest.raises(FindingError, match=r"chưa ghi được phát hiện \(postgresql://dvk:\*\*\*@127\.0\.0\.1"):
        findings.write(PATTERN, nobody)


@pytest.mark.parametrize("place", ["mysql://x/y", "sqlite:///x.db", "http://host/x", "://", "postgresql://h:port/x"])
def test_another_kind_of_address_is_refused_with_what_is_allowed(place):
    with pytest.raises(FindingError, match=r"được dùng: postgresql\+pg8000://"):
        findings.write(PATTERN, place)


@pytest.mark.parametrize("package", ["sqlalchemy", "pg8000"])
def test_without_the_extra_one_line_says_what_to_install(monkeypatch, package):
    monkeypatch.setitem(sys.modules, package, None)
    for act in (lambda: findings.write(PATTERN, "postgresql://x/y"), lambda: findings.read("postgresql://x/y")):
        with pytest.raises(FindingError, match=rf"'{package}' chưa cài; .*'danvan_kit\[postgres\]'"):
            act()

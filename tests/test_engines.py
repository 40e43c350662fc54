"""The same figures from every engine, to the last unit: real ones, none of them played."""

from __future__ import annotations

import warnings

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import postgres
import pytest
from cluster import cluster
from conftest import DATA

from danvan_kit import breadth, checks, cube, disclosure, engines, findings, reconcile, views
from danvan_kit import review as reviews
from danvan_kit.log import Log

BY = ["area", "year", "activity"]
VALUES = ["participants", "opinions", "resolved", "days"]
TEXTS = ["record", "area", "activity", "body", "topic", "origin"]
TALKS = ["doi_thoai_dinh_ky", "tiep_xuc_doi_thoai"]
pytestmark = pytest.mark.filterwarnings(
    "ignore::DeprecationWarning:pyspark", "ignore::ResourceWarning", "ignore::FutureWarning:pyspark"
)


@pytest.fixture(scope="module")
def plain(shipped):
    """The shipped log with engines' own types: text, int, date."""
    return shipped.records.astype(dict.fromkeys(TEXTS, "object"))


@pytest.fixture(scope="module")
def parquet(plain, tmp_path_factory):
    """The shipped log as a Parquet folder, a folder a year and area inside."""
    folder = tmp_path_factory.mktemp("log") / "records"
    with duckdb.connect() as connection:
        connection.register("log", plain.astype(dict.fromkeys(VALUES, "float64")))
        whole = ", ".join(f"cast({c} as integer) as {c}" for c in VALUES)
        some = f"select * replace ({whole}, cast(date as date) as date, cast(year as integer) as year) from log"  # noqa: S608 - our own names
        connection.sql(f"copy ({some}) to '{folder}' (format parquet, partition_by (year))")
        connection.sql(f"copy ({some}) to '{folder.parent}/one.parquet' (format parquet)")
    return folder


def _polars(plain):
    columns = {c: [None if pd.isna(v) else int(v) for v in plain[c]] for c in [*VALUES, "year"]}
    columns |= {c: plain[c].tolist() for c in TEXTS} | {"date": plain["date"].dt.date.tolist()}
    return pl.DataFrame(columns).with_columns(pl.col(*VALUES, "year").cast(pl.Int32))


@pytest.fixture(scope="module", params=["polars", "polars lazy", "duckdb", "parquet", "postgres", "spark", "connect"])
def engine(request, plain, parquet):
    """Put the shipped log into one engine after the other."""
    kind = request.param
    if kind.startswith("polars"):
        frame = _polars(plain)
        yield frame.lazy() if kind == "polars lazy" else frame
    elif kind == "duckdb":
        yield duckdb.connect().sql(f"from '{parquet.parent}/one.parquet'")
    elif kind == "parquet":
        yield parquet
    elif kind == "postgres":
        yield from _postgres(plain)
    else:
        yield request.getfixturevalue("classic" if kind == "spark" else "remote").read.parquet(
            str(parquet.parent / "one.parquet")
        )


def _postgres(plain):
    reason = "ibis reaches PostgreSQL through psycopg (LGPL, so no part of the kit): pip install 'psycopg[binary]'"
    pytest.importorskip("psycopg", reason=reason)
    ibis = engines.need("ibis")
    kinds = {"year": "int", "date": "date"} | dict.fromkeys(VALUES, "int")
    with postgres.server() as url:
        connection = ibis.connect(url.replace("+pg8000", ""))
        columns = ", ".join(f'"{c}" {kinds.get(c, "text")}' for c in plain.columns)
        with connection.begin() as cursor:
            cursor.execute(f"create table records ({columns})")
            with cursor.copy("copy records from stdin (format csv)") as copy:
                copy.write(plain.to_csv(index=False, header=False))
        yield connection.table("records")
        connection.disconnect()


@pytest.fixture(scope="module")
def sparks():
    with cluster() as both, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield both


@pytest.fixture(scope="module")
def classic(sparks):
    local = {"spark__driver__host": "127.0.0.1", "spark__driver__bindAddress": "127.0.0.1"}
    few = {"spark__sql__shuffle__partitions": "2", "spark__executor__memory": "512m", "spark__ui__enabled": "false"}
    session = engines.spark(sparks[0], **local, **few, spark__cores__max="2")
    yield session
    session.stop()


@pytest.fixture(scope="module")
def remote(sparks):
    session = engines.spark(sparks[1]())
    yield session
    session.stop()


@pytest.fixture(scope="module")
def far(engine):
    """Load the shipped review with its log in the engine."""
    return reviews.load(DATA, records=engine)


@pytest.mark.parametrize("value", [None, "opinions"])
def test_a_roll_up_is_the_same(engine, shipped, value):
    expected = cube.rollup(shipped.records, shipped.areas, BY, value)
    pd.testing.assert_frame_equal(cube.rollup(engine, shipped.areas, BY, value), expected)


def test_every_figure_of_the_cube_is_the_same(far, shipped):
    ours, known = cube.of(far), cube.of(shipped)
    assert isinstance(far.records, Log)
    for name in ("own", "total", "expected", "present"):
        np.testing.assert_array_equal(getattr(ours, name), getattr(known, name), err_msg=name)
    span = (shipped.years[0], shipped.years[-1])
    for indicator in shipped.indicators.index:
        for scope in ("own", "total"):
            for year in (2014, span):
                ask = (indicator, shipped.areas.ids, year, scope)
                np.testing.assert_array_equal(ours.column(*ask), known.column(*ask), err_msg=str(ask))
        for basis in ("as_was", "constant"):  # Từ Liêm was split in 2013, communes were merged in 2020
            for area in ("01", "019a", "019b"):
                ask = (indicator, area, basis)
                np.testing.assert_array_equal(ours.series(*ask), known.series(*ask), err_msg=str(ask))


def test_what_views_and_checks_ask_of_the_log_is_the_same(far, shipped):
    assert len(far.records) == len(shipped.records)
    assert far.simulated == shipped.simulated
    pd.testing.assert_frame_equal(checks.check(far), checks.check(shipped))
    topics, counts = breadth.by_topic(far, "cuoc_giam_sat")
    expected = breadth.by_topic(shipped, "cuoc_giam_sat")
    assert topics == expected[0]
    np.testing.assert_array_equal(counts, expected[1])
    for review_view in (views.substance, views.resolution):
        one, two = review_view(far, area="001"), review_view(shipped, area="001")
        pd.testing.assert_frame_equal(one.table, two.table)
        assert (one.reading, one.sources) == (two.reading, two.sources)
    choices = {"indicator": "cuoc_giam_sat", "area": "001", "years": (2012, 2013)}
    sources, total = findings.evidence.evidence(far, choices)
    known = findings.evidence.evidence(shipped, choices)
    assert (sorted(sources), total) == (sorted(known[0]), known[1])


def test_the_rows_behind_a_figure_are_the_same(far, shipped):
    ours, known = (
        reconcile.chain(one, "cuoc_giam_sat", years=(2013, 2013)).rows("records", "001") for one in (far, shipped)
    )
    by_id = [frame.sort_values("record", ignore_index=True) for frame in (ours, known)]
    pd.testing.assert_frame_equal(*by_id, check_categorical=False, check_dtype=False)


def test_a_protected_review_hides_the_same(far, shipped):
    ours, known = disclosure.protect(far, 5), disclosure.protect(shipped, 5)
    np.testing.assert_array_equal(cube.of(ours).own, cube.of(known).own)
    np.testing.assert_array_equal(cube.of(ours).total, cube.of(known).total)
    one, two = views.substance(ours, area="001"), views.substance(known, area="001")
    pd.testing.assert_frame_equal(one.table, two.table)
    area = next(a for a in shipped.areas.ids if known.records[known.records["area"] == a]["opinions"].isna().any())
    span = (shipped.years[0], shipped.years[-1])
    held = ours.records.rows([area], TALKS, span)
    same = known.records[(known.records["area"] == area) & known.records["activity"].isin(TALKS)]
    assert held["opinions"].isna().tolist() == same.sort_values("record")["opinions"].isna().tolist()

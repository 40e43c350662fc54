"""The same figures from every engine, to the last unit: real ones, none of them played."""

from __future__ import annotations

import contextlib
import dataclasses
import importlib
import re
import socket
import sys
import threading
import warnings
from types import SimpleNamespace

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import postgres
import pytest
from browser import free_port
from cluster import LEAN, cluster
from conftest import DATA

from danvan_kit import breadth, checks, cube, disclosure, engines, findings, log, reconcile, views
from danvan_kit import review as reviews
from danvan_kit.areas import Areas
from danvan_kit.checks import rules
from danvan_kit.engines import EngineError
from danvan_kit.log import Log, LogError
from danvan_kit.tables import TableError

TITLE = "Big data, other engines"
BY = ["area", "year", "activity"]
VALUES = ["participants", "opinions", "resolved", "days"]
TEXTS = ["record", "area", "activity", "body", "topic", "origin"]
TALKS = ["doi_thoai_dinh_ky", "tiep_xuc_doi_thoai"]
pytestmark = pytest.mark.filterwarnings(
    "ignore::DeprecationWarning:pyspark", "ignore::ResourceWarning", "ignore::FutureWarning:pyspark"
)


@pytest.fixture(scope="module")
def plain(shipped):
    """Return the shipped log with engines' own types: text, int, date."""
    return shipped.records.astype(dict.fromkeys(TEXTS, "object"))


@pytest.fixture(scope="module")
def parquet(plain, tmp_path_factory):
    """Write the shipped log as a Parquet folder, a folder a year and area inside."""
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


EACH = ["polars", "polars lazy", "duckdb", "parquet", "postgres", "spark", "connect"]
EACH_CUBE = ["polars", "parquet", "postgres", "spark", "connect"]  # a DuckDB relation is what Parquet becomes
EACH_ROW = EACH_CUBE[:-1]  # Connect only writes the same plans another way


def on(engines_named):
    return pytest.mark.parametrize("engine", engines_named, indirect=True)


@pytest.fixture(scope="module")
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
        server = engines.need("ibis").connect(request.getfixturevalue("database"))
        yield server.table("records")
        server.disconnect()
    elif kind == "spark":
        yield request.getfixturevalue("sparks").session.read.parquet(str(parquet.parent / "one.parquet"))
    else:
        door = request.getfixturevalue("sparks").door
        with _beside_a_session():
            session = engines.spark(door)
        yield session.read.parquet(str(parquet.parent / "one.parquet"))
        session.stop()


@contextlib.contextmanager
def _beside_a_session():
    """Let a session of the other kind be made: pyspark refuses both in one process."""
    core, sql = (importlib.import_module(name) for name in ("pyspark.core.context", "pyspark.sql"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(core.SparkContext, "_active_spark_context", None)
        patch.setattr(sql.SparkSession, "_instantiatedSession", None)
        patch.setenv("SPARK_CONNECT_MODE_ENABLED", "1")
        yield


@pytest.fixture(scope="module")
def database(plain):
    """Put the shipped log into a PostgreSQL; the server's URL."""
    kinds = {"year": "int", "date": "date"} | dict.fromkeys(VALUES, "int")
    with postgres.server() as address:
        url = address.replace("+pg8000", "")
        connection = engines.need("ibis").connect(url)
        columns = ", ".join(f'"{c}" {kinds.get(c, "text")}' for c in plain.columns)
        with connection.begin() as cursor:
            cursor.execute(f"create table records ({columns})")
            with cursor.copy("copy records from stdin (format csv)") as copy:
                copy.write(plain.to_csv(index=False, header=False))
        connection.disconnect()
        yield url


@pytest.fixture(scope="module")
def sparks():
    """Open one session on a cluster, which lets Spark Connect in too: ``master, session, door``."""
    door = free_port()
    settings = {
        "spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1", "spark.ui.enabled": "false",
        "spark.executor.memory": "512m", "spark.sql.shuffle.partitions": "1",
        "spark.plugins": "org.apache.spark.sql.connect.SparkConnectPlugin",
        "spark.connect.grpc.binding.address": "127.0.0.1", "spark.connect.grpc.binding.port": str(door),
    }  # fmt: skip
    with cluster() as (master, both), warnings.catch_warnings(), pytest.MonkeyPatch.context() as patch:
        warnings.simplefilter("ignore")
        patch.setenv("JAVA_TOOL_OPTIONS", LEAN)
        session = engines.spark(master, **{name.replace(".", "__"): value for name, value in settings.items()})
        both()
        yield SimpleNamespace(master=master, session=session, door=f"sc://127.0.0.1:{door}")
        session.stop()


@pytest.fixture(scope="module")
def far(engine):
    """Load the shipped review with its log in the engine."""
    return reviews.load(DATA, records=engine)


@pytest.fixture(scope="module")
def sums(shipped):
    return {value: cube.rollup(shipped.records, shipped.areas, BY, value) for value in (None, "opinions")}


@on(EACH)
def test_a_roll_up_is_the_same(engine, shipped, sums):
    for value, known in sums.items():
        pd.testing.assert_frame_equal(cube.rollup(engine, shipped.areas, BY, value), known)


def same_figures(one, two):
    """Compare the figures of two reviews: every way to add up (sum, last, ratio, none), own and total, who stood.

    Of the city and of each area that the changes of 2013 (Từ Liêm was split, communes became wards) and of 2020
    (communes were merged) touch, the whole series too, as it was and on today's borders.
    """
    ours, known = cube.of(one), cube.of(two)
    assert set(two.indicators["aggregation"]) == {"sum", "last", "ratio", "none"}
    for name in ("own", "total", "expected", "present"):
        np.testing.assert_array_equal(getattr(ours, name), getattr(known, name), err_msg=name)
    changes = two.areas.changes
    assert set(changes["date"].dt.year) == {2013, 2020}
    moved = ["01", *sorted({*changes["from_area"], *changes["to_area"]})]
    span = (two.years[0], two.years[-1])
    for indicator in two.indicators.index:
        for scope in ("own", "total"):
            for year in (2013, 2014, 2020, span):
                ask = (indicator, two.areas.ids, year, scope)
                np.testing.assert_array_equal(ours.column(*ask), known.column(*ask), err_msg=str(ask))
        for basis in ("as_was", "constant"):
            for area in moved:
                ask = (indicator, area, basis)
                np.testing.assert_array_equal(ours.series(*ask), known.series(*ask), err_msg=str(ask))


@on(EACH_CUBE)
def test_every_figure_of_the_cube_is_the_same(far, shipped):
    assert isinstance(far.records, Log)
    same_figures(far, shipped)


def _without_changes(review, year):
    changes = review.areas.changes
    return {"areas": Areas(review.areas.table, changes[changes["date"].dt.year != year])}


def _always(review):
    """Let all areas stand at all times."""
    table = review.areas.table.drop(columns="urban")
    ever = {c: table[c].where(table[c].isna()) for c in ("valid_from", "valid_to")}
    return {"areas": Areas(table.assign(**ever), review.areas.changes)}


def _added_otherwise(review, kind, other):
    kinds = review.indicators["aggregation"]
    first = kinds.index[kinds == kind][0]
    return {"indicators": review.indicators.assign(aggregation=kinds.where(kinds.index != first, other))}


@pytest.mark.parametrize(
    "lost",
    [
        lambda r: _without_changes(r, 2013),
        lambda r: _without_changes(r, 2020),
        _always,
        lambda r: _added_otherwise(r, "sum", "last"),
        lambda r: _added_otherwise(r, "sum", "none"),
        lambda r: {"records": Log(duckdb.sql("from log where record <> 'r40000'"), r.areas, r.years)},
    ],
    ids=["2013", "2020", "validity", "last", "none", "one entry"],
)
def test_the_comparison_sees_what_would_be_lost(shipped, plain, lost):
    duckdb.register("log", plain.astype(dict.fromkeys(VALUES, "float64")))
    with pytest.raises(AssertionError):
        same_figures(dataclasses.replace(shipped, **lost(shipped)), shipped)


@on(EACH_ROW)
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


@on(EACH_ROW)
def test_the_rows_behind_a_figure_are_the_same(far, shipped):
    ours, known = (
        reconcile.chain(one, "cuoc_giam_sat", years=(2013, 2013)).rows("records", "001") for one in (far, shipped)
    )
    by_id = [frame.sort_values("record", ignore_index=True) for frame in (ours, known)]
    pd.testing.assert_frame_equal(*by_id, check_categorical=False, check_dtype=False)


@on(EACH_ROW)
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


def _lines(heading):
    """Return the lines of Python below a heading of the page about engines."""
    part = (
        (DATA.parent / "docs" / "engines.md").read_text(encoding="utf-8").split(f"# {heading}\n")[1].split("\n## ")[0]
    )
    return "\n".join(re.findall(r"```python\n(.*?)```", part, flags=re.DOTALL))


def _run(heading, shipped, places, **names):
    """Run the lines of the page with the addresses of the tests, and hold what they load against the shipped review."""
    lines = _lines(heading)
    for named, ours in places.items():
        assert named in lines
        lines = lines.replace(named, str(ours))
    exec(lines, names)  # noqa: S102 - our own page
    np.testing.assert_array_equal(cube.of(names["review"]).total, cube.of(shipped).total)
    assert isinstance(names["review"].records, Log)
    return names


def test_the_lines_of_the_page_about_parquet_run(shipped, parquet, tmp_path, monkeypatch):
    monkeypatch.chdir(DATA.parent)
    _run("Parquet on a share, through DuckDB", shipped, {"/share/log": parquet, "/scratch": tmp_path})
    _run(TITLE, shipped, {}, log=parquet)


def test_the_lines_of_the_page_about_spark_run(shipped, parquet, sparks, monkeypatch):
    monkeypatch.chdir(DATA.parent)
    file = parquet.parent / "one.parquet"
    _run("A Spark cluster", shipped, {"spark://master:7077": sparks.master, "/share/log": file})
    with _beside_a_session():
        names = _run("Spark Connect", shipped, {"sc://server:15002": sparks.door, "/share/log": file})
        names["session"].stop()


def test_the_lines_of_the_page_about_ibis_run(shipped, database, monkeypatch):
    monkeypatch.chdir(DATA.parent)
    heading = "PostgreSQL, Trino and warehouses, through ibis"
    _run(heading, shipped, {"postgresql://reader:password@db/review": database})["server"].disconnect()


# --- what is refused, and what engines do differently -----------------------------------------------------------------


@pytest.fixture
def sql():
    with duckdb.connect() as connection:
        yield connection.sql


@pytest.fixture(scope="module")
def few(shipped):
    """Return some reports: a log is loaded sooner beside them."""
    return shipped.observations.head(20)


def _log(sql, **changed):
    cells = {
        "record": "'r1'", "date": "date '2011-05-05'", "year": "2011", "area": "'001'", "activity": "'cuoc_giam_sat'",
        "body": "'MTTQ'", "topic": "'x'", "participants": "null::int", "opinions": "null::int",
        "resolved": "null::int", "days": "null::int", "origin": "'reported'",
    } | changed  # fmt: skip
    return sql("select " + ", ".join(f"{value} as {name}" for name, value in cells.items()))


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"area": "'zz'"}, "'area': không có 'zz'"),
        ({"year": "2031"}, "'year': không có 2031"),
        ({"activity": "'hop'"}, "'activity': không có 'hop'"),
        ({"area": "null::text"}, "'area': có ô trống"),
        ({"opinions": "1.5::double"}, "'opinions': có số lẻ"),
        ({"opinions": "'3'"}, "'opinions': không phải số"),
        ({"date": "'2011-05-05'"}, "'date': kiểu String"),
        ({"date": "timestamptz '2011-05-05 00:00:00+07'"}, "múi giờ"),
    ],
)
def test_a_log_that_does_not_fit_is_refused_with_the_value(sql, few, changed, named):
    with pytest.raises(LogError, match=named):
        reviews.load(DATA, records=_log(sql, **changed), observations=few)


def test_sql_engines_do_not_tell_capitals_from_small_letters(sql, tiny):
    frame = sql("select 'a1' as AREA, 2010 as Year, 2147483647 as N from range(3)")
    found = cube.rollup(frame, tiny.areas, ["area", "year"], "n").set_index("area")
    assert found.loc["C"].tolist() == [2010, 3 * (2**31 - 1), 3]
    with pytest.raises(cube.RollupError, match="thiếu cột 'AREA'"):
        cube.rollup(tiny.records, tiny.areas, ["area"], "AREA")


def test_sums_beyond_what_a_float_holds_are_exact(sql, tiny):
    found = cube.rollup(sql("select 'a1' as area, 9007199254740993 as n"), tiny.areas, ["area"], "n")
    assert found.set_index("area")["value"]["C"] == 2**53 + 1


def test_nan_and_null_are_both_missing(sql, tiny):
    frame = sql("select * from (values ('a1', 'nan'::double), ('a1', null), ('a1', 2.0)) t(area, n)")
    assert cube.rollup(frame, tiny.areas, ["area"], "n").set_index("area").loc["C"].tolist() == [2.0, 1]


def test_an_empty_log_has_no_activity(sql, few):
    far = reviews.load(DATA, records=_log(sql).filter("false"), observations=few)
    assert len(far.records) == 0
    assert not far.records.simulated
    assert cube.of(far).series("cuoc_giam_sat", "01").tolist()[:3] == [0, 0, 0]


def test_codes_in_folder_names_keep_their_zeros(sql, tmp_path, shipped):
    sql("select '001' as area, 2011 as year, 4 as n").write_parquet(str(tmp_path / "p"), partition_by=["area", "year"])
    found = cube.rollup(tmp_path / "p", shipped.areas, ["area", "year"], "n").set_index(["area", "year"])["value"]
    assert found.to_dict() == {("01", 2011): 4, ("001", 2011): 4}
    with pytest.raises(EngineError, match="không có tệp Parquet"):
        cube.rollup(tmp_path / "none", shipped.areas, ["area"])


def test_reports_come_from_an_engine_too(shipped, tmp_path):
    texts = [c for c in shipped.observations if shipped.observations[c].dtype == "category"]
    with duckdb.connect() as connection:
        connection.register("reports", shipped.observations.astype(dict.fromkeys(texts, "object")))
        connection.sql("select * replace (cast(received as date) as received) from reports").write_parquet(
            str(tmp_path / "o.parquet")
        )
    far = reviews.load(DATA, observations=tmp_path / "o.parquet")
    key = ["area", "year", "indicator", "scope", "source"]
    ours, known = (
        one.observations.astype(dict.fromkeys(texts, "str")).sort_values(key, ignore_index=True)
        for one in (far, shipped)
    )
    pd.testing.assert_frame_equal(ours, known)
    with pytest.raises(TableError, match="'scope': giá trị 'x' không hợp lệ"):
        reviews.load(DATA, observations=shipped.observations.head(2).assign(scope="x"))
    with pytest.raises(EngineError, match="thiếu cột 'year'"):
        reviews.load(DATA, observations=pl.DataFrame({"area": ["001"]}))


def test_a_log_in_memory_is_checked_as_a_file_is(shipped, few):
    again = reviews.load(DATA, records=shipped.records.head(100), observations=few)
    pd.testing.assert_frame_equal(
        again.records, shipped.records.head(100), check_categorical=False, check_index_type=False
    )


def test_too_many_rows_are_refused_and_never_cut_off(sql, few, monkeypatch):
    monkeypatch.setattr(log, "MOST", 2)
    rows = _log(sql).union(_log(sql, record="'r2'")).union(_log(sql, record="'r3'"))
    far = reviews.load(DATA, records=rows, observations=few)
    with pytest.raises(LogError, match="hơn 2 dòng nhật ký"):
        far.records.rows(["001"], ["cuoc_giam_sat"], (2011, 2011))


def test_a_missing_extra_or_java_is_one_line(monkeypatch):
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(EngineError, match=r"pip install 'danvan_kit\[duckdb\]'"):
        engines.parquet(DATA)
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(EngineError, match="không có lệnh 'java'"):
        engines.spark("spark://127.0.0.1:1")
    monkeypatch.setattr(engines, "_there", lambda _: False)
    with pytest.raises(EngineError, match=r"pip install 'danvan_kit\[spark\]'"):
        engines.spark("sc://127.0.0.1:1")


def test_a_spark_that_is_not_there_is_one_line_at_once():
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # taken, and nobody listens
        port = nobody.getsockname()[1]
        for url in (f"spark://127.0.0.1:{port},localhost:{port}", f"sc://127.0.0.1:{port}/;user_id=x"):
            with pytest.raises(EngineError, match="không trả lời") as told:
                engines.spark(url)
            assert "\n" not in str(told.value)
    for url in ("http://master", "spark://", "master:7077"):
        with pytest.raises(EngineError, match="không phải địa chỉ"):
            engines.spark(url)


def test_a_session_of_this_computer_alone_lets_nobody_else_in(monkeypatch):
    asked = {}

    class Builder:
        def master(self, url):
            return self.config("master", url)

        def config(self, name, value):
            asked[name] = value
            return self

        def getOrCreate(self):  # noqa: N802 - Spark's own name
            raise RuntimeError("An error occurred while calling None.\n: java.lang.IllegalStateException\n\tat x.Y")

    pyspark = SimpleNamespace(SparkSession=SimpleNamespace(builder=Builder()))
    monkeypatch.setattr(engines.importlib, "import_module", lambda _: pyspark)
    monkeypatch.setenv("JAVA_HOME", "/usr")
    with pytest.raises(EngineError, match=r"RuntimeError: An error occurred while calling None\. / ") as told:
        engines.spark("local[1]", spark__executor__memory="1g")
    assert told.value.__suppress_context__
    assert asked == {
        "master": "local[1]", "spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1",
        "spark.ui.enabled": "false", "spark.executor.memory": "1g",
    }  # fmt: skip


def test_files_of_which_one_lacks_a_column_or_is_broken_are_refused(sql, tmp_path, tiny):
    sql("select 'a1' as area, 1 as n, {'x': 1} as more").write_parquet(str(tmp_path / "1.parquet"))
    sql("select 'a1' as AREA, 2.5 as n, {'x': 1, 'y': 2} as more").write_parquet(str(tmp_path / "2.parquet"))
    found = cube.rollup(tmp_path, tiny.areas, ["area"], "n").set_index("area")["value"]
    assert found["C"] == 3.5
    sql("select 'a1' as area, {'x': 1} as more").write_parquet(str(tmp_path / "3.parquet"))
    with pytest.raises(EngineError, match=r"3\.parquet: thiếu cột 'n' mà tệp khác có"):
        cube.rollup(tmp_path, tiny.areas, ["area"], "n")
    (tmp_path / "3.parquet").write_bytes(b"PAR1")
    with pytest.raises(EngineError, match=r"DuckDB báo lỗi: .*3\.parquet"):
        cube.rollup(tmp_path, tiny.areas, ["area"], "n")


def test_a_closed_connection_and_what_an_engine_refuses_are_one_line(tiny):
    with duckdb.connect() as connection:
        frame = connection.sql("select 'a1' as area, n::int as n from (values ('1'), ('x')) t(n)")
        with pytest.raises(EngineError, match="duckdb báo lỗi: ConversionException: .*'x'") as told:
            cube.rollup(frame, tiny.areas, ["area"], "n")
        assert "\n" not in str(told.value)
    with pytest.raises(EngineError, match="duckdb báo lỗi: .*closed"):
        cube.rollup(frame, tiny.areas, ["area"], "n")


def test_entries_of_days_on_which_their_area_did_not_stand_are_found_in_an_engine_too(sql, few):
    """Bắc Từ Liêm (021) stood from the end of 2013 on, Từ Liêm (019a) until then."""
    rows = _log(sql, record="'a'", area="'021'").union(_log(sql, record="'b'", area="'021'"))
    late = {"year": "2015", "date": "date '2015-01-01'"}
    for record, area in (("c", "021"), ("d", "019a"), ("e", "001")):
        rows = rows.union(_log(sql, record=f"'{record}'", area=f"'{area}'", **late))
    far, known = (reviews.load(DATA, records=log, observations=few) for log in (rows, rows.df()))
    assert repr(far.records) == "Nhật ký trong duckdb: 5 hoạt động"
    ours, theirs = (rules.area_validity(one) for one in (far, known))
    pd.testing.assert_frame_equal(ours, theirs)
    assert list(zip(ours["area"], ours["year"], strict=True)) == [("019a", 2015), ("021", 2011)]
    assert ours["source"].tolist() == ["records#d", "records#a; records#b"]


def _files(folder):
    """Return DuckDB's temporary files; it may have taken one away meanwhile."""
    return [file for file in folder.glob("duckdb_temp*.tmp") if file.exists()]


def test_what_does_not_fit_into_memory_goes_to_disk(tiny, tmp_path):
    """Two million entries with long ids, each perhaps logged twice, with 1 GB: DuckDB must spill, and counts right."""
    rows = 2_000_000
    with duckdb.connect(config={"memory_limit": "1GB", "temp_directory": str(tmp_path), "threads": 2}) as connection:
        frame = connection.sql(
            "select distinct ['a1', 'a2', 'b1'][1 + i % 3] as area, 2010 as year, "  # noqa: S608 - our own
            f"hash(i) || repeat('x', 500) as record from range({rows}) t(i)"
        )
        seen, done = [0], threading.Event()

        def watch():
            while not done.wait(0.02):
                seen.append(len(_files(tmp_path)))

        watcher = threading.Thread(target=watch)
        watcher.start()
        try:
            found = cube.rollup(frame, tiny.areas, ["area", "year"])
        finally:
            done.set()
            watcher.join()
    assert found.set_index("area")["value"]["C"] == rows
    assert max(seen) > 0

"""Findings: what they keep of a view, that none is lost, and that none which no longer holds is missed."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
import os
import resource
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from conftest import tiny_review
from hypothesis import given
from hypothesis import strategies as st

from danvan_kit import disclosure, explore, findings, views
from danvan_kit.__main__ import main
from danvan_kit.errors import DanvanError
from danvan_kit.findings import FindingError, FindingWarning, digests, hold, lines, store, told
from danvan_kit.findings.evidence import evidence
from danvan_kit.findings.finding import KINDS, STATUSES, Finding, new_id

ROOT = Path(__file__).parents[1]
ASKED = [
    ("compare", {"indicator": "don", "area": "C", "year": 2010}),
    ("trend", {"indicator": "ty_le", "area": "A"}),
    ("heatmap", {"indicator": "giam_sat", "area": "C"}),
    ("peers", {"area": "B", "year": 2012}),
]


@pytest.fixture(scope="module")
def review():
    return tiny_review()


@pytest.fixture(scope="module")
def made(review):
    """Return one finding on the petitions of 2010: C 10 of its own, A 20 + 4 + 6, B 8 + 0 + 5."""
    return _make(review)


def _make(review, view="compare", choices=ASKED[0][1], **more):
    words = {"statement": "Quận A nhận nhiều đơn nhất", "kind": "strength", "author": "Nguyễn Văn Ấn"}
    return findings.from_view(getattr(views, view), review, choices, **(words | more))


# --- what a finding keeps ---------------------------------------------------------------------------------------------


def test_a_finding_keeps_what_the_view_showed_and_what_stands_behind_it(made, review):
    shown = dict(made.shown)
    assert (shown["Quận A · Giá trị"], shown["Huyện B · Giá trị"]) == (30, 13)
    view = views.compare(review, **ASKED[0][1])
    assert (made.title, made.reading, made.area, made.simulated) == (view.title, view.reading, "C", False)
    behind = review.observations.query("indicator == 'don' and year == 2010 and status == 'reported'")
    assert made.evidence == tuple(behind["source"])
    assert made.evidence_total == len(behind) == 7


def test_ids_sort_by_time_and_are_version_7():
    ids = [new_id() for _ in range(50)]
    assert len(set(ids)) == 50
    assert {name[14] for name in ids} == {"7"}
    assert {name[19] for name in ids} <= set("89ab")
    assert [name[:8] for name in ids] == sorted(name[:8] for name in ids)


def test_evidence_of_a_counted_figure_is_the_log_and_of_a_ratio_its_parts(review):
    logged, total = evidence(review, {"indicator": "giam_sat", "area": "A", "years": (2010, 2011)})
    assert total == 5  # 1 of A, 4 of a1
    assert all(name.startswith("records#r") for name in logged)
    parts, total = evidence(review, {"indicator": "ty_le", "area": "a1"})
    assert total == len(parts) == 6  # three years of petitions and of resolved ones


def test_evidence_is_cut_at_200_and_the_rest_is_counted(review):
    many = dataclasses.replace(review, observations=pd.concat([review.observations] * 9, ignore_index=True))
    names, total = evidence(many, {})
    assert (len(names), total > 400) == (200, True)


def test_a_report_without_a_source_is_named_by_its_key(review):
    bare = dataclasses.replace(review, observations=review.observations.assign(source=""))
    assert evidence(bare, {"indicator": "don", "area": "a1", "year": 2010})[0] == ("observations#a1/2010/don/own",)


def test_a_large_table_is_kept_by_the_rows_of_its_area_and_a_small_one_whole(review):
    table = pd.DataFrame({"area": [f"x{n}" for n in range(99)], "name": [f"Tên {n}" for n in range(99)]})
    view = dataclasses.replace(views.trend(review, indicator="don", area="C"), table=table.assign(value=range(99)))
    assert digests.shown(view, "x70", "vi") == (("Tên 70 · Giá trị", 70.0),)
    assert len(digests.shown(view, "elsewhere", "vi")) == digests.CELLS


def test_two_rows_of_one_name_keep_labels_of_their_own(review):
    table = pd.DataFrame({"name": ["A", "A"], "value": [1, 2]})
    view = dataclasses.replace(views.trend(review, indicator="don", area="C"), table=table)
    assert digests.shown(view, "", "en") == (("A · Value", 1.0), ("A · Value (2)", 2.0))


def test_rows_are_named_by_leading_texts_where_a_year_is_not_enough(review):
    plain = views.trend(review, indicator="don", area="C")
    table = pd.DataFrame({"topic": ["đất", "đất", "chợ"], "year": [2010, 2011, 2010], "value": [1, 2, 3]})
    shown = dict(digests.shown(dataclasses.replace(plain, table=table), "", "vi"))
    assert list(shown.values()) == [1, 2, 3]
    assert [label.split(" · ")[0] for label in shown] == ["đất, 2010", "đất, 2011", "chợ, 2010"]
    table = pd.DataFrame({"area": ["A", "B"], "first": ["x", "x"], "second": ["y", None], "third": ["z", "z"]})
    shown = dict(digests.shown(dataclasses.replace(plain, table=table), "", "vi"))
    assert shown == {"x, y · third": "z", "x, – · third": "z"}


def test_a_table_of_figures_alone_is_named_by_its_columns(review):
    table = pd.DataFrame({"value": [0.1 + 0.2]})
    view = dataclasses.replace(views.trend(review, indicator="don", area="C"), table=table)
    assert digests.shown(view, "", "vi") == (("Giá trị", 0.3),)


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        (None, None), (float("nan"), None), (pd.NA, None), (pd.NaT, None), (np.float64(1 / 3), 0.333333333),
        (np.int64(27739), 27739.0), (True, "yes"), (np.bool_(0), "no"), ("chữ", "chữ"),
        (dt.date(2020, 6, 30), "2020-06-30"), (float("inf"), "inf"), (("a", 1), "('a', 1)"),
    ],
)  # fmt: skip
def test_a_cell_is_kept_as_a_number_a_text_or_nothing(cell, kept):
    assert digests.plain_value(cell) == kept


def test_only_a_view_of_the_kit_can_be_asked_again(review):
    def trend(review, *, lang="vi"): ...

    with pytest.raises(FindingError, match=r"'trend' không thuộc danvan_kit\.views.*được dùng: .*compare"):
        findings.from_view(trend, review, {}, statement="x", kind="cause", author="A")


def test_a_finding_is_never_made_on_hidden_figures(review):
    hidden = disclosure.protect(dataclasses.replace(review, indicators=review.indicators.assign(persons="yes")), 5)
    with pytest.raises(FindingError, match="đủ số liệu"):
        _make(hidden)


@pytest.mark.parametrize(
    ("field", "text", "told"),
    [
        ("statement", " \n ", "thiếu nội dung phát hiện"), ("author", "", "thiếu người ghi"),
        ("kind", "good", "'good'"), ("status", "lost", "'lost'"), ("lang", "fr", "'fr'"),
        ("statement", "x" * 4001, "dài 4001 ký tự; tối đa 4000"),
    ],
)  # fmt: skip
def test_words_that_are_not_allowed_are_one_line(made, tmp_path, field, text, told):
    with pytest.raises(FindingError, match=told) as err:
        findings.write(dataclasses.replace(made, **{field: text}), tmp_path)
    assert "\n" not in str(err.value)
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_area_is_refused(review):
    with pytest.raises(DanvanError, match="'Z'"):
        _make(review, area="Z")
    assert _make(review, area="").area == ""


def test_an_explorer_makes_a_finding_on_its_present_choices(review):
    explored = explore(views.compare, review, indicator="don", area="C", year=2010)
    explored.set(year=2012)
    found = explored.finding("Ít đi", "cause", author="A", due=dt.date(2021, 6, 30))
    assert (found.choices["year"], found.kind, found.due) == (2012, "cause", dt.date(2021, 6, 30))


def test_an_edit_is_a_new_version_and_the_last_one_counts(made, tmp_path):
    edited = findings.edit(made, author="B", statement="Sửa", status="agreed")
    for one in (made, edited, made):
        findings.write(one, tmp_path)
    assert findings.read(tmp_path) == (edited,)
    assert findings.versions(tmp_path) == (made, edited)
    assert (edited.version, edited.finding, edited.shown) == (2, made.finding, made.shown)
    with pytest.raises(FindingError, match=r"'title'.*được dùng: area, due, kind"):
        findings.edit(made, author="B", title="x")


def test_of_two_edits_of_one_version_the_later_counts_and_both_are_kept(made, tmp_path):
    first, second = (dataclasses.replace(made, version=2, time=f"2026-01-0{n}T00:00:00+00:00") for n in (1, 2))
    for one in (second, first):
        findings.write(one, tmp_path)
    assert findings.read(tmp_path) == (second,)
    assert findings.versions(tmp_path) == (first, second)


# --- lines ------------------------------------------------------------------------------------------------------------

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@given(TEXT, TEXT, st.dates(), st.sampled_from(sorted(KINDS)), st.sampled_from(sorted(STATUSES)), st.floats())
def test_what_is_written_comes_back(statement, author, due, kind, status, value):
    made = dataclasses.replace(
        PATTERN, statement=f"x{statement}", author=f"y{author}", due=due, kind=kind, status=status,
        shown=(("a", digests.plain_value(value)), ("b", None), ("c", statement)),
    )  # fmt: skip
    made = lines.checked(made)
    line = lines.to_line(made)
    assert "\n" not in line
    assert lines.from_line(line) == made


@given(st.data())
def test_a_line_cut_or_altered_anywhere_is_told_apart(data):
    line = lines.to_line(PATTERN)
    at = data.draw(st.integers(0, len(line) - 1))
    other = data.draw(st.characters(exclude_characters=line[at], exclude_categories=["Cs"]))
    for bad in (line[:at], line[:at] + other + line[at + 1 :]):
        with pytest.raises(FindingError, match="không còn như lúc ghi"):
            lines.from_line(bad)


@pytest.mark.parametrize(
    "change",
    [
        {"finding": "../../x"}, {"version": True}, {"shown": [[1, 2]]}, {"shown": [["a", []]]}, {"evidence": [3]},
        {"due": "31-2-2021"}, {"time": "yesterday"}, {"time": "2026-01-01T00:00:00"}, {"choices": []}, {"title": None},
        {"due": 5}, {"more": 1},
    ],
)  # fmt: skip
def test_a_line_whose_digest_is_right_and_that_is_no_finding_is_refused(change):
    import json  # noqa: PLC0415

    text = json.dumps(json.loads("{" + lines.to_line(PATTERN)[lines._HEAD :]) | change)
    with pytest.raises(FindingError, match="không phải là một phát hiện"):
        lines.from_line(lines._head(text) + text[1:])
    broken = "{[" + "[" * 9
    with pytest.raises(FindingError, match="không phải là một phát hiện"):
        lines.from_line(lines._head(broken) + broken[1:])


PATTERN = Finding(
    finding=new_id(), version=1, statement="x", kind="weakness", recommendation="", area="C", due=None, status="draft",
    author="A", time="2026-01-01T00:00:00.000+00:00", view="compare", choices={"years": (2010, 2012), "year": None},
    lang="vi", title="T", reading="R", shown=(("Quận A", 1.5),), table_digest="0", data_digest="0", evidence=("a#b",),
    evidence_total=1, simulated=True,
)  # fmt: skip


# --- the folder -------------------------------------------------------------------------------------------------------


def test_a_folder_that_is_not_there_yet_has_no_findings_and_is_made_when_one_is_written(tmp_path):
    place = tmp_path / "a" / "findings"
    assert findings.read(place) == ()
    findings.write(PATTERN, place)
    assert findings.read(str(place)) == (PATTERN,)


@pytest.mark.parametrize(
    "author", ["../../etc/passwd", "..", "CON", "a/b\\c:d", "Đỗ Thị Ấn " * 18, "名前", "\t<b>&'\"x"]
)
def test_a_hostile_author_makes_a_safe_file_in_the_folder(tmp_path, author):
    place = tmp_path / "in" / "findings"
    findings.write(dataclasses.replace(PATTERN, author=author), place)
    (path,) = tmp_path.rglob("*.jsonl")
    assert path.parent == place
    assert set(path.name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-.")
    assert len(path.name) < 80
    assert findings.read(place)[0].author == " ".join(author.split())


def test_authors_whose_names_look_alike_have_files_of_their_own():
    assert store.file_name("Do") != store.file_name("Đỗ")


def test_a_process_forked_from_another_writes_a_file_of_its_own(monkeypatch):
    own = store.writer()
    monkeypatch.setattr(os, "getpid", lambda: -1)
    assert store.writer() != own


def _only(place):
    (path,) = place.glob("*.jsonl")
    return path


def test_a_cut_last_line_is_told_and_the_next_finding_stands_on_a_line_of_its_own(tmp_path):
    findings.write(PATTERN, tmp_path)
    whole = _only(tmp_path).read_bytes()
    _only(tmp_path).write_bytes(whole + whole[:-200])  # as a crash leaves it
    other = dataclasses.replace(PATTERN, finding=new_id())
    findings.write(other, tmp_path)
    with pytest.warns(FindingWarning, match=r"1 dòng phát hiện không đọc được.*line 2"):
        assert findings.read(tmp_path) == (PATTERN, other)
    (damage,) = findings.damaged(tmp_path)
    assert damage.text == whole[:-200].decode("utf-8", "replace")


def test_bytes_that_are_no_text_are_told_and_cost_no_finding(tmp_path):
    findings.write(PATTERN, tmp_path)
    (tmp_path / "z.jsonl").write_bytes(b"\x00\x00\xff\n\n" + lines.to_line(PATTERN).encode())
    assert findings.gather(tmp_path)[0] == [PATTERN, PATTERN]
    assert len(findings.damaged(tmp_path)) == 1


def test_a_full_disk_is_one_line_and_leaves_no_half_finding(tmp_path):
    findings.write(PATTERN, tmp_path)
    size = _only(tmp_path).stat().st_size
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 100, hard))
    try:
        with pytest.raises(FindingError, match="hết chỗ trên đĩa"):
            findings.write(dataclasses.replace(PATTERN, finding=new_id()), tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert _only(tmp_path).stat().st_size == size
    assert findings.read(tmp_path) == (PATTERN,)
    findings.write(dataclasses.replace(PATTERN, version=2), tmp_path)
    assert findings.read(tmp_path)[0].version == 2


def test_where_the_half_finding_of_a_full_disk_stays_it_is_told_apart(tmp_path, monkeypatch):
    findings.write(PATTERN, tmp_path)
    write = os.write
    monkeypatch.setattr(os, "write", lambda handle, line: write(handle, line[:50]))
    monkeypatch.setattr(os, "ftruncate", lambda *_: (_ for _ in ()).throw(OSError(5, "I/O")))
    with pytest.raises(FindingError, match="hết chỗ"):
        findings.write(dataclasses.replace(PATTERN, finding=new_id()), tmp_path)
    monkeypatch.undo()
    other = dataclasses.replace(PATTERN, finding=new_id())
    findings.write(other, tmp_path)
    assert findings.gather(tmp_path)[0] == [PATTERN, other]
    assert len(findings.damaged(tmp_path)) == 1


def test_a_folder_that_cannot_be_written_or_read_is_one_line(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(FindingError, match=r"chưa ghi được phát hiện vào thư mục .*file"):
        findings.write(PATTERN, tmp_path / "file")
    (tmp_path / "a.jsonl").mkdir()
    with pytest.raises(FindingError, match=r"không đọc được .*a\.jsonl"):
        findings.read(tmp_path)


def test_nothing_acknowledged_is_lost_when_writers_are_killed_or_write_at_once():
    command = [sys.executable, str(ROOT / "benchmarks" / "findings.py"), "10", "2", "20", "0"]
    told = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout.splitlines()
    assert told[0].startswith("10 kills: ")
    assert ", 0 lost" in told[0]
    assert told[1].startswith("2 writers x 20: 40 acknowledged, 0 lost, 0 cut lines")


# --- which still hold -------------------------------------------------------------------------------------------------


def _edits(review):
    """Yield reviews in which one report or one log entry differs."""
    for row in review.observations.index:
        table = review.observations.copy()
        value = table.loc[row, "value"]
        table.loc[row, ["value", "status"]] = [1.0 if np.isnan(value) else value + 1, "reported"]
        yield dataclasses.replace(review, observations=table)
    for row in review.records.index:
        yield dataclasses.replace(review, records=review.records.drop(index=row))


def test_a_finding_is_changed_exactly_when_its_view_shows_something_else(review):
    made = {name: _make(review, name, choices) for name, choices in ASKED}
    before = {name: getattr(views, name)(review, **choices).table for name, choices in ASKED}
    seen = dict.fromkeys(itertools.product(made, ("changed", "same_value_other_data")), 0)
    for other in _edits(review):
        states = hold.check(made.values(), other).groupby("finding")["state"].first()
        for name, choices in ASKED:
            same = before[name].equals(getattr(views, name)(other, **choices).table)
            state = states[made[name].finding]
            assert state == ("same_value_other_data" if same else "changed")
            seen[name, state] += 1
    assert all(seen.values())


def test_old_and_new_value_are_named(review, made):
    table = review.observations.copy()
    table.loc[(table["area"] == "a1") & (table["year"] == 2010) & (table["indicator"] == "don"), "value"] = 14
    found = hold.check([made], dataclasses.replace(review, observations=table))
    row = found[found["what"] == "Quận A · Giá trị"].iloc[0]
    assert (row["state"], row["old"], row["new"], row["author"]) == ("changed", 30, 40, made.author)
    assert hold.check([made], review)["state"].tolist() == ["holds"]


def test_a_change_in_a_cell_that_is_kept_as_a_digest_only_is_told_as_well(review, made):
    kept = dataclasses.replace(made, shown=(), table_digest="0")
    assert hold.check([dataclasses.replace(kept, shown=made.shown)], review)["what"].tolist() == [
        "số liệu khác trong bảng"
    ]


def test_a_finding_whose_area_view_or_choice_is_gone_says_why(review, made):
    gone = [
        dataclasses.replace(made, choices={**made.choices, "area": "Z"}),
        dataclasses.replace(made, view="View"),
        dataclasses.replace(made, choices={"colour": "red"}),
    ]
    found = hold.check(gone, review)
    assert found["state"].tolist() == ["gone"] * 3
    assert [word in what for word, what in zip(("'Z'", "'View'", "colour"), found["what"], strict=True)] == [True] * 3


def test_a_withdrawn_finding_is_not_asked(review, made):
    assert hold.check([dataclasses.replace(made, status="withdrawn")], review).empty


def test_on_a_protected_review_the_figures_behind_it_are_compared_and_none_is_shown(review, made):
    persons = dataclasses.replace(review, indicators=review.indicators.assign(persons="yes"))
    table = persons.observations.copy()
    table.loc[table["indicator"] == "don", "value"] += 1
    moved = dataclasses.replace(persons, observations=table)
    for known, state in ((persons, "same_value_other_data"), (moved, "changed")):
        found = hold.check([made], disclosure.protect(known, 5))
        assert set(found["state"]) == {state}
        assert found[["old", "new"]].isna().all(axis=None)


# --- for people -------------------------------------------------------------------------------------------------------


def test_the_table_names_areas_kinds_and_dates_in_both_languages(review, made):
    due = dataclasses.replace(made, due=dt.date(2021, 6, 30), area="A", time="2026-01-05T12:00:00+00:00")
    gone = dataclasses.replace(made, area="Z", simulated=True)
    table = findings.table([due, dataclasses.replace(made, area=""), gone], review)
    assert table.iloc[0, :6].tolist() == [made.statement, "Ưu điểm", "Quận A", "–", "30-6-2021", "Dự thảo"]
    assert table["Đơn vị"].tolist() == ["Quận A", "toàn bộ", "Z"]
    assert table["Số liệu"].tolist() == ["báo cáo", "báo cáo", "mô phỏng"]
    english = findings.table([due], lang="en").iloc[0]
    assert (english["Kind"], english["Area"], english["Due"], english["On"]) == (
        "Strength", "A", "30 June 2021", "5 January 2026",
    )  # fmt: skip


def test_danvan_check_names_what_no_longer_holds_with_old_and_new_value(review, made):
    table = review.observations.copy()
    table.loc[table["indicator"] == "don", "value"] += 1
    gone = dataclasses.replace(made, finding=new_id(), view="gone", statement="y" * 150)
    damage = store.Damaged("a.jsonl, dòng / line 2", ("bị cắt", "cut"), "x")
    found = (made, gone)
    fallen, told_lines = told.report(found, (damage,), dataclasses.replace(review, observations=table), "vi")
    assert fallen == 3
    assert told_lines[0].startswith(
        "[đã đổi] “Quận A nhận nhiều đơn nhất” (Nguyễn Văn Ấn): Quận A · Giá trị: 30 → 33; "
    )
    assert told_lines[1] == f"[không còn] “{'y' * 99}…” (Nguyễn Văn Ấn): không có khung nhìn 'gone'"
    assert told_lines[2] == "[hỏng] a.jsonl, dòng / line 2: bị cắt"
    assert told_lines[3].startswith("2 phát hiện: 0 còn đúng")
    assert told.report((made,), (), review, "en") == (
        0, ["1 findings: 1 hold (0 of them on data that changed elsewhere), 0 no longer hold, 0 damaged lines"],
    )  # fmt: skip


def test_findings_in_a_review_folder_or_beside_it_are_found_and_a_wrong_place_is_one_line(tmp_path):
    (tmp_path / "data").mkdir()
    assert told.places(tmp_path / "data") == []
    for place in (tmp_path / "data" / "findings", tmp_path / "findings"):
        findings.write(PATTERN, place)
    assert told.places(tmp_path / "data") == [str(tmp_path / "data" / "findings"), str(tmp_path / "findings")]
    assert told.places(tmp_path, "postgresql+pg8000://x") == ["postgresql+pg8000://x"]
    with pytest.raises(FindingError, match="không có thư mục phát hiện"):
        told.places(tmp_path, str(tmp_path / "none"))


def test_the_command_exits_with_1_when_a_finding_has_fallen(tmp_path, monkeypatch, capsys, review, made):
    from danvan_kit import checks  # noqa: PLC0415
    from danvan_kit import review as reviews  # noqa: PLC0415

    findings.write(made, tmp_path / "findings")
    monkeypatch.setattr(checks, "check", lambda *_, **__: checks_of_nothing)
    checks_of_nothing = pd.DataFrame({"severity": pd.Series(dtype="str")})
    monkeypatch.setattr(reviews, "load", lambda _: review)
    assert main(["check", str(tmp_path)]) == 0
    fallen = dataclasses.replace(made, version=2, table_digest="0")
    findings.write(fallen, tmp_path / "findings")
    assert main(["check", str(tmp_path), "--lang", "en"]) == 1
    assert "[changed] “Quận A nhận nhiều đơn nhất”" in capsys.readouterr().out


def test_any_column_of_any_table_changes_the_digest_of_the_data(review):
    before = digests.data_digest(review)
    assert digests.data_digest(tiny_review()) == before
    for name in ("observations", "records", "indicators", "statements", "population", "norms"):
        table = getattr(review, name)
        for column in table.columns[: 99 if len(table) else 0]:
            other = table.assign(**{column: table[column].astype(str).where(table.index != table.index[0], "khác")})
            assert digests.data_digest(dataclasses.replace(review, **{name: other})) != before

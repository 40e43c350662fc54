"""Notebooks become pages: which files, whose outputs, the same bytes, one page an area, one line when it cannot be."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from browser import notebook
from explorer_world import bars, world
from nbformat import v4

from danvan_kit import explore
from danvan_kit.__main__ import main
from danvan_kit.pages import PublishError, publish
from danvan_kit.pages.page import Links, data_block, page
from danvan_kit.pages.run import RunError

ROOT = Path(__file__).parents[1]
LOAD = "from explorer_world import bars, squares, trend, world\nfrom danvan_kit import explore\nreview = world()"


@pytest.fixture(autouse=True)
def _tests_can_be_imported(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """Run a notebook and keep its outputs, with all states."""
    home = tmp_path_factory.mktemp("ran")
    book = notebook(home / "một.ipynb", "# Một trang\n\nCâu đầu.", LOAD, "explore(bars, review)")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(Path(__file__).parent))
        publish([book], to=home / "first", in_place=True)
    return book


@pytest.fixture
def world_folder(tmp_path):
    """Write a parametrised notebook for the shipped review's areas; it needs no review to run."""
    book = v4.new_notebook(
        cells=[
            v4.new_markdown_cell("# Hồ sơ", id="a"),
            v4.new_code_cell("import os\nruns = []", id="b"),
            v4.new_code_cell('area = "001"', id="c", metadata={"tags": ["parameters"]}),
            v4.new_code_cell(
                "runs.append(area)\nif os.environ.get('FAIL') == area:\n    raise ValueError('hỏng')\n"
                "print(area, len(runs))",
                id="d",
            ),
        ]
    )
    (tmp_path / "notebooks").mkdir()
    nbformat.write(book, tmp_path / "notebooks" / "ho_so.ipynb")
    return tmp_path


def test_a_folder_has_the_page_an_index_and_one_copy_of_plotly(ran, tmp_path):
    done = publish([ran], to=tmp_path, as_saved=True)
    assert [path.relative_to(tmp_path).as_posix() for path in done.files] == ["index.html", "một.html"]
    assert (tmp_path / "assets" / "plotly.min.js").stat().st_size > 4_000_000
    assert (tmp_path / "một.html").stat().st_size < 200_000
    index = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert '<a href="một.html">Một trang</a><br>Câu đầu.' in index
    assert '<a href="một.html#area=011">Phường Ô Chợ Dừa</a>' in index


def test_a_single_file_needs_nothing_beside_it(ran, tmp_path):
    publish([ran], to=tmp_path, as_saved=True, single_file=True)
    assert [path.name for path in tmp_path.iterdir()] == ["một.html"]
    text = (tmp_path / "một.html").read_text(encoding="utf-8")
    assert len(text) < 2_500_000
    assert re.findall(r'(?:src|href)="([^"#]+)"', text) == []


def test_the_same_notebook_gives_the_same_bytes_run_or_as_saved(ran, tmp_path):
    for name, given in (("a", {}), ("b", {}), ("c", {"as_saved": True})):
        publish([ran], to=tmp_path / name, **given)
    kept = [(tmp_path / name / "một.html").read_bytes() for name in "abc"]
    assert kept[0] == kept[1] == kept[2]


def test_nbconvert_makes_the_single_file(ran, tmp_path):
    command = [sys.executable, "-m", "nbconvert", "--to", "danvan", str(ran), "--output-dir", str(tmp_path)]
    subprocess.run(command, check=True, capture_output=True)
    publish([ran], to=tmp_path / "ours", as_saved=True, single_file=True)
    assert (tmp_path / "một.html").read_bytes() == (tmp_path / "ours" / "một.html").read_bytes()


def test_the_foot_tells_data_day_digest_version_and_that_figures_are_simulated(ran, tmp_path):
    publish([ran], to=tmp_path, as_saved=True)
    foot = (tmp_path / "một.html").read_text(encoding="utf-8").split("<footer")[1].split("</footer>")[0]
    for part in ("Thử", "30-6-2020", "SỐ LIỆU MÔ PHỎNG", "0.1.0"):
        assert part in foot
    assert re.search(r"<dd>[0-9a-f]{16}</dd>", foot)


def test_the_policy_lets_only_our_own_scripts_run(ran, tmp_path):
    publish([ran], to=tmp_path, as_saved=True)
    text = (tmp_path / "một.html").read_text(encoding="utf-8")
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)[1]
    assert "default-src 'none'" in policy
    assert "unsafe-eval" not in policy
    assert "http" not in policy
    scripts = re.search(r"script-src ([^;]+)", policy)[1].split()
    assert [part for part in scripts if not part.startswith("'sha256-")] == ["'self'"]


def test_code_and_cells_tagged_to_stay_out_are_not_in_the_page():
    book = v4.new_notebook(
        cells=[
            v4.new_markdown_cell("# Trang", id="a"),
            v4.new_markdown_cell("Cách dùng Lab", id="b", metadata={"tags": ["only-lab"]}),
            v4.new_code_cell("mat_ma = 1", id="c", outputs=[v4.new_output("stream", text="thấy")]),
            v4.new_code_cell(
                "1", id="d", metadata={"tags": ["remove-cell"]}, outputs=[v4.new_output("stream", text="ẩn 1")]
            ),
            v4.new_code_cell(
                "1",
                id="e",
                metadata={"jupyter": {"outputs_hidden": True}},
                outputs=[v4.new_output("stream", text="ẩn 2")],
            ),
        ]
    )
    text = page(book, name="trang").text
    assert "thấy" in text
    assert not [word for word in ("mat_ma", "Cách dùng Lab", "ẩn 1", "ẩn 2") if word in text]


def test_a_table_that_may_be_wide_is_reached_by_keyboard_and_other_texts_are_not():
    made = {"data": {"text/html": "<table><tr><td>86</td></tr></table>"}, "metadata": {}}
    told = v4.new_output("stream", text="86")
    cells = [
        v4.new_code_cell("1", id="a", outputs=[v4.new_output("display_data", **made)]),
        v4.new_code_cell("1", id="b", outputs=[told]),
    ]
    text = page(v4.new_notebook(cells=[v4.new_markdown_cell("# T", id="t"), *cells]), name="t").text
    assert text.count('dvp-wide" tabindex="0" role="group" aria-label="Bảng số liệu">') == 1


def test_links_between_notebooks_go_to_their_pages():
    book = v4.new_notebook(cells=[v4.new_markdown_cell("# A\n\n[B](b.ipynb) [C](c.ipynb)", id="a")])
    text = page(book, name="a", links=Links({"b.ipynb": "b.html"}, "index.html", "assets/p.js")).text
    assert '<a href="b.html">B</a>' in text
    assert "c.ipynb" not in text
    assert '<a href="index.html">Mục lục</a>' in text


def test_a_notebook_saved_live_shows_its_view_and_says_what_is_missing(monkeypatch, tmp_path):
    monkeypatch.setenv("JPY_SESSION_NAME", "somebody looks on")
    data, kept = explore(bars, world())._repr_mimebundle_()
    output = v4.new_output("execute_result", data, metadata=kept, execution_count=1)
    book = v4.new_notebook(cells=[v4.new_code_cell("x", id="a", outputs=[output])])
    text = page(book, name="sổ").text
    assert "chạy danvan publish" in text
    assert '"title":"Thành phố Hà Nội, 2019"' in text
    assert "<h1>sổ</h1>" in text


def test_a_saved_notebook_stays_small_and_says_which_states_it_left_out(ran, tmp_path, monkeypatch):
    (tmp_path / "n").mkdir()
    book = notebook(tmp_path / "n" / "b.ipynb", LOAD, "explore(bars, review)", "explore(squares, review)")
    publish([book], to=tmp_path / "run", in_place=True)
    most = book.stat().st_size - 1
    monkeypatch.setattr("danvan_kit.pages.files.SAVED", most)
    publish([book], to=tmp_path / "run", in_place=True)
    assert book.stat().st_size <= most
    saved = nbformat.read(book, 4)
    kept = [o.metadata["danvan"] for cell in saved.cells for o in cell.outputs]
    assert ["packed" in own for own in kept] == [False, True]  # the larger one went
    assert kept[0]["digest"] in saved.cells[1].outputs[0].data["text/plain"]
    publish([book], to=tmp_path / "saved", as_saved=True)
    lost = [
        (tmp_path / name / "b.html").read_text(encoding="utf-8").count("chạy danvan publish (")
        for name in ("run", "saved")
    ]
    assert lost[1] == lost[0] + 1


@pytest.mark.parametrize("own", [{"kind": "explorer", "packed": "AAAA"}, {"kind": "view"}, {"kind": "explorer"}, "x"])
def test_metadata_that_somebody_else_wrote_in_our_name_does_not_break_the_page(own):
    output = v4.new_output("display_data", {"text/plain": "chữ thường"}, metadata={"danvan": own})
    book = v4.new_notebook(cells=[v4.new_code_cell("x", id="a", outputs=[output])])
    assert "<pre>chữ thường</pre>" in page(book, name="x").text


def test_json_in_the_page_cannot_end_its_own_script():
    block = data_block("x", {"a": "</script><!--<script>&"})
    assert block.count("<") == 2
    assert json.loads(block.split(">", 1)[1].rsplit("<", 1)[0]) == {"a": "</script><!--<script>&"}


# --- one page an area -------------------------------------------------------------------------------------------------


def _each(folder, to, **more):
    return publish([folder / "notebooks" / "ho_so.ipynb"], to=to, each=["district"], data=ROOT / "data", **more)


def test_each_district_gets_its_page_and_the_index_leads_there(world_folder, tmp_path):
    done = _each(world_folder, tmp_path / "site")
    assert len(done.files) == 31
    assert (done.kept, done.failed) == (0, ())
    text = (tmp_path / "site" / "don-vi" / "ho_so-001.html").read_text(encoding="utf-8")
    assert "<h1>Hồ sơ: Quận Ba Đình</h1>" in text.replace(' id="ho-so"', "")
    assert "<pre>001 1</pre>" in text
    index = (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
    assert '<a href="don-vi/ho_so-001.html">Quận Ba Đình</a>' in index
    assert "019a" not in index.replace('data-find="Huyện Từ Liêm', "")  # ended in 2013: no page of its own


def test_a_run_that_was_stopped_goes_on_where_it_was(world_folder, tmp_path):
    _each(world_folder, tmp_path / "site")
    before = {path: path.read_bytes() for path in (tmp_path / "site").rglob("*.html")}
    gone = tmp_path / "site" / "don-vi" / "ho_so-002.html"
    gone.unlink()
    done = _each(world_folder, tmp_path / "site")
    assert done.kept == 29
    assert len(done.files) == 31
    assert {path: path.read_bytes() for path in (tmp_path / "site").rglob("*.html")} == before


def test_another_notebook_makes_the_pages_again(world_folder, tmp_path):
    _each(world_folder, tmp_path / "site")
    path = world_folder / "notebooks" / "ho_so.ipynb"
    path.write_text(path.read_text(encoding="utf-8").replace("# Hồ sơ", "# Lý lịch"), encoding="utf-8")
    assert _each(world_folder, tmp_path / "site").kept == 0
    assert "Lý lịch: Quận Ba Đình" in (tmp_path / "site" / "don-vi" / "ho_so-001.html").read_text(encoding="utf-8")


def test_fresh_kernels_make_the_same_pages(world_folder, tmp_path, monkeypatch):
    monkeypatch.setattr("danvan_kit.pages.site._standing", lambda *_: {"001": "Quận Ba Đình", "002": "Quận Hoàn Kiếm"})
    for name, fresh in (("warm", False), ("fresh", True)):
        _each(world_folder, tmp_path / name, fresh=fresh)
    for area in ("001", "002"):
        pages = [(tmp_path / name / "don-vi" / f"ho_so-{area}.html").read_bytes() for name in ("warm", "fresh")]
        assert pages[0] == pages[1]


def test_an_area_that_fails_is_named_and_the_others_go_on(world_folder, tmp_path, monkeypatch):
    monkeypatch.setenv("FAIL", "004")
    done = _each(world_folder, tmp_path / "site")
    assert len(done.failed) == 1
    assert "Quận Long Biên (004)" in done.failed[0]
    assert "ValueError" in done.failed[0]
    assert not (tmp_path / "site" / "don-vi" / "ho_so-004.html").exists()
    assert len(done.files) == 30


# --- what cannot be published -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"each": ["district"], "as_saved": True}, "không dùng cùng --as-saved"),
        ({"each": ["ward"]}, "'ward'; được dùng: city, district, commune"),
    ],
)
def test_options_that_do_not_go_together_are_named(world_folder, tmp_path, given, said):
    with pytest.raises(PublishError, match=re.escape(said)):
        publish([world_folder / "notebooks" / "ho_so.ipynb"], to=tmp_path / "x", data=ROOT / "data", **given)


def test_a_notebook_without_parameters_cannot_be_made_for_each_area(ran, tmp_path):
    with pytest.raises(PublishError, match="'parameters'"):
        publish([ran], to=tmp_path, each=["district"], data=ROOT / "data")


def test_a_notebook_that_nobody_ran_is_refused_as_saved(tmp_path):
    book = notebook(tmp_path / "trống.ipynb", "# A", "1 + 1")
    with pytest.raises(PublishError, match="chưa có kết quả nào"):
        publish([book], to=tmp_path / "x", as_saved=True)


def test_a_saved_error_is_refused(tmp_path):
    error = v4.new_output("error", ename="KeyError", evalue="x", traceback=["/nha/ai/bí mật.py"])
    nbformat.write(v4.new_notebook(cells=[v4.new_code_cell("x", id="a", outputs=[error])]), tmp_path / "a.ipynb")
    with pytest.raises(PublishError, match="KeyError") as caught:
        publish([tmp_path / "a.ipynb"], to=tmp_path / "x", as_saved=True)
    assert "bí mật" not in str(caught.value)


def test_a_cell_that_fails_is_one_line(tmp_path):
    book = notebook(tmp_path / "a.ipynb", "# A", "1 / 0")
    with pytest.raises(RunError, match="ZeroDivisionError") as caught:
        publish([book], to=tmp_path / "x")
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "x" / "a.html").exists()


@pytest.mark.parametrize(
    ("text", "said"), [(None, "không đọc được"), ("{}", "không phải sổ tay"), ("x", "không phải sổ tay")]
)
def test_what_is_no_notebook_is_named(tmp_path, text, said):
    path = tmp_path / "x.ipynb"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(PublishError, match=said):
        publish([path], to=tmp_path / "out")


def test_two_notebooks_of_one_name_are_refused(ran, tmp_path):
    (tmp_path / ran.name).write_bytes(ran.read_bytes())
    with pytest.raises(PublishError, match="trùng tên"):
        publish([ran, tmp_path / ran.name], to=tmp_path / "x", as_saved=True)


def test_no_notebook_at_all_is_said(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(PublishError, match="không có sổ tay nào"):
        publish(to=tmp_path / "x")


def test_the_command_says_how_many_pages_and_ends_with_1_when_one_failed(world_folder, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("danvan_kit.pages.site._standing", lambda *_: {"001": "Quận Ba Đình", "004": "Quận Long Biên"})
    book = str(world_folder / "notebooks" / "ho_so.ipynb")
    command = ["publish", book, "--to", str(tmp_path / "s"), "--each", "district", "--data", str(ROOT / "data")]
    assert main(command) == 0
    assert "3 trang" in capsys.readouterr().out
    monkeypatch.setenv("FAIL", "004")
    assert main([*command[:-4], "--single-file", *command[-4:]]) == 1
    shown = capsys.readouterr()
    assert "Quận Long Biên (004)" in shown.err
    assert main(["publish", str(tmp_path / "nowhere.ipynb"), "--to", str(tmp_path / "t")]) == 2

"""The tools of the browser tests themselves: a driven Firefox, the offline page, axe, the count of charts."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import importlib.resources
import shutil
import struct
from pathlib import Path

import axe
import psutil
import pytest
from browser import browsing, chromium
from firefox import BidiError, binary, firefox
from pages import charts_drawn, open_offline, pictures_of, print_pdf, wait_for

ABROAD = "https://danvan.invalid/leak.png"
TINY = f"""<!doctype html><html lang="vi"><meta charset="utf-8"><title>Dân vận</title>
<style>input:focus-visible {{ outline: 3px solid red }}</style>
<button onclick="window.clicks = (window.clicks ?? 0) + 1">Bấm</button><input><p style="height: 3000px"></p>
<button id="far" onclick="window.far = 1">Xa</button>
<a id="save" download="tệp.txt" href="data:text/plain,42">Lưu</a>
<script>console.error("lỗi thử"); new Image().src = "{ABROAD}"; setTimeout(() => {{ window.late = 1 }}, 300)</script>
</html>"""


def write(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    return path.as_uri()


def called(process: psutil.Process) -> str:
    """Return the name of a process, or "" when it ended meanwhile: Firefox starts some that live for a moment."""
    with contextlib.suppress(psutil.NoSuchProcess):
        return process.name()
    return ""


def hashed(script: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


def strict(script: str, body: str = "", kind: str = "module") -> str:
    """Return a page that allows nothing but its own script and scripts from files beside it."""
    policy = f"default-src 'none'; script-src 'self' {hashed(script)}; style-src 'unsafe-inline'; img-src data: blob:"
    return (
        f'<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>Trang</title>'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}"></head>'
        f'<body><main><h1>Trang</h1>{body}</main><script type="{kind}">{script}</script></body></html>'
    )


@pytest.fixture(scope="module")
def tab():
    """One Firefox for the tests that need no fresh one."""
    binary()
    with firefox(800, 600) as made:
        yield made


@pytest.fixture
def page():
    chromium()
    with browsing(800, 600) as made:
        yield made


# --- Firefox ----------------------------------------------------------------------------------------------------------


def test_firefox_presses_real_keys_and_clicks_what_must_first_be_scrolled_to(tab, tmp_path):
    tab.goto(write(tmp_path / "tiny.html", TINY))
    tab.click("button")
    tab.click("#far")
    assert tab.evaluate("[clicks, far]") == [1, 1]
    tab.click("button")
    tab.press("Tab")
    for key in "ế1":
        tab.press(key)
    assert tab.evaluate("document.querySelector('input').value") == "ế1"
    assert tab.evaluate("document.querySelector('input').matches(':focus-visible')"), "the tab has no focus"
    tab.press("Shift", "Tab")
    tab.press("Enter")
    assert tab.evaluate("clicks") == 3


def test_firefox_has_the_asked_size_and_pictures_have_it_too(tab, tmp_path):
    tab.goto(write(tmp_path / "tiny.html", TINY))
    tab.resize(375, 500)
    tab.screenshot(tmp_path / "shot.png")
    tab.resize(800, 600)
    assert struct.unpack(">II", (tmp_path / "shot.png").read_bytes()[16:24]) == (375, 500)
    assert tab.evaluate("[innerWidth, innerHeight]") == [800, 600]


def test_firefox_tells_what_a_page_asked_for_and_its_errors_and_fetches_nothing(tab, tmp_path):
    tab.goto(write(tmp_path / "tiny.html", TINY))
    assert ABROAD in tab.requests
    assert "lỗi thử" in tab.errors
    tab.goto(write(tmp_path / "quiet.html", "<!doctype html><title>x</title>"))
    before = len(tab.requests)
    assert not tab.evaluate(f"fetch('{ABROAD}', {{mode: 'no-cors'}}).then(() => true, () => false)")
    assert tab.requests[before:] == [ABROAD]


def test_firefox_gives_json_awaits_promises_and_says_what_threw(tab):
    tab.goto("about:blank")
    assert tab.evaluate("({a: [1, null, 'ệ']})") == {"a": [1, None, "ệ"]}
    assert tab.evaluate("Promise.resolve(7)") == 7
    assert tab.evaluate("undefined") is None
    with pytest.raises(BidiError, match="is not defined in nothere"):
        tab.evaluate("nothere")
    with pytest.raises(BidiError, match="browsingContext.navigate"):
        tab.goto("not an address")


def test_firefox_waits_for_a_condition_and_names_the_one_that_never_held(tab, tmp_path):
    tab.goto(write(tmp_path / "tiny.html", TINY))
    tab.wait_for("window.late === 1")
    with pytest.raises(pytest.fail.Exception, match="window.never"):
        tab.wait_for("window.never", timeout=0.2)


def test_firefox_guards_files_as_a_users_firefox_does(tab, tmp_path):
    (tmp_path / "beside.json").write_text("{}", encoding="utf-8")
    (tmp_path / "beside.js").write_text("window.beside = 1", encoding="utf-8")
    tab.goto(write(tmp_path / "page.html", '<!doctype html><title>x</title><script src="beside.js"></script>'))
    assert tab.evaluate("beside") == 1
    assert not tab.evaluate("fetch('beside.json').then(() => true, () => false)")


def test_firefox_obeys_a_pages_content_policy_and_the_tool_still_looks_inside(tab, tmp_path):
    body = "<img src='x:' onerror='window.planted = 1'>"
    tab.goto(write(tmp_path / "strict.html", strict("window.own = 1", body)))
    tab.wait_for("window.own === 1")
    assert tab.evaluate("window.planted") is None
    assert any("Content-Security-Policy" in error for error in tab.errors)


def test_firefox_saves_files_where_the_test_finds_them(tab, tmp_path):
    tab.goto(write(tmp_path / "tiny.html", TINY))
    tab.click("#save")
    saved = tab.downloads / "tệp.txt"
    for _ in range(100):
        if saved.exists() and saved.stat().st_size:
            break
        tab.evaluate("new Promise(done => setTimeout(done, 50))")
    assert saved.read_text(encoding="utf-8") == "42"


def test_firefox_without_javascript_shows_what_stands_in_the_page(tmp_path):
    binary()
    url = write(tmp_path / "tiny.html", f"{TINY}<noscript><p id='off'>Không có JavaScript</p></noscript>")
    with firefox(javascript=False) as tab:
        tab.goto(url)
        assert tab.evaluate("document.querySelector('#off').offsetHeight > 0")
        assert tab.errors == []
        assert tab.requests == []


def test_nothing_of_firefox_stays_even_when_the_test_fails():
    binary()
    before = set(psutil.Process().children(recursive=True))
    with contextlib.suppress(ZeroDivisionError), firefox() as tab:
        home = tab.downloads.parent
        running = set(psutil.Process().children(recursive=True)) - before
        assert any("firefox" in called(process) for process in running)
        _ = 1 / 0
    assert not home.exists()
    assert psutil.wait_procs(running, timeout=30)[1] == []


def test_without_a_firefox_tests_are_skipped_here_and_fail_in_ci(monkeypatch):
    monkeypatch.setattr("shutil.which", lambda _: None)
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="looked for firefox-esr, firefox"):
        binary()
    monkeypatch.delenv("CI")
    with pytest.raises(pytest.skip.Exception, match="no Firefox on this computer"):
        binary()


def test_a_firefox_that_does_not_start_fails_with_what_it_said(tmp_path, monkeypatch):
    fake = tmp_path / "firefox"
    fake.write_text("#!/bin/sh\necho no display >&2\nexit 3\n", encoding="utf-8")
    fake.chmod(0o755)
    monkeypatch.setattr("shutil.which", lambda _: str(fake))
    with pytest.raises(pytest.fail.Exception, match="no display"), firefox():
        pass


# --- the offline page -------------------------------------------------------------------------------------------------


def test_a_quiet_page_is_no_trouble_and_its_own_files_are_listed(page, tmp_path):
    (tmp_path / "own.js").write_text("window.beside = 1", encoding="utf-8")
    script = 'const s = document.createElement("script"); s.src = "own.js"; document.head.append(s)'
    write(tmp_path / "quiet.html", strict(script))
    seen = open_offline(page, tmp_path / "quiet.html", "area=001")
    wait_for(page, "window.beside === 1")
    assert seen.trouble == []
    assert [url.rpartition("/")[2] for url in seen.requests] == ["quiet.html", "own.js"]
    assert page.evaluate("location.hash") == "#area=001"


def test_requests_abroad_violations_and_exceptions_of_every_page_in_the_tab_are_seen(page, tmp_path):
    loud = f"console.error('lỗi thử'); new Image().src = '{ABROAD}'; open('{ABROAD}?window'); throw new Error('rơi')"
    write(tmp_path / "loud.html", f"<!doctype html><title>x</title><script>{loud}</script>")
    write(tmp_path / "strict.html", strict("", "<img src='x:' onerror='window.planted = 1'>"))
    seen = open_offline(page, tmp_path / "loud.html")
    page.goto((tmp_path / "strict.html").as_uri())
    wait_for(page, "document.readyState === 'complete'")
    assert ABROAD in seen.abroad
    assert f"{ABROAD}?window" in seen.abroad
    assert "lỗi thử" in seen.errors
    assert any("rơi" in text for text in seen.exceptions)
    assert any(text.startswith("script-src-attr stopped inline") for text in seen.violations)
    assert page.evaluate("window.planted") is None
    assert set(seen.abroad) < set(seen.trouble)


def test_a_condition_that_never_holds_is_named(page, tmp_path):
    write(tmp_path / "quiet.html", strict(""))
    seen = open_offline(page, tmp_path / "quiet.html")
    with pytest.raises(pytest.fail.Exception, match="window.never"):
        wait_for(page, "window.never", timeout=0.2)
    assert seen.trouble == []


DRAW = """
const load = document.createElement("script"); load.src = "plotly.min.js"; document.head.append(load);
await new Promise((done, failed) => { load.onload = done; load.onerror = failed });
const draw = (at, data, layout = {}) => Plotly.newPlot(at, data, {width: 300, height: 200, ...layout});
const box = {type: "rect", x0: 0, x1: 1, y0: 0, y1: 1};
await draw("bar", [{type: "bar", x: ["a", "b"], y: [1, 2]}]);
await draw("line", [{type: "scatter", mode: "lines", x: [0, 1], y: [1, 2]}]);
await draw("dot", [{type: "scatter", mode: "markers", x: [0], y: [1]}]);
await draw("heat", [{type: "heatmap", z: [[1, 2], [3, 4]]}]);
await draw("tree", [{type: "treemap", labels: ["a", "b"], parents: ["", "a"], values: [2, 2]}]);
await draw("axes", [], {shapes: [box], annotations: [{text: "chú", x: 0, y: 0}]});
await draw("flat", [{type: "scatter", mode: "lines", x: [0, 1], y: [1, 1]}]);
await draw("empty", [{type: "bar", x: ["a", "b"], y: [null, null]}]);
window.done = 1;
"""


def test_charts_count_as_drawn_only_with_marks_of_their_data(page, tmp_path):
    library = importlib.resources.files("plotly") / "package_data" / "plotly.min.js"
    (tmp_path / "plotly.min.js").write_bytes(library.read_bytes())
    names = ["bar", "line", "dot", "heat", "tree", "flat", "axes", "empty", "never"]
    boxes = "".join(f'<div class="dvk-plot" id="{name}"></div>' for name in names)
    write(tmp_path / "charts.html", strict(DRAW, boxes))
    seen = open_offline(page, tmp_path / "charts.html")
    wait_for(page, "window.done === 1")
    assert charts_drawn(page) == (6, 9)
    assert seen.trouble == []


def test_a_page_prints_as_a4(page, tmp_path):
    write(tmp_path / "long.html", strict("", '<p style="height: 400mm">dài</p>'))
    open_offline(page, tmp_path / "long.html")
    printed = print_pdf(page, tmp_path / "long.pdf")
    assert printed.read_bytes().startswith(b"%PDF")
    pictures = pictures_of(printed, tmp_path, dpi=60)
    assert len(pictures) == (2 if shutil.which("pdftoppm") else 0)
    for picture in pictures:  # 210 x 297 mm at 60 dots an inch
        assert struct.unpack(">II", picture.read_bytes()[16:24]) == pytest.approx((496, 702), abs=2)


# --- axe --------------------------------------------------------------------------------------------------------------

BAD = '<img src="data:," ><p style="color: #bbb; background: #fff">nhạt</p><button style="width: 9px"></button>'


def test_axe_names_rule_place_and_remedy_under_a_strict_policy_and_breaks_none(page, tmp_path):
    write(tmp_path / "bad.html", strict("", f'<section aria-label="một">{BAD}</section>'))
    seen = open_offline(page, tmp_path / "bad.html")
    found = axe.violations(page)
    assert [line.partition(" ")[0] for line in found] == ["button-name", "color-contrast", "image-alt"]
    assert found[2].startswith("image-alt (critical) at img: Fix any of the following: Element does not have an alt")
    assert axe.violations(page, within="h1") == []
    assert seen.trouble == []


def test_axe_has_nothing_against_a_good_page_and_knows_wcag_2_2(page, tmp_path):
    write(tmp_path / "good.html", strict("", "<p>rõ</p>"))
    open_offline(page, tmp_path / "good.html")
    assert axe.violations(page) == []
    assert tuple(int(part) for part in axe.version(page).split(".")[:2]) >= (4, 10)
    page.evaluate(
        "document.querySelector('main').insertAdjacentHTML('beforeend', '<p><a href=#>x</a><a href=#>y</a></p>')"
    )
    assert page.evaluate("axe.getRules(['wcag22aa']).map(rule => rule.ruleId)") == ["target-size"]


def test_axe_says_what_a_person_must_look_at(page, tmp_path):
    picture = "background: linear-gradient(#000, #fff)"
    write(tmp_path / "unsure.html", strict("", f'<p style="{picture}; color: #777">trên hình</p>'))
    open_offline(page, tmp_path / "unsure.html")
    assert [line.partition(" ")[0] for line in axe.undecided(page)] == ["color-contrast"]

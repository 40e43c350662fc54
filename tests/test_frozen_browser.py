"""The page's own script puts packed states together as Python does; its controls answer without a kernel."""

from __future__ import annotations

import json
import random

import pytest
from browser import browsing, chromium
from explorer_world import bars, squares, trend, world

from danvan_kit import views
from danvan_kit.explorer import explore
from danvan_kit.explorer.canvas import STATIC
from danvan_kit.explorer.pack import Packer, write
from danvan_kit.explorer.unpack import unpack
from danvan_kit.views._shown import plain


@pytest.fixture(scope="module", autouse=True)
def _browser_is_there():
    chromium()


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    script = "\n".join((STATIC / name).read_text(encoding="utf-8") for name in ("explorer.js", "frozen.js"))
    path = tmp_path_factory.mktemp("page") / "page.html"
    path.write_text(
        f'<script type="module">{script}\nglobalThis.open_ = async (text) => new States(await unzip(text));'
        "Object.assign(globalThis, { fold_: fold, tame_: tame, fit_: fit, written_: written });</script>",
        encoding="utf-8",
    )
    with browsing() as shown:
        shown.goto(path.as_uri())
        yield shown


def _nested(state):
    """Make of paths what the script makes of them."""
    out = {}
    for path, value in state.items():
        *above, last = path.split("/")
        node = out
        for key in above:
            node = node.setdefault(key, {})
        node[last] = value
    return out


IN_PAGE = """async ([packed, wanted]) => {
  const states = await open_(packed);
  return wanted.map((n) => JSON.stringify(states.get(n)));
}"""


def _same(found, wanted):
    """Compare a state from the page with one from Python: arrays there are numbered keys here."""
    if isinstance(wanted, dict) and isinstance(found, list):
        found = {str(n): part for n, part in enumerate(found)}
    if isinstance(wanted, dict):
        assert found.keys() == wanted.keys()
        for key, part in wanted.items():
            _same(found[key], part)
    else:
        assert found == wanted


@pytest.mark.parametrize("view", [bars, trend, squares])
def test_the_page_puts_every_state_together_as_python_does(page, view):
    packed = explore(view, world()).frozen.packed
    states = list(unpack(packed)[1])
    texts = page.evaluate(IN_PAGE, [packed, list(range(len(states)))])
    for text, state in zip(texts, states, strict=True):
        _same(json.loads(text), _nested(state))


@pytest.mark.parametrize("view", [views.completeness, views.headline, views.reconciliation], ids=lambda v: v.__name__)
def test_the_page_reads_the_shipped_states(page, view, shipped):
    packed = explore(view, shipped).frozen.packed
    states = list(unpack(packed)[1])
    wanted = sorted(random.Random(290).sample(range(len(states)), min(len(states), 200)))  # noqa: S311
    for n, text in zip(wanted, page.evaluate(IN_PAGE, [packed, wanted]), strict=True):
        _same(json.loads(text), _nested(states[n]))


def test_figures_are_written_in_the_page_as_in_python(page):
    chance = random.Random(1)  # noqa: S311
    numbers = [chance.choice([1, 1000, 1e6]) * chance.uniform(-2, 2) for _ in range(200)] + [
        0.5,
        2.5,
        0.125,
        -0.04,
        None,
    ]
    packer = Packer("vi")
    for number in numbers:  # the text is derived from the number wherever it can be
        shown = ["–" if number is None else write(json.dumps(number), d, "vi") for d in (0, 1, 2)]
        packer.add({"y": [number], "a": [shown[0]], "b": [shown[1]], "c": [shown[2]]})
    packed = packer.packed(axes=[], controls=[])
    assert {way for _, way in unpack(packed)[0]["columns"]} > {0, 1, 2}
    texts = page.evaluate(IN_PAGE, [packed, list(range(len(numbers)))])
    assert [json.loads(t) for t in texts] == list(unpack(packed)[1])


def test_accents_and_case_do_not_matter_in_a_search(page):
    assert page.evaluate("['Ba Đình', 'ĐỐNG ĐA', 'Hà Nội'].map(fold_)") == ["ba dinh", "dong da", "ha noi"]


def test_markup_from_data_does_not_reach_plotly(page):
    given = {"text": ["<b>a</b><br>", "<a href='http://x'>y</a>", "<span style='font-size:99px'>z</span>", 3, None]}
    tamed = page.evaluate("(value) => tame_(value)", given)
    assert tamed["text"] == [
        "<b>a</b><br>",
        "&lt;a href='http://x'>y&lt;/a>",
        "&lt;span style='font-size:99px'>z&lt;/span>",
        3,
        None,
    ]


FIT = """([figure, width]) => {
  fit_(figure, width);
  const { layout, data: [marks] } = figure;
  const wide = (text, size) => written_(text, size, layout.font?.family ?? "sans-serif");
  const texts = marks?.text?.map((text, n) => wide(text, marks.textfont.size[n])) ?? [];
  return [figure, texts, layout.xaxis?.title ? wide(layout.xaxis.title.text, layout.xaxis.title.font.size) : 0];
}"""


def test_on_a_phone_year_labels_do_not_touch_and_the_partial_year_stays(page, shipped):
    years = list(shipped.years)
    (figure, _, _) = page.evaluate(FIT, [plain(views.trend(shipped).figure), 356])
    labels = figure["layout"]["xaxis"]["ticktext"]
    assert labels[-1] == "<b>2020</b><br>6 tháng"
    assert [label for label in labels[:-1] if label] == [str(year) for year in years[-3::-2]][::-1]
    (figure, _, _) = page.evaluate(FIT, [plain(views.trend(shipped).figure), 1200])
    assert all(figure["layout"]["xaxis"]["ticktext"])


def test_on_a_phone_no_label_and_no_legend_is_cut_off(page, shipped):
    given = plain(views.peers(shipped, area="001").figure)
    given["data"] = [trace for trace in given["data"] if trace.get("text")][:1]
    given["layout"]["xaxis"]["title"]["text"] = legend = "chấm to: đơn vị này · " * 6
    figure, texts, title = page.evaluate(FIT, [given, 356])
    assert 200 < max(texts) < 356 - 40
    assert 200 < title < 356
    assert figure["layout"]["xaxis"]["title"]["text"].replace("<br>", " ") == legend
    assert min(figure["data"][0]["textfont"]["size"]) >= 9


def test_a_picture_that_says_nothing_of_its_looks_stays_as_it_is_on_a_phone(page):
    given = {"data": [{"x": ["a"], "y": [1]}], "layout": {"annotations": [{"x": "a", "y": 1, "showarrow": True}]}}
    assert page.evaluate(FIT, [given, 356])[0] == given

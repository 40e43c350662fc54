"""HTML and SVG as a reader sees them: random names are nothing, every text and colour is something."""

from __future__ import annotations

import base64
import re
import uuid

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from danvan_kit.regression.compare import Hidden, Picture, Rows, compare
from danvan_kit.regression.markup import html, image, svg

FRAME = pd.DataFrame({"2014": [3, 5], "2015": [31, 7]}, index=["Ba Đình", "Sóc Sơn"])
CHART = (
    '<style>#{0} b {{color: red}}</style><div id="{0}" class="box" title="Biểu đồ"><b>17</b> <a href="#{0}">xem</a>'
    "<a href='bao-cao.html'>tải</a><img src='a.png' alt='Hình 1'></div>"
    "<script>draw(document.getElementById('{0}'), [3, 5])</script>"
)
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg"><metadata><date>{1}</date></metadata><defs><clipPath id="{0}"><rect '
    'width="30"/></clipPath></defs><style>.a{{fill: red}}</style><g clip-path="url(#{0})"><path d="M 10 10 L 20 31"/>'
    '</g><use href="#{0}"/><text x="3">Ba Đình</text></svg>'
)


def _moves(old, new, read=html):
    return list(compare(read(old), read(new)))


def _rows(*rows):
    """Return the table written with ``|`` between cells, ``*`` before headers, ``2x`` or ``x2`` before spans."""
    out = []
    for row in rows:
        cells = []
        for cell in row.split("|"):
            tag, said = ("th", cell[1:]) if cell.startswith("*") else ("td", cell)
            wide, high, text = re.fullmatch(r"(?:(\d)x)?(?:x(\d))?(.*)", said).groups()
            cells.append(f"<{tag} colspan='{wide or 1}' rowspan='{high or 1}'>{text}</{tag}>")
        out.append(f"<tr>{''.join(cells)}</tr>")
    return html(f"<table>{''.join(out)}</table>")["table"]


def test_a_table_has_rows_and_columns():
    assert _rows("*|*2014|*2015", "*Ba Đình|3|31") == Rows(("Ba Đình",), ("2014", "2015"), (("3", "31"),))
    assert html(FRAME.to_html())["table"] == Rows(("Ba Đình", "Sóc Sơn"), ("2014", "2015"), (("3", "31"), ("5", "7")))


def test_without_headers_the_first_column_names_the_rows():
    assert _rows("Ba Đình|3", "Sóc Sơn|5") == Rows(("Ba Đình", "Sóc Sơn"), ("2",), (("3",), ("5",)))


def test_several_rows_of_headers_are_one_label_and_their_corner_a_row():
    assert _rows("*x2quận|*2x2014", "*nam|*nữ", "Ba Đình|3|31") == Rows(
        ("quận", "Ba Đình"), ("2014 / nam", "2014 / nữ"), (("", ""), ("3", "31"))
    )


def test_equal_headers_that_are_two_cells_are_told_apart_from_one():
    assert _rows("*|*A", "*|*A", "x|3").columns == ("A / A",)
    assert _rows("*|*x2A", "*", "x|3").columns == ("A",)


def test_a_label_over_several_rows_stands_in_each():
    assert _rows("*|*|*n", "*x2Quận A|*a1|3", "*a2|5") == Rows(("Quận A / a1", "Quận A / a2"), ("n",), (("3",), ("5",)))


def test_a_cell_over_several_places_stands_in_each():
    assert _rows("*|*x|*y|*z", "a|2x3|4", "b|x25|6|7", "c|8|9").cells == (
        ("3", "3", "4"),
        ("5", "6", "7"),
        ("5", "8", "9"),
    )


@pytest.mark.parametrize(
    ("source", "keys", "columns"),
    [
        ("<table></table>", (), ()),
        ("<table><tr><th>a</th><th>b</th></tr></table>", ("a",), ("b",)),
        ("<table><tr><th>a</th><th>b</th></tr><tr><th>c</th><th>d</th></tr></table>", ("a / b", "c / d"), ()),
        ("<table><tr><td>a</td></tr><tr><td>b</td><td>c</td></tr></table>", ("a", "b"), ("2",)),
        ("<table><tr><td colspan='x' rowspan='0'>a</td><td>b<br>c</td></tr></table>", ("a",), ("2",)),
    ],
)
def test_odd_tables_are_read_as_well_as_they_can_be(source, keys, columns):
    found = html(source)["table"]
    assert (found.keys, found.columns) == (keys, columns)
    assert len(found.cells) == len(found.keys)
    assert all(len(row) == len(found.columns) for row in found.cells)


def test_a_frame_with_levels_names_each_figure():
    levels = pd.MultiIndex.from_product([["Quận A", "Quận B"], ["a", "b"]], names=["quận", "phường"])
    frame = pd.DataFrame(
        [[n, n + 10] for n in range(4)], index=levels, columns=pd.MultiIndex.from_product([["2014"], ["nam", "nữ"]])
    )
    again = frame.copy()
    again.iloc[2, 1] = 31
    (move,) = _moves(frame.to_html(), again.to_html())
    assert (move.where, move.old, move.new) == (("table", "Quận B / a", "2014 / nữ"), "12", "31")


TEXT = st.text(alphabet="abđ019 .,%", min_size=1, max_size=6).map(lambda text: f"x{text}x")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(TEXT, min_size=3, max_size=3), min_size=1, max_size=4), st.data())
def test_another_text_in_any_cell_is_found(rows, data):
    r, c = data.draw(st.integers(0, len(rows) - 1)), data.draw(st.integers(0, 2))
    other = [list(row) for row in rows]
    other[r][c] = other[r][c].replace("x", "y")
    old, new = (
        "<table>" + "".join("<tr><td>" + "</td><td>".join(row) + "</td></tr>" for row in one) + "</table>"
        for one in (rows, other)
    )
    assert _moves(old, old) == []
    assert any(move.kind in {"text", "gone", "new", "order"} for move in _moves(old, new))


def test_names_drawn_at_random_are_nothing():
    assert _moves(CHART.format("chart-1f2e"), CHART.format(str(uuid.uuid4()))) == []
    drawings = SVG.format("p1f2e3d", "2025"), SVG.format("p9a8b7c", "2026")
    assert _moves(*drawings, svg) == []
    assert _moves(*drawings) == []
    styled = [FRAME.style.highlight_max(color="yellow").set_caption("Bảng 1").to_html() for _ in range(2)]
    assert styled[0] != styled[1]
    assert _moves(*styled) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [("17", "18"), ("color: red", "color: blue"), ("Biểu đồ", "Biểu đô"), ("bao-cao.html", "bao-cao-2.html"),
     ("Hình 1", "Hình 2"), ("a.png", "b.png"), ("[3, 5]", "[3, 6]"), ("xem", "xem thêm"),
     ('class="box"', 'class="bar"'),
     ("<b>17</b>", "<i>17</i>")],
)  # fmt: skip
def test_anything_that_a_reader_sees_is_found(old, new):
    source = CHART.format("chart-1f2e")
    assert source.count(old) == 1
    assert _moves(source, source.replace(old, new))
    assert _moves(source, CHART.format("chart-9a8b").replace(old, new))


@pytest.mark.parametrize(
    ("old", "new"),
    [("Ba Đình", "Ba Vì"), ("20 31", "20 30"), ('x="3"', 'x="4"'), ("fill: red", "fill: blue"),
     ('width="30"', 'width="31"'),
     ("<path", "<line")],
)  # fmt: skip
def test_anything_that_a_drawing_shows_is_found(old, new):
    for read in (svg, html):
        assert _moves(SVG.format("p1f2e3d", "2025"), SVG.format("p9a8b7c", "2025").replace(old, new), read)


@pytest.mark.parametrize(
    "change",
    [lambda style: style.highlight_max(color="red"), lambda style: style.set_caption("Bảng 2"),
     lambda style: style.format("{:.1f}"), lambda style: style.hide(axis="index"), lambda style: style.bar()],
)  # fmt: skip
def test_another_look_of_a_styled_table_is_found(change):
    def styled():
        return FRAME.style.highlight_max(color="yellow").set_caption("Bảng 1")

    assert _moves(styled().to_html(), change(styled()).to_html())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<table>nguồn 31<tr><td>a</td></tr></table>", "<table>nguồn 30<tr><td>a</td></tr></table>"),
        ("<table><tr><div><td>31</td></div></tr></table>", "<table><tr><div><td>30</td></div></tr></table>"),
        ("<table><tr><td>1<td>31</table>", "<table><tr><td>1<td>30</table>"),
        ("<table><tr><td><table><tr><td>31</table></table>", "<table><tr><td><table><tr><td>30</table></table>"),
        ("<table><tr><td>a<td></tr></table><p>31", "<table><tr><td>a<td></tr></table><p>30"),
        ("<table><caption>31</caption></table>", "<table><caption>30</caption></table>"),
        (
            "<table><tr><td>k</td><td>3<b>1</b></td></tr></table>",
            "<table><tr><td>k</td><td>3 <b>1</b></td></tr></table>",
        ),
        ("<p>3</p>1", "<p>31</p>"),
        ("<option>3</option><option>1</option>", "<option>31</option><option></option>"),
        ("<pre>3\n1</pre>", "<pre>3 1</pre>"),
        ("27\u00a0739", "27739"),
        ("<td>27\u00a0739</td>", "<td>27 739</td>"),
        ("<input value='31'>", "<input value='30'>"),
        ("<option selected>a</option><option>b</option>", "<option>a</option><option selected>b</option>"),
        ("<b id='tag-1' title='#tag-1'>x</b>", "<b id='tag-2' title='#tag-2'>x</b>"),
        ("a<b>b</b>", "a <b>b</b>"),
    ],
)
def test_no_text_is_lost_wherever_it_stands(old, new):
    assert any(move.kind != "look" for move in _moves(old, new))


@pytest.mark.parametrize("name", ["checked", "title='a'", "alt='a'"])
def test_which_of_several_is_marked_is_found(name):
    assert _moves(f"<input {name}><input>", f"<input><input {name}>")


def test_several_tables_are_numbered_and_leave_the_text_around_them():
    found = html(
        "<p>một</p><table><caption>Bảng</caption><tr><td>a</td></tr></table>hai<table><tr><td>b</td></tr></table>"
    )
    assert list(found) == ["table 1", "table 2", "text", "look"]
    assert found["text"] == "một\nBảng\nhai"


def test_lines_break_as_in_a_browser():
    assert html("<ul><li>a <b>b</b>\n c</li><li>d</li></ul><!-- e --><pre>f\ng</pre>")["text"] == "a b c\nd\nf\ng"


def test_texts_nested_very_deeply_are_read():
    assert html("<i>" * 3000 + "31" + "</i>" * 3000)["text"] == "31"


def test_pictures_within_a_page_are_pictures():
    content = base64.b64encode(b"a picture").decode()
    found = html(f"<img src='data:image/png;base64,{content}'><a href='data:text/plain,31'>x</a>")
    assert found["pictures"] == [Picture(b"a picture", "image/png")]
    assert found["attributes"] == ["a href: data:text/plain,31"]


def test_what_is_no_image_stays_text():
    assert image("YSBw\naWN0dXJl\n", "image/png") == Picture(b"a picture", "image/png")
    assert image("no image!", "image/png") == "no image!"


def test_looks_styles_and_scripts_are_hidden():
    found = html(CHART.format("chart"))
    assert {name for name, part in found.items() if isinstance(part, Hidden)} == {"look", "styles", "scripts"}
    assert found["text"] == "17 xemtải"


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="<>/=\"'#& abtdrhle31!-", max_size=60))
def test_any_text_can_be_read(text):
    for read in (html, svg):
        assert _moves(text, text, read) == []


def test_a_long_table_is_read_in_one_go():
    assert len(html(pd.DataFrame({f"c{n}": range(600) for n in range(12)}).to_html())["table"].cells) == 600

"""What goes onto a page: nothing hostile in, nothing private out."""

from __future__ import annotations

import base64
import contextlib
import html
import json
import random
import re
import struct
import zlib
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pandas as pd
import plotly
import plotly.express as px
import plotly.graph_objects as go
import pytest
from browser import FLAGS, chromium
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import sync_playwright

from danvan_kit.pages import clean, clean_figures, clean_html, clean_images

ROOT = Path(__file__).parents[1]


def names(text):
    return frozenset(text.split())


# --- pictures to hide things in ---------------------------------------------------------------------------------------


def chunk(name, body):
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(*more):
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n" + header + b"".join(more) + chunk(b"IDAT", zlib.compress(b"\0abc")) + chunk(b"IEND", b"")
    )


def segment(code, body):
    return bytes([0xFF, code]) + struct.pack(">H", len(body) + 2) + body


JPEG = base64.b64decode(
    "/9j/2wBDAFA3PEY8MlBGQUZaVVBfeMiCeG5uePWvuZHI////////////////////////////////////////////////////2wBDAVVaWnhpeOuC"
    "guv/////////////////////////////////////////////////////////////////////////wAARCAABAAEDASIAAhEBAxEB/8QAFQABAQAA"
    "AAAAAAAAAAAAAAAAAAT/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/8QAFAEBAAAAAAAAAAAAAAAAAAAAAP/EABQRAQAAAAAAAAAAAAAAAAAAAAD/2gAM"
    "AwEAAhEDEQA/AIgAf//Z"
)
GIF = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
WEBP = base64.b64decode("UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA")


def jpeg(*segments):
    return JPEG[:2] + b"".join(segments) + JPEG[2:]


def exif(turn, author, order="<"):
    """Return a camera's EXIF segment: which way is up, and who."""
    mark = b"II*\0" if order == "<" else b"MM\0*"
    fields = struct.pack(order + "HHIHH", 0x0112, 3, 1, turn, 0) + struct.pack(order + "HHII", 0x013B, 2, 9, 38)
    tiff = mark + struct.pack(order + "IH", 8, 2) + fields + struct.pack(order + "I", 0) + author
    return segment(0xE1, b"Exif\0\0" + tiff)


def webp(*more, flags=0x2C):
    def part(name, body):
        return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)

    inside = part(b"VP8X", bytes([flags, 0, 0, 0]) + bytes(6)) + WEBP[12:] + b"".join(part(*m) for m in more)
    return b"RIFF" + struct.pack("<I", len(inside) + 4) + b"WEBP" + inside


def gif(comment):
    notes = b"\x21\xfe" + bytes([len(comment)]) + comment + b"\0"
    xmp = b"\x21\xff\x0bXMP DataXMP" + bytes([len(comment)]) + comment + b"\0"
    return GIF[:19] + b"\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0" + notes + xmp + GIF[19:] + comment


def coded(raw):
    return base64.b64encode(raw).decode()


def inside(uri):
    return base64.b64decode(uri.split(",")[1])


# --- what may stand on a page -----------------------------------------------------------------------------------------

TEXT_ATTRIBUTES = {
    "a": {"href", "rel"}, "img": {"src", "alt"}, "ol": {"start"}, "li": {"id"}, "sup": {"id"}, "span": {"class"},
    "div": {"class"}, "td": {"class"}, "th": {"class"}, **{f"h{n}": {"id"} for n in range(1, 7)},
}  # fmt: skip
TEXT_TAGS = names(
    "a blockquote br code del div em h1 h2 h3 h4 h5 h6 hr img li ol p pre span strong sup table tbody td th thead tr ul"
)
CELL = {"colspan", "rowspan", "scope", "class", "lang"}
TABLE_ATTRIBUTES = {
    "a": {"href", "rel", "lang"}, "img": {"src", "alt", "lang"}, "td": CELL, "th": CELL, "col": {"span", "lang"},
    "colgroup": {"span", "lang"}, "details": {"open", "lang"}, "time": {"datetime", "lang"},
}  # fmt: skip
TABLE_TAGS = names(
    "table thead tbody tfoot tr th td caption colgroup col p br hr h1 h2 h3 h4 h5 h6 ul ol li dl dt dd strong em b i u"
    " s sub sup code pre blockquote small span div details summary time a img"
)
VOID = {"br", "hr", "img", "col"}
CLASSES = {"n", "dvp-lost", "dvp-math", "dvp-notes"}
PICTURE = re.compile(r"data:image/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/=]+")


class Reader(HTMLParser):
    """Reads a page as a browser would, and fails at whatever may not stand there."""

    def __init__(self, tags, attributes):
        super().__init__()
        self.tags, self.attributes, self.open, self.words, self.ids = tags, attributes, [], "", []

    def handle_starttag(self, tag, attrs):  # noqa: D102
        assert tag in self.tags, tag
        given = dict(attrs)
        assert len(given) == len(attrs)
        assert given.keys() <= self.attributes.get(tag, {"lang"} & self.attributes.get("td")), (tag, given)
        assert given.get("class", "n") in CLASSES
        href = given.get("href", "#")
        assert re.match(r"(?:https?://|mailto:|#|\w+\.html(?:#|$))", href, re.IGNORECASE), href
        if href.lower().startswith("http"):
            assert given["rel"] == "noopener noreferrer"
        if tag == "img":
            assert PICTURE.fullmatch(given["src"])
        self.ids += [given["id"]] if "id" in given else []
        self.open += [] if tag in VOID else [tag]

    def handle_endtag(self, tag):  # noqa: D102
        assert self.open.pop() == tag

    def handle_data(self, data):  # noqa: D102
        self.words += data

    def handle_comment(self, data):  # noqa: D102
        raise AssertionError(data)

    handle_decl = unknown_decl = handle_pi = handle_comment


def read(made, tags, attributes):
    reader = Reader(tags, attributes)
    reader.feed(made)
    reader.close()
    assert reader.open == []
    made.encode("utf-8")
    return reader


def read_text(text, **more):
    return read(clean.markdown(text, **more), TEXT_TAGS, TEXT_ATTRIBUTES)


def read_table(text):
    return read(clean.table_html(text), TABLE_TAGS, TABLE_ATTRIBUTES)


PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)><script>alert(1)</script></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='jav&#x09;ascript:alert(1)'>x</a>",
    "<a href=' &#14; javascript:alert(1)'>x</a>",
    "<a href='data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg=='>x</a>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data='data:text/html,<script>alert(1)</script>'></object><embed src='//evil.vn/x.swf'>",
    "<form action='https://evil.vn'><input name=mat_khau><button formaction='javascript:alert(1)'>Gửi</button></form>",
    "<meta http-equiv=refresh content='0;url=https://evil.vn'><base href='https://evil.vn/'>",
    "<link rel=stylesheet href='https://evil.vn/x.css'><style>@import 'https://evil.vn/x.css';</style>",
    "<div style='background:url(https://evil.vn/x.png)' onmouseover=alert(1)>x</div>",
    "<img src='https://evil.vn/theo-doi.png'><img srcset='https://evil.vn/a.png 1x'>",
    "<img src='data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+'>",
    "<details open ontoggle=alert(1)><summary>x</summary></details>",
    "<template><script>alert(1)</script></template><body onload=alert(1)>",
    "<scr<!-- -->ipt>alert(1)</scr<b></b>ipt>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<td><b id=x class=y style='text-align:right' tabindex=1 autofocus onfocus=alert(1)>x",
    "<<img/src=x/onerror=alert(1)>//",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt&colon;alert(1))",
    "[x](<java\nscript:alert(1)>)",
    "[x](data:text/html,<script>alert(1)</script>)",
    "[x](vbscript:x) [y](file:///etc/passwd) [z](//evil.vn) [w](\\\\evil.vn\\x)",
    '[x](https://a.vn "\\" onmouseover=\\"alert(1)")',
    '![" onerror="alert(1)](https://a.vn/x.png "x" onerror="alert(1)")',
    "![x](javascript:alert(1)) ![y](data:image/svg+xml,<svg/onload=alert(1)>) ![z](http://a.vn/x.png)",
    '[x][1] ![x][1]\n\n[1]: javascript:alert(1) "\'><script>alert(1)</script>"',
    "<javascript:alert(1)> <https://a.vn/\"onmouseover=alert(1)> <a@b.vn'onclick='x>",
    "| a | <script>alert(1)</script> |\n|---|:-:|\n| <img src=x onerror=alert(1)> | [x](javascript:alert(1)) |",
    "x[^1]\n\n[^1]: <img src=x onerror=alert(1)> [y](javascript:alert(1))",
    "- [ ] <img src=x onerror=alert(1)>\n- [x] <script>alert(1)</script>",
    '```"><script>alert(1)</script>\n<img src=x onerror=alert(1)>\n```',
    "$<img src=x onerror=alert(1)>$ and $$</span><script>alert(1)</script>$$",
    '# <script>alert(1)</script>" onclick="alert(1)',
    'https://a.vn/<script>alert(1)</script> https://a.vn/"onmouseover="alert(1)',
]
PIECES = ["\n", "\n\n", " ", "*", "_", "`", "$", "$$", "|", "[", "](", ")", "![", "<", ">", "&", "#x", '"', "'", "~~"]
HOSTILE = st.lists(st.one_of(st.sampled_from(PAYLOADS), st.sampled_from(PIECES), st.text(max_size=8)), max_size=12)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_known_attack_passes_as_markdown(payload):
    read_text(payload)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_known_attack_passes_as_html(payload):
    read_table(payload)
    read_table(f"<table><tr><td>{payload}</td></tr></table>")


@given(HOSTILE.map("".join))
def test_whatever_the_markdown_only_allowed_elements_come_out(text):
    read_text(text)


@given(HOSTILE.map("".join))
def test_whatever_the_html_only_allowed_elements_come_out(text):
    read_table(text)


# --- markdown ---------------------------------------------------------------------------------------------------------


def test_html_in_markdown_is_shown_as_it_was_written():
    text = '<div onclick="x">Chào <b>anh</b></div>'
    assert html.unescape(clean.markdown(text)) == f"<p>{text}</p>"


def test_comments_in_markdown_are_left_out():
    made = clean.markdown("a <!-- bí mật --> b\n\n<!-- bí\n\nmật -->\n\n[//]: # (bí mật)\n\nc")
    assert "mật" not in made
    assert re.sub(r"\s+", " ", read_text(made).words).count("a b") == 1


def test_entities_are_read_and_code_stays():
    assert clean.markdown("a &lt;b&gt; &copy;") == "<p>a &lt;b&gt; ©</p>"
    assert clean.markdown("`&lt;`") == "<p><code>&amp;lt;</code></p>"


def test_headings_have_ids_that_links_find():
    text = "# Số liệu đã công bố\n\n## Số liệu đã công bố\n\n[tới](#Số-liệu-đã-công-bố) [nữa](#so-lieu-da-cong-bo-2)"
    made = clean.markdown(text)
    assert '<h1 id="so-lieu-da-cong-bo">' in made
    assert '<h2 id="so-lieu-da-cong-bo-2">' in made
    assert '<a href="#so-lieu-da-cong-bo">tới</a>' in made
    assert '<a href="#so-lieu-da-cong-bo-2">nữa</a>' in made


def test_ids_are_unique_over_all_cells_of_a_page():
    seen = {"muc-luc"}
    text = "# Mục lục\n\n# ???\n\nx[^1] y[^1]\n\n[^1]: Chú."
    ids = [i for _ in range(3) for i in read_text(text, seen=seen).ids]
    assert len(ids) == len(set(ids)) == 12
    assert "muc-luc" not in ids
    assert set(ids) < seen


def test_footnotes_lead_there_and_back():
    made = clean.markdown("x[^a]\n\n[^a]: Chú thích.", seen={"fn-1"})
    assert '<sup id="fnref-1"><a href="#fn-1-2">1</a></sup>' in made
    assert '<li id="fn-1-2"><p>Chú thích.</p> <a href="#fnref-1">↩</a></li>' in made


def test_links_to_the_web_stay_and_tell_nobody_where_they_came_from():
    made = clean.markdown("[a](https://a.vn/x?b=1&c=2) <a@b.vn> https://c.vn.")
    assert '<a href="https://a.vn/x?b=1&amp;c=2" rel="noopener noreferrer">a</a>' in made
    assert 'href="mailto:a@b.vn"' in made
    assert '<a href="https://c.vn" rel="noopener noreferrer">https://c.vn</a>.' in made


def test_links_to_published_notebooks_lead_to_their_pages():
    pages = {"01_overview.ipynb": "01_overview.html", "Tổng kết.ipynb": "tong-ket.html"}
    text = "[a](01_overview.ipynb#Số-liệu) [b](./01_overview.ipynb) [c](T%E1%BB%95ng%20k%E1%BA%BFt.ipynb)"
    made = clean.markdown(text, pages=pages)
    assert re.findall(r'href="([^"]*)"', made) == ["01_overview.html#so-lieu", "01_overview.html", "tong-ket.html"]


@pytest.mark.parametrize(
    "address",
    ["02.ipynb", "../x.csv", "/etc/passwd", "//a.vn/x", "javascript:1", "data:text/html,x", "file:///x", "ftp://a.vn/x",
     "blob:x", "C:\\x", "http:x", "https:///x", "mailto:", "?q=1", "tel:113"],
)  # fmt: skip
def test_other_links_lose_the_link_and_keep_their_text(address):
    assert clean.markdown(f"[chữ **đậm**](<{address}>)") == "<p>chữ <strong>đậm</strong></p>"


def test_attached_pictures_are_carried_and_others_leave_their_description():
    attachments = {"ảnh 1.png": {"image/png": coded(png())}, "v.svg": {"image/svg+xml": coded(b"<svg/>")}}
    made = clean.markdown("![Sơ đồ <1>](attachment:%E1%BA%A3nh%201.png)", attachments=attachments)
    assert made == f'<p><img src="data:image/png;base64,{coded(png())}" alt="Sơ đồ &lt;1&gt;"></p>'
    for text in ("![Bìa](attachment:v.svg)", "![Bìa](attachment:x.png)", "![Bìa](https://a.vn/x.png)"):
        made = clean.markdown(text, attachments=attachments)
        assert made == '<p><span class="dvp-lost">Bìa (hình không được mang theo)</span></p>'
    assert "Hình không được mang theo" in clean.markdown("![](https://a.vn/x.png)")
    assert f'alt="{clean.NO_ALT}"' in clean.markdown("![](attachment:ảnh%201.png)", attachments=attachments)


def test_only_pictures_that_truly_lie_below_the_folder_are_carried(tmp_path):
    book = tmp_path / "book"
    (book / "anh").mkdir(parents=True)
    (book / "anh" / "a b.jpg").write_bytes(jpeg(exif(1, b"Nguyen A\0")))
    (tmp_path / "ngoai.png").write_bytes(png())
    (book / "ra.png").symlink_to(tmp_path / "ngoai.png")
    (book / "xa").symlink_to(tmp_path)
    (book / "vong.png").symlink_to(book / "vong.png")
    (book / "v.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    (book / "gia.png").write_text("<script>alert(1)</script>")
    (book / "to.png").write_bytes(png(chunk(b"tRNS", bytes(clean_images.LIMIT))))
    made = clean.markdown("![x](<anh/a b.jpg>) ![x](./anh/a%20b.jpg)", folder=book)
    assert [inside(uri[0]) for uri in re.finditer(r'data:[^"]+', made)] == [jpeg(), jpeg()]
    refused = ["../ngoai.png", "ra.png", "xa/ngoai.png", "vong.png", "v.svg", "gia.png", "to.png", "anh", "mat.png"]
    refused += [str(tmp_path / "ngoai.png"), "anh/../../ngoai.png", "%2e%2e/ngoai.png", "a" * 5000, "a%00b.png"]
    for path in refused:
        assert "<img" not in clean.markdown(f"![x](<{path}>)", folder=book), path
    assert "<img" not in clean.markdown("![x](<anh/a b.jpg>)")


@pytest.mark.parametrize(
    "formula",
    [
        r"$x_1*a*b_2$",
        r"$$\sum_{i} a_i * b * c \\ x$$",
        "$$\na *b* c\n\n_d_ < e\n$$",
        r"\begin{align} a*b*c \\ \{x\} \end{align}",
    ],
)
def test_formulas_stay_as_they_were_written(formula):
    made = clean.markdown(f"{formula}\n\nhết")
    assert "<em>" not in made
    assert formula in read_text(f"{formula}\n\nhết").words
    assert "dvp-math" in made


def test_prices_are_no_formulas():
    assert clean.markdown("Giá $5 và *10* $, $20") == "<p>Giá $5 và <em>10</em> $, $20</p>"


def test_markdown_tables_keep_what_stands_to_the_right():
    made = clean.markdown("| a | b |\n|---|--:|\n| x | 1 |")
    assert '<td>x</td>\n<td class="n">1</td>' in made
    assert '<th class="n">b</th>' in made


def test_tasks_are_boxes_not_inputs():
    assert clean.markdown("- [ ] một\n- [x] hai") == "<ul>\n<li>☐ một</li>\n<li>☑ hai</li>\n</ul>"


# --- HTML outputs -----------------------------------------------------------------------------------------------------


def frame():
    return pd.DataFrame({"Quận": ["Ba Đình", "<b>Hoàn Kiếm</b>"], "Số cuộc": [12, 7]})


def test_a_data_frame_stays_a_table():
    reader = read_table(frame().to_html())
    assert " ".join(reader.words.split()) == "Quận Số cuộc 0 Ba Đình 12 1 <b>Hoàn Kiếm</b> 7"


def test_a_styled_frame_keeps_its_words_and_spans_and_loses_its_styles():
    wide = pd.concat([frame().set_index("Quận")], axis=1, keys=["Năm 2019"])
    text = (
        wide.style.set_caption("Giám sát")
        .set_properties(**{"text-align": "right"})
        .set_tooltips(wide.astype(str) + "-ghi-chú")
        .to_html()
    )
    made = clean.table_html(text)
    assert "<caption>Giám sát</caption>" in made
    assert "12" in made
    assert not re.search(r"style|ghi-chú|#T_|id=", made)
    read_table(text)


def test_spans_and_scopes_stay_and_free_text_in_attributes_goes():
    made = clean.table_html(
        '<table><colgroup><col span="2"></colgroup><tr><th scope="col" colspan="2" headers="bi mat" lang="vi">a</th>'
        '<td rowspan="bí mật" lang="bí mật" scope="bi-mat">1</td></tr></table><time datetime="2020-06-30">x</time>'
    )
    assert '<col span="2">' in made
    assert '<th scope="col" colspan="2" lang="vi">a</th><td>1</td>' in made
    assert '<time datetime="2020-06-30">x</time>' in made


def test_cells_to_the_right_get_a_class():
    made = clean.table_html(
        '<table><tr><td style="color:red; text-align : right" colspan="2">1</td><td style="text-align:left">2</table>'
        '&lt;td style="right"&gt;'
    )
    assert re.search(r'<td colspan="2" class="n">1</td><td>2</td>', made)
    assert '&lt;td style="right"&gt;' in made


def test_a_saved_view_of_the_kit_keeps_its_table_and_its_mark():
    book = nbformat.read(ROOT / "notebooks" / "00_start.ipynb", 4)
    texts = [
        o["data"]["text/html"] for c in book.cells for o in c.get("outputs", []) if "text/html" in o.get("data", {})
    ]
    assert texts
    for text in texts:
        made = clean.table_html(text)
        assert "<strong>SỐ LIỆU MÔ PHỎNG</strong>" in made
        assert made.count('<td class="n">') == text.count('<td style="text-align:right">') > 0


def test_what_was_hidden_stays_hidden():
    kept = clean.table_html(
        "<p>a</p><div hidden><div>bí</div>mật</div><section style='display : none'><div>bí mật</div></section>"
        "<input hidden><i style=visibility:hidden>bí mật</i><p title='hidden' class=hidden>b</p><br hidden>c"
        "<script>'<div hidden>'</script><!-- <div hidden> -->d<div hidden>bí mật"
    )
    assert kept == "<p>a</p><p>b</p>cd"


def test_pictures_inside_html_must_be_pictures():
    good, bad = coded(png(chunk(b"tEXt", b"Author\0bi mat"))), coded(b"<svg onload=alert(1)>")
    made = clean.table_html(
        f'<img alt="a>b" src="data:image/png;base64,{good}"><img alt="mất &lt;1&gt;" src="data:image/png;base64,{bad}">'
        f'<img src="https://a.vn/x.png" alt="xa"><img src="data:image/jpeg;base64,{good}">'
        f'<a href="data:image/png;base64,{good}">l</a>'
    )
    assert made.count("<img") == 1
    assert f"data:image/png;base64,{coded(png())}" in made
    assert "mất &lt;1&gt;xa<a" in made
    assert "href" not in made


@pytest.mark.parametrize(
    "text",
    ["", "<script>document.write('x')</script>", "<div><style>a{}</style> &nbsp; <br></div>", "<div id=plot></div>",
     "<table><tr><td>Loading ITables v2.4 from the internet... (need <a href='https://a.vn'>help</a>?)</td></table>"],
)  # fmt: skip
def test_html_with_nothing_to_read_is_nothing(text):
    assert clean.table_html(text) == ""


@given(st.text(st.sampled_from("<>!-/ \"'=divhidenstylscrp&;"), max_size=60))
def test_taking_out_the_hidden_never_fails(text):
    assert len(clean_html._visible(text)) <= len(text)


# --- pictures ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dirty", "pure"),
    [
        (png(*(chunk(kind, b"CANARY") for kind in (b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"iCCP", b"tIME", b"prVt")))
         + b"CANARY", png()),
        (jpeg(exif(1, b"CANARY"), *(segment(kind, b"CANARY") for kind in (0xE1, 0xE2, 0xED, 0xFE))) + b"CANARY",
         jpeg()),
        (jpeg(segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\1\2CANARY")), jpeg(segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0"))),
        (gif(b"CANARY"), GIF[:19] + b"\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0" + GIF[19:]),
        (webp((b"EXIF", b"CANARY1"), *((kind, b"CANARY") for kind in (b"XMP ", b"ICCP", b"ABCD"))) + b"CANARY",
         webp(flags=0)),
        (webp((b"ANMF", bytes(16) + b"EXIF\x06\0\0\0CANARY")), webp((b"ANMF", bytes(16)), flags=0)),
    ],
    ids=["png", "jpeg", "jpeg thumbnail", "gif", "webp", "webp frame"],
)  # fmt: skip
def test_a_picture_keeps_its_pixels_and_loses_all_else(dirty, pure):
    uri = clean_images.uri(dirty)
    assert PICTURE.fullmatch(uri)
    assert inside(uri) == pure
    assert b"CANARY" in dirty


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("turn", [3, 6, 8])
def test_a_photo_keeps_which_way_is_up(turn, order):
    made = inside(clean_images.uri(jpeg(exif(turn, b"Nguyen A\0", order))))
    assert b"Nguyen" not in made
    assert made == inside(clean_images.uri(made))
    assert clean_images._upright(made[12:38]) == made[2:38]
    assert made[30:32] == bytes([0, turn])


@pytest.mark.parametrize("raw", [png(), jpeg(), GIF, WEBP], ids=["png", "jpeg", "gif", "webp"])
def test_a_picture_must_be_what_it_claims_and_whole(raw):
    mime = clean_images.uri(raw)[5:].partition(";")[0]
    assert clean_images.uri(raw, mime)
    for claimed in ("image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml"):
        assert bool(clean_images.uri(raw, claimed)) == (claimed == mime)
    for cut in range(len(raw)):
        assert clean_images.uri(raw[:cut]) == ""


def test_fillings_and_turns_without_a_direction_do_no_harm():
    assert inside(clean_images.uri(JPEG[:2] + b"\xff\xff" + JPEG[2:])) == JPEG
    assert inside(clean_images.uri(jpeg(exif(9, b"")))) == JPEG
    assert inside(clean_images.uri(jpeg(segment(0xE1, b"Exif\0\0MM\0*\0\0\0\x08\0\x05abc")))) == JPEG
    assert inside(clean_images.uri(jpeg(segment(0xEE, b"Adobe" + bytes(7) + b"CANARY")))) == jpeg(
        segment(0xEE, b"Adobe" + bytes(7))
    )
    assert clean_images.uri(JPEG[:2] + b"\xff\xdb\0\1" + JPEG[4:]) == ""


@given(st.sampled_from([png(), jpeg(exif(6, b"Nguyen A\0")), gif(b"x"), webp((b"EXIF", b"x"))]), st.data())
def test_a_damaged_picture_never_fails(raw, data):
    at = data.draw(st.integers(0, len(raw) - 1))
    noise = data.draw(st.binary(max_size=20))
    uri = clean_images.uri(raw[:at] + noise + raw[at + len(noise) :])
    assert uri == "" or PICTURE.fullmatch(uri)


def test_base64_that_is_none_is_nothing():
    assert clean_images.decoded("không phải") == b""
    assert clean_images.decoded("AAA") == b""
    assert clean_images.decoded("QU\nJD\n") == b"ABC"


# --- outputs ----------------------------------------------------------------------------------------------------------


def shown(data, metadata=None, **more):
    return clean.output({"output_type": "display_data", "data": data, "metadata": metadata or {}}, **more)


BAR = {"data": [{"type": "bar", "x": ["a", "b"], "y": [1, 2]}], "layout": {"title": {"text": "Số <b>cuộc</b>"}}}
GLOBE = {"data": [{"type": "scattergeo", "lat": [21], "lon": [105]}], "layout": {}}


def test_the_richest_safe_form_is_chosen():
    data = {
        "text/plain": "chữ", "text/latex": "$x$", "text/markdown": "**đậm**", "image/webp": coded(WEBP),
        "image/gif": coded(GIF), "image/jpeg": coded(jpeg()), "image/png": coded(png()), "text/html": "<p>html</p>",
        "application/vnd.plotly.v1+json": BAR, "application/javascript": "alert(1)",
        "image/svg+xml": "<svg onload='alert(1)'/>", "text/vnd.mermaid": "x", "application/pdf": "x",
        "application/vnd.jupyter.widget-state+json": {"x": 1},
    }  # fmt: skip
    found = []
    for mime in ["application/vnd.plotly.v1+json", "text/html", "image/png", "image/jpeg", "image/gif", "image/webp",
                 "text/markdown", "text/latex", "text/plain"]:  # fmt: skip
        one = shown(data)
        found.append((one.kind, one.content if one.kind != "plotly" else one.alt))
        del data[mime]
    assert found == [
        ("plotly", "Số cuộc"), ("html", "<p>html</p>"), ("image", "data:image/png;base64," + coded(png())),
        ("image", "data:image/jpeg;base64," + coded(jpeg())), ("image", "data:image/gif;base64," + coded(GIF)),
        ("image", "data:image/webp;base64," + coded(WEBP)), ("html", "<p><strong>đậm</strong></p>"),
        ("text", "<pre>$x$</pre>"), ("text", "<pre>chữ</pre>"),
    ]  # fmt: skip
    assert shown(data) is None


def test_a_figure_that_cannot_be_drawn_gives_way_to_the_table():
    assert shown({"application/vnd.plotly.v1+json": GLOBE, "text/html": "<p>bảng</p>"}).content == "<p>bảng</p>"
    assert shown({"application/vnd.plotly.v1+json": GLOBE}) is None
    assert shown({"application/vnd.plotly.v1+json": "không phải hình", "text/plain": "x"}).kind == "text"


def test_a_figure_without_a_title_is_described_by_its_text():
    plain = {"application/vnd.plotly.v1+json": BAR | {"layout": {}}}
    assert shown(plain).alt == clean.NO_ALT
    assert shown(plain | {"text/plain": "Giám sát <1>\n2019"}).alt == "Giám sát <1>"
    assert shown(plain | {"text/plain": "Figure({'data': []})"}).alt == clean.NO_ALT


def test_pictures_carry_their_description():
    data = {"image/png": coded(png()) + "\n"}
    assert shown(data).alt == clean.NO_ALT
    assert shown(data, {"image/png": {"alt": ' Sơ đồ "1" '}}).alt == 'Sơ đồ "1"'
    assert shown(data, {"image/png": {"alt": 5, "width": 3}}).alt == clean.NO_ALT
    assert shown({"image/png": coded(jpeg())}) is None


def test_markdown_outputs_know_the_pages_and_the_ids():
    seen = {"a"}
    made = shown({"text/markdown": ["# A\n", "[x](b.ipynb)"]}, pages={"b.ipynb": "b.html"}, seen=seen).content
    assert '<h1 id="a-2">' in made
    assert 'href="b.html"' in made


def test_printed_text_stays_and_warnings_go():
    stream = {"output_type": "stream", "name": "stdout", "text": ["\x1b[1;31m<đỏ>\x1b[0m\n", "\x1b]0;tên\x07b\x00\n"]}
    assert clean.output(stream) == clean.Shown("text", "<pre>&lt;đỏ&gt;\nb</pre>", "")
    assert clean.output(stream | {"name": "stderr"}) is None
    assert clean.output(stream | {"text": "\x1b[0m \n"}) is None
    error = {"output_type": "error", "ename": "E", "evalue": "x", "traceback": ["/nha/a/x.py"]}
    assert clean.output(error) is None


def test_a_bar_of_progress_shows_its_end():
    stream = {"output_type": "stream", "name": "stdout", "text": "bắt đầu\r\n  0%\r 50%\r100%\r\nxong\n"}
    assert clean.output(stream).content == "<pre>bắt đầu\n100%\nxong</pre>"


@pytest.mark.parametrize(
    "text",
    ["<Foo at 0x7f12ab>", "[<matplotlib.lines.Line2D at 0x7f12ab>]", "<IPython.core.display.HTML object>", " ",
     "<Figure size 640x480 with 1 Axes>", "(<A at 0x1>, None, <B of <C at 0x2>>)", "<module 'x' from '/nha/a/x.py'>"],
)  # fmt: skip
def test_mere_names_of_objects_are_dropped(text):
    assert shown({"text/plain": text}) is None


def test_values_stay_without_addresses_in_memory():
    assert (
        shown({"text/plain": "{'a': <Foo at 0x7f12ab>, 'b': 2}"}).content
        == "<pre>{&#x27;a&#x27;: &lt;Foo&gt;, &#x27;b&#x27;: 2}</pre>"
    )
    assert shown({"text/plain": "None"}).content == "<pre>None</pre>"
    assert shown({"text/plain": "[1, 2]"}).content == "<pre>[1, 2]</pre>"


def test_indentation_stays():
    assert shown({"text/plain": "\n   a  b\n0  1  2\n"}).content == "<pre>   a  b\n0  1  2</pre>"


def test_a_widget_without_a_picture_is_nothing():
    widget = {"application/vnd.jupyter.widget-view+json": {"model_id": "x"}, "text/plain": "VBox(children=(1,))"}
    assert shown(widget) is None


def test_halves_of_characters_do_not_stop_a_page():
    assert one({"name": "a\ud800\x00"})["name"] == "a?"
    for data in ({"text/plain": "a\ud800"}, {"text/html": "<p>a\ud800</p>"}, {"text/markdown": "a\ud800"}):
        assert "a?" in shown(data).content


def test_the_shipped_notebooks_pass_whole():
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        seen = set()
        for cell in nbformat.read(path, 4).cells:
            if cell.cell_type == "markdown":
                assert read_text(cell.source, seen=seen).words
            for output in cell.get("outputs", []):
                drawn = "application/vnd.plotly.v1+json" in output["data"]
                assert clean.output(output, seen=seen).kind == ("plotly" if drawn else "html")


# --- figures ----------------------------------------------------------------------------------------------------------


def one(trace, **layout):
    made = clean.figure({"data": [{"x": [1], "y": [2]} | trace], "layout": layout})
    json.dumps(made, allow_nan=False)
    return made["data"][0]


def test_a_figure_keeps_what_it_draws_and_loses_the_rest():
    fig = json.loads(px.bar(frame(), x="Quận", y="Số cuộc", title="Giám sát").to_json())
    fig["data"][0] |= {"uid": "u", "ids": ["i", "j"], "xsrc": "me:1:a", "meta": {"a": 1}, "selectedpoints": [0]}
    fig["data"][0] |= {"stream": {"token": "t"}, "customdata": [1, 2], "uirevision": 1, "hoverinfosrc": "s", "mine": 1}
    fig["layout"] |= {"meta": {"click": "area"}, "uirevision": 1, "mine": 2, "mapbox": {"accesstoken": "t"}}
    fig["layout"] |= {"scene": {}, "sliders": [{"steps": []}], "updatemenus": [{"buttons": [{"args": ["x", [9]]}]}]}
    before = json.dumps(fig)
    made = clean.figure(fig | {"frames": [{"data": []}], "config": {"plotlyServerURL": "https://evil.vn"}})
    assert json.dumps(fig) == before
    assert made.keys() == {"data", "layout"}
    assert made["data"][0].keys() == {
        "type", "x", "y", "xaxis", "yaxis", "hovertemplate", "legendgroup", "marker", "name", "orientation",
        "showlegend", "textposition",
    }  # fmt: skip
    assert made["layout"].keys() == {"template", "title", "xaxis", "yaxis", "barmode", "legend"}
    assert made["layout"]["template"]["layout"]["colorway"] == fig["layout"]["template"]["layout"]["colorway"]
    assert not {"mapbox", "scene", "geo"} & made["layout"]["template"]["layout"].keys()
    assert made["data"][0]["y"] == fig["data"][0]["y"]


def test_a_figure_without_a_template_gets_none():
    assert "template" not in clean.figure(BAR)["layout"]


def test_figures_that_are_none_are_none():
    for fig in (
        {},
        {"data": None},
        {"data": "x"},
        {"layout": {}},
        {"data": [{"type": "bang"}]},
        {"data": [{"type": [1]}]},
        {"data": [{"": 1}]},
        {"data": [{5: 1}]},
    ):
        assert clean.figure(fig) is None
    assert clean.figure({"data": [3, None], "layout": 4}) == {"data": [], "layout": {}}


def test_traces_that_need_webgl_or_the_network_are_named():
    for kind in ("scattergeo", "choropleth", "scattermap", "choroplethmap", "densitymap", "scattermapbox", "scatter3d",
                 "surface", "mesh3d", "parcoords", "splom", "volume", "cone", "heatmapgl"):  # fmt: skip
        fig = {"data": [{"type": "bar"}, {"type": kind}, {"type": kind}], "layout": {}}
        assert clean.figure(fig) is None
        assert clean.undrawable(fig) == [kind]
    assert clean.undrawable(BAR) == []


def test_a_webgl_scatter_becomes_a_plain_one():
    assert one({"type": "scattergl", "mode": "markers"})["type"] == "scatter"
    assert (
        clean.figure({"data": [{"type": "scatterpolargl", "r": [1], "theta": [2]}]})["data"][0]["type"]
        == "scatterpolar"
    )


@pytest.mark.parametrize(
    ("template", "kept"),
    [
        ("%{x}", None),
        ("%{customdata[1]:.1f} đơn", [[None, "b"], [None, "d"]]),
        ("%{customdata}", [["a", "b"], ["c", "d"]]),
        (["%{customdata[0]}", "x"], [["a", None], ["c", None]]),
        ("%{ customdata[0] } %{customdata[1]}", [["a", "b"], ["c", "d"]]),
    ],
)
def test_custom_data_stay_as_far_as_the_hover_shows_them(template, kept):
    assert one({"customdata": [["a", "b"], ["c", "d"]], "hovertemplate": template}).get("customdata") == kept
    assert one({"customdata": [["a", "b"], ["c", "d"]], "texttemplate": template}).get("customdata") == kept


def test_custom_data_in_other_shapes_are_cut_as_well():
    packed = {"dtype": "f8", "shape": "2, 2", "bdata": coded(struct.pack("<4d", 1, 2, 3, float("nan")))}
    assert one({"customdata": packed, "hovertemplate": "%{customdata[1]}"})["customdata"] == [[None, 2.0], [None, None]]
    assert "customdata" not in one({"customdata": packed | {"shape": "9,9"}, "hovertemplate": "%{customdata[1]}"})
    rows = [{"a": 1, "b": 2}, 3]
    assert one({"customdata": rows, "hovertemplate": "%{customdata.a}"})["customdata"] == [{"a": 1}, None]


def test_meta_stays_where_a_text_shows_it():
    fig = {"data": [{"name": "%{meta[1]}", "meta": ["bí mật", "b"]}], "layout": {"meta": {"a": "bí mật"}}}
    made = clean.figure(fig)
    assert made["data"][0]["meta"] == [None, "b"]
    assert made["layout"]["meta"] == {}


@pytest.mark.parametrize(
    ("trace", "text", "hovertext"),
    [
        ({}, True, True),
        ({"hoverinfo": "skip"}, False, False),
        ({"hoverinfo": "x+y", "mode": "lines"}, False, False),
        ({"hoverinfo": "skip", "mode": "markers+text"}, True, False),
        ({"hoverinfo": ["none", "text"]}, True, True),
        ({"hovertemplate": "%{x}"}, False, False),
        ({"hovertemplate": "%{hovertext}: %{x}"}, True, True),
        ({"hovertemplate": "%{x}", "mode": "text", "texttemplate": "%{y}"}, False, False),
        ({"hovertemplate": "%{x}", "mode": "text", "texttemplate": "%{text}"}, True, False),
        ({"type": "bar", "hoverinfo": "skip"}, True, False),
        ({"type": "bar", "hoverinfo": "skip", "textposition": "none"}, False, False),
        ({"type": "heatmap", "hoverinfo": "skip"}, False, False),
    ],
)
def test_texts_stay_where_a_label_or_a_hover_shows_them(trace, text, hovertext):
    made = one(trace | {"text": ["bí mật"], "hovertext": ["bí mật"]})
    assert ("text" in made, "hovertext" in made) == (text, hovertext)


def test_what_is_switched_off_leaves_a_stub():
    made = one({"type": "bar", "visible": False, "name": "bí mật", "text": ["bí mật"]})
    assert made == {"type": "bar", "visible": False}
    assert one({"error_y": {"array": [9], "visible": False}})["error_y"] == {"visible": False}
    assert one({"visible": "legendonly"})["x"] == [1]
    notes = [{"text": "bí mật", "visible": False}, {"text": "b", "name": "bí mật"}]
    layout = clean.figure({"data": [], "layout": {"annotations": notes, "xaxis": {"visible": False, "range": [0, 1]}}})[
        "layout"
    ]
    assert layout == {"annotations": [{"text": "b"}], "xaxis": {"visible": False, "range": [0, 1]}}


def test_a_tree_keeps_its_shape_under_other_ids():
    tree = {"type": "treemap", "labels": ["r", "a", "b"], "ids": ["bí", "bí/mật", "khác"], "parents": ["", "bí", "bí"]}
    made = clean.figure({"data": [tree | {"level": "bí"}]})["data"][0]
    assert (made["ids"], made["parents"], made["level"]) == (["#0", "#1", "#2"], ["", "#0", "#0"], "#0")
    assert clean.figure({"data": [tree | {"hovertemplate": "%{id}"}]})["data"][0]["ids"] == tree["ids"]
    assert clean.figure({"data": [tree | {"parents": ["Tổng", "bí", "bí"]}]})["data"][0]["parents"] == [
        "Tổng",
        "#0",
        "#0",
    ]
    bare = {"type": "treemap", "labels": ["r", "a"], "parents": ["", "r"]}
    assert clean.figure({"data": [bare]})["data"][0] == bare


def test_pictures_in_a_figure_must_be_carried_along():
    good = "data:image/png;base64," + coded(png(chunk(b"tEXt", b"Author\0bi mat")))
    places = [{"source": s} for s in (good, "https://evil.vn/x.png", "data:image/svg+xml,<svg/>", "x.png", 4)] + [{}]
    made = clean.figure({"data": [], "layout": {"images": places, "template": {"layout": {"images": places}}}})[
        "layout"
    ]
    pure = [{"source": "data:image/png;base64," + coded(png())}]
    assert made["images"] == pure
    assert made["template"]["layout"]["images"] == pure
    assert clean.figure({"data": [{"type": "image", "source": good}]})["data"][0]["source"] == pure[0]["source"]
    assert (
        clean.figure({"data": [{"type": "image", "source": "https://evil.vn/x.png"}]})["data"][0].get("source", "")
        == ""
    )


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a <b>b</b><br>c <sub>d</sub> < 5 > 3", "a <b>b</b><br>c <sub>d</sub> < 5 > 3"),
        ('<a href="https://a.vn/?x=1" target="_self" popup="x=1">l</a>', '<a href="https://a.vn/?x=1">l</a>'),
        ("<a href='javascript:alert(1)'>l</a> <a href='http://a.vn'>m</a>", 'l <a href="http://a.vn">m</a>'),
        ("<a href='&#106;avascript:alert(1)'>l</a>", "l"),
        ('<A HREF="mat/so.xlsx">l</A><a>m</a>', "lm"),
        ('<a href="mailto:a@b.vn">l</a>', "l"),
        ('<i style="color:red;background:url(https://evil.vn)" data-x="bí mật">x</i>', '<i style="color:red">x</i>'),
        ('<b style="font-size: 3px; position:fixed" id="bí mật">x</b>', '<b style="font-size: 3px">x</b>'),
        ("<i\nclass='bí mật'>x</i>", "<i>x</i>"),
        ("<Nam 2010>", "<Nam 2010>"),
    ],
)  # fmt: skip
def test_texts_of_a_figure_keep_their_form_and_lose_what_acts_or_hides(text, kept):
    assert clean_figures.text(text) == kept
    made = clean.figure({"data": [{"x": [text], "y": [1], "name": text}], "layout": {"title": {"text": text}}})
    assert made["data"][0]["x"] == [kept]
    assert made["data"][0]["name"] == made["layout"]["title"]["text"] == kept


KEYS = st.sampled_from(
    sorted(
        names(
            "type x y data layout text hovertext customdata meta template images annotations shapes error_y marker mode"
            " visible source hoverinfo hovertemplate texttemplate ids parents level title node link dimensions bdata"
            " dtype shape name"
        )
    )
)
ANY = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers(-9, 9) | st.text(max_size=4) | st.sampled_from(PAYLOADS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=15,
)


@given(
    st.fixed_dictionaries({"data": ANY | st.lists(st.dictionaries(KEYS, ANY), max_size=3)}, optional={"layout": ANY})
)
def test_whatever_the_figure_the_answer_is_a_figure_or_none(fig):
    made = clean.figure(fig)
    if made is not None:
        text = json.dumps(made, allow_nan=False)
        assert made.keys() == {"data", "layout"}
        assert not re.search(r"<(?:b|i|a|span)\s[^>]*(?:javascript|onmouse|position)", text, re.IGNORECASE)
        go.Figure(made)


# --- nothing private out ----------------------------------------------------------------------------------------------


def canary_outputs(new):
    """Return outputs with a secret at each place that must not be published; `new` makes the next secret."""
    hiding = (
        f"<!-- {new()} --><style>.{new()} {{}}</style><script>{new()}</script><table id='{new()}' class='{new()}'"
        f" data-x='{new()}' title='{new()}' style='--x:{new()}'><tr headers='{new()}'><td headers='{new()}'"
        f" lang='{new()}' onclick='{new()}' scope='{new()}' colspan='{new()}'>1</td></tr></table>"
        f"<div hidden>{new()}</div>"
        f"<p style='display:none'>{new()}</p><a href='file:///{new()}' ping='{new()}'>x</a><img src='http://{new()}'>"
        f"<input value='{new()}'><textarea>{new()}</textarea><iframe src='{new()}'>{new()}</iframe>"
        f"<svg><title>{new()}</title></svg><template>{new()}</template><noscript>{new()}</noscript>"
    )
    picture = png(*(chunk(kind, new().encode()) for kind in (b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"iCCP")))
    photo = jpeg(exif(6, new().encode()), *(segment(kind, new().encode()) for kind in (0xE1, 0xE2, 0xED, 0xFE)))
    fig = {
        "data": [
            {"type": "bar", "x": ["a"], "y": [1], "customdata": [[new(), "b"]], "hovertemplate": "%{customdata[1]}",
             "ids": [new()], "meta": new(), "uid": new(), "text": [new()], "textposition": "none", "hovertext": [new()],
             "xsrc": new(), new(): 1, "name": f"<span data-x='{new()}'>n</span>", "stream": {"token": new()}},
            {"type": "scatter", "x": [new()], "y": [1], "visible": False},
        ],
        "layout": {"meta": {"a": new()}, "updatemenus": [{"buttons": [{"args": [new()], "label": new()}]}],
                   "mapbox": {"accesstoken": new()}, "images": [{"source": f"https://a.vn/{new()}"}],
                   "title": {"text": f"<a href='{new()}.xlsx'>t</a>"}, new(): new()},
        "config": {"plotlyServerURL": new()}, "frames": [{"name": new()}],
    }  # fmt: skip
    hidden = {"widget": new()}
    return [
        {"output_type": "display_data", "data": {"text/html": hiding}, "metadata": hidden},
        {"output_type": "display_data", "data": {"image/png": coded(picture + new().encode())}, "metadata": hidden},
        {"output_type": "display_data", "data": {"image/jpeg": coded(photo + new().encode())}, "metadata": hidden},
        {"output_type": "display_data", "data": {"application/vnd.plotly.v1+json": fig}, "metadata": hidden},
        {"output_type": "stream", "name": "stderr", "text": new()},
        {"output_type": "error", "ename": new(), "evalue": new(), "traceback": [new()]},
        {"output_type": "display_data", "data": {"text/plain": f"<{new()} at 0x7f>", "image/svg+xml": new()}},
        {"output_type": "display_data", "data": {"application/javascript": new(), "text/plain": "1"}},
    ]


def test_no_secret_from_a_place_that_nobody_sees_is_published():
    chance = random.Random(290)  # noqa: S311
    secrets = []

    def new():
        secrets.append("q" + "".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=8)))
        return secrets[-1]

    found = [clean.output(o) for o in canary_outputs(new)]
    assert [f and f.kind for f in found] == ["html", "image", "image", "plotly", None, None, None, "text"]
    published = json.dumps([[f.content, f.alt] for f in found if f])
    published += "".join(inside(f.content).decode("latin-1") for f in found if f and f.kind == "image")
    text = f"a <!-- {new()} -->\n\n[//]: # ({new()})\n\n[x](../{new()}.csv) ![](../{new()}.png)"
    published += clean.markdown(text + f" ![y](http://a.vn '{new()}')\n\n```python {new()}\nx\n```")
    assert len(secrets) == len(set(secrets)) >= 50
    assert [s for s in secrets if s in published] == []


# --- in a browser -----------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def offline(file):
    """Open a page; yield it with what went wrong and what it asked of the network."""
    troubles, asked = [], []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=[*FLAGS, "--disable-3d-apis"])
        page = browser.new_page()
        page.on("console", lambda m: troubles.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda e: troubles.append(str(e)))
        page.on("dialog", lambda d: (troubles.append(d.message), d.dismiss()))
        page.on("request", lambda r: asked.append(r.url) if not r.url.startswith(("file:", "data:", "blob:")) else None)
        page.goto(file.as_uri())
        yield page, troubles, asked
        browser.close()


def test_no_known_attack_runs_or_calls_in_a_browser(tmp_path):
    made = [clean.markdown(p) + clean.table_html(p) for p in [*PAYLOADS, "".join(PAYLOADS), "\n\n".join(PAYLOADS)]]
    (tmp_path / "page.html").write_text(
        f'<meta charset="utf-8"><div>{"</div><div>".join(made)}</div>', encoding="utf-8"
    )
    with offline(tmp_path / "page.html") as (page, troubles, asked):
        page.evaluate(
            "document.querySelectorAll('*').forEach(e => { e.focus?.(); e.dispatchEvent(new Event('mouseover')) })"
        )
        parts = page.evaluate(
            "Array.from(document.body.querySelectorAll('*'), e => [e.localName, e.getAttributeNames()])"
        )
        assert page.evaluate("document.body.children.length") == len(made)
    assert (troubles, asked) == ([], [])
    assert {tag for tag, _ in parts} <= TEXT_TAGS | TABLE_TAGS
    assert {name for _, given in parts for name in given} <= {"href", "rel", "src", "alt", "class", "id", "open"}


D, GRID = {"x": [1, 2, 3], "y": [2, 1, 3]}, {"z": [[1, 2], [3, 4]]}
DAYS = {"x": [1, 2], "open": [1, 2], "high": [3, 4], "low": [0, 1], "close": [2, 3]}
MESH = {"type": "carpet", "a": [1, 2, 3] * 3, "b": [1] * 3 + [2] * 3 + [3] * 3, "x": [1, 2, 3, 1, 2, 3, 1, 2, 3],
        "y": [1, 2, 3, 2, 3, 4, 4, 5, 6]}  # fmt: skip
SHARES, POLAR = {"labels": ["a", "b"], "values": [1, 2]}, {"r": [1, 2], "theta": [0, 90]}
TREE = {"labels": ["r", "b"], "parents": ["", "r"], "values": [1, 1]}
ALIKE = [
    (D, "bar box violin scatter scattergl funnel waterfall histogram histogram2d histogram2dcontour"),
    (GRID, "heatmap contour"), (DAYS, "ohlc candlestick"), (SHARES, "pie funnelarea"),
    (TREE, "sunburst treemap icicle"), (POLAR, "scatterpolar scatterpolargl barpolar"),
]  # fmt: skip
SAMPLES = {kind: sample for sample, kinds in ALIKE for kind in names(kinds)} | {
    "image": {"z": [[[1, 2, 3]]]}, "quiver": D | {"u": [1, 1, 1], "v": [1, 0, 1]},
    "sankey": {"node": {"label": ["a", "b"]}, "link": {"source": [0], "target": [1], "value": [3]}},
    "table": {"header": {"values": ["a"]}, "cells": {"values": [[1, 2]]}},
    "indicator": {"mode": "gauge+number", "value": 3},
    "scattersmith": {"real": [1, 2], "imag": [1, 0]}, "scatterternary": {"a": [1, 2], "b": [1, 1], "c": [1, 2]},
    "parcats": {"dimensions": [{"values": [1, 2, 1]}, {"values": ["a", "b", "b"]}]}, "carpet": MESH,
    "scattercarpet": {"a": [1, 2], "b": [1, 2]}, "contourcarpet": {"a": MESH["a"], "b": MESH["b"], "z": list(range(9))},
}  # fmt: skip
POLICY = "default-src 'none'; script-src 'nonce-n'; style-src 'unsafe-inline'; img-src data: blob:"
DRAW = """async fig => {
  const place = document.body.appendChild(document.createElement("div"));
  await Plotly.newPlot(place, fig.data, fig.layout);
  return [place.querySelectorAll("svg path").length, place.querySelectorAll("canvas").length];
}"""


def test_every_kind_that_is_kept_draws_offline_without_webgl_or_compiled_code(tmp_path):
    script = (Path(plotly.__file__).parent / "package_data" / "plotly.min.js").read_text(encoding="utf-8")
    policy = f'<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{POLICY}">'
    (tmp_path / "page.html").write_text(f'{policy}<body><script nonce="n">{script}</script>', encoding="utf-8")
    assert {clean_figures._kind({"type": kind}) for kind in SAMPLES} == clean.DRAWN
    with offline(tmp_path / "page.html") as (page, troubles, asked):
        for kind, sample in SAMPLES.items():
            under = [MESH] if kind in {"scattercarpet", "contourcarpet"} else []
            fig = clean.figure({"data": [*under, {"type": kind} | sample], "layout": {"width": 400, "height": 300}})
            marks, canvases = page.evaluate(DRAW, fig)
            assert (marks > 0, canvases, troubles, asked) == (True, 0, [], []), kind

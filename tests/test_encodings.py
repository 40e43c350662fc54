"""Text of offices is decoded right or refused; garbled text is never passed on."""

import codecs
import csv
import functools
import random
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from danvan_kit.forms import encodings
from danvan_kit.forms.encodings import decode, unfont
from danvan_kit.forms.spelling import LETTERS, rank

DATA = Path(__file__).parents[1] / "data"
TONES = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
SMALL = [unicodedata.normalize("NFC", vowel + tone) for vowel in "aăâeêioôơuưy" for tone in TONES]
SMALL = [letter for letter in [*SMALL, "đ"] if letter not in "aeiouy"]
CAPITAL = [letter.upper() for letter in SMALL]

# The standard's own order of codes, and the keys of VNI, written down apart from the module's tables.
TCVN3 = dict(
    zip(
        "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ",
        "¡¢£¤¥¦§¨©ª«¬\u00ad®µ¶·¸¹»¼½¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞßáâãäåæçèéêëìíîïñòóôõö÷øùúûüýþ",
        strict=True,
    )
)
VNI_MARKS = {"\u0301": "ù", "\u0300": "ø", "\u0309": "û", "\u0303": "õ", "\u0323": "ï"}
VNI_HAT = {"": "â", "\u0301": "á", "\u0300": "à", "\u0309": "å", "\u0303": "ã", "\u0323": "ä"}
VNI_BREVE = {"": "ê", "\u0301": "é", "\u0300": "è", "\u0309": "ú", "\u0303": "ü", "\u0323": "ë"}
VNI_ALONE = {"đ": "ñ", "í": "í", "ì": "ì", "ỉ": "æ", "ĩ": "ó", "ị": "ò", "ỵ": "î"}


def vni_letter(letter):
    small = letter.lower()
    parts = unicodedata.normalize("NFD", small)
    tone = "".join(c for c in parts if c in TONES[1:])
    base = unicodedata.normalize("NFC", "".join(c for c in parts if c != tone))
    if small in VNI_ALONE:
        typed = VNI_ALONE[small]
    elif base in "âêô":
        typed = {"â": "a", "ê": "e", "ô": "o"}[base] + VNI_HAT[tone]
    elif base == "ă":
        typed = "a" + VNI_BREVE[tone]
    else:
        typed = {"ơ": "ô", "ư": "ö"}.get(base, base) + VNI_MARKS.get(tone, "")
    return typed if letter == small else typed.upper()


def in_tcvn3(text):
    return "".join(TCVN3.get(c, TCVN3.get(c.lower(), c)) for c in text)


def in_vni(text):
    return "".join(vni_letter(c) if c in SMALL + CAPITAL else c for c in text)


def in_cp1258(text):
    data = b""
    for letter in text:
        parts = unicodedata.normalize("NFD", letter)
        tone = "".join(c for c in parts if c in TONES[1:])
        data += (unicodedata.normalize("NFC", "".join(c for c in parts if c not in TONES[1:])) + tone).encode("cp1258")
    return data


def coded(text, name):
    return in_cp1258(text) if name == "cp1258" else FONTS[name](text).encode("cp1252")


FONTS = {"tcvn3": in_tcvn3, "vni": in_vni}


def without_toned_capitals(text):
    """Return a text as TCVN3 can hold it: it has no capitals with tones."""
    return "".join(c if c in TCVN3 or c.isascii() else c.lower() for c in text)


@functools.cache
def phrases():
    """Return every name of an area, and label of an indicator."""
    found = set()
    for file, columns in (("areas", ["name"]), ("indicators", ["label_vi", "unit_vi", "body_vi", "source_basis"])):
        with (DATA / f"{file}.csv").open(encoding="utf-8", newline="") as lines:
            found |= {row[column] for row in csv.DictReader(lines) for column in columns}
    return sorted(found - {""})


def held(text, name):
    return without_toned_capitals(text) if name == "tcvn3" else text


# --- tables


def test_the_alphabet_has_134_letters_with_marks():
    assert len(SMALL) + len(CAPITAL) == 134
    assert set(SMALL + CAPITAL) == set(LETTERS)


@pytest.mark.parametrize("name", ["tcvn3", "vni", "cp1258"])
def test_every_letter_is_read_in_every_encoding(name):
    letters = [*SMALL, *"ĂÂÊÔƠƯĐ"] if name == "tcvn3" else SMALL + CAPITAL
    for letter in letters:
        assert encodings._WAYS[name](coded(letter, name).decode("cp1252")) == letter


def test_known_codes_are_read():
    assert decode(b"Qu\xcbn Ba \xa7\xd7nh")[0] == "Quận Ba Đình"
    assert decode("Xin chaøo caùc baïn, Vieät Nam".encode("cp1252")) == ("Xin chào các bạn, Việt Nam", "vni")
    assert decode(b"Vi\xea\xf2t Nam, Ha\xcc N\xf4\xf2i, \xf0\xf4\xecng")[0] == "Việt Nam, Hà Nội, đống"


def test_vni_marks_in_either_case_belong_to_their_letter():
    assert unfont(["AÙnh Hoàng HOÀ baùo", "Aùnh"]) == (["Ánh Hồng HỒ báo", "Ánh"], "vni")


# --- files


def test_plain_text_is_ascii():
    assert decode(b"") == ("", "ascii")
    assert decode(b"Ba Dinh;12\r\n") == ("Ba Dinh;12\r\n", "ascii")


def test_unicode_is_read_with_and_without_its_mark():
    text = "Quận Ba Đình;27.739\r\nThị trấn Phùng\r\n"
    apart = unicodedata.normalize("NFD", text)
    for written in (text, apart):
        assert decode(written.encode()) == (text, "utf-8")
        assert decode(codecs.BOM_UTF8 + written.encode()) == (text, "utf-8")
        for order, mark in (("le", codecs.BOM_UTF16_LE), ("be", codecs.BOM_UTF16_BE)):
            assert decode(written.encode(f"utf-16-{order}")) == (text, "utf-16")
            assert decode(mark + written.encode(f"utf-16-{order}")) == (text, "utf-16")
    assert decode(codecs.BOM_UTF8 + b"a") == ("a", "utf-8")


@pytest.mark.parametrize("name", ["tcvn3", "vni", "cp1258"])
def test_every_name_and_label_is_read_back_as_one_file(name):
    text = "\r\n".join(phrases())
    assert decode(coded(text, name)) == (held(text, name), name)


@pytest.mark.parametrize("name", ["tcvn3", "vni", "cp1258"])
def test_every_name_alone_is_read_right_or_refused(name):
    refused = 0
    for phrase in phrases():
        try:
            text, _ = decode(coded(phrase, name))
        except ValueError:
            refused += 1
        else:
            assert text == held(phrase, name)
    assert refused <= len(phrases()) // 50


@pytest.mark.parametrize("text", ["Café René", "Müller & Söhne", "naïve façade", "São Paulo", "10 °C, 5 m²"])
def test_text_of_the_west_is_read_when_nothing_speaks_for_vietnamese(text):
    assert decode(text.encode("cp1252")) == (text, "cp1252")


def test_text_that_became_utf8_twice_is_repaired_as_a_whole():
    text = "Quận Ba Đình, phường Ngọc Hà, ạ ề Ở"
    once = "".join(chr(b) if 0x80 <= b < 0xA0 and b in {0x81, 0x8D, 0x8F, 0x90, 0x9D} else bytes([b]).decode("cp1252")
                   for b in text.encode())  # fmt: skip
    assert "Quáº­n" in once
    assert decode(once.encode()) == (text, "utf-8 read twice")
    assert decode(text.encode().decode("latin-1").encode()) == (text, "utf-8 read twice")


BROKEN = {
    "utf-32": codecs.BOM_UTF32_LE + "a".encode("utf-32-le"),
    "half a character": "Quận".encode()[:-2],
    "odd length": codecs.BOM_UTF16_LE + b"abc",
    "zero byte": b"Ba Dinh\0;12 cuoc giam sat trong nam",
    "zeros everywhere": b"\0\0\0\0",
    "zip": b"PK\x03\x04\0\0\0\0\x01\x02\0\0",
    "control characters": codecs.BOM_UTF16_LE + "a\x01b".encode("utf-16-le"),
    "lost letters": "Qu\ufffdn Ba Đình".encode(),
    "lost letters, utf-16": "Qu\ufffdn Ba Đình".encode("utf-16"),
    "utf-8 beside tcvn3": "Quận Ba Đình\n".encode() + b"Qu\xcbn Ba \xa7\xd7nh",
    "tcvn3 beside vni": coded("Quận Ba Đình\n", "tcvn3") + coded("Quận Đống Đa", "vni"),
    "one line of vni in tcvn3": coded("Quận Ba Đình\n" * 30, "tcvn3") + coded("Báo cáo giám sát", "vni"),
    "cp1258 beside tcvn3": coded("Thị trấn Phùng\n", "cp1258") + coded("Quận Ba Đình", "tcvn3"),
    "twice beside once": "Quận Ba Đình, Quáº­n".encode(),
    "three times": "Quận Ba Đình".encode().decode("latin-1").encode().decode("latin-1").encode(),
    "one doubtful word": "Où".encode("cp1252"),
    "a byte of no encoding": b"Qu\xcbn Ba \xa7\xd7nh \x81",
    "a code that tcvn3 lacks": coded("Quận Ba Đình, tổng số\n" * 9, "tcvn3") + b"H\xc0",
    "noise": bytes(range(128, 256)),
}


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN)
def test_what_is_unclear_mixed_or_broken_is_refused_on_one_line(data):
    with pytest.raises(ValueError, match="không rõ bảng mã: .* / the encoding is unclear: ") as caught:
        decode(data)
    assert "\n" not in str(caught.value)


def test_a_few_slips_do_not_hide_the_encoding():
    text = "Quận Ba Đình, tổng số đơn vị đã báo cáo kết quả, thị trấn, phường, xã, huyện, côngg\n"
    assert decode(coded(text, "tcvn3")) == (text, "tcvn3")


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=60) | st.text(max_size=20).map(str.encode))
def test_any_bytes_are_text_in_nfc_or_refused(data):
    try:
        text, name = decode(data)
    except ValueError as refused:
        assert "\n" not in str(refused)  # noqa: PT017
        return
    assert unicodedata.is_normalized("NFC", text)
    assert name in {"ascii", "utf-8", "utf-16", "utf-8 read twice", "tcvn3", "vni", "cp1258", "cp1252"}


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(phrases()), min_size=1, max_size=6), st.sampled_from(["tcvn3", "vni", "cp1258"]))
def test_a_list_of_names_is_read_right_or_refused(names, encoding):
    text = "\n".join(names)
    try:
        read, _ = decode(coded(text, encoding))
    except ValueError:
        return
    assert read == held(text, encoding)


# --- worksheets


@pytest.mark.parametrize("name", FONTS)
def test_a_sheet_in_a_font_is_converted(name):
    typed = [FONTS[name](phrase) for phrase in phrases()]
    assert unfont(typed) == ([held(phrase, name) for phrase in phrases()], name)
    assert unfont(["", "STT", "12", *typed])[0][:3] == ["", "STT", "12"]


def test_unicode_and_ascii_stay_as_they_are():
    for texts in ([], ["", "Ba Dinh", "12"], phrases(), [unicodedata.normalize("NFD", phrases()[3])]):
        assert unfont(texts) == (list(texts), "")
    for phrase in phrases():
        assert unfont([phrase]) == ([phrase], "")


@pytest.mark.parametrize(
    "text",
    ["m²", "5 °C", "½", "3 × 4", "·", "• · x", "©", "“Quận”", "café", "Müller", "Quận Ðống Ða", "quôc", "Qúy", "hoà",
     "Tổng « số »", "Số", "Thôn", "1\u00a0000"],
)  # fmt: skip
def test_signs_slips_and_foreign_words_are_no_font(text):
    assert unfont([text]) == ([text], "")
    assert unfont([text, *phrases()]) == ([text, *phrases()], "")


@pytest.mark.parametrize(("text", "read", "name"), [
    ("QuËn Ba §×nh", "Quận Ba Đình", "tcvn3"), ("H§ND", "HĐND", "tcvn3"), ("HÑND", "HĐND", "vni"), ("cuéc", "cuộc",
        "tcvn3"),
    ("CÊp ñy", "Cấp ủy", "tcvn3"), ("ý kiÕn", "ý kiến", "tcvn3"), ("Xaõ", "Xã", "vni"), ("ñôn", "đơn", "vni"),
])  # fmt: skip
def test_one_cell_can_tell_its_font(text, read, name):
    assert unfont([text]) == ([read], name)


@pytest.mark.parametrize("name", FONTS)
def test_a_mixed_sheet_is_converted_cell_by_cell_or_refused(name):
    draw = random.Random(290)  # noqa: S311
    converted = 0
    for _ in range(60):
        chosen = draw.sample(phrases(), 10)
        try:
            texts, told = unfont([FONTS[name](one) if i % 2 else one for i, one in enumerate(chosen)])
        except ValueError:
            continue
        converted += 1
        assert texts == [held(one, name) if i % 2 else one for i, one in enumerate(chosen)]
        assert told == name
    assert converted > 30


def test_a_common_word_settles_a_cell_that_both_could_be():
    assert unfont(["QuËn Ba §×nh", "Tổng cộng", "Sè"]) == (["Quận Ba Đình", "Tổng cộng", "Số"], "tcvn3")
    assert unfont(["QuËn Ba §×nh", "Tổng cộng", "xã"]) == (["Quận Ba Đình", "Tổng cộng", "xã"], "tcvn3")
    assert unfont(["QuËn Ba §×nh", "Sè", "líp"]) == (["Quận Ba Đình", "Số", "lớp"], "tcvn3")


@pytest.mark.parametrize(
    "texts",
    [
        ["QuËn Ba §×nh", "Quaän Ñoáng Ña"], ["Quận QuËn"], ["QuËn Ba §×nh", "Tổng cộng", "vô"],
        ["QuËn Ba §×nh H\u00c0"], ["ñy"],
    ],
)  # fmt: skip
def test_an_undecidable_sheet_is_refused(texts):
    with pytest.raises(ValueError, match="không rõ bảng mã: .* / the encoding is unclear: "):
        unfont(texts)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(st.sampled_from("aouyQn §×ËµÊéùøñÐậ½·"), max_size=8) | st.text(max_size=8), max_size=6))
def test_any_texts_are_converted_or_refused(texts):
    try:
        read, name = unfont(texts)
    except ValueError:
        return
    assert len(read) == len(texts)
    assert name or read == texts


# --- spelling


@pytest.mark.parametrize(
    "word",
    ["gì", "giếng", "gió", "quýt", "quyết", "khuỷu", "nghiêng", "Huỳnh", "HOÀ", "hòa", "thuý", "mía", "ngoài", "Ứng"],
)
def test_vietnamese_syllables_are_known(word):
    assert rank(word) > 0


@pytest.mark.parametrize(
    "word", ["", "quậnn", "cê", "kà", "tôp", "gìa", "hộà", "Tỉng", "bơng", "ñy", "xaõ", "b", "hoằ"]
)
def test_other_words_are_not(word):
    assert rank(word) == 0


def test_common_words_count_more():
    assert (rank("Quận"), rank("quẫn"), rank("HĐND"), rank("Đ")) == (2, 1, 1, 0)


def test_the_modules_of_the_small_process_need_the_standard_library_only():
    code = (
        "import sys, danvan_kit.forms.encodings\n"
        "heavy = {'pandas', 'numpy', 'danvan_kit.words'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=DATA.parent)

"""Text in the encodings of Vietnamese offices: told by how Vietnamese the result is, refused when that is not clear.

TCVN3 and VNI are one byte (VNI: one or two) a letter, drawn by fonts such as .VnTime and VNI-Times. In a CSV file they
are bytes; in a worksheet the same codes stand as Latin-1 characters: "QuËn Ba §×nh" is Quận Ba Đình in TCVN3. Capitals
with tones exist in TCVN3 only as a font of capitals (.VnTimeH), so they come out as the small letters that were coded.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Callable, Sequence

from danvan_kit.forms.spelling import LETTERS, rank

# --- tables -----------------------------------------------------------------------------------------------------------

_TCVN3 = {
    0xA1: "ĂÂÊÔƠƯĐăâêôơưđ", 0xB5: "àảãáạ", 0xBB: "ằẳẵắ", 0xC6: "ặầẩẫấậè", 0xCE: "ẻẽéẹềểễếệìỉ", 0xDC: "ĩíịò",
    0xE1: "ỏõóọồổỗốộờởỡớợù", 0xF1: "ủũúụừửữứựỳỷỹýỵ",
}  # fmt: skip
_FROM_TCVN3 = {start + i: letter for start, letters in _TCVN3.items() for i, letter in enumerate(letters)}

# Marks that follow a letter, and the letters that stand alone; capitals are those of the Latin-1 characters.
_TONED = {"ù": "\u0301", "ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ï": "\u0323"}
_HATTED = {mark: "\u0302" + tone for mark, tone in zip("âáàåãä", ("", *"\u0301\u0300\u0309\u0303\u0323"), strict=True)}
_BREVED = {mark: "\u0306" + tone for mark, tone in zip("êéèúüë", ("", *"\u0301\u0300\u0309\u0303\u0323"), strict=True)}
_MARKS = {
    letter: _TONED | (_HATTED if letter in "aeo" else {}) | (_BREVED if letter == "a" else {}) for letter in "aeouy"
} | dict.fromkeys("ôö", _TONED)
_ALONE = {"ô": "ơ", "ö": "ư", "ñ": "đ", "í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}
_FROM_VNI = {
    letter + mark: unicodedata.normalize("NFC", _ALONE.get(letter, letter) + added)
    for letter, marks in _MARKS.items()
    for mark, added in marks.items()
} | _ALONE
_VNI = re.compile(f"(?i:{'|'.join(sorted(_FROM_VNI, key=len, reverse=True))})|[À-ÖØ-öø-ÿ]")


class _UnknownCodeError(ValueError):
    """A code that the encoding does not have."""


def _from_tcvn3(text: str) -> str:
    if any("\u00a0" < c <= "\u00ff" and ord(c) not in _FROM_TCVN3 for c in set(text)):
        raise _UnknownCodeError
    return text.translate(_FROM_TCVN3)


def _from_vni(text: str) -> str:
    def letter(found: re.Match[str]) -> str:
        small = _FROM_VNI.get(found[0].lower())
        if small is None:
            raise _UnknownCodeError
        return small if found[0][0].islower() else small.upper()

    return _VNI.sub(letter, text)


def _from_cp1258(text: str) -> str:
    converted = unicodedata.normalize("NFC", text.encode("cp1252").decode("cp1258"))
    if any(unicodedata.combining(c) for c in set(converted)):
        raise _UnknownCodeError
    return converted


_WAYS: dict[str, Callable[[str], str]] = {"tcvn3": _from_tcvn3, "vni": _from_vni, "cp1258": _from_cp1258}

# Digits, punctuation and the quotation marks of Windows part words.
_WORD = re.compile(r"[^\s\x00-@\[-`{-\x7f\u2013-\u2122]+")
_LONGEST = 20  # letters of a word, in VNI two for one
_HIGH = re.compile("[\u00a1-\u00ff]")


def _words(text: str) -> list[str]:
    """Return the words that have a character of the upper half of Latin-1."""
    return [word for word in _WORD.findall(text) if _HIGH.search(word)]


def _ranked(word: str, way: str) -> int:
    """Return how Vietnamese a word of Latin-1 characters is in an encoding; -1 for codes that the encoding lacks."""
    if len(word) > _LONGEST:
        return 0
    try:
        return rank(_WAYS[way](word).strip("«»°·"))
    except ValueError:
        return -1


# --- files ------------------------------------------------------------------------------------------------------------

# Letters of UTF-8 read as Windows-1252: "áº­" for ậ, "Ä‘" for đ, "Æ°" for ư, "Ã¡" for á.
_REST = "\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u2122"
_TWICE = re.compile(f"á[º»][{_REST}]|Ä[‘\u0090]|Æ[°¯]|Ã[¡-ª¬-º¼-¿]")
_UTF8 = re.compile(rb"\xe1[\xba\xbb]|\xc4[\x90\x91]|\xc6[\xaf\xb0]")


def decode(data: bytes) -> tuple[str, str]:
    """Decode the bytes of a text file.

    Returns
    -------
    tuple of str
        The text (NFC) and the encoding: ascii, utf-8, utf-16, utf-8 read twice, cp1258, tcvn3, vni or cp1252.

    Raises
    ------
    ValueError
        When no encoding, or more than one, gives Vietnamese; one line, Vietnamese and English.
    """
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise _refusal("UTF-32", "UTF-32")
    for mark, name in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if data.startswith(mark):
            return _strictly(data[2:], name)
    if b"\0" in data:
        even, odd = data[::2].count(0), data[1::2].count(0)
        if max(even, odd) * 5 < len(data) or min(even, odd) * 10 > max(even, odd):
            raise _refusal("có byte 0", "has zero bytes")
        return _strictly(data, "utf-16-le" if odd > even else "utf-16-be")
    if data.isascii():
        return data.decode("ascii"), "ascii"
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _eight_bits(data)
    return _untwice(_whole(text))


def _strictly(data: bytes, name: str) -> tuple[str, str]:
    try:
        text = data.decode(name)
    except UnicodeDecodeError:
        raise _refusal(f"không phải {name}", f"not {name}") from None
    if any(unicodedata.category(c) in {"Cc", "Cn", "Co"} and c not in "\t\r\n\f\v" for c in set(text)):
        raise _refusal("có byte 0 hoặc ký tự điều khiển", "has zero bytes or control characters")
    return _whole(text), "utf-16"


def _whole(text: str) -> str:
    """Return text in NFC unless an earlier conversion lost letters of it."""
    if "\ufffd" in text:
        raise _refusal("có chữ đã mất khi chuyển mã", "letters were lost in an earlier conversion")
    return unicodedata.normalize("NFC", text)


def _untwice(text: str) -> tuple[str, str]:
    """Return UTF-8 text; what became UTF-8 twice is read back once, as a whole or not at all."""
    if _TWICE.search(text) is None:
        return text, "utf-8"
    try:
        once = b"".join(_windows(c) for c in text).decode("utf-8")
    except UnicodeError:
        once = text
    if _TWICE.search(once):
        raise _refusal("có chỗ bị chuyển mã hai lần", "parts were encoded twice")
    return unicodedata.normalize("NFC", once), "utf-8 read twice"


def _windows(character: str) -> bytes:
    """Return the byte of a character in Windows-1252; its five gaps are the control characters, as Windows has it."""
    if "\u0080" <= character <= "\u009f":
        return character.encode("latin-1")
    return character.encode("cp1252")


def _eight_bits(data: bytes) -> tuple[str, str]:
    if _UTF8.search(data):
        raise _refusal("nửa là UTF-8, nửa là bảng mã khác", "partly UTF-8, partly another encoding")
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        raise _refusal("có byte không thuộc bảng mã nào", "has bytes of no encoding") from None
    words = {word for word in set(_WORD.findall(text)) if _HIGH.search(word)}
    ranks = {way: {word: _ranked(word, way) for word in words} for way in _WAYS}
    best, *others = sorted(ranks, key=lambda way: sum(ranks[way].values()), reverse=True)
    if not any(rank > 0 for ranked in ranks.values() for rank in ranked.values()):
        return text, "cp1252"
    try:
        read = _WAYS[best](text)
    except ValueError:
        raise _refusal("có mã ngoài bảng mã", f"has codes that {best} does not have") from None
    odd = [word for word in words if ranks[best][word] <= 0]
    mixed = any(ranks[way][word] > 0 for way in others for word in odd)
    close = any(_score(ranks[way]) * 4 > _score(ranks[best]) * 3 for way in others)
    if mixed or close or _score(ranks[best]) < 2 or len(odd) * 10 > len(words):
        raise _refusal("đọc được theo hơn một bảng mã, hoặc lẫn bảng mã", "more than one encoding fits, or it is mixed")
    return unicodedata.normalize("NFC", read), best


def _score(ranks: dict[str, int]) -> int:
    return sum(rank for rank in ranks.values() if rank > 0)


def _refusal(vi: str, en: str) -> ValueError:
    return ValueError(f"không rõ bảng mã: {vi} / the encoding is unclear: {en}")


# --- worksheets -------------------------------------------------------------------------------------------------------

# Characters that no Vietnamese word in Unicode has (Ð stands for Đ), and pairs that only VNI has: they betray a font.
_FOREIGN = frozenset(chr(c) for c in range(0xA1, 0x100)) - LETTERS - {"Ð", "ð"}
_PAIR = re.compile("(?i:[aeouyôö][ùøûõïâáàåãäêéèúüë])")


def unfont(texts: Sequence[str]) -> tuple[list[str], str]:
    """Convert the texts of a sheet's cells that were typed in a TCVN3 or VNI font.

    Returns
    -------
    tuple of list and str
        The texts, those in Unicode and ASCII unchanged, and "tcvn3", "vni" or "" when nothing had to be done.

    Raises
    ------
    ValueError
        When it is unclear which font a text was typed in, or whether it was; one line, Vietnamese and English.
    """
    if not any(map(_HIGH.search, texts)):
        return list(texts), ""
    words = {word for text in set(texts) for word in _words(text)}
    told = {way: [word for word in words if _betrays(word, way)] for way in ("tcvn3", "vni")}
    alone = {
        way: [w for w in told[way] if _ranked(w, other) <= 0] for way, other in (("tcvn3", "vni"), ("vni", "tcvn3"))
    }
    if not told["tcvn3"] and not told["vni"]:
        return list(texts), ""
    if bool(alone["tcvn3"]) == bool(alone["vni"]):
        raise _refusal("có chữ kiểu TCVN3 hoặc VNI, không rõ là gì", "some words are TCVN3 or VNI, unclear which")
    way = "tcvn3" if alone["tcvn3"] else "vni"
    kinds = {text: _kind(text, way) for text in set(texts)}
    mixed = "unicode" in kinds.values()
    converted = [_converted(text, kinds[text], way, mixed) for text in texts]
    return converted, way


def _unicode_rank(word: str) -> int:
    if len(word) > _LONGEST:
        return 0
    return rank(unicodedata.normalize("NFC", word.replace("Ð", "Đ").replace("ð", "đ")).strip("«»°·"))


def _betrays(word: str, way: str) -> bool:
    """Tell whether a word is Vietnamese only as text of a font, by characters that a slip in typing cannot give."""
    if _unicode_rank(word) or _ranked(word, way) <= 0 or re.search("[A-Za-z]", word) is None:
        return False
    odd = not _FOREIGN.isdisjoint(word) or re.search("[a-zß-ÿ][À-Þ]", word) is not None or _ranked(word, way) == 2
    return odd or (way == "vni" and _PAIR.search(word) is not None)


def _kind(text: str, way: str) -> str:
    """Tell whether a text is of the font ("font"), Unicode ("unicode"), either ("either"), or neither (""): no word."""
    words = _words(text)
    font = [_ranked(word, way) for word in words]
    plain = [_unicode_rank(word) for word in words]
    letters = re.search("[\u0100-\u024f\u0300-\u036f\u1e00-\u1eff]", text) is not None
    if any(_betrays(word, way) for word in words):
        good = sum(rank > 0 for rank in font)
        return "both" if letters or -1 in font or good * 3 < len(font) * 2 else "font"
    if letters or any(a > 0 >= b for a, b in zip(plain, font, strict=True)):
        return "unicode"
    if not any(rank > 0 for rank in font):
        return ""
    if sum(font) != sum(plain) and max(sum(font), sum(plain)) >= 2 * len(words):
        return "rather font" if sum(font) > sum(plain) else "rather unicode"
    return "either"


def _converted(text: str, kind: str, way: str, mixed: bool) -> str:
    if kind == "both" or (kind == "either" and mixed):
        raise _refusal("một ô đọc được theo hai kiểu chữ", "a cell reads in two ways")
    if kind in {"", "unicode"} or (kind == "rather unicode" and mixed):
        return text
    return unicodedata.normalize("NFC", _WAYS[way](text))

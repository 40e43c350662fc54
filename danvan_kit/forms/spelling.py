"""How Vietnamese a word is: by the spelling of syllables, and by the words that forms are full of."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_TONES = "\u0300\u0309\u0303\u0301\u0323"
_VOWELS = "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY"
_MARKED = {unicodedata.normalize("NFC", vowel + tone) for vowel in _VOWELS for tone in ("", *_TONES)} | {"đ", "Đ"}
LETTERS = frozenset(letter for letter in _MARKED if not letter.isascii())
"""The 134 Vietnamese letters that are not ASCII."""

# What ends each nucleus; "-" is nothing.
_ENDS = {
    "a": "- c ch i m n ng nh o p t u y", "ă": "c m n ng p t", "â": "c m n ng p t u y", "e": "- c m n ng o p t",
    "ê": "- ch m n nh p t u", "i": "- ch m n nh p t u", "o": "- c i m n ng p t", "ô": "- c i m n ng p t",
    "ơ": "- i m n p t", "u": "- c i m n ng p t", "ư": "- c i ng t u", "y": "- t nh ch", "ia": "-",
    "iê": "c m n ng p t u", "yê": "m n ng t u", "oa": "- c ch i m n ng nh o p t y", "oă": "c m n ng t",
    "oe": "- n o t", "oo": "c n ng", "ua": "-", "uâ": "n ng t y", "uê": "- ch nh", "uô": "c i m n ng t", "uơ": "-",
    "uy": "- a ch n nh p t u", "uyê": "n t", "ưa": "-", "ươ": "c i m n ng p t u",
}  # fmt: skip
_RHYMES = "|".join(nucleus + end.strip("-") for nucleus, ends in _ENDS.items() for end in ends.split())
_SYLLABLE = re.compile(
    r"(?:gi(?=[aăâeêoôơuư])|qu(?=[aăâeêioơôy])|(?:k|gh|ngh)(?=[eêiy])|(?:c|g|ng)(?![eêy])"
    rf"|b|ch|d|đ|h|kh|l|m|n|nh|p|ph|r|s|t|th|tr|v|x|)(?P<rhyme>{_RHYMES})"
)
_SHORT = re.compile("[A-ZĐĂÂÊÔƠƯ]{2,8}")  # HĐND
# Words of forms; only those that are not plain ASCII are ever asked for.
_COMMON = frozenset(
    re.findall(
        r"\w+",
        """
xã phường quận huyện thị trấn tổng số cộng năm công tác dân vận báo cáo kết quả đơn vị chỉ tiêu giám sát phản biện
hội nghị đối thoại tiếp hòa hoà giải tổ tư ý kiến đã được của các và là có những không với đến từ ngày tháng quyết
định đảng ủy chính quyền mặt trận đoàn thể nhân việt hà nội thành phố biểu mẫu thứ tự tên chú lớp bồi dưỡng mô hình
khéo văn bản lãnh đạo thực hiện việc cuộc người lượng tỷ lệ đạt trên dưới kiểm cấp cơ sở đề thư khiếu nại tố xây
dựng mới phát động trào ngô đống đông đình bình thượng yên phú sơn đại thạch tây bắc hồ mỹ đức liên trì tân lập hưng
thọ phúc đồng lâm sóc cầu giấy hoàng liêm thường tín xuyên ứng
""",
    )
)


@lru_cache(maxsize=65536)
def rank(word: str) -> int:
    """Return 2 for a common Vietnamese syllable, 1 for a possible one or an abbreviation in capitals, else 0."""
    if _SHORT.fullmatch(word):
        return 1
    small = word.lower()
    if small in _COMMON:
        return 2
    letters = [_split(letter) for letter in small]
    toned = [(place, tone) for place, (_, tone) in enumerate(letters) if tone]
    found = _SYLLABLE.fullmatch("".join(letter for letter, _ in letters))
    if found is None or len(toned) > 1:
        return 0
    tone = toned[0][1] if toned else ""
    stopped = found["rhyme"].endswith(("c", "ch", "p", "t"))
    if stopped and tone not in {"\u0301", "\u0323"}:  # what ends in a stop has a rising or a heavy tone
        return 0
    return int(not toned or toned[0][0] - found.start("rhyme") in _places(found["rhyme"]))


def _split(letter: str) -> tuple[str, str]:
    """Return a letter without its tone marks, and these."""
    parts = unicodedata.normalize("NFD", letter)
    bare = "".join(c for c in parts if c not in _TONES)
    return unicodedata.normalize("NFC", bare), "".join(c for c in parts if c in _TONES)


def _places(rhyme: str) -> set[int]:
    """Return which letters of a rhyme may bear the tone, in the older and in the newer spelling."""
    vowels = rhyme.rstrip("cghmnpt")
    modified = [i for i, vowel in enumerate(vowels) if vowel in "ăâêôơư"]
    if modified:
        return {modified[-1]}
    if vowels != rhyme:
        return {len(vowels) - 1}
    return {0, 1} if vowels in {"oa", "oe", "uy"} else {(len(vowels) - 1) // 2}

"""Texts token by token: noise passes only when it is noise on both sides, and no figure passes as noise."""

from __future__ import annotations

import datetime as dt
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from danvan_kit.regression import noise

NOW = dt.datetime.now()  # noqa: DTZ005 - as printed
UTC = dt.datetime.now(dt.UTC)
MONTH = dt.timedelta(days=30)
UUIDS = "a3bb189e-8bf9-4888-9912-ace4e6543002", "550e8400-e29b-41d4-a716-446655440000"
TIMEIT = "{} ± {} per loop (mean ± std. dev. of 7 runs, 1,000,000 loops each)"
TIME = "CPU times: user {}, sys: 0 ns, total: {}\nWall time: {}"
FOLDER = "tmp"
TEMP = f"/{FOLDER}/"  # where Linux keeps temporary files
WINDOWS = r"C:\Users\{}\AppData\Local\Temp\{}"
BAR = "xã: 100%|████| 5/5 [{}, {}]"
SILENT = {
    "an address": ("<Area at 0x7f3c4d5e6a10>", "<Area at 0x55d0c8b3f2a0>"),
    "an address in Windows": ("<Area at 0x000001E5B6C7D8E0>", "<Area at 0x000002A5B6C7D000>"),
    "a uuid": UUIDS,
    "a uuid of underscores": tuple(one.replace("-", "_") for one in UUIDS),
    "a temporary file": (f"đã ghi {TEMP}tmpab12cd34.csv", f"đã ghi {TEMP}tmpzx98_q7w.csv"),
    "a file in a temporary folder": (f"{TEMP}tmpab12cd34/bao-cao.html", f"{TEMP}tmpzx98yq7w/bao-cao.html"),
    "a cell": (f"{TEMP}ipykernel_12/345.py:1: W", f"{TEMP}ipykernel_987/3456.py:1: W"),
    "a Mac's folder": ("/var/folders/zz/a1b2/T/tmpab12cd34", "/private/var/folders/1x/c3/T/tmpzx98yq7w"),
    "a temporary file in Windows": (WINDOWS.format("An", "tmpab12cd34"), WINDOWS.format("Bình Yên", "tmpzx98yq7w")),
    "one file on two systems": (f"{TEMP}hanoi.csv", WINDOWS.format("An", "hanoi.csv")),
    "a file's address": (f"file://{TEMP}tmpab12cd34.csv", f"file://{TEMP}tmpzx98yq7w.csv"),
    "%time": (TIME.format("1.2 ms", "1.2 ms", "31 s"), TIME.format("3 μs", "1min 2s", "1d 2h 3min 4s")),
    "%timeit": (TIMEIT.format("1.2 μs", "30 ns"), TIMEIT.format("4.56 ms", "2 µs")),
    "a bar's speed": (BAR.format("00:01<00:00", "3.21it/s"), BAR.format("1:02:03<?", "1.50s/it")),
    "a bar's speed in its own unit": (BAR.format("00:01<00:00", "3.2xã/s"), BAR.format("00:02<00:00", "1.6 xã/s")),
    "a bar's speed beside a note": (
        BAR.format("00:01<00:00", "3it/s, còn=0"),
        BAR.format("00:02<00:00", "2it/s, còn=0"),
    ),
    "a speed without an end": ("5it [00:01, 3.2it/s]", "5it [00:02, 2.5it/s]"),
    "a moment": (f"{NOW - MONTH}", f"{NOW}"),
    "a moment in UTC": ((UTC - MONTH).isoformat(), UTC.isoformat()),
    "a moment with a comma": ("2025-06-01 08:30:00,123 INFO đọc", f"{NOW:%Y-%m-%d %H:%M:%S},456 INFO đọc"),
    "a moment as an object": (repr(NOW.replace(microsecond=5) - MONTH), repr(NOW.replace(microsecond=7))),
    "a moment of UTC as an object": (repr(UTC.replace(microsecond=5) - MONTH), repr(UTC.replace(microsecond=7))),
    "today": ("ngày 01-06-2025", f"ngày {NOW:%d-%m-%Y}"),
    "today with slashes": ("ngày 01/06/2025", f"ngày {NOW:%d/%m/%Y}"),
    "today in ISO": ("2025-06-01", f"{NOW:%Y-%m-%d}"),
    "today as an object": ("datetime.date(2025, 6, 1)", repr(NOW.date())),
    "a time of day beside its date": ("in lúc 08:30 ngày 01/06/2025", f"in lúc {NOW:%H:%M} ngày {NOW:%d/%m/%Y}"),
    "a set": ("{'Ba Vì', 'Đống Đa', 'Sóc Sơn'}", "{'Sóc Sơn', 'Ba Vì', 'Đống Đa'}"),
    "a set of odd texts": ("""{'a, b', "c'd", 'e: {f}', 3}""", """{3, 'e: {f}', 'a, b', "c'd"}"""),
    "a frozenset": ("frozenset({1, None, True})", "frozenset({True, 1, None})"),
    "colours": ("\x1b[31mlỗi\x1b[0m 31", "lỗi 31"),
    "last bits": ("tổng 0.30000000000000004", "tổng 0.3"),
    "last bits in Vietnamese": ("0,30000000000000004 %", "0,3 %"),
    "last bits of nothing": ("0.0", "-2.7755575615628914e-17"),
    "last bits of a packed array": (
        'y: {"dtype":"f8","bdata":"mpmZmZmZuT8="}',
        'y: {"dtype":"f8","bdata":"m5mZmZmZuT8="}',
    ),
    "blanks at the end": ("31  \n\n", "31"),
}
MOVED = {
    "a packed array": ('{"dtype":"f8","bdata":"AAAAAAAA8D8="}', '{"dtype":"f8","bdata":"AAAAAAAAAEA="}'),
    "a number before a name": ("5 Ba Vì\n3 Sóc Sơn", "3 Ba Vì\n5 Sóc Sơn"),
    "a count": ("31", "30"),
    "an integer as a decimal": ("1", "1.0"),
    "another separator": ("27.739", "27,739"),
    "another separator with last bits": ("0.30000000000000004", "0,3"),
    "a blank that does not break": ("27\u00a0739", "27739"),
    "a narrow blank": ("27\u202f739", "27\u00a0739"),
    "a sum of money": ("1234567.891", "1234567.892"),
    "a small probability": ("3.2e-17", "1.1e-16"),
    "a date": ("30-6-2020", "29-6-2020"),
    "a date that became today": ("2020-06-30", f"{NOW:%Y-%m-%d}"),
    "the day after tomorrow": (f"{NOW:%Y-%m-%d}", f"{NOW + dt.timedelta(days=2):%Y-%m-%d}"),
    "a path": ("/srv/an/nam-2019.csv", "/srv/an/nam-2020.csv"),
    "a folder called tmp": (f"/srv/an{TEMP}lan-31", f"/srv/an{TEMP}lan-32"),
    "a figure's file": (f"{TEMP}x/figure_31.csv", f"{TEMP}x/figure_32.csv"),
    "a year's folder": (f"{TEMP}2019/a.csv", f"{TEMP}2020/a.csv"),
    "a script": (f"{TEMP}31.py", f"{TEMP}32.py"),
    "a name after tmp": (f"{TEMP}tmp_hanoi31", f"{TEMP}tmp_hanoi32"),
    "the end of a temporary file": (f"{TEMP}tmpab12cd34.csv", f"{TEMP}tmpzx98yq7w.csv.gz"),
    "the file below a temporary folder": (f"{TEMP}tmpab12cd34/a_31.csv", f"{TEMP}tmpzx98yq7w/a_32.csv"),
    "a deeper temporary folder": (f"{TEMP}tmpab12cd34/a", f"{TEMP}tmpab12cd34/a/a"),
    "a sign": ("+31", "-31"),
    "a true minus": ("−31", "-31"),
    "a unit": ("31 cuộc", "31 lượt"),
    "a diacritic": ("Đống Đa", "Đông Đa"),
    "a percent sign": ("31 %", "31"),
    "a short constant": ("0x1F", "0x1E"),
    "a code of zeros": ("00004", "00005"),
    "zeros before a code": ("00004", "4"),
    "the letter of a code": ("019a", "019b"),
    "a version": ("3.5.1", "3.5.2"),
    "a bar's count": ("5/5 [00:01<00:00, 3it/s]", "6/6 [00:01<00:00, 3it/s]"),
    "a length per time": ("[10:30, 5km/h]", "[10:30, 6km/h]"),
    "a set's element": ("{1, 2, 3}", "{1, 2, 4}"),
    "true instead of one": ("{True, 2}", "{1, 2}"),
    "a decimal in a set": ("{1.0, 2}", "{1, 2}"),
    "twice in a set": ("{1, 1, 2}", "{1, 2}"),
    "a nested figure": ("{'a': {1, 2}, 'b': 31}", "{'a': {2, 1}, 'b': 30}"),
    "an empty text": ("", "31"),
    "the end of the day": ("0001-01-01T00:00:00+07:00 31", "0001-01-01T00:00:00+07:00 30"),
}
DOUBTS = {
    "a hash": ("3198842063261221399", "-8800837649515245911", "id"),
    "a token for an address": ("UK5-HVpYvAegZit9aFlijQ", "Ml0WgpqTvrQAcfVvW0DpHw", "id"),
    "rows with their numbers in another order": (
        "   tên\n0  Ba Vì\n1  Sóc Sơn",
        "   tên\n0  Sóc Sơn\n1  Ba Vì",
        "order",
    ),
    "seconds": ("12 giây", "13 giây", "time"),
    "seconds of a sentence": ("took 0.1234 s", "took 0.1311 s", "time"),
    "another unit of time": ("xong trong 59 s", "xong trong 1min 3s", "time"),
    "a wall time that stands alone": ("Wall time: 31 s", "Wall time: 30 s", "time"),
    "an hour": ("họp lúc 08:30", f"họp lúc {NOW:%H:%M}", "time"),
    "an old moment": ("2020-06-30 08:30:00", "2020-06-30 08:31:00", "time"),
    "seconds since 1970": ("1700000000.5", "1790000000.25", "time"),
    "a figure since 1970": ("1700000000", f"{time.time():.0f}", "time"),
    "a name's uuid": ("a3bb189e-8bf9-5888-9912-ace4e6543002", "550e8400-e29b-51d4-a716-446655440000", "id"),
    "a numbered uuid": ("00000000-0000-0000-0000-000000000031", "00000000-0000-0000-0000-000000000030", "id"),
    "a uuid without dashes": (*(one.replace("-", "") for one in UUIDS), "id"),
    "a digest": ("sha256: 1f2e3d4c5b6a7980", "sha256: 1f2e3d4c5b6a7981", "id"),
    "a colour": ("0xFF0000", "0xFF0001", "id"),
    "a long hash": ("0x9e3779b97f4a7c15", "0x9e3779b97f4a7c16", "id"),
    "a process": ("<Worker pid=31>", "<Worker pid=30>", "id"),
    "a folder with a name before": (f"{TEMP}lan_ab12cd34", f"{TEMP}lan_zx98yq7w", "id"),
    "a large count": ("1000000000", "1000000001", "id"),
    "a very large count": ("12345678901234567890", "12345678901234599999", "id"),
    "another folder called tmp": (f"/srv/an{TEMP}tmpab12cd34", f"/srv/an{TEMP}tmpzx98yq7w", "id"),
    "a list's order": ("[1, 2]", "[2, 1]", "order"),
    "an identity": ("140123456789012", "140123456789013", "id"),
    "words in another order": ("Ba Vì, Sóc Sơn", "Sóc Sơn, Ba Vì", "order"),
    "lines in another order": ("a 1\nb 2", "b 2\na 1", "order"),
}


@pytest.mark.parametrize("name", SILENT)
def test_what_is_noise_on_both_sides_passes(name):
    assert noise.turns(*SILENT[name]) == []


@pytest.mark.parametrize("name", SILENT)
def test_what_is_noise_on_one_side_only_is_reported(name):
    old, new = SILENT[name]
    if name not in {"colours", "blanks at the end"}:  # they end as the line itself
        assert noise.turns(old, "31")
        assert noise.turns("31", new)


@pytest.mark.parametrize("name", SILENT)
def test_noise_hides_no_figure_beside_it(name):
    old, new = (text.rstrip() for text in SILENT[name])
    assert any({turn.old, turn.new} == {"31", "30"} for turn in noise.turns(f"{old}\nsố 31", f"{new}\nsố 30"))


@pytest.mark.parametrize("name", MOVED)
def test_what_moved_is_reported_for_certain(name):
    old, new = MOVED[name]
    assert [turn.doubt for turn in noise.turns(old, new)][:1] == [""]
    assert noise.turns(new, old)


@pytest.mark.parametrize("name", DOUBTS)
def test_what_may_be_noise_is_left_to_a_second_run(name):
    old, new, doubt = DOUBTS[name]
    assert {turn.doubt for turn in noise.turns(old, new)} == {doubt}
    assert noise.turns(new, old)


def test_a_figure_is_found_in_a_long_line_and_in_a_late_line():
    words = "Phường Phúc Xá " * 5000
    (turn,) = noise.turns(f"{words}31 {words}", f"{words}30 {words}")
    assert (turn.old, turn.new) == ("31", "30")
    assert len(turn.around) <= 200
    lines = ["Phường Phúc Xá: 31"] * 5000
    (turn,) = noise.turns("\n".join([*lines, "hết 31"]), "\n".join([*lines, "hết 30"]))
    assert (turn.line, turn.old, turn.new) == (5000, "31", "30")


def test_a_line_that_came_stands_where_it_came():
    (turn,) = noise.turns("a 1\nb 2", "a 1\nc 31\nb 2")
    assert (turn.line, turn.old, turn.new) == (1, None, "c 31")
    (turn,) = noise.turns("a 1\nc 31\nb 2", "a 1\nb 2")
    assert (turn.line, turn.old, turn.new) == (1, "c 31", None)


def test_a_word_that_came_is_told_with_its_line():
    (turn,) = noise.turns("có 31", "có gần 31")
    assert (turn.old, turn.new) == ("có 31", "có gần 31")


def test_blanks_are_a_matter_of_looks():
    (turn,) = noise.turns("a  31", "a    31")
    assert turn.look
    assert noise.turns("5 s", "5  s")[0].look


def test_tokens_keep_every_character_but_the_number_of_blanks():
    assert [(token.text, token.kind) for token in noise.tokens("  Quận 1:   −3,5 %")] == [
        ("Quận", "word"), (" ", "space"), ("1", "figure"), (":", "mark"), (" ", "space"), ("−3,5", "figure"),
        (" ", "space"), ("%", "mark"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "value"),
    [("31", 31), ("−3,5", -3.5), ("1.5e3", 1500), ("27.739", 27.739), ("1.234.567", None), ("27\u00a0739", None),
     ("x", None), ("1e999", None), ("", None), ("1,2,3", None)],
)  # fmt: skip
def test_a_number_is_read_as_code_or_vietnamese_writes_it(text, value):
    assert noise.number(text) == value


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [(0.1 + 0.2, 0.3, True), (0.0, 5.551115123125783e-17, True), (float("nan"), float("nan"), True), (3, 3.0, True),
     (1e9, 1e9 + 1, False), (10**9, 10**9 + 1, False), (2**60, 2**60 + 1, False), (1234567.891, 1234567.892, False),
     (10**400, 1.5, False), (float("inf"), 1.0, False), (float("nan"), 1.0, False), (1e-16, 3e-17, False),
     (1 / 3, 1 / 3 + 1e-8, False),
     (0.333333333333, 0.333333333334, True), (31.0, 31.0000000031, True), (-1e-3, 1e-3, False)],
)  # fmt: skip
def test_numbers_are_close_only_in_last_bits(old, new, same):
    assert noise.close(old, new) is same
    assert noise.close(new, old) is same


TEXTS = st.text(alphabet=st.one_of(st.sampled_from("01239 .,:-/\n{}'%s"), st.characters(codec="utf-8")), max_size=60)


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_a_text_equals_itself_and_its_tokens_are_it(text):
    assert noise.turns(text, text) == []
    assert "".join(t.text for t in noise.tokens(text)).replace(" ", "") == text.replace("\t", "").replace(" ", "")


@settings(max_examples=300, deadline=None)
@given(TEXTS, TEXTS)
def test_any_two_texts_can_be_compared(old, new):
    for turn in noise.turns(old, new):
        assert turn.old != turn.new


@settings(max_examples=400, deadline=None)
@given(st.text(alphabet="0123456789 .,%abđ\n", min_size=1, max_size=40), st.data())
def test_another_digit_anywhere_is_reported(text, data):
    places = [n for n, c in enumerate(text) if c.isdigit()]
    if places:
        n = data.draw(st.sampled_from(places))
        digit = data.draw(st.sampled_from([d for d in "0123456789" if d != text[n]]))
        assert noise.turns(text, f"{text[:n]}{digit}{text[n + 1 :]}")


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(0, 9), max_size=20), st.lists(st.integers(0, 9), max_size=20))
def test_aligned_parts_lead_from_one_sequence_to_the_other(before, after):
    out, at = [], 0
    for i, j, k, m in noise.aligned(before, after):
        out += before[at:i] + after[k:m]
        at = j
    assert out + before[at:] == after


@pytest.mark.parametrize(
    "part",
    ["1", "a1", "0xf", "1 s, ", "1.1", "1.", "{", "{1, ", "{'", " ", f"{TEMP}a1", "C:\\Users\\", "datetime.date(1, ",
     "é", "_", "\x1b[0;", "[0:", "[00:00<00:00, 1", "1,1", "g1", "1e", "-", "1+", "CPU times: user 1 s", "\n", "a-",
     "12345678-", "550e8400-e29b-41d4-", "00:00:", "2020-01-01T", "1 s ± "],
)  # fmt: skip
def test_a_long_line_of_anything_is_read_in_one_go(part):
    """An expression that tries each beginning with each end would take minutes here, not tenths of a second."""
    text = part * (60_000 // len(part))
    assert len(noise.tokens(text)) <= len(text)
    assert noise.turns(f"{text} 31", f"{text} 30")


def test_many_figures_in_one_line_are_compared_with_the_line_read_once():
    old, new = (" ".join(str(n + more) for n in range(30_000)) for more in (0, 100_000))
    assert len(noise.turns(old, new)) == 30_000

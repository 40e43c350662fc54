"""Packed states come back byte for byte, and what repeats costs nothing."""

from __future__ import annotations

import base64
import json
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from danvan_kit.explorer.pack import GAP, Packer, _bytes, write
from danvan_kit.explorer.unpack import _numbers, unpack

TEXTS = st.one_of(
    st.text(alphabet=st.characters(blacklist_categories=("Cs",), blacklist_characters=GAP), max_size=12),
    st.sampled_from(["<b>Ba Đình</b>: 34 cuộc", "–", "null", "−1.234,5", "12", "Quận 1", "1.0", "019a"]),
)
LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**9), 10**9), st.floats(allow_nan=False, allow_infinity=False), TEXTS
)
VALUES = st.one_of(
    LEAVES,
    st.lists(TEXTS, max_size=4),
    st.lists(LEAVES, max_size=4),
    st.lists(st.lists(LEAVES, min_size=2, max_size=2), max_size=3),
    st.dictionaries(TEXTS, LEAVES, max_size=3),
)
STATES = st.lists(st.dictionaries(st.sampled_from(["title", "a/0/x", "a/0/y", "a/1"]), VALUES, min_size=1), min_size=1)


def _packed(states, lang="vi"):
    packer = Packer(lang)
    for state in states:
        packer.add(state)
    return packer.packed()


@settings(max_examples=300, deadline=None)
@given(STATES)
def test_every_state_comes_back_as_it_went_in(states):
    _, found = unpack(_packed(states))
    assert [json.dumps(state) for state in found] == [json.dumps(state) for state in states]


def test_the_same_states_pack_into_the_same_bytes():
    states = [{"title": f"Năm {n}", "y": [n, n + 1.5, None]} for n in range(50)]
    assert _packed(states) == _packed(states)


def test_figures_that_come_back_written_out_are_not_stored_again():
    chance = random.Random(7)  # noqa: S311 - no secrets here
    values = [[chance.randrange(100_000) for _ in range(12)] for _ in range(400)]
    bare = [{"y": one} for one in values]
    full = [
        {
            "y": one,
            "text": [f"{v:,}".replace(",", ".") for v in one],
            "hover": [f"<b>{2000 + n}</b>: {v:,} cuộc".replace(",", ".") for n, v in enumerate(one)],
            "again": one,
        }
        for one in values
    ]
    assert len(_packed(full)) < 1.35 * len(_packed(bare))


def test_the_head_carries_the_callers_own_entries():
    packer = Packer("en")
    packer.add({"title": "x"})
    head, states = unpack(packer.packed(axes=[["area", ["01"]]]))
    assert head["axes"] == [["area", ["01"]]]
    assert list(states) == [{"title": "x"}]


def test_a_control_character_that_marks_gaps_is_refused():
    with pytest.raises(ValueError, match="U\\+0001"):
        Packer("vi").add({"title": "a\x01b"})


@given(st.lists(st.integers(0, 2**40), max_size=50))
def test_whole_numbers_come_back_from_their_bytes(numbers):
    assert not numbers or _numbers(_bytes(np.array(numbers, dtype=np.int64))).tolist() == numbers


@pytest.mark.parametrize(
    ("number", "digits", "vi", "en"),
    [
        ("1234567", 0, "1.234.567", "1,234,567"),
        ("12.0", 0, "12", "12"),
        ("12.25", 1, "12,3", "12.3"),
        ("-0.04", 1, "0,0", "0.0"),
        ("-1234.5", 2, "−1.234,50", "−1,234.50"),
        ("null", 1, "–", "–"),
        ("abc", 1, None, None),
        ("1e5", 1, None, None),
    ],
)
def test_a_figure_is_written_as_the_page_writes_it(number, digits, vi, en):
    assert write(number, digits, "vi") == vi
    assert write(number, digits, "en") == en


def test_what_is_packed_is_base64_without_a_clock():
    raw = base64.b64decode(_packed([{"title": "x"}]))
    assert raw[:2] == b"\x1f\x8b"
    assert raw[4:8] == b"\0\0\0\0"  # gzip's time

"""Packed numbers are numbers again, alone and inside a text; what cannot be read stays as it is."""

from __future__ import annotations

import base64
import json

import numpy as np
import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st

from danvan_kit.regression import packed


def _packed(values, kind, **more):
    return {"dtype": kind, "bdata": base64.b64encode(np.asarray(values, kind).tobytes()).decode(), **more}


@given(st.lists(st.floats(allow_nan=False), min_size=1, max_size=9))
def test_what_was_packed_comes_out_in_a_text(values):
    text = f"a = {json.dumps(_packed(values, 'f8'))};"
    assert packed.unpacked(text) == f"a = {values};"


def test_a_figure_written_as_json_or_html_shows_its_numbers():
    figure = go.Figure(go.Heatmap(z=np.arange(6.0).reshape(2, 3)))
    for text in (figure.to_json(), figure.to_html(include_plotlyjs=False)):
        assert "bdata" in text
        assert "[[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]" in packed.unpacked(text)


@pytest.mark.parametrize(
    "text", ['{"dtype":"f8","bdata":"AA="}', '{"dtype":"zz","bdata":"AAAA"}', "bdata", '{"bdata":"AAAA"}']
)
def test_what_cannot_be_read_stays_as_it_is(text):
    assert packed.unpacked(text) == text


def test_slashes_that_html_escapes_are_read():
    whole = json.dumps(_packed([-1, 255], "i4"))
    assert "/" in whole
    assert packed.unpacked(whole.replace("/", r"\\u002f"[1:])) == "[-1, 255]"

"""What a notebook shows cut short is kept whole; what it shows whole is left alone."""

from __future__ import annotations

import base64
import gzip
import sys
from types import SimpleNamespace

import numpy as np
import pandas as pd
import polars as pl
import pytest

from danvan_kit.regression import kept


class _Broken:
    def __repr__(self):
        raise ValueError("odd")


class _Frame(pd.DataFrame):
    """As other libraries derive their own."""


@pytest.fixture(autouse=True)
def _shown():
    with pd.option_context("display.max_rows", 60, "display.max_columns", 20, "display.max_colwidth", 50):
        yield


def _kept(shown):
    """Return the form and the text that were kept; None where all is on screen."""
    found = kept.whole(shown)
    if found is None:
        return None
    data, metadata = found
    assert data == {}
    own = metadata["danvan"]
    assert (own["kind"], len(own["digest"])) == ("table", 16)
    text = gzip.decompress(base64.b64decode(own["packed"])).decode() if "packed" in own else None
    return own["form"], own.get("lead"), own.get("heads"), text


@pytest.mark.parametrize(
    ("least", "most"),
    [
        (pd.DataFrame({"n": range(60)}), pd.DataFrame({"n": range(61)})),
        (pd.DataFrame([range(20)]), pd.DataFrame([range(21)])),
        (pd.DataFrame({"n": ["x" * 50]}), pd.DataFrame({"n": ["x" * 51]})),
        (pd.DataFrame([["x" * 50, 1]], columns=["n", "n"]), pd.DataFrame([["x" * 51, 1]], columns=["n", "n"])),
        (pd.DataFrame({"n": pd.Categorical(["x"])}), pd.DataFrame({"n": pd.Categorical(["x" * 51])})),
        (pd.DataFrame({"n": [[1] * 5]}), pd.DataFrame({"n": [[1] * 50]})),
        (pd.Series(range(60)), pd.Series(range(61))),
        (np.zeros(1000), np.zeros(1001)),
        (np.zeros((10, 100)), np.zeros((10, 101))),
        (list(range(1000)), list(range(1001))),
        (tuple(range(1000)), tuple(range(1001))),
        (set(range(1000)), set(range(1001))),
        (dict.fromkeys(range(1000)), dict.fromkeys(range(1001))),
        ([[0] * 1000], [[0] * 1001]),
        ({"a": [0] * 1000}, {"a": [0] * 1001}),
        (pl.DataFrame({"n": range(8)}), pl.DataFrame({"n": range(9)})),
        (pl.DataFrame({str(n): [1] for n in range(8)}), pl.DataFrame({str(n): [1] for n in range(9)})),
        (pl.DataFrame({"n": ["x" * 20]}), pl.DataFrame({"n": ["x" * 31]})),
        (pl.DataFrame({"n": [[1, 2]]}), pl.DataFrame({"n": [[1, 2, 3, 4, 5, 6, 7]]})),
        (pl.Series(range(8)), pl.Series(range(9))),
        (_Frame({"n": range(60)}), _Frame({"n": range(61)})),
        (pd.Index(range(0, 300, 3)), pd.Index(range(0, 303, 3))),
        (pd.Categorical(list("ab" * 5)), pd.Categorical(list("ab" * 5 + "a"))),
        ([pd.DataFrame({"n": range(60)})], [pd.DataFrame({"n": range(61)})]),
        ({"a": pd.Series(range(60))}, {"a": pd.Series(range(61))}),
        ((1, np.zeros(1000)), (1, np.zeros(1001))),
    ],
)
def test_only_what_is_cut_short_is_kept(least, most):
    assert _kept(least) is None
    form, _, _, text = _kept(most)
    assert form in {"csv", "text"}
    assert text


def test_a_frame_is_kept_with_its_labels_and_all_of_its_digits():
    frame = pd.DataFrame({"đồng": [12345678901.0, 0.1 + 0.2, np.nan] * 21, "n": 3})
    form, lead, heads, text = _kept(frame)
    assert (form, lead, heads) == ("csv", 1, 1)
    assert text.split("\n")[:4] == [",đồng,n", "0,12345678901,3", "1,0.3,3", "2,NaN,3"]


def test_levels_of_labels_are_counted():
    rows = pd.MultiIndex.from_product([range(8), range(8)], names=["a", "b"])
    columns = pd.MultiIndex.from_product([["x"], ["y", "z"]])
    for index, heads in ((rows, 3), (rows.set_names([None, None]), 2)):
        form, lead, found, text = _kept(pd.DataFrame(1, index=index, columns=columns))
        assert (form, lead, found) == ("csv", 2, heads)
        assert text.split("\n")[heads] == "0,0,1,1"


def test_columns_of_one_name_are_all_kept():
    text = _kept(pd.DataFrame([[1, 31]] * 61, columns=["n", "n"]))[3]
    assert text.startswith(",n,n\n0,1,31\n")


def test_no_limit_cuts_nothing():
    with pd.option_context("display.max_rows", None, "display.max_columns", None, "display.max_colwidth", None):
        assert _kept(pd.DataFrame({"n": ["x" * 99] * 99})) is None


def test_polars_and_arrays_are_kept_as_plain_rows():
    form, lead, heads, text = _kept(pl.DataFrame({"n": [0.5, None] * 5, "m": [[1, 2]] * 10}))
    assert (form, lead, heads) == ("csv", 0, 1)
    assert text.startswith('n,m\n0.5,"[1, 2]"\nnull,"[1, 2]"\n')
    assert _kept(np.arange(2002).reshape(2, 1001) / 2)[3].startswith("0,0.5,1,1.5,")
    assert _kept(np.arange(1001))[3].startswith("0\n1\n2\n")
    assert _kept(np.zeros((11, 10, 10)))[3].count("\n") == 11
    with np.printoptions(threshold=sys.maxsize):
        assert _kept(np.zeros(5000)) is None


def test_a_set_is_kept_in_one_order_and_a_list_in_its_own():
    words = [f"phường {n}" for n in range(1001)]
    assert _kept(set(words)) == _kept(frozenset(words))
    assert _kept(words) != _kept(words[::-1])
    assert _kept(dict.fromkeys(words, 31))[3].startswith("('phường 0', 31)\n")


def test_frames_in_a_container_are_kept_whole_each_below_its_key():
    text = _kept({"a": pd.DataFrame({"n": range(61)}), "b": 5})[3]
    assert text.startswith("'a'\n,n\n0,0\n")
    assert text.endswith("60,60\n\n'b'\n5")
    assert _kept([pd.Index(range(101)), 5])[3].endswith("\n100\n5")


def test_of_what_is_too_large_only_a_digest_is_kept():
    numbers = np.random.default_rng(7).random(20_000)
    own = kept.whole(pd.DataFrame({"n": numbers}))[1]["danvan"]
    assert "packed" not in own
    other = numbers.copy()
    other[17] += 1e-6
    assert kept.whole(pd.DataFrame({"n": other}))[1]["danvan"]["digest"] != own["digest"]
    other = numbers.copy()
    other[17] *= 1 + 4e-16
    assert kept.whole(pd.DataFrame({"n": other}))[1]["danvan"]["digest"] == own["digest"]


def test_the_same_content_gives_the_same_bytes():
    assert kept.whole(pd.DataFrame({"n": range(99)})) == kept.whole(pd.DataFrame({"n": range(99)}))


@pytest.mark.parametrize(
    "shown", [[_Broken()] * 1001, object(), 3, pd.DataFrame({"n": [_Broken()] * 61}), np.float64(3)]
)
def test_an_odd_object_shows_itself(shown):
    assert kept.whole(shown) is None


def test_without_a_kernel_nothing_is_installed():
    assert kept.install() is False


def test_a_kernel_learns_to_keep_what_it_cuts(monkeypatch):
    from IPython.core.formatters import MimeBundleFormatter  # noqa: PLC0415 - as a kernel has it

    formatter = MimeBundleFormatter()
    shell = SimpleNamespace(display_formatter=SimpleNamespace(mimebundle_formatter=formatter))
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
    assert kept.install() is True
    for shown in (pd.DataFrame({"n": range(61)}), pd.Series(range(61)), _Frame({"n": range(61)}), np.zeros(1001),
                  pl.DataFrame({"n": range(9)}), pl.Series(range(9)), list(range(1001)), set(range(1001)),
                  pd.Index(list("ab") * 51), pd.date_range("2010-01-01", periods=101),
                  pd.Categorical(list("ab") * 6)):  # fmt: skip
        assert formatter(shown)[1]["danvan"]["digest"], type(shown)


def test_widgets_of_plotly_say_how_they_stand(monkeypatch):
    class _Figure:
        def to_dict(self):
            return {"data": [{"y": [31]}], "layout": {"height": 3}}

    figure = _Figure()
    widgets = SimpleNamespace(Widget=SimpleNamespace(widgets={"a": figure, "b": object()}))
    monkeypatch.setitem(sys.modules, "ipywidgets", widgets)
    monkeypatch.setitem(sys.modules, "plotly.basewidget", SimpleNamespace(BaseFigureWidget=_Figure))
    kept.settle()
    assert (figure._widget_data, figure._widget_layout) == ([{"y": [31]}], {"height": 3})
    monkeypatch.delitem(sys.modules, "ipywidgets")
    kept.settle()


@pytest.mark.parametrize("kind", ["pandas", "polars", "numpy"])
def test_what_is_very_large_has_a_digest_of_its_numbers_that_sees_one_of_them(kind, monkeypatch):
    monkeypatch.setattr(kept, "MANY", 2000)

    def own(values):
        made = {"pandas": lambda: pd.DataFrame({"n": values, "m": 1.5}), "numpy": lambda: np.array(values)}
        made["polars"] = lambda: pl.DataFrame({"n": values, "m": values})
        return kept.whole(made[kind]())[1]["danvan"]

    one, two = own([float(n) for n in range(5000)]), own([float(n) for n in range(4999)] + [7.0])
    assert set(one) == {"kind", "digest"}
    assert one == own([float(n) for n in range(5000)])
    assert one["digest"] != two["digest"]


def test_a_very_long_list_is_left_as_it_is(monkeypatch):
    monkeypatch.setattr(kept, "MANY", 2000)
    assert kept.whole(list(range(5000))) is None

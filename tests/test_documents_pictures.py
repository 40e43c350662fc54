"""Pictures: drawn by a browser that is there, the same each time; without one, tables."""

from __future__ import annotations

import io

import kaleido
import pytest
from browser import chromium
from conftest import tiny_review
from PIL import Image

from danvan_kit import views
from danvan_kit.documents import pictures


def test_a_browser_draws_each_figure_the_same_each_time():
    chromium()
    figure = views.trend(tiny_review(), area="A", indicator="giam_sat").figure
    first, again = pictures.draw([figure, figure])
    assert first
    assert first == again
    with Image.open(io.BytesIO(first)) as image:
        assert image.size == (pictures.WIDTH * pictures.SCALE, figure["layout"]["height"] * pictures.SCALE)
        assert len(image.convert("RGB").getcolors(1 << 24)) > 20  # something is drawn


def test_a_figure_that_cannot_be_drawn_leaves_the_others_alone(monkeypatch):
    def calc(figure, **_):
        if figure["data"]:
            raise RuntimeError
        return b"png"

    monkeypatch.setenv(pictures.ASKED, "/any/browser")
    monkeypatch.setattr(kaleido, "start_sync_server", lambda **_: None)
    monkeypatch.setattr(kaleido, "stop_sync_server", lambda **_: None)
    monkeypatch.setattr(kaleido, "calc_fig_sync", calc)
    assert pictures.draw([{"data": [1], "layout": {}}, {"data": [], "layout": {}}]) == [None, b"png"]


def test_without_a_browser_there_are_no_pictures(monkeypatch):
    monkeypatch.setenv(pictures.ASKED, "")
    assert pictures.browser() is None
    assert pictures.draw([{"data": [], "layout": {}}]) == [None]
    assert pictures.draw([]) == []


def test_a_browser_that_does_not_start_is_none(monkeypatch):
    def refuse(**_):
        raise RuntimeError

    monkeypatch.setenv(pictures.ASKED, "/no/such/browser")
    monkeypatch.setattr(kaleido, "start_sync_server", refuse)
    assert pictures.draw([{"data": [], "layout": {}}]) == [None]


@pytest.mark.parametrize("found", ["/usr/bin/any", None])
def test_the_systems_usual_places_are_searched_last(monkeypatch, found):
    monkeypatch.delenv(pictures.ASKED, raising=False)
    monkeypatch.setattr(pictures.shutil, "which", lambda _: None)
    monkeypatch.setattr("choreographer.browsers.chromium.Chromium.find_browser", lambda **_: found)
    assert pictures.browser() == found


def test_a_browser_in_the_path_is_taken(monkeypatch):
    monkeypatch.delenv(pictures.ASKED, raising=False)
    monkeypatch.setattr(pictures.shutil, "which", lambda name: f"/bin/{name}" if name == "google-chrome" else None)
    assert pictures.browser() == "/bin/google-chrome"

"""Images are compared by what they look like, not by their bytes."""

from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from danvan_kit.regression.pictures import moved

CHANCE = np.random.default_rng(7)
PIXELS = CHANCE.integers(0, 256, (40, 60, 3), dtype=np.uint8)


def _file(pixels, kind="PNG", **options):
    page = io.BytesIO()
    Image.fromarray(pixels).save(page, kind, **options)
    return page.getvalue()


def test_another_compression_and_another_date_look_the_same():
    note = PngInfo()
    note.add_text("Creation Time", "2026")
    first, second = _file(PIXELS, compress_level=1), _file(PIXELS, compress_level=9, pnginfo=note)
    assert first != second
    assert moved(first, second) == 0.0


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 36), st.integers(0, 56))
def test_a_block_of_other_pixels_is_found_anywhere(top, left):
    other = PIXELS.copy()
    other[top : top + 4, left : left + 4] = 255 - other[top : top + 4, left : left + 4] // 2
    other[top : top + 4, left : left + 4, 0] = 255
    before = PIXELS.copy()
    before[top : top + 4, left : left + 4, 0] = 0
    assert 0 < moved(_file(before), _file(other)) <= 36 / 2400


def test_one_pixel_from_white_to_black_is_found():
    page = np.full((20, 20, 3), 255, dtype=np.uint8)
    other = page.copy()
    other[10, 10] = 0
    assert moved(_file(page), _file(other)) == pytest.approx(9 / 400)
    other[10, 10] = 250
    assert moved(_file(page), _file(other)) == 0.0


def test_another_size_is_another_picture():
    assert moved(_file(PIXELS), _file(PIXELS[:-1])) == 1.0


def test_smoothing_by_jpeg_is_not_seen():
    shade = np.repeat(np.linspace(0, 255, 64, dtype=np.uint8)[:, None, None], 64, axis=1).repeat(3, axis=2)
    assert moved(_file(shade, "JPEG", quality=95), _file(shade, "JPEG", quality=90)) == 0.0


def test_what_is_transparent_is_white():
    clear = np.zeros((9, 9, 4), dtype=np.uint8)
    assert moved(_file(clear), _file(np.full((9, 9, 3), 255, dtype=np.uint8))) == 0.0
    solid = clear.copy()
    solid[..., 3] = 255
    assert moved(_file(clear), _file(solid)) == 1.0


def test_shades_of_sixteen_bits_are_told_apart():
    low, high = (np.full((9, 9), value, dtype=np.uint16) for value in (20_000, 40_000))
    assert moved(_file(low), _file(high)) == 1.0
    assert moved(_file(low), _file(low, compress_level=0)) == 0.0


def test_a_film_is_all_of_its_frames():
    frames = [Image.new("RGB", (9, 9), colour) for colour in ("red", "blue", "green")]

    def film(frames):
        page = io.BytesIO()
        frames[0].save(page, "GIF", save_all=True, append_images=frames[1:])
        return page.getvalue()

    assert moved(film(frames), film([*frames[:2], Image.new("RGB", (9, 9), "white")])) == pytest.approx(1 / 3, abs=0.05)
    assert moved(film(frames), film(frames[:2])) == 1.0


@pytest.mark.parametrize("broken", [b"", b"nothing", _file(PIXELS)[:200], b"\x89PNG\r\n\x1a\n" + b"\0" * 40])
def test_what_is_no_picture_differs_from_any_other(broken):
    assert moved(broken, broken) == 0.0
    assert moved(broken, _file(PIXELS)) == 1.0
    assert moved(_file(PIXELS), broken) == 1.0

"""Two images: the share of the picture that looks different."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from PIL import Image

VISIBLE = 12
"""Steps of 255, after a slight blur, from which on a difference is seen; smoothing and JPEG noise stay below."""
__all__ = ["VISIBLE", "moved"]


def moved(old: bytes, new: bytes) -> float:
    """Return the share of the picture that looks different, 0 to 1; 1 for another size or what is no picture.

    Parameters
    ----------
    old, new
        PNG, JPEG, GIF or WebP files.
    """
    if old == new:
        return 0.0
    before, after = _pixels(old), _pixels(new)
    if before is None or after is None or before.shape != after.shape:
        return 1.0
    if np.array_equal(before, after):  # mostly: another compression, another date in the file
        return 0.0
    seen = np.abs(_blurred(before) - _blurred(after)).max(axis=-1) > VISIBLE
    return float(seen.mean())


def _pixels(content: bytes) -> NDArray[np.float32] | None:
    """Return all frames, one below the other, on white."""
    from PIL import Image, ImageSequence  # noqa: PLC0415 - only notebooks with images need it

    try:
        with Image.open(io.BytesIO(content)) as image:
            return np.concatenate([_on_white(frame) for frame in ImageSequence.Iterator(image)])
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):  # as Pillow calls broken files
        return None


def _on_white(frame: Image.Image) -> NDArray[np.float32]:
    from PIL import Image  # noqa: PLC0415

    if frame.mode.startswith("I"):  # 16 bits: as RGB all but the darkest would be white
        return np.repeat(np.asarray(frame, dtype=np.float32)[..., None] / 257, 3, axis=-1)
    ground = Image.new("RGBA", frame.size, "white")
    ground.alpha_composite(frame.convert("RGBA"))
    return np.asarray(ground.convert("RGB"), dtype=np.float32)


def _blurred(pixels: NDArray[np.float32]) -> NDArray[np.float32]:
    """Average each pixel with its neighbours, so that a shade's shift by a fraction of a pixel counts for little."""
    for axis in (0, 1):
        sides = [(1, 1) if n == axis else (0, 0) for n in range(3)]
        padded = np.pad(pixels, sides, mode="edge")
        size = pixels.shape[axis]
        first, second, third = (np.take(padded, range(n, n + size), axis) for n in range(3))
        pixels = (first + second + third) / np.float32(3)
    return pixels

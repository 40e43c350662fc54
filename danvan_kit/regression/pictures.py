"""Two images: the share of the picture that looks different."""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import NDArray

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
    seen = np.abs(_blurred(before) - _blurred(after)).max(axis=-1) > VISIBLE
    return float(seen.mean())


def _pixels(content: bytes) -> NDArray[np.float32] | None:
    """Return all frames, one below the other, on white."""
    from PIL import Image, ImageSequence, UnidentifiedImageError  # noqa: PLC0415 - only notebooks with images need it

    try:
        with Image.open(io.BytesIO(content)) as image:
            frames = [
                np.asarray(_on_white(frame.convert("RGBA")), dtype=np.float32)
                for frame in ImageSequence.Iterator(image)
            ]
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        return None
    return np.concatenate(frames)


def _on_white(frame):
    from PIL import Image

    ground = Image.new("RGBA", frame.size, "white")
    ground.alpha_composite(frame)
    return ground.convert("RGB")


def _blurred(pixels: NDArray[np.float32]) -> NDArray[np.float32]:
    """Average each pixel with its neighbours, so that a shade's shift by a fraction of a pixel counts for little."""
    padded = np.pad(pixels, ((1, 1), (1, 1), (0, 0)), mode="edge")
    rows, columns = pixels.shape[:2]
    parts = [padded[r : r + rows, c : c + columns] for r in range(3) for c in range(3)]
    mean: NDArray[np.float32] = np.mean(parts, axis=0)
    return mean

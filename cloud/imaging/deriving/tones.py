"""From measured brightness to what a screen can show, and small pictures of large ones."""

import io
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from PIL import Image

from cloud.imaging.deriving.shape import Grey

SMALL = 256  # pixels, the longer side of a thumbnail
DARKEST, BRIGHTEST = 0.1, 99.9  # percent of the pixels, where no one says what is black and what is white
QUALITY, SMALL_QUALITY = 93, 80
Window = tuple[float, float]


def window(pixels: npt.NDArray[Any], bits: int) -> tuple[Window, Literal["kind", "pixels"]]:
    """What is black and what is white where the file does not say: all of a byte, else nearly all that occurs."""
    if bits <= 8:
        return (0.0, float(2**bits - 1)), "kind"
    low, high = np.percentile(pixels, (DARKEST, BRIGHTEST))
    return (float(low), float(max(high, low + 1))), "pixels"


def eight(pixels: npt.NDArray[Any], shades: Window, *, inverted: bool = False) -> Grey:
    """The pixels as bytes: ``shades[0]`` and below become 0, ``shades[1]`` and above 255."""
    low, high = shades
    if pixels.dtype == np.uint8 and (low, high) == (0.0, 255.0):
        found = pixels
    else:
        scaled = (pixels.astype(np.float32) - np.float32(low)) * np.float32(255 / max(high - low, 1e-9))
        found = np.clip(np.rint(scaled), 0, 255).astype(np.uint8)
    return np.asarray(255 - found if inverted else found, dtype=np.uint8)


def from_above(rows: list[npt.NDArray[np.float32]]) -> Grey:
    """The mean over depth of every slice, one row each, spread over all shades."""
    seen = np.stack(rows)
    low, high = np.percentile(seen, (1, 99))
    return eight(seen, (float(low), float(max(high, low + 1))))


def depth_mean(frame: Grey) -> npt.NDArray[np.float32]:
    """One row: the mean of each column."""
    grey = frame if frame.ndim == 2 else frame.mean(axis=2)
    return np.asarray(grey.mean(axis=0), dtype=np.float32)


def small(frame: Grey, pixel_mm: tuple[float, float] | None = None) -> bytes:
    """A thumbnail as WebP in true proportions."""
    image = Image.fromarray(frame)
    high, wide = frame.shape[:2]
    if pixel_mm is not None:
        high, wide = round(high * pixel_mm[0] / min(pixel_mm)), round(wide * pixel_mm[1] / min(pixel_mm))
    scale = min(1.0, SMALL / max(high, wide))
    size = max(1, round(wide * scale)), max(1, round(high * scale))
    return written(image.resize(size, Image.Resampling.BOX), "WEBP", quality=SMALL_QUALITY)


def full(frame: Grey) -> bytes:
    """A frame as JPEG, pixel by pixel as large as the original's, colours not thinned."""
    return written(Image.fromarray(frame), "JPEG", quality=QUALITY, subsampling=0)


def written(image: Image.Image, form: str, **how: int) -> bytes:
    """An image in a file format."""
    kept = io.BytesIO()
    image.save(kept, form, **how)
    return kept.getvalue()

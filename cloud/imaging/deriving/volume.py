"""Volumes in makers' own formats, read by eyepy where it is installed: .vol, .E2E, and .fda where eyepy itself can."""

import contextlib
import importlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from cloud.imaging.deriving import placing, tones
from cloud.imaging.deriving.shape import About, Grey, Held, Unreadable

READERS = {"vol": "import_heyex_vol", "e2e": "import_heyex_e2e", "fda": "import_topcon_fda"}


class Volume:
    """A volume; eyepy's axes are slices, rows, columns, and its scale is in that order. Raises Unreadable."""

    def __init__(self, path: Path, form: str) -> None:
        found = _read(path, form)
        self._data = found.data
        count, rows, columns = self._data.shape
        millimetres = found.scale_unit == "mm" and min(found.scale) > 0
        placed = _placed(found)
        raster = count > 1 and (not placed or placing.is_raster(placed))
        slice_mm = found.scale[0] if millimetres and count > 1 else None
        self._shades, where = tones.window(self._data[count // 2], 8 if self._data.dtype == np.uint8 else 16)
        self.about = About(
            medium="volume" if count > 1 else "picture",
            frames=count,
            rows=rows,
            columns=columns,
            pixel_mm=(found.scale[1], found.scale[2]) if millimetres else None,
            slice_mm=slice_mm,
            raster=raster,
            placed=count > 1 and bool(placed),
            window=self._shades,
            window_from=where,
            positions=placing.spaced(count, slice_mm) if raster else None,
        )

    def middle(self) -> Grey:
        """The slice in the middle."""
        return tones.eight(self._data[len(self._data) // 2], self._shades)

    def frames(self) -> Iterator[tuple[Grey, Held | None]]:
        """Every slice. What eyepy hands out it has scaled itself: nothing more is held."""
        yield from ((tones.eight(one, self._shades), None) for one in self._data)


def _read(path: Path, form: str) -> Any:
    try:
        eyepy = importlib.import_module("eyepy")
        with contextlib.redirect_stdout(io.StringIO()):  # it tells things, and our own lines go that way
            return getattr(eyepy, READERS[form])(path)
    except ImportError:  # of .fda, too: eyepy leaves it to a library that fails on today's numpy
        raise Unreadable("no_reader") from None


def _placed(found: Any) -> list[placing.Line]:
    """Row and column of both ends of each slice; eyepy says x before y."""
    try:
        ends = [(one.meta["start_pos"], one.meta["end_pos"]) for one in found]
    except KeyError:
        return []
    return [(start[1], start[0], end[1], end[0]) for start, end in ends]

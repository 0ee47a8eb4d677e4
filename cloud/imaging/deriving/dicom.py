"""DICOM objects as pictures, one frame at a time: PS3.3 C.7.6.3 (pixels), C.8.17.10 (where a frame lies)."""

import subprocess
from collections.abc import Callable, Iterator
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pydicom
from pydicom.dataset import Dataset
from pydicom.encaps import generate_frames
from pydicom.pixels.utils import iter_pixels, pixel_array

from cloud.imaging.deriving import placing, plain, tones
from cloud.imaging.deriving.shape import About, Depth, Grey, Held, Medium, Original, Unreadable

TOMOGRAPHY = "OPT"  # modality
LOSSLESS_JPEG = ("1.2.840.10008.1.2.4.57", "1.2.840.10008.1.2.4.70", "1.2.840.10008.1.2.4.51")
SECONDS = 60
_SHARED, _EACH = "SharedFunctionalGroupsSequence", "PerFrameFunctionalGroupsSequence"
FILMS = tuple(f"1.2.840.10008.1.2.4.{number}" for number in (100, 101, 102, 103, 104, 105, 106, 107, 108))  # MPEG


def opened(path: Path) -> Original:
    """A DICOM file: pixels, a paper inside, or a film inside. Raises Unreadable."""
    file = pydicom.dcmread(_plain(path))
    if "EncapsulatedDocument" in file:
        return _inside(path, "paper.pdf", bytes(file.EncapsulatedDocument), plain.Pages)
    if "PixelData" not in file:
        raise Unreadable("no_pixels")
    if file.file_meta.TransferSyntaxUID in FILMS:
        return _inside(path, "film", b"".join(generate_frames(file.PixelData, number_of_frames=1)), plain.film)
    return Dicom(file)


def _inside(path: Path, name: str, data: bytes, reader: Callable[[Path], Original]) -> Original:
    inside = path.with_name(name)
    inside.write_bytes(data)
    return reader(inside)


class Dicom:
    """An object with pixels."""

    def __init__(self, file: Dataset) -> None:
        self._file = file
        self._inverted = self._file.get("PhotometricInterpretation") == "MONOCHROME1"
        self._depth = _depth(file)
        first = self._scaled(pixel_array(self._file, index=self._count() // 2))
        self._shades, where = _said_window(self._file) or tones.window(first, int(self._file.get("BitsStored", 8)))
        self.about = _about(self._file, first, self._count(), self._shades, where, self._depth)
        self._first = self._shown(first)

    def middle(self) -> Grey:
        """The frame in the middle."""
        return self._first

    def frames(self) -> Iterator[tuple[Grey, Held | None]]:
        """Every frame."""
        for pixels in iter_pixels(self._file):
            yield self._shown(self._scaled(pixels)), _held(pixels) if self._depth else None

    def _count(self) -> int:
        return int(self._file.get("NumberOfFrames") or 1)

    def _scaled(self, pixels: npt.NDArray[Any]) -> npt.NDArray[Any]:
        slope, beside = _scale(self._file)
        if (slope, beside) == (1.0, 0.0):
            return pixels
        return np.asarray(pixels.astype(np.float32) * slope + beside)

    def _shown(self, pixels: npt.NDArray[Any]) -> Grey:
        return tones.eight(pixels, self._shades, inverted=self._inverted)


def _plain(path: Path) -> Path:
    """JPEG forms that no library here decodes are put right by dcmtk's dcmdjpeg, where that is installed."""
    syntax = str(pydicom.dcmread(path, stop_before_pixels=True).file_meta.get("TransferSyntaxUID", ""))
    if syntax not in LOSSLESS_JPEG:
        return path
    plain = path.with_name("plain.dcm")
    try:
        subprocess.run(["dcmdjpeg", str(path), str(plain)], check=True, timeout=SECONDS, capture_output=True)  # noqa: S603, S607
    except FileNotFoundError:
        raise Unreadable("no_reader") from None
    return plain


def _scale(file: Dataset) -> tuple[float, float]:
    """Slope and intercept from what is stored to values."""
    return float(file.get("RescaleSlope") or 1), float(file.get("RescaleIntercept") or 0)


def _depth(file: Dataset) -> Depth | None:
    """What there is beyond a byte; None where a byte holds it, or where a pixel takes more than two."""
    bits, allocated = int(file.get("BitsStored", 8)), int(file.get("BitsAllocated", 8))
    if bits <= 8 or allocated != 16 or int(file.get("SamplesPerPixel", 1)) != 1 or "PixelData" not in file:
        return None
    slope, beside = _scale(file)
    signed = file.get("PixelRepresentation") == 1
    lowest = -(2 ** (bits - 1)) if signed else 0
    ends = sorted(beside + slope * stored for stored in (lowest, lowest + 2**bits - 1))
    below = slope * 2**15 if signed else 0.0
    return Depth(
        bits=bits,
        span=(ends[0], ends[1]),
        slope=slope,
        beside=beside - below,
        inverted=file.get("PhotometricInterpretation") == "MONOCHROME1",
        windows=tuple(_wished(file)),
    )


def _held(pixels: npt.NDArray[Any]) -> Held:
    """Stored pixels from 0 on; signed ones are lifted."""
    if pixels.dtype.kind == "i":
        return np.asarray(pixels.astype(np.int32) + 2**15, dtype=np.uint16)
    return pixels.astype(np.uint16)


def _wished(file: Dataset) -> Iterator[tuple[str, float, float]]:
    """Every window the file wishes for: its word for it, black, white."""
    centers, widths = _many(file.get("WindowCenter")), _many(file.get("WindowWidth"))
    words = _many(file.get("WindowCenterWidthExplanation"))
    for number, (center, width) in enumerate(zip(centers, widths, strict=False)):
        middle, wide = float(center), float(width)
        if wide > 1 and isfinite(middle) and isfinite(wide):
            word = str(words[number])[:40] if number < len(words) else ""
            yield word, middle - wide / 2, middle + wide / 2


def _many(value: Any) -> list[Any]:
    found = list(value) if isinstance(value, pydicom.multival.MultiValue) else [value]
    return [one for one in found if one not in (None, "")]


def _said_window(file: Dataset) -> tuple[tones.Window, Any] | None:
    """The window the file wishes for; of several the first."""
    wished = next(_wished(file), None)
    if wished is None or int(file.get("SamplesPerPixel", 1)) != 1:
        return None
    return wished[1:], "file"


def _about(
    file: Dataset, first: npt.NDArray[Any], count: int, shades: tones.Window, where: Any, depth: Depth | None
) -> About:
    volume = file.get("Modality") == TOMOGRAPHY and count > 1
    medium: Medium = "volume" if volume else "film" if count > 1 else "picture"
    pixel_mm, slice_mm = spacing(file)
    placed = _lines(file)
    raster = volume and (not placed or placing.is_raster(placed))
    planes = placing.planes(file.get(_EACH) or [], file.get(_SHARED) or []) if volume else None
    return About(
        medium=medium,
        frames=count,
        rows=first.shape[0],
        columns=first.shape[1],
        pixel_mm=pixel_mm,
        slice_mm=slice_mm,
        raster=raster,
        placed=volume and bool(placed),
        window=shades,
        window_from=where,
        depth=depth,
        positions=planes or (placing.spaced(count, slice_mm) if raster else None),
        reference=placing.reference(str(file.get("FrameOfReferenceUID", ""))) if planes else None,
    )


def spacing(file: Dataset) -> tuple[tuple[float, float] | None, float | None]:
    """Distance of rows and columns, and of slices, in mm, from wherever the object keeps it."""
    for holder in _measures(file):
        found = holder.get("PixelSpacing")
        if found and len(found) == 2 and min(map(float, found)) > 0:
            between = holder.get("SpacingBetweenSlices")
            return (float(found[0]), float(found[1])), float(between) if between else None
    return None, None


def _measures(file: Dataset) -> Iterator[Dataset]:
    shared, each = file.get(_SHARED) or [], file.get(_EACH) or []
    for group in (*shared, *each[:1]):
        yield from group.get("PixelMeasuresSequence") or []
    yield file


def _lines(file: Dataset) -> list[placing.Line]:
    """Where each slice lies on the picture it was placed by: row and column of both ends; empty unless all say so."""
    groups = file.get(_EACH) or []
    places = [(group.get("OphthalmicFrameLocationSequence") or [Dataset()])[0] for group in groups]
    ends = [place.get("ReferenceCoordinates") for place in places]
    return [tuple(map(float, one)) for one in ends] if all(one and len(one) == 4 for one in ends) else []  # type: ignore[misc]

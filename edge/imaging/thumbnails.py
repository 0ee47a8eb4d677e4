"""A small picture of a file: JPEG, at most 256 pixels. Runs only in the process that reads."""

import io
from pathlib import Path
from typing import Any

SIDE = 256
QUALITY = 80
DEFLATED = "1.2.840.10008.1.2.1.99"
AVI = "video/x-msvideo"


def make(path: Path, media_type: str, folder: Path) -> Path | None:
    """The small picture's file below ``folder``, or None where the file is no picture. Raises what decoding raises."""
    picture = _picture(path, media_type)
    if picture is None:
        return None
    small = folder / f"{path.name}.small.jpg"
    picture.thumbnail((SIDE, SIDE))
    picture.convert("RGB").save(small, "JPEG", quality=QUALITY)
    return small


def _picture(path: Path, media_type: str) -> Any:
    from PIL import Image, ImageOps

    if media_type == "application/dicom":
        return _of_dicom(path)
    if media_type.startswith("image/"):
        return ImageOps.exif_transpose(Image.open(path))
    if media_type == AVI:
        from edge.imaging import clip

        return Image.open(io.BytesIO(clip.first(path)))
    return None


def _of_dicom(path: Path) -> Any:
    """The middle frame; of a volume only that one is decoded."""
    import pydicom
    from PIL import Image
    from pydicom.pixels.utils import pixel_array

    head = pydicom.dcmread(path, stop_before_pixels=True)
    if "Rows" not in head:
        return None
    frame = int(head.get("NumberOfFrames") or 1) // 2
    is_packed = head.file_meta.TransferSyntaxUID == DEFLATED  # of these pydicom finds no pixels by path
    pixels = pixel_array(pydicom.dcmread(path) if is_packed else path, index=frame)
    return Image.fromarray(pixels if pixels.ndim == 3 else _grey(pixels, head))


def _grey(pixels: Any, head: Any) -> Any:
    """Spread over 0 to 255 what is there; a small picture knows no window."""
    least, most = float(pixels.min()), float(pixels.max())
    spread = (pixels.astype("float32") - least) * (255.0 / max(most - least, 1.0))
    dark = head.get("PhotometricInterpretation") == "MONOCHROME1"
    return (255.0 - spread if dark else spread).astype("uint8")

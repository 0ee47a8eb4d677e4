"""Pictures, films and papers as everybody has them: JPEG, PNG, GIF, TIFF, BMP, WebP, MP4, PDF."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from cloud.imaging.deriving import tones
from cloud.imaging.deriving.shape import About, Depth, Grey, Held, Medium, Unreadable

FORMS = ("JPEG", "PNG", "GIF", "TIFF", "BMP", "WEBP")
PAGES, DOTS = 20, 110  # of a paper, per inch
SECONDS = 60


class Picture:
    """One picture, or the pages of a TIFF."""

    def __init__(self, path: Path, medium: Medium = "picture") -> None:
        self._image = Image.open(path, formats=FORMS)
        self._count = getattr(self._image, "n_frames", 1)
        self._first, held = self._read(0)
        rows, columns = self._first.shape[:2]
        self.about = About(
            medium="pages" if self._count > 1 else medium,
            frames=self._count,
            rows=rows,
            columns=columns,
            window=None if held is None else tones.window(held, 16)[0],
            window_from="kind" if held is None else "pixels",
            depth=None if held is None else Depth(bits=16, span=(0.0, 65535.0)),
        )

    def middle(self) -> Grey:
        """The first."""
        return self._first

    def frames(self) -> Iterator[tuple[Grey, Held | None]]:
        """Each page."""
        yield from (self._read(number) for number in range(self._count))

    def _read(self, number: int) -> tuple[Grey, Held | None]:
        self._image.seek(number)
        image = ImageOps.exif_transpose(self._image)
        if image.mode.startswith(("I", "F")):
            pixels = np.asarray(image)
            held = pixels.astype(np.uint16) if image.mode.startswith("I;16") else None
            return tones.eight(pixels, tones.window(pixels, 16)[0]), held
        return np.asarray(image.convert("L" if image.mode in ("1", "L") else "RGB")), None


class Pages:
    """The first pages of a paper; the paper itself is the original. Raises Unreadable."""

    def __init__(self, path: Path) -> None:
        words = ["pdftoppm", "-r", str(DOTS), "-l", str(PAGES), "-png", str(path), str(path.with_name("page"))]
        _run(words)
        self._pages = sorted(path.parent.glob("page-*.png"))
        if not self._pages:
            raise Unreadable("no_pixels")
        first = self.middle()
        self.about = About(medium="pages", frames=len(self._pages), rows=first.shape[0], columns=first.shape[1])

    def middle(self) -> Grey:
        """The first page."""
        return Picture(self._pages[0]).middle()

    def frames(self) -> Iterator[tuple[Grey, Held | None]]:
        """Each page."""
        for page in self._pages:
            yield from Picture(page).frames()


def film(path: Path) -> Picture:
    """The first picture of a film. Raises Unreadable."""
    still = path.with_name("still.png")
    _run(["ffmpeg", "-v", "error", "-nostdin", "-i", f"file:{path}", "-frames:v", "1", "-y", f"file:{still}"])
    return Picture(still, "film")


def _run(words: list[str]) -> None:
    try:
        subprocess.run(words, check=True, timeout=SECONDS, capture_output=True)  # noqa: S603
    except FileNotFoundError:
        raise Unreadable("no_reader") from None
    except subprocess.SubprocessError:
        raise Unreadable("unreadable") from None

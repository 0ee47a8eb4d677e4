"""A slit lamp's clip: Motion-JPEG in an AVI file, every frame of it, without a film library."""

import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image

from cloud.imaging.deriving.shape import About, Grey, Held, Unreadable
from protocols.pictures import completed
from protocols.pictures.clip import picture, read


class Clip:
    """A film whose frames are JPEGs. Raises Damaged for another kind of film, Unreadable for one without a picture."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with path.open("rb") as file:
            self._clip = read(file)
        if not self._clip.places:
            raise Unreadable("no_pixels")
        rows, columns = self.middle().shape[:2]
        self.about = About(medium="film", frames=len(self._clip.places), rows=rows, columns=columns, window_from="kind")

    def middle(self) -> Grey:
        """The first: what was looked at when somebody pressed."""
        return next(self.frames())[0]

    def frames(self) -> Iterator[tuple[Grey, Held | None]]:
        """Every frame in order; where one cannot be read, the one before stands in its place."""
        shown: Grey | None = None
        with self._path.open("rb") as file:
            for place in self._clip.places:
                shown = _read(completed(picture(file, place)), shown)
                yield shown, None


def _read(jpeg: bytes, before: Grey | None) -> Grey:
    """Raises what the library raises where there is none before."""
    try:
        with Image.open(io.BytesIO(jpeg), formats=("JPEG",)) as image:
            found = np.asarray(image.convert("RGB"))
    except OSError:
        if before is None:
            raise
        return before
    return found if before is None or found.shape == before.shape else before

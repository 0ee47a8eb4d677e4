"""What every reader of originals answers with."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
import numpy.typing as npt

Grey = npt.NDArray[np.uint8]
Held = npt.NDArray[np.uint16]
Medium = Literal["picture", "volume", "film", "pages"]


class Unreadable(Exception):
    """Nothing can be shown; ``code`` says why in a word of ``cloud.imaging.choices.Why``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Depth:
    """More shades than a screen has: ``bits`` are stored; a value is stored times ``slope`` plus ``beside``.

    ``span`` are the lowest and the highest value that may occur. ``windows`` are those the file wishes for, in values:
    its word for it (may be empty), black, white.
    """

    bits: int
    span: tuple[float, float]
    slope: float = 1.0
    beside: float = 0.0
    inverted: bool = False
    windows: tuple[tuple[str, float, float], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What is known of a picture beside its pixels; nothing about a patient.

    ``pixel_mm`` is the distance of rows and of columns, ``slice_mm`` that of slices; each only where the file says it.
    ``raster``: the slices lie side by side, so that they can be looked at from above; ``placed``: the file says so,
    it is not merely the order in which they lie there. ``window`` is what was made black and white, and ``window_from``
    whether the file said so, the kind of pixels, or what lies in them. ``depth`` where more than a byte is held.
    ``positions`` are where the slices lie in mm, along the way from one to the next; ``reference`` is the same in
    volumes whose positions are counted from the same point, None where each counts from its own.
    """

    medium: Medium
    frames: int
    rows: int
    columns: int
    pixel_mm: tuple[float, float] | None = None
    slice_mm: float | None = None
    raster: bool = False
    placed: bool = False
    window: tuple[float, float] | None = None
    window_from: Literal["file", "kind", "pixels"] | None = None
    depth: Depth | None = None
    positions: tuple[float, ...] | None = None
    reference: str | None = None


class Original(Protocol):
    """An opened file."""

    about: About

    def middle(self) -> Grey:
        """The frame that stands for the whole, rows x columns or rows x columns x RGB."""

    def frames(self) -> Iterator[tuple[Grey, Held | None]]:
        """Every frame in order, of the same shape each; beside it what is held, where that is more than a byte."""

"""The canvases and what may be drawn on them: one versioned file a canvas, each with its words in both languages."""

from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

FOLDER = Path(__file__).parent / "canvases"

Eye = Literal["R", "L"]
Language = Literal["en", "zh"]
Place = Literal["clock", "height", "third"]


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing said in both languages."""

    en: str
    zh: str

    def in_language(self, language: str) -> str:
        """Chinese when asked for it, else English."""
        return self.zh if language == "zh" else self.en


class Scale(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From the half width of a doodle, in radii of the diagram, to ``unit``; an empty unit means no size is told."""

    unit: str
    per_unit: float


class Zone(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A named part of the right eye: a circle of radius ``r`` about (x, y), or a box of x, y, x, y; the first wins.

    With ``own_clock`` hours and quadrants are told around the zone's own centre, as for a haemorrhage at the disc.
    """

    code: str
    words: Words
    x: float = 0
    y: float = 0
    r: float = 0
    box: tuple[float, float, float, float] | None = None
    own_clock: bool = False


class Grading(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"first": "from", "last": "to"}):
    """The grades a sign may have, and whose scale they are of when it is a named one."""

    last: float
    first: float = 1
    step: float = 1
    scale: str = ""


class Sign(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing that can be drawn.

    ``size`` is its half width in radii of the diagram when it is placed; ``aim`` turns it outward from the middle;
    ``whole`` says that it is of the whole canvas and has no place. ``snomed`` stays empty where no code is known.
    """

    code: str
    words: Words
    shape: str
    tint: str
    size: float
    unit: str = ""
    grade: Grading | None = None
    count: bool = False
    aim: bool = False
    whole: bool = False
    snomed: str = ""


class Canvas(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A template diagram of the right eye; the left one is its mirror image unless ``mirrors`` is false."""

    version: int
    code: str
    words: Words
    place: Place
    centre: float
    scale: Scale
    zones: tuple[Zone, ...]
    doodles: tuple[Sign, ...]
    mirrors: bool = True

    def sign(self, code: str) -> Sign | None:
        """The sign of that code, if this canvas has it."""
        return next((sign for sign in self.doodles if sign.code == code), None)

    def unit(self, sign: Sign) -> str:
        """In which unit the sign's size is told; empty when it is not."""
        return sign.unit or ("" if sign.whole else self.scale.unit)

    def side(self, eye: Eye) -> int:
        """+1 where x is that of the right eye's diagram, −1 where it is its mirror image."""
        return -1 if self.mirrors and eye == "L" else 1


class Phrases(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The pieces a finding is told with."""

    separator: Words
    hour: Words
    grade: Words
    scaled: Words
    count: Words
    ratio: Words
    size: Words
    strokes: Words
    nothing: Words
    nasal: Words
    temporal: Words
    front: Words
    back: Words
    regions: dict[str, Words]


ORDER = ("anterior", "cornea", "angle", "lens", "lens_section", "fundus", "disc", "lids")


@cache
def canvases() -> dict[str, Canvas]:
    """Every canvas by its code, from the front of the eye to the back."""
    files = (FOLDER / f"{code}.toml" for code in ORDER)
    return {one.code: one for one in (msgspec.toml.decode(file.read_bytes(), type=Canvas) for file in files)}


def canvas(code: str) -> Canvas | None:
    """The canvas of that code."""
    return canvases().get(code)


@cache
def phrases() -> Phrases:
    """The pieces of sentences."""
    return msgspec.toml.decode((FOLDER / "phrases.toml").read_bytes(), type=Phrases)

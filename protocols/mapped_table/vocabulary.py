"""What a column may hold: the vocabulary's keys with their units, as data beside this file."""

import tomllib
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import msgspec

from protocols import readings

KINDS: Mapping[str, tuple[type, type]] = {
    "autorefraction": (readings.Autorefraction, readings.AutorefractionEye),
    "biomechanics": (readings.Biomechanics, readings.BiomechanicsEye),
    "biometry": (readings.Biometry, readings.BiometryEye),
    "keratometry": (readings.Keratometry, readings.KeratometryEye),
    "lensmetry": (readings.Lensmetry, readings.LensmetryEye),
    "oct": (readings.Oct, readings.OctEye),
    "pachymetry": (readings.Pachymetry, readings.PachymetryEye),
    "tonometry": (readings.Tonometry, readings.TonometryEye),
    "topography": (readings.Topography, readings.TopographyEye),
    "visual_field": (readings.VisualField, readings.VisualFieldEye),
}

# By the vocabulary's unit: what a map may name, and by which power of ten its figures are moved. Others (mmHg for kPa)
# would be arithmetic with a rounding of our own.
UNITS: Mapping[str, Mapping[str, int]] = {
    "": {},
    "mm": {"mm": 0, "um": -3, "cm": 1},
    "um": {"um": 0, "mm": 3},
    "ms": {"ms": 0, "s": 3},
    "s": {"s": 0, "ms": -3},
    **{unit: {unit: 0} for unit in ("D", "deg", "mmHg", "kPa", "dB", "%", "m/s", "1/mm", "mmHg/mm", "mm2", "mm3")},
}
_SPELT = {"µm": "um", "μm": "um", "micron": "um", "microns": "um", "dpt": "D", "dptr": "D", "°": "deg", "percent": "%"}


class Word(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is known of a key; ``of`` the whole reading or one eye, ``dated`` which of the map's formats it is in."""

    unit: str = ""
    least: Decimal = Decimal(0)
    most: Decimal = Decimal(0)
    whole: bool = False
    text: bool = False
    dated: Literal["day", "time", "moment"] | None = None
    of: Literal["eye", "reading"] = "eye"


def _words() -> dict[str, Word]:
    said: dict[str, Any] = tomllib.loads(Path(__file__).with_name("vocabulary.toml").read_text("utf-8"))
    return {key: msgspec.convert(word, Word, strict=False) for key, word in said.items()}


WORDS: Mapping[str, Word] = _words()


def word(key: str) -> Word | None:
    """What is known of a key, also of one with a maker's own name in it."""
    stem, _, name = key.rpartition(".")
    return WORDS.get(key) or (WORDS.get(f"{stem}.*") if name not in ("", "*") else None)


def unit(said: str) -> str:
    """A unit as the vocabulary spells it; one that nobody knows stays."""
    return _SPELT.get(said.strip(), said.strip())


def is_measured(key: str) -> bool:
    """Whether a key is a value, and not about a person, a day or an order."""
    return key.partition(".")[0] in KINDS


def of_an_eye(key: str) -> bool:
    """Whether a value belongs to one eye."""
    known = word(key)
    return is_measured(key) and known is not None and known.of == "eye"

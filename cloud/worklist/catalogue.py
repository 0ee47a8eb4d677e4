"""The examinations that can be ordered, as ``examinations.toml`` has them."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cloud.worklist.choices import LATERALITIES
from cloud.worklist.errors import NoSuchKind

FILE = Path(__file__).with_name("examinations.toml")


@dataclass(frozen=True, slots=True)
class Kind:
    """An examination: its words by language, DICOM's modality, what a device shows, the usual eye."""

    key: str
    name: Mapping[str, str]
    modality: str
    description: str
    laterality: str

    def word(self, language: str) -> str:
        """Its name in this language, else in English."""
        return self.name.get(language) or self.name["en"]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """A version of the file; ``kinds`` by key, in the order of the file."""

    version: str
    kinds: Mapping[str, Kind]


@cache
def catalogue() -> Catalogue:
    """The file, read and checked. Raises ValueError where an entry could not travel."""
    said = tomllib.loads(FILE.read_text())
    version = said.pop("version")
    return Catalogue(version, {key: _checked(Kind(key=key, **entry)) for key, entry in said.items()})


def kind(key: str) -> Kind:
    """One examination. Raises NoSuchKind."""
    try:
        return catalogue().kinds[key]
    except KeyError:
        raise NoSuchKind(key) from None


def _checked(one: Kind) -> Kind:
    fits = one.modality.isascii() and one.modality.isupper() and len(one.modality) <= 16
    if not fits or not one.description.isascii() or not 0 < len(one.description) <= 64:
        raise ValueError(f"{one.key}: modality or description is not what a device can take")
    if one.laterality not in LATERALITIES or "en" not in one.name:
        raise ValueError(f"{one.key}: no such laterality, or no English name")
    return one

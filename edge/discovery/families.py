"""Walks the driver folders; there is no list to edit."""

import importlib
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol, cast, get_args

import msgspec

from edge.discovery.manifest import STEPS, Manifest
from protocols.framing import Decoder, Event, Recognition
from protocols.readings import Reading

DRIVERS = Path(__file__).parent.parent / "drivers"
KINDS = frozenset(str(kind.__struct_config__.tag) for kind in get_args(Reading))


class BadManifest(Exception):
    """A manifest that cannot be believed: which file, and what is wrong with it."""


class Dialect(Protocol):
    """What every dialect package offers."""

    DIALECT: str

    def Decoder(self) -> Decoder:  # noqa: N802
        """A decoder for one wire."""

    def decode(self, data: bytes) -> list[Event]:
        """Everything in a whole capture."""

    def recognise(self, data: bytes) -> Recognition:
        """How sure the dialect is of a whole capture."""


def families(root: Path = DRIVERS) -> list[Manifest]:
    """Every driver family, by name. Raises BadManifest."""
    return [load(path) for path in sorted(root.glob("*/manifest.toml"))]


def family(name: str, root: Path = DRIVERS) -> Manifest:
    """One driver family. Raises BadManifest when there is none of this name."""
    path = root / name / "manifest.toml"
    if not path.is_file() or path.parent.parent != root:
        known = ", ".join(manifest.family for manifest in families(root))
        raise BadManifest(f"There is no instrument family {name!r}; known are {known or 'none'}.")
    return load(path)


def load(path: Path) -> Manifest:
    """Read and check one manifest. Raises BadManifest."""
    try:
        manifest = msgspec.convert(tomllib.loads(path.read_text("utf-8")), Manifest)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as refusal:
        raise BadManifest(f"{path}: {refusal}") from None
    if faults := list(_faults(manifest, path)):
        raise BadManifest(f"{path}: {' '.join(faults)}")
    return manifest


def dialect(manifest: Manifest) -> Dialect:
    """The dialect package a family names."""
    return cast(Dialect, importlib.import_module(manifest.dialect))


def driver(manifest: Manifest) -> Any:
    """The driver class of a family; imported only now."""
    return importlib.import_module(f"edge.drivers.{manifest.family}.driver").Driver


def _faults(manifest: Manifest, path: Path) -> Iterator[str]:
    if manifest.family != path.parent.name:
        yield f"The family {manifest.family!r} lives in a folder named {path.parent.name!r}."
    if not manifest.dialect.startswith("protocols."):
        yield f"The dialect {manifest.dialect!r} is not a package of protocols."
    if tuple(manifest.quality) != STEPS:
        yield f"The ledger needs the steps {', '.join(STEPS)}, in this order."
    yield from _model_faults(manifest)
    yield from _ledger_faults(manifest)


def _model_faults(manifest: Manifest) -> Iterator[str]:
    for model in manifest.models:
        if unknown := sorted(set(model.kinds) - KINDS):
            yield f"{model.model} claims {', '.join(unknown)}, which is no kind of reading."
        if model.line is not None and model.line not in manifest.lines:
            yield f"{model.model} names line settings {model.line!r} that are not described."
        if model.grade == "verified" and not model.captures:
            yield f"{model.model} is called verified without a capture."


def _ledger_faults(manifest: Manifest) -> Iterator[str]:
    for step, lines in manifest.quality.items():
        for line, quality in lines.items():
            if sum(value is not None for value in (quality.done, quality.todo, quality.exempt)) != 1:
                yield f"{step}: {line!r} must be one of done, todo or exempt."

"""Reads what the slit lamp's camera filed; runs in the process that reads."""

from collections.abc import Mapping
from pathlib import Path

import msgspec

from edge.imaging import clip, dicom
from edge.imaging.filling import blob_of, instrument_of
from protocols.pictures.clip import AVI
from protocols.readings import Image, Integrity, Reading
from protocols.slit_lamp_camera import DIALECT, DICOM, ILLUMINATIONS, facts, magnification

MODALITY = "OP"


def read(path: Path, about: Mapping[str, str]) -> list[Reading]:
    """One picture, or one clip. Raises Unread, OSError."""
    if about["media_type"] == AVI:
        return [clip.read(path, about)]
    if about["media_type"] != DICOM:
        return [_as_it_is(path, about)]
    return [_named(reading, path) for reading in dicom.read(path, about)]


def _named(reading: Reading, path: Path) -> Reading:
    """With our own dialect, and what we wrote where only we look."""
    import pydicom

    said = pydicom.dcmread(path, stop_before_pixels=True, specific_tags=["ImageComments"])
    who = msgspec.structs.replace(reading.instrument, dialect=DIALECT)
    reading = msgspec.structs.replace(reading, instrument=who)
    if not isinstance(reading, Image):
        return reading
    return msgspec.structs.replace(reading, magnification=magnification(str(said.get("ImageComments") or "")))


def _as_it_is(path: Path, about: Mapping[str, str]) -> Image:
    """A picture that could not be wrapped, or that a power cut left without its object."""
    found = facts(path.read_bytes())
    light = ILLUMINATIONS.get(about.get("illumination", ""))
    eye = about.get("eye")
    return Image(
        instrument=instrument_of(about),
        integrity=Integrity(checksum="none", raw_sha256=about["sha256"]),
        blob=blob_of(about),
        measured_at=about.get("taken_at"),
        modality=MODALITY,
        laterality=eye if eye in ("right", "left") else None,  # type: ignore[arg-type]
        rows=found.rows,
        columns=found.columns,
        magnification=about.get("magnification"),
        illumination=light.meaning if light else None,
    )

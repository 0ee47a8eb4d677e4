"""Reads a slit lamp's clip, which says everything itself; runs in the process that reads."""

from collections.abc import Mapping
from pathlib import Path

from protocols.pictures import clip as clips
from protocols.pictures import completed
from protocols.readings import UNNAMED, Blob, Image, Instrument, Integrity
from protocols.slit_lamp_camera import DIALECT, ILLUMINATIONS, noted

MODALITY = "OP"


def read(path: Path, about: Mapping[str, str]) -> Image:
    """One film. Raises Damaged, OSError."""
    with path.open("rb") as file:
        clip = clips.read(file)
    said = {**about, **noted(clip.said)}
    light, eye = ILLUMINATIONS.get(said.get("illumination", "")), said.get("eye")
    return Image(
        instrument=Instrument(maker=said.get("maker", UNNAMED), model=said.get("model", UNNAMED), dialect=DIALECT),
        integrity=Integrity(checksum="none", raw_sha256=about["sha256"]),
        blob=Blob(sha256=about["sha256"], bytes=int(about["bytes"]), media_type=clips.AVI),
        measured_at=said.get("taken_at"),
        modality=MODALITY,
        laterality=eye if eye in ("right", "left") else None,  # type: ignore[arg-type]
        frames=len(clip.places),
        rows=clip.rows,
        columns=clip.columns,
        magnification=said.get("magnification"),
        illumination=light.meaning if light else None,
    )


def first(path: Path) -> bytes:
    """The picture a clip begins with, as a JPEG for everybody. Raises Damaged, OSError."""
    with path.open("rb") as file:
        return completed(clips.picture(file, clips.read(file).places[0]))

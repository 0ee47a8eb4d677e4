"""What the readings of every file carry, whoever decoded it: blob, digest, order, a reading of the file itself."""

from collections.abc import Mapping, Sequence

import msgspec

from protocols.readings import UNNAMED, Blob, Document, Image, Instrument, Integrity, Note, OrderRef, Reading

UNKNOWN = "OT"  # DICOM's modality for what is none of the others


def blob_of(about: Mapping[str, str]) -> Blob:
    """The bytes that ``about`` speaks of."""
    return Blob(sha256=about["sha256"], bytes=int(about["bytes"]), media_type=about["media_type"])


def instrument_of(about: Mapping[str, str]) -> Instrument:
    """Who is said to have made the file."""
    maker, model = about.get("maker", UNNAMED), about.get("model", UNNAMED)
    return Instrument(maker=maker, model=model, dialect=about["dialect"], serial=about.get("serial"))


def whole(readings: Sequence[Reading], about: Mapping[str, str], *notes: Note) -> list[Reading]:
    """The readings with the true blob and digest, and one of the file itself if there was none."""
    true = [_true(reading, about) for reading in readings]
    if any(isinstance(one, Image | Document) for one in true):
        return true
    return [_file_itself(about, notes), *true]


def ordered(reading: Reading, order: OrderRef | None) -> Reading:
    """The reading with the order its file came with, unless the bytes themselves named one."""
    if order is None or reading.order is not None:
        return reading
    return msgspec.structs.replace(reading, order=order)


def thumbed(reading: Reading, thumbnail: Blob) -> Reading:
    """A picture with its small picture."""
    return msgspec.structs.replace(reading, thumbnail=thumbnail) if isinstance(reading, Image) else reading


def _true(reading: Reading, about: Mapping[str, str]) -> Reading:
    integrity = msgspec.structs.replace(reading.integrity, raw_sha256=about["sha256"])
    if isinstance(reading, Image | Document):
        return msgspec.structs.replace(reading, integrity=integrity, blob=blob_of(about))
    return msgspec.structs.replace(reading, integrity=integrity)


def _file_itself(about: Mapping[str, str], notes: tuple[Note, ...]) -> Reading:
    """No values: a person looks at the file."""
    blob, integrity = blob_of(about), Integrity(checksum="none", raw_sha256=about["sha256"])
    who = instrument_of(about)
    if _is_picture(blob.media_type):
        modality = about.get("modality", UNKNOWN)
        return Image(instrument=who, integrity=integrity, blob=blob, modality=modality, notes=notes)
    return Document(instrument=who, integrity=integrity, blob=blob, notes=notes)


def _is_picture(media_type: str) -> bool:
    return media_type.startswith(("image/", "video/")) or media_type == "application/dicom"

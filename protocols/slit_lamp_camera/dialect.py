"""One JPEG, one picture. It names neither eye nor lamp: that is said beside it, when it is taken."""

import hashlib

from protocols import export
from protocols.export import Form, WholeFile
from protocols.framing import Event, Recognition
from protocols.readings import UNNAMED, Blob, Image, Instrument, Integrity, Reading
from protocols.slit_lamp_camera import jpeg

DIALECT = "slit_lamp_camera"
JPEG = "image/jpeg"
PICTURE = Recognition(40, "a JPEG; whether of a slit lamp only a person sees")


def _begins(raw: bytes) -> bool:
    return raw.startswith(jpeg.BEGINS)


def _read(raw: bytes) -> tuple[Reading, ...]:
    found, sha = jpeg.facts(raw), hashlib.sha256(raw).hexdigest()
    picture = Image(
        instrument=Instrument(maker=UNNAMED, model=UNNAMED, dialect=DIALECT),
        integrity=Integrity(checksum="none", raw_sha256=sha),
        blob=Blob(sha256=sha, bytes=len(raw), media_type=JPEG),
        modality="OP",
        rows=found.rows,
        columns=found.columns,
    )
    return (picture,)


FORM = Form(_begins, _read, "FF D8 FF, a JPEG", 32 * 1024 * 1024)


class Decoder(WholeFile):
    """Decodes one picture at a time."""

    def __init__(self) -> None:
        super().__init__(FORM)


def decode(data: bytes) -> list[Event]:
    """Everything in a whole file."""
    return export.decode(FORM, data)


def recognise(data: bytes) -> Recognition:
    """Judge a whole file by its first bytes."""
    return PICTURE if _begins(data) else Recognition(0, "no JPEG")

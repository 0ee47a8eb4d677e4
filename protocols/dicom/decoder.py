"""The stream: whole files as a folder or a command line hands them over; one file is one object."""

import hashlib

from pydicom.filebase import DicomBytesIO

from protocols.dicom.file import begins, opened
from protocols.dicom.grammar import MEDIA_TYPE
from protocols.dicom.reading import readings
from protocols.framing import Event, Garbled, Recognition, Transmission, Unread
from protocols.readings import Blob, Integrity

PAUSE = 1.0  # seconds of quiet that end a file on a wire; it has no end mark
_BLANK = b" \t\r\n\x00"


class Decoder:
    """Decodes one wire or folder; owns no clock."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    @property
    def pause(self) -> float | None:
        """Seconds of quiet after which ``silence`` is due; nothing is pending when absent."""
        return PAUSE if self._buffer else None

    def feed(self, data: bytes) -> list[Event]:
        """Take the next bytes; nothing is read before the quiet."""
        self._buffer += data
        return []

    def silence(self) -> list[Event]:
        """Read everything that is pending."""
        raw = bytes(self._buffer)
        self._buffer.clear()
        return decode(raw)


def decode(data: bytes) -> list[Event]:
    """The one object of a whole file."""
    if not data.strip(_BLANK):
        return []
    digest = hashlib.sha256(data).hexdigest()
    blob = Blob(sha256=digest, bytes=len(data), media_type=MEDIA_TYPE)
    try:
        dataset = opened(DicomBytesIO(data))
        return [Transmission(data, tuple(readings(dataset, Integrity(checksum="none", raw_sha256=digest), blob)))]
    except Unread as refusal:
        return [Garbled(data, refusal.why, refusal.offset)]


def recognise(data: bytes) -> Recognition:
    """Judge a whole file. An object of the refractive classes is claimed with more by the room that writes them too."""
    if not begins(data):
        return Recognition(0, "no DICM after 128 bytes")
    if any(isinstance(event, Transmission) for event in decode(data)):
        return Recognition(90, "a DICOM file; it carries no checksum")
    return Recognition(40, "a DICOM file that cannot be read")

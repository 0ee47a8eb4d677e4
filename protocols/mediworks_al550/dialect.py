"""The export file: a JSON object or an XML document, as it stands in the part of the upload."""

import re

from protocols import export
from protocols.export import Form, WholeFile
from protocols.framing import Event, Recognition, Unread
from protocols.mediworks_al550.cases import number_said, readings
from protocols.readings import Reading

DIALECT = "mediworks_al550"
WHOLE = Recognition(85, "an export with DeviceModel, PatientInfo and Cases of OD and OS")
LIMIT = 8 * 1024 * 1024
_MARKS = (re.compile(rb"""["<]DeviceModel[">\s]"""), re.compile(rb"""["<]Cases[">\s]"""))


def _begins(raw: bytes) -> bool:
    return raw.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"<") and all(mark.search(raw) for mark in _MARKS)


def _read(raw: bytes) -> tuple[Reading, ...]:
    return readings(raw, DIALECT)


FORM = Form(_begins, _read, "a JSON object or XML with DeviceModel and Cases", LIMIT)


class Decoder(WholeFile):
    """Decodes one file at a time."""

    def __init__(self) -> None:
        super().__init__(FORM)


def decode(data: bytes) -> list[Event]:
    """Everything in a whole file."""
    return export.decode(FORM, data)


def recognise(data: bytes) -> Recognition:
    """Judge a whole file."""
    return export.recognised(FORM, data, WHOLE, "the names of an export that cannot be read")


def pid_said(raw: bytes) -> str:
    """The number under which this examination was asked for; empty when the export names none."""
    try:
        return number_said(raw)
    except Unread:
        return ""

"""One file, one field of one eye."""

import re

from protocols import export
from protocols.export import Form, WholeFile
from protocols.framing import Event, Recognition
from protocols.framing.masking import masked_id, settled
from protocols.hfa_fmes.pictures import FIND
from protocols.hfa_fmes.reading import DIALECT, ROOT, readings
from protocols.readings import Reading

__all__ = ["DIALECT", "Decoder", "blank", "decode", "recognise"]

WHOLE = Recognition(95, f"the root {ROOT} with an eye")
_PERSON = re.compile(rb'(<(?:patient_id|file_reference)\b[^<>]{0,200}?\bvalue=")([^"<>]*)')
_MAGIC = 16  # characters of base64 that say which kind of picture it is
_DRAWN = re.compile(rb"[A-Za-z0-9+/]")


def _begins(raw: bytes) -> bool:
    return f"<{ROOT}".encode() in raw[:4096]


def _read(raw: bytes) -> tuple[Reading, ...]:
    return readings(raw)


FORM = Form(_begins, _read, f"<{ROOT}> with values in attributes", 8 * 1024 * 1024)


class Decoder(WholeFile):
    """Decodes one file at a time."""

    def __init__(self) -> None:
        super().__init__(FORM)


def decode(data: bytes) -> list[Event]:
    """Everything in a whole file."""
    return export.decode(FORM, data)


def recognise(data: bytes) -> Recognition:
    """Judge a whole file."""
    return export.recognised(FORM, data, WHOLE, f"the root {ROOT} of a document that cannot be read")


def blank(data: bytes) -> bytes:
    """The same file without the patient, who is also printed on the page: the pictures go, but for their kind."""
    return settled(data, lambda said: FIND.sub(_unpictured, _PERSON.sub(_masked, said)))


def _masked(found: re.Match[bytes]) -> bytes:
    return found[1] + masked_id(found[2])


def _unpictured(found: re.Match[bytes]) -> bytes:
    start = min(found.start(2) - found.start() + _MAGIC, len(found[0]) - 1)  # a picture cut off within its first bytes
    return found[0][:start] + _DRAWN.sub(b"A", found[0][start:-1]) + found[0][-1:]

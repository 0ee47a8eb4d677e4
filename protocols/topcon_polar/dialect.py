"""Documents with the root XMLDataPolarExportation, in UTF-16 as a rule."""

import re

from protocols import xml
from protocols.framing import Event, Recognition
from protocols.framing.masking import settled
from protocols.labelled import judged
from protocols.readings import Reading
from protocols.topcon_polar.reading import ROOT, readings
from protocols.xml import Documents
from protocols.xml.blanking import masked_text, unit_by_unit

DIALECT = "topcon_polar"
WHOLE = Recognition(90, f"the root {ROOT} with the data of an eye")
_PERSON = re.compile(r"(<(?:ID|LastName|FirstName|BirthDate)\b[^<>]*>)([^<]*)")


def _read(raw: bytes) -> tuple[Reading, ...]:
    return readings(raw, DIALECT)


class Decoder(Documents):
    """Decodes one wire or one file."""

    def __init__(self) -> None:
        super().__init__((ROOT,), _read, f"<{ROOT}>")


def decode(data: bytes) -> list[Event]:
    """Everything in a whole file."""
    return xml.decode(Decoder(), data)


def recognise(data: bytes) -> Recognition:
    """Judge a whole file."""
    if not Decoder().begun_in(data):
        return Recognition(0, "nothing that this dialect says")
    return judged(decode(data), WHOLE, f"the root {ROOT} of a document that cannot be read")


def blank(data: bytes) -> bytes:
    """The same file without the patient, in either width of its characters."""
    return settled(data, _blanked)


def _blanked(data: bytes) -> bytes:
    data = unit_by_unit(data, 0, None, _without)
    for start in (0, 1):
        data = unit_by_unit(data, start, True, _without)
    return data


def _without(text: str) -> str:
    return _PERSON.sub(lambda found: found[1] + masked_text(found[2]), text)

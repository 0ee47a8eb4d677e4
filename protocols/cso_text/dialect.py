"""One file, one map. Which eye ``Occhio : True`` is nobody has told: a setting, or the map stays unassigned."""

import functools
import re
from typing import Literal

from protocols import export
from protocols.cso_text.reading import topography
from protocols.export import Form, WholeFile
from protocols.framing import Event, Recognition
from protocols.framing.masking import SHAPE, masked_id, settled
from protocols.labelled import moment
from protocols.readings import Reading

DIALECT = "cso_text"
Eye = Literal["right", "left"]
WHOLE = Recognition(92, "Paziente, Occhio, SIM-k and a map of rings and semimeridians")
_BEGINS = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*Paziente\s*:")
_MARKS = (b"SIM-k", b"Anelli")
_PERSON = re.compile(rb"(?m)^((?:\xef\xbb\xbf)?(?:Paziente|Note)\s*:[ \t]?)([^\r\n]*)")
_EXAM = re.compile(rb"(?m)^(Esame\s*:[ \t]?)([^\r\n]*)")


def _begins(raw: bytes) -> bool:
    return bool(_BEGINS.match(raw)) and all(mark in raw[:4096] for mark in _MARKS)


def _read(true_is: Eye | None, raw: bytes) -> tuple[Reading, ...]:
    return topography(raw, DIALECT, true_is)


def form(true_is: Eye | None = None) -> Form:
    """How a file is read when ``Occhio : True`` means this eye."""
    return Form(_begins, functools.partial(_read, true_is), "Paziente : … Occhio : … SIM-k : …", 4 * 1024 * 1024)


FORM = form()


class Decoder(WholeFile):
    """Decodes one file at a time."""

    def __init__(self, true_is: Eye | None = None) -> None:
        super().__init__(form(true_is))


def decode(data: bytes) -> list[Event]:
    """Everything in a whole file; its eye unassigned."""
    return export.decode(FORM, data)


def recognise(data: bytes) -> Recognition:
    """Judge a whole file."""
    return export.recognised(FORM, data, WHOLE, "the head of a map that cannot be read")


def blank(data: bytes) -> bytes:
    """The same file without the patient; the examination stays where it is only a date."""
    return settled(data, lambda said: _EXAM.sub(_examined, _PERSON.sub(_masked, said))) if _begins(data) else data


def _masked(found: re.Match[bytes]) -> bytes:
    return found[1] + masked_id(found[2], SHAPE)


def _examined(found: re.Match[bytes]) -> bytes:
    dated = moment(found[2].decode("latin-1").strip())
    return found[0] if dated else _masked(found)

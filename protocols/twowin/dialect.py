"""The stream: one line an exam, which begins with its time; a file may hold many, and may lack its last line end."""

import re

from protocols import framing
from protocols.framing import Event, Gatherer, Grammar, Recognition
from protocols.labelled import recognised
from protocols.readings import Reading
from protocols.twowin.exam import exam

DIALECT = "twowin"
WHOLE = Recognition(85, "a line of 24 fields: a time, a patient, two eyes, gaze, an end code")


def _read(raw: bytes) -> tuple[Reading, ...]:
    return exam(raw, DIALECT)


GRAMMAR = Grammar(
    re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d,"),
    re.compile(rb"\n"),
    _read,
    "YYYY-MM-DDThh:mm:ss and 23 fields more, parted by commas",
    limit=8192,
    whole_when_quiet=True,
)


class Decoder(Gatherer):
    """Decodes one wire."""

    def __init__(self) -> None:
        super().__init__(GRAMMAR)


def decode(data: bytes) -> list[Event]:
    """Everything in a whole capture, and nothing more is coming."""
    return framing.decode(GRAMMAR, data)


def recognise(data: bytes) -> Recognition:
    """Judge a whole capture."""
    return recognised(GRAMMAR, data, WHOLE, "a time and a comma without the fields of an exam")

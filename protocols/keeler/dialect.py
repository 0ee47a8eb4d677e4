"""The stream: the maker's or the instrument's name begins the text of a printer; only quiet ends it."""

import re

from protocols import framing
from protocols.framing import Event, Gatherer, Grammar, Recognition
from protocols.keeler.pressures import pressures
from protocols.labelled import recognised
from protocols.readings import Reading

DIALECT = "keeler"
WHOLE = Recognition(75, "names Keeler or TonoCare, and every average agrees with the readings before it")


def _read(raw: bytes) -> tuple[Reading, ...]:
    return pressures(raw, DIALECT)


GRAMMAR = Grammar(
    re.compile(rb"(?i)(?:keeler[^0-9A-Za-z]{1,8})?tonocare|keeler"),
    None,
    _read,
    "TonoCare, then for an eye up to four whole readings and their average",
    limit=4096,
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
    return recognised(GRAMMAR, data, WHOLE, "names Keeler or TonoCare, but no average agrees with readings before it")

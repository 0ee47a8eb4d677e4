"""The stream: a print-out begins with a heading record before the first eye's; only quiet ends it.

A record begins with ``S`` and ends with ``E``, and so may words inside a heading. The end of the heading is therefore
the ``E`` after which a record of an eye stands, and no other.
"""

import re

from protocols import framing
from protocols.framing import Event, Gatherer, Grammar, Recognition
from protocols.huvitz.averages import BEGINS as AVERAGES
from protocols.huvitz.averages import averages
from protocols.huvitz.records import HEADING, print_out
from protocols.labelled import recognised
from protocols.readings import Reading

DIALECT = "huvitz"
WHOLE = Recognition(85, "records S-R-R … E of eyes with plausible powers")


def _read(raw: bytes) -> tuple[Reading, ...]:
    return averages(raw, DIALECT) if raw.startswith(b"{") else print_out(raw, DIALECT)


GRAMMAR = Grammar(
    re.compile(HEADING + rb"|" + AVERAGES),
    None,
    _read,
    "S No=… E, then S-R-R, S-R-L, S-K-R or S-K-L records, each with E at its end",
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
    return recognised(GRAMMAR, data, WHOLE, "a heading and a record of an eye that could not be read")

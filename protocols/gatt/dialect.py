"""Blocks of characteristic values, read as vital signs."""

from collections.abc import Callable

from protocols import framing
from protocols.framing import Event, Gatherer, Grammar, Recognition, Unread
from protocols.gatt import body, glucose, pressure
from protocols.gatt.block import BEGINS, ENDS, LIMIT, Block, parsed
from protocols.gatt.profiles import ABOUT, CONTEXT, PROFILES
from protocols.gatt.told import DIALECT, Told
from protocols.labelled import recognised
from protocols.readings import Reading

READERS: dict[str, Callable[[bytes], Told]] = {
    "2A35": pressure.measurement,
    "2A18": glucose.measurement,
    "2A9D": body.weight,
    "2A1C": body.temperature,
    "2A5E": body.spot,
    "2A5F": body.continuous,
}
WHOLE = Recognition(100, "values of Bluetooth health profiles, every one as long as its flags say")


def _read(raw: bytes) -> tuple[Reading, ...]:
    block = parsed(raw)
    measured = [(name, value) for name, value in block.values if name in PROFILES[block.profile].measured]
    if len(measured) != 1 or _strangers(block):
        raise Unread("The block is not one measurement of its profile.")
    return (_told(block, *measured[0]).reading(block),)


def _told(block: Block, name: str, value: bytes) -> Told:
    if name == "2A18":
        return glucose.measurement(value, block.of(CONTEXT))
    return READERS[name](value)


def _strangers(block: Block) -> bool:
    profile = PROFILES[block.profile]
    return any(name not in (*ABOUT, *profile.measured, *profile.beside) for name, _ in block.values)


GRAMMAR = Grammar(
    BEGINS, ENDS, _read, "GATT 1 and a profile, lines of characteristics with their values, END", limit=LIMIT
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
    return recognised(GRAMMAR, data, WHOLE, "begins like values of a Bluetooth health profile")


__all__ = ["DIALECT", "Decoder", "decode", "recognise"]

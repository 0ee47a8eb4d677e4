"""What a UART makes of a line that is set otherwise: the bits as they stand on the wire, sampled by another clock.

A pty moves bytes, not bits, so a reader at the wrong baud or parity would still read everything. Here bytes become
levels (start, data from the lowest bit, parity, stop) and are sampled in the middle of the reader's own bits. After a
missing stop bit the reader takes that bit for the next start, as a 16550 does (TL16C550C data sheet, SLLS177,
"Framing error": the UART resynchronises and samples this start bit twice).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

PARITIES = {"N": "none", "E": "even", "O": "odd", "M": "mark", "S": "space"}


@dataclass(frozen=True, slots=True)
class Line:
    """How one end of a line is set."""

    baud: int = 9600
    bits: int = 8
    parity: str = "N"
    stop: float = 1

    @classmethod
    def parse(cls, text: str) -> "Line":
        """From ``9600 8E1``. Raises ValueError with a sentence."""
        match = re.fullmatch(r"(\d+)[ -/]([5-8])([NEOMS])(1|1\.5|2)", text.upper())
        if match is None:
            raise ValueError(f"{text!r} is no line setting; write for example '9600 8E1'")
        return cls(int(match[1]), int(match[2]), match[3], float(match[4]))


@dataclass(frozen=True, slots=True)
class Heard:
    """One character as the reader's UART gives it to its driver."""

    byte: int
    wrong: bool  # parity or framing error


def heard(data: bytes, said: Line, read: Line) -> list[Heard]:
    """What ``data``, sent without pauses at ``said``, is for a reader set to ``read``."""
    return list(_sampled(_levels(data, said), said.baud, read))


def _levels(data: bytes, line: Line) -> list[int]:
    """One level a bit time of the sender; a line that rests is 1. Half stop bits are rounded up."""
    levels: list[int] = [1]
    for byte in data:
        bits = [byte >> at & 1 for at in range(line.bits)]
        levels += [0, *bits, *_parity(bits, line.parity), *[1] * -(-int(line.stop * 2) // 2)]
    return levels


def _parity(bits: list[int], parity: str) -> list[int]:
    return {"N": [], "E": [sum(bits) % 2], "O": [1 - sum(bits) % 2], "M": [1], "S": [0]}[parity]


def _sampled(levels: list[int], baud: int, line: Line) -> Iterator[Heard]:
    step = baud / line.baud  # the reader's bit in bits of the sender
    size = line.bits + (line.parity != "N")

    def level(at: float) -> int:
        return levels[int(at)] if at < len(levels) else 1

    edge: float = 1
    while (found := _next_start(levels, edge)) is not None:
        bits = [level(found + (1.5 + n) * step) for n in range(size)]
        stop = level(found + (1.5 + size) * step)
        data, parity = bits[: line.bits], bits[line.bits :]
        yield Heard(sum(bit << at for at, bit in enumerate(data)), not stop or parity != _parity(data, line.parity))
        edge = found + (1.5 + size) * step if stop else found + (1 + size) * step
        if not stop and not any(bits):  # a break: nothing more until the line rests
            edge = next((at for at in range(int(edge), len(levels)) if levels[at]), len(levels))


def _next_start(levels: list[int], at: float) -> float | None:
    """Where the next start bit begins: at once when the line is low, else at the next fall."""
    if at < len(levels) and not levels[int(at)]:
        return at
    return next((float(n) for n in range(int(at) + 1, len(levels)) if not levels[n]), None)

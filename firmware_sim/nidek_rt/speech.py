"""How a NIDEK phoropter puts figures into their places; written from the wire page, not from the decoder."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from firmware_sim.optics import Refraction

REQUEST_TO_SEND = b"\x01C**\x02RS\x17\x04"
INVITATION = b"\x01CRL\x02SD\x17\x04\r"
BITS = 11  # a character at 2400 7E2: start, seven, parity, two stops


def transmission(heading: str, lines: Iterable[str]) -> bytes:
    """SOH heading CR, STX line CR …, EOT CR."""
    return "".join([f"\x01{heading}\r", *(f"\x02{line}\r" for line in lines), "\x04\r"]).encode("latin-1")


def date(moment: datetime, blank: str) -> str:
    """2016/ 9/ 7, or with zeros on an older unit."""
    return f"{moment.year:04}/{moment.month:{blank}>2}/{moment.day:{blank}>2}"


def dioptres(value: Decimal) -> str:
    """Polarity, tens blank when there are none; a zero has no polarity."""
    polarity = " " if not value else "-" if value < 0 else "+"
    return f"{polarity}{abs(value):5.2f}"


def power(value: Refraction) -> str:
    """Sphere, cylinder, axis."""
    return f"{dioptres(value.sphere)}{dioptres(value.cylinder)}{value.axis:3}"


def acuity(text: str) -> str:
    """A place for < or >, then four."""
    return f" {text:<4}"


def millimetres(*values: Decimal | None) -> str:
    """Three fields of four; blank what is not told."""
    return "".join("    " if value is None else f"{value:4.1f}" for value in values)

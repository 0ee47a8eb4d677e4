"""Fixed columns, and the frame around the lines."""

from collections.abc import Iterable
from decimal import Decimal

from firmware_sim.optics import Refraction


def dioptres(value: Decimal) -> str:
    """Six wide, the sign first: ``- 0.25``."""
    return f"{'-' if value < 0 else '+'}{abs(value):5.2f}"


def powers(value: Refraction) -> str:
    """Sphere 6, cylinder 6, axis 3."""
    return f"{dioptres(value.sphere)}{dioptres(value.cylinder)}{value.axis:3}"


def framed(number: int, lines: Iterable[str]) -> bytes:
    """SOH and number, STX before and CR behind each line, EOT."""
    return f"\x01*{number:04}\r{''.join(f'{chr(2)}{line}{chr(13)}' for line in lines)}\x04".encode("ascii")

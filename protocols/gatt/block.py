"""One measurement with what it takes to understand it later: lines of text around the bytes of characteristics.

A value alone does not say from which profile it came nor whose it is. Gateway and captures therefore hold::

    GATT 1 blood_pressure
    2A29 4163 6D65      (without the blank) who made the device, as it says itself
    2A35 0680005200...  the value exactly as it was indicated
    END
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from protocols.framing import Unread
from protocols.gatt.profiles import PROFILES

BEGINS = re.compile(rb"GATT 1 [a-z_]{1,32}\n")
ENDS = re.compile(rb"\nEND\n")
LIMIT = 16 * 1024
_LINE = re.compile(r"([0-9A-F]{4}) ((?:[0-9A-F]{2})*)")


class Block(NamedTuple):
    """Characteristics and their values, in the order in which they came."""

    profile: str
    values: tuple[tuple[str, bytes], ...]

    def of(self, characteristic: str) -> bytes | None:
        """The value of a characteristic."""
        return dict(self.values).get(characteristic)

    def __bytes__(self) -> bytes:
        return text(self.profile, self.values)


def text(profile: str, values: Iterable[tuple[str, bytes]]) -> bytes:
    """The block as bytes."""
    lines = (f"{name} {value.hex().upper()}" for name, value in values)
    return "\n".join((f"GATT 1 {profile}", *lines, "END", "")).encode("ascii")


def parsed(raw: bytes) -> Block:
    """A whole block. Raises Unread."""
    head, *lines = raw.decode("latin-1").removesuffix("\nEND\n").split("\n")
    profile = head.removeprefix("GATT 1 ")
    if profile not in PROFILES:
        raise Unread("No profile of this name is known.")
    return Block(profile, tuple(map(_line, lines)))


def _line(line: str) -> tuple[str, bytes]:
    found = _LINE.fullmatch(line)
    if found is None:
        raise Unread("A line is no characteristic with its value.")
    return found[1], bytes.fromhex(found[2])

"""Whether two blocks are the same measurement, told again: devices repeat what they stored at every connection."""

import hashlib

from protocols.framing import Unread
from protocols.gatt.block import Block
from protocols.gatt.glucose import sequence
from protocols.gatt.profiles import PROFILES
from protocols.gatt.taking import Moment

_DATED = {"2A35": (2, 7), "2A9D": (2, 3), "2A1C": (2, 5), "2A5E": (1, 5)}  # flag of a time, and its place


def same(block: Block) -> str | None:
    """A digest of time, user and values of one device; nothing where no time tells two measurements apart.

    A clock that was never set is no time. A meter's record has a number of its own.
    """
    name, value = next((one for one in block.values if one[0] in PROFILES[block.profile].measured), ("", b""))
    return hashlib.sha256(name.encode() + value).hexdigest() if name == "2A18" or _dated(name, value) else None


def _dated(name: str, value: bytes) -> bool:
    flag, at = _DATED.get(name, (0, 0))
    told = value[at : at + 7]
    return bool(value) and bool(value[0] & flag) and len(told) == 7 and Moment(told).known


def record(block: Block) -> int | None:
    """The number of a meter's record."""
    value = block.of("2A18")
    try:
        return sequence(value) if value is not None else None
    except Unread:
        return None

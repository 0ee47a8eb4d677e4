"""The checksum: every byte from the first SOH through EOT added up, without CR and LF, low 16 bits.

Written as four upper-case hex digits right after EOT. LM-1000/1000P/1200 USB Interface Manual
31001*RTZ002E/E p. 24 (its example only verifies when the CR bytes are left out); five frames verify.
"""

import string
from typing import Literal

State = Literal["ok", "bad", "none"]

_UNCOUNTED = b"\r\n"
_HEX = frozenset(string.hexdigits.encode("ascii"))


def checksum(frame: bytes) -> int:
    """Sum over SOH … EOT. The mask matters: a print-out above some 1,300 bytes passes 65,535."""
    return sum(frame.translate(None, _UNCOUNTED)) & 0xFFFF


def value(digits: bytes) -> int | None:
    """The number the four digits spell, or nothing when they are not four hex digits."""
    return int(digits, 16) if len(digits) == 4 and _HEX.issuperset(digits) else None


def verifying_start(frame: bytes, starts: list[int], wanted: int) -> int | None:
    """The earliest block start from which the sum through the end of ``frame`` is the one wanted."""
    total, end, found = 0, len(frame), None
    for start in reversed(starts):
        total += sum(frame[start:end].translate(None, _UNCOUNTED))
        end = start
        found = start if total & 0xFFFF == wanted else found
    return found

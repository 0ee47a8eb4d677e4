"""How a NIDEK instrument puts words on the wire; written from the wire page, not from the decoder.

A codec that only talks to its own mirror can be wrong twice in the same way, so nothing here is shared with it.
"""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
REQUEST_TO_SEND = b"\x01C**\x02RS\x17\x04"


def permission(device_code: str) -> bytes:
    """What an instrument in NIDEK mode waits for. Its CR is part of it."""
    return f"\x01C{device_code}\x02SD\x17\x04\r".encode("ascii")


def block(header: str, segments: Iterable[str], *, cr: bool) -> bytes:
    """One data source."""
    end = "\x17\r" if cr else "\x17"
    return f"\x01{header}\x02{''.join(segment + end for segment in segments)}".encode("latin-1")


def transmission(blocks: Iterable[bytes], *, cr: bool, checksum: bool = True) -> bytes:
    """All blocks, one EOT, one sum over everything but CR."""
    frame = b"".join(blocks) + b"\x04"
    digits = f"{sum(byte for byte in frame if byte != 0x0D) % 0x10000:04X}" if checksum else ""
    return frame + digits.encode("ascii") + (b"\r" if cr else b"")


def date(moment: datetime) -> str:
    """27/MAR/2017.07:40, whatever language the computer speaks."""
    return f"{moment.day:02}/{MONTHS[moment.month - 1]}/{moment.year:04}.{moment.hour:02}:{moment.minute:02}"


def dioptres(value: Decimal) -> str:
    """Sign, two digits, point, two digits; a zero is positive unless it was rounded from below."""
    return f"{'-' if value.is_signed() else '+'}{abs(value):05.2f}"


def millimetres(value: Decimal) -> str:
    """07.76."""
    return f"{value:05.2f}"

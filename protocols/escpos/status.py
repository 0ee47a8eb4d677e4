"""What a printer answers to DLE EOT: one byte, always 0xx1xx10; XON and XOFF may stand between on a serial line."""

from collections.abc import Iterable
from enum import StrEnum

CAUSES = (1, 2, 3, 4)
ASK = {cause: bytes((0x10, 0x04, cause)) for cause in CAUSES}
FLOW = (0x11, 0x13)


class Trouble(StrEnum):
    """What somebody before the printer can see or mend."""

    OFFLINE = "offline"
    COVER_OPEN = "cover_open"
    PAPER_OUT = "paper_out"
    PAPER_LOW = "paper_low"
    CUTTER = "cutter"
    ERROR = "error"


class Cause(StrEnum):
    """Why a byte is no answer."""

    NOTHING = "nothing"
    NO_STATUS = "no_status"


BITS: dict[int, tuple[tuple[int, Trouble], ...]] = {
    1: ((0x08, Trouble.OFFLINE),),
    2: ((0x04, Trouble.COVER_OPEN), (0x20, Trouble.PAPER_OUT), (0x40, Trouble.ERROR)),
    3: ((0x08, Trouble.CUTTER), (0x60, Trouble.ERROR)),
    4: ((0x0C, Trouble.PAPER_LOW), (0x60, Trouble.PAPER_OUT)),
}


def read(cause: int, answer: Iterable[int]) -> frozenset[Trouble] | Cause:
    """What is wrong, by the answer to ``ASK[cause]``; nothing wrong is an empty set."""
    said = next((one for one in answer if one not in FLOW), None)
    if said is None:
        return Cause.NOTHING
    if said & 0x93 != 0x12:
        return Cause.NO_STATUS
    return frozenset(trouble for bits, trouble in BITS[cause] if said & bits)

"""What stands on a customer display of two lines: a decoder that shares nothing with what writes it.

It moves as the manuals of CD5220 displays say: ESC Q A and ESC Q B fill a line up to CR, CLR empties both.
"""

from collections.abc import Iterator

COLUMNS = 20
ESC, CLEAR, CR = 0x1B, 0x0C, 0x0D
OF_ESC = {0x40: 2, 0x5F: 3, 0x3D: 3, 0x2A: 3}  # initialise, cursor, which device, brightness
LINES = {0x41: 0, 0x42: 1}


class Garbled(ValueError):
    """Bytes a display would not understand; says where."""


def shown(said: bytes) -> list[tuple[str, str]]:
    """Every pair of lines somebody could read, in order; the last is what stands there now. Raises Garbled."""
    return [(upper.rstrip(), lower.rstrip()) for upper, lower in _pages(said)]


def _pages(said: bytes) -> Iterator[tuple[str, str]]:
    at, lines = 0, ["", ""]
    while at < len(said):
        if said[at] == CLEAR:
            if any(lines):
                yield lines[0], lines[1]
            lines = ["", ""]
        at += _step(said, at, lines)
    if any(lines):
        yield lines[0], lines[1]


def _step(said: bytes, at: int, lines: list[str]) -> int:
    """How many bytes the one here takes."""
    if said[at] == CLEAR:
        return 1
    if said[at] != ESC or at + 1 >= len(said):
        raise Garbled(f"byte {at}: {said[at : at + 4].hex()}")
    if said[at + 1] in OF_ESC:
        return OF_ESC[said[at + 1]]
    end = said.find(CR, at)
    if said[at + 1] != 0x51 or said[at + 2] not in LINES or end < 0:
        raise Garbled(f"byte {at}: {said[at : at + 4].hex()}")
    text = said[at + 3 : end].decode("ascii")
    if len(text) > COLUMNS:
        raise Garbled(f"byte {at}: {len(text)} letters on a line of {COLUMNS}")
    lines[LINES[said[at + 2]]] = text
    return end + 1 - at

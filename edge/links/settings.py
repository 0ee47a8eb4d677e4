"""How a serial line is set: the words of a manual's connection page."""

from dataclasses import dataclass
from typing import Literal

Parity = Literal["none", "even", "odd", "mark", "space"]


@dataclass(frozen=True, slots=True)
class LineSettings:
    """Line settings; TCP ignores them, RFC 2217 passes them on to the far port.

    ``dtr`` and ``rts`` are on from the first moment: many instruments take a dead DTR for a missing computer.
    """

    baud: int = 9600
    bits: Literal[5, 6, 7, 8] = 8
    parity: Parity = "none"
    stop: float = 1
    rtscts: bool = False
    dsrdtr: bool = False
    xonxoff: bool = False
    dtr: bool = True
    rts: bool = True

    def __str__(self) -> str:
        return f"{self.baud} {self.bits}{self.parity[0].upper()}{self.stop:g}"

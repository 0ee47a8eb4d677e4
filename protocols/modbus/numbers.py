"""How a display wants a number: each maker's registers are its own, so they are written down, not guessed."""

from dataclasses import dataclass
from enum import StrEnum

from protocols.modbus.frames import WRITE_ONE, write_one, write_some


class Coding(StrEnum):
    """What stands in a register."""

    BINARY = "binary"  # 123 is 0x007B
    BCD = "bcd"  # 123 is 0x0123
    ASCII = "ascii"  # a letter a register


@dataclass(frozen=True)
class Display:
    """A display as its manual has it. ``blank`` fills unused digits of ASCII."""

    unit: int
    register: int
    digits: int
    coding: Coding = Coding.BINARY
    function: int = WRITE_ONE
    blank: int = 0x20


def shown(display: Display, number: int) -> bytes:
    """The frame that shows a number. Raises ValueError when it has too many digits."""
    text = str(number)
    if number < 0 or len(text) > display.digits:
        raise ValueError(f"{number} does not fit {display.digits} digits")
    if display.coding is Coding.ASCII:
        letters = [display.blank] * (display.digits - len(text)) + [ord(one) for one in text]
        return write_some(display.unit, display.register, letters)
    value = int(text, 16) if display.coding is Coding.BCD else number
    if display.function == WRITE_ONE:
        return write_one(display.unit, display.register, value)
    return write_some(display.unit, display.register, [value])

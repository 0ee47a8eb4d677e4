"""What screens and voices may say of somebody, and what becomes of a call."""

from enum import StrEnum


class Who(StrEnum):
    """Beside the number: nothing, a masked name, the family name."""

    NUMBER = "number"
    MASKED = "masked"
    SURNAME = "surname"


class Fate(StrEnum):
    """How a caller fared."""

    WAITING = "waiting"
    PRINTED = "printed"
    SHOWN = "shown"
    SPOKEN = "spoken"
    FAILED = "failed"


LANGUAGES = ("en", "zh")
CALLERS = ("escpos", "cd5220", "alpha", "modbus", "voice", "screen")  # families, as births name them
SHOWN = 6  # calls on a screen

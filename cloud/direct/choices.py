"""Words the patients' pages are made of."""

from enum import StrEnum


class Channel(StrEnum):
    """How somebody is reached."""

    EMAIL = "email"
    PHONE = "phone"


class Deed(StrEnum):
    """What is counted, so that nobody does it too often."""

    BEGIN = "begin"
    CODE = "code"
    WRONG = "wrong"
    LOST = "lost"


class Way(StrEnum):
    """How a family comes: one after the other, or all at once."""

    AFTER = "after"
    TOGETHER = "together"

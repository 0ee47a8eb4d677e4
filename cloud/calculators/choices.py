"""Words of the calculators room."""

from enum import StrEnum


class Kind(StrEnum):
    """What a choice is about."""

    RULE = "rule"
    TABLE = "table"


class Switch(StrEnum):
    """Whether a chain uses a rule."""

    ON = "on"
    OFF = "off"

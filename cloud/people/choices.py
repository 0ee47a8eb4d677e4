"""Words of the people room."""

from enum import StrEnum


class Sex(StrEnum):
    """Sex as the record has it."""

    FEMALE = "female"
    MALE = "male"
    OTHER = "other"
    UNKNOWN = "unknown"

"""Words of the readings room."""

from enum import StrEnum


class How(StrEnum):
    """How a reading came to a patient."""

    RECORD_NUMBER = "record_number"
    CHAIR = "chair"
    PERSON = "person"


class Verdict(StrEnum):
    """What a clinician said of a filed reading; PROPOSED takes an earlier verdict back."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    PROPOSED = "proposed"

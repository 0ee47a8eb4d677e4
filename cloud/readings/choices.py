"""Words of the readings room."""

from datetime import timedelta
from enum import StrEnum

# Somebody who was never asked to leave the chair is not in it for ever: an examination does not last this long,
# and the next patient's readings must not be proposed to the last one.
LONGEST_SEAT = timedelta(hours=2)


class How(StrEnum):
    """How a reading came to a patient."""

    RECORD_NUMBER = "record_number"
    CHAIR = "chair"
    ORDER = "order"
    PERSON = "person"


class Outcome(StrEnum):
    """What became of a dead letter."""

    TAKEN = "taken"
    REFUSED = "refused"
    ASIDE = "aside"


SETTLED = (Outcome.TAKEN.value, Outcome.ASIDE.value)


class Verdict(StrEnum):
    """What a clinician said of a filed reading; PROPOSED takes an earlier verdict back."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    PROPOSED = "proposed"

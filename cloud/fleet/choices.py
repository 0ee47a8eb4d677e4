"""Words of the fleet room."""

from datetime import timedelta
from enum import StrEnum

# Families whose driver carries data into an instrument (the verb ``to_phoropter``). A driver that learns it is added
# here; which of a family's models are phoropters is told by the catalogue.
SENDABLE = frozenset({"nidek_rt", "joia", "tomey_tap"})

# A phoropter that sleeps is given 10 s by its gateway, and the order before it in the queue as long.
CARRY_OUT = timedelta(seconds=25)
# How long after that an answer may still be under way.
ANSWER = timedelta(seconds=15)


class Step(StrEnum):
    """How far an order is: queued here, sent to the gateway, then taken by the instrument, failed, or never sent.

    Given: written to an instrument that is not known to give any sign of having it.
    """

    QUEUED = "queued"
    SENT = "sent"
    TAKEN = "taken"
    GIVEN = "given"
    FAILED = "failed"
    EXPIRED = "expired"


LIVE = (Step.QUEUED.value, Step.SENT.value)
ANSWERS = {
    "accepted": Step.SENT,
    "running": Step.SENT,
    "done": Step.TAKEN,
    "failed": Step.FAILED,
    "refused": Step.FAILED,
    "expired": Step.FAILED,
}
NEVER_SENT = "the store could not be reached in time"
NO_ANSWER = "the store did not answer in time"
WITHDRAWN = "a reading was rejected or moved before it was sent"

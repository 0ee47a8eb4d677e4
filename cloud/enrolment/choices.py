"""Words of the enrolment room, and how long things last."""

from datetime import timedelta
from enum import StrEnum


class Kind(StrEnum):
    """What a claim is for: a new gateway, a box in the place of a lost one, the same box in another store."""

    NEW = "new"
    REPLACE = "replace"
    MOVE = "move"


class Step(StrEnum):
    """How far a claim is. That it is over its time is told by the clock, not by a state."""

    OPEN = "open"
    WAITING = "waiting"
    APPROVED = "approved"
    USED = "used"
    CANCELLED = "cancelled"
    REJECTED = "rejected"
    EXPIRED = "expired"


LIVE = (Step.OPEN.value, Step.WAITING.value, Step.APPROVED.value)


class Standing(StrEnum):
    """How a certificate stands. A replaced one is still good until its day: the gateway falls back to it."""

    ACTIVE = "active"
    REPLACED = "replaced"
    REVOKED = "revoked"


class Why(StrEnum):
    """Why certificates were revoked; the first five a person chooses."""

    LOST = "lost"
    STOLEN = "stolen"
    RETIRED = "retired"
    SUSPECT = "suspect"
    OTHER = "other"
    REPLACED = "replaced_box"


CHOSEN = (Why.LOST, Why.STOLEN, Why.RETIRED, Why.SUSPECT, Why.OTHER)

CLAIM_LIFE = timedelta(hours=72)
# A box that lay in a drawer over its certificate's last day may still renew it; later a person has to look at it.
GRACE = timedelta(days=30)
CERTIFICATE_DAYS = 90
# More certificates than this in a day is no rotation but a box in a loop, or somebody with its key.
CERTIFICATES_A_DAY = 10
ASK_AGAIN_SECONDS = 5
GUESSES, WINDOW = 20, timedelta(minutes=15)
# A gateway that comes back before the list of revoked certificates has reached its broker is shown out again.
KICK_AGAIN_SECONDS = (2, 5, 15, 60)

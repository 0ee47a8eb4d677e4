"""Words the exchange room's rows are made of."""

from enum import StrEnum


class Kind(StrEnum):
    """What another system is spoken to with."""

    WEBHOOK = "webhook"
    FHIR = "fhir"
    CALDAV = "caldav"


class State(StrEnum):
    """How far a delivery is. ``timed_out``: every try ended without an answer."""

    PENDING = "pending"
    COMPLETE = "complete"
    FAILED = "failed"
    TIMED_OUT = "timed_out"


class Why(StrEnum):
    """Why a delivery waits or failed."""

    NO_ANSWER = "no_answer"
    NOT_THERE = "not_there"
    REFUSED = "refused"
    BUSY = "busy"
    NOT_ALLOWED = "not_allowed"


OVER = (State.COMPLETE, State.FAILED, State.TIMED_OUT)  # what a person may have told once more

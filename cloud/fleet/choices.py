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
    """How far an order is: queued here, sent to the gateway, carried out there, and how it ended.

    Taken: an instrument has what was sent. Given: it was written to an instrument that is not known to give any sign of
    having it. Done: what the gateway itself was asked is done. Refused: the gateway cannot do such a thing. Cancelled:
    taken back before it left.
    """

    QUEUED = "queued"
    SENT = "sent"
    RUNNING = "running"
    DONE = "done"
    TAKEN = "taken"
    GIVEN = "given"
    FAILED = "failed"
    EXPIRED = "expired"
    REFUSED = "refused"
    CANCELLED = "cancelled"


LIVE = (Step.QUEUED.value, Step.SENT.value, Step.RUNNING.value)
# What an answer makes of an order for a patient, and of one to the gateway itself.
ANSWERS = {
    "accepted": Step.SENT,
    "running": Step.SENT,
    "done": Step.TAKEN,
    "failed": Step.FAILED,
    "refused": Step.FAILED,
    "expired": Step.FAILED,
}
OWN_ANSWERS = {
    "accepted": Step.SENT,
    "running": Step.RUNNING,
    "done": Step.DONE,
    "failed": Step.FAILED,
    "refused": Step.REFUSED,
    "expired": Step.EXPIRED,
}
# How long each verb has from being asked for to its answer. A gateway that is away for longer never hears of it.
DEADLINES = {
    "ping": timedelta(seconds=30),
    "instruments": timedelta(seconds=30),
    "list_ports": timedelta(seconds=30),
    "capture": timedelta(minutes=2),
    "restart_driver": timedelta(seconds=60),
    "send_diagnostics": timedelta(minutes=3),
    "send_log": timedelta(minutes=2),
    "sniff": timedelta(minutes=3),
    "check": timedelta(minutes=2),
    "call_patient": timedelta(seconds=30),
    "print_ticket": timedelta(seconds=30),
    "renew": timedelta(minutes=2),
}
GONE = "gone"  # an instrument its gateway no longer listens to
RESULT_BYTES = 64 * 1024  # a result beyond that travels as a file
PIECES = 128  # of a file; about 6 MB
BUNDLE_DAYS = 30
BUNDLE_BYTES = 64 * 1024 * 1024  # kept for a chain; the oldest go first
NEVER_SENT = "the store could not be reached in time"
NO_ANSWER = "the store did not answer in time"
WITHDRAWN = "a reading was rejected or moved before it was sent"

# What the cloud itself notes among the happenings of a gateway: it came, it went.
ONLINE, OFFLINE = "online", "offline"

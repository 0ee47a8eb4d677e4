"""Words the messages room's rows are made of."""

from enum import StrEnum


class Channel(StrEnum):
    """How a letter travels: as an e-mail, or as a text to a telephone."""

    EMAIL = "email"
    PHONE = "phone"


class Purpose(StrEnum):
    """What a letter is for; decides what must have been agreed to."""

    CARE = "care"
    SERVICE = "service"
    MARKETING = "marketing"
    CODE = "code"


class State(StrEnum):
    """How far a letter is. ``doubtful``: handed over, and nobody said whether it was taken."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    DENIED = "denied"
    NOWHERE = "nowhere"
    WITHDRAWN = "withdrawn"
    FAILED = "failed"
    DOUBTFUL = "doubtful"


class Why(StrEnum):
    """Why a letter waits or was not sent."""

    NO_CONTACT = "no_contact"
    NO_PROVIDER = "no_provider"
    OPTED_OUT = "opted_out"
    NO_CONSENT = "no_consent"
    REFUSED_CONSENT = "refused_consent"
    DO_NOT_CONTACT = "do_not_contact"
    DECEASED = "deceased"
    MOVED_AWAY = "moved_away"
    QUIET_HOURS = "quiet_hours"
    OTHER_TIME = "other_time"
    TOO_LATE = "too_late"
    SERVER_AWAY = "server_away"
    SERVER_BUSY = "server_busy"
    REFUSED = "refused"
    NOT_CONFIRMED = "not_confirmed"
    UNREADABLE = "unreadable"


class Answer(StrEnum):
    """What the rules say to a letter."""

    ALLOW = "allow"
    DEFER = "defer"
    DENY = "deny"


class Meaning(StrEnum):
    """What somebody answered to a text."""

    CONFIRM = "confirm"
    CANCEL = "cancel"
    STOP = "stop"
    START = "start"
    OTHER = "other"


OPEN = (State.WAITING, State.SENDING)
AGAIN = (State.DENIED, State.FAILED, State.DOUBTFUL)  # what a person may send once more

"""Words of the operations room."""

from enum import StrEnum


class Change(StrEnum):
    """A step of an alert."""

    FIRED = "fired"
    CALM = "calm"
    RETURNED = "returned"
    TOLD = "told"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"


class Shelf(StrEnum):
    """Parts of the list of alerts."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"


class Kind(StrEnum):
    """What was done to an instrument."""

    CALIBRATED = "calibrated"
    SERVICED = "serviced"
    REPAIRED = "repaired"


class Running(StrEnum):
    """How a bulk action stands."""

    RUNNING = "running"
    STOPPED = "stopped"
    DONE = "done"


class Step(StrEnum):
    """How far one gateway of it is."""

    WAITING = "waiting"
    GIVEN = "given"
    REFUSED = "refused"
    STOPPED = "stopped"


QUIET = "quiet"  # the threshold that holds the quiet hours

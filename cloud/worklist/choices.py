"""Words of the worklist room."""

from enum import StrEnum


class State(StrEnum):
    """How far an examination is.

    PERFORMED: the instrument ended it, and nothing came home yet; DISCONTINUED: it broke it off, and may begin again.
    """

    WANTED = "wanted"
    STARTED = "started"
    PERFORMED = "performed"
    DISCONTINUED = "discontinued"
    DONE = "done"
    CANCELLED = "cancelled"


class Deed(StrEnum):
    """What was done to an order."""

    ORDERED = "ordered"
    CHANGED = "changed"
    STARTED = "started"
    PERFORMED = "performed"
    DISCONTINUED = "discontinued"
    DONE = "done"
    CANCELLED = "cancelled"
    REOPENED = "reopened"


OPEN = (State.WANTED.value, State.STARTED.value, State.DISCONTINUED.value)  # what instruments are shown
LATERALITIES = ("both", "right", "left", "")
LONGEST_STATION = 60
LONGEST_REMARK = 200

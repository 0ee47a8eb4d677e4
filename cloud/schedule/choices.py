"""Words the schedule's rows are made of."""

from enum import StrEnum


class Kind(StrEnum):
    """What a resource is. A seat is one place of several that stand side by side."""

    PERSON = "person"
    ROOM = "room"
    DEVICE = "device"
    SEAT = "seat"


class Effect(StrEnum):
    """What a rule of the week does to the time it names."""

    OPEN = "open"
    BLOCKED = "blocked"
    ONLY = "only"
    NOT = "not"


class Who(StrEnum):
    """For whom: somebody the practice knows, somebody new, or either."""

    NEW = "new"
    EXISTING = "existing"
    BOTH = "both"


class Channel(StrEnum):
    """Where a visit is booked."""

    DESK = "desk"
    ONLINE = "online"


class Answer(StrEnum):
    """What becomes of somebody who wants this type of visit by this channel."""

    BOOK = "book"
    REQUEST = "request"
    NO = "no"


class Turn(StrEnum):
    """How the turn-overs of two neighbours add up."""

    MAX = "max"
    SUM = "sum"


class Per(StrEnum):
    """What a quota counts within."""

    DAY = "day"
    WEEK = "week"

"""Words the planning room's rows are made of."""

from enum import StrEnum


class Subject(StrEnum):
    """What of the schedule was changed."""

    RESOURCE = "resource"
    RULE = "rule"
    DATED = "dated"
    BLOCK = "block"
    TYPE = "type"
    OFFER = "offer"
    QUOTA = "quota"
    POLICY = "policy"


class Deed(StrEnum):
    """What was done to it."""

    ADDED = "added"
    CHANGED = "changed"
    ENDED = "ended"
    REOPENED = "reopened"
    REMOVED = "removed"


class Fate(StrEnum):
    """What is to become of a visit whose time was taken away."""

    KEEP = "keep"
    SUBSTITUTE = "substitute"
    REBOOK = "rebook"
    CANCEL = "cancel"


class CouldNot(StrEnum):
    """Why that could not be done."""

    NOBODY = "nobody"
    OVER = "over"
    BUSY = "busy"

"""Words of the queue's rows; those a gateway uses, too, stand in ``protocols.queue``."""

from enum import StrEnum

from protocols.queue.words import (
    AWAY,
    EMERGENCY,
    IN_LINE,
    OPEN,
    OVER,
    PRIORITIES,
    SERVED,
    Machine,
    Sort,
    Stay,
    Step,
)

__all__ = [
    "AWAY",
    "EMERGENCY",
    "IN_LINE",
    "OPEN",
    "OVER",
    "PRIORITIES",
    "SERVED",
    "Clearance",
    "Machine",
    "Sort",
    "Source",
    "Stay",
    "Step",
    "Through",
]


class Through(StrEnum):
    """What somebody moved a step with."""

    PAGE = "page"
    API = "api"
    BUTTON = "button"
    KIOSK = "kiosk"
    PHONE = "phone"
    GATEWAY = "gateway"
    SYSTEM = "system"


class Source(StrEnum):
    """How somebody came in."""

    DESK = "desk"
    KIOSK = "kiosk"
    CODE = "code"
    BUTTON = "button"
    GATEWAY = "gateway"


class Clearance(StrEnum):
    """What was said of what somebody owes; what stands last counts."""

    PAID = "paid"
    OVERRIDDEN = "overridden"
    REFUNDED = "refunded"

"""Words of a queue: what is done at a station, and how far somebody is."""

from enum import StrEnum


class Sort(StrEnum):
    """What is done at a station."""

    RECEPTION = "reception"
    CHECK_UP = "check_up"
    DOCTOR = "doctor"
    OPTICAL = "optical"
    DRUGS = "drugs"
    CASHIER = "cashier"


class Machine(StrEnum):
    """Which states follow each other: see ``machines``."""

    STAY = "stay"
    COUNTER = "counter"
    DOCTOR = "doctor"
    CHECK_UP = "check_up"
    DISPENSARY = "dispensary"


class Stay(StrEnum):
    """How far somebody's time in the store is."""

    HERE = "here"
    DONE = "done"
    LEFT = "left"
    CANCELLED = "cancelled"


class Step(StrEnum):
    """How far somebody is at one station.

    ``held`` waits for something that is no station (drops that have to act); ``returned`` waits for the doctor again,
    after tests; ``moved`` goes on at another station; ``left`` is somebody who went away.
    """

    PLANNED = "planned"
    WAITING = "waiting"
    CALLED = "called"
    MISSED = "missed"
    HELD = "held"
    SERVING = "serving"
    DONE = "done"
    SKIPPED = "skipped"
    MOVED = "moved"
    LEFT = "left"
    CANCELLED = "cancelled"
    IN_ROOM = "in_room"
    EXAM_DRAFT = "exam_draft"
    ORDERS_PLACED = "orders_placed"
    RETURNED = "returned"
    REVIEWING = "reviewing"
    SIGNED = "signed"
    DISCHARGED = "discharged"


IN_LINE = (Step.WAITING, Step.RETURNED)
SERVED = (Step.SERVING, Step.IN_ROOM, Step.EXAM_DRAFT, Step.REVIEWING, Step.SIGNED)
AWAY = (Step.HELD, Step.ORDERS_PLACED, Step.MISSED)
OVER = (Step.DONE, Step.SKIPPED, Step.MOVED, Step.LEFT, Step.CANCELLED, Step.DISCHARGED)
OPEN = (Step.PLANNED, *IN_LINE, Step.CALLED, *SERVED, *AWAY)
PRIORITIES = (0, 1, 2)  # in turn, before others (frail, a small child), at once (an emergency)
EMERGENCY = 2

"""Words the booking room's rows are made of."""

from enum import StrEnum


class State(StrEnum):
    """How far a visit is. Only ``booked`` to ``in_progress`` take up anybody's time."""

    BOOKED = "booked"
    CONFIRMED = "confirmed"
    ARRIVED = "arrived"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"
    MOVED = "moved"


class Taken(StrEnum):
    """What a part of a resource's day is taken by. ``overbooked`` is beside another by somebody's decision."""

    HOLD = "hold"
    BOOKED = "booked"
    OVERBOOKED = "overbooked"
    OVER = "over"


class By(StrEnum):
    """Who a visit was booked or ended by."""

    PATIENT = "patient"
    STAFF = "staff"
    SYSTEM = "system"


class Purpose(StrEnum):
    """What a link is good for."""

    MANAGE = "manage"
    OFFER = "offer"
    REQUEST = "request"


class Kind(StrEnum):
    """Why the desk should look at something; what is urgent stands above everything else."""

    URGENT = "urgent"
    REQUEST = "request"
    BOOKED = "booked"
    MOVED = "moved"
    CANCELLED = "cancelled"
    CLAIMED = "claimed"
    WAITING = "waiting"
    TELL = "tell"


class Look(StrEnum):
    """How far somebody is with an entry of the queue."""

    OPEN = "open"
    TAKEN = "taken"
    DONE = "done"


class Wish(StrEnum):
    """How far a request or somebody's waiting is."""

    OPEN = "open"
    OFFERED = "offered"
    BOOKED = "booked"
    DECLINED = "declined"
    LEFT = "left"
    OVER = "over"


class Stands(StrEnum):
    """How far an offer is."""

    OPEN = "open"
    CLAIMED = "claimed"
    DECLINED = "declined"
    OVER = "over"


class Paid(StrEnum):
    """How far a deposit is; what is ``owed`` goes back, what is ``moved`` went with the visit."""

    DUE = "due"
    PAID = "paid"
    WAIVED = "waived"
    OWED = "owed"
    MOVED = "moved"
    REFUNDED = "refunded"
    KEPT = "kept"


LIVE = (State.BOOKED, State.CONFIRMED, State.ARRIVED, State.IN_PROGRESS)
MOVES: dict[State, frozenset[State]] = {
    State.BOOKED: frozenset({State.CONFIRMED, State.ARRIVED, State.CANCELLED, State.NO_SHOW, State.MOVED}),
    State.CONFIRMED: frozenset({State.ARRIVED, State.CANCELLED, State.NO_SHOW, State.MOVED}),
    State.ARRIVED: frozenset({State.IN_PROGRESS, State.CANCELLED, State.COMPLETED, State.BOOKED}),
    State.IN_PROGRESS: frozenset({State.COMPLETED, State.ARRIVED}),
    State.COMPLETED: frozenset(),
    State.CANCELLED: frozenset(),
    State.NO_SHOW: frozenset({State.ARRIVED}),
    State.MOVED: frozenset(),
}

"""What can be wrong with a booking."""

from datetime import datetime
from typing import Any


class BookingError(ValueError):
    """Something about a booking does not hold."""


class NoSuchVisit(BookingError):
    """No visit of this chain has this number."""


class Gone(BookingError):
    """The time is taken: an ordinary answer, with ``others`` near it that can be had."""

    def __init__(self, others: tuple[datetime, ...] = ()) -> None:
        super().__init__("that time is taken")
        self.others = others


class RanOut(BookingError):
    """The hold ended before it was used."""


class OtherQuestion(BookingError):
    """The key of a request was used before, for something else."""


class NotOffered(BookingError):
    """This type cannot be had there, by this channel, by this person."""


class TooManyHolds(BookingError):
    """Somebody holds more times than one may."""


class NoSuchMove(BookingError):
    """A visit cannot become that from what it is."""

    def __init__(self, now: str, wanted: str) -> None:
        super().__init__(f"{now} does not become {wanted}")
        self.now, self.wanted = now, wanted


class Overlaps(BookingError):
    """The same person has another visit at that time."""

    def __init__(self, other: Any) -> None:
        super().__init__("the person has another visit then")
        self.other = other


class WantsReason(BookingError):
    """Overbooking and late changes want to say why."""


class LinkOver(BookingError):
    """A link is not known, was used, or has ended: one answer for all three."""


class WishOver(BookingError):
    """A request, or somebody's waiting, has ended already."""


class OfferOver(BookingError):
    """An offer was claimed, declined or has ended."""


class Taken(BookingError):
    """Somebody else looks after this entry already."""


class TooLate(BookingError):
    """The time for moving or cancelling by oneself is over; the practice can still do it."""


class TooMany(BookingError):
    """More than ``most`` of them at once."""

    def __init__(self, most: int) -> None:
        super().__init__(f"more than {most}")
        self.most = most


class NobodyKnown(BookingError):
    """A request is not anybody's yet: the desk says who it is first."""


class WaitsAlready(BookingError):
    """The person waits for this type already."""


class NotRepeated(BookingError):
    """A rule of repetition cannot be read, or names no day."""

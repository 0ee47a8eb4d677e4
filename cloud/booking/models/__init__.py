"""Tables of the booking room."""

from cloud.booking.models.links import Entry, Link
from cloud.booking.models.masks import Mask
from cloud.booking.models.visits import Change, Deposit, Hold, Key, Part, Telling, Visit
from cloud.booking.models.wanted import Wanted
from cloud.booking.models.wishes import Freed, Offer, Request, Waiting

__all__ = [
    "Change",
    "Deposit",
    "Entry",
    "Freed",
    "Hold",
    "Key",
    "Link",
    "Mask",
    "Offer",
    "Part",
    "Request",
    "Telling",
    "Visit",
    "Waiting",
    "Wanted",
]

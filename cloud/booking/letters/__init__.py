"""What patients are told about their visits, in the transaction of what is told."""

from cloud.booking.letters.visits import another_time, cancelled, confirmed, moved, over, reminders, somebody_else
from cloud.booking.letters.wishes import asked, declined, offered, proposed

__all__ = [
    "another_time",
    "asked",
    "cancelled",
    "confirmed",
    "declined",
    "moved",
    "offered",
    "over",
    "proposed",
    "reminders",
    "somebody_else",
]

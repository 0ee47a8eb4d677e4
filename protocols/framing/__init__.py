"""What every dialect answers with, and the gathering of bytes that most dialects share."""

from protocols.framing.events import Decoder, Event, Garbled, Recognition, Request, Transmission
from protocols.framing.gatherer import Gatherer, Grammar, Unread, decode

__all__ = [
    "Decoder",
    "Event",
    "Garbled",
    "Gatherer",
    "Grammar",
    "Recognition",
    "Request",
    "Transmission",
    "Unread",
    "decode",
]

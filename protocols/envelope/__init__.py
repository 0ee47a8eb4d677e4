"""What travels over MQTT: topics, batches, acknowledgements, births, events and commands."""

from protocols.envelope.messages import (
    Ack,
    Batch,
    Birth,
    Capture,
    Clock,
    Command,
    CommandState,
    Death,
    Event,
    InstrumentState,
    Item,
    Malformed,
    Refusal,
    Span,
    decode,
    encode,
)
from protocols.envelope.topics import Address, Topic, parse, subscription

__all__ = [
    "Ack",
    "Address",
    "Batch",
    "Birth",
    "Capture",
    "Clock",
    "Command",
    "CommandState",
    "Death",
    "Event",
    "InstrumentState",
    "Item",
    "Malformed",
    "Refusal",
    "Span",
    "Topic",
    "decode",
    "encode",
    "parse",
    "subscription",
]

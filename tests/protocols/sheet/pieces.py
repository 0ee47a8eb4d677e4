"""A decoder fed in pieces, and what of its events matters."""

from protocols.framing import Transmission


def fed(decoder, wire, size):
    """The events of a wire whose bytes arrive so many at a time."""
    events = [event for at in range(0, len(wire), size) for event in decoder.feed(wire[at : at + size])]
    return [*events, *decoder.silence()]


def read(events):
    """Every reading."""
    return [reading for event in events if isinstance(event, Transmission) for reading in event.readings]


def codes(reading):
    """The codes of its notes."""
    return [note.code for note in reading.notes]

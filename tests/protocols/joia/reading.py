"""What documents are read as."""

from protocols.framing import Transmission
from protocols.joia import decode


def readings(raw):
    (event,) = decode(raw)
    assert isinstance(event, Transmission), event.why
    return event.readings


def codes(reading):
    return [note.code for note in reading.notes]

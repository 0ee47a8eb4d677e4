"""How sure a dialect of documents is that it could have produced some bytes."""

from collections.abc import Sequence

from protocols.framing import Event, Recognition, Transmission
from protocols.xml.gathering import Documents


def judged(events: Sequence[Event], documents: Documents, root: str) -> Recognition:
    """By the best that stands in a whole capture."""
    if any(isinstance(event, Transmission) for event in events):
        return Recognition(95, f"an XML document with the root element {root} that can be read")
    if any(documents.begun_in(event.raw) for event in events):
        return Recognition(30, f"begins like an XML document with the root element {root} but could not be read")
    return Recognition(0, f"no XML document with the root element {root}")

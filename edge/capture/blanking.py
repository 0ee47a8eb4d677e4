"""Takes the patient out of a capture, by the dialect that knows where it stands.

A dialect package says one of two things: ``blank(data) -> bytes`` gives the same bytes without the patient, as long as
before and with the checksums that were right still right; ``NO_PATIENT`` is the sentence why it can carry none.
"""

import importlib
from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec

from edge.discovery import Candidate, candidates
from protocols.capture import Entry, Recording
from protocols.framing import Event, Garbled, Transmission

SURE = 50
_UNKNOWN = {"unknown_field", "unreadable_field"}


class Unblanked(Exception):
    """Nobody knows where a patient may stand in these bytes: a sentence."""


class Blanked(NamedTuple):
    """What is without the patient, and sentences that whoever hands it on should know."""

    recording: Recording
    remarks: tuple[str, ...]


def blanked(recording: Recording) -> Blanked:
    """The same recording without the patient, what we said included. Raises Unblanked."""
    best = candidates(recording.heard)[0]
    if best.recognition.score < SURE:
        raise Unblanked("No dialect is sure of these bytes, so nobody knows where a patient stands in them.")
    package = importlib.import_module(best.manifest.dialect)
    blank, none = getattr(package, "blank", None), getattr(package, "NO_PATIENT", None)
    if blank is None and none is None:
        raise Unblanked(f"The dialect {best.dialect.DIALECT} does not know yet where a patient stands in its bytes.")
    told = f"The dialect {best.dialect.DIALECT} carries no patient; nothing had to be blanked. {none}"
    remarks = (*([told] if none else []), *_left(best, recording.heard))
    return Blanked(_said(recording, blank or bytes), remarks)


def _said(recording: Recording, blank: Any) -> Recording:
    """Both sides without the patient: a phoropter is told whose values it takes."""
    heard = recording.saying(blank(recording.heard))
    entries = tuple(_answered(entry, blank) if entry.by == "gateway" else entry for entry in heard.entries)
    return Recording(heard.head, entries)


def _answered(entry: Entry, blank: Any) -> Entry:
    return msgspec.structs.replace(entry, hex=blank(entry.data).hex(" "))


def _left(best: Candidate, heard: bytes) -> Iterator[str]:
    """What blanking could not judge."""
    events: list[Event] = best.dialect.decode(heard)
    if unread := sum(len(event.raw) for event in events if isinstance(event, Garbled)):
        yield f"{unread} bytes could not be read; a patient may still stand in them. Look before you hand them on."
    readings = [reading for event in events if isinstance(event, Transmission) for reading in event.readings]
    if any(note.code in _UNKNOWN for reading in readings for note in reading.notes):
        yield "Fields that nobody knows, or that are not as they should be, are in it. Look before you hand them on."

"""What every dialect answers with: whole transmissions, requests, or a reasoned refusal."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from protocols.readings import Reading


@dataclass(frozen=True, slots=True)
class Transmission:
    """One whole transmission: the bytes exactly as they came, and what they mean."""

    raw: bytes
    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class Garbled:
    """Bytes that cannot be trusted; kept for a person to look at.

    ``offset`` counts from the first byte of ``raw`` and says where reading broke off.
    """

    raw: bytes
    why: str
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Request:
    """The instrument asks something; ``reply`` is what to send so that it goes on."""

    raw: bytes
    reply: bytes = field(default=b"")


Event = Transmission | Garbled | Request


class Decoder(Protocol):
    """Turns bytes, in whatever pieces they arrive, into events; owns no clock."""

    def feed(self, data: bytes) -> Sequence[Event]:
        """Take the next bytes and answer with everything they completed."""

    def silence(self) -> Sequence[Event]:
        """The line has been quiet for the dialect's own pause: complete or give up what is pending."""


@dataclass(frozen=True, slots=True)
class Recognition:
    """How sure a dialect is that it could have produced some bytes: 0 (no) to 100 (its checksum verifies)."""

    score: int
    why: str

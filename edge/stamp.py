"""The identity and the time a reading gets where its bytes arrive."""

import secrets
import time
import uuid
from datetime import UTC, datetime

from protocols.readings import Reading, stamped


def uuid7() -> str:
    """A new UUIDv7 (RFC 9562 §5.7): milliseconds since 1970 first, so that ids sort by birth; the rest is chance."""
    milliseconds = time.time_ns() // 1_000_000
    number = (milliseconds & (1 << 48) - 1) << 80 | secrets.randbits(80)
    number = number & ~(0xF << 76) | 7 << 76
    return str(uuid.UUID(int=number & ~(0b11 << 62) | 0b10 << 62))


def stamp(reading: Reading, received_at: str | None = None) -> Reading:
    """The reading with a new identity; received now, unless a better clock says when."""
    now = received_at or datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return stamped(reading, reading_id=uuid7(), received_at=now)

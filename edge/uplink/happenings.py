"""Events on their way to the cloud."""

import time
from typing import Any

from edge.clock import iso
from edge.outbox import Outbox
from edge.stamp import uuid7
from protocols.envelope import Event, encode


async def happened(
    outbox: Outbox, code: str, text: str, *, dev: str | None = None, data: dict[str, Any] | None = None, at: str = ""
) -> None:
    """Something happened on this gateway: post it as a bulletin."""
    event = Event(v=1, id=uuid7(), at=at or iso(time.time()), code=code, text=text, dev=dev, data=data or {})
    await outbox.post("event", encode(event))

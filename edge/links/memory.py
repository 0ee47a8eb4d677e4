"""A null modem in memory: two links, each the other's far side. For tests and for the desk."""

from collections.abc import AsyncIterator

from edge.links.base import LinkLost
from edge.links.inbox import Inbox


class MemoryLink:
    """One end of a null modem."""

    def __init__(self) -> None:
        self._inbox = Inbox()
        self._far: MemoryLink | None = None

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._inbox

    async def write(self, data: bytes) -> None:
        """Hand it to the other end."""
        if self._inbox.ended or self._far is None or self._far._inbox.ended:
            raise LinkLost("the other end hung up")
        self._far._inbox.put(data)

    async def aclose(self) -> None:
        """Hang up on both ends."""
        self._inbox.end()
        if self._far is not None:
            self._far._inbox.end()


def null_modem() -> tuple[MemoryLink, MemoryLink]:
    """Two ends of one wire."""
    ours, theirs = MemoryLink(), MemoryLink()
    ours._far, theirs._far = theirs, ours
    return ours, theirs

"""A link on which somebody else may listen in, while its driver works as ever."""

from collections.abc import AsyncIterator, Callable, Collection
from typing import Literal

from edge.links import base
from edge.links.base import Link

Ear = Callable[[Literal["instrument", "gateway"], bytes], None]


class Tap:
    """Passes everything through and tells ``ears``, which may come and go, who said which bytes."""

    def __init__(self, link: Link, ears: Collection[Ear]) -> None:
        self._link, self._ears = link, ears
        self.whole = getattr(link, "whole", False)
        self.paths = getattr(link, "paths", False)
        self.data = getattr(link, "data", None)
        self.camera = getattr(link, "camera", None)  # what it sees passes by no ear

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        said = await anext(aiter(self._link))
        for ear in tuple(self._ears):
            ear("instrument", said)
        return said

    def once(self) -> str | None:
        """Under which name the next thing that is read is told once."""
        return base.once(self._link)

    async def write(self, data: bytes) -> None:
        """Send all of it. Raises LinkLost when it cannot be sent."""
        await self._link.write(data)
        for ear in tuple(self._ears):
            ear("gateway", data)

    async def aclose(self) -> None:
        """Let go of the wire."""
        await self._link.aclose()

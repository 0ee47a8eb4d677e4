"""What has arrived and nobody has read yet; the half that all links share."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable

from edge.links.base import LinkLost

HIGH = 1 << 20  # an instrument that nobody listens to must not fill the memory


class Inbox:
    """Chunks in order. ``pause`` and ``resume`` tell the wire when the reader falls behind."""

    def __init__(self, pause: Callable[[], None] = lambda: None, resume: Callable[[], None] = lambda: None) -> None:
        self._chunks: deque[bytes] = deque()
        self._size = 0
        self._ended = False
        self._lost: str | None = None
        self._arrived = asyncio.Event()
        self._pause, self._resume, self._paused = pause, resume, False

    @property
    def ended(self) -> bool:
        """Nothing more will come."""
        return self._ended

    def put(self, chunk: bytes) -> None:
        """Take what arrived."""
        self._chunks.append(chunk)
        self._size += len(chunk)
        self._arrived.set()
        if self._size >= HIGH and not self._paused:
            self._paused = True
            self._pause()

    def end(self, lost: str | None = None) -> None:
        """The wire is gone: hung up, or broken for a reason. The first word counts."""
        if not self._ended:
            self._ended, self._lost = True, lost
        self._arrived.set()

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        while not self._chunks:
            if self._ended:
                self._say_why()
            self._arrived.clear()
            await self._arrived.wait()  # taking the chunk happens after the wait: a cancelled wait loses nothing
        return self._take()

    def _take(self) -> bytes:
        chunk = self._chunks.popleft()
        self._size -= len(chunk)
        if self._paused and self._size < HIGH // 2 and not self._ended:
            self._paused = False
            self._resume()
        return chunk

    def _say_why(self) -> None:
        if self._lost is not None:
            raise LinkLost(self._lost)
        raise StopAsyncIteration

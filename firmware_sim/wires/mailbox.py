"""Bytes waiting to be read by the instrument, whichever wire brought them."""

import asyncio


class Mailbox:
    """An async iterator of chunks that loses nothing when a wait is cancelled."""

    def __init__(self) -> None:
        self._chunks: list[bytes] = []
        self._changed = asyncio.Event()
        self._closed = False

    def put(self, chunk: bytes) -> None:
        """A chunk came."""
        self._chunks.append(chunk)
        self._changed.set()

    def close(self) -> None:
        """Nothing comes any more."""
        self._closed = True
        self._changed.set()

    def __aiter__(self) -> "Mailbox":
        return self

    async def __anext__(self) -> bytes:
        while not self._chunks:
            if self._closed:
                raise StopAsyncIteration
            self._changed.clear()
            await self._changed.wait()
        return self._chunks.pop(0)

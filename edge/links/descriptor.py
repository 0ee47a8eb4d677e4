"""A device of this machine read by the event loop itself: no thread, no polling. A serial port, a USB printer."""

import asyncio
import errno
import os
from collections.abc import AsyncIterator, Callable

from edge.links.base import LinkLost
from edge.links.inbox import Inbox

STALLED_S = 15.0
CHUNK = 4096
# A pty whose far side has gone says EIO, not EOF; so does a USB adapter that was pulled out.
HUNG_UP = frozenset({errno.EIO, errno.ENXIO, errno.ENODEV, errno.EBADF})


class DescriptorLink:
    """An open descriptor that does not block; ``close`` lets go of it."""

    def __init__(self, fd: int, close: Callable[[], None]) -> None:
        self._fd, self._close = fd, close
        self._loop = asyncio.get_running_loop()
        self._inbox = Inbox(self._pause, self._resume)
        self._gone = asyncio.Event()
        self._resume()

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._inbox

    async def write(self, data: bytes) -> None:
        """Send all of it, waiting for the line's own flow control."""
        rest = memoryview(data)
        while rest:
            if self._inbox.ended:
                raise LinkLost("the port is closed")
            rest = rest[self._write_some(rest) :]
            if rest:
                await self._until_writable()

    def _write_some(self, data: memoryview) -> int:
        try:
            return os.write(self._fd, data)
        except BlockingIOError:
            return 0
        except OSError as failure:
            self._end(failure)
            raise LinkLost(f"the port failed: {failure.strerror}") from None

    async def _until_writable(self) -> None:
        writable = asyncio.Event()
        self._loop.add_writer(self._fd, writable.set)
        try:
            async with asyncio.timeout(STALLED_S):
                await writable.wait()
        except TimeoutError:
            raise LinkLost(f"the instrument took no data for {STALLED_S:.0f} s (flow control)") from None
        finally:
            if not self._gone.is_set():
                self._loop.remove_writer(self._fd)

    async def aclose(self) -> None:
        """Let the port go."""
        self._inbox.end()
        self._release()

    def _readable(self) -> None:
        try:
            chunk = os.read(self._fd, CHUNK)
        except BlockingIOError:
            return
        except OSError as failure:
            self._end(failure)
            return
        if chunk:
            self._inbox.put(chunk)
        else:
            self._end(None)

    def _end(self, failure: OSError | None) -> None:
        broken = failure is not None and failure.errno not in HUNG_UP
        self._inbox.end(f"the port failed: {failure.strerror}" if failure and broken else None)
        self._release()

    def _release(self) -> None:
        if self._gone.is_set():
            return
        self._gone.set()
        self._loop.remove_reader(self._fd)
        self._loop.remove_writer(self._fd)
        self._close()

    def _pause(self) -> None:
        self._loop.remove_reader(self._fd)

    def _resume(self) -> None:
        self._loop.add_reader(self._fd, self._readable)

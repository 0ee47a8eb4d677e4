"""A USB instrument as a link: what its endpoint says, packet by packet. One thread a link, as libusb blocks."""

import asyncio
import functools
import threading
from collections.abc import AsyncIterator

from usb.backend import IBackend

from edge.links.base import LinkLost
from edge.links.inbox import Inbox
from edge.links.usb_address import UsbAddress
from edge.links.usb_bus import Held, hold


class UsbLink:
    """An instrument that is ours until closed."""

    def __init__(self, held: Held) -> None:
        self._held, self._loop = held, asyncio.get_running_loop()
        self._wanted, self._closing = threading.Event(), threading.Event()
        self._given_back = asyncio.Event()
        self._inbox = Inbox(self._wanted.clear, self._wanted.set)
        self._wanted.set()
        self._writing = asyncio.Lock()
        threading.Thread(target=self._listen, name="usb", daemon=True).start()

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._inbox

    async def write(self, data: bytes) -> None:
        """Send all of it. Raises LinkLost."""
        async with self._writing:
            if self._inbox.ended:
                raise LinkLost("the instrument is no longer held")
            await asyncio.to_thread(self._held.write, data)

    async def aclose(self) -> None:
        """Give the instrument back."""
        self._inbox.end()
        async with self._writing:  # nobody may be inside libusb when the handle goes
            self._closing.set()
            self._wanted.set()
            await self._given_back.wait()

    def _listen(self) -> None:
        """The thread: until closed or lost."""
        try:
            while not self._closing.is_set():
                self._wanted.wait()
                if said := self._held.read():
                    self._tell(functools.partial(self._inbox.put, said))
        except LinkLost as loss:
            self._tell(functools.partial(self._inbox.end, str(loss)))
            self._closing.wait()
        finally:
            self._held.give_back()
            self._tell(self._given_back.set)

    def _tell(self, word: functools.partial[None] | object) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(word)  # type: ignore[arg-type]


async def open_usb(url: str, over: IBackend | None = None) -> UsbLink:
    """Take an instrument. Raises LinkRefused."""
    taking = asyncio.ensure_future(asyncio.to_thread(hold, UsbAddress.of(url), over))
    try:
        return UsbLink(await asyncio.shield(taking))
    except asyncio.CancelledError:
        taking.add_done_callback(_give_back_late)
        raise


def _give_back_late(taking: asyncio.Future[Held]) -> None:
    if not taking.cancelled() and taking.exception() is None:
        taking.result().give_back()

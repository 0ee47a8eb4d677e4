"""Listens to a foot switch: a USB keyboard whose key is a pedal."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable

from edge.backoff import Backoff
from edge.camera.pedal import Pedal, Press
from edge.links import LinkLost, LinkRefused, open_link
from edge.links.base import Link

log = logging.getLogger("emmetra.instruments")

LONGEST_S = 10.0
Do = Callable[[Press], Awaitable[None]]


class FootSwitch:
    """``run`` until cancelled, through unplugging and plugging in; ``state`` is plugged, lost or refused."""

    def __init__(self, url: str, do: Do) -> None:
        self._url, self._do = url, do
        self._meant: asyncio.Queue[Press] = asyncio.Queue()
        self.state = "lost"

    async def run(self) -> None:
        """Presses are told one after the other, however long one takes."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._listen())
            group.create_task(self._tell())

    async def _tell(self) -> None:
        while True:
            await self._do(await self._meant.get())

    async def _listen(self) -> None:
        backoff = Backoff(0.5, LONGEST_S)
        while True:
            try:
                await self._listen_once(backoff)
            except (LinkLost, LinkRefused) as trouble:
                self._become("refused" if getattr(trouble, "lasting", False) else "lost", str(trouble))
            await asyncio.sleep(backoff.next())

    async def _listen_once(self, backoff: Backoff) -> None:
        link = await open_link(self._url)
        try:
            self._become("plugged", "")
            backoff.reset()
            await self._read(link)
        finally:
            await link.aclose()

    async def _read(self, link: Link) -> None:
        pedal, reports = Pedal(), aiter(link)
        while True:
            wait = None if pedal.due is None else max(0.0, pedal.due - time.monotonic())
            try:
                report = await asyncio.wait_for(anext(reports), wait)
                meant = pedal.feed(is_down(report), time.monotonic())
            except TimeoutError:
                meant = pedal.tick(time.monotonic())
            except StopAsyncIteration:
                return
            for press in meant:
                self._meant.put_nowait(press)

    def _become(self, state: str, why: str) -> None:
        if state != self.state:
            log.log(logging.INFO if state == "plugged" else logging.WARNING, "foot switch: %s. %s", state, why)
        self.state = state


def is_down(report: bytes) -> bool:
    """Whether a boot keyboard says that a key is held: modifiers, a byte for nothing, up to six usages."""
    return any(report[:1]) or any(report[2:8])

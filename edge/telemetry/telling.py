"""Tells the cloud every few minutes how the gateway fares."""

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable
from typing import Any

from edge.outbox import Outbox
from edge.telemetry.looking import Sources, look
from protocols.envelope import encode

EVERY_S = 600
FIRST_S = 10.0  # when instruments and uplink have come up
TICK_S = 5.0


class Telemetry:
    """Posts a look as a bulletin of the class telemetry, and measures how late the loop is meanwhile."""

    def __init__(self, sources: Sources, outbox: Outbox, every_s: float = EVERY_S) -> None:
        self._sources, self._outbox, self._every_s = sources, outbox, every_s
        self._run = secrets.token_hex(4)
        self._lag_s = 0.0
        self._due = time.monotonic() + min(FIRST_S, every_s)
        self._changed = asyncio.Event()

    def every(self, seconds: float | None) -> None:
        """Look this often from now on; None is the gateway's own habit."""
        wanted = float(seconds or EVERY_S)
        if wanted != self._every_s:
            self._every_s = wanted
            self._due = time.monotonic() + wanted
            self._changed.set()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            while (left := self._due - time.monotonic()) > 0:
                await self._tick(min(left, TICK_S))
            self._due = time.monotonic() + self._every_s
            await self._tell()

    async def _tick(self, seconds: float) -> None:
        """Sleep, and see how late one is woken; a change of the interval wakes at once."""
        self._changed.clear()
        began = time.monotonic()
        try:
            async with asyncio.timeout(seconds):
                await self._changed.wait()
        except TimeoutError:
            self._lag_s = max(self._lag_s, time.monotonic() - began - seconds)

    async def _tell(self) -> None:
        lag_s, self._lag_s = self._lag_s, 0.0
        await self._outbox.post("telemetry", encode(await look(self._sources, self._run, lag_s)))


def promptly(follow: Callable[[Any], None]) -> Callable[[Any], Awaitable[None]]:
    """As the shadow hands out a key of its document: what it calls always works, at once."""

    async def take(value: Any) -> None:
        follow(value)

    return take

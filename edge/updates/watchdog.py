"""Tells systemd that the gateway is ready and alive; where nobody listens, nothing happens."""

import asyncio
import os
import socket
import time
from collections.abc import Awaitable, Callable

SPARE = 3  # fed three times as often as the watchdog wants
PATIENCE_S = 20.0


def notify(text: str) -> None:
    """One message of sd_notify(3): ``READY=1``, ``WATCHDOG=1``, ``STATUS=…``."""
    where = os.environ.get("NOTIFY_SOCKET", "")
    if not where:
        return
    address = "\0" + where[1:] if where.startswith("@") else where
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as line:
            line.sendto(text.encode(), address)
    except OSError:
        return  # a service manager that is gone is no reason to stop


def interval_s() -> float:
    """How often to feed, from what systemd asks for (``WATCHDOG_USEC``); every 10 s where it asks for nothing."""
    asked = os.environ.get("WATCHDOG_USEC", "")
    return int(asked) / 1e6 / SPARE if asked.isdigit() and int(asked) else 10.0


class Watchdog:
    """Fed while the gateway's loop turns and its outbox answers; a hung disk or loop starves it."""

    def __init__(self, answers: Callable[[], Awaitable[object]], every_s: float | None = None) -> None:
        self._answers, self.every_s = answers, every_s or interval_s()
        self._fed = time.monotonic()

    @property
    def is_fed(self) -> bool:
        """Whether the last feeding is not overdue."""
        return time.monotonic() - self._fed < SPARE * self.every_s

    async def run(self) -> None:
        """Until cancelled."""
        notify("READY=1")
        while True:
            try:
                # never wait_for: before Python 3.12 it swallows a cancellation that comes with the answer
                async with asyncio.timeout(PATIENCE_S):
                    await self._answers()
            except TimeoutError:
                continue
            self._fed = time.monotonic()
            notify("WATCHDOG=1")
            await asyncio.sleep(self.every_s)

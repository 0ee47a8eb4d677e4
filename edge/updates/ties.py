"""What the upkeep sees of the gateway around it."""

import platform
import sqlite3
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from edge.outbox import Outbox, OutboxFull
from edge.supervisor import Supervisor
from edge.updates.gate import Health
from edge.updates.steps import Here
from edge.updates.watchdog import Watchdog
from protocols.envelope import Event, encode

CHATTER_S = 3600.0  # an instrument that has not been silent for so long is no reason to wait; its results still are
TOUCHED = "upkeep_looked"


@dataclass
class Ties:
    """The upkeep's look at outbox, uplink, instruments and watchdog, and its two requests: say it again, restart."""

    outbox: Outbox
    supervisor: Supervisor
    connected: Callable[[], bool]
    watchdog: Watchdog
    changed: Callable[[], None]
    restart: Callable[[], None]
    _busy_since: float | None = field(default=None, init=False)

    async def health(self) -> Health:
        """One look; the outbox is written to, not only asked."""
        opened = {one.settings.name for one in self.supervisor.keepers if one.state == "connected"}
        return Health(self.connected(), await self._writable(), self.watchdog.is_fed, frozenset(opened))

    async def _writable(self) -> bool:
        try:
            await self.outbox.set_fact(TOUCHED, int(time.time()))
        except (OutboxFull, sqlite3.Error, OSError):
            return False
        return not self.outbox.full

    def busy(self) -> str | None:
        """Which instrument is at work."""
        at_work = self.supervisor.busy()
        now = time.monotonic()
        self._busy_since = (self._busy_since or now) if at_work else None
        if self._busy_since is not None and now - self._busy_since > CHATTER_S:
            return self.supervisor.busy(chatter_counts=False)
        return at_work

    async def tell(self, event: Event) -> None:
        """As a bulletin of the outbox."""
        await self.outbox.post("event", encode(event))


def here(version: str, ca: Path | None) -> Callable[[Path], Here]:
    """What this gateway is, once the folder of its keys is known."""
    name = f"{platform.system().lower()}-{platform.machine()}"
    python = ".".join(str(part) for part in sys.version_info[:2])
    return lambda keys: Here(version, name, python, keys, ca)

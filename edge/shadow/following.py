"""The gateway as the shadow sees it: what changes is started, stopped or connected anew; the rest works on."""

import logging
from collections.abc import Callable
from dataclasses import replace

from edge.config import GatewayConfig
from edge.outbox import Outbox
from edge.outbox.outbox import MIB
from edge.shadow.judging import faults
from edge.shadow.merging import over
from edge.supervisor import Fit, Supervisor
from edge.uplink import Uplink
from protocols.envelope.desired import Wanted


class Following:
    """``config`` is the gateway's own file with the document in force laid over it."""

    def __init__(self, own: GatewayConfig, fit: Fit, outbox: Outbox) -> None:
        self._own, self._fit, self._outbox = own, fit, outbox
        self._supervisor: Supervisor | None = None
        self._uplink: Uplink | None = None
        self._changed: Callable[[], None] = lambda: None
        self.config = own

    def begin(self, doc: Wanted) -> GatewayConfig:
        """Before anything is put together."""
        self.config = over(self._own, doc)
        self._set(doc)
        return self.config

    def join(self, supervisor: Supervisor, uplink: Uplink, changed: Callable[[], None]) -> None:
        """What was put together with ``config``; ``changed`` is told when instruments came or went."""
        self._supervisor, self._uplink, self._changed = supervisor, uplink, changed

    def faults(self, doc: Wanted) -> dict[str, str]:
        """Why it cannot follow, by key."""
        return faults(doc, self._own, self._fit)

    async def follow(self, doc: Wanted) -> bool:
        """Become what the document says; whether the connection is made anew for it."""
        before, self.config = self.config, over(self._own, doc)
        self._set(doc)
        if self._supervisor is not None:
            await self._supervisor.become(self.config.instruments)
            self._changed()
        if self._uplink is None or self.config.broker == before.broker:
            return False
        await self._uplink.reconnect(self.config.broker)
        return True

    def broker(self) -> tuple[bool, str | None]:
        """Whether the broker lets us in at this moment, and what came back from it if not."""
        state = self._uplink.state if self._uplink else None
        return (state.state == "connected", state.why) if state else (False, None)

    def _set(self, doc: Wanted) -> None:
        floor = int(self.config.disk_floor_mb * MIB)
        self._outbox.limits = replace(self._outbox.limits, floor_bytes=floor, raw_days=self.config.raw_days)
        level = logging.getLevelName(doc.log_level.upper()) if doc.log_level else logging.NOTSET
        logging.getLogger("emmetra").setLevel(level)

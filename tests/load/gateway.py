"""A real gateway whose driver says on the wire what is durable: ``python -m tests.load.gateway CONFIG [hasty]``.

No instrument of these families acknowledges a print, so nothing on a real wire tells when one is safe. Here the
driver writes the digest of a transmission back once ``await emit()`` has returned, which is when the outbox has
fsynced it. ``hasty`` shortens how long the gateway waits before it connects or sends again; nothing else changes.
"""

import asyncio
import hashlib
import logging
import signal
import sys
from dataclasses import replace
from pathlib import Path

from edge import config
from edge.backoff import Backoff
from edge.gateway import Gateway
from edge.links import Link
from edge.supervisor import Fitting, families
from edge.supervisor.fitting import Driver, Emit, InstrumentSettings
from edge.uplink import pump, uplink, window
from protocols.framing import Event, Garbled, Transmission


class Witness:
    """The true driver, with a receipt for everything that is durable."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver

    async def run(self, link: Link, emit: Emit) -> None:
        async def durable(event: Event) -> None:
            await emit(event)
            if isinstance(event, Transmission | Garbled):
                await link.write(hashlib.sha256(event.raw).hexdigest().encode() + b"\n")

        await self._driver.run(link, durable)


def fit(settings: InstrumentSettings) -> Fitting:
    fitting = families.fit(settings)
    return replace(fitting, make=lambda: Witness(fitting.make()))


def make_haste() -> None:
    def soon(first: float = 1.0, cap: float = 60.0) -> Backoff:
        return Backoff(min(first, 0.3), min(cap, 1.0))

    uplink.Backoff = pump.Backoff = soon  # type: ignore[assignment, misc]
    window.PATIENCE_S, window.PATIENCE_CAP_S = 4.0, 8.0
    pump.ASKED_AGAIN_S = 1.0


async def main() -> None:
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(name)s: %(message)s")
    sys.setswitchinterval(0.001)
    gateway = Gateway(config.load(Path(sys.argv[1])), fit=fit)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, gateway.stop)
    await gateway.run()


if __name__ == "__main__":
    if "hasty" in sys.argv[2:]:
        make_haste()
    asyncio.run(main())

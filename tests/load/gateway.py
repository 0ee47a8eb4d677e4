"""A real gateway whose driver says on the wire what is durable, with a clock that can be shifted.

The launcher starts it from one of two slots, as it would a release; see House.

No instrument of these families acknowledges a print, so nothing on a real wire tells when one is safe. Here the
driver writes the digest of a transmission back once ``await emit()`` has returned, which is when the outbox has
fsynced it. ``hasty`` shortens how long the gateway waits before it connects or sends again, or finds out that nobody
answers; nothing else changes. A file beside the configuration says by how many seconds its clock is wrong.
"""

import asyncio
import contextlib
import hashlib
import logging
import os
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import edge.gateway
from edge import config
from edge.backoff import Backoff
from edge.gateway import Gateway
from edge.links import Link
from edge.supervisor import Fitting, families, notebook
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
    uplink.KEEPALIVE_S = 2
    notebook.FULL_RETRY_S = 0.1
    edge.gateway.REOPEN_S = 0.2


def shifted(by: Path) -> float:
    """The time, wrong by the seconds that a file holds."""
    with contextlib.suppress(OSError, ValueError):
        return time.time() + float(by.read_text())
    return time.time()


async def main(path: Path) -> None:
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(name)s: %(message)s")
    sys.setswitchinterval(0.001)
    gateway = Gateway(config.load(path), fit=fit)
    gateway.clock.wall = lambda: shifted(path.with_suffix(".clock"))
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, gateway.stop)
    await gateway.run()


def run(argv: Sequence[str]) -> None:
    """``CONFIG [hasty]``, from the slot that the launcher named."""
    edge.gateway._version = lambda: f"in slot {os.environ['EMMETRA_SLOT']}"
    if "hasty" in argv[1:]:
        make_haste()
    asyncio.run(main(Path(argv[0])))

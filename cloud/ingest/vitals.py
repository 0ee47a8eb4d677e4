"""A thread of its own for figures of gateways: they wait for nobody, and readings never wait for them.

The broker is told at once that a look was taken; what cannot be kept is dropped and counted, never tried for ever.
"""

import logging
import threading
from collections import deque
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from cloud.ingest.addresses import AddressBook
from cloud.telemetry import looks, meters
from cloud.telemetry.looks import Look
from cloud.telemetry.sinks import TelemetrySink
from protocols.envelope import Address, Malformed

log = logging.getLogger(__name__)

TOGETHER = 500  # looks a write
GATHER_SECONDS = 0.5
WAITING = 20_000  # looks; beyond that the oldest go

Arrived = tuple[Address, bytes, datetime]


class Vitals(threading.Thread):
    """Gathers looks for a moment and hands them to the sink."""

    def __init__(self, engine: Engine, sink: TelemetrySink, name: str = "ingest-vitals") -> None:
        super().__init__(name=name, daemon=True)
        self._addresses, self._sink = AddressBook(engine), sink
        self._queue: deque[Arrived] = deque()
        self._wake, self._stopping = threading.Condition(), threading.Event()

    def put(self, address: Address, payload: bytes, arrived_at: datetime) -> None:
        """Queue a look; returns at once."""
        with self._wake:
            self._queue.append((address, payload, arrived_at))
            if len(self._queue) > WAITING:
                self._queue.popleft()
                meters.vitals("dropped")
            self._wake.notify()

    def stop(self) -> None:
        """Hand over what is there and end."""
        self._stopping.set()
        with self._wake:
            self._wake.notify()

    def run(self) -> None:
        """Gather and hand over until told to stop."""
        while True:
            with self._wake:
                self._wake.wait_for(lambda: self._queue or self._stopping.is_set())
            self._stopping.wait(GATHER_SECONDS)
            with self._wake:
                group = [self._queue.popleft() for _ in range(min(TOGETHER, len(self._queue)))]
            self._hand_over(group)
            if self._stopping.is_set() and not self._queue:
                self._sink.close()
                return

    def _hand_over(self, group: list[Arrived]) -> None:
        try:
            found = [look for one in group if (look := self._read(*one)) is not None]
            if found:
                self._sink.write(found)
        except DBAPIError as trouble:
            log.warning("figures were dropped: the database does not take them (%s)", type(trouble.orig).__name__)
            meters.vitals("dropped", len(group))
        except Exception as mistake:
            log.error("figures were dropped by a mistake of our own (%s)", type(mistake).__name__)
            meters.vitals("dropped", len(group))

    def _read(self, address: Address, payload: bytes, arrived_at: datetime) -> Look | None:
        sender = self._addresses.sender(address)
        if sender is None:
            meters.vitals("stranger")
            return None
        try:
            return looks.of(sender.tenant_id, sender.gateway_id, address, payload, arrived_at)
        except Malformed as refusal:
            log.warning("figures of %s cannot be kept: %s", address, refusal)
            meters.vitals("invalid")
            return None

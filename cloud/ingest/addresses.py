"""Who a topic belongs to, remembered for a short while so that the fleet is not asked for every message."""

import time

from sqlalchemy import Engine

from cloud.fleet.queries import find_gateway
from cloud.readings.parcels import Sender
from protocols.envelope import Address

REMEMBER_SECONDS = 10.0


class AddressBook:
    """Finds the sender of a topic; a gateway that is unknown or not enrolled has none."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._known: dict[Address, tuple[float, Sender | None]] = {}
        self._forgotten = 0

    def sender(self, address: Address) -> Sender | None:
        """Who this is, at most REMEMBER_SECONDS old."""
        asked_at, sender = self._known.get(address, (-REMEMBER_SECONDS, None))
        if time.monotonic() - asked_at < REMEMBER_SECONDS:
            return sender
        before, sender = self._forgotten, self._look_up(address)
        if before == self._forgotten:  # what was looked up while somebody was revoked may be him
            self._known[address] = (time.monotonic(), sender)
        return sender

    def forget(self, address: str) -> None:
        """Something about this name has changed; called by another thread."""
        self._forgotten += 1
        self._known.pop(Address.of(address), None)

    def _look_up(self, address: Address) -> Sender | None:
        row = find_gateway(self._engine, address.tenant, address.store, address.gateway)
        if row is None or row.status != "enrolled":
            return None
        return Sender(row.tenant_id, row.store_id, row.gateway_id)

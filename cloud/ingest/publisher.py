"""A thread that takes orders from the database to the broker, and gives up those that nobody answered.

The commit that queued an order wakes it; what it was not told of it finds within LOOK_SECONDS, also after a restart.
An order is marked as sent once the broker has it: dying in between sends it twice, and a gateway carries out an order
once. Where several processes run, whoever locks the row first publishes it.
"""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future

import psycopg
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from cloud.fleet import queries, services
from cloud.fleet.choices import WITHDRAWN, Step
from cloud.kernel.database import unit_of_work
from cloud.readings import sending

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
PUBACK_SECONDS = 5.0
NOBODY_THERE = 0x10
Publish = Callable[[str, bytes, int], "Future[int]"]  # topic, payload, seconds until it expires; PUBACK reason


class Publisher(threading.Thread):
    """Publishes what is queued, of every chain."""

    def __init__(self, engine: Engine, publish: Publish, name: str = "ingest-publisher") -> None:
        super().__init__(name=name, daemon=True)
        self._engine, self._publish = engine, publish
        self._stopping = threading.Event()

    def stop(self) -> None:
        """End within LOOK_SECONDS."""
        self._stopping.set()

    def run(self) -> None:
        """Look after orders until told to stop."""
        told = False
        while not self._stopping.is_set():
            try:
                with self._engine.connect() as connection:
                    self._listen(connection)
            except (DBAPIError, psycopg.Error) as trouble:
                if not told:
                    log.error("orders wait: the database does not answer (%s)", type(trouble).__name__)
                told = True
                self._stopping.wait(LOOK_SECONDS)

    def _listen(self, connection: Connection) -> None:
        heard = connection.connection.driver_connection
        assert isinstance(heard, psycopg.Connection)  # noqa: S101  (the only driver there is)
        connection.detach()  # a connection that listens must not go back to the pool
        heard.autocommit = True
        heard.execute(f"LISTEN {services.ORDERS}")
        while not self._stopping.is_set():
            self._round()
            for _notice in heard.notifies(timeout=LOOK_SECONDS, stop_after=1):
                pass

    def _round(self) -> None:
        orders = queries.open_orders(self._engine)
        for tenant_id in sorted({tenant_id for tenant_id, _ in orders}):
            with unit_of_work(self._engine, tenant_id) as session:
                services.end_overdue(session)
        for tenant_id, order_id in orders:
            with unit_of_work(self._engine, tenant_id) as session:
                self._hand_out(session, order_id)

    def _hand_out(self, session: Session, order_id: int) -> None:
        order = services.hand_out(session, order_id)
        if order is None:
            return
        if not sending.still_good(session, order.patient_id, order.readings):
            services.move(session, order, Step.FAILED, WITHDRAWN)
        elif self._published(*queries.letter(session, order)):
            services.move(session, order, Step.SENT)

    def _published(self, topic: str, payload: bytes, expiry: int) -> bool:
        """Whether the broker has it, and a gateway to bring it to."""
        try:
            reason = self._publish(topic, payload, expiry).result(PUBACK_SECONDS)
        except (OSError, TimeoutError):
            return False
        if reason not in (0, NOBODY_THERE):
            log.error("the broker refuses an order (reason 0x%02x); check its topic rules for down/cmd", reason)
        return reason == 0

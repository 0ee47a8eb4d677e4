"""A thread that takes orders, wanted documents and worklists from the database to the broker; it ends overdue ones.

The commit that queued an order wakes it; what it was not told of it finds within LOOK_SECONDS, also after a restart.
An order is marked as sent once the broker has it: dying in between sends it twice, and a gateway carries out an order
once. Where several processes run, whoever locks the row first publishes it.
"""

import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError, Future
from itertools import takewhile
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from cloud.blobs import queries as blobs
from cloud.blobs import telling as offers
from cloud.fleet import queries, services
from cloud.fleet.choices import WITHDRAWN, Step
from cloud.kernel.bell import listening
from cloud.kernel.database import unit_of_work
from cloud.readings import sending
from cloud.shadow import queries as shadow
from cloud.shadow import services as shadows
from cloud.worklist import queries as worklist
from cloud.worklist import telling

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
PUBACK_SECONDS = 5.0
NOBODY_THERE = 0x10
# Topic, payload, seconds until it expires (none: never), whether it is retained; PUBACK reason.
Publish = Callable[[str, bytes, int | None, bool], "Future[int]"]


class Publisher(threading.Thread):
    """Publishes what is queued, of every chain."""

    def __init__(self, engine: Engine, publish: Publish, cloud: str = "", name: str = "ingest-publisher") -> None:
        """``cloud`` is the address gateways know the cloud by."""
        super().__init__(name=name, daemon=True)
        self.engine, self._publish, self._cloud = engine, publish, cloud
        self.stopping = threading.Event()

    def stop(self) -> None:
        """End within LOOK_SECONDS."""
        self.stopping.set()

    def run(self) -> None:
        """Look after orders until told to stop."""
        told = False
        while not self.stopping.is_set():
            try:
                with self.engine.connect() as connection:
                    self._listen(connection)
            except (DBAPIError, psycopg.Error) as trouble:
                if not told:
                    log.error("%s waits: the database does not answer (%s)", self.name, type(trouble).__name__)
                told = True
                self.stopping.wait(LOOK_SECONDS)

    def _listen(self, connection: Connection) -> None:
        heard = listening(connection, services.ORDERS)
        while not self.stopping.is_set():
            self._round()
            for _notice in heard.notifies(timeout=LOOK_SECONDS, stop_after=1):
                pass

    def _round(self) -> None:
        orders = queries.open_orders(self.engine)
        for tenant_id in sorted({tenant_id for tenant_id, _ in orders}):
            with unit_of_work(self.engine, tenant_id) as session:
                services.end_overdue(session)
        for tenant_id, order_id in self.going(orders):
            with unit_of_work(self.engine, tenant_id) as session:
                self._hand_out(session, order_id)
        for tenant_id, gateway_id in self.going(shadow.unpublished(self.engine)):
            with unit_of_work(self.engine, tenant_id) as session:
                self._make_wanted(session, gateway_id)
        for tenant_id, gateway_id in self.going(worklist.due(self.engine)):
            self.tell(telling, tenant_id, gateway_id)
        for tenant_id, upload_id in self.going(blobs.untold(self.engine)):
            with unit_of_work(self.engine, tenant_id) as session:
                self._answer_offer(session, upload_id)

    def going(self, due: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
        """What is due, until told to stop: where the broker is away, each would be waited for."""
        return takewhile(lambda _one: not self.stopping.is_set(), due)

    def _make_wanted(self, session: Session, gateway_id: int) -> None:
        """Leave the newest document at the broker; whether the gateway is there does not matter."""
        found = shadow.letter(session, gateway_id)
        if found is not None:
            topic, payload, version = found
            if self._left_there(topic, payload):
                shadows.published(session, gateway_id, version)

    def tell(self, room: Any, tenant_id: int, whom: int) -> None:
        """Leave what a room plans at the broker, in no transaction; what it does not take is tried again."""
        with unit_of_work(self.engine, tenant_id) as session:
            plan = room.plan(session, whom)
        if plan is None:
            return
        left = all(self._left_there(one.topic, one.payload, one.expiry) for one in plan.letters)
        with unit_of_work(self.engine, tenant_id) as session:
            room.told(session, whom, plan) if left else room.failed(session, whom)

    def _answer_offer(self, session: Session, upload_id: int) -> None:
        """Where a blob stands, or a ticket for it; a gateway that is not there asks again when it is."""
        found = offers.letter(session, upload_id, self._cloud)
        if found is not None and self._published(*found, taken=(0, NOBODY_THERE)):
            offers.told(session, upload_id)

    def _left_there(self, topic: str, payload: bytes, expiry: int | None = None) -> bool:
        """Whether the broker has it for whoever comes."""
        return self._published(topic, payload, expiry, taken=(0, NOBODY_THERE), kept=True)

    def _hand_out(self, session: Session, order_id: int) -> None:
        order = services.hand_out(session, order_id)
        if order is None:
            return
        if order.patient_id is not None and not sending.still_good(session, order.patient_id, order.readings):
            services.move(session, order, Step.FAILED, WITHDRAWN)
        elif self._published(*queries.letter(session, order)):
            services.move(session, order, Step.SENT)

    def _published(
        self, topic: str, payload: bytes, expiry: int | None, taken: tuple[int, ...] = (0,), kept: bool = False
    ) -> bool:
        """Whether the broker has it, and a gateway to bring it to."""
        try:
            reason = self._publish(topic, payload, expiry, kept).result(PUBACK_SECONDS)
        except (OSError, TimeoutError, CancelledError):  # cancelled: ingest ends while the broker is asked
            return False
        if reason not in (0, NOBODY_THERE):
            log.error("the broker refuses %s (reason 0x%02x); check its topic rules", topic.split("/down/")[1], reason)
        return reason in taken

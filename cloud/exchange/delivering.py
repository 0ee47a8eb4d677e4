"""The worker's part: changes of visits become deliveries, and deliveries are made until they are complete or over.

What is told is the visit as it stands, under the visit's own name, so that telling it twice changes nothing there.
"""

import logging
import threading
import time
from datetime import timedelta

from sqlalchemy import Engine, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from cloud.exchange import queries, saying, sealing, wire
from cloud.exchange.choices import State, Why
from cloud.exchange.errors import ExchangeError, NotAllowed, Silent
from cloud.exchange.models import Delivery, Target
from cloud.exchange.wire import Near, Request
from cloud.kernel.clock import now
from cloud.kernel.database import outside, unit_of_work
from cloud.kernel.facts import Fact, announce
from cloud.kernel.tenancy import current_tenant

log = logging.getLogger(__name__)

AT_ONCE, EVERY_S = 50, 1.0
LEASE = timedelta(minutes=1)
BACKOFF = tuple(timedelta(seconds=one) for one in (10, 60, 300, 1800, 7200))
TAKEN, BUSY, NONE_SUCH = range(200, 300), (408, 425, 429, *range(500, 600)), (404, 410)


class Courier:
    """The worker's job: a thread of its own speaks to other systems, so that a slow one holds up nothing else."""

    def __init__(self) -> None:
        self._thread: threading.Thread | None = None
        self._looked = -EVERY_S

    def work(self, engine: Engine) -> bool:
        """Begin a round where none is under way; False when nothing was begun."""
        lock = sealing.at(engine)
        if lock is None or (self._thread is not None and self._thread.is_alive()):
            return False
        written, waiting = self._written(engine), due(engine)
        if waiting:
            self._thread = threading.Thread(target=_round, args=(engine, waiting, lock.near), daemon=True)
            self._thread.start()
        return written or bool(waiting)

    def _written(self, engine: Engine) -> bool:
        """Look for changes, but not all the time."""
        if time.monotonic() - self._looked < EVERY_S:
            return False
        self._looked = time.monotonic()
        return sum(write_down(engine, tenant_id) for tenant_id in _chains(engine)) > 0

    def close(self) -> None:
        """Let the one in hand be finished."""
        if self._thread is not None:
            self._thread.join(wire.TIMEOUT_S)


def write_down(engine: Engine, tenant_id: int) -> int:
    """A delivery for every change no system has been told of yet; how many."""
    with unit_of_work(engine, tenant_id) as session:
        made = 0
        for one in session.scalars(select(Target).where(Target.on)):
            for change in queries.untold(session, one):
                told = {"target_id": one.id, "change_id": change.id, "visit_id": change.visit_id, "deed": change.deed}
                row = insert(Delivery).values(tenant_id=tenant_id, state=State.PENDING, tries=0, **told)
                session.execute(row.on_conflict_do_nothing())
                made += 1
        return made


def due(engine: Engine) -> list[tuple[int, int]]:
    """Chains and deliveries to be made now."""
    with outside(engine) as session:
        rows = session.execute(text("SELECT * FROM exchange_due(:most)"), {"most": AT_ONCE})
        return [(one.of_tenant, one.delivery_id) for one in rows]


def deliver(engine: Engine, tenant_id: int, delivery_id: int, near: Near) -> State | None:
    """One try; how far it is then, or None where another has it or nothing is due."""
    with unit_of_work(engine, tenant_id) as session:
        one = _taken(session, delivery_id)
        if one is None:
            return None
        try:
            request = _request(session, one)
        except ExchangeError:
            return _settle(session, one, State.FAILED, Why.REFUSED)
        if request is None:
            return _settle(session, one, State.COMPLETE, None)
    state, why, said = _spoken(request, near)
    with unit_of_work(engine, tenant_id) as session:
        return _settle(session, queries.delivery(session, delivery_id), state, why, said)


def _taken(session: Session, delivery_id: int) -> Delivery | None:
    waits = select(Delivery).where(Delivery.id == delivery_id, Delivery.state == State.PENDING)
    one = session.scalars(waits.with_for_update(skip_locked=True)).first()
    if one is None or one.due_at > now():
        return None
    one.due_at = now() + LEASE
    if queries.target(session, one.target_id).on:
        one.tries += 1
        return one
    return None  # it waits until the system is switched on again


def _request(session: Session, one: Delivery) -> Request | None:
    """None where there is nothing to tell any more."""
    told, target = saying.visit_of(session, one), queries.target(session, one.target_id)
    if told is None:
        return None
    return saying.request(session, target, sealing.of(session).open(target.credential), one, told)


def _spoken(request: Request, near: Near) -> tuple[State, Why | None, str | None]:
    try:
        status = wire.send(request, near)
    except NotAllowed:
        return State.FAILED, Why.NOT_ALLOWED, None
    except Silent as silence:
        return State.PENDING, Why.NO_ANSWER if silence.reached else Why.NOT_THERE, None
    if status in TAKEN or (request.method == "DELETE" and status in NONE_SUCH):
        return State.COMPLETE, None, str(status)
    return (State.PENDING, Why.BUSY, str(status)) if status in BUSY else (State.FAILED, Why.REFUSED, str(status))


def _settle(session: Session, one: Delivery, state: State, why: Why | None, said: str | None = None) -> State:
    one.why, one.said = why, said
    if state == State.PENDING and one.tries <= len(BACKOFF):
        one.due_at = now() + BACKOFF[one.tries - 1]
    else:
        silent = why in (Why.NO_ANSWER, Why.NOT_THERE)
        over = State.TIMED_OUT if silent else State.FAILED
        one.state, one.ended_at = over if state == State.PENDING else state, now()
    session.flush()
    announce(session, Fact(topic="exchange.delivery", tenant_id=current_tenant(), subject=str(one.id)))
    return State(one.state)


def _chains(engine: Engine) -> list[int]:
    with outside(engine) as session:
        return list(session.scalars(text("SELECT * FROM exchange_chains()")))


def _round(engine: Engine, waiting: list[tuple[int, int]], near: Near) -> None:
    for tenant_id, delivery_id in waiting:
        try:
            deliver(engine, tenant_id, delivery_id, near)
        except OperationalError as trouble:
            log.warning("deliveries wait for the database (%s)", type(trouble.orig).__name__)
            return
        except Exception as trouble:
            # its words may quote an address or a patient; it is tried again when its lease is over
            log.error("delivery %d could not be made (%s)", delivery_id, type(trouble).__name__)

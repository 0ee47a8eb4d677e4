"""A thread that turns arrivals into commits: whatever queued up during one commit goes into the next.

While the database is away it keeps trying and acknowledges nothing, so the broker and, behind it, the
gateways hold what there is. A row that the database itself refuses is found by halving and buried.
"""

import contextlib
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

import msgspec
from sqlalchemy import Engine
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from cloud.blobs import uploads
from cloud.calls import buttons
from cloud.enrolment import revoking
from cloud.fleet import services as fleet
from cloud.ingest import traces
from cloud.ingest.addresses import AddressBook
from cloud.kernel.database import unit_of_work
from cloud.offline import services as offline
from cloud.offline import taking
from cloud.readings import intake
from cloud.readings.parcels import Dead, Parcel, Sender
from cloud.readings.sorting import reason, sort_results
from cloud.shadow import services as shadow
from cloud.telemetry import meters
from cloud.telemetry.tracing import NoTracer, Tracer
from cloud.worklist import performing
from cloud.worklist import services as worklist
from protocols import envelope
from protocols.envelope import Ack, Birth, Event, Refusal, Span, Topic, steps
from protocols.envelope.clocks import CLOCK_FIX
from protocols.envelope.messages import Message
from protocols.envelope.queue import KEPT

log = logging.getLogger(__name__)

GROUP_BYTES = 512 * 1024  # of messages a transaction: about 800 rows, where the cost of a row levels off
RETRY_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message as the broker delivered it; ``token`` is whatever the consumer knows it by."""

    topic: Topic
    payload: bytes = field(repr=False)
    arrived_at: datetime
    token: Any = None
    trace: str | None = None


Outcome = tuple[Any, int]  # token, PUBACK reason
Report = Callable[[list[Outcome], dict[str, bytes]], None]

ACCEPTED, UNSPECIFIED, NOT_AUTHORIZED = 0x00, 0x80, 0x87


class Writer(threading.Thread):
    """One database connection's worth of ingest; a gateway always goes to the same writer, so order holds."""

    def __init__(
        self, engine: Engine, report: Report, name: str = "ingest-writer", tracer: Tracer | NoTracer | None = None
    ) -> None:
        """``report`` hears, after each commit, which messages to acknowledge and what to publish by topic."""
        super().__init__(name=name, daemon=True)
        self._engine, self._report = engine, report
        self._addresses = AddressBook(engine)
        self._tracer = tracer or NoTracer()
        self._queue: deque[Arrival] = deque()
        self._wake = threading.Condition()
        self._stopping = False

    def put(self, arrival: Arrival) -> None:
        """Queue an arrival; returns at once."""
        with self._wake:
            self._queue.append(arrival)
            self._wake.notify()

    def forget(self, address: str) -> None:
        """Whoever bears this name is looked up again before anything of theirs is taken."""
        self._addresses.forget(address)

    def stop(self) -> None:
        """Finish the commit under way and end."""
        with self._wake:
            self._stopping = True
            self._wake.notify()

    def run(self) -> None:
        """Commit groups until told to stop."""
        while group := self._next_group():
            self._persist(group)

    def _next_group(self) -> list[Arrival]:
        with self._wake:
            self._wake.wait_for(lambda: self._queue or self._stopping)
            if self._stopping:
                return []
            group, size = [], 0
            while self._queue and size < GROUP_BYTES:
                group.append(self._queue.popleft())
                size += len(group[-1].payload)
            return group

    def _persist(self, group: list[Arrival]) -> None:
        waiting = False
        while not self._stopping:
            try:
                self._settle(group)
            except DBAPIError as trouble:
                if _is_about_data(trouble):
                    self._give_up(group, trouble)
                    return
                if not waiting:
                    log.error("the database does not answer (%s); holding everything until it does", _name(trouble))
                waiting = True
                time.sleep(RETRY_SECONDS)
            except Exception as mistake:
                log.exception("ingest made a mistake of its own; the gateways keep these rows")
                self._give_up(group, mistake)
                return
            else:
                if waiting:
                    log.warning("the database answers again")
                return

    def _give_up(self, group: list[Arrival], trouble: Exception) -> None:
        """Not even the dead letter could be written: let the gateways keep it, and let the others pass."""
        log.error("a group of messages could be neither taken nor buried (%s)", type(trouble).__name__)
        self._report([(arrival.token, UNSPECIFIED) for arrival in group], {})

    def _settle(self, group: list[Arrival]) -> None:
        known = [(arrival, self._addresses.sender(arrival.topic.address)) for arrival in group]
        strangers = [arrival for arrival, sender in known if sender is None]
        for address in {arrival.topic.address for arrival in strangers}:
            log.warning("nobody is enrolled as %s; what it sent was refused", address)
        self._report([(arrival.token, NOT_AUTHORIZED) for arrival in strangers], {})
        mine = sorted(((a, s) for a, s in known if s is not None), key=lambda pair: pair[1].tenant_id)
        for tenant_id, pairs in groupby(mine, key=lambda pair: pair[1].tenant_id):
            self._settle_chain(tenant_id, list(pairs))

    def _settle_chain(self, tenant_id: int, pairs: list[tuple[Arrival, Sender]]) -> None:
        acks = self._commit(tenant_id, pairs)
        outcomes = [(arrival.token, ACCEPTED) for arrival, _ in pairs]
        self._report(outcomes, {topic: envelope.encode(ack) for topic, ack in acks.items()})

    def _commit(self, tenant_id: int, pairs: Sequence[tuple[Arrival, Sender]]) -> dict[str, Message]:
        results = [(a, s) for a, s in pairs if a.topic.channel == "r"]
        parcels = [sort_results(s, a.payload, a.arrived_at) for a, s in results]
        traced = traces.of((a.topic.address, a.trace, p) for (a, _), p in zip(results, parcels, strict=True))
        with self._tracer.committing(traced):
            acks = self._take_all(tenant_id, parcels)
        heard = self._note_states(tenant_id, [(a, s) for a, s in pairs if a.topic.channel != "r"])
        topics = {s.gateway_id: a.topic.address.down("ack") for a, s in results}
        return {**{topics[gateway]: ack for gateway, ack in acks}, **heard}

    def _take_all(self, tenant_id: int, parcels: list[Parcel]) -> list[tuple[int, Ack]]:
        try:
            return self._take(tenant_id, parcels)
        except DBAPIError as refusal:
            if not _is_about_data(refusal):
                raise
            return self._take_one_by_one(tenant_id, parcels)

    def _take(self, tenant_id: int, parcels: list[Parcel]) -> list[tuple[int, Ack]]:
        if not parcels:
            return []
        began = time.perf_counter()
        with unit_of_work(self._engine, tenant_id) as session:
            progress = intake.take(session, tenant_id, parcels)
        meters.commit(time.perf_counter() - began)
        for outcome, held in (("readings", ("readings", "ordered")), ("captures", ("captures",)), ("dead", ("dead",))):
            meters.rows(outcome, sum(len(getattr(parcel, name)) for parcel in parcels for name in held))
        refused = [(p, dead) for p in parcels for dead in p.dead]
        return [
            (gateway, _ack(epoch, safe, [d for p, d in refused if (p.sender.gateway_id, p.epoch) == (gateway, epoch)]))
            for (gateway, epoch), safe in progress.items()
        ]

    def _take_one_by_one(self, tenant_id: int, parcels: list[Parcel]) -> list[tuple[int, Ack]]:
        acks: list[tuple[int, Ack]] = []
        for piece in (piece for parcel in parcels for piece in _pieces(parcel)):
            try:
                acks += self._take(tenant_id, [piece])
            except DBAPIError as refusal:
                if not _is_about_data(refusal):
                    raise
                acks += self._take(tenant_id, [_buried(piece, _name(refusal))])
        return acks

    def _note_states(self, tenant_id: int, pairs: Sequence[tuple[Arrival, Sender]]) -> dict[str, Message]:
        """Take in what is no result; what there is to answer, by topic."""
        answers: dict[str, Message] = {}
        for arrival, sender in pairs:
            try:
                with unit_of_work(self._engine, tenant_id) as session:
                    if not any(note(session, sender, arrival) for note in (_note_step, _note_press, _note_kept)):
                        fleet.note(session, sender.store_id, sender.gateway_id, arrival.topic, arrival.payload)
                    _note_clock(session, sender, arrival)
                    if arrival.topic.channel == "state" and arrival.payload:
                        revoking.spoke_under_old_name(session, sender.gateway_id, sender.store_id)
                        _note_lists(session, sender, arrival)
                    if arrival.topic.channel == "blob":
                        uploads.offered(session, sender.gateway_id, arrival.payload)
                    heard = _note_shadow(session, sender, arrival)
                answers |= heard
            except DBAPIError as refusal:
                if not _is_about_data(refusal):
                    raise
                log.warning("%s said something on %s that cannot be kept: %s", *_who(arrival), _name(refusal))
            except ValueError as refusal:
                log.warning("%s said something on %s that cannot be read: %s", *_who(arrival), reason(refusal))
        return answers


def _note_clock(session: Session, sender: Sender, arrival: Arrival) -> None:
    if arrival.topic.channel == "e":
        event = envelope.decode(Event, arrival.payload)
        if event.code == CLOCK_FIX:
            intake.note_clock_fix(session, sender.gateway_id, event)


def _note_press(session: Session, sender: Sender, arrival: Arrival) -> bool:
    """Whether it told of a call button: that is the store's queue."""
    if arrival.topic.channel != "e" or (event := envelope.decode(Event, arrival.payload)).code != buttons.PRESSED:
        return False
    buttons.heard(session, sender.gateway_id, sender.store_id, event)
    return True


def _note_kept(session: Session, sender: Sender, arrival: Arrival) -> bool:
    """Whether it told what a gateway did with the store's queue by itself."""
    if arrival.topic.channel != "e" or (event := envelope.decode(Event, arrival.payload)).code != KEPT:
        return False
    taking.heard(session, sender.gateway_id, sender.store_id, event)
    return True


def _note_step(session: Session, sender: Sender, arrival: Arrival) -> bool:
    """Whether it told of an examination: that is the order's history, and nobody's who looks after gateways."""
    if arrival.topic.channel != "e" or (event := envelope.decode(Event, arrival.payload)).code not in steps.CODES:
        return False
    performing.heard(session, sender.gateway_id, sender.store_id, event)
    return True


def _note_lists(session: Session, sender: Sender, arrival: Arrival) -> None:
    """A birth says which worklist the gateway keeps, and which book of the queue."""
    with contextlib.suppress(envelope.Malformed):  # a death
        birth = envelope.decode(Birth, arrival.payload)
        worklist.heard(session, sender.gateway_id, birth.worklist)
        offline.born(session, sender.gateway_id, sender.store_id, birth.queue, birth.holding)


def _note_shadow(session: Session, sender: Sender, arrival: Arrival) -> dict[str, Message]:
    """What is answered once this is kept: a gateway on trial waits for it."""
    if arrival.topic.channel != "shadow":
        return {}
    heard = shadow.note(session, sender.gateway_id, arrival.payload)
    return {arrival.topic.address.down("shadow", "heard"): heard} if heard else {}


def _who(arrival: Arrival) -> tuple[object, str]:
    return arrival.topic.address, arrival.topic.channel


def _ack(epoch: int, safe: Any, dead: list[Dead]) -> Ack:
    refused = [Refusal(seq=d.seq, reason=d.reason) for d in dead if d.seq is not None]
    missing = [Span(first=first, last=last) for first, last in safe.gaps]
    return Ack(v=1, epoch=epoch, hwm=safe.hwm, missing=missing, refused=refused)


def _pieces(parcel: Parcel) -> Iterator[Parcel]:
    """The parcel row by row, each a parcel of its own."""
    for name in ("captures", "readings", "ordered", "dead"):
        for row in getattr(parcel, name):
            piece = Parcel(parcel.sender, parcel.arrived_at, parcel.epoch)
            getattr(piece, name).append(row)
            yield piece


def _buried(piece: Parcel, why: str) -> Parcel:
    row = (*piece.readings, *piece.ordered, *piece.captures)[0]
    dead = Dead(f"the database refused it: {why}", msgspec.json.encode(row.fields), piece.epoch, row.seq)
    return Parcel(piece.sender, piece.arrived_at, piece.epoch, dead=[dead])


def _is_about_data(refusal: DBAPIError) -> bool:
    """Data errors, broken constraints, limits (SQLSTATE classes 21, 22, 23, 54): trying again cannot help.

    The driver refuses a NUL by itself, without a state.
    """
    state = getattr(refusal.orig, "sqlstate", None) or ""
    return isinstance(refusal, (DataError, IntegrityError)) or state[:2] in ("21", "54")


def _name(refusal: DBAPIError) -> str:
    """The kind of trouble without its values, which may be a patient's."""
    return f"{type(refusal.orig).__name__} {getattr(refusal.orig, 'sqlstate', None) or ''}".strip()

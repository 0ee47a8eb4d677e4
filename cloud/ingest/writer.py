"""A thread that turns arrivals into commits: whatever queued up during one commit goes into the next.

While the database is away it keeps trying and acknowledges nothing, so the broker and, behind it, the
gateways hold what there is. A row that the database itself refuses is found by halving and buried.
"""

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

from cloud.fleet import services as fleet
from cloud.ingest.addresses import AddressBook
from cloud.ingest.sorting import reason, sort_results
from cloud.kernel.database import unit_of_work
from cloud.readings import intake
from cloud.readings.parcels import Dead, Parcel, Sender
from protocols import envelope
from protocols.envelope import Ack, Refusal, Span, Topic

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


Outcome = tuple[Any, int]  # token, PUBACK reason
Report = Callable[[list[Outcome], dict[str, bytes]], None]

ACCEPTED, UNSPECIFIED, NOT_AUTHORIZED = 0x00, 0x80, 0x87


class Writer(threading.Thread):
    """One database connection's worth of ingest; a gateway always goes to the same writer, so order holds."""

    def __init__(self, engine: Engine, report: Report, name: str = "ingest-writer") -> None:
        """``report`` hears, after each commit, which messages to acknowledge and what to publish by topic."""
        super().__init__(name=name, daemon=True)
        self._engine, self._report = engine, report
        self._addresses = AddressBook(engine)
        self._queue: deque[Arrival] = deque()
        self._wake = threading.Condition()
        self._stopping = False

    def put(self, arrival: Arrival) -> None:
        """Queue an arrival; returns at once."""
        with self._wake:
            self._queue.append(arrival)
            self._wake.notify()

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

    def _commit(self, tenant_id: int, pairs: Sequence[tuple[Arrival, Sender]]) -> dict[str, Ack]:
        results = [(a, s) for a, s in pairs if a.topic.channel == "r"]
        parcels = [sort_results(s, a.payload, a.arrived_at) for a, s in results]
        try:
            acks = self._take(tenant_id, parcels)
        except DBAPIError as refusal:
            if not _is_about_data(refusal):
                raise
            acks = self._take_one_by_one(tenant_id, parcels)
        self._note_states(tenant_id, [(a, s) for a, s in pairs if a.topic.channel != "r"])
        topics = {s.gateway_id: a.topic.address.down("ack") for a, s in results}
        return {topics[gateway]: ack for gateway, ack in acks}

    def _take(self, tenant_id: int, parcels: list[Parcel]) -> list[tuple[int, Ack]]:
        if not parcels:
            return []
        with unit_of_work(self._engine, tenant_id) as session:
            progress = intake.take(session, tenant_id, parcels)
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

    def _note_states(self, tenant_id: int, pairs: Sequence[tuple[Arrival, Sender]]) -> None:
        for arrival, sender in pairs:
            try:
                with unit_of_work(self._engine, tenant_id) as session:
                    fleet.note(session, sender.store_id, sender.gateway_id, arrival.topic, arrival.payload)
            except DBAPIError as refusal:
                if not _is_about_data(refusal):
                    raise
                log.warning("%s said something on %s that cannot be kept: %s", *_who(arrival), _name(refusal))
            except ValueError as refusal:
                log.warning("%s said something on %s that cannot be read: %s", *_who(arrival), reason(refusal))


def _who(arrival: Arrival) -> tuple[object, str]:
    return arrival.topic.address, arrival.topic.channel


def _ack(epoch: int, safe: Any, dead: list[Dead]) -> Ack:
    refused = [Refusal(seq=d.seq, reason=d.reason) for d in dead if d.seq is not None]
    missing = [Span(first=first, last=last) for first, last in safe.gaps]
    return Ack(v=1, epoch=epoch, hwm=safe.hwm, missing=missing, refused=refused)


def _pieces(parcel: Parcel) -> Iterator[Parcel]:
    """The parcel row by row, each a parcel of its own."""
    for name in ("captures", "readings", "dead"):
        for row in getattr(parcel, name):
            piece = Parcel(parcel.sender, parcel.arrived_at, parcel.epoch)
            getattr(piece, name).append(row)
            yield piece


def _buried(piece: Parcel, why: str) -> Parcel:
    row = (*piece.readings, *piece.captures)[0]
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

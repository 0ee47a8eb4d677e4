"""A gateway as the cloud hears it: births, entries of a holding; and the book it is told."""

import uuid
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import select

from cloud.fleet.models import Gateway as Known
from cloud.kernel.clock import now
from cloud.kernel.ids import uuid7
from cloud.offline import services, taking, telling
from cloud.queue.models import Kept
from protocols.envelope import Event
from protocols.envelope.queue import KEPT, Book, Change, Entry, unpack
from tests.cloud.queue.store_here import Open


class Gateway:
    """The one at the pier."""

    def __init__(self, store: Open) -> None:
        self.store, self.place = store, store.world.pier
        self.id = self.place.sender.gateway_id
        self.hold, self.n = uuid.uuid4().hex, 0

    def is_born(self, version: int = 0, hold: str = "") -> None:
        """It says which version it keeps, and whether it holds."""
        with self.store.work() as session:
            services.born(session, self.id, self.place.id, version, hold)

    def reads(self) -> Book | None:
        """What the cloud leaves for it now, the broker taking everything."""
        with self.store.work() as session:
            plan = telling.plan(session, self.place.id)
        assert plan is not None
        with self.store.work() as session:
            telling.told(session, self.place.id, plan)
        return unpack(plan.letters[-1].payload) if plan.letters else None

    def keeps(self) -> Book:
        """It has the newest book, and has said so."""
        book = self.reads()
        assert book is not None
        self.is_born(book.version)
        return book

    def becomes(self, state: str) -> None:
        """The fleet sees it so, since now."""
        with self.store.work() as session:
            row = session.get_one(Known, (self.store.world.one, self.id))
            row.state, row.since = state, now()

    def entry(self, what: str, **told: Any) -> Entry:
        """The next entry of this holding."""
        self.n += 1
        at = told.pop("at", now())
        return Entry(hold=self.hold, n=self.n, at=at.isoformat(), what=what, **told)  # type: ignore[arg-type]

    def says(self, entry: Entry) -> str:
        """Tell an entry; what became of it."""
        event = Event(v=1, id=str(uuid7()), at=entry.at, code=KEPT, text="queue", data=msgspec.to_builtins(entry))
        with self.store.work() as session:
            taking.heard(session, self.id, self.place.id, event)
        return self.outcome(entry)

    def does(self, what: str, **told: Any) -> str:
        """Make the next entry and tell it."""
        return self.says(self.entry(what, **told))

    def outcome(self, entry: Entry) -> str:
        """What became of an entry, and why it does not count."""
        with self.store.work() as session:
            mine = (Kept.gateway_id == self.id, Kept.hold == entry.hold, Kept.n == entry.n)
            row = session.scalars(select(Kept).where(*mine)).one()
            return f"{row.outcome} {row.why or ''}".strip()

    def holds(self) -> None:
        """It takes the queue."""
        assert self.does("took", version=1) == "taken"


def step(number: int, was: str, becomes: str, **told: Any) -> Change:
    """A step of the cloud's, or one the gateway began, becomes something else."""
    return Change(of="step", id=number, was=was, becomes=becomes, **told)


def stay(number: int, was: str, becomes: str) -> Change:
    """The same of a stay."""
    return Change(of="stay", id=number, was=was, becomes=becomes)


def iso(at: datetime) -> str:
    """As it is said."""
    return at.isoformat()

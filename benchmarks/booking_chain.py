"""A chain to book in, as large as it has to be, and its patients."""

import random
import statistics
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from uuid import uuid4

from sqlalchemy import Engine, insert
from sqlalchemy.orm import Session

import cloud.migrations.tables  # noqa: F401
from cloud.accounts.models import Store
from cloud.booking import asking, services
from cloud.booking.asking import Ask
from cloud.booking.errors import BookingError
from cloud.booking.once import settled
from cloud.kernel.clock import now
from cloud.kernel.database import unit_of_work
from cloud.people import services as people
from cloud.schedule.choices import Channel, Effect, Kind, Who
from cloud.schedule.models import Need, Offered, Resource, Rule, Segment, Type

STORES, DAYS, BUSY = 1000, 30, 1650


SKILLS = ("doctor", "doctor", "lane", "lane", "technician", "autorefractor", "perimeter")


class Chain:
    """A chain to book in. ``stores`` in order; the first one's patients are everybody's."""

    def __init__(self, engine: Engine, tenant: int, stores: int, patients: int) -> None:
        self.engine, self.tenant = engine, tenant
        with unit_of_work(engine, tenant) as session:
            self.stores = _stores(session, stores)
            self.check = _type(session, self.stores, "check", [(20, ("doctor", "lane"))])
            self.full = _type(
                session, self.stores, "full", [(10, ("technician", "autorefractor")), (20, ("doctor", "lane"))]
            )
            named = ((f"P-{n}", f"Family {n}") for n in range(patients))
            self.patients = [people.register(session, record_number=n, family_name=name).id for n, name in named]
        self.first = now().date() + timedelta(days=3)

    def ask(self, type_id: int | None = None, store: int = 0) -> Ask:
        """Somebody known, at the desk."""
        return Ask(self.stores[store], type_id or self.check, Who.EXISTING, Channel.DESK)

    def deed(self, want: Callable[[Session], object]) -> str:
        """Carried out as pages do it; the answer in a word."""
        try:
            settled(self.engine, self.tenant, want)
        except BookingError as refusal:
            return type(refusal).__name__
        return "booked"

    def times(self, on: date, type_id: int | None = None) -> list[datetime]:
        """What is free on a day."""
        with unit_of_work(self.engine, self.tenant) as session:
            seen = asking.view(session, self.ask(type_id), on, on)
            assert seen is not None
            return asking.times(seen, on)

    def question(self, ask: Callable[[Session], object]) -> float:
        """Milliseconds, transaction and all."""
        began = time.perf_counter()
        with unit_of_work(self.engine, self.tenant) as session:
            ask(session)
        return (time.perf_counter() - began) * 1000


def _stores(session: Session, count: int) -> list[int]:
    rows = [{"slug": f"s{n}", "name": f"Store {n}", "zone": "Europe/Lisbon"} for n in range(count)]
    stores = list(session.scalars(insert(Store).returning(Store.id), rows))
    resources = [
        {"store_id": store, "kind": Kind.ROOM, "name": f"{skill} {n}", "skills": [skill]}
        for store in stores
        for n, skill in enumerate(SKILLS)
    ]
    week = {"effect": Effect.OPEN, "days": list(range(7)), "starts": 540, "ends": 1080, "types": []}
    ids = session.execute(insert(Resource).returning(Resource.id, Resource.store_id), resources).all()
    rules = [{**week, "store_id": store, "resource_id": None} for store in stores]
    session.execute(insert(Rule), rules + [{**week, "store_id": row.store_id, "resource_id": row.id} for row in ids])
    return stores


def _type(session: Session, stores: list[int], code: str, segments: list[tuple[int, tuple[str, ...]]]) -> int:
    one = Type(code=code, names={"en": code}, shown=30, horizon=2000, grid={"kind": "clock", "every": 10})
    session.add(one)
    session.flush()
    for number, (minutes, skills) in enumerate(segments):
        segment = Segment(type_id=one.id, number=number, names={}, minutes=minutes, gap_most=20 * min(number, 1))
        session.add(segment)
        session.flush()
        session.add_all(Need(segment_id=segment.id, skill=skill) for skill in skills)
    offered = [{"type_id": one.id, "store_id": store, "channel": channel} for store in stores for channel in Channel]
    session.execute(insert(Offered), offered)
    return one.id


def fill(one: Chain, wanted: int) -> int:
    """Visits on the days that are searched, as many as fit."""
    random.seed(7)
    done = 0
    for number in range(DAYS):
        on = one.first + timedelta(days=number)
        people = iter(one.patients)
        for at in one.times(on):
            for _doctor in range(2):
                if done < wanted and random.random() < 0.6:
                    done += one.deed(_booking(one, at, next(people))) == "booked"
    return done


def _booking(one: Chain, at: datetime, who: int) -> Callable[[Session], object]:
    return lambda session: services.book(session, one.ask(), at, who, channel="desk", note=str(uuid4()))


def far(one: Chain, count: int) -> list[datetime]:
    """Times that do not touch, one for each."""
    found: list[datetime] = []
    on = one.first + timedelta(days=300)
    while len(found) < count:
        found += one.times(on)[::2]
        on += timedelta(days=1)
    return found[:count]


def percentiles(found: list[float]) -> str:
    """The middle one, and what all but one in a hundred were faster than; of milliseconds."""
    ordered = sorted(found)
    return f"p50 {statistics.median(ordered):.1f}, p99 {ordered[int(0.99 * (len(ordered) - 1))]:.1f} ms"

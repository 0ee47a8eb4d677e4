"""Questions about other systems and what they are told."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, func, select, true
from sqlalchemy.orm import Session

from cloud.accounts import queries as accounts
from cloud.booking.choices import State as Stands
from cloud.booking.models import Change, Part, Visit
from cloud.exchange.choices import State
from cloud.exchange.errors import NoSuchDelivery, NoSuchKey, NoSuchTarget
from cloud.exchange.models import Delivery, Feed, Key, Target
from cloud.kernel.clock import now
from cloud.kernel.database import let_in
from cloud.kernel.hashing import digest
from cloud.kernel.tenancy import current_tenant
from cloud.people import queries as people
from cloud.schedule import queries as schedule
from cloud.schedule.models import Resource, Type

PAGE = 50
LOOKED_BACK = timedelta(days=7)  # changes that are looked for; a system that is switched off longer misses some


@dataclass(frozen=True)
class Caller:
    """Whose key it is, and the session in which it is answered."""

    session: Session
    key_id: int
    tenant_id: int


@dataclass(frozen=True)
class Told:
    """A visit with what others call its parts."""

    visit: Visit
    kind: str
    store: tuple[str, str]
    patient: tuple[str, str]


@contextmanager
def with_key(engine: Engine, secret: str) -> Iterator[Caller]:
    """What is done for whoever shows a key that holds, in one transaction of its chain. Raises NoSuchKey."""
    with let_in(engine, "exchange_key_holder", digest(secret)) as found:
        if found is None:
            raise NoSuchKey
        session, row = found
        yield Caller(session, row.key_id, row.of_tenant)


@contextmanager
def with_feed(engine: Engine, secret: str) -> Iterator[tuple[Session, int]]:
    """The same of a calendar's secret address, with the resource whose calendar it is. Raises NoSuchKey."""
    with let_in(engine, "exchange_feed_holder", digest(secret)) as found:
        if found is None:
            raise NoSuchKey
        session, row = found
        yield session, row.resource_id


def target(session: Session, target_id: int) -> Target:
    """One system of this chain. Raises NoSuchTarget."""
    found = session.get(Target, (current_tenant(), target_id))
    if found is None:
        raise NoSuchTarget(target_id)
    return found


def targets(session: Session) -> Sequence[Target]:
    """Every system, by name."""
    return session.scalars(select(Target).order_by(Target.name, Target.id)).all()


def keys(session: Session) -> Sequence[Key]:
    """Keys that hold."""
    return session.scalars(select(Key).where(Key.ended_at.is_(None)).order_by(Key.id)).all()


def feeds(session: Session, resource_ids: Sequence[int]) -> dict[int, Feed]:
    """Feeds that hold, by resource."""
    query = select(Feed).where(Feed.resource_id.in_(resource_ids), Feed.ended_at.is_(None))
    return {one.resource_id: one for one in session.scalars(query.order_by(Feed.id))}


def delivery(session: Session, delivery_id: int) -> Delivery:
    """One delivery of this chain. Raises NoSuchDelivery."""
    found = session.get(Delivery, (current_tenant(), delivery_id), with_for_update=True)
    if found is None:
        raise NoSuchDelivery(delivery_id)
    return found


def deliveries(session: Session, state: str | None, before: int | None) -> list[Delivery]:
    """The newest deliveries, one more than a page."""
    query = select(Delivery).order_by(Delivery.id.desc()).limit(PAGE + 1)
    query = query.where(Delivery.state == state) if state else query
    return list(session.scalars(query.where(Delivery.id < before) if before else query))


def counts(session: Session) -> dict[str, int]:
    """Deliveries by state."""
    found: dict[str, int] = dict(session.execute(select(Delivery.state, func.count()).group_by(Delivery.state)).all())
    return {state: found.get(state, 0) for state in State}


def untold(session: Session, one: Target) -> Sequence[Change]:
    """Changes one system has not been told of and is not about to be."""
    known = select(Delivery.id).where(Delivery.target_id == one.id, Delivery.change_id == Change.id)
    since = max(one.at, now() - LOOKED_BACK)
    query = select(Change).join(Visit, (Visit.tenant_id == Change.tenant_id) & (Visit.id == Change.visit_id))
    query = query.where(Change.at >= since, ~known.exists(), Change.deed != "noted")
    query = query.where(Visit.store_id == one.store_id if one.store_id else true())
    return session.scalars(query.order_by(Change.id).limit(200)).all()


def told(session: Session, visits: Sequence[Visit]) -> list[Told]:
    """Visits with the names of what they are made of."""
    kinds = {id_: one.code for id_, one in schedule.types(session).items()} if visits else {}
    stores = {one.id: (one.slug, one.name) for one in accounts.all_stores(session)} if visits else {}
    patients = people.named(session, {one.patient_id for one in visits})
    return [Told(one, kinds[one.type_id], stores[one.store_id], _named(patients[one.patient_id])) for one in visits]


def visit(session: Session, uid: UUID) -> Visit | None:
    """A visit by the name others know it by."""
    return session.scalars(select(Visit).where(Visit.uid == uid)).first()


def visits(session: Session, store_id: int, begins: datetime, ends: datetime) -> Sequence[Visit]:
    """Visits of a store that begin in a time, cancelled ones included, moved ones not."""
    query = select(Visit).where(Visit.store_id == store_id, Visit.shown_at >= begins, Visit.shown_at < ends)
    return session.scalars(query.where(Visit.state != Stands.MOVED).order_by(Visit.shown_at, Visit.id).limit(500)).all()


def busy(session: Session, resource_id: int, begins: datetime, ends: datetime) -> Sequence[Visit]:
    """Visits one resource has a part in."""
    parts = select(Part.visit_id).where(Part.resource_id == resource_id, Part.ends_at > begins, Part.starts_at < ends)
    query = select(Visit).where(Visit.id.in_(parts), Visit.state.not_in((Stands.CANCELLED, Stands.MOVED)))
    return session.scalars(query.order_by(Visit.shown_at, Visit.id)).all()


def kind(session: Session, code: str) -> Type | None:
    """A type of visit by its code."""
    return session.scalars(select(Type).where(Type.code == code, Type.active)).first()


def place_and_kind(session: Session, slug: str, code: str) -> tuple[int, int] | None:
    """Numbers of a store and of a type that is no secret, by what others call them."""
    place = accounts.number_of(slug)
    query = select(place, Type.id).where(place.is_not(None), Type.code == code, Type.active, ~Type.hidden)
    found = session.execute(query).first()
    return (found[0], found[1]) if found else None


def _named(one: Any) -> tuple[str, str]:
    return one.record_number, f"{one.given_name} {one.family_name}".strip()


def by_id(session: Session, visit_id: int) -> Visit:
    """A visit."""
    return session.get_one(Visit, (current_tenant(), visit_id))


def called(kind: Type, language: str) -> str:
    """What a type of visit is called in a language, else in English, else by its code."""
    return kind.names.get(language) or kind.names.get("en") or kind.code


def resource_name(session: Session, resource_id: int) -> str:
    """What a person or a room is called."""
    return session.get_one(Resource, (current_tenant(), resource_id)).name


def resource(session: Session, resource_id: int) -> Resource | None:
    """A person, a room or a device of this chain."""
    return session.get(Resource, (current_tenant(), resource_id))


def patient(session: Session, record_number: str) -> int | None:
    """Whoever has this record number today."""
    found = people.numbered(session, record_number)
    return found.id if found else None


def store_of(session: Session, slug: str) -> tuple[int, str] | None:
    """Number and zone of a store by its name in addresses."""
    found = accounts.store_called(session, slug)
    return (found.id, found.zone) if found else None

"""A row in every table of the booking room; read by tests/cloud/rows.py after the schedule's."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.booking import links, services
from cloud.booking.choices import Purpose, Taken
from cloud.booking.models import (
    Change,
    Deposit,
    Entry,
    Freed,
    Hold,
    Key,
    Mask,
    Offer,
    Part,
    Request,
    Telling,
    Visit,
    Waiting,
    Wanted,
)
from cloud.kernel.clock import now
from cloud.kernel.hashing import digest
from cloud.schedule.choices import Who
from cloud.schedule.models import Resource, Type
from cloud.worklist.models import Order
from tests.cloud.people_here import Place, Someone


def fill(session: Session, place: Place, by: Someone, patient: int) -> None:
    """One row in each table."""
    chair, kind = session.scalars(select(Resource)).first(), session.scalars(select(Type)).first()
    assert chair is not None
    assert kind is not None
    at, where = now(), {"store_id": place.id, "type_id": kind.id}
    told = {"shown_at": at, "ends_at": at + timedelta(minutes=20), "who": Who.EXISTING}
    kept = Hold(**where, **told, digest=digest("token"), holder="me", until=at)
    session.add(kept)
    session.flush()
    visit = services.new_visit(place.id, kind.id, patient, at, at, who=Who.EXISTING, channel="desk")
    session.add(visit)
    session.flush()
    session.add_all(
        [
            Part(
                visit_id=visit.id,
                resource_id=chair.id,
                segment=0,
                starts_at=at,
                ends_at=told["ends_at"],
                taken=Taken.BOOKED,
            ),
            Key(name="k", digest=digest("k"), answer={}),
            Change(visit_id=visit.id, deed="booked", before={}, through="staff"),
            Deposit(visit_id=visit.id, amount=1000, currency="EUR", provider="desk"),
        ]
    )
    wishes(session, where, visit)


def wishes(session: Session, where: dict[str, int], visit: Visit) -> None:
    """What somebody would like to have."""
    at, whose = now(), {"patient_id": visit.patient_id}
    request = Request(**where, **whose, due_at=at)
    waiting = Waiting(**whose, type_id=where["type_id"], stores=[], since=at.date(), until=at.date(), who=Who.EXISTING)
    session.add_all([request, waiting])
    session.flush()
    offer = Offer(**where, waiting_id=waiting.id, shown_at=at, ends_at=at, until=at)
    session.add_all(
        [
            offer,
            Freed(store_id=where["store_id"], starts_at=at, ends_at=at),
            Entry(store_id=where["store_id"], kind="request", request_id=request.id),
        ]
    )
    session.flush()
    chair = session.scalars(select(Resource)).first()
    assert chair is not None
    told = {"begins": at, "ends": at, "version": 0, "open": b"", "free": b""}
    session.add(Mask(store_id=where["store_id"], resource_id=chair.id, on_date=at.date(), **told))
    session.add(Telling(visit_id=visit.id, what="confirmed"))
    session.add(Wanted(visit_id=visit.id, order_id=session.scalars(select(Order.id)).first()))
    links.make(session, Purpose.OFFER, offer_id=offer.id, until=at)

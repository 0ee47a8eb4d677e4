"""A row in every table of the schedule room; read by tests/cloud/rows.py."""

from datetime import timedelta

from sqlalchemy.orm import Session

from cloud.kernel.clock import now
from cloud.schedule.choices import Channel, Effect, Kind, Per
from cloud.schedule.models import Block, Dated, Length, Need, Offered, Policy, Quota, Resource, Rule, Segment, Type
from tests.cloud.people_here import Place, Someone


def fill(session: Session, place: Place, by: Someone, patient: int) -> None:
    """One row in each table."""
    chair = Resource(store_id=place.id, kind=Kind.ROOM, name="Lane", skills=["lane"])
    kind = Type(code="check", names={"en": "Check"}, shown=20, grid={"kind": "clock", "every": 20})
    session.add_all([chair, kind, Policy(store_id=place.id)])
    session.flush()
    segment = Segment(type_id=kind.id, number=0, names={}, minutes=20)
    session.add(segment)
    session.flush()
    today = now()
    session.add_all(
        [
            Need(segment_id=segment.id, skill="lane"),
            Length(segment_id=segment.id, resource_id=chair.id, minutes=30),
            Offered(type_id=kind.id, store_id=place.id, channel=Channel.DESK),
            Quota(store_id=place.id, type_id=kind.id, per=Per.DAY, most=4),
            Rule(store_id=place.id, resource_id=chair.id, effect=Effect.OPEN, days=[0], starts=540, ends=1020),
            Dated(store_id=place.id, on_date=today.date(), windows=[]),
            Block(
                store_id=place.id,
                resource_id=chair.id,
                starts_at=today,
                ends_at=today + timedelta(hours=1),
                why="painting",
                by=by.id,
            ),
        ]
    )

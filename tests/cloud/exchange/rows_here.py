"""A row in every table of the exchange room; read by tests/cloud/rows.py after the booking's."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.booking.models import Change
from cloud.exchange.models import Delivery, Feed, Key, Target
from cloud.schedule.models import Resource
from tests.cloud.people_here import Place, Someone


def fill(session: Session, place: Place, by: Someone, _patient: int) -> None:
    """One row in each table."""
    target = Target(kind="webhook", name="Other", url="https://other.test", credential=b"?", made_by=by.id)
    target.store_id = place.id
    session.add(target)
    session.flush()
    change, chair = session.scalars(select(Change)).first(), session.scalars(select(Resource)).first()
    assert change is not None
    assert chair is not None
    told = {"change_id": change.id, "visit_id": change.visit_id, "deed": change.deed}
    mark = f"{by.tenant_id:064}"
    session.add_all(
        [
            Delivery(target_id=target.id, **told),
            Key(name="A program", digest=mark, begins="ek_abc", made_by=by.id),
            Feed(resource_id=chair.id, digest=mark, made_by=by.id),
        ]
    )
    session.flush()

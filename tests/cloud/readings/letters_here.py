"""A dead letter as it comes to be: a row of a kind of reading that this cloud does not know."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.readings import intake
from cloud.readings.models import DeadLetter
from tests.cloud.readings.parcels_here import Line, Outbox


def unknown_kind(outbox: Outbox) -> Line:
    """A row that only a newer cloud can read."""
    return outbox.reading().saying(kind="aurometry")


def dead_letter(session: Session, outbox: Outbox) -> int:
    """One that waits."""
    parcel = outbox.parcel(unknown_kind(outbox))
    intake.take(session, outbox.place.sender.tenant_id, [parcel])
    return session.scalars(select(DeadLetter.id).order_by(DeadLetter.id.desc())).first() or 0

"""A row in every table of the shadow room, as its services make them; read by tests/cloud/rows.py."""

from sqlalchemy.orm import Session

from cloud.shadow import services
from protocols import envelope
from protocols.envelope.desired import Reported, Wanted
from tests.cloud.people_here import Place, Someone

SAID_AT = "2026-11-22T10:00:00.000Z"


def fill(session: Session, place: Place, by: Someone, patient: int) -> None:
    """One row in each table."""
    services.want(session, place.sender.gateway_id, Wanted(raw_days=3), 0, by.id)
    said = Reported(v=1, version=0, asked=0, state="applied", at=SAID_AT, doc=Wanted(raw_days=7), report="r-1")
    services.note(session, place.sender.gateway_id, envelope.encode(said))

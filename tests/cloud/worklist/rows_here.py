"""A row in every table of the worklist room, as its services make them; read by tests/cloud/rows.py."""

from sqlalchemy.orm import Session

from cloud.kernel.clock import now
from cloud.worklist import performing, services
from tests.cloud.people_here import Place, Someone
from tests.cloud.worklist.ordering_here import began


def fill(session: Session, place: Place, by: Someone, patient: int) -> None:
    """One row in each table."""
    wanted = services.order(
        session,
        patient_id=patient,
        store_id=place.id,
        examination="oct_macula",
        wanted_on=now().date(),
        by=by.id,
    )
    performing.heard(session, place.sender.gateway_id, place.id, began(wanted))

"""A row in every table of the imports room, as its services make them; read by tests/cloud/rows.py."""

from sqlalchemy.orm import Session

from cloud.imports import services
from cloud.imports.models import Row
from tests.cloud.people_here import Place, Someone


def fill(session: Session, place: Place, by: Someone, patient: int) -> None:
    """One row in each table."""
    batch = services.bring(session, file_name="list.csv", content=b"Name\nAsh", most=10, by=by.id)
    batch.accepted_by = batch.undone_by = by.id
    session.add(Row(batch_id=batch.id, number=2, cells=["Ash"], patient_id=patient))
    services.remember(session, ["Name"], ["full_name"])
    session.flush()

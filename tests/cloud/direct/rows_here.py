"""A row in every table of the patients' pages; read by tests/cloud/rows.py."""

from datetime import timedelta

from sqlalchemy.orm import Session

from cloud.direct.models import Door, Flow, Try
from cloud.kernel.clock import now
from cloud.kernel.hashing import digest
from tests.cloud.people_here import Place, Someone


def fill(session: Session, place: Place, by: Someone, patient: int) -> None:
    """One row in each table."""
    reached = {"channel": "email", "contact": "grace@example.test", "until": now() + timedelta(hours=1)}
    session.add_all(
        [
            Door(store_id=place.id, phone="+351 21 000 0000"),
            Flow(store_id=place.id, digest=digest(f"token {place.id}"), **reached),
            Try(who="somebody", deed="code"),
        ]
    )

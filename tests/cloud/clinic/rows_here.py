"""A row in every table of the clinic room, as its services make them; read by tests/cloud/rows.py."""

from sqlalchemy.orm import Session

from tests.cloud.people_here import Place, Someone


def fill(session: Session, place: Place, by: Someone, patient: int) -> None:
    """One row in each table."""

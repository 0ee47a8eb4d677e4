"""A row in every table of the calculators room, as its services make them; read by tests/cloud/rows.py."""

from sqlalchemy.orm import Session

from cloud.calculators import services
from tests.cloud.people_here import Place, Someone


def fill(session: Session, place: Place, by: Someone, patient: int) -> None:
    """One row in each table."""
    services.switch(session, rule_id="b.12.haigis", on=True, by=by.id)

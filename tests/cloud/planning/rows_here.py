"""A row in every table of the planning room; read by tests/cloud/rows.py after the schedule's."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.planning import resources
from cloud.schedule.models import Resource
from tests.cloud.people_here import Place, Someone


def fill(session: Session, place: Place, by: Someone, patient: int) -> None:
    """One row in each table."""
    chair = session.scalars(select(Resource)).first()
    assert chair is not None
    resources.change(session, chair, {"name": "Lane", "between": 5}, by=by.id)

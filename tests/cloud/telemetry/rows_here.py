"""A row in every table of the telemetry room, as its services make them; read by tests/cloud/rows.py."""

from datetime import timedelta

from sqlalchemy.orm import Session

from cloud.kernel.clock import now
from cloud.telemetry import services
from cloud.telemetry.looks import Look
from tests.cloud.people_here import Place, Someone


def fill(session: Session, place: Place, by: Someone, patient: int) -> None:
    """One row in each table."""
    at = (now() - timedelta(hours=2)).replace(microsecond=0)
    services.keep(session, [Look(by.tenant_id, place.sender.gateway_id, place.address, at, {"outbox_depth": 3})])
    services.add_up(session, now(), now() - timedelta(hours=1))

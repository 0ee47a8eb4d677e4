"""A row in every table of the operations room, as its services make them; read by tests/cloud/rows.py."""

from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from cloud.operations import alerts, bulk, limits, places, servicing
from cloud.operations.choices import Kind
from cloud.operations.servicing import Done
from cloud.operations.watch import Condition
from tests.cloud.people_here import Place, Someone


def fill(session: Session, place: Place, by: Someone, patient: int) -> None:
    """One row in each table."""
    places.put(session, place.id, latitude=Decimal("38.7"), longitude=Decimal("-9.1"), address="Pier 1", by=by.id)
    limits.set_limit(session, "offline", active=True, amount=30, by=by.id)
    servicing.enter(session, place.phoropter, done(), by=by.id)
    bulk.begin(session, verb="ping", args="{}", gateway_ids=[place.sender.gateway_id], by=by.id)
    ring(session, place)


def done(**changed: object) -> Done:
    """A calibration."""
    said = {"kind": Kind.CALIBRATED, "done_on": date(2026, 11, 2), "done_by": "Optikos Service"}
    return Done(**(said | {"next_due": date(2027, 11, 2), "certificate": "C-77"} | changed))  # type: ignore[arg-type]


def ring(session: Session, place: Place, rule: str = "gateway_alarm", subject: str = "outbox_full") -> int:
    """The one alert there is after a look that sees this condition; its id."""
    told = {"code": subject, "text": "Make room on the gateway's disk."}
    seen = Condition(place.sender.gateway_id, place.id, rule, subject, told)
    alerts.look(session, {rule: lambda _session, _amount: iter([seen])})
    found = alerts.of_gateways(session, [place.sender.gateway_id])[place.sender.gateway_id]
    return next(one.id for one in found if (one.rule, one.subject) == (rule, subject))

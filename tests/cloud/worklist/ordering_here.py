"""Orders as the tests of the worklist give them."""

from datetime import date

from sqlalchemy.orm import Session

from cloud.kernel.clock import now
from cloud.worklist import rules, services
from cloud.worklist.models import Order
from protocols.envelope import Event, steps
from tests.cloud.people_here import Place, Someone

ZONE = "Europe/Lisbon"


def today() -> date:
    return rules.day_of(now(), ZONE)


def wanted(session: Session, by: Someone, patient: int, place: Place | None = None, **more: object) -> Order:
    """An OCT of the macula, today, in the store of whoever orders it."""
    said = {"examination": "oct_macula", "wanted_on": today(), **more}
    return services.order(session, patient_id=patient, store_id=(place or by.store).id, by=by.id, **said)  # type: ignore[arg-type]


def told(code: str, order: Order | None, uid: str = "1.2.826.0.1", **more: object) -> Event:
    """What a gateway tells of a performed step of this order, or of numbers given in ``orders``."""
    numbers = [{"accession": order.accession, "study_uid": order.study_uid}] if order else []
    said = {"uid": uid, "orders": numbers, **more}
    words = {"id": f"{uid}/{code}", "at": "2026-11-22T09:00:00.000Z", "text": "oct began", "dev": "oct"}
    return Event(v=1, code=code, data=said, **words)


def began(order: Order) -> Event:
    """A device began the examination of this order."""
    return told(steps.STARTED, order)

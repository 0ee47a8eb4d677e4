"""What an answer to a reminder does to a visit."""

from sqlalchemy.orm import Session

from cloud.booking import entries, services
from cloud.booking.choices import By, Kind, State
from cloud.booking.models import Visit
from cloud.kernel.clock import now
from cloud.kernel.tenancy import current_tenant
from cloud.messages.choices import Meaning

CONFIRMED, CANCELLED, LATE, OVER = "confirmed", "cancelled", "late", "over"


def heard(session: Session, about: str, meaning: Meaning) -> str:
    """Confirm or call off the visit a letter was about; ``late`` and ``over`` change nothing, and the desk is told.

    A visit that has been moved meanwhile is not meant: its new time has a letter of its own.
    """
    kind, _, number = about.partition(":")
    visit = session.get(Visit, (current_tenant(), int(number))) if kind == "visit" and number.isdigit() else None
    if visit is None or visit.state not in (State.BOOKED, State.CONFIRMED) or visit.shown_at <= now():
        return OVER
    return _confirm(session, visit) if meaning == Meaning.CONFIRM else _cancel(session, visit)


def _confirm(session: Session, visit: Visit) -> str:
    if visit.state != State.CONFIRMED:
        services.turn(session, visit, State.CONFIRMED, by=None, through=By.PATIENT)
    return CONFIRMED


def _cancel(session: Session, visit: Visit) -> str:
    late = services.is_late(session, visit)
    if not late:
        services.turn(session, visit, State.CANCELLED, by=None, through=By.PATIENT)
    kind = Kind.TELL if late else Kind.CANCELLED
    entries.note(session, kind, store_id=visit.store_id, visit_id=visit.id, patient_id=visit.patient_id)
    return LATE if late else CANCELLED

"""What colleagues should know of a visit."""

from sqlalchemy.orm import Session

from cloud.booking import services
from cloud.booking.choices import By
from cloud.booking.models import Visit


def annotate(session: Session, visit: Visit, text: str | None, *, by: int) -> None:
    """Another note; the one before stays in the visit's history."""
    before = visit.note
    if before != text:
        visit.note = text
        session.flush()
        services.note(session, visit, "noted", {"note": before}, by=by, through=By.STAFF)

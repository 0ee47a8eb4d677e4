"""The booked visit behind a stay follows it: arrived, in progress, completed. One that may not move stays as it is."""

from sqlalchemy.orm import Session

from cloud.booking import listing
from cloud.booking import services as booking
from cloud.booking.choices import By, State
from cloud.booking.errors import NoSuchMove
from cloud.queue.models import Stay


def arrived(session: Session, stay: Stay) -> None:
    """Whoever was booked is here."""
    _turn(session, stay, State.ARRIVED, stay.by)


def begun(session: Session, stay: Stay, by: int | None) -> None:
    """Somebody sees them."""
    _turn(session, stay, State.IN_PROGRESS, by)


def over(session: Session, stay: Stay, by: int | None) -> None:
    """They have been everywhere."""
    _turn(session, stay, State.COMPLETED, by)


def taken_back(session: Session, stay: Stay, by: int | None) -> None:
    """They were not here after all."""
    _turn(session, stay, State.BOOKED, by)


def _turn(session: Session, stay: Stay, wanted: State, by: int | None) -> None:
    if stay.visit_id is None:
        return
    visit = listing.one(session, stay.visit_id)
    try:
        booking.turn(session, visit, wanted, by=by, through=By.STAFF if by is not None else By.PATIENT)
    except NoSuchMove:
        return

"""What waits for the desk, read with whatever it is about."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.booking.errors import NoSuchVisit
from cloud.booking.models import Entry, Offer, Request, Visit
from cloud.kernel.tenancy import current_tenant


def entry(session: Session, entry_id: int) -> Entry:
    """An entry of this chain's queues. Raises NoSuchVisit."""
    found = session.get(Entry, (current_tenant(), entry_id))
    if found is None:
        raise NoSuchVisit(entry_id)
    return found


def request(session: Session, request_id: int) -> Request:
    """A request of this chain. Raises NoSuchVisit."""
    found = session.get(Request, (current_tenant(), request_id))
    if found is None:
        raise NoSuchVisit(request_id)
    return found


def requests(session: Session, ids: Iterable[int]) -> dict[int, Request]:
    """Requests by number."""
    wanted = list(ids)
    return {one.id: one for one in session.scalars(select(Request).where(Request.id.in_(wanted)))} if wanted else {}


def visits(session: Session, ids: Iterable[int]) -> dict[int, Visit]:
    """Visits by number."""
    wanted = list(ids)
    return {one.id: one for one in session.scalars(select(Visit).where(Visit.id.in_(wanted)))} if wanted else {}


def offered(session: Session, request_id: int) -> list[Offer]:
    """Every time that was offered for a request, in order."""
    return list(session.scalars(select(Offer).where(Offer.request_id == request_id).order_by(Offer.shown_at)))

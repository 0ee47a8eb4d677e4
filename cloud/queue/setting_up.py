"""How a store's queue is set up; every change is in the audit."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy.orm import Session

from cloud.kernel import audit
from cloud.kernel.money import Money
from cloud.queue import queries
from cloud.queue.errors import NoSuch
from cloud.queue.models import Desk, Kind, Saying, Station
from cloud.queue.moving import tell

MOST_FEE = 10_000_000


def say(session: Session, store_id: int, who: str, languages: Sequence[str], *, by: int) -> None:
    """What screens and voices may say."""
    found = queries.saying(session, store_id) or Saying(store_id=store_id)
    found.who, found.languages = who, list(languages)
    session.add(found)
    session.flush()
    audit.note(session, by=by, verb="set_saying", kind="store", subject=store_id, who=who)
    tell(session, store_id)


def change(session: Session, row: Station | Kind, *, by: int, **told: Any) -> None:
    """Other words for a station or a kind."""
    for name, value in told.items():
        setattr(row, name, value)
    session.flush()
    audit.note(session, by=by, verb="set_queue", kind=row.__tablename__, subject=row.id)
    tell(session, row.store_id)


def add_desk(session: Session, station: Station, names: dict[str, str], number: int | None, *, by: int) -> Desk:
    """A door or counter."""
    desk = Desk(station_id=station.id, names=names, number=number)
    session.add(desk)
    session.flush()
    audit.note(session, by=by, verb="added", kind="queue_desk", subject=desk.id)
    return desk


def close_desk(session: Session, store_id: int, desk_id: int, *, by: int) -> None:
    """Raises NoSuch."""
    ids = [one.id for one in queries.all_stations(session, store_id)]
    found = next((one for one in queries.desks(session, ids) if one.id == desk_id), None)
    if found is None:
        raise NoSuch
    found.closed = True
    session.flush()
    audit.note(session, by=by, verb="closed", kind="queue_desk", subject=desk_id)


def read(form: Mapping[str, str], currency: str) -> dict[str, Any] | None:
    """Fee, quota, free days and kiosk as a form says them; None where one of them is nothing such."""
    try:
        fee = Money.of(Decimal(form.get("fee") or "0"), currency).minor
        quota = int(form["quota"]) if form.get("quota") else None
        free = int(form.get("free_days") or 0)
    except (ValueError, InvalidOperation):
        return None
    if not (0 <= fee <= MOST_FEE and 0 <= free <= 366 and (quota is None or 0 <= quota <= 9999)):
        return None
    return {"fee": fee, "quota": quota, "free_days": free, "kiosk": bool(form.get("kiosk"))}

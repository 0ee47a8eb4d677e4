"""Call buttons: a press comes up from a gateway and does what its key says, once, while somebody still means it.

A key is ``next:3`` (call whose turn it is to door 3), ``again:3`` (once more), ``missed:3`` (nobody came to door 3), or
``ticket:general`` (a registration of that kind, and a ticket on the store's printer). The button itself counts nothing.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from cloud.accounts import queries as accounts
from cloud.calls import sending
from cloud.calls.choices import LANGUAGES
from cloud.kernel.clock import now
from cloud.kernel.tenancy import current_tenant
from cloud.queue import calling, queries, services
from cloud.queue.choices import Source, Through
from cloud.queue.choices import Step as State
from cloud.queue.errors import NobodyWaits, NoSuch, Refused
from cloud.queue.models import Desk, Press, Station
from protocols.envelope import Event

PRESSED = "button_pressed"
MEANT = timedelta(seconds=30)  # whoever pressed and saw nothing happen has long done something else


def heard(session: Session, gateway_id: int, store_id: int, event: Event) -> None:
    """A press, told for the first time or again."""
    at = _moment(event)
    said = {"press": str(event.data.get("press", event.id))[:40], "key": str(event.data.get("key", ""))[:60]}
    where = {"store_id": store_id, "gateway_id": gateway_id, "dev": (event.dev or "")[:60]}
    row = {"tenant_id": current_tenant(), **said, **where, "pressed_at": at, "outcome": "late"}
    added = insert(Press).values(**row).on_conflict_do_nothing().returning(Press.id)
    number = session.scalar(added)
    if number is None or now() - at > MEANT:
        return
    press = session.scalars(select(Press).where(Press.id == number)).one()
    press.outcome = _outcome(session, store_id, said["key"])
    session.flush()


def _moment(event: Event) -> datetime:
    try:
        found = datetime.fromisoformat(event.at)
    except ValueError:
        return now()
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _outcome(session: Session, store_id: int, key: str) -> str:
    what, _colon, which = key.partition(":")
    try:
        if what == "ticket":
            return _ticket(session, store_id, which)
        if what in DEEDS and which.isdigit():
            station, desk = _door(session, store_id, int(which))
            return DEEDS[what](session, station, desk)
    except NobodyWaits:
        return "nobody"
    except NoSuch:
        return "unknown"
    except Refused:
        return "refused"
    return "unknown"


def _door(session: Session, store_id: int, number: int) -> tuple[Station, Desk]:
    stations = {one.id: one for one in queries.stations(session, store_id)}
    found = next((one for one in queries.desks(session, list(stations)) if one.number == number), None)
    if found is None:
        raise NoSuch
    return stations[found.station_id], found


def _next(session: Session, station: Station, desk: Desk) -> str:
    sending.next_(session, station, desk, by=None, through=Through.BUTTON)
    return "called"


def _again(session: Session, station: Station, desk: Desk) -> str:
    sending.this(session, _called_to(session, station, desk), desk, by=None, through=Through.BUTTON)
    return "called"


def _missed(session: Session, station: Station, desk: Desk) -> str:
    calling.missed(session, _called_to(session, station, desk), by=None, through=Through.BUTTON)
    return "called"


def _called_to(session: Session, station: Station, desk: Desk) -> queries.InLine:
    """Who was called to this door last and has not come."""
    rows = queries.open_steps(session, [station.id])
    mine = [one for one in rows if one.step.state == State.CALLED and one.step.desk_id == desk.id]
    if not mine:
        raise NobodyWaits
    return max(mine, key=lambda one: one.step.moved_at)


def _ticket(session: Session, store_id: int, code: str) -> str:
    """On paper stand the number and where to wait, in the store's languages; there is no page to speak another."""
    kind = queries.kind(session, store_id, code)
    stay, step, _token = services.arrive(session, kind, source=Source.BUTTON, through=Through.BUTTON)
    names, saying = queries.station(session, step.station_id, store_id).names, queries.saying(session, store_id)
    lines = [names[one] for one in (saying.languages if saying else LANGUAGES) if one in names]
    heading = accounts.store(session, store_id).name
    sending.ticket(session, stay, link="", lines=lines, heading=heading, by=None)
    return "ticket"


DEEDS: dict[str, Callable[[Session, Station, Desk], str]] = {"next": _next, "again": _again, "missed": _missed}

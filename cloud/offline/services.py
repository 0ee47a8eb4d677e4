"""Which gateway goes on with a store's queue, and how people of the store have a say in it."""

from sqlalchemy.orm import Session

from cloud.fleet import queries as fleet
from cloud.kernel import audit
from cloud.kernel.clock import now
from cloud.queue import holding, queries
from cloud.queue.errors import NoSuch
from cloud.queue.models import Holding
from cloud.queue.moving import tell


def born(session: Session, gateway_id: int, store_id: int, version: int | None, hold: str = "") -> None:
    """A gateway said which book it keeps, and by which holding it calls people itself (none: it does not).

    The first of a store that can keep a book is the one that does.
    """
    if version is None:
        return
    row = holding.of(session, store_id)
    if row is None and queries.stations(session, store_id):
        row = _begin(session, store_id, gateway_id)
    if row is None or row.gateway_id != gateway_id:
        return
    if hold and hold != row.hold:  # its first entry follows; until then nobody is called from here either
        row.hold, row.taken, row.ended, row.held_at = hold, 0, False, now()
    if (row.kept, bool(row.kept_at)) != (version, True):
        row.kept, row.kept_at = version, now()
    if version != row.version and (row.busy_until is None or row.busy_until <= now()):
        _again(row, version)
    session.flush()


def _begin(session: Session, store_id: int, gateway_id: int | None) -> Holding:
    row = Holding(store_id=store_id, gateway_id=gateway_id, version=0, taken=0, kept=0, due=True)
    session.add(row)
    session.flush()
    return row


def _again(row: Holding, version: int) -> None:
    if version > row.version:  # a gateway takes only what is newer than what it keeps
        row.version, row.digest = version, None
    row.again = row.due = True


def choose(session: Session, store_id: int, gateway_id: int | None, *, by: int) -> None:
    """This gateway goes on with the queue from now on, or none. Raises NoSuch, HeldAway while another is at it."""
    holding.mine(session, store_id)
    if gateway_id is not None and gateway_id not in {one.id for one in fleet.gateways(session, store_id)}:
        raise NoSuch
    row = holding.of(session, store_id, hold=True) or _begin(session, store_id, gateway_id)
    if row.gateway_id != gateway_id:
        row.ended, row.hold, row.taken, row.held_at, row.kept, row.kept_at = True, None, 0, None, 0, None
    row.gateway_id, row.due = gateway_id, True
    session.flush()
    audit.note(session, by=by, verb="set_queue_gateway", kind="store", subject=store_id, gateway=gateway_id)


def regain(session: Session, store_id: int, *, by: int) -> None:
    """The cloud calls again, although the gateway may be calling too: somebody says so, by name."""
    holding.regain(session, store_id, by=by)
    audit.note(session, by=by, verb="regained", kind="store", subject=store_id)
    tell(session, store_id)

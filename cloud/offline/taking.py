"""What a gateway did while it had the queue, taken over: in its order, through the same machines, at its own moments.

Nothing is forced. What does not fit any more (somebody here was faster, a number is not the gateway's) is kept beside
with its reason, whole, and shown to the store; what came before and after it counts all the same.
"""

from datetime import datetime

import msgspec
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from cloud.kernel.clock import now
from cloud.kernel.tenancy import current_tenant
from cloud.offline.doing import DOINGS, Doing, moment
from cloud.queue import holding
from cloud.queue.errors import Moved, NoNumbers, NoSuch, NotDrawn, NotPaid, Refused
from cloud.queue.models import Holding, Kept
from cloud.queue.moving import tell
from protocols.envelope import Event
from protocols.envelope.messages import Malformed
from protocols.envelope.queue import Entry

# Why something is kept beside: words of pages follow from these.
WHY: dict[type[Exception], str] = {
    Moved: "moved",
    NotDrawn: "not_drawn",
    NoSuch: "unknown",
    NoNumbers: "number",
    NotPaid: "money",
}

UNSEEN = ("took", "gave", "answered")  # nobody has to read these where they do not count


def heard(session: Session, gateway_id: int, store_id: int, event: Event) -> None:
    """An entry, told for the first time or again. Raises Malformed."""
    entry = read(event)
    where = {"tenant_id": current_tenant(), "store_id": store_id, "gateway_id": gateway_id, "hold": entry.hold}
    said = {"n": entry.n, "what": entry.what, "at": _at(entry), "body": msgspec.to_builtins(entry)}
    fresh = insert(Kept).values(**where, **said, outcome="waits", seen=False)
    session.execute(fresh.on_conflict_do_nothing())
    standing = _standing(session, gateway_id, store_id, entry.hold)
    if standing is None:
        _of_nobody(session, gateway_id, entry)
    else:
        _go_on(session, standing)


def read(event: Event) -> Entry:
    """The entry of an event. Raises Malformed, without a word of what was said."""
    try:
        return msgspec.convert(event.data, Entry)
    except msgspec.ValidationError as refusal:
        raise Malformed(f"an entry of the queue: {refusal}") from None


def _at(entry: Entry) -> datetime:
    try:
        return moment(entry.at)
    except NoSuch:
        return now()


def _standing(session: Session, gateway_id: int, store_id: int, hold: str) -> Holding | None:
    """How far this holding is taken over; of a gateway that does not go on with this store's queue nothing is."""
    row = holding.of(session, store_id, hold=True)
    if row is None or row.gateway_id != gateway_id:
        return None
    if row.hold != hold:
        row.hold, row.taken, row.ended = hold, 0, True
    return row


def _of_nobody(session: Session, gateway_id: int, entry: Entry) -> None:
    """What a gateway did that the store has given its queue no more: kept, and shown."""
    mine = (Kept.gateway_id == gateway_id, Kept.hold == entry.hold, Kept.n == entry.n, Kept.outcome == "waits")
    seen = entry.what in UNSEEN
    session.execute(update(Kept).where(*mine).values(outcome="kept", why="gateway", seen=seen))


def _go_on(session: Session, row: Holding) -> None:
    """Everything that is next in its row; what misses one before it waits."""
    mine = (Kept.store_id == row.store_id, Kept.gateway_id == row.gateway_id, Kept.hold == row.hold)
    for one in session.scalars(select(Kept).where(*mine, Kept.n > row.taken).order_by(Kept.n)).all():
        if one.n != row.taken + 1:
            break
        _take(session, row, one)
        row.taken = one.n
    session.flush()
    tell(session, row.store_id)


def _take(session: Session, row: Holding, one: Kept) -> None:
    entry = msgspec.convert(one.body, Entry)
    if entry.what in ("took", "gave"):
        row.ended, row.held_at = entry.what == "gave", row.held_at if entry.what == "gave" else now()
        one.outcome = "taken"
        return
    try:
        with session.begin_nested():
            DOINGS[entry.what](Doing(session, row, one, entry))
        one.outcome = "taken"
    except (Refused, IntegrityError) as refusal:
        one.outcome, one.why = "kept", WHY.get(type(refusal), "unknown")
        one.seen = entry.what in UNSEEN
    session.flush()

"""What a gateway did while it had the queue, taken over: in its order, through the same machines, at its own moments.

Nothing is forced. What does not fit any more (somebody here was faster, a number is not the gateway's) is kept beside
with its reason, whole, and shown to the store; what came before and after it counts all the same.
"""

from datetime import datetime

import msgspec
from sqlalchemy import select, text, update
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
    """How far this holding is taken over; of a gateway that does not go on with this store's queue nothing is.

    One at a time, but without holding the row: whoever moves somebody locks people first and the row at the end.
    """
    said = {"name": f"queue entries {store_id}"}
    session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), said)
    row = holding.of(session, store_id)
    if row is None or row.gateway_id != gateway_id:
        return None
    session.refresh(row)
    if row.hold != hold:
        row.hold, row.taken, row.ended = hold, 0, True
        session.flush()
    return row


def _of_nobody(session: Session, gateway_id: int, entry: Entry) -> None:
    """What a gateway did that the store has given its queue no more: kept, and shown."""
    mine = (Kept.gateway_id == gateway_id, Kept.hold == entry.hold, Kept.n == entry.n, Kept.outcome == "waits")
    seen = entry.what in UNSEEN
    session.execute(update(Kept).where(*mine).values(outcome="kept", why="gateway", seen=seen))


def _go_on(session: Session, row: Holding) -> None:
    """Everything that is next in its row; what misses one before it waits."""
    taken, ended, held_at = row.taken, row.ended, row.held_at
    mine = (Kept.store_id == row.store_id, Kept.gateway_id == row.gateway_id, Kept.hold == row.hold)
    for one in session.scalars(select(Kept).where(*mine, Kept.n > taken).order_by(Kept.n)).all():
        if one.n != taken + 1:
            break
        taken = one.n
        if one.what in ("took", "gave"):
            ended, held_at = one.what == "gave", held_at if one.what == "gave" else now()
            one.outcome = "taken"
        else:
            _take(session, row, one)
    row.taken, row.ended, row.held_at = taken, ended, held_at
    session.flush()
    tell(session, row.store_id)


def _take(session: Session, row: Holding, one: Kept) -> None:
    entry = msgspec.convert(one.body, Entry)
    try:
        with session.begin_nested():
            DOINGS[entry.what](Doing(session, row, one, entry))
        one.outcome = "taken"
    except (Refused, IntegrityError) as refusal:
        one.outcome, one.why = "kept", WHY.get(type(refusal), "unknown")
        one.seen = entry.what in UNSEEN
    session.flush()

"""What a gateway did and did not fit any more: for people to read, once."""

from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cloud.kernel import audit
from cloud.queue import queries
from cloud.queue.errors import NoSuch
from cloud.queue.models import Kept
from cloud.queue.moving import tell
from protocols.envelope.queue import Entry

MOST = 50  # that are shown at once


@dataclass(frozen=True, slots=True)
class Beside:
    """One of them: whose ticket (empty where nobody knows), what was done, why it does not count, when."""

    ticket: str
    what: str
    why: str
    at: datetime


def unread(session: Session, store_id: int) -> list[Beside]:
    """Those nobody has read yet, the oldest first."""
    query = select(Kept).where(Kept.store_id == store_id, Kept.outcome == "kept", Kept.seen.is_(False))
    found = session.scalars(query.order_by(Kept.id).limit(MOST)).all()
    return [Beside(_ticket(session, one), one.what, one.why or "unknown", one.at) for one in found]


def read(session: Session, store_id: int, *, by: int) -> None:
    """Somebody has read all of it."""
    mine = (Kept.store_id == store_id, Kept.outcome == "kept", Kept.seen.is_(False))
    session.execute(update(Kept).where(*mine).values(seen=True))
    audit.note(session, by=by, verb="read_kept", kind="store", subject=store_id)
    tell(session, store_id)


def _ticket(session: Session, one: Kept) -> str:
    entry = msgspec.convert(one.body, Entry)
    if entry.came is not None:
        return entry.came.ticket
    stays = [change.id for change in entry.changes if change.of == "stay"]
    steps = [change.id for change in entry.changes if change.of == "step"]
    stays += [entry.cleared.stay] if entry.cleared else []
    try:
        if stays:
            return _of_stay(session, one, stays[0])
        return _of_step(session, one, steps[0]) if steps else ""
    except NoSuch:
        return ""


def _of_stay(session: Session, one: Kept, ref: int) -> str:
    return queries.stay(session, ref, one.store_id).ticket if ref > 0 else _of_entry(session, one, -ref)


def _of_step(session: Session, one: Kept, ref: int) -> str:
    return queries.step(session, ref, one.store_id).stay.ticket if ref > 0 else _of_entry(session, one, -ref)


def _of_entry(session: Session, one: Kept, n: int) -> str:
    """Of somebody whom the gateway took in, or sent on, itself."""
    mine = (Kept.gateway_id == one.gateway_id, Kept.hold == one.hold, Kept.n == n)
    earlier = session.scalars(select(Kept).where(*mine)).first()
    return _ticket(session, earlier) if earlier and earlier.n < one.n else ""

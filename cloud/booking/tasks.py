"""The worker's part: what has ended makes room, and what came free is offered to whoever waits for it."""

import logging
from collections.abc import Callable, Sequence
from functools import partial

from sqlalchemy import Engine, func, select, text, update
from sqlalchemy.orm import Session

from cloud.booking import entries, examining, holding, letters, requests, waiting
from cloud.booking.choices import LIVE, Kind, Stands
from cloud.booking.errors import Gone
from cloud.booking.models import Freed, Hold, Offer, Telling, Visit
from cloud.booking.once import settled
from cloud.kernel.clock import now
from cloud.kernel.database import outside
from cloud.kernel.tenancy import current_tenant

log = logging.getLogger(__name__)

AT_ONCE = 200
LETTERS = {"confirmed": letters.confirmed, "cancelled": letters.cancelled, "over": letters.over}


def work(engine: Engine) -> bool:
    """One step for every chain with something due; whether there was anything."""
    with outside(engine) as session:
        due = list(session.scalars(text("SELECT DISTINCT tenant_id FROM booking_due()")))
    for tenant_id in due:
        _settled(engine, tenant_id)
    return bool(due)


def step(session: Session) -> None:
    """What patients should be told, offers nobody answered, holds that have ended, one time that came free."""
    tell(session)
    for offer in _lapsed(session):
        (requests if offer.request_id else waiting).over(session, offer)
    ended = select(Hold.id).where(Hold.until <= now()).limit(AT_ONCE)
    holding.drop(session, session.scalars(ended.with_for_update(skip_locked=True)).all())
    oldest = select(Freed).order_by(Freed.id).limit(1).with_for_update(skip_locked=True)
    for freed in session.scalars(oldest):
        waiting.match(session, freed)


def tell(session: Session) -> None:
    """Write the letters about visits, in the order in which these were made and changed: one worker at a time."""
    alone = func.pg_try_advisory_xact_lock(current_tenant(), func.hashtext("booking telling"))
    if not session.scalar(select(alone)):
        return
    for telling in session.scalars(select(Telling).order_by(Telling.id).limit(AT_ONCE)).all():
        _told(session, telling)
        session.delete(telling)
    session.flush()


def _told(session: Session, telling: Telling) -> None:
    """What cannot be done for one visit holds up no other: somebody at the desk looks after it."""
    visit = session.get_one(Visit, (current_tenant(), telling.visit_id))
    before = session.get_one(Visit, (current_tenant(), telling.before_id)) if telling.before_id is not None else None
    _apart(session, visit, "letter about", partial(_write, session, telling, visit, before))
    _apart(session, visit, "examinations for", partial(examining.follow, session, visit, before))


def _apart(session: Session, visit: Visit, what: str, deed: Callable[[], None]) -> None:
    try:
        with session.begin_nested():
            deed()
    except Exception as trouble:
        log.error("no %s visit %s (%s)", what, visit.id, type(trouble).__name__)
        entries.note(session, Kind.TELL, store_id=visit.store_id, visit_id=visit.id, patient_id=visit.patient_id)


def _write(session: Session, telling: Telling, visit: Visit, before: Visit | None) -> None:
    if before is not None:
        letters.moved(session, before, visit)
    elif telling.what != "confirmed" or visit.state in LIVE:  # else it was given up before anybody was told of it
        LETTERS[telling.what](session, visit)


def _settled(engine: Engine, tenant_id: int) -> None:
    try:
        settled(engine, tenant_id, step)
    except Gone:  # somebody else was faster; what came free is still written down
        return


def _lapsed(session: Session) -> Sequence[Offer]:
    late = select(Offer.id).where(Offer.state == Stands.OPEN, Offer.until <= now()).limit(AT_ONCE)
    ids = session.scalars(late.with_for_update(skip_locked=True)).all()
    session.execute(update(Offer).where(Offer.id.in_(ids)).values(state=Stands.OVER))
    return session.scalars(select(Offer).where(Offer.id.in_(ids)).order_by(Offer.id)).all()

"""A booked visit puts the examinations of its type on the worklist; they follow it until an instrument has begun."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.accounts import queries as accounts
from cloud.booking.choices import LIVE, State
from cloud.booking.models import Visit, Wanted
from cloud.kernel.clock import local
from cloud.schedule import queries as schedule
from cloud.worklist import queries as worklist
from cloud.worklist import services as orders
from cloud.worklist.queries import Standing

GONE = (State.CANCELLED, State.NO_SHOW)
VISIT = "visit"  # why an order came, went or moved: not by a person's hand


def follow(session: Session, visit: Visit, before: Visit | None = None) -> None:
    """What was ordered stands as the visit does: on its day, of its type, or not at all.

    ``before`` is the visit it takes the place of. What has begun, and what somebody ended by hand, is left alone.
    """
    had = _standing(session, before or visit)
    if visit.state in LIVE:
        _match(session, visit, had)
    elif visit.state == State.MOVED:  # once more before anybody looked: the next one asks this one what it had
        for one in had.values():
            _keep(session, visit, one.id)
    elif visit.state in GONE:
        for one in had.values():
            _cancel(session, one)


def _match(session: Session, visit: Visit, had: Mapping[str, Standing]) -> None:
    of = schedule.kind(session, visit.type_id)
    kinds = of.examinations if of is not None else []
    kept = {kind: one for kind, one in had.items() if kind in kinds and one.store_id == visit.store_id}
    for one in had.values():
        if one not in kept.values():
            _cancel(session, one)
    when = _when(session, visit) if kinds else {}
    for kind in kinds:
        _keep(session, visit, _moved(session, kept[kind], when) if kind in kept else _new(session, visit, kind, when))


def _moved(session: Session, one: Standing, when: dict[str, Any]) -> int:
    if one.wanted:
        orders.change(session, one.id, by=None, why=VISIT, **when)
    return one.id


def _new(session: Session, visit: Visit, kind: str, when: dict[str, Any]) -> int:
    about: dict[str, Any] = {"patient_id": visit.patient_id, "store_id": visit.store_id, "examination": kind}
    return orders.order(session, **about, **when, by=visit.booked_by, why=VISIT).id


def _when(session: Session, visit: Visit) -> dict[str, Any]:
    begins = local(visit.shown_at, accounts.store(session, visit.store_id).zone)
    return {"wanted_on": begins.date(), "wanted_time": begins.time()}


def _keep(session: Session, visit: Visit, order_id: int) -> None:
    known = select(Wanted.id).where(Wanted.visit_id == visit.id, Wanted.order_id == order_id)
    if session.scalar(known) is None:
        session.add(Wanted(visit_id=visit.id, order_id=order_id))
        session.flush()


def _cancel(session: Session, one: Standing) -> None:
    if one.wanted:
        orders.cancel(session, one.id, by=None, why=VISIT)


def _standing(session: Session, visit: Visit) -> dict[str, Standing]:
    ids = session.scalars(select(Wanted.order_id).where(Wanted.visit_id == visit.id)).all()
    return worklist.standing(session, ids) if ids else {}

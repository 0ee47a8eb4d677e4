"""Orders to a gateway itself: given, taken back, looked at."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.fleet import queries, services
from cloud.fleet.choices import DEADLINES, GONE, Step
from cloud.fleet.errors import AlreadySent, NoSuchOrder, NotAnOrder
from cloud.fleet.models import Gateway, Order
from cloud.kernel import audit
from cloud.kernel.clock import now
from cloud.kernel.ids import uuid7

PAGE = 20


def command(
    session: Session,
    gateway: Gateway,
    verb: str,
    *,
    by: int | None,
    dev: str | None = None,
    args: Mapping[str, Any] | None = None,
    store_id: int | None = None,
) -> Order:
    """Queue an order; it is published once this transaction is kept, and ends by its deadline at the latest.

    ``store_id`` is the store under whose name the gateway hears, where that is not the one it belongs to.

    Raises:
        NotAnOrder: no such verb, or an instrument this gateway does not have.
        OrderUnderWay: the same is being done already.
    """
    if verb not in DEADLINES:
        raise NotAnOrder(verb)
    there = {one.dev for one in queries.instruments_of(session, gateway.id) if one.state != GONE} if dev else set()
    if dev is not None and dev not in there:
        raise NotAnOrder(verb)
    told = {**(args or {}), **({"dev": dev} if dev is not None else {})}
    queued = Order(
        **{"gateway_id": gateway.id, "store_id": store_id or gateway.store_id, "dev": dev},
        **{"verb": verb, "readings": []},
        **{"command_id": str(uuid7()), "args": msgspec.json.encode(told).decode(), "asked_by": by},
        deadline=now() + DEADLINES[verb],
    )
    services.queue(session, queued)
    if by is not None:
        audit.note(session, by=by, verb=verb, kind="gateway", subject=gateway.id, order=queued.command_id)
    return queued


def cancel(session: Session, gateway_id: int, order_id: int, *, by: int) -> Order:
    """Take an order back before it leaves. Raises NoSuchOrder, AlreadySent."""
    order = _held(session, gateway_id, order_id)
    if order.state != Step.QUEUED:
        raise AlreadySent(order_id)
    services.move(session, order, Step.CANCELLED)
    audit.note(session, by=by, verb="cancelled_order", kind="gateway", subject=gateway_id, order=order.command_id)
    return order


def _held(session: Session, gateway_id: int, order_id: int) -> Order:
    mine = (Order.gateway_id == gateway_id) & (Order.id == order_id)
    found = session.scalars(select(Order).where(mine).with_for_update()).first()
    if found is None:
        raise NoSuchOrder(order_id)
    return found


def one(session: Session, gateway_id: int, order_id: int) -> Order:
    """An order of a gateway. Raises NoSuchOrder."""
    found = session.scalars(select(Order).where(Order.gateway_id == gateway_id, Order.id == order_id)).first()
    if found is None:
        raise NoSuchOrder(order_id)
    return found


def page(session: Session, gateway_id: int, before: int | None = None) -> tuple[Sequence[Order], int | None]:
    """Orders of a gateway, newest first, and what to ask for to get those before them."""
    query = select(Order).where(Order.gateway_id == gateway_id)
    older = query.where(Order.id < before) if before is not None else query
    found = session.scalars(older.order_by(Order.id.desc()).limit(PAGE + 1)).all()
    return found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else None


def by_id(session: Session, order_id: int) -> Order | None:
    """An order, whichever gateway's."""
    return session.scalars(select(Order).where(Order.id == order_id)).first()

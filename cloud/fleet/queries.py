"""Questions about gateways and instruments."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from cloud.accounts import queries as accounts
from cloud.fleet import catalogue
from cloud.fleet.choices import GONE, SENDABLE
from cloud.fleet.errors import NoSuchPhoropter
from cloud.fleet.models import Gateway, Happening, Instrument, Order
from cloud.kernel.clock import now
from cloud.kernel.database import outside
from cloud.kernel.tenancy import current_tenant
from protocols import envelope
from protocols.envelope import Address, Command

_FIND = text("SELECT * FROM fleet_find_gateway(:chain, :store, :gateway)")


def find_gateway(engine: Engine, chain: str, store: str, gateway: str) -> Any | None:
    """tenant_id, store_id, gateway_id and status of the gateway with this name, over all chains."""
    with outside(engine) as session:
        return session.execute(_FIND, {"chain": chain, "store": store, "gateway": gateway}).first()


def gateways(session: Session, store_id: int | None = None) -> Sequence[Gateway]:
    """Gateways of the chain, or of one store, by name."""
    query = select(Gateway).order_by(Gateway.store_id, Gateway.slug)
    return session.scalars(query.where(Gateway.store_id == store_id) if store_id else query).all()


def gateway(session: Session, gateway_id: int, *, hold: bool = False) -> Gateway | None:
    """One gateway of the chain; ``hold`` it until the transaction ends."""
    return session.get(Gateway, (current_tenant(), gateway_id), with_for_update=hold, populate_existing=hold)


def gateway_named(session: Session, store_id: int, slug: str) -> Gateway | None:
    """The gateway of a store that bears this name."""
    return session.scalars(select(Gateway).where(Gateway.store_id == store_id, Gateway.slug == slug)).first()


def instruments_of(session: Session, gateway_id: int) -> Sequence[Instrument]:
    """A gateway's instruments, lane by lane."""
    query = select(Instrument).where(Instrument.gateway_id == gateway_id)
    return session.scalars(query.order_by(Instrument.lane, Instrument.dev)).all()


def instruments(session: Session, store_id: int | None = None) -> Sequence[Instrument]:
    """Instruments of the chain, or of one store, lane by lane."""
    query = select(Instrument).order_by(Instrument.store_id, Instrument.lane, Instrument.dev)
    return session.scalars(query.where(Instrument.store_id == store_id) if store_id else query).all()


def lanes(session: Session, store_id: int) -> list[str]:
    """Lanes of a store that have an instrument."""
    query = select(Instrument.lane).where(Instrument.store_id == store_id, Instrument.lane.is_not(None)).distinct()
    return sorted(lane for lane in session.scalars(query) if lane)


def happenings(session: Session, gateway_id: int, limit: int = 50) -> Sequence[Happening]:
    """What a gateway reported, newest first."""
    query = select(Happening).where(Happening.gateway_id == gateway_id)
    return session.scalars(query.order_by(Happening.at.desc(), Happening.id.desc()).limit(limit)).all()


def store_state(session: Session, store_id: int | None) -> str:
    """How a store's gateways are, in one word: online, offline, or none when it has none."""
    query = select(Gateway.state).where(Gateway.store_id == store_id)
    states = session.scalars(query).all() if store_id else []
    if not states:
        return "none"
    return "online" if "online" in states else "offline"


def phoropters(session: Session, store_id: int) -> list[Instrument]:
    """Instruments of a store that take a patient's data, lane by lane."""
    there = (Instrument.store_id == store_id) & (Instrument.state != GONE)
    query = select(Instrument).where(there, Instrument.family.in_(SENDABLE))
    found = session.scalars(query.order_by(Instrument.lane, Instrument.dev)).all()
    return [one for one in found if catalogue.is_phoropter(one.family, one.model)]


def phoropter(session: Session, store_id: int, instrument_id: int) -> Instrument:
    """One of them. Raises NoSuchPhoropter."""
    found = next((one for one in phoropters(session, store_id) if one.id == instrument_id), None)
    if found is None:
        raise NoSuchPhoropter(instrument_id)
    return found


def orders_of(session: Session, patient_id: int, since: datetime) -> list[tuple[Order, Instrument]]:
    """The latest order for a patient at each instrument since then, newest first."""
    place = (Instrument.gateway_id == Order.gateway_id) & (Instrument.dev == Order.dev)
    hers = (Order.patient_id == patient_id) & (Order.asked_at >= since)
    latest = select(func.max(Order.id)).where(hers).group_by(Order.gateway_id, Order.dev)
    query = select(Order, Instrument).join(Instrument, place).where(Order.id.in_(latest)).order_by(Order.id.desc())
    return [(order, instrument) for order, instrument in session.execute(query)]


def open_orders(engine: Engine) -> list[tuple[int, int]]:
    """Chain and id of every order that is not settled, over all chains, oldest first."""
    with outside(engine) as session:
        return [(row.tenant_id, row.order_id) for row in session.execute(text("SELECT * FROM fleet_open_orders()"))]


def letter(session: Session, order: Order) -> tuple[str, bytes, int]:
    """An order as it leaves: topic, command, and after how many seconds the broker may forget it."""
    gateway = session.get_one(Gateway, (current_tenant(), order.gateway_id))
    # the store of the order: a gateway that moves hears under its old name that it has a new one
    address = Address(*accounts.slugs(session, order.store_id), gateway.slug)
    deadline = order.deadline.isoformat().replace("+00:00", "Z")
    args = msgspec.json.decode(order.args)
    command = Command(v=1, id=order.command_id, verb=order.verb, deadline=deadline, args=args)
    seconds = max(1, int((order.deadline - now()).total_seconds()))
    return address.down("cmd", order.command_id), envelope.encode(command), seconds

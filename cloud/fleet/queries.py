"""Questions about gateways and instruments."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from cloud.fleet.models import Gateway, Happening, Instrument
from cloud.kernel.database import outside

_FIND = text("SELECT * FROM fleet_find_gateway(:chain, :store, :gateway)")


def find_gateway(engine: Engine, chain: str, store: str, gateway: str) -> Any | None:
    """tenant_id, store_id, gateway_id and status of the gateway with this name, over all chains."""
    with outside(engine) as session:
        return session.execute(_FIND, {"chain": chain, "store": store, "gateway": gateway}).first()


def gateways(session: Session, store_id: int | None = None) -> Sequence[Gateway]:
    """Gateways of the chain, or of one store, by name."""
    query = select(Gateway).order_by(Gateway.store_id, Gateway.slug)
    return session.scalars(query.where(Gateway.store_id == store_id) if store_id else query).all()


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
    states = [g.state for g in gateways(session, store_id)] if store_id else []
    if not states:
        return "none"
    return "online" if "online" in states else "offline"

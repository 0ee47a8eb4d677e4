"""Stores as they stand on the internet: found by their names, with what a stranger may know of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import Engine, or_, select, text
from sqlalchemy.orm import Session

from cloud.accounts import queries as accounts
from cloud.direct.errors import NoSuchDoor
from cloud.direct.models import Door
from cloud.kernel.database import outside
from cloud.operations import places
from cloud.schedule import queries as schedule


@dataclass(frozen=True)
class Shop:
    """A store as a patient sees it. ``accent`` is ``#rrggbb``; ``country`` two letters (ISO 3166)."""

    store_id: int
    chain: str
    name: str
    zone: str
    slugs: tuple[str, str]
    country: str
    phone: str | None
    emergency: str | None
    accent: str | None
    frames: tuple[str, ...]
    most: int
    address: str | None
    latitude: Decimal | None
    longitude: Decimal | None


def find(engine: Engine, chain: str, store: str) -> tuple[int, int]:
    """Numbers of chain and store behind their names. Raises NoSuchDoor."""
    asked = text("SELECT * FROM direct_find_store(:chain, :store)")
    with outside(engine) as session:
        found = session.execute(asked, {"chain": chain, "store": store}).first()
    if found is None:
        raise NoSuchDoor
    return found.tenant_id, found.store_id


def shop(session: Session, store_id: int) -> Shop:
    """A store of this chain, open to patients. Raises NoSuchDoor."""
    ours = or_(Door.store_id == store_id, Door.store_id.is_(None))
    rows: Sequence[Door] = session.scalars(select(Door).where(ours).order_by(Door.store_id.nulls_last())).all()
    if not all(one.open for one in rows[:1]):
        raise NoSuchDoor
    store, place = places.store(session, store_id)
    return Shop(
        store_id=store_id,
        chain=accounts.chain_name(session),
        name=store.name,
        zone=store.zone,
        slugs=accounts.slugs(session, store_id),
        country=schedule.policy(session, store_id).country,
        phone=_first(rows, "phone"),
        emergency=_first(rows, "emergency"),
        accent=_first(rows, "accent"),
        frames=tuple({one for row in rows for one in row.frames}),
        most=rows[0].most if rows else 4,
        address=place.address if place else None,
        latitude=place.latitude if place else None,
        longitude=place.longitude if place else None,
    )


def _first(rows: Sequence[Door], name: str) -> str | None:
    """The store's own word, else the chain's."""
    return next((value for one in rows if (value := getattr(one, name))), None)

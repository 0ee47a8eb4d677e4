"""Where stores stand, and how each is."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Subquery, case, func, or_, select
from sqlalchemy.orm import Session

from cloud.accounts.models import Region, Store
from cloud.fleet import listing
from cloud.fleet.models import Gateway
from cloud.kernel import audit
from cloud.kernel.tenancy import current_tenant
from cloud.operations.atlas import Box, Spot
from cloud.operations.errors import NoSuchStore
from cloud.operations.models import Place

PAGE = 100


@dataclass(frozen=True, slots=True)
class Stand:
    """A store with its place, if it has one, and its gateways counted."""

    store: Store
    region: str | None
    place: Place | None
    gateways: int
    offline: int
    troubled: int

    @property
    def state(self) -> str:
        """In one word."""
        return _state(self.gateways, self.offline, self.troubled)

    @property
    def placed(self) -> bool:
        """Whether it can stand on the map."""
        return self.place is not None and self.place.latitude is not None and self.place.longitude is not None


def _state(gateways: int, offline: int, troubled: int) -> str:
    """Danger where a gateway is offline, warning where one has a problem, none without gateways."""
    if not gateways:
        return "none"
    return "danger" if offline else "warning" if troubled else "good"


def _counted(stores: Collection[int] | None = None) -> Subquery:
    """Gateways of each store: how many, how many of them are not there, how many have a problem."""

    def many(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)

    query = select(
        Gateway.store_id,
        func.count().label("gateways"),
        many(Gateway.state != "online").label("offline"),
        many(listing.troubled()).label("troubled"),
    ).group_by(Gateway.store_id)
    return (query if stores is None else query.where(Gateway.store_id.in_(stores))).subquery()


def _counts(counted: Subquery) -> list[ColumnElement[Any]]:
    return [func.coalesce(counted.c[name], 0) for name in ("gateways", "offline", "troubled")]


def spots(session: Session, within: Box | None = None) -> list[Spot]:
    """Stores that have a place, by name; ``within`` south, west, north, east. All of a large chain are not too many."""
    counted = _counted()
    query = (
        select(Store.id, Place.latitude, Place.longitude, Store.name, *_counts(counted))
        .join(Place, (Place.tenant_id == Store.tenant_id) & (Place.store_id == Store.id))
        .outerjoin(counted, counted.c.store_id == Store.id)
        .where(Place.latitude.is_not(None), Place.longitude.is_not(None))
        .order_by(Store.name, Store.id)
    )
    if within is not None:
        south, west, north, east = within
        query = query.where(Place.latitude.between(south, north), Place.longitude.between(west, east))
    return [
        Spot(store_id, float(north), float(east), _state(*counts), name)
        for store_id, north, east, name, *counts in session.execute(query)
    ]


def are_there(session: Session, *, placed: bool) -> bool:
    """Whether any store has a place, or (without ``placed``) whether any has none."""
    has_one = Place.latitude.is_not(None) & Place.longitude.is_not(None)
    query = select(Store.id).outerjoin(Place, (Place.tenant_id == Store.tenant_id) & (Place.store_id == Store.id))
    return session.scalars(query.where(has_one if placed else ~has_one).limit(1)).first() is not None


def stands(
    session: Session,
    *,
    words: str = "",
    missing: bool = False,
    ids: Collection[int] | None = None,
    limit: int | None = None,
) -> list[Stand]:
    """Stores by name, each with its place and its gateways counted; ``missing`` are those without a place."""
    counted = _counted(ids)
    query = (
        select(Store, Region.name, Place, *_counts(counted))
        .outerjoin(Region, (Region.tenant_id == Store.tenant_id) & (Region.id == Store.region_id))
        .outerjoin(Place, (Place.tenant_id == Store.tenant_id) & (Place.store_id == Store.id))
        .outerjoin(counted, counted.c.store_id == Store.id)
        .order_by(Store.name, Store.id)
        .limit(limit)
    )
    for word in words.split()[:6]:
        query = query.where(
            or_(*(one.icontains(word, autoescape=True) for one in (Store.name, Store.slug, Region.name)))
        )
    if missing:
        query = query.where(or_(Place.latitude.is_(None), Place.longitude.is_(None)))
    if ids is not None:
        query = query.where(Store.id.in_(ids))
    return [
        Stand(store, region, place, int(a), int(b), int(c)) for store, region, place, a, b, c in session.execute(query)
    ]


def store(session: Session, store_id: int) -> tuple[Store, Place | None]:
    """A store and its place. Raises NoSuchStore."""
    found = session.get(Store, (current_tenant(), store_id))
    if found is None:
        raise NoSuchStore(store_id)
    return found, session.scalars(select(Place).where(Place.store_id == store_id)).first()


def put(
    session: Session,
    store_id: int,
    *,
    latitude: Decimal | None,
    longitude: Decimal | None,
    address: str | None,
    by: int,
) -> Place:
    """Say where a store stands; without degrees it is off the map. Raises NoSuchStore."""
    _store, place = store(session, store_id)
    if place is None:
        place = Place(store_id=store_id)
        session.add(place)
    place.latitude, place.longitude, place.address = latitude, longitude, address
    audit.note(session, by=by, verb="placed", kind="store", subject=store_id, on_map=latitude is not None)
    session.flush()
    return place

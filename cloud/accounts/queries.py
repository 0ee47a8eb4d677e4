"""Questions about staff and stores."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import overload

from sqlalchemy import ColumnElement, Engine, ScalarSelect, Select, func, or_, select, text
from sqlalchemy.orm import Session

from cloud.accounts.choices import May
from cloud.accounts.models import Chain, Post, Staff, Store
from cloud.accounts.rules import allowed
from cloud.kernel.database import outside
from cloud.kernel.tenancy import current_tenant


class Stores(Sequence[Store]):
    """Stores someone works in, by name; read when somebody asks for them, as a large chain has ten thousand."""

    def __init__(self, session: Session, staff_id: int) -> None:
        self._session, self._staff_id = session, staff_id

    def first(self, many: int) -> Sequence[Store]:
        """The first of them, without reading the others."""
        return self._session.scalars(_stores(self._staff_id).limit(many)).all()

    def named(self, slug: str) -> Store | None:
        """The one that is called so, else the one whose whole name this is."""
        called = or_(Store.slug == slug, func.lower(Store.name) == slug.lower())
        found = self._session.scalars(_stores(self._staff_id).where(called)).all()
        return next((one for one in found if one.slug == slug), found[0] if found else None)

    @cached_property
    def _all(self) -> Sequence[Store]:
        return stores_of(self._session, self._staff_id)

    @overload
    def __getitem__(self, at: int) -> Store: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Store]: ...
    def __getitem__(self, at: int | slice) -> Store | Sequence[Store]:
        """One of all, or some of them."""
        return self._all[at]

    def __len__(self) -> int:
        """How many there are."""
        return len(self._all)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody signed in, at work in one store."""

    tenant_id: int
    staff_id: int
    name: str
    locale: str | None
    chain: str
    roles: tuple[str, ...]
    may: frozenset[May]
    stores: Stores
    store: Store | None


def find_staff(engine: Engine, email: str) -> tuple[int, int] | None:
    """Chain and staff id behind an address, over all chains."""
    with outside(engine) as session:
        row = session.execute(text("SELECT * FROM accounts_find_staff(:a)"), {"a": email.strip().lower()}).first()
    return (row.tenant_id, row.staff_id) if row else None


def person(session: Session, staff_id: int, store_id: int | None) -> Person | None:
    """Who this is and what they may do in the chosen store (their first one if none is chosen)."""
    staff = session.get(Staff, (current_tenant(), staff_id))
    if staff is None or not staff.active:
        return None
    mine = _stores(staff_id)
    chosen = session.scalars(mine.where(Store.id == store_id)).first() if store_id else None
    store = chosen or session.scalars(mine.limit(1)).first()
    roles = roles_in(session, staff_id, store)
    chain = session.get_one(Chain, current_tenant())
    stores = Stores(session, staff_id)
    return Person(
        current_tenant(), staff_id, staff.name, staff.locale, chain.name, roles, allowed(roles), stores, store
    )


def stores_of(session: Session, staff_id: int) -> Sequence[Store]:
    """Stores someone has a post in, by name."""
    return session.scalars(_stores(staff_id)).all()


def _stores(staff_id: int) -> Select[Store]:
    everywhere = Post.store_id.is_(None) & Post.region_id.is_(None)
    here = or_(everywhere, Post.store_id == Store.id, Post.region_id == Store.region_id)
    posts = select(Post.id).where(Post.staff_id == staff_id, here)
    return select(Store).where(posts.exists()).order_by(Store.name, Store.id)


def roles_in(session: Session, staff_id: int, store: Store | None) -> tuple[str, ...]:
    """Roles someone has in a store."""
    places: list[ColumnElement[bool]] = [Post.store_id.is_(None) & Post.region_id.is_(None)]
    if store is not None:
        places.append(Post.store_id == store.id)
    if store is not None and store.region_id is not None:
        places.append(Post.region_id == store.region_id)
    where = or_(*places)
    return tuple(session.scalars(select(Post.role).where(Post.staff_id == staff_id, where).distinct()).all())


def number_of(slug: str) -> ScalarSelect[int]:
    """The number of the store with this name in addresses, as a part of another room's question."""
    return select(Store.id).where(Store.slug == slug).scalar_subquery()


def store_called(session: Session, slug: str) -> Store | None:
    """The store of this chain with this name in addresses."""
    return session.scalars(select(Store).where(Store.slug == slug)).first()


def all_stores(session: Session) -> Sequence[Store]:
    """Every store of this chain, by name."""
    return session.scalars(select(Store).order_by(Store.name, Store.id)).all()


def staff_of(session: Session, store_id: int) -> Sequence[Staff]:
    """Whoever is at work in a store, by name."""
    here = select(Store.region_id).where(Store.id == store_id).scalar_subquery()
    everywhere = Post.store_id.is_(None) & Post.region_id.is_(None)
    posts = select(Post.staff_id).where(or_(everywhere, Post.store_id == store_id, Post.region_id == here))
    query = select(Staff).where(Staff.active, Staff.id.in_(posts))
    return session.scalars(query.order_by(Staff.name, Staff.id)).all()


def names(session: Session, staff_ids: Collection[int | None]) -> dict[int, str]:
    """Names of staff by id; nobody (None) has none."""
    known = {one for one in staff_ids if one is not None}
    rows = session.execute(select(Staff.id, Staff.name).where(Staff.id.in_(known))) if known else ()
    return {row.id: row.name for row in rows}


def zones(session: Session, stores: Collection[int]) -> dict[int, str]:
    """By store its IANA time zone."""
    found = session.execute(select(Store.id, Store.zone).where(Store.id.in_(list(stores))))
    return {one.id: one.zone for one in found}


def store(session: Session, store_id: int) -> Store:
    """A store of this chain."""
    return session.get_one(Store, (current_tenant(), store_id))


def store_names(session: Session, store_ids: set[int]) -> dict[int, str]:
    """Names of stores by id."""
    rows = session.execute(select(Store.id, Store.name).where(Store.id.in_(store_ids))) if store_ids else ()
    return {row.id: row.name for row in rows}


def slugs(session: Session, store_id: int) -> tuple[str, str]:
    """The names of chain and store as they stand in a certificate."""
    store = session.get_one(Store, (current_tenant(), store_id))
    return session.get_one(Chain, current_tenant()).slug, store.slug


def chain_slug(session: Session) -> str:
    """What this chain is called in commands and settings."""
    return session.get_one(Chain, current_tenant()).slug


def chain_name(session: Session) -> str:
    """What this chain is called."""
    return session.get_one(Chain, current_tenant()).name


def chain_locale(session: Session) -> str:
    """The language this chain speaks to whoever has named none."""
    return session.get_one(Chain, current_tenant()).locale


def chains(engine: Engine) -> list[int]:
    """Every chain, for a worker, which knows none yet."""
    with outside(engine) as session:
        return list(session.scalars(text("SELECT * FROM accounts_chains()")))

"""Questions about staff and stores."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Engine, or_, select, text
from sqlalchemy.orm import Session

from cloud.accounts.choices import May
from cloud.accounts.models import Chain, Post, Staff, Store
from cloud.accounts.rules import allowed
from cloud.kernel.database import outside
from cloud.kernel.tenancy import current_tenant


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
    stores: tuple[Store, ...]
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
    stores = stores_of(session, staff_id)
    store = next((s for s in stores if s.id == store_id), stores[0] if stores else None)
    roles = roles_in(session, staff_id, store)
    chain = session.get_one(Chain, current_tenant())
    return Person(
        current_tenant(), staff_id, staff.name, staff.locale, chain.name, roles, allowed(roles), tuple(stores), store
    )


def stores_of(session: Session, staff_id: int) -> Sequence[Store]:
    """Stores someone has a post in, by name."""
    everywhere = Post.store_id.is_(None) & Post.region_id.is_(None)
    here = or_(everywhere, Post.store_id == Store.id, Post.region_id == Store.region_id)
    posts = select(Post.id).where(Post.staff_id == staff_id, here)
    return session.scalars(select(Store).where(posts.exists()).order_by(Store.name, Store.id)).all()


def roles_in(session: Session, staff_id: int, store: Store | None) -> tuple[str, ...]:
    """Roles someone has in a store."""
    places: list[ColumnElement[bool]] = [Post.store_id.is_(None) & Post.region_id.is_(None)]
    if store is not None:
        places.append(Post.store_id == store.id)
    if store is not None and store.region_id is not None:
        places.append(Post.region_id == store.region_id)
    where = or_(*places)
    return tuple(session.scalars(select(Post.role).where(Post.staff_id == staff_id, where).distinct()).all())


def all_stores(session: Session) -> Sequence[Store]:
    """Every store of this chain, by name."""
    return session.scalars(select(Store).order_by(Store.name, Store.id)).all()


def store_by_slug(session: Session, slug: str) -> Store | None:
    """A store of this chain by its slug."""
    return session.scalars(select(Store).where(Store.slug == slug)).first()


def names(session: Session, staff_ids: set[int]) -> dict[int, str]:
    """Names of staff by id."""
    rows = session.execute(select(Staff.id, Staff.name).where(Staff.id.in_(staff_ids))) if staff_ids else ()
    return {row.id: row.name for row in rows}


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


def chain_name(session: Session) -> str:
    """What this chain is called."""
    return session.get_one(Chain, current_tenant()).name

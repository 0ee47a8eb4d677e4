"""Whose rows a unit of work may touch. No tenant chosen: no rows, and a loud error.

The database is the lock: every tenant table has a forced row policy that compares ``tenant_id`` with the
transaction's ``emmetra.tenant``. This module carries the choice to the transaction and refuses to begin one
without it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from sqlalchemy import BigInteger, ForeignKeyConstraint, Identity, Integer
from sqlalchemy.orm import Mapped, mapped_column

_current: ContextVar[int | None] = ContextVar("tenant", default=None)


class NoTenant(RuntimeError):
    """Something reached for rows of a chain before saying which chain."""


def current_tenant() -> int:
    """The chain this piece of work belongs to. Raises NoTenant."""
    tenant = _current.get()
    if tenant is None:
        raise NoTenant("no chain was chosen for this unit of work")
    return tenant


@contextmanager
def acting_for(tenant_id: int) -> Iterator[None]:
    """Everything inside belongs to this chain."""
    token = _current.set(tenant_id)
    try:
        yield
    finally:
        _current.reset(token)


class TenantOwned:
    """A row of one chain; ``tenant_id`` is the first part of every key."""

    tenant_id: Mapped[int] = mapped_column(Integer, primary_key=True, default=current_tenant, sort_order=-2)
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True, sort_order=-1)


def belongs_to(column: str, table: str) -> ForeignKeyConstraint:
    """A foreign key that carries the tenant, so that a row cannot point at another chain."""
    return ForeignKeyConstraint(["tenant_id", column], [f"{table}.tenant_id", f"{table}.id"])

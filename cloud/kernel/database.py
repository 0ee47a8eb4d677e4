"""Engine, sessions and the unit of work.

Processes connect with the login in DATABASE_URL and at once take the role ``emmetra_app``, which owns
nothing and cannot pass a row policy. Only migrations keep the owner's role.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any

import psycopg
from sqlalchemy import Engine, MetaData, Row, create_engine, event, text
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import DeclarativeBase, Session

from cloud.kernel.tenancy import acting_for

APP_ROLE = "emmetra_app"
RESTED = 0.2  # seconds after which a connection is asked whether it still stands

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """All tables of the practice."""

    metadata = MetaData(naming_convention=NAMING)


def normalized(url: str) -> str:
    """The URL with our driver, however it was written."""
    for scheme in ("postgresql://", "postgres://"):
        if url.startswith(scheme):
            return "postgresql+psycopg://" + url.removeprefix(scheme)
    return url


def owner_engine(url: str) -> Engine:
    """An engine with the login's own rights, for migrations alone."""
    return create_engine(normalized(url), pool_pre_ping=True, hide_parameters=True)


def app_engine(url: str, **options: Any) -> Engine:
    """An engine whose every connection has stepped down to the application role."""
    # parameters are patients: they stay out of error texts
    options = {"pool_size": 16, "max_overflow": 16, "hide_parameters": True, **options}
    engine = create_engine(normalized(url), **options)
    event.listen(engine, "connect", _step_down)
    event.listen(engine, "checkin", _rest)
    event.listen(engine, "checkout", _still_stands)
    return engine


def _step_down(connection: Any, _record: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {APP_ROLE}")
        cursor.execute("SET timezone TO 'UTC'")
    connection.commit()


def _rest(_connection: Any, record: Any) -> None:
    record.info["rested"] = monotonic()


def _still_stands(connection: Any, record: Any, _fairy: object) -> None:
    """As pool_pre_ping, which costs every request a round trip, for those that were out of use for a while."""
    if monotonic() - record.info.get("rested", monotonic()) < RESTED:
        return
    try:
        connection.execute("")
        connection.rollback()
    except psycopg.Error:
        raise DisconnectionError from None


def choose_tenant(session: Session, tenant_id: int) -> None:
    """Tell this transaction whose rows it may touch."""
    session.execute(text("SELECT set_config('emmetra.tenant', :tenant, true)"), {"tenant": str(tenant_id)})


@contextmanager
def unit_of_work(engine: Engine, tenant_id: int) -> Iterator[Session]:
    """One transaction for one chain: kept when the block ends, dropped when it raises."""
    with acting_for(tenant_id), Session(engine, expire_on_commit=False) as session, session.begin():
        choose_tenant(session, tenant_id)
        yield session


@contextmanager
def let_in(engine: Engine, door: str, shown: str) -> Iterator[tuple[Session, Row[Any]] | None]:
    """A unit of work for the chain that a directory function finds for what somebody showed; None when it finds none.

    The function's first column, ``of_tenant``, is the chain: to find it and to choose it is one round trip.
    """
    asked = f"SELECT found.*, set_config('emmetra.tenant', of_tenant::text, true) FROM {door}(:shown) AS found"  # noqa: S608
    with Session(engine, expire_on_commit=False) as session, session.begin():
        found = session.execute(text(asked), {"shown": shown}).first()
        if found is None:
            yield None
            return
        with acting_for(found.of_tenant):
            yield session, found


@contextmanager
def outside(engine: Engine) -> Iterator[Session]:
    """One transaction that belongs to no chain: only global tables and directory functions answer."""
    with Session(engine, expire_on_commit=False) as session, session.begin():
        yield session

"""Whoever and whatever a visit takes up."""

from datetime import date

from sqlalchemy import BigInteger, CheckConstraint, Date, Index, SmallInteger, String, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from cloud.kernel.database import Base
from cloud.kernel.tenancy import TenantOwned, belongs_to


class Resource(TenantOwned, Base):
    """A person, a room, a device or a seat of a store.

    ``skills`` are what needs of a visit ask for (``doctor``, ``lane``, ``perimeter``) and what a patient may wish for
    (``language:zh``). ``between`` are minutes it wants between two reservations. Dates are the store's, both included;
    after ``licensed_until`` nobody books it either.
    """

    __tablename__ = "schedule_resource"
    __table_args__ = (
        belongs_to("store_id", "accounts_store"),
        belongs_to("staff_id", "accounts_staff"),
        belongs_to("instrument_id", "fleet_instrument"),
        UniqueConstraint("tenant_id", "store_id", "name"),
        CheckConstraint("between >= 0 AND mod(between, 5) = 0", name="between_in_quanta"),
        Index("ix_schedule_resource_store", "tenant_id", "store_id"),
    )

    store_id: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(120))
    staff_id: Mapped[int | None] = mapped_column(BigInteger)
    skills: Mapped[list[str]] = mapped_column(ARRAY(String(40)))
    between: Mapped[int] = mapped_column(SmallInteger, default=0)
    weight: Mapped[int] = mapped_column(SmallInteger, default=1)
    place: Mapped[int] = mapped_column(SmallInteger, default=0)
    active_from: Mapped[date | None] = mapped_column(Date)
    active_until: Mapped[date | None] = mapped_column(Date)
    instrument_id: Mapped[int | None] = mapped_column(BigInteger)
    licensed_until: Mapped[date | None] = mapped_column(Date)


class Policy(TenantOwned, Base):
    """How a store books; a row without a store is the chain's own."""

    __tablename__ = "schedule_policy"
    __table_args__ = (
        belongs_to("store_id", "accounts_store"),
        UniqueConstraint("tenant_id", "store_id", postgresql_nulls_not_distinct=True),
    )

    store_id: Mapped[int | None] = mapped_column(BigInteger)
    turn: Mapped[str] = mapped_column(String(4), default="max")
    hold_minutes: Mapped[int] = mapped_column(SmallInteger, default=7)
    country: Mapped[str] = mapped_column(String(2), default="GB")
    overlap: Mapped[str] = mapped_column(String(5), default="warn")

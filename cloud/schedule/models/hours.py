"""When a store and its resources work, and when they do not."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Date, DateTime, Index, SmallInteger, String, func
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from cloud.kernel.database import Base
from cloud.kernel.tenancy import TenantOwned, belongs_to


class Rule(TenantOwned, Base):
    """A window of the week: open, blocked, for some types only, or not for some.

    ``days`` are 0 (Monday) to 6; ``starts`` and ``ends`` minutes after midnight by the store's wall clock, 1440 its
    end. Without a resource it is of the whole store. ``since`` and ``until`` are inclusive; a change ends one and
    begins another.
    """

    __tablename__ = "schedule_rule"
    __table_args__ = (
        belongs_to("store_id", "accounts_store"),
        belongs_to("resource_id", "schedule_resource"),
        CheckConstraint("0 <= starts AND starts < ends AND ends <= 1440", name="window_of_a_day"),
        Index("ix_schedule_rule_store", "tenant_id", "store_id", "resource_id"),
    )

    store_id: Mapped[int] = mapped_column(BigInteger)
    resource_id: Mapped[int | None] = mapped_column(BigInteger)
    effect: Mapped[str] = mapped_column(String(10))
    days: Mapped[list[int]] = mapped_column(ARRAY(SmallInteger))
    starts: Mapped[int] = mapped_column(SmallInteger)
    ends: Mapped[int] = mapped_column(SmallInteger)
    since: Mapped[date | None] = mapped_column(Date)
    until: Mapped[date | None] = mapped_column(Date)
    parity: Mapped[int | None] = mapped_column(SmallInteger)
    types: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), default=list)
    why: Mapped[str | None] = mapped_column(String(200))


class Dated(TenantOwned, Base):
    """What a date has instead of its weekly rules. Without a store it closes the whole chain; no windows: closed."""

    __tablename__ = "schedule_dated"
    __table_args__ = (
        belongs_to("store_id", "accounts_store"),
        belongs_to("resource_id", "schedule_resource"),
        CheckConstraint("store_id IS NOT NULL OR resource_id IS NULL", name="a_resource_is_of_a_store"),
        Index("ix_schedule_dated_on", "tenant_id", "on_date", "store_id"),
    )

    store_id: Mapped[int | None] = mapped_column(BigInteger)
    resource_id: Mapped[int | None] = mapped_column(BigInteger)
    on_date: Mapped[date] = mapped_column(Date)
    windows: Mapped[list[list[int]]] = mapped_column(JSONB)
    why: Mapped[str | None] = mapped_column(String(200))


class Block(TenantOwned, Base):
    """Time nobody can book, from one instant to another: leave, maintenance. ``types`` may still be booked."""

    __tablename__ = "schedule_block"
    __table_args__ = (
        belongs_to("store_id", "accounts_store"),
        belongs_to("resource_id", "schedule_resource"),
        belongs_to("by", "accounts_staff"),
        CheckConstraint("starts_at < ends_at", name="lasts"),
        Index("ix_schedule_block_store", "tenant_id", "store_id", "ends_at"),
    )

    store_id: Mapped[int] = mapped_column(BigInteger)
    resource_id: Mapped[int | None] = mapped_column(BigInteger)
    starts_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    ends_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    types: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), default=list)
    why: Mapped[str] = mapped_column(String(200))
    by: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

"""Visits, the time they take, and what was done to them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    DateTime,
    Index,
    Integer,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cloud.kernel.database import Base
from cloud.kernel.tenancy import TenantOwned, belongs_to


class Visit(TenantOwned, Base):
    """Somebody's time with the practice. ``shown_at`` to ``ends_at`` is what the patient was told.

    ``uid`` and ``sequence`` are those of its calendar file. Visits of one ``party`` come together, those of one
    ``series`` one after the other. What changes leaves a row of ``Change``.
    """

    __tablename__ = "booking_visit"
    __table_args__ = (
        belongs_to("store_id", "accounts_store"),
        belongs_to("type_id", "schedule_type"),
        belongs_to("patient_id", "people_patient"),
        belongs_to("booked_by", "accounts_staff"),
        belongs_to("moved_to", "booking_visit"),
        UniqueConstraint("tenant_id", "uid"),
        Index("ix_booking_visit_day", "tenant_id", "store_id", "shown_at"),
        Index("ix_booking_visit_patient", "tenant_id", "patient_id", "shown_at"),
        Index("ix_booking_visit_party", "tenant_id", "party", postgresql_where=text("party IS NOT NULL")),
        Index("ix_booking_visit_series", "tenant_id", "series", postgresql_where=text("series IS NOT NULL")),
    )

    store_id: Mapped[int] = mapped_column(BigInteger)
    type_id: Mapped[int] = mapped_column(BigInteger)
    patient_id: Mapped[int] = mapped_column(BigInteger)
    shown_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    ends_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    state: Mapped[str] = mapped_column(String(12), default="booked")
    who: Mapped[str] = mapped_column(String(10))
    channel: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str | None] = mapped_column(String(500))
    note: Mapped[str | None] = mapped_column(Text)
    uid: Mapped[UUID] = mapped_column(Uuid)
    sequence: Mapped[int] = mapped_column(Integer, default=0)
    moved_to: Mapped[int | None] = mapped_column(BigInteger)
    party: Mapped[UUID | None] = mapped_column(Uuid)
    series: Mapped[UUID | None] = mapped_column(Uuid)
    booked_by: Mapped[int | None] = mapped_column(BigInteger)
    booked_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())


class Hold(TenantOwned, Base):
    """A time kept for somebody who is typing. ``digest`` is that of their token, ``holder`` that of who asks."""

    __tablename__ = "booking_hold"
    __table_args__ = (
        belongs_to("store_id", "accounts_store"),
        belongs_to("type_id", "schedule_type"),
        UniqueConstraint("tenant_id", "digest"),
        Index("ix_booking_hold_holder", "tenant_id", "holder"),
        Index("ix_booking_hold_until", "until"),
    )

    store_id: Mapped[int] = mapped_column(BigInteger)
    type_id: Mapped[int] = mapped_column(BigInteger)
    digest: Mapped[str] = mapped_column(String(64))
    holder: Mapped[str] = mapped_column(String(64))
    shown_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    ends_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    who: Mapped[str] = mapped_column(String(10))
    until: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    renewed: Mapped[bool] = mapped_column(Boolean, default=False)


class Part(TenantOwned, Base):
    """A resource's part in a visit or a hold. The constraint is the last word on who has it when."""

    __tablename__ = "booking_part"
    __table_args__ = (
        belongs_to("visit_id", "booking_visit"),
        belongs_to("hold_id", "booking_hold"),
        belongs_to("resource_id", "schedule_resource"),
        CheckConstraint("num_nonnulls(visit_id, hold_id) > 0", name="of_a_visit_or_of_a_hold"),
        CheckConstraint("starts_at < ends_at", name="lasts"),
        # An index over btree_gist would do; the embedded server has none, so a resource is a range of one number.
        ExcludeConstraint(
            (func.int8range(text("resource_id"), text("resource_id"), text("'[]'")), "&&"),
            (func.tstzrange(text("starts_at"), text("ends_at"), text("'[)'")), "&&"),
            where=text("taken IN ('hold', 'booked')"),
            name="ex_booking_part_once",
        ),
        Index("ix_booking_part_resource", "tenant_id", "resource_id", "ends_at"),
        Index("ix_booking_part_visit", "tenant_id", "visit_id"),
        Index("ix_booking_part_hold", "tenant_id", "hold_id"),
    )

    visit_id: Mapped[int | None] = mapped_column(BigInteger)
    hold_id: Mapped[int | None] = mapped_column(BigInteger)
    resource_id: Mapped[int] = mapped_column(BigInteger)
    segment: Mapped[int] = mapped_column(SmallInteger)
    starts_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    ends_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    taken: Mapped[str] = mapped_column(String(12))


class Key(TenantOwned, Base):
    """A request that was answered: asked again in the same words it gets the same answer."""

    __tablename__ = "booking_key"
    __table_args__ = (UniqueConstraint("tenant_id", "name"), Index("ix_booking_key_at", "at"))

    name: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))
    answer: Mapped[dict[str, Any]] = mapped_column(JSONB)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())


class Change(TenantOwned, Base):
    """Something that was done to a visit; ``before`` holds what was."""

    __tablename__ = "booking_change"
    __table_args__ = (
        belongs_to("visit_id", "booking_visit"),
        belongs_to("by", "accounts_staff"),
        Index("ix_booking_change_visit", "tenant_id", "visit_id", "id"),
    )

    visit_id: Mapped[int] = mapped_column(BigInteger)
    deed: Mapped[str] = mapped_column(String(12))
    before: Mapped[dict[str, Any]] = mapped_column(JSONB)
    by: Mapped[int | None] = mapped_column(BigInteger)
    through: Mapped[str] = mapped_column(String(10))
    why: Mapped[str | None] = mapped_column(String(200))
    late: Mapped[bool] = mapped_column(Boolean, default=False)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())


class Deposit(TenantOwned, Base):
    """Money asked for with a visit, in minor units. The provider takes it; ``reference`` is what it calls it."""

    __tablename__ = "booking_deposit"
    __table_args__ = (
        belongs_to("visit_id", "booking_visit"),
        belongs_to("by", "accounts_staff"),
        CheckConstraint("amount > 0", name="something"),
        Index("ix_booking_deposit_visit", "tenant_id", "visit_id"),
    )

    visit_id: Mapped[int] = mapped_column(BigInteger)
    amount: Mapped[int] = mapped_column(Integer)
    currency: Mapped[str] = mapped_column(String(3))
    state: Mapped[str] = mapped_column(String(12), default="due")
    provider: Mapped[str] = mapped_column(String(20))
    reference: Mapped[str | None] = mapped_column(String(80))
    by: Mapped[int | None] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())
    settled_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Telling(TenantOwned, Base):
    """That a visit's patient should be told something: the worker writes the letters and takes the row away."""

    __tablename__ = "booking_telling"
    __table_args__ = (belongs_to("visit_id", "booking_visit"), belongs_to("before_id", "booking_visit"))

    visit_id: Mapped[int] = mapped_column(BigInteger)
    what: Mapped[str] = mapped_column(String(10))
    before_id: Mapped[int | None] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())

"""What somebody would like to have and does not have yet."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Date, DateTime, Index, SmallInteger, String, func
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from cloud.kernel.database import Base
from cloud.kernel.tenancy import TenantOwned, belongs_to


class Request(TenantOwned, Base):
    """Somebody asks for a visit; it takes up nobody's time.

    ``person`` is what they say of themselves where no chart is known: ``family``, ``given``, ``born``, ``email``,
    ``phone``, ``language``. ``windows`` are ``[date, first minute, last minute]`` by the store's wall clock.
    """

    __tablename__ = "booking_request"
    __table_args__ = (
        belongs_to("store_id", "accounts_store"),
        belongs_to("type_id", "schedule_type"),
        belongs_to("patient_id", "people_patient"),
        belongs_to("visit_id", "booking_visit"),
        belongs_to("by", "accounts_staff"),
        CheckConstraint("num_nonnulls(patient_id, person) > 0", name="of_somebody"),
        Index("ix_booking_request_store", "tenant_id", "store_id", "state"),
        Index("ix_booking_request_patient", "tenant_id", "patient_id"),
    )

    store_id: Mapped[int] = mapped_column(BigInteger)
    type_id: Mapped[int | None] = mapped_column(BigInteger)
    patient_id: Mapped[int | None] = mapped_column(BigInteger)
    person: Mapped[dict[str, str] | None] = mapped_column(JSONB(none_as_null=True))
    windows: Mapped[list[list[Any]]] = mapped_column(JSONB, default=list)
    reason: Mapped[str | None] = mapped_column(String(500))
    state: Mapped[str] = mapped_column(String(12), default="open")
    due_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    visit_id: Mapped[int | None] = mapped_column(BigInteger)
    by: Mapped[int | None] = mapped_column(BigInteger)
    why: Mapped[str | None] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Waiting(TenantOwned, Base):
    """Somebody who would come if a time became free.

    Empty lists accept any store, resource or day (0 is Monday); minutes are after midnight by the store's wall clock.
    ``visit_id`` is a later visit they already have, and would give up.
    """

    __tablename__ = "booking_waiting"
    __table_args__ = (
        belongs_to("patient_id", "people_patient"),
        belongs_to("type_id", "schedule_type"),
        belongs_to("visit_id", "booking_visit"),
        CheckConstraint("0 <= starts AND starts < ends AND ends <= 1440", name="window_of_a_day"),
        CheckConstraint("since <= until", name="since_until"),
        Index("ix_booking_waiting_type", "tenant_id", "type_id", "state"),
        Index("ix_booking_waiting_patient", "tenant_id", "patient_id"),
    )

    patient_id: Mapped[int] = mapped_column(BigInteger)
    type_id: Mapped[int] = mapped_column(BigInteger)
    stores: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    resources: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), default=list)
    days: Mapped[list[int]] = mapped_column(ARRAY(SmallInteger), default=list)
    starts: Mapped[int] = mapped_column(SmallInteger, default=0)
    ends: Mapped[int] = mapped_column(SmallInteger, default=1440)
    since: Mapped[date] = mapped_column(Date)
    until: Mapped[date] = mapped_column(Date)
    who: Mapped[str] = mapped_column(String(10))
    priority: Mapped[int] = mapped_column(SmallInteger, default=0)
    visit_id: Mapped[int | None] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(String(12), default="open")
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Offer(TenantOwned, Base):
    """A time for somebody who waits, or one of several for somebody who asked; it is theirs until it ends.

    With a hold nobody else can have the time meanwhile; without one the first who claims has it.
    """

    __tablename__ = "booking_offer"
    __table_args__ = (
        belongs_to("store_id", "accounts_store"),
        belongs_to("type_id", "schedule_type"),
        belongs_to("waiting_id", "booking_waiting"),
        belongs_to("request_id", "booking_request"),
        belongs_to("visit_id", "booking_visit"),
        CheckConstraint("num_nonnulls(waiting_id, request_id) > 0", name="to_a_wish"),
        Index("ix_booking_offer_waiting", "tenant_id", "waiting_id"),
        Index("ix_booking_offer_request", "tenant_id", "request_id"),
        Index("ix_booking_offer_until", "state", "until"),
    )

    store_id: Mapped[int] = mapped_column(BigInteger)
    type_id: Mapped[int] = mapped_column(BigInteger)
    waiting_id: Mapped[int | None] = mapped_column(BigInteger)
    request_id: Mapped[int | None] = mapped_column(BigInteger)
    hold_id: Mapped[int | None] = mapped_column(BigInteger)
    shown_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    ends_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    until: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    state: Mapped[str] = mapped_column(String(12), default="open")
    visit_id: Mapped[int | None] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())


class Freed(TenantOwned, Base):
    """Time that came free; whoever waits for it is looked for once, then the row goes."""

    __tablename__ = "booking_freed"
    __table_args__ = (
        belongs_to("store_id", "accounts_store"),
        Index("ix_booking_freed_store", "tenant_id", "store_id"),
    )

    store_id: Mapped[int] = mapped_column(BigInteger)
    starts_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    ends_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())

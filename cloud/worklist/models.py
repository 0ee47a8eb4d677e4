"""Tables of the worklist room."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    Date,
    DateTime,
    Index,
    Integer,
    String,
    Time,
    UniqueConstraint,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from cloud.kernel.database import Base
from cloud.kernel.tenancy import TenantOwned, belongs_to


class Order(TenantOwned, Base):
    """An examination that is wanted: of whom, where, which, when; and how far it is.

    ``wanted_on`` and ``wanted_time`` are of the store's wall clock. ``station`` is the AE title or lane it is meant
    for, if any; ``ordered_by`` is None where a patient booked a visit that has it. The numbers and the patient never
    change; what changes leaves a row of ``Change``.
    """

    __tablename__ = "worklist_order"
    __table_args__ = (
        UniqueConstraint("tenant_id", "accession"),
        UniqueConstraint("tenant_id", "study_uid"),
        belongs_to("patient_id", "people_patient"),
        belongs_to("store_id", "accounts_store"),
        belongs_to("ordered_by", "accounts_staff"),
        Index("ix_worklist_order_day", "tenant_id", "store_id", "wanted_on"),
        Index("ix_worklist_order_patient", "tenant_id", "patient_id", "id"),
    )

    patient_id: Mapped[int] = mapped_column(BigInteger)
    store_id: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str] = mapped_column(String(40))
    catalogue: Mapped[str] = mapped_column(String(20))
    modality: Mapped[str] = mapped_column(String(16))
    description: Mapped[str] = mapped_column(String(64))
    laterality: Mapped[str] = mapped_column(String(10))
    wanted_on: Mapped[date] = mapped_column(Date)
    wanted_time: Mapped[time | None] = mapped_column(Time)
    station: Mapped[str | None] = mapped_column(String(60))
    remark: Mapped[str | None] = mapped_column(String(200))
    accession: Mapped[str] = mapped_column(String(16))
    step_id: Mapped[str] = mapped_column(String(16))
    procedure_id: Mapped[str] = mapped_column(String(16))
    study_uid: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(12), default="wanted")
    ordered_by: Mapped[int | None] = mapped_column(BigInteger)
    ordered_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())


class Change(TenantOwned, Base):
    """Something that was done to an order: by a person, or by a reading that came home. ``before`` holds what was.

    What an instrument did has ``said_at`` in it, the moment it said so: a line may have been down since.
    """

    __tablename__ = "worklist_change"
    __table_args__ = (
        belongs_to("order_id", "worklist_order"),
        belongs_to("by", "accounts_staff"),
        Index("ix_worklist_change_order", "tenant_id", "order_id", "id"),
    )

    order_id: Mapped[int] = mapped_column(BigInteger)
    deed: Mapped[str] = mapped_column(String(12))
    before: Mapped[dict[str, Any]] = mapped_column(JSONB)
    by: Mapped[int | None] = mapped_column(BigInteger)
    reading_id: Mapped[UUID | None] = mapped_column(Uuid)
    why: Mapped[str | None] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())


class Step(TenantOwned, Base):
    """A device said that it began or ended an examination.

    ``uid`` is its performed step's, ``state`` a Deed (STARTED, PERFORMED, DISCONTINUED), ``at`` by its gateway's clock.
    """

    __tablename__ = "worklist_step"
    __table_args__ = (
        UniqueConstraint("tenant_id", "order_id", "uid", "state"),
        belongs_to("order_id", "worklist_order"),
        belongs_to("gateway_id", "fleet_gateway"),
    )

    order_id: Mapped[int] = mapped_column(BigInteger)
    gateway_id: Mapped[int] = mapped_column(BigInteger)
    uid: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    heard_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())


class Told(TenantOwned, Base):
    """What a gateway was told last, under which name, and what it says it keeps.

    ``due``: the list may have changed since; ``again``: it said that it does not have it; ``until``: when to look
    anew without being asked. ``digest`` is that of what was told, without its version and moment. ``busy_until``: some
    process is telling it; past, that process died over it.
    """

    __tablename__ = "worklist_told"
    __table_args__ = (
        UniqueConstraint("tenant_id", "gateway_id"),
        belongs_to("gateway_id", "fleet_gateway"),
        Index("ix_worklist_told_due", "tenant_id", "gateway_id", postgresql_where=text("due")),
        Index("ix_worklist_told_until", "until"),
        Index("ix_worklist_told_busy", "busy_until"),
    )

    gateway_id: Mapped[int] = mapped_column(BigInteger)
    address: Mapped[str | None] = mapped_column(String(130))
    version: Mapped[int] = mapped_column(BigInteger, default=0)
    digest: Mapped[str | None] = mapped_column(String(64))
    count: Mapped[int] = mapped_column("items", Integer, default=0)
    left_out: Mapped[int] = mapped_column(Integer, default=0)
    told_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    kept: Mapped[int] = mapped_column(BigInteger, default=0)
    kept_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    due: Mapped[bool] = mapped_column(Boolean, default=False, server_default=text("false"))
    again: Mapped[bool] = mapped_column(Boolean, default=False, server_default=text("false"))
    until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    busy_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

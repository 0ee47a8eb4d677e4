"""Tables of the operations room. What was done or seen is only ever added; what stands now is kept beside it."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Date,
    DateTime,
    Index,
    Integer,
    Numeric,
    String,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from cloud.kernel.database import Base
from cloud.kernel.tenancy import TenantOwned, belongs_to

Moment = DateTime(timezone=True)


class Place(TenantOwned, Base):
    """Where a store stands: degrees north and east (WGS 84), and its address in words. Either may be missing."""

    __tablename__ = "operations_place"
    __table_args__ = (UniqueConstraint("tenant_id", "store_id"), belongs_to("store_id", "accounts_store"))

    store_id: Mapped[int] = mapped_column(BigInteger)
    latitude: Mapped[Decimal | None] = mapped_column(Numeric(8, 5))
    longitude: Mapped[Decimal | None] = mapped_column(Numeric(8, 5))
    address: Mapped[str | None] = mapped_column(Text)


class Alert(TenantOwned, Base):
    """Something that is wrong at a gateway, once for each rule and subject until it is over.

    ``subject`` is the instrument or the alarm's code, empty where the rule is about the gateway. ``calm_since`` is when
    the condition was first not seen any more; ``told_at`` when people were told, which happens once.
    """

    __tablename__ = "operations_alert"
    __table_args__ = (
        belongs_to("gateway_id", "fleet_gateway"),
        belongs_to("store_id", "accounts_store"),
        Index(
            "uq_operations_alert_open",
            "tenant_id",
            "gateway_id",
            "rule",
            "subject",
            unique=True,
            postgresql_where=text("resolved_at IS NULL"),
        ),
        Index("ix_operations_alert_fired", "tenant_id", "fired_at", "id"),
    )

    gateway_id: Mapped[int] = mapped_column(BigInteger)
    store_id: Mapped[int] = mapped_column(BigInteger)
    rule: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(80), default="")
    severity: Mapped[str] = mapped_column(String(10))
    details: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    fired_at: Mapped[datetime] = mapped_column(Moment)
    calm_since: Mapped[datetime | None] = mapped_column(Moment)
    told_at: Mapped[datetime | None] = mapped_column(Moment)
    acknowledged_at: Mapped[datetime | None] = mapped_column(Moment)
    acknowledged_by: Mapped[int | None] = mapped_column(BigInteger)
    resolved_at: Mapped[datetime | None] = mapped_column(Moment)


class AlertChange(TenantOwned, Base):
    """One step of an alert: fired, calm, returned, told, acknowledged, resolved; ``by`` where a person did it."""

    __tablename__ = "operations_alert_change"
    __table_args__ = (
        belongs_to("alert_id", "operations_alert"),
        Index("ix_operations_alert_change_alert", "tenant_id", "alert_id", "id"),
    )

    alert_id: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(Moment)
    change: Mapped[str] = mapped_column(String(20))
    by: Mapped[int | None] = mapped_column(BigInteger)
    note: Mapped[str | None] = mapped_column(Text)


class Threshold(TenantOwned, Base):
    """What a chain has set instead of a rule's default; the newest row of a rule counts.

    ``amount`` is in the rule's own unit. The rule ``quiet`` has minutes of the day instead: from and until.
    """

    __tablename__ = "operations_threshold"
    __table_args__ = (Index("ix_operations_threshold_rule", "tenant_id", "rule", "id"),)

    rule: Mapped[str] = mapped_column(String(40))
    active: Mapped[bool] = mapped_column(Boolean)
    amount: Mapped[int | None] = mapped_column(Integer)
    until: Mapped[int | None] = mapped_column(Integer)
    zone: Mapped[str | None] = mapped_column(String(60))
    by: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(Moment, server_default=func.clock_timestamp())


class Service(TenantOwned, Base):
    """A calibration, service or repair of an instrument. A wrong entry is struck by a later one, never changed."""

    __tablename__ = "operations_service"
    __table_args__ = (
        belongs_to("instrument_id", "fleet_instrument"),
        belongs_to("strikes", "operations_service"),
        Index("ix_operations_service_instrument", "tenant_id", "instrument_id", "id"),
    )

    instrument_id: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str] = mapped_column(String(20))
    done_on: Mapped[date] = mapped_column(Date)
    done_by: Mapped[str] = mapped_column(String(120))
    next_due: Mapped[date | None] = mapped_column(Date)
    certificate: Mapped[str | None] = mapped_column(String(80))
    note: Mapped[str | None] = mapped_column(Text)
    strikes: Mapped[int | None] = mapped_column(BigInteger)
    by: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(Moment, server_default=func.clock_timestamp())


class Plate(TenantOwned, Base):
    """What an instrument's plate and stickers say now, worked out of its services so that lists can be sorted by it."""

    __tablename__ = "operations_plate"
    __table_args__ = (
        UniqueConstraint("tenant_id", "instrument_id"),
        belongs_to("instrument_id", "fleet_instrument"),
        Index("ix_operations_plate_due", "tenant_id", "next_due"),
    )

    instrument_id: Mapped[int] = mapped_column(BigInteger)
    serial: Mapped[str | None] = mapped_column(String(80))
    calibrated_on: Mapped[date | None] = mapped_column(Date)
    serviced_on: Mapped[date | None] = mapped_column(Date)
    next_due: Mapped[date | None] = mapped_column(Date)


class Bulk(TenantOwned, Base):
    """One thing asked of many gateways; ``args`` is the JSON text of the order or the part of a configuration."""

    __tablename__ = "operations_bulk"
    __table_args__ = (Index("ix_operations_bulk_open", "tenant_id", "id", postgresql_where=text("state = 'running'")),)

    verb: Mapped[str] = mapped_column(String(40))
    args: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(20), default="running")
    asked_by: Mapped[int] = mapped_column(BigInteger)
    asked_at: Mapped[datetime] = mapped_column(Moment, server_default=func.clock_timestamp())
    ended_at: Mapped[datetime | None] = mapped_column(Moment)


class BulkStep(TenantOwned, Base):
    """How far one gateway is: waiting, given (``outcome`` is the order or version it became), refused, stopped."""

    __tablename__ = "operations_bulk_step"
    __table_args__ = (
        UniqueConstraint("tenant_id", "bulk_id", "gateway_id"),
        belongs_to("bulk_id", "operations_bulk"),
        belongs_to("gateway_id", "fleet_gateway"),
        Index(
            "ix_operations_bulk_step_waiting",
            "tenant_id",
            "bulk_id",
            "id",
            postgresql_where=text("state = 'waiting'"),
        ),
    )

    bulk_id: Mapped[int] = mapped_column(BigInteger)
    gateway_id: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(String(20), default="waiting")
    why: Mapped[str | None] = mapped_column(Text)
    outcome: Mapped[str | None] = mapped_column(String(60))
    ended_at: Mapped[datetime | None] = mapped_column(Moment)

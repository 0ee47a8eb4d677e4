"""Tables of the fleet room."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Index, Integer, String, Text, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from cloud.kernel.database import Base
from cloud.kernel.tenancy import TenantOwned, belongs_to


class Gateway(TenantOwned, Base):
    """A gateway; with chain and store its slug is the name in its certificate."""

    __tablename__ = "fleet_gateway"
    __table_args__ = (
        UniqueConstraint("tenant_id", "store_id", "slug"),
        belongs_to("store_id", "accounts_store"),
    )

    store_id: Mapped[int] = mapped_column(BigInteger)
    slug: Mapped[str] = mapped_column(String(40))
    status: Mapped[str] = mapped_column(String(20), default="enrolled")
    state: Mapped[str] = mapped_column(String(20), default="never_seen")
    session: Mapped[str | None] = mapped_column(String(60))
    software: Mapped[str | None] = mapped_column(String(60))
    clock_state: Mapped[str | None] = mapped_column(String(10))
    depth: Mapped[int] = mapped_column(Integer, default=0)
    alarms: Mapped[list[str]] = mapped_column(JSONB, default=list)
    ended: Mapped[str | None] = mapped_column(Text)
    seen_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    since: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Instrument(TenantOwned, Base):
    """An instrument as its gateway names and sees it; ``lane`` is the room it stands in."""

    __tablename__ = "fleet_instrument"
    __table_args__ = (
        UniqueConstraint("tenant_id", "gateway_id", "dev"),
        belongs_to("gateway_id", "fleet_gateway"),
        belongs_to("store_id", "accounts_store"),
    )

    gateway_id: Mapped[int] = mapped_column(BigInteger)
    store_id: Mapped[int] = mapped_column(BigInteger)
    dev: Mapped[str] = mapped_column(String(60))
    family: Mapped[str] = mapped_column(String(60))
    maker: Mapped[str | None] = mapped_column(String(60))
    model: Mapped[str | None] = mapped_column(String(60))
    lane: Mapped[str | None] = mapped_column(String(60))
    link: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(20))
    why: Mapped[str | None] = mapped_column(Text)
    since: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Happening(TenantOwned, Base):
    """Something a gateway reported: an instrument lost or back, an outbox salvaged."""

    __tablename__ = "fleet_happening"
    __table_args__ = (
        UniqueConstraint("tenant_id", "gateway_id", "event_id"),
        belongs_to("gateway_id", "fleet_gateway"),
    )

    gateway_id: Mapped[int] = mapped_column(BigInteger)
    event_id: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    arrived_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    code: Mapped[str] = mapped_column(String(60))
    text: Mapped[str] = mapped_column(Text)
    dev: Mapped[str | None] = mapped_column(String(60))
    data: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)


class Order(TenantOwned, Base):
    """An order to a gateway: what, for whom, by when, and how far it is. Only how far it is ever changes.

    ``args`` is the JSON text that leaves for the gateway; ``readings`` names what it was made of.
    """

    __tablename__ = "fleet_order"
    __table_args__ = (
        UniqueConstraint("tenant_id", "command_id"),
        belongs_to("gateway_id", "fleet_gateway"),
        belongs_to("store_id", "accounts_store"),
        belongs_to("patient_id", "people_patient"),
        Index(
            "uq_fleet_order_live",
            "tenant_id",
            "gateway_id",
            "dev",
            unique=True,
            postgresql_where=text("state IN ('queued', 'sent')"),
        ),
        Index("ix_fleet_order_patient", "tenant_id", "patient_id", "asked_at"),
    )

    gateway_id: Mapped[int] = mapped_column(BigInteger)
    store_id: Mapped[int] = mapped_column(BigInteger)
    dev: Mapped[str] = mapped_column(String(60))
    patient_id: Mapped[int] = mapped_column(BigInteger)
    command_id: Mapped[str] = mapped_column(String(40))
    verb: Mapped[str] = mapped_column(String(40))
    args: Mapped[str] = mapped_column(Text)
    readings: Mapped[list[str]] = mapped_column(JSONB)
    state: Mapped[str] = mapped_column(String(20), default="queued")
    why: Mapped[str | None] = mapped_column(Text)
    deadline: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    asked_by: Mapped[int] = mapped_column(BigInteger)
    asked_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())
    sent_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

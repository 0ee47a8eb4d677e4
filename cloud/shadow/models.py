"""Tables of the shadow room."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Index, Integer, String, Text, UniqueConstraint, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from cloud.kernel.database import Base
from cloud.kernel.tenancy import TenantOwned, belongs_to


class DesiredVersion(TenantOwned, Base):
    """A document that somebody wanted a gateway to follow; never changed. ``restored`` is the version it repeats."""

    __tablename__ = "shadow_desired"
    __table_args__ = (
        UniqueConstraint("tenant_id", "gateway_id", "version"),
        belongs_to("gateway_id", "fleet_gateway"),
    )

    gateway_id: Mapped[int] = mapped_column(BigInteger)
    version: Mapped[int] = mapped_column(Integer)
    doc: Mapped[dict[str, Any]] = mapped_column(JSONB)
    wanted_by: Mapped[int | None] = mapped_column(BigInteger)
    wanted_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())
    why: Mapped[str] = mapped_column(Text, default="")
    restored: Mapped[int | None] = mapped_column(Integer)


class ReportedChange(TenantOwned, Base):
    """What a gateway said it is, once for every change; the newest is how it is now."""

    __tablename__ = "shadow_reported"
    __table_args__ = (
        belongs_to("gateway_id", "fleet_gateway"),
        Index("ix_shadow_reported_gateway", "tenant_id", "gateway_id", "id"),
    )

    gateway_id: Mapped[int] = mapped_column(BigInteger)
    version: Mapped[int] = mapped_column(Integer)
    asked: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(20))
    doc: Mapped[dict[str, Any]] = mapped_column(JSONB)
    keys: Mapped[dict[str, Any]] = mapped_column(JSONB)
    why: Mapped[str | None] = mapped_column(Text)
    story: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    said_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    arrived_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())


class Standing(TenantOwned, Base):
    """Where a gateway's documents stand: the newest wanted, the newest the broker has, and when it last reported."""

    __tablename__ = "shadow_standing"
    __table_args__ = (
        UniqueConstraint("tenant_id", "gateway_id"),
        belongs_to("gateway_id", "fleet_gateway"),
    )

    gateway_id: Mapped[int] = mapped_column(BigInteger)
    wanted: Mapped[int] = mapped_column(Integer, default=0)
    published: Mapped[int] = mapped_column(Integer, default=0)
    heard_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

"""Tables of the fleet room."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Index, Integer, LargeBinary, String, Text, UniqueConstraint, func, text
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
        Index("ix_fleet_gateway_state", "tenant_id", "state", "since"),
    )

    store_id: Mapped[int] = mapped_column(BigInteger)
    slug: Mapped[str] = mapped_column(String(40))
    status: Mapped[str] = mapped_column(String(20), default="enrolled")
    state: Mapped[str] = mapped_column(String(20), default="never_seen")
    session: Mapped[str | None] = mapped_column(String(60))
    software: Mapped[str | None] = mapped_column(String(60))
    clock_state: Mapped[str | None] = mapped_column(String(10))
    depth: Mapped[int] = mapped_column(Integer, default=0)
    oldest_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    alarms: Mapped[list[str]] = mapped_column(JSONB, default=list)
    ended: Mapped[str | None] = mapped_column(Text)
    seen_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    since: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Instrument(TenantOwned, Base):
    """An instrument as its gateway names and sees it; ``lane`` is the room it stands in.

    ``serial`` and ``heard_at`` are what its newest reading said, and when that was taken.
    """

    __tablename__ = "fleet_instrument"
    __table_args__ = (
        UniqueConstraint("tenant_id", "gateway_id", "dev"),
        belongs_to("gateway_id", "fleet_gateway"),
        belongs_to("store_id", "accounts_store"),
        Index(
            "ix_fleet_instrument_trouble",
            "tenant_id",
            "gateway_id",
            postgresql_where=text("state IN ('lost', 'misconfigured')"),
        ),
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
    serial: Mapped[str | None] = mapped_column(String(80))
    heard_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Happening(TenantOwned, Base):
    """Something a gateway reported: an instrument lost or back, an outbox salvaged."""

    __tablename__ = "fleet_happening"
    __table_args__ = (
        UniqueConstraint("tenant_id", "gateway_id", "event_id"),
        belongs_to("gateway_id", "fleet_gateway"),
        Index("ix_fleet_happening_at", "tenant_id", "gateway_id", "at"),
        Index("ix_fleet_happening_code", "tenant_id", "code", "at"),
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
    """An order to a gateway: what, to which instrument, for whom, by when, and how far it is, which alone ever changes.

    ``asked_by`` is nobody where a button did. ``args`` is the JSON text that leaves for the gateway; ``readings`` names
    what it was made of. Which state may follow which is the database's to refuse as well (a trigger, see the migration
    of the commands).
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
            "verb",
            unique=True,
            postgresql_where=text(
                "state IN ('queued', 'sent', 'running') AND verb NOT IN ('call_patient', 'print_ticket')"
            ),
            postgresql_nulls_not_distinct=True,
        ),
        Index("ix_fleet_order_patient", "tenant_id", "patient_id", "asked_at"),
        Index("ix_fleet_order_gateway", "tenant_id", "gateway_id", "id"),
    )

    gateway_id: Mapped[int] = mapped_column(BigInteger)
    store_id: Mapped[int] = mapped_column(BigInteger)
    dev: Mapped[str | None] = mapped_column(String(60))
    patient_id: Mapped[int | None] = mapped_column(BigInteger)
    command_id: Mapped[str] = mapped_column(String(40))
    verb: Mapped[str] = mapped_column(String(40))
    args: Mapped[str] = mapped_column(Text)
    readings: Mapped[list[str]] = mapped_column(JSONB)
    state: Mapped[str] = mapped_column(String(20), default="queued")
    why: Mapped[str | None] = mapped_column(Text)
    result: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    deadline: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    asked_by: Mapped[int | None] = mapped_column(BigInteger)
    asked_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())
    sent_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Bundle(TenantOwned, Base):
    """A piece of a file that an order brought: number ``n`` of ``of``; gone after ``expires_at``.

    The digest of the whole file stands in the order's result; ``sha256`` is that of the piece.
    """

    __tablename__ = "fleet_bundle"
    __table_args__ = (
        UniqueConstraint("tenant_id", "order_id", "n"),
        belongs_to("order_id", "fleet_order"),
        Index("ix_fleet_bundle_expires_at", "tenant_id", "expires_at"),
    )

    order_id: Mapped[int] = mapped_column(BigInteger)
    n: Mapped[int] = mapped_column(Integer)
    of: Mapped[int] = mapped_column(Integer)
    name: Mapped[str] = mapped_column(String(120))
    data: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[str] = mapped_column(String(64))
    arrived_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

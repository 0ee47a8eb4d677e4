"""Tables of the exchange room."""

from datetime import datetime

from sqlalchemy import BigInteger, Boolean, DateTime, Index, LargeBinary, SmallInteger, String, UniqueConstraint, func
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from cloud.kernel.database import Base
from cloud.kernel.tenancy import TenantOwned, belongs_to

NOW = func.clock_timestamp()


class Target(TenantOwned, Base):
    """Another system that is told of visits. ``credential`` is sealed; what was done before ``at`` is not told."""

    __tablename__ = "exchange_target"
    __table_args__ = (belongs_to("store_id", "accounts_store"), belongs_to("made_by", "accounts_staff"))

    store_id: Mapped[int | None] = mapped_column(BigInteger)
    kind: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(80))
    url: Mapped[str] = mapped_column(String(500))
    account: Mapped[str] = mapped_column(String(120), default="")
    credential: Mapped[bytes] = mapped_column(LargeBinary)
    on: Mapped[bool] = mapped_column(Boolean, default=True)
    made_by: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=NOW)


class Delivery(TenantOwned, Base):
    """A change of a visit that one system is to be told of."""

    __tablename__ = "exchange_delivery"
    __table_args__ = (
        belongs_to("target_id", "exchange_target"),
        belongs_to("change_id", "booking_change"),
        belongs_to("visit_id", "booking_visit"),
        UniqueConstraint("tenant_id", "target_id", "change_id", "visit_id"),
        Index("ix_exchange_delivery_due", "due_at", postgresql_where=sql("state = 'pending'")),
        Index("ix_exchange_delivery_target", "tenant_id", "target_id", "id"),
        Index("ix_exchange_delivery_visit", "tenant_id", "visit_id"),
    )

    target_id: Mapped[int] = mapped_column(BigInteger)
    change_id: Mapped[int] = mapped_column(BigInteger)
    visit_id: Mapped[int] = mapped_column(BigInteger)
    deed: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(10), default="pending")
    why: Mapped[str | None] = mapped_column(String(20))
    said: Mapped[str | None] = mapped_column(String(10))
    tries: Mapped[int] = mapped_column(SmallInteger, default=0)
    due_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=NOW)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=NOW)
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Key(TenantOwned, Base):
    """What another program shows to be let in; only its digest is kept. ``begins`` is how people recognise it."""

    __tablename__ = "exchange_key"
    __table_args__ = (belongs_to("made_by", "accounts_staff"), UniqueConstraint("digest"))

    name: Mapped[str] = mapped_column(String(80))
    digest: Mapped[str] = mapped_column(String(64))
    begins: Mapped[str] = mapped_column(String(12))
    made_by: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=NOW)
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Feed(TenantOwned, Base):
    """A person's or a room's calendar under a secret address; only the digest of the secret is kept."""

    __tablename__ = "exchange_feed"
    __table_args__ = (
        belongs_to("resource_id", "schedule_resource"),
        belongs_to("made_by", "accounts_staff"),
        UniqueConstraint("digest"),
        Index("ix_exchange_feed_resource", "tenant_id", "resource_id"),
    )

    resource_id: Mapped[int] = mapped_column(BigInteger)
    digest: Mapped[str] = mapped_column(String(64))
    made_by: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=NOW)
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

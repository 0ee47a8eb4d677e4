"""Tables of the releases room.

A release belongs to no chain: it is the same bytes for everybody, proved by a signature that no chain can make, and
what differs between chains is only who gets it when. Stored by chain, ten chains would keep ten copies, and a gateway
that asks for bytes by their digest would first have to say whose they are.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    DateTime,
    Identity,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    func,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from cloud.kernel.database import Base
from cloud.kernel.tenancy import TenantOwned, belongs_to


class Release(Base):
    """A signed release; ``manifest`` are the very bytes that were signed."""

    __tablename__ = "releases_release"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    version: Mapped[str] = mapped_column(String(60))
    manifest_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    manifest: Mapped[bytes] = mapped_column(LargeBinary)
    signature: Mapped[bytes] = mapped_column(LargeBinary)
    added_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())


class Piece(Base):
    """A piece of an archive, by the archive's digest; all but the last are PIECE bytes."""

    __tablename__ = "releases_piece"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    data: Mapped[bytes] = mapped_column(LargeBinary)


class Ring(TenantOwned, Base):
    """One ring of a chain: a share of its gateways, or those that were picked. A change is a new ``edition``."""

    __tablename__ = "releases_ring"
    __table_args__ = (UniqueConstraint("tenant_id", "edition", "rank"),)

    edition: Mapped[int] = mapped_column(Integer)
    rank: Mapped[int] = mapped_column(Integer)
    percent: Mapped[int | None] = mapped_column(Integer)
    set_by: Mapped[int] = mapped_column(BigInteger)
    set_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())


class Pick(TenantOwned, Base):
    """A gateway that was picked into a ring."""

    __tablename__ = "releases_pick"
    __table_args__ = (
        UniqueConstraint("tenant_id", "ring_id", "gateway_id"),
        belongs_to("ring_id", "releases_ring"),
        belongs_to("gateway_id", "fleet_gateway"),
    )

    ring_id: Mapped[int] = mapped_column(BigInteger)
    gateway_id: Mapped[int] = mapped_column(BigInteger)


class Rollout(TenantOwned, Base):
    """A release on its way through the rings of one edition (0: the usual shares), with the rule that stops it."""

    __tablename__ = "releases_rollout"

    version: Mapped[str] = mapped_column(String(60))
    manifest_sha256: Mapped[str] = mapped_column(String(64))
    url: Mapped[str] = mapped_column(String(400))
    edition: Mapped[int] = mapped_column(Integer)
    soak_minutes: Mapped[int] = mapped_column(Integer)
    fail_percent: Mapped[int] = mapped_column(Integer)
    quiet_percent: Mapped[int] = mapped_column(Integer)
    started_by: Mapped[int] = mapped_column(BigInteger)
    started_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())


class RolloutStep(TenantOwned, Base):
    """What happened to a roll-out: ``numbers`` are those it was decided by, ``by`` is empty for the cloud itself."""

    __tablename__ = "releases_step"
    __table_args__ = (
        belongs_to("rollout_id", "releases_rollout"),
        Index("ix_releases_step_rollout", "tenant_id", "rollout_id", "id"),
    )

    rollout_id: Mapped[int] = mapped_column(BigInteger)
    verb: Mapped[str] = mapped_column(String(20))
    ring: Mapped[int | None] = mapped_column(Integer)
    numbers: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    why: Mapped[str | None] = mapped_column(Text)
    by: Mapped[int | None] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())


class Target(TenantOwned, Base):
    """A gateway that was told of a release (or to go ``back``): from which ring, what ran, and whether it was there."""

    __tablename__ = "releases_target"
    __table_args__ = (
        UniqueConstraint("tenant_id", "rollout_id", "gateway_id", "back"),
        belongs_to("rollout_id", "releases_rollout"),
        belongs_to("gateway_id", "fleet_gateway"),
    )

    rollout_id: Mapped[int] = mapped_column(BigInteger)
    gateway_id: Mapped[int] = mapped_column(BigInteger)
    ring: Mapped[int] = mapped_column(Integer)
    back: Mapped[bool] = mapped_column(Boolean, default=False)
    ran: Mapped[str | None] = mapped_column(String(60))
    online: Mapped[bool] = mapped_column(Boolean)
    told_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())

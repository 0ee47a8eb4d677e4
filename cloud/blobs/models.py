"""Bytes that gateways bring: what is kept, what is on its way."""

import builtins
from datetime import datetime

from sqlalchemy import BigInteger, Boolean, DateTime, Index, LargeBinary, String, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from cloud.kernel.database import Base
from cloud.kernel.tenancy import TenantOwned, belongs_to


class DataKey(TenantOwned, Base):
    """A chain's own key, sealed with the installation's; ``wrapped_by`` is the fingerprint of that one."""

    __tablename__ = "blobs_key"
    __table_args__ = (UniqueConstraint("tenant_id"),)

    wrapped: Mapped[bytes] = mapped_column(LargeBinary)
    wrapped_by: Mapped[str] = mapped_column(String(16))
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())


class Blob(TenantOwned, Base):
    """Bytes that are kept; never changed. ``place`` is where their sealed pieces lie in the store."""

    __tablename__ = "blobs_blob"
    __table_args__ = (
        UniqueConstraint("tenant_id", "sha256"),
        belongs_to("gateway_id", "fleet_gateway"),
    )

    sha256: Mapped[str] = mapped_column(String(64))
    bytes: Mapped[int] = mapped_column(BigInteger)
    media_type: Mapped[str] = mapped_column(String(120))
    place: Mapped[str] = mapped_column(String(32))
    gateway_id: Mapped[int | None] = mapped_column(BigInteger)
    kept_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())


class Upload(TenantOwned, Base):
    """Bytes that a gateway offered: ``received`` so far. ``due``: it is to be told where that stands.

    Of its ticket only the SHA-256 is kept.
    """

    __tablename__ = "blobs_upload"
    __table_args__ = (
        UniqueConstraint("tenant_id", "gateway_id", "sha256"),
        belongs_to("gateway_id", "fleet_gateway"),
        Index("ix_blobs_upload_ticket", "ticket", unique=True),
        Index("ix_blobs_upload_touched", "touched_at"),
        Index("ix_blobs_upload_due", "id", postgresql_where=text("due")),
    )

    gateway_id: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64))
    bytes: Mapped[int] = mapped_column(BigInteger)
    media_type: Mapped[str] = mapped_column(String(120))
    place: Mapped[str] = mapped_column(String(32))
    received: Mapped[int] = mapped_column(BigInteger, default=0)
    state: Mapped[str] = mapped_column(String(20))
    due: Mapped[bool] = mapped_column(Boolean)
    why: Mapped[str | None] = mapped_column(String(40))
    ticket: Mapped[builtins.bytes | None] = mapped_column(LargeBinary)
    expires_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    touched_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())

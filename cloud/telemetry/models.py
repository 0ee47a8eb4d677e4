"""Tables of the telemetry room; both are bounded in age and in number."""

from datetime import datetime

from sqlalchemy import BigInteger, DateTime, Index, UniqueConstraint, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from cloud.kernel.database import Base
from cloud.kernel.tenancy import TenantOwned, belongs_to


class Sample(TenantOwned, Base):
    """One look of a gateway: ``figures`` by name, those of an instrument as ``frames_ok lens-1``."""

    __tablename__ = "telemetry_sample"
    __table_args__ = (
        UniqueConstraint("tenant_id", "gateway_id", "at"),
        belongs_to("gateway_id", "fleet_gateway"),
        Index("ix_telemetry_sample_arrived", "tenant_id", "arrived_at"),
    )

    gateway_id: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    arrived_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())
    figures: Mapped[dict[str, float]] = mapped_column(JSONB)


class Hour(TenantOwned, Base):
    """An hour of a gateway, named by its end: of a gauge the highest value, of a counter the last."""

    __tablename__ = "telemetry_hour"
    __table_args__ = (
        UniqueConstraint("tenant_id", "gateway_id", "at"),
        belongs_to("gateway_id", "fleet_gateway"),
    )

    gateway_id: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    figures: Mapped[dict[str, float]] = mapped_column(JSONB)

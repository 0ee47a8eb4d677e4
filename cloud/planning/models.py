"""The table of the planning room."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Index, String, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from cloud.kernel.database import Base
from cloud.kernel.tenancy import TenantOwned, belongs_to


class Change(TenantOwned, Base):
    """Something that was done to a row of the schedule; ``before`` is that row as it stood, empty when it is new.

    Without a store it is of the whole chain.
    """

    __tablename__ = "planning_change"
    __table_args__ = (
        belongs_to("store_id", "accounts_store"),
        belongs_to("by", "accounts_staff"),
        Index("ix_planning_change_subject", "tenant_id", "subject", "subject_id", "id"),
        Index("ix_planning_change_store", "tenant_id", "store_id", "id"),
    )

    store_id: Mapped[int | None] = mapped_column(BigInteger)
    subject: Mapped[str] = mapped_column(String(10))
    subject_id: Mapped[int] = mapped_column(BigInteger)
    deed: Mapped[str] = mapped_column(String(10))
    before: Mapped[dict[str, Any]] = mapped_column(JSONB)
    after: Mapped[dict[str, Any]] = mapped_column(JSONB)
    by: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())

"""The queue without the internet: which gateway goes on with it, and what it did."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, DateTime, Index, String, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from cloud.kernel.database import Base
from cloud.kernel.tenancy import TenantOwned, belongs_to


class Holding(TenantOwned, Base):
    """Which gateway goes on with a store's queue when the internet is gone, what it was told, how far it told us.

    ``hold`` is its last holding, ``taken`` how many of its entries are here in a row, ``ended``: the queue is the
    cloud's again. ``regained_at``: somebody took it back although the gateway could not be asked. ``kept`` is the
    version the gateway says it keeps; ``due`` to ``busy_until`` as in ``worklist_told``.
    """

    __tablename__ = "queue_holding"
    __table_args__ = (
        belongs_to("store_id", "accounts_store"),
        belongs_to("gateway_id", "fleet_gateway"),
        belongs_to("regained_by", "accounts_staff"),
        UniqueConstraint("tenant_id", "store_id"),
        Index("ix_queue_holding_due", "tenant_id", "store_id", postgresql_where=text("due")),
        Index("ix_queue_holding_until", "until"),
        Index("ix_queue_holding_busy", "busy_until"),
    )

    store_id: Mapped[int] = mapped_column(BigInteger)
    gateway_id: Mapped[int | None] = mapped_column(BigInteger)
    address: Mapped[str | None] = mapped_column(String(130))
    version: Mapped[int] = mapped_column(BigInteger, default=0)
    digest: Mapped[str | None] = mapped_column(String(64))
    told_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    kept: Mapped[int] = mapped_column(BigInteger, default=0)
    kept_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    due: Mapped[bool] = mapped_column(Boolean, default=False)
    again: Mapped[bool] = mapped_column(Boolean, default=False)
    until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    busy_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    hold: Mapped[str | None] = mapped_column(String(32))
    taken: Mapped[int] = mapped_column(BigInteger, default=0)
    ended: Mapped[bool] = mapped_column(Boolean, default=True)
    held_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    regained_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    regained_by: Mapped[int | None] = mapped_column(BigInteger)


class Kept(TenantOwned, Base):
    """One thing a gateway did while it held the queue; ``n`` within ``hold`` as it counted.

    ``outcome``: ``waits`` for those before it, ``taken`` over, or ``kept`` beside because it did not fit, with why;
    ``seen``: somebody has read that. ``stay_id`` and ``step_id`` are the rows that began with it.
    """

    __tablename__ = "queue_kept"
    __table_args__ = (
        belongs_to("store_id", "accounts_store"),
        belongs_to("gateway_id", "fleet_gateway"),
        belongs_to("stay_id", "queue_stay"),
        belongs_to("step_id", "queue_step"),
        UniqueConstraint("tenant_id", "gateway_id", "hold", "n"),
        Index("ix_queue_kept_store", "tenant_id", "store_id", "id"),
    )

    store_id: Mapped[int] = mapped_column(BigInteger)
    gateway_id: Mapped[int] = mapped_column(BigInteger)
    hold: Mapped[str] = mapped_column(String(32))
    n: Mapped[int] = mapped_column(BigInteger)
    what: Mapped[str] = mapped_column(String(8))
    body: Mapped[dict[str, Any]] = mapped_column(JSONB)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    heard_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())
    outcome: Mapped[str] = mapped_column(String(5), default="waits")
    why: Mapped[str | None] = mapped_column(String(200))
    seen: Mapped[bool] = mapped_column(Boolean, default=False)
    stay_id: Mapped[int | None] = mapped_column(BigInteger)
    step_id: Mapped[int | None] = mapped_column(BigInteger)

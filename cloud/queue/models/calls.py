"""Calls, the screens that show them, and the buttons that ask for them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, DateTime, Index, SmallInteger, String, UniqueConstraint, Uuid, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from cloud.kernel.database import Base
from cloud.kernel.tenancy import TenantOwned, belongs_to


class Screen(TenantOwned, Base):
    """A page that somebody may open without signing in: a waiting-room screen or a kiosk of a store.

    ``digest`` is that of its token; ``sort`` is ``screen`` or ``kiosk``; ``stations`` those it shows, all where empty.
    """

    __tablename__ = "queue_screen"
    __table_args__ = (
        belongs_to("store_id", "accounts_store"),
        belongs_to("by", "accounts_staff"),
        UniqueConstraint("digest"),
        Index("ix_queue_screen_store", "tenant_id", "store_id"),
    )

    store_id: Mapped[int] = mapped_column(BigInteger)
    sort: Mapped[str] = mapped_column(String(6))
    name: Mapped[str] = mapped_column(String(60))
    digest: Mapped[str] = mapped_column(String(64))
    stations: Mapped[list[int]] = mapped_column(JSONB, default=list)
    ended: Mapped[bool] = mapped_column(Boolean, default=False)
    by: Mapped[int] = mapped_column(BigInteger)
    seen_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Call(TenantOwned, Base):
    """Somebody was called. ``uid`` is what callers know it by, the same for every turn; ``who`` what they may say.

    ``orders`` are those given to the store's gateways; ``away``: there was one with callers that could not be reached.
    ``shown_at`` is the first moment a screen had drawn it; ``told`` is what callers answered their gateway, where that
    called by itself.
    """

    __tablename__ = "queue_call"
    __table_args__ = (
        belongs_to("step_id", "queue_step"),
        belongs_to("store_id", "accounts_store"),
        belongs_to("desk_id", "queue_desk"),
        belongs_to("by", "accounts_staff"),
        Index("ix_queue_call_store", "tenant_id", "store_id", "id"),
        Index("ix_queue_call_step", "tenant_id", "step_id", "id"),
    )

    step_id: Mapped[int] = mapped_column(BigInteger)
    store_id: Mapped[int] = mapped_column(BigInteger)
    desk_id: Mapped[int | None] = mapped_column(BigInteger)
    uid: Mapped[UUID] = mapped_column(Uuid)
    turn: Mapped[int] = mapped_column(SmallInteger)
    who: Mapped[str] = mapped_column(String(60), default="")
    orders: Mapped[list[int]] = mapped_column(JSONB, default=list)
    away: Mapped[bool] = mapped_column(Boolean, default=False)
    by: Mapped[int | None] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())
    shown_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    told: Mapped[dict[str, dict[str, str]]] = mapped_column(JSONB, default=dict, server_default=text("'{}'"))


class Press(TenantOwned, Base):
    """Somebody pressed a call button. ``press`` is its own name, so that one that is told twice is carried out once.

    ``outcome`` is what became of it: ``called``, ``ticket``, ``nobody``, ``late``, ``unknown``, ``refused``.
    """

    __tablename__ = "queue_press"
    __table_args__ = (
        belongs_to("store_id", "accounts_store"),
        belongs_to("gateway_id", "fleet_gateway"),
        UniqueConstraint("tenant_id", "press"),
        Index("ix_queue_press_store", "tenant_id", "store_id", "id"),
    )

    store_id: Mapped[int] = mapped_column(BigInteger)
    gateway_id: Mapped[int] = mapped_column(BigInteger)
    press: Mapped[str] = mapped_column(String(40))
    dev: Mapped[str] = mapped_column(String(60))
    key: Mapped[str] = mapped_column(String(60))
    outcome: Mapped[str] = mapped_column(String(8))
    pressed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())

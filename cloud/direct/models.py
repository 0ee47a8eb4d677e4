"""Tables of the patients' pages."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, DateTime, Index, SmallInteger, String, UniqueConstraint, func
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from cloud.kernel.database import Base
from cloud.kernel.tenancy import TenantOwned, belongs_to

Moment = DateTime(timezone=True)


class Door(TenantOwned, Base):
    """How a store stands on the internet; a row without a store is the chain's own.

    ``accent`` is a colour as ``#rrggbb``. ``frames`` are addresses whose pages may show ours (``https://host``).
    ``emergency`` is called when nobody answers at ``phone``. ``most`` visits ahead may be booked for one person.
    """

    __tablename__ = "direct_door"
    __table_args__ = (
        belongs_to("store_id", "accounts_store"),
        UniqueConstraint("tenant_id", "store_id", postgresql_nulls_not_distinct=True),
    )

    store_id: Mapped[int | None] = mapped_column(BigInteger)
    open: Mapped[bool] = mapped_column(Boolean, default=True)
    phone: Mapped[str | None] = mapped_column(String(40))
    emergency: Mapped[str | None] = mapped_column(String(40))
    accent: Mapped[str | None] = mapped_column(String(7))
    frames: Mapped[list[str]] = mapped_column(ARRAY(String(200)), default=list)
    most: Mapped[int] = mapped_column(SmallInteger, default=4)


class Flow(TenantOwned, Base):
    """A browser on its way through the pages; deleted when it is over.

    ``digest`` is that of the token in the cookie, or in the address where a page of somebody else shows ours;
    ``bound`` that of a second secret in a cookie, once the browser has brought it along. ``contact`` is how the letter
    with the code was addressed, ``code`` the digest of the code, ``household`` whom a date of birth has opened.
    ``told`` is what was said so far (``told.Told``); the token of a hold is in it and goes with it.
    """

    __tablename__ = "direct_flow"
    __table_args__ = (
        belongs_to("store_id", "accounts_store"),
        UniqueConstraint("tenant_id", "digest"),
        Index("ix_direct_flow_until", "until"),
    )

    store_id: Mapped[int] = mapped_column(BigInteger)
    digest: Mapped[str] = mapped_column(String(64))
    cookie: Mapped[str | None] = mapped_column(String(64))
    bound: Mapped[bool] = mapped_column(Boolean, default=False)
    language: Mapped[str | None] = mapped_column(String(10))
    channel: Mapped[str] = mapped_column(String(10))
    contact: Mapped[str] = mapped_column(String(254))
    code: Mapped[str | None] = mapped_column(String(64))
    code_until: Mapped[datetime | None] = mapped_column(Moment)
    tries: Mapped[int] = mapped_column(SmallInteger, default=0)
    verified_at: Mapped[datetime | None] = mapped_column(Moment)
    household: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), default=list)
    told: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    visits: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), default=list)
    request_id: Mapped[int | None] = mapped_column(BigInteger)
    began_at: Mapped[datetime] = mapped_column(Moment, server_default=func.clock_timestamp())
    until: Mapped[datetime] = mapped_column(Moment)


class Try(TenantOwned, Base):
    """Something that may not be done too often. ``who`` is a keyed digest of an address or a contact."""

    __tablename__ = "direct_try"
    __table_args__ = (Index("ix_direct_try_who", "tenant_id", "who", "deed", "at"), Index("ix_direct_try_at", "at"))

    who: Mapped[str] = mapped_column(String(64))
    deed: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime] = mapped_column(Moment, server_default=func.clock_timestamp())
